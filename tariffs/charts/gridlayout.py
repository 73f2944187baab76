"""Where the plots of small multiples stand: rows and columns on one page, each with its title."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, log
from typing import Any

from tariffs.charts.page import Box
from tariffs.charts.panel import INK
from tariffs.charts.sheet import LARGEST, SMALLEST, Looks, Sheet, is_slide
from tariffs.errors import UsageError

LEAST_WIDE, LEAST_WIDE_IN_COLUMN = 46, 32  # of one plot [mm]
LEAST_HIGH, HIGH = 15, 0.62  # of one plot: [mm], and beside its width where no height is asked for
ASIDE, BELOW, OVER = 5.5, 5.0, 2.0  # between plots, below them where days are written, and from a title to its plot [mm]
TITLE: dict[str, Any] = {"fontweight": "bold", "color": INK, "linespacing": 1.1}


def laid_out(
    width: float | None, height: float | None, texts: tuple[str, str, str], titles: list[str], columns: int | None, *, key: Looks
) -> tuple[Sheet, list[Place]]:
    """Return the page with its headings and key, and a place for each plot.

    Without a height it is the one that the plots need, but for a slide, which has its own.
    """
    if height is not None or (width is None and is_slide()):
        grid = _Grid(Sheet(width, height), texts, titles, columns, key, fixed=True)
    else:
        draft = _Grid(Sheet(width, LARGEST), texts, titles, columns, key, fixed=False)
        grid = _Grid(Sheet(width, draft.needed), texts, titles, columns, key, fixed=False)
    return grid.sheet, grid.places()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plot stands and how far from the next [mm], its title in lines, whether it stands at the left, and at the foot."""

    box: Box
    aside: float
    title: str
    left: bool
    foot: bool


class _Grid:
    """Plots in columns and rows on one page."""

    def __init__(
        self, sheet: Sheet, texts: tuple[str, str, str], titles: list[str], columns: int | None, key: Looks, *, fixed: bool
    ) -> None:
        self.sheet, self.count = sheet, len(titles)
        self.area = sheet.room(texts, [], key)
        self.aside = ASIDE * sheet.scale
        self.first = self.area.left + 7.5 * sheet.scale
        self.columns = self.checked(columns) if columns is not None else self.best() if fixed else self.fitting()
        self.rows = ceil(self.count / self.columns)
        if columns is None:
            self.columns = ceil(self.count / self.rows)
        self.wide = self.wide_in(self.columns)
        self.type = {**TITLE, "fontsize": sheet.size}
        self.titles = [sheet.paper.wrap(title, self.wide, **self.type) for title in titles]
        heights = [sheet.paper.measure(title, **self.type)[1] + OVER for title in self.titles]
        self.over = [max(heights[row * self.columns : (row + 1) * self.columns]) for row in range(self.rows)]

    def wide_in(self, columns: int) -> float:
        """Return how wide each of so many plots side by side is [mm]."""
        return float(self.area.right - self.first - self.aside * (columns - 1)) / columns

    def fitting(self) -> int:
        """Return how many plots can be read side by side."""
        least = LEAST_WIDE_IN_COLUMN if self.sheet.narrow else LEAST_WIDE * self.sheet.scale
        return max([1, *(number for number in range(1, self.count + 1) if self.wide_in(number) >= least)])

    def best(self) -> int:
        """Return how many plots side by side come nearest to their usual shape on a page of this height."""
        line = 1.4 * self.sheet.size * 0.3528
        shapes = {1: -inf}
        for number in range(1, self.count + 1):
            rows = ceil(self.count / number)
            high = (self.area.top - self.area.bottom - rows * (line + OVER) - (rows - 1) * BELOW) / rows
            if high > 0 and self.wide_in(number) >= LEAST_WIDE_IN_COLUMN * self.sheet.scale:
                shapes[number] = -abs(log(high / self.wide_in(number) / HIGH))
        return max(shapes, key=shapes.__getitem__)

    def checked(self, columns: int) -> int:
        """Return a number of columns that was asked for."""
        if isinstance(columns, bool) or not isinstance(columns, int) or columns < 1:
            raise UsageError(f"columns: found {columns!r}, expected a whole number from 1")
        most = int((self.area.right - self.first + self.aside) / (LEAST_WIDE_IN_COLUMN / 2 + self.aside))
        if columns > most:
            raise UsageError(f"columns: found {columns}, expected at most {most} on a page of {self.sheet.paper.width:g} mm")
        return min(columns, self.count)

    @property
    def around(self) -> float:
        """The height that titles and gaps take [mm]."""
        return float(sum(self.over)) + (self.rows - 1) * BELOW

    @property
    def needed(self) -> float:
        """The height of a page on which plots have their usual height [mm]."""
        outside: float = self.sheet.paper.height - (self.area.top - self.area.bottom)
        high: float = min(max(HIGH * self.wide, LEAST_HIGH), 2 * LEAST_WIDE)
        return min(max(outside + self.around + self.rows * high, SMALLEST), LARGEST)

    def places(self) -> list[Place]:
        """Return where each plot stands, row by row."""
        high = (self.area.top - self.area.bottom - self.around) / self.rows
        if high < LEAST_HIGH:
            needed = self.sheet.paper.height + (LEAST_HIGH - high) * self.rows
            hint = f"expected {needed:.0f} mm or more" if needed <= LARGEST else "name fewer, or ask for more columns"
            raise UsageError(
                f"height: {self.count} plots in {self.rows} rows have no room on {self.sheet.paper.height:.0f} mm; {hint}"
            )
        places = []
        for number, title in enumerate(self.titles):
            row, column = divmod(number, self.columns)
            left = self.first + column * (self.wide + self.aside)
            top = self.area.top - sum(self.over[: row + 1]) - row * (high + BELOW)
            foot = number + self.columns >= self.count
            places.append(Place(Box(left, top - high, left + self.wide, top), self.aside, title, column == 0, foot))
        return places
