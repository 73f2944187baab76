from __future__ import annotations

import sys
from datetime import date
from functools import cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch
from matplotlib.text import Text

import tariffs as tf
from tariffs.charts import alt_text
from tariffs.charts.areas import parts_chart
from tariffs.charts.page import DPI, MM, Box
from tariffs.charts.panel import INK
from tariffs.charts.partstack import FACES, FAMILY_FACES, FURTHER_FACES, MFN_FACE, SMALLER, _above_zero
from tariffs.errors import CoverageError, TariffsError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PIIE: dict[str, Any] = {"measure": "average", "weights": "piie-implied"}
LIST_3: dict[str, Any] = {"measure": "stack", "good": "list-3", "start": "2018-01-01"}
SOYBEANS: dict[str, Any] = {"measure": "stack", "good": "soybeans", "mfn": True}
APRIL: dict[str, Any] = {"start": "2025-04-01", "end": "2025-04-14"}
CHARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "all-goods": ("us_on_cn", {}),
    "all-goods-2018": ("us_on_cn", {"start": "2018-01-01"}),
    "all-goods-april": ("us_on_cn", APRIL),
    "china": ("cn_on_us", {"start": "2025-01-01"}),
    "average": ("us_on_cn", PIIE),
    "average-2025": ("us_on_cn", PIIE | {"start": "2025-01-01"}),
    "average-april": ("us_on_cn", PIIE | APRIL),
    "average-by-duty": ("us_on_cn", PIIE | {"by": "duty"}),
    "china-average": ("cn_on_us", PIIE | {"by": "authority"}),
    "list-3": ("us_on_cn", LIST_3),
    "soybeans": ("cn_on_us", SOYBEANS),
}
SPANS = ["all-goods", "all-goods-2018", "all-goods-april", "average", "average-2025", "average-april"]
LAYOUTS = [*((name, width, None) for name in CHARTS for width in (84, 174)), *((name, 300, 169) for name in SPANS)]


def drawn(name: str, width: float = 174, height: float | None = None) -> Axes:
    """A chart that tests look at and leave as it is."""
    return kept(name, width, height)


@cache
def kept(name: str, width: float, height: float | None) -> Axes:
    direction, asked = CHARTS[name]
    return parts_chart(direction, **asked, width=width, height=height)


def areas(ax: Axes) -> dict[str, StepPatch]:
    return {str(patch.get_gid()): patch for patch in ax.patches if isinstance(patch, StepPatch)}


def heights(ax: Axes, day: date) -> dict[str, float]:
    """What each area adds on a day, read off its edges; parts that are 0 there are left out."""
    found = {}
    for name, patch in areas(ax).items():
        upper, edges, lower = (np.asarray(one) for one in patch.get_data())
        stretch = int(np.searchsorted(edges, date2num(day), side="right")) - 1
        found[name] = round(float(upper[stretch] - lower[stretch]), 2)
    return {name: height for name, height in found.items() if height}


def texts(ax: Axes) -> list[Text]:
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible() and text.get_text().strip()]


def boxes(ax: Axes) -> dict[str, Box]:
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    found = {}
    for number, text in enumerate(texts(ax)):
        extent = text.get_window_extent()
        found[f"{number} {text.get_text()!r}"] = Box(*(side / DPI * MM for side in (extent.x0, extent.y0, extent.x1, extent.y1)))
    return found


def written(ax: Axes) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in texts(ax)]


def test_145_is_20_for_fentanyl_and_125_reciprocal() -> None:
    ax = drawn("all-goods")
    # EO 14228 of 3 March 2025 and EO 14266 of 9 April 2025; after Geneva 10 (EO 14298); after Busan 10 and 10.
    assert heights(ax, date(2025, 4, 15)) == {"ieepa-fentanyl": 20, "ieepa-reciprocal": 125}
    assert heights(ax, date(2025, 4, 9)) == {"ieepa-fentanyl": 20, "ieepa-reciprocal": 84}
    assert heights(ax, date(2025, 5, 14)) == {"ieepa-fentanyl": 20, "ieepa-reciprocal": 10}
    assert heights(ax, date(2025, 11, 10)) == {"ieepa-fentanyl": 10, "ieepa-reciprocal": 10}
    assert heights(ax, date(2026, 3, 1)) == {"s122": 10}
    assert heights(ax, date(2026, 10, 9)) == {"s301-forced-labour": 12.5}


def test_a_list_3_good_bears_25_beneath_the_rest() -> None:
    ax = drawn("list-3")
    assert heights(ax, date(2018, 9, 24)) == {"s301-lists": 10}
    assert heights(ax, date(2025, 4, 15)) == {"s301-lists": 25, "ieepa-fentanyl": 20, "ieepa-reciprocal": 125}


