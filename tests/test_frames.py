from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import pytest

import tariffs
from tariffs.asking import packaged
from tariffs.errors import CoverageError, UnknownNameError, UnknownRateError, UsageError
from tariffs.frames import levels, parts, rates, series
from tariffs.model import Duty, Event, Scenario, Source, View
from tariffs.stacking import across_the_board, path
from tariffs.steps import add, value_on
from tariffs.tables import events, table
from tariffs.vocabulary import PARTS, Part

if TYPE_CHECKING:
    from tariffs.catalog import Catalog

DIRECTIONS = ["us_on_cn", "cn_on_us"]
APRIL: dict[str, Any] = {"start": "2025-04-01", "end": "2025-04-30"}
MONTHLY: dict[str, Any] = {**APRIL, "freq": "MS"}
ZERO = "0 = no across-the-board duty; product-list duties applied"

Ask = Callable[..., Any]
ASKED: list[tuple[str, Ask]] = [
    ("series", lambda **options: series("us_on_cn", **options)),
    ("rates", lambda **options: rates(DIRECTIONS, **options)),
    ("parts", lambda **options: parts("us_on_cn", **options)),
    ("levels", lambda **options: levels("us_on_cn", **options)),
]
every_frame = pytest.mark.parametrize("ask", [ask for _, ask in ASKED], ids=[name for name, _ in ASKED])


def number(found: pd.Series[float]) -> float:
    assert len(found) == 1
    return float(found.iloc[0])


def test_the_path_of_the_us_since_2018() -> None:
    assert {
        str(day.date()): rate for day, rate in series("us_on_cn", end="2026-10-09").items() if isinstance(day, pd.Timestamp)
    } == {
        "2018-01-01": 0.0,
        "2025-02-04": 10.0,  # EO 14195
        "2025-03-04": 20.0,  # EO 14228
        "2025-04-05": 30.0,  # and 10, EO 14257
        "2025-04-09": 104.0,  # and 84, EO 14259
        "2025-04-10": 145.0,  # and 125, EO 14266
        "2025-05-14": 30.0,  # and 10, EO 14298
        "2025-11-10": 20.0,  # 10 and 10, EO 14357 and 14358
        "2026-02-24": 10.0,  # S122 alone, Proclamation 11012
        "2026-07-24": 12.5,  # S301 alone, 91 FR 47318
    }


def test_the_path_of_china_since_2018() -> None:
    assert {
        str(day.date()): rate for day, rate in series("cn_on_us", end="2026-10-09").items() if isinstance(day, pd.Timestamp)
    } == {
        "2018-01-01": 0.0,
        "2025-04-10": 84.0,  # SCTC Announcement 2025 No. 5
        "2025-04-12": 125.0,  # No. 6
        "2025-05-14": 10.0,  # No. 7
    }


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_series_has_a_row_for_its_start_and_one_per_change(direction: str) -> None:
    found = series(direction, start="2025-03-15")
    assert found.index[0] == pd.Timestamp("2025-03-15")
    assert (found.diff().iloc[1:] != 0).all()


def test_a_wide_frame_has_a_row_wherever_one_direction_changes() -> None:
    found = rates(DIRECTIONS, **APRIL)
    assert [str(day.date()) for day in found.index] == ["2025-04-01", "2025-04-05", "2025-04-09", "2025-04-10", "2025-04-12"]
    assert found.to_numpy().tolist() == [[20, 0], [30, 0], [104, 0], [145, 84], [145, 125]]


def test_directions_keep_the_order_in_which_they_were_named() -> None:
    turned = DIRECTIONS[::-1]
    assert list(rates(turned, **APRIL).columns) == turned
    assert parts(turned, **APRIL)["direction"].astype(str).unique().tolist() == turned
    assert levels(turned, **APRIL)["direction"].astype(str).unique().tolist() == turned
    pd.testing.assert_frame_equal(rates(turned, **APRIL)[DIRECTIONS], rates(DIRECTIONS, **APRIL))


@pytest.mark.parametrize("freq", [None, "D", "MS", "QS", "YS"])
def test_the_index_is_of_naive_microsecond_days_unique_and_increasing(freq: Literal["D", "MS", "QS", "YS"] | None) -> None:
    found = rates(DIRECTIONS, start="2024-01-01", end="2025-12-31", freq=freq)
    column = series("us_on_cn", start="2024-01-01", end="2025-12-31", freq=freq)
    for index in (found.index, column.index):
        assert isinstance(index, pd.DatetimeIndex)
        assert index.dtype == "datetime64[us]"
        assert index.tz is None
        assert index.name == "date"
        assert index.is_unique
        assert index.is_monotonic_increasing
    assert column.name == "us_on_cn"
    assert column.dtype == "float64"
    assert set(found.dtypes.astype(str)) == {"float64"}


@every_frame
@pytest.mark.parametrize("freq", [None, "D", "MS"])
def test_dates_of_every_frame_are_in_microseconds(ask: Ask, freq: str | None) -> None:
    found = ask(start="2025-01-01", end="2025-12-31", freq=freq)
    dates = found["date"] if "date" in getattr(found, "columns", []) else found.index.to_series()
    assert dates.dtype == "datetime64[us]"


def test_dates_of_events_are_in_microseconds() -> None:
    assert {str(dtype) for dtype in events()[["effective", "stated", "enacted", "withdrawn"]].dtypes} == {"datetime64[us]"}


