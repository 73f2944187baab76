"""Which duties bite, at which level, and how they add.

Duties add; they do not compound. A day carries the level in force at its end.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tariffs.errors import UnknownRateError
from tariffs.model import Undated
from tariffs.steps import Steps, add, compress, spans
from tariffs.vocabulary import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tariffs.model import Duty, Event, View


def deciding(duty: Duty, view: View) -> tuple[tuple[date, Event], ...]:
    """Return the events that set the duty's level with their effective days, oldest first, one per day.

    Where two known events take effect on one day, the one that became known later decides: on 7 April 2025 both 34% and 84%
    were announced for the 9th. Of two that became known together, law decides before agreement and agreement before threat, and
    one that stood before one that was withdrawn.
    """
    if not view.counts_duty(duty):
        return ()
    by_day: dict[date, tuple[tuple[date, int, bool, str], Event]] = {}
    for event in duty.events:
        day, since = event.effective, event.known_from(view.known)
        if not (event.is_level and isinstance(day, date) and since is not None and view.counts(event)):
            continue
        weight = since, -STATUSES.index(event.status), event.withdrawn is None, event.id
        if day not in by_day or by_day[day][0] < weight:
            by_day[day] = weight, event
    return tuple((day, event) for day, (_, event) in sorted(by_day.items(), key=lambda item: item[0]))


def path(duty: Duty, view: View) -> Steps:
    """Return the duty's level over time [percent]."""
    return compress((day, event.rate) for day, event in deciding(duty, view))


def announced(duties: Iterable[Duty], view: View, day: date) -> tuple[Event, ...]:
    """Return the changes that were announced by a day with no day of their own; they stand on no path."""
    return tuple(
        event
        for duty in duties
        if view.counts_duty(duty)
        for event in duty.events
        if event.effective is Undated.OPEN and view.counts(event) and (event.known_from(view.known) or day) <= day
    )


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
