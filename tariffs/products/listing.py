"""Lists of tariff lines that lie in the user's folder: CSV with a column of codes, or text with one code per line.

Codes stand there with or without dots, of four to ten digits. Nothing is repaired: a code that lost its leading zero is refused.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tariffs.errors import Problem, RecordError, did_you_mean
from tariffs.reading.scalars import shown
from tariffs.reading.tree import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from tariffs.naming import Listed

DIGITS = re.compile(r"[0-9]{4}(?:[0-9]{2}){0,3}")
DOTTED = re.compile(r"[0-9]{4}\.[0-9]{2}(?:\.?[0-9]{2}(?:\.?[0-9]{2})?)?")
CHAPTER_99 = "99"
MOST_PROBLEMS = 50


@dataclass(slots=True)
class Lists:
    """The lists below a folder, each file read once.

    Attributes
    ----------
    folder : Path
    """

    folder: Path
    tables: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)

    def stems(self, listed: Listed) -> frozenset[str]:
        """Return the codes that a reference picks out, as digits.

        Raises
        ------
        RecordError
            Where the file, a column or any matching row is missing; where a code has lost its leading zero, is no code, or is a
            heading of chapter 99. A place is a line of the file.
        """
        rows = self._rows(listed.list, listed.column)
        names = [listed.column or CODE, *(column for column, _ in listed.where)]
        header = list(rows[0][1]) if rows else []
        if missing := [name for name in names if name not in header]:
            raise RecordError([Problem(listed.list, 1, name, f"no such column{did_you_mean(name, header)}") for name in missing])
        problems: list[Problem] = []
        found = set()
        for line, row in rows:
            if all(row[column] in texts for column, texts in listed.where):
                try:
                    found.add(_line(row[listed.column or CODE]))
                except ValueError as error:
                    problems.append(Problem(listed.list, line, listed.column, str(error)))
        if not found and not problems:
            where = " and ".join(f"{column} of {' or '.join(texts)}" for column, texts in listed.where)
            problems.append(Problem(listed.list, 0, "", f"has no row{' with ' + where if where else ''}"))
        if problems:
            more = len(problems) - MOST_PROBLEMS
            rest = [Problem(listed.list, 0, listed.column, f"and {more:,} further codes of this kind")] if more > 0 else []
            raise RecordError([*problems[:MOST_PROBLEMS], *rest])
        return frozenset(found)

    def _rows(self, name: str, column: str) -> list[tuple[int, dict[str, str]]]:
        if name not in self.tables:
            self.tables[name] = _read(self.folder, name, headed=bool(column))
        return self.tables[name]


CODE = "code"


def parse_digits(text: str) -> str:
    """Read a code of a list, with or without dots, as digits.

    Examples
    --------
    >>> parse_digits("7606.11.30"), parse_digits("76061130")
    ('76061130', '76061130')
    """
    digits = _without_dots(text)
    if DIGITS.fullmatch(digits) is None:
        lost = text[:1] not in ("", "0") and DIGITS.fullmatch(_without_dots(f"0{text}"))
        hint = f"; has it lost its leading zero? did you mean '0{text}'?" if lost else ""
        raise ValueError(f"found {shown(text)}, expected a code of 4, 6, 8 or 10 digits{hint}")
    return digits


def _without_dots(text: str) -> str:
    return text.replace(".", "") if DOTTED.fullmatch(text) else text


def _line(text: str) -> str:
    digits = parse_digits(text)
    if digits.startswith(CHAPTER_99):
        raise ValueError(f"found {shown(text)}, a heading of chapter 99; expected the lines of goods that it is for")
    return digits


def _read(folder: Path, name: str, *, headed: bool) -> list[tuple[int, dict[str, str]]]:
    text = read_text(folder / name, name)
    lines = text.removeprefix("\ufeff").splitlines()
    if not headed:
        return [(number, {CODE: line.strip()}) for number, line in enumerate(lines, 1) if line.strip()]
    comments = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    rows = csv.reader(io.StringIO("\n".join(lines[comments:])), strict=True)
    try:
        header = [cell.strip() for cell in next(rows, [])]
        found = []
        for cells in rows:
            if len(cells) != len(header):
                message = f"found {len(cells)} cells, expected {len(header)} as in the header"
                raise RecordError([Problem(name, comments + rows.line_num, "", message)])
            values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            found.append((comments + rows.line_num, values))
    except csv.Error as error:
        raise RecordError([Problem(name, comments + rows.line_num, "", f"not CSV: {error}")]) from error
    return found
