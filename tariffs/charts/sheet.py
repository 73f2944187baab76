"""What surrounds every chart: headings, axes in millimetres, the lane of flags on top, shaded grounds, key and note."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from matplotlib.dates import date2num
from matplotlib.ticker import FixedFormatter, FixedLocator

from tariffs.charts import words
from tariffs.charts.labels import Anchor, Flag, Places, fly
from tariffs.charts.page import Box, Page
from tariffs.errors import UsageError

NARROW = 120
HEIGHTS = {True: 118.0, False: 105.0}
MOST_ROWS = 4
LEAST_TOP = 10  # a chart of zeros still has a scale [percent]
LEAST_PLOT = 25  # [mm]
TICK_STEPS = (2, 5, 10, 25, 50, 100, 200, 500, 1000)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
INK, SOFT, FAINT = "#1A1A1A", "#5A5A5A", "#DADADA"
GROUND_LINES = 2  # a name that needs more is in the note
SHADES = {"truce": ("Pale", "#EEF3E8"), "not-verified": ("Grey", "#E9E9E9")}
GROUND_NAME: dict[str, Any] = {"color": SOFT, "fontstyle": "italic"}


class Sheet:
    """A page with room for one plot, from its first to its final day.

    Headings are written from the top downwards, key and note from the bottom upwards, and the axes take what is left; so a
    long note shortens the plot and never runs into it.

    Parameters
    ----------
    width, height : float
        [mm]
    first, final : date
        The days at the left and right edge of the plot.
    """

    def __init__(self, width: float, height: float | None, first: date, final: date) -> None:
        self.narrow = width < NARROW
        self.paper = Page(width, height or HEIGHTS[self.narrow])
        self.first, self.final = first, final
        self.size = 6.0 if self.narrow else 6.8
        self.margin = 2.0
        self.left, self.right = self.margin + 9.5, width - self.margin
        self.grounds: list[tuple[str, date, date, str]] = []

    def x(self, day: date) -> float:
        """Return where a day stands [mm]."""
        return self.left + (day - self.first).days / (self.final - self.first).days * (self.right - self.left)

    def y(self, rate: float) -> float:
        """Return where a rate stands [mm]."""
        share = (rate - self.least_rate) / (self.top_rate - self.least_rate)
        return self.plot.bottom + share * (self.plot.top - self.plot.bottom)

    def add_ground(self, gid: str, begin: date, end: date, name: str) -> None:
        """Shade the days from `begin` to the one before `end`, where they are shown."""
        begin, end = max(begin, self.first), min(end, self.final)
        if begin < end:
            self.grounds.append((gid, begin, end, name))

    def compose(self, texts: tuple[str, str, str, str], annotations: list[tuple[str, date]], rates: tuple[float, float]) -> None:
        """Lay out everything around the plot and make the axes.

        Parameters
        ----------
        texts : tuple of str
            Title, subtitle, note and the name of the upright axis.
        annotations : list of (str, date)
            In order of date; where they do not fit as words they are numbered, with a key below.
        rates : tuple of float
            The smallest and the largest rate that is drawn [percent].
        """
        title, subtitle, note, axis = texts
        flags = self._flags(annotations)
        numbered = self.narrow or any(flag.row >= MOST_ROWS for flag in flags)
        if numbered:
            flags = self._flags([(str(number), day) for number, (_, day) in enumerate(annotations, 1)])
        top = self._headings(title, subtitle)
        named, unnamed = self._ground_names()
        bottom = self._footing(" ".join([note, *unnamed]) if note else "", annotations if numbered else [])
        top -= self._lane_height(flags)
        if top - bottom < LEAST_PLOT:
            needed = self.paper.height + LEAST_PLOT - (top - bottom)
            raise UsageError(f"height: title, lane and note leave no room for the plot; expected {needed:.0f} mm or more")
        self._axes(top, bottom, min(rates[0], 0), max(rates[1], LEAST_TOP))
        self.ax.set_ylabel(axis, fontsize=self.size, color=SOFT, labelpad=2)
        self._shade()
        self._hoist(flags)
        self.places = Places(self.paper, Box(self.plot.left + 1, self.plot.bottom, self.plot.right, self.plot.top))
        for text, anchor in named:
            style = {**GROUND_NAME, "fontsize": self.size - 0.4, "linespacing": 1.1}
            self.places.put(text, [replace(anchor, y=self.plot.top - 0.8)], gid="ground", **style)

    def _headings(self, title: str, subtitle: str) -> float:
        y = self.paper.height - self.margin
        for text, style in (
            (title, {"fontsize": self.size + 2.2, "fontweight": "bold", "color": INK}),
            (subtitle, {"fontsize": self.size + 0.4, "color": SOFT}),
        ):
            if text:
                artist = self.paper.write(
                    self.margin,
                    y,
                    self.paper.wrap(text, self.paper.width - 2 * self.margin, **style),
                    va="top",
                    linespacing=1.15,
                    **style,
                )
                y = self.paper.box(artist).bottom - 1.2
        return y - 0.8

    def _footing(self, note: str, key: list[tuple[str, date]]) -> float:
        y = self.margin
        style: dict[str, Any] = {"fontsize": self.size - 1, "color": SOFT, "linespacing": 1.2}
        if note:
            wrapped = self.paper.wrap(note, self.paper.width - 2 * self.margin, **style)
            y = self.paper.box(self.paper.write(self.margin, y, wrapped, va="bottom", **style)).top + 1.5
        if key:
            entries = [f"{number}  {text}, {words.short_day(day)}" for number, (text, day) in enumerate(key, 1)]
            columns = 2 if self.narrow else 3
            rows = -(-len(entries) // columns)
            for column in range(columns):
                chunk = entries[column * rows : (column + 1) * rows]
                x = self.margin + column * (self.paper.width - 2 * self.margin) / columns
                text = "\n".join(chunk + [" "] * (rows - len(chunk)))
                top = self.paper.box(self.paper.write(x, y, text, va="bottom", **{**style, "color": INK})).top
            y = top + 1.5
        return y + 6.5

    def _axes(self, top: float, bottom: float, lowest: float, highest: float) -> None:
        page = self.paper
        self.plot = Box(self.left, bottom, self.right, top)
        self.ax = page.figure.add_axes(
            (
                self.plot.left / page.width,
                bottom / page.height,
                (self.plot.right - self.plot.left) / page.width,
                (top - bottom) / page.height,
            )
        )
        step = next(size for size in TICK_STEPS if highest - lowest <= 6 * size or size == TICK_STEPS[-1])
        self.least_rate, self.top_rate = lowest // step * step, (highest // step + 1) * step
        ax = self.ax
        ax.set_xlim(date2num(self.first), date2num(self.final))
        ax.set_ylim(self.least_rate, self.top_rate)
        ax.set_yticks([number * step for number in range(int(self.least_rate // step), int(self.top_rate // step) + 1)])
        ax.tick_params(axis="y", length=0, labelsize=self.size, labelcolor=SOFT, pad=2)
        ax.tick_params(axis="x", which="both", width=0.6, length=2.5, labelsize=self.size, labelcolor=SOFT, color=SOFT, pad=2)
        ax.grid(axis="y", color=FAINT, linewidth=0.5)
        ax.set_axisbelow(True)
        ax.spines["bottom"].set_color(SOFT)
        ticks, names = self._ticks()
        ax.xaxis.set_major_locator(FixedLocator([float(date2num(day)) for day in ticks]))
        ax.xaxis.set_major_formatter(FixedFormatter(names))

    def _ticks(self) -> tuple[list[date], list[str]]:
        months = (self.final - self.first).days / 30.4
        if months <= 4:
            return self._day_ticks((1, 8, 15, 22) if months <= 2 else (1, 15))
        room = (self.right - self.left) / (7.5 if self.narrow else 8.5)
        stride = next(size for size in MONTH_STEPS if months / size <= room or size == MONTH_STEPS[-1])
        ticks, names, named = [], [], None
        for month in range(self.first.year * 12, self.final.year * 12 + 12):
            day = date(month // 12, month % 12 + 1, 1)
            if self.first <= day <= self.final and month % stride == 0 and self.x(day) + 3.5 <= self.paper.width:
                label = str(day.year) if stride >= 12 else words.MONTHS[day.month - 1]
                if stride < 12 and day.year != named:
                    label += f"\n{day.year}"
                    named = day.year
                ticks.append(day)
                names.append(label)
        return ticks, names

    def _day_ticks(self, days: tuple[int, ...]) -> tuple[list[date], list[str]]:
        every = (self.first + timedelta(days=number) for number in range((self.final - self.first).days + 1))
        ticks = [day for day in every if day.day in days and self.x(day) + 3.5 <= self.paper.width]
        names = [f"{day.day} {words.MONTHS[day.month - 1]}" for day in ticks]
        return ticks, [
            f"{name}\n{day.year}" if number == 0 else name for number, (day, name) in enumerate(zip(ticks, names, strict=True))
        ]

    def _flags(self, texts: list[tuple[str, date]]) -> list[Flag]:
        masts = [(self.x(day), text, self.paper.measure(text, fontsize=self.size)[0]) for text, day in texts]
        return fly(masts, self.left, self.right)

    def _lane_height(self, flags: list[Flag]) -> float:
        return (max(flag.row for flag in flags) + 1) * self._row_height + 1.6 if flags else 1.6

    @property
    def _row_height(self) -> float:
        return self.size * 0.3528 * 1.35

    def _hoist(self, flags: list[Flag]) -> None:
        for flag in flags:
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

    def _ground_names(self) -> tuple[list[tuple[str, Anchor]], list[str]]:
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
