"""Tariff rates as sourced, dated time series.

>>> import tariffs as tf
>>> tf.rate("us_on_cn", "2025-04-15")
145.0
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tariffs import products as products
    from tariffs.catalog import Catalog as Catalog
    from tariffs.charts import plot as plot
    from tariffs.citing import cite as cite
    from tariffs.comparing import compare as compare
    from tariffs.differing import diff as diff
    from tariffs.errors import TariffsError as TariffsError
    from tariffs.explaining import explain as explain
    from tariffs.explaining import rate as rate
    from tariffs.export.writing import write as write
    from tariffs.frames import levels as levels
    from tariffs.frames import parts as parts
    from tariffs.frames import rates as rates
    from tariffs.frames import series as series
    from tariffs.joining import join as join
    from tariffs.loading import load as load
    from tariffs.splitting import changes as changes
    from tariffs.surprising import surprises as surprises
    from tariffs.tables import events as events
    from tariffs.tables import table as table
    from tariffs.transit import binding as binding
    from tariffs.vintage import realtime as realtime
    from tariffs.vintage import vintages as vintages
    from tariffs.windows import event_windows as event_windows

# Where each public name lives; nothing is imported before it is asked for, so that `rate` and `--help` need no pandas.
_HOMES = {
    "Catalog": "tariffs.catalog",
    "binding": "tariffs.transit",
    "changes": "tariffs.splitting",
    "cite": "tariffs.citing",
    "compare": "tariffs.comparing",
    "TariffsError": "tariffs.errors",
    "diff": "tariffs.differing",
    "event_windows": "tariffs.windows",
    "events": "tariffs.tables",
    "explain": "tariffs.explaining",
    "join": "tariffs.joining",
    "levels": "tariffs.frames",
    "load": "tariffs.loading",
    "parts": "tariffs.frames",
    "plot": "tariffs.charts",
    "products": "tariffs.products",
    "rate": "tariffs.explaining",
    "rates": "tariffs.frames",
    "realtime": "tariffs.vintage",
    "series": "tariffs.frames",
    "surprises": "tariffs.surprising",
    "table": "tariffs.tables",
    "vintages": "tariffs.vintage",
    "write": "tariffs.export.writing",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605  # a list, made from the one table above


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tariffs' has no attribute {name!r}")
    home = import_module(_HOMES[name])
    value = home if _HOMES[name] == f"tariffs.{name}" else getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
