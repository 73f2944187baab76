"""Write the weights of US duties on Chinese goods, summed up from tariff lines: shares of trade by duty, never a line.

Each share is that of the trade whose duty is known, as `tariffs.products.average` has it, and is looked at in every view that the
record allows: as the law stood on each day on which something became known, by law and by statement, charged and lawful. A row is
written for each state of knowledge, and the table is read back and held against every view before it takes its place.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import textwrap
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import tariffs as tf
from scripts.build_weights import DATA, Row, written
from scripts.views_of_trade import COVERED, NAME, Seen, Trade, by_day, slugs_of
from tariffs.averages import Basis
from tariffs.errors import Problem, RecordError
from tariffs.export.files import write_whole
from tariffs.model import View, Weights
from tariffs.products import open_store
from tariffs.reading.tree import Reader
from tariffs.reading.weights import KINDS, read_rows
from tariffs.stacking import path
from tariffs.steps import value_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scripts.views_of_trade import Days, Number
    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Event, WeightRow

ACCESSED = date(2026, 11, 22)
STILL = 1.5e-6  # what moves by a millionth of a percent did not move
APART = 2e-5  # what the table may differ from the average of lines by, for the rounding of its rows [points]

ON_NO_LINE = "On no traded line for certain."
BEFORE = "Came before the weights begin."
FIRST = "Came with the duty, and its first share has it in."
UNSEEN = "No tariff line shows which goods it moves."
MOVES_NOTHING = "Moves nothing of this trade for certain."


@dataclass
class Tabling:
    """Finds the rows of one number, day by day.

    A row is whole in every view that counts all of its events, and of several the one that became known last holds (see
    `tariffs.averages.Basis.held`). So a day needs a row for each set of its events that a view counts; and where views that count
    the same events of a day differ, because an earlier change became known later, the row names that change too.
    """

    number: Number
    seen: list[Seen]
    events: Mapping[str, Event]
    basis: Basis
    rows: list[Row] = field(default_factory=list)
    current: dict[int, float | None] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    def tabled(self) -> list[Row]:
        """Return the rows.

        Raises
        ------
        RecordError
            Where no events tell apart the views in which the number differs.
        """
        days = sorted({day for one in self.seen for day in one.numbers.get(self.number, {})})
        for day in days:
            told = {at: one.numbers[self.number][day] for at, one in enumerate(self.seen) if day in self._of(one)}
            if not self.rows and self.number[0] != "points":
                self._begin(told)
            if any(abs(value - (self.current.get(at) or 0.0)) > STILL for at, value in told.items()):
                self._turn(day, told)
        return self.rows

    def _of(self, one: Seen) -> Days:
        return one.numbers.get(self.number, {})

    def _begin(self, told: Mapping[int, float]) -> None:
        first = told[min(told)]
        always = not any(value for one in self.seen for value in self._of(one).values())
        self.rows.append(self._row("", first, ON_NO_LINE if always and self.number[0] == "share" else ""))
        self.current = dict.fromkeys(range(len(self.seen)), first)

    def _turn(self, day: date, told: Mapping[int, float]) -> None:
        moved = {name for at in told for name in self.seen[at].moved[self.number].get(day, ())}
        turns = self._turns(moved)
        off = [at for at, value in told.items() if abs(value - (self.current.get(at) or 0.0)) > STILL]
        if any(not turns[at] for at in off) and self.number[0] == "share":
            # A rule may have the duty displaced from its own first day on.
            begins = {name for name, event in self.events.items() if event.duty == self.number[1] and event.effective == day}
            turns = self._turns(moved | {name for name in begins if self.events[name].is_level})
        # Where no event of the day counts, a rule of displacement began, or lines were renumbered: the row names the day.
        dated = any(not turns[at] for at in off)
        turned = [at for at in told if turns[at] or dated]
        picked = self._picked(day, {at: told[at] for at in turned}, turns)
        states: dict[tuple[bool, frozenset[str]], list[int]] = {}
        for at in turned:
            states.setdefault((bool(turns[at]), turns[at] | (picked & self.seen[at].counted)), []).append(at)
        made = []
        for (by_event, names), views in sorted(states.items(), key=lambda item: (item[0][0], *self._order(item[0][1]))):
            words = [*([] if by_event else [day.isoformat()]), *self._sorted(names)]
            made.append(self._row(" ".join(words), told[views[0]], self._note(views)))
            self.named |= names
        self.rows += made
        held = [self.basis.held(weighed(made), one.view).get(day) for one in self.seen]
        self.current |= {at: float(one.row.percent or 0) for at, one in enumerate(held) if one and one.whole}

    def _turns(self, moved: set[str]) -> list[frozenset[str]]:
        return [one.counted & moved for one in self.seen]

    def _picked(self, day: date, told: Mapping[int, float], turns: list[frozenset[str]]) -> frozenset[str]:
        """Return the earlier events that tell apart the views that count the same events of a day and differ."""
        picked: frozenset[str] = frozenset()
        earlier = [name for name, event in self.events.items() if isinstance(event.effective, date) and event.effective < day]
        while apart := [
            (one, other)
            for one, other in combinations(told, 2)
            if abs(told[one] - told[other]) > STILL
            and turns[one] == turns[other]
            and picked & self.seen[one].counted == picked & self.seen[other].counted
        ]:
            parts = {
                name: sum((name in self.seen[a].counted) != (name in self.seen[b].counted) for a, b in apart) for name in earlier
            }
            best = max(sorted(parts), key=lambda name: (name in self.named and parts[name] > 0, parts[name]), default="")
            if not parts.get(best):
                one, other = apart[0]
                raise RecordError([self._problem(day, f"no event tells apart {told[one]} and {told[other]}")])
            picked |= {best}
        return picked

    def _order(self, names: frozenset[str]) -> tuple[date, int, list[str]]:
        """Return the place of a row among those of its day: what was known first comes first."""
        days = (self.events[name].known_from("law") or self.events[name].first_known for name in names)
        return max(days, default=date.min), len(names), sorted(names)

    def _sorted(self, names: Iterable[str]) -> list[str]:
        return sorted(names, key=lambda name: (-self._ordinal(name), name))

    def _ordinal(self, name: str) -> int:
        effective = self.events[name].effective
        return effective.toordinal() if isinstance(effective, date) else 0

    def _note(self, views: list[int]) -> str:
        """Return in which view a row holds, if it is not the one of today."""
        return "" if any(self.seen[at].view == View() for at in views) else self.seen[views[0]].called

    def _row(self, since: str, percent: float, note: str = "") -> Row:
        kind, duty = self.number
        return Row(kind, duty, since, percent, note)

    def _problem(self, day: date, message: str) -> Problem:
        return Problem(f"{NAME}.csv", 0, " ".join(filter(None, self.number)), f"{day}: {message}")


def weighed(rows: Iterable[Row]) -> tuple[WeightRow, ...]:
    """Return rows as the record reads them.

    Raises
    ------
    RecordError
        Where it does not.
    """
    reader = Reader(f"{NAME}.csv")
    found = read_rows(written(rows).decode(), reader)
    if reader.problems:
        raise RecordError(reader.problems)
    return found


def table_of(trade: Trade, seen: list[Seen]) -> list[Row]:
    """Return the table."""
    numbers = dict.fromkeys(number for one in seen for number in one.numbers)
    # A floor adds what is missing to it, so its share says nothing; where it is on no line for certain it adds nothing.
    floors = {duty for kind, duty in numbers if kind == "points"}
    adding = {duty for duty in floors for one in seen if any(one.numbers.get(("points", duty), {}).values())}
    kept = [
        number for number in numbers if number[0] not in ("share", "points") or (number[0] == "points") == (number[1] in adding)
    ]
    kept.sort(key=lambda number: (KINDS.index(number[0]), number))
    basis = Basis(unweighed(trade), trade.duties, trade.record.events)
    rows = [row for number in kept for row in Tabling(number, seen, trade.dated, basis).tabled()]
    return [*rows, *_left_out(trade, rows)]


def unweighed(trade: Trade) -> Weights:
    """Return the weights without their rows."""
    return Weights(
        basis=trade.basis, direction=trade.direction, title="", label="", kind="computed", producer="", source="", edition="",
        accessed=ACCESSED, derived="", first_day=trade.first, last_day=trade.last, rows=(),
    )  # fmt: skip


def _left_out(trade: Trade, rows: list[Row]) -> Iterator[Row]:
    """Yield which changes of the duties in the table no row names, each with the reason."""
    named: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        named[row.duties] |= set(row.since.split())
    in_points = {row.duties for row in rows if row.kind == "points"}
    for duty in trade.duties:
        if duty.id not in named:
            continue
        why: dict[str, list[str]] = defaultdict(list)
        for event in duty.events:
            if event.id in trade.dated and event.id not in named[duty.id] and (event.coverage or duty.id in in_points):
                why[_why(event, duty, trade)].append(event.id)
        for reason, names in why.items():
            yield Row("left_out", duty.id, " ".join(names), None, reason)


def _why(event: Event, duty: Duty, trade: Trade) -> str:
    if isinstance(event.effective, date) and event.effective < trade.first:
        return BEFORE
    slugs = slugs_of(event)
    if not trade.certain[duty.id].intersection(slugs) and any(slugs.intersection(naming.changes) for naming in duty.namings):
        return UNSEEN
    live = [day for day, value in path(duty, View()) if value]
    return FIRST if live and event.effective == live[0] else MOVES_NOTHING


def require_same(trade: Trade, seen: list[Seen], weights: Weights, record: Catalog) -> float:
    """Return by how many points the table and the lines differ at most, over all views and days.

    Raises
    ------
    RecordError
        Where they differ by more than the rounding of rows.
    """
    basis, most, wrong = Basis(weights, trade.duties, record.events), 0.0, []
    for one in seen:
        over = trade.averaging(one.view)
        parts = {part.label("duty"): part.points for part in basis.parts(one.view)}
        lines = {name: by_day(over, column) for name, column in over.by(lambda duty: duty.id).items()}
        sums = [("", basis.covered(one.view).points, one.numbers[COVERED])]
        for name, points, days in [*sums, *((name, points, lines.get(name, {})) for name, points in parts.items())]:
            for day in over.days:
                value, wanted = value_on(points, day), days.get(day, 0.0)
                apart = float("inf") if value is None else abs(float(value) - wanted)
                most = max(most, apart)
                if apart > APART:
                    wrong.append(Problem(weights.file, 0, name or "covered", f"{day} in {one.view}: {value}, by lines {wanted}"))
    if wrong:
        raise RecordError(wrong)
    return most


def origin_of(trade: Trade) -> str:
    """Return what the weights are, as origin.yaml has it."""
    unknown, value = trade.averaging(View()).unknown, trade.traded(View()).value
    share = " to ".join(dict.fromkeys(f"{one:.1f}" for one in (unknown.min(), unknown.max())))
    derived = (
        f"Summed up by scripts/build_import_weights.py from {len(value):,} ten-digit lines of {value.sum() / 1e9:.1f} bn USD: "
        f"the customs value of US imports for consumption from China in {trade.store.year} (US Census Bureau, public domain), "
        "under the schedule and the duties of each day. Shares are of the trade whose duty is known, less what displaces it; "
        f"a floor is in points. Of {share}% of trade the duty is not known (chapters 98 and 99, lines that were divided, metal "
        "content that no list has); it is left out and not spread. A general duty by weight or piece is the percentage that it "
        "came to in the year's trade. Goods of chapters 73, 74 and 76 count as wholly of their metal; of others the share is "
        "what a list estimates by industry. What no tariff line shows (exclusions, uses, quotas, lists of companies) is not "
        "counted. There is a row for each state of knowledge, by law and by statement."
    )
    caution = (
        f"Over the trade of {trade.store.year}, from before these duties: duties collected are lower, as goods went elsewhere. "
        "Metal content is estimated by industry."
    )
    return f"""\
