"""What a frame of ours says of itself, for the places that file formats have for it: headers, labels, sheets, metadata."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.vocabulary import MEASURE_TITLES, country_title, measure_title

if TYPE_CHECKING:
    from collections.abc import Mapping

# In this order; what a frame does not know of itself is left out.
FACTS = (
    "series", "scenario", "measure", "origin", "line", "description", "date", "weights", "weights_note", "weights_end",
    "weights_url", "metal_shares", "schedule", "schedules", "good", "mfn", "metal_share", "since", "theirs", "tolerance", "unit",
    "basis", "known", "known_on", "voyage_days", "calendar", "on", "before", "after", "as_of", "freq", "agg", "warning",
    "standing", "undated", "later", "left_out", "times", "known_through", "data_version",
    "source",
)  # fmt: skip
AGGREGATES = {"eop": "end of period", "bop": "beginning of period", "max": "highest", "min": "lowest"}
FORMULA_STARTS = ("=", "+", "-", "@")
COLUMNS = {
    "date": "Day, or the first one of a level or of a period",
    "direction": "Importer and origin: us_on_cn is US duties on goods of China",
    "series": "Name of the series",
    "rate": "Rate, percent of customs value unless a unit says otherwise",
    "standing": "In force, scheduled, not verified, or a part of a period",
    "events": "Events that set the rate, by id",
    "acts": "Legal acts or statements behind the events",
    "sources": "Where they can be read",
    "urls": "Links to the sources",
    "id": "Event: duty, first day, level",
    "duty": "Duty, by id",
    "title": "Name of the duty",
    "importer": "Territory that levies",
    "origin": "Territories whose goods bear the duty",
    "authority": "Statute behind the duty",
    "family": "Family of duties that stack alike",
    "scope": "All goods, a list, a sector, or the MFN schedule",
    "kind": "Level, or change of what the duty covers",
    "effective": "First day in force, calendar day of the importer",
    "stated": "First official public statement",
    "enacted": "Day of the legal instrument",
    "withdrawn": "Day on which it was known not to take effect as written",
    "timing": "Dated, open, or unknown",
    "status": "Law, agreed, or threat",
    "act": "Legal act or statement",
    "provision": "Heading or article",
    "grade": "A official or two independent sources, B one good, C weak",
    "level": "Level of the duty, percent of customs value",
    "points": "Percentage points",
    "loaded": "Day of loading",
    "arrives": "Day of entry for consumption",
    "at_entry": "Rate of the day of entry, percent of customs value",
    "next_day": "Change of the expected path, points on the day after",
    "over_30": "Mean change over the 30 days after, points",
    "over_90": "Mean change over the 90 days after, points",
    "over_365": "Mean change over the 365 days after, points",
    "point_days": "Sum of the change over the 365 days after, points times days",
    "threat": "Whether the news was a threat, or the end of one",
    "law": "Whether all of it was law by the end of the day",
    "undated": "Events that were announced with no day, on no path",
    "event": "Event: duty, first day, level",
    "directions": "Importer and origin whose goods bear the duty: us_on_cn",
    "day": "Calendar day of the event",
    "session": "Trading day of the event",
    "offset": "Trading days after that one",
    "moved": "Why the trading day is not the calendar day",
    "timed": "Whether a time of day was known and used",
    "overlaps": "Whether its window shares a day with one of another trading day",
    "realtime_start": "First day at whose end the value was known",
    "realtime_end": "Last such day; empty where it still is known",
}


def facts(frame: pd.DataFrame) -> dict[str, str]:
    """Return what a frame knows of itself, as texts."""
    return {name: str(frame.attrs[name]) for name in FACTS if frame.attrs.get(name) not in (None, "")}


def flat(data: pd.DataFrame | pd.Series[Any]) -> pd.DataFrame:
    """Return a table with its index as columns, where the index has a name, and with all that is known of it."""
    frame = data if isinstance(data, pd.DataFrame) else data.to_frame()
    plain = frame.reset_index() if any(frame.index.names) else frame.copy()
    plain.attrs = dict(data.attrs)
    plain.columns = pd.Index([_name(name, data.attrs) for name in plain.columns])
    return plain


def _name(column: Any, attrs: Mapping[Any, Any]) -> Any:
    """Return the name of a column in a file; one that is a day holds what was known on it, and is named as ALFRED does."""
    return f"{attrs.get('series', 'rate')}_{column:%Y%m%d}" if isinstance(column, date) else column


def label_of(column: str, frame: pd.DataFrame) -> str:
    """Return what a column holds, in words.

    Examples
    --------
    >>> import tariffs as tf
    >>> from tariffs.export.meta import label_of
    >>> label_of("us_on_cn", tf.rates("us_on_cn"))
    'US on China, across-the-board additional duty, percent'
    """
    unit, level = str(frame.attrs.get("unit", "")), str(frame.attrs.get("agg")).partition(":")[2]
    days = f"Days at {level} percent" if unit == "days" else ""
    if days and column == "rate":
        return days
    named = re.fullmatch(r"([a-z]{2})_on_([a-z]+?)(_.*)?", column)
    if column in COLUMNS or named is None:
        return COLUMNS.get(column, column.replace("_", " "))
    importer, origin, rest = (part or "" for part in named.groups())
    known_on = re.search(r"(?<!_since)_(\d{4})(\d{2})(\d{2})$", rest)
    rest = rest[: known_on.start()] if known_on else rest
    rest = re.sub("_(lawful|refundable)(?=_since|_low|_high|$)", "", rest)
    measure = str(frame.attrs.get("measure", ""))
    title = measure_title(measure, str(frame.attrs.get("basis", ""))) if measure in MEASURE_TITLES else ""
    what = title + rest.replace(f"_{measure}", ":", 1).replace("_", " ").rstrip(":")
    where = f"{country_title(importer.upper())} on {country_title(origin.upper())}"
    seen = f"as known on {'-'.join(known_on.groups())}" if known_on else ""
    return ", ".join(filter(None, [days, where, *_unusual(frame), what, "" if days else unit, seen]))


def _unusual(frame: pd.DataFrame) -> list[str]:
    """Return in what numbers differ from those that are meant where nothing is said."""
    attrs = frame.attrs
    return [
        "lawful" if attrs.get("basis") == "lawful" else "",
        AGGREGATES.get(str(attrs.get("agg")), ""),
        f"scenario {attrs['scenario']}" if attrs.get("scenario") else "",
        "by statement" if attrs.get("known") == "stated" else "",
        f"as known on {attrs['as_of']}" if attrs.get("as_of") else "",
    ]


def stamp(frame: pd.DataFrame) -> datetime:
    """Return the time that a file bears: the day the record was checked through, so that the same data gives the same bytes."""
    return datetime.fromisoformat(str(frame.attrs.get("known_through", "2000-01-01")))


def is_formula(cell: Any) -> bool:
    """Whether a spreadsheet would take a text for a formula."""
    return isinstance(cell, str) and cell.startswith(FORMULA_STARTS)
