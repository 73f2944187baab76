"""The packaged average over US imports of 2024: its own claims and, where the schedules lie beside the project, the lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import tariffs as tf
from tariffs.asking import packaged
from tariffs.errors import CoverageError

if TYPE_CHECKING:
    from tariffs.products import Store

OWN: dict[str, Any] = {"measure": "average", "weights": "us-imports-2024"}
COVERED: dict[str, Any] = OWN | {"measure": "covered"}
IEEPA = {"ieepa-fentanyl", "ieepa-reciprocal"}


def rate(day: str, **asked: Any) -> float:
    return tf.rate("us_on_cn", day, **OWN | asked)


def parts(day: str, **asked: Any) -> dict[str, float]:
    frame = tf.parts("us_on_cn", by="duty", start=day, end=day, **OWN | asked)
    return dict(zip(frame["duty"], frame["rate"], strict=True))


# Numbers of the program, typed here so that a change of them is seen: no source has them.
REGRESSION = [
    ("2025-01-01", 12.88),
    ("2025-02-04", 22.85),
    ("2025-03-04", 32.82),
    ("2025-04-05", 40.23),
    ("2025-04-09", 87.47),
    ("2025-04-10", 113.64),
    ("2025-05-14", 40.62),
]


@pytest.mark.parametrize(("day", "value"), REGRESSION)
def test_the_average_is_what_it_was(day: str, value: float) -> None:
    assert rate(day) == pytest.approx(value, abs=0.005)


@pytest.mark.parametrize(
    ("day", "points"),
    [
        ("2025-02-04", 10),  # EO 14195, on all goods but books and works of art, a third of a percent of trade
        ("2025-03-04", 10),  # EO 14228
        ("2025-11-10", -10),  # EO 14357
    ],
)
def test_the_fentanyl_duty_moves_the_average_by_its_points(day: str, points: float) -> None:
    eve = (pd.Timestamp(day) - pd.Timedelta(days=1)).date().isoformat()
    assert rate(day) - rate(eve) == pytest.approx(points, abs=0.05)


def test_the_average_begins_with_the_lines_and_ends_with_the_record() -> None:
    series = tf.series("us_on_cn", **OWN)
    assert series.index[0] == pd.Timestamp("2025-01-01")
    assert series.attrs["weights_end"] == "us-imports-2024 reach from 2025-01-01 to 2026-10-09"
    assert packaged().weights("us-imports-2024", "us_on_cn").last_day == packaged().release.known_through
    assert tf.series("us_on_cn", freq="D", **OWN).index[-1] == pd.Timestamp("2026-10-09")


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2024-12-31", "the weights us-imports-2024 begin on 2025-01-01; found 2024-12-31"),
        ("2026-10-10", "the weights us-imports-2024 reach to 2026-10-09; found 2026-10-10"),
    ],
)
def test_days_before_the_first_and_after_the_last_are_refused(day: str, message: str) -> None:
    with pytest.raises(CoverageError, match=message):
        rate(day)
    with pytest.raises(CoverageError, match=message):
        tf.series("us_on_cn", start=min(day, "2025-02-01"), end=max(day, "2025-02-01"), **OWN)


def test_an_end_before_the_first_day_is_refused() -> None:
    with pytest.raises(CoverageError, match="end: found 2020-01-01, expected 2025-01-01 or later, the first day of the weights"):
        tf.series("us_on_cn", end="2020-01-01", **OWN)


def test_points_since_a_day_before_the_first_are_refused() -> None:
    with pytest.raises(CoverageError, match="begin on 2025-01-01; found 2024-06-01"):
        tf.series("us_on_cn", since="2024-06-01", **OWN)


def test_what_was_known_before_the_first_day_is_refused() -> None:
    with pytest.raises(CoverageError, match="begin on 2025-01-01; what was known on 2024-12-31 they do not say"):
        rate("2025-04-09", as_of="2024-12-31")
    with pytest.raises(CoverageError, match="begin on 2025-01-01; found start 2024-12-31"):
        tf.surprises("us_on_cn", start="2024-12-31", end="2025-02-04", **OWN)


def test_surprises_begin_with_the_weights() -> None:
    assert tf.surprises("us_on_cn", end="2025-02-04", **OWN).index[0] == pd.Timestamp("2025-01-31")


def test_values_known_before_the_first_day_begin_there() -> None:
    frame = tf.realtime("us_on_cn", start="2025-04-09", end="2025-04-09", **OWN)
    assert frame["realtime_start"].iloc[0] == pd.Timestamp("2025-01-01")
    assert frame["rate"].iloc[-1] == pytest.approx(rate("2025-04-09"))


def test_the_ninth_of_april_is_as_the_law_stood_before_the_exemption_was_known() -> None:
    # On the 7th: 34 from the 9th, on all goods but Annex II and those under Section 232; 84 and the exemption of electronics came
    # later, and the exemption reached back to the 5th.
    known = parts("2025-04-09", as_of="2025-04-07")
    assert rate("2025-04-09", as_of="2025-04-07") == pytest.approx(63.12, abs=0.005)
    assert known["ieepa-reciprocal"] == pytest.approx(0.34 * 86.099367, abs=1e-4)
    assert parts("2025-04-09", as_of="2025-04-10")["ieepa-reciprocal"] == pytest.approx(0.84 * 86.099367, abs=1e-4)
    assert parts("2025-04-09", as_of="2025-04-11")["ieepa-reciprocal"] == pytest.approx(0.84 * 63.836270, abs=1e-4)


@pytest.mark.parametrize("day", ["2025-05-03", "2025-06-04", "2026-01-01"])
def test_an_exemption_not_yet_known_is_not_taken_out_on_later_days_either(day: str) -> None:
    # Car parts leave the duty on 3 May, by an act of 26 March: known before the exemption, in force after it.
    assert parts(day, as_of="2025-04-07")["ieepa-reciprocal"] > 0.34 * 84
    assert parts(day, as_of="2025-04-11")["ieepa-reciprocal"] < 1.25 * 67


def test_the_lawful_average_has_no_duty_under_ieepa() -> None:
    assert IEEPA.isdisjoint(name for name, points in parts("2025-06-15", basis="lawful").items() if points)
    charged = parts("2025-06-15")
    assert rate("2025-06-15", basis="lawful") == pytest.approx(sum(charged.values()) - sum(charged[name] for name in IEEPA))


def test_the_share_of_trade_covered_follows_what_is_lawful() -> None:
    column = tf.series("us_on_cn", **COVERED)
    lawful = tf.series("us_on_cn", **COVERED, basis="lawful")
    assert column.loc["2025-02-04"] == pytest.approx(99.83, abs=0.01)  # all but some books and works of art
    assert lawful.loc[:"2025-12-31"].max() < 60
    assert column.iloc[-1] == lawful.iloc[-1] < 80


def test_a_step_names_the_acts_that_moved_a_share() -> None:
    (row,) = (
        tf.changes("us_on_cn", start="2025-05-02", end="2025-05-03", **OWN).query("duty == 'ieepa-reciprocal'").to_dict("records")
    )
    assert (row["effect"], row["events"]) == ("share", "s232-auto-parts/2025-05-03/25")


def test_a_line_lists_no_changes_of_duties_that_do_not_displace_its_own() -> None:
    # Shares are of the trade whose duty is known, and every one of them moved in August 2025.
    lines = {line.duty.id: line for line in tf.explain("us_on_cn", "2025-09-30", **OWN).lines}
    assert lines["s301-list-1"].changes == ()
    assert {"s232-steel-derivatives", "ieepa-reciprocal"} == {event.duty for event in lines["ieepa-reciprocal"].changes} - {
        "s232-aluminium-derivatives"
    }


def test_weights_that_begin_and_weights_that_end_stand_side_by_side_where_both_reach() -> None:
    frame = tf.rates(["us_on_cn"], measure="average", weights=["us-imports-2024", "piie-implied"], freq="D")
    assert [frame.index[0], frame.index[-1]] == [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-12-31")]


def test_a_scenario_moves_levels_and_leaves_the_shares() -> None:
    stayed = tf.load("no-geneva", on_top=True)
    # 125 in place of 10 on the share that bears the reciprocal duty.
    points = parts("2025-07-15")["ieepa-reciprocal"]
    assert rate("2025-07-15", catalog=stayed) - rate("2025-07-15") == pytest.approx(11.5 * points)


def test_a_comparison_has_no_number_before_the_first_day() -> None:
    theirs = pd.Series([10.0, 113.64], pd.to_datetime(["2024-12-01", "2025-04-12"]))
    found = tf.compare(theirs, "us_on_cn", **OWN)
    assert found["ours"].isna().tolist() == [True, False]
    assert found["reason"].tolist() == ["no number of ours: outside the record or the weights", ""]


VIEWS: list[dict[str, Any]] = [
    {},
    {"basis": "lawful"},
    {"as_of": "2025-04-07"},
    {"as_of": "2025-04-11"},
    {"as_of": "2025-07-20"},
    {"as_of": "2026-02-21"},
    {"as_of": "2025-10-12", "known": "stated"},
]
BY = ["family", "authority", "duty"]


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_on_every_day_with_a_change_the_average_is_that_of_the_lines(real_store: Store, view: dict[str, Any]) -> None:
    lines = tf.products.average("CN", store=real_store, **view)
    table = tf.series("us_on_cn", start="2025-01-01", end="2026-10-09", freq="D", **OWN, **view)
    assert len(lines) > 5
    assert (table.reindex(lines.index) - lines["rate"]).abs().max() < 1e-4
    covered = tf.series("us_on_cn", start="2025-01-01", end="2026-10-09", freq="D", **COVERED, **view)
    assert (covered.reindex(lines.index) - lines["covered"]).abs().max() < 1e-4


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("view", VIEWS[:3], ids=str)
def test_on_every_day_with_a_change_the_parts_are_those_of_the_lines(real_store: Store, view: dict[str, Any], by: Any) -> None:
    lines = tf.products.average("CN", by=by, store=real_store, **view).pivot_table(
        index="date", columns=by, values="rate", observed=True
    )
    table = tf.parts("us_on_cn", by=by, start="2025-01-01", end="2026-10-09", freq="D", **OWN, **view)
    wide = table.pivot_table(index="date", columns=by, values="rate", observed=True).reindex(lines.index)
    one, other = wide.align(lines.rename(columns={"us-mfn": "MFN"} if by == "authority" else {}))
    assert (one.fillna(0) - other.fillna(0)).abs().to_numpy().max() < 1e-4


def test_on_every_day_on_which_something_became_known_every_later_day_has_a_number() -> None:
    days = [date(2025, 1, 1), *(event.known_from("law") for event in packaged().events.values())]
    for day in sorted({day for day in days if day and date(2025, 1, 1) <= day < date(2026, 10, 9)}):
        series = tf.series("us_on_cn", as_of=day, end="2026-10-09", freq="D", **OWN)
        assert not series.isna().any(), day
