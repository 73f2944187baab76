"""Rates as they were known on days: a column for each day, or every value with the days on which it was the one known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tariffs.asking import AggLike, DayLike, as_day, as_quantity, as_record, as_sampling, as_view
from tariffs.errors import UsageError
from tariffs.frames import ask
from tariffs.measures import measure_of
from tariffs.sampling import sample
from tariffs.schemas import DAY, REALTIME, hold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tariffs.catalog import Catalog
    from tariffs.measures import Measured
    from tariffs.model import Quantity
    from tariffs.steps import Steps
    from tariffs.vocabulary import Basis, Freq, Known, Measure


def vintages(
    direction: str,
    days: DayLike | Sequence[DayLike],
    *,
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    start: DayLike | None = None,
    end: DayLike | None = None,
    freq: Freq | None = None,
    agg: AggLike = "avg",
    known: Known = "law",
    basis: Basis = "charged",
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return a rate as it was known on days: one column per day, one value per date.

    Parameters
    ----------
    direction : str
    days : date-like or sequence of date-like
        At the end of which the rates were known, from the record's first day to `known_through`.
    measure, weights, good, mfn, metal_share
        As in `series`.
    start, end : date-like, optional
        First and last date; by default all from the record's first to `known_through`. With a later `end` the columns go on over
        what was then scheduled.
    freq, agg
        As in `series`; without `freq` there is a row for each date on which a rate changes in one of the columns.
    known : {"law", "stated"}
        Whether an event counts from its legal instrument, or from its first official statement, threats included.
    basis, catalog
        As in `series`.

    Returns
    -------
    pandas.DataFrame
        Shape (dates, days) [percent], index ``date``, columns ``known_on``, both in ``datetime64[us]``.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.vintages("us_on_cn", ["2025-04-07", "2025-05-20"], start="2025-04-01", end="2025-09-01")
    known_on    2025-04-07  2025-05-20
    date
    2025-04-01        20.0        20.0
    2025-04-05        30.0        30.0
    2025-04-09        54.0       104.0
    2025-04-10        54.0       145.0
    2025-05-14        54.0        30.0
    2025-08-12        54.0        54.0
    """
    record = as_record(catalog)
    how = as_sampling(freq, agg)
    listed = [days] if isinstance(days, str) or not hasattr(days, "__iter__") else list(days)
    when = sorted({as_day(day, "days") for day in listed})
    if not when:
        raise UsageError("days: found an empty list, expected days on which rates were known")
    _require_known(record, when)
    quantity = as_quantity(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share)
    now = ask(record, [direction], (quantity,), start, end, as_view(record, None, known, basis), scheduled=False)
    window = now.first, now.final
    paths = {str(day): _path(record, direction, quantity, day, known, basis, window) for day in when}
    index, columns = sample(paths, *window, how)
    frame = pd.DataFrame(columns, index=index)
    frame.columns = pd.DatetimeIndex(np.array(when, dtype=DAY), name="known_on")
    frame.attrs.update(now.attrs(how) | {"known_on": ", ".join(map(str, when)), "series": now.measured[0].column})
    return frame


def realtime(
    direction: str,
    *,
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    start: DayLike | None = None,
    end: DayLike | None = None,
    freq: Freq | None = None,
    agg: AggLike = "avg",
    known: Known = "law",
    basis: Basis = "charged",
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return every value that a rate was known to have, with the days on which it was the one known, as ALFRED has it.

    Parameters
    ----------
    direction, measure, weights, good, mfn, metal_share, start, end, freq, agg, known, basis, catalog
        As in `vintages`.

    Returns
    -------
    pandas.DataFrame
        One row per date and value: ``date``, ``rate`` [percent], ``realtime_start``, ``realtime_end``: the first and the last day
        at whose end the value was known, NaT for one that still is. What was known before the first day of the record, or of the
        weights, begins there.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> frame = tf.realtime("us_on_cn", start="2025-08-12", end="2025-08-12")
    >>> frame[["rate", "realtime_start"]].tail(2).to_string(index=False, header=False).split()
    ['54.0', '2025-05-12', '30.0', '2025-08-11']
    """
    record = as_record(catalog)
    how = as_sampling(freq, agg)
    quantity = as_quantity(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share)
    now = ask(record, [direction], (quantity,), start, end, as_view(record, None, known, basis), scheduled=False)
    window = now.first, now.final
    when = _learned(record, now.measured[0], known)
    paths = {str(day): _path(record, direction, quantity, day, known, basis, window) for day in when}
    index, columns = sample(paths, *window, how)
    table = np.column_stack([columns[str(day)] for day in when])
    fresh = np.ones(table.shape, dtype=bool)
    fresh[:, 1:] = ~((table[:, 1:] == table[:, :-1]) | (np.isnan(table[:, 1:]) & np.isnan(table[:, :-1])))
    rows, columns_of = np.nonzero(fresh)
    last = np.append(rows[1:] != rows[:-1], True)
    begins = np.array(when, dtype=DAY)
    ends = np.append(begins[columns_of[1:]], begins[:1]) - np.timedelta64(1, "D").astype("timedelta64[us]")
    frame = pd.DataFrame(
        {
            "date": index.to_numpy()[rows],
            "rate": table[rows, columns_of],
            "realtime_start": begins[columns_of],
            "realtime_end": np.where(last, np.datetime64("NaT", "us"), ends),
        }
    )
    frame.attrs.update(now.attrs(how) | {"series": now.measured[0].column})
    return hold(REALTIME, frame)


def _path(
    record: Catalog, direction: str, quantity: Quantity, day: date, known: Known, basis: Basis, window: tuple[date, date]
) -> Steps:
    return measure_of(record, direction, quantity, as_view(record, day, known, basis)).total(*window)


def _learned(record: Catalog, one: Measured, known: Known) -> list[date]:
    """Return the first day of record or weights, and each later one on which something became known, or was withdrawn."""
    first, last = one.first_day(record.release.covers_from), record.release.known_through
    found = {day for duty in one.duties for event in duty.events for day in (event.known_from(known), event.withdrawn) if day}
    found |= {duty.void.on for duty in one.duties if duty.void}
    return [first, *sorted(day for day in found if first < day <= last)]


def _require_known(record: Catalog, days: list[date]) -> None:
    record.require_covered(days[0])
    through = record.release.known_through
    if days[-1] > through:
        raise UsageError(f"days: found {days[-1]}, expected days up to {through}: what is known later is not in the record")
