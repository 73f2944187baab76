"""The local store: a folder of Parquet files and what they were made from.

============================ ===================================================================================================
``lines.parquet``            a code over ``[start, end)``: its general duty, and how the schedule has it
``goods.parquet``            a code: its cell, and its shares of steel, aluminium and copper [fractions of value; null: unknown]
``cells.parquet``            a cell: the namings that name its goods for certain, and those that may
``trade.parquet``            a code and an origin: customs value and calculated duty of a year [US dollars]
``disagreements.parquet``    lines on which footnotes and a list disagree
``manifest.json``            what all of it was made from, with checksums
============================ ===================================================================================================
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tariffs.errors import CoverageError, Problem, RecordError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from tariffs.catalog import Catalog
    from tariffs.model import Duty
    from tariffs.naming import Naming

FORMAT = 1
FOLDER, PLACE = "tariffs-products", "TARIFFS_STORE"
MANIFEST = "manifest.json"
TABLES = ("lines", "goods", "cells", "trade", "disagreements")
IMPORTER = "US"


@dataclass(frozen=True, eq=False)
class Store:
    """A store that was opened; its tables are read when they are first asked for.

    Attributes
    ----------
    folder : Path
    manifest : dict
    tables, derived : dict
        What was read of it and made from it so far.
    """

    folder: Path
    manifest: dict[str, Any]
    tables: dict[str, pa.Table] = field(default_factory=dict, repr=False)
    derived: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False)

    def table(self, name: str) -> pa.Table:
        """Return one of its tables."""
        if name not in self.tables:
            self.tables[name] = self._read(name)
        return self.tables[name]

    def _read(self, name: str) -> pa.Table:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.folder / f"{name}.parquet"
        try:
            return pq.ParquetFile(path).read()
        except (pa.ArrowException, OSError) as error:
            message = f"cannot be read: {str(error).splitlines()[0]}; build the store again"
            raise RecordError([Problem(str(path), 0, "", message)]) from error

    @cached_property
    def rows(self) -> dict[str, int]:
        """From a code to its row in the table of goods."""
        return {code: row for row, code in enumerate(self.table("goods")["code"].to_pylist())}

    def spans(self, code: str) -> list[dict[str, Any]]:
        """Return what the schedule says of a code, oldest first."""
        # By place, not by a filter: pyarrow's compares by way of pandas, which takes longer than all the rest.
        lines = self.table("lines")
        return [lines.slice(row, 1).to_pylist()[0] for row in self._span_rows.get(code, ())]

    @cached_property
    def _span_rows(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row, code in enumerate(self.table("lines")["code"].to_pylist()):
            found.setdefault(code, []).append(row)
        return found

    def members(self, cell: int) -> tuple[frozenset[int], frozenset[int]]:
        """Return the namings that name the goods of a cell for certain, and those that may."""
        return self._members.get(cell, (frozenset(), frozenset()))

    @cached_property
    def _members(self) -> dict[int, tuple[frozenset[int], frozenset[int]]]:
        found: dict[int, tuple[set[int], set[int]]] = {}
        cells = self.table("cells")
        for cell, naming, sure in zip(*(cells[name].to_pylist() for name in ("cell", "naming", "sure")), strict=True):
            found.setdefault(cell, (set(), set()))[0 if sure else 1].add(naming)
        return {cell: (frozenset(sure), frozenset(maybe)) for cell, (sure, maybe) in found.items()}

    @cached_property
    def revisions(self) -> dict[str, date]:
        """The revisions of the schedule that it was made from, with their first days."""
        return {name: date.fromisoformat(day) for name, day in self.manifest["revisions"].items()}

    @cached_property
    def since(self) -> date:
        """The first day that it can answer for."""
        return min(self.revisions.values())

    @property
    def year(self) -> int:
        """The year of its trade."""
        return int(self.manifest["year"])

    def revision_on(self, day: date) -> str:
        """Return the schedule that was in force on a day, of those that the store has."""
        if day < self.since:
            raise CoverageError(f"{day} is before the first schedule of the store, of {self.since}")
        return max((start, at, name) for at, (name, start) in enumerate(self.revisions.items()) if start <= day)[2]

    def namings(self, record: Catalog) -> tuple[tuple[Duty, Naming], ...]:
        """Return what its cells speak of.

        Raises
        ------
        UsageError
            Where the record has other references to lines than the store was built with.
        """
        if digest_of(record) != self.manifest["namings"]:
            raise UsageError(
                f"{self.folder}: was built with other references to tariff lines than the record {record.release.version} has; "
                "build it again: tariffs products build"
            )
        found = []
        for key in self.manifest["keys"]:
            duty, _, place = key.partition("#")
            found.append((record.duties[duty], record.duties[duty].namings[int(place)]))
        return tuple(found)


def shares_note(store: Store) -> str:
    """Return where the shares of metals come from, in words."""
    others = "as the store's list estimates them by industry" if store.manifest["metal_shares"] else "not known"
    return f"of chapters 73, 74 and 76 all of their metal; of others {others}"


def digest_of(record: Catalog) -> str:
    """Return a checksum of every reference to tariff lines in a record, wherever in its files they stand."""
    namings = [(duty.id, replace(naming, file="", line=0)) for duty in naming_duties(record) for naming in duty.namings]
    text = "\n".join(f"{name} {naming!r}" for name, naming in namings)
    return hashlib.sha256(text.encode()).hexdigest()


def naming_duties(record: Catalog) -> tuple[Duty, ...]:
    """Return the duties that say which lines they are on, in order of their ids."""
    return tuple(duty for duty in record.duties.values() if duty.importer == IMPORTER and duty.namings)


def place_of(store: str | Path | None) -> Path:
    """Return the folder of a store: as named, or as the environment has it, or beside the caller."""
    return Path(store or os.environ.get(PLACE) or FOLDER)


def open_store(store: str | Path | None = None) -> Store:
    """Open a store.

    Parameters
    ----------
    store : path, optional
        Its folder; by default the one that the variable TARIFFS_STORE of the environment names, or ``tariffs-products`` here.

    Raises
    ------
    UsageError
        Where there is none, it is of another format, or pyarrow is not installed.
    """
    folder = place_of(store)
    require_pyarrow(str(folder))
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except FileNotFoundError as error:
        raise UsageError(
            f"{folder}: is no store of tariff lines; make one: tariffs products build --source DIR, or name one with --store"
        ) from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder}: its {MANIFEST} cannot be read; build the store again") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UsageError(f"{folder}: is a store of another format; build it again: tariffs products build")
    return Store(folder, manifest)


def require_pyarrow(what: str) -> None:
    """Refuse where Parquet cannot be read."""
    try:
        import pyarrow as pa  # noqa: F401  # asked for, so that its absence is told before anything is read
    except ImportError as error:
        raise UsageError(f"{what}: needs pyarrow: pip install 'tariffs[parquet]'") from error
