"""Commands that speak of tariff lines: of one, of all on a day, of averages over them, and of the store they are read from."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from tariffs.cli.app import main
from tariffs.cli.shell import (
    CHART,
    DPI,
    FREQUENCY,
    JSON,
    LETTERS,
    OUTPUT,
    VIEW,
    WINDOW,
    WITH,
    Shell,
    deliver,
    require_chart_files,
    save_chart,
    talk,
)
from tariffs.vocabulary import PARTS, PRODUCT_KINDS, PRODUCT_PARTS, SvgText, choose

ORIGIN = click.option("--origin", metavar="COUNTRY", default="CN", show_default=True, help="Of the goods.")
STORE = click.option(
    "--store", metavar="FOLDER", type=click.Path(path_type=Path), help="By default $TARIFFS_STORE, or tariffs-products here."
)


def _shares(_: click.Context, __: click.Parameter, words: tuple[str, ...]) -> Any:
    """Return one share for a line with one metal, or one for each metal that is named."""
    pairs = [word.rpartition("=")[::2] for word in words]
    try:
        named = {metal: float(share) for metal, share in pairs}
    except ValueError as error:
        raise click.BadParameter(f"found {', '.join(words)}; expected a percentage, or one for each metal: steel=30") from error
    if len(named) < len(words):
        raise click.BadParameter("a metal is given twice")
    return named.get("", named) if len(named) == 1 else named or None


METAL = click.option(
    "--metal-share",
    metavar="[METAL=]PERCENT",
    multiple=True,
    callback=_shares,
    help="Of the good's value, for duties on metal content; repeatable as steel=30.",
)
TRADE = click.option("--weights", metavar="BASIS", default="us-imports-2024", show_default=True, help="The trade of the store.")
CHART_FILE = "tariffs-{}{}.png"


def _bounds(_: click.Context, __: click.Parameter, text: str | None) -> list[float] | None:
    """Return the numbers of a list such as 0,10,25."""
    if text is None:
        return None
    try:
        return [float(one) for one in text.split(",")]
    except ValueError:
        raise click.UsageError(f"--bounds: found {text}, expected percentages such as 0,10,25,50,100") from None


BOUNDS = click.option(
    "--bounds", metavar="LIST", callback=_bounds, help="Where bands of duties end, in percent; by default 0,10,25,50,100."
)


@main.group(cls=Shell)
def products() -> None:
    """Tariff lines: any line on any day, and averages made from lines.

    They are read from a store, which `build` makes from the official schedule, lists and trade.
    """


@products.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--year", type=int, default=2024, show_default=True, help="Of the imports.")
@click.option("--release", "releases", multiple=True, metavar="NAME", help="Such as 2025_rev_10; by default all. Repeatable.")
@click.option("--again", is_flag=True, help="Also what differs from its checksum.")
def fetch(folder: Path, year: int, releases: tuple[str, ...], again: bool) -> None:
    """Fetch the official schedule and imports into FOLDER; what is there and whole is not fetched again.

    The Census Bureau wants a key: the variable CENSUS_API_KEY of the environment.
    """
    from tariffs.products.fetching import fetch

    tell = talk if sys.stderr.isatty() else None
    fetched = fetch(folder, year=year, releases=releases or None, again=again, tell=tell)
    click.echo(f"{len(fetched.schedules)} revisions of the schedule, {len(fetched.trade)} files of imports in {folder}")
    for remark in fetched.remarks:
        talk(remark)


@products.command()
@click.option(
    "--source", metavar="FOLDER", type=click.Path(path_type=Path), required=True, help="With what `fetch` fetches, and lists."
)
@STORE
@click.option("--year", type=int, default=2024, show_default=True, help="Of the trade.")
def build(source: Path, store: Path | None, year: int) -> None:
    """Make a store from revisions of the schedule, lists and trade; an interrupted run goes on where it stopped."""
    from tariffs.products.building import build

    made = build(source, store, year=year, tell=talk if sys.stderr.isatty() else None)
    click.echo(made.folder)
    for remark in made.manifest["remarks"]:
        talk(remark)
    if count := made.table("disagreements").num_rows:
        talk(f"footnotes and lists disagree on {count:,} lines; the footnotes decide: {made.folder / 'disagreements.parquet'}")


@products.command()
@click.argument("line")
@click.argument("date")
@ORIGIN
@METAL
@VIEW
@STORE
@WITH
@JSON
def rate(line: str, date: str, as_json: bool, **asked: Any) -> None:
    """Print the additional duties on a line on a day, in percent of customs value."""
    from tariffs.answers import figure
    from tariffs.products.answers import rate

    answer = rate(line, on=date, **asked)
    if as_json:
        click.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1))
        return
    click.echo(answer.figure)
    talk(f"percent on top of MFN, {answer.line} from {answer.origin}, {answer.day}: {answer.description}")
    talk(", ".join(f"{figure(points)} {duty}" for duty, points in answer.parts.items()) or "no additional duty")
    if answer.content:
        talk(answer.content)
    talk(f"MFN {answer.mfn_text or 'not printed'}; schedule {answer.schedule}, {answer.standing}")
    for one in answer.possible:
        talk(f"{one.figure} if {one.only_if} ({one.duty})")


@products.command()
@click.argument("line")
@click.argument("date")
@ORIGIN
@METAL
@VIEW
@STORE
@WITH
@JSON
def explain(line: str, date: str, as_json: bool, **asked: Any) -> None:
    """Take the duties on a line apart: acts, links, what it does not bear, what may set a good of it apart."""
    from tariffs.products.answers import rate

    answer = rate(line, on=date, **asked)
    click.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1) if as_json else str(answer))


@products.command()
@click.argument("line")
@ORIGIN
@WINDOW
@FREQUENCY
@click.option("--mfn", is_flag=True, help="With the general duty in it.")
@METAL
@VIEW
@STORE
@WITH
@JSON
@OUTPUT
def series(line: str, as_json: bool, output: str | None, **asked: Any) -> None:
    """Print the duties on a line over time as CSV."""
    from tariffs.products.answers import history, series

    if as_json or output is not None or asked["freq"] is not None or asked["agg"] != "avg":
        deliver(series(line, **asked), output, as_json=as_json)
        return
    name, steps = history(line, **{word: value for word, value in asked.items() if word not in ("freq", "agg")})
    click.echo(f'"date","{name}"')
    for day, value in steps:
        click.echo(f'"{day}",{"" if value is None else float(value)}')


@products.command()
@ORIGIN
@TRADE
@click.option("--by", type=click.Choice(PRODUCT_PARTS), help="The parts that add up to it.")
@WINDOW
@FREQUENCY
@VIEW
@STORE
@WITH
@JSON
@OUTPUT
def average(as_json: bool, output: str | None, **asked: Any) -> None:
    """Print the trade-weighted average duty on an origin's goods, MFN included, as CSV."""
    from tariffs.products.overtrade import average

    deliver(average(**asked), output, as_json=as_json)


