from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tariffs as tf
from tariffs.asking import packaged
from tariffs.errors import CoverageError, UnknownRateError, UsageError
from tariffs.measures import Measured, measure_of
from tariffs.model import Duty, Event, Quantity, Source, View, Void
from tariffs.stacking import DISPLACEMENTS, Displacement, whole_parts
from tariffs.steps import clip, less, value_on
from tariffs.vocabulary import BASES, KNOWN, Direction

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.steps import Steps
    from tariffs.vocabulary import Basis, Known

US_ON_CN = Direction("US", "CN")
BEGIN = packaged().release.covers_from


def on(day: str) -> date:
    return date.fromisoformat(day)


def duty(name: str, *levels: tuple[str, str | None, str]) -> Duty:
    """Make a duty of levels: first day, rate or None for unknown, day of the instrument."""
    events = tuple(
        Event(
            id=f"{name}/{day}/{rate}",
            duty=name,
            effective=on(day),
            stated=on(known),
            enacted=on(known),
            grade="A",
            sources=(Source("a source"),),
            rate=None if rate is None else Decimal(rate),
        )
        for day, rate, known in levels
    )
    return Duty(
        id=name,
        title=name,
        importer="US",
        origins=("CN",),
        authority="IEEPA",
        family="ieepa-reciprocal",
        scope="all_goods",
        covers="goods",
        events=events,
    )


def total_of(duties: list[Duty], start: str, end: str, view: View = View()) -> dict[str, Decimal | None]:  # noqa: B008  # frozen
    one = Measured(US_ON_CN, Quantity(), view, tuple(duties), whole_parts(duties, view))
    path = one.total(on(start), on(end))
    return {day: value_on(path, on(day)) for day in (start, end)}


VAGUE = duty("vague", ("2025-03-01", "5", "2025-02-20"), ("2025-06-01", None, "2025-05-20"), ("2025-09-01", "0", "2025-08-20"))
STEADY = duty("steady", ("2025-01-01", "10", "2024-12-20"))


def test_a_total_is_the_sum_of_its_duties_on_every_day() -> None:
    fentanyl = duty("fentanyl", ("2025-02-04", "10", "2025-02-01"), ("2025-03-04", "20", "2025-03-03"))
    reciprocal = duty("reciprocal", ("2025-04-05", "10", "2025-04-02"), ("2025-04-10", "125", "2025-04-09"))
    expected = {"2025-02-03": 0, "2025-02-04": 10, "2025-03-04": 20, "2025-04-04": 20, "2025-04-05": 30, "2025-04-10": 145}
    assert {day: total_of([fentanyl, reciprocal], day, "2025-12-31")[day] for day in expected} == expected


@pytest.mark.parametrize(
    ("start", "end"), [("2025-05-01", "2025-06-01"), ("2025-07-01", "2025-07-01"), ("2025-08-31", "2026-01-01")]
)
def test_an_unknown_live_level_refuses_the_sum_and_names_the_duty(start: str, end: str) -> None:
    with pytest.raises(UnknownRateError, match="the level of vague is not known from 2025-0"):
        total_of([STEADY, VAGUE], start, end)


@pytest.mark.parametrize(("start", "end", "total"), [("2025-03-01", "2025-05-31", 15), ("2025-09-01", "2026-01-01", 10)])
def test_an_unknown_level_outside_the_window_refuses_nothing(start: str, end: str, total: int) -> None:
    assert total_of([STEADY, VAGUE], start, end) == {start: total, end: total}


def test_an_unknown_level_not_yet_known_refuses_nothing() -> None:
    assert total_of([STEADY, VAGUE], "2025-07-01", "2025-07-31", View(on("2025-05-19")))["2025-07-31"] == 15


