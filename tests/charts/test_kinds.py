from __future__ import annotations

import gc
import weakref
from itertools import combinations
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

import tariffs as tf
from tariffs import charts
from tariffs.charts import alt_text, save
from tariffs.charts.kinds import HOMES, draw
from tariffs.charts.page import DPI, MM, Box, Chart
from tariffs.errors import UnknownNameError, UsageError
from tariffs.vocabulary import KINDS

if TYPE_CHECKING:
    from pathlib import Path

ASKED: dict[str, dict[str, Any]] = {
    "rates": {},
    "parts": {"by": "authority"},
    "timeline": {"start": "2025-01-01"},
    "expected": {"days": ["2025-04-07"], "start": "2025-01-01"},
    "panels": {},
    "clocks": {},
}


SIZES: list[dict[str, Any]] = [{"width": 84}, {"width": 120}, {"width": 174}, {"style": "slides"}, {"style": "web"}]
THEIRS = pd.Series({"2018-09-24": 12.1, "2019-05-20": 12.0, "2020-02-14": 19.3, "2025-03-12": 42.7})
THEIRS.index = pd.to_datetime(THEIRS.index)
# Since 2018, and the fortnight in which five steps came.
SINCE_2018: dict[str, tuple[list[str], dict[str, Any]]] = {
    "rates": ([], {"start": "2018-01-01"}),
    "parts": (["us_on_cn"], {"start": "2018-01-01", "measure": "average", "weights": ["piie-implied"]}),
    "timeline": (["cn_on_us"], {}),
    "expected": (["us_on_cn"], {"days": ["2025-04-07", "2025-05-20"], "start": "2018-01-01"}),
    "compare": (["us_on_cn"], {"theirs": THEIRS, "measure": "average", "weights": ["piie-implied"], "name": "Theirs"}),
    "panels": ([], {"start": "2018-01-01"}),
    "clocks": (["us_on_cn"], {"start": "2018-01-01"}),
}
APRIL = {"start": "2025-04-01", "end": "2025-04-15"}
IN_APRIL: dict[str, tuple[list[str], dict[str, Any]]] = {
    "rates": ([], APRIL),
    "parts": (["us_on_cn"], APRIL),
    "timeline": (["cn_on_us"], APRIL),
    "expected": (["us_on_cn"], APRIL | {"days": ["2025-04-03"]}),
    "panels": ([], APRIL),
    "clocks": (["us_on_cn"], APRIL),
}


def figure_of(chart: Axes | Figure) -> Figure:
    figure = chart.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def boxes(figure: Figure) -> dict[str, Box]:
    figure.canvas.draw()
    shown = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible() and text.get_text().strip()]
    extents = [(text.get_text(), text.get_window_extent()) for text in shown]
    return {
        f"{number} {text}": Box(*(value / DPI * MM for value in (one.x0, one.y0, one.x1, one.y1)))
        for number, (text, one) in enumerate(extents)
    }


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    ("kind", "directions", "asked"),
    [(kind, *rest) for kinds in (SINCE_2018, IN_APRIL) for kind, rest in kinds.items()],
    ids=[*SINCE_2018, *(f"{kind}-april" for kind in IN_APRIL)],
)
def test_no_text_of_any_kind_meets_another_or_leaves_the_page_at_any_size(
    kind: str, directions: list[str], asked: dict[str, Any], size: dict[str, Any]
) -> None:
    figure = figure_of(draw(kind, directions, **asked, **size))
    page = Box(0, 0, *(inches * MM for inches in figure.get_size_inches()))
    found = boxes(figure)
    assert [name for name, place in found.items() if not place.within(page)] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found.items(), 2) if a.meets(b)] == []


TITLED = """
duty: my-duty
title: "{title}"
importer: US
origin: CN
authority: IEEPA
family: ieepa-fentanyl
scope: all_goods
covers: Everything.
events:
- effective: 2025-06-01
  stated: 2025-05-20
  enacted: 2025-05-21
  rate: 7%
  act: Test
  grade: C
  sources:
  - {{title: test}}
"""
WITH_TITLES: dict[str, dict[str, Any]] = {
    "rates": {},
    "parts": {"by": "duty", "start": "2025-01-01"},
    "timeline": {"families": "ieepa-fentanyl", "start": "2025-01-01"},
    "clocks": {},
}


def with_title(folder: Path, title: str) -> Any:
    file = folder / "mine.yaml"
    file.write_text(TITLED.format(title=title), encoding="utf-8")
    return tf.load(file, on_top=True)


@pytest.mark.parametrize("width", [84, 174])
@pytest.mark.parametrize("kind", WITH_TITLES)
@pytest.mark.parametrize("title", ["</script><img onerror=x> & $34_5^6$ 100% {0} %s", "word " * 80, "W" * 90])
def test_titles_of_the_record_are_only_text_and_stay_on_the_page(kind: str, width: float, title: str, tmp_path: Path) -> None:
    figure = figure_of(draw(kind, ["us_on_cn"], **WITH_TITLES[kind], width=width, catalog=with_title(tmp_path, title)))
    page = Box(0, 0, *(inches * MM for inches in figure.get_size_inches()))
    assert [name for name, place in boxes(figure).items() if not place.within(page)] == []
    assert b"<img" not in save(figure, tmp_path / "chart.svg").read_bytes()


