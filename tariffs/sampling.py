"""Paths become arrays: sampled at their changes, on every day, or as one number per month, quarter or year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tariffs.schemas import DAY
from tariffs.steps import aggregate, clip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tariffs.steps import Steps
    from tariffs.vocabulary import Agg, Freq

MONTHS = {"MS": 1, "QS": 3, "YS": 12}


def sample(
    paths: dict[str, Steps], first: date, final: date, freq: Freq | None, agg: Agg
) -> tuple[pd.DatetimeIndex, dict[str, np.ndarray[Any, np.dtype[np.float64]]]]:
    """Return the dates of a sample and the values of each path on them [percent; NaN where unknown or cut by the window]."""
    if freq in MONTHS:
        spans_of_time = list(periods(first, final, MONTHS[freq]))
        index = _index([begin for begin, _ in spans_of_time])
        return index, {name: _aggregated(steps, spans_of_time, first, final, agg) for name, steps in paths.items()}
    if freq == "D":
        index = pd.DatetimeIndex(
            np.arange(np.datetime64(first, "D"), np.datetime64(final, "D") + np.timedelta64(1, "D")).astype(DAY), name="date"
        )
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
    steps: Steps, periods: list[tuple[date, date]], first: date, final: date, agg: Agg
) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = []
    for begin, end in periods:
        value = aggregate(steps, begin, end, agg) if first <= begin and end <= final else None
        values.append(np.nan if value is None else float(value))
    return np.array(values)


def periods(first: date, final: date, months: int) -> Iterable[tuple[date, date]]:
    """Yield first and last day of the calendar periods that `first` to `final` touch."""
    begin = date(first.year, (first.month - 1) // months * months + 1, 1)
    while begin <= final:
        carried, month = divmod(begin.month - 1 + months, 12)
        following = date(begin.year + carried, month + 1, 1)
        yield begin, following - timedelta(days=1)
        begin = following


def tidy(
    names: tuple[str, ...],
    labels: list[dict[str, str]],
    paths: list[Steps],
    window: tuple[date, date],
    freq: Freq | None,
    agg: Agg,
) -> pd.DataFrame:
    """Return paths as a long frame: date, the columns named, rate."""
    first, final = window
    index, columns = sample({str(number): steps for number, steps in enumerate(paths)}, first, final, freq, agg)
    frame: dict[str, Any] = {"date": np.tile(index.to_numpy(), len(paths))}
    for name in names:
        words = sorted({label[name] for label in labels})
        codes = np.repeat(np.array([words.index(label[name]) for label in labels], dtype=np.int64), len(index))
        frame[name] = pd.Categorical.from_codes(codes, categories=pd.Index(words))
    frame["rate"] = np.concatenate(list(columns.values())) if columns else np.array([])
    return pd.DataFrame(frame)
