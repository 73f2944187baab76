from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tariffs.model import Source
from tariffs.reading.duties import read_duty, read_extension
from tariffs.reading.table import COLUMNS, parse_table
from tariffs.reading.tree import Mapping, Node, Reader, Sequence, Text

HEADER = "duty,title,importer,origin,authority,family,scope,covers,effective,stated,enacted,rate,act,grade,source,url"
ROW = 'eu-duty,An EU duty,EU,US CN,RETALIATION,other,list,"whiskey, jeans",2025-03-01,2025-02-01,2025-02-01,25%,An act,B,OJ L 1,https://example.org'


def table(*lines: str) -> tuple[list[tuple[str, Mapping]], list[str]]:
    reader = Reader("a.csv")
    documents = parse_table("\n".join(lines) + "\n", reader)
    return documents, [str(problem) for problem in reader.problems]


def refusals(*lines: str) -> list[str]:
    return table(*lines)[1]


def bare(node: Node) -> object:
    if isinstance(node, Mapping):
        return {name: bare(item) for name, item in node.items.items()}
    if isinstance(node, Sequence):
        return [bare(item) for item in node.items]
    assert isinstance(node, Text)
    return node.value


def test_a_row_is_a_duty_with_one_event() -> None:
    reader = Reader("a.csv")
    ((name, document),) = parse_table(f"{HEADER}\n{ROW}\n", reader)
    duty = read_duty(document, reader, name, ("other",))
    assert reader.problems == []
    (event,) = duty.events
    assert (duty.id, duty.importer, duty.origins, duty.covers) == ("eu-duty", "EU", ("US", "CN"), "whiskey, jeans")
    assert (event.id, event.effective, event.rate) == ("eu-duty/2025-03-01/25", date(2025, 3, 1), Decimal(25))
    assert event.sources == (Source("OJ L 1", "https://example.org"),)
    assert (event.file, event.line) == ("a.csv", 2)


def test_rows_of_one_duty_come_together_in_order_of_first_appearance() -> None:
    documents, problems = table(
        "duty,effective,stated", "b,2025-01-01,2025-01-01", "a,2025-02-01,2025-01-01", "b,2025-03-01,2025-01-01"
    )
    assert problems == []
    assert [(name, bare(document)) for name, document in documents] == [
        (
            "b",
            {
                "duty": "b",
                "events": [
                    {"effective": "2025-01-01", "stated": "2025-01-01"},
                    {"effective": "2025-03-01", "stated": "2025-01-01"},
                ],
            },
        ),
        ("a", {"duty": "a", "events": [{"effective": "2025-02-01", "stated": "2025-01-01"}]}),
    ]


def test_fields_of_the_duty_come_from_the_first_row_that_has_them() -> None:
    ((_, document),), problems = table(
        "duty,title,covers,effective,stated", "a,A duty,,2025-01-01,2025-01-01", "a,,some goods,2025-02-01,2025-01-01"
    )
    assert problems == []
    assert (bare(document.items["title"]), bare(document.items["covers"])) == ("A duty", "some goods")


def test_rows_that_say_two_things_of_one_duty_are_refused() -> None:
    # The program drops what the second row says: 30% for the EU becomes 30% for the US without a word.
    assert refusals("duty,importer,effective,stated", "a,US,2025-01-01,2025-01-01", "a,EU,2025-02-01,2025-01-01") != []


def test_an_empty_cell_is_a_field_left_out() -> None:
    ((_, document),), _ = table("duty,effective,stated,note", "a,2025-01-01,2025-01-01,  ")
    assert bare(document) == {"duty": "a", "events": [{"effective": "2025-01-01", "stated": "2025-01-01"}]}


def test_the_order_of_columns_and_blanks_around_cells_do_not_matter() -> None:
    ordered, _ = table("duty,effective,stated", "a,2025-01-01,2025-01-02")
    shuffled, problems = table(" stated , duty,effective ", " 2025-01-02,a , 2025-01-01")
    assert problems == []
    assert [(name, bare(document)) for name, document in shuffled] == [(name, bare(document)) for name, document in ordered]


def test_blank_rows_are_passed_over_and_lines_still_counted() -> None:
    documents, problems = table("duty,effective,stated", "", ",,", "a,2025-01-01,2025-01-01")
    assert problems == []
    assert [document.line for _, document in documents] == [4]


