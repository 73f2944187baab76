from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tariffs.model import Bearing, Good, Source
from tariffs.reading.goods import read_good
from tariffs.reading.tree import Mapping, Reader, parse
from tariffs.vocabulary import Direction

PHONE = """\
title: Smartphone
about: >-
  a smartphone
  made in China
direction: us_on_cn
lines: "8517.13.00"
mfn:
- {rate: 0%}
- {from: 2020-01-01, rate: 2.5%}
- {from: us-mfn/2021-01-01/phones, rate: 1%}
duties:
- {duty: s301-list-4b}
- {duty: ieepa-reciprocal, out: [ieepa-reciprocal/2025-04-05/electronics-2025-04-11]}
grade: A
sources:
- {title: The schedule, url: "https://example.org/hts"}
- {title: Another}
note: The largest single good.
"""
LEAVES, RETURNS, LATER = "a/2019-01-01/out-they-go", "a/2019-04-01/in-they-come", "a/2019-12-15/once-more"


def read(text: str) -> tuple[Good, list[str]]:
    reader = Reader("goods/phone.yaml")
    root = parse(text, reader)
    assert isinstance(root, Mapping)
    good = read_good(root, reader, "phone")
    return good, [str(problem) for problem in reader.problems]


def bearing(duties: str) -> Bearing:
    good, problems = read(PHONE[: PHONE.index("duties:")] + f"duties:\n- {{duty: a{duties}}}\n" + PHONE[PHONE.index("grade:") :])
    assert problems == []
    return good.bears[0]


def test_every_field_of_a_good_reaches_the_model() -> None:
    good, problems = read(PHONE)
    assert problems == []
    assert good == Good(
        id="phone",
        title="Smartphone",
        about="a smartphone made in China",
        directions=(Direction("US", "CN"),),
        lines="8517.13.00",
        mfn=(("", Decimal(0)), (date(2020, 1, 1), Decimal("2.5")), ("us-mfn/2021-01-01/phones", Decimal(1))),
        bears=(
            Bearing("s301-list-4b", at_first=True),
            Bearing("ieepa-reciprocal", at_first=True, leaving=("ieepa-reciprocal/2025-04-05/electronics-2025-04-11",)),
        ),
        grade="A",
        sources=(Source("The schedule", "https://example.org/hts"), Source("Another")),
        note="The largest single good.",
    )
    assert (good.file, good.line) == ("goods/phone.yaml", 1)


def test_lines_mfn_duties_and_note_may_be_left_out() -> None:
    good, problems = read("title: a\nabout: b\ndirection: [us_on_cn, cn_on_us]\ngrade: B\nsources: [{title: c}]\n")
    assert problems == []
    assert (good.lines, good.mfn, good.bears, good.note) == ("", (), (), "")
    assert good.directions == (Direction("US", "CN"), Direction("CN", "US"))


@pytest.mark.parametrize(
    ("turns", "at_first", "entering", "leaving"),
    [
        ("", True, (), ()),
        (f", out: [{LEAVES}]", True, (), (LEAVES,)),
        (f", in: [{RETURNS}]", False, (RETURNS,), ()),
        (f", in: {RETURNS}", False, (RETURNS,), ()),
        (f", in: [{RETURNS}], out: [{LEAVES}]", True, (RETURNS,), (LEAVES,)),
        (f", in: [{RETURNS}], out: [{LATER}]", False, (RETURNS,), (LATER,)),
        (f", in: [{LATER}, {RETURNS}], out: [{LEAVES}]", True, (LATER, RETURNS), (LEAVES,)),
        (", out: [start]", False, (), ()),
        (f", in: [{LATER}], out: [start, {LEAVES}]", False, (LATER,), (LEAVES,)),
    ],
)
def test_a_good_that_first_leaves_was_borne_until_then_unless_it_was_out_at_the_start(
    turns: str, at_first: bool, entering: tuple[str, ...], leaving: tuple[str, ...]
) -> None:
    assert bearing(turns) == Bearing("a", at_first, entering, leaving)


