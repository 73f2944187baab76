"""One tariff line: what the schedule says of it, and the good that the record's algebra takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tariffs.asking import as_share
from tariffs.errors import CoverageError, UsageError
from tariffs.model import Good, Source
from tariffs.naming import METALS
from tariffs.products.asking import as_code
from tariffs.products.duties import Duty as Printed
from tariffs.products.duties import parse_duty
from tariffs.products.fates import bearings
from tariffs.stacking import BEGINNING, WHOLE
from tariffs.steps import ZERO

if TYPE_CHECKING:
    from datetime import date

    from tariffs.catalog import Catalog
    from tariffs.products.asking import Asked
    from tariffs.products.fates import Fate

SCHEDULE = "https://hts.usitc.gov/"
AMERICAN = {"aluminum": "aluminium"}
GRADE = "B"  # lists as compiled, beside the official schedule


@dataclass(frozen=True)
class OneLine:
    """A line of the schedule, asked of one origin.

    Attributes
    ----------
    asked : Asked
    code : str
    given : dict of str to Decimal
        Shares of metals that the caller gave [percent].
    """

    asked: Asked
    code: str
    given: Mapping[str, Decimal]

    @cached_property
    def spans(self) -> list[dict[str, Any]]:
        """What the schedule says of it, oldest first."""
        return self.asked.store.spans(self.code)

    def span(self, day: date) -> dict[str, Any]:
        """Return what the schedule says of it on a day.

        Raises
        ------
        CoverageError
            Where it had no such line then.
        """
        for span in self.spans:
            if span["start"] <= day and (span["end"] is None or day < span["end"]):
                return span
        known = "; ".join(_days(span["start"], span["end"]) for span in self.spans) or "never"
        raise CoverageError(f"{self.code}: the schedule has no such line on {day}; it has it: {known}")

    @cached_property
    def _good_row(self) -> dict[str, Any]:
        goods = self.asked.store.table("goods")
        return {name: goods[name][self.asked.store.rows[self.code]].as_py() for name in goods.column_names}

    @cached_property
    def named(self) -> tuple[frozenset[int], frozenset[int]]:
        """The namings that name it, and those that may, of duties on this origin."""
        return self.asked.law.key(*self.asked.store.members(self._good_row["cell"]))

    @cached_property
    def listed(self) -> dict[str, Decimal]:
        """The shares of its metals that the store's list estimates [percent]."""
        return {metal: Decimal(repr(self._good_row[metal])) * 100 for metal in METALS if self._good_row[metal] is not None}

    @cached_property
    def shares(self) -> dict[str, Decimal | None]:
        """The shares of its metals: given, else listed, else None [percent]."""
        rest = ZERO if self.given else None
        return {metal: self.given.get(metal, self.listed.get(metal) if rest is None else rest) for metal in METALS}

    @cached_property
    def mfn(self) -> tuple[tuple[date, Decimal], ...]:
        """The general duty over time, where it is a share of the value [percent]; empty where it ever is not."""
        steps: list[tuple[date, Decimal]] = []
        for span in self.spans:
            percent = exact(parse_duty(span["general"])) if span["kind"] != "unknown" else None
            if percent is None:
                return ()
            steps.append((span["start"] if steps else BEGINNING, percent))
        return tuple(steps)

    @cached_property
    def fate(self) -> Fate:
        """The duties on its goods over time."""
        law = self.asked.law
        floor = law.floors(*self.named) and self.mfn
        return law.fate(*self.named, self.mfn[-1][1] if floor else None)

    def good(self, unknown: Decimal | None = None) -> Good:
        """Return the line as a kind of good, metals of unknown share taken at `unknown` [percent]."""
        span = self.spans[-1]
        namings = self.asked.law.certain(self.named[0])
        laws = dict.fromkeys(f"{duty.title}: {naming.by}" for duty, naming in namings)
        return Good(
            id=self.code,
            title=span["description"],
            about=span["description"],
            directions=(self.asked.direction,),
            lines=self.code,
            mfn=self.mfn,
            bears=bearings(
                namings, self.shares if unknown is None else {m: unknown if s is None else s for m, s in self.shares.items()}
            ),
            grade=GRADE,
            sources=(Source(f"USITC, HTS, {span['revision']}, line {self.code}", SCHEDULE), *(Source(text) for text in laws)),
        )

    def record(self, unknown: Decimal | None = None) -> Catalog:
        """Return the record with the line among its goods."""
        return replace(self.asked.record, goods={self.code: self.good(unknown)})

    @property
    def hangs(self) -> bool:
        """Whether a duty hangs on the share of a metal that is not known."""
        return any(self.shares[metal] is None for metal in self.fate.metals)


def _days(start: date, end: date | None) -> str:
    return f"from {start} on" if end is None else f"{start} to {end - timedelta(days=1)}"


def exact(duty: Printed) -> Decimal | None:
    """Return the share of the value that a printed duty takes [percent], None where it is not one."""
    percent = duty.percent
    return Decimal(percent.numerator) / percent.denominator if isinstance(percent, Fraction) else percent


def one_line(asked: Asked, code: str, metal_share: float | Mapping[str, float] | None = None) -> OneLine:
    """Return a line as it is asked for.

    Raises
    ------
    UnknownNameError, UsageError
        For a code that the store does not have, or shares of metals that are none.
    """
    line = OneLine(asked, as_code(code, asked), {})
    if metal_share is None:
        return line
    if not isinstance(metal_share, Mapping):
        if len(line.fate.metals) != 1:
            found = " and ".join(line.fate.metals) or "none"
            example = '{"steel": 30, "aluminium": 10}'
            raise UsageError(f"metal_share: {line.code} bears duties on metals: {found}; name them, as in {example}")
        metal_share = {line.fate.metals[0]: metal_share}
    given = {}
    for name, share in metal_share.items():
        metal = AMERICAN.get(name, name)
        if metal not in METALS:
            raise UsageError(f"metal_share: found {name!r}, expected one of {', '.join(METALS)}")
        given[metal] = as_share(share)
    if sum(given.values()) > WHOLE:
        raise UsageError("metal_share: the metals are more than the whole")
    return OneLine(asked, line.code, given)
