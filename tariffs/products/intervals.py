"""The duties on tariff lines as half-open intervals in Parquet, and one SQL query that averages them.

A store needs this library to be read; what is written here does not. A fate is what goods are charged over time with their metal
shares worked in, so goods of one fate are charged alike on every day, and a day is asked for by comparing dates.
"""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tariffs.asking import DayLike, as_record
from tariffs.errors import OutputError, UsageError
from tariffs.export.files import replace_folder, require_folder
from tariffs.export.parquet import KEY
from tariffs.products.asking import Asked, ask
from tariffs.products.charging import charges_of
from tariffs.products.grid import NEVER, Grid, Lines, lines_of
from tariffs.products.store import require_pyarrow, shares_note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa

    from tariffs.catalog import Catalog
    from tariffs.products.grid import Floats
    from tariffs.products.store import Store
    from tariffs.vocabulary import Basis, Known

QUERY = "average.sql"
SINCE, UNTIL = "First day", "First day on which it no longer holds; empty where no end is known"
LABELS = {
    "fates": {
        "importer": "Territory that levies",
        "origin": "Country whose goods bear the duties",
        "fate": "Number of the fate, of this importer and origin",
        "duty": "Duty, by id",
        "family": "Family of duties that stack alike",
        "authority": "Statute behind the duty",
        "rate": "What the duty adds, percent of customs value; empty where it is not known",
        "since": SINCE,
        "until": UNTIL,
    },
    "goods": {
        "importer": "Territory that levies",
        "origin": "Country of the goods",
        "line": "Tariff line",
        "fate": "Its fate, of this importer and origin",
        "mfn": "General duty, or what it comes to by trade, percent of customs value; empty where unknown or not in force",
        "since": SINCE,
        "until": UNTIL,
        "value": "Customs value of the year's imports from this origin, US dollars; the same in each of the line's rows",
    },
    "days": {"day": "Day on which a rate changes, and the first that is answered for"},
}
FILES = frozenset({*(f"{name}.parquet" for name in LABELS), QUERY})


def export(
    folder: str | Path,
    *,
    origins: Sequence[str] | None = None,
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
) -> Path:
    """Write the duties on every tariff line as intervals, in Parquet, for engines that know nothing of this library.

    Parameters
    ----------
    folder : path
        Is made if its parent exists; an earlier export in it is replaced.
    origins : sequence of str, optional
        Such as ``["CN", "HK"]``; by default all whose duties the record holds.
    as_of, known, basis
        As in `tariffs.series`.
    store : path or Store, optional
        As in `open_store`.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    pathlib.Path
        The folder, with ``fates.parquet`` and ``goods.parquet`` (each column with its label, intervals ``[since, until)``),
        ``days.parquet`` (the days on which a rate changes, through the last checked one) and ``average.sql``, which gives
        `average` by family from the three. The same store and record give the same bytes.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError
    OutputError
        Where the folder has other files in it, or cannot be written; what stood there is then as it was.
    """
    require_pyarrow(str(folder))
    target = require_folder(folder)
    if target.exists() and (others := sorted({path.name for path in target.iterdir()} - FILES)):
        raise OutputError(f"{folder}: has {others[0]} in it; expected an earlier export, or a folder yet to be made")
    asked = _asked(origins, store, catalog, {"as_of": as_of, "known": known, "basis": basis})
    files = {f"{name}.parquet": _bytes(table) for name, table in _tables(asked, known).items()}
    files[QUERY] = Path(__file__).with_name(QUERY).read_bytes()
    try:
        replace_folder(target, files)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return Path(folder)


def _asked(
    origins: Sequence[str] | None, store: str | Path | Store | None, catalog: Catalog | None, how: dict[str, Any]
) -> list[Asked]:
    names = as_record(catalog).release.origins if origins is None else [origins] if isinstance(origins, str) else origins
    found = [ask(name, store, catalog, **how) for name in names]
    if not found:
        raise UsageError("origins: is empty; expected at least one, such as CN")
    by_origin = {asked.direction.origin: asked for asked in found}
    return [by_origin[name] for name in sorted(by_origin)]


