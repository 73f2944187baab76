from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tariffs as tf
from tariffs.asking import packaged
from tariffs.errors import CoverageError, UnknownNameError, UsageError
from tariffs.export.meta import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from tariffs.catalog import Catalog

NEW_YORK = ZoneInfo("America/New_York")
WEEKDAYS = [day.date() for day in pd.bdate_range("2024-12-01", "2026-03-31")]
RECIPROCAL, ADDED = "ieepa-reciprocal/2025-04-09/34", "ieepa-reciprocal/2025-04-09/84"


def windows(directions: Any = "us_on_cn", before: int = 0, after: int = 0, **asked: Any) -> pd.DataFrame:
    return tf.event_windows(directions, before, after, **({"calendar": "XNYS"} | asked))


def placed(event: str, directions: str = "us_on_cn", **asked: Any) -> tuple[Any, ...]:
    frame = windows(directions, **asked)
    row = frame[frame["event"] == event].iloc[0]
    return f"{row['session']:%Y-%m-%d}", row["moved"], row["timed"]


def closing(days: list[date], hour: int = 16, zone: ZoneInfo = NEW_YORK) -> pd.Series[Any]:
    moments = [datetime(day.year, day.month, day.day, hour, tzinfo=zone) for day in days]
    return pd.Series(pd.to_datetime(moments, utc=True), index=pd.DatetimeIndex(days))


def stated_at(moment: str, folder: Path) -> Catalog:
    path = folder / "mine.csv"
    row = f"ieepa-fentanyl,2025-12-01,{moment},{moment[:10]},15%,what if,C,an assumption"
    path.write_text(f"duty,effective,stated,enacted,rate,act,grade,source\n{row}\n", encoding="utf-8")
    return tf.load(path, on_top=True)


def test_what_was_said_as_new_york_closed_on_2_april_belongs_to_the_3rd() -> None:
    # EO 14257, announced at 16:00 in New York, the minute of the close.
    assert placed(RECIPROCAL) == ("2025-04-03", "after the close", True)
    assert placed(RECIPROCAL, calendar="XSHG") == ("2025-04-03", "after the close", True)


@pytest.mark.parametrize(("exchange", "session"), [("XNYS", "2025-05-12"), ("XHKG", "2025-05-12"), ("XSHG", "2025-05-13")])
def test_geneva_came_a_minute_after_shanghai_had_closed(exchange: str, session: str) -> None:
    # The joint statement of 12 May 2025 at 15:01 in Beijing, 03:01 in New York; Shanghai closes at 15:00, Hong Kong at 16:00.
    for event, direction in (("ieepa-reciprocal/2025-05-14/10", "us_on_cn"), ("cn-reciprocal/2025-05-14/10", "cn_on_us")):
        moved = "" if session == "2025-05-12" else "after the close"
        assert placed(event, direction, calendar=exchange) == (session, moved, True)


def test_a_saturday_s_order_belongs_to_monday() -> None:
    # EO 14195 of 1 February 2025; no time of day is recorded.
    assert placed("ieepa-fentanyl/2025-02-04/10") == ("2025-02-03", "no trading day", False)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        # Truth Social, 10 October 2025, 20:50:01 UTC: 16:50 in Washington, a Friday; Columbus Day is a trading day.
        ("ieepa-threat-100/2025-11-01/100", ("2025-10-13", "after the close", True)),
        # The posts of 7 and 9 April 2025, at 11:14 and 13:18, and of 27 February, at 8:46, while New York traded or before.
        (ADDED, ("2025-04-07", "", True)),
        ("ieepa-reciprocal/2025-04-10/125", ("2025-04-09", "", True)),
        ("ieepa-fentanyl/2025-03-04/20", ("2025-02-27", "", True)),
        # The post of 11 August 2025 at 20:00, and what it schedules.
        ("ieepa-reciprocal/2025-08-12/10", ("2025-08-12", "after the close", True)),
        ("ieepa-reciprocal/2025-11-10/34", ("2025-08-12", "after the close", True)),
        # The post of Friday 30 May 2025 at 19:16; on 2 June it was Monday.
        ("s232-aluminium/2025-06-04/50", ("2025-06-02", "after the close", True)),
        # Three posts of 25 September 2025, from 18:51 to 19:24; the one of 6 October at 13:44.
        ("s232-pharma/2025-10-01/100", ("2025-09-26", "after the close", True)),
        ("s232-trucks/2025-10-01/25", ("2025-09-26", "after the close", True)),
        ("s232-trucks/2025-11-01/25", ("2025-10-06", "", True)),
        # 20 February 2026 at 13:37, and Saturday the 21st.
        ("s122-surcharge/2026-02-24/10", ("2026-02-20", "", True)),
        ("s122-surcharge/open/15", ("2026-02-23", "no trading day", True)),
        # Tweets: Sunday 5 May 2019 (MoneyShow), 1 August at 13:26 (AP), Friday 23 August at 17:00 (Roll Call).
        ("s301-list-3/2019-05-10/25", ("2019-05-06", "no trading day", True)),
        ("s301-list-4a/2019-09-01/10", ("2019-08-01", "", True)),
        ("s301-list-4a/2019-09-01/15", ("2019-08-26", "after the close", True)),
        ("s301-list-1/2019-10-01/30", ("2019-08-26", "after the close", True)),
    ],
)
def test_statements_stand_on_the_trading_day_on_which_new_york_could_know(event: str, expected: tuple[str, str, bool]) -> None:
    assert placed(event) == expected


