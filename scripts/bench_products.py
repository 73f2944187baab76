"""Measure the product level: building a store, averages, one day of every line, one line. Medians; nothing is asserted here.

The inputs lie beside the project, not in it; a folder of them may be named: ``python -m scripts.bench_products FOLDER``. A store
is made anew. What needs every origin is reckoned with the duties that the record has, which for most of them are not all: it is
measured here, and refused to users.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

import tariffs as tf
from scripts.survey_products import SOURCE
from tariffs.model import View
from tariffs.products.averaging import Averaging, on_day
from tariffs.products.converted import Converted, law_of_trade
from tariffs.products.fates import Law
from tariffs.products.grid import Grid, lines_of
from tariffs.products.store import open_store
from tariffs.vocabulary import Direction

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tariffs.products.store import Store

RUNS = 7
FIRST, LAST = date(2025, 1, 1), date(2026, 10, 9)
LINE, DAY = "8501.10.40.20", date(2025, 10, 1)
TARIFFS = str(Path(sys.executable).with_name("tariffs"))


def main() -> None:
    """Print the figures beside what they are to reach."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        seconds = clocked([TARIFFS, "products", "build", "--source", str(source), "--store", str(store)])
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        size = sum(path.stat().st_size for path in store.iterdir()) / 1e6
        show("archives, lists and trade to a store", seconds, 60)
        print(f"{'its peak of memory':<58}{peak:>9.0f} MB   (2,000)")
        print(f"{'its size':<58}{size:>9.1f} MB")
        command = [TARIFFS, "products", "series", LINE, "--store", str(store)]
        show("one line's history from the shell", statistics.median(clocked(command) for _ in range(RUNS)), 0.6)
        command = [TARIFFS, "products", "rate", LINE, str(DAY), "--store", str(store)]
        show("one line on a day from the shell", statistics.median(clocked(command) for _ in range(RUNS)), 0.6)
        measure(store)


def measure(folder: Path) -> None:
    """Print what one process takes, first and again."""
    begin = time.perf_counter()
    tf.products.average("CN", by="family", freq="D", store=folder)
    show("daily average of China by family, the first question", time.perf_counter() - begin)
    show("the same, warm", median(lambda: tf.products.average("CN", by="family", freq="D", store=folder)), 0.2)
    show("the same with its range", median(lambda: tf.products.average("CN", freq="D", store=folder)))
    show("one line's history, warm", median(lambda: tf.products.series(LINE, origin="CN", store=folder)), 0.02)
    store = open_store(folder)
    show("daily averages of every origin with trade, by family", median(lambda: every_origin(store)), 2)
    laws = Laws(store)
    show("every line of those origins on a day", median(lambda: every_line(store, laws)), 0.3)
    growth(store)
    matched(store)


def every_origin(store: Store) -> int:
    """Reckon the average of each origin by family from the first day to the last, the law included; return how many."""
    trade, laws = store.table("trade"), Laws(store)
    places = pc.index_in(trade["code"], value_set=store.table("goods")["code"].combine_chunks()).to_numpy()
    origins = trade["origin"].combine_chunks().dictionary_encode()
    values, codes = trade["value"].to_numpy().astype(float), origins.indices.to_numpy()
    for number, origin in enumerate(origins.dictionary.to_pylist()):
        chosen = np.flatnonzero(codes == number)
        grid = laws.grid(origin, places[chosen].astype(np.int64))
        by_family(grid, values[chosen], FIRST, LAST)
    return len(origins.dictionary)


def every_line(store: Store, laws: Laws) -> int:
    """Reckon every line for each origin with trade on a day; return how many numbers that is."""
    lines = lines_of(store)
    places = lines.span_of[lines.live(DAY) & lines.span_itself]
    origins = store.table("trade")["origin"].unique().to_pylist()
    by_law = {laws.of(origin)[0]: laws.grid(origin, places) for origin in origins}
    levels = {key: on_day(grid, DAY)[0] for key, grid in by_law.items()}
    return sum(len(levels[laws.of(origin)[0]]) for origin in origins)


