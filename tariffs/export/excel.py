"""Frames become Excel files: a sheet of data with real dates, and a sheet that says what they are."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from tariffs.errors import UsageError
from tariffs.export.meta import facts, flat, is_formula, label_of, stamp

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

MOST_ROWS, MOST_LETTERS = 1_048_575, 32_767
WIDEST = 60  # column, in letters
DAY = "yyyy-mm-dd"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that an archive can bear
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # control characters that XML has no place for


def to_excel(frame: pd.DataFrame) -> bytes:
    """Return a frame as the bytes of an Excel file.

    Dates are dates, the head of the sheet ``data`` stays in sight, and a text that begins like a formula stays a text. The sheet
    ``README`` has source, units and vintage, and says what the columns hold.

    Raises
    ------
    UsageError
        For more rows than a sheet has.
    """
    from openpyxl import Workbook

    table = flat(frame)
    if len(table) > MOST_ROWS:
        raise UsageError(f"{len(table)} rows; an Excel sheet has room for {MOST_ROWS}: write CSV or Parquet")
    book: Any = Workbook()
    data = book.active
    data.title = "data"
    columns = [str(name) for name in table.columns]
    _write(data, [columns, *([_cell(value) for value in row] for row in table.itertuples(index=False))])
    data.freeze_panes = "A2"
    readme = book.create_sheet("README")
    said = [("What this file knows of itself", ""), *facts(frame).items(), ("", ""), ("Column", "What it holds")]
    _write(readme, [*said, *((name, label_of(name, frame)) for name in columns)])
    book.properties.creator, book.properties.title = "tariffs", str(frame.attrs.get("source", "tariffs"))
    book.properties.created = book.properties.modified = stamp(frame)
    buffer = io.BytesIO()
    book.save(buffer)
    return _steady(buffer.getvalue(), stamp(frame))


def _write(sheet: Any, rows: list[Any]) -> None:
    """Write rows with a bold head; texts stay texts, columns are as wide as they need."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    widths: dict[int, int] = {}
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            if value is None:
                continue
            cell = sheet.cell(number, place)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = is_formula(value)
            elif hasattr(value, "year"):
                cell.number_format = DAY
            if number == 1:
                cell.font = Font(bold=True)
            widths[place] = max(widths.get(place, 0), len(DAY) if hasattr(value, "year") else len(str(value)))
    for place, width in widths.items():
        sheet.column_dimensions[get_column_letter(place)].width = min(width, WIDEST) + 2


def _cell(value: Any) -> Any:
    """Return a value as a sheet takes it: no value for what is not known, a date for a day."""
    if value is None or value != value:
        return None
    if hasattr(value, "date"):
        return value.date()
    return FORBIDDEN.sub("", value)[:MOST_LETTERS] if isinstance(value, str) else getattr(value, "item", lambda: value)()


def _steady(content: bytes, made: datetime) -> bytes:
    """Return an archive that bears no time of its making, so that the same data gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + f"{made:%Y-%m-%dT%H:%M:%SZ}".encode(), part)
            new.writestr(zipfile.ZipInfo(name, EPOCH), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
