from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tariffs.products.duties import AdValorem, Sliding, Specific, cleaned, parse_duty, parse_special


def cents(amount: str, per: str, on: str = "") -> Specific:
    return Specific(Decimal(amount), "cents", per, on)


def percent(number: str, on: str = "") -> AdValorem:
    return AdValorem(Decimal(number), on)


# Each as the schedule of 2025 or 2026 prints it, with its line.
PRINTED = {
    "6.8%": ("ad valorem", (percent("6.8"),)),  # 0101.30.00.00
    "1¢/kg": ("specific", (cents("1", "kg"),)),  # 0102.29.40
    "$1.646/kg": ("specific", (Specific(Decimal("1.646"), "dollars", "kg"),)),  # 0401.50.75.00
    "0.9¢ each": ("specific", (cents("0.9", "each"),)),  # 0105.11.00
    "2.8¢/doz.": ("specific", (cents("2.8", "doz."),)),  # 0407.11.00.00
    "89.6¢/1000": ("specific", (cents("89.6", "1000"),)),  # 0601.10.15.00
    "18.9¢/pf.liter": ("specific", (cents("18.9", "pf. liter"),)),  # 2207.10.30.00
    "4.5¢/ liter": ("specific", (cents("4.5", "liter"),)),  # 2009.21.20.00
    "3.7¢/kg on drained weight": ("specific", (cents("3.7", "kg", "drained weight"),)),  # 0711.20.18.00
    "46.3¢/kg + 14.9%": ("compound", (cents("46.3", "kg"), percent("14.9"))),  # 0402.99.90.00
    "40¢/kg +10.4%": ("compound", (cents("40", "kg"), percent("10.4"))),  # 1704.90.58.00
    "0.3¢/line/ gross + 4.6%": ("compound", (cents("0.3", "line/gross"), percent("4.6"))),  # 9606.21.40.00
    "10¢/1,000 pins + 3.5%": ("compound", (cents("10", "1000 pins"), percent("3.5"))),  # 9209.92.40.00
    "13.5¢/kg + 6.3% + 1.9¢/article": (
        "compound",
        (cents("13.5", "kg"), percent("6.3"), cents("1.9", "article")),
    ),  # 6505.00.08.00
    "16.9¢/kg of total sugars + 5.1%": ("compound", (cents("16.9", "kg", "total sugars"), percent("5.1"))),  # 1702.20.28
    "2.5% on the value of the lead content": ("ad valorem", (percent("2.5", "the value of the lead content"),)),  # 7801.10.00.00
    "43¢ each + 2.8¢/jewel over 7 + 3.7% on the case": (  # 9105.19.30
        "compound",
        (cents("43", "each"), cents("2.8", "jewel", "over 7"), percent("3.7", "the case")),
    ),
    "4.7% on the value of the rifle + 20% on the value of the telescopic sight, if any": (  # 9301.90.30
        "compound",
        (percent("4.7", "the value of the rifle"), percent("20", "the value of the telescopic sight, if any")),
    ),
    "14.5¢/m<sup>2 </sup>+ 0.4%": ("compound", (cents("14.5", "m2"), percent("0.4"))),  # 7005.21.10
    "2.5% <u></u>": ("ad valorem", (percent("2.5"),)),  # 8708.22.00.00
}


@pytest.mark.parametrize("text", PRINTED)
def test_duty_is_read_as_it_is_printed(text: str) -> None:
    duty = parse_duty(text)
    assert (duty.kind, duty.terms) == PRINTED[text]
    assert duty.text == text
    assert duty.stands_alone


def test_free_is_zero_and_only_a_share_of_the_whole_value_is_a_percentage() -> None:
    assert parse_duty("Free").percent == 0
    assert parse_duty("6.8%").percent == Decimal("6.8")
    for text in ("1¢/kg", "46.3¢/kg + 14.9%", "2.5% on the value of the lead content", "See additional U.S. note 1", ""):
        assert parse_duty(text).percent is None


