"""Small multiples: one small plot per direction, good, weights or measure, all on the same scales."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tariffs.asking import DayLike, as_day, as_names, as_quantities, as_view, as_window, directions_of, packaged
from tariffs.charts import words
from tariffs.charts.alt import alt_text
from tariffs.charts.drawing import Drawing
from tariffs.charts.gridlayout import LEAST_WIDE, OVER, TITLE, Place, laid_out
from tariffs.charts.labels import Anchor
from tariffs.charts.lines import Line, ahead_of, drawn_as, line_of
from tariffs.charts.page import Box
from tariffs.charts.panel import SHADES, Panel
from tariffs.charts.sheet import Looks, Sheet, require_size
from tariffs.charts.story import DEFAULT, DEFAULT_START, LEAST_TOP, STORY, doubt_of, shade
from tariffs.charts.style import own_style, require_letters
from tariffs.errors import UsageError
from tariffs.frames import rates
from tariffs.measures import Measured, measure_of
from tariffs.vocabulary import MEASURE_TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.figure import Figure

    from tariffs.catalog import Catalog
    from tariffs.model import Quantity, View
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
    frame : pandas.DataFrame
        Their levels.
    ahead : tuple of dict of date to str
        On what condition each later step of each line comes.
    known_until : date
        The last day that record and weights can vouch for.
    """

    title: str
    measured: tuple[Measured, ...]
    frame: pd.DataFrame
    ahead: tuple[dict[date, str], ...]
    known_until: date


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
    record = catalog or packaged()
    require_size(width, height)
    for name, text in (("title", title), ("subtitle", subtitle), ("note", note)):
        require_letters(name, text or "")
    view = as_view(record, as_of, known, basis)
    quantities = _quantities(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share)
    whole = all(quantity.measure == "all_goods" for quantity in quantities)
    if directions is None:
        directions = DEFAULT if whole else directions_of(record, quantities)
    grid = _Grid(record, view, as_names(record, directions), quantities)
    begin = start if start is not None else DEFAULT_START if whole else record.release.covers_from
    with own_style(style):
        first, final = grid.window(begin, end)
        cells = grid.cells(first, final)
        texts = (
            grid.title if title is None else title,
            grid.subtitle if subtitle is None else subtitle,
            grid.note(cells, (first, final)) if note is None else note,
        )
        sheet, places = laid_out(width, height, texts, [cell.title for cell in cells], columns, key=grid.key)
        drawn = [
            _draw(record, view, sheet, cell, place, (first, final), cells) for cell, place in zip(cells, places, strict=True)
        ]
    heading = texts[0] or grid.title
    told = [line.told for lines in drawn for line in lines]
    unit = " or ".join(dict.fromkeys(words.axis((one,)) for one in grid.measured))
    window = first, min(final, max(cell.known_until for cell in cells))
    alt = alt_text(f"{len(cells)} step charts", heading, unit, window, told)
    sheet.paper.tell(heading, record.source_line, alt, style)
    return sheet.paper.figure


def _quantities(
    record: Catalog,
    measure: Measure | Sequence[Measure],
    *,
    weights: str | Sequence[str] | None,
    good: str | Sequence[str] | None,
    mfn: bool,
    metal_share: float | None,
) -> tuple[Quantity, ...]:
    """Return the numbers that are asked for; with several measures, weights and goods go with those that take them."""
    if isinstance(measure, str):
        return as_quantities(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share)
    found: list[Quantity] = []
    for one in dict.fromkeys(measure):
        own: dict[str, Any] = {"weights": weights} if one in ("average", "covered") else {}
        own |= {"good": good, "mfn": mfn, "metal_share": metal_share} if one == "stack" else {}
        found += as_quantities(record, one, **own)
    if not found:
        raise UsageError("measure: found an empty list, expected names")
    return tuple(found)


