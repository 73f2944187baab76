"""The step chart of one or several directions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.dates import date2num

from tariffs.asking import DayLike, as_day, as_names, as_quantities, as_view, as_window, directions_of, packaged
from tariffs.charts import words
from tariffs.charts.alt import Told, alt_text
from tariffs.charts.breaks import break_of
from tariffs.charts.labels import Anchor
from tariffs.charts.page import Box, Point
from tariffs.charts.panel import INK, SOFT, Panel
from tariffs.charts.sheet import Sheet, require_size, width_of
from tariffs.charts.style import own_style, require_letters
from tariffs.errors import UsageError
from tariffs.frames import rates
from tariffs.measures import Measured, measure_of
from tariffs.stacking import deciding

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from tariffs.catalog import Catalog
    from tariffs.model import View
    from tariffs.vocabulary import Basis, Known, Measure

DEFAULT = ("us_on_cn", "cn_on_us")
DEFAULT_START = date(2025, 1, 1)
LEAST_TOP = 10  # a chart of zeros still has a scale [percent]
ROOM_AFTER, ROOM_AT_END = timedelta(days=50), 13  # at the right edge: days, or if that is more so many millimetres
MINUS = "\N{MINUS SIGN}"
NBSP = "\u00a0"  # a level and its day stay on one line
WHOLE = 100  # all of trade is written without digits
CROWD_WIDTHS = (0.62, 0.5, 0.4, 0.32)  # of the page: the widest box that meets nothing
CROWD = 4  # so many steps, each closer to the last than this [mm], are gathered into one box; small steps need more room
CROWDED, CROWDED_SMALL = 2.2, 3.0
END_ROOM = 8
FAR = 2.5  # a label further than this from its step [mm] has a hair leading to it
VISIBLE = 1.0  # a step of an average that is lower than this [mm] is drawn, not labelled

# Told apart without colour: solid and heavier, or broken in a rhythm of their own; width beside that of the style's lines.
LINES: tuple[tuple[Any, float], ...] = (
    ("-", 1), ((0, (3.2, 1.1)), 15 / 17), ((0, (1, 0.8)), 15 / 17), ((0, (6, 1, 1, 1)), 14 / 17),
)  # fmt: skip
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
BEFORE_2025 = (
    ("Section 301, List 1", "s301-list-1/2018-07-06/25"),
    ("List 3 to 25", "s301-list-3/2019-05-10/25"),
    ("Phase One", "s301-list-4a/2020-02-14/7.5"),
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
    """One series' line.

    Attributes
    ----------
    name, title : str
        The series' name, and what is written at the line.
    start : float
        The level at the left edge [percent].
    steps : tuple of Step
    upwards : bool
        Whether its labels stand above the line.
    digits : int or None
        After the point in labels; None for as many as there are.
    """

    name: str
    title: str
    start: float
    steps: tuple[Step, ...]
    style: dict[str, Any]
    upwards: bool
    digits: int | None = None

    def written(self, level: float) -> str:
        """Return a level as labels write it."""
        text = f"{level:g}" if self.digits is None or level == WHOLE else f"{level:.{self.digits}f}"
        return text.replace("-", MINUS)

    def level(self, day: date) -> float:
        """Return the level on a day [percent]."""
        return next((step.level for step in reversed(self.steps) if step.day <= day), self.start)

    @property
    def told(self) -> Told:
        """The line as its alt text tells it."""
        steps = tuple((step.day, step.level) for step in self.steps)
        return Told(
            self.title, self.start, steps, {step.day: step.condition for step in self.steps if step.condition}, self.written
        )

    @property
    def trough(self) -> float:
        """The lowest level shown [percent]."""
        return min([self.start, *(step.level for step in self.steps)])

    @property
    def peak(self) -> float:
        """The highest level shown [percent]."""
        return max([self.start, *(step.level for step in self.steps)])


def plot(
    directions: str | Sequence[str] | None = None,
    *,
    measure: Measure = "all_goods",
    weights: str | Sequence[str] | None = None,
    good: str | Sequence[str] | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    since: DayLike | None = None,
    start: DayLike | None = None,
    end: DayLike | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    broken: str | tuple[float, float] | None = None,
    style: str = "paper",
    ax: Axes | None = None,
    width: float | None = None,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    catalog: Catalog | None = None,
) -> Axes:
    """Draw rates of one or several directions, weights or kinds of goods as steps.

    Parameters
    ----------
    directions : str or sequence of str, optional
        The US and China on each other's goods by default; of a kind of good, the direction it is traded in. With several
        weights or goods there is a line for each; at most four.
    measure, weights, good, mfn, metal_share, since
        As in `rates`.
    start, end : date-like
        First and last day shown; by default from 2025 to shortly after the last scheduled step, and for other measures than the
        across-the-board duty from the record's first day.
    as_of, known, basis
        As in `series`.
    broken : "auto" or (low, high) or str, optional
        A piece of the upright axis to leave out, so that 7.5 can be read beside 145: from one rate to another that no level is
        between, such as ``(35, 80)`` or ``"35:80"``, or ``"auto"`` for the widest gap where that is a fifth of the axis or more.
        The break is marked, and named in subtitle and alt text; a point is as long on both sides of it.
    style : str
        ``paper``, ``slides`` or ``web``; ``current`` for your own settings; a style that matplotlib knows, or an mplstyle file.
    ax : matplotlib.axes.Axes, optional
        Axes of your own to draw into, without title and note and with your settings; `width` and `height` play no part then.
    width, height : float
        Of the figure [mm], 80 to 600: 174 is a page, 84 a column; those of the style by default.
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
    require_size(width, height)
    for name, text in (("title", title), ("subtitle", subtitle), ("note", note)):
        require_letters(name, text or "")
    view = as_view(record, as_of, known, basis)
    asked: dict[str, Any] = {"weights": weights, "good": good, "mfn": mfn, "metal_share": metal_share, "since": since}
    quantities = as_quantities(record, measure, **asked)
    whole = measure == "all_goods"
    if directions is None:
        directions = DEFAULT if whole else directions_of(record, quantities)
    names = as_names(record, directions)
    measured = tuple(measure_of(record, name, quantity, view) for name in names for quantity in quantities)
    if len(measured) > len(LINES):
        raise UsageError(f"{len(measured)} lines in one chart, expected at most {len(LINES)}")
    horizon = view.horizon(record.release.known_through)
    known_until = min([horizon, *(one.weights.last_day for one in measured if one.weights)])
    ahead = [ahead_of(one, horizon) if one.weights is None else {} for one in measured]
    last = max([known_until, *(day for events in ahead for day in events)])
    begin = start if start is not None else DEFAULT_START if whole else record.release.covers_from
    first, final = as_window(record, begin, end, last + room_after(begin, last, width_of(ax, width)))
    if first == final:
        raise UsageError(f"start and end are both {first}; a chart needs two days at least")
    seen = min(final, known_until) if known_until < horizon else final
    for one in measured:
        one.total(first, seen)
    frame = rates(names, measure=measure, **asked, start=first, end=seen, as_of=as_of, known=known, basis=basis, catalog=record)
    titles = words.line_titles(record, measured)
    gap = break_of(broken, frame[[one.column for one in measured]].to_numpy().ravel().tolist())
    texts = (
        words.title(record, measured) if title is None else title,
        "; ".join(filter(None, [words.subtitle(measured), gap.name if gap else ""])) if subtitle is None else subtitle,
        words.note(record, measured, (first, seen), frame.attrs) if note is None else note,
    )
    with own_style(style, yours=ax is not None):
        lines = [
            line_of(one, titles[one.column], frame[one.column], events, drawn_as(order), upwards=number == 0)
            for number, (one, events, order) in enumerate(zip(measured, ahead, _orders(measured), strict=True))
        ]
        page = Sheet(width, height, ax)
        panel = page.panel(first, final)
        shown = min(known_until, final)
        story = not STORY.isdisjoint(duty.id for one in measured for duty in one.moving)
        shade(panel, record, shown, story=story, doubt=doubt_of(view, weighted=known_until < horizon))
        told = shown if view.as_of or known_until < horizon else final
        annotations = annotations_of(record, first, told, whole=whole) if story else []
        page.compose(panel, texts, annotations)
        lowest, highest = min(line.trough for line in lines), max(line.peak for line in lines)
        most = 100 if measure == "covered" else None
        panel.scale(min(lowest, 0), max(highest, LEAST_TOP), words.axis(measured), most=most, broken=gap)
        panel.finish()
        Drawing(panel, lines, shown, dotted=known_until >= horizon).draw()
    heading = texts[0] or words.title(record, measured)
    unit = "; ".join(filter(None, [words.axis(measured), gap.name if gap else ""]))
    alt = alt_text("Step chart", heading, unit, (first, shown), [line.told for line in lines])
    page.paper.tell(heading, record.source_line, alt, style)
    return panel.ax


