"""What a scenario makes of the duties of a record; what it says against the record or against itself is refused."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tariffs.errors import did_you_mean
from tariffs.model import Event, Source, View
from tariffs.reading.duties import id_of
from tariffs.reading.scenario import ASSUMED
from tariffs.stacking import path
from tariffs.steps import value_on
from tariffs.vocabulary import AUTHORITIES, KNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from tariffs.model import Duty, Scenario
    from tariffs.reading.scenario import Change, Named, Strike, Supposed
    from tariffs.reading.tree import Reader

Duties = dict[str, "Duty"]


def suppose(duties: Duties, supposed: Supposed, reader: Reader, context: Collection[str] = ()) -> Duties:
    """Return the duties as a scenario has them; what cannot be is noted in `reader`.

    What it withdraws may stand in `context`, by id, and is no event of a duty then. Events that a scenario takes back stay,
    withdrawn on the day they became known: weights and kinds of goods name them.
    """
    own = tuple(named for named in supposed.withdrawn if named.id not in context)
    return _Supposing(duties, replace(supposed, withdrawn=own), reader).all()


def taken_back(event: Event, scenario: Scenario) -> bool:
    """Whether it is the scenario that withdrew an event."""
    return event.withdrawn_by == scenario.label


def changes_nothing(before: Duties, after: Duties) -> bool:
    """Whether every duty is the same on every day, as known on any: level, what it covers, and the ruling on it."""
    same = (before[name] == after[name] or _says(before[name], after[name]) for name in before)
    return set(before) == set(after) and all(same)


def _says(one: Duty, other: Duty) -> bool:
    """Whether two versions of a duty say the same in all views."""
    said = [day for event in (*one.events, *other.events) for day in (event.stated, event.enacted, event.withdrawn)]
    days = [None, *{day for day in said if isinstance(day, date)}]
    views = [View(day, known) for day in days for known in KNOWN]
    return one.void == other.void and all(
        path(one, view) == path(other, view) and _moves(one, view) == _moves(other, view) for view in views
    )


def _moves(duty: Duty, view: View) -> set[object]:
    return {(event.effective, event.coverage) for event in duty.events if not event.is_level and view.counts(event)}


class _Supposing:
    """One scenario over the duties of one record."""

    def __init__(self, duties: Duties, supposed: Supposed, reader: Reader) -> None:
        self.duties, self.supposed, self.reader = duties, supposed, reader
        self.scenario = supposed.scenario
        self.events = {event.id: event for duty in duties.values() for event in duty.events}
        self.own = {named.id for named in supposed.restored} | {event.id for event in supposed.added}

    def all(self) -> Duties:
        """Return every duty after all that is supposed, in order of the ids."""
        self._require_said_once()
        swapped = dict([*self._withdrawn(), *self._restored()])
        fresh: dict[str, list[Event]] = defaultdict(list)
        for change in self.supposed.changed:
            self._place(self._changed(change), swapped, fresh)
        for event in self.supposed.added:
            if self._known(event.duty, self.duties, "duty", event.line):
                self._require_new(event)
                fresh[event.duty].append(event)
        found = {name: _with(duty, swapped, fresh.get(name, ())) for name, duty in self.duties.items()}
        for duty in self.supposed.duties:
            if duty.id in found:
                self.reader.refuse(duty.line, "duty", f"{duty.id} is a duty of the record; add events to it, or name another")
            found[duty.id] = duty
        for strike in self.supposed.struck:
            found |= self._struck(strike, found)
        for name in self.supposed.upheld:
            found |= self._upheld(name, found)
        return dict(sorted(found.items()))

    def _require_said_once(self) -> None:
        """Refuse two suppositions about one event."""
        changed = [change.event for change in self.supposed.changed]
        seen: dict[str, Named] = {}
        for named in sorted((*self.supposed.withdrawn, *self.supposed.restored, *changed), key=lambda named: named.line):
            if named.id in seen:
                message = f"{named.id} is named twice; first on line {seen[named.id].line}"
                self.reader.refuse(named.line, "event", message)
            seen.setdefault(named.id, named)

    def _withdrawn(self) -> Iterator[tuple[str, Event]]:
        for named in self.supposed.withdrawn:
            if self._known(named.id, self.events, "event", named.line, "withdraw"):
                yield named.id, self._back(self.events[named.id])

    def _restored(self) -> Iterator[tuple[str, Event]]:
        for named in self.supposed.restored:
            if not self._known(named.id, self.events, "event", named.line, "restore"):
                continue
            event = self.events[named.id]
            if event.withdrawn is None:
                self.reader.refuse(named.line, "restore", f"{named.id} was never withdrawn")
            yield named.id, replace(event, withdrawn=None, withdrawn_by="", file=self.scenario.file, line=named.line)

    def _changed(self, change: Change) -> tuple[Event, Event] | None:
        """Return an event as it was, taken back, and as it is supposed to be."""
        if not self._known(change.event.id, self.events, "event", change.event.line):
            return None
        old = self.events[change.event.id]
        if change.rate is not None and not old.is_level:
            self.reader.refuse(change.event.line, "rate", f"{old.id} changes what {old.duty} covers; it has no level")
            return None
        effective = change.effective or old.effective
        rate = old.rate if change.rate is None else change.rate
        status = change.status or old.status
        new = replace(
            old,
            id=id_of(old.duty, effective, rate, old.coverage),
            effective=effective,
            rate=rate,
            stated=change.stated or old.stated,
            stated_at=None if change.stated else old.stated_at,
            enacted=change.enacted or (old.enacted if status == "law" else None),
            status=status,
            withdrawn=None,
            withdrawn_by="",
            in_transit=old.in_transit if effective == old.effective else None,
            act=f"{self.scenario.label}, in place of {old.id}",
            grade=ASSUMED,
            sources=(Source(self.scenario.label),),
            note="",
            file=self.scenario.file,
            line=change.event.line,
        )
        if new.id != old.id:
            self._require_new(new)
        return self._back(old), new

    def _place(self, changed: tuple[Event, Event] | None, swapped: dict[str, Event], fresh: dict[str, list[Event]]) -> None:
        """Put a changed event beside the one it replaces, or where its id stays the same in its place."""
        if changed is None:
            return
        old, new = changed
        self.own.add(new.id)
        if old.id == new.id:
            swapped[old.id] = new
        else:
            swapped[old.id] = old
            fresh[new.duty].append(new)

    def _struck(self, strike: Strike, duties: Duties) -> Iterator[tuple[str, Duty]]:
        """Yield the duties that a strike ends: 0 from its day, and nothing that was to come after it."""
        if strike.kind == "duty" and not self._known(strike.of.id, duties, "duty", strike.of.line):
            return
        families = {duty.family for duty in duties.values()}
        if strike.kind == "family" and not self._known(strike.of.id, families, "family", strike.of.line):
            return
        attribute = "id" if strike.kind == "duty" else strike.kind
        ended = [
            duty
            for duty in duties.values()
            if getattr(duty, attribute) == strike.of.id and duty.scope != "schedule" and _lives(duty, strike.day)
        ]
        if not ended:
            self.reader.refuse(strike.of.line, "strike_down", f"no duty of {strike.of.id} is in force or to come on {strike.day}")
        for duty in ended:
            yield duty.id, self._ended(duty, strike)

    def _ended(self, duty: Duty, strike: Strike) -> Duty:
        events = []
        for event in duty.events:
            day = event.effective
            since = max(strike.known, event.first_known)
            stays = event.withdrawn is not None and event.withdrawn <= since
            if stays or not (event.is_level and isinstance(day, date) and day >= strike.day):
                events.append(event)
                continue
            if event.rate != 0 and event.id in self.own:
                message = f"{event.id} is supposed to come after {strike.of.id} is struck down on {strike.day}"
                self.reader.refuse(strike.of.line, "strike_down", message)
            events.append(replace(event, withdrawn=since, withdrawn_by=self.scenario.label))
        end = Event(
            id=id_of(duty.id, strike.day, Decimal(0), None),
            duty=duty.id,
            effective=strike.day,
            stated=strike.known,
            enacted=strike.known,
            rate=Decimal(0),
            act=f"{self.scenario.label}: {strike.of.id} struck down",
            grade=ASSUMED,
            sources=(Source(self.scenario.label),),
            file=self.scenario.file,
            line=strike.of.line,
        )
        return replace(duty, events=(*(event for event in events if event.id != end.id), end))

    def _upheld(self, name: Named, duties: Duties) -> Iterator[tuple[str, Duty]]:
        """Yield the duties of an authority without the ruling that voided them."""
        if not self._known(name.id, AUTHORITIES, "authority", name.line, "uphold"):
            return
        freed = [duty for duty in duties.values() if duty.authority == name.id and duty.void]
        if not freed:
            self.reader.refuse(name.line, "uphold", f"no ruling voids a duty of {name.id}")
        for duty in freed:
            yield duty.id, replace(duty, void=None)

    def _known(self, name: str, names: Collection[str], kind: str, line: int, field: str = "") -> bool:
        """Whether a name is one of the record; where it is not, the nearest is named."""
        if name not in names:
            self.reader.refuse(line, field or kind, f"unknown {kind} {name!r}{did_you_mean(name, names)}")
        return name in names

    def _require_new(self, event: Event) -> None:
        """Refuse an event that the record has; one that was withdrawn can come back under its own name."""
        old = self.events.get(event.id)
        if old is not None:
            way = "restore it" if old.withdrawn else "change it, or withdraw another"
            self.reader.refuse(event.line, "effective", f"{event.id} stands in the record; {way}")

    def _back(self, event: Event) -> Event:
        return replace(event, withdrawn=event.first_known, withdrawn_by=self.scenario.label)


def _with(duty: Duty, swapped: dict[str, Event], fresh: Iterable[Event]) -> Duty:
    """Return a duty with some of its events exchanged and others added; itself where there are none."""
    events = (*(swapped.get(event.id, event) for event in duty.events), *fresh)
    return duty if events == duty.events else replace(duty, events=events)


def _lives(duty: Duty, day: date) -> bool:
    """Whether a duty is in force on a day, or to come after it."""
    steps = path(duty, View())
    return value_on(steps, day) != 0 or any(since > day and value != 0 for since, value in steps)
