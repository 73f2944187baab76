"""The duties that a named kind of good bears: taken in and out by changes of coverage, and displaced as the law says."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from tariffs.model import Bearing
from tariffs.stacking import BEGINNING, DISPLACEMENTS, WHOLE, Part, deciding
from tariffs.steps import ZERO, Steps, compress, share_of, value_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from tariffs.model import Duty, Event, Good, View
    from tariffs.stacking import Displacement

    Levels = tuple[tuple[date, Event], ...]


@dataclass(slots=True)
class Kept:
    """What is kept between many goods of the same duties and view.

    Attributes
    ----------
    levels : dict of str to Levels
        By duty the events that set its level.
    parts : dict
        By how goods stand to a duty, and to those that displace it, what it adds.
    """

    levels: dict[str, Levels] = field(default_factory=dict)
    parts: dict[tuple[object, ...], Part] = field(default_factory=dict)


def good_parts(
    duties: Iterable[Duty], good: Good, view: View, metal_share: Decimal, kept: Kept | None = None
) -> tuple[Part, ...]:
    """Return the parts of the stack that a kind of good bears.

    Parameters
    ----------
    duties : iterable of Duty
        Those levied on the direction.
    good : Good
    view : View
    metal_share : Decimal
        Share of the good's value that is metal [percent]. 0 stands for hardly any.
    kept : Kept, optional
        What was reckoned for other goods of the same duties and view.
    """
    named = {bearing.duty: bearing for bearing in good.bears}
    borne_duties = [duty for duty in duties if duty.scope == "all_goods" or duty.id in named]
    kept = Kept() if kept is None else kept
    bearings = [named.get(duty.id, Bearing(duty.id, at_first=True)) for duty in borne_duties]
    burdens = [_Burden(*pair, view, metal_share, kept.levels) for pair in zip(borne_duties, bearings, strict=True)]
    mfn = mfn_of(good, {event.id: event for duty in duties for event in duty.events}, view) if good.mfn else ()
    return tuple(burden.part(burdens, mfn, kept.parts) for burden in burdens)


def mfn_of(good: Good, events: Mapping[str, Event], view: View) -> Steps:
    """Return a good's MFN rate over time [percent]; an empty path where it has none."""
    steps = []
    for since, rate in good.mfn:
        day = since if isinstance(since, date) else BEGINNING if since == "" else events[since].effective
        if isinstance(day, date) and (since == "" or isinstance(since, date) or view.counts(events[since])):
            steps.append((day, rate))
    return tuple(sorted(steps))


class _Burden:
    """One duty as a kind of good bears it."""

    def __init__(self, duty: Duty, bearing: Bearing, view: View, metal_share: Decimal, known: dict[str, Levels]) -> None:
        self.duty, self.bearing, self.at_first, self.metal_share = duty, bearing, bearing.at_first, metal_share
        self.shares = {"": metal_share, **dict(bearing.shares)}
        if duty.id not in known:
            known[duty.id] = deciding(duty, view)
        self.levels = known[duty.id]
        names = {*bearing.entering, *bearing.leaving}
        turning = [event for event in duty.events if event.id in names and view.counts(event)] if names else []
        self.turns = _by_day(turning)
        self.entering = bearing.entering
        self.days = {day for day, _ in (*self.levels, *self.turns)}  # on which anything about it may change
        self._level_days = [day for day, _ in self.levels]
        self._turn_days = [day for day, _ in self.turns]

    def level_event(self, day: date) -> Event | None:
        """Return the event that sets the level of a day."""
        position = bisect_right(self._level_days, day)
        return self.levels[position - 1][1] if position else None

    def turned(self, day: date) -> list[Event]:
        """Return the changes of coverage by a day that take the good in or out, oldest first."""
        return [event for _, event in self.turns[: bisect_right(self._turn_days, day)]]

    def borne(self, day: date) -> bool:
        """Whether the good stands under the duty on a day."""
        turns = self.turned(day)
        return turns[-1].id in self.entering if turns else self.at_first

    def charged(self, day: date) -> Decimal:
        """Return the share of the good's value on which the duty is charged where nothing displaces it [percent]."""
        if not self.borne(day):
            return ZERO
        turns = self.turned(day)
        base = [event for event in (self.level_event(day), *turns[-1:]) if event]
        latest = max(base, key=lambda event: event.effective, default=None)
        said = ["", *(event.id for event in turns if event.id in self.shares)]
        return self.shares[said[-1]] if latest and latest.base == "metal_content" else WHOLE

    def displacing(self, day: date, rule: Displacement) -> Decimal:
        """Return the share of the good's value on which a rule has others give way to the duty [percent]."""
        if not rule.since <= day < rule.until:
            return ZERO
        event = self.level_event(day)
        if not (event and event.rate != 0 and self.borne(day)):
            return ZERO
        return WHOLE if rule.whole else self.charged(day)

    def part(self, burdens: list[_Burden], mfn: Steps, known: dict[tuple[object, ...], Part]) -> Part:
        """Return what the duty adds beside the other burdens of the good."""
        winners = [
            (burden, rule) for rule in DISPLACEMENTS if rule.beats(self.duty) for burden in burdens if rule.names(burden.duty)
        ]
        floor = any(event.including_mfn for _, event in self.levels)
        key = self.bearing, self.metal_share, mfn if floor else (), tuple(burden.bearing for burden, _ in winners)
        if key not in known:
            known[key] = self._part(winners, mfn)
        return known[key]

    def _part(self, winners: list[tuple[_Burden, Displacement]], mfn: Steps) -> Part:
        days = {BEGINNING, *self.days, *(day for burden, rule in winners for day in (rule.since, rule.until, *burden.days))}
        share = compress((day, self._left(day, winners)) for day in sorted(days))
        moving = [*self.turns, *(entry for burden, _ in winners for entry in (*burden.levels, *burden.turns))]
        moves = tuple((day, tuple(event for since, event in moving if since == day)) for day, _ in share)
        level = self._level(mfn)
        return Part((self.duty,), share_of(level, share), level=level, share=share, levels=self.levels, moves=moves)

    def _left(self, day: date, winners: list[tuple[_Burden, Displacement]]) -> Decimal:
        """Return the share of the good's value that bears the duty once others have displaced it [percent]."""
        displaced = sum((burden.displacing(day, rule) for burden, rule in winners), ZERO)
        return self.charged(day) * (WHOLE - min(displaced, WHOLE)) / WHOLE

    def _level(self, mfn: Steps) -> Steps:
        """Return the level over time, of a floor what it adds to the MFN rate; unknown where the good has no MFN rate."""
        if not any(event.including_mfn for _, event in self.levels):
            return compress((day, event.rate) for day, event in self.levels)
        days = sorted({day for day, _ in (*self.levels, *mfn)})
        return compress((day, self._level_on(day, mfn)) for day in days)

    def _level_on(self, day: date, mfn: Steps) -> Decimal | None:
        event = self.level_event(day)
        if event is None:
            return ZERO
        if not event.including_mfn or event.rate is None:
            return event.rate
        base = value_on(mfn, day) if mfn else None
        return None if base is None else max(event.rate - base, ZERO)


def _by_day(events: Iterable[Event]) -> tuple[tuple[date, Event], ...]:
    dated = [(event.effective, event) for event in events if isinstance(event.effective, date)]
    return tuple(sorted(dated, key=lambda entry: (entry[0], entry[1].id)))
