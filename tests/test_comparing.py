from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from click.testing import CliRunner

import tariffs as tf
from tariffs.cli import main
from tariffs.comparing import differing, summary
from tariffs.errors import CoverageError, RecordError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

PUBLISHED = Path(__file__).parents[2] / "shared" / "facts" / "published_open.csv"
AVERAGE: dict[str, Any] = {"measure": "average", "weights": "piie-implied"}
CAR: dict[str, Any] = {"measure": "stack", "good": "electric-car"}
LIST_1: dict[str, Any] = {"measure": "stack", "good": "list-1"}
NOTHING_OF_OURS = "no number of ours: outside the record or the weights"


def theirs(*points: tuple[str, float]) -> pd.Series[float]:
    return pd.Series(
        [value for _, value in points], index=pd.DatetimeIndex([pd.Timestamp(day) for day, _ in points]), dtype=float
    )


def reason(day: str, value: float, direction: str = "us_on_cn", **asked: Any) -> str:
    return str(tf.compare(theirs((day, value)), direction, **asked)["reason"].iloc[0])


def refused(folder: Path, text: str, **asked: Any) -> list[str]:
    path = folder / "theirs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        tf.compare(path, "us_on_cn", **asked)
    return [str(problem) for problem in caught.value.problems]


def csv_of(folder: Path, *rows: str) -> Path:
    path = folder / "theirs.csv"
    path.write_text("\n".join(["date,value", *rows, ""]), encoding="utf-8")
    return path


# What comes in: files


def test_a_file_is_laid_beside_ours_day_by_day(tmp_path: Path) -> None:
    frame = tf.compare(csv_of(tmp_path, "2025-04-09,104", "2025-04-10,125", "2025-04-08,30.02"), "us_on_cn")
    assert frame["date"].dt.strftime("%Y-%m-%d").tolist() == ["2025-04-08", "2025-04-09", "2025-04-10"]
    assert frame["theirs"].tolist() == [30.02, 104, 125]
    assert frame["ours"].tolist() == [30, 104, 145]
    assert frame["difference"].tolist() == pytest.approx([0.02, 0, -20])
    assert [bool(text) for text in frame["reason"]] == [False, False, True]


def test_a_comparison_says_what_it_compares(tmp_path: Path) -> None:
    frame = tf.compare(csv_of(tmp_path, "2025-04-09,104"), "us_on_cn", tolerance=0.5)
    assert frame.attrs["theirs"] == "theirs.csv"
    assert (frame.attrs["series"], frame.attrs["unit"], frame.attrs["tolerance"]) == ("us_on_cn", "percent", 0.5)
    assert frame.attrs["source"].startswith("tariffs, data version ")