def test_cents_become_dollars_without_a_remainder() -> None:
    assert cents("1.4606", "kg").dollars == Decimal("0.014606")
    assert Specific(Decimal("1.646"), "dollars", "kg").dollars == Decimal("1.646")


def test_a_third_of_a_percent_stays_a_third() -> None:
    # 4202.29.20.00, other column.
    assert parse_duty("33 1/3%").percent == Fraction(100, 3)


def test_raw_sugar_slides_with_its_degrees_down_to_a_least_duty() -> None:
    # 1701.13.05.00, general; the other column of the same line leaves out a word and sets a blank before the cent sign.
    general = parse_duty(
        "1.4606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in proportion) "
        "but not less than 0.943854¢/kg"
    )
    assert general.kind == "sliding"
    assert general.terms == (Sliding(cents("1.4606", "kg"), cents("0.020668", "kg"), Decimal(100), cents("0.943854", "kg")),)
    (sugar,) = general.terms
    assert isinstance(sugar, Sliding)
    # At 75 degrees the slide meets the least duty: 1.4606 - 25 x 0.020668 = 0.9439.
    assert sugar.amount.amount - 25 * sugar.less.amount == Decimal("0.943900")
    other = "4.3817¢/kg less 0.0622005¢ /kg for each degree under 100 degrees (and fractions of a degree in proportion) "
    assert parse_duty(f"{other}but not less 2.831562¢ /kg").kind == "sliding"


ADDITIONS = {
    "The duty provided in the applicable subheading + 25%": ("25", ""),  # 9903.88.03
    "The duty provided in the applicable subheading plus 25%": ("25", ""),  # 9903.88.01
    "The duty provided inthe applicable subheading+ 25%": ("25", ""),  # 9903.89.55
    "The duty provided in the applicable subheading + 25%.": ("25", ""),  # 9903.81.87
    "The duty provided in the applicable subheading + 7.5%": ("7.5", ""),  # 9903.88.15
    "The duty provided in the applicable subheading + a duty of 25%": ("25", ""),  # 9903.82.20
    "The duty provided in the applicable subheading + a duty of 50% upon the value of the copper content": (  # 9903.78.01
        "50",
        "the value of the copper content",
    ),
    "The duty provided in the applicable subheading + a duty of 25% upon the value of the non-U.S. content": (  # 9903.94.03
        "25",
        "the value of the non-U.S. content",
    ),
}


@pytest.mark.parametrize("text", ADDITIONS)
def test_chapter_99_adds_to_the_good_s_own_duty(text: str) -> None:
    duty = parse_duty(text)
    assert (duty.kind, duty.base) == ("addition", "the applicable subheading")
    assert duty.terms == (percent(*ADDITIONS[text]),)
    assert not duty.stands_alone
    assert duty.percent is None


def test_chapter_99_tells_an_addition_of_nothing_from_a_column_it_leaves_alone() -> None:
    assert parse_duty("The duty provided in the applicable subheading").kind == "as provided"  # 9903.80.60
    assert parse_duty("The duty provided for in the applicable subheading").kind == "as provided"  # 9903.85.06
    for text in ("No change", "no change", "No change.", "No Change"):
        assert parse_duty(text).kind == "no change"


def test_an_addition_may_name_its_subheadings() -> None:
    duty = parse_duty("The duty provided in subheadings 8716.39.00, 8716.90.30 or 8716.90.50 + 100%")  # 9903.91.12
    assert (duty.kind, duty.base) == ("addition", "subheadings 8716.39.00, 8716.90.30 or 8716.90.50")
    assert duty.terms == (percent("100"),)