@pytest.mark.parametrize(("name", "ask"), ASKED, ids=[name for name, _ in ASKED])
def test_attributes_say_what_the_numbers_are(name: str, ask: Ask) -> None:
    release = packaged().release
    found = ask(**APRIL, as_of="2025-04-20", known="stated", basis="lawful", freq="MS", agg="eop").attrs
    expected = {
        "measure": "level of each duty" if name == "levels" else "all_goods",
        "unit": "percent",
        "weights": None,
        "basis": "lawful",
        "known": "stated",
        "as_of": "2025-04-20",
        "freq": "MS",
        "agg": "eop",
        "known_through": release.known_through.isoformat(),
        "data_version": release.version,
        "source": f"tariffs, data version {release.version}, checked through {release.known_through}",
    }
    assert {word: found[word] for word in expected} == expected


@every_frame
def test_attributes_of_a_plain_question(ask: Ask) -> None:
    found = ask(**APRIL).attrs
    assert (found["basis"], found["known"], found["as_of"], found["freq"], found["agg"]) == ("charged", "law", None, None, None)


def test_an_overlay_is_named_in_the_source_line() -> None:
    laid = replace(packaged(), laid=(Scenario("mine", "mine.csv", "", "mine.csv", named=False),))
    assert "with mine.csv" in series("us_on_cn", **APRIL, catalog=laid).attrs["source"]
    assert "with mine.csv" in events("us_on_cn", catalog=laid).attrs["source"]


def test_two_answers_share_nothing() -> None:
    one = series("us_on_cn", **APRIL)
    one.iloc[:] = 0.0
    one.attrs["unit"] = "spoilt"
    other = series("us_on_cn", **APRIL)
    assert other.iloc[-1] == 145.0
    assert other.attrs["unit"] == "percent"


@pytest.mark.parametrize(
    ("direction", "agg", "expected"),
    [
        ("us_on_cn", "avg", (4 * 20 + 4 * 30 + 1 * 104 + 21 * 145) / 30),  # 111.63
        ("us_on_cn", "bop", 20),
        ("us_on_cn", "eop", 145),
        ("us_on_cn", "max", 145),
        ("us_on_cn", "min", 20),
        ("cn_on_us", "avg", (9 * 0 + 2 * 84 + 19 * 125) / 30),  # 84.77
        ("cn_on_us", "bop", 0),
        ("cn_on_us", "eop", 125),
        ("cn_on_us", "max", 125),
        ("cn_on_us", "min", 0),
    ],
)
def test_april_2025_in_one_number(direction: str, agg: Literal["avg", "eop", "bop", "max", "min"], expected: float) -> None:
    found = series(direction, **MONTHLY, agg=agg)
    assert found.index.tolist() == [pd.Timestamp("2025-04-01")]
    assert number(found) == pytest.approx(expected, abs=1e-12)


def test_the_us_rate_stood_at_145_on_34_days_of_2025() -> None:
    # From 10 April (EO 14266) to 13 May (EO 14298): 21 days in April, 13 in May.
    year = series("us_on_cn", freq="YS", agg="days_at:145")
    assert year["2025-01-01"] == 34
    assert year["2024-01-01"] == 0
    assert np.isnan(year["2026-01-01"])  # the record is checked through 9 October
    months = series("us_on_cn", start="2025-04-01", end="2025-06-30", freq="MS", agg="days_at:145")
    assert months.tolist() == [21, 13, 0]
    assert (year.attrs["unit"], year.attrs["agg"], year.attrs["freq"]) == ("days", "days_at:145", "YS")
    assert {frame.attrs["unit"] for frame in (months, rates(DIRECTIONS, freq="YS", agg="days_at:145"))} == {"days"}


def test_china_s_rate_stood_at_84_on_2_days_and_at_125_on_32() -> None:
    # SCTC Announcements 5, 6 and 7: from 10 April, 12 April and 14 May 2025.
    for level, days in (("84", 2), ("125", 32)):
        assert number(series("cn_on_us", start="2025-01-01", end="2025-12-31", freq="YE", agg=f"days_at:{level}")) == days


@pytest.mark.parametrize("level", ["12.5", "12.50", "012.5"])
def test_a_level_is_called_by_its_plain_name(level: str) -> None:
    # Proclamation 11012 ends and the forced-labour duty begins on 24 July 2026: 8 days of July.
    found = series("us_on_cn", start="2026-07-01", end="2026-07-31", freq="MS", agg=f"days_at:{level}")
    assert (number(found), found.attrs["agg"]) == (8, "days_at:12.5")


def test_levels_printed_by_a_series_are_found_again_with_all_their_days() -> None:
    asked: dict[str, Any] = {"measure": "average", "weights": "piie-implied", "start": "2025-01-01", "end": "2025-12-31"}
    found = [
        number(series("us_on_cn", **asked, freq="YS", agg=f"days_at:{level}")) for level in series("us_on_cn", **asked).unique()
    ]
    assert min(found) > 0
    assert sum(found) == 365


def test_days_of_each_duty_are_its_own() -> None:
    # Fentanyl: 20 from 4 March (EO 14228), 10 again from 10 November 2025 (EO 14357).
    found = levels("us_on_cn", start="2025-01-01", end="2025-12-31", freq="YS", agg="days_at:20").set_index("duty")["rate"]
    assert found["ieepa-fentanyl"] == (date(2025, 11, 10) - date(2025, 3, 4)).days
    with pytest.raises(UsageError, match=r"^agg days_at:20: days of parts do not add up .*; levels counts them duty by duty$"):
        parts("us_on_cn", freq="YS", agg="days_at:20")


def test_days_of_0_warn_of_the_lists_and_no_days_do_not() -> None:
    asked: dict[str, Any] = {"start": "2024-01-01", "end": "2024-12-31", "freq": "YS"}
    assert number(series("us_on_cn", **asked, agg="days_at:0")) == 366
    assert series("us_on_cn", **asked, agg="days_at:0").attrs["warning"] == f"days at {ZERO}"
    assert "warning" not in series("us_on_cn", **asked, agg="days_at:145").attrs


