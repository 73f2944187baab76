from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import tariffs as tf
from tariffs.asking import packaged
from tariffs.errors import CoverageError, UsageError

PIIE: dict[str, Any] = {"measure": "average", "weights": "piie-implied"}
IMPORTS: dict[str, Any] = {"measure": "average", "weights": "cn-imports-2017"}
PHONE: dict[str, Any] = {"measure": "stack", "good": "smartphone"}
CAR: dict[str, Any] = {"measure": "stack", "good": "electric-car"}
DERIVATIVE: dict[str, Any] = {"measure": "stack", "good": "aluminium-derivative", "metal_share": 30}

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("us_on_cn", {}),
    ("cn_on_us", {}),
    ("us_on_cn", PIIE),
    ("cn_on_us", PIIE),
    ("cn_on_row", PIIE),
    ("cn_on_us", IMPORTS),
    ("cn_on_us", IMPORTS | {"weights": "simple-hs6"}),
    ("us_on_cn", PHONE),
    ("us_on_cn", CAR | {"mfn": True}),
    ("us_on_cn", DERIVATIVE | {"mfn": True}),
    ("us_on_cn", {"measure": "stack", "good": "machining-centre", "metal_share": 50, "mfn": True}),
    ("us_on_cn", {"measure": "stack", "good": "car-bumper", "metal_share": 30}),
    ("cn_on_us", {"measure": "stack", "good": "pork", "mfn": True}),
    ("cn_on_us", {"measure": "stack", "good": "passenger-car", "mfn": True}),
]


def named(case: tuple[str, dict[str, Any]]) -> str:
    return "-".join([case[0], *(str(value) for value in case[1].values())])


def on(day: str, direction: str = "us_on_cn", **asked: Any) -> dict[tuple[str, str], float]:
    """Return the points of one day by duty and effect."""
    eve = pd.Timestamp(day) - pd.Timedelta(days=1)
    frame = tf.changes(direction, start=eve, end=day, **asked)
    return dict(zip(zip(frame["duty"], frame["effect"], strict=True), frame["points"], strict=True))


@pytest.mark.parametrize("case", ASKED, ids=named)
def test_the_parts_of_a_step_add_up_to_the_step_on_every_day(case: tuple[str, dict[str, Any]]) -> None:
    direction, asked = case
    daily = tf.series(direction, freq="D", **asked)
    steps = daily.diff().dropna()
    frame = tf.changes(direction, **asked)
    booked = frame.groupby("date")["points"].sum().reindex(steps.index, fill_value=0.0)
    assert (booked - steps).abs().max() < 1e-9
    assert set(steps.index[steps.abs() > 1e-9]) <= set(frame["date"])


@pytest.mark.parametrize(
    "view",
    [{"as_of": "2025-05-20"}, {"known": "stated"}, {"basis": "lawful"}, {"basis": "refundable"}, {"scheduled": True}],
    ids=str,
)
def test_the_parts_of_a_step_add_up_however_the_record_is_looked_at(view: dict[str, Any]) -> None:
    daily = tf.series("us_on_cn", freq="D", **view)
    frame = tf.changes("us_on_cn", **view)
    booked = frame.groupby("date")["points"].sum().reindex(daily.index[1:], fill_value=0.0)
    assert (booked - daily.diff().dropna()).abs().max() < 1e-9


def test_a_list_that_comes_is_a_new_level_on_its_share() -> None:
    frame = tf.changes("us_on_cn", start="2019-08-31", end="2019-09-01", **PIIE)
    (row,) = frame.to_dict(orient="records")
    assert row["points"] == pytest.approx(15 * 23.446 / 100)
    assert (row["effect"], row["before"], row["after"]) == ("rate", 0, 15)
    assert (row["family"], row["authority"]) == ("s301-lists", "S301")
    assert row["events"] == "s301-list-4a/2019-09-01/15"
    assert row["acts"] == "USTR notice of modification, 84 FR 45821"


