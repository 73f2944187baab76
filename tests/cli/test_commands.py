from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tariffs.catalog import home
from tariffs.cli import main

AVERAGE = ("--measure", "average", "--weights", "piie-implied")
DERIVATIVE = ("--measure", "stack", "--good", "aluminium-derivative")
CAR = ("--measure", "stack", "--good", "electric-car")
THEIRS = """\
date,value
2025-04-09,104
2025-04-10,125
2025-05-12,30
"""


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args))


def rows_of(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    path = tmp_path / "theirs.csv"
    path.write_text(THEIRS, encoding="utf-8")
    return path


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
    assert "25%  Section 301 List 3, added\n" in result.stderr
    assert "15%  Section 301 List 4A, added\n" in result.stderr


def test_rate_after_the_checked_day_says_so() -> None:
    assert "not verified" in run("rate", "us_on_cn", "2026-12-01").stderr
    assert "scheduled" in run("rate", "cn_on_us", "2027-01-10").stderr


def test_the_refundable_part_is_a_basis(tmp_path: Path) -> None:
    result = run("rate", "us_on_cn", "2025-04-15", *("--measure", "stack", "--good", "list-3"), "--basis", "refundable")
    assert result.stdout == "145\n"
    assert "refundable part of the sum of the duties on one kind of good" in result.stderr
    assert json.loads(run("explain", "us_on_cn", "2025-06-01", "--json").stdout)["refundable"] == 30
    misspelt = run("rate", "us_on_cn", "--basis", "refundabel")
    assert (misspelt.exit_code, "did you mean 'refundable'" in misspelt.stderr) == (2, True)
    path = tmp_path / "refundable.csv"
    assert run("series", "us_on_cn", "--basis", "refundable", "-o", str(path)).exit_code == 0
    assert "# basis: refundable\n" in path.read_text(encoding="utf-8")


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
        (("series", "us_on_cn", "--freq", "YS", "--agg", "days_at:145%"), 2, "as in days_at:145"),
        (
            ("series", "us_on_cn", "--agg", "days_at:145", "-o", "x.csv"),
            2,
            "goes with freq W, MS, QS, YS, ME, QE, YE; found no freq",
        ),
        (("series", "us_on_cn", "--freq", "YS", "--agg", "days_at:145", "--by", "family"), 2, "days of parts do not add up"),
        (("series", "us_on_cn", "--freq", "M"), 2, "unknown freq 'M'; did you mean 'MS'?"),
        (("series", "us_on_cn", "-o", "rates.xslx"), 2, "unknown ending '.xslx'"),
        (("series", "us_on_cn", "-o", "nowhere/rates.csv"), 1, "the folder nowhere does not exist"),
        (("events", "--duty", "s301-list-5"), 2, "did you mean 's301-list-"),
        (("plot", "-o", "chart.gif"), 2, "unknown ending '.gif'; one of: .html, .pdf, .png, .svg"),
        (("plot", "--width", "0", "-o", "chart.png"), 2, "width: found 0.0, expected 80 to 600 mm"),
        (("check", "no-such-file.yaml"), 1, "cannot be read"),
        (
            ("rate", "us_on_cn", "--measure", "average"),
            2,
            "average needs weights; one of: cn-imports-2017, piie-implied, simple-hs6",
        ),
        (("rate", "us_on_cn", "--measure", "averge", "--weights", "piie-implied"), 2, "did you mean 'average'?"),
        (
            ("rate", "us_on_cn", "--measure", "average", "--weights", "piie"),
            2,
            "unknown weights 'piie'; did you mean 'piie-implied'?",
        ),
        (("explain", "us_on_cn", "--weights", "piie-implied"), 2, "weights does not go with all_goods"),
        (("explain", "us_on_cn", "--measure", "stack", "--good", "phone"), 2, "unknown good 'phone'; did you mean 'smartphone'?"),
        (("rate", "us_on_cn", "2026-01-01", *AVERAGE), 2, "the weights piie-implied reach to 2025-12-31; found 2026-01-01"),
        (("rate", "us_on_cn", "2025-06-04", *DERIVATIVE), 2, "55 to 95 on 2025-06-04"),
        (("rate", "us_on_cn", "2025-06-04", *DERIVATIVE, "--metal-share", "0.3"), 2, "It is in percent: 30 for three tenths"),
        (("rate", "us_on_cn", *AVERAGE, "--mfn"), 2, "an average has the MFN duties in it"),
        (("rate", "us_on_cn", *AVERAGE, "--since", "2025-01-01"), 2, "No such option '--since'"),
        (("series", "us_on_cn", "--measure", "average", "--weights", "simple-hs6", "-o", "x.csv"), 2, "they cover cn_on_us"),
        (("series", "us_on_cn", *AVERAGE, "--end", "2026-01-01", "-o", "x.csv"), 2, "reach to 2025-12-31; found 2026-01-01"),
        (("series", "cn_on_us", *AVERAGE, "--weights", "simple-hs6", "--by", "family"), 2, "one series at a time"),
        (("series", "us_on_cn", "--since", "20.1.2025", "-o", "x.csv"), 2, "did you mean 2025-01-20?"),
        (("series", "us_on_cn", "--since", "2017-01-20"), 2, "before the record, which begins on 2018-01-01"),
        (("series", "us_on_cn", "--by", "family", "--since", "2025-01-20"), 2, "leave --since out"),
        (
            ("series", "us_on_cn", "--by", "family", "--measure", "covered", "--weights", "piie-implied"),
            2,
            "is not a sum of duties",
        ),
        (("series", "--measure", "average", "--weights", "pie-implied"), 2, "did you mean 'piie-implied'?"),
        (("plot", "--measure", "stack", "-o", "x.png"), 2, "stack needs good; one of: aluminium-derivative, "),
        (("plot", "us_on_cn", "--measure", "average", "--weights", "simple-hs6", "-o", "x.png"), 2, "they cover cn_on_us"),
        (("compare", "nowhere.csv", "us_on_cn", "-o", "x.csv"), 1, "nowhere.csv: cannot be read: No such file or directory"),
        (("compare", ".", "us_on_cn"), 1, "cannot be read: Is a directory"),
        (("compare", "nowhere.csv", "us_on_cm"), 2, "did you mean 'us_on_cn'?"),
        (("compare", "nowhere.csv", "us_on_cn", "--freq", "M"), 2, "unknown freq 'M'; did you mean 'MS'?"),
        (("compare", "nowhere.csv", "us_on_cn", "--tolerance", "-1"), 2, "tolerance: found -1.0, expected 0 or more points"),
        (("compare", "nowhere.csv", "us_on_cn", "--unit", "fractions"), 2, "'fractions'"),
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


def test_an_average_prints_the_number_alone_and_says_whose_weights() -> None:
    # 125 on the 65.63% of trade that the exemption of 11 April left, and all else.
    result = run("rate", "us_on_cn", "2025-04-10", *AVERAGE)
    assert (result.exit_code, result.stdout) == (0, "124.7784\n")
    assert "percent, US on China, 2025-04-10, average statutory rate, MFN included, in force\n" in result.stderr
    assert "weights piie-implied: implied by the Peterson Institute's averages" in result.stderr
    assert "(calibrated to a publication; Chad P. Bown" in result.stderr


def test_an_average_without_a_date_answers_for_the_last_day_the_weights_know() -> None:
    assert "US on China, 2025-12-31, average" in run("rate", "us_on_cn", *AVERAGE).stderr
    assert run("explain", "cn_on_us", "--measure", "average", "--weights", "simple-hs6").stdout.startswith(
        "China on US, 2025-02-09: "
    )


def test_a_covered_share_is_a_measure_too() -> None:
    result = run("rate", "us_on_cn", "2019-09-01", "--measure", "covered", "--weights", "piie-implied")
    assert result.stdout == "66.63\n"
    assert "share of trade under any additional duty" in result.stderr


def test_an_average_on_the_rest_of_the_world_may_be_asked_for() -> None:
    assert run("rate", "us_on_row", "2025-03-15", *AVERAGE).stdout == "4.1287\n"


@pytest.mark.parametrize(("options", "rate"), [((), "145\n"), (("--mfn",), "147.5\n")])
def test_a_stack_is_without_mfn_unless_it_is_asked_for(options: tuple[str, ...], rate: str) -> None:
    # 100 review + 25 cars + 20 fentanyl, and 2.5 MFN.
    result = run("rate", "us_on_cn", "2025-04-15", *CAR, *options)
    assert result.stdout == rate
    assert f"Electric car, line 8703.80.00 [grade A]; {'with' if options else 'on top of'} MFN\n" in result.stderr


def test_a_stack_takes_a_metal_share_in_percent() -> None:
    # 25 List 3 + 20 fentanyl + 50 x 0.30 metals + 10 x 0.70 reciprocal.
    result = run("rate", "us_on_cn", "2025-06-04", *DERIVATIVE, "--metal-share", "30")
    assert result.stdout == "67\n"
    assert "30% of its value metal" in result.stderr


def test_an_average_as_json_carries_weights_and_what_is_booked() -> None:
    answer = json.loads(run("rate", "us_on_cn", "2025-04-10", *AVERAGE, "--json").stdout)
    assert (answer["rate"], answer["measure"], answer["weights"]) == (124.7784, "average", "piie-implied")
    assert {duty["duty"]: duty["share"] for duty in answer["duties"]}["ieepa-reciprocal"] == 65.63
    assert answer["booked"][0]["title"] == "US MFN schedule"


def test_an_earlier_view_of_an_average_does_not_know_the_exemption() -> None:
    assert run("rate", "us_on_cn", "2025-04-10", *AVERAGE, "--as-of", "2025-04-10").stdout == "135.3784\n"


def test_several_weights_become_several_series_each_with_its_note() -> None:
    result = run("series", "cn_on_us", *AVERAGE, "--weights", "simple-hs6", "--start", "2018-03-01", "--end", "2018-03-31")
    assert [(row["series"], float(row["rate"])) for row in rows_of(result)] == [
        ("cn_on_us_average_piie_implied", 7.9921),
        ("cn_on_us_average_simple_hs6", 9.290799),
    ]
    assert "piie-implied: " in result.stderr
    assert "simple-hs6: simple mean over HS6 (computed from tariff lines; " in result.stderr
    assert "calibrated" not in result.stdout


def test_several_goods_become_several_series() -> None:
    options = ("--measure", "stack", "--good", "smartphone", "--good", "list-3", "--start", "2025-04-15", "--end", "2025-04-15")
    assert [(row["series"], float(row["rate"])) for row in rows_of(run("series", "us_on_cn", *options))] == [
        ("us_on_cn_stack_smartphone", 20),
        ("us_on_cn_stack_list_3", 170),
    ]


def test_a_good_that_hangs_on_its_metal_share_has_two_series() -> None:
    rows = rows_of(run("series", "us_on_cn", *DERIVATIVE, "--start", "2025-06-04", "--end", "2025-06-04"))
    assert {row["series"].rpartition("_")[2]: float(row["rate"]) for row in rows} == {"low": 55, "high": 95}


def test_series_without_directions_are_those_that_weights_or_goods_speak_of() -> None:
    assert {row["direction"] for row in rows_of(run("series", *AVERAGE))} == {"us_on_cn", "cn_on_us"}
    assert {row["direction"] for row in rows_of(run("series", "--measure", "average", "--weights", "simple-hs6"))} == {"cn_on_us"}
    assert {row["direction"] for row in rows_of(run("series", "--measure", "stack", "--good", "soybeans"))} == {"cn_on_us"}


def test_series_since_a_day_are_points_and_may_be_negative() -> None:
    rows = rows_of(run("series", "us_on_cn", "--since", "2025-04-15", "--start", "2025-05-13", "--end", "2025-05-14"))
    assert [(row["date"], float(row["rate"])) for row in rows] == [("2025-05-13", 0), ("2025-05-14", -115)]
    assert rows[0]["series"] == "us_on_cn_since_20250415"


def test_parts_of_an_average_add_up_to_it() -> None:
    rows = rows_of(run("series", "us_on_cn", *AVERAGE, "--by", "family", "--start", "2025-04-10", "--end", "2025-04-10"))
    parts = {row["family"]: float(row["rate"]) for row in rows}
    assert (parts["us-mfn"], parts["ieepa-fentanyl"]) == (3.0915, 20)
    assert sum(parts.values()) == pytest.approx(124.7784)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (AVERAGE, ["# measure: average", "# weights: piie-implied", "calibrated to a publication"]),
        ((*CAR, "--mfn"), ["# measure: stack", "# good: electric-car", "# mfn: included"]),
        ((*DERIVATIVE, "--metal-share", "30"), ["# good: aluminium-derivative", "# mfn: not included", "# metal_share: 30"]),
        (("--since", "2025-01-20"), ["# measure: all_goods", "# since: 2025-01-20"]),
    ],
    ids=["average", "stack", "metal-share", "since"],
)
def test_a_file_says_in_its_header_what_its_numbers_are(options: tuple[str, ...], said: list[str], tmp_path: Path) -> None:
    target = tmp_path / "rates.csv"
    result = run("series", "us_on_cn", *options, "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, f"{target}\n")
    header = [line for line in target.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    for text in said:
        assert [line for line in header if text in line], text


def test_a_json_file_says_which_weights() -> None:
    content = json.loads(run("series", "us_on_cn", *AVERAGE, "--start", "2025-12-01", "--json").stdout)
    assert content["meta"]["weights"] == "piie-implied"
    assert "calibrated to a publication" in content["meta"]["weights_note"]


def test_an_average_is_drawn(tmp_path: Path) -> None:
    target = tmp_path / "average.svg"
    result = run("plot", *AVERAGE, "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, f"{target}\n")
    assert target.stat().st_size > 1000


def test_compare_prints_what_differs_and_says_how_it_came_out(theirs: Path) -> None:
    result = run("compare", str(theirs), "us_on_cn")
    assert [(row["date"], row["ours"], row["reason"]) for row in rows_of(result)] == [
        ("2025-04-10", "145.0", "not explained"),
        ("2025-05-12", "145.0", "date convention: ours from 2025-05-14"),
    ]
    assert result.stderr == "3 values compared with us_on_cn: 1 within 0.05 points\n2 differ, most by -115 on 2025-05-12\n"


def test_compare_with_nothing_to_report_prints_a_header_alone(theirs: Path) -> None:
    result = run("compare", str(theirs), "us_on_cn", "--tolerance", "200")
    assert rows_of(result) == []
    assert result.stdout == '"date","theirs","ours","difference","reason"\n'
    assert result.stderr == "3 values compared with us_on_cn: 3 within 200 points\n"


def test_compare_as_json_or_into_a_file_has_every_row(theirs: Path, tmp_path: Path) -> None:
    content = json.loads(run("compare", str(theirs), "us_on_cn", "--json").stdout)
    assert [row["difference"] for row in content["data"]] == [0, -20, -115]
    assert (content["meta"]["series"], content["meta"]["theirs"]) == ("us_on_cn", "theirs.csv")
    target = tmp_path / "differences.csv"
    result = run("compare", str(theirs), "us_on_cn", "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, f"{target}\n")
    assert len([line for line in target.read_text(encoding="utf-8").splitlines() if line.startswith('"2025')]) == 3


def test_a_file_of_differences_says_what_was_compared(theirs: Path, tmp_path: Path) -> None:
    target = tmp_path / "differences.csv"
    run("compare", str(theirs), "us_on_cn", "-o", str(target))
    header = target.read_text(encoding="utf-8").partition('"date"')[0]
    assert "# series: us_on_cn\n" in header
    assert "# theirs: theirs.csv\n" in header
    assert "# tolerance: 0.05\n" in header


def test_compare_takes_what_series_takes(tmp_path: Path) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text("date,value\n2025-06-04,0.67\n", encoding="utf-8")
    result = run("compare", str(path), "us_on_cn", *DERIVATIVE, "--metal-share", "30", "--unit", "fraction")
    assert " compared with us_on_cn_stack_aluminium_derivative_metal30: 1 within" in result.stderr
    path.write_text("date,value\n2025-04-01,111.63\n", encoding="utf-8")
    assert "1 within 0.05 points" in run("compare", str(path), "us_on_cn", "--freq", "MS").stderr
    path.write_text("date,value\n2025-04-10,135.4\n", encoding="utf-8")
    assert "vintage: as known on 2025-04-10" in run("compare", str(path), "us_on_cn", *AVERAGE).stdout
    assert rows_of(run("compare", str(path), "us_on_cn", *AVERAGE, "--as-of", "2025-04-10")) == []


def test_compare_refuses_a_file_with_everything_wrong_with_it_and_writes_nothing(tmp_path: Path) -> None:
    path, target = tmp_path / "theirs.csv", tmp_path / "differences.csv"
    path.write_text("date,value\n4/5/2025,30\n2025-04-10,145%\n", encoding="utf-8")
    result = run("compare", str(path), "us_on_cn", "-o", str(target))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: theirs.csv:2: date: found '4/5/2025', expected a date as YYYY-MM-DD\n"
        "Error: theirs.csv:3: value: found '145%', expected a number; leave the sign out\n"
    )
    assert not target.exists()


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "rates.csv"
    target.write_text("mine", encoding="utf-8")
    assert run("series", "us_on_cn", "--measure", "average", "--weights", "piie", "-o", str(target)).exit_code == 2
    assert target.read_text(encoding="utf-8") == "mine"


def test_broken_weights_are_refused_with_file_line_and_nearest_name(tmp_path: Path) -> None:
    data = shutil.copytree(home("data"), tmp_path / "data")
    table = data / "weights/piie-implied/us_on_cn.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text + "share,s301-list-33,,1,\n", encoding="utf-8")
    result = run("check", str(data))
    assert result.exit_code == 1
    line = text.count("\n") + 1
    assert (
        f"weights/piie-implied/us_on_cn.csv:{line}: duties: unknown duty 's301-list-33'; did you mean 's301-list-3'?"
        in result.stderr
    )


# What people type late in the evening: words in the wrong place, lists with commas, a path that is a direction.
@pytest.mark.parametrize(
    "words",
    [
        "rate us_on_cn average",
        "rate us_on_cn 2025-04-10 --measure average --weights piie-implied,simple-hs6",
        "series us_on_cn --good smartphone",
        "series us_on_cn --measure stack --good laptop --metal-share nan",
        "compare us_on_cn theirs.csv",
        "compare theirs.csv us_on_cn --tolerance nan",
        "compare theirs.csv us_on_cn --measure stack",
        "series us_on_cn --measure stack --good smartphone --weights piie-implied --since 2025-13-01 -o out.xlsx",
        "plot us_on_cn --measure average --weights piie-implied --since tomorrow -o out.png",
    ],
)
def test_a_tired_command_gets_one_line_and_no_traceback(
    words: str, tmp_path: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words.split())
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("Error:") == 1
    assert "Traceback" not in result.output
    assert "a fault in tariffs itself" not in result.output
    assert list(tmp_path.iterdir()) == [theirs]


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


def test_alt_file_holds_what_the_chart_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["plot", "cn_on_us", "-o", "c.svg", "--svg-text", "text", "--alt-file", "c.txt"])
    assert result.exit_code == 0
    assert result.stdout == "c.svg\nc.txt\n"
    assert "China on US: 0 at first; 84 from 10 April 2025; 125 from 12 April 2025" in Path("c.txt").read_text(encoding="utf-8")


def test_an_alt_file_that_cannot_be_written_stops_the_chart_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["plot", "-o", "c.png", "--alt-file", "nowhere/c.txt"])
    assert result.exit_code == 1
    assert "nowhere/c.txt: the folder nowhere does not exist" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_series_counts_days_at_a_level() -> None:
    asked = ("series", "us_on_cn", "cn_on_us", "--start", "2025-01-01", "--end", "2025-12-31", "--freq", "YS")
    # 145 from 10 April to 13 May 2025 (EO 14266, EO 14298); on the other side never.
    assert [float(row["rate"]) for row in rows_of(run(*asked, "--agg", "days_at:145.0"))] == [34, 0]
    assert rows_of(run(*asked, "--agg", "days_at:145", "--wide")) == [
        {"date": "2025-01-01", "us_on_cn": "34.0", "cn_on_us": "0.0"}
    ]


def test_series_wide_is_a_column_for_each_series() -> None:
    result = run("series", "us_on_cn", "cn_on_us", "--start", "2025-04-09", "--end", "2025-04-12", "--wide")
    assert result.exit_code == 0
    # EO 14259 and EO 14266; SCTC announcements 5 and 6.
    assert result.stdout.splitlines() == [
        '"date","us_on_cn","cn_on_us"',
        '"2025-04-09",104.0,0.0',
        '"2025-04-10",145.0,84.0',
        '"2025-04-12",145.0,125.0',
    ]


@pytest.mark.parametrize("ending", ["csv", "json", "dta", "parquet", "xlsx"])
def test_series_become_a_file_by_its_ending(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"months.{ending}"
    result = run("series", "us_on_cn", "--freq", "MS", "--start", "2025-01-01", "--wide", "-o", str(path))
    assert (result.exit_code, result.stdout) == (0, f"{path}\n")
    assert path.stat().st_size > 100


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["-o", "a.sav"], "a.sav: unknown ending '.sav'; one of: .csv, .dta, .json, .parquet, .xlsx"),
        (["-o", "a.dta", "--bom"], "a.dta: bom goes with .csv"),
        (["-o", "a.csv", "--header", "sidcar"], "unknown header 'sidcar'; did you mean 'sidecar'?"),
        (["--bom"], "--bom goes with -o"),
        (["--header", "none"], "--header goes with -o"),
        (["--by", "duty", "--wide"], "--by gives a row for each part; leave --wide out"),
    ],
)
def test_series_refuses_what_makes_no_file_before_it_says_anything_else(asked: list[str], said: str) -> None:
    result = run("series", "us_on_cn", *asked)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"Error: {said}\n")


