"""From the number that is asked for to the parts that make it up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tariffs.averages import Basis
from tariffs.burdens import good_parts, mfn_of
from tariffs.errors import CoverageError, UnknownRateError, UsageError
from tariffs.model import Source
from tariffs.reading.scalars import plain
from tariffs.stacking import METALS, WHOLE, Part, deciding, whole_parts
from tariffs.steps import ZERO, Steps, above, add, bounds, less, spans, value_on

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Good, Quantity, View, Weights
    from tariffs.vocabulary import Direction


@dataclass(frozen=True, slots=True)
class Measured:
    """One number of one direction over time, taken apart.

    Attributes
    ----------
    duties : tuple of Duty
        Those levied on the direction.
    parts : tuple of Part
        What adds up to the number.
    hardly_metal : tuple of Part
        Of a good whose metal share is not given: the parts if hardly any of it were metal, while `parts` has all of it metal.
    weights : Weights or None
    good : Good or None
    """

    direction: Direction
    quantity: Quantity
    view: View
    duties: tuple[Duty, ...]
    parts: tuple[Part, ...]
    hardly_metal: tuple[Part, ...] = ()
    weights: Weights | None = None
    good: Good | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where a reader can look up what no event of the record says: weights, or a good's MFN rate."""
        if self.weights:
            return (Source(self.weights.source, self.weights.url),)
        return self.good.sources if self.good and self.quantity.mfn else ()

    @property
    def column(self) -> str:
        """The name of a series of this number; one that is not as charged says so."""
        return self.quantity.column(self.direction, self.view.basis)

    @property
    def divided(self) -> bool:
        """Whether the parts are those of duties; a share of trade and an average published whole are not."""
        return self.quantity.measure != "covered" and all(part.duties for part in self.parts)

    @property
    def origins(self) -> tuple[Source, ...]:
        """Where the weights come from, or the good was read, whatever it is asked with."""
        return self.good.sources if self.good else self.sources

    @property
    def moving(self) -> tuple[Duty, ...]:
        """The duties whose changes move the number."""
        return tuple(dict.fromkeys(duty for part in self.parts for duty in part.duties)) if self.divided else self.duties

    def first_day(self, covers_from: date) -> date:
        """Return the first day that a series shows of itself: the record's, or that of the weights."""
        return max(covers_from, self.weights.first_day) if self.weights else covers_from

    def last_day(self, known_through: date, *, scheduled: bool) -> date:
        """Return the last day that a series shows of itself: the last one known, or the last scheduled step.

        Where weights know nothing of a step that was only expected, the series ends before it.
        """
        steps = [day for duty in self.moving for day, _ in deciding(duty, self.view)] if scheduled else []
        last = max([known_through, *steps])
        if self.weights is None:
            return last
        horizon = self.view.horizon(known_through)
        doubts = (day for part in self.parts for day, value in part.points if value is None and day > horizon)
        return min([last, self.weights.last_day, *(day - timedelta(days=1) for day in doubts)])

    def ends_by(self, horizon: date) -> bool:
        """Whether its weights know no day after this one."""
        return self.weights is not None and self.weights.last_day <= horizon

    def total(self, first: date, final: date) -> Steps:
        """Return the number over time [percent].

        Raises
        ------
        UnknownRateError
            Where a duty was in force between `first` and `final` at a level that no source gives.
        CoverageError
            Where the weights do not reach, or do not know what a duty covers.
        UsageError
            Where the number hangs on how much of the good is metal.
        """
        low, high = self.range(first, final)
        for begin in sorted({begin for path in (low, high) for begin, _, _ in spans(path, first, final)}):
            level, other = value_on(low, begin), value_on(high, begin)
            if level is not None and other is not None and level != other:
                between = f"{plain(level)} to {plain(other)} on {begin}"
                raise UsageError(
                    f"{self.quantity.good}: {between}, by how much of its value is metal; give metal_share in percent of it"
                )
        return low

    def range(self, first: date, final: date) -> tuple[Steps, Steps]:
        """Return the lowest and the highest the number can be [percent]; the two differ where the metal share is not given."""
        self._require_known(first, final)
        low, high = (add(part.points for part in parts) for parts in (self.hardly_metal or self.parts, self.parts))
        return bounds(self._since(low, first), self._since(high, first))

    def _since(self, total: Steps, first: date) -> Steps:
        since = self.quantity.since
        return above(total, first, value_on(total, since) or ZERO) if since else total

    def _require_known(self, first: date, final: date) -> None:
        since = self.quantity.since
        for day in (first, final, *([since] if since else [])):
            if self.weights and day > self.weights.last_day:
                raise CoverageError(
                    f"the weights {self.weights.basis} reach to {self.weights.last_day}; found {day}{self._next()}"
                )
            if self.weights and day < self.weights.first_day:
                raise CoverageError(f"the weights {self.weights.basis} begin on {self.weights.first_day}; found {day}")
        for begin, end in ((first, final), *([(since, since)] if since else [])):
            for part in (*self.parts, *self.hardly_metal):
                for day, _, value in spans(part.points, begin, end):
                    if value is None:
                        raise self._unknown(part, day)

    def _next(self) -> str:
        """Return which duties change on the day after the last one of the weights."""
        following = self.weights.last_day + timedelta(days=1) if self.weights else None
        live = {
            event.duty
            for duty in self.duties
            for event in duty.events
            if event.effective == following and self.view.counts(event)
        }
        return f" ({', '.join(sorted(live))} change on {following})" if live else ""

    def _unknown(self, part: Part, day: date) -> UnknownRateError | CoverageError:
        names = ", ".join(duty.id for duty in part.duties)
        if part.level is None or value_on(part.level, day) is not None:
            basis = self.weights.basis if self.weights else ""
            return CoverageError(f"the weights {basis} do not know what share of trade {names} covers from {day}")
        event = next(event for since, event in reversed(part.levels) if since <= day)
        if event.including_mfn:
            reason = f"{plain(event.rate or ZERO)} is a total with MFN in it"
            return UnknownRateError(f"no sum: of {names}, {reason}, and {self.quantity.good} has no MFN rate")
        return UnknownRateError(f"no sum: the level of {names} is not known from {day}")


