"""Where each lane of a timeline, its title and its levels go, in millimetres."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from matplotlib.colors import to_rgb

from tariffs.charts.panel import GROUND_LINES, GROUND_NAME, INK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tariffs.charts.lanes import Group, Lane, Span
    from tariffs.charts.page import Page
    from tariffs.charts.panel import Panel

YEARS_BAND, BARE_BAND = 3.0, 0.8  # above the lanes: with the years in it, and with nothing [mm]
TALL = 100  # plots higher than this have their years at the top too [mm]
GAP = 0.5  # between a text and what stands beside it [mm]
OVER = 1.4  # that a level may reach to the left of the first day, where titles leave room [mm]
PAD = 0.8  # of a text inside a bar, both sides together [mm]
LIFT = 0.35  # of a title above what it stands over [mm]
INDENT = 0.6  # of a title above its bars, from the line of the first day [mm]
ROOMY = 4.0  # of a text among hatches, both sides together [mm]
STUB = 2.4  # of what was to last without end [mm]
LEADER = 0.6  # between a bar and the levels written above it [mm]
THICKEST = 5.0  # bar [mm]
SHADES = ((10, 0.22), (25, 0.42), (50, 0.62), (100, 0.84))  # of the direction's colour, up to a level [percent]


@dataclass(frozen=True, slots=True)
class Written:
    """A text in a lane: its left edge and width [mm], and its row; 0 is the bar's own."""

    x: float
    width: float
    text: str
    row: int
    color: str = INK
    back: Any = None  # colour behind it, where it stands on hatches
    target: float | None = None  # where a leader from above meets the bar


@dataclass(slots=True)
class Laid:
    """A lane with everything at its place across, and in its row.

    Attributes
    ----------
    boxes : list of (Span, row)
        What was announced and never applied.
    marks : list of (x, row)
    title : list of str
        Lines at the left, or above the bars.
    title_row : int or None
        The row of the last line, above the bars.
    """

    lane: Lane
    title: list[str]
    texts: list[Written] = field(default_factory=list)
    boxes: list[tuple[Span, int]] = field(default_factory=list)
    marks: list[tuple[float, int]] = field(default_factory=list)
    taken: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    title_row: int | None = None

    @property
    def rows(self) -> int:
        """How many rows stand above the bar."""
        return max([*self.taken, 0 if self.title_row is None else self.title_row + len(self.title) - 1, 0])

    @property
    def leads(self) -> bool:
        """Whether levels are written above the bar with leaders down to it."""
        return any(text.target is not None for text in self.texts)

    def free(self, row: int, begin: float, end: float, gap: float = GAP) -> bool:
        """Whether nothing stands in a row between two places."""
        return all(end + gap <= left or right + gap <= begin for left, right in self.taken.get(row, []))

    def take(self, row: int, begin: float, end: float) -> None:
        """Keep the rest out of a row between two places."""
        self.taken.setdefault(row, []).append((begin, end))


class Ruler:
    """Widths of texts, each rendered once: they grow with their size."""

    def __init__(self) -> None:
        self.widths: dict[tuple[str, str], float] = {}

    def wide(self, paper: Page, text: str, size: float, weight: str) -> float:
        """Return how wide a text of a size [points] is [mm]."""
        if (text, weight) not in self.widths:
            self.widths[text, weight] = paper.measure(text, fontsize=10, fontweight=weight)[0] / 10
        return self.widths[text, weight] * size


