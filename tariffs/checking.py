"""What `tariffs check` and `tariffs info` say about a record."""

from __future__ import annotations

from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tariffs.claims import broken, source_notes
from tariffs.errors import RecordError
from tariffs.vocabulary import GRADES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tariffs.catalog import Catalog


def summary(catalog: Catalog) -> dict[str, Any]:
    """Return what a record is and what it answers for, as plain values."""
    release = catalog.release
    families = sorted({duty.family for duty in catalog.duties.values()})
    return {
        "package": version("tariffs"),
        "data version": release.version,
        "covers": f"{release.covers_from} to {release.known_through}",
        "directions": [direction.name for direction in catalog.directions],
        "duties": len(catalog.duties),
        "events": len(catalog.events),
        "context events": len(catalog.context),
        "weights": [f"{name} ({', '.join(where.name for where in tables)})" for name, tables in catalog.bases.items()],
        "goods": [f"{good.id} ({good.title})" for good in catalog.goods.values()],
        "families": [f"{name} ({catalog.families[name].title})" for name in families],
    }


def report(catalog: Catalog, *, claims: bool = True) -> Iterator[str]:
    """Yield the lines of a check that found nothing wrong: what was read, grades, claims.

    Parameters
    ----------
    catalog : Catalog
    claims : bool
        Test the source notes too; they speak of the packaged record.

    Raises
    ------
    RecordError
        Where a claim's verdict is not borne out by the record.
    """
    if catalog.beneath:
        moved = [event for name, event in catalog.events.items() if event != catalog.beneath.events.get(name)]
        yield f"{catalog.overlays[-1]}: events that it adds or changes: {len(moved)}"
    yield f"{len(catalog.duties)} duties, {len(catalog.events)} events, {len(catalog.context)} context events: no errors"
    tables = sum(len(tables) for tables in catalog.bases.values())
    yield f"{len(catalog.bases)} bases of weights with {tables} tables, {len(catalog.goods)} kinds of goods: no errors"
    grades = Counter(event.grade for event in catalog.events.values())
    yield f"events by grade: {', '.join(f'{grade} {grades[grade]}' for grade in GRADES)}"
    context = Counter(event.grade for event in catalog.context)
    yield f"context by grade: {', '.join(f'{grade} {context[grade]}' for grade in GRADES)}"
    if claims:
        notes = source_notes()
        problems = broken(notes, catalog)
        if problems:
            raise RecordError(problems)
        verdicts = Counter(claim.verdict for note in notes.values() for claim in note.claims)
        counts = (
            f"{verdicts['holds']} hold, {verdicts['reservation']} with a reservation, {verdicts['contradicted']} contradicted"
        )
        yield f"{sum(verdicts.values())} claims of {len(notes)} source notes: {counts}, as the notes say"
    yield f"checked through {catalog.release.known_through}, data version {catalog.release.version}"
