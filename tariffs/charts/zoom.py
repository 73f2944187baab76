"""A second plot for what a high level flattens: the same lines up to a rate, each level labelled where it can be read."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate, pairwise
from math import ceil
from typing import TYPE_CHECKING

from tariffs.charts.drawing import Drawing
from tariffs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tariffs.charts.lines import Line
    from tariffs.charts.panel import Panel

AUTO = "auto"
OFTEN, WORTH = 0.9, 2.0  # share of the days whose levels are shown; the highest is so many times as high, or little is gained
MARGIN, TENS = 1.1, 10  # above the levels shown, and up to whole tens [percent]


def zoom_of(asked: float | str | None, lines: Sequence[Line], first: date, last: date) -> float | None:
    """Return up to which rate a second plot goes [percent].

    Parameters
    ----------
    asked : float or "auto" or None
        None for no second plot; "auto" for the levels of nine days in ten, where the highest is twice as high or more.
    lines : sequence of Line
    first, last : date
        The days that count.

    Raises
    ------
    UsageError
        For a rate that shows nothing, or everything.
    """
    if asked is None:
        return None
    peak = max(line.peak for line in lines)
    if asked == AUTO:
        top = ceil(MARGIN * _usual(lines, first, last) / TENS) * TENS
        return float(top) if 0 < WORTH * top <= peak else None
    try:
        rate = float(asked)
    except (TypeError, ValueError):
        raise UsageError(f"zoom: found {asked!r}, expected {AUTO}, or a rate such as 60") from None
    if not 0 < rate < peak:
        raise UsageError(f"zoom: found {rate:g}, expected a rate between 0 and {peak:g}, the highest shown")
    return rate


def _usual(lines: Sequence[Line], first: date, last: date) -> float:
    """Return the level that all lines keep to on nine days in ten."""
    changes = {step.day for line in lines for step in line.steps if first < step.day <= last}
    days = sorted({first, last + timedelta(days=1), *changes})
    spans = sorted((max(line.level(day) for line in lines), (after - day).days) for day, after in pairwise(days))
    seen = accumulate(length for _, length in spans)
    whole = (days[-1] - first).days
    return next(level for (level, _), length in zip(spans, seen, strict=True) if length >= OFTEN * whole)


class Upper(Drawing):
    """The whole lines, with the levels that the plot below does not reach."""

    def __init__(self, panel: Panel, lines: list[Line], horizon: date, *, dotted: bool, top: float, keyed: bool = False) -> None:
        super().__init__(panel, lines, horizon, dotted=dotted, keyed=keyed)
        self.top = top

    def shows(self, level: float) -> bool:
        """Whether a level is above the plot below."""
        return level > self.top

    def name_start(self, line: Line) -> None:
        """Write the level a line starts from, where it is this plot's."""
        if self.shows(line.start):
            super().name_start(line)

    def name_ends(self) -> None:
        """Write the last levels that are this plot's."""
        with self.only([line for line in self.lines if self.shows(line.level(self.horizon))]):
            super().name_ends()

    def name_expected(self) -> None:
        """Mark and write what is ahead and this plot's."""
        with self.only(
            [replace(line, steps=tuple(step for step in line.steps if self.shows(step.level))) for line in self.lines]
        ):
            super().name_expected()

    @contextmanager
    def only(self, lines: list[Line]) -> Iterator[None]:
        """Write for these lines alone."""
        kept, self.lines = self.lines, lines
        yield
        self.lines = kept


class Lower(Upper):
    """The lines up to a rate; those that rise above it are named in the plot above."""

    def shows(self, level: float) -> bool:
        """Whether a level is in this plot."""
        return level <= self.top

    def name_lines(self) -> None:
        """Name the lines that stay in this plot with their highest level."""
        with self.only([line for line in self.lines if self.shows(line.peak_until(self.horizon))]):
            super().name_lines()
