from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tariffs import charts
from tariffs.charts import alt_text
from tariffs.charts.kinds import HOMES, draw
from tariffs.errors import UnknownNameError, UsageError
from tariffs.vocabulary import KINDS

ASKED: dict[str, dict[str, Any]] = {
    "rates": {},
    "parts": {"by": "authority"},
    "timeline": {"start": "2025-01-01"},
    "expected": {"days": ["2025-04-07"], "start": "2025-01-01"},
    "panels": {},
    "clocks": {},
}


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