title: US imports from China in {trade.store.year}, by line
label: "US imports from China in {trade.store.year}, by line"
kind: computed
tables:
  {NAME}:
    producer: US Census Bureau
    title: US imports for consumption by ten-digit line and country, {trade.store.year}
    edition: {trade.store.year}
    url: https://api.census.gov/data/timeseries/intltrade/imports/hs
    accessed: {ACCESSED}
    derived: >-
{_folded(derived)}
    caution: >-
{_folded(caution)}
    first_day: {trade.first}
    last_day: {trade.last}
"""


def _folded(text: str) -> str:
    return textwrap.fill(text, 130, initial_indent=" " * 6, subsequent_indent=" " * 6)


def record_without(basis: str, into: Path) -> Catalog:
    """Return the record as it is but for one basis: it is whole only with the table of this script."""
    shutil.copytree(DATA, into, ignore=shutil.ignore_patterns(basis))
    return tf.load(into)


def main() -> None:
    """Write the table and its origin, once they were held against the lines, and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", help="folder of a store of tariff lines; by default as the library finds it")
    store = open_store(parser.parse_args().store)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "data"
        trade = Trade(store, record_without(f"us-imports-{store.year}", copy))
        seen = [trade.seen(view) for view in trade.views()]
        rows = table_of(trade, seen)
        files = {"origin.yaml": origin_of(trade).encode(), f"{NAME}.csv": written(rows)}
        for name, content in files.items():
            write_whole(_made(copy / "weights" / trade.basis / name), content)
        record = tf.load(copy)
        apart = require_same(trade, seen, record.weights(trade.basis, NAME), record)
    for name, content in files.items():
        write_whole(_made(DATA / "weights" / trade.basis / name), content)
    print(f"{trade.basis}: {len(rows)} rows, {len(seen)} views, at most {apart:.1g} points from the lines", file=sys.stderr)


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


if __name__ == "__main__":
    main()
