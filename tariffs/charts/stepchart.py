"""The step chart of one or several directions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from matplotlib.dates import date2num

from tariffs.asking import DayLike, as_directions, as_view, as_window, packaged
from tariffs.charts import words
from tariffs.charts.labels import Anchor
from tariffs.charts.page import Box
from tariffs.charts.sheet import INK, SOFT, Sheet
from tariffs.charts.style import own_style
from tariffs.errors import UsageError
from tariffs.frames import rates
from tariffs.stacking import across_the_board, deciding

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from tariffs.catalog import Catalog
    from tariffs.model import Duty, View
    from tariffs.vocabulary import Basis, Direction, Known

DEFAULT = ("us_on_cn", "cn_on_us")
DEFAULT_START = date(2025, 1, 1)
SMALLEST, LARGEST = 80, 600
ROOM_AFTER = timedelta(days=50)
CROWD, CROWDED = 4, 2.2  # so many steps, each closer to the last than this [mm], are gathered into one box
END_ROOM = 8

# Told apart without colour: solid and heavier, or broken in a rhythm of their own. Contrast with white is 3:1 or more.
LINES: tuple[dict[str, Any], ...] = (
    {"color": "#12436D", "linestyle": "-", "linewidth": 1.7},
    {"color": "#C8500A", "linestyle": (0, (3.2, 1.1)), "linewidth": 1.5},
    {"color": "#28A197", "linestyle": (0, (1, 0.8)), "linewidth": 1.5},
    {"color": "#801650", "linestyle": (0, (6, 1, 1, 1)), "linewidth": 1.4},
)
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
STORY = {"ieepa-reciprocal", "cn-reciprocal"}  # charts of other duties do not tell it
TRUCE_EVENTS = ("ieepa-reciprocal/2025-05-14/10", "cn-reciprocal/2027-01-10/34")

CONDITIONS = {"law": "as scheduled", "agreed": "unless extended again"}


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one line: from which day, to which level [percent], and for a step still ahead on what condition."""

    day: date
    level: float
    rising: bool
    condition: str


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One direction's line.

    Attributes
    ----------
    start : float
        The level at the left edge [percent].
    steps : tuple of Step
    upwards : bool
        Whether its labels stand above the line.
    """

    direction: Direction
    start: float
    steps: tuple[Step, ...]
    style: dict[str, Any]
    upwards: bool

    def level(self, day: date) -> float:
        """Return the level on a day [percent]."""
        return next((step.level for step in reversed(self.steps) if step.day <= day), self.start)

    @property
    def peak(self) -> float:
        """The highest level shown [percent]."""
        return max([self.start, *(step.level for step in self.steps)])


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
        Of the figure [mm], 80 to 600: 174 is a page, 84 a column.
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
    if not isinstance(directions, str) and len(directions) > len(LINES):
        raise UsageError(f"{len(directions)} directions in one chart, expected at most {len(LINES)}")
    for name, size in (("width", width), ("height", height)):
        fits = isinstance(size, (int, float)) and SMALLEST <= size <= LARGEST
        if not fits and not (name == "height" and size is None):
            raise UsageError(f"{name}: found {size!r}, expected {SMALLEST} to {LARGEST} mm")
    view = as_view(record, as_of, known, basis)
    where = as_directions(record, directions)
    general = {direction: across_the_board(record.bearing(direction)) for direction in where}
    horizon = view.horizon(record.release.known_through)
    ahead = {direction: _ahead(duties, view, horizon) for direction, duties in general.items()}
    last = max([horizon, *(day for events in ahead.values() for day in events)])
    first, final = as_window(record, start, end, last + ROOM_AFTER)
    if first == final:
        raise UsageError(f"start and end are both {first}; a chart needs two days at least")
    frame = rates(directions, start=first, end=final, as_of=as_of, known=known, basis=basis, catalog=record)
    lines = [
        _line(direction, frame[direction.name], ahead[direction], style, upwards=number == 0)
        for number, (direction, style) in enumerate(zip(where, _styles(where), strict=True))
    ]
    duties = {duty.id: duty for duties in general.values() for duty in duties}
    texts = (
        words.title(where) if title is None else title,
        words.subtitle(view, duties.values()) if subtitle is None else subtitle,
        words.note(record, duties.values(), view, (first, final), frame.attrs) if note is None else note,
    )
    with own_style():
        page = Sheet(width, height, first, final)
        shown = min(horizon, final)
        story = not STORY.isdisjoint(duties)
        _shade(page, record, view, shown, story=story)
        annotations = _annotations(record, first, shown if view.as_of else final) if story else []
        page.compose(texts, annotations, max(line.peak for line in lines))
        _Drawing(page, lines, shown).draw()
    return page.ax


def _styles(where: tuple[Direction, ...]) -> list[dict[str, Any]]:
    """Return a style for each direction, its own where it has one: China's line looks the same alone and beside others."""
    own = {name: LINES[number] for number, name in enumerate(DEFAULT)}
    free = [style for style in LINES if style not in [own.get(direction.name) for direction in where]]
    return [own.get(direction.name) or free.pop(0) for direction in where]


