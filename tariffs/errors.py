"""The one family of errors that this library raises."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


MOST_CHOICES = 30


class TariffsError(Exception):
    """Whatever this library refuses; the command line turns it into one line and `exit_code`."""

    exit_code: ClassVar[int] = 1


class UsageError(TariffsError, ValueError):
    """What was asked for does not fit together, such as a `start` after its `end`."""

    exit_code = 2


class UnknownNameError(UsageError):
    """A name that is not in its list; carries the nearest right spelling."""

    def __init__(self, kind: str, found: str, known: Iterable[str]) -> None:
        self.kind, self.found, self.known = kind, found, tuple(known)
        super().__init__(f"unknown {kind} {found!r}{did_you_mean(found, self.known)}")

    def __reduce__(self) -> tuple[type[UnknownNameError], tuple[str, str, tuple[str, ...]]]:
        return type(self), (self.kind, self.found, self.known)


class CoverageError(UsageError):
    """A day, direction or measure that the record does not reach."""


class UnknownRateError(TariffsError):
    """A sum over a duty that was in force at a level that no source gives."""


class OutputError(TariffsError):
    """A file that could not be written; nothing was left behind."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with the record, at one place."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Return the problem as compilers print theirs."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class RecordError(TariffsError):
    """Everything that is wrong with a record, found in one run."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[RecordError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class FetchError(RecordError):
    """Everything that could not be fetched in one run; what was there before is as it was."""


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """Return the end of a message that names the nearest right spelling, or the choices where there is none."""
    names = sorted(set(known))
    by_lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(found.lower(), by_lower, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {by_lower[near[0]]!r}?"
    return f"; one of: {', '.join(names)}" if 0 < len(names) <= MOST_CHOICES else ""
