from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from tariffs.model import Coverage, Duty, Event, Source, Undated, View, Void
from tariffs.stacking import across_the_board, deciding, path
from tariffs.vocabulary import KNOWN, Known

LAW = View()
STATED = View(known="stated")


def in_force(of: Duty, day: date, view: View) -> Event | None:
    return next((event for since, event in reversed(deciding(of, view)) if since <= day), None)


def level(
    effective: str,
    rate: str | None,
    *,
    enacted: str | None = None,
    stated: str | None = None,
    withdrawn: str | None = None,
    status: str = "law",
) -> Event:
    """Make an event; where only one of `enacted` and `stated` is given, a law was stated on the day it was enacted."""
    return Event(
        id=f"duty/{effective}/{rate}",
        duty="duty",
        effective=moment(effective) or Undated.OPEN,
        stated=moment(stated or enacted) or Undated.UNKNOWN,
        enacted=moment(enacted),
        grade="A",
        sources=(Source("a source"),),
        rate=None if rate is None else Decimal(rate),
        status=status,
        withdrawn=None if withdrawn is None else date.fromisoformat(withdrawn),
    )


def moment(text: str | None) -> date | Undated | None:
    if text in ("open", "unknown"):
        return Undated(text)
    return None if text is None else date.fromisoformat(text)


def duty(*events: Event, name: str = "duty", scope: str = "all_goods", void: str | None = None) -> Duty:
    return Duty(
        id=name,
        title=name,
        importer="US",
        origins=("CN",),
        authority="IEEPA",
        family="ieepa-reciprocal",
        scope=scope,
        covers="goods",
        events=events,
        void=None if void is None else Void(date.fromisoformat(void), "a court"),
    )


def on(day: str) -> date:
    return date.fromisoformat(day)


def levels(found: Duty, view: View = LAW) -> list[tuple[str, str]]:
    return [(str(day), "unknown" if value is None else str(value)) for day, value in path(found, view)]


# The Geneva truce, as EO 14298 and EO 14334 wrote it: 24 points come back after 90 days, unless an order moves the day.
TRUCE = duty(
    level("2025-05-14", "10", enacted="2025-05-12"),
    level("2025-08-12", "34", enacted="2025-05-12", withdrawn="2025-08-11"),
    level("2025-08-12", "10", enacted="2025-08-11"),
    level("2025-11-10", "34", enacted="2025-08-11"),
)


def test_pause_before_effect_moves_the_step() -> None:
    assert levels(TRUCE, View(on("2025-08-10"))) == [("2025-05-14", "10"), ("2025-08-12", "34")]
    assert levels(TRUCE, View(on("2025-08-11"))) == [("2025-05-14", "10"), ("2025-11-10", "34")]
    assert levels(TRUCE) == [("2025-05-14", "10"), ("2025-11-10", "34")]


def test_an_extension_decides_though_it_keeps_the_level() -> None:
    event = in_force(TRUCE, on("2025-08-12"), LAW)
    assert event is not None
    assert event.enacted == on("2025-08-11")


def test_withdrawn_on_the_day_itself_is_gone() -> None:
    single = duty(level("2025-04-09", "34", enacted="2025-04-02", withdrawn="2025-04-09"))
    assert levels(single, View(on("2025-04-08"))) == [("2025-04-09", "34")]
    assert levels(single, View(on("2025-04-09"))) == []
    assert levels(single) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_two_levels_for_one_day_the_later_known_decides_in_any_order_of_the_file(order: tuple[int, ...]) -> None:
    events = [
        level("2025-04-05", "10", enacted="2025-04-02"),
        level("2025-04-09", "34", enacted="2025-04-02"),
        level("2025-04-09", "84", enacted="2025-04-08"),
    ]
    found = duty(*(events[number] for number in order))
    assert levels(found) == [("2025-04-05", "10"), ("2025-04-09", "84")]
    assert levels(found, View(on("2025-04-07"))) == [("2025-04-05", "10"), ("2025-04-09", "34")]


def test_later_known_is_by_statement_under_known_stated() -> None:
    found = duty(
        level("2025-04-09", "34", stated="2025-04-08", enacted="2025-04-02"),
        level("2025-04-09", "84", stated="2025-04-07", enacted="2025-04-08"),
    )
    assert levels(found, STATED) == [("2025-04-09", "34")]
    assert levels(found, LAW) == [("2025-04-09", "84")]


def test_an_event_counts_from_the_day_of_its_act() -> None:
    single = duty(level("2025-02-04", "10", stated="2025-01-21", enacted="2025-02-01"))
    assert levels(single, View(on("2025-01-31"))) == []
    assert levels(single, View(on("2025-02-01"))) == [("2025-02-04", "10")]


def test_an_event_counts_from_its_statement_under_known_stated() -> None:
    single = duty(level("2025-02-04", "10", stated="2025-01-21", enacted="2025-02-01"))
    assert levels(single, View(on("2025-01-20"), "stated")) == []
    assert levels(single, View(on("2025-01-21"), "stated")) == [("2025-02-04", "10")]


@pytest.mark.parametrize("known", KNOWN)
def test_an_agreement_counts_from_its_statement(known: Known) -> None:
    single = duty(level("2027-01-10", "34", stated="2026-09-23", status="agreed"))
    assert levels(single, View(on("2026-09-22"), known)) == []
    assert levels(single, View(on("2026-09-23"), known)) == [("2027-01-10", "34")]


