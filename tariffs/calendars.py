"""Trading days: those of an exchange, of a file, or of the user, with the moments at which they close where these are known."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.errors import UnknownNameError, UsageError
from tariffs.reading.sessions import read_sessions
from tariffs.schemas import DAY

if TYPE_CHECKING:
    from datetime import date, datetime

    from tariffs.asking import DayLike

CalendarLike = str | Path | Iterable["DayLike"]
REACH = timedelta(days=600)  # on either side of what is asked for: more than a year of sessions
WITHIN_ALL = ("2024-01-01", "2024-01-31")  # days that every exchange's calendar has; it is asked for its bounds with them
OWN = "own days"
# Of a close from midnight UTC of its session's day: a day's end, wherever on earth.
EARLIEST, LATEST = pd.Timedelta(hours=-14), pd.Timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Sessions:
    """The trading days of a calendar, in order.

    Attributes
    ----------
    closes : tuple of datetime
        The moment at which each closes; empty where these are not known.
    """

    name: str
    days: tuple[date, ...]
    closes: tuple[datetime, ...] = ()


def as_sessions(calendar: CalendarLike, first: date, final: date) -> Sessions:
    """Return the sessions of a calendar: of an exchange those around two days, of a file or the user's own all.

    Raises
    ------
    UnknownNameError, UsageError
        For a calendar that does not exist, does not reach there, or is not one; for a library that is not installed.
    RecordError
        With everything that is wrong with a file.
    """
    if isinstance(calendar, Path) or (isinstance(calendar, str) and calendar.lower().endswith(".csv")):
        path = Path(calendar)
        rows = read_sessions(path)
        closes = [row.close for row in rows if row.close]
        return _sessions(path.name, [row.day for row in rows], pd.Series(pd.to_datetime(closes, utc=True)) if closes else None)
    if isinstance(calendar, str):
        closing = _exchange(calendar, first, final)
        return _sessions(calendar, closing.index, closing)
    if isinstance(calendar, pd.Series):
        if not isinstance(calendar.dtype, pd.DatetimeTZDtype):
            expected = "expected closing moments with a time zone, indexed by day; of days alone give an index or a list"
            raise UsageError(f"calendar: found a series of {calendar.dtype}, {expected}")
        return _sessions(OWN, calendar.index, calendar)
    if not isinstance(calendar, Iterable):
        raise UsageError(f"calendar: found {calendar!r}, expected a name such as XNYS, a CSV file, or days of your own")
    return _sessions(OWN, calendar, None)


def as_days(dates: pd.Series[Any]) -> pd.Series[Any]:
    """Return dates as days, in the unit that all frames have.

    Raises
    ------
    UsageError
        For numbers, other texts than ISO dates, times of day, time zones, and no date at all.
    """
    if dates.dtype.kind != "M":
        if pd.api.types.is_numeric_dtype(dates):
            raise UsageError(f"found the number {dates.iloc[0]} for a date, expected days, ISO texts or periods")
        try:
            dates = pd.to_datetime(dates, format="ISO8601")
        except (ValueError, TypeError) as error:
            raise UsageError(f"found {dates.iloc[0]!r} for a date, expected days, ISO texts or periods: {error}") from None
    if dates.dt.tz is not None:
        raise UsageError(f"found dates in the time zone {dates.dt.tz}, expected days without one: tz_localize(None)")
    if dates.isna().any():
        raise UsageError(f"row {int(dates.isna().argmax())} has no date")
    if (dates != dates.dt.normalize()).any():
        raise UsageError("found times of day, expected days: normalize()")
    return dates.astype(DAY)


def _library(name: str) -> Any:
    """Return the library of exchanges' calendars, where it is installed and knows a name."""
    try:
        import exchange_calendars
    except ModuleNotFoundError as error:
        if error.name != "exchange_calendars":
            raise
        needed = "needs exchange_calendars: pip install 'tariffs[calendars]'; or give days of your own"
        raise UsageError(f"calendar {name}: {needed}") from error
    known = exchange_calendars.get_calendar_names()
    if name not in known:
        raise UnknownNameError("calendar", name, known)
    return exchange_calendars


@lru_cache(maxsize=64)
def _exchange(name: str, first: date, final: date) -> pd.Series[Any]:
    """Return the closes of an exchange around two days; the default bounds of its calendar would read the clock."""
    library = _library(name)
    start, end = WITHIN_ALL
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # what it uses of pandas is its own business
            bounds = library.get_calendar(name, start=start, end=end)
            begin = max(filter(None, [pd.Timestamp(first - REACH), bounds.bound_min()]))
            until = min(filter(None, [pd.Timestamp(final + REACH), bounds.bound_max()]))
            if begin < until:
                closes: pd.Series[Any] = library.get_calendar(name, start=begin, end=until).schedule["close"]
                return closes
    except Exception as error:  # some of its calendars break with some versions of pandas, each in its own way
        why = f"{type(error).__name__}: {error}"
        raise UsageError(f"calendar {name}: exchange_calendars cannot make it ({why}); give days of your own") from error
    bound = f"begins on {begin.date()}" if begin == bounds.bound_min() else f"ends on {until.date()}"
    raise UsageError(f"calendar {name} {bound}; found events from {first} to {final}")


def _sessions(name: str, days: Any, closes: pd.Series[Any] | None) -> Sessions:
    place = f"calendar ({name})"
    try:
        sessions = as_days(pd.Series(list(days)))
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from None
    if sessions.empty:
        raise UsageError(f"{place}: found no day")
    _require_order(sessions, place)
    if closes is None:
        return Sessions(name, tuple(sessions.dt.date))
    if closes.isna().any():
        raise UsageError(f"{place}: found no close of {sessions[int(closes.isna().argmax())].date()}")
    moments = closes.dt.tz_convert("UTC").reset_index(drop=True)
    apart = moments.dt.tz_localize(None) - sessions
    if not apart.between(EARLIEST, LATEST).all():
        odd = int((~apart.between(EARLIEST, LATEST)).argmax())
        raise UsageError(f"{place}: found the close {moments[odd]} for {sessions[odd].date()}, expected one of that day")
    _require_order(moments, place)
    return Sessions(name, tuple(sessions.dt.date), tuple(moments.dt.to_pydatetime()))


def _require_order(moments: pd.Series[Any], place: str) -> None:
    if not (moments.diff().dropna() > pd.Timedelta(0)).all():
        late = int((moments.diff() <= pd.Timedelta(0)).argmax())
        raise UsageError(f"{place}: found {moments[late]} after {moments[late - 1]}, expected each once and in order")
