from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.dates import date2num
from matplotlib.text import Text

import tariffs as tf
from tariffs.asking import packaged
from tariffs.charts import alt_text, panels
from tariffs.charts.kinds import draw
from tariffs.charts.page import DPI, MM, Box
from tariffs.errors import CoverageError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

PIIE: dict[str, Any] = {"measure": "average", "weights": "piie-implied"}
GOODS = ["list-1", "list-4a", "smartphone", "electric-car", "steel-mill-product", "solar-cell", "syringe", "unlisted"]
CHARTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "directions": (None, {}),
    "averages": (None, PIIE),
    "world": (["us_on_cn", "cn_on_us", "us_on_row", "cn_on_row"], PIIE | {"end": "2025-01-31"}),
    "goods": ("us_on_cn", {"measure": "stack", "good": GOODS}),
    "weights": ("cn_on_us", {"measure": "average", "weights": ["piie-implied", "cn-imports-2017", "simple-hs6"]}),
    "measures": (None, {"measure": ["all_goods", "average", "covered"], "weights": "piie-implied", "start": "2018-01-01"}),
    "april": (None, {"start": "2025-04-01", "end": "2025-04-15"}),
    "mixed": ("us_on_cn", {"measure": ["all_goods", "stack"], "good": "list-3"}),
}
SIMPLE = {"measure": "average", "weights": ["simple-hs6"]}
TWO = {"measure": ["all_goods", "average"], "weights": "piie-implied"}
TALL = {"measure": "stack", "good": GOODS, "columns": 1, "height": 150}
SIZES: list[dict[str, Any]] = [{"width": 84}, {"width": 174}, {"style": "slides"}, {"style": "web"}]


def box(artist: Any) -> Box:
    extent = artist.get_window_extent()
    return Box(*(value / DPI * MM for value in (extent.x0, extent.y0, extent.x1, extent.y1)))


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible() and text.get_text().strip()]


def lines(ax: Axes) -> dict[str, Line2D]:
    return {str(line.get_gid()): line for line in ax.lines}


def said(figure: Figure) -> list[str]:
    return [" ".join(text.get_text().split()) for text in figure.texts]


def labels(figure: Figure, ax: Axes, kind: str) -> list[str]:
    plot = ax.get_window_extent()
    return [
        text.get_text()
        for text in figure.texts
        if str(text.get_gid()).startswith(kind) and plot.x0 <= text.get_window_extent().x0 <= plot.x1
    ]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", CHARTS)
def test_no_text_meets_another_or_leaves_the_page(name: str, size: dict[str, Any]) -> None:
    directions, asked = CHARTS[name]
    figure = panels(directions, **asked, **size)
    figure.canvas.draw()
    page = Box(0, 0, *(inches * MM for inches in figure.get_size_inches()))
    found = {f"{number} {text.get_text()}": box(text) for number, text in enumerate(texts(figure))}
    assert [name for name, place in found.items() if not place.within(page)] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found.items(), 2) if a.meets(b)] == []


@pytest.mark.parametrize("name", CHARTS)
def test_every_plot_has_the_same_scales(name: str) -> None:
    directions, asked = CHARTS[name]
    figure = panels(directions, **asked)
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in figure.axes}) == 1
    assert len({(round(ax.bbox.width, 3), round(ax.bbox.height, 3)) for ax in figure.axes}) == 1


def test_there_is_a_plot_per_good_with_its_title_and_its_line() -> None:
    figure = panels("us_on_cn", measure="stack", good=GOODS)
    record = packaged()
    assert [ax.get_gid() for ax in figure.axes] == [record.good(good).title for good in GOODS]
    for ax, good in zip(figure.axes, GOODS, strict=True):
        series = tf.series("us_on_cn", measure="stack", good=good)
        drawn = lines(ax)[series.name]  # type: ignore[index]  # a series of ours has a name
        assert np.asarray(drawn.get_xdata())[:-1].tolist() == [date2num(day) for day in series.index]
        assert np.asarray(drawn.get_ydata())[:-1].tolist() == series.tolist()
        # The last level is drawn to the end of the last checked day.
        assert np.asarray(drawn.get_xdata())[-1] == date2num(date(2026, 10, 10))


