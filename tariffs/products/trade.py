"""Imports by tariff line and country, as the Census Bureau publishes them, in dollars.

Files have the columns of the Census Bureau's own interface: I_COMMODITY, CTY_CODE, CON_VAL_YR (customs value of imports for
consumption, since January) and CAL_DUT_YR (calculated duty), all of them text: in Parquet, or in JSON as the interface answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tariffs.errors import Problem, RecordError, UsageError
from tariffs.products.countries import BLOCKS, CODES, PARTNERS, Countries, read_countries
from tariffs.products.published import parse_json, read_bytes
from tariffs.reading.scalars import shown

if TYPE_CHECKING:
    import pyarrow as pa

CODE, COUNTRY, VALUE, DUTY, TIME, LEVEL = COLUMNS = ("I_COMMODITY", "CTY_CODE", "CON_VAL_YR", "CAL_DUT_YR", "time", "COMM_LVL")
FOLDER = "us_imports_{year}"  # of a year's imports, in a folder of inputs
ENDINGS = (".parquet", ".json", ".json.gz")
EVERYONE = "-"  # the sum over all countries, which the Bureau puts among them
MOST_SHOWN = 20
TEN_DIGITS = r"^[0-9]{10}$"
DOLLARS = r"^[0-9]{1,15}$"


@dataclass(frozen=True, slots=True)
class Trade:
    """A year's imports.

    Attributes
    ----------
    year : int
    table : pyarrow.Table
        One row per tariff line and country: ``code`` ("0101.21.00.10"), ``country`` (ISO 3166, or a block such as "EU"),
        ``value`` and ``duty`` [US dollars].
    left_out : tuple of str
        The countries that were read and dropped, because a block of the same table has them in it.
    """

    year: int
    table: pa.Table
    left_out: tuple[str, ...] = ()


def read_trade(folder: str | Path, lists: str | Path) -> Trade:
    """Read a folder of imports by tariff line, in files per country or per chapter.

    Needs ``pip install 'tariffs[parquet]'``.

    Parameters
    ----------
    folder : str or Path
        With Parquet files, or the answers of the Census Bureau's interface, ending in ``.json`` or ``.json.gz``. Their rows that
        sum over all countries are left out.
    lists : str or Path
        With the lists of country codes, as `read_countries` takes them.

    Raises
    ------
    RecordError
        Where trade is negative, a country is in no list, a code is not ten digits or stands twice for a country, or a file is not
        a whole year's. A place is the row of a file, counted from 1, a header not counted.
    UsageError
        Where pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.compute as pc
    except ImportError as error:
        raise UsageError(f"{folder}: needs pyarrow: pip install 'tariffs[parquet]'") from error
    countries = read_countries(lists)
    paths = sorted(path for path in Path(folder).glob("*") if path.name.endswith(ENDINGS))
    if not paths:
        raise RecordError([Problem(str(folder), 0, "", "holds no Parquet or JSON file; expected one per country or per chapter")])
    problems: list[Problem] = []
    files = [(path, table) for path in paths if (table := _read(path, countries, problems)) is not None]
    years = {path.name: _year(path, table, problems) for path, table in files}
    if len(set(years.values()) - {0}) > 1:
        first = next(iter(years))
        other = next(name for name in years if years[name] != years[first])
        problems.append(Problem(other, 0, TIME, f"is of {years[other]}; {first} is of {years[first]}"))
    if problems:
        raise RecordError(problems)
    present = {code for _, table in files for code in pc.unique(table[COUNTRY]).to_pylist()}
    inside = _inside(present, countries)
    tables = []
    for _, table in files:
        kept = table.filter(pc.invert(pc.is_in(table[COUNTRY], pa.array(sorted(inside), pa.string()))))
        if kept.num_rows:
            tables.append(_plain(kept, countries))
    whole = pa.concat_tables(tables)
    if repeated := _repeated(whole, ("code", "country")):
        code, country = repeated[0]
        message = f"{code} from {country} stands in two files; expected one file per country or per chapter"
        raise RecordError([Problem(str(folder), 0, "", message)])
    return Trade(next(iter(years.values())), whole, tuple(sorted({countries.iso[code] for code in inside})))


def parse_answer(raw: bytes, file: str) -> tuple[list[str], list[list[Any]]]:
    """Return the header and the rows of an answer of the Census Bureau's interface; `file` is the name that a refusal gives it.

    Raises
    ------
    RecordError
        Where it is truncated or no such answer, or a row has no cell for a column.

    Examples
    --------
    >>> parse_answer(b'[["CTY_CODE", "time"], ["5700", "2024-12"]]', "imports.json")
    (['CTY_CODE', 'time'], [['5700', '2024-12']])
    """
    found = parse_json(raw, file)
    if not (isinstance(found, list) and found and isinstance(found[0], list)):
        raise RecordError([Problem(file, 0, "", "expected a list of rows, the first of them the header")])
    header, rows = found[0], found[1:]
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != len(header):
            raise RecordError([Problem(file, number, "", f"expected a row of {len(header)} cells, as in the header")])
    return header, rows


