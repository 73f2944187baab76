from __future__ import annotations

import re
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.text import Text

from tariffs.charts import alt_text
from tariffs.charts.fan import expected
from tariffs.charts.page import MM, Box
from tariffs.errors import CoverageError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

THREE = ["2025-04-07", "2025-05-20", "2025-08-15"]
SIX = ["2025-04-03", "2025-04-08", "2025-05-20", "2025-08-15", "2025-10-10", "2025-11-20"]
APRIL = ["2025-04-03", "2025-04-07", "2025-04-08"]
SIZES = [(84, None, THREE), (174, None, SIX), (300, 169, THREE)]
WINDOWS = [("2018-01-01", "2026-10-09"), ("2025-01-01", "2026-10-09"), (None, None)]


def line(ax: Axes, gid: str) -> Line2D:
    return next(artist for artist in ax.lines if artist.get_gid() == gid)


def gids(ax: Axes) -> list[str]:
    return [str(artist.get_gid()) for artist in ax.lines]


def vertices(drawn: Line2D) -> list[tuple[float, float]]:
    return list(zip(np.asarray(drawn.get_xdata()).tolist(), np.asarray(drawn.get_ydata()).tolist(), strict=True))


def at(day: str, level: float) -> tuple[float, float]:
    return float(date2num(date.fromisoformat(day))), level


def figure_of(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def texts(ax: Axes) -> list[Text]:
    found = [text for text in figure_of(ax).findobj(Text) if isinstance(text, Text)]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def written(ax: Axes) -> list[str]:
    return [re.sub(r"\s+", " ", text.get_text()) for text in texts(ax)]


def boxes(ax: Axes) -> dict[str, Box]:
    figure = figure_of(ax)
    figure.draw_without_rendering()
    found = {}
    for number, text in enumerate(texts(ax)):
        extent = text.get_window_extent()
        mm = [value / figure.dpi * MM for value in (extent.x0, extent.y0, extent.x1, extent.y1)]
        found[f"{number} {text.get_text()!r}"] = Box(*mm)
    return found


def require_apart(ax: Axes) -> None:
    width, height = figure_of(ax).get_size_inches() * MM
    found = boxes(ax)
    assert [name for name, box in found.items() if not box.within(Box(0, 0, width, height))] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found.items(), 2) if a.meets(b)] == []


def test_what_happened_is_a_solid_step_line_with_every_level() -> None:
    ax = expected("us_on_cn", ["2025-05-20"], start="2025-03-01", end="2025-12-31")
    drawn = line(ax, "us_on_cn")
    steps = [("2025-03-01", 10), ("2025-03-04", 20), ("2025-04-05", 30), ("2025-04-09", 104), ("2025-04-10", 145)]
    steps += [("2025-05-14", 30), ("2025-11-10", 20), ("2025-12-31", 20)]
    assert vertices(drawn) == [at(*step) for step in steps]
    assert (drawn.get_drawstyle(), drawn.get_linestyle()) == ("steps-post", "-")
    said = " ".join(written(ax)).replace("(", " ").split()
    assert {"10", "20", "30", "104", "145"} <= set(said)


def test_last_level_is_drawn_to_the_end_of_the_last_checked_day() -> None:
    ax = expected("us_on_cn", ["2026-03-01"], end="2027-01-01")
    assert vertices(line(ax, "us_on_cn"))[-1] == at("2026-10-10", 12.5)
    assert [patch for patch in ax.patches if patch.get_gid() == "not-verified"]


@pytest.mark.parametrize(
    ("direction", "day", "steps"),
    [
        ("us_on_cn", "2025-04-07", [("2025-04-07", 30), ("2025-04-09", 54)]),
        ("us_on_cn", "2025-04-08", [("2025-04-08", 30), ("2025-04-09", 104)]),
        ("us_on_cn", "2025-05-20", [("2025-05-20", 30), ("2025-08-12", 54)]),
        ("us_on_cn", "2025-08-15", [("2025-08-15", 30), ("2025-11-10", 54)]),
        ("cn_on_us", "2025-04-04", [("2025-04-04", 0), ("2025-04-10", 34)]),
    ],
)
def test_path_starts_at_a_hollow_marker_and_runs_to_the_end(direction: str, day: str, steps: list[tuple[str, float]]) -> None:
    ax = expected(direction, [day], end="2025-12-31", threats=False)
    drawn, marker = line(ax, f"expected-{day}"), line(ax, f"known-{day}")
    assert vertices(drawn) == [*(at(*step) for step in steps), at("2025-12-31", steps[-1][1])]
    assert vertices(marker) == [at(*steps[0])]
    assert marker.get_markerfacecolor() == "white"
    when = f"{date.fromisoformat(day).day} {date.fromisoformat(day):%b} 2025"
    then = date.fromisoformat(steps[-1][0])
    assert f"as known on {when}: {steps[-1][1]} from {then.day} {then:%b}" in written(ax)


