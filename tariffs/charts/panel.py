"""One plot over days: its scales and ticks in millimetres, the lane of flags above it, the shaded grounds beneath."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any

from matplotlib.dates import date2num
from matplotlib.ticker import FixedFormatter, FixedLocator

from tariffs.charts import words
from tariffs.charts.labels import Anchor, Flag, Places, fly
from tariffs.charts.page import Box

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tariffs.charts.breaks import Break
    from tariffs.charts.page import Page

MOST_ROWS = 4
TICK_STEPS = (2, 5, 10, 25, 50, 100, 200, 500, 1000)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
INK, SOFT, FAINT = "#1A1A1A", "#5A5A5A", "#DADADA"
TORN, STROKE = "#F4F4F4", 1.2  # ground of a break, and half the length of its strokes [mm]
TICK = 2.5  # [points]
GROUND_LINES = 2  # a name that needs more is in the note
SHADES = {"truce": ("Pale", "#EEF3E8"), "not-verified": ("Grey", "#E9E9E9")}
GROUND_NAME: dict[str, Any] = {"color": SOFT, "fontstyle": "italic"}


class Panel:
    """A plot from its first to its final day.

    Parameters
    ----------
    paper : Page
    size : float
        Of its text [points].
    narrow : bool
        Whether the page is a column: flags are numbered then.
    sides : tuple of float
        Left and right edge [mm].
    first, final : date
        The days at those edges.
    """

    ax: Axes
    plot: Box
    places: Places

    def __init__(self, paper: Page, size: float, *, narrow: bool, sides: tuple[float, float], first: date, final: date) -> None:
        self.paper, self.size, self.narrow = paper, size, narrow
        self.left, self.right = sides
        self.edge = paper.width  # which names of days do not cross
        self.first, self.final = first, final
        self.grounds: list[tuple[str, date, date, str]] = []
        self.flags: list[Flag] = []
        self.broken: Break | None = None

    def x(self, day: date) -> float:
        """Return where a day stands [mm]."""
        return self.left + (day - self.first).days / (self.final - self.first).days * (self.right - self.left)

    @property
    def half_a_year(self) -> float:
        """How far a year written under a day reaches to either side [mm]."""
        return 0.46 * self.size + 0.4

    def y(self, rate: float) -> float:
        """Return where a rate stands [mm]."""
        height = self.plot.top - self.plot.bottom
        if self.broken:
            return self.plot.bottom + self.broken.share(rate, self.least_rate, self.top_rate, height) * height
        return self.plot.bottom + (rate - self.least_rate) / (self.top_rate - self.least_rate) * height

    def add_ground(self, gid: str, begin: date, end: date, name: str) -> None:
        """Shade the days from `begin` to the one before `end`, where they are shown."""
        begin, end = max(begin, self.first), min(end, self.final)
        if begin < end:
            self.grounds.append((gid, begin, end, name))

    def plan(self, annotations: list[tuple[str, date]]) -> list[tuple[str, date]]:
        """Give each annotation a flag; where they do not fit as words they are numbered, and the key is returned."""
        self.flags = self._fly(annotations)
        if not (self.narrow or any(flag.row >= MOST_ROWS for flag in self.flags)):
            return []
        self.flags = self._fly([(str(number), day) for number, (_, day) in enumerate(annotations, 1)])
        return annotations

    @property
    def lane(self) -> float:
        """The height of the lane of flags [mm]."""
        return (max(flag.row for flag in self.flags) + 1) * self._row_height + 1.6 if self.flags else 1.6

    def open(self, box: Box) -> None:
        """Make the axes in a box, lane of flags left out, with ticks at its foot."""
        page = self.paper
        corner = box.left / page.width, box.bottom / page.height
        self.adopt(
            page.figure.add_axes((*corner, (box.right - box.left) / page.width, (box.top - box.bottom) / page.height)), box
        )

    def adopt(self, ax: Axes, box: Box) -> None:
        """Take axes that stand in a box, and give them days across."""
        self.ax, self.plot = ax, box
        ax.set_xlim(date2num(self.first), date2num(self.final))
        below = max(2, 0.62 * self.size + 0.25 - TICK)  # clear of the 0 beside the corner
        ax.tick_params(
            axis="x", which="both", width=0.6, length=TICK, labelsize=self.size, labelcolor=SOFT, color=SOFT, pad=below
        )
        ax.set_axisbelow(True)
        ax.spines["bottom"].set_color(SOFT)
        ticks, names = self._ticks()
        ax.xaxis.set_major_locator(FixedLocator([float(date2num(day)) for day in ticks]))
        ax.xaxis.set_major_formatter(FixedFormatter(names))

    def scale(
        self,
        lowest: float,
        highest: float,
        name: str,
        *,
        most: float | None = None,
        broken: Break | None = None,
        cut: bool = False,
    ) -> None:
        """Give the upright axis round numbers and its name.

        Parameters
        ----------
        lowest, highest : float
            What is drawn [percent].
        name : str
        most : float, optional
            The largest value that can be; it has room above it.
        broken : Break, optional
            A piece to leave out.
        cut : bool
            Whether the axis ends at `highest`, though lines go on.
        """
        self.broken = broken
        seen = highest - lowest - (broken.high - broken.low if broken else 0)
        most_ticks = min(6, max(2, int((self.plot.top - self.plot.bottom) / (0.55 * self.size))))
        step = next(size for size in TICK_STEPS if seen <= most_ticks * size or size == TICK_STEPS[-1])
        fine = step / 5
        self.least_rate = lowest // fine * fine  # a little below 0 takes a little room
        self.top_rate = (highest // step + 1) * step if most is None else most + fine
        if broken:
            self.top_rate = min((highest // fine + 2) * fine, self.top_rate)
        if cut:
            self.top_rate = highest
        ax = self.ax
        if broken:
            ends = {"least": self.least_rate, "top": self.top_rate, "height": self.plot.top - self.plot.bottom}
            ax.set_yscale("function", functions=(partial(broken.shares, **ends), partial(broken.rates, **ends)))
        ax.set_ylim(self.least_rate, self.top_rate)
        ticks = range(ceil(self.least_rate / step), int((self.top_rate if most is None else most) // step) + 1)
        shown = [number * step for number in ticks if not (broken and broken.low <= number * step <= broken.high)]
        ax.set_yticks(shown)
        ax.tick_params(axis="y", length=0, labelsize=self.size, labelcolor=SOFT, pad=2)
        ax.grid(axis="y", color=FAINT, linewidth=0.5)
        if self.paper.measure(name, fontsize=self.size)[0] > self.plot.top - self.plot.bottom:
            name = name.partition(" of ")[0]  # the subtitle says of what
        ax.set_ylabel(name, fontsize=self.size, color=SOFT, labelpad=2)

    def finish(self) -> None:
        """Shade the grounds, hoist the flags, mark a break, and write the grounds' names where they have room."""
        self.finish_unnamed()
        self._hoist()
        if self.broken:
            self._mark_break(self.y(self.broken.low), self.y(self.broken.high))
        for text, anchor in self._names_of_grounds()[0]:
            style = {**GROUND_NAME, "fontsize": self.size - 0.4, "linespacing": 1.1}
            self.places.put(text, [replace(anchor, y=self.plot.top - 0.8)], gid="ground", **style)

    def finish_unnamed(self) -> None:
        """Shade the grounds, which the note names, and let text take its places."""
        self._shade()
        self.places = Places(self.paper, Box(self.plot.left + 1, self.plot.bottom, self.plot.right, self.plot.top))

    def unnamed_grounds(self) -> list[str]:
        """Return what the note must say of grounds that have no room for their names."""
        return self._names_of_grounds()[1]

    def _ticks(self) -> tuple[list[date], list[str]]:
        months = (self.final - self.first).days / 30.4
        if months <= 4:
            return self._day_ticks((1, 8, 15, 22) if months <= 2 else (1, 15))
        room = (self.right - self.left) / (1.25 * self.size)
        stride = next(size for size in MONTH_STEPS if months / size <= room or size == MONTH_STEPS[-1])
        ticks, names, named = [], [], None
        for month in range(self.first.year * 12, self.final.year * 12 + 12):
            day = date(month // 12, month % 12 + 1, 1)
            if self.first <= day <= self.final and month % stride == 0 and self.x(day) + self.half_a_year <= self.edge:
                label = str(day.year) if stride >= 12 else words.MONTHS[day.month - 1]
                if stride < 12 and day.year != named:
                    label += f"\n{day.year}"
                    named = day.year
                ticks.append(day)
                names.append(label)
        return ticks, names

    def _day_ticks(self, days: tuple[int, ...]) -> tuple[list[date], list[str]]:
        every = (self.first + timedelta(days=number) for number in range((self.final - self.first).days + 1))
        ticks = [day for day in every if day.day in days and self.x(day) + self.half_a_year <= self.edge]
        names = [f"{day.day} {words.MONTHS[day.month - 1]}" for day in ticks]
        return ticks, [
            f"{name}\n{day.year}" if number == 0 else name for number, (day, name) in enumerate(zip(ticks, names, strict=True))
        ]

    def _fly(self, texts: list[tuple[str, date]]) -> list[Flag]:
        masts = [(self.x(day), text, self.paper.measure(text, fontsize=self.size)[0]) for text, day in texts]
        return fly(masts, self.left, self.right)

    @property
    def _row_height(self) -> float:
        return self.size * 0.3528 * 1.35

    def _hoist(self) -> None:
        for flag in self.flags:
            y = self.plot.top + 1.4 + (flag.row + 0.5) * self._row_height
            at_left = flag.left > flag.x
            self.paper.write(
                flag.left if at_left else flag.right,
                y,
                flag.text,
                ha="left" if at_left else "right",
                va="center_baseline",
                fontsize=self.size,
                color=INK,
            )
            share = (flag.x - self.left) / (self.right - self.left)
            dots: dict[str, Any] = {"color": "#BDBDBD", "linewidth": 0.4, "linestyle": (0, (1, 2)), "zorder": 0.5}
            self.ax.plot([share, share], [0, 1], transform=self.ax.transAxes, gid="mast", **dots)
            self.paper.rule(flag.x, self.plot.top, flag.x, y + self._row_height * 0.4, color=SOFT, linewidth=0.5)

    def _mark_break(self, low: float, high: float) -> None:
        """Cover what is left out from one side to the other, and cut the axis with two strokes."""
        strip = Box(self.plot.left, low, self.plot.right, high)
        self.places.take([replace(strip, bottom=low - STROKE / 2, top=high + STROKE / 2)])
        self.paper.rectangle(strip, facecolor=TORN, edgecolor="none", zorder=4, gid="break")
        for y in (low, high):
            self.paper.rule(
                strip.left, y, strip.right, y, color=SOFT, linewidth=0.5, linestyle=(0, (4, 2)), zorder=4.1, gid="torn"
            )
            self.paper.rule(
                strip.left - STROKE, y - STROKE / 2, strip.left + STROKE, y + STROKE / 2, color=INK, linewidth=0.7, gid="torn"
            )

    def _names_of_grounds(self) -> tuple[list[tuple[str, Anchor]], list[str]]:
        """Decide which grounds have room for their names; the note names the others by their shade."""
        named, unnamed = [], []
        for gid, begin, end, name in self.grounds:
            room = self.x(end) - self.x(begin)
            uncut = [text for text in self._broken(name, room) if text.split() == name.split()]
            text = next((text for text in uncut if text.count("\n") < GROUND_LINES and self._fits(text, room)), None)
            if text is None:
                unnamed.append(f"{SHADES[gid][0]} ground: {name}.")
            elif gid == "truce":
                named.append((text, Anchor(self.x(end) - 1, 0, "right", "top")))
            else:
                named.append((text, Anchor(self.x(begin) + 1, 0, "left", "top")))
        return named, unnamed

    def _broken(self, name: str, room: float) -> tuple[str, str]:
        halves = name.replace(" after ", "\nafter ")
        return halves, self.paper.wrap(name, max(room - 2, 1), **GROUND_NAME, fontsize=self.size - 0.4)

    def _fits(self, text: str, room: float) -> bool:
        return self.paper.measure(text, **GROUND_NAME, fontsize=self.size - 0.4)[0] + 1.6 <= room

    def _shade(self) -> None:
        for order, (gid, begin, end, _) in enumerate(self.grounds):
            self.ax.axvspan(date2num(begin), date2num(end), color=SHADES[gid][1], linewidth=0, zorder=order / 10, gid=gid)
