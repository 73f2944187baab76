from __future__ import annotations

import json
import re
import sqlite3
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tariffs import products
from tariffs.asking import as_record
from tariffs.cli import main
from tariffs.errors import CoverageError, OutputError, UnknownNameError, UsageError
from tariffs.products import store as tables
from tariffs.products.intervals import QUERY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tariffs.products import Store

ORIGINS = ("CN", "HK")
TABLES = ("fates", "goods", "days")
JANUARY, JUNE, JULY = date(2025, 1, 1), date(2025, 6, 15), date(2025, 7, 1)
TOY, SCREW, RACK, WINE, NEW, OLD = (
    "9503.00.00.73", "7318.15.20.10", "9403.20.00.50", "2204.21.50.40", "8517.13.00.00", "4420.11.00.30",
)  # fmt: skip

# Made up: a toy under no list; two derivatives of steel, one of unknown steel content; wine, whose duty is an amount per litre
# that no trade tells in percent; a line that is new in June, and one whose duty changes in July.
GOODS = {TOY: (0, 0.0), SCREW: (1, 0.4), RACK: (1, None), WINE: (0, 0.0), NEW: (0, 0.0), OLD: (0, 0.0)}
LINES = [
    (TOY, JANUARY, None, 0.0),
    (SCREW, JANUARY, date(2025, 3, 4), 5.0),
    (SCREW, date(2025, 3, 4), None, 5.0),
    (RACK, JANUARY, None, 2.0),
    (WINE, JANUARY, None, None),
    (NEW, JUNE, None, 4.0),
    (OLD, JANUARY, JULY, 8.0),
    (OLD, JULY, None, 6.0),
]
TRADE = {
    "CN": {TOY: 100, SCREW: 50, RACK: 30, WINE: 20, NEW: 40, OLD: 0},
    "HK": {TOY: 10, RACK: 10, OLD: 5},
}
STEEL = "s232-steel-derivatives"


def small_store(folder: Path) -> Path:
    record = as_record(None)
    keys = [f"{duty.id}#{at}" for duty in tables.naming_duties(record) for at in range(len(duty.namings))]
    steel = next(at for at, naming in enumerate(record.duties[STEEL].namings) if naming.metal and not naming.only_if)
    goods: dict[str, list[Any]] = {"code": list(GOODS), "cell": [cell for cell, _ in GOODS.values()]}
    goods |= {"steel": [share for _, share in GOODS.values()], "aluminium": [0.0] * len(GOODS), "copper": [0.0] * len(GOODS)}
    spans = [*zip(*LINES, strict=True)]
    trade = [(code, origin, value, 0) for origin, values in TRADE.items() for code, value in values.items()]
    made = {
        "goods": pa.table(goods),
        "lines": pa.table(
            {
                "code": spans[0],
                "start": pa.array(spans[1], pa.date32()),
                "end": pa.array(spans[2], pa.date32()),
                "percent": spans[3],
                "how": ["itself"] * len(LINES),
                "kind": ["specific" if percent is None else "ad valorem" for percent in spans[3]],
                "general": ["6.3¢/liter" if percent is None else f"{percent}%" for percent in spans[3]],
                "special": [""] * len(LINES),
                "quota": [False] * len(LINES),
            }
        ),
        "cells": pa.table({"cell": [1], "naming": [keys.index(f"{STEEL}#{steel}")], "sure": [True]}),
        "trade": pa.table(dict(zip(("code", "origin", "value", "duty"), zip(*trade, strict=True), strict=True))),
    }
    for name, table in made.items():
        pq.write_table(table, folder / f"{name}.parquet")
    manifest = {
        "format": tables.FORMAT, "namings": tables.digest_of(record), "keys": keys, "revisions": {"2025_basic": "2025-01-01"},
        "year": 2024, "metal_shares": True,
    }  # fmt: skip
    (folder / tables.MANIFEST).write_text(json.dumps(manifest), "utf-8")
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_store(tmp_path_factory.mktemp("small-store"))


