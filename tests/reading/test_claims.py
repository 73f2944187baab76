from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tariffs.model import Undated
from tariffs.reading.claims import Check, SourceNote, read_source_note
from tariffs.reading.tree import Reader, parse

# The claims are of the kind that news pages of June 2025 make: 145 from 10 April 2025 (EO 14266), the call of Thursday 5 June.
NOTE = """\
title: A page
publisher: A paper
date: 2025-06-07
url: https://example.org/page
about: The call and the talks.
claims:
- says: The US raised its duty to 145 percent.
  verdict: holds
  claimed:
  - rate: {direction: us_on_cn, on: 2025-04-10, is: 145%}
- says: The call was on a Wednesday.
  verdict: contradicted
  why: It was on Thursday 5 June.
  claimed:
  - weekday: {date: 2025-06-05, is: Wednesday}
  record:
  - context: {id: call-2025-06-05, date: 2025-06-05}
  - weekday: {date: 2025-06-05, is: Thursday}
- says: The order came on 9 April.
  verdict: reservation
  why: It was in force the day after.
  claimed:
  - event: {id: ieepa-reciprocal/2025-04-10/125, enacted: 2025-04-09}
  record:
  - event: {id: ieepa-reciprocal/2025-04-10/125, effective: 2025-04-10}
"""


def read(text: str) -> tuple[SourceNote, list[str]]:
    reader = Reader("a.yaml")
    root = parse(text, reader)
    assert root is not None
    return read_source_note(root, reader), [str(problem) for problem in reader.problems]


def claim(check: str, verdict: str = "holds") -> str:
    head = NOTE.split("claims:", maxsplit=1)[0]
    return f"{head}claims:\n- says: Something.\n  verdict: {verdict}\n  claimed:\n  - {check}\n"


def test_a_note_says_what_its_document_is() -> None:
    note, problems = read(NOTE)
    assert problems == []
    assert (note.title, note.publisher, note.day) == ("A page", "A paper", date(2025, 6, 7))
    assert (note.url, note.about) == ("https://example.org/page", "The call and the talks.")


def test_a_note_may_lack_a_day_and_an_address() -> None:
    note, problems = read(NOTE.replace("date: 2025-06-07", "date: unknown").replace("url: https://example.org/page\n", ""))
    assert problems == []
    assert (note.day, note.url) == (Undated.UNKNOWN, "")


def test_claims_keep_order_verdict_reason_and_line() -> None:
    note, _ = read(NOTE)
    assert [(claim.verdict, claim.why, claim.line) for claim in note.claims] == [
        ("holds", "", 7),
        ("contradicted", "It was on Thursday 5 June.", 11),
        ("reservation", "It was in force the day after.", 19),
    ]


def test_every_kind_of_statement_becomes_a_check() -> None:
    first, second, third = read(NOTE)[0].claims
    assert first.claimed == (Check("rate", "us_on_cn", "", date(2025, 4, 10), Decimal(145), ""),)
    assert first.record == ()
    assert second.claimed == (Check("weekday", "", "", date(2025, 6, 5), None, "Wednesday"),)
    assert second.record == (
        Check("context", "call-2025-06-05", "", date(2025, 6, 5), None, ""),
        Check("weekday", "", "", date(2025, 6, 5), None, "Thursday"),
    )
    assert third.claimed == (Check("event", "ieepa-reciprocal/2025-04-10/125", "enacted", date(2025, 4, 9), None, ""),)
    assert third.record == (Check("event", "ieepa-reciprocal/2025-04-10/125", "effective", date(2025, 4, 10), None, ""),)


@pytest.mark.parametrize("name", ["effective", "stated", "enacted", "withdrawn"])
def test_a_statement_about_an_event_is_about_one_of_its_dates(name: str) -> None:
    note, problems = read(claim(f"event: {{id: a/open/1, {name}: 2025-04-09}}"))
    assert problems == []
    assert [(check.name, check.day) for check in note.claims[0].claimed] == [(name, date(2025, 4, 9))]


def test_a_statement_names_one_date_of_an_event() -> None:
    # A second one would never be tested.
    _, problems = read(claim("event: {id: a/open/1, effective: 2025-04-10, enacted: 1999-01-01}"))
    assert [problem.split(": ")[:2] for problem in problems] == [["a.yaml:10", "enacted"]]


