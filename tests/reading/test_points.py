from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tariffs.errors import RecordError
from tariffs.reading.points import Point, read_points

if TYPE_CHECKING:
    from pathlib import Path

D5, D9 = date(2025, 4, 5), date(2025, 4, 9)


def read(text: str, folder: Path) -> list[Point]:
    path = folder / "theirs.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read_points(path)


def refusals(text: str, folder: Path) -> list[str]:
    with pytest.raises(RecordError) as caught:
        read(text, folder)
    return [str(problem) for problem in caught.value.problems]


def test_days_and_values_are_read_with_their_lines(tmp_path: Path) -> None:
    assert read("date,value\n2025-04-05,30\n2025-04-09,104.5\n", tmp_path) == [
        Point(2, D5, Decimal(30)),
        Point(3, D9, Decimal("104.5")),
    ]


def test_rows_come_in_the_order_of_days_whatever_their_order_in_the_file(tmp_path: Path) -> None:
    assert [(point.line, point.day) for point in read("date,value\n2025-04-09,104\n2025-04-05,30\n", tmp_path)] == [
        (3, D5),
        (2, D9),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "when,what\n2025-04-05,30\n",
        "Date,Value\n2025-04-05,30\n",
        "observation_date,TARIFF\n2025-04-05,30\n",
        "date,direction,series,rate,acts\n2025-04-05,us_on_cn,x,30,EO 14257\n",
        '"rate","note","date"\n"30","a, b","2025-04-05"\n',
        "value,x,observation_date\n30,,2025-04-05\n",
        "date,value\r\n2025-04-05,30\r\n",
        "\ufeffdate,value\n2025-04-05,30\n",
        " date , value \n 2025-04-05 , 30 \n",
        "date,value\n2025-04-05T00:00:00,30.0\n",
        "date,value\n2025-04-05 00:00:00.000,30\n",
        "date,value\n2025-04-05 00:00,3e1\n",
        "date,value\n2025-04-05,30.\n",
    ],
)
def test_a_file_is_read_as_the_usual_programs_write_it(text: str, tmp_path: Path) -> None:
    assert [(point.day, point.value) for point in read(text, tmp_path)] == [(D5, Decimal(30))]


def test_a_value_without_its_leading_zero_is_a_value(tmp_path: Path) -> None:
    # Stata writes .5 for 0.5, as it writes . for a missing value.
    assert [point.value for point in read("date,value\n2025-04-05,.5\n2025-04-09,-.25\n", tmp_path)] == [
        Decimal("0.5"),
        Decimal("-0.25"),
    ]


def test_remarks_and_blank_lines_are_skipped_and_lines_still_counted(tmp_path: Path) -> None:
    text = "# unit: percent\n\n# a remark\ndate,value\n\n2025-04-05,30\n# 2025-04-06,1\n,\n2025-04-09,104\n"
    assert [(point.line, point.day) for point in read(text, tmp_path)] == [(6, D5), (9, D9)]


