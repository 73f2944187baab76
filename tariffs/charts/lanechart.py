"""The timeline: one lane per duty, grouped by family; the whole tariff war on one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.dates import date2num
from matplotlib.patches import Rectangle

from tariffs.asking import DayLike, as_record, as_view, as_window
from tariffs.charts import words
from tariffs.charts.lanelayout import Laid, Layout, Ruler, Written, runs_of, shade_of
from tariffs.charts.lanes import Group, Lane, Span, groups_of
from tariffs.charts.page import MM, Box
from tariffs.charts.panel import FAINT, INK, SOFT
from tariffs.charts.sheet import LARGEST, SMALLEST, Sheet, is_slide, require_size
from tariffs.charts.style import own_style
from tariffs.errors import UsageError
from tariffs.stacking import deciding
from tariffs.vocabulary import AUTHORITY_TITLES, long_day

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes

    from tariffs.catalog import Catalog
    from tariffs.charts.page import Page
    from tariffs.charts.panel import Panel
    from tariffs.model import View
    from tariffs.vocabulary import Basis, Known

TALLEST = 240  # that a page of a journal takes [mm]; text is made smaller before a chart is taller
SIZES = (6.2, 5.8, 5.4, 5.2, 5.0, 4.9)  # of text in lanes [points]
SMALLEST_SIZE = 4.7  # where a height was asked for
COLUMN, WIDEST_COLUMN = 0.285, 54.0  # of titles: share of the page, and [mm]
TALL = 100  # plots higher than this have their years at the top too [mm]
OVER = 1.4  # that a level may reach to the left of the first day, where titles leave room [mm]
LIFT = 0.35  # of a title above what it stands over [mm]
INDENT = 0.6  # of a title above its bars, from the line of the first day [mm]
HALF_A_YEAR = 3.2  # written under the first day [mm]
LEADER = 0.6  # between a bar and the levels written above it [mm]
TICK = 0.42  # of a change of coverage, below a bar [mm]
UNKNOWN = "?"
NEVER_KNOWN = "level not yet set"
COLOURS = {"us_on_cn": "#12436D", "cn_on_us": "#C8500A"}
OTHER_COLOUR = "#801650"
MOST_TOLD = 12  # lanes whose every level the alt text says
# What the lane on top names, from the record's context: what no duty's own lane shows.
CONTEXT = (
    ("Phase One", "phase-one-in-force-2020-02-14"),
    ("Geneva", "geneva-2025-05-12"),
    ("Supreme Court", "supreme-court-2026-02-20"),
)


def timeline(
    direction: str,
    *,
    families: str | Sequence[str] | None = None,
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
    """Draw every duty of a direction as a lane, with a bar for each of its levels.

    A bar runs from a level's first day to its last and bears the level [percent]; the darker, the higher. Hatched and unfilled is
    what was announced and never applied; what is still ahead has a dotted outline. Duties that a court held void are crossed
    through.

    Parameters
    ----------
    direction : str
        As in `series`.
    families : str or sequence of str, optional
        Only these families of duties, by their ids in the record; all by default.
    start, end : date-like
        First and last day shown; by default from the record's first day to the end of the year after the last checked one.
    as_of, known, basis
        As in `series`.
    style : str
        As in `plot`.
    ax : matplotlib.axes.Axes, optional
        Axes of your own to draw into, without title and note and with your settings; `width` and `height` play no part then.
    width, height : float
        Of the figure [mm], 80 to 600: 174 is a page, 84 a column; the width of the style by default. Without a height, what the
        lanes need.
    title, subtitle, note : str, optional
        In place of the generated ones; an empty text leaves them out.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    matplotlib.axes.Axes
        Of a figure of its own, made without pyplot; `save` writes it. Across are days; upwards are millimetres.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError

    Examples
    --------
    >>> import tariffs as tf
    >>> from tariffs.charts import timeline
    >>> ax = timeline("us_on_cn", families=["s122"], start="2026-01-01", width=84)
    >>> [bar.get_width() for bar in ax.patches if bar.get_gid() == "level-s122-surcharge"]
    [150.0]
    """
    record = as_record(catalog)
    require_size(width, height)
    view, where = as_view(record, as_of, known, basis), record.direction(direction)
    horizon = view.horizon(record.release.known_through)
    window = as_window(record, start, end, date(horizon.year + 1, 12, 31))
    if window[0] == window[1]:
        raise UsageError(f"start and end are both {window[0]}; a chart needs two days at least")
    groups = groups_of(record, where, families, view, window)
    heading = words.supposed(record, f"Tariffs duty by duty: {where.title}")
    texts = (
        heading if title is None else title,
        _subtitle(view) if subtitle is None else subtitle,
        _note(record, groups, view, window) if note is None else note,
    )
    colour = COLOURS.get(where.name, OTHER_COLOUR)
    with own_style(style, yours=ax is not None):
        drawing = _Drawing(_Draft(record, groups, view, window, texts, width, ax), colour, height)
        drawing.draw()
    heading = texts[0] or heading
    drawing.page.tell(heading, record.source_line, _told(heading, groups, window, horizon), style)
    return drawing.ax


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is to be drawn, before the page has a height."""

    record: Catalog
    groups: tuple[Group, ...]
    view: View
    window: tuple[date, date]
    texts: tuple[str, str, str]
    width: float | None
    ax: Axes | None

    @property
    def horizon(self) -> date:
        """The last day that the view can vouch for."""
        return self.view.horizon(self.record.release.known_through)

    def compose(self, height: float, column: Callable[[Sheet], float]) -> tuple[Sheet, Panel, float]:
        """Return a page with its headings and note, the empty plot on it, and the width of its titles at the left."""
        first, final = self.window
        sheet = Sheet(self.width, height, self.ax)
        panel = sheet.panel(first, final)
        wide = 0.0 if sheet.narrow or self.ax is not None else column(sheet)
        if self.ax is None:
            panel.left = sheet.margin + (wide or HALF_A_YEAR * sheet.scale)
        doubt = "expected" if self.view.as_of else "not verified"
        after = min(self.horizon, final)
        panel.add_ground("not-verified", after + timedelta(days=1), final, f"{doubt} after {words.short_day(self.horizon)}")
        sheet.compose(panel, self.texts, self.annotations())
        return sheet, panel, wide

    def annotations(self) -> list[tuple[str, date]]:
        """Return what the lane on top names, where the view knows it."""
        days = {event.id: event.day for event in self.record.context}
        first, final = self.window[0], min(self.window[1], self.horizon)
        named = [(text, day) for text, name in CONTEXT if isinstance(day := days.get(name), date)]
        return sorted(((text, day) for text, day in named if first <= day <= final), key=lambda entry: entry[1])


