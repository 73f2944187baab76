from __future__ import annotations

import sys
from datetime import date
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.text import Text

import tariffs as tf
from tariffs.charts.page import DPI, MM, Box, Chart
from tariffs.charts.style import own_style
from tariffs.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

WIDTHS = [174, 84]
WINDOWS = [("2025-01-01", None), ("2018-01-01", None), ("2025-04-01", "2025-05-20")]


def line(ax: Axes, name: str) -> Line2D:
    return next(artist for artist in ax.lines if artist.get_gid() == name)


def texts(ax: Axes) -> list[Text]:
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible() and text.get_text().strip()]


def boxes(ax: Axes) -> dict[str, Box]:
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    found = {}
    for number, text in enumerate(texts(ax)):
        extent = text.get_window_extent()
        mm = [value / DPI * MM for value in (extent.x0, extent.y0, extent.x1, extent.y1)]
        found[f"{number} {text.get_text()!r}"] = Box(*mm)
    return found


@pytest.mark.parametrize("direction", ["us_on_cn", "cn_on_us"])
def test_vertices_equal_the_series_and_the_last_stands_at_the_horizon(direction: str) -> None:
    ax = tf.plot()
    drawn = line(ax, direction)
    series = tf.series(direction, start="2025-01-01")
    assert drawn.get_drawstyle() == "steps-post"
    days, values = np.asarray(drawn.get_xdata()), np.asarray(drawn.get_ydata())
    assert days[:-1].tolist() == [date2num(day) for day in series.index]
    assert values[:-1].tolist() == series.tolist()
    # The last level is drawn to the end of the last checked day, or it would not show at all.
    assert days[-1] == date2num(date(2026, 10, 10))
    assert values[-1] == series.iloc[-1]


def test_after_the_checked_day_the_line_is_thin_and_dotted_over_grey() -> None:
    ax = tf.plot()
    later, checked = line(ax, "us_on_cn-not-verified"), line(ax, "us_on_cn")
    assert later.get_linewidth() < checked.get_linewidth()
    assert later.get_linestyle() != checked.get_linestyle()
    assert [patch for patch in ax.patches if patch.get_gid() == "not-verified"]


def test_scheduled_34_is_a_hollow_marker_with_its_condition() -> None:
    ax = tf.plot()
    marker = line(ax, "scheduled-cn_on_us")
    assert (np.asarray(marker.get_xdata())[0], np.asarray(marker.get_ydata())[0]) == (date2num(date(2027, 1, 10)), 34)
    assert marker.get_markerfacecolor() == "white"
    assert any("34 from 10 Jan 2027\nunless extended again" in text.get_text() for text in texts(ax))


@pytest.mark.parametrize("width", WIDTHS)
def test_every_level_is_written(width: int) -> None:
    written = " ".join(text.get_text() for text in texts(tf.plot(width=width)))
    for level in ("10", "20", "30", "104", "145", "84", "125", "12.5", "34"):
        assert level in written.replace("(", " ").split(), f"{level} is not written"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("start", "end"), WINDOWS)
def test_no_text_meets_another_or_leaves_the_page(width: int, start: str, end: str | None) -> None:
    ax = tf.plot(width=width, start=start, end=end)
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    width_in, height_in = figure.get_size_inches()
    sheet = Box(0, 0, width_in * MM, height_in * MM)
    found = boxes(ax)
    outside = [name for name, box in found.items() if not box.within(sheet)]
    meeting = [(one, other) for (one, a), (other, b) in combinations(found.items(), 2) if a.meets(b)]
    assert outside == []
    assert meeting == []


