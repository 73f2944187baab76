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
from tariffs.charts import alt_text, clocks
from tariffs.charts.clockrows import longest, rows_of
from tariffs.charts.kinds import draw
from tariffs.charts.page import DPI, MM, Box
from tariffs.errors import CoverageError, UnknownNameError, UnknownRateError, UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ALWAYS = date(1990, 1, 1), date(2100, 1, 1)
KNOWN = packaged().release.known_through
SUBJECTS = ["us_on_cn", "cn_on_us", "ieepa-reciprocal", "s301-list-3", "s232-semiconductors", "s301-review-semiconductors"]
SIZES: list[dict[str, Any]] = [{"width": 84}, {"width": 174}, {"style": "slides"}, {"style": "web"}]


def rows(duty: str) -> list[tuple[str, ...]]:
    return [(*row.cells, row.fate) for row in rows_of(packaged().duty(duty), KNOWN, ALWAYS)]


def box(artist: Any) -> Box:
    extent = artist.get_window_extent()
    return Box(*(value / DPI * MM for value in (extent.x0, extent.y0, extent.x1, extent.y1)))


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible() and text.get_text().strip()]


def marks(figure: Figure, event: str) -> dict[str, list[float]]:
    found = {str(line.get_gid()): np.asarray(line.get_xdata()).tolist() for line in figure.axes[1].lines}
    return {gid.removesuffix(f"-{event}"): days for gid, days in found.items() if gid.endswith(event)}


def test_rows_of_the_fentanyl_duty_bear_the_days_of_its_acts() -> None:
    # EO 14195 of 1 February 2025, 90 FR 9121; EO 14228 of 3 March, 90 FR 11463; EO 14357 of 4 November, 90 FR 50725.
    assert [row for row in rows("ieepa-fentanyl") if row[-1] == "in force"][:3] == [
        ("10", "1 Feb 2025", "1 Feb 2025", "4 Feb 2025", "", "in force"),
        ("20", "27 Feb 2025", "3 Mar 2025", "4 Mar 2025", "", "in force"),
        ("10", "30 Oct 2025", "4 Nov 2025", "10 Nov 2025", "", "in force"),
    ]


def test_a_threat_was_never_enacted_and_a_withdrawn_day_stands_in_brackets() -> None:
    # The post of 10 October 2025, withdrawn with the framework of Kuala Lumpur on the 26th.
    assert rows("ieepa-threat-100") == [("100", "10 Oct 2025", "never", "(1 Nov 2025)", "26 Oct 2025", "withdrawn")]


def test_a_retroactive_level_was_enacted_after_it_took_effect() -> None:
    # 84 FR 7966 of 5 March 2019 held List 3 at 10 from 2 March; the president had said so on 24 February.
    every = rows_of(packaged().duty("s301-list-3"), KNOWN, ALWAYS)
    (row,) = [row for row in every if row.event.effective == date(2019, 3, 2) and row.fate == "in force"]
    assert row.cells == ("10", "24 Feb 2019", "5 Mar 2019", "2 Mar 2019", "")
    assert (row.before(row.event.stated), row.before(row.event.enacted)) == (6, -3)
    assert longest([row]) == (6, 3)


def test_an_agreement_has_no_act_and_is_ahead() -> None:
    ahead = [row for row in rows("cn-reciprocal") if row[-1] == "ahead"]
    assert ahead == [
        ("10", "28 Sep 2026", "no act seen", "10 Nov 2026", "", "ahead"),
        ("34", "28 Sep 2026", "no act seen", "10 Jan 2027", "", "ahead"),
    ]


def test_a_level_with_no_day_says_so() -> None:
    # The 15% of 21 February 2026 never had a day.
    assert ("15", "21 Feb 2026", "never", "no day", "24 Jul 2026", "no day") in rows("s122-surcharge")


def test_a_window_takes_the_levels_with_a_day_in_it() -> None:
    found = rows_of(packaged().duty("ieepa-reciprocal"), KNOWN, (date(2025, 4, 7), date(2025, 4, 9)))
    # 34 was to begin on the 9th and was withdrawn on the 8th; 84 was stated on the 7th; 125 on the 9th for the 10th.
    assert [row.level for row in found] == ["34", "84", "125"]


def test_marks_stand_as_many_days_before_taking_effect_as_the_calendar_says() -> None:
    figure = clocks("us_on_cn")
    # EO 14259: said on 7 April, signed on the 8th, in force on the 9th.
    assert marks(figure, "ieepa-reciprocal/2025-04-09/84") == {
        "stated": [2],
        "enacted": [1],
        "in force": [0],
        "span": [2, 0],
    }
    # The end of the 90 days of Geneva: set on 12 May for 12 August, put off on 11 August.
    assert marks(figure, "ieepa-reciprocal/2025-08-12/34") == {
        "stated": [92],
        "enacted": [92],
        "withdrawn": [1],
        "span": [92, 1],
    }


def test_a_level_without_a_day_has_a_row_and_no_marks() -> None:
    figure = clocks("us_on_cn")
    event = "s122-surcharge/open/15"
    assert marks(figure, event) == {}
    assert [text.get_text() for text in figure.texts if text.get_gid() == f"row-{event}"] == [
        "15", "21 Feb 2026", "never", "no day", "24 Jul 2026",
    ]  # fmt: skip


@pytest.mark.parametrize(("line", "basis"), [("charged", "charged"), ("lawful", "lawful")])
def test_lines_are_the_series_as_charged_and_as_lawful(line: str, basis: Any) -> None:
    figure = clocks("us_on_cn")
    drawn = next(one for one in figure.axes[0].lines if one.get_gid() == line)
    series = tf.series("us_on_cn", start="2025-01-01", basis=basis)
    assert np.asarray(drawn.get_xdata())[:-1].tolist() == [date2num(day) for day in series.index]
    assert np.asarray(drawn.get_ydata())[:-1].tolist() == series.tolist()
    assert np.asarray(drawn.get_xdata())[-1] == date2num(date(2026, 10, 10))


