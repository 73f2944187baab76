from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

import tariffs as tf
from tariffs.errors import CoverageError, UnknownNameError, UsageError


def shock(day: str, direction: str = "us_on_cn", **asked: Any) -> pd.Series[Any]:
    return tf.surprises(direction, start=day, end=day, **asked).iloc[0]


def test_2_april_2025_was_10_points_from_the_5th_and_34_from_the_9th() -> None:
    found = shock("2025-04-02")
    # EO 14257. Of the 30 days from 3 April: 2 at 0, 4 at 10, 24 at 34; of the 365: 2, 4 and 359.
    assert found["next_day"] == 0
    assert found["over_30"] == pytest.approx((4 * 10 + 24 * 34) / 30)
    assert found["point_days"] == pytest.approx(4 * 10 + 359 * 34)
    assert found["over_365"] == pytest.approx(found["point_days"] / 365)
    assert (found["threat"], found["law"]) == (False, True)


def test_the_fifty_points_of_7_april_were_said_a_day_before_they_were_law() -> None:
    found = shock("2025-04-07")
    assert found["over_30"] == pytest.approx(29 * 50 / 30)
    assert (found["threat"], found["law"]) == (False, False)
    assert found["acts"] == "EO 14259"
    # By law the news came on the 8th, for the day after.
    law = shock("2025-04-08", known="law")
    assert (law["next_day"], law["over_365"]) == (50, 50)
    assert law["law"]


def test_41_points_on_the_next_day_are_the_largest_there_were() -> None:
    frame = tf.surprises("us_on_cn")
    # EO 14266 of 9 April 2025: 84 to 125 on the 10th.
    assert frame["next_day"].idxmax() == pd.Timestamp("2025-04-09")
    assert frame["next_day"].max() == 41


def test_geneva_took_115_points_for_90_days_and_left_24_of_them_to_come_back() -> None:
    found = shock("2025-05-12")
    # From 14 May 115 less, from 12 August 91 less: EO 14298. Of the 365 days from 13 May: 1, 90 and 274.
    assert found["point_days"] == pytest.approx(-(90 * 115 + 274 * 91))


def test_a_threat_and_its_end_are_marked_and_nearly_cancel() -> None:
    said, gone = shock("2025-10-10"), shock("2025-10-26")
    # 100 points from 1 November 2025: of the 30 days from 11 October 9, of those from 27 October 25.
    assert (said["over_30"], gone["over_30"]) == (pytest.approx(9 * 100 / 30), pytest.approx(-25 * 100 / 30))
    assert (said["threat"], gone["threat"]) == (True, True)
    assert (said["law"], gone["law"]) == (False, False)
    assert pd.Timestamp("2025-10-10") not in tf.surprises("us_on_cn", known="law").index


def test_shocks_are_the_differences_of_vintages() -> None:
    for direction in ("us_on_cn", "cn_on_us"):
        frame = tf.surprises(direction)
        for stamp, row in frame.iterrows():
            assert isinstance(stamp, pd.Timestamp)
            day: date = stamp.date()
            until = day + timedelta(days=90)
            seen = [day - timedelta(days=1), day]
            paths = tf.vintages(direction, seen, known="stated", freq="D", start=day + timedelta(days=1), end=until)
            assert row["over_90"] == pytest.approx((paths.iloc[:, 1] - paths.iloc[:, 0]).mean(), abs=1e-9)


def test_there_is_no_shock_without_news_of_a_level() -> None:
    frame = tf.surprises("cn_on_us")
    assert frame.index.min() == pd.Timestamp("2025-04-04")  # announcement 4, the first on all goods
    assert frame.index.is_unique
    assert tf.surprises("us_on_cn", start="2019-01-01", end="2019-12-31").empty


def test_that_ieepa_ends_was_known_on_20_february_2026_and_from_when_on_the_22nd() -> None:
    said, dated = shock("2026-02-20"), shock("2026-02-22")
    # Proclamation 11012: 10 points from the 24th, 27 of the 30 days from 21 February.
    assert said["over_30"] == pytest.approx(27 * 10 / 30)
    assert said["undated"] == "ieepa-fentanyl/open/0 | ieepa-reciprocal/open/0"
    # CSMS 67834313: 20 points less from the 24th, 29 of the 30 days from 23 February.
    assert dated["over_30"] == pytest.approx(-29 * 20 / 30)
    assert (dated["undated"], bool(dated["law"])) == ("", True)


def test_a_threat_with_no_day_is_listed_and_moves_nothing() -> None:
    found = shock("2026-02-21")  # 15% in place of the 10% of Section 122, never enacted
    assert (found["point_days"], found["threat"], found["events"]) == (0, True, "")
    assert found["undated"] == "s122-surcharge/open/15"
    assert pd.Timestamp("2026-02-21") not in tf.surprises("us_on_cn", known="law").index


def test_stacks_and_averages_have_shocks_too() -> None:
    stack = tf.surprises("us_on_cn", measure="stack", good="list-3", start="2019-05-05", end="2019-05-09")
    # The president's post of 5 May 2019: 10 to 25 from the 10th.
    assert stack["over_365"].iloc[0] == pytest.approx(15 * 361 / 365)
    asked: dict[str, Any] = {"measure": "average", "weights": "piie-implied"}
    average = tf.surprises("us_on_cn", **asked, start="2019-05-05", end="2019-05-09")
    assert 4 < average["over_365"].iloc[0] < 8
    # A year after 9 April 2025 the weights no longer know what bore what.
    with pytest.raises(CoverageError, match="the weights piie-implied reach to 2025-12-31"):
        tf.surprises("us_on_cn", **asked, start="2025-04-09", end="2025-04-09")


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"direction": "us_on_eu"}, CoverageError, "does not cover US on EU"),
        ({"known": "said"}, UnknownNameError, "unknown known 'said'"),
        ({"measure": "average"}, UsageError, "average needs weights"),
        ({"start": "2025-05-01", "end": "2025-04-01"}, UsageError, "is after end"),
        ({"basis": "refundable"}, UsageError, "found basis refundable, expected charged or lawful: a ruling changes"),
    ],
)
def test_what_has_no_shocks_is_refused(asked: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        tf.surprises(**({"direction": "us_on_cn"} | asked))
