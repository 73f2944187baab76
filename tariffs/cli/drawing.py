"""The command that draws charts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tariffs.cli.app import main
from tariffs.cli.shell import (
    CHART,
    DPI,
    LETTERS,
    SINCE,
    VIEW,
    WHATS,
    WINDOW,
    WITH,
    named,
    require_chart_files,
    save_chart,
)
from tariffs.vocabulary import (
    KINDS,
    PARTS,
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
@CHART
@DPI
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    multiple=True,
    default=[],
    show_default=CHART_FILE.format(""),
    help="PNG, SVG or PDF, or HTML to hover over; repeatable.",
)
@LETTERS
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
    from tariffs.charts.kinds import draw

    supposed = f"-{asked['catalog'].scenario}" if asked["catalog"] else ""
    files = output or (CHART_FILE.format(supposed),)
    require_chart_files(files, alt_file)
    chart = draw(kind, directions, days=list(days), **asked | named(asked))
    save_chart(chart, files, dpi=dpi, svg_text=svg_text, alt_file=alt_file)


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
