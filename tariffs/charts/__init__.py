"""What people see."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tariffs.charts.against import compare_chart as compare_chart
    from tariffs.charts.areas import parts_chart as parts_chart
    from tariffs.charts.clockchart import clocks as clocks
    from tariffs.charts.fan import expected as expected
    from tariffs.charts.lanechart import timeline as timeline
    from tariffs.charts.multiples import panels as panels
    from tariffs.charts.saving import alt_text as alt_text
    from tariffs.charts.saving import save as save
    from tariffs.charts.snippets import snippet as snippet
    from tariffs.charts.stepchart import plot as plot

# Where each chart lives; a chart that is not asked for is not imported.
_HOMES = {
    "alt_text": "saving",
    "clocks": "clockchart",
    "compare_chart": "against",
    "expected": "fan",
    "panels": "multiples",
    "parts_chart": "areas",
    "plot": "stepchart",
    "save": "saving",
    "snippet": "snippets",
    "timeline": "lanechart",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605  # a list, made from the one table above


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tariffs.charts' has no attribute {name!r}")
    value = getattr(import_module(f"tariffs.charts.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
