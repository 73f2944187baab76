"""Where the names of parts stand: in their areas, beside the plot, or above the stack with a hair."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Any

from tariffs.charts.labels import Anchor
from tariffs.charts.page import MM, Box, Point, crossing
from tariffs.charts.panel import INK
from tariffs.charts.partstack import Layer, Stack, Window, stretches
from tariffs.charts.story import LEAST_TOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from matplotlib.lines import Line2D

    from tariffs.charts.page import Page
    from tariffs.charts.panel import Panel
    from tariffs.charts.sheet import Sheet

TIGHT = 100  # a plot that is less wide [mm]
MOST = {True: 6, False: 10}  # parts in a tight plot and in a wide one; the smallest of more are gathered
CROWDED_END = 2  # so many names without room in their areas stand beside the plot
MARGINS = {True: (19.0, 34.0), False: (30.0, 54.0)}  # beside the plot, narrowest and widest [mm]
HAIR, AFTER = 3.0, 4.0  # room for the hairs, and for the ground after the last day where names stand beside it [mm]
PLOT_SHARE = {True: 0.35, False: 0.45}  # of the page's height is the plot's in a column and on a page, about
PAD = 0.6  # around a name in its area [mm]
NAME_GAP, CLEAR = 0.8, 0.3  # between names, and between a hair and a text that it passes [mm]
DOT = 0.7  # around a hair's dot [mm]
INSET = 1.5  # of a hair's end from the ends of its area [mm]
TARGETS = tuple(share / 20 for share in range(21))  # where across its area a hair may end
GRID, GRID_COLUMNS = 1.5, 80  # a free place is looked for in steps of so much [mm], or in so many


@dataclass(frozen=True, slots=True)
class Margin:
    """Where names stand at the right: its left edge, where hairs arrive, and how wide names may be [mm]."""

    left: float
    width: float


def laid_out(page: Sheet, make: Callable[[int], Stack], window: Window, *, roomy: bool) -> tuple[Stack, Panel, Margin | None]:
    """Return the stack, of as many parts as can be named, its plot, and a margin for the names that have no room in it."""
    tight = _is_tight(page.panel(window.first, window.edge))
    for most in range(MOST[tight], 0, -1):
        stack, panel = make(most), page.panel(window.first, window.edge)
        names = _homeless(page, stack, panel)
        if len(names) < CROWDED_END or window.ahead or (page.given is not None and roomy):
            return stack, panel, None
        narrowest, widest = (width * page.scale for width in MARGINS[tight])
        for width in (narrowest, (narrowest + widest) / 2, widest):
            if most == 1 or _fit_beside(page, panel, names, width):
                return stack, panel, _make_margin(page, panel, window, width, roomy=roomy)
    raise AssertionError("one part is named on any page")


def _make_margin(page: Sheet, panel: Panel, window: Window, width: float, *, roomy: bool) -> Margin:
    """Make room for names on the right: beside the plot, or in axes of the user's over the ground after the last day."""
    margin = Margin(panel.right - width, width - HAIR)
    after = AFTER
    if page.given is None:
        panel.right = margin.left
    else:
        after += width
    if not roomy:
        days = (window.shown - window.first).days * after / (panel.right - panel.left - after)
        panel.final = window.shown + timedelta(days=1 + max(round(days), 1))
    return margin


def _is_tight(panel: Panel) -> bool:
    return panel.right - panel.left < TIGHT


def _likely_height(page: Sheet, panel: Panel) -> float:
    """Return how high the plot will be [mm], about: what surrounds it is not written yet."""
    if page.given is not None:
        return page.paper.height * page.given.get_position().height
    return page.paper.height * PLOT_SHARE[_is_tight(panel)]


def _homeless(page: Sheet, stack: Stack, panel: Panel) -> list[str]:
    """Return the names of parts that are there at the end and have no room for their name in their area."""
    height, top = _likely_height(page, panel), max(*stack.layers[-1].upper, LEAST_TOP)
    scale = 1 - MARGINS[_is_tight(panel)][0] * page.scale / (panel.right - panel.left)
    found = []
    for layer in filter(stack.is_seen, stack.layers):
        rooms = [
            Box(panel.x(begin) * scale, low / top * height, panel.x(end) * scale, high / top * height)
            for begin, end, low, high in stretches(layer, stack.days)
        ]
        if layer.levels[-1] > 0 and _inside(page.paper, layer.title, rooms, page.size) is None:
            found.append(layer.title)
    return found