def test_days_between_a_lowest_and_a_highest_are_refused() -> None:
    asked: dict[str, Any] = {"measure": "stack", "good": "aluminium-derivative", "start": "2025-01-01", "end": "2025-12-31"}
    with pytest.raises(UsageError, match="give metal_share"):
        rates(["us_on_cn"], **asked, freq="YS", agg="days_at:70")
    # 70 on what is all metal (25 List 3, 20 fentanyl, 25 metals), from 12 March to 3 June, when metals go to 50.
    found = rates(["us_on_cn"], **asked, metal_share=100, freq="YS", agg="days_at:70")
    assert number(found.iloc[:, 0]) == (date(2025, 6, 4) - date(2025, 3, 12)).days


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"agg": "days_at"}, "agg: found 'days_at', expected a level in percent, 0 or more, as in days_at:145"),
        ({"agg": "days_at:"}, "agg: found 'days_at:', expected a level"),
        ({"agg": "days_at:abc"}, "agg: found 'days_at:abc', expected a level"),
        ({"agg": "days_at:-0"}, "agg: found 'days_at:-0', expected a level in percent, 0 or more"),
        ({"agg": "days_at:-20"}, "agg: found 'days_at:-20', expected a level"),
        ({"agg": "days_at:145%"}, "agg: found 'days_at:145%', expected a level"),
        ({"agg": "days_at:1e2"}, "agg: found 'days_at:1e2', expected a level"),
        ({"agg": "days_at:nan"}, "agg: found 'days_at:nan', expected a level"),
        ({"agg": "days_at:145:30"}, "agg: found 'days_at:145:30', expected a level"),
        ({"agg": "days_at:١٤٥"}, "agg: found 'days_at:١٤٥', expected a level"),
        ({"agg": "daysat:145"}, "unknown agg 'daysat:145'; did you mean 'days_at:145'"),
        ({"agg": "days_at:145", "unit": "fraction"}, "agg days_at:145 counts days; leave unit fraction out"),
        ({"agg": "days_at:145", "since": "2025-01-20"}, "counts days at a level, and since gives points; leave one of them out"),
        ({"agg": "days_at:145", "freq": None}, "agg days_at:145 goes with freq W, MS, QS, YS, ME, QE, YE; found no freq"),
        ({"agg": "days_at:145", "freq": "D"}, "agg days_at:145 goes with freq W, MS, QS, YS, ME, QE, YE; found D"),
    ],
)
@pytest.mark.parametrize("ask", [series, rates, table])
def test_days_at_no_level_or_in_no_period_are_refused(ask: Ask, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        ask("us_on_cn", **({"freq": "YS"} | asked))


def test_april_2025_is_the_number_in_the_papers() -> None:
    assert number(series("us_on_cn", **MONTHLY)) == pytest.approx(111.633, abs=5e-4)
    assert number(series("cn_on_us", **MONTHLY)) == pytest.approx(84.767, abs=5e-4)


def test_the_second_quarter_of_2025_is_day_weighted() -> None:
    found = series("us_on_cn", start="2025-04-01", end="2025-06-30", freq="QS")
    april, may, june = 4 * 20 + 4 * 30 + 104 + 21 * 145, 13 * 145 + 18 * 30, 30 * 30
    assert number(found) == pytest.approx((april + may + june) / 91, abs=1e-12)
    assert found.index.tolist() == [pd.Timestamp("2025-04-01")]


def test_the_year_2025_is_day_weighted() -> None:
    found = series("us_on_cn", start="2025-01-01", end="2025-12-31", freq="YS")
    february, march, april = 25 * 10, 3 * 10 + 28 * 20, 4 * 20 + 4 * 30 + 104 + 21 * 145
    may, june_to_october, november, december = 13 * 145 + 18 * 30, 153 * 30, 9 * 30 + 21 * 20, 31 * 20
    total = february + march + april + may + june_to_october + november + december
    assert number(found) == pytest.approx(total / 365, abs=1e-12)


@pytest.mark.parametrize("freq", ["MS", "QS", "YS"])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_period_means_are_the_means_of_the_days(direction: str, freq: Literal["MS", "QS", "YS"]) -> None:
    daily = series(direction, start="2018-01-01", end="2025-12-31", freq="D")
    found = series(direction, start="2018-01-01", end="2025-12-31", freq=freq)
    np.testing.assert_allclose(found.to_numpy(), daily.resample(freq).mean().to_numpy(), rtol=0, atol=1e-9)


@pytest.mark.parametrize("freq", ["W", "ME", "QE", "YE"])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_periods_dated_at_their_end_are_those_of_pandas(direction: str, freq: Literal["W", "ME", "QE", "YE"]) -> None:
    daily = series(direction, start="2018-01-01", end="2025-12-31", freq="D")  # a Monday to a Wednesday
    found = series(direction, start="2018-01-01", end="2025-12-31", freq=freq)
    theirs = daily.resample(freq).mean()
    assert found.index.tolist() == theirs.index.tolist()
    whole = found.notna()
    assert whole.tolist() == [freq != "W" or day <= pd.Timestamp("2025-12-31") for day in found.index]
    np.testing.assert_allclose(found[whole].to_numpy(), theirs[whole].to_numpy(), rtol=0, atol=1e-9)


def test_the_week_of_145_is_dated_on_its_sunday() -> None:
    found = series("us_on_cn", start="2025-04-07", end="2025-04-13", freq="W")
    # Monday and Tuesday at 30, Wednesday 9 April at 104, four days at 145: EO 14257, 14259, 14266.
    assert number(found) == pytest.approx((2 * 30 + 104 + 4 * 145) / 7)
    assert found.index.tolist() == [pd.Timestamp("2025-04-13")]


def test_months_at_their_end_have_the_values_of_months_at_their_start() -> None:
    start, end = (rates(DIRECTIONS, start="2024-01-01", end="2025-12-31", freq=freq) for freq in ("MS", "ME"))
    assert end.to_numpy().tolist() == start.to_numpy().tolist()
    assert [day.day for day in end.index[:3]] == [31, 29, 31]
    assert [(day.year, day.month) for day in end.index] == [(day.year, day.month) for day in start.index]


def test_weekdays_leave_saturdays_and_sundays_out() -> None:
    found = series("us_on_cn", start="2025-04-04", end="2025-04-10", freq="B")
    # The 10 of EO 14257 applies from Saturday, 5 April; the first weekday that has it is Monday.
    assert {f"{day:%a %d}": value for day, value in found.items()} == {
        "Fri 04": 20, "Mon 07": 30, "Tue 08": 30, "Wed 09": 104, "Thu 10": 145,
    }  # fmt: skip


def test_resampling_the_sparse_series_is_not_the_monthly_mean() -> None:
    sparse = series("us_on_cn", **APRIL)
    assert sparse.resample("MS").mean().tolist() == [(20 + 30 + 104 + 145) / 4]
    assert number(series("us_on_cn", **MONTHLY)) > sparse.resample("MS").mean().iloc[0] + 30


@pytest.mark.parametrize("agg", ["avg", "bop", "eop", "max", "min", "days_at:20"])
@pytest.mark.parametrize(
    ("freq", "whole"),
    [("MS", ["2025-02-01", "2025-03-01"]), ("QS", []), ("YS", [])],
)
def test_a_period_that_the_window_cuts_is_nan_whatever_the_aggregate(
    freq: Literal["MS", "QS", "YS"], whole: list[str], agg: str
) -> None:
    found = series("us_on_cn", start="2025-01-02", end="2025-04-29", freq=freq, agg=agg)
    assert [str(day.date()) for day in pd.DatetimeIndex(found.dropna().index)] == whole
    assert len(found) == {"MS": 4, "QS": 2, "YS": 1}[freq]


def test_the_running_month_is_nan_and_not_partial() -> None:
    found = rates(DIRECTIONS, freq="MS", end="2026-10-09")
    assert found.iloc[-1].isna().all()
    assert found.iloc[:-1].notna().to_numpy().all()


def test_daily_rates_are_never_nan() -> None:
    release = packaged().release
    found = rates(DIRECTIONS, freq="D")
    assert found.notna().to_numpy().all()
    assert len(found) == (release.known_through - release.covers_from).days + 1
    assert (found.index[0].date(), found.index[-1].date()) == (release.covers_from, release.known_through)


@every_frame
def test_mean_is_understood_and_called_avg(ask: Ask) -> None:
    found = ask(**MONTHLY, agg="mean")
    assert found.equals(ask(**MONTHLY))
    assert found.attrs["agg"] == "avg"


@every_frame
@pytest.mark.parametrize(("freq", "found"), [(None, "no freq"), ("D", "D"), ("B", "B")])
def test_what_a_period_carries_is_refused_where_there_is_none(ask: Ask, freq: str | None, found: str) -> None:
    with pytest.raises(UsageError, match=f"^agg max goes with freq W, MS, QS, YS, ME, QE, YE; found {found}$"):
        ask(freq=freq, agg="max")
    assert ask(**APRIL, freq=freq, agg="avg").equals(ask(**APRIL, freq=freq))


@every_frame
@pytest.mark.parametrize("freq", [None, "D", "MS"])
def test_a_sum_over_days_is_refused_with_the_reason(ask: Ask, freq: str | None) -> None:
    with pytest.raises(UsageError, match="do not add up"):
        ask(freq=freq, agg="sum")


@every_frame
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"freq": "M"}, "unknown freq 'M'; did you mean 'MS'"),
        ({"freq": "H"}, "unknown freq 'H'; one of: B, D, ME, MS, QE, QS, W, YE, YS"),
        ({"freq": "MS", "agg": "last"}, "unknown agg 'last'"),
        ({"known": "Stated"}, "unknown known 'Stated'; did you mean 'stated'"),
        ({"basis": "legal"}, "unknown basis 'legal'"),
    ],
)
def test_a_misspelt_option_is_told_the_right_words(ask: Ask, options: dict[str, str], message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        ask(**options)


def test_a_measure_and_a_unit_are_of_their_lists() -> None:
    ask: Ask = series
    with pytest.raises(UnknownNameError, match="unknown measure 'headline'"):
        ask("us_on_cn", measure="headline")
    with pytest.raises(UnknownNameError, match="unknown unit 'percents'; did you mean 'percent'"):
        ask("us_on_cn", unit="percents")


def test_a_fraction_is_a_hundredth_of_the_percentage() -> None:
    found = series("us_on_cn", start="2025-04-15", end="2025-04-15", unit="fraction")
    assert number(found) == 1.45
    assert found.attrs["unit"] == "fraction"
    assert rates(DIRECTIONS, start="2025-04-15", end="2025-04-15", unit="fraction").iloc[0].tolist() == [1.45, 1.25]
    assert number(series("us_on_cn", **MONTHLY, unit="fraction")) == pytest.approx(3349 / 3000, abs=1e-12)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("family", {"ieepa-fentanyl": 20.0, "ieepa-reciprocal": 125.0}),
        ("duty", {"ieepa-fentanyl": 20.0, "ieepa-reciprocal": 125.0}),
        ("authority", {"IEEPA": 145.0}),
    ],
)
def test_the_parts_of_145(by: Part, expected: dict[str, float]) -> None:
    found = parts("us_on_cn", by=by, start="2025-04-15", end="2025-04-15").query("rate > 0")
    assert dict(zip(found[by].astype(str), found["rate"], strict=True)) == expected
    assert list(found.columns) == ["date", "direction", by, "rate"]


