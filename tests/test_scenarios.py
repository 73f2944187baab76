"""What-ifs laid over the record: the package's own by hand-typed values, and every way in which one can be wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import tariffs as tf
from tariffs.asking import packaged
from tariffs.errors import CoverageError, RecordError, UnknownNameError, UsageError
from tariffs.loading import load, scenarios
from tariffs.model import View
from tariffs.stacking import path
from tariffs.supposing import changes_nothing
from tariffs.vocabulary import KNOWN

if TYPE_CHECKING:
    from tariffs.catalog import Catalog

BAD = Path(__file__).parent / "bad_scenarios"
DAYS = ["2025-04-15", "2025-05-13", "2025-05-14", "2025-11-10", "2026-02-23", "2026-02-24", "2026-07-24"]
DAYS += ["2026-11-10", "2027-01-10"]
# By hand: 145 = 20 fentanyl + 125; the fentanyl duty falls to 10 on 10 November 2025 (EO 14357); both end on 24 February 2026
# (CSMS 67834313), when the 10 of Section 122 begin (Proclamation 11012); from 24 July 2026 the 12.5 of 91 FR 47318.
# Had IEEPA stood: 10 fentanyl + 10 reciprocal, and from 10 November 2026 the 24 points of EO 14358 more.
WORKED = {
    ("no-geneva", "us_on_cn"): (145, 145, 145, 135, 135, 10, 12.5, 12.5, 12.5),
    ("no-geneva", "cn_on_us"): (125,) * 9,
    ("ieepa-had-stood", "us_on_cn"): (145, 145, 30, 20, 20, 20, 20, 44, 44),
    ("ieepa-had-stood", "cn_on_us"): (125, 125, 10, 10, 10, 10, 10, 10, 34),
    ("truce-to-2028", "us_on_cn"): (145, 145, 30, 20, 20, 10, 12.5, 12.5, 12.5),
    ("truce-to-2028", "cn_on_us"): (125, 125, 10, 10, 10, 10, 10, 10, 10),
    ("24-points-back", "us_on_cn"): (145, 145, 30, 20, 20, 10, 12.5, 12.5, 12.5),
    ("24-points-back", "cn_on_us"): (125, 125, 10, 10, 10, 10, 10, 34, 34),
}
PHONE_DUTY = """\
duties:
- duty: s338-all
  title: A duty under Section 338
  importer: US
  origin: CN
  authority: S338
  family: other
  scope: all_goods
  covers: every good
  events:
  - {effective: 2026-12-01, rate: 50%}
