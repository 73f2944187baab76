"""What drove each step of the average: four goods whose duties are summed by hand, and the acts of the record."""

from __future__ import annotations

from typing import Any

import pytest

import tariffs as tf
from tariffs.errors import UnknownNameError, UsageError
from tariffs.products import average, steps
from tests.products.fourgoods import four_goods

STORE = four_goods()
FENTANYL, RECIPROCAL, LISTS = "ieepa-fentanyl", "ieepa-reciprocal", "s301-lists"
# By hand, in points of the average over what is known: 100, but from 23 June 2025 to 5 April 2026, when 10 are not, 90.
MOVES = {
    ("2025-02-04", FENTANYL): 10,
    ("2025-03-04", FENTANYL): 10,
    ("2025-04-05", RECIPROCAL): 0.8 * 10,
    ("2025-04-09", RECIPROCAL): 0.8 * 74,
    ("2025-04-10", RECIPROCAL): 0.8 * 41,
    ("2025-05-14", RECIPROCAL): -0.8 * 115,
    ("2025-06-23", LISTS): 7.5 / 0.9 - 7.5,
    ("2025-06-23", RECIPROCAL): 7 / 0.9 - 8,
    ("2025-06-23", "us-mfn"): 1.5 / 0.9 - 1.5,
    ("2025-11-10", FENTANYL): -10,
    ("2026-02-24", FENTANYL): -10,
    ("2026-02-24", RECIPROCAL): -7 / 0.9,
    ("2026-02-24", "s122"): 10,
    ("2026-04-06", LISTS): 7.5 - 7.5 / 0.9,
    ("2026-04-06", "us-mfn"): 1.5 - 1.5 / 0.9,
    ("2026-07-24", "s301-forced-labour"): 12.5,
    ("2026-07-24", "s122"): -10,
}
ACTS = {
    ("2025-02-04", FENTANYL): ("ieepa-fentanyl/2025-02-04/10", "EO 14195"),
    ("2025-04-09", RECIPROCAL): ("ieepa-reciprocal/2025-04-09/84", "EO 14259"),
    ("2025-04-10", RECIPROCAL): ("ieepa-reciprocal/2025-04-10/125", "EO 14266"),
    ("2025-05-14", RECIPROCAL): ("ieepa-reciprocal/2025-05-14/10", "EO 14298"),
    ("2025-11-10", FENTANYL): ("ieepa-fentanyl/2025-11-10/10", "EO 14357"),
}


def test_moves_are_those_summed_by_hand() -> None:
    frame = steps("CN", store=STORE)
    found = {(str(row.date)[:10], row.family): row.points for row in frame.itertuples()}
    assert found == pytest.approx(MOVES)
    assert (frame["after"] - frame["before"]).tolist() == pytest.approx(frame["points"].tolist())


def test_each_move_is_traced_to_its_act() -> None:
    frame = steps("CN", store=STORE)
    found = {(str(row.date)[:10], row.family): (row.events, row.acts) for row in frame.itertuples()}
    assert {key: found[key] for key in ACTS} == ACTS
    record = tf.load()
    assert all(name in record.events for row in frame["events"] if row for name in row.split(" | "))


def test_what_only_came_to_be_unknown_names_no_act() -> None:
    frame = steps("CN", store=STORE)
    assert set(frame.loc[frame["acts"] == "", "date"].astype(str)) == {"2025-06-23", "2026-04-06"}


@pytest.mark.parametrize("by", ["family", "authority", "duty"])
def test_the_rows_of_a_day_add_up_to_the_step_of_the_average(by: Any) -> None:
    levels = average("CN", store=STORE)["rate"]
    found = steps("CN", store=STORE, by=by).groupby("date")["points"].sum()
    assert found.tolist() == pytest.approx(levels.diff().loc[found.index].tolist())
    assert levels.iloc[0] == pytest.approx(9)
    assert levels.iloc[-1] == pytest.approx(21.5)


def test_a_part_may_be_a_duty_or_an_authority() -> None:
    assert set(steps("CN", store=STORE, by="authority")["authority"]) == {"us-mfn", "IEEPA", "S122", "S301"}
    named = steps("CN", store=STORE, by="duty", start="2026-07-23")["duty"]
    assert set(named) == {"s122-surcharge", "s301-forced-labour"}


def test_the_first_day_is_where_it_starts_from() -> None:
    assert steps("CN", store=STORE, start="2025-02-04", end="2025-03-03").empty


def test_the_largest_move_of_a_day_comes_first() -> None:
    frame = steps("CN", store=STORE)
    assert frame[frame["date"] == "2026-07-24"]["family"].tolist() == ["s301-forced-labour", "s122"]


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"by": "chapter"}, UnknownNameError, "chapter"),
        ({"basis": "refundable"}, UsageError, "expected charged or lawful"),
        ({"weights": "piie-implied"}, UnknownNameError, "piie-implied"),
    ],
)
def test_what_cannot_be_answered_is_refused(asked: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        steps("CN", store=STORE, **asked)