def room_after(begin: DayLike, last: date, width: float) -> timedelta:
    """Return the days drawn after the last step, so that its label has room."""
    share = min(ROOM_AT_END / max(width - ROOM_AT_END, ROOM_AT_END), 0.25)
    return max(ROOM_AFTER, (last - as_day(begin, "start")) * share)


def doubt_of(view: View, *, weighted: bool) -> str:
    """Return the word for the days after the last one that counts."""
    return "no weights" if weighted else "expected" if view.as_of else "not verified"


def _orders(measured: tuple[Measured, ...]) -> list[int]:
    """Return the place of each line's look, its own where it has one: China's line looks the same alone and beside others."""
    alone = {one.direction.name for one in measured}
    own = {name: number for number, name in enumerate(DEFAULT)} if len(alone) == len(measured) else {}
    free = [number for number in range(len(LINES)) if number not in [own.get(one.direction.name) for one in measured]]
    return [own[one.direction.name] if one.direction.name in own else free.pop(0) for one in measured]


def drawn_as(order: int) -> dict[str, Any]:
    """Return how a line is drawn in the style that is set: its colour of the cycle, its own rhythm."""
    colors = mpl.rcParams["axes.prop_cycle"].by_key().get("color", [INK])
    pattern, width = LINES[order]
    return {"color": colors[order % len(colors)], "linestyle": pattern, "linewidth": mpl.rcParams["lines.linewidth"] * width}


