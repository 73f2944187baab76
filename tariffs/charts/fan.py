"""What then happened, and what was expected on chosen days: one path of steps as now known, and a broken one per day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, islice, pairwise, permutations
from math import dist, inf
from typing import TYPE_CHECKING, Any

from matplotlib.dates import date2num

from tariffs.asking import DayLike, as_day, as_quantity, as_view, as_window, packaged
from tariffs.charts import words
from tariffs.charts.alt import alt_text, long_day
from tariffs.charts.drawing import Drawing
from tariffs.charts.labels import FAR, GAP, Anchor, Places
from tariffs.charts.lines import NBSP, Line, Step, ahead_of, drawn_as
from tariffs.charts.page import Box, Hair
from tariffs.charts.sheet import PAPER_TYPE, Sheet, require_size
from tariffs.charts.story import LEAST_TOP, STORY, annotations_of
from tariffs.charts.style import own_style
from tariffs.errors import CoverageError, UsageError
from tariffs.frames import series
from tariffs.measures import Measured, measure_of
from tariffs.stacking import deciding
from tariffs.vocabulary import KNOWN, Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from matplotlib.axes import Axes

    from tariffs.catalog import Catalog
    from tariffs.charts.panel import Panel
    from tariffs.model import Event
    from tariffs.vocabulary import Measure

MOST_DAYS = 6
LEAD, LEAST_LEAD = 0.12, timedelta(days=21)  # before the first day given: of the days to the last step, and at least
ROOM, LEAST_ROOM = 0.3, timedelta(days=28)  # after the last expected step, for the words at the lines
# Gaps are filled with white, so that of two broken lines on one level the later hides the earlier and neither looks unbroken.
BY_LAW: dict[str, Any] = {"color": "#B8470A", "linestyle": (0, (4, 1.8)), "linewidth": 1.0, "gapcolor": "white"}
STATED: dict[str, Any] = {"color": "#801650", "linestyle": (0, (1, 1.5)), "linewidth": 1.2, "gapcolor": "white"}
SHAPES = ("o", "s", "D", "v", "<", ">")
LARGE, LESS = 10, 2  # on a slide the words at lines are so much smaller than the others [points]
MARKER, KEY, KEY_ROOM = 4.0, 3.4, 2.3  # sizes [points], and the room of a shape before its words [mm]
TOLD = ("Reciprocal tariffs announced", "Geneva", "Busan", "Supreme Court")  # why paths were left
WIDTHS = {True: (0.5, 0.38, 0.3), False: (0.3, 0.2, 0.15, 0.12)}  # of the page: words at a line, in a column and on a page
OFFSETS = (0.9, 2.5, 4.5, 7, 10, 14, 18, 23, 28, 34, 42, 52)  # of words from their line [mm]
ASIDE, SLIDE = 24, 3  # words may stand so far before their line, and are tried so far apart along it [mm]
NEAR = 0.3  # a hair this close to words or to another line meets them [mm]
MOST_ORDERS = 24  # of words taking their places
MOST_ALONG = 16  # places along a line
NOWHERE = 200  # what words cost that found no place near their line [mm]
LOOSE, CROSSED, STRUCK = 3, 6, 40  # a line of words more, a line and words that a hair crosses cost so much distance [mm]


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """What was expected on a day, and on later days from which it looked the same.

    Attributes
    ----------
    days : tuple of date
    points : tuple of (date, float)
        The day with the level then in force, and each change from it [percent], those after the last day shown too; of a path
        that was only stated, from the last level that it shares with the one by law.
    until : date
        The last day drawn.
    events : tuple of Event
        Those that were only stated; none of a path by law.
    unknown_after : date, optional
        The last day that the weights know of, where they know nothing of a later step.
    """

    days: tuple[date, ...]
    points: tuple[tuple[date, float], ...]
    until: date
    events: tuple[Event, ...] = ()
    unknown_after: date | None = None

    def level(self, day: date) -> float:
        """Return the level expected for a day [percent]."""
        return next((level for since, level in reversed(self.points) if since <= day), self.points[0][1])

    @property
    def drawn(self) -> tuple[tuple[date, float], ...]:
        """The points on the days shown."""
        return tuple((day, level) for day, level in self.points if day <= self.until)

    @property
    def style(self) -> dict[str, Any]:
        """How its line looks."""
        return STATED if self.events else BY_LAW

    @property
    def gid(self) -> str:
        """The name of its line."""
        return f"{'stated' if self.events else 'expected'}-{self.days[0]}"

    def name(self, write: Callable[[date], str]) -> str:
        """Return on which days it was expected, and of one that was only stated what became of it."""
        if not self.events:
            return f"as known on {_listed(self.days, write)}"
        enacted = [event.enacted for event in self.events if isinstance(event.enacted, date)]
        fate = "never enacted" if all(event.status == "threat" for event in self.events) else "not law"
        if len(enacted) == len(self.events):
            fate = f"law on {write(max(enacted))}"
        return f"stated by {_listed(self.days, write)}, {fate.replace(' ', NBSP)}"

    def moves(self, line: Line, write: Callable[[date], str]) -> str:
        """Return where it went: each level and its day."""
        written = [(day, line.written(level)) for day, level in self.points]
        steps = [f"{level} from {write(day)}" for (_, before), (day, level) in pairwise(written) if level != before]
        if self.events and written[0][1] == written[1][1]:
            steps.insert(0, f"{written[0][1]} kept from {write(written[0][0])}")
        told = steps or [written[0][1]]
        if self.unknown_after:
            told.append(f"not known after {write(self.unknown_after)}")
        elif self.follows(line) and self.drawn == self.points:
            told.append("still scheduled" if any(step.condition for step in line.steps) else "as then happened")
        elif not steps:
            told.append("no change set")
        return ", ".join(piece.replace(" ", NBSP) for piece in told)

    def follows(self, line: Line) -> bool:
        """Whether it runs with what happened, by law, as far as it is drawn."""
        return not self.events and self.agrees(line, self.until)

    def agrees(self, line: Line, last: date) -> bool:
        """Whether it runs with what happened from its first day to `last`."""
        begin = self.points[0][0]
        changes = {begin, *(day for day, _ in self.points), *(step.day for step in line.steps)}
        return all(self.level(day) == line.level(day) for day in changes if begin <= day <= last)

    def repeats(self, other: Path, line: Line) -> bool:
        """Whether what it expects is what an earlier path, until then borne out, had expected."""
        if self.events:
            return self.points == other.points
        begin = self.points[0][0]
        changes = {begin, *(day for day, _ in self.points), *(day for day, _ in other.points if day >= begin)}
        same = all(self.level(day) == other.level(day) for day in changes)
        return same and self.unknown_after == other.unknown_after and other.agrees(line, begin)


def expected(
    direction: str,
    days: Sequence[DayLike],
    *,
    start: DayLike | None = None,
    end: DayLike | None = None,
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    known: Known = "law",
    threats: bool = True,
    style: str = "paper",
    ax: Axes | None = None,
    width: float | None = None,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    catalog: Catalog | None = None,
) -> Axes:
    """Draw what was expected on chosen days beside what then happened.

    The path as now known is a solid line with its levels. From each day given, a broken line starts at a hollow marker on the
    level then in force and takes the steps that were set by then; where it runs with what happened the solid line covers it. A
    path that equals what happened has words in place of a line, and days from which the same was expected share one line.

    Parameters
    ----------
    direction : str
        Such as ``us_on_cn``.
    days : sequence of date-like
        At the end of which the paths were known; one to six.
    start, end : date-like, optional
        First and last day shown; by default from shortly before the first day to shortly after the last expected step.
    measure, weights, good, mfn
        As in `series`.
    known : {"law", "stated"}
        Whether the paths count what acts and agreements had set, or all that had been stated, threats included.
    threats : bool
        Whether steps that had been stated and were not law are drawn as well: dotted, with open triangles.
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
        Of a figure of its own, made without pyplot; `save` writes it.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> from tariffs.charts.fan import expected
    >>> ax = expected("us_on_cn", ["2025-05-20"], width=84)
    >>> [line.get_ydata().tolist() for line in ax.lines if line.get_gid() == "expected-2025-05-20"]
    [[30.0, 54.0, 54.0]]
    """
    record = catalog or packaged()
    require_size(width, height)
    asked: dict[str, Any] = {"measure": measure, "weights": weights, "good": good, "mfn": mfn}
    question = _Question(record, direction, asked, known)
    measured, when = (question.actual,), _as_days(days, question.last_seen)
    first, final = _window(question, when, start, end)
    shown = min(final, question.last_seen)
    with own_style(style, yours=ax is not None):
        line, said = question.happened(first, final)
        paths = _merged((question.by_law(day, final) for day in when), line)
        if threats and known == "law":
            paths += _merged((question.stated(day, final) for day in when), line)
        heading = f"{words.title(record, measured)}, expected and in force"
        texts = (
            heading if title is None else title,
            _subtitle(measured, known) if subtitle is None else subtitle,
            _note(words.note(record, measured, (first, shown), said), paths, known) if note is None else note,
        )
        page = Sheet(width, height, ax)
        panel = page.panel(first, final)
        doubt = "not verified" if question.dotted else "no weights"
        panel.add_ground("not-verified", shown + timedelta(days=1), final, f"{doubt} after {words.short_day(shown)}")
        page.compose(panel, texts, _told_events(question, first, shown))
        levels = [level for path in paths for _, level in path.drawn]
        most = 100 if measure == "covered" else None
        panel.scale(min([line.trough, 0, *levels]), max([line.peak, LEAST_TOP, *levels]), words.axis(measured), most=most)
        panel.finish()
        _Fan(panel, line, shown, paths, dotted=question.dotted).draw()
    told = replace(line.told, name=f"{question.actual.direction.title}, in force")
    alt = alt_text("Step chart", texts[0] or heading, words.axis(measured), (first, shown), [told])
    spoken = " ".join([alt, *(_spoken(path, line) for path in paths)])
    page.paper.tell(texts[0] or heading, record.source_line, spoken, style)
    return panel.ax


class _Question:
    """One number of one direction, seen from several days."""

    def __init__(self, record: Catalog, direction: str, asked: dict[str, Any], known: Known) -> None:
        self.record, self.name, self.asked, self.known = record, direction, asked, known
        self.quantity = as_quantity(record, **asked)
        self.actual = self.seen_from(None, "law")
        self.known_through = record.release.known_through

    def seen_from(self, day: date | None, known: Known) -> Measured:
        return measure_of(self.record, self.name, self.quantity, as_view(self.record, day, known, "charged"))

    @property
    def last_seen(self) -> date:
        """The last day for which both law and weights are known."""
        return min([self.known_through, *([self.actual.weights.last_day] if self.actual.weights else [])])

    @property
    def dotted(self) -> bool:
        """Whether the line goes on after the last day seen."""
        return self.last_seen == self.known_through

    def happened(self, first: date, final: date) -> tuple[Line, dict[Any, Any]]:
        """Return the line as now known, and what is to be said of its numbers."""
        levels, said = self._levels(first, final if self.dotted else min(final, self.last_seen))
        ahead = ahead_of(self.actual, self.known_through) if self.dotted else {}
        steps = tuple(
            Step(day, level, level > before, ahead.get(day, ""))
            for (_, before), (day, level) in pairwise(levels)
            if level != before
        )
        digits = 1 if self.actual.weights else None
        return Line(self.actual.column, "in force", levels[0][1], steps, drawn_as(0), upwards=True, digits=digits), said

    def by_law(self, day: date, final: date) -> Path:
        """Return the path that was expected on a day."""
        return self._path(day, final, self.known)

    def stated(self, day: date, final: date) -> Path | None:
        """Return what had been stated by a day and was not law, from the last level of the law; None for nothing."""
        law, more = self._path(day, final, "law"), self._path(day, final, "stated")
        changes = sorted({since for since, _ in (*law.points, *more.points)})
        parted = next((since for since in changes if law.level(since) != more.level(since)), None)
        if parted is None or parted > more.until:
            return None
        before = (parted, law.level(max(parted - timedelta(days=1), day)))
        points = (before, (parted, more.level(parted)), *((since, level) for since, level in more.points if since > parted))
        return replace(more, points=points, events=tuple(self._beyond_law(day, more.until)))

    def last_step(self, day: date) -> date:
        """Return the day of the last step that was stated or set by a day, or the day itself."""
        return max(self._points(day, known)[0][-1][0] for known in KNOWN)

    def _path(self, day: date, final: date, known: Known) -> Path:
        points, last = self._points(day, known)
        weighted = self.actual.weights
        unknown = last if weighted and last < min(final, weighted.last_day) else None
        return Path((day,), points, min(final, last) if weighted else final, unknown_after=unknown)

    def _points(self, day: date, known: Known) -> tuple[tuple[tuple[date, float], ...], date]:
        """Return the level on a day and every later one then expected, and the last day that is known of."""
        one = self.seen_from(day, known)
        steps = [since for duty in one.moving for since, _ in deciding(duty, one.view)]
        last = max([day, one.last_day(self.known_through, scheduled=True) if one.weights else max(steps, default=day)])
        return self._levels(day, last, as_of=day, known=known)[0], last

    def _levels(self, first: date, final: date, **view: Any) -> tuple[tuple[tuple[date, float], ...], dict[Any, Any]]:
        column = series(self.name, **self.asked, start=first, end=final, catalog=self.record, **view)
        return tuple((stamp.date(), float(level)) for stamp, level in zip(column.index, column, strict=True)), dict(column.attrs)

    def _beyond_law(self, day: date, final: date) -> Iterator[Event]:
        one = self.seen_from(day, "stated")
        law = replace(one.view, known="law")
        for duty in one.moving:
            yield from (event for since, event in deciding(duty, one.view) if day < since <= final and not law.counts(event))


def _as_days(days: Sequence[DayLike], last: date) -> tuple[date, ...]:
    listed = [days] if isinstance(days, (str, date)) else list(days)
    when = tuple(sorted({as_day(day, "days") for day in listed}))
    if not 1 <= len(when) <= MOST_DAYS:
        raise UsageError(f"days: found {len(when)}, expected 1 to {MOST_DAYS}")
    if when[-1] > last:
        raise CoverageError(f"days: found {when[-1]}, expected days up to {last}, the last one known")
    return when


def _window(question: _Question, days: tuple[date, ...], start: DayLike | None, end: DayLike | None) -> tuple[date, date]:
    """Return first and last day shown, with the days given between them."""
    record = question.record
    for day in days:
        record.require_covered(day)
    last = max(question.last_step(day) for day in days)
    begin = start if start is not None else max(days[0] - max(LEAST_LEAD, LEAD * (last - days[0])), record.release.covers_from)
    room = max(LEAST_ROOM, ROOM * (last - days[0]))
    first, final = as_window(record, begin, end, last + room)
    outside = [str(day) for day in days if not first <= day < final]
    if outside:
        raise UsageError(
            f"days: found {', '.join(outside)}, expected days from {first} to the one before {final}, which are shown"
        )
    return first, final


def _merged(paths: Iterable[Path | None], line: Line) -> list[Path]:
    """Return paths in which a day that expected what an earlier one did is added to that one."""
    kept: list[Path] = []
    for path in filter(None, paths):
        twin = next((number for number, other in enumerate(kept) if path.repeats(other, line)), None)
        if twin is None:
            kept.append(path)
        else:
            kept[twin] = replace(kept[twin], days=(*kept[twin].days, *path.days))
    return kept


def _told_events(question: _Question, first: date, last: date) -> list[tuple[str, date]]:
    if STORY.isdisjoint(duty.id for duty in question.actual.moving):
        return []
    return [entry for entry in annotations_of(question.record, first, last, whole=True) if entry[0] in TOLD]


def _subtitle(measured: tuple[Measured, ...], known: Known) -> str:
    how = "law" if known == "law" else "statement"
    return f"{words.subtitle(measured)}; broken lines as known by {how} on the days named"


def _note(note: str, paths: list[Path], known: Known) -> str:
    """Return the generated note with what the broken and dotted lines are."""
    setters = (
        "acts and agreements had set" if known == "law" else "acts, agreements and statements had announced, threats included,"
    )
    own = f"Broken lines: what {setters} by the end of the days named, under the solid line where both agree."
    stated = [path for path in paths if path.events]
    if stated:
        own += " Dotted, with triangles: further steps that had been stated and were not law."
    events = {event.id: event for path in stated for event in path.events}
    ends = {
        f" The threat stated on {words.short_day(event.stated)} was withdrawn on {words.short_day(event.withdrawn)}.": None
        for event in events.values()
        if event.status == "threat" and event.withdrawn and isinstance(event.stated, date)
    }
    return f"{own}{''.join(ends)} {note}"


def _spoken(path: Path, line: Line) -> str:
    """Return a path as the alt text tells it."""
    name, moves = (text.replace(NBSP, " ") for text in (path.name(long_day), path.moves(line, long_day)))
    begin = line.written(path.points[0][1])
    then = "" if path.events or moves.startswith(f"{begin}, ") else f"{begin} then; "
    return f"{name[0].upper()}{name[1:]}: {then}{moves}."


def _listed(days: tuple[date, ...], write: Callable[[date], str]) -> str:
    """Return days as a sentence lists them: 15 Aug and 10 Oct 2025."""
    *others, last = (write(day) for day in days)
    return f"{', '.join(others)} and {last}" if others else last


def _tight(beside: date) -> Callable[[date], str]:
    """Return how days are written at a line: unbroken, and without the year where it is that of the day beside them."""

    def write(day: date) -> str:
        text = words.short_day(day)
        return (text if day == beside else text.removesuffix(f" {beside.year}")).replace(" ", NBSP)

    return write


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for the words of a path, the hair from there to its line, and what both cost [mm]."""

    cost: float
    text: str
    box: Box
    hair: Hair

    def beside(self, others: list[Spot]) -> Spot | None:
        """Return the place with what it costs beside others; None where it meets them."""
        if any(self.box.meets(other.box, GAP) for other in others):
            return None
        struck = sum(_strikes(self.hair, other.box) + _strikes(other.hair, self.box) for other in others)
        return replace(self, cost=self.cost + STRUCK * struck)