def test_what_washington_says_by_day_shanghai_knows_the_next() -> None:
    for event, session in ((ADDED, "2025-04-08"), ("ieepa-reciprocal/2025-04-10/125", "2025-04-10")):
        assert placed(event, calendar="XSHG") == (session, "after the close", True)


def test_a_day_without_a_time_is_its_own_session_even_if_it_was_said_late() -> None:
    # The duty on cars, told "well after the market closed" (The Independent, 26 March 2025), at a minute not found.
    assert placed("s232-autos/2025-04-03/25") == ("2025-03-26", "", False)


def test_the_time_of_a_statement_says_nothing_of_the_day_of_the_instrument_or_of_its_first_day_in_force() -> None:
    assert placed(RECIPROCAL, on="enacted") == ("2025-04-02", "", False)
    # Saturday 5 April 2025.
    assert placed("ieepa-reciprocal/2025-04-05/10", on="effective") == ("2025-04-07", "no trading day", False)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # NYSE Group, holidays of 2025: 3 July closes at 13:00; the 4th is shut, a Friday.
        ("2025-07-03T12:59-04:00", ("2025-07-03", "", True)),
        ("2025-07-03T13:00-04:00", ("2025-07-07", "after the close", True)),
        ("2025-07-03T23:00-04:00", ("2025-07-07", "after the close", True)),
        ("2025-07-04", ("2025-07-07", "no trading day", False)),
        ("2025-07-05T10:00-04:00", ("2025-07-07", "no trading day", True)),
        # Half past midnight in Beijing is half past noon of the day before in New York.
        ("2025-07-11T00:30+08:00", ("2025-07-10", "time zone", True)),
        ("2025-07-12T00:30+08:00", ("2025-07-11", "time zone", True)),
        ("2025-07-11T08:30+08:00", ("2025-07-11", "", True)),  # after the close of the 10th, on the day that it bears
    ],
)
def test_a_moment_belongs_to_the_first_session_that_closes_after_it(
    moment: str, expected: tuple[str, str, bool], tmp_path: Path
) -> None:
    assert placed("ieepa-fentanyl/2025-12-01/15", catalog=stated_at(moment, tmp_path), start="2025-07-01") == expected


def test_where_closes_are_not_known_no_time_is_used_and_the_frame_says_so() -> None:
    frame = windows(calendar=WEEKDAYS, start="2025-04-02", end="2025-05-12")
    assert set(frame["session"] - frame["day"]) == {pd.Timedelta(0)}
    assert not frame["timed"].any()
    # The two levels of 2 April, those of the 7th and the 9th, and the two of 12 May.
    assert frame.attrs["times"] == "times of day not used, for want of closes: 6"
    assert "times" not in windows(calendar=closing(WEEKDAYS), start="2025-04-02", end="2025-05-12").attrs


def test_days_without_trading_are_not_counted() -> None:
    frame = windows(before=2, after=5, start="2025-04-11", end="2025-04-11")
    # NYSE Group, holidays of 2025: Good Friday is 18 April.
    days = ["04-09", "04-10", "04-11", "04-14", "04-15", "04-16", "04-17", "04-21"]
    assert frame["date"].dt.strftime("%m-%d").tolist() == days
    assert frame["offset"].tolist() == [-2, -1, 0, 1, 2, 3, 4, 5]
    year = windows(after=6, on="effective", start="2025-01-01", end="2025-01-01").loc[:6]
    # New Year's Day, and the day of mourning on 9 January (NYSE Group, 30 December 2024).
    assert year["date"].dt.strftime("%m-%d").tolist() == ["01-02", "01-03", "01-06", "01-07", "01-08", "01-10", "01-13"]
    assert set(year["moved"]) == {"no trading day"}