def test_a_level_that_is_halved_is_a_change_of_rate_alone() -> None:
    assert on("2020-02-14", **PIIE) == {("s301-list-4a", "rate"): pytest.approx(-7.5 * 23.446 / 100)}


def test_a_level_and_a_share_that_change_on_one_day_are_split_evenly() -> None:
    # 10 on 65.63 where it would have been 10 on 74.11: the level on the mean share, the share on the mean level.
    found = on("2025-04-05", **PIIE)
    assert found == {
        ("ieepa-reciprocal", "rate"): pytest.approx(10 * (74.11 + 65.63) / 2 / 100),
        ("ieepa-reciprocal", "share"): pytest.approx((65.63 - 74.11) * (0 + 10) / 2 / 100),
    }
    assert found["ieepa-reciprocal", "rate"] == pytest.approx(6.987)
    assert found["ieepa-reciprocal", "share"] == pytest.approx(-0.424)


def test_before_the_exemption_was_known_all_of_the_step_was_rate() -> None:
    assert on("2025-04-05", as_of="2025-04-10", **PIIE) == {("ieepa-reciprocal", "rate"): pytest.approx(7.411)}


def test_goods_that_leave_a_list_are_a_change_of_share_at_its_level() -> None:
    # Vehicles and parts: 22.721501 to 14.024302 of trade at 25, and the same of lists 2 (25) and 3 (5).
    found = on("2019-01-01", "cn_on_us", **IMPORTS)
    assert found == {
        ("cn-list-1", "share"): pytest.approx(25 * (14.024302 - 22.721501) / 100),
        ("cn-list-2", "share"): pytest.approx(25 * (8.997653 - 9.513469) / 100),
        ("cn-list-3-d", "share"): pytest.approx(5 * (11.683852 - 12.047724) / 100),
        ("cn-mfn", "mfn"): pytest.approx(4.822306 - 4.822479),
    }


def test_a_change_of_share_names_the_shares_and_what_moved_them() -> None:
    frame = tf.changes("cn_on_us", start="2018-12-31", end="2019-01-01", **IMPORTS)
    row = frame.loc[frame["duty"] == "cn-list-1"].iloc[0]
    assert (row["before"], row["after"]) == (22.721501, 14.024302)
    assert row["events"] == "cn-list-1/2019-01-01/vehicles-and-parts"


@pytest.mark.parametrize(
    ("day", "direction", "duty", "effect", "points"),
    [
        # Appliances and the 407 codes joined at an unchanged level; so did vehicles leave.
        (
            "2025-06-23",
            "us_on_cn",
            "s232-aluminium + s232-aluminium-derivatives + s232-steel + s232-steel-derivatives",
            "share",
            0.231,
        ),
        (
            "2025-08-18",
            "us_on_cn",
            "s232-aluminium + s232-aluminium-derivatives + s232-steel + s232-steel-derivatives",
            "share",
            2.605,
        ),
        (
            "2019-01-01",
            "cn_on_us",
            "cn-list-1 + cn-list-2 + cn-list-3-a + cn-list-3-b + cn-list-3-c + cn-list-3-d",
            "share",
            -1.6471,
        ),
        # New levels, and levels together with wider lists.
        (
            "2025-06-04",
            "us_on_cn",
            "s232-aluminium + s232-aluminium-derivatives + s232-steel + s232-steel-derivatives",
            "rate",
            2.598,
        ),
        (
            "2025-03-12",
            "us_on_cn",
            "s232-aluminium + s232-aluminium-derivatives + s232-steel + s232-steel-derivatives",
            "rate",
            1.9212,
        ),
        (
            "2019-06-01",
            "cn_on_us",
            "cn-list-1 + cn-list-2 + cn-list-3-a + cn-list-3-b + cn-list-3-c + cn-list-3-d",
            "rate",
            4.2267,
        ),
        ("2025-11-10", "cn_on_us", "cn-farm-10 + cn-farm-15", "rate", -0.7195),
    ],
    ids=["appliances", "407-codes", "vehicles", "metals-at-50", "metals-at-25", "list-3", "farm-layer"],
)
def test_duties_booked_in_points_changed_their_rate_unless_only_coverage_changed(
    day: str, direction: str, duty: str, effect: str, points: float
) -> None:
    assert on(day, direction, **PIIE)[duty, effect] == pytest.approx(points, abs=1e-9)


