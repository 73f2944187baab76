"""The step chart of one or several directions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.dates import date2num
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedFormatter, FixedLocator

from tariffs.asking import DayLike, as_view, as_window, packaged
from tariffs.charts import words
from tariffs.charts.labels import Anchor, Flag, Places, fly
from tariffs.charts.page import Box, Page
from tariffs.errors import UsageError
from tariffs.frames import rates
from tariffs.reading.scalars import plain
from tariffs.stacking import across_the_board, deciding, stack
from tariffs.steps import ZERO, Steps, clip, value_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from matplotlib.axes import Axes

    from tariffs.catalog import Catalog
    from tariffs.model import Event, View
    from tariffs.vocabulary import Basis, Direction, Known

DEFAULT = ("us_on_cn", "cn_on_us")
DEFAULT_START = date(2025, 1, 1)
NARROW = 120
HEIGHTS = {True: 118.0, False: 105.0}
LARGEST = 600
MOST_ROWS = 4
END_ROOM = 8

# Told apart without colour: solid and heavier, or broken in a rhythm of their own. Contrast with white is 3:1 or more.
LINES: tuple[dict[str, Any], ...] = (
    {"color": "#12436D", "linestyle": "-", "linewidth": 1.7},
    {"color": "#C8500A", "linestyle": (0, (3.2, 1.1)), "linewidth": 1.5},
    {"color": "#28A197", "linestyle": (0, (1, 0.8)), "linewidth": 1.5},
    {"color": "#801650", "linestyle": (0, (6, 1, 1, 1)), "linewidth": 1.4},
)
INK, SOFT, FAINT = "#1A1A1A", "#5A5A5A", "#DADADA"
TRUCE, UNVERIFIED = "#EEF3E8", "#E9E9E9"
GROUND_NAME: dict[str, Any] = {"color": SOFT, "fontstyle": "italic"}

# What the lane on top names: the record's own events and context, so that no date is written here.
ANNOTATIONS = (
    ("Fentanyl duty", "ieepa-fentanyl/2025-02-04/10"),
    ("Reciprocal tariffs announced", "reciprocal-announced-2025-04-02"),
    ("Geneva", "geneva-2025-05-12"),
    ("Busan", "busan-2025-10-30"),
    ("Supreme Court", "supreme-court-2026-02-20"),
    ("Section 122", "s122-surcharge/2026-02-24/10"),
    ("Forced-labour duty", "s301-forced-labour/2026-07-24/12.5"),
)
TRUCE_EVENTS = ("ieepa-reciprocal/2025-05-14/10", "cn-reciprocal/2027-01-10/34")

STYLE: Any = {
    "font.family": ["DejaVu Sans"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.linewidth": 0.6,
    "svg.hashsalt": "tariffs",
    "pdf.fonttype": 42,
    "hatch.linewidth": 0.4,
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One direction's line.

    Attributes
    ----------
    steps : Steps
        The path within the window, a first step on its first day [percent].
    upwards : bool
        Whether its labels stand above the line.
    """

    direction: Direction
    steps: Steps
    style: dict[str, Any]
    upwards: bool


