from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tariffs.errors import FetchError, OutputError, RecordError, UnknownNameError, UsageError
from tariffs.products import fetching
from tariffs.products.fetching import Fetched, Sources, fetch
from tariffs.products.schedule import read_schedule
from tariffs.products.trade import read_trade
from tests.products.serving import Answer, Server, Waits

if TYPE_CHECKING:
    from collections.abc import Iterable

SMALL = (Path(__file__).parent / "hts_small.json").read_bytes()
ARCHIVES = Path(__file__).parents[3] / "shared" / "data" / "hts_archives"
# As the list has them: the newest first, older years with names of their own.
LIST = ["2026HTSRev1", "2026HTSBasic", "2025HTSRev10", "2025HTSRev2", "2025HTSBasic", "2024HTSBasic", "2023HTSARev4a"]
CURRENT = "2026HTSRev1"
BASIC, SECOND, TENTH = "2025_basic", "2025_rev_2", "2025_rev_10"
KEY = "0123456789abcdef"


def of(edition: str) -> bytes:
    """Return the small schedule with a word of its own, so that no two editions are the same."""
    return SMALL.replace(b"Live horses", f"Live horses, {edition},".encode(), 1)


def imports(chapter: str) -> bytes:
    header = ["I_COMMODITY", "CTY_CODE", "CON_VAL_YR", "CAL_DUT_YR", "COMM_LVL", "time"]
    rows = [[f"{chapter}00000000", country, "100", "7", "HS10", "2024-12"] for country in ("-", "5700")]
    return json.dumps([header, *rows]).encode()


def path_of(name: str) -> str:
    year, edition = name.split("_", 1)
    return f"/tata/hts_{year}_{'basic_edition' if edition == 'basic' else edition.replace('rev_', 'revision_')}_json.json"


def open_up(server: Server) -> None:
    """Let a server say what the offices say, of two chapters."""
    listed = [{"name": name, "status": "current" if name == CURRENT else "archived", "releaseEndDate": None} for name in LIST]
    server.says("/list", Answer(json.dumps(listed).encode()))
    server.says("/current", Answer(json.dumps({"name": CURRENT, "title": "Revision 1 (2026)"}).encode()))
    server.says("/export", Answer(of("2026_rev_1")))
    for name in (BASIC, SECOND, TENTH, "2026_basic"):
        server.says(path_of(name), Answer(of(name)))
    for chapter in ("01", "85"):
        server.says(f"/imports?chapter={chapter}*&time=2024-12&key={KEY}", Answer(imports(chapter)))


@pytest.fixture(autouse=True)
def two_chapters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "CHAPTERS", ("01", "85"))
    monkeypatch.delenv("CENSUS_API_KEY", raising=False)


def run(server: Server, folder: Path, releases: Iterable[str] | None = (), **fields: Any) -> Fetched:
    sources = Sources(
        f"{server.url}/list",
        f"{server.url}/current",
        f"{server.url}/export",
        f"{server.url}/tata/hts_{{year}}_{{edition}}_json.json",
        f"{server.url}/imports?chapter={{chapter}}*&time={{year}}-12",
    )
    asked = {"year": None, "api_key": KEY, "patience": Waits().patience(attempts=2)} | fields
    return fetch(folder, releases=releases, sources=sources, **asked)


def refusals(server: Server, folder: Path, releases: Iterable[str] | None = (), **fields: Any) -> list[str]:
    with pytest.raises(FetchError) as refused:
        run(server, folder, releases, **fields)
    return [str(problem).replace(server.url, "URL") for problem in refused.value.problems]


def sums(folder: Path) -> dict[str, str]:
    lines = (folder / "checksums.txt").read_text(encoding="utf-8").splitlines()
    return {name: found for found, name in (line.split("  ") for line in lines)}


def archived(folder: Path, name: str) -> Path:
    return folder / "hts_archives" / f"hts_{name}.json.gz"