@pytest.mark.parametrize("direction", ["us_on_cn", "cn_on_us"])
def test_the_stack_of_an_unlisted_good_is_the_across_the_board_duty(direction: str) -> None:
    record = packaged()
    first, last = record.release.covers_from, record.release.known_through
    unlisted = measure_of(record, direction, Quantity("stack", good="unlisted"), View()).total(first, last)
    assert unlisted == measure_of(record, direction, Quantity(), View()).total(first, last)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"measure": "average"}, "average needs weights; one of: cn-imports-2017, piie-implied, simple-hs6"),
        ({"measure": "covered"}, "covered needs weights"),
        ({"measure": "stack"}, "stack needs good; one of: "),
        ({"weights": "piie-implied"}, "weights does not go with all_goods; it goes with average and covered"),
        ({"good": "smartphone"}, "good does not go with all_goods; it goes with stack"),
        ({"measure": "average", "weights": "piie-implied", "good": "laptop"}, "good does not go with average"),
        ({"measure": "average", "weights": "piie-implied", "mfn": True}, "an average has the MFN duties in it"),
        ({"mfn": True}, "mfn goes with stack"),
        ({"metal_share": 30}, "metal_share goes with stack"),
        ({"measure": "averge"}, "unknown measure 'averge'; did you mean 'average'"),
        ({"measure": "average", "weights": "peterson"}, "unknown weights 'peterson'"),
        ({"measure": "average", "weights": "piie_implied"}, "did you mean 'piie-implied'"),
        ({"measure": "stack", "good": "smartfone"}, "unknown good 'smartfone'; did you mean 'smartphone'"),
        ({"measure": "stack", "good": "soybeans"}, "soybeans is a good of cn_on_us, not of us_on_cn"),
        ({"measure": "stack", "good": "list-3", "mfn": True}, "list-3 has no one MFN rate; leave mfn out"),
        (
            {"measure": "stack", "good": "aluminium-derivative", "metal_share": 130},
            "found 130, expected a percentage",
        ),
        (
            {"measure": "stack", "good": "aluminium-derivative", "metal_share": -1},
            "found -1, expected a percentage",
        ),
        ({"measure": "stack", "good": "aluminium-derivative", "metal_share": 0.3}, "a fraction"),
        ({"measure": "stack", "good": "aluminium-derivative", "metal_share": "30"}, "found '30', expected a percentage"),
        ({"measure": "stack", "good": "aluminium-derivative", "metal_share": True}, "found True, expected a percentage"),
    ],
)
def test_what_does_not_go_together_is_refused_with_what_does(asked: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        tf.rate("us_on_cn", "2025-07-01", **asked)  # type: ignore[arg-type]  # what a tired person passes


def test_a_basis_that_does_not_cover_a_direction_says_which_it_covers() -> None:
    with pytest.raises(CoverageError, match="the weights cn-imports-2017 do not cover us_on_cn; they cover cn_on_us"):
        tf.series("us_on_cn", measure="average", weights="cn-imports-2017")


def test_the_rest_of_the_world_has_averages_and_no_record_of_duties() -> None:
    assert tf.rate("cn_on_row", "2025-12-31", measure="average", weights="piie-implied") == 6.5272
    with pytest.raises(CoverageError, match="cn_on_row: the record has no such duties; some weights have its average"):
        tf.rate("cn_on_row", "2025-12-31")


def test_a_stack_that_hangs_on_an_unknown_metal_share_is_refused_with_its_range() -> None:
    with pytest.raises(UsageError, match=r"aluminium-derivative: 55 to 95 on 2025-06-04, .* give metal_share"):
        tf.rate("us_on_cn", "2025-06-04", measure="stack", good="aluminium-derivative")


def test_a_series_whose_highest_alone_steps_is_refused_on_that_day() -> None:
    # 25 List 3 + 20 fentanyl on both days; from 12 March 2025 with 25 on whatever is metal (Proclamation 10895).
    with pytest.raises(UsageError, match=r"aluminium-derivative: 45 to 70 on 2025-03-12, .* give metal_share"):
        tf.series("us_on_cn", measure="stack", good="aluminium-derivative", start="2025-03-11", end="2025-03-12")


def test_the_range_over_metal_shares_is_that_of_its_ends() -> None:
    frame = tf.rates(["us_on_cn"], measure="stack", good="aluminium-derivative", start="2025-03-11", end="2026-04-06", freq="D")
    low, high = (frame[f"us_on_cn_stack_aluminium_derivative_{end}"] for end in ("low", "high"))
    # 25 List 3 + 20 fentanyl; with 25 on hardly any or on all of the value; from 4 June with 50, and 10 on the rest.
    assert (low["2025-03-11"], high["2025-03-11"]) == (45, 45)
    assert (low["2025-04-15"], high["2025-04-15"]) == (45, 70)
    assert (low["2025-06-04"], high["2025-06-04"]) == (55, 95)
    assert (low["2026-04-06"], high["2026-04-06"]) == (50, 50)
    for share in (1, 30, 77.5):
        given = tf.series(
            "us_on_cn",
            measure="stack",
            good="aluminium-derivative",
            metal_share=share,
            start="2025-03-11",
            end="2026-04-06",
            freq="D",
        )
        assert ((low <= given) & (given <= high)).all()


def test_where_no_day_hangs_on_the_metal_share_there_is_one_column() -> None:
    frame = tf.rates(["us_on_cn"], measure="stack", good="aluminium-derivative", start="2018-01-01", end="2025-03-11")
    assert list(frame.columns) == ["us_on_cn_stack_aluminium_derivative"]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({}, "us_on_cn"),
        ({"measure": "average", "weights": "piie-implied"}, "us_on_cn_average_piie_implied"),
        ({"measure": "covered", "weights": "piie-implied"}, "us_on_cn_covered_piie_implied"),
        ({"measure": "stack", "good": "electric-car"}, "us_on_cn_stack_electric_car"),
        ({"measure": "stack", "good": "electric-car", "mfn": True}, "us_on_cn_stack_electric_car_mfn"),
        (
            {"measure": "stack", "good": "aluminium-derivative", "metal_share": 12.5},
            "us_on_cn_stack_aluminium_derivative_metal12p5",
        ),
        ({"since": "2025-01-20"}, "us_on_cn_since_20250120"),
    ],
)
def test_the_name_of_a_series_says_what_it_is(asked: dict[str, object], name: str) -> None:
    found = tf.series("us_on_cn", start="2025-02-01", end="2025-12-31", **asked)  # type: ignore[arg-type]  # pairs of a table
    assert found.name == name
    assert str(found.name).isidentifier()