VIEWS: list[dict[str, Any]] = [
    {},
    {"basis": "lawful"},
    {"basis": "refundable"},
    {"basis": "refundable", "as_of": "2026-02-19"},
    {"as_of": "2025-04-08"},
    {"as_of": "2025-10-15", "known": "stated"},
    {"scheduled": True},
]


@pytest.mark.parametrize("view", VIEWS, ids=str)
@pytest.mark.parametrize("by", PARTS)
def test_parts_add_up_to_the_rate_on_every_day(by: Part, view: dict[str, Any]) -> None:
    whole = rates(DIRECTIONS, freq="D", **view)
    split = parts(DIRECTIONS, by=by, freq="D", **view)
    summed = split.groupby(["date", "direction"], observed=True)["rate"].sum().unstack("direction")
    assert len(summed) == len(whole)
    np.testing.assert_allclose(summed[DIRECTIONS].to_numpy(), whole.to_numpy(), rtol=0, atol=1e-9)


@pytest.mark.parametrize("by", PARTS)
def test_day_weighted_parts_add_up_to_the_monthly_mean(by: Part) -> None:
    found = parts("us_on_cn", by=by, **MONTHLY)
    assert found["rate"].sum() == pytest.approx(3349 / 30, abs=1e-9)


def test_a_part_of_another_kind_is_refused() -> None:
    ask: Ask = parts
    with pytest.raises(UnknownNameError, match="unknown part 'sector'; one of: authority, duty, family"):
        ask("us_on_cn", by="sector")