def plot(
    directions: str | Sequence[str] = DEFAULT,
    *,
    start: DayLike = DEFAULT_START,
    end: DayLike | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    width: float = 174,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    catalog: Catalog | None = None,
) -> Axes:
    """Draw the across-the-board duties of one or several directions as steps.

    Parameters
    ----------
    directions : str or sequence of str
        At most four.
    start, end : date-like
        First and last day shown; by default from 2025 to shortly after the last scheduled step.
    as_of, known, basis
        As in `series`.
    width, height : float
        Of the figure [mm]: 174 is a page, 84 a column.
    title, subtitle, note : str, optional
        In place of the generated ones; an empty text leaves them out.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    matplotlib.axes.Axes
        Of a figure of its own, made without pyplot; `save` writes it.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> ax = tf.plot("us_on_cn", start="2018-01-01", width=84)
    >>> ax.figure.get_size_inches().round(2).tolist()
    [3.31, 4.65]
    """
    record = catalog or packaged()
    names = [directions] if isinstance(directions, str) else list(directions)
    if len(names) > len(LINES):
        raise UsageError(f"{len(names)} directions in one chart, expected at most {len(LINES)}")
    if not 60 <= width <= LARGEST or (height is not None and not 60 <= height <= LARGEST):
        raise UsageError(f"found {width:g} mm by {height or 0:g} mm, expected between 60 and {LARGEST} each")
    view = as_view(record, as_of, known, basis)
    where = tuple(record.direction(name) for name in names)
    general = {direction: across_the_board(record.bearing(direction)) for direction in where}
    ahead = [event for duties in general.values() for event in _scheduled(record, duties, view)]
    first, final = as_window(record, start, end, _right_edge(record, ahead))
    frame = rates(names, start=first, end=final, as_of=as_of, known=known, basis=basis, catalog=record)
    lines = [
        Drawn(direction, clip(stack(duties, view, first, final), first, final), LINES[number], upwards=number == 0)
        for number, (direction, duties) in enumerate(general.items())
    ]
    texts = (
        words.title(where) if title is None else title,
        words.subtitle(view) if subtitle is None else subtitle,
        words.note(
            record, {d.id: d for duties in general.values() for d in duties}.values(), view, hidden_zero="warning" in frame.attrs
        )
        if note is None
        else note,
    )
    with mpl.rc_context(STYLE):
        return _Chart(record, lines, (first, final), Page(width, height or HEIGHTS[width < NARROW])).draw(texts)


def _scheduled(record: Catalog, duties: Sequence[Any], view: View) -> list[Event]:
    known_through = record.release.known_through
    return [
        event
        for duty in duties
        for event in deciding(duty, view)
        if isinstance(event.effective, date) and event.effective > known_through
    ]


def _right_edge(record: Catalog, ahead: list[Event]) -> date:
    last = max([record.release.known_through, *(event.effective for event in ahead if isinstance(event.effective, date))])
    return last + timedelta(days=50)


