"""Small multiples: one small plot per direction, good, weights or measure, all on the same scales."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tariffs.asking import DayLike, as_day, as_record, as_view, as_window
from tariffs.charts import words
from tariffs.charts.alt import alt_text
from tariffs.charts.chosen import Chosen, tells_story
from tariffs.charts.drawing import Drawing
from tariffs.charts.gridlayout import LEAST_WIDE, OVER, TITLE, Place, laid_out
from tariffs.charts.labels import Anchor
from tariffs.charts.lines import Levels, Line, departing, drawn_as, line_of
from tariffs.charts.page import Box
from tariffs.charts.panel import SHADES, Panel
from tariffs.charts.sheet import Looks, Sheet, require_size
from tariffs.charts.story import DEFAULT, LEAST_TOP, doubt_of, shade, truce_of
from tariffs.charts.style import own_style
from tariffs.errors import UsageError
from tariffs.vocabulary import MEASURE_TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.figure import Figure

    from tariffs.catalog import Catalog
    from tariffs.measures import Measured
    from tariffs.model import View
    from tariffs.vocabulary import Basis, Known, Measure

ROOM_AT_END = 6.5  # for the level at the end of a line [mm]
MOST_LINES = 2


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One of the plots.

    Attributes
    ----------
    title : str
    measured : tuple of Measured
        What its lines count.
    columns : dict of str to pandas.Series
        Their levels.
    said : dict
        What is to be said of them.
    ahead : tuple of dict of date to str
        On what condition each later step of each line comes.
    known_until : date
        The last day that record and weights can vouch for.
    weighted : bool
        Whether it is the weights that end there.
    recorded : dict of str to Levels
        What is recorded, where a scenario lies over it.
    """

    title: str
    measured: tuple[Measured, ...]
    columns: dict[str, pd.Series[float]]
    said: dict[Any, Any]
    ahead: tuple[dict[date, str], ...]
    known_until: date
    weighted: bool
    recorded: dict[str, Levels]

    def lines(self) -> list[Line]:
        """Return its lines, in the style that is set."""
        titles = [one.direction.title for one in self.measured]
        return [
            line_of(
                one, name, self.columns[one.column], ahead, _look(one), upwards=not number, recorded=self.recorded[one.column]
            )
            for number, (one, name, ahead) in enumerate(zip(self.measured, titles, self.ahead, strict=True))
        ]


def panels(
    directions: str | Sequence[str] | None = None,
    *,
    measure: Measure | Sequence[Measure] = "all_goods",
    weights: str | Sequence[str] | None = None,
    good: str | Sequence[str] | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    start: DayLike | None = None,
    end: DayLike | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    columns: int | None = None,
    style: str = "paper",
    width: float | None = None,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    catalog: Catalog | None = None,
) -> Figure:
    """Draw small plots side by side on common scales: one per good, weights or measure, or where there is one, per direction.

    Each line bears its first level, its highest and its last, and what is still ahead.

    Parameters
    ----------
    directions : str or sequence of str, optional
        As in `plot`. With several goods, weights or measures, each plot has a line for each direction; at most two.
    measure : str or sequence of str
        As in `rates`, or several of them.
    weights, good, mfn, metal_share
        As in `rates`; with several measures each goes with those that take it.
    start, end, as_of, known, basis
        As in `plot`.
    columns : int, optional
        How many plots stand side by side; by default as many as can be read.
    style : str
        As in `plot`.
    width, height : float
        Of the figure [mm], 80 to 600: 174 is a page, 84 a column. Without a height, what the plots need; a slide has its own.
    title, subtitle, note : str, optional
        In place of the generated ones; an empty text leaves them out.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    matplotlib.figure.Figure
        Made without pyplot, with one Axes per plot; `save` writes it.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> from tariffs.charts import panels
    >>> figure = panels("us_on_cn", measure="stack", good=["list-1", "smartphone"], width=84)
    >>> left, right = figure.axes
    >>> left.get_ylim() == right.get_ylim()
    True
    """
    record = as_record(catalog)
    require_size(width, height)
    view = as_view(record, as_of, known, basis)
    chosen = Chosen(record, view, directions, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share)
    grid = _Grid(chosen)
    with own_style(style):
        first, final = grid.window(chosen.begin(start, grid.measured), end)
        cells = grid.cells(first, final)
        texts = (
            words.title(record, grid.measured) if title is None else title,
            words.subtitle(grid.measured) if subtitle is None else subtitle,
            grid.note(cells, (first, final)) if note is None else note,
        )
        sheet, places = laid_out(width, height, texts, [cell.title for cell in cells], columns, key=grid.key)
        drawn = [
            _draw(record, view, sheet, cell, place, (first, final), cells) for cell, place in zip(cells, places, strict=True)
        ]
    heading = texts[0] or words.title(record, grid.measured)
    told = [told for lines in drawn for line in lines for told in line.both_told]
    window = first, min(final, max(cell.known_until for cell in cells))
    alt = alt_text(f"{len(cells)} step charts", heading, words.axis(grid.measured), window, told)
    sheet.paper.tell(heading, record.source_line, alt, style)
    return sheet.paper.figure


