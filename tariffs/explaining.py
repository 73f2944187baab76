"""One number taken apart: which duties make it up, under which acts, and what lies beneath it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from tariffs.asking import DayLike, as_day, as_view, packaged
from tariffs.reading.scalars import plain
from tariffs.stacking import across_the_board, announced, deciding, stack
from tariffs.steps import value_on
from tariffs.vocabulary import MEASURE_TITLES, ZERO_WARNING, Basis, Direction, Known

if TYPE_CHECKING:
    from decimal import Decimal

    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Event, View, Void

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One duty on one day.

    Attributes
    ----------
    duty : Duty
    event : Event
        The event whose act carries the level on that day.
    origin : Event
        The event that first set the level without a break; `event` itself unless an act continued it.
    changes : tuple of Event
        Changes of coverage known and in force, such as exemptions.
    void : Void or None
        The ruling that the duty was never authorised, where it was known.
    """

    duty: Duty
    event: Event
    origin: Event
    changes: tuple[Event, ...]
    void: Void | None

    @property
    def rate(self) -> Decimal | None:
        """The duty's level [percent], None where no source gives it."""
        return self.event.rate

    @property
    def percent(self) -> str:
        """The level as people write it: 7.5%, or that it is unknown."""
        return "unknown" if self.rate is None else f"{plain(self.rate)}%"

    @property
    def detail(self) -> str:
        """Since when, by which act, and where an act continued the level, by which."""
        origin, event = self.origin, self.event
        continued = [] if event is origin else [f"continued {event.effective}, {event.act}"]
        provision = [event.provision] if event.provision else []
        return ", ".join([f"since {origin.effective}, {origin.act}", *continued, *provision])

    @property
    def terms(self) -> str:
        """What the level is charged on, where it is not the customs value, and whether it counts MFN in."""
        metal = ", on the metal content" if self.event.base == "metal_content" else ""
        return f"{metal}{', MFN included' if self.event.including_mfn else ''}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """The across-the-board duty of a direction on a day, line by line.

    Attributes
    ----------
    total : Decimal
        [percent of customs value], on top of MFN.
    lines : tuple of Line
        The duties that add up to `total`.
    beneath : tuple of Line
        List and sector duties in force, which add to it on the goods they name.
    undated : tuple of Event
        Known changes of these duties for which no day is fixed; they stand on no path.
    standing : {"in force", "scheduled", "not verified"}
        Whether the day is checked, and if not, whether an act or agreement speaks of it.
    horizon : date
        The last day that the view can vouch for: `known_through`, or an earlier `as_of`.
    """

    direction: Direction
    day: date
    view: View
    total: Decimal
    lines: tuple[Line, ...]
    beneath: tuple[Line, ...]
    undated: tuple[Event, ...]
    standing: str
    horizon: date
    version: str

    def __str__(self) -> str:
        """Return the sum as text, one duty a line, with acts and links."""
        return "\n".join(_text(self))

    def to_dict(self) -> dict[str, Any]:
        """Return the same as plain values, ready for JSON."""
        return {
            "direction": self.direction.name,
            "date": self.day.isoformat(),
            "measure": "all_goods",
            "unit": "percent",
            "rate": float(self.total),
            "standing": self.standing,
            "as_of": self.view.as_of.isoformat() if self.view.as_of else None,
            "known": self.view.known,
            "basis": self.view.basis,
            "duties": [_line_dict(line) for line in self.lines],
            "beneath": [_line_dict(line) for line in self.beneath],
            "warning": ZERO_WARNING if not self.total and self.beneath else None,
            "undated": [{"event": event.id, "status": event.status, "act": event.act} for event in self.undated],
            "checked_through": self.horizon.isoformat(),
            "data_version": self.version,
        }


def rate(
    direction: str,
    day: DayLike,
    *,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    catalog: Catalog | None = None,
) -> float:
    """Return the across-the-board additional duty in force on a day.

    Parameters
    ----------
    direction : str
        Such as ``us_on_cn``.
    day : date-like
        Calendar day of the importing territory; a day carries the level in force at its end.
    as_of, known, basis
        As in `series`.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    float
        [percent of customs value], on top of MFN.

    Raises
    ------
    UnknownNameError, CoverageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.rate("us_on_cn", "2025-04-15")
    145.0
    """
    return float(explain(direction, day, as_of=as_of, known=known, basis=basis, catalog=catalog).total)


def explain(
    direction: str,
    day: DayLike,
    *,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    catalog: Catalog | None = None,
) -> Explanation:
    """Take the across-the-board duty of a day apart into duties, acts and sources.

    Parameters
    ----------
    direction, day, as_of, known, basis, catalog
        As in `rate`.

    Returns
    -------
    Explanation
        Prints as text; `to_dict` gives plain values.

    Raises
    ------
    UnknownNameError, CoverageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> sum(line.rate for line in tf.explain("us_on_cn", "2025-05-13").lines)
    Decimal('145')
    """
    record = catalog or packaged()
    where, when, view = record.direction(direction), as_day(day, "day"), as_view(record, as_of, known, basis)
    record.require_covered(when)
    duties, horizon = record.bearing(where), view.horizon(record.release.known_through)
    general = across_the_board(duties)
    lines = {duty.id: line for duty in duties if (line := _line(duty, when, view)) is not None}
    total = value_on(stack(general, view, when, when), when)
    assert total is not None, "stack refuses unknown levels"
    return Explanation(
        direction=where,
        day=when,
        view=view,
        total=total,
        lines=tuple(lines[duty.id] for duty in general if duty.id in lines),
        beneath=tuple(sorted((line for line in lines.values() if line.duty not in general), key=_by_family)),
        undated=announced(general, view, when),
        standing=standing(general, view, when, horizon),
        horizon=horizon,
        version=record.release.version,
    )


def standing(duties: tuple[Duty, ...], view: View, day: date, horizon: date) -> str:
    """Return whether a day's level is "in force", "scheduled" by an act or agreement, or "not verified"."""
    if day <= horizon:
        return "in force"
    ahead = any(horizon < step <= day for duty in duties for step, _ in deciding(duty, view))
    return "scheduled" if ahead else "not verified"


