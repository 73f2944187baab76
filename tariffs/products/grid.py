"""Every code of a store under the law of one origin: which fate it has, which MFN duty, and what both come to on a day.

Sums are taken over fates and the days on which one of them changes, never over days: goods of one fate are added up first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tariffs.naming import METALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from tariffs.products.converted import Converted
    from tariffs.products.fates import Fate, Key, Law
    from tariffs.products.store import Store
    from tariffs.steps import Steps

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

CORNERS = 1 + len(METALS)
NEVER = date.max.toordinal()


@dataclass(frozen=True)
class Lines:
    """What a store says of its codes, whatever their origin, as arrays.

    Attributes
    ----------
    store : Store
    codes : array of str, shape (codes,)
    cells : array of int, shape (codes,)
    shares : array, shape (codes, metals)
        Of steel, aluminium and copper [fractions of value; NaN where unknown].
    span_of, span_start, span_end : array of int, shape (spans,)
        Place of the code, and ``[start, end)`` as ordinals of days.
    span_percent : array, shape (spans,)
        The general duty [percent; NaN where it is not one share of the value].
    span_itself : array of bool, shape (spans,)
        Whether the schedule has the code, rather than others that it stands for.
    span_irregular : array of bool, shape (spans,)
        Whether the general duty is known and is no share of the value.
    """

    store: Store
    codes: NDArray[np.str_]
    cells: Places
    shares: Floats
    span_of: Places
    span_start: Places
    span_end: Places
    span_percent: Floats
    span_itself: NDArray[np.bool_]
    span_irregular: NDArray[np.bool_]

    @cached_property
    def convertible(self) -> NDArray[np.bool_]:
        """Which codes ever have a general duty that is known and is no share of the value, shape (codes,)."""
        found = np.zeros(len(self.codes), dtype=bool)
        found[self.span_of[self.span_irregular]] = True
        return found

    def live(self, day: date) -> NDArray[np.bool_]:
        """Return which spans hold on a day."""
        at = day.toordinal()
        return np.asarray((self.span_start <= at) & (at < self.span_end))

    def mfn_on(self, day: date) -> Floats:
        """Return the general duty of every code on a day [percent; NaN where it is not known]."""
        live = self.live(day)
        found = np.full(len(self.codes), np.nan)
        found[self.span_of[live]] = self.span_percent[live]
        return found

    def mfn_days(self) -> list[date]:
        """Return the days on which the general duty of any code changes or begins."""
        return [date.fromordinal(day) for day in np.unique(self.span_start).tolist()]

    @cached_property
    def last_mfn(self) -> Floats:
        """The general duty of every code in its last span [percent; NaN where it is not known]."""
        found = np.full(len(self.codes), np.nan)
        order = np.argsort(self.span_start, kind="stable")
        found[self.span_of[order]] = self.span_percent[order]
        return found


@cache
def lines_of(store: Store) -> Lines:
    """Read a store's codes, once per process."""
    import pyarrow.compute as pc

    goods, spans = store.table("goods"), store.table("lines")
    days = [spans[name].cast("int32").fill_null(-1).to_numpy().astype(np.int64) for name in ("start", "end")]
    first = date(1970, 1, 1).toordinal()
    return Lines(
        store=store,
        codes=np.array(goods["code"].to_pylist()),
        cells=goods["cell"].to_numpy().astype(np.int64),
        shares=np.column_stack([goods[metal].to_numpy() for metal in METALS]).astype(float),
        span_of=pc.index_in(spans["code"], value_set=goods["code"].combine_chunks()).to_numpy().astype(np.int64),
        span_start=days[0] + first,
        span_end=np.where(days[1] < 0, NEVER, days[1] + first),
        span_percent=spans["percent"].to_numpy().astype(float),
        span_itself=pc.equal(spans["how"], "itself").to_numpy(),
        span_irregular=pc.and_(pc.is_null(spans["percent"]), pc.not_equal(spans["kind"], "unknown")).to_numpy(),
    )


