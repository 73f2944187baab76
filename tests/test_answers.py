from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

import tariffs as tf
from tariffs.answers import Explanation, figure

PIIE: dict[str, Any] = {"measure": "average", "weights": "piie-implied"}
COVERED: dict[str, Any] = {"measure": "covered", "weights": "piie-implied"}
DERIVATIVE: dict[str, Any] = {"measure": "stack", "good": "aluminium-derivative", "metal_share": 30}
CAR: dict[str, Any] = {"measure": "stack", "good": "electric-car"}

ANSWERS: list[tuple[str, str, dict[str, Any]]] = [
    ("us_on_cn", "2018-01-01", PIIE),
    ("us_on_cn", "2019-09-01", PIIE),
    ("us_on_cn", "2025-04-15", PIIE),
    ("us_on_cn", "2025-12-31", PIIE),
    ("us_on_row", "2025-03-15", PIIE),
    ("cn_on_row", "2020-06-15", PIIE),
    ("cn_on_us", "2019-01-01", PIIE | {"weights": "cn-imports-2017"}),
    ("cn_on_us", "2019-12-31", PIIE | {"weights": "simple-hs6"}),
    ("cn_on_us", "2025-04-12", PIIE),
    ("us_on_cn", "2019-09-01", COVERED),
    ("us_on_cn", "2018-01-15", COVERED),
    ("us_on_cn", "2025-06-04", DERIVATIVE),
    ("us_on_cn", "2026-04-06", {"measure": "stack", "good": "machining-centre", "mfn": True}),
    ("us_on_cn", "2025-04-15", CAR | {"mfn": True}),
    ("us_on_cn", "2025-04-15", {"measure": "stack", "good": "smartphone"}),
    ("cn_on_us", "2025-04-12", {"measure": "stack", "good": "soybeans", "mfn": True}),
    ("us_on_cn", "2025-04-15", {}),
]


def named(answer: tuple[str, str, dict[str, Any]]) -> str:
    return "-".join([*answer[:2], *(str(value) for value in answer[2].values())])


every_answer = pytest.mark.parametrize("asked", ANSWERS, ids=named)
every_weighted_answer = pytest.mark.parametrize("asked", ANSWERS[:-1], ids=map(named, ANSWERS[:-1]))


def explained(asked: tuple[str, str, dict[str, Any]]) -> Explanation:
    direction, day, quantity = asked
    return tf.explain(direction, day, **quantity)


def lines_of(answer: Explanation) -> dict[str, Any]:
    """Return level, share and points of each line by its duty."""
    return {line.duty.id: (line.rate, line.share, line.points) for line in answer.lines}


@every_answer
def test_lines_and_what_is_booked_add_up_to_the_total(asked: tuple[str, str, dict[str, Any]]) -> None:
    answer = explained(asked)
    points = [line.points for line in answer.lines] + [entry.points for entry in answer.booked]
    assert sum((value for value in points if value is not None), Decimal(0)) == answer.total


@every_answer
def test_plain_values_go_through_json_and_add_up_to_the_rate(asked: tuple[str, str, dict[str, Any]]) -> None:
    answer = json.loads(json.dumps(explained(asked).to_dict()))
    points = [line["points"] for line in (*answer["duties"], *answer["booked"])]
    assert sum(points) == pytest.approx(answer["rate"], abs=1e-9)
    assert all(
        line["points"] == pytest.approx(line["rate"] * line["share"] / 100)
        for line in answer["duties"]
        if not line["including_mfn"]
    )
    quantity = asked[2]
    assert answer["measure"] == quantity.get("measure", "all_goods")
    assert (answer["weights"], answer["good"]) == (quantity.get("weights"), quantity.get("good"))
    assert answer["unit"] == "percent"


@every_weighted_answer
def test_a_text_ends_its_lines_at_a_hundred_but_for_citations_and_links(asked: tuple[str, str, dict[str, Any]]) -> None:
    told, _, read_in = str(explained(asked)).partition(", as read in:")
    assert asked[2]["measure"] == "all_goods" or read_in
    for line in told.splitlines():
        # Citations and links stay whole, to be copied.
        assert len(line) <= 100 or "://" in line or "[grade " in line


@every_answer
def test_a_text_says_the_total_what_it_is_and_which_data_it_comes_from(asked: tuple[str, str, dict[str, Any]]) -> None:
    answer = explained(asked)
    first, *_, last = str(answer).splitlines()
    assert first.startswith(f"{answer.direction.title}, {asked[1]}: {figure(answer.total)}% ")
    assert last.startswith("Data version ")


