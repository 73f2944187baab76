"""What the duties of an origin by weight or piece come to in percent, from the trade of a store.

The additional duties of the year of trade are reckoned from the record, and only where they were one number throughout it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from tariffs.model import View
from tariffs.products.duties import parse_duty
from tariffs.products.equivalents import Equivalent, Paid, equivalent, pays_general
from tariffs.products.fates import Law
from tariffs.steps import value_on

if TYPE_CHECKING:
    from tariffs.model import Duty
    from tariffs.naming import Naming
    from tariffs.products.store import Store
    from tariffs.vocabulary import Direction

LISTED = "CN"  # its goods bear Section 301, and are no measure of the general duty of others
CHAPTERS_OF_QUOTAS = ("72", "73", "76")  # of Section 232, under quotas for some origins


def law_of_trade(store: Store, duties: tuple[Duty, ...], direction: Direction, namings: tuple[tuple[Duty, Naming], ...]) -> Law:
    """Return the law under which a store's trade was entered, as it was charged."""
    return Law(duties, direction, namings, View(), date(store.year, 1, 1))


class Converted:
    """The equivalents for one origin.

    Parameters
    ----------
    store : Store
    origin : str
    law : Law
        The duties on the origin's goods, at least from the first day of the year of trade on, as `law_of_trade` gives it.
    """

    def __init__(self, store: Store, origin: str, law: Law) -> None:
        self.store, self.origin, self.law = store, origin, law
        self.first, self.last = date(store.year, 1, 1), date(store.year, 12, 31)
        self.found: dict[str, Equivalent | None] = {}

    def of(self, code: str) -> Equivalent | None:
        """Return the equivalent of a code's first general duty since the year of trade, None where it is not to be had."""
        if code not in self.found:
            self.found[code] = self._found(code)
        return self.found[code]

    def _found(self, code: str) -> Equivalent | None:
        line = irregular(self.store).get(code)
        if line is None:
            return None
        traded = _traded(self.store).get(code, {})
        own = None
        if self.origin in traded and pays_general(self.origin, line["special"]):
            value, duty = traded[self.origin]
            own = Paid(value, duty, self._additional(code))
        free = not (line["quota"] or code.startswith(CHAPTERS_OF_QUOTAS))
        others = (
            Paid(value, duty, Decimal(0) if free else None)
            for country, (value, duty) in traded.items()
            if country not in (self.origin, LISTED) and pays_general(country, line["special"])
        )
        return equivalent(parse_duty(line["general"]), own, others)

    def _additional(self, code: str) -> Decimal | None:
        """Return the duties on top of the general one in the year of trade, where they were one number all through it."""
        cell = self.store.table("goods")["cell"][self.store.rows[code]].as_py()
        fate = self.law.fate(*self.law.key(*self.store.members(cell)), None)
        paths = (*fate.totals(), *(total for one in fate.possible for total in one.totals))
        ends = {value_on(path, self.first) for path in paths}
        moved = any(self.first < day <= self.last for path in paths for day, _ in path)
        return ends.pop() if len(ends) == 1 and not moved else None


@cache
def irregular(store: Store) -> dict[str, dict[str, Any]]:
    """Return the first span of every code whose general duty is known and is no percentage."""
    import pyarrow.compute as pc

    lines = store.table("lines")
    known = pc.and_(pc.is_null(lines["percent"]), pc.not_equal(lines["kind"], "unknown"))
    names = ["code", "start", "general", "special", "quota"]
    found: dict[str, dict[str, Any]] = {}
    for row in lines.select(names).filter(known).sort_by("start").to_pylist():
        found.setdefault(row["code"], row)
    return found


@cache
def _traded(store: Store) -> dict[str, dict[str, tuple[int, int]]]:
    """Return the trade of these codes by origin: customs value and calculated duty [US dollars]."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trade = store.table("trade")
    wanted = trade.filter(pc.is_in(trade["code"], pa.array(sorted(irregular(store)), pa.string())))
    found: dict[str, dict[str, tuple[int, int]]] = {}
    columns = (wanted[name].to_pylist() for name in ("code", "origin", "value", "duty"))
    for code, origin, value, duty in zip(*columns, strict=True):
        found.setdefault(code, {})[origin] = value, duty
    return found