@pytest.fixture(scope="module")
def exported(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return products.export(tmp_path_factory.mktemp("exports") / "out", store=store)


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return found


def in_duckdb(folder: Path, days: Iterable[date] | None = None, query: str = "") -> pd.DataFrame:
    duckdb = pytest.importorskip("duckdb", reason="the query is run by duckdb, which is not installed")
    with duckdb.connect() as engine:
        for name in TABLES:
            engine.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{folder / name}.parquet')")
        if days is not None:
            engine.execute("DELETE FROM days")
            engine.executemany("INSERT INTO days VALUES (?)", [[day] for day in days])
        found: pd.DataFrame = engine.execute(query or (folder / QUERY).read_text("utf-8")).df()
    return found.astype({"day": "datetime64[us]"})


def agrees(folder: Path, store: Path, origin: str, by: str = "family") -> int:
    """Compare the query with the library on every day on which the average may change; return how many those are."""
    apart = products.average(origin, by=by, store=store).pivot(index="date", columns=by, values="rate")  # type: ignore[arg-type]
    whole = products.average(origin, store=store)
    days = [day.date() for day in apart.index]
    query = (folder / QUERY).read_text("utf-8").replace("f.fate, f.family", f"f.fate, f.{by} AS family")
    found = in_duckdb(folder, days, query).query(f"origin == '{origin}'")
    rates = found.pivot(index="day", columns="family", values="rate").reindex(columns=apart.columns).fillna(0)
    assert set(found["family"]) <= set(apart.columns)
    assert abs(rates.to_numpy() - apart.to_numpy()).max() < 1e-9
    unknown = found.groupby("day")["unknown_share"].agg(["min", "max"])
    expected = whole["unknown"].reindex(unknown.index, method="ffill")
    assert abs(unknown["min"] - expected).max() < 1e-9
    assert abs(unknown["max"] - expected).max() < 1e-9
    return len(days)


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("by", ["family", "authority", "duty"])
def test_the_query_gives_the_average_of_the_library(exported: Path, store: Path, origin: str, by: str) -> None:
    assert agrees(exported, store, origin, by) > 10


def test_the_query_gives_the_average_of_the_library_over_all_trade(real_store: Store, tmp_path: Path) -> None:
    folder = products.export(tmp_path / "out", store=real_store.folder)
    for origin in ORIGINS:
        for by in ("family", "duty"):
            assert agrees(folder, real_store.folder, origin, by) > 20


# Fentanyl 10, then 20; reciprocal 10, and steel derivatives 50 on their content (Proclamations 10896 and 10947), where reciprocal
# is charged on the rest alone. The rack is known in February, when nothing hangs on its steel; the wine never; the new line since
# June.
BY_HAND = {
    date(2025, 2, 10): ({"ieepa-fentanyl": 10, "us-mfn": (50 * 5 + 30 * 2) / 180}, 100 * 60 / 240),
    JULY: (
        {
            "ieepa-fentanyl": 20,
            "ieepa-reciprocal": (100 * 10 + 50 * 6 + 40 * 10) / 190,
            "s232-metals": 50 * 20 / 190,
            "us-mfn": (50 * 5 + 40 * 4) / 190,
        },
        100 * 50 / 240,
    ),
}


def test_two_days_by_hand(exported: Path) -> None:
    found = in_duckdb(exported, BY_HAND).query("origin == 'CN'")
    for day, (rates, unknown) in BY_HAND.items():
        now = found[found["day"] == pd.Timestamp(day)]
        assert dict(zip(now["family"], now["rate"], strict=True)) == pytest.approx(rates)
        assert now["unknown_share"].tolist() == pytest.approx([unknown] * len(now))


def test_a_day_before_the_first_has_no_answer_and_a_late_one_has_the_last(exported: Path) -> None:
    assert in_duckdb(exported, [JANUARY - timedelta(days=1)]).empty
    early, late = in_duckdb(exported, [date(2027, 6, 1)]), in_duckdb(exported, [date(2027, 7, 1)])
    assert early.drop(columns="day").equals(late.drop(columns="day"))


def test_another_engine_runs_the_same_text(exported: Path) -> None:
    with sqlite3.connect(":memory:") as engine:
        engine.create_function("CONCAT", 2, lambda one, other: one + other, deterministic=True)  # older ones have none
        for name in TABLES:
            table = rows(exported, name)
            engine.execute(f"CREATE TABLE {name} ({', '.join(table[0])})")
            values = [tuple(str(cell) if isinstance(cell, date) else cell for cell in row.values()) for row in table]
            engine.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(table[0]))})", values)
        found = engine.execute((exported / QUERY).read_text("utf-8")).fetchall()
    expected = in_duckdb(exported)
    assert [row[:4] for row in found] == [(str(row[0].date()), *row[1:4]) for row in expected.itertuples(index=False, name=None)]
    assert [cell for row in found for cell in row[4:]] == pytest.approx(
        expected[["rate", "unknown_share"]].to_numpy().ravel().tolist()
    )


def test_the_query_has_nothing_that_only_one_engine_has(exported: Path) -> None:
    text = re.sub(r"--.*", "", (exported / QUERY).read_text("utf-8"))
    called = set(re.findall(r"\b([A-Za-z_]+)\s?\(", text))
    assert called - {"AS", "AND"} == {"SUM", "CONCAT", "LOWER", "NULLIF"}
    assert not re.search(r'["`\[\]{}?$@:;]|QUALIFY|FILTER|OVER|GROUP BY ALL', text)


def test_goods_stand_in_intervals_that_leave_no_day_out(exported: Path) -> None:
    by_good: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows(exported, "goods"):
        by_good.setdefault((row["origin"], row["line"]), []).append(row)
    assert list(by_good) == [(origin, line) for origin in ORIGINS for line in sorted(GOODS)]
    for spans in by_good.values():
        assert spans[0]["since"] == JANUARY
        assert [span["until"] for span in spans] == [*(span["since"] for span in spans[1:]), None]
    mfn = [(row["since"], row["mfn"], row["value"]) for row in by_good["CN", NEW]]
    assert mfn == [(JANUARY, None, 40.0), (JUNE, 4.0, 40.0)]
    assert [(row["since"], row["mfn"]) for row in by_good["CN", SCREW]] == [(JANUARY, 5.0)]
    assert [(row["since"], row["mfn"]) for row in by_good["CN", OLD]] == [(JANUARY, 8.0), (JULY, 6.0)]