def test_a_threat_counts_by_statement_only_and_until_taken_back() -> None:
    threat = duty(level("2025-11-01", "100", stated="2025-10-10", withdrawn="2025-10-26", status="threat"))
    assert levels(threat, View(on("2025-10-15"))) == []
    assert levels(threat, View(on("2025-10-09"), "stated")) == []
    assert levels(threat, View(on("2025-10-10"), "stated")) == [("2025-11-01", "100")]
    assert levels(threat, View(on("2025-10-25"), "stated")) == [("2025-11-01", "100")]
    assert levels(threat, View(on("2025-10-26"), "stated")) == []
    assert levels(threat, STATED) == []


def test_a_threat_never_taken_back_stands_by_statement_and_never_by_law() -> None:
    threat = duty(level("2025-11-01", "100", stated="2025-10-10", status="threat"))
    assert levels(threat, STATED) == [("2025-11-01", "100")]
    assert levels(threat, LAW) == []


def test_an_act_of_unknown_date_counts_from_its_first_day_in_force() -> None:
    single = duty(level("2025-05-14", "10", stated="unknown", enacted="unknown"))
    for known in KNOWN:
        assert levels(single, View(on("2025-05-13"), known)) == []
        assert levels(single, View(on("2025-05-14"), known)) == [("2025-05-14", "10")]
    assert levels(single) == [("2025-05-14", "10")]


def test_a_retroactive_level_is_unseen_before_its_act_and_reaches_back_after_it() -> None:
    found = duty(
        level("2025-04-03", "25", enacted="2025-03-26"),
        level("2025-08-07", "15", enacted="2025-09-04"),
    )
    assert levels(found, View(on("2025-09-03"))) == [("2025-04-03", "25")]
    assert levels(found, View(on("2025-09-04"))) == [("2025-04-03", "25"), ("2025-08-07", "15")]


@pytest.mark.parametrize("day", ["open", "unknown"])
def test_an_event_without_a_day_is_never_placed_on_a_path(day: str) -> None:
    found = duty(level("2026-02-24", "10", enacted="2026-02-20"), level(day, "15", enacted="2026-02-21"))
    for view in (LAW, STATED, View(on("2026-03-01"))):
        assert levels(found, view) == [("2026-02-24", "10")]


def test_a_change_of_coverage_keeps_the_level() -> None:
    change = Event(
        id="duty/2025-04-20/coverage",
        duty="duty",
        effective=on("2025-04-20"),
        stated=on("2025-04-11"),
        enacted=on("2025-04-11"),
        grade="A",
        sources=(Source("a source"),),
        coverage=Coverage(leaving=("electronics",)),
    )
    found = duty(level("2025-04-10", "125", enacted="2025-04-09"), change)
    assert levels(found) == [("2025-04-10", "125")]
    event = in_force(found, on("2025-04-30"), LAW)
    assert event is not None
    assert event.rate == 125


def test_in_force_begins_on_the_effective_day() -> None:
    single = duty(level("2025-04-09", "84", enacted="2025-04-08"))
    event = in_force(single, on("2025-04-09"), LAW)
    assert in_force(single, on("2025-04-08"), LAW) is None
    assert event is not None
    assert event.rate == 84


def test_deciding_is_in_order_of_effect_whatever_the_order_of_the_file() -> None:
    shuffled = duty(*reversed(TRUCE.events))
    assert deciding(shuffled, LAW) == deciding(TRUCE, LAW)
    assert [day for day, _ in deciding(TRUCE, LAW)] == [on("2025-05-14"), on("2025-08-12"), on("2025-11-10")]


VOIDED = duty(level("2025-04-10", "125", enacted="2025-04-09"), void="2026-02-20")


def test_lawful_takes_a_void_duty_out_from_inception() -> None:
    assert levels(VOIDED) == [("2025-04-10", "125")]
    assert levels(VOIDED, View(basis="lawful")) == []
    assert in_force(VOIDED, on("2025-04-15"), View(basis="lawful")) is None


def test_lawful_before_the_ruling_still_counts_the_duty() -> None:
    assert levels(VOIDED, View(on("2026-02-19"), basis="lawful")) == [("2025-04-10", "125")]
    assert levels(VOIDED, View(on("2026-02-20"), basis="lawful")) == []
    assert levels(VOIDED, View(on("2026-02-20"))) == [("2025-04-10", "125")]


def test_lawful_leaves_other_duties_alone() -> None:
    other = duty(level("2018-09-24", "10", enacted="2018-09-21"), name="other")
    assert levels(other, View(basis="lawful")) == [("2018-09-24", "10")]


def test_an_unlisted_good_bears_the_all_goods_duties_and_no_other() -> None:
    general, listed, sector = (duty(name=scope, scope=scope) for scope in ("all_goods", "list", "sector"))
    assert across_the_board([listed, general, sector]) == (general,)


def test_of_two_levels_known_together_law_decides_whatever_the_order_of_the_file() -> None:
    law = level("2025-11-01", "30", enacted="2025-10-10")
    threat = level("2025-11-01", "130", stated="2025-10-10", status="threat")
    for order in ((law, threat), (threat, law)):
        assert levels(duty(*order), STATED) == [("2025-11-01", "30")]
