from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import tariffs as tf
from tariffs.charts import alt_text
from tariffs.charts.lines import Line, Step
from tariffs.charts.page import DPI, MM, Box
from tariffs.charts.zoom import zoom_of
from tariffs.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PIIE: dict[str, Any] = {"measure": "average", "weights": "piie-implied"}
CHARTS: dict[str, dict[str, Any]] = {
    "directions": {},
    "averages": PIIE,
    "good": {"directions": "us_on_cn", "measure": "stack", "good": "list-4a"},
    "april": {"start": "2025-04-01", "end": "2025-04-15", "zoom": 50},
}
SIZES: list[dict[str, Any]] = [{"width": 84}, {"width": 174}, {"style": "slides"}, {"style": "web"}]
FIRST, LAST = date(2025, 1, 1), date(2025, 4, 10)  # a hundred days


def line(*steps: tuple[int, float]) -> Line:
    made = tuple(Step(date.fromordinal(FIRST.toordinal() + day), level, rising=True, condition="") for day, level in steps)
    return Line("us_on_cn", "US on China", 0.0, made, {}, upwards=True)


def whole(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def box(artist: Any) -> Box:
    extent = artist.get_window_extent()
    return Box(*(value / DPI * MM for value in (extent.x0, extent.y0, extent.x1, extent.y1)))


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible() and text.get_text().strip()]


def written(figure: Figure, ax: Axes) -> str:
    """Return what labels and boxes say inside a plot."""
    plot = box(ax)
    inside = [text.get_text() for text in figure.texts if plot.bottom <= box(text).bottom and box(text).top <= plot.top]
    return " ".join(inside).replace("(", " ")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (((10, 20), (50, 145), (55, 30)), 40),  # 5 days of 145: nine days in ten are at 30 or below
        (((10, 20), (50, 145)), None),  # half of all days are high
        (((10, 20), (50, 30)), None),  # nothing is high
        (((95, 145),), None),  # 0 on nine days in ten: there is nothing to show below
        ((), None),
    ],
)
def test_auto_shows_nine_days_in_ten_where_the_highest_is_twice_as_high(
    steps: tuple[tuple[int, float], ...], expected: float | None
) -> None:
    assert zoom_of("auto", [line(*steps)], FIRST, LAST) == expected


@pytest.mark.parametrize("asked", [60, 60.0, "60"])
def test_a_rate_is_taken_as_it_is(asked: Any) -> None:
    assert zoom_of(asked, [line((50, 145))], FIRST, LAST) == 60


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (0, "zoom: found 0, expected a rate between 0 and 145, the highest shown"),
        (145, "zoom: found 145, expected a rate between 0 and 145"),
        (-5, "zoom: found -5"),
        (float("nan"), "zoom: found nan"),
        ("sixty", "zoom: found 'sixty', expected auto, or a rate such as 60"),
    ],
)
def test_a_rate_that_shows_nothing_or_everything_is_refused(asked: Any, said: str) -> None:
    with pytest.raises(UsageError) as refusal:
        zoom_of(asked, [line((50, 145))], FIRST, LAST)
    assert said in str(refusal.value)


def test_both_plots_draw_the_series_on_the_same_days() -> None:
    figure = whole(tf.plot(zoom="auto"))
    upper, lower = figure.axes
    assert upper.get_xlim() == lower.get_xlim()
    assert (upper.get_ylim(), lower.get_ylim()) == ((0, 150), (0, 40))
    for ax in (upper, lower):
        for name in ("us_on_cn", "cn_on_us"):
            drawn = next(one for one in ax.lines if one.get_gid() == name)
            assert np.asarray(drawn.get_ydata())[:-1].tolist() == tf.series(name, start="2025-01-01").tolist()


@pytest.mark.parametrize("width", [84, 174])
def test_every_level_is_written_in_one_of_the_plots_and_in_that_alone(width: float) -> None:
    figure = whole(tf.plot(zoom="auto", width=width))
    upper, lower = (written(figure, ax).split() for ax in figure.axes)
    for level in ("104", "145", "84", "125"):
        assert level in upper
        assert level not in lower
    for level in ("10", "20", "30", "12.5", "34"):
        assert level in lower
        assert level == "10" or level not in upper  # the 10th of April stands there


def test_what_is_ahead_is_marked_in_the_plot_that_reaches_it() -> None:
    upper, lower = whole(tf.plot(zoom="auto")).axes
    marked = [[one.get_gid() for one in ax.lines if str(one.get_gid()).startswith("scheduled")] for ax in (upper, lower)]
    assert marked == [[], ["scheduled-cn_on_us"]]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", CHARTS)
def test_no_text_meets_another_or_leaves_the_page(name: str, size: dict[str, Any]) -> None:
    figure = whole(tf.plot(**({"zoom": "auto"} | CHARTS[name] | size)))
    assert len(figure.axes) == 2
    figure.canvas.draw()
    page = Box(0, 0, *(inches * MM for inches in figure.get_size_inches()))
    found = {f"{number} {text.get_text()}": box(text) for number, text in enumerate(texts(figure))}
    assert [name for name, place in found.items() if not place.within(page)] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found.items(), 2) if a.meets(b)] == []


def test_subtitle_and_alt_text_say_that_there_is_a_second_plot() -> None:
    ax = tf.plot(zoom="auto")
    assert any("; below, the same up to 40" in " ".join(text.get_text().split()) for text in whole(ax).texts)
    assert "Percent of customs value; below, the same up to 40." in alt_text(ax)


def test_where_nothing_is_flattened_there_is_one_plot() -> None:
    assert len(whole(tf.plot("cn_on_us", start="2018-01-01", end="2024-12-31", zoom="auto", **PIIE)).axes) == 1


def test_one_cure_at_a_time() -> None:
    with pytest.raises(UsageError, match="zoom does not go with broken"):
        tf.plot(zoom="auto", broken="auto")
    with pytest.raises(UsageError, match="zoom does not go with ax"):
        tf.plot(zoom="auto", ax=Figure().subplots())


def test_same_input_gives_the_same_places() -> None:
    one, other = ([box(text) for text in texts(whole(tf.plot(zoom="auto", width=84)))] for _ in range(2))
    assert one == other
