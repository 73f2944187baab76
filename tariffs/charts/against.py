"""Someone else's numbers drawn against ours: their points on our steps, and beneath them how far the two are apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from math import dist, floor, isnan, log10
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.dates import date2num
from matplotlib.ticker import MaxNLocator

from tariffs.asking import DayLike, as_quantity, as_view, packaged
from tariffs.charts import words
from tariffs.charts.alt import alt_text, long_day
from tariffs.charts.labels import Anchor, Places
from tariffs.charts.lines import LINES, MINUS, Line, Step
from tariffs.charts.page import Box
from tariffs.charts.panel import FAINT, INK, SHADES, SOFT, Panel
from tariffs.charts.sheet import PAPER_TYPE, Sheet, require_size
from tariffs.charts.story import DEFAULT, LEAST_TOP
from tariffs.charts.style import own_style
from tariffs.comparing import TOLERANCE, compare
from tariffs.errors import CoverageError, UsageError
from tariffs.frames import series
from tariffs.measures import Measured, measure_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from tariffs.catalog import Catalog
    from tariffs.vocabulary import Basis, Known, Measure, Unit

TALLER = 20.0  # than a chart of one plot [mm]
LEAST_DAYS = 14  # shown: fewer may hold no day that the axis names
MARGIN = 0.03  # of their days, shown before the first and after the last
HIGHEST = 10_000  # percent; no rate is higher
MOST_REASONS = 6  # of more than these the key tells the kinds
LOWER_SHARE, LEAST_LOWER, LEAST_UPPER = 0.29, 15, 22  # of the plots' height; [mm]
TICK_ROOM = 6.5  # between a plot and what stands below it, in the type of a page [mm]
TICK_PITCH, MOST_TICKS = 4.0, 4  # between the numbers of the lower plot's axis, at the least [mm]; how many spaces
ABOVE_LOWER = 1.6  # between the upper plot and the words over the lower one [mm]
CROSSES = 3.2  # the lane of days without a number of ours [mm]
LABEL_ROOM, BARE_ROOM = 4.0, 1.8  # beyond the largest difference, with and without its value [mm]
APART = 9.0  # between the days of two differences that are written [mm]
ALONG = (0.5, 0.25, 0.75)  # where on a level it may be written
LEVELS_APART = 5.0  # between two levels that are written, across or up [mm]
LARGE = 0.05  # of what is shown: a step whose level is written
MOST_VALUES = {True: 4, False: 6}  # of differences are written, in a column and on a page
PITCH, SMALLEST = 0.9, 0.35  # markers that come closer on average than this [mm] are smaller, down to this share
PALE = "#E3E3E3"
BAND, SEEN = " (grey band)", 0.8  # [mm]
EN_SPACE = "\u2002"

AGREES, DIFFERS, NO_NUMBER = "agrees", "differs", "no-number"
# Told apart without colour: hollow, filled, and without an inside.
SHAPES: dict[str, dict[str, Any]] = {
    AGREES: {"marker": "o", "markersize": 4.2, "markerfacecolor": "white", "markeredgecolor": INK, "markeredgewidth": 0.8},
    DIFFERS: {"marker": "D", "markersize": 4, "markerfacecolor": INK, "markeredgecolor": "white", "markeredgewidth": 0.5},
    NO_NUMBER: {"marker": "x", "markersize": 4, "markeredgecolor": INK, "markeredgewidth": 0.9},
}


@dataclass(frozen=True, slots=True)
class Value:
    """One of their values beside ours.

    Attributes
    ----------
    day : date
    theirs : float
        [percent]
    difference : float
        Theirs less ours [points]; NaN where there is no number of ours.
    reason : str
        Likely, of a difference; empty where there is none.
    """

    day: date
    theirs: float
    difference: float
    reason: str

    @property
    def standing(self) -> str:
        """Whether the value agrees, differs, or has no number of ours beside it."""
        return NO_NUMBER if isnan(self.difference) else DIFFERS if self.reason else AGREES


def compare_chart(
    theirs: str | Path | pd.Series[float],
    direction: str,
    *,
    name: str = "theirs",
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    unit: Unit = "percent",
    tolerance: float = TOLERANCE,
    style: str = "paper",
    width: float | None = None,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    catalog: Catalog | None = None,
) -> Figure:
    """Draw someone else's values on our steps, and beneath them how far the two are apart and likely why.

    Parameters
    ----------
    theirs : path or pandas.Series
        A CSV of dates and values, or a series with an index of dates; on two days at least.
    direction, measure, weights, good, mfn, metal_share, as_of, known, basis, unit, tolerance
        As in `compare`.
    name : str
        Whose values they are, as the chart writes it.
    style : str
        As in `plot`.
    width, height : float
        Of the figure [mm], 80 to 600: 174 is a page, 84 a column; those of the style by default.
    title, subtitle, note : str, optional
        In place of the generated ones; an empty text leaves them out.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    matplotlib.figure.Figure
        Made without pyplot; its first Axes has the rates, its second the differences. `save` takes either.

    Raises
    ------
    RecordError
        With everything that is wrong with the file.
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import pandas as pd, tariffs as tf
    >>> from tariffs.charts.against import compare_chart
    >>> theirs = pd.Series([30.0, 145.0, 30.0], pd.to_datetime(["2025-04-07", "2025-04-15", "2025-05-12"]))
    >>> figure = compare_chart(theirs, "us_on_cn", name="a newspaper", width=84)
    >>> "2 of 3 values within 0.05 points of ours" in figure.alt
    True
    """
    record = catalog or packaged()
    require_size(width, height)
    _require_words(name=name, title=title, subtitle=subtitle, note=note)
    asked: dict[str, Any] = {"measure": measure, "weights": weights, "good": good, "mfn": mfn, "metal_share": metal_share}
    seen: dict[str, Any] = {"as_of": as_of, "known": known, "basis": basis, "catalog": record}
    frame = compare(theirs, direction, **asked, **seen, unit=unit, tolerance=tolerance)
    values = _values(frame)
    _require_points(values, str(frame.attrs["series"]))
    measured = measure_of(record, direction, as_quantity(record, **asked), as_view(record, as_of, known, basis))
    days = _days(record, measured, values)
    column = series(direction, **asked, **seen, start=days.begin, end=days.last)
    days, column = _cut(days, column, values[-1].day)
    texts = (
        _title(record, measured, name) if title is None else title,
        words.subtitle((measured,)) if subtitle is None else subtitle,
        _note(words.note(record, (measured,), (days.begin, days.last), column.attrs), values) if note is None else note,
    )
    with own_style(style):
        line = _line(measured, column, days.horizon)
        sheet = Sheet(width, height, taller=TALLER)
        differences = _Differences(sheet, days, values, name, tolerance)
        rates = _Rates(sheet, days, line, values, name, differences)
        sheet.compose(rates, texts, [])
        rates.draw(words.axis((measured,)), most=100 if measure == "covered" else None)
        differences.draw()
    heading = texts[0] or _title(record, measured, name)
    told = alt_text(
        "Step chart with points", heading, words.axis((measured,)), (days.begin, days.last), [replace(line, title="Ours").told]
    )
    sheet.paper.tell(heading, record.source_line, f"{told} {_told(values, name, tolerance)}", style)
    return sheet.paper.figure


@dataclass(frozen=True, slots=True)
class _Days:
    """Which days are shown: all of them, ours among them, and of ours those that the view can vouch for.

    Attributes
    ----------
    first, final : date
        At the edges of the plots.
    begin, last : date
        The first and last that our line is drawn for.
    record, horizon : date
        The first one of the record and the last one checked.
    doubt : str
        What is written on the days after it.
    """

    first: date
    final: date
    begin: date
    last: date
    record: date
    horizon: date
    doubt: str

    @property
    def unknown(self) -> list[tuple[date, date, str]]:
        """What is shown beyond the record: first day, the day after the last, what is written there."""
        after = self.horizon + timedelta(days=1)
        before = f"no record before {words.short_day(self.record)}"
        return [(self.first, self.record, before), (after, self.final, f"{self.doubt} after {words.short_day(self.horizon)}")]


def _require_words(**given: str | None) -> None:
    for what, text in given.items():
        if not isinstance(text, str) and not (text is None and what != "name"):
            raise UsageError(f"{what}: found {text!r}, expected a text")
    if not (given["name"] or "").strip():
        raise UsageError("name: found an empty text, expected whose values they are")


def _values(frame: pd.DataFrame) -> list[Value]:
    days = [stamp.date() for stamp in frame["date"]]
    numbers = (frame[name].tolist() for name in ("theirs", "difference", "reason"))
    return [Value(*entry) for entry in zip(days, *numbers, strict=True)]


def _require_points(values: list[Value], ours: str) -> None:
    first, last = values[0].day, values[-1].day
    if first == last:
        raise UsageError(f"theirs: found a value on {first} alone, expected values on two days or more")
    if all(value.standing == NO_NUMBER for value in values):
        raise CoverageError(f"theirs: found values from {first} to {last}, and on none of these days a number of {ours}")
    wild = next((value for value in values if abs(value.theirs) > HIGHEST), None)
    if wild:
        raise UsageError(f"theirs: found {wild.theirs:g} on {wild.day}, expected rates up to {HIGHEST} percent")


def _days(record: Catalog, measured: Measured, values: list[Value]) -> _Days:
    """Return the days shown: theirs with a margin, and ours among them."""
    known_through = record.release.known_through
    span = (values[-1].day - values[0].day).days
    margin = timedelta(days=max(round(span * MARGIN), -(-(LEAST_DAYS - span) // 2), 1))
    first, final = values[0].day - margin, values[-1].day + margin
    last_known = measured.last_day(known_through, scheduled=False)
    horizon = min(measured.view.horizon(known_through), last_known)
    doubt = "expected" if last_known > horizon else "no weights" if last_known < known_through else "not verified"
    begins = record.release.covers_from
    if values[0].day >= begins:
        first = max(first, begins)
    if values[-1].day <= horizon:
        final = min(final, horizon + timedelta(days=1))
    return _Days(first, final, max(values[0].day, begins), min(final, last_known), begins, horizon, doubt)


def _cut(days: _Days, column: pd.Series[float], last: date) -> tuple[_Days, pd.Series[float]]:
    """Leave out what is ours after their last day, but for the level of that day."""
    later = [stamp.date() for stamp in column.index if stamp.date() > last]
    if not later:
        return days, column
    return replace(days, last=later[0] - timedelta(days=1)), column.iloc[: -len(later)]


def _line(measured: Measured, column: pd.Series[float], horizon: date) -> Line:
    levels = [(stamp.date(), float(level)) for stamp, level in zip(column.index, column, strict=True)]
    steps = tuple(
        Step(day, level, level > before, "as then expected" if day > horizon else "")
        for (_, before), (day, level) in pairwise(levels)
        if level != before
    )
    digits = 1 if measured.weights else None
    return Line(measured.column, "ours", levels[0][1], steps, _drawn(measured), upwards=True, digits=digits)


def _drawn(measured: Measured) -> dict[str, Any]:
    """Return how our line is drawn: as that of its direction in every other chart."""
    order = DEFAULT.index(measured.direction.name) if measured.direction.name in DEFAULT else 0
    colors, (pattern, width) = mpl.rcParams["axes.prop_cycle"].by_key()["color"], LINES[order]
    return {"color": colors[order], "linestyle": pattern, "linewidth": mpl.rcParams["lines.linewidth"] * width}


def _title(record: Catalog, measured: Measured, name: str) -> str:
    return f"{words.title(record, (measured,))}, {name} against ours"


def _note(note: str, values: list[Value]) -> str:
    missing = sum(value.standing == NO_NUMBER for value in values)
    if not missing:
        return note
    return f"Crosses: {_without(missing)}, outside the record or the weights. {note}"


def _told(values: list[Value], name: str, tolerance: float) -> str:
    """Return what the points and the lower plot show, in words."""
    compared = [value for value in values if value.standing != NO_NUMBER]
    apart = [value for value in compared if value.standing == DIFFERS]
    missing = len(values) - len(compared)
    near = f"within {tolerance:g} points of ours" if tolerance else "equal to ours"
    told = [f"{_capital(name)}, as points: {_agreeing(compared)} {near}."]
    largest = sorted(apart, key=lambda value: (-abs(value.difference), value.day))[:3]
    told += [f"{_signed(one.difference)} points on {long_day(one.day)}, {_dated(one.reason, long_day)}." for one in largest]
    if len(apart) > 3:
        told.append(f"{len(apart) - 3} more differ{'s' if len(apart) == 4 else ''}, by no more.")
    if missing:
        told.append(f"{_without(missing)}.")
    return " ".join(told)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counted(count: int) -> str:
    return f"{count} value{'s' if count != 1 else ''}"


def _without(missing: int) -> str:
    return f"{_counted(missing)} on {'a day' if missing == 1 else 'days'} without a number of ours"


def _agreeing(compared: Sequence[Value]) -> str:
    return f"{sum(value.standing == AGREES for value in compared)} of {_counted(len(compared))}"


def _dated(reason: str, written: Callable[[date], str] = words.short_day) -> str:
    """Return a reason with its days as readers write them."""
    return re.sub(r"\d{4}-\d{2}-\d{2}", lambda found: written(date.fromisoformat(found[0])), reason)


def _signed(points: float) -> str:
    """Return a difference with its sign and three figures."""
    digits = min(max(2 - floor(log10(abs(points))), 0), 9) if points else 0
    text = f"{points:+.{digits}f}"
    return (text.rstrip("0").rstrip(".") if digits else text).replace("-", MINUS)


def _worded(values: Iterable[Value]) -> dict[date, str]:
    """Return the likely reason of each difference as the key tells it: the kind of reason alone, where there are many."""
    apart = [value for value in values if value.standing == DIFFERS]
    if len({value.reason for value in apart}) <= MOST_REASONS:
        return {value.day: _dated(value.reason) for value in apart}
    return {value.day: value.reason.partition(":")[0] for value in apart}


def _num(day: date) -> float:
    return float(date2num(day))


def _mark(panel: Panel, standing: str, points: list[tuple[date, float]], among: int, **style: Any) -> None:
    """Put the marker of a standing at some points; smaller where the plot has many."""
    share = _small(panel, among) * max(panel.size / PAPER_TYPE, 1)
    shape = SHAPES[standing] | {name: SHAPES[standing][name] * share for name in ("markersize", "markeredgewidth")}
    if share < 1 and standing == DIFFERS:
        shape["markeredgecolor"] = INK  # white edges would cover the neighbours
    days, heights = [_num(day) for day, _ in points], [height for _, height in points]
    panel.ax.plot(days, heights, linestyle="none", clip_on=False, **{**shape, **style})


def _small(panel: Panel, among: int) -> float:
    """Return by how much markers are smaller, so that those of a dense series are told apart."""
    return min(1.0, max(SMALLEST, (panel.right - panel.left) / among / PITCH))


def _around_marker(x: float, y: float, gap: float = 1.7) -> list[Anchor]:
    return [
        Anchor(x + gap, y - 0.6, "left", "top"),
        Anchor(x - gap, y + 0.6, "right", "bottom"),
        Anchor(x + gap, y, "left"),
        Anchor(x - gap, y, "right"),
        Anchor(x, y - gap, "center", "top"),
        Anchor(x, y + gap, "center", "bottom"),
    ]


def _shade(panel: Panel, days: _Days) -> None:
    """Shade the days beyond the record, without a name."""
    for begin, after, _ in days.unknown:
        sides = _num(max(begin, days.first)), _num(min(after, days.final))
        if sides[0] < sides[1]:
            panel.ax.axvspan(*sides, color=SHADES["not-verified"][1], linewidth=0, zorder=0, gid="not-verified")


class _Rates(Panel):
    """The upper plot: our steps and their points. The box that it is opened in it shares with the lower one."""

    def __init__(self, sheet: Sheet, days: _Days, line: Line, values: list[Value], name: str, below: _Differences) -> None:
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
            _mark(self, standing, points, len(self.values), gid=f"theirs-{standing}", zorder=6)
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
        days, levels = [_num(day) for day, _ in points], [level for _, level in points]
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
            self.name_one(_capital(self.name), agreeing, f"theirs-name-{AGREES}")
        if apart:
            text = differs if agreeing else f"{_capital(self.name)}, {differs}"
            self.name_one(text, apart[:1], f"theirs-name-{DIFFERS}")

    def crowding(self, value: Value) -> tuple[int, date]:
        """Sort the points that stand alone before others."""
        near = sum(abs(self.x(other.day) - self.x(value.day)) < APART for other in self.values)
        return near, value.day

    def name_one(self, name: str, values: list[Value], gid: str) -> None:
        style: dict[str, Any] = {"fontsize": self.size + 0.2, "color": INK, "linespacing": 1.1}
        text = self.paper.wrap(name, 0.4 * (self.right - self.left), **style)
        spots = [(self.x(value.day), self.y(value.theirs)) for value in values]
        anchors = [anchor for x, y in spots[:40] for anchor in _around_marker(x, y)]
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


@dataclass(frozen=True, slots=True)
class _Mark:
    """The number of a reason under the days that it stands for, in a row of a lane."""

    number: int
    days: tuple[date, ...]
    row: int


class _Differences:
    """The lower plot: how far their values are from ours, and the numbers of the reasons."""

    def __init__(self, sheet: Sheet, days: _Days, values: list[Value], name: str, tolerance: float) -> None:
        self.paper, self.size, self.margin, self.scaled = sheet.paper, sheet.size, sheet.margin, sheet.scale
        self.panel = sheet.panel(days.first, days.final)
        self.days, self.tolerance = days, tolerance
        self.compared = [value for value in values if value.standing != NO_NUMBER]
        self.missing = [value.day for value in values if value.standing == NO_NUMBER]
        self.apart = [value for value in self.compared if value.standing == DIFFERS]
        self.reasons = _worded(self.apart)
        self.numbers = {reason: number for number, reason in enumerate(dict.fromkeys(self.reasons.values()), 1)}
        self.marks = self.rows()
        near = f"within {tolerance:g}" if tolerance else "equal"
        self.caption = f"{_capital(name)} less ours, points: {_agreeing(self.compared)} {near}"
        self.caption_style: dict[str, Any] = {"fontsize": self.size + 0.2, "color": INK, "linespacing": 1.15}
        self.caption_height = self.paper.measure(self.wrapped(self.caption + BAND), **self.caption_style)[1] + 1.8

    @property
    def tick_room(self) -> float:
        """The height between a plot and what stands below it [mm]."""
        return TICK_ROOM * self.scaled

    @property
    def row_height(self) -> float:
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
        entries = [f"{number}{EN_SPACE}{reason} ({_counted(told.count(reason))})" for reason, number in self.numbers.items()]
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
        days, tips = [_num(value.day) for value in self.apart], [value.difference for value in self.apart]
        panel.ax.vlines(days, 0, tips, color=INK, linewidth=0.9 * _small(panel, among), zorder=3, gid="stems")
        for standing in (AGREES, DIFFERS):
            points = [(value.day, value.difference) for value in self.compared if value.standing == standing]
            _mark(panel, standing, points, among, gid=f"difference-{standing}", zorder=4)
        height = 1 - CROSSES / 2 / (panel.plot.top - panel.plot.bottom)
        crosses = [(day, height) for day in self.missing]
        _mark(panel, NO_NUMBER, crosses, among, transform=panel.ax.get_xaxis_transform(), gid=NO_NUMBER, zorder=4)

    def draw_marks(self) -> None:
        """Write the numbers of the reasons under their days, with a bracket over those that one number stands for."""
        panel = self.panel
        for mark in self.marks:
            foot = panel.plot.bottom + self.lane - (mark.row + 1) * self.row_height
            xs = [panel.x(day) for day in mark.days]
            style: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": self.size - 0.4, "color": INK, "gid": "reason"}
            number = self.paper.write((xs[0] + xs[-1]) / 2, foot, str(mark.number), **style)
            if len(xs) > 1:
                self.draw_bracket(xs, self.paper.box(number).top + 0.3)

    def draw_bracket(self, xs: list[float], y: float) -> None:
        hair: dict[str, Any] = {"color": SOFT, "linewidth": 0.5, "gid": "bracket"}
        self.paper.rule(xs[0], y, xs[-1], y, **hair)
        for x in sorted({xs[0], xs[-1], *(round(2 * x) / 2 for x in xs[1:-1])}):  # closer ticks would be a bar
            self.paper.rule(x, y, x, y + 0.8, **hair)

    def obstacles(self) -> list[Box]:
        panel, boxes = self.panel, []
        for value in self.compared:
            x, y, zero = panel.x(value.day), panel.y(value.difference), panel.y(0)
            boxes += [Box(x - 0.9, y - 0.9, x + 0.9, y + 0.9), Box(x - 0.2, min(y, zero), x + 0.2, max(y, zero))]
        y = panel.plot.top - CROSSES / 2
        boxes.append(Box(panel.left, panel.y(0) - 0.2, panel.right, panel.y(0) + 0.2))
        return [*boxes, *(Box(panel.x(day) - 0.9, y - 0.9, panel.x(day) + 0.9, y + 0.9) for day in self.missing)]

    def name_crosses(self) -> None:
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
            said = _signed(value.difference) in [_signed(other.difference) for other in chosen]
            if not near and not said and len(chosen) < MOST_VALUES[self.panel.narrow]:
                chosen.append(value)
        for value in chosen:
            x, y = self.panel.x(value.day), self.panel.y(value.difference)
            beyond = Anchor(x, y + 1.2, "center", "bottom") if value.difference > 0 else Anchor(x, y - 1.2, "center", "top")
            anchors = [Anchor(x + 1.5, y, "left"), Anchor(x - 1.5, y, "right"), beyond]
            self.places.put(_signed(value.difference), anchors, gid="difference", fontsize=self.size, color=INK)

    def close(self, one: Value, other: Value) -> bool:
        panel = self.panel
        across, up = abs(panel.x(one.day) - panel.x(other.day)), abs(panel.y(one.difference) - panel.y(other.difference))
        return across < APART and up < APART / 2

    def say_that_none_differs(self) -> None:
        more = f" by more than {self.tolerance:g} points" if self.tolerance else ""
        box = self.panel.plot
        x, y = (box.left + box.right) / 2, box.top - (CROSSES if self.missing else 0) - 0.3
        style = {"fontsize": self.size, "color": INK, "gid": "none-differs"}
        self.places.put(f"No value differs{more}", [Anchor(x, y, "center", "top")], **style)
