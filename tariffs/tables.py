"""Rates as a long table in which every value names the events and acts it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from tariffs.asking import DayLike, as_directions, as_view, packaged
from tariffs.explaining import standing
from tariffs.frames import MONTHS, periods, rates
from tariffs.schemas import TABLE, hold
from tariffs.stacking import across_the_board, deciding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

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
        "scheduled", "not verified", or "partial" for a period that the window cuts), and ``events``, ``acts`` and ``sources`` of
        the levels in force on that date, or on any day of the period, separated by " | ".

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
    frame = rates(
        directions,
        start=start,
        end=end,
        freq=freq,
        agg=agg,
        as_of=as_of,
        known=known,
        basis=basis,
        scheduled=scheduled,
        unit=unit,
        catalog=record,
    )
    spans = _spans(frame, freq)
    pieces = [_piece(frame, spans, record, direction, view) for direction in as_directions(record, directions)]
    long = pd.concat(pieces, ignore_index=True)
    long.attrs.update(frame.attrs)
    return hold(TABLE, long)


def _spans(frame: pd.DataFrame, freq: str | None) -> list[tuple[date, date]]:
    """Return first and last day of what each row speaks of; a row per change or per day speaks of its date."""
    if freq is None or freq not in MONTHS:
        return [(stamp.date(), stamp.date()) for stamp in frame.index]
    days = [stamp.date() for stamp in frame.index]
    return list(periods(days[0], days[-1], MONTHS[freq]))


def _piece(
    frame: pd.DataFrame, spans: list[tuple[date, date]], record: Catalog, direction: Direction, view: View
) -> pd.DataFrame:
    duties = across_the_board(record.bearing(direction))
    horizon = view.horizon(record.release.known_through)
    decided = [deciding(duty, view) for duty in duties]
    traced = [_bearing_on(decided, first, last) for first, last in spans]
    rate = frame[direction.name]
    changes = pd.Series(True, index=frame.index) if len(rate) == 1 else rate.ne(rate.shift()) | rate.isna()
    piece = pd.DataFrame(
        {
            "date": frame.index,
            "direction": direction.name,
            "rate": rate.to_numpy(),
            "standing": [standing(duties, view, last, horizon) for _, last in spans],
            "events": [" | ".join(event.id for event in events) for events in traced],
            "acts": [" | ".join(event.act for event in events) for events in traced],
            "sources": [" | ".join(event.sources[0].url or event.sources[0].title for event in events) for events in traced],
        }
    )
    piece.loc[piece["rate"].isna(), "standing"] = "partial"
    return piece if frame.attrs["freq"] else piece[changes.to_numpy()]


def _bearing_on(decided: list[tuple[tuple[date, Event], ...]], first: date, last: date) -> list[Event]:
    """Return the events that set the levels of a span of days, those that set them to 0 before it left out."""
    found = []
    for steps in decided:
        starting = [event for day, event in steps if day <= first][-1:]
        found += [event for event in starting if event.rate != 0]
        found += [event for day, event in steps if first < day <= last]
    return found
