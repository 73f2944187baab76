from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import tariffs as tf
from tariffs.errors import CoverageError, UsageError

DAYS = ["2018-06-01", "2019-09-01", "2025-02-04", "2025-04-08", "2025-04-15", "2025-08-12"]
DAYS += ["2026-02-21", "2026-07-24", "2027-01-10"]


@pytest.mark.parametrize("direction", ["us_on_cn", "cn_on_us"])
@pytest.mark.parametrize("day", DAYS)
def test_lines_add_up_to_the_total_and_carry_act_and_source(direction: str, day: str) -> None:
    answer = tf.explain(direction, day)
    assert sum((line.rate or Decimal(0) for line in answer.lines), Decimal(0)) == answer.total
    for line in (*answer.lines, *answer.beneath):
        assert line.event.act
        assert line.event.sources


def test_line_names_the_act_that_set_a_level_and_the_one_that_continued_it() -> None:
    # EO 14298 set 10 on 14 May 2025; EO 14334 kept it from 12 August.
    line = next(line for line in tf.explain("us_on_cn", "2025-09-01").lines if line.duty.id == "ieepa-reciprocal")
    assert (line.origin.act, line.event.act) == ("EO 14298", "EO 14334")
    assert "since 2025-05-14, EO 14298, continued 2025-08-12, EO 14334" in str(tf.explain("us_on_cn", "2025-09-01"))


def test_continuation_does_not_reach_past_a_change_of_level() -> None:
    # 10 stood from 5 April 2025 and again from 14 May; between them 84 and 125.
    line = next(line for line in tf.explain("us_on_cn", "2025-05-14").lines if line.duty.id == "ieepa-reciprocal")
    assert line.origin.effective == date(2025, 5, 14)


def test_exemption_is_named_under_the_duty_it_narrows() -> None:
    text = str(tf.explain("us_on_cn", "2025-04-15"))
    assert "coverage since 2025-04-05: Computers, smartphones" in text


def test_exemption_is_not_known_before_it_was_made_public() -> None:
    assert "coverage since" not in str(tf.explain("us_on_cn", "2025-04-10", as_of="2025-04-10"))


def test_void_duty_is_said_to_be_void() -> None:
    assert "held never authorised: Learning Resources v. Trump, 2026-02-20" in str(tf.explain("us_on_cn", "2025-04-15"))


REFUNDABLE: dict[str, Any] = {"basis": "refundable"}
STEEL: dict[str, Any] = {"measure": "stack", "good": "steel-mill-product"}


def test_lines_of_what_is_refundable_are_void_duties_alone_and_add_up() -> None:
    answer = tf.explain("us_on_cn", "2025-06-10", measure="average", weights="piie-implied", **REFUNDABLE)
    assert {line.duty.id: line.points for line in answer.lines} == {
        "ieepa-fentanyl": Decimal(20),
        "ieepa-reciprocal": Decimal("6.563"),  # 10 on 65.63% of trade
    }
    assert answer.total == Decimal("26.563")
    assert (answer.booked, answer.beneath) == ((), ())
    assert str(answer).count("held never authorised: Learning Resources v. Trump, 2026-02-20") == 2


def test_a_void_duty_that_was_displaced_is_not_refundable_and_the_reason_is_given() -> None:
    text = str(tf.explain("us_on_cn", "2025-06-10", **STEEL, **REFUNDABLE))
    assert "20% refundable part of the sum of the duties" in text
    assert "10%  IEEPA reciprocal duty on China, Hong Kong and Macau: displaced by Section 232 duty on steel" in text
    assert "List 4A" not in text


@pytest.mark.parametrize("basis", ["charged", "lawful", "refundable"])
@pytest.mark.parametrize("day", ["2025-01-15", "2025-04-15", "2026-02-23", "2026-02-24"])
@pytest.mark.parametrize("asked", [{}, STEEL, {"measure": "stack", "good": "smartphone", "mfn": True}], ids=str)
def test_every_answer_says_what_is_refundable(asked: dict[str, Any], day: str, basis: Any) -> None:
    answer = tf.explain("us_on_cn", day, **asked, basis=basis)
    assert answer.to_dict()["refundable"] == tf.rate("us_on_cn", day, **asked, **REFUNDABLE)


def test_what_is_charged_and_refundable_is_said_in_a_line() -> None:
    assert "refundable, for duties held void: 30 of 30%" in str(tf.explain("us_on_cn", "2025-06-01"))
    assert "refundable, for duties held void: 20 of 95%" in str(tf.explain("us_on_cn", "2025-06-10", **STEEL))
    for view in ({"as_of": "2026-02-19"}, {"basis": "lawful"}):
        assert "refundable" not in str(tf.explain("us_on_cn", "2025-06-01", **view))  # type: ignore[arg-type]
    assert "refundable" not in str(tf.explain("us_on_cn", "2026-02-24"))