@pytest.mark.parametrize(
    ("there", "instead", "problem"),
    [
        ("title: Smartphone\n", "", "1: title: is missing"),
        ("title: Smartphone", "title:", "1: title: is empty"),
        ("about: >-\n  a smartphone\n  made in China\n", "", "1: about: is missing"),
        ("direction: us_on_cn\n", "", "1: direction: is missing"),
        ("direction: us_on_cn", "direction: []", "5: direction: is empty"),
        ("direction: us_on_cn", "direction: us-on-cn", "5: direction: found 'us-on-cn', expected a direction such as us_on_cn"),
        ("direction: us_on_cn", "direction: us_on_row", "5: direction: found 'us_on_row', expected a direction such as us_on_cn"),
        ("lines:", "line:", "6: line: unknown field; did you mean 'lines'?"),
        ("mfn:\n- {rate: 0%}", "mfn: 0%\nx:\n- {rate: 0%}", "7: mfn: found one value, expected a list"),
        ("- {rate: 0%}", "- 0%", "8: mfn: expected fields: from, rate"),
        ("- {rate: 0%}", "- {rate: 0}", "8: rate: found '0', expected a level with its percent sign"),
        (
            "- {rate: 0%}",
            "- {rate: 5}",
            "8: rate: found '5', expected a level with its percent sign such as 34%, or unknown; did",
        ),
        (
            "- {rate: 0%}",
            "- {from: 2018-01-01, rate: 0%}",
            "8: from: the first MFN rate holds from the record's first day; leave",
        ),
        ("{from: 2020-01-01, rate: 2.5%}", "{rate: 2.5%}", "9: from: is missing"),
        ("{from: 2020-01-01, rate: 2.5%}", "{from: 2020-01-01}", "9: rate: is missing"),
        ("{from: 2020-01-01,", "{since: 2020-01-01,", "9: since: unknown field; one of: from, rate"),
        ("from: 2020-01-01", "from: 2020-02-30", "9: from: found '2020-02-30', which is not a day of the calendar"),
        ("from: 2020-01-01", "from: phones", "9: from: found 'phones', expected an event such as s301-list-1/2018-07-06/25"),
        ("- {duty: s301-list-4b}", "- s301-list-4b", "12: duties: expected fields: duty, in, out"),
        ("- {duty: s301-list-4b}", "- {in: [a/2018-01-01/b]}", "12: duty: is missing"),
        ("- {duty: s301-list-4b}", "- {duty: List 4B}", "12: duty: found 'List 4B', expected small letters, digits and hyphens"),
        ("- {duty: s301-list-4b}", "- {duty: ieepa-reciprocal}", "13: duty: ieepa-reciprocal stands twice"),
        (
            "{duty: s301-list-4b}",
            "{duty: s301-list-4b, in: [phones]}",
            "12: in: found 'phones', expected an event such as s301-l",
        ),
        ("{duty: s301-list-4b}", "{duty: s301-list-4b, in: [start]}", "12: in: found 'start', expected an event such as s301-l"),
        (
            "{duty: s301-list-4b}",
            "{duty: s301-list-4b, out: [starts]}",
            "12: out: found 'starts', expected an event such as s301",
        ),
        ("{duty: s301-list-4b}", "{duty: s301-list-4b, out: []}", "12: out: is empty"),
        ("{duty: s301-list-4b}", "{duty: s301-list-4b, exept: [x]}", "12: exept: unknown field; one of: duty, in, out"),
        ("grade: A\n", "", "1: grade: is missing"),
        ("grade: A", "grade: D", "14: grade: unknown grade 'D'; one of: A, B, C"),
        ("- {title: Another}", "- {url: https://example.org}", "17: title: is missing"),
        ("https://example.org/hts", "example.org/hts", "16: url: found 'example.org/hts', expected an address that begins with"),
        ("sources:", "source:", "1: sources: is missing"),
    ],
)
def test_a_good_is_refused_at_the_line_and_field_that_is_wrong(there: str, instead: str, problem: str) -> None:
    assert PHONE.count(there) == 1
    problems = read(PHONE.replace(there, instead))[1]
    assert [found for found in problems if found.startswith(f"goods/phone.yaml:{problem}")], problems


def test_empty_lists_of_duties_and_rates_are_refused() -> None:
    assert read("title: a\nabout: b\ndirection: us_on_cn\nmfn: []\nduties: []\ngrade: B\nsources: [{title: c}]\n")[1] == [
        "goods/phone.yaml:4: mfn: is empty",
        "goods/phone.yaml:5: duties: is empty",
    ]


def test_a_direction_named_twice_is_refused() -> None:
    # Laid side by side it would be one column twice, and the series of the good be refused instead.
    assert read(PHONE.replace("direction: us_on_cn", "direction: [us_on_cn, us_on_cn]"))[1] != []


def test_a_change_that_takes_a_good_both_in_and_out_is_refused() -> None:
    assert read(PHONE.replace("{duty: s301-list-4b}", f"{{duty: a, in: [{LEAVES}], out: [{LEAVES}]}}"))[1] != []


def test_several_things_wrong_with_a_good_are_reported_together() -> None:
    broken = (
        PHONE.replace("rate: 0%", "rate: free").replace("grade: A", "grade: Z").replace("direction: us_on_cn", "direction: x")
    )
    assert [problem.split(": ")[:2] for problem in read(broken)[1]] == [
        ["goods/phone.yaml:5", "direction"],
        ["goods/phone.yaml:8", "rate"],
        ["goods/phone.yaml:14", "grade"],
    ]


def test_the_example_of_the_format_page_is_read() -> None:
    page = (Path(__file__).parents[2] / "data" / "README.md").read_text(encoding="utf-8")
    *_, example = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    good, problems = read(example)
    assert problems == []
    assert [(bearing.duty, bearing.at_first) for bearing in good.bears] == [("s301-list-4b", True), ("ieepa-reciprocal", True)]