def _tables(origins: list[Asked], known: str) -> dict[str, pa.Table]:
    lines = lines_of(origins[0].store)
    order = np.argsort(lines.codes, kind="stable")
    codes = lines.codes[order].tolist()
    first, final = origins[0].first, origins[0].record.release.known_through
    rows: dict[str, list[tuple[Any, ...]]] = {"fates": [], "goods": []}
    for asked in origins:
        pair = (asked.direction.importer, asked.direction.origin)
        grid = Grid(lines, asked.law, order, asked.converted)
        fates, fate_of = charges_of(grid, asked.first)
        equivalents = np.empty(len(order))
        equivalents[order] = grid.equivalents
        percents = np.where(lines.span_irregular, equivalents[lines.span_of], lines.span_percent)
        value = _trade(asked, lines)[order].tolist()
        rows["fates"] += [
            (*pair, number, one.duty, one.family, one.authority, one.rate, one.since, one.until)
            for number, charges in enumerate(fates)
            for one in charges
        ]
        rows["goods"] += [
            (*pair, codes[place], fate_of[place], mfn, since, until, value[place])
            for place, mfn, since, until in _spans(lines, order, first, percents)
        ]
    starts = {row[list(LABELS[name]).index("since")] for name, some in rows.items() for row in some}
    rows["days"] = [(day,) for day in sorted({first, *starts}) if day <= final]
    facts = json.dumps(_facts(origins[0], known), ensure_ascii=False, sort_keys=True).encode()
    return {name: _table(LABELS[name], some, facts) for name, some in rows.items()}


def _table(labels: dict[str, str], rows: list[tuple[Any, ...]], facts: bytes) -> pa.Table:
    import pyarrow as pa

    kinds = {
        "fate": pa.int32(), "rate": pa.float64(), "mfn": pa.float64(), "value": pa.float64(),
        "since": pa.date32(), "until": pa.date32(), "day": pa.date32(),
    }  # fmt: skip
    fields = [pa.field(name, kinds.get(name, pa.string()), metadata={b"label": label.encode()}) for name, label in labels.items()]
    columns = zip(*rows, strict=True) if rows else [()] * len(fields)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, fields, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata={KEY: facts}))


def _spans(
    lines: Lines, order: Iterable[int], first: date, percents: Floats
) -> list[tuple[int, float | None, date, date | None]]:
    """Return each code's general duty over time as ``(place, mfn, since, until)``, from the first day on and without a gap."""
    of_code: dict[int, list[tuple[int, int, float]]] = {}
    spans = (lines.span_of, lines.span_start, lines.span_end, percents)
    for code, start, end, percent in zip(*(array.tolist() for array in spans), strict=True):
        of_code.setdefault(code, []).append((start, end, percent))
    found = []
    for place, code in enumerate(order):
        steps = list(_steps(sorted(of_code.get(code, [])), first.toordinal()))
        starts = [start for at, (start, mfn) in enumerate(steps) if at == 0 or mfn != steps[at - 1][1]]
        levels = dict(steps)
        for start, end in zip(starts, [*starts[1:], NEVER], strict=True):
            found.append((place, levels[start], date.fromordinal(start), None if end == NEVER else date.fromordinal(end)))
    return found


def _steps(spans: list[tuple[int, int, float]], first: int) -> Iterator[tuple[int, float | None]]:
    """Yield the days from `first` on with the general duty that begins on them, None where there is none that is known."""
    at = first
    for start, end, percent in spans:
        if end > at:
            if start > at:
                yield at, None
            yield max(start, at), None if np.isnan(percent) else percent
            at = end
    if at < NEVER:
        yield at, None


def _trade(asked: Asked, lines: Lines) -> Floats:
    """Return a year's imports of every code from the origin [US dollars]."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trade = asked.store.table("trade")
    own = trade.filter(pc.equal(trade["origin"], asked.direction.origin))
    value = np.zeros(len(lines.codes))
    value[pc.index_in(own["code"], value_set=pa.array(lines.codes.tolist())).to_numpy()] = own["value"].to_numpy()
    return value


def _facts(asked: Asked, known: str) -> dict[str, str | None]:
    store, release, view = asked.store, asked.record.release, asked.view
    return {
        "unit": "percent of customs value",
        "since": asked.first.isoformat(),
        "known_through": release.known_through.isoformat(),
        "basis": view.basis,
        "known": known,
        "as_of": view.as_of.isoformat() if view.as_of else None,
        "weights": f"us-imports-{store.year}",
        "metal_shares": shares_note(store),
        "schedules": f"{min(store.revisions, key=store.revisions.__getitem__)} to {store.revision_on(date.max)}",
        "data_version": release.version,
        "source": asked.record.source_line,
    }


def _bytes(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", row_group_size=1 << 20)
    return buffer.getvalue()
