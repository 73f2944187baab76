"""The algebra of step functions of time: pure functions on plain (day, value) pairs.

A path is a tuple of ``(first day, value)`` in strictly increasing order; each value holds until the day before the next one,
the last for good, and before the first the path is 0. A value of None says that the level is not known: it spreads through
sums and means and is never taken for 0.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext
from typing import TYPE_CHECKING

from tariffs.vocabulary import DAYS_AT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Value = Decimal | None
Steps = tuple[tuple[date, Value], ...]

ZERO = Decimal(0)
PRECISION = Context(prec=28)  # whatever the caller has set for the process


def value_on(path: Steps, day: date) -> Value:
    """Return the value in force at the end of a day.

    Examples
    --------
    >>> value_on(((date(2025, 2, 4), Decimal(10)), (date(2025, 3, 4), Decimal(20))), date(2025, 3, 3))
    Decimal('10')
    """
    position = bisect_right(path, day, key=lambda step: step[0])
    return path[position - 1][1] if position else ZERO


def compress(path: Iterable[tuple[date, Value]]) -> Steps:
    """Drop the steps that change nothing, a leading 0 included."""
    kept: list[tuple[date, Value]] = []
    before: Value = ZERO
    for day, value in path:
        if value != before:
            kept.append((day, value))
        before = value
    return tuple(kept)


def add(paths: Iterable[Steps]) -> Steps:
    """Return the sum of paths: a step wherever one of them has one, unknown while any of them is.

    Examples
    --------
    >>> add([((date(2025, 2, 4), Decimal(10)),), ((date(2025, 4, 5), Decimal(10)),)])[-1]
    (datetime.date(2025, 4, 5), Decimal('20'))
    """
    changes = sorted((day, number, value) for number, path in enumerate(paths) for day, value in path)
    levels: dict[int, Value] = {}
    total, unknown = ZERO, 0
    summed: dict[date, Value] = {}
    with localcontext(PRECISION):
        for day, number, value in changes:
            before = levels.get(number, ZERO)
            total += (value or ZERO) - (before or ZERO)
            unknown += (value is None) - (before is None)
            levels[number] = value
            summed[day] = None if unknown else total
    return compress(summed.items())


def less(path: Steps, other: Steps) -> Steps:
    """Return a path less another; unknown while either is.

    Examples
    --------
    >>> less(((date(2025, 2, 4), Decimal(30)),), ((date(2025, 3, 4), Decimal(10)),))[-1]
    (datetime.date(2025, 3, 4), Decimal('20'))
    """
    days = sorted({day for day, _ in (*path, *other)})
    with localcontext(PRECISION):
        return compress((day, _difference(value_on(path, day), value_on(other, day))) for day in days)


def _difference(value: Value, other: Value) -> Value:
    return None if value is None or other is None else value - other


def share_of(path: Steps, share: Steps) -> Steps:
    """Return the percent of a path that a share [percent] leaves of it; nothing of an unknown is known, but nothing of 0 is 0.

    Examples
    --------
    >>> share_of(((date(2018, 7, 6), Decimal(25)),), ((date(2018, 1, 1), Decimal(20)),))
    ((datetime.date(2018, 7, 6), Decimal('5')),)
    """
    days = sorted({day for day, _ in (*path, *share)})
    with localcontext(PRECISION):
        return compress((day, _part_of(value_on(path, day), value_on(share, day))) for day in days)


def _part_of(value: Value, share: Value) -> Value:
    if ZERO in (value, share):
        return ZERO
    return None if value is None or share is None else value * share / 100


def above(path: Steps, start: date, level: Decimal) -> Steps:
    """Return how far a path lies above a level from `start` on; below it the difference is negative."""
    days = [start, *(day for day, _ in path if day > start)]
    with localcontext(PRECISION):
        return tuple((day, None if (value := value_on(path, day)) is None else value - level) for day in days)


def bounds(one: Steps, other: Steps) -> tuple[Steps, Steps]:
    """Return the lower and the higher of two paths on every day."""
    days = sorted({day for day, _ in (*one, *other)})
    pairs = [(day, value_on(one, day), value_on(other, day)) for day in days]
    lower = compress((day, None if a is None or b is None else min(a, b)) for day, a, b in pairs)
    return lower, compress((day, None if a is None or b is None else max(a, b)) for day, a, b in pairs)


def clip(path: Steps, start: date, end: date) -> Steps:
    """Return the path from `start` to `end`, both included, with a first step on `start`."""
    return ((start, value_on(path, start)), *((day, value) for day, value in path if start < day <= end))


def spans(path: Steps, start: date, end: date) -> Iterator[tuple[date, date, Value]]:
    """Yield the half-open intervals ``[first, next)`` of constant value that make up `start` to `end`, both included."""
    steps = clip(path, start, end)
    ends = [*(day for day, _ in steps[1:]), end + timedelta(days=1)]
    for (first, value), following in zip(steps, ends, strict=True):
        yield first, following, value


def mean(path: Steps, start: date, end: date) -> Value:
    """Return the day-weighted mean from `start` to `end`, both included; None where a day is unknown."""
    with localcontext(PRECISION):
        area = ZERO
        for first, following, value in spans(path, start, end):
            if value is None:
                return None
            area += value * (following - first).days
        return area / ((end - start).days + 1)


def days_at(path: Steps, start: date, end: date, level: Decimal) -> Value:
    """Return on how many days from `start` to `end`, both included, a path is at a level; None where a day is unknown.

    Examples
    --------
    >>> path = ((date(2025, 4, 10), Decimal(145)), (date(2025, 5, 14), Decimal(30)))
    >>> days_at(path, date(2025, 1, 1), date(2025, 12, 31), Decimal(145))
    Decimal('34')
    """
    days = 0
    for first, following, value in spans(path, start, end):
        if value is None:
            return None
        days += (following - first).days if value == level else 0
    return Decimal(days)


def aggregate(path: Steps, start: date, end: date, agg: str) -> Value:
    """Return one number for `start` to `end`, both included.

    Parameters
    ----------
    path : Steps
        The path [percent].
    start, end : date
        First and last day.
    agg : {"avg", "bop", "eop", "max", "min"} or ``days_at:145``
        Day-weighted mean, value on the first or on the last day, largest or smallest value on any day; or the number of days at
        that level.
    """
    word, _, level = agg.partition(":")
    if word == DAYS_AT:
        return days_at(path, start, end, Decimal(level))
    if agg == "avg":
        return mean(path, start, end)
    if agg in ("bop", "eop"):
        return value_on(path, start if agg == "bop" else end)
    values = [value for _, _, value in spans(path, start, end)]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    return max(known) if agg == "max" else min(known)
