"""Measure what the duties on tariff lines take as intervals, and reckon from it what every importer, origin and line would.

The store is one that `tariffs products build` made: ``python -m scripts.size_products STORE``. One pair, the United States and
China, is measured as it is. The world is made of copies of it under other names, each with as many lines as HS6 has and with its
trade in another order. Nothing of it is kept.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tariffs import products
from tariffs.products.intervals import LABELS, QUERY

if TYPE_CHECKING:
    from collections.abc import Iterator

IMPORTERS, ORIGINS = 200, 230
HS6, NATIONAL = 5_600, 10_000
YEARS, YEAR = 10, 365
COPIES = (100, 1_000, 4_000)
RUNS = 5
TOGETHER = 100  # pairs in a row group
DENSE = """
SELECT g.importer, g.origin, g.line, d.day, ANY_VALUE(g.mfn) AS mfn, SUM(f.rate) AS additional, ANY_VALUE(g.value) AS value
FROM (SELECT CAST(unnest(range(DATE '{first}', DATE '{final}' + 1, INTERVAL 1 DAY)) AS DATE) AS day) d
JOIN goods g ON g.since <= d.day AND (g.until IS NULL OR d.day < g.until)
LEFT JOIN fates f ON f.fate = g.fate AND f.since <= d.day AND (f.until IS NULL OR d.day < f.until)
GROUP BY ALL ORDER BY ALL
"""


def megabytes(path: Path) -> float:
    """Return the size of a file [MB]."""
    return path.stat().st_size / 1e6


def opened(folder: Path, days: str = "") -> duckdb.DuckDBPyConnection:
    """Return an engine that reads the files where they lie; `days` asks for other days than the folder's."""
    engine = duckdb.connect()
    for name in LABELS:
        source = days if days and name == "days" else f"SELECT * FROM '{folder / name}.parquet'"
        engine.execute(f"CREATE VIEW {name} AS {source}")
    return engine


def number(engine: duckdb.DuckDBPyConnection, query: str) -> Any:
    """Return the one value that a query gives."""
    row = engine.execute(query).fetchone()
    return row[0] if row else None


def seconds(folder: Path, days: str = "", query: str = "") -> float:
    """Return how long a query takes, by default the average, from the files on [s, median]."""
    text = query or (folder / QUERY).read_text("utf-8")
    found = []
    for _ in range(RUNS):
        with opened(folder, days) as engine:
            begin = time.perf_counter()
            engine.execute(text).fetchall()
            found.append(time.perf_counter() - begin)
    return statistics.median(found)


def write_copies(one: Path, folder: Path, copies: int, lines: int) -> None:
    """Write so many copies of one pair, with so many of its lines, evenly picked."""
    folder.mkdir()
    goods = pq.read_table(one / "goods.parquet")
    goods = goods.take(np.linspace(0, goods.num_rows - 1, lines).astype(int))
    fates = pq.read_table(one / "fates.parquet")
    fates = fates.filter(np.isin(fates["fate"].to_numpy(), goods["fate"].to_numpy()))
    for name, table in (("goods", goods), ("fates", fates)):
        with pq.ParquetWriter(folder / f"{name}.parquet", table.schema, compression="zstd") as writer:
            for first in range(0, copies, TOGETHER):
                writer.write_table(pa.concat_tables(_named(table, range(first, min(first + TOGETHER, copies)))))
    for name in ("days.parquet", QUERY):
        (folder / name).write_bytes((one / name).read_bytes())


def _named(table: pa.Table, pairs: range) -> Iterator[pa.Table]:
    for pair in pairs:
        columns = dict(zip(table.column_names, table.columns, strict=True))
        columns["importer"] = pa.array([f"{pair // ORIGINS:03}"] * table.num_rows)
        columns["origin"] = pa.array([f"{pair % ORIGINS:03}"] * table.num_rows)
        if "value" in columns:
            columns["value"] = pa.array(np.random.default_rng(pair).permutation(columns["value"].to_numpy()))
        yield pa.table(columns, schema=table.schema)