def test_first_highest_and_last_level_are_written() -> None:
    figure = panels(**PIIE, width=84)
    # The first are the Peterson Institute's; the later ones sums of ours, by hand in test_averages.
    for ax, first, highest, last in zip(figure.axes, ("3.1", "8.0"), ("127.2", "147.6"), ("47.5", "31.9"), strict=True):
        assert labels(figure, ax, "step-") == [first]
        assert labels(figure, ax, "name-") == [highest]
        assert labels(figure, ax, "end-") == [last]


def test_a_line_that_ends_at_its_highest_level_says_it_once() -> None:
    figure = panels(["us_on_cn", "cn_on_us"], measure="covered", weights="piie-implied")
    for ax in figure.axes:
        assert labels(figure, ax, "name-") == []
        assert labels(figure, ax, "end-") == ["100"]


def test_what_is_ahead_is_hollow_and_the_note_says_on_which_day() -> None:
    figure = panels()
    us, cn = figure.axes
    assert "scheduled-us_on_cn" not in lines(us)
    marker = lines(cn)["scheduled-cn_on_us"]
    assert np.asarray(marker.get_xdata()).tolist() == [date2num(date(2027, 1, 10))]
    assert labels(figure, cn, "ahead-") == ["34"]
    assert any("Hollow: ahead (China on US, 34 from 10 Jan 2027, unless extended again)." in text for text in said(figure))


def test_several_directions_in_a_plot_have_a_key_and_look_as_everywhere() -> None:
    figure = panels(**CHARTS["measures"][1])
    assert [text.get_text() for text in figure.texts if text.get_gid() == "key"] == ["US on China", "China on US"]
    own = tf.plot()
    for ax in figure.axes:
        for line in ax.lines:
            gid = str(line.get_gid())
            if gid.split("_average", maxsplit=1)[0].split("_covered", maxsplit=1)[0] in ("us_on_cn", "cn_on_us"):
                other = next(one for one in own.lines if one.get_gid() == gid[:8])
                assert (line.get_color(), line.get_linestyle()) == (other.get_color(), other.get_linestyle())


def test_measures_side_by_side_say_which_they_are_and_what_each_leaves_out() -> None:
    figure = panels(**CHARTS["measures"][1])
    written = " ".join(said(figure))
    assert "Across-the-board additional duty" in written
    assert "Average statutory rate, MFN included, piie-implied" in written
    assert "Share of trade under any additional duty: any additional duty counts" in written
    assert "Tariffs, 3 measures: US on China; China on US" in written


def test_only_the_left_plots_bear_rates_and_only_the_lowest_days() -> None:
    figure = panels("us_on_cn", measure="stack", good=GOODS[:5], width=84)
    rates = [bool([label for label in ax.get_yticklabels() if label.get_visible() and label.get_text()]) for ax in figure.axes]
    days = [bool([label for label in ax.get_xticklabels() if label.get_visible() and label.get_text()]) for ax in figure.axes]
    assert rates == [True, False, True, False, True]
    assert days == [False, False, False, True, True]


def test_weights_end_in_a_ground_of_their_own() -> None:
    figure = panels("cn_on_us", measure="average", weights=["piie-implied", "simple-hs6"])
    edges = [
        [patch.get_x() for patch in ax.patches if patch.get_gid() == "not-verified"]  # type: ignore[attr-defined]  # a rectangle
        for ax in figure.axes
    ]
    assert edges == [[date2num(date(2026, 1, 1))], [date2num(date(2025, 2, 10))]]
    assert any("no weights after 9 Feb 2025, no weights after 31 Dec 2025" in text for text in said(figure))


