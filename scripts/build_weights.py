"""Write the weights of China's duties on American goods, summed up from tariff lines: shares of trade by duty, never a line.

The lines lie beside the project, not in it. Two bases come out of them: China's imports of 2017, and the simple mean over HS6.
"""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from tariffs.errors import Problem, RecordError, UsageError
from tariffs.export.files import write_whole
from tariffs.reading.context import read_families
from tariffs.reading.document import read_document
from tariffs.reading.duties import read_duty

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from tariffs.model import Duty, Event

PROJECT = Path(__file__).parents[1]
DATA = PROJECT / "data"
SOURCE = PROJECT.parent / "shared" / "data" / "us_china_2018"
WORKBOOK, PANEL = "bown-jung-zhang-2019-06-12.xlsx", "waugh_china_on_us_hs6_2018_2019.csv.gz"
RATES, IMPORTS = "China Tariff Rates", "Imports Value"

FIRST, SHEET_ENDS, LAST = date(2018, 1, 1), date(2019, 6, 1), date(2025, 2, 9)
LIST_4, EXCLUSIONS = date(2019, 9, 1), date(2019, 12, 26)
# What the sheet's columns are called here, in their order, and the day with which their headers begin.
COLUMNS = {
    "mfn": FIRST,
    "s232": date(2018, 4, 2),
    "medicines": date(2018, 5, 1),
    "consumer": date(2018, 7, 1),
    "list_1": date(2018, 7, 6),
    "list_2": date(2018, 8, 23),
    "list_3": date(2018, 9, 24),
    "industrial": date(2018, 11, 1),
    "provisional": date(2019, 1, 1),
    "suspended": date(2019, 1, 1),
    "raised": SHEET_ENDS,
}
SCHEDULE = ("mfn", "medicines", "consumer", "industrial", "provisional")
# A line's first rate on list 3 and its rise in June 2019 say on which of the four annexes it stands.
LIST_3 = {"cn-list-3-a": (10, 15), "cn-list-3-b": (10, 10), "cn-list-3-c": (5, 5), "cn-list-3-d": (5, 0)}
TIERS = {"cn-list-4a-10": 10.0, "cn-list-4a-5": 5.0}
SUSPENDED = ("cn-list-1", "cn-list-2", "cn-list-3-d")
VEHICLES = "vehicles-and-parts"
# On the second day planned for the return of vehicles the second half of list 4 would have come too, whose lines no source holds.
RETURN_PLANNED = date(2019, 4, 1)

MFN_HELD = (
    "MFN changes after the sheet's last day are not known by line: the average is held at its level of 1 January 2019. The "
    "Peterson average for the rest of the world (other weights) was lower than on 1 June 2019 by 0.15 points in January 2025 and "
    "by 0.25 at most in between."
)
WHY_LEFT_OUT = {
    "exclusions-first-batch": "16 items; which lines they are is not in the sources.",
    "exclusions-first-batch-second-list": (
        "6 chemical items. The panel takes 30 points off three HS6 of polymers: at most {points:.2f} points of the average."
    ),
    "exclusions-second-batch-first-list": "65 items; in which annex of list 3 each stands is not known.",
    "exclusions-second-batch-second-list": "79 items; in which annex of list 3 each stands is not known.",
    "market-based-procurement": "A waiver for one importer and one quantity: the statutory rate stays.",
}

TAKEN_BACK = "As planned then; taken back before its day."
DUST = 0.001  # rates of the sources have three decimals at most; what is finer comes of binary fractions

HEADER = ("kind", "duties", "from", "percent", "note")


class Row(NamedTuple):
    """One number of a table of weights, or what it leaves out."""

    kind: str
    duties: str
    since: str
    percent: float | None
    note: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        percent = "" if self.percent is None else f"{self.percent:.6f}"
        return (self.kind, self.duties, self.since, percent, self.note)


@dataclass(frozen=True)
class Trade:
    """What the sources hold.

    Attributes
    ----------
    lines : DataFrame
        Chinese tariff lines by HS10: a column per dated change [points], `hs8` and `hs6`.
    imports : Series
        China's imports from the US in 2017 by HS8 [thousand USD], with those that stand on no line.
    highest : DataFrame
        The highest sum of duties on any line of an HS6, by day [percent].
    """

    lines: pd.DataFrame
    imports: pd.Series[float]
    highest: pd.DataFrame

    @property
    def matched(self) -> pd.Series[float]:
        """Imports that stand on a line."""
        return self.imports[self.imports.index.isin(self.lines["hs8"])]