@pytest.mark.parametrize("missing", ["", ".", "NA", "NaN", "nan"])
def test_a_missing_value_is_skipped(missing: str, tmp_path: Path) -> None:
    assert [point.day for point in read(f"date,value\n2025-04-05,{missing}\n2025-04-09,104\n", tmp_path)] == [D9]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("4/5/2025,30", "date: found '4/5/2025', expected a date as YYYY-MM-DD"),
        ("2025-04,30", "date: found '2025-04', expected a date as YYYY-MM-DD"),
        ("15.04.2025,30", "date: found '15.04.2025', expected a date as YYYY-MM-DD; did you mean 2025-04-15?"),
        ("4/15/2025,30", "date: found '4/15/2025', expected a date as YYYY-MM-DD"),
        ("15/04/2025,30", "date: found '15/04/2025', expected a date as YYYY-MM-DD; did you mean 2025-04-15?"),
        ("2025/04/15,30", "date: found '2025/04/15', expected a date as YYYY-MM-DD; did you mean 2025-04-15?"),
        ("2025-4-5,30", "date: found '2025-4-5', expected a date as YYYY-MM-DD; did you mean 2025-04-05?"),
        ("2025-02-30,30", "date: found '2025-02-30', which is not a day of the calendar"),
        ("2025-04-05T16:00,30", "date: found '2025-04-05T16:00', expected a date as YYYY-MM-DD"),
        (",30", "date: found '', expected a date as YYYY-MM-DD"),
        ("45752,30", "date: found '45752', expected a date as YYYY-MM-DD"),
        ("2025-04-15,30%", "value: found '30%', expected a number; leave the sign out"),
        ("2025-04-15,thirty", "value: found 'thirty', expected a number"),
        ('2025-04-15,"30,5"', "value: found '30,5', expected a number"),
        ("2025-04-15,inf", "value: found 'inf', expected a number"),
        ("2025-04-15,n/a", "value: found 'n/a', expected a number"),
        ("2025-04-05,31", "date: 2025-04-05 stands twice; first on line 2"),
        ('2025-04-15,"30', "not CSV: unexpected end of data"),
    ],
)
def test_a_row_is_refused_at_its_line_and_field(row: str, problem: str, tmp_path: Path) -> None:
    assert refusals(f"date,value\n2025-04-05,30\n{row}\n", tmp_path) == [f"theirs.csv:3: {problem}"]


def test_a_row_that_ends_before_its_value_is_refused(tmp_path: Path) -> None:
    assert refusals("date,note,value\n2025-04-05,,30\n2025-04-15,x\n", tmp_path) == [
        "theirs.csv:3: found 2 cells, expected 3 at least"
    ]


@pytest.mark.parametrize("day", ["4/5/2025", "2025-04", "4/15/2025"])
def test_a_date_that_may_be_two_days_is_not_guessed(day: str, tmp_path: Path) -> None:
    assert "did you mean" not in refusals(f"date,value\n{day},30\n", tmp_path)[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("date;value\n2025-04-05;30\n", "1: found the columns date;value; expected two, date and value, set apart by a comma"),
        ("day,tariff,source\n2025-04-05,30,x\n", "1: found the columns day, tariff, source; expected two, date and value"),
        ("date,tariff,source\n2025-04-05,30,x\n", "1: found the columns date, tariff, source; expected two, date and value"),
        ("# a remark\ndate\n2025-04-05\n", "2: found the columns date; expected two, date and value"),
        ("2025-04-05,30\n2025-04-09,104\n", "1: found values, expected a header such as date,value"),
        ("date,value\n", " no values"),
        ("date,value\n2025-04-05,.\n", " no values"),
    ],
)
def test_a_file_without_the_two_columns_or_without_values_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    (found,) = refusals(text, tmp_path)
    assert found.startswith(f"theirs.csv:{problem}")


@pytest.mark.parametrize("text", ["", "\n\n  \n"])
def test_an_empty_file_is_refused(text: str, tmp_path: Path) -> None:
    assert refusals(text, tmp_path) == ["theirs.csv: the file is empty"]


def test_a_file_of_remarks_alone_is_refused(tmp_path: Path) -> None:
    assert len(refusals("# unit: percent\n# more\n", tmp_path)) == 1


def test_every_row_that_is_wrong_is_reported(tmp_path: Path) -> None:
    text = "date,value\n4/5/2025,30\n2025-04-05,30%\n2025-04-09,104\n2025-04-09,105\n"
    assert [problem.split(": ")[:2] for problem in refusals(text, tmp_path)] == [
        ["theirs.csv:2", "date"],
        ["theirs.csv:3", "value"],
        ["theirs.csv:5", "date"],
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"^nowhere.csv: cannot be read: No such file or directory$"):
        read_points(tmp_path / "nowhere.csv")
