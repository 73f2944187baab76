"""From the namings of duties to the tariff lines that each of them names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tariffs.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from tariffs.model import Duty
    from tariffs.naming import Listed, Naming
    from tariffs.products.listing import Lists

STEMS = (2, 4, 6, 8, 10)  # lengths of what may name a line, in digits
WHOLE_LINE = 10
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A line on which a reference and a list that says the same disagree; the reference decides.

    Attributes
    ----------
    duty : str
    code : str
        Of eight digits, as digits.
    cited : bool
        Whether the footnotes name it, and the list does not; else the other way about.
    list : str
    """

    duty: str
    code: str
    cited: bool
    list: str


@dataclass(frozen=True, slots=True)
class Named:
    """Which lines each naming of a record names.

    Attributes
    ----------
    keys : tuple of str
        One per naming that names lines: ``s301-list-3#0``, the duty and the place in its file.
    lines : dict of str to tuple of int
        From a line's code to the places in `keys` of what names it.
    disagreements : tuple of Disagreement
    idle : tuple of Problem
        What names no line: codes of a list, codes and headings of a duty's file.
    """

    keys: tuple[str, ...]
    lines: dict[str, tuple[int, ...]]
    disagreements: tuple[Disagreement, ...]
    idle: tuple[Problem, ...]


def name_lines(duties: Iterable[Duty], cited: Mapping[str, Collection[str]], lists: Lists) -> Named:
    """Return what names each line.

    Parameters
    ----------
    duties : iterable of Duty
    cited : mapping of str to collection of str
        From every line's code ("7606.11.30.30") to the headings of chapter 99 that its footnotes cite in any revision.
    lists : Lists

    Raises
    ------
    RecordError
        Where a list is missing or wrong.
    """
    by_heading: dict[str, set[str]] = defaultdict(set)
    for code, headings in cited.items():
        for heading in headings:
            by_heading[heading].add(code)
    tree = _Tree(cited)
    keys: list[str] = []
    found: dict[str, list[int]] = {code: [] for code in cited}
    disagreements: list[Disagreement] = []
    idle: list[Problem] = []
    for duty in duties:
        for place, naming in enumerate(duty.namings):
            if naming.unseen:
                continue
            lines = _lines(naming, by_heading, tree, lists)
            idle += _idle(duty.id, naming, by_heading, tree, lists)
            for code in lines:
                found[code].append(len(keys))
            keys.append(f"{duty.id}#{place}")
            for listed in naming.against:
                disagreements += _compare(duty.id, lines, tree.under(lists.stems(listed)), listed)
    by_code = {code: tuple(places) for code, places in found.items()}
    return Named(tuple(keys), by_code, tuple(disagreements), tuple(dict.fromkeys(idle)))


class _Tree:
    """The lines by every stem that may name them."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.by_stem: dict[str, list[str]] = defaultdict(list)
        for code in codes:
            # A line that is printed without a suffix is named by the suffix 00 too.
            digits = code.replace(".", "").ljust(WHOLE_LINE, "0")
            for length in STEMS:
                self.by_stem[digits[:length]].append(code)

    def under(self, stems: Iterable[str]) -> set[str]:
        return {code for stem in stems for code in self.by_stem.get(stem, ())}


def _lines(naming: Naming, by_heading: Mapping[str, set[str]], tree: _Tree, lists: Lists) -> set[str]:
    if naming.listed:
        lines = tree.under(lists.stems(naming.listed))
    elif naming.cites:
        lines = {code for heading in naming.cites for code in by_heading.get(heading, ())}
    else:
        lines = tree.under(code.replace(".", "") for code in naming.codes)
    return lines - tree.under(code.replace(".", "") for code in naming.but_not)


def _idle(duty: str, naming: Naming, by_heading: Mapping[str, set[str]], tree: _Tree, lists: Lists) -> Iterator[Problem]:
    codes = lists.stems(naming.listed) if naming.listed else [code.replace(".", "") for code in naming.codes]
    idle = [heading for heading in naming.cites if not by_heading.get(heading)]
    idle += sorted(code for code in codes if not tree.under([code]))
    if idle:
        shown = ", ".join(idle[:MOST_SHOWN]) + (f" and {len(idle) - MOST_SHOWN:,} more" if len(idle) > MOST_SHOWN else "")
        file = naming.listed.list if naming.listed else naming.file
        yield Problem(file, 0 if naming.listed else naming.line, duty, f"names no line of any revision: {shown}")


def _compare(duty: str, ours: set[str], theirs: set[str], listed: Listed) -> list[Disagreement]:
    eight = {code[:10] for code in ours}, {code[:10] for code in theirs}
    return [
        Disagreement(duty, code.replace(".", ""), cited, listed.list)
        for cited, codes in ((True, eight[0] - eight[1]), (False, eight[1] - eight[0]))
        for code in sorted(codes)
    ]
