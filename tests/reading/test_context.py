from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tariffs.model import ContextEvent, Family, Release, Source, Undated
from tariffs.reading.context import parse_slug_direction, read_context, read_families, read_release
from tariffs.reading.tree import Mapping, Reader, parse
from tariffs.vocabulary import CONTEXT_KINDS, Direction

if TYPE_CHECKING:
    from collections.abc import Callable

# The talks of Geneva, 10 and 11 May 2025.
GENEVA = """\
events:
- id: geneva-talks-2025-05-10
  date: 2025-05-10
  until: 2025-05-11
  kind: talks
  title: Talks in Geneva
  summary: >-
    Bessent and Greer
    meet He Lifeng.
  grade: A
  sources:
  - {title: A news page, url: "https://example.org/geneva"}
  note: Two days.
"""
RELEASE = """\
version: 2026.10.09
covers_from: 2018-01-01
known_through: 2026-10-09
directions: [us_on_cn, cn_on_us]
"""


def document(text: str) -> tuple[Mapping, Reader]:
    reader = Reader("a.yaml")
    root = parse(text, reader)
    assert root is not None
    return root, reader


def problems(read: Callable[[Mapping, Reader], object], text: str) -> list[str]:
    root, reader = document(text)
    read(root, reader)
    return [str(problem) for problem in reader.problems]


def test_every_field_of_a_context_event_reaches_the_model() -> None:
    root, reader = document(GENEVA)
    (event,) = read_context(root, reader)
    assert reader.problems == []
    assert event == ContextEvent(
        id="geneva-talks-2025-05-10",
        day=date(2025, 5, 10),
        until=date(2025, 5, 11),
        kind="talks",
        title="Talks in Geneva",
        summary="Bessent and Greer meet He Lifeng.",
        grade="A",
        sources=(Source("A news page", "https://example.org/geneva"),),
        note="Two days.",
    )
    assert (event.file, event.line) == ("a.yaml", 2)


def test_a_day_may_be_unknown_and_an_end_be_left_out() -> None:
    root, reader = document(GENEVA.replace("date: 2025-05-10", "date: unknown").replace("  until: 2025-05-11\n", ""))
    (event,) = read_context(root, reader)
    assert reader.problems == []
    assert (event.day, event.until) == (Undated.UNKNOWN, None)


@pytest.mark.parametrize("kind", CONTEXT_KINDS)
def test_every_kind_of_the_list_is_read(kind: str) -> None:
    assert problems(read_context, GENEVA.replace("kind: talks", f"kind: {kind}")) == []


def test_an_end_on_the_same_day_is_read_and_one_before_is_refused() -> None:
    assert problems(read_context, GENEVA.replace("2025-05-11", "2025-05-10")) == []
    assert problems(read_context, GENEVA.replace("2025-05-11", "2025-05-09")) == [
        "a.yaml:4: until: 2025-05-09 is before date 2025-05-10"
    ]


def test_a_title_of_sixty_characters_is_read_and_one_more_is_refused() -> None:
    assert problems(read_context, GENEVA.replace("Talks in Geneva", "x" * 60)) == []
    assert problems(read_context, GENEVA.replace("Talks in Geneva", "x" * 61)) == [
        "a.yaml:6: title: 61 characters, expected at most 60"
    ]


@pytest.mark.parametrize(
    ("found", "instead", "problem"),
    [
        ("id: geneva-talks-2025-05-10", "id: Geneva", "a.yaml:2: id: found 'Geneva', expected small letters, digits and hyphens"),
        ("- id: geneva-talks-2025-05-10\n  date", "- date", "a.yaml:2: id: is missing"),
        ("date: 2025-05-10", "date: open", "a.yaml:3: date: found 'open', expected a date as YYYY-MM-DD or unknown"),
        ("until: 2025-05-11", "until: unknown", "a.yaml:4: until: found 'unknown', expected a date as YYYY-MM-DD"),
        ("kind: talks", "kind: talk", "a.yaml:5: kind: unknown kind 'talk'; did you mean 'talks'?"),
        ("  title: Talks in Geneva\n", "", "a.yaml:2: title: is missing"),
        ("grade: A", "grade: 1", "a.yaml:10: grade: unknown grade '1'; one of: A, B, C"),
        ("note: Two days.", "notes: Two days.", "a.yaml:13: notes: unknown field; did you mean 'note'?"),
        ("{title: A news page, url: \"https://example.org/geneva\"}", "{title: }", "a.yaml:12: title: is empty"),
        ("events:", "event:", "a.yaml:1: events: is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_context_event_is_named(found: str, instead: str, problem: str) -> None:
    assert GENEVA.count(found) == 1
    assert problem in problems(read_context, GENEVA.replace(found, instead))


def test_families_keep_their_order_and_names() -> None:
    root, reader = document("s301-lists: {title: Section 301 Lists 1 to 4B}\nother: {title: Other}\n")
    assert list(read_families(root, reader).items()) == [
        ("s301-lists", Family("s301-lists", "Section 301 Lists 1 to 4B")),
        ("other", Family("other", "Other")),
    ]
    assert reader.problems == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("other: Other duties\n", "a.yaml:1: other: expected fields: title"),
        ("other: {}\n", "a.yaml:1: title: is missing"),
        ("other: {title: Other, colour: red}\n", "a.yaml:1: colour: unknown field; one of: title"),
        ("other: {title: a}\nother: {title: c}\n", "a.yaml:2: other: stands twice; first on line 1"),
    ],
)
def test_what_is_wrong_with_a_family_is_named(text: str, problem: str) -> None:
    assert problems(read_families, text) == [problem]


def test_a_release_is_read() -> None:
    root, reader = document(RELEASE)
    assert read_release(root, reader) == Release(
        "2026.10.09", date(2018, 1, 1), date(2026, 10, 9), (Direction("US", "CN"), Direction("CN", "US"))
    )
    assert reader.problems == []


@pytest.mark.parametrize(
    ("found", "instead", "problem"),
    [
        ("version: 2026.10.09\n", "", "a.yaml:1: version: is missing"),
        ("covers_from: 2018-01-01", "covers_from: 2018", "a.yaml:2: covers_from: found '2018', expected a date as YYYY-MM-DD"),
        (
            "known_through: 2026-10-09",
            "known_through: today",
            "a.yaml:3: known_through: found 'today', expected a date as YYYY-MM-DD",
        ),
        ("[us_on_cn, cn_on_us]", "[us-on-cn]", "a.yaml:4: directions: found 'us-on-cn', expected a direction such as us_on_cn"),
        ("[us_on_cn, cn_on_us]", "[]", "a.yaml:4: directions: is empty"),
        ("directions:", "direction:", "a.yaml:4: direction: unknown field; did you mean 'directions'?"),
    ],
)
def test_what_is_wrong_with_a_release_is_named(found: str, instead: str, problem: str) -> None:
    assert problem in problems(read_release, RELEASE.replace(found, instead))


def test_a_record_that_is_checked_up_to_a_day_before_it_begins_is_refused() -> None:
    # The program takes it, and then has no day at all to answer for.
    assert problems(read_release, RELEASE.replace("known_through: 2026-10-09", "known_through: 2017-12-31")) != []


@pytest.mark.parametrize("text", ["US_on_CN", "us on cn", "us_on_", "us_on_cn_on_hk", "usa_on_cn", "us_cn", ""])
def test_a_direction_of_a_release_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a direction such as us_on_cn"):
        parse_slug_direction(text)
