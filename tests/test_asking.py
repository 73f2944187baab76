from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

import tariffs as tf
from tariffs.errors import CoverageError, TariffsError, UsageError


@pytest.mark.parametrize(
    "day",
    [
        "2025-04-15",
        date(2025, 4, 15),
        datetime(2025, 4, 15, 18, 30),  # noqa: DTZ001  # a moment without a zone is what users have
        pd.Timestamp("2025-04-15"),
        np.datetime64("2025-04-15"),
        np.datetime64("2025-04-15T09:00", "ns"),
    ],
)
def test_a_day_is_taken_in_every_form_that_names_one(day: date) -> None:
    assert tf.rate("us_on_cn", day) == 145


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("2025/04/15", "2025-04-15"), ("2025-4-5", "2025-04-05"), ("15.04.2025", "2025-04-15"), ("15/4/2025", "2025-04-15")],
)
def test_a_day_written_otherwise_is_guessed_in_the_refusal(typed: str, meant: str) -> None:
    with pytest.raises(UsageError, match=rf"did you mean {meant}\?"):
        tf.rate("us_on_cn", typed)


@pytest.mark.parametrize("typed", ["4/5/2025", "05/04/2025", "15.04.25", "31.02.2025", "April 2025"])
def test_a_day_that_could_be_two_is_not_guessed(typed: str) -> None:
    with pytest.raises(UsageError, match=r"expected a date as YYYY-MM-DD$"):
        tf.rate("us_on_cn", typed)


def test_no_time_and_a_time_zone_are_refused_for_what_they_are() -> None:
    with pytest.raises(UsageError, match="NaT"):
        tf.rate("us_on_cn", pd.NaT)  # type: ignore[arg-type]  # what a frame with gaps holds
    with pytest.raises(UsageError, match="without a time zone"):
        tf.rate("us_on_cn", datetime(2025, 4, 15, tzinfo=UTC))


def test_swapped_arguments_are_recognised() -> None:
    with pytest.raises(UsageError, match="are the two swapped"):
        tf.rate("2025-04-15", "us_on_cn")


@pytest.mark.parametrize("direction", [None, 42, ["us_on_cn"], b"us_on_cn"])
def test_what_is_no_text_is_no_direction(direction: object) -> None:
    with pytest.raises(UsageError, match="expected a direction such as us_on_cn"):
        tf.rate(direction, "2025-04-15")  # type: ignore[arg-type]  # what a tired person passes


@pytest.mark.parametrize("asked", [{"known": True}, {"basis": None}, {"freq": 3}, {"agg": np.mean}, {"unit": 100}])
def test_a_word_of_another_type_is_refused_as_an_unknown_word(asked: dict[str, object]) -> None:
    with pytest.raises(TariffsError):
        tf.series("us_on_cn", **{"freq": "MS", **asked})  # type: ignore[arg-type]  # wrong on purpose


def test_a_start_after_the_record_says_how_to_go_on() -> None:
    with pytest.raises(UsageError, match="the last day unless an end is named"):
        tf.series("us_on_cn", start="2027-01-01")


def test_a_direction_between_known_countries_is_not_taken_for_a_misspelling() -> None:
    with pytest.raises(CoverageError, match="does not cover US on EU; it covers us_on_cn, cn_on_us"):
        tf.series("us_on_eu")
