"""Commands that print rates: of a day, over time, as known on days, step by step."""

from __future__ import annotations

import json
from typing import Any

import click

from tariffs.cli.app import main
from tariffs.cli.shell import (
    FREQUENCY,
    JSON,
    KNOWN_BASIS,
    OUTPUT,
    SINCE,
    VIEW,
    WHAT,
    WHATS,
    WINDOW,
    WITH,
    deliver,
    named,
    single,
    talk,
)
from tariffs.vocabulary import (
    HEADERS,
    PARTS,
    UNITS,
    ZERO_WARNING,
    Header,
)


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
@OUTPUT
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

    what, record = named(asked), asked["catalog"] or packaged()
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
    asked |= single(what) if by else what
    make: Any = parts if by else rates if wide else table
    frame = make(names, **asked, **({"by": by} if by else {"unit": unit}))
    for mark in ("weights_note", "weights_end", "warning", "standing", "undated", "later"):
        if mark in frame.attrs:
            talk(frame.attrs[mark])
    deliver(frame, output, as_json=as_json, header=header, bom=bom)


@main.command()
@click.argument("directions", nargs=-1)
@WHAT
@WINDOW
@VIEW
@WITH
@JSON
@OUTPUT
def changes(directions: tuple[str, ...], as_json: bool, output: str | None, **asked: Any) -> None:
    """Take each step of a rate apart: level, share and MFN, per duty and event.

    Without DIRECTIONS, all that the record, the weights or the good speak of.
    """
    from tariffs.asking import as_quantities, directions_of, packaged
    from tariffs.splitting import changes

    what = {name: asked[name] for name in ("measure", "weights", "good", "mfn", "metal_share")}
    record = asked["catalog"] or packaged()
    names = directions or directions_of(record, as_quantities(record, **what))
    deliver(changes(names, **asked), output, as_json=as_json)


@main.command()
@click.argument("direction")
@click.option("--day", "days", metavar="DATE", multiple=True, help="As known at the end of that day: a column. Repeatable.")
@WHAT
@WINDOW
@FREQUENCY
@KNOWN_BASIS
@WITH
@JSON
@OUTPUT
def vintages(direction: str, days: tuple[str, ...], as_json: bool, output: str | None, **asked: Any) -> None:
    """Print rates as they were known on days: a column for each day, one value per date.

    Without --day, every value that was ever known, with the days on which it was (realtime_start, realtime_end).
    """
    from tariffs.vintage import realtime, vintages

    frame = vintages(direction, list(days), **asked) if days else realtime(direction, **asked)
    deliver(frame, output, as_json=as_json)


def _answer(direction: str, date: str | None, asked: dict[str, Any]) -> Any:
    from tariffs.asking import packaged
    from tariffs.explaining import explain

    if date is None:
        record = asked["catalog"] or packaged()
        last = record.release.known_through
        weights = record.weights(asked["weights"], direction) if asked["weights"] else None
        return explain(direction, min(last, weights.last_day) if weights else last, **asked)
    return explain(direction, date, **asked)
