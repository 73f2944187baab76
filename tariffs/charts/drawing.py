"""Lines drawn into a plot, with what is written at them: names, levels, and what is ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from matplotlib.dates import date2num

from tariffs.charts import words
from tariffs.charts.labels import Anchor
from tariffs.charts.lines import NBSP, Line, Step
from tariffs.charts.page import Box, Point
from tariffs.charts.panel import INK, SOFT, Panel

CROWD_WIDTHS = (0.62, 0.5, 0.4, 0.32)  # of the page: the widest box that meets nothing
CROWD = 4  # so many steps, each closer to the last than this [mm], are gathered into one box; small steps need more room
CROWDED, CROWDED_SMALL = 2.2, 3.0
END_ROOM = 8
NEAR_END = 12  # a step this close to the end of its line [mm] is labelled there
ROUND = 1  # a label stands so far before the end of the level that it names [mm]
DOTTED: Any = (0, (1, 1.6))  # what is ahead
CORE = 0.45  # how much of a line that a scenario moves is hollow
VISIBLE = 1.0  # a step of an average that is lower than this [mm] is drawn, not labelled


class Drawing:
    """The lines of one chart and what is written at them.

    Parameters
    ----------
    page : Panel
    lines : list of Line
    horizon : date
        The last day that counts.
    dotted : bool
        Whether lines go on after it.
    keyed : bool
        Whether the lines are named above the plot; here their highest levels are written alone.
    """

    def __init__(self, page: Panel, lines: list[Line], horizon: date, *, dotted: bool, keyed: bool = False) -> None:
        self.page, self.lines, self.horizon, self.dotted, self.keyed = page, lines, horizon, dotted, keyed
        self.ax, self.places, self.size = page.ax, page.places, page.size
        self.last = page.final if dotted else min(horizon + timedelta(days=1), page.final)

    def draw(self) -> None:
        """Draw the lines, then their names and levels: what has least choice of place comes first."""
        self.draw_lines()
        self.places.take(self.obstacles())
        self.name_lines()
        self.name_recorded()
        gathered = [entry for crowd in self.crowds() if self.gather(crowd) for entry in crowd]
        self.name_steps(gathered)
        self.name_ends()
        self.name_expected()

    def draw_lines(self) -> None:
        """Draw every line to the last day that counts, and dotted after it."""
        limit = min(self.horizon + timedelta(days=1), self.page.final)
        for order, line in enumerate(self.lines):
            name, level = line.name, line.level(self.horizon)
            checked = [(step.day, step.level) for step in line.steps if step.day <= self.horizon]
            # A post-step ends at its last point: without the horizon, the level everybody reads would not be drawn.
            self.step([(self.page.first, line.start), *checked, (limit, level)], gid=name, zorder=3 + order, **line.style)
            for begin, end in line.departures(self.last):
                self.draw_departure(line, begin, end, zorder=3 + order)
            if limit < self.page.final and self.dotted:
                later = [(limit, level), *((step.day, step.level) for step in line.steps if step.day > self.horizon)]
                thin = {"color": line.style["color"], "linewidth": 0.9, "linestyle": DOTTED}
                self.step([*later, (self.page.final, later[-1][1])], gid=f"{name}-not-verified", zorder=3 + order, **thin)

    def draw_departure(self, line: Line, begin: date, end: date, *, zorder: float) -> None:
        """Hollow out a line where a scenario moves it, and draw beneath it what is recorded."""
        limit = min(self.horizon + timedelta(days=1), end)
        if begin < limit:
            own = [(begin, line.level(begin)), *((step.day, step.level) for step in line.steps if begin < step.day < limit)]
            core = {"color": "white", "linewidth": line.style["linewidth"] * CORE}
            self.step([*own, (limit, own[-1][1])], gid=f"{line.name}-supposed", zorder=zorder + 0.5, **core)
        thin = {"color": SOFT, "linewidth": 0.9, "gid": f"{line.name}-recorded", "zorder": 2.5}
        points = _recorded(line, begin, end)
        seen, later = (points, []) if limit == end else _cut(points, limit)
        for steps, rhythm in ((seen, line.style["linestyle"]), (later, DOTTED)):
            if steps:
                self.step(steps, linestyle=rhythm, **thin)

    def step(self, points: list[tuple[date, float]], **style: Any) -> None:
        """Draw levels that hold from their day on."""
        days, levels = [float(date2num(day)) for day, _ in points], [level for _, level in points]
        self.ax.step(days, levels, where="post", solid_joinstyle="miter", dash_joinstyle="miter", **style)

    def obstacles(self) -> list[Box]:
        """Return the boxes no text may touch, in millimetres: the lines themselves, and what is recorded beneath them."""
        boxes = []
        for line in self.lines:
            points = [(self.page.first, line.start), *((step.day, step.level) for step in line.steps)]
            boxes += self.boxes_of([*points, (self.page.final, points[-1][1])])
            for begin, end in line.departures(self.last):
                boxes += self.boxes_of(_recorded(line, begin, end))
        return boxes

    def boxes_of(self, points: list[tuple[date, float]]) -> list[Box]:
        """Return the boxes of a stretch of steps."""
        boxes = []
        for (day, level), (following, after) in pairwise(points):
            x, y, end, then = self.page.x(day), self.page.y(level), self.page.x(following), self.page.y(after)
            boxes += [Box(x - 0.2, y - 0.3, end + 0.2, y + 0.3), Box(end - 0.3, min(y, then), end + 0.3, max(y, then))]
        return boxes

    def name_recorded(self) -> None:
        """Write the levels of the record that a scenario departs from, and once for each line what they are."""
        style = {"fontsize": self.size - 0.4, "color": SOFT, "fontstyle": "italic"}
        for line in self.lines:
            said = ""
            for begin, end in line.departures(self.last):
                for (day, level), (until, _) in pairwise(_recorded(line, begin, end)[1:]):
                    text = line.written(level)
                    if text == said or not self.shows(level):
                        continue
                    x, y, named = self.page.x(day) + 1, self.page.y(level), text if said else f"{text}, as recorded"
                    anchors = [Anchor(x, y + 0.8, "left", "bottom"), Anchor(x, y - 0.8, "left", "top")]
                    place = Box(self.page.x(day), y, self.page.x(until), y)
                    self.places.label(named, anchors, place, gid=f"recorded-{line.name}", **style)
                    said = text

    def name_lines(self) -> None:
        """Write each line's name and highest level where it leaves that level for the last time."""
        self.named: set[tuple[Line, date]] = set()
        peaks = {line.name: line.peak_until(self.horizon) for line in self.lines}
        for line in sorted(self.lines, key=lambda line: -peaks[line.name]):
            peak = peaks[line.name]
            at_peak = [step.day for step in line.steps if step.level == peak and step.day <= self.horizon]
            since = at_peak[-1] if at_peak else self.page.first
            x, y = self.page.x(line.until(since, self.horizon)), self.page.y(peak)
            begins = not at_peak  # the highest level is the first, which has a label of its own
            if begins and self.keyed:
                continue
            parts = [*([] if begins else [line.written(peak)]), *([] if self.keyed else [line.title])]
            text = "  ".join(parts)
            start = self.page.x(since)
            style = {"fontsize": self.size + 0.6, "color": line.style["color"], "fontweight": "bold"}
            on_it = [Anchor(x - 1, y + 0.8, "right", "bottom"), Anchor(x - 1, y - 0.8, "right", "top")]
            after = [Anchor(x + 1.2, y - 0.2, "left", "top"), Anchor(x + 1.2, y)]
            before = [Anchor(start - 0.6, y + 0.8, "right", "bottom"), Anchor(start - 0.6, y + 3.5, "right", "bottom")]
            before.append(Anchor(start - 0.6, self.page.y(line.level(since - timedelta(days=1))) - 0.8, "right", "top"))
            before += [Anchor(start - aside, y + 0.8, "right", "bottom") for aside in (3, 6, 9)]  # another line rises in between
            fits = (
                self.page.paper.measure(text, **style)[0] + 2 <= x - start
            )  # above the level it names, where that is long enough
            anchors = [*on_it, *after, *before] if fits else [*after, on_it[0], *before]
            if begins:
                x, y = self.page.x(self.horizon), self.page.y(line.level(self.horizon))
                anchors = [Anchor(x - 1, y + 0.8, "right", "bottom"), Anchor(x - 1, y - 0.8, "right", "top"), *after]
            self.places.label(text, anchors, Box(min(start, x), y, x, y), gid=f"name-{line.name}", **style)
            if not begins:
                self.named.add((line, since))

    def name_steps(self, gathered: list[tuple[Line, Step]]) -> None:
        """Write the levels that no crowd box, line name or line end tells already."""
        for line in self.lines:
            if line.start:
                self.name_start(line)
            for step in line.steps:
                told = (line, step) in gathered or (line, step.day) in self.named or self.ends_with(line, step)
                if self.labelled(line, step) and not told:
                    self.name_step(line, step)

    def name_start(self, line: Line) -> None:
        """Write the level a line starts from."""
        x, y = self.page.x(self.page.first) + 1.2, self.page.y(line.start)
        above = [Anchor(x, y + height, "left", "bottom") for height in (0.8, 4, 7.2)]
        below = Anchor(x, y - 0.8, "left", "top")
        anchors = above if line.upwards else [below, *above]
        style = {"fontsize": self.size, "color": line.style["color"]}
        target = Box(x, y, max(x, self.page.x(line.until(self.page.first, self.horizon)) - ROUND), y)
        self.places.label(line.written(line.start), anchors, target, gid=f"step-{line.name}", **style)

    def labelled(self, line: Line, step: Step) -> bool:
        """Whether a step has a label of its own: up to the horizon, and of an average where the eye can see it."""
        if step.day > self.horizon or not self.shows(step.level):
            return False
        before = line.level(step.day - timedelta(days=1))
        return line.digits is None or abs(self.page.y(step.level) - self.page.y(before)) >= VISIBLE

    def shows(self, level: float) -> bool:  # noqa: ARG002  # for charts of two plots
        """Whether a level is written in this plot."""
        return True

    def ends_with(self, line: Line, step: Step) -> bool:
        """Whether the label at the line's end says close by, or of an average at all, what a step's own label would."""
        last = line.until(step.day, self.horizon) == self.horizon
        near = last and self.page.x(self.horizon) - self.page.x(step.day) < NEAR_END
        same = line.written(step.level) == line.written(line.level(self.horizon))
        return self.has_end_room() and same and (line.digits is not None or near)

    def has_end_room(self) -> bool:
        """Whether the levels can be written after the lines' ends."""
        return self.page.right - self.page.x(self.horizon) >= END_ROOM

    def name_step(self, line: Line, step: Step) -> None:
        """Write the level a step reaches."""
        x, y = self.page.x(step.day), self.page.y(step.level)
        above, below = Anchor(x + 0.8, y + 0.8, "left", "bottom"), Anchor(x + 0.8, y - 0.8, "left", "top")
        own, other = (above, below) if line.upwards else (below, above)
        beside = Anchor(x - 0.8, y, "right")
        if not step.rising:
            anchors = [own, other]
        elif line.upwards:
            anchors = [Anchor(x - 0.8, y + 0.4, "right", "bottom"), beside, own]
        else:
            anchors = [own, beside]
        style = {"fontsize": self.size, "color": line.style["color"]}
        target = Box(x, y, max(x, self.page.x(line.until(step.day, self.horizon)) - ROUND), y)
        self.places.label(line.written(step.level), anchors, target, gid=f"step-{line.name}", **style)

    def crowds(self) -> list[list[tuple[Line, Step]]]:
        """Return the runs of steps that stand too close to be labelled one by one, the longest first."""
        steps = sorted(
            ((line, step) for line in self.lines for step in line.steps if self.labelled(line, step)),
            key=lambda entry: (entry[1].day, entry[0].name),
        )
        near = CROWDED_SMALL if any(line.digits for line in self.lines) else CROWDED
        runs: list[list[tuple[Line, Step]]] = []
        for line, step in steps:
            if runs and self.page.x(step.day) - self.page.x(runs[-1][-1][1].day) < near:
                runs[-1].append((line, step))
            else:
                runs.append([(line, step)])
        return sorted((run for run in runs if len(run) >= CROWD and run[0][1].day < run[-1][1].day), key=len, reverse=True)

    def gather(self, crowd: list[tuple[Line, Step]]) -> bool:
        """Write a crowd's levels into one box with a leader to its highest step, where there is room for one."""
        size = self.size - 0.2
        for share in CROWD_WIDTHS:
            rows = self.crowd_rows(crowd, share)
            measured = [self.page.paper.measure(row, fontsize=size) for row, _ in rows]
            pitch = max(height for _, height in measured) * 1.3
            box = self.crowd_box(crowd, max(width for width, _ in measured) + 2.8, pitch * len(rows) + 1.2)
            if self.places.free(box):
                break
        else:
            return False
        self.places.take([box])
        self.page.paper.rectangle(box, facecolor="white", edgecolor=SOFT, linewidth=0.5, zorder=4, gid="crowd")
        for number, (row, color) in enumerate(rows):
            row_y = box.top - 0.6 - (number + 0.5) * pitch
            self.page.paper.write(box.left + 1, row_y, row, va="center", color=color, zorder=5, fontsize=size)
        self.lead_crowd(crowd, box)
        return True

    def lead_crowd(self, crowd: list[tuple[Line, Step]], box: Box) -> None:
        """Draw the leader from a crowd's box to the steps of the day on which it is highest."""
        _, step = max(crowd, key=lambda entry: entry[1].level)
        tip, middle = self.page.x(step.day), (box.top + box.bottom) / 2
        rises = [
            sorted((self.page.y(of.level(own.day - timedelta(days=1))), self.page.y(own.level)))
            for of, own in crowd
            if own.day == step.day
        ]
        heights = [min(max(middle, low), high) for low, high in rises]
        if box.left < tip < box.right:
            height = max(heights, key=lambda height: abs(height - middle))
            start = tip, box.bottom if height < middle else box.top
        else:
            height = min(heights, key=lambda height: abs(height - middle))
            start = (box.left if tip <= box.left else box.right), middle
        dot: dict[str, Any] = {"marker": "o", "markevery": [0], "markersize": 1.8}
        self.places.hairs.append(((tip, height), start))
        self.page.paper.rule(tip, height, *start, color=SOFT, linewidth=0.5, zorder=6, **dot)

    def crowd_box(self, crowd: list[tuple[Line, Step]], width: float, height: float) -> Box:
        """Return the place of a crowd's box: beside it, or where it meets the least."""
        begin, end = self.page.x(crowd[0][1].day), self.page.x(crowd[-1][1].day)
        y = self.page.plot.bottom + (self.page.plot.top - self.page.plot.bottom) * 0.58
        return self.places.find(width, height, [Anchor(end + 5.5, y), Anchor(end + 10, y), Anchor(begin - 5.5, y, "right")])[1]

    def crowd_rows(self, crowd: list[tuple[Line, Step]], share: float) -> list[tuple[str, str]]:
        """Return the rows of a crowd box: what it holds, then the levels and days of each line, with their colour."""
        begin, end = crowd[0][1].day, crowd[-1][1].day
        months = dict.fromkeys(f"{words.MONTHS[day.month - 1]} {day.year}" for day in (begin, end))
        rows = [(f"{' to '.join(months)}, level (from)", INK)]
        for line in self.lines:
            steps = [step for step in line.steps if begin <= step.day <= end] if any(of is line for of, _ in crowd) else []
            steps = [step for step in steps if self.shows(step.level) and self.is_told_apart(line, step)]
            own = [f"{line.written(step.level)}{NBSP}({step.day.day}{NBSP}{words.MONTHS[step.day.month - 1]})" for step in steps]
            if own:
                text = f"{line.title}: {', '.join(own)}"
                wrapped = self.page.paper.wrap(text, self.page.paper.width * share, fontsize=self.size - 0.2)
                rows += [(row, line.style["color"]) for row in wrapped.splitlines()]
        return rows

    def is_told_apart(self, line: Line, step: Step) -> bool:
        """Whether labels tell a step's level from the one before."""
        return line.written(step.level) != line.written(line.level(step.day - timedelta(days=1)))

    def name_ends(self) -> None:
        """Write the level at the horizon, where the ground after it has room; elsewhere the last step's label tells it."""
        if not self.has_end_room():
            return
        for line in self.lines:
            last = line.steps[-1].day if line.steps else self.page.first
            if last <= self.horizon and (line, last) in self.named:
                continue  # its name says the level
            level = line.level(self.horizon)
            x, y = self.page.x(self.horizon) + 1.2, self.page.y(level)
            own = Anchor(x, y + 0.8, "left", "bottom") if line.upwards else Anchor(x, y - 0.8, "left", "top")
            style = {"fontsize": self.size + 0.6, "color": line.style["color"], "fontweight": "bold"}
            further = replace(own, y=own.y + (3 if line.upwards else -3))
            close = replace(own, y=y + (0.35 if line.upwards else -0.35))
            end = Box(x - 1.2, y, x - 1.2, y)
            self.places.label(line.written(level), [own, close, further], end, gid=f"end-{line.name}", **style)

    def mark_expected(self, line: Line, step: Step) -> Point:
        """Put a hollow marker on a step after the horizon, and return where it stands."""
        shape = "D" if line.departs(step.day) or line.departs(step.day - timedelta(days=1)) else "o"
        hollow = {"marker": shape, "markersize": 4, "markerfacecolor": "white", "markeredgecolor": line.style["color"]}
        self.ax.plot([float(date2num(step.day))], [step.level], zorder=7, gid=f"scheduled-{line.name}", **hollow)
        x, y = self.page.x(step.day), self.page.y(step.level)
        self.places.take([Box(x - 1, y - 1, x + 1, y + 1)])
        return x, y

    def name_expected(self) -> None:
        """Mark each step after the horizon with a hollow marker, and write its day and condition once for all lines."""
        said: set[tuple[date, str]] = set()
        for line in self.lines:
            for step in (step for step in line.steps if step.day > self.horizon):
                color, (x, y) = line.style["color"], self.mark_expected(line, step)
                anchors = [Anchor(self.page.right - 0.6, y + 1.6, "right", "bottom"), Anchor(x, y + 1.6, "right", "bottom")]
                when = f" from {words.short_day(step.day)}\n{step.condition}".rstrip()
                text = line.written(step.level) + ("" if (step.day, step.condition) in said else when)
                if (step.day, step.condition) in said:
                    anchors = [Anchor(x + 1.4, y + 1.2, "left", "bottom"), Anchor(x + 1.4, y - 1.2, "left", "top"), *anchors]
                said.add((step.day, step.condition))
                style = {"fontsize": self.size - 0.4, "color": color, "linespacing": 1.1}
                self.places.label(text, anchors, Box(x, y, x, y), **style)


def _recorded(line: Line, begin: date, end: date) -> list[tuple[date, float]]:
    """Return what is recorded where a scenario departs from it, from the level before to the one after."""
    held = [(day, level) for day, level in line.recorded if day < end]
    inside = [(max(day, begin), level) for (day, level), (after, _) in pairwise([*held, (end, 0.0)]) if after > begin]
    after = next((level for day, level in line.recorded if day == end), inside[-1][1])
    return [(begin, line.level(begin - timedelta(days=1))), *inside, (end, after)]


def _cut(points: list[tuple[date, float]], day: date) -> tuple[list[tuple[date, float]], list[tuple[date, float]]]:
    """Return steps up to a day and from it on; one of them may be empty."""
    before, after = [point for point in points if point[0] < day], [point for point in points if point[0] >= day]
    return ([*before, (day, before[-1][1])], [(day, before[-1][1]), *after]) if before else ([], after)