def test_expected_line_is_thinner_and_broken_and_in_steps() -> None:
    ax = expected("us_on_cn", ["2025-05-20"])
    happened, drawn = line(ax, "us_on_cn"), line(ax, "expected-2025-05-20")
    assert drawn.get_linewidth() < happened.get_linewidth()
    assert drawn.get_linestyle() != happened.get_linestyle()
    assert drawn.get_drawstyle() == "steps-post"
    assert drawn.get_zorder() < happened.get_zorder()


def test_threat_is_dotted_with_open_triangles_and_named_as_never_enacted() -> None:
    ax = expected("us_on_cn", ["2025-10-10"], end="2025-12-31")
    law, stated, triangles = (line(ax, f"{kind}-2025-10-10{end}") for kind, end in THREATS)
    assert vertices(law)[1] == at("2025-11-10", 54)
    said = [("2025-11-01", 30), ("2025-11-01", 130), ("2025-11-10", 154), ("2025-12-31", 154)]
    assert vertices(stated) == [at(*step) for step in said]
    assert (triangles.get_marker(), triangles.get_markerfacecolor()) == ("^", "white")
    assert stated.get_linestyle() != law.get_linestyle() or stated.get_color() != law.get_color()
    assert "stated by 10 Oct 2025, never enacted: 130 from 1 Nov, 154 from 10 Nov" in written(ax)
    note = next(text for text in written(ax) if text.startswith("Broken lines"))
    assert "The threat stated on 10 Oct 2025 was withdrawn on" in note


THREATS = [("expected", ""), ("stated", ""), ("stated", "-step")]


def test_step_that_was_stated_and_became_law_is_not_called_a_threat() -> None:
    ax = expected("us_on_cn", ["2025-04-07"])
    assert vertices(line(ax, "stated-2025-04-07"))[:2] == [at("2025-04-09", 30), at("2025-04-09", 104)]
    assert "stated by 7 Apr 2025, law on 8 Apr: 104 from 9 Apr" in written(ax)
    assert "never enacted" not in " ".join(written(ax))


def test_without_threats_nothing_is_dotted() -> None:
    assert not [gid for gid in gids(expected("us_on_cn", ["2025-10-10"], threats=False)) if gid.startswith("stated")]


def test_known_stated_has_one_broken_path_with_the_threat_in_it() -> None:
    ax = expected("us_on_cn", ["2025-10-10"], known="stated", end="2025-12-31")
    assert vertices(line(ax, "expected-2025-10-10"))[1:3] == [at("2025-11-01", 130), at("2025-11-10", 154)]
    assert not [gid for gid in gids(ax) if gid.startswith("stated")]
    assert "as known by statement on the days named" in " ".join(written(ax))


def test_path_that_came_true_is_said_and_not_drawn() -> None:
    ax = expected("us_on_cn", ["2025-04-10"], end="2025-05-01")
    assert "expected-2025-04-10" not in gids(ax)
    assert "known-2025-04-10" in gids(ax)
    assert "as known on 10 Apr 2025: 145, as then happened" in written(ax)


def test_path_that_still_lies_ahead_is_not_said_to_have_happened() -> None:
    ax = expected("cn_on_us", ["2026-10-09"])
    assert "expected-2026-10-09" not in gids(ax)
    assert "as known on 9 Oct 2026: 34 from 10 Jan 2027, still scheduled" in written(ax)


def test_step_beyond_the_window_is_said_all_the_same() -> None:
    ax = expected("us_on_cn", ["2025-05-20"], end="2025-07-01")
    assert "as known on 20 May 2025: 54 from 12 Aug" in written(ax)


def test_days_that_expected_the_same_share_a_line() -> None:
    ax = expected("us_on_cn", ["2025-08-15", "2025-10-01"])
    assert "expected-2025-08-15" in gids(ax)
    assert "expected-2025-10-01" not in gids(ax)
    assert {"known-2025-08-15", "known-2025-10-01"} <= set(gids(ax))
    assert "as known on 15 Aug and 1 Oct 2025: 54 from 10 Nov" in written(ax)


def test_days_between_which_an_expectation_failed_do_not_share_a_line() -> None:
    # Both hold 54 to be the level from 9 April on, but by 20 May it had not come.
    ax = expected("us_on_cn", ["2025-04-07", "2025-05-20"], threats=False)
    assert {"expected-2025-04-07", "expected-2025-05-20"} <= set(gids(ax))


@pytest.mark.parametrize(("width", "height", "days"), SIZES)
@pytest.mark.parametrize(("start", "end"), WINDOWS)
def test_no_text_meets_another_or_leaves_the_page(
    width: int, height: int | None, days: list[str], start: str | None, end: str | None
) -> None:
    require_apart(expected("us_on_cn", days, start=start, end=end, width=width, height=height))


