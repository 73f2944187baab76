"""Frames become CSV and JSON that say what they hold, where it comes from and how to read it."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.export.meta import facts, flat, is_formula, label_of

if TYPE_CHECKING:
    from tariffs.vocabulary import Header

HOW_TO_READ = '# read with: pandas.read_csv(path, comment="#", parse_dates=["date"])'
BYTE_ORDER_MARK = "\ufeff"


def to_csv(frame: pd.DataFrame, *, header: bool) -> str:
    """Return a frame as CSV; `header` puts what it knows of itself before it, behind `#`.

    Texts are quoted, so that readers which skip `#` do not cut them, and a text that a spreadsheet would take for a formula is
    given a leading apostrophe.
    """
    safe = flat(frame)
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]) and not pd.api.types.is_datetime64_any_dtype(safe[name]):
            safe[name] = [f"'{cell}" if is_formula(cell) else cell for cell in safe[name]]
    lines = [f"# {name}: {fact}" for name, fact in facts(frame).items()] if header else []
    lines += [HOW_TO_READ] if header and "date" in safe else []
    body = safe.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, date_format="%Y-%m-%d", lineterminator="\n")
    return "\n".join([*lines, body])


def csv_bytes(frame: pd.DataFrame, *, header: Header = "comment", bom: bool = False) -> bytes:
    """Return a frame as the bytes of a CSV file.

    Parameters
    ----------
    frame : pandas.DataFrame
    header : {"comment", "sidecar", "none"}
        Whether comment lines at its head say what it knows of itself.
    bom : bool
        Whether it begins with a byte order mark, by which Excel knows UTF-8.
    """
    return f"{BYTE_ORDER_MARK if bom else ''}{to_csv(frame, header=header == 'comment')}".encode()


def sidecar_bytes(frame: pd.DataFrame) -> bytes:
    """Return what a frame knows of itself, and what its columns hold, as the bytes of a JSON file."""
    columns = {str(name): label_of(str(name), frame) for name in flat(frame).columns}
    return _json({"meta": facts(frame), "columns": columns}).encode()


def to_json(frame: pd.DataFrame) -> str:
    """Return a frame as JSON: its attributes under ``meta``, its rows under ``data``."""
    rows = [{name: _plain(value) for name, value in row.items()} for row in flat(frame).to_dict(orient="records")]
    return _json({"meta": frame.attrs, "data": rows})


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    if value != value:  # NaN and NaT are not in JSON
        return None
    return value.date().isoformat() if hasattr(value, "date") else value
