from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tariffs.errors import RecordError
from tariffs.products.history import History, Row, join, read_dates, rows_of
from tariffs.products.schedule import read_schedule
from tests.products.world import SMALL

if TYPE_CHECKING:
    from pathlib import Path

FIRST, SECOND, THIRD = date(2025, 1, 1), date(2025, 7, 1), date(2026, 2, 1)
DATES = {"2025_basic": FIRST, "2025_rev_16": SECOND, "2026_rev_2": THIRD}


def line(code: str, general: str = "3%", *cites: str) -> Row:
    return Row(code, f"What {code} is", general, "", cites)


def history(**revisions: list[Row]) -> History:
    return join(((name.removeprefix("y"), rows) for name, rows in revisions.items()), DATES)


def test_a_period_begins_wherever_a_line_comes_goes_or_changes_its_duty() -> None:
    came = history(y2025_basic=[line("a")], y2025_rev_16=[line("a"), line("b")])
    went = history(y2025_basic=[line("a"), line("b")], y2025_rev_16=[line("a")])
    changed = history(y2025_basic=[line("a")], y2025_rev_16=[line("a", "2%")])
    for found in (came, went, changed):
        assert [(period.start, period.revision) for period in found.periods] == [(FIRST, "2025_basic"), (SECOND, "2025_rev_16")]


def test_a_revision_that_changes_no_line_begins_no_period_and_its_footnotes_count_all_the_same() -> None:
    found = history(y2025_basic=[line("a", "3%", "9903.88.03")], y2025_rev_16=[line("a", "3%", "9903.91.01")])
    assert [period.revision for period in found.periods] == ["2025_basic"]
    assert found.dates == {"2025_basic": FIRST, "2025_rev_16": SECOND}
    assert found.cited["a"] == {"9903.88.03", "9903.91.01"}


def test_the_footnotes_of_a_line_that_is_gone_are_kept() -> None:
    found = history(y2025_basic=[line("a"), line("b", "3%", "9903.88.03")], y2025_rev_16=[line("a")])
    assert found.cited == {"a": set(), "b": {"9903.88.03"}}


def test_a_revision_without_a_date_is_remarked_with_what_of_it_is_not_used() -> None:
    silent = history(y2025_basic=[line("a")], y2025_rev_20=[line("a", "3%", "9903.88.69")], y2026_rev_2=[line("a")])
    assert [str(remark) for remark in silent.remarks] == [
        "2025_rev_20: has no date; it says of every line what the one before it says, and is left aside"
    ]
    assert silent.cited["a"] == {"9903.88.69"}
    assert "2025_rev_20" not in silent.dates
    new = history(y2025_basic=[line("a")], y2025_rev_20=[line("a"), line("b")], y2026_rev_2=[line("a")])
    assert [str(remark) for remark in new.remarks] == [
        "2025_rev_20: has no date; 1 of its lines say something else than the one before it, and are not used"
    ]
    assert [period.revision for period in new.periods] == ["2025_basic"]


def test_goods_are_entered_under_ten_digits_or_under_eight_without_a_suffix() -> None:
    rows = {row.code: row for row in rows_of(read_schedule(SMALL))}
    assert "7005.21.10" in rows  # no suffix stands under it
    assert "7606.11.30.30" in rows
    assert "7606.11.30" not in rows  # its suffixes stand for it
    assert "9802.00.91.00" in rows
    assert not any(code.startswith("99") for code in rows)


def test_a_row_has_the_line_s_duty_without_markup_and_the_citations_of_every_column() -> None:
    rows = {row.code: row for row in rows_of(read_schedule(SMALL))}
    assert rows["7005.21.10"].general == "14.5¢/m2 + 0.4%"
    assert rows["7005.21.10"].description == "Float glass, in sheets: Measuring less than 10 mm in thickness"
    # 9903.88.01 stands at the general column, 9903.88.69 at the description.
    assert set(rows["8501.10.40.20"].cites) == {"9903.88.01", "9903.88.69"}


def test_the_record_s_own_dates_are_taken_where_the_folder_has_none(tmp_path: Path) -> None:
    # The first revision of 2025 brings the duty of EO 14195, in force from 4 February 2025.
    assert read_dates(tmp_path)["2025_rev_1"] == date(2025, 2, 4)
    (tmp_path / "revisions.csv").write_text("revision,date,grade\n2025_rev_1,2025-02-05,C\n", encoding="utf-8")
    assert read_dates(tmp_path) == {"2025_rev_1": date(2025, 2, 5)}


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("revision,day\n", "revisions.csv:1: found the columns revision, day, expected revision, date, grade"),
        ("revision,date,grade\n2025_rev_1,5 Feb\n", "revisions.csv:2: "),
        ("revision,date,grade\n2025_rev_1,2025-02-30,A\n", "revisions.csv:2: "),
        ("revision,date,grade\nrev_one,2025-02-05,A\n", "revisions.csv:2: "),
        (
            "revision,date,grade\n2025_rev_10,2025-04-15,A\n2025_rev_9,2025-04-16,A\n",
            "revisions.csv: 2025_rev_10: 2025-04-15 is before the day of 2025_rev_9, 2025-04-16",
        ),
    ],
)
def test_dates_that_cannot_be_are_refused_with_their_place(tmp_path: Path, rows: str, problem: str) -> None:
    (tmp_path / "revisions.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(RecordError) as refused:
        read_dates(tmp_path)
    assert str(refused.value.problems[0]).startswith(problem)