def test_a_file_with_anything_wrong_is_refused_with_each_line(tmp_path: Path) -> None:
    text = "date,value\n4/5/2025,30\n2025-04,30\n15.04.2025,145\n2025-04-16,145%\n2025-04-17,145\n2025-04-17,145\n"
    assert refused(tmp_path, text) == [
        "theirs.csv:2: date: found '4/5/2025', expected a date as YYYY-MM-DD",
        "theirs.csv:3: date: found '2025-04', expected a date as YYYY-MM-DD",
        "theirs.csv:4: date: found '15.04.2025', expected a date as YYYY-MM-DD; did you mean 2025-04-15?",
        "theirs.csv:5: value: found '145%', expected a number; leave the sign out",
        "theirs.csv:7: date: 2025-04-17 stands twice; first on line 6",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("date;value\n2025-04-15;145\n", "set apart by a comma"),
        ("day,number,source\n2025-04-15,145,x\n", "found the columns day, number, source; expected two, date and value"),
        ("", "the file is empty"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(text: str, says: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, text)
    assert says in problem


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(RecordError, match=r"^nowhere.csv: cannot be read"):
        tf.compare("nowhere.csv", "us_on_cn")


def test_missing_values_are_skipped(tmp_path: Path) -> None:
    frame = tf.compare(csv_of(tmp_path, "2025-04-08,", "2025-04-09,.", "2025-04-10,145"), "us_on_cn")
    assert frame["theirs"].tolist() == [145]


def test_fractions_among_percentages_are_refused_with_both_lines(tmp_path: Path) -> None:
    # A good of List 1 bore 25; a quarter of a percent is none of its rates.
    path = csv_of(tmp_path, "2018-08-01,25", "2018-09-01,0.25", "2018-10-01,25")
    with pytest.raises(RecordError) as caught:
        tf.compare(path, "us_on_cn", **LIST_1)
    assert str(caught.value).startswith("theirs.csv:3: value: found 0.25")
    assert "among percentages (line 2: 25)" in str(caught.value)
    assert str(caught.value).endswith("mixed units")


def test_fractions_all_through_are_refused_with_the_word_for_them(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "2025-04-08,0.30", "2025-04-09,1.04", "2025-04-10,1.45")
    with pytest.raises(
        RecordError, match=r"theirs.csv:2: value: found 0.30?.*: the values look like fractions; .*unit.*fraction"
    ):
        tf.compare(path, "us_on_cn")


def test_fractions_in_a_series_are_refused_with_their_days() -> None:
    with pytest.raises(RecordError, match=r"found 0.3.* 2025-04-08.* among percentages .*2025-04-10.*: mixed units"):
        tf.compare(theirs(("2025-04-08", 0.3), ("2025-04-10", 145)), "us_on_cn")


def test_fractions_that_are_said_to_be_fractions_are_compared_in_percent(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "2025-04-08,0.30", "2025-04-09,1.04", "2025-04-10,1.25")
    frame = tf.compare(path, "us_on_cn", unit="fraction")
    assert frame["theirs"].tolist() == [30, 104, 125]
    assert frame["difference"].tolist() == [0, 0, -20]


def test_small_percentages_are_no_fractions() -> None:
    # The average of an unlisted day: 0 against 0, and 0.6 against 0.62 of a metals duty are percentages.
    assert tf.compare(theirs(("2018-04-02", 8.3)), "cn_on_us", **AVERAGE)["difference"].iloc[0] == pytest.approx(8.3 - 8.3687)
    assert reason("2025-01-15", 0.0) == ""


@pytest.mark.parametrize("asked", [{}, AVERAGE, CAR])
def test_our_own_file_read_back_is_equal_to_ours(asked: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    options = [word for name, value in asked.items() for word in (f"--{name}", value)]
    assert CliRunner().invoke(main, ["series", "us_on_cn", *options, "-o", str(path)]).exit_code == 0
    frame = tf.compare(path, "us_on_cn", **asked)
    assert len(frame) > 5
    assert set(frame["reason"]) == {""}
    assert frame["difference"].abs().max() < 1e-9


def test_our_own_file_of_two_directions_is_refused_for_days_that_stand_twice(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    CliRunner().invoke(main, ["series", "--start", "2025-04-01", "-o", str(path)])
    with pytest.raises(RecordError, match="stands twice; first on line"):
        tf.compare(path, "us_on_cn")


# What comes in: pandas


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_series_of_any_unit_of_dates_is_read(unit: Any) -> None:
    series = theirs(("2025-04-09", 104), ("2025-04-10", 145))
    series.index = pd.DatetimeIndex(series.index).as_unit(unit)
    frame = tf.compare(series, "us_on_cn")
    assert frame["date"].dtype == "datetime64[us]"
    assert frame["reason"].tolist() == ["", ""]


@pytest.mark.parametrize(
    "index", [["2025-04-10", "2025-04-09"], [date(2025, 4, 10), date(2025, 4, 9)], pd.to_datetime(["2025-04-10", "2025-04-09"])]
)
def test_a_series_in_any_order_of_dates_is_read(index: Any) -> None:
    assert tf.compare(pd.Series([145.0, 104.0], index=index), "us_on_cn")["ours"].tolist() == [104, 145]


def test_our_own_series_is_equal_to_ours() -> None:
    assert set(tf.compare(tf.series("cn_on_us", **AVERAGE), "cn_on_us", **AVERAGE)["reason"]) == {""}


def test_missing_values_of_a_series_are_skipped() -> None:
    assert len(tf.compare(theirs(("2025-04-08", math.nan), ("2025-04-09", 104)), "us_on_cn")) == 1


@pytest.mark.parametrize(
    ("series", "says"),
    [
        (theirs(("2025-04-09", 104)).tz_localize("UTC"), "expected a day without a time zone"),
        (theirs(("2025-04-09", 104), ("2025-04-09", 104)), "two values for 2025-04-09"),
        (theirs(("2025-04-09", 104), ("2025-04-09 16:00", 145)), "two values for 2025-04-09"),
        (theirs(("2025-04-09", math.nan)), "no values"),
        (pd.Series([], dtype=float), "no values"),
        (pd.Series([104.0]), "index, entry 0: found 0, expected a date as YYYY-MM-DD"),
        (pd.Series([104.0], index=["9.4.2025"]), "did you mean 2025-04-09?"),
        (pd.Series([104.0], index=[pd.NaT]), "found no time"),
        (pd.Series([104.0], index=pd.PeriodIndex(["2025-04"], freq="M")), "expected a date as YYYY-MM-DD"),
    ],
    ids=["time-zone", "twice", "twice-a-day", "all-missing", "empty", "numbered", "another-spelling", "no-time", "periods"],
)
def test_a_series_that_names_no_days_or_values_is_refused(series: pd.Series[float], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        tf.compare(series, "us_on_cn")
    assert says in str(caught.value)


@pytest.mark.parametrize("value", ["104%", "a lot", True, math.inf, object()])
def test_a_series_of_something_other_than_numbers_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match="expected a number"):
        tf.compare(pd.Series([value], index=["2025-04-09"], dtype=object), "us_on_cn")


@pytest.mark.parametrize("given", [None, 104, [104], pd.DataFrame({"value": [104]}), {"2025-04-09": 104}])
def test_what_is_neither_a_file_nor_a_series_is_refused(given: Any) -> None:
    with pytest.raises(UsageError, match="expected the path of a CSV or a pandas Series with an index of dates"):
        tf.compare(given, "us_on_cn")


def test_what_is_given_is_left_as_it_is() -> None:
    series = theirs(("2025-04-10", 1.45), ("2025-04-09", 1.04))
    before = series.copy()
    tf.compare(series, "us_on_cn", unit="fraction")
    pd.testing.assert_series_equal(series, before)


# What is said of a difference


def test_a_step_they_date_later_is_a_convention_of_dates() -> None:
    # List 3 rose to 25 on 10 May 2019 for goods exported from then on; the Institute waits for those still at sea.
    assert reason("2019-05-20", 12.05, **AVERAGE) == "date convention: ours until 2019-05-09"


def test_a_step_they_date_earlier_is_a_convention_of_dates() -> None:
    assert reason("2025-04-04", 30) == "date convention: ours from 2025-04-05"
    assert reason("2025-05-12", 30) == "date convention: ours from 2025-05-14"


def test_of_two_days_on_which_ours_is_theirs_the_nearer_is_named() -> None:
    # 30 from 5 to 8 April and again from 14 May 2025.
    assert reason("2025-04-12", 30) == "date convention: ours until 2025-04-08"
    assert reason("2025-05-10", 30) == "date convention: ours from 2025-05-14"
    # 17 days after the last of the one and 19 before the first of the other.
    assert reason("2025-04-25", 30) == "date convention: ours until 2025-04-08"


def test_a_day_too_far_from_theirs_is_no_convention() -> None:
    # 0 until 3 February 2025, 71 days before.
    assert "date convention" not in reason("2025-04-15", 0)


def test_an_exemption_not_yet_known_is_a_matter_of_vintage() -> None:
    # On 10 April the reciprocal duty lay on 74.11% of trade, by the exemption of the 11th on 65.63%: 124.78 + 125 x 0.0848.
    assert reason("2025-04-10", 135.4, **AVERAGE) == "vintage: as known on 2025-04-10"
    frame = tf.compare(theirs(("2025-04-10", 135.4)), "us_on_cn", as_of="2025-04-10", **AVERAGE)
    assert frame["reason"].tolist() == [""]


def test_a_duty_held_void_is_a_matter_of_basis() -> None:
    assert reason("2025-04-15", 0) == "basis: lawful"
    # Between the ruling and the last day of collection.
    assert reason("2026-02-21", 20, basis="lawful") == "basis: charged"


def test_mfn_in_or_out_is_named() -> None:
    # 100 review + 25 cars + 20 fentanyl, and 2.5 MFN.
    assert reason("2025-04-15", 147.5, **CAR) == "MFN: included"
    assert reason("2025-04-15", 145, mfn=True, **CAR) == "MFN: left out"


def test_other_weights_are_named() -> None:
    # China's MFN average in early 2018: 7.9921 over 2017 exports to the world, 5.980849 over imports, 9.290799 over lines.
    assert reason("2018-03-01", 5.98, "cn_on_us", **AVERAGE) == "weights: cn-imports-2017"
    assert reason("2018-03-01", 9.29, "cn_on_us", **AVERAGE) == "weights: simple-hs6"


def test_another_measure_is_named_with_its_weights() -> None:
    average = "measure: average statutory rate, MFN included, weights piie-implied"
    assert reason("2025-04-10", 124.78) == average
    assert reason("2019-09-15", 66.63, **AVERAGE) == ("measure: share of trade under any additional duty, weights piie-implied")
    assert reason("2025-04-15", 145, **AVERAGE) == "measure: across-the-board additional duty"


def test_what_nothing_explains_is_said_to_be_unexplained() -> None:
    assert reason("2025-04-15", 111.1) == "not explained"


@pytest.mark.parametrize(
    ("day", "asked"),
    [("2017-06-01", {}), ("2026-10-10", {}), ("1900-01-01", {}), ("2101-01-01", {}), ("2026-01-01", AVERAGE)],
)
def test_a_day_that_ours_does_not_reach_has_no_number(day: str, asked: dict[str, Any]) -> None:
    frame = tf.compare(theirs((day, 10)), "us_on_cn", **asked)
    assert frame["reason"].tolist() == [NOTHING_OF_OURS]
    assert frame[["ours", "difference"]].isna().all(axis=None)


def test_a_difference_of_the_tolerance_is_none() -> None:
    assert reason("2025-04-15", 145.05) == ""
    assert reason("2025-04-15", 145.06) != ""
    assert reason("2025-04-15", 145.06, tolerance=0.06) == ""
    assert reason("2025-04-15", 145.01, tolerance=0) == "not explained"
    assert reason("2025-04-15", 145, tolerance=0) == ""


@pytest.mark.parametrize("tolerance", [-0.1, math.nan, "0.1", None, True])
def test_a_tolerance_that_is_none_is_refused(tolerance: Any) -> None:
    with pytest.raises(UsageError, match=r"tolerance: found .*, expected 0 or more points"):
        tf.compare(theirs(("2025-04-15", 145)), "us_on_cn", tolerance=tolerance)


def test_monthly_values_speak_of_their_month() -> None:
    # April 2025: 4 days at 20, 4 at 30, one at 104, 21 at 145.
    mean = (4 * 20 + 4 * 30 + 104 + 21 * 145) / 30
    for day in ("2025-04-01", "2025-04-15", "2025-04-30"):
        frame = tf.compare(theirs((day, round(mean, 2))), "us_on_cn", freq="MS")
        assert frame["ours"].tolist() == pytest.approx([mean])
        assert frame["reason"].tolist() == [""]


@pytest.mark.parametrize(("agg", "value"), [("bop", 20), ("eop", 145), ("min", 20), ("max", 145)])
def test_monthly_values_may_be_those_of_a_day(agg: Any, value: float) -> None:
    assert reason("2025-04-01", value, freq="MS", agg=agg) == ""


def test_a_period_that_ours_does_not_fill_has_no_number() -> None:
    # The record is checked through 9 October 2026.
    assert reason("2026-10-01", 12.5, freq="MS") == NOTHING_OF_OURS
    assert reason("2026-09-01", 12.5, freq="MS") == ""


def test_a_difference_of_a_month_is_no_convention_of_dates() -> None:
    assert reason("2025-04-01", 30, freq="MS") == "not explained"


def test_summary_and_differing_rows_say_how_it_came_out() -> None:
    frame = tf.compare(theirs(("2025-04-09", 104), ("2025-04-10", 125), ("2025-04-15", 111.1)), "us_on_cn")
    assert summary(frame) == [
        "3 values compared with us_on_cn: 1 within 0.05 points",
        "2 differ, most by -33.9 on 2025-04-15",
    ]
    assert differing(frame)["theirs"].tolist() == [125, 111.1]


def test_a_comparison_without_a_difference_says_so_in_one_line() -> None:
    frame = tf.compare(theirs(("2025-04-09", 104), ("2025-04-10", 145)), "us_on_cn")
    assert summary(frame) == ["2 values compared with us_on_cn: 2 within 0.05 points"]
    assert differing(frame).empty


def test_a_stack_that_hangs_on_its_metal_share_asks_for_it() -> None:
    with pytest.raises(UsageError, match=r"aluminium-derivative: 55 to 95 on 2025-06-04, .* give metal_share"):
        tf.compare(theirs(("2025-06-04", 67)), "us_on_cn", measure="stack", good="aluminium-derivative")
    assert reason("2025-06-04", 67, measure="stack", good="aluminium-derivative", metal_share=30) == ""


def test_what_ours_cannot_be_is_refused_as_elsewhere() -> None:
    one = theirs(("2025-04-15", 145))
    with pytest.raises(UsageError, match="average needs weights; one of: "):
        tf.compare(one, "us_on_cn", measure="average")
    with pytest.raises(UsageError, match="did you mean 'us_on_cn'"):
        tf.compare(one, "us_on_cm")
    with pytest.raises(CoverageError, match="do not cover us_on_cn; they cover cn_on_us"):
        tf.compare(one, "us_on_cn", measure="average", weights="simple-hs6")
    with pytest.raises(UsageError, match="agg eop goes with freq W, MS, QS, YS, ME, QE, YE; found no freq"):
        tf.compare(one, "us_on_cn", agg="eop")
    with pytest.raises(UsageError, match="agg days_at:145 counts days; what is compared are rates"):
        tf.compare(one, "us_on_cn", freq="MS", agg="days_at:145")
    with pytest.raises(UsageError, match="unknown freq 'M'; did you mean 'MS'"):
        tf.compare(one, "us_on_cn", freq="M")  # type: ignore[arg-type]  # what a tired person passes
    with pytest.raises(UsageError, match="unknown unit 'pct'"):
        tf.compare(one, "us_on_cn", unit="pct")  # type: ignore[arg-type]  # what a tired person passes


def test_an_average_as_a_whole_is_compared_too() -> None:
    assert reason("2019-01-15", 2.89, "us_on_row", **AVERAGE) == ""


# Another hand's levels, where they lie beside the project


def published(series: str) -> pd.Series[float]:
    if not PUBLISHED.is_file():
        pytest.skip(f"no published levels to compare with: they are read from {PUBLISHED.name} beside the project")
    with PUBLISHED.open(encoding="utf-8") as stream:
        rows: Iterable[dict[str, str]] = [row for row in csv.DictReader(stream) if row["series"] == series]
    return theirs(*((row["date"], float(row["value_pct"])) for row in rows))


def test_american_averages_are_those_published_but_for_one_convention_of_dates() -> None:
    frame = tf.compare(published("avg_US_tariff_on_CN_exports"), "us_on_cn", tolerance=0.06, **AVERAGE)
    assert len(frame) == 54
    apart = {f"{row.date:%Y-%m-%d}": row.reason for row in differing(frame).itertuples()}
    assert apart == dict.fromkeys(("2019-05-20", "2019-05-21"), "date convention: ours until 2019-05-09")


def test_chinese_averages_are_those_published() -> None:
    frame = tf.compare(published("avg_CN_tariff_on_US_exports"), "cn_on_us", tolerance=0.03, **AVERAGE)
    assert len(frame) == 54
    assert differing(frame).empty


@pytest.mark.parametrize(
    ("series", "direction"), [("avg_US_tariff_on_ROW_exports", "us_on_row"), ("avg_CN_tariff_on_ROW_exports", "cn_on_row")]
)
def test_averages_on_the_rest_of_the_world_are_those_published_as_far_as_weights_reach(series: str, direction: str) -> None:
    frame = tf.compare(published(series), direction, tolerance=0.0001, **AVERAGE)
    assert set(frame["reason"]) <= {"", NOTHING_OF_OURS}
    assert (frame["reason"] == "").sum() > 40


def test_percentages_said_to_be_fractions_are_refused_with_the_word_for_them(tmp_path: Path) -> None:
    file = tmp_path / "theirs.csv"
    file.write_text("date,value\n2025-04-15,145\n2025-04-09,104\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"theirs\.csv:3: value: found 104 on 2025-04-09: the values look like percentages"):
        tf.compare(file, "us_on_cn", unit="fraction")


def test_a_direction_in_the_place_of_the_file_is_recognised() -> None:
    with pytest.raises(UsageError, match="found the direction us_on_cn where a file is expected; are the two swapped"):
        tf.compare("us_on_cn", "theirs.csv")


def test_a_shifted_period_and_another_way_to_sum_one_up_are_named() -> None:
    # The publication has List 3 at 25 from June 2019: its mean of May is our level of April.
    assert reason("2019-05-01", 12.0461, freq="MS", **AVERAGE) == "date convention: ours of the period from 2019-04-01"
    assert reason("2025-04-01", 145, freq="MS") == "aggregation: eop"
    assert reason("2025-04-01", 111.63, freq="MS", agg="eop") == "aggregation: avg"
    assert reason("2025-04-01", 111.63, freq="MS", agg="mean") == ""


def test_a_monthly_mean_dated_on_the_first_and_the_other_direction_are_named() -> None:
    # (4 x 20 + 4 x 30 + 104 + 21 x 145) / 30 = 111.63 in April 2025.
    assert reason("2025-04-01", 111.63) == "frequency: the mean of the month"
    assert reason("2025-04-20", 125) == "direction: cn_on_us"


def test_a_hundred_is_not_taken_for_a_share_of_trade() -> None:
    assert reason("2025-06-15", 100) == "not explained"


def test_many_days_that_stand_twice_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    days = [f"2024-01-{day:02d},1\n" for day in range(1, 11)]
    file.write_text("".join(["date,value\n", *days, *days]), encoding="utf-8")
    with pytest.raises(RecordError, match=r"and 7 more that stand twice \(does the file hold several series") as refused:
        tf.compare(file, "us_on_cn")
    assert len(refused.value.problems) == 4
