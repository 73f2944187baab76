"""Archives of the schedule, lists and trade become one store, in one run that can be resumed.

The store is made beside its place and moved there when it is whole; until then the old one stays as it was. Revisions that were
read before an interruption are kept beside it for the next run, known by the checksums of their archives.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tariffs.asking import as_record
from tariffs.errors import OutputError, Problem, RecordError, UsageError
from tariffs.export.files import require_folder
from tariffs.naming import METALS
from tariffs.products import store as tables
from tariffs.products.concordance import FILE as CONCORDANCE
from tariffs.products.concordance import in_order, read_concordance
from tariffs.products.countries import CODES, PARTNERS
from tariffs.products.duties import parse_duty
from tariffs.products.history import Row, join, read_dates, rows_of
from tariffs.products.listing import Lists
from tariffs.products.metals import SHARES, read_shares, share_of
from tariffs.products.named import Disagreement, name_lines
from tariffs.products.schedule import FOLDER as ARCHIVES
from tariffs.products.schedule import read_schedule
from tariffs.products.standing import Standing
from tariffs.products.trade import FOLDER as TRADE
from tariffs.products.trade import read_trade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tariffs.catalog import Catalog
    from tariffs.products.standing import Names

LISTS = "lists"
ARCHIVE = "hts_{name}.json.gz"
TRADE_FILES = (".parquet", ".json", ".gz")
PARTIAL, KEPT = ".partial", "revisions"


def build(
    source: str | Path,
    store: str | Path | None = None,
    *,
    year: int = 2024,
    catalog: Catalog | None = None,
    tell: Callable[[str], object] | None = None,
) -> tables.Store:
    """Make a store of tariff lines.

    Parameters
    ----------
    source : path
        A folder with ``hts_archives`` (the schedule's revisions as published, gzipped), ``lists`` and ``tariff_lists`` (what the
        record refers to), and ``us_imports_2024`` (trade, by its year).
    store : path, optional
        As in `open_store`.
    year : int
        Of the trade.
    catalog : Catalog, optional
        Whose duties say which lines they are on; the packaged record by default.
    tell : callable, optional
        Is told what is done, a line at a time.

    Raises
    ------
    RecordError
        Where anything that is read is wrong; the store that was there stays.
    OutputError
        Where the store cannot be written, say because the disk is full; the store that was there stays.
    """
    say = tell or (lambda _: None)
    target = require_folder(tables.place_of(store))
    tables.require_pyarrow(str(target))
    if target.exists() and any(target.iterdir()) and not (target / tables.MANIFEST).is_file():
        raise OutputError(f"{target}: is a folder with other things in it; expected a store, or a folder yet to be made")
    root = Path(source)
    if not root.is_dir():
        raise UsageError(f"{source}: is no folder; expected one with {ARCHIVES}, {LISTS} and {TRADE.format(year=year)}")
    partial = target.with_name(target.name + PARTIAL)
    try:
        (partial / KEPT).mkdir(parents=True, exist_ok=True)
        manifest = _fill(root, partial, year, as_record(catalog), say)
        shutil.rmtree(partial / KEPT)
        (partial / tables.MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", "utf-8")
        _move(partial, target)
    except OSError as error:
        raise OutputError(
            f"{target}: cannot be written: {error.strerror or error}; what was read so far is kept in {partial.name}"
        ) from error
    return tables.open_store(target)


def _fill(root: Path, partial: Path, year: int, record: Catalog, say: Callable[[str], object]) -> dict[str, Any]:
    archives = _archives(root)
    checksums = {f"{ARCHIVES}/{path.name}": _checksum(path) for path in archives.values()}
    trade_folder = root / TRADE.format(year=year)
    checksums |= {
        f"{trade_folder.name}/{path.name}": _checksum(path)
        for path in sorted(trade_folder.glob("*"))
        if path.suffix in TRADE_FILES
    }
    history = join(_revisions(archives, checksums, partial / KEPT, say), read_dates(root))
    if not history.periods:
        raise RecordError([Problem(ARCHIVES, 0, "", "none of the revisions has a date")])
    say("lists")
    lists = Lists(root)
    duties = tables.naming_duties(record)
    named = name_lines(duties, history.cited, lists)
    shares = read_shares(root / LISTS)
    say(f"trade of {year}")
    trade = read_trade(trade_folder, root / LISTS)
    standing = Standing(history, read_concordance(root / LISTS))
    codes = sorted({*history.cited, *trade.table["code"].unique().to_pylist()})
    say(f"{len(codes):,} codes")
    names = standing.names(codes, named.lines)
    cells = {pair: at for at, pair in enumerate(dict.fromkeys(names[code] for code in codes))}
    _write_lines(partial, codes, standing)
    _write(partial, "goods", _goods(codes, names, cells, shares))
    _write(partial, "cells", _cells(cells))
    _write(partial, "trade", trade.table.rename_columns(["code", "origin", "value", "duty"]))
    _write(partial, "disagreements", _disagreements(named.disagreements))
    read = (*lists.tables, *(f"{LISTS}/{name}" for name in (CODES, PARTNERS, CONCORDANCE, SHARES)))
    checksums |= {name: _checksum(root / name) for name in read if (root / name).exists()}
    return {
        "format": tables.FORMAT,
        "record": record.release.version,
        "namings": tables.digest_of(record),
        "keys": list(named.keys),
        "revisions": {name: day.isoformat() for name, day in history.dates.items()},
        "remarks": [str(remark) for remark in (*history.remarks, *named.idle)],
        "year": trade.year,
        "left_out": list(trade.left_out),
        "metal_shares": bool(shares),
        "inputs": dict(sorted(checksums.items())),
    }


def _archives(root: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    problems = []
    for path in sorted((root / ARCHIVES).glob("*.json*")):
        name = path.name.split(".")[0].removeprefix("hts_")
        try:
            in_order(name)
        except ValueError as error:
            problems.append(Problem(f"{ARCHIVES}/{path.name}", 0, "", str(error)))
        if name in found:
            problems.append(Problem(f"{ARCHIVES}/{path.name}", 0, "", f"{name} stands there twice, also as {found[name].name}"))
        found[name] = path
    if not found:
        there = "holds no revision" if (root / ARCHIVES).is_dir() else f"is not in {root}"
        expected = f"expected revisions such as {ARCHIVE.format(name='2025_basic')}"
        problems.append(Problem(ARCHIVES, 0, "", f"{there}; {expected}"))
    if problems:
        raise RecordError(problems)
    return {name: found[name] for name in sorted(found, key=in_order)}


def _checksum(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError as error:
        raise RecordError([Problem(str(path), 0, "", "is missing")]) from error


def _revisions(
    archives: Mapping[str, Path], checksums: Mapping[str, str], kept: Path, say: Callable[[str], object]
) -> Iterator[tuple[str, list[Row]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for number, (name, path) in enumerate(archives.items(), 1):
        piece = kept / f"{checksums[f'{ARCHIVES}/{path.name}']}.parquet"
        try:
            columns = pq.ParquetFile(piece).read().to_pydict()
            rows = [
                Row(code, description, general, special, tuple(cites))
                for code, description, general, special, cites in zip(*(columns[field] for field in Row.__slots__), strict=True)
            ]
        except (OSError, KeyError, pa.ArrowException):
            say(f"{number} of {len(archives)}: {name}")
            rows = list(rows_of(read_schedule(path, name)))
            table = pa.table({field: [getattr(row, field) for row in rows] for field in Row.__slots__})
            pq.write_table(table, piece.with_suffix(".new"), compression="lz4")
            piece.with_suffix(".new").replace(piece)
        yield name, rows


def _write_lines(partial: Path, codes: Iterable[str], standing: Standing) -> None:
    import pyarrow as pa

    spans = [span for code in codes for span in standing.spans(code)]
    duties = [parse_duty(span.general) for span in spans]
    percents = [duty.percent if span.known else None for span, duty in zip(spans, duties, strict=True)]
    columns = {
        "code": pa.array([span.code for span in spans], pa.string()),
        "start": pa.array([span.start for span in spans], pa.date32()),
        "end": pa.array([span.end for span in spans], pa.date32()),
        "revision": pa.array([span.revision for span in spans], pa.string()),
        "how": pa.array([span.how for span in spans], pa.string()),
        "description": pa.array([span.description for span in spans], pa.string()),
        "general": pa.array([span.general for span in spans], pa.string()),
        "special": pa.array([span.special for span in spans], pa.string()),
        "quota": pa.array([span.quota for span in spans], pa.bool_()),
        "kind": pa.array([duty.kind if span.known else "unknown" for span, duty in zip(spans, duties, strict=True)], pa.string()),
        "percent": pa.array([None if percent is None else float(percent) for percent in percents], pa.float64()),
    }
    _write(partial, "lines", pa.table(columns))


def _goods(
    codes: list[str],
    names: Mapping[str, Names],
    cells: Mapping[Names, int],
    shares: Mapping[str, tuple[float, ...] | None],
) -> Any:
    import pyarrow as pa

    found = [share_of(code, shares) for code in codes]
    metals = {
        metal: pa.array([None if share is None else share[place] for share in found], pa.float64())
        for place, metal in enumerate(METALS)
    }
    return pa.table({"code": codes, "cell": pa.array([cells[names[code]] for code in codes], pa.int32()), **metals})


def _cells(cells: Mapping[Names, int]) -> Any:
    import pyarrow as pa

    rows = [
        (cell, naming, sure)
        for pair, cell in cells.items()
        for sure, of in zip((True, False), pair, strict=True)
        for naming in sorted(of)
    ]
    return pa.table(
        {
            "cell": pa.array([row[0] for row in rows], pa.int32()),
            "naming": pa.array([row[1] for row in rows], pa.int32()),
            "sure": pa.array([row[2] for row in rows], pa.bool_()),
        }
    )


def _disagreements(found: Iterable[Disagreement]) -> Any:
    import pyarrow as pa

    rows = list(found)
    return pa.table({field: [getattr(row, field) for row in rows] for field in Disagreement.__slots__})


def _write(partial: Path, name: str, table: Any) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, partial / f"{name}.parquet", compression="zstd", row_group_size=1 << 20)


def _move(partial: Path, target: Path) -> None:
    """Put the new store in the old one's place; the old one is gone only when the new one stands there."""
    old = target.with_name(target.name + ".old")
    if old.exists():
        shutil.rmtree(old)
    if target.exists():
        target.rename(old)
    try:
        partial.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    if old.exists():
        shutil.rmtree(old)
