"""Expected paths drawn into a plot, with the words at them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, islice, pairwise, permutations
from math import dist, inf
from typing import TYPE_CHECKING, Any

from matplotlib.dates import date2num

from tariffs.charts import words
from tariffs.charts.drawing import Drawing
from tariffs.charts.labels import FAR, GAP, Anchor, Places
from tariffs.charts.lines import NBSP, Line
from tariffs.charts.page import Box, Hair
from tariffs.charts.sheet import PAPER_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tariffs.charts.fanpaths import Path
    from tariffs.charts.panel import Panel

SHAPES = ("o", "s", "D", "v", "<", ">")
LARGE, LESS = 10, 2  # on a slide the words at lines are so much smaller than the others [points]
MARKER, KEY, KEY_ROOM = 4.0, 3.4, 2.3  # sizes [points], and the room of a shape before its words [mm]
WIDTHS = {True: (0.5, 0.38, 0.3), False: (0.3, 0.2, 0.15, 0.12)}  # of the page: words at a line, in a column and on a page
OFFSETS = (0.9, 2.5, 4.5, 7, 10, 14, 18, 23, 28, 34, 42, 52)  # of words from their line [mm]
ASIDE, SLIDE = 24, 3  # words may stand so far before their line, and are tried so far apart along it [mm]
NEAR = 0.3  # a hair this close to words or to another line meets them [mm]
MOST_ORDERS = 24  # of words taking their places
MOST_ALONG = 16  # places along a line
NOWHERE = 200  # what words cost that found no place near their line [mm]
LOOSE, CROSSED, STRUCK = 3, 6, 40  # a line of words more, a line and words that a hair crosses cost so much distance [mm]


def _tight(beside: date) -> Callable[[date], str]:
    """Return how days are written at a line: unbroken, and without the year where it is that of the day beside them."""

    def write(day: date) -> str:
        text = words.short_day(day)
        return (text if day == beside else text.removesuffix(f" {beside.year}")).replace(" ", NBSP)

    return write


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for the words of a path, the hair from there to its line, and what both cost [mm]."""

    cost: float
    text: str
    box: Box
    hair: Hair

    def beside(self, others: list[Spot]) -> Spot | None:
        """Return the place with what it costs beside others; None where it meets them."""
        if any(self.box.meets(other.box, GAP) for other in others):
            return None
        struck = sum(_strikes(self.hair, other.box) + _strikes(other.hair, self.box) for other in others)
        return replace(self, cost=self.cost + STRUCK * struck)


