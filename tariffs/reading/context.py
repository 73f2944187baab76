"""Context files become `ContextEvent` values, and the two small files beside them the release and the families."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tariffs.model import ContextEvent, Family, Release, Undated
from tariffs.reading.fields import Fields, parse_country
from tariffs.reading.scalars import parse_date, parse_day, parse_slug
from tariffs.vocabulary import CONTEXT_KINDS, Direction

if TYPE_CHECKING:
    from tariffs.reading.tree import Mapping, Reader

CONTEXT_FIELDS = ("id", "date", "until", "kind", "title", "summary", "grade", "sources", "note")
TITLE_LENGTH = 60


def read_context(document: Mapping, reader: Reader) -> list[ContextEvent]:
    """Read a file of context events."""
    return [_context_event(entry) for entry in Fields(document, reader, ("events",)).mappings("events", CONTEXT_FIELDS)]


def _context_event(fields: Fields) -> ContextEvent:
    day = fields.parsed("date", lambda text: parse_day(text, (Undated.UNKNOWN,)), required=True) or Undated.UNKNOWN
    until = fields.parsed("until", parse_date)
    title = fields.text("title", required=True)
    if len(title) > TITLE_LENGTH:
        fields.refuse("title", f"{len(title)} characters, expected at most {TITLE_LENGTH}")
    if until and isinstance(day, date) and until < day:
        fields.refuse("until", f"{until} is before date {day}")
    return ContextEvent(
        id=fields.parsed("id", parse_slug, required=True) or "",
        day=day,
        until=until,
        kind=fields.choice("kind", CONTEXT_KINDS),
        title=title,
        summary=fields.text("summary", required=True),
        grade=fields.grade(),
        sources=fields.sources(),
        note=fields.text("note"),
        file=fields.reader.file,
        line=fields.line,
    )


def read_families(document: Mapping, reader: Reader) -> dict[str, Family]:
    """Read the table of families."""
    families = {}
    table = Fields(document, reader, tuple(document.items))
    for name in document.items:
        try:
            parse_slug(name)
        except ValueError as error:
            table.refuse(name, str(error))
        entry = table.mapping_of(name, ("title",))
        if entry is not None:
            families[name] = Family(name, entry.text("title", required=True))
    return families


def read_release(document: Mapping, reader: Reader) -> Release:
    """Read what edition the record is, and what it answers for."""
    fields = Fields(document, reader, ("version", "covers_from", "known_through", "directions", "products"))
    directions = fields.texts("directions", parse_slug_direction, required=True)
    covers_from = fields.parsed("covers_from", parse_date, required=True) or date.min
    known_through = fields.parsed("known_through", parse_date, required=True) or date.max
    if known_through < covers_from:
        fields.refuse("known_through", f"{known_through} is before covers_from {covers_from}")
    lines = fields.mapping_of("products", ("origins", "from"))
    return Release(
        version=fields.text("version", required=True),
        covers_from=covers_from,
        known_through=known_through,
        directions=tuple(Direction(*name.upper().split("_ON_")) for name in directions),
        origins=lines.texts("origins", parse_country, required=True) if lines else (),
        lines_from=lines.parsed("from", parse_date, required=True) if lines else None,
    )


def parse_slug_direction(text: str) -> str:
    """Read a direction as `release.yaml` writes it."""
    sides = text.split("_on_")
    if len(sides) != 2 or not all(len(side) == 2 and side.islower() for side in sides):
        raise ValueError(f"found {text!r}, expected a direction such as us_on_cn")
    return text
