"""Commands that set rates against something: statements, trading days, voyages, other numbers, other versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tariffs.cli.app import main
from tariffs.cli.shell import (
    BASIS,
    FREQUENCY,
    JSON,
    OUTPUT,
    VIEW,
    WHAT,
    WINDOW,
    WITH,
    deliver,
    talk,
)
from tariffs.vocabulary import (
    EVENT_KINDS,
    KNOWN,
    SCOPES,
    SENSES,
    UNITS,
)


@main.command()
@click.argument("direction")
@WHAT
@WINDOW
@click.option("--known", type=click.Choice(KNOWN), default="stated", show_default=True, help="What was said, or became law.")
@BASIS
@WITH
@JSON
@OUTPUT
def surprises(direction: str, as_json: bool, output: str | None, **asked: Any) -> None:
    """Print what each statement changed of the expected path, in points: on the next day, over 30, 90 and 365 days."""
    from tariffs.surprising import surprises

    deliver(surprises(direction, **asked), output, as_json=as_json)


@main.command()
@click.argument("directions", nargs=-1, required=True)
@click.option("--before", type=int, required=True, help="Trading days before the one of the event.")
@click.option("--after", type=int, required=True, help="Trading days after it.")
@click.option(
    "--calendar", metavar="NAME|FILE", required=True, help="An exchange such as XNYS, or a CSV: date, and close if known."
)
@click.option("--on", metavar=f"[{'|'.join(SENSES)}]", default="stated", show_default=True, help="Which day of an event.")
@click.option("--scope", metavar=f"[{'|'.join(SCOPES)}]", help="Only duties of this scope: all_goods leaves product lists out.")
@click.option("--kind", metavar=f"[{'|'.join(EVENT_KINDS)}]", help="Only new levels, or only changes of what duties cover.")
@WINDOW
@WITH
@JSON
@OUTPUT
def windows(directions: tuple[str, ...], as_json: bool, output: str | None, **asked: Any) -> None:
    """Print the trading days around each event, threats included; what was said after a close belongs to the next session."""
    from tariffs.windows import event_windows

    frame = event_windows(directions, **asked)
    deliver(frame, output, as_json=as_json)
    talk(f"{frame['event'].nunique()} events on {frame['session'].nunique()} trading days")
    for mark in ("left_out", "times", "standing"):
        if mark in frame.attrs:
            talk(frame.attrs[mark])


@main.command()
@click.argument("direction")
@click.option("--voyage-days", type=int, required=True, help="From loading to entry: 0 by air, 15 to 35 by sea.")
@WINDOW
@VIEW
@WITH
@JSON
@OUTPUT
def binding(direction: str, as_json: bool, output: str | None, **asked: Any) -> None:
    """Print what a shipment pays when it arrives, by the day on which it was loaded, with what acts kept for goods under way."""
    from tariffs.transit import binding

    deliver(binding(direction, **asked), output, as_json=as_json)


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
@OUTPUT
def compare(file: Path, direction: str, as_json: bool, output: str | None, **asked: Any) -> None:
    """Compare a CSV of dates and values with ours: where they differ, by how much, and the likely reason."""
    from tariffs.comparing import compare, differing, summary

    frame = compare(file, direction, **asked)
    if output is not None or as_json:
        deliver(frame, output, as_json=as_json)
    else:
        deliver(differing(frame), None, as_json=False)
    for line in summary(frame):
        talk(line)


@main.command()
@click.argument("old", required=False, type=click.Path(path_type=Path))
@click.argument("new", required=False, type=click.Path(path_type=Path))
@WITH
@JSON
@OUTPUT
def diff(old: Path | None, new: Path | None, catalog: Any, as_json: bool, output: str | None) -> None:
    """Print what changed between two versions of the record, event by event and value by value.

    OLD and NEW are folders of records; without NEW, the packaged record. With --with alone, what a scenario changes of it.
    """
    from tariffs.asking import packaged
    from tariffs.differing import diff
    from tariffs.errors import UsageError

    if new is not None and catalog is not None:
        raise UsageError("--with takes the place of NEW; leave one of them out")
    if old is None and catalog is None:
        raise UsageError("name the folder of a record, or a scenario with --with")

    frame = diff(old or packaged(), catalog or new)
    deliver(frame, output, as_json=as_json)
    counts = frame["what"].value_counts()
    talk(f"changes: {counts.get('duty', 0)} of duties, {counts.get('event', 0)} of events, {counts.get('value', 0)} of values")
