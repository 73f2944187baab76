"""What a rate is made of: its parts as stepped areas, stacked under the line of their total."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import accumulate, cycle, pairwise, takewhile
from math import hypot
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.dates import date2num

from tariffs.asking import DayLike, as_quantity, as_view, as_window, packaged
from tariffs.charts import words
from tariffs.charts.alt import Told, alt_text
from tariffs.charts.drawing import END_ROOM, Drawing
from tariffs.charts.labels import Anchor, along
from tariffs.charts.lines import MINUS, Line, Step, ahead_of, line_of
from tariffs.charts.page import MM, Box, Point, crossing
from tariffs.charts.panel import INK
from tariffs.charts.sheet import Sheet, require_size, width_of
from tariffs.charts.story import DEFAULT_START, LEAST_TOP, STORY, annotations_of, doubt_of, room_after, shade
from tariffs.charts.style import own_style
from tariffs.errors import UsageError
from tariffs.frames import parts, series
from tariffs.measures import Measured, measure_of
from tariffs.vocabulary import PARTS, choose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from tariffs.catalog import Catalog
    from tariffs.charts.page import Page
    from tariffs.charts.panel import Panel
    from tariffs.vocabulary import Basis, Known, Measure, Part

Face = tuple[str, str]

SLIGHT = 0.005  # of the highest total: a part that is never more than this is too thin to be told from its outline
TIGHT = 100  # a plot that is less wide [mm]
MOST = {True: 6, False: 10}  # parts in a tight plot and in a wide one; the smallest of more are gathered
SMALLER = "Smaller parts"
CROWDED_END = 2  # so many names without room in their areas stand beside the plot
MARGINS = {True: (19.0, 34.0), False: (30.0, 54.0)}  # beside the plot, narrowest and widest [mm]
HAIR, AFTER = 3.0, 4.0  # room for the hairs, and for the ground after the last day where names stand beside it [mm]
PLOT_SHARE = {True: 0.35, False: 0.45}  # of the page's height is the plot's in a column and on a page, about
PAD = 0.6  # around a name in its area [mm]
NAME_GAP, CLEAR = 0.8, 0.3  # between names, and between a hair and a text that it passes [mm]
LEAST_WRITTEN = 0.005  # what two digits can say [percent]
LEAST_AREA = 1e-9  # less is what rounding leaves of 0 [percent]
TRIM = 0.15  # off each side of what is kept free of text around the line [mm]
DOT = 0.7  # around a hair's dot [mm]
INSET = 1.5  # of a hair's end from the ends of its area [mm]
TARGETS = tuple(share / 20 for share in range(21))  # where across its area a hair may end
GRID, GRID_COLUMNS = 1.5, 80  # a free place is looked for in steps of so much [mm], or in so many
OUTLINE, OUTLINE_WIDTH, HATCH_WIDTH = "#3C3C3C", 0.3, 0.35
# Of a line's width, in a column and on a page: between its sides a tower of a month must show.
TOTAL_WIDTH = {True: 0.5, False: 0.65}

# Light, middling and white by turns, each with a pattern of its own: neighbours differ in grey too, and ink is read on all of
# them. A family looks the same in every chart, and what answers it on the other side looks like it.
MFN_FACE = ("#E0E0E0", "")
METALS_FACE, LISTS_FACE = ("#EFE3C8", "xxxx"), ("#E08F52", "")
FENTANYL_FACE, RECIPROCAL_FACE = ("#DCE9F5", "////"), ("#6FA0CF", "||")
FAMILY_FACES = {
    "s232-metals": METALS_FACE,
    "cn-answer-s232": METALS_FACE,
    "s301-lists": LISTS_FACE,
    "cn-answer-s301": LISTS_FACE,
    "s301-review": ("#FFFFFF", "...."),
    "ieepa-fentanyl": FENTANYL_FACE,
    "cn-answer-fentanyl": FENTANYL_FACE,
    "s232-vehicles": ("#FFFFFF", "||||"),
    "ieepa-reciprocal": RECIPROCAL_FACE,
    "cn-answer-reciprocal": RECIPROCAL_FACE,
    "s122": ("#E3F0D8", "\\\\\\\\"),
    "s301-forced-labour": ("#B993C6", "...."),
}
FURTHER_FACES = (("#6BAF8E", ""), ("#F2E6F4", "++++"), ("#A8A8A8", "////"), ("#FFF6CF", "||||"), ("#C9B45A", "xxxx"))
FACES = (
    ("#6FA0CF", ""),
    ("#FBE6D0", "////"),
    ("#6BAF8E", "...."),
    ("#F2E6F4", "\\\\\\\\"),
    ("#E08F52", ""),
    ("#DCE9F5", "xxxx"),
    ("#B993C6", "////"),
    ("#E3F0D8", "...."),
    ("#A8A8A8", "\\\\\\\\"),
    ("#FFF6CF", "||||"),
)
AUTHORITIES = {"RETALIATION": "Retaliation", "ADCVD": "Anti-dumping and countervailing duties"}


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One part of a stack.

    Attributes
    ----------
    name, title : str
        What `parts` calls it, and what is written at it.
    lower, upper : tuple of float
        Its edges over each stretch of days [percent].
    face, hatch : str
    """

    name: str
    title: str
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    face: str
    hatch: str

    @property
    def levels(self) -> list[float]:
        """What it adds over each stretch [percent]."""
        return [upper - lower for lower, upper in zip(self.lower, self.upper, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Layers over stretches of days.

    Attributes
    ----------
    days : tuple of date
        The first day of each stretch, and the day after the last one.
    layers : tuple of Layer
        From the bottom up.
    remarks : tuple of str
        What the note must say of parts that are not drawn as they are.
    """

    days: tuple[date, ...]
    layers: tuple[Layer, ...]
    remarks: tuple[str, ...]

    def is_seen(self, layer: Layer) -> bool:
        """Whether a part has a name on the plot; smaller parts that together are thin too are in the note alone."""
        return layer.name != SMALLER or max(layer.levels) >= SLIGHT * max(self.layers[-1].upper)

    def boxes(self, panel: Panel) -> list[Box]:
        """Return what the stack covers [mm], stretch by stretch."""
        tops = self.layers[-1].upper
        xs = [panel.x(day) for day in self.days]
        return [Box(x, panel.plot.bottom, end, panel.y(top)) for (x, end), top in zip(pairwise(xs), tops, strict=True)]


@dataclass(frozen=True, slots=True)
class Margin:
    """Where names stand at the right: its left edge, where hairs arrive, and how wide names may be [mm]."""

    left: float
    width: float


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
    record = catalog or packaged()
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
        make = partial(_stack, record, one, by, table, window)
        stack, panel, margin = _laid_out(page, make, window, roomy=end is not None)
        shade(panel, record, window.shown, story=_tells_story(one), doubt=doubt_of(view, weighted=window.weighted))
        texts = (
            f"{words.title(record, (one,))}, by {_called(by)}" if title is None else title,
            words.subtitle((one,)) if subtitle is None else subtitle,
            _note(record, one, window, stack, frame.attrs) if note is None else note,
        )
        page.compose(panel, texts, _told_events(record, one, window, panel))
        panel.scale(min(line.trough, 0, *stack.layers[0].upper), max(line.peak, LEAST_TOP), words.axis((one,)))
        panel.finish()
        _draw(panel, stack, line, window, margin)
    heading = texts[0] or f"{words.title(record, (one,))}, by {_called(by)}"
    shown = window.first, window.shown
    told = [line.told, *(_layer_told(layer, stack.days, line) for layer in stack.layers)]
    page.paper.tell(heading, record.source_line, alt_text("Stacked areas", heading, words.axis((one,)), shown, told), style)
    return panel.ax


@dataclass(frozen=True, slots=True)
class Window:
    """The days of one chart.

    Attributes
    ----------
    first, edge : date
        At the left and at the right edge of the plot.
    known : date
        The last day that a number is asked for.
    shown : date
        The last day of the areas.
    ahead : dict of date to str
        On what condition each later step of the total comes.
    weighted : bool
        Whether it is the weights that end there.
    """

    first: date
    edge: date
    known: date
    shown: date
    ahead: dict[date, str]
    weighted: bool


def _window(record: Catalog, one: Measured, start: DayLike | None, end: DayLike | None, width: float) -> Window:
    horizon = one.view.horizon(record.release.known_through)
    known_until = min(horizon, one.weights.last_day) if one.weights else horizon
    ahead = {} if one.weights else ahead_of(one, horizon)
    begin = start if start is not None else DEFAULT_START if one.quantity.measure == "all_goods" else record.release.covers_from
    last = max([known_until, *ahead])
    first, final = as_window(record, begin, end, last + room_after(begin, last, width))
    if first == final:
        raise UsageError(f"start and end are both {first}; a chart needs two days at least")
    known = min(final, known_until) if known_until < horizon else final
    one.total(first, known)
    if first > known_until:
        raise UsageError(f"found start {first}, expected {known_until} or earlier, the last day that parts are drawn for")
    ahead = {day: condition for day, condition in ahead.items() if day <= final}
    return Window(first, final + timedelta(days=1), known, min(known_until, final), ahead, known_until < horizon)


def _total(one: Measured, column: pd.Series[float], window: Window, *, narrow: bool) -> Line:
    """Return the line on top."""
    look = {"color": INK, "linestyle": "-", "linewidth": mpl.rcParams["lines.linewidth"] * TOTAL_WIDTH[narrow]}
    return line_of(one, "total", column, window.ahead, look, upwards=True)


def _stack(record: Catalog, one: Measured, by: Part, table: pd.DataFrame, window: Window, most: int) -> Stack:
    """Return the parts of a rate on top of each other."""
    days = [stamp.date() for stamp in table.index if stamp.date() <= window.shown]
    raw = {name: table[name].tolist()[: len(days)] for name in _order(one, by) if any(table[name].tolist()[: len(days)])}
    if not raw:
        raise UsageError(f"{one.column}: found 0 on every day from {window.first} to {window.shown}, expected a part to draw")
    titles = {name: _title(record, one, by, name) for name in raw}
    families = {part.label(by): part.duties[0].family for part in one.parts if part.duties}
    levels = _above_zero(raw, families)
    below = [f"{titles[name]}, down to {_points(min(values))}" for name, values in raw.items() if min(values) < 0]
    kept, gathered = _sifted(levels, most)
    if gathered:
        kept[SMALLER] = [sum(values) for values in zip(*gathered.values(), strict=True)]
    small = [f"{titles[name]}, at most {_points(max(values))}" for name, values in gathered.items() if max(values) > 0]
    remarks = (
        [f"Smaller parts: {'; '.join(small)}."] if small else [],
        [f"Below 0, so taken off other parts: {'; '.join(below)}."] if below else [],
    )
    layers = _layers(kept, titles | {SMALLER: SMALLER}, _faces(one, by, kept))
    return Stack((*days, window.shown + timedelta(days=1)), layers, tuple(remark for group in remarks for remark in group))


def _order(one: Measured, by: Part) -> list[str]:
    """Return the parts from the bottom up: MFN, then by the day on which each first appeared, whatever the window."""
    begun: dict[str, tuple[bool, date, str]] = {}
    for part in one.parts:
        name = part.label(by)
        above = all(duty.scope != "schedule" for duty in part.duties)
        day = min((day for day, points in part.points if points), default=date.max)
        begun[name] = min(begun.get(name, (above, day, name)), (above, day, name))
    return sorted(begun, key=lambda name: begun[name])


def _above_zero(levels: dict[str, list[float]], families: dict[str, str]) -> dict[str, list[float]]:
    """Return levels of which none is below 0 while the sum is not: others give what it lacks, those of its family first."""
    found = {name: list(values) for name, values in levels.items()}
    for number in range(len(next(iter(levels.values())))):
        for name in [name for name in levels if levels[name][number] < 0]:
            lacking, found[name][number] = -levels[name][number], 0.0
            for other in sorted(found, key=lambda other: (families[other] != families[name], -levels[other][number])):
                given = min(lacking, max(found[other][number], 0.0))
                found[other][number] -= given
                lacking -= given
            found[name][number] -= lacking
    return found


def _sifted(levels: dict[str, list[float]], most: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return the parts that are drawn on their own, and those too thin or too many for that."""
    highest = max(sum(values) for values in zip(*levels.values(), strict=True))
    tall = sorted(levels, key=lambda name: -max(levels[name]))
    kept = {name for name in tall[:most] if max(levels[name]) >= SLIGHT * highest}
    gathered = {name: values for name, values in levels.items() if name not in kept}
    return {name: values for name, values in levels.items() if name in kept}, gathered


def _layers(levels: dict[str, list[float]], titles: dict[str, str], faces: dict[str, Face]) -> tuple[Layer, ...]:
    edges = list(accumulate(levels.values(), lambda lower, values: [a + b for a, b in zip(lower, values, strict=True)]))
    floors = [[0.0] * len(edges[0]), *edges]
    return tuple(
        Layer(name, titles[name], tuple(lower), tuple(upper), *faces[name])
        for name, (lower, upper) in zip(levels, pairwise(floors), strict=True)
    )


def _faces(one: Measured, by: Part, names: Iterable[str]) -> dict[str, Face]:
    """Return what parts look like: MFN and the families each in their own way, others in turn."""
    schedule = {part.label(by) for part in one.parts if any(duty.scope == "schedule" for duty in part.duties)}
    own = dict.fromkeys(schedule, MFN_FACE) | (FAMILY_FACES if by == "family" else {})
    free = cycle(FURTHER_FACES if by == "family" else FACES)
    return {name: own[name] if name in own else next(free) for name in names}


def _title(record: Catalog, one: Measured, by: Part, name: str) -> str:
    """Return what is written at a part."""
    if by == "family":
        return record.families[name].title
    if by == "authority":
        return AUTHORITIES.get(name, f"Section {name[1:]}" if name[1:].isdigit() else name)
    duties = next(part.duties for part in one.parts if part.label(by) == name)
    names = [duty.title for duty in duties]
    if len(names) == 1:
        return names[0]
    shared = _shared(names)
    if len(names) > 3 or not shared:
        return f"{record.families[duties[0].family].title} ({len(names)} duties together)"
    *some, last = (name.removeprefix(f"{shared} ") for name in names)
    return f"{shared} {', '.join(some)} and {last}"


def _shared(names: list[str]) -> str:
    """Return the words that names begin with."""
    words_of = [name.split() for name in names]
    same = takewhile(lambda column: len(set(column)) == 1, zip(*words_of, strict=False))
    return " ".join(column[0] for column in same)


def _called(by: Part) -> str:
    return {"family": "family of duties", "duty": "duty", "authority": "authority"}[by]


def _points(value: float) -> str:
    return (f"{value:.2f}" if abs(value) >= LEAST_WRITTEN else f"{value:.1g}").replace("-", MINUS)


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


def _laid_out(page: Sheet, make: Callable[[int], Stack], window: Window, *, roomy: bool) -> tuple[Stack, Panel, Margin | None]:
    """Return the stack, of as many parts as can be named, its plot, and a margin for the names that have no room in it."""
    tight = _is_tight(page.panel(window.first, window.edge))
    for most in range(MOST[tight], 0, -1):
        stack, panel = make(most), page.panel(window.first, window.edge)
        names = _homeless(page, stack, panel)
        if len(names) < CROWDED_END or window.ahead or (page.given is not None and roomy):
            return stack, panel, None
        narrowest, widest = (width * page.scale for width in MARGINS[tight])
        for width in (narrowest, (narrowest + widest) / 2, widest):
            if most == 1 or _fit_beside(page, panel, names, width):
                return stack, panel, _make_margin(page, panel, window, width, roomy=roomy)
    raise AssertionError("one part is named on any page")


def _make_margin(page: Sheet, panel: Panel, window: Window, width: float, *, roomy: bool) -> Margin:
    """Make room for names on the right: beside the plot, or in axes of the user's over the ground after the last day."""
    margin = Margin(panel.right - width, width - HAIR)
    after = AFTER
    if page.given is None:
        panel.right = margin.left
    else:
        after += width
    if not roomy:
        days = (window.shown - window.first).days * after / (panel.right - panel.left - after)
        panel.final = window.shown + timedelta(days=1 + max(round(days), 1))
    return margin


def _is_tight(panel: Panel) -> bool:
    return panel.right - panel.left < TIGHT


def _likely_height(page: Sheet, panel: Panel) -> float:
    """Return how high the plot will be [mm], about: what surrounds it is not written yet."""
    if page.given is not None:
        return page.paper.height * page.given.get_position().height
    return page.paper.height * PLOT_SHARE[_is_tight(panel)]


def _homeless(page: Sheet, stack: Stack, panel: Panel) -> list[str]:
    """Return the names of parts that are there at the end and have no room for their name in their area."""
    height, top = _likely_height(page, panel), max(*stack.layers[-1].upper, LEAST_TOP)
    scale = 1 - MARGINS[_is_tight(panel)][0] * page.scale / (panel.right - panel.left)
    found = []
    for layer in filter(stack.is_seen, stack.layers):
        rooms = [
            Box(panel.x(begin) * scale, low / top * height, panel.x(end) * scale, high / top * height)
            for begin, end, low, high in _stretches(layer, stack.days)
        ]
        if layer.levels[-1] > 0 and _inside(page.paper, layer.title, rooms, page.size) is None:
            found.append(layer.title)
    return found


def _fit_beside(page: Sheet, panel: Panel, names: list[str], width: float) -> bool:
    """Whether names and the total have room in a margin, and none has a word that is wider."""
    words_of = [word for name in names for word in name.split()]
    if max(page.paper.measure(word, fontsize=page.size)[0] for word in words_of) > width - HAIR:
        return False
    wrapped = [page.paper.wrap(name, width - HAIR, fontsize=page.size) for name in ["0", *names]]
    return sum(page.paper.measure(text, fontsize=page.size)[1] + NAME_GAP for text in wrapped) < _likely_height(page, panel)


def _stretches(layer: Layer, days: Sequence[date]) -> Iterator[tuple[date, date, float, float]]:
    """Yield the rectangles that lie in a layer: first day, day after the last, lower and upper edge [percent]."""
    for begin in range(len(layer.lower)):
        low, high = layer.lower[begin], layer.upper[begin]
        for end in range(begin, len(layer.lower)):
            low, high = max(low, layer.lower[end]), min(high, layer.upper[end])
            if high - low < LEAST_AREA:
                break
            yield days[begin], days[end + 1], low, high


def _inside(paper: Page, title: str, rooms: Sequence[Box], size: float) -> tuple[str, Box] | None:
    """Return a name, in as few lines as can be, and the place in its area that leaves most room around it."""
    for text in _broken(title):
        width, height = paper.measure(text, fontsize=size)
        slack = {room: min(room.right - room.left - width - 2 * PAD, room.top - room.bottom - height - PAD) for room in rooms}
        best = max(rooms, key=lambda room: slack[room], default=None)
        if best is not None and slack[best] >= 0:
            return text, best
    return None


def _broken(title: str) -> Iterator[str]:
    """Yield a name in one line, two and three, each as narrow as it can be."""
    longest = max(len(word) for word in title.split())
    for lines in (1, 2, 3):
        for width in range(longest, len(title) + 1):
            broken = textwrap.wrap(title, width, break_on_hyphens=False)
            if len(broken) <= lines:
                yield "\n".join(broken)
                break


def _draw(panel: Panel, stack: Stack, line: Line, window: Window, margin: Margin | None) -> None:
    """Draw the areas, the line of their total with its levels, and the names of the parts."""
    _fill(panel, stack)
    panel.places.take(stack.boxes(panel))
    names = _Names(panel, stack, margin)
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
        boxes = (Box(x, y, x + width, y + height) for x, y in _grid(area, width, height))
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


class _Names:
    """The names of parts: in their areas where they fit, else beside the plot or above the stack with a hair."""

    def __init__(self, panel: Panel, stack: Stack, margin: Margin | None) -> None:
        self.panel, self.stack = panel, stack
        self.paper, self.places = panel.paper, panel.places
        self.dots: list[Box] = []
        self.style: dict[str, Any] = {"fontsize": panel.size, "color": INK, "linespacing": 1.1}
        homeless = [layer for layer in stack.layers if stack.is_seen(layer) and not self.write_inside(layer)]
        self.beside = [layer for layer in homeless if margin and layer.levels[-1] > 0]
        self.above = [layer for layer in homeless if layer not in self.beside]

    def rooms(self, layer: Layer) -> list[Box]:
        """Return the rectangles that lie in a layer [mm]."""
        panel = self.panel
        return [
            Box(panel.x(begin), panel.y(low), panel.x(end), panel.y(high))
            for begin, end, low, high in _stretches(layer, self.stack.days)
        ]

    def write_inside(self, layer: Layer) -> bool:
        """Write a name in its area, on a patch of the area's own colour that keeps the hatch away from it."""
        found = _inside(self.paper, layer.title, self.rooms(layer), self.panel.size)
        if found is None:
            return False
        text, room = found
        x, y = (room.left + room.right) / 2, (room.bottom + room.top) / 2
        patch = {"facecolor": layer.face, "edgecolor": "none", "pad": 0.4} if layer.hatch else None
        self.paper.write(x, y, text, ha="center", va="center", gid=f"part-{layer.name}", bbox=patch, **self.style)
        return True

    def write_beside(self, margin: Margin, total: str) -> None:
        """Write names and the last level of the total beside the plot, with hairs from their ends, in the order of the stack."""
        limit, left = self.panel.x(self.stack.days[-1]), margin.left + HAIR
        entries = [(f"part-{layer.name}", layer.title, layer.lower[-1], layer.upper[-1]) for layer in self.beside]
        top = self.stack.layers[-1].upper[-1]
        entries.append(("end-total", total, top, top))
        texts = [self.paper.wrap(text, margin.width, **self.style) for _, text, *_ in entries]
        heights = [self.paper.measure(text, **self.style)[1] for text in texts]
        ends = [self.panel.y((low + high) / 2) for *_, low, high in entries]
        for (gid, *_), text, end, middle in zip(entries, texts, ends, self.spread(ends, heights), strict=True):
            bold = {"fontweight": "bold"} if gid == "end-total" else {}
            name = self.paper.write(left, middle, text, ha="left", va="center", gid=gid, **bold, **self.style)
            self.places.take([self.paper.box(name)])
            self.hair((limit, end), (margin.left, middle), (left - 0.5, middle))
            self.places.take(along((limit, end), (margin.left, middle)))

    def spread(self, wanted: list[float], heights: list[float]) -> list[float]:
        """Return heights [mm] at which names of these heights meet nothing, in their order and near to where they are wanted."""
        found: list[float] = []
        floor = self.panel.plot.bottom
        for middle, height in zip(wanted, heights, strict=True):
            found.append(max(middle, floor + height / 2))
            floor = found[-1] + height / 2 + NAME_GAP
        ceiling = max(self.panel.plot.top, self.panel.plot.bottom + sum(heights) + NAME_GAP * (len(heights) - 1))
        for number in reversed(range(len(found))):
            found[number] = min(found[number], ceiling - heights[number] / 2)
            ceiling = found[number] - heights[number] / 2 - NAME_GAP
        return found

    def write_above(self) -> None:
        """Write each other name in the nearest free place from which a hair reaches its area across no text."""
        for layer in reversed(self.above):  # the later, the less room to the right of it
            area = max(self.rooms(layer), key=lambda room: (room.right - room.left) * (room.top - room.bottom))
            inset = min(INSET, (area.right - area.left) / 4)
            targets = [
                (area.left + inset + share * (area.right - area.left - 2 * inset), (area.bottom + area.top) / 2)
                for share in TARGETS
            ]
            text, anchor, target = self.free_place(list(dict.fromkeys(_broken(layer.title))), targets)
            artist, _ = self.places.put(text, [anchor], gid=f"part-{layer.name}", **self.style)
            self.hair(target, _wider(self.paper.box(artist), CLEAR).nearest(target), dot=True)
            self.dots.append(Box(target[0] - DOT, target[1] - DOT, target[0] + DOT, target[1] + DOT))

    def free_place(self, texts: list[str], targets: list[Point]) -> tuple[str, Anchor, Point]:
        """Return the place with the shortest hair where a text is free, and its hair crosses no text and no other hair."""
        plot = self.places.area
        written = [*self.dots, *(box for one in self.paper.figure.texts if (box := self.paper.box(one)).meets(plot))]
        drawn = [ends for one in self.paper.figure.lines if plot.struck(*(ends := self.ends_of(one)), CLEAR)]
        for text, box in self.places_near(texts, targets):
            if not self.places.free(_wider(box, PAD)) or any(box.struck(*ends, CLEAR) for ends in drawn):
                continue
            for target in sorted(targets, key=lambda target: (_cost(box, target), abs(target[0] - (box.left + box.right) / 2))):
                hair = target, box.nearest(target)
                if not any(other.struck(*hair, CLEAR) for other in written) and not any(crossing(hair, ends) for ends in drawn):
                    return text, Anchor(box.left, (box.bottom + box.top) / 2), target
        return texts[0], Anchor(*targets[0]), targets[0]

    def places_near(self, texts: list[str], targets: list[Point]) -> list[tuple[str, Box]]:
        """Return the places of a name, in one line or more, those with the shortest and steepest hair first."""
        found: list[tuple[float, float, float, str, Box]] = []
        for lines, text in enumerate(texts):
            width, height = self.paper.measure(text, **self.style)
            for x, y in _grid(self.places.area, width, height):
                box = Box(x, y, x + width, y + height)
                found.append((lines + _cost(box, *targets), x, y, text, box))
        return [(text, box) for *_, text, box in sorted(found, key=lambda place: place[:3])]

    def ends_of(self, line: Line2D) -> tuple[Point, Point]:
        """Return where a straight line that was drawn on the page begins and ends [mm]."""
        begin, *_, end = line.get_transform().transform(line.get_xydata()) / self.paper.figure.dpi * MM
        return (float(begin[0]), float(begin[1])), (float(end[0]), float(end[1]))

    def hair(self, *points: Point, dot: bool = False) -> None:
        """Draw a hair through points [mm], with a casing that lets it be seen on an area."""
        for number, (begin, end) in enumerate(pairwise(points)):
            self.paper.rule(*begin, *end, color="white", linewidth=1.1, gid="casing", zorder=2)
            mark: dict[str, Any] = {"marker": "o", "markevery": [0], "markersize": 1.8} if dot and not number else {}
            self.paper.rule(*begin, *end, color=INK, linewidth=0.45, gid="hair", zorder=2.1, **mark)


def _grid(area: Box, width: float, height: float) -> Iterator[Point]:
    """Yield the lower left corners [mm] at which something of a size is looked for a place."""
    step = max(GRID, (area.right - area.left) / GRID_COLUMNS)
    for column in range(int((area.right - area.left - width) / step) + 1):
        for row in range(int((area.top - area.bottom - height) / step) + 1):
            yield area.left + column * step, area.bottom + row * step


def _wider(box: Box, gap: float) -> Box:
    return Box(box.left - gap, box.bottom, box.right + gap, box.top)


def _cost(box: Box, *targets: Point) -> float:
    """Return how long a hair is from a box to the nearest of targets in a row [mm]; what it goes aside counts twice."""
    aside = max(0.0, targets[0][0] - box.right, box.left - targets[-1][0])
    upright = max(0.0, targets[0][1] - box.top, box.bottom - targets[0][1])
    return hypot(aside, upright) + aside
