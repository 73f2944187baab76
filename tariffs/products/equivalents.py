"""What a duty by weight or piece comes to as a percentage of the value, taken from what was paid.

Where no quantities are known, the duty that imports paid over their value is such an equivalent, if the origin pays the general
duty. Calculated duty holds additional duties as well (those of chapter 99), so what they took is taken off; it must be one known
percentage that held all year. What cannot be had is None, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from tariffs.products.duties import AdValorem, Duty, parse_special

if TYPE_CHECKING:
    from collections.abc import Iterable

How = Literal["as printed", "own trade", "own trade, less additional duties", "trade of all that pay the general duty"]
# Of what Census publishes in whole dollars, 10,000 give a percentage to within about 0.01.
LEAST_OWN = 10_000
LEAST_POOLED = 100_000
PLACES = Decimal("0.001")
OF_CHAPTER_99 = ("as provided", "addition", "no change")

# Of 2024: origins without a preference of their own, and Japan, whose agreement covers part of the lines. The generalized system
# of preferences has lapsed, but calculated duty still follows the claims to it, so its countries are left out.
MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
OUTSIDE = "AE BD CH CN GB HK IN IS JP KW MO MY NO NZ QA SA TR TW VN"
PAYING = frozenset(("EU", *MEMBERS.split(), *OUTSIDE.split()))
# Programs for goods of any origin: civil aircraft, medicines, intermediates for dyes.
FOR_ANY_ORIGIN = frozenset({"C", "K", "L"})


@dataclass(frozen=True, slots=True)
class Paid:
    """A year's imports of a line from one origin, and what they paid.

    Attributes
    ----------
    value, duty : int
        Customs value and calculated duty [US dollars].
    additional : Decimal or None
        The duties in force on top of the general one [percent of the value], None where they are not one percentage for all of
        the goods and all of the year.
    """

    value: int
    duty: int
    additional: Decimal | None = Decimal(0)

    @property
    def percent(self) -> Decimal | None:
        """What was paid besides additional duties [percent of the value, to three decimals].

        None where they are unknown or nothing was imported; below 0 where goods were excused from them.
        """
        if self.additional is None or not self.value:
            return None
        return (100 * Decimal(self.duty) / self.value - self.additional).quantize(PLACES)


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A duty as a percentage of the value.

    Attributes
    ----------
    percent : Decimal
        [percent], to three decimals.
    how : str
        Whose trade it was read off. "own trade, less additional duties" is rather too low than too high: what was excused from
        the additional duties is not known.
    """

    percent: Decimal
    how: How


def equivalent(duty: Duty, own: Paid | None, others: Iterable[Paid] = ()) -> Equivalent | None:
    """Return the ad valorem equivalent of a general duty, for goods of one origin.

    Parameters
    ----------
    duty : Duty
        The general duty of the line.
    own : Paid or None
        The origin's own trade; None where it does not pay the general duty (`pays_general`).
    others : iterable of Paid
        The trade of origins that pay the general duty, one by one, taken together where `own` does not give it. Only those are
        used that bear no additional duty.

    Returns
    -------
    Equivalent or None
        None where neither gives one that the duty allows.

    Examples
    --------
    >>> from tariffs.products.duties import parse_duty
    >>> equivalent(parse_duty("3¢ each + 5.4%"), Paid(value=90_000, duty=27_450, additional=Decimal(25)))
    Equivalent(percent=Decimal('5.500'), how='own trade, less additional duties')
    >>> equivalent(parse_duty("1¢/kg"), None, [Paid(80_000, 360), Paid(120_000, 640)])
    Equivalent(percent=Decimal('0.500'), how='trade of all that pay the general duty')
    >>> equivalent(parse_duty("1¢/kg"), Paid(value=90_000, duty=0)) is None
    True
    """
    if duty.percent is not None:
        printed = Fraction(duty.percent)
        return Equivalent((Decimal(printed.numerator) / printed.denominator).quantize(PLACES), "as printed")
    if duty.kind in OF_CHAPTER_99:
        return None
    if own is not None and own.value >= LEAST_OWN and (percent := own.percent) is not None and allows(duty, percent):
        return Equivalent(percent, "own trade, less additional duties" if own.additional else "own trade")
    # One that paid nearly nothing was excused from the duty, and would draw the others down.
    pool = [paid for paid in others if paid.additional == 0 and (percent := paid.percent) is not None and allows(duty, percent)]
    together = Paid(sum(paid.value for paid in pool), sum(paid.duty for paid in pool))
    if together.value >= LEAST_POOLED and (percent := together.percent) is not None and allows(duty, percent):
        return Equivalent(percent, "trade of all that pay the general duty")
    return None


def allows(duty: Duty, percent: Decimal) -> bool:
    """Say whether a duty can come to a percentage of the value: above 0, and between what its percentages leave possible.

    Parts by weight or piece only add, so a compound duty is at least its percentage of the whole value; and a duty of percentages
    only, some of them on a part of the good, is at most all of them.

    Examples
    --------
    >>> from tariffs.products.duties import parse_duty
    >>> compound = parse_duty("46.3¢/kg + 14.9%")
    >>> allows(compound, Decimal("20")), allows(compound, Decimal("14.8"))
    (True, False)
    >>> allows(parse_duty("2.5% on the value of the lead content"), Decimal("2.6"))
    False
    """
    percents = [term for term in duty.terms if isinstance(term, AdValorem)]
    least = sum(Fraction(term.percent) for term in percents if not term.on)
    most = sum(Fraction(term.percent) for term in percents) if percents and len(percents) == len(duty.terms) else percent
    return percent > 0 and least <= percent <= most


def pays_general(country: str, special: str) -> bool:
    """Say whether all goods of an origin pay the general duty of a line, as far as is known.

    Parameters
    ----------
    country : str
        ISO 3166, or "EU".
    special : str
        The special column of the line as printed.

    Examples
    --------
    >>> pays_general("JP", "Free (A,AU,KR)"), pays_general("JP", "Free (A,AU,JP,KR)")
    (True, False)
    >>> pays_general("KR", "Free (A,AU,KR)")
    False
    """
    preferences = parse_special(special)
    programs = {symbol for preference in preferences for symbol in preference.programs}
    readable = all(preference.programs for preference in preferences)
    return country in PAYING and readable and programs.isdisjoint(FOR_ANY_ORIGIN | {country})
