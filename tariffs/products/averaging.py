"""Averages over trade: sums over fates and the days on which one of them changes.

What is not known is left out of the average and told beside it: the share of trade whose MFN duty, metal content or line is not
known. The range is that of the rest, by what may set its goods apart from their lines, or is not known of their metal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tariffs.products.grid import changes, values
from tariffs.steps import add

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from tariffs.model import Duty
    from tariffs.products.fates import Fate
    from tariffs.products.grid import Floats, Grid

MFN = "us-mfn"


@dataclass(frozen=True)
class Average:
    """An average from one day to another, at its changes.

    Attributes
    ----------
    days : list of date
    parts : dict of str to array, shape (days,)
        What each part adds [percent of customs value]; together they are the average.
    shares : dict of str to array, shape (days,)
        Of parts that are goods: their share of the trade that is known [percent].
    low, high : array, shape (days,)
        The range of the average [percent of customs value].
    covered : array, shape (days,)
        The share of the known trade that bears any additional duty [percent].
    unknown : array, shape (days,)
        The share of all trade whose duty is not known [percent].
    """

    days: list[date]
    parts: dict[str, Floats]
    shares: dict[str, Floats]
    low: Floats
    high: Floats
    covered: Floats
    unknown: Floats

    @property
    def total(self) -> Floats:
        """The average [percent of customs value]."""
        return np.sum(list(self.parts.values()), axis=0) if self.parts else np.zeros(len(self.days))


@dataclass(frozen=True)
class _Paths:
    """The paths of fates on days, shape (fates, corners, days) [percent]."""

    fates: list[Fate]
    metals: list[tuple[str, ...]]
    days: list[date]

    def whole(self) -> Floats:
        """Return the sums of additional duties."""
        return values([fate.totals() for fate in self.fates], self.metals, self.days)

    def of(self, name: str, label: Callable[[Duty], str]) -> Floats:
        """Return what one part adds."""
        paths = [
            tuple(add(part.points for part in corner if label(part.duties[0]) == name) for corner in fate.parts)
            for fate in self.fates
        ]
        return values(paths, self.metals, self.days)

    def variants(self, fate: int) -> list[Floats]:
        """Return the sums of one fate as its possibilities would have them, each of shape (corners, days)."""
        return [values([one.totals], [self.metals[fate]], self.days)[0] for one in self.fates[fate].possible]


def average(
    grid: Grid,
    weights: Floats,
    first: date,
    final: date,
    label: Callable[[Duty], str] | None = None,
    groups: NDArray[np.str_] | None = None,
) -> Average:
    """Return the average of the duties on the goods of a grid.

    Parameters
    ----------
    weights : array, shape (goods,)
        Trade [US dollars].
    first, final : date
    label : callable, optional
        From a duty to the part that it is booked under; the general duty is booked under `MFN`.
    groups : array of str, shape (goods,), optional
        What each good is booked under, where the parts are goods and not duties.
    """
    fates = grid.fates
    moved = changes((steps for fate in fates for steps in fate.totals()), first, final)
    days = sorted({*moved, *(day for day in grid.lines.mfn_days() if first < day <= final)})
    paths = _Paths(fates, [fate.metals for fate in fates], days)
    known = _Known(grid, weights, days, paths.whole())
    shares: dict[str, Floats] = {}
    if label is not None:
        names = sorted({label(part.duties[0]) for fate in fates for corner in fate.parts for part in corner})
        parts = {MFN: known.mfn()} | {name: known.adds(paths.of(name, label)) for name in names}
    elif groups is not None:
        parts, shares = known.by_group(groups)
    else:
        parts = {"": known.mfn() + known.adds(known.level)}
    low, high, covered = _range(grid, weights, known, paths)
    unknown = 100 * (1 - known.trade / weights.sum()) if weights.sum() else np.full(len(days), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = {name: part / known.trade for name, part in parts.items()}
        shares = {name: 100 * share / known.trade for name, share in shares.items()}
    return Average(days, parts, shares, low, high, covered, unknown)


def _trade(weights: Floats, mfn: Floats) -> Floats:  # noqa: ARG001  # as `_revenue` has it
    return weights


def _revenue(weights: Floats, mfn: Floats) -> Floats:
    return weights * mfn


class _Known:
    """Sums over the trade whose duty is known, day by day."""

    def __init__(self, grid: Grid, weights: Floats, days: list[date], level: Floats) -> None:
        self.grid, self.weights, self.days, self.level = grid, weights, days, level
        self.open = np.asarray(np.isnan(grid.shares).any(axis=1))
        self.shares = np.nan_to_num(grid.shares)
        self.valid = np.asarray(~np.isnan(level).any(axis=1))
        # Where the metal share of a good is unknown, its duty is known as long as it does not hang on it.
        self.even = np.asarray(self.valid & np.equal(level, level[:, :1]).all(axis=1))
        # Of the general duty nothing is refundable; whether it is known counts all the same, so that the trade stays the same.
        counted = 0.0 if grid.law.view.basis == "refundable" else 1.0
        rates = {day: counted * grid.mfn_on(day) for day in self._mfn_starts()}
        self.segments = [(rates[start], at, following) for start, at, following in self._spans(list(rates))]
        self.trade = self.sum_of(_trade)

    def _mfn_starts(self) -> list[date]:
        first = self.days[0]
        return [first, *(day for day in self.grid.lines.mfn_days() if day in set(self.days[1:]))]

    def _spans(self, starts: list[date]) -> list[tuple[date, int, int]]:
        places = [self.days.index(start) for start in starts]
        return list(zip(starts, places, [*places[1:], len(self.days)], strict=True))

    def _sums(self, worth: Floats, chosen: NDArray[np.bool_]) -> Floats:
        """Return sums over the goods of each fate, shape (fates,)."""
        return np.bincount(self.grid.fate_of[chosen], worth[chosen], minlength=len(self.grid.fates)).astype(float)

    def sum_of(self, worth: Callable[[Floats, Floats], Floats], among: NDArray[np.bool_] | None = None) -> Floats:
        """Return on each day the sum of something over the goods whose duty is known."""
        found = np.zeros(len(self.days))
        for mfn, at, following in self.segments:
            known = ~np.isnan(mfn) if among is None else among & ~np.isnan(mfn)
            something = worth(self.weights, np.nan_to_num(mfn))
            found[at:following] = self._sums(something, known & ~self.open) @ self.valid[:, at:following]
            found[at:following] += self._sums(something, known & self.open) @ self.even[:, at:following]
        return found

    def mfn(self, among: NDArray[np.bool_] | None = None) -> Floats:
        """Return the sum of trade times general duty."""
        return self.sum_of(_revenue, among)

    def adds(self, level: Floats, among: NDArray[np.bool_] | None = None) -> Floats:
        """Return the sum of trade times additional duties, of which `level` has the paths, shape (fates, corners, days)."""
        found = np.zeros(len(self.days))
        plain = np.nan_to_num(level)
        for mfn, at, following in self.segments:
            known = ~np.isnan(mfn) if among is None else among & ~np.isnan(mfn)
            now, valid = plain[:, :, at:following], self.valid[:, at:following]
            for corner in range(now.shape[1]):
                worth = self.weights if corner == 0 else self.weights * self.shares[:, corner - 1]
                beyond = now[:, 0] if corner == 0 else now[:, corner] - now[:, 0]
                found[at:following] += self._sums(worth, known & ~self.open) @ (beyond * valid)
            found[at:following] += self._sums(self.weights, known & self.open) @ (now[:, 0] * self.even[:, at:following])
        return found

    def by_group(self, groups: NDArray[np.str_]) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Return the sums of trade times duty over groups of goods, and those of trade."""
        parts, shares = {}, {}
        for name in np.unique(groups).tolist():
            among = np.equal(groups, name)
            parts[name] = self.mfn(among) + self.adds(self.level, among)
            shares[name] = self.sum_of(_trade, among)
        return parts, shares