def test_an_average_is_mfn_points_and_levels_on_their_share() -> None:
    answer = tf.explain("us_on_cn", "2019-09-01", **PIIE)
    # Peterson's steps: MFN 3.0915, safeguards 0.0731, metals 0.6192; lists 1 to 4A at their level on their share.
    assert {entry.title: float(entry.points) for entry in answer.booked} == {
        "US MFN schedule": 3.0915,
        "Section 201 safeguards (4 duties booked together)": 0.0731,
        "Section 232: metals (4 duties booked together)": 0.6192,
    }
    assert lines_of(answer) == {
        "s301-list-1": (25, Decimal("11.7976"), Decimal("2.9494")),
        "s301-list-2": (25, Decimal("6.6360"), Decimal("1.6590")),
        "s301-list-3": (25, Decimal("36.5390"), Decimal("9.13475")),
        "s301-list-4a": (15, Decimal("23.4460"), Decimal("3.5169")),
    }
    assert answer.total == Decimal("21.04385")


def test_an_average_text_names_weights_calibration_and_each_share() -> None:
    text = str(tf.explain("us_on_cn", "2019-09-01", **PIIE))
    folded = " ".join(text.split())
    assert "2019-09-01: 21.0438% average statutory rate, MFN included" in text
    assert "(weights piie-implied: implied by the Peterson Institute's averages, edition of 14 November 2025" in text
    assert "(calibrated to a publication; Chad P. Bown, Peterson Institute for International Economics, edition" in folded
    assert "3.5169% Section 301 List 4A: 15% on 23.446%" in folded
    assert "0.6192% Section 232: metals (4 duties booked together), since 2018-03-23" in folded


def test_computed_weights_are_said_to_be_computed() -> None:
    folded = " ".join(str(tf.explain("cn_on_us", "2019-01-01", measure="average", weights="simple-hs6")).split())
    assert "(weights simple-hs6: simple mean over HS6 (computed from tariff lines; " in folded


def test_what_is_booked_names_the_events_that_brought_it() -> None:
    answer = tf.explain("us_on_cn", "2025-03-12", **PIIE)
    metals = next(entry for entry in answer.booked if "metals" in entry.title)
    assert {event.id for event in metals.events} == {
        "s232-steel/2025-03-12/25",
        "s232-aluminium/2025-03-12/25",
        "s232-aluminium-derivatives/2025-03-12/25",
        "s232-steel-derivatives/2025-03-12/steel-derivatives-march-2025",
        "s232-aluminium-derivatives/2025-03-12/aluminium-derivatives-march-2025",
    }
    assert {duty.id for duty in metals.duties} == {
        "s232-steel", "s232-aluminium", "s232-steel-derivatives", "s232-aluminium-derivatives",
    }  # fmt: skip


def test_what_adds_nothing_is_not_listed() -> None:
    answer = tf.explain("cn_on_us", "2025-11-10", **PIIE)
    # The farm layer ended by the points with which it had begun.
    assert not [entry for entry in answer.booked if any(duty.id == "cn-farm-10" for duty in entry.duties)]


def test_a_share_of_trade_stands_whole_with_the_act_that_brought_it() -> None:
    answer = tf.explain("us_on_cn", "2019-09-15", **COVERED)
    assert answer.lines == ()
    (entry,) = answer.booked
    assert (entry.points, entry.duties) == (Decimal("66.63"), ())
    assert [event.id for event in entry.events] == ["s301-list-4a/2019-09-01/15"]
    text = str(answer)
    assert "2019-09-15: 66.63% share of trade under any additional duty" in text
    assert "84 FR 45821" in text


def test_a_share_of_trade_before_any_duty_is_nothing() -> None:
    answer = tf.explain("us_on_cn", "2018-01-15", **COVERED)
    assert not answer.total
    assert not answer.booked
    assert "2018-01-15: 0% share of trade" in str(answer)


def test_an_average_published_whole_stands_whole() -> None:
    (entry,) = tf.explain("us_on_row", "2025-03-15", **PIIE).booked
    assert (entry.title, entry.points) == ("as the weights have it", Decimal("4.1287"))


def test_a_displaced_duty_is_not_listed() -> None:
    # List 1 gave way to the review, the reciprocal duty to Section 232.
    answer = tf.explain("us_on_cn", "2025-04-15", mfn=True, **CAR)
    assert {line.duty.id: line.points for line in answer.lines} == {
        "s301-review-ev-syringes": 100,
        "s232-autos": 25,
        "ieepa-fentanyl": 20,
    }
    assert [(entry.title, entry.points) for entry in answer.booked] == [("US MFN schedule", Decimal("2.5"))]
    assert [(entry.duty.id, int(entry.share)) for entry in answer.not_borne] == [("ieepa-reciprocal", 0), ("s301-list-1", 0)]
    folded = " ".join(str(answer).split())
    assert "125% IEEPA reciprocal duty on China, Hong Kong and Macau: displaced by Section 232 duty on cars (EO 14257" in folded
    assert "25% Section 301 List 1: displaced by Section 301 four-year review: electric vehicles, syringes and needles" in folded


