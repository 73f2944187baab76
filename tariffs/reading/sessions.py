"""A user's CSV of trading days becomes sessions, with the moments at which they close where the file has them."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, NamedTuple

from tariffs.errors import RecordError
from tariffs.reading.scalars import DAY_FORM, meant, parse_date, parse_moment
from tariffs.reading.tree import Reader, read_text

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

DAYS, CLOSES = "date", "close"


class Session(NamedTuple):
    """A trading day, and the moment at which it closes."""

    day: date
    close: datetime | None


def read_sessions(path: Path) -> list[Session]:
    """Read a CSV whose column ``date``, or else its first, has days, and its column ``close``, if any, moments with their offset.

    Raises
    ------
    RecordError
        With every cell that is wrong.
    """
    reader = Reader(path.name)
    rows = csv.reader(io.StringIO(read_text(path, path.name), newline=""), strict=True)
    sessions: list[Session] = []
    try:
        header = [name.strip().lower() for name in next(rows)]
        if re.match(DAY_FORM, header[0] if header else ""):
            reader.refuse(1, "", "found a day, expected a header such as date or date,close")
        places = header.index(DAYS) if DAYS in header else 0, header.index(CLOSES) if CLOSES in header else None
        for row in rows:
            session = _session(row, places, rows.line_num, reader) if any(cell.strip() for cell in row) else None
            sessions += [session] if session else []
    except csv.Error as error:
        reader.refuse(rows.line_num, "", f"not CSV: {error}")
    if reader.problems:
        raise RecordError(reader.problems)
    return sessions


def _session(row: list[str], places: tuple[int, int | None], line: int, reader: Reader) -> Session | None:
    at_day, at_close = places
    if len(row) <= max(at_day, at_close or 0):
        reader.refuse(line, "", f"found {len(row)} cells, expected {max(at_day, at_close or 0) + 1} at least")
        return None
    name, text = DAYS, row[at_day].strip()
    try:
        day = parse_date(text)
        if at_close is None:
            return Session(day, None)
        name, text = CLOSES, row[at_close].strip()
        return Session(day, parse_moment(text.replace(" ", "T", 1)))
    except ValueError as error:
        reader.refuse(line, name, f"{error}{meant(text)}")
        return None
