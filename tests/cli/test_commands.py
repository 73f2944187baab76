from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tariffs.cli import main


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args))


def test_rate_prints_the_number_alone_on_standard_output() -> None:
    result = run("rate", "us_on_cn", "2025-04-15")
    assert (result.exit_code, result.stdout) == (0, "145\n")
    assert "across-the-board additional duty" in result.stderr


def test_rate_without_a_date_answers_for_the_last_checked_day() -> None:
    result = run("rate", "cn_on_us")
    assert result.stdout == "10\n"
    assert "2026-10-09" in result.stderr


def test_rate_of_2019_warns_and_names_the_lists_beneath() -> None:
    result = run("rate", "us_on_cn", "2019-09-01")
    assert result.stdout == "0\n"
    assert "0 = no across-the-board duty; product-list duties applied" in result.stderr
    assert "25%  Section 301 List 3\n" in result.stderr
    assert "15%  Section 301 List 4A\n" in result.stderr


def test_rate_after_the_checked_day_says_so() -> None:
    assert "not verified" in run("rate", "us_on_cn", "2026-12-01").stderr
    assert "scheduled" in run("rate", "cn_on_us", "2027-01-10").stderr


def test_rate_as_json_carries_duties_and_sources() -> None:
    answer = json.loads(run("rate", "us_on_cn", "2025-04-15", "--json").stdout)
    assert answer["rate"] == 145
    assert {duty["duty"]: duty["rate"] for duty in answer["duties"]} == {"ieepa-fentanyl": 20, "ieepa-reciprocal": 125}
    assert all(duty["sources"] for duty in answer["duties"])


def test_explain_leads_to_act_and_link() -> None:
    text = run("explain", "us_on_cn", "2025-04-15").stdout
    assert "EO 14266" in text
    assert "https://www.federalregister.gov/citation/90-FR-15625" in text


@pytest.mark.parametrize("spelling", ["us_on_cn", "us-on-china", "US on China"])
def test_direction_may_be_spelt_as_people_do(spelling: str) -> None:
    assert run("rate", spelling, "2025-04-15").stdout == "145\n"


def test_series_prints_csv_that_leads_back_to_acts() -> None:
    result = run("series", "us_on_cn", "--start", "2025-04-09", "--end", "2025-04-10")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["date"], float(row["rate"])) for row in rows] == [("2025-04-09", 104), ("2025-04-10", 145)]
    assert rows[1]["acts"] == "EO 14228 | EO 14266"


def test_series_without_directions_prints_both() -> None:
    rows = list(csv.DictReader(io.StringIO(run("series", "--start", "2025-01-01").stdout)))
    assert {row["direction"] for row in rows} == {"us_on_cn", "cn_on_us"}


def test_series_before_2025_warns_on_standard_error_only() -> None:
    result = run("series", "us_on_cn", "--end", "2024-12-31")
    assert "product-list duties applied" in result.stderr
    assert "product-list duties applied" not in result.stdout


def test_series_by_family_prints_parts_that_add_up() -> None:
    result = run("series", "us_on_cn", "--start", "2025-04-15", "--end", "2025-04-15", "--by", "family")
    parts = {row["family"]: float(row["rate"]) for row in csv.DictReader(io.StringIO(result.stdout))}
    assert (parts["ieepa-fentanyl"], parts["ieepa-reciprocal"], sum(parts.values())) == (20, 125, 145)


def test_file_by_its_ending_with_header_and_every_column(tmp_path: Path) -> None:
    target = tmp_path / "rates.csv"
    assert run("series", "us_on_cn", "-o", str(target)).exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert "# unit: percent" in text
    assert "# warning: 0 = no across-the-board duty; product-list duties applied" in text
    assert "# source: tariffs, data version" in text


def test_json_file_carries_meta_and_data(tmp_path: Path) -> None:
    target = tmp_path / "rates.json"
    run("series", "cn_on_us", "--start", "2025-04-12", "--end", "2025-04-12", "-o", str(target))
    content = json.loads(target.read_text(encoding="utf-8"))
    assert content["meta"]["unit"] == "percent"
    assert content["data"][0]["rate"] == 125
    assert content["data"][0]["date"] == "2025-04-12"