def test_vintages_are_columns_named_after_their_days() -> None:
    asked = ("--day", "2025-04-07", "--day", "2025-05-20", "--start", "2025-04-09", "--end", "2025-08-12")
    result = run("vintages", "us_on_cn", *asked)
    assert result.exit_code == 0
    # EO 14257 had 34 for 9 April; EO 14298 the end of its 90 days for 12 August.
    assert result.stdout.splitlines() == [
        '"date","us_on_cn_20250407","us_on_cn_20250520"',
        '"2025-04-09",54.0,104.0',
        '"2025-04-10",54.0,145.0',
        '"2025-05-14",54.0,30.0',
        '"2025-08-12",54.0,54.0',
    ]


def test_vintages_without_days_are_all_that_was_ever_known() -> None:
    result = run("vintages", "us_on_cn", "--start", "2025-08-12", "--end", "2025-08-12")
    assert result.stdout.splitlines()[-2:] == [
        '"2025-08-12",54.0,"2025-05-12","2025-08-10"',
        '"2025-08-12",30.0,"2025-08-11",""',
    ]


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("us_on_cn", "--day", "2027-04-07"), 2, "expected days up to 2026-10-09"),
        (("us_on_cn", "--day", "7.4.2025"), 2, "expected a date as YYYY-MM-DD"),
        (("us_on_eu",), 2, "does not cover US on EU"),
        (("us_on_cn", "-o", "v.sav"), 2, "unknown ending '.sav'"),
        ((), 2, "Missing argument 'DIRECTION'"),
    ],
)
def test_vintages_that_are_none_are_refused_in_one_line(asked: tuple[str, ...], code: int, said: str) -> None:
    result = run("vintages", *asked)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_cite_prints_a_reference_and_refuses_what_has_none() -> None:
    result = run("cite", "ieepa-reciprocal/2025-04-10/125", "--style", "bibtex")
    assert result.exit_code == 0
    assert result.stdout.startswith("@misc{tariffs-ieepa-reciprocal-2025-04-10-125,\n  title = {{EO 14266}},")
    for asked, said in (
        (("us_on_c",), "unknown direction or event 'us_on_c'; did you mean 'us_on_cn'?"),
        (("--style", "mla"), "unknown style 'mla'; one of: apa, bibtex, csl, text"),
        (("us_on_cn", "--metal-share", "30"), "a citation does not take --metal-share"),
    ):
        refused = run("cite", *asked)
        assert (refused.exit_code, refused.stdout, refused.stderr) == (2, "", f"Error: {said}\n")


