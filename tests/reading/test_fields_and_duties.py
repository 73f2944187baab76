from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tariffs.model import Coverage, Duty, Event, InTransit, Source, Undated, Void
from tariffs.reading.duties import DUTY_FIELDS, EVENT_FIELDS, contradictions, read_duty, read_extension
from tariffs.reading.fields import Fields, parse_country, parse_origin
from tariffs.reading.tree import Reader, parse

FORMAT = Path(__file__).parents[2] / "data" / "README.md"
FAMILIES = ("ieepa-reciprocal", "other")

# The 34% of EO 14257 of 2 April 2025 (90 FR 15041), announced at 16:00 in Washington and overtaken by EO 14259 on 8 April.
RECIPROCAL = """\
title: Reciprocal duty on China
importer: US
origin: [CN, HK, MO]
authority: IEEPA
family: ieepa-reciprocal
scope: all_goods
covers: every good except Annex II
void: {on: 2026-02-20, by: "Learning Resources v. Trump", reach: inception}
events:
- effective: 2025-04-09
  time: 00:01
  stated: 2025-04-02T16:00-04:00
  enacted: 2025-04-02
  rate: 34%
  act: EO 14257, Annex I
  provision: 9903.01.63
  withdrawn: 2025-04-08
  withdrawn_by: EO 14259
  in_transit: {loaded_before: 2025-04-09, entered_before: 2025-05-27, rate: 10%}
  base: value
  grade: A
  sources:
  - {title: 90 FR 15041, url: "https://www.federalregister.gov/citation/90-FR-15041"}
  - {title: HTS 2025 Revision 7}
  note: >-
    Replaced by 84
    the day before.
"""
LEAN = """\
title: A duty
importer: US
origin: CN
authority: S301
family: other
scope: list
covers: some goods
events:
"""
EVENT = """\
- effective: 2025-03-01
  stated: 2025-02-01
  enacted: 2025-02-01
  rate: 25%
  act: An act
  grade: B
  sources: [{title: A source}]
"""


def fields(text: str, *known: str) -> Fields:
    reader = Reader("a.yaml")
    root = parse(text, reader)
    assert root is not None
    return Fields(root, reader, known)


def read(text: str, name: str = "a-duty") -> tuple[Duty, list[str]]:
    reader = Reader("a.yaml")
    root = parse(text, reader)
    assert root is not None
    duty = read_duty(root, reader, name, FAMILIES)
    return duty, [str(problem) for problem in reader.problems]


def sound(text: str, name: str = "a-duty") -> Duty:
    duty, problems = read(text, name)
    assert problems == []
    assert list(contradictions(duty)) == []
    return duty


def against(*events: str, head: str = LEAN) -> list[str]:
    duty, problems = read(head + "".join(events))
    assert problems == []
    return [str(problem) for problem in contradictions(duty)]


def test_every_field_of_a_duty_reaches_the_model() -> None:
    assert sound(RECIPROCAL, "ieepa-reciprocal") == Duty(
        id="ieepa-reciprocal",
        title="Reciprocal duty on China",
        importer="US",
        origins=("CN", "HK", "MO"),
        authority="IEEPA",
        family="ieepa-reciprocal",
        scope="all_goods",
        covers="every good except Annex II",
        void=Void(date(2026, 2, 20), "Learning Resources v. Trump", "inception"),
        events=(
            Event(
                id="ieepa-reciprocal/2025-04-09/34",
                duty="ieepa-reciprocal",
                effective=date(2025, 4, 9),
                time="00:01",
                stated=date(2025, 4, 2),
                stated_at=datetime(2025, 4, 2, 20, 0, tzinfo=UTC),
                enacted=date(2025, 4, 2),
                status="law",
                rate=Decimal(34),
                act="EO 14257, Annex I",
                provision="9903.01.63",
                withdrawn=date(2025, 4, 8),
                withdrawn_by="EO 14259",
                in_transit=InTransit(date(2025, 4, 9), date(2025, 5, 27), Decimal(10)),
                base="value",
                grade="A",
                sources=(
                    Source("90 FR 15041", "https://www.federalregister.gov/citation/90-FR-15041"),
                    Source("HTS 2025 Revision 7"),
                ),
                note="Replaced by 84 the day before.",
            ),
        ),
    )


