"""The record as pandas objects: series, frames and the table of events."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.asking import (
    AggLike,
    DayLike,
    as_directions,
    as_names,
    as_quantities,
    as_quantity,
    as_record,
    as_sampling,
    as_view,
    as_window,
)
from tariffs.errors import UsageError
from tariffs.measures import Measured, measure_of, note_of
from tariffs.sampling import PERIODS, sample, tidy
from tariffs.schemas import DIFFERENCE, DIFFERENCES, LEVELS, PARTED, SERIES, WIDE, hold
from tariffs.stacking import announced, deciding, path
from tariffs.steps import Steps, add, clip, spans
from tariffs.vocabulary import (
    DAYS_AT,
    PARTS,
    ZERO_WARNING,
    Basis,
    Freq,
    Known,
    Measure,
    Part,
    Unit,
    choose,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Event, Quantity, Sampling, View, Weights


def series(
    direction: str,
    *,
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
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
) -> pd.Series[float]:
    """Return the tariff rate of a direction over time.

    Parameters
    ----------
    direction : str
        ``us_on_cn``: the tariffs of the US on goods of China. ``us-on-china`` and "US on China" are understood. Some weights
        also speak of ``us_on_row`` and ``cn_on_row``, the rest of the world.
    measure : {"all_goods", "average", "covered", "stack"}
        The across-the-board additional duty: on a good on no product list and under no exemption, on top of MFN. The average
        statutory rate, MFN included. The share of trade under any additional duty. The sum of the duties on one kind of good.
    weights : str, optional
        Whose trade an average or a share of trade is over: ``piie-implied``, ``us-imports-2024``,
        ``cn-imports-2017``, ``simple-hs6``.
    good : str, optional
        The kind of good of a stack, such as ``smartphone``.
    mfn : bool
        Whether a stack has the good's MFN rate in it.
    metal_share : float, optional
        Share of the good's value that is metal [percent], for duties charged on the metal content.
    start, end : date-like, optional
        First and last day; by default all days from the record's first to `known_through`, or to the last day the weights know.
        A later `end` extends the series over what acts and agreements schedule.
    freq : {"D", "B", "W", "MS", "QS", "YS", "ME", "QE", "YE"}, optional
        Every day, or every day from Monday to Friday; or one value per week, dated on its Sunday, or per month, quarter or year,
        dated on its first day or with ``ME``, ``QE``, ``YE`` on its last. By default one row per change.
    agg : {"avg", "eop", "bop", "max", "min"} or ``days_at:145``
        What a week, month, quarter or year carries: the day-weighted mean, or the value on its last or first day, or the
        largest or smallest on any day, or on how many days it was 145, neither more nor less. A period that the window cuts is
        NaN. Without periods only ``avg`` is taken.
    as_of : date-like, optional
        Only what was known at the end of that day.
    known : {"law", "stated"}
        Whether an event counts from its legal instrument, or from its first official statement, threats included.
    basis : {"charged", "lawful", "refundable"}
        What customs collected; or without the duties that a court held void, from their inception; or the first less the second.
    scheduled : bool
        Extend the series to the last scheduled step.
    since : date-like, optional
        Points since that day in place of the level.
    unit : {"percent", "fraction"}
        Percent of customs value (145.0), or a fraction of it (1.45). Counts of days are in days.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    pandas.Series
        Shape (number of changes, days or periods,), named after the direction, and for other measures after measure and weights
        or good too; index ``date`` in ``datetime64[us]``, without time
        zone. ``attrs`` carries measure, unit, weights, basis, known, as_of, data version, source line, a warning where a 0
        hides product-list duties, and a mark where the series goes past `known_through`.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Notes
    -----
    pandas refuses to match dates of two units: bring a frame in ``datetime64[ns]`` to ours with ``.dt.as_unit("us")`` before
    ``merge_asof``.

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.series("us_on_cn", start="2025-04-01", end="2025-05-31")
    date
    2025-04-01     20.0
    2025-04-05     30.0
    2025-04-09    104.0
    2025-04-10    145.0
    2025-05-14     30.0
    Name: us_on_cn, dtype: float64
    >>> tf.series("us_on_cn", measure="average", weights="piie-implied", start="2025-04-10", end="2025-04-30").round(1)
    date
    2025-04-10    124.8
    Name: us_on_cn_average_piie_implied, dtype: float64
    >>> tf.series("us_on_cn", start="2024-01-01", end="2025-12-31", freq="YS", agg="days_at:145")
    date
    2024-01-01     0.0
    2025-01-01    34.0
    Name: us_on_cn, dtype: float64
    """
    record = as_record(catalog)
    how = as_sampling(freq, agg, unit, since=since)
    quantity = as_quantity(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share, since=since)
    asked = ask(record, [direction], (quantity,), start, end, as_view(record, as_of, known, basis), scheduled=scheduled)
    totals = {one.column: one.total(asked.first, asked.final) for one in asked.measured}
    column = wide(asked, totals, how).iloc[:, 0]
    column.attrs.update(asked.attrs(how))
    return hold(DIFFERENCE if since is not None else SERIES, column)


def rates(
    directions: Sequence[str],
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
    """Return tariff rates side by side: of several directions, weights or kinds of goods.

    Parameters
    ----------
    directions : sequence of str
        Each becomes a column.
    weights, good : str or sequence of str, optional
        As in `series`; of several, each becomes a column.
    measure, mfn, metal_share, start, end, freq, agg, as_of, known, basis, scheduled, since, unit, catalog
        As in `series`. Without `freq` there is a row wherever one of the columns changes. A stack that hangs on a metal share
        that is not given becomes two columns, ``…_low`` and ``…_high``.

    Returns
    -------
    pandas.DataFrame
        Shape (dates, directions) [percent], with the index and ``attrs`` of `series`.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.rates(["us_on_cn", "cn_on_us"], start="2025-04-01", end="2025-04-30", freq="MS").round(2)
                us_on_cn  cn_on_us
    date
    2025-04-01    111.63     84.77
    """
    record = as_record(catalog)
    how = as_sampling(freq, agg, unit, since=since)
    quantities = as_quantities(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share, since=since)
    asked = ask(record, directions, quantities, start, end, as_view(record, as_of, known, basis), scheduled=scheduled)
    frame = wide(asked, asked.totals(how), how)
    return hold(DIFFERENCES if since is not None else WIDE, frame)


def parts(
    directions: str | Sequence[str],
    *,
    by: Part = "family",
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
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
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return what a rate is made of; the parts add up to it on every day.

    Parameters
    ----------
    directions : str or sequence of str
    by : {"family", "duty", "authority"}
        What a part is.
    measure, weights, good, mfn, metal_share
        As in `series`. Duties that the weights have booked together make one part, their ids joined by " + ".
    start, end, freq, agg, as_of, known, basis, scheduled, catalog
        As in `series`; the maxima or minima of parts need not add up, and days at a level are refused.

    Returns
    -------
    pandas.DataFrame
        Tidy, one row per date, direction and part: ``date``, ``direction``, the column named by `by`, ``rate`` [percent].

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.parts("us_on_cn", start="2025-04-15", end="2025-04-15").query("rate > 0")[["family", "rate"]]
                 family   rate
    0    ieepa-fentanyl   20.0
    1  ieepa-reciprocal  125.0
    """
    record = as_record(catalog)
    how = as_sampling(freq, agg)
    choose("part", by, PARTS)
    if how.unit == "days":
        raise UsageError(f"agg {how.agg}: days of parts do not add up to days of the whole; levels counts them duty by duty")
    quantity = as_quantity(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share)
    asked = ask(record, directions, (quantity,), start, end, as_view(record, as_of, known, basis), scheduled=scheduled)
    labels, paths = [], []
    for one in asked.measured:
        if not one.divided:
            raise UsageError(f"{one.column} is not a sum of duties")
        one.total(asked.first, asked.final)
        grouped: dict[str, list[Steps]] = defaultdict(list)
        for part in one.parts:
            grouped[part.label(by)].append(part.points)
        for label, steps in sorted(grouped.items()):
            labels.append({"direction": one.direction.name, by: label})
            paths.append(add(steps))
    frame = tidy(("direction", by), labels, paths, (asked.first, asked.final), how)
    frame.attrs.update(asked.attrs(how))
    return hold(PARTED[by], frame)


