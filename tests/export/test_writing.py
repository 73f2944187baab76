from __future__ import annotations

import hashlib
import io
import json
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest

import tariffs as tf
from tariffs.errors import OutputError, UnknownNameError, UsageError
from tariffs.export.meta import label_of
from tariffs.export.stata import names_of
from tariffs.export.writing import FORMATS
from tariffs.vocabulary import BASES

if TYPE_CHECKING:
    from pathlib import Path

BOTH = ["us_on_cn", "cn_on_us"]
YEAR_AT_145: dict[str, Any] = {"start": "2025-01-01", "end": "2025-12-31", "freq": "YS", "agg": "days_at:145"}
FORMULAS = ["=1+1", "+1", "-1", "@sum(A1)"]


def months() -> pd.DataFrame:
    return tf.rates(BOTH, start="2025-01-01", freq="MS")


def read(path: Path) -> pd.DataFrame:
    """Read a file as its users do, each format with its own library."""
    ending = path.suffix
    if ending == ".csv":
        return pd.read_csv(path, comment="#", parse_dates=["date"])
    if ending == ".json":
        return pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))["data"]).assign(
            date=lambda frame: pd.to_datetime(frame["date"])
        )
    if ending == ".dta":
        return pd.read_stata(path)
    if ending == ".xlsx":
        return pd.read_excel(path, sheet_name="data")
    frame: pd.DataFrame = duckdb.read_parquet(str(path)).df()
    return frame


@pytest.mark.parametrize("ending", FORMATS)
def test_april_2025_is_read_back_as_the_mean_over_its_days(ending: str, tmp_path: Path) -> None:
    back = read(tf.write(months(), tmp_path / f"months{ending}"))
    row = back[pd.to_datetime(back["date"]) == "2025-04-01"].iloc[0]
    # EO 14257, 14259 and 14266: 20 for 4 days, 30 for 4, 104 for 1, 145 for 21. SCTC 4 to 6: 0 for 9 days, 84 for 2, 125 for 19.
    assert row["us_on_cn"] == pytest.approx((20 * 4 + 30 * 4 + 104 + 145 * 21) / 30)
    assert row["cn_on_us"] == pytest.approx((84 * 2 + 125 * 19) / 30)


@pytest.mark.parametrize("ending", FORMATS)
def test_every_value_and_day_of_a_long_table_is_read_back(ending: str, tmp_path: Path) -> None:
    frame = tf.table(BOTH, start="2025-01-01", scheduled=True)
    back = read(tf.write(frame, tmp_path / f"table{ending}"))
    assert list(back.columns) == list(frame.columns)
    assert [stamp.date() for stamp in pd.to_datetime(back["date"])] == [stamp.date() for stamp in frame["date"]]
    assert back["rate"].tolist() == frame["rate"].tolist()
    assert back["acts"].fillna("").tolist() == frame["acts"].tolist()


@pytest.mark.parametrize("ending", FORMATS)
def test_what_is_not_known_is_read_back_as_not_known(ending: str, tmp_path: Path) -> None:
    # October 2026 was not over when the record was checked.
    back = read(tf.write(months(), tmp_path / f"months{ending}"))
    assert back["us_on_cn"].isna().tolist() == [False] * 21 + [True]


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_data_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    digests = {hashlib.sha256(tf.write(months(), tmp_path / f"{name}{ending}").read_bytes()).hexdigest() for name in "ab"}
    assert len(digests) == 1


@pytest.mark.parametrize("ending", FORMATS)
def test_events_with_days_that_nobody_knows_are_written_in_every_format(ending: str, tmp_path: Path) -> None:
    frame = tf.events("us_on_cn")
    path = tf.write(frame, tmp_path / f"events{ending}")
    back = pd.read_csv(path, comment="#") if ending == ".csv" else None
    if ending == ".json":
        back = pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))["data"])
    elif back is None:
        back = read(path)
    assert back["id"].tolist() == frame["id"].tolist()
    missing = frame["effective"].isna()
    assert missing.any()
    assert back["effective"].replace("", None).isna().tolist() == missing.tolist()


def test_a_series_is_written_like_a_table_of_one_column(tmp_path: Path) -> None:
    series = tf.series("us_on_cn", start="2025-04-01", end="2025-04-30")
    one, other = tf.write(series, tmp_path / "one.csv"), tf.write(series.to_frame(), tmp_path / "other.csv")
    assert one.read_bytes() == other.read_bytes()


def test_writing_changes_nothing_in_the_frame(tmp_path: Path) -> None:
    frame = tf.table("us_on_cn", start="2025-01-01")
    before = frame.copy(deep=True)
    for ending in FORMATS:
        tf.write(frame, tmp_path / f"table{ending}")
    pd.testing.assert_frame_equal(frame, before)
    assert frame.attrs == before.attrs


