"""Regression records, not truths: what the program answered when its answers had been checked against `test_truths.py`.

A record that changes is looked at line by line before it is written anew, with `python -m tests.test_golden`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import tariffs as tf
from tariffs.export.tables import to_csv

FOLDER = Path(__file__).parent / "golden"


def records() -> dict[str, str]:
    both = ["us_on_cn", "cn_on_us"]
    levels = tf.levels(both)
    changed = levels[levels.groupby(["direction", "duty"])["rate"].transform(lambda rates: rates.ne(rates.shift()))]
    return {
        "all-goods.csv": to_csv(tf.table(both, scheduled=True), header=False),
        "months.csv": to_csv(tf.rates(both, start="2025-01-01", freq="MS").round(6).reset_index(), header=False),
        "levels.csv": to_csv(changed[changed["date"].gt("2018-01-01") | changed["rate"].ne(0)], header=False),
    }


@pytest.mark.parametrize("name", ["all-goods.csv", "months.csv", "levels.csv"])
def test_answers_are_those_on_record(name: str) -> None:
    assert records()[name] == (FOLDER / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    for name, text in records().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
