"""A table becomes a file, in the format that its ending names."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tariffs.errors import UsageError
from tariffs.export.files import require_ending, write_whole
from tariffs.export.meta import flat
from tariffs.vocabulary import HEADERS, Header, choose

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

# Module and function of each format, and what it needs beyond the package: the library and the extra that brings it.
FORMATS = {
    ".csv": ("text", "csv_bytes", "", ""),
    ".json": ("text", "to_json", "", ""),
    ".dta": ("stata", "to_stata", "", ""),
    ".parquet": ("parquet", "to_parquet", "pyarrow", "parquet"),
    ".xlsx": ("excel", "to_excel", "openpyxl", "excel"),
}
SIDECAR = ".meta.json"


def write(data: pd.DataFrame | pd.Series[Any], path: str | Path, *, header: Header | None = None, bom: bool = False) -> Path:
    """Write a table or a series as CSV, JSON, Parquet, Stata or Excel, by the file's ending.

    Days stay days in every format: quoted texts in CSV and JSON, ``date32`` in Parquet, ``%td`` in Stata with ``%tm``, ``%tq``
    and ``%ty`` for months, quarters and years, dates in Excel. What the table knows of itself goes along: measure, unit,
    weights, vintage, source.

    Parameters
    ----------
    data : pandas.DataFrame or pandas.Series
        As from `series`, `rates`, `table`, `parts`, `levels`, `events`, `changes` or `compare`.
    path : path
        Ending in ``.csv``, ``.json``, ``.dta``, ``.parquet`` or ``.xlsx``. Parquet needs ``pip install 'tariffs[parquet]'``,
        Excel ``pip install 'tariffs[excel]'``.
    header : {"comment", "sidecar", "none"}, optional
        Of CSV: what the table knows of itself as comment lines at its head, the default; in a JSON file beside it, named like it
        with ``.meta.json`` after; or not at all.
    bom : bool
        Of CSV: begin with a byte order mark, by which Excel knows UTF-8.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    UnknownNameError, UsageError
        For another ending, an option that does not go with it, or a library that is not installed.
    OutputError
        Where the file cannot be written; a file that was there is then as it was.

    Examples
    --------
    >>> import tempfile, pandas as pd, tariffs as tf
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = tf.write(tf.series("us_on_cn", start="2025-04-01", end="2025-04-30", freq="MS"), f"{folder}/april.dta")
    ...     pd.read_stata(path)
            date    us_on_cn
    0 2025-04-01  111.633333
    """
    ending, own = require_format(path, header=header, bom=bom)
    home, name, library, extra = FORMATS[ending]
    make = getattr(import_module(f"tariffs.export.{home}"), name)
    frame = flat(data)
    _require_days(frame)
    try:
        content = make(frame, header=own, bom=bom) if ending == ".csv" else make(frame)
    except ModuleNotFoundError as error:
        if error.name != library:
            raise
        raise UsageError(f"{path}: needs {library}: pip install 'tariffs[{extra}]'") from error
    if own == "sidecar":
        write_whole(f"{path}{SIDECAR}", import_module("tariffs.export.text").sidecar_bytes(frame))
    return write_whole(path, content if isinstance(content, bytes) else content.encode())


def require_format(path: str | Path, *, header: Header | None = None, bom: bool = False) -> tuple[str, Header]:
    """Return the ending of a file and where it says what it holds, or refuse what is no format or does not go with it."""
    ending = require_ending(path, FORMATS)
    if ending != ".csv" and (header is not None or bom):
        raise UsageError(f"{path}: {'header' if header is not None else 'bom'} goes with .csv")
    return ending, choose("header", "comment" if header is None else header, HEADERS)


def _require_days(frame: pd.DataFrame) -> None:
    """Refuse what formats would take for another day or another column."""
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise UsageError(f"{twice[0]}: two columns have this name")
    for name in frame.columns:
        column: Any = frame[name]
        if column.dtype.kind == "M" and column.dt.tz is not None:
            raise UsageError(f"{name}: found days in the time zone {column.dt.tz}, expected days without one")
        if column.dtype.kind == "M" and (column.dropna() != column.dropna().dt.normalize()).any():
            raise UsageError(f"{name}: found times of day, expected days")
