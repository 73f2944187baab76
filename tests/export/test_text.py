from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import tariffs as tf
from tariffs.errors import UsageError
from tariffs.export.text import to_csv, to_json
from tariffs.export.writing import write

if TYPE_CHECKING:
    from pathlib import Path


def test_csv_reads_back_with_the_line_its_header_gives() -> None:
    frame = tf.table(["us_on_cn", "cn_on_us"], start="2025-01-01")
    back = pd.read_csv(io.StringIO(to_csv(frame, header=True)), comment="#", parse_dates=["date"])
    assert back["rate"].tolist() == frame["rate"].tolist()
    assert back["acts"].fillna("").tolist() == frame["acts"].tolist()
    assert back["date"].tolist() == frame["date"].tolist()


def test_hash_inside_a_text_survives_a_reader_that_skips_comments() -> None:
    frame = pd.DataFrame({"act": ["CSMS # 1"], "rate": [1.0]})
    assert pd.read_csv(io.StringIO(to_csv(frame, header=True)), comment="#")["act"].tolist() == ["CSMS # 1"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum"])
def test_text_that_a_spreadsheet_would_run_is_neutralised(cell: str) -> None:
    assert f'"\'{cell}"' in to_csv(pd.DataFrame({"note": [cell]}), header=False)


def test_json_says_null_for_what_is_not_known() -> None:
    rows = json.loads(to_json(tf.events("us_on_cn")))["data"]
    open_threat = next(row for row in rows if row["id"] == "s122-surcharge/open/15")
    assert (open_threat["effective"], open_threat["enacted"], open_threat["timing"]) == (None, None, "open")


def test_same_frame_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        write(tf.table("us_on_cn"), tmp_path / name)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"unknown ending '\.docx'; one of: \.csv, \.dta, \.json, \.parquet, \.xlsx"):
        write(tf.table("us_on_cn"), tmp_path / "a.docx")
