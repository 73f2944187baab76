"""A basis of weights: a note of where it comes from, and one flat table per direction."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from tariffs.errors import did_you_mean
from tariffs.model import WeightRow, Weights
from tariffs.reading.fields import Fields
from tariffs.reading.scalars import DAY_FORM, parse_date, parse_slug, parse_url, shown
from tariffs.reading.tree import Mapping
from tariffs.vocabulary import WEIGHT_KINDS, Direction

if TYPE_CHECKING:
    from collections.abc import Callable

    from tariffs.reading.tree import Reader

Value = TypeVar("Value")

ORIGIN_FIELDS = ("title", "label", "kind", "tables")
TABLE_FIELDS = ("producer", "title", "edition", "url", "accessed", "derived", "caution", "first_day", "last_day")
COLUMNS = ("kind", "duties", "from", "percent", "note")
KINDS = ("mfn", "share", "points", "covered", "level", "left_out")
OF_TRADE = ("share", "covered")
FEWEST_DUTIES = {"mfn": 1, "share": 1, "points": 1}
MOST_DUTIES = {"mfn": 1, "share": 1, "covered": 0, "level": 0}


def read_origin(document: Mapping, reader: Reader, basis: str) -> list[Weights]:
    """Read what a basis is, without its rows: one `Weights` per table that it names."""
    fields = Fields(document, reader, ORIGIN_FIELDS)
    title, label = fields.text("title", required=True), fields.text("label", required=True)
    kind = fields.choice("kind", WEIGHT_KINDS)
    node = fields.node("tables", required=True)
    if node is None:
        return []
    if not isinstance(node, Mapping) or not node.items:
        fields.refuse("tables", "expected one or more directions such as us_on_cn, each with its fields")
        return []
    tables = Fields(node, reader, tuple(node.items))
    return [
        _table(entry, direction, (basis, title, label, kind))
        for name in tables.mapping.items
        if (direction := _direction(tables, name)) and (entry := tables.mapping_of(name, TABLE_FIELDS)) is not None
    ]


def _direction(tables: Fields, name: str) -> Direction | None:
    if not re.fullmatch(r"[a-z]{2}_on_([a-z]{2}|row)", name):
        tables.refuse(name, f"found {shown(name)}, expected a direction such as us_on_cn, or us_on_row for the rest of the world")
        return None
    return Direction(*name.upper().split("_ON_"))


def _table(fields: Fields, direction: Direction, basis: tuple[str, str, str, str]) -> Weights:
    name, title, label, kind = basis
    first_day = fields.parsed("first_day", parse_date) or date.min
    last_day = fields.parsed("last_day", parse_date, required=True) or date.max
    if first_day > last_day:
        fields.refuse("first_day", f"found {first_day}, expected a day up to the last one, {last_day}")
    return Weights(
        basis=name,
        direction=direction,
        title=title,
        label=label,
        kind=kind,
        producer=fields.text("producer", required=True),
        source=fields.text("title", required=True),
        edition=fields.text("edition", required=True),
        url=fields.parsed("url", parse_url) or "",
        accessed=fields.parsed("accessed", parse_date, required=True) or date.min,
        derived=fields.text("derived", required=True),
        caution=fields.text("caution"),
        first_day=first_day,
        last_day=last_day,
        rows=(),
    )


def read_rows(text: str, reader: Reader) -> tuple[WeightRow, ...]:
    """Read a table of weights; what is wrong with it is noted in `reader`."""
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[WeightRow] = []
    try:
        header = [name.strip() for name in next(lines, [])]
        if header != list(COLUMNS):
            reader.refuse(1, "", f"found the columns {', '.join(header)}; expected {', '.join(COLUMNS)}")
            return ()
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(COLUMNS):
                reader.refuse(lines.line_num, "", f"found {len(cells)} cells, expected {len(COLUMNS)} as in the header")
                continue
            row = _row([cell.strip() for cell in cells], lines.line_num, reader)
            if row is not None:
                rows.append(row)
    except csv.Error as error:
        reader.refuse(lines.line_num, "", f"not CSV: {error}")
    if not rows and not reader.problems:
        reader.refuse(1, "", "a header and no rows")
    return tuple(rows)


def _row(cells: list[str], line: int, reader: Reader) -> WeightRow | None:
    kind, duties, since, percent, note = cells
    if kind not in KINDS:
        reader.refuse(line, "kind", f"unknown kind {kind!r}{did_you_mean(kind, KINDS)}")
        return None
    before = len(reader.problems)
    named = tuple(duties.split())
    if len(named) < FEWEST_DUTIES.get(kind, 0):
        reader.refuse(line, "duties", f"is empty; {kind} speaks of a duty")
    elif kind in MOST_DUTIES and len(named) > MOST_DUTIES[kind]:
        reader.refuse(line, "duties", f"found {shown(duties)}, expected {'one duty' if MOST_DUTIES[kind] else 'none'} for {kind}")
    value = None if kind == "left_out" else _parsed(lambda text: _percent(text, kind), percent, line, "percent", reader)
    day, rest = since.split(maxsplit=1) if re.match(DAY_FORM + r"\s+\S", since) and kind != "left_out" else ("", since)
    when = _parsed(lambda text: _since(text, kind), rest, line, "from", reader)
    begin = _parsed(parse_date, day, line, "from", reader) if day else None
    if kind == "left_out" and percent:
        reader.refuse(line, "percent", f"found {shown(percent)}; what is left out has no number")
    if kind == "left_out" and not note:
        reader.refuse(line, "note", "is empty; say why it is left out")
    if len(reader.problems) > before or when is None:
        return None
    return WeightRow(kind, named, when, value, note, line, begin)


def _parsed(parse: Callable[[str], Value], text: str, line: int, name: str, reader: Reader) -> Value | None:
    try:
        return parse(text)
    except ValueError as error:
        reader.refuse(line, name, str(error))
        return None


def _percent(text: str, kind: str) -> Decimal:
    sign = "-?" if kind == "points" else ""
    if not re.fullmatch(sign + r"[0-9]+(\.[0-9]+)?", text):
        expected = "points such as 0.62 or -0.03" if kind == "points" else "a number of 0 or more, in percent without its sign"
        raise ValueError(f"found {shown(text)}, expected {expected}")
    value = Decimal(text)
    if kind in OF_TRADE and value > 100:
        raise ValueError(f"found {shown(text)}, expected a share of trade of at most 100")
    return value


def _since(text: str, kind: str) -> date | tuple[str, ...]:
    if re.fullmatch(DAY_FORM, text) and kind != "left_out":
        return parse_date(text)
    words = tuple(text.split())
    if kind == "left_out":
        if not words:
            raise ValueError("is empty; name slugs or events")
        for word in words:
            if re.fullmatch(DAY_FORM, word):
                raise ValueError(f"found {shown(word)}; name slugs or events, a day leaves nothing out")
            parse_slug(word) if "/" not in word else None
        return words
    if kind == "points" and not words:
        raise ValueError("is empty; points hold from the events that brought them")
    for word in words:
        if word.count("/") != 2:
            raise ValueError(f"found {shown(word)}, expected a date as YYYY-MM-DD or an event such as s301-list-1/2018-07-06/25")
    return words
