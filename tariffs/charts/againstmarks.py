"""Markers of values that agree, differ, or have no number of ours beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.dates import date2num

from tariffs.charts.labels import Anchor
from tariffs.charts.panel import INK, Panel
from tariffs.charts.sheet import PAPER_TYPE
from tariffs.charts.theirs import AGREES, DIFFERS, NO_NUMBER

if TYPE_CHECKING:
    from datetime import date

PITCH, SMALLEST = 0.9, 0.35  # markers that come closer on average than this [mm] are smaller, down to this share
# Told apart without colour: hollow, filled, and without an inside.
SHAPES: dict[str, dict[str, Any]] = {
    AGREES: {"marker": "o", "markersize": 4.2, "markerfacecolor": "white", "markeredgecolor": INK, "markeredgewidth": 0.8},
    DIFFERS: {"marker": "D", "markersize": 4, "markerfacecolor": INK, "markeredgecolor": "white", "markeredgewidth": 0.5},
    NO_NUMBER: {"marker": "x", "markersize": 4, "markeredgecolor": INK, "markeredgewidth": 0.9},
}


def num(day: date) -> float:
    """Return a day as matplotlib counts it."""
    return float(date2num(day))


def mark(panel: Panel, standing: str, points: list[tuple[date, float]], among: int, **style: Any) -> None:
    """Put the marker of a standing at some points; smaller where the plot has many."""
    share = small(panel, among) * max(panel.size / PAPER_TYPE, 1)
    shape = SHAPES[standing] | {name: SHAPES[standing][name] * share for name in ("markersize", "markeredgewidth")}
    if share < 1 and standing == DIFFERS:
        shape["markeredgecolor"] = INK  # white edges would cover the neighbours
    days, heights = [num(day) for day, _ in points], [height for _, height in points]
    panel.ax.plot(days, heights, linestyle="none", clip_on=False, **{**shape, **style})


def small(panel: Panel, among: int) -> float:
    """Return by how much markers are smaller, so that those of a dense series are told apart."""
    return min(1.0, max(SMALLEST, (panel.right - panel.left) / among / PITCH))


def around_marker(x: float, y: float, gap: float = 1.7) -> list[Anchor]:
    """Return the places for a text around a marker."""
    return [
        Anchor(x + gap, y - 0.6, "left", "top"),
        Anchor(x - gap, y + 0.6, "right", "bottom"),
        Anchor(x + gap, y, "left"),
        Anchor(x - gap, y, "right"),
        Anchor(x, y - gap, "center", "top"),
        Anchor(x, y + gap, "center", "bottom"),
    ]
