"""What each statement changed of the path that was expected: a series of shocks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tariffs.asking import DayLike, as_quantity, as_record, as_view, as_window
from tariffs.errors import CoverageError, UsageError
from tariffs.frames import attrs_of
from tariffs.measures import measure_of
from tariffs.model import Sampling
from tariffs.schemas import DAY, SURPRISES, hold
from tariffs.steps import PRECISION, mean

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.measures import Measured
    from tariffs.model import Event, Quantity
    from tariffs.steps import Steps
    from tariffs.vocabulary import Basis, Known, Measure

HORIZONS = (30, 90, 365)  # days after the one of the statement
TOLD: dict[str, Any] = {"threat": bool, "law": bool, "events": str, "undated": str, "acts": str}


def surprises(
    direction: str,
    *,
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    start: DayLike | None = None,
    end: DayLike | None = None,
    known: Known = "stated",
    basis: Basis = "charged",
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return what the statements of each day changed of the expected path of a rate.

    The path known at the end of a day is set against the one known at the end of the day before, over the days to come. Threats
    and their withdrawals count and are marked; with ``known="law"`` only acts and agreements do.

    Parameters
    ----------
    direction, measure, weights, good, mfn, metal_share, basis, catalog
        As in `series`; of the bases not the refundable one.
    start, end : date-like, optional
        First and last day of a statement; by default all from the day after the first of the record, or of the weights, to
        `known_through`.
    known : {"stated", "law"}
        Whether news is what was said, or what became law.

    Returns
    -------
    pandas.DataFrame
        One row per day with news of a level, index ``date``, the day of the statement: ``next_day``, the points on the day after;
        ``over_30``, ``over_90``, ``over_365``, the mean of the points over so many days from then on; ``point_days``, their sum
        over 365 days; ``threat``, whether the news, or a part of it, was a threat or the end of one; ``law``, whether all of it
        was law by the end of that day; ``events``, those with no day of their own in ``undated``, and ``acts``, separated by
        " | ". What was said without a day stands on no path and moves no points: that the duties under IEEPA end was known on 20
        February 2026, from when on only the 22nd. Days are those of the calendar: `event_windows` has the trading day of each
        event, which for what was said after a close or on a weekend is a later one.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.surprises("us_on_cn", start="2025-04-01", end="2025-04-07")[["next_day", "over_30", "over_365"]].round(2)
                next_day  over_30  over_365
    date
    2025-04-02       0.0    28.53     33.55
    2025-04-07       0.0    48.33     49.86
    """
    record = as_record(catalog)
    quantity = as_quantity(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share)
    first, final = as_window(record, start, end, record.release.known_through)
    view = as_view(record, None, known, basis)
    if view.basis == "refundable":
        raise UsageError("surprises: found basis refundable, expected charged or lawful: a ruling changes what is refundable")
    now = measure_of(record, direction, quantity, view)
    news = _news(now, known)
    begins = now.first_day(record.release.covers_from)
    if start is not None and first < begins:
        raise CoverageError(f"the weights {quantity.weights} begin on {begins}; found start {first}")
    days = sorted(day for day in news if max(first, begins + timedelta(days=1)) <= day <= final)
    rows = []
    for day in days:
        before, after = (_path(record, direction, quantity, seen, known, basis, day) for seen in (day - timedelta(days=1), day))
        rows.append(_shock(before, after, day) | _told(news[day], day))
    frame = pd.DataFrame(rows, index=pd.DatetimeIndex(np.array(days, dtype=DAY), name="date"), columns=list(SURPRISES.columns))
    frame = frame.astype({name: float for name in SURPRISES.columns if name not in TOLD})
    frame = frame.astype(TOLD)
    own = {"series": f"{now.column}_surprises", "measure": quantity.measure, "weights": quantity.weights or None}
    frame.attrs.update(attrs_of(record, view, final, Sampling(unit="points")) | own)
    return hold(SURPRISES, frame)


def _news(measured: Measured, known: Known) -> dict[date, list[Event]]:
    """Return the levels that became known, with a day or without one, or were withdrawn from their day, by day."""
    found: dict[date, list[Event]] = {}
    for event in (event for duty in measured.moving for event in duty.events if event.is_level):
        since = event.known_from(known)
        if since is None or event.never_known:
            continue
        found.setdefault(since, []).append(event)
        if event.withdrawn and event.withdrawn > since and isinstance(event.effective, date):
            found.setdefault(event.withdrawn, []).append(event)
    return found


def _path(record: Catalog, direction: str, quantity: Quantity, seen: date, known: Known, basis: Basis, day: date) -> Steps:
    measured = measure_of(record, direction, quantity, as_view(record, seen, known, basis))
    return measured.total(day, day + timedelta(days=HORIZONS[-1]))


def _shock(before: Steps, after: Steps, day: date) -> dict[str, Any]:
    """Return the difference of two paths over the days after one."""
    begin = day + timedelta(days=1)
    found: dict[str, Any] = {}
    with localcontext(PRECISION):
        for name, length in (("next_day", 1), *((f"over_{days}", days) for days in HORIZONS)):
            last = day + timedelta(days=length)
            then, now = mean(before, begin, last), mean(after, begin, last)
            found[name] = None if then is None or now is None else now - then
        year = found[f"over_{HORIZONS[-1]}"]
        found["point_days"] = None if year is None else year * Decimal(HORIZONS[-1])
    return found


def _told(events: list[Event], day: date) -> dict[str, Any]:
    dated = dict.fromkeys(event.id for event in events if isinstance(event.effective, date))
    undated = dict.fromkeys(event.id for event in events if not isinstance(event.effective, date))
    acts = dict.fromkeys(event.act for event in events if event.act)
    return {
        "threat": any(event.status == "threat" for event in events),
        "law": all((since := event.known_from("law")) is not None and since <= day for event in events),
        "events": " | ".join(dated),
        "undated": " | ".join(undated),
        "acts": " | ".join(acts),
    }
