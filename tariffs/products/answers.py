"""The duties on one tariff line: on a day, with acts and sources, and over time."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tariffs.answers import WIDTH, figure
from tariffs.asking import as_quantity, as_window
from tariffs.explaining import explain, standing
from tariffs.measures import measure_of
from tariffs.products.asking import ask
from tariffs.products.duties import parse_duty
from tariffs.products.oneline import OneLine, exact, one_line
from tariffs.steps import ZERO, clip, value_on

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    import pandas as pd

    from tariffs.answers import Explanation
    from tariffs.asking import AggLike, DayLike
    from tariffs.catalog import Catalog
    from tariffs.products.store import Store
    from tariffs.steps import Steps
    from tariffs.vocabulary import Basis, Freq, Known


@dataclass(frozen=True, slots=True)
class Possible:
    """What may set a good of a line apart: an exclusion by description, a use, a quota.

    Attributes
    ----------
    duty : str
    only_if : str
        What decides, and no tariff line shows.
    by : str
        The law that says so.
    low, high : Decimal or None
        The additional duties if so [percent of customs value]; the two differ where they hang on metal content.
    """

    duty: str
    only_if: str
    by: str
    low: Decimal | None
    high: Decimal | None

    @property
    def figure(self) -> str:
        """The additional duties if so, as people write them."""
        return _range(self.low, self.high)


@dataclass(frozen=True, slots=True)
class LineRate:
    """The duties on a tariff line on a day.

    Attributes
    ----------
    line, origin : str
    day : date
    description : str
    additional : Decimal or None
        The duties on top of MFN [percent of customs value]; None where they hang on metal content that is not known.
    low, high : Decimal or None
        The least and the most that they can be, whatever of the line the good is and however much of it is metal.
    mfn : Decimal or None
        The general duty [percent of customs value]; of one by weight or piece what it comes to, where trade tells; else None.
    mfn_from : str
        Where it is from: "as printed", or which trade.
    mfn_text : str
        The general duty as the schedule prints it.
    possible : tuple of Possible
    metals : dict of str to Decimal or None
        Where the duties hang on metal content, the metals and their shares that were reckoned with [percent].
    standing : {"in force", "scheduled", "not verified"}
        Whether the day is checked, and if not, whether an act speaks of it.
    schedule, matched : str
        The revision of the schedule in force, and how it has the code: itself, or what the code stands for.
    explanation : Explanation or None
        The sum, duty by duty, with acts and sources.
    """

    line: str
    origin: str
    day: date
    description: str
    additional: Decimal | None
    low: Decimal | None
    high: Decimal | None
    mfn: Decimal | None
    mfn_from: str
    mfn_text: str
    possible: tuple[Possible, ...]
    metals: Mapping[str, Decimal | None]
    standing: str
    schedule: str
    matched: str
    explanation: Explanation | None

    @property
    def figure(self) -> str:
        """The additional duties as people write them: a number, or between which two it lies."""
        return _range(*((self.low, self.high) if self.additional is None else (self.additional, self.additional)))

    @property
    def content(self) -> str:
        """What share of the value was reckoned as metal, where the duties hang on it, and what they are by the article's own."""
        shares = [f"{metal} {float(share):.3g}%" for metal, share in self.metals.items() if share is not None]
        if not shares:
            return ""
        return f"reckoned with {' and '.join(shares)} of its value; {_range(self.low, self.high)} by the article's own content"

    @property
    def total(self) -> Decimal | None:
        """Additional duties and MFN together [percent of customs value]."""
        return None if self.additional is None or self.mfn is None else self.additional + self.mfn

    @property
    def exclusion_possible(self) -> bool:
        """Whether a good of the line may bear less, by what no tariff line shows."""
        of = self.low if self.additional is None else self.additional
        return any(one.low is not None and of is not None and one.low < of for one in self.possible)

    @property
    def parts(self) -> dict[str, Decimal]:
        """What each duty adds [percent of customs value]; empty where that hangs on metal content."""
        lines = self.explanation.lines if self.explanation else ()
        return {line.duty.id: line.points for line in lines if line.points is not None}

    def __str__(self) -> str:
        """Return the answer as text."""
        return "\n".join(_text(self))

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain values, ready for JSON."""
        return {
            "line": self.line,
            "origin": self.origin,
            "date": self.day.isoformat(),
            "description": self.description,
            "unit": "percent",
            "additional": _float(self.additional),
            "low": _float(self.low),
            "high": _float(self.high),
            "mfn": _float(self.mfn),
            "mfn_from": self.mfn_from or None,
            "mfn_text": self.mfn_text,
            "total": _float(self.total),
            "exclusion_possible": self.exclusion_possible,
            "possible": [
                {"duty": one.duty, "only_if": one.only_if, "by": one.by, "low": _float(one.low), "high": _float(one.high)}
                for one in self.possible
            ],
            "metals": {metal: _float(share) for metal, share in self.metals.items()},
            "standing": self.standing,
            "schedule": self.schedule,
            "matched": self.matched,
            "stack": self.explanation.to_dict() if self.explanation else None,
        }


def rate(
    line: str,
    *,
    origin: str,
    on: DayLike,
    metal_share: float | Mapping[str, float] | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
) -> LineRate:
    """Return the US duties on a tariff line on a day.

    Parameters
    ----------
    line : str
        Ten digits with or without dots, or eight where one line stands under them.
    origin : str
        Of the goods, such as ``CN``.
    on : date-like
        Calendar day of entry; a day carries the level in force at its end.
    metal_share : float or mapping of str to float, optional
        Share of the good's value that is metal, for duties charged on its content [percent], or of each: ``{"steel": 30}``. By
        default as the store's list estimates it for the line.
    as_of, known, basis
        As in `tariffs.series`.
    store : path or Store, optional
        As in `open_store`.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    LineRate
        Prints as text; `to_dict` gives plain values.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError
    """
    asked = ask(origin, store, catalog, as_of=as_of, known=known, basis=basis)
    day = asked.day(on, "on")
    one = one_line(asked, line, metal_share)
    span = one.span(day)
    corners = _corners(one, day)
    possible = tuple(
        Possible(entry.duty, entry.only_if, entry.by, *_ends(values))
        for entry in one.fate.possible
        if (values := tuple(value_on(steps, day) for steps in entry.totals)) != corners
    )
    low, high = _ends((*corners, *(end for entry in possible for end in (entry.low, entry.high))))
    settled = not one.hangs or len(set(corners)) == 1
    explanation = None
    if settled:
        explanation = explain(
            asked.direction.name, day, measure="stack", good=one.code, as_of=as_of, known=known, basis=basis,
            catalog=one.record(ZERO),
        )  # fmt: skip
    mfn, mfn_from = _mfn(one, span)
    return LineRate(
        line=one.code,
        origin=asked.direction.origin,
        day=day,
        description=span["description"],
        additional=explanation.total if explanation else None,
        low=low,
        high=high,
        mfn=mfn,
        mfn_from=mfn_from,
        mfn_text=span["general"],
        possible=possible,
        metals={metal: one.shares[metal] for metal in one.fate.metals} if len(set(corners)) > 1 else {},
        standing=standing(asked.law.duties, asked.view, day, asked.view.horizon(asked.record.release.known_through)),
        schedule=asked.store.revision_on(day),
        matched=span["how"],
        explanation=explanation,
    )


def series(
    line: str,
    *,
    origin: str,
    start: DayLike | None = None,
    end: DayLike | None = None,
    freq: Freq | None = None,
    agg: AggLike = "avg",
    mfn: bool = False,
    metal_share: float | Mapping[str, float] | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
) -> pd.Series[float]:
    """Return the US duties on a tariff line over time.

    Parameters
    ----------
    line, origin, metal_share, as_of, known, basis, store, catalog
        As in `rate`.
    start, end : date-like, optional
        First and last day; by default from the first day of the record's references to lines to `known_through`.
    freq, agg
        As in `tariffs.series`.
    mfn : bool
        Whether the general duty is in it.

    Returns
    -------
    pandas.Series
        [percent of customs value], as from `tariffs.series`.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError
    """
    from tariffs.frames import series as series_of

    asked = ask(origin, store, catalog, as_of=as_of, known=known, basis=basis)
    one = one_line(asked, line, metal_share)
    first = asked.first if start is None else asked.day(start, "start")
    found = series_of(
        asked.direction.name, measure="stack", good=one.code, mfn=mfn, start=first, end=end, freq=freq, agg=agg,
        as_of=as_of, known=known, basis=basis, catalog=one.record(),
    )  # fmt: skip
    found.attrs |= {"line": one.code, "description": one.good().about, "store": asked.store.manifest["record"]}
    return found


def history(
    line: str,
    *,
    origin: str,
    start: DayLike | None = None,
    end: DayLike | None = None,
    mfn: bool = False,
    metal_share: float | Mapping[str, float] | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
) -> tuple[str, Steps]:
    """Return the US duties on a tariff line over time as plain days and numbers, without pandas.

    Parameters
    ----------
    line, origin, start, end, mfn, metal_share, as_of, known, basis, store, catalog
        As in `series`.

    Returns
    -------
    str
        The name of the series.
    Steps
        Its first day and each on which it changes, with what it then is [percent of customs value].

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError
    """
    asked = ask(origin, store, catalog, as_of=as_of, known=known, basis=basis)
    one = one_line(asked, line, metal_share)
    record = one.record()
    measured = measure_of(record, asked.direction.name, as_quantity(record, "stack", good=one.code, mfn=mfn), asked.view)
    first = asked.first if start is None else asked.day(start, "start")
    first, final = as_window(record, first, end, measured.last_day(record.release.known_through, scheduled=False))
    return measured.column, clip(measured.total(first, final), first, final)


def _mfn(one: OneLine, span: Mapping[str, Any]) -> tuple[Decimal | None, str]:
    if span["kind"] == "unknown":
        return None, ""
    if (printed := exact(parse_duty(span["general"]))) is not None:
        return printed, "as printed"
    found = one.asked.converted.of(one.code)
    return (found.percent, f"{found.how}, {one.asked.store.year}") if found else (None, "")


def _corners(one: OneLine, day: date) -> tuple[Decimal | None, ...]:
    return tuple(value_on(steps, day) for steps in one.fate.totals())


def _ends(values: tuple[Decimal | None, ...]) -> tuple[Decimal | None, Decimal | None]:
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if len(known) == len(values) else (None, None)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _text(answer: LineRate) -> list[str]:
    if answer.explanation:
        lines = str(answer.explanation).splitlines()
    else:
        lines = [
            f"{answer.line} from {answer.origin}, {answer.day}: {answer.figure}% additional, by metal content",
            *textwrap.wrap(f"({answer.description}; name metal_share)", WIDTH),
        ]
    lines.append("")
    total = f"; with it {figure(answer.total)}%" if answer.total is not None else ""
    comes = f", {figure(answer.mfn)}% by {answer.mfn_from}" if answer.mfn is not None and answer.mfn_from != "as printed" else ""
    lines.append(f"MFN: {answer.mfn_text or 'none printed'}{comes}{total}")
    if answer.content:
        lines.append(answer.content)
    if answer.possible:
        lines += ["", "What no tariff line shows, and may set a good of it apart:"]
        for one in answer.possible:
            text = f"{one.figure}% additional if {one.only_if} ({one.duty}; {one.by})"
            lines += textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="        ")
    how = "" if answer.matched == "itself" else f"; the code stands for others there, found by {answer.matched}"
    lines += ["", f"Schedule: {answer.schedule}{how}."]
    return lines


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is None or high is None:
        return "unknown"
    return figure(low) if low == high else f"{figure(low)} to {figure(high)}"
