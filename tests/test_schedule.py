"""The record against the official schedule: each US level of 2025 and 2026 as the heading that carries it prints it.

The schedules (USITC exports, one per revision) are not part of the project; where they lie beside it, they are read.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tariffs.asking import packaged

if TYPE_CHECKING:
    from tariffs.model import Event

SHARED = Path(__file__).parents[2] / "shared"
ARCHIVES, DATES = SHARED / "data" / "hts_archives", SHARED / "facts" / "hts_revision_dates.csv"

# The schedule prints the safeguard's first rate, 30%, in the heading, and each year's reduction in its note 18(f).
IN_A_NOTE = {"s201-solar/2025-02-07/14"}


@cache
def revisions() -> tuple[tuple[date, str], ...]:
    if not (ARCHIVES.is_dir() and DATES.is_file()):
        pytest.skip(f"no schedules to compare with: they are read from {ARCHIVES.name} beside the project")
    with DATES.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return tuple(sorted((date.fromisoformat(row["legal_date_of_its_main_change"]), row["revision"]) for row in rows))


@cache
def duties_of(revision: str) -> dict[str, str]:
    with gzip.open(ARCHIVES / f"hts_{revision}.json.gz", "rt", encoding="utf-8") as stream:
        return {row["htsno"]: row["general"] or "" for row in json.load(stream) if row["htsno"].startswith("9903")}


def printed(event: Event, first: date) -> list[str]:
    headings = re.findall(r"9903\.\d\d\.\d\d", event.provision)
    near = [revision for day, revision in revisions() if day >= first][:3]
    return [duties_of(revision)[heading] for revision in near for heading in headings if heading in duties_of(revision)]


def compared() -> list[tuple[Event, list[str]]]:
    first, last = revisions()[0][0], revisions()[-1][0]
    return [
        (event, printed(event, event.effective))
        for event in packaged().events.values()
        if event.status == "law" and not event.withdrawn and event.rate and event.id not in IN_A_NOTE
        if isinstance(event.effective, date) and first <= event.effective <= last and event.provision.startswith("9903")
    ]


def test_levels_stand_in_the_schedule_under_the_heading_that_the_record_names() -> None:
    wrong = []
    for event, texts in compared():
        level = rf"(?<![\d.]){re.escape(f'{event.rate:f}')}(\.0)?\s?(%|percent)"
        if not any(re.search(level, text) for text in texts):
            wrong.append(f"{event.id}: {texts}")
    assert wrong == []
    assert len(compared()) >= 40


def test_schedule_prints_an_addition_with_its_plus_and_a_floor_without() -> None:
    # "The duty provided in the applicable subheading + 25%" adds to MFN; "15%" alone takes its place.
    wrong = [event.id for event, texts in compared() if ("+" in texts[0]) is event.including_mfn]
    assert wrong == []


def test_schedule_moves_cranes_and_chassis_to_a_hundred_for_one_day() -> None:
    # Revision 27: on or after 9 November 2025; revision 28: on or after 10 November 2026.
    assert "100%" in printed(packaged().events["s301-maritime-cranes/2025-11-09/100"], date(2025, 11, 9))[0]
    levels = {event.effective: event.rate for event in packaged().duties["s301-maritime-cranes"].events if event.is_level}
    assert [levels[day] for day in (date(2025, 11, 9), date(2025, 11, 10), date(2026, 11, 10))] == [100, 0, 100]