def test_soybeans_stand_on_their_mfn_rate_of_3() -> None:
    ax = drawn("soybeans")
    assert next(iter(areas(ax))) == "cn-mfn"
    on_peak = {"cn-mfn": 3, "cn-answer-s301": 27.5, "cn-answer-fentanyl": 10, "cn-answer-reciprocal": 125}
    assert heights(ax, date(2025, 4, 15)) == on_peak


@pytest.mark.parametrize("name", CHARTS)
def test_areas_share_their_edges_and_reach_from_0_to_the_total_on_every_day(name: str) -> None:
    direction, asked = CHARTS[name]
    ax = drawn(name)
    stack = [patch.get_data() for patch in areas(ax).values()]
    assert all(np.array_equal(np.asarray(below[0]), np.asarray(above[2])) for below, above in pairwise(stack))
    assert all(np.array_equal(below[1], above[1]) for below, above in pairwise(stack))
    assert not np.asarray(stack[0][2]).any()
    what = {word: value for word, value in asked.items() if word not in ("by", "start", "end")}
    begin = asked.get("start") or ("2025-01-01" if name == "all-goods" else None)
    total = tf.series(direction, **what, start=begin, end=asked.get("end"))
    for edge, top in zip(np.asarray(stack[-1][1])[:-1], np.asarray(stack[-1][0]), strict=True):
        level = total[np.asarray([date2num(day) for day in total.index]) <= edge].iloc[-1]
        assert top == pytest.approx(level, abs=1e-9)


@pytest.mark.parametrize("name", CHARTS)
def test_the_line_on_top_is_the_series_and_ends_with_the_areas(name: str) -> None:
    direction, asked = CHARTS[name]
    ax = drawn(name)
    line = next(line for line in ax.lines if str(line.get_gid()).startswith(direction) and line.get_drawstyle() == "steps-post")
    what = {word: value for word, value in asked.items() if word not in ("by", "start", "end")}
    begin = asked.get("start") or ("2025-01-01" if name == "all-goods" else None)
    total = tf.series(direction, **what, start=begin, end=asked.get("end"))
    days, levels = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    assert days[:-1].tolist() == [date2num(day) for day in total.index]
    assert levels[:-1].tolist() == total.tolist()
    assert levels[-1] == levels[-2]
    assert all(np.asarray(patch.get_data()[1])[-1] == days[-1] for patch in areas(ax).values())


@pytest.mark.parametrize(
    ("name", "day"),
    [("all-goods", date(2026, 10, 10)), ("average", date(2026, 1, 1)), ("average-april", date(2025, 4, 15))],
)
def test_areas_end_the_day_after_the_last_one_known(name: str, day: date) -> None:
    for patch in areas(drawn(name)).values():
        assert np.asarray(patch.get_data()[1])[-1] == date2num(day)


def test_an_area_has_neither_holes_nor_slopes() -> None:
    for patch in areas(drawn("average-2025")).values():
        vertices = patch.get_path().vertices
        moves = np.abs(np.diff(np.asarray(vertices), axis=0))
        assert np.isfinite(vertices).all()
        assert not ((moves[:, 0] > 0) & (moves[:, 1] > 0)).any()


def test_mfn_lies_at_the_bottom_and_parts_follow_by_first_appearance_whatever_the_window() -> None:
    order = ["us-mfn", "s232-metals", "s301-lists", "s301-review", "ieepa-fentanyl", "s232-vehicles", "ieepa-reciprocal"]
    whole, later = ([name for name in areas(drawn(name)) if name != SMALLER] for name in ("average", "average-2025"))
    assert whole == order
    assert later == order
    assert [name for name in areas(drawn("average-april")) if name != SMALLER] == [n for n in order if n != "s232-vehicles"]


def test_a_part_that_is_0_on_every_day_is_left_out() -> None:
    assert list(areas(drawn("all-goods-april"))) == ["ieepa-fentanyl", "ieepa-reciprocal"]


def test_a_family_looks_the_same_in_every_chart() -> None:
    looks = [areas(drawn(name))["ieepa-fentanyl"] for name in ("all-goods", "average", "list-3")]
    assert len({(look.get_facecolor(), look.get_hatch()) for look in looks}) == 1


def test_neighbours_differ_in_grey_or_in_pattern_and_ink_is_read_on_all() -> None:
    def light(color: Any) -> float:
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]
        return 0.05 + sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    for face, _ in (*FACES, *FURTHER_FACES, *FAMILY_FACES.values(), MFN_FACE):
        assert light(face) / light(INK) >= 4.5
    for name in CHARTS:
        for one, other in pairwise(areas(drawn(name)).values()):
            lighter, darker = sorted((light(one.get_facecolor()), light(other.get_facecolor())), reverse=True)
            assert one.get_hatch() != other.get_hatch() or lighter / darker >= 1.5


