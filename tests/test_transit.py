from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tariffs as tf
from tariffs.asking import packaged
from tariffs.errors import CoverageError, UsageError
from tariffs.vocabulary import BASES

if TYPE_CHECKING:
    from pathlib import Path

SEA: dict[str, Any] = {"voyage_days": 20, "start": "2025-01-01", "end": "2025-06-01"}


def paid(loaded: str, days: int, direction: str = "us_on_cn", **asked: Any) -> tuple[float, float, str]:
    row = tf.binding(direction, voyage_days=days, start=loaded, end=loaded, **asked).iloc[0]
    return row["rate"], row["at_entry"], row["events"]


@pytest.mark.parametrize(("days", "bound"), [(0, 34), (15, 19), (25, 9), (35, 0)])
def test_145_could_bind_on_so_many_days_of_entry(days: int, bound: int) -> None:
    # In force from 10 April to 13 May 2025; goods under way before 10 April kept 10: HTS 2025 Revision 9, heading 9903.01.63.
    frame = tf.binding("us_on_cn", voyage_days=days)
    assert int((frame["rate"] == 145).sum()) == bound
    assert int((frame["at_entry"] == 145).sum()) == 34


@pytest.mark.parametrize(
    ("loaded", "days", "expected"),
    [
        # EO 14195: loaded before 1 February and entered before 7 March 2025, the fentanyl duty is 0.
        ("2025-01-31", 20, (0, 10, "ieepa-fentanyl/2025-02-04/10")),
        ("2025-02-01", 20, (10, 10, "")),
        ("2025-01-31", 35, (20, 20, "")),  # entered on 7 March: too late
        # EO 14257: loaded before 5 April and entered before 27 May, the reciprocal duty is 0.
        ("2025-04-04", 20, (20, 145, "ieepa-reciprocal/2025-04-05/10")),
        ("2025-04-04", 52, (20, 30, "ieepa-reciprocal/2025-04-05/10")),  # entered on 26 May
        ("2025-04-04", 53, (30, 30, "")),  # on 27 May
        # The schedule of 9 April: loaded before the 9th, 10.
        ("2025-04-08", 20, (30, 145, "ieepa-reciprocal/2025-04-09/84")),
        # Its Revision 9: loaded before the 10th, 10.
        ("2025-04-09", 20, (30, 145, "ieepa-reciprocal/2025-04-10/125")),
        ("2025-04-10", 20, (145, 145, "")),
        ("2025-04-10", 34, (30, 30, "")),  # entered on 14 May, the day of Geneva
        # Proclamation 11012: loaded before 24 February and entered before 28 February 2026.
        ("2026-02-20", 5, (0, 10, "s122-surcharge/2026-02-24/10")),
        ("2026-02-20", 8, (10, 10, "")),
    ],
)
def test_goods_under_way_keep_what_the_acts_kept_for_them(loaded: str, days: int, expected: tuple[float, float, str]) -> None:
    assert paid(loaded, days) == expected


def test_china_kept_0_for_goods_shipped_before_10_april_and_entered_by_13_may() -> None:
    # Announcements 4, 5 and 6 of the tariff commission.
    assert paid("2025-04-09", 34, "cn_on_us")[:2] == (0, 125)
    assert paid("2025-04-09", 35, "cn_on_us")[:2] == (10, 10)  # entered on 14 May
    assert paid("2025-04-10", 30, "cn_on_us")[:2] == (125, 125)


@given(st.dates(date(2018, 1, 1), date(2026, 8, 1)), st.integers(0, 60), st.sampled_from(["us_on_cn", "cn_on_us"]))
@settings(max_examples=60, deadline=None)
def test_a_shipment_never_pays_more_than_the_rate_of_its_day_of_entry(loaded: date, days: int, direction: str) -> None:
    row = tf.binding(direction, voyage_days=days, start=loaded, end=loaded).iloc[0]
    assert row["at_entry"] == tf.rate(direction, row["arrives"].date())
    assert row["rate"] <= row["at_entry"]
    assert bool(row["events"]) == (row["rate"] < row["at_entry"])


def test_by_air_the_rate_is_the_series() -> None:
    frame = tf.binding("us_on_cn", voyage_days=0, start="2025-01-01")
    assert frame["rate"].tolist() == tf.series("us_on_cn", start="2025-01-01", freq="D").tolist()
    assert set(frame["events"]) == {""}


def test_the_last_shipment_arrives_on_the_last_checked_day() -> None:
    frame = tf.binding("us_on_cn", **{**SEA, "end": None})
    assert frame["arrives"].iloc[-1] == pd.Timestamp(packaged().release.known_through)
    assert frame.attrs["voyage_days"] == 20


def test_a_file_says_how_long_the_voyage_was_a_voyage_of_no_day_too(tmp_path: Path) -> None:
    for days in (0, 20):
        path = tf.write(tf.binding("us_on_cn", voyage_days=days, start="2026-01-01"), tmp_path / "b.csv")
        assert f"# voyage_days: {days}\n" in path.read_text(encoding="utf-8")


def test_as_lawful_no_clause_is_needed() -> None:
    frame = tf.binding("us_on_cn", **SEA, basis="lawful")
    assert set(frame["rate"]) == {0}
    assert set(frame["events"]) == {""}


def test_of_what_a_shipment_paid_that_is_refundable_which_no_law_upheld() -> None:
    charged, lawful, refundable = (tf.binding("us_on_cn", voyage_days=20, basis=basis) for basis in BASES)
    for column in ("rate", "at_entry"):
        assert (charged[column] - lawful[column] - refundable[column]).abs().max() < 1e-9
    # Loaded on 25 March 2025, arrived under 145: of the reciprocal duty nothing was paid, nothing of it is refundable.
    assert (refundable.loc["2025-03-25", "rate"], refundable.loc["2025-03-25", "at_entry"]) == (20, 145)


@pytest.mark.parametrize("days", [-1, 366, 1.5, "15", True, None])
def test_a_voyage_is_of_whole_days(days: Any) -> None:
    with pytest.raises(UsageError, match=r"voyage_days: found .*, expected a whole number from 0 to 365"):
        tf.binding("us_on_cn", voyage_days=days)


def test_other_directions_and_days_are_refused() -> None:
    with pytest.raises(CoverageError, match="does not cover US on EU"):
        tf.binding("us_on_eu", voyage_days=15)
    with pytest.raises(CoverageError, match="before the record"):
        tf.binding("us_on_cn", voyage_days=15, start="2017-12-01")
    with pytest.raises(UsageError, match="start 2026-10-01 is after"):
        tf.binding("us_on_cn", voyage_days=15, start="2026-10-01")
