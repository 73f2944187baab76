"""The lines of charts: their levels, their steps, and how they look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from tariffs.charts.alt import Told
from tariffs.charts.panel import INK
from tariffs.stacking import deciding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    import pandas as pd

    from tariffs.measures import Measured


MINUS = "\N{MINUS SIGN}"
NBSP = "\u00a0"  # a level and its day stay on one line
WHOLE = 100  # all of trade is written without digits
CONDITIONS = {"law": "as scheduled", "agreed": "unless extended again"}

# Told apart without colour: solid and heavier, or broken in a rhythm of their own; width beside that of the style's lines.
LINES: tuple[tuple[Any, float], ...] = (
    ("-", 1), ((0, (3.2, 1.1)), 15 / 17), ((0, (1, 0.8)), 15 / 17), ((0, (6, 1, 1, 1)), 14 / 17),
)  # fmt: skip


Levels = tuple[tuple["date", float], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one line: from which day, to which level [percent], and for a step still ahead on what condition."""

    day: date
    level: float
    rising: bool
    condition: str


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One series' line.

    Attributes
    ----------
    name, title : str
        The series' name, and what is written at the line.
    start : float
        The level at the left edge [percent].
    steps : tuple of Step
    upwards : bool
        Whether its labels stand above the line.
    digits : int or None
        After the point in labels; None for as many as there are.
    recorded : tuple of (date, float)
        Of a line that a scenario moves: the levels of the record, the first of them of the first day [percent].
    """

    name: str
    title: str
    start: float
    steps: tuple[Step, ...]
    style: dict[str, Any]
    upwards: bool
    digits: int | None = None
    recorded: Levels = ()

    def written(self, level: float) -> str:
        """Return a level as labels write it."""
        text = f"{level:g}" if self.digits is None or level == WHOLE else f"{level:.{self.digits}f}"
        return text.replace("-", MINUS)

    def level(self, day: date) -> float:
        """Return the level on a day [percent]."""
        return next((step.level for step in reversed(self.steps) if step.day <= day), self.start)

    def until(self, day: date, last: date) -> date:
        """Return the day of the first step after a day, or if that is earlier `last`."""
        return min([last, *(step.day for step in self.steps if step.day > day)])

    def departs(self, day: date) -> bool:
        """Whether a scenario has another level on a day than the record."""
        level = next((level for since, level in reversed(self.recorded) if since <= day), None)
        return level is not None and level != self.level(day)

    def departures(self, final: date) -> list[tuple[date, date]]:
        """Return the half-open spans of days up to `final` on which a scenario has another level than the record."""
        days = sorted({day for day, _ in self.recorded} | {step.day for step in self.steps if self.recorded})
        spans: list[tuple[date, date]] = []
        for day, following in pairwise([*(day for day in days if day < final), final]):
            if self.departs(day) and spans and spans[-1][1] == day:
                spans[-1] = spans[-1][0], following
            elif self.departs(day):
                spans.append((day, following))
        return spans

    def peak_until(self, last: date) -> float:
        """Return the highest level of the line itself up to a day [percent]."""
        return max([self.start, *(step.level for step in self.steps if step.day <= last)])

    @property
    def told(self) -> Told:
        """The line as its alt text tells it."""
        steps = tuple((step.day, step.level) for step in self.steps)
        return Told(
            self.title, self.start, steps, {step.day: step.condition for step in self.steps if step.condition}, self.written
        )

    @property
    def both_told(self) -> list[Told]:
        """The line, and of one that a scenario moves what is recorded, as the alt text tells them."""
        if not self.recorded:
            return [self.told]
        (_, first), *others = self.recorded
        return [self.told, Told(f"{self.title}, as recorded", first, tuple(others), {}, self.written)]

    @property
    def levels(self) -> list[float]:
        """All levels shown [percent]."""
        return [self.start, *(step.level for step in self.steps), *(level for _, level in self.recorded)]

    @property
    def trough(self) -> float:
        """The lowest level shown [percent]."""
        return min(self.levels)

    @property
    def highest(self) -> float:
        """The highest level shown [percent]."""
        return max(self.levels)

    @property
    def peak(self) -> float:
        """The highest level of the line itself [percent]."""
        return max([self.start, *(step.level for step in self.steps)])


def departing(lines: Iterable[Line]) -> str:
    """Return what is grey and hollow, where a scenario moves one of the lines."""
    return "Hollow lines: as supposed; grey lines: as recorded." if any(line.recorded for line in lines) else ""


def drawn_as(order: int) -> dict[str, Any]:
    """Return how a line is drawn in the style that is set: its colour of the cycle, its own rhythm."""
    colors = mpl.rcParams["axes.prop_cycle"].by_key().get("color", [INK])
    pattern, width = LINES[order]
    return {"color": colors[order % len(colors)], "linestyle": pattern, "linewidth": mpl.rcParams["lines.linewidth"] * width}


def ahead_of(one: Measured, horizon: date, supposed: Collection[str] = ()) -> dict[date, str]:
    """Return on what condition each step after the view's horizon comes, by day; those of some files are only supposed."""
    expected = {day: event for duty in one.moving for day, event in deciding(duty, one.view) if day > horizon}
    stated = "as announced" if one.view.known == "stated" else ""
    return {
        day: "as supposed" if event.file in supposed else stated or CONDITIONS[event.status] for day, event in expected.items()
    }


def line_of(
    one: Measured,
    title: str,
    column: pd.Series[float],
    ahead: dict[date, str],
    style: dict[str, Any],
    *,
    upwards: bool,
    recorded: Levels = (),
) -> Line:
    """Return what is drawn of one series: the level it starts from and its steps, with the open ones named."""
    levels = [(stamp.date(), float(level)) for stamp, level in zip(column.index, column, strict=True)]
    steps = [
        Step(day, level, level > before, ahead.get(day, "")) for (_, before), (day, level) in pairwise(levels) if level != before
    ]
    digits = 1 if one.weights else None
    line = Line(one.column, title, levels[0][1], tuple(steps), style, upwards, digits, recorded)
    return line if any(map(line.departs, [day for day, _ in (*levels, *recorded)])) else replace(line, recorded=())
