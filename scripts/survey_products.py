"""Read every revision of the schedule and a year's trade, and print what is in them, what is parsed and what stays unknown.

The files lie beside the project, not in it; another folder may be named: ``python -m scripts.survey_products FOLDER``.
"""

from __future__ import annotations

import re
import resource
import statistics
import sys
import time
from collections import Counter, defaultdict
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.survey_equivalents import print_equivalents
from tariffs.products.concordance import Concordance, read_concordance
from tariffs.products.duties import KINDS, parse_duty, parse_special
from tariffs.products.matching import How, Match, Matcher
from tariffs.products.schedule import DUTY_COLUMNS, Schedule, read_schedule
from tariffs.products.trade import Trade, read_trade

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SOURCE = Path(__file__).parents[2] / "shared" / "data"
CHAPTERS = ("01-97", "98", "99")
SHARES = ("lines", "itself", "renumb.", "8 digits", "parsed")
MOST_TEXTS = 40
MOST_CODES = 12
LAW_OF_TRADE = "hts_2025_basic.json.gz"  # the nearest there is to 2024; its general duties are those of 2024


def chapters_of(code: str) -> str:
    """Return which of the three parts of the schedule a code is in."""
    return code[:2] if code >= "98" else "01-97"


def ten_digit(schedule: Schedule) -> list[str]:
    """Return the codes that goods of chapters 1 to 97 are entered under: ten digits, or eight where no suffix is printed."""
    split = {code[:10] for code in schedule.lines if len(code) == 13}
    return [code for code in schedule.lines if code < "98" and (len(code) == 13 or code not in split)]


def kinds_of_lines(schedule: Schedule) -> Counter[str]:
    """Count the lines of chapters 1 to 97 by the kind of their general duty."""
    return Counter(schedule.lines[code].duty.kind for code in ten_digit(schedule))


def matches(schedule: Schedule, concordance: Concordance, codes: Iterable[str]) -> dict[str, Match]:
    """Return what lines each code of trade stands for."""
    matcher = Matcher(concordance, schedule.name, schedule.lines)
    return {code: matcher.match(code) for code in codes}


def kinds_of_trade(schedule: Schedule, found: Mapping[str, Match], values: Mapping[str, int]) -> Counter[str]:
    """Sum imports by the kind of general duty of their lines [US dollars]; "no line", "several" where they differ."""
    sums: Counter[str] = Counter()
    for code, value in values.items():
        duties = {schedule.lines[line].duty for line in found[code].codes}
        sums["no line" if not duties else "several" if len(duties) > 1 else duties.pop().kind] += value
    return sums


def ways_of_trade(found: Mapping[str, Match], values: Mapping[str, int]) -> Counter[How]:
    """Sum imports by how their lines were found [US dollars]."""
    sums: Counter[How] = Counter()
    for code, value in values.items():
        sums[found[code].how] += value
    return sums


def by_code(trade: Trade) -> dict[str, int]:
    """Sum imports over countries [US dollars]."""
    sums = trade.table.group_by("code").aggregate([("value", "sum")])
    return dict(zip(sums["code"].to_pylist(), sums["value_sum"].to_pylist(), strict=True))


