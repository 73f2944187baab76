"""Dates of the record against another hand: the days on which the Peterson Institute's averages step (edition of 2025-11-14).

The published levels are not part of the project; where they lie beside it, they are read.
"""

from __future__ import annotations

import csv
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from tariffs.asking import packaged

PUBLISHED = Path(__file__).parents[2] / "shared" / "facts" / "published_open.csv"
BOOKED_OTHERWISE = {
    # List 3 rose to 25 for goods exported from 10 May 2019 (84 FR 20459); the publication waits for those still at sea.
    "us_on_cn": {date(2019, 6, 1)},
    # China's zero duty on coal ran through 31 December 2023; the publication steps on its last day.
    "cn_on_us": {date(2023, 12, 31)},
}


def steps(series: str) -> set[date]:
    if not PUBLISHED.is_file():
        pytest.skip(f"no published levels to compare with: they are read from {PUBLISHED.name} beside the project")
    with PUBLISHED.open(encoding="utf-8") as stream:
        points = [
            (date.fromisoformat(row["date"]), row["value_pct"]) for row in csv.DictReader(stream) if row["series"] == series
        ]
    return {day for (_, before), (day, after) in pairwise(points) if after != before}


@pytest.mark.parametrize(
    ("direction", "series", "count"),
    [("us_on_cn", "avg_US_tariff_on_CN_exports", 21), ("cn_on_us", "avg_CN_tariff_on_US_exports", 27)],
)
def test_every_published_step_falls_on_an_effective_day_of_the_record(direction: str, series: str, count: int) -> None:
    record = packaged()
    duties = record.bearing(record.direction(direction))
    days = {event.effective for duty in duties for event in duty.events if event.withdrawn is None}
    published = steps(series)
    assert len(published) == count
    assert published - days == BOOKED_OTHERWISE[direction]
