"""One number asked for and taken apart: which duties make it up, under which acts, and what lies beneath it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

from tariffs.answers import Booked, Explanation, Line, NotBorne
from tariffs.asking import DayLike, as_day, as_quantity, as_record, as_view
from tariffs.measures import measure_of, note_of
from tariffs.reading.scalars import plain
from tariffs.stacking import DISPLACEMENTS, WHOLE, announced, deciding
from tariffs.steps import add, value_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from tariffs.catalog import Catalog
    from tariffs.measures import Measured
    from tariffs.model import Duty, Event, View
    from tariffs.stacking import Part
    from tariffs.vocabulary import Basis, Known, Measure


def rate(
    direction: str,
    day: DayLike,
    *,
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    catalog: Catalog | None = None,
) -> float:
    """Return a tariff rate in force on a day.

    Parameters
    ----------
    direction : str
        Such as ``us_on_cn``.
    day : date-like
        Calendar day of the importing territory; a day carries the level in force at its end.
    measure, weights, good, mfn, metal_share, as_of, known, basis
        As in `series`.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    float
        [percent of customs value]; on top of MFN, except for averages and stacks with `mfn`.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.rate("us_on_cn", "2025-04-15")
    145.0
    >>> tf.rate("us_on_cn", "2025-04-15", measure="stack", good="smartphone")
    20.0
    """
    answer = explain(
        direction, day, measure=measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share,
        as_of=as_of, known=known, basis=basis, catalog=catalog,
    )  # fmt: skip
    return float(answer.total)


def explain(
    direction: str,
    day: DayLike,
    *,
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    metal_share: float | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    catalog: Catalog | None = None,
) -> Explanation:
    """Take the rate of a day apart into duties, acts and sources.

    Parameters
    ----------
    direction, day, measure, weights, good, mfn, metal_share, as_of, known, basis, catalog
        As in `rate`.

    Returns
    -------
    Explanation
        Prints as text; `to_dict` gives plain values.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> import tariffs as tf
    >>> sum(line.rate for line in tf.explain("us_on_cn", "2025-05-13").lines)
    Decimal('145')
    """
    record = as_record(catalog)
    quantity = as_quantity(record, measure, weights=weights, good=good, mfn=mfn, metal_share=metal_share)
    view = as_view(record, as_of, known, basis)
    one, horizon = measure_of(record, direction, quantity, view), view.horizon(record.release.known_through)
    when = as_day(day, "day")
    record.require_covered(when)
    total = value_on(one.total(when, when), when)
    assert total is not None, "a total refuses what is unknown"
    whole = quantity.measure == "all_goods"
    lines = [
        line
        for part in one.parts
        if part.level is not None and (line := _line_of(part, when, view, record, whole=whole)) is not None
    ]
    general = {duty.id for duty in one.moving}
    others = [duty for duty in one.duties if duty.id not in general] if whole else []
    beneath = [line for duty in others if (line := _line(duty, deciding(duty, view), when, view)) is not None]
    return Explanation(
        direction=one.direction,
        day=when,
        quantity=quantity,
        view=view,
        total=total,
        refundable=_refundable(record, one, when),
        lines=tuple(lines),
        booked=tuple(entry for part in one.parts if part.level is None and (entry := _booked(part, when, record))),
        beneath=tuple(sorted(_placed(beneath, lines, when, record), key=_by_family)),
        not_borne=tuple(_not_borne(one, when)) if quantity.good else (),
        sources=one.origins,
        undated=announced(one.moving, view, when),
        standing=standing(one.moving, view, when, horizon),
        horizon=horizon,
        version=record.release.version,
        subject=_subject(one, record),
        scenario=record.scenario,
        supposing=record.supposing,
    )


def _refundable(record: Catalog, one: Measured, day: date) -> Decimal | None:
    """Return what was charged on a day beyond what is lawful, where that is known."""
    if not one.divided:
        return None
    void = measure_of(record, one.direction.name, one.quantity, replace(one.view, basis="refundable"))
    ends = {value_on(add(part.points for part in parts), day) for parts in (void.parts, void.hardly_metal or void.parts)}
    return ends.pop() if len(ends) == 1 else None


def standing(duties: tuple[Duty, ...], view: View, day: date, horizon: date) -> str:
    """Return whether a day's level is "in force", "scheduled" by an act or agreement, or "not verified"."""
    if day <= horizon:
        return "in force"
    ahead = any(horizon < step <= day for duty in duties for step, _ in deciding(duty, view))
    return "scheduled" if ahead else "not verified"


