"""Rates put beside the rows of a user's frame: of each day, week, month, quarter or year that a row speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tariffs.asking import AggLike, as_freq, as_record
from tariffs.calendars import as_days
from tariffs.errors import UsageError
from tariffs.frames import rates
from tariffs.sampling import PERIODS
from tariffs.schemas import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tariffs.catalog import Catalog
    from tariffs.vocabulary import Freq

# Of periods as pandas spells them, up to a dash.
PERIOD_FREQS: dict[str, Freq] = {"D": "D", "B": "B", "W": "W", "M": "MS", "Q": "QS", "Y": "YS", "A": "YS"}
BY_MONTHS: dict[int, tuple[Freq, Freq]] = {1: ("MS", "ME"), 3: ("QS", "QE"), 12: ("YS", "YE")}
WEEK = 7


def join(
    frame: pd.DataFrame | pd.Series[Any],
    directions: str | Sequence[str],
    *,
    on: str | None = None,
    freq: Freq | None = None,
    agg: AggLike = "avg",
    many: bool = False,
    catalog: Catalog | None = None,
    **asked: Any,
) -> pd.DataFrame:
    """Return a frame with the rates of the days or periods that its rows speak of.

    A row of a period gets the day-weighted mean over it, or what `agg` says, however the period is dated: on its first day, its
    last, or as a pandas period. Rows outside the record, and of a period that it does not cover to its end, have NaN.

    Parameters
    ----------
    frame : pandas.DataFrame or pandas.Series
        Dated by its index, or by the column `on`: days without a time zone, ISO texts, or periods.
    directions : str or sequence of str
    on : str, optional
        The column with the dates; by default the index, or where that has none a column ``date``.
    freq : {"D", "W", "MS", "QS", "YS", "ME", "QE", "YE"}, optional
        What a date stands for; by default read off the dates, and refused where they leave it open.
    agg : {"avg", "eop", "bop", "max", "min"} or ``days_at:145``
        As in `series`.
    many : bool
        Whether several rows may have one date, as in a panel.
    catalog : Catalog, optional
        The packaged record by default.
    asked
        Whatever else `rates` takes: measure, weights, good, mfn, metal_share, as_of, known, basis, since, unit.

    Returns
    -------
    pandas.DataFrame
        The rows and columns of the frame, in their order, and a column for each series.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError
        Also where no row would have a rate, saying why.

    Examples
    --------
    >>> import pandas as pd, tariffs as tf
    >>> trade = pd.DataFrame({"imports": [40.1, 33.2]}, index=pd.to_datetime(["2025-03-31", "2025-04-30"]))
    >>> tf.join(trade, "us_on_cn").round(2)
                imports  us_on_cn
    2025-03-31     40.1     19.03
    2025-04-30     33.2    111.63
    """
    record = as_record(catalog)
    own = frame.to_frame() if isinstance(frame, pd.Series) else frame
    dates = _dates(own, on)
    period = _period_freq(dates)
    days = _days(dates)
    if not many and days.duplicated().any():
        twice = days[days.duplicated()].iloc[0].date()
        raise UsageError(f"{twice} is the date of several rows; many=True says that this is meant, as in a panel")
    every = as_freq(freq) or period or _guessed(days)
    keys = _keys(days, every)
    last = record.release.known_through
    first = max(days.min().date(), record.release.covers_from)
    why = f"no row would have a rate: the dates run from {days.min().date()} to {days.max().date()}, "
    if first > min(days.max().date(), last):
        raise UsageError(f"{why}the record from {record.release.covers_from} to {last}")
    begin = max(_begin(first, every), record.release.covers_from)
    found = rates(directions, start=begin, freq=every, agg=agg, catalog=record, **asked)
    matched = found.reindex(pd.DatetimeIndex(keys))
    if matched.isna().all(axis=None):
        raise UsageError(
            f"{why}read as {every}; a period must be covered to its end, and weights may begin or end within the record"
        )
    for name in matched.columns:
        if name in own.columns:
            raise UsageError(f"{name}: the frame has a column of this name; rename it")
    joined = own.copy()
    for name in matched.columns:
        joined[name] = matched[name].to_numpy()
    joined.attrs = dict(frame.attrs) | {"tariffs": found.attrs["source"]}
    return joined


def _dates(frame: pd.DataFrame, on: str | None) -> pd.Series[Any]:
    """Return the dates as they stand in a frame."""
    if on is not None:
        if on not in frame.columns:
            raise UsageError(f"on: the frame has no column {on!r}; it has {', '.join(map(str, frame.columns)) or 'none'}")
        return frame[on].reset_index(drop=True)
    if isinstance(frame.index, (pd.DatetimeIndex, pd.PeriodIndex)):
        return frame.index.to_series().reset_index(drop=True)
    if "date" in frame.columns:
        return frame["date"].reset_index(drop=True)
    raise UsageError("the frame has no dates: neither in its index nor in a column date; name the column with on")


def _period_freq(dates: pd.Series[Any]) -> Freq | None:
    """Return the frequency of periods; None for days."""
    if not isinstance(dates.dtype, pd.PeriodDtype):
        return None
    name = pd.PeriodIndex(dates).freqstr
    found = PERIOD_FREQS.get(name.partition("-")[0])
    usual = name.partition("-")[2] in {"", "DEC", "SUN"}
    if found is None or not usual:
        raise UsageError(f"found periods of {name}, expected days, weeks to Sunday, months, calendar quarters or years")
    return found


def _days(dates: pd.Series[Any]) -> pd.Series[Any]:
    """Return dates as days, of periods the first."""
    if dates.empty:
        raise UsageError("the frame has no rows")
    if isinstance(dates.dtype, pd.PeriodDtype):
        starts: pd.Series[Any] = dates.dt.start_time.astype(DAY)
        return starts
    return as_days(dates)


def _guessed(days: pd.Series[Any]) -> Freq:
    """Return what dates stand for: days, unless all are first or last days of months, or a week apart."""
    unique = days.drop_duplicates().sort_values()
    at_start, at_end = unique.dt.is_month_start.all(), unique.dt.is_month_end.all()
    if at_start or at_end:
        months = (unique.dt.year * 12 + unique.dt.month).diff().dropna()
        apart = int(np.gcd.reduce(months.astype(int).to_numpy())) if len(months) else 0
        spans = [span for span in BY_MONTHS if apart and apart % span == 0]
        if not spans:
            raise UsageError(f"{unique.iloc[0].date()} may stand for a day, a month, a quarter or a year; say which with freq")
        return BY_MONTHS[_longest(spans, unique, at_start=bool(at_start))][0 if at_start else 1]
    weeks = unique.diff().dropna().dt.days
    if len(weeks) > 1 and (weeks % WEEK == 0).all():
        if (unique.dt.day_of_week == WEEK - 1).all():
            return "W"
        raise UsageError(f'dates are a week apart, on {unique.dt.day_name().iloc[0]}s; freq="D" takes the rate of each day')
    return "D"


def _longest(spans: list[int], unique: pd.Series[Any], *, at_start: bool) -> int:
    """Return the longest period that dates so many months apart can stand for: a quarter begins in January, April and so on."""
    shift = 1 if at_start else 0
    fitting = [span for span in spans if ((unique.dt.month - shift) % span == 0).all()]
    return max(fitting)


def _keys(days: pd.Series[Any], freq: Freq) -> list[pd.Timestamp]:
    """Return the dates under which `rates` has the periods that days stand in."""
    if freq not in PERIODS:
        return days.tolist()
    months, at_end = PERIODS[freq]
    period = days.dt.to_period({0: "W-SUN", 1: "M", 3: "Q-DEC", 12: "Y-DEC"}[months])
    stamps = period.dt.end_time.dt.normalize() if at_end else period.dt.start_time
    keys: list[pd.Timestamp] = stamps.astype(DAY).tolist()
    return keys


def _begin(day: date, freq: Freq) -> date:
    """Return the first day of the period that a day stands in."""
    if freq not in PERIODS:
        return day
    months, _ = PERIODS[freq]
    period = pd.Timestamp(day).to_period({0: "W-SUN", 1: "M", 3: "Q-DEC", 12: "Y-DEC"}[months])
    return period.start_time.date()
