"""Paths become arrays: sampled at their changes or on days, or as one number per week, month, quarter or year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tariffs.schemas import DAY
from tariffs.steps import aggregate, clip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tariffs.model import Sampling
    from tariffs.steps import Steps

# Of how many months a period is, and whether it is dated on its last day; a week is of none, and runs from Monday to Sunday.
PERIODS = {
    "W": (0, True), "MS": (1, False), "QS": (3, False), "YS": (12, False), "ME": (1, True), "QE": (3, True), "YE": (12, True),
}  # fmt: skip


def sample(
    paths: dict[str, Steps], first: date, final: date, how: Sampling
) -> tuple[pd.DatetimeIndex, dict[str, np.ndarray[Any, np.dtype[np.float64]]]]:
    """Return the dates of a sample and the values of each path on them [percent; NaN where unknown or cut by the window]."""
    if how.freq in PERIODS:
        spans_of_time = list(periods(first, final, how.freq))
        index = _index([end if PERIODS[how.freq][1] else begin for begin, end in spans_of_time])
        return index, {name: _aggregated(steps, spans_of_time, first, final, how.agg) for name, steps in paths.items()}
    if how.freq is not None:
        days = np.arange(np.datetime64(first, "D"), np.datetime64(final, "D") + np.timedelta64(1, "D"))
        index = pd.DatetimeIndex((days[np.is_busday(days)] if how.freq == "B" else days).astype(DAY), name="date")
    else:
        index = _index(sorted({day for steps in paths.values() for day, _ in clip(steps, first, final)}))
    return index, {name: _values(steps, index.to_numpy()) for name, steps in paths.items()}


def _index(days: list[date]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(np.array(days, dtype=DAY), name="date")


def _values(steps: Steps, days: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    levels = np.array([0.0, *(np.nan if value is None else float(value) for _, value in steps)])
    changes = np.array([day for day, _ in steps], dtype=DAY)
    return levels[np.searchsorted(changes, days, side="right")]


def _aggregated(
    steps: Steps, periods: list[tuple[date, date]], first: date, final: date, agg: str
) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = []
    for begin, end in periods:
        value = aggregate(steps, begin, end, agg) if first <= begin and end <= final else None
        values.append(np.nan if value is None else float(value))
    return np.array(values)


def periods(first: date, final: date, freq: str) -> Iterable[tuple[date, date]]:
    """Yield first and last day of the weeks, months, quarters or years that `first` to `final` touch."""
    months, _ = PERIODS[freq]
    begin = date(first.year, (first.month - 1) // months * months + 1, 1) if months else first - timedelta(days=first.weekday())
    while begin <= final:
        following = _months_later(begin, months) if months else begin + timedelta(days=7)
        yield begin, following - timedelta(days=1)
        begin = following


def _months_later(day: date, months: int) -> date:
    carried, month = divmod(day.month - 1 + months, 12)
    return date(day.year + carried, month + 1, 1)


def tidy(
    names: tuple[str, ...],
    labels: list[dict[str, str]],
    paths: list[Steps],
    window: tuple[date, date],
    how: Sampling,
) -> pd.DataFrame:
    """Return paths as a long frame: date, the columns named, rate."""
    first, final = window
    index, columns = sample({str(number): steps for number, steps in enumerate(paths)}, first, final, how)
    frame: dict[str, Any] = {"date": np.tile(index.to_numpy(), len(paths))}
    for name in names:
        words = sorted({label[name] for label in labels})
        codes = np.repeat(np.array([words.index(label[name]) for label in labels], dtype=np.int64), len(index))
        frame[name] = pd.Categorical.from_codes(codes, categories=pd.Index(words))
    frame["rate"] = np.concatenate(list(columns.values())) if columns else np.array([])
    return pd.DataFrame(frame)