class _Fan(Drawing):
    """The line of what happened, the paths that were expected, and what is written at them."""

    def __init__(self, page: Panel, line: Line, horizon: date, paths: list[Path], *, dotted: bool) -> None:
        super().__init__(page, [line], horizon, dotted=dotted)
        self.happened, self.paths = line, paths
        self.shapes = dict(zip(sorted({day for path in paths for day in path.days}), SHAPES, strict=False))
        self.lines_taken: list[Box] = []

    def draw(self) -> None:
        for order, path in enumerate(sorted(self.paths, key=lambda path: not path.events)):
            self.draw_path(path, 2 + order / 100)
        super().draw()
        for path, spot in self.arranged():
            self.write(path, spot)

    def draw_path(self, path: Path, order: float) -> None:
        if not path.follows(self.happened):
            look = path.style | {"linewidth": path.style["linewidth"] * self.scale}
            self.step([*path.drawn, (self.right(path), path.drawn[-1][1])], gid=path.gid, zorder=order, **look)
        hollow = {"markerfacecolor": "white", "markeredgecolor": path.style["color"], "markeredgewidth": 0.9, "clip_on": False}
        for day, level in self.marked(path):
            shape, gid = ("^", f"{path.gid}-step") if path.events else (self.shapes[day], f"known-{day}")
            style = {**hollow, "marker": shape, "markersize": MARKER * self.scale, "zorder": 6 if path.events else 7}
            self.ax.plot([float(date2num(day))], [level], gid=gid, linestyle="none", **style)

    def right(self, path: Path) -> date:
        """Return the day at which a path's line ends."""
        return min(path.until + timedelta(days=1), self.page.final)

    def marked(self, path: Path) -> tuple[tuple[date, float], ...]:
        """Return where a path has markers: on the days it was known, or on the steps that were only stated."""
        return path.drawn[1:] if path.events else tuple((day, path.level(day)) for day in path.days)

    def obstacles(self) -> list[Box]:
        self.lines_taken = super().obstacles()
        for path in self.paths:
            points = [(self.page.x(day), self.page.y(level)) for day, level in path.drawn]
            for (x, y), (end, then) in pairwise([*points, (self.page.x(self.right(path)), points[-1][1])]):
                self.lines_taken.append(Box(x - 0.2, y - 0.3, end + 0.2, y + 0.3))
                self.lines_taken.append(Box(end - 0.3, min(y, then), end + 0.3, max(y, then)))
            for x, y in ((self.page.x(day), self.page.y(level)) for day, level in self.marked(path)):
                self.lines_taken.append(Box(x - 0.8, y - 0.8, x + 0.8, y + 0.8))
        return self.lines_taken

    def arranged(self) -> list[tuple[Path, Spot]]:
        """Return a place for the words of each path: the cheapest of many orders in which each takes the best that is left."""
        self.known = {path: sorted(self.spots(path), key=lambda spot: spot.cost) for path in self.paths}
        tied_first = sorted(self.paths, key=self.joins, reverse=True)
        orders = chain([tuple(self.paths)], islice(permutations(tied_first), MOST_ORDERS))
        cheapest = min((self.in_order(order) for order in orders), key=_price)
        placed = [(path, spot) for path, spot in cheapest if spot]
        for path in (path for path, spot in cheapest if not spot):
            placed.append((path, self.anywhere(path, [other for _, other in placed])))
        return placed

    def in_order(self, order: tuple[Path, ...]) -> list[tuple[Path, Spot | None]]:
        """Return the best place that each path in turn finds left; None where there is none near its line."""
        placed: list[tuple[Path, Spot | None]] = []
        for path in order:
            others = [other for _, other in placed if other]
            best: Spot | None = None
            for spot in self.known[path]:
                if best and best.cost <= spot.cost:
                    break
                dearer = spot.beside(others)
                if dearer and (best is None or dearer.cost < best.cost):
                    best = dearer
            placed.append((path, best))
        return placed

    def anywhere(self, path: Path, others: list[Spot]) -> Spot:
        """Return a place for the words of a path that found none near its line, with a hair that crosses none if possible."""
        own, places = self.own(path), Places(self.page.paper, self.places.area, longest=inf)
        places.take([*self.places.taken, *(spot.box for spot in others)])
        places.texts = [*self.places.texts, *(spot.box for spot in others)]
        found = []
        for text, width, height in self.broken(path):
            _, box = places.find(width, height, [Anchor(own.right, own.top + 1, "left", "bottom")], own)
            hair = box.way_to(own)
            found.append(Spot(NOWHERE + _long(hair) + STRUCK * (not places.reaches(box, own)), text, box, hair))
        return min(found, key=lambda spot: spot.cost)

    def spots(self, path: Path) -> Iterator[Spot]:
        """Yield the places for a path's words that meet nothing drawn so far."""
        own = self.own(path)
        for text, width, height in self.broken(path):
            for box in filter(self.places.free, _places(own, width, height)):
                hair = box.way_to(own)
                yield Spot(_long(hair) + LOOSE * text.count("\n") + self.crossed(hair), text, box, hair)

    def broken(self, path: Path) -> list[tuple[str, float, float]]:
        """Return a path's words as they can be broken into lines, with width and height, shapes of its markers included [mm]."""
        paper, write = self.page.paper, _tight(path.days[-1])
        parts, indent = (f"{path.name(write)}:", path.moves(self.happened, write)), self.key_room * len(self.keys(path))
        widths = [paper.width * share for share in WIDTHS[self.page.narrow]]
        texts = dict.fromkeys("\n".join(paper.wrap(part, width, **self.type) for part in parts) for width in widths)
        sizes = {text: paper.measure(text, **self.type) for text in texts}
        return [(text, width + indent, height) for text, (width, height) in sizes.items()]

    def crossed(self, hair: Hair) -> float:
        """Return what the lines and words cost that a hair crosses on its way to its line [mm]."""
        if _long(hair) <= FAR:
            return 0
        way, lines = _short(hair), set(map(id, self.lines_taken))
        return sum(CROSSED if id(box) in lines else STRUCK for box in self.places.taken if _strikes(way, box))

    def keys(self, path: Path) -> list[str]:
        """Return the shapes of a path's markers."""
        return ["^"] if path.events else [self.shapes[day] for day in path.days]

    @property
    def scale(self) -> float:
        """How large lines and markers are beside those of a page."""
        return max(self.size / PAPER_TYPE, 1)

    @property
    def key_room(self) -> float:
        """The room of a shape before its words [mm]."""
        return KEY_ROOM * self.scale

    @property
    def type(self) -> dict[str, Any]:
        """The type of the words at a path."""
        return {"fontsize": self.size - 0.2 - LESS * (self.size > LARGE), "linespacing": 1.15}

    def write(self, path: Path, spot: Spot) -> None:
        """Write what a path is after the shapes of its markers, with a hair to its line where that is far."""
        paper, box, color, shapes = self.page.paper, spot.box, path.style["color"], self.keys(path)
        style: dict[str, Any] = {"va": "bottom", "color": color, "gid": f"name-{path.gid}", **self.type}
        paper.write(box.left + self.key_room * len(shapes), box.bottom, spot.text, **style)
        y = box.top - self.size * 0.3528 * 0.5
        for number, shape in enumerate(shapes):
            x = box.left + self.key_room * (number + 0.5) - 0.3
            key = {"marker": shape, "markersize": KEY * self.scale, "markerfacecolor": "white", "markeredgewidth": 0.8}
            paper.rule(x, y, x, y, gid="key", color=color, **key)
        if _long(spot.hair) > FAR:
            paper.rule(*spot.hair[0], *spot.hair[1], color=color, linewidth=0.4, zorder=2, gid="leader")

    def steps_seen(self, path: Path) -> list[tuple[date, float]]:
        """Return a path's first point and each step on the days shown that labels tell apart from the level before."""
        first, *later = path.drawn
        seen = [first]
        for day, level in later:
            if self.happened.written(level) != self.happened.written(seen[-1][1]):
                seen.append((day, level))
        return seen

    def joins(self, path: Path) -> bool:
        """Whether a path's last step brings it to a level that another had come to before."""
        (day, level), steps = self.steps_seen(path)[-1], len(self.steps_seen(path)) - 1
        others = [self.steps_seen(other)[-1] for other in self.paths if other is not path and not other.follows(self.happened)]
        return steps > 0 and any(arrival < day and at == level for arrival, at in others)

    def own(self, path: Path) -> Box:
        """Return the stretch of a path's line to name it by: its last level off the solid line, or its step to another's."""
        seen = self.steps_seen(path)
        day, level = seen[-1]
        x, y = self.page.x(day), self.page.y(level)
        if path.follows(self.happened):
            x, y = self.page.x(path.days[-1]), self.page.y(path.level(path.days[-1]))
            return Box(x, y, x, y)
        if self.joins(path):
            below, above = sorted((self.page.y(seen[-2][1]), y))
            return Box(x, below + 1.5, x, above - 1.5) if above - below > 4 else Box(x, below, x, above)
        changes = [day, *(step.day for step in self.happened.steps if day < step.day < self.right(path))]
        left = next((since for since in changes if path.level(since) != self.happened.level(since)), day)
        return Box(self.page.x(left), y, self.page.x(self.right(path)), y)