def _subject(one: Measured, record: Catalog) -> str:
    quantity = one.quantity
    if one.weights:
        return note_of(one.weights)
    if not quantity.good:
        return ""
    metal = f", {plain(quantity.metal_share)}% of its value metal" if quantity.metal_share is not None else ""
    good = record.good(quantity.good)
    lines = f", line {good.lines}" if good.lines else ""
    return f"{good.title}{lines}{metal} [grade {good.grade}]; {'with MFN' if quantity.mfn else 'on top of MFN'}"


def _line_of(part: Part, day: date, view: View, record: Catalog, *, whole: bool) -> Line | None:
    """Return the line of a part that adds something; of an average or a good, with the changes of coverage that bear on it.

    Those are its own and those of duties that displace it; the trade whose duty is known, of which shares are, moves all of them.
    """
    points, share = value_on(part.points, day), value_on(part.share or (), day)
    line = _line(part.duties[0], part.levels, day, view)
    if line is None or not points:
        return None
    own = part.duties[0]
    moved = [
        event
        for since, events in part.moves
        if since <= day
        for event in events
        if not event.is_level and (event.duty == own.id or _displaces(record.duties[event.duty], own))
    ]
    return replace(line, points=points, share=share, changes=line.changes if whole else tuple(dict.fromkeys(moved)))


def _displaces(duty: Duty, other: Duty) -> bool:
    return any(rule.names(duty) and rule.beats(other) for rule in DISPLACEMENTS)


def _placed(beneath: list[Line], lines: list[Line], day: date, record: Catalog) -> Iterator[Line]:
    """Yield lines with the families that they displace and that are in force."""
    live = {line.duty.family for line in (*beneath, *lines)}
    for line in beneath:
        losers = dict.fromkeys(rule.loser for rule in DISPLACEMENTS if rule.names(line.duty) and rule.since <= day < rule.until)
        replaces = tuple(record.families[name].title for name in losers if name in live and name != line.duty.family)
        yield replace(line, replaces=replaces)


def _not_borne(one: Measured, day: date) -> Iterator[NotBorne]:
    """Yield the duties in force that a kind of good does not bear in full, each with the rule or the change that says so."""
    for part in one.parts:
        line = _line(part.duties[0], part.levels, day, one.view) if part.level is not None else None
        share = value_on(part.share or (), day)
        if line is None or share is None or share == WHOLE:
            continue
        winners = [
            f"displaced by {other.duties[0].title} ({rule.law})"
            for rule in DISPLACEMENTS
            if rule.beats(line.duty) and rule.since <= day < rule.until
            for other in one.parts
            if rule.names(other.duties[0]) and value_on(other.level or (), day) and value_on(other.share or (), day)
        ]
        moved = [
            event
            for since, events in part.moves
            if since <= day
            for event in events
            if event.duty == line.duty.id and not event.is_level
        ]
        if winners:
            yield NotBorne(line.duty, line.event, share, "; ".join(dict.fromkeys(winners)))
        elif moved and not share:
            yield NotBorne(line.duty, line.event, share, f"left it {moved[-1].effective}, {moved[-1].act}: {moved[-1].summary}")
        elif not share:
            yield NotBorne(line.duty, line.event, share, "the good is outside it, as its file says")


def _booked(part: Part, day: date, record: Catalog) -> Booked | None:
    points = value_on(part.points, day)
    if not points:
        return None
    events = [events for since, events in part.moves if since <= day][-1:]
    if not part.duties:
        title = "as the weights have it"
    elif len(part.duties) == 1:
        title = part.duties[0].title
    else:
        title = f"{record.families[part.duties[0].family].title} ({len(part.duties)} duties booked together)"
    rows = part.notes
    note = next((text for since, text in reversed(rows) if since <= day), "")
    return Booked(title, part.duties, points, events[0] if events else (), note)


def _by_family(line: Line) -> tuple[str, str]:
    return line.duty.family, line.duty.id


def _line(duty: Duty, levels: tuple[tuple[date, Event], ...], day: date, view: View) -> Line | None:
    past = [event for since, event in levels if since <= day]
    if not past or past[-1].rate == 0:
        return None
    event = past[-1]
    *_, origin = takewhile(lambda earlier: _terms(earlier) == _terms(event), reversed(past))
    changes = tuple(
        change
        for change in duty.events
        if not change.is_level and isinstance(change.effective, date) and change.effective <= day and view.counts(change)
    )
    return Line(duty, event, origin, changes, view.void_of(duty))


def _terms(event: Event) -> tuple[Decimal | None, str, bool]:
    return event.rate, event.base, event.including_mfn
