from __future__ import annotations

import gzip
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tariffs.errors import RecordError, UsageError
from tariffs.products.countries import ISO, read_countries
from tariffs.products.trade import Trade, read_trade

SHARED = Path(__file__).parents[3] / "shared" / "data"
NAMES = 'Code,Name\n5700,"China"\n1220,"Canada"\n4280,"Germany (Federal Republic of Germany)"\n4359,"Slovakia"\n'
MEMBERS = "cty_code,partner,country_name\n5700,china,China\n4280,eu,Germany\n4359,eu,Slovakia\n"


def lists(folder: Path, names: str = NAMES, members: str | None = MEMBERS) -> Path:
    (folder / "census_codes.csv").write_text(names, encoding="utf-8")
    if members is not None:
        (folder / "country_partner_mapping.csv").write_text(members, encoding="utf-8")
    return folder


def write(folder: Path, name: str, country: str, *rows: tuple[str | None, str | None, str | None], **fields: Any) -> None:
    columns: dict[str, Any] = {
        "I_COMMODITY": [row[0] for row in rows],
        "CTY_CODE": [country] * len(rows),
        "CON_VAL_YR": [row[1] for row in rows],
        "CAL_DUT_YR": [row[2] for row in rows],
        "time": [datetime(2024, 12, 1)] * len(rows),  # noqa: DTZ001  # as the files have it
        "COMM_LVL": ["HS10"] * len(rows),
    } | fields
    pq.write_table(pa.table({key: value for key, value in columns.items() if value is not None}), folder / name)


# As the interface answers: a column that it was asked for and that chose the rows as well comes twice.
HEADER = ["I_COMMODITY", "CTY_CODE", "CON_VAL_YR", "CAL_DUT_YR", "I_COMMODITY", "COMM_LVL", "SUMMARY_LVL", "time"]


def answer(*rows: tuple[object, object, object, object], header: list[str] = HEADER, time: str = "2024-12") -> str:
    return json.dumps([header, *([*row, "01*", "HS10", "DET", time] for row in rows)])


def rows(trade: Trade) -> list[tuple[str, str, int, int]]:
    return [(row["code"], row["country"], row["value"], row["duty"]) for row in trade.table.to_pylist()]


def refusals(folder: Path) -> list[str]:
    with pytest.raises(RecordError) as refused:
        read_trade(folder, folder)
    return [str(problem) for problem in refused.value.problems]


DOG = ("0106199120", "17300", "1299")


def test_trade_becomes_rows_of_code_country_value_and_duty(tmp_path: Path) -> None:
    write(tmp_path, "a.parquet", "1220", ("0101300000", "0", "0"))
    write(tmp_path, "b.parquet", "5700", DOG, ("8517130000", "40679904773", "166"))
    trade = read_trade(tmp_path, lists(tmp_path))
    assert trade.year == 2024
    assert rows(trade) == [
        ("0101.30.00.00", "CA", 0, 0),
        ("0106.19.91.20", "CN", 17300, 1299),
        ("8517.13.00.00", "CN", 40679904773, 166),
    ]


def test_a_member_that_is_inside_a_block_of_the_same_trade_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a.parquet", "0003", ("8517130000", "100", "1"))
    write(tmp_path, "b.parquet", "4359", ("8517130000", "40", "1"))
    write(tmp_path, "c.parquet", "5700", DOG)
    trade = read_trade(tmp_path, lists(tmp_path))
    assert [row[1:3] for row in rows(trade)] == [("EU", 100), ("CN", 17300)]
    assert trade.left_out == ("SK",)


def test_members_stay_where_their_block_is_not_in_the_trade(tmp_path: Path) -> None:
    write(tmp_path, "a.parquet", "4280", ("8517130000", "100", "1"))
    write(tmp_path, "b.parquet", "4359", ("8517130000", "40", "1"))
    trade = read_trade(tmp_path, lists(tmp_path, members=None))
    assert [row[1:3] for row in rows(trade)] == [("DE", 100), ("SK", 40)]
    assert trade.left_out == ()