@pytest.mark.parametrize("ending", FORMATS)
def test_days_at_a_level_are_read_back_as_days(ending: str, tmp_path: Path) -> None:
    for frame in (tf.rates(BOTH, **YEAR_AT_145), tf.table(BOTH, **YEAR_AT_145)):
        back = read(tf.write(frame, tmp_path / f"days{ending}"))
        # From 10 April to 13 May 2025: EO 14266, EO 14298. China never had 145.
        assert (back["rate"] if "rate" in back else back[BOTH].iloc[0]).tolist() == [34, 0]


def test_every_format_says_that_days_are_days(tmp_path: Path) -> None:
    rates, table = tf.rates(BOTH, **YEAR_AT_145), tf.table(BOTH, **YEAR_AT_145)
    label = "Days at 145 percent, US on China, across-the-board additional duty"
    paths = {ending: tf.write(rates, tmp_path / f"days{ending}") for ending in FORMATS}
    _, meta = pyreadstat.read_dta(paths[".dta"])
    assert meta.column_names_to_labels["us_on_cn"] == label
    readme = dict(openpyxl.load_workbook(paths[".xlsx"])["README"].iter_rows(values_only=True))
    assert (readme["unit"], readme["agg"], readme["us_on_cn"]) == ("days", "days_at:145", label)
    schema = pq.read_schema(paths[".parquet"])
    assert json.loads(schema.metadata[b"tariffs"])["unit"] == "days"
    assert schema.field("us_on_cn").metadata[b"label"].decode() == label
    assert "# unit: days\n" in paths[".csv"].read_text(encoding="utf-8")
    assert json.loads(paths[".json"].read_text(encoding="utf-8"))["meta"]["unit"] == "days"
    _, meta = pyreadstat.read_dta(tf.write(table, tmp_path / "table.dta"))
    assert meta.column_names_to_labels["rate"] == "Days at 145 percent"


def test_a_label_that_stata_cuts_still_says_days(tmp_path: Path) -> None:
    asked = YEAR_AT_145 | {"agg": "days_at:124.7784"}
    frame = tf.series("us_on_cn", measure="average", weights="piie-implied", **asked)
    _, meta = pyreadstat.read_dta(tf.write(frame, tmp_path / "d.dta"))
    labels = [str(label) for label in meta.column_names_to_labels.values()]
    assert any(label.startswith("Days at 124.7784 percent, US on China, average") for label in labels)


def test_a_day_since_which_points_count_is_no_day_of_knowledge() -> None:
    since = tf.rates(BOTH, since="2025-01-20", start="2025-04-10", end="2025-04-10")
    assert label_of("us_on_cn_since_20250120", since) == "US on China, across-the-board additional duty since 20250120, percent"
    known = tf.vintages("us_on_cn", "2025-04-07", start="2025-04-10", end="2025-04-10")
    assert label_of("us_on_cn_20250407", known).endswith("across-the-board additional duty, percent, as known on 2025-04-07")


# Stata


def test_stata_counts_april_2025_as_month_783(tmp_path: Path) -> None:
    raw, meta = pyreadstat.read_dta(tf.write(months(), tmp_path / "m.dta"), disable_datetime_conversion=True)
    # Months since January 1960: 65 years and 3 months.
    assert raw["date"][3] == 65 * 12 + 3 == 783
    assert meta.original_variable_types["date"] == "%tm"
    assert meta.column_names_to_labels["us_on_cn"] == "US on China, across-the-board additional duty, percent"
    assert meta.file_label == "tariffs, data version 2026.10.09, checked through 2026-10-09"


def test_the_label_of_a_refundable_part_says_so(tmp_path: Path) -> None:
    frame = tf.rates(["us_on_cn"], start="2025-01-01", basis="refundable")
    _, meta = pyreadstat.read_dta(tf.write(frame, tmp_path / "r.dta"))
    label = "US on China, refundable part of the across-the-board additional duty, percent"
    assert meta.column_names_to_labels["us_on_cn_refundable"] == label


