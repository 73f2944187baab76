"""The whole record, read and checked: every problem of every file in one run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tariffs.companions import Against, Bases, read_bases, read_goods
from tariffs.errors import CoverageError, Problem, RecordError, UnknownNameError
from tariffs.reading.context import read_context, read_families, read_release
from tariffs.reading.document import read_document
from tariffs.reading.duties import contradictions, read_duty
from tariffs.vocabulary import Direction, parse_direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tariffs.model import ContextEvent, Duty, Event, Family, Good, Release, Scenario, Weights

LAST_DAY = date(2100, 12, 31)
SMALL_RATE, LARGE_RATE = Decimal(2), Decimal(10)


@dataclass(frozen=True, repr=False)
class Catalog:
    """The record: its duties, its context and what it answers for.

    Attributes
    ----------
    duties : dict of str to Duty
    context : tuple of ContextEvent
        In order of date.
    families : dict of str to Family
    release : Release
    bases : dict of str to dict of Direction to Weights
        Tables of weights.
    goods : dict of str to Good
        Named kinds of goods.
    laid : tuple of Scenario
        What a user's files that were laid over the record suppose.
    beneath : Catalog or None
        The record that they were laid over.
    """

    duties: dict[str, Duty]
    context: tuple[ContextEvent, ...]
    families: dict[str, Family]
    release: Release
    bases: Bases = field(default_factory=dict)
    goods: dict[str, Good] = field(default_factory=dict)
    laid: tuple[Scenario, ...] = ()
    beneath: Catalog | None = field(default=None, compare=False)

    @cached_property
    def directions(self) -> tuple[Direction, ...]:
        """The directions the record answers for: those of the release, and those that an overlay's duties name."""
        own = [
            Direction(duty.importer, origin)
            for duty in self.duties.values()
            if duty.file in self.overlays
            for origin in duty.origins
            if origin != "ALL"
        ]
        return tuple(dict.fromkeys([*self.release.directions, *own]))

    @cached_property
    def events(self) -> dict[str, Event]:
        """Every event of every duty, by id."""
        return {event.id: event for duty in self.duties.values() for event in duty.events}

    @property
    def overlays(self) -> tuple[str, ...]:
        """Names of the user's files that were laid over the record."""
        return tuple(scenario.file for scenario in self.laid)

    @property
    def scenario(self) -> str:
        """The name of what is supposed, for attributes and names of files; empty for a record as it is."""
        return "-and-".join(scenario.name for scenario in self.laid)

    @property
    def supposing(self) -> str:
        """What is supposed, in sentences; empty for a record as it is."""
        return " ".join(scenario.sentence for scenario in self.laid)

    @property
    def source_line(self) -> str:
        """Where numbers come from, for attributes, headers and notes."""
        laid = "".join(f", {scenario.label}" for scenario in self.laid)
        return f"tariffs, data version {self.release.version}{laid}, checked through {self.release.known_through}"

    def direction(self, name: str) -> Direction:
        """Return the direction that a text spells.

        Raises
        ------
        UnknownNameError
            Where the record covers no such direction.
        """
        return parse_direction(name, self.directions)

    def bearing(self, direction: Direction) -> tuple[Duty, ...]:
        """Return the duties levied on goods of a direction, in order of their ids."""
        return tuple(duty for duty in self.duties.values() if duty.bites(direction))

    def duty(self, name: str) -> Duty:
        """Return a duty by its id.

        Raises
        ------
        UnknownNameError
            Where there is none.
        """
        if name not in self.duties:
            raise UnknownNameError("duty", name, self.duties)
        return self.duties[name]

    def weights(self, basis: str, direction: str) -> Weights:
        """Return the weights of a direction on a basis.

        Raises
        ------
        UnknownNameError
            Where there is no such basis.
        CoverageError
            Where the basis does not cover the direction.
        """
        if basis not in self.bases:
            raise UnknownNameError("weights", basis, self.bases)
        tables = self.bases[basis]
        known = tuple(dict.fromkeys([*self.directions, *(where for tables in self.bases.values() for where in tables)]))
        where = parse_direction(direction, known)
        if where not in tables:
            raise CoverageError(
                f"the weights {basis} do not cover {where.name}; they cover {', '.join(one.name for one in tables)}"
            )
        return tables[where]

    def good(self, name: str) -> Good:
        """Return a kind of good by its id.

        Raises
        ------
        UnknownNameError
            Where there is none.
        """
        if name not in self.goods:
            raise UnknownNameError("good", name, self.goods)
        return self.goods[name]

    def __repr__(self) -> str:
        counts = f"{len(self.duties)} duties, {len(self.events)} events"
        return f"<Catalog {self.release.version}{''.join(f' + {name}' for name in self.overlays)}: {counts}>"

    def require_covered(self, day: date) -> None:
        """Refuse a day before the record begins, and one so late that no act can speak of it.

        Raises
        ------
        CoverageError
            Saying where coverage begins or ends.
        """
        if day < self.release.covers_from:
            raise CoverageError(f"{day} is before the record, which begins on {self.release.covers_from}")
        if day > LAST_DAY:
            raise CoverageError(f"{day} is after {LAST_DAY}, past which nothing is answered")


