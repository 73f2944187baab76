"""How statistical suffixes were renumbered from revision to revision: what a code became, and what it was.

The list says for each revision that renumbered which old code became which new one, judged by their words. Where several old and
several new codes of a heading go by the same words ("other"), it has every pair of them, so that roasted coffee would become raw.
A row is therefore believed only within its eight digits, at which the law sets duties.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from tariffs.errors import Problem, RecordError, UsageError, did_you_mean
from tariffs.products.codes import EIGHT, dotted
from tariffs.reading.scalars import shown
from tariffs.reading.tree import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FILE = "hts_concordance.csv"
OLD, NEW, FROM, TO, TYPE, ALIKE = COLUMNS = (
    "old_hts10", "new_hts10", "revision_from", "revision_to", "change_type", "similarity",
)  # fmt: skip
ADDED, DROPPED = "added", "dropped"
TYPES = (ADDED, DROPPED, "rename", "split", "merge", "many_to_many")
NONE = "NA"
FIRST_YEAR = 2025  # of revisions that the list names without their year
REVISION = re.compile(r"(?:(?P<year>20[0-9]{2})_)?(?:basic|rev_(?P<number>[1-9][0-9]?))")


@dataclass(frozen=True, slots=True)
class Step:
    """What one revision renumbered.

    Attributes
    ----------
    revision : str
        The first with the new codes: "2026_rev_2".
    became, came_from : mapping of str to tuple of str
        From an old code to all that it may have become, and back; only codes of which the list decides it.
    ended, begun : frozenset of str
        Every old code that the revision no longer has, every new one.
    """

    revision: str
    became: Mapping[str, tuple[str, ...]]
    came_from: Mapping[str, tuple[str, ...]]
    ended: frozenset[str]
    begun: frozenset[str]


@dataclass(frozen=True, slots=True)
class Concordance:
    """How suffixes were renumbered, revision by revision.

    Attributes
    ----------
    steps : tuple of Step
        In the order of revisions.

    Examples
    --------
    >>> step = Step("2026_rev_2", {"8507.60.00.20": ("8507.60.00.30", "8507.60.00.90")}, {}, frozenset({"8507.60.00.20"}),
    ...     frozenset({"8507.60.00.30", "8507.60.00.90"}))
    >>> Concordance((step,)).successors("8507.60.00.20", "2026_rev_9")
    ('8507.60.00.30', '8507.60.00.90')
    >>> Concordance((step,)).successors("8507.60.00.20", "2025_rev_20")
    ('8507.60.00.20',)
    """

    steps: tuple[Step, ...]

    def successors(self, code: str, revision: str) -> tuple[str, ...]:
        """Return what an older code is in a revision: itself if nothing renumbered it, nothing if the list leaves it open."""
        upto = order_of(revision)
        return _followed(code, ((step.became, step.ended) for step in self.steps if in_order(step.revision) <= upto))

    def predecessors(self, code: str, revision: str) -> tuple[str, ...]:
        """Return what a later code was in a revision: itself if nothing renumbered it, nothing if the list leaves it open."""
        back_to = order_of(revision)
        later = (step for step in reversed(self.steps) if in_order(step.revision) > back_to)
        return _followed(code, ((step.came_from, step.begun) for step in later))


def read_concordance(folder: str | Path) -> Concordance:
    """Read the list of renumbered codes in a folder.

    A row that leaves its eight digits, or whose words are alike in part only, decides nothing. What a revision adds to the eight
    digits of a code that it ends is among what the code may have become: it was carved out of something there.

    Parameters
    ----------
    folder : str or Path
        With ``hts_concordance.csv`` (old_hts10, new_hts10, revision_from, revision_to, change_type, similarity; NA in what an
        addition or an end leaves out).

    Raises
    ------
    RecordError
        Where the list is missing or has other columns; where a code is not of ten digits, or of chapter 99; where a change is of
        no known type, stands twice, or contradicts another.
    """
    problems: list[Problem] = []
    rows = [row for row in _cells(Path(folder) / FILE) if _holds(row, problems)]
    problems.extend(_repeated(rows))
    if problems:
        raise RecordError(problems)
    by_revision: dict[tuple[int, int], list[_Row]] = defaultdict(list)
    for row in rows:
        by_revision[in_order(row.cells[TO])].append(row)
    return Concordance(tuple(_step(by_revision[key]) for key in sorted(by_revision)))


def in_order(revision: str) -> tuple[int, int]:
    """Return what sorts revisions; one without a year is of 2025.

    Examples
    --------
    >>> sorted(["2026_basic", "rev_10", "2025_rev_9", "basic"], key=in_order)
    ['basic', '2025_rev_9', 'rev_10', '2026_basic']
    """
    match = REVISION.fullmatch(revision)
    if match is None:
        raise ValueError(f"found {shown(revision)}, expected a revision such as rev_15, 2025_rev_15 or 2026_basic")
    return int(match["year"] or FIRST_YEAR), int(match["number"] or 0)


def order_of(revision: str) -> tuple[int, int]:
    """Return what sorts a revision that a caller named.

    Raises
    ------
    UsageError
        Where it is no name of a revision.

    Examples
    --------
    >>> order_of("2026_rev_2")
    (2026, 2)
    """
    try:
        return in_order(revision)
    except ValueError as error:
        raise UsageError(f"revision: {error}") from None


def _followed(code: str, steps: Iterable[tuple[Mapping[str, tuple[str, ...]], frozenset[str]]]) -> tuple[str, ...]:
    found = {code}
    for pairs, gone in steps:
        if any(each in gone and each not in pairs for each in found):
            return ()
        found = {after for each in found for after in pairs.get(each, (each,))}
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]

    def code(self, column: str) -> str:
        return dotted(self.cells[column])

    @property
    def pairs(self) -> bool:
        return self.cells[TYPE] not in (ADDED, DROPPED)

    @property
    def stays(self) -> bool:
        return self.code(OLD)[:EIGHT] == self.code(NEW)[:EIGHT]


def _cells(path: Path) -> list[_Row]:
    rows = csv.reader(io.StringIO(read_text(path, path.name), newline=""), strict=True)
    found = []
    try:
        header = next(rows)
        if wrong := [name for name in COLUMNS if header.count(name) != 1]:
            states = [f"{'stands twice in' if name in header else 'is missing from'} the header" for name in wrong]
            raise RecordError(Problem(path.name, 1, *pair) for pair in zip(wrong, states, strict=True))
        for cells in rows:
            if len(cells) != len(header):
                message = f"found {len(cells)} cells, expected {len(header)} as in the header"
                raise RecordError([Problem(path.name, rows.line_num, "", message)])
            found.append(_Row(rows.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        raise RecordError([Problem(path.name, rows.line_num, "", f"not CSV: {error}")]) from error
    if not found:
        raise RecordError([Problem(path.name, 1, "", "a header and no rows")])
    return found


def _holds(row: _Row, problems: list[Problem]) -> bool:
    before = len(problems)

    def refuse(column: str, message: str) -> None:
        problems.append(Problem(FILE, row.line, column, message))

    kind = row.cells[TYPE]
    if kind not in TYPES:
        refuse(TYPE, f"found {shown(kind)}, expected a type of change{did_you_mean(kind, TYPES)}")
        return False
    for column, absent in ((OLD, kind == ADDED), (NEW, kind == DROPPED)):
        if message := _wrong_code(row.cells[column], absent, kind):
            refuse(column, message)
    alike = row.cells[ALIKE]
    if not row.pairs and alike != NONE:
        refuse(ALIKE, f"found {shown(alike)}, expected {NONE} where the change is {shown(kind)}")
    elif row.pairs and re.fullmatch(r"0(?:\.[0-9]+)?|1(?:\.0+)?", alike) is None:
        refuse(ALIKE, f"found {shown(alike)}, expected a number from 0 to 1")
    orders = []
    for column in (FROM, TO):
        try:
            orders.append(in_order(row.cells[column]))
        except ValueError as error:
            refuse(column, str(error))
    if len(orders) == 2 and orders[0] >= orders[1]:
        refuse(TO, f"found {shown(row.cells[TO])}, expected a revision after {row.cells[FROM]}")
    return len(problems) == before


def _wrong_code(text: str, absent: bool, kind: str) -> str:
    if absent or text == NONE:
        wanted = NONE if absent else "a code"
        return "" if absent and text == NONE else f"found {shown(text)}, expected {wanted} where the change is {shown(kind)}"
    if re.fullmatch(r"[0-9]{10}", text) is None:
        hint = f"; has it lost its leading zero? did you mean '0{text}'?" if re.fullmatch(r"[1-9][0-9]{8}", text) else ""
        return f"found {shown(text)}, expected ten digits{hint}"
    return f"found {shown(text)}, a heading of chapter 99; expected the line of a good" if text.startswith("99") else ""


def _repeated(rows: list[_Row]) -> Iterator[Problem]:
    first: dict[tuple[str, str, tuple[int, int]], _Row] = {}
    for row in rows:
        old, new, revision = row.cells[OLD], row.cells[NEW], in_order(row.cells[TO])
        if known := first.get((old, new, revision)):
            yield Problem(FILE, row.line, "", f"the change stands twice; first in line {known.line}")
        first.setdefault((old, new, revision), row)
    for (old, new, revision), row in first.items():
        for column, alone in ((OLD, first.get((old, NONE, revision))), (NEW, first.get((NONE, new, revision)))):
            if row.pairs and alone:
                yield Problem(
                    FILE, row.line, column, f"is {row.cells[TYPE]}; line {alone.line} says {alone.cells[TYPE]} of the same code"
                )


def _step(rows: list[_Row]) -> Step:
    """Collect what one revision renumbered; ``sides`` are the same rules, read forwards and backwards."""
    sides = []
    for column, other, alone in ((OLD, NEW, ADDED), (NEW, OLD, DROPPED)):
        beside: dict[str, set[str]] = defaultdict(set)
        pairs: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.cells[TYPE] == alone:
                beside[row.code(other)[:EIGHT]].add(row.code(other))
            elif row.pairs and row.stays:
                pairs[row.code(column)].add(row.code(other))
        open_ = {row.code(column) for row in rows if row.pairs and Decimal(row.cells[ALIKE]) < 1}
        decided = {code: tuple(sorted(found | beside[code[:EIGHT]])) for code, found in pairs.items() if code not in open_}
        sides.append((decided, frozenset(row.code(column) for row in rows if row.cells[column] != NONE)))
    (became, ended), (came_from, begun) = sides
    year, number = in_order(rows[0].cells[TO])
    return Step(f"{year}_rev_{number}" if number else f"{year}_basic", became, came_from, ended, begun)
