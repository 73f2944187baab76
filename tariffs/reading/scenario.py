"""A scenario's file becomes what it supposes of the record: what comes, changes, goes, comes back, is struck down or upheld."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tariffs.model import Scenario, Undated
from tariffs.reading.duties import DUTY_FIELDS, EVENT_FIELDS, read_duty, read_event
from tariffs.reading.fields import Fields
from tariffs.reading.scalars import parse_date, parse_day, parse_rate, parse_slug
from tariffs.reading.tree import Mapping, Node, Sequence, Text
from tariffs.vocabulary import AUTHORITIES, STATUSES

if TYPE_CHECKING:
    from decimal import Decimal

    from tariffs.model import Duty, Event
    from tariffs.reading.tree import Reader

OPERATIONS = ("add", "change", "withdraw", "restore", "strike_down", "uphold", "duties")
FIELDS = ("scenario", "title", "about", "base", *OPERATIONS)
CHANGEABLE = ("event", "effective", "rate", "stated", "enacted", "status")
STRIKABLE = ("authority", "family", "duty")
ASSUMED = "C"  # the grade of what no source says


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the record that a scenario names, and the line on which it does."""

    id: str
    line: int


@dataclass(frozen=True, slots=True)
class Change:
    """What of an event is otherwise; None where it stays."""

    event: Named
    effective: date | Undated | None
    rate: Decimal | None
    stated: date | None
    enacted: date | None
    status: str


@dataclass(frozen=True, slots=True)
class Strike:
    """The end of all duties of an authority or family, or of one duty, from a day on, and the day on which that was known."""

    kind: str
    of: Named
    day: date
    known: date


@dataclass(frozen=True, slots=True)
class Supposed:
    """What a scenario's file holds; `base` names another one that it lies over."""

    scenario: Scenario
    base: Named | None
    added: tuple[Event, ...]
    changed: tuple[Change, ...]
    withdrawn: tuple[Named, ...]
    restored: tuple[Named, ...]
    struck: tuple[Strike, ...]
    upheld: tuple[Named, ...]
    duties: tuple[Duty, ...]


def is_scenario(document: Mapping) -> bool:
    """Whether a document is a scenario, rather than the file of a duty, even if it forgot its name."""
    return "scenario" in document.items or not document.items.keys().isdisjoint((*OPERATIONS, "base"))


def read_scenario(document: Mapping, reader: Reader, families: tuple[str, ...], known_through: date) -> Supposed:
    """Read a scenario; what is wrong with it is noted in `reader`.

    What it adds and does not say when it was stated was known from its first day, or if that is earlier from the record's last.
    """
    fields = Fields(document, reader, FIELDS)
    name = fields.parsed("scenario", parse_slug, required=True) or ""
    if not any(fields.has(operation) for operation in OPERATIONS):
        fields.refuse("scenario", f"supposes nothing; expected one of: {', '.join(OPERATIONS)}")
    scenario = Scenario(name, fields.text("title") or name, fields.text("about"), reader.file)
    return Supposed(
        scenario,
        Named(base, fields.line_of("base")) if (base := fields.parsed("base", parse_slug)) else None,
        added=tuple(_added(entry, scenario, reader, known_through) for entry in _entries(fields, "add")),
        changed=tuple(_change(Fields(entry, reader, CHANGEABLE)) for entry in _entries(fields, "change")),
        withdrawn=_names(fields, "withdraw"),
        restored=_names(fields, "restore"),
        struck=tuple(_strike(Fields(entry, reader, (*STRIKABLE, "from", "stated"))) for entry in _entries(fields, "strike_down")),
        upheld=_names(fields, "uphold"),
        duties=tuple(_duty(entry, scenario, reader, families, known_through) for entry in _entries(fields, "duties")),
    )


def _change(fields: Fields) -> Change:
    if not any(fields.has(name) for name in CHANGEABLE[1:]):
        fields.refuse("event", f"changes nothing; expected one of: {', '.join(CHANGEABLE[1:])}")
    return Change(
        Named(fields.text("event", required=True), fields.line),
        fields.parsed("effective", lambda text: parse_day(text, (Undated.OPEN,))),
        fields.parsed("rate", parse_rate),
        fields.parsed("stated", parse_date),
        fields.parsed("enacted", parse_date),
        fields.choice("status", STATUSES) if fields.has("status") else "",
    )


def _strike(fields: Fields) -> Strike:
    kinds = [kind for kind in STRIKABLE if fields.has(kind)]
    if len(kinds) != 1:
        fields.refuse("strike_down", f"expected one of: {', '.join(STRIKABLE)}")
    kind = kinds[0] if kinds else ""
    name = fields.choice(kind, AUTHORITIES) if kind == "authority" else fields.text(kind)
    day = fields.parsed("from", parse_date, required=True) or date.min
    known = fields.parsed("stated", parse_date) or day
    if known > day:
        fields.refuse("stated", f"{known} is after from {day}")
    return Strike(kind, Named(name, fields.line), day, known)


def _added(entry: Mapping, scenario: Scenario, reader: Reader, known_through: date) -> Event:
    fields = Fields(_assumed(entry, scenario, known_through), reader, ("duty", *EVENT_FIELDS))
    return read_event(fields, fields.parsed("duty", parse_slug, required=True) or "")


def _duty(entry: Mapping, scenario: Scenario, reader: Reader, families: tuple[str, ...], known_through: date) -> Duty:
    events = entry.items.get("events")
    if isinstance(events, Sequence):
        own = tuple(_assumed(event, scenario, known_through) if isinstance(event, Mapping) else event for event in events.items)
        entry = Mapping(entry.line, entry.items | {"events": Sequence(events.line, own)}, entry.lines)
    Fields(entry, reader, DUTY_FIELDS).text("duty", required=True)
    return read_duty(entry, reader, "supposed", families)


def _assumed(entry: Mapping, scenario: Scenario, known_through: date) -> Mapping:
    """Return an event with what a scenario need not say: that it is law, since when that is known, and whose assumption."""
    line, said = entry.line, entry.items
    assumed: dict[str, Node] = {
        "act": Text(line, scenario.label),
        "grade": Text(line, ASSUMED),
        "sources": Sequence(line, (Mapping(line, {"title": Text(line, scenario.label)}),)),
    }
    effective = said.get("effective")
    if isinstance(effective, Text) and effective.value != Undated.OPEN:
        try:
            known = min(parse_date(effective.value), known_through).isoformat()
        except ValueError:
            known = Undated.UNKNOWN  # it is refused once, as effective
        assumed["stated"] = Text(line, known)
    status = said.get("status")
    if status is None or (isinstance(status, Text) and status.value == "law"):
        stated = said.get("stated", assumed.get("stated"))
        assumed["enacted"] = Text(line, stated.value[:10] if isinstance(stated, Text) else Undated.UNKNOWN)
    return Mapping(line, assumed | said, entry.lines)


def _entries(fields: Fields, name: str) -> list[Mapping]:
    """Return the mappings of a list that may be left out."""
    found = []
    for node in fields.sequence(name):
        if isinstance(node, Mapping):
            found.append(node)
        else:
            fields.reader.refuse(node.line, name, "found a text or list, expected fields")
    return found


def _names(fields: Fields, name: str) -> tuple[Named, ...]:
    """Return the names of a list that may be left out."""
    found = []
    for node in fields.sequence(name):
        if isinstance(node, Text):
            found.append(Named(node.value.strip(), node.line))
        else:
            fields.reader.refuse(node.line, name, "found a list or fields, expected a name")
    return tuple(found)
