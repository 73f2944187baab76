"""One revision of the official schedule: its tariff lines, and the headings of chapter 99, by code.

The file is the export of the US International Trade Commission: a JSON list of rows in the order of the printed schedule. What a
row means follows from the rows above it: the description of a line is its own after those it is indented under, and a statistical
suffix takes the duties and footnotes of its eight-digit line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tariffs.errors import Problem, RecordError, UnknownNameError
from tariffs.products.codes import EIGHT, FORM, TEN, dotted, parse_code
from tariffs.products.duties import Duty, cleaned, parse_duty
from tariffs.products.published import parse_json, read_bytes
from tariffs.reading.scalars import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

FOLDER = "hts_archives"  # of the revisions, in a folder of inputs
COLUMNS = ("htsno", "indent", "description", "units", "general", "special", "other", "footnotes")
DUTY_COLUMNS = ("general", "special", "other")
MOST_PROBLEMS = 50
CHAPTER_99 = "99"
HEADING = r"(?<![0-9.])(99[0-9]{2}\.[0-9]{2}(?:\.[0-9]{2})?)(?![0-9])"
CITED = re.compile(rf"{HEADING}(?: ?(?:-|\u2013|through) ?{HEADING})?")


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote of a line.

    Attributes
    ----------
    columns : tuple of str
        The columns that it stands at: "general", "other", "desc", "units", "stat".
    cites : tuple of str
        The headings of chapter 99 that it names, a range as the headings of the schedule within it.
    """

    text: str
    columns: tuple[str, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the schedule, or one heading of chapter 99.

    Attributes
    ----------
    code : str
        Of eight or ten digits, as printed: "0101.21.00.10".
    above : tuple of str
        The descriptions that it is indented under, from the outermost.
    general, special, other : str
        The duties as printed, a suffix's taken from its eight-digit line; empty where the schedule prints none.
    footnotes : tuple of Footnote
        Its own and those of the lines that its code is part of.
    row : int
        Its place in the file, counted from 1.
    """

    code: str
    indent: int
    description: str
    above: tuple[str, ...]
    units: tuple[str, ...]
    general: str
    special: str
    other: str
    footnotes: tuple[Footnote, ...]
    row: int

    @property
    def path(self) -> tuple[str, ...]:
        """All that describes it, from the outermost heading to its own words."""
        return (*self.above, self.description)

    @property
    def duty(self) -> Duty:
        """The general duty; unknown where the schedule prints none."""
        return parse_duty(self.general)

    def cites(self, column: str = "general") -> tuple[str, ...]:
        """Return the headings of chapter 99 that footnotes at a column cite, each once, in their order."""
        return tuple(dict.fromkeys(code for note in self.footnotes if column in note.columns for code in note.cites))


@dataclass(frozen=True, slots=True)
class Schedule:
    """One revision.

    Attributes
    ----------
    name : str
        Of the revision: "2025_rev_10".
    lines : mapping of str to Line
        Lines of eight and ten digits, chapters 1 to 98, in the order of the schedule.
    headings : mapping of str to Line
        The headings of chapter 99.
    remarks : tuple of Problem
        What the file as published leaves open and no line's code depends on: footnotes that cite headings which it does not have,
        suffixes without an eight-digit line to take a duty from, a first row that is missing.
    """

    name: str
    lines: Mapping[str, Line]
    headings: Mapping[str, Line]
    remarks: tuple[Problem, ...] = ()

    def line(self, code: str) -> Line:
        """Return a line or a heading by its code, with or without dots.

        Raises
        ------
        UnknownNameError
            Where this revision does not have it, naming the nearest that it has.
        """
        try:
            wanted = dotted(code)
        except ValueError:
            wanted = code
        found = self.lines.get(wanted) or self.headings.get(wanted)
        if found is None:
            near = [known for known in (*self.lines, *self.headings) if known.startswith(wanted[:4])]
            raise UnknownNameError(f"line of the schedule {self.name}", code, near)
        return found

    def under(self, code: str) -> Line | None:
        """Return the line whose duty a code bears: the line itself, or the eight-digit line that it is a suffix of.

        A suffix that the schedule prints elsewhere (those of watches stand in a statistical note) or in another revision still
        bears the duty of its eight-digit line.
        """
        return self.lines.get(code) or (self.lines.get(code[:EIGHT]) if len(code) == TEN else None)


def read_schedule(path: str | Path, name: str | None = None) -> Schedule:
    """Read one revision of the schedule.

    Parameters
    ----------
    path : str or Path
        The export as published, plain or ending in ``.gz``.
    name : str, optional
        Of the revision; by default the file's, without ``hts_`` and its endings.

    Raises
    ------
    RecordError
        Where the file is truncated or is no such export; where a line stands twice or out of order, an indent jumps, or a code is
        not in the schedule's form. A place is the row, counted from 1.
    """
    path = Path(path)
    reading = _Reading(path.name, parse_rows(read_bytes(path), path.name))
    reading.read()
    lines: dict[str, Line] = {}
    headings: dict[str, Line] = {}
    for code, line in reading.lines.items():
        (headings if code.startswith(CHAPTER_99) else lines)[code] = line
    name = name or path.name.split(".")[0].removeprefix("hts_")
    return Schedule(name, lines, headings, tuple(reading.remarks))


def parse_rows(raw: bytes, file: str) -> list[dict[str, Any]]:
    """Return the rows of an export, each with the columns that a line is read from; `file` is the name that a refusal gives it.

    Raises
    ------
    RecordError
        Where it is truncated or no such export.

    Examples
    --------
    >>> cells = ['"htsno": "0101"', '"indent": "0"', *(f'"{name}": ""' for name in COLUMNS[2:])]
    >>> [row["htsno"] for row in parse_rows(f"[{{{', '.join(cells)}}}]".encode(), "hts.json")]
    ['0101']
    """
    rows = parse_json(raw, file)
    if not isinstance(rows, list) or not rows:
        raise RecordError([Problem(file, 0, "", "expected a list of rows, one per line of the schedule")])
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise RecordError([Problem(file, number, "", "expected a row with its fields")])
        if missing := [column for column in COLUMNS if column not in row]:
            raise RecordError([Problem(file, number, "", f"the row lacks {', '.join(missing)}")])
    return rows


class _Open:
    """A row that further rows may be indented under."""

    __slots__ = ("below", "code", "indent", "notes")

    def __init__(self, indent: int, code: str, below: tuple[str, ...], notes: tuple[Footnote, ...]) -> None:
        self.indent, self.code, self.below, self.notes = indent, code, below, notes


class _Reading:
    """One pass over the rows; notes what is wrong and goes on."""

    def __init__(self, file: str, rows: list[dict[str, Any]]) -> None:
        self.file, self.rows = file, rows
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []
        self.lines: dict[str, Line] = {}
        self.places: dict[str, int] = {}
        codes = (row["htsno"] for row in rows)
        self.in_99 = sorted(
            code for code in codes if isinstance(code, str) and code.startswith(CHAPTER_99) and len(code) >= EIGHT
        )
        self.known_in_99 = frozenset(self.in_99)
        self.notes: dict[tuple[str, tuple[str, ...]], Footnote] = {}
        self.units: dict[tuple[str, ...], tuple[str, ...]] = {}

    def read(self) -> None:
        stack: list[_Open] = []
        last = ""
        for number, row in enumerate(self.rows, 1):
            if len(self.problems) >= MOST_PROBLEMS:
                self.refuse(number, "", "too much is wrong to read on")
                break
            code, indent = self.code(number, row), self.indent(number, row)
            if indent is None:
                continue
            if stack:
                self.fits(number, code or "", indent, stack[-1])
            elif indent and number == 1:
                self.remark(1, "indent", f"begins at {indent}: the first row is missing")
            while stack and stack[-1].indent >= indent:
                stack.pop()
            if code is None:
                stack.append(_Open(indent, "", (), ()))
                continue
            if code:
                self.ascends(number, code, last)
                last = max(last, code)
            try:
                stack.append(self.placed(number, row, code, indent, stack[-1] if stack else None))
            except (TypeError, AttributeError, KeyError):
                self.refuse(
                    number, "", "found fields of another kind than the export has: texts, a list of units, a list of footnotes"
                )
        if self.problems:
            raise RecordError(self.problems)

    def refuse(self, number: int, name: str, message: str) -> None:
        self.problems.append(Problem(self.file, number, name, message))

    def remark(self, number: int, name: str, message: str) -> None:
        self.remarks.append(Problem(self.file, number, name, message))

    def code(self, number: int, row: dict[str, Any]) -> str | None:
        code = row["htsno"]
        if isinstance(code, str) and (code == "" or FORM.fullmatch(code)):
            return code
        try:
            return parse_code(code)
        except ValueError as error:
            self.refuse(number, "htsno", str(error))
            return None

    def indent(self, number: int, row: dict[str, Any]) -> int | None:
        text = row["indent"]
        if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 2:
            return int(text)
        self.refuse(number, "indent", f"found {shown(str(text))}, expected how far the row is indented, such as '2'")
        return None

    def fits(self, number: int, code: str, indent: int, above: _Open) -> None:
        # The export indents the suffixes of some lines twice; nothing else may skip a level.
        suffix = len(code) == TEN and code[:EIGHT] == above.code
        if indent > above.indent + (2 if suffix else 1):
            self.refuse(number, "indent", f"jumps from {above.indent} to {indent}; has the file been re-ordered?")

    def ascends(self, number: int, code: str, last: str) -> None:
        if code in self.places:
            self.refuse(number, "htsno", f"{code} stands twice; first in row {self.places[code]}")
        elif code < last:
            after = f"; its suffix {last} stands before it" if last.startswith(code) else ""
            self.refuse(number, "htsno", f"{code} stands after {last}{after}; has the file been re-ordered?")
        self.places.setdefault(code, number)

    def placed(self, number: int, row: dict[str, Any], code: str, indent: int, above: _Open | None) -> _Open:
        description = cleaned(row["description"])
        path, inherited = (above.below, above.notes) if above else ((), ())
        parent = self.lines.get(code[:EIGHT]) if len(code) == TEN else None
        if parent:
            inherited = parent.footnotes
        elif above and code and not code.startswith(above.code):
            inherited = ()
        notes = inherited
        if row["footnotes"]:
            own = [self.note(note["value"], note["columns"]) for note in row["footnotes"]]
            notes = (*inherited, *own)
            for heading in (heading for note in own for heading in note.cites if heading not in self.known_in_99):
                self.remark(number, "footnotes", f"cites {heading}, which this revision does not have")
        general, special, other = (row[column].strip() for column in DUTY_COLUMNS)
        if len(code) >= EIGHT:
            if parent:
                general, special, other = general or parent.general, special or parent.special, other or parent.other
            elif not general and len(code) == TEN:
                self.remark(number, "general", f"{code} has no duty, and there is no line {code[:EIGHT]} to take one from")
            self.lines[code] = Line(
                code, indent, description, path, self.unit(row["units"]), general, special, other, notes, number
            )
        elif general or special or other:
            self.remark(number, "", "prints a duty at a heading; duties are read at lines of eight and ten digits")
        return _Open(indent, code or (above.code if above else ""), (*path, description), notes)

    def note(self, text: str, columns: list[str]) -> Footnote:
        key = (text, tuple(columns))
        if key not in self.notes:
            plain = cleaned(text)
            self.notes[key] = Footnote(plain, tuple(columns), tuple(dict.fromkeys(cited(plain, self.in_99))))
        return self.notes[key]

    def unit(self, units: Iterable[str] | None) -> tuple[str, ...]:
        key = tuple(units or ())
        if key not in self.units:
            self.units[key] = tuple(unit for unit in map(cleaned, key) if unit)
        return self.units[key]


def cited(text: str, headings: Collection[str] = ()) -> Iterator[str]:
    """Yield the headings of chapter 99 that a text names; of a range its ends, and what `headings` has between them.

    Examples
    --------
    >>> list(cited("See 9903.88.03."))
    ['9903.88.03']
    >>> list(cited("See 9903.53.01-9903.53.06.", ["9903.53.04", "9903.53.07"]))
    ['9903.53.01', '9903.53.04', '9903.53.06']
    >>> list(cited("See 9903.92. ", ["9903.91.11", "9903.92.10", "9903.92.80"]))
    ['9903.92.10', '9903.92.80']
    """
    for first, last in CITED.findall(text):
        if last:
            yield first
            yield from (code for code in headings if first < code < last)
            yield last
        elif len(first) == EIGHT:
            yield first
        else:
            yield from [code for code in headings if code.startswith(f"{first}.")] or [first]
