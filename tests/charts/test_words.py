from __future__ import annotations

import locale
from datetime import date
from decimal import Decimal

import pytest

from tariffs.asking import packaged
from tariffs.charts import words
from tariffs.measures import Measured, measure_of
from tariffs.model import Quantity, View

SINCE_2025 = date(2025, 1, 1), date(2026, 10, 9)
PEOPLE = "piie-implied"


def lines(*names: str, quantity: Quantity = Quantity(), view: View = View()) -> tuple[Measured, ...]:  # noqa: B008  # frozen
    return tuple(measure_of(packaged(), name, quantity, view) for name in names)


@pytest.mark.parametrize(
    ("names", "quantity", "title"),
    [
        (("us_on_cn", "cn_on_us"), Quantity(), "US and Chinese across-the-board tariffs on each other's goods"),
        (("cn_on_us", "us_on_cn"), Quantity(), "Chinese and US across-the-board tariffs on each other's goods"),
        (("us_on_cn",), Quantity(), "Across-the-board tariffs: US on China"),
        (("us_on_cn", "cn_on_us"), Quantity("average", PEOPLE), "US and Chinese average tariffs on each other's goods"),
        (
            ("us_on_cn", "cn_on_us", "cn_on_row"),
            Quantity("average", PEOPLE),
            "US and Chinese average tariffs on each other's goods and on the rest of the world's",
        ),
        (("cn_on_row",), Quantity("average", PEOPLE), "Average tariffs: China on the rest of the world"),
        (("cn_on_us",), Quantity("covered", PEOPLE), "Trade under additional duties: China on US"),
        (("us_on_cn",), Quantity("stack", good="electric-car"), "Electric car: tariffs, US on China"),
    ],
)
def test_the_title_says_whose_tariffs_and_which(names: tuple[str, ...], quantity: Quantity, title: str) -> None:
    assert words.title(packaged(), lines(*names, quantity=quantity)) == title


def test_several_goods_are_titled_together_and_named_at_their_lines() -> None:
    both = (
        *lines("us_on_cn", quantity=Quantity("stack", good="laptop")),
        *lines("us_on_cn", quantity=Quantity("stack", good="list-3")),
    )
    assert words.title(packaged(), both) == "Tariffs by kind of good: US on China"
    assert list(words.line_titles(packaged(), both).values()) == ["Laptop computer", "List 3 good"]


def test_several_weights_are_named_at_their_lines() -> None:
    both = (
        *lines("cn_on_us", quantity=Quantity("average", PEOPLE)),
        *lines("cn_on_us", quantity=Quantity("average", "simple-hs6")),
    )
    assert list(words.line_titles(packaged(), both).values()) == [PEOPLE, "simple-hs6"]


def test_the_subtitle_names_the_weights_and_the_note_what_they_are() -> None:
    drawn = lines("us_on_cn", quantity=Quantity("average", PEOPLE))
    assert "weights implied by the Peterson Institute's averages, edition of 14 November 2025" in words.subtitle(drawn)
    note = words.note(packaged(), drawn, (date(2018, 1, 1), date(2024, 12, 31)), {})
    assert "calibrated to a publication; Chad P. Bown, Peterson Institute" in note
    assert "nothing of it is an independent measurement" in note
    computed = lines("cn_on_us", quantity=Quantity("average", "cn-imports-2017"))
    assert "an independent measurement" not in words.note(packaged(), computed, (date(2018, 1, 1), date(2024, 12, 31)), {})


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        (Quantity("stack", good="electric-car"), "Sum of the duties, on top of MFN"),
        (Quantity("stack", good="electric-car", mfn=True), "Sum of the duties, MFN included"),
        (Quantity("stack", good="aluminium-derivative", metal_share=Decimal(30)), "30% of the value metal"),
        (Quantity("covered", PEOPLE), "Share of trade under any additional duty, percent"),
    ],
)
def test_the_subtitle_says_what_is_added_up(quantity: Quantity, said: str) -> None:
    assert said in words.subtitle(lines("us_on_cn", quantity=quantity))


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
        (View(basis="refundable"), "on goods on no product list, percent, by legal effective date"),
        (View(as_of=date(2025, 4, 7), basis="refundable"), "none held void by then, as known by law on 7 Apr 2025"),
        (View(as_of=date(2025, 4, 7), known="stated"), "as known by statement on 7 Apr 2025"),
        (View(known="stated"), "threats that stand included"),
    ],
)
def test_subtitle_names_the_clock(view: View, said: str) -> None:
    assert words.subtitle(lines("us_on_cn", view=view)).endswith(said)


def test_note_names_the_ruling_where_void_duties_are_drawn_and_only_there() -> None:
    ruling = "Learning Resources v. Trump of 20 Feb 2026 held them unauthorised"
    assert ruling in words.note(packaged(), lines("us_on_cn"), SINCE_2025, {})
    assert ruling not in words.note(packaged(), lines("us_on_cn"), (date(2018, 1, 1), date(2024, 12, 31)), {})
    assert ruling not in words.note(packaged(), lines("us_on_cn"), (date(2026, 3, 1), date(2026, 10, 9)), {})
    assert ruling not in words.note(packaged(), lines("us_on_cn", view=View(basis="lawful")), SINCE_2025, {})
    assert ruling in words.note(packaged(), lines("us_on_cn", view=View(basis="refundable")), SINCE_2025, {})


def test_what_is_refundable_is_named_in_title_subtitle_and_note() -> None:
    drawn = lines("us_on_cn", view=View(basis="refundable"))
    assert words.title(packaged(), drawn) == "Across-the-board tariffs: US on China, refundable part"
    assert words.note(packaged(), drawn, SINCE_2025, {}).startswith("What was charged less what is lawful: a rate, not an amount")
    assert words.subtitle(drawn).startswith("Refundable part of the additional duty on goods on no product list")
    mixed = (*drawn, *lines("us_on_cn", quantity=Quantity("stack", good="list-3"), view=View(basis="refundable")))
    assert words.subtitle(mixed) == "Refundable part, percent, by legal effective date"
