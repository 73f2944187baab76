from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tariffs.steps import Steps, Value, add, aggregate, clip, compress, days_at, less, mean, spans, value_on

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
DAY = timedelta(days=1)

days = st.dates(FIRST, LAST)
numbers = st.decimals(0, 200, places=1)
values: st.SearchStrategy[Value] = st.one_of(st.just(Decimal(0)), numbers, st.none())


def paths_of(levels: st.SearchStrategy[Value]) -> st.SearchStrategy[Steps]:
    steps = st.lists(st.tuples(days, levels), max_size=6, unique_by=lambda step: step[0])
    return steps.map(lambda steps: tuple(sorted(steps, key=lambda step: step[0])))


paths = paths_of(values)
known_paths = paths_of(numbers)
windows = st.tuples(days, days).map(lambda ends: (min(ends), max(ends)))
quick = settings(deadline=None, max_examples=60)


def walked(path: Steps, start: date, end: date) -> dict[date, Value]:
    """Walk the days one by one, carrying the level along: slow and plainly right."""
    level: Value = Decimal(0)
    changes = dict(path)
    found: dict[date, Value] = {}
    day = min([start, *changes])
    while day <= end:
        level = changes.get(day, level)
        if day >= start:
            found[day] = level
        day += DAY
    return found


def summed(levels: list[Value]) -> Value:
    total = Decimal(0)
    for level in levels:
        if level is None:
            return None
        total += level
    return total


def known(levels: dict[date, Value]) -> list[Decimal]:
    return [level for level in levels.values() if level is not None]


@quick
@given(paths)
def test_a_step_holds_from_its_own_day_and_not_the_day_before(path: Steps) -> None:
    before: Value = Decimal(0)
    for day, value in path:
        assert value_on(path, day) == value
        if day - DAY not in dict(path):
            assert value_on(path, day - DAY) == before
        before = value


@quick
@given(paths)
def test_the_last_step_holds_for_good_and_nothing_holds_before_the_first(path: Steps) -> None:
    assert value_on(path, FIRST - DAY) == 0
    assert value_on(path, date.min) == 0
    assert value_on(path, date.max) == (path[-1][1] if path else 0)


@quick
@given(paths)
def test_value_on_is_what_a_walk_day_by_day_finds(path: Steps) -> None:
    assert {day: value_on(path, day) for day in walked(path, FIRST, LAST)} == walked(path, FIRST, LAST)


@quick
@given(paths)
def test_compress_changes_no_day_and_leaves_no_idle_step(path: Steps) -> None:
    kept = compress(path)
    assert walked(kept, FIRST, LAST) == walked(path, FIRST, LAST)
    assert all(one != other for (_, one), (_, other) in pairwise(kept))
    assert not kept or kept[0][1] != 0


def test_compress_keeps_a_return_to_zero() -> None:
    steps = ((date(2025, 2, 1), Decimal(0)), (date(2025, 3, 1), Decimal(5)), (date(2025, 4, 1), Decimal("0.0")))
    assert compress(steps) == steps[1:]


@quick
@given(paths, paths)
def test_addition_commutes(one: Steps, other: Steps) -> None:
    assert add([one, other]) == add([other, one])


@quick
@given(paths, paths, paths)
def test_addition_associates(one: Steps, other: Steps, third: Steps) -> None:
    assert add([add([one, other]), third]) == add([one, add([other, third])]) == add([one, other, third])


@quick
@given(paths, days)
def test_adding_zero_changes_nothing(path: Steps, day: date) -> None:
    assert add([path]) == compress(path)
    assert add([path, ()]) == compress(path)
    assert add([path, ((day, Decimal(0)),)]) == compress(path)


def test_the_sum_of_nothing_is_zero_everywhere() -> None:
    assert add([]) == ()


@quick
@given(st.lists(paths, max_size=4))
def test_parts_add_up_on_every_day_and_unknown_spreads_on_its_days_only(parts: list[Steps]) -> None:
    by_part = [walked(part, FIRST, LAST) for part in parts]
    whole = walked(add(parts), FIRST, LAST)
    assert whole == {day: summed([levels[day] for levels in by_part]) for day in whole}


