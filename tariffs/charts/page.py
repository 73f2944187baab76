"""A page measured in millimetres: figures without pyplot, boxes of rendered text, and lines broken to a width."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from tariffs.charts.style import own_style, require_letters

if TYPE_CHECKING:
    from matplotlib.text import Text

MM = 25.4
DPI, SCREEN_DPI = 300, 150
Point = tuple[float, float]  # on the page [mm from its lower left corner]
Hair = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page [mm from its lower left corner]."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        """Whether two boxes come closer than `gap`."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.bottom < other.top + gap
            and other.bottom < self.top + gap
        )

    def within(self, other: Box) -> bool:
        """Whether this box lies inside another one."""
        return other.left <= self.left and self.right <= other.right and other.bottom <= self.bottom and self.top <= other.top

    def nearest(self, point: Point) -> Point:
        """Return the point of the box that is nearest to another one."""
        return min(max(point[0], self.left), self.right), min(max(point[1], self.bottom), self.top)

    def way_to(self, other: Box) -> Hair:
        """Return the shortest straight line to another box; where they stand above each other, from the middle of both."""
        xs, ys = (
            _nearest(self.left, self.right, other.left, other.right),
            _nearest(self.bottom, self.top, other.bottom, other.top),
        )
        return (xs[0], ys[0]), (xs[1], ys[1])

    def struck(self, begin: Point, end: Point, gap: float) -> bool:
        """Whether a straight line comes nearer to the box than `gap`."""
        enter, leave = 0.0, 1.0
        for start, stop, low, high in (
            (begin[0], end[0], self.left - gap, self.right + gap),
            (begin[1], end[1], self.bottom - gap, self.top + gap),
        ):
            if start == stop:
                if not low < start < high:
                    return False
                continue
            nearer, further = sorted(((low - start) / (stop - start), (high - start) / (stop - start)))
            enter, leave = max(enter, nearer), min(leave, further)
        return enter < leave


def _nearest(low: float, high: float, other_low: float, other_high: float) -> Point:
    """Return the points of two stretches that are nearest to each other; of what they share, the middle."""
    begin, end = max(low, other_low), min(high, other_high)
    if begin <= end:
        return (begin + end) / 2, (begin + end) / 2
    return (high, other_low) if high < other_low else (low, other_high)


def crossing(one: Hair, other: Hair) -> bool:
    """Whether two straight lines cross."""
    (a, b), (c, d) = one, other
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(one: Point, other: Point, point: Point) -> float:
    return (other[0] - one[0]) * (point[1] - one[1]) - (other[1] - one[1]) * (point[0] - one[0])


class Chart(Figure):
    """A figure that says what it shows, and that notebooks show though it was made without pyplot.

    Attributes
    ----------
    title : str
    alt : str
        What the chart shows, in words.
    source : str
        Where its numbers come from.
    style : str
        In which it was drawn, and is to be saved.
    shown : object
        What it shows, where a web page can be made of it; the module that makes one knows its shape.
    """

    title = alt = source = ""
    style = "paper"
    shown: Any = None

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        buffer = io.BytesIO()
        with own_style(self.style):
            self.savefig(buffer, format="png", dpi=SCREEN_DPI, metadata={"Software": None})
        return buffer.getvalue(), {"alt": self.alt}


class Page:
    """A figure whose coordinates are millimetres, and the text on it."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure: Figure = Chart(figsize=(width / MM, height / MM), dpi=DPI)
        FigureCanvasAgg(self.figure)

    @classmethod
    def of(cls, figure: Figure) -> Page:
        """Return the page that a figure of the user's is."""
        page = cls.__new__(cls)
        page.figure = figure
        page.width, page.height = (inches * MM for inches in figure.get_size_inches())
        return page

    def tell(self, title: str, source: str, alt: str, style: str = "paper", shown: object = None) -> None:
        """Let a figure of ours say what it shows, where that comes from, and how it looks."""
        if isinstance(self.figure, Chart):
            self.figure.title, self.figure.source, self.figure.alt, self.figure.style = title, source, alt, style
            self.figure.shown = shown

    def write(self, x: float, y: float, text: str, **style: Any) -> Text:
        """Put text at a place [mm].

        Raises
        ------
        UsageError
            For letters that no font of the style has.
        """
        require_letters(text)
        return self.figure.text(x / self.width, y / self.height, text, parse_math=False, **style)

    def box(self, text: Text) -> Box:
        """Return the box that a text fills when rendered [mm]."""
        extent, dpi = text.get_window_extent(), self.figure.dpi
        return Box(*(value / dpi * MM for value in (extent.x0, extent.y0, extent.x1, extent.y1)))

    def measure(self, text: str, **style: Any) -> tuple[float, float]:
        """Return the width and height of a text [mm] without leaving it on the page."""
        probe = self.write(0, 0, text, **style)
        box = self.box(probe)
        probe.remove()
        return box.right - box.left, box.top - box.bottom

    def rule(self, x0: float, y0: float, x1: float, y1: float, **style: Any) -> None:
        """Draw a straight line between two places [mm]."""
        xs, ys = [x0 / self.width, x1 / self.width], [y0 / self.height, y1 / self.height]
        self.figure.add_artist(Line2D(xs, ys, transform=self.figure.transFigure, **style))

    def rectangle(self, box: Box, **style: Any) -> None:
        """Draw a box."""
        corner = box.left / self.width, box.bottom / self.height
        width, height = (box.right - box.left) / self.width, (box.top - box.bottom) / self.height
        self.figure.add_artist(Rectangle(corner, width, height, transform=self.figure.transFigure, **style))

    def wrap(self, text: str, width: float, **style: Any) -> str:
        """Break a text at its spaces into lines no wider than `width` [mm]; a word that is wider is cut."""
        require_letters(text)
        lines: list[str] = []
        pieces = [piece for word in re.split("[ \n]+", text) for piece in self._pieces(word, width, style)]
        space, filled = self.measure("n n", **style)[0] - 2 * self.measure("n", **style)[0], 0.0
        for piece, wide in pieces:
            if lines and filled + space + wide <= width:
                lines[-1] += f" {piece}"
                filled += space + wide
            else:
                lines.append(piece)
                filled = wide
        return "\n".join(lines)

    def _pieces(self, word: str, width: float, style: dict[str, Any]) -> list[tuple[str, float]]:
        """Return a word, or what it is cut into, each with its width [mm]."""
        wide = self.measure(word, **style)[0]
        if wide <= width or len(word) == 1:
            return [(word, wide)]
        length = max(int(len(word) * width / wide * 0.9), 1)
        cuts = (word[begin : begin + length] for begin in range(0, len(word), length))
        return [(cut, self.measure(cut, **style)[0]) for cut in cuts]
