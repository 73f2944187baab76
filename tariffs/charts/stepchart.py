"""The step chart of one or several directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tariffs.asking import DayLike, as_record, as_view, as_window
from tariffs.charts import words
from tariffs.charts.alt import alt_text
from tariffs.charts.breaks import break_of
from tariffs.charts.chosen import Chosen, tells_story
from tariffs.charts.drawing import Drawing
from tariffs.charts.interactive import Level, Shown
from tariffs.charts.lines import LINES, departing, drawn_as, line_of
from tariffs.charts.pagelevels import levels_of
from tariffs.charts.panel import SHADES
from tariffs.charts.sheet import Sheet, require_size, width_of
from tariffs.charts.story import DEFAULT, LEAST_TOP, annotations_of, doubt_of, room_after, shade
from tariffs.charts.style import own_style
from tariffs.charts.zoom import Lower, Upper, zoom_of
from tariffs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd
    from matplotlib.axes import Axes

    from tariffs.catalog import Catalog
    from tariffs.charts.breaks import Break
    from tariffs.charts.lines import Line
    from tariffs.charts.panel import Panel
    from tariffs.measures import Measured
    from tariffs.vocabulary import Basis, Known, Measure


GREY = "Grey lines: as recorded, where that is otherwise."  # on a page no line is hollow
ZOOM_TALLER = 42  # [mm]
MOST_NAMED = 2  # lines that a column has room to name at the lines themselves


def plot(
    directions: str | Sequence[str] | None = None,
    *,
    measure: Measure | Sequence[Measure] = "all_goods",
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
    zoom: float | str | None = None,
    style: str = "paper",
    ax: Axes | None = None,
    width: float | None = None,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    catalog: Catalog | None = None,
) -> Axes:
    """Draw rates of one or several directions, measures, weights or kinds of goods as steps.

    Parameters
    ----------
    directions : str or sequence of str, optional
        The US and China on each other's goods by default; of a kind of good, the direction it is traded in. With several
        measures, weights or goods there is a line for each; at most four.
    measure : str or sequence of str
        As in `rates`, or several of them; weights and goods then go with those that take them.
    weights, good, mfn, metal_share, since
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
    zoom : float or "auto", optional
        A second plot below with the same lines up to this rate [percent], for what a high level flattens; "auto" takes the
        rates of nine days in ten, where the highest is twice as high or more.
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
    record = as_record(catalog)
    require_size(width, height)
    if zoom is not None and (broken is not None or ax is not None):
        raise UsageError(f"zoom does not go with {'broken' if ax is None else 'ax'}")
    view = as_view(record, as_of, known, basis)
    what: dict[str, Any] = {"weights": weights, "good": good, "mfn": mfn, "metal_share": metal_share, "since": since}
    scene = _Scene(Chosen(record, view, directions, measure, **what), start, end, width_of(ax, width))
    measured = scene.measured
    with own_style(style, yours=ax is not None):
        lines = scene.lines()
        gap = break_of(broken, (level for line in lines for level in line.levels))
        top = zoom_of(zoom, lines, scene.first, scene.shown)
        cures = [gap.name if gap else "", f"below, the same up to {top:g}" if top else ""]
        texts = (
            words.title(record, measured) if title is None else title,
            "; ".join(filter(None, [words.subtitle(measured), *cures])) if subtitle is None else subtitle,
            " ".join(filter(None, [departing(lines), scene.note()])) if note is None else note,
        )
        page = Sheet(width, height, ax, taller=ZOOM_TALLER if top else 0)
        panel = scene.panel(page)
        below = scene.panel(page) if top else None
        keyed = page.narrow and len(lines) > MOST_NAMED and ax is None
        looks = [(line.title, line.style) for line in lines] if keyed else []
        page.compose(panel, texts, scene.annotations(), below=below, looks=looks)
        scene.scale(panel, lines, gap)
        panel.finish()
        how: dict[str, Any] = {"dotted": not scene.weighted, "keyed": keyed}
        if below and top:
            below.scale(min(0, *(line.trough for line in lines)), top, words.axis(measured), cut=True)
            below.finish_unnamed()
            Upper(panel, lines, scene.shown, top=top, **how).draw()
            Lower(below, lines, scene.shown, top=top, **how).draw()
        else:
            Drawing(panel, lines, scene.shown, **how).draw()
    heading = texts[0] or words.title(record, measured)
    unit = "; ".join(filter(None, [words.axis(measured), *cures]))
    alt = alt_text("Step chart", heading, unit, (scene.first, scene.shown), [told for line in lines for told in line.both_told])
    shown = scene.on_page(lines, panel, texts[1], note)
    page.paper.tell(heading, record.source_line, alt, style, shown)
    return panel.ax