class _Grid:
    """Which number stands in which plot."""

    def __init__(self, record: Catalog, view: View, names: list[str], quantities: tuple[Quantity, ...]) -> None:
        self.record, self.view = record, view
        self.by_quantity = len(quantities) > 1
        lines = names if self.by_quantity else [""]
        if len(lines) > MOST_LINES:
            raise UsageError(f"{len(lines)} directions in each plot, expected at most {MOST_LINES}")
        pairs = [(name, quantity) for quantity in quantities for name in names]
        self.measured = tuple(measure_of(record, name, quantity, view) for name, quantity in pairs)
        if len({one.column for one in self.measured}) < len(self.measured):
            raise UsageError("a direction is named twice")
        self.groups = [self.measured[at : at + len(lines)] for at in range(0, len(self.measured), len(lines))]
        self.horizon = view.horizon(record.release.known_through)

    def known_until(self, group: tuple[Measured, ...]) -> date:
        """Return the last day that record and weights can vouch for."""
        return min([self.horizon, *(one.weights.last_day for one in group if one.weights)])

    def window(self, begin: DayLike, end: DayLike | None) -> tuple[date, date]:
        """Return the first and last day shown, with room for the levels at the ends of lines."""
        steps = [day for one in self.measured if one.weights is None for day in ahead_of(one, self.horizon)]
        last = max([*(self.known_until(group) for group in self.groups), *steps])
        room = (last - as_day(begin, "start")) * (ROOM_AT_END / (LEAST_WIDE - ROOM_AT_END))
        first, final = as_window(self.record, begin, end, last + max(room, timedelta(days=30)))
        if first == final:
            raise UsageError(f"start and end are both {first}; a chart needs two days at least")
        return first, final

    def cells(self, first: date, final: date) -> list[Cell]:
        """Return the plots with their numbers."""
        return [self.cell(group, first, final) for group in self.groups]

    def cell(self, group: tuple[Measured, ...], first: date, final: date) -> Cell:
        known_until, quantity = self.known_until(group), group[0].quantity
        weighted = known_until < self.horizon
        for one in group:
            one.total(first, min(final, known_until))
        frame = rates(
            [one.direction.name for one in group],
            measure=quantity.measure,
            weights=quantity.weights or None,
            good=quantity.good or None,
            mfn=quantity.mfn,
            metal_share=None if quantity.metal_share is None else float(quantity.metal_share),
            start=first,
            end=min(final, known_until) if weighted else final,
            as_of=self.view.as_of,
            known=self.view.known,
            basis=self.view.basis,
            catalog=self.record,
        )
        ahead = tuple({} if one.weights else ahead_of(one, self.horizon) for one in group)
        return Cell(self.name(group[0]), group, frame, ahead, known_until)

    def name(self, one: Measured) -> str:
        """Return what stands above a plot: what tells it from the others."""
        if not self.by_quantity:
            return one.direction.title
        several = len({other.quantity.measure for other in self.measured}) > 1
        what = self.record.good(one.quantity.good).title if one.quantity.good else one.quantity.weights
        if not several:
            return what
        measure = MEASURE_TITLES[one.quantity.measure]
        return f"{measure[0].upper()}{measure[1:]}{f', {what}' if what else ''}"

    @property
    def key(self) -> Looks:
        """Name and look of the lines, where there are several in a plot."""
        group = self.groups[0]
        return [(one.direction.title, _look(one)) for one in group] if len(group) > 1 else []

    @property
    def title(self) -> str:
        """What all plots show."""
        if len({one.quantity.measure for one in self.measured}) == 1:
            return words.title(self.record, self.measured)
        return f"Tariffs, {len(self.groups)} measures: {'; '.join(dict.fromkeys(one.direction.title for one in self.measured))}"

    @property
    def subtitle(self) -> str:
        """Measure, unless the plots' titles say it, unit, weights and clock."""
        several = len({one.quantity.measure for one in self.measured}) > 1
        return words.subtitle(self.measured, "Percent, by legal effective date" if several else "")

    def note(self, cells: list[Cell], window: tuple[date, date]) -> str:
        """Return what is excluded, what the grounds are, what is ahead, and where the numbers come from."""
        said = {key: value for cell in cells for key, value in cell.frame.attrs.items()}
        ahead = {
            f"{name}, {level:g} from {words.short_day(day)}{f', {condition}' if condition else ''}": None
            for cell in cells
            for name, level, day, condition in _ahead(cell, window[1])
        }
        grounds = [f"Hollow: ahead ({'; '.join(ahead)})."] if ahead else []
        if any(not STORY.isdisjoint(duty.id for duty in one.moving) for one in self.measured):
            grounds.append(f"{SHADES['truce'][0]} ground: truce.")
        ends = sorted({(cell.known_until, cell.known_until < self.horizon) for cell in cells if cell.known_until < window[1]})
        if ends:
            after = ", ".join(f"{doubt_of(self.view, weighted=weighted)} after {words.short_day(day)}" for day, weighted in ends)
            grounds.append(f"{SHADES['not-verified'][0]} ground: {after}.")
        seen = max(min(window[1], cell.known_until) if cell.known_until < self.horizon else window[1] for cell in cells)
        return " ".join([*grounds, words.note(self.record, self.measured, (window[0], seen), said)])


