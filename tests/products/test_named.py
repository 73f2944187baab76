from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.errors import RecordError
from tariffs.model import Duty
from tariffs.naming import Listed, Naming
from tariffs.products.listing import Lists
from tariffs.products.named import Disagreement, Named, name_lines

# Lines, and the headings that their footnotes cite in any revision.
CITED = {
    "0901.11.00.25": {"9903.88.15"},
    "7606.11.30.30": {"9903.88.03", "9903.91.01"},
    "7606.11.30.60": {"9903.91.01"},
    "7606.12.30.15": set(),
    "8302.41.30.00": {"9903.88.03"},
    "9102.11.10": set(),
}


def duty(*namings: Naming, name: str = "a") -> Duty:
    return Duty(name, name, "US", ("CN",), "S301", "other", "list", "goods", (), namings=namings)


def named(folder: Path, *namings: Naming) -> Named:
    return name_lines([duty(*namings)], CITED, Lists(folder))


def lines(folder: Path, naming: Naming) -> set[str]:
    return {code for code, places in named(folder, naming).lines.items() if places}


def test_footnotes_name_the_lines_that_cite_one_of_the_headings(tmp_path: Path) -> None:
    assert lines(tmp_path, Naming("law", cites=("9903.88.03", "9903.88.15"))) == {
        "0901.11.00.25",
        "7606.11.30.30",
        "8302.41.30.00",
    }
    assert lines(tmp_path, Naming("law", cites=("9903.88.04",))) == set()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("76", {"7606.11.30.30", "7606.11.30.60", "7606.12.30.15"}),
        ("7606", {"7606.11.30.30", "7606.11.30.60", "7606.12.30.15"}),
        ("7606.11", {"7606.11.30.30", "7606.11.30.60"}),
        ("7606.11.30", {"7606.11.30.30", "7606.11.30.60"}),
        ("7606.11.30.60", {"7606.11.30.60"}),
        ("9102.11.10", {"9102.11.10"}),
        ("9102.11.10.00", {"9102.11.10"}),  # a line printed without a suffix has the suffix 00
        ("09", {"0901.11.00.25"}),
        ("90", set()),  # 0901 without its zero is another chapter
        ("7606.13", set()),
    ],
)
def test_a_code_names_what_stands_under_it(tmp_path: Path, code: str, found: set[str]) -> None:
    assert lines(tmp_path, Naming("law", codes=(code,))) == found


def test_what_is_left_out_again_is_not_named_by_any_kind_of_reference(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("7606\n8302.41\n", encoding="utf-8")
    without = ("7606.11",)
    assert lines(tmp_path, Naming("law", listed=Listed("list.txt"))) == {*(c for c in CITED if c[:4] == "7606"), "8302.41.30.00"}
    assert lines(tmp_path, Naming("law", listed=Listed("list.txt"), but_not=without)) == {"7606.12.30.15", "8302.41.30.00"}
    assert lines(tmp_path, Naming("law", codes=("76",), but_not=without)) == {"7606.12.30.15"}
    assert lines(tmp_path, Naming("law", cites=("9903.91.01",), but_not=("7606.11.30.30",))) == {"7606.11.30.60"}


def test_what_no_line_shows_names_no_line_and_keeps_the_places_of_the_others(tmp_path: Path) -> None:
    found = named(tmp_path, Naming("law", unseen="why it is sent"), Naming("law", codes=("0901",)), Naming("law", codes=("09",)))
    assert found.keys == ("a#1", "a#2")
    assert found.lines["0901.11.00.25"] == (0, 1)
    assert found.lines["8302.41.30.00"] == ()


def test_references_of_several_duties_are_told_apart(tmp_path: Path) -> None:
    one, other = duty(Naming("law", codes=("0901",))), duty(Naming("law", codes=("0901",)), name="b")
    found = name_lines([one, other], CITED, Lists(tmp_path))
    assert (found.keys, found.lines["0901.11.00.25"]) == (("a#0", "b#0"), (0, 1))


def test_a_list_that_disagrees_is_reported_by_eight_digits_and_decides_nothing(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("7606.11.30\n0901.11.00\n", encoding="utf-8")
    found = named(tmp_path, Naming("law", cites=("9903.88.03",), against=(Listed("list.txt"),)))
    # The footnotes have one of two suffixes of 7606.11.30, which is no disagreement at eight digits.
    assert found.disagreements == (
        Disagreement("a", "83024130", cited=True, list="list.txt"),
        Disagreement("a", "09011100", cited=False, list="list.txt"),
    )
    assert {code for code, places in found.lines.items() if places} == {"7606.11.30.30", "8302.41.30.00"}


def test_a_wrong_list_is_refused_even_where_it_only_confirms(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("901.11.00\n", encoding="utf-8")
    with pytest.raises(RecordError, match="lost its leading zero"):
        named(tmp_path, Naming("law", cites=("9903.88.03",), against=(Listed("list.txt"),)))


@given(
    stems=st.lists(st.sampled_from(["76", "7606", "7606.11", "7606.11.30", "7606.11.30.30", "0901", "9102.11.10"]), min_size=1)
)
def test_several_codes_name_what_each_of_them_names(stems: list[str]) -> None:
    folder = Path()
    together = lines(folder, Naming("law", codes=tuple(stems)))
    assert together == set().union(*(lines(folder, Naming("law", codes=(stem,))) for stem in stems))
    assert lines(folder, Naming("law", codes=tuple(stems), but_not=tuple(stems))) == set()
