"""The words around a chart, made from the record: title, subtitle, note, dates as readers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tariffs.stacking import deciding, path
from tariffs.steps import spans
from tariffs.vocabulary import AUTHORITY_TITLES, MEASURE_TITLES, country_adjective

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tariffs.catalog import Catalog
    from tariffs.measures import Measured
    from tariffs.model import Duty, View

SHORT_TITLES = {"all_goods": "across the board", "average": "average", "covered": "share of trade"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_day(day: date) -> str:
    """Return a day as charts write it: 9 Oct 2026, whatever the locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def is_mixed(measured: tuple[Measured, ...]) -> bool:
    """Whether several measures are shown."""
    return len({one.quantity.measure for one in measured}) > 1


def line_titles(record: Catalog, measured: tuple[Measured, ...]) -> dict[str, str]:
    """Return what is written at each line: the direction, and where that does not tell lines apart what it counts."""
    directions = {one.direction for one in measured}
    if len(directions) == len(measured) and not measured[0].quantity.good:
        return {one.column: one.direction.title for one in measured}
    titles = {}
    for one in measured:
        what = record.good(one.quantity.good).title if one.quantity.good else one.quantity.weights
        if is_mixed(measured) and not one.quantity.good:
            what = ", ".join(filter(None, [SHORT_TITLES[one.quantity.measure], what]))
        titles[one.column] = what if len(directions) == 1 else f"{one.direction.title}, {what}"
    return titles


def supposed(record: Catalog, text: str) -> str:
    """Return a title that says first what a scenario supposes, where one lies over the record."""
    opened, closed = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"
    called = [f"Scenario {opened}{one.title}{closed}" if one.named else f"With {one.file}" for one in record.laid]
    return f"{', '.join(called)}. {text}" if called else text


def title(record: Catalog, measured: tuple[Measured, ...]) -> str:
    """Return what the chart shows."""
    text = supposed(record, _tariffs(record, measured))
    return f"{text}, refundable part" if measured[0].view.basis == "refundable" else text


def _tariffs(record: Catalog, measured: tuple[Measured, ...]) -> str:
    """Return which tariffs, and whose."""
    quantity, directions = measured[0].quantity, tuple(dict.fromkeys(one.direction for one in measured))
    if is_mixed(measured):
        count = len({(one.quantity.measure, one.quantity.weights, one.quantity.good) for one in measured})
        return f"Tariffs, {count} measures: {'; '.join(direction.title for direction in directions)}"
    kind = {"all_goods": "across-the-board", "average": "average", "covered": "", "stack": ""}[quantity.measure]
    if quantity.measure == "stack":
        goods = [record.good(name).title for name in dict.fromkeys(one.quantity.good for one in measured)]
        return (
            f"Tariffs by kind of good: {'; '.join(direction.title for direction in directions)}"
            if len(goods) > 1
            else (f"{goods[0]}: tariffs, {'; '.join(direction.title for direction in directions)}")
        )
    if quantity.measure == "covered":
        return f"Trade under additional duties: {'; '.join(direction.title for direction in directions)}"
    pair = [direction for direction in directions if direction.origin != "ROW"]
    if len(pair) == 2 and pair[0] == pair[1][::-1]:
        one, other = pair
        sides = f"{country_adjective(one.importer)} and {country_adjective(other.importer)}"
        rest = " and on the rest of the world's" if len(pair) < len(directions) else ""
        return f"{sides} {kind} tariffs on each other's goods{rest}"
    return f"{kind.capitalize()} tariffs: {'; '.join(direction.title for direction in directions)}"


