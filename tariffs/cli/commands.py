"""The commands."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from tariffs.cli.shell import BASIS, FREQUENCY, JSON, KNOWN_BASIS, SINCE, VIEW, WHAT, WHATS, WINDOW, WITH, Shell, talk
from tariffs.vocabulary import (
    CITATIONS,
    HEADERS,
    KINDS,
    KNOWN,
    PARTS,
    SENSES,
    SVG_TEXTS,
    TARGETS,
    UNITS,
    ZERO_WARNING,
    Citation,
    Header,
    SvgText,
    Target,
)

CHART_FILE = "tariffs{}.png"
FILE_HELP = "Write FILE instead: CSV, JSON, Stata, Parquet or Excel by its ending."


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tariffs", prog_name="tariffs")
def main() -> None:
    """Tariff rates as sourced, dated time series.

    Directions are written us_on_cn: the tariffs of the US on goods of China. Dates are YYYY-MM-DD, the calendar day of the
    importing territory. Data goes to standard output, talk to standard error.
    """


@main.command()
@click.argument("direction")
@click.argument("date", required=False)
@WHAT
@VIEW
@WITH
@JSON
def rate(direction: str, date: str | None, as_json: bool, **asked: Any) -> None:
    """Print a rate on a day: by default the across-the-board additional duty.

    Without DATE, on the last day the record is checked for, or that the weights know.
    """
    from tariffs.answers import figure

    answer = _answer(direction, date, asked)
    if as_json:
        click.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1))
        return
    click.echo(figure(answer.total))
    talk(f"percent, {answer.direction.title}, {answer.day}, {answer.title}, {answer.standing}")
    if answer.subject:
        talk(f"weights {answer.subject}" if answer.quantity.weights else answer.subject)
    if not answer.total and answer.beneath:
        talk(ZERO_WARNING)
    if answer.beneath:
        talk("beneath it, on the goods they name:")
    for line in answer.beneath:
        talk(f"  {line.percent:>7}  {line.duty.title}{line.terms}{line.place}")


@main.command()
@click.argument("direction")
@click.argument("date", required=False)
@WHAT
@VIEW
@WITH
@JSON
def explain(direction: str, date: str | None, as_json: bool, **asked: Any) -> None:
    """Take the rate of a day apart: duties, acts, links.

    Without DATE, on the last day the record is checked for, or that the weights know.
    """
    answer = _answer(direction, date, asked)
    click.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1) if as_json else str(answer))


@main.command()
@click.argument("directions", nargs=-1)
@WHATS
@WINDOW
@FREQUENCY
@VIEW
@SINCE
@click.option("--by", type=click.Choice(PARTS), help="The parts that add up to the rate, by family, duty or authority.")
@click.option("--scheduled", is_flag=True, help="Go on to the last scheduled step.")
@click.option("--unit", type=click.Choice(UNITS), default="percent", show_default=True, help="145 or 1.45.")
@click.option("--wide", is_flag=True, help="A column for each series, without events and acts.")
@WITH
@JSON
@click.option("-o", "--output", metavar="FILE", help=FILE_HELP)
@click.option("--header", metavar=f"[{'|'.join(HEADERS)}]", help="Of a CSV file: where it says what it holds.")
@click.option("--bom", is_flag=True, help="Of a CSV file: begin with a byte order mark, for Excel.")
def series(
    directions: tuple[str, ...],
    by: str | None,
    unit: str,
    wide: bool,
    as_json: bool,
    output: str | None,
    header: Header | None,
    bom: bool,
    **asked: Any,
) -> None:
    """Print rates over time as CSV, each with the events and acts it comes from.

    Without DIRECTIONS, all that the record, the weights or the good speak of.
    """
    from tariffs.asking import as_quantities, directions_of, packaged
    from tariffs.errors import UsageError
    from tariffs.export.writing import require_format
    from tariffs.frames import parts, rates
    from tariffs.tables import table

    what, record = _named(asked), asked["catalog"] or packaged()
    names = directions or directions_of(record, as_quantities(record, **what))
    if by and unit != "percent":
        raise UsageError("--by gives parts in percent; leave --unit out")
    if by and asked.pop("since"):
        raise UsageError("--by gives parts of a level; leave --since out")
    if by and wide:
        raise UsageError("--by gives a row for each part; leave --wide out")
    if output is None and (header is not None or bom):
        raise UsageError(f"{'--header' if header is not None else '--bom'} goes with -o")
    if output is not None:
        require_format(output, header=header, bom=bom)
    asked |= _single(what) if by else what
    make: Any = parts if by else rates if wide else table
    frame = make(names, **asked, **({"by": by} if by else {"unit": unit}))
    for mark in ("weights_note", "warning", "standing", "undated"):
        if mark in frame.attrs:
            talk(frame.attrs[mark])
    _deliver(frame, output, as_json=as_json, header=header, bom=bom)


@main.command()
@click.argument("directions", nargs=-1)
@WHAT
@WINDOW
@VIEW
@WITH
@JSON
@click.option("-o", "--output", metavar="FILE", help=FILE_HELP)
def changes(directions: tuple[str, ...], as_json: bool, output: str | None, **asked: Any) -> None:
    """Take each step of a rate apart: level, share and MFN, per duty and event.

    Without DIRECTIONS, all that the record, the weights or the good speak of.
    """
    from tariffs.asking import as_quantities, directions_of, packaged
    from tariffs.splitting import changes

    what = {name: asked[name] for name in ("measure", "weights", "good", "mfn", "metal_share")}
    record = asked["catalog"] or packaged()
    names = directions or directions_of(record, as_quantities(record, **what))
    _deliver(changes(names, **asked), output, as_json=as_json)


@main.command()
@click.argument("direction")
@click.option("--day", "days", metavar="DATE", multiple=True, help="As known at the end of that day: a column. Repeatable.")
@WHAT
@WINDOW
@FREQUENCY
@KNOWN_BASIS
@WITH
@JSON
@click.option("-o", "--output", metavar="FILE", help=FILE_HELP)
def vintages(direction: str, days: tuple[str, ...], as_json: bool, output: str | None, **asked: Any) -> None:
    """Print rates as they were known on days: a column for each day, one value per date.

    Without --day, every value that was ever known, with the days on which it was (realtime_start, realtime_end).
    """
    from tariffs.export.writing import require_format
    from tariffs.vintage import realtime, vintages

    if output is not None:
        require_format(output)
    frame = vintages(direction, list(days), **asked) if days else realtime(direction, **asked)
    _deliver(frame, output, as_json=as_json)


@main.command()
@click.argument("direction", required=False)
@click.option("--duty", help="Only this duty.")
@WITH
@JSON
@click.option("-o", "--output", metavar="FILE", help=f"{FILE_HELP} With all columns.")
def events(direction: str | None, duty: str | None, catalog: Any, as_json: bool, output: str | None) -> None:
    """List events with their dates and acts."""
    from tariffs.asking import packaged
    from tariffs.errors import UsageError
    from tariffs.tables import events as table_of_events

    frame = table_of_events(direction, catalog=catalog)
    if duty is not None:
        frame = frame[frame["duty"] == (catalog or packaged()).duty(duty).id]
        if frame.empty:
            raise UsageError(f"{duty} is not levied on {direction}; leave the direction out")
    if as_json or output is not None:
        _deliver(frame, output, as_json=as_json)
        return
    for row in frame.to_dict(orient="records"):
        day = row["timing"] if row["timing"] != "dated" else f"{row['effective']:%Y-%m-%d}"
        level = "coverage" if row["kind"] == "coverage" else "unknown" if row["rate"] != row["rate"] else f"{row['rate']:g}%"
        fate = "" if row["withdrawn"] != row["withdrawn"] else f"  [withdrawn {row['withdrawn']:%Y-%m-%d}: {row['withdrawn_by']}]"
        click.echo(f"{day:<10}  {level:>8}  {row['duty']:<28}  {row['act'] or row['status']}{fate}")
    talk(f"{len(frame)} events")


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
    help="PNG, SVG or PDF; repeatable.",
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
    from tariffs.charts.saving import STABLE
    from tariffs.export.files import require_ending, require_place, write_whole

    supposed = f"-{asked['catalog'].scenario}" if asked["catalog"] else ""
    files = output or (CHART_FILE.format(supposed),)
    for file in files:
        require_ending(file, STABLE)
        require_place(file)
    if alt_file is not None:
        require_place(alt_file)
    chart = draw(kind, directions, days=list(days), **asked | _named(asked))
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


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("direction")
@WHAT
@FREQUENCY
@VIEW
@click.option("--unit", type=click.Choice(UNITS), default="percent", show_default=True, help="What their values are in.")
@click.option("--tolerance", type=float, default=0.05, show_default=True, help="Differences up to this are none [points].")
@WITH
@JSON
@click.option("-o", "--output", metavar="FILE", help=f"{FILE_HELP} With all rows.")
def compare(file: Path, direction: str, as_json: bool, output: str | None, **asked: Any) -> None:
    """Compare a CSV of dates and values with ours: where they differ, by how much, and the likely reason."""
    from tariffs.comparing import compare, differing, summary

    frame = compare(file, direction, **asked)
    if output is not None or as_json:
        _deliver(frame, output, as_json=as_json)
    else:
        _deliver(differing(frame), None, as_json=False)
    for line in summary(frame):
        talk(line)


@main.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
def check(path: Path | None) -> None:
    """Check the record and the claims of its source notes.

    PATH is a record's folder, or a YAML or CSV file to be laid over the packaged record; the source notes speak of the packaged
    record alone.
    """
    from tariffs.checking import report
    from tariffs.loading import load

    catalog = load(path) if path is None or path.is_dir() else load(str(path), on_top=True)
    for line in report(catalog, claims=path is None):
        click.echo(line)


@main.command()
@click.argument("direction")
@click.option("--voyage-days", type=int, required=True, help="From loading to entry: 0 by air, 15 to 35 by sea.")
@WINDOW
@VIEW
@WITH
@JSON
@click.option("-o", "--output", metavar="FILE", help=FILE_HELP)
def binding(direction: str, as_json: bool, output: str | None, **asked: Any) -> None:
    """Print what a shipment pays when it arrives, by the day on which it was loaded, with what acts kept for goods under way."""
    from tariffs.export.writing import require_format
    from tariffs.transit import binding

    if output is not None:
        require_format(output)
    _deliver(binding(direction, **asked), output, as_json=as_json)


@main.command()
@click.argument("direction")
@WHAT
@WINDOW
@click.option("--known", type=click.Choice(KNOWN), default="stated", show_default=True, help="What was said, or became law.")
@BASIS
@WITH
@JSON
@click.option("-o", "--output", metavar="FILE", help=FILE_HELP)
def surprises(direction: str, as_json: bool, output: str | None, **asked: Any) -> None:
    """Print what each statement changed of the expected path, in points: on the next day, over 30, 90 and 365 days."""
    from tariffs.export.writing import require_format
    from tariffs.surprising import surprises

    if output is not None:
        require_format(output)
    _deliver(surprises(direction, **asked), output, as_json=as_json)


@main.command()
@click.argument("directions", nargs=-1, required=True)
@click.option("--before", type=int, required=True, help="Trading days before the one of the event.")
@click.option("--after", type=int, required=True, help="Trading days after it.")
@click.option(
    "--calendar", metavar="NAME|FILE", required=True, help="An exchange such as XNYS, or a CSV: date, and close if known."
)
@click.option("--on", metavar=f"[{'|'.join(SENSES)}]", default="stated", show_default=True, help="Which day of an event.")
@WINDOW
@WITH
@JSON
@click.option("-o", "--output", metavar="FILE", help=FILE_HELP)
def windows(directions: tuple[str, ...], as_json: bool, output: str | None, **asked: Any) -> None:
    """Print the trading days around each event, threats included; what was said after a close belongs to the next session."""
    from tariffs.export.writing import require_format
    from tariffs.windows import event_windows

    if output is not None:
        require_format(output)
    frame = event_windows(directions, **asked)
    _deliver(frame, output, as_json=as_json)
    talk(f"{frame['event'].nunique()} events on {frame['session'].nunique()} trading days")
    for mark in ("left_out", "times", "standing"):
        if mark in frame.attrs:
            talk(frame.attrs[mark])


@main.command()
@click.argument("old", required=False, type=click.Path(path_type=Path))
@click.argument("new", required=False, type=click.Path(path_type=Path))
@WITH
@JSON
@click.option("-o", "--output", metavar="FILE", help=FILE_HELP)
def diff(old: Path | None, new: Path | None, catalog: Any, as_json: bool, output: str | None) -> None:
    """Print what changed between two versions of the record, event by event and value by value.

    OLD and NEW are folders of records; without NEW, the packaged record. With --with alone, what a scenario changes of it.
    """
    from tariffs.asking import packaged
    from tariffs.differing import diff
    from tariffs.errors import UsageError
    from tariffs.export.writing import require_format

    if new is not None and catalog is not None:
        raise UsageError("--with takes the place of NEW; leave one of them out")
    if old is None and catalog is None:
        raise UsageError("name the folder of a record, or a scenario with --with")

    if output is not None:
        require_format(output)
    frame = diff(old or packaged(), catalog or new)
    _deliver(frame, output, as_json=as_json)
    counts = frame["what"].value_counts()
    talk(f"changes: {counts.get('duty', 0)} of duties, {counts.get('event', 0)} of events, {counts.get('value', 0)} of values")


@main.command()
@click.argument("folder")
@WITH
def export(folder: str, catalog: Any) -> None:
    """Write a release into FOLDER: every series and the events as CSV, with a Frictionless descriptor.

    It stands in a folder named after the data version, and again in `latest`; one of a scenario in a folder of its name alone.
    """
    from tariffs.export.release import write_release

    click.echo(write_release(folder, catalog=catalog, tell=talk if sys.stderr.isatty() else None))


@main.command()
@click.argument("what", required=False)
@click.option("--style", metavar=f"[{'|'.join(CITATIONS)}]", default="text", show_default=True, help="How it is written.")
@WHAT
@WITH
def cite(what: str | None, style: Citation, metal_share: float | None, **asked: Any) -> None:
    """Print how to cite the data, the series of a direction, or the act behind an event.

    WHAT is a direction, or the id of an event as `tariffs series --json` and `tariffs events --json` have it.
    """
    from tariffs.citing import cite
    from tariffs.errors import UsageError

    if metal_share is not None:
        raise UsageError("a citation does not take --metal-share")
    click.echo(cite(what, style=style, **asked))


@main.command()
@JSON
def info(as_json: bool) -> None:
    """Print what the record is and what it answers for."""
    from tariffs.asking import packaged
    from tariffs.checking import summary

    facts = summary(packaged())
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    for name, value in facts.items():
        click.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")


def _answer(direction: str, date: str | None, asked: dict[str, Any]) -> Any:
    from tariffs.asking import packaged
    from tariffs.explaining import explain

    if date is None:
        record = asked["catalog"] or packaged()
        last = record.release.known_through
        weights = record.weights(asked["weights"], direction) if asked["weights"] else None
        return explain(direction, min(last, weights.last_day) if weights else last, **asked)
    return explain(direction, date, **asked)


def _named(asked: dict[str, Any]) -> dict[str, Any]:
    """Return which number is asked for; an option that was not given is None."""
    what = {name: asked[name] for name in ("measure", "weights", "good", "mfn", "metal_share")}
    return what | {name: list(what[name]) or None for name in ("weights", "good")}


def _single(what: dict[str, Any]) -> dict[str, Any]:
    """Return the same with one name in place of a list of one."""
    return what | {name: what[name][0] if what[name] and len(what[name]) == 1 else what[name] for name in ("weights", "good")}


def _deliver(frame: Any, output: str | None, *, as_json: bool, **how: Any) -> None:
    from tariffs.export.text import to_csv, to_json
    from tariffs.export.writing import write

    if output is not None:
        click.echo(write(frame, output, **how))
    else:
        click.echo(to_json(frame) if as_json else to_csv(frame, header=False), nl=False)
