"""The plot of differences: how far their values are from ours, and the numbers of the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from tariffs.charts.againstmarks import mark, num, small
from tariffs.charts.labels import Anchor, Places
from tariffs.charts.lines import MINUS
from tariffs.charts.page import Box
from tariffs.charts.panel import FAINT, INK, SHADES, SOFT, Panel
from tariffs.charts.theirs import AGREES, DIFFERS, NO_NUMBER, Days, Value, agreeing, capital, counted, signed, worded

if TYPE_CHECKING:
    from datetime import date

    from tariffs.charts.sheet import Sheet

LOWER_SHARE, LEAST_LOWER, LEAST_UPPER = 0.29, 15, 22  # of the plots' height; [mm]
TICK_ROOM = 6.5  # between a plot and what stands below it, in the type of a page [mm]
TICK_PITCH, MOST_TICKS = 4.0, 4  # between the numbers of the lower plot's axis, at the least [mm]; how many spaces
CROSSES = 3.2  # the lane of days without a number of ours [mm]
LABEL_ROOM, BARE_ROOM = 4.0, 1.8  # beyond the largest difference, with and without its value [mm]
APART = 9.0  # between the days of two differences that are written [mm]
MOST_VALUES = {True: 4, False: 6}  # of differences are written, in a column and on a page
PALE = "#E3E3E3"
BAND, SEEN = " (grey band)", 0.8  # [mm]
EN_SPACE = "\u2002"


def _shade(panel: Panel, days: Days) -> None:
    """Shade the days beyond the record, without a name."""
    for begin, after, _ in days.unknown:
        sides = num(max(begin, days.first)), num(min(after, days.final))
        if sides[0] < sides[1]:
            panel.ax.axvspan(*sides, color=SHADES["not-verified"][1], linewidth=0, zorder=0, gid="not-verified")


@dataclass(frozen=True, slots=True)
class _Mark:
    """The number of a reason under the days that it stands for, in a row of a lane."""

    number: int
    days: tuple[date, ...]
    row: int


class Differences:
    """The lower plot: how far their values are from ours, and the numbers of the reasons."""

    def __init__(self, sheet: Sheet, days: Days, values: list[Value], name: str, tolerance: float) -> None:
        self.paper, self.size, self.margin, self.scaled = sheet.paper, sheet.size, sheet.margin, sheet.scale
        self.panel = sheet.panel(days.first, days.final)
        self.days, self.tolerance = days, tolerance
        self.compared = [value for value in values if value.standing != NO_NUMBER]
        self.missing = [value.day for value in values if value.standing == NO_NUMBER]
        self.apart = [value for value in self.compared if value.standing == DIFFERS]
        self.reasons = worded(self.apart)
        self.numbers = {reason: number for number, reason in enumerate(dict.fromkeys(self.reasons.values()), 1)}
        self.marks = self.rows()
        near = f"within {tolerance:g}" if tolerance else "equal"
        self.caption = f"{capital(name)} less ours, points: {agreeing(self.compared)} {near}"
        self.caption_style: dict[str, Any] = {"fontsize": self.size + 0.2, "color": INK, "linespacing": 1.15}
        self.caption_height = self.paper.measure(self.wrapped(self.caption + BAND), **self.caption_style)[1] + 1.8

    @property
    def tick_room(self) -> float:
        """The height between a plot and what stands below it [mm]."""
        return TICK_ROOM * self.scaled

    @property
    def row_height(self) -> float:
        """The height of a row of numbers [mm]."""
        bracket = 1.0 if any(len(mark.days) > 1 for mark in self.marks) else 0.0
        return float(self.size * 0.3528 + 0.4 + bracket)

    @property
    def lane(self) -> float:
        """The height of the lane of reasons [mm]."""
        return (max(mark.row for mark in self.marks) + 1) * self.row_height + 0.6 if self.marks else 0.0

    @property
    def least(self) -> float:
        """The least height of the plot [mm]."""
        return LEAST_LOWER + self.lane + (CROSSES if self.missing else 0)

    def wrapped(self, caption: str) -> str:
        """Return the caption in lines as wide as the plot."""
        return self.paper.wrap(caption, self.panel.right - self.panel.left, **self.caption_style)

    def rows(self) -> list[_Mark]:
        """Give the numbers rows: one for each run of one reason, or where runs are many one for each reason."""
        runs = [
            (self.numbers[reason], tuple(value.day for value in run))
            for reason, run in groupby(self.apart, key=lambda value: self.reasons[value.day])
        ]
        wholes = [
            (number, tuple(day for day in self.reasons if self.reasons[day] == reason)) for reason, number in self.numbers.items()
        ]
        return min(
            (self.packed(items) for items in (runs, wholes)), key=lambda marks: max((mark.row for mark in marks), default=0)
        )

    def packed(self, items: list[tuple[int, tuple[date, ...]]]) -> list[_Mark]:
        """Give each item the first row in which it meets no other."""
        ends: list[float] = []
        marks = []
        for number, days in sorted(items, key=lambda item: item[1]):
            half = self.paper.measure(str(number), fontsize=self.size - 0.4)[0] / 2 + 0.6
            begin, end = self.panel.x(days[0]), self.panel.x(days[-1])
            left, right = min(begin - 0.4, (begin + end) / 2 - half), max(end + 0.4, (begin + end) / 2 + half)
            row = next((row for row, taken in enumerate(ends) if taken <= left), len(ends))
            ends[row : row + 1] = [right]
            marks.append(_Mark(number, days, row))
        return marks

    def write_key(self, bottom: float) -> float:
        """Write the reasons from a height upwards, and return the height above them [mm]."""
        if not self.numbers:
            return bottom
        style: dict[str, Any] = {"fontsize": self.size - 1, "color": INK, "linespacing": 1.2}
        told = list(self.reasons.values())
        entries = [f"{number}{EN_SPACE}{reason} ({counted(told.count(reason))})" for reason, number in self.numbers.items()]
        room = self.paper.width - 2 * self.margin
        widest = max(self.paper.measure(entry, **style)[0] for entry in entries)
        columns = next((count for count in (3, 2) if widest + 2 <= room / count and len(entries) > 1), 1)
        rows = -(-len(entries) // columns)
        top = bottom
        for column in range(columns):
            chunk = entries[column * rows : (column + 1) * rows]
            lines = [self.paper.wrap(entry, room, **style) for entry in chunk] + [" "] * (rows - len(chunk))
            text = self.paper.write(
                self.margin + column * room / columns, bottom, "\n".join(lines), va="bottom", gid="key", **style
            )
            top = max(top, self.paper.box(text).top)
        heading = self.paper.write(self.margin, top + 0.6, "Likely reasons", va="bottom", **{**style, "color": SOFT})
        return self.paper.box(heading).top + 1.5

    def draw(self) -> None:
        """Draw the differences and write what is said of them."""
        self.scale()
        _shade(self.panel, self.days)
        self.draw_band()
        self.write_caption()
        self.draw_stems()
        self.draw_marks()
        box = self.panel.plot
        self.places = Places(self.paper, Box(box.left + 0.6, box.bottom + self.lane, box.right - 0.3, box.top))
        self.places.take(self.obstacles())
        self.name_crosses()
        if self.apart:
            self.name_values()
        else:
            self.say_that_none_differs()

    def scale(self) -> None:
        """Give the upright axis room for the differences, the band, and what is written beyond them."""
        panel, box = self.panel, self.panel.plot
        found = [value.difference for value in self.compared]
        reach = self.tolerance or (0 if self.apart else 1)
        low, high = min(-reach, *found, 0), max(reach, *found, 0)
        beneath = self.lane + (LABEL_ROOM if any(value.difference < 0 for value in self.apart) else BARE_ROOM)
        above = (CROSSES if self.missing else 0) + (
            BARE_ROOM if self.apart and all(d.difference < 0 for d in self.apart) else LABEL_ROOM
        )
        free = box.top - box.bottom - beneath - above
        points = (high - low) / free
        panel.least_rate, panel.top_rate = low - beneath * points, high + above * points
        ax = panel.ax
        ax.set_ylim(panel.least_rate, panel.top_rate)
        below, beyond = (room - 1.2 for room in (beneath - self.lane, above))
        ticks = [
            tick
            for tick in MaxNLocator(min(max(int(free / TICK_PITCH), 1), MOST_TICKS), steps=[1, 2, 5, 10]).tick_values(low, high)
            if low - below * points <= tick <= high + beyond * points
        ]
        ax.set_yticks(ticks, [f"{tick:g}".replace("-", MINUS) for tick in ticks])
        ax.tick_params(axis="y", length=0, labelsize=panel.size, labelcolor=SOFT, pad=2)
        ax.grid(axis="y", color=FAINT, linewidth=0.5)

    def draw_band(self) -> None:
        """Shade what counts as no difference."""
        ax = self.panel.ax
        if self.tolerance:
            ax.axhspan(-self.tolerance, self.tolerance, facecolor=PALE, edgecolor=SOFT, linewidth=0.3, zorder=1, gid="tolerance")
        ax.axhline(0, color=INK, linewidth=0.7, zorder=2, gid="zero")

    def write_caption(self) -> None:
        """Write above the plot what it shows, and of the band where it can be seen."""
        panel = self.panel
        seen = panel.y(self.tolerance) - panel.y(-self.tolerance) >= SEEN
        text = self.wrapped(self.caption + BAND if seen else self.caption)
        self.paper.write(panel.left, panel.plot.top + 0.9, text, va="bottom", gid="caption", **self.caption_style)

    def draw_stems(self) -> None:
        """Draw what differs as stems with filled markers, what agrees as hollow ones, and crosses where nothing compares."""
        panel = self.panel
        among = len(self.compared) + len(self.missing)
        days, tips = [num(value.day) for value in self.apart], [value.difference for value in self.apart]
        panel.ax.vlines(days, 0, tips, color=INK, linewidth=0.9 * small(panel, among), zorder=3, gid="stems")
        for standing in (AGREES, DIFFERS):
            points = [(value.day, value.difference) for value in self.compared if value.standing == standing]
            mark(panel, standing, points, among, gid=f"difference-{standing}", zorder=4)
        height = 1 - CROSSES / 2 / (panel.plot.top - panel.plot.bottom)
        crosses = [(day, height) for day in self.missing]
        mark(panel, NO_NUMBER, crosses, among, transform=panel.ax.get_xaxis_transform(), gid=NO_NUMBER, zorder=4)

    def draw_marks(self) -> None:
        """Write the numbers of the reasons under their days, with a bracket over those that one number stands for."""
        panel = self.panel
        for one in self.marks:
            foot = panel.plot.bottom + self.lane - (one.row + 1) * self.row_height
            xs = [panel.x(day) for day in one.days]
            style: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": self.size - 0.4, "color": INK, "gid": "reason"}
            number = self.paper.write((xs[0] + xs[-1]) / 2, foot, str(one.number), **style)
            if len(xs) > 1:
                self.draw_bracket(xs, self.paper.box(number).top + 0.3)

    def draw_bracket(self, xs: list[float], y: float) -> None:
        """Draw a bracket over the days that one number stands for."""
        hair: dict[str, Any] = {"color": SOFT, "linewidth": 0.5, "gid": "bracket"}
        self.paper.rule(xs[0], y, xs[-1], y, **hair)
        for x in sorted({xs[0], xs[-1], *(round(2 * x) / 2 for x in xs[1:-1])}):  # closer ticks would be a bar
            self.paper.rule(x, y, x, y + 0.8, **hair)

    def obstacles(self) -> list[Box]:
        """Return the boxes no text may touch [mm]: stems and markers."""
        panel, boxes = self.panel, []
        for value in self.compared:
            x, y, zero = panel.x(value.day), panel.y(value.difference), panel.y(0)
            boxes += [Box(x - 0.9, y - 0.9, x + 0.9, y + 0.9), Box(x - 0.2, min(y, zero), x + 0.2, max(y, zero))]
        y = panel.plot.top - CROSSES / 2
        boxes.append(Box(panel.left, panel.y(0) - 0.2, panel.right, panel.y(0) + 0.2))
        return [*boxes, *(Box(panel.x(day) - 0.9, y - 0.9, panel.x(day) + 0.9, y + 0.9) for day in self.missing)]

    def name_crosses(self) -> None:
        """Say what the crosses are."""
        if self.missing:
            y = self.panel.plot.top - CROSSES / 2
            xs = [self.panel.x(day) for day in self.missing]
            anchors = [Anchor(xs[0] - 1.4, y, "right"), *(Anchor(x + 1.4, y) for x in reversed(xs))]
            style = {"fontsize": self.size - 0.4, "color": SOFT, "fontstyle": "italic"}
            self.places.put("no number of ours", anchors, gid="no-number-name", **style)

    def name_values(self) -> None:
        """Write the largest differences, each value once and each some way from the next."""
        chosen: list[Value] = []
        for value in sorted(self.apart, key=lambda value: (-abs(value.difference), value.day)):
            near = any(self.close(value, other) for other in chosen)
            said = signed(value.difference) in [signed(other.difference) for other in chosen]
            if not near and not said and len(chosen) < MOST_VALUES[self.panel.narrow]:
                chosen.append(value)
        for value in chosen:
            x, y = self.panel.x(value.day), self.panel.y(value.difference)
            beyond = Anchor(x, y + 1.2, "center", "bottom") if value.difference > 0 else Anchor(x, y - 1.2, "center", "top")
            anchors = [Anchor(x + 1.5, y, "left"), Anchor(x - 1.5, y, "right"), beyond]
            self.places.put(signed(value.difference), anchors, gid="difference", fontsize=self.size, color=INK)

    def close(self, one: Value, other: Value) -> bool:
        """Whether the labels of two differences would stand close together."""
        panel = self.panel
        across, up = abs(panel.x(one.day) - panel.x(other.day)), abs(panel.y(one.difference) - panel.y(other.difference))
        return across < APART and up < APART / 2

    def say_that_none_differs(self) -> None:
        """Write that no value differs."""
        more = f" by more than {self.tolerance:g} points" if self.tolerance else ""
        box = self.panel.plot
        x, y = (box.left + box.right) / 2, box.top - (CROSSES if self.missing else 0) - 0.3
        style = {"fontsize": self.size, "color": INK, "gid": "none-differs"}
        self.places.put(f"No value differs{more}", [Anchor(x, y, "center", "top")], **style)
