"""Frames become CSV and JSON that say what they hold, where it comes from and how to read it."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.export.files import require_ending, write_whole

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = (".csv", ".json")
FORMULA_STARTS = ("=", "+", "-", "@")
HEADER = (
    "series", "measure", "weights", "weights_note", "weights_url", "good", "mfn", "metal_share", "since", "theirs", "tolerance",
    "unit", "basis", "known", "as_of", "freq", "agg", "warning", "standing", "undated", "source",
)  # fmt: skip


def to_csv(frame: pd.DataFrame, *, header: bool) -> str:
    """Return a frame as CSV; `header` puts what its attributes say before it, behind `#`.

    Texts are quoted, so that readers which skip `#` do not cut them, and a text that a spreadsheet would take for a formula is
    given a leading apostrophe.
    """
    safe = frame.reset_index() if frame.index.name else frame.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]) and not pd.api.types.is_datetime64_any_dtype(safe[name]):
            safe[name] = [_text(cell) for cell in safe[name]]
    lines = [f"# {name}: {frame.attrs[name]}" for name in HEADER if frame.attrs.get(name)] if header else []
    lines += ['# read with: pandas.read_csv(path, comment="#", parse_dates=["date"])'] if header and "date" in safe else []
    body = safe.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, date_format="%Y-%m-%d", lineterminator="\n")
    return "\n".join([*lines, body])


def to_json(frame: pd.DataFrame) -> str:
    """Return a frame as JSON: its attributes under ``meta``, its rows under ``data``."""
    flat = frame.reset_index() if frame.index.name else frame
    rows = [{name: _plain(value) for name, value in row.items()} for row in flat.to_dict(orient="records")]
    return json.dumps({"meta": frame.attrs, "data": rows}, ensure_ascii=False, indent=1) + "\n"


def write(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a frame as CSV or JSON, by the file's ending.

    Raises
    ------
    UsageError
        For another ending.
    OutputError
        Where the file cannot be written.
    """
    ending = require_ending(path, ENDINGS)
    return write_whole(path, (to_csv(frame, header=True) if ending == ".csv" else to_json(frame)).encode())


def _text(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _plain(value: Any) -> Any:
    if value != value:  # NaN and NaT are not in JSON
        return None
    return value.date().isoformat() if hasattr(value, "date") else value