@products.command()
@ORIGIN
@TRADE
@WINDOW
@FREQUENCY
@VIEW
@STORE
@WITH
@JSON
@OUTPUT
def covered(as_json: bool, output: str | None, **asked: Any) -> None:
    """Print the share of an origin's trade that bears any additional duty, as CSV."""
    from tariffs.products.overtrade import covered

    deliver(covered(**asked), output, as_json=as_json)


@products.command()
@click.argument("date")
@ORIGIN
@VIEW
@STORE
@WITH
@JSON
@OUTPUT
def frame(date: str, as_json: bool, output: str | None, **asked: Any) -> None:
    """Print the duties on every line on a day as CSV."""
    from tariffs.products.overtrade import frame

    deliver(frame(on=date, **asked).reset_index(), output, as_json=as_json)


@products.command()
@click.argument("date")
@ORIGIN
@TRADE
@click.option("--width", type=float, default=5.0, show_default=True, help="Of a step, in percentage points.")
@click.option("--mfn", is_flag=True, help="With the general duty in it.")
@VIEW
@STORE
@WITH
@JSON
@OUTPUT
def distribution(date: str, as_json: bool, output: str | None, **asked: Any) -> None:
    """Print how an origin's trade is spread over the duties that it bears on a day, as CSV."""
    from tariffs.products.overtrade import distribution

    deliver(distribution(on=date, **asked), output, as_json=as_json)


