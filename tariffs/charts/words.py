"""The words around a chart, made from the record: title, subtitle, note, dates as readers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tariffs.frames import source_line
from tariffs.vocabulary import ZERO_WARNING, country_adjective

if TYPE_CHECKING:
    from collections.abc import Iterable
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


def subtitle(view: View) -> str:
    """Return measure, unit and clock."""
    text = "Additional duty on goods on no product list, percent, by legal effective date"
    if view.basis == "lawful":
        text += ", void duties taken out"
    if view.as_of:
        text += f", as known by {'law' if view.known == 'law' else 'statement'} on {short_day(view.as_of)}"
    elif view.known == "stated":
        text += ", threats included"
    return text


def note(record: Catalog, duties: Iterable[Duty], view: View, *, hidden_zero: bool) -> str:
    """Return what is excluded, what to beware of, and where the numbers come from."""
    sentences = [
        "Not included: MFN duties, duties on product lists (Section 301 lists, Section 232 and the answers to them),",
        "anti-dumping and countervailing duties. Exempt goods paid less.",
    ]
    voided = {duty.void.on for duty in duties if duty.void} if view.basis == "charged" else set()
    sentences += [
        f"IEEPA duties are shown as charged; the Supreme Court held on {short_day(day)} that they were never authorised."
        for day in sorted(voided)
    ]
    if hidden_zero:
        sentences.append(f"{ZERO_WARNING}.")
    sentences.append(f"Source: {source_line(record)}.")
    return " ".join(sentences)
