"""The whole record as a page that any host serves: charts, every event of every duty, what is not verified, how to cite it."""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tariffs.asking import as_record
from tariffs.charts import alt_text
from tariffs.charts.kinds import draw
from tariffs.charts.saving import rendered
from tariffs.charts.webpage import STYLE
from tariffs.citing import cite
from tariffs.errors import OutputError
from tariffs.export.files import require_folder, write_whole
from tariffs.export.html import document, link
from tariffs.export.text import csv_bytes
from tariffs.model import Undated
from tariffs.reading.scalars import plain
from tariffs.tables import events
from tariffs.vocabulary import country_title, long_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Event

INDEX = "index.html"
HEADS = ("For", "Level", "Act", "Stated", "Enacted", "Sources", "Grade")
DAY = ' class="day"'
KINDS = (DAY, "", "", DAY, DAY)
HEADING = "Tariffs of the United States and China on each other's goods"
OWN_STYLE = """
nav ul { columns: 16rem; list-style: none; padding: 0; }
nav li { break-inside: avoid; }
pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--rule); font-size: .85rem; }
section.duty { margin-top: 1.4rem; }
figure { margin-bottom: 1.2rem; }
main:has(section.duty:target) section.duty:not(:target) { display: none; }
.gone td { color: var(--soft); }
figcaption { color: #5a5a5a; font-size: .85rem; padding-top: .4rem; }
figcaption a { color: #0b4f8a; }
"""
BODY = """<h1>{heading}</h1>
<p class="soft">{standing}</p>
{charts}
<h2 id="all">Every event of every duty</h2>
<p>{count} events of {duties} duties, those withdrawn before their day included.
<a download="events.csv" href="events.csv">Download as CSV</a>. Choose a duty to see it alone, or
<a href="#all">see all of them</a>.</p>
<nav aria-label="Duties"><ul>
{names}
</ul></nav>
{tables}
<h2>What is not verified</h2>
{doubts}
<h2>How to cite</h2>
<p>{citation}</p>
<pre>{bibtex}</pre>
<p class="soft">The data are under CC BY 4.0, the program under the MIT licence.</p>"""


def write_page(folder: str | Path, *, catalog: Catalog | None = None, tell: Callable[[str], None] | None = None) -> Path:
    """Write the whole record as a page with its charts, in files that any host serves and that need no network.

    Parameters
    ----------
    folder : path
        Where the files go; it is made if its parent exists. Other files in it stay.
    catalog : Catalog, optional
        The packaged record by default.
    tell : callable, optional
        Is told the name of each file.

    Returns
    -------
    pathlib.Path
        The page, ``index.html``. Beside it are each chart as SVG, charts of rates also as a page to hover over, and the events
        as ``events.csv``. The same data gives the same bytes.

    Raises
    ------
    UsageError
        Where the library that charts on pages need is not installed: ``pip install 'tariffs[html]'``.
    OutputError
        Where a file cannot be written.
    """
    record = as_record(catalog)
    root = require_folder(folder)
    figures = []
    files: dict[str, bytes] = {}
    for name, kind, directions, asked in _charts(record):
        chart = draw(kind, directions, **asked, catalog=record)
        endings = (".svg", ".html") if kind == "rates" else (".svg",)
        for ending in endings:
            files[f"{name}{ending}"] = rendered(chart, f"{name}{ending}")
            if tell:
                tell(f"{name}{ending}")
        figures.append(_figure(name, alt_text(chart), hover=len(endings) > 1))
    files["events.csv"] = csv_bytes(events(catalog=record))
    files[INDEX] = _index(record, figures).encode()
    try:
        root.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror or error}") from error
    for name, content in files.items():  # the page comes last, when all that it shows is there
        write_whole(Path(folder) / name, content)
    return Path(folder) / INDEX


def _charts(record: Catalog) -> Iterator[tuple[str, str, list[str], dict[str, Any]]]:
    """Yield name, kind, directions and what else is asked for of every chart on the page."""
    yield "rates", "rates", [direction.name for direction in record.release.directions], {}
    for direction in record.release.directions:
        for basis, tables in record.bases.items():
            if direction in tables:
                yield f"average-{direction.name}-{basis}", "rates", [direction.name], {"measure": "average", "weights": basis}
        yield f"duties-{direction.name}", "timeline", [direction.name], {}