def measure_of(record: Catalog, direction: str, quantity: Quantity, view: View) -> Measured:
    """Return a number of a direction, taken apart.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError
        Where the record, the weights or the good do not speak of the direction; of a refundable part also where the number is
        no sum of duties.
    """
    if view.basis == "refundable":
        return _refundable(record, direction, quantity, view)
    if quantity.measure in ("average", "covered"):
        return _weighted(record, direction, quantity, view)
    where = record.direction(direction)
    duties = record.bearing(where)
    if quantity.measure == "stack":
        return _stacked(record, where, quantity, view)
    return Measured(where, quantity, view, duties, whole_parts(duties, view))


def _refundable(record: Catalog, direction: str, quantity: Quantity, view: View) -> Measured:
    """Return what was charged less what is lawful, part by part."""
    charged = measure_of(record, direction, quantity, replace(view, basis="charged"))
    lawful = measure_of(record, direction, quantity, replace(view, basis="lawful"))
    if not charged.divided:
        raise UsageError(f"{charged.column} is not a sum of duties: no part of it is refundable by itself")
    parts = tuple(_beyond(*both) for both in zip(charged.parts, lawful.parts, strict=True))
    hardly = tuple(_beyond(*both) for both in zip(charged.hardly_metal, lawful.hardly_metal, strict=True))
    return replace(charged, view=view, parts=parts, hardly_metal=hardly)


def _beyond(charged: Part, lawful: Part) -> Part:
    """Return what a part adds as charged and not as lawful: all of a void duty, nothing of one that stands.

    A part that stands keeps level and share, which say what it displaces. One that stands on another share, because a void duty
    displaces it no longer, is the difference of two products, and has points alone.
    """
    stands = charged.points == lawful.points
    points = () if stands else less(charged.points, lawful.points)
    rest = replace(charged, points=points, levels=() if charged.levels == lawful.levels else charged.levels)
    return rest if stands or not lawful.points else replace(rest, level=None, share=None)


def note_of(weights: Weights) -> str:
    """Return in one line what weights are and where they come from."""
    how = "calibrated to a publication" if weights.kind == "calibrated" else "computed from tariff lines"
    caution = f". {weights.caution}" if weights.caution else ""
    return f"{weights.basis}: {weights.label} ({how}; {weights.producer}, edition {weights.edition}){caution}"


def _weighted(record: Catalog, direction: str, quantity: Quantity, view: View) -> Measured:
    weights = record.weights(quantity.weights, direction)
    what = f"{quantity.measure} of {weights.direction.name} on the weights {weights.basis}"
    if record.laid and (quantity.measure == "covered" or weights.of("level")):
        raise CoverageError(f"{what} is known as a whole; it does not follow what lies over the record")
    if view.as_of and view.as_of < weights.first_day:
        raise CoverageError(
            f"the weights {weights.basis} begin on {weights.first_day}; what was known on {view.as_of} they do not say"
        )
    if view.basis == "lawful" and weights.of("level"):
        raise CoverageError(f"{what} is known as a whole, as charged; what of it was void is not known")
    duties = record.bearing(weights.direction)
    basis = Basis(weights, duties, record.events)
    if quantity.measure == "average":
        return Measured(weights.direction, quantity, view, duties, basis.parts(view), weights=weights)
    if not weights.of("covered"):
        raise CoverageError(
            f"the weights {weights.basis} do not say what share of the trade of {weights.direction.name} is covered"
        )
    return Measured(weights.direction, quantity, view, duties, (basis.covered(view),), weights=weights)


def _stacked(record: Catalog, where: Direction, quantity: Quantity, view: View) -> Measured:
    good, duties = record.good(quantity.good), record.bearing(where)
    if where not in good.directions:
        known = ", ".join(direction.name for direction in good.directions)
        raise UsageError(f"{good.id} is a good of {known}, not of {where.name}")
    mfn: tuple[Part, ...] = ()
    if quantity.mfn:
        if not good.mfn:
            raise UsageError(f"{good.id} has no one MFN rate; leave mfn out")
        schedules = tuple(duty for duty in duties if duty.scope == "schedule")
        cuts = [record.events[since] for since, _ in good.mfn if isinstance(since, str) and since]
        moves = tuple((event.effective, (event,)) for event in cuts if isinstance(event.effective, date))
        mfn = (Part(schedules, mfn_of(good, record.events, view), moves=moves),)
    if quantity.metal_share == 0:
        duties = tuple(duty for duty in duties if duty.family != METALS)  # no metal, no duty on metals: 9903.01.33, 9903.82.01
    share = quantity.metal_share
    parts = (*mfn, *good_parts(duties, good, view, WHOLE if share is None else share))
    hardly = (*mfn, *good_parts(duties, good, view, ZERO)) if share is None else ()
    return Measured(where, quantity, view, duties, parts, hardly, good=good)