def test_levels_of_all_goods_duties_are_always_known_and_add_up() -> None:
    found = levels(DIRECTIONS, freq="D").query("scope == 'all_goods'")
    assert found["rate"].notna().all()
    summed = found.groupby(["date", "direction"], observed=True)["rate"].sum().unstack("direction")
    np.testing.assert_allclose(summed[DIRECTIONS].to_numpy(), rates(DIRECTIONS, freq="D").to_numpy(), rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("day", "duty", "rate"),
    [
        ("2018-07-05", "s301-list-1", 0.0),
        ("2018-07-06", "s301-list-1", 25.0),  # 83 FR 28710
        ("2018-09-24", "s301-list-3", 10.0),  # 83 FR 47974
        ("2019-05-10", "s301-list-3", 25.0),  # 84 FR 20459
        ("2019-09-01", "s301-list-4a", 15.0),  # 84 FR 45821
        ("2020-02-14", "s301-list-4a", 7.5),  # 85 FR 3741
        ("2018-03-23", "s232-steel", 25.0),  # Proclamation 9705
    ],
)
def test_levels_of_list_duties(day: str, duty: str, rate: float) -> None:
    found = levels("us_on_cn", start=day, end=day).set_index("duty")["rate"]
    assert found[duty] == rate


def test_schedules_have_no_level() -> None:
    found = levels(DIRECTIONS, **APRIL)
    assert "schedule" not in set(found["scope"])
    assert {"all_goods", "list", "sector"} == set(found["scope"])


@pytest.mark.parametrize("view", [{}, {"known": "stated"}, {"basis": "lawful"}], ids=str)
def test_a_far_future_day_of_knowledge_is_the_same_as_none(view: dict[str, Any]) -> None:
    for direction in DIRECTIONS:
        far, none = (series(direction, scheduled=True, as_of=as_of, **view) for as_of in ("2100-01-01", None))
        assert far.to_dict() == none.to_dict()
        assert far.attrs == none.attrs


@pytest.mark.parametrize(
    ("as_of", "day", "rate"),
    [
        ("2025-04-07", "2025-04-09", 54),  # fentanyl 20 and the 34 of EO 14257
        ("2025-04-08", "2025-04-09", 104),  # 84 by EO 14259
        ("2025-04-01", "2025-04-09", 20),
        ("2025-05-12", "2025-08-12", 54),  # the 24 points come back after 90 days
        ("2025-08-11", "2025-08-12", 30),  # EO 14334 moved them
        ("2026-02-19", "2026-11-10", 44),  # 10 and the 34 of EO 14358
        ("2026-02-20", "2026-07-23", 30),  # the day was not known until the 22nd: 20 of IEEPA and 10 of S122
        ("2026-02-22", "2026-07-23", 10),
    ],
)
def test_the_path_as_the_law_then_stood(as_of: str, day: str, rate: float) -> None:
    assert number(series("us_on_cn", start=day, end=day, as_of=as_of)) == rate


def test_a_threat_counts_by_statement_only() -> None:
    # Post of 10 October 2025: further 100 points from 1 November, on top of 20 and 10.
    day: dict[str, Any] = {"start": "2025-11-01", "end": "2025-11-01"}
    assert number(series("us_on_cn", **day, as_of="2025-10-15", known="stated")) == 130
    assert number(series("us_on_cn", **day, as_of="2025-10-15")) == 30
    assert number(series("us_on_cn", **day, known="stated")) == 30


@pytest.mark.parametrize(
    ("day", "as_of", "rate"),
    [
        ("2025-04-15", None, 0),
        ("2026-02-23", None, 0),
        ("2026-03-01", None, 10),  # S122 was not before the court
        ("2025-04-15", "2026-02-19", 145),  # before the ruling
        ("2025-04-15", "2026-02-20", 0),  # Learning Resources v. Trump
    ],
)
def test_lawful_takes_the_void_duties_out(day: str, as_of: str | None, rate: float) -> None:
    assert number(series("us_on_cn", start=day, end=day, basis="lawful", as_of=as_of)) == rate


