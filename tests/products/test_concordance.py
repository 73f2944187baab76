from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.errors import RecordError, UsageError
from tariffs.products.concordance import Concordance, in_order, read_concordance
from tariffs.products.matching import Match, Matcher
from tariffs.products.schedule import read_schedule

LISTS = Path(__file__).parents[3] / "shared" / "data" / "lists"
ARCHIVES = LISTS.parent / "hts_archives"
HEADER = "old_hts10,new_hts10,revision_from,revision_to,change_type,description_old,description_new,similarity\n"

# Rows as the published list has them, but for the chain, which it has in no two revisions.
ROWS = {
    "battery": "8507600020,8507600090,2026_rev_1,2026_rev_2,rename,other,other,1",
    "storage": "NA,8507600030,2026_rev_1,2026_rev_2,added,NA,battery energy storage systems,NA",
    "raw coffee": "0901110055,0901110040,rev_15,rev_16,many_to_many,other,other,1",
    "roasted coffee": "0901110055,0901210020,rev_15,rev_16,many_to_many,other,other,1",
    "transistors": "8541290075,8541290055,2026_rev_1,2026_rev_2,rename,not less than 30 mhz,less than 30 mhz,0.8888888888888888",
    "towers": "7308200020,7308200030,rev_15,rev_16,split,tubular,tubular,1",
    "towers of turbines": "7308200020,7308200035,rev_15,rev_16,split,tubular,tubular wind turbine towers,0.75",
    "grinding machines": "8460240010,8460230055,2026_rev_1,2026_rev_2,rename,external cylindrical,external cylindrical,1",
    "cocoa": "1801000000,NA,2026_rev_1,2026_rev_2,dropped,cocoa beans,NA,NA",
    "organic cocoa": "NA,1801000010,2026_rev_1,2026_rev_2,added,NA,certified organic,NA",
    "other cocoa": "NA,1801000090,2026_rev_1,2026_rev_2,added,NA,other,NA",
    "seats": "9401999081,9401999070,rev_15,rev_16,rename,other,other,1",
    "seats again": "9401999070,9401999085,2026_rev_1,2026_rev_2,rename,other,other,1",
}


