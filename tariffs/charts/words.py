"""The words around a chart, made from the record: title, subtitle, note, dates as readers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tariffs.stacking import deciding, path
from tariffs.steps import spans
from tariffs.vocabulary import AUTHORITY_TITLES, country_adjective

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tariffs.catalog import Catalog
    from tariffs.model import Duty, View
    from tariffs.vocabulary import Direction

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_day(day: date) -> str:
    """Return a day as charts write it: 9 Oct 2026, whatever the locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def title(directions: tuple[Direction, ...]) -> str:
    """Return what the chart shows."""
    if len(directions) == 2 and directions[0] == directions[1][::-1]:
        one, other = directions
        sides = f"{country_adjective(one.importer)} and {country_adjective(other.importer)}"
        return f"{sides} across-the-board tariffs on each other's goods"
    return f"Across-the-board tariffs: {'; '.join(direction.title for direction in directions)}"


def subtitle(view: View, duties: Iterable[Duty]) -> str:
    """Return measure, unit and clock."""
    text = "Additional duty on goods on no product list, percent, by legal effective date"
    if view.basis == "lawful":
        text += ", void duties taken out" if any(view.void_of(duty) for duty in duties) else ", none held void by then"
    if view.as_of:
        text += f", as known by {'law' if view.known == 'law' else 'statement'} on {short_day(view.as_of)}"
    elif view.known == "stated":
        text += ", threats included"
    return text


def note(record: Catalog, duties: Iterable[Duty], view: View, window: tuple[date, date], said: Mapping[Any, Any]) -> str:
    """Return what is excluded, what to beware of, and where the numbers come from."""
    drawn = list(duties)
    sentences = [
        "Not included: ordinary (MFN) duties, duties on product lists (Section 301 lists, Section 232 and the answers to them),",
        "anti-dumping and countervailing duties. Exempt goods paid less.",
        *_voids(drawn, view, window),
        *_agreed(drawn, view, record, window),
    ]
    if "warning" in said:
        sentences.append(f"{said['warning']}.")
    if "undated" in said:
        sentences.append(f"{said['undated'][0].upper()}{said['undated'][1:]}.")
    sentences.append(f"Source: {record.source_line}.")
    return " ".join(sentences)


def _voids(duties: list[Duty], view: View, window: tuple[date, date]) -> list[str]:
    """Say of duties that are shown as charged by which ruling they were void."""
    if view.basis == "lawful":
        return []
    rulings = {
        (duty.authority, void.on, void.by)
        for duty in duties
        if (void := view.void_of(duty)) and any(value for _, _, value in spans(path(duty, view), *window))
    }
    return [
        f"Duties under {AUTHORITY_TITLES.get(authority, authority)} are shown as charged;"
        f" {by} of {short_day(on)} held them unauthorised."
        for authority, on, by in sorted(rulings)
    ]


def _agreed(duties: list[Duty], view: View, record: Catalog, window: tuple[date, date]) -> list[str]:
    """Say of steps ahead that rest on an agreement that no act was seen."""
    horizon = view.horizon(record.release.known_through)
    steps = [
        day for duty in duties for day, event in deciding(duty, view) if horizon < day <= window[1] and event.status == "agreed"
    ]
    return [f"The step of {short_day(max(steps))} rests on statements of both governments; no act was seen."] if steps else []
