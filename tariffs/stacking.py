"""Which duties bite, at which level, and how they add.

Duties add; they do not compound. A day carries the level in force at its end.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tariffs.errors import UnknownRateError
from tariffs.steps import Steps, add, compress, spans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tariffs.model import Duty, Event, View


def deciding(duty: Duty, view: View) -> tuple[Event, ...]:
    """Return the events that set the duty's level, oldest first, one per effective day.

    Where two known events take effect on one day, the one that became known later decides: on 7 April 2025 both 34% and 84%
    were announced for the 9th.
    """
    if not view.counts_duty(duty):
        return ()
    by_day: dict[date, tuple[date, Event]] = {}
    for event in duty.events:
        day, since = event.effective, event.known_from(view.known)
        if not (event.is_level and isinstance(day, date) and since is not None and view.counts(event)):
            continue
        if day not in by_day or by_day[day][0] <= since:
            by_day[day] = since, event
    return tuple(event for _, (_, event) in sorted(by_day.items(), key=lambda item: item[0]))


def in_force(duty: Duty, day: date, view: View) -> Event | None:
    """Return the event whose level the duty carries at the end of a day, or None before its first."""
    latest = None
    for event in deciding(duty, view):
        if isinstance(event.effective, date) and event.effective <= day:
            latest = event
    return latest


def path(duty: Duty, view: View) -> Steps:
    """Return the duty's level over time [percent]."""
    return compress((event.effective, event.rate) for event in deciding(duty, view) if isinstance(event.effective, date))


def across_the_board(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """Return the duties that a good on no product list and under no exemption bears."""
    return borne(duties, lists=frozenset())


def borne(duties: Iterable[Duty], lists: frozenset[str]) -> tuple[Duty, ...]:
    """Return the duties that a good bears which stands on these product lists and under no exemption."""
    return tuple(duty for duty in duties if duty.scope == "all_goods" or duty.id in lists)


def stack(duties: Iterable[Duty], view: View, start: date, end: date) -> Steps:
    """Return the sum of duties over time [percent].

    Raises
    ------
    UnknownRateError
        Where one of them was in force between `start` and `end` at a level that no source gives.
    """
    paths = {duty.id: path(duty, view) for duty in duties}
    for name, steps in paths.items():
        for first, _, value in spans(steps, start, end):
            if value is None:
                raise UnknownRateError(f"no sum: the level of {name} is not known from {first}")
    return add(paths.values())