def read_trade(folder: Path) -> Trade:
    """Read the lines, the imports and the panel of HS6.

    Raises
    ------
    UsageError
        Where a file is missing or its columns are others.
    """
    return arranged(read_sheets(folder, (RATES, IMPORTS)), pd.read_csv(_present(folder / PANEL), dtype={"hs6": str}))


def arranged(sheets: Mapping[str, pd.DataFrame], panel: pd.DataFrame) -> Trade:
    """Return the sheets and the panel with a name for each column, and days for dates."""
    imports = sheets[IMPORTS].set_index("hs08").iloc[:, -1].astype(float)
    highest = panel.pivot(index="hs6", columns="time_of_tariff", values="tariff")
    highest.columns = pd.Index([date.fromisoformat(day) for day in highest.columns])
    return Trade(_lines(sheets[RATES]), imports, highest)


def read_sheets(folder: Path, names: Collection[str]) -> dict[str, pd.DataFrame]:
    """Read sheets of the workbook, codes as text."""
    return pd.read_excel(_present(folder / WORKBOOK), sheet_name=list(names), dtype={"hs10": str, "hs08": str})


def _present(path: Path) -> Path:
    if not path.is_file():
        raise UsageError(f"no {path.name} in {path.parent}; name the folder that holds the sources")
    return path


def _lines(sheet: pd.DataFrame) -> pd.DataFrame:
    lines = sheet.set_index("hs10").drop(columns="description")
    for header, (name, day) in zip(lines.columns, COLUMNS.items(), strict=True):
        if not header.startswith(f"{day:%B} {day.day}, {day.year}"):
            raise UsageError(f"{WORKBOOK}: column {header!r} stands where {name} of {day} was expected")
    lines.columns = pd.Index(COLUMNS)
    return lines.astype(float).assign(hs8=lines.index.str[:8], hs6=lines.index.str[:6])


def by_imports(trade: Trade) -> pd.Series[float]:
    """Return the weight of each line by the imports of its HS8, which the lines of one HS8 share alike."""
    values = trade.lines["hs8"].map(trade.matched).fillna(0) / _count(trade.lines["hs8"])
    return values / values.sum()


def by_subheading(trade: Trade) -> pd.Series[float]:
    """Return the weight of each line where every HS6 weighs the same, and so does every line within one."""
    return 1 / _count(trade.lines["hs6"]) / trade.lines["hs6"].nunique()


def _count(codes: pd.Series[str]) -> pd.Series[int]:
    return codes.groupby(codes).transform("size")


