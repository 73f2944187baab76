"""What goods of one fate and given metal shares are charged, as half-open intervals of one rate each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tariffs.products.grid import changes, values
from tariffs.steps import add

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tariffs.products.fates import Fate
    from tariffs.products.grid import Floats, Grid


@dataclass(frozen=True, slots=True)
class Charge:
    """What a duty adds from one day to another.

    Attributes
    ----------
    duty, family, authority : str
    rate : float or None
        [percent of customs value]; None where it is not known.
    since : date
    until : date or None
        The first day on which it no longer does; None if it goes on.
    """

    duty: str
    family: str
    authority: str
    rate: float | None
    since: date
    until: date | None


@dataclass(frozen=True)
class _Shared:
    """A fate of the law, which goods of several metal shares have in common.

    Attributes
    ----------
    fate : Fate
    first : date
        The first day that is answered for.
    """

    fate: Fate
    first: date

    @cached_property
    def _duties(self) -> list[tuple[str, str, str]]:
        found = {part.duties[0].id: part.duties[0] for corner in self.fate.parts for part in corner}
        return [(name, found[name].family, found[name].authority) for name in sorted(found)]

    @cached_property
    def _days(self) -> list[date]:
        parts = [part for corner in self.fate.parts for part in corner]
        return changes((part.points for part in parts), self.first, date.max)

    @cached_property
    def _levels(self) -> Floats:
        """What each duty adds, shape (duties, corners, days) [percent]."""
        paths = [
            [add(part.points for part in corner if part.duties[0].id == name) for corner in self.fate.parts]
            for name, _, _ in self._duties
        ]
        return values(paths, [self.fate.metals] * len(paths), self._days)

    @cached_property
    def _hangs(self) -> NDArray[np.bool_]:
        """Whether the sum hangs on metal content, shape (days,)."""
        sums = values([self.fate.totals()], [self.fate.metals], self._days)[0]
        return np.asarray(np.not_equal(sums, sums[:1]).any(axis=0))

    def charges(self, shares: Floats) -> tuple[Charge, ...]:
        """Return what goods of given shares of metals are charged.

        Parameters
        ----------
        shares : array, shape (metals,)
            [fractions of value; NaN where unknown]. Where one is, what hangs on it is not known, as long as the sum does.
        """
        levels = self._levels
        beyond = levels[:, 1:] - levels[:, :1]
        rates = levels[:, 0] + np.einsum("m,dmt->dt", np.nan_to_num(shares), beyond)
        unknown = np.isnan(levels).any(axis=1)
        if np.isnan(shares).any():
            rates = levels[:, 0]
            unknown = unknown | (np.not_equal(beyond, 0).any(axis=1) & self._hangs)
        rates = np.where(unknown, np.nan, rates)
        return tuple(
            Charge(*duty, None if np.isnan(rate) else rate, self._days[at], self._days[end] if end < len(self._days) else None)
            for duty, row in zip(self._duties, rates, strict=True)
            for at, end, rate in _runs(row)
            if rate != 0
        )


def _runs(row: Floats) -> Iterator[tuple[int, int, float]]:
    """Yield the stretches of one value, that of the unknown included, as places ``[start, end)``."""
    same = np.equal(row[1:], row[:-1]) | (np.isnan(row[1:]) & np.isnan(row[:-1]))
    starts = [0, *(np.flatnonzero(~same) + 1).tolist()]
    for start, end in zip(starts, [*starts[1:], len(row)], strict=True):
        yield start, end, float(row[start])


def charges_of(grid: Grid, first: date) -> tuple[list[tuple[Charge, ...]], list[int]]:
    """Return the distinct fates, metal shares worked in, and which of them each good has."""
    shared = [_Shared(fate, first) for fate in grid.fates]
    by_shares: dict[tuple[int, bytes], int] = {}
    numbers: dict[tuple[Charge, ...], int] = {}
    fate_of = []
    for fate, shares in zip(grid.fate_of.tolist(), grid.shares, strict=True):
        key = fate, shares.tobytes()
        if key not in by_shares:
            by_shares[key] = numbers.setdefault(shared[fate].charges(shares), len(numbers))
        fate_of.append(by_shares[key])
    return list(numbers), fate_of
