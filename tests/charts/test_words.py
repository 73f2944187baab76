from __future__ import annotations

import locale
from datetime import date

import pytest

from tariffs.asking import packaged
from tariffs.charts import words
from tariffs.model import View
from tariffs.stacking import across_the_board
from tariffs.vocabulary import Direction

US_ON_CN, CN_ON_US = Direction("US", "CN"), Direction("CN", "US")
DUTIES = across_the_board(packaged().bearing(US_ON_CN))
SINCE_2025 = date(2025, 1, 1), date(2026, 10, 9)


def test_pair_is_titled_as_each_other_s_goods_in_the_order_given() -> None:
    assert words.title((US_ON_CN, CN_ON_US)) == "US and Chinese across-the-board tariffs on each other's goods"
    assert words.title((CN_ON_US, US_ON_CN)) == "Chinese and US across-the-board tariffs on each other's goods"


def test_one_direction_is_titled_by_its_name() -> None:
    assert words.title((US_ON_CN,)) == "Across-the-board tariffs: US on China"


def test_days_are_written_in_english_whatever_the_locale() -> None:
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("de_DE.UTF-8", "C", ""):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert words.short_day(date(2026, 10, 9)) == "9 Oct 2026"
    finally:
        locale.setlocale(locale.LC_TIME, before)


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (View(), "by legal effective date"),
        (View(basis="lawful"), "void duties taken out"),
        (View(as_of=date(2025, 4, 7), basis="lawful"), "none held void by then, as known by law on 7 Apr 2025"),
        (View(as_of=date(2025, 4, 7), known="stated"), "as known by statement on 7 Apr 2025"),
        (View(known="stated"), "threats included"),
    ],
)
def test_subtitle_names_the_clock(view: View, said: str) -> None:
    assert words.subtitle(view, DUTIES).endswith(said)


def test_note_names_the_ruling_where_void_duties_are_drawn_and_only_there() -> None:
    ruling = "Learning Resources v. Trump of 20 Feb 2026 held them unauthorised"
    assert ruling in words.note(packaged(), DUTIES, View(), SINCE_2025, {})
    assert ruling not in words.note(packaged(), DUTIES, View(), (date(2018, 1, 1), date(2024, 12, 31)), {})
    assert ruling not in words.note(packaged(), DUTIES, View(), (date(2026, 3, 1), date(2026, 10, 9)), {})
    assert ruling not in words.note(packaged(), DUTIES, View(basis="lawful"), SINCE_2025, {})
