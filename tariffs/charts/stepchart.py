"""The step chart of one or several directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tariffs.asking import DayLike, as_view, as_window, packaged
from tariffs.charts import words
from tariffs.charts.alt import alt_text
from tariffs.charts.breaks import break_of
from tariffs.charts.chosen import Chosen, tells_story
from tariffs.charts.drawing import Drawing
from tariffs.charts.lines import LINES, drawn_as, line_of
from tariffs.charts.sheet import Sheet, require_size, width_of
from tariffs.charts.story import DEFAULT, LEAST_TOP, annotations_of, doubt_of, room_after, shade
from tariffs.charts.style import own_style
from tariffs.charts.zoom import Lower, Upper, zoom_of
from tariffs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from tariffs.catalog import Catalog
    from tariffs.measures import Measured
    from tariffs.vocabulary import Basis, Known, Measure


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
    record = catalog or packaged()
    require_size(width, height)
    if zoom is not None and (broken is not None or ax is not None):
        raise UsageError(f"zoom does not go with {'broken' if ax is None else 'ax'}")
    view = as_view(record, as_of, known, basis)
    what: dict[str, Any] = {"weights": weights, "good": good, "mfn": mfn, "metal_share": metal_share, "since": since}
    chosen = Chosen(record, view, directions, measure, **what)
    measured = tuple(chosen.measured(name, quantity) for name in chosen.names for quantity in chosen.quantities)
    if len(measured) > len(LINES):
        raise UsageError(f"{len(measured)} lines in one chart, expected at most {len(LINES)}")
    known_until, begin = chosen.known_until(measured), chosen.begin(start)
    weighted = known_until < chosen.horizon
    ahead = [{} if weighted else chosen.ahead(one) for one in measured]
    last = max([known_until, *(day for events in ahead for day in events)])
    first, final = as_window(record, begin, end, last + room_after(begin, last, width_of(ax, width)))
    if first == final:
        raise UsageError(f"start and end are both {first}; a chart needs two days at least")
    seen = min(final, known_until) if weighted else final
    columns, said = chosen.levels(measured, first, seen)
    titles = words.line_titles(record, measured)
    with own_style(style, yours=ax is not None):
        lines = [
            line_of(one, titles[one.column], columns[one.column], events, drawn_as(order), upwards=number == 0)
            for number, (one, events, order) in enumerate(zip(measured, ahead, _orders(measured), strict=True))
        ]
        shown = min(known_until, final)
        gap = break_of(broken, (level for line in lines for level in line.levels))
        top = zoom_of(zoom, lines, first, shown)
        cures = [gap.name if gap else "", f"below, the same up to {top:g}" if top else ""]
        texts = (
            words.title(record, measured) if title is None else title,
            "; ".join(filter(None, [words.subtitle(measured), *cures])) if subtitle is None else subtitle,
            words.note(record, measured, (first, seen), said) if note is None else note,
        )
        page = Sheet(width, height, ax, taller=ZOOM_TALLER if top else 0)
        panel = page.panel(first, final)
        below = page.panel(first, final) if top else None
        story = tells_story(measured)
        for plot in (panel, below) if below else (panel,):
            shade(plot, record, shown, story=story, doubt=doubt_of(view, weighted=weighted))
        told = shown if view.as_of or weighted else final
        annotations = annotations_of(record, first, told, whole=chosen.whole) if story else []
        looks = [(line.title, line.style) for line in lines] if page.narrow and len(lines) > MOST_NAMED and ax is None else []
        page.compose(panel, texts, annotations, below=below, looks=looks)
        lowest, highest = min(0, *(line.trough for line in lines)), max(LEAST_TOP, *(line.peak for line in lines))
        most = 100 if all(one.quantity.measure == "covered" for one in measured) else None
        panel.scale(lowest, highest, words.axis(measured), most=most, broken=gap)
        panel.finish()
        if below and top:
            below.scale(lowest, top, words.axis(measured), cut=True)
            below.finish_unnamed()
            Upper(panel, lines, shown, dotted=not weighted, top=top, keyed=bool(looks)).draw()
            Lower(below, lines, shown, dotted=not weighted, top=top, keyed=bool(looks)).draw()
        else:
            Drawing(panel, lines, shown, dotted=not weighted, keyed=bool(looks)).draw()
    heading = texts[0] or words.title(record, measured)
    unit = "; ".join(filter(None, [words.axis(measured), *cures]))
    alt = alt_text("Step chart", heading, unit, (first, shown), [line.told for line in lines])
    page.paper.tell(heading, record.source_line, alt, style)
    return panel.ax


def _orders(measured: tuple[Measured, ...]) -> list[int]:
    """Return the place of each line's look, its own where it has one: China's line looks the same alone and beside others."""
    alone = {one.direction.name for one in measured}
    own = {name: number for number, name in enumerate(DEFAULT)} if len(alone) == len(measured) else {}
    free = [number for number in range(len(LINES)) if number not in [own.get(one.direction.name) for one in measured]]
    return [own[one.direction.name] if one.direction.name in own else free.pop(0) for one in measured]
