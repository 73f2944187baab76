from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from tariffs.charts.lanechart import timeline
from tariffs.charts.lanes import shortened
from tariffs.charts.page import DPI, MM, Box
from tariffs.charts.saving import alt_text
from tariffs.errors import CoverageError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EMERGENCY = ["ieepa-fentanyl", "ieepa-reciprocal"]
SURCHARGE: dict[str, Any] = {"families": ["s122"], "start": "2026-01-01"}


@cache
def whole() -> Axes:
    return timeline("us_on_cn")


def figure_of(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def texts(ax: Axes, gid: str = "") -> list[Text]:
    shown = (text for text in figure_of(ax).findobj(Text) if isinstance(text, Text))
    return [
        text for text in shown if text.get_visible() and text.get_text().strip() and str(text.get_gid() or "").startswith(gid)
    ]


def written(ax: Axes, gid: str = "") -> list[str]:
    return [text.get_text().replace("\n", " ") for text in texts(ax, gid)]


def box_of(text: Text) -> Box:
    extent = text.get_window_extent()
    return Box(*(float(value) / DPI * MM for value in (extent.x0, extent.y0, extent.x1, extent.y1)))


def bars(ax: Axes, gid: str) -> list[tuple[float, float]]:
    found = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_gid() == gid]
    return sorted((bar.get_x(), bar.get_x() + bar.get_width()) for bar in found)


def days(*pairs: tuple[date, date]) -> list[tuple[float, float]]:
    return [(float(date2num(begin)), float(date2num(end))) for begin, end in pairs]


def drawn(ax: Axes) -> list[Box]:
    """Return what bars fill on the page; what was announced for adjoining days with one label is one."""
    patches = [patch for patch in ax.patches if str(patch.get_gid()).startswith(("level-", "ahead-", "announced-"))]
    found: list[tuple[str, Box]] = []
    for patch in patches:
        extent, gid = patch.get_window_extent(), str(patch.get_gid())
        box = Box(*(float(value) / DPI * MM for value in (extent.x0, extent.y0, extent.x1, extent.y1)))
        before, last = found[-1] if found else ("", box)
        if gid.startswith("announced-") and before == gid and abs(last.right - box.left) < 0.01 and last.top == box.top:
            found[-1] = gid, replace(last, right=box.right)
        else:
            found.append((gid, box))
    return [box for _, box in found]


def page_of(ax: Axes) -> Box:
    return Box(0, 0, *(inches * MM for inches in figure_of(ax).get_size_inches()))


def test_a_bar_for_each_level_runs_from_its_first_day_to_its_last() -> None:
    ax = timeline("us_on_cn", families=EMERGENCY)
    assert bars(ax, "level-ieepa-fentanyl") == days(
        (date(2025, 2, 4), date(2025, 3, 4)),
        (date(2025, 3, 4), date(2025, 11, 10)),
        (date(2025, 11, 10), date(2026, 2, 24)),
    )
    assert bars(ax, "level-ieepa-reciprocal") == days(
        (date(2025, 4, 5), date(2025, 4, 9)),
        (date(2025, 4, 9), date(2025, 4, 10)),
        (date(2025, 4, 10), date(2025, 5, 14)),
        (date(2025, 5, 14), date(2026, 2, 24)),
    )


@pytest.mark.parametrize("width", [84, 174, 300])
def test_every_level_is_written_however_short(width: int) -> None:
    ax = timeline("us_on_cn", families=EMERGENCY, start="2018-01-01", width=width)
    assert sorted(written(ax, "level-ieepa-fentanyl")) == ["0", "10", "10", "10", "20"]
    reciprocal = written(ax, "level-ieepa-reciprocal")
    assert sorted(reciprocal) == ["0", "10", "10", "125", "34", "34", "34", "84"]


