"""Each step of a rate taken apart: how much of it is a new level, how much a change of what a duty covers, how much MFN."""

from __future__ import annotations

from datetime import timedelta
from decimal import localcontext
from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.asking import DayLike, as_quantity, as_record, as_view
from tariffs.errors import UsageError
from tariffs.frames import Asked, ask
from tariffs.model import Sampling
from tariffs.schemas import CHANGES, DAY, hold
from tariffs.steps import PRECISION, ZERO, value_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from decimal import Decimal

    from tariffs.catalog import Catalog
    from tariffs.measures import Measured
    from tariffs.model import Event
    from tariffs.stacking import Part
    from tariffs.vocabulary import Basis, Known, Measure


def changes(
    directions: str | Sequence[str],
    *,
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    start: DayLike | None = None,
    end: DayLike | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    scheduled: bool = False,
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return what each step of a rate is made of; the rows of a day add up to its step.

    Parameters
    ----------
    directions : str or sequence of str
    measure, weights, good, mfn, metal_share, start, end, as_of, known, basis, scheduled, catalog
        As in `series`. Steps on the first day of the window are not among them.

    Returns
    -------
    pandas.DataFrame
        One row per date, duty and effect: ``date``, ``direction``, ``series``, ``duty``, ``family``, ``authority``; ``effect``:
        ``rate`` (change of the level times the mean of the shares before and after), ``share`` (change of the share times the
        mean of the levels) or ``mfn``; ``points`` [percent of customs value]; ``before``, ``after`` (of the level, the share or
        the MFN average, or the points of duties booked together); ``events`` and ``acts``, separated by " | ". Duties that the
        weights know in points alone are booked as ``rate``, or as ``share`` where all that happened were changes of coverage.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Notes
    -----
    The change of a product, split evenly over the order of its factors [1]_, which leaves no remainder.

    References
    ----------
    .. [1] Bennet's decomposition: W. E. Diewert, "Index number theory using differences rather than ratios", American Journal
       of Economics and Sociology 64 (2005), https://doi.org/10.1111/j.1536-7150.2005.00365.x

    Examples
    --------
    >>> import tariffs as tf
    >>> found = tf.changes("us_on_cn", measure="average", weights="piie-implied", start="2019-08-31", end="2019-09-01")
    >>> found[["duty", "effect", "points"]].values.tolist()
    [['s301-list-4a', 'rate', 3.5169]]
    """
    record = as_record(catalog)
    quantity = as_quantity(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share)
    asked = ask(record, directions, (quantity,), start, end, as_view(record, as_of, known, basis), scheduled=scheduled)
    rows = [row for one in asked.measured for row in _changes(one, asked)]
    rows.sort(key=lambda row: (row["date"], row["direction"], row["duty"], row["effect"]))
    frame = pd.DataFrame(rows, columns=list(CHANGES.columns))
    frame["date"] = pd.to_datetime(frame["date"]).astype(DAY)
    for name in CHANGES.columns:
        if name != "date":
            frame[name] = frame[name].astype(float if name in ("points", "before", "after") else str)
    frame.attrs.update(asked.attrs(Sampling()))
    return hold(CHANGES, frame)


def _changes(one: Measured, asked: Asked) -> Iterator[dict[str, Any]]:
    if not one.divided:
        raise UsageError(f"{one.column} is not a sum of duties")
    one.total(asked.first, asked.final)
    for part in one.parts:
        steps = {day for path in (part.points, part.level or (), part.share or ()) for day, _ in path}
        for day in sorted(day for day in steps if asked.first < day <= asked.final and _bears(part, day)):
            for effect, points, before, after, events in _split(part, day):
                if points:
                    yield {
                        "date": day,
                        "direction": one.direction.name,
                        "series": one.column,
                        "duty": part.label("duty"),
                        "family": part.label("family"),
                        "authority": part.label("authority"),
                        "effect": effect,
                        "points": float(points),
                        "before": float(before),
                        "after": float(after),
                        "events": " | ".join(event.id for event in events),
                        "acts": " | ".join(dict.fromkeys(event.act for event in events)),
                    }


def _bears(part: Part, day: date) -> bool:
    """Whether a part adds anything on a day or its eve: a duty that enters displaced, or exempted, moves nothing."""
    return bool(value_on(part.points, day - timedelta(days=1)) or value_on(part.points, day))


def _split(part: Part, day: date) -> Iterator[tuple[str, Decimal, Decimal, Decimal, list[Event]]]:
    """Yield effect, points, value before and after, and events of a part's change on a day."""
    eve = day - timedelta(days=1)
    moves = list(dict.fromkeys(event for since, events in part.moves if since == day for event in events))
    if part.level is None or part.share is None:
        before, after = value_on(part.points, eve) or ZERO, value_on(part.points, day) or ZERO
        if part.duties[0].scope == "schedule":
            effect = "mfn"
        else:
            effect = "share" if moves and not any(event.is_level for event in moves) else "rate"
        yield effect, after - before, before, after, moves
        return
    old_level, new_level = value_on(part.level, eve) or ZERO, value_on(part.level, day) or ZERO
    old_share, new_share = _known(value_on(part.share, eve), value_on(part.share, day))
    if not moves and not (old_level and new_level):  # a duty that begins or ends does so at the share it has while in force
        old_share = new_share = new_share if new_level else old_share
    with localcontext(PRECISION):
        by_rate = (new_level - old_level) * (old_share + new_share) / 200
        by_share = (new_share - old_share) * (old_level + new_level) / 200
    yield "rate", by_rate, old_level, new_level, [event for since, event in part.levels if since == day]
    yield "share", by_share, old_share, new_share, moves


def _known(one: Decimal | None, other: Decimal | None) -> tuple[Decimal, Decimal]:
    """Return two shares, an unknown one as the other: it is that of a duty at 0, of which any share is nothing."""
    first = one if one is not None else other
    second = other if other is not None else one
    return first or ZERO, second or ZERO