def home(name: str) -> Path:
    """Return the folder `data` or `seeds`: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / f"_{name}"
    return installed if installed.is_dir() else package.parent / name


def read_folder(root: Path) -> Catalog:
    """Read and check a record's folder."""
    if not (root / "release.yaml").is_file():
        raise RecordError(
            [
                Problem(
                    str(root),
                    0,
                    "",
                    "no release.yaml here; expected the folder of a record; a file is laid on one with on_top=True",
                )
            ]
        )
    problems: list[Problem] = []
    families = read_document(root, "families.yaml", problems, read_families) or {}
    release = read_document(root, "release.yaml", problems, read_release)
    duties: dict[str, Duty] = {}
    files = (path for path in root.glob("duties/**/*") if path.is_file() and not path.name.startswith("."))
    for path in sorted(files, key=lambda path: (path.stem, path)):
        duty = _read_duty(root, path, problems, tuple(families))
        if duty is None:
            continue
        if duty.id in duties:
            problems.append(Problem(duty.file, duty.line, "", f"the id {duty.id} stands twice; first in {duties[duty.id].file}"))
        duties.setdefault(duty.id, duty)
    context: list[ContextEvent] = []
    for path in sorted(root.glob("context/[!.]*.yaml")):
        context += read_document(root, path.relative_to(root).as_posix(), problems, read_context) or []
    problems += _twice(context)
    bases, goods = read_bases(root, problems), read_goods(root, problems)
    if release is not None:
        catalog = Catalog(duties, tuple(sorted(context, key=lambda event: (str(event.day), event.id))), families, release)
        catalog = replace(catalog, bases=bases, goods=goods)
        problems += disagreements(catalog)
        if not problems:
            problems += _empty_directions(catalog)
            problems += _strangers(catalog)
        if not problems:
            return catalog
    raise RecordError(problems)


def disagreements(catalog: Catalog) -> Iterator[Problem]:
    """Yield what the parts of a record say against each other."""
    release = catalog.release
    for event in catalog.events.values():
        if isinstance(event.effective, date) and event.effective < release.covers_from:
            yield Problem(
                event.file, event.line, "effective", f"{event.effective} is before the record begins, {release.covers_from}"
            )
        for name in ("stated", "enacted", "withdrawn"):
            day = getattr(event, name)
            if isinstance(day, date) and day > release.known_through and event.file not in catalog.overlays:
                yield Problem(event.file, event.line, name, f"{day} is after known_through, {release.known_through}")


def _twice(context: list[ContextEvent]) -> Iterator[Problem]:
    seen: dict[str, ContextEvent] = {}
    for event in context:
        if event.id in seen:
            first = seen[event.id]
            yield Problem(event.file, event.line, "id", f"{event.id} stands twice; first in {first.file}:{first.line}")
        seen.setdefault(event.id, event)


def _empty_directions(catalog: Catalog) -> Iterator[Problem]:
    for direction in catalog.release.directions:
        if not catalog.bearing(direction):
            yield Problem("release.yaml", 0, "directions", f"no duty of the record is levied on {direction.name}")


def _strangers(catalog: Catalog) -> Iterator[Problem]:
    record = Against(catalog.duties)
    for tables in catalog.bases.values():
        for weights in tables.values():
            yield from record.problems_of_weights(weights)
    for good in catalog.goods.values():
        yield from record.problems_of_good(good)


def oddities(catalog: Catalog) -> Iterator[Problem]:
    """Yield what is legal and looks wrong: a level under 2% beside one over 10% in an all-goods duty."""
    for duty in catalog.duties.values():
        levels = [event for event in duty.events if event.rate is not None and event.withdrawn is None]
        levels.sort(key=lambda event: str(event.effective))
        for one, other in [*pairwise(levels), *pairwise(levels[::-1])]:
            if duty.scope == "all_goods" and one.rate and other.rate and one.rate < SMALL_RATE and other.rate > LARGE_RATE:
                message = f"{one.rate}% ({one.id}) beside {other.rate}% ({other.id}): a fraction written as a percentage?"
                yield Problem(one.file, one.line, "rate", message)


def _read_duty(root: Path, path: Path, problems: list[Problem], families: tuple[str, ...]) -> Duty | None:
    name = path.relative_to(root).as_posix()
    if path.suffix != ".yaml" or path.parent.parent != root / "duties":
        problems.append(Problem(name, 0, "", "is not read; expected duties/<importer>-on-<origin>/<duty>.yaml"))
        return None
    duty = read_document(root, name, problems, lambda document, reader: read_duty(document, reader, path.stem, families))
    if duty is not None:
        problems += contradictions(duty)
        folder = f"{duty.importer}-on-{duty.origins[0]}".lower()
        if path.parent.name != folder:
            problems.append(Problem(name, duty.line, "origin", f"lies in {path.parent.name}, expected {folder}"))
        if duty.id != path.stem:
            problems.append(Problem(name, duty.line, "duty", f"found {duty.id}, expected the file's name {path.stem}"))
    return duty
