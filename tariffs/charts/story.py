"""What charts of rates tell beside their lines: the days shown, the truce, the days not checked, the acts above the plot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tariffs.asking import DayLike, as_day
from tariffs.charts import words

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.charts.panel import Panel
    from tariffs.model import View

DEFAULT = ("us_on_cn", "cn_on_us")
DEFAULT_START = date(2025, 1, 1)
LEAST_TOP = 10  # a chart of zeros still has a scale [percent]
ROOM_AFTER, ROOM_AT_END = timedelta(days=50), 13  # at the right edge: days, or if that is more so many millimetres
# What the lane on top names: the record's own events and context, so that no date is written here.
ANNOTATIONS = (
    ("Fentanyl duty", "ieepa-fentanyl/2025-02-04/10"),
    ("Reciprocal tariffs announced", "reciprocal-announced-2025-04-02"),
    ("Geneva", "geneva-2025-05-12"),
    ("Busan", "busan-2025-10-30"),
    ("Supreme Court", "supreme-court-2026-02-20"),
    ("Section 122", "s122-surcharge/2026-02-24/10"),
    ("Forced-labour duty", "s301-forced-labour/2026-07-24/12.5"),
)
BEFORE_2025 = (
    ("Section 301, List 1", "s301-list-1/2018-07-06/25"),
    ("List 3 to 25", "s301-list-3/2019-05-10/25"),
    ("Phase One", "s301-list-4a/2020-02-14/7.5"),
)
STORY = {"ieepa-reciprocal", "cn-reciprocal"}  # charts of other duties do not tell it
TRUCE_EVENTS = ("ieepa-reciprocal/2025-05-14/10", "cn-reciprocal/2027-01-10/34")


def room_after(begin: DayLike, last: date, width: float) -> timedelta:
    """Return the days drawn after the last step, so that its label has room."""
    share = min(ROOM_AT_END / max(width - ROOM_AT_END, ROOM_AT_END), 0.25)
    return max(ROOM_AFTER, (last - as_day(begin, "start")) * share)


def doubt_of(view: View, *, weighted: bool) -> str:
    """Return the word for the days after the last one that counts."""
    return "no weights" if weighted else "expected" if view.as_of else "not verified"


def shade(panel: Panel, record: Catalog, horizon: date, *, story: bool, doubt: str) -> None:
    """Put the truce and the days that are not checked behind the lines."""
    truce = truce_of(record)
    if story and truce:
        panel.add_ground("truce", truce[0], min(truce[1], horizon + timedelta(days=1)), f"truce from {words.short_day(truce[0])}")
    panel.add_ground("not-verified", horizon + timedelta(days=1), panel.final, f"{doubt} after {words.short_day(horizon)}")


def truce_of(record: Catalog) -> tuple[date, date] | None:
    """Return the first day of the truce and the day on which it ends; None where a scenario knows of none."""
    begin, end = (_day_of(record, name) for name in TRUCE_EVENTS)
    return (begin, end or date.max) if begin else None


def _day_of(record: Catalog, name: str) -> date | None:
    """Return the day of an event that was not withdrawn; None where there is none."""
    event = record.events.get(name)
    return event.effective if event and isinstance(event.effective, date) and event.withdrawn is None else None


def annotations_of(record: Catalog, first: date, last: date, *, whole: bool) -> list[tuple[str, date]]:
    """Return the annotated acts that fall into the days drawn, in their order."""
    contexts = {event.id: event.day for event in record.context}
    shown = []
    for text, name in ANNOTATIONS if whole else (*BEFORE_2025, *ANNOTATIONS):
        day = _day_of(record, name) if name in record.events else contexts.get(name)
        if isinstance(day, date) and first <= day <= last:
            shown.append((text, day))
    return sorted(shown, key=lambda entry: entry[1])
