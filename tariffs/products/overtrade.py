"""Averages, shares and distributions over the tariff lines of an origin, with trade as their weights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tariffs.asking import AggLike, DayLike, as_sampling
from tariffs.errors import UnknownNameError, UsageError
from tariffs.products.asking import Asked, ask
from tariffs.products.averaging import Averaging, on_day
from tariffs.products.grid import Grid, lines_of
from tariffs.products.standing import CHAPTER_98
from tariffs.products.store import shares_note
from tariffs.sampling import sample
from tariffs.vocabulary import PRODUCT_PARTS, choose

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tariffs.catalog import Catalog
    from tariffs.model import Sampling
    from tariffs.products.grid import Floats
    from tariffs.products.store import Store
    from tariffs.steps import Steps
    from tariffs.vocabulary import Basis, Freq, Known, ProductPart

WIDTH = 5.0  # of a step of the distribution, in percentage points


@dataclass(frozen=True)
class Traded:
    """The goods of an origin that there was trade in, and by whose trade they are weighed."""

    asked: Asked
    weights: str

    @cached_property
    def _trade(self) -> tuple[Any, Floats]:
        import pyarrow.compute as pc

        store = self.asked.store
        if self.weights != (only := f"us-imports-{store.year}"):
            raise UnknownNameError("weights", self.weights, [only])
        trade = store.table("trade")
        own = trade.filter(pc.equal(trade["origin"], self.asked.direction.origin))
        places = pc.index_in(own["code"], value_set=store.table("goods")["code"].combine_chunks())
        return places.to_numpy().astype(np.int64), own["value"].to_numpy().astype(float)

    @cached_property
    def grid(self) -> Grid:
        """The goods under the law that is asked about."""
        return Grid(lines_of(self.asked.store), self.asked.law, self._trade[0], self.asked.converted)

    @property
    def chapters(self) -> NDArray[np.str_]:
        """The chapter of every good."""
        return np.array([code[:2] for code in self.grid.lines.codes[self.grid.places].tolist()])

    @property
    def value(self) -> Floats:
        """The trade of every good [US dollars]."""
        return self._trade[1]

    def window(self, start: DayLike | None, end: DayLike | None) -> tuple[date, date]:
        """Return the first and last day that are asked for."""
        asked = self.asked
        first = asked.first if start is None else asked.day(start, "start")
        final = asked.record.release.known_through if end is None else asked.day(end, "end")
        if first > final:
            raise UsageError(f"start {first} is after end {final}")
        return first, final

    def attrs(self, measure: str, how: Sampling | None = None) -> dict[str, Any]:
        """Return what is to be said of a measure."""
        asked, store = self.asked, self.asked.store
        return {
            "measure": measure,
            "unit": "percent",
            "origin": asked.direction.origin,
            "weights": self.weights,
            "weights_note": f"customs value of US imports for consumption in {store.year}, by tariff line, US Census Bureau",
            "metal_shares": shares_note(store),
            "schedules": f"{min(store.revisions, key=store.revisions.__getitem__)} to {store.revision_on(date.max)}",
            "basis": asked.view.basis,
            "as_of": asked.view.as_of.isoformat() if asked.view.as_of else None,
            "freq": how.freq if how else None,
            "data_version": asked.record.release.version,
            "source": asked.record.source_line,
        }


def average(
    origin: str,
    *,
    weights: str = "us-imports-2024",
    by: ProductPart | None = None,
    start: DayLike | None = None,
    end: DayLike | None = None,
    freq: Freq | None = None,
    agg: AggLike = "avg",
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return the trade-weighted average US duty on an origin's goods, MFN included, made from tariff lines.

    Parameters
    ----------
    origin : str
        Such as ``CN``.
    weights : str
        Whose trade: that of the store, ``us-imports-2024``.
    by : {"family", "authority", "duty", "chapter"}, optional
        What the average is taken apart into; the parts add up to it on every day.
    start, end : date-like, optional
        First and last day; by default from the first day of the record's references to lines to `known_through`.
    freq, agg, as_of, known, basis
        As in `tariffs.series`.
    store : path or Store, optional
        As in `open_store`.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    pandas.DataFrame
        Without `by` indexed by ``date``: ``rate`` [percent of customs value], over the trade whose duty is known; ``low`` and
        ``high``, what it can be by exclusions, uses and metal content that no tariff line shows; ``covered``, the share of trade
        under any additional duty, and ``unknown``, that whose duty is not known [percent of trade]. With `by` tidy: ``date``, the
        column that `by` names, ``rate`` [percentage points], and of chapters ``share`` [percent of trade].

    Raises
    ------
    UnknownNameError, CoverageError, UsageError
    """
    how = as_sampling(freq, agg)
    traded = Traded(ask(origin, store, catalog, as_of=as_of, known=known, basis=basis), weights)
    first, final = traded.window(start, end)
    over = Averaging(traded.grid, traded.value, first, final)
    if by is None:
        low, high = over.ends()
        columns = {"rate": over.total(), "low": low, "high": high, "covered": over.covered(), "unknown": over.unknown}
        frame = _sampled(over.days, columns, first, final, how)
    elif choose("part", by, PRODUCT_PARTS) == "chapter":
        parts, shares = over.by_goods(traded.chapters)
        frame = _tidy(by, _sampled(over.days, parts, first, final, how), share=_sampled(over.days, shares, first, final, how))
    else:
        parts = over.by(lambda duty: duty.id if by == "duty" else str(getattr(duty, by)))
        frame = _tidy(by, _sampled(over.days, parts, first, final, how))
    frame.attrs |= traded.attrs("average", how)
    return frame