def test_what_is_in_force_ends_at_the_last_checked_day_and_goes_on_dotted() -> None:
    ax = timeline("us_on_cn", families="s301-forced-labour", start="2026-01-01")
    assert bars(ax, "level-s301-forced-labour") == days((date(2026, 7, 24), date(2026, 10, 10)))
    assert bars(ax, "ahead-s301-forced-labour") == days((date(2026, 10, 10), date(2027, 12, 31)))
    ahead = next(patch for patch in ax.patches if patch.get_gid() == "ahead-s301-forced-labour")
    assert ahead.get_linestyle() != "solid"
    assert not ahead.get_fill()
    assert [patch for patch in ax.patches if patch.get_gid() == "not-verified"]


def test_a_step_that_rests_on_an_agreement_is_ahead_and_said_in_the_note() -> None:
    ax = timeline("cn_on_us", families=["cn-answer-reciprocal"], start="2025-01-01")
    assert bars(ax, "level-cn-reciprocal") == days(
        (date(2025, 4, 10), date(2025, 4, 12)),
        (date(2025, 4, 12), date(2025, 5, 14)),
        (date(2025, 5, 14), date(2026, 10, 10)),
    )
    assert bars(ax, "ahead-cn-reciprocal") == days(
        (date(2026, 10, 10), date(2027, 1, 10)), (date(2027, 1, 10), date(2027, 12, 31))
    )
    assert {"84", "125", "10", "34"} <= set(written(ax, "level-cn-reciprocal"))
    assert any("The step of 10 Jan 2027 rests on statements of both governments" in text for text in written(ax))


def test_levels_that_were_withdrawn_are_hatched_up_to_the_next_event() -> None:
    ax = timeline("us_on_cn", families=["ieepa-reciprocal"], start="2025-01-01")
    announced = bars(ax, "announced-ieepa-reciprocal")
    assert announced[:3] == days(
        (date(2025, 4, 9), date(2025, 4, 10)),
        (date(2025, 8, 12), date(2025, 11, 10)),
        (date(2025, 11, 10), date(2026, 2, 24)),
    )
    assert announced[3][0] == date2num(date(2026, 11, 10))  # was to last: its beginning, open at the right
    hatched = [patch for patch in ax.patches if patch.get_gid() == "announced-ieepa-reciprocal"]
    assert all(patch.get_hatch() and not patch.get_fill() for patch in hatched)


def test_a_duty_that_was_only_threatened_has_a_lane() -> None:
    ax = timeline("us_on_cn", families=["us-threats"])
    assert bars(ax, "announced-ieepa-threat-100")[0][0] == date2num(date(2025, 11, 1))
    assert bars(ax, "level-ieepa-threat-100") == []
    assert written(ax, "level-ieepa-threat-100") == ["100"]


def test_what_was_announced_with_no_day_is_a_mark_at_the_day_it_was_stated() -> None:
    ax = timeline("us_on_cn", **SURCHARGE)
    (mark,) = [line for line in ax.lines if line.get_gid() == "no-day-s122-surcharge"]
    (day,) = list(mark.get_xdata())  # type: ignore[arg-type]
    assert day == pytest.approx(date2num(date(2026, 2, 21)))
    assert sorted(written(ax, "level-s122-surcharge")) == ["10", "15"]


def test_duties_held_void_are_crossed_through_and_the_note_says_by_whom() -> None:
    ax = timeline("us_on_cn", families=[*EMERGENCY, "s122"], start="2025-01-01")
    assert len(bars(ax, "void-ieepa-fentanyl")) == 3
    assert bars(ax, "void-s122-surcharge") == []
    assert " ".join(written(ax, "title-ieepa-fentanyl")).endswith("(held void)")
    assert any("Learning Resources v. Trump of 20 Feb 2026 held them unauthorised" in text for text in written(ax))


