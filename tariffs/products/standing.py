"""Every code that goods were ever entered under, line by line through time: its duty, and what names it.

A code that a revision does not have, because it was renumbered, stands there for other lines: it has the duty that all of them
have, and is named by what names all of them. Where they differ, the duty is unknown and the naming possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tariffs.products.duties import parse_duty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from tariffs.products.history import History, Period

    Match = Callable[[str, Mapping[str, object]], tuple[tuple[str, ...], str]]


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
    general : str
        The general duty as printed.
    known : bool
        Whether it is known: False where the lines that the code stands for have several.
    """

    code: str
    start: date
    end: date | None
    revision: str
    how: str
    description: str
    general: str
    known: bool = True


def spans_of(code: str, history: History, match: Match) -> list[Span]:
    """Return a code's spans, oldest first; none for the times in which no line can be found for it."""
    found: list[Span] = []
    for place, period in enumerate(history.periods):
        end = history.periods[place + 1].start if place + 1 < len(history.periods) else None
        span = _span(code, period, end, match)
        if span is None:
            continue
        last = found[-1] if found else None
        if last and last.end == span.start and _says(last) == _says(span):
            found[-1] = Span(code, last.start, end, last.revision, last.how, span.description, last.general, last.known)
        else:
            found.append(span)
    return found


def _says(span: Span) -> tuple[object, ...]:
    return parse_duty(span.general), span.how, span.known


def _span(code: str, period: Period, end: date | None, match: Match) -> Span | None:
    if code in period.lines:
        row = period.lines[code]
        return Span(code, period.start, end, period.revision, "itself", row.description, row.general)
    lines, how = match(code, period.lines)
    if not lines:
        return None
    rows = [period.lines[line] for line in lines]
    duties = list(dict.fromkeys(row.general for row in rows))
    one = len({parse_duty(duty) for duty in duties}) == 1
    general = duties[0] if one else "; ".join(duties)
    return Span(code, period.start, end, period.revision, how, rows[0].description, general, known=one)


def names_of(
    codes: Iterable[str], history: History, match: Match, named: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[frozenset[int], frozenset[int]]]:
    """Return for every code which namings name it, and which may.

    A code is named by what names it itself, or in any period all of the lines that it then stands for; by what names only some
    of them, it may be.
    """
    found = {}
    for code in codes:
        sure, maybe = set(named.get(code, ())), set()
        for period in history.periods:
            if code in period.lines:
                continue
            lines, _ = match(code, period.lines)
            sets = [set(named[line]) for line in lines]
            if sets:
                sure |= set.intersection(*sets)
                maybe |= set.union(*sets)
        found[code] = frozenset(sure), frozenset(maybe - sure)
    return found