class _Drawing:
    """The lanes on their page."""

    def __init__(self, draft: _Draft, colour: str, height: float | None) -> None:
        self.draft, self.colour, self.ruler = draft, colour, Ruler()
        self.sheet, self.panel, self.layout = self.fitted(height)
        self.page: Page = self.panel.paper
        self.ax = self.panel.ax

    def fitted(self, height: float | None) -> tuple[Sheet, Panel, Layout]:
        """Return page, plot and layout: text as large as the height takes, or the height that the lanes need."""
        sheet, panel, column = self.draft.compose(LARGEST if height is None else height, self.column)
        room = panel.plot.top - panel.plot.bottom
        fixed = height is not None or self.draft.ax is not None
        around = LARGEST - room
        slide = self.draft.width is None and is_slide()
        tallest = mpl.rcParams["figure.figsize"][1] * MM if slide else TALLEST
        limit = room if fixed else tallest - around
        layout = self.layouts(panel, column, sizes_in(sheet.scale, small=fixed), limit)
        if layout.needed > room:
            raise UsageError(self.too_many(layout, height, room))
        if not fixed:
            least = tallest if slide else SMALLEST
            sheet, panel, column = self.draft.compose(max(layout.needed + around, least), self.column)
            layout = Layout(panel, self.draft.groups, layout.size, column, self.colour, self.ruler)
        layout.spread(panel.plot.top - panel.plot.bottom)
        return sheet, panel, layout

    def layouts(self, panel: Panel, column: float, sizes: Sequence[float], limit: float) -> Layout:
        """Return the layout with the largest text that is no higher than a limit, or the one with the smallest."""
        for size in sizes:
            layout = Layout(panel, self.draft.groups, size, column, self.colour, self.ruler)
            if layout.needed <= limit:
                break
        return layout

    def too_many(self, layout: Layout, height: float | None, room: float) -> str:
        count = sum(len(lanes) for _, lanes in layout.groups)
        if self.draft.ax is not None:
            return (
                f"ax: found {room:.0f} mm of height, expected {layout.needed:.0f} mm or more for {count} lanes, or fewer families"
            )
        needed = layout.needed - room + (height or LARGEST)
        return f"height: {count} lanes need {needed:.0f} mm, found {height or LARGEST:g} mm; name fewer families"

    def column(self, sheet: Sheet) -> float:
        """Return the width of the titles at the left: what the longest needs, up to a share of the page."""
        lanes = [lane for group in self.draft.groups for lane in group.lanes]
        wide = max(
            self.ruler.wide(sheet.paper, lane.title, SIZES[0] * sheet.scale, "bold" if lane.bold else "normal") for lane in lanes
        )
        return min(wide + OVER + 1.5, COLUMN * sheet.paper.width, WIDEST_COLUMN * sheet.scale)

    def draw(self) -> None:
        self.prepare()
        y = self.panel.plot.top - self.layout.band
        for heading, lanes in self.layout.groups:
            self.rule(y, SOFT, 0.5)
            for number, line in enumerate(heading.splitlines()):
                self.write(self.edge, y - (0.66 + number) * self.layout.line, line, fontweight="bold", gid="family")
            y -= self.layout.heading_height(heading, lanes[0])
            for number, laid in enumerate(lanes):
                if number:
                    self.rule(y, FAINT, 0.35)
                y -= self.layout.height(laid)
                self.draw_lane(laid, y)
        self.panel.finish()
        self.name_years()

    def prepare(self) -> None:
        """Make the upright axis one of millimetres."""
        plot = self.panel.plot
        self.ax.set_ylim(0, plot.top - plot.bottom)
        self.ax.set_yticks([])
        self.ax.grid(axis="x", color=FAINT, linewidth=0.4)

    @property
    def edge(self) -> float:
        """Where titles begin [mm]."""
        return self.sheet.margin if self.layout.column else self.panel.left + INDENT

    def draw_lane(self, laid: Laid, y: float) -> None:
        bottom = y + self.layout.below
        for span in laid.lane.levels:
            self.draw_level(laid.lane, span, bottom)
        for span, row in laid.boxes:
            self.draw_announced(laid.lane, span, *self.row(laid, row, bottom))
        for x, row in laid.marks:
            low, high = self.row(laid, row, bottom)
            self.draw_mark(laid.lane, x, (low + high) / 2)
        for day in laid.lane.ticks:
            x = self.panel.x(day)
            self.page.rule(x, bottom - 0.1, x, bottom - TICK, color=INK, linewidth=0.7, gid=f"coverage-{laid.lane.duty.id}")
        for text in laid.texts:
            self.write_level(laid, text, bottom)
        self.write_title(laid, y, bottom)

    def row(self, laid: Laid, row: int, bottom: float) -> tuple[float, float]:
        """Return the lower and upper edge of a row of a lane [mm]."""
        if row == 0:
            return bottom, bottom + self.layout.bar
        low = bottom + self.layout.bar + (LEADER if laid.leads else 0) + (row - 1) * self.layout.row
        return low, low + self.layout.row

    def draw_level(self, lane: Lane, span: Span, bottom: float) -> None:
        style: dict[str, Any] = {"facecolor": shade_of(self.colour, span.rate), "edgecolor": self.colour, "linewidth": 0.5}
        if span.kind == "ahead":
            style = {"fill": False, "edgecolor": self.colour, "linewidth": 0.7, "linestyle": (0, (1, 1.4))}
        self.box(span, bottom, self.layout.bar, zorder=3, gid=f"{_gid(span)}-{lane.duty.id}", **style)
        if lane.void and span.kind == "in force":
            crossed = {"fill": False, "edgecolor": "white", "linewidth": 0, "hatch": "xxxxx", "hatch_linewidth": 0.35}
            self.box(span, bottom, self.layout.bar, zorder=3.1, gid=f"void-{lane.duty.id}", **crossed)
            self.box(span, bottom, self.layout.bar, zorder=3.3, gid="outline", **style | {"fill": False})

    def draw_announced(self, lane: Lane, span: Span, low: float, high: float) -> None:
        """Draw a level that never applied: hatched, not filled, and open at the right where it was to last."""
        inset = 0.14 * (high - low)
        style = {"fill": False, "edgecolor": SOFT, "hatch": "//////", "hatch_linewidth": 0.35, "zorder": 3}
        gid = f"announced-{lane.duty.id}"
        self.box(span, low + inset, high - low - 2 * inset, gid=gid, linewidth=0.5 if span.end else 0, **style)
        if span.end is None:
            left, right = self.layout.across(span)
            line = {"color": SOFT, "linewidth": 0.5, "zorder": 3}
            self.page.rule(left, low + inset, left, high - inset, **line)
            for y in (low + inset, high - inset):
                self.page.rule(left, y, right, y, **line)

    def draw_mark(self, lane: Lane, x: float, y: float) -> None:
        style: dict[str, Any] = {
            "marker": "D",
            "markersize": self.layout.size * 0.42,
            "markerfacecolor": "white",
            "markeredgecolor": SOFT,
        }
        day, height = self.days(x), y - self.panel.plot.bottom
        self.ax.plot([day], [height], zorder=4, markeredgewidth=0.6, gid=f"no-day-{lane.duty.id}", linestyle="", **style)

    def days(self, x: float) -> float:
        """Return the day at a place [days of matplotlib]."""
        first, final = date2num(self.panel.first), date2num(self.panel.final)
        return float(first + (x - self.panel.left) / (self.panel.right - self.panel.left) * (final - first))

    def box(self, span: Span, low: float, height: float, **style: Any) -> None:
        begin = float(date2num(span.begin))
        end = float(date2num(span.end)) if span.end else self.days(self.layout.across(span)[1])
        self.ax.add_patch(Rectangle((begin, low - self.panel.plot.bottom), end - begin, height, **style))

    def write_level(self, laid: Laid, text: Written, bottom: float) -> None:
        low, high = self.row(laid, text.row, bottom)
        gid = f"level-{laid.lane.duty.id}"
        if text.back is not None:
            inset = (0.06 if laid.lane.void and text.row == 0 else 0.16) * (high - low)
            self.back(text, low + inset, high - low - 2 * inset)
        self.write(text.x, (low + high) / 2, text.text, color=text.color, gid=gid)
        if text.target is not None:
            middle = text.x + text.width / 2
            self.page.rule(text.target, bottom + self.layout.bar, middle, low - 0.1, color=SOFT, linewidth=0.4, gid="leader")

    def back(self, text: Written, low: float, height: float) -> None:
        """Clear the hatches behind a text."""
        left, right = self.days(text.x - 0.4), self.days(text.x + text.width + 0.4)
        style = {"facecolor": text.back, "edgecolor": "none", "linewidth": 0, "zorder": 3.2, "gid": "back"}
        self.ax.add_patch(Rectangle((left, low - self.panel.plot.bottom), right - left, height, **style))

    def write_title(self, laid: Laid, y: float, bottom: float) -> None:
        weight, lines = "bold" if laid.lane.bold else "normal", laid.title
        if laid.title_row is None:
            middle = y + self.layout.height(laid) / 2 if len(lines) > 1 else bottom + self.layout.bar / 2
            heights = [middle + ((len(lines) - 1) / 2 - number) * self.layout.line for number in range(len(lines))]
        else:
            rows = range(laid.title_row + len(lines) - 1, laid.title_row - 1, -1)
            heights = [sum(self.row(laid, row, bottom)) / 2 + (LIFT if row else 0) for row in rows]
        for line, height in zip(lines, heights, strict=True):
            self.write(self.edge, height, line, fontweight=weight, gid=f"title-{laid.lane.duty.id}")

    def write(self, x: float, y: float, text: str, **style: Any) -> None:
        self.page.write(x, y, text, **{"va": "center_baseline", "fontsize": self.layout.size, "color": INK, "zorder": 6} | style)

    def rule(self, y: float, color: str, linewidth: float) -> None:
        self.page.rule(self.edge, y, self.panel.right, y, color=color, linewidth=linewidth, zorder=0.6)

    def name_years(self) -> None:
        """Write the days at the foot of a tall plot at its top too, where the name of the ground leaves room."""
        axis, plot = self.ax.xaxis, self.panel.plot
        if plot.top - plot.bottom < TALL:
            return
        ticks = axis.get_major_locator()()
        names = [text.replace("\n", " ") for text in axis.get_major_formatter().format_ticks(list(ticks))]
        per_day = (self.panel.right - self.panel.left) / (self.panel.final - self.panel.first).days
        for tick, name in zip(ticks, names, strict=True):
            x, y = self.panel.left + (tick - date2num(self.panel.first)) * per_day + 1.1, plot.top - self.layout.band + 0.4
            style: dict[str, Any] = {"fontsize": self.panel.size - 0.4, "color": SOFT, "va": "bottom"}
            width, height = self.page.measure(name, **style)
            box = Box(x - 0.1, y, x + width + 0.9, y + height)
            if self.panel.places.free(box):
                self.panel.places.take([box])
                self.page.write(x, y, name, gid="year", **style)


