"""The charts made from tariff lines: what their artists show, on a store of four goods."""

from __future__ import annotations

import sys
from datetime import date
from functools import cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from click.testing import CliRunner
from matplotlib.colors import to_rgb
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Text

import tariffs as tf
from tariffs.charts import alt_text, parts_chart, save, snippet
from tariffs.charts.page import DPI, MM, Box
from tariffs.cli import main
from tariffs.errors import CoverageError, TariffsError, UnknownNameError, UsageError
from tariffs.products import average, distributions, plot_distribution, plot_steps, steps
from tariffs.products.bandchart import RAMP, _light
from tests.products.fourgoods import four_goods, on_disk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes

STORE = four_goods()
CHARTS: dict[str, Callable[..., Any]] = {"distribution": plot_distribution, "steps": plot_steps}
WINDOWS: dict[str, dict[str, Any]] = {
    "whole": {},
    "april": {"start": "2025-04-01", "end": "2025-05-31"},
    "ahead": {"end": "2027-03-31"},
    "lawful": {"basis": "lawful"},
    "then": {"as_of": "2025-04-20", "known": "stated"},
}
NARROW_AND_WIDE: list[dict[str, Any]] = [{"width": 84}, {"width": 174}]
SIZES: list[dict[str, Any]] = [{"width": 84}, {"width": 120}, {"width": 174}, {"style": "slides"}, {"style": "web"}]


@cache
def bands(**asked: Any) -> Axes:
    return plot_distribution(store=STORE, **asked)


@cache
def table(**asked: Any) -> Figure:
    return plot_steps(store=STORE, **asked)


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible() and text.get_text().strip()]


def boxes(figure: Figure) -> dict[str, Box]:
    figure.draw_without_rendering()
    extents = [(text.get_text(), Text.get_window_extent(text)) for text in texts(figure)]
    return {
        f"{number} {text}": Box(*(value / DPI * MM for value in (one.x0, one.y0, one.x1, one.y1)))
        for number, (text, one) in enumerate(extents)
    }


def patches(ax: Axes) -> dict[str, StepPatch]:
    return {str(patch.get_gid()): patch for patch in ax.patches if isinstance(patch, StepPatch)}


def bars(figure: Figure, day: str) -> dict[str, tuple[float, float]]:
    """Where the bars of a day begin and end, by part."""
    (ax,) = figure.axes
    found = [patch for patch in ax.patches if isinstance(patch, Rectangle) and str(patch.get_gid()).startswith(f"{day}-")]
    return {
        str(bar.get_gid()).removeprefix(f"{day}-"): (round(bar.get_x(), 2), round(bar.get_x() + bar.get_width(), 2))
        for bar in found
    }


def written(figure: Figure, gid: str) -> list[str]:
    return [text.get_text() for text in texts(figure) if text.get_gid() == gid]


@pytest.mark.parametrize(
    ("size", "window"),
    [(size, window) for size in SIZES for window in (WINDOWS if size in NARROW_AND_WIDE else [next(iter(WINDOWS))])],
    ids=str,
)
@pytest.mark.parametrize("kind", CHARTS)
def test_no_text_meets_another_or_leaves_the_page(kind: str, window: str, size: dict[str, Any]) -> None:
    figure = CHARTS[kind](store=STORE, **WINDOWS[window], **size).get_figure(root=True)
    page = Box(0, 0, *(inches * MM for inches in figure.get_size_inches()))
    found = boxes(figure)
    assert [name for name, place in found.items() if not place.within(page)] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found.items(), 2) if a.meets(b)] == []


def test_bands_fill_the_plot_and_share_their_edges() -> None:
    ax = bands()
    stack = [patch.get_data() for patch in patches(ax).values()]
    assert not np.asarray(stack[0][2]).any()
    assert np.asarray(stack[-1][0]) == pytest.approx(100)
    for below, above in pairwise(stack):
        assert np.array_equal(np.asarray(below[0]), np.asarray(above[2]))
        assert np.array_equal(below[1], above[1])


def test_bands_step_on_the_days_of_the_frame_and_end_after_the_last_checked_day() -> None:
    days = distributions("CN", store=STORE)["date"].unique()
    for patch in patches(bands()).values():
        edges = np.asarray(patch.get_data()[1])
        assert edges.tolist() == [*(date2num(day) for day in days), date2num(date(2026, 10, 10))]