def _places(own: Box, width: float, height: float) -> Iterator[Box]:
    """Yield boxes of a size around a stretch of line: above and below it along its length, and beside it."""
    for offset in OFFSETS:
        for bottom in (own.top + offset, own.bottom - offset - height):
            stride = max(SLIDE, (own.right - own.left) / MOST_ALONG)
            along = (own.left + 0.8 + number * stride for number in range(int((own.right - own.left) / stride) + 1))
            before = (own.left - 1 - number * SLIDE for number in range(1, int((width + ASIDE) / SLIDE) + 2))
            for left in (*along, own.right - 0.6 - width, *before):
                yield Box(left, bottom, left + width, bottom + height)
        for left in (own.right + offset, own.left - offset - width):
            for bottom in ((own.top + own.bottom - height) / 2, own.bottom, own.top - height):
                yield Box(left, bottom, left + width, bottom + height)


def _price(placed: list[tuple[Path, Spot | None]]) -> float:
    return sum(spot.cost if spot else NOWHERE for _, spot in placed)


def _short(hair: Hair) -> Hair:
    """Return a hair without its last millimetre, where it meets its own line."""
    (x, y), (end, then) = hair
    share = 1 - min(1 / max(_long(hair), 1), 1)
    return (x, y), (x + (end - x) * share, y + (then - y) * share)


def _strikes(hair: Hair, box: Box) -> bool:
    """Whether a hair long enough to be drawn runs through a box or close by it."""
    return _long(hair) > FAR - 1 and box.struck(*hair, NEAR)


def _long(hair: Hair) -> float:
    return dist(*hair)