def covered(
    origin: str,
    *,
    weights: str = "us-imports-2024",
    start: DayLike | None = None,
    end: DayLike | None = None,
    freq: Freq | None = None,
    agg: AggLike = "avg",
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
) -> pd.Series[float]:
    """Return the share of an origin's trade that bears any additional duty, made from tariff lines.

    Parameters
    ----------
    origin, weights, start, end, freq, agg, as_of, known, basis, store, catalog
        As in `average`.

    Returns
    -------
    pandas.Series
        [percent of the trade whose duty is known], named ``covered``.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError
    """
    how = as_sampling(freq, agg)
    traded = Traded(ask(origin, store, catalog, as_of=as_of, known=known, basis=basis), weights)
    first, final = traded.window(start, end)
    over = Averaging(traded.grid, traded.value, first, final)
    column = _sampled(over.days, {"covered": over.covered()}, first, final, how)["covered"]
    column.attrs |= traded.attrs("covered", how)
    return column[column.diff() != 0] if freq is None else column


def frame(
    origin: str,
    *,
    on: DayLike,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return the US duties on every tariff line of an origin on a day.

    Parameters
    ----------
    origin, as_of, known, basis, store, catalog
        As in `average`.
    on : date-like
        Calendar day of entry.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``line``: ``description``, ``general`` (as printed), ``mfn``, ``mfn_from`` (``schedule``; ``trade`` for the
        equivalent of a duty by weight or piece), ``additional``, ``rate`` (the two together), ``low``, ``high`` (of `additional`)
        [percent of customs value; NaN where not known], ``value``, the year's imports of the store from this origin [US dollars].

    Raises
    ------
    UnknownNameError, CoverageError, UsageError
    """
    asked = ask(origin, store, catalog, as_of=as_of, known=known, basis=basis)
    day = asked.day(on, "on")
    traded = Traded(asked, f"us-imports-{asked.store.year}")
    lines = lines_of(asked.store)
    ordinary = lines.codes < CHAPTER_98
    spans = np.flatnonzero(lines.live(day) & lines.span_itself & ordinary[lines.span_of])
    spans = spans[np.argsort(lines.codes[lines.span_of[spans]])]
    places = lines.span_of[spans]
    grid = Grid(lines, asked.law, places, asked.converted)
    level, low, high = on_day(grid, day)
    value = np.zeros(len(lines.codes))
    value[traded.grid.places] = traded.value
    texts = asked.store.table("lines")
    mfn = grid.mfn_on(day)
    columns = {
        "description": texts["description"].take(spans).to_pylist(),
        "general": texts["general"].take(spans).to_pylist(),
        "mfn": mfn,
        "mfn_from": pd.Series(np.select([np.isnan(mfn), lines.span_irregular[spans]], ["", "trade"], "schedule"))
        .replace("", None)
        .array,
        "additional": level,
        "rate": mfn + level,
        "low": low,
        "high": high,
        "value": value[places],
    }
    found = pd.DataFrame(columns, index=pd.Index(lines.codes[places], name="line", dtype="str"))
    found.attrs |= traded.attrs("stack") | {"date": day.isoformat(), "schedule": asked.store.revision_on(day)}
    return found


def distribution(
    origin: str,
    *,
    on: DayLike,
    weights: str = "us-imports-2024",
    width: float = WIDTH,
    mfn: bool = False,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return how an origin's trade is spread over the duties that it bears on a day.

    Parameters
    ----------
    origin, weights, as_of, known, basis, store, catalog
        As in `average`.
    on : date-like
        Calendar day of entry.
    width : float
        Of a step [percentage points].
    mfn : bool
        Whether the general duty is counted in; by default the additional duties alone.

    Returns
    -------
    pandas.DataFrame
        One row per step that trade stands in: ``at_least`` and ``below``, of which the first is in it and the second is not
        [percent of customs value], and ``share`` [percent of trade]. The last row, of NaN, is the trade whose duty is not known,
        that under chapter 98 and 99 among it.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError
    """
    if isinstance(width, bool) or not isinstance(width, (int, float)) or not 0 < width <= 1000:
        raise UsageError(f"width: found {width!r}, expected percentage points above 0, such as 5")
    asked = ask(origin, store, catalog, as_of=as_of, known=known, basis=basis)
    day = asked.day(on, "on")
    traded = Traded(asked, weights)
    level, _, _ = on_day(traded.grid, day)
    rates = level + traded.grid.mfn_on(day) if mfn else level
    known_ones = ~np.isnan(rates)
    # A rate such as 7.5 + 12.5 is not exactly 20 in floating point, and belongs with it.
    steps = np.floor(np.round(rates[known_ones], 9) / width)
    places, of = np.unique(steps, return_inverse=True)
    sums = np.bincount(of, traded.value[known_ones], minlength=len(places))
    rest = traded.value[~known_ones].sum()
    whole = traded.value.sum()
    columns = {"at_least": [*places * width, np.nan], "below": [*(places + 1) * width, np.nan], "share": [*sums, rest]}
    found = pd.DataFrame(columns)
    found["share"] = 100 * found["share"] / whole if whole else np.nan
    found.attrs |= traded.attrs("distribution") | {"date": day.isoformat(), "mfn": "included" if mfn else "not included"}
    return found


def _sampled(days: list[date], columns: dict[str, Floats], first: date, final: date, how: Sampling) -> pd.DataFrame:
    paths = {name: _steps(days, column) for name, column in columns.items()}
    index, found = sample(paths, first, final, how)
    return pd.DataFrame(found, index=index)


def _steps(days: list[date], column: Floats) -> Steps:
    return tuple((day, None if np.isnan(value) else Decimal(value)) for day, value in zip(days, column.tolist(), strict=True))


def _tidy(by: str, rates: pd.DataFrame, **more: pd.DataFrame) -> pd.DataFrame:
    """Return wide frames of the same shape as one long one: date, part, rate and what else there is."""
    names, days = list(rates.columns), len(rates)
    columns = {name: frame.to_numpy().T.ravel() for name, frame in {"rate": rates, **more}.items()}
    found = {"date": np.tile(rates.index.to_numpy(), len(names)), by: np.repeat(names, days), **columns}
    return pd.DataFrame(found).astype({by: "category"})