@pytest.mark.parametrize("direction", ["us_on_cn", "cn_on_us"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_step_label_stands_on_a_line(width: int, direction: str) -> None:
    ax = tf.plot(width=width)
    found = boxes(ax)
    labels = [
        box for (name, box), text in zip(found.items(), texts(ax), strict=True) if (text.get_gid() or "").startswith("step-")
    ]
    assert labels
    drawn = line(ax, direction)
    points = ax.transData.transform(np.column_stack([np.asarray(drawn.get_xdata()), np.asarray(drawn.get_ydata())])) / DPI * MM
    for (x0, y0), (x1, y1) in pairwise(points):
        level, riser = Box(x0, y0, x1, y0), Box(x1, min(y0, y1), x1, max(y0, y1))
        assert not [label for label in labels if label.meets(level) or label.meets(riser)]


def test_wide_chart_names_seven_annotations_and_narrow_one_numbers_them() -> None:
    names = [
        "Fentanyl duty",
        "Reciprocal tariffs announced",
        "Geneva",
        "Busan",
        "Supreme Court",
        "Section 122",
        "Forced-labour duty",
    ]
    wide = [text.get_text() for text in texts(tf.plot())]
    assert all(name in wide for name in names)
    narrow = [text.get_text() for text in texts(tf.plot(width=84))]
    assert all(str(number) in narrow for number in range(1, 8))
    key = "\n".join(narrow)
    assert all(f"{number}  {name}," in key for number, name in enumerate(names, 1))


def test_lines_are_told_apart_without_colour() -> None:
    ax = tf.plot()
    assert line(ax, "us_on_cn").get_linestyle() == "-"
    assert line(ax, "cn_on_us").get_linestyle() == "--"


def test_axis_runs_from_0_to_150_in_percent() -> None:
    ax = tf.plot()
    assert ax.get_ylim() == (0, 150)
    assert ax.get_ylabel() == "Percent of customs value"
    assert ax.get_yscale() == "linear"


def test_title_subtitle_and_note_say_what_is_shown_and_what_is_not() -> None:
    written = [text.get_text().replace("\n", " ") for text in texts(tf.plot())]
    assert "US and Chinese across-the-board tariffs on each other's goods" in written
    assert "Additional duty on goods on no product list, percent, by legal effective date" in written
    note = next(text for text in written if text.startswith("Not included"))
    said = ("MFN", "product lists", "Section 232", "anti-dumping", "Exempt goods paid less", "as charged", "20 Feb 2026")
    for words in (*said, "data version 2026.10.09", "checked through 2026-10-09"):
        assert words in note


def test_words_are_replaceable_and_may_be_left_out() -> None:
    written = [text.get_text() for text in texts(tf.plot(title="Mine", subtitle="", note=""))]
    assert "Mine" in written
    assert not any(text.startswith(("Additional duty", "Not included")) for text in written)


@pytest.mark.parametrize(("width", "height"), [(174, 105), (84, 118)])
def test_figure_has_the_size_that_was_asked_for(width: int, height: int) -> None:
    figure = tf.plot(width=width).get_figure(root=True)
    assert isinstance(figure, Figure)
    assert (figure.get_size_inches() * MM).round(6).tolist() == [width, height]


@pytest.mark.parametrize("width", [0, -1, 79, 601, float("nan"), "84"])
def test_impossible_width_is_refused(width: float) -> None:
    with pytest.raises(UsageError, match=r"width: found .*, expected 80 to 600 mm"):
        tf.plot(width=width)


def test_forty_directions_at_once_are_refused() -> None:
    with pytest.raises(UsageError, match="40 lines in one chart, expected at most 4"):
        tf.plot(["us_on_cn"] * 40)


def test_same_input_gives_the_same_places() -> None:
    assert boxes(tf.plot(width=84)) == boxes(tf.plot(width=84))


def test_no_figure_stays_open() -> None:
    tf.plot()
    assert "matplotlib.pyplot" not in sys.modules or sys.modules["matplotlib.pyplot"].get_fignums() == []


def test_lawful_basis_is_named_in_the_subtitle_and_leaves_the_note_on_ieepa_out() -> None:
    written = [text.get_text().replace("\n", " ") for text in texts(tf.plot(basis="lawful"))]
    assert any("void duties taken out" in text for text in written)
    assert not any("as charged" in text for text in written)


def test_note_of_a_past_view_does_not_know_the_ruling() -> None:
    written = " ".join(text.get_text().replace("\n", " ") for text in texts(tf.plot(as_of="2025-05-20")))
    assert "as charged" not in written
    assert "expected after 20 May 2025" in written


def test_note_says_that_the_scheduled_step_rests_on_statements() -> None:
    note = next(text.get_text().replace("\n", " ") for text in texts(tf.plot()) if text.get_text().startswith("Not included"))
    assert "The step of 10 Jan 2027 rests on statements of both governments; no act was seen." in note


def test_words_that_leave_no_room_for_the_plot_are_refused_with_the_height_they_need() -> None:
    with pytest.raises(UsageError, match=r"height: .* expected \d+ mm or more"):
        tf.plot(title="word " * 400)


@pytest.mark.parametrize("title", ["$34 and $16 billion", "a_b^c & <script>", "x" * 400, "%s {0} \\n"])
def test_text_is_only_text_and_stays_on_the_page(title: str) -> None:
    ax = tf.plot(title=title)
    found = boxes(ax)
    assert all(box.right <= 174.1 for box in found.values())


PIIE: dict[str, Any] = {"measure": "average", "weights": "piie-implied"}
OTHER_MEASURES: dict[str, tuple[Any, dict[str, Any]]] = {
    "averages": (None, PIIE),
    "averages-2025": (None, PIIE | {"start": "2025-01-01"}),
    "rest-of-world": (["us_on_cn", "cn_on_us", "us_on_row", "cn_on_row"], PIIE | {"end": "2025-01-31"}),
    "rest-of-world-2025": (["us_on_cn", "cn_on_us", "us_on_row", "cn_on_row"], PIIE | {"end": "2025-03-31"}),
    "since": (["cn_on_us", "cn_on_row"], PIIE | {"since": "2018-01-01", "end": "2025-03-31"}),
    "by-weights": ("cn_on_us", PIIE | {"weights": ["piie-implied", "cn-imports-2017", "simple-hs6"], "end": "2025-02-09"}),
    "covered": (None, {"measure": "covered", "weights": "piie-implied"}),
    "one-good": (None, {"measure": "stack", "good": "soybeans", "mfn": True}),
    "two-goods": (None, {"measure": "stack", "good": ["list-3", "smartphone"], "start": "2025-01-01"}),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", OTHER_MEASURES)
def test_no_text_of_averages_and_stacks_meets_another_or_leaves_the_page(width: int, name: str) -> None:
    directions, asked = OTHER_MEASURES[name]
    ax = tf.plot(directions, width=width, **asked)
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    sheet = Box(0, 0, *(inches * MM for inches in figure.get_size_inches()))
    found = boxes(ax)
    assert [name for name, box in found.items() if not box.within(sheet)] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found.items(), 2) if a.meets(b)] == []


@pytest.mark.parametrize("name", OTHER_MEASURES)
def test_vertices_of_averages_and_stacks_equal_their_series(name: str) -> None:
    directions, asked = OTHER_MEASURES[name]
    ax = tf.plot(directions, **asked)
    for drawn in ax.lines:
        gid = str(drawn.get_gid())
        if "_on_" not in gid or gid.startswith("scheduled") or gid.endswith("not-verified"):
            continue
        what = {word: value for word, value in asked.items() if word not in ("start", "end")}
        where = gid.split("_average", maxsplit=1)[0].split("_covered", maxsplit=1)[0].split("_stack", maxsplit=1)[0]
        frame = tf.rates([where], **what, start=asked.get("start"), end=asked.get("end"))
        column = frame[gid][frame[gid].ne(frame[gid].shift())]
        days, values = np.asarray(drawn.get_xdata()), np.asarray(drawn.get_ydata())
        assert days[:-1].tolist() == [date2num(day) for day in column.index]
        assert values[:-1].tolist() == column.tolist()
        assert values[-1] == column.iloc[-1]


def test_weights_end_in_a_ground_that_says_so_and_no_line_goes_on() -> None:
    ax = tf.plot(**PIIE)
    assert [patch for patch in ax.patches if patch.get_gid() == "not-verified"]
    assert not [line for line in ax.lines if str(line.get_gid()).endswith("not-verified")]
    assert any("no weights after 31 Dec 2025" in text.get_text().replace("\n", " ") for text in texts(ax))


def test_a_line_that_ends_at_its_highest_level_is_named_there_once_on_the_line_s_own_side_of_the_horizon() -> None:
    ax = tf.plot(["us_on_cn", "cn_on_us", "us_on_row", "cn_on_row"], **PIIE)
    # The Peterson Institute's average for US goods from 10 March 2025 on: 22.6.
    (name,) = [text for text in texts(ax) if text.get_text().startswith("22.6")]
    assert name.get_text() == "22.6  China on US"
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    (grey,) = [patch for patch in ax.patches if patch.get_gid() == "not-verified"]
    assert name.get_window_extent().x1 < grey.get_window_extent().x0


def test_a_notebook_shows_the_figure() -> None:
    figure = tf.plot(width=84).get_figure(root=True)
    assert isinstance(figure, Chart)
    assert figure._repr_png_()[0].startswith(b"\x89PNG")


@pytest.mark.parametrize("dpi", [72, 120, 300])
def test_text_is_as_wide_at_any_resolution_as_where_it_was_placed(dpi: int) -> None:
    figure = tf.plot(width=84).get_figure(root=True)
    assert isinstance(figure, Figure)
    with own_style():
        widths = []
        for resolution in (DPI, dpi):
            figure.set_dpi(resolution)
            figure.canvas.draw()
            widths.append([text.get_window_extent().width / resolution for text in figure.texts])
    assert np.allclose(widths[0], widths[1], rtol=0.02, atol=0.01)


def test_a_chart_goes_into_axes_of_one_s_own_and_leaves_the_rest_alone() -> None:
    figure = Figure(figsize=(10, 4))
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    right.plot([1, 2], [3, 4])
    returned = tf.plot("us_on_cn", start="2025-01-01", ax=left)
    assert returned is left
    series = tf.series("us_on_cn", start="2025-01-01")
    assert np.asarray(line(left, "us_on_cn").get_ydata())[:-1].tolist() == series.tolist()
    assert len(right.lines) == 1
    assert figure.get_size_inches().tolist() == [10, 4]
    written = [text.get_text() for text in figure.texts]
    assert any(text.startswith("145") for text in written)
    assert not any("Source:" in text or "across-the-board" in text for text in written)  # title and note are the user's business
    inside = left.get_position()
    for text in figure.texts:
        extent = text.get_window_extent().transformed(figure.transFigure.inverted())
        assert inside.x0 - 0.01 <= extent.x0
        assert extent.x1 <= inside.x1 + 0.01


def test_a_column_names_three_lines_or_more_above_the_plot() -> None:
    four = ["us_on_cn", "cn_on_us", "us_on_row", "cn_on_row"]
    asked = PIIE | {"end": "2025-03-31"}
    key = [text.get_text() for text in texts(tf.plot(four, width=84, **asked)) if text.get_gid() == "key"]
    assert key == ["US on China", "China on US", "US on the rest of the world", "China on the rest of the world"]
    assert not [text for text in texts(tf.plot(four, width=174, **asked)) if text.get_gid() == "key"]
    assert not [text for text in texts(tf.plot(width=84)) if text.get_gid() == "key"]


@pytest.mark.parametrize("style", ["slides", "web"])
@pytest.mark.parametrize(("start", "end"), WINDOWS)
def test_no_text_meets_another_on_a_slide_or_a_web_page(style: str, start: str, end: str | None) -> None:
    ax = tf.plot(style=style, start=start, end=end)
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    page = Box(0, 0, *(inches * MM for inches in figure.get_size_inches()))
    found = boxes(ax)
    assert [name for name, box in found.items() if not box.within(page)] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found.items(), 2) if a.meets(b)] == []