def test_a_block_whose_members_no_list_names_is_refused(tmp_path: Path) -> None:
    lists(tmp_path, members=None)
    write(tmp_path, "a.parquet", "0003", DOG)
    assert refusals(tmp_path) == ["country_partner_mapping.csv: is needed: trade has the block EU, and it names its members"]


def test_two_codes_of_one_country_are_summed(tmp_path: Path) -> None:
    names = '5082,"Gaza Strip administered by Israel"\n5083,"West Bank administered by Israel"\n'
    write(tmp_path, "a.parquet", "", DOG, DOG, CTY_CODE=["5082", "5083"])
    assert rows(read_trade(tmp_path, lists(tmp_path, NAMES + names))) == [("0106.19.91.20", "PS", 34600, 2598)]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("106199120", "1", "0"), "I_COMMODITY: found '106199120', expected ten digits, leading zero included"),
        (("01061991", "1", "0"), "I_COMMODITY: found '01061991', expected ten digits, leading zero included"),
        (("0106.19.91.20", "1", "0"), "I_COMMODITY: found '0106.19.91.20', expected ten digits, leading zero included"),
        ((None, "1", "0"), "I_COMMODITY: found 'None', expected ten digits, leading zero included"),
        (("0106490090", "-5", "0"), "CON_VAL_YR: found '-5', expected whole dollars of 0 or more"),
        (("0106490090", "1e3", "0"), "CON_VAL_YR: found '1e3', expected whole dollars of 0 or more"),
        (("0106490090", "", "0"), "CON_VAL_YR: found '', expected whole dollars of 0 or more"),
        (("0106490090", "1", None), "CAL_DUT_YR: found 'None', expected whole dollars of 0 or more"),
        (("0106490090", "1", "-1"), "CAL_DUT_YR: found '-1', expected whole dollars of 0 or more"),
        (("0106199120", "1", "0"), "I_COMMODITY: 0106199120 stands twice for 5700; first in row 1"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_place(tmp_path: Path, row: tuple[str, str, str], problem: str) -> None:
    lists(tmp_path)
    write(tmp_path, "china.parquet", "5700", DOG, row)
    assert refusals(tmp_path) == [f"china.parquet:2: {problem}"]


def test_an_unknown_country_is_refused(tmp_path: Path) -> None:
    lists(tmp_path)
    write(tmp_path, "a.parquet", "9999", DOG)
    assert refusals(tmp_path) == ["a.parquet:1: CTY_CODE: found '9999', which census_codes.csv does not have"]


def test_many_rows_of_one_kind_are_counted_not_listed(tmp_path: Path) -> None:
    lists(tmp_path)
    write(tmp_path, "a.parquet", "5700", *[(f"{number:09}", "1", "0") for number in range(500)])
    found = refusals(tmp_path)
    assert len(found) == 21
    assert "a.parquet: I_COMMODITY: and 480 further rows of this kind" in found


def test_codes_as_numbers_are_refused(tmp_path: Path) -> None:
    lists(tmp_path)
    write(tmp_path, "a.parquet", "5700", DOG, I_COMMODITY=[106199120])
    assert refusals(tmp_path) == [
        "a.parquet: I_COMMODITY: is int64, expected text: as a number, a code has lost its leading zero"
    ]


def test_trade_at_another_level_or_of_part_of_a_year_is_refused(tmp_path: Path) -> None:
    lists(tmp_path)
    write(tmp_path, "a.parquet", "5700", DOG, COMM_LVL=["HS6"])
    write(tmp_path, "b.parquet", "1220", DOG, time=["2024-06"])
    assert refusals(tmp_path) == [
        "a.parquet:1: COMM_LVL: found 'HS6', expected HS10, trade by tariff line",
        "b.parquet: time: found 2024-06, expected one December: the columns sum since January",
    ]


def test_two_years_and_two_files_of_one_country_are_refused(tmp_path: Path) -> None:
    lists(tmp_path)
    write(tmp_path, "a.parquet", "5700", DOG)
    write(tmp_path, "b.parquet", "1220", DOG, time=["2023-12"])
    assert refusals(tmp_path) == ["b.parquet: time: is of 2023; a.parquet is of 2024"]
    write(tmp_path, "b.parquet", "5700", DOG)
    assert refusals(tmp_path) == [
        f"{tmp_path}: 0106.19.91.20 from CN stands in two files; expected one file per country or per chapter"
    ]


def test_files_that_are_no_parquet_or_lack_columns_are_refused(tmp_path: Path) -> None:
    lists(tmp_path)
    assert "holds no Parquet or JSON file" in refusals(tmp_path)[0]
    write(tmp_path, "a.parquet", "5700", DOG, CAL_DUT_YR=None)
    raw = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "b.parquet").write_bytes(raw[: len(raw) // 2])
    missing, truncated = refusals(tmp_path)
    assert missing == "a.parquet: CAL_DUT_YR: is missing; expected the Census Bureau's columns"
    assert truncated.startswith("b.parquet: is no Parquet file, or truncated: ")


def test_without_pyarrow_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"needs pyarrow: pip install 'tariffs\[parquet\]'"):
        read_trade(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ("Code,Name\n570,China\n", "census_codes.csv:2: Code: found '570', expected four digits"),
        ("Code,Name\n5700,China\n5700,China\n", "census_codes.csv:3: Code: 5700 stands twice"),
        (
            "Code,Name\n5700,Atlantis\n",
            "census_codes.csv:2: Name: 'Atlantis' is no name of a country of ISO 3166 that is known here",
        ),
        ("Code;Name\n5700;China\n", "census_codes.csv:1: Code: is missing from the header"),
        ("Code,Name\n5700\n", "census_codes.csv:2: found 1 cells, expected 2 as in the header"),
        ('Code,Name\n5700,"China\n', "census_codes.csv:2: not CSV: unexpected end of data"),
    ],
)
def test_a_list_of_countries_that_is_none_is_refused(tmp_path: Path, names: str, problem: str) -> None:
    with pytest.raises(RecordError) as refused:
        read_countries(lists(tmp_path, names))
    assert str(refused.value.problems[0]) == problem