class Laws:
    """The law of each origin; origins that the same duties reach have one."""

    def __init__(self, store: Store) -> None:
        self.store, self.record = store, tf.load()
        self.namings = store.namings(self.record)
        self.known: dict[tuple[str, ...], tuple[Law, Law]] = {}

    def of(self, origin: str) -> tuple[tuple[str, ...], Law, Law]:
        """Return what tells the law of an origin from others, the law, and that of the year of trade."""
        direction = Direction("US", origin)
        duties = tuple(duty for duty in self.record.bearing(direction) if duty.scope != "schedule")
        key = tuple(duty.id for duty in duties)
        if key not in self.known:
            law = Law(duties, direction, self.namings, View(), FIRST)
            self.known[key] = law, law_of_trade(self.store, duties, direction, self.namings)
        return key, *self.known[key]

    def grid(self, origin: str, places: NDArray[np.int64]) -> Grid:
        """Return a grid of goods of an origin."""
        _, law, of_trade = self.of(origin)
        return Grid(lines_of(self.store), law, places, Converted(self.store, origin, of_trade))


def growth(store: Store) -> None:
    """Print how the cost of an average grows: with cells and change dates, not with days."""
    print(f"\n{'China by family':<40}{'days':>8}{'dates':>8}{'cells':>8}{'ms':>8}")
    trade = store.table("trade").filter(pc.equal(store.table("trade")["origin"], "CN"))
    every = pc.index_in(trade["code"], value_set=store.table("goods")["code"].combine_chunks()).to_numpy().astype(np.int64)
    values = trade["value"].to_numpy().astype(float)
    for name, begin, end, share in (
        ("one change, two days", date(2025, 4, 9), date(2025, 4, 10), 1.0),
        ("no change, 20 days", date(2025, 5, 15), date(2025, 6, 3), 1.0),
        ("all", FIRST, LAST, 1.0),
        ("all, ten years longer", FIRST, date(2036, 10, 9), 1.0),
        ("all, a tenth of the goods", FIRST, LAST, 0.1),
    ):
        kept = np.arange(len(every)) % round(1 / share) == 0
        grid = Laws(store).grid("CN", every[kept])
        over = Averaging(grid, values[kept], begin, end)
        again = median(partial(by_family, grid, values[kept], begin, end))
        print(f"{name:<40}{(end - begin).days + 1:>8,}{len(over.days):>8}{len(grid.fates):>8}{1000 * again:>8.0f}")


def by_family(grid: Grid, weights: NDArray[np.float64], first: date, final: date) -> None:
    """Reckon an average by family."""
    Averaging(grid, weights, first, final).by(lambda duty: duty.family)


def matched(store: Store) -> None:
    """Print the share of trade that stands on a line in each revision."""
    spans, trade = store.table("lines"), store.table("trade")
    sums = trade.group_by("code").aggregate([("value", "sum")])
    values = dict(zip(sums["code"].to_pylist(), sums["value_sum"].to_pylist(), strict=True))
    whole = sum(values.values())
    columns = [spans[name].to_pylist() for name in ("code", "start", "end", "how")]
    rows = [row for row in zip(*columns, strict=True) if row[0] in values]
    print(f"\n{'trade matched in':<20}{'itself':>10}{'concordance':>14}{'eight digits':>14}   (97.0 with the concordance)")
    for name, day in store.revisions.items():
        found = dict.fromkeys(("itself", "concordance", "eight digits"), 0)
        for code, start, end, how in rows:
            if start <= day and (end is None or day < end):
                found[how] += values[code]
        itself, joined, eight = (100 * found[how] / whole for how in found)
        print(f"{name:<20}{itself:>9.2f}%{itself + joined:>13.2f}%{itself + joined + eight:>13.2f}%")


def clocked(command: list[str]) -> float:
    """Return how long a process takes [s]."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def median(work: Callable[[], object]) -> float:
    """Return the median time of some work, done once before [s]."""
    work()
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def show(name: str, seconds: float, limit: float | None = None) -> None:
    """Print one figure."""
    print(f"{name:<58}{seconds:>9.3f} s{f'   ({limit:g})' if limit else ''}", flush=True)


if __name__ == "__main__":
    main()