def test_export_writes_a_release_and_names_its_folder(tmp_path: Path) -> None:
    result = run("export", str(tmp_path))
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'tariffs-2026.10.09'}\n")
    assert (tmp_path / "latest" / "datapackage.json").is_file()
    refused = run("export", str(tmp_path / "a" / "b"))
    assert refused.exit_code == 1
    assert "does not exist" in refused.stderr


def test_binding_prints_what_a_shipment_pays() -> None:
    result = run("binding", "us_on_cn", "--voyage-days", "20", "--start", "2025-04-09", "--end", "2025-04-10")
    assert result.stdout.splitlines() == [
        '"loaded","arrives","rate","at_entry","events"',
        '"2025-04-09","2025-04-29",30.0,145.0,"ieepa-reciprocal/2025-04-10/125"',
        '"2025-04-10","2025-04-30",145.0,145.0,""',
    ]
    assert run("binding", "us_on_cn").exit_code == 2
    refused = run("binding", "us_on_cn", "--voyage-days", "-3")
    assert (refused.exit_code, refused.stderr) == (2, "Error: voyage_days: found -3, expected a whole number from 0 to 365\n")


def test_diff_prints_what_changed_and_counts_it(tmp_path: Path) -> None:
    other = shutil.copytree(home("data"), tmp_path / "data")
    path = other / "duties" / "us-on-cn" / "ieepa-fentanyl.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("act: EO 14228", "act: EO 14288"), encoding="utf-8")
    result = run("diff", str(other))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == ['"event","ieepa-fentanyl/2025-03-04/20","changed","act","EO 14288","EO 14228"']
    assert result.stderr == "changes: 0 of duties, 1 of events, 0 of values\n"
    refused = run("diff", str(tmp_path / "nothing"))
    assert refused.exit_code == 2
    assert "expected the folder of a record" in refused.stderr


