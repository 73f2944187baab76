"""The record as pandas objects: series, frames and the table of events."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.asking import DayLike, as_directions, as_view, as_window, packaged
from tariffs.errors import UsageError
from tariffs.sampling import MONTHS, sample, tidy
from tariffs.schemas import LEVELS, PARTED, SERIES, WIDE, hold
from tariffs.stacking import across_the_board, announced, deciding, path, stack
from tariffs.steps import Steps, add, spans
from tariffs.vocabulary import (
    AGGS,
    FREQS,
    MEASURES,
    PARTS,
    UNITS,
    ZERO_WARNING,
    Agg,
    Basis,
    Freq,
    Known,
    Measure,
    Part,
    Unit,
    choose,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from tariffs.catalog import Catalog
    from tariffs.model import Duty, View
    from tariffs.vocabulary import Direction


def series(
    direction: str,
    *,
    measure: Measure = "all_goods",
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
) -> pd.Series[float]:
    """Return the tariff rate of a direction over time.

    Parameters
    ----------
    direction : str
        ``us_on_cn``: the tariffs of the US on goods of China. ``us-on-china`` and "US on China" are understood.
    measure : {"all_goods"}
        The across-the-board additional duty: on a good on no product list and under no exemption, on top of MFN.
    start, end : date-like, optional
        First and last day; by default all days from the record's first to `known_through`. A later `end` extends the series
        over what acts and agreements schedule.
    freq : {"D", "MS", "QS", "YS"}, optional
        Every day, or one value per month, quarter or year, stamped at its start. By default one row per change.
    agg : {"mean", "eop", "bop", "max", "min"}
        What a month, quarter or year carries: the day-weighted mean, or the value on its last or first day, or the largest or
        smallest on any day. A period that the window cuts is NaN.
    as_of : date-like, optional
        Only what was known at the end of that day.
    known : {"law", "stated"}
        Whether an event counts from its legal instrument, or from its first official statement, threats included.
    basis : {"charged", "lawful"}
        What customs collected, or without the duties that a court held void from their inception.
    scheduled : bool
        Extend the series to the last scheduled step.
    unit : {"percent", "fraction"}
        Percent of customs value (145.0), or a fraction of it (1.45).
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    pandas.Series
        Shape (number of changes, days or periods,), named after the direction, index ``date`` in ``datetime64[us]``, without time
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
    """
    frame = rates(
        [direction], measure=measure, start=start, end=end, freq=freq, agg=agg, as_of=as_of, known=known, basis=basis,
        scheduled=scheduled, unit=unit, catalog=catalog,
    )  # fmt: skip
    column = frame.iloc[:, 0]
    column.attrs.update(frame.attrs)
    return hold(SERIES, column)


def rates(
    directions: Sequence[str],
    *,
    measure: Measure = "all_goods",
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
    """Return the tariff rates of several directions side by side.

    Parameters
    ----------
    directions : sequence of str
        Each becomes a column.
    measure, start, end, freq, agg, as_of, known, basis, scheduled, unit, catalog
        As in `series`. Without `freq` there is a row wherever one of the directions changes.

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
    record = catalog or packaged()
    choose("measure", measure, MEASURES)
    asked = _ask(record, directions, start, end, as_view(record, as_of, known, basis), scheduled=scheduled)
    paths = {direction.name: total for direction, total in asked.totals.items()}
    index, columns = sample(paths, asked.first, asked.final, _freq(freq), _agg(agg))
    divisor = 100 if choose("unit", unit, UNITS) == "fraction" else 1
    frame = pd.DataFrame({name: values / divisor for name, values in columns.items()}, index=index)
    frame.attrs.update(asked.attrs(unit, freq, agg))
    return hold(WIDE, frame)


