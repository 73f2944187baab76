"""The days of each level of a duty: stated, enacted, in force or withdrawn, and how long before it took effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tariffs.charts import words
from tariffs.charts.lanes import written
from tariffs.model import Undated, View
from tariffs.stacking import deciding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tariffs.model import Duty, Event

NO_DAY, NOT_KNOWN, NO_ACT, NEVER = "no day", "not known", "no act seen", "never"


@dataclass(frozen=True, slots=True)
class Row:
    """One level that was announced for a duty.

    Attributes
    ----------
    event : Event
    fate : {"in force", "ahead", "withdrawn", "no day"}
    """

    event: Event
    fate: str

    @property
    def level(self) -> str:
        """The level as labels write it."""
        return written(self.event)

    @property
    def stated(self) -> str:
        """The day of the first official statement."""
        return _day(self.event.stated)

    @property
    def enacted(self) -> str:
        """The day of the legal instrument, or why there is none."""
        if self.event.enacted is None:
            return NEVER if self.event.status == "threat" else NO_ACT
        return _day(self.event.enacted)

    @property
    def effective(self) -> str:
        """The first day in force; in brackets the one that was set and did not come."""
        day = _day(self.event.effective)
        return f"({day})" if self.fate == "withdrawn" else day

    @property
    def withdrawn(self) -> str:
        """The day on which it was withdrawn."""
        return words.short_day(self.event.withdrawn) if self.event.withdrawn else ""

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """What stands in the columns."""
        return self.level, self.stated, self.enacted, self.effective, self.withdrawn

    def before(self, day: date | Undated | None) -> int | None:
        """Return how many days before its effective day something was; None where either has no day."""
        effective = self.event.effective
        return (effective - day).days if isinstance(effective, date) and isinstance(day, date) else None

    @property
    def days(self) -> tuple[date, ...]:
        """All its days."""
        event = self.event
        return tuple(day for day in (event.stated, event.enacted, event.effective, event.withdrawn) if isinstance(day, date))


def rows_of(duty: Duty, horizon: date, window: tuple[date, date]) -> tuple[Row, ...]:
    """Return the levels of a duty that have a day in a window, in the order of the days that they were for.

    Parameters
    ----------
    duty : Duty
    horizon : date
        The last day that counts: what is for later is ahead.
    window : tuple of date
        First and last day, both included.
    """
    counted = {event.id for _, event in deciding(duty, View())}
    rows = [Row(event, _fate(event, horizon, counted)) for event in duty.events if event.is_level and not event.never_known]
    first, final = window
    return tuple(sorted((row for row in rows if any(first <= day <= final for day in row.days)), key=_order))


def _fate(event: Event, horizon: date, counted: set[str]) -> str:
    if not isinstance(event.effective, date):
        return "no day"
    if event.id not in counted:
        return "withdrawn"
    return "in force" if event.effective <= horizon else "ahead"


def _order(row: Row) -> tuple[date, date, str]:
    own = row.event.effective
    return (own if isinstance(own, date) else min(row.days), min(row.days), row.event.id)


def _day(day: date | Undated | None) -> str:
    if isinstance(day, date):
        return words.short_day(day)
    return NO_DAY if day is Undated.OPEN else NOT_KNOWN


def longest(rows: Iterable[Row]) -> tuple[int, int]:
    """Return how many days before, and after, its effective day something was at most."""
    lags = [
        lag
        for row in rows
        for day in (row.event.stated, row.event.enacted, row.event.withdrawn)
        if (lag := row.before(day)) is not None
    ]
    return max([0, *lags]), -min([0, *lags])
