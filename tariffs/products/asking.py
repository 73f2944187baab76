"""What a caller asks of tariff lines becomes a store, an origin's law and a code; what does not fit is refused here, once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tariffs.asking import DayLike, as_day, as_record, as_view
from tariffs.errors import CoverageError, UnknownNameError, UsageError
from tariffs.products.codes import EIGHT, dotted
from tariffs.products.converted import Converted, law_of_trade
from tariffs.products.countries import ISO
from tariffs.products.fates import Law
from tariffs.products.standing import CHAPTER_98
from tariffs.products.store import IMPORTER, MANIFEST, Store, open_store, place_of
from tariffs.vocabulary import Direction, parse_direction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from tariffs.catalog import Catalog
    from tariffs.model import Duty, View
    from tariffs.naming import Naming


@dataclass(frozen=True)
class Asked:
    """A store and a record, looked at for one origin.

    Attributes
    ----------
    store : Store
    record : Catalog
        With the direction of the origin among those that it answers for.
    direction : Direction
    view : View
    """

    store: Store
    record: Catalog
    direction: Direction
    view: View

    @property
    def duties(self) -> tuple[Duty, ...]:
        """The duties on the origin's goods beside the general one."""
        return tuple(duty for duty in self.record.bearing(self.direction) if duty.scope != "schedule")

    @property
    def law(self) -> Law:
        """The law of the origin's goods; what of it was reckoned is kept as long as the store is open."""
        found: Law = self._kept("law", lambda: Law(self.duties, self.direction, self._namings, self.view, self.first), self.view)
        return found

    @property
    def converted(self) -> Converted:
        """What general duties that are no share of the value come to for the origin's goods, kept likewise."""

        def make() -> Converted:
            law = law_of_trade(self.store, self.duties, self.direction, self._namings)
            return Converted(self.store, self.direction.origin, law)

        found: Converted = self._kept("converted", make)
        return found

    @property
    def _namings(self) -> tuple[tuple[Duty, Naming], ...]:
        return self.store.namings(self.record)

    def _kept(self, what: str, make: Callable[[], Any], *more: object) -> Any:
        # By the identity of duties: what is kept holds them, so no other duty can come to have it.
        key = (what, self.direction, *more, *map(id, self.duties))
        if key not in self.store.derived:
            self.store.derived[key] = make()
        return self.store.derived[key]

    @property
    def first(self) -> date:
        """The first day that can be answered for."""
        return max(self.record.release.lines_from or self.store.since, self.store.since)

    def day(self, value: DayLike, name: str) -> date:
        """Return a day that the store and the record answer for.

        Raises
        ------
        CoverageError
            For an earlier one.
        """
        day = as_day(value, name)
        if day < self.first:
            raise CoverageError(
                f"{name}: {day} is before {self.first}, from which the record says which tariff lines duties are on"
            )
        self.record.require_covered(day)
        return day


def ask(
    origin: str,
    store: str | Path | Store | None,
    catalog: Catalog | None,
    *,
    as_of: DayLike | None = None,
    known: str = "law",
    basis: str = "charged",
) -> Asked:
    """Return what is asked.

    Raises
    ------
    UsageError
        Where there is no store, or it is of another record.
    UnknownNameError, CoverageError
        For an origin that is no country, or not one of whose goods the record holds every duty.
    """
    record = as_record(catalog)
    direction = as_origin(origin, record)
    opened = store if isinstance(store, Store) else cached(store)
    known_ones = tuple(dict.fromkeys([*record.release.directions, direction]))
    whole = replace(record, release=replace(record.release, directions=known_ones))
    return Asked(opened, whole, direction, as_view(record, as_of, known, basis))


def as_origin(origin: str, record: Catalog) -> Direction:
    """Return the direction of an origin's goods into the United States."""
    held = record.release.origins
    if not isinstance(origin, str):
        raise UsageError(f"origin: found {origin!r}, expected a country such as CN")
    if _country(origin) == IMPORTER:
        raise UsageError(f"origin {origin}: the duties are those of the United States on goods of others")
    if (code := _country(origin)) and code not in held:
        names = ", ".join(held)
        raise CoverageError(f"origin {origin}: the record does not hold every US duty on its goods; it does for {names}")
    try:
        return parse_direction(f"us_on_{origin}", tuple(Direction(IMPORTER, code) for code in held))
    except (UnknownNameError, CoverageError):
        raise UnknownNameError("origin", origin, held) from None


def _country(text: str) -> str:
    """Return the code of a country that a text spells, or of a block; empty for any other text."""
    if text.upper() in {*ISO.values(), "EU"}:
        return text.upper()
    return {"macau": "MO", "usa": "US"}.get(text.lower(), ISO.get(text.lower(), ""))


def cached(store: str | Path | None) -> Store:
    """Open a store, once per process as long as it stays as it is."""
    folder = place_of(store)
    try:
        stamp = (folder / MANIFEST).stat().st_mtime_ns
    except OSError:
        return open_store(folder)
    return _open(str(folder), stamp)


@lru_cache(maxsize=4)
def _open(folder: str, stamp: int) -> Store:  # noqa: ARG001  # a store that was built anew has another stamp
    return open_store(folder)


def as_code(code: str, asked: Asked) -> str:
    """Return a code that the store has, with its dots: of ten digits, or of eight where the line has no suffixes.

    Raises
    ------
    UsageError
        For a code of other digits, one that lost its leading zero, or one of eight digits with several lines under it.
    UnknownNameError
        For a line that the schedule never had.
    """
    text = code if isinstance(code, str) else repr(code)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise UsageError(f"line: found the day {text}; are line and day swapped?")
    if re.fullmatch(r"[1-9][0-9]{6}(?:[0-9]{2})?", text):
        raise UsageError(f"line: found {text}, of an odd number of digits; has it lost its leading zero? did you mean '0{text}'?")
    try:
        wanted = dotted(f"{text[:4]}.{text[4:]}" if re.fullmatch(r"[0-9]{6}", text) else text)
    except ValueError as error:
        raise UsageError(f"line: {error}") from None
    if wanted >= CHAPTER_98:
        raise CoverageError(f"line: {wanted} is of chapter 98 or 99, whose goods owe what no line of their own shows")
    codes = asked.store.rows
    if wanted in codes:
        return wanted
    under = [known for known in codes if known.startswith(wanted)]
    if len(wanted) >= EIGHT and len(under) == 1:
        return under[0]
    if len(wanted) >= EIGHT - 3 and under:
        raise UsageError(
            f"line: {wanted} has {len(under)} lines under it; name one: {', '.join(under[:8])}{', …' * (len(under) > 8)}"
        )
    raise UnknownNameError("tariff line", wanted, [known for known in codes if known[:4] == wanted[:4]] or list(codes)[:5])