def _figure(name: str, alt: str, *, hover: bool) -> str:
    links = [f'<a href="{name}.svg">the picture alone (SVG)</a>']
    links += [f'<a href="{name}.html">the chart to hover over, with its numbers</a>'] if hover else []
    picture = f'<img src="{name}.svg" alt="{escape(alt)}" loading="lazy">'
    return f"<figure>{picture}<figcaption>{', '.join(links)}</figcaption></figure>"


def _index(record: Catalog, figures: list[str]) -> str:
    duties = list(record.duties.values())
    checked = f"checked through {long_day(record.release.known_through)}"
    standing = f"Percent of customs value, by legal effective date, {checked}; tariffs, data version {record.release.version}."
    body = BODY.format(
        heading=escape(HEADING),
        standing=escape(" ".join(filter(None, [record.supposing, standing]))),
        charts="\n".join(figures),
        count=len(record.events),
        duties=len(duties),
        names="\n".join(f'<li><a href="#{duty.id}">{escape(duty.title)}</a></li>' for duty in duties),
        tables="\n".join(_section(duty) for duty in duties),
        doubts=_doubts(record),
        citation=escape(cite(catalog=record)),
        bibtex=escape(cite(style="bibtex", catalog=record)),
    )
    return document(HEADING, f"{STYLE}{OWN_STYLE}", body, images="'self'")


def _section(duty: Duty) -> str:
    """Return a duty with its events, oldest first."""
    rows = "\n".join(_row(event) for event in sorted(duty.events, key=lambda event: (_sorted_by(event), event.id)))
    void = f" Held void: {duty.void.by}, {long_day(duty.void.on)}." if duty.void else ""
    origins = "all countries" if duty.origins == ("ALL",) else ", ".join(map(country_title, duty.origins))
    where = f"{country_title(duty.importer)} on {origins}; authority {duty.authority}; scope {duty.scope.replace('_', ' ')}"
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("In force", "Level", "Act", "Stated", "Enacted", "Sources", "Grade")
    )
    return (
        f'<section class="duty" id="{duty.id}"><h3>{escape(duty.title)}</h3>'
        f'<p class="soft">{escape(where)}. {escape(duty.covers[:1].upper() + duty.covers[1:])}.{escape(void)}</p>'
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table></div></section>'
    )


def _sorted_by(event: Event) -> str:
    return str(event.effective) if isinstance(event.effective, date) else "9999"


def _row(event: Event) -> str:
    level = event.summary if not event.is_level else "unknown" if event.rate is None else f"{plain(event.rate)}%"
    gone = f"; withdrawn {long_day(event.withdrawn)}: {event.withdrawn_by}" if event.withdrawn else ""
    status = "" if event.status == "law" else f" ({event.status})"
    sources = "; ".join(link(source.title, source.url) for source in event.sources)
    cells = [_day(event.effective), level, f"{event.act}{status}{gone}", _day(event.stated), _day(event.enacted)]
    texts = "".join(f"<td{kind}>{escape(cell)}</td>" for kind, cell in zip(KINDS, cells, strict=True))
    opening = '<tr class="gone">' if event.withdrawn else "<tr>"
    return f"{opening}{texts}<td>{sources}</td><td>{event.grade}</td></tr>"


def _day(day: date | Undated | None) -> str:
    if isinstance(day, date):
        return day.isoformat()
    return {Undated.OPEN: "no day", Undated.UNKNOWN: "not found", None: "never"}[day]


def _doubts(record: Catalog) -> str:
    """Return what the record does not vouch for: later days, what has no day or level, and what rests on weak sources."""
    known = record.release.known_through
    living = [event for event in record.events.values() if event.withdrawn is None]
    ahead = [event for event in living if isinstance(event.effective, date) and event.effective > known]
    undated = [event for event in living if not isinstance(event.effective, date)]
    unknown = [event for event in living if event.is_level and event.rate is None]
    weak = [event for event in living if event.grade == "C"]
    lists = [
        (f"After {long_day(known)} nothing was checked. Steps that acts, agreements or announcements set for later days", ahead),
        ("Announced, or known to have happened, with no day found", undated),
        ("Levels that no source gives", unknown),
        ("Events of grade C, recalled or from one weak source", weak),
    ]
    return "\n".join(f"<p>{escape(title)}:</p>\n<ul>{_items(found)}</ul>" for title, found in lists if found)


def _items(found: list[Event]) -> str:
    ordered = sorted(found, key=lambda event: (_sorted_by(event), event.id))
    named = [(event.duty, event.id, event.act or event.status) for event in ordered]
    return "".join(f'<li><a href="#{duty}">{escape(name)}</a>: {escape(said)}</li>' for duty, name, said in named)
