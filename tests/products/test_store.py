from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tariffs.errors import CoverageError, RecordError, UsageError
from tariffs.loading import overlay
from tariffs.naming import Naming
from tariffs.products.asking import cached
from tariffs.products.store import Store, digest_of, open_store

if TYPE_CHECKING:
    from tariffs.catalog import Catalog


def test_a_folder_that_is_no_store_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is no store of tariff lines; make one: tariffs products build --source DIR"):
        open_store(tmp_path)
    with pytest.raises(UsageError, match="is no store of tariff lines"):
        open_store(tmp_path / "none")


@pytest.mark.parametrize("text", ["", "{", "[1", "\xff"])
def test_a_store_whose_manifest_is_damaged_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"its manifest\.json cannot be read; build the store again"):
        open_store(tmp_path)


@pytest.mark.parametrize("manifest", [{"format": 0}, {}, [], "store"])
def test_a_store_of_another_format_is_refused(tmp_path: Path, manifest: object) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(UsageError, match="is a store of another format; build it again"):
        open_store(tmp_path)


def test_the_store_is_the_one_named_or_the_environment_s_or_the_one_here(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TARIFFS_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(store.folder, tmp_path / "tariffs-products")
    assert open_store().folder == Path("tariffs-products")
    monkeypatch.setenv("TARIFFS_STORE", str(store.folder))
    assert open_store().folder == store.folder
    assert open_store("tariffs-products").folder == Path("tariffs-products")


def test_without_pyarrow_the_message_says_what_to_install(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"needs pyarrow: pip install 'tariffs\[parquet\]'"):
        open_store(store.folder)


def test_a_damaged_table_is_told_with_its_file(store: Store, tmp_path: Path) -> None:
    shutil.copytree(store.folder, tmp_path / "s")
    whole = (tmp_path / "s" / "lines.parquet").read_bytes()
    (tmp_path / "s" / "lines.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "s" / "goods.parquet").unlink()
    damaged = open_store(tmp_path / "s")
    for name in ("lines", "goods"):
        with pytest.raises(RecordError, match=rf"{name}\.parquet: cannot be read: .*; build the store again"):
            damaged.table(name)
    assert damaged.table("trade").num_rows == 13


def test_a_store_built_with_other_references_is_refused(store: Store, record: Catalog) -> None:
    one = record.duties["s301-list-3"]
    for namings in (
        (replace(one.namings[0], cites=("9903.88.03", "9903.88.04")),),
        (replace(one.namings[0], but_not=("9403",)),),
        (*one.namings, Naming("law", codes=("0101",))),
    ):
        other = replace(record, duties=record.duties | {one.id: replace(one, namings=namings)})
        assert digest_of(other) != digest_of(record)
        with pytest.raises(UsageError, match="was built with other references to tariff lines than the record small has"):
            store.namings(other)


def test_levels_and_places_in_files_may_change_without_a_new_store(store: Store, record: Catalog) -> None:
    one = record.duties["s301-list-3"]
    moved = replace(one, events=one.events[:1], namings=(replace(one.namings[0], line=99, file="elsewhere.yaml"),))
    assert store.namings(replace(record, duties=record.duties | {one.id: moved}))


def test_a_file_laid_over_the_record_needs_no_new_store(store: Store, record: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "duty,effective,stated,enacted,rate,act,grade,source\ns301-list-3,2026-12-01,2026-11-01,2026-11-01,50%,what if,C,guess\n",
        encoding="utf-8",
    )
    assert store.namings(overlay(record, path))


def test_the_schedule_in_force_is_the_last_that_began(store: Store) -> None:
    assert store.since == date(2025, 1, 1)
    assert [store.revision_on(date(*day)) for day in ((2025, 1, 1), (2025, 6, 30), (2025, 7, 1), (2026, 10, 9))] == [
        "2025_basic",
        "2025_basic",
        "2025_rev_16",
        "2026_rev_2",
    ]
    with pytest.raises(CoverageError, match=r"2024-12-31 is before the first schedule of the store, of 2025-01-01"):
        store.revision_on(date(2024, 12, 31))


def test_a_later_revision_of_the_same_day_is_in_force(store: Store) -> None:
    both = replace(store, manifest=store.manifest | {"revisions": {"2025_rev_9": "2025-04-10", "2025_rev_10": "2025-04-10"}})
    assert both.revision_on(date(2025, 4, 10)) == "2025_rev_10"


def test_a_store_is_opened_once_as_long_as_it_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    shutil.copytree(store.folder, folder)
    first = cached(folder)
    assert cached(folder) is first
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"record": "small"', '"record": "later"'), encoding="utf-8")
    assert cached(folder).manifest["record"] == "later"


def test_a_cell_has_the_references_that_name_its_goods(store: Store) -> None:
    goods = dict(zip(*(store.table("goods")[name].to_pylist() for name in ("code", "cell")), strict=True))
    keys = store.manifest["keys"]

    def named(code: str) -> tuple[set[str], set[str]]:
        sure, maybe = store.members(goods[code])
        return {keys[place] for place in sure}, {keys[place] for place in maybe}

    # Its footnotes cite 9903.88.01 and, in the description, 9903.88.69.
    assert named("8501.10.40.20") == ({"s301-list-1#0", "s301-list-1#1"}, set())
    # List 3 until the revision of July 2025, which prints the review's heading.
    assert named("7606.11.30.30") == ({"s301-list-3#0", "s301-review#0"}, set())
    assert named("8205.51.60.00") == ({"s232-aluminium-derivatives#1", "s232-aluminium-derivatives#2"}, set())
    assert named("2933.11.00.00") == (set(), set())
    assert goods["0101.30.00.00"] == goods["2933.11.00.00"]  # what nothing names shares a cell
