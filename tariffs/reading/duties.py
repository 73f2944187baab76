"""A duty's file becomes a `Duty`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tariffs.errors import Problem, did_you_mean
from tariffs.model import Coverage, Duty, Event, InTransit, Undated, Void
from tariffs.reading.fields import Fields, parse_country, parse_origin
from tariffs.reading.naming import read_namings
from tariffs.reading.scalars import parse_date, parse_day, parse_rate, parse_slug, parse_stated, parse_time, plain
from tariffs.vocabulary import AUTHORITIES, CHARGED_ON, SCOPES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from tariffs.naming import Naming
    from tariffs.reading.tree import Mapping, Reader

DUTY_FIELDS = (
    "duty",
    "title",
    "importer",
    "origin",
    "except",
    "authority",
    "family",
    "scope",
    "covers",
    "void",
    "products",
    "events",
)
EVENT_FIELDS = (
    "effective", "time", "stated", "enacted", "status", "rate", "coverage", "summary", "act", "provision", "withdrawn",
    "withdrawn_by", "retroactive", "in_transit", "base", "including_mfn", "grade", "sources", "note",
)  # fmt: skip


def read_duty(document: Mapping, reader: Reader, name: str, families: tuple[str, ...]) -> Duty:
    """Read one duty; what is wrong with it is noted in `reader`."""
    fields = Fields(document, reader, DUTY_FIELDS)
    duty = fields.parsed("duty", parse_slug) or name if fields.has("duty") else _slug(name, fields)
    origins = fields.texts("origin", parse_origin, required=True)
    if fields.has("except") and origins != ("ALL",):
        fields.refuse("except", "goes with origin: ALL only")
    events, namings = _events(fields, duty), read_namings(fields)
    _require_changes(duty, events, namings, reader)
    return Duty(
        id=duty,
        title=fields.text("title", required=True),
        importer=fields.parsed("importer", parse_country, required=True) or "",
        origins=origins,
        excepted=fields.texts("except", parse_country),
        authority=fields.choice("authority", AUTHORITIES),
        family=fields.choice("family", families),
        scope=fields.choice("scope", SCOPES),
        covers=fields.text("covers", required=True),
        void=_void(fields),
        namings=namings,
        events=events,
        file=reader.file,
        line=document.line,
    )


def _slug(name: str, fields: Fields) -> str:
    try:
        return parse_slug(name)
    except ValueError as error:
        fields.refuse("duty", f"the file's name is the id: {error}")
        return name


def read_extension(document: Mapping, reader: Reader, name: str) -> tuple[Event, ...]:
    """Read further events of a duty that the record has; its other fields are not for an extension to change."""
    for field in document.items:
        if field in DUTY_FIELDS and field not in ("duty", "events"):
            reader.refuse(
                document.items[field].line, field, f"{name} is a duty of the record; leave this out or name another duty"
            )
    return _events(Fields(document, reader, DUTY_FIELDS), name)


def id_of(duty: str, effective: date | Undated, rate: Decimal | None, coverage: Coverage | None) -> str:
    """Return the id of an event: its duty, its day, and the level or the first slug of what leaves or enters."""
    moved = (*coverage.leaving, *coverage.entering) if coverage else ()
    return f"{duty}/{effective}/{moved[0] if moved else 'unknown' if rate is None else plain(rate)}"


def _events(fields: Fields, duty: str) -> tuple[Event, ...]:
    return tuple(read_event(entry, duty) for entry in fields.mappings("events", EVENT_FIELDS))


def _void(fields: Fields) -> Void | None:
    void = fields.mapping_of("void", ("on", "by", "reach"))
    if void is None:
        return None
    on = void.parsed("on", parse_date, required=True)
    return Void(on or date.min, void.text("by", required=True), void.choice("reach", ("inception",)))


def read_event(fields: Fields, duty: str) -> Event:
    """Read one event of a duty."""
    effective = fields.parsed("effective", lambda text: parse_day(text, (Undated.OPEN, Undated.UNKNOWN)), required=True)
    stated, moment = fields.parsed("stated", parse_stated, required=True) or (Undated.UNKNOWN, None)
    status = fields.choice("status", STATUSES, default="law")
    enacted = fields.parsed("enacted", lambda text: parse_day(text, (Undated.UNKNOWN,)), required=status == "law")
    if enacted is not None and status in ("agreed", "threat"):
        fields.refuse("enacted", f"an event of status {status} has no instrument; leave it out, or the status")
    rate_text = fields.text("rate")
    rate = None if rate_text == "unknown" else fields.parsed("rate", parse_rate)
    coverage = _coverage(fields)
    if fields.has("rate") == fields.has("coverage"):
        fields.refuse("rate", "expected either rate or coverage")
    day = effective or Undated.UNKNOWN
    return Event(
        id=id_of(duty, day, rate, coverage),
        duty=duty,
        effective=day,
        time=fields.parsed("time", parse_time) or "",
        stated=stated,
        stated_at=moment,
        enacted=enacted,
        status=status,
        rate=rate,
        coverage=coverage,
        summary=fields.text("summary", required=coverage is not None),
        act=fields.text("act", required=status == "law"),
        provision=fields.text("provision"),
        withdrawn=fields.parsed("withdrawn", parse_date, required=fields.has("withdrawn_by")),
        withdrawn_by=fields.text("withdrawn_by", required=fields.has("withdrawn")),
        retroactive=fields.flag("retroactive"),
        in_transit=_in_transit(fields),
        base=fields.choice("base", CHARGED_ON, default="value"),
        including_mfn=fields.flag("including_mfn"),
        grade=fields.grade(),
        sources=fields.sources(),
        note=fields.text("note"),
        file=fields.reader.file,
        line=fields.line,
    )


def _coverage(fields: Fields) -> Coverage | None:
    coverage = fields.mapping_of("coverage", ("in", "out"))
    if coverage is None:
        return None
    if not (coverage.has("in") or coverage.has("out")):
        fields.refuse("coverage", "expected in: [..] or out: [..]")
    return Coverage(coverage.texts("in", parse_slug), coverage.texts("out", parse_slug))


def _in_transit(fields: Fields) -> InTransit | None:
    clause = fields.mapping_of("in_transit", ("loaded_before", "entered_before", "rate"))
    if clause is None:
        return None
    loaded = clause.parsed("loaded_before", parse_date, required=True)
    return InTransit(loaded or date.min, clause.parsed("entered_before", parse_date), clause.parsed("rate", parse_rate))


def contradictions(duty: Duty) -> Iterator[Problem]:
    """Yield what the fields of one duty say against each other."""
    if duty.scope == "schedule" and any(event.is_level for event in duty.events):
        yield Problem(duty.file, duty.line, "scope", "a schedule has no one level; its events are changes of coverage")
    seen: dict[str, Event] = {}
    live: dict[date, Event] = {}
    for event in duty.events:
        if event.id in seen:
            yield _about(event, "effective", f"the id {event.id} stands twice; first on line {seen[event.id].line}")
        seen.setdefault(event.id, event)
        yield from _date_order(event)
        day = event.effective
        if event.is_level and isinstance(day, date) and event.withdrawn is None and event.status != "threat":
            if day in live:
                first = live[day]
                place = f"on line {first.line}" if first.file == event.file else f"in {first.file}:{first.line}"
                yield _about(event, "rate", f"a second live level on {day}; the first is {first.id} {place}")
            live.setdefault(day, event)


def _require_changes(duty: str, events: tuple[Event, ...], namings: tuple[Naming, ...], reader: Reader) -> None:
    moved = [slug for event in events if event.coverage for slug in (*event.coverage.entering, *event.coverage.leaving)]
    for naming in namings:
        for slug in naming.changes:
            if slug not in moved:
                message = f"no change of coverage of {duty} moves {slug}{did_you_mean(slug, moved)}"
                reader.refuse(naming.line, "change", message)


def _date_order(event: Event) -> Iterator[Problem]:
    effective = event.effective if isinstance(event.effective, date) else None
    enacted = event.enacted if isinstance(event.enacted, date) else None
    stated = event.stated if isinstance(event.stated, date) else None
    if effective and enacted and effective < enacted and not event.retroactive:
        yield _about(
            event, "effective", f"{effective} is before enacted {enacted}; say `retroactive: true` if the act reaches back"
        )
    if event.retroactive and effective and enacted and enacted <= effective:
        yield _about(event, "retroactive", f"effective {effective} is not before enacted {enacted}")
    if event.withdrawn and effective and event.withdrawn > effective:
        yield _about(
            event, "withdrawn", f"{event.withdrawn} is after effective {effective}; an end is an event of its own with `rate: 0%`"
        )
    if event.status != "law" and not stated:
        yield _about(event, "stated", f"expected a day: an event of status {event.status} counts from nothing else")
    first = min((day for day in (stated, enacted) if day), default=None)
    if event.withdrawn and first and event.withdrawn < first:
        yield _about(event, "withdrawn", f"{event.withdrawn} is before the event was known, {first}")


def _about(event: Event, name: str, message: str) -> Problem:
    return Problem(event.file, event.line, name, message)
