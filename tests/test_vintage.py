from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tariffs as tf
from tariffs.asking import packaged
from tariffs.errors import CoverageError, UnknownNameError, UsageError

DAYS = ["2025-02-02", "2025-04-07", "2025-05-20", "2025-10-20", "2026-02-22"]
WINDOW: dict[str, Any] = {"start": "2025-01-01", "end": "2027-03-01"}
# By hand: EO 14195 of 1 February 2025; EO 14257 with its 34 for 9 April; EO 14298 with the end of its 90 days; EO 14334 with the
# next end; EO 14358, Proclamation 11012 with its end after 150 days, and the customs message that ended the IEEPA duties.
BY_LAW = {
    "2025-02-02": {"2025-01-01": 0, "2025-02-04": 10},
    "2025-04-07": {"2025-01-01": 0, "2025-02-04": 10, "2025-03-04": 20, "2025-04-05": 30, "2025-04-09": 54},
    "2025-05-20": {"2025-04-09": 104, "2025-04-10": 145, "2025-05-14": 30, "2025-08-12": 54},
    "2025-10-20": {"2025-05-14": 30, "2025-08-12": 30, "2025-11-10": 54},
    "2026-02-22": {"2025-11-10": 20, "2026-02-24": 10, "2026-07-24": 0},
}
# What had been said as well: 50 more on 7 April 2025, law a day later; 100 more from 1 November 2025, never law. The 15 of
# 21 February 2026 had no day and is on no path.
BY_STATEMENT = BY_LAW | {
    "2025-04-07": {"2025-04-05": 30, "2025-04-09": 104},
    "2025-10-20": {"2025-08-12": 30, "2025-11-01": 130, "2025-11-10": 154},
}
FIRST, LAST = date(2018, 1, 1), packaged().release.known_through


@pytest.mark.parametrize(("known", "truths"), [("law", BY_LAW), ("stated", BY_STATEMENT)])
def test_rates_are_those_that_were_known_on_each_day(known: Any, truths: dict[str, dict[str, float]]) -> None:
    frame = tf.vintages("us_on_cn", DAYS, known=known, **WINDOW)
    for day, levels in truths.items():
        column = frame[pd.Timestamp(day)]
        assert {when: column[when] for when in levels} == levels
        assert column.iloc[-1] == list(levels.values())[-1]  # no step after the last


def test_there_is_one_value_per_date_and_one_column_per_day() -> None:
    frame = tf.vintages("us_on_cn", [*DAYS, DAYS[0]], **WINDOW)
    assert frame.index.is_unique
    assert frame.columns.tolist() == [pd.Timestamp(day) for day in DAYS]
    assert frame.notna().to_numpy().all()
    assert str(frame.index.dtype) == str(frame.columns.dtype) == "datetime64[us]"


@pytest.mark.parametrize("direction", ["us_on_cn", "cn_on_us"])
@given(st.dates(FIRST, LAST), st.dates(FIRST, LAST), st.sampled_from(["law", "stated"]))
@settings(max_examples=40, deadline=None)
def test_a_column_is_the_series_as_of_its_day(direction: str, day: date, when: date, known: Any) -> None:
    column = tf.vintages(direction, day, known=known, freq="D", start=when, end=when).iloc[:, 0]
    assert column.tolist() == tf.series(direction, as_of=day, known=known, start=when, end=when, freq="D").tolist()


@given(st.dates(FIRST, LAST), st.dates(FIRST, LAST), st.sampled_from(["law", "stated"]))
@settings(max_examples=40, deadline=None)
def test_the_value_of_a_day_of_knowledge_is_the_one_known_then(day: date, when: date, known: Any) -> None:
    frame = tf.realtime("us_on_cn", known=known, start=when, end=when)
    stamp = pd.Timestamp(day)
    held = frame[(frame["realtime_start"] <= stamp) & (frame["realtime_end"].isna() | (stamp <= frame["realtime_end"]))]
    assert held["rate"].tolist() == tf.series("us_on_cn", as_of=day, known=known, start=when, end=when).tolist()


def test_values_of_12_august_2025_follow_each_other_without_a_gap() -> None:
    frame = tf.realtime("us_on_cn", start="2025-08-12", end="2025-08-12")
    # The same acts: what a reader of each day would have written for 12 August 2025.
    assert list(zip(frame["rate"], frame["realtime_start"].dt.strftime("%m-%d"), strict=True)) == [
        (0, "01-01"), (10, "02-01"), (20, "03-03"), (54, "04-02"), (104, "04-08"), (145, "04-09"), (54, "05-12"), (30, "08-11"),
    ]  # fmt: skip
    ends = frame["realtime_end"].tolist()
    assert ends[:-1] == [day - timedelta(days=1) for day in frame["realtime_start"].tolist()[1:]]
    assert pd.isna(ends[-1])