def test_fates_have_one_row_for_each_rate_of_a_duty_and_none_for_zero(exported: Path) -> None:
    fates = rows(exported, "fates")
    assert all(row["rate"] != 0 and (row["until"] is None or row["since"] < row["until"]) for row in fates)
    for one, other in pairwise(fates):
        if all(one[name] == other[name] for name in ("origin", "fate", "duty")):
            assert one["until"] <= other["since"]
            assert one["until"] < other["since"] or one["rate"] != other["rate"]
    (screw,) = {row["fate"] for row in rows(exported, "goods") if (row["origin"], row["line"]) == ("CN", SCREW)}
    steel = [(row["rate"], row["since"]) for row in fates if (row["origin"], row["fate"], row["duty"]) == ("CN", screw, STEEL)]
    assert steel == [(10.0, date(2025, 3, 12)), (20.0, date(2025, 6, 4))]


def test_what_hangs_on_an_unknown_metal_share_is_a_row_without_a_rate(exported: Path) -> None:
    (rack,) = {row["fate"] for row in rows(exported, "goods") if (row["origin"], row["line"]) == ("CN", RACK)}
    found = [row for row in rows(exported, "fates") if row["origin"] == "CN" and row["fate"] == rack]
    assert [(row["rate"], row["since"]) for row in found if row["duty"] == STEEL] == [(None, date(2025, 3, 12))]
    assert all(row["rate"] is not None for row in found if row["duty"] == "ieepa-fentanyl")


def test_the_files_say_what_they_are(exported: Path) -> None:
    assert sorted(path.name for path in exported.iterdir()) == ["average.sql", "days.parquet", "fates.parquet", "goods.parquet"]
    schema = pq.read_schema(exported / "fates.parquet")
    assert {field.name: str(field.type) for field in schema} == {
        "importer": "string", "origin": "string", "fate": "int32", "duty": "string", "family": "string", "authority": "string",
        "rate": "double", "since": "date32[day]", "until": "date32[day]",
    }  # fmt: skip
    assert all(field.metadata[b"label"] for field in schema)
    facts = json.loads(schema.metadata[b"tariffs"])
    assert (facts["since"], facts["weights"], facts["basis"]) == ("2025-01-01", "us-imports-2024", "charged")
    assert rows(exported, "days")[0] == {"day": JANUARY}


def test_the_same_store_gives_the_same_bytes(exported: Path, store: Path, tmp_path: Path) -> None:
    again = products.export(tmp_path / "again", store=store, origins=["HK", "CN", "cn"])
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in exported.iterdir()
    }


def test_one_origin_replaces_an_earlier_export(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for origins in (None, ["HK"]):
        products.export(folder, store=store, origins=origins)
    assert {row["origin"] for row in rows(folder, "goods")} == {"HK"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_question_put_otherwise_gives_other_rates(store: Path, tmp_path: Path) -> None:
    folder = products.export(tmp_path / "out", store=store, basis="lawful")
    assert not [row for row in rows(folder, "fates") if row["authority"] == "IEEPA"]
    folder = products.export(folder, store=store, as_of="2025-02-10", known="stated")
    assert json.loads(pq.read_schema(folder / "fates.parquet").metadata[b"tariffs"])["as_of"] == "2025-02-10"


def test_a_folder_with_other_files_is_left_alone(store: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x", "utf-8")
    with pytest.raises(OutputError, match=r"has thesis\.tex in it; expected an earlier export"):
        products.export(tmp_path, store=store)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_an_export_that_cannot_be_written_leaves_the_old_one(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = products.export(tmp_path / "out", store=store, origins=["HK"])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    renamed = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return renamed(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match=r"out: cannot be written: No space left on device"):
        products.export(folder, store=store)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_does_not_fit_is_refused(store: Path, tmp_path: Path) -> None:
    with pytest.raises(CoverageError, match="origin DE: the record does not hold every US duty"):
        products.export(tmp_path / "out", store=store, origins=["DE"])
    with pytest.raises(UnknownNameError):
        products.export(tmp_path / "out", store=store, origins=["Atlantis"])
    with pytest.raises(UsageError, match="origins: is empty"):
        products.export(tmp_path / "out", store=store, origins=[])
    with pytest.raises(OutputError, match="does not exist"):
        products.export(tmp_path / "no" / "out", store=store)
    assert not list(tmp_path.iterdir())


def test_the_command_writes_the_folder_and_prints_it(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    result = CliRunner().invoke(main, ["products", "export", str(folder), "--origin", "HK", "--store", str(store)])
    assert (result.exit_code, result.stdout) == (0, f"{folder}\n")
    assert {row["origin"] for row in rows(folder, "fates")} == {"HK"}
