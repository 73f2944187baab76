from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

import tariffs as tf
from tariffs.catalog import home
from tariffs.errors import RecordError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

FENTANYL = "duties/us-on-cn/ieepa-fentanyl.yaml"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return shutil.copytree(home("data"), tmp_path / "data")


def unweigh(root: Path) -> None:
    """Take out the weights that name almost every event since 2025."""
    shutil.rmtree(root / "weights" / "us-imports-2024")


def edit(root: Path, old: str, new: str, file: str = FENTANYL) -> Path:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return root


def rows(old: Path, new: Path | None = None) -> list[tuple[str, ...]]:
    return [tuple(row) for row in tf.diff(old, new).itertuples(index=False)]


def test_a_record_does_not_differ_from_itself_wherever_it_stands(other: Path) -> None:
    assert rows(other) == []
    edit(other, "\n- effective:", "\n\n# a comment\n- effective:")
    assert rows(other) == []


def test_a_day_that_moves_is_one_event_gone_and_one_come_and_the_values_between(other: Path) -> None:
    # EO 14228 says 4 March 2025; another version had the 7th.
    edit(other, "- effective: 2025-03-04", "- effective: 2025-03-07")
    assert rows(other) == [
        ("event", "ieepa-fentanyl/2025-03-04/20", "added", "", "", "EO 14228"),
        ("event", "ieepa-fentanyl/2025-03-07/20", "removed", "", "EO 14228", ""),
        ("value", "ieepa-fentanyl", "changed", "2025-03-04 to 2025-03-06", "10", "20"),
        ("value", "us_on_cn", "changed", "2025-03-04 to 2025-03-06", "10", "20"),
    ]


def test_what_a_source_says_is_a_change_of_the_event_and_of_no_value(other: Path) -> None:
    edit(other, "act: EO 14228", "act: EO 14288")
    assert rows(other) == [("event", "ieepa-fentanyl/2025-03-04/20", "changed", "act", "EO 14288", "EO 14228")]


def test_a_change_of_a_duty_is_one(other: Path) -> None:
    edit(other, "title: IEEPA fentanyl duty on China and Hong Kong", "title: Fentanyl duty")
    assert rows(other) == [
        ("duty", "ieepa-fentanyl", "changed", "title", "Fentanyl duty", "IEEPA fentanyl duty on China and Hong Kong")
    ]


def test_a_duty_that_is_not_there_takes_its_events_and_values_along(other: Path) -> None:
    removed = other / "duties" / "us-on-cn" / "ieepa-threat-100.yaml"
    removed.unlink()
    unweigh(other)
    assert rows(other) == [
        ("duty", "ieepa-threat-100", "added", "", "", "Threatened further 100% on China (October 2025)"),
        ("event", "ieepa-threat-100/2025-11-01/100", "added", "", "", "Truth Social post of 10 October 2025"),
    ]
    assert [row[2] for row in rows(home("data"), other)] == ["removed", "removed"]


def test_the_last_level_differs_from_its_day_on(other: Path) -> None:
    edit(
        other,
        "rate: 12.5%\n  act: USTR notice of actions",
        "rate: 15%\n  act: USTR notice of actions",
        "duties/us-on-cn/s301-forced-labour.yaml",
    )
    unweigh(other)
    values = [row for row in rows(other) if row[0] == "value"]
    assert values == [
        ("value", "s301-forced-labour", "changed", "2026-07-24 on", "15", "12.5"),
        ("value", "us_on_cn", "changed", "2026-07-24 on", "15", "12.5"),
    ]


def test_records_that_are_read_can_be_compared_too(other: Path) -> None:
    assert tf.diff(tf.load(other), tf.load()).empty
    assert tf.diff(other).attrs["source"] == tf.load().source_line


def test_what_is_no_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected the folder of a record"):
        tf.diff(tmp_path / "nothing")
    with pytest.raises(RecordError):
        tf.diff(tmp_path)