def _ahead(cell: Cell, final: date) -> list[tuple[str, float, date, str]]:
    """Return the steps ahead in a plot: of which line, to which level, from when and on what condition."""
    found = []
    for one, events in zip(cell.measured, cell.ahead, strict=True):
        column, name = cell.frame[one.column], one.direction.title
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
    weighted = cell.known_until < view.horizon(record.release.known_through)
    lines = [
        line_of(one, one.direction.title, cell.frame[one.column], ahead, _look(one), upwards=number == 0)
        for number, (one, ahead) in enumerate(zip(cell.measured, cell.ahead, strict=True))
    ]
    panel = Panel(sheet.paper, sheet.size, narrow=True, sides=(place.box.left, place.box.right), first=first, final=final)
    panel.edge = min(place.box.right + place.aside - panel.half_a_year, sheet.paper.width)
    story = not STORY.isdisjoint(duty.id for one in cell.measured for duty in one.moving)
    shade(panel, record, shown, story=story, doubt=doubt_of(view, weighted=weighted))
    panel.open(place.box)
    panel.ax.set_gid(cell.title)
    panel.scale(min(_levels(cells), default=0), max(LEAST_TOP, *_levels(cells)), "")
    panel.ax.tick_params(labelleft=place.left, labelbottom=place.foot)
    sheet.paper.write(place.box.left, place.box.top + OVER, place.title, va="baseline", gid="panel", fontsize=sheet.size, **TITLE)
    panel.finish_unnamed()
    _Small(panel, lines, shown, dotted=not weighted).draw()
    several = len(cell.measured) > 1
    return [replace(line, title=f"{cell.title}, {line.title}" if several else cell.title) for line in lines]


def _look(one: Measured) -> dict[str, Any]:
    """Return how the line of a direction looks, in every plot the same."""
    return drawn_as(DEFAULT.index(one.direction.name) if one.direction.name in DEFAULT else len(DEFAULT))


def _levels(cells: list[Cell]) -> list[float]:
    return [0.0, *(float(level) for cell in cells for level in cell.frame.to_numpy(dtype=float).ravel())]


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
            if line.level(self.horizon) != line.peak:
                self.name_peak(line)
            if line.start and line.start != line.peak:
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
        since = [step.day for step in line.steps if step.level == line.peak and step.day <= self.horizon]
        begin = since[-1] if since else self.page.first
        left = next((step.day for step in line.steps if step.day > begin), self.page.final)
        x, end, y = self.page.x(begin), self.page.x(left), self.page.y(line.peak)
        anchors = [Anchor((x + end) / 2, y + 0.8, "center", "bottom"), Anchor(x - 0.8, y - 1, "right"), Anchor(end + 0.8, y - 1)]
        style = {"fontsize": self.size, "color": line.style["color"], "fontweight": "bold"}
        self.places.label(line.written(line.peak), anchors, Box(x, y, end, y), gid=f"name-{line.name}", **style)

    def name_expected(self) -> None:
        """Mark each step ahead with a hollow marker and its level; the note says the day and the condition."""
        for line in self.lines:
            for step in (step for step in line.steps if step.day > self.horizon):
                x, y = self.mark_expected(line, step)
                anchors = [Anchor(x - 1.4, y, "right"), Anchor(x, y + 1.4, "center", "bottom"), Anchor(x + 1.4, y)]
                style = {"fontsize": self.size - 0.4, "color": line.style["color"]}
                self.places.label(line.written(step.level), anchors, Box(x, y, x, y), gid=f"ahead-{line.name}", **style)
