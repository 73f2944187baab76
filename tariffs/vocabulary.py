"""The closed lists of words, and the spellings of a direction that are understood.

`docs/nomenclature.md` says what each word means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from tariffs.errors import CoverageError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from datetime import date

Word = TypeVar("Word", bound=str)

AUTHORITIES = ("MFN", "S122", "S201", "S232", "S301", "S338", "IEEPA", "RETALIATION", "ADCVD")
AUTHORITY_TITLES = {"IEEPA": "the emergency-powers act (IEEPA)", "S122": "Section 122", "S301": "Section 301"}
SCOPES = ("all_goods", "list", "sector", "schedule")
EVENT_KINDS = ("level", "coverage")
STATUSES = ("law", "agreed", "threat")
GRADES = ("A", "B", "C")
CHARGED_ON = ("value", "metal_content")
STANDINGS = ("in force", "scheduled", "not verified", "partial")
CONTEXT_KINDS = (
    "talks", "call", "summit", "ruling", "statement", "export_control", "investigation", "port_fees", "de_minimis", "other",
)  # fmt: skip

Known = Literal["law", "stated"]
KNOWN: tuple[Known, ...] = ("law", "stated")
Basis = Literal["charged", "lawful", "refundable"]
BASES: tuple[Basis, ...] = ("charged", "lawful", "refundable")
Measure = Literal["all_goods", "average", "covered", "stack"]
MEASURES: tuple[Measure, ...] = ("all_goods", "average", "covered", "stack")
Part = Literal["duty", "family", "authority"]
ProductPart = Literal["family", "authority", "duty", "chapter"]
PARTS: tuple[Part, ...] = ("duty", "family", "authority")
PRODUCT_PARTS: tuple[ProductPart, ...] = ("family", "authority", "duty", "chapter")
Freq = Literal["D", "B", "W", "MS", "QS", "YS", "ME", "QE", "YE"]
FREQS: tuple[Freq, ...] = ("D", "B", "W", "MS", "QS", "YS", "ME", "QE", "YE")
DAILY: tuple[Freq, ...] = ("D", "B")
Agg = Literal["avg", "eop", "bop", "max", "min"]
AGGS: tuple[Agg, ...] = ("avg", "eop", "bop", "max", "min")
DAYS_AT = "days_at"  # with a level after a colon
KINDS = ("rates", "parts", "timeline", "expected", "compare", "panels", "clocks")
PRODUCT_KINDS = ("distribution", "steps")
SvgText = Literal["path", "text"]
SVG_TEXTS: tuple[SvgText, ...] = ("path", "text")
Citation = Literal["text", "apa", "bibtex", "csl"]
CITATIONS: tuple[Citation, ...] = ("text", "apa", "bibtex", "csl")
Header = Literal["comment", "sidecar", "none"]
HEADERS: tuple[Header, ...] = ("comment", "sidecar", "none")
Sense = Literal["stated", "enacted", "effective"]
SENSES: tuple[Sense, ...] = ("stated", "enacted", "effective")
Target = Literal["latex", "typst", "quarto", "markdown"]
TARGETS: tuple[Target, ...] = ("latex", "typst", "quarto", "markdown")
Unit = Literal["percent", "fraction"]
UNITS: tuple[Unit, ...] = ("percent", "fraction")

MEASURE_TITLES: dict[str, str] = {
    "all_goods": "across-the-board additional duty",
    "average": "average statutory rate, MFN included",
    "covered": "share of trade under any additional duty",
    "stack": "sum of the duties on one kind of good",
}
BASIS_TITLES: dict[str, str] = {
    "charged": "as charged by customs",
    "lawful": "lawful: void duties taken out",
    "refundable": "refundable: void duties alone",
}
EFFECTS = ("rate", "share", "mfn")
MOVES = ("", "after the close", "no trading day", "time zone")
WEIGHT_KINDS = ("computed", "calibrated")
ZERO_WARNING = "0 = no across-the-board duty; product-list duties applied"

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_COUNTRIES = {
    "US": ("US", "usa", "united states", "america"),
    "CN": ("China", "mainland china", "prc"),
    "HK": ("Hong Kong", "hongkong"),
    "MO": ("Macau", "macao"),
    "EU": ("EU", "european union"),
    "CA": ("Canada",),
    "MX": ("Mexico",),
    "JP": ("Japan",),
    "KR": ("South Korea", "korea"),
    "IN": ("India",),
    "BR": ("Brazil",),
    "GB": ("UK", "united kingdom", "britain"),
    "ROW": ("the rest of the world", "rest of the world", "rest of world"),
}
_CODES = {name.lower(): code for code, names in _COUNTRIES.items() for name in (code, *names)}
_ADJECTIVES = {"US": "US", "CN": "Chinese", "HK": "Hong Kong", "EU": "EU", "CA": "Canadian", "MX": "Mexican", "JP": "Japanese"}


class Direction(NamedTuple):
    """Whose duties on whose goods: an importer and an origin."""

    importer: str
    origin: str

    @property
    def name(self) -> str:
        """The direction as code writes it, such as ``us_on_cn``."""
        return f"{self.importer}_on_{self.origin}".lower()

    @property
    def title(self) -> str:
        """The direction as people write it, such as "US on China"."""
        return f"{country_title(self.importer)} on {country_title(self.origin)}"


def measure_title(measure: str, basis: str) -> str:
    """Return what a number is, in words: a measure, or the refundable part of it."""
    return f"{'refundable part of the ' if basis == 'refundable' else ''}{MEASURE_TITLES[measure]}"


def long_day(day: date) -> str:
    """Return a day as sentences have it: 9 October 2026, whatever the locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def country_title(code: str) -> str:
    """Return the short name of a country or group, or its code where no name is kept."""
    return _COUNTRIES[code][0] if code in _COUNTRIES else code