def sizes_in(scale: float, *, small: bool) -> list[float]:
    """Return the sizes of text to try, the largest first [points]: those of a page, larger where the page's type is."""
    own = [*SIZES, *([SMALLEST_SIZE] if small else [])]
    return sorted({*own, *(size * scale for size in SIZES)}, reverse=True)


def _gid(span: Span) -> str:
    return {"in force": "level", "ahead": "ahead"}[span.kind]


def _subtitle(view: View) -> str:
    """Return what the numbers are, and how the record is looked at."""
    text = "Level of each additional duty, percent of customs value, by legal effective date; the darker, the higher"
    text += {"charged": "", "lawful": "; void duties taken out", "refundable": "; void duties alone"}[view.basis]
    if view.as_of:
        text += f"; as known by {'law' if view.known == 'law' else 'statement'} on {words.short_day(view.as_of)}"
    elif view.known == "stated":
        text += "; threats included"
    return text


def _note(record: Catalog, groups: tuple[Group, ...], view: View, window: tuple[date, date]) -> str:
    """Return how the chart is read, what is not on it, and where the numbers come from."""
    lanes = [lane for group in groups for lane in group.lanes]
    spans = [span for lane in lanes for span in (*lane.levels, *lane.announced)]
    said = [
        ("Hatched: announced and never applied", any(lane.announced for lane in lanes)),
        ("open at the right where no end was set", any(span.end is None for span in spans)),
        ("diamond: announced with no day, at the day it was stated", any(lane.marks for lane in lanes)),
        ("dotted outline: ahead", any(span.kind == "ahead" for span in spans)),
        ("tick below a bar: a change of what the duty covers", any(lane.ticks for lane in lanes)),
        (f"{UNKNOWN}: {NEVER_KNOWN}", any(span.text == UNKNOWN for span in spans)),
    ]
    key = "; ".join(text for text, shown in said if shown)
    sentences = [
        f"{key[:1].upper()}{key[1:]}." if key else "",
        *_voids(lanes, view),
        *_agreed(lanes, view, record, window),
        _not_shown(lanes, view, view.horizon(record.release.known_through), window[1]),
        f"Source: {record.source_line}.",
    ]
    return " ".join(filter(None, sentences))