def test_the_refundable_part_over_time_and_what_it_says_of_itself() -> None:
    found = series("us_on_cn", start="2025-04-01", basis="refundable")
    # 20 of fentanyl, then the reciprocal duty; 20 less from 10 November; both ended on 24 February 2026.
    assert found.tolist() == [20, 30, 104, 145, 30, 20, 0]
    assert found.attrs["basis"] == "refundable"
    assert "warning" not in found.attrs  # a 0 hides no list duty that is refundable
    months = series("us_on_cn", start="2025-04-01", end="2025-04-30", freq="MS", basis="refundable")
    assert round(number(months), 2) == 111.63


def test_levels_of_what_is_refundable_are_those_of_void_duties() -> None:
    found = levels("us_on_cn", start="2025-06-01", end="2025-06-01", basis="refundable")
    assert found[found["rate"] != 0].set_index("duty")["rate"].to_dict() == {"ieepa-fentanyl": 20, "ieepa-reciprocal": 10}


def test_a_table_of_what_is_refundable_names_no_lawful_act() -> None:
    rows = table(["us_on_cn", "cn_on_us"], start="2025-11-01", basis="refundable")[["direction", "rate", "acts"]]
    assert rows.to_numpy().tolist() == [
        ["us_on_cn", 30, "EO 14228 | EO 14334"],
        ["us_on_cn", 20, "EO 14357 | EO 14358"],
        ["us_on_cn", 0, ""],
        ["cn_on_us", 0, ""],
    ]


def test_a_series_ends_at_known_through_unless_told() -> None:
    last = packaged().release.known_through
    assert series("cn_on_us", freq="D").index[-1] == pd.Timestamp(last)
    assert series("cn_on_us").index[-1] <= pd.Timestamp(last)


@pytest.mark.parametrize("options", [{"scheduled": True}, {"end": "2027-01-10"}, {"end": "2027-12-31"}], ids=str)
def test_what_is_scheduled_comes_in_on_request(options: dict[str, Any]) -> None:
    # Agreed in September 2026: the 24 points stay suspended through 9 January 2027.
    found = series("cn_on_us", **options)
    assert found.index[-1] == pd.Timestamp("2027-01-10")
    assert found.iloc[-1] == 34.0
    daily = series("cn_on_us", freq="D", **options)
    assert daily["2027-01-09"] == 10.0
    assert daily["2027-01-10"] == 34.0
    assert daily.index[-1] == pd.Timestamp(options.get("end", "2027-01-10"))


def test_an_end_of_ones_own_wins_over_scheduled() -> None:
    assert series("cn_on_us", freq="D", scheduled=True, end="2026-12-31").index[-1] == pd.Timestamp("2026-12-31")


def test_wide_frames_extend_to_the_last_scheduled_step_of_any_direction() -> None:
    found = rates(DIRECTIONS, freq="D", scheduled=True)
    assert found.index[-1] == pd.Timestamp("2027-01-10")
    assert found.iloc[-1].tolist() == [12.5, 34.0]


@every_frame
@pytest.mark.parametrize("name", ["start", "as_of"])
def test_a_day_before_the_record_is_refused_with_its_beginning(ask: Ask, name: str) -> None:
    with pytest.raises(CoverageError, match="2017-12-31 is before the record, which begins on 2018-01-01"):
        ask(**{name: "2017-12-31"})


@every_frame
def test_an_end_before_the_record_is_refused_with_its_beginning(ask: Ask) -> None:
    with pytest.raises(CoverageError, match="2018-01-01"):
        ask(end="2017-12-31")


@every_frame
@pytest.mark.parametrize("freq", [None, "YS"])
def test_an_end_at_the_end_of_the_calendar_is_refused_and_a_century_is_answered(ask: Ask, freq: str | None) -> None:
    with pytest.raises(CoverageError, match="9999-12-31"):
        ask(start="2025-01-01", end="9999-12-31", freq=freq)
    assert len(ask(start="2025-01-01", end="2099-12-31", freq=freq)) > 0


@every_frame
def test_a_start_after_its_end_is_refused(ask: Ask) -> None:
    with pytest.raises(UsageError, match="start 2025-05-01 is after end 2025-04-01"):
        ask(start="2025-05-01", end="2025-04-01")


@every_frame
def test_a_window_of_one_day_is_a_window(ask: Ask) -> None:
    found = ask(start="2025-04-15", end="2025-04-15", freq="D")
    assert len(found) > 0


@every_frame
@pytest.mark.parametrize("name", ["start", "end", "as_of"])
@pytest.mark.parametrize(
    "value",
    [
        pd.NaT,
        pd.Timestamp("2025-04-15", tz="America/New_York"),
        datetime(2025, 4, 15, tzinfo=UTC),
        "2025-04",
        "2025-4-15",
        "15/04/2025",
        "20250415",
        "2025-04-15T00:00",
        "2025-02-29",
        " 2025-04-15",
        "today",
        "",
        20250415,
        1744675200.0,
    ],
    ids=repr,
)
def test_what_is_no_plain_day_is_refused_by_the_name_of_the_argument(ask: Ask, name: str, value: object) -> None:
    with pytest.raises(UsageError, match=f"^{name}: "):
        ask(**{name: value})


@pytest.mark.parametrize(
    "day",
    ["2025-04-15", date(2025, 4, 15), datetime.fromisoformat("2025-04-15T23:59"), pd.Timestamp("2025-04-15 12:01")],
    ids=repr,
)
def test_texts_dates_and_naive_moments_name_the_same_day(day: Any) -> None:
    found = series("us_on_cn", start=day, end=day)
    assert found.to_dict() == {pd.Timestamp("2025-04-15"): 145.0}