def test_an_mfn_average_moves_by_events_and_has_its_own_effect() -> None:
    frame = tf.changes("cn_on_us", start="2018-04-30", end="2018-05-01", **PIIE)
    (row,) = frame.to_dict(orient="records")
    assert (row["duty"], row["effect"], row["events"]) == ("cn-mfn", "mfn", "cn-mfn/2018-05-01/medicines-at-zero")
    assert row["points"] == pytest.approx(7.9682 - 7.9921)
    assert (row["before"], row["after"]) == (7.9921, 7.9682)


def test_an_mfn_step_that_only_the_publication_books_has_no_event() -> None:
    frame = tf.changes("cn_on_us", start="2023-12-30", end="2023-12-31", **PIIE)
    assert frame[["duty", "effect", "events", "acts"]].to_numpy().tolist() == [["cn-mfn", "mfn", "", ""]]


def test_the_mfn_rate_of_a_good_has_its_own_effect() -> None:
    # A car from the United States: 25 to 15 on 1 July 2018.
    assert on("2018-07-01", "cn_on_us", measure="stack", good="passenger-car", mfn=True) == {("cn-mfn", "mfn"): -10}
    assert on("2018-07-01", "cn_on_us", measure="stack", good="passenger-car") == {}


def test_a_good_that_leaves_a_list_bears_none_of_its_level() -> None:
    assert on("2019-01-01", "cn_on_us", measure="stack", good="passenger-car") == {("cn-list-1", "share"): -25}


def test_a_duty_that_displaces_another_takes_its_share() -> None:
    # An electric car moved from list 1 at 25 to a heading of the review at 100.
    assert on("2024-09-27", **CAR) == {("s301-list-1", "share"): -25, ("s301-review-ev-syringes", "rate"): 100}


@pytest.mark.parametrize("day", ["2025-04-05", "2025-04-09", "2025-04-10", "2025-05-14", "2026-07-24"])
def test_a_duty_that_enters_displaced_moves_nothing(day: str) -> None:
    # A car under Section 232 bore neither the reciprocal duty nor that on forced labour.
    assert on(day, **CAR) == {}


def test_an_exempt_good_is_moved_by_nothing_of_the_duty_it_is_exempt_from() -> None:
    # The exemption reaches back to the duty's first day: what the level adds, the share takes.
    for day in ("2025-04-05", "2026-02-24", "2026-07-24"):
        found = on(day, **PHONE)
        for duty in {duty for duty, _ in found} - {"ieepa-fentanyl"}:
            assert found[duty, "rate"] + found[duty, "share"] == 0
    assert set(tf.changes("us_on_cn", start="2025-04-06", end="2026-02-23", **PHONE)["duty"]) == {"ieepa-fentanyl"}


def test_a_metals_duty_and_what_it_displaces_are_split_by_the_metal_share() -> None:
    # Proclamation 10947: 25 to 50 on 30% metal; the reciprocal 10 comes back on the other 70%.
    assert on("2025-06-04", **DERIVATIVE) == {
        ("s232-aluminium-derivatives", "rate"): pytest.approx(7.5),
        ("ieepa-reciprocal", "share"): pytest.approx(7),
    }


def test_across_the_board_every_change_is_one_of_rate() -> None:
    frame = tf.changes(["us_on_cn", "cn_on_us"])
    assert set(frame["effect"]) == {"rate"}
    assert on("2025-04-10") == {("ieepa-reciprocal", "rate"): 41}


