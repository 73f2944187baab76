"""The lines of every revision, one after the other: from when to when a line has which general duty, and what its footnotes cite.

A revision's date is that of the main change that it carries. It dates no duty of the record: it says which lines there were, and
which duty the schedule printed for them. A revision without a date is used where it says what the dated one before it said.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from tariffs.catalog import home
from tariffs.errors import Problem, RecordError
from tariffs.products.codes import EIGHT, TEN
from tariffs.products.concordance import in_order
from tariffs.products.duties import cleaned
from tariffs.reading.scalars import parse_date
from tariffs.reading.tree import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from tariffs.products.schedule import Schedule

DATES = "revisions.csv"


@dataclass(frozen=True, slots=True)
class Row:
    """What one revision says of one line.

    Attributes
    ----------
    general : str
        The general duty as printed, without markup.
    special : str
        The special duties as printed.
    cites : tuple of str
        Headings of chapter 99 that its footnotes cite, at any column.
    """

    code: str
    description: str
    general: str
    special: str
    cites: tuple[str, ...]


@dataclass(slots=True)
class Period:
    """A time with one set of lines.

    Attributes
    ----------
    start : date
        Its first day.
    revision : str
        The first revision of it.
    lines : dict of str to Row
    """

    start: date
    revision: str
    lines: dict[str, Row]


@dataclass(slots=True)
class History:
    """What a row of revisions adds up to.

    Attributes
    ----------
    dates : dict of str to date
        The revisions that were used, with their first days.
    periods : list of Period
        A new one wherever a line came, went or changed its duty.
    cited : dict of str to set of str
        From every line there ever was to the headings that its footnotes cite in any revision.
    remarks : list of Problem
        Revisions without a date, and what of them was not used.
    """

    dates: dict[str, date] = field(default_factory=dict)
    periods: list[Period] = field(default_factory=list)
    cited: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    remarks: list[Problem] = field(default_factory=list)


def rows_of(schedule: Schedule) -> Iterator[Row]:
    """Yield the lines that goods are entered under: those of ten digits, and those of eight that have no suffix."""
    split = {code[:EIGHT] for code in schedule.lines if len(code) == TEN}
    for code, line in schedule.lines.items():
        if len(code) == TEN or code not in split:
            cites = dict.fromkeys(heading for note in line.footnotes for heading in note.cites)
            yield Row(code, ": ".join(text.rstrip(" :") for text in line.path), _plain(line.general), line.special, tuple(cites))


@cache
def _plain(text: str) -> str:
    return cleaned(text)


def join(revisions: Iterable[tuple[str, Iterable[Row]]], dates: Mapping[str, date]) -> History:
    """Return the history of revisions given in their order, with the first day of each that has one."""
    history = History()
    for name, rows in revisions:
        lines = {row.code: row for row in rows}
        for row in lines.values():
            history.cited[row.code].update(row.cites)
        start = dates.get(name)
        before = history.periods[-1].lines if history.periods else {}
        moved = [code for code in {*lines, *before} if _duty(lines, code) != _duty(before, code)]
        if start is None:
            history.remarks.append(Problem(name, 0, "", f"has no date; {_unused(moved)}"))
            continue
        history.dates[name] = start
        if moved:
            history.periods.append(Period(start, name, lines))
        else:
            history.periods[-1].lines = lines
    return history


def _duty(lines: Mapping[str, Row], code: str) -> str | None:
    return lines[code].general if code in lines else None


def _unused(moved: list[str]) -> str:
    if not moved:
        return "it says of every line what the one before it says, and is left aside"
    return f"{len(moved):,} of its lines say something else than the one before it, and are not used"


def read_dates(folder: Path | None = None) -> dict[str, date]:
    """Return the first day of each revision that has one: of the record, or of a ``revisions.csv`` in a folder of one's own.

    Raises
    ------
    RecordError
        Where a row is no revision with its day.
    """
    root = folder if folder and (folder / DATES).is_file() else home("data")
    text = read_text(root / DATES, DATES)
    rows = csv.reader(io.StringIO(text))
    if (header := next(rows, [])) != ["revision", "date", "grade"]:
        raise RecordError([Problem(DATES, 1, "", f"found the columns {', '.join(header)}, expected revision, date, grade")])
    dates: dict[str, date] = {}
    problems = []
    for cells in rows:
        try:
            name, day, _ = cells
            in_order(name)
            dates[name] = parse_date(day)
        except ValueError as error:
            problems.append(Problem(DATES, rows.line_num, "", str(error)))
    ordered = sorted(dates, key=in_order)
    for one, other in pairwise(ordered):
        if dates[other] < dates[one]:
            problems.append(Problem(DATES, 0, other, f"{dates[other]} is before the day of {one}, {dates[one]}"))
    if problems:
        raise RecordError(problems)
    return dates
