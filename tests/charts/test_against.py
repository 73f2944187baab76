from __future__ import annotations

import sys
from datetime import date
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.dates import date2num
from matplotlib.text import Text

import tariffs as tf
from tariffs.charts import alt_text, save
from tariffs.charts.against import compare_chart
from tariffs.charts.page import DPI, MM, Box
from tariffs.errors import CoverageError, RecordError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D


def theirs(**values: float) -> pd.Series[float]:
    days = [name[1:].replace("_", "-") for name in values]
    return pd.Series(list(values.values()), pd.to_datetime(days))


# As printed by the Peterson Institute, edition of 14 November 2025.
PRINTED = theirs(
    d2018_07_06=6.7463,
    d2018_09_24=12.0592,
    d2019_05_20=12.0461,
    d2019_06_01=17.5269,
    d2019_09_01=21.0438,
    d2020_02_14=19.2930,
    d2025_03_12=42.6579,
)
AVERAGE: dict[str, Any] = {"measure": "average", "weights": "piie-implied", "name": "Peterson Institute"}
# Made up: right on most days, two days early in May 2025, an average in June, and past the last checked day.
MADE_UP = theirs(
    d2025_02_04=10,
    d2025_04_09=104,
    d2025_04_10=125,
    d2025_04_15=145,
    d2025_05_12=30,
    d2025_06_01=51.8,
    d2025_12_01=20,
    d2026_03_01=15,
    d2026_08_01=12.5,
    d2026_12_01=12.5,
)
APRIL = theirs(d2025_04_07=30, d2025_04_08=104, d2025_04_09=125, d2025_04_10=145, d2025_04_14=145)
EARLY = pd.concat([theirs(d2017_03_01=3.0, d2017_09_01=3.1), PRINTED, theirs(d2026_05_01=40)])
MONTHLY = tf.series("us_on_cn", start="2025-01-01", end="2026-09-30", freq="MS").round(1)
SIZES = [(84, None), (174, None), (300, 169)]
CHARTS: dict[str, tuple[pd.Series[float], str, dict[str, Any]]] = {
    "2018-2026": (EARLY, "us_on_cn", AVERAGE),
    "2018-2025": (PRINTED, "us_on_cn", AVERAGE),
    "2025-2026": (MADE_UP, "us_on_cn", {"name": "a newspaper"}),
    "two weeks": (APRIL, "us_on_cn", {}),
    "monthly": (MONTHLY, "us_on_cn", {"name": "a data bank whose name is as long as names of data banks are"}),
    "agreeing": (PRINTED.drop(pd.Timestamp("2019-05-20")), "us_on_cn", AVERAGE),
    "as of": (theirs(d2025_03_01=0, d2025_04_12=125, d2026_01_05=15, d2027_01_10=34), "cn_on_us", {"as_of": "2025-05-20"}),
}


@cache
def chart(name: str, **more: Any) -> Figure:
    values, direction, asked = CHARTS[name]
    return compare_chart(values, direction, **asked, **more)


def drawn(ax: Axes, name: str) -> Line2D:
    return next(artist for artist in ax.lines if artist.get_gid() == name)


def points(ax: Axes, name: str) -> list[tuple[float, float]]:
    line = drawn(ax, name)
    return list(zip(np.asarray(line.get_xdata()).tolist(), np.asarray(line.get_ydata()).tolist(), strict=True))


def number(*day: int) -> float:
    return float(date2num(date(*day)))


def texts(figure: Figure, gid: str | None = None) -> list[Text]:
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible() and text.get_text().strip()]
    return [text for text in found if gid is None or text.get_gid() == gid]


def written(figure: Figure, gid: str | None = None) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in texts(figure, gid)]


def boxes(figure: Figure) -> dict[str, Box]:
    figure.draw_without_rendering()
    extents = {f"{order} {text.get_text()!r}": text.get_window_extent() for order, text in enumerate(texts(figure))}
    return {
        name: Box(*(value / DPI * MM for value in (extent.x0, extent.y0, extent.x1, extent.y1)))
        for name, extent in extents.items()
    }


# What is drawn


def test_our_line_steps_over_their_days_and_holds_its_last_level() -> None:
    ours = drawn(chart("2018-2025").axes[0], "us_on_cn_average_piie_implied")
    series = tf.series("us_on_cn", measure="average", weights="piie-implied", start="2018-07-06", end="2025-03-12")
    days, levels = np.asarray(ours.get_xdata()), np.asarray(ours.get_ydata())
    assert ours.get_drawstyle() == "steps-post"
    assert days[:-1].tolist() == [date2num(day) for day in series.index]
    assert levels[:-1].tolist() == series.tolist()
    # The average moves again on 3 April 2025: what is ours after their last day is that day's level, no more.
    assert (days[-1], levels[-1]) == (number(2025, 4, 3), series.iloc[-1])


