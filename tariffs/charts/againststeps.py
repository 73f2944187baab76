"""The plot of our steps and their points."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from math import dist
from typing import TYPE_CHECKING, Any

from tariffs.charts.againstmarks import SHAPES, around_marker, mark, num
from tariffs.charts.differences import APART, LEAST_UPPER, LOWER_SHARE, Differences
from tariffs.charts.labels import Anchor
from tariffs.charts.lines import Line, Step
from tariffs.charts.page import Box
from tariffs.charts.panel import INK, Panel
from tariffs.charts.story import LEAST_TOP
from tariffs.charts.theirs import AGREES, DIFFERS, Days, Value, capital
from tariffs.errors import UsageError

if TYPE_CHECKING:
    from tariffs.charts.sheet import Sheet

ABOVE_LOWER = 1.6  # between the upper plot and the words over the lower one [mm]
ALONG = (0.5, 0.25, 0.75)  # where on a level it may be written
LEVELS_APART = 5.0  # between two levels that are written, across or up [mm]
LARGE = 0.05  # of what is shown: a step whose level is written


class Rates(Panel):
    """The upper plot: our steps and their points. The box that it is opened in it shares with the lower one."""

    def __init__(self, sheet: Sheet, days: Days, line: Line, values: list[Value], name: str, below: Differences) -> None:
        sides = below.panel.left, below.panel.right
        super().__init__(sheet.paper, sheet.size, narrow=sheet.narrow, sides=sides, first=days.first, final=days.final)
        self.days, self.line, self.values, self.name, self.below = days, line, values, name, below
        for ground in days.unknown:
            self.add_ground("not-verified", *ground)

    def open(self, box: Box) -> None:
        """Make both plots in a box, the key beneath them and the words between them."""
        below = self.below
        foot = below.write_key(box.bottom - below.tick_room) + below.tick_room
        room = box.top - foot - ABOVE_LOWER - below.caption_height
        lower = max(LOWER_SHARE * room, below.least)
        if room - lower < LEAST_UPPER:
            needed = self.paper.height + max(below.least + LEAST_UPPER, LEAST_UPPER / (1 - LOWER_SHARE)) - room
            raise UsageError(f"height: title, key and note leave no room for two plots; expected {needed + 1:.0f} mm or more")
        super().open(Box(box.left, box.top - room + lower, box.right, box.top))
        self.ax.tick_params(axis="x", which="both", length=0, labelbottom=False)
        below.panel.open(Box(box.left, foot, box.right, foot + lower))

    def draw(self, axis: str, most: float | None) -> None:
        """Draw steps and points on a scale for both, and name them."""
        shown = [value.theirs for value in self.values]
        lowest, highest = min([self.line.trough, *shown]), max([self.line.peak, *shown])
        self.scale(min(lowest, 0), max(highest, LEAST_TOP), axis, most=most if most and highest <= most else None)
        self.finish()
        self.draw_line()
        for standing in SHAPES:
            points = [(value.day, value.theirs) for value in self.values if value.standing == standing]
            mark(self, standing, points, len(self.values), gid=f"theirs-{standing}", zorder=6)
        self.places.take(self.obstacles())
        self.name_line()
        self.name_points()
        for step in self.large_steps():
            self.name_level(step)

    def draw_line(self) -> None:
        """Draw our steps, solid as far as they were checked and dotted as far as they were expected."""
        line, days = self.line, self.days
        limit, end = (min(day + timedelta(days=1), days.final) for day in (min(days.horizon, days.last), days.last))
        checked = [(step.day, step.level) for step in line.steps if step.day <= days.horizon]
        level = line.level(days.horizon)
        if days.begin <= days.horizon:
            self.step([(days.begin, line.start), *checked, (limit, level)], gid=line.name, zorder=4, **line.style)
        if limit < end:
            begin = max(limit, days.begin)
            later = [(step.day, step.level) for step in line.steps if step.day > begin]
            thin = {"color": line.style["color"], "linewidth": 0.9, "linestyle": (0, (1, 1.6))}
            self.step([(begin, line.level(begin)), *later, (end, line.level(end))], gid=f"{line.name}-expected", zorder=4, **thin)

    def step(self, points: list[tuple[date, float]], **style: Any) -> None:
        """Draw levels that hold from their day on."""
        days, levels = [num(day) for day, _ in points], [level for _, level in points]
        self.ax.step(days, levels, where="post", solid_joinstyle="miter", dash_joinstyle="miter", **style)

    @property
    def end(self) -> date:
        """The day at which our line ends."""
        return min(self.days.last + timedelta(days=1), self.final)

    def obstacles(self) -> list[Box]:
        """Return what no text may stand on."""
        points = [(self.days.begin, self.line.start), *((step.day, step.level) for step in self.line.steps)]
        boxes = []
        for (day, level), (following, after) in pairwise([*points, (self.end, points[-1][1])]):
            x, y, end, then = self.x(day), self.y(level), self.x(following), self.y(after)
            boxes += [Box(x - 0.2, y - 0.3, end + 0.2, y + 0.3), Box(end - 0.3, min(y, then), end + 0.3, max(y, then))]
        places = {(round(2 * self.x(value.day)) / 2, round(2 * self.y(value.theirs)) / 2) for value in self.values}
        return [*boxes, *(Box(x - 0.9, y - 0.9, x + 0.9, y + 0.9) for x, y in sorted(places))]

    def name_line(self) -> None:
        """Write our name with the highest level where our line has it."""
        line = self.line
        at_peak = [step.day for step in line.steps if step.level == line.peak]
        since = at_peak[-1] if at_peak else self.days.begin
        left = next((step.day for step in line.steps if step.day > since), self.end)
        begin, end, y = self.x(since), self.x(left), self.y(line.peak)
        anchors = [
            Anchor(end + 1.2, y - 0.2, "left", "top"),
            Anchor(begin - 1.6, y, "right"),
            Anchor(begin + 0.6, y + 0.8, "left", "bottom"),
            Anchor(end - 0.6, y + 0.8, "right", "bottom"),
            Anchor(end + 2.2, y),
        ]
        style = {"fontsize": self.size + 0.6, "color": line.style["color"], "fontweight": "bold", "gid": f"name-{line.name}"}
        self.places.label(f"{line.written(line.peak)}  {line.title}", anchors, Box(begin, y, end, y), **style)
        self.peak = Step(since, line.peak, rising=True, condition="")

    def name_points(self) -> None:
        """Write whose the points are at one of them, and at the one furthest from ours that such points differ."""
        agreeing = sorted((value for value in self.values if value.standing == AGREES), key=self.crowding)
        apart = sorted((value for value in self.values if value.standing == DIFFERS), key=lambda value: -abs(value.difference))
        differs = "differs" if len(apart) == 1 else "differ"
        if agreeing:
            self.name_one(capital(self.name), agreeing, f"theirs-name-{AGREES}")
        if apart:
            text = differs if agreeing else f"{capital(self.name)}, {differs}"
            self.name_one(text, apart[:1], f"theirs-name-{DIFFERS}")

    def crowding(self, value: Value) -> tuple[int, date]:
        """Sort the points that stand alone before others."""
        near = sum(abs(self.x(other.day) - self.x(value.day)) < APART for other in self.values)
        return near, value.day

    def name_one(self, name: str, values: list[Value], gid: str) -> None:
        """Write a name at the one of some points that has room for it."""
        style: dict[str, Any] = {"fontsize": self.size + 0.2, "color": INK, "linespacing": 1.1}
        text = self.paper.wrap(name, 0.4 * (self.right - self.left), **style)
        spots = [(self.x(value.day), self.y(value.theirs)) for value in values]
        anchors = [anchor for x, y in spots[:40] for anchor in around_marker(x, y)]
        written, _ = self.places.put(text, anchors, gid=gid, **style)
        box = self.paper.box(written)
        x, y = min(spots, key=lambda spot: dist(box.nearest(spot), spot))
        self.places.lead(box, Box(x, y, x, y), INK)

    def large_steps(self) -> list[Step]:
        """Return the steps whose levels are written: the largest, each some way from the next, and the last."""
        line = self.line
        levels = [line.start, *(step.level for step in line.steps)]
        sizes = {step: abs(step.level - before) for step, before in zip(line.steps, levels, strict=False)}
        start = Step(self.days.begin, line.start, rising=True, condition="")
        ranked = sorted(sizes, key=lambda step: (-sizes[step], step.day))
        least = LARGE * (self.top_rate - self.least_rate)
        large = [step for step in ranked if sizes[step] >= least]
        chosen = [self.peak]
        for step in [*([start] if line.start else []), *line.steps[-1:], *large]:
            if step.level != line.peak and not any(self.close(step, other) for other in chosen):
                chosen.append(step)
        return chosen[1:]

    def close(self, one: Step, other: Step) -> bool:
        """Whether the labels of two steps would stand close together."""
        across, up = abs(self.x(one.day) - self.x(other.day)), abs(self.y(one.level) - self.y(other.level))
        return across < LEVELS_APART and up < LEVELS_APART

    def name_level(self, step: Step) -> None:
        """Write a level at its step, or where that has no room further along it."""
        x, y, color = self.x(step.day), self.y(step.level), self.line.style["color"]
        end = self.x(next((other.day for other in self.line.steps if other.day > step.day), self.end))
        above, below = Anchor(x + 1.3, y + 0.8, "left", "bottom"), Anchor(x + 0.7, y - 0.8, "left", "top")
        beside = Anchor(x - 1.6, y + 0.2, "right", "bottom")
        anchors = [beside, above, below] if step.rising and step.day > self.days.begin else [above, below, beside]
        for along in (x + share * (end - x) for share in ALONG):
            anchors += [Anchor(along, y + 0.8, "center", "bottom"), Anchor(along, y - 0.8, "center", "top")]
        style = {"gid": f"level-{self.line.name}", "fontsize": self.size, "color": color}
        self.places.label(self.line.written(step.level), anchors, Box(x, y, max(end, x), y), **style)