def test_points_since_a_day_are_the_level_less_that_of_the_day() -> None:
    found = tf.series("us_on_cn", since="2025-04-15", start="2025-04-01", end="2025-05-31", freq="D")
    assert (found["2025-04-01"], found["2025-04-15"], found["2025-05-14"]) == (-125, 0, -115)
    assert found.attrs["since"] == "2025-04-15"


def test_a_series_over_weights_ends_with_them() -> None:
    assert tf.series("us_on_cn", measure="average", weights="piie-implied", freq="D").index[-1].date() == on("2025-12-31")
    with pytest.raises(CoverageError, match="the weights piie-implied reach to 2025-12-31; found 2026-01-01"):
        tf.series("us_on_cn", measure="average", weights="piie-implied", end="2026-01-01")


def test_a_step_once_expected_that_weights_do_not_know_ends_the_series_before_it() -> None:
    # In the autumn of 2019 List 4B was to come on 15 December; no share of it is known.
    found = tf.series("us_on_cn", measure="average", weights="piie-implied", as_of="2019-09-15", freq="D")
    assert found.index[-1].date() == on("2019-12-14")
    with pytest.raises(CoverageError, match="do not know what share of trade s301-list-4b covers from 2019-12-15"):
        tf.series("us_on_cn", measure="average", weights="piie-implied", as_of="2019-09-15", end="2019-12-15")


AVERAGES = [(table.name, Quantity("average", basis)) for basis, tables in packaged().bases.items() for table in tables]
STACKS = [
    (where.name, Quantity("stack", good=good.id, metal_share=Decimal(share), mfn=bool(good.mfn)))
    for good in packaged().goods.values()
    for where in good.directions
    for share in (0, 30, 100)
]
EVERY = [(where.name, Quantity()) for where in packaged().directions] + STACKS
EVERY += [(name, of) for name, of in AVERAGES if name != "us_on_row"]  # published whole


def three(direction: str, quantity: Quantity, record: Catalog, **view: Any) -> tuple[Steps, Steps, Steps]:
    """Return a number as charged, as lawful, and its refundable part, on every day that the record or the weights know."""
    known = packaged().release.known_through
    measured = [measure_of(record, direction, quantity, View(basis=basis, **view)) for basis in BASES]
    first = max(one.first_day(record.release.covers_from) for one in measured)
    last = min(one.last_day(known, scheduled=False) for one in measured)
    charged, lawful, refundable = (clip(one.total(first, last), first, last) for one in measured)
    return charged, lawful, refundable


