from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tariffs as tf
from tariffs.model import Bearing, Good, Source, View
from tariffs.naming import METALS, Naming
from tariffs.products.fates import Fate, Law, bearings
from tariffs.steps import value_on
from tariffs.vocabulary import Direction

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.products.store import Store

US_ON_CN, US_ON_HK = Direction("US", "CN"), Direction("US", "HK")
DAY = date(2025, 7, 1)


def law(record: Catalog, store: Store, direction: Direction = US_ON_CN) -> Law:
    return Law(record.bearing(direction), direction, store.namings(record), View(), store.since)


def key(store: Store, code: str) -> tuple[frozenset[int], frozenset[int]]:
    return store.members(store.table("goods")["cell"][store.rows[code]].as_py())


def fate(record: Catalog, store: Store, code: str, mfn: str | None = None, direction: Direction = US_ON_CN) -> Fate:
    known = law(record, store, direction)
    return known.fate(*known.key(*key(store, code)), None if mfn is None else Decimal(mfn))


def corners(found: Fate, day: date = DAY) -> list[Decimal | None]:
    return [value_on(total, day) for total in found.totals()]


def test_a_good_of_no_metal_has_one_corner(record: Catalog, store: Store) -> None:
    # List 3 25, fentanyl 20, reciprocal 10.
    found = fate(record, store, "4202.29.20.00")
    assert found.metals == ()
    assert corners(found) == [55]


def test_goods_of_metal_have_a_corner_for_each_of_their_metals(record: Catalog, store: Store) -> None:
    # None of it metal: fentanyl 20, reciprocal 10. All of it: 50 on the content and 20, and nothing left for the reciprocal duty.
    found = fate(record, store, "8415.90.80.25", "1.4")
    assert found.metals == ("steel", "aluminium")
    assert corners(found) == [30, 70, 70]


def test_hong_kong_bears_what_is_not_on_china_alone(record: Catalog, store: Store) -> None:
    found = fate(record, store, "4202.29.20.00", direction=US_ON_HK)
    assert corners(found) == [30]
    assert [part.duties[0].id for part in found.parts[0]] == ["ieepa-fentanyl", "ieepa-reciprocal"]


def test_goods_of_one_cell_share_one_fate(record: Catalog, store: Store) -> None:
    known = law(record, store)
    one, other = (known.fate(*known.key(*key(store, code)), None) for code in ("4202.29.20.00", "5202.10.00.00"))
    assert one is other


def test_what_names_goods_for_other_origins_does_not_tell_cells_apart(record: Catalog, store: Store) -> None:
    # Lists of Section 301 are on China alone: in Hong Kong's law handbags are like asses.
    known = law(record, store, US_ON_HK)
    assert known.key(*key(store, "4202.29.20.00")) == known.key(*key(store, "0101.30.00.00")) == (frozenset(), frozenset())


def test_an_exclusion_by_description_is_possible_and_not_reckoned_with(record: Catalog, store: Store) -> None:
    found = fate(record, store, "8501.10.40.20")
    assert corners(found) == [55]  # list 1 25, fentanyl 20, reciprocal 10
    (possible,) = found.possible
    assert (possible.duty, possible.only_if, possible.by) == (
        "s301-list-1",
        "it is described in U.S. note 20(vvv)",
        "heading 9903.88.69",
    )
    assert value_on(possible.totals[0], DAY) == 30


def test_a_reference_that_may_name_the_goods_is_possible(record: Catalog, store: Store) -> None:
    # As of a code that stands for several lines, of which some are on the list.
    known = law(record, store)
    on_list = next(place for place, (duty, _) in enumerate(known.namings) if duty.id == "s301-list-3")
    found = known.fate(frozenset(), frozenset({on_list}), None)
    assert corners(found) == [30]
    (possible,) = found.possible
    assert possible.only_if == "the code stands for several lines, of which not all are named"
    assert value_on(possible.totals[0], DAY) == 55


def test_what_would_change_nothing_is_not_possible(record: Catalog, store: Store) -> None:
    # Phones are out of the reciprocal duty; coffee's way out of it, were it theirs too, takes nothing more from them.
    known = law(record, store)
    places = {f"{duty.id}#{duty.namings.index(naming)}": place for place, (duty, naming) in enumerate(known.namings)}
    out, coffee = places["ieepa-reciprocal#0"], places["ieepa-reciprocal#1"]
    assert known.fate(frozenset({out}), frozenset({coffee}), None).possible == ()
    assert len(known.fate(frozenset(), frozenset({coffee}), None).possible) == 1


