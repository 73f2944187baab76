from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import exchange_calendars
import pandas as pd
import pytest

from tariffs.calendars import WITHIN_ALL, _exchange, as_sessions
from tariffs.errors import RecordError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

FIRST, FINAL = date(2025, 1, 1), date(2025, 12, 31)
DAYS = ["2025-04-01", "2025-04-02", "2025-04-03"]


def closes(*moments: str, zone: str | None = "America/New_York") -> pd.Series[Any]:
    return pd.Series(pd.DatetimeIndex(moments, tz=zone), index=pd.DatetimeIndex(DAYS[: len(moments)]))


@pytest.fixture(autouse=True)
def unremembered() -> None:
    _exchange.cache_clear()


def test_new_york_was_shut_for_the_holidays_of_2025_and_the_funeral_of_a_president() -> None:
    days = as_sessions("XNYS", FIRST, FINAL).days
    shut = {day.date() for day in pd.bdate_range(FIRST, FINAL)} - set(days)
    # NYSE Group, holidays of 2025 (21 December 2022); of 30 December 2024, for the day of mourning on 9 January.
    assert shut == {
        date(2025, *day)
        for day in [(1, 1), (1, 9), (1, 20), (2, 17), (4, 18), (5, 26), (6, 19), (7, 4), (9, 1), (11, 27), (12, 25)]
    }


@pytest.mark.parametrize(
    ("day", "hour"),
    # NYSE Group, as above: 16:00 in New York, 20:00 UTC in summer and 21:00 in winter; 13:00 before Independence Day.
    [(date(2025, 7, 2), 20), (date(2025, 7, 3), 17), (date(2025, 12, 3), 21)],
)
def test_new_york_closes_at_four_and_at_one_before_a_holiday(day: date, hour: int) -> None:
    sessions = as_sessions("XNYS", FIRST, FINAL)
    assert sessions.closes[sessions.days.index(day)] == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def test_no_calendar_of_an_exchange_depends_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GLOBAL_DEFAULT_START", "GLOBAL_DEFAULT_END"):
        monkeypatch.setattr(f"exchange_calendars.exchange_calendar.{name}", None)
    sessions = as_sessions("XTSE", FIRST, FINAL)
    assert sessions.days[0] < date(2024, 1, 1)
    assert date(2026, 12, 31) < sessions.days[-1]


# The first seven begin or end somewhere; all are asked for their bounds with the same days.
@pytest.mark.parametrize("name", ["AIXK", "XHKG", "XIST", "XKLS", "XSAU", "XSHG", "XTKS", "XNYS", "NYSE", "24/7"])
def test_exchanges_have_the_days_by_which_they_are_asked_for_their_bounds(name: str) -> None:
    sessions = as_sessions(name, date(2024, 6, 3), date(2024, 6, 28))
    assert sum(day.month == 6 and day.year == 2024 for day in sessions.days) > 10
    assert len(sessions.closes) == len(sessions.days)


def test_an_exchange_whose_calendar_breaks_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise NotImplementedError("implemented by subclasses")

    monkeypatch.setattr("exchange_calendars.get_calendar", broken)
    with pytest.raises(UsageError) as caught:
        as_sessions("XNYS", FIRST, FINAL)
    assert str(caught.value) == (
        "calendar XNYS: exchange_calendars cannot make it (NotImplementedError: implemented by subclasses); give days of your own"
    )


def test_a_calendar_that_begins_or_ends_is_taken_from_its_beginning_and_up_to_its_end() -> None:
    start, end = WITHIN_ALL
    known = exchange_calendars.get_calendar("XSAU", start=start, end=end)
    begin, until = known.bound_min().date(), known.bound_max().date()
    day, year = timedelta(days=1), timedelta(days=365)
    assert timedelta(0) <= as_sessions("XSAU", begin, begin + day).days[0] - begin < timedelta(days=7)
    assert timedelta(0) <= until - as_sessions("XSAU", until, until + day).days[-1] < timedelta(days=7)
    for asked, bound in ((begin - 3 * year, f"begins on {begin}"), (until + 3 * year, f"ends on {until}")):
        with pytest.raises(UsageError, match=f"calendar XSAU {bound}; found events from {asked} to {asked}"):
            as_sessions("XSAU", asked, asked)


@pytest.mark.parametrize(("found", "meant"), [("XNYSE", "XNYS"), ("xnys", "XNYS"), ("NYSEE", "NYSE")])
def test_a_misspelt_exchange_is_refused_with_the_nearest_one(found: str, meant: str) -> None:
    with pytest.raises(UnknownNameError, match=f"unknown calendar '{found}'; did you mean '{meant}'"):
        as_sessions(found, FIRST, FINAL)


