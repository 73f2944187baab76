"""What a rate is made of: its parts as stepped areas, stacked under the line of their total."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.dates import date2num

from tariffs.asking import DayLike, as_quantity, as_record, as_view, as_window
from tariffs.charts import words
from tariffs.charts.alt import Told, alt_text
from tariffs.charts.drawing import END_ROOM, Drawing
from tariffs.charts.lines import Line, Step, ahead_of, line_of
from tariffs.charts.page import Box
from tariffs.charts.panel import INK
from tariffs.charts.partnames import Margin, Names, grid_of, laid_out
from tariffs.charts.partstack import Layer, Stack, Window, called, stack_of
from tariffs.charts.sheet import Sheet, require_size, width_of
from tariffs.charts.story import DEFAULT_START, LEAST_TOP, STORY, annotations_of, doubt_of, room_after, shade
from tariffs.charts.style import own_style
from tariffs.errors import UsageError
from tariffs.frames import parts, series
from tariffs.measures import Measured, measure_of
from tariffs.vocabulary import PARTS, choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from tariffs.catalog import Catalog
    from tariffs.charts.panel import Panel
    from tariffs.vocabulary import Basis, Known, Measure, Part

TRIM = 0.15  # off each side of what is kept free of text around the line [mm]
OUTLINE, OUTLINE_WIDTH, HATCH_WIDTH = "#3C3C3C", 0.3, 0.35
# Of a line's width, in a column and on a page: between its sides a tower of a month must show.
TOTAL_WIDTH = {True: 0.5, False: 0.65}


def parts_chart(
    direction: str,
    *,
    by: Part = "family",
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    start: DayLike | None = None,
    end: DayLike | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    style: str = "paper",
    ax: Axes | None = None,
    width: float | None = None,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    catalog: Catalog | None = None,
) -> Axes:
    """Draw what a rate is made of: stepped areas that on every day add up to the line on top.

    MFN lies at the bottom, then the parts by the day on which each first appeared. A part that is 0 throughout is left out; parts
    too thin to be seen are gathered on top; what a part has below 0 is taken off other parts, of its family where they suffice.
    The note says so. After the last checked day the total alone goes on.

    Parameters
    ----------
    direction : str
        Such as ``us_on_cn``.
    by : {"family", "duty", "authority"}
        What a part is.
    measure, weights, good, mfn, metal_share
        As in `parts`.
    start, end : date-like
        First and last day shown; by default as in `plot`.
    as_of, known, basis
        As in `series`.
    style : str
        As in `plot`.
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
        Of a figure of its own, made without pyplot; `save` writes it. Each area is a patch with the part's name as its gid.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> from tariffs.charts.areas import parts_chart
    >>> ax = parts_chart("us_on_cn", start="2025-04-01", end="2025-04-30")
    >>> [patch.get_gid() for patch in ax.patches]
    ['ieepa-fentanyl', 'ieepa-reciprocal']
    """
    record = as_record(catalog)
    require_size(width, height)
    choose("part", by, PARTS)
    view = as_view(record, as_of, known, basis)
    asked: dict[str, Any] = {
        "measure": measure, "weights": weights, "good": good, "mfn": mfn, "metal_share": metal_share,
    }  # fmt: skip
    seen: dict[str, Any] = {"as_of": as_of, "known": known, "basis": basis, "catalog": record}
    one = measure_of(record, direction, as_quantity(record, **asked), view)
    window = _window(record, one, start, end, width_of(ax, width))
    days: dict[str, Any] = {"start": window.first, "end": window.known}
    frame = parts(direction, by=by, **asked, **days, **seen)
    column = series(direction, **asked, **days, **seen)
    table = frame.pivot_table(index="date", columns=by, values="rate", observed=True)
    with own_style(style, yours=ax is not None):
        page = Sheet(width, height, ax)
        line = _total(one, column, window, narrow=page.narrow)
        make = partial(stack_of, record, one, by, table, window)
        stack, panel, margin = laid_out(page, make, window, roomy=end is not None)
        shade(panel, record, window.shown, story=_tells_story(one), doubt=doubt_of(view, weighted=window.weighted))
        texts = (
            f"{words.title(record, (one,))}, by {called(by)}" if title is None else title,
            words.subtitle((one,)) if subtitle is None else subtitle,
            _note(record, one, window, stack, frame.attrs) if note is None else note,
        )
        page.compose(panel, texts, _told_events(record, one, window, panel))
        panel.scale(min(line.trough, 0, *stack.layers[0].upper), max(line.peak, LEAST_TOP), words.axis((one,)))
        panel.finish()
        _draw(panel, stack, line, window, margin)
    heading = texts[0] or f"{words.title(record, (one,))}, by {called(by)}"
    shown = window.first, window.shown
    told = [line.told, *(_layer_told(layer, stack.days, line) for layer in stack.layers)]
    page.paper.tell(heading, record.source_line, alt_text("Stacked areas", heading, words.axis((one,)), shown, told), style)
    return panel.ax


def _window(record: Catalog, one: Measured, start: DayLike | None, end: DayLike | None, width: float) -> Window:
    horizon = one.view.horizon(record.release.known_through)
    known_until = min(horizon, one.weights.last_day) if one.weights else horizon
    ahead = {} if one.weights else ahead_of(one, horizon)
    usual = DEFAULT_START if one.quantity.measure == "all_goods" else one.first_day(record.release.covers_from)
    begin = usual if start is None else start
    last = max([known_until, *ahead])
    weighted = one.ends_by(horizon)
    reach = last + room_after(begin, last, width)
    first, final = as_window(record, begin, end, min(reach, one.weights.last_day) if one.weights and not weighted else reach)
    if first == final:
        raise UsageError(f"start and end are both {first}; a chart needs two days at least")
    known = min(final, known_until) if weighted else final
    one.total(first, known)
    if first > known_until:
        raise UsageError(f"found start {first}, expected {known_until} or earlier, the last day that parts are drawn for")
    ahead = {day: condition for day, condition in ahead.items() if day <= final}
    return Window(first, final + timedelta(days=1), known, min(known_until, final), ahead, weighted)


def _total(one: Measured, column: pd.Series[float], window: Window, *, narrow: bool) -> Line:
    """Return the line on top."""
    look = {"color": INK, "linestyle": "-", "linewidth": mpl.rcParams["lines.linewidth"] * TOTAL_WIDTH[narrow]}
    return line_of(one, "total", column, window.ahead, look, upwards=True)


def _tells_story(one: Measured) -> bool:
    return not STORY.isdisjoint(duty.id for duty in one.moving)


def _told_events(record: Catalog, one: Measured, window: Window, panel: Panel) -> list[tuple[str, date]]:
    """Return the events that the lane names: those that the record had by the last day it vouches for."""
    last = window.shown if one.view.as_of or window.weighted else panel.final
    whole = one.quantity.measure == "all_goods"
    return annotations_of(record, window.first, last, whole=whole) if _tells_story(one) else []


def _note(record: Catalog, one: Measured, window: Window, stack: Stack, said: Any) -> str:
    rest = words.note(record, (one,), (window.first, window.known), said)
    return " ".join(["The areas add up to the line on every day.", *stack.remarks, rest])


def _layer_told(layer: Layer, days: Sequence[date], line: Line) -> Told:
    """Return one part as the alt text tells it."""
    levels = [round(level, 9) for level in layer.levels]
    steps = tuple((day, after) for day, (before, after) in zip(days[1:], pairwise(levels), strict=False) if after != before)
    return Told(layer.title, levels[0], steps, {}, line.written)


def _draw(panel: Panel, stack: Stack, line: Line, window: Window, margin: Margin | None) -> None:
    """Draw the areas, the line of their total with its levels, and the names of the parts."""
    _fill(panel, stack)
    panel.places.take(stack.boxes(panel))
    names = Names(panel, stack, margin)
    if margin is not None:
        names.write_beside(margin, line.written(line.level(window.shown)))
    _Total(panel, line, window, beside=margin is not None).draw()
    names.write_above()


def _fill(panel: Panel, stack: Stack) -> None:
    edges = [float(date2num(day)) for day in stack.days]
    with mpl.rc_context({"hatch.linewidth": HATCH_WIDTH}):
        for order, layer in enumerate(stack.layers):
            panel.ax.stairs(
                layer.upper,
                edges,
                baseline=layer.lower,
                fill=True,
                facecolor=layer.face,
                edgecolor=OUTLINE,
                linewidth=OUTLINE_WIDTH,
                hatch=layer.hatch,
                gid=layer.name,
                zorder=2 + order / 100,
            )


class _Total(Drawing):
    """The line on top of a stack, with its levels; `beside` says that its last level is written beside the plot."""

    def __init__(self, panel: Panel, line: Line, window: Window, *, beside: bool) -> None:
        super().__init__(panel, [line], window.shown, dotted=not window.weighted)
        self.beside = beside

    def draw(self) -> None:
        """Draw the line and write its levels, first those ahead: they have the least choice of places."""
        self.draw_lines()
        self.kept_free = self.obstacles()
        self.places.take(self.kept_free)
        self.name_expected()
        gathered = [entry for crowd in self.crowds() if self.gather(crowd) for entry in crowd]
        self.name_lines()
        self.name_steps(gathered)
        self.name_ends()

    def name_steps(self, gathered: list[tuple[Line, Step]]) -> None:
        """Write the steps' levels, which may stand close to the risers that they belong to."""
        self.places.taken = [box for box in self.places.taken if box not in self.kept_free]
        self.places.take(Box(box.left + TRIM, box.bottom, box.right - TRIM, box.top) for box in self.kept_free)
        super().name_steps(gathered)

    def crowd_box(self, crowd: list[tuple[Line, Step]], width: float, height: float) -> Box:
        """Return the place of a crowd's box; where none is free, one that is not, without a search for the least bad."""
        area = self.places.area
        boxes = (Box(x, y, x + width, y + height) for x, y in grid_of(area, width, height))
        nowhere = Box(area.left, area.bottom, area.right, area.top)
        return super().crowd_box(crowd, width, height) if any(self.places.free(box) for box in boxes) else nowhere

    def has_end_room(self) -> bool:
        """Whether the last level can be written after the areas' end."""
        ends = self.page.x(min(self.horizon + timedelta(days=1), self.page.final))
        return self.beside or self.page.right - ends >= END_ROOM

    def name_ends(self) -> None:
        """Write the last level after the areas' end, where neither the margin nor the label of the highest level says it."""
        (line,) = self.lines
        if not self.beside and line.written(line.level(self.horizon)) != line.written(line.peak):
            super().name_ends()

    def ends_with(self, line: Line, step: Step) -> bool:
        """Whether the label at the line's end says what the last step's own label would."""
        rest = [other.level for other in line.steps if step.day <= other.day <= self.horizon]
        last = line.written(line.level(self.horizon))
        return self.has_end_room() and all(line.written(level) == last for level in rest)
