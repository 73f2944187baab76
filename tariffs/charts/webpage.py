"""A step chart as one HTML file: to hover over where scripts run, a picture and a table where they do not."""

from __future__ import annotations

import base64
import json
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from tariffs.charts.interactive import specification
from tariffs.errors import UsageError
from tariffs.export.html import document, link
from tariffs.export.text import csv_bytes
from tariffs.vocabulary import long_day

if TYPE_CHECKING:
    from tariffs.charts.interactive import Level
    from tariffs.charts.page import Chart

LIBRARY, EXTRA = "vl_convert", "html"
# Runs after the library: without it the page keeps its picture.
SNIPPET = """
const page = document.documentElement;
page.classList.add("live");
const options = {mode: "vega-lite", ast: true, renderer: "svg", actions: false, defaultStyle: false, bind: "#lines",
  tooltip: {disableDefaultStyle: true}, loader: {target: "_blank", rel: "noopener noreferrer"}};
vegaEmbed("#chart", JSON.parse(document.getElementById("specification").textContent), options)
  .catch((error) => { page.classList.remove("live"); console.error(error); });
"""
STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --soft: #5a5a5a; --paper: #ffffff; --rule: #d0d0d0; --link: #0b4f8a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --soft: #b4b4b4; --paper: #16181b; --rule: #4a4a4a; --link: #8ec5ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.2rem 1rem 2rem; }
h1 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
.soft { color: var(--soft); margin: .2rem 0 .8rem; }
a { color: var(--link); overflow-wrap: anywhere; }
figure { margin: 0; padding: .6rem; background: #ffffff; border: 1px solid var(--rule); border-radius: 4px; }
figure img { display: block; width: 100%; height: auto; }
#chart { width: 100%; display: none; }
.live #chart { display: block; }
.live #picture { display: none; }
.help { display: none; }
.live .help { display: block; }
#lines { color: #1a1a1a; font-size: .9rem; }
#lines .vega-bind { display: inline-block; margin: 0 1.2rem .3rem 0; }
#lines .vega-bind label { display: inline-flex; flex-direction: row-reverse; gap: .4rem; align-items: center; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .88rem; min-width: 34rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-top: 1px solid var(--rule); }
td.day, td.of { white-space: nowrap; }
td.level { text-align: right; font-variant-numeric: tabular-nums; }
ul { margin: 0; padding-left: 1rem; }
#vg-tooltip-element { visibility: hidden; position: fixed; z-index: 9; max-width: min(30rem, 90vw); padding: .5rem .7rem;
  background: #ffffff; color: #1a1a1a; border: 1px solid #8a8a8a; border-radius: 4px; box-shadow: 0 2px 8px rgba(0,0,0,.2);
  font-size: .82rem; }
#vg-tooltip-element.visible { visibility: visible; }
#vg-tooltip-element table { min-width: 0; font-size: inherit; }
#vg-tooltip-element td { border: 0; padding: .1rem .6rem .1rem 0; white-space: normal; }
#vg-tooltip-element td.key { color: #5a5a5a; white-space: nowrap; }
@media (max-width: 640px) {
  table { min-width: 0; }
  thead { display: none; }
  table, tbody, tr, td { display: block; }
  tr { border-top: 1px solid var(--rule); padding: .3rem 0; }
  td { border: 0; padding: .05rem 0; }
  td.level { text-align: left; font-weight: 600; }
  #vg-tooltip-element table { display: table; }
  #vg-tooltip-element tr { display: table-row; border: 0; }
  #vg-tooltip-element td { display: table-cell; }
}
@media print {
  :root { --ink: #000; --soft: #333; --paper: #fff; --link: #000; }
  .live #chart, .live .help, #lines, .screen { display: none; }
  .live #picture { display: block; }
  figure { border: 0; padding: 0; }
  table { min-width: 0; }
}
"""
BODY = """<h1>{title}</h1>
<p class="soft">{subtitle}</p>
<figure>
<div id="lines"></div>
<div id="chart"></div>
<img id="picture" alt="{alt}" src="data:image/svg+xml;base64,{picture}">
</figure>
<p class="soft help">Hover for the level of any day and its duties; a dot opens the act behind a change. Drag to move in time,
turn the wheel with Ctrl held to widen, double-click for the whole.</p>
<p class="soft help">{note}</p>
<h2>The numbers</h2>
<p class="screen"><a download="{name}" href="data:text/csv;charset=utf-8;base64,{csv}">Download as CSV</a>,
each row with its events and acts.</p>
<p class="soft">Levels by first day; each holds to the day before the next. Of a long sum, what is new in it.</p>
<div class="scroll">
<table>
<thead>
<tr><th scope="col">From</th><th scope="col">Of</th><th scope="col">Level</th><th scope="col">Duties, with the act</th></tr>
</thead>
<tbody>
{rows}
</tbody>
</table>
</div>
<h2>What the chart shows</h2>
<p>{alt}</p>
<p class="soft">Source: {source}. The data are under CC BY 4.0.</p>"""


def page_of(figure: Chart, picture: bytes, name: str) -> bytes:
    """Return a chart as a web page of one file, which needs no network.

    Parameters
    ----------
    figure : Chart
        Of rates.
    picture : bytes
        The same as SVG, for readers without scripts and for paper.
    name : str
        Of the page; the CSV that it offers is named alike.

    Raises
    ------
    UsageError
        For a chart of another kind, and where the library that draws it is not installed.
    """
    shown = figure.shown
    if shown is None:
        raise UsageError(f"{name}: a web page is made of charts of rates (--kind rates); write this one as .svg")
    script = _script(name)
    csv_name = f"{name.removesuffix('.html')}.csv"
    levels = {line.name: shown.levels(line) for line in shown.lines}
    spec = json.dumps(specification(shown, levels, figure.alt), ensure_ascii=False, separators=(",", ":"))
    body = BODY.format(
        title=escape(figure.title),
        subtitle=escape(shown.subtitle),
        note=escape(shown.note),
        alt=escape(figure.alt),
        source=escape(figure.source),
        name=escape(csv_name),
        picture=base64.b64encode(picture).decode(),
        csv=base64.b64encode(csv_bytes(shown.table().drop(columns="sources"))).decode(),
        rows="\n".join(_row(line.title, level) for line in shown.lines for level in levels[line.name]),
    )
    return document(figure.title, STYLE, body, images="data:", data={"specification": spec}, script=script).encode()


def _script(name: str) -> str:
    """Return the library with the lines that start it, or say how to get it."""
    try:
        return _bundle()
    except ModuleNotFoundError as error:
        if error.name != LIBRARY:
            raise
        raise UsageError(f"{name}: a web page needs vl-convert-python: pip install 'tariffs[{EXTRA}]'") from error


@cache
def _bundle() -> str:
    """Return the library with the lines that start it; it takes a second or more to put together."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle(SNIPPET)
    return bundle.replace("</script", "<\\/script")


def _row(title: str, level: Level) -> str:
    duties = "".join(f"<li>{link(text, url)}</li>" for text, url in level.duties)
    cells = [
        f'<td class="day">{escape(long_day(level.day))}</td>',
        f'<td class="of">{escape(title)}</td>',
        f'<td class="level">{escape(level.text)}</td>',
        f"<td>{f'<ul>{duties}</ul>' if duties else 'none'}</td>",
    ]
    return f"<tr>{''.join(cells)}</tr>"
