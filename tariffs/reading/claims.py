"""A source note becomes a `SourceNote`: what a document said, in our words, as statements about the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from tariffs.model import Undated
from tariffs.reading.fields import Fields
from tariffs.reading.scalars import parse_date, parse_day, parse_rate, parse_slug, parse_url

if TYPE_CHECKING:
    from decimal import Decimal

    from tariffs.reading.tree import Mapping, Reader

VERDICTS = ("holds", "reservation", "contradicted")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVENT_DATES = ("effective", "stated", "enacted", "withdrawn")
KINDS = ("rate", "event", "context", "weekday")


@dataclass(frozen=True, slots=True)
class Check:
    """One statement that a program can test.

    Attributes
    ----------
    kind : {"rate", "event", "context", "weekday"}
    subject : str
        A direction, an event's id, a context event's id, or nothing.
    name : str
        Which date of an event.
    day : date
        The day a rate is asked for, or a date is said to be.
    rate : Decimal or None
        [percent]
    weekday : str
    """

    kind: str
    subject: str
    name: str
    day: date
    rate: Decimal | None
    weekday: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a document says, what the record says, and how they stand to each other."""

    says: str
    verdict: str
    why: str
    claimed: tuple[Check, ...]
    record: tuple[Check, ...]
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SourceNote:
    """One document that the project started from."""

    title: str
    publisher: str
    day: date | Undated
    url: str
    about: str
    claims: tuple[Claim, ...]


def read_source_note(document: Mapping, reader: Reader) -> SourceNote:
    """Read a source note."""
    fields = Fields(document, reader, ("title", "publisher", "date", "url", "about", "claims"))
    day = fields.parsed("date", lambda text: parse_day(text, (Undated.UNKNOWN,)), required=True)
    return SourceNote(
        title=fields.text("title", required=True),
        publisher=fields.text("publisher", required=True),
        day=day or Undated.UNKNOWN,
        url=fields.parsed("url", parse_url) or "",
        about=fields.text("about", required=True),
        claims=tuple(_claim(entry) for entry in fields.mappings("claims", ("says", "verdict", "why", "claimed", "record"))),
    )


def _claim(fields: Fields) -> Claim:
    verdict = fields.choice("verdict", VERDICTS)
    claimed, record = _checks(fields, "claimed", required=True), _checks(fields, "record", required=verdict != "holds")
    why = fields.text("why", required=verdict != "holds")
    return Claim(fields.text("says", required=True), verdict, why, claimed, record, fields.reader.file, fields.line)


def _checks(fields: Fields, name: str, *, required: bool) -> tuple[Check, ...]:
    if not required and not fields.has(name):
        return ()
    return tuple(check for entry in fields.mappings(name, KINDS) if (check := _check(entry)) is not None)


def _check(fields: Fields) -> Check | None:
    kinds = [kind for kind in KINDS if fields.has(kind)]
    if len(kinds) != 1:
        fields.reader.refuse(fields.line, "", f"expected one of: {', '.join(KINDS)}")
        return None
    kind = kinds[0]
    known = {
        "rate": ("direction", "on", "is"),
        "event": ("id", *EVENT_DATES),
        "context": ("id", "date"),
        "weekday": ("date", "is"),
    }[kind]
    inner = fields.mapping_of(kind, known)
    if inner is None:
        return None
    named = [name for name in EVENT_DATES if kind == "event" and inner.has(name)]
    if len(named) > 1:
        inner.refuse(named[1], f"a check names one date; {named[0]} stands there already")
    name = named[0] if named else ""
    day_field = {"rate": "on", "event": name or "effective"}.get(kind, "date")
    day = inner.parsed(day_field, parse_date, required=True) or date.min
    rate = inner.parsed("is", parse_rate, required=True) if kind == "rate" else None
    weekday = inner.choice("is", WEEKDAYS) if kind == "weekday" else ""
    subject = (
        inner.parsed("id", parse_slug, required=True) or ""
        if kind == "context"
        else inner.text("direction" if kind == "rate" else "id", required=kind != "weekday")
    )
    return Check(kind, subject, name, day, rate, weekday)