def test_surprises_print_a_row_for_each_day_with_news() -> None:
    result = run("surprises", "us_on_cn", "--start", "2025-04-07", "--end", "2025-04-09", "--known", "law")
    assert result.exit_code == 0
    days = [line.split(",")[:2] for line in result.stdout.splitlines()]
    # EO 14259 of 8 April for the 9th, EO 14266 of the 9th for the 10th.
    assert days == [['"date"', '"next_day"'], ['"2025-04-08"', "50.0"], ['"2025-04-09"', "41.0"]]


def test_with_lays_a_scenario_over_the_record_and_says_so() -> None:
    result = run("rate", "us_on_cn", "2025-06-01", "--with", "no-geneva")
    assert (result.exit_code, result.stdout) == (0, "145\n")
    assert result.stderr.startswith("Scenario no-geneva: no Geneva; not the record.\n")


# Each with what only the scenario has: 125 of the reciprocal duty on 1 June 2025, and EO 14266 behind it.
WITH = {
    "explain": (["explain", "us_on_cn", "2025-06-01"], "125%  IEEPA reciprocal duty"),
    "series": (["series", "us_on_cn", "--start", "2025-06-01", "--end", "2025-06-02"], ",145.0,"),
    "series-by": (["series", "us_on_cn", "--by", "duty", "--start", "2025-06-01", "--end", "2025-06-02"], ",125.0"),
    "changes": (["changes", "us_on_cn", "--start", "2026-02-01", "--end", "2026-02-28"], ",-125.0,125.0,0.0,"),
    "vintages": (["vintages", "us_on_cn", "--day", "2025-06-01", "--start", "2025-06-01", "--end", "2025-06-02"], "145.0"),
    "binding": (["binding", "us_on_cn", "--voyage-days", "10", "--start", "2025-06-01", "--end", "2025-06-02"], ",145.0,145.0,"),
    "events": (["events", "cn_on_us"], "[withdrawn 2025-05-12: scenario no-geneva]"),
    "cite": (["cite", "us_on_cn"], "scenario no-geneva"),
}


