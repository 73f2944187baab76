from __future__ import annotations

from typing import get_args

import pytest

import tariffs.vocabulary as words
from tariffs.errors import CoverageError, UnknownNameError, UsageError
from tariffs.vocabulary import FREQS, Direction, choose, country_adjective, country_title, is_country, parse_direction

US_ON_CN, CN_ON_US = Direction("US", "CN"), Direction("CN", "US")
COVERED = (US_ON_CN, CN_ON_US)


@pytest.mark.parametrize(
    "text",
    [
        "us_on_cn",
        "us-on-cn",
        "us-on-china",
        "us_on_china",
        "US on China",
        "US on CN",
        "US_ON_CN",
        "United States on China",
        "united-states-on-china",
        "united_states_on_mainland_china",
        "USA on PRC",
        "America on China",
        "  us  on  china ",
    ],
)
def test_every_accepted_spelling_names_the_same_direction(text: str) -> None:
    assert parse_direction(text, COVERED) == US_ON_CN


@pytest.mark.parametrize("text", ["cn_on_us", "china-on-us", "China on US", "Mainland China on America", "prc on usa"])
def test_the_other_way_round_is_the_other_direction(text: str) -> None:
    assert parse_direction(text, COVERED) == CN_ON_US


@pytest.mark.parametrize("direction", [*COVERED, Direction("US", "HK"), Direction("EU", "JP"), Direction("GB", "ZZ")])
def test_names_and_titles_are_read_back(direction: Direction) -> None:
    assert parse_direction(direction.name, (direction,)) == direction
    assert parse_direction(direction.title, (direction,)) == direction


def test_hong_kong_is_not_china() -> None:
    assert parse_direction("US on Hong Kong", (US_ON_CN, Direction("US", "HK"))) == Direction("US", "HK")
    with pytest.raises(CoverageError, match="does not cover US on Hong Kong; it covers us_on_cn"):
        parse_direction("US on Hong Kong", COVERED)


@pytest.mark.parametrize("text", ["us_on_ch", "us_on_chn", "us_no_cn", "us_on_cn_", "us on cn!", "usoncn"])
def test_a_misspelt_direction_is_told_the_nearest_one(text: str) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown direction .*; did you mean 'us_on_cn'\?") as caught:
        parse_direction(text, COVERED)
    assert caught.value.found == text


@pytest.mark.parametrize("text", ["", " ", "on", "xyzzy", "_on_", "us", "us_on_cn_on_us_on_cn_on_us_on_cn_on_us_on_cn"])
def test_an_unknown_direction_is_refused_as_misuse(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_direction(text, COVERED)
    assert isinstance(caught.value, UnknownNameError)


def test_far_from_every_name_the_choices_are_listed() -> None:
    with pytest.raises(UnknownNameError, match=r"^unknown direction 'xyzzy'; one of: cn_on_us, us_on_cn$"):
        parse_direction("xyzzy", COVERED)


@pytest.mark.parametrize(
    ("direction", "name", "title"), [(US_ON_CN, "us_on_cn", "US on China"), (CN_ON_US, "cn_on_us", "China on US")]
)
def test_a_direction_has_one_name_in_code_and_one_in_print(direction: Direction, name: str, title: str) -> None:
    assert (direction.name, direction.title) == (name, title)


def test_a_country_without_a_kept_name_goes_by_its_code() -> None:
    assert (country_title("CN"), country_title("ZZ")) == ("China", "ZZ")
    assert (country_adjective("CN"), country_adjective("BR"), country_adjective("ZZ")) == ("Chinese", "Brazil", "ZZ")


@pytest.mark.parametrize(
    ("text", "holds"), [("US", True), ("NO", True), ("us", False), ("USA", False), ("U", False), ("", False), ("U\n", False)]
)
def test_a_country_code_is_two_capital_letters(text: str, holds: bool) -> None:
    assert is_country(text) is holds


def test_choose_takes_a_word_of_the_list_and_no_other() -> None:
    assert choose("freq", "MS", FREQS) == "MS"
    with pytest.raises(UnknownNameError, match=r"^unknown freq 'M'; did you mean 'MS'\?$"):
        choose("freq", "M", FREQS)
    with pytest.raises(UnknownNameError, match=r"^unknown freq 'weekly'; one of: B, D, ME, MS, QE, QS, W, YE, YS$"):
        choose("freq", "weekly", FREQS)


@pytest.mark.parametrize(
    ("literal", "choices"),
    [
        ("Known", "KNOWN"),
        ("Basis", "BASES"),
        ("Measure", "MEASURES"),
        ("Part", "PARTS"),
        ("Freq", "FREQS"),
        ("Agg", "AGGS"),
        ("Unit", "UNITS"),
    ],
)
def test_type_and_list_name_the_same_words(literal: str, choices: str) -> None:
    assert get_args(getattr(words, literal)) == getattr(words, choices)


def test_every_measure_has_a_title() -> None:
    assert set(words.MEASURE_TITLES) == set(words.MEASURES)
    assert set(words.BASIS_TITLES) == set(words.BASES)
