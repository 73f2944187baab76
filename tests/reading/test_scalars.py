from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tariffs.model import Undated
from tariffs.reading.scalars import parse_date, parse_day, parse_rate, parse_slug, parse_stated, parse_time, parse_url, plain

Parser = Callable[[str], object]


def test_an_iso_date_is_read() -> None:
    assert parse_date("2025-04-09") == date(2025, 4, 9)
    assert parse_date("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text", ["09/04/2025", "2025-4-9", "20250409", "2025-W15-3", "2025-04-09T00:01", "9 April 2025", "", "2025-04-09 "]
)
def test_a_date_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a date as YYYY-MM-DD") as caught:
        parse_date(text)
    assert f"found {text!r}" in str(caught.value)


@pytest.mark.parametrize("text", ["2025-02-30", "2025-13-01", "2025-00-10", "2025-04-31", "2023-02-29", "0000-01-01"])
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=rf"found '{text}', which is not a day of the calendar"):
        parse_date(text)


@settings(deadline=None, max_examples=60)
@given(st.dates())
def test_every_day_is_read_back_from_its_iso_form(day: date) -> None:
    assert parse_date(day.isoformat()) == day


def test_a_word_may_stand_for_a_day_only_where_it_is_allowed() -> None:
    assert parse_day("open", (Undated.OPEN, Undated.UNKNOWN)) is Undated.OPEN
    assert parse_day("unknown", (Undated.UNKNOWN,)) is Undated.UNKNOWN
    assert parse_day("2025-04-09", (Undated.UNKNOWN,)) == date(2025, 4, 9)
    with pytest.raises(ValueError, match=r"found 'open', expected a date as YYYY-MM-DD or unknown"):
        parse_day("open", (Undated.UNKNOWN,))
    with pytest.raises(ValueError, match=r"found 'soon', expected a date as YYYY-MM-DD or open or unknown"):
        parse_day("soon", (Undated.OPEN, Undated.UNKNOWN))


def test_a_statement_has_a_day_or_a_moment() -> None:
    assert parse_stated("2025-04-02") == (date(2025, 4, 2), None)
    assert parse_stated("unknown") == (Undated.UNKNOWN, None)
    day, moment = parse_stated("2025-04-02T16:00-04:00")
    assert day == date(2025, 4, 2)
    assert moment == datetime(2025, 4, 2, 20, 0, tzinfo=UTC)


def test_the_day_of_a_statement_is_that_of_the_place_it_was_made_in() -> None:
    # 20:30 in Washington is half past midnight of the next day in Greenwich, and 08:30 of that day in Beijing.
    assert parse_stated("2025-04-02T20:30-04:00")[0] == date(2025, 4, 2)
    assert parse_stated("2025-04-03T08:30+08:00")[0] == date(2025, 4, 3)
    assert parse_stated("2025-04-02T20:30-04:00")[1] == parse_stated("2025-04-03T08:30+08:00")[1]


@settings(deadline=None, max_examples=60)
@given(st.dates(min_value=date(2018, 1, 1)), st.integers(0, 23), st.integers(0, 59), st.integers(-12, 14))
def test_every_moment_is_read_back_from_its_iso_form(day: date, hour: int, minute: int, offset: int) -> None:
    there = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone(timedelta(hours=offset)))
    assert parse_stated(there.isoformat(timespec="minutes")) == (there.date(), there)


@pytest.mark.parametrize(
    "text", ["2025-04-02T16:00", "2025-04-02T25:00-04:00", "2025-04-02T16:00 EDT", "Tuesday", "T", "2025-02-30T16:00Z"]
)
def test_a_moment_without_an_offset_or_off_the_clock_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a date, a moment as YYYY-MM-DDThh:mm-04:00, or unknown") as caught:
        parse_stated(text)
    assert f"found {text!r}" in str(caught.value)


@pytest.mark.parametrize("text", ["2025-W14-3T16:00Z", "20250402T160000-0400", "2025-04-02T16:00-04:00:30"])
def test_a_moment_in_another_form_is_refused(text: str) -> None:
    # The program takes every form that `datetime.fromisoformat` takes, though it asks for one.
    with pytest.raises(ValueError, match=r"YYYY-MM-DDThh:mm-04:00"):
        parse_stated(text)