def test_iso_s_codes_have_two_letters_and_the_common_ones_are_right() -> None:
    assert all(len(code) == 2 and code.isalpha() and code.isupper() for code in ISO.values())
    wanted = {
        "china": "CN",
        "hong kong": "HK",
        "macao": "MO",
        "taiwan": "TW",
        "south korea": "KR",
        "switzerland": "CH",
        "chile": "CL",
    }
    assert {name: ISO[name] for name in wanted} == wanted


def test_every_country_of_the_real_list_has_its_code() -> None:
    if not (SHARED / "lists").is_dir():
        pytest.skip("no lists to read: they are looked for beside the project")
    countries = read_countries(SHARED / "lists")
    assert len(countries.iso) == 240 + 1  # and the block
    assert {code: countries.iso[code] for code in ("5700", "5820", "5830", "5800", "5790", "7660", "7630", "0003")} == {
        "5700": "CN",
        "5820": "HK",
        "5830": "TW",
        "5800": "KR",
        "5790": "KP",
        "7660": "CD",
        "7630": "CG",
        "0003": "EU",
    }
    assert len(countries.members["EU"]) == 27


def test_imports_of_2024_add_up_to_what_the_files_are_said_to_hold() -> None:
    if not (SHARED / "us_imports_2024").is_dir():
        pytest.skip("no trade to read: it is looked for beside the project")
    trade = read_trade(SHARED / "us_imports_2024", SHARED / "lists")
    # 50 partners, the EU as one of them; 3.209 tn USD without Slovakia's second count.
    assert (trade.year, trade.left_out, len(pc.unique(trade.table["country"]))) == (2024, ("SK",), 50)
    assert round(pc.sum(trade.table["value"]).as_py() / 1e9) == 3209
    assert trade.table.schema.names == ["code", "country", "value", "duty"]