def test_alt_text_tells_each_plot() -> None:
    told = alt_text(panels("us_on_cn", measure="stack", good=["list-1", "smartphone"]))
    assert told.startswith("2 step charts: Tariffs by kind of good: US on China. Percent of customs value.")
    # 25 points from 6 July 2018: 83 FR 28710.
    assert "List 1 good: 0 at first; 25 from 6 July 2018;" in told
    assert "Smartphone: 0 at first; 10 from 4 February 2025;" in told


@pytest.mark.parametrize(("columns", "expected"), [(None, 3), (2, 2), (4, 4), (7, 7)])
def test_columns_are_as_many_as_are_asked_for(columns: int | None, expected: int) -> None:
    figure = panels("us_on_cn", measure="stack", good=GOODS, columns=columns)
    assert len({round(ax.bbox.x0) for ax in figure.axes}) == expected


def test_same_input_gives_the_same_places() -> None:
    one, other = ([box(text) for text in texts(panels(**PIIE, width=84))] for _ in range(2))
    assert one == other


def test_a_height_that_is_asked_for_is_kept() -> None:
    figure = panels(width=174, height=90)
    assert (figure.get_size_inches() * MM).round(6).tolist() == [174, 90]


def test_plots_on_a_slide_fill_the_slide() -> None:
    figure = panels("us_on_cn", measure="stack", good=GOODS, style="slides")
    assert (figure.get_size_inches() * MM).round(1).tolist() == [254, 142.9]
    assert len({round(ax.bbox.x0) for ax in figure.axes}) == 3


def test_every_good_at_once_is_drawn() -> None:
    record = packaged()
    goods = [name for name, good in record.goods.items() if any(one.name == "us_on_cn" for one in good.directions)]
    figure = panels("us_on_cn", measure="stack", good=goods, metal_share=50)
    assert len(figure.axes) == len(goods) > 10
    assert figure.get_size_inches()[1] * MM <= 600


@pytest.mark.parametrize(
    ("directions", "asked", "error", "said"),
    [
        (["us_on_cn"] * 40, {}, UsageError, "a direction is named twice"),
        (["us_on_cn", "cn_on_us", "us_on_row"], TWO, UsageError, "3 directions in each plot, expected at most 2"),
        (None, {"measure": []}, UsageError, "measure: found an empty list"),
        (None, {"measure": ["average"]}, UsageError, "average needs weights"),
        (None, {"measure": "averages"}, UnknownNameError, "did you mean 'average'"),
        ("us_on_eu", {}, CoverageError, "does not cover US on EU"),
        (None, {"columns": 0}, UsageError, "columns: found 0, expected a whole number from 1"),
        (None, {"columns": 2.5}, UsageError, "columns: found 2.5, expected a whole number from 1"),
        (None, {"columns": 12}, UsageError, r"columns: found 12, expected at most \d+ on a page of 174 mm"),
        ("us_on_cn", TALL, UsageError, r"height: 8 plots in 8 rows have no room on 150 mm; expected \d+ mm or more"),
        (None, {"width": 0}, UsageError, "width: found 0, expected 80 to 600 mm"),
        (None, {"start": "2025-04-01", "end": "2025-04-01"}, UsageError, "a chart needs two days at least"),
        (None, {"style": "papers"}, UnknownNameError, "did you mean 'paper'"),
        (None, {"start": "2026-10-09", "end": "2025-04-01"}, UsageError, "start 2026-10-09 is after end 2025-04-01"),
        ("cn_on_us", SIMPLE | {"start": "2025-06-01"}, UsageError, "start 2025-06-01 is after"),
        ("cn_on_us", SIMPLE | {"start": "2025-02-15"}, CoverageError, "the weights simple-hs6 reach to 2025-02-09"),
    ],
)  # fmt: skip
def test_what_makes_no_panels_is_refused(directions: Any, asked: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        panels(directions, **asked)


def test_the_command_line_names_several_measures_with_commas() -> None:
    chart = draw("panels", ["us_on_cn"], measure="all_goods,average", weights=["piie-implied"], start="2018-01-01")
    assert alt_text(chart).startswith("2 step charts: Tariffs, 2 measures: US on China.")
