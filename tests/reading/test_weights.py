from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tariffs.model import WeightRow, Weights
from tariffs.reading.tree import Mapping, Reader, parse
from tariffs.reading.weights import COLUMNS, read_origin, read_rows
from tariffs.vocabulary import Direction

ORIGIN = """\
title: Weights of an institute
label: the institute's
kind: calibrated
tables:
  us_on_cn:
    producer: A person, an institute
    title: A chart, data file
    edition: 2025-11-14
    url: https://www.example.org/chart
    accessed: 2026-11-22
    derived: >-
      Each step divided by
      the change of the level.
    last_day: 2025-12-31
  us_on_row:
    producer: Another person
    title: Another file
    edition: second
    accessed: 2026-11-21
    derived: As published.
    last_day: 2025-03-31
"""
EVENT = "s301-list-3/2018-09-24/10"


def origin(text: str) -> tuple[list[Weights], list[str]]:
    reader = Reader("origin.yaml")
    root = parse(text, reader)
    assert isinstance(root, Mapping)
    found = read_origin(root, reader, "an-institute")
    return found, [str(problem) for problem in reader.problems]


def table(*lines: str) -> tuple[tuple[WeightRow, ...], list[str]]:
    reader = Reader("us_on_cn.csv")
    rows = read_rows("\n".join([",".join(COLUMNS), *lines]) + "\n", reader)
    return rows, [str(problem) for problem in reader.problems]


def refusals(*lines: str) -> list[str]:
    return table(*lines)[1]


def test_every_field_of_an_origin_reaches_each_of_its_tables() -> None:
    (first, second), problems = origin(ORIGIN)
    assert problems == []
    assert first == Weights(
        basis="an-institute",
        direction=Direction("US", "CN"),
        title="Weights of an institute",
        label="the institute's",
        kind="calibrated",
        producer="A person, an institute",
        source="A chart, data file",
        edition="2025-11-14",
        url="https://www.example.org/chart",
        accessed=date(2026, 11, 22),
        derived="Each step divided by the change of the level.",
        last_day=date(2025, 12, 31),
        rows=(),
    )
    assert (second.direction, second.url, second.last_day) == (Direction("US", "ROW"), "", date(2025, 3, 31))
    assert (second.title, second.kind) == (first.title, first.kind)


@pytest.mark.parametrize(
    ("there", "instead", "problem"),
    [
        ("title: Weights of an institute\n", "", "1: title: is missing"),
        ("label: the institute's", "label:", "2: label: is empty"),
        ("kind: calibrated\n", "", "1: kind: is missing"),
        ("kind: calibrated", "kind: calibratd", "3: kind: unknown kind 'calibratd'; did you mean 'calibrated'?"),
        ("kind: calibrated", "kind: x", "3: kind: unknown kind 'x'; one of: calibrated, computed"),
        ("kind: calibrated", "lable: x\nkind: calibrated", "3: lable: unknown field; did you mean 'label'?"),
        ("    producer: A person, an institute\n", "", "6: producer: is missing"),
        ("    title: A chart, data file\n", "", "6: title: is missing"),
        ("    edition: 2025-11-14", "    edition: ''", "8: edition: is empty"),
        ("    edition: 2025-11-14", "    editon: 2025-11-14", "8: editon: unknown field; did you mean 'edition'?"),
        ("https://www.example.org/chart", "www.example.org", "9: url: found 'www.example.org', expected an address that begins"),
        ("2026-11-22", "22.11.2026", "10: accessed: found '22.11.2026', expected a date as YYYY-MM-DD"),
        ("    accessed: 2026-11-22\n", "", "6: accessed: is missing"),
        ("    derived: As published.\n", "", "16: derived: is missing"),
        ("2025-12-31", "2025-02-30", "14: last_day: found '2025-02-30', which is not a day of the calendar"),
        ("    last_day: 2025-03-31\n", "", "16: last_day: is missing"),
        ("  us_on_row:", "  us-on-row:", "15: us-on-row: found 'us-on-row', expected a direction such as us_on_cn, or us_on_row"),
        ("  us_on_row:", "  row_on_us:", "15: row_on_us: found 'row_on_us', expected a direction"),
        ("  us_on_row:", "  US_on_CN:", "15: US_on_CN: found 'US_on_CN', expected a direction"),
    ],
)
def test_an_origin_is_refused_at_the_line_and_field_that_is_wrong(there: str, instead: str, problem: str) -> None:
    assert ORIGIN.count(there) == 1 or there == "2025-12-31"
    problems = origin(ORIGIN.replace(there, instead))[1]
    assert [found for found in problems if found.startswith(f"origin.yaml:{problem}")]


def test_weights_may_have_a_first_day() -> None:
    begun = ORIGIN.replace("    last_day: 2025-12-31", "    first_day: 2025-01-01\n    last_day: 2025-12-31")
    (first, second), problems = origin(begun)
    assert problems == []
    assert (first.first_day, second.first_day) == (date(2025, 1, 1), date.min)


