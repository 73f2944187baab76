"""The inputs of the product level, from the offices that publish them, into a folder: revisions of the schedule, and imports.

The USITC's export gives the release that is current and no other, whatever release it is asked for; the others are in its archive
of files. The Census Bureau's interface gives a year by its December, in which the columns sum since January.
"""

from __future__ import annotations

import gzip
import io
import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from tariffs.errors import FetchError, OutputError, Problem, RecordError, UnknownNameError, UsageError
from tariffs.export.files import require_folder, write_whole
from tariffs.products.checksums import CHECKSUMS, read_checksums, sha256, write_checksums
from tariffs.products.downloading import download
from tariffs.products.published import parse_json, read_bytes
from tariffs.products.schedule import FOLDER as ARCHIVES
from tariffs.products.schedule import parse_rows
from tariffs.products.trade import COLUMNS, parse_answer
from tariffs.products.trade import FOLDER as TRADE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from tariffs.products.downloading import Patience

Answer = TypeVar("Answer")

KEY = "CENSUS_API_KEY"
FIRST_YEAR = 2025  # of the releases that are fetched where none are named
CHAPTERS = tuple(f"{number:02}" for number in range(1, 100) if number != 77)  # 77 is reserved
RELEASE = re.compile(r"([0-9]{4})HTS(?:(Basic)|Rev([1-9][0-9]*))")  # earlier years name theirs in other ways
NAME = re.compile(r"([0-9]{4})_(?:(basic)|rev_([1-9][0-9]*))")
MOST_FAILED = 3  # files of one server, before it is left alone


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the inputs are published.

    Attributes
    ----------
    releases, current : str
        The list of the schedule's releases, and the one that is current.
    export : str
        The rows of the current release.
    archive : str
        A release that has been superseded, with places for its ``year`` and ``edition``.
    imports : str
        Imports of a ``year`` in a ``chapter``, by country.
    """

    releases: str = "https://hts.usitc.gov/reststop/releaseList"
    current: str = "https://hts.usitc.gov/reststop/currentRelease"
    export: str = "https://hts.usitc.gov/reststop/exportList?from=0100&to=9999&format=JSON&styles=false"
    archive: str = "https://www.usitc.gov/sites/default/files/tata/hts/hts_{year}_{edition}_json.json"
    imports: str = (
        "https://api.census.gov/data/timeseries/intltrade/imports/hs"
        "?get=I_COMMODITY,CTY_CODE,CON_VAL_YR,CAL_DUT_YR"
        "&I_COMMODITY={chapter}*&COMM_LVL=HS10&SUMMARY_LVL=DET&time={year}-12"
    )


@dataclass(frozen=True, slots=True)
class Fetched:
    """What there is now.

    Attributes
    ----------
    schedules : tuple of Path
        The revisions that were asked for, in the order of their publication.
    trade : tuple of Path
        The files of imports.
    remarks : tuple of str
        What a reader should know of the files and no check refuses.
    """

    schedules: tuple[Path, ...]
    trade: tuple[Path, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is wanted: its name in the folder, what it should hold, and where it comes from."""

    name: str
    check: Callable[[bytes], object]
    url: str
    secret: str = ""
    hint: str = ""

    @property
    def plain(self) -> str:
        """The name that it has where somebody saved it by hand, without packing it."""
        return self.name.removesuffix(".gz")


