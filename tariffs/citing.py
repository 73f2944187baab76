"""How to cite the data, one of its series, or one of its events, for papers and for reference managers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tariffs.asking import as_quantity, as_record
from tariffs.errors import UnknownNameError, UsageError
from tariffs.vocabulary import CITATIONS, MEASURE_TITLES, MONTHS, Citation, choose, long_day

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.model import Event
    from tariffs.vocabulary import Direction, Measure

AUTHORS = "The tariffs authors"
NAME = "tariffs: tariff rates as sourced, dated time series"
# What BibTeX would take for markup.
SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """What is cited.

    Attributes
    ----------
    key : str
        Its name in a list of references.
    kind : {"dataset", "legislation"}
    author : str
        Empty for an act.
    published : str
        Of a part of the data the whole; of an act where it can be read.
    note : str
    """

    key: str
    kind: str
    title: str
    author: str
    day: date | None
    published: str
    version: str
    note: str
    url: str


def cite(
    what: str | None = None,
    *,
    style: Citation = "text",
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    catalog: Catalog | None = None,
) -> str:
    """Return how to cite the data, a series or an event.

    Parameters
    ----------
    what : str, optional
        A direction, for its series; the id of an event, such as ``ieepa-reciprocal/2025-04-10/125``, for the act behind it; by
        default the data as a whole.
    style : {"text", "apa", "bibtex", "csl"}
        A sentence; as the American Psychological Association has it; a BibTeX entry; CSL-JSON, for Zotero and pandoc.
    measure, weights, good, mfn
        Of a series, as in `series`.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    str

    Raises
    ------
    UnknownNameError, CoverageError, UsageError

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.cite("us_on_cn", style="apa")[:66]
    'The tariffs authors. (2026). US on China: across-the-board additio'
    """
    record = as_record(catalog)
    write = {"text": _text, "apa": _apa, "bibtex": _bibtex, "csl": _csl}[choose("style", style, CITATIONS)]
    asked: dict[str, Any] = {"weights": weights, "good": good, "mfn": mfn}
    if what is not None and what in record.events:
        if measure != "all_goods" or any(asked.values()):
            raise UsageError(f"{what}: an event has no measure, weights or good")
        return write(_act(record, record.events[what]))
    return write(_data(record, what, measure, asked))


def _data(record: Catalog, what: str | None, measure: Measure, asked: dict[str, Any]) -> Work:
    """Return the data, or the series of a direction, as a work."""
    edition = f"{version('tariffs')}, data version {record.release.version}"
    edition += "".join(f", {scenario.label}" for scenario in record.laid)
    checked = f"checked through {record.release.known_through}"
    day = date(*(int(part) for part in record.release.version.split(".")))
    if what is None:
        if measure != "all_goods" or any(asked.values()):
            raise UsageError("a measure, weights or a good belong to a series; name its direction, such as us_on_cn")
        return Work(f"tariffs-{record.release.version}", "dataset", NAME, AUTHORS, day, "", edition, checked, "")
    quantity = as_quantity(record, measure, **asked)
    parts, note = [MEASURE_TITLES[measure]], checked
    if quantity.weights:
        table = record.weights(quantity.weights, what)
        direction = table.direction
        parts.append(f"weights {quantity.weights}")
        note += f"; weights from {table.producer}, edition {table.edition}"
    else:
        direction = _direction(record, what)
    if quantity.good:
        parts.append(record.good(quantity.good).title + (", MFN included" if quantity.mfn else ""))
    title = f"{direction.title}: {', '.join(parts)}"
    key = f"tariffs-{quantity.column(direction)}-{record.release.version}"
    return Work(key, "dataset", title, AUTHORS, day, NAME, edition, note, "")


def _direction(record: Catalog, what: str) -> Direction:
    try:
        return record.direction(what)
    except UnknownNameError:
        raise UnknownNameError("direction or event", what, [*(one.name for one in record.directions), *record.events]) from None


def _act(record: Catalog, event: Event) -> Work:
    """Return the act behind an event as a work, with what the record took from it."""
    duty = record.duty(event.duty)
    days = (day for day in (event.enacted, event.stated) if isinstance(day, date))
    level = "level unknown" if event.rate is None else f"{float(event.rate):g} percent"
    level = level if event.is_level else "change of what it covers"
    since = f"from {long_day(event.effective)}" if isinstance(event.effective, date) else "with no day set"
    fate = f", withdrawn {long_day(event.withdrawn)}" if event.withdrawn else ""
    source = event.sources[0]
    note = f"{duty.title}: {level} {since}{fate}; as recorded in {record.source_line}"
    key = f"tariffs-{event.id.replace('/', '-')}"
    return Work(
        key, "legislation", event.act or event.summary or event.id, "", next(days, None), source.title, "", note, source.url
    )


def _text(work: Work) -> str:
    if work.kind == "legislation":
        when = f", {long_day(work.day)}" if work.day else ""
        return f"{work.title}{when}. {work.published}{f', {work.url}' if work.url else ''}. {work.note}."
    whole = f" {work.published}," if work.published else ""
    return f'{work.author}, "{work.title}",{whole} version {work.version}, {work.note}.'


def _apa(work: Work) -> str:
    if work.kind == "legislation":
        when = f"{work.day.year}, {MONTHS[work.day.month - 1]} {work.day.day}" if work.day else "n.d."
        return f"{work.title}. ({when}). {work.published}. {work.url}".strip()
    assert work.day is not None, "a version of the data has a day"
    whole = f" In {work.published}" if work.published else ""
    return f"{work.author}. ({work.day.year}). {work.title}.{whole} (Version {work.version}) [Data set]."


def _bibtex(work: Work) -> str:
    fields = {
        "author": f"{{{_plain(work.author)}}}" if work.author else "",
        "title": f"{{{_plain(work.title)}}}",
        "howpublished": _plain(work.published),
        "year": str(work.day.year) if work.day else "",
        "month": work.day and MONTHS[work.day.month - 1].lower()[:3],
        "version": _plain(work.version),
        "note": _plain(work.note),
        "url": work.url,
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in fields.items() if value]
    return f"@misc{{{re.sub(r'[^A-Za-z0-9.:_-]', '-', work.key)},\n" + ",\n".join(lines) + "\n}"


def _csl(work: Work) -> str:
    item = {
        "id": work.key,
        "type": work.kind,
        "title": work.title,
        "author": [{"literal": work.author}] if work.author else None,
        "container-title": work.published,
        "issued": {"date-parts": [[work.day.year, work.day.month, work.day.day]]} if work.day else None,
        "version": work.version,
        "note": work.note,
        "URL": work.url,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1)


def _plain(text: str) -> str:
    """Return a text that BibTeX takes for nothing but text."""
    return "".join(SPECIAL.get(letter, letter) for letter in text)
