"""A store of four goods, made in memory: of no list, of List 3, freed of the reciprocal duty, and of unknown steel content."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

import tariffs as tf
from tariffs.products.store import FORMAT, MANIFEST, Store, digest_of, naming_duties

if TYPE_CHECKING:
    from tariffs.catalog import Catalog

PLAIN, LISTED, PHONE, WASHER = "8501.00.00.00", "8502.00.00.00", "8503.00.00.00", "8504.00.00.00"
TRADE = {PLAIN: 40.0, LISTED: 30.0, PHONE: 20.0, WASHER: 10.0}  # of 100
NAMED = {LISTED: ("s301-list-3", ""), PHONE: ("ieepa-reciprocal", "electronics-2025-04-11")}
NAMED |= {WASHER: ("s232-steel-derivatives", "appliances-june-2025")}


def four_goods(record: Catalog | None = None, origin: str = "CN") -> Store:
    """Return a store in which each good has a cell of its own; List 3 bears 5 percent MFN, the others 0."""
    known = record or tf.load()
    keys = [(duty, place) for duty in naming_duties(known) for place in range(len(duty.namings))]
    codes = list(TRADE)
    cells = []
    for cell, code in enumerate(codes):
        if code in NAMED:
            duty, change = NAMED[code]
            of = [
                number
                for number, (one, place) in enumerate(keys)
                if one.id == duty and (change in one.namings[place].changes if change else not one.namings[place].changes)
            ]
            cells.append((cell, of[0]))
    tables = {
        "goods": pa.table(
            {
                "code": codes,
                "cell": pa.array(range(len(codes)), pa.int32()),
                **{metal: pa.array([None if code == WASHER else 0.0 for code in codes], pa.float64()) for metal in
                   ("steel", "aluminium", "copper")},
            }
        ),
        "cells": pa.table(
            {
                "cell": pa.array([cell for cell, _ in cells], pa.int32()),
                "naming": pa.array([naming for _, naming in cells], pa.int32()),
                "sure": [True] * len(cells),
            }
        ),
        "lines": pa.table(
            {
                "code": codes,
                "start": pa.array([date(2025, 1, 1)] * len(codes), pa.date32()),
                "end": pa.array([None] * len(codes), pa.date32()),
                "revision": ["2025_basic"] * len(codes),
                "how": ["itself"] * len(codes),
                "description": ["good"] * len(codes),
                "general": ["5%" if code == LISTED else "Free" for code in codes],
                "special": [""] * len(codes),
                "quota": [False] * len(codes),
                "kind": ["ad valorem" if code == LISTED else "free" for code in codes],
                "percent": [5.0 if code == LISTED else 0.0 for code in codes],
            }
        ),
        "trade": pa.table(
            {"code": codes, "origin": [origin] * len(codes), "value": list(TRADE.values()), "duty": [0.0] * len(codes)}
        ),
    }  # fmt: skip
    manifest = {
        "format": FORMAT,
        "record": known.release.version,
        "namings": digest_of(known),
        "keys": [f"{duty.id}#{place}" for duty, place in keys],
        "revisions": {"2025_basic": "2025-01-01"},
        "year": 2024,
        "metal_shares": True,
    }
    return Store(Path("four-goods"), manifest, tables)


def on_disk(folder: Path) -> Path:
    """Write the store of four goods into a folder."""
    store = four_goods()
    for name, table in store.tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    (folder / MANIFEST).write_text(json.dumps(store.manifest), encoding="utf-8")
    return folder
