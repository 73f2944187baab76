"""Someone else's numbers beside ours: how each stands, for which reason it may differ, and how both are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import floor, isnan, log10
from typing import TYPE_CHECKING

from tariffs.charts import words
from tariffs.charts.lines import MINUS
from tariffs.errors import CoverageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from tariffs.catalog import Catalog
    from tariffs.measures import Measured

LEAST_DAYS = 14  # shown: fewer may hold no day that the axis names
MARGIN = 0.03  # of their days, shown before the first and after the last
HIGHEST = 10_000  # percent; no rate is higher
MOST_REASONS = 6  # of more than these the key tells the kinds
AGREES, DIFFERS, NO_NUMBER = "agrees", "differs", "no-number"


@dataclass(frozen=True, slots=True)
class Value:
    """One of their values beside ours.

    Attributes
    ----------
    day : date
    theirs : float
        [percent]
    difference : float
        Theirs less ours [points]; NaN where there is no number of ours.
    reason : str
        Likely, of a difference; empty where there is none.
    """

    day: date
    theirs: float
    difference: float
    reason: str

    @property
    def standing(self) -> str:
        """Whether the value agrees, differs, or has no number of ours beside it."""
        return NO_NUMBER if isnan(self.difference) else DIFFERS if self.reason else AGREES


@dataclass(frozen=True, slots=True)
class Days:
    """Which days are shown: all of them, ours among them, and of ours those that the view can vouch for.

    Attributes
    ----------
    first, final : date
        At the edges of the plots.
    begin, last : date
        The first and last that our line is drawn for.
    record, horizon : date
        The first one of the record and the last one checked.
    doubt : str
        What is written on the days after it.
    """

    first: date
    final: date
    begin: date
    last: date
    record: date
    horizon: date
    doubt: str

    @property
    def unknown(self) -> list[tuple[date, date, str]]:
        """What is shown beyond the record: first day, the day after the last, what is written there."""
        after = self.horizon + timedelta(days=1)
        before = f"no record before {words.short_day(self.record)}"
        return [(self.first, self.record, before), (after, self.final, f"{self.doubt} after {words.short_day(self.horizon)}")]


def values_of(frame: pd.DataFrame) -> list[Value]:
    """Return their values as `compare` judged them."""
    days = [stamp.date() for stamp in frame["date"]]
    numbers = (frame[name].tolist() for name in ("theirs", "difference", "reason"))
    return [Value(*entry) for entry in zip(days, *numbers, strict=True)]


def require_points(values: list[Value], ours: str) -> None:
    """Refuse values from which nothing can be drawn."""
    first, last = values[0].day, values[-1].day
    if first == last:
        raise UsageError(f"theirs: found a value on {first} alone, expected values on two days or more")
    if all(value.standing == NO_NUMBER for value in values):
        raise CoverageError(f"theirs: found values from {first} to {last}, and on none of these days a number of {ours}")
    wild = next((value for value in values if abs(value.theirs) > HIGHEST), None)
    if wild:
        raise UsageError(f"theirs: found {wild.theirs:g} on {wild.day}, expected rates up to {HIGHEST} percent")


def days_of(record: Catalog, measured: Measured, values: list[Value]) -> Days:
    """Return the days shown: theirs with a margin, and ours among them."""
    known_through = record.release.known_through
    span = (values[-1].day - values[0].day).days
    margin = timedelta(days=max(round(span * MARGIN), -(-(LEAST_DAYS - span) // 2), 1))
    first, final = values[0].day - margin, values[-1].day + margin
    last_known = measured.last_day(known_through, scheduled=False)
    horizon = min(measured.view.horizon(known_through), last_known)
    doubt = "expected" if last_known > horizon else "no weights" if last_known < known_through else "not verified"
    begins = measured.first_day(record.release.covers_from)
    if values[0].day >= begins:
        first = max(first, begins)
    if values[-1].day <= horizon:
        final = min(final, horizon + timedelta(days=1))
    return Days(first, final, max(values[0].day, begins), min(final, last_known), begins, horizon, doubt)


def cut(days: Days, column: pd.Series[float], last: date) -> tuple[Days, pd.Series[float]]:
    """Leave out what is ours after their last day, but for the level of that day."""
    later = [stamp.date() for stamp in column.index if stamp.date() > last]
    if not later:
        return days, column
    return replace(days, last=later[0] - timedelta(days=1)), column.iloc[: -len(later)]


def capital(text: str) -> str:
    """Return a text with a capital."""
    return text[:1].upper() + text[1:]


def counted(count: int) -> str:
    """Return a count with its noun."""
    return f"{count} value{'s' if count != 1 else ''}"


def without(missing: int) -> str:
    """Return how many values have no number of ours."""
    return f"{counted(missing)} on {'a day' if missing == 1 else 'days'} without a number of ours"


def agreeing(compared: Sequence[Value]) -> str:
    """Return how many of the values agree."""
    return f"{sum(value.standing == AGREES for value in compared)} of {counted(len(compared))}"


def dated(reason: str, written: Callable[[date], str] = words.short_day) -> str:
    """Return a reason with its days as readers write them."""
    return re.sub(r"\d{4}-\d{2}-\d{2}", lambda found: written(date.fromisoformat(found[0])), reason)


def signed(points: float) -> str:
    """Return a difference with its sign and three figures."""
    digits = min(max(2 - floor(log10(abs(points))), 0), 9) if points else 0
    text = f"{points:+.{digits}f}"
    return (text.rstrip("0").rstrip(".") if digits else text).replace("-", MINUS)


def worded(values: Iterable[Value]) -> dict[date, str]:
    """Return the likely reason of each difference as the key tells it: the kind of reason alone, where there are many."""
    apart = [value for value in values if value.standing == DIFFERS]
    if len({value.reason for value in apart}) <= MOST_REASONS:
        return {value.day: dated(value.reason) for value in apart}
    return {value.day: value.reason.partition(":")[0] for value in apart}
