from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tariffs as tf
from tariffs.charts import alt_text
from tariffs.charts.breaks import STRIP, Break, break_of
from tariffs.charts.page import DPI, MM, Box
from tariffs.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

# What the record holds for list 4A goods since 2018: 84 FR 45821, 85 FR 3741, and the all-goods duties on China.
LIST_4A = [0, 15, 7.5, 17.5, 27.5, 37.5, 111.5, 152.5, 20]


def strips(ax: Axes) -> list[Box]:
    figure = ax.get_figure(root=True)
    assert figure is not None
    patches = [patch for patch in figure.artists if patch.get_gid() == "break"]
    extents = [patch.get_window_extent() for patch in patches]
    return [Box(*(value / DPI * MM for value in (one.x0, one.y0, one.x1, one.y1))) for one in extents]


def labels(ax: Axes) -> list[Text]:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return [text for text in figure.texts if text.get_text().strip()]


def box(text: Text) -> Box:
    extent = text.get_window_extent()
    return Box(*(value / DPI * MM for value in (extent.x0, extent.y0, extent.x1, extent.y1)))


@given(
    st.floats(min_value=5, max_value=40),
    st.floats(min_value=45, max_value=100),
    st.lists(st.floats(min_value=-5, max_value=200), min_size=2, max_size=9),
)
def test_places_rise_with_rates_and_lead_back_to_them(low: float, high: float, rates: list[float]) -> None:
    gap = Break(low, high)
    ordered = sorted(rates)
    shares = gap.shares(ordered, -5, 200, 60)
    assert all(np.diff(shares) >= 0)
    assert gap.rates(shares, -5, 200, 60) == pytest.approx(ordered, abs=1e-6)


def test_a_point_is_as_long_above_a_break_as_below_and_the_break_as_high_as_its_strip() -> None:
    gap = Break(45, 105)
    at = {rate: gap.share(rate, 0, 160, 60) * 60 for rate in (0, 10, 45, 105, 150, 160)}
    assert (at[160] - at[150]) == pytest.approx(at[10] - at[0])
    assert at[105] - at[45] == pytest.approx(STRIP)
    assert [at[0], at[160]] == pytest.approx([0, 60])


def test_auto_takes_out_the_widest_gap_less_room_for_labels() -> None:
    assert break_of("auto", LIST_4A) == Break(45, 105)


@pytest.mark.parametrize("levels", [[], [0], [10, 10], [0, 10, 20, 30]])
def test_auto_breaks_nothing_where_little_would_be_saved(levels: list[float]) -> None:
    assert break_of("auto", levels) is None


def test_a_break_is_asked_for_as_two_numbers_or_as_they_are_typed() -> None:
    assert break_of((45, 105), LIST_4A) == break_of("45:105", LIST_4A) == Break(45, 105)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((35, 105), "broken: 37.5 would be left out; expected a piece of the axis that no level is in"),
        ((30, 115), "broken: 37.5, 111.5 would be left out"),
        ((105, 45), "broken: found 105:45, expected two numbers in order between 0 and 152.5"),
        ((160, 200), "broken: found 160:200, expected two numbers in order between 0 and 152.5"),
        ("45-105", "broken: found '45-105', expected auto, or two numbers such as 35:80"),
        ("automatic", "broken: found 'automatic', expected auto, or two numbers such as 35:80"),
        ((45, 50, 105), "broken: found (45, 50, 105), expected auto"),
    ],
)
def test_a_break_that_is_none_is_refused(asked: object, said: str) -> None:
    with pytest.raises(UsageError) as refusal:
        break_of(asked, LIST_4A)  # type: ignore[arg-type]  # what a tired person types
    assert said in str(refusal.value)


@pytest.mark.parametrize("width", [84, 174])
def test_a_broken_axis_is_marked_in_the_plot_and_in_words(width: float) -> None:
    ax = tf.plot("us_on_cn", measure="stack", good="list-4a", broken="auto", width=width)
    (strip,) = strips(ax)
    plot = ax.get_window_extent()
    assert (strip.left, strip.right) == pytest.approx((plot.x0 / DPI * MM, plot.x1 / DPI * MM), abs=0.1)
    assert strip.top - strip.bottom == pytest.approx(STRIP, abs=0.1)
    said = [" ".join(text.get_text().split()) for text in labels(ax)]
    assert any("axis broken between 45 and 105" in text for text in said)
    assert "Percent of customs value; axis broken between 45 and 105." in alt_text(ax)


@pytest.mark.parametrize("width", [84, 174])
def test_no_text_stands_on_a_break_and_no_tick_in_it(width: float) -> None:
    ax = tf.plot(broken="auto", width=width, start="2025-01-01")
    for strip in strips(ax):
        assert not any(box(text).meets(strip) for text in labels(ax))
    shown = [tick for tick in ax.get_yticks() if 40 <= tick <= 75]
    assert not (strips(ax) and shown)


def test_a_broken_axis_draws_the_same_vertices() -> None:
    whole, broken = (tf.plot("us_on_cn", width=84, broken=asked) for asked in (None, (40, 95)))
    one, other = (
        next(np.asarray(line.get_ydata()).tolist() for line in ax.lines if line.get_gid() == "us_on_cn") for ax in (whole, broken)
    )
    assert one == other
    assert [len(strips(ax)) for ax in (whole, broken)] == [0, 1]


def test_levels_stand_where_the_broken_axis_has_them() -> None:
    ax = tf.plot("us_on_cn", width=84, broken=(40, 95))
    bottom, top = (ax.transData.transform((0, rate))[1] for rate in (0, 10))
    below, above = (ax.transData.transform((0, rate))[1] for rate in (135, 145))
    assert top - bottom == pytest.approx(above - below)
    gap = ax.transData.transform((0, 95))[1] - ax.transData.transform((0, 40))[1]
    assert gap / DPI * MM == pytest.approx(STRIP)


def test_a_chart_of_zeros_has_nothing_to_break() -> None:
    ax = tf.plot("us_on_cn", start="2024-01-01", end="2024-12-31", broken="auto")
    assert not strips(ax)
    with pytest.raises(UsageError, match="expected two numbers in order between 0 and 0"):
        tf.plot("us_on_cn", start="2024-01-01", end="2024-12-31", broken=(5, 8))
