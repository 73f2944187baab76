"""What a caller typed becomes what the engine takes; what does not fit is refused here, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from tariffs import catalog as catalogs
from tariffs.errors import UsageError
from tariffs.model import View
from tariffs.reading.scalars import parse_date
from tariffs.vocabulary import BASES, KNOWN, choose

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.vocabulary import Direction

DayLike = str | date


@cache
def packaged() -> Catalog:
    """Return the packaged record, read once per process."""
    return catalogs.load()


def as_day(value: DayLike, name: str) -> date:
    """Return a calendar day from an ISO text, a date, or a moment without a time zone.

    Raises
    ------
    UsageError
        For anything else.
    """
    if isinstance(value, datetime):
        if value != value or value.tzinfo is not None:  # NaT is a datetime that differs from itself
            raise UsageError(f"{name}: found {value!r}, expected a day without a time zone")
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise UsageError(f"{name}: found {value!r}, expected a date as YYYY-MM-DD")
    try:
        return parse_date(value)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None


def as_directions(catalog: Catalog, names: str | Iterable[str]) -> tuple[Direction, ...]:
    """Return the directions that names spell.

    Raises
    ------
    UnknownNameError
        Where the record covers no such direction.
    UsageError
        Where none is named, or one twice.
    """
    listed = [names] if isinstance(names, str) or not isinstance(names, Iterable) else list(names)
    for name in listed:
        if not isinstance(name, str):
            raise UsageError(f"found {name!r}, expected a direction such as us_on_cn")
    where = tuple(catalog.direction(name) for name in listed)
    if not where:
        raise UsageError(f"no direction given; one of: {', '.join(direction.name for direction in catalog.directions)}")
    if len(set(where)) < len(where):
        raise UsageError("a direction is named twice")
    return where


def as_view(catalog: Catalog, as_of: DayLike | None, known: str, basis: str) -> View:
    """Return how the record is to be looked at."""
    day = None if as_of is None else as_day(as_of, "as_of")
    if day is not None:
        catalog.require_covered(min(day, catalog.release.known_through))
    return View(day, choose("known", known, KNOWN), choose("basis", basis, BASES))


def as_window(catalog: Catalog, start: DayLike | None, end: DayLike | None, last: date) -> tuple[date, date]:
    """Return first and last day, by default all days from the record's first to `last`.

    Raises
    ------
    CoverageError
        Where `start` is before the record begins.
    UsageError
        Where `start` is after `end`.
    """
    first = catalog.release.covers_from if start is None else as_day(start, "start")
    final = last if end is None else as_day(end, "end")
    catalog.require_covered(first)
    catalog.require_covered(final)
    if first > final:
        raise UsageError(f"start {first} is after end {final}")
    return first, final