def test_windows_line_ends_are_read() -> None:
    reader = Reader("a.csv")
    documents = parse_table("duty,effective,stated\r\na,2025-01-01,2025-01-01\r\n", reader)
    assert reader.problems == []
    assert [(name, document.line) for name, document in documents] == [("a", 2)]


def test_cells_stay_text() -> None:
    ((_, document),), _ = table("duty,effective,stated,provision,importer", "a,2025-01-01,2025-01-01,0101.20,NO")
    assert bare(document.items["importer"]) == "NO"
    events = bare(document.items["events"])
    assert events == [{"effective": "2025-01-01", "stated": "2025-01-01", "provision": "0101.20"}]


def test_several_origins_and_exceptions_are_separated_by_blanks() -> None:
    ((_, document),), _ = table("duty,origin,except,effective,stated", "a,ALL,CA  MX,2025-01-01,2025-01-01")
    assert (bare(document.items["origin"]), bare(document.items["except"])) == (["ALL"], ["CA", "MX"])


def test_a_source_without_an_address_is_a_source() -> None:
    ((_, document),), _ = table("duty,effective,stated,source", "a,2025-01-01,2025-01-01,OJ L 1")
    assert bare(document)["events"][0]["sources"] == [{"title": "OJ L 1"}]  # type: ignore[index]


def test_an_address_without_a_source_is_refused() -> None:
    reader = Reader("a.csv")
    ((name, document),) = parse_table(
        "duty,effective,stated,enacted,rate,act,grade,url\na,2025-01-01,2025-01-01,2025-01-01,1%,b,C,https://example.org\n",
        reader,
    )
    read_extension(document, reader, name)
    assert [(problem.line, problem.field) for problem in reader.problems] == [(2, "sources")]


@pytest.mark.parametrize("name", ["coverage", "in_transit", "void", "events", "sources"])
def test_what_does_not_fit_into_a_cell_is_no_column(name: str) -> None:
    assert name not in COLUMNS
    problems = refusals(f"duty,effective,stated,{name}", "a,2025-01-01,2025-01-01,x")
    assert [problem for problem in problems if problem.startswith(f"a.csv:1: {name}: unknown column")]


@pytest.mark.parametrize(
    ("header", "problems"),
    [
        ("duty,effective,stated,Rate", ["a.csv:1: Rate: unknown column; did you mean 'rate'?"]),
        ("duty,effective,stated,rate,rate", ["a.csv:1: rate: stands twice in the header"]),
        ("effective,stated", ["a.csv:1: duty: is missing from the header"]),
        ("duty", ["a.csv:1: effective: is missing from the header", "a.csv:1: stated: is missing from the header"]),
        (
            "dutty,effective,stated",
            ["a.csv:1: dutty: unknown column; did you mean 'duty'?", "a.csv:1: duty: is missing from the header"],
        ),
    ],
)
def test_a_header_is_refused_with_all_that_is_wrong_with_it(header: str, problems: list[str]) -> None:
    assert refusals(header, ",".join("x" for _ in header.split(","))) == problems


def test_a_header_in_semicolons_is_refused_by_its_text() -> None:
    problems = refusals("duty;effective;stated", "a;2025-01-01;2025-01-01")
    assert problems == ["a.csv:1: the columns are set apart by ';'; expected commas"]


@pytest.mark.parametrize("rows", [[], [""], [",,", "  ,,"]])
def test_a_header_alone_is_refused(rows: list[str]) -> None:
    assert refusals("duty,effective,stated", *rows) == ["a.csv:1: a header and no rows"]


def test_every_ragged_row_is_reported_and_the_others_are_read() -> None:
    documents, problems = table("duty,effective,stated", "a,2025-01-01", "b,2025-01-01,2025-01-01", "c,2025-01-01,2025-01-01,x")
    assert [name for name, _ in documents] == ["b"]
    assert problems == [
        "a.csv:2: found 2 cells, expected 3 as in the header",
        "a.csv:4: found 4 cells, expected 3 as in the header",
    ]


def test_a_row_without_a_duty_is_reported() -> None:
    assert refusals("duty,effective,stated", ",2025-01-01,2025-01-01") == ["a.csv:2: duty: is missing"]


@pytest.mark.parametrize(
    "row", ['"a,2025-01-01,2025-01-01', '"a"b,2025-01-01,2025-01-01', "a" * 140_000 + ",2025-01-01,2025-01-01"]
)
def test_what_is_not_csv_is_refused_at_its_line(row: str) -> None:
    (problem,) = refusals("duty,effective,stated", row)
    assert problem.startswith("a.csv:2: not CSV: ")
