"""What a shipment pays when it arrives, by the day on which it was loaded: the level of that day, or what was kept for it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tariffs.asking import DayLike, as_record, as_view, as_window
from tariffs.errors import UnknownRateError, UsageError
from tariffs.frames import attrs_of
from tariffs.model import Sampling
from tariffs.schemas import BINDING, DAY, hold
from tariffs.stacking import across_the_board, deciding

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Event
    from tariffs.vocabulary import Basis, Known

LONGEST = 365  # voyage [days]


def binding(
    direction: str,
    *,
    voyage_days: int,
    start: DayLike | None = None,
    end: DayLike | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return the across-the-board duty that a shipment pays when it arrives, by the day on which it was loaded.

    Many acts let goods that were on a vessel before a day keep an earlier rate if they enter before another. Such a clause binds
    here for a voyage of a day or more; one that names no day of entry binds while the level that it goes with is in force.

    Parameters
    ----------
    direction : str
    voyage_days : int
        From loading to entry for consumption, 0 to 365; 0 for goods by air.
    start, end : date-like, optional
        First and last day of loading; by default from the record's first day to the last from which a shipment arrives by
        `known_through`. A later `end` goes on over what is scheduled.
    as_of, known, basis, catalog
        As in `series`.

    Returns
    -------
    pandas.DataFrame
        One row per day of loading, index ``loaded``: ``arrives``; ``rate`` [percent of customs value], what is paid;
        ``at_entry``, the rate of the day of entry; ``events``, those whose clause binds, separated by " | ".

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> [int((tf.binding("us_on_cn", voyage_days=days)["rate"] == 145).sum()) for days in (0, 15, 25, 35)]
    [34, 19, 9, 0]
    """
    record = as_record(catalog)
    voyage = _as_days(voyage_days)
    view = as_view(record, as_of, known, basis)
    where = record.direction(direction)
    duties = across_the_board(record.bearing(where))
    first, final = as_window(record, start, end, record.release.known_through - voyage)
    paths = [(duty, deciding(duty, view)) for duty in duties]
    loaded = [first + timedelta(days=number) for number in range((final - first).days + 1)]
    rows = [[_pays(duty, path, day, day + voyage) for duty, path in paths] for day in loaded]
    frame = pd.DataFrame(
        {
            "arrives": np.array([day + voyage for day in loaded], dtype=DAY),
            "rate": [float(sum((paid for paid, _, _ in row), Decimal(0))) for row in rows],
            "at_entry": [float(sum((level for _, level, _ in row), Decimal(0))) for row in rows],
            "events": [" | ".join(event.id for _, _, event in row if event) for row in rows],
        },
        index=pd.DatetimeIndex(np.array(loaded, dtype=DAY), name="loaded"),
    )
    what = "across-the-board additional duty of a shipment on its arrival"
    own = {"series": f"{where.name}_binding", "measure": what, "voyage_days": voyage.days}
    frame.attrs.update(attrs_of(record, view, final + voyage, Sampling()) | own)
    return hold(BINDING, frame)


def _pays(duty: Duty, path: tuple[tuple[date, Event], ...], loaded: date, entered: date) -> tuple[Decimal, Decimal, Event | None]:
    """Return what is paid of a duty, its level on the day of entry, and the event whose clause makes the difference."""
    begun = [(day, event) for day, event in path if day <= entered]
    if not begun:
        return Decimal(0), Decimal(0), None
    level = _level(duty, begun[-1][1])
    paid, by = level, None
    ends = [*(following for _, (following, _) in pairwise(path)), date.max]
    for number, (_, event) in enumerate(begun):
        clause = event.in_transit
        if clause is None or not loaded < clause.loaded_before <= entered:
            continue
        if entered >= (clause.entered_before or ends[number]):
            continue
        kept = clause.rate if clause.rate is not None else _level(duty, begun[number - 1][1]) if number else Decimal(0)
        if kept < paid:
            paid, by = kept, event
    return paid, level, by


def _level(duty: Duty, event: Event) -> Decimal:
    if event.rate is None:
        raise UnknownRateError(f"{duty.id}: no source gives the level from {event.effective}")
    return event.rate


def _as_days(days: int) -> timedelta:
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= LONGEST:
        raise UsageError(f"voyage_days: found {days!r}, expected a whole number from 0 to {LONGEST}")
    return timedelta(days=days)
