"""Numbers typed by hand from the law, each with the instrument that says so."""

from __future__ import annotations

import pytest

import tariffs as tf

US_ON_CN = [
    ("2018-01-01", 0),  # no across-the-board duty before 2025
    ("2019-09-01", 0),  # 84 FR 45821 reaches List 4A only
    ("2025-02-03", 0),
    ("2025-02-04", 10),  # EO 14195, 90 FR 9121, from 00:01
    ("2025-03-03", 10),
    ("2025-03-04", 20),  # EO 14228, 90 FR 11463
    ("2025-04-04", 20),
    ("2025-04-05", 30),  # EO 14257, 90 FR 15041: 10 on all origins
    ("2025-04-08", 30),
    ("2025-04-09", 104),  # EO 14259: 84 in place of 34, never 34
    ("2025-04-10", 145),  # EO 14266, 90 FR 15625: 125
    ("2025-05-13", 145),
    ("2025-05-14", 30),  # EO 14298, 90 FR 21831: 24 of 34 suspended
    ("2025-08-12", 30),  # EO 14334 continues the suspension
    ("2025-11-01", 30),  # the 130 threatened on 2025-10-10 was withdrawn
    ("2025-11-09", 30),
    ("2025-11-10", 20),  # EO 14357, 90 FR 50725: fentanyl 10
    ("2026-02-20", 20),  # ruled void that day, collected until the 24th
    ("2026-02-23", 20),
    ("2026-02-24", 10),  # CSMS 67834313 ends IEEPA; Proclamation 11012, 91 FR 9339, begins
    ("2026-07-23", 10),
    ("2026-07-24", 12.5),  # 91 FR 47318, heading 9903.05.31; Section 122 lapses the same minute
    ("2026-10-09", 12.5),
]
CN_ON_US = [
    ("2018-01-01", 0),
    ("2025-04-09", 0),
    ("2025-04-10", 84),  # SCTC Announcement 2025 No. 5, 12:01; the 34 of No. 4 was overtaken
    ("2025-04-11", 84),
    ("2025-04-12", 125),  # No. 6
    ("2025-05-13", 125),
    ("2025-05-14", 10),  # No. 7, 12:01
    ("2025-08-12", 10),  # suspended 90 more days
    ("2025-11-10", 10),  # No. 10, 13:01
    ("2026-10-09", 10),
]


@pytest.mark.parametrize(("day", "percent"), US_ON_CN)
def test_us_duty_on_chinese_goods_is_what_the_law_said(day: str, percent: float) -> None:
    assert tf.rate("us_on_cn", day) == percent


@pytest.mark.parametrize(("day", "percent"), CN_ON_US)
def test_chinese_duty_on_american_goods_is_what_the_law_said(day: str, percent: float) -> None:
    assert tf.rate("cn_on_us", day) == percent


@pytest.mark.parametrize(
    ("day", "percent"),
    # Learning Resources v. Trump, 2026-02-20: IEEPA never authorised a tariff; what remains is Section 122 and Section 301.
    [("2025-04-15", 0), ("2026-02-23", 0), ("2026-02-24", 10), ("2026-07-24", 12.5)],
)
def test_lawful_rate_leaves_the_void_duties_out_from_inception(day: str, percent: float) -> None:
    assert tf.rate("us_on_cn", day, basis="lawful") == percent


@pytest.mark.parametrize(
    ("direction", "day", "good", "percent"),
    [
        ("us_on_cn", "2025-01-15", "", 0),
        ("us_on_cn", "2025-04-15", "", 145),  # all of 145: fentanyl 20, reciprocal 125
        ("us_on_cn", "2025-06-01", "", 30),  # all of 30: EO 14228 and EO 14298
        ("us_on_cn", "2026-02-23", "", 20),  # held void on the 20th, collected until the 24th
        ("us_on_cn", "2026-02-24", "", 0),  # CSMS 67834313; Section 122 was not before the court
        ("us_on_cn", "2025-04-15", "list-3", 145),  # of 170: 25 of Section 301 stay
        ("us_on_cn", "2025-04-15", "smartphone", 20),  # of 20: outside the reciprocal duty, memorandum of 11 April 2025
        ("us_on_cn", "2025-06-10", "steel-mill-product", 20),  # of 95: Section 232 in place of the reciprocal duty
        ("cn_on_us", "2018-07-06", "", 0),
        ("cn_on_us", "2025-04-15", "", 0),  # of 125: no court held a Chinese duty void
        ("cn_on_us", "2026-10-09", "", 0),
    ],
)
def test_refundable_is_what_was_charged_and_held_void(direction: str, day: str, good: str, percent: float) -> None:
    asked = {"measure": "stack", "good": good} if good else {}
    assert tf.rate(direction, day, basis="refundable", **asked) == percent  # type: ignore[arg-type]  # a measure and its good