def subtitle(measured: tuple[Measured, ...]) -> str:
    """Return measure, unless lines or plots say it, unit, weights and clock."""
    quantity, view = measured[0].quantity, measured[0].view
    duties = [duty for one in measured for duty in one.moving]
    tables = {one.weights.basis: one.weights.label for one in measured if one.weights}
    labels = [f"{name} = {label}" if len(tables) > 1 else label for name, label in tables.items()]
    mfn = "MFN included" if quantity.mfn else "on top of MFN"
    text = (
        "Percent, by legal effective date"
        if is_mixed(measured)
        else {
            "all_goods": "Additional duty on goods on no product list, percent, by legal effective date",
            "average": "Average statutory rate, MFN included, percent, by legal effective date",
            "covered": "Share of trade under any additional duty, percent, by legal effective date",
            "stack": f"Sum of the duties, {mfn}, percent, by legal effective date",
        }[quantity.measure]
    )
    if quantity.metal_share is not None:
        text += f", {quantity.metal_share:g}% of the value metal"
    if view.basis == "refundable":
        text = f"Refundable part{',' if is_mixed(measured) else ' of the'} {_lowered(text)}"
    if view.basis != "charged" and not any(view.void_of(duty) for duty in duties):
        text += ", none held void by then"
    elif view.basis == "lawful":
        text += ", void duties taken out"
    if view.as_of:
        text += f", as known by {'law' if view.known == 'law' else 'statement'} on {short_day(view.as_of)}"
    elif view.known == "stated":
        text += ", by statement, threats that stand included"
    if quantity.since:
        text = f"Points since {short_day(quantity.since)}: {_lowered(text)}"
    return f"{text}; weights {'; '.join(labels)}" if labels else text


def axis(measured: tuple[Measured, ...]) -> str:
    """Return what the upright axis counts."""
    shares = {"trade" if one.quantity.measure == "covered" else "customs value" for one in measured}
    of = " or ".join(sorted(shares))
    return f"Points of {of}" if measured[0].quantity.since else f"Percent of {of}"


def note(record: Catalog, measured: tuple[Measured, ...], window: tuple[date, date], said: Mapping[Any, Any]) -> str:
    """Return what is excluded, what to beware of, and where the numbers come from."""
    view = measured[0].view
    drawn = list({duty.id: duty for one in measured for duty in one.moving}.values())
    sentences = [
        *(["What was charged less what is lawful: a rate, not an amount of money."] if view.basis == "refundable" else []),
        *_excluded(measured),
        *_provenance(measured),
        *voids(drawn, view, window),
        *_agreed(drawn, view, record, window),
    ]
    if "warning" in said:
        sentences.append(f"{said['warning']}.")
    if "undated" in said:
        sentences.append(f"{said['undated'][0].upper()}{said['undated'][1:]}.")
    sentences.append(f"Source: {record.source_line}.")
    return " ".join(sentences)


def _excluded(measured: tuple[Measured, ...]) -> list[str]:
    """Say what the numbers leave out, once for each measure."""
    mfn = "" if any(one.quantity.mfn for one in measured) else ", ordinary (MFN) duties"
    left_out = {
        "all_goods": "Not included: ordinary (MFN) duties, duties on product lists (Section 301 lists, Section 232 and the"
        " answers to them), anti-dumping and countervailing duties. Exempt goods paid less.",
        "average": "Not included: anti-dumping and countervailing duties, exclusions granted for a time.",
        "covered": "Any additional duty counts, however low; anti-dumping and countervailing duties do not.",
        "stack": f"Not included: anti-dumping and countervailing duties, exclusions granted one by one{mfn}.",
    }
    measures = dict.fromkeys(one.quantity.measure for one in measured)
    if len(measures) == 1:
        return [left_out[measure] for measure in measures]
    return [f"{_capital(MEASURE_TITLES[measure])}: {_lowered(left_out[measure])}" for measure in measures]


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _lowered(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"


def _provenance(measured: tuple[Measured, ...]) -> list[str]:
    """Say once of all weights with the same provenance where they come from, and what to beware of."""
    grouped: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
    for table in (one.weights for one in measured if one.weights):
        how = "calibrated to a publication" if table.kind == "calibrated" else "computed from tariff lines"
        names, cautions = grouped.setdefault((how, f"{table.producer}, edition {table.edition}"), ({}, {}))
        names[table.basis] = None
        cautions[table.caution] = None
    return [
        " ".join([f"Weights {' and '.join(names)}: {how}; {source.rstrip('.')}.", *filter(None, cautions)])
        for (how, source), (names, cautions) in grouped.items()
    ]


def voids(duties: list[Duty], view: View, window: tuple[date, date]) -> list[str]:
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
    agreed = {
        (duty, day)
        for duty in duties
        for day, event in deciding(duty, view)
        if horizon < day <= window[1] and event.status == "agreed" and event.file not in record.overlays
    }
    steps = [day for duty, day in agreed if day in dict(path(duty, view))]
    return [f"The step of {short_day(max(steps))} rests on statements of both governments; no act was seen."] if steps else []
