from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tariffs.charts.labels import FLAG_GAP, Anchor, Places, fly
from tariffs.charts.page import Box, Page, Point


def page() -> tuple[Page, Places]:
    sheet = Page(100, 60)
    return sheet, Places(sheet, Box(5, 5, 95, 55))


def test_label_stands_at_its_first_free_anchor() -> None:
    _, places = page()
    places.take([Box(20, 25, 40, 35)])
    _, anchor = places.put("145", [Anchor(30, 30), Anchor(60, 30)], fontsize=7)
    assert anchor.x == 60


def test_label_without_a_free_anchor_moves_and_is_not_dropped() -> None:
    sheet, places = page()
    places.take([Box(20, 20, 45, 40)])
    text, _ = places.put("145", [Anchor(30, 30)], fontsize=7)
    box = sheet.box(text)
    assert not box.meets(Box(20, 20, 45, 40))
    assert box.within(places.area)


def test_many_labels_on_one_place_never_meet() -> None:
    sheet, places = page()
    boxes = [sheet.box(places.put(str(number), [Anchor(50, 30)], fontsize=6)[0]) for number in range(40)]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])]


def test_wrapped_text_keeps_to_its_width_and_loses_no_word() -> None:
    sheet, _ = page()
    text = "Additional duty on goods on no product list, percent, by legal effective date"
    wrapped = sheet.wrap(text, 40, fontsize=7)
    assert wrapped.replace("\n", " ") == text
    assert all(sheet.measure(line, fontsize=7)[0] <= 40 for line in wrapped.splitlines())


def test_dollar_signs_in_a_text_are_not_mathematics() -> None:
    sheet, _ = page()
    assert sheet.write(5, 5, "$34 billion and $16 billion").get_text() == "$34 billion and $16 billion"
    sheet.figure.canvas.draw()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(3, 25)), max_size=7))
def test_flags_meet_no_text_and_no_mast(places: list[tuple[int, int]]) -> None:
    masts = [(float(x), f"flag {number}", float(width)) for number, (x, width) in enumerate(sorted(places))]
    flags = fly(masts, 0, 130)
    assert [flag.text for flag in flags] == [text for _, text, _ in masts]
    for one, other in combinations(flags, 2):
        if abs(one.x - other.x) < 2 * FLAG_GAP:
            continue  # masts that stand on one another cannot be kept apart
        same_row = one.row == other.row and one.left < other.right and other.left < one.right
        crossed = one.row <= other.row and one.left < other.x < one.right
        crossing = other.row <= one.row and other.left < one.x < other.right
        assert not same_row
        assert not crossed
        assert not crossing


def test_two_flags_of_one_place_take_two_rows_or_two_sides() -> None:
    one, other = fly([(50.0, "Supreme Court", 20.0), (50.5, "Section 122", 18.0)], 0, 100)
    assert one.row != other.row or one.right <= other.left


def test_flag_at_the_right_edge_hangs_to_the_left() -> None:
    (flag,) = fly([(95.0, "Forced-labour duty", 20.0)], 0, 100)
    assert flag.right < flag.x


@pytest.mark.parametrize("gap", [0.0, 1.0])
def test_boxes_that_touch_meet_only_with_a_gap(gap: float) -> None:
    assert Box(0, 0, 1, 1).meets(Box(1, 0, 2, 1), gap) is bool(gap)


@pytest.mark.parametrize(
    ("begin", "end", "gap", "struck"),
    [
        ((0, 5), (20, 5), 0.0, True),
        ((0, 5), (3, 5), 0.0, False),
        ((0, 7), (20, 7), 0.5, False),
        ((0, 6.3), (20, 6.3), 0.5, True),
        ((0, 0), (20, 20), 0.0, True),
        ((0, 10), (4, 6), 0.0, False),
    ],
)
def test_a_line_strikes_a_box_it_runs_through_or_close_by(begin: Point, end: Point, gap: float, struck: bool) -> None:
    assert Box(4, 4, 10, 6).struck(begin, end, gap) is struck


@pytest.mark.parametrize(("point", "nearest"), [((0, 0), (4, 4)), ((7, 9), (7, 6)), ((5, 5), (5, 5)), ((12, 5), (10, 5))])
def test_the_nearest_point_of_a_box_is_on_its_edge_or_the_point_itself(point: Point, nearest: Point) -> None:
    assert Box(4, 4, 10, 6).nearest(point) == nearest