def test_events_lists_what_never_came_with_its_end() -> None:
    text = run("events", "us_on_cn", "--duty", "ieepa-reciprocal").stdout
    assert "[withdrawn 2025-04-08: EO 14259]" in text


def test_check_counts_events_per_grade_and_claims() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "events by grade: A " in result.stdout
    assert "claims of 2 source notes" in result.stdout


def test_info_names_what_the_record_answers_for() -> None:
    assert "us_on_cn, cn_on_us" in run("info").stdout
    assert json.loads(run("info", "--json").stdout)["covers"] == "2018-01-01 to 2026-10-09"


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("rat", "us_on_cn"), 2, "did you mean 'rate'?"),
        (("rate", "us_on_cm"), 2, "unknown direction 'us_on_cm'; did you mean 'us_on_cn'?"),
        (("rate", "us_on_cn", "1.4.2025"), 2, "expected a date as YYYY-MM-DD"),
        (("rate", "us_on_cn", "2025-02-30"), 2, "not a day of the calendar"),
        (("rate", "us_on_cn", "2017-06-01"), 2, "before the record, which begins on 2018-01-01"),
        (("series", "us_on_cn", "--start", "2025-05-01", "--end", "2025-04-01"), 2, "start 2025-05-01 is after end 2025-04-01"),
        (("series", "us_on_cn", "us_on_china"), 2, "a direction is named twice"),
        (("series", "us_on_cn", "--freq", "M"), 2, "unknown freq 'M'; did you mean 'MS'?"),
        (("series", "us_on_cn", "-o", "rates.xslx"), 2, "unknown ending '.xslx'"),
        (("series", "us_on_cn", "-o", "nowhere/rates.csv"), 1, "the folder nowhere does not exist"),
        (("events", "--duty", "s301-list-5"), 2, "did you mean 's301-list-"),
        (("plot", "-o", "chart.gif"), 2, "unknown ending '.gif'; one of: .pdf, .png, .svg"),
        (("plot", "--width", "0", "-o", "chart.png"), 2, "width: found 0.0, expected 80 to 600 mm"),
        (("check", "no-such-file.yaml"), 1, "cannot be read"),
    ],
)
def test_wrong_input_gets_one_line_and_an_exit_code(
    args: tuple[str, ...], code: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*args)
    assert not list(tmp_path.iterdir())
    assert result.exit_code == code
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert result.stderr.count("Error:") == 1


def test_broken_file_is_refused_with_every_error_and_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("duty,effective,stated,rate\nieepa-fentanyl,2025-13-01,2025-01-01,0.25\n", encoding="utf-8")
    result = run("check", str(file))
    assert result.exit_code == 1
    assert "mine.csv:2: effective: found '2025-13-01'" in result.stderr
    assert "mine.csv:2: rate: found '0.25', expected a level with its percent sign" in result.stderr


def test_fault_of_the_library_is_one_line_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("tariffs.checking.summary", fail)
    result = run("info")
    assert result.exit_code == 70
    assert "a fault in tariffs itself (ZeroDivisionError: boom)" in result.stderr


def commands() -> list[str]:
    return main.list_commands(click.Context(main))


@pytest.mark.parametrize("name", commands())
def test_every_command_explains_itself_and_its_options(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    command = main.commands[name]
    assert command.help
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help, f"{name} {option.name} has no help"


@pytest.mark.parametrize("name", commands())
def test_readme_shows_every_command(name: str) -> None:
    assert f"tariffs {name}" in (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("program", ["import tariffs", "from tariffs.cli import main"])
def test_nothing_heavy_is_loaded_before_it_is_needed(program: str) -> None:
    listing = f"{program}; import sys; print([n for n in ('pandas', 'pandera', 'matplotlib', 'numpy') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", listing], check=True, capture_output=True, text=True).stdout.strip() == "[]"


@pytest.mark.parametrize("command", [["rate", "us_on_cn"], ["explain", "us_on_cn"], ["--help"]])
def test_rate_and_explain_answer_without_pandas(command: list[str]) -> None:
    listing = (
        "import sys\nfrom tariffs.cli import main\n"
        f"main({command!r}, standalone_mode=False)\n"
        "print([n for n in ('pandas', 'pandera', 'matplotlib', 'numpy') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", listing], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"