class Fan(Drawing):
    """The line of what happened, the paths that were expected, and what is written at them."""

    def __init__(self, page: Panel, line: Line, horizon: date, paths: list[Path], *, dotted: bool) -> None:
        super().__init__(page, [line], horizon, dotted=dotted)
        self.happened, self.paths = line, paths
        self.shapes = dict(zip(sorted({day for path in paths for day in path.days}), SHAPES, strict=False))
        self.lines_taken: list[Box] = []

    def draw(self) -> None:
        """Draw the paths beneath the line of what happened, and write their words where both leave room."""
        for order, path in enumerate(sorted(self.paths, key=lambda path: not path.events)):
            self.draw_path(path, 2 + order / 100)
        super().draw()
        for path, spot in self.arranged():
            self.write(path, spot)

    def draw_path(self, path: Path, order: float) -> None:
        """Draw a path with its markers."""
        if not path.follows(self.happened):
            look = path.style | {"linewidth": path.style["linewidth"] * self.scale}
            self.step([*path.drawn, (self.right(path), path.drawn[-1][1])], gid=path.gid, zorder=order, **look)
        hollow = {"markerfacecolor": "white", "markeredgecolor": path.style["color"], "markeredgewidth": 0.9, "clip_on": False}
        for day, level in self.marked(path):
            shape, gid = ("^", f"{path.gid}-step") if path.events else (self.shapes[day], f"known-{day}")
            style = {**hollow, "marker": shape, "markersize": MARKER * self.scale, "zorder": 6 if path.events else 7}
            self.ax.plot([float(date2num(day))], [level], gid=gid, linestyle="none", **style)

    def right(self, path: Path) -> date:
        """Return the day at which a path's line ends."""
        return min(path.until + timedelta(days=1), self.page.final)

    def marked(self, path: Path) -> tuple[tuple[date, float], ...]:
        """Return where a path has markers: on the days it was known, or on the steps that were only stated."""
        return path.drawn[1:] if path.events else tuple((day, path.level(day)) for day in path.days)

    def obstacles(self) -> list[Box]:
        """Return the boxes no text may touch [mm]: the line, the paths and their markers."""
        self.lines_taken = super().obstacles()
        for path in self.paths:
            points = [(self.page.x(day), self.page.y(level)) for day, level in path.drawn]
            for (x, y), (end, then) in pairwise([*points, (self.page.x(self.right(path)), points[-1][1])]):
                self.lines_taken.append(Box(x - 0.2, y - 0.3, end + 0.2, y + 0.3))
                self.lines_taken.append(Box(end - 0.3, min(y, then), end + 0.3, max(y, then)))
            for x, y in ((self.page.x(day), self.page.y(level)) for day, level in self.marked(path)):
                self.lines_taken.append(Box(x - 0.8, y - 0.8, x + 0.8, y + 0.8))
        return self.lines_taken

    def arranged(self) -> list[tuple[Path, Spot]]:
        """Return a place for the words of each path: the cheapest of many orders in which each takes the best that is left."""
        self.known = {path: sorted(self.spots(path), key=lambda spot: spot.cost) for path in self.paths}
        tied_first = sorted(self.paths, key=self.joins, reverse=True)
        orders = chain([tuple(self.paths)], islice(permutations(tied_first), MOST_ORDERS))
        cheapest = min((self.in_order(order) for order in orders), key=_price)
        placed = [(path, spot) for path, spot in cheapest if spot]
        for path in (path for path, spot in cheapest if not spot):
            placed.append((path, self.anywhere(path, [other for _, other in placed])))
        return placed

    def in_order(self, order: tuple[Path, ...]) -> list[tuple[Path, Spot | None]]:
        """Return the best place that each path in turn finds left; None where there is none near its line."""
        placed: list[tuple[Path, Spot | None]] = []
        for path in order:
            others = [other for _, other in placed if other]
            best: Spot | None = None
            for spot in self.known[path]:
                if best and best.cost <= spot.cost:
                    break
                dearer = spot.beside(others)
                if dearer and (best is None or dearer.cost < best.cost):
                    best = dearer
            placed.append((path, best))
        return placed

    def anywhere(self, path: Path, others: list[Spot]) -> Spot:
        """Return a place for the words of a path that found none near its line, with a hair that crosses none if possible."""
        own, places = self.own(path), Places(self.page.paper, self.places.area, longest=inf)
        places.take([*self.places.taken, *(spot.box for spot in others)])
        places.texts = [*self.places.texts, *(spot.box for spot in others)]
        found = []
        for text, width, height in self.broken(path):
            _, box = places.find(width, height, [Anchor(own.right, own.top + 1, "left", "bottom")], own)
            hair = box.way_to(own)
            found.append(Spot(NOWHERE + _long(hair) + STRUCK * (not places.reaches(box, own)), text, box, hair))
        return min(found, key=lambda spot: spot.cost)

    def spots(self, path: Path) -> Iterator[Spot]:
        """Yield the places for a path's words that meet nothing drawn so far."""
        own = self.own(path)
        for text, width, height in self.broken(path):
            for box in filter(self.places.free, _places(own, width, height)):
                hair = box.way_to(own)
                yield Spot(_long(hair) + LOOSE * text.count("\n") + self.crossed(hair), text, box, hair)

    def broken(self, path: Path) -> list[tuple[str, float, float]]:
        """Return a path's words as they can be broken into lines, with width and height, shapes of its markers included [mm]."""
        paper, write = self.page.paper, _tight(path.days[-1])
        parts, indent = (f"{path.name(write)}:", path.moves(self.happened, write)), self.key_room * len(self.keys(path))
        widths = [paper.width * share for share in WIDTHS[self.page.narrow]]
        texts = dict.fromkeys("\n".join(paper.wrap(part, width, **self.type) for part in parts) for width in widths)
        sizes = {text: paper.measure(text, **self.type) for text in texts}
        return [(text, width + indent, height) for text, (width, height) in sizes.items()]

    def crossed(self, hair: Hair) -> float:
        """Return what the lines and words cost that a hair crosses on its way to its line [mm]."""
        if _long(hair) <= FAR:
            return 0
        way, lines = _short(hair), set(map(id, self.lines_taken))
        return sum(CROSSED if id(box) in lines else STRUCK for box in self.places.taken if _strikes(way, box))

    def keys(self, path: Path) -> list[str]:
        """Return the shapes of a path's markers."""
        return ["^"] if path.events else [self.shapes[day] for day in path.days]

    @property
    def scale(self) -> float:
        """How large lines and markers are beside those of a page."""
        return max(self.size / PAPER_TYPE, 1)

    @property
    def key_room(self) -> float:
        """The room of a shape before its words [mm]."""
        return KEY_ROOM * self.scale

    @property
    def type(self) -> dict[str, Any]:
        """The type of the words at a path."""
        return {"fontsize": self.size - 0.2 - LESS * (self.size > LARGE), "linespacing": 1.15}

    def write(self, path: Path, spot: Spot) -> None:
        """Write what a path is after the shapes of its markers, with a hair to its line where that is far."""
        paper, box, color, shapes = self.page.paper, spot.box, path.style["color"], self.keys(path)
        style: dict[str, Any] = {"va": "bottom", "color": color, "gid": f"name-{path.gid}", **self.type}
        paper.write(box.left + self.key_room * len(shapes), box.bottom, spot.text, **style)
        y = box.top - self.size * 0.3528 * 0.5
        for number, shape in enumerate(shapes):
            x = box.left + self.key_room * (number + 0.5) - 0.3
            key = {"marker": shape, "markersize": KEY * self.scale, "markerfacecolor": "white", "markeredgewidth": 0.8}
            paper.rule(x, y, x, y, gid="key", color=color, **key)
        if _long(spot.hair) > FAR:
            paper.rule(*spot.hair[0], *spot.hair[1], color=color, linewidth=0.4, zorder=2, gid="leader")

    def steps_seen(self, path: Path) -> list[tuple[date, float]]:
        """Return a path's first point and each step on the days shown that labels tell apart from the level before."""
        first, *later = path.drawn
        seen = [first]
        for day, level in later:
            if self.happened.written(level) != self.happened.written(seen[-1][1]):
                seen.append((day, level))
        return seen

    def joins(self, path: Path) -> bool:
        """Whether a path's last step brings it to a level that another had come to before."""
        (day, level), steps = self.steps_seen(path)[-1], len(self.steps_seen(path)) - 1
        others = [self.steps_seen(other)[-1] for other in self.paths if other is not path and not other.follows(self.happened)]
        return steps > 0 and any(arrival < day and at == level for arrival, at in others)

    def own(self, path: Path) -> Box:
        """Return the stretch of a path's line to name it by: its last level off the solid line, or its step to another's."""
        seen = self.steps_seen(path)
        day, level = seen[-1]
        x, y = self.page.x(day), self.page.y(level)
        if path.follows(self.happened):
            x, y = self.page.x(path.days[-1]), self.page.y(path.level(path.days[-1]))
            return Box(x, y, x, y)
        if self.joins(path):
            below, above = sorted((self.page.y(seen[-2][1]), y))
            return Box(x, below + 1.5, x, above - 1.5) if above - below > 4 else Box(x, below, x, above)
        changes = [day, *(step.day for step in self.happened.steps if day < step.day < self.right(path))]
        left = next((since for since in changes if path.level(since) != self.happened.level(since)), day)
        return Box(self.page.x(left), y, self.page.x(self.right(path)), y)


