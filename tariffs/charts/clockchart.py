"""The clocks of a duty or a direction: as charged and as lawful, and below the days of each level."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from tariffs.asking import DayLike, as_record, as_window
from tariffs.charts import words
from tariffs.charts.alt import alt_text
from tariffs.charts.clockrows import Row, longest, rows_of
from tariffs.charts.clocktable import Groups, fitted
from tariffs.charts.drawing import Drawing
from tariffs.charts.lines import Line, Step, ahead_of, drawn_as
from tariffs.charts.page import Box
from tariffs.charts.panel import SHADES
from tariffs.charts.sheet import USUAL, require_size
from tariffs.charts.story import DEFAULT_START, LEAST_TOP, room_after, shade
from tariffs.charts.style import own_style
from tariffs.errors import UnknownNameError, UsageError
from tariffs.measures import Measured, measure_of
from tariffs.model import Quantity, View
from tariffs.stacking import BEGINNING, WHOLE, Part, across_the_board, deciding, path
from tariffs.steps import clip
from tariffs.vocabulary import AUTHORITY_TITLES, Basis, Direction, long_day

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tariffs.catalog import Catalog
    from tariffs.model import Duty

DOUBT = "not verified"
LEAD = 0.06  # before the first day of a duty's own [share of the days shown]


def clocks(
    what: str,
    *,
    start: DayLike | None = None,
    end: DayLike | None = None,
    style: str = "paper",
    width: float | None = None,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    catalog: Catalog | None = None,
) -> Figure:
    """Draw the clocks of a direction or of one duty: when each level was stated, enacted, in force, charged and lawful.

    Above are steps: the level as charged, and where a court held a duty void, the level without it. Below is a row for each level
    that was announced, withdrawn ones too, with its days, and marks for how long before it took effect each of them was.

    Parameters
    ----------
    what : str
        A direction such as ``us_on_cn``, for the duties that a good on no product list bears; or a duty's id, such as
        ``s301-list-3``.
    start, end : date-like, optional
        First and last day shown; by default from 2025 for a direction, from its first day for a duty, to shortly after the last
        scheduled step. A level has its row where one of its days is among them.
    style : str
        As in `plot`.
    width, height : float
        Of the figure [mm], 80 to 600: 174 is a page, 84 a column. Without a height, what the rows need.
    title, subtitle, note : str, optional
        In place of the generated ones; an empty text leaves them out.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    matplotlib.figure.Figure
        Made without pyplot, with two Axes: levels [percent] over days, and millimetres over days before taking effect; `save`
        writes it.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> from tariffs.charts import clocks
    >>> figure = clocks("ieepa-fentanyl")
    >>> [mark.get_xdata().tolist() for mark in figure.axes[1].lines if mark.get_gid() == "stated-ieepa-fentanyl/2025-02-04/10"]
    [[3]]
    """
    record = as_record(catalog)
    require_size(width, height)
    subject = _Subject(record, what)
    first, final = subject.window(start, end, width or USUAL)
    with own_style(style):
        lines = subject.lines(first, final)
        groups = subject.groups(first, final)
        texts = (
            subject.title if title is None else title,
            subject.subtitle if subtitle is None else subtitle,
            subject.note(groups, first, final) if note is None else note,
        )
        table = fitted(width, height, texts, groups)
        panel = table.sheet.panel(first, final)
        shown = min(subject.horizon, final)
        shade(panel, record, shown, story=False, doubt=DOUBT)
        panel.open(Box(panel.left, table.area.top - table.plot_high, panel.right, table.area.top))
        levels = [level for line in lines for level in (line.trough, line.peak)]
        panel.scale(min([0, *levels]), max([LEAST_TOP, *levels]), subject.axis)
        panel.finish_unnamed()
        _Lines(panel, lines, shown, dotted=True).draw()
        table.draw()
    heading = texts[0] or subject.title
    alt = alt_text("Step chart and table of days", heading, subject.axis, (first, shown), [line.told for line in lines])
    table.sheet.paper.tell(heading, record.source_line, " ".join([alt, *_told(groups)]), style)
    return table.sheet.paper.figure


class _Subject:
    """The direction or the duty that a chart is about."""

    def __init__(self, record: Catalog, what: str) -> None:
        self.record, self.horizon = record, record.release.known_through
        self.duty = record.duties.get(what) if isinstance(what, str) else None
        if self.duty is None:
            try:
                self.direction = record.direction(what)
            except UnknownNameError:
                known = [direction.name for direction in record.directions]
                raise UnknownNameError("direction or duty", what, [*known, *record.duties]) from None
            self.duties: tuple[Duty, ...] = across_the_board(record.bearing(self.direction))
        else:
            self.direction = Direction(self.duty.importer, self.duty.origins[0])
            self.duties = (self.duty,)

    def measured(self, view: View) -> Measured:
        """Return the level, as a view has it."""
        if self.duty is None:
            return measure_of(self.record, self.direction.name, Quantity(), view)
        level = path(self.duty, view)
        part = Part((self.duty,), level, level=level, share=((BEGINNING, WHOLE),), levels=deciding(self.duty, view))
        return Measured(self.direction, Quantity(), view, (self.duty,), (part,))

    @property
    def voids(self) -> list[tuple[str, date, str]]:
        """Authority, day and name of each ruling that held one of the duties void."""
        return sorted({(duty.authority, duty.void.on, duty.void.by) for duty in self.duties if duty.void})

    def window(self, start: DayLike | None, end: DayLike | None, width: float) -> tuple[date, date]:
        """Return the first and last day shown; of itself not the days of a level that no source gives."""
        now = self.measured(View())
        ahead = ahead_of(now, self.horizon)
        unknown = [day for part in now.parts for day, level in part.points if level is None and day > self.horizon]
        last = max([self.horizon, *ahead])
        if start is not None or self.duty is None:
            begin: DayLike = DEFAULT_START if start is None else start
        else:
            days = [day for row in rows_of(self.duty, self.horizon, (date.min, date.max)) for day in row.days]
            if not days:
                raise UsageError(f"{self.name}: the record has no level of this duty with a day; there is nothing to draw")
            begin = max(min(days) - (last - min(days)) * LEAD, self.record.release.covers_from)
        usual = last + room_after(begin, last, width)
        first, final = as_window(self.record, begin, end, min([usual, *(day - timedelta(days=1) for day in unknown)]))
        if first == final:
            raise UsageError(f"start and end are both {first}; a chart needs two days at least")
        return first, final

    def lines(self, first: date, final: date) -> list[Line]:
        """Return the level as charged, and where a duty was held void, as lawful."""
        bases: tuple[Basis, ...] = ("charged", "lawful") if self.voids else ("charged",)
        lines = []
        for number, basis in enumerate(bases):
            measured = self.measured(View(basis=basis))
            ahead = ahead_of(measured, self.horizon)
            levels = [(day, float(level or 0)) for day, level in clip(measured.total(first, final), first, final)]
            steps = tuple(
                Step(day, level, level > before, ahead.get(day, ""))
                for (_, before), (day, level) in pairwise(levels)
                if level != before
            )
            lines.append(Line(basis, basis, levels[0][1], steps, drawn_as(number), upwards=number == 0))
        return lines

    def groups(self, first: date, final: date) -> Groups:
        """Return the rows of each duty with its title, duties in the order in which their levels were stated."""
        found = [(duty.title, rows_of(duty, self.horizon, (first, final))) for duty in self.duties]
        found = sorted((group for group in found if group[1]), key=lambda group: min(group[1][0].days))
        if not found:
            raise UsageError(f"{self.name}: no level has a day from {first} to {final}; there is nothing to draw")
        return [("" if self.duty else title, rows) for title, rows in found]

    @property
    def name(self) -> str:
        return self.duty.id if self.duty else self.direction.name

    @property
    def axis(self) -> str:
        return "Percent of customs value"

    @property
    def title(self) -> str:
        """What the chart shows."""
        what = self.duty.title if self.duty else self.direction.title
        return words.supposed(self.record, f"{what}: stated, enacted, in force")

    @property
    def subtitle(self) -> str:
        """Measure, unit and clocks."""
        what = "Level of the duty" if self.duty else "Additional duty on goods on no product list"
        lawful = ", as charged and without what courts held void" if self.voids else ", as charged; none of it was held void"
        return f"{what}, percent, by legal effective date{lawful}; below, the days of each level"

    def note(self, groups: Groups, first: date, final: date) -> str:
        """Return how the table is read, what the numbers leave out, and where they come from."""
        rows = [row for _, rows in groups for row in rows]
        said = [
            "Days of the importing territory.",
            "In brackets: the day a withdrawn level was set for." if any(row.fate == "withdrawn" for row in rows) else "",
            f"{SHADES['not-verified'][0]} ground: {DOUBT} after {words.short_day(self.horizon)}." if final > self.horizon else "",
            "In the table: the level of each duty, not their sum." if self.duty is None else "",
            "Marks stand before the day of taking effect, those after it to the right." if longest(rows)[1] else "",
            *(
                f"Without what was void: duties under {AUTHORITY_TITLES.get(authority, authority)}, which {by} of"
                f" {words.short_day(on)} held unauthorised."
                for authority, on, by in self.voids
            ),
        ]
        if self.duty is None:
            own = words.note(self.record, (self.measured(View(basis="lawful")),), (first, final), {})
        else:
            own = f"The duty alone, on what it covers: {self.duty.covers.rstrip('.')}. Source: {self.record.source_line}."
        return " ".join([*filter(None, said), own])


class _Lines(Drawing):
    """The level as charged and as lawful; where both agree one label says it."""

    def name_step(self, line: Line, step: Step) -> None:
        """Write the level a step reaches, unless the other line takes the same step and has its label."""
        charged = self.lines[0]
        if line is charged:
            told = any(other is not charged and day == step.day and other.peak == step.level for other, day in self.named)
        else:
            told = any((step.day, step.level) == (other.day, other.level) for other in charged.steps)
        if not told:
            super().name_step(line, step)

    def name_ends(self) -> None:
        """Write the last level, once where both lines end on it."""
        if len({line.level(self.horizon) for line in self.lines}) == len(self.lines):
            super().name_ends()
            return
        named = {line for line, day in self.named if line.level(self.horizon) == line.peak}
        both, self.lines = self.lines, [] if named else self.lines[:1]
        super().name_ends()
        self.lines = both


def _told(groups: Groups) -> list[str]:
    """Return the days of each level as the alt text tells them."""
    told = []
    for title, rows in groups:
        said = [_said(row) for row in rows]
        told.append(f"{title or 'Its days'}: {'; '.join(said)}.")
    return told


def _said(row: Row) -> str:
    event = row.event
    stated = long_day(event.stated) if isinstance(event.stated, date) else row.stated
    enacted = long_day(event.enacted) if isinstance(event.enacted, date) else row.enacted
    effective = long_day(event.effective) if isinstance(event.effective, date) else row.effective
    fate = {"in force": f"in force {effective}", "ahead": f"ahead for {effective}", "withdrawn": f"was for {effective}"}
    gone = f", withdrawn {long_day(event.withdrawn)}" if event.withdrawn else ""
    return f"{row.level}, stated {stated}, enacted {enacted}, {fate.get(row.fate, row.effective)}{gone}"