def listed(folder: Path, *rows: str) -> Concordance:
    (folder / "hts_concordance.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return read_concordance(folder)


@pytest.fixture
def small(tmp_path: Path) -> Concordance:
    return listed(tmp_path, *ROWS.values())


def refusals(folder: Path, text: str) -> list[str]:
    (folder / "hts_concordance.csv").write_text(text, encoding="utf-8")
    with pytest.raises(RecordError) as refused:
        read_concordance(folder)
    return [str(problem) for problem in refused.value.problems]


def test_steps_are_in_the_order_of_revisions_and_named_with_their_year(small: Concordance) -> None:
    assert [step.revision for step in small.steps] == ["2025_rev_16", "2026_rev_2"]
    assert in_order("2025_rev_9") < in_order("2025_rev_10") < in_order("2026_basic") < in_order("2026_rev_1")
    assert in_order("rev_15") == in_order("2025_rev_15")


def test_a_code_became_what_it_is_called_now_and_what_was_carved_out_beside_it(small: Concordance) -> None:
    assert small.successors("8507.60.00.20", "2026_rev_2") == ("8507.60.00.30", "8507.60.00.90")
    assert small.successors("8507.60.00.20", "2026_rev_1") == ("8507.60.00.20",)
    assert small.predecessors("8507.60.00.90", "2026_rev_1") == ("8507.60.00.20",)
    # Of an addition the list does not say what it was before.
    assert small.predecessors("8507.60.00.30", "2026_rev_1") == ()


def test_a_row_that_leaves_its_eight_digits_is_not_believed(small: Concordance) -> None:
    assert small.successors("0901.11.00.55", "2025_rev_16") == ("0901.11.00.40",)
    assert small.predecessors("0901.21.00.20", "2025_rev_15") == ()
    assert small.successors("8460.24.00.10", "2026_rev_2") == ()


def test_words_alike_in_part_only_decide_nothing(small: Concordance) -> None:
    assert small.successors("8541.29.00.75", "2026_rev_2") == ()
    assert small.successors("7308.20.00.20", "2025_rev_16") == ()
    assert small.predecessors("7308.20.00.35", "2025_rev_15") == ()
    # Of this one the list has but the one row, which is alike in full.
    assert small.predecessors("7308.20.00.30", "2025_rev_15") == ("7308.20.00.20",)


def test_chains_are_followed_both_ways(small: Concordance) -> None:
    assert small.successors("9401.99.90.81", "2025_rev_15") == ("9401.99.90.81",)
    assert small.successors("9401.99.90.81", "2025_rev_20") == ("9401.99.90.70",)
    assert small.successors("9401.99.90.81", "2026_rev_10") == ("9401.99.90.85",)
    assert small.predecessors("9401.99.90.85", "2025_rev_20") == ("9401.99.90.70",)
    assert small.predecessors("9401.99.90.85", "2025_basic") == ("9401.99.90.81",)


def test_what_was_dropped_has_no_successor_that_the_list_names(small: Concordance) -> None:
    assert small.successors("1801.00.00.00", "2026_rev_1") == ("1801.00.00.00",)
    assert small.successors("1801.00.00.00", "2026_rev_2") == ()
    assert small.predecessors("1801.00.00.10", "2026_rev_1") == ()


def test_a_code_that_no_row_names_stays(small: Concordance) -> None:
    assert small.successors("8517.13.00.00", "2026_rev_10") == ("8517.13.00.00",)
    assert small.predecessors("8517.13.00.00", "2025_basic") == ("8517.13.00.00",)


LATER = {
    "0804.30.40", "0901.11.00", "0901.11.00.40", "0901.11.00.90", "0901.21.00.20", "1801.00.00.10", "1801.00.00.90",
    "7308.20.00.30", "7308.20.00.35", "8507.60.00.30", "8507.60.00.90", "8517.13.00.00", "9401.99.90.85",
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "match"),
    [
        ("8517.13.00.00", Match(("8517.13.00.00",), "itself")),
        ("8507.60.00.20", Match(("8507.60.00.30", "8507.60.00.90"), "concordance")),
        ("9401.99.90.81", Match(("9401.99.90.85",), "concordance")),
        ("0901.11.00.55", Match(("0901.11.00.40",), "concordance")),
        ("1801.00.00.00", Match(("1801.00.00.10", "1801.00.00.90"), "eight digits")),
        ("7308.20.00.20", Match(("7308.20.00.30", "7308.20.00.35"), "eight digits")),
        ("0804.30.40.00", Match(("0804.30.40",), "eight digits")),
        ("9999.95.00.00", Match((), "none")),
        ("2918.00.00.00", Match((), "none")),
    ],
)
def test_a_code_stands_for_itself_for_what_it_became_or_for_its_eight_digits(small: Concordance, code: str, match: Match) -> None:
    assert Matcher(small, "2026_rev_10", LATER).match(code) == match


def test_a_later_code_is_matched_backwards(small: Concordance) -> None:
    matcher = Matcher(small, "2025_basic", {"8507.60.00.20", "8507.60.00.10", "9401.99.90.81"})
    assert matcher.match("8507.60.00.90") == Match(("8507.60.00.20",), "concordance")
    assert matcher.match("9401.99.90.85") == Match(("9401.99.90.81",), "concordance")
    assert matcher.match("8507.60.00.30") == Match(("8507.60.00.10", "8507.60.00.20"), "eight digits")


def test_a_successor_that_the_revision_lacks_is_not_half_believed(small: Concordance) -> None:
    lines = {"8507.60.00.10", "8507.60.00.90"}
    assert Matcher(small, "2026_rev_10", lines).match("8507.60.00.20") == Match(
        ("8507.60.00.10", "8507.60.00.90"), "eight digits"
    )