def test_the_last_level_is_drawn_to_the_end_of_the_last_checked_day() -> None:
    ours = points(chart("2025-2026").axes[0], "us_on_cn")
    assert ours[0] == (number(2025, 2, 4), 10)
    assert ours[1:6] == [
        (number(2025, 3, 4), 20),
        (number(2025, 4, 5), 30),
        (number(2025, 4, 9), 104),
        (number(2025, 4, 10), 145),
        (number(2025, 5, 14), 30),
    ]
    assert ours[-2:] == [(number(2026, 7, 24), 12.5), (number(2026, 10, 10), 12.5)]


def test_their_points_stand_at_their_days_and_nothing_joins_them() -> None:
    upper = chart("2025-2026").axes[0]
    agreeing, differing = points(upper, "theirs-agrees"), points(upper, "theirs-differs")
    assert agreeing == [
        (number(2025, 2, 4), 10),
        (number(2025, 4, 9), 104),
        (number(2025, 4, 15), 145),
        (number(2025, 12, 1), 20),
        (number(2026, 8, 1), 12.5),
    ]
    assert differing == [
        (number(2025, 4, 10), 125),
        (number(2025, 5, 12), 30),
        (number(2025, 6, 1), 51.8),
        (number(2026, 3, 1), 15),
    ]
    assert points(upper, "theirs-no-number") == [(number(2026, 12, 1), 12.5)]
    assert {drawn(upper, f"theirs-{name}").get_linestyle() for name in ("agrees", "differs", "no-number")} == {"None"}


def test_points_are_told_apart_by_shape_and_filling_and_not_by_colour() -> None:
    upper = chart("2025-2026").axes[0]
    agrees, differs, cross = (drawn(upper, f"theirs-{name}") for name in ("agrees", "differs", "no-number"))
    assert len({agrees.get_marker(), differs.get_marker(), cross.get_marker()}) == 3
    assert to_rgb(agrees.get_markerfacecolor()) == (1, 1, 1)
    assert to_rgb(differs.get_markerfacecolor()) == to_rgb(agrees.get_markeredgecolor())
    assert max(to_rgb(differs.get_markerfacecolor())) < 0.2


def test_only_may_2019_differs_from_the_peterson_institute_and_the_reason_is_the_date_convention() -> None:
    figure = chart("2018-2025")
    lower = figure.axes[1]
    ((day, difference),) = points(lower, "difference-differs")
    assert day == number(2019, 5, 20)
    assert difference == pytest.approx(12.0461 - 17.52695, abs=1e-4)
    assert len(points(lower, "difference-agrees")) == 6
    assert written(figure, "difference") == ["\N{MINUS SIGN}5.48"]
    assert written(figure, "reason") == ["1"]
    assert written(figure, "key") == ["1\u2002date convention: ours until 9 May 2019 (1 value)"]
    assert written(figure, "caption") == ["Peterson Institute less ours, points: 6 of 7 values within 0.05"]


def test_stems_rise_from_nothing_to_the_difference() -> None:
    stems = next(artist for artist in chart("two weeks").axes[1].collections if artist.get_gid() == "stems")
    assert isinstance(stems, LineCollection)
    assert [segment.tolist() for segment in stems.get_segments()] == [
        [[number(2025, 4, 8), 0], [number(2025, 4, 8), 74]],
        [[number(2025, 4, 9), 0], [number(2025, 4, 9), 21]],
    ]


@pytest.mark.parametrize("tolerance", [0.05, 10])
def test_the_band_is_the_tolerance(tolerance: float) -> None:
    lower = chart("two weeks", tolerance=tolerance).axes[1]
    band = next(patch for patch in lower.patches if patch.get_gid() == "tolerance")
    assert (band.get_extents().transformed(lower.transData.inverted()).y0) == pytest.approx(-tolerance)
    assert (band.get_extents().transformed(lower.transData.inverted()).y1) == pytest.approx(tolerance)


def test_each_reason_has_one_number_and_the_key_counts_its_values() -> None:
    figure = chart("2025-2026", width=84)
    assert sorted(written(figure, "reason")) == ["1", "1", "2", "3"]
    assert texts(figure, "key")[0].get_text().splitlines() == [
        "1\u2002not explained (2 values)",
        "2\u2002date convention: ours from 14 May 2025 (1 value)",
        "3\u2002measure: average statutory rate, MFN included, weights piie-implied (1 value)",
    ]