def test_several_measures_are_lines_of_one_chart_that_say_which_they_are() -> None:
    ax = tf.plot("us_on_cn", measure=["all_goods", "average"], weights="piie-implied", start="2025-01-01")
    # 145 across the board, 127.2 on the Peterson Institute's weights with MFN in it.
    written = {text.get_gid(): text.get_text() for text in texts(ax) if str(text.get_gid()).startswith("name-")}
    assert written == {
        "name-us_on_cn": "145  across the board",
        "name-us_on_cn_average_piie_implied": "127.2  average, piie-implied",
    }
    for name, asked in (("us_on_cn", {}), ("us_on_cn_average_piie_implied", PIIE)):
        series = tf.series("us_on_cn", **asked, start="2025-01-01", end="2025-12-31")
        assert np.asarray(line(ax, name).get_ydata())[:-1].tolist() == series.tolist()
    said = " ".join(" ".join(text.get_text().split()) for text in texts(ax))
    assert "Tariffs, 2 measures: US on China" in said
    assert "Across-the-board additional duty: not included: ordinary (MFN) duties" in said
    assert "Average statutory rate, MFN included: not included: anti-dumping" in said


def test_lines_of_weights_that_end_leave_no_room_for_steps_they_do_not_know() -> None:
    ax = tf.plot("cn_on_us", measure=["all_goods", "average"], weights="piie-implied", start="2025-01-01")
    # The step of 10 January 2027 is across the board; the chart ends with its weights.
    assert ax.get_xlim()[1] < date2num(date(2026, 6, 1))
    assert not [one for one in ax.lines if str(one.get_gid()).startswith("scheduled")]


