"""Long tables: rates in which every value names the events and acts it comes from, and the events themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.asking import AggLike, DayLike, as_quantities, as_record, as_sampling, as_view
from tariffs.explaining import standing
from tariffs.frames import ask, wide
from tariffs.model import Undated
from tariffs.sampling import PERIODS, periods
from tariffs.schemas import CHANGE_TABLE, DAY, EVENTS, TABLE, hold
from tariffs.stacking import deciding
from tariffs.steps import value_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tariffs.catalog import Catalog
    from tariffs.measures import Measured
    from tariffs.model import Duty, Event, Source
    from tariffs.vocabulary import Basis, Freq, Known, Measure, Unit


def table(
    directions: str | Sequence[str],
    *,
    measure: Measure = "all_goods",
    weights: str | Sequence[str] | None = None,
    good: str | Sequence[str] | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    start: DayLike | None = None,
    end: DayLike | None = None,
    freq: Freq | None = None,
    agg: AggLike = "avg",
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    scheduled: bool = False,
    since: DayLike | None = None,
    unit: Unit = "percent",
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return rates as a long table, each row with the events and acts that it comes from.

    Parameters
    ----------
    directions : str or sequence of str
    measure, weights, good, mfn, metal_share, start, end, freq, agg, as_of, known, basis, scheduled, since, unit, catalog
        As in `rates`. Without `freq` there is a row wherever the series changes.

    Returns
    -------
    pandas.DataFrame
        One row per date and series: ``date``, ``direction``, ``series`` (its name, with measure and weights or good), ``rate``
        [percent, or as `unit` says; with ``days_at`` days], ``standing`` ("in force", "scheduled", "not verified", or "partial"
        for a period that the window cuts), and ``events``, ``acts`` and ``sources`` of what is in force on that date, or on any
        day of the period, separated by " | ".

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.table("us_on_cn", start="2025-04-10", end="2025-04-10").loc[0, "events"]
    'ieepa-fentanyl/2025-03-04/20 | ieepa-reciprocal/2025-04-10/125'
    """
    record = as_record(catalog)
    how = as_sampling(freq, agg, unit, since=since)
    quantities = as_quantities(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share, since=since)
    asked = ask(record, directions, quantities, start, end, as_view(record, as_of, known, basis), scheduled=scheduled)
    frame = wide(asked, asked.totals(how), how)
    spans = _spans(frame, how.freq)
    pieces = [
        _piece(frame[name], spans, one, record.release.known_through)
        for one in asked.measured
        for name in (one.column, f"{one.column}_low", f"{one.column}_high")
        if name in frame
    ]
    long = pd.concat(pieces, ignore_index=True)
    long.attrs.update(frame.attrs)
    return hold(CHANGE_TABLE if since is not None else TABLE, long)


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
    record = as_record(catalog)
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
    frame.attrs |= {"scenario": record.scenario} if record.laid else {}
    return hold(EVENTS, frame)


def _spans(frame: pd.DataFrame, freq: str | None) -> list[tuple[date, date]]:
    """Return first and last day of what each row speaks of; a row per change or per day speaks of its date."""
    if freq is None or freq not in PERIODS:
        return [(stamp.date(), stamp.date()) for stamp in frame.index]
    days = [stamp.date() for stamp in frame.index]
    return list(periods(days[0], days[-1], freq))


def _piece(column: pd.Series[float], spans: list[tuple[date, date]], one: Measured, known_through: date) -> pd.DataFrame:
    horizon = one.view.horizon(known_through)
    traced = [bearing_on(one, first, last) for first, last in spans]
    changes = pd.Series(True, index=column.index) if len(column) == 1 else column.ne(column.shift()) | column.isna()
    piece = pd.DataFrame(
        {
            "date": column.index,
            "direction": one.direction.name,
            "series": column.name,
            "rate": column.to_numpy(),
            "standing": [standing(one.moving, one.view, last, horizon) for _, last in spans],
            "events": [" | ".join(event.id for event in events) for events in traced],
            "acts": [" | ".join(event.act for event in events) for events in traced],
            "sources": [" | ".join(_links([*(event.sources[0] for event in events), *one.sources])) for events in traced],
        }
    )
    piece.loc[piece["rate"].isna(), "standing"] = "partial"
    return piece if column.attrs["freq"] else piece[changes.to_numpy()]


def bearing_on(one: Measured, first: date, last: date) -> list[Event]:
    """Return the events that made a number what it is on a span of days; those that ended a duty before it are left out."""
    found: dict[str, Event] = {}
    for part in one.parts:
        if not value_on(part.points, first) and not any(first < day <= last for day, _ in part.points):
            continue
        booked = [deciding(duty, one.view) for duty in part.duties] if part.level is None else []
        for steps in (part.levels, *booked, tuple((day, event) for day, events in part.moves for event in events)):
            started = [day for day, _ in steps if day <= first][-1:]
            begun = [event for day, event in steps if day in started and (event.rate != 0 or not event.is_level)]
            for event in (*begun, *(event for day, event in steps if first < day <= last)):
                found.setdefault(event.id, event)
    return list(found.values())


def _links(sources: list[Source]) -> list[str]:
    """Return one address, or title where there is none, for each source."""
    return [source.url or source.title for source in sources]


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
        "kind": event.kind,
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
