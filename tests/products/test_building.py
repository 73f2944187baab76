from __future__ import annotations

import errno
import gzip
import hashlib
import json
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from tariffs.errors import OutputError, RecordError, UsageError
from tariffs.loading import load
from tariffs.products import building
from tariffs.products.building import build
from tariffs.products.schedule import Schedule, read_schedule
from tariffs.products.store import open_store
from tests.products.world import CHINA, rows_of, write_revision, write_trade

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.products.store import Store


@pytest.fixture
def mine(world: Path, tmp_path: Path) -> Path:
    """A copy of the small world, to be spoilt."""
    return shutil.copytree(world, tmp_path / "world")


def refusals(source: Path, record: Catalog) -> list[str]:
    """Build where a whole store stands; return what is refused, having seen that the store stayed as it was."""
    target = source.parent / "store"
    target.mkdir(exist_ok=True)
    (target / "manifest.json").write_text("the old one", encoding="utf-8")
    with pytest.raises(RecordError) as refused:
        build(source, target, catalog=record)
    assert contents(target) == {"manifest.json": b"the old one"}
    return [str(problem) for problem in refused.value.problems]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def archive(source: Path, revision: str = "2025_rev_16") -> Path:
    return source / "hts_archives" / f"hts_{revision}.json.gz"


def test_a_store_says_what_it_was_made_from(world: Path, store: Store) -> None:
    manifest = store.manifest
    assert manifest["revisions"] == {"2025_basic": "2025-01-01", "2025_rev_16": "2025-07-01", "2026_rev_2": "2026-02-01"}
    assert (manifest["record"], manifest["year"], manifest["metal_shares"]) == ("small", 2024, True)
    trade = "us_imports_2024/imports_5700.parquet"
    lists = ("lists/negative_list.csv", "tariff_lists/annex_three.txt", "lists/census_codes.csv")
    for name in (trade, "hts_archives/hts_2025_basic.json.gz", *lists):
        assert manifest["inputs"][name] == hashlib.sha256((world / name).read_bytes()).hexdigest()


def test_every_line_there_ever_was_and_every_code_of_trade_stands_in_it(store: Store) -> None:
    codes = set(store.table("goods")["code"].to_pylist())
    assert {"8415.90.80.25", "8415.90.80.10", "8415.90.80.20"} <= codes  # before and after they were renumbered
    assert "2933.11.00.00" in codes  # gone in 2026
    assert {"9102.11.10.10", "9999.95.00.00"} <= codes  # of trade alone
    assert not {"7606.11.30", "9903.88.03"} & codes
    # What returns or is assembled abroad is traded under chapter 98, whose lines say nothing of the duty.
    (kind,) = {row["kind"] for row in store.table("lines").to_pylist() if row["code"] == "9802.00.91.00"}
    assert kind == "unknown"


def test_lines_on_which_footnotes_and_a_list_disagree_are_kept(store: Store) -> None:
    # The list leaves out float glass, which cites 9903.88.03, and has asses, which do not.
    assert store.table("disagreements").to_pylist() == [
        {"duty": "s301-list-3", "code": "70052110", "cited": True, "list": "tariff_lists/list_three.csv"},
        {"duty": "s301-list-3", "code": "01013000", "cited": False, "list": "tariff_lists/list_three.csv"},
    ]


def test_nothing_but_tables_and_what_they_were_made_from_stands_in_a_store(store: Store) -> None:
    tables = {f"{name}.parquet" for name in ("lines", "goods", "cells", "trade", "disagreements")}
    assert set(contents(store.folder)) == {*tables, "manifest.json"}


def test_the_same_inputs_give_the_same_bytes(world: Path, record: Catalog, store: Store, tmp_path: Path) -> None:
    again = build(world, tmp_path / "again", catalog=record)
    assert contents(again.folder) == contents(store.folder)


