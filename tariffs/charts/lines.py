"""The lines of charts: their levels, their steps, and how they look."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from tariffs.charts.alt import Told
from tariffs.charts.panel import INK
from tariffs.stacking import deciding

if TYPE_CHECKING:
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
    """

    name: str
    title: str
    start: float
    steps: tuple[Step, ...]
    style: dict[str, Any]
    upwards: bool
    digits: int | None = None

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

    @property
    def told(self) -> Told:
        """The line as its alt text tells it."""
        steps = tuple((step.day, step.level) for step in self.steps)
        return Told(
            self.title, self.start, steps, {step.day: step.condition for step in self.steps if step.condition}, self.written
        )

    @property
    def levels(self) -> list[float]:
        """All levels shown [percent]."""
        return [self.start, *(step.level for step in self.steps)]

    @property
    def trough(self) -> float:
        """The lowest level shown [percent]."""
        return min(self.levels)

    @property
    def peak(self) -> float:
        """The highest level shown [percent]."""
        return max(self.levels)


def drawn_as(order: int) -> dict[str, Any]:
    """Return how a line is drawn in the style that is set: its colour of the cycle, its own rhythm."""
    colors = mpl.rcParams["axes.prop_cycle"].by_key().get("color", [INK])
    pattern, width = LINES[order]
    return {"color": colors[order % len(colors)], "linestyle": pattern, "linewidth": mpl.rcParams["lines.linewidth"] * width}


def ahead_of(one: Measured, horizon: date) -> dict[date, str]:
    """Return on what condition each step after the view's horizon comes, by day."""
    expected = {day: event for duty in one.moving for day, event in deciding(duty, one.view) if day > horizon}
    return {day: "as announced" if one.view.known == "stated" else CONDITIONS[event.status] for day, event in expected.items()}


def line_of(
    one: Measured, title: str, column: pd.Series[float], ahead: dict[date, str], style: dict[str, Any], *, upwards: bool
) -> Line:
    """Return what is drawn of one series: the level it starts from and its steps, with the open ones named."""
    levels = [(stamp.date(), float(level)) for stamp, level in zip(column.index, column, strict=True)]
    steps = [
        Step(day, level, level > before, ahead.get(day, "")) for (_, before), (day, level) in pairwise(levels) if level != before
    ]
    return Line(one.column, title, levels[0][1], tuple(steps), style, upwards, digits=1 if one.weights else None)
