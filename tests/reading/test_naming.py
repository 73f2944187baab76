from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.naming import Listed, Naming
from tariffs.reading.duties import contradictions, read_duty
from tariffs.reading.naming import parse_stem
from tariffs.reading.tree import Mapping, Reader, parse

DUTY = """\
title: A duty
importer: US
origin: CN
authority: S301
family: other
scope: list
covers: some goods
products:
{products}
events:
- effective: 2025-03-01
  stated: 2025-02-01
  enacted: 2025-02-01
  rate: 25%
  act: An act
  grade: B
  sources: [{{title: A source}}]
- effective: 2025-06-01
  stated: 2025-05-01
  enacted: 2025-05-01
  coverage: {{out: [aircraft, gifts]}}
  summary: They leave.
  act: An act
  grade: B
  sources: [{{title: A source}}]
"""
FIRST_LINE = 9


def read(products: str) -> tuple[tuple[Naming, ...], list[str]]:
    reader = Reader("duty.yaml")
    root = parse(DUTY.format(products=products), reader)
    assert isinstance(root, Mapping)
    duty = read_duty(root, reader, "duty", ("other",))
    return duty.namings, [str(problem) for problem in (*reader.problems, *contradictions(duty))]


def one(products: str) -> Naming:
    (naming,), problems = read(products)
    assert problems == []
    return naming


def refusals(products: str) -> list[str]:
    _, problems = read(products)
    return problems


def test_a_duty_without_the_block_names_nothing() -> None:
    reader = Reader("duty.yaml")
    root = parse(DUTY.replace("products:\n{products}\n", "").format(), reader)
    assert isinstance(root, Mapping)
    assert read_duty(root, reader, "duty", ("other",)).namings == ()
    assert reader.problems == []


def test_footnotes_are_named_by_the_headings_that_they_cite() -> None:
    naming = one(
        "- cites: [9903.88.03, 9903.88.04]\n"
        "  by: U.S. note 20(e)\n"
        "  against:\n"
        "  - {list: lists/s301.csv, column: hts8, where: {ch99: [9903.88.03, 9903.88.04]}}"
    )
    assert naming == Naming(
        "U.S. note 20(e)",
        cites=("9903.88.03", "9903.88.04"),
        against=(Listed("lists/s301.csv", "hts8", (("ch99", ("9903.88.03", "9903.88.04")),)),),
    )
    assert (naming.file, naming.line) == ("duty.yaml", FIRST_LINE)


def test_a_list_has_a_column_and_the_texts_that_others_may_hold() -> None:
    naming = one(
        '- list: lists/annex.csv\n  column: code\n  where: {metal: steel, annex: [1a, ""], since: 2025-08-18}\n'
        "  change: aircraft\n  metal: steel\n  by: 90 FR 40326"
    )
    assert naming.listed == Listed(
        "lists/annex.csv", "code", (("metal", ("steel",)), ("annex", ("1a", "")), ("since", ("2025-08-18",)))
    )
    assert (naming.changes, naming.metal) == (("aircraft",), "steel")


def test_a_text_file_has_no_column() -> None:
    assert one("- list: lists/parts.txt\n  by: note 33").listed == Listed("lists/parts.txt")


def test_codes_may_be_of_any_length_and_keep_their_zeros() -> None:
    naming = one(
        '- lines: ["09", "0901", "0901.11", "0901.11.00", "0901.11.00.25"]\n  but_not: ["0901.21"]\n  by: a\n  full_value: true'
    )
    assert naming.codes == ("09", "0901", "0901.11", "0901.11.00", "0901.11.00.25")
    assert (naming.but_not, naming.full_value) == (("0901.21",), True)


def test_one_text_stands_for_a_list_of_one() -> None:
    naming = one('- lines: "0901"\n  change: gifts\n  only_if: it is a gift\n  by: a')
    assert (naming.codes, naming.changes, naming.only_if) == (("0901",), ("gifts",), "it is a gift")


def test_what_no_line_shows_says_why() -> None:
    assert one("- change: [gifts, aircraft]\n  unseen: depends on who sends it\n  by: a") == Naming(
        "a", unseen="depends on who sends it", changes=("gifts", "aircraft")
    )


def test_references_keep_their_order_and_their_lines() -> None:
    namings, problems = read('- lines: ["0901"]\n  by: a\n- cites: 9903.88.03\n  by: b')
    assert problems == []
    assert [(naming.by, naming.line) for naming in namings] == [("a", FIRST_LINE), ("b", FIRST_LINE + 2)]