def test_weights_that_end_before_they_begin_are_refused() -> None:
    problems = origin(ORIGIN.replace("    last_day: 2025-12-31", "    first_day: 2026-01-01\n    last_day: 2025-12-31"))[1]
    assert problems == ["origin.yaml:14: first_day: found 2026-01-01, expected a day up to the last one, 2025-12-31"]


def test_an_origin_without_tables_is_refused() -> None:
    assert origin(ORIGIN[: ORIGIN.index("tables:")]) == ([], ["origin.yaml:1: tables: is missing"])


@pytest.mark.parametrize("tables", ["", " {}", " us_on_cn", " [us_on_cn]"])
def test_tables_that_are_no_tables_are_refused_with_what_is_expected(tables: str) -> None:
    found, problems = origin(ORIGIN[: ORIGIN.index("tables:")] + f"tables:{tables}\n")
    assert found == []
    assert len(problems) == 1
    assert problems[0].startswith("origin.yaml:4: tables: ")
    assert "us_on_cn" in problems[0].removeprefix("origin.yaml:4: tables: ")


def test_a_table_that_is_no_mapping_is_refused_with_the_fields_it_should_have() -> None:
    problems = origin(ORIGIN[: ORIGIN.index("tables:")] + "tables:\n  us_on_cn: of trade\n")[1]
    (problem,) = problems
    fields = "producer, title, edition, url, accessed, derived, caution, first_day, last_day"
    assert problem == f"origin.yaml:5: us_on_cn: expected fields: {fields}"


def test_several_things_wrong_with_an_origin_are_reported_together() -> None:
    broken = ORIGIN.replace("label: the institute's", "label:").replace("2026-11-21", "yesterday")
    assert [problem.rpartition(": found")[0] or problem for problem in origin(broken)[1]] == [
        "origin.yaml:2: label: is empty",
        "origin.yaml:19: accessed",
    ]


def test_rows_of_every_kind_are_read_as_they_stand() -> None:
    rows, problems = table(
        "mfn,us-mfn,,3.0915,constant",
        f"share,s301-list-3,{EVENT},36.5390,",
        "points,a b,a/2018-01-01/1 b/2018-01-01/2,-0.03,net of others",
        "covered,,2018-07-06,7.12,",
        "level,,2018-01-01,2.1684,",
        f"left_out,,one-slug {EVENT},,outside the definition",
    )
    assert problems == []
    assert rows == (
        WeightRow("mfn", ("us-mfn",), (), Decimal("3.0915"), "constant"),
        WeightRow("share", ("s301-list-3",), (EVENT,), Decimal("36.5390")),
        WeightRow("points", ("a", "b"), ("a/2018-01-01/1", "b/2018-01-01/2"), Decimal("-0.03"), "net of others"),
        WeightRow("covered", (), date(2018, 7, 6), Decimal("7.12")),
        WeightRow("level", (), date(2018, 1, 1), Decimal("2.1684")),
        WeightRow("left_out", (), ("one-slug", EVENT), None, "outside the definition"),
    )
    assert [row.line for row in rows] == [2, 3, 4, 5, 6, 7]


def test_a_row_may_name_a_day_and_the_events_that_must_be_known() -> None:
    ((row,), problems) = table(f"share,a,2025-06-04 {EVENT},5,")
    assert (row.day, row.since, problems) == (date(2025, 6, 4), (EVENT,), [])
    assert refusals(f"share,a,2025-06-31 {EVENT},5,") == [
        "us_on_cn.csv:2: from: found '2025-06-31', which is not a day of the calendar"
    ]


@pytest.mark.parametrize("percent", ["0", "100", "100.0", "65.63"])
def test_a_share_from_nothing_to_all_of_trade_is_read(percent: str) -> None:
    ((row,), problems) = table(f"share,a,,{percent},")
    assert (row.percent, problems) == (Decimal(percent), [])


@pytest.mark.parametrize("kind", ["mfn", "level"])
def test_an_average_over_a_hundred_is_no_share_and_is_read(kind: str) -> None:
    ((row,), problems) = table(f"{kind},{'a' if kind == 'mfn' else ''},2025-04-10,135.4,")
    assert (row.percent, problems) == (Decimal("135.4"), [])


def test_blanks_around_cells_do_not_matter() -> None:
    assert table(" share , a ,, 5 , why ")[0] == (WeightRow("share", ("a",), (), Decimal(5), "why"),)