def measure(store: products.Store, beside: Path) -> tuple[Path, dict[str, Any]]:
    """Export one pair and print what it takes, as intervals and as a table of days."""
    begin = time.perf_counter()
    one = products.export(beside / "one", store=store, origins=["CN"])
    took = time.perf_counter() - begin
    dense = beside / "dense.parquet"
    with opened(one) as engine:
        found = {name: number(engine, f"SELECT COUNT(*) FROM {name}") for name in LABELS}
        found["lines"] = number(engine, "SELECT COUNT(DISTINCT line) FROM goods")
        found["first"], found["last"] = (number(engine, f"SELECT {which}(day) FROM days") for which in ("MIN", "MAX"))
        traded = number(engine, "SELECT COUNT(DISTINCT line) FROM goods WHERE value > 0")
        fates = number(engine, "SELECT COUNT(DISTINCT fate) FROM goods")
        select = DENSE.format(first=found["first"], final=found["last"])
        engine.execute(f"COPY ({select}) TO '{dense}' (FORMAT parquet, COMPRESSION zstd)")
        rows = number(engine, f"SELECT COUNT(*) FROM '{dense}'")
    sizes = {name: megabytes(one / f"{name}.parquet") for name in ("goods", "fates")}
    found["bytes"] = {name: sizes[name] * 1e6 / found[name] for name in sizes}
    total = f"SELECT day, SUM((mfn + additional) * value) / SUM(value) FROM '{dense}' GROUP BY day"
    print(f"one pair (US on China), {found['first']} to {found['last']}, written in {took:.1f} s")
    print(f"{found['lines']:,} lines, {traded:,} of them traded; {found['days']} days with a change")
    print(f"goods: {found['goods']:,} intervals, {sizes['goods']:.3f} MB, {found['bytes']['goods']:.1f} bytes each")
    print(f"fates: {fates:,} in {found['fates']:,} intervals, {sizes['fates']:.3f} MB, {found['bytes']['fates']:.1f} bytes each")
    print(f"average by family, all changes: {seconds(one):.3f} s")
    print(f"a table of days of it, sums alone: {rows:,} rows, {megabytes(dense):.1f} MB, {seconds(one, query=total):.3f} s\n")
    return one, found


def main() -> None:
    """Print what is measured and what is reckoned from it."""
    store = products.open_store(sys.argv[1] if len(sys.argv) > 1 else None)
    with tempfile.TemporaryDirectory() as beside:
        one, found = measure(store, Path(beside))
        print(f"copies of it with {HS6:,} lines; s a query, median of {RUNS}")
        print(f"{'pairs':>6} {'goods rows':>12} {'fates rows':>12} {'MB':>8} {'all changes':>12} {'one day':>9}")
        for copies in COPIES:
            folder = Path(beside) / f"copies-{copies}"
            write_copies(one, folder, copies, HS6)
            with opened(folder) as engine:
                of = {name: number(engine, f"SELECT COUNT(*) FROM {name}") for name in ("goods", "fates")}
            size = sum(megabytes(folder / f"{name}.parquet") for name in of)
            times = seconds(folder), seconds(folder, f"SELECT DATE '{found['last']}' AS day")
            print(
                f"{copies:>6,} {of['goods']:>12,} {of['fates']:>12,} {size:>8.1f} {times[0]:>12.2f} {times[1]:>9.2f}", flush=True
            )
    pairs, each = IMPORTERS * ORIGINS, found["bytes"]
    scale = pairs / COPIES[-1]
    days = (found["last"] - found["first"]).days + 1
    print(f"\nthe world: {IMPORTERS} importers x {ORIGINS} origins = {pairs:,} pairs, {days} days")
    print(f"{'':<32} {'goods rows':>16} {'fates rows':>14} {'GB at most':>10} {'rows by days':>20}")
    fates = round(of["fates"] * scale), found["fates"] * pairs
    row("HS6", pairs * HS6, fates[0], each, pairs * HS6 * days)
    row("national lines", pairs * NATIONAL, fates[1], each, pairs * NATIONAL * days)
    row(f"HS6, MFN new each of {YEARS} years", pairs * HS6 * YEARS, YEARS * fates[0], each, pairs * HS6 * YEARS * YEAR)
    print(f"as the copies compress, HS6: {size * scale / 1e3:.1f} GB")
    whole = [time * scale for time in times]
    print(f"the query: {whole[0]:,.0f} s all changes, {whole[1]:,.0f} s one day; of that one importer is 1 / {IMPORTERS}")


def row(name: str, goods: int, fates: int, each: dict[str, float], days: int) -> None:
    """Print one line of the world."""
    most = (goods * each["goods"] + fates * each["fates"]) / 1e9
    print(f"{name:<32} {goods:>16,} {fates:>14,} {most:>10.1f} {days:>20,}")


if __name__ == "__main__":
    main()
