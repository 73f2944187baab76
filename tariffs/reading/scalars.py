"""Words become values: each parser returns a value, or raises a `ValueError` that says what was expected."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from tariffs.model import Undated

MAX_RATE = Decimal(1000)
MOST_SHOWN = 60
DAY_FORM = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def parse_date(text: str) -> date:
    """Read an ISO date.

    Examples
    --------
    >>> parse_date("2025-04-09")
    datetime.date(2025, 4, 9)
    """
    if not re.fullmatch(DAY_FORM, text):
        raise ValueError(f"found {shown(text)}, expected a date as YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"found {shown(text)}, which is not a day of the calendar") from None


def meant(text: str) -> str:
    """Return the end of a message that guesses the day from another way of writing it, where there is only one."""
    parts = re.split(r"[-/.]", text.strip())
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return ""
    numbers = [int(part) for part in parts]
    year, month, day = numbers if len(parts[0]) == 4 else numbers[::-1]
    if len(parts[0]) != 4 and (len(parts[2]) != 4 or ("/" in text and day <= 12)):
        return ""  # 4/5/2025 is two days, depending on who writes it
    try:
        return f"; did you mean {date(year, month, day)}?"
    except ValueError:
        return ""


def parse_day(text: str, words: tuple[Undated, ...]) -> date | Undated:
    """Read an ISO date or one of the words that may stand in its place."""
    if text in words:
        return Undated(text)
    if not re.fullmatch(DAY_FORM, text):
        raise ValueError(f"found {shown(text)}, expected a date as YYYY-MM-DD or {' or '.join(words)}")
    return parse_date(text)


def parse_stated(text: str) -> tuple[date | Undated, datetime | None]:
    """Read a day, or a moment with its offset; return the calendar day of the place it was stated in, and the moment."""
    if "T" not in text:
        return parse_day(text, (Undated.UNKNOWN,)), None
    try:
        moment = parse_moment(text)
    except ValueError:
        refusal = f"found {shown(text)}, expected a date, a moment as YYYY-MM-DDThh:mm-04:00, or unknown"
        raise ValueError(refusal) from None
    return moment.date(), moment


def parse_moment(text: str) -> datetime:
    """Read a moment with its offset.

    Examples
    --------
    >>> parse_moment("2025-04-02T16:00-04:00").isoformat()
    '2025-04-02T16:00:00-04:00'
    """
    refusal = f"found {shown(text)}, expected a moment as YYYY-MM-DDThh:mm-04:00"
    if not re.fullmatch(DAY_FORM + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})", text):
        raise ValueError(refusal)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(refusal) from None


def parse_rate(text: str) -> Decimal:
    """Read a level in percent; the sign is required, so that 0.25 and 25 can never be confused.

    Examples
    --------
    >>> parse_rate("7.5%")
    Decimal('7.5')
    """
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?%", text):
        if re.fullmatch(r"-\s*[0-9]+(\.[0-9]+)?\s*%?", text):
            raise ValueError(f"found {shown(text)}, expected a level of 0% or more")
        # No hint under 1: 0.25 may be a quarter of a percent or a quarter, and only the writer knows.
        hint = f"; did you mean '{text}%'?" if re.fullmatch(r"[1-9][0-9]{0,2}(\.[0-9]+)?", text) else ""
        raise ValueError(f"found {shown(text)}, expected a level with its percent sign such as 34%, or unknown{hint}")
    rate = Decimal(text[:-1])
    if rate > MAX_RATE:
        raise ValueError(f"found {shown(text)}, expected at most {MAX_RATE}%")
    return rate


def parse_time(text: str) -> str:
    """Read a time of day, local to the importing territory."""
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError(f"found {shown(text)}, expected a time of day as hh:mm")
    return text


def parse_slug(text: str) -> str:
    """Read a name of small letters, digits and hyphens."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise ValueError(f"found {shown(text)}, expected small letters, digits and hyphens")
    return text


def parse_url(text: str) -> str:
    """Read a web address."""
    if not re.fullmatch(r"https?://[^\s/.]+(\.[^\s/.]+)+(/\S*)?", text):
        raise ValueError(f"found {shown(text)}, expected an address that begins with https://")
    return text


def shown(text: str) -> str:
    """Return a text in quotes, cut where it is long, for a message."""
    return repr(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…")


def plain(value: Decimal) -> str:
    """Return a level as people write it: 145, 7.5, 0.

    Examples
    --------
    >>> plain(Decimal("145.0")), plain(Decimal("12.5"))
    ('145', '12.5')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
