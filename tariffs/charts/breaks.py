"""An upright axis with a piece left out: what no level is in takes no room, and the break is marked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np

from tariffs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike

AUTO = "auto"
WORTH = 0.2  # of all that is shown; a smaller piece stays
FIVE = 5.0  # ends of a break are multiples of it [percent]
MARGIN = 0.06  # of what remains
STRIP = 2.4  # height of the break [mm]
FAR = 1e6  # beyond every rate: matplotlib asks for places outside the plot too


@dataclass(frozen=True, slots=True)
class Break:
    """A piece that an axis leaves out, both ends [percent] included."""

    low: float
    high: float

    @property
    def name(self) -> str:
        """The break in words."""
        return f"axis broken between {self.low:g} and {self.high:g}"

    def share(self, rate: float, least: float, top: float, height: float) -> float:
        """Return how far up a rate stands on an axis of a height [mm], from 0 to 1; the same length is a point on both sides."""
        return float(self.shares(rate, least, top, height))

    def shares(self, rates: ArrayLike, least: float, top: float, height: float) -> Any:
        """Return how far up each of many rates stands."""
        return np.interp(np.asarray(rates, dtype=float), *self._knots(least, top, height))

    def rates(self, shares: ArrayLike, least: float, top: float, height: float) -> Any:
        """Return the rates that stand so far up."""
        rates, places = self._knots(least, top, height)
        return np.interp(np.asarray(shares, dtype=float), places, rates)

    def _knots(self, least: float, top: float, height: float) -> tuple[list[float], list[float]]:
        strip = STRIP / height
        point = (1 - strip) / (self.low - least + top - self.high)
        below = (self.low - least) * point
        return [least - FAR, least, self.low, self.high, top, top + FAR], [
            -FAR * point,
            0,
            below,
            below + strip,
            1,
            1 + FAR * point,
        ]


def break_of(asked: str | Sequence[float] | None, levels: Iterable[float]) -> Break | None:
    """Return the break that was asked for, or the one that takes the largest gap between levels out.

    Parameters
    ----------
    asked : "auto" or (low, high) or None
        None for none; "auto" for a break where it saves a fifth of the axis or more.
    levels : iterable of float
        All that is drawn [percent].

    Raises
    ------
    UsageError
        For a break that is none, or that a level is in.
    """
    shown = sorted({0.0, *levels})
    if asked is None:
        return None
    if asked == AUTO:
        return _widest(shown)
    low, high = _pair(asked)
    inside = [f"{level:g}" for level in shown if low <= level <= high]
    if inside:
        raise UsageError(f"broken: {', '.join(inside)} would be left out; expected a piece of the axis that no level is in")
    if not shown[0] < low < high < shown[-1]:
        raise UsageError(f"broken: found {low:g}:{high:g}, expected two numbers in order between {shown[0]:g} and {shown[-1]:g}")
    return Break(low, high)


def _pair(asked: str | Sequence[float]) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in (asked.split(":") if isinstance(asked, str) else asked))
    except (TypeError, ValueError):
        raise UsageError(f"broken: found {asked!r}, expected {AUTO}, or two numbers such as 35:80") from None
    return low, high


def _widest(shown: list[float]) -> Break | None:
    """Return the widest gap between levels, less a margin for their labels and cut to whole fives."""
    below, above = max(pairwise(shown), key=lambda pair: pair[1] - pair[0], default=(0.0, 0.0))
    whole = shown[-1] - shown[0]
    margin = max(MARGIN * (whole - (above - below)), FIVE)
    low, high = ceil((below + margin) / FIVE) * FIVE, floor((above - margin) / FIVE) * FIVE
    return Break(low, high) if high - low >= WORTH * whole > 0 else None
