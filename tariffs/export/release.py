"""A release: every series and the table of events in a folder, with a descriptor that says what each file holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tariffs.asking import as_record
from tariffs.errors import CoverageError, OutputError
from tariffs.export.files import replace_folder, require_folder
from tariffs.export.meta import label_of
from tariffs.export.text import csv_bytes
from tariffs.tables import events, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from tariffs.catalog import Catalog

REST = "ROW"
LATEST, DESCRIPTOR = "latest", "datapackage.json"
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
TITLE = "tariffs: tariff rates as sourced, dated time series"
ABOUT = (
    "What the United States levies on Chinese goods and China on American goods, by legal effective date, each value with the"
    " acts it rests on. Rates are percent of customs value. A row holds from its date to the day before the next one."
)
TYPES = {"M": "date", "f": "number", "b": "boolean"}  # of a schema, by the kind of a column; all else is text


def write_release(folder: str | Path, *, catalog: Catalog | None = None, tell: Callable[[str], None] | None = None) -> Path:
    """Write every series and the events into a folder named after the data version, and the same into ``latest``.

    What a scenario supposes goes into a folder of its own name, and never into ``latest``; numbers that do not follow it are left
    out, and the descriptor says which.

    Parameters
    ----------
    folder : path
        Where the two stand; it is made if its parent exists.
    catalog : Catalog, optional
        The packaged record by default.
    tell : callable, optional
        Is told the name of each file.

    Returns
    -------
    pathlib.Path
        The folder of this version. The same data gives the same bytes. Its ``datapackage.json`` is a Frictionless data package:
        for each file its columns with types and labels, its size and SHA-256, and for all source, licence and version.

    Raises
    ------
    OutputError
        Where the folder cannot be written; what stood there is then as it was.
    """
    record = as_record(catalog)
    root = require_folder(folder)
    files: dict[str, bytes] = {}
    resources = []
    left_out: list[str] = []
    for name, title, frame in _tables(record, left_out):
        path = f"{name}.csv"
        files[path] = csv_bytes(frame, header="none")
        resources.append(_resource(name, path, title, frame, files[path]))
        if tell:
            tell(path)
    files[DESCRIPTOR] = (json.dumps(_package(record, resources, left_out), ensure_ascii=False, indent=1) + "\n").encode()
    version = "-".join(filter(None, ["tariffs", record.release.version, record.scenario]))
    try:
        root.mkdir(exist_ok=True)
        for name in (version,) if record.laid else (version, LATEST):
            replace_folder(root / name, files)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return Path(folder) / version


def _tables(record: Catalog, left_out: list[str]) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield name, title and rows of everything there is: events, then series by measure; what follows no scenario is noted."""
    yield "events", "Every event of every duty, with all its dates", events(catalog=record)
    both = [direction.name for direction in record.directions]
    asked: list[tuple[str, dict[str, Any]]] = [(name, {}) for name in both]
    for measure in ("average", "covered"):
        for basis, tables in record.bases.items():
            world = measure == "average"  # of the rest of the world no weights say what is covered
            asked += [(where.name, {"measure": measure, "weights": basis}) for where in tables if world or where.origin != REST]
    for name, good in record.goods.items():
        for where in good.directions:
            asked += [
                (where.name, {"measure": "stack", "good": name, "mfn": mfn}) for mfn in ([False, True] if good.mfn else [False])
            ]
    for name, what in asked:
        try:
            frame = table(name, **what, scheduled="weights" not in what, catalog=record)
        except CoverageError as error:
            if not record.laid:
                raise
            left_out.append(str(error))
            continue
        for series, rows in frame.groupby("series", sort=False):
            own = rows.reset_index(drop=True)
            own.attrs = dict(frame.attrs)
            yield str(series), label_of(str(series), own), own


def _resource(name: str, path: str, title: str, frame: pd.DataFrame, content: bytes) -> dict[str, Any]:
    fields = []
    for column in frame.columns:
        field = {
            "name": str(column),
            "type": TYPES.get(frame[column].dtype.kind, "string"),
            "description": label_of(column, frame),
        }
        fields.append(field | ({"unit": "percent of customs value"} if column == "rate" else {}))
    return {
        "name": name.replace("_", "-"),
        "title": title,
        "path": path,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "type": "table",
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": ["id"] if name == "events" else ["date"]},
    }


def _package(record: Catalog, resources: list[dict[str, Any]], left_out: list[str]) -> dict[str, Any]:
    release = record.release
    tables = [table for basis in record.bases.values() for table in basis.values()]
    without = f"Left out: {'; '.join(left_out)}." if left_out else ""
    origins = {(f"{table.producer}: {table.source}, edition {table.edition}", table.url) for table in tables}
    return {
        "name": "-".join(filter(None, ["tariffs", record.scenario])),
        "title": TITLE,
        "description": " ".join(filter(None, [record.supposing, *(scenario.about for scenario in record.laid), ABOUT, without])),
        "version": release.version,
        "created": f"{release.version.replace('.', '-')}T00:00:00Z",
        "known_through": release.known_through.isoformat(),
        "licenses": [LICENCE],
        "sources": [{"title": record.source_line}, *(_source(title, url) for title, url in sorted(origins))],
        "resources": resources,
    }


def _source(title: str, url: str) -> dict[str, str]:
    return {"title": title, **({"path": url} if url else {})}
