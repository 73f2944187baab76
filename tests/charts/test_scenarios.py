"""Charts of scenarios: what is supposed is drawn hollow, what is recorded grey, and the title says which it is."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.text import Text

import tariffs as tf
from tariffs.charts import alt_text
from tariffs.charts.kinds import draw
from tariffs.charts.lines import Line, Step
from tariffs.charts.page import DPI, MM, Box
from tariffs.loading import scenarios

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

SIZES: list[dict[str, Any]] = [{"width": 84}, {"width": 174}, {"style": "slides"}, {"style": "web"}]


def on(text: str) -> date:
    return date.fromisoformat(text)


def supposed(name: str) -> Any:
    return tf.load(name, on_top=True)


def whole(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def drawn(ax: Axes, gid: str) -> list[Line2D]:
    return [artist for artist in ax.lines if artist.get_gid() == gid]


def points(artist: Line2D) -> list[tuple[float, float]]:
    return [(float(day), float(level)) for day, level in zip(*map(np.asarray, artist.get_data()), strict=True)]


def said(ax: Axes) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in whole(ax).findobj(Text) if isinstance(text, Text)]


def test_the_record_is_drawn_grey_over_the_days_on_which_it_differs() -> None:
    ax = tf.plot("us_on_cn", catalog=supposed("no-geneva"))
    (grey,) = drawn(ax, "us_on_cn-recorded")
    # 145 falls to 30 on 14 May 2025 (EO 14298) and to 20 on 10 November (EO 14357, EO 14358); from 24 February 2026 both have 10.
    days = ["2025-05-14", "2025-05-14", "2025-11-10", "2026-02-24"]
    assert points(grey) == [(float(date2num(on(day))), level) for day, level in zip(days, (145, 30, 20, 10), strict=True)]
    (hollow,) = drawn(ax, "us_on_cn-supposed")
    assert (hollow.get_color(), points(hollow)[0], points(hollow)[-1]) == (
        "white",
        (float(date2num(on("2025-05-14"))), 145),
        (float(date2num(on("2026-02-24"))), 135),
    )
    assert hollow.get_linewidth() < drawn(ax, "us_on_cn")[0].get_linewidth()


def test_a_direction_that_a_scenario_leaves_alone_is_drawn_as_ever() -> None:
    ax = tf.plot(catalog=supposed("truce-to-2028"))
    assert drawn(ax, "us_on_cn-recorded") == drawn(ax, "us_on_cn-supposed") == []
    assert len(drawn(ax, "cn_on_us-recorded")) == 1
    assert drawn(ax, "cn_on_us-supposed") == []  # it departs after the last checked day, where lines are dotted


def test_the_record_alone_has_nothing_hollow_and_no_grey_line() -> None:
    ax = tf.plot()
    assert [artist.get_gid() for artist in ax.lines if str(artist.get_gid()).endswith(("-recorded", "-supposed"))] == []
    assert not any("Scenario" in text or "Hollow" in text for text in said(ax))


def test_a_step_that_is_only_supposed_has_a_marker_and_a_word_of_its_own() -> None:
    ax = tf.plot(catalog=supposed("truce-to-2028"))
    (marker,) = drawn(ax, "scheduled-cn_on_us")
    assert (marker.get_marker(), points(marker)) == ("D", [(float(date2num(on("2028-01-10"))), 34)])
    assert "34 from 10 Jan 2028 as supposed" in said(ax)
    assert not any("no act was seen" in text for text in said(ax))
    (usual,) = drawn(tf.plot(), "scheduled-cn_on_us")
    assert usual.get_marker() == "o"


def test_title_note_and_alt_text_say_that_it_is_a_scenario() -> None:
    ax = tf.plot(catalog=supposed("no-geneva"))
    assert any(text.startswith("Scenario \u201cno Geneva\u201d. US and Chinese across-the-board tariffs") for text in said(ax))
    assert any("Hollow lines: as supposed; grey lines: as recorded." in text for text in said(ax))
    assert "scenario no-geneva, checked through" in " ".join(said(ax))
    told = alt_text(whole(ax))
    assert "US on China, as recorded:" in told
    assert "Scenario \u201cno Geneva\u201d" in told


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("parts", {"start": "2025-01-01"}),
        ("timeline", {"start": "2025-01-01", "families": ["ieepa-reciprocal"]}),
        ("clocks", {}),
        ("panels", {}),
        ("expected", {"days": ["2025-06-01"]}),
    ],
)
def test_every_kind_says_so_in_its_title(kind: str, asked: dict[str, Any]) -> None:
    figure = draw(kind, ["us_on_cn"], **asked, catalog=supposed("no-geneva"))
    texts = [text.get_text() for text in (figure if isinstance(figure, Figure) else whole(figure)).findobj(Text)]
    assert any(text.startswith("Scenario \u201cno Geneva\u201d.") for text in texts)


def test_a_file_that_is_no_scenario_is_named(tmp_path: Any) -> None:
    file = tmp_path / "mine.csv"
    head = "duty,effective,stated,enacted,rate,act,grade,source\n"
    file.write_text(f"{head}ieepa-fentanyl,2025-06-01,2025-05-20,2025-05-20,15%,what if,C,an assumption\n", encoding="utf-8")
    assert any(text.startswith("With mine.csv. US and Chinese") for text in said(tf.plot(catalog=tf.load(file, on_top=True))))


def test_what_did_not_come_has_no_flag_and_no_ground() -> None:
    stood, gone = tf.plot(catalog=supposed("ieepa-had-stood")), tf.plot(catalog=supposed("no-geneva"))
    assert "Section 122" not in said(stood)
    assert "Section 122" in said(gone)
    assert any("truce from" in text for text in said(stood))
    assert not any("truce from" in text for text in said(gone))


def test_panels_have_it_too() -> None:
    figure = draw("panels", ["us_on_cn", "cn_on_us"], catalog=supposed("no-geneva"))
    assert isinstance(figure, Figure)
    gids = [artist.get_gid() for ax in figure.axes for artist in ax.lines]
    assert {"us_on_cn-recorded", "cn_on_us-recorded", "us_on_cn-supposed", "cn_on_us-supposed"} <= set(gids)


def test_a_scale_holds_what_is_recorded_too(tmp_path: Any) -> None:
    file = tmp_path / "low.yaml"
    file.write_text("scenario: low\nstrike_down:\n- {authority: IEEPA, from: 2025-04-09}\n", encoding="utf-8")
    ax = tf.plot("us_on_cn", catalog=tf.load(file, on_top=True), start="2025-04-01", end="2025-05-20")
    assert ax.get_ylim()[1] >= 145


@pytest.mark.parametrize("name", scenarios())
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_text_of_a_scenario_s_chart_meets_another_or_leaves_the_page(name: str, size: dict[str, Any]) -> None:
    figure = whole(tf.plot(**size, catalog=supposed(name)))
    figure.canvas.draw()
    page = Box(0, 0, *(inches * MM for inches in figure.get_size_inches()))
    boxes = []
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip():
            extent = text.get_window_extent()
            boxes.append((text.get_text(), Box(*(value / DPI * MM for value in (extent.x0, extent.y0, extent.x1, extent.y1)))))
    assert [text for text, box in boxes if not box.within(page)] == []
    assert [(one, other) for (one, box), (other, place) in combinations(boxes, 2) if box.meets(place, 0)] == []


def test_departures_are_the_days_on_which_the_levels_differ() -> None:
    steps = (Step(on("2025-02-01"), 10, True, ""), Step(on("2025-04-01"), 20, True, ""))
    recorded = ((on("2025-01-01"), 0.0), (on("2025-02-01"), 10.0), (on("2025-03-01"), 5.0), (on("2025-05-01"), 20.0))
    line = Line("x", "X", 0, steps, {}, upwards=True, recorded=recorded)
    # 5 against 10 in March, 5 against 20 in April; from May on both have 20.
    assert line.departures(on("2025-06-01")) == [(on("2025-03-01"), on("2025-05-01"))]
    days = ("2025-02-28", "2025-03-01", "2025-04-30", "2025-05-01")
    assert [line.departs(on(day)) for day in days] == [False, True, True, False]