@pytest.mark.parametrize("command", WITH)
def test_every_command_takes_a_scenario(command: str) -> None:
    asked, said = WITH[command]
    assert said not in run(*asked).stdout
    result = run(*asked, "--with", "no-geneva")
    assert result.exit_code == 0
    assert said in result.stdout


def test_surprises_with_a_scenario_know_nothing_of_what_it_takes_back() -> None:
    days = [row["date"] for row in rows_of(run("surprises", "cn_on_us"))]
    assert "2025-05-12" in days
    assert "2025-05-12" not in [row["date"] for row in rows_of(run("surprises", "cn_on_us", "--with", "no-geneva"))]


def test_the_scenario_goes_into_the_name_of_a_chart_that_got_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("plot", "us_on_cn", "--with", "truce-to-2028")
    assert result.stdout == "tariffs-truce-to-2028.png\n"
    assert [path.name for path in tmp_path.iterdir()] == ["tariffs-truce-to-2028.png"]


def test_the_scenario_stands_at_the_head_of_a_file(tmp_path: Path) -> None:
    run("series", "us_on_cn", "--with", "no-geneva", "--wide", "-o", str(tmp_path / "x.csv"))
    assert (tmp_path / "x.csv").read_text(encoding="utf-8").startswith("# scenario: no-geneva\n")


