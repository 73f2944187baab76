"""What a chart shows, in words: for readers who do not see it, for file metadata and for editors who ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tariffs.vocabulary import long_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

MOST_TURNS = 9  # of one line; more are read by nobody
SMALLEST_TURN = 0.04  # of what all lines span


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """One line as its alt text tells it.

    Attributes
    ----------
    name : str
    start : float
        The level on the first day.
    steps : tuple of (date, float)
        Each change: its first day and the level from then on; those ahead of what was checked have a condition in `ahead`.
    ahead : dict of date to str
        On what condition each step after the last checked day comes.
    written : callable
        Writes a level.
    """

    name: str
    start: float
    steps: tuple[tuple[date, float], ...]
    ahead: dict[date, str]
    written: Callable[[float], str]


def alt_text(kind: str, title: str, unit: str, window: tuple[date, date], lines: list[Told]) -> str:
    """Return kind, title, unit and span of a chart, and the levels and turning points of each line.

    Parameters
    ----------
    kind : str
        Such as "Step chart".
    title, unit : str
    window : tuple of date
        First and last day that the lines are drawn for.
    lines : list of Told
    """
    levels = [level for line in lines for level in (line.start, *(level for _, level in line.steps))]
    least = SMALLEST_TURN * (max(levels) - min(levels))
    opening = f"{kind}: {ended(title)} {ended(unit)} {long_day(window[0])} to {long_day(window[1])}."
    return " ".join([opening, *(_told(line, least) for line in lines)])


def _told(line: Told, least: float) -> str:
    checked = [(day, level) for day, level in line.steps if day not in line.ahead]
    turns = _turns(line.start, checked, least)
    parts = [f"{line.written(line.start)} {'at first' if checked else 'throughout'}"]
    parts += [f"{line.written(level)} from {long_day(day)}" for day, level in turns]
    last = line.written(checked[-1][1] if checked else line.start)
    if checked and not (turns and line.written(turns[-1][1]) == last):
        parts.append(f"{last} at the end")
    if len(turns) < len(checked):
        parts.append(f"{len(checked)} step{'s' if len(checked) > 1 else ''} in all")
    peak = max(checked, key=lambda step: step[1], default=None)
    if peak and peak[1] > line.start and peak not in turns:
        parts.append(f"highest {line.written(peak[1])}, from {long_day(peak[0])}")
    ahead = [f"{line.written(level)} from {long_day(day)}, {line.ahead[day]}" for day, level in line.steps if day in line.ahead]
    expected = f" Expected: {'; '.join(ahead)}." if ahead else ""
    return f"{line.name}: {'; '.join(parts)}.{expected}"


def _turns(start: float, steps: list[tuple[date, float]], least: float) -> list[tuple[date, float]]:
    """Return the steps at which a line has moved by `least` since the last one told; by more, where those are too many."""
    told, level = [], start
    for day, after in steps:
        if abs(after - level) >= least:
            told.append((day, after))
            level = after
    return told if len(told) <= MOST_TURNS or not least else _turns(start, steps, least * 1.25)


def ended(text: str) -> str:
    """Return a text with a full stop, unless it has an end of its own."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
