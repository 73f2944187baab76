"""The packaged record, a folder of one's own, or a file laid over the packaged one: a scenario, or events of some duties."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tariffs.catalog import disagreements, home, oddities, read_folder
from tariffs.errors import Problem, RecordError, UnknownNameError, UsageError, did_you_mean
from tariffs.model import Scenario
from tariffs.reading.duties import contradictions, read_duty, read_extension
from tariffs.reading.scenario import is_scenario, read_scenario
from tariffs.reading.table import parse_table
from tariffs.reading.tree import Reader, Text, parse, read_text
from tariffs.supposing import changes_nothing, suppose, taken_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Event
    from tariffs.reading.scenario import Named
    from tariffs.reading.tree import Mapping

ENDINGS = (".yaml", ".yml", ".csv")


def load(path: str | Path | None = None, *, on_top: bool = False) -> Catalog:
    """Read and check a record.

    Parameters
    ----------
    path : path, optional
        A folder in the format of `data/README.md`; with `on_top`, a YAML file of a scenario, a YAML or CSV file of events, or the
        name of one of the package's scenarios, such as ``no-geneva``. The packaged record by default.
    on_top : bool
        Lay the file over the packaged record. Of a file of events, one with an id of the record replaces it, others are added.

    Returns
    -------
    Catalog

    Raises
    ------
    RecordError
        With everything that is wrong, each with file and line.
    UnknownNameError
        For a scenario that the package does not have.

    Warns
    -----
    UserWarning
        For a level that looks like a fraction among percentages, for a file that changes nothing, and for a duty that a scenario
        upholds and that ends all the same.

    Examples
    --------
    >>> import tariffs as tf
    >>> tf.load().release.covers_from
    datetime.date(2018, 1, 1)
    >>> tf.rate("us_on_cn", "2025-06-01", catalog=tf.load("no-geneva", on_top=True))
    145.0
    """
    if path is not None and not isinstance(path, (str, Path)):
        raise UsageError(f"found {path!r}, expected the path of a file or folder")
    if path is None:
        if on_top:
            raise UsageError("on_top lays a file over the record; name the file")
        return read_folder(home("data"))
    if not on_top:
        catalog = read_folder(Path(path))
    else:
        catalog = overlay(read_folder(home("data")), _file(path))
        for still in still_ended(catalog.beneath, catalog) if catalog.beneath else ():
            warnings.warn(f"{path}: {still}", stacklevel=2)
        if catalog.beneath and changes_nothing(catalog.beneath.duties, catalog.duties):
            warnings.warn(f"{path}: changes nothing; every rate is as recorded", stacklevel=2)
    for oddity in oddities(catalog):
        warnings.warn(str(oddity), stacklevel=2)
    return catalog


def scenarios() -> dict[str, Path]:
    """Return the files of the package's scenarios by name."""
    return {path.stem: path for path in sorted((home("data") / "scenarios").glob("*.yaml"))}


def overlay(catalog: Catalog, path: Path) -> Catalog:
    """Lay a user's file over a record."""
    if path.suffix.lower() not in ENDINGS:
        found = "a folder" if path.is_dir() else f"the ending {path.suffix!r}"
        raise RecordError([Problem(path.name or str(path), 0, "", f"{found} is not read; expected a .yaml or .csv file")])
    reader = Reader(path.name)
    text = read_text(path, path.name)
    if path.suffix.lower() == ".csv":
        return _checked(catalog, _extended(catalog, parse_table(text, reader), reader), _unnamed(path), reader)
    document = parse(text, reader)
    if document is not None and is_scenario(document):
        supposed = read_scenario(document, reader, tuple(catalog.families), catalog.release.known_through)
        under = _under(catalog, supposed.base, reader)
        gone = {named.id for named in supposed.withdrawn} & {event.id for event in catalog.context}
        duties = under.duties if reader.problems else suppose(under.duties, supposed, reader, gone)
        left = tuple(event for event in under.context if event.id not in gone)
        return replace(_checked(under, duties, supposed.scenario, reader), context=left)
    documents = [] if document is None else [(_duty_named(document, path), document)]
    return _checked(catalog, _extended(catalog, documents, reader), _unnamed(path), reader)


def _under(catalog: Catalog, base: Named | None, reader: Reader) -> Catalog:
    """Return the record with the scenario over it that another one names as its base."""
    known = scenarios()
    if base is None:
        return catalog
    if base.id not in known:
        reader.refuse(base.line, "base", f"unknown scenario {base.id!r}{did_you_mean(base.id, known)}")
        return catalog
    return overlay(catalog, known[base.id])


def _file(path: str | Path) -> Path:
    """Return the file that a path or the name of a scenario stands for."""
    if isinstance(path, Path) or Path(path).suffix or len(Path(path).parts) > 1 or Path(path).is_file():
        return Path(path)
    known = scenarios()
    if path not in known:
        raise UnknownNameError("scenario", path, known)
    return known[path]


def still_ended(before: Catalog, after: Catalog) -> Iterator[str]:
    """Yield which duties a scenario upholds that end all the same, and by which events."""
    for name, duty in before.duties.items():
        void, upheld = duty.void, after.duties[name]
        if void and upheld.void is None:
            live = [event for event in upheld.events if event.withdrawn is None and event.rate == 0]
            ends = [event.id for event in live if _follows(event, void.on)]
            if ends:
                yield f"{name} is upheld, and ends all the same: withdraw {', '.join(ends)} too"


def _follows(event: Event, day: date) -> bool:
    return not isinstance(event.effective, date) or event.effective >= day


def _unnamed(path: Path) -> Scenario:
    return Scenario(path.stem, path.name, "", path.name, named=False)


def _extended(catalog: Catalog, documents: list[tuple[str, Mapping]], reader: Reader) -> dict[str, Duty]:
    """Return the duties with those of a file, or with its events."""
    duties = dict(catalog.duties)
    for name, document in documents:
        if name in duties:
            duties[name] = _joined(duties[name], read_extension(document, reader, name))
        else:
            duties[name] = read_duty(document, reader, name, tuple(catalog.families))
    return dict(sorted(duties.items()))


def _checked(catalog: Catalog, duties: dict[str, Duty], scenario: Scenario, reader: Reader) -> Catalog:
    """Return a record with other duties, or say all that is wrong with them."""
    laid = replace(catalog, duties=duties, laid=(*catalog.laid, scenario), beneath=catalog.beneath or catalog)
    touched = [duty for name, duty in duties.items() if duty is not catalog.duties.get(name)]
    problems = reader.problems or [*disagreements(laid), *(problem for duty in touched for problem in _clashes(duty, scenario))]
    if problems:
        raise RecordError(problems)
    return laid


def _clashes(duty: Duty, scenario: Scenario) -> Iterator[Problem]:
    """Yield what a duty says against itself, without what a scenario takes back; of two levels that meet its own is wrong."""
    left = [event for event in duty.events if not taken_back(event, scenario)]
    left.sort(key=lambda event: event.file == scenario.file)
    return contradictions(replace(duty, events=tuple(left)))


def _duty_named(document: Mapping, path: Path) -> str:
    name = document.items.get("duty")
    return " ".join(name.value.split()) if isinstance(name, Text) else path.stem


def _joined(duty: Duty, events: tuple[Event, ...]) -> Duty:
    replaced = {event.id for event in events}
    return replace(duty, events=(*(event for event in duty.events if event.id not in replaced), *events))