def _ahead(duties: Sequence[Duty], view: View, horizon: date) -> dict[date, str]:
    """Return on what condition each step after the view's horizon comes, by day."""
    expected = {day: event for duty in duties for day, event in deciding(duty, view) if day > horizon}
    return {day: "as announced" if view.known == "stated" else CONDITIONS[event.status] for day, event in expected.items()}


def _line(
    direction: Direction, column: pd.Series[float], ahead: dict[date, str], style: dict[str, Any], *, upwards: bool
) -> Line:
    levels = [(stamp.date(), float(level)) for stamp, level in zip(column.index, column, strict=True)]
    steps = [
        Step(day, level, level > before, ahead.get(day, "")) for (_, before), (day, level) in pairwise(levels) if level != before
    ]
    return Line(direction, levels[0][1], tuple(steps), style, upwards)


def _shade(page: Sheet, record: Catalog, view: View, horizon: date, *, story: bool) -> None:
    begin, end = (event.effective if (event := record.events.get(name)) else None for name in TRUCE_EVENTS)
    if story and isinstance(begin, date) and isinstance(end, date):
        page.add_ground("truce", begin, min(end, horizon + timedelta(days=1)), f"truce from {words.short_day(begin)}")
    doubt = "expected" if view.as_of else "not verified"
    page.add_ground("not-verified", horizon + timedelta(days=1), page.final, f"{doubt} after {words.short_day(horizon)}")


def _annotations(record: Catalog, first: date, last: date) -> list[tuple[str, date]]:
    contexts = {event.id: event.day for event in record.context}
    shown = []
    for text, name in ANNOTATIONS:
        event = record.events.get(name)
        day = event.effective if event else contexts.get(name)
        if isinstance(day, date) and first <= day <= last:
            shown.append((text, day))
    return sorted(shown, key=lambda entry: entry[1])


