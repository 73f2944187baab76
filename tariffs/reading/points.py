"""A user's CSV of dates and values becomes points, each with the line it stands on."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from tariffs.errors import RecordError
from tariffs.reading.scalars import meant, parse_date, shown
from tariffs.reading.tree import Reader, read_text

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

DATES, VALUES = ("date", "observation_date"), ("value", "rate")
MOST_TWICE = 3  # more are counted, not listed
MISSING = ("", ".", "NA", "NaN", "nan")


class Point(NamedTuple):
    """A value of a day, and the line of the file it stands on."""

    line: int
    day: date
    value: Decimal


def read_points(path: Path) -> list[Point]:
    """Read a CSV of two columns, date and value, or of more with these names; lines that begin with # are skipped.

    Raises
    ------
    RecordError
        With everything that is wrong with the file.
    """
    reader = Reader(path.name)
    points = _points(read_text(path, path.name), reader)
    if not points and not reader.problems:
        reader.refuse(0, "", "no values")
    if reader.problems:
        raise RecordError(reader.problems)
    return sorted(points, key=lambda point: point.day)


def _points(text: str, reader: Reader) -> list[Point]:
    lines = ["" if line.startswith("#") else line for line in io.StringIO(text, newline="")]
    rows = csv.reader(lines, strict=True)
    points: dict[date, Point] = {}
    twice: list[Point] = []
    try:
        header = next((row for row in rows if any(cell.strip() for cell in row)), [])
        columns = _columns([name.strip().lower() for name in header], rows.line_num, reader)
        if columns is None:
            return []
        for row in rows:
            point = _point(row, columns, rows.line_num, reader) if any(cell.strip() for cell in row) else None
            if point and point.day in points and len(twice) < MOST_TWICE:
                reader.refuse(point.line, "date", f"{point.day} stands twice; first on line {points[point.day].line}")
            if point and point.day in points:
                twice.append(point)
            if point:
                points.setdefault(point.day, point)
    except csv.Error as error:
        reader.refuse(rows.line_num, "", f"not CSV: {error}")
    if len(twice) > MOST_TWICE:
        several = " (does the file hold several series? keep one)"
        reader.refuse(twice[MOST_TWICE].line, "date", f"and {len(twice) - MOST_TWICE} more that stand twice{several}")
    return list(points.values())


def _columns(header: list[str], line: int, reader: Reader) -> tuple[int, int] | None:
    if header and re.match(r"[0-9]{4}-", header[0]):
        reader.refuse(line, "", "found values, expected a header such as date,value")
        return None
    if len(header) == 2:
        return 0, 1
    day = next((name for name in DATES if name in header), None)
    value = next((name for name in VALUES if name in header), None)
    if day is None or value is None:
        found = ", ".join(header) or "nothing"
        reader.refuse(line, "", f"found the columns {found}; expected two, date and value, set apart by a comma")
        return None
    return header.index(day), header.index(value)


def _point(row: list[str], columns: tuple[int, int], line: int, reader: Reader) -> Point | None:
    if len(row) <= max(columns):
        reader.refuse(line, "", f"found {len(row)} cells, expected {max(columns) + 1} at least")
        return None
    text, value = (row[column].strip() for column in columns)
    try:
        day = parse_date(text[:10] if re.fullmatch(r".{10}[ T]00:00(:00(\.0+)?)?", text) else text)
    except ValueError as error:
        reader.refuse(line, "date", f"{error}{meant(text)}")
        return None
    if value in MISSING:
        return None
    if not re.fullmatch(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE]-?[0-9]+)?", value):
        hint = "; leave the sign out" if value.endswith("%") else ""
        reader.refuse(line, "value", f"found {shown(value)}, expected a number{hint}")
        return None
    return Point(line, day, Decimal(value))