def _voids(lanes: list[Lane], view: View) -> list[str]:
    rulings = {(lane.duty.authority, void.on, void.by) for lane in lanes if (void := view.void_of(lane.duty))}
    return [
        f"Crossed through: duties under {AUTHORITY_TITLES.get(authority, authority)}, as charged;"
        f" {by} of {words.short_day(on)} held them unauthorised."
        for authority, on, by in sorted(rulings)
    ]


def _agreed(lanes: list[Lane], view: View, record: Catalog, window: tuple[date, date]) -> list[str]:
    horizon = view.horizon(record.release.known_through)
    steps = {
        day
        for lane in lanes
        for day, event in deciding(lane.duty, view)
        if horizon < day <= window[1] and event.status == "agreed" and event.file not in record.overlays
    }
    return (
        [f"The step of {words.short_day(max(steps))} rests on statements of both governments; no act was seen."] if steps else []
    )


def _not_shown(lanes: list[Lane], view: View, horizon: date, final: date) -> str:
    """Say what is left out, and of steps set for days after the last one shown up to when they come."""
    steps = [day for lane in lanes for day, _ in deciding(lane.duty, view) if day > final >= horizon]
    later = f"; steps after {words.short_day(final)}, set up to {words.short_day(max(steps))}" if steps else ""
    return f"Not shown: ordinary (MFN), anti-dumping and countervailing duties{later}."