def test_answers_of_the_interface_give_the_rows_that_parquet_gives(tmp_path: Path) -> None:
    write(tmp_path, "a.parquet", "1220", ("0101300000", "0", "0"))
    write(tmp_path, "b.parquet", "5700", DOG, ("8517130000", "40679904773", "166"))
    from_parquet = read_trade(tmp_path, lists(tmp_path))
    for path in tmp_path.glob("*.parquet"):
        path.unlink()
    first = answer(("0101300000", "1220", "0", "0"), ("0106199120", "5700", "17300", "1299"))
    (tmp_path / "chapter01.json").write_text(first, encoding="utf-8")
    (tmp_path / "chapter85.json.gz").write_bytes(gzip.compress(answer(("8517130000", "5700", "40679904773", "166")).encode()))
    from_json = read_trade(tmp_path, tmp_path)
    assert (from_json.year, rows(from_json)) == (from_parquet.year, rows(from_parquet))
    assert from_json.table.schema == from_parquet.table.schema


def test_one_country_may_come_in_parquet_and_another_in_json_but_none_in_both(tmp_path: Path) -> None:
    lists(tmp_path)
    write(tmp_path, "a.parquet", "1220", DOG)
    (tmp_path / "b.json").write_text(answer((DOG[0], "5700", *DOG[1:])), encoding="utf-8")
    assert [row[1] for row in rows(read_trade(tmp_path, tmp_path))] == ["CA", "CN"]
    (tmp_path / "b.json").write_text(answer((DOG[0], "1220", *DOG[1:])), encoding="utf-8")
    assert "0106.19.91.20 from CA stands in two files" in refusals(tmp_path)[0]


def test_the_sum_over_all_countries_is_left_out_and_never_taken_for_one(tmp_path: Path) -> None:
    lists(tmp_path)
    total = (DOG[0], "-", "17300", "1299")
    (tmp_path / "a.json").write_text(answer(total, (DOG[0], "5700", *DOG[1:])), encoding="utf-8")
    assert rows(read_trade(tmp_path, tmp_path)) == [("0106.19.91.20", "CN", 17300, 1299)]
    (tmp_path / "a.json").write_text(answer(total), encoding="utf-8")
    assert refusals(tmp_path) == ["a.json: CTY_CODE: found only '-', the sum over all countries; expected countries"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("0106490090", "5700", "-5", "0"), "2: CON_VAL_YR: found '-5', expected whole dollars of 0 or more"),
        (("0106490090", "5700", "1", None), "2: CAL_DUT_YR: found 'None', expected whole dollars of 0 or more"),
        (("01064900", "5700", "1", "0"), "2: I_COMMODITY: found '01064900', expected ten digits, leading zero included"),
        (("0106490090", "9999", "1", "0"), "2: CTY_CODE: found '9999', which census_codes.csv does not have"),
        (
            (106490090, "5700", "1", "0"),
            "2: I_COMMODITY: found '106490090', expected text: as a number, a code has lost its leading zero",
        ),
        (("0106199120", "5700", "1", "0"), "2: I_COMMODITY: 0106199120 stands twice for 5700; first in row 1"),
    ],
)
def test_a_row_of_json_that_cannot_be_is_refused_with_its_place(tmp_path: Path, row: tuple[Any, ...], problem: str) -> None:
    lists(tmp_path)
    (tmp_path / "china.json").write_text(answer((DOG[0], "5700", *DOG[1:]), row), encoding="utf-8")
    assert refusals(tmp_path) == [f"china.json:{problem}"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"error": "unknown variable"}', ": expected a list of rows, the first of them the header"),
        ("[]", ": expected a list of rows, the first of them the header"),
        ('["I_COMMODITY"]', ": expected a list of rows, the first of them the header"),
        ('[["a", "b"], ["1"]]', ":1: expected a row of 2 cells, as in the header"),
        ("<html>Invalid Key</html>", ":1: not JSON: Expecting value at column 1"),
        (answer(header=[*HEADER[:-1], "YEAR"]), ": time: is missing; expected the Census Bureau's columns"),
        (answer((DOG[0], "5700", *DOG[1:]))[:-9], ":1: not JSON: Unterminated string starting at column 171 (the end"),
        (answer(), ": time: found nothing, expected one December"),
        (answer((DOG[0], "5700", *DOG[1:]), time="2024-06"), ": time: found 2024-06, expected one December"),
    ],
)
def test_what_is_no_answer_of_the_interface_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    lists(tmp_path)
    (tmp_path / "china.json").write_text(text, encoding="utf-8")
    assert refusals(tmp_path)[0].startswith(f"china.json{problem}")