@pytest.mark.parametrize(
    ("asked", "name", "said"),
    [
        ({"basis": "lawful"}, "us_on_cn_lawful", "US on China, lawful, across-the-board additional duty, percent"),
        ({"as_of": "2025-04-07"}, "us_on_cn", "US on China, as known on 2025-04-07, across-the-board additional duty, percent"),
        ({"known": "stated"}, "us_on_cn", "US on China, by statement, across-the-board additional duty, percent"),
        ({"freq": "MS", "agg": "eop"}, "us_on_cn", "US on China, end of period, across-the-board additional duty, percent"),
    ],
)
def test_a_stata_label_says_in_what_numbers_are_not_the_usual_ones(
    asked: dict[str, Any], name: str, said: str, tmp_path: Path
) -> None:
    _, meta = pyreadstat.read_dta(tf.write(tf.rates(["us_on_cn"], start="2025-01-01", **asked), tmp_path / "x.dta"))
    assert meta.column_names_to_labels[name] == said


def test_charged_lawful_and_refundable_stand_beside_one_another() -> None:
    frames = [tf.series("us_on_cn", start="2025-06-01", end="2025-06-01", basis=basis) for basis in BASES]
    row = pd.concat(frames, axis=1).iloc[0].to_dict()
    assert row == {"us_on_cn": 30, "us_on_cn_lawful": 0, "us_on_cn_refundable": 30}


@pytest.mark.parametrize(
    ("freq", "kept", "day", "counted"),
    [
        (None, "%td", "2025-04-10", (date(2025, 4, 10) - date(1960, 1, 1)).days),
        ("D", "%td", "2025-04-10", (date(2025, 4, 10) - date(1960, 1, 1)).days),
        ("QS", "%tq", "2025-04-01", 65 * 4 + 1),
        ("YS", "%ty", "2025-01-01", 2025),
        ("ME", "%tm", "2025-04-30", 65 * 12 + 3),
        ("QE", "%tq", "2025-06-30", 65 * 4 + 1),
        ("W", "%td", "2025-04-13", (date(2025, 4, 13) - date(1960, 1, 1)).days),
    ],
)
def test_stata_s_dates_count_what_the_series_counts(freq: Any, kept: str, day: str, counted: int, tmp_path: Path) -> None:
    frame = tf.rates(BOTH, start="2024-01-01", freq=freq)
    raw, meta = pyreadstat.read_dta(tf.write(frame, tmp_path / "r.dta"), disable_datetime_conversion=True)
    assert meta.original_variable_types["date"] == kept
    assert raw["date"][frame.index.get_loc(day)] == counted


def test_stata_names_are_cut_to_32_letters_and_the_label_has_the_whole(tmp_path: Path) -> None:
    frame = tf.rates("us_on_cn", measure="stack", good=["steel-mill-product", "solar-cell"], mfn=True, start="2025-01-01")
    _, meta = pyreadstat.read_dta(tf.write(frame, tmp_path / "s.dta"))
    assert len(set(meta.column_names)) == 3
    assert all(len(name) <= 32 for name in meta.column_names)
    cut = next(name for name in meta.column_names if name.startswith("us_on_cn_stack_steel"))
    assert str(meta.column_names_to_labels[cut]).startswith("us_on_cn_stack_steel_mill_product_mfn: ")


def test_names_that_stata_does_not_take_are_made_into_some_that_it_does() -> None:
    assert names_of(["if", "2025", "a-b", "date"]) == {"if": "_if", "2025": "_2025", "a-b": "a_b", "date": "date"}
    with pytest.raises(UsageError, match="a_b: Stata would call two columns a_b"):
        names_of(["a-b", "a_b"])