@pytest.mark.parametrize("quantity", EVERY, ids=lambda asked: asked[1].column(packaged().directions[0]) + asked[0])
def test_charged_less_lawful_is_refundable_to_the_last_digit_on_every_day(quantity: tuple[str, Quantity]) -> None:
    charged, lawful, refundable = three(*quantity, packaged())
    assert less(charged, lawful) == less(refundable, ())


@given(
    asked=st.sampled_from(EVERY),
    as_of=st.dates(BEGIN, packaged().release.known_through),
    known=st.sampled_from(KNOWN),
    since=st.none() | st.dates(BEGIN, date(2025, 2, 9)),
)
def test_charged_less_lawful_is_refundable_as_it_was_known_on_any_day(
    asked: tuple[str, Quantity], as_of: date, known: Known, since: date | None
) -> None:
    direction, quantity = asked
    try:
        charged, lawful, refundable = three(direction, replace(quantity, since=since), packaged(), as_of=as_of, known=known)
    except CoverageError:  # of some changes the weights have no number before all of them were known
        return
    assert less(charged, lawful) == less(refundable, ())
    if as_of < date(2026, 2, 20):
        assert less(refundable, ()) == ()


def test_what_is_no_sum_of_duties_has_no_refundable_part() -> None:
    with pytest.raises(UsageError, match="is not a sum of duties: no part of it is refundable by itself"):
        measure_of(packaged(), "us_on_cn", Quantity("covered", "piie-implied"), View(basis="refundable"))


@pytest.mark.parametrize("basis", ["lawful", "refundable"])
def test_of_an_average_published_whole_it_is_not_known_what_was_void(basis: Any) -> None:
    with pytest.raises(CoverageError, match="is known as a whole, as charged; what of it was void is not known"):
        measure_of(packaged(), "us_on_row", Quantity("average", "piie-implied"), View(basis=basis))


def held_void(record: Catalog, *names: str) -> Catalog:
    """Return a record in which a court held further duties void."""
    void = Void(on("2026-02-20"), "a court")
    return replace(record, duties=record.duties | {name: replace(record.duties[name], void=void) for name in names})


def test_a_lawful_duty_of_unknown_level_hides_nothing_that_is_refundable() -> None:
    record = replace(packaged(), duties=packaged().duties | {"vague": VAGUE})
    with pytest.raises(UnknownRateError, match="vague"):
        tf.rate("us_on_cn", "2025-07-01", catalog=record)
    assert tf.rate("us_on_cn", "2025-07-01", catalog=record, basis="refundable") == 30


@pytest.mark.parametrize("basis", ["lawful", "refundable"])
def test_of_duties_booked_together_the_void_ones_are_not_told_apart(basis: Basis) -> None:
    record = held_void(packaged(), "s232-steel")
    with pytest.raises(CoverageError, match=r"do not know what share of trade .*s232-steel"):
        tf.rate("us_on_cn", "2025-06-10", measure="average", weights="piie-implied", basis=basis, catalog=record)
    assert tf.explain("us_on_cn", "2025-06-10", measure="average", weights="piie-implied", catalog=record).refundable is None


def test_duties_booked_together_and_all_void_are_refundable_together() -> None:
    record = held_void(packaged(), "s232-softwood", "s232-furniture", "s232-cabinets")
    quantity = Quantity("average", "piie-implied")
    charged, lawful, refundable = three("us_on_cn", quantity, record)
    assert less(charged, lawful) == less(refundable, ())
    own = three("us_on_cn", quantity, packaged())[2]
    assert value_on(less(refundable, own), on("2025-12-31")) == Decimal("0.010")  # the row of the weights


def test_a_duty_that_a_void_one_displaced_is_due_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = Displacement(("ieepa-fentanyl",), "s301-lists", on("2025-02-04"), "a law of the test")
    monkeypatch.setattr("tariffs.burdens.DISPLACEMENTS", (*DISPLACEMENTS, rule))
    asked: dict[str, Any] = {"measure": "stack", "good": "list-3", "basis": "refundable"}
    answer = tf.explain("us_on_cn", "2025-06-01", **asked)
    assert answer.total == 5  # 30 were charged; without the void 30 the 25 of List 3 were due
    assert [entry.points for entry in answer.booked] == [-25]
    assert tf.changes("us_on_cn", end="2025-06-01", **asked)["points"].sum() == 5
