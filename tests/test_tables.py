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


def test_month_names_every_act_that_bore_on_it() -> None:
    # April 2025: fentanyl 20 throughout, reciprocal 10 from the 5th, 84 from the 9th, 125 from the 10th.
    row = tf.table("us_on_cn", start="2025-04-01", end="2025-04-30", freq="MS").iloc[0]
    assert row["acts"].split(" | ") == ["EO 14228", "EO 14257", "EO 14259", "EO 14266"]


def test_periods_are_those_of_the_rates() -> None:
    both = ["us_on_cn", "cn_on_us"]
    wide = tf.rates(both, start="2026-10-01", freq="MS", scheduled=True)
    long = tf.table(both, start="2026-10-01", freq="MS", scheduled=True).pivot_table(
        index="date", columns="direction", values="rate"
    )
    assert long.reset_index(drop=True)[both].to_dict() == wide.dropna().reset_index(drop=True)[both].to_dict()


def test_period_that_the_record_cuts_is_partial() -> None:
    row = tf.table("us_on_cn", start="2026-09-01", freq="MS").iloc[-1]
    assert (f"{row['date']:%Y-%m}", row["standing"]) == ("2026-10", "partial")


def test_days_at_a_level_stand_in_the_long_table_with_the_acts_of_their_period() -> None:
    table = tf.table("us_on_cn", start="2025-05-01", end="2025-05-31", freq="MS", agg="days_at:145")
    # To 13 May 2025: EO 14298.
    assert table[["rate", "acts"]].to_numpy().tolist() == [[13, "EO 14228 | EO 14266 | EO 14298"]]
    assert table.attrs["unit"] == "days"


def test_past_view_marks_what_it_expected() -> None:
    rows = tf.table("us_on_cn", start="2025-05-14", as_of="2025-05-20")
    assert rows["standing"].tolist() == ["in force", "scheduled"]
