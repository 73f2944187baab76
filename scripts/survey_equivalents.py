"""What calculated duty holds, tested where the law is known, and how far the equivalents of other duties reach.

Printed by ``python -m scripts.survey_products``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tariffs.products.duties import AdValorem
from tariffs.products.equivalents import LEAST_OWN, LEAST_POOLED, Equivalent, Paid, allows, equivalent, pays_general

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tariffs.products.schedule import Line, Schedule
    from tariffs.products.trade import Trade

METALS = ("72", "73", "76")
SUSPENDED = "9903.88.16"
EXCLUSIONS = ("9903.88.67", "9903.88.68", "9903.88.69", "9903.88.70")
REVIEW = "9903.91"
SAFEGUARDS = "9904"
ORIGINS = ("CN", "HK", "JP", "EU", "VN", "TW", "KR", "MX", "CA")
MARKS = (0.05, 0.25, 0.5, 0.75, 0.95)
NEAR = (0.05, 0.5, 2.0)


@dataclass(frozen=True, slots=True)
class Row:
    """The trade of one line with one origin."""

    line: Line
    country: str
    paid: Paid


def additional(schedule: Schedule, line: Line, country: str) -> Decimal | None:
    """Return the duties on top of the general one throughout 2024 [percent]; None where they are not one number.

    Metals have quotas for some origins and lines of agricultural quotas bear safeguards by price; on Chinese goods exclusions ran
    out within the year, and the four-year review raised duties in September.
    """
    cited = {heading for note in line.footnotes for heading in note.cites}
    if line.code.startswith(METALS) or any(heading.startswith(SAFEGUARDS) for heading in cited):
        return None
    if country != "CN":
        return Decimal(0)
    if any(heading.startswith((REVIEW, *EXCLUSIONS)) for heading in cited):
        return None
    rates = {
        term.percent
        for heading in line.cites()
        if heading.startswith("9903.88") and heading != SUSPENDED
        for term in schedule.headings[heading].duty.terms
        if isinstance(term, AdValorem) and isinstance(term.percent, Decimal)
    }
    return max(rates, default=Decimal(0)) if len(rates) <= 1 else None


def rows_of(trade: Trade, schedule: Schedule) -> list[Row]:
    """Return trade with the lines of chapters 1 to 97 that it matches."""
    columns = [trade.table[name].to_pylist() for name in ("code", "country", "value", "duty")]
    found = []
    for code, country, value, duty in zip(*columns, strict=True):
        line = schedule.under(code)
        if line and value and code < "98":
            found.append(Row(line, country, Paid(value, duty, additional(schedule, line, country))))
    return found


def errors(rows: Iterable[Row]) -> list[tuple[float, int]]:
    """Return what the estimate misses on ad valorem lines [points], with its trade [US dollars]."""
    found = []
    for row in rows:
        law, percent = row.line.duty.percent, row.paid.percent
        if law and percent is not None and row.paid.value >= LEAST_OWN:
            found.append((float(percent) - float(law), row.paid.value))
    return found


def described(found: list[tuple[float, int]]) -> str:
    """Return quantiles, weighed by trade, and how much trade is near 0."""
    if not found:
        return "none"
    whole = sum(value for _, value in found)
    marks, passed, ordered = [], 0, iter(sorted(found))
    error = 0.0
    for mark in MARKS:
        while passed < mark * whole:
            error, value = next(ordered)
            passed += value
        marks.append(f"{error:>8.2f}")
    near = [f"{100 * sum(value for error, value in found if abs(error) <= most) / whole:>6.1f}%" for most in NEAR]
    counted = [f"{100 * sum(abs(error) <= most for error, _ in found) / len(found):>6.1f}%" for most in NEAR]
    return f"{len(found):>6,} {whole / 1e9:>7.1f} {''.join(marks)} {''.join(near)} {''.join(counted)}"


def print_equivalents(trade: Trade, schedule: Schedule) -> None:
    """Print the test on ad valorem lines, the pooled against own trade, and the reach."""
    rows = rows_of(trade, schedule)
    print(
        "\ncalculated duty over value less additional duties, less the general duty, on ad valorem lines [points]: lines, bn USD,"
    )
    print(f"quantiles {', '.join(map(str, MARKS))} by value; within {', '.join(map(str, NEAR))} by value, by lines")
    for country in ("HK", "JP", "EU", "VN", "TW", "IN", "BD"):
        paying = [row for row in rows if row.country == country and pays_general(country, row.line.special)]
        print(f"{country:<34} {described(errors(paying))}")
    for country in ("KR", "MX", "CA", "TH"):
        print(f"{f'{country}, which has preferences':<34} {described(errors(row for row in rows if row.country == country))}")
    chinese = [row for row in rows if row.country == "CN" and row.paid.additional is not None]
    for rate in sorted({row.paid.additional for row in chinese if row.paid.additional is not None}):
        of_rate = [row for row in chinese if row.paid.additional == rate]
        print(f"{f'CN, {rate} taken off':<34} {described(errors(of_rate))}")
        if rate:
            left_on = [Row(row.line, row.country, Paid(row.paid.value, row.paid.duty)) for row in of_rate]
            print(f"{f'CN, {rate} left on':<34} {described(errors(left_on))}")
    by_line: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.line.duty.percent is None:
            by_line[row.line.code].append(row)
    print_pooled(by_line)
    print_reach(by_line)


def print_pooled(by_line: dict[str, list[Row]]) -> None:
    """Print how far the trade of the others is from an origin's own, where both are known."""
    print("\nthe others' equivalent less that of own trade, for origins that pay the general duty and bear nothing else [points]")
    apart: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for rows in by_line.values():
        payers = [row for row in rows if pays_general(row.country, row.line.special)]
        for row in payers:
            own = equivalent(row.line.duty, row.paid)
            pooled = equivalent(row.line.duty, None, [other.paid for other in payers if other is not row])
            if own and pooled and row.paid.value >= LEAST_POOLED:
                kind = f"{row.line.duty.kind}, {'CN' if row.country == 'CN' else 'others'}, {own.how}"
                apart[kind].append((float(pooled.percent - own.percent), row.paid.value))
    for kind, found in sorted(apart.items()):
        print(f"{kind:<58} {described(found)}")


