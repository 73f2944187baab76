from __future__ import annotations

import csv
import io
import json
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from tariffs import asking
from tariffs.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from tariffs.catalog import Catalog
    from tariffs.products import Store


@pytest.fixture(autouse=True)
def small(record: Catalog, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small world's record in the packaged one's place, and its store in the environment."""
    monkeypatch.setattr(asking, "packaged", lambda: record)
    monkeypatch.setenv("TARIFFS_STORE", str(store.folder))


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["products", *args])


def rows_of(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_rate_prints_the_number_alone_on_standard_output() -> None:
    # List 1 25, fentanyl 20, reciprocal 10.
    result = run("rate", "8501.10.40.20", "2025-07-01")
    assert (result.exit_code, result.stdout) == (0, "55\n")
    assert "percent on top of MFN, 8501.10.40.20 from CN, 2025-07-01: Electric motors" in result.stderr
    assert "20 ieepa-fentanyl, 10 ieepa-reciprocal, 25 s301-list-1" in result.stderr
    assert "MFN 4.4%; schedule 2025_rev_16" in result.stderr
    assert "30 if it is described in U.S. note 20(vvv) (s301-list-1)" in result.stderr


def test_rate_asks_for_china_unless_another_origin_is_named() -> None:
    assert run("rate", "8501.10.40.20", "2025-07-01", "--origin", "HK").stdout == "30\n"
    nothing = run("rate", "8501.10.40.20", "2026-03-01", "--origin", "HK")
    assert (nothing.stdout, "no additional duty" in nothing.stderr) == ("0\n", True)


def test_a_range_is_printed_until_the_metal_share_is_given() -> None:
    assert run("rate", "8302.41.30.00", "2025-07-01").stdout == "55 to 95\n"
    assert run("rate", "8302.41.30.00", "2025-07-01", "--metal-share", "40").stdout == "71\n"


def test_rate_is_told_to_machines_as_json() -> None:
    told = json.loads(run("rate", "8205.51.60.00", "2025-07-01", "--json").stdout)
    assert (told["additional"], told["total"], told["metals"]) == (54.0, 57.1, {"aluminium": 60.0})


def test_a_view_of_the_past_is_asked_for_as_everywhere() -> None:
    assert run("rate", "8205.51.60.00", "2025-07-01", "--as-of", "2025-05-31").stdout == "45\n"
    assert run("rate", "8205.51.60.00", "2025-07-01", "--basis", "lawful").stdout == "30\n"


def test_explain_takes_a_rate_apart() -> None:
    text = run("explain", "8205.51.60.00", "2025-07-01").stdout
    for words in ("30%  Aluminium derivatives: 50% on 60%", "4%  Reciprocal duty: 10% on 40%", "MFN: 3.1%; with it 57.1%"):
        assert words in text
    assert json.loads(run("explain", "8205.51.60.00", "2025-07-01", "--json").stdout)["additional"] == 54.0


def test_a_line_s_history_is_printed_as_its_series_is_written(tmp_path: Path) -> None:
    for options in ([], ["--mfn"], ["--start", "2025-03-01", "--end", "2026-03-01"], ["--basis", "lawful"]):
        assert run("series", "8517.13.00.00", *options, "-o", str(tmp_path / "line.csv")).exit_code == 0
        written = [row for row in (tmp_path / "line.csv").read_text("utf-8").splitlines() if not row.startswith("#")]
        assert run("series", "8517.13.00.00", *options).stdout.splitlines() == written


def test_series_prints_its_changes() -> None:
    rows = rows_of(run("series", "8517.13.00.00", "--start", "2025-01-01", "--end", "2025-06-30"))
    assert [list(row.values())[:2] for row in rows] == [
        ["2025-01-01", "0.0"],
        ["2025-02-04", "10.0"],
        ["2025-03-04", "20.0"],
    ]


def test_average_prints_its_parts_and_writes_a_file(tmp_path: Path) -> None:
    rows = rows_of(run("average", "--start", "2025-07-01", "--end", "2025-07-01"))
    # 660,400 over 15,000, as summed by hand in the tests of averages.
    assert float(rows[0]["rate"]) == pytest.approx(660_400 / 15_000, abs=1e-9)
    parts = rows_of(run("average", "--by", "authority", "--start", "2025-07-01", "--end", "2025-07-01"))
    assert {row["authority"] for row in parts} == {"us-mfn", "IEEPA", "S232", "S301"}
    assert sum(float(row["rate"]) for row in parts) == pytest.approx(660_400 / 15_000, abs=1e-9)
    path = tmp_path / "average.csv"
    assert run("average", "-o", str(path)).exit_code == 0
    head = path.read_text(encoding="utf-8")
    for fact in (
        "origin: CN",
        "weights: us-imports-2024",
        "schedules: 2025_basic to 2026_rev_2",
        "metal_shares: of chapters 73, 74 and 76 all of their metal",
    ):
        assert f"# {fact}" in head


def test_a_file_of_one_line_or_one_day_says_which(tmp_path: Path) -> None:
    line, day = tmp_path / "line.csv", tmp_path / "day.csv"
    assert run("series", "8517.13.00.00", "-o", str(line)).exit_code == 0
    assert "# line: 8517.13.00.00\n# description: Telephone sets" in line.read_text(encoding="utf-8")
    assert run("frame", "2025-07-01", "--origin", "HK", "-o", str(day)).exit_code == 0
    assert "# origin: HK\n# date: 2025-07-01\n" in day.read_text(encoding="utf-8")


def test_covered_frame_and_distribution_print_tables() -> None:
    covered = rows_of(run("covered", "--end", "2025-02-28"))
    assert [float(row["covered"]) for row in covered] == pytest.approx([5500 / 155, 100])
    frame = {row["line"]: row for row in rows_of(run("frame", "2025-07-01"))}
    assert (float(frame["8501.10.40.20"]["additional"]), float(frame["8501.10.40.20"]["value"])) == (55, 1_000_000)
    spread = rows_of(run("distribution", "2025-07-01", "--width", "10"))
    assert [float(row["share"]) for row in spread] == pytest.approx([4500 / 160, 1400 / 160, 9500 / 160, 600 / 160])


def test_build_prints_the_store_and_says_what_it_found(world: Path, tmp_path: Path) -> None:
    result = run("build", "--source", str(world), "--store", str(tmp_path / "made"))
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'made'}\n")
    assert "footnotes and lists disagree on 2 lines; the footnotes decide" in result.stderr
    assert run("rate", "8517.13.00.00", "2025-07-01", "--store", str(tmp_path / "made")).stdout == "20\n"


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("rate", "8517.13.00.00", "2025-07-01", "--store", "nowhere"), 2, "is no store of tariff lines; make one"),
        (("rate", "7606.11.30", "2025-07-01"), 2, "7606.11.30 has 2 lines under it; name one"),
        (("rate", "7606.11.30.31", "2025-07-01"), 2, "did you mean '7606.11.30.30'"),
        (("rate", "901.11.00.25", "2025-07-01"), 2, "did you mean '0901.11.00.25'"),
        (("rate", "8517.13.00.00", "2024-12-31"), 2, "2024-12-31 is before 2025-01-01"),
        (("rate", "8517.13.00.00", "2025-07-01", "--origin", "VN"), 2, "it does for CN, HK"),
        (("rate", "8517.13.00.00", "2025-07-01", "--metal-share", "30"), 2, "bears duties on metals: none"),
        (("average", "--weights", "us-imports-2023"), 2, "did you mean 'us-imports-2024'"),
        (("average", "--by", "line"), 2, "Invalid value for '--by'"),
        (("distribution", "2025-07-01", "--width", "0"), 2, "width: found 0.0"),
        (("build", "--source", "nowhere"), 2, "nowhere: is no folder"),
        (("rates",), 2, "no command 'rates'; did you mean 'rate'"),
    ],
)
def test_what_cannot_be_answered_is_one_line_and_an_exit_code(args: tuple[str, ...], code: int, message: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_list_is_told_with_its_file_and_line(world: Path, tmp_path: Path) -> None:

    source = shutil.copytree(world, tmp_path / "world")
    (source / "tariff_lists" / "annex_three.txt").write_text("84159080\n9903.82.11\n", encoding="utf-8")
    result = run("build", "--source", str(source), "--store", str(tmp_path / "made"))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: tariff_lists/annex_three.txt:2: found '9903.82.11', a heading of chapter 99")
    assert not (tmp_path / "made").exists()