@pytest.mark.parametrize(
    ("text", "rate"), [("34%", "34"), ("7.5%", "7.5"), ("0%", "0"), ("145.0%", "145"), ("1000%", "1000"), ("0.25%", "0.25")]
)
def test_a_level_is_read_exactly_in_percent(text: str, rate: str) -> None:
    assert parse_rate(text) == Decimal(rate)


@settings(deadline=None, max_examples=60)
@given(st.decimals(min_value=0, max_value=1000, places=2))
def test_a_level_with_its_sign_is_read_and_without_it_refused(rate: Decimal) -> None:
    assert parse_rate(f"{rate:f}%") == rate
    with pytest.raises(ValueError, match=r"expected a level with its percent sign") as caught:
        parse_rate(f"{rate:f}")
    assert f"found '{rate:f}'" in str(caught.value)


def test_a_whole_number_without_a_sign_is_suggested_with_it() -> None:
    with pytest.raises(ValueError, match=r"did you mean '25%'\?"):
        parse_rate("25")


@pytest.mark.parametrize("text", ["-25%", "-25", "- 25 %", "-0%", "-0.5%"])
def test_a_negative_level_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a level of 0% or more") as caught:
        parse_rate(text)
    assert f"found {text!r}" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "NaN%",
        ".nan",
        "inf%",
        "Infinity%",
        "1e2%",
        "1,000%",
        "7,5%",
        "25 %",
        "%",
        "25%%",
        ".5%",
        "5.%",
        "+25%",
        "0x19%",
        "1_0%",
    ],
)
def test_a_level_that_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a level with its percent sign such as 34%, or unknown") as caught:
        parse_rate(text)
    assert f"found {text!r}" in str(caught.value)


@pytest.mark.parametrize("text", ["1001%", "1000.01%", "14500%", "9" * 400 + "%"])
def test_a_level_over_a_thousand_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected at most 1000%"):
        parse_rate(text)


@pytest.mark.parametrize("text", ["00:01", "12:01", "23:59", "00:00"])
def test_a_time_of_day_is_read(text: str) -> None:
    assert parse_time(text) == text


@pytest.mark.parametrize("text", ["24:00", "12:60", "1:01", "00:01:00", "0:01 am", "1201", ""])
def test_a_time_off_the_clock_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a time of day as hh:mm"):
        parse_time(text)


@pytest.mark.parametrize("text", ["a", "electronics-2025-04-11", "s301-list-4a", "301"])
def test_a_slug_is_read(text: str) -> None:
    assert parse_slug(text) == text


@pytest.mark.parametrize("text", ["", "A", "a_b", "a b", "-a", "a-", "a--b", "a/b", "café", "a\n", "../a"])
def test_what_is_no_slug_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected small letters, digits and hyphens"):
        parse_slug(text)


@pytest.mark.parametrize(
    "text", ["https://www.federalregister.gov/citation/90-FR-15041", "http://example.org", "https://a.b/c?d=e#f"]
)
def test_a_web_address_is_read(text: str) -> None:
    assert parse_url(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "www.example.org",
        "ftp://example.org",
        "https://",
        "https:///a.b",
        "https://localhost",
        "https://a b.org",
        "javascript:a",
        "",
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected an address that begins with https://"):
        parse_url(text)


def test_a_long_address_takes_no_longer_than_its_length() -> None:
    # The program tries every dot as the last one: the time grows with the square of the length.
    started = time.perf_counter()
    with pytest.raises(ValueError, match=r"expected an address"):
        parse_url(f"https://{'.' * 30_000} x")
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(("parse", "text"), [(parse_rate, "٢٥%"), (parse_time, "0٢:0٣")], ids=["rate", "time"])
def test_digits_of_other_scripts_are_refused(parse: Parser, text: str) -> None:
    # The program takes them (`\d` of a text pattern matches them), and the time then stands in the record as it was typed.
    with pytest.raises(ValueError, match="expected"):
        parse(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("145", "145"),
        ("145.0", "145"),
        ("12.50", "12.5"),
        ("0", "0"),
        ("0.0", "0"),
        ("100", "100"),
        ("1E+2", "100"),
        ("0.05", "0.05"),
    ],
)
def test_a_level_is_printed_as_people_write_it(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@settings(deadline=None, max_examples=60)
@given(st.decimals(min_value=0, max_value=1000, places=3))
def test_a_printed_level_is_read_back_unchanged(rate: Decimal) -> None:
    assert parse_rate(f"{plain(rate)}%") == rate