class Layout:
    """Where everything stands in the lanes, for one size of text.

    Parameters
    ----------
    panel : Panel
    groups : tuple of Group
    size : float
        [points]
    column : float
        Width of the titles at the left [mm]; 0 where they stand above their bars.
    colour : str
    ruler : Ruler
    """

    def __init__(self, panel: Panel, groups: tuple[Group, ...], size: float, column: float, colour: str, ruler: Ruler) -> None:
        self.panel, self.size, self.column, self.colour, self.ruler = panel, size, column, colour, ruler
        em = size * 0.3528
        self.bar, self.row, self.line = 1.1 * em, 1.06 * em, 1.2 * em
        self.above, self.below = 0.09 * em, 0.3 * em
        self.groups = [(self.wrapped(group.heading), [self.lay(lane) for lane in group.lanes]) for group in groups]

    @property
    def band(self) -> float:
        """The height above the lanes [mm]."""
        if self.panel.grounds and not self.panel.unnamed_grounds():
            style = {**GROUND_NAME, "fontsize": self.panel.size - 0.4, "linespacing": 1.1}
            return self.panel.paper.measure("\n".join("x" * GROUND_LINES), **style)[1] + 1.6
        return YEARS_BAND if self.panel.plot.top - self.panel.plot.bottom >= TALL else BARE_BAND

    @property
    def needed(self) -> float:
        """The height that the lanes take [mm]."""
        heights = [self.height(laid) for _, lanes in self.groups for laid in lanes]
        return self.band + sum(heights) + sum(self.heading_height(heading, lanes[0]) for heading, lanes in self.groups)

    def spread(self, room: float) -> None:
        """Take what room there is: bars grow up to a point, gaps take the rest."""
        count = sum(len(lanes) for _, lanes in self.groups)
        spare = (room - self.needed) / count
        growth = min(0.6 * spare, max(THICKEST - self.bar, 0))
        self.bar += growth
        self.above += 0.4 * (spare - growth)
        self.below += 0.6 * (spare - growth)

    def heading_height(self, heading: str, first: Laid) -> float:
        """Return the height above a group's lanes [mm]; rows above the first bar may leave room for the heading beside them."""
        if not heading:
            return 0.25 * self.line
        spare = first.rows * self.row + (LEADER if first.leads else 0) if self.stands_beside(heading, first) else 0
        return max((1.2 + heading.count("\n")) * self.line - spare, 0.25 * self.line)

    def wrapped(self, heading: str) -> str:
        """Return a family's title in lines no wider than the page."""
        room = self.panel.right - self.panel.left + self.column - 2
        return "\n".join(self.broken(heading, room, "bold")) if heading else ""

    def stands_beside(self, heading: str, first: Laid) -> bool:
        """Whether a heading leaves room at its right for what stands above the first bar of its lanes."""
        right = self.panel.left - self.column + self.wide(heading, "bold") + 1
        rows = (edges for row, edges in first.taken.items() if row)
        return bool(self.column) and len(first.title) == 1 and all(right <= left for row in rows for left, _ in row)

    def height(self, laid: Laid) -> float:
        """Return the height of a lane [mm]."""
        own = self.bar + laid.rows * self.row + (LEADER if laid.leads else 0) + self.above + self.below
        if laid.title_row is not None:
            return own + (LIFT if laid.title_row else 0)
        return max(own, len(laid.title) * self.line + 0.4)

    def wide(self, text: str, weight: str = "normal") -> float:
        """Return how wide a text is [mm]."""
        return self.ruler.wide(self.panel.paper, text, self.size, weight)

    def broken(self, text: str, room: float, weight: str) -> list[str]:
        """Return a text in lines no wider than there is room [mm]."""
        if self.wide(text, weight) <= room:
            return [text]
        return self.panel.paper.wrap(text, room, fontsize=self.size, fontweight=weight).splitlines()

    def lay(self, lane: Lane) -> Laid:
        """Put everything of a lane at its place: bars, levels, what was announced, title."""
        weight = "bold" if lane.bold else "normal"
        room = self.column - OVER - 1.2 if self.column else self.panel.right - self.panel.left - 2
        laid = Laid(lane, self.broken(lane.title, room, weight))
        for span in lane.levels:
            laid.take(0, *self.across(span))
        above = [callout for run in runs_of(lane.levels) for callout in self.name_level(laid, run)]
        laid.texts += self.beside_each_other(above)
        for level in laid.texts:
            if level.target is not None:
                laid.take(1, min(level.x, level.target), max(level.x + level.width, level.target))
        for run in runs_of(lane.announced):
            self.put_announced(laid, run)
        for day, text in lane.marks:
            self.put_mark(laid, self.panel.x(day), text)
        if not self.column:
            self.put_title(laid, max(self.wide(line, weight) for line in laid.title))
        return laid

    def across(self, span: Span) -> tuple[float, float]:
        """Return the left and right edge of a span [mm]."""
        left = self.panel.x(span.begin)
        return left, self.panel.x(span.end) if span.end else min(left + STUB, self.panel.right)

    def name_level(self, laid: Laid, run: list[Span]) -> list[Written]:
        """Write a level into its bar, or beside it; where neither has room, return what is to be written above."""
        text, width = run[0].text, self.wide(run[0].text)
        for span in run:
            left, right = self.across(span)
            if right - left >= width + PAD:
                shade = None if span.kind == "ahead" else shade_of(self.colour, span.rate)
                color = legible_on(shade) if shade else INK
                back = shade if laid.lane.void else None
                laid.texts.append(Written((left + right - width) / 2, width, text, 0, color, back))
                return []
        left, right = self.across(run[0])[0], self.across(run[-1])[1]
        for x in (right + GAP, left - GAP - width):
            if self.inside(x, width) and self.free_of_bars(laid, x, width):
                laid.texts.append(Written(x, width, text, 0))
                laid.take(0, x, x + width)
                return []
        return [Written((left + right - width) / 2, width, text, 1, target=(left + right) / 2)]

    def inside(self, x: float, width: float) -> bool:
        """Whether a text stands inside the plot."""
        return self.panel.left - OVER <= x and x + width <= self.panel.right - 0.2

    def free_of_bars(self, laid: Laid, x: float, width: float) -> bool:
        """Whether a text meets no bar of its lane and no other text; it may stand close to the one it names."""
        return all(x + width + 0.3 <= left or right + 0.3 <= x for left, right in laid.taken.get(0, []))

    def beside_each_other(self, texts: list[Written]) -> list[Written]:
        """Move texts of one row apart, each as near to its bar as the others leave it."""
        clusters: list[tuple[float, list[Written]]] = []
        for text in sorted(texts, key=lambda text: text.target or 0):
            start, members = text.x, [text]
            start = self.kept(start, members)
            while clusters and clusters[-1][0] + self.total(clusters[-1][1]) + 2 * GAP > start:
                members = [*clusters.pop()[1], *members]
                middle = sum((member.target or 0) for member in members) / len(members)
                start = self.kept(middle - self.total(members) / 2, members)
            clusters.append((start, members))
        placed = []
        for start, members in clusters:
            x = start
            for member in members:
                placed.append(replace(member, x=x))
                x += member.width + 2 * GAP
        return placed

    def total(self, texts: list[Written]) -> float:
        """Return the width of texts beside each other [mm]."""
        return sum(text.width for text in texts) + 2 * GAP * (len(texts) - 1)

    def kept(self, start: float, texts: list[Written]) -> float:
        """Return where texts begin so that they stay inside the plot."""
        return max(min(start, self.panel.right - 0.2 - self.total(texts)), self.panel.left + 0.2)

    def put_announced(self, laid: Laid, run: list[Span]) -> None:
        """Put spans of one level that was never applied, and the level, into the lowest row that has room."""
        left, right = self.across(run[0])[0], self.across(run[-1])[1]
        width = self.wide(run[0].text)
        if right - left >= width + ROOMY:
            row, x, back = self.lowest(laid, left, right), (left + right - width) / 2, "white"
        else:
            (row, x), back = self.lowest_beside(laid, left, right, width), None
        laid.take(row, min(x, left), max(x + width, right))
        laid.texts.append(Written(x, width, run[0].text, row, back=back))
        laid.boxes += [(span, row) for span in run]

    def put_mark(self, laid: Laid, x: float, text: str) -> None:
        """Put the mark of a level with no day, and the level beside it, into the lowest row that has room."""
        half, width = self.size * 0.1, self.wide(text)
        row, at = self.lowest_beside(laid, x - half, x + half, width, sides=(-1, 1), gap=0.15)
        laid.take(row, min(at, x - half), max(at + width, x + half))
        laid.texts.append(Written(at, width, text, row))
        laid.marks.append((x, row))

    def lowest(self, laid: Laid, left: float, right: float) -> int:
        """Return the lowest row that is free between two places."""
        return next(row for row in range(len(laid.taken) + 2) if laid.free(row, left, right))

    def lowest_beside(
        self, laid: Laid, left: float, right: float, width: float, sides: tuple[int, int] = (1, -1), gap: float = GAP
    ) -> tuple[int, float]:
        """Return the lowest row with room for something and a text beside it, and where the text begins."""
        beside = [right + GAP if side > 0 else left - GAP - width for side in sides]
        places = [x for x in beside if self.inside(x, width)] or [self.panel.left + 0.2]
        return next(
            (row, x)
            for row in range(len(laid.taken) + 2)
            for x in places
            if laid.free(row, min(x, left), max(x + width, right), gap)
        )

    def put_title(self, laid: Laid, width: float) -> None:
        """Put the title above everything else, or before what stands in the uppermost row where that leaves room."""
        beside = len(laid.title) == 1 and laid.free(laid.rows, self.panel.left, self.panel.left + INDENT + width + 1)
        laid.title_row = laid.rows if beside else laid.rows + 1


def runs_of(spans: Iterable[Span]) -> list[list[Span]]:
    """Return spans of one level that follow each other without a day between, which bear one label."""
    runs: list[list[Span]] = []
    for span in spans:
        if runs and runs[-1][-1].end == span.begin and runs[-1][-1].text == span.text:
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


def shade_of(colour: str, rate: float | None) -> tuple[float, float, float]:
    """Return the tint of a colour that a level has: the darker, the higher."""
    if rate is None:
        return 1.0, 1.0, 1.0
    share = next((share for most, share in SHADES if rate <= most), 1.0)
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(colour))
    return red, green, blue


def legible_on(ground: tuple[float, float, float]) -> str:
    """Return white or ink, whichever stands out more on a ground."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in ground]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.06 else INK