def _places(own: Box, width: float, height: float) -> Iterator[Box]:
    """Yield boxes of a size around a stretch of line: above and below it along its length, and beside it."""
    for offset in OFFSETS:
        for bottom in (own.top + offset, own.bottom - offset - height):
            stride = max(SLIDE, (own.right - own.left) / MOST_ALONG)
            along = (own.left + 0.8 + number * stride for number in range(int((own.right - own.left) / stride) + 1))
            before = (own.left - 1 - number * SLIDE for number in range(1, int((width + ASIDE) / SLIDE) + 2))
            for left in (*along, own.right - 0.6 - width, *before):
                yield Box(left, bottom, left + width, bottom + height)
        for left in (own.right + offset, own.left - offset - width):
            for bottom in ((own.top + own.bottom - height) / 2, own.bottom, own.top - height):
                yield Box(left, bottom, left + width, bottom + height)


def _price(placed: list[tuple[Path, Spot | None]]) -> float:
    return sum(spot.cost if spot else NOWHERE for _, spot in placed)


def _short(hair: Hair) -> Hair:
    """Return a hair without its last millimetre, where it meets its own line."""
    (x, y), (end, then) = hair
    share = 1 - min(1 / max(_long(hair), 1), 1)
    return (x, y), (x + (end - x) * share, y + (then - y) * share)


def _strikes(hair: Hair, box: Box) -> bool:
    """Whether a hair long enough to be drawn runs through a box or close by it."""
    return _long(hair) > FAR - 1 and box.struck(*hair, NEAR)


def _long(hair: Hair) -> float:
    return dist(*hair)