def printed(schedules: Iterable[Schedule]) -> dict[tuple[str, str], Counter[str]]:
    """Count what the columns print, a suffix's inherited text with its eight-digit line's, by column and part of the schedule."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for schedule in schedules:
        for line in (*schedule.lines.values(), *schedule.headings.values()):
            parent = schedule.lines.get(line.code[:10]) if len(line.code) == 13 else None
            for column in DUTY_COLUMNS:
                text = getattr(line, column)
                if text and not (parent and getattr(parent, column) == text):
                    found[column, chapters_of(line.code)][text] += 1
    return found


def parsed(column: str, text: str) -> list[tuple[str, str]]:
    """Return the kinds of what a cell prints, each with its text."""
    duties = [part.duty for part in parse_special(text)] if column == "special" else [parse_duty(text)]
    return [(duty.kind, duty.text) for duty in duties]


def main() -> None:
    """Print the survey."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    begin = time.perf_counter()
    trade = read_trade(source / "us_imports_2024", source / "lists")
    values = by_code(trade)
    whole = sum(values.values())
    concordance = read_concordance(source / "lists")
    print(f"trade of {trade.year}: {trade.table.num_rows:,} rows, {whole:,} USD; left out, as inside a block: {trade.left_out}")
    print(f"read in {time.perf_counter() - begin:.2f} s\n")
    print(
        "of chapters 1 to 97 the lines that are parsed; of trade what its very line matches, then what renumbered lines do, then"
    )
    print("the lines of its eight digits, and what is parsed")
    print(f"{'revision':<12} {'s':>5} {'lines':>7} {'ch. 99':>7} {'remarks':>7}" + "".join(f" {name:>8}" for name in SHARES))
    texts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    times, remarks = [], Counter[str]()
    for path in sorted((source / "hts_archives").glob("*.json*"), key=in_order):
        begin = time.perf_counter()
        schedule = read_schedule(path)
        times.append(time.perf_counter() - begin)
        found = matches(schedule, concordance, values)
        lines, value, ways = kinds_of_lines(schedule), kinds_of_trade(schedule, found, values), ways_of_trade(found, values)
        unread = sum(value[kind] for kind in ("no line", "several", "unknown", "reference"))
        read = lines.total() - lines["unknown"] - lines["reference"]
        sums = list(accumulate(ways[how] for how in ("itself", "concordance", "eight digits")))
        shares = [(read, lines.total()), *((part, whole) for part in (*sums, whole - unread))]
        counts = f"{len(schedule.lines):>7,} {len(schedule.headings):>7,} {len(schedule.remarks):>7}"
        print(f"{schedule.name:<12} {times[-1]:>5.2f} {counts} " + " ".join(f"{share(*pair):>8}" for pair in shares))
        for key, cells in printed([schedule]).items():
            texts[key].update(cells)
        remarks.update(problem.message for problem in schedule.remarks)
    print(f"\nmedian {statistics.median(times):.2f} s a revision, slowest {max(times):.2f} s; ", end="")
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print(f"\nlines of the last revision by kind: {dict(lines)}")
    print(f"imports by kind of their line there [bn USD]: { {kind: round(value[kind] / 1e9, 1) for kind in value} }")
    unmatched = sorted(((values[code], code) for code, match in found.items() if match.how != "itself"), reverse=True)
    for how in ("none", "eight digits", "concordance"):
        largest = [f"{code} {imports / 1e9:.2f}" for imports, code in unmatched if found[code].how == how][:MOST_CODES]
        print(f"matched by {how}, there, the largest [bn USD]: {', '.join(largest)}")
    print_equivalents(trade, read_schedule(source / "hts_archives" / LAW_OF_TRADE))
    print("\nremarks on all revisions:")
    for message, number in remarks.most_common():
        print(f"{number:>8,}  {message}")
    print(f"\n{'duties as printed, all revisions':<34}" + "".join(f"{kind:>12}" for kind in KINDS))
    unknown: Counter[tuple[str, str, str]] = Counter()
    for (column, chapters), cells in sorted(texts.items()):
        kinds: Counter[str] = Counter()
        for text, number in cells.items():
            for kind, part in parsed(column, text):
                kinds[kind] += number
                if kind == "unknown":
                    unknown[column, chapters, part] += number
        print(f"{f'{column}, chapters {chapters}':<34}" + "".join(f"{kinds[kind]:>12,}" for kind in KINDS))
    print(f"\nwhat stays unknown, the first {MOST_TEXTS} of {len(unknown)} texts:")
    for (column, chapters, text), number in unknown.most_common(MOST_TEXTS):
        print(f"{number:>6,}  {column:<8} {chapters:<6} {text[:110]}")


def in_order(path: Path) -> tuple[int | str, ...]:
    """Return what sorts revision 2 before revision 10."""
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"([0-9]+)", path.name))


def share(part: float, whole: float) -> str:
    """Return a share as a text [percent]."""
    return f"{100 * part / whole:.2f}%"


if __name__ == "__main__":
    main()
