from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.errors import RecordError
from tariffs.naming import Listed
from tariffs.products.listing import Lists, parse_digits

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
# Typed from an annex.
code,metal,since
7615.10.71,aluminium,2025-03-12
84159080,steel,2025-03-12
"8415.90.80",aluminium,2025-03-12
0901.11,,2025-08-18
"""


def lists(folder: Path, text: str = TABLE, name: str = "annex.csv") -> Lists:
    (folder / name).write_text(text, encoding="utf-8")
    return Lists(folder)


def refusals(known: Lists, listed: Listed) -> list[str]:
    with pytest.raises(RecordError) as refused:
        known.stems(listed)
    return [str(problem) for problem in refused.value.problems]


def test_codes_of_a_column_are_read_with_or_without_dots(tmp_path: Path) -> None:
    assert lists(tmp_path).stems(Listed("annex.csv", "code")) == {"76151071", "84159080", "090111"}


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ((("metal", ("aluminium",)),), {"76151071", "84159080"}),
        ((("metal", ("steel", "aluminium")), ("since", ("2025-03-12",))), {"76151071", "84159080"}),
        ((("metal", ("steel",)), ("since", ("2025-03-12",))), {"84159080"}),
        ((("metal", ("",)),), {"090111"}),  # an empty cell is a text too
    ],
)
def test_every_column_named_has_to_hold_one_of_its_texts(
    tmp_path: Path, where: tuple[tuple[str, tuple[str, ...]], ...], found: set[str]
) -> None:
    assert lists(tmp_path).stems(Listed("annex.csv", "code", where)) == found


def test_a_text_file_has_a_code_a_line_and_no_header(tmp_path: Path) -> None:
    assert lists(tmp_path, "7606.11.30.30\n\n  8302 \n", "plain.txt").stems(Listed("plain.txt")) == {"7606113030", "8302"}


def test_the_byte_order_mark_of_a_spreadsheet_is_no_part_of_the_header(tmp_path: Path) -> None:
    assert lists(tmp_path, "\ufeffcode\n8302\n").stems(Listed("annex.csv", "code")) == {"8302"}


def test_a_file_is_read_once(tmp_path: Path) -> None:
    known = lists(tmp_path)
    known.stems(Listed("annex.csv", "code"))
    (tmp_path / "annex.csv").unlink()
    assert known.stems(Listed("annex.csv", "code", (("metal", ("",)),))) == {"090111"}


def test_a_code_that_lost_its_leading_zero_is_refused_with_the_code_it_was(tmp_path: Path) -> None:
    # 9011100 is 0901.11.00 after a spreadsheet took it for a number.
    assert refusals(lists(tmp_path, "code\n84159080\n9011100\n"), Listed("annex.csv", "code")) == [
        (
            "annex.csv:3: code: found '9011100', expected a code of 4, 6, 8 or 10 digits; has it lost its leading zero? "
            "did you mean '09011100'?"
        )
    ]
    dotted = refusals(lists(tmp_path, "901.11.00\n", "plain.txt"), Listed("plain.txt"))
    assert dotted == [
        (
            "plain.txt:1: found '901.11.00', expected a code of 4, 6, 8 or 10 digits; has it lost its leading zero? "
            "did you mean '0901.11.00'?"
        )
    ]


def test_a_code_that_would_be_none_with_a_zero_either_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match=r"found '8302\.4', expected a code of 4, 6, 8 or 10 digits$"):
        parse_digits("8302.4")


@pytest.mark.parametrize("code", ["9903.88.03", "99038803", "9903"])
def test_a_list_with_headings_of_chapter_99_in_it_is_refused(tmp_path: Path, code: str) -> None:
    assert refusals(lists(tmp_path, f"code\n{code}\n"), Listed("annex.csv", "code")) == [
        f"annex.csv:2: code: found '{code}', a heading of chapter 99; expected the lines of goods that it is for"
    ]


def test_a_wrong_code_in_a_row_that_is_not_asked_for_is_not_read(tmp_path: Path) -> None:
    known = lists(tmp_path, "code,metal\n9903.88.03,steel\n8302,copper\n")
    assert known.stems(Listed("annex.csv", "code", (("metal", ("copper",)),))) == {"8302"}


@pytest.mark.parametrize(
    "code", ["", "8", "83021", "8302.4", "8302.411", "steel", "8302411111111", "8302 41", "\uff18\uff13\uff10\uff12"]
)
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="expected a code of 4, 6, 8 or 10 digits"):
        parse_digits(code)


@given(st.sampled_from([4, 6, 8, 10]).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size)))
def test_dots_change_nothing_about_a_code(digits: str) -> None:
    dotted = ".".join([digits[:4], *(digits[at : at + 2] for at in range(4, len(digits), 2))])
    assert parse_digits(dotted) == parse_digits(digits) == digits


def test_columns_that_are_not_there_are_refused_with_the_nearest(tmp_path: Path) -> None:
    assert refusals(lists(tmp_path), Listed("annex.csv", "codes", (("sinze", ("2025",)),))) == [
        "annex.csv:1: codes: no such column; did you mean 'code'?",
        "annex.csv:1: sinze: no such column; did you mean 'since'?",
    ]


def test_a_reference_that_picks_out_no_row_is_refused(tmp_path: Path) -> None:
    # A misspelt word would else silently free every good of the list.
    known = lists(tmp_path)
    assert refusals(known, Listed("annex.csv", "code", (("metal", ("aluminum",)), ("since", ("2025", "2026"))))) == [
        "annex.csv: has no row with metal of aluminum and since of 2025 or 2026"
    ]
    assert refusals(lists(tmp_path, "\n \n", "plain.txt"), Listed("plain.txt")) == ["plain.txt: the file is empty"]


def test_a_list_that_is_missing_or_no_table_is_refused(tmp_path: Path) -> None:
    assert refusals(Lists(tmp_path), Listed("lists/none.csv", "code"))[0].startswith("lists/none.csv: ")
    ragged = lists(tmp_path, "# a comment\ncode,metal\n8302,steel\n8302\n")
    assert refusals(ragged, Listed("annex.csv", "code")) == ["annex.csv:4: found 1 cells, expected 2 as in the header"]
    unclosed = lists(tmp_path, 'code,metal\n8302,"steel\n')
    assert refusals(unclosed, Listed("annex.csv", "code"))[0].startswith("annex.csv:2: not CSV: ")


def test_many_wrong_codes_are_counted_not_listed(tmp_path: Path) -> None:
    found = refusals(lists(tmp_path, "code\n" + "8302.4\n" * 1053), Listed("annex.csv", "code"))
    assert len(found) == 51
    assert "annex.csv: code: and 1,003 further codes of this kind" in found
