"""What a caller typed becomes what the engine takes; what does not fit is refused here, once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

from tariffs import catalog as catalogs
from tariffs import loading
from tariffs.errors import CoverageError, UsageError
from tariffs.model import Quantity, Sampling, View
from tariffs.reading.scalars import meant, parse_date, plain, shown
from tariffs.vocabulary import AGGS, BASES, DAILY, DAYS_AT, FREQS, KNOWN, MEASURES, UNITS, Agg, choose

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.vocabulary import Direction, Freq

DayLike = str | date
AggLike = Agg | str  # days_at:145 has a level in it
DAYS_EXAMPLE = f"{DAYS_AT}:145"


@cache
def packaged() -> Catalog:
    """Return the packaged record, read once per process."""
    return loading.load()


def as_record(catalog: Catalog | None) -> Catalog:
    """Return the record that is asked: the packaged one where none is named.

    Raises
    ------
    UsageError
        For the name or the file of one that was not loaded.
    """
    if catalog is None:
        return packaged()
    if not isinstance(catalog, catalogs.Catalog):
        raise UsageError(f"catalog: found {catalog!r}, expected a record, such as tf.load('no-geneva', on_top=True)")
    return catalog


def as_day(value: DayLike, name: str) -> date:
    """Return a calendar day from an ISO text, a date, or a moment without a time zone.

    Raises
    ------
    UsageError
        For anything else.
    """
    if isinstance(value, datetime):
        if value != value:  # NaT is a datetime that differs from itself
            raise UsageError(f"{name}: found no time (NaT), expected a day")
        if value.tzinfo is not None:
            raise UsageError(f"{name}: found {value!r}, expected a day without a time zone")
        return value.date()
    if isinstance(value, date):
        return value
    # NumPy's datetime64, which this module does not import.
    text = str(value)[:10] if type(value).__name__ == "datetime64" else value
    if not isinstance(text, str):
        raise UsageError(f"{name}: found {value!r}, expected a date as YYYY-MM-DD")
    try:
        return parse_date(text)
    except ValueError as error:
        raise UsageError(f"{name}: {error}{meant(text)}") from None


def as_names(catalog: Catalog, names: str | Iterable[str]) -> list[str]:
    """Return one or several names of directions as a list.

    Raises
    ------
    UsageError
        Where none is named.
    """
    listed = [names] if isinstance(names, str) or not isinstance(names, Iterable) else list(names)
    if not listed:
        raise UsageError(f"no direction given; one of: {', '.join(direction.name for direction in catalog.directions)}")
    return listed


def as_directions(catalog: Catalog, names: str | Iterable[str]) -> tuple[Direction, ...]:
    """Return the directions that names spell.

    Raises
    ------
    UnknownNameError
        Where the record covers no such direction.
    UsageError
        Where none is named, or one twice.
    """
    where = tuple(catalog.direction(name) for name in as_names(catalog, names))
    if len(set(where)) < len(where):
        raise UsageError("a direction is named twice")
    return where


def as_quantities(
    catalog: Catalog,
    measure: str,
    *,
    weights: str | Iterable[str] | None = None,
    good: str | Iterable[str] | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    since: DayLike | None = None,
) -> tuple[Quantity, ...]:
    """Return which numbers are asked for: one, or one per basis of weights or kind of good.

    Raises
    ------
    UnknownNameError
        For a measure that does not exist.
    UsageError
        Where something goes with another measure, or is missing.
    """
    of = choose("measure", measure, MEASURES)
    averaged, stacked = of in ("average", "covered"), of == "stack"
    _require(of, "weights", weights is not None, wanted=averaged, choices=catalog.bases)
    _require(of, "good", good is not None, wanted=stacked, choices=catalog.goods)
    if mfn and not stacked:
        raise UsageError("mfn goes with stack" + ("; an average has the MFN duties in it" if of == "average" else ""))
    if metal_share is not None and not stacked:
        raise UsageError("metal_share goes with stack")
    share = None if metal_share is None else as_share(metal_share)
    day = None if since is None else as_day(since, "since")
    if day is not None:
        catalog.require_covered(day)
    return tuple(
        Quantity(of, basis, kind, mfn=bool(mfn), metal_share=share, since=day)
        for basis, kind in product(_listed(weights), _listed(good))
    )


def as_quantity(catalog: Catalog, measure: str, **asked: Any) -> Quantity:
    """Return the one number that is asked for.

    Raises
    ------
    UsageError
        Where several bases of weights or goods are named.
    """
    quantities = as_quantities(catalog, measure, **asked)
    if len(quantities) > 1:
        raise UsageError("one series at a time; rates takes several weights or goods")
    return quantities[0]


def directions_of(catalog: Catalog, quantities: tuple[Quantity, ...]) -> list[str]:
    """Return the directions that are meant where none is named: all that the record, the weights or the good speak of."""
    quantity = quantities[0]
    if quantity.weights:
        choose("weights", quantity.weights, tuple(catalog.bases))
        return [direction.name for direction in catalog.bases[quantity.weights] if direction.origin != "ROW"]
    found = catalog.good(quantity.good).directions if quantity.good else catalog.directions
    return [direction.name for direction in found]


def _require(measure: str, name: str, given: bool, *, wanted: bool, choices: Iterable[str]) -> None:
    if given and not wanted:
        raise UsageError(
            f"{name} does not go with {measure}; it goes with {'stack' if name == 'good' else 'average and covered'}"
        )
    if wanted and not given:
        raise UsageError(f"{measure} needs {name}; one of: {', '.join(choices)}")


def _listed(names: str | Iterable[str] | None) -> list[str]:
    listed = [""] if names is None else [names] if isinstance(names, str) else list(dict.fromkeys(names))
    if not listed:
        raise UsageError("found an empty list, expected names")
    return listed


def as_share(value: float) -> Decimal:
    """Return the share of a good's value that is metal [percent].

    Raises
    ------
    UsageError
        For anything but a percentage, and for what looks like a fraction.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or not 0 <= value <= 100:
        raise UsageError(f"metal_share: found {value!r}, expected a percentage from 0 to 100")
    if 0 < value < 1:
        raise UsageError(f"metal_share: found {value!r}, a fraction? It is in percent: 30 for three tenths")
    return Decimal(plain(Decimal(str(value))))  # 30.0 is 30, in the name of a series too


