from __future__ import annotations

import gzip
import json
import pickle
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tariffs.errors import RecordError, UnknownNameError
from tariffs.products.codes import dotted, parse_code
from tariffs.products.schedule import Schedule, read_schedule

if TYPE_CHECKING:
    from collections.abc import Callable

# Written by hand in the export's format; lines, duties and footnotes as revisions of 2025 and 2026 print them, with descriptions
# shortened.
SMALL = Path(__file__).parent / "hts_small.json"
ARCHIVES = Path(__file__).parents[3] / "shared" / "data" / "hts_archives"


def small() -> Schedule:
    return read_schedule(SMALL)


@cache
def real(revision: str) -> Schedule:
    path = ARCHIVES / f"hts_{revision}.json.gz"
    if not path.is_file():
        pytest.skip(f"no schedules to read: they are looked for in {ARCHIVES.name} beside the project")
    return read_schedule(path)


def changed(folder: Path, change: Callable[[list[dict[str, Any]]], object]) -> Path:
    rows = json.loads(SMALL.read_text(encoding="utf-8"))
    change(rows)
    path = folder / "hts_changed.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def refusals(path: Path) -> list[str]:
    with pytest.raises(RecordError) as refused:
        read_schedule(path)
    return [str(problem) for problem in refused.value.problems]


def place(rows: list[dict[str, Any]], code: str) -> int:
    return next(number for number, row in enumerate(rows) if row["htsno"] == code)


def test_codes_are_text_with_their_leading_zeros() -> None:
    schedule = small()
    assert list(schedule.lines)[:3] == ["0101.21.00", "0101.21.00.10", "0101.21.00.20"]
    assert schedule.line("0101210010") is schedule.line("0101.21.00.10")
    assert (dotted("0101210010"), dotted("01012100"), dotted("0101.21.00")) == ("0101.21.00.10", "0101.21.00", "0101.21.00")


def test_chapter_99_has_headings_of_its_own() -> None:
    schedule = small()
    assert all(code.startswith("9903") for code in schedule.headings)
    assert not any(code.startswith("99") for code in schedule.lines)
    assert schedule.line("9903.88.03").duty.kind == "addition"


def test_a_suffix_takes_the_duties_and_footnotes_of_its_eight_digit_line() -> None:
    schedule = small()
    eight, ten = schedule.line("7606.11.30"), schedule.line("7606.11.30.30")
    assert (ten.general, ten.special, ten.other) == (eight.general, eight.special, eight.other)
    assert (ten.general, ten.other, ten.units) == ("3%", "13.5%", ("kg",))
    assert ten.cites() == ("9903.91.01",)
    assert ten.cites("other") == ("9903.90.09",)


def test_a_suffix_keeps_its_own_footnotes_beside_those_of_its_line() -> None:
    # 8501.10.40.20: the line is on list 1, the suffix may be excluded by 9903.88.69.
    line = small().line("8501.10.40.20")
    assert (line.cites(), line.cites("desc")) == (("9903.88.01",), ("9903.88.69",))


def test_a_column_that_a_suffix_prints_itself_is_its_own(tmp_path: Path) -> None:
    # As 9006.59.15.20 prints a special column of its own, and no general one.
    path = changed(tmp_path, lambda rows: rows[place(rows, "7606.11.30.30")].update(special="Free (JP)"))
    schedule = read_schedule(path)
    assert schedule.line("7606.11.30.30").special == "Free (JP)"
    assert schedule.line("7606.11.30.60").special == schedule.line("7606.11.30").special
    assert schedule.line("7606.11.30.30").general == "3%"


def test_blanks_in_a_suffix_s_column_are_no_duty(tmp_path: Path) -> None:
    # As 2825.60.00.10 and 8607.30.10.10 print them.
    path = changed(tmp_path, lambda rows: rows[place(rows, "7606.11.30.30")].update(general=" ", other="\n"))
    line = read_schedule(path).line("7606.11.30.30")
    assert (line.general, line.other) == ("3%", "13.5%")


def test_a_row_without_a_code_is_a_heading_of_what_is_indented_below() -> None:
    schedule = small()
    assert schedule.line("7606.11.30.30").path == (
        "Aluminum plates, sheets and strip, of a thickness exceeding 0.2 mm:",
        "Rectangular (including square):",
        "Of aluminum, not alloyed:",
        "Not clad",
        "With a thickness of more than 6.3 mm",
    )
    assert schedule.line("0101.30.00.00").path == ("Live horses, asses, mules and hinnies:", "Asses")


