"""Averages over the trade of the small world, summed by hand.

Trade of China, in thousand dollars: coffee 1000, handbags 2000, pans 3000, coils 1500, phones 4500, motors 1000 and plates 2000
are 15,000 whose duty is always known; door closers 500, known while nothing hangs on their steel; milk 400 by weight and 100 of a
code that is no line, never known. Of Hong Kong: handbags 600, peppers 100, watches 300 of unknown duty.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from tariffs.errors import CoverageError, UnknownNameError, UsageError
from tariffs.products.answers import rate
from tariffs.products.overtrade import average, covered, distribution, frame

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from tariffs.catalog import Catalog
    from tariffs.products.store import Store

    Ask = Callable[..., pd.DataFrame]

BY = ["family", "authority", "duty", "chapter"]


@pytest.fixture
def mean(store: Store, record: Catalog) -> Ask:
    def asked(origin: str = "CN", **how: Any) -> pd.DataFrame:
        return average(origin, store=store, catalog=record, **how)

    return asked


@pytest.fixture
def lines(store: Store, record: Catalog) -> Ask:
    def asked(on: str, origin: str = "CN", **how: Any) -> pd.DataFrame:
        return frame(origin, on=on, store=store, catalog=record, **how)

    return asked


@pytest.fixture
def spread(store: Store, record: Catalog) -> Ask:
    def asked(on: str = "2025-07-01", origin: str = "CN", **how: Any) -> pd.DataFrame:
        return distribution(origin, on=on, store=store, catalog=record, **how)

    return asked


# Thousand dollars times percent, good by good, general duty and the additional ones together.
SUMS = {
    # List 3 on handbags and door closers, list 1 on motors, the review on plates: 25 each.
    "2025-01-01": (
        2000 * 28.3 + 3000 * 3.1 + 1500 * 1.4 + 1000 * 29.4 + 2000 * 28 + 500 * 28.9,
        15_500,
    ),
    # Fentanyl 20; pans 25 on the full value; coils 25 on half; the reciprocal duty 125 on coffee, handbags, motors and plates.
    "2025-04-10": (
        1000 * 145
        + 2000 * (3.3 + 170)
        + 3000 * (3.1 + 45)
        + 1500 * (1.4 + 32.5)
        + 4500 * 20
        + 1000 * (4.4 + 170)
        + 2000 * (3 + 170),
        15_000,
    ),
    # Reciprocal 10; pans 50 on 60 percent and 10 on the rest; coils 50 and 10 on a half each.
    "2025-07-01": (
        1000 * 30 + 2000 * (3.3 + 55) + 3000 * (3.1 + 54) + 1500 * (1.4 + 50) + 4500 * 20 + 1000 * (4.4 + 55) + 2000 * (3 + 55),
        15_000,
    ),
    # The IEEPA duties have ended; handbags bear 3 in place of 3.3.
    "2026-03-01": (2000 * 28 + 3000 * 33.1 + 1500 * 26.4 + 1000 * 29.4 + 2000 * 28, 15_000),
    # Nothing on metal content is left; coils bear 15 in all.
    "2026-04-06": (2000 * 28 + 3000 * 3.1 + 1500 * 15 + 1000 * 29.4 + 2000 * 28 + 500 * 28.9, 15_500),
}


@pytest.mark.parametrize("day", SUMS)
def test_an_average_is_the_sum_over_goods_that_is_done_by_hand(mean: Ask, day: str) -> None:
    (row,) = mean(start=day, end=day).itertuples()
    total, trade = SUMS[day]
    assert row.rate == pytest.approx(total / trade, abs=1e-9)
    assert row.unknown == pytest.approx(100 * (16_000 - trade) / 16_000, abs=1e-9)


@pytest.mark.parametrize(
    ("day", "share"),
    [
        ("2025-01-01", 100 * 5500 / 15_500),  # handbags, motors, plates, door closers
        ("2025-02-04", 100),  # fentanyl
        ("2026-03-01", 100 * 9500 / 15_000),  # handbags, motors, plates, pans, coils
        ("2026-04-06", 100 * 7000 / 15_500),  # handbags, motors, plates, coils, door closers
    ],
)
def test_the_share_covered_is_that_of_goods_under_any_additional_duty(
    mean: Ask, store: Store, record: Catalog, day: str, share: float
) -> None:
    assert mean(start=day, end=day)["covered"].tolist() == pytest.approx([share])
    assert covered("CN", start=day, end=day, store=store, catalog=record).tolist() == pytest.approx([share])


def test_the_share_covered_has_a_row_where_it_changes(store: Store, record: Catalog) -> None:
    found = covered("CN", store=store, catalog=record)
    assert [str(day)[:10] for day in found.index] == ["2025-01-01", "2025-02-04", "2026-02-24", "2026-04-06"]
    assert (found.name, found.attrs["measure"]) == ("covered", "covered")
    assert covered("CN", freq="MS", store=store, catalog=record).shape == (22,)


def test_the_range_is_that_of_exclusions_and_of_metal_that_is_not_known(mean: Ask) -> None:
    # Over 15,500: motors may be excluded from 25; door closers bear 3.9 and between 55 and 95.
    (row,) = mean(start="2025-07-01", end="2025-07-01").itertuples()
    known, _ = SUMS["2025-07-01"]
    assert row.low == pytest.approx((known - 1000 * 25 + 500 * 58.9) / 15_500, abs=1e-9)
    assert row.high == pytest.approx((known + 500 * 98.9) / 15_500, abs=1e-9)


def test_the_range_is_a_point_where_nothing_is_open(mean: Ask) -> None:
    found = mean("HK")
    assert found["low"].equals(found["high"])
    assert (found["low"] - found["rate"]).abs().max() < 1e-9


def test_an_average_lies_in_its_range_on_every_day(mean: Ask) -> None:
    found = mean()
    assert ((found["low"] <= found["rate"] + 1e-9) & (found["rate"] <= found["high"] + 1e-9)).all()


def test_hong_kong_s_average_leaves_out_what_is_on_china_alone(mean: Ask) -> None:
    # Handbags 3.3 and 30; peppers, by weight, 2.5 by their trade, and 30; watches unknown.
    (row,) = mean("HK", start="2025-07-01", end="2025-07-01").itertuples()
    assert row.rate == pytest.approx((600 * 33.3 + 100 * 32.5) / 700, abs=1e-9)
    assert row.unknown == pytest.approx(30)
    assert row.covered == pytest.approx(100)


PARTS = {
    "us-mfn": 2000 * 3.3 + 3000 * 3.1 + 1500 * 1.4 + 1000 * 4.4 + 2000 * 3,
    "ieepa-fentanyl": 15_000 * 20,
    # Coffee, handbags, motors and plates in full, pans on 40 percent, coils on half; phones not.
    "ieepa-reciprocal": (1000 + 2000 + 1000 + 2000) * 10 + 3000 * 4 + 1500 * 5,
    "s301-list-1": 1000 * 25,
    "s301-list-3": 2000 * 25,
    "s301-review": 2000 * 25,
    "s232-aluminium-derivatives": 3000 * 30 + 1500 * 10,
    "s232-steel-derivatives": 1500 * 15,
    "s232-annex-3": 0,
}


def parts(mean: Ask, by: str, day: str = "2025-07-01") -> dict[str, float]:
    found = mean(by=by, start=day, end=day)
    return dict(zip(found[by].astype(str), found["rate"], strict=True))


def test_the_parts_of_an_average_are_those_done_by_hand(mean: Ask) -> None:
    assert sum(PARTS.values()) == pytest.approx(SUMS["2025-07-01"][0])
    assert parts(mean, "duty") == pytest.approx({name: part / 15_000 for name, part in PARTS.items()}, abs=1e-9)
    lists = (PARTS["s301-list-1"] + PARTS["s301-list-3"]) / 15_000
    assert parts(mean, "family")["s301-lists"] == pytest.approx(lists, abs=1e-9)
    assert parts(mean, "authority")["S301"] == pytest.approx(lists + 50_000 / 15_000, abs=1e-9)


def test_the_parts_by_chapter_are_those_of_its_lines(mean: Ask) -> None:
    found = mean(by="chapter", start="2025-07-01", end="2025-07-01").set_index("chapter")
    assert found.loc["42", "rate"] == pytest.approx(2000 * 58.3 / 15_000, abs=1e-9)
    assert found.loc["85", "rate"] == pytest.approx((4500 * 20 + 1000 * 59.4) / 15_000, abs=1e-9)
    assert found["share"].to_dict() == pytest.approx(
        {"04": 0, "09": 100 / 15, "42": 200 / 15, "76": 200 / 15, "82": 20, "83": 0, "84": 10, "85": 550 / 15, "99": 0}
    )


@pytest.mark.parametrize("origin", ["CN", "HK"])
@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("freq", [None, "D", "MS"])
def test_parts_add_up_to_the_average_on_every_day(mean: Ask, origin: str, by: str, freq: str | None) -> None:
    summed = mean(origin, by=by, freq=freq).groupby("date")["rate"].sum(min_count=1)
    whole = mean(origin, freq=freq)["rate"]
    assert summed.index.equals(whole.dropna().index) or freq is not None
    assert (summed.reindex(whole.index) - whole).abs().max() < 1e-9


@pytest.mark.parametrize("day", SUMS)
def test_lines_times_value_add_up_to_the_average(mean: Ask, lines: Ask, day: str) -> None:
    # Coils are traded under a number that later revisions no longer print, and then stand in no row.
    found = lines(day)
    known = found.dropna(subset=["rate"])
    gone = 0 if "8415.90.80.25" in found.index else 1_500_000
    total = (known["rate"] * known["value"]).sum() + gone * {"2026-03-01": 26.4, "2026-04-06": 15}.get(day, 0)
    assert total / (known["value"].sum() + gone) == pytest.approx(mean(start=day, end=day)["rate"].item(), abs=1e-9)


def test_a_row_says_whether_its_general_duty_is_printed_or_from_trade_or_not_known(lines: Ask) -> None:
    found = lines("2025-07-01", "HK")
    codes = ["0709.60.20.10", "4202.29.20.00", "0402.99.90.00"]
    assert found["general"].reindex(codes).tolist() == ["4.4¢/kg", "3.3%", "46.3¢/kg + 14.9%"]
    assert found["mfn"].reindex(codes[:2]).tolist() == [2.5, 3.3]
    assert found["mfn_from"].reindex(codes[:2]).tolist() == ["trade", "schedule"]
    assert found[["mfn", "mfn_from"]].reindex(codes[2:]).isna().all(axis=None)


def test_every_line_of_the_schedule_in_force_has_a_row(lines: Ask) -> None:
    before, after = lines("2025-07-01"), lines("2026-03-01")
    assert before.index.is_monotonic_increasing
    assert {"8415.90.80.25", "2933.11.00.00"} <= set(before.index)
    assert {"8415.90.80.10", "8415.90.80.20"} <= set(after.index)
    assert not {"8415.90.80.25", "2933.11.00.00"} & set(after.index)
    # Codes of trade alone are no lines.
    assert not {"9102.11.10.10", "9999.95.00.00"} & {*before.index, *after.index}
    assert (before.attrs["schedule"], after.attrs["schedule"]) == ("2025_rev_16", "2026_rev_2")


def test_a_row_says_what_a_line_bears(lines: Ask) -> None:
    row = lines("2025-07-01").loc["8501.10.40.20"]
    assert (
        row["description"]
        == "Electric motors and generators (excluding generating sets): Motors of an output not exceeding 37.5 W: Other: AC"
    )
    assert row.drop("description").to_dict() == {
        "general": "4.4%", "mfn": 4.4, "mfn_from": "schedule", "additional": 55, "rate": 59.4, "low": 30, "high": 55,
        "value": 1_000_000,
    }  # fmt: skip
    closer = lines("2025-07-01").reindex(["8302.41.30.00"])
    assert closer["additional"].isna().all()
    assert closer[["low", "high", "value"]].to_numpy().tolist() == [[55, 95, 500_000]]
    assert lines("2025-07-01").loc["2933.11.00.00", "value"] == 0


@pytest.mark.parametrize("origin", ["CN", "HK"])
@pytest.mark.parametrize("day", ["2025-01-01", "2025-06-04", "2026-04-06"])
def test_rows_agree_with_the_answers_for_single_lines(lines: Ask, store: Store, record: Catalog, origin: str, day: str) -> None:
    for code, row in lines(day, origin).iterrows():
        one = rate(str(code), origin=origin, on=day, store=store, catalog=record)
        assert row["general"] == one.mfn_text
        for name in ("additional", "mfn"):
            value = getattr(one, name)
            assert row[name] == pytest.approx(math.nan if value is None else float(value), nan_ok=True)


def test_trade_is_spread_over_steps_of_its_duties(spread: Ask) -> None:
    # 20: phones. 30: coffee and milk. 50: coils. 54: pans. 55: handbags, motors, plates. Of 16,000. What door closers and the
    # code that is no line bear is not known.
    found = spread()
    assert found["at_least"].tolist()[:-1] == [20, 30, 50, 55]
    assert found["below"].tolist()[:-1] == [25, 35, 55, 60]
    assert found["share"].tolist() == pytest.approx([4500 / 160, 1400 / 160, 4500 / 160, 5000 / 160, 600 / 160])
    assert found.iloc[-1, :2].isna().all()


def test_with_the_general_duty_trade_of_unknown_duty_joins_the_last_row(spread: Ask) -> None:
    # 20 phones; 30 coffee; 51.4 coils; 57.1, 58, 58.3, 59.4 the others; milk, door closers and the code that is no line unknown.
    found = spread(mfn=True)
    assert found["at_least"].tolist()[:-1] == [20, 30, 50, 55]
    assert found["share"].tolist() == pytest.approx([4500 / 160, 1000 / 160, 1500 / 160, 8000 / 160, 1000 / 160])


@pytest.mark.parametrize("width", [0.5, 1, 5, 7.5, 100])
@pytest.mark.parametrize("mfn", [True, False])
@pytest.mark.parametrize("day", ["2025-01-01", "2025-04-10", "2026-03-01"])
def test_shares_of_the_spread_add_up_to_all_trade(spread: Ask, width: float, mfn: bool, day: str) -> None:
    found = spread(day, width=width, mfn=mfn)
    assert found["share"].sum() == pytest.approx(100, abs=1e-9)
    assert (found["share"] >= 0).all()
    assert ((found["below"] - found["at_least"]).dropna() == width).all()


def test_a_duty_on_the_edge_of_a_step_belongs_to_the_step_that_it_begins(spread: Ask) -> None:
    # 54 and 55 in steps of one; 55 is not in the step that ends there.
    found = spread(width=1)
    assert found["at_least"].tolist()[:-1] == [20, 30, 50, 54, 55]


@pytest.mark.parametrize("width", [0, -5, 1001, True, "5", math.nan])
def test_a_width_that_is_none_is_refused(spread: Ask, width: Any) -> None:
    with pytest.raises(UsageError, match="width: found"):
        spread(width=width)


def test_what_is_asked_of_other_trade_or_days_is_refused(mean: Ask, lines: Ask, spread: Ask) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown weights 'us-imports-2023'; did you mean 'us-imports-2024'"):
        mean(weights="us-imports-2023")
    with pytest.raises(CoverageError, match="start: 2024-12-31 is before 2025-01-01"):
        mean(start="2024-12-31")
    with pytest.raises(CoverageError, match="on: 2024-12-31 is before 2025-01-01"):
        lines("2024-12-31")
    with pytest.raises(CoverageError, match="on: 2024-12-31 is before 2025-01-01"):
        spread("2024-12-31")
    with pytest.raises(UsageError, match="start 2025-07-02 is after end 2025-07-01"):
        mean(start="2025-07-02", end="2025-07-01")
    with pytest.raises(UnknownNameError, match="unknown part 'chapters'; did you mean 'chapter'"):
        mean(by="chapters")
    with pytest.raises(CoverageError, match="origin VN: the record does not hold"):
        mean("VN")


def test_views_of_the_past_and_of_the_law_reach_averages(mean: Ask) -> None:
    day = {"start": "2025-07-01", "end": "2025-07-01"}
    charged, lawful, refundable = (mean(basis=basis, **day)["rate"].item() for basis in ("charged", "lawful", "refundable"))
    ieepa = (PARTS["ieepa-fentanyl"] + PARTS["ieepa-reciprocal"]) / 15_000
    assert charged - lawful == pytest.approx(ieepa, abs=1e-9)
    # A void duty gives way to one that stands: on pans the reciprocal duty was charged on 40 percent. No general duty comes back.
    assert refundable == pytest.approx(ieepa, abs=1e-9)
    # At the end of 2024 nothing of 2025 was known; list 3, list 1 and the review were, and no duty on metal content.
    assert mean(as_of="2024-12-31", **day)["rate"].item() == pytest.approx(SUMS["2025-01-01"][0] / 15_500, abs=1e-9)


def test_an_average_says_where_it_comes_from(mean: Ask) -> None:
    told = mean().attrs
    assert {name: told[name] for name in ("measure", "unit", "origin", "weights", "data_version", "schedules")} == {
        "measure": "average", "unit": "percent", "origin": "CN", "weights": "us-imports-2024", "data_version": "small",
        "schedules": "2025_basic to 2026_rev_2",
    }  # fmt: skip


def test_an_average_of_months_weighs_its_days(mean: Ask) -> None:
    # February 2026: 23 days at the level of the 1st, 5 at that of the 24th.
    days = mean(start="2026-02-01", end="2026-02-28")["rate"]
    month = mean(start="2026-02-01", end="2026-02-28", freq="MS")["rate"]
    assert month.item() == pytest.approx((23 * days["2026-02-01"] + 5 * days["2026-02-24"]) / 28, abs=1e-9)