def test_what_a_part_has_below_0_is_taken_off_its_family_and_the_note_says_so() -> None:
    ax = drawn("average-by-duty")
    # The trucks' row of 1 November 2025 is 0.03 below 0: parts that were counted with cars before move into it.
    after, before = heights(ax, date(2025, 11, 5)), heights(ax, date(2025, 10, 31))
    assert round(after["s232-auto-parts"] - before["s232-auto-parts"], 2) == -0.03
    assert all(np.all(np.asarray(patch.get_data()[0]) >= np.asarray(patch.get_data()[2])) for patch in areas(ax).values())
    said = "Below 0, so taken off other parts: Section 232 duty on buses, truck parts and trucks, down to \N{MINUS SIGN}0.03."
    assert any(said in text for text in written(ax))


def test_a_family_holds_what_its_duties_have_below_0_without_a_word() -> None:
    ax = drawn("average-2025")
    fall = heights(ax, date(2025, 10, 31))["s232-vehicles"] - heights(ax, date(2025, 11, 5))["s232-vehicles"]
    assert round(fall, 2) == 0.03
    assert not any("Below 0" in text for text in written(ax))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({"a": [5.0], "b": [-1.0], "c": [9.0]}, {"a": [4.0], "b": [0.0], "c": [9.0]}),  # b is of the family of a
        ({"a": [0.5], "b": [-1.0], "c": [9.0]}, {"a": [0.0], "b": [0.0], "c": [8.5]}),
        ({"a": [1.0], "b": [-3.0], "c": [1.0]}, {"a": [0.0], "b": [-1.0], "c": [0.0]}),  # a total below 0 stays there
    ],
)
def test_what_is_below_0_comes_off_the_family_first_and_the_sum_stays(levels: Any, expected: Any) -> None:
    assert _above_zero(levels, {"a": "one", "b": "one", "c": "other"}) == expected


def test_parts_too_thin_to_see_are_gathered_and_named_in_the_note() -> None:
    ax = drawn("average")
    assert list(areas(ax))[-1] == SMALLER
    assert "s201" not in areas(ax)
    said = "Smaller parts: Section 201 safeguards, at most 0.09; Section 232: timber, lumber, furniture, at most 0.01."
    assert any(said in text for text in written(ax))


@pytest.mark.parametrize(("name", "width", "height"), LAYOUTS)
def test_no_text_meets_another_or_leaves_the_page(name: str, width: int, height: int | None) -> None:
    ax = drawn(name, width=width, height=height)
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    page = Box(0, 0, *(inches * MM for inches in figure.get_size_inches()))
    found = boxes(ax)
    assert [text for text, box in found.items() if not box.within(page)] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found.items(), 2) if a.meets(b)] == []


@pytest.mark.parametrize("width", [84, 174])
@pytest.mark.parametrize("name", ["all-goods", "average", "list-3", "soybeans"])
def test_every_part_is_named_once_in_its_area_beside_the_plot_or_at_a_hair(name: str, width: int) -> None:
    ax = drawn(name, width=width)
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    named = [str(text.get_gid()) for text in texts(ax) if str(text.get_gid()).startswith("part-")]
    wanted = {f"part-{part}" for part in areas(ax)}
    assert len(named) == len(set(named))
    assert wanted - set(named) <= {f"part-{SMALLER}"}
    for text in texts(ax):
        gid = str(text.get_gid())
        if gid in wanted and text.get_horizontalalignment() == "center":  # what is centred stands inside
            extent = text.get_window_extent()
            corners = [(extent.x0, extent.y0), (extent.x0, extent.y1), (extent.x1, extent.y0), (extent.x1, extent.y1)]
            patch = areas(ax)[gid.removeprefix("part-")]
            outline = patch.get_path().transformed(patch.get_transform())
            assert all(outline.contains_point(corner) for corner in corners)


@pytest.mark.parametrize("name", ["all-goods-2018", "average", "soybeans"])
def test_no_hair_strikes_through_a_text(name: str) -> None:
    ax = drawn(name, width=84)
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    found = boxes(ax)
    for hair in (line for line in figure.lines if line.get_gid() == "hair"):
        begin, end = hair.get_transform().transform(hair.get_xydata()) / DPI * MM
        for share in np.linspace(0, 1, 60):
            x, y = begin + (end - begin) * share
            assert [text for text, box in found.items() if box.meets(Box(x, y, x, y), -0.1)] == []


@pytest.mark.parametrize("width", [84, 174])
def test_the_levels_of_the_total_are_written(width: int) -> None:
    said = " ".join(written(drawn("all-goods", width=width))).split()
    for level in ("10", "20", "30", "104", "145", "12.5"):
        assert level in said, f"{level} is not written"


