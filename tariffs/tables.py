"""Rates as a long table in which every value names the events and acts it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.asking import DayLike, as_directions, as_view, packaged
from tariffs.explaining import standing
from tariffs.frames import rates
from tariffs.schemas import TABLE, hold
from tariffs.stacking import across_the_board, in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tariffs.catalog import Catalog
    from tariffs.model import Event, View
    from tariffs.vocabulary import Agg, Basis, Direction, Freq, Known, Unit


def table(
    directions: str | Sequence[str],
    *,
    start: DayLike | None = None,
    end: DayLike | None = None,
    freq: Freq | None = None,
    agg: Agg = "mean",
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    scheduled: bool = False,
    unit: Unit = "percent",
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return rates as a long table, each row with the events and acts that it comes from.

    Parameters
    ----------
    directions : str or sequence of str
    start, end, freq, agg, as_of, known, basis, scheduled, unit, catalog
        As in `series`. Without `freq` there is a row wherever the direction changes.

    Returns
    -------
    pandas.DataFrame
        One row per date and direction: ``date``, ``direction``, ``rate`` [percent, or as `unit` says], ``standing`` ("in force",
        "scheduled" or "not verified"), ``events``, ``acts`` and ``sources`` of the duties in force on that date, separated
        by " | ". For months, quarters and years they are those in force on the period's first day.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.table("us_on_cn", start="2025-04-10", end="2025-04-10").loc[0, "events"]
    'ieepa-fentanyl/2025-03-04/20 | ieepa-reciprocal/2025-04-10/125'
    """
    record = catalog or packaged()
    view = as_view(record, as_of, known, basis)
    asked: Any = {"as_of": as_of, "known": known, "basis": basis, "catalog": record}
    pieces: list[pd.DataFrame] = []
    attrs: dict[Any, Any] = {}
    for direction in as_directions(record, directions):
        frame = rates([direction.name], start=start, end=end, freq=freq, agg=agg, scheduled=scheduled, unit=unit, **asked)
        attrs |= frame.attrs
        pieces.append(_piece(frame, record, direction, view))
    long = pd.concat(pieces, ignore_index=True)
    long.attrs.update(attrs)
    return hold(TABLE, long)


def _piece(frame: pd.DataFrame, record: Catalog, direction: Direction, view: View) -> pd.DataFrame:
    duties = across_the_board(record.bearing(direction))
    days = [stamp.date() for stamp in frame.index]
    traced: list[list[Event]] = []
    for day in days:
        found = (in_force(duty, day, view) for duty in duties)
        traced.append([event for event in found if event is not None and event.rate != 0])
    return pd.DataFrame(
        {
            "date": frame.index,
            "direction": direction.name,
            "rate": frame[direction.name].to_numpy(),
            "standing": [standing(duties, view, day, record.release.known_through) for day in days],
            "events": [" | ".join(event.id for event in events) for events in traced],
            "acts": [" | ".join(event.act for event in events) for events in traced],
            "sources": [" | ".join(event.sources[0].url or event.sources[0].title for event in events) for events in traced],
        }
    )
