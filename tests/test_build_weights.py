"""The weights of China's duties against the lines they come from, the sheet's own figure, and shares published of the same trade.

The sources are not part of the project; where they lie beside it, they are read.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from scripts.build_weights import (
    COLUMNS,
    IMPORTS,
    LIST_4,
    PANEL,
    RATES,
    SCHEDULE,
    SHEET_ENDS,
    SOURCE,
    Basis,
    Row,
    Trade,
    arranged,
    by_imports,
    by_subheading,
    drawn,
    list_4,
    mfn_levels,
    place,
    read_duties,
    read_sheets,
    read_trade,
    tables,
    written,
)
from tariffs.errors import RecordError, UsageError
from tariffs.model import Coverage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from tariffs.model import Duty

SECTORS = "Sector Definition"
# Figure 2 of the workbook: imports of 2017 not covered and covered by China's answer in June 2019 [bn USD]. On the lines most of
# these names lack their last letter.
FIGURE_2 = {
    "All other goods": (8.4756, 12.6736),
    "Pharmaceuticals": (3.5409, 0.2114),
    "Aircraft": (14.0265, 0.2285),
    "Petroleum": (3.1825, 3.3926),
    "Electrical machinery and equipment": (10.2235, 7.1589),
    "Optical, medical, and measuring instruments": (2.7872, 8.9508),
    "Chemicals, plastics and rubber products": (3.8547, 9.1457),
    "Mechanical machinery and appliances": (7.1762, 9.3472),
    "Autos and parts": (14.2508, 0.0),
    "Wood, paper, and metal products": (0.0138, 14.2926),
    "Other farm and fish products": (0.1706, 7.8018),
    "Soybeans": (0.0, 13.9340),
}
# Share of all imports of 2017 under any additional duty, as the Peterson Institute published it.
PUBLISHED = {
    date(2018, 4, 2): 1.9,
    date(2018, 7, 6): 22.5,
    date(2018, 8, 23): 31.1,
    date(2018, 9, 24): 65.5,
    date(2019, 1, 1): 56.3,
    date(2019, 9, 1): 58.3,
}
# Tariff lines by HS8, counted in the announcements of the Customs Tariff Commission.
ANNOUNCED = {
    "cn-s232-answer-15": 120,
    "cn-s232-answer-25": 8,
    "cn-list-1": 545,
    "cn-list-2": 333,
    "cn-list-3-a": 2493,
    "cn-list-3-b": 1078,
    "cn-list-3-c": 974,
    "cn-list-3-d": 662,
}
VEHICLES_ANNOUNCED = {"cn-list-1": 28, "cn-list-2": 116, "cn-list-3-d": 67}
WEIGHTS = {"cn-imports-2017": by_imports, "simple-hs6": by_subheading}


@pytest.fixture(scope="module")
def sheets() -> dict[str, pd.DataFrame]:
    if not SOURCE.is_dir():
        pytest.skip(f"no lines to compare with: they are read from {SOURCE.name} beside the project")
    return read_sheets(SOURCE, (RATES, IMPORTS, SECTORS))


@pytest.fixture(scope="module")
def trade(sheets: dict[str, pd.DataFrame]) -> Trade:
    return arranged(sheets, pd.read_csv(SOURCE / PANEL, dtype={"hs6": str}))


@pytest.fixture(scope="module")
def duties() -> dict[str, Duty]:
    return read_duties()


@pytest.fixture(scope="module")
def made(trade: Trade, duties: dict[str, Duty]) -> dict[str, list[Row]]:
    return tables(trade, duties)


def level_on(duty: Duty, day: date) -> float:
    """Return the level of a duty as the law had it in the end."""
    steps = {
        event.effective: float(event.rate)
        for event in duty.events
        if event.rate is not None and event.withdrawn is None and isinstance(event.effective, date) and event.effective <= day
    }
    return steps[max(steps)] if steps else 0.0


def number_on(rows: Iterable[Row], kind: str, duty: str, day: date, duties: Mapping[str, Duty]) -> float:
    """Return the number of a table that holds on a day, read as a reader of the file would."""
    events = {event.id: event for each in duties.values() for event in each.events}
    found = {date.min: 0.0}
    for cells in (row.cells for row in rows if (row.kind, row.duties) == (kind, duty)):
        since = [events[name] for name in cells[2].split()]
        first = since[0].effective if since else date.min
        if isinstance(first, date) and first <= day and all(event.withdrawn is None for event in since):
            found[first] = float(cells[3])
    return found[max(found)]


def average(rows: list[Row], day: date, duties: Mapping[str, Duty]) -> float:
    shared = {row.duties for row in rows if row.kind == "share"}
    parts = [level_on(duties[duty], day) * number_on(rows, "share", duty, day, duties) / 100 for duty in shared]
    return number_on(rows, "mfn", "cn-mfn", day, duties) + sum(parts)


def stacks(trade: Trade, day: date) -> pd.Series[float]:
    """Return what each line bears on a day by the dated columns of the sheet, and list 4 after them."""
    added = [name for name, since in COLUMNS.items() if since <= day and name not in SCHEDULE]
    last = max(COLUMNS[name] for name in SCHEDULE if COLUMNS[name] <= day)
    return mfn_levels(trade.lines)[last] + trade.lines[added].sum(axis=1) + (list_4(trade) if day >= LIST_4 else 0)


def test_shipped_tables_are_what_the_script_builds_now(made: dict[str, list[Row]]) -> None:
    for basis, rows in made.items():
        assert place(basis).read_bytes() == written(rows), f"run scripts/build_weights.py ({basis})"


@pytest.mark.parametrize(
    ("day", "percent"),
    [(date(2018, 1, 1), 5.98), (date(2018, 7, 6), 11.00), (date(2018, 9, 24), 15.84), (date(2019, 6, 1), 15.64)],
)
def test_average_over_imports_is_what_the_sheet_is_known_to_give(
    made: dict[str, list[Row]], duties: dict[str, Duty], day: date, percent: float
) -> None:
    assert average(made["cn-imports-2017"], day, duties) == pytest.approx(percent, abs=0.005)


def test_figure_2_of_the_sheet_comes_out_of_its_lines(trade: Trade, sheets: dict[str, pd.DataFrame]) -> None:
    sectors = sheets[SECTORS].set_index("hs08")["sector"].reindex(trade.imports.index)
    listed = trade.lines[["s232", "list_1", "list_2", "list_3", "suspended"]].sum(axis=1) > 0
    covered = trade.imports.index.isin(trade.lines["hs8"][listed])
    for name, (free, struck) in FIGURE_2.items():
        within = sectors.map(name.startswith)
        assert round(trade.imports[within & ~covered].sum() / 1e6, 4) == free, name
        assert round(trade.imports[within & covered].sum() / 1e6, 4) == struck, name


def test_totals_of_the_sheet(trade: Trade) -> None:
    soybeans = trade.imports[trade.imports.index.str.startswith("1201")]
    assert round(trade.imports.sum() / 1e6, 4) == 154.8397
    assert round(soybeans.sum() / 1e6, 3) == 13.934
    assert trade.matched.sum() / trade.imports.sum() == pytest.approx(0.961, abs=0.0005)


@pytest.mark.parametrize("basis", WEIGHTS)
def test_weights_of_the_lines_sum_to_1_and_none_is_negative(trade: Trade, basis: str) -> None:
    weights = WEIGHTS[basis](trade)
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert weights.min() >= 0


def test_every_hs6_weighs_the_same_in_the_simple_mean(trade: Trade) -> None:
    by_code = by_subheading(trade).groupby(trade.lines["hs6"]).sum()
    assert len(by_code) == 5387
    assert by_code.max() - by_code.min() < 1e-12


@pytest.mark.parametrize("basis", WEIGHTS)
@pytest.mark.parametrize("day", sorted({*COLUMNS.values(), LIST_4}))
def test_shares_times_levels_are_the_average_of_the_lines_on_every_dated_column(
    made: dict[str, list[Row]], trade: Trade, duties: dict[str, Duty], basis: str, day: date
) -> None:
    direct = float((stacks(trade, day) * WEIGHTS[basis](trade)).sum())
    assert average(made[basis], day, duties) == pytest.approx(direct, abs=1e-6)


@pytest.mark.parametrize("basis", WEIGHTS)
@pytest.mark.parametrize("day", [date(2018, 1, 1), date(2018, 7, 6), date(2018, 9, 24), SHEET_ENDS, LIST_4])
def test_average_lies_between_the_lowest_and_the_highest_line(
    made: dict[str, list[Row]], trade: Trade, duties: dict[str, Duty], basis: str, day: date
) -> None:
    borne = stacks(trade, day)
    assert borne.min() <= average(made[basis], day, duties) <= borne.max()


def test_lines_of_one_hs8_bear_the_same_additional_duties(trade: Trade) -> None:
    added = [name for name in COLUMNS if name not in SCHEDULE]
    assert (trade.lines.groupby("hs8")[added].nunique() == 1).all(axis=None)


def test_lists_of_the_sheet_have_as_many_lines_as_were_announced(trade: Trade) -> None:
    suspended, code = trade.lines["suspended"] < 0, trade.lines["hs8"]
    on = drawn(trade)
    assert {duty: code[on[duty]].nunique() for duty in ANNOUNCED} == ANNOUNCED
    assert {duty: code[on[duty] & suspended].nunique() for duty in VEHICLES_ANNOUNCED} == VEHICLES_ANNOUNCED


def test_vehicles_lose_all_of_one_list_and_bear_no_step_in_june_2019(trade: Trade) -> None:
    vehicles = trade.lines[trade.lines["suspended"] < 0]
    assert (vehicles[["list_1", "list_2", "list_3", "suspended"]].sum(axis=1) == 0).all()
    assert (vehicles["raised"] == 0).all()


def test_covered_shares_are_those_published_of_all_imports(
    made: dict[str, list[Row]], trade: Trade, duties: dict[str, Duty]
) -> None:
    matched = trade.matched.sum() / trade.imports.sum()
    for day, percent in PUBLISHED.items():
        share = number_on(made["cn-imports-2017"], "covered", "", day, duties)
        assert share * matched == pytest.approx(percent, abs=0.05), day


def test_panel_holds_the_highest_line_of_each_hs6(trade: Trade) -> None:
    lines = trade.lines[[*COLUMNS]].sum(axis=1).groupby(trade.lines["hs6"]).max()
    assert len(lines) == len(trade.highest) == 5387
    assert (lines - trade.highest[SHEET_ENDS]).abs().max() < 0.001


def test_list_4_puts_no_line_above_the_highest_of_its_hs6(trade: Trade) -> None:
    borne = trade.lines[[*COLUMNS]].sum(axis=1) + list_4(trade)
    assert (borne <= trade.lines["hs6"].map(trade.highest[LIST_4]) + 0.001).all()


@pytest.mark.parametrize(("hs6", "rate"), [("120190", 5.0), ("270900", 5.0), ("020130", 10.0), ("100199", 0.0), ("870323", 0.0)])
def test_list_4_strikes_soybeans_and_crude_oil_at_5_and_beef_at_10_and_passes_wheat_and_cars_by(
    trade: Trade, hs6: str, rate: float
) -> None:
    assert set(list_4(trade)[trade.lines["hs6"] == hs6]) == {rate}


def invented(step: float, **borne: dict[str, float]) -> Trade:
    """Return one HS6 of lines, of which each bears what is named, and the step that its highest line makes."""
    lines = pd.DataFrame(0.0, index=list(borne), columns=[*COLUMNS])
    for line, rates in borne.items():
        lines.loc[line, list(rates)] = list(rates.values())
    lines["hs8"], lines["hs6"] = lines.index, "010101"
    top = lines[[*COLUMNS]].sum(axis=1).max()
    highest = pd.DataFrame([[top, top + step]], index=["010101"], columns=[SHEET_ENDS, LIST_4])
    return Trade(lines, pd.Series(1.0, index=list(borne)), highest)


@pytest.mark.parametrize(
    ("step", "borne", "rates"),
    [
        (0.0, {"a": {"list_1": 25.0}, "b": {"list_1": 25.0}}, [0, 0]),
        (5.0, {"a": {"list_1": 25.0}, "b": {"list_1": 25.0}}, [5, 5]),
        (10.0, {"a": {"list_1": 25.0}, "b": {"mfn": 8.0}}, [10, 0]),
        (5.0, {"a": {"mfn": 3.0}, "b": {"mfn": 8.0}}, [5, 5]),
        (2.0, {"a": {"mfn": 6.0, "list_1": 25.0}, "b": {"mfn": 3.0, "list_1": 25.0}}, [0, 5]),
        (1.0, {"a": {"mfn": 4.0}, "b": {}}, [0, 0]),
    ],
    ids=["no step", "all alike", "one listed", "none listed", "a lower line overtakes", "no listed line explains the step"],
)
def test_list_4_is_read_off_the_step_of_the_highest_line(
    step: float, borne: dict[str, dict[str, float]], rates: list[float]
) -> None:
    assert list_4(invented(step, **borne)).tolist() == rates


def test_mfn_rate_that_is_no_percentage_is_that_of_the_other_lines_of_its_hs8_or_0() -> None:
    nothing = float("nan")
    trade = invented(0.0, a={"mfn": 10.0, "consumer": -4.0}, b={"mfn": nothing, "consumer": nothing}, c={"mfn": nothing})
    trade.lines["hs8"] = ["01010101", "01010101", "01010102"]
    assert mfn_levels(trade.lines)[COLUMNS["consumer"]].tolist() == [6.0, 6.0, 0.0]


def test_imports_that_stand_on_no_line_weigh_nothing() -> None:
    trade = invented(0.0, a={}, b={})
    trade = replace(trade, imports=pd.Series({"a": 3.0, "b": 1.0, "98000000": 100.0}))
    assert by_imports(trade).tolist() == [0.75, 0.25]


def test_a_change_of_coverage_that_the_table_does_not_speak_of_is_refused(trade: Trade, duties: dict[str, Duty]) -> None:
    duty = duties["cn-list-1"]
    change = next(event for event in duty.events if event.coverage)
    change = replace(change, id="cn-list-1/2019-03-01/whiskey", effective=date(2019, 3, 1), coverage=Coverage((), ("whiskey",)))
    more = {**duties, duty.id: replace(duty, events=(*duty.events, change))}
    with pytest.raises(RecordError, match="cn-list-1/2019-03-01/whiskey is in no row and not left out"):
        Basis(trade, by_imports(trade), 1.0, drawn(trade), more).rows()


def test_every_row_of_a_day_names_all_events_of_the_schedule_on_it(made: dict[str, list[Row]], duties: dict[str, Duty]) -> None:
    for row in made["simple-hs6"]:
        if row.kind == "mfn" and row.since:
            days = {event.effective for event in duties["cn-mfn"].events if event.id in row.since.split()}
            assert {event.id for event in duties["cn-mfn"].events if event.effective in days} == set(row.since.split())


def test_folder_without_the_sources_is_refused_with_the_name_of_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no bown-jung-zhang-2019-06-12\.xlsx in "):
        read_trade(tmp_path)


@pytest.mark.parametrize("spoil", [lambda header: f"About {header}", lambda header: header.replace("2018", "2017")])
def test_sheet_with_other_columns_is_refused(spoil: Callable[[str], str]) -> None:
    headers = ["hs10", "description", *(spoil(f"{day:%B} {day.day}, {day.year}\n{name}") for name, day in COLUMNS.items())]
    sheets = {RATES: pd.DataFrame(columns=headers), IMPORTS: pd.DataFrame(columns=["hs08", "of", "usd"])}
    panel = pd.DataFrame(columns=["hs6", "time_of_tariff", "tariff"])
    with pytest.raises(UsageError, match="stands where mfn of 2018-01-01 was expected"):
        arranged(sheets, panel)