@pytest.mark.parametrize(("mfn", "added"), [("1.4", "13.6"), ("0", "15"), ("15", "0"), ("20", "0")])
def test_a_floor_adds_what_the_mfn_duty_leaves_to_it(record: Catalog, store: Store, mfn: str, added: str) -> None:
    found = fate(record, store, "8415.90.80.25", mfn)
    assert set(corners(found, date(2026, 4, 6))) == {Decimal(added)}


def test_a_floor_on_goods_of_unknown_mfn_duty_is_unknown(record: Catalog, store: Store) -> None:
    found = fate(record, store, "8415.90.80.25")
    assert set(corners(found, date(2026, 4, 6))) == {None}
    assert corners(found, date(2026, 4, 5)) == [0, 50, 50]


def test_only_cells_with_a_floor_ask_for_the_mfn_duty(record: Catalog, store: Store) -> None:
    known = law(record, store)
    assert known.floors(*known.key(*key(store, "8415.90.80.25")))
    assert not known.floors(*known.key(*key(store, "8205.51.60.00")))


DAYS = [date(2025, 1, 1) + timedelta(days=14 * number) for number in range(47)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(share=st.integers(1, 100), day=st.sampled_from(DAYS))
def test_between_none_and_nothing_but_metal_a_fate_is_in_proportion(record: Catalog, store: Store, share: int, day: date) -> None:
    # Door closers: on list 3 by their footnote, on the list of steel derivatives from its first day.
    door_closer = Good(
        id="door-closer",
        title="Door closer",
        about="a door closer",
        directions=(US_ON_CN,),
        lines="",
        mfn=(),
        bears=(Bearing("s301-list-3", at_first=True), Bearing("s232-steel-derivatives", at_first=True)),
        grade="C",
        sources=(Source("the small world"),),
    )
    told = tf.explain(
        "us_on_cn",
        day,
        measure="stack",
        good="door-closer",
        metal_share=share,
        catalog=replace(record, goods={"door-closer": door_closer}),
    )
    none, steel = corners(fate(record, store, "8302.41.30.00"), day)
    assert none is not None
    assert steel is not None
    assert told.total == none + (steel - none) * share / 100


# A duty of each kind in the record, and what references make of a good's standing to it.
def test_of_a_list_goods_that_it_names_bear_it_and_of_all_goods_those_that_it_names_do_not(record: Catalog) -> None:
    listed, everywhere = record.duties["s301-list-3"], record.duties["ieepa-reciprocal"]
    on_list, out = bearings([(listed, listed.namings[0]), (everywhere, everywhere.namings[0])], {})
    assert (on_list.duty, on_list.at_first) == ("s301-list-3", True)
    assert (out.duty, out.at_first) == ("ieepa-reciprocal", False)


def test_a_change_takes_goods_in_or_out_on_the_days_of_its_events(record: Catalog) -> None:
    everywhere, metals = record.duties["ieepa-reciprocal"], record.duties["s232-aluminium-derivatives"]
    coffee, coils = bearings(
        [(everywhere, everywhere.namings[1]), (metals, metals.namings[0])], dict.fromkeys(METALS, Decimal(20))
    )
    assert coffee == Bearing(
        "ieepa-reciprocal", at_first=True, leaving=("ieepa-reciprocal/2025-11-13/farm-goods-of-november-2025",)
    )
    came = "s232-aluminium-derivatives/2025-03-12/derivatives-of-march-2025"
    assert coils == Bearing("s232-aluminium-derivatives", at_first=False, entering=(came,), shares=((came, Decimal(20)),))


def test_what_a_duty_is_charged_on_may_change_with_its_coverage(record: Catalog) -> None:
    metals = record.duties["s232-aluminium-derivatives"]
    (pans,) = bearings([(metals, naming) for naming in metals.namings[1:]], dict.fromkeys(METALS, Decimal(60)))
    assert dict(pans.shares) == {
        "s232-aluminium-derivatives/2025-03-12/derivatives-of-march-2025": 100,
        "s232-aluminium-derivatives/2025-06-04/chapter-76-on-content": 60,
    }


def test_a_metal_charged_from_the_first_day_has_its_share_from_then(record: Catalog) -> None:
    steel = record.duties["s232-steel-derivatives"]
    (known,) = bearings([(steel, steel.namings[0])], {"steel": Decimal(30), "aluminium": None, "copper": None})
    (unknown,) = bearings([(steel, steel.namings[0])], dict.fromkeys(METALS))
    assert (known.at_first, known.shares, unknown.shares) == (True, (("", Decimal(30)),), ())


def test_one_change_may_have_several_references(record: Catalog) -> None:
    steel = record.duties["s232-steel-derivatives"]
    both = [(steel, Naming("law", codes=(code,), metal="steel")) for code in ("7321", "8302")]
    assert len(bearings(both, dict.fromkeys(METALS, Decimal(1)))) == 1