def _read(path: Path, countries: Countries, problems: list[Problem]) -> pa.Table | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    def refuse(column: str, wrong: Any, message: str) -> None:
        rows = pc.indices_nonzero(wrong).to_pylist()
        problems.extend(
            Problem(path.name, row + 1, column, message.format(shown(str(table[column][row].as_py()))))
            for row in rows[:MOST_SHOWN]
        )
        if len(rows) > MOST_SHOWN:
            problems.append(Problem(path.name, 0, column, f"and {len(rows) - MOST_SHOWN:,} further rows of this kind"))

    try:
        table = _from_parquet(path) if path.suffix == ".parquet" else _from_json(path)
    except RecordError as error:
        problems.extend(error.problems)
        return None
    before = len(problems)
    refuse(LEVEL, _not(pc.equal(table[LEVEL], "HS10")), "found {}, expected HS10, trade by tariff line")
    refuse(CODE, _not(pc.match_substring_regex(table[CODE], TEN_DIGITS)), "found {}, expected ten digits, leading zero included")
    known = pa.array(sorted({*countries.iso, EVERYONE}), pa.string())
    refuse(COUNTRY, _not(pc.is_in(table[COUNTRY], known)), f"found {{}}, which {CODES} does not have")
    for name in (VALUE, DUTY):
        refuse(name, _not(pc.match_substring_regex(table[name], DOLLARS)), "found {}, expected whole dollars of 0 or more")
    if len(problems) == before:
        for code, country in _repeated(table, (CODE, COUNTRY))[:MOST_SHOWN]:
            both = pc.and_(pc.equal(table[CODE], code), pc.equal(table[COUNTRY], country))
            first, second, *_ = pc.indices_nonzero(both).to_pylist()
            problems.append(Problem(path.name, second + 1, CODE, f"{code} stands twice for {country}; first in row {first + 1}"))
    by_country = table.filter(_not(pc.equal(table[COUNTRY], EVERYONE)))
    if table.num_rows and not by_country.num_rows:
        problems.append(
            Problem(path.name, 0, COUNTRY, f"found only {EVERYONE!r}, the sum over all countries; expected countries")
        )
        return None
    return by_country


def _from_parquet(path: Path) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            _require_columns(path.name, file.schema_arrow.names)
            table = file.read(columns=list(COLUMNS))
    except (pa.ArrowException, OSError) as error:
        message = f"is no Parquet file, or truncated: {str(error).splitlines()[0]}"
        raise RecordError([Problem(path.name, 0, "", message)]) from error
    for name in (CODE, COUNTRY, VALUE, DUTY, LEVEL):
        if not (pa.types.is_string(table[name].type) or pa.types.is_large_string(table[name].type)):
            message = f"is {table[name].type}, expected text: as a number, a code has lost its leading zero"
            raise RecordError([Problem(path.name, 0, name, message)])
    return table


def _from_json(path: Path) -> pa.Table:
    import pyarrow as pa

    header, rows = parse_answer(read_bytes(path), path.name)
    _require_columns(path.name, header)
    # A column that was asked for and chosen by as well comes twice; the first is the one asked for.
    places = {name: header.index(name) for name in COLUMNS}
    for number, row in enumerate(rows, 1):
        for name, at in places.items():
            if not (row[at] is None or isinstance(row[at], str)):
                message = f"found {shown(str(row[at]))}, expected text: as a number, a code has lost its leading zero"
                raise RecordError([Problem(path.name, number, name, message)])
    return pa.table({name: pa.array([row[at] for row in rows], pa.string()) for name, at in places.items()})


def _require_columns(file: str, names: list[str]) -> None:
    if missing := [name for name in COLUMNS if name not in names]:
        raise RecordError([Problem(file, 0, name, "is missing; expected the Census Bureau's columns") for name in missing])


def _repeated(table: pa.Table, keys: tuple[str, str]) -> list[tuple[str, str]]:
    import pyarrow.compute as pc

    counts = table.group_by(list(keys)).aggregate([([], "count_all")])
    found = counts.filter(pc.greater(counts["count_all"], 1))
    return sorted(zip(*(found[key].to_pylist() for key in keys), strict=True))


def _not(found: Any) -> Any:
    import pyarrow.compute as pc

    return pc.invert(pc.fill_null(found, False))


def _year(path: Path, table: pa.Table, problems: list[Problem]) -> int:
    import pyarrow.compute as pc

    months = sorted({str(day)[:7] for day in pc.unique(table[TIME]).to_pylist()})
    if len(months) != 1 or not months[0].endswith("-12"):
        found = ", ".join(months) or "nothing"
        problems.append(Problem(path.name, 0, TIME, f"found {found}, expected one December: the columns sum since January"))
        return 0
    return int(months[0][:4])


def _inside(present: set[str], countries: Countries) -> set[str]:
    """Return the codes of countries that a block of the same trade has in it."""
    found: set[str] = set()
    for block, name in BLOCKS.items():
        if block in present:
            if name not in countries.members:
                raise RecordError([Problem(PARTNERS, 0, "", f"is needed: trade has the block {name}, and it names its members")])
            found |= present & countries.members[name]
    return found


def _plain(table: pa.Table, countries: Countries) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    digits = table[CODE].cast(pa.string())
    parts = [pc.utf8_slice_codeunits(digits, begin, end) for begin, end in ((0, 4), (4, 6), (6, 8), (8, 10))]
    encoded = table[COUNTRY].combine_chunks().cast(pa.string()).dictionary_encode()
    names = pa.array([countries.iso[code] for code in encoded.dictionary.to_pylist()], pa.string())
    columns = {
        "code": pc.binary_join_element_wise(*parts, "."),
        "country": names.take(encoded.indices),
        "value": table[VALUE].cast(pa.int64()),
        "duty": table[DUTY].cast(pa.int64()),
    }
    rows = pa.table(columns)
    # Two codes of the Census Bureau may be one country of ISO 3166.
    if len(set(names.to_pylist())) < len(names):
        rows = rows.group_by(["code", "country"]).aggregate([("value", "sum"), ("duty", "sum")])
        rows = rows.rename_columns(["code", "country", "value", "duty"])
    return rows.sort_by("code")