"""


def laid(tmp_path: Path, text: str, name: str = "mine") -> Catalog:
    file = tmp_path / f"{name}.yaml"
    file.write_text(f"scenario: {name}\n{text}", encoding="utf-8")
    return load(file, on_top=True)


@pytest.mark.parametrize(("name", "direction"), WORKED)
def test_a_worked_scenario_has_the_rates_typed_by_hand(name: str, direction: str) -> None:
    record = load(name, on_top=True)
    assert tuple(tf.rate(direction, day, catalog=record) for day in DAYS) == WORKED[name, direction]


def test_the_truce_of_the_scenario_ends_on_10_january_2028() -> None:
    record = load("truce-to-2028", on_top=True)
    assert [tf.rate("cn_on_us", day, catalog=record) for day in ("2028-01-09", "2028-01-10")] == [10, 34]
    (event,) = [event for event in record.events.values() if event.file == "truce-to-2028.yaml"]
    assert (event.id, event.grade) == ("cn-reciprocal/2028-01-10/34", "C")
    assert event.act == "scenario truce-to-2028, in place of cn-reciprocal/2027-01-10/34"


def test_every_worked_scenario_is_tried_here_and_named_as_its_file() -> None:
    assert set(scenarios()) == {name for name, _ in WORKED}
    for name in scenarios():
        record = load(name, on_top=True)
        assert record.scenario == name
        assert all(scenario.about and len(scenario.title) <= 45 for scenario in record.laid)


def test_what_a_scenario_takes_back_was_never_known_either() -> None:
    record = load("no-geneva", on_top=True)
    for known in KNOWN:
        found = tf.series("us_on_cn", as_of="2025-06-01", known=known, start="2025-05-01", end="2026-01-01", catalog=record)
        assert found.to_list() == [145]


def test_a_ruling_that_a_scenario_upholds_the_duties_against_voids_none() -> None:
    record = load("ieepa-had-stood", on_top=True)
    assert tf.rate("us_on_cn", "2025-06-01", basis="lawful") == 0
    assert tf.rate("us_on_cn", "2025-06-01", basis="lawful", catalog=record) == 30


def test_stacks_and_averages_follow_a_scenario() -> None:
    record = load("no-geneva", on_top=True)
    # 25 List 3 + 20 fentanyl + 125 reciprocal on 1 June 2025; a smartphone left the reciprocal duty in April 2025.
    asked: dict[str, Any] = {"measure": "stack", "catalog": record}
    assert tf.rate("us_on_cn", "2025-06-01", good="list-3", **asked) == 170
    assert tf.rate("us_on_cn", "2025-06-01", good="smartphone", **asked) == 20
    ours = tf.rate("us_on_cn", "2025-06-01", measure="average", weights="piie-implied")
    theirs = tf.rate("us_on_cn", "2025-06-01", measure="average", weights="piie-implied", catalog=record)
    # 115 points more on the share that bears the reciprocal duty.
    share = tf.changes("us_on_cn", measure="average", weights="piie-implied", start="2025-05-10", end="2025-05-14")
    assert theirs - ours == pytest.approx(-share.set_index("events")["points"]["ieepa-reciprocal/2025-05-14/10"])


def test_one_line_adds_a_level_that_is_law_on_its_day(tmp_path: Path) -> None:
    record = laid(tmp_path, "add:\n- {duty: ieepa-fentanyl, effective: 2025-06-01, rate: 40%}\n")
    event = record.events["ieepa-fentanyl/2025-06-01/40"]
    assert (event.stated, event.enacted, event.status, event.grade) == (date(2025, 6, 1), date(2025, 6, 1), "law", "C")
    assert (event.act, event.sources[0].title) == ("scenario mine", "scenario mine")
    assert tf.rate("us_on_cn", "2025-06-01", catalog=record) == 50  # with the 10 of the truce


def test_what_is_stated_of_an_addition_counts_from_then(tmp_path: Path) -> None:
    text = "add:\n- {duty: ieepa-fentanyl, effective: 2025-07-01, stated: 2025-06-01T18:00-04:00, rate: 40%}\n"
    record = laid(tmp_path, text)
    event = record.events["ieepa-fentanyl/2025-07-01/40"]
    assert (event.stated, event.enacted) == (date(2025, 6, 1), date(2025, 6, 1))
    asked: dict[str, Any] = {"start": "2025-07-01", "end": "2025-07-01", "catalog": record}
    assert [tf.series("us_on_cn", as_of=day, **asked).item() for day in ("2025-05-31", "2025-06-01")] == [30, 50]


def test_a_new_duty_may_be_supposed(tmp_path: Path) -> None:
    record = laid(tmp_path, PHONE_DUTY)
    assert [tf.rate("us_on_cn", day, catalog=record) for day in ("2026-11-30", "2026-12-01")] == [12.5, 62.5]


def test_striking_an_authority_down_ends_its_duties_and_what_was_to_come(tmp_path: Path) -> None:
    record = laid(tmp_path, "strike_down:\n- {authority: IEEPA, from: 2025-05-29}\n")
    # Fentanyl 20 and reciprocal 10 end; the 24 points of 12 August never come.
    assert [tf.rate("us_on_cn", day, catalog=record) for day in ("2025-05-28", "2025-05-29", "2025-08-12")] == [30, 0, 0]
    assert tf.rate("us_on_cn", "2026-03-01", catalog=record) == 10  # Section 122 stays
    assert tf.rate("cn_on_us", "2025-06-01", catalog=record) == 10  # RETALIATION is another authority
    seen = tf.series("us_on_cn", as_of="2025-05-28", start="2025-05-28", end="2025-09-01", catalog=record)
    assert seen.to_list() == [30, 54]  # nobody knew


def test_a_strike_may_be_known_before_its_day(tmp_path: Path) -> None:
    record = laid(tmp_path, "strike_down:\n- {family: ieepa-reciprocal, from: 2025-06-10, stated: 2025-05-28}\n")
    seen = tf.series("us_on_cn", as_of="2025-05-28", start="2025-05-28", end="2025-09-01", catalog=record)
    assert (seen.to_list(), str(seen.index[1].date())) == ([30, 20], "2025-06-10")


def test_a_changed_level_keeps_its_day(tmp_path: Path) -> None:
    record = laid(tmp_path, "change:\n- {event: ieepa-reciprocal/2025-04-10/125, rate: 50%}\n")
    assert [tf.rate("us_on_cn", day, catalog=record) for day in ("2025-04-09", "2025-04-10", "2025-05-14")] == [104, 70, 30]
    assert record.events["ieepa-reciprocal/2025-04-10/125"].withdrawn_by == "scenario mine"
    assert "ieepa-reciprocal/2025-04-10/50" in record.events


def test_a_change_of_when_it_was_known_keeps_its_id(tmp_path: Path) -> None:
    record = laid(tmp_path, "change:\n- {event: cn-reciprocal/2025-04-12/125, stated: 2025-04-10, enacted: 2025-04-10}\n")
    seen = tf.series("cn_on_us", as_of="2025-04-10", start="2025-04-12", end="2025-04-12", catalog=record)
    assert seen.item() == 125


def test_a_change_of_coverage_may_be_taken_back(tmp_path: Path) -> None:
    record = laid(tmp_path, "withdraw: [ieepa-reciprocal/2025-04-05/electronics-2025-04-11]\n")
    phone: dict[str, Any] = {"measure": "stack", "good": "smartphone"}
    assert tf.rate("us_on_cn", "2025-04-15", **phone) == 20
    assert tf.rate("us_on_cn", "2025-04-15", **phone, catalog=record) == 145


def test_a_change_of_coverage_on_another_day_is_not_known_to_weights(tmp_path: Path) -> None:
    change = "{event: ieepa-reciprocal/2025-09-08/bullion, effective: 2025-10-01, stated: 2025-09-20, enacted: 2025-09-20}"
    record = laid(tmp_path, f"change:\n- {change}\n")
    asked: dict[str, Any] = {"measure": "average", "weights": "piie-implied", "catalog": record}
    assert tf.rate("us_on_cn", "2025-09-30", **asked) > 0
    with pytest.raises(CoverageError, match="do not know what share of trade ieepa-reciprocal covers from 2025-10-01"):
        tf.rate("us_on_cn", "2025-10-01", **asked)


def test_a_scenario_may_lie_over_another(tmp_path: Path) -> None:
    record = laid(tmp_path, "base: ieepa-had-stood\nadd:\n- {duty: ieepa-fentanyl, effective: 2026-12-01, rate: 30%}\n")
    assert record.scenario == "ieepa-had-stood-and-mine"
    assert record.beneath == packaged()
    # 30 fentanyl, 10 reciprocal and from 10 November 2026 the 24 points of EO 14358.
    assert [tf.rate("us_on_cn", day, catalog=record) for day in ("2026-10-09", "2026-11-30", "2026-12-01")] == [20, 44, 64]


def test_upholding_alone_leaves_the_end_and_says_so(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="is upheld, and ends all the same") as said:
        record = laid(tmp_path, "uphold: [IEEPA]\n")
    assert any(
        "ieepa-fentanyl is upheld, and ends all the same: withdraw ieepa-fentanyl/2026-02-24/0 too" in str(one.message)
        for one in said
    )
    assert tf.rate("us_on_cn", "2026-03-01", catalog=record) == 10


def test_what_is_supposed_of_days_ahead_is_known_today(tmp_path: Path) -> None:
    record = laid(tmp_path, "add:\n- {duty: ieepa-fentanyl, effective: 2026-12-01, rate: 30%}\n")
    asked: dict[str, Any] = {"start": "2026-10-01", "end": "2026-12-31", "catalog": record}
    assert tf.series("us_on_cn", as_of="2026-10-09", **asked).to_list() == [12.5, 42.5]
    assert tf.series("us_on_cn", as_of="2026-10-08", **asked).to_list() == [12.5]


def test_a_series_that_ends_before_a_supposed_step_says_so() -> None:
    record = load("truce-to-2028", on_top=True)
    later = "supposed for days after 2026-10-09: 2028-01-10; a later end shows them"
    assert tf.series("cn_on_us", catalog=record).attrs["later"] == later
    assert "later" not in tf.series("cn_on_us", end="2028-02-01", catalog=record).attrs
    assert "later" not in tf.series("cn_on_us").attrs


def test_what_happened_can_be_supposed_away_too() -> None:
    assert "geneva-2025-05-12" in {event.id for event in packaged().context}
    assert "geneva-2025-05-12" not in {event.id for event in load("no-geneva", on_top=True).context}


def test_a_file_that_forgets_its_name_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("withdraw: [cn-reciprocal/2027-01-10/34]\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"x\.yaml:1: scenario: is missing"):
        load(tmp_path / "x.yaml", on_top=True)


def test_a_name_in_place_of_a_record_is_refused_with_the_way() -> None:
    with pytest.raises(UsageError, match=r"catalog: found 'no-geneva', expected a record, such as tf\.load\('no-geneva', on_top"):
        tf.series("us_on_cn", catalog="no-geneva")  # type: ignore[arg-type]


def test_the_record_itself_stays_as_it_is() -> None:
    before = tf.rate("us_on_cn", "2025-06-01")
    record = load("no-geneva", on_top=True)
    assert tf.rate("us_on_cn", "2025-06-01") == before == 30
    assert record.beneath == packaged()
    assert packaged().scenario == ""


def test_the_name_goes_with_every_number() -> None:
    record = load("no-geneva", on_top=True)
    assert record.source_line == "tariffs, data version 2026.10.09, scenario no-geneva, checked through 2026-10-09"
    for frame in (
        tf.series("us_on_cn", catalog=record),
        tf.table("us_on_cn", catalog=record),
        tf.events("us_on_cn", catalog=record),
        tf.surprises("us_on_cn", catalog=record),
        tf.binding("us_on_cn", voyage_days=15, catalog=record),
    ):
        assert frame.attrs["scenario"] == "no-geneva"
    assert "scenario" not in tf.series("us_on_cn").attrs
    answer = tf.explain("us_on_cn", "2025-06-01", catalog=record)
    assert str(answer).splitlines()[2] == "Scenario no-geneva: no Geneva; not the record."
    assert answer.to_dict()["scenario"] == "no-geneva"
    assert "scenario no-geneva" in tf.cite("us_on_cn", catalog=record)


def test_a_scenario_that_changes_nothing_says_so(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match=r"mine\.yaml: changes nothing; every rate is as recorded"):
        laid(tmp_path, "add:\n- {duty: ieepa-fentanyl, effective: 2025-06-01, rate: 20%}\n")
    with pytest.warns(UserWarning, match="changes nothing"):
        laid(tmp_path, "withdraw: [ieepa-reciprocal/open/0]\n")


def test_one_that_changes_only_what_was_threatened_changes_something(tmp_path: Path) -> None:
    record = laid(
        tmp_path, "add:\n- {duty: ieepa-threat-100, effective: 2027-05-01, stated: 2026-10-01, status: threat, rate: 50%}\n"
    )
    assert not changes_nothing(packaged().duties, record.duties)
    duty = record.duty("ieepa-threat-100")
    assert (path(duty, View(known="law")), len(path(duty, View(known="stated")))) == ((), 1)


# Line, field, and what is said; the line is the block's where a field is missing.
REFUSALS = {
    "supposes-nothing.yaml": (1, "scenario", "supposes nothing; expected one of: add, change, withdraw, restore, "),
    "withdraws-an-unknown-event.yaml": (2, "withdraw", "unknown event 'cn-reciprocal/2027-01-10/35'; did you mean"),
    "unknown-operation.yaml": (2, "withdraws", "unknown field; did you mean 'withdraw'?"),
    "withdraws-fields.yaml": (2, "withdraw", "found a list or fields, expected a name"),
    "withdraws-an-empty-list.yaml": (2, "withdraw", "is empty"),
    "adds-a-text.yaml": (2, "add", "found a text or list, expected fields"),
    "adds-to-an-unknown-duty.yaml": (3, "duty", "unknown duty 'ieepa-fentanil'; did you mean 'ieepa-fentanyl'?"),
    "adds-a-rate-without-sign.yaml": (3, "rate", "found '5', expected a level with its percent sign"),
    "adds-on-a-day-written-with-slashes.yaml": (3, "effective", "found '2026/12/01', expected a date as YYYY-MM-DD"),
    "adds-an-open-event-that-nobody-stated.yaml": (3, "stated", "is missing"),
    "adds-beside-a-level.yaml": (3, "rate", "a second live level on 2025-03-04; the first is ieepa-fentanyl/2025-03-04/20"),
    "adds-what-the-record-has.yaml": (
        3,
        "effective",
        "ieepa-fentanyl/2025-03-04/20 stands in the record; change it",
    ),
    "adds-what-was-withdrawn.yaml": (3, "effective", "cn-reciprocal/2026-11-10/34 stands in the record; restore it"),
    "adds-before-the-record.yaml": (3, "effective", "2017-03-04 is before the record begins, 2018-01-01"),
    "restores-what-stands.yaml": (2, "restore", "ieepa-fentanyl/2025-03-04/20 was never withdrawn"),
    "withdraws-and-changes.yaml": (4, "event", "ieepa-fentanyl/2025-03-04/20 is named twice; first on line 2"),
    "restores-beside-a-level.yaml": (2, "rate", "a second live level on 2026-11-10"),
    "changes-nothing-of-an-event.yaml": (
        3,
        "event",
        "changes nothing; expected one of: effective, rate, stated",
    ),
    "changes-the-rate-of-a-coverage.yaml": (
        3,
        "rate",
        "ieepa-reciprocal/2025-09-08/bullion changes what ieepa-reciprocal covers",
    ),
    "changes-to-before-it-was-enacted.yaml": (3, "effective", "2025-02-10 is before enacted 2025-03-03"),
    "changes-into-what-was-withdrawn.yaml": (3, "effective", "ieepa-reciprocal/2025-04-09/34 stands in the record; restore it"),
    "strikes-an-unknown-authority.yaml": (3, "authority", "unknown authority 'IEEPAA'; did you mean 'IEEPA'?"),
    "strikes-an-unknown-duty.yaml": (3, "duty", "unknown duty 'ieepa-fentanil'; did you mean 'ieepa-fentanyl'?"),
    "strikes-an-unknown-family.yaml": (3, "family", "unknown family 'ieepa-fentanil'; did you mean 'ieepa-fentanyl'?"),
    "strikes-nothing-named.yaml": (3, "strike_down", "expected one of: authority, family, duty"),
    "strikes-what-has-ended.yaml": (3, "strike_down", "no duty of IEEPA is in force or to come on 2026-06-01"),
    "strikes-before-it-is-stated.yaml": (3, "stated", "2025-06-02 is after from 2025-06-01"),
    "strikes-and-adds.yaml": (
        3,
        "strike_down",
        "ieepa-fentanyl/2025-12-01/30 is supposed to come after IEEPA",
    ),
    "upholds-an-unknown-authority.yaml": (2, "uphold", "unknown authority 'IEPA'; did you mean 'IEEPA'?"),
    "upholds-what-no-ruling-voids.yaml": (2, "uphold", "no ruling voids a duty of S301"),
    "brings-a-duty-of-the-record.yaml": (3, "duty", "ieepa-fentanyl is a duty of the record; add events to it, or name another"),
    "brings-a-duty-without-a-name.yaml": (3, "duty", "is missing"),
    "brings-a-duty-of-an-unknown-family.yaml": (8, "family", "unknown family 'others'; did you mean 'other'?"),
    "lies-over-an-unknown-one.yaml": (2, "base", "unknown scenario 'ieepa-had-stod'; did you mean 'ieepa-had-stood'?"),
    "name-with-a-space.yaml": (1, "scenario", "found 'No Geneva', expected small letters, digits and hyphens"),
}


def test_every_bad_scenario_has_a_row_and_every_row_a_file() -> None:
    assert {path.name for path in BAD.iterdir()} == set(REFUSALS)


@pytest.mark.parametrize("name", REFUSALS)
def test_what_contradicts_itself_or_the_record_is_refused_with_its_place(name: str) -> None:
    line, field, said = REFUSALS[name]
    with pytest.raises(RecordError) as caught:
        load(BAD / name, on_top=True)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.field) == (name, line, field)
    assert said in problem.message


def test_a_misspelt_scenario_gets_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown scenario 'no-genova'; did you mean 'no-geneva'\?"):
        load("no-genova", on_top=True)
