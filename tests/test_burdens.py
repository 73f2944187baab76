from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tariffs as tf
from tariffs.asking import packaged
from tariffs.burdens import good_parts
from tariffs.errors import UnknownRateError
from tariffs.measures import Measured
from tariffs.model import Bearing, Coverage, Duty, Event, Good, Quantity, Source, View
from tariffs.steps import add, value_on
from tariffs.vocabulary import Direction

US_ON_CN = Direction("US", "CN")
DAY = date(2025, 7, 1)


def event(duty: str, rate: str | None, *, day: date = date(2025, 6, 10), base: str = "value", floor: bool = False) -> Event:
    return Event(
        id=f"{duty}/{day}/{rate}",
        duty=duty,
        effective=day,
        stated=day,
        enacted=day,
        grade="A",
        sources=(Source("a source"),),
        rate=None if rate is None else Decimal(rate),
        base=base,
        including_mfn=floor,
    )


def coverage(duty: str, slug: str, day: date, base: str = "value") -> Event:
    return Event(
        id=f"{duty}/{day}/{slug}",
        duty=duty,
        effective=day,
        stated=day,
        enacted=day,
        grade="A",
        sources=(Source("a source"),),
        coverage=Coverage(entering=(slug,)),
        base=base,
    )


def duty(name: str, family: str, *events: Event, scope: str = "list") -> Duty:
    return Duty(
        id=name,
        title=name,
        importer="US",
        origins=("CN",),
        authority="S232",
        family=family,
        scope=scope,
        covers="goods",
        events=events,
    )


def good(*bears: Bearing, mfn: str = "") -> Good:
    return Good(
        id="thing",
        title="Thing",
        about="a thing",
        directions=(US_ON_CN,),
        lines="",
        mfn=(("", Decimal(mfn)),) if mfn else (),
        bears=bears,
        grade="A",
        sources=(Source("a source"),),
    )


def bears(*names: str) -> tuple[Bearing, ...]:
    return tuple(Bearing(name, at_first=True) for name in names)


def borne(duties: list[Duty], kind: Good, day: date = DAY, metal: str = "100") -> Decimal | None:
    return value_on(add(part.points for part in good_parts(duties, kind, View(), Decimal(metal))), day)


RECIPROCAL = duty("reciprocal", "ieepa-reciprocal", event("reciprocal", "10"), scope="all_goods")
METALS = duty("steel", "s232-metals", event("steel", "50", base="metal_content"))
CARS = duty("cars", "s232-vehicles", event("cars", "25"))
LIST = duty("list", "s301-lists", event("list", "25"))
REVIEW = duty("review", "s301-review", event("review", "100"))


def test_a_good_bears_the_duties_it_is_named_under_and_those_on_all_goods() -> None:
    assert borne([RECIPROCAL, LIST], good()) == 10
    assert borne([RECIPROCAL, LIST], good(*bears("list"))) == 35


@pytest.mark.parametrize(("metal", "total"), [("100", "50"), ("30", "22"), ("0", "10")])
def test_metal_displaces_on_its_content_alone(metal: str, total: str) -> None:
    # 50 on the metal, 10 on the rest.
    assert borne([RECIPROCAL, METALS], good(*bears("steel")), metal=metal) == Decimal(total)


def test_a_duty_on_the_full_value_displaces_in_full() -> None:
    assert borne([RECIPROCAL, CARS], good(*bears("cars"))) == 25


def test_cars_displace_metals_and_both_the_reciprocal_duty_once() -> None:
    assert borne([RECIPROCAL, METALS, CARS], good(*bears("steel", "cars")), metal="30") == 25


def test_a_review_heading_replaces_its_list() -> None:
    assert borne([LIST, REVIEW], good(*bears("list", "review"))) == 100


def test_a_duty_at_0_displaces_nothing() -> None:
    ended = duty("cars", "s232-vehicles", event("cars", "25"), event("cars", "0", day=date(2025, 6, 20)))
    assert borne([RECIPROCAL, ended], good(*bears("cars")), date(2025, 6, 19)) == 25
    assert borne([RECIPROCAL, ended], good(*bears("cars")), date(2025, 6, 20)) == 10