def fetch(
    folder: str | Path,
    *,
    year: int | None = 2024,
    releases: Iterable[str] | None = None,
    api_key: str | None = None,
    again: bool = False,
    sources: Sources | None = None,
    patience: Patience | None = None,
    tell: Callable[[str], None] | None = None,
) -> Fetched:
    """Fetch revisions of the schedule and a year's imports into a folder, as `read_schedule` and `read_trade` take them.

    A file is there whole or not at all, and its SHA-256 in ``checksums.txt``. What is there already and has that checksum is not
    fetched again; what is there without one is taken once it is seen to be whole, so a file may be saved by hand, gzipped or not.
    To have a file that was revised at its source, delete it. Nothing is written outside the folder.

    Parameters
    ----------
    folder : str or Path
        It is made if its parent exists.
    year : int, optional
        Of the imports, which go into ``us_imports_2024/``, a file per chapter; none where it is None. A folder that has imports
        in Parquet is left as it is.
    releases : iterable of str, optional
        As in "2025_basic" and "2025_rev_10"; they go into ``hts_archives/``. All since 2025 by default.
    api_key : str, optional
        For the Census Bureau's interface, from https://api.census.gov/data/key_signup.html; by default what the environment has
        as ``CENSUS_API_KEY``. It is written nowhere.
    again : bool
        Fetch a file anew that was changed on disk or is not whole, rather than refuse it.
    sources : Sources, optional
        Other addresses than the official ones.
    patience : Patience, optional
        How long servers are waited for.
    tell : callable, optional
        Is told of every file that came, and of waits.

    Returns
    -------
    Fetched

    Raises
    ------
    FetchError
        Naming every file that could not be fetched, or was changed on disk; those that could are there.
    UsageError
        For a name that is none of a release, or of a release that is not published.
    RecordError
        Where ``checksums.txt`` cannot be read.
    OutputError
        Where the folder cannot be written; files that were there are as they were.

    Examples
    --------
    >>> import tempfile
    >>> from tariffs import products
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     products.fetch(folder, year=None, releases=[])
    Fetched(schedules=(), trade=(), remarks=())
    """
    wanted = None if releases is None else _in_order(releases)
    key = os.environ.get(KEY, "") if api_key is None else api_key
    visit = _Visit(require_folder(folder), sources or Sources(), again=again, patience=patience, tell=tell)
    schedules = visit.schedules(wanted)
    trade = () if year is None else visit.trade(year, key)
    if visit.problems:
        raise FetchError(visit.problems)
    return Fetched(schedules, trade, tuple(visit.remarks))


def _in_order(names: Iterable[str]) -> list[str]:
    """Return the names of releases in the order of their publication."""
    keys = {}
    for name in names:
        parts = NAME.fullmatch(name)
        if parts is None:
            raise UsageError(f"releases: found {name!r}, expected the name of a release such as 2025_basic or 2025_rev_10")
        keys[name] = (parts[1], int(parts[3] or 0))
    return sorted(keys, key=lambda name: keys[name])


def _name(release: Any) -> str:
    """Return our name of a release, empty where it is named in a way of earlier years."""
    name = release.get("name") if isinstance(release, dict) else None
    parts = RELEASE.fullmatch(name) if isinstance(name, str) else None
    return "" if parts is None else f"{parts[1]}_basic" if parts[2] else f"{parts[1]}_rev_{parts[3]}"


def _names(content: bytes) -> list[str]:
    """Return the releases of the list that the USITC publishes, in the order of their publication."""
    found = parse_json(content, "releases")
    if not isinstance(found, list) or not (names := {name for release in found if (name := _name(release))}):
        raise RecordError([Problem("releases", 0, "", "expected a list of releases, with names such as 2025HTSRev10")])
    return _in_order(names)


def _current(content: bytes) -> str:
    """Return the name of the release that the USITC says is current."""
    if not (name := _name(parse_json(content, "current release"))):
        raise RecordError([Problem("current release", 0, "", "expected a release, with a name such as 2025HTSRev10")])
    return name


def _is_imports(content: bytes) -> None:
    header, rows = parse_answer(content, "imports")
    if not rows or not set(COLUMNS) <= set(header):
        raise RecordError([Problem("imports", 0, "", f"expected rows of {', '.join(COLUMNS)}")])


def _is_schedule(content: bytes) -> None:
    parse_rows(content, "schedule")


