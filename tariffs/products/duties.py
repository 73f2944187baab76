"""The duties that a schedule prints, as terms with their units; what is not regular stays unknown and keeps its text.

Nothing is rounded: amounts are decimals as printed, and the one thing that is no decimal, 33 1/3 percent, is a fraction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

Kind = Literal[
    "free", "ad valorem", "specific", "compound", "sliding", "as provided", "addition", "no change", "reference", "unknown"
]
KINDS: tuple[Kind, ...] = (
    "free", "ad valorem", "specific", "compound", "sliding", "as provided", "addition", "no change", "reference", "unknown",
)  # fmt: skip
ALONE: tuple[Kind, ...] = ("free", "ad valorem", "specific", "compound", "sliding")


@dataclass(frozen=True, slots=True)
class AdValorem:
    """A percentage of a value.

    Attributes
    ----------
    percent : Decimal or Fraction
        [percent]
    on : str
        Of which value, where it is not the customs value of the good: "the case", "the value of the copper content".
    """

    percent: Decimal | Fraction
    on: str = ""


@dataclass(frozen=True, slots=True)
class Specific:
    """An amount of money per unit.

    Attributes
    ----------
    amount : Decimal
        As printed, in `currency`.
    currency : {"cents", "dollars"}
    per : str
        The unit: "kg", "m2", "1000 pins"; "each" for a piece.
    on : str
        Of what the units are counted, where it is not the good: "drained weight", "lead content", "jewels over 7".
    """

    amount: Decimal
    currency: Literal["cents", "dollars"]
    per: str
    on: str = ""

    @property
    def dollars(self) -> Decimal:
        """The amount [US dollars per unit]."""
        return self.amount.scaleb(-2) if self.currency == "cents" else self.amount


@dataclass(frozen=True, slots=True)
class Sliding:
    """An amount that falls with each degree under a mark, down to a least amount: raw sugar by its polarization.

    Attributes
    ----------
    less : Specific
        Taken off for each degree under `degrees`, and in proportion for parts of one.
    """

    amount: Specific
    less: Specific
    degrees: Decimal
    at_least: Specific


Term = AdValorem | Specific | Sliding


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty as a schedule prints it.

    Attributes
    ----------
    text : str
        As printed.
    kind : str
        One of `KINDS`. "as provided" is the duty of the good's own subheading, "addition" that duty and `terms`; "no change" is
        what chapter 99 prints in a column that it leaves alone; "reference" is the rate of something else, named in `base`.
    terms : tuple of AdValorem, Specific or Sliding
        They add up.
    base : str
        Whose duty it is, or to whose duty the terms are added.
    """

    text: str
    kind: Kind
    terms: tuple[Term, ...] = ()
    base: str = ""

    @property
    def stands_alone(self) -> bool:
        """Whether value and quantity suffice to compute it."""
        return self.kind in ALONE

    @property
    def percent(self) -> Decimal | Fraction | None:
        """The share of the customs value that it takes [percent], None where it is not one share of the whole value."""
        if self.kind == "free":
            return Decimal(0)
        if self.kind == "ad valorem" and isinstance(term := self.terms[0], AdValorem) and not term.on:
            return term.percent
        return None


@dataclass(frozen=True, slots=True)
class Preference:
    """A duty of the special column and the programs that it is for, by their symbols: ``A``, ``KR``, ``S+``."""

    programs: tuple[str, ...]
    duty: Duty


NUMBER = r"(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|\.[0-9]+)"
UNITS = (
    "1,000 pins", "1000 pins", "1,000", "1000", "pf. liter", "pf.liter", "liter", "clean kg", "kg", "lin. m", "m2", "m3", "m",
    "bbl", "gross", "doz.", "pr.", "head", "jewel", "article", "pack", "thousand", "line/gross", "line/ gross", "g", "t",
)  # fmt: skip
CONTENT = r"[A-Za-z][A-Za-z ,.\-]*"
PERCENT = re.compile(
    rf"(?P<whole>{NUMBER})(?: (?P<over>[0-9]+)/(?P<under>[1-9][0-9]*))? ?(?:%|percent)(?: (?:on|of) (?P<on>{CONTENT}))?"
)
UNIT = "|".join(re.escape(unit) for unit in UNITS)


def _amount(which: str = "") -> str:
    money = rf"(?:\$(?P<dollars{which}>{NUMBER})|(?P<cents{which}>{NUMBER}) ?¢)"
    return rf"{money}(?: ?/ ?(?P<per{which}>{UNIT})| each)"


SPECIFIC = re.compile(
    _amount() + rf"(?: ?(?:on|of) (?P<on>{CONTENT})|, (?P<including>including {CONTENT})| (?P<over>over [0-9]+))?"
)
SLIDING = re.compile(
    _amount()
    + " less "
    + _amount("_less")
    + rf" for each degree under (?P<degrees>{NUMBER}) degrees \(and fractions of a degree in proportion\) but not less(?: than)? "
    + _amount("_least")
)
# "a duty of 25% upon the value of the steel content": the one way in which chapter 99 names another base.
UPON = re.compile(rf"a duty of (?P<rate>{NUMBER} ?%)(?: upon (?P<on>{CONTENT}))?")
PROVIDED = re.compile(
    r"The duty provided (?:for )?in ?(?P<base>the applicable subheading|subheadings? [0-9][0-9., or]*[0-9])"
    r"(?: ?(?:\+|plus) ?(?P<rest>.+))?"
)
REFERENCE = re.compile(r"The (?:rate of duty|duty rate|rate) (?:applicable|provided),? (?P<base>[^%¢$]+)")
REFER = re.compile(r"See (?P<base>9[89][0-9]{2}\.[0-9., \-and]*[0-9])")
SYMBOL = r"[A-Z]{1,2}[+*]?"
PROGRAMS = re.compile(rf"\((?P<symbols>{SYMBOL}(?: ?, ?{SYMBOL})*)\)")
TAG = re.compile(r"<[^>]*>")


