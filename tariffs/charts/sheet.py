"""The page around every chart: title and subtitle above, key and note below; the plots take what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from tariffs.charts import words
from tariffs.charts.page import MM, Box, Page
from tariffs.charts.panel import INK, SOFT, Panel
from tariffs.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from matplotlib.axes import Axes

NARROW, USUAL = 120, 174
COLUMN_HEIGHT = 118.0  # [mm]
PAPER_TYPE = 6.8  # [points], for which the margins are made
SMALLER = 0.8824  # type in a column, beside that on a page
LEAST_PLOT = 25  # [mm]
WIDE_SCREEN = 1.7  # width beside height
BETWEEN, UPPER = 6.5, 0.44  # between two plots [mm], and the upper one's share of their heights
SMALLEST, LARGEST = 80, 600
KEY_GAP = 2.0  # between columns of a key [mm]
SAMPLE, ROW = 8.0, 0.62  # of the names of lines: length of a sample [mm], height of a row [mm per point of type]
Looks = Sequence[tuple[str, dict[str, Any]]]  # name and look of each line


def require_size(width: float | None, height: float | None) -> None:
    """Refuse a size that no page has.

    Raises
    ------
    UsageError
        Saying which sizes there are.
    """
    for side, size in (("width", width), ("height", height)):
        fits = isinstance(size, (int, float)) and SMALLEST <= size <= LARGEST
        if not fits and size is not None:
            raise UsageError(f"{side}: found {size!r}, expected {SMALLEST} to {LARGEST} mm")


def width_of(ax: Axes | None, width: float | None) -> float:
    """Return how wide a plot is to be [mm]: given axes, a page of a width, or one of the usual width."""
    if ax is None:
        return width or USUAL
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes stand in a figure"
    return float(ax.get_position().width * figure.get_size_inches()[0]) * MM


def is_slide() -> bool:
    """Whether the style that is set is one for a screen, whose height is given."""
    across, up = mpl.rcParams["figure.figsize"]
    return bool(across / up > WIDE_SCREEN)


class Sheet:
    """A page of a size.

    Headings are written from the top downwards, key and note from the bottom upwards, and the plots take what is left; so a long
    note shortens a plot and never runs into it.

    Parameters
    ----------
    width, height : float
        [mm], 80 to 600; those of the style by default.
    ax : matplotlib.axes.Axes, optional
        Axes of the user's to draw into: nothing is written around them, and the size is that of their figure.
    taller : float
        By which a page without a height of its own is taller than usual [mm]; a slide is not.
    """

    def __init__(self, width: float | None, height: float | None, ax: Axes | None = None, *, taller: float = 0) -> None:
        figure = ax.get_figure(root=True) if ax is not None else None
        self.given = ax
        usual = [round(inches * MM, 1) for inches in mpl.rcParams["figure.figsize"]]
        across = usual[0] if width is None else width
        self.narrow = across < NARROW if figure is None else figure.get_size_inches()[0] * MM < NARROW
        taller *= not (width is None and is_slide())
        up = height or (COLUMN_HEIGHT if self.narrow else usual[1]) + taller
        self.paper = Page(across, up) if figure is None else Page.of(figure)
        self.scale: float = mpl.rcParams["font.size"] / PAPER_TYPE
        self.size: float = round(mpl.rcParams["font.size"] * (SMALLER if self.narrow else 1), 1)
        self.margin = 2.0

    def panel(self, first: date, final: date) -> Panel:
        """Return a plot over days that is as wide as the page allows."""
        sides = self.margin + 9.5 * self.scale, self.paper.width - self.margin
        if self.given is not None:
            sides = self._given_box().left, self._given_box().right
        return Panel(self.paper, self.size, narrow=self.narrow, sides=sides, first=first, final=final)

    def compose(
        self,
        panel: Panel,
        texts: tuple[str, str, str],
        annotations: list[tuple[str, date]],
        *,
        below: Panel | None = None,
        looks: Looks = (),
    ) -> None:
        """Write what surrounds a plot and make its axes in what is left.

        Parameters
        ----------
        panel : Panel
        texts : tuple of str
            Title, subtitle and note.
        annotations : list of (str, date)
            In order of date.
        below : Panel, optional
            A second plot of the same days, which takes the larger part.
        looks : sequence of (str, dict)
            Lines that are named above the plot, and how they look.
        """
        title, subtitle, note = texts
        if self.given is not None:
            panel.adopt(self.given, self._given_box())
            return
        key = panel.plan(annotations)
        unnamed = panel.unnamed_grounds()
        room = self.room((title, subtitle, " ".join([note, *unnamed]) if note else ""), key, looks)
        room = replace(room, left=panel.left, right=panel.right, top=room.top - panel.lane)
        self.require_room(room, LEAST_PLOT if below is None else 2 * LEAST_PLOT)
        if below is None:
            panel.open(room)
            return
        gap = BETWEEN * self.scale
        cut = room.top - UPPER * (room.top - room.bottom - gap)
        panel.open(replace(room, bottom=cut))
        below.open(replace(room, top=cut - gap))
        panel.ax.tick_params(labelbottom=False)

    def room(self, texts: tuple[str, str, str], key: list[tuple[str, date]], looks: Looks = ()) -> Box:
        """Write title, subtitle, names of lines, note and key; return what they leave, less a line for the days below plots."""
        title, subtitle, note = texts
        top = self._named(looks, self._headings(title, subtitle))
        return Box(self.margin, self._footing(note, key), self.paper.width - self.margin, top)

    def require_room(self, room: Box, least: float) -> None:
        """Refuse a page on which plots would be lower than `least` [mm]."""
        if room.top - room.bottom < least:
            needed = self.paper.height + least - (room.top - room.bottom)
            raise UsageError(f"height: title and note leave no room for the plots; expected {needed:.0f} mm or more")

    def _given_box(self) -> Box:
        assert self.given is not None, "asked for given axes only"
        place, page = self.given.get_position(), self.paper
        return Box(place.x0 * page.width, place.y0 * page.height, place.x1 * page.width, place.y1 * page.height)

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

    def _named(self, looks: Looks, top: float) -> float:
        """Write a sample of each line and its name, in rows, and return where they end."""
        if not looks:
            return top
        row, sample, x = ROW * self.size, SAMPLE * self.scale, self.margin
        y = top - row / 2
        for name, look in looks:
            style: dict[str, Any] = {"fontsize": self.size, "fontweight": "bold", "color": look["color"]}
            wide = sample + 1.2 + self.paper.measure(name, **style)[0]
            if x > self.margin and x + wide > self.paper.width - self.margin:
                x, y = self.margin, y - row
            self.paper.rule(x, y, x + sample, y, gid="key", **look)
            self.paper.write(x + sample + 1.2, y, name, va="center_baseline", gid="key", **style)
            x += wide + 4
        return y - row / 2

    def _footing(self, note: str, key: list[tuple[str, date]]) -> float:
        y = self.margin
        style: dict[str, Any] = {"fontsize": self.size - 1, "color": SOFT, "linespacing": 1.2}
        if note:
            wrapped = self.paper.wrap(note, self.paper.width - 2 * self.margin, **style)
            y = self.paper.box(self.paper.write(self.margin, y, wrapped, va="bottom", **style)).top + 1.5
        if key:
            entries = [f"{number}  {text}, {words.short_day(day)}" for number, (text, day) in enumerate(key, 1)]
            room = self.paper.width - 2 * self.margin
            widest = max(self.paper.measure(entry, **style)[0] for entry in entries) + KEY_GAP
            columns = next((number for number in (3, 2) if number * widest <= room + KEY_GAP), 1)
            rows = -(-len(entries) // columns)
            for column in range(columns):
                chunk = entries[column * rows : (column + 1) * rows]
                x = self.margin + column * (room + KEY_GAP) / columns
                text = "\n".join(chunk + [" "] * (rows - len(chunk)))
                top = self.paper.box(self.paper.write(x, y, text, va="bottom", **{**style, "color": INK})).top
            y = top + 1.5
        return float(y + 6.5 * self.scale)
