"""Which numbers a chart of several lines shows: directions by measures, weights and goods, with their levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.asking import as_names, as_quantities, directions_of
from tariffs.charts.lines import ahead_of
from tariffs.charts.story import DEFAULT, DEFAULT_START, STORY
from tariffs.errors import CoverageError, UnknownNameError, UsageError
from tariffs.explaining import explain
from tariffs.frames import rates
from tariffs.measures import Measured, measure_of
from tariffs.steps import clip
from tariffs.tables import table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tariffs.answers import Explanation
    from tariffs.asking import DayLike
    from tariffs.catalog import Catalog
    from tariffs.charts.lines import Levels
    from tariffs.model import Quantity, View
    from tariffs.vocabulary import Measure


class Chosen:
    """What was asked for.

    Attributes
    ----------
    names : list of str
        The directions; those that the numbers speak of where none was named.
    quantities : tuple of Quantity
    whole : bool
        Whether all numbers are the across-the-board duty.
    horizon : date
        The last day that the view can vouch for.
    """

    def __init__(
        self,
        record: Catalog,
        view: View,
        directions: str | Sequence[str] | None,
        measure: Measure | Sequence[Measure],
        **what: Any,
    ) -> None:
        self.record, self.view = record, view
        self.quantities = quantities_of(record, measure, **what)
        self.whole = all(quantity.measure == "all_goods" for quantity in self.quantities)
        if directions is None:
            directions = DEFAULT if self.whole else directions_of(record, self.quantities)
        self.names = as_names(record, directions)
        self.horizon = view.horizon(record.release.known_through)

    def measured(self, name: str, quantity: Quantity) -> Measured:
        """Return one of the numbers of one of the directions."""
        return measure_of(self.record, name, quantity, self.view)

    def begin(self, start: DayLike | None, group: Sequence[Measured]) -> DayLike:
        """Return the first day shown: the one asked for, or the usual one, from which record and weights know all of it."""
        if start is not None:
            return start
        return DEFAULT_START if self.whole else max(one.first_day(self.record.release.covers_from) for one in group)

    def known_until(self, group: Sequence[Measured]) -> date:
        """Return the last day that record and weights can vouch for."""
        return min([self.horizon, *(one.weights.last_day for one in group if one.weights)])

    def weighted(self, group: Sequence[Measured]) -> bool:
        """Whether it is weights that know no later day, rather than the record."""
        return any(one.ends_by(self.horizon) for one in group)

    def within(self, group: Sequence[Measured], day: date) -> date:
        """Return a day, or the last one of weights that reach beyond what was known and not as far as it."""
        return min([day, *(one.weights.last_day for one in group if one.weights and not one.ends_by(self.horizon))])

    def ahead(self, one: Measured) -> dict[date, str]:
        """Return on what condition each later step comes; weights know of none."""
        return {} if one.weights else ahead_of(one, self.horizon, self.record.overlays)

    def beneath(self, one: Measured) -> Measured | None:
        """Return the same number of the record that a scenario lies over; None where it has none."""
        try:
            return measure_of(self.record.beneath, one.direction.name, one.quantity, self.view) if self.record.beneath else None
        except (CoverageError, UnknownNameError):
            return None  # a direction or a good that only the scenario has

    def recorded(self, one: Measured, first: date, last: date) -> Levels:
        """Return the levels of the record that a scenario lies over [percent]; empty where there are none."""
        beneath = self.beneath(one)
        steps = clip(beneath.total(first, last), first, last) if beneath else ()
        return tuple((day, float(level)) for day, level in steps if level is not None)

    def levels(self, group: Sequence[Measured], first: date, last: date) -> tuple[dict[str, pd.Series[float]], dict[Any, Any]]:
        """Return the levels of some numbers by column, and what is to be said of them.

        Raises
        ------
        UnknownRateError, CoverageError, UsageError
            Where one of them is not known on all days.
        """
        columns: dict[str, pd.Series[float]] = {}
        said: dict[Any, Any] = {}
        for quantity in dict.fromkeys(one.quantity for one in group):
            own = [one for one in group if one.quantity == quantity]
            for one in own:
                one.total(first, last)
            names = [one.direction.name for one in own]
            frame = rates(names, **_asked(quantity), start=first, end=last, **self.seen)
            columns |= {one.column: frame[one.column] for one in own}
            said |= frame.attrs
        return columns, said

    def table(self, group: Sequence[Measured], first: date, last: date) -> pd.DataFrame:
        """Return the levels of some numbers as one long table, each with its events, acts and sources."""
        frames = []
        for quantity in dict.fromkeys(one.quantity for one in group):
            names = [one.direction.name for one in group if one.quantity == quantity]
            frames.append(table(names, **_asked(quantity), start=first, end=last, **self.seen))
        whole = pd.concat(frames, ignore_index=True)
        whole.attrs = dict(frames[0].attrs)
        return whole

    def explained(self, one: Measured, day: date) -> Explanation | None:
        """Return a number of a day taken apart; points since a day are no sum of duties."""
        if one.quantity.since:
            return None
        asked = {name: value for name, value in _asked(one.quantity).items() if name != "since"}
        return explain(one.direction.name, day, **asked, **self.seen)

    @property
    def seen(self) -> dict[str, Any]:
        """How the record is looked at, as functions take it."""
        return {"as_of": self.view.as_of, "known": self.view.known, "basis": self.view.basis, "catalog": self.record}


def tells_story(group: Sequence[Measured]) -> bool:
    """Whether the duties that the story is about move one of the numbers."""
    return not STORY.isdisjoint(duty.id for one in group for duty in one.moving)


def quantities_of(record: Catalog, measure: Measure | Sequence[Measure], **what: Any) -> tuple[Quantity, ...]:
    """Return the numbers that are asked for; with several measures, weights and goods go with those that take them."""
    if isinstance(measure, str):
        return as_quantities(record, measure, **what)
    found: list[Quantity] = []
    for one in dict.fromkeys(measure):
        takes = {"average": ("weights",), "covered": ("weights",), "stack": ("good", "mfn", "metal_share")}.get(one, ())
        found += as_quantities(record, one, **{name: value for name, value in what.items() if name in (*takes, "since")})
    if not found:
        raise UsageError("measure: found an empty list, expected names")
    return tuple(found)


def _asked(quantity: Quantity) -> dict[str, Any]:
    """Return a quantity as `rates` is asked for it."""
    return {
        "measure": quantity.measure,
        "weights": quantity.weights or None,
        "good": quantity.good or None,
        "mfn": quantity.mfn,
        "metal_share": None if quantity.metal_share is None else float(quantity.metal_share),
        "since": quantity.since,
    }
