"""A file of `data/goods/` becomes a `Good`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tariffs.model import Bearing, Good
from tariffs.reading.context import parse_slug_direction
from tariffs.reading.fields import Fields
from tariffs.reading.scalars import DAY_FORM, parse_date, parse_rate, parse_slug, shown
from tariffs.vocabulary import Direction

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from tariffs.reading.tree import Mapping, Reader

GOOD_FIELDS = ("title", "about", "direction", "lines", "mfn", "duties", "grade", "sources", "note")
START = "start"


def read_good(document: Mapping, reader: Reader, name: str) -> Good:
    """Read one kind of good; what is wrong with it is noted in `reader`."""
    fields = Fields(document, reader, GOOD_FIELDS)
    directions = fields.texts("direction", parse_slug_direction, required=True)
    if len(set(directions)) < len(directions):
        fields.refuse("direction", "a direction is named twice")
    return Good(
        id=name,
        title=fields.text("title", required=True),
        about=fields.text("about", required=True),
        directions=tuple(Direction(*text.upper().split("_ON_")) for text in directions),
        lines=fields.text("lines"),
        mfn=_mfn(fields),
        bears=_bears(fields),
        grade=fields.grade(),
        sources=fields.sources(),
        note=fields.text("note"),
        file=reader.file,
        line=document.line,
    )


def _mfn(fields: Fields) -> tuple[tuple[date | str, Decimal], ...]:
    if not fields.has("mfn"):
        return ()
    steps = []
    for number, entry in enumerate(fields.mappings("mfn", ("from", "rate"))):
        rate = entry.parsed("rate", parse_rate, required=True)
        if number == 0 and entry.has("from"):
            entry.refuse("from", "the first MFN rate holds from the record's first day; leave this out")
        since = "" if number == 0 else entry.parsed("from", _day_or_event, required=True)
        if rate is not None and since is not None:
            steps.append((since, rate))
    return tuple(steps)


def _bears(fields: Fields) -> tuple[Bearing, ...]:
    if not fields.has("duties"):
        return ()
    bears: dict[str, Bearing] = {}
    for entry in fields.mappings("duties", ("duty", "in", "out")):
        duty = entry.parsed("duty", parse_slug, required=True) or ""
        entering, leaving = entry.texts("in", _event), entry.texts("out", _event_or_start)
        if duty in bears:
            entry.refuse("duty", f"{duty} stands twice")
        for event in sorted({*entering} & {*leaving}):
            entry.refuse("in", f"{event} takes it both in and out")
        # The day stands in an event's id: a good that first leaves was borne until then.
        first = min((*entering, *leaving), key=lambda name: name.rpartition("/")[0].rpartition("/")[2], default=START)
        at_first = START not in leaving and (not entering or first in leaving)
        bears[duty] = Bearing(duty, at_first, entering, tuple(event for event in leaving if event != START))
    return tuple(bears.values())


def _event(text: str) -> str:
    if text.count("/") != 2:
        raise ValueError(f"found {shown(text)}, expected an event such as s301-list-1/2018-07-06/25")
    return text


def _event_or_start(text: str) -> str:
    return text if text == START else _event(text)


def _day_or_event(text: str) -> date | str:
    return parse_date(text) if re.fullmatch(DAY_FORM, text) else _event(text)