@products.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--origin", "origins", metavar="COUNTRY", multiple=True, help="Of the goods; again for more.  [default: all]")
@VIEW
@STORE
@WITH
def export(folder: Path, origins: tuple[str, ...], **asked: Any) -> None:
    """Write the duties on every line as intervals in Parquet, with the SQL query that averages them."""
    from tariffs.products.intervals import export

    click.echo(export(folder, origins=origins or None, **asked))


@products.command()
@ORIGIN
@TRADE
@BOUNDS
@click.option("--mfn", is_flag=True, help="With the general duty in it.")
@WINDOW
@VIEW
@STORE
@WITH
@JSON
@OUTPUT
def distributions(bounds: list[float] | None, as_json: bool, output: str | None, **asked: Any) -> None:
    """Print the share of an origin's trade in each band of duties, at every day on which one changes, as CSV."""
    from tariffs.products.spread import BOUNDS, distributions

    deliver(distributions(bounds=bounds or BOUNDS, **asked), output, as_json=as_json)


@products.command()
@ORIGIN
@TRADE
@click.option("--by", type=click.Choice(PARTS), default="family", show_default=True, help="What a step is taken apart into.")
@WINDOW
@VIEW
@STORE
@WITH
@JSON
@OUTPUT
def steps(as_json: bool, output: str | None, **asked: Any) -> None:
    """Print what moved the average on each day, part by part, with events and acts, as CSV."""
    from tariffs.products.driving import steps

    deliver(steps(**asked), output, as_json=as_json)


@products.command()
@click.argument("kind", metavar=f"[{'|'.join(PRODUCT_KINDS)}]")
@ORIGIN
@TRADE
@BOUNDS
@click.option("--mfn", is_flag=True, help="Of distribution: with the general duty in it.")
@click.option("--by", type=click.Choice(PARTS), help="Of steps: by family, duty or authority.")
@click.option("--least", type=float, help="Of steps: a day has a row where a part moves by so many points; by default 0.75.")
@WINDOW
@VIEW
@STORE
@WITH
@CHART
@DPI
@click.option("-o", "--output", metavar="FILE", multiple=True, default=[], help="PNG, SVG or PDF; repeatable.")
@LETTERS
def plot(kind: str, dpi: int, output: tuple[str, ...], svg_text: SvgText, alt_file: str | None, **asked: Any) -> None:
    """Draw a chart: distribution, the share of trade by rate of duty; steps, what drove the average, by which act."""
    chosen = choose("kind", kind, PRODUCT_KINDS)
    own = {name: asked.pop(name) for name in ("bounds", "mfn", "by", "least")}
    given = {name: value for name, value in own.items() if value not in (None, False)}
    for name in given:
        if name not in (takes := {"distribution": ("bounds", "mfn"), "steps": ("by", "least")}[chosen]):
            raise click.UsageError(f"--{name} does not go with {chosen}, which takes --{' and --'.join(takes)}")
    files = output or (CHART_FILE.format(chosen, f"-{asked['catalog'].scenario}" if asked["catalog"] else ""),)
    require_chart_files(files, alt_file)
    if chosen == "distribution":
        from tariffs.products.bandchart import plot_distribution

        chart: Any = plot_distribution(**given, **asked)
    else:
        from tariffs.products.movechart import plot_steps

        chart = plot_steps(**given, **asked)
    save_chart(chart, files, dpi=dpi, svg_text=svg_text, alt_file=alt_file)
