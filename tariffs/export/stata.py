"""Frames become Stata files: dates that Stata counts as dates, names it takes, labels for all."""

from __future__ import annotations

import hashlib
import io
import re
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from tariffs.errors import UsageError
from tariffs.export.meta import flat, label_of, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME, LONGEST_LABEL, LONGEST_TEXT = 32, 80, 2045
VERSION: Literal[118] = 118  # Stata 14 and later; the first with UTF-8
DateFormat = Literal["td", "tm", "tq", "ty"]
# By the frequency of a frame: what its dates count. Of a table of changes, and of other days, each is a day.
DATE_FORMATS: dict[str, DateFormat] = {"MS": "tm", "ME": "tm", "QS": "tq", "QE": "tq", "YS": "ty", "YE": "ty"}
RESERVED = {
    "byte", "double", "float", "if", "in", "int", "long", "strL", "using", "with", "_all", "_b", "_coef", "_cons", "_n", "_N",
    "_pi", "_pred", "_rc", "_skip",
}  # fmt: skip


def to_stata(frame: pd.DataFrame) -> bytes:
    """Return a frame as the bytes of a Stata file.

    Dates are ``%td``; the ``date`` of months, quarters and years is ``%tm``, ``%tq`` and ``%ty``. Names longer than Stata takes
    are cut, with four letters of their hash; the label holds the whole name.

    Raises
    ------
    UsageError
        For two columns whose names differ by nothing that Stata tells apart.
    """
    table = flat(frame)
    names = names_of(table.columns)
    labels = {names[str(name)]: _label(str(name), names[str(name)], frame) for name in table.columns}
    table = table.rename(columns=names)
    dates = [name for name in table.columns if pd.api.types.is_datetime64_any_dtype(table[name])]
    own = DATE_FORMATS.get(str(frame.attrs.get("freq")), "td")
    for name in table.columns:
        if not (name in dates or pd.api.types.is_numeric_dtype(table[name])):
            table[name] = [_text(cell) for cell in table[name]]
    long = [name for name in table.columns if table[name].map(lambda cell: len(str(cell).encode()) > LONGEST_TEXT).any()]
    buffer = io.BytesIO()
    table.to_stata(
        buffer,
        write_index=False,
        version=VERSION,
        convert_dates={name: own if name == "date" else "td" for name in dates},
        convert_strl=[name for name in long if name not in dates],
        variable_labels=labels,
        data_label=_cut(str(frame.attrs.get("source", "tariffs")), LONGEST_LABEL),
        time_stamp=stamp(frame),
    )
    return buffer.getvalue()


def names_of(columns: Iterable[Any]) -> dict[str, str]:
    """Return names that Stata takes, by the names of columns.

    Examples
    --------
    >>> names_of(["us_on_cn", "us_on_cn_stack_steel_mill_product_mfn"])["us_on_cn_stack_steel_mill_product_mfn"]
    'us_on_cn_stack_steel_mill_p_ba0e'
    """
    found: dict[str, str] = {}
    for column in map(str, columns):
        name = re.sub(r"\W", "_", column, flags=re.ASCII)
        if not name or name[0].isdigit() or name in RESERVED:
            name = f"_{name}"
        if len(name) > LONGEST_NAME:
            name = f"{name[: LONGEST_NAME - 5]}_{hashlib.sha256(column.encode()).hexdigest()[:4]}"
        if name in found.values():
            raise UsageError(f"{column}: Stata would call two columns {name}; rename one of them")
        found[column] = name
    return found


def _label(column: str, name: str, frame: pd.DataFrame) -> str:
    label = label_of(column, frame)
    return _cut(label if name == column else f"{column}: {label}", LONGEST_LABEL)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 3]}..."


def _text(cell: Any) -> str:
    return "" if cell is None or cell != cell else str(cell)
