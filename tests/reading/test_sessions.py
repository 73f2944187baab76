from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from tariffs.errors import RecordError
from tariffs.reading.sessions import Session, read_sessions

if TYPE_CHECKING:
    from pathlib import Path

CLOSE = datetime(2025, 4, 2, 20, tzinfo=UTC)


def read(text: str, folder: Path) -> list[Session]:
    path = folder / "days.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read_sessions(path)


@pytest.mark.parametrize(
    "text",
    [
        "date\n2025-04-02\n",
        "session\n2025-04-02\n",
        "open,date\n09:30,2025-04-02\n",
        '"Date","note"\r\n"2025-04-02","a, b"\r\n',
        "\ufeffdate\n\n2025-04-02\n\n",
    ],
)
def test_days_stand_in_the_column_date_or_in_the_first(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == [Session(date(2025, 4, 2), None)]


@pytest.mark.parametrize("close", ["2025-04-02T16:00-04:00", "2025-04-02T20:00:00Z", "2025-04-02 20:00:00+00:00"])
def test_a_close_is_a_moment_with_its_offset(close: str, tmp_path: Path) -> None:
    assert read(f"date,close\n2025-04-02,{close}\n", tmp_path) == [Session(date(2025, 4, 2), CLOSE)]
    assert read(f",open,close\n2025-04-02,,{close}\n", tmp_path) == [Session(date(2025, 4, 2), CLOSE)]


def test_everything_that_is_wrong_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    text = "date,close\n2.4.2025,2025-04-02T16:00-04:00\n2025-04-03,2025-04-03T16:00\n2025-04-04,\n2025-04-07\n"
    with pytest.raises(RecordError) as caught:
        read(text, tmp_path)
    moment = "expected a moment as YYYY-MM-DDThh:mm-04:00"
    assert [str(problem) for problem in caught.value.problems] == [
        "days.csv:2: date: found '2.4.2025', expected a date as YYYY-MM-DD; did you mean 2025-04-02?",
        f"days.csv:3: close: found '2025-04-03T16:00', {moment}",
        f"days.csv:4: close: found '', {moment}",
        "days.csv:5: found 1 cells, expected 2 at least",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2025-04-02\n2025-04-03\n", "days.csv:1: found a day, expected a header such as date or date,close"),
        ("date\n2025-04-31\n", "days.csv:2: date: found '2025-04-31', which is not a day of the calendar"),
        ('date\n"2025-04-02\n', "days.csv:2: not CSV: unexpected end of data"),
        ("", "days.csv: the file is empty"),
    ],
)
def test_what_is_no_file_of_days_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(RecordError) as caught:
        read(text, tmp_path)
    assert str(caught.value.problems[0]) == said
