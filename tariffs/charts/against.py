"""Someone else's numbers drawn against ours: their points on our steps, and beneath them how far the two are apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from tariffs.asking import DayLike, as_quantity, as_record, as_view
from tariffs.charts import words
from tariffs.charts.againststeps import Rates
from tariffs.charts.alt import alt_text
from tariffs.charts.differences import Differences
from tariffs.charts.lines import LINES, Line, Step
from tariffs.charts.sheet import Sheet, require_size
from tariffs.charts.story import DEFAULT
from tariffs.charts.style import own_style
from tariffs.charts.theirs import (
    DIFFERS,
    NO_NUMBER,
    Value,
    agreeing,
    capital,
    cut,
    dated,
    days_of,
    require_points,
    signed,
    values_of,
    without,
)
from tariffs.comparing import TOLERANCE, compare
from tariffs.errors import UsageError
from tariffs.frames import series
from tariffs.measures import Measured, measure_of
from tariffs.vocabulary import long_day

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from tariffs.catalog import Catalog
    from tariffs.vocabulary import Basis, Known, Measure, Unit

TALLER = 20.0  # than a chart of one plot [mm]


def compare_chart(
    theirs: str | Path | pd.Series[float],
    direction: str,
    *,
    name: str = "theirs",
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    unit: Unit = "percent",
    tolerance: float = TOLERANCE,
    style: str = "paper",
    width: float | None = None,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    catalog: Catalog | None = None,
) -> Figure:
    """Draw someone else's values on our steps, and beneath them how far the two are apart and likely why.

    Parameters
    ----------
    theirs : path or pandas.Series
        A CSV of dates and values, or a series with an index of dates; on two days at least.
    direction, measure, weights, good, mfn, metal_share, as_of, known, basis, unit, tolerance
        As in `compare`.
    name : str
        Whose values they are, as the chart writes it.
    style : str
        As in `plot`.
    width, height : float
        Of the figure [mm], 80 to 600: 174 is a page, 84 a column; those of the style by default.
    title, subtitle, note : str, optional
        In place of the generated ones; an empty text leaves them out.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    matplotlib.figure.Figure
        Made without pyplot; its first Axes has the rates, its second the differences. `save` takes either.

    Raises
    ------
    RecordError
        With everything that is wrong with the file.
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import pandas as pd, tariffs as tf
    >>> from tariffs.charts.against import compare_chart
    >>> theirs = pd.Series([30.0, 145.0, 30.0], pd.to_datetime(["2025-04-07", "2025-04-15", "2025-05-12"]))
    >>> figure = compare_chart(theirs, "us_on_cn", name="a newspaper", width=84)
    >>> "2 of 3 values within 0.05 points of ours" in figure.alt
    True
    """
    record = as_record(catalog)
    require_size(width, height)
    _require_words(name=name, title=title, subtitle=subtitle, note=note)
    asked: dict[str, Any] = {"measure": measure, "weights": weights, "good": good, "mfn": mfn, "metal_share": metal_share}
    seen: dict[str, Any] = {"as_of": as_of, "known": known, "basis": basis, "catalog": record}
    frame = compare(theirs, direction, **asked, **seen, unit=unit, tolerance=tolerance)
    values = values_of(frame)
    require_points(values, str(frame.attrs["series"]))
    measured = measure_of(record, direction, as_quantity(record, **asked), as_view(record, as_of, known, basis))
    days = days_of(record, measured, values)
    column = series(direction, **asked, **seen, start=days.begin, end=days.last)
    days, column = cut(days, column, values[-1].day)
    texts = (
        _title(record, measured, name) if title is None else title,
        words.subtitle((measured,)) if subtitle is None else subtitle,
        _note(words.note(record, (measured,), (days.begin, days.last), column.attrs), values) if note is None else note,
    )
    with own_style(style):
        line = _line(measured, column, days.horizon)
        sheet = Sheet(width, height, taller=TALLER)
        differences = Differences(sheet, days, values, name, tolerance)
        rates = Rates(sheet, days, line, values, name, differences)
        sheet.compose(rates, texts, [])
        rates.draw(words.axis((measured,)), most=100 if measure == "covered" else None)
        differences.draw()
    heading = texts[0] or _title(record, measured, name)
    told = alt_text(
        "Step chart with points", heading, words.axis((measured,)), (days.begin, days.last), [replace(line, title="Ours").told]
    )
    sheet.paper.tell(heading, record.source_line, f"{told} {_told(values, name, tolerance)}", style)
    return sheet.paper.figure


def _require_words(**given: str | None) -> None:
    for what, text in given.items():
        if not isinstance(text, str) and not (text is None and what != "name"):
            raise UsageError(f"{what}: found {text!r}, expected a text")
    if not (given["name"] or "").strip():
        raise UsageError("name: found an empty text, expected whose values they are")


def _line(measured: Measured, column: pd.Series[float], horizon: date) -> Line:
    levels = [(stamp.date(), float(level)) for stamp, level in zip(column.index, column, strict=True)]
    steps = tuple(
        Step(day, level, level > before, "as then expected" if day > horizon else "")
        for (_, before), (day, level) in pairwise(levels)
        if level != before
    )
    digits = 1 if measured.weights else None
    return Line(measured.column, "ours", levels[0][1], steps, _drawn(measured), upwards=True, digits=digits)


def _drawn(measured: Measured) -> dict[str, Any]:
    """Return how our line is drawn: as that of its direction in every other chart."""
    order = DEFAULT.index(measured.direction.name) if measured.direction.name in DEFAULT else 0
    colors, (pattern, width) = mpl.rcParams["axes.prop_cycle"].by_key()["color"], LINES[order]
    return {"color": colors[order], "linestyle": pattern, "linewidth": mpl.rcParams["lines.linewidth"] * width}


def _title(record: Catalog, measured: Measured, name: str) -> str:
    return f"{words.title(record, (measured,))}, {name} against ours"


def _note(note: str, values: list[Value]) -> str:
    missing = sum(value.standing == NO_NUMBER for value in values)
    if not missing:
        return note
    return f"Crosses: {without(missing)}, outside the record or the weights. {note}"


def _told(values: list[Value], name: str, tolerance: float) -> str:
    """Return what the points and the lower plot show, in words."""
    compared = [value for value in values if value.standing != NO_NUMBER]
    apart = [value for value in compared if value.standing == DIFFERS]
    missing = len(values) - len(compared)
    near = f"within {tolerance:g} points of ours" if tolerance else "equal to ours"
    told = [f"{capital(name)}, as points: {agreeing(compared)} {near}."]
    largest = sorted(apart, key=lambda value: (-abs(value.difference), value.day))[:3]
    told += [f"{signed(one.difference)} points on {long_day(one.day)}, {dated(one.reason, long_day)}." for one in largest]
    if len(apart) > 3:
        told.append(f"{len(apart) - 3} more differ{'s' if len(apart) == 4 else ''}, by no more.")
    if missing:
        told.append(f"{without(missing)}.")
    return " ".join(told)