def test_a_suffix_given_up_and_taken_up_again_stands_for_both_its_neighbours(tmp_path: Path) -> None:
    given_up = "8507600020,8507600090,rev_15,rev_16,rename,other,other,1"
    taken_up = "8507600050,8507600020,2026_rev_1,2026_rev_2,rename,lithium,lithium,1"
    matcher = Matcher(listed(tmp_path, given_up, taken_up), "2025_rev_20", {"8507.60.00.50", "8507.60.00.90"})
    assert matcher.match("8507.60.00.20") == Match(("8507.60.00.50", "8507.60.00.90"), "concordance")


def test_a_revision_by_another_name_is_refused(small: Concordance) -> None:
    for name in ("rev 15", "2026", "2025_rev_0", "basic_2025", ""):
        with pytest.raises(UsageError, match="expected a revision such as rev_15, 2025_rev_15 or 2026_basic"):
            small.successors("8517.13.00.00", name)
        with pytest.raises(UsageError):
            Matcher(small, name, LATER)


CODES = st.builds(
    lambda eight, suffix: f"{eight}.{suffix}",
    st.sampled_from(["8507.60.00", "0901.11.00", "9401.99.90", "1801.00.00", "7308.20.00", "0804.30.40"]),
    st.sampled_from(["00", "10", "20", "30", "35", "40", "55", "70", "75", "81", "85", "90"]),
)


@given(code=CODES, lines=st.sets(CODES), revision=st.sampled_from(["2025_basic", "2025_rev_16", "2026_rev_1", "2026_rev_9"]))
def test_a_match_is_of_lines_of_the_revision_within_the_eight_digits(
    tmp_path_factory: pytest.TempPathFactory, code: str, lines: set[str], revision: str
) -> None:
    match = Matcher(listed(tmp_path_factory.getbasetemp(), *ROWS.values()), revision, lines).match(code)
    assert set(match.codes) <= lines
    assert {line[:10] for line in match.codes} <= {code[:10]}
    assert (match.how == "none") == (not match.codes) == (not any(line.startswith(code[:10]) for line in lines))
    assert (match.how == "itself") == (code in lines)


COFFEE = ("0901110055", "0901110040", "rev_15", "rev_16", "rename", "1")


def rename(**cells: str) -> str:
    """Write a row that is right, with other cells where they are given."""
    names = ("old", "new", "since", "to", "type", "alike")
    old, new, since, to, kind, alike = (dict(zip(names, COFFEE, strict=True)) | cells).values()
    return f"{old},{new},{since},{to},{kind},other,other,{alike}"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            rename(old="901110055"),
            "old_hts10: found '901110055', expected ten digits; has it lost its leading zero? did you mean '0901110055'?",
        ),
        (rename(new="0901.11.00.40"), "new_hts10: found '0901.11.00.40', expected ten digits"),
        (rename(old="09011100"), "old_hts10: found '09011100', expected ten digits"),
        (rename(old=""), "old_hts10: found '', expected ten digits"),
        (rename(new="9903880300"), "new_hts10: found '9903880300', a heading of chapter 99; expected the line of a good"),
        (rename(old="NA"), "old_hts10: found 'NA', expected a code where the change is 'rename'"),
        (rename(type="added", alike="NA"), "old_hts10: found '0901110055', expected NA where the change is 'added'"),
        (rename(type="dropped", alike="NA"), "new_hts10: found '0901110040', expected NA where the change is 'dropped'"),
        (rename(type="renamed"), "change_type: found 'renamed', expected a type of change; did you mean 'rename'?"),
        (rename(alike="NA"), "similarity: found 'NA', expected a number from 0 to 1"),
        (rename(alike="1.2"), "similarity: found '1.2', expected a number from 0 to 1"),
        (rename(old="NA", type="added"), "similarity: found '1', expected NA where the change is 'added'"),
        (rename(since="15"), "revision_from: found '15', expected a revision such as rev_15, 2025_rev_15 or 2026_basic"),
        (rename(since="2026_basic"), "revision_to: found 'rev_16', expected a revision after 2026_basic"),
        (rename(to="rev_15"), "revision_to: found 'rev_15', expected a revision after rev_15"),
        (ROWS["battery"].replace("rename", "split"), "the change stands twice; first in line 2"),
        ("0901110055,0901110040,rev_15,rev_16,rename,other,1", "found 7 cells, expected 8 as in the header"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_place(tmp_path: Path, row: str, problem: str) -> None:
    assert refusals(tmp_path, f"{HEADER}{ROWS['battery']}\n{row}\n") == [f"hts_concordance.csv:3: {problem}"]


def test_a_row_that_another_contradicts_is_refused(tmp_path: Path) -> None:
    dropped = "8507600020,NA,2026_rev_1,2026_rev_2,dropped,other,NA,NA"
    added = "NA,8507600090,2026_rev_1,2026_rev_2,added,NA,other,NA"
    assert refusals(tmp_path, "\n".join((HEADER.strip(), ROWS["battery"], dropped, added))) == [
        "hts_concordance.csv:2: new_hts10: is rename; line 4 says added of the same code",
        "hts_concordance.csv:2: old_hts10: is rename; line 3 says dropped of the same code",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEADER, "hts_concordance.csv:1: a header and no rows"),
        (HEADER.replace(",similarity", ""), "hts_concordance.csv:1: similarity: is missing from the header"),
        (HEADER.replace("description_old", "old_hts10"), "hts_concordance.csv:1: old_hts10: stands twice in the header"),
        (f'{HEADER}"8507600020\n', "hts_concordance.csv:2: not CSV: unexpected end of data"),
    ],
)
def test_a_file_that_is_no_concordance_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    assert refusals(tmp_path, text) == [problem]


