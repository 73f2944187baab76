"""What a timeline shows: a lane for each duty, with its levels, what was announced and never applied, and what is ahead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from tariffs.errors import UnknownNameError, UsageError
from tariffs.stacking import deciding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Event, View
    from tariffs.vocabulary import Direction

UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Span:
    """A level of a duty from its first day to the one before `end`; without an end it was to last.

    Attributes
    ----------
    kind : {"in force", "ahead", "announced"}
    text : str
        The level as labels write it.
    """

    kind: str
    begin: date
    end: date | None
    rate: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One duty as it is drawn.

    Attributes
    ----------
    title : str
        Without the words that its family's title says.
    bold : bool
        Whether the title stands for the family's as well.
    levels, announced : tuple of Span
        In force or still ahead; announced and never applied.
    marks : tuple of (date, str)
        Levels announced with no day, at the day they were stated.
    ticks : tuple of date
        On which the duty's coverage changes.
    void : bool
    begins : date
        The first day of anything that could be drawn, in the window or before it.
    """

    duty: Duty
    title: str
    levels: tuple[Span, ...]
    announced: tuple[Span, ...]
    marks: tuple[tuple[date, str], ...]
    ticks: tuple[date, ...]
    void: bool
    begins: date
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The lanes of one family; the heading is empty where the one lane's title says it."""

    heading: str
    lanes: tuple[Lane, ...]


def groups_of(
    record: Catalog, where: Direction, families: str | Sequence[str] | None, view: View, window: tuple[date, date]
) -> tuple[Group, ...]:
    """Return the lanes there are to draw, families and duties in the order in which they begin."""
    duties = record.bearing(where)
    wanted = _wanted(families, tuple(dict.fromkeys(duty.family for duty in duties)))
    horizon = view.horizon(record.release.known_through)
    lanes = [_lane(duty, view, window, horizon) for duty in duties if duty.family in wanted and view.counts_duty(duty)]
    drawn = [lane for lane in lanes if lane.levels or lane.announced or lane.marks]
    if not drawn:
        of = "" if families is None else f" of {', '.join(wanted)}"
        raise UsageError(f"{where.name}: no duty{of} has a level from {window[0]} to {window[1]}; there is nothing to draw")
    families_first = {lane.duty.family: lane.begins for lane in sorted(drawn, key=lambda lane: lane.begins, reverse=True)}
    drawn.sort(key=lambda lane: (families_first[lane.duty.family], lane.duty.family, lane.begins, lane.duty.id))
    return tuple(
        _group(record.families[family].title, tuple(lanes)) for family, lanes in groupby(drawn, lambda lane: lane.duty.family)
    )