class _Chart:
    """One drawing: the sizes that its parts share, and the places already taken."""

    def __init__(self, record: Catalog, lines: list[Drawn], window: tuple[date, date], page: Page) -> None:
        self.record, self.lines, self.page = record, lines, page
        self.first, self.final = window
        self.narrow = page.width < NARROW
        self.size = 6.0 if self.narrow else 6.8
        self.margin = 2.0
        self.known = min(record.release.known_through, self.final)

    def draw(self, texts: tuple[str, str, str]) -> Axes:
        title, subtitle, note = texts
        annotations = self.annotations()
        flags = self.flags([(text, day) for text, day in annotations])
        numbered = self.narrow or any(flag.row >= MOST_ROWS for flag in flags)
        if numbered:
            flags = self.flags([(str(number), day) for number, (_, day) in enumerate(annotations, 1)])
        top = self.headings(title, subtitle)
        self.name_grounds()
        bottom = self.footing(" ".join([note, *self.unnamed]) if note else "", annotations if numbered else [])
        self.axes(top - self.lane_height(flags), bottom)
        self.grounds()
        self.fly(flags)
        self.draw_lines()
        self.places = Places(self.page, Box(self.plot.left + 1, self.plot.bottom, self.page.width - 0.5, self.plot.top))
        self.places.take(self.obstacles())
        self.write_grounds()
        self.name_lines()
        self.name_steps()
        self.name_ends()
        self.name_scheduled()
        return self.ax

    # Sizes -----------------------------------------------------------------------------------------------------------

    @property
    def plot_left(self) -> float:
        return self.margin + 9.5

    @property
    def plot_right(self) -> float:
        return self.page.width - self.margin

    def x(self, day: date) -> float:
        share = (day - self.first).days / max((self.final - self.first).days, 1)
        return self.plot_left + share * (self.plot_right - self.plot_left)

    def y(self, rate: Decimal | float) -> float:
        return self.plot.bottom + float(rate) / self.top_rate * (self.plot.top - self.plot.bottom)

    # Around the axes -------------------------------------------------------------------------------------------------

    def headings(self, title: str, subtitle: str) -> float:
        y = self.page.height - self.margin
        for text, style in (
            (title, {"fontsize": self.size + 2.2, "fontweight": "bold", "color": INK}),
            (subtitle, {"fontsize": self.size + 0.4, "color": SOFT}),
        ):
            if text:
                artist = self.page.write(
                    self.margin,
                    y,
                    self.page.wrap(text, self.page.width - 2 * self.margin, **style),
                    va="top",
                    linespacing=1.15,
                    **style,
                )
                y = self.page.box(artist).bottom - 1.2
        return y - 0.8

    def footing(self, note: str, key: list[tuple[str, date]]) -> float:
        y = self.margin
        style: dict[str, Any] = {"fontsize": self.size - 1, "color": SOFT, "linespacing": 1.2}
        if note:
            wrapped = self.page.wrap(note, self.page.width - 2 * self.margin, **style)
            y = self.page.box(self.page.write(self.margin, y, wrapped, va="bottom", **style)).top + 1.5
        if key:
            entries = [f"{number}  {text}, {words.short_day(day)}" for number, (text, day) in enumerate(key, 1)]
            columns = 2 if self.narrow else 3
            rows = -(-len(entries) // columns)
            for column in range(columns):
                chunk = entries[column * rows : (column + 1) * rows]
                x = self.margin + column * (self.page.width - 2 * self.margin) / columns
                text = "\n".join(chunk + [" "] * (rows - len(chunk)))
                top = self.page.box(self.page.write(x, y, text, va="bottom", **{**style, "color": INK})).top
            y = top + 1.5
        return y + 6.5

    def axes(self, top: float, bottom: float) -> None:
        page = self.page
        self.plot = Box(self.plot_left, bottom, self.plot_right, top)
        self.ax = page.figure.add_axes(
            (
                self.plot.left / page.width,
                bottom / page.height,
                (self.plot.right - self.plot.left) / page.width,
                (top - bottom) / page.height,
            )
        )
        highest = max(float(value) for line in self.lines for _, value in line.steps if value is not None)
        step = next(size for size in (2, 5, 10, 25, 50, 100, 200) if highest <= 6 * size)
        self.top_rate = max(-(-highest // step) * step, step)
        ax = self.ax
        ax.set_xlim(date2num(self.first), date2num(self.final))
        ax.set_ylim(0, self.top_rate)
        ax.set_yticks([number * step for number in range(int(self.top_rate // step) + 1)])
        ax.tick_params(axis="y", length=0, labelsize=self.size, labelcolor=SOFT, pad=2)
        ax.tick_params(axis="x", which="both", width=0.6, length=2.5, labelsize=self.size, labelcolor=SOFT, color=SOFT, pad=2)
        ax.grid(axis="y", color=FAINT, linewidth=0.5)
        ax.set_axisbelow(True)
        ax.spines["bottom"].set_color(SOFT)
        ticks, names = self.ticks()
        ax.xaxis.set_major_locator(FixedLocator([float(date2num(day)) for day in ticks]))
        ax.xaxis.set_major_formatter(FixedFormatter(names))
        ax.set_ylabel("Percent of customs value", fontsize=self.size, color=SOFT, labelpad=2)

    def ticks(self) -> tuple[list[date], list[str]]:
        months = (self.final - self.first).days / 30.4
        if months <= 4:
            return self.day_ticks((1, 8, 15, 22) if months <= 2 else (1, 15))
        room = (self.plot_right - self.plot_left) / (7.5 if self.narrow else 8.5)
        stride = next(size for size in (1, 2, 3, 6, 12, 24, 60, 120) if months / size <= room)
        ticks, names, named = [], [], None
        for month in range(self.first.year * 12, self.final.year * 12 + 12):
            day = date(month // 12, month % 12 + 1, 1)
            if self.first <= day <= self.final and month % stride == 0 and self.x(day) + 3.5 <= self.page.width:
                label = str(day.year) if stride >= 12 else words.MONTHS[day.month - 1]
                if stride < 12 and day.year != named:
                    label += f"\n{day.year}"
                    named = day.year
                ticks.append(day)
                names.append(label)
        return ticks, names

    def day_ticks(self, days: tuple[int, ...]) -> tuple[list[date], list[str]]:
        every = (self.first + timedelta(days=number) for number in range((self.final - self.first).days + 1))
        ticks = [day for day in every if day.day in days and self.x(day) + 3.5 <= self.page.width]
        names = [f"{day.day} {words.MONTHS[day.month - 1]}" for day in ticks]
        return ticks, [
            f"{name}\n{day.year}" if number == 0 else name for number, (day, name) in enumerate(zip(ticks, names, strict=True))
        ]

    # The lane on top -------------------------------------------------------------------------------------------------

    def annotations(self) -> list[tuple[str, date]]:
        shown = []
        contexts = {event.id: event.day for event in self.record.context}
        for text, name in ANNOTATIONS:
            event = self.record.events.get(name)
            day = event.effective if event else contexts.get(name)
            if isinstance(day, date) and self.first <= day <= self.final:
                shown.append((text, day))
        return sorted(shown, key=lambda entry: entry[1])

    def flags(self, texts: list[tuple[str, date]]) -> list[Flag]:
        masts = [(self.x(day), text, self.page.measure(text, fontsize=self.size)[0]) for text, day in texts]
        return fly(masts, self.plot_left, self.plot_right)

    def lane_height(self, flags: list[Flag]) -> float:
        return (max(flag.row for flag in flags) + 1) * self.row_height + 1.6 if flags else 1.6

    @property
    def row_height(self) -> float:
        return self.size * 0.3528 * 1.35

    def fly(self, flags: list[Flag]) -> None:
        for flag in flags:
            y = self.plot.top + 1.4 + (flag.row + 0.5) * self.row_height
            at_left = flag.left > flag.x
            self.page.write(
                flag.left if at_left else flag.right,
                y,
                flag.text,
                ha="left" if at_left else "right",
                va="center_baseline",
                fontsize=self.size,
                color=INK,
            )
            self.ax.axvline(self.num(flag.x), color="#BDBDBD", linewidth=0.4, linestyle=(0, (1, 2)), zorder=0.5)
            self.rule(flag.x, self.plot.top, flag.x, y + self.row_height * 0.4, color=SOFT, linewidth=0.5)

    def num(self, x: float) -> float:
        share = (x - self.plot_left) / (self.plot_right - self.plot_left)
        return float(date2num(self.first)) + share * (self.final - self.first).days

    def rule(self, x0: float, y0: float, x1: float, y1: float, **style: Any) -> None:
        width, height = self.page.width, self.page.height
        line = Line2D([x0 / width, x1 / width], [y0 / height, y1 / height], transform=self.page.figure.transFigure, **style)
        self.page.figure.add_artist(line)

    # Inside the axes -------------------------------------------------------------------------------------------------

    def name_grounds(self) -> None:
        """Decide which shaded grounds have room for their names; the note names the others."""
        self.unnamed: list[str] = []
        self.names: list[tuple[str, Anchor]] = []
        self.truce = self.truce_span()
        if self.truce:
            text = f"truce from {words.short_day(self.truce[0])}"
            if self.fits(text, self.x(self.truce[1]) - self.x(self.truce[0])):
                self.names.append((text, Anchor(self.x(self.truce[1]) - 1, 0, "right", "top")))
            else:
                self.unnamed.append(f"Pale ground: {text}.")
        if self.known < self.final:
            room = self.plot_right - self.x(self.known)
            day = words.short_day(self.known)
            text = f"not verified\nafter {day}"
            if not self.fits(text, room):
                text = self.page.wrap(text, room - 2, **GROUND_NAME, fontsize=self.size - 0.4)
            if self.fits(text, room):
                self.names.append((text, Anchor(self.x(self.known) + 1, 0, "left", "top")))
            else:
                self.unnamed.append(f"Grey ground: not verified after {day}.")

    def fits(self, text: str, room: float) -> bool:
        return self.page.measure(text, **GROUND_NAME, fontsize=self.size - 0.4)[0] + 1.6 <= room

    def write_grounds(self) -> None:
        for text, anchor in self.names:
            self.places.put(
                text,
                [replace(anchor, y=self.plot.top - 0.8)],
                **GROUND_NAME,
                fontsize=self.size - 0.4,
                gid="ground",
                linespacing=1.1,
            )

    def truce_span(self) -> tuple[date, date] | None:
        days = [event.effective for name in TRUCE_EVENTS if (event := self.record.events.get(name))]
        if len(days) == 2 and isinstance(days[0], date) and isinstance(days[1], date):
            begin, end = max(days[0], self.first), min(days[1], self.known)
            return (begin, end) if begin < end else None
        return None

    def grounds(self) -> None:
        if self.truce:
            self.ax.axvspan(date2num(self.truce[0]), date2num(self.truce[1]), color=TRUCE, linewidth=0, zorder=0, gid="truce")
        if self.known < self.final:
            begin = date2num(self.known + timedelta(days=1))
            self.ax.axvspan(begin, date2num(self.final), color=UNVERIFIED, linewidth=0, zorder=0.1, gid="not-verified")

    def draw_lines(self) -> None:
        limit = self.known + timedelta(days=1)
        for order, line in enumerate(self.lines):
            checked = [(day, value) for day, value in line.steps if day < limit]
            level = value_on(line.steps, self.known)
            self.step([*checked, (min(limit, self.final), level)], gid=line.direction.name, zorder=3 + order, **line.style)
            if limit < self.final:
                later = [(limit, level), *((day, value) for day, value in line.steps if day >= limit)]
                held = [*later, (self.final, later[-1][1])]
                self.step(
                    held,
                    gid=f"{line.direction.name}-not-verified",
                    zorder=3 + order,
                    color=line.style["color"],
                    linewidth=0.9,
                    linestyle=(0, (1, 1.6)),
                )

    def step(self, points: list[tuple[date, Any]], **style: Any) -> None:
        days = [float(date2num(day)) for day, _ in points]
        self.ax.step(
            days, [float(value) for _, value in points], where="post", solid_joinstyle="miter", dash_joinstyle="miter", **style
        )

    def obstacles(self) -> list[Box]:
        boxes = []
        for line in self.lines:
            ends = [*(day for day, _ in line.steps[1:]), self.final]
            before = None
            for (day, value), following in zip(line.steps, ends, strict=True):
                y = self.y(value or ZERO)
                boxes.append(Box(self.x(day) - 0.2, y - 0.3, self.x(following) + 0.2, y + 0.3))
                if before is not None:
                    boxes.append(Box(self.x(day) - 0.3, min(y, before), self.x(day) + 0.3, max(y, before)))
                before = y
        return boxes

    def name_lines(self) -> None:
        self.labelled: set[tuple[str, date]] = set()
        for line in self.lines:
            values = [(value or ZERO, day) for day, value in line.steps]
            peak, day = max(values, key=lambda entry: (entry[0], entry[1]))
            later = [step for step, _ in line.steps if step > day]
            x = self.x(later[0] if later else self.final)
            style: dict[str, Any] = {"fontsize": self.size + 0.6, "color": line.style["color"], "fontweight": "bold"}
            text = f"{plain(peak)}  {line.direction.title}" if peak else line.direction.title
            y = self.y(peak)
            anchors = [
                Anchor(x + 1.2, y - 0.2, "left", "top"),
                Anchor(x + 1.2, y, "left", "center"),
                Anchor(x - 1, y + 0.8, "right", "bottom"),
            ]
            self.places.put(text, anchors, gid=f"name-{line.direction.name}", **style)
            self.labelled.add((line.direction.name, day))

    def name_steps(self) -> None:
        crowd = self.crowd()
        if crowd:
            self.gather(crowd)
        for line in self.lines:
            before = line.steps[0][1] or ZERO
            for day, value in line.steps[1:]:
                level = value or ZERO
                if day <= self.known and (line, day, level) not in crowd and (line.direction.name, day) not in self.labelled:
                    self.name_step(line, day, level, rising=level > before)
                before = level

    def name_step(self, line: Drawn, day: date, level: Decimal, *, rising: bool) -> None:
        x, y = self.x(day), self.y(level)
        beside = Anchor(x - 0.6, y, "right", "center")
        above, below = Anchor(x + 0.7, y + 0.8, "left", "bottom"), Anchor(x + 0.7, y - 0.8, "left", "top")
        own = above if line.upwards else below
        anchors = [Anchor(x - 0.6, y + 0.4, "right", "bottom"), beside, own] if rising and line.upwards else [own, beside]
        self.places.put(
            f"{plain(level)}", anchors, gid=f"step-{line.direction.name}", fontsize=self.size, color=line.style["color"]
        )

    def crowd(self) -> list[tuple[Drawn, date, Any]]:
        """Return the steps that stand too close to be labelled one by one: four or more, each within a label of the last."""
        steps = sorted(
            ((line, day, value or ZERO) for line in self.lines for day, value in line.steps[1:] if day <= self.known),
            key=lambda step: (step[1], step[0].direction),
        )
        runs: list[list[tuple[Drawn, date, Any]]] = []
        for step in steps:
            if runs and self.x(step[1]) - self.x(runs[-1][-1][1]) < 2.2:
                runs[-1].append(step)
            else:
                runs.append([step])
        longest = max(runs, key=len, default=[])
        return longest if len(longest) >= 4 else []

    def gather(self, crowd: list[tuple[Drawn, date, Any]]) -> None:
        begin, end = crowd[0][1], crowd[-1][1]
        month = f"{words.MONTHS[begin.month - 1]} {begin.year}"
        heading = (
            month
            if (begin.year, begin.month) == (end.year, end.month)
            else f"{month} to {words.MONTHS[end.month - 1]} {end.year}"
        )
        rows = [(f"{heading}, level (from)", INK)]
        for line in self.lines:
            own = [(day, level) for drawn, day, level in crowd if drawn is line]
            if own:
                steps = ", ".join(f"{plain(level)} ({day.day} {words.MONTHS[day.month - 1]})" for day, level in own)
                wrapped = self.page.wrap(f"{line.direction.title}: {steps}", self.page.width * 0.62, fontsize=self.size - 0.2)
                rows += [(row, line.style["color"]) for row in wrapped.splitlines()]
        style: dict[str, Any] = {"fontsize": self.size - 0.2, "linespacing": 1.6}
        y = self.plot.bottom + (self.plot.top - self.plot.bottom) * 0.58
        text = "\n".join(row for row, _ in rows)
        anchors = [Anchor(self.x(end) + 6.5, y), Anchor(self.x(end) + 11, y), Anchor(self.x(begin) - 6.5, y, "right")]
        artist, _ = self.places.put(text, anchors, alpha=0, **style)
        box = self.page.box(artist)
        artist.remove()
        frame = Rectangle(
            ((box.left - 1) / self.page.width, (box.bottom - 0.8) / self.page.height),
            (box.right - box.left + 2) / self.page.width,
            (box.top - box.bottom + 1.6) / self.page.height,
            transform=self.page.figure.transFigure, facecolor="white", edgecolor=SOFT, linewidth=0.5, zorder=4, gid="crowd",
        )  # fmt: skip
        self.page.figure.add_artist(frame)
        pitch = (box.top - box.bottom) / len(rows)
        for number, (row, color) in enumerate(rows):
            self.page.write(box.left, box.top - (number + 0.5) * pitch, row, va="center", color=color, zorder=5, **style)
        middle = (box.top + box.bottom) / 2
        tip = self.x(max(crowd, key=lambda step: step[2])[1])
        side = box.left - 1 if box.left > tip else box.right + 1
        self.rule(tip, middle, side, middle, color=SOFT, linewidth=0.5, marker="o", markevery=[0], markersize=1.8, zorder=6)

    def name_ends(self) -> None:
        if self.plot.right - self.x(self.known) < END_ROOM:
            return
        for line in self.lines:
            level = value_on(line.steps, self.known) or ZERO
            x, y = self.x(self.known) + 1.2, self.y(level)
            own = Anchor(x, y + 0.8, "left", "bottom") if line.upwards else Anchor(x, y - 0.8, "left", "top")
            style: dict[str, Any] = {"fontsize": self.size + 0.6, "color": line.style["color"], "fontweight": "bold"}
            self.places.put(f"{plain(level)}", [own], gid=f"end-{line.direction.name}", **style)

    def name_scheduled(self) -> None:
        for line in self.lines:
            for day, value in line.steps:
                if day > self.known:
                    level = value or ZERO
                    self.ax.plot(
                        [float(date2num(day))], [float(level)], marker="o", markersize=4, markerfacecolor="white",
                        markeredgecolor=line.style["color"], markeredgewidth=1, zorder=7, gid=f"scheduled-{line.direction.name}",
                    )  # fmt: skip
                    x, y = self.x(day), self.y(level)
                    text = f"{plain(level)} from {words.short_day(day)}\nunless extended again"
                    anchors = [Anchor(self.plot.right, y + 1.6, "right", "bottom"), Anchor(x, y + 1.6, "right", "bottom")]
                    self.places.take([Box(x - 1, y - 1, x + 1, y + 1)])
                    self.places.put(text, anchors, fontsize=self.size - 0.4, color=line.style["color"], linespacing=1.1)
