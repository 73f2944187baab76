"""The command that draws charts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tariffs.cli.app import main
from tariffs.cli.shell import (
    SINCE,
    VIEW,
    WHATS,
    WINDOW,
    WITH,
    named,
)
from tariffs.vocabulary import (
    KINDS,
    PARTS,
    SVG_TEXTS,
    TARGETS,
    SvgText,
    Target,
)

CHART_FILE = "tariffs{}.png"


@main.command()
@click.argument("directions", nargs=-1)
@click.option("--kind", metavar=f"[{'|'.join(KINDS)}]", default="rates", show_default=True, help="Which chart.")
@click.option("--by", type=click.Choice(PARTS), help="Of parts: by family, duty or authority.")
@click.option("--day", "days", metavar="DATE", multiple=True, help="Of expected: as known on that day. Repeatable.")
@click.option("--against", "theirs", metavar="FILE", help="Of compare: a CSV of dates and values.")
@click.option("--name", help="Of compare: whose values they are.")
@WHATS
@SINCE
@WINDOW
@VIEW
@WITH
@click.option("--columns", type=int, help="Of panels: how many side by side.")
@click.option("--broken", metavar="auto|LOW:HIGH", help="Of rates: leave a piece of the axis out, marked.")
@click.option("--zoom", metavar="auto|RATE", help="Of rates: a second plot below, up to RATE.")
@click.option("--style", default="paper", show_default=True, help="paper, slides or web; an mplstyle file; one of matplotlib's.")
@click.option("--width", type=float, help="Millimetres, 80 to 600: 174 is a page, 84 a column; by default the style's.")
@click.option("--height", type=float, help="Millimetres, 80 to 600; by default the style's.")
@click.option("--title", help="In place of the generated title; '' leaves it out.")
@click.option("--subtitle", help="In place of the generated subtitle.")
@click.option("--note", help="In place of the generated note.")
@click.option("--dpi", type=click.IntRange(50, 1200), default=300, show_default=True, help="Of a PNG.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    multiple=True,
    default=[],
    show_default=CHART_FILE.format(""),
    help="PNG, SVG or PDF, or HTML to hover over; repeatable.",
)
@click.option("--svg-text", type=click.Choice(SVG_TEXTS), default="path", show_default=True, help="Letters of an SVG.")
@click.option("--alt-file", metavar="FILE", help="Write what the chart shows, in words, to FILE.")
def plot(
    directions: tuple[str, ...],
    kind: str,
    days: tuple[str, ...],
    dpi: int,
    output: tuple[str, ...],
    svg_text: SvgText,
    alt_file: str | None,
    **asked: Any,
) -> None:
    """Draw a chart: rates as steps, their parts, a timeline of duties, expected paths, or others' numbers, small panels, clocks.

    Rates and panels also take several measures: --measure all_goods,average. Clocks take a duty's id in place of a direction.

    Without DIRECTIONS, rates of the US and China on each other's goods, or the direction a good is traded in. Without --start,
    since 2025; averages and stacks since 2018.
    """
    from tariffs.charts import alt_text, save
    from tariffs.charts.kinds import draw
    from tariffs.charts.saving import ENDINGS
    from tariffs.export.files import require_ending, require_place, write_whole

    supposed = f"-{asked['catalog'].scenario}" if asked["catalog"] else ""
    files = output or (CHART_FILE.format(supposed),)
    for file in files:
        require_ending(file, ENDINGS)
        require_place(file)
    if alt_file is not None:
        require_place(alt_file)
    chart = draw(kind, directions, days=list(days), **asked | named(asked))
    for file in files:
        click.echo(save(chart, file, dpi=dpi, svg_text=svg_text))
    if alt_file is not None:
        click.echo(write_whole(alt_file, f"{alt_text(chart)}\n".encode()))


@main.command()
@click.argument("target", metavar=f"[{'|'.join(TARGETS)}]")
@click.argument("file", type=click.Path(path_type=Path))
def snippet(target: Target, file: Path) -> None:
    """Print the lines that take a chart's file into a document: caption, source, alt text and label, as the file has them.

    FILE is a PNG, SVG or PDF that `tariffs plot` wrote, as seen from the document. LaTeX takes PDF and PNG, typst SVG and PNG;
    markdown is pandoc's, for Word and web pages.
    """
    from tariffs.charts import snippet

    click.echo(snippet(file, target))