@pytest.mark.parametrize(
    ("check", "problem"),
    [
        (
            "rate: {direction: us_on_cn, on: 2025-04-10, is: 145}",
            "a.yaml:10: is: found '145', expected a level with its percent sign",
        ),
        ("rate: {direction: us_on_cn, on: 2025-04-10}", "a.yaml:10: is: is missing"),
        ("rate: {on: 2025-04-10, is: 145%}", "a.yaml:10: direction: is missing"),
        ("rate: {direction: us_on_cn, on: April, is: 1%}", "a.yaml:10: on: found 'April', expected a date as YYYY-MM-DD"),
        ("rate: 145%", "a.yaml:10: rate: expected fields: direction, on, is"),
        ("event: {id: a/open/1}", "a.yaml:10: effective: is missing"),
        ("event: {effective: 2025-04-10}", "a.yaml:10: id: is missing"),
        ("event: {id: a/open/1, efective: 2025-04-10}", "a.yaml:10: efective: unknown field; did you mean 'effective'?"),
        ("context: {id: A Call, date: 2025-06-05}", "a.yaml:10: id: found 'A Call', expected small letters, digits and hyphens"),
        ("context: {id: a-call}", "a.yaml:10: date: is missing"),
        ("weekday: {date: 2025-06-05, is: thursday}", "a.yaml:10: is: unknown is 'thursday'; did you mean 'Thursday'?"),
        ("wekday: {date: 2025-06-05, is: Thursday}", "a.yaml:10: wekday: unknown field; did you mean 'weekday'?"),
        ("{}", "a.yaml:10: expected one of: rate, event, context, weekday"),
        ("just words", "a.yaml:10: claimed: expected fields: rate, event, context, weekday"),
    ],
)
def test_a_statement_that_cannot_be_tested_is_refused(check: str, problem: str) -> None:
    assert any(found.startswith(problem) for found in read(claim(check))[1])


def test_one_statement_is_about_one_thing() -> None:
    two = "{weekday: {date: 2025-06-05, is: Thursday}, context: {id: a-call, date: 2025-06-05}}"
    assert read(claim(two))[1] == ["a.yaml:10: expected one of: rate, event, context, weekday"]


def test_a_verdict_other_than_holds_needs_a_reason_and_what_the_record_says() -> None:
    check = "weekday: {date: 2025-06-05, is: Wednesday}"
    assert read(claim(check))[1] == []
    for verdict in ("reservation", "contradicted"):
        assert sorted(read(claim(check, verdict))[1]) == ["a.yaml:7: record: is missing", "a.yaml:7: why: is missing"]


def test_an_unknown_verdict_is_refused_with_the_nearest() -> None:
    assert (
        "a.yaml:8: verdict: unknown verdict 'hold'; did you mean 'holds'?"
        in read(claim("weekday: {date: 2025-06-05, is: Thursday}", "hold"))[1]
    )


@pytest.mark.parametrize(
    ("found", "field"), [("title: A page\n", "title"), ("publisher: A paper\n", "publisher"), ("date: 2025-06-07\n", "date")]
)
def test_a_note_without_what_names_its_document_is_refused(found: str, field: str) -> None:
    assert read(NOTE.replace(found, "", 1))[1] == [f"a.yaml:1: {field}: is missing"]


def test_a_note_without_claims_is_refused() -> None:
    head = NOTE.split("claims:", maxsplit=1)[0]
    assert read(head)[1] == ["a.yaml:1: claims: is missing"]
    assert read(head + "claims: []\n")[1] == ["a.yaml:6: claims: is empty"]


def test_a_claim_that_tests_nothing_is_refused() -> None:
    head = NOTE.split("claims:", maxsplit=1)[0]
    assert read(head + "claims:\n- {says: Something., verdict: holds}\n")[1] == ["a.yaml:7: claimed: is missing"]


def test_an_address_of_a_note_is_a_web_address() -> None:
    # The program takes any text here, unlike for the sources of an event.
    assert read(NOTE.replace("https://example.org/page", "example.org"))[1] != []