def test_a_measure_that_lacks_its_weights_is_refused() -> None:
    with pytest.raises(UsageError, match="average needs weights"):
        tf.plot(measure=["all_goods", "average"])


def test_a_last_step_close_to_the_end_is_labelled_once() -> None:
    narrow, wide = ([text.get_gid() for text in texts(tf.plot(width=width)) if text.get_text() == "12.5"] for width in (84, 174))
    assert narrow == ["end-us_on_cn"]
    assert sorted(map(str, wide)) == ["end-us_on_cn", "step-us_on_cn"]


def test_labels_of_levels_stand_over_the_days_that_have_them() -> None:
    ax = tf.plot(style="slides")
    found = boxes(ax)
    ten = [box for box, text in zip(found.values(), texts(ax), strict=True) if text.get_gid() == "step-cn_on_us"]
    # China's 10 holds from 14 May 2025.
    since = ax.transData.transform((date2num(date(2025, 5, 14)), 0))[0] / DPI * MM
    assert [box.left >= since for box in ten] == [True]


def test_a_line_is_named_at_its_highest_level_in_force_not_at_one_ahead() -> None:
    ax = tf.plot("cn_on_us", start="2026-01-01")
    (name,) = [text for text in texts(ax) if "China on US" in text.get_text() and text.get_gid() == "name-cn_on_us"]
    assert name.get_text() == "China on US"  # the 34 of 10 January 2027 is not in force
    assert "34 from 10 Jan 2027\nunless extended again" in [text.get_text() for text in texts(ax)]
