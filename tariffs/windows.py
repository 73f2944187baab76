"""The trading days around events, for event studies: one row per event and day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.asking import DayLike, as_directions, as_record, as_window
from tariffs.calendars import CalendarLike, as_sessions
from tariffs.errors import UsageError
from tariffs.frames import attrs_of
from tariffs.model import Sampling, View
from tariffs.schemas import DAY, EVENT_WINDOWS, hold
from tariffs.vocabulary import EVENT_KINDS, SCOPES, SENSES, Sense, choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tariffs.calendars import Sessions
    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Event
    from tariffs.vocabulary import Direction

FARTHEST = 250  # sessions, about a year
DTYPES: dict[str, Any] = {"day": DAY, "session": DAY, "date": DAY, "offset": "int64", "timed": bool, "overlaps": bool}


@dataclass(frozen=True, slots=True)
class _Placed:
    """An event, its calendar day, and the place of its session among those of the calendar."""

    event: Event
    day: date
    at: int
    moved: str
    timed: bool


def event_windows(
    directions: str | Sequence[str],
    before: int,
    after: int,
    *,
    calendar: CalendarLike,
    on: Sense = "stated",
    scope: str | None = None,
    kind: str | None = None,
    start: DayLike | None = None,
    end: DayLike | None = None,
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return the trading days around each event of the duties levied on directions, threats included.

    An event belongs to the first session on or after its day. Where the time of day of a statement is known, it belongs to the
    first session that closes after that moment: what is said at the close moves to the next session. No time is guessed.

    Parameters
    ----------
    directions : str or sequence of str
    before, after : int
        Sessions before and after the one of the event, 0 to 250.
    calendar : str, path, dates or pandas.Series
        An exchange by its name in ``exchange_calendars``, such as ``XNYS`` (``pip install 'tariffs[calendars]'``); a file
        that ends in ``.csv``, with a column ``date`` and, if known, a column ``close`` of moments with their offset; trading
        days; or a series of closing moments, with a time zone, by trading day. Where closes are not known, times of day are not
        used.
    on : {"stated", "enacted", "effective"}
        Which day of an event counts. One without such a day is left out; so is, with "effective", what never took effect.
    scope : {"all_goods", "list", "sector", "schedule"}, optional
        Only events of duties of this scope: "all_goods" leaves the product lists out.
    kind : {"level", "coverage"}, optional
        Only new levels, or only changes of what duties cover.
    start, end : date-like, optional
        First and last such day; by default from the record's first day to `known_through`.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    pandas.DataFrame
        One row per event and trading day, by session: ``event``, its id; ``directions`` of those asked for on which it bears,
        separated by " | "; ``duty``, ``family`` and ``scope``; ``kind``, ``level`` or ``coverage``; ``status``; ``act``; ``day``,
        the calendar day of the event; ``session``, its trading day; ``date``; ``offset`` [sessions] from ``session`` to ``date``;
        ``moved``, why ``session`` is not ``day``: "after the close", "no trading day", or "time zone" where the moment falls in
        an earlier session; ``timed``, whether a time of day was used; ``overlaps``, whether the window shares a day with that of
        any event of another session in the table. Events of one session have one window, and do not overlap by that.
        ``attrs["left_out"]`` counts what was left out.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError
        Also where the calendar does not reach over every window, naming the event.
    RecordError
        With everything that is wrong with a file of trading days.

    Examples
    --------
    >>> import pandas as pd, tariffs as tf
    >>> days = pd.bdate_range("2025-03-24", "2025-04-11").drop("2025-04-04")
    >>> closes = pd.Series((days + pd.Timedelta(hours=16)).tz_localize("America/New_York"), index=days)
    >>> frame = tf.event_windows("us_on_cn", 1, 2, calendar=closes, start="2025-04-02", end="2025-04-02")
    >>> frame[frame["event"] == "ieepa-reciprocal/2025-04-09/34"][["day", "session", "date", "offset", "moved"]]
             day    session       date  offset            moved
    8 2025-04-02 2025-04-03 2025-04-02      -1  after the close
    9 2025-04-02 2025-04-03 2025-04-03       0  after the close
    10 2025-04-02 2025-04-03 2025-04-07       1  after the close
    11 2025-04-02 2025-04-03 2025-04-08       2  after the close
    """
    record = as_record(catalog)
    where = as_directions(record, directions)
    sense = choose("on", on, SENSES)
    reach = range(-_as_count(before, "before"), _as_count(after, "after") + 1)
    first, final = as_window(record, start, end, record.release.known_through)
    duties = {duty.id: duty for direction in where for duty in record.bearing(direction)}
    wanted = (
        None if scope is None else choose("scope", scope, SCOPES),
        None if kind is None else choose("kind", kind, EVENT_KINDS),
    )
    events = [event for duty in duties.values() for event in duty.events if _is_wanted(duty, event, *wanted)]
    dated = [(event, day) for event in events if isinstance(day := getattr(event, sense), date)]
    asked = [(event, day) for event, day in dated if first <= day <= final]
    chosen = [(event, day) for event, day in asked if sense != "effective" or _took_effect(event)]
    days = [day for _, day in chosen] or [first]
    sessions = as_sessions(calendar, min(days), max(days))
    placed = [_placed(event, day, sense, sessions) for event, day in chosen]
    placed.sort(key=lambda one: (one.at, one.event.id))
    _require_reach(placed, sense, sessions, reach)
    near = _near(placed, len(reach) - 1)
    rows = [
        {
            **_named(one, duties[one.event.duty], where),
            "session": sessions.days[one.at],
            "date": sessions.days[one.at + offset],
            "offset": offset,
            "moved": one.moved,
            "timed": one.timed,
            "overlaps": one.at in near,
        }
        for one in placed
        for offset in reach
    ]
    frame = pd.DataFrame(rows, columns=list(EVENT_WINDOWS.columns))
    frame = frame.astype({name: DTYPES.get(name, str) for name in frame.columns})
    view = View(known="stated" if sense == "stated" else "law")
    own = {"calendar": sessions.name, "on": sense, "before": -reach.start, "after": reach.stop - 1}
    frame.attrs.update(attrs_of(record, view, final, Sampling(unit="sessions")) | own)
    frame.attrs |= _said(sense, len(events) - len(dated), len(asked) - len(chosen), placed)
    return hold(EVENT_WINDOWS, frame)


