"""What each level of a line is made of, in words for a web page: duty by duty, or where they are many by family."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from tariffs.charts.interactive import Level
from tariffs.reading.scalars import plain

if TYPE_CHECKING:
    from datetime import date

    from tariffs.answers import Explanation
    from tariffs.catalog import Catalog
    from tariffs.charts.lines import Line

MANY = 6  # duties of which a sum is told by family, and in the table only what is new in it
Duties = tuple[tuple[str, str], ...]


def levels_of(line: Line, answers: list[tuple[date, Explanation | None]], record: Catalog) -> list[Level]:
    """Return the levels of a line by their first days.

    Parameters
    ----------
    line : Line
    answers : list of (date, Explanation or None)
        Each first day with its level taken apart, where it is a sum.
    record : Catalog
    """
    conditions = {step.day: f" ({step.condition})" for step in line.steps if step.condition}
    found: list[Level] = []
    before: Duties = ()
    for day, answer in answers:
        level = f"{line.written(line.level(day))}%{conditions.get(day, '')}"
        if answer is None:
            found.append(Level(day, level, "", ()))
            continue
        duties = _duties(answer)
        many = len(duties) > MANY
        summed = _by_family(answer, record) if many else " + ".join(text for text, _ in duties)
        found.append(Level(day, level, summed, tuple(entry for entry in duties if entry not in before) if many else duties))
        before = duties
    return found


def _duties(answer: Explanation) -> Duties:
    """Return what makes up a number, in words with the act, and where that can be read."""
    booked = [(f"{_written(entry.points)}% {entry.title}", "") for entry in answer.booked]
    lines = [
        (f"{_written(_points(line.points, line.rate))}% {line.duty.title} ({line.event.act})", line.event.sources[0].url)
        for line in answer.lines
    ]
    return (*booked, *lines)


def _by_family(answer: Explanation, record: Catalog) -> str:
    """Return the parts of a sum by family, the largest first."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in answer.booked:
        sums[record.families[entry.duties[0].family].title if entry.duties else entry.title] += entry.points
    for line in answer.lines:
        sums[record.families[line.duty.family].title] += _points(line.points, line.rate)
    ordered = sorted(sums.items(), key=lambda entry: -entry[1])
    return " + ".join(f"{points:.1f}% {title}" for title, points in ordered if round(points, 1))


def _written(points: Decimal) -> str:
    return plain(round(points, 2)) if points != round(points, 2) else plain(points)


def _points(points: Decimal | None, rate: Decimal | None) -> Decimal:
    """Return what a duty adds: its points where it is borne in part, else its level."""
    return next((value for value in (points, rate) if value is not None), Decimal(0))
