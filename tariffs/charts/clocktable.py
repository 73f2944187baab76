"""The table below the clocks: a row for each level with its days, and marks for how long before it took effect each was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tariffs.charts.clockrows import Row, longest
from tariffs.charts.page import Box
from tariffs.charts.panel import FAINT, INK, SOFT
from tariffs.charts.sheet import LARGEST, SMALLEST, Sheet
from tariffs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Text

Groups = list[tuple[str, tuple[Row, ...]]]  # title of a duty, empty where it stands above the chart, and its rows

HEADS = ("Level", "Stated", "Enacted", "In force", "Withdrawn")
BEFORE = "Days before taking effect (logarithmic)"
PLOT_HIGH, PLOT_HIGH_IN_COLUMN = 46, 42  # of the plot [mm]
DAYS_BELOW = 7.5  # the plot stands so far above the table: its days are written between [mm]
GAP, GAP_IN_COLUMN = 2.6, 1.6  # between columns [mm]
ROW, SMALLER = 0.52, 0.6  # height of a row [mm per point of type]; its type beside that of the page [points]
HEAD_ROWS, KEY_ROWS, BETWEEN = 1.5, 1.8, 0.25  # heights of the heads, of the key, and above each duty [rows]
TICKS = (0, 1, 3, 7, 30, 90, 365, 1000)
# Told apart by shape: a stroke, a ring, a square, a cross.
MARK_TYPE = 6.2  # for which these sizes are [points]
MARKS: dict[str, dict[str, Any]] = {
    "stated": {"marker": "|", "markersize": 7, "markeredgewidth": 1.1},
    "enacted": {"marker": "o", "markersize": 4.2, "markeredgewidth": 0.9, "markerfacecolor": "white"},
    "withdrawn": {"marker": "x", "markersize": 4.2, "markeredgewidth": 1.1},
    "in force": {"marker": "s", "markersize": 4.2, "markeredgewidth": 0.9},
    "ahead": {"marker": "s", "markersize": 4.2, "markeredgewidth": 0.9, "markerfacecolor": "white"},
}
KEY = (("stated", "stated"), ("enacted", "enacted"), ("in force", "in force"), ("ahead", "ahead"), ("withdrawn", "withdrawn"))


def fitted(width: float | None, height: float | None, texts: tuple[str, str, str], groups: Groups) -> Table:
    """Return the table on its page; without a height, the one that plot and rows need."""
    draft = Table(Sheet(width, height or LARGEST), texts, groups)
    if draft.needed > draft.sheet.paper.height:
        hint = f"expected {draft.needed:.0f} mm or more" if draft.needed <= LARGEST else "show fewer days"
        raise UsageError(f"height: {draft.count} levels have no room on {draft.sheet.paper.height:.0f} mm; {hint}")
    return draft if height is not None else Table(Sheet(width, max(draft.needed, SMALLEST)), texts, groups)


class Table:
    """The rows below the plot: cells in columns, and marks of days before taking effect.

    Attributes
    ----------
    area : Box
        What headings and note leave of the page; the plot takes the top of it.
    plot_high : float
        Height of the plot [mm].
    """

    ax: Axes

    def __init__(self, sheet: Sheet, texts: tuple[str, str, str], groups: Groups) -> None:
        self.sheet, self.groups, self.paper = sheet, groups, sheet.paper
        self.size = round(sheet.size - SMALLER, 1)
        self.row = ROW * self.size
        self.area = sheet.room(texts, [])
        rows = [row for _, rows in groups for row in rows]
        self.count = len(rows)
        self.most, self.least = longest(rows)
        self.cells = [HEADS, *(row.cells for row in rows)]
        self.columns = self.placed()
        self.bars = self.columns[-1], self.paper.width - sheet.margin - 1.5
        self.heads = [self.wrapped(title, self.paper.width - 2 * sheet.margin, fontweight="bold") for title, _ in groups]
        self.label = self.wrapped(BEFORE, self.bars[1] - self.bars[0] + 2)
        self.marks = {name: look | {"markersize": look["markersize"] * self.size / MARK_TYPE} for name, look in MARKS.items()}
        self.plot_high: float = (PLOT_HIGH_IN_COLUMN if sheet.narrow else PLOT_HIGH) * sheet.scale

    def placed(self) -> list[float]:
        """Return where each column begins, and where the marks do [mm]; a column without cells takes no room."""
        x, places = self.sheet.margin, []
        gap = (GAP_IN_COLUMN if self.sheet.narrow else GAP) * self.sheet.scale
        for number, head in enumerate(HEADS):
            places.append(x)
            if self.is_filled(number):
                texts = dict.fromkeys([head, *(cells[number] for cells in self.cells if cells[number])])
                x += max(self.paper.measure(text, fontsize=self.size)[0] for text in texts) + gap
        return [*places, x + 1]

    def is_filled(self, column: int) -> bool:
        """Whether a column has cells below its head."""
        return any(cells[column] for cells in self.cells[1:])

    def wrapped(self, text: str, width: float, **style: Any) -> str:
        """Return a text in lines no wider than so much [mm]."""
        return self.paper.wrap(text, width, fontsize=self.size, **style) if text else ""

    @property
    def high(self) -> float:
        """The height of key, heads and rows [mm]."""
        lines = sum(BETWEEN + (head.count("\n") + 1 if head else 0) for head in self.heads)
        return (KEY_ROWS + HEAD_ROWS + lines + self.count) * self.row

    @property
    def top(self) -> float:
        """Where the key begins, below the days of the plot [mm]."""
        return self.area.top - self.plot_high - DAYS_BELOW * self.sheet.scale

    @property
    def needed(self) -> float:
        """The height of a page that the chart needs [mm]."""
        label: float = self.paper.measure(self.label, fontsize=self.size)[1]
        return self.paper.height - (self.top - self.area.bottom) + self.high + label

    def draw(self) -> None:
        """Write the rows and draw their marks."""
        self.write_key(self.top - self.row * KEY_ROWS / 2)
        y = self.top - KEY_ROWS * self.row
        self.write_cells(HEADS, y - self.row / 2, color=SOFT, fontweight="bold")
        y -= HEAD_ROWS * self.row
        rule = y + 0.3 * self.row
        self.paper.rule(self.sheet.margin, rule, self.paper.width - self.sheet.margin, rule, color=SOFT, linewidth=0.5)
        self.open(Box(self.bars[0], self.top - self.high, self.bars[1], y))
        for (_, rows), head in zip(self.groups, self.heads, strict=True):
            y -= BETWEEN * self.row
            for line in head.splitlines():
                self.write(self.sheet.margin, y - self.row / 2, line, fontweight="bold", gid="duty")
                y -= self.row
            for row in rows:
                color = INK if row.fate in ("in force", "ahead") else SOFT
                self.write_cells(row.cells, y - self.row / 2, color=color, gid=f"row-{row.event.id}")
                self.mark(row, y - self.row / 2, color)
                y -= self.row

    def write_cells(self, cells: Sequence[str], y: float, **style: Any) -> None:
        """Write one row of cells, or the heads."""
        for number, (x, text) in enumerate(zip(self.columns, cells, strict=False)):
            if text and self.is_filled(number):
                self.write(x, y, text, **style)

    def write(self, x: float, y: float, text: str, **style: Any) -> Text:
        """Write a text of the table."""
        return self.paper.write(x, y, text, **{"va": "center_baseline", "fontsize": self.size, "color": INK} | style)

    def write_key(self, y: float) -> None:
        """Write what each mark means."""
        fates = {row.fate for _, rows in self.groups for row in rows}
        x = self.sheet.margin + 1
        for name, look in self.marks.items():
            if name in ("stated", "enacted") or name in fates:
                self.paper.rule(x, y, x, y, gid="key", color=INK, **look)
                x = self.paper.box(self.write(x + 1.6 * self.sheet.scale, y, name, gid="key")).right + 4 * self.sheet.scale

    def open(self, box: Box) -> None:
        """Make the axes of the marks: across days before taking effect, upwards millimetres."""
        page = self.paper
        size = (box.right - box.left) / page.width, (box.top - box.bottom) / page.height
        self.ax = page.figure.add_axes((box.left / page.width, box.bottom / page.height, *size))
        self.bottom = box.bottom
        ax = self.ax
        ax.set_xscale("function", functions=(_shrunk, _grown))
        most = max(self.most, 7)
        ax.set_xlim(_grown(_shrunk(most) * 1.06), _grown(-0.06 * _shrunk(most) - _shrunk(self.least)))
        ax.set_ylim(0, box.top - box.bottom)
        ax.set_yticks([])
        ax.spines["bottom"].set_color(SOFT)
        ax.set_axisbelow(True)
        ax.grid(axis="x", color=FAINT, linewidth=0.5)
        ax.set_xticks(self.ticks(most, box.right - box.left))
        ax.xaxis.set_major_formatter("{x:.0f}")
        ax.tick_params(axis="x", width=0.6, length=2.5, labelsize=self.size, labelcolor=SOFT, color=SOFT, pad=2)
        ax.set_xlabel(self.label, fontsize=self.size, color=SOFT, labelpad=2)

    def ticks(self, most: int, wide: float) -> list[int]:
        """Return the days with a tick, as many as have room for their numbers."""
        scale = wide / (float(_shrunk(most)) * 1.12 + float(_shrunk(self.least)))
        kept: list[int] = []
        for day in sorted((day for day in TICKS if day <= most), key=lambda day: (day != 0, day != 365, day != 30, day)):
            room = self.paper.measure(f"{day}0", fontsize=self.size)[0]
            if all(abs(float(_shrunk(day)) - float(_shrunk(other))) * scale >= room for other in kept):
                kept.append(day)
        return sorted(kept)

    def mark(self, row: Row, y: float, color: str) -> None:
        """Draw a line from the first of a level's days to its effective one, with a mark on each."""
        height = y - self.bottom
        event = row.event
        days = {
            "stated": row.before(event.stated),
            "enacted": row.before(event.enacted),
            "withdrawn": row.before(event.withdrawn),
        }
        lags = {name: lag for name, lag in days.items() if lag is not None}
        if not lags:
            return
        last = min([lags["withdrawn"]] if "withdrawn" in lags else [0, *lags.values()])
        style: dict[str, Any] = {"color": color, "linewidth": 0.9, "solid_capstyle": "butt", "zorder": 3}
        alone: dict[str, Any] = {"linestyle": "none", "color": color}
        dashes: Any = "-" if row.fate == "in force" else (0, (2, 1.4))
        self.plot([max([0, *lags.values()]), last], height, gid=f"span-{event.id}", linestyle=dashes, **style)
        if row.fate in ("in force", "ahead"):
            self.plot([0], height, gid=f"{row.fate}-{event.id}", zorder=4, **alone, **self.marks[row.fate])
        for order, (name, lag) in enumerate(lags.items()):
            self.plot([lag], height, gid=f"{name}-{event.id}", zorder=6 - order, **alone, **self.marks[name])

    def plot(self, days: list[int], height: float, **style: Any) -> None:
        """Draw a line or a mark of a row."""
        self.ax.plot(days, [height] * len(days), clip_on=False, **style)


def _shrunk(days: Any) -> Any:
    """Return days on a scale on which the first count most, to either side of 0."""
    return np.sign(days) * np.log1p(np.abs(days))


def _grown(places: Any) -> Any:
    return np.sign(places) * np.expm1(np.abs(places))