def path(direction: str, since: str, **view: str) -> dict[str, float]:
    steps = tf.series(direction, start=since, **view)  # type: ignore[arg-type]  # keywords of the view, passed through
    return {f"{day:%Y-%m-%d}": value for day, value in steps.items()}


@pytest.mark.parametrize("day", ["2025-04-04", "2025-04-07"])
def test_law_of_early_april_stepped_to_54_on_the_ninth(day: str) -> None:
    # EO 14257 of 2 April: 34 on the 9th, beside fentanyl 20.
    assert path("us_on_cn", "2025-04-01", as_of=day) == {"2025-04-01": 20, "2025-04-05": 30, "2025-04-09": 54}


def test_statement_of_7_april_2025_stepped_to_104_on_the_ninth() -> None:
    # 50 points more were announced on the 7th and signed on the 8th.
    assert path("us_on_cn", "2025-04-01", as_of="2025-04-07", known="stated")["2025-04-09"] == 104


def test_law_of_20_may_2025_returned_to_54_after_ninety_days() -> None:
    # EO 14298: the 24 points were suspended until 12 August.
    assert path("us_on_cn", "2025-05-14", as_of="2025-05-20") == {"2025-05-14": 30, "2025-08-12": 54}


def test_statement_of_20_october_2025_held_the_threatened_hundred() -> None:
    # +100 from 1 November (stated 10 October); the suspension was still to end on 10 November.
    expected = {"2025-10-20": 30, "2025-11-01": 130, "2025-11-10": 154}
    assert path("us_on_cn", "2025-10-20", as_of="2025-10-20", known="stated") == expected


@pytest.mark.parametrize("known", ["law", "stated"])
def test_weekend_after_the_ruling_knew_ten_from_the_24th(known: str) -> None:
    # The 15 of 21 February 2026 was stated without a day and stands on no path.
    steps = path("us_on_cn", "2026-02-20", as_of="2026-02-22", known=known)
    assert steps["2026-02-20"] == 20
    assert steps["2026-02-24"] == 10


def test_law_of_september_2026_still_returned_the_24_points_on_10_november() -> None:
    # Announcement No. 10 of 2025 suspends them for one year; both governments' statements came on 23 and 28 September.
    assert tf.rate("cn_on_us", "2026-11-10", as_of="2026-09-22") == 34


def test_agreement_moves_the_return_to_january_2027() -> None:
    assert tf.rate("cn_on_us", "2027-01-09") == 10
    assert tf.rate("cn_on_us", "2027-01-10") == 34
    assert tf.explain("cn_on_us", "2027-01-10").standing == "scheduled"


def test_us_side_has_no_scheduled_step() -> None:
    # The 24 points hung on IEEPA, which is gone.
    assert tf.rate("us_on_cn", "2027-06-30") == 12.5
    assert tf.explain("us_on_cn", "2027-06-30").standing == "not verified"


@pytest.mark.parametrize(
    ("day", "duty", "percent"),
    [
        ("2018-03-23", "s232-steel", 25),  # Proclamation 9705
        ("2018-03-23", "s232-aluminium", 10),  # Proclamation 9704
        ("2018-07-06", "s301-list-1", 25),  # 83 FR 28710
        ("2018-08-23", "s301-list-2", 25),  # 83 FR 40823
        ("2018-09-24", "s301-list-3", 10),  # 83 FR 47974
        ("2019-01-01", "s301-list-3", 10),  # the step to 25 was postponed
        ("2019-05-09", "s301-list-3", 10),
        ("2019-05-10", "s301-list-3", 25),  # 84 FR 20459
        ("2019-09-01", "s301-list-1", 25),
        ("2019-09-01", "s301-list-4a", 15),  # 84 FR 45821
        ("2019-10-15", "s301-list-1", 25),  # the 30 never came
        ("2020-02-14", "s301-list-4a", 7.5),  # 85 FR 3741
        ("2024-09-27", "s301-review-ev-syringes", 100),  # 89 FR 76581
        ("2025-01-01", "s301-review-semiconductors", 50),  # 89 FR 76581
        ("2025-03-12", "s232-aluminium", 25),  # Proclamation 10895
        ("2025-04-03", "s232-autos", 25),  # Proclamation 10908
        ("2025-06-04", "s232-steel", 50),  # Proclamation 10947
        ("2025-08-01", "s232-copper", 50),  # Proclamation 10962
        ("2025-11-09", "s301-maritime-cranes", 100),  # HTS 2025 Revision 27: in force for one day
        ("2026-01-15", "s232-semiconductors", 25),  # Proclamation 11002
        ("2026-04-06", "s232-metals-annex-1a", 50),  # Proclamation 11021
    ],
)
def test_product_list_duty_stood_at_its_legal_level(day: str, duty: str, percent: float) -> None:
    levels = tf.levels("us_on_cn", start=day, end=day).set_index("duty")["rate"]
    assert levels[duty] == percent