def test_lawful_basis_leaves_void_duties_out_and_an_earlier_view_does_not_know_the_ruling() -> None:
    lawful = timeline("us_on_cn", families=[*EMERGENCY, "s122"], basis="lawful", start="2025-01-01")
    assert bars(lawful, "level-ieepa-fentanyl") == []
    assert any("void duties taken out" in text for text in written(lawful))
    refundable = timeline("us_on_cn", families=[*EMERGENCY, "s122"], basis="refundable", start="2025-01-01")
    assert bars(refundable, "level-ieepa-fentanyl")
    assert bars(refundable, "level-s122-surcharge") == []
    assert any("void duties alone" in text for text in written(refundable))
    before = timeline("us_on_cn", families=EMERGENCY, as_of="2025-05-20", start="2025-01-01")
    assert not any("held void" in text or "unauthorised" in text for text in written(before))
    assert bars(before, "ahead-ieepa-reciprocal")[-1][0] == date2num(date(2025, 8, 12))  # 34 was then to come back


def test_changes_of_coverage_are_ticks_below_the_bar() -> None:
    ax = timeline("us_on_cn", families=["s301-review"], start="2024-01-01")
    ticks = [line for line in figure_of(ax).findobj(Line2D) if line.get_gid() == "coverage-s301-review-strategic-25"]
    assert len(ticks) == 1
    assert any("tick below a bar: a change of what the duty covers" in text for text in written(ax))


def test_an_unknown_level_is_a_question_mark_that_the_note_explains() -> None:
    ax = timeline("us_on_cn", families=["s301-review"], start="2025-01-01")
    assert written(ax, "level-s301-review-polysilicon") == ["50", "?"]
    assert any("?: level not yet set" in text for text in written(ax))


def test_a_floor_says_that_mfn_is_in_it() -> None:
    ax = timeline("us_on_cn", families=["s232-pharma"], start="2025-01-01")
    assert "100 incl. MFN" in written(ax, "level-s232-pharma")


def test_lanes_are_the_duties_in_force_or_announced_in_the_window() -> None:
    ax = timeline("us_on_cn", start="2019-12-01", end="2020-01-31")
    named = {str(text.get_gid()).removeprefix("title-") for text in texts(ax, "title-")}
    assert named == {
        "s201-solar", "s201-washer-parts", "s201-washers-in-quota", "s201-washers-over-quota", "s232-aluminium", "s232-steel",
        "s301-list-1", "s301-list-2", "s301-list-3", "s301-list-4a", "s301-list-4b",
    }  # fmt: skip
    assert written(ax, "family") == ["Section 201 safeguards", "Section 232: metals", "Section 301 Lists 1 to 4B"]


def test_a_family_of_one_duty_whose_title_says_it_has_no_heading() -> None:
    ax = timeline("us_on_cn", **SURCHARGE)
    assert written(ax, "family") == []
    (title,) = texts(ax, "title-s122-surcharge")
    assert title.get_text() == "Section 122 surcharge"
    assert title.get_fontweight() == "bold"


@pytest.mark.parametrize(
    ("title", "family", "expected"),
    [
        ("Section 301 List 1", "Section 301 Lists 1 to 4B", "List 1"),
        ("Section 232 metals, Annex I-A", "Section 232: metals", "Annex I-A"),
        ("Section 232 duty on cars", "Section 232: cars, trucks, buses and parts", "Cars"),
        ("Section 301 four-year review: solar cells", "Section 301 four-year review", "Solar cells"),
        (
            "Chinese list 3 in answer to Section 301, annex 1 (25% tier)",
            "Chinese answer to the US Section 301 lists",
            "List 3, annex 1 (25% tier)",
        ),
        ("Threatened further 100%", "US duties threatened and never enacted", "Threatened further 100%"),
        ("Same words", "Same words", "Same words"),
    ],
)
def test_titles_lose_what_their_family_says_and_nothing_else(title: str, family: str, expected: str) -> None:
    assert shortened(title, family) == expected