def test_plain_archives_are_read_as_well(mine: Path, record: Catalog, store: Store) -> None:
    packed = archive(mine)
    packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
    assert refusals(mine, record) == [
        "hts_archives/hts_2025_rev_16.json.gz: 2025_rev_16 stands there twice, also as hts_2025_rev_16.json"
    ]
    packed.unlink()
    plain = build(mine, mine.parent / "plain", catalog=record)
    assert plain.table("lines").equals(store.table("lines"))


def test_a_truncated_archive_is_refused(mine: Path, record: Catalog) -> None:
    raw = archive(mine).read_bytes()
    archive(mine).write_bytes(raw[: len(raw) // 2])
    assert refusals(mine, record) == [
        "hts_2025_rev_16.json.gz: is truncated or damaged: the compressed data end early; download it again"
    ]


def test_a_re_ordered_archive_is_refused(mine: Path, record: Catalog) -> None:
    rows = rows_of("2025_rev_16")
    place = next(at for at, one in enumerate(rows) if one["htsno"] == "8517.13.00.00")
    write_revision(mine, "2025_rev_16", [rows[place] | {"indent": "0"}, *rows[:place], *rows[place + 1 :]])
    assert "0101 stands after 8517.13.00.00; has the file been re-ordered?" in refusals(mine, record)[0]


def test_a_line_that_stands_twice_is_refused(mine: Path, record: Catalog) -> None:
    rows = rows_of("2025_rev_16")
    place = next(at for at, one in enumerate(rows) if one["htsno"] == "0101.30.00.00")
    write_revision(mine, "2025_rev_16", [*rows[: place + 1], rows[place], *rows[place + 1 :]])
    assert refusals(mine, record) == ["hts_2025_rev_16.json.gz:7: htsno: 0101.30.00.00 stands twice; first in row 6"]


def test_a_code_that_lost_its_leading_zero_in_a_list_is_refused(mine: Path, record: Catalog) -> None:
    (mine / "lists" / "negative_list.csv").write_text("hts8,status\n85171300,out\n9011100,out\n", encoding="utf-8")
    (problem,) = refusals(mine, record)
    assert problem.startswith("lists/negative_list.csv:3: hts8: found '9011100'")
    assert problem.endswith("did you mean '09011100'?")


def test_a_list_with_headings_of_chapter_99_is_refused(mine: Path, record: Catalog) -> None:
    (mine / "tariff_lists" / "annex_three.txt").write_text("84159080\n9903.82.11\n", encoding="utf-8")
    assert refusals(mine, record) == [
        "tariff_lists/annex_three.txt:2: found '9903.82.11', a heading of chapter 99; expected the lines of goods that it is for"
    ]


def test_trade_of_an_unknown_country_and_negative_trade_are_refused(mine: Path, record: Catalog) -> None:
    trade = mine / "us_imports_2024"
    write_trade(trade / "imports_9999.parquet", "9999", {"8517.13.00.00": 1})
    assert refusals(mine, record) == ["imports_9999.parquet:1: CTY_CODE: found '9999', which census_codes.csv does not have"]
    (trade / "imports_9999.parquet").unlink()
    write_trade(trade / "imports_5700.parquet", "5700", {"8517.13.00.00": 5, "0901.11.00.25": -1})
    assert refusals(mine, record) == ["imports_5700.parquet:2: CON_VAL_YR: found '-1000', expected whole dollars of 0 or more"]


def test_trade_of_a_code_that_lost_its_leading_zero_is_refused(mine: Path, record: Catalog) -> None:
    path = mine / "us_imports_2024" / "imports_5820.parquet"
    write_trade(path, "5820", {"901.11.00.25": 7})
    assert refusals(mine, record) == [
        "imports_5820.parquet:1: I_COMMODITY: found '901110025', expected ten digits, leading zero included"
    ]


def test_a_footnote_to_a_heading_that_is_not_there_is_no_reason_to_refuse(mine: Path, record: Catalog) -> None:
    rows = rows_of("2025_rev_16")
    by_code = {one["htsno"]: one for one in rows}
    by_code["0901.11.00"]["footnotes"].append({"columns": ["general"], "value": "See 9903.77.77.", "type": "endnote"})
    path = write_revision(mine, "2025_rev_16", rows)
    remarks = [str(remark) for remark in read_schedule(path).remarks]
    assert any(remark.endswith("footnotes: cites 9903.77.77, which this revision does not have") for remark in remarks)
    built = build(mine, mine.parent / "built", catalog=record)
    assert "0901.11.00.25" in built.rows


def test_revisions_without_a_date_are_told(mine: Path, record: Catalog) -> None:
    write_revision(mine, "2025_rev_20", rows_of("2026_rev_2"))
    built = build(mine, mine.parent / "built", catalog=record)
    # Two new numbers, the old one gone, one line gone, one duty changed.
    assert built.manifest["remarks"] == [
        "2025_rev_20: has no date; 5 of its lines say something else than the one before it, and are not used"
    ]
    assert "2025_rev_20" not in built.manifest["revisions"]


@pytest.mark.parametrize("name", ["hts_2025.json.gz", "hts_revision_16.json", "schedule_2025_basic.json"])
def test_an_archive_of_no_revision_is_refused(mine: Path, record: Catalog, name: str) -> None:
    (mine / "hts_archives" / name).write_bytes(b"[]")
    (problem,) = refusals(mine, record)
    assert problem.startswith(f"hts_archives/{name}: ")


def test_no_archive_no_dated_one_and_no_trade_are_refused(mine: Path, record: Catalog) -> None:
    (mine / "revisions.csv").write_text("revision,date,grade\n2025_rev_1,2025-02-04,A\n", encoding="utf-8")
    assert refusals(mine, record) == ["hts_archives: none of the revisions has a date"]
    shutil.rmtree(mine / "hts_archives")
    assert refusals(mine, record) == [f"hts_archives: is not in {mine}; expected revisions such as hts_2025_basic.json.gz"]


def test_another_year_s_trade_is_looked_for_in_its_own_folder(mine: Path, record: Catalog) -> None:
    with pytest.raises(RecordError, match="us_imports_2023"):
        build(mine, mine.parent / "store", year=2023, catalog=record)


def test_a_source_that_is_no_folder_is_refused(tmp_path: Path, record: Catalog) -> None:
    with pytest.raises(UsageError, match=r"is no folder; expected one with hts_archives, lists and us_imports_2024"):
        build(tmp_path / "none", tmp_path / "store", catalog=record)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_things_in_it_is_not_written_over(world: Path, record: Catalog, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(OutputError, match="is a folder with other things in it"):
        build(world, tmp_path / "letters", catalog=record)
    assert contents(tmp_path) == {"letters/mine.txt": b"dear"}


def test_an_empty_folder_becomes_the_store(world: Path, record: Catalog, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert build(world, tmp_path / "empty", catalog=record).folder == tmp_path / "empty"


@pytest.mark.parametrize("table", ["lines", "goods", "cells", "trade", "disagreements"])
def test_a_disk_that_fills_leaves_the_old_store_byte_by_byte(
    world: Path, record: Catalog, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    target = shutil.copytree(store.folder, tmp_path / "store")
    before = contents(target)
    write = pq.write_table

    def full(rows: Any, where: Any, **how: Any) -> None:
        if Path(where).name == f"{table}.parquet":
            Path(where).write_bytes(b"half of")
            raise OSError(errno.ENOSPC, "No space left on device")
        write(rows, where, **how)

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(OutputError, match=r"store: cannot be written: No space left on device; .* is kept in store\.partial"):
        build(world, target, catalog=record)
    assert contents(target) == before
    monkeypatch.undo()
    assert contents(build(world, target, catalog=record).folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_store_that_cannot_be_moved_to_its_place_leaves_the_old_one_there(
    world: Path, record: Catalog, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = shutil.copytree(store.folder, tmp_path / "store")
    before = contents(target)
    rename = Path.rename

    def stuck(path: Path, to: Path) -> Path:
        if path.name == "store.partial":
            raise OSError(errno.EACCES, "Permission denied")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", stuck)
    with pytest.raises(OutputError, match="cannot be written: Permission denied"):
        build(world, target, catalog=record)
    assert contents(target) == before


class Reader:
    """Reads schedules, and remembers which; is interrupted at one."""

    def __init__(self, stops_at: str = "") -> None:
        self.read: list[str] = []
        self.stops_at = stops_at

    def __call__(self, path: Path, name: str) -> Schedule:
        if name == self.stops_at:
            raise KeyboardInterrupt
        self.read.append(name)
        return read_schedule(path, name)


def test_an_interrupted_build_resumes_without_reading_an_archive_again(
    world: Path, record: Catalog, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted, resumed = Reader(stops_at="2026_rev_2"), Reader()
    monkeypatch.setattr(building, "read_schedule", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(world, tmp_path / "store", catalog=record)
    assert interrupted.read == ["2025_basic", "2025_rev_16"]
    with pytest.raises(UsageError, match="is no store"):
        open_store(tmp_path / "store")
    monkeypatch.setattr(building, "read_schedule", resumed)
    again = build(world, tmp_path / "store", catalog=record)
    assert resumed.read == ["2026_rev_2"]
    assert contents(again.folder) == contents(store.folder)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_an_archive_that_changed_since_the_interruption_is_read_again(
    mine: Path, record: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "read_schedule", Reader(stops_at="2026_rev_2"))
    with pytest.raises(KeyboardInterrupt):
        build(mine, mine.parent / "store", catalog=record)
    rows = rows_of("2025_rev_16")
    {one["htsno"]: one for one in rows}["8517.13.00.00"]["general"] = "1%"
    write_revision(mine, "2025_rev_16", rows)
    resumed = Reader()
    monkeypatch.setattr(building, "read_schedule", resumed)
    built = build(mine, mine.parent / "store", catalog=record)
    assert resumed.read == ["2025_rev_16", "2026_rev_2"]
    phones = [row for row in built.table("lines").to_pylist() if row["code"] == "8517.13.00.00"]
    assert [(row["start"], row["general"]) for row in phones] == [
        (date(2025, 1, 1), "Free"),
        (date(2025, 7, 1), "1%"),
        (date(2026, 2, 1), "Free"),
    ]


def test_a_piece_that_was_half_written_is_read_again(mine: Path, record: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "read_schedule", Reader(stops_at="2026_rev_2"))
    with pytest.raises(KeyboardInterrupt):
        build(mine, mine.parent / "store", catalog=record)
    checksum = hashlib.sha256(archive(mine).read_bytes()).hexdigest()
    piece = mine.parent / "store.partial" / "revisions" / f"{checksum}.parquet"
    piece.write_bytes(piece.read_bytes()[:100])
    resumed = Reader()
    monkeypatch.setattr(building, "read_schedule", resumed)
    build(mine, mine.parent / "store", catalog=record)
    assert resumed.read == ["2025_rev_16", "2026_rev_2"]


def test_what_is_done_is_told(world: Path, record: Catalog, tmp_path: Path) -> None:
    told: list[str] = []
    build(world, tmp_path / "store", catalog=record, tell=told.append)
    assert told[:3] == ["1 of 3: 2025_basic", "2 of 3: 2025_rev_16", "3 of 3: 2026_rev_2"]
    assert "trade of 2024" in told


def test_a_record_whose_lists_the_folder_lacks_is_refused(mine: Path) -> None:
    path = mine / "record" / "duties" / "us-on-all" / "s232-annex-3.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("annex_three", "annex_four"), encoding="utf-8")
    assert refusals(mine, load(mine / "record"))[0].startswith("tariff_lists/annex_four.txt: ")


def test_trade_is_kept_in_dollars_by_code_and_origin(store: Store) -> None:
    trade = {(row["code"], row["origin"]): row["value"] for row in store.table("trade").to_pylist()}
    assert trade["8517.13.00.00", "CN"] == 4_500_000
    assert sum(value for (_, origin), value in trade.items() if origin == "CN") == 1000 * sum(CHINA.values())


def test_a_manifest_is_plain_json(store: Store) -> None:
    assert json.loads((store.folder / "manifest.json").read_text(encoding="utf-8")) == store.manifest