@pytest.mark.parametrize("ask", [rates, parts, levels])
def test_no_direction_at_all_is_refused_with_the_choices(ask: Ask) -> None:
    with pytest.raises(UsageError, match="no direction given; one of: us_on_cn, cn_on_us"):
        ask([])


@pytest.mark.parametrize("ask", [rates, parts, levels])
@pytest.mark.parametrize("again", ["us_on_cn", "US on China"])
def test_a_direction_named_twice_is_refused_in_any_spelling(ask: Ask, again: str) -> None:
    with pytest.raises(UsageError, match="named twice"):
        ask(["us_on_cn", again])


@pytest.mark.parametrize("ask", [series, parts, levels, events, lambda name: rates([name])])
def test_a_misspelt_direction_is_told_the_nearest(ask: Ask) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'us_on_cn'"):
        ask("us_on_ch")


def test_columns_carry_the_name_in_code_whatever_was_typed() -> None:
    assert series("US on China", **APRIL).name == "us_on_cn"
    assert list(rates(["china-on-us"], **APRIL).columns) == ["cn_on_us"]


def test_one_direction_needs_no_list() -> None:
    assert list(rates("us_on_cn", **APRIL).columns) == ["us_on_cn"]


@pytest.mark.parametrize(
    ("direction", "start", "end", "warned"),
    [
        ("us_on_cn", "2018-01-01", "2018-02-06", False),  # nothing yet
        ("us_on_cn", "2018-01-01", "2018-02-07", True),  # solar cells and washers, Proclamations 9693 and 9694
        ("us_on_cn", "2019-01-01", "2019-12-31", True),
        ("us_on_cn", "2025-02-03", "2025-02-28", True),  # last day before the fentanyl duty
        ("us_on_cn", "2025-02-04", "2025-12-31", False),
        ("cn_on_us", "2018-01-01", "2018-04-01", False),
        ("cn_on_us", "2018-01-01", "2018-04-02", True),  # the answer to the metals duties
        ("cn_on_us", "2019-01-01", "2019-12-31", True),
        ("cn_on_us", "2025-04-09", "2025-04-30", True),
        ("cn_on_us", "2025-04-10", "2025-12-31", False),
    ],
)
def test_a_zero_over_list_duties_is_explained(direction: str, start: str, end: str, warned: bool) -> None:
    for found in (series(direction, start=start, end=end), series(direction, start=start, end=end, freq="YS")):
        assert found.attrs.get("warning") == (ZERO if warned else None)


def test_the_zero_of_one_direction_is_explained_beside_another() -> None:
    assert rates(DIRECTIONS, **APRIL).attrs["warning"] == ZERO
    assert "warning" not in rates(DIRECTIONS, start="2025-04-10", end="2025-04-30").attrs


def test_parts_that_are_all_zero_over_list_duties_say_so() -> None:
    found = parts("us_on_cn", start="2019-01-01", end="2019-12-31")
    assert (found["rate"] == 0).all()
    assert found.attrs.get("warning") == ZERO


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_all_goods_is_the_stack_of_a_good_on_no_list(direction: str) -> None:
    record = packaged()
    steps = add(path(duty, View()) for duty in across_the_board(record.bearing(record.direction(direction))))
    daily = series(direction, freq="D")
    expected = [float(value_on(steps, day.date()) or 0) for day in pd.DatetimeIndex(daily.index)]
    assert daily.tolist() == expected
    assert max(expected) == {"us_on_cn": 145, "cn_on_us": 125}[direction]


def hand_made(name: str, scope: str, *levels: tuple[date, str | None]) -> Duty:
    events = tuple(
        Event(
            id=f"{name}/{day}/{rate}",
            duty=name,
            effective=day,
            stated=day,
            enacted=day,
            grade="A",
            sources=(Source("a source"),),
            rate=None if rate is None else Decimal(rate),
        )
        for day, rate in levels
    )
    return Duty(name, name, "US", ("CN",), "IEEPA", "other", scope, "goods", events)


def vague_catalog() -> Catalog:
    record = packaged()
    vague = hand_made("vague", "all_goods", (date(2025, 6, 1), None), (date(2025, 7, 1), "5"))
    return replace(record, duties={**record.duties, "vague": vague})


def one_after_the_other() -> Catalog:
    """Make a record in which a list duty is in force on exactly the days of an all-goods duty."""
    days = (date(2025, 2, 1), "10"), (date(2025, 3, 1), "0")
    duties = {name: hand_made(name, name, *days) for name in ("all_goods", "list")}
    return replace(packaged(), duties=duties)


def test_a_zero_that_only_touches_a_list_duty_is_not_explained() -> None:
    assert "warning" not in series("us_on_cn", start="2025-01-01", end="2025-12-31", catalog=one_after_the_other()).attrs


def test_scheduled_without_anything_ahead_ends_at_known_through() -> None:
    found = series("us_on_cn", freq="D", scheduled=True, catalog=one_after_the_other())
    assert found.index[-1] == pd.Timestamp(packaged().release.known_through)


def test_a_rate_is_never_filled_in_where_a_live_level_is_unknown() -> None:
    record = vague_catalog()
    for ask in (lambda **window: series("us_on_cn", **window), lambda **window: parts("us_on_cn", **window)):
        with pytest.raises(UnknownRateError, match="vague"):
            ask(start="2025-05-01", end="2025-06-01", catalog=record)
    assert number(series("us_on_cn", start="2025-05-31", end="2025-05-31", catalog=record)) == 30
    assert number(series("us_on_cn", start="2025-07-01", end="2025-07-01", catalog=record)) == 35