def test_an_exemption_says_since_when_and_by_which_act() -> None:
    answer = tf.explain("us_on_cn", "2025-04-15", measure="stack", good="smartphone")
    (left,) = answer.not_borne
    assert left.text.startswith(
        "125%  IEEPA reciprocal duty on China, Hong Kong and Macau: left it 2025-04-05, Presidential memorandum"
    )
    assert [entry["duty"] for entry in answer.to_dict()["not_borne"]] == ["ieepa-reciprocal"]


def test_what_is_displaced_on_the_metal_says_on_how_much_it_is_still_borne() -> None:
    (kept,) = tf.explain("us_on_cn", "2025-06-04", **DERIVATIVE).not_borne
    assert kept.text.startswith("10%  IEEPA reciprocal duty on China, Hong Kong and Macau, but on 70% of the value: displaced by")


def test_a_good_says_where_it_was_read() -> None:
    answer = tf.explain("us_on_cn", "2025-04-15", mfn=True, **CAR)
    assert "The good, as read in:\n  USITC, HTS archive" in str(answer)
    assert answer.to_dict()["sources"][0]["url"].startswith("https://www.usitc.gov/")


def test_what_lies_beneath_says_what_it_replaces_and_what_it_adds_to() -> None:
    beneath = {line.duty.id: line.replaces for line in tf.explain("us_on_cn", "2025-04-15").beneath}
    assert beneath["s232-steel"] == ("IEEPA reciprocal duty",)
    assert beneath["s301-review-ev-syringes"] == ("Section 301 Lists 1 to 4B",)
    assert beneath["s301-list-3"] == ()
    text = str(tf.explain("us_on_cn", "2025-04-15"))
    assert "25%  Section 232 duty on steel, in place of: IEEPA reciprocal duty; since 2018-03-23" in text
    assert "25%  Section 301 List 3, added; since 2019-05-10" in text


def test_a_duty_on_the_metal_says_on_how_much_of_the_good() -> None:
    answer = tf.explain("us_on_cn", "2025-06-04", **DERIVATIVE)
    assert lines_of(answer) == {
        "s301-list-3": (25, 100, 25),
        "ieepa-fentanyl": (20, 100, 20),
        "s232-aluminium-derivatives": (50, 30, 15),
        "ieepa-reciprocal": (10, 70, 7),
    }
    text = str(answer)
    assert "(Aluminium derivative, line 8302.60.30, 30% of its value metal [grade A]; on top of MFN; as" in text
    assert "15%  Section 232 duty on aluminium derivatives: 50% on 30%, on the metal content" in text
    assert "7%  IEEPA reciprocal duty on China, Hong Kong and Macau: 10% on 70%" in text
    assert "25%  Section 301 List 3: 25%\n" in text


def test_a_floor_adds_what_is_missing_to_it_and_says_that_mfn_counts() -> None:
    answer = tf.explain("us_on_cn", "2026-04-06", measure="stack", good="machining-centre", mfn=True)
    floor = next(line for line in answer.lines if line.duty.id == "s232-metals-annex-3")
    assert (floor.rate, floor.points) == (Decimal(15), Decimal("10.8"))
    assert "10.8%  Section 232 metals, Annex III: 15%, MFN included" in str(answer)


def test_a_stack_lists_nothing_beneath_it() -> None:
    answer = tf.explain("us_on_cn", "2019-09-01", measure="stack", good="smartphone")
    assert not answer.total
    assert not answer.lines
    assert not answer.beneath
    assert "0 = no across-the-board duty" not in str(answer)
    assert answer.to_dict()["warning"] is None


def test_an_earlier_view_is_said_in_the_text() -> None:
    text = " ".join(str(tf.explain("us_on_cn", "2025-04-10", as_of="2025-04-10", **PIIE)).split())
    assert "as known by law on 2025-04-10)" in text
    # 125 on 74.11% before the exemption of the 11th.
    assert "92.6375% IEEPA reciprocal duty on China, Hong Kong and Macau: 125% on 74.11%" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("145", "145"),
        ("7.50", "7.5"),
        ("0", "0"),
        ("9.13475", "9.1348"),
        ("0.00004", "0"),
        ("-0.0300", "-0.03"),
        ("100.0", "100"),
    ],
)
def test_a_figure_has_four_digits_after_the_point_at_most(value: str, text: str) -> None:
    assert figure(Decimal(value)) == text