@pytest.mark.parametrize(
    ("products", "problem"),
    [
        ("- by: a", "duty.yaml:9: products: found none, expected one of cites, list, lines, unseen"),
        (
            '- cites: 9903.88.03\n  lines: ["0901"]\n  by: a',
            "duty.yaml:9: cites: found cites and lines, expected one of cites, list, lines, unseen",
        ),
        ('- lines: ["0901"]', "duty.yaml:9: by: is missing"),
        ('- lines: ["0901"]\n  by: ""', "duty.yaml:10: by: is empty"),
        ("- lines: []\n  by: a", "duty.yaml:9: lines: is empty"),
        ('- lines: ["901"]\n  by: a', "duty.yaml:9: lines: found '901', expected a chapter or a code such as 72"),
        ('- lines: ["09011100"]\n  by: a', "duty.yaml:9: lines: found '09011100', expected a chapter or a code"),
        ('- lines: ["0901"]\n  but_not: ["901.21"]\n  by: a', "duty.yaml:10: but_not: found '901.21', expected a chapter"),
        ("- cites: 8501.10.40\n  by: a", "duty.yaml:9: cites: found '8501.10.40', expected a heading of chapter 99"),
        ("- cites: 9903.88\n  by: a", "duty.yaml:9: cites: found '9903.88', expected a heading of chapter 99"),
        ('- lines: ["0901"]\n  metal: iron\n  by: a', "duty.yaml:10: metal: unknown metal 'iron'"),
        (
            '- lines: ["0901"]\n  metal: aluminum\n  by: a',
            "duty.yaml:10: metal: unknown metal 'aluminum'; did you mean 'alu",
        ),
        ('- lines: ["0901"]\n  full_value: yes\n  by: a', "duty.yaml:10: full_value: found 'yes', expected true or false"),
        (
            '- lines: ["0901"]\n  metal: steel\n  full_value: true\n  by: a',
            "duty.yaml:11: full_value: goes without metal: the duty is charged on the full value or on the content",
        ),
        ('- lines: ["0901"]\n  only_if: ""\n  by: a', "duty.yaml:10: only_if: is empty"),
        ('- lines: ["0901"]\n  chnage: gifts\n  by: a', "duty.yaml:10: chnage: unknown field; did you mean 'change'"),
        ('- lines: ["0901"]\n  change: Gifts!\n  by: a', "duty.yaml:10: change: "),
        (
            "- list: /etc/lines.csv\n  by: a",
            "duty.yaml:9: list: found '/etc/lines.csv', expected a path below the folder of lists",
        ),
        ("- list: lists/../../lines.csv\n  by: a", "duty.yaml:9: list: found 'lists/../../lines.csv', expected a path below"),
        ('- list: "lists\\\\lines.csv"\n  by: a', "duty.yaml:9: list: found "),
        ('- list: "c:lines.csv"\n  by: a', "duty.yaml:9: list: found 'c:lines.csv', expected a path below"),
        ("- list: a.csv\n  where: steel\n  by: a", "duty.yaml:10: where: expected columns with the texts that each may hold"),
        ("- list: a.csv\n  where: {a: {b: c}}\n  by: a", "duty.yaml:10: where.a: expected a text or a list of texts"),
        ("- unseen: why\n  metal: steel\n  by: a", "duty.yaml:10: metal: says nothing of lines that no schedule shows"),
        ("- unseen: why\n  but_not: ['0901']\n  by: a", "duty.yaml:10: but_not: says nothing of lines that no schedule shows"),
        ("- unseen: ''\n  by: a", "duty.yaml:9: unseen: is empty"),
        ("- 0901", "duty.yaml:9: products: expected fields: cites, list"),
        (
            '- lines: ["0901"]\n  change: aircrafts\n  by: a',
            "duty.yaml:9: change: no change of coverage of duty moves aircrafts; did you mean 'aircraft'",
        ),
    ],
)
def test_what_a_reference_may_not_say_is_refused_with_its_line(products: str, problem: str) -> None:
    assert any(found.startswith(problem) for found in refusals(products)), refusals(products)


@given(st.lists(st.sampled_from("0123456789"), min_size=2, max_size=10).map("".join).filter(lambda text: len(text) % 2 == 0))
def test_every_code_in_the_schedule_s_form_is_read_as_it_stands(digits: str) -> None:
    form = digits if len(digits) <= 4 else ".".join([digits[:4], *(digits[at : at + 2] for at in range(4, len(digits), 2))])
    assert parse_stem(form) == form