def test_a_long_text_stays_whole_in_stata(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": pd.to_datetime(["2025-04-09"]), "note": ["word " * 1000]})
    assert pd.read_stata(tf.write(frame, tmp_path / "long.dta"))["note"][0] == "word " * 1000


# Parquet


def test_parquet_says_what_it_is_in_its_schema(tmp_path: Path) -> None:
    schema = pq.read_schema(tf.write(months(), tmp_path / "m.parquet"))
    said = json.loads(schema.metadata[b"tariffs"])
    assert (said["measure"], said["unit"], said["freq"], said["agg"]) == ("all_goods", "percent", "MS", "avg")
    assert said["data_version"] == "2026.10.09"
    assert schema.field("cn_on_us").metadata[b"label"] == b"China on US, across-the-board additional duty, percent"


def test_days_are_days_in_parquet_so_that_no_time_zone_moves_them(tmp_path: Path) -> None:
    path = tf.write(tf.events("us_on_cn"), tmp_path / "e.parquet")
    kinds = {field.name: str(field.type) for field in pq.read_schema(path)}
    assert {kinds[name] for name in ("effective", "stated", "enacted", "withdrawn")} == {"date32[day]"}
    query = f"select effective from '{path}' where id = 'ieepa-reciprocal/2025-04-10/125'"
    assert duckdb.execute(query).fetchall() == [(date(2025, 4, 10),)]


# Excel


def test_excel_has_real_dates_a_head_that_stays_and_a_sheet_that_says_what_it_is(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(tf.write(months(), tmp_path / "m.xlsx"))
    assert book.sheetnames == ["data", "README"]
    data, readme = book["data"], book["README"]
    assert data.freeze_panes == "A2"
    assert data["A5"].value == datetime(2025, 4, 1)  # noqa: DTZ001  # a day, as the sheet has it
    assert data["A5"].is_date
    assert data["A5"].number_format == "yyyy-mm-dd"
    said = {row[0].value: row[1].value for row in readme.iter_rows()}
    assert said["source"] == "tariffs, data version 2026.10.09, checked through 2026-10-09"
    assert said["unit"] == "percent"
    assert said["us_on_cn"] == "US on China, across-the-board additional duty, percent"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_like_a_formula_is_a_text_in_a_sheet(text: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": pd.to_datetime(["2025-04-09"]), text: [text]})
    sheet = openpyxl.load_workbook(tf.write(frame, tmp_path / "f.xlsx"))["data"]
    assert [(sheet[name].value, sheet[name].data_type) for name in ("B1", "B2")] == [(text, "s"), (text, "s")]


def test_letters_that_xml_has_no_place_for_are_left_out(tmp_path: Path) -> None:
    frame = pd.DataFrame({"note": ["a\x00b\x0bc"]})
    assert openpyxl.load_workbook(tf.write(frame, tmp_path / "x.xlsx"))["data"]["A2"].value == "abc"


# CSV


def test_a_byte_order_mark_stands_before_everything(tmp_path: Path) -> None:
    content = tf.write(months(), tmp_path / "m.csv", bom=True).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf# measure: all_goods")
    assert pd.read_csv(io.BytesIO(content), comment="#", encoding="utf-8-sig")["us_on_cn"][0] == 0


def test_a_sidecar_says_what_the_head_would(tmp_path: Path) -> None:
    path = tf.write(months(), tmp_path / "m.csv", header="sidecar")
    assert path.read_text(encoding="utf-8").startswith('"date","us_on_cn","cn_on_us"\n')
    said = json.loads((tmp_path / "m.csv.meta.json").read_text(encoding="utf-8"))
    assert said["meta"]["source"] == "tariffs, data version 2026.10.09, checked through 2026-10-09"
    assert said["columns"]["us_on_cn"] == "US on China, across-the-board additional duty, percent"


def test_without_a_header_a_csv_file_is_bare(tmp_path: Path) -> None:
    path = tf.write(months(), tmp_path / "m.csv", header="none")
    assert path.read_text(encoding="utf-8").startswith('"date","us_on_cn","cn_on_us"\n')
    assert [file.name for file in tmp_path.iterdir()] == ["m.csv"]


# What is refused


@pytest.mark.parametrize(("ending", "library", "extra"), [(".parquet", "pyarrow", "parquet"), (".xlsx", "openpyxl", "excel")])
def test_a_missing_library_is_named_with_what_brings_it(
    ending: str, library: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError) as refusal:
        tf.write(months(), tmp_path / f"m{ending}")
    assert f"needs {library}: pip install 'tariffs[{extra}]'" in str(refusal.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"date": pd.to_datetime(["2025-04-09"]).tz_localize("Asia/Shanghai")}), "in the time zone Asia/Shanghai"),
        (pd.DataFrame({"date": pd.to_datetime(["2025-04-09 12:01"])}), "date: found times of day, expected days"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "a: two columns have this name"),
    ],
)
@pytest.mark.parametrize("ending", FORMATS)
def test_what_a_format_would_take_for_another_day_or_column_is_refused(
    frame: pd.DataFrame, said: str, ending: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        tf.write(frame, tmp_path / f"x{ending}")


def test_options_and_endings_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    for path, asked, error, said in (
        ("m.sav", {}, UsageError, r"unknown ending '\.sav'; one of: \.csv, \.dta, \.json, \.parquet, \.xlsx"),
        ("m", {}, UsageError, "unknown ending ''"),
        ("m.dta", {"bom": True}, UsageError, r"m\.dta: bom goes with \.csv"),
        ("m.xlsx", {"header": "none"}, UsageError, r"m\.xlsx: header goes with \.csv"),
        ("m.csv", {"header": "sidcar"}, UnknownNameError, "did you mean 'sidecar'"),
        ("folder/m.csv", {}, OutputError, "the folder .* does not exist"),
    ):
        with pytest.raises(error, match=said):
            tf.write(months(), tmp_path / path, **asked)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_write_that_fails_leaves_the_old_file(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tf.write(months(), tmp_path / f"m{ending}")
    before = path.read_bytes()

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        tf.write(tf.rates(BOTH), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