def test_duty_and_event_keep_their_file_and_line() -> None:
    duty = sound("# a comment\n" + LEAN + EVENT + EVENT.replace("2025-03-01", "2025-04-01"))
    assert (duty.file, duty.line) == ("a.yaml", 2)
    assert [(event.file, event.line) for event in duty.events] == [("a.yaml", 10), ("a.yaml", 17)]


def test_what_may_be_left_out_has_its_default() -> None:
    duty = sound(LEAN + EVENT)
    (event,) = duty.events
    assert (duty.excepted, duty.void) == ((), None)
    assert (event.status, event.base, event.retroactive, event.including_mfn) == ("law", "value", False, False)
    assert (event.time, event.stated_at, event.in_transit, event.withdrawn, event.note) == ("", None, None, None, "")


def test_a_duty_is_named_by_its_file_unless_it_names_itself() -> None:
    assert sound(LEAN + EVENT, "s301-list-9").id == "s301-list-9"
    assert sound("duty: s301-list-8\n" + LEAN + EVENT, "s301-list-9").events[0].id == "s301-list-8/2025-03-01/25"


def test_a_name_taken_from_a_file_must_be_a_slug_too() -> None:
    # The program checks the field `duty` and not the name of the file that stands in for it: "My Duty" becomes an id.
    _, problems = read(LEAN + EVENT, "My Duty")
    assert [problem for problem in problems if "expected small letters, digits and hyphens" in problem]


@pytest.mark.parametrize(
    ("written", "event_id"),
    [
        ("rate: 25%", "a-duty/2025-03-01/25"),
        ("rate: 7.50%", "a-duty/2025-03-01/7.5"),
        ("rate: 0%", "a-duty/2025-03-01/0"),
        ("rate: unknown", "a-duty/2025-03-01/unknown"),
        ("coverage: {in: [a]}\n  summary: A enters.", "a-duty/2025-03-01/a"),
    ],
)
def test_an_event_is_named_by_duty_day_and_level(written: str, event_id: str) -> None:
    (event,) = sound(LEAN + EVENT.replace("rate: 25%", written)).events
    assert event.id == event_id


def test_an_event_without_a_day_is_named_by_the_word_that_stands_there() -> None:
    for word, undated in (("open", Undated.OPEN), ("unknown", Undated.UNKNOWN)):
        (event,) = sound(LEAN + EVENT.replace("2025-03-01", word)).events
        assert (event.id, event.effective) == (f"a-duty/{word}/25", undated)


def test_an_unknown_level_is_none_and_still_a_level() -> None:
    (event,) = sound(LEAN + EVENT.replace("25%", "unknown")).events
    assert event.rate is None
    assert event.is_level


def test_a_change_of_coverage_is_no_level() -> None:
    (event,) = sound(
        LEAN + EVENT.replace("rate: 25%", "coverage: {in: [a, b], out: c}\n  summary: A and B enter, C leaves.")
    ).events
    assert event.coverage == Coverage(("a", "b"), ("c",))
    assert (event.rate, event.is_level, event.summary) == (None, False, "A and B enter, C leaves.")


def test_a_threat_needs_no_instrument_and_no_act() -> None:
    threat = EVENT.replace("  enacted: 2025-02-01\n", "  status: threat\n").replace("  act: An act\n", "")
    (event,) = sound(LEAN + threat).events
    assert (event.status, event.enacted, event.act) == ("threat", None, "")


def test_an_unknown_day_of_statement_or_instrument_is_read_as_unknown() -> None:
    (event,) = sound(
        LEAN + EVENT.replace("stated: 2025-02-01", "stated: unknown").replace("enacted: 2025-02-01", "enacted: unknown")
    ).events
    assert (event.stated, event.enacted) == (Undated.UNKNOWN, Undated.UNKNOWN)


def test_an_act_may_reach_back_if_it_says_so() -> None:
    # The exceptions of 11 April 2025 to the reciprocal duty reached back to 5 April.
    back = (
        EVENT.replace("2025-03-01", "2025-04-05")
        .replace("2025-02-01", "2025-04-11")
        .replace("  act:", "  retroactive: true\n  act:")
    )
    (event,) = sound(LEAN + back).events
    assert event.retroactive


