"""Every code that goods were ever entered under, line by line through time: its duty, and what names it.

A code that a revision does not have, because it was renumbered, stands there for other lines: it has the duty that all of them
have, and is named by what names all of them. Where they differ, the duty is unknown and the naming possible.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tariffs.products.duties import parse_duty
from tariffs.products.matching import Matcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tariffs.products.concordance import Concordance
    from tariffs.products.history import History, Period

    Names = tuple[frozenset[int], frozenset[int]]

SAFEGUARDS = "9904"
# Goods returned, repaired or assembled abroad: what they owe is not read off their line.
CHAPTER_98 = "98"


@dataclass(frozen=True, slots=True)
class Span:
    """A code from one day to another, in one duty.

    Attributes
    ----------
    start : date
    end : date or None
        The first day on which it no longer holds; None for the last.
    revision : str
        The first revision that says so.
    how : str
        "itself" where the schedule has the code; else how the lines that it stands for were found.
    description : str
        Of the line, or of the first that the code stands for.
    general, special : str
        The general duty and the special ones as printed.
    quota : bool
        Whether its footnotes cite the safeguards of agricultural quotas.
    known : bool
        Whether it is known: False where the lines that the code stands for have several, and in chapter 98.
    """

    code: str
    start: date
    end: date | None
    revision: str
    how: str
    description: str
    general: str
    special: str
    quota: bool
    known: bool


class Standing:
    """Where codes stand in every period of a history.

    Parameters
    ----------
    history : History
    concordance : Concordance
    """

    def __init__(self, history: History, concordance: Concordance) -> None:
        self.history = history
        self.matchers = [Matcher(concordance, period.revision, period.lines) for period in history.periods]

    def spans(self, code: str) -> list[Span]:
        """Return a code's spans, oldest first; none for the times in which no line can be found for it."""
        found: list[Span] = []
        for place, period in enumerate(self.history.periods):
            end = self.history.periods[place + 1].start if place + 1 < len(self.history.periods) else None
            span = _span(code, period, end, self.matchers[place])
            if span is None:
                continue
            last = found[-1] if found else None
            if last and last.end == span.start and _says(last) == _says(span):
                found[-1] = replace(last, end=end)
            else:
                found.append(span)
        return found

    def names(self, codes: Iterable[str], named: Mapping[str, tuple[int, ...]]) -> dict[str, Names]:
        """Return for every code which namings name it, and which may.

        A code is named by what names it itself, or in any period all of the lines that it then stands for; by what names only
        some of them, it may be.
        """
        found = {}
        for code in codes:
            sure, maybe = set(named.get(code, ())), set()
            for matcher in self.matchers:
                if code not in matcher.lines:
                    sets = [set(named[line]) for line in matcher.match(code).codes]
                    sure |= set.intersection(*sets) if sets else set()
                    maybe |= set().union(*sets)
            found[code] = frozenset(sure), frozenset(maybe - sure)
        return found


def _says(span: Span) -> tuple[object, ...]:
    return span.general, span.how, span.known


def _meaning(text: str) -> object:
    duty = parse_duty(text)
    return (duty.kind, duty.terms) if duty.stands_alone else text


def _span(code: str, period: Period, end: date | None, matcher: Matcher) -> Span | None:
    match = matcher.match(code)
    if not match.codes:
        return None
    rows = [period.lines[line] for line in match.codes]
    duties = list(dict.fromkeys(row.general for row in rows))
    one = len({_meaning(duty) for duty in duties}) == 1
    known = one and code < CHAPTER_98
    general = duties[0] if one else "; ".join(duties)
    quota = any(heading.startswith(SAFEGUARDS) for row in rows for heading in row.cites)
    first = rows[0]
    return Span(code, period.start, end, period.revision, match.how, first.description, general, first.special, quota, known)