CASES: list[tuple[str, dict[str, Any]]] = [
    (direction, {"width": width, "start": start, "end": end})
    for direction in ("us_on_cn", "cn_on_us")
    for width in (84, 174)
    for start, end in ((None, None), ("2025-01-01", "2026-12-31"), ("2025-04-01", "2025-04-15"))
]
WIDE: list[tuple[str, dict[str, Any]]] = [
    ("us_on_cn", {"width": 300, "height": 169, "start": "2025-04-01", "end": "2025-04-15"}),
    ("us_on_cn", {"width": 300, "height": 169, "families": [*EMERGENCY, "s301-lists", "s232-metals"]}),
    ("cn_on_us", {"width": 300, "height": 169}),
    ("cn_on_us", {"width": 300, "height": 169, "start": "2025-01-01", "end": "2026-12-31"}),
]


@pytest.mark.parametrize(("direction", "asked"), [*CASES, *WIDE])
def test_no_text_meets_another_or_a_bar_it_does_not_name_or_leaves_the_page(direction: str, asked: dict[str, Any]) -> None:
    ax = timeline(direction, **asked)
    figure_of(ax).draw_without_rendering()
    found = [(f"{number} {text.get_text()!r}", box_of(text)) for number, text in enumerate(texts(ax))]
    page = page_of(ax)
    assert [name for name, box in found if not box.within(page)] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found, 2) if a.meets(b)] == []
    filled = drawn(ax)
    for text in texts(ax, "level-"):
        box = box_of(text)
        # The box of a text is higher than its figures; what counts is its middle.
        middle = (box.bottom + box.top) / 2
        line = Box(box.left, middle - 0.3, box.right, middle + 0.3)
        assert not [bar for bar in filled if line.meets(bar) and not (bar.left <= box.left and box.right <= bar.right)]


def test_same_input_gives_the_same_places() -> None:
    one, other = (timeline("cn_on_us", width=84, start="2025-01-01") for _ in range(2))
    assert [box_of(text) for text in texts(one)] == [box_of(text) for text in texts(other)]


def test_the_whole_war_stands_on_a_page_and_few_lanes_on_a_short_one() -> None:
    assert 200 < page_of(whole()).top <= 240
    assert page_of(timeline("us_on_cn", **SURCHARGE)).top == pytest.approx(80)
    ax = timeline("us_on_cn", **SURCHARGE, height=120)
    assert page_of(ax).top == pytest.approx(120)


def test_titles_stand_left_of_the_plot_on_a_page_and_above_the_bars_in_a_column() -> None:
    for width, left in ((174, True), (84, False)):
        ax = timeline("us_on_cn", families=["s301-lists"], width=width)
        figure_of(ax).draw_without_rendering()
        edge = ax.get_position().x0 * page_of(ax).right
        (title,) = texts(ax, "title-s301-list-1")
        assert (box_of(title).right < edge) == left


def test_levels_are_told_apart_without_colour_the_darker_the_higher() -> None:
    ax = timeline("us_on_cn", families=["ieepa-reciprocal"], start="2025-01-01", end="2025-12-31")
    fills = {bar.get_x(): bar.get_facecolor() for bar in ax.patches if bar.get_gid() == "level-ieepa-reciprocal"}  # type: ignore[attr-defined]
    brightness = [sum(to_rgb(fill)) for _, fill in sorted(fills.items())]  # 10, 84, 125, 10
    assert brightness[0] > brightness[1] > brightness[2]
    assert brightness[0] == brightness[3]


def test_words_say_what_is_shown_and_what_is_not_and_are_replaceable() -> None:
    said = " ".join(written(timeline("us_on_cn", families=["s301-lists"])))
    assert "Tariffs duty by duty: US on China" in said
    assert "percent of customs value, by legal effective date" in said
    assert "Hatched: announced and never applied" in said
    assert "Not shown: ordinary (MFN), anti-dumping and countervailing duties" in said
    assert "data version 2026.10.09, checked through 2026-10-09" in said
    own = written(timeline("us_on_cn", **SURCHARGE, title="$1 and $2 <b>", subtitle="", note=""))
    assert "$1 and $2 <b>" in own
    assert not any("Source:" in text or "percent of customs value" in text for text in own)


