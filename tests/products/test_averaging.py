"""Averages, checked against what each line bears by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tariffs.errors import CoverageError
from tariffs.products.answers import rate
from tariffs.products.asking import ask
from tariffs.products.averaging import MFN, Averaging, on_day
from tariffs.products.fates import Law
from tariffs.products.grid import Grid, changes, lines_of, values

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.model import Duty
    from tariffs.products.store import Store

FIRST, LAST = date(2025, 1, 1), date(2026, 10, 9)
# A day in every regime of the small world.
DAYS = [
    date(2025, 1, 1), date(2025, 2, 4), date(2025, 3, 12), date(2025, 4, 10), date(2025, 5, 14), date(2025, 6, 4),
    date(2025, 7, 1), date(2025, 11, 13), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 24), date(2026, 4, 6), LAST,
]  # fmt: skip
STEPS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
DOLLARS = st.integers(0, 10_000_000)


@pytest.fixture(scope="module")
def grid(store: Store, record: Catalog) -> Grid:
    """Every code of the store under the law of China."""
    lines = lines_of(store)
    asked = ask("CN", store, record)
    return Grid(lines, asked.law, np.arange(len(lines.codes)), asked.converted)


@pytest.fixture(scope="module")
def borne(store: Store, record: Catalog, grid: Grid) -> dict[str, list[tuple[float, ...]]]:
    """By code what it bears on each of the days, as one line is told: MFN, additional, low, high; NaN where not known."""

    def told(code: str, day: date) -> tuple[float, ...]:
        try:
            one = rate(code, origin="CN", on=day, store=store, catalog=record)
        except CoverageError:
            return (np.nan,) * 4
        return tuple(np.nan if value is None else float(value) for value in (one.mfn, one.additional, one.low, one.high))

    return {code: [told(code, day) for day in DAYS] for code in grid.lines.codes.tolist()}


def weights_of(grid: Grid) -> st.SearchStrategy[list[int]]:
    size = len(grid.lines.codes)
    return st.lists(DOLLARS, min_size=size, max_size=size).filter(lambda found: sum(found) > 0)


def on(found: list[date], days: list[date]) -> list[int]:
    return [max(place for place, since in enumerate(found) if since <= day) for day in days]


@STEPS
@given(data=st.data())
def test_an_average_is_that_of_its_lines(grid: Grid, borne: dict[str, list[tuple[float, ...]]], data: st.DataObject) -> None:
    weights = np.array(data.draw(weights_of(grid)), dtype=float)
    found = Averaging(grid, weights, FIRST, LAST)
    whole, covered = found.total(), found.covered()
    for at, place in enumerate(on(found.days, DAYS)):
        one_by_one = np.array([borne[code][at] for code in grid.lines.codes.tolist()])
        totals = one_by_one[:, 0] + one_by_one[:, 1]
        known = ~np.isnan(totals)
        trade = weights[known].sum()
        assert found.unknown[place] == pytest.approx(100 * (1 - trade / weights.sum()), abs=1e-9)
        if trade:
            assert whole[place] == pytest.approx(weights[known] @ totals[known] / trade, abs=1e-9)
            bearing = weights[known & (one_by_one[:, 1] > 0)].sum()
            assert covered[place] == pytest.approx(100 * bearing / trade, abs=1e-9)
        else:
            assert np.isnan(whole[place])


@STEPS
@given(data=st.data())
def test_parts_add_up_to_the_average_however_it_is_taken_apart(grid: Grid, data: st.DataObject) -> None:
    found = Averaging(grid, np.array(data.draw(weights_of(grid)), dtype=float), FIRST, LAST)
    whole = found.total()

    def name(duty: Duty) -> str:
        return duty.id

    duties, families, authorities = found.by(name), found.by(lambda duty: duty.family), found.by(lambda duty: duty.authority)
    chapters, shares = found.by_goods(np.array([code[:2] for code in grid.lines.codes.tolist()]))
    for parts in (duties, families, authorities, chapters):
        np.testing.assert_allclose(np.sum(list(parts.values()), axis=0), whole, atol=1e-9)
    assert set(authorities) == {MFN, "IEEPA", "S301", "S232"}
    np.testing.assert_allclose(authorities["IEEPA"], families["ieepa-fentanyl"] + families["ieepa-reciprocal"], atol=1e-9)
    np.testing.assert_allclose(np.sum(list(shares.values()), axis=0)[~np.isnan(whole)], 100, atol=1e-9)


@STEPS
@given(data=st.data())
def test_an_average_over_known_metal_lies_between_its_ends(grid: Grid, data: st.DataObject) -> None:
    weights = np.array(data.draw(weights_of(grid)), dtype=float)
    weights[np.isnan(grid.shares).any(axis=1)] = 0
    found = Averaging(grid, weights, FIRST, LAST)
    whole, (low, high) = found.total(), found.ends()
    known = ~np.isnan(whole)
    assert (low[known] <= whole[known] + 1e-9).all()
    assert (whole[known] <= high[known] + 1e-9).all()


@pytest.mark.parametrize("day", DAYS)
def test_the_average_over_one_line_is_that_line_s_rate(grid: Grid, borne: dict[str, list[tuple[float, ...]]], day: date) -> None:
    at = DAYS.index(day)
    seen = 0
    for place, code in enumerate(grid.lines.codes.tolist()):
        mfn, additional, low, high = borne[code][at]
        if np.isnan(mfn + additional):
            continue
        weights = np.zeros(len(grid.lines.codes))
        weights[place] = 7
        found = Averaging(grid, weights, day, day)
        assert found.total()[0] == pytest.approx(mfn + additional, abs=1e-9)
        if not grid.fates[grid.fate_of[place]].metals:
            # Of a line with metal the range of one answer is over every share, that of an average over the listed one.
            assert tuple(end[0] for end in found.ends()) == pytest.approx((mfn + low, mfn + high), abs=1e-9)
        seen += 1
    assert seen > 12


@pytest.mark.parametrize("day", DAYS)
def test_all_lines_of_a_day_bear_what_each_is_told_to(grid: Grid, borne: dict[str, list[tuple[float, ...]]], day: date) -> None:
    level, low, high = on_day(grid, day)
    for place, code in enumerate(grid.lines.codes.tolist()):
        _, additional, least, most = borne[code][DAYS.index(day)]
        if not np.isnan(least):
            assert level[place] == pytest.approx(additional, abs=1e-9, nan_ok=True)
            assert least - 1e-9 <= low[place] <= high[place] <= most + 1e-9
        if not np.isnan(level[place]):
            assert low[place] - 1e-9 <= level[place] <= high[place] + 1e-9


def test_more_trade_of_the_same_mix_changes_nothing(grid: Grid) -> None:
    weights = np.arange(1.0, len(grid.lines.codes) + 1)
    one, other = Averaging(grid, weights, FIRST, LAST), Averaging(grid, 1000 * weights, FIRST, LAST)
    told = [(each.total(), *each.ends(), each.covered(), each.unknown) for each in (one, other)]
    for found, again in zip(*told, strict=True):
        np.testing.assert_allclose(found, again, atol=1e-9)


def test_of_no_trade_nothing_is_known(grid: Grid) -> None:
    found = Averaging(grid, np.zeros(len(grid.lines.codes)), FIRST, LAST)
    assert np.isnan(found.total()).all()
    assert np.isnan(found.unknown).all()


def test_an_average_of_a_later_window_is_the_tail_of_the_whole(grid: Grid) -> None:
    weights = np.ones(len(grid.lines.codes))
    whole, tail = Averaging(grid, weights, FIRST, LAST), Averaging(grid, weights, date(2025, 7, 1), LAST)
    assert tail.days[0] == date(2025, 7, 1)
    places = on(whole.days, tail.days)
    np.testing.assert_allclose(tail.total(), whole.total()[places], atol=1e-9)
    np.testing.assert_allclose(tail.unknown, whole.unknown[places], atol=1e-9)


def test_the_days_of_an_average_are_those_on_which_a_duty_or_the_schedule_moves(grid: Grid) -> None:
    days = Averaging(grid, np.ones(len(grid.lines.codes)), FIRST, LAST).days
    moved = {"2025-01-01", "2025-02-04", "2025-03-04", "2025-03-12", "2025-04-05", "2025-04-10", "2025-05-14", "2025-06-04"}
    assert {day.isoformat() for day in days} >= {*moved, "2025-11-10", "2025-11-13", "2026-02-01", "2026-02-24", "2026-04-06"}
    assert days == sorted(set(days))


def test_the_schedule_of_a_day_is_the_span_that_holds(store: Store) -> None:
    lines = lines_of(store)
    handbag = lines.codes.tolist().index("4202.29.20.00")
    gone = lines.codes.tolist().index("2933.11.00.00")
    assert [lines.mfn_on(day)[handbag] for day in (FIRST, date(2026, 1, 31), date(2026, 2, 1))] == [3.3, 3.3, 3.0]
    assert lines.mfn_on(date(2026, 1, 31))[gone] == 6.5
    assert np.isnan(lines.mfn_on(date(2026, 2, 1))[gone])
    assert np.isnan(lines.mfn_on(date(2024, 12, 31))).all()
    assert lines.last_mfn[handbag] == 3.0
    assert date(2026, 2, 1) in lines.mfn_days()


def test_paths_on_days_are_read_at_their_steps() -> None:
    path = ((date(2025, 2, 4), Decimal(10)), (date(2025, 3, 4), None), (date(2025, 4, 1), Decimal(5)))
    days = [date(2025, 2, 3), date(2025, 2, 4), date(2025, 3, 3), date(2025, 3, 4), date(2025, 4, 1)]
    plain, metal = values([(path,), ((), path)], [(), ("aluminium",)], days)
    np.testing.assert_array_equal(plain[0], [0, 10, 10, np.nan, 5])
    np.testing.assert_array_equal(metal[2], [0, 10, 10, np.nan, 5])  # the corner of aluminium
    assert (metal[[0, 1, 3]] == 0).all()
    assert changes([path], date(2025, 2, 10), date(2025, 3, 31)) == [date(2025, 2, 10), date(2025, 3, 4)]


def test_what_may_bring_goods_under_a_duty_raises_the_high_end_alone(grid: Grid) -> None:
    # Were handbags on list 3 only if described so, they would bear 30 or 55 on 1 July 2025, and 3.3 besides.
    namings = tuple(
        (duty, replace(naming, only_if="so described")) if duty.id == "s301-list-3" else (duty, naming)
        for duty, naming in grid.law.namings
    )
    law = Law(grid.law.duties, grid.law.direction, namings, grid.law.view, grid.law.since)
    weights = np.where(np.equal(grid.lines.codes, "4202.29.20.00"), 1.0, 0.0)
    found = Averaging(replace(grid, law=law), weights, date(2025, 7, 1), date(2025, 7, 1))
    low, high = found.ends()
    assert (found.total()[0], low[0], high[0]) == pytest.approx((33.3, 33.3, 58.3))
