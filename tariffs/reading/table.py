"""A user's CSV of events, one row each, becomes the same tree that a YAML file does, and is then read by the same rules."""

from __future__ import annotations

import csv
import io

from tariffs.errors import did_you_mean
from tariffs.reading.duties import DUTY_FIELDS, EVENT_FIELDS
from tariffs.reading.scalars import shown
from tariffs.reading.tree import Mapping, Node, Reader, Sequence, Text

SOURCE_COLUMNS = ("source", "url")
LIST_FIELDS = ("origin", "except")
DUTY_COLUMNS = tuple(name for name in DUTY_FIELDS if name not in ("events", "void"))
EVENT_COLUMNS = tuple(name for name in EVENT_FIELDS if name not in ("coverage", "in_transit", "sources"))
COLUMNS = (*DUTY_COLUMNS, *EVENT_COLUMNS, *SOURCE_COLUMNS)


def parse_table(text: str, reader: Reader) -> list[tuple[str, Mapping]]:
    """Return one document per duty, in order of first appearance.

    A row needs ``duty``, the fields of an event, and ``source``. The fields of the duty itself are taken from the first row
    that has them, and may be left out for a duty of the record.
    """
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        if not _header_holds(header, reader):
            return []
        grouped: dict[str, list[dict[str, Text]]] = {}
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                reader.refuse(rows.line_num, "", f"found {len(cells)} cells, expected {len(header)} as in the header")
                continue
            row = {name: Text(rows.line_num, cell.strip()) for name, cell in zip(header, cells, strict=True) if cell.strip()}
            if "duty" not in row:
                reader.refuse(rows.line_num, "duty", "is missing")
                continue
            grouped.setdefault(row["duty"].value, []).append(row)
    except csv.Error as error:
        reader.refuse(rows.line_num, "", f"not CSV: {error}")
        return []
    if not grouped and not reader.problems:
        reader.refuse(1, "", "a header and no rows")
    return [(duty, _document(rows_of_duty, reader)) for duty, rows_of_duty in grouped.items()]


def _header_holds(header: list[str], reader: Reader) -> bool:
    other = next((mark for mark in (";", "\t") if len(header) == 1 and mark in header[0]), None)
    if other is not None or header[0].startswith("sep="):
        reader.refuse(1, "", f"the columns are set apart by {other or header[0]!r}; expected commas")
        return False
    for name in sorted(set(header)):
        if name not in COLUMNS:
            reader.refuse(1, name, f"unknown column{did_you_mean(name, COLUMNS)}" if name else "unknown column; expected a name")
        elif header.count(name) > 1:
            reader.refuse(1, name, "stands twice in the header")
    for name in ("duty", "effective", "stated"):
        if name not in header:
            reader.refuse(1, name, "is missing from the header")
    return not reader.problems


def _document(rows: list[dict[str, Text]], reader: Reader) -> Mapping:
    line = rows[0]["duty"].line
    items: dict[str, Node] = {}
    for name in DUTY_COLUMNS:
        cells = [row[name] for row in rows if name in row]
        for cell in cells:
            first = cells[0]
            if cell.value != first.value:
                reader.refuse(cell.line, name, f"found {shown(cell.value)}; line {first.line} says {shown(first.value)}")
        if cells:
            items[name] = _split(cells[0]) if name in LIST_FIELDS else cells[0]
    items["events"] = Sequence(line, tuple(_event(row) for row in rows))
    return Mapping(line, items)


def _event(row: dict[str, Text]) -> Mapping:
    line = row["duty"].line
    items: dict[str, Node] = {name: row[name] for name in EVENT_COLUMNS if name in row}
    if "source" in row:
        source: dict[str, Node] = {"title": row["source"]}
        if "url" in row:
            source["url"] = row["url"]
        items["sources"] = Sequence(line, (Mapping(line, source),))
    return Mapping(line, items)


def _split(cell: Text) -> Sequence:
    return Sequence(cell.line, tuple(Text(cell.line, part) for part in cell.value.split()))