def test_where_nothing_was_void_there_is_one_line() -> None:
    figure = clocks("cn_on_us")
    gids = {str(line.get_gid()) for line in figure.axes[0].lines}
    assert "charged" in gids
    assert "lawful" not in gids
    assert any("none of it was held void" in " ".join(text.get_text().split()) for text in figure.texts)


def test_every_level_of_every_duty_has_its_row() -> None:
    figure = clocks("us_on_cn", width=84)
    record = packaged()
    duties = [duty for duty in record.bearing(record.direction("us_on_cn")) if duty.scope == "all_goods"]
    expected = {event.id for duty in duties for event in duty.events if event.is_level}
    written = {str(text.get_gid()).removeprefix("row-") for text in figure.texts if str(text.get_gid()).startswith("row-")}
    assert written == expected
    assert len(expected) > 20


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("what", SUBJECTS)
def test_no_text_meets_another_or_leaves_the_page(what: str, size: dict[str, Any]) -> None:
    figure = clocks(what, **size)
    figure.canvas.draw()
    page = Box(0, 0, *(inches * MM for inches in figure.get_size_inches()))
    found = {f"{number} {text.get_text()}": box(text) for number, text in enumerate(texts(figure))}
    assert [name for name, place in found.items() if not place.within(page)] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found.items(), 2) if a.meets(b)] == []


@pytest.mark.parametrize("width", [84, 174])
def test_april_2025_is_labelled_level_by_level(width: float) -> None:
    figure = clocks("us_on_cn", start="2025-04-01", end="2025-04-14", width=width)
    written = " ".join(text.get_text() for text in figure.texts if str(text.get_gid()).startswith(("step-", "name-", "end-")))
    for level in ("20", "30", "104", "145", "lawful"):
        assert level in written.split()


def test_marks_are_told_apart_by_shape() -> None:
    figure = clocks("cn_on_us")
    shapes = {
        str(line.get_gid()).split("-", maxsplit=1)[0]: (line.get_marker(), line.get_markerfacecolor() == "white")
        for line in figure.axes[1].lines
        if not str(line.get_gid()).startswith("span")
    }
    assert set(shapes) == {"stated", "enacted", "withdrawn", "in force", "ahead"}
    assert len(set(shapes.values())) == 5
    key = [text.get_text() for text in figure.texts if text.get_gid() == "key"]
    assert key == ["stated", "enacted", "withdrawn", "in force", "ahead"]


def test_the_scale_of_days_says_that_it_is_logarithmic() -> None:
    ax = clocks("us_on_cn").axes[1]
    assert "logarithmic" in ax.get_xlabel()
    assert ax.get_xlim()[0] > ax.get_xlim()[1]  # what came first stands at the left
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "1", "3", "7", "30", "90", "365"]


def test_alt_text_tells_levels_and_days() -> None:
    told = alt_text(clocks("us_on_cn"))
    assert told.startswith("Step chart and table of days: US on China: stated, enacted, in force.")
    assert "lawful: 0 at first; 10 from 24 February 2026; 12.5 at the end;" in told
    assert "84, stated 7 April 2025, enacted 8 April 2025, in force 9 April 2025" in told
    assert "34, stated 12 May 2025, enacted 12 May 2025, was for 12 August 2025, withdrawn 11 August 2025" in told
    assert "15, stated 21 February 2026, enacted never, no day, withdrawn 24 July 2026" in told


def test_a_window_of_its_own_ends_before_a_level_that_no_source_gives() -> None:
    figure = clocks("s301-review-semiconductors")
    # The level from 23 June 2027 was to be announced: USTR notice of action of 23 December 2025.
    assert figure.axes[0].get_xlim()[1] < date2num(date(2027, 6, 23))
    with pytest.raises(UnknownRateError):
        clocks("s301-review-semiconductors", end="2027-12-31")


def test_same_input_gives_the_same_places() -> None:
    one, other = ([box(text) for text in texts(clocks("us_on_cn", width=84))] for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("what", "asked", "error", "said"),
    [
        ("us_on_eu", {}, CoverageError, "does not cover US on EU"),
        ("s301-list3", {}, UnknownNameError, "unknown direction or duty 's301-list3'; did you mean 's301-list-3'"),
        ("us-mfn", {}, UsageError, "us-mfn: the record has no level of this duty with a day"),
        ("s122-surcharge", {"start": "2018-01-01", "end": "2018-12-31"}, UsageError, "s122-surcharge: no level has a day from"),
        ("us_on_cn", {"width": 0}, UsageError, "width: found 0, expected 80 to 600 mm"),
        ("us_on_cn", {"height": 100}, UsageError, r"height: \d+ levels have no room on 100 mm; expected \d+ mm or more"),
        ("us_on_cn", {"start": "2025-04-01", "end": "2025-04-01"}, UsageError, "a chart needs two days at least"),
        ("us_on_cn", {"style": "papers"}, UnknownNameError, "did you mean 'paper'"),
        (["us_on_cn"], {}, UsageError, "expected a direction such as us_on_cn"),
    ],
)
def test_what_makes_no_clocks_is_refused(what: Any, asked: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        clocks(what, **asked)


def test_the_command_line_takes_a_duty_or_a_direction() -> None:
    assert "Section 301 List 3" in alt_text(draw("clocks", ["s301-list-3"]))
    with pytest.raises(UsageError, match="--kind clocks draws one direction or duty, such as us_on_cn; found none"):
        draw("clocks", [])
