"""What the law makes of a cell: goods that the same references name share one fate.

A fate is reckoned once, by the algebra that stacks the duties of any kind of good, and holds its steps, not its days. If a duty
is charged on metal content, a fate is reckoned for goods with none of a metal and with nothing but it: between the two, every
part is in proportion to the share.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tariffs.burdens import Kept, good_parts
from tariffs.model import Bearing, Good
from tariffs.naming import METALS
from tariffs.stacking import WHOLE, deciding
from tariffs.steps import ZERO, add, less

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from tariffs.model import Duty, View
    from tariffs.naming import Naming
    from tariffs.stacking import Part
    from tariffs.steps import Steps
    from tariffs.vocabulary import Direction

    Key = tuple[frozenset[int], frozenset[int], Decimal | None]


@dataclass(frozen=True, slots=True)
class Possibility:
    """What may set a good of a line apart, and cannot be read off the line.

    Attributes
    ----------
    duty : str
        Or several, set apart by "and", that the same condition moves.
    only_if : str
        What decides.
    by : str
        The law that says so.
    totals : tuple of Steps
        The sum of additional duties if so, at each of the fate's metal shares [percent].
    """

    duty: str
    only_if: str
    by: str
    totals: tuple[Steps, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """The duties on the goods of a cell over time.

    Attributes
    ----------
    metals : tuple of str
        The metals on whose content a duty of it is charged.
    parts : tuple of tuple of Part
        The parts of the sum if none of the good is metal, then if all of it is the first of `metals`, the second, the third.
    possible : tuple of Possibility
    """

    metals: tuple[str, ...]
    parts: tuple[tuple[Part, ...], ...]
    possible: tuple[Possibility, ...] = ()

    def totals(self) -> tuple[Steps, ...]:
        """Return the sums, as `parts` has them."""
        return tuple(add(part.points for part in parts) for parts in self.parts)


@dataclass(slots=True)
class Law:
    """The duties on one origin's goods, as they are looked at.

    Attributes
    ----------
    duties : tuple of Duty
        Those that are levied on the origin's goods.
    namings : tuple of (Duty, Naming)
        What cells speak of.
    view : View
    since : date
        The first day that matters; before it a fate says nothing.
    known, stacks, kept
        What was reckoned so far.
    reaches : frozenset of int
        The namings that are of these duties.
    """

    duties: tuple[Duty, ...]
    direction: Direction
    namings: tuple[tuple[Duty, Naming], ...]
    view: View
    since: date
    known: dict[Key, Fate] = field(default_factory=dict)
    stacks: dict[tuple[frozenset[int], str, Decimal | None], tuple[Part, ...]] = field(default_factory=dict)
    kept: tuple[tuple[View, Kept], ...] = ()
    reaches: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Take the levels of each duty, from the last one that began before the first day that matters."""
        ids = {duty.id for duty in self.duties}
        self.reaches = frozenset(place for place, (duty, _) in enumerate(self.namings) if duty.id in ids)
        # What is refundable was charged and is not lawful: a void duty gave way to those that stand.
        views = [replace(self.view, basis=basis) for basis in ("charged", "lawful")]
        self.kept = tuple((view, Kept()) for view in (views if self.view.basis == "refundable" else [self.view]))
        for view, kept in self.kept:
            for duty in self.duties:
                decided = deciding(duty, view)
                before = [place for place, (day, _) in enumerate(decided) if day <= self.since]
                kept.levels[duty.id] = decided[before[-1] if before else 0 :]

    def key(self, sure: Iterable[int], maybe: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
        """Return what of a cell matters to this origin."""
        return self.reaches.intersection(sure), self.reaches.intersection(maybe)

    def floors(self, sure: frozenset[int], maybe: frozenset[int]) -> bool:
        """Whether a duty of the cell is a floor, which takes the good's MFN rate to reckon."""
        return any(event.including_mfn for place in sure | maybe for event in self.namings[place][0].events)

    def certain(self, sure: Iterable[int]) -> list[tuple[Duty, Naming]]:
        """Return the namings that need nothing but the line."""
        return [self.namings[place] for place in sorted(sure) if not self.namings[place][1].only_if]

    def fate(self, sure: frozenset[int], maybe: frozenset[int], mfn: Decimal | None) -> Fate:
        """Return the fate of a cell, given the MFN rate of its goods where a floor asks for it [percent]."""
        key = sure, maybe, mfn
        if key not in self.known:
            self.known[key] = self._fate(sure, maybe, mfn)
        return self.known[key]

    def _fate(self, sure: frozenset[int], maybe: frozenset[int], mfn: Decimal | None) -> Fate:
        unsettled = [place for place in sorted(sure | maybe) if place in maybe or self.namings[place][1].only_if]
        certain = sure.difference(unsettled)
        metals = tuple(metal for metal in METALS if any(self.namings[place][1].metal == metal for place in sure | maybe))
        corners = ("", *metals)
        parts = tuple(self._parts(certain, corner, mfn) for corner in corners)
        totals = tuple(add(part.points for part in some) for some in parts)
        possible = []
        for reason, places in self._reasons(unsettled).items():
            others = tuple(add(part.points for part in self._parts(certain.union(places), corner, mfn)) for corner in corners)
            if others != totals:
                named = [self.namings[place] for place in places]
                ids = dict.fromkeys(duty.id for duty, _ in named)
                laws = dict.fromkeys(naming.by for _, naming in named)
                possible.append(Possibility(" and ".join(ids), reason.partition("#")[0], "; ".join(laws), others))
        return Fate(metals, parts, tuple(possible))

    def _reasons(self, unsettled: list[int]) -> dict[str, list[int]]:
        """Return the namings that are unsettled by what decides them: what one condition moves, it moves together."""
        found: dict[str, list[int]] = {}
        for place in unsettled:
            reason = self.namings[place][1].only_if or f"the code stands for several lines, of which not all are named#{place}"
            found.setdefault(reason, []).append(place)
        return found

    def _parts(self, places: frozenset[int], metal: str, mfn: Decimal | None) -> tuple[Part, ...]:
        """Return the parts for goods that these namings name, and that are nothing but one metal, or none."""
        charged = any(self.namings[place][1].metal == metal for place in places)
        key = places, metal if charged else "", mfn
        if key not in self.stacks:
            shares: dict[str, Decimal | None] = {one: WHOLE if one == key[1] else ZERO for one in METALS}
            good = Good(
                id="", title="", about="", directions=(self.direction,), lines="", grade="", sources=(),
                mfn=() if mfn is None else (("", mfn),),
                bears=bearings((self.namings[place] for place in sorted(places)), shares),
            )  # fmt: skip
            parts, *others = (good_parts(self.duties, good, view, ZERO, kept) for view, kept in self.kept)
            for lawful in others:
                both = zip(parts, lawful, strict=True)
                parts = tuple(replace(one, points=less(one.points, other.points)) for one, other in both)
            self.stacks[key] = tuple(part for part in parts if part.points)
        return self.stacks[key]


def bearings(named: Iterable[tuple[Duty, Naming]], shares: Mapping[str, Decimal | None]) -> tuple[Bearing, ...]:
    """Return how goods stand to the duties that name them or leave them out.

    Parameters
    ----------
    named : iterable of (Duty, Naming)
    shares : mapping of str to Decimal or None
        The share of each metal in the goods' value [percent].
    """
    by_duty: dict[str, tuple[Duty, list[Naming]]] = {}
    for duty, naming in named:
        by_duty.setdefault(duty.id, (duty, []))[1].append(naming)
    return tuple(_bearing(duty, namings, shares) for duty, namings in by_duty.values())


def _bearing(duty: Duty, namings: list[Naming], shares: Mapping[str, Decimal | None]) -> Bearing:
    entering: dict[str, None] = {}
    leaving: dict[str, None] = {}
    charged: dict[str, Decimal] = {}
    for naming in namings:
        entered, left = _moved(duty, naming)
        entering |= dict.fromkeys(entered)
        leaving |= dict.fromkeys(left)
        share = WHOLE if naming.full_value else shares[naming.metal] if naming.metal else None
        if share is not None:
            charged |= dict.fromkeys(entered if naming.changes else [""], share)
    at_first = (duty.scope == "all_goods") != any(not naming.changes for naming in namings)
    return Bearing(duty.id, at_first, tuple(entering), tuple(leaving), tuple(charged.items()))


def _moved(duty: Duty, naming: Naming) -> tuple[list[str], list[str]]:
    """Return the events that take the lines of a naming in, and those that take them out."""
    changes = [(event.id, event.coverage) for event in duty.events if event.coverage]
    slugs = set(naming.changes)
    return (
        [name for name, coverage in changes if slugs.intersection(coverage.entering)],
        [name for name, coverage in changes if slugs.intersection(coverage.leaving)],
    )
