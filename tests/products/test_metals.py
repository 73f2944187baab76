from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tariffs.errors import RecordError
from tariffs.products.metals import SHARES, read_shares, share_of

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "hs10,naics,steel_share,aluminum_share,copper_share\n"


def written(folder: Path, text: str) -> Path:
    (folder / SHARES).write_text(text, encoding="utf-8")
    return folder


def test_shares_are_fractions_of_value_by_line(tmp_path: Path) -> None:
    found = read_shares(written(tmp_path, HEADER + "8415908025,333415,0.3,0.2,0.1\n0101210010,112920,0,0,0\n"))
    assert share_of("8415.90.80.25", found) == (0.3, 0.2, 0.1)
    assert share_of("0101.21.00.10", found) == (0, 0, 0)
    assert share_of("8415.90.80.85", found) is None


def test_a_line_without_a_suffix_has_the_share_of_suffix_00(tmp_path: Path) -> None:
    found = read_shares(written(tmp_path, HEADER + "9102111000,1,0.5,0,0\n"))
    assert share_of("9102.11.10", found) == (0.5, 0, 0)


def test_metal_worth_more_than_the_good_is_no_share(tmp_path: Path) -> None:
    # Tables by industry give some raw metals more than their value; what rounding adds to the whole is no more than the whole.
    found = read_shares(written(tmp_path, HEADER + "8302413000,1,0,1.2,0\n8302416080,1,0.1,0.7,0.2\n"))
    assert share_of("8302.41.30.00", found) is None
    assert share_of("8302.41.60.80", found) == (0.1, 0.7, 0.2)


def test_without_the_list_no_share_is_known(tmp_path: Path) -> None:
    assert read_shares(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("hs10,steel_share\n", f"{SHARES}:1: aluminum_share: is missing from the header"),
        (HEADER + "8415908025,1,-0.1,0,0\n", f"{SHARES}:2: found -0.1, 0, 0, expected shares of steel, aluminium, copper"),
        (HEADER + "8415908025,1,nan,0,0\n", f"{SHARES}:2: found nan, 0, 0, expected shares"),
        (HEADER + "8415908025,1,inf,0,0\n", f"{SHARES}:2: found inf, 0, 0, expected shares"),
        (HEADER + "8415908025,1,some,0,0\n", f"{SHARES}:2: "),
        (HEADER + "8415908025,1,0\n", f"{SHARES}:2: "),
        (HEADER + "8415908025,1,0,0,0\n8415908025,1,0,0,0\n", f"{SHARES}:3: 8415908025 stands twice"),
        (HEADER + "101210010,1,0,0,0\n", f"{SHARES}:2: found '101210010', expected a code of 4, 6, 8 or 10 digits; has it lost"),
    ],
)
def test_shares_that_cannot_be_are_refused_with_their_place(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(RecordError) as refused:
        read_shares(written(tmp_path, text))
    assert str(refused.value.problems[0]).startswith(problem)


@pytest.mark.parametrize(
    ("code", "shares"),
    [("7318.15.20.10", (1, 0, 0)), ("7411.10.10.30", (0, 0, 1)), ("7615.10.71.55", (0, 1, 0)), ("7208.51.00.30", None)],
)
def test_articles_of_a_metal_are_wholly_of_it_whatever_the_list_says(code: str, shares: tuple[int, ...] | None) -> None:
    listed = {"7318152010": (0.21, 0.0, 0.0), "7615107155": None}
    assert share_of(code, listed) == shares
