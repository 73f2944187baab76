from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import tariffs as tf
from tariffs.errors import CoverageError, UnknownNameError, UsageError

# By hand from EO 14257, 14259, 14266 and 14298: 4 days at 20, 4 at 30, 1 at 104, 21 at 145; then 13 at 145, 18 at 30.
APRIL = (4 * 20 + 4 * 30 + 104 + 21 * 145) / 30
MAY = (13 * 145 + 18 * 30) / 31
QUARTER = (30 * APRIL + 31 * MAY + 30 * 30) / 91


def dated(*days: str, name: str | None = None) -> pd.DataFrame:
    return pd.DataFrame({"imports": np.arange(len(days), dtype=float)}, index=pd.DatetimeIndex(days, name=name))


@pytest.mark.parametrize(
    "index",
    [
        pd.DatetimeIndex(["2025-04-01", "2025-05-01"]),
        pd.DatetimeIndex(["2025-04-30", "2025-05-31"]),
        pd.PeriodIndex(["2025-04", "2025-05"], freq="M"),
        pd.DatetimeIndex(["2025-05-31", "2025-04-30"])[::-1],
        pd.DatetimeIndex(["2025-04-01", "2025-05-01"]).astype("datetime64[ns]"),
    ],
    ids=["start", "end", "period", "reversed", "nanoseconds"],
)
def test_months_get_the_mean_over_their_days_however_they_are_dated(index: Any) -> None:
    frame = pd.DataFrame({"imports": [40.1, 33.2]}, index=index)
    joined = tf.join(frame, "us_on_cn")
    assert joined["us_on_cn"].tolist() == pytest.approx([APRIL, MAY])
    assert joined["imports"].tolist() == [40.1, 33.2]
    assert joined.index.equals(frame.index)


@pytest.mark.parametrize(
    "index",
    [
        pd.DatetimeIndex(["2025-01-01", "2025-04-01", "2025-07-01"]),
        pd.DatetimeIndex(["2025-03-31", "2025-06-30", "2025-09-30"]),
        pd.PeriodIndex(["2025Q1", "2025Q2", "2025Q3"], freq="Q"),
    ],
    ids=["start", "end", "period"],
)
def test_quarters_are_told_from_months_by_their_distance(index: Any) -> None:
    joined = tf.join(pd.DataFrame({"gdp": [1, 2, 3]}, index=index), "us_on_cn")
    assert joined["us_on_cn"].iloc[1] == pytest.approx(QUARTER)


def test_months_three_apart_that_begin_no_quarter_are_months() -> None:
    joined = tf.join(dated("2025-02-01", "2025-05-01", "2025-08-01"), "us_on_cn")
    assert joined["us_on_cn"].iloc[1] == pytest.approx(MAY)


def test_years_are_years() -> None:
    joined = tf.join(dated("2024-12-31", "2025-12-31"), "us_on_cn")
    assert joined["us_on_cn"].tolist() == pytest.approx([0, tf.series("us_on_cn", freq="YS", start="2025-01-01").iloc[0]])


def test_days_get_the_rate_of_the_day() -> None:
    joined = tf.join(dated("2025-04-08", "2025-04-09", "2025-04-10", "2025-04-14"), ["us_on_cn", "cn_on_us"])
    assert joined["us_on_cn"].tolist() == [30, 104, 145, 145]
    assert joined["cn_on_us"].tolist() == [0, 0, 84, 125]


def test_weeks_that_end_on_sunday_get_the_mean_of_the_week() -> None:
    joined = tf.join(dated("2025-04-06", "2025-04-13", "2025-04-20"), "us_on_cn")
    # Monday 31 March to Friday 4 April at 20, the weekend at 30; then 2 days at 30, 1 at 104, 4 at 145.
    assert joined["us_on_cn"].tolist() == pytest.approx([(5 * 20 + 2 * 30) / 7, (2 * 30 + 104 + 4 * 145) / 7, 145])


def test_a_column_of_texts_will_do_and_rows_keep_their_order_and_index() -> None:
    frame = pd.DataFrame({"when": ["2025-05-01", "2025-04-01"], "x": [1, 2]}, index=["b", "a"])
    joined = tf.join(frame, "us_on_cn", on="when")
    assert joined.columns.tolist() == ["when", "x", "us_on_cn"]
    assert joined.index.tolist() == ["b", "a"]
    assert joined["us_on_cn"].tolist() == pytest.approx([MAY, APRIL])


def test_a_panel_has_a_date_many_times_where_that_is_meant() -> None:
    frame = pd.DataFrame({"date": ["2025-04-01", "2025-04-01", "2025-05-01"], "firm": ["a", "b", "a"]})
    with pytest.raises(UsageError, match="2025-04-01 is the date of several rows; many=True says that this is meant"):
        tf.join(frame, "us_on_cn")
    assert tf.join(frame, "us_on_cn", many=True)["us_on_cn"].tolist() == pytest.approx([APRIL, APRIL, MAY])