@dataclass(frozen=True)
class Grid:
    """The codes of a store under one law.

    Attributes
    ----------
    lines : Lines
    law : Law
    places : array of int, shape (goods,)
        Which codes.
    converted : Converted
        What the general duties that are no share of the value come to.
    """

    lines: Lines
    law: Law
    places: Places
    converted: Converted

    def mfn_on(self, day: date) -> Floats:
        """Return the general duty of every good on a day, or its equivalent [percent; NaN where neither is known]."""
        lines = self.lines
        convertible = np.zeros(len(lines.codes), dtype=bool)
        convertible[lines.span_of[lines.live(day) & lines.span_irregular]] = True
        return np.where(convertible[self.places], self.equivalents, lines.mfn_on(day)[self.places])

    @cached_property
    def equivalents(self) -> Floats:
        """The equivalents of general duties that are no share of the value [percent; NaN where there is none]."""
        found = np.full(len(self.places), np.nan)
        for place in np.flatnonzero(self.lines.convertible[self.places]).tolist():
            one = self.converted.of(str(self.lines.codes[self.places[place]]))
            found[place] = np.nan if one is None else float(one.percent)
        return found

    @cached_property
    def _found(self) -> tuple[list[Fate], Places]:
        lines, law = self.lines, self.law
        cells, cell_of = np.unique(lines.cells[self.places], return_inverse=True)
        keys = [law.key(*lines.store.members(cell)) for cell in cells.tolist()]
        known: dict[Key, int] = {}
        plain = [known.setdefault((*key, None), len(known)) for key in keys]
        of = np.array(plain, dtype=np.int64)[cell_of]
        # A floor is what is missing to it: there the general duty is part of what makes a fate.
        floored = np.array([law.floors(*key) for key in keys], dtype=bool)[cell_of]
        mfn = lines.last_mfn[self.places]
        for place in np.flatnonzero(floored & ~np.isnan(mfn)).tolist():
            key = (*keys[cell_of[place]], Decimal(repr(float(mfn[place]))))
            of[place] = known.setdefault(key, len(known))
        return [law.fate(*key) for key in known], of

    @cached_property
    def goods_of(self) -> list[Places]:
        """The places of the goods of each fate."""
        order = np.argsort(self.fate_of, kind="stable")
        ends = np.searchsorted(self.fate_of[order], np.arange(len(self.fates) + 1))
        return [order[begin:end] for begin, end in pairwise(ends.tolist())]

    @property
    def fates(self) -> list[Fate]:
        """The distinct fates."""
        return self._found[0]

    @property
    def fate_of(self) -> Places:
        """Which fate each good has, shape (goods,)."""
        return self._found[1]

    @cached_property
    def shares(self) -> Floats:
        """Each good's shares of metals that a duty is charged on, 0 of others, NaN where unknown; shape (goods, metals)."""
        rows = [[metal in fate.metals for metal in METALS] for fate in self.fates]
        charged = np.array(rows, dtype=bool).reshape(-1, len(METALS))[self.fate_of]
        return np.where(charged, self.lines.shares[self.places], 0.0)


def values(paths: Sequence[Sequence[Steps]], metals: Sequence[Sequence[str]], days: Sequence[date]) -> Floats:
    """Return paths on days, shape (paths, corners, days): with none of a metal, then with nothing but steel, aluminium, copper.

    Parameters
    ----------
    paths : sequence of sequence of Steps
        Per fate one path for none of a metal and one for each of `metals`.
    """
    ordinals = np.array([day.toordinal() for day in days])
    found = np.zeros((len(paths), CORNERS, len(days)))
    for row, (corners, names) in enumerate(zip(paths, metals, strict=True)):
        for corner, steps in enumerate(corners):
            if steps:
                at = np.searchsorted([day.toordinal() for day, _ in steps], ordinals, side="right")
                levels = np.array([0.0, *(np.nan if value is None else float(value) for _, value in steps)])[at]
            else:
                levels = np.zeros(len(days))
            if corner == 0:
                found[row] = levels
            else:
                found[row, 1 + METALS.index(names[corner - 1])] = levels
    return found


def changes(paths: Iterable[Steps], first: date, final: date) -> list[date]:
    """Return the first day and every later one to the last on which a path changes."""
    return sorted({first, *(day for steps in paths for day, _ in steps if first < day <= final)})