def mfn_levels(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the MFN rate of each line from each day on which the schedule moved.

    A rate that the sheet does not give (a specific duty, say) is that of the other lines of its HS8, and 0 where it gives none.
    """
    levels = lines[[*SCHEDULE]].cumsum(axis=1, skipna=False)
    levels.columns = pd.Index([COLUMNS[name] for name in SCHEDULE])
    return levels.fillna(levels.groupby(lines["hs8"]).transform("mean")).fillna(0)


def drawn(trade: Trade) -> dict[str, pd.Series[bool]]:
    """Return, by duty, which lines it covers as first drawn."""
    lines, tier = trade.lines, list_4(trade)
    return {
        "cn-s232-answer-15": lines["s232"] == 15,
        "cn-s232-answer-25": lines["s232"] == 25,
        "cn-list-1": lines["list_1"] > 0,
        "cn-list-2": lines["list_2"] > 0,
        **{duty: (lines["list_3"] == first) & (lines["raised"] == rise) for duty, (first, rise) in LIST_3.items()},
        **{duty: tier == rate for duty, rate in TIERS.items()},
    }


def list_4(trade: Trade) -> pd.Series[float]:
    """Return the rate of list 4 on each line, read off the step that the highest line of its HS6 makes.

    The panel shows one line per HS6. The others are taken to bear the same rate where they stand on an earlier list (or no line
    of the HS6 does), unless that would put them above the highest. A step that is no rate of the list was made by another line
    than the one highest before: the rate is then the lowest that takes a listed line there.
    """
    lines = trade.lines
    stack = _stack(lines)
    before, top = (lines["hs6"].map(trade.highest[day]) for day in (SHEET_ENDS, LIST_4))
    step = (top - before).round(3)
    listed = lines[["s232", "list_1", "list_2", "list_3", "suspended"]].sum(axis=1) > 0
    tier = step.where(step.isin(TIERS.values()), 0.0)
    for rate in sorted(TIERS.values()):
        reaches = listed & (step > 0) & ((stack + rate - top).abs() < DUST)
        tier = tier.where((tier > 0) | ~_any_of(reaches, lines["hs6"]), rate)
    bears = (listed | ~_any_of(listed, lines["hs6"])) & (stack + tier < top + DUST)
    return tier.where(bears, 0.0)


def _stack(lines: pd.DataFrame) -> pd.Series[float]:
    """Return what each line bears on the sheet's last day."""
    return lines[[*COLUMNS]].sum(axis=1)


def _any_of(marks: pd.Series[bool], codes: pd.Series[str]) -> pd.Series[bool]:
    return marks.groupby(codes).transform("any")


@dataclass(frozen=True)
class Basis:
    """The lines, each with its weight, beside the duties whose events date them.

    Attributes
    ----------
    weights : Series
        Weight of each line; they sum to 1.
    matched : float
        Share of all imports that the weights stand for.
    drawn : dict of str to Series
        By duty, which lines it covers as first drawn.
    """

    trade: Trade
    weights: pd.Series[float]
    matched: float
    drawn: Mapping[str, pd.Series[bool]]
    duties: Mapping[str, Duty]

    def rows(self) -> list[Row]:
        """Return the table.

        Raises
        ------
        RecordError
            Where the record changes what a duty covers and the table says nothing of it.
        """
        rows = [*self._mfn(), *self._shares(), *self._covered(), *self._left_out()]
        silent = list(self._unspoken(rows))
        if silent:
            raise RecordError(silent)
        return rows

    def _mfn(self) -> Iterator[Row]:
        levels = mfn_levels(self.trade.lines)
        for name in SCHEDULE:
            day = COLUMNS[name]
            since = "" if day == FIRST else _ids(event for event in self._changes("cn-mfn") if event.effective == day)
            yield Row("mfn", "cn-mfn", since, self._percent(levels[day] / 100))

    def _shares(self) -> Iterator[Row]:
        for duty, covers in self.drawn.items():
            yield Row("share", duty, "", self._percent(covers), self._bounds(TIERS[duty]) if duty in TIERS else "")
            for event in self._changes(duty):
                if event.coverage and VEHICLES in event.coverage.leaving:
                    yield Row("share", duty, event.id, self._percent(covers & ~self._suspended), "Without vehicles and parts.")
                elif event.coverage and VEHICLES in event.coverage.entering:
                    yield Row("share", duty, event.id, self._percent(covers), TAKEN_BACK)

    def _bounds(self, rate: float) -> str:
        codes = self.trade.lines["hs6"]
        step = codes.map(self.trade.highest[LIST_4] - self.trade.highest[SHEET_ENDS]).round(3)
        stacks = _stack(self.trade.lines).groupby(codes)
        alike = (stacks.transform("max") - stacks.transform("min")).abs() < DUST
        least, most = self._percent((step == rate) & alike), self._percent(step == rate)
        return f"Known by HS6: {least:.2f} where all its lines bore the same before, {most:.2f} if all lines of each HS6 bear it."

    def _covered(self) -> Iterator[Row]:
        begins = {_first_day(self.duties[duty]) for duty in self.drawn}
        for day in sorted({*begins, COLUMNS["suspended"], RETURN_PLANNED}):
            under = pd.DataFrame({duty: self._bearing(duty, day) for duty in self.drawn}).any(axis=1)
            share = self._percent(under)
            notes = [TAKEN_BACK] if day == RETURN_PLANNED else []
            if self.matched < 1:
                notes.append(f"{share * self.matched:.2f} of all imports, with those that stand on no line.")
            yield Row("covered", "", _ids(self._moving(day)), share, " ".join(notes))

    def _bearing(self, duty: str, day: date) -> pd.Series[bool]:
        """Return the lines that bear a duty on a day, as the law then had it."""
        if day < _first_day(self.duties[duty]):
            return self.drawn[duty] & False
        out = duty in SUSPENDED and day >= COLUMNS["suspended"] and day != RETURN_PLANNED
        return self.drawn[duty] & ~self._suspended if out else self.drawn[duty]

    def _moving(self, day: date) -> Iterator[Event]:
        """Yield the events of a day that move what is covered: duties that begin, vehicles that leave or return."""
        for duty in self.drawn:
            for event in self.duties[duty].events:
                if event.effective == day and (event.coverage or event.withdrawn is None):
                    yield event

    def _left_out(self) -> Iterator[Row]:
        later = (event for event in self._changes("cn-mfn") if _day(event) > SHEET_ENDS)
        yield Row("left_out", "cn-mfn", _ids(later), None, MFN_HELD)
        for slug, why in WHY_LEFT_OUT.items():
            duties = (duty for duty in self.drawn if any(slug in _slugs(event) for event in self._changes(duty)))
            yield Row("left_out", " ".join(duties), slug, None, why.format(points=self._excluded()))

    def _excluded(self) -> float:
        """Return the points that the panel takes off the average in December 2019."""
        highest = self.trade.highest
        return self._percent(self.trade.lines["hs6"].map(highest[LIST_4] - highest[EXCLUSIONS]) / 100)

    def _unspoken(self, rows: Iterable[Row]) -> Iterator[Problem]:
        said = {word for row in rows for word in row.since.split()}
        for duty in ("cn-mfn", *self.drawn):
            for event in self._changes(duty):
                if event.id not in said and not said.issuperset(_slugs(event)):
                    yield Problem("cn_on_us.csv", 0, duty, f"{event.id} is in no row and not left out")

    def _changes(self, duty: str) -> list[Event]:
        """Return the changes of what a duty covers, up to the last day of the basis."""
        return [event for event in self.duties[duty].events if event.coverage and _day(event) <= LAST]

    @property
    def _suspended(self) -> pd.Series[bool]:
        return self.trade.lines["suspended"] < 0

    def _percent(self, values: pd.Series[float] | pd.Series[bool]) -> float:
        return 100 * float((values * self.weights).sum())


def _ids(events: Iterable[Event]) -> str:
    return " ".join(event.id for event in events)


def _slugs(event: Event) -> tuple[str, ...]:
    return (*event.coverage.entering, *event.coverage.leaving) if event.coverage else ()


def _day(event: Event) -> date:
    return event.effective if isinstance(event.effective, date) else date.max


def _first_day(duty: Duty) -> date:
    return min(_day(event) for event in duty.events if event.is_level and event.withdrawn is None)


def tables(trade: Trade, duties: Mapping[str, Duty]) -> dict[str, list[Row]]:
    """Return the table of each basis."""
    on, matched = drawn(trade), float(trade.matched.sum() / trade.imports.sum())
    bases = {
        "cn-imports-2017": Basis(trade, by_imports(trade), matched, on, duties),
        "simple-hs6": Basis(trade, by_subheading(trade), 1.0, on, duties),
    }
    return {name: basis.rows() for name, basis in bases.items()}


def read_duties(root: Path = DATA) -> dict[str, Duty]:
    """Read China's duties alone: the record is whole only with the tables of this script.

    Raises
    ------
    RecordError
        With everything that is wrong with them.
    """
    problems: list[Problem] = []
    families = tuple(read_document(root, "families.yaml", problems, read_families) or ())
    duties = {}
    for path in sorted(root.glob("duties/cn-*/*.yaml")):
        read = partial(read_duty, name=path.stem, families=families)
        duties[path.stem] = read_document(root, path.relative_to(root).as_posix(), problems, read)
    if problems:
        raise RecordError(problems)
    return {name: duty for name, duty in duties.items() if duty}


def written(rows: Iterable[Row]) -> bytes:
    """Return a table as CSV."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([HEADER, *(row.cells for row in rows)])
    return stream.getvalue().encode()


def place(basis: str) -> Path:
    """Return the file that holds the table of a basis."""
    return DATA / "weights" / basis / "cn_on_us.csv"


def main() -> None:
    """Write the tables, once all of them are made, and say how large they are and what did not match."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else SOURCE
    trade = read_trade(folder)
    made = tables(trade, read_duties())
    for basis, rows in made.items():
        path = place(basis)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, written(rows))
        covered = [f"{row.percent:.2f}" for row in rows if row.kind == "covered"]
        print(f"{path.relative_to(PROJECT)}: {len(rows)} rows; percent covered {', '.join(covered)}", file=sys.stderr)
    lost = trade.imports.sum() - trade.matched.sum()
    print(f"{lost / trade.imports.sum():.2%} of imports stand on no line and weigh nothing", file=sys.stderr)


if __name__ == "__main__":
    main()