def test_every_date_has_values_from_the_record_s_first_day_on_without_gap_or_overlap() -> None:
    frame = tf.realtime("cn_on_us", start="2025-01-01", end="2027-02-01", known="stated")
    for _, rows in frame.groupby("date"):
        assert rows["realtime_start"].iloc[0] == pd.Timestamp(FIRST)
        assert (
            rows["realtime_start"].iloc[1:].to_numpy() == (rows["realtime_end"].iloc[:-1] + pd.Timedelta(days=1)).to_numpy()
        ).all()
        assert rows["rate"].diff().iloc[1:].ne(0).all()  # a value that does not change has one row


def test_months_are_means_of_what_was_known() -> None:
    frame = tf.vintages("us_on_cn", ["2025-04-07"], start="2025-04-01", end="2025-05-31", freq="MS")
    # 4 days at 20, 4 at 30, 22 at 54; all of May at 54.
    assert frame.iloc[:, 0].tolist() == pytest.approx([(4 * 20 + 4 * 30 + 22 * 54) / 30, 54])


def test_days_at_a_level_have_vintages() -> None:
    asked: dict[str, Any] = {"start": "2025-01-01", "end": "2025-12-31", "freq": "YS", "agg": "days_at:145"}
    # From EO 14266 of 9 April 2025 no end of 145 was scheduled; EO 14298 of 12 May ended it on the 14th.
    to_the_end, as_it_was = (date(2026, 1, 1) - date(2025, 4, 10)).days, 34
    frame = tf.vintages("us_on_cn", ["2025-04-08", "2025-04-09", "2025-05-12"], **asked)
    assert frame.iloc[0].tolist() == [0, to_the_end, as_it_was]
    assert frame.attrs["unit"] == "days"
    assert tf.realtime("us_on_cn", **asked)["rate"].tolist() == [0, to_the_end, as_it_was]


def test_the_ruling_of_february_2026_voids_what_is_known_from_then_on() -> None:
    frame = tf.vintages("us_on_cn", ["2026-02-19", "2026-02-20"], basis="lawful", start="2025-06-01", end="2025-06-01")
    # Learning Resources v. Trump, 20 February 2026: 30 of 30 was not authorised.
    assert frame.iloc[0].tolist() == [30, 0]


def test_nothing_was_refundable_before_the_ruling_was_known() -> None:
    frame = tf.realtime("us_on_cn", start="2025-06-01", end="2025-06-01", basis="refundable")
    assert frame["rate"].tolist() == [0, 30]
    assert frame["realtime_start"].iloc[1] == pd.Timestamp("2026-02-20")


def test_averages_have_vintages_too() -> None:
    frame = tf.vintages(
        "us_on_cn", ["2025-04-10", "2025-04-11"], measure="average", weights="piie-implied", start="2025-04-10", end="2025-04-10"
    )
    # 135.4 as the Peterson Institute published it that day, 124.8 once the exemption of 11 April was known.
    assert frame.iloc[0].round(1).tolist() == [135.4, 124.8]


@pytest.mark.parametrize(
    ("days", "asked", "error", "said"),
    [
        ([], {}, UsageError, "days: found an empty list"),
        ("2027-01-01", {}, UsageError, "days: found 2027-01-01, expected days up to 2026-10-09"),
        ("2017-12-31", {}, CoverageError, "2017-12-31 is before the record"),
        ("7 April", {}, UsageError, "days: found '7 April', expected a date"),
        ("2025-04-07", {"known": "said"}, UnknownNameError, "unknown known 'said'"),
        ("2025-04-07", {"freq": "M"}, UnknownNameError, "unknown freq 'M'; did you mean 'MS'"),
        ("2025-04-07", {"agg": "sum"}, UsageError, "do not add up"),
        ("2025-04-07", {"agg": "eop"}, UsageError, "agg eop goes with freq W, .*; found no freq"),
        ("2025-04-07", {"measure": "average"}, UsageError, "average needs weights"),
    ],
)
def test_what_has_no_vintage_is_refused(days: Any, asked: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        tf.vintages("us_on_cn", days, **asked)


def test_files_name_the_columns_as_alfred_does(tmp_path: Any) -> None:
    path = tf.write(tf.vintages("us_on_cn", DAYS[1:3], **WINDOW), tmp_path / "v.csv")
    assert pd.read_csv(path, comment="#").columns.tolist() == ["date", "us_on_cn_20250407", "us_on_cn_20250520"]