def test_a_band_is_as_high_as_its_share() -> None:
    # EO 14259 takes 80 of 100 above 100 percent on 9 April 2025; the phones are freed.
    upper, edges, lower = (np.asarray(one) for one in patches(bands())["above 100"].get_data())
    at = int(np.searchsorted(edges, date2num(date(2025, 4, 15)), side="right")) - 1
    assert (lower[at], upper[at]) == pytest.approx((20, 100))


def test_bands_stand_in_order_of_duty_and_darken_with_it() -> None:
    names = list(patches(bands()))
    assert names == ["0", "above 0 to 10", "above 10 to 25", "above 25 to 50", "above 50 to 100", "above 100", "unknown"]
    light = [_light(patch.get_facecolor()) for patch in patches(bands()).values()][:-1]
    assert light == sorted(light, reverse=True)
    assert all((a + 0.05) / (b + 0.05) > 1.2 for a, b in pairwise(light))


def test_what_is_not_known_is_hatched_and_of_no_colour_of_the_ramp() -> None:
    unknown = patches(bands())["unknown"]
    assert unknown.get_hatch()
    red, green, blue = to_rgb(unknown.get_facecolor())
    assert red == green == blue
    assert not any(patch.get_hatch() for name, patch in patches(bands()).items() if name != "unknown")


def test_shares_are_read_on_their_bands() -> None:
    figure = bands().get_figure(root=True)
    assert isinstance(figure, Figure)
    found = [text for text in figure.texts if str(text.get_gid()).startswith("share-")]
    assert any(text.get_text() == "80%" and text.get_gid() == "share-above 100" for text in found)
    for text in found:
        ink, face = _light(text.get_color()), _light(patches(bands())[str(text.get_gid()).removeprefix("share-")].get_facecolor())
        assert (max(ink, face) + 0.05) / (min(ink, face) + 0.05) >= 4.5


@pytest.mark.parametrize("width", [84, 174])
def test_the_key_names_every_band_that_is_there(width: int) -> None:
    figure = bands(width=width).get_figure(root=True)
    assert isinstance(figure, Figure)
    assert {"0", "above 25 to 50", "above 100", "unknown"} <= set(written(figure, "key"))


def test_a_band_that_nothing_is_in_is_not_drawn() -> None:
    ax = bands(start="2025-04-09", end="2025-05-13")
    assert list(patches(ax)) == ["above 10 to 25", "above 100"]


def test_any_number_of_bands_can_be_asked_for() -> None:
    assert len(patches(bands(bounds=(20.0,)))) == 3
    assert len(RAMP) == 6
    many = patches(bands(bounds=tuple(range(0, 180, 5))))
    assert len({patch.get_facecolor() for patch in many.values()}) == len(many)


def test_after_the_last_checked_day_no_band_is_drawn() -> None:
    ax = bands(end="2027-03-31")
    assert all(np.asarray(patch.get_data()[1])[-1] == date2num(date(2026, 10, 10)) for patch in patches(ax).values())
    assert [patch.get_gid() for patch in ax.patches].count("not-verified") == 1


def test_the_bars_of_a_day_are_its_moves() -> None:
    figure = table()
    assert bars(figure, "2025-04-09") == {"ieepa-reciprocal": (0, 59.2)}
    assert bars(figure, "2025-05-14") == {"ieepa-reciprocal": (0, -92)}
    # 24 February 2026: two duties end, one begins; the first is nearest to 0.
    assert bars(figure, "2026-02-24") == {"ieepa-fentanyl": (0, -10), "ieepa-reciprocal": (-10, -17.78), "s122": (0, 10)}
    assert bars(figure, "2026-07-24") == {"s301-forced-labour": (0, 12.5), "s122": (0, -10)}


def test_rows_lead_from_the_first_level_to_the_last() -> None:
    frame, levels = steps("CN", store=STORE), average("CN", store=STORE)["rate"]
    figure = table(least=1.0)
    days = [str(text.get_gid()).removeprefix("net-") for text in texts(figure) if str(text.get_gid()).startswith("net-")]
    sums = sum(end - begin for day in days for begin, end in bars(figure, day).values())
    assert sums == pytest.approx(levels.iloc[-1] - levels.iloc[0], abs=0.1)
    assert days[-1] == "others"
    assert len(days) - 1 == frame.loc[frame["points"].abs() >= 1, "date"].nunique()


