"""The documents say what is true: their examples run, their links lead somewhere, their pictures are the program's."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbclient import NotebookClient

import tariffs as tf
from scripts import build_docs
from tariffs.cli import main
from tariffs.reading.duties import read_duty
from tariffs.reading.tree import Reader, parse

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OF_LINES = "products.ipynb"  # reads a store of tariff lines
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "data" / "README.md", ROOT / "seeds" / "README.md"])


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def test_five_lines_of_python_run_and_say_what_they_say() -> None:
    code, _ = blocks(README, "python")
    names: dict[str, object] = {}
    exec(code, names)
    assert len([line for line in code.splitlines() if line.strip()]) == 1 + 5
    assert tf.series("us_on_cn", as_of="2025-04-07")["2025-04-09"] == 54


def test_the_averages_of_the_readme_run_and_say_what_they_say() -> None:
    _, code = blocks(README, "python")
    exec(code, {})
    assert round(tf.rate("us_on_cn", "2025-04-10", measure="average", weights="piie-implied"), 1) == 124.8
    assert tf.rate("us_on_cn", "2025-04-15", measure="stack", good="electric-car", mfn=True) == 147.5
    bases = [name for name, tables in tf.load().bases.items() if "cn_on_us" in {where.name for where in tables}]
    by_weights = {name: tf.rate("cn_on_us", "2019-06-01", measure="average", weights=name) for name in bases}
    assert {name: round(value, 1) for name, value in by_weights.items()} == {
        "piie-implied": 20.7,
        "cn-imports-2017": 15.6,
        "simple-hs6": 22.3,
    }
    assert round(tf.rate("us_on_cn", "2025-04-10", measure="average", weights="us-imports-2024"), 1) == 113.6


def test_console_examples_print_what_the_readme_shows() -> None:
    (session,) = blocks(README, "console")
    shown = re.findall(r"^\$ tariffs (.*)\n((?:(?!\$).*\n)*)", session, flags=re.MULTILINE)
    assert len(shown) == 2
    for command, output in shown:
        assert CliRunner().invoke(main, shlex.split(command)).stdout == output


@pytest.mark.parametrize("command", re.findall(r"^\| `tariffs ([^`]+)`", README, flags=re.MULTILINE))
def test_every_command_of_the_table_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example = blocks((ROOT / "data" / "README.md").read_text(encoding="utf-8"), "yaml")[0]
    (tmp_path / "theirs.csv").write_text("date,value\n2025-04-15,145\n", encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(f"duty: mine\n{example}", encoding="utf-8")
    shutil.copytree(ROOT / "data", tmp_path / "old" / "data")
    shutil.copy(ROOT / "docs" / "images" / "us-china-84.png", tmp_path / "chart.png")
    result = CliRunner().invoke(main, shlex.split(command))
    assert result.exit_code == 0, result.output


def test_event_of_the_readme_is_the_record_s() -> None:
    (block,) = blocks(README, "yaml")
    duty = "title: t\nimporter: US\norigin: CN\nauthority: IEEPA\nfamily: ieepa-reciprocal\nscope: all_goods\ncovers: c\n"
    reader = Reader("README.md")
    document = parse(f"{duty}events:\n{block}", reader)
    assert document is not None
    read = read_duty(document, reader, "ieepa-reciprocal", ("ieepa-reciprocal",))
    assert reader.problems == []
    event, recorded = read.events[0], tf.load().events["ieepa-reciprocal/2025-05-14/10"]
    assert (event.rate, event.effective, event.enacted, event.stated) == (
        recorded.rate,
        recorded.effective,
        recorded.enacted,
        recorded.stated,
    )


def test_scenario_of_the_format_page_says_what_it_says(tmp_path: Path) -> None:
    (block,) = [text for text in blocks((ROOT / "data" / "README.md").read_text(encoding="utf-8"), "yaml") if "scenario:" in text]
    (tmp_path / "mine.yaml").write_text(block, encoding="utf-8")
    mine = tf.load(tmp_path / "mine.yaml", on_top=True)
    # China's answer is back at 34 on 10 November 2026; the forced-labour duty is at 20 from December, with 50 more from 2027.
    assert [tf.rate("cn_on_us", day, catalog=mine) for day in ("2026-11-09", "2026-11-10", "2027-01-10")] == [10, 34, 34]
    assert [tf.rate("us_on_cn", day, catalog=mine) for day in ("2026-11-30", "2026-12-01", "2027-01-01")] == [12.5, 20, 70]
    listed = [tf.rate("us_on_cn", day, measure="stack", good="list-1", catalog=mine) for day in ("2026-11-30", "2026-12-01")]
    assert listed == [25 + 12.5, 20]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_of_documents_lead_to_files(document: Path) -> None:
    prose = re.sub("```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", prose):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documents_name_only_functions_that_exist(document: Path) -> None:
    for name in re.findall(r"`?tf\.([a-z_]+)", document.read_text(encoding="utf-8")):
        assert hasattr(tf, name), name


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.name)
@pytest.mark.filterwarnings("default")  # the notebook client's own loop handling warns; the notebook runs in another process
def test_notebook_runs_and_shows_what_is_committed(
    notebook: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if notebook.name == OF_LINES:
        monkeypatch.setenv("TARIFFS_STORE", str(request.getfixturevalue("real_store").folder))
    committed = nbformat.read(notebook, as_version=4)
    fresh = nbformat.read(notebook, as_version=4)
    NotebookClient(fresh, timeout=120, resources={"metadata": {"path": str(notebook.parent)}}).execute()
    for was, now in zip(committed.cells, fresh.cells, strict=True):
        if was.cell_type == "code":
            assert was.outputs, "committed without its output"
            assert [output.get("data", {}).get("text/plain") for output in was.outputs if "data" in output] == [
                output.get("data", {}).get("text/plain") for output in now.outputs if "data" in output
            ]


def test_the_notebook_on_tariff_lines_names_no_folder_of_a_machine() -> None:
    notebook = nbformat.read(ROOT / "notebooks" / OF_LINES, as_version=4)
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert shown
    for output in shown:
        text = str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", ""))
        assert not re.search(r"(?<![\w.])/\w+/\w", text), text


def test_pictures_of_tariff_lines_stay_where_there_is_no_store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TARIFFS_STORE", str(tmp_path))
    before = {name: (ROOT / "docs" / "images" / name).read_bytes() for name in build_docs.OF_LINES}
    lacking = build_docs.missing_store()
    assert "is no store of tariff lines" in lacking
    gallery = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    for section in build_docs.drawn_of_lines(lacking):
        assert section in gallery
    assert capsys.readouterr().out.count("left as it is") == len(before)
    assert {name: (ROOT / "docs" / "images" / name).read_bytes() for name in before} == before