def test_all_that_is_wrong_comes_together(tmp_path: Path) -> None:
    wrong = "901110055,99,rev_16,rev_15,merge,a,a,x"
    assert [problem.split(": found")[0] for problem in refusals(tmp_path, f"{HEADER}{wrong}\n")] == [
        "hts_concordance.csv:2: new_hts10",
        "hts_concordance.csv:2: old_hts10",
        "hts_concordance.csv:2: revision_to",
        "hts_concordance.csv:2: similarity",
    ]


@cache
def real() -> Concordance:
    if not (LISTS / "hts_concordance.csv").is_file():
        pytest.skip("no concordance to read: it is looked for beside the project")
    return read_concordance(LISTS)


def test_the_real_list_renumbers_in_five_revisions() -> None:
    assert [step.revision for step in real().steps] == ["2025_rev_1", "2025_rev_16", "2025_rev_17", "2026_rev_2", "2026_rev_3"]


@pytest.mark.parametrize(("before", "after"), [("2025_rev_15", "2025_rev_16"), ("2026_rev_1", "2026_rev_2")])
def test_the_real_list_names_exactly_the_codes_that_differ_between_two_revisions(before: str, after: str) -> None:
    (step,) = [step for step in real().steps if step.revision == after]
    paths = [ARCHIVES / f"hts_{name}.json.gz" for name in (before, after)]
    if not all(path.is_file() for path in paths):
        pytest.skip("no schedules to read: they are looked for beside the project")
    old, new = ({code for code in read_schedule(path).lines if len(code) == 13} for path in paths)
    assert step.ended <= old - new
    assert step.begun <= new - old
    assert step.ended | step.begun == old ^ new


def test_all_lines_that_a_renumbered_code_may_stand_for_bear_one_general_duty() -> None:
    path = ARCHIVES / "hts_2026_rev_10.json.gz"
    if not path.is_file():
        pytest.skip("no schedules to read: they are looked for beside the project")
    schedule = read_schedule(path)
    matcher = Matcher(real(), schedule.name, schedule.lines)
    matches = [matcher.match(code) for step in real().steps for code in step.ended]
    # One has no line left: a suffix that the schedule printed for a month.
    assert sum(match.how == "none" for match in matches) == 1
    assert {len({schedule.lines[code].duty for code in match.codes}) for match in matches if match.codes} == {1}