def _by_family(line: Line) -> tuple[str, str]:
    return line.duty.family, line.duty.id


def _line(duty: Duty, day: date, view: View) -> Line | None:
    past = [event for since, event in deciding(duty, view) if since <= day]
    if not past or past[-1].rate == 0:
        return None
    event = past[-1]
    *_, origin = takewhile(lambda earlier: _terms(earlier) == _terms(event), reversed(past))
    changes = tuple(
        change
        for change in duty.events
        if not change.is_level and isinstance(change.effective, date) and change.effective <= day and view.counts(change)
    )
    return Line(duty, event, origin, changes, view.void_of(duty))


def _terms(event: Event) -> tuple[Decimal | None, str, bool]:
    return event.rate, event.base, event.including_mfn


def _line_dict(line: Line) -> dict[str, Any]:
    event = line.event
    return {
        "duty": line.duty.id,
        "title": line.duty.title,
        "family": line.duty.family,
        "authority": line.duty.authority,
        "scope": line.duty.scope,
        "rate": None if line.rate is None else float(line.rate),
        "base": event.base,
        "including_mfn": event.including_mfn,
        "since": str(line.origin.effective),
        "event": event.id,
        "act": event.act,
        "provision": event.provision,
        "grade": event.grade,
        "sources": [{"title": source.title, "url": source.url} for source in event.sources],
        "coverage": [{"event": change.id, "summary": change.summary} for change in line.changes],
        "void": {"on": line.void.on.isoformat(), "by": line.void.by} if line.void else None,
    }


def _text(answer: Explanation) -> list[str]:
    view = answer.view
    clock = ["as charged by customs" if view.basis == "charged" else "lawful: void duties taken out"]
    if view.as_of:
        clock.append(f"as known by {'law' if view.known == 'law' else 'statement'} on {view.as_of}")
    elif view.known == "stated":
        clock.append("threats included")
    lines = [
        f"{answer.direction.title}, {answer.day}: {plain(answer.total)}% {MEASURE_TITLES['all_goods']}",
        f"(a good on no product list and under no exemption, on top of MFN; {'; '.join(clock)})",
    ]
    if answer.standing != "in force":
        lines.append(f"{answer.standing}: seen from {answer.horizon}")
    if not answer.total and answer.beneath:
        lines.append(ZERO_WARNING)
    if answer.lines:
        lines.append("")
    for line in answer.lines:
        lines += _duty_text(line)
    if len(answer.lines) > 1:
        lines += ["  ------", f"  {plain(answer.total) + '%':>6}"]
    if answer.beneath:
        lines += ["", "Beneath it, on the goods they name (they add to the above unless the law displaces them):"]
        lines += [f"  {line.percent:>6}  {line.duty.title}{line.terms}, {line.detail}" for line in answer.beneath]
    if answer.undated:
        lines += ["", "Announced, with no day fixed (on no path):"]
        for event in answer.undated:
            level = "unknown" if event.rate is None else f"{plain(event.rate)}%"
            lines.append(f"  {event.summary or f'{event.duty} to {level}'} ({event.act or event.status}, {event.stated})")
    lines += ["", f"Data version {answer.version}, checked through {answer.horizon}."]
    return lines


def _duty_text(line: Line) -> list[str]:
    event, origin, duty = line.event, line.origin, line.duty
    lines = [f"  {line.percent:>6}  {duty.title}", f"          {line.detail} [grade {event.grade}, {event.id}]"]
    sources = dict.fromkeys([*event.sources, *origin.sources])
    lines += [f"          {source.title}  {source.url}".rstrip() for source in sources]
    if line.void:
        lines.append(f"          held never authorised: {line.void.by}, {line.void.on}")
    for change in line.changes:
        lines += textwrap.wrap(
            f"coverage since {change.effective}: {change.summary}", WIDTH, initial_indent=" " * 10, subsequent_indent=" " * 12
        )
    return lines