def parts(
    directions: str | Sequence[str],
    *,
    by: Part = "family",
    start: DayLike | None = None,
    end: DayLike | None = None,
    freq: Freq | None = None,
    agg: Agg = "mean",
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    scheduled: bool = False,
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return what the across-the-board duty is made of; the parts add up to it on every day.

    Parameters
    ----------
    directions : str or sequence of str
    by : {"family", "duty", "authority"}
        What a part is.
    start, end, freq, agg, as_of, known, basis, scheduled, catalog
        As in `series`; the maxima or minima of parts need not add up.

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
    record = catalog or packaged()
    choose("part", by, PARTS)
    asked = _ask(record, directions, start, end, as_view(record, as_of, known, basis), scheduled=scheduled)
    labels, paths = [], []
    for direction, duties in asked.duties.items():
        grouped: dict[str, list[Steps]] = defaultdict(list)
        for duty in across_the_board(duties):
            grouped[duty.id if by == "duty" else getattr(duty, by)].append(path(duty, asked.view))
        for part, steps in sorted(grouped.items()):
            labels.append({"direction": direction.name, by: part})
            paths.append(add(steps))
    frame = tidy(("direction", by), labels, paths, (asked.first, asked.final), _freq(freq), _agg(agg))
    frame.attrs.update(asked.attrs("percent", freq, agg))
    return hold(PARTED[by], frame)


def levels(
    directions: str | Sequence[str],
    *,
    start: DayLike | None = None,
    end: DayLike | None = None,
    freq: Freq | None = None,
    agg: Agg = "mean",
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
    record = catalog or packaged()
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
    frame = tidy(("direction", "duty", "family", "authority", "scope"), labels, paths, (first, final), _freq(freq), _agg(agg))
    frame.attrs.update(_attrs(record, view, final, "percent", freq, agg) | {"measure": "level of each duty"})
    return hold(LEVELS, frame)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with its totals: which directions, seen how, from which day to which."""

    record: Catalog
    view: View
    first: date
    final: date
    duties: dict[Direction, tuple[Duty, ...]]
    totals: dict[Direction, Steps]

    def attrs(self, unit: str, freq: str | None, agg: str) -> dict[str, Any]:
        """Return what the numbers are and what to beware of."""
        said = _attrs(self.record, self.view, self.final, unit, freq, agg)
        hides = (
            _zero_hides(duties, self.totals[direction], self.view, self.first, self.final)
            for direction, duties in self.duties.items()
        )
        if any(hides):
            said["warning"] = ZERO_WARNING
        ended = [
            f"{event.id}, {event.act}"
            for duties in self.duties.values()
            for event in announced(across_the_board(duties), self.view, self.final)
            if event.is_level
        ]
        if ended:
            said["undated"] = f"announced with no day fixed, on no path: {'; '.join(ended)}"
        return said


def _ask(
    record: Catalog,
    directions: str | Iterable[str],
    start: DayLike | None,
    end: DayLike | None,
    view: View,
    *,
    scheduled: bool,
) -> _Asked:
    duties = {direction: record.bearing(direction) for direction in as_directions(record, directions)}
    general = {direction: across_the_board(borne) for direction, borne in duties.items()}
    last = _last_day(record, general.values(), view) if scheduled else record.release.known_through
    first, final = as_window(record, start, end, last)
    totals = {direction: stack(borne, view, first, final) for direction, borne in general.items()}
    return _Asked(record, view, first, final, duties, totals)


def _freq(freq: str | None) -> Freq | None:
    return None if freq is None else choose("freq", freq, FREQS)


def _agg(agg: str) -> Agg:
    if agg == "sum":
        raise UsageError("rates of different days do not add up to anything; take mean, eop, bop, max or min")
    return choose("agg", agg, AGGS)


def _last_day(record: Catalog, groups: Iterable[tuple[Duty, ...]], view: View) -> date:
    steps = (day for duties in groups for duty in duties for day, _ in deciding(duty, view))
    return max([record.release.known_through, *steps])


def _zero_hides(duties: tuple[Duty, ...], total: Steps, view: View, first: date, final: date) -> bool:
    """Whether the total is 0 on a day on which a list or sector duty was in force."""
    beneath = add(path(duty, view) for duty in duties if duty.scope != "all_goods")
    zeros = [(begin, following) for begin, following, value in spans(total, first, final) if value == 0]
    bitten = [(begin, following) for begin, following, value in spans(beneath, first, final) if value != 0]
    return any(begin < other_end and other < end for begin, end in zeros for other, other_end in bitten)


def _attrs(record: Catalog, view: View, final: date, unit: str, freq: str | None, agg: str) -> dict[str, Any]:
    horizon = view.horizon(record.release.known_through)
    ahead = f"seen from {horizon}: later steps are those that acts and agreements then scheduled"
    return {
        "measure": "all_goods",
        "unit": unit,
        "weights": None,
        "basis": view.basis,
        "known": view.known,
        "as_of": view.as_of.isoformat() if view.as_of else None,
        "freq": freq,
        "agg": agg if freq in MONTHS else None,
        "known_through": record.release.known_through.isoformat(),
        "data_version": record.release.version,
        "source": record.source_line,
        **({"standing": ahead} if final > horizon else {}),
    }
