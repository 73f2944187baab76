"""What drove each step of an average over trade: a table of the large steps, with bars by family of duties and their acts."""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tariffs.charts import words
from tariffs.charts.partstack import AUTHORITIES
from tariffs.charts.sheet import require_size
from tariffs.charts.style import own_style
from tariffs.errors import UsageError
from tariffs.products.asking import Asked, ask
from tariffs.products.averaging import MFN
from tariffs.products.driving import steps
from tariffs.products.movetable import Move, Row, faces, fitted, signed
from tariffs.products.overtrade import average
from tariffs.products.said import of_goods, seen, weighed
from tariffs.vocabulary import long_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from tariffs.asking import DayLike
    from tariffs.catalog import Catalog
    from tariffs.products.store import Store
    from tariffs.vocabulary import Basis, Known, Part

LEAST = 0.75  # a day on which no part moves by more has no row of its own [percentage points]
LEAST_NAMED = 0.1  # a part that moves by less is drawn, not named [percentage points]
MOST_NAMED = 3  # parts of the days without a row of their own
OTHERS = "others"


def plot_steps(
    origin: str = "CN",
    *,
    by: Part = "family",
    least: float = LEAST,
    weights: str = "us-imports-2024",
    start: DayLike | None = None,
    end: DayLike | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    style: str = "paper",
    width: float | None = None,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
) -> Figure:
    """Draw what drove each step of the average duty on an origin's goods: a row per large step, with bars and acts.

    The last row sums all other steps, so that the rows lead from the first level to the last.

    Parameters
    ----------
    origin, by, weights, start, end, as_of, known, basis, store, catalog
        As in `steps`.
    least : float
        A day has a row where a part moves by so much or more [percentage points].
    style : str
        As in `tariffs.plot`.
    width, height : float
        Of the figure [mm], 80 to 600: 174 is a page, 84 a column. Without a height, what the rows need.
    title, subtitle, note : str, optional
        In place of the generated ones; an empty text leaves them out.

    Returns
    -------
    matplotlib.figure.Figure
        Made without pyplot, with one Axes: percentage points across, millimetres upwards; `tariffs.charts.save` writes it. The
        gid of a bar is its day and part.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError
    """
    require_size(width, height)
    if isinstance(least, bool) or not isinstance(least, (int, float)) or not least > 0:
        raise UsageError(f"least: found {least!r}, expected percentage points above 0, such as 1")
    asked = ask(origin, store, catalog, as_of=as_of, known=known, basis=basis)
    final = asked.view.horizon(asked.record.release.known_through) if end is None else end
    over: dict[str, Any] = {
        "weights": weights, "start": start, "end": final, "as_of": as_of, "known": known, "basis": basis,
        "store": asked.store, "catalog": catalog,
    }  # fmt: skip
    frame, levels = steps(origin, by=by, **over), average(origin, **over)["rate"]
    rows = _rows(asked, frame, levels, by, least)
    heading = words.supposed(asked.record, f"{of_goods(asked)}: what drove the average")
    window = levels.index[0].date(), asked.day(final, "end")
    with own_style(style):
        texts = (
            heading if title is None else title,
            _subtitle(asked, frame.attrs, levels, window) if subtitle is None else subtitle,
            _note(asked, frame, rows, window, least) if note is None else note,
        )
        table = fitted(width, height, texts, rows)
        table.draw(faces(rows, by))
    alt = _alt(texts[0] or heading, rows, levels, window)
    table.sheet.paper.tell(texts[0] or heading, asked.record.source_line, alt, style)
    return table.sheet.paper.figure


def _rows(asked: Asked, frame: pd.DataFrame, levels: pd.Series[float], by: Part, least: float) -> list[Row]:
    """Return a row for each day on which a part moves by `least`, and one for all other days."""
    if frame.empty:
        raise UsageError("found no step of the average between these days, expected one to draw")
    large = frame["points"].abs().groupby(frame["date"]).transform("max") >= least
    entries: list[Any] = list(frame[large].itertuples(index=False))
    rows = [
        _row(asked, stamp.date(), list(of), float(levels[:stamp].iloc[-1]))
        for stamp, of in groupby(entries, key=lambda entry: entry.date)
    ]
    rest = frame[~large]
    if not rest.empty:
        sums = rest.groupby(by)["points"].sum()
        found = (Move(str(name), _title(asked, str(name)), float(points), "") for name, points in sums.items())
        moves = sorted(found, key=lambda move: -abs(move.points))
        days = rest["date"].nunique()
        told = tuple(move for move in moves[:MOST_NAMED] if abs(move.points) >= LEAST_NAMED)
        rows.append(Row(OTHERS, "Other days", f"{days} step{'s' * (days > 1)}", tuple(moves), told))
    return rows