def test_a_scenario_that_does_not_exist_names_the_nearest() -> None:
    result = run("rate", "us_on_cn", "--with", "no-genva")
    assert (result.exit_code, result.stderr) == (2, "Error: unknown scenario 'no-genva'; did you mean 'no-geneva'?\n")
    result = run("rate", "us_on_cn", "--with", "missing.yaml")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: missing.yaml: ")


def test_diff_lists_what_a_scenario_changes() -> None:
    result = run("diff", "--with", "24-points-back")
    assert '"value","cn_on_us","changed","2026-11-10 to 2027-01-09","10","34"' in result.stdout
    assert "0 of duties, 6 of events, 2 of values" in result.stderr
    assert run("diff").stderr == "Error: name the folder of a record, or a scenario with --with\n"
    assert "leave one of them out" in run("diff", str(home("data")), str(home("data")), "--with", "no-geneva").stderr


def test_windows_print_the_trading_days_around_events_and_say_what_was_left_out(tmp_path: Path) -> None:
    asked = ("--before", "0", "--after", "1", "--start", "2025-05-12", "--end", "2025-05-12")
    result = run("windows", "us_on_cn", *asked, "--calendar", "XNYS")
    # Geneva, 03:01 in New York.
    rows = rows_of(result)
    assert [(row["event"], row["date"], row["offset"], row["timed"]) for row in rows[:2]] == [
        ("ieepa-reciprocal/2025-05-14/10", "2025-05-12", "0", "True"),
        ("ieepa-reciprocal/2025-05-14/10", "2025-05-13", "1", "True"),
    ]
    assert result.stderr == "2 events on 1 trading days\nevents left out: 2 with no stated day\n"
    file = tmp_path / "days.csv"
    file.write_text("date\n2025-05-09\n2025-05-12\n2025-05-13\n", encoding="utf-8")
    own = run("windows", "us_on_cn", *asked, "--calendar", str(file), "--json")
    assert json.loads(own.stdout)["meta"]["calendar"] == "days.csv"
    assert own.stderr.endswith("times of day not used, for want of closes: 2\n")
    target = tmp_path / "w.dta"
    assert run("windows", "us_on_cn", *asked, "--calendar", "XNYS", "-o", str(target)).stdout == f"{target}\n"


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("--calendar", "XNYSE"), 2, "unknown calendar 'XNYSE'; did you mean 'XNYS'?"),
        (("--calendar", "nowhere.csv"), 1, "nowhere.csv: cannot be read: No such file or directory"),
        (("--calendar", "XNYS", "--on", "stted"), 2, "unknown on 'stted'; did you mean 'stated'?"),
        (("--calendar", "XNYS", "-o", "w.sav"), 2, "unknown ending '.sav'"),
        ((), 2, "Missing option '--calendar'"),
    ],
)
def test_windows_that_are_none_are_refused_in_one_line(asked: tuple[str, ...], code: int, said: str) -> None:
    result = run("windows", "us_on_cn", "--before", "1", "--after", "1", *asked)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert result.stderr.count("Error:") == 1


