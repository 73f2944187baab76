"""How an origin's trade is spread over the duties that it bears, over time: the share of trade in each band of duties."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tariffs.errors import UsageError
from tariffs.products.asking import ask
from tariffs.products.averaging import on_day
from tariffs.products.grid import changes
from tariffs.products.overtrade import Traded
from tariffs.schemas import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from tariffs.asking import DayLike
    from tariffs.catalog import Catalog
    from tariffs.products.grid import Floats
    from tariffs.products.store import Store
    from tariffs.vocabulary import Basis, Known

BOUNDS = (0.0, 10.0, 25.0, 50.0, 100.0)  # of bands [percent of customs value]
NOT_KNOWN = "unknown"
STILL = 1e-9  # of trade: what moves by less did not move [percent]


def distributions(
    origin: str,
    *,
    bounds: Sequence[float] = BOUNDS,
    weights: str = "us-imports-2024",
    mfn: bool = False,
    start: DayLike | None = None,
    end: DayLike | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return how an origin's trade is spread over bands of duties, at every day on which that changes.

    Parameters
    ----------
    origin, weights, start, end, as_of, known, basis, store, catalog
        As in `average`; `basis` is charged or lawful.
    bounds : sequence of float
        Where bands end [percent of customs value], ascending: a duty of exactly 10 is in the band up to 10.
    mfn : bool
        Whether the general duty is counted in; by default the additional duties alone.

    Returns
    -------
    pandas.DataFrame
        Tidy, one row per date and band: ``date``; ``band``, such as ``above 10 to 25``, and last of each date ``unknown``, the
        trade whose duty is not known; ``above`` and ``up_to``, of which the second is in it and the first is not [percent of
        customs value; NaN where a band has no such end]; ``share`` [percent of trade]. The shares of a date add up to 100.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError
    """
    require_whole(basis)
    ends = _checked(bounds)
    traded = Traded(ask(origin, store, catalog, as_of=as_of, known=known, basis=basis), weights)
    first, final = traded.window(start, end)
    grid = traded.grid
    moved = set(changes((steps for fate in grid.fates for steps in fate.totals()), first, final))
    if mfn:
        moved.update(day for day in grid.lines.mfn_days() if first < day <= final)
    days, rows = _at_changes(traded, sorted(moved), ends, mfn=mfn)
    names = bands(ends)
    columns = {
        "date": np.repeat(np.array(days, dtype=DAY), len(names)),
        "band": pd.Categorical(names * len(days), categories=names, ordered=True),
        "above": [np.nan, *ends, np.nan] * len(days),
        "up_to": [*ends, np.nan, np.nan] * len(days),
        "share": np.concatenate(rows),
    }
    found = pd.DataFrame(columns)
    found.attrs |= traded.attrs("distribution") | {"mfn": "included" if mfn else "not included"}
    return found


def require_whole(basis: str) -> None:
    """Refuse what is refundable: by itself it is displaced otherwise, so its sums over lines are no part of those as charged.

    Raises
    ------
    UsageError
        Saying which bases there are.
    """
    if basis == "refundable":
        raise UsageError("basis: found refundable, expected charged or lawful, whose difference it is")


def bands(bounds: Sequence[float]) -> list[str]:
    """Return the names of the bands between bounds, and of what is not known.

    Examples
    --------
    >>> bands([0, 10])
    ['0', 'above 0 to 10', 'above 10', 'unknown']
    """
    lowest = f"{bounds[0]:g}" if bounds[0] == 0 else f"up to {bounds[0]:g}"
    between = [f"above {low:g} to {high:g}" for low, high in pairwise(bounds)]
    return [lowest, *between, f"above {bounds[-1]:g}", NOT_KNOWN]


def _checked(bounds: Sequence[float]) -> list[float]:
    numbers = list(bounds) if isinstance(bounds, (list, tuple)) else []
    plain = all(isinstance(one, (int, float)) and not isinstance(one, bool) and isfinite(one) and one >= 0 for one in numbers)
    if not numbers or not plain or any(low >= high for low, high in pairwise(numbers)):
        raise UsageError(f"bounds: found {bounds!r}, expected ascending percentages from 0, such as 0, 10, 25, 50, 100")
    return [float(one) for one in numbers]


def _at_changes(traded: Traded, days: list[date], ends: list[float], *, mfn: bool) -> tuple[list[date], list[Floats]]:
    """Return the first of some days and those on which a share differs from the day before, with their shares [percent]."""
    kept: list[date] = []
    rows: list[Floats] = []
    for day in days:
        row = _shares(traded, day, ends, mfn=mfn)
        if not rows or not np.allclose(row, rows[-1], rtol=0, atol=STILL, equal_nan=True):
            kept.append(day)
            rows.append(row)
    return kept, rows


def _shares(traded: Traded, day: date, ends: list[float], *, mfn: bool) -> Floats:
    """Return the share of trade in each band, and of that whose duty is not known [percent]."""
    level, _, _ = on_day(traded.grid, day)
    rates = level + traded.grid.mfn_on(day) if mfn else level
    # A rate such as 7.5 + 12.5 is not exactly 20 in floating point, and belongs with it.
    places = np.searchsorted(ends, np.round(rates, 9), side="left")
    places[np.isnan(rates)] = len(ends) + 1
    sums = np.bincount(places, traded.value, minlength=len(ends) + 2)
    whole = traded.value.sum()
    return np.asarray(100 * sums / whole if whole else np.full(len(sums), np.nan), dtype=np.float64)
