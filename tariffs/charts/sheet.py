"""The page around every chart: title and subtitle above, key and note below; the plots take what is left."""

from __future__ import annotations

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
SMALLEST, LARGEST = 80, 600


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
    """

    def __init__(self, width: float | None, height: float | None, ax: Axes | None = None) -> None:
        figure = ax.get_figure(root=True) if ax is not None else None
        self.given = ax
        usual = [round(inches * MM, 1) for inches in mpl.rcParams["figure.figsize"]]
        across = usual[0] if width is None else width
        self.narrow = across < NARROW if figure is None else figure.get_size_inches()[0] * MM < NARROW
        up = height or (COLUMN_HEIGHT if self.narrow else usual[1])
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

    def compose(self, panel: Panel, texts: tuple[str, str, str], annotations: list[tuple[str, date]]) -> None:
        """Write what surrounds a plot and make its axes in what is left.

        Parameters
        ----------
        panel : Panel
        texts : tuple of str
            Title, subtitle and note.
        annotations : list of (str, date)
            In order of date.
        """
        title, subtitle, note = texts
        if self.given is not None:
            panel.adopt(self.given, self._given_box())
            return
        key = panel.plan(annotations)
        unnamed = panel.unnamed_grounds()
        room = self.room((title, subtitle, " ".join([note, *unnamed]) if note else ""), key)
        room = replace(room, left=panel.left, right=panel.right, top=room.top - panel.lane)
        self.require_room(room, LEAST_PLOT)
        panel.open(room)

    def room(self, texts: tuple[str, str, str], key: list[tuple[str, date]]) -> Box:
        """Write title, subtitle, note and key, and return what they leave of the page, less a line for the days below plots."""
        title, subtitle, note = texts
        top = self._headings(title, subtitle)
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
        return float(y + 6.5 * self.scale)