def levels(
    directions: str | Sequence[str],
    *,
    start: DayLike | None = None,
    end: DayLike | None = None,
    freq: Freq | None = None,
    agg: AggLike = "avg",
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return the level of every duty over time, list and sector duties included.

    Levels of list and sector duties bite on the goods they name; their sum is no good's rate. `events` says of each level on
    which base it is charged, and whether it counts MFN in.

    Parameters
    ----------
    directions : str or sequence of str
    start, end, freq, agg, as_of, known, basis, catalog
        As in `series`.

    Returns
    -------
    pandas.DataFrame
        Tidy, one row per date, direction and duty: ``date``, ``direction``, ``duty``, ``family``, ``authority``, ``scope``,
        ``rate`` [percent; NaN where no source gives the level].

    Raises
    ------
    UnknownNameError, CoverageError, UsageError

    Examples
    --------
    >>> import tariffs as tf
    >>> frame = tf.levels("us_on_cn", start="2019-09-01", end="2019-09-01")
    >>> frame[frame["family"] == "s301-lists"].set_index("duty")["rate"].to_dict()["s301-list-4a"]
    15.0
    """
    record = as_record(catalog)
    how = as_sampling(freq, agg)
    view = as_view(record, as_of, known, basis)
    where = as_directions(record, directions)
    first, final = as_window(record, start, end, record.release.known_through)
    labels, paths = [], []
    for direction in where:
        for duty in record.bearing(direction):
            if duty.scope != "schedule":
                names = {"duty": duty.id, "family": duty.family, "authority": duty.authority, "scope": duty.scope}
                labels.append({"direction": direction.name, **names})
                paths.append(path(duty, view))
    frame = tidy(("direction", "duty", "family", "authority", "scope"), labels, paths, (first, final), how)
    frame.attrs.update(attrs_of(record, view, final, how) | {"measure": "level of each duty"})
    return hold(LEVELS, frame)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what it measures: which numbers, seen how, from which day to which."""

    record: Catalog
    view: View
    first: date
    final: date
    measured: tuple[Measured, ...]

    def totals(self, how: Sampling) -> dict[str, Steps]:
        """Return each number over time by its name; of one that hangs on an unknown metal share the lowest and the highest.

        Days at a level do not lie between those of the lowest and of the highest: there the metal share must be given.
        """
        if how.unit == "days":
            return {one.column: one.total(self.first, self.final) for one in self.measured}
        found: dict[str, Steps] = {}
        for one in self.measured:
            low, high = one.range(self.first, self.final)
            if clip(low, self.first, self.final) == clip(high, self.first, self.final):
                found[one.column] = low
            else:
                found |= {f"{one.column}_low": low, f"{one.column}_high": high}
        return found

    def attrs(self, how: Sampling) -> dict[str, Any]:
        """Return what the numbers are and what to beware of."""
        said = attrs_of(self.record, self.view, self.final, how) | _what(self.measured)
        counted, at_zero = how.unit == "days", how.agg == f"{DAYS_AT}:0"
        if (at_zero or not counted) and any(_zero_hides(one, self.first, self.final) for one in self.measured):
            said["warning"] = f"days at {ZERO_WARNING}" if counted else ZERO_WARNING
        ended = {
            f"{event.id}, {event.act}": None
            for one in self.measured
            for event in announced(one.moving, self.view, self.final)
            if event.is_level
        }
        if ended:
            said["undated"] = f"announced with no day fixed, on no path: {'; '.join(ended)}"
        later = {day for one in self.measured for duty in one.moving for day, _ in self._supposed(duty) if day > self.final}
        if later:
            said["later"] = f"supposed for days after {self.final}: {', '.join(map(str, sorted(later)))}; a later end shows them"
        return said

    def _supposed(self, duty: Duty) -> Iterator[tuple[date, Event]]:
        """Yield the levels of a duty that lie over the record."""
        return ((day, event) for day, event in deciding(duty, self.view) if event.file in self.record.overlays)


def ask(
    record: Catalog,
    directions: str | Iterable[str],
    quantities: tuple[Quantity, ...],
    start: DayLike | None,
    end: DayLike | None,
    view: View,
    *,
    scheduled: bool,
) -> Asked:
    """Return what is asked for, measured, with its first and last day."""
    names = as_names(record, directions)
    measured = tuple(measure_of(record, name, quantity, view) for name in names for quantity in quantities)
    if len({one.column for one in measured}) < len(measured):
        raise UsageError("a direction is named twice")
    known_through = record.release.known_through
    begins = max(one.first_day(record.release.covers_from) for one in measured)
    last_days = [one.last_day(known_through, scheduled=scheduled) for one in measured]
    weighted = any(one.weights for one in measured)
    first, final = as_window(record, start, end, min(last_days) if weighted else max(last_days), begins)
    return Asked(record, view, first, final, measured)


def wide(asked: Asked, totals: dict[str, Steps], how: Sampling) -> pd.DataFrame:
    """Return paths as columns."""
    index, columns = sample(totals, asked.first, asked.final, how)
    divisor = 100 if how.unit == "fraction" else 1
    frame = pd.DataFrame({name: values / divisor for name, values in columns.items()}, index=index)
    frame.attrs.update(asked.attrs(how))
    return frame


def _zero_hides(one: Measured, first: date, final: date) -> bool:
    """Whether an across-the-board total is 0 on a day on which a list or sector duty was in force."""
    if one.quantity.measure != "all_goods" or one.quantity.since is not None:
        return False
    beneath = add(path(duty, one.view) for duty in one.duties if duty.scope != "all_goods")
    zeros = [(begin, following) for begin, following, value in spans(one.total(first, final), first, final) if value == 0]
    bitten = [(begin, following) for begin, following, value in spans(beneath, first, final) if value != 0]
    return any(begin < other_end and other < end for begin, end in zeros for other, other_end in bitten)


def _what(measured: tuple[Measured, ...]) -> dict[str, Any]:
    """Return which numbers these are: measure, whose weights, which goods."""
    tables = {one.weights.basis: one.weights for one in measured if one.weights}
    quantity = measured[0].quantity
    return {
        "measure": quantity.measure,
        "weights": ", ".join(tables) or None,
        **({"weights_note": " | ".join(note_of(table) for table in tables.values())} if tables else {}),
        **({"weights_end": "; ".join(_reach(table) for table in tables.values())} if tables else {}),
        **({"weights_url": " | ".join(dict.fromkeys(table.url for table in tables.values()))} if tables else {}),
        **({"good": ", ".join(dict.fromkeys(one.quantity.good for one in measured))} if quantity.good else {}),
        **({"mfn": "included" if quantity.mfn else "not included"} if quantity.good else {}),
        **({"metal_share": f"{quantity.metal_share}"} if quantity.metal_share is not None else {}),
        **({"since": quantity.since.isoformat()} if quantity.since else {}),
    }


def _reach(weights: Weights) -> str:
    begin = f"from {weights.first_day} " if weights.first_day > date.min else ""
    return f"{weights.basis} reach {begin}to {weights.last_day}"


def attrs_of(record: Catalog, view: View, final: date, how: Sampling) -> dict[str, Any]:
    """Return what every frame says of itself: unit, view, edition, and whether it goes past what was checked."""
    horizon = view.horizon(record.release.known_through)
    supposed = f", or {record.scenario} supposes" if record.laid else ""
    ahead = f"seen from {horizon}: later steps are those that acts and agreements then scheduled{supposed}"
    return {
        "unit": how.unit,
        "weights": None,
        "basis": view.basis,
        "known": view.known,
        "as_of": view.as_of.isoformat() if view.as_of else None,
        "freq": how.freq,
        "agg": how.agg if how.freq in PERIODS else None,
        "known_through": record.release.known_through.isoformat(),
        "data_version": record.release.version,
        "source": record.source_line,
        **({"scenario": record.scenario} if record.laid else {}),
        **({"standing": ahead} if final > horizon else {}),
    }
