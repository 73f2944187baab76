"""What was expected on chosen days: a path of levels for each, and those that are the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tariffs.asking import DayLike, as_day, as_quantity, as_view, as_window
from tariffs.charts.lines import NBSP, Line, Step, ahead_of, drawn_as
from tariffs.errors import CoverageError, UsageError
from tariffs.frames import series
from tariffs.measures import Measured, measure_of
from tariffs.stacking import deciding
from tariffs.vocabulary import KNOWN, Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tariffs.catalog import Catalog
    from tariffs.model import Event

MOST_DAYS = 6
LEAD, LEAST_LEAD = 0.12, timedelta(days=21)  # before the first day given: of the days to the last step, and at least
ROOM, LEAST_ROOM = 0.3, timedelta(days=28)  # after the last expected step, for the words at the lines
# Gaps are filled with white, so that of two broken lines on one level the later hides the earlier and neither looks unbroken.
BY_LAW: dict[str, Any] = {"color": "#B8470A", "linestyle": (0, (4, 1.8)), "linewidth": 1.0, "gapcolor": "white"}
STATED: dict[str, Any] = {"color": "#801650", "linestyle": (0, (1, 1.5)), "linewidth": 1.2, "gapcolor": "white"}


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


class Question:
    """One number of one direction, seen from several days."""

    def __init__(self, record: Catalog, direction: str, asked: dict[str, Any], known: Known) -> None:
        self.record, self.name, self.asked, self.known = record, direction, asked, known
        self.quantity = as_quantity(record, **asked)
        self.actual = self.seen_from(None, "law")
        self.known_through = record.release.known_through

    def seen_from(self, day: date | None, known: Known) -> Measured:
        """Return the number as it was known at the end of a day."""
        return measure_of(self.record, self.name, self.quantity, as_view(self.record, day, known, "charged"))

    @property
    def last_seen(self) -> date:
        """The last day for which both law and weights are known."""
        return min([self.known_through, *([self.actual.weights.last_day] if self.actual.weights else [])])

    @property
    def dotted(self) -> bool:
        """Whether the line goes on after the last day seen."""
        return not self.actual.ends_by(self.known_through)

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


def as_days(days: Sequence[DayLike], last: date) -> tuple[date, ...]:
    """Return the days that were given, in order."""
    listed = [days] if isinstance(days, (str, date)) else list(days)
    when = tuple(sorted({as_day(day, "days") for day in listed}))
    if not 1 <= len(when) <= MOST_DAYS:
        raise UsageError(f"days: found {len(when)}, expected 1 to {MOST_DAYS}")
    if when[-1] > last:
        raise CoverageError(f"days: found {when[-1]}, expected days up to {last}, the last one known")
    return when


def window_of(question: Question, days: tuple[date, ...], start: DayLike | None, end: DayLike | None) -> tuple[date, date]:
    """Return first and last day shown, with the days given between them."""
    record = question.record
    for day in days:
        record.require_covered(day)
    last = max(question.last_step(day) for day in days)
    begins = question.actual.first_day(record.release.covers_from)
    begin = start if start is not None else max(days[0] - max(LEAST_LEAD, LEAD * (last - days[0])), begins)
    room = max(LEAST_ROOM, ROOM * (last - days[0]))
    first, final = as_window(record, begin, end, last + room)
    outside = [str(day) for day in days if not first <= day < final]
    if outside:
        raise UsageError(
            f"days: found {', '.join(outside)}, expected days from {first} to the one before {final}, which are shown"
        )
    return first, final


def merged(paths: Iterable[Path | None], line: Line) -> list[Path]:
    """Return paths in which a day that expected what an earlier one did is added to that one."""
    kept: list[Path] = []
    for path in filter(None, paths):
        twin = next((number for number, other in enumerate(kept) if path.repeats(other, line)), None)
        if twin is None:
            kept.append(path)
        else:
            kept[twin] = replace(kept[twin], days=(*kept[twin].days, *path.days))
    return kept


def _listed(days: tuple[date, ...], write: Callable[[date], str]) -> str:
    """Return days as a sentence lists them: 15 Aug and 10 Oct 2025."""
    *others, last = (write(day) for day in days)
    return f"{', '.join(others)} and {last}" if others else last
