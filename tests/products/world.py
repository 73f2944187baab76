"""A small world: three revisions of the schedule, lists, a year of trade and a record of their own, made by the tests.

Codes, duties and footnotes are those of the schedule unless said here; the record of the small world has the levels and days of
nine real duties, and names lines so that every kind of reference is used once. Trade is invented.
"""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
SMALL = HERE / "hts_small.json"
STATIC = HERE / "small_world"
REVISIONS = {"2025_basic": "2025-01-01", "2025_rev_16": "2025-07-01", "2026_rev_2": "2026-02-01"}

Row = dict[str, Any]


def row(code: str, indent: int, description: str, general: str = "", *cites: str) -> Row:
    notes = [{"columns": ["general"], "value": f"See {heading}.", "type": "endnote"} for heading in cites]
    return {
        "htsno": code, "indent": str(indent), "description": description, "superior": None, "units": [], "general": general,
        "special": "", "other": "", "footnotes": notes, "quotaQuantity": None, "additionalDuties": None,
    }  # fmt: skip


ADDED = [
    row("0709", 0, "Other vegetables, fresh:"),
    row("0709.60.20", 1, "Chili peppers", "4.4¢/kg", "9903.88.03"),
    row("0709.60.20.10", 2, "Grown under glass"),
    row("0901", 0, "Coffee:"),
    row("0901.11.00", 1, "Raw", "Free", "9903.88.15"),
    row("0901.11.00.25", 2, "In sacks"),
    row("8205", 0, "Household tools:"),
    row("8205.51.60", 1, "Of aluminum", "3.1%"),
    row("8205.51.60.00", 2, "Pans"),
    row("8302", 0, "Fittings of base metal:"),
    row("8302.41.30.00", 1, "Door closers", "3.9%", "9903.88.03"),
    row("8415", 0, "Air conditioners; parts:"),
    row("8415.90.80", 1, "Parts", "1.4%", "9903.88.15"),
    row("8415.90.80.25", 2, "Coils"),
    row("8415.90.80.85", 2, "Others"),
    row("9903.91.01", 0, "Articles of China", "The duty provided in the applicable subheading + 25%"),
]


def rows_of(revision: str) -> list[Row]:
    """Return a revision in the form of the official export.

    What changes: before revision 16 of 2025 plates of aluminum were on list 3, as they were until the review of 2024; revision 2
    of 2026 gives 8415.90.80.25 two new numbers, and, in this world alone, lowers the duty on handbags of wood from 3.3% to 3% and
    no longer has 2933.11.00.00.
    """
    rows = [dict(one) for one in json.loads(SMALL.read_text(encoding="utf-8"))]
    for new in ADDED:
        at = next(place for place, one in enumerate(rows) if one["htsno"] > new["htsno"])
        # What stands between two codes without a code of its own belongs to the later one.
        while not rows[at - 1]["htsno"]:
            at -= 1
        rows.insert(at, dict(new))
    by_code = {one["htsno"]: one for one in rows}
    if revision == "2025_basic":
        by_code["7606.11.30"]["footnotes"] = row("", 0, "", "", "9903.88.03")["footnotes"]
    if revision == "2026_rev_2":
        by_code["4202.29.20.00"]["general"] = "3%"
        rows.remove(by_code["2933.11.00.00"])
        coils = by_code["8415.90.80.25"]
        at = rows.index(coils)
        rows[at : at + 1] = [
            coils | {"htsno": "8415.90.80.10", "description": "Coils of copper"},
            coils | {"htsno": "8415.90.80.20", "description": "Other coils"},
        ]
    return rows


# Customs value in 2024 [thousand US dollars]. 9102.11.10.10 is a suffix that the schedule does not print, 9999.95.00.00 no line.
CHINA = {
    "0402.99.90.00": 400,
    "0901.11.00.25": 1000,
    "4202.29.20.00": 2000,
    "7606.11.30.30": 2000,
    "8205.51.60.00": 3000,
    "8302.41.30.00": 500,
    "8415.90.80.25": 1500,
    "8501.10.40.20": 1000,
    "8517.13.00.00": 4500,
    "9999.95.00.00": 100,
}
HONG_KONG = {"0709.60.20.10": 100, "4202.29.20.00": 600, "9102.11.10.10": 300}
# 2,500 dollars on peppers worth 100,000: their duty by weight came to 2.5 percent. Of all else no duty is noted.
DUTIES = {"0709.60.20.10": 2500}


def write_trade(path: Path, country: str, values: dict[str, int], **fields: list[str]) -> None:
    columns = {
        "I_COMMODITY": [code.replace(".", "") for code in values],
        "CTY_CODE": [country] * len(values),
        "CON_VAL_YR": [str(1000 * value) for value in values.values()],
        "CAL_DUT_YR": [str(DUTIES.get(code, 0)) for code in values],
        "time": ["2024-12"] * len(values),
        "COMM_LVL": ["HS10"] * len(values),
    }
    pq.write_table(pa.table(columns | fields), path)


def write_revision(folder: Path, revision: str, rows: list[Row]) -> Path:
    path = folder / "hts_archives" / f"hts_{revision}.json.gz"
    path.write_bytes(gzip.compress(json.dumps(rows).encode(), mtime=0))
    return path


def write_world(folder: Path) -> Path:
    """Write all that a store is built from, and the record beside it; return the folder."""
    shutil.copytree(STATIC, folder)
    (folder / "hts_archives").mkdir()
    (folder / "us_imports_2024").mkdir()
    for revision in REVISIONS:
        write_revision(folder, revision, rows_of(revision))
    days = "".join(f"{revision},{day},A\n" for revision, day in REVISIONS.items())
    (folder / "revisions.csv").write_text(f"revision,date,grade\n{days}", encoding="utf-8")
    write_trade(folder / "us_imports_2024" / "imports_5700.parquet", "5700", CHINA)
    write_trade(folder / "us_imports_2024" / "imports_5820.parquet", "5820", HONG_KONG)
    return folder
