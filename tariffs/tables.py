"""Long tables: rates in which every value names the events and acts it comes from, and the events themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.asking import DayLike, as_directions, as_view, packaged
from tariffs.explaining import standing
from tariffs.frames import rates
from tariffs.model import Undated
from tariffs.sampling import MONTHS, periods
from tariffs.schemas import DAY, EVENTS, TABLE, hold
from tariffs.stacking import across_the_board, deciding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Event, View
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


def events(direction: str | None = None, *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the table of events with all their dates.

    Parameters
    ----------
    direction : str, optional
        Only the events of duties levied on goods of this direction.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    pandas.DataFrame
        One row per event, by effective day. ``kind`` is ``level`` or ``coverage``; ``rate`` [percent] is NaN for changes of
        coverage and unknown levels; ``timing`` says whether the effective day is ``dated``, ``open`` or ``unknown``;
        ``sources`` and ``urls`` are separated by " | ".

    Raises
    ------
    UnknownNameError

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.events("us_on_cn").set_index("id").loc["ieepa-reciprocal/2025-04-09/34", "withdrawn"]
    Timestamp('2025-04-08 00:00:00')
    """
    record = catalog or packaged()
    duties = tuple(record.duties.values()) if direction is None else record.bearing(record.direction(direction))
    rows = [_event_row(duty, event) for duty in duties for event in duty.events]
    rows.sort(key=lambda row: (str(row["effective"] or "9999"), row["id"]))
    frame = pd.DataFrame(rows, columns=list(EVENTS.columns))
    for name in ("effective", "stated", "enacted", "withdrawn"):
        frame[name] = pd.to_datetime(frame[name]).astype(DAY)
    frame["rate"] = frame["rate"].astype(float)
    for name in ("retroactive", "including_mfn"):
        frame[name] = frame[name].astype(bool)
    frame.attrs |= {"data_version": record.release.version, "source": record.source_line}
    return hold(EVENTS, frame)


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


def _event_row(duty: Duty, event: Event) -> dict[str, Any]:
    def day(value: date | Undated | None) -> date | None:
        return None if isinstance(value, Undated) else value

    coverage = event.coverage
    return {
        "id": event.id,
        "duty": duty.id,
        "title": duty.title,
        "importer": duty.importer,
        "origin": " ".join(duty.origins),
        "authority": duty.authority,
        "family": duty.family,
        "scope": duty.scope,
        "kind": "level" if event.is_level else "coverage",
        "effective": day(event.effective),
        "stated": day(event.stated),
        "enacted": day(event.enacted),
        "withdrawn": event.withdrawn,
        "timing": str(event.effective) if isinstance(event.effective, Undated) else "dated",
        "status": event.status,
        "rate": None if event.rate is None else float(event.rate),
        "entering": " ".join(coverage.entering) if coverage else "",
        "leaving": " ".join(coverage.leaving) if coverage else "",
        "summary": event.summary,
        "act": event.act,
        "provision": event.provision,
        "withdrawn_by": event.withdrawn_by,
        "retroactive": event.retroactive,
        "base": event.base,
        "including_mfn": event.including_mfn,
        "grade": event.grade,
        "sources": " | ".join(source.title for source in event.sources),
        "urls": " | ".join(source.url for source in event.sources),
        "note": event.note,
    }
