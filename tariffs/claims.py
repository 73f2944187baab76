"""What the documents that the project started from say, tested against the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tariffs.catalog import home
from tariffs.errors import Problem, RecordError, TariffsError, UnknownNameError
from tariffs.explaining import explain
from tariffs.reading.claims import WEEKDAYS, Check, Claim, SourceNote, read_source_note
from tariffs.reading.document import read_document

if TYPE_CHECKING:
    from pathlib import Path

    from tariffs.catalog import Catalog


def source_notes(folder: Path | None = None) -> dict[str, SourceNote]:
    """Read the source notes, by file name.

    Raises
    ------
    RecordError
        With everything that is wrong with them.
    """
    root = folder or home("seeds")
    problems: list[Problem] = []
    notes = {}
    for path in sorted(root.glob("*.yaml")):
        note = read_document(root, path.name, problems, read_source_note)
        if note is not None:
            notes[path.stem] = note
    if not notes and not problems:
        problems.append(Problem(str(root), 0, "", "no source notes here"))
    if problems:
        raise RecordError(problems)
    return notes


def broken(notes: dict[str, SourceNote], catalog: Catalog) -> list[Problem]:
    """Return the claims whose verdict the record does not bear out.

    A claim that holds must be true of the record; one that holds with a reservation likewise, and so must be what the record says
    besides; one that is contradicted must be false, and what the record says instead true.
    """
    problems = []
    for note in notes.values():
        for claim in note.claims:
            failure = _failure(claim, catalog)
            if failure:
                problems.append(Problem(claim.file, claim.line, "verdict", f"{claim.verdict}, but {failure}: {claim.says}"))
    return problems


def _failure(claim: Claim, catalog: Catalog) -> str:
    try:
        claimed = all(_holds(check, catalog) for check in claim.claimed)
        record = all(_holds(check, catalog) for check in claim.record)
    except TariffsError as error:
        return str(error)
    if not record:
        return "the record does not say what the note says it does"
    if claimed == (claim.verdict == "contradicted"):
        return "the record agrees" if claimed else "the record disagrees"
    return ""


def _holds(check: Check, catalog: Catalog) -> bool:
    if check.kind == "weekday":
        return WEEKDAYS[check.day.weekday()] == check.weekday
    if check.kind == "rate":
        return explain(check.subject, check.day, catalog=catalog).total == check.rate
    if check.kind == "context":
        dates = {event.id: event.day for event in catalog.context}
        if check.subject not in dates:
            raise UnknownNameError("context event", check.subject, dates)
        return dates[check.subject] == check.day
    if check.subject not in catalog.events:
        raise UnknownNameError("event", check.subject, catalog.events)
    return bool(getattr(catalog.events[check.subject], check.name) == check.day)