def test_a_reason_of_many_neighbours_is_numbered_once() -> None:
    figure = chart("monthly")
    assert written(figure, "reason") == ["1"]
    assert written(figure, "key") == ["1\u2002frequency: the mean of the month (7 values)"]


def test_of_many_reasons_the_key_tells_the_kinds() -> None:
    late = tf.series("us_on_cn", start="2025-01-01", end="2026-03-01", freq="D").shift(6).dropna().iloc[::3]
    key = written(compare_chart(late, "us_on_cn"), "key")
    assert key[0].startswith("1\u2002date convention (")


def test_where_nothing_differs_the_lower_plot_says_so() -> None:
    figure = chart("agreeing")
    assert written(figure, "none-differs") == ["No value differs by more than 0.05 points"]
    assert written(figure, "key") == []
    exact = compare_chart(APRIL.iloc[[0, 3, 4]], "us_on_cn", tolerance=0)
    assert written(exact, "none-differs") == ["No value differs"]


def test_days_without_a_number_of_ours_are_crosses_at_the_top_edge_and_counted() -> None:
    figure = chart("2018-2026")
    crosses = points(figure.axes[1], "no-number")
    assert [day for day, _ in crosses] == [number(2017, 3, 1), number(2017, 9, 1), number(2026, 5, 1)]
    assert all(0.85 < height < 1 for _, height in crosses)
    note = next(text for text in written(figure) if text.startswith("Crosses"))
    assert "Crosses: 3 values on days without a number of ours, outside the record or the weights." in note
    assert "no record before 1 Jan 2018" in note
    assert "no weights after 31 Dec 2025" in note


def test_what_was_only_expected_is_thin_and_dotted() -> None:
    upper = chart("as of").axes[0]
    checked, expected = drawn(upper, "cn_on_us"), drawn(upper, "cn_on_us-expected")
    assert np.asarray(checked.get_xdata())[-1] == np.asarray(expected.get_xdata())[0] == number(2025, 5, 21)
    assert expected.get_linewidth() < checked.get_linewidth()
    assert any("expected after 20 May 2025" in text for text in written(chart("as of")))


def test_both_plots_have_the_same_days_and_the_lower_alone_names_them() -> None:
    upper, lower = chart("2018-2026").axes
    assert upper.get_xlim() == lower.get_xlim()
    assert not any(label.get_visible() for label in upper.get_xticklabels())
    assert next(label.get_text() for label in lower.get_xticklabels()) == "2017"
    above, below = upper.get_position(), lower.get_position()
    assert (above.x0, above.x1) == (below.x0, below.x1)
    assert below.y1 < above.y0
    assert 0.2 < below.height / (above.height + below.height) < 0.4


def test_values_in_fractions_are_drawn_in_percent() -> None:
    upper = compare_chart(APRIL / 100, "us_on_cn", unit="fraction").axes[0]
    assert points(upper, "theirs-differs") == [(number(2025, 4, 8), 104), (number(2025, 4, 9), 125)]


def test_a_file_is_drawn_as_a_series_is(tmp_path: Path) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text("date,value\n2025-04-07,30\n2025-04-08,104\n2025-04-10,145\n", encoding="utf-8")
    assert points(compare_chart(path, "us_on_cn").axes[0], "theirs-differs") == [(number(2025, 4, 8), 104)]


# Words


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_text_meets_another_or_leaves_the_page(name: str, width: int, height: int | None) -> None:
    figure = chart(name, width=width, height=height)
    sheet = Box(0, 0, *(inches * MM for inches in figure.get_size_inches()))
    found = boxes(figure)
    assert [text for text, box in found.items() if not box.within(sheet)] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found.items(), 2) if a.meets(b)] == []


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_label_stands_on_a_marker(name: str, width: int, height: int | None) -> None:
    figure = chart(name, width=width, height=height)
    found = boxes(figure)
    labels = [box for box, text in zip(found.values(), texts(figure), strict=True) if text.get_gid() not in (None, "key")]
    for ax in figure.axes:
        for line in ax.lines:
            if str(line.get_gid()).startswith(("theirs-", "difference-", "no-number")):
                places = line.get_transform().transform(np.column_stack(line.get_data())) / DPI * MM
                assert not [(x, y) for x, y in places for label in labels if label.meets(Box(x - 0.5, y - 0.5, x + 0.5, y + 0.5))]