def print_reach(by_line: dict[str, list[Row]]) -> None:
    """Print for which lines and how much trade there is an equivalent, by origin."""
    print(
        "\nrows whose general duty is no percentage, and bn USD; of the value with an equivalent of own trade, of own trade less"
    )
    print("additional duties, of all that pay the general duty, and without; the mean by value; rows of own trade out of bounds")
    for country in ORIGINS:
        values: Counter[str] = Counter()
        lines = below = 0
        weighed = Decimal(0)
        for rows in by_line.values():
            payers = [row for row in rows if pays_general(row.country, row.line.special)]
            for row in (row for row in rows if row.country == country):
                found: Equivalent | None = equivalent(
                    row.line.duty, row.paid if row in payers else None, [other.paid for other in payers]
                )
                lines += 1
                values[found.how if found else "none"] += row.paid.value
                weighed += found.percent * row.paid.value if found else 0
                own = row.paid.percent if row in payers else None
                below += own is not None and row.paid.value >= LEAST_OWN and not allows(row.line.duty, own)
        whole, known = values.total(), values.total() - values["none"]
        shares = [100 * values[how] / whole for how in ("own trade", "own trade, less additional duties")]
        shares += [100 * values[how] / whole for how in ("trade of all that pay the general duty", "none")]
        text = "".join(f"{part:>7.1f}%" for part in shares)
        print(f"{country:<4} {lines:>6,} {whole / 1e9:>8.2f} {text} {weighed / known:>8.2f} {below:>5,}")