def test_levels_show_an_unknown_level_as_nan_on_its_days_only() -> None:
    found = levels("us_on_cn", start="2025-05-31", end="2025-07-01", freq="D", catalog=vague_catalog()).query("duty == 'vague'")
    rate = found.set_index("date")["rate"]
    assert rate["2025-05-31"] == 0
    assert rate["2025-06-01":"2025-06-30"].isna().all()
    assert rate["2025-07-01"] == 5


def test_events_carry_all_their_dates() -> None:
    row = events("us_on_cn").set_index("id").loc["ieepa-reciprocal/2025-04-09/34"]
    dates = {name: str(row[name].date()) for name in ("effective", "stated", "enacted", "withdrawn")}
    assert dates == {"effective": "2025-04-09", "stated": "2025-04-02", "enacted": "2025-04-02", "withdrawn": "2025-04-08"}
    assert (row["kind"], row["timing"], row["status"], row["rate"]) == ("level", "dated", "law", 34.0)
    assert (row["origin"], row["act"], row["withdrawn_by"]) == ("CN HK MO", "EO 14257, Annex I", "EO 14259")


def test_events_without_a_day_are_listed_last_and_say_so() -> None:
    found = events()
    undated = found["effective"].isna()
    assert set(found.loc[undated, "timing"]) == {"open", "unknown"}
    assert (found["timing"] == "dated").eq(~undated).all()
    assert not undated[: -int(undated.sum())].any()
    assert found.loc[~undated, "effective"].is_monotonic_increasing


def test_changes_of_coverage_have_words_and_no_rate() -> None:
    found = events().query("kind == 'coverage'")
    assert len(found) > 0
    assert found["rate"].isna().all()
    assert (found["entering"] + found["leaving"] != "").all()
    assert (found["summary"] != "").all()


def test_every_event_of_every_duty_is_in_the_table_once() -> None:
    found = events()
    assert sorted(found["id"]) == sorted(packaged().events)
    assert found.index.tolist() == list(range(len(found)))


def test_events_of_a_direction_are_those_of_the_duties_that_bite() -> None:
    found = events("cn_on_us")
    assert set(found["importer"]) == {"CN"}
    assert {"cn-reciprocal", "cn-list-1"} <= set(found["duty"])
    assert "s122-surcharge" in set(events("us_on_cn")["duty"])  # levied on all origins


def test_events_of_an_empty_name_are_refused() -> None:
    with pytest.raises(UnknownNameError):
        events("")


def test_events_name_their_edition() -> None:
    release = packaged().release
    assert events().attrs["data_version"] == release.version
    assert str(release.known_through) in events().attrs["source"]


@pytest.mark.parametrize("unit", ["us", "ns", "s"])
def test_the_nearest_earlier_rate_joins_on_days_of_the_same_unit(unit: str) -> None:
    shipments = pd.DataFrame(
        {"entered": pd.to_datetime(["2025-04-04", "2025-04-05", "2025-04-20"]).astype(f"datetime64[{unit}]")}
    )
    path = series("us_on_cn", **APRIL).reset_index()
    days = shipments.astype({"entered": "datetime64[us]"})
    assert pd.merge_asof(days, path, left_on="entered", right_on="date")["us_on_cn"].tolist() == [20, 30, 145]
    assert shipments.merge(series("us_on_cn", **APRIL, freq="D").reset_index(), left_on="entered", right_on="date")[
        "us_on_cn"
    ].tolist() == [20, 30, 145]


def test_mixed_units_fail_aloud_in_pandas_and_never_join_wrongly() -> None:
    shipments = pd.DataFrame({"entered": pd.to_datetime(["2025-04-20"]).astype("datetime64[ns]")})
    with pytest.raises(pd.errors.MergeError, match="incompatible merge keys"):
        pd.merge_asof(shipments, series("us_on_cn", **APRIL).reset_index(), left_on="entered", right_on="date")


def test_days_read_from_a_csv_fit_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "shipments.csv").write_text("entered,value\n2025-04-09,1\n2025-04-30,2\n", encoding="utf-8")
    shipments = pd.read_csv(tmp_path / "shipments.csv", parse_dates=["entered"])
    found = pd.merge_asof(shipments, series("us_on_cn", **APRIL).reset_index(), left_on="entered", right_on="date")
    assert found["us_on_cn"].tolist() == [104, 145]


CLOCKS = {"today", "now", "utcnow", "localtime", "gmtime", "time_ns"}


def clock_readings(source: str) -> list[int]:
    """Return the lines that read a clock: `date.today()`, `Timestamp.now()`, `time.time()`, `from time import ...`."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        attribute = isinstance(node, ast.Attribute) and node.attr in CLOCKS
        named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time"
        word = isinstance(node, ast.Constant) and node.value in ("now", "today")
        taken = isinstance(node, ast.ImportFrom) and node.module == "time"
        if attribute or named or word or taken:
            lines.append(getattr(node, "lineno", 0))
    return lines


@pytest.mark.parametrize(
    "source", ["date.today()", "pd.Timestamp.now()", "time.time()", "from time import time", "np.datetime64('today')"]
)
def test_the_search_for_clocks_finds_one(source: str) -> None:
    assert clock_readings(source) == [1]


def test_nothing_in_the_package_reads_the_clock() -> None:
    files = sorted(Path(tariffs.__path__[0]).rglob("*.py"))
    assert len(files) > 10
    found = {file.name for file in files if clock_readings(file.read_text(encoding="utf-8"))}
    assert found == {"downloading.py"}  # waits between attempts, and a server's "not before this time"