def _named(one: _Placed, duty: Duty, where: tuple[Direction, ...]) -> dict[str, Any]:
    """Return what a row says of its event."""
    return {
        "event": one.event.id,
        "directions": " | ".join(direction.name for direction in where if duty.bites(direction)),
        "duty": duty.id,
        "family": duty.family,
        "scope": duty.scope,
        "kind": one.event.kind,
        "status": one.event.status,
        "act": one.event.act,
        "day": one.day,
    }


def _is_wanted(duty: Duty, event: Event, scope: str | None, kind: str | None) -> bool:
    return not event.never_known and scope in (None, duty.scope) and kind in (None, event.kind)


def _as_count(sessions: int, name: str) -> int:
    if isinstance(sessions, bool) or not isinstance(sessions, int) or not 0 <= sessions <= FARTHEST:
        raise UsageError(f"{name}: found {sessions!r}, expected a whole number of sessions from 0 to {FARTHEST}")
    return sessions


def _took_effect(event: Event) -> bool:
    return event.withdrawn is None and event.status != "threat"


def _placed(event: Event, day: date, sense: Sense, sessions: Sessions) -> _Placed:
    """Return an event with its session, and why that is not its day."""
    by_day = bisect_left(sessions.days, day)
    moment = event.stated_at if sense == "stated" and sessions.closes else None
    at = by_day if moment is None else bisect_right(sessions.closes, moment)
    if at != by_day:
        moved = "time zone" if at < by_day else "after the close"
    else:
        moved = "" if day in sessions.days[at : at + 1] else "no trading day"
    return _Placed(event, day, at, moved, moment is not None)


def _require_reach(placed: list[_Placed], sense: Sense, sessions: Sessions, reach: range) -> None:
    """Refuse windows with days that the calendar does not have; before its first session it cannot tell what is one."""
    last = len(sessions.days) - 1
    short = [
        one
        for one in placed
        if one.at + reach.start < 0 or one.at + reach.stop - 1 > last or (not one.at if one.timed else one.day < sessions.days[0])
    ]
    if short:
        one, more = short[0], f" (and {len(short) - 1} more)" if len(short) > 1 else ""
        raise UsageError(
            f"{one.event.id}, {sense} on {one.day}{more}: the calendar ({sessions.name}) reaches from {sessions.days[0]} to "
            f"{sessions.days[-1]}, too short for {-reach.start} sessions before it and {reach.stop - 1} after; "
            "choose events with start and end, or give a longer calendar"
        )


def _near(placed: list[_Placed], span: int) -> set[int]:
    """Return the places of sessions whose windows share a day with that of another session."""
    places = sorted({one.at for one in placed})
    return {place for pair in pairwise(places) if pair[1] - pair[0] <= span for place in pair}


def _said(sense: Sense, undated: int, ineffective: int, placed: list[_Placed]) -> dict[str, str]:
    """Return what was left out, and how many times of day could not be used."""
    left_out = [f"{undated} with no {sense} day"] if undated else []
    left_out += [f"{ineffective} that never took effect"] if ineffective else []
    unused = sum(one.event.stated_at is not None and not one.timed for one in placed) if sense == "stated" else 0
    said = {"left_out": f"events left out: {', '.join(left_out)}"} if left_out else {}
    return said | ({"times": f"times of day not used, for want of closes: {unused}"} if unused else {})