def test_note_says_which_steps_lie_after_the_last_day_shown() -> None:
    said = " ".join(written(timeline("us_on_cn", families=["s201"])))
    assert "steps after 31 Dec 2027, set up to 15 Aug 2030" in said


def test_alt_text_tells_every_level_of_a_few_duties() -> None:
    told = alt_text(timeline("us_on_cn", families=["ieepa-fentanyl"], start="2025-01-01"))
    assert told == (
        "Timeline of 1 duty: Tariffs duty by duty: US on China. Percent of customs value. 1 January 2025 to 9 October 2026. "
        "IEEPA fentanyl duty on China and Hong Kong: 10 from 4 February 2025; 20 from 4 March 2025; 10 from 10 November 2025; "
        "until 23 February 2026; announced and never applied: 10 for 1 February 2025, 0 on 20 February 2026 with no day."
    )


def test_alt_text_of_the_whole_war_names_every_duty() -> None:
    told = alt_text(whole())
    assert told.startswith("Timeline of 52 duties: Tariffs duty by duty: US on China.")
    assert "Section 301 List 1: 25 from 6 July 2018; announced and never applied: 3 levels." in told


def test_a_timeline_goes_into_axes_of_one_s_own_and_leaves_the_rest_alone() -> None:
    figure = Figure(figsize=(10, 5))
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    right.plot([1, 2], [3, 4])
    assert timeline("cn_on_us", start="2025-01-01", ax=left) is left
    assert bars(left, "level-cn-reciprocal")[0] == days((date(2025, 4, 10), date(2025, 4, 12)))[0]
    assert len(right.lines) == 1
    inside = left.get_position()
    for text in figure.texts:
        extent = text.get_window_extent().transformed(figure.transFigure.inverted())
        assert inside.x0 - 0.01 <= extent.x0
        assert extent.x1 <= inside.x1 + 0.01
        assert inside.y0 - 0.01 <= extent.y0
    assert not any("Source:" in text.get_text() for text in figure.texts)


def test_axes_that_are_too_low_are_refused_with_the_height_they_need() -> None:
    figure = Figure(figsize=(10, 3))
    FigureCanvasAgg(figure)
    with pytest.raises(UsageError, match=r"ax: found \d+ mm of height, expected \d+ mm or more for 52 lanes, or fewer families"):
        timeline("us_on_cn", ax=figure.subplots())


@pytest.mark.parametrize("width", [0, -1, 79, 601, float("nan"), "84"])
def test_impossible_width_is_refused(width: Any) -> None:
    with pytest.raises(UsageError, match=r"width: found .*, expected 80 to 600 mm"):
        timeline("us_on_cn", width=width)


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"height": 169, "width": 300}, UsageError, r"height: 52 lanes need \d+ mm, found 169 mm; name fewer families"),
        ({"start": "2025-04-01", "end": "2025-04-01"}, UsageError, "start and end are both 2025-04-01; a chart needs two days"),
        ({"start": "2018-01-01", "end": "2018-01-15"}, UsageError, "us_on_cn: no duty has a level from 2018-01-01 to 2018-01-15"),
        ({"families": ["us-mfn"]}, UsageError, "no duty of us-mfn has a level"),
        ({"families": ["s301-list"]}, UnknownNameError, "unknown family 's301-list'; did you mean 's301-lists'"),
        ({"families": 5}, UnknownNameError, "unknown family '5'"),
        ({"families": []}, UsageError, "families: found an empty list"),
        ({"start": "2017-01-01"}, CoverageError, "2017-01-01 is before the record"),
        ({"start": "2026-01-01", "end": "2025-01-01"}, UsageError, "start 2026-01-01 is after end 2025-01-01"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(asked: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        timeline("us_on_cn", **asked)
    assert "\n" not in str(caught.value)