def cleaned(text: str) -> str:
    """Return a text without markup and line breaks.

    Examples
    --------
    >>> cleaned("18.7¢/m<sup>2</sup>")
    '18.7¢/m2'
    """
    if "<" in text:
        text = TAG.sub("", text)
    return " ".join(text.replace("²", "2").replace("³", "3").split())


def mended(text: str) -> str:
    """Return the text of a duty, cleaned, without the hyphens of former line breaks.

    Descriptions are left alone: theirs may belong there ("gold- or silver-plated").

    Examples
    --------
    >>> mended("$2.50/thou- sand + 40%")
    '$2.50/thousand + 40%'
    """
    return re.sub(r"(?<=[a-z])- (?=[a-z])", "", cleaned(text))


@cache
def parse_duty(text: str) -> Duty:
    """Read a duty of the general or the other column.

    Examples
    --------
    >>> parse_duty("46.3¢/kg + 14.9%").terms
    (Specific(amount=Decimal('46.3'), currency='cents', per='kg', on=''), AdValorem(percent=Decimal('14.9'), on=''))
    >>> parse_duty("The duty provided in the applicable subheading + 25%").kind
    'addition'
    >>> parse_duty("See additional U.S. note 1").kind
    'unknown'
    """
    plain = mended(text).rstrip(" /")
    if plain.endswith(".") and not plain.endswith(UNITS):
        plain = plain[:-1]
    lower = plain.lower()
    if lower == "free":
        return Duty(text, "free")
    if lower == "no change":
        return Duty(text, "no change")
    if provided := PROVIDED.fullmatch(plain):
        return _provided(text, provided)
    if sliding := SLIDING.fullmatch(plain):
        term = Sliding(_money(sliding), _money(sliding, "_less"), _decimal(sliding["degrees"]), _money(sliding, "_least"))
        return Duty(text, "sliding", (term,))
    if terms := _terms(plain):
        return Duty(text, _kind(terms), terms)
    if reference := REFERENCE.fullmatch(plain) or REFER.fullmatch(plain):
        return Duty(text, "reference", base=reference["base"])
    return Duty(text, "unknown")


@cache
def parse_special(text: str) -> tuple[Preference, ...]:
    """Read the special column: duties, each with the programs in parentheses behind it.

    Where no program stands behind a duty, or its list is misprinted, `programs` is empty.

    Examples
    --------
    >>> [(duty.programs, duty.duty.text) for duty in parse_special("Free (A,AU) 3.2% (JP)")]
    [(('A', 'AU'), 'Free'), (('JP',), '3.2%')]
    """
    plain = mended(text)
    found, begin = [], 0
    for match in PROGRAMS.finditer(plain):
        symbols = tuple(symbol.strip() for symbol in match["symbols"].split(","))
        found.append(Preference(symbols, parse_duty(plain[begin : match.start()].strip())))
        begin = match.end()
    rest = plain[begin:].strip()
    return (*found, Preference((), parse_duty(rest))) if rest else tuple(found)


def _provided(text: str, match: re.Match[str]) -> Duty:
    if match["rest"] is None:
        return Duty(text, "as provided", base=match["base"])
    if upon := UPON.fullmatch(match["rest"]):
        terms: tuple[Term, ...] = (AdValorem(_decimal(upon["rate"].rstrip("% ")), upon["on"] or ""),)
    else:
        terms = _terms(match["rest"])
    return Duty(text, "addition", terms, match["base"]) if terms else Duty(text, "unknown")


def _terms(text: str) -> tuple[Term, ...]:
    terms: list[Term] = []
    for part in re.split(r" ?\+ ?", text):
        if match := PERCENT.fullmatch(part):
            terms.append(_percent(match))
        elif match := SPECIFIC.fullmatch(part):
            terms.append(_money(match))
        else:
            return ()
    return tuple(terms)


def _kind(terms: tuple[Term, ...]) -> Kind:
    if len(terms) > 1:
        return "compound"
    return "ad valorem" if isinstance(terms[0], AdValorem) else "specific"


def _percent(match: re.Match[str]) -> AdValorem:
    percent: Decimal | Fraction = _decimal(match["whole"])
    if match["over"]:
        percent = Fraction(percent) + Fraction(int(match["over"]), int(match["under"]))
    return AdValorem(percent, match["on"] or "")


def _money(match: re.Match[str], which: str = "") -> Specific:
    dollars, cents, per = match[f"dollars{which}"], match[f"cents{which}"], match[f"per{which}"]
    on = "" if match.re is SLIDING else match["on"] or match["including"] or match["over"] or ""
    unit = (per or "each").replace(",", "").replace("/ ", "/").replace("pf.liter", "pf. liter")
    return Specific(_decimal(dollars or cents), "dollars" if dollars else "cents", unit, on)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