def _range(grid: Grid, weights: Floats, known: _Known, paths: _Paths) -> tuple[Floats, Floats, Floats]:
    """Return the lowest and highest average, and the share of known trade under any additional duty [percent].

    The range is over the trade whose general duty is known.
    """
    low, high = known.mfn() + known.adds(known.level), known.mfn() + known.adds(known.level)
    whole, covered = known.trade.copy(), np.zeros(len(known.days))
    plain = known.level[:, 0] > 0
    for fate, one in enumerate(grid.fates):
        goods = np.flatnonzero(grid.fate_of == fate)
        if not (one.metals or one.possible):
            covered += known.sum_of(_trade, np.equal(grid.fate_of, fate)) * plain[fate]
            continue
        variants = [known.level[fate], *paths.variants(fate)]
        for mfn, at, following in known.segments:
            some = goods[~np.isnan(mfn[goods])]
            shut, ajar = some[~known.open[some]], some[known.open[some]]
            now = [np.nan_to_num(variant[:, at:following]) for variant in variants]
            lines = [_between(variant, known.shares[shut]) for variant in now]
            valid = known.valid[fate, at:following]
            low[at:following] += (weights[shut] @ (np.min(lines, axis=0) - lines[0])) * valid
            high[at:following] += (weights[shut] @ (np.max(lines, axis=0) - lines[0])) * valid
            covered[at:following] += (weights[shut] @ (lines[0] > 0)) * valid
            even = known.even[fate, at:following]
            corners = np.array(now)
            held, rate = weights[ajar].sum(), weights[ajar] @ mfn[ajar]
            covered[at:following] += held * even * (now[0][0] > 0)
            whole[at:following] += held * (valid & ~even)
            low[at:following] += rate * (valid & ~even) + held * valid * (corners.min(axis=(0, 1)) - now[0][0] * even)
            high[at:following] += rate * (valid & ~even) + held * valid * (corners.max(axis=(0, 1)) - now[0][0] * even)
    with np.errstate(invalid="ignore", divide="ignore"):
        return low / whole, high / whole, 100 * covered / known.trade