def test_threats_and_changes_of_coverage_are_events_too() -> None:
    frame = windows(start="2025-10-10", end="2025-10-10")
    assert frame.loc[frame["status"] == "threat", "event"].tolist() == ["ieepa-threat-100/2025-11-01/100"]
    events = tf.events("us_on_cn").set_index("id")
    rows = windows().set_index("event")
    assert set(rows.index) == set(events.index[events["stated"].notna()])
    for name in ("duty", "kind", "status", "act"):
        assert (rows[name] == events.loc[rows.index, name]).all(), name
    assert (rows["day"] == events.loc[rows.index, "stated"]).all()


@pytest.mark.parametrize("on", ["stated", "enacted", "effective"])
def test_what_has_no_such_day_is_left_out_and_counted(on: Any) -> None:
    events = tf.events("us_on_cn")
    frame = windows(on=on, end="2031-01-01")
    undated = int(events[on].isna().sum())
    assert f"{undated} with no {on} day" in frame.attrs["left_out"]
    never = events["withdrawn"].notna() & events["effective"].notna() if on == "effective" else events["id"] == ""
    assert ("that never took effect" in frame.attrs["left_out"]) == (on == "effective")
    assert len(frame) == len(events) - undated - int(never.sum())
    assert RECIPROCAL in set(windows(on="enacted")["event"])
    assert RECIPROCAL not in set(windows(on="effective")["event"])  # withdrawn on 8 April, a day before