@quick
@given(paths, paths)
def test_what_is_taken_off_a_path_comes_back_where_both_are_known(path: Steps, other: Steps) -> None:
    rest, taken = walked(less(path, other), FIRST, LAST), walked(other, FIRST, LAST)
    for day, level in walked(path, FIRST, LAST).items():
        assert summed([rest[day], taken[day]]) == summed([level, None if taken[day] is None else Decimal(0)])
    assert less(path, ()) == compress(path)


def test_a_sum_is_unknown_while_any_part_is_and_recovers_after_it() -> None:
    known = ((date(2025, 1, 1), Decimal(10)), (date(2025, 6, 1), Decimal(20)))
    gap = ((date(2025, 2, 1), None), (date(2025, 7, 1), Decimal(5)))
    other_gap = ((date(2025, 3, 1), None), (date(2025, 8, 1), Decimal(1)))
    assert add([known, gap, other_gap]) == (
        (date(2025, 1, 1), Decimal(10)),
        (date(2025, 2, 1), None),
        (date(2025, 8, 1), Decimal(26)),  # 20 + 5 + 1
    )


def test_an_unknown_level_that_ends_at_zero_leaves_the_others_whole() -> None:
    known = ((date(2025, 1, 1), Decimal("12.5")),)
    gap = ((date(2025, 2, 1), None), (date(2025, 3, 1), Decimal(0)))
    assert value_on(add([known, gap]), date(2025, 2, 28)) is None
    assert value_on(add([known, gap]), date(2025, 3, 1)) == Decimal("12.5")


@quick
@given(paths, windows)
def test_clip_keeps_every_value_of_its_window_and_no_step_outside(path: Steps, window: tuple[date, date]) -> None:
    start, end = window
    clipped = clip(path, start, end)
    assert clipped[0][0] == start
    assert all(start <= day <= end for day, _ in clipped)
    assert all(one < other for (one, _), (other, _) in pairwise(clipped))
    assert walked(clipped, start, end) == walked(path, start, end)


@quick
@given(paths, windows)
def test_spans_partition_the_window(path: Steps, window: tuple[date, date]) -> None:
    start, end = window
    found = list(spans(path, start, end))
    assert found[0][0] == start
    assert found[-1][1] == end + DAY
    assert all(first < following for first, following, _ in found)
    assert all(one[1] == other[0] for one, other in pairwise(found))
    levels = walked(path, start, end)
    assert all(levels[first] == levels[following - DAY] == value for first, following, value in found)


@quick
@given(known_paths, windows)
def test_the_mean_is_the_mean_of_the_days(path: Steps, window: tuple[date, date]) -> None:
    start, end = window
    daily = known(walked(path, start, end))
    found = mean(path, start, end)
    assert found == sum(daily, Decimal(0)) / len(daily)
    exact = sum(map(Fraction, daily), Fraction(0)) / len(daily)
    # 28 digits: whatever remains is the last digit of a fraction that has no end.
    assert abs(Fraction(found) - exact) <= exact / 10**27


@quick
@given(paths, windows)
def test_the_mean_is_unknown_exactly_where_a_day_is(path: Steps, window: tuple[date, date]) -> None:
    assert (mean(path, *window) is None) == (None in walked(path, *window).values())


@quick
@given(known_paths, st.sampled_from([2024, 2025]))
def test_day_weighted_months_reweight_to_the_year(path: Steps, year: int) -> None:
    firsts = [*(date(year, month, 1) for month in range(1, 13)), date(year + 1, 1, 1)]
    area = Fraction(0)
    for first, following in pairwise(firsts):
        month = mean(path, first, following - DAY)
        assert month is not None
        area += Fraction(month) * (following - first).days
    whole = mean(path, firsts[0], firsts[-1] - DAY)
    assert whole is not None
    assert abs(area / (firsts[-1] - firsts[0]).days - Fraction(whole)) < Fraction(1, 10**20)