@pytest.mark.parametrize(
    ("day", "duty", "percent"),
    [
        ("2018-04-02", "cn-s232-answer-15", 15),  # SCTC Notice [2018] No. 13
        ("2018-07-06", "cn-list-1", 25),
        ("2018-09-24", "cn-list-3-a", 10),  # applied at 10, planned at 25
        ("2018-09-24", "cn-list-3-d", 5),
        ("2019-06-01", "cn-list-3-a", 25),
        ("2019-06-01", "cn-list-3-b", 20),
        ("2019-06-01", "cn-list-3-c", 10),
        ("2019-06-01", "cn-list-3-d", 5),
        ("2019-09-01", "cn-list-4a-10", 10),
        ("2020-02-14", "cn-list-4a-10", 5),
        ("2020-02-14", "cn-list-4a-5", 2.5),
        ("2025-02-10", "cn-energy-15", 15),  # SCTC Announcement 2025 No. 1
        ("2025-03-10", "cn-farm-15", 15),  # No. 2
        ("2026-10-09", "cn-energy-15", 15),  # never repealed
    ],
)
def test_chinese_list_duty_stood_at_its_legal_level(day: str, duty: str, percent: float) -> None:
    levels = tf.levels("cn_on_us", start=day, end=day).set_index("duty")["rate"]
    assert levels[duty] == percent


@pytest.mark.parametrize(
    ("direction", "day", "ended"),
    [
        ("us_on_cn", "2025-11-10", {"s301-maritime-cranes"}),
        ("us_on_cn", "2026-02-07", {"s201-solar"}),
        ("us_on_cn", "2026-02-24", {"ieepa-fentanyl", "ieepa-reciprocal"}),
        ("us_on_cn", "2026-04-06", {"s232-steel", "s232-aluminium", "s232-copper"}),
        ("us_on_cn", "2026-07-24", {"s122-surcharge"}),
        ("cn_on_us", "2025-11-10", {"cn-farm-10", "cn-farm-15"}),  # SCTC Announcement 2025 No. 9
    ],
)
def test_duty_ended_on_its_day(direction: str, day: str, ended: set[str]) -> None:
    levels = tf.levels(direction, start=day, end=day).set_index("duty")["rate"]
    assert {duty for duty in ended if levels[duty] != 0} == set()


@pytest.mark.parametrize(
    ("event", "withdrawn"),
    [
        ("ieepa-reciprocal/2025-04-09/34", "2025-04-08"),
        ("cn-reciprocal/2025-04-10/34", "2025-04-09"),
        ("ieepa-threat-100/2025-11-01/100", "2025-10-26"),
        ("cn-reciprocal/2026-11-10/34", "2026-09-28"),
        ("cn-list-4b-10/2019-12-15/10", "2019-12-15"),
        ("s301-list-1/2019-10-15/30", "2019-10-11"),
    ],
)
def test_step_that_never_came_has_the_day_it_fell_away(event: str, withdrawn: str) -> None:
    assert str(tf.load().events[event].withdrawn) == withdrawn


def test_electronics_left_the_reciprocal_duty_retroactively() -> None:
    # Memorandum of 11 April 2025, effective 5 April: a change of coverage, never a level.
    event = tf.events("us_on_cn").set_index("id").loc["ieepa-reciprocal/2025-04-05/electronics-2025-04-11"]
    assert (event["kind"], bool(event["retroactive"])) == ("coverage", True)
    assert f"{event['enacted']:%Y-%m-%d}" == "2025-04-11"


def test_rate_of_september_2019_names_the_lists_beneath_it() -> None:
    beneath = {line.duty.id: line.rate for line in tf.explain("us_on_cn", "2019-09-01").beneath}
    lists = {name: beneath[name] for name in ("s301-list-1", "s301-list-2", "s301-list-3", "s301-list-4a")}
    assert lists == {"s301-list-1": 25, "s301-list-2": 25, "s301-list-3": 25, "s301-list-4a": 15}
