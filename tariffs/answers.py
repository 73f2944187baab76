"""What one number is made of, as values, as text and as plain data."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tariffs.reading.scalars import plain
from tariffs.stacking import WHOLE
from tariffs.vocabulary import BASIS_TITLES, ZERO_WARNING, measure_title

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from tariffs.model import Duty, Event, Quantity, Source, View, Void
    from tariffs.vocabulary import Direction

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
    points : Decimal or None
        What the duty adds to the number [percent of customs value]; None beneath it.
    share : Decimal or None
        The share of trade, or of a good's value, that bears the level [percent].
    replaces : tuple of str
        Titles of the families in whose place the goods bear this duty.
    """

    duty: Duty
    event: Event
    origin: Event
    changes: tuple[Event, ...]
    void: Void | None
    points: Decimal | None = None
    share: Decimal | None = None
    replaces: tuple[str, ...] = ()

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

    @property
    def place(self) -> str:
        """In place of which other duties the goods bear this one, or that it adds to them."""
        return f", in place of: {'; '.join(self.replaces)}" if self.replaces else ", added"


@dataclass(frozen=True, slots=True)
class NotBorne:
    """A duty in force that a kind of good does not bear, or not on its full value, and why."""

    duty: Duty
    event: Event
    share: Decimal
    reason: str

    @property
    def text(self) -> str:
        """The level, the duty and the reason."""
        level = "unknown" if self.event.rate is None else f"{plain(self.event.rate)}%"
        part = "" if not self.share else f", but on {plain(self.share)}% of the value"
        return f"{level}  {self.duty.title}{part}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Booked:
    """What several duties add together on one day, known in points alone; or the MFN duties.

    Attributes
    ----------
    title : str
    points : Decimal
        [percent of customs value]
    events : tuple of Event
        The events that brought the points, as of their day; none where the weights begin with them.
    """

    title: str
    duties: tuple[Duty, ...]
    points: Decimal
    events: tuple[Event, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One number of a direction on a day, line by line.

    Attributes
    ----------
    quantity : Quantity
        Which number.
    total : Decimal
        [percent of customs value, of a share of trade percent of trade]
    refundable : Decimal or None
        What was charged beyond what is lawful [percent of customs value], on any basis; None where that is not known.
    lines : tuple of Line
        The duties that add up to `total`, with what is `booked`.
    booked : tuple of Booked
        MFN, and what weights know in points alone.
    beneath : tuple of Line
        List and sector duties in force on the goods they name; they add to the across-the-board duty or take the place of a part.
    not_borne : tuple of NotBorne
        Of a kind of good: the duties in force that it does not bear in full, each with the reason.
    undated : tuple of Event
        Known changes of these duties for which no day is fixed; they stand on no path.
    standing : {"in force", "scheduled", "not verified"}
        Whether the day is checked, and if not, whether an act or agreement speaks of it.
    horizon : date
        The last day that the view can vouch for: `known_through`, or an earlier `as_of`.
    subject : str
        Whose weights, or which good, in words; empty for the across-the-board duty.
    sources : tuple of Source
        Where weights or a good were read.
    scenario, supposing : str
        The name of a scenario that was laid over the record, and what it supposes; empty for the record as it is.
    """

    direction: Direction
    day: date
    quantity: Quantity
    view: View
    total: Decimal
    refundable: Decimal | None
    lines: tuple[Line, ...]
    booked: tuple[Booked, ...]
    beneath: tuple[Line, ...]
    undated: tuple[Event, ...]
    standing: str
    horizon: date
    version: str
    subject: str = ""
    not_borne: tuple[NotBorne, ...] = ()
    sources: tuple[Source, ...] = ()
    scenario: str = ""
    supposing: str = ""

    @property
    def title(self) -> str:
        """What the number is, in words."""
        return measure_title(self.quantity.measure, self.view.basis)

    def __str__(self) -> str:
        """Return the sum as text, one duty a line, with acts and links."""
        return "\n".join(_text(self))

    def to_dict(self) -> dict[str, Any]:
        """Return the same as plain values, ready for JSON."""
        quantity = self.quantity
        return {
            "series": quantity.column(self.direction, self.view.basis),
            "scenario": self.scenario or None,
            "direction": self.direction.name,
            "date": self.day.isoformat(),
            "measure": quantity.measure,
            "weights": quantity.weights or None,
            "good": quantity.good or None,
            "subject": self.subject or None,
            "unit": "percent",
            "rate": float(self.total),
            "refundable": None if self.refundable is None else float(self.refundable),
            "standing": self.standing,
            "as_of": self.view.as_of.isoformat() if self.view.as_of else None,
            "known": self.view.known,
            "basis": self.view.basis,
            "duties": [_line_dict(line) for line in self.lines],
            "booked": [_booked_dict(entry) for entry in self.booked],
            "beneath": [_line_dict(line) | {"in_place_of": list(line.replaces)} for line in self.beneath],
            "not_borne": [
                {"duty": entry.duty.id, "event": entry.event.id, "share_borne": float(entry.share), "reason": entry.reason}
                for entry in self.not_borne
            ],
            "sources": [{"title": source.title, "url": source.url} for source in self.sources],
            "warning": ZERO_WARNING if _hides(self) else None,
            "undated": [{"event": event.id, "status": event.status, "act": event.act} for event in self.undated],
            "checked_through": self.horizon.isoformat(),
            "data_version": self.version,
        }


def _hides(answer: Explanation) -> bool:
    """Whether a 0 hides list duties."""
    return not answer.total and bool(answer.beneath)


def _line_dict(line: Line) -> dict[str, Any]:
    event = line.event
    return {
        "duty": line.duty.id,
        "title": line.duty.title,
        "family": line.duty.family,
        "authority": line.duty.authority,
        "scope": line.duty.scope,
        "rate": None if line.rate is None else float(line.rate),
        "points": None if line.points is None else float(line.points),
        "share": None if line.share is None else float(line.share),
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


def _booked_dict(entry: Booked) -> dict[str, Any]:
    return {
        "title": entry.title,
        "duties": [duty.id for duty in entry.duties],
        "points": float(entry.points),
        "events": [event.id for event in entry.events],
        "sources": [{"title": source.title, "url": source.url} for event in entry.events for source in event.sources[:1]],
        "note": entry.note,
    }


def _text(answer: Explanation) -> list[str]:
    measure = answer.quantity.measure
    lines = [
        f"{answer.direction.title}, {answer.day}: {figure(answer.total)}% {answer.title}",
        *_wrapped(f"({'; '.join([_about(answer), *_clock(answer.view)])})", ""),
    ]
    if answer.supposing:
        lines.append(answer.supposing)
    if answer.refundable and answer.view.basis == "charged":
        lines.append(f"refundable, for duties held void: {figure(answer.refundable)} of {figure(answer.total)}%")
    if answer.standing != "in force":
        lines.append(f"{answer.standing}: seen from {answer.horizon}")
    if _hides(answer):
        lines.append(ZERO_WARNING)
    if answer.lines or answer.booked:
        lines.append("")
    for entry in answer.booked:
        lines += _booked_text(entry)
    for line in answer.lines:
        lines += _duty_text(line, weighted=measure != "all_goods")
    if len(answer.lines) + len(answer.booked) > 1:
        lines += ["  ------", f"  {figure(answer.total) + '%':>6}"]
    if answer.not_borne:
        lines += ["", "In force, and not borne:"]
        for missing in answer.not_borne:
            lines += textwrap.wrap(missing.text, WIDTH, initial_indent="  ", subsequent_indent="        ")
    if answer.beneath:
        lines += ["", "Beneath it, on the goods they name (for what one kind of good bears, ask for its stack):"]
        lines += [f"  {line.percent:>6}  {line.duty.title}{line.terms}{line.place}; {line.detail}" for line in answer.beneath]
    if answer.undated:
        lines += ["", "Announced, with no day fixed (on no path):"]
        for event in answer.undated:
            level = "unknown" if event.rate is None else f"{plain(event.rate)}%"
            lines.append(f"  {event.summary or f'{event.duty} to {level}'} ({event.act or event.status}, {event.stated})")
    if answer.sources:
        what = "Weights" if answer.quantity.weights else "The good"
        lines += ["", f"{what}, as read in:", *(f"  {source.title}  {source.url}".rstrip() for source in answer.sources)]
    lines += ["", f"Data version {answer.version}, checked through {answer.horizon}."]
    return lines


def figure(value: Decimal) -> str:
    """Return a number as people write it, of the digits after the point at most four."""
    return plain(round(value, 4) if value != round(value, 4) else value)


def _about(answer: Explanation) -> str:
    if answer.quantity.measure == "all_goods":
        return "a good on no product list and under no exemption, on top of MFN"
    return f"weights {answer.subject.rstrip('.')}" if answer.quantity.weights else answer.subject


def _clock(view: View) -> list[str]:
    clock = [BASIS_TITLES[view.basis]]
    if view.as_of:
        clock.append(f"as known by {'law' if view.known == 'law' else 'statement'} on {view.as_of}")
    elif view.known == "stated":
        clock.append("threats included")
    return clock


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  " * bool(indent))


def _booked_text(entry: Booked) -> list[str]:
    when = f", since {entry.events[0].effective}" if entry.events else ""
    first, *rest = textwrap.wrap(f"{entry.title}{when}", WIDTH - 12)
    sources = dict.fromkeys((event.act, event.grade, event.sources[0]) for event in entry.events)
    return [
        f"  {figure(entry.points) + '%':>8}  {first}",
        *(f"            {line}" for line in rest),
        *(f"            {act} [grade {grade}]  {source.url or source.title}" for act, grade, source in sources),
        *(wrapped for wrapped in _wrapped(f"by the weights: {entry.note}" if entry.note else "", " " * 12)),
    ]


def _duty_text(line: Line, *, weighted: bool) -> list[str]:
    event, origin, duty = line.event, line.origin, line.duty
    if weighted and line.points is not None and line.share is not None:
        part = "" if line.share == WHOLE else f" on {figure(line.share)}%"
        lines = [f"  {figure(line.points) + '%':>8}  {duty.title}: {line.percent}{part}{line.terms}"]
    else:
        lines = [f"  {line.percent:>6}  {duty.title}"]
    lines.append(f"          {line.detail} [grade {event.grade}, {event.id}]")
    sources = dict.fromkeys([*event.sources, *origin.sources])
    lines += [f"          {source.title}  {source.url}".rstrip() for source in sources]
    if line.void:
        lines.append(f"          held never authorised: {line.void.by}, {line.void.on}")
    for change in line.changes:
        lines += _wrapped(f"coverage since {change.effective}: {change.summary}", " " * 10)
    return lines
