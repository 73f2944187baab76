"""What one line bears, in the small world: every sum is done by hand from its record, whose levels are those of the law."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tariffs.errors import CoverageError, UnknownNameError, UsageError
from tariffs.loading import overlay
from tariffs.products.answers import LineRate, rate, series

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tariffs.catalog import Catalog
    from tariffs.products.store import Store

    Ask = Callable[..., LineRate]


@pytest.fixture
def ask(store: Store, record: Catalog) -> Ask:
    def answered(line: str, on: str | date, origin: str = "CN", **asked: Any) -> LineRate:
        return rate(line, origin=origin, on=on, store=store, catalog=record, **asked)

    return answered


def numbers(*values: Decimal | None) -> list[float | None]:
    return [None if value is None else float(value) for value in values]


HANDBAG, PANS, COILS, PHONE = "4202.29.20.00", "8205.51.60.00", "8415.90.80.25", "8517.13.00.00"
MOTOR, PLATE, COFFEE, DOOR_CLOSER, MILK = "8501.10.40.20", "7606.11.30.30", "0901.11.00.25", "8302.41.30.00", "0402.99.90.00"
FENTANYL, RECIPROCAL, ALUMINIUM = "ieepa-fentanyl", "ieepa-reciprocal", "s232-aluminium-derivatives"
STEEL, FLOOR, LIST_1, LIST_3, REVIEW = "s232-steel-derivatives", "s232-annex-3", "s301-list-1", "s301-list-3", "s301-review"

TRUTHS: list[tuple[str, str, str, dict[str, str]]] = [
    # On list 3 since 2018; fentanyl 10, then 20; the reciprocal duty 10, 125, 10.
    (HANDBAG, "CN", "2025-01-01", {LIST_3: "25"}),
    (HANDBAG, "CN", "2025-02-04", {LIST_3: "25", FENTANYL: "10"}),
    (HANDBAG, "CN", "2025-04-09", {LIST_3: "25", FENTANYL: "20", RECIPROCAL: "10"}),
    (HANDBAG, "CN", "2025-04-10", {LIST_3: "25", FENTANYL: "20", RECIPROCAL: "125"}),
    (HANDBAG, "CN", "2025-05-14", {LIST_3: "25", FENTANYL: "20", RECIPROCAL: "10"}),
    (HANDBAG, "CN", "2026-02-24", {LIST_3: "25"}),
    # Section 301 is on China alone.
    (HANDBAG, "HK", "2025-04-10", {FENTANYL: "20", RECIPROCAL: "125"}),
    (HANDBAG, "HK", "2026-02-24", {}),
    # On the negative list of the reciprocal duty from its first day.
    (PHONE, "CN", "2025-04-10", {FENTANYL: "20"}),
    # Leaves the reciprocal duty on 13 November 2025 with the farm goods.
    (COFFEE, "CN", "2025-11-12", {FENTANYL: "10", RECIPROCAL: "10"}),
    (COFFEE, "CN", "2025-11-13", {FENTANYL: "10"}),
    # Its footnote cited list 3 before July 2025 and the review after: a heading of the review stands in place of the list's.
    (PLATE, "CN", "2025-01-01", {REVIEW: "25"}),
    (PLATE, "CN", "2025-07-01", {REVIEW: "25", FENTANYL: "20", RECIPROCAL: "10"}),
    (MOTOR, "CN", "2025-07-01", {LIST_1: "25", FENTANYL: "20", RECIPROCAL: "10"}),
    # Kitchenware joins on 12 March 2025, 25 on the full value. Until 4 June the whole article was out of the reciprocal duty.
    (PANS, "CN", "2025-03-11", {FENTANYL: "20"}),
    (PANS, "CN", "2025-03-12", {FENTANYL: "20", ALUMINIUM: "25"}),
    (PANS, "CN", "2025-04-10", {FENTANYL: "20", ALUMINIUM: "25"}),
    # From 4 June 50 on the aluminium, 60 percent of the value by the list, and the reciprocal 10 on the other 40.
    (PANS, "CN", "2025-06-03", {FENTANYL: "20", ALUMINIUM: "25"}),
    (PANS, "CN", "2025-06-04", {FENTANYL: "20", ALUMINIUM: "30", RECIPROCAL: "4"}),
    (PANS, "HK", "2025-06-04", {FENTANYL: "20", ALUMINIUM: "30", RECIPROCAL: "4"}),
    (PANS, "CN", "2026-04-05", {ALUMINIUM: "30"}),
    (PANS, "CN", "2026-04-06", {}),
    # 30 percent steel, 20 percent aluminium: each bears its duty, and both leave the reciprocal duty.
    (COILS, "CN", "2025-03-12", {FENTANYL: "20", STEEL: "7.5", ALUMINIUM: "5"}),
    (COILS, "CN", "2025-04-10", {FENTANYL: "20", STEEL: "7.5", ALUMINIUM: "5"}),
    (COILS, "CN", "2025-06-04", {FENTANYL: "20", STEEL: "15", ALUMINIUM: "10", RECIPROCAL: "5"}),
    # Renumbered in February 2026; the old number still bears it.
    (COILS, "CN", "2026-03-01", {STEEL: "15", ALUMINIUM: "10"}),
    # 15 with the general 1.4 in it.
    (COILS, "CN", "2026-04-06", {FLOOR: "13.6"}),
    (MILK, "CN", "2025-07-01", {FENTANYL: "20", RECIPROCAL: "10"}),
]


@pytest.mark.parametrize(("line", "origin", "day", "parts"), TRUTHS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_line_bears_what_the_law_says(ask: Ask, line: str, origin: str, day: str, parts: dict[str, str]) -> None:
    answer = ask(line, day, origin)
    assert answer.parts == {duty: Decimal(points) for duty, points in parts.items()}
    assert answer.additional == sum(map(Decimal, parts.values()))


def test_the_general_duty_is_that_of_the_schedule_in_force(ask: Ask) -> None:
    before, after = ask(HANDBAG, "2026-01-31"), ask(HANDBAG, "2026-02-01")
    assert [(one.mfn, one.mfn_text, one.schedule) for one in (before, after)] == [
        (Decimal("3.3"), "3.3%", "2025_rev_16"),
        (Decimal(3), "3%", "2026_rev_2"),
    ]
    assert after.total == 3 + 25 + 10 + 10  # list 3, fentanyl, reciprocal


def test_a_duty_by_weight_stays_as_it_is_printed_where_trade_does_not_tell_it(ask: Ask) -> None:
    answer = ask(MILK, "2025-07-01")
    assert numbers(answer.mfn, answer.total, answer.additional) == [None, None, 30]
    assert answer.mfn_text == "46.3¢/kg + 14.9%"
    assert "MFN: 46.3¢/kg + 14.9%\n" in str(answer)


def test_a_duty_by_weight_is_told_in_percent_where_trade_tells_it(ask: Ask) -> None:
    # Peppers of Hong Kong: 2,500 dollars paid on 100,000, when no other duty stood.
    answer = ask("0709.60.20.10", "2025-07-01", "HK")
    assert (answer.mfn, answer.mfn_text, answer.total) == (Decimal("2.5"), "4.4¢/kg", Decimal("32.5"))


def test_what_hangs_on_metal_content_that_is_not_known_is_a_range(ask: Ask) -> None:
    # None of it steel: list 3 25, fentanyl 20, reciprocal 10. Nothing but steel: 25, 20 and 50.
    answer = ask(DOOR_CLOSER, "2025-07-01")
    assert numbers(answer.additional, answer.low, answer.high) == [None, 55, 95]
    assert answer.figure == "55 to 95"
    assert (answer.metals, answer.parts, answer.total) == ({"steel": None}, {}, None)
    assert "55 to 95% additional, by metal content" in str(answer)


def test_before_the_duty_on_content_nothing_hangs_on_it(ask: Ask) -> None:
    answer = ask(DOOR_CLOSER, "2025-03-11")
    assert numbers(answer.additional, answer.low, answer.high) == [45, 45, 45]


def test_when_the_whole_article_was_free_of_the_reciprocal_duty_its_metal_did_not_matter_for_it(ask: Ask) -> None:
    # 125 elsewhere; here 25 and 20, and 25 on what is steel.
    answer = ask(DOOR_CLOSER, "2025-04-10")
    assert numbers(answer.low, answer.high) == [45, 70]


@pytest.mark.parametrize(
    ("share", "total"),
    [
        (0, "55"),
        (100, "95"),
        (40, "71"),  # 25 + 20 + 50 on 40 percent + 10 on 60 percent
        ({"steel": 40}, "71"),
        ({"aluminium": 40}, "55"),  # no duty on its aluminium
        ({"steel": 12.5}, "60"),  # 45 + 6.25 + 8.75
    ],
)
def test_a_metal_share_that_is_given_settles_it(ask: Ask, share: Any, total: str) -> None:
    answer = ask(DOOR_CLOSER, "2025-07-01", metal_share=share)
    assert answer.additional == Decimal(total)
    assert numbers(answer.low, answer.high) == [55, 95]


def test_a_share_that_is_given_takes_the_list_s_place_for_every_metal(ask: Ask) -> None:
    # 30 percent steel and nothing else: 20 + 15 + 7; the list's 20 percent aluminium is left out.
    assert ask(COILS, "2025-07-01", metal_share={"steel": 30}).additional == 42
    assert ask(COILS, "2025-07-01").metals == {"steel": 30, "aluminium": 20}


@pytest.mark.parametrize(
    ("line", "share", "message"),
    [
        (COILS, 30, r"metal_share: 8415\.90\.80\.25 bears duties on metals: steel and aluminium; name them"),
        (HANDBAG, 30, r"metal_share: 4202\.29\.20\.00 bears duties on metals: none"),
        (PANS, 101, "metal_share: found 101, expected a percentage from 0 to 100"),
        (PANS, -1, "metal_share: found -1, expected a percentage from 0 to 100"),
        (PANS, True, "metal_share: found True"),
        (PANS, "60", "metal_share: found '60'"),
        (PANS, float("nan"), "metal_share: found nan"),
        (COILS, {"iron": 1}, "metal_share: found 'iron', expected one of steel, aluminium, copper"),
        (COILS, {"steel": 60, "aluminium": 41}, "metal_share: the metals are more than the whole"),
    ],
)
def test_a_metal_share_that_is_none_is_refused(ask: Ask, line: str, share: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ask(line, "2025-07-01", metal_share=share)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steel=st.integers(0, 100), share=st.integers(0, 100))
def test_two_metals_add_up_in_proportion(ask: Ask, steel: int, share: int) -> None:
    # 20 everywhere, 50 on the metals, 10 on what is neither.
    aluminium = (100 - steel) * share // 100
    answer = ask(COILS, "2025-07-01", metal_share={"steel": steel, "aluminium": aluminium})
    metal = Decimal(steel + aluminium)
    assert answer.additional == 20 + metal / 2 + (100 - metal) / 10
    assert answer.low is not None
    assert answer.high is not None
    assert answer.low <= answer.additional <= answer.high


def test_an_exclusion_that_is_possible_is_told_and_not_counted(ask: Ask) -> None:
    answer = ask(MOTOR, "2025-07-01")
    assert numbers(answer.additional, answer.low, answer.high) == [55, 30, 55]
    assert answer.exclusion_possible
    assert [(one.duty, numbers(one.low, one.high)) for one in answer.possible] == [(LIST_1, [30, 30])]
    text = " ".join(str(answer).split())
    assert "30% additional if it is described in U.S. note 20(vvv) (s301-list-1; heading 9903.88.69)" in text


def test_where_nothing_is_possible_nothing_is_told(ask: Ask) -> None:
    answer = ask(HANDBAG, "2025-07-01")
    assert (answer.possible, answer.exclusion_possible) == ((), False)
    assert numbers(answer.low, answer.high) == [55, 55]
    assert "What no tariff line shows" not in str(answer)


def test_a_view_of_the_past_knows_what_was_known_then(ask: Ask) -> None:
    # On 31 May 2025 neither 50 nor the content was known: 25 on the full value, and the content that is displaced is all of it.
    answer = ask(PANS, "2025-07-01", as_of="2025-05-31")
    assert answer.parts == {FENTANYL: 20, ALUMINIUM: 25}


def test_what_was_held_void_is_not_lawful_and_is_refundable(ask: Ask) -> None:
    assert ask(PANS, "2025-07-01", basis="lawful").additional == 30
    # 20, and 10 on the 40 percent that are not aluminium; 30 if nothing were, 20 if all of it.
    refundable = ask(PANS, "2025-07-01", basis="refundable")
    assert numbers(refundable.additional, refundable.low, refundable.high) == [24, 20, 30]


def test_a_day_may_be_a_date_or_its_text(ask: Ask) -> None:
    assert ask(HANDBAG, date(2025, 7, 1)).additional == ask(HANDBAG, "2025-07-01").additional == 55


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("4202292000", HANDBAG),
        ("4202.29.20", HANDBAG),  # one line stands under it
        ("42022920", HANDBAG),
        ("7005.21.10", "7005.21.10"),
    ],
)
def test_a_line_may_be_named_with_or_without_dots_and_by_its_eight_digits(ask: Ask, code: str, found: str) -> None:
    assert ask(code, "2025-07-01").line == found


def test_a_code_with_several_lines_under_it_is_refused_with_them(ask: Ask) -> None:
    with pytest.raises(
        UsageError, match=r"line: 7606\.11\.30 has 2 lines under it; name one: 7606\.11\.30\.30, 7606\.11\.30\.60$"
    ):
        ask("7606.11.30", "2025-07-01")


def test_a_line_that_the_schedule_never_had_is_refused_with_the_nearest(ask: Ask) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown tariff line '7606\.11\.30\.31'; did you mean '7606\.11\.30\.30'"):
        ask("7606.11.30.31", "2025-07-01")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("901.11.00.25", r"line: found '901\.11\.00\.25'.*did you mean '0901\.11\.00\.25'"),
        ("phones", "line: found 'phones', expected a code"),
        ("", "line: found ''"),
        (901110025, "line: found 901110025, of an odd number of digits; has it lost its leading zero"),
        ("2025-10-01", "line: found the day 2025-10-01; are line and day swapped"),
        (None, "line: found 'None', expected a code"),
    ],
)
def test_what_is_no_code_is_refused(ask: Ask, code: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ask(code, "2025-07-01")


def test_a_day_before_the_first_is_refused(ask: Ask) -> None:
    with pytest.raises(CoverageError, match="on: 2024-12-31 is before 2025-01-01, from which the record says which tariff lines"):
        ask(HANDBAG, "2024-12-31")


def test_a_line_that_is_gone_is_refused_with_its_days(ask: Ask) -> None:
    with pytest.raises(
        CoverageError, match=r"2933\.11\.00\.00: the schedule has no such line on 2026-02-01; it has it: 2025-01-01 to 2026-01-31"
    ):
        ask("2933.11.00.00", "2026-02-01")
    assert ask("2933.11.00.00", "2026-01-31").additional == 20


@pytest.mark.parametrize("code", ["9802.00.91.00", "9999.95.00.00", "9903.88.03"])
def test_lines_of_chapters_98_and_99_are_refused(ask: Ask, code: str) -> None:
    with pytest.raises(CoverageError, match=f"line: {code} is of chapter 98 or 99, whose goods owe what no line of their own"):
        ask(code, "2025-07-01")


def test_a_suffix_that_the_schedule_does_not_print_bears_what_its_line_bears(ask: Ask) -> None:
    answer = ask("9102.11.10.10", "2025-07-01", "HK")
    assert answer.additional == 30
    assert answer.matched == "eight digits"
    assert "the code stands for others there, found by eight digits" in str(answer)


@pytest.mark.parametrize(
    ("origin", "error", "message"),
    [
        ("VN", CoverageError, "origin VN: the record does not hold every US duty on its goods; it does for CN, HK"),
        ("EU", CoverageError, "origin EU: the record does not hold"),
        ("XX", UnknownNameError, "unknown origin 'XX'"),
        ("Chine", UnknownNameError, "unknown origin 'Chine'"),
        ("", UnknownNameError, "unknown origin ''"),
    ],
)
def test_an_origin_that_the_record_does_not_hold_is_refused(ask: Ask, origin: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        ask(HANDBAG, "2025-07-01", origin)


def test_an_origin_may_be_in_small_letters_or_a_name(ask: Ask) -> None:
    assert [ask(HANDBAG, "2025-07-01", name).origin for name in ("hk", "China")] == ["HK", "CN"]


def test_an_answer_is_plain_values_for_machines(ask: Ask) -> None:
    told = json.loads(json.dumps(ask(MOTOR, "2025-07-01").to_dict()))
    assert {name: told[name] for name in ("line", "origin", "date", "unit", "additional", "low", "high", "mfn", "total")} == {
        "line": MOTOR, "origin": "CN", "date": "2025-07-01", "unit": "percent", "additional": 55.0, "low": 30.0, "high": 55.0,
        "mfn": 4.4, "total": 59.4,
    }  # fmt: skip
    assert told["possible"] == [
        {
            "duty": LIST_1,
            "only_if": "it is described in U.S. note 20(vvv)",
            "by": "heading 9903.88.69",
            "low": 30.0,
            "high": 30.0,
        }
    ]
    assert {line["duty"] for line in told["stack"]["duties"]} == {LIST_1, FENTANYL, RECIPROCAL}
    ranged = ask(DOOR_CLOSER, "2025-07-01").to_dict()
    assert (ranged["additional"], ranged["stack"], ranged["metals"]) == (None, None, {"steel": None})


def test_a_series_has_a_row_for_each_change(store: Store, record: Catalog) -> None:
    found = series(PANS, origin="CN", store=store, catalog=record)
    assert {day.date().isoformat(): value for day, value in found.items()} == {  # type: ignore[attr-defined]  # a Timestamp
        "2025-01-01": 0,
        "2025-02-04": 10,
        "2025-03-04": 20,
        "2025-03-12": 45,
        "2025-06-04": 54,
        "2025-11-10": 44,  # fentanyl 10
        "2026-02-24": 30,
        "2026-04-06": 0,
    }
    assert (found.attrs["line"], found.attrs["description"]) == (PANS, "Household tools: Of aluminum: Pans")


def test_a_series_with_the_general_duty_moves_with_the_schedule(store: Store, record: Catalog) -> None:
    found = series(HANDBAG, origin="CN", start="2026-01-01", end="2026-02-28", mfn=True, store=store, catalog=record)
    assert [(str(day)[:10], round(value, 9)) for day, value in found.items()] == [
        ("2026-01-01", 48.3),  # 3.3, list 3 25, fentanyl 10, reciprocal 10
        ("2026-02-01", 48),
        ("2026-02-24", 28),
    ]


def test_a_series_may_be_of_months(store: Store, record: Catalog) -> None:
    found = series(PHONE, origin="CN", start="2025-02-01", end="2025-03-31", freq="MS", store=store, catalog=record)
    # 0 on 3 of 28 days and 10 on 25; 10 on 3 of 31 days and 20 on 28.
    assert [round(value, 9) for value in found] == [round(250 / 28, 9), round(590 / 31, 9)]


def test_a_series_before_the_first_day_is_refused(store: Store, record: Catalog) -> None:
    with pytest.raises(CoverageError, match="start: 2024-01-01 is before 2025-01-01"):
        series(PANS, origin="CN", start="2024-01-01", store=store, catalog=record)


def test_a_series_and_the_answers_of_days_agree(store: Store, record: Catalog, ask: Ask) -> None:
    for line in (HANDBAG, PANS, COILS, PHONE, MOTOR, PLATE, COFFEE):
        found = series(line, origin="CN", freq="D", store=store, catalog=record)
        for day in ("2025-01-01", "2025-03-12", "2025-04-10", "2025-06-04", "2025-11-13", "2026-03-01", "2026-10-09"):
            assert found[day] == pytest.approx(float(ask(line, day).additional or 0), abs=1e-12)


def test_a_duty_of_one_s_own_laid_over_the_record_is_borne_by_every_line(store: Store, record: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "duty,title,importer,origin,authority,family,scope,covers,effective,stated,enacted,rate,act,grade,source\n"
        "s338,Section 338,US,CN,S338,other,all_goods,every good,2025-06-01,2025-05-01,2025-05-01,50%,what if,C,guess\n",
        encoding="utf-8",
    )
    supposed = overlay(record, path)
    assert rate(PHONE, origin="CN", on="2025-07-01", store=store, catalog=supposed).parts == {FENTANYL: 20, "s338": 50}
    assert rate(PHONE, origin="HK", on="2025-07-01", store=store, catalog=supposed).additional == 20