def test_a_row_says_day_level_sum_part_and_act() -> None:
    figure = table()
    assert written(figure, "day-2025-04-10") == ["10 Apr 2025"]
    assert written(figure, "level-2025-04-10") == ["to 129.0"]
    assert written(figure, "net-2025-04-10") == ["+32.8"]
    assert [text.replace("\u00a0", " ") for text in written(figure, "move-2025-04-10-ieepa-reciprocal")] == [
        "IEEPA reciprocal duty +32.8"
    ]
    assert written(figure, "act-2025-04-10") == ["EO 14266"]
    assert written(figure, "net-2025-05-14") == ["\N{MINUS SIGN}92.0"]


def test_where_parts_go_both_ways_a_mark_stands_at_their_sum() -> None:
    (ax,) = table(least=1.0).axes
    marks = {str(line.get_gid()): np.asarray(line.get_xdata())[0] for line in ax.lines if str(line.get_gid()).startswith("sum-")}
    assert set(marks) == {"sum-2026-02-24", "sum-2026-07-24"}
    assert marks["sum-2026-07-24"] == pytest.approx(2.5)


def test_fewer_days_have_rows_where_least_is_larger() -> None:
    figure = table(least=30.0)
    rows = [str(text.get_gid()) for text in texts(figure) if str(text.get_gid()).startswith("day-")]
    assert rows == ["day-2025-04-09", "day-2025-04-10", "day-2025-05-14", "day-others"]


def test_a_family_looks_as_in_other_charts() -> None:
    (ax,) = table().axes
    look = {str(patch.get_gid())[11:]: (patch.get_facecolor(), patch.get_hatch()) for patch in ax.patches}
    ours = parts_chart("us_on_cn")
    theirs = {str(patch.get_gid()): (patch.get_facecolor(), patch.get_hatch()) for patch in ours.patches}
    for family in ("ieepa-fentanyl", "ieepa-reciprocal", "s122", "s301-forced-labour"):
        assert look[family] == theirs[family]


@pytest.mark.parametrize("by", ["duty", "authority"])
def test_parts_may_be_duties_or_authorities(by: str) -> None:
    assert "Section 301" in alt_text(table(by=by))


@pytest.mark.parametrize("kind", CHARTS)
def test_title_subtitle_and_note_say_what_is_shown_and_may_be_replaced_or_left_out(kind: str) -> None:
    figure = CHARTS[kind](store=STORE).get_figure(root=True)
    said = " ".join(" ".join(text.get_text().split()) for text in figure.texts)
    for text in ("US duties on Chinese goods", "percent of customs value", "US imports from China in 2024", "US Census Bureau"):
        assert text in said
    assert "checked through 2026-10-09" in said
    assert "held them unauthorised" in said
    own = CHARTS[kind](store=STORE, title="$1 & $2", subtitle="", note="").get_figure(root=True)
    said = " ".join(" ".join(text.get_text().split()) for text in own.texts)
    assert "$1 & $2" in said
    assert "Census" not in said
    assert "legal effective" not in said


@pytest.mark.parametrize("kind", CHARTS)
def test_a_scenario_is_named(kind: str) -> None:
    record = tf.load("no-geneva", on_top=True)
    figure = CHARTS[kind](store=four_goods(record), catalog=record).get_figure(root=True)
    assert "no Geneva" in " ".join(text.get_text() for text in figure.texts)
    assert "no Geneva" in alt_text(figure)


def test_the_alt_text_tells_the_bands() -> None:
    text = alt_text(bands())
    assert text.startswith("Stacked bands: US duties on Chinese goods: share of trade by rate of duty. Percent of trade.")
    assert "Duty 0: 70% at first; 0% from 4 February 2025." in text
    assert "Duty above 100: 0% at first; 80% from 9 April 2025; 0% from 14 May 2025." in text
    assert "Duty unknown: 0% at first; 10% from 23 June 2025; 0% from 6 April 2026." in text