class _Grid:
    """Which number stands in which plot."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen, self.record, self.view, self.horizon = chosen, chosen.record, chosen.view, chosen.horizon
        self.by_quantity = len(chosen.quantities) > 1
        lines = chosen.names if self.by_quantity else [""]
        if len(lines) > MOST_LINES:
            raise UsageError(f"{len(lines)} directions in each plot, expected at most {MOST_LINES}")
        self.measured = tuple(chosen.measured(name, quantity) for quantity in chosen.quantities for name in chosen.names)
        if len({one.column for one in self.measured}) < len(self.measured):
            raise UsageError("a direction is named twice")
        self.groups = [self.measured[at : at + len(lines)] for at in range(0, len(self.measured), len(lines))]

    def window(self, begin: DayLike, end: DayLike | None) -> tuple[date, date]:
        """Return the first and last day shown, with room for the levels at the ends of lines."""
        steps = [day for one in self.measured for day in self.chosen.ahead(one)]
        last = max([*(self.chosen.known_until(group) for group in self.groups), *steps])
        room = (last - as_day(begin, "start")) * (ROOM_AT_END / (LEAST_WIDE - ROOM_AT_END))
        reach = self.chosen.within(self.measured, last + max(room, timedelta(days=30)))
        first, final = as_window(self.record, begin, end, reach)
        if first == final:
            raise UsageError(f"start and end are both {first}; a chart needs two days at least")
        return first, final

    def cells(self, first: date, final: date) -> list[Cell]:
        """Return the plots with their numbers."""
        return [self.cell(group, first, final) for group in self.groups]

    def cell(self, group: tuple[Measured, ...], first: date, final: date) -> Cell:
        """Return one of the plots with its numbers."""
        known_until = self.chosen.known_until(group)
        last = min(final, known_until) if self.chosen.weighted(group) else final
        columns, said = self.chosen.levels(group, first, last)
        ahead = tuple(self.chosen.ahead(one) for one in group)
        recorded = {one.column: self.chosen.recorded(one, first, last) for one in group}
        return Cell(self.name(group[0]), group, columns, said, ahead, known_until, self.chosen.weighted(group), recorded)

    def name(self, one: Measured) -> str:
        """Return what stands above a plot: what tells it from the others."""
        if not self.by_quantity:
            return one.direction.title
        what = self.record.good(one.quantity.good).title if one.quantity.good else one.quantity.weights
        if not words.is_mixed(self.measured):
            return what
        measure = MEASURE_TITLES[one.quantity.measure]
        return f"{measure[0].upper()}{measure[1:]}{f', {what}' if what else ''}"

    @property
    def key(self) -> Looks:
        """Name and look of the lines, where there are several in a plot."""
        group = self.groups[0]
        return [(one.direction.title, _look(one)) for one in group] if len(group) > 1 else []

    def note(self, cells: list[Cell], window: tuple[date, date]) -> str:
        """Return what is excluded, what the grounds are, what is ahead, and where the numbers come from."""
        said = {key: value for cell in cells for key, value in cell.said.items()}
        ahead = {
            f"{name}, {level:g} from {words.short_day(day)}{f', {condition}' if condition else ''}": None
            for cell in cells
            for name, level, day, condition in _ahead(cell, window[1])
        }
        grounds = [departing(line for cell in cells for line in cell.lines())]
        grounds += [f"Hollow: ahead ({'; '.join(ahead)})."] if ahead else []
        if tells_story(self.measured) and truce_of(self.record):
            grounds.append(f"{SHADES['truce'][0]} ground: truce.")
        ends = sorted({(cell.known_until, cell.weighted) for cell in cells if cell.known_until < window[1]})
        if ends:
            after = ", ".join(f"{doubt_of(self.view, weighted=weighted)} after {words.short_day(day)}" for day, weighted in ends)
            grounds.append(f"{SHADES['not-verified'][0]} ground: {after}.")
        seen = max(min(window[1], cell.known_until) if cell.weighted else window[1] for cell in cells)
        return " ".join([*filter(None, grounds), words.note(self.record, self.measured, (window[0], seen), said)])


def _ahead(cell: Cell, final: date) -> list[tuple[str, float, date, str]]:
    """Return the steps ahead in a plot: of which line, to which level, from when and on what condition."""
    found = []
    for one, events in zip(cell.measured, cell.ahead, strict=True):
        column, name = cell.columns[one.column], one.direction.title
        name = f"{cell.title}, {name}" if len(cell.measured) > 1 else cell.title
        for stamp, level, before in zip(column.index[1:], column[1:], column, strict=False):
            if level != before and stamp.date() in events and stamp.date() <= final:
                found.append((name, float(level), stamp.date(), events[stamp.date()]))
    return found


def _draw(
    record: Catalog, view: View, sheet: Sheet, cell: Cell, place: Place, window: tuple[date, date], cells: list[Cell]
) -> list[Line]:
    """Draw one plot and return its lines, named for the alt text."""
    first, final = window
    shown = min(cell.known_until, final)
    lines = cell.lines()
    panel = Panel(sheet.paper, sheet.size, narrow=True, sides=(place.box.left, place.box.right), first=first, final=final)
    panel.edge = min(place.box.right + place.aside - panel.half_a_year, sheet.paper.width)
    shade(panel, record, shown, story=tells_story(cell.measured), doubt=doubt_of(view, weighted=cell.weighted))
    panel.open(place.box)
    panel.ax.set_gid(cell.title)
    panel.scale(min(_levels(cells), default=0), max(LEAST_TOP, *_levels(cells)), "")
    panel.ax.tick_params(labelleft=place.left, labelbottom=place.foot)
    sheet.paper.write(place.box.left, place.box.top + OVER, place.title, va="baseline", gid="panel", fontsize=sheet.size, **TITLE)
    panel.finish_unnamed()
    _Small(panel, lines, shown, dotted=not cell.weighted).draw()
    several = len(cell.measured) > 1
    return [replace(line, title=f"{cell.title}, {line.title}" if several else cell.title) for line in lines]


def _look(one: Measured) -> dict[str, Any]:
    """Return how the line of a direction looks, in every plot the same."""
    return drawn_as(DEFAULT.index(one.direction.name) if one.direction.name in DEFAULT else len(DEFAULT))


def _levels(cells: list[Cell]) -> list[float]:
    shown = [float(level) for cell in cells for column in cell.columns.values() for level in column]
    return [0.0, *shown, *(level for cell in cells for levels in cell.recorded.values() for _, level in levels)]


class _Small(Drawing):
    """Lines with as few labels as tell them: the first level, the highest, the last, and what is ahead."""

    def draw(self) -> None:
        """Draw the lines and write their labels."""
        self.draw_lines()
        self.places.take(self.obstacles())
        for line in self.lines:
            self.name_end(line)
        self.name_expected()
        for line in self.lines:
            peak = line.peak_until(self.horizon)
            if line.level(self.horizon) != peak:
                self.name_peak(line)
            if line.start and line.start != peak:
                self.name_start(line)

    def name_end(self, line: Line) -> None:
        """Write the last level that counts, after its line or above it."""
        x, y = self.page.x(min(self.horizon + timedelta(days=1), self.page.final)), self.page.y(line.level(self.horizon))
        lift = 0.8 if line.upwards else -0.8
        va = "bottom" if line.upwards else "top"
        anchors = [Anchor(x + 0.8, y), Anchor(x + 0.8, y + lift, "left", va), Anchor(x - 0.4, y + lift, "right", va)]
        style = {"fontsize": self.size, "color": line.style["color"], "fontweight": "bold"}
        self.places.label(line.written(line.level(self.horizon)), anchors, Box(x, y, x, y), gid=f"end-{line.name}", **style)

    def name_peak(self, line: Line) -> None:
        """Write the highest level above its line, or beside it."""
        peak = line.peak_until(self.horizon)
        since = [step.day for step in line.steps if step.level == peak and step.day <= self.horizon]
        begin = since[-1] if since else self.page.first
        left = next((step.day for step in line.steps if step.day > begin), self.page.final)
        x, end, y = self.page.x(begin), self.page.x(left), self.page.y(peak)
        anchors = [Anchor((x + end) / 2, y + 0.8, "center", "bottom"), Anchor(x - 0.8, y - 1, "right"), Anchor(end + 0.8, y - 1)]
        style = {"fontsize": self.size, "color": line.style["color"], "fontweight": "bold"}
        self.places.label(line.written(peak), anchors, Box(x, y, end, y), gid=f"name-{line.name}", **style)

    def name_expected(self) -> None:
        """Mark each step ahead with a hollow marker and its level; the note says the day and the condition."""
        for line in self.lines:
            for step in (step for step in line.steps if step.day > self.horizon):
                x, y = self.mark_expected(line, step)
                anchors = [Anchor(x - 1.4, y, "right"), Anchor(x, y + 1.4, "center", "bottom"), Anchor(x + 1.4, y)]
                style = {"fontsize": self.size - 0.4, "color": line.style["color"]}
                self.places.label(line.written(step.level), anchors, Box(x, y, x, y), gid=f"ahead-{line.name}", **style)