def ahead_of(one: Measured, horizon: date) -> dict[date, str]:
    """Return on what condition each step after the view's horizon comes, by day."""
    expected = {day: event for duty in one.moving for day, event in deciding(duty, one.view) if day > horizon}
    return {day: "as announced" if one.view.known == "stated" else CONDITIONS[event.status] for day, event in expected.items()}


def line_of(
    one: Measured, title: str, column: pd.Series[float], ahead: dict[date, str], style: dict[str, Any], *, upwards: bool
) -> Line:
    """Return what is drawn of one series: the level it starts from and its steps, with the open ones named."""
    levels = [(stamp.date(), float(level)) for stamp, level in zip(column.index, column, strict=True)]
    steps = [
        Step(day, level, level > before, ahead.get(day, "")) for (_, before), (day, level) in pairwise(levels) if level != before
    ]
    return Line(one.column, title, levels[0][1], tuple(steps), style, upwards, digits=1 if one.weights else None)


def shade(panel: Panel, record: Catalog, horizon: date, *, story: bool, doubt: str) -> None:
    """Put the truce and the days that are not checked behind the lines."""
    begin, end = (event.effective if (event := record.events.get(name)) else None for name in TRUCE_EVENTS)
    if story and isinstance(begin, date) and isinstance(end, date):
        panel.add_ground("truce", begin, min(end, horizon + timedelta(days=1)), f"truce from {words.short_day(begin)}")
    panel.add_ground("not-verified", horizon + timedelta(days=1), panel.final, f"{doubt} after {words.short_day(horizon)}")


def annotations_of(record: Catalog, first: date, last: date, *, whole: bool) -> list[tuple[str, date]]:
    """Return the annotated acts that fall into the days drawn, in their order."""
    contexts = {event.id: event.day for event in record.context}
    shown = []
    for text, name in ANNOTATIONS if whole else (*BEFORE_2025, *ANNOTATIONS):
        event = record.events.get(name)
        day = event.effective if event else contexts.get(name)
        if isinstance(day, date) and first <= day <= last:
            shown.append((text, day))
    return sorted(shown, key=lambda entry: entry[1])