def test_check_takes_the_name_of_a_scenario_too() -> None:
    result = run("check", "no-geneva")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "no-geneva.yaml: events that it adds or changes: 14")


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    result = run("rate", "us_on_cn", "--with", str(tmp_path))
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {tmp_path.name}: a folder is not read; expected a .yaml or .csv file\n",
    )


def test_snippet_prints_the_lines_of_a_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("plot", "cn_on_us", "-o", "my chart.pdf")
    result = run("snippet", "latex", "my chart.pdf")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("\\begin{figure}\n")
    assert "China on US: 0 at first; 84 from 10 April 2025" in result.stdout
    assert "{my chart.pdf}" in result.stdout


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("latx", "chart.pdf"), 2, "unknown target 'latx'; did you mean 'latex'?"),
        (("latex", "chart.svg"), 2, "chart.svg: LaTeX takes no SVG; save the chart as .pdf too, and name that file"),
        (("quarto", "chart.jpg"), 2, "unknown ending '.jpg'; one of: .pdf, .png, .svg"),
        (("markdown", "chart.png"), 1, "chart.png: cannot be read: No such file or directory"),
        (("markdown", "mine.png"), 1, "mine.png: does not say what it shows, as charts of tariffs do; draw it again"),
    ],
)
def test_snippets_that_are_none_are_refused_in_one_line(
    asked: tuple[str, ...], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.png").write_bytes(b"")
    result = run("snippet", *asked)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1)
    assert said in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("rate", "us_on_cn", "--with", "no-geneva", "--with", "truce-to-2028"),
        ("rate", "us_on_cn", "--measure", "stack", "--good", "list-3", "--good", "smartphone"),
        ("series", "us_on_cn", "--start", "2025-01-01", "--start", "2025-02-01"),
    ],
)
def test_an_option_given_twice_is_refused_where_only_the_last_would_count(args: tuple[str, ...]) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is given twice; it takes one value" in result.stderr
