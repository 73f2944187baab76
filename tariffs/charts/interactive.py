"""A step chart as a Vega-Lite specification: levels to hover over, directions to leave out, days to move and widen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tariffs.charts.panel import SHADES, SOFT
from tariffs.vocabulary import long_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from tariffs.charts.lines import Line

HEIGHT = 380  # [px]
DAYS = {"scale": {"type": "utc"}, "type": "temporal"}  # a day is a day wherever the reader sits
FONT = "system-ui, sans-serif"
DASH = 2.6  # [px] of a dash's unit
LEGEND = {
    "orient": "top",
    "title": None,
    "symbolType": "stroke",
    "symbolSize": 900,
    "symbolStrokeWidth": 2.8,
    "labelFontSize": 13,
}
ENTER, LEAVE = "pointerover", "pointerout"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of one line.

    Attributes
    ----------
    day : date
        The first.
    text : str
        How high.
    summed : str
        What it is made of, in a line.
    duties : tuple of (str, str)
        What it is made of, and where each can be read; of a long sum what is new in it.
    """

    day: date
    text: str
    summed: str
    duties: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a step chart shows, for a page that is not a picture.

    Attributes
    ----------
    lines : tuple of Line
    first, final, horizon : date
        The days at the edges, and the last one that counts.
    dotted : bool
        Whether lines go on after it.
    axis, subtitle, note : str
    grounds : tuple of (str, date, date)
        Shaded days: a word of `SHADES`, the first of them, and the one after the last.
    levels : callable
        Returns the levels of a line.
    table : callable
        Returns the numbers as a long table, with events, acts and sources.
    """

    lines: tuple[Line, ...]
    first: date
    final: date
    horizon: date
    dotted: bool
    axis: str
    subtitle: str
    note: str
    grounds: tuple[tuple[str, date, date], ...]
    levels: Callable[[Line], list[Level]]
    table: Callable[[], pd.DataFrame]


def specification(shown: Shown, levels: dict[str, list[Level]], spoken: str) -> dict[str, Any]:
    """Return the Vega-Lite specification of a step chart; `spoken` is what it says to a screen reader."""
    names = [line.title for line in shown.lines]
    colors = [line.style["color"] for line in shown.lines]
    x = {"field": "day", "title": None, "axis": {"format": "%b %Y", "labelFlush": True}, **DAYS}
    y = {"field": "level", "type": "quantitative", "title": shown.axis}
    hue = {"field": "line", "type": "nominal", "scale": {"domain": names, "range": colors}, "legend": LEGEND}
    steps = {"type": "line", "interpolate": "step-after", "clip": True}
    chosen = {"filter": " || ".join(f"(datum.number == {number} && show{number})" for number in range(len(names)))}
    recorded = [row for number, line in enumerate(shown.lines) for row in _recorded(shown, line, number)]
    layers = [
        *_grounds(shown),
        *([_grey(recorded, chosen, x, y, steps, _looks(shown))] if recorded else []),
        *(_line(shown, number, x, y, hue, steps) for number in range(len(names))),
        _bands(shown, levels),
        _dots(shown, levels, chosen, x, y, hue),
    ]
    return {
        "description": spoken,
        "width": "container",
        "height": HEIGHT,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "background": "white",
        "params": [
            {"name": f"show{number}", "value": True, "bind": {"input": "checkbox", "name": f"{name} "}}
            for number, name in enumerate(names)
        ],
        "layer": layers,
        "config": {
            "font": FONT,
            "axis": {
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "gridColor": "#E4E4E4",
                "labelOverlap": True,
            },
            "view": {"stroke": None},
        },
    }


def _line(shown: Shown, number: int, x: Any, y: Any, hue: Any, steps: Any) -> dict[str, Any]:
    """Return the layer of one line up to the last day that counts, and of what is ahead."""
    line = shown.lines[number]
    layer = {
        "data": {"values": [*_rows(shown, line, number)]},
        "transform": [{"filter": f"show{number}"}],
        "mark": steps,
        "encoding": {
            "x": x,
            "y": y,
            "color": hue,
            "detail": {"field": "ahead"},
            "strokeWidth": {"condition": {"test": "datum.ahead", "value": 1.4}, "value": 2.8},
            "strokeDash": {
                "condition": {"test": "datum.ahead", "value": [1.5, 3]},
                "field": "line",
                "type": "nominal",
                "scale": _looks(shown),
                "legend": LEGEND,
            },
        },
    }
    if number:
        return layer
    # One layer moves and widens the days of all.
    move = {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.ctrlKey]"}
    return layer | {"params": [{"name": "days", "select": move, "bind": "scales"}]}


def _dash(line: Line) -> list[float]:
    """Return the rhythm of a line [px]."""
    pattern = line.style["linestyle"]
    return [part * DASH for part in pattern[1]] if isinstance(pattern, tuple) else [1, 0]


def _rows(shown: Shown, line: Line, number: int) -> Iterator[dict[str, Any]]:
    limit = min(shown.horizon + timedelta(days=1), shown.final)
    checked = [(shown.first, line.start), *((step.day, step.level) for step in line.steps if step.day <= shown.horizon)]
    for day, level in [*checked, (limit, checked[-1][1])]:
        yield _row(line, number, day, level) | {"ahead": False}
    if shown.dotted and limit < shown.final:
        later = [(limit, checked[-1][1]), *((step.day, step.level) for step in line.steps if step.day > shown.horizon)]
        for day, level in [*later, (shown.final, later[-1][1])]:
            yield _row(line, number, day, level) | {"ahead": True}


def _row(line: Line, number: int, day: date, level: float) -> dict[str, Any]:
    return {"day": day.isoformat(), "level": level, "line": line.title, "number": number}


def _looks(shown: Shown) -> dict[str, Any]:
    """Return the rhythm of each line."""
    return {"domain": [line.title for line in shown.lines], "range": [_dash(line) for line in shown.lines]}


def _grey(rows: list[dict[str, Any]], chosen: Any, x: Any, y: Any, steps: Any, looks: Any) -> dict[str, Any]:
    """Return the layer of what is recorded."""
    return {
        "data": {"values": rows},
        "transform": [chosen],
        "mark": {**steps, "color": SOFT, "strokeWidth": 1},
        "encoding": {
            "x": x,
            "y": y,
            "detail": [{"field": "number"}, {"field": "span"}],
            "strokeDash": {"field": "line", "type": "nominal", "scale": looks, "legend": LEGEND},
        },
    }


def _recorded(shown: Shown, line: Line, number: int) -> Iterator[dict[str, Any]]:
    """Yield what is recorded where a scenario departs from it."""
    last = shown.final if shown.dotted else min(shown.horizon + timedelta(days=1), shown.final)
    for span, (begin, end) in enumerate(line.departures(last)):
        inside = [(day, level, until) for (day, level), until in zip(line.recorded, _ends(line, last), strict=True)]
        held = [(max(day, begin), level) for day, level, until in inside if until > begin and day < end]
        for day, level in [*held, (end, held[-1][1])]:
            yield _row(line, number, day, level) | {"span": span}


def _ends(line: Line, last: date) -> list[date]:
    return [*(day for day, _ in line.recorded[1:]), last]


def _grounds(shown: Shown) -> Iterator[dict[str, Any]]:
    for word, begin, end in shown.grounds:
        yield {
            "data": {"values": [{"day": begin.isoformat(), "until": end.isoformat()}]},
            "mark": {"type": "rect", "color": SHADES[word][1], "opacity": 0.6, "clip": True, "aria": False},
            "encoding": {"x": {"field": "day", **DAYS}, "x2": {"field": "until"}},
        }


def _bands(shown: Shown, levels: dict[str, list[Level]]) -> dict[str, Any]:
    """Return the layer to hover over: the days between two changes of any line, with every level and its duties."""
    days = sorted({shown.first, shown.final, *(level.day for own in levels.values() for level in own)})
    rows = []
    for day, after in pairwise(days):
        said = {"days": f"{long_day(day)} to {long_day(after - timedelta(days=1))}"}
        spoken = [said["days"]]
        for number, line in enumerate(shown.lines):
            level = [level for level in levels[line.name] if level.day <= day][-1]
            said[f"line{number}"] = " = ".join(filter(None, [level.text, level.summed]))
            spoken.append(f"{line.title} {level.text}")
        rows.append({"day": day.isoformat(), "until": after.isoformat(), "said": ", ".join(spoken), **said})
    tooltip = [{"field": "days"}, *({"field": f"line{number}", "title": line.title} for number, line in enumerate(shown.lines))]
    return {
        "data": {"values": rows},
        "params": [{"name": "at", "select": {"type": "point", "on": ENTER, "clear": LEAVE, "fields": ["day"]}}],
        "mark": {"type": "rect", "color": "#000000", "clip": True},
        "encoding": {
            "x": {"field": "day", **DAYS},
            "x2": {"field": "until"},
            "opacity": {"condition": {"param": "at", "value": 0.06, "empty": False}, "value": 0},
            "tooltip": tooltip,
            "description": {"field": "said"},
        },
    }


def _dots(shown: Shown, levels: dict[str, list[Level]], chosen: Any, x: Any, y: Any, hue: Any) -> dict[str, Any]:
    """Return the layer of the changes, each of which leads to its act."""
    fields = {"when": "from", "text": "level", "act": "act"}
    return {
        "data": {"values": [row for number, line in enumerate(shown.lines) for row in _points(shown, line, number, levels)]},
        "transform": [chosen],
        "mark": {"type": "point", "size": 45, "opacity": 1, "clip": True, "cursor": "pointer"},
        "encoding": {
            "x": x,
            "y": y,
            "color": hue,
            "shape": {"value": "circle"},
            "fill": {"condition": {"test": "datum.ahead", "value": "white"}, **hue},
            "href": {"field": "link"},
            "tooltip": [{"field": field, "title": title} for field, title in fields.items()],
            "description": {"field": "said"},
        },
    }


def _points(shown: Shown, line: Line, number: int, levels: dict[str, list[Level]]) -> Iterator[dict[str, Any]]:
    """Yield each change of a line with the act that made it, where there is one, and where it can be read."""
    heights = {step.day: step.level for step in line.steps}
    before: set[str] = set()
    for level in levels[line.name]:
        fresh = [(text, url) for text, url in level.duties if text not in before]
        before = {text for text, _ in level.duties}
        if level.day in heights and level.day < shown.final:
            act, link = fresh[-1] if fresh else ("", "")
            own = {"when": long_day(level.day), "text": level.text, "act": act, "link": link or None}
            said = f"{line.title}, {level.text} from {long_day(level.day)}"
            ahead = level.day > shown.horizon
            yield _row(line, number, level.day, heights[level.day]) | own | {"said": said, "ahead": ahead}