def country_adjective(code: str) -> str:
    """Return the adjective of a country or group, or its short name where none is kept."""
    return _ADJECTIVES.get(code, country_title(code))


def is_country(text: str) -> bool:
    """Tell whether a text has the form of a country or group code: two capital letters."""
    return re.fullmatch(r"[A-Z]{2}", text) is not None


def parse_direction(text: str, known: tuple[Direction, ...]) -> Direction:
    """Read a direction in any accepted spelling.

    Parameters
    ----------
    text : str
        ``us_on_cn``, ``us-on-china``, ``US on China`` and the like.
    known : tuple of Direction
        The directions that the record covers.

    Raises
    ------
    UnknownNameError
        For any other text, naming the nearest direction there is.
    CoverageError
        For a direction between countries that the record does not cover.
    """
    if not isinstance(text, str):
        raise UsageError(f"found {text!r}, expected a direction such as us_on_cn")
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise UsageError(f"found the day {text} where a direction such as us_on_cn is expected; are the two swapped?")
    sides = re.split(r"[\s_-]+on[\s_-]+", text.strip().lower())
    codes = [_CODES.get(re.sub(r"[\s_-]+", " ", side), side.upper()) for side in sides]
    if len(codes) == 2 and Direction(*codes) in known:
        return Direction(*codes)
    if len(codes) == 2 and codes[1] == "ROW" and Direction(*codes) not in known:
        raise CoverageError(f"{Direction(*codes).name}: the record has no such duties; some weights have its average")
    if len(codes) == 2 and set(codes) <= set(_COUNTRIES) and codes[0] != codes[1]:
        names = ", ".join(direction.name for direction in known)
        raise CoverageError(f"the record does not cover {Direction(*codes).title}; it covers {names}")
    raise UnknownNameError("direction", text, [direction.name for direction in known])


def choose(kind: str, text: str, words: tuple[Word, ...]) -> Word:
    """Return the member of `words` that `text` spells, or raise an `UnknownNameError` that names the nearest one."""
    for word in words:
        if word == text:
            return word
    raise UnknownNameError(kind, str(text), words)