def _between(level: Floats, shares: Floats) -> Floats:
    """Return a level of shape (corners, days) for goods of given shares, shape (goods, days)."""
    found: Floats = level[0] + shares @ (level[1:] - level[0])
    return found


def on_day(grid: Grid, day: date) -> tuple[Floats, Floats, Floats]:
    """Return the additional duties of every good on a day, and the least and the most that they can be [percent].

    NaN where they are not known, because no source gives a level or they hang on metal content that is not known.
    """
    level = values([fate.totals() for fate in grid.fates], [fate.metals for fate in grid.fates], [day])[:, :, 0]
    open_ones = np.isnan(grid.shares)
    shares = np.where(open_ones, 0.0, grid.shares)
    of = level[grid.fate_of]
    found = of[:, 0] + np.einsum("gm,gm->g", shares, of[:, 1:] - of[:, :1])
    hangs = np.asarray(open_ones.any(axis=1))
    low, high = found.copy(), found.copy()
    low[hangs], high[hangs] = of[hangs].min(axis=1), of[hangs].max(axis=1)
    found[hangs & (low != high)] = np.nan
    for fate, one in enumerate(grid.fates):
        goods = np.flatnonzero(grid.fate_of == fate) if one.possible else np.array([], dtype=np.int64)
        for entry in one.possible if len(goods) else ():
            other = values([entry.totals], [one.metals], [day])[0, :, 0]
            ends = np.where(hangs[goods][:, None], other, (other[0] + shares[goods] @ (other[1:] - other[0]))[:, None])
            low[goods] = np.fmin(low[goods], ends.min(axis=1))
            high[goods] = np.fmax(high[goods], ends.max(axis=1))
    return found, low, high
