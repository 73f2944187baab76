"""Commands about the record as a whole: its events, checks, releases, pages and citations."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from tariffs.cli.app import main
from tariffs.cli.shell import (
    JSON,
    OUTPUT,
    WHAT,
    WITH,
    deliver,
    talk,
)
from tariffs.vocabulary import (
    CITATIONS,
    Citation,
)


@main.command()
@click.argument("direction", required=False)
@click.option("--duty", help="Only this duty.")
@WITH
@JSON
@OUTPUT
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
        deliver(frame, output, as_json=as_json)
        return
    for row in frame.to_dict(orient="records"):
        day = row["timing"] if row["timing"] != "dated" else f"{row['effective']:%Y-%m-%d}"
        level = "coverage" if row["kind"] == "coverage" else "unknown" if row["rate"] != row["rate"] else f"{row['rate']:g}%"
        fate = "" if row["withdrawn"] != row["withdrawn"] else f"  [withdrawn {row['withdrawn']:%Y-%m-%d}: {row['withdrawn_by']}]"
        click.echo(f"{day:<10}  {level:>8}  {row['duty']:<28}  {row['act'] or row['status']}{fate}")
    talk(f"{len(frame)} events")


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
@click.option("-o", "--output", metavar="FOLDER", required=True, help="Where the files go.")
@WITH
def page(output: str, catalog: Any) -> None:
    """Write the whole record as a page with its charts into FOLDER, in files that any host serves."""
    from tariffs.publishing import write_page

    click.echo(write_page(output, catalog=catalog, tell=talk if sys.stderr.isatty() else None))


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