def test_a_level_may_count_the_schedule_in() -> None:
    # "15% including MFN", as agreed for some origins in 2025.
    (event,) = sound(LEAN + EVENT.replace("rate: 25%", "rate: 15%\n  including_mfn: true")).events
    assert (event.rate, event.including_mfn) == (Decimal(15), True)


def test_a_duty_on_all_origins_may_leave_some_out() -> None:
    duty = sound(LEAN.replace("origin: CN", "origin: ALL\nexcept: [CA, MX]") + EVENT)
    assert (duty.origins, duty.excepted) == (("ALL",), ("CA", "MX"))


def test_a_list_inside_a_list_of_names_is_refused() -> None:
    _, problems = read(LEAN.replace("origin: CN", "origin: [CN, [HK]]") + EVENT)
    assert problems == ["a.yaml:3: origin: found a list or fields, expected a text"]


def test_every_mistake_of_a_duty_is_reported_in_one_reading() -> None:
    text = (
        LEAN.replace("importer: US", "importer: us").replace("scope: list", "scope: lists")
        + EVENT.replace("25%", "25")
        + EVENT.replace("grade: B", "grade: b").replace("{title: A source}", "{title: A source, url: here}")
    )
    places = {tuple(problem.split(": ")[:2]) for problem in read(text)[1]}
    assert places == {
        ("a.yaml:2", "importer"),
        ("a.yaml:6", "scope"),
        ("a.yaml:12", "rate"),
        ("a.yaml:21", "grade"),
        ("a.yaml:22", "url"),
    }


def test_an_extension_brings_events_and_nothing_else() -> None:
    reader = Reader("mine.yaml")
    root = parse("duty: ieepa-fentanyl\nevents:\n" + EVENT, reader)
    assert root is not None
    (event,) = read_extension(root, reader, "ieepa-fentanyl")
    assert reader.problems == []
    assert event.id == "ieepa-fentanyl/2025-03-01/25"


@pytest.mark.parametrize("field", [name for name in DUTY_FIELDS if name not in ("duty", "events")])
def test_an_extension_that_changes_a_field_of_the_duty_is_refused(field: str) -> None:
    reader = Reader("mine.yaml")
    root = parse(f"{field}: x\nevents:\n{EVENT}", reader)
    assert root is not None
    read_extension(root, reader, "ieepa-fentanyl")
    (problem,) = reader.problems
    assert str(problem).startswith(f"mine.yaml:1: {field}: ieepa-fentanyl is a duty of the record; leave this out")


def test_events_that_agree_contradict_nothing() -> None:
    later = EVENT.replace("2025-03-01", "2025-04-01").replace("25%", "30%")
    assert against(EVENT, later) == []


def test_an_act_may_take_effect_on_its_own_day_and_fall_on_its_first_day() -> None:
    same_day = EVENT.replace("2025-03-01", "2025-02-01").replace("  act:", "  withdrawn: 2025-02-01\n  withdrawn_by: B\n  act:")
    assert against(same_day) == []


def test_two_live_levels_on_one_day_are_refused_and_each_way_out_is_not() -> None:
    second = EVENT.replace("25%", "30%")
    assert against(EVENT, second) == [
        "a.yaml:16: rate: a second live level on 2025-03-01; the first is a-duty/2025-03-01/25 on line 9"
    ]
    assert against(EVENT, second.replace("  act:", "  withdrawn: 2025-02-10\n  withdrawn_by: B\n  act:")) == []
    assert against(EVENT, second.replace("  enacted: 2025-02-01\n", "  status: threat\n")) == []
    assert against(EVENT, second.replace("2025-03-01", "open")) == []
    assert against(EVENT, second.replace("rate: 30%", "coverage: {in: [a]}\n  summary: A enters.")) == []


def test_an_agreed_level_is_as_live_as_a_lawful_one() -> None:
    agreed = EVENT.replace("25%", "30%").replace("  enacted: 2025-02-01\n", "  status: agreed\n")
    assert len(against(EVENT, agreed)) == 1


def test_an_id_that_stands_twice_is_refused_even_where_both_events_are_open() -> None:
    assert against(EVENT.replace("2025-03-01", "open"), EVENT.replace("2025-03-01", "open")) == [
        "a.yaml:16: effective: the id a-duty/open/25 stands twice; first on line 9"
    ]


