"""Averages against what was published, against hand-made sums, and against the rules they promise to keep.

The steps of `piie-implied` in `CALIBRATED` gave it its numbers, so that it meets them says nothing; those in `EVIDENCE` did not.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

import tariffs as tf
from tariffs.asking import packaged
from tariffs.averages import Basis
from tariffs.errors import CoverageError
from tariffs.model import Quantity, View, WeightRow, Weights
from tariffs.steps import add, value_on
from tariffs.vocabulary import Direction

PUBLISHED = Path(__file__).parents[2] / "shared" / "facts" / "published_open.csv"
PIIE: dict[str, Any] = {"measure": "average", "weights": "piie-implied"}
BOOKED_LATER = {"2019-05-20", "2019-05-21"}  # List 3 at 25: by law from 10 May 2019, in the publication from 1 June
SERIES = {
    "us_on_cn": ("avg_US_tariff_on_CN_exports", 0.06),
    "cn_on_us": ("avg_CN_tariff_on_US_exports", 0.03),
    "us_on_row": ("avg_US_tariff_on_ROW_exports", 0.0001),
    "cn_on_row": ("avg_CN_tariff_on_ROW_exports", 0.0001),
}
TABLES = [(basis, direction.name) for basis, tables in packaged().bases.items() for direction in tables]


def published(direction: str) -> list[tuple[str, float]]:
    if not PUBLISHED.is_file():
        pytest.skip(f"no published levels to compare with: they are read from {PUBLISHED.name} beside the project")
    with PUBLISHED.open(encoding="utf-8") as stream:
        return [(row["date"], float(row["value_pct"])) for row in csv.DictReader(stream) if row["series"] == SERIES[direction][0]]


def rate(direction: str, day: str, **asked: Any) -> float:
    return tf.rate(direction, day, **PIIE | asked)


@pytest.mark.parametrize("direction", SERIES)
def test_piie_implied_meets_the_published_levels_on_legal_dates(direction: str) -> None:
    rows = published(direction)
    assert len(rows) == 54
    apart = {day for day, value in rows if abs(rate(direction, day) - value) > SERIES[direction][1]}
    assert apart == (BOOKED_LATER if direction == "us_on_cn" else set())


# Peterson Institute, edition of 14 November 2025: the second steps of two lists, which gave the weights nothing.
EVIDENCE = [
    ("2019-05-10", "5.4808"),  # List 3 from 10 to 25: 17.5269 less 12.0461, booked there on 2019-06-01
    ("2020-02-14", "-1.7584"),  # List 4A from 15 to 7.5: 19.2930 less 21.0514
]
# And steps that gave them their numbers.
CALIBRATED = [
    ("2018-07-06", "2.9494"),
    ("2018-08-23", "1.6590"),
    ("2018-09-24", "3.6539"),
    ("2019-09-01", "3.5169"),
    ("2025-03-12", "1.9212"),
]


def step(direction: str, day: str) -> float:
    eve = date.fromisoformat(day) - timedelta(days=1)
    return rate(direction, day) - rate(direction, eve.isoformat())


@pytest.mark.parametrize(("day", "points"), EVIDENCE)
def test_steps_that_are_evidence_are_met(day: str, points: str) -> None:
    assert step("us_on_cn", day) == pytest.approx(float(points), abs=0.001)


@pytest.mark.parametrize(("day", "points"), CALIBRATED)
def test_steps_that_are_calibration_are_met(day: str, points: str) -> None:
    assert step("us_on_cn", day) == pytest.approx(float(points), abs=0.0001)


# Added up by hand from the steps that facts on the publication give after its open data end: 42.6579 on 2025-03-12.
LATER = [
    ("us_on_cn", "2025-04-10", 124.8),  # + 0.083 cars + 125 x 65.63%
    ("us_on_cn", "2025-05-03", 127.2),  # + 2.455 car parts
    ("us_on_cn", "2025-05-14", 51.8),  # - 115 x 65.63%
    ("us_on_cn", "2025-08-18", 57.6),  # + 2.598 + 0.231 + 0.363 + 2.605
    ("us_on_cn", "2025-11-10", 47.5),  # + 0.007 + 0.010 - 0.030 - 10
    ("cn_on_us", "2025-04-12", 147.6),  # 22.597 + 125
    ("cn_on_us", "2025-05-14", 32.6),  # - 115
    ("cn_on_us", "2025-11-10", 31.9),  # - 0.720 of the farm layer
]


@pytest.mark.parametrize(("direction", "day", "value"), LATER)
def test_levels_after_the_open_data_add_up(direction: str, day: str, value: float) -> None:
    assert round(rate(direction, day), 1) == value


def test_the_exemption_of_electronics_reaches_back_once_it_is_known() -> None:
    assert round(rate("us_on_cn", "2025-04-10", as_of="2025-04-10"), 1) == 135.4
    assert round(rate("us_on_cn", "2025-04-10", as_of="2025-04-11"), 1) == 124.8
    assert round(rate("us_on_cn", "2025-04-10"), 1) == 124.8


@pytest.mark.parametrize(("day", "points"), [("2025-04-10", 84), ("2025-04-12", 41), ("2025-05-14", -115)])
def test_steps_of_a_duty_on_all_goods_are_exact_in_an_average(day: str, points: int) -> None:
    assert step("cn_on_us", day) == pytest.approx(points, abs=1e-9)


@pytest.mark.parametrize(
    ("basis", "day", "value"),
    [
        # Bown, Jung and Zhang's lines and 2017 imports.
        ("cn-imports-2017", "2018-01-01", 5.98),
        ("cn-imports-2017", "2018-07-06", 11.00),
        ("cn-imports-2017", "2018-09-24", 15.84),
        ("cn-imports-2017", "2019-06-01", 15.64),
        # The same day on other weights.
        ("piie-implied", "2019-06-01", 20.73),
        ("simple-hs6", "2019-06-01", 22.33),
    ],
)
def test_the_same_duties_give_another_average_by_weights(basis: str, day: str, value: float) -> None:
    assert rate("cn_on_us", day, weights=basis) == pytest.approx(value, abs=0.05)


@pytest.mark.parametrize(
    ("direction", "day", "share"),
    [
        # As published: 2017 import values.
        ("us_on_cn", "2018-01-01", 0),
        ("us_on_cn", "2018-02-07", 0.24),
        ("us_on_cn", "2018-07-05", 0.79),
        ("us_on_cn", "2018-09-24", 46.93),
        ("us_on_cn", "2025-02-03", 66.65),
        ("us_on_cn", "2025-02-04", 100),
        ("cn_on_us", "2018-09-24", 65.5),
        ("cn_on_us", "2019-01-01", 56.3),
        ("cn_on_us", "2025-04-09", 63.0),
        ("cn_on_us", "2025-04-10", 100),
    ],
)
def test_the_share_of_trade_covered_is_as_published(direction: str, day: str, share: float) -> None:
    assert rate(direction, day, measure="covered") == share


def test_a_share_covered_by_a_void_duty_is_not_counted_where_void_duties_are_out() -> None:
    assert rate("us_on_cn", "2025-06-01", measure="covered", basis="lawful") == 66.65


def test_void_duties_leave_the_average_and_nothing_else_does() -> None:
    # 20 + 10 x 65.63% of the two IEEPA duties on 1 June 2025.
    gone = rate("us_on_cn", "2025-06-01") - rate("us_on_cn", "2025-06-01", basis="lawful")
    assert gone == pytest.approx(26.563)


@pytest.mark.parametrize(
    ("direction", "basis", "day", "message"),
    [
        (
            "us_on_cn",
            "piie-implied",
            "2026-01-01",
            r"reach to 2025-12-31; found 2026-01-01 \(s301-review-batteries, .* change on 2026-01-01\)",
        ),
        ("us_on_row", "piie-implied", "2025-04-01", "the weights piie-implied reach to 2025-03-31"),
        (
            "cn_on_us",
            "cn-imports-2017",
            "2025-02-10",
            r"reach to 2025-02-09; found 2025-02-10 \(cn-energy-10, cn-energy-15 change on 2025-02-10\)",
        ),
        ("cn_on_us", "simple-hs6", "2025-02-10", "the weights simple-hs6 reach to 2025-02-09"),
    ],
)
def test_a_day_that_the_weights_do_not_know_is_refused(direction: str, basis: str, day: str, message: str) -> None:
    with pytest.raises(CoverageError, match=message):
        rate(direction, day, weights=basis)


@pytest.mark.parametrize(("basis", "direction"), TABLES)
def test_every_day_from_the_first_to_the_last_is_known(basis: str, direction: str) -> None:
    series = tf.series(direction, measure="average", weights=basis, freq="D")
    weights = packaged().weights(basis, direction)
    assert series.index[0].date() == max(packaged().release.covers_from, weights.first_day)
    assert series.index[-1].date() == weights.last_day
    assert not series.isna().any()


@pytest.mark.parametrize(("basis", "direction"), [table for table in TABLES if table[1] != "us_on_row"])
@pytest.mark.parametrize("by", ["duty", "family", "authority"])
def test_contributions_add_up_on_every_day(basis: str, direction: str, by: Any) -> None:
    asked: dict[str, Any] = {"measure": "average", "weights": basis, "freq": "D"}
    summed = tf.parts(direction, by=by, **asked).groupby("date", observed=True)["rate"].sum()
    assert (summed - tf.series(direction, **asked)).abs().max() < 1e-9


def test_an_average_published_whole_is_not_taken_apart() -> None:
    with pytest.raises(ValueError, match="us_on_row_average_piie_implied is not a sum of duties"):
        tf.parts("us_on_row", measure="average", weights="piie-implied")


def test_on_computed_bases_the_average_is_mfn_plus_level_times_share() -> None:
    # 2018-07-06 by hand: MFN 4.889471; 15 x 0.656529 + 25 x 1.339353 of the first answer; 25 x 22.721501 of List 1.
    by_hand = 4.889471 + (15 * 0.656529 + 25 * 1.339353 + 25 * 22.721501) / 100
    assert rate("cn_on_us", "2018-07-06", weights="cn-imports-2017") == pytest.approx(by_hand, abs=1e-9)


def parts_of(basis: Basis, day: date) -> Decimal | None:
    return value_on(add(part.points for part in basis.parts(View())), day)


def test_the_order_of_duties_and_of_rows_changes_nothing() -> None:
    record = packaged()
    weights = record.weights("cn-imports-2017", "cn_on_us")
    duties = record.bearing(weights.direction)
    day = date(2020, 3, 1)
    expected = parts_of(Basis(weights, duties, record.events), day)
    assert expected is not None
    turned = type(weights)(
        **{name: getattr(weights, name) for name in weights.__dataclass_fields__} | {"rows": weights.rows[::-1]}
    )
    assert parts_of(Basis(turned, duties[::-1], record.events), day) == expected


def table(*rows: WeightRow) -> Weights:
    return replace(packaged().weights("piie-implied", "us_on_cn"), rows=rows)


def basis_of(*rows: WeightRow) -> Basis:
    record = packaged()
    return Basis(table(*rows), record.bearing(Direction("US", "CN")), record.events)


MFN = WeightRow("mfn", ("us-mfn",), ("us-mfn/2018-01-01/us-mfn-2018",), Decimal(3))


def test_a_duty_without_a_number_is_unknown_while_it_is_in_force_and_nothing_before() -> None:
    basis = basis_of(MFN)
    assert parts_of(basis, date(2018, 2, 6)) == 3
    assert parts_of(basis, date(2018, 2, 7)) is None  # the solar and washer safeguards


def test_a_change_of_coverage_without_a_number_makes_the_share_unknown_from_its_day() -> None:
    reciprocal = WeightRow("share", ("ieepa-reciprocal",), (), Decimal(70))
    [part] = [part for part in basis_of(MFN, reciprocal).parts(View()) if part.label("duty") == "ieepa-reciprocal"]
    assert value_on(part.points, date(2025, 4, 4)) == 0
    assert value_on(part.points, date(2025, 4, 5)) is None
    [part] = [
        part
        for part in basis_of(MFN, reciprocal).parts(View(as_of=date(2025, 4, 10)))
        if part.label("duty") == "ieepa-reciprocal"
    ]
    assert value_on(part.points, date(2025, 4, 10)) == Decimal("87.5")


def test_a_change_left_out_leaves_the_share_as_it_was() -> None:
    reciprocal = WeightRow("share", ("ieepa-reciprocal",), (), Decimal(70))
    slugs = (
        *("electronics-2025-04-11", "bullion", "critical-minerals-2025-09", "pharma-inputs-2025-09", "aluminium-hydroxide"),
        *("resins-2025-09", "silicones-2025-09", "farm-goods-2025-11", "copper-goods-2025-08", "wood-2025-10"),
    )
    left_out = WeightRow("left_out", (), slugs, None, "for the test")
    [part] = [part for part in basis_of(MFN, reciprocal, left_out).parts(View()) if part.label("duty") == "ieepa-reciprocal"]
    assert value_on(part.points, date(2025, 12, 1)) == 7
    some = (*slugs[:2], "copper-goods-2025-08")
    partly = WeightRow("left_out", (), some, None, "one slug of several")
    [part] = [part for part in basis_of(MFN, reciprocal, partly).parts(View()) if part.label("duty") == "ieepa-reciprocal"]
    assert value_on(part.points, date(2025, 9, 7)) == 7
    assert value_on(part.points, date(2025, 9, 8)) is None


ACT, EXEMPTION = "ieepa-reciprocal/2025-04-05/10", "ieepa-reciprocal/2025-04-05/electronics-2025-04-11"
PARTS_DISPLACE, METALS_TWICE = "s232-auto-parts/2025-05-03/25", "s232-steel/2025-06-04/50"


def shares_on(days: list[date], view: View, *rows: tuple[str, str, int]) -> list[Decimal | None]:
    table = [
        WeightRow(
            "share", ("ieepa-reciprocal",), tuple(since.split()), Decimal(share), day=date.fromisoformat(day) if day else None
        )
        for day, since, share in (("", "", 90), *rows)
    ]
    [part] = [part for part in basis_of(MFN, *table).parts(view) if part.label("duty") == "ieepa-reciprocal"]
    return [value_on(part.share or (), day) for day in days]


@pytest.mark.parametrize("turn", [1, -1])
def test_of_rows_of_one_day_the_one_whose_events_were_known_last_holds_once_they_were(turn: int) -> None:
    rows = [("", PARTS_DISPLACE, 80), ("", f"{PARTS_DISPLACE} {EXEMPTION}", 60), ("", EXEMPTION, 70)][::turn]
    days = [date(2025, 4, 9), date(2025, 5, 3)]
    assert shares_on(days, View(as_of=date(2025, 4, 10)), *rows) == [90, 80]
    assert shares_on(days, View(as_of=date(2025, 4, 11)), *rows) == [70, 60]
    assert shares_on(days, View(), *rows) == [70, 60]


def test_a_row_of_several_days_does_not_begin_with_the_earlier_ones_alone() -> None:
    rows = [("", EXEMPTION, 70), ("", f"{METALS_TWICE} {EXEMPTION}", 60)]
    days = [date(2025, 4, 9), date(2025, 6, 4)]
    assert shares_on(days, View(as_of=date(2025, 5, 1)), *rows) == [70, 70]
    assert shares_on(days, View(), *rows) == [70, 60]


def test_a_row_of_several_days_has_no_number_where_an_earlier_one_was_not_known() -> None:
    rows = [("", EXEMPTION, 70), ("", f"{PARTS_DISPLACE} {EXEMPTION}", 60)]
    assert shares_on([date(2025, 5, 2), date(2025, 5, 3)], View(as_of=date(2025, 4, 10)), *rows) == [90, None]


def test_a_row_with_a_day_beside_events_holds_from_it_where_they_count() -> None:
    rows = [("", EXEMPTION, 70), ("2025-06-01", EXEMPTION, 60)]
    days = [date(2025, 5, 31), date(2025, 6, 1)]
    assert shares_on(days, View(as_of=date(2025, 4, 10)), *rows) == [90, 90]
    assert shares_on(days, View(), *rows) == [70, 60]


def test_events_booked_together_and_known_one_by_one_have_no_number_in_between() -> None:
    names = ("s232-steel/2025-06-04/50", "s232-copper/2025-08-01/50")
    record = packaged()
    both = WeightRow("points", ("s232-steel", "s232-copper"), names, Decimal(1))
    basis = Basis(table(MFN, both), tuple(record.duties[name] for name in ("us-mfn", "s232-steel", "s232-copper")), record.events)
    between = [part for part in basis.parts(View(as_of=date(2025, 6, 10))) if len(part.duties) == 2]
    assert value_on(between[0].points, date(2025, 6, 9)) is None


def test_a_duty_at_0_needs_no_share() -> None:
    assert rate("us_on_cn", "2019-12-20") == rate("us_on_cn", "2019-12-14")  # List 4B at 0 from 15 December 2019


@pytest.mark.parametrize("order", list(permutations(["us_on_cn", "cn_on_us"])))
def test_directions_stand_side_by_side_in_the_order_asked(order: tuple[str, ...]) -> None:
    frame = tf.rates(order, **PIIE)
    assert list(frame.columns) == [f"{name}_average_piie_implied" for name in order]


def test_several_weights_stand_side_by_side_and_say_so() -> None:
    frame = tf.rates(["cn_on_us"], measure="average", weights=["piie-implied", "simple-hs6"], end="2025-02-09")
    assert list(frame.columns) == ["cn_on_us_average_piie_implied", "cn_on_us_average_simple_hs6"]
    assert frame.attrs["weights"] == "piie-implied, simple-hs6"
    assert "calibrated to a publication" in frame.attrs["weights_note"]
    assert "computed from tariff lines" in frame.attrs["weights_note"]


def test_every_row_of_a_table_names_its_weights_source() -> None:
    row = tf.table("us_on_row", start="2020-01-01", end="2020-01-01", **PIIE).iloc[0]
    assert row["events"] == ""
    assert row["sources"].startswith("https://www.piie.com/")


def test_quantities_of_one_measure_differ_in_name() -> None:
    where = Direction("CN", "US")
    names = {Quantity("average", name).column(where) for name in packaged().bases}
    assert len(names) == len(packaged().bases)