@pytest.mark.parametrize(
    ("text", "base"),
    [
        (  # 6103.22.00
            "The rate applicable to each garment in the ensemble if separately entered",
            "to each garment in the ensemble if separately entered",
        ),
        ("The rate applicable to the natural juice in heading 2009", "to the natural juice in heading 2009"),  # 2106.90.52.00
        (  # 8205.90.60.00
            "The rate of duty applicable to that article in the set subject to the highest rate of duty",
            "to that article in the set subject to the highest rate of duty",
        ),
        ("See 9823.07.01-9823.07.07", "9823.07.01-9823.07.07"),  # 0402.99.90.00, special
    ],
)
def test_the_rate_of_something_else_is_a_reference(text: str, base: str) -> None:
    duty = parse_duty(text)
    assert (duty.kind, duty.base, duty.terms) == ("reference", base, ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",  # 9913.95.01, other
        "See additional U.S. note 1",  # 5810.91.00
        "Free, under bond, as prescribed in U.S. note 2 to this subchapter",  # 9812.00.20.00
        "The duty rate provided in such subheading minus 0.5%",  # 9822.05.30
        "A duty upon the value of the repairs or alterations (see U.S. note 3 of this subchapter)",  # 9802.00.40
        (  # 9110.90.40.00
            "4.3% + 1.7¢/jewel + 0.2¢ for each other piece or part, but if consisting in part of a plate or a set of plates "
            "the total duty shall not exceed the duty for the complete movement"
        ),
        "25",
        "25% + something",
        "1¢/furlong",
        "-5%",
        "1.2.3%",
        "33 1/0%",
        "5% 3%",
    ],
)
def test_what_is_not_regular_stays_unknown_and_keeps_its_text(text: str) -> None:
    duty = parse_duty(text)
    assert (duty.kind, duty.text, duty.terms) == ("unknown", text, ())
    assert not duty.stands_alone


def test_special_column_gives_each_duty_to_its_programs() -> None:
    # 0402.99.90.00
    text = (
        "Free (BH,CL,JO,KR,MA,OM,P,PA,PE,SG) See 9822.04.25 (AU) See 9823.07.01-9823.07.07 (S+) See 9918.04.60, 9918.04.62 (CO)"
    )
    free, australia, usmca, colombia = parse_special(text)
    assert free.programs == ("BH", "CL", "JO", "KR", "MA", "OM", "P", "PA", "PE", "SG")
    assert free.duty.kind == "free"
    assert (australia.programs, australia.duty.base) == (("AU",), "9822.04.25")
    assert (usmca.programs, usmca.duty.base) == (("S+",), "9823.07.01-9823.07.07")
    assert (colombia.programs, colombia.duty.base) == (("CO",), "9918.04.60, 9918.04.62")


def test_special_column_is_read_as_unevenly_as_it_is_set() -> None:
    # 6116.93.64.00, 0807.19.70, 9801.00.70.00: blanks within, or none between.
    assert [p.programs for p in parse_special("Free (AU,BH, CL,CO,IL,JO, KR,MA,OM, P,PA,PE,S,SG) 31¢/kg + 5.4% (E)")][1] == ("E",)
    free, japan = parse_special("Free (A,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG)2.7% (JP)")
    assert (japan.programs, japan.duty.percent) == (("JP",), Decimal("2.7"))
    assert "JP" not in free.programs
    assert parse_special("") == ()


def test_a_misprinted_list_of_programs_is_no_free_entry() -> None:
    # 2025 and 2026: "E IL" without its comma.
    (misprinted,) = parse_special("Free (A*,AU,BH,CL,CO,D,E IL,JO,KR,MA,OM,P,PA,PE,S,SG)")
    assert (misprinted.programs, misprinted.duty.kind) == ((), "unknown")


def test_markup_and_broken_words_are_mended() -> None:
    assert cleaned("<il>86.1¢/m<sup>2</sup></il> of  recording\nsurface") == "86.1¢/m2 of recording surface"
    assert parse_duty("$2.50/thou- sand + 40%").terms == (Specific(Decimal("2.50"), "dollars", "thousand"), percent("40"))
    # 9102.11.10 is described with a hyphen that belongs there.
    assert cleaned("With gold- or silver-plated case") == "With gold- or silver-plated case"