def test_before_its_first_day_a_duty_displaces_nothing() -> None:
    assert (
        borne(
            [RECIPROCAL, duty("cars", "s232-vehicles", event("cars", "25", day=date(2025, 6, 15)))],
            good(*bears("cars")),
            date(2025, 6, 14),
        )
        == 10
    )


def test_a_change_of_coverage_takes_a_good_in_and_brings_its_own_base() -> None:
    entry = coverage("steel", "appliances", date(2025, 6, 23), base="metal_content")
    wide = duty("steel", "s232-metals", event("steel", "50"), entry)
    kind = good(Bearing("steel", at_first=False, entering=(entry.id,)))
    assert borne([RECIPROCAL, wide], kind, date(2025, 6, 22), metal="30") == 10
    assert borne([RECIPROCAL, wide], kind, date(2025, 6, 23), metal="30") == 22


FLOOR = duty("annex", "s232-metals", event("annex", "15", floor=True))


@pytest.mark.parametrize(("mfn", "added"), [("4.2", "10.8"), ("15", "0"), ("20", "0")])
def test_a_floor_adds_what_is_missing_to_it(mfn: str, added: str) -> None:
    assert borne([FLOOR], good(*bears("annex"), mfn=mfn)) == Decimal(added)


def test_a_floor_on_a_good_without_an_mfn_rate_is_refused_with_the_reason() -> None:
    kind = good(*bears("annex"))
    parts = good_parts([FLOOR], kind, View(), Decimal(100))
    one = Measured(US_ON_CN, Quantity("stack", good="thing"), View(), (FLOOR,), parts, good=kind)
    with pytest.raises(UnknownRateError, match="of annex, 15 is a total with MFN in it, and thing has no MFN rate"):
        one.total(DAY, DAY)


def test_an_unknown_level_refuses_the_stack_of_a_good_that_bears_it() -> None:
    chips, duties = good(*bears("s301-review-semiconductors")), packaged().bearing(US_ON_CN)
    parts = good_parts(duties, chips, View(), Decimal(100))
    one = Measured(US_ON_CN, Quantity("stack", good="thing"), View(), duties, parts, good=chips)
    with pytest.raises(UnknownRateError, match="the level of s301-review-semiconductors is not known from 2027-06-23"):
        one.total(DAY, date(2027, 6, 23))


@given(
    rates=st.lists(st.decimals(0, 200, places=1), min_size=1, max_size=5),
    metal=st.decimals(1, 100, places=0),
    order=st.randoms(use_true_random=False),
)
def test_order_and_duties_at_0_change_nothing(rates: list[Decimal], metal: Decimal, order: object) -> None:
    families = ["ieepa-reciprocal", "s232-metals", "s232-vehicles", "s301-lists", "s301-review"]
    duties = [duty(f"d{number}", families[number], event(f"d{number}", str(rate))) for number, rate in enumerate(rates)]
    kind = good(*bears(*(one.id for one in duties), "nothing"))
    total = borne(duties, kind, metal=str(metal))
    idle = duty("nothing", "s232-wood", event("nothing", "0"))
    turned = [*duties, idle]
    order.shuffle(turned)  # type: ignore[attr-defined]  # a random.Random
    assert borne(turned, kind, metal=str(metal)) == total
    assert total is not None
    assert 0 <= total <= sum(rates)


@pytest.mark.parametrize("name", list(packaged().goods))
@pytest.mark.parametrize("by", ["duty", "family", "authority"])
def test_the_parts_of_a_stack_add_up_on_every_day(name: str, by: str) -> None:
    kind = packaged().goods[name]
    share = 40 if name == "aluminium-derivative" else 100 if name in ("car-bumper", "machining-centre") else None
    for direction in kind.directions:
        asked = {"measure": "stack", "good": name, "mfn": bool(kind.mfn), "metal_share": share}
        summed = tf.parts(direction.name, by=by, **asked).groupby("date", observed=True)["rate"].sum()  # type: ignore[arg-type]  # a table's words
        whole = tf.series(direction.name, **asked)  # type: ignore[arg-type]  # likewise
        assert (summed.reindex(whole.index) - whole).abs().max() < 1e-9


def test_every_good_has_a_stack_on_every_day_of_the_record() -> None:
    for kind in packaged().goods.values():
        for direction in kind.directions:
            frame = tf.rates([direction.name], measure="stack", good=kind.id, freq="D")
            assert not frame.isna().any().any(), kind.id