class _Scene:
    """What a chart shows: its numbers, from its first day to its last.

    Attributes
    ----------
    first, final : date
        At the left and at the right edge.
    shown : date
        The last day that record and weights can vouch for.
    seen : date
        The last day that a level is asked for.
    weighted : bool
        Whether it is the weights that end there.
    """

    def __init__(self, chosen: Chosen, start: DayLike | None, end: DayLike | None, width: float) -> None:
        self.chosen = chosen
        self.measured = tuple(chosen.measured(name, quantity) for name in chosen.names for quantity in chosen.quantities)
        if len(self.measured) > len(LINES):
            raise UsageError(f"{len(self.measured)} lines in one chart, expected at most {len(LINES)}")
        known_until, begin = chosen.known_until(self.measured), chosen.begin(start, self.measured)
        self.weighted = chosen.weighted(self.measured)
        self.ahead = [{} if self.weighted else chosen.ahead(one) for one in self.measured]
        beneath = [] if self.weighted else [one for one in map(chosen.beneath, self.measured) if one]
        last = max([known_until, *(day for events in (*self.ahead, *map(chosen.ahead, beneath)) for day in events)])
        reach = chosen.within(self.measured, last + room_after(begin, last, width))
        self.first, self.final = as_window(chosen.record, begin, end, reach)
        if self.first == self.final:
            raise UsageError(f"start and end are both {self.first}; a chart needs two days at least")
        self.shown = min(known_until, self.final)
        self.seen = self.shown if self.weighted else self.final
        self.columns, self.said = chosen.levels(self.measured, self.first, self.seen)
        self.recorded = {one.column: chosen.recorded(one, self.first, self.seen) for one in self.measured}

    @property
    def story(self) -> bool:
        """Whether the duties that the story is about move one of the numbers."""
        return tells_story(self.measured)

    def lines(self) -> list[Line]:
        """Return the lines, in the style that is set."""
        titles = words.line_titles(self.chosen.record, self.measured)
        return [
            line_of(
                one,
                titles[one.column],
                self.columns[one.column],
                events,
                drawn_as(order),
                upwards=number == 0,
                recorded=self.recorded[one.column],
            )
            for number, (one, events, order) in enumerate(zip(self.measured, self.ahead, _orders(self.measured), strict=True))
        ]

    def on_page(self, lines: list[Line], panel: Panel, subtitle: str, note: str | None) -> Shown:
        """Return what a web page of the chart shows; it has words for the grounds, and no hollow lines."""
        grounds = [f"{SHADES[gid][0]} ground: {name}." for gid, _, _, name in panel.grounds]
        own = [GREY if departing(lines) else "", self.note()] if note is None else [note]
        return Shown(
            lines=tuple(lines),
            first=self.first,
            final=self.final,
            horizon=self.shown,
            dotted=not self.weighted,
            axis=words.axis(self.measured),
            subtitle=subtitle,
            note=" ".join(filter(None, [*grounds, *own])),
            grounds=tuple((gid, begin, end) for gid, begin, end, _ in panel.grounds),
            levels=self.levels,
            table=self.table,
        )

    def levels(self, line: Line) -> list[Level]:
        """Return the levels of a line, each with the duties it is made of and where they can be read."""
        one = next(one for one in self.measured if one.column == line.name)
        days = [self.first, *(step.day for step in line.steps)]
        return levels_of(line, [(day, self.chosen.explained(one, day)) for day in days], self.chosen.record)

    def table(self) -> pd.DataFrame:
        """Return the numbers as a long table, with events, acts and sources."""
        return self.chosen.table(self.measured, self.first, self.seen)

    def panel(self, page: Sheet) -> Panel:
        """Return a plot of these days with their grounds."""
        panel = page.panel(self.first, self.final)
        shade(panel, self.chosen.record, self.shown, story=self.story, doubt=doubt_of(self.chosen.view, weighted=self.weighted))
        return panel

    def note(self) -> str:
        """Return what is excluded, what to beware of, and where the numbers come from."""
        return words.note(self.chosen.record, self.measured, (self.first, self.seen), self.said)

    def annotations(self) -> list[tuple[str, date]]:
        """Return the acts above the plot."""
        told = self.shown if self.chosen.view.as_of or self.weighted else self.final
        return annotations_of(self.chosen.record, self.first, told, whole=self.chosen.whole) if self.story else []

    def scale(self, panel: Panel, lines: list[Line], gap: Break | None) -> None:
        """Give a plot a scale that holds all lines."""
        lowest, highest = min(0, *(line.trough for line in lines)), max(LEAST_TOP, *(line.highest for line in lines))
        most = 100 if all(one.quantity.measure == "covered" for one in self.measured) else None
        panel.scale(lowest, highest, words.axis(self.measured), most=most, broken=gap)


def _orders(measured: tuple[Measured, ...]) -> list[int]:
    """Return the place of each line's look, its own where it has one: China's line looks the same alone and beside others."""
    alone = {one.direction.name for one in measured}
    own = {name: number for number, name in enumerate(DEFAULT)} if len(alone) == len(measured) else {}
    free = [number for number in range(len(LINES)) if number not in [own.get(one.direction.name) for one in measured]]
    return [own[one.direction.name] if one.direction.name in own else free.pop(0) for one in measured]