def test_a_note_may_hold_commas_in_quotes() -> None:
    assert table('share,a,,5,"one, two"')[0][0].note == "one, two"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("shar,a,,5,", "kind: unknown kind 'shar'; did you mean 'share'?"),
        ("weight,a,,5,", "kind: unknown kind 'weight'"),
        (",a,,5,", "kind: unknown kind ''"),
        ("share,,,5,", "duties: is empty; share speaks of a duty"),
        ("mfn,,,5,", "duties: is empty; mfn speaks of a duty"),
        ("points,,a/2018-01-01/1,5,", "duties: is empty; points speaks of a duty"),
        ("share,a b,,5,", "duties: found 'a b', expected one duty for share"),
        ("mfn,a b,,5,", "duties: found 'a b', expected one duty for mfn"),
        ("covered,a,2018-01-01,5,", "duties: found 'a', expected none for covered"),
        ("level,a,2018-01-01,5,", "duties: found 'a', expected none for level"),
        ("share,a,,100.1,", "percent: found '100.1', expected a share of trade of at most 100"),
        ("covered,,2018-01-01,101,", "percent: found '101', expected a share of trade of at most 100"),
        ("share,a,,,", "percent: found '', expected a number of 0 or more, in percent without its sign"),
        ("share,a,,12%,", "percent: found '12%', expected a number of 0 or more, in percent without its sign"),
        ("share,a,,-1,", "percent: found '-1', expected a number of 0 or more"),
        ("level,,2018-01-01,-1,", "percent: found '-1', expected a number of 0 or more"),
        ("share,a,,1e1,", "percent: found '1e1', expected a number"),
        ("share,a,,nan,", "percent: found 'nan', expected a number"),
        ('share,a,,"12,5",', "percent: found '12,5', expected a number"),
        ("points,a,a/2018-01-01/1,+0.1,", "percent: found '+0.1', expected points such as 0.62 or -0.03"),
        ("points,a,a/2018-01-01/1,,", "percent: found '', expected points such as 0.62 or -0.03"),
        ("share,a,2025-02-30,5,", "from: found '2025-02-30', which is not a day of the calendar"),
        ("share,a,1.4.2025,5,", "from: found '1.4.2025', expected a date as YYYY-MM-DD or an event such as s301-list-1/"),
        ("share,a,vehicles-and-parts,5,", "from: found 'vehicles-and-parts', expected a date as YYYY-MM-DD or an event"),
        ("share,a,a/2018-01-01,5,", "from: found 'a/2018-01-01', expected a date as YYYY-MM-DD or an event"),
        ("points,a,,5,", "from: is empty; points hold from the events that brought them"),
        ("left_out,,,,why", "from: is empty; name slugs or events"),
        ("left_out,,Some Goods,,why", "from: found 'Some', expected small letters, digits and hyphens"),
        ("left_out,,a,5,why", "percent: found '5'; what is left out has no number"),
        ("left_out,,a,,", "note: is empty; say why it is left out"),
        ("share,a,,5", "found 4 cells, expected 5 as in the header"),
        ("share,a,,5,one, two", "found 6 cells, expected 5 as in the header"),
        ('share,"a,,5,', "not CSV: unexpected end of data"),
    ],
)
def test_a_row_is_refused_at_its_line_and_field(row: str, problem: str) -> None:
    rows, problems = table("mfn,us-mfn,,3.0915,", row)
    assert [row.kind for row in rows] == ["mfn"]
    assert len(problems) == 1
    assert problems[0].startswith(f"us_on_cn.csv:3: {problem}")


def test_what_is_left_out_has_no_day() -> None:
    # A day in place of slugs or events leaves nothing out, and nobody would notice.
    assert refusals("left_out,a,2025-04-04,,the publication books no step") != []


def test_everything_wrong_in_a_table_is_reported_with_its_line() -> None:
    rows, problems = table("share,a,,5,", "shar,a,,5,", "share,,soon,101,", "share,b,,5,", "left_out,,b,7,")
    assert [row.duties for row in rows] == [("a",), ("b",)]
    assert [problem.rpartition(".csv:")[2].split(": ")[:2] for problem in problems] == [
        ["3", "kind"],
        ["4", "duties"],
        ["4", "percent"],
        ["4", "from"],
        ["6", "percent"],
        ["6", "note"],
    ]


@pytest.mark.parametrize(
    "header",
    ["kind,duties,from,percent", "kind,duty,from,percent,note", "duties,kind,from,percent,note", "kind;duties;from;percent;note"],
)
def test_other_columns_are_refused_with_those_expected(header: str) -> None:
    reader = Reader("us_on_cn.csv")
    assert read_rows(f"{header}\nshare,a,,5,\n", reader) == ()
    (problem,) = reader.problems
    assert (problem.line, problem.field) == (1, "")
    assert problem.message.startswith(
        f"found the columns {header.replace(',', ', ')}; expected kind, duties, from, percent, note"
    )


def test_a_header_alone_is_refused() -> None:
    assert refusals() == ["us_on_cn.csv:1: a header and no rows"]


def test_blank_rows_are_passed_over_and_lines_still_counted() -> None:
    rows, problems = table("share,a,,5,", "", ",,,,", "share,b,,5,")
    assert problems == []
    assert [row.line for row in rows] == [2, 5]


def test_windows_line_ends_are_read() -> None:
    reader = Reader("us_on_cn.csv")
    rows = read_rows("kind,duties,from,percent,note\r\nshare,a,,5,\r\n", reader)
    assert reader.problems == []
    assert [(row.duties, row.note, row.line) for row in rows] == [(("a",), "", 2)]
