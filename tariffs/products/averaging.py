"""Averages over trade: sums over fates and the days on which one of them changes.

What is not known is left out of the average and told beside it: the share of trade whose MFN duty, metal content or line is not
known. The range is that of the rest, by what may set its goods apart from their lines, or is not known of their metal.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tariffs.products.grid import changes, values
from tariffs.products.standing import CHAPTER_98
from tariffs.steps import add

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from numpy.typing import NDArray

    from tariffs.model import Duty
    from tariffs.products.fates import Fate
    from tariffs.products.grid import Floats, Grid
    from tariffs.stacking import Part
    from tariffs.steps import Steps

MFN = "us-mfn"


@dataclass(frozen=True)
class _Paths:
    """The paths of fates on days, shape (fates, corners, days) [percent]."""

    fates: list[Fate]
    metals: list[tuple[str, ...]]
    days: list[date]

    def whole(self) -> Floats:
        """Return the sums of additional duties."""
        return values([fate.totals() for fate in self.fates], self.metals, self.days)

    def by_label(self, label: Callable[[Duty], str]) -> dict[str, Floats]:
        """Return what each part adds, by its name."""
        return self._by_name([[_booked(corner, label) for corner in fate.parts] for fate in self.fates])

    def borne(self) -> dict[str, Floats]:
        """Return the share of a good's value that bears each duty, whatever its level."""
        return self._by_name(
            [[{part.duties[0].id: part.share or () for part in corner} for corner in fate.parts] for fate in self.fates]
        )

    def _by_name(self, booked: list[list[dict[str, Steps]]]) -> dict[str, Floats]:
        names = sorted({name for corners in booked for corner in corners for name in corner})
        return {
            name: values([[corner.get(name, ()) for corner in corners] for corners in booked], self.metals, self.days)
            for name in names
        }

    def variants(self, fate: int) -> list[Floats]:
        """Return the sums of one fate as its possibilities would have them, each of shape (corners, days)."""
        return [values([one.totals], [self.metals[fate]], self.days)[0] for one in self.fates[fate].possible]


def _booked(parts: Iterable[Part], label: Callable[[Duty], str]) -> dict[str, Steps]:
    grouped: dict[str, list[Steps]] = {}
    for part in parts:
        grouped.setdefault(label(part.duties[0]), []).append(part.points)
    return {name: steps[0] if len(steps) == 1 else add(steps) for name, steps in grouped.items()}