def as_view(catalog: Catalog, as_of: DayLike | None, known: str, basis: str) -> View:
    """Return how the record is to be looked at."""
    day = None if as_of is None else as_day(as_of, "as_of")
    if day is not None and day >= catalog.release.known_through and not catalog.overlays:
        day = None  # nothing in the record became known later
    if day is not None:
        catalog.require_covered(min(day, catalog.release.known_through))
    return View(day, choose("known", known, KNOWN), choose("basis", basis, BASES))


def as_window(
    catalog: Catalog, start: DayLike | None, end: DayLike | None, last: date, begins: date | None = None
) -> tuple[date, date]:
    """Return first and last day, by default all days from `begins`, or the record's first, to `last`.

    Raises
    ------
    CoverageError
        Where `start` is before the record begins, or without one `end` before `begins`.
    UsageError
        Where `start` is after `end`.
    """
    first = (begins or catalog.release.covers_from) if start is None else as_day(start, "start")
    final = last if end is None else as_day(end, "end")
    catalog.require_covered(first)
    catalog.require_covered(final)
    if first > final and start is None:
        raise CoverageError(f"end: found {final}, expected {first} or later, the first day of the weights")
    if first > final and end is None:
        raise UsageError(f"start {first} is after {final}, the last day unless an end is named or what is scheduled is asked for")
    if first > final:
        raise UsageError(f"start {first} is after end {final}")
    return first, final


def as_freq(freq: str | None) -> Freq | None:
    """Return a frequency.

    Raises
    ------
    UnknownNameError
        For another one.
    """
    return None if freq is None else choose("freq", freq, FREQS)


def as_agg(agg: AggLike) -> str:
    """Return what a period carries, written one way: pandas' ``mean`` is ``avg``, ``days_at:145.0`` is ``days_at:145``.

    Raises
    ------
    UsageError
        For sums, days at no level, and what does not exist.
    """
    if agg == "sum":
        raise UsageError("rates of different days do not add up to anything; take avg, eop, bop, max or min")
    if agg == "mean":
        return "avg"
    word, _, level = str(agg).partition(":")
    if word != DAYS_AT:
        return choose("agg", agg, (*AGGS, DAYS_EXAMPLE))
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", level):
        raise UsageError(f"agg: found {shown(agg)}, expected a level in percent, 0 or more, as in {DAYS_EXAMPLE}")
    return f"{DAYS_AT}:{plain(Decimal(level))}"


def as_sampling(freq: str | None, agg: AggLike, unit: str = "percent", *, since: DayLike | None = None) -> Sampling:
    """Return on which dates a path has rows, and what they carry.

    Raises
    ------
    UsageError
        For words that do not exist, sums, what a period carries where rows are of no period, and days in another unit.
    """
    how = Sampling(as_freq(freq), as_agg(agg), choose("unit", unit, UNITS))
    if how.agg != "avg" and (how.freq is None or how.freq in DAILY):
        longer = ", ".join(name for name in FREQS if name not in DAILY)
        raise UsageError(f"agg {how.agg} goes with freq {longer}; found {how.freq or 'no freq'}")
    if not how.agg.startswith(DAYS_AT):
        return how
    if how.unit != "percent":
        raise UsageError(f"agg {how.agg} counts days; leave unit {how.unit} out")
    if since is not None:
        raise UsageError(f"agg {how.agg} counts days at a level, and since gives points; leave one of them out")
    return replace(how, unit="days")