def test_a_withdrawal_counts_from_the_first_word_of_the_event() -> None:
    # Stated on 1 February and signed on the 10th: taken back on the 5th it is, on 31 January it cannot be.
    event = EVENT.replace("enacted: 2025-02-01", "enacted: 2025-02-10").replace(
        "  act:", "  withdrawn_by: B\n  withdrawn: {}\n  act:"
    )
    assert against(event.replace("{}", "2025-02-05")) == []
    assert against(event.replace("{}", "2025-01-31")) == [
        "a.yaml:9: withdrawn: 2025-01-31 is before the event was known, 2025-02-01"
    ]


def test_dates_that_are_not_known_contradict_nothing() -> None:
    assert against(EVENT.replace("2025-03-01", "unknown").replace("2025-02-01", "unknown")) == []


def test_a_schedule_changes_what_it_covers_and_has_no_level() -> None:
    schedule = LEAN.replace("scope: list", "scope: schedule")
    assert against(EVENT.replace("rate: 25%", "coverage: {in: [hs-2022]}\n  summary: New codes."), head=schedule) == []
    (problem,) = against(EVENT, head=schedule)
    assert "a schedule has no one level" in problem


def test_a_text_is_folded_to_one_line() -> None:
    assert fields("a: >-\n  one\n  two\n\n  three\n", "a").text("a") == "one two three"


def test_a_field_left_out_is_empty_and_one_left_blank_is_refused_where_a_value_is_parsed() -> None:
    assert fields("b: c\n", "a", "b").parsed("a", int) is None
    blank = fields("a:\n", "a")
    assert blank.parsed("a", int) is None
    assert [str(problem) for problem in blank.reader.problems] == ["a.yaml:1: a: is empty"]


def test_a_word_of_a_closed_list_is_taken_as_it_is_spelt() -> None:
    given = fields("scope: List\n", "scope")
    given.choice("scope", ("list", "sector"))
    assert [str(problem) for problem in given.reader.problems] == ["a.yaml:1: scope: unknown scope 'List'; did you mean 'list'?"]


def test_a_flag_is_true_false_or_absent() -> None:
    assert fields("a: true\n", "a").flag("a") is True
    assert fields("a: false\n", "a").flag("a") is False
    assert fields("b: c\n", "a", "b").flag("a") is False


@pytest.mark.parametrize("code", ["US", "CN", "EU", "HK", "NO"])
def test_two_capital_letters_are_a_country_or_a_group(code: str) -> None:
    assert parse_country(code) == parse_origin(code) == code


@pytest.mark.parametrize("text", ["us", "USA", "China", "U", "", "U1", "ÄÖ", "CN "])
def test_what_is_no_code_is_refused(text: str) -> None:
    for read_code in (parse_country, parse_origin):
        with pytest.raises(ValueError, match=rf"found {re.escape(repr(text))}, expected a two-letter code"):
            read_code(text)


def test_all_is_an_origin_and_no_importer() -> None:
    assert parse_origin("ALL") == "ALL"
    with pytest.raises(ValueError, match=r"found 'ALL', expected a two-letter code"):
        parse_country("ALL")


def test_the_example_of_the_format_page_is_read() -> None:
    example, *_ = re.findall(r"```yaml\n(.*?)```", FORMAT.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert sound(example, "ieepa-reciprocal").events[0].id == "ieepa-reciprocal/2025-04-09/34"


def test_the_tables_of_the_format_page_and_the_reader_know_the_same_fields() -> None:
    page = FORMAT.read_text(encoding="utf-8")
    duty_part, event_part = page.split("## A duty")[1].split("## An event")
    event_part = event_part.split("\n## ")[0]
    rows = [re.findall(r"`(\w+)`", line.split("|")[1]) for line in event_part.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in row} == set(EVENT_FIELDS)
    rows = [re.findall(r"`(\w+)`", line.split("|")[1]) for line in duty_part.splitlines() if line.startswith("| `")]
    # `except` stands in the row of `origin`; `duty` only where a file is laid over the record.
    assert {name for row in rows for name in row} == set(DUTY_FIELDS) - {"except", "duty"}