class Averaging:
    """Averages of the duties on the goods of a grid, at the days on which something changes.

    Parameters
    ----------
    grid : Grid
    weights : array, shape (goods,)
        Trade [US dollars].
    first, final : date
    days : iterable of date, optional
        At which to look besides.

    Attributes
    ----------
    days : list of date
    trade : array, shape (days,)
        The trade whose duty is known [US dollars].
    """

    def __init__(self, grid: Grid, weights: Floats, first: date, final: date, days: Iterable[date] = ()) -> None:
        self.grid, self.weights = grid, weights
        moved = changes((steps for fate in grid.fates for steps in fate.totals()), first, final)
        self.days = sorted({*moved, *(day for day in (*grid.lines.mfn_days(), *days) if first < day <= final)})
        self.paths = _Paths(grid.fates, [fate.metals for fate in grid.fates], self.days)
        self.level = self.paths.whole()
        self.open = np.asarray(np.isnan(grid.shares).any(axis=1))
        self.shares = np.nan_to_num(grid.shares)
        self.valid = np.asarray(~np.isnan(self.level).any(axis=1))
        # Where the metal share of a good is unknown, its duty is known as long as it does not hang on it.
        self.even = np.asarray(self.valid & np.equal(self.level, self.level[:, :1]).all(axis=1))
        self.segments = self._segments()
        self.trade = self._sum(self.weights)

    @property
    def unknown(self) -> Floats:
        """The share of all trade whose duty is not known [percent]."""
        whole = self.weights.sum()
        return 100 * (1 - self.trade / whole) if whole else np.full(len(self.days), np.nan)

    def total(self) -> Floats:
        """Return the average over the trade whose duty is known, MFN included [percent of customs value]."""
        return self._per_trade(self._revenue() + self._adds(self.level))

    def by(self, label: Callable[[Duty], str]) -> dict[str, Floats]:
        """Return what each part adds to the average, by what its duty is booked under; the general duty is booked under `MFN`."""
        parts = {name: self._adds(level) for name, level in self.paths.by_label(label).items()}
        return {name: self._per_trade(part) for name, part in {MFN: self._revenue(), **parts}.items()}

    def borne(self) -> dict[str, Floats]:
        """Return the share of the known trade that bears each duty, whatever its level [percent], by its id.

        Of a duty with one level for all goods, level times share is what it adds; of a floor it is not.
        """
        return {name: self._per_trade(self._adds(share)) for name, share in self.paths.borne().items()}

    def by_goods(self, groups: NDArray[np.str_]) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Return what each group of goods adds to the average, and its share of the trade that is known [percent]."""
        parts, shares = {}, {}
        for name in np.unique(groups).tolist():
            among = np.equal(groups, name)
            parts[name] = self._per_trade(self._revenue(among) + self._adds(self.level, among))
            shares[name] = 100 * self._per_trade(self._sum(self.weights, among))
        return parts, shares

    def covered(self) -> Floats:
        """Return the share of the known trade that bears any additional duty [percent]."""
        plain = np.array([not fate.metals for fate in self.grid.fates])
        found = self._sum(self.weights, plain[self.grid.fate_of], np.where(self.level[:, 0] > 0, 1.0, 0.0))
        for fate in np.flatnonzero(~plain).tolist():
            for mfn, at, following in self.segments:
                shut, ajar = self._apart(fate, mfn)
                now = np.nan_to_num(self.level[fate, :, at:following])
                valid, even = self.valid[fate, at:following], self.even[fate, at:following]
                found[at:following] += (self.weights[shut] @ (_between(now, self.shares[shut]) > 0)) * valid
                found[at:following] += self.weights[ajar].sum() * (now[0] > 0) * even
        return 100 * self._per_trade(found)

    def ends(self) -> tuple[Floats, Floats]:
        """Return the lowest and the highest that the average can be, with what hangs on unknown metal content or without it."""
        low = self._revenue() + self._adds(self.level)
        high, whole = low.copy(), self.trade.copy()
        for fate, one in enumerate(self.grid.fates):
            if not (one.metals or one.possible):
                continue
            variants = [self.level[fate], *self.paths.variants(fate)]
            for mfn, at, following in self.segments:
                shut, ajar = self._apart(fate, mfn)
                now = np.nan_to_num(np.array(variants)[:, :, at:following])
                valid, even = self.valid[fate, at:following], self.even[fate, at:following]
                lines = np.array([_between(variant, self.shares[shut]) for variant in now])
                low[at:following] += (self.weights[shut] @ (lines.min(axis=0) - lines[0])) * valid
                high[at:following] += (self.weights[shut] @ (lines.max(axis=0) - lines[0])) * valid
                held, revenue = self.weights[ajar].sum(), self.weights[ajar] @ mfn[ajar]
                whole[at:following] += held * (valid & ~even)
                low[at:following] += revenue * (valid & ~even) + held * valid * (now.min(axis=(0, 1)) - now[0, 0] * even)
                high[at:following] += revenue * (valid & ~even) + held * valid * (now.max(axis=(0, 1)) - now[0, 0] * even)
        with np.errstate(invalid="ignore", divide="ignore"):
            # The average leaves out what hangs on unknown metal content, and may lie beyond both ends of all.
            return np.fmin(low / whole, self.total()), np.fmax(high / whole, self.total())

    def _segments(self) -> list[tuple[Floats, int, int]]:
        """Return the general duties of the goods with the days that they hold for, by place: a new one where any changes."""
        starts = [0, *(self.days.index(day) for day in self.grid.lines.mfn_days() if day in self.days[1:])]
        found: list[tuple[Floats, int, int]] = []
        # Of the general duty nothing is refundable; whether it is known counts all the same, so that the trade stays the same.
        counted = 0.0 if self.grid.law.view.basis == "refundable" else 1.0
        for at, following in pairwise([*dict.fromkeys(starts), len(self.days)]):
            mfn = counted * self.grid.mfn_on(self.days[at])
            if found and np.array_equal(found[-1][0], mfn, equal_nan=True):
                found[-1] = (mfn, found[-1][1], following)
            else:
                found.append((mfn, at, following))
        return found

    def _apart(self, fate: int, mfn: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places of a fate's goods whose metal shares are known, and of those of which one is not."""
        goods = self.grid.goods_of[fate]
        known = goods[~np.isnan(mfn[goods])]
        return known[~self.open[known]], known[self.open[known]]

    def _per_trade(self, sums: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return sums / self.trade

    def _in_fates(self, worth: Floats, chosen: NDArray[np.bool_]) -> Floats:
        """Return sums over the goods of each fate, shape (fates,)."""
        return np.bincount(self.grid.fate_of[chosen], worth[chosen], minlength=len(self.grid.fates)).astype(float)

    def _sum(self, worth: Floats, among: NDArray[np.bool_] | None = None, times: Floats | None = None) -> Floats:
        """Return on each day the sum of something over the goods whose duty is known, times a number per fate and day."""
        found = np.zeros(len(self.days))
        valid, even = (kept if times is None else kept * times for kept in (self.valid, self.even))
        for mfn, at, following in self.segments:
            known = ~np.isnan(mfn) if among is None else among & ~np.isnan(mfn)
            found[at:following] = self._in_fates(worth, known & ~self.open) @ valid[:, at:following]
            found[at:following] += self._in_fates(worth, known & self.open) @ even[:, at:following]
        return found

    def _revenue(self, among: NDArray[np.bool_] | None = None) -> Floats:
        """Return the sum of trade times general duty."""
        found = np.zeros(len(self.days))
        for mfn, at, following in self.segments:
            found[at:following] = self._sum(self.weights * np.nan_to_num(mfn), among)[at:following]
        return found

    def _adds(self, level: Floats, among: NDArray[np.bool_] | None = None) -> Floats:
        """Return the sum of trade times additional duties, of which `level` has the paths, shape (fates, corners, days)."""
        found = np.zeros(len(self.days))
        plain = np.nan_to_num(level)
        for mfn, at, following in self.segments:
            known = ~np.isnan(mfn) if among is None else among & ~np.isnan(mfn)
            now, valid = plain[:, :, at:following], self.valid[:, at:following]
            for corner in range(now.shape[1]):
                worth = self.weights if corner == 0 else self.weights * self.shares[:, corner - 1]
                beyond = now[:, 0] if corner == 0 else now[:, corner] - now[:, 0]
                found[at:following] += self._in_fates(worth, known & ~self.open) @ (beyond * valid)
            found[at:following] += self._in_fates(self.weights, known & self.open) @ (now[:, 0] * self.even[:, at:following])
        return found


def _between(level: Floats, shares: Floats) -> Floats:
    """Return a level of shape (corners, days) for goods of given shares, shape (goods, days)."""
    found: Floats = level[0] + shares @ (level[1:] - level[0])
    return found


def on_day(grid: Grid, day: date) -> tuple[Floats, Floats, Floats]:
    """Return the additional duties of every good on a day, and the least and the most that they can be [percent].

    NaN where they are not known: no source gives a level, they hang on metal content that is not known, or a good of chapter 98
    or 99 owes what no line shows.
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
    for goods, one in zip(grid.goods_of, grid.fates, strict=True):
        for entry in one.possible:
            other = values([entry.totals], [one.metals], [day])[0, :, 0]
            ends = np.where(hangs[goods][:, None], other, (other[0] + shares[goods] @ (other[1:] - other[0]))[:, None])
            low[goods] = np.fmin(low[goods], ends.min(axis=1))
            high[goods] = np.fmax(high[goods], ends.max(axis=1))
    beyond = grid.lines.codes[grid.places] >= CHAPTER_98
    found[beyond], low[beyond], high[beyond] = np.nan, np.nan, np.nan
    return found, low, high
