"""Regression records, not truths: what the program answered when its answers had been checked against `test_truths.py`.

A record that changes is looked at line by line before it is written anew, with `python -m tests.test_golden`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import tariffs as tf
from tariffs.export.text import to_csv

FOLDER = Path(__file__).parent / "golden"


def records() -> dict[str, str]:
    both = ["us_on_cn", "cn_on_us"]
    levels = tf.levels(both)
    changed = levels[levels.groupby(["direction", "duty"])["rate"].transform(lambda rates: rates.ne(rates.shift()))]
    return {
        **{f"average-{basis}.csv": to_csv(averages(basis), header=False) for basis in tf.load().bases},
        "stacks.csv": to_csv(stacks(), header=False),
        "all-goods.csv": to_csv(tf.table(both, scheduled=True), header=False),
        "months.csv": to_csv(tf.rates(both, start="2025-01-01", freq="MS").round(6).reset_index(), header=False),
        "levels.csv": to_csv(changed[changed["date"].gt("2018-01-01") | changed["rate"].ne(0)], header=False),
    }


def averages(basis: str) -> pd.DataFrame:
    """Return every step of every average on a basis."""
    tables = [direction.name for direction in tf.load().bases[basis]]
    frames = [tf.rates([name], measure="average", weights=basis).round(6).melt(ignore_index=False) for name in tables]
    return pd.concat(frames).reset_index()


def stacks() -> pd.DataFrame:
    """Return every step of every kind of good, without the events behind it."""
    frames = [
        tf.rates([direction.name], measure="stack", good=good.id).melt(ignore_index=False).reset_index()
        for good in tf.load().goods.values()
        for direction in good.directions
    ]
    return pd.concat(frames, ignore_index=True).query("value.ne(value.shift()) or variable.ne(variable.shift())")


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.csv")))
def test_answers_are_those_on_record(name: str, answers: dict[str, str]) -> None:
    assert answers[name] == (FOLDER / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    return records()


if __name__ == "__main__":
    for name, text in records().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
