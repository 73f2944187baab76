from __future__ import annotations

import pytest

import tariffs as tf
from tariffs.asking import packaged


@pytest.mark.parametrize("direction", ["us_on_cn", "cn_on_us"])
def test_every_value_leads_to_events_whose_levels_add_up_to_it(direction: str) -> None:
    events = packaged().events
    for row in tf.table(direction, scheduled=True).to_dict(orient="records"):
        named = [events[name] for name in row["events"].split(" | ")] if row["events"] else []
        assert sum(float(event.rate or 0) for event in named) == row["rate"]
        assert row["acts"] == " | ".join(event.act for event in named)


def test_rates_are_those_of_the_series() -> None:
    for direction in ("us_on_cn", "cn_on_us"):
        assert tf.table(direction)["rate"].tolist() == tf.series(direction).tolist()


def test_scheduled_rows_are_marked() -> None:
    rows = tf.table("cn_on_us", start="2026-10-01", scheduled=True).set_index("date")
    assert rows["standing"].to_dict() == {rows.index[0]: "in force", rows.index[1]: "scheduled"}
    assert rows["rate"].tolist() == [10, 34]


def test_days_between_the_record_and_the_next_step_are_not_verified() -> None:
    rows = tf.table("cn_on_us", start="2026-10-09", end="2026-10-10", freq="D")
    assert rows["standing"].tolist() == ["in force", "not verified"]


def test_fraction_divides_the_rates_and_nothing_else() -> None:
    row = tf.table("us_on_cn", start="2025-04-10", end="2025-04-10", unit="fraction").iloc[0]
    assert (row["rate"], row["acts"]) == (1.45, "EO 14228 | EO 14266")
