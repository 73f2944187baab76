"""What every view of the record makes of a year's trade: which share of it bears each duty on each day, and what moved it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tariffs.model import View
from tariffs.products.asking import ask
from tariffs.products.averaging import MFN, Averaging
from tariffs.products.overtrade import Traded
from tariffs.stacking import path
from tariffs.steps import value_on
from tariffs.vocabulary import KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Event
    from tariffs.products import Store
    from tariffs.products.grid import Floats
    from tariffs.stacking import Part
    from tariffs.vocabulary import Direction

    Number = tuple[str, str]  # a kind of row, and the duty that it speaks of
    Days = dict[date, float]
    Moves = dict[date, set[str]]

ORIGIN, NAME = "CN", "us_on_cn"
COVERED: Number = ("covered", "")


@dataclass(frozen=True)
class Seen:
    """What a view makes of the trade.

    Attributes
    ----------
    view : View
    counted : frozenset of str
        The events that count in it.
    numbers : dict of Number to (dict of date to float)
        Each number on the days on which it matters [percent].
    moved : dict of Number to (dict of date to set of str)
        The events that moved it, by day.
    """

    view: View
    counted: frozenset[str]
    numbers: Mapping[Number, Days]
    moved: Mapping[Number, Moves]

    @property
    def called(self) -> str:
        """The view in words."""
        if self.view.basis == "lawful":
            return "Without the duties held void."
        clock = "" if self.view.known == "law" else ", by statement"
        return f"As known on {self.view.as_of}{clock}." if self.view.as_of else ""


@dataclass(frozen=True)
class Trade:
    """The trade of a store with the record of its duties.

    Attributes
    ----------
    record : Catalog
        Without the weights that are made here.
    """

    store: Store
    record: Catalog

    @property
    def basis(self) -> str:
        """What the weights are called."""
        return f"us-imports-{self.store.year}"

    @property
    def direction(self) -> Direction:
        """Whose goods, and who levies."""
        return self.record.direction(NAME)

    @property
    def duties(self) -> tuple[Duty, ...]:
        """The duties on them, the general one among them."""
        return self.record.bearing(self.direction)

    @property
    def first(self) -> date:
        """The first day of the weights."""
        return ask(ORIGIN, self.store, self.record).first

    @property
    def last(self) -> date:
        """The last day of the weights."""
        return self.record.release.known_through

    @cached_property
    def dated(self) -> dict[str, Event]:
        """The events that take effect by the last day, by id."""
        events = (event for duty in self.duties for event in duty.events)
        return {event.id: event for event in events if isinstance(event.effective, date) and event.effective <= self.last}

    @cached_property
    def certain(self) -> dict[str, set[str]]:
        """By duty, the slugs of its changes that name some traded good for certain, whether it ever bore the duty or not."""
        grid = self.traded(View()).grid
        sure = {place for cell in np.unique(grid.lines.cells[grid.places]).tolist() for place in self.store.members(cell)[0]}
        found: dict[str, set[str]] = defaultdict(set)
        for duty, naming in grid.law.certain(sure):
            found[duty.id].update(naming.changes)
        return found

    def changes_of(self, duty: Duty) -> Moves:
        """Return the changes of what a duty covers that name some traded good for certain, by day."""
        found: Moves = defaultdict(set)
        for event in duty.events:
            if isinstance(event.effective, date) and self.certain[duty.id].intersection(slugs_of(event)):
                found[event.effective].add(event.id)
        return found

    def views(self) -> list[View]:
        """Return a view for each set of events that can count from the first day on, what was known earliest first."""
        events = (event for duty in self.duties for event in duty.events)
        days = {day for event in events for day in (*map(event.known_from, KNOWN), event.withdrawn) if day}
        days |= {duty.void.on for duty in self.duties if duty.void}
        when = [self.first, *sorted(day for day in days if self.first < day < self.last), None]
        found: dict[frozenset[str], View] = {}
        for basis in ("charged", "lawful"):
            for known in KNOWN:
                for day in when:
                    view = View(day, known, basis)
                    found.setdefault(self.counted(view), view)
        found[self.counted(View())] = View()
        return list(found.values())

    def counted(self, view: View) -> frozenset[str]:
        """Return the events that count in a view."""
        duties = [duty for duty in self.duties if view.counts_duty(duty)]
        return frozenset(event.id for duty in duties for event in duty.events if event.id in self.dated and view.counts(event))

    def traded(self, view: View) -> Traded:
        """Return the goods under the law as a view has it."""
        asked = ask(ORIGIN, self.store, self.record, as_of=view.as_of, known=view.known, basis=view.basis)
        return Traded(asked, self.basis)

    def averaging(self, view: View) -> Averaging:
        """Return the averages of a view on every day on which an event of the record takes effect."""
        traded = self.traded(view)
        days = {event.effective for event in self.dated.values() if isinstance(event.effective, date)}
        return Averaging(traded.grid, traded.value, self.first, self.last, days)

    def seen(self, view: View) -> Seen:
        """Return what a view makes of the trade."""
        over = self.averaging(view)
        hidden, touched = _hidden(over), _touched(over)
        points, shares = over.by(lambda duty: duty.id), over.borne()
        numbers: dict[Number, Days] = {
            ("mfn", MFN): by_day(over, points[MFN]),
            COVERED: by_day(over, over.covered()),
        }
        moved: dict[Number, Moves] = {("mfn", MFN): hidden, COVERED: _both(touched, hidden)}
        nothing = np.zeros(len(over.days))
        for duty in self.duties:
            matters = _in_force(duty, view, over.days)
            if duty.scope == "schedule" or not matters:
                continue
            own = _both(_moves_of(duty, over), self.changes_of(duty))
            share = by_day(over, shares.get(duty.id, nothing))
            numbers["share", duty.id] = {day: share[day] for day in matters}
            moved["share", duty.id] = _both(own, hidden)
            if any(event.including_mfn for event in duty.events):
                numbers["points", duty.id] = by_day(over, points.get(duty.id, nothing))
                moved["points", duty.id] = _both(own, hidden, _levels_of(duty, over))
        return Seen(view, self.counted(view), numbers, moved)


def by_day(over: Averaging, column: Floats) -> Days:
    """Return a number by its days, to six decimals as tables have it."""
    return {day: round(value, 6) for day, value in zip(over.days, column.tolist(), strict=True)}


def _both(*moves: Moves) -> Moves:
    found: Moves = defaultdict(set)
    for one in moves:
        for day, names in one.items():
            found[day] |= names
    return found


def _in_force(duty: Duty, view: View, days: list[date]) -> list[date]:
    """Return the days on which a duty's share matters: while it is in force, and of one on all goods from then on.

    A duty on all goods that has ended would be on the same goods still, which scenarios ask for; of one on listed goods the end
    of the list says nothing of them.
    """
    level = path(duty, view)
    live = [day for day in days if value_on(level, day) != 0]
    return [day for day in days if live and day >= live[0]] if duty.scope == "all_goods" else live


def _parts(over: Averaging) -> Iterator[Part]:
    """Yield each part of each fate once."""
    seen: set[int] = set()
    for fate in over.grid.fates:
        for part in (part for corner in fate.parts for part in corner):
            if id(part) not in seen:
                seen.add(id(part))
                yield part


def _moves_of(duty: Duty, over: Averaging) -> Moves:
    """Return the events that moved the share of some good: changes of what the duty covers, and what displaces it."""
    found: Moves = defaultdict(set)
    for part in _parts(over):
        if part.duties[0].id == duty.id:
            for day, events in part.moves:
                found[day].update(event.id for event in events)
    return found


def _levels_of(duty: Duty, over: Averaging) -> Moves:
    found: Moves = defaultdict(set)
    for part in _parts(over):
        if part.duties[0].id == duty.id:
            for day, event in part.levels:
                found[day].add(event.id)
    return found


def _events(over: Averaging, fate: int, day: date) -> set[str]:
    """Return the events by which the duties of a fate changed on a day."""
    found = set()
    for part in (part for corner in over.grid.fates[fate].parts for part in corner):
        if any(since == day for since, _ in part.points):
            found |= {event.id for since, event in part.levels if since == day}
            found |= {event.id for since, events in part.moves for event in events if since == day}
    return found


def _flips(over: Averaging, marks: Iterable[tuple[int, Floats]]) -> Moves:
    """Return the events of the days on which a mark of a fate turns, given by fate with shape (…, days)."""
    found: Moves = defaultdict(set)
    for fate, mark in marks:
        turns = np.atleast_2d(mark)
        for at in np.flatnonzero((turns[:, 1:] != turns[:, :-1]).any(axis=0)).tolist():
            found[over.days[at + 1]] |= _events(over, fate, over.days[at + 1])
    return found


def _hidden(over: Averaging) -> Moves:
    """Return the events that make the duty of some trade known or unknown: what all shares are of."""
    hangs = set(over.grid.fate_of[over.open].tolist())
    return _flips(over, ((fate, (over.even if fate in hangs else over.valid)[fate]) for fate in range(len(over.grid.fates))))


def _touched(over: Averaging) -> Moves:
    """Return the events that brought some good under a duty, or took the last one off it."""
    return _flips(over, ((fate, over.level[fate] > 0) for fate in range(len(over.grid.fates))))


def slugs_of(event: Event) -> set[str]:
    """Return what enters or leaves with an event."""
    return {*event.coverage.entering, *event.coverage.leaving} if event.coverage else set()