def _row(asked: Asked, day: date, entries: list[Any], level: float) -> Row:
    moves = tuple(Move(entry[1], _title(asked, entry[1]), entry.points, _cited(entry.acts)) for entry in entries)
    told = tuple(move for move in moves if abs(move.points) >= LEAST_NAMED)
    return Row(day.isoformat(), words.short_day(day), f"to {level:.1f}", moves, told)


def _title(asked: Asked, name: str) -> str:
    """Return what a part is called on charts: a family, a duty or an authority."""
    record = asked.record
    if name == MFN:
        return "MFN"
    if name in record.families:
        return record.families[name].title
    if name in record.duties:
        return record.duties[name].title
    return AUTHORITIES.get(name, f"Section {name[1:]}" if name[1:].isdigit() else name)


def _cited(acts: str) -> str:
    """Return the instruments of acts without the place in them, each once, the two that moved most.

    Examples
    --------
    >>> _cited("Proclamation 11021, Annex I-B | Proclamation 11021 | EO 14257")
    'Proclamation 11021; EO 14257'
    """
    names = list(dict.fromkeys(re.split(r", | \(", act)[0] for act in acts.split(" | ") if act))
    return "; ".join([*names[:2], *(["others"] if len(names) > 2 else [])])


def _subtitle(asked: Asked, said: dict[Any, Any], levels: pd.Series[float], window: tuple[date, date]) -> str:
    first, last = (words.short_day(day) for day in window)
    return (
        f"Trade-weighted average, MFN included, percent of customs value, by legal effective date{seen(asked.view)}: from"
        f" {levels.iloc[0]:.1f} on {first} to {levels.iloc[-1]:.1f} on {last}; {weighed(asked, said)}"
    )


def _note(asked: Asked, frame: pd.DataFrame, rows: list[Row], window: tuple[date, date], least: float) -> str:
    unnamed = any(len(row.told) < len(row.moves) for row in rows)
    sentences = [
        *([f"Other days: no part moved by {least:g} or more."] if rows[-1].name == OTHERS else []),
        *(["Diamond: the sum, where parts went both ways."] if any(row.is_mixed for row in rows) else []),
        *([f"Parts that moved by less than {LEAST_NAMED:g} are drawn, not named."] if unnamed else []),
        *(["An act stands behind the last part that it moved."] if any(_shares_an_act(row) for row in rows) else []),
        "Not included: anti-dumping and countervailing duties, exclusions and uses that no tariff line shows.",
        *words.voids(list(asked.duties), asked.view, window),
        f"Weights, the same on every day: {frame.attrs['weights_note']}. Source: {frame.attrs['source']}.",
    ]
    return " ".join(sentences)


def _shares_an_act(row: Row) -> bool:
    acts = [move.acts for move in row.told if move.acts]
    return len(set(acts)) < len(acts)


def _alt(heading: str, rows: Iterable[Row], levels: pd.Series[float], window: tuple[date, date]) -> str:
    """Return what the chart shows, in words."""
    first, last = (long_day(day) for day in window)
    ends = f"{levels.iloc[0]:.1f} percent on {first}, {levels.iloc[-1]:.1f} on {last}"
    said = [f"Table with bars: {heading}. Percentage points. {ends}."]
    for row in rows:
        moved = "; ".join(f"{move.title} {signed(move.points)}{f' ({move.acts})' * bool(move.acts)}" for move in row.told)
        if row.name == OTHERS:
            when, level = f"{row.under} on other days", ""
        else:
            when, level = long_day(date.fromisoformat(row.name)), f" {row.under}"
        said.append(f"{when}: {signed(row.net)}{level}{f', {moved}' * bool(moved)}.")
    return " ".join(said)