def test_a_threat_that_nobody_withdrew_did_not_take_effect_either(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    row = "ieepa-fentanyl,2025-12-01,2025-07-01,threat,15%,a post,C,an assumption"
    path.write_text(f"duty,effective,stated,status,rate,act,grade,source\n{row}\n", encoding="utf-8")
    mine = tf.load(path, on_top=True)
    assert "ieepa-fentanyl/2025-12-01/15" in set(windows(catalog=mine)["event"])
    assert "ieepa-fentanyl/2025-12-01/15" not in set(windows(on="effective", catalog=mine)["event"])


def test_start_and_end_are_days_of_the_sense_that_is_asked_for() -> None:
    for on, day in (("stated", "2025-04-07"), ("enacted", "2025-04-08"), ("effective", "2025-04-09")):
        assert ADDED in set(windows(on=on, start=day, end=day)["event"])  # EO 14259
    later = windows(on="effective", start="2026-11-01", end="2027-01-31")
    assert (later["day"] > pd.Timestamp(packaged().release.known_through)).all()
    assert "later steps are those that acts and agreements then scheduled" in later.attrs["standing"]


def test_an_event_on_several_directions_stands_once_and_names_them(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "title: Mine\nimporter: US\norigin: [CN, EU]\nauthority: IEEPA\nfamily: other\nscope: all_goods\ncovers: every good\n"
        "events:\n- effective: 2025-07-01\n  stated: 2025-06-30\n  enacted: 2025-06-30\n  rate: 1%\n  act: what if\n  grade: C\n"
        "  sources:\n  - {title: an assumption}\n",
        encoding="utf-8",
    )
    both = ["us_on_eu", "us_on_cn"]
    frame = windows(both, 1, 1, catalog=tf.load(path, on_top=True))
    assert not frame.duplicated(["event", "date"]).any()
    named = frame.groupby("event")["directions"].unique().str.join(", ")
    assert named["mine/2025-07-01/1"] == named["s232-steel/2025-03-12/25"] == "us_on_eu | us_on_cn"
    assert named[RECIPROCAL] == "us_on_cn"


def test_windows_overlap_where_those_of_different_sessions_share_a_day() -> None:
    asked: dict[str, Any] = {"calendar": closing(WEEKDAYS), "start": "2025-04-02", "end": "2025-04-09"}
    # Sessions: 2 April (a notice on cans), the 3rd, 7th and 9th: one, two and two apart.
    overlaps = windows(**asked).groupby("session")["overlaps"].first()
    assert overlaps.tolist() == [False, False, False, False]
    assert windows(before=0, after=1, **asked).groupby("session")["overlaps"].all().tolist() == [True, True, False, False]
    assert windows(before=1, after=1, **asked)["overlaps"].all()
    # Two levels of one order are one shock to a market.
    assert not windows(before=5, after=5, calendar=closing(WEEKDAYS), start="2025-05-12", end="2025-05-12")["overlaps"].any()


@given(
    st.lists(st.integers(0, len(WEEKDAYS) - 1), max_size=60),
    st.integers(0, 12),
    st.integers(0, 12),
    st.dates(date(2025, 2, 1), date(2025, 11, 1)),
    st.booleans(),
    st.sampled_from(["stated", "enacted", "effective"]),
)
@settings(max_examples=30, deadline=None)
def test_windows_are_whole_and_begin_with_the_first_session_that_could_know(
    shut: list[int], before: int, after: int, start: date, with_closes: bool, on: str
) -> None:
    days = [day for number, day in enumerate(WEEKDAYS) if number not in shut or number in (0, len(WEEKDAYS) - 1)]
    calendar = closing(days) if with_closes else days
    asked: dict[str, Any] = {"calendar": calendar, "on": on, "start": start, "end": start + timedelta(days=30)}
    frame = windows(["us_on_cn", "cn_on_us"], before, after, **asked)
    places = {day: number for number, day in enumerate(days)}
    shared: dict[date, set[date]] = {}
    for _, one in frame.groupby("event"):
        dates = [stamp.date() for stamp in one["date"]]
        assert one["offset"].tolist() == list(range(-before, after + 1))
        assert all(places[later] == places[earlier] + 1 for earlier, later in pairwise(dates))
        session = one["session"].iloc[0].date()
        assert dates[before] == session
        assert one.drop(columns=["date", "offset"]).drop_duplicates().shape[0] == 1
        for day in dates:
            shared.setdefault(day, set()).add(session)
        event, first = packaged().events[one["event"].iloc[0]], one["day"].iloc[0].date()
        if one["timed"].iloc[0]:
            assert event.stated_at is not None
            assert datetime(session.year, session.month, session.day, 16, tzinfo=NEW_YORK) > event.stated_at
            earlier = days[places[session] - 1]
            assert datetime(earlier.year, earlier.month, earlier.day, 16, tzinfo=NEW_YORK) <= event.stated_at
        else:
            assert session == min(day for day in days if day >= first)
            assert one["moved"].iloc[0] == ("" if session == first else "no trading day")
    for _, one in frame.groupby("event"):
        alone = all(len(shared[stamp.date()]) == 1 for stamp in one["date"])
        assert one["overlaps"].tolist() == [not alone] * (before + after + 1)


def test_an_event_stands_once_a_day_and_events_come_in_the_order_of_their_sessions() -> None:
    frame = windows(before=80, after=80)
    assert frame["session"].is_monotonic_increasing
    assert not frame.duplicated(["event", "date"]).any()
    assert len(frame) == frame["event"].nunique() * 161


@pytest.mark.parametrize("day", ["2025-04-02", "2025-04-06"], ids=["a day with events", "a day without"])
def test_columns_have_their_types_with_and_without_rows(day: str) -> None:
    frame = windows(start=day, end=day)
    assert frame.empty == (day == "2025-04-06")
    assert set(frame[["day", "session", "date"]].dtypes.astype(str)) == {"datetime64[us]"}
    assert frame[["offset", "timed", "overlaps"]].dtypes.astype(str).tolist() == ["int64", "bool", "bool"]


def test_a_frame_says_what_it_is_and_a_file_takes_it_along(tmp_path: Path) -> None:
    frame = windows(before=0, after=2, start="2025-04-02", end="2025-04-09")
    said = {"calendar": "XNYS", "on": "stated", "before": 0, "after": 2, "unit": "sessions", "known": "stated"}
    assert {name: frame.attrs[name] for name in said} == said
    assert frame.attrs["data_version"] == packaged().release.version
    assert windows(on="effective", start="2025-04-09", end="2025-04-09").attrs["known"] == "law"
    text = tf.write(frame, tmp_path / "w.csv").read_text(encoding="utf-8")
    assert "# calendar: XNYS\n# on: stated\n# before: 0\n# after: 2\n" in text
    assert set(frame.columns) <= set(COLUMNS)


def test_stata_and_excel_read_the_days_as_days(tmp_path: Path) -> None:
    frame = windows(before=1, after=1, start="2025-04-02", end="2025-04-02")
    back, meta = pyreadstat.read_dta(tf.write(frame, tmp_path / "w.dta"))
    assert back.columns.tolist() == frame.columns.tolist()
    assert all(len(name) <= 32 for name in meta.column_names)
    assert meta.column_names_to_labels["overlaps"] == "Whether its window shares a day with one of another trading day"
    for name in ("day", "session", "date"):
        assert meta.original_variable_types[name] == "%td"
        assert pd.to_datetime(back[name]).tolist() == frame[name].tolist()
    assert back["offset"].tolist() == frame["offset"].tolist()
    sheet = openpyxl.load_workbook(tf.write(frame, tmp_path / "w.xlsx"))["data"]
    assert [cell.value for cell in sheet[1]] == frame.columns.tolist()
    assert sheet[2][frame.columns.get_loc("session")].value == pd.Timestamp("2025-04-02")
    assert len(list(sheet.rows)) == 1 + len(frame)


SHORT = "too short for 5 sessions before it and 0 after; choose events with start and end, or give a longer calendar"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"calendar": WEEKDAYS, "start": "2024-01-01", "end": "2024-12-06", "before": 5}, SHORT),
        ({"calendar": WEEKDAYS[:90], "start": "2025-03-01"}, r"the calendar \(own days\) reaches from 2024-12-02 to 2025-04-04"),
        (
            {"calendar": WEEKDAYS[83:], "start": "2025-03-26", "end": "2025-03-26"},  # the day before it begins; cars and parts
            r"s232-auto-parts/2025-05-03/25, stated on 2025-03-26 \(and 1 more\): .* from 2025-03-27 to",
        ),
        # Whether a session before its first had closed by 03:01 of 12 May, such a calendar cannot say.
        ({"calendar": closing(WEEKDAYS[115:]), "start": "2025-05-12", "end": "2025-05-12"}, "reaches from 2025-05-12 to"),
    ],
)
def test_a_window_past_the_calendar_is_refused_with_its_event_and_the_way_out(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        windows(**asked)


@pytest.mark.parametrize("sessions", [-1, 251, 1.0, "5", True, None])
def test_windows_are_of_whole_sessions(sessions: Any) -> None:
    for name in ("before", "after"):
        with pytest.raises(UsageError, match=rf"{name}: found {sessions!r}, expected a whole number of sessions from 0 to 250"):
            windows(**{name: sessions})


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"on": "stted"}, UnknownNameError, "unknown on 'stted'; did you mean 'stated'"),
        ({"directions": "us_on_eu"}, CoverageError, "does not cover US on EU"),
        ({"directions": []}, UsageError, "no direction given"),
        ({"directions": ["us_on_cn", "us-on-china"]}, UsageError, "named twice"),
        ({"start": "2017-01-01"}, CoverageError, "before the record"),
        ({"start": "2025-05-01", "end": "2025-04-01"}, UsageError, "is after end"),
        ({"calendar": "XNYSE"}, UnknownNameError, "did you mean 'XNYS'"),
        ({"calendar": 5}, UsageError, "calendar: found 5, expected a name such as XNYS"),
    ],
)
def test_what_has_no_windows_is_refused(asked: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        windows(**asked)


def test_events_of_the_across_the_board_duties_can_be_asked_for_alone() -> None:
    asked: dict[str, Any] = {"calendar": "XNYS", "start": "2025-03-01", "end": "2025-06-30"}
    frame = tf.event_windows("us_on_cn", 1, 1, scope="all_goods", kind="level", **asked)
    assert set(frame["family"]) == {"ieepa-reciprocal"}
    assert (set(frame["scope"]), set(frame["kind"])) == ({"all_goods"}, {"level"})
    assert not frame[frame["event"] == "ieepa-reciprocal/2025-05-14/10"]["overlaps"].any()
    assert len(frame) < len(tf.event_windows("us_on_cn", 1, 1, **asked))


REFUSED = [({"scope": "all"}, "unknown scope 'all'"), ({"kind": "levels"}, "did you mean 'level'")]


@pytest.mark.parametrize(("asked", "said"), REFUSED)
def test_a_scope_or_kind_that_is_none_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(UnknownNameError, match=said):
        tf.event_windows("us_on_cn", 1, 1, calendar="XNYS", **asked)