def test_labels_tell_the_levels_of_the_larger_steps() -> None:
    figure = chart("2025-2026")
    assert written(figure, "name-us_on_cn") == ["145  ours"]
    assert {"10", "104", "30", "20", "12.5"} <= set(written(figure, "level-us_on_cn"))


def test_title_subtitle_and_note_say_whose_numbers_are_compared_with_what() -> None:
    text = written(chart("2018-2025"))
    assert "Average tariffs: US on China, Peterson Institute against ours" in text
    assert any(line.startswith("Average statutory rate, MFN included, percent, by legal effective date") for line in text)
    assert "Peterson Institute" in text
    assert "differs" in text
    note = next(line for line in text if line.startswith("Not included"))
    assert note.endswith("Source: tariffs, data version 2026.10.09, checked through 2026-10-09.")


def test_words_are_replaceable_and_may_be_left_out() -> None:
    text = written(chart("two weeks", title="Mine", subtitle="", note=""))
    assert "Mine" in text
    assert not any(line.startswith(("Additional duty", "Not included")) for line in text)


@pytest.mark.parametrize("name", ["$34 and $16", "a_b^c & <script>", "%s {0} \\n"])
def test_a_name_is_only_text(name: str) -> None:
    figure = compare_chart(APRIL, "us_on_cn", name=name, width=84)
    assert any(text.startswith(f"{name[0].upper()}{name[1:]} less ours") for text in written(figure))
    assert all(box.left >= 0 and box.right <= 84 for box in boxes(figure).values())


def test_the_figure_says_what_it_shows() -> None:
    figure = chart("2018-2025")
    assert "Source" not in alt_text(figure.axes[0])
    assert alt_text(figure.axes[0]).startswith("Step chart with points: Average tariffs: US on China, Peterson Institute against")
    assert alt_text(figure.axes[1]).endswith(
        "Peterson Institute, as points: 6 of 7 values within 0.05 points of ours."
        " \N{MINUS SIGN}5.48 points on 20 May 2019, date convention: ours until 9 May 2019."
    )


def test_same_input_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        save(compare_chart(MADE_UP, "us_on_cn", width=84).axes[0], tmp_path / name, dpi=60)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_no_figure_stays_open() -> None:
    chart("two weeks")
    assert "matplotlib.pyplot" not in sys.modules or sys.modules["matplotlib.pyplot"].get_fignums() == []


# What is refused


@pytest.mark.parametrize(
    ("values", "asked", "error", "says"),
    [
        (APRIL.iloc[:1], {}, UsageError, "theirs: found a value on 2025-04-07 alone, expected values on two days or more"),
        (theirs(d2017_01_01=1, d2017_02_01=2), {}, CoverageError, "from 2017-01-01 to 2017-02-01, and on none of these days a"),
        (
            theirs(d2025_01_01=0, d2025_05_01=14500),
            {},
            UsageError,
            "found 14500 on 2025-05-01, expected rates up to 10000 percent",
        ),
        (APRIL.iloc[:0], {}, UsageError, "the series has no values"),
        (APRIL.to_frame(), {}, UsageError, "found DataFrame, expected the path of a CSV or a pandas Series"),
        (APRIL, {"width": 0}, UsageError, "width: found 0, expected 80 to 600 mm"),
        (APRIL, {"height": 80, "note": "word " * 200}, UsageError, r"height: .* expected \d+ mm or more"),
        (APRIL, {"height": 80}, UsageError, r"height: title, key and note leave no room for two plots; expected \d+ mm or more"),
        (APRIL, {"name": " "}, UsageError, "name: found an empty text, expected whose values they are"),
        (APRIL, {"name": 3}, UsageError, "name: found 3, expected a text"),
        (APRIL, {"tolerance": -1}, UsageError, "tolerance: found -1, expected 0 or more points"),
        (APRIL, {"weights": "piie-implied"}, UsageError, "weights"),
        (APRIL, {"measure": "all"}, UnknownNameError, "unknown measure 'all'"),
        ("nowhere.csv", {}, RecordError, "nowhere.csv: cannot be read"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(values: Any, asked: dict[str, Any], error: type, says: str) -> None:
    with pytest.raises(error, match=says) as caught:
        compare_chart(values, "us_on_cn", **asked)
    assert "\n" not in str(caught.value)


def test_the_height_that_is_named_is_enough() -> None:
    with pytest.raises(UsageError) as caught:
        chart("2025-2026", height=80)
    needed = int(str(caught.value).split("expected ")[1].split()[0])
    assert len(chart("2025-2026", height=needed).axes) == 2