@pytest.mark.parametrize("kind", ["parts", "timeline", "clocks"])
def test_letters_of_the_record_that_no_font_has_are_refused(kind: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no font at hand has \ue123 of 'Duty "):
        draw(kind, ["us_on_cn"], **WITH_TITLES[kind], catalog=with_title(tmp_path, "Duty \ue123"))


@pytest.mark.parametrize("kind", SINCE_2018)
def test_every_kind_remembers_its_style_and_is_wide_as_it_says(kind: str) -> None:
    directions, asked = SINCE_2018[kind]
    figure = figure_of(draw(kind, directions, **asked, style="slides"))
    assert isinstance(figure, Chart)
    assert figure.style == "slides"
    assert round(figure.get_size_inches()[0] * MM) == 254


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
@pytest.mark.parametrize("kind", SINCE_2018)
def test_every_kind_gives_the_same_bytes_every_time(kind: str, ending: str, tmp_path: Path) -> None:
    directions, asked = SINCE_2018[kind]
    files = [save(draw(kind, directions, **asked, width=84), tmp_path / f"{name}.{ending}", dpi=60) for name in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("kind", SINCE_2018)
def test_words_of_every_kind_are_replaceable_and_may_be_left_out(kind: str) -> None:
    directions, asked = SINCE_2018[kind]
    replaced = figure_of(draw(kind, directions, **asked, title="Mine", subtitle="My measure", note="My note."))
    written = " ".join(" ".join(text.get_text().split()) for text in replaced.texts)
    assert all(text in written for text in ("Mine", "My measure", "My note."))
    assert "data version" not in written
    assert alt_text(replaced).split(": ")[1].startswith("Mine")
    bare = figure_of(draw(kind, directions, **asked, title="", subtitle="", note=""))
    written = " ".join(" ".join(text.get_text().split()) for text in bare.texts)
    assert not any(text in written for text in ("data version", "by legal effective date", "Mine"))
    assert alt_text(bare)  # a chart without a title still says what it shows


@pytest.mark.parametrize("kind", SINCE_2018)
def test_every_kind_says_what_it_shows_in_an_svg(kind: str, tmp_path: Path) -> None:
    directions, asked = SINCE_2018[kind]
    chart = draw(kind, directions, **asked, width=84)
    content = save(chart, tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert 'role="img"' in content
    assert escape(alt_text(chart)) in content


def test_every_kind_is_tried_at_every_size() -> None:
    assert set(SINCE_2018) == set(KINDS)
    assert set(IN_APRIL) == set(KINDS) - {"compare"}  # whose days are those of the values


def test_every_kind_has_its_home() -> None:
    assert set(HOMES) == set(KINDS)


@pytest.mark.parametrize("kind", ASKED)
def test_a_kind_is_drawn_and_says_what_it_shows(kind: str) -> None:
    chart = draw(kind, ["us_on_cn"], **ASKED[kind])
    assert isinstance(chart, (Axes, Figure))
    assert "US on China" in alt_text(chart)


@pytest.mark.parametrize("kind", ASKED)
def test_a_chart_that_nobody_holds_is_gone(kind: str) -> None:
    def drawn() -> weakref.ref[Axes | Figure]:
        chart = draw(kind, ["us_on_cn"], **ASKED[kind])
        return weakref.ref(chart)

    left = drawn()
    gc.collect()
    assert left() is None


@pytest.mark.parametrize("kind", ASKED)
def test_later_charts_leave_nothing_behind(kind: str, tmp_path: Path) -> None:
    def left_after(charts: int) -> int:
        for _ in range(charts):
            save(draw(kind, ["us_on_cn"], **ASKED[kind]), tmp_path / "chart.svg")
        gc.collect()
        return len(gc.get_objects())

    left_after(2)  # fonts, the record and caches of matplotlib are read once
    before = left_after(2)
    assert left_after(2) - before < 50  # one chart has hundreds


def test_what_is_as_usual_or_not_given_goes_with_every_kind() -> None:
    draw(
        "timeline",
        ["us_on_cn"],
        start="2025-01-01",
        style="paper",
        known="law",
        measure="all_goods",
        mfn=False,
        weights=None,
        days=[],
    )


@pytest.mark.parametrize(
    ("kind", "directions", "asked", "message"),
    [
        ("timelines", ["us_on_cn"], {}, "unknown kind 'timelines'; did you mean 'timeline'"),
        ("timeline", ["us_on_cn"], {"good": ["laptop"]}, "--good does not go with --kind timeline"),
        ("rates", ["us_on_cn"], {"metal_share": 30, "by": "duty"}, "--by does not go with --kind rates"),
        ("parts", [], {}, "--kind parts draws one direction, such as us_on_cn; found none"),
        (
            "timeline",
            ["us_on_cn", "cn_on_us"],
            {},
            "--kind timeline draws one direction, such as us_on_cn; found us_on_cn, cn_on_us",
        ),
        ("parts", ["us_on_cn"], {"days": ["2025-04-07"]}, "--day does not go with --kind parts"),
        ("rates", ["us_on_cn"], {"theirs": "theirs.csv"}, "--against does not go with --kind rates"),
        ("expected", ["us_on_cn"], {}, "--kind expected needs --day"),
        ("compare", ["us_on_cn"], {}, "--kind compare needs --against"),
        ("rates", ["us_on_cn"], {"width": 0}, "width: found 0, expected 80 to 600 mm"),
    ],
)
def test_what_does_not_go_with_a_kind_is_refused(kind: str, directions: list[str], asked: dict[str, Any], message: str) -> None:
    with pytest.raises((UsageError, UnknownNameError), match=message):
        draw(kind, directions, **asked)


def test_no_chart_has_the_name_of_its_module() -> None:
    # Importing such a module would put it in the chart's place.
    assert not {name for name, home in charts._HOMES.items() if name == home}
