from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tariffs.model import Coverage, Duty, Event, Source, Undated, View, Void
from tariffs.vocabulary import Direction

EVENT = Event(
    id="duty/2025-04-09/34",
    duty="duty",
    effective=date(2025, 4, 9),
    stated=date(2025, 4, 2),
    enacted=date(2025, 4, 3),
    grade="A",
    sources=(Source("90 FR 15041"),),
    rate=Decimal(34),
)
DUTY = Duty(
    id="duty",
    title="A duty",
    importer="US",
    origins=("CN", "HK"),
    authority="IEEPA",
    family="ieepa-reciprocal",
    scope="all_goods",
    covers="every good",
    events=(EVENT,),
)


@pytest.mark.parametrize("value", [EVENT, DUTY, View(), Source("x"), Coverage(), Void(date(2026, 2, 20), "a court")])
def test_values_of_the_record_cannot_be_changed(value: Any) -> None:
    for field in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, None)


def test_two_events_are_equal_wherever_they_were_read() -> None:
    assert replace(EVENT, file="a.yaml", line=3) == EVENT
    assert replace(EVENT, rate=Decimal(84)) != EVENT
    assert replace(DUTY, file="a.yaml", line=3) == DUTY


def test_a_law_is_known_from_its_act_or_from_its_statement() -> None:
    assert EVENT.known_from("law") == date(2025, 4, 3)
    assert EVENT.known_from("stated") == date(2025, 4, 2)


def test_a_law_of_unknown_date_is_known_on_its_first_day() -> None:
    undated = replace(EVENT, enacted=Undated.UNKNOWN)
    assert undated.known_from("law") == date(2025, 4, 9)
    assert undated.known_from("stated") == date(2025, 4, 2)


def test_a_law_of_unknown_statement_is_known_by_its_act() -> None:
    assert replace(EVENT, stated=Undated.UNKNOWN).known_from("stated") == date(2025, 4, 3)


def test_a_law_without_any_day_is_never_known() -> None:
    nowhere = replace(EVENT, effective=Undated.UNKNOWN, stated=Undated.UNKNOWN, enacted=Undated.UNKNOWN)
    assert nowhere.known_from("law") is None
    assert nowhere.known_from("stated") is None
    assert not View().counts(nowhere)


def test_an_agreement_is_known_from_its_statement() -> None:
    agreed = replace(EVENT, status="agreed", enacted=None)
    assert agreed.known_from("law") == agreed.known_from("stated") == date(2025, 4, 2)


def test_a_threat_is_never_law() -> None:
    threat = replace(EVENT, status="threat", enacted=None)
    assert threat.known_from("law") is None
    assert threat.known_from("stated") == date(2025, 4, 2)
    assert replace(threat, stated=Undated.UNKNOWN).known_from("stated") is None


def test_an_event_with_coverage_sets_no_level() -> None:
    assert EVENT.is_level
    assert replace(EVENT, rate=None).is_level  # a level that no source gives
    assert not replace(EVENT, rate=None, coverage=Coverage(leaving=("bullion",))).is_level


@pytest.mark.parametrize(
    ("as_of", "counts"),
    [("2025-04-02", False), ("2025-04-03", True), ("2025-04-07", True), ("2025-04-08", False), ("2025-05-01", False)],
)
def test_an_event_counts_from_known_until_the_day_it_is_withdrawn(as_of: str, counts: bool) -> None:
    withdrawn = replace(EVENT, withdrawn=date(2025, 4, 8))
    assert View(date.fromisoformat(as_of)).counts(withdrawn) is counts


def test_without_a_day_only_what_still_stands_counts() -> None:
    assert View().counts(EVENT)
    assert not View().counts(replace(EVENT, withdrawn=date(2025, 4, 8)))


@pytest.mark.parametrize(
    ("view", "counts"),
    [
        (View(), True),
        (View(date(2026, 2, 21)), True),
        (View(basis="lawful"), False),
        (View(date(2026, 2, 19), basis="lawful"), True),
        (View(date(2026, 2, 20), basis="lawful"), False),
    ],
)
def test_a_void_duty_counts_as_charged_and_as_lawful_until_the_ruling(view: View, counts: bool) -> None:
    void = replace(DUTY, void=Void(date(2026, 2, 20), "Learning Resources v. Trump"))
    assert view.counts_duty(void) is counts
    assert view.counts_duty(DUTY)


@pytest.mark.parametrize(("as_of", "counts"), [(None, True), (date(2026, 2, 19), False), (date(2026, 2, 20), True)])
def test_of_what_is_refundable_a_duty_counts_from_the_ruling_and_no_other_ever(as_of: date | None, counts: bool) -> None:
    void = replace(DUTY, void=Void(date(2026, 2, 20), "Learning Resources v. Trump"))
    view = View(as_of, basis="refundable")
    assert view.counts_duty(void) is counts
    assert not view.counts_duty(DUTY)


@pytest.mark.parametrize(
    ("importer", "origin", "bites"),
    [("US", "CN", True), ("US", "HK", True), ("US", "MO", False), ("CN", "US", False), ("EU", "CN", False)],
)
def test_a_duty_bites_on_its_origins_into_its_importer(importer: str, origin: str, bites: bool) -> None:
    assert DUTY.bites(Direction(importer, origin)) is bites


@pytest.mark.parametrize(("origin", "bites"), [("CN", True), ("JP", True), ("CA", False), ("MX", False)])
def test_a_duty_on_all_origins_spares_the_excepted(origin: str, bites: bool) -> None:
    general = replace(DUTY, origins=("ALL",), excepted=("CA", "MX"))
    assert general.bites(Direction("US", origin)) is bites
    assert not general.bites(Direction("CN", origin))