def test_everything_is_fetched_into_the_places_that_the_readers_take(server: Server, tmp_path: Path) -> None:
    open_up(server)
    folder = tmp_path / "inputs"
    fetched = run(server, folder, None, year=2024)
    names = [BASIC, SECOND, TENTH, "2026_basic", "2026_rev_1"]
    assert fetched.schedules == tuple(archived(folder, name) for name in names)
    assert [read_schedule(path).name for path in fetched.schedules] == names
    assert [gzip.decompress(path.read_bytes()) for path in fetched.schedules] == [of(name) for name in names]
    (tmp_path / "census_codes.csv").write_text("Code,Name\n5700,China\n", encoding="utf-8")
    trade = read_trade(folder / "us_imports_2024", tmp_path)
    assert [(row["code"], row["country"], row["value"]) for row in trade.table.to_pylist()] == [
        ("0100.00.00.00", "CN", 100),
        ("8500.00.00.00", "CN", 100),
    ]
    assert fetched.remarks == ()


def test_checksums_are_of_the_files_and_in_the_form_of_sha256sum(server: Server, tmp_path: Path) -> None:
    open_up(server)
    fetched = run(server, tmp_path, [BASIC], year=2024)
    files = {path.relative_to(tmp_path).as_posix(): path for path in (*fetched.schedules, *fetched.trade)}
    assert sums(tmp_path) == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    assert list(sums(tmp_path)) == sorted(files)
    everything = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert everything == {*files, "checksums.txt"}


def test_the_same_content_gives_the_same_bytes(server: Server, tmp_path: Path) -> None:
    open_up(server)
    first, second = tmp_path / "first", tmp_path / "second"
    run(server, first, [BASIC])
    run(server, second, [BASIC])
    assert (first / "checksums.txt").read_bytes() == (second / "checksums.txt").read_bytes()
    assert archived(first, BASIC).read_bytes()[4:8] == b"\0\0\0\0"


def test_releases_may_be_named_and_come_in_the_order_of_their_publication(server: Server, tmp_path: Path) -> None:
    open_up(server)
    fetched = run(server, tmp_path, [TENTH, BASIC, SECOND])
    assert [path.name for path in fetched.schedules] == [f"hts_{name}.json.gz" for name in (BASIC, SECOND, TENTH)]
    assert fetched.trade == ()
    assert not any("imports" in path for path in server.asked)


def test_what_is_there_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    open_up(server)
    first = run(server, tmp_path, [BASIC, SECOND], year=2024)
    server.asked.clear()
    assert run(server, tmp_path, [BASIC, SECOND], year=2024) == first
    assert server.asked == []
    archived(tmp_path, SECOND).unlink()
    assert run(server, tmp_path, [BASIC, SECOND], year=2024) == first
    assert server.asked == ["/list", "/current", path_of(SECOND)]


def test_the_export_is_asked_for_the_current_release_alone_and_only_while_it_is(server: Server, tmp_path: Path) -> None:
    open_up(server)
    run(server, tmp_path, ["2026_rev_1"])
    assert server.asked == ["/list", "/current", "/export", "/current"]
    archived(tmp_path, "2026_rev_1").unlink()
    before, after = (Answer(json.dumps({"name": name}).encode()) for name in (CURRENT, "2026HTSRev2"))
    server.says("/current", before, after)
    assert refusals(server, tmp_path, ["2026_rev_1"]) == [
        "hts_archives/hts_2026_rev_1.json.gz: 2026_rev_2 became current meanwhile; fetch again"
    ]
    server.says("/current", before, Answer(status=404))
    assert refusals(server, tmp_path, ["2026_rev_1"]) == [
        "hts_archives/hts_2026_rev_1.json.gz: fetched as the current release, and whether it still is could not be asked",
        "the current release: URL/current: answered 404 Not Found",
    ]
    assert not archived(tmp_path, "2026_rev_1").exists()


def test_revisions_that_are_the_same_are_remarked(server: Server, tmp_path: Path) -> None:
    open_up(server)
    server.says(path_of(SECOND), Answer(of(BASIC)))
    assert run(server, tmp_path, [BASIC, SECOND, TENTH]).remarks == (
        "hts_archives/hts_2025_rev_2.json.gz: holds what hts_archives/hts_2025_basic.json.gz holds, to the byte",
    )