class Drawing:
    """The lines of one chart and what is written at them."""

    def __init__(self, page: Panel, lines: list[Line], horizon: date, *, dotted: bool) -> None:
        self.page, self.lines, self.horizon, self.dotted = page, lines, horizon, dotted
        self.ax, self.places, self.size = page.ax, page.places, page.size

    def draw(self) -> None:
        """Draw the lines, then their names and levels: what has least choice of place comes first."""
        self.draw_lines()
        self.places.take(self.obstacles())
        crowds = self.crowds()
        gathered = [entry for crowd in crowds if self.gather(crowd) for entry in crowd]
        self.name_lines()
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
            if limit < self.page.final and self.dotted:
                later = [(limit, level), *((step.day, step.level) for step in line.steps if step.day > self.horizon)]
                thin = {"color": line.style["color"], "linewidth": 0.9, "linestyle": (0, (1, 1.6))}
                self.step([*later, (self.page.final, later[-1][1])], gid=f"{name}-not-verified", zorder=3 + order, **thin)

    def step(self, points: list[tuple[date, float]], **style: Any) -> None:
        """Draw levels that hold from their day on."""
        days, levels = [float(date2num(day)) for day, _ in points], [level for _, level in points]
        self.ax.step(days, levels, where="post", solid_joinstyle="miter", dash_joinstyle="miter", **style)

    def obstacles(self) -> list[Box]:
        """Return the boxes no text may touch, in millimetres: the lines themselves."""
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
            left = next((step.day for step in line.steps if step.day > since), self.horizon)
            x, y = self.page.x(left), self.page.y(line.peak)
            begins = not at_peak  # the highest level is the first, which has a label of its own
            text = line.title if begins else f"{line.written(line.peak)}  {line.title}"
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
            name, _ = self.places.put(text, anchors, gid=f"name-{line.name}", **style)
            box = self.page.paper.box(name)
            self.lead(name, min(max((box.left + box.right) / 2, start), x), y, line.style["color"])
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
        text, _ = self.places.put(line.written(line.start), anchors, gid=f"step-{line.name}", **style)
        self.lead(text, x, y, line.style["color"])

    def labelled(self, line: Line, step: Step) -> bool:
        """Whether a step has a label of its own: up to the horizon, and of an average where the eye can see it."""
        if step.day > self.horizon:
            return False
        before = line.level(step.day - timedelta(days=1))
        return line.digits is None or abs(self.page.y(step.level) - self.page.y(before)) >= VISIBLE

    def ends_with(self, line: Line, step: Step) -> bool:
        """Whether the label at the line's end says of a step of an average what its own label would."""
        return (
            line.digits is not None and self.has_end_room() and line.written(step.level) == line.written(line.level(self.horizon))
        )

    def has_end_room(self) -> bool:
        """Whether the levels can be written after the lines' ends."""
        return self.page.right - self.page.x(self.horizon) >= END_ROOM

    def name_step(self, line: Line, step: Step) -> None:
        """Write the level a step reaches."""
        x, y = self.page.x(step.day), self.page.y(step.level)
        beside = Anchor(x - 0.6, y, "right")
        own = Anchor(x + 0.7, y + 0.8, "left", "bottom") if line.upwards else Anchor(x + 0.7, y - 0.8, "left", "top")
        anchors = [Anchor(x - 0.6, y + 0.4, "right", "bottom"), beside, own] if step.rising and line.upwards else [own, beside]
        style = {"fontsize": self.size, "color": line.style["color"]}
        text, _ = self.places.put(line.written(step.level), anchors, gid=f"step-{line.name}", **style)
        self.lead(text, x, y, line.style["color"])

    def lead(self, text: Text, x: float, y: float, color: str) -> None:
        """Draw a hair from a label that had to move to what it labels."""
        near_x, near_y = self.page.paper.box(text).nearest((x, y))
        if hypot(near_x - x, near_y - y) > FAR:
            self.page.paper.rule(near_x, near_y, x, y, color=color, linewidth=0.4, zorder=2, gid="leader")

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
            steps = [step for step in steps if line.written(step.level) != line.written(line.level(step.day - timedelta(days=1)))]
            own = [f"{line.written(step.level)}{NBSP}({step.day.day}{NBSP}{words.MONTHS[step.day.month - 1]})" for step in steps]
            if own:
                text = f"{line.title}: {', '.join(own)}"
                wrapped = self.page.paper.wrap(text, self.page.paper.width * share, fontsize=self.size - 0.2)
                rows += [(row, line.style["color"]) for row in wrapped.splitlines()]
        return rows

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
            self.places.put(line.written(level), [own, further], gid=f"end-{line.name}", **style)

    def mark_expected(self, line: Line, step: Step) -> Point:
        """Put a hollow marker on a step after the horizon, and return where it stands."""
        hollow = {"marker": "o", "markersize": 4, "markerfacecolor": "white", "markeredgecolor": line.style["color"]}
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
                name, _ = self.places.put(text, anchors, fontsize=self.size - 0.4, color=color, linespacing=1.1)
                self.lead(name, x, y, color)