def _fit_beside(page: Sheet, panel: Panel, names: list[str], width: float) -> bool:
    """Whether names and the total have room in a margin, and none has a word that is wider."""
    words_of = [word for name in names for word in name.split()]
    if max(page.paper.measure(word, fontsize=page.size)[0] for word in words_of) > width - HAIR:
        return False
    wrapped = [page.paper.wrap(name, width - HAIR, fontsize=page.size) for name in ["0", *names]]
    return sum(page.paper.measure(text, fontsize=page.size)[1] + NAME_GAP for text in wrapped) < _likely_height(page, panel)


def _inside(paper: Page, title: str, rooms: Sequence[Box], size: float) -> tuple[str, Box] | None:
    """Return a name, in as few lines as can be, and the place in its area that leaves most room around it."""
    for text in _broken(title):
        width, height = paper.measure(text, fontsize=size)
        slack = {room: min(room.right - room.left - width - 2 * PAD, room.top - room.bottom - height - PAD) for room in rooms}
        best = max(rooms, key=lambda room: slack[room], default=None)
        if best is not None and slack[best] >= 0:
            return text, best
    return None


def _broken(title: str) -> Iterator[str]:
    """Yield a name in one line, two and three, each as narrow as it can be."""
    longest = max(len(word) for word in title.split())
    for lines in (1, 2, 3):
        for width in range(longest, len(title) + 1):
            broken = textwrap.wrap(title, width, break_on_hyphens=False)
            if len(broken) <= lines:
                yield "\n".join(broken)
                break


