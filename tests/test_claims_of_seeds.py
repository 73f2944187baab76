from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import tariffs as tf
from tariffs.catalog import home
from tariffs.claims import broken, source_notes
from tariffs.errors import RecordError
from tariffs.model import Undated
from tariffs.reading.claims import WEEKDAYS, Check, Claim, SourceNote

SHARED = Path(__file__).parents[2] / "shared"
BLOOMBERG, TIMES = "bloomberg-2025-06-07", "new-york-times-2025-06-06"
RUN = 8
CALL = date(2025, 6, 5)


@cache
def catalog() -> tf.Catalog:
    return tf.load()


@cache
def notes() -> dict[str, SourceNote]:
    return source_notes()


def all_claims() -> list[tuple[str, Claim]]:
    return [(name, claim) for name, note in notes().items() for claim in note.claims]


def reported(claim: Claim) -> bool:
    note = SourceNote("title", "publisher", Undated.UNKNOWN, "", "about", (claim,))
    return bool(broken({"note": note}, catalog()))


def moved(check: Check) -> Check:
    """Return the check made false: a level one point higher, another weekday, or a date one day later."""
    if check.rate is not None:
        return replace(check, rate=check.rate + 1)
    if check.kind == "weekday":
        return replace(check, weekday=WEEKDAYS[check.day.weekday() - 1])
    return replace(check, day=check.day + timedelta(days=1))


def swapped(checks: tuple[Check, ...], place: int) -> tuple[Check, ...]:
    return (*checks[:place], moved(checks[place]), *checks[place + 1 :])


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub(r"['\u2019]", "", text.lower()))


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + RUN]) for start in range(len(found) - RUN + 1)}


def checks_of(name: str, kind: str) -> set[tuple[str, date, Decimal | None]]:
    claims = notes()[name].claims
    return {(check.subject, check.day, check.rate) for claim in claims for check in claim.claimed if check.kind == kind}


def about(subject: str, name: str) -> list[Claim]:
    return [claim for claim in notes()[name].claims if any(check.subject == subject for check in claim.claimed)]


def test_verdict_of_every_claim_is_borne_out() -> None:
    assert broken(notes(), catalog()) == []


def test_there_is_one_note_per_document() -> None:
    assert set(notes()) == {BLOOMBERG, TIMES}


def test_every_verdict_occurs() -> None:
    assert {claim.verdict for _, claim in all_claims()} == {"holds", "reservation", "contradicted"}


def test_every_kind_of_check_occurs() -> None:
    kinds = {check.kind for _, claim in all_claims() for check in (*claim.claimed, *claim.record)}
    assert kinds == {"rate", "event", "context", "weekday"}


def test_a_flipped_verdict_is_reported() -> None:
    for _, claim in all_claims():
        flipped = "holds" if claim.verdict == "contradicted" else "contradicted"
        assert reported(replace(claim, verdict=flipped)), claim.says


def test_a_contradicted_claim_does_not_pass_for_one_with_a_reservation() -> None:
    (claim,) = [claim for _, claim in all_claims() if claim.verdict == "contradicted"]
    assert reported(replace(claim, verdict="reservation"))


def test_a_report_names_file_line_and_claim() -> None:
    note = notes()[TIMES]
    wrong = replace(note.claims[0], verdict="holds")
    (problem,) = broken({TIMES: replace(note, claims=(wrong, *note.claims[1:]))}, catalog())
    assert problem.file == f"{TIMES}.yaml"
    assert problem.line == wrong.line > 0
    assert wrong.says in str(problem)


def test_every_check_of_a_claim_that_holds_carries_weight() -> None:
    for _, claim in all_claims():
        if claim.verdict != "contradicted":
            for place in range(len(claim.claimed)):
                assert reported(replace(claim, claimed=swapped(claim.claimed, place))), (claim.says, place)


def test_every_check_of_the_record_carries_weight() -> None:
    for _, claim in all_claims():
        for place in range(len(claim.record)):
            assert reported(replace(claim, record=swapped(claim.record, place))), (claim.says, place)


def test_a_check_on_an_event_that_the_record_lacks_is_reported() -> None:
    check = Check("event", "ieepa-reciprocal/2025-04-10/126", "effective", date(2025, 4, 10), None, "")
    assert reported(Claim("says", "contradicted", "why", (check,), (check,)))


def test_145_stands_in_early_april() -> None:
    # EO 14266, 90 FR 15625: 125 from 10 April 2025; 20 under the fentanyl order since 4 March.
    assert ("us_on_cn", date(2025, 4, 10), Decimal(145)) in checks_of(TIMES, "rate")


def test_145_as_a_minimum_holds_only_with_a_reservation() -> None:
    (claim,) = [claim for claim in notes()[TIMES].claims if "least" in claim.says]
    assert claim.verdict == "reservation"
    # Goods outside the reciprocal duty bore the fentanyl 20 alone.
    assert any(check.rate == Decimal(20) for check in claim.record)
    assert any(check.subject == "ieepa-reciprocal/2025-04-05/electronics-2025-04-11" for check in claim.record)