def test_the_mean_of_april_2025_by_hand() -> None:
    # us_on_cn in April 2025: 20, then 30 (EO 14257), 104 (EO 14259), 145 (EO 14266).
    path = (
        (date(2025, 3, 4), Decimal(20)),
        (date(2025, 4, 5), Decimal(30)),
        (date(2025, 4, 9), Decimal(104)),
        (date(2025, 4, 10), Decimal(145)),
        (date(2025, 5, 14), Decimal(30)),
    )
    found = mean(path, date(2025, 4, 1), date(2025, 4, 30))
    assert found == Decimal(4 * 20 + 4 * 30 + 1 * 104 + 21 * 145) / 30
    assert round(found, 3) == Decimal("111.633")


@quick
@given(paths, windows)
def test_aggregates_are_those_of_the_days(path: Steps, window: tuple[date, date]) -> None:
    start, end = window
    levels = walked(path, start, end)
    assert aggregate(path, start, end, "avg") == mean(path, start, end)
    assert aggregate(path, start, end, "bop") == levels[start]
    assert aggregate(path, start, end, "eop") == levels[end]
    whole = None not in levels.values()
    assert aggregate(path, start, end, "max") == (max(known(levels)) if whole else None)
    assert aggregate(path, start, end, "min") == (min(known(levels)) if whole else None)


@quick
@given(known_paths, windows)
def test_days_at_all_levels_are_the_days_there_are_and_their_mean_is_the_mean(path: Steps, window: tuple[date, date]) -> None:
    start, end = window
    days = {level: days_at(path, start, end, level) or 0 for level in known(walked(path, start, end))}
    assert sum(days.values()) == (end - start).days + 1
    area = sum((level * count for level, count in days.items()), Decimal(0))
    assert aggregate(path, start, end, "avg") == area / ((end - start).days + 1)


@quick
@given(paths, windows, numbers)
def test_days_at_a_level_are_those_that_a_walk_counts_and_unknown_where_a_day_is(
    path: Steps, window: tuple[date, date], level: Decimal
) -> None:
    levels = list(walked(path, *window).values())
    for asked in (level, Decimal(0), *(value for value in levels[:1] if value is not None)):
        assert days_at(path, *window, asked) == (None if None in levels else levels.count(asked))
        assert aggregate(path, *window, f"days_at:{asked}") == days_at(path, *window, asked)


@quick
@given(known_paths, st.sampled_from([2024, 2025]), numbers)
def test_days_of_the_months_are_those_of_the_year(path: Steps, year: int, level: Decimal) -> None:
    firsts = [*(date(year, month, 1) for month in range(1, 13)), date(year + 1, 1, 1)]
    for asked in {level, value_on(path, firsts[6])}:
        assert asked is not None
        months = [days_at(path, first, following - DAY, asked) for first, following in pairwise(firsts)]
        assert summed(months) == days_at(path, firsts[0], firsts[-1] - DAY, asked)


@pytest.mark.parametrize("level", ["145", "145.0", "145.00"])
def test_a_level_is_a_number_and_not_its_spelling(level: str) -> None:
    # us_on_cn: 145 from 10 April (EO 14266) to 13 May 2025 (EO 14298).
    path = ((date(2025, 4, 10), Decimal("145.0")), (date(2025, 5, 14), Decimal(30)))
    assert aggregate(path, date(2025, 4, 1), date(2025, 4, 30), f"days_at:{level}") == 21
    assert aggregate(path, date(2025, 5, 1), date(2025, 5, 31), f"days_at:{level}") == 13
    assert aggregate(path, date(2025, 6, 1), date(2025, 6, 30), f"days_at:{level}") == 0


@pytest.mark.parametrize("agg", ["avg", "bop", "eop", "max", "min"])
def test_one_day_is_its_own_aggregate(agg: str) -> None:
    path = ((date(2025, 4, 9), Decimal(104)), (date(2025, 4, 10), Decimal(145)))
    assert aggregate(path, date(2025, 4, 9), date(2025, 4, 9), agg) == 104
