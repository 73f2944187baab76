"""Tariff lines: the official schedule, the duties that it prints, and the trade that they bear on.

>>> from tariffs import products
>>> products.parse_duty("46.3¢/kg + 14.9%").kind
'compound'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tariffs.products.answers import LineRate as LineRate
    from tariffs.products.answers import rate as rate
    from tariffs.products.answers import series as series
    from tariffs.products.bandchart import plot_distribution as plot_distribution
    from tariffs.products.building import build as build
    from tariffs.products.concordance import Concordance as Concordance
    from tariffs.products.concordance import read_concordance as read_concordance
    from tariffs.products.downloading import Patience as Patience
    from tariffs.products.driving import steps as steps
    from tariffs.products.duties import Duty as Duty
    from tariffs.products.duties import parse_duty as parse_duty
    from tariffs.products.duties import parse_special as parse_special
    from tariffs.products.equivalents import Equivalent as Equivalent
    from tariffs.products.equivalents import equivalent as equivalent
    from tariffs.products.fetching import Fetched as Fetched
    from tariffs.products.fetching import Sources as Sources
    from tariffs.products.fetching import fetch as fetch
    from tariffs.products.intervals import export as export
    from tariffs.products.matching import Match as Match
    from tariffs.products.matching import Matcher as Matcher
    from tariffs.products.movechart import plot_steps as plot_steps
    from tariffs.products.overtrade import average as average
    from tariffs.products.overtrade import covered as covered
    from tariffs.products.overtrade import distribution as distribution
    from tariffs.products.overtrade import frame as frame
    from tariffs.products.schedule import Line as Line
    from tariffs.products.schedule import Schedule as Schedule
    from tariffs.products.schedule import read_schedule as read_schedule
    from tariffs.products.spread import distributions as distributions
    from tariffs.products.store import Store as Store
    from tariffs.products.store import open_store as open_store
    from tariffs.products.trade import Trade as Trade
    from tariffs.products.trade import read_trade as read_trade

# Where each public name lives; nothing is imported before it is asked for.
_HOMES = {
    "Concordance": "concordance",
    "Duty": "duties",
    "Equivalent": "equivalents",
    "Fetched": "fetching",
    "Line": "schedule",
    "LineRate": "answers",
    "Match": "matching",
    "Matcher": "matching",
    "Patience": "downloading",
    "Schedule": "schedule",
    "Sources": "fetching",
    "Store": "store",
    "Trade": "trade",
    "average": "overtrade",
    "build": "building",
    "covered": "overtrade",
    "distribution": "overtrade",
    "distributions": "spread",
    "equivalent": "equivalents",
    "export": "intervals",
    "fetch": "fetching",
    "frame": "overtrade",
    "open_store": "store",
    "parse_duty": "duties",
    "parse_special": "duties",
    "plot_distribution": "bandchart",
    "plot_steps": "movechart",
    "rate": "answers",
    "read_concordance": "concordance",
    "read_schedule": "schedule",
    "read_trade": "trade",
    "series": "answers",
    "steps": "driving",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605  # a list, made from the one table above


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tariffs.products' has no attribute {name!r}")
    value = getattr(import_module(f"tariffs.products.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