@pytest.mark.parametrize(("width", "height"), [(84, None), (174, None), (300, 169)])
def test_no_text_of_two_weeks_in_april_meets_another(width: int, height: int | None) -> None:
    require_apart(expected("us_on_cn", APRIL, start="2025-04-01", end="2025-04-15", width=width, height=height))


OTHERS: dict[str, tuple[str, list[str], dict[str, Any]]] = {
    "china": ("cn_on_us", ["2025-04-04", "2025-05-20", "2025-08-15"], {}),
    "average": ("us_on_cn", ["2018-12-10", "2019-08-10", "2019-09-15"], {"measure": "average", "weights": "piie-implied"}),
    "stack": ("us_on_cn", ["2019-08-24", "2019-09-15", "2025-05-20"], {"measure": "stack", "good": "list-3"}),
}


@pytest.mark.parametrize(("name", "width"), [("china", 84), ("average", 174), ("stack", 84)])
def test_no_text_of_other_directions_and_measures_meets_another(name: str, width: int) -> None:
    direction, days, asked = OTHERS[name]
    require_apart(expected(direction, days, width=width, **asked))


def test_title_subtitle_and_note_say_what_is_shown() -> None:
    ax = expected("us_on_cn", ["2025-05-20"])
    said = written(ax)
    assert "Across-the-board tariffs: US on China, expected and in force" in said
    assert any(text.endswith("by legal effective date; broken lines as known by law on the days named") for text in said)
    note = next(text for text in said if text.startswith("Broken lines"))
    assert "Not included" in note
    assert "data version 2026.10.09" in note


def test_words_are_replaceable_and_only_text() -> None:
    said = written(expected("us_on_cn", ["2025-05-20"], title="$5 and $6 a_b", subtitle="", note=""))
    assert "$5 and $6 a_b" in said
    assert not any(text.startswith(("Additional duty", "Broken lines")) for text in said)


def test_alt_text_tells_what_happened_and_each_path() -> None:
    alt = alt_text(expected("us_on_cn", ["2025-05-20", "2025-10-10"]))
    assert alt.startswith("Step chart: Across-the-board tariffs: US on China, expected and in force.")
    assert "As known on 20 May 2025: 30 then; 54 from 12 August 2025." in alt
    assert "Stated by 10 October 2025, never enacted: 130 from 1 November 2025, 154 from 10 November 2025." in alt


def test_given_axes_are_drawn_into_without_anything_around() -> None:
    figure = Figure(figsize=(6, 4))
    FigureCanvasAgg(figure)
    ax = figure.add_subplot()
    assert expected("us_on_cn", THREE, ax=ax) is ax
    assert "expected-2025-05-20" in gids(ax)
    said = written(ax)
    assert not any("expected and in force" in text or text.startswith("Broken lines") for text in said)


def test_same_input_gives_the_same_places() -> None:
    assert boxes(expected("us_on_cn", APRIL[1:], width=84)) == boxes(expected("us_on_cn", APRIL[1:], width=84))


def test_days_may_come_in_any_order_twice_and_one_alone() -> None:
    mixed = gids(expected("us_on_cn", ["2025-08-15", date(2025, 5, 20), "2025-05-20"], width=84))
    assert [gid for gid in mixed if gid.startswith("known")] == ["known-2025-05-20", "known-2025-08-15"]
    assert "expected-2025-05-20" in gids(expected("us_on_cn", "2025-05-20"))


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"days": []}, UsageError, "days: found 0, expected 1 to 6"),
        ({"days": [f"2025-04-0{day}" for day in range(1, 8)]}, UsageError, "days: found 7, expected 1 to 6"),
        ({"days": ["2025-13-01"]}, UsageError, "days: "),
        ({"days": ["2026-10-10"]}, CoverageError, "days: found 2026-10-10, expected days up to 2026-10-09"),
        ({"days": ["2025-05-20"], "end": "2025-05-20"}, UsageError, "days: found 2025-05-20, expected days from"),
        ({"days": ["2025-05-20"], "start": "2025-06-01"}, UsageError, "days: found 2025-05-20, expected days from 2025-06-01"),
        ({"days": ["1999-01-01"]}, CoverageError, "1999-01-01"),
        ({"days": THREE, "width": 0}, UsageError, "width: found 0, expected 80 to 600 mm"),
        ({"days": THREE, "known": "rumour"}, UnknownNameError, "rumour"),
        ({"days": THREE, "measure": "average"}, UsageError, "average needs weights"),
    ],
)
def test_what_cannot_be_drawn_is_refused(asked: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        expected("us_on_cn", **asked)


def test_day_after_the_weights_end_is_refused() -> None:
    with pytest.raises(CoverageError, match="expected days up to 2025-12-31"):
        expected("us_on_cn", ["2026-03-01"], measure="average", weights="piie-implied")
