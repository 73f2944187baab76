"""Which lines of a revision a code of trade stands for, though suffixes were renumbered in between."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tariffs.products.codes import EIGHT, TEN
from tariffs.products.concordance import Concordance, order_of

if TYPE_CHECKING:
    from collections.abc import Collection

How = Literal["itself", "concordance", "eight digits", "none"]


@dataclass(frozen=True, slots=True)
class Match:
    """The lines of a revision that a code stands for.

    Attributes
    ----------
    codes : tuple of str
        Of lines of the revision, ascending. Of several the code is one, or parts of it are in each: what is asked of them holds
        for the code only where they agree.
    how : {"itself", "concordance", "eight digits", "none"}
    """

    codes: tuple[str, ...]
    how: How


class Matcher:
    """Finds the lines of one revision that codes stand for.

    Parameters
    ----------
    concordance : Concordance
    revision : str
        As a `Schedule` names it: "2025_rev_10", "2026_basic".
    lines : collection of str
        The codes of its lines: ``schedule.lines``.

    Examples
    --------
    >>> matcher = Matcher(Concordance(()), "2025_basic", {"0804.30.40", "8309.90.00", "8309.90.00.10", "8309.90.00.90"})
    >>> matcher.match("8309.90.00.10")
    Match(codes=('8309.90.00.10',), how='itself')
    >>> matcher.match("8309.90.00.00")
    Match(codes=('8309.90.00.10', '8309.90.00.90'), how='eight digits')
    >>> matcher.match("0804.30.40.00")
    Match(codes=('0804.30.40',), how='eight digits')
    >>> matcher.match("9999.95.00.00")
    Match(codes=(), how='none')
    """

    def __init__(self, concordance: Concordance, revision: str, lines: Collection[str]) -> None:
        order_of(revision)
        self.concordance, self.revision, self.lines = concordance, revision, frozenset(lines)
        suffixes: dict[str, list[str]] = defaultdict(list)
        for code in sorted(self.lines):
            if len(code) == TEN:
                suffixes[code[:EIGHT]].append(code)
        self.suffixes = {eight: tuple(codes) for eight, codes in suffixes.items()}

    def match(self, code: str) -> Match:
        """Return the lines of a code, dots included: itself; what it became, or was; the lines of its eight digits; or none."""
        if code in self.lines:
            return Match((code,), "itself")
        # A suffix may be given up and taken up again with another meaning, so both directions count.
        paths = (self.concordance.successors(code, self.revision), self.concordance.predecessors(code, self.revision))
        if found := {line for path in paths if self.lines.issuperset(path) for line in path}:
            return Match(tuple(sorted(found)), "concordance")
        eight = code[:EIGHT]
        if lines := self.suffixes.get(eight) or ((eight,) if eight in self.lines else ()):
            return Match(lines, "eight digits")
        return Match((), "none")