def test_nothing_is_said_of_the_first_day_of_the_window() -> None:
    assert tf.changes("us_on_cn", start="2019-09-01", end="2019-09-01", **PIIE).empty
    assert tf.changes("us_on_cn", start="2019-09-01", end="2019-12-31", **PIIE).empty


def test_a_window_in_which_nothing_happens_is_empty_and_has_its_columns() -> None:
    frame = tf.changes("us_on_cn", start="2022-03-01", end="2022-03-31")
    assert frame.empty
    assert list(frame.columns) == [
        "date", "direction", "series", "duty", "family", "authority", "effect", "points", "before", "after", "events", "acts",
    ]  # fmt: skip


def test_the_rows_name_series_and_direction_and_come_by_date() -> None:
    frame = tf.changes(["us_on_cn", "cn_on_us"], start="2025-04-01", end="2025-04-12", **PIIE)
    assert set(zip(frame["direction"], frame["series"], strict=True)) == {
        ("us_on_cn", "us_on_cn_average_piie_implied"),
        ("cn_on_us", "cn_on_us_average_piie_implied"),
    }
    assert frame["date"].is_monotonic_increasing
    assert frame.attrs["weights"] == "piie-implied"


@pytest.mark.parametrize("asked", [{}, PIIE], ids=["all-goods", "average"])
def test_the_order_of_directions_changes_nothing(asked: dict[str, Any]) -> None:
    one = tf.changes(["us_on_cn", "cn_on_us"], **asked)
    pd.testing.assert_frame_equal(one, tf.changes(["cn_on_us", "us_on_cn"], **asked))


@pytest.mark.parametrize(
    ("direction", "asked"), [("us_on_cn", {}), ("us_on_cn", CAR), ("us_on_cn", DERIVATIVE), ("cn_on_us", IMPORTS)]
)
def test_the_order_of_duties_changes_nothing(direction: str, asked: dict[str, Any]) -> None:
    record = packaged()
    turned = replace(record, duties=dict(reversed(record.duties.items())))
    one, other = tf.changes(direction, **asked), tf.changes(direction, catalog=turned, **asked)
    for frame in (one, other):
        for name in ("events", "acts"):  # several on one day are listed in the order of their duties
            frame[name] = [" | ".join(sorted(text.split(" | "))) for text in frame[name]]
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize(
    ("direction", "asked", "series"),
    [
        ("us_on_cn", {"measure": "covered", "weights": "piie-implied"}, "us_on_cn_covered_piie_implied"),
        ("cn_on_us", {"measure": "covered", "weights": "simple-hs6"}, "cn_on_us_covered_simple_hs6"),
        ("us_on_row", PIIE, "us_on_row_average_piie_implied"),
    ],
)
def test_what_is_no_sum_of_duties_is_not_taken_apart(direction: str, asked: dict[str, Any], series: str) -> None:
    with pytest.raises(UsageError, match=f"^{series} is not a sum of duties"):
        tf.changes(direction, **asked)


def test_what_the_record_or_the_weights_do_not_know_is_refused_as_elsewhere() -> None:
    with pytest.raises(CoverageError, match="the weights piie-implied reach to 2025-12-31; found 2026-01-01"):
        tf.changes("us_on_cn", end="2026-01-01", **PIIE)
    with pytest.raises(UsageError, match="give metal_share"):
        tf.changes("us_on_cn", measure="stack", good="aluminium-derivative")
    with pytest.raises(CoverageError, match="before the record"):
        tf.changes("us_on_cn", start="2017-12-31")
    with pytest.raises(UsageError, match="one series at a time"):
        tf.changes("us_on_cn", measure="stack", good=["smartphone", "laptop"])  # type: ignore[arg-type]  # a list of goods


def test_an_exempt_good_moves_with_nothing_it_never_bore() -> None:
    # A smartphone left the reciprocal duty on the day the duty began.
    found = tf.changes("us_on_cn", measure="stack", good="smartphone", start="2025-04-01", end="2025-05-31")
    assert found.empty