def test_125_answers_it_on_12_april() -> None:
    # SCTC Announcement 2025 No. 6.
    assert ("cn_on_us", date(2025, 4, 12), Decimal(125)) in checks_of(TIMES, "rate")


def test_geneva_rolls_back_from_145_to_30_and_from_125_to_10() -> None:
    # EO 14298 and SCTC Announcement 2025 No. 7, both in force on 14 May 2025.
    day_before, day = date(2025, 5, 13), date(2025, 5, 14)
    levels = checks_of(BLOOMBERG, "rate")
    assert {("us_on_cn", day_before, Decimal(145)), ("us_on_cn", day, Decimal(30))} <= levels
    assert {("cn_on_us", day_before, Decimal(125)), ("cn_on_us", day, Decimal(10))} <= levels


def test_the_wednesday_of_one_document_is_contradicted_by_calendar_and_by_the_other() -> None:
    (claim,) = [claim for claim in notes()[TIMES].claims if claim.verdict == "contradicted"]
    # 5 June 2025 was a Thursday: 1 June 2025 was a Sunday.
    assert [(check.day, check.weekday) for check in claim.claimed if check.kind == "weekday"] == [(date(2025, 6, 4), "Wednesday")]
    assert [(check.day, check.weekday) for check in claim.record if check.kind == "weekday"] == [(CALL, "Thursday")]
    other = [claim for claim in about("call-2025-06-05", BLOOMBERG) if claim.verdict == "holds"]
    assert any(check.day == CALL and check.weekday == "Thursday" for claim in other for check in claim.claimed)


def test_both_documents_and_the_record_put_the_call_at_an_hour_and_a_half() -> None:
    (title,) = [event.title for event in catalog().context if event.id == "call-2025-06-05"]
    assert "an hour and a half" in title
    assert any("hour and a half" in claim.says for claim in about("call-2025-06-05", BLOOMBERG))
    assert any("ninety minutes" in claim.says for claim in about("call-2025-06-05", TIMES))


@pytest.mark.parametrize(
    ("name", "subject", "day"),
    [
        (BLOOMBERG, "london-2025-06-09", date(2025, 6, 9)),
        (BLOOMBERG, "rare-earth-pledge-2025-06-06", date(2025, 6, 6)),
        (BLOOMBERG, "rare-earth-licences-2025-04-04", date(2025, 4, 4)),
        (BLOOMBERG, "huawei-chip-guidance-2025-05-13", date(2025, 5, 13)),
        (BLOOMBERG, "rare-earth-auto-licences-2025-06", date(2025, 6, 2)),
        (BLOOMBERG, "student-visas-2025-05-28", date(2025, 5, 28)),
        (TIMES, "call-2025-01-17", date(2025, 1, 17)),
        (TIMES, "geneva-2025-05-12", date(2025, 5, 12)),
        (TIMES, "rare-earth-licences-2025-04-04", date(2025, 4, 4)),
        (TIMES, "eda-licences-2025-05-23", date(2025, 5, 23)),
        (TIMES, "student-visas-2025-05-28", date(2025, 5, 28)),
    ],
)
def test_talks_controls_and_visas_are_among_the_claims(name: str, subject: str, day: date) -> None:
    assert (subject, day, None) in checks_of(name, "context")


def test_a_reservation_says_what_it_is() -> None:
    for _, claim in all_claims():
        if claim.verdict != "holds":
            assert claim.why, claim.says
            assert claim.record, claim.says


def test_all_that_is_wrong_with_the_notes_comes_in_one_run(tmp_path: Path) -> None:
    check = "[{weekday: {date: 2025-06-05, is: Thursday}}]"
    head = "title: T\npublisher: P\ndate: unknown\nabout: A\n"
    (tmp_path / "a.yaml").write_text(f"{head}claims:\n- {{says: S, verdict: maybe, claimed: {check}}}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(f"{head}claims:\n- {{says: S, verdict: reservation, claimed: {check}}}\n", encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        source_notes(tmp_path)
    # a: the verdict, and the reason and record that anything but "holds" owes; b: reason and record.
    assert [(problem.file, problem.line, problem.field) for problem in caught.value.problems if problem.file == "b.yaml"] == [
        ("b.yaml", 6, "record"),
        ("b.yaml", 6, "why"),
    ]
    assert ("a.yaml", 6, "verdict") in [(problem.file, problem.line, problem.field) for problem in caught.value.problems]


def test_no_text_of_the_documents_is_in_the_notes() -> None:
    documents = sorted((SHARED / "seeds").glob("*.txt"))
    if not documents:
        pytest.skip("the documents lie beside the checkout, and are not there")
    for path in documents:
        text = path.read_text(encoding="utf-8")
        assert len(runs(text)) > 100, "a document of some length"
        for name in notes():
            # The title and the address name the document; all the rest of the file must be ours.
            lines = (home("seeds") / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
            ours = "\n".join(line for line in lines if not line.startswith(("title: ", "url: ")))
            assert not runs(ours) & runs(text), name


def test_a_copied_run_of_words_would_be_found() -> None:
    assert runs("He said that \u201cXi\u2019s team\u201d would meet again in London soon.") & runs(
        "that xi's TEAM would meet\n  again in London, soon: he said"
    )