def _told(title: str, groups: tuple[Group, ...], window: tuple[date, date], horizon: date) -> str:
    """Return what the chart shows in words: of a few lanes every level, of many from when, and how high."""
    lanes = [lane for group in groups for lane in group.lanes]
    last = min(window[1], horizon)
    opening = (
        f"Timeline of {len(lanes)} {'duty' if len(lanes) == 1 else 'duties'}: {title.rstrip('.')}. Percent of customs value."
    )
    days = f"{long_day(window[0])} to {long_day(last if last > window[0] else window[1])}."
    return " ".join([opening, days, *(f"{lane.duty.title}: {_lane_told(lane, brief=len(lanes) > MOST_TOLD)}." for lane in lanes)])


def _lane_told(lane: Lane, *, brief: bool) -> str:
    runs = runs_of(span for span in lane.levels if span.kind == "in force")
    ahead = [span for span in lane.levels if span.kind == "ahead"]
    parts = []
    for number, run in enumerate(runs):
        if number and (lapsed := runs[number - 1][-1].end) and lapsed < run[0].begin:
            parts.append(f"0 from {long_day(lapsed)}")
        parts.append(f"{run[0].text} from {long_day(run[0].begin)}")
    if brief and len(runs) > 2:
        levels = sorted((span.rate or 0, span.text) for run in runs for span in run)
        parts = [f"{parts[0]}", f"then {levels[0][1]} to {levels[-1][1]}"]
    if runs and not (ahead and ahead[0].begin == runs[-1][-1].end) and (end := runs[-1][-1].end):
        parts.append(f"until {long_day(end - timedelta(days=1))}")
    starts = [span for span in ahead if not any(run[-1].end == span.begin and run[0].text == span.text for run in runs)]
    parts += [f"expected {span.text} from {long_day(span.begin)}" for span in starts]
    never = [f"{span.text} for {long_day(span.begin)}" for span in lane.announced]
    never += [f"{text} on {long_day(day)} with no day" for day, text in lane.marks]
    if never:
        parts.append(f"announced and never applied: {f'{len(never)} levels' if brief and len(never) > 1 else ', '.join(never)}")
    return "; ".join(parts).replace(UNKNOWN, NEVER_KNOWN)
