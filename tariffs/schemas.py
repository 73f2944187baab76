"""The shapes of every frame that leaves the library: strict, nothing coerced, checked at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandera.pandas as pa
from pandera.errors import SchemaErrors

from tariffs.errors import TariffsError
from tariffs.vocabulary import CHARGED_ON, EFFECTS, EVENT_KINDS, GRADES, MOVES, PARTS, SCOPES, STANDINGS, STATUSES

if TYPE_CHECKING:
    import pandas as pd

Frame = TypeVar("Frame", "pd.DataFrame", "pd.Series[float]")

DAY: Final = "datetime64[us]"


class ShapeError(TariffsError):
    """A frame that is not of the shape its reader relies on."""


DIRECTION = r"[a-z]{2}_on_([a-z]{2}|row)"
# pandera takes any unit of datetime64 for any other; a frame in ns would join to nothing in us.
RATES = pa.Check.in_range(0, 10_000)
POINTS = pa.Check.in_range(-10_000, 10_000)
NET = pa.Check.in_range(-100, 10_000)  # a part may be booked net of what its goods no longer bear elsewhere
UNIT_OF_DATES = pa.Check(lambda dates: dates.dtype == DAY, name="unit", error=f"dates in {DAY}")


def _day(*, nullable: bool = False) -> pa.Column:
    return pa.Column(DAY, UNIT_OF_DATES, nullable=nullable)


def _dates() -> pa.Index:
    increasing = pa.Check(lambda index: index.is_monotonic_increasing, name="increasing", error="dates increase")
    return pa.Index(DAY, name="date", unique=True, nullable=False, checks=[increasing, UNIT_OF_DATES])


def _rate(check: pa.Check = RATES) -> pa.Column:
    return pa.Column(float, check, nullable=True)


SERIES = pa.SeriesSchema(float, checks=RATES, nullable=True, index=_dates())
WIDE = pa.DataFrameSchema(
    {rf"^{DIRECTION}(_[a-z0-9_]+)?$": pa.Column(float, RATES, nullable=True, regex=True)}, index=_dates(), strict=True
)
DIFFERENCE = pa.SeriesSchema(float, checks=POINTS, nullable=True, index=_dates())
DIFFERENCES = pa.DataFrameSchema(
    {rf"^{DIRECTION}_([a-z0-9_]+_)?since_[0-9]{{8}}(_low|_high)?$": pa.Column(float, POINTS, nullable=True, regex=True)},
    index=_dates(),
    strict=True,
)
PARTED = {
    part: pa.DataFrameSchema(
        {"date": _day(), "direction": pa.Column("category"), part: pa.Column("category"), "rate": _rate(NET)},
        unique=["date", "direction", part],
        strict=True,
        ordered=True,
    )
    for part in PARTS
}
LEVELS = pa.DataFrameSchema(
    {
        "date": _day(),
        **{name: pa.Column("category") for name in ("direction", "duty", "family", "authority", "scope")},
        "rate": _rate(),
    },
    unique=["date", "direction", "duty"],
    strict=True,
    ordered=True,
)


SURPRISES = pa.DataFrameSchema(
    {
        **{name: pa.Column(float, POINTS, nullable=True) for name in ("next_day", "over_30", "over_90", "over_365")},
        "point_days": pa.Column(float, nullable=True),
        "threat": pa.Column(bool),
        "law": pa.Column(bool),
        **{name: pa.Column(str) for name in ("events", "undated", "acts")},
    },
    index=_dates(),
    strict=True,
    ordered=True,
)
EVENT_WINDOWS = pa.DataFrameSchema(
    {
        **{name: pa.Column(str) for name in ("event", "directions", "duty", "family")},
        "scope": pa.Column(str, pa.Check.isin(SCOPES)),
        "kind": pa.Column(str, pa.Check.isin(EVENT_KINDS)),
        "status": pa.Column(str, pa.Check.isin(STATUSES)),
        "act": pa.Column(str),
        **{name: _day() for name in ("day", "session", "date")},
        "offset": pa.Column("int64"),
        "moved": pa.Column(str, pa.Check.isin(MOVES)),
        "timed": pa.Column(bool),
        "overlaps": pa.Column(bool),
    },
    unique=["event", "date"],
    strict=True,
    ordered=True,
)
DIFFS = pa.DataFrameSchema(
    {name: pa.Column(str) for name in ("what", "id", "change", "field", "before", "after")}, strict=True, ordered=True
)
BINDING = pa.DataFrameSchema(
    {"arrives": _day(), "rate": _rate(), "at_entry": _rate(), "events": pa.Column(str)},
    index=pa.Index(DAY, name="loaded", unique=True, nullable=False),
    strict=True,
    ordered=True,
)
REALTIME = pa.DataFrameSchema(
    {
        "date": _day(),
        "rate": _rate(),
        "realtime_start": _day(),
        "realtime_end": _day(nullable=True),
    },
    unique=["date", "realtime_start"],
    strict=True,
    ordered=True,
)


def _table(check: pa.Check) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {
            "date": _day(),
            "direction": pa.Column(str),
            "series": pa.Column(str),
            "rate": _rate(check),
            "standing": pa.Column(str, pa.Check.isin(STANDINGS)),
            **{name: pa.Column(str) for name in ("events", "acts", "sources")},
        },
        unique=["date", "series"],
        strict=True,
        ordered=True,
    )


TABLE, CHANGE_TABLE = _table(RATES), _table(POINTS)
CHANGES = pa.DataFrameSchema(
    {
        "date": _day(),
        **{name: pa.Column(str) for name in ("direction", "series", "duty", "family", "authority")},
        "effect": pa.Column(str, pa.Check.isin(EFFECTS)),
        "points": pa.Column(float, POINTS),
        **{name: pa.Column(float, NET) for name in ("before", "after")},
        **{name: pa.Column(str) for name in ("events", "acts")},
    },
    unique=["date", "series", "duty", "effect"],
    strict=True,
    ordered=True,
)
COMPARISON = pa.DataFrameSchema(
    {
        "date": _day(),
        **{name: pa.Column(float, nullable=name != "theirs") for name in ("theirs", "ours", "difference")},
        "reason": pa.Column(str),
    },
    unique=["date"],
    strict=True,
    ordered=True,
)
EVENTS = pa.DataFrameSchema(
    {
        "id": pa.Column(str, unique=True),
        **{name: pa.Column(str) for name in ("duty", "title", "importer", "origin", "authority", "family", "scope", "kind")},
        **{name: _day(nullable=True) for name in ("effective", "stated", "enacted", "withdrawn")},
        "timing": pa.Column(str, pa.Check.isin(["dated", "open", "unknown"])),
        "status": pa.Column(str),
        "rate": _rate(),
        **{name: pa.Column(str) for name in ("entering", "leaving", "summary", "act", "provision", "withdrawn_by")},
        "retroactive": pa.Column(bool),
        "base": pa.Column(str, pa.Check.isin(CHARGED_ON)),
        "including_mfn": pa.Column(bool),
        "grade": pa.Column(str, pa.Check.isin(GRADES)),
        **{name: pa.Column(str) for name in ("sources", "urls", "note")},
    },
    strict=True,
    ordered=True,
)


def hold(schema: Any, frame: Frame) -> Frame:
    """Return the frame, or say in one line what is wrong with it.

    Raises
    ------
    ShapeError
        Naming the column and the check that failed.
    """
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        first = cases.iloc[0]
        more = f" (and {len(cases) - 1} more)" if len(cases) > 1 else ""
        place = f"{first['column']}: " if first["column"] else ""
        raise ShapeError(f"{place}{first['check']}, found {first['failure_case']}{more}") from None
    return frame