def test_without_the_library_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "exchange_calendars", None)
    with pytest.raises(UsageError, match=r"calendar XNYS: needs exchange_calendars: pip install 'tariffs\[calendars\]'; or give"):
        as_sessions("XNYS", FIRST, FINAL)


@pytest.mark.parametrize(
    "calendar",
    [
        pd.DatetimeIndex(DAYS),
        pd.DatetimeIndex(DAYS).astype("datetime64[ns]"),
        DAYS,
        [date.fromisoformat(day) for day in DAYS],
        [pd.Timestamp(day) for day in DAYS],
        tuple(DAYS),
    ],
    ids=["index", "nanoseconds", "texts", "dates", "timestamps", "tuple"],
)
def test_days_of_ones_own_are_sessions_without_closes(calendar: Any) -> None:
    sessions = as_sessions(calendar, FIRST, FINAL)
    assert sessions.days == (date(2025, 4, 1), date(2025, 4, 2), date(2025, 4, 3))
    assert sessions.closes == ()


def test_a_series_has_the_closes_of_its_days_in_any_time_zone() -> None:
    moments = closes("2025-04-01 16:00", "2025-04-02 16:00")
    for series in (moments, moments.dt.tz_convert("Asia/Shanghai"), moments.astype("datetime64[ns, UTC]")):
        sessions = as_sessions(series, FIRST, FINAL)
        assert sessions.days == (date(2025, 4, 1), date(2025, 4, 2))
        assert sessions.closes == (datetime(2025, 4, 1, 20, tzinfo=UTC), datetime(2025, 4, 2, 20, tzinfo=UTC))


def test_a_file_has_days_and_the_closes_that_it_says(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("date,close\n2025-04-01,2025-04-01T16:00-04:00\n2025-04-02,2025-04-02T13:00-04:00\n", encoding="utf-8")
    for calendar in (path, str(path)):
        sessions = as_sessions(calendar, FIRST, FINAL)
        assert (sessions.name, sessions.days) == ("days.csv", (date(2025, 4, 1), date(2025, 4, 2)))
        assert sessions.closes[1] == datetime(2025, 4, 2, 17, tzinfo=UTC)
    path.write_text("date\n2025-04-01\n", encoding="utf-8")
    assert as_sessions(path, FIRST, FINAL).closes == ()
    path.write_text("date\n1 April 2025\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"days\.csv:2: date: found '1 April 2025', expected a date as YYYY-MM-DD"):
        as_sessions(path, FIRST, FINAL)


@pytest.mark.parametrize(
    ("calendar", "said"),
    [
        (None, "calendar: found None, expected a name such as XNYS, a CSV file, or days of your own"),
        ([], r"calendar \(own days\): found no day"),
        (pd.DatetimeIndex(DAYS, tz="UTC"), r"calendar \(own days\): found dates in the time zone UTC"),
        (pd.DatetimeIndex(["2025-04-01 09:30"]), "found times of day, expected days"),
        (["2025-04-01", None], "row 1 has no date"),
        ([20250401, 20250402], "found the number 20250401 for a date"),
        (["4/1/2025"], "found '4/1/2025' for a date"),
        (["2025-04-02", "2025-04-02"], "found 2025-04-02 00:00:00 after 2025-04-02 00:00:00, expected each once and in order"),
        (["2025-04-01", "2025-04-03", "2025-04-02"], "found 2025-04-02 00:00:00 after 2025-04-03 00:00:00"),
        (closes("2025-04-01 16:00", zone=None), r"found a series of datetime64\[.s\], expected closing moments with"),
        (pd.Series(pd.DatetimeIndex(DAYS)), "of days alone give an index or a list"),
        (pd.Series([1.0], index=pd.DatetimeIndex(DAYS[:1])), "calendar: found a series of float64"),
        (closes("2025-04-01 16:00", "NaT"), "found no close of 2025-04-02"),
        (closes("2025-04-02 16:00", "2025-04-03 16:00"), "found the close 2025-04-02 20:00:00.* for 2025-04-01, expected one of"),
        (closes("2025-04-02 00:30", "2025-04-02 00:10"), r"found 2025-04-02 04:10:00\+00:00 after 2025-04-02 04:30"),
    ],
    ids=str,
)
def test_what_is_no_calendar_is_refused(calendar: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        as_sessions(calendar, FIRST, FINAL)