class Names:
    """The names of parts: in their areas where they fit, else beside the plot or above the stack with a hair."""

    def __init__(self, panel: Panel, stack: Stack, margin: Margin | None) -> None:
        self.panel, self.stack = panel, stack
        self.paper, self.places = panel.paper, panel.places
        self.dots: list[Box] = []
        self.style: dict[str, Any] = {"fontsize": panel.size, "color": INK, "linespacing": 1.1}
        homeless = [layer for layer in stack.layers if stack.is_seen(layer) and not self.write_inside(layer)]
        self.beside = [layer for layer in homeless if margin and layer.levels[-1] > 0]
        self.above = [layer for layer in homeless if layer not in self.beside]

    def rooms(self, layer: Layer) -> list[Box]:
        """Return the rectangles that lie in a layer [mm]."""
        panel = self.panel
        return [
            Box(panel.x(begin), panel.y(low), panel.x(end), panel.y(high))
            for begin, end, low, high in stretches(layer, self.stack.days)
        ]

    def write_inside(self, layer: Layer) -> bool:
        """Write a name in its area, on a patch of the area's own colour that keeps the hatch away from it."""
        found = _inside(self.paper, layer.title, self.rooms(layer), self.panel.size)
        if found is None:
            return False
        text, room = found
        x, y = (room.left + room.right) / 2, (room.bottom + room.top) / 2
        patch = {"facecolor": layer.face, "edgecolor": "none", "pad": 0.4} if layer.hatch else None
        self.paper.write(x, y, text, ha="center", va="center", gid=f"part-{layer.name}", bbox=patch, **self.style)
        return True

    def write_beside(self, margin: Margin, total: str) -> None:
        """Write names and the last level of the total beside the plot, with hairs from their ends, in the order of the stack."""
        limit, left = self.panel.x(self.stack.days[-1]), margin.left + HAIR
        entries = [(f"part-{layer.name}", layer.title, layer.lower[-1], layer.upper[-1]) for layer in self.beside]
        top = self.stack.layers[-1].upper[-1]
        entries.append(("end-total", total, top, top))
        texts = [self.paper.wrap(text, margin.width, **self.style) for _, text, *_ in entries]
        heights = [self.paper.measure(text, **self.style)[1] for text in texts]
        ends = [self.panel.y((low + high) / 2) for *_, low, high in entries]
        for (gid, *_), text, end, middle in zip(entries, texts, ends, self.spread(ends, heights), strict=True):
            bold = {"fontweight": "bold"} if gid == "end-total" else {}
            name = self.paper.write(left, middle, text, ha="left", va="center", gid=gid, **bold, **self.style)
            self.places.take([self.paper.box(name)])
            self.hair((limit, end), (margin.left, middle), (left - 0.5, middle))
            self.places.hairs.append(((limit, end), (margin.left, middle)))

    def spread(self, wanted: list[float], heights: list[float]) -> list[float]:
        """Return heights [mm] at which names of these heights meet nothing, in their order and near to where they are wanted."""
        found: list[float] = []
        floor = self.panel.plot.bottom
        for middle, height in zip(wanted, heights, strict=True):
            found.append(max(middle, floor + height / 2))
            floor = found[-1] + height / 2 + NAME_GAP
        ceiling = max(self.panel.plot.top, self.panel.plot.bottom + sum(heights) + NAME_GAP * (len(heights) - 1))
        for number in reversed(range(len(found))):
            found[number] = min(found[number], ceiling - heights[number] / 2)
            ceiling = found[number] - heights[number] / 2 - NAME_GAP
        return found

    def write_above(self) -> None:
        """Write each other name in the nearest free place from which a hair reaches its area across no text."""
        for layer in reversed(self.above):  # the later, the less room to the right of it
            area = max(self.rooms(layer), key=lambda room: (room.right - room.left) * (room.top - room.bottom))
            inset = min(INSET, (area.right - area.left) / 4)
            targets = [
                (area.left + inset + share * (area.right - area.left - 2 * inset), (area.bottom + area.top) / 2)
                for share in TARGETS
            ]
            text, anchor, target = self.free_place(list(dict.fromkeys(_broken(layer.title))), targets)
            artist, _ = self.places.put(text, [anchor], gid=f"part-{layer.name}", **self.style)
            self.hair(target, _wider(self.paper.box(artist), CLEAR).nearest(target), dot=True)
            self.dots.append(Box(target[0] - DOT, target[1] - DOT, target[0] + DOT, target[1] + DOT))

    def free_place(self, texts: list[str], targets: list[Point]) -> tuple[str, Anchor, Point]:
        """Return the place with the shortest hair where a text is free, and its hair crosses no text and no other hair."""
        plot = self.places.area
        written = [*self.dots, *(box for one in self.paper.figure.texts if (box := self.paper.box(one)).meets(plot))]
        drawn = [ends for one in self.paper.figure.lines if plot.struck(*(ends := self.ends_of(one)), CLEAR)]
        for text, box in self.places_near(texts, targets):
            if not self.places.free(_wider(box, PAD)) or any(box.struck(*ends, CLEAR) for ends in drawn):
                continue
            for target in sorted(targets, key=lambda target: (_cost(box, target), abs(target[0] - (box.left + box.right) / 2))):
                hair = target, box.nearest(target)
                if not any(other.struck(*hair, CLEAR) for other in written) and not any(crossing(hair, ends) for ends in drawn):
                    return text, Anchor(box.left, (box.bottom + box.top) / 2), target
        return texts[0], Anchor(*targets[0]), targets[0]

    def places_near(self, texts: list[str], targets: list[Point]) -> list[tuple[str, Box]]:
        """Return the places of a name, in one line or more, those with the shortest and steepest hair first."""
        found: list[tuple[float, float, float, str, Box]] = []
        for lines, text in enumerate(texts):
            width, height = self.paper.measure(text, **self.style)
            for x, y in grid_of(self.places.area, width, height):
                box = Box(x, y, x + width, y + height)
                found.append((lines + _cost(box, *targets), x, y, text, box))
        return [(text, box) for *_, text, box in sorted(found, key=lambda place: place[:3])]

    def ends_of(self, line: Line2D) -> tuple[Point, Point]:
        """Return where a straight line that was drawn on the page begins and ends [mm]."""
        begin, *_, end = line.get_transform().transform(line.get_xydata()) / self.paper.figure.dpi * MM
        return (float(begin[0]), float(begin[1])), (float(end[0]), float(end[1]))

    def hair(self, *points: Point, dot: bool = False) -> None:
        """Draw a hair through points [mm], with a casing that lets it be seen on an area."""
        for number, (begin, end) in enumerate(pairwise(points)):
            self.paper.rule(*begin, *end, color="white", linewidth=1.1, gid="casing", zorder=2)
            mark: dict[str, Any] = {"marker": "o", "markevery": [0], "markersize": 1.8} if dot and not number else {}
            self.paper.rule(*begin, *end, color=INK, linewidth=0.45, gid="hair", zorder=2.1, **mark)


def grid_of(area: Box, width: float, height: float) -> Iterator[Point]:
    """Yield the lower left corners [mm] at which something of a size is looked for a place."""
    step = max(GRID, (area.right - area.left) / GRID_COLUMNS)
    for column in range(int((area.right - area.left - width) / step) + 1):
        for row in range(int((area.top - area.bottom - height) / step) + 1):
            yield area.left + column * step, area.bottom + row * step


def _wider(box: Box, gap: float) -> Box:
    return Box(box.left - gap, box.bottom, box.right + gap, box.top)


def _cost(box: Box, *targets: Point) -> float:
    """Return how long a hair is from a box to the nearest of targets in a row [mm]; what it goes aside counts twice."""
    aside = max(0.0, targets[0][0] - box.right, box.left - targets[-1][0])
    upright = max(0.0, targets[0][1] - box.top, box.bottom - targets[0][1])
    return hypot(aside, upright) + aside