def test_footnotes_of_a_heading_reach_its_lines_and_a_range_names_the_headings_within_it() -> None:
    # 5202 cites 9903.52.00 through 9903.52.26; the small schedule has three of them.
    line = small().line("5202.10.00.00")
    assert line.cites("desc") == ("9903.52.00", "9903.52.01", "9903.52.26")
    assert line.cites() == ("9903.88.03",)


def test_several_headings_in_one_footnote_are_all_cited() -> None:
    headings = ("9903.88.15", "9903.88.25", "9903.88.26", "9903.88.27", "9903.88.28")
    assert small().line("6103.22.00.10").cites() == headings


def test_the_duty_of_a_line_is_parsed_and_unknown_where_none_is_printed() -> None:
    schedule = small()
    assert schedule.line("2933.11.00.00").duty.percent == Decimal("6.5")
    assert schedule.line("7005.21.10").duty.kind == "compound"
    assert schedule.line("9802.00.91.00").duty.kind == "unknown"
    assert schedule.line("9903.90.08").duty.kind == "unknown"  # it prints the other column alone


def test_a_code_bears_the_duty_of_its_line_or_of_its_eight_digit_line() -> None:
    # Suffixes of watches stand in a statistical note, not in the schedule.
    schedule = small()
    watch, suffix = schedule.under("9102.11.10.10"), schedule.under("0101.21.00.10")
    assert watch is schedule.line("9102.11.10")
    assert suffix is schedule.line("0101.21.00.10")
    assert schedule.under("9999.95.00.00") is None


def test_what_a_published_file_leaves_open_is_remarked_with_its_place() -> None:
    remarks = [str(remark) for remark in small().remarks]
    assert "hts_small.json:37: footnotes: cites 9903.88.69, which this revision does not have" in remarks
    assert "hts_small.json:43: general: 9802.00.91.00 has no duty, and there is no line 9802.00.91 to take one from" in remarks


def test_a_duty_at_a_heading_is_remarked(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda rows: rows[place(rows, "7606.11")].update(general="5%"))
    remark = "hts_changed.json:30: prints a duty at a heading; duties are read at lines of eight and ten digits"
    assert remark in map(str, read_schedule(path).remarks)


def test_a_suffix_has_its_line_s_footnotes_even_where_it_is_not_indented_under_it(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda rows: rows[place(rows, "0101.21.00.20")].update(indent="2"))
    assert read_schedule(path).line("0101.21.00.20").cites() == ("9903.88.15",)


def test_suffixes_may_be_indented_twice_under_their_line() -> None:
    # 2620.99.75.20 in every revision.
    assert small().line("2620.99.75.20").above[-1] == "Other materials which are residues"


def test_a_line_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        UnknownNameError, match=r"unknown line of the schedule small '7606\.11\.30\.31'; did you mean '7606\.11\.30\.30'"
    ):
        small().line("7606.11.30.31")
    with pytest.raises(UnknownNameError):
        small().line("smartphones")


def test_plain_and_compressed_files_read_the_same_and_name_their_revision(tmp_path: Path) -> None:
    packed = tmp_path / "hts_2025_rev_7.json.gz"
    packed.write_bytes(gzip.compress(SMALL.read_bytes()))
    schedule = read_schedule(packed)
    assert (schedule.name, small().name, read_schedule(packed, name="mine").name) == ("2025_rev_7", "small", "mine")
    assert schedule.lines == small().lines


def test_a_schedule_travels_between_processes() -> None:
    assert pickle.loads(pickle.dumps(small())) == small()


