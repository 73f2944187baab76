"""What lies beside the duties, read and checked against them: tables of weights and kinds of goods."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from tariffs.errors import Problem, RecordError, did_you_mean
from tariffs.reading.document import read_document
from tariffs.reading.goods import read_good
from tariffs.reading.scalars import parse_slug, shown
from tariffs.reading.tree import Reader, read_text
from tariffs.reading.weights import read_origin, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tariffs.model import Duty, Good, WeightRow, Weights
    from tariffs.vocabulary import Direction

Bases = dict[str, dict["Direction", "Weights"]]


def read_bases(root: Path, problems: list[Problem]) -> Bases:
    """Read every basis of weights: a folder with a note of its origin and a table per direction."""
    bases: Bases = {}
    for folder in sorted(path for path in root.glob("weights/[!.]*") if path.is_dir()):
        name = folder.relative_to(root).as_posix()
        _require_slug(folder.name, name, problems)
        origin = read_document(root, f"{name}/origin.yaml", problems, partial(read_origin, basis=folder.name))
        tables = {table.direction.name: table for table in origin or ()}
        files = {path.stem: path for path in sorted(folder.glob("[!.]*")) if path.name != "origin.yaml"}
        for stem, path in files.items():
            if origin is not None and (path.suffix != ".csv" or stem not in tables):
                problems.append(
                    Problem(f"{name}/{path.name}", 0, "", f"is not read; origin.yaml names {', '.join(tables)} as .csv")
                )
        bases[folder.name] = {}
        for direction, table in tables.items():
            rows = _rows(root, f"{name}/{direction}.csv", problems)
            bases[folder.name][table.direction] = replace(table, rows=rows, file=f"{name}/{direction}.csv")
    return bases


def read_goods(root: Path, problems: list[Problem]) -> dict[str, Good]:
    """Read every kind of good."""
    goods = {}
    for path in sorted(root.glob("goods/[!.]*")):
        name = path.relative_to(root).as_posix()
        if path.suffix != ".yaml":
            problems.append(Problem(name, 0, "", "is not read; expected goods/<good>.yaml"))
            continue
        _require_slug(path.stem, name, problems)
        good = read_document(root, name, problems, partial(read_good, name=path.stem))
        if good is not None:
            goods[good.id] = good
    return goods


def _require_slug(text: str, file: str, problems: list[Problem]) -> None:
    try:
        parse_slug(text)
    except ValueError as error:
        problems.append(Problem(file, 0, "", f"the name is the id: {error}"))


def _rows(root: Path, name: str, problems: list[Problem]) -> tuple[WeightRow, ...]:
    reader = Reader(name)
    try:
        rows = read_rows(read_text(root / name, name), reader)
    except RecordError as error:
        problems += error.problems
        return ()
    problems += reader.problems
    return rows


class Against:
    """The record that weights and goods are checked against."""

    def __init__(self, duties: dict[str, Duty]) -> None:
        self.duties = duties
        self.events = {event.id: event for duty in duties.values() for event in duty.events}
        self.slugs = {
            slug
            for event in self.events.values()
            if event.coverage
            for slug in (*event.coverage.entering, *event.coverage.leaving)
        }

    def problems_of_good(self, good: Good) -> Iterator[Problem]:
        """Yield what a good says of duties and events that the record does not bear out."""
        for bearing in good.bears:
            for message in self._not_levied(bearing.duty, good.directions):
                yield Problem(good.file, good.line, "duties", message)
            for name in (*bearing.entering, *bearing.leaving):
                for message in self._no_coverage(name, (bearing.duty,)):
                    yield Problem(good.file, good.line, bearing.duty, message)
        for since, _ in good.mfn:
            if isinstance(since, str) and since:
                yield from (Problem(good.file, good.line, "mfn", message) for message in self._no_mfn(since, good.directions))

    def problems_of_weights(self, weights: Weights) -> Iterator[Problem]:
        """Yield what a table says of duties, events and days that the record does not bear out."""
        seen: dict[tuple[str, tuple[str, ...], object, date | None], int] = {}
        for row in weights.rows:
            key = row.kind, row.duties, row.since, row.day
            if row.kind != "left_out" and key in seen:
                yield Problem(weights.file, row.line, "from", f"a second number for the same; first on line {seen[key]}")
            seen.setdefault(key, row.line)
            for name, message in self._row(row, weights):
                yield Problem(weights.file, row.line, name, message)
        yield from self._whole(weights)

    def _row(self, row: WeightRow, weights: Weights) -> Iterator[tuple[str, str]]:
        for duty in row.duties:
            for message in self._not_levied(duty, (weights.direction,)):
                yield "duties", message
        families = {(self.duties[duty].family, self.duties[duty].authority) for duty in row.duties if duty in self.duties}
        if row.kind == "points" and len(families) > 1:
            yield "duties", f"booked together across families: {', '.join(sorted(family for family, _ in families))}"
        day = row.since if isinstance(row.since, date) else row.day
        if day and day > weights.last_day:
            yield "from", f"{day} is after the last day of the basis, {weights.last_day}"
        if day and day < weights.first_day:
            yield "from", f"{day} is before the first day of the basis, {weights.first_day}"
        if isinstance(row.since, date):
            return
        if row.kind == "left_out":
            yield from (("from", self._unknown(word)) for word in row.since if not self._known(word))
            return
        if weights.kind == "computed":
            yield from (("from", message) for word in row.since for message in self._no_move(word, weights.direction))
            return
        if row.day:
            yield "from", f"found {row.day} beside events, expected a day or events"
        yield from (("from", message) for word in row.since for message in self._no_event(word, row))
        days = {self.events[word].effective for word in row.since if word in self.events}
        if len(days) > 1:
            yield "from", f"events of several days: {', '.join(sorted(map(str, days)))}"

    def _no_event(self, name: str, row: WeightRow) -> Iterator[str]:
        if row.kind == "share":
            yield from self._no_coverage(name, row.duties)
        elif name not in self.events:
            yield self._unknown(name)
        elif row.duties and self.events[name].duty not in row.duties:
            yield f"{name} is an event of {self.events[name].duty}, expected one of {' '.join(row.duties)}"
        elif not isinstance(self.events[name].effective, date):
            yield f"{name} has no day"

    def _no_move(self, name: str, direction: Direction) -> Iterator[str]:
        """Yield why an event moves no number that is summed from lines: any dated one may that is levied on the direction.

        A duty displaces others from its first day on; where it hangs on metal content, it hides what some lines bear.
        """
        event = self.events.get(name)
        if event is None:
            yield self._unknown(name)
        elif not isinstance(event.effective, date):
            yield f"{name} has no day"
        else:
            yield from (f"{name}: {message}" for message in self._not_levied(event.duty, (direction,)))

    def _no_coverage(self, name: str, duties: tuple[str, ...]) -> Iterator[str]:
        event = self.events.get(name)
        if event is None:
            yield self._unknown(name)
        elif event.is_level or event.duty not in duties or not isinstance(event.effective, date):
            yield f"{name} is not a dated change of what {duties[0]} covers"

    def _no_mfn(self, name: str, directions: tuple[Direction, ...]) -> Iterator[str]:
        event = self.events.get(name)
        if event is None:
            yield self._unknown(name)
        elif self.duties[event.duty].scope != "schedule" or not isinstance(event.effective, date):
            yield f"{name} is not a dated change of an MFN schedule"
        else:
            yield from (f"{name}: {message}" for message in self._not_levied(event.duty, directions))

    def _not_levied(self, name: str, directions: tuple[Direction, ...]) -> Iterator[str]:
        duty = self.duties.get(name)
        if duty is None:
            yield f"unknown duty {name!r}{did_you_mean(name, self.duties)}"
        else:
            yield from (f"{name} is not levied on {direction.name}" for direction in directions if not duty.bites(direction))

    def _known(self, word: str) -> bool:
        return word in self.events or word in self.slugs

    def _unknown(self, word: str) -> str:
        if "/" in word:
            return f"unknown event {word!r}{did_you_mean(word, self.events)}"
        return f"unknown slug {shown(word)}{did_you_mean(word, self.slugs)}"

    def _whole(self, weights: Weights) -> Iterator[Problem]:
        kinds = {row.kind for row in weights.rows}
        if "level" in kinds and len(kinds) > 1:
            yield Problem(weights.file, 0, "kind", "level stands for the whole average; it goes with no other kind")
        if weights.rows and not kinds & {"mfn", "level"}:
            yield Problem(weights.file, 0, "kind", "no mfn row; an average has the MFN duties in it")
        shared = {row.duties[0] for row in weights.of("share") if row.duties}
        drawn = {row.duties[0] for row in weights.of("share") if row.duties and row.since == ()}
        for duty in sorted(shared - drawn):
            yield Problem(weights.file, 0, "share", f"no share of {duty} as first drawn (an empty `from`)")
        owner: dict[str, tuple[str, ...]] = {duty: (duty,) for duty in shared}
        for row in weights.of("points"):
            for duty in row.duties:
                if owner.setdefault(duty, row.duties) != row.duties or duty in shared:
                    yield Problem(weights.file, row.line, "duties", f"{duty} is booked twice, alone or with others")
