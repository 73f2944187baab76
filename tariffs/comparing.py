"""Someone else's numbers against ours: where they differ, by how much, and the likely reason."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tariffs.asking import AggLike, DayLike, as_day, as_quantity, as_record, as_sampling, as_view
from tariffs.errors import CoverageError, Problem, RecordError, TariffsError, UsageError
from tariffs.measures import Measured, measure_of
from tariffs.model import Quantity, View
from tariffs.reading.points import Point, read_points
from tariffs.reading.scalars import plain
from tariffs.sampling import PERIODS, periods
from tariffs.schemas import COMPARISON, DAY, hold
from tariffs.steps import aggregate, spans
from tariffs.vocabulary import MEASURE_TITLES, UNITS, Direction, Freq, choose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tariffs.catalog import Catalog
    from tariffs.vocabulary import Basis, Known, Measure, Unit

TOLERANCE = 0.05
REACH = timedelta(days=62)  # two publications that date a step differently are rarely further apart
DIRECTION = r"[a-z]{2}_on_[a-z]{2,3}"
WHOLE = Decimal(100)
NEAR = Decimal("0.2")  # of our value, or one point: what still looks like the same quantity in the same unit


def compare(
    theirs: str | Path | pd.Series[float],
    direction: str,
    *,
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    freq: Freq | None = None,
    agg: AggLike = "avg",
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    unit: Unit = "percent",
    tolerance: float = TOLERANCE,
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Compare someone else's values with ours, and say where they differ and likely why.

    Parameters
    ----------
    theirs : path or pandas.Series
        A CSV of dates and values, or a series with an index of dates.
    direction, measure, weights, good, mfn, metal_share, as_of, known, basis
        What it is compared with, as in `series`.
    freq, agg
        Whether a value speaks of its day (the default) or of the month, quarter or year that it stands in; days at a level are
        no rate, and are refused.
    unit : {"percent", "fraction"}
        What their values are in.
    tolerance : float
        Differences up to this are none [points].

    Returns
    -------
    pandas.DataFrame
        One row per date: ``date``, ``theirs``, ``ours`` [percent; NaN outside the record or the weights], ``difference`` (theirs
        less ours), ``reason``, empty where there is no difference to explain.

    Raises
    ------
    RecordError
        With everything that is wrong with the file, each with its line; for values in mixed units.
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import pandas as pd, tariffs as tf
    >>> theirs = pd.Series([12.05, 17.53], pd.to_datetime(["2019-05-20", "2019-06-01"]))
    >>> tf.compare(theirs, "us_on_cn", measure="average", weights="piie-implied")["reason"].tolist()
    ['date convention: ours until 2019-05-09', '']
    """
    record = as_record(catalog)
    quantity = as_quantity(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share)
    how = as_sampling(freq, agg)
    if how.unit == "days":
        raise UsageError(f"agg {how.agg} counts days; what is compared are rates")
    span = _Span(how.freq, how.agg)
    if isinstance(tolerance, bool) or not isinstance(tolerance, (int, float)) or not tolerance >= 0:
        raise UsageError(f"tolerance: found {tolerance!r}, expected 0 or more points")
    if isinstance(theirs, (str, Path)) and re.fullmatch(DIRECTION, str(theirs)):
        raise UsageError(f"found the direction {theirs} where a file is expected; are the two swapped?")
    ours = _Ours(record, direction, quantity, as_view(record, as_of, known, basis), span)
    points, name = _points(theirs)
    values = [ours.value(point.day) for point in points]
    _require_unit(choose("unit", unit, UNITS), points, values, name)
    factor = 100 if unit == "fraction" else 1
    points = [point._replace(value=point.value * factor) for point in points]
    limit = Decimal(str(tolerance))
    rows = [
        {
            "date": point.day,
            "theirs": float(point.value),
            "ours": float("nan") if value is None else float(value),
            "difference": float("nan") if value is None else float(point.value - value),
            "reason": "" if value is not None and abs(point.value - value) <= limit else ours.reason(point, value, limit),
        }
        for point, value in zip(points, values, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=list(COMPARISON.columns))
    frame["date"] = pd.to_datetime(frame["date"]).astype(DAY)
    frame.attrs |= {
        "series": ours.measured.column,
        "unit": "percent",
        "theirs": name,
        "tolerance": tolerance,
        "source": record.source_line,
        **({"scenario": record.scenario} if record.laid else {}),
    }
    return hold(COMPARISON, frame)


def differing(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a comparison that differ."""
    return frame.query("reason != ''")


def summary(frame: pd.DataFrame) -> list[str]:
    """Return in a line or two how a comparison came out."""
    apart = differing(frame)
    agree = len(frame) - len(apart)
    count = f"{len(frame)} value{'s' if len(frame) != 1 else ''}"
    lines = [f"{count} compared with {frame.attrs['series']}: {agree} within {frame.attrs['tolerance']:g} points"]
    known = apart.dropna(subset=["difference"])
    if len(known):
        most = known.iloc[int(known["difference"].abs().to_numpy().argmax())]
        lines.append(f"{len(known)} differ, most by {most['difference']:+.4g} on {most['date']:%Y-%m-%d}")
    if len(known) < len(apart):
        lines.append(f"{len(apart) - len(known)} with no number of ours: outside the record or the weights")
    return lines


def _points(theirs: str | Path | pd.Series[float]) -> tuple[list[Point], str]:
    if isinstance(theirs, (str, Path)):
        return read_points(Path(theirs)), Path(theirs).name
    if not isinstance(theirs, pd.Series):
        raise UsageError(f"found {type(theirs).__name__}, expected the path of a CSV or a pandas Series with an index of dates")
    points = [
        Point(0, as_day(stamp, f"index, entry {number}"), _number(value, number))
        for number, (stamp, value) in enumerate(zip(theirs.dropna().index, theirs.dropna(), strict=True))
    ]
    days = [point.day for point in points]
    twice = next((day for day in days if days.count(day) > 1), None)
    if twice or not days:
        raise UsageError(f"the series has {f'two values for {twice}' if twice else 'no values'}")
    return sorted(points, key=lambda point: point.day), "series"


def _number(value: object, number: int) -> Decimal:
    try:
        found = Decimal(str(value))
    except ArithmeticError:
        found = Decimal("nan")
    if not found.is_finite():
        raise UsageError(f"value, entry {number}: found {value!r}, expected a number")
    return found


def _require_unit(unit: Unit, points: list[Point], values: list[Decimal | None], name: str) -> None:
    """Refuse values in the other unit, all through or here and there: 0.25 is either a quarter of a percent or 25 percent."""
    pairs = [(point, value) for point, value in zip(points, values, strict=True) if point.value and value]
    fractions = [point for point, value in pairs if _near(point.value * 100, value) and not _near(point.value, value)]
    percentages = [point for point, value in pairs if _near(point.value, value) and not _near(point.value * 100, value)]
    right, wrong = (percentages, fractions) if unit == "percent" else (fractions, percentages)
    if not wrong:
        return
    first, words = wrong[0], ("percentages", "fractions") if unit == "percent" else ("fractions", "percentages")
    found = f"found {plain(first.value)} on {first.day}"
    if right:
        where = f"line {right[0].line}" if right[0].line else right[0].day
        message = f"{found} among {words[0]} ({where}: {plain(right[0].value)}): mixed units"
    else:
        message = f"{found}: the values look like {words[1]}; say so with unit {'fraction' if unit == 'percent' else 'percent'}"
    raise RecordError([Problem(name, first.line, "value", message)])


def _near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= max(Decimal(1), NEAR * abs(other))


class _Span:
    """What a dated value speaks of: its day, or the period that the day stands in."""

    def __init__(self, freq: Freq | None, agg: str) -> None:
        self.freq, self.agg = freq, agg

    def of(self, day: date) -> tuple[date, date]:
        """Return first and last day."""
        return next(iter(periods(day, day, self.freq))) if self.freq in PERIODS else (day, day)


class _Ours:
    """Our number, and what it would be if it were asked for otherwise."""

    def __init__(self, record: Catalog, direction: str, quantity: Quantity, view: View, span: _Span) -> None:
        self.record, self.direction, self.quantity, self.view, self.span = record, direction, quantity, view, span
        self.measured = measure_of(record, direction, quantity, view)

    def value(self, day: date, measured: Measured | None = None) -> Decimal | None:
        """Return the number of a day or its period, None where the record or the weights do not reach."""
        first, last = self.span.of(day)
        one = measured or self.measured
        release = self.record.release
        if first < one.first_day(release.covers_from) or last > one.last_day(release.known_through, scheduled=False):
            return None
        try:
            return aggregate(one.total(first, last), first, last, self.span.agg)
        except CoverageError:
            return None

    def reason(self, point: Point, value: Decimal | None, limit: Decimal) -> str:
        """Return the likely reason of a difference."""
        if value is None:
            return "no number of ours: outside the record or the weights"
        for text, other in self._alternatives(point, limit):
            if other is not None and abs(other - point.value) <= limit:
                return text
        return "not explained"

    def _alternatives(self, point: Point, limit: Decimal) -> Iterator[tuple[str, Decimal | None]]:
        if self.span.freq in PERIODS:
            yield from self._other_period(point)
        else:
            yield from self._other_day(point, limit)
        yield f"vintage: as known on {point.day}", self._asked(point.day, view=replace(self.view, as_of=point.day))
        other: Basis = "lawful" if self.view.basis == "charged" else "charged"
        yield f"basis: {other}", self._asked(point.day, view=replace(self.view, basis=other))
        for quantity in self._quantities(point):
            yield self._title(quantity), self._asked(point.day, quantity)
        if self.span.freq is None and point.day.day == 1:
            yield "frequency: the mean of the month", self._period(point.day, _Span("MS", "avg"))
        back = Direction(*self.measured.direction[::-1])
        if back in self.record.directions and self.quantity.measure != "stack":
            yield f"direction: {back.name}", self._asked(point.day, direction=back.name)

    def _period(self, day: date, span: _Span) -> Decimal | None:
        return _Ours(self.record, self.direction, self.quantity, self.view, span).value(day)

    def _other_period(self, point: Point) -> Iterator[tuple[str, Decimal | None]]:
        """Yield the periods beside theirs, and the other ways to put a period into one number."""
        first, last = self.span.of(point.day)
        before, after = self.span.of(first - timedelta(days=1))[0], last + timedelta(days=1)
        yield f"date convention: ours of the period from {before}", self.value(before)
        yield f"date convention: ours of the period from {after}", self.value(after)
        for agg in ("eop", "bop", "avg"):
            if agg != self.span.agg:
                yield f"aggregation: {agg}", self._period(point.day, _Span(self.span.freq, agg))

    def _other_day(self, point: Point, limit: Decimal) -> Iterator[tuple[str, Decimal]]:
        """Yield the nearest span of days on which ours is their value."""
        first = max(point.day - REACH, self.measured.first_day(self.record.release.covers_from))
        last = min(point.day + REACH, self.measured.last_day(self.record.release.known_through, scheduled=False))
        try:
            path = self.measured.total(first, last)
        except TariffsError:
            return
        found = []
        for begin, following, value in spans(path, first, last):
            if value is not None and abs(value - point.value) <= limit:
                end = following - timedelta(days=1)
                later = begin > point.day
                text = f"date convention: ours {'from' if later else 'until'} {begin if later else end}"
                found.append((abs((begin if later else end) - point.day), text, value))
        if found:
            _, text, value = min(found)
            yield text, value

    def _quantities(self, point: Point) -> Iterator[Quantity]:
        """Yield the other numbers that theirs may be: other weights, other measures, MFN in or out."""
        if self.quantity.measure == "stack":
            yield replace(self.quantity, mfn=not self.quantity.mfn)
        bases = [name for name in self.record.bases if name != self.quantity.weights]
        if self.quantity.weights:
            yield from (replace(self.quantity, weights=name) for name in bases)
        yield from (Quantity("average", name) for name in self.record.bases if self.quantity.measure != "average")
        if self.quantity.measure != "all_goods":
            yield Quantity()
        if self.quantity.measure != "covered" and point.value != WHOLE:  # all of trade is covered whatever 100 may mean
            yield from (Quantity("covered", name) for name in self.record.bases)

    def _title(self, quantity: Quantity) -> str:
        if quantity.measure == self.quantity.measure:
            return f"weights: {quantity.weights}" if quantity.weights else f"MFN: {'included' if quantity.mfn else 'left out'}"
        return f"measure: {MEASURE_TITLES[quantity.measure]}{f', weights {quantity.weights}' if quantity.weights else ''}"

    def _asked(
        self, day: date, quantity: Quantity | None = None, view: View | None = None, direction: str | None = None
    ) -> Decimal | None:
        try:
            where = direction or self.direction
            return self.value(day, measure_of(self.record, where, quantity or self.quantity, view or self.view))
        except TariffsError:
            return None