def test_truncated_files_are_refused(tmp_path: Path) -> None:
    raw = SMALL.read_bytes()
    plain, packed = tmp_path / "hts_cut.json", tmp_path / "hts_cut.json.gz"
    plain.write_bytes(raw[: len(raw) // 2])
    packed.write_bytes(gzip.compress(raw)[:-40])
    assert "truncated" in refusals(plain)[0]
    assert refusals(plain)[0].startswith("hts_cut.json:")
    assert refusals(packed) == [
        "hts_cut.json.gz: is truncated or damaged: the compressed data end early; download it again",
    ]


@pytest.mark.parametrize("share", [0.01, 0.2, 0.37, 0.5, 0.81, 0.999])
def test_wherever_a_file_is_cut_it_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "hts_cut.json"
    raw = SMALL.read_bytes().rstrip()
    path.write_bytes(raw[: int(len(raw) * share)])
    assert refusals(path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not JSON"),
        ("<html>Service unavailable</html>", "not JSON"),
        ("{}", "expected a list of rows"),
        ("[]", "expected a list of rows"),
        ("[1]", "hts_bad.json:1: expected a row"),
        ('[{"htsno": "0101", "indent": "0"}]', "the row lacks description, units, general, special, other, footnotes"),
        ("[" * 100_000, "nested too deep"),
        ("[" + "1" * 5000 + "]", "not JSON as it is published"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "hts_bad.json"
    path.write_text(text, encoding="utf-8")
    assert problem in refusals(path)[0]


def test_other_bytes_and_missing_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "hts_bad.json"
    path.write_bytes(SMALL.read_bytes().replace("¢".encode(), b"\xa2"))
    assert "not UTF-8" in refusals(path)[0]
    packed = tmp_path / "hts_bad.json.gz"
    packed.write_bytes(SMALL.read_bytes())
    assert "cannot be read" in refusals(packed)[0]
    assert "cannot be read: No such file" in refusals(tmp_path / "hts_none.json")[0]


def test_a_line_that_stands_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda rows: rows.insert(6, dict(rows[5])))
    assert refusals(path) == ["hts_changed.json:7: htsno: 0101.30.00.00 stands twice; first in row 6"]


def test_a_suffix_before_its_line_is_refused(tmp_path: Path) -> None:
    def swap(rows: list[dict[str, Any]]) -> None:
        at = place(rows, "0101.21.00")
        rows[at], rows[at + 1] = rows[at + 1], rows[at]

    found = refusals(changed(tmp_path, swap))
    message = "0101.21.00 stands after 0101.21.00.10; its suffix 0101.21.00.10 stands before it; has the file been re-ordered?"
    assert f"hts_changed.json:4: htsno: {message}" in found


def test_a_re_ordered_file_is_refused(tmp_path: Path) -> None:
    found = refusals(changed(tmp_path, lambda rows: rows.reverse()))
    assert any("has the file been re-ordered?" in problem for problem in found)
    moved = refusals(changed(tmp_path, lambda rows: rows.insert(0, rows.pop(place(rows, "8517.13.00.00")))))
    assert "0101 stands after 8517.13.00.00" in moved[0]


def test_an_indent_that_jumps_is_refused(tmp_path: Path) -> None:
    without_its_heading = changed(tmp_path, lambda rows: rows.pop(place(rows, "7606.11")))
    assert refusals(without_its_heading) == ["hts_changed.json:30: indent: jumps from 1 to 3; has the file been re-ordered?"]
    twice = changed(tmp_path, lambda rows: rows[place(rows, "8501.10.40")].update(indent="3"))
    assert "jumps from 1 to 3" in refusals(twice)[0]


def test_a_code_that_lost_its_leading_zero_is_refused_with_the_code_it_was(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda rows: rows[place(rows, "0101.21.00")].update(htsno="101.21.00"))
    (problem, *_) = refusals(path)
    assert problem.startswith("hts_changed.json:3: htsno: found '101.21.00'")
    assert problem.endswith("has it lost its leading zero? did you mean '0101.21.00'?")
    as_number = changed(tmp_path, lambda rows: rows[place(rows, "0101.21.00")].update(htsno=101.21))
    assert "found 101.21, expected a code in quotes" in refusals(as_number)[0]


@pytest.mark.parametrize(
    "text", ["", "0101.2", "0101.21.00.1", "01012100", "0101.21.00.10.10", "abcd", "0101 ", "\u0660\u0661\u0660\u0661"]
)
def test_other_forms_of_a_code_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a code such as 0101"):
        parse_code(text)


@pytest.mark.parametrize("indent", ["", "-1", "one", 2, None, "1000", "²"])
def test_an_indent_that_is_none_is_refused(tmp_path: Path, indent: object) -> None:
    path = changed(tmp_path, lambda rows: rows[-1].update(indent=indent))
    assert "indent: found" in refusals(path)[0]


@pytest.mark.parametrize(
    "fields",
    [
        {"general": 5},
        {"description": None},
        {"units": 3},
        {"footnotes": ["See 9903.88.03."]},
        {"footnotes": [{"value": "See 9903.88.03."}]},
    ],
)
def test_fields_of_another_kind_are_refused(tmp_path: Path, fields: dict[str, Any]) -> None:
    path = changed(tmp_path, lambda rows: rows[place(rows, "8517.13.00.00")].update(fields))
    assert refusals(path) == [
        "hts_changed.json:40: found fields of another kind than the export has: texts, a list of units, a list of footnotes"
    ]


def test_all_that_is_wrong_comes_together(tmp_path: Path) -> None:
    def spoil(rows: list[dict[str, Any]]) -> None:
        rows[place(rows, "0101.21.00.10")]["htsno"] = "101.21.00.10"
        rows[place(rows, "8517.13.00.00")]["indent"] = "x"

    assert [problem.split(": found")[0] for problem in refusals(changed(tmp_path, spoil))] == [
        "hts_changed.json:4: htsno",
        "hts_changed.json:40: indent",
    ]


REVISIONS = ["2025_basic", "2025_rev_16", "2026_rev_9", "2026_rev_10"]


@pytest.mark.parametrize("revision", REVISIONS)
def test_real_revisions_are_read_whole(revision: str) -> None:
    schedule = real(revision)
    assert 23_000 < len(schedule.lines) < 24_000
    assert len([code for code in schedule.headings if code.startswith("9903")]) >= 446
    # Nothing in chapters 1 to 97 is without a duty but one suffix of revision 16, whose eight-digit line the file lacks.
    without = [code for code, line in schedule.lines.items() if code < "98" and not line.general]
    assert without == (["9401.99.30.30"] if revision == "2025_rev_16" else [])


@pytest.mark.parametrize("revision", REVISIONS)
def test_more_than_98_percent_of_real_lines_have_a_duty_that_is_parsed(revision: str) -> None:
    lines = [line for code, line in real(revision).lines.items() if code < "98"]
    unread = [line for line in lines if not line.duty.stands_alone]
    assert len(unread) < 0.02 * len(lines)
    assert {line.duty.kind for line in unread} <= {"reference", "unknown"}


def test_real_lines_say_what_the_schedule_prints() -> None:
    # 2025 revision 20, read from the published file: lines of which the duties on Chinese goods are known.
    schedule = real("2025_rev_20")
    assert {code: (schedule.line(code).general, schedule.line(code).cites()) for code in ("8517.13.00.00", "2933.11.00.00")} == {
        "8517.13.00.00": ("Free", ()),
        "2933.11.00.00": ("6.5%", ()),
    }
    assert schedule.line("7606.11.30.30").cites() == ("9903.91.01",)
    assert schedule.line("8501.10.40.20").cites() == ("9903.88.01",)
    assert "9903.88.69" in schedule.line("8501.10.40.20").cites("desc")
    # 7326.90.86.88 has an MFN duty of 2.9%.
    assert schedule.line("7326.90.86.88").duty.percent == Decimal("2.9")


def test_revision_9_of_2026_lacks_its_first_row_and_says_so() -> None:
    assert "hts_2026_rev_9.json.gz:1: indent: begins at 1: the first row is missing" in map(str, real("2026_rev_9").remarks)
    assert "first row" not in " ".join(map(str, real("2026_rev_10").remarks))


def test_a_footnote_that_names_six_digits_cites_the_headings_under_them() -> None:
    # "See 9903.92." stands at cranes; of the two headings under it one adds 25% to ship-to-shore cranes, the other nothing.
    schedule = real("2025_basic")
    under = {
        heading for note in schedule.line("8426.19.00.00").footnotes for heading in note.cites if heading.startswith("9903.92")
    }
    assert {heading: schedule.line(heading).duty.kind for heading in under} == {
        "9903.92.10": "addition",
        "9903.92.80": "as provided",
    }


def test_footnotes_cite_a_section_301_heading_on_10402_eight_digit_lines() -> None:
    # Counted by others in the same files: eight-digit lines on which a footnote cites 9903.88 or 9903.91.
    schedule = real("2026_rev_10")
    cited = {
        code[:10] for code, line in schedule.lines.items() if any(h.startswith(("9903.88", "9903.91")) for h in line.cites())
    }
    assert len({code for code in cited if code < "98"}) == 10_402