def test_a_file_that_was_changed_on_disk_is_refused_or_fetched_again(server: Server, tmp_path: Path) -> None:
    open_up(server)
    run(server, tmp_path, [BASIC, SECOND])
    whole = archived(tmp_path, BASIC).read_bytes()
    changed = gzip.compress(of("changed"))
    archived(tmp_path, BASIC).write_bytes(changed)
    found, expected = hashlib.sha256(changed).hexdigest(), hashlib.sha256(whole).hexdigest()
    assert refusals(server, tmp_path, [BASIC, SECOND]) == [
        (
            f"hts_archives/hts_2025_basic.json.gz: was changed on disk: its SHA-256 is {found[:12]}…, and checksums.txt has"
            f" {expected[:12]}…; again=True fetches it anew"
        )
    ]
    assert archived(tmp_path, BASIC).read_bytes() == changed
    server.asked.clear()
    assert run(server, tmp_path, [BASIC, SECOND], again=True).remarks == ()
    assert server.asked == ["/list", "/current", path_of(BASIC)]
    assert archived(tmp_path, BASIC).read_bytes() == whole


def test_a_file_that_was_revised_at_its_source_is_remarked(server: Server, tmp_path: Path) -> None:
    open_up(server)
    run(server, tmp_path, year=2024)
    (tmp_path / "us_imports_2024" / "2024-hs10-chapter85.json.gz").unlink()
    revised = imports("85").replace(b'"100"', b'"101"')
    server.says(f"/imports?chapter=85*&time=2024-12&key={KEY}", Answer(revised))
    assert run(server, tmp_path, year=2024).remarks == (
        "us_imports_2024/2024-hs10-chapter85.json.gz: is not what checksums.txt had; it was revised at its source",
    )
    assert run(server, tmp_path, year=2024).remarks == ()


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_that_was_saved_by_hand_is_taken_if_it_is_whole(server: Server, tmp_path: Path, packed: bool) -> None:
    open_up(server)
    path = archived(tmp_path, BASIC) if packed else archived(tmp_path, BASIC).with_suffix("")
    path.parent.mkdir()
    path.write_bytes(gzip.compress(SMALL) if packed else SMALL)
    told: list[str] = []
    assert run(server, tmp_path, [BASIC], tell=told.append).schedules == (path,)
    assert told == [f"hts_archives/{path.name}: was there, and is taken as it is"]
    assert sums(tmp_path) == {f"hts_archives/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()}
    assert server.asked == []


def test_a_file_that_was_saved_by_hand_and_is_cut_is_refused_or_fetched(server: Server, tmp_path: Path) -> None:
    open_up(server)
    path = archived(tmp_path, BASIC).with_suffix("")
    path.parent.mkdir()
    path.write_bytes(SMALL[:3000])
    (found,) = refusals(server, tmp_path, [BASIC])
    assert found.startswith("hts_archives/hts_2025_basic.json:")
    assert "truncated" in found
    assert run(server, tmp_path, [BASIC], again=True).schedules == (archived(tmp_path, BASIC),)
    assert not path.exists()


@pytest.mark.parametrize("answer", [Answer(SMALL[:3000]), Answer(SMALL, sent=3000), Answer(b'{"error": 1}'), Answer(status=503)])
def test_a_download_that_fails_leaves_the_old_file(server: Server, tmp_path: Path, answer: Answer) -> None:
    open_up(server)
    run(server, tmp_path, [BASIC])
    archived(tmp_path, BASIC).write_bytes(b"mine")
    before = (tmp_path / "checksums.txt").read_bytes()
    server.says(path_of(BASIC), answer)
    assert len(refusals(server, tmp_path, [BASIC], again=True)) == 1
    assert archived(tmp_path, BASIC).read_bytes() == b"mine"
    assert (tmp_path / "checksums.txt").read_bytes() == before


def test_a_disk_that_is_full_leaves_the_old_file(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    open_up(server)
    run(server, tmp_path, [BASIC])
    archived(tmp_path, BASIC).write_bytes(b"mine")
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"hts_2025_basic\.json\.gz: cannot be written: No space left on device"):
        run(server, tmp_path, [BASIC], again=True)
    assert archived(tmp_path, BASIC).read_bytes() == b"mine"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_of_an_archive_that_turns_programs_away_may_be_saved_by_hand(server: Server, tmp_path: Path) -> None:
    open_up(server)
    server.says(path_of(BASIC), Answer(status=403))
    (found,) = refusals(server, tmp_path, [BASIC, SECOND])
    assert found.startswith(f"hts_archives/hts_2025_basic.json.gz: URL{path_of(BASIC)}: answered 403 Forbidden; ")
    assert found.endswith("where a browser is let in, save it as hts_archives/hts_2025_basic.json")
    assert archived(tmp_path, SECOND).exists()


def test_a_server_that_fails_three_times_in_a_row_is_left_alone_and_the_others_are_asked(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_up(server)
    monkeypatch.setattr(fetching, "CHAPTERS", ("01", "02", "03", "04", "05", "85"))
    for chapter in ("01", "02", "03"):
        server.says(f"/imports?chapter={chapter}*&time=2024-12&key={KEY}", Answer(status=404))
    found = refusals(server, tmp_path, [BASIC], year=2024)
    assert len(found) == 4
    assert found[-1] == (
        "us_imports_2024/2024-hs10-chapter04.json.gz: not tried, nor 2 more after it: the server failed 3 times in a row"
    )
    assert archived(tmp_path, BASIC).exists()


def test_the_key_goes_to_the_server_and_nowhere_else(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_up(server)
    told: list[str] = []
    server.says(f"/imports?chapter=85*&time=2024-12&key={KEY}", Answer(imports("85"), headers={"ETag": '"1"'}, sent=20))
    found = refusals(server, tmp_path, year=2024, tell=told.append)
    assert len(found) == 1
    assert any(path.suffix == ".part" for path in tmp_path.rglob("*"))
    everything = [*found, *told, *(path.read_text("latin-1") for path in tmp_path.rglob("*") if path.is_file())]
    assert not any(KEY in text for text in everything)
    open_up(server)
    monkeypatch.setenv("CENSUS_API_KEY", KEY)
    assert len(run(server, tmp_path, year=2024, api_key=None).trade) == 2


def test_a_server_that_wants_a_key_is_understood(server: Server, tmp_path: Path) -> None:
    for chapter in ("01", "85"):
        leads = Answer(status=302, headers={"Location": "/data/missing_key.html"})
        server.says(f"/imports?chapter={chapter}*&time=2024-12", leads)
    found = refusals(server, tmp_path, year=2024, api_key="")
    assert found[0].endswith("leads to /data/missing_key.html: the key for its interface is missing or wrong")


def test_imports_without_rows_or_columns_are_not_taken(server: Server, tmp_path: Path) -> None:
    open_up(server)
    header_only = json.dumps([["I_COMMODITY", "CTY_CODE", "CON_VAL_YR", "CAL_DUT_YR", "COMM_LVL", "time"]]).encode()
    server.says(f"/imports?chapter=01*&time=2024-12&key={KEY}", Answer(header_only))
    server.says(f"/imports?chapter=85*&time=2024-12&key={KEY}", Answer(b'[["time"], ["2024-12"]]'))
    found = refusals(server, tmp_path, year=2024)
    expected = "expected rows of I_COMMODITY, CTY_CODE, CON_VAL_YR, CAL_DUT_YR, time, COMM_LVL; tried 2 times"
    assert [problem.endswith(expected) for problem in found] == [True, True]


def test_a_folder_with_imports_in_parquet_is_left_as_it_is(server: Server, tmp_path: Path) -> None:
    (tmp_path / "us_imports_2024").mkdir()
    (tmp_path / "us_imports_2024" / "china.parquet").write_bytes(b"PAR1")
    fetched = run(server, tmp_path, year=2024)
    assert fetched.trade == (tmp_path / "us_imports_2024" / "china.parquet",)
    assert fetched.remarks == ("us_imports_2024: has imports in Parquet, and was left as it is",)
    assert server.asked == []


def test_releases_that_are_none_are_refused_before_anything_is_fetched(server: Server, tmp_path: Path) -> None:
    open_up(server)
    with pytest.raises(UnknownNameError, match=r"unknown release of the schedule '2025_rev_11'; did you mean '2025_rev_1?0?'"):
        run(server, tmp_path, [BASIC, "2025_rev_11"])
    for name in ("2025HTSRev10", "../2025_basic", "2025_rev_01", ""):
        with pytest.raises(UsageError, match="expected the name of a release such as 2025_basic or 2025_rev_10"):
            run(server, tmp_path, [name])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("body", [b"{}", b"[]", b'["2025HTSBasic"]', b'[{"name": "2024HTSARev1"}]', b"<html>"])
def test_a_list_of_releases_that_is_none_is_refused(server: Server, tmp_path: Path, body: bytes) -> None:
    open_up(server)
    server.says("/list", Answer(body))
    (found,) = refusals(server, tmp_path, None)
    assert found.startswith("the list of releases: URL/list: sent ")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("3f2a  hts_archives/hts_2025_basic.json.gz\n", "checksums.txt:1: found '3f2a  hts_archives/"),
        (f"{'0' * 64}  a\n{'1' * 64}  a\n", "checksums.txt:2: a stands twice"),
        ("\n", "checksums.txt:1: found '', expected a SHA-256, two blanks and a file"),
    ],
)
def test_checksums_that_are_none_are_refused(server: Server, tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "checksums.txt").write_text(text, encoding="utf-8")
    with pytest.raises(RecordError) as refused:
        run(server, tmp_path, [BASIC])
    assert str(refused.value).startswith(problem)


def test_checksums_of_other_files_stay(server: Server, tmp_path: Path) -> None:
    open_up(server)
    (tmp_path / "checksums.txt").write_text(f"{'0' * 64}  lists/mine.csv\n", encoding="utf-8")
    run(server, tmp_path, [BASIC])
    assert list(sums(tmp_path)) == ["hts_archives/hts_2025_basic.json.gz", "lists/mine.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
@pytest.mark.parametrize("name", ["hts_archives", "checksums.txt", "hts_archives/hts_2025_basic.json.gz"])
def test_nothing_is_written_outside_the_folder(server: Server, tmp_path: Path, name: str) -> None:
    open_up(server)
    outside, folder = tmp_path / "outside", tmp_path / "inputs"
    link = folder / name
    link.parent.mkdir(parents=True)
    if name == "hts_archives":
        outside.mkdir()
    link.symlink_to(outside)
    with pytest.raises(OutputError, match="where nothing is written"):
        run(server, folder, [BASIC])
    assert not outside.is_file()
    assert not (outside.is_dir() and list(outside.iterdir()))


def test_what_came_is_told(server: Server, tmp_path: Path) -> None:
    open_up(server)
    told: list[str] = []
    run(server, tmp_path, [BASIC], tell=told.append)
    assert told == ["hts_archives/hts_2025_basic.json.gz: fetched, 0.0 MB"]


def test_a_real_revision_that_broke_off_comes_through_to_the_byte(server: Server, tmp_path: Path) -> None:
    real = ARCHIVES / "hts_2025_rev_10.json.gz"
    if not real.is_file():
        pytest.skip(f"no schedules to serve: they are looked for in {ARCHIVES.name} beside the project")
    open_up(server)
    body, tag = gzip.decompress(real.read_bytes()), {"ETag": '"1"'}
    server.says(path_of(TENTH), Answer(body, headers=tag, sent=len(body) // 2), Answer(body, headers=tag, ranges=True))
    (path,) = run(server, tmp_path, [TENTH]).schedules
    assert server.ranges[-1] == f"bytes={len(body) // 2}-"
    assert gzip.decompress(path.read_bytes()) == body