def test_what_the_record_does_not_cover_to_its_end_is_not_filled() -> None:
    joined = tf.join(dated("2017-12-01", "2018-01-01", "2026-09-01", "2026-10-01", "2026-11-01"), "us_on_cn")
    assert joined["us_on_cn"].isna().tolist() == [True, False, False, True, True]


def test_averages_end_where_their_weights_do() -> None:
    joined = tf.join(dated("2025-12-01", "2026-01-01", "2026-02-01"), "us_on_cn", measure="average", weights="piie-implied")
    assert joined["us_on_cn_average_piie_implied"].isna().tolist() == [False, True, True]


def test_another_aggregate_or_view_is_passed_on() -> None:
    months = dated("2025-04-01", "2025-05-01")
    assert tf.join(months, "us_on_cn", agg="eop")["us_on_cn"].tolist() == [145, 30]
    assert tf.join(months, "us_on_cn", agg="days_at:145")["us_on_cn"].tolist() == [21, 13]
    assert tf.join(months, "us_on_cn", basis="lawful")["us_on_cn_lawful"].tolist() == [0, 0]


def test_joining_leaves_the_frame_as_it_was_and_says_where_the_rates_are_from() -> None:
    frame = dated("2025-04-01", "2025-05-01", name="month")
    frame.attrs["mine"] = 1
    before = frame.copy(deep=True)
    joined = tf.join(frame, "us_on_cn")
    pd.testing.assert_frame_equal(frame, before)
    assert frame.attrs == {"mine": 1}
    assert joined.attrs["mine"] == 1
    assert "data version" in joined.attrs["tariffs"]


def test_a_series_becomes_a_frame() -> None:
    joined = tf.join(dated("2025-04-01", "2025-05-01")["imports"], "us_on_cn")
    assert joined.columns.tolist() == ["imports", "us_on_cn"]


def test_one_first_of_a_month_may_be_a_day_or_a_month_and_is_not_guessed() -> None:
    with pytest.raises(UsageError, match="2025-04-01 may stand for a day, a month, a quarter or a year; say which with freq"):
        tf.join(dated("2025-04-01"), "us_on_cn")
    assert tf.join(dated("2025-04-01"), "us_on_cn", freq="MS")["us_on_cn"].tolist() == pytest.approx([APRIL])
    assert tf.join(dated("2025-04-01"), "us_on_cn", freq="D")["us_on_cn"].tolist() == [20]


@pytest.mark.parametrize(
    ("frame", "asked", "error", "said"),
    [
        (pd.DataFrame({"x": [1]}), {}, UsageError, "no dates: neither in its index nor in a column date"),
        (pd.DataFrame({"x": [1]}), {"on": "when"}, UsageError, "on: the frame has no column 'when'; it has x"),
        (pd.DataFrame({"date": [202504]}), {}, UsageError, "found the number 202504 for a date"),
        (pd.DataFrame({"date": ["April"]}), {}, UsageError, "found 'April' for a date"),
        (pd.DataFrame({"date": []}), {}, UsageError, "the frame has no rows"),
        (pd.DataFrame({"date": [pd.Timestamp("2025-04-01"), pd.NaT]}), {}, UsageError, "row 1 has no date"),
        (pd.DataFrame({"date": pd.to_datetime(["2025-04-01 09:30"])}), {}, UsageError, "found times of day, expected days"),
        (
            pd.DataFrame({"date": pd.to_datetime(["2025-04-01"]).tz_localize("Asia/Shanghai")}),
            {},
            UsageError,
            "in the time zone Asia/Shanghai, expected days without one",
        ),
        (
            dated("2015-01-01", "2015-02-01"),
            {},
            UsageError,
            "no row would have a rate: the dates run from 2015-01-01",
        ),
        (dated("2030-01-01", "2030-02-01"), {}, UsageError, "the record from 2018-01-01 to 2026-10-09"),
        (dated("2026-10-01"), {"freq": "MS"}, UsageError, "read as MS; a period must be covered to its end"),
        (dated("2025-04-04", "2025-04-11", "2025-04-18"), {}, UsageError, 'a week apart, on Fridays; freq="D"'),
        (pd.DataFrame({"x": [1]}, index=pd.PeriodIndex(["2025Q2"], freq="Q-SEP")), {}, UsageError, "found periods of Q"),
        (dated("2025-04-01", "2025-05-01").rename(columns={"imports": "us_on_cn"}), {}, UsageError, "has a column of this name"),
        (dated("2025-04-01", "2025-05-01"), {"agg": "sum"}, UsageError, "do not add up"),
        (dated("2025-04-08", "2025-04-09"), {"agg": "eop"}, UsageError, "agg eop goes with freq W, .*; found D"),
        (dated("2025-04-01", "2025-05-01"), {"freq": "M"}, UnknownNameError, "did you mean 'MS'"),
        (dated("2025-04-01", "2025-05-01"), {"directions": "us_on_eu"}, CoverageError, "does not cover US on EU"),
    ],
)
def test_what_joins_to_nothing_or_to_the_wrong_day_is_refused(
    frame: pd.DataFrame, asked: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        tf.join(frame, **({"directions": "us_on_cn"} | asked))