class _Visit:
    """One run over a folder: what it has, what was wrong, what is to be remarked."""

    def __init__(
        self,
        root: Path,
        sources: Sources,
        *,
        again: bool,
        patience: Patience | None,
        tell: Callable[[str], None] | None,
    ) -> None:
        self.root, self.sources, self.again, self.patience, self.tell = root, sources, again, patience, tell
        self.sums = read_checksums(root)
        self.problems: list[Problem] = []
        self.remarks: list[str] = []

    def schedules(self, wanted: list[str] | None) -> tuple[Path, ...]:
        """Return the files of releases, those that are missing fetched; all since the first year where none are named."""
        published: list[str] = []
        if wanted is None:
            published = self.ask(self.sources.releases, "the list of releases", _names) or []
            wanted = [name for name in published if int(name[:4]) >= FIRST_YEAR]
        files = {name: self.archived(name) for name in wanted}
        lacking = self.missing(files)
        if lacking:
            published = published or self.ask(self.sources.releases, "the list of releases", _names) or []
            if published and (unknown := [name for name in lacking if name not in published]):
                raise UnknownNameError("release of the schedule", unknown[0], published)
            current = self.ask(self.sources.current, "the current release", _current)
            if current in lacking:
                lacking.remove(current)
                self.fetch([replace(files[current], url=self.sources.export, hint="")], lambda: self.is_still(current))
            self.fetch([files[name] for name in lacking])
        self.remark_twins(files.values())
        return self.there(files.values())

    def archived(self, name: str) -> _File:
        """Return the file of a release that has been superseded."""
        year, edition = name.split("_", 1)
        edition = "basic_edition" if edition == "basic" else edition.replace("rev_", "revision_")
        file = _File(f"{ARCHIVES}/hts_{name}.json.gz", _is_schedule, self.sources.archive.format(year=year, edition=edition))
        return replace(file, hint=f"; where a browser is let in, save it as {file.plain}")

    def is_still(self, current: str) -> None:
        """Refuse an export that may be of another release than was asked for: it does not say which one it is of."""
        now = self.ask(self.sources.current, "the current release", _current)
        if now != current:
            unknown = "fetched as the current release, and whether it still is could not be asked"
            message = f"{now} became current meanwhile; fetch again" if now else unknown
            raise FetchError([Problem(f"{ARCHIVES}/hts_{current}.json.gz", 0, "", message)])

    def trade(self, year: int, key: str) -> tuple[Path, ...]:
        """Return the files of a year's imports, those that are missing fetched."""
        folder = TRADE.format(year=year)
        if parquet := sorted((self.root / folder).glob("*.parquet")):
            self.remarks.append(f"{folder}: has imports in Parquet, and was left as it is")
            return tuple(parquet)
        secret = f"&key={quote(key, safe='')}" if key else ""
        files = {
            chapter: _File(
                f"{folder}/{year}-hs10-chapter{chapter}.json.gz",
                _is_imports,
                self.sources.imports.format(year=year, chapter=chapter),
                secret,
            )
            for chapter in CHAPTERS
        }
        self.fetch([files[chapter] for chapter in self.missing(files)])
        return self.there(files.values())

    def ask(self, url: str, what: str, read: Callable[[bytes], Answer]) -> Answer | None:
        """Return what a short answer says; where there is none, that is a problem."""
        try:
            return read(download(url, what, read, patience=self.patience, tell=self.tell))
        except FetchError as error:
            self.problems.extend(error.problems)
            return None

    def missing(self, files: Mapping[str, _File]) -> list[str]:
        """Return which files are to be fetched; one that was changed on disk is a problem, or fetched again."""
        found = []
        for key, file in files.items():
            name = self.present(file)
            if name is None:
                found.append(key)
                continue
            try:
                self.require_right(name, file)
            except RecordError as error:
                if self.again:
                    found.append(key)
                else:
                    message = "{}; again=True fetches it anew"
                    self.problems.extend(replace(problem, message=message.format(problem.message)) for problem in error.problems)
        return found

    def present(self, file: _File) -> str | None:
        """Return the name under which a file is there."""
        return next((name for name in (file.name, file.plain) if (self.root / name).is_file()), None)

    def there(self, files: Iterable[_File]) -> tuple[Path, ...]:
        """Return the places of those files that are there."""
        return tuple(self.root / name for file in files if (name := self.present(file)))

    def require_right(self, name: str, file: _File) -> None:
        """Refuse a file that is not what its checksum says; one without a checksum is taken if it is whole."""
        try:
            found = sha256((self.root / name).read_bytes())
        except OSError as error:
            raise RecordError([Problem(name, 0, "", f"cannot be read: {error.strerror or error}")]) from error
        expected = self.sums.get(name)
        if expected is None:
            try:
                file.check(read_bytes(self.root / name))
            except RecordError as error:
                raise RecordError([replace(problem, file=name) for problem in error.problems]) from error
            self.note(name, found)
            self.say(f"{name}: was there, and is taken as it is")
        elif found != expected:
            message = f"was changed on disk: its SHA-256 is {found[:12]}…, and {CHECKSUMS} has {expected[:12]}…"
            raise RecordError([Problem(name, 0, "", message)])

    def fetch(self, files: Sequence[_File], confirm: Callable[[], None] | None = None) -> None:
        """Fetch files of one server; it is left alone when several in a row have failed."""
        failed = 0
        for number, file in enumerate(files):
            if failed == MOST_FAILED:
                message = f"not tried, nor {len(files) - number - 1} more after it: the server failed {failed} times in a row"
                self.problems.append(Problem(file.name, 0, "", message))
                return
            target = self.place(file.name)
            part = self.place(f"{file.plain.removesuffix('.json')}.part")
            try:
                content = download(
                    file.url, file.name, file.check, part=part, secret=file.secret, patience=self.patience, tell=self.tell
                )
                if confirm:
                    confirm()
            except FetchError as error:
                failed += 1
                self.problems.extend(replace(problem, message=problem.message + file.hint) for problem in error.problems)
                continue
            failed = 0
            packed = _packed(content)
            write_whole(target, packed)
            if file.name in self.sums and self.sums[file.name] != sha256(packed):
                self.remarks.append(f"{file.name}: is not what {CHECKSUMS} had; it was revised at its source")
            self.drop(file.plain)
            self.note(file.name, sha256(packed))
            self.say(f"{file.name}: fetched, {len(content) / 1e6:.1f} MB")

    def place(self, name: str) -> Path:
        """Return the place of a file to be written, its folder made; a link that leads out of the folder is refused."""
        path = self.root / name
        try:
            self.root.mkdir(exist_ok=True)
            path.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(f"{path.parent}: cannot be made: {error.strerror or error}") from error
        if not path.resolve().is_relative_to(self.root):
            raise OutputError(f"{path}: leads out of {self.root}, where nothing is written")
        return path

    def drop(self, name: str) -> None:
        """Take away a file that has been fetched under another name."""
        self.sums.pop(name, None)
        try:
            (self.root / name).unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{self.root / name}: cannot be removed: {error.strerror or error}") from error

    def note(self, name: str, found: str) -> None:
        self.sums[name] = found
        self.place(CHECKSUMS)
        write_checksums(self.root, self.sums)

    def say(self, text: str) -> None:
        if self.tell:
            self.tell(text)

    def remark_twins(self, files: Iterable[_File]) -> None:
        """Remark revisions that are the same to the byte: some are, and a server that gives one for another makes them so."""
        first: dict[str, str] = {}
        for file in files:
            found = self.sums.get(self.present(file) or "")
            if found and first.setdefault(found, file.name) != file.name:
                self.remarks.append(f"{file.name}: holds what {first[found]} holds, to the byte")


def _packed(content: bytes) -> bytes:
    """Return bytes gzipped, the same for the same bytes."""
    stream = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as packing:
        packing.write(content)
    return stream.getvalue()
