"""What each duty contributes to an average, given weights: its level times the share of trade it covers, or points.

A share or points hold from the events that brought them, so an average follows the view: an exemption not yet known is not yet
taken out. What a basis has no number for is unknown, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tariffs.model import Undated
from tariffs.stacking import Part, deciding, path
from tariffs.steps import ZERO, Steps, compress, share_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from tariffs.model import Duty, Event, View, WeightRow, Weights

BEGINNING = date(1900, 1, 1)  # a share as first drawn holds from before any record


@dataclass(frozen=True, slots=True)
class Basis:
    """A table of weights joined to the record it speaks of.

    Attributes
    ----------
    weights : Weights
    duties : tuple of Duty
        Those levied on the direction.
    events : dict of str to Event
        Every event of the record, by id.
    """

    weights: Weights
    duties: tuple[Duty, ...]
    events: Mapping[str, Event]

    def parts(self, view: View) -> tuple[Part, ...]:
        """Return what adds up to the average: MFN, duties by share, duties booked together in points."""
        whole = self.weights.of("level")
        if whole:
            return (Part((), compress([*_first(whole), *self._states(whole, (), view)]), moves=self._moves(whole, view)),)
        bundles = dict.fromkeys(row.duties for row in (*self.weights.of("mfn"), *self.weights.of("points")))
        booked = {duty for bundle in bundles for duty in bundle}
        together = [self._booked(bundle, view) for bundle in bundles]
        apart = [self._shared(duty, view) for duty in self.duties if duty.id not in booked and duty.scope != "schedule"]
        return (*together, *apart)

    def covered(self, view: View) -> Part:
        """Return the share of trade under any additional duty [percent], undivided."""
        rows = self.weights.of("covered")
        return Part((), compress([*_first(rows), *self._states(rows, (), view)]), moves=self._moves(rows, view))

    def _shared(self, duty: Duty, view: View) -> Part:
        """Return a duty's contribution as its level times the share of trade that it covers."""
        rows = tuple(row for row in self.weights.of("share") if row.duties == (duty.id,))
        level, levels = path(duty, view), deciding(duty, view)
        drawn = _first(rows)
        changes = [event for event in duty.events if not event.is_level]
        if drawn:
            share: Steps = (*drawn, *self._states(rows, changes, view))
        else:
            share = tuple((day, ZERO if self._left_out(event) else None) for day, event in levels)
        return Part((duty,), share_of(level, share), level=level, share=share, levels=levels, moves=self._moves(rows, view))

    def _booked(self, bundle: tuple[str, ...], view: View) -> Part:
        """Return the points that duties contribute together, or the MFN average."""
        rows = tuple(row for row in self.weights.rows if row.duties == bundle and row.kind in ("mfn", "points"))
        duties = tuple(duty for duty in self.duties if duty.id in bundle)
        changes = [event for duty in duties if view.counts_duty(duty) for event in duty.events]
        points = compress([*_first(rows), *self._states(rows, changes, view)])
        return Part(duties, points, moves=self._moves(rows, view), notes=self._notes(rows, view))

    def _states(self, rows: tuple[WeightRow, ...], changes: Iterable[Event], view: View) -> Steps:
        """Return the numbers of rows by day, and that nothing is known where a change of the record has none."""
        found = {day: held.row.percent if held.whole else None for day, held in self.held(rows, view).items()}
        named = {name for row in rows if isinstance(row.since, tuple) for name in row.since}
        missed = date.max
        for event in changes:
            if event.id not in named and isinstance(event.effective, date) and view.counts(event) and not self._left_out(event):
                found[event.effective] = None
                missed = min(missed, event.effective)
        # A number made without a change that the basis does not know stays without it on later days too.
        return tuple((day, value if day < missed else None) for day, value in sorted(found.items()))

    def held(self, rows: Iterable[WeightRow], view: View) -> dict[date, Held]:
        """Return the row that holds from each day.

        A row begins on the latest day of its events, if one of that day counts; where only some of its events do, no number is
        known. With a day beside its events it begins on that day where all of them count, and else not at all.

        Where rows of one day count, the one that became known last holds: of an act and an exemption that came later and reached
        back to the same day, the row that names the act alone holds until the exemption was known, and the one that names both
        from then on. Of two that were known together the one whose events all count holds, and of two such the one that names
        more.
        """
        duties = {duty.id for duty in self.duties if view.counts_duty(duty)}
        found: dict[date, Held] = {}
        for row in rows:
            held = self._counted(row, view, duties)
            if held and (held.day not in found or found[held.day].rank < held.rank):
                found[held.day] = held
        return dict(sorted(found.items()))

    def _counted(self, row: WeightRow, view: View, duties: Container[str]) -> Held | None:
        """Return a row as a view counts it, None where none of the events with which it would begin counts."""
        if isinstance(row.since, date):
            return Held(row, row.since, (), date.min, whole=True, count=0)
        events = [(self.events[name], self.events[name].effective) for name in row.since]
        days = [day for _, day in events if not isinstance(day, Undated)]
        counted = [(event, day) for event, day in events if view.counts(event) and event.duty in duties]
        whole = len(counted) == len(events)
        begin = row.day or max(days, default=date.max)
        turning = tuple(event for event, day in counted if day == begin)
        if not counted or not (whole if row.day else turning):
            return None
        known = max(event.known_from(view.known) or date.min for event, _ in counted)
        return Held(row, begin, turning, known, whole=whole, count=len(counted))

    def _moves(self, rows: Iterable[WeightRow], view: View) -> tuple[tuple[date, tuple[Event, ...]], ...]:
        """Return the events behind rows, by day."""
        return tuple((day, held.events) for day, held in self.held(rows, view).items())

    def _notes(self, rows: tuple[WeightRow, ...], view: View) -> tuple[tuple[date, str], ...]:
        """Return what rows say of themselves, by day."""
        first = [(BEGINNING, row.note) for row in rows if row.since == ()]
        return (*first, *((day, held.row.note) for day, held in self.held(rows, view).items()))

    def _left_out(self, event: Event) -> bool:
        """Whether the basis says that it leaves a change out: by the event, or by every slug that it moves."""
        slugs = (*event.coverage.entering, *event.coverage.leaving) if event.coverage else ()
        words = {
            word
            for row in self.weights.of("left_out")
            if not row.duties or event.duty in row.duties
            for word in (row.since if isinstance(row.since, tuple) else ())
        }
        return event.id in words or (bool(slugs) and words.issuperset(slugs))


@dataclass(frozen=True, slots=True)
class Held:
    """A row as a view counts it.

    Attributes
    ----------
    day : date
        From which it holds.
    events : tuple of Event
        Those of that day that count.
    known : date
        From which all that counts of it was known.
    whole : bool
        Whether all of its events count.
    count : int
        How many do.
    """

    row: WeightRow
    day: date
    events: tuple[Event, ...]
    known: date
    whole: bool
    count: int

    @property
    def rank(self) -> tuple[date, bool, int]:
        """What decides between rows of one day."""
        return self.known, self.whole, self.count


def _first(rows: Iterable[WeightRow]) -> Steps:
    """Return the number that holds from the first day, where there is one."""
    return tuple((BEGINNING, row.percent) for row in rows if row.since == ())