class _Drawing:
    """The lines of one chart and what is written at them."""

    def __init__(self, page: Sheet, lines: list[Line], horizon: date) -> None:
        self.page, self.lines, self.horizon = page, lines, horizon
        self.ax, self.places, self.size = page.ax, page.places, page.size

    def draw(self) -> None:
        self.draw_lines()
        self.places.take(self.obstacles())
        self.name_lines()
        self.name_steps()
        self.name_ends()
        self.name_expected()

    def draw_lines(self) -> None:
        limit = min(self.horizon + timedelta(days=1), self.page.final)
        for order, line in enumerate(self.lines):
            name, level = line.direction.name, line.level(self.horizon)
            checked = [(step.day, step.level) for step in line.steps if step.day <= self.horizon]
            # A post-step ends at its last point: without the horizon, the level everybody reads would not be drawn.
            self.step([(self.page.first, line.start), *checked, (limit, level)], gid=name, zorder=3 + order, **line.style)
            if limit < self.page.final:
                later = [(limit, level), *((step.day, step.level) for step in line.steps if step.day > self.horizon)]
                thin = {"color": line.style["color"], "linewidth": 0.9, "linestyle": (0, (1, 1.6))}
                self.step([*later, (self.page.final, later[-1][1])], gid=f"{name}-not-verified", zorder=3 + order, **thin)

    def step(self, points: list[tuple[date, float]], **style: Any) -> None:
        days, levels = [float(date2num(day)) for day, _ in points], [level for _, level in points]
        self.ax.step(days, levels, where="post", solid_joinstyle="miter", dash_joinstyle="miter", **style)

    def obstacles(self) -> list[Box]:
        boxes = []
        for line in self.lines:
            points = [(self.page.first, line.start), *((step.day, step.level) for step in line.steps)]
            for (day, level), (following, after) in pairwise([*points, (self.page.final, points[-1][1])]):
                x, y, end, then = self.page.x(day), self.page.y(level), self.page.x(following), self.page.y(after)
                boxes += [Box(x - 0.2, y - 0.3, end + 0.2, y + 0.3), Box(end - 0.3, min(y, then), end + 0.3, max(y, then))]
        return boxes

    def name_lines(self) -> None:
        """Write each line's name and highest level where it leaves that level for the last time."""
        self.named: set[tuple[Line, date]] = set()
        for line in self.lines:
            at_peak = [step.day for step in line.steps if step.level == line.peak]
            since = at_peak[-1] if at_peak else self.page.first
            left = next((step.day for step in line.steps if step.day > since), self.page.final)
            x, y = self.page.x(left), self.page.y(line.peak)
            text = f"{line.peak:g}  {line.direction.title}" if line.peak else line.direction.title
            start = self.page.x(since)
            anchors = [Anchor(x + 1.2, y - 0.2, "left", "top"), Anchor(x + 1.2, y), Anchor(x - 1, y + 0.8, "right", "bottom")]
            anchors += [Anchor(start - 0.6, y + 0.8, "right", "bottom"), Anchor(start - 0.6, y + 3.5, "right", "bottom")]
            style = {"fontsize": self.size + 0.6, "color": line.style["color"], "fontweight": "bold"}
            self.places.put(text, anchors, gid=f"name-{line.direction.name}", **style)
            self.named.add((line, since))

    def name_steps(self) -> None:
        crowd = self.crowd()
        if crowd:
            self.gather(crowd)
        for line in self.lines:
            if line.start and (line, self.page.first) not in self.named:
                self.name_step(line, Step(self.page.first, line.start, rising=False, condition=""))
            for step in line.steps:
                if step.day <= self.horizon and (line, step) not in crowd and (line, step.day) not in self.named:
                    self.name_step(line, step)

    def name_step(self, line: Line, step: Step) -> None:
        x, y = self.page.x(step.day), self.page.y(step.level)
        beside = Anchor(x - 0.6, y, "right")
        own = Anchor(x + 0.7, y + 0.8, "left", "bottom") if line.upwards else Anchor(x + 0.7, y - 0.8, "left", "top")
        anchors = [Anchor(x - 0.6, y + 0.4, "right", "bottom"), beside, own] if step.rising and line.upwards else [own, beside]
        style = {"fontsize": self.size, "color": line.style["color"]}
        self.places.put(f"{step.level:g}", anchors, gid=f"step-{line.direction.name}", **style)

    def crowd(self) -> list[tuple[Line, Step]]:
        """Return the longest run of steps that stand too close to be labelled one by one."""
        steps = sorted(
            ((line, step) for line in self.lines for step in line.steps if step.day <= self.horizon),
            key=lambda entry: (entry[1].day, entry[0].direction),
        )
        runs: list[list[tuple[Line, Step]]] = []
        for line, step in steps:
            if runs and self.page.x(step.day) - self.page.x(runs[-1][-1][1].day) < CROWDED:
                runs[-1].append((line, step))
            else:
                runs.append([(line, step)])
        longest = max(runs, key=len, default=[])
        return longest if len(longest) >= CROWD else []

    def gather(self, crowd: list[tuple[Line, Step]]) -> None:
        """Write a crowd's levels into one box with a leader to its highest step."""
        rows, size = self.crowd_rows(crowd), self.size - 0.2
        measured = [self.page.paper.measure(row, fontsize=size) for row, _ in rows]
        pitch = max(height for _, height in measured) * 1.3
        width, height = max(width for width, _ in measured) + 2.8, pitch * len(rows) + 1.2
        begin, end = self.page.x(crowd[0][1].day), self.page.x(crowd[-1][1].day)
        y = self.page.plot.bottom + (self.page.plot.top - self.page.plot.bottom) * 0.58
        _, box = self.places.find(width, height, [Anchor(end + 5.5, y), Anchor(end + 10, y), Anchor(begin - 5.5, y, "right")])
        self.places.take([box])
        self.page.paper.rectangle(box, facecolor="white", edgecolor=SOFT, linewidth=0.5, zorder=4, gid="crowd")
        for number, (row, color) in enumerate(rows):
            row_y = box.top - 0.6 - (number + 0.5) * pitch
            self.page.paper.write(box.left + 1, row_y, row, va="center", color=color, zorder=5, fontsize=size)
        middle = (box.top + box.bottom) / 2
        tip = self.page.x(max(crowd, key=lambda entry: entry[1].level)[1].day)
        dot: dict[str, Any] = {"marker": "o", "markevery": [0], "markersize": 1.8}
        side = box.left if box.left > tip else box.right
        self.page.paper.rule(tip, middle, side, middle, color=SOFT, linewidth=0.5, zorder=6, **dot)

    def crowd_rows(self, crowd: list[tuple[Line, Step]]) -> list[tuple[str, str]]:
        begin, end = crowd[0][1].day, crowd[-1][1].day
        months = dict.fromkeys(f"{words.MONTHS[day.month - 1]} {day.year}" for day in (begin, end))
        rows = [(f"{' to '.join(months)}, level (from)", INK)]
        for line in self.lines:
            own = [f"{step.level:g} ({step.day.day} {words.MONTHS[step.day.month - 1]})" for of, step in crowd if of is line]
            if own:
                text = f"{line.direction.title}: {', '.join(own)}"
                wrapped = self.page.paper.wrap(text, self.page.paper.width * 0.62, fontsize=self.size - 0.2)
                rows += [(row, line.style["color"]) for row in wrapped.splitlines()]
        return rows

    def name_ends(self) -> None:
        """Write the level at the horizon, where the ground after it has room; elsewhere the last step's label tells it."""
        if self.page.right - self.page.x(self.horizon) < END_ROOM:
            return
        for line in self.lines:
            level = line.level(self.horizon)
            x, y = self.page.x(self.horizon) + 1.2, self.page.y(level)
            own = Anchor(x, y + 0.8, "left", "bottom") if line.upwards else Anchor(x, y - 0.8, "left", "top")
            style = {"fontsize": self.size + 0.6, "color": line.style["color"], "fontweight": "bold"}
            further = replace(own, y=own.y + (3 if line.upwards else -3))
            self.places.put(f"{level:g}", [own, further], gid=f"end-{line.direction.name}", **style)

    def name_expected(self) -> None:
        """Mark each step after the horizon with a hollow marker and its condition."""
        for line in self.lines:
            for step in (step for step in line.steps if step.day > self.horizon):
                color, gid = line.style["color"], f"scheduled-{line.direction.name}"
                hollow = {"marker": "o", "markersize": 4, "markerfacecolor": "white", "markeredgecolor": color}
                self.ax.plot([float(date2num(step.day))], [step.level], zorder=7, gid=gid, **hollow)
                x, y = self.page.x(step.day), self.page.y(step.level)
                self.places.take([Box(x - 1, y - 1, x + 1, y + 1)])
                anchors = [Anchor(self.page.right - 0.6, y + 1.6, "right", "bottom"), Anchor(x, y + 1.6, "right", "bottom")]
                text = f"{step.level:g} from {words.short_day(step.day)}\n{step.condition}".strip()
                self.places.put(text, anchors, fontsize=self.size - 0.4, color=color, linespacing=1.1)