def test_the_alt_text_tells_the_steps() -> None:
    text = alt_text(table())
    assert "9.0 percent on 1 January 2025, 21.5 on 9 October 2026." in text
    assert "9 April 2025: +59.2 to 96.2, IEEPA reciprocal duty +59.2 (EO 14259)." in text
    assert "24 July 2026: +2.5 to 21.5, Section 301 forced-labour duty +12.5 (USTR notice of actions of 23 July 2026)" in text


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_gives_the_same_bytes_every_time_and_says_what_it_shows(kind: str, ending: str, tmp_path: Path) -> None:
    charts = [CHARTS[kind](store=STORE, width=84) for _ in "ab"]
    files = [save(chart, tmp_path / f"{name}.{ending}", dpi=60) for name, chart in zip("ab", charts, strict=True)]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert snippet(files[0], "latex" if ending == "pdf" else "typst")


def test_no_figure_stays_open() -> None:
    bands()
    assert "matplotlib.pyplot" not in sys.modules or sys.modules["matplotlib.pyplot"].get_fignums() == []


REFUSED: list[tuple[str, dict[str, Any], type[TariffsError], str]] = [
    ("distribution", {"width": 0}, UsageError, "width: found 0, expected 80 to 600 mm"),
    ("steps", {"height": 80}, UsageError, "rows have no room on 80 mm; expected"),
    ("steps", {"least": 0}, UsageError, "least: found 0"),
    ("steps", {"start": "2025-05-15", "end": "2025-05-20"}, UsageError, "found no step"),
    ("distribution", {"start": "2026-10-09"}, UsageError, "expected a day before 2026-10-09"),
    ("distribution", {"start": "2024-06-01"}, CoverageError, "before 2025-01-01"),
    ("distribution", {"origin": "JP"}, CoverageError, "origin JP"),
    ("steps", {"by": "colour"}, UnknownNameError, "colour"),
    ("steps", {"basis": "refundable"}, UsageError, "expected charged or lawful"),
]


@pytest.mark.parametrize(("kind", "asked", "error", "said"), REFUSED)
def test_what_cannot_be_drawn_is_refused_in_one_line(
    kind: str, asked: dict[str, Any], error: type[TariffsError], said: str
) -> None:
    with pytest.raises(error, match=said) as raised:
        CHARTS[kind](store=STORE, **asked)
    assert "\n" not in str(raised.value)


def run(*words: str) -> Any:
    return CliRunner().invoke(main, ["products", *words])


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_is_drawn_from_the_command_line(kind: str, tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    files = [str(tmp_path / f"chart.{ending}") for ending in ("png", "svg", "pdf")]
    outputs = [word for file in files for word in ("-o", file)]
    words = ("--store", str(store), "--width", "84", "--dpi", "60", "--alt-file", str(tmp_path / "alt.txt"))
    result = run("plot", kind, *words, *outputs)
    assert result.exit_code == 0, result.output
    assert result.stdout.split() == [*files, str(tmp_path / "alt.txt")]
    expected = CHARTS[kind](store=STORE, width=84)
    assert (tmp_path / "alt.txt").read_text(encoding="utf-8").strip() == alt_text(expected)
    assert (tmp_path / "chart.svg").read_bytes() == save(expected, tmp_path / "own.svg").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plot", "pie"), "unknown kind 'pie'"),
        (("plot", "steps", "--mfn"), "--mfn does not go with steps, which takes --by and --least"),
        (("plot", "distribution", "--by", "duty"), "--by does not go with distribution, which takes --bounds and --mfn"),
        (("plot", "distribution", "--bounds", "a,b"), "--bounds: found a,b"),
        (("plot", "steps", "-o", "chart.gif"), "chart.gif"),
    ],
)
def test_what_does_not_go_with_a_chart_is_refused(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_the_frames_are_printed_from_the_command_line(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    printed = run("distributions", "--store", str(store), "--bounds", "0,10", "--end", "2025-02-28").stdout.splitlines()
    assert printed[0] == '"date","band","above","up_to","share"'
    assert printed[1] == '"2025-01-01","0","",0.0,70.0'
    printed = run("steps", "--store", str(store), "--end", "2025-02-28").stdout.splitlines()
    assert printed[1].endswith('"ieepa-fentanyl/2025-02-04/10","EO 14195"')