def _wanted(families: str | Sequence[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    one = isinstance(families, str) or not isinstance(families, Iterable)
    listed = known if families is None else (str(families),) if one else tuple(families)
    if not listed:
        raise UsageError(f"families: found an empty list, expected one or more of: {', '.join(known)}")
    for name in listed:
        if name not in known:
            raise UnknownNameError("family", str(name), known)
    return listed


def _group(title: str, lanes: tuple[Lane, ...]) -> Group:
    """Shorten the titles of a family's duties; a duty alone whose title says the family's needs no heading."""
    if len(lanes) == 1 and set(_plain(title)) <= set(_plain(lanes[0].duty.title)):
        return Group("", (replace(lanes[0], title=_marked(lanes[0], lanes[0].duty.title), bold=True),))
    short = [shortened(lane.duty.title, title) for lane in lanes]
    if len(set(short)) < len(short):
        short = [lane.duty.title for lane in lanes]
    return Group(title, tuple(replace(lane, title=_marked(lane, text)) for lane, text in zip(lanes, short, strict=True)))


def _marked(lane: Lane, title: str) -> str:
    return f"{title} (held void)" if lane.void else title


def shortened(title: str, family: str) -> str:
    """Return a duty's title without the words that its family's title says.

    The words that both begin with are left out, never half of an "and"; so is "duty on", and "in answer to" what the family
    names.

    Examples
    --------
    >>> shortened("Section 232 duty on steel", "Section 232: metals")
    'Steel'
    >>> shortened("Chinese energy and machinery layer", "Chinese energy and farm layers of 2025")
    'Energy and machinery layer'
    """
    answered = title.partition(" in answer to ")[2].partition(",")[0]
    if answered and set(_plain(answered)) <= set(_plain(family)):
        title = title.replace(f" in answer to {answered}", "", 1)
    found, said = title.split(), _plain(family)
    same = 0
    for word, other in zip(found, said, strict=False):
        if _plain(word) != [other]:
            break
        same += 1
    while same and found[same - 1].lower() in ("and", "of", "on", "to", "the", "in"):
        same -= 2
    rest = re.sub(r"^duty on ", "", " ".join(found[max(same, 0) :]).lstrip(" :,"))
    return rest[:1].upper() + rest[1:] if rest else title


def _plain(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.lower())


def _lane(duty: Duty, view: View, window: tuple[date, date], horizon: date) -> Lane:
    first, final = window
    counted = deciding(duty, view)
    never = _never_applied(duty, view, {event.id for _, event in counted})
    levels = [part for span in _levels(counted) for part in _parted(span, horizon + timedelta(days=1))]
    announced = _announced(duty, never)
    marks = [(day, written(event)) for event in never if (day := _stated(event)) and not isinstance(event.effective, date)]
    ticks = {event.effective for event in duty.events if not event.is_level and view.counts(event)}
    return Lane(
        duty,
        duty.title,
        tuple(_clipped(levels, first, final)),
        tuple(_clipped(announced, first, final)),
        tuple(sorted({(day, text) for day, text in marks if first <= day < final})),
        tuple(sorted(day for day in ticks if isinstance(day, date) and first <= day < final)),
        view.void_of(duty) is not None,
        min([*(span.begin for span in (*levels, *announced)), *(day for day, _ in marks)], default=final),
    )


def _levels(counted: tuple[tuple[date, Event], ...]) -> list[Span]:
    """Return the spans of constant level above 0, and of levels that no source gives."""
    found: list[Span] = []
    for number, (day, event) in enumerate(counted):
        following = counted[number + 1][0] if number + 1 < len(counted) else date.max
        text = written(event)
        if found and found[-1].text == text and found[-1].end == day:
            found[-1] = replace(found[-1], end=following)
        elif event.rate != 0:
            found.append(Span("in force", day, following, None if event.rate is None else float(event.rate), text))
    return found


def _parted(span: Span, cut: date) -> list[Span]:
    """Return what of a level was in force before a day, and what is ahead from then on."""
    assert span.end is not None, "a level in force has an end, if only that of all days"
    parts = [replace(span, end=min(span.end, cut)), replace(span, kind="ahead", begin=max(span.begin, cut))]
    return [part for part in parts if part.end is not None and part.begin < part.end]


def _never_applied(duty: Duty, view: View, counted: set[str]) -> list[Event]:
    """Return the levels that had been announced by then and stand on no path: threats, and what was withdrawn."""
    return [
        event
        for event in duty.events
        if event.is_level
        and event.id not in counted
        and not event.never_known
        and (event.status == "threat" or (event.withdrawn and (view.as_of is None or event.withdrawn <= view.as_of)))
        and (view.as_of is None or (stated := _stated(event)) is None or stated <= view.as_of)
    ]


def _announced(duty: Duty, never: list[Event]) -> list[Span]:
    """Return the days for which levels were announced: up to the duty's next event, without an end where there is none."""
    days = sorted({event.effective for event in duty.events if event.is_level and isinstance(event.effective, date)})
    spans = []
    for event in never:
        begin = event.effective
        if isinstance(begin, date):
            ends = [day for day in (*days, event.withdrawn) if day and day > begin]
            rate = None if event.rate is None else float(event.rate)
            spans.append(Span("announced", begin, min(ends, default=None), rate, written(event)))
    return sorted(spans, key=lambda span: (span.begin, span.text))


def _clipped(spans: Iterable[Span], first: date, final: date) -> list[Span]:
    """Return what of spans a window shows; of one without an end, its beginning."""
    shown = []
    for span in spans:
        begin, end = max(span.begin, first), None if span.end is None else min(span.end, final)
        if span.begin < final and (span.begin >= first if end is None else begin < end):
            shown.append(replace(span, begin=begin, end=end))
    return shown


def _stated(event: Event) -> date | None:
    return next((day for day in (event.stated, event.enacted) if isinstance(day, date)), None)


def written(event: Event) -> str:
    """Return the level of an event as labels write it."""
    if event.rate is None:
        return UNKNOWN
    return f"{float(event.rate):g}{' incl. MFN' if event.including_mfn else ''}"