def test_after_the_checked_day_the_total_alone_goes_on_to_34() -> None:
    ax = drawn("china")
    marker = next(line for line in ax.lines if line.get_gid() == "scheduled-cn_on_us")
    assert (np.asarray(marker.get_xdata())[0], np.asarray(marker.get_ydata())[0]) == (date2num(date(2027, 1, 10)), 34)
    assert any("34 from 10 Jan 2027 unless extended again" in text for text in written(ax))


@pytest.mark.parametrize(
    ("name", "said"), [("china", "not verified after 9 Oct 2026"), ("average", "no weights after 31 Dec 2025")]
)
def test_the_ground_after_the_last_day_says_why(name: str, said: str) -> None:
    ax = drawn(name)
    grounds = [patch for patch in ax.patches if patch.get_gid() == "not-verified"]
    assert len(grounds) == 1
    assert any(said in text for text in written(ax))


def test_title_subtitle_and_note_say_what_is_shown_and_may_be_replaced_or_left_out() -> None:
    said = written(drawn("all-goods"))
    assert "Across-the-board tariffs: US on China, by family of duties" in said
    assert "Additional duty on goods on no product list, percent, by legal effective date" in said
    note = next(text for text in said if text.startswith("The areas add up to the line on every day. Not included"))
    assert "data version 2026.10.09, checked through 2026-10-09" in note
    own = written(parts_chart("us_on_cn", title="$1 & $2", subtitle="", note=""))
    assert "$1 & $2" in own
    assert not any(text.startswith(("Additional", "The areas")) for text in own)


def test_the_alt_text_tells_the_total_and_each_part() -> None:
    text = alt_text(drawn("all-goods"))
    assert text.startswith("Stacked areas: Across-the-board tariffs: US on China, by family of duties. Percent of customs value.")
    assert "IEEPA reciprocal duty: 0 at first; 10 from 5 April 2025; 84 from 9 April 2025; 125 from 10 April 2025" in text
    assert "Section 301 forced-labour duty: 0 at first; 12.5 from 24 July 2026." in text


def test_a_chart_goes_into_axes_of_one_s_own_and_stays_there() -> None:
    figure = Figure(figsize=(10, 5))
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    assert parts_chart("us_on_cn", ax=left, start="2025-01-01") is left
    assert parts_chart("us_on_cn", ax=right, **PIIE) is right
    assert figure.get_size_inches().tolist() == [10, 5]
    assert heights(left, date(2025, 4, 15)) == {"ieepa-fentanyl": 20, "ieepa-reciprocal": 125}
    assert not any("Source:" in text.get_text() or "by family" in text.get_text() for text in figure.texts)
    inverted = figure.transFigure.inverted()
    for text in figure.texts:
        extent = text.get_window_extent().transformed(inverted)
        assert any(ax.get_position().x0 - 0.01 <= extent.x0 and extent.x1 <= ax.get_position().x1 + 0.01 for ax in (left, right))


def test_same_input_gives_the_same_places() -> None:
    assert boxes(parts_chart("cn_on_us", **SOYBEANS)) == boxes(drawn("soybeans"))


def test_no_figure_stays_open() -> None:
    drawn("china")
    assert "matplotlib.pyplot" not in sys.modules or sys.modules["matplotlib.pyplot"].get_fignums() == []


REFUSED: list[tuple[str, dict[str, Any], type[TariffsError], str]] = [
    ("us_on_cn", {"end": "2024-12-31", "start": "2018-01-01"}, UsageError, "found 0 on every day from 2018-01-01 to 2024-12-31"),
    ("us_on_cn", {"start": "2025-04-10", "end": "2025-04-10"}, UsageError, "start and end are both 2025-04-10"),
    ("us_on_cn", {"start": "2026-12-01", "end": "2026-12-31"}, UsageError, "expected 2026-10-09 or earlier"),
    ("us_on_cn", {"by": "colour"}, UnknownNameError, "colour"),
    ("us_on_cn", {"width": 0}, UsageError, "width: found 0, expected 80 to 600 mm"),
    ("us_on_cn", {"measure": "covered", "weights": "piie-implied"}, UsageError, "is not a sum of duties"),
    ("us_on_cn", {"measure": "stack", "good": "aluminium-derivative"}, UsageError, "give metal_share"),
    ("us_on_cn", PIIE | {"start": "2026-02-01"}, CoverageError, "reach to 2025-12-31"),
    ("us_on_mars", {}, UnknownNameError, "us_on_mars"),
]


@pytest.mark.parametrize(("direction", "asked", "error", "said"), REFUSED)
def test_what_cannot_be_drawn_is_refused_in_one_line(
    direction: str, asked: dict[str, Any], error: type[TariffsError], said: str
) -> None:
    with pytest.raises(error, match=said) as raised:
        parts_chart(direction, **asked)
    assert "\n" not in str(raised.value)