def test_of_a_share_of_trade_nothing_is_said_to_be_refundable() -> None:
    answer = tf.explain("us_on_cn", "2025-06-01", measure="covered", weights="piie-implied")
    assert answer.to_dict()["refundable"] is None


def test_zero_comes_with_its_warning() -> None:
    assert "0 = no across-the-board duty; product-list duties applied" in str(tf.explain("us_on_cn", "2019-09-01"))


def test_change_without_a_day_is_listed_and_adds_nothing() -> None:
    # The order of 20 February 2026 ended the duties without naming the day on which collection would stop.
    answer = tf.explain("us_on_cn", "2026-02-21", as_of="2026-02-21")
    assert {event.id for event in answer.undated} == {"ieepa-fentanyl/open/0", "ieepa-reciprocal/open/0"}
    assert answer.total == 20
    assert "Announced, with no day fixed" in str(answer)


def test_floor_says_that_it_counts_mfn_in() -> None:
    # HTS 2026 heading 9903.82.10 sets "15%" where 9903.82.09 says "the duty provided … + 25%".
    assert "15%  Section 232 metals, Annex III, MFN included" in str(tf.explain("us_on_cn", "2026-07-24"))


def test_metal_content_is_named_as_the_base() -> None:
    beneath = {line.duty.id: line for line in tf.explain("us_on_cn", "2025-09-01").beneath}
    assert beneath["s232-copper"].terms == ", on the metal content"


@pytest.mark.parametrize(
    ("direction", "day", "standing"),
    [
        ("us_on_cn", "2026-10-09", "in force"),
        ("us_on_cn", "2026-10-10", "not verified"),
        ("cn_on_us", "2026-10-10", "not verified"),
        ("cn_on_us", "2026-11-10", "scheduled"),
        ("cn_on_us", "2027-01-10", "scheduled"),
    ],
)
def test_day_says_whether_it_was_checked(direction: str, day: str, standing: str) -> None:
    assert tf.explain(direction, day).standing == standing


def test_explanation_goes_through_json() -> None:
    answer = json.loads(json.dumps(tf.explain("cn_on_us", "2025-04-12").to_dict()))
    assert (answer["rate"], answer["unit"], answer["duties"][0]["act"]) == (125, "percent", "SCTC Announcement 2025 No. 6")


@pytest.mark.parametrize("day", ["2017-12-31", "1999-01-01"])
def test_day_before_the_record_says_where_it_begins(day: str) -> None:
    with pytest.raises(CoverageError, match="begins on 2018-01-01"):
        tf.rate("us_on_cn", day)


@pytest.mark.parametrize("day", ["15.04.2025", "2025-4-15", "April 2025", "", "2025-02-29", 20250415, None])
def test_what_is_no_day_is_refused(day: object) -> None:
    with pytest.raises(UsageError, match="day: found"):
        tf.rate("us_on_cn", day)  # type: ignore[arg-type]  # what a tired person types


def test_past_view_calls_what_followed_scheduled_not_in_force() -> None:
    # On 20 May 2025 the law had 54 on 12 August; it never was in force.
    answer = tf.explain("us_on_cn", "2025-08-15", as_of="2025-05-20")
    assert answer.total == 54
    assert (answer.standing, answer.horizon) == ("scheduled", date(2025, 5, 20))
    assert "scheduled: seen from 2025-05-20" in str(answer)


def test_past_view_does_not_know_the_ruling() -> None:
    assert "never authorised" not in str(tf.explain("us_on_cn", "2025-05-20", as_of="2025-05-20"))
    assert "never authorised" in str(tf.explain("us_on_cn", "2025-05-20"))


def test_line_beneath_names_the_act_of_its_own_date() -> None:
    # Steel has stood at 25 since Proclamation 9705; Proclamation 10896 kept it on 12 March 2025.
    line = next(line for line in tf.explain("us_on_cn", "2025-04-15").beneath if line.duty.id == "s232-steel")
    assert line.detail.startswith("since 2018-03-23, Proclamation 9705, continued 2025-03-12, Proclamation 10896")


def test_zero_over_no_list_carries_no_warning() -> None:
    assert "product-list duties" not in str(tf.explain("cn_on_us", "2018-01-02"))


def test_offer_of_2026_is_not_listed_on_a_day_of_2018() -> None:
    assert tf.explain("cn_on_us", "2018-06-01").undated == ()
