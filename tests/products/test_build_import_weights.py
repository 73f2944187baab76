"""The weights that the small world's lines come to, summed by hand.

Trade of China, in thousand dollars: coffee 1000, handbags 2000, pans 3000, coils 1500, phones 4500, motors 1000, plates 2000, and
door closers 500 whose duty is known while nothing hangs on their steel: 15,500, or 15,000 while a duty on steel is in force.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import tariffs as tf
from scripts.build_import_weights import origin_of, require_same, table_of, unweighed, weighed
from scripts.build_weights import Row, written
from scripts.views_of_trade import NAME, Seen, Trade
from tariffs.averages import Basis
from tariffs.errors import RecordError
from tariffs.reading.tree import Mapping, Reader, parse
from tariffs.reading.weights import read_origin

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.products.store import Store

STEEL = "s232-steel-derivatives/2025-03-12/25"
METALS_END = "s232-aluminium-derivatives/2026-04-06/0 s232-annex-3/2026-04-06/15 s232-steel-derivatives/2026-04-06/0"
FENTANYL = "ieepa-fentanyl/2025-02-04/10"


@pytest.fixture(scope="module")
def trade(store: Store, record: Catalog) -> Trade:
    return Trade(store, replace(record, duties=record.duties | {"us-mfn": tf.load().duties["us-mfn"]}))


@pytest.fixture(scope="module")
def seen(trade: Trade) -> list[Seen]:
    return [trade.seen(view) for view in trade.views()]


@pytest.fixture(scope="module")
def rows(trade: Trade, seen: list[Seen]) -> list[Row]:
    return table_of(trade, seen)


def of(rows: list[Row], kind: str, duty: str = "") -> list[tuple[str, float | None]]:
    return [(row.since, row.percent) for row in rows if (row.kind, row.duties) == (kind, duty)]


def per(*goods: float, of: float = 15_000) -> Any:
    return pytest.approx(100 * sum(goods) / of, abs=1e-6)


def test_a_share_is_of_the_trade_whose_duty_is_known(rows: list[Row]) -> None:
    # List 3 is on handbags and closers; of these nothing is known while a duty hangs on their steel.
    assert of(rows, "share", "s301-list-3") == [
        ("", per(2000, 500, of=15_500)),
        (STEEL, per(2000)),
        (METALS_END, per(2000, 500, of=15_500)),
    ]


def test_a_share_is_what_is_left_once_others_have_displaced_the_duty(rows: list[Row]) -> None:
    # Coffee, handbags, motors and plates; from 4 June the half of coils and the two fifths of pans that are no metal.
    shares = dict(of(rows, "share", "ieepa-reciprocal"))
    assert shares[""] == per(1000, 2000, 1000, 2000)
    content = "s232-aluminium-derivatives/2025-06-04/50 s232-aluminium-derivatives/2025-06-04/chapter-76-on-content"
    assert shares[f"{content} s232-steel-derivatives/2025-06-04/50"] == per(1000, 2000, 1000, 2000, 750, 1200)
    assert shares["ieepa-reciprocal/2025-11-13/farm-goods-of-november-2025"] == per(2000, 1000, 2000, 750, 1200)


def test_a_rule_that_begins_on_a_day_on_which_nothing_known_does_has_a_row_with_the_day(rows: list[Row]) -> None:
    # As known in April 2025 the metals stay at 25, and what is no metal of the coils bears the duty all the same from 4 June.
    (row,) = [row for row in rows if row.duties == "ieepa-reciprocal" and row.since == "2025-06-04"]
    assert (row.percent, row.note) == (per(1000, 2000, 1000, 2000, 750), "As known on 2025-04-02.")


def test_a_floor_is_in_points(rows: list[Row]) -> None:
    # Coils bear 15 with their general duty of 1.4 in it.
    assert of(rows, "points", "s232-annex-3") == [(METALS_END, per(15 * 13.6, of=15_500))]


def test_mfn_is_the_mean_over_the_trade_whose_duty_is_known(rows: list[Row]) -> None:
    first, known = (2000 * 3.3 + 3000 * 3.1 + 1500 * 1.4 + 1000 * 4.4 + 2000 * 3), 500 * 3.9
    assert dict(of(rows, "mfn", "us-mfn"))[""] == pytest.approx((first + known) / 15_500, abs=1e-6)
    assert dict(of(rows, "mfn", "us-mfn"))[STEEL] == pytest.approx(first / 15_000, abs=1e-6)


def test_lines_renumbered_have_a_row_from_a_day_for_each_state_of_what_is_known(rows: list[Row]) -> None:
    # The duty on handbags falls by 0.3 with the schedule of 2026.
    dated = [(since, percent) for since, percent in of(rows, "mfn", "us-mfn") if since.startswith("2026-02-01")]
    assert [since for since, _ in dated] == ["2026-02-01", f"2026-02-01 {STEEL}"]
    before = dict(of(rows, "mfn", "us-mfn"))
    for (_, percent), since, whole in zip(dated, ["", STEEL], [15_500, 15_000], strict=True):
        assert percent is not None
        assert before[since] is not None
        assert (before[since] or 0) - percent == pytest.approx(2000 * 0.3 / whole, abs=1e-6)


def test_what_is_covered_without_a_void_duty_has_a_row_of_its_own(rows: list[Row]) -> None:
    covered = dict(of(rows, "covered"))
    assert covered[""] == per(2000, 500, 1000, 2000, of=15_500)
    assert covered[FENTANYL] == 100
    joined = f"s232-aluminium-derivatives/2025-03-12/25 s232-aluminium-derivatives/2025-03-12/derivatives-of-march-2025 {STEEL}"
    assert covered[joined] == per(2000, 1000, 2000, 3000, 1500)
    assert covered[f"{joined} {FENTANYL}"] == 100


def test_changes_that_no_row_names_are_left_out_each_with_its_reason(rows: list[Row]) -> None:
    assert {(row.since, row.note) for row in rows if row.kind == "left_out"} == {
        ("ieepa-fentanyl/2025-02-04/donations", "No tariff line shows which goods it moves."),
        (
            "s232-aluminium-derivatives/2025-03-12/derivatives-of-march-2025",
            "Came with the duty, and its first share has it in.",
        ),
        ("s301-list-1/2024-06-15/exclusions-of-2024", "Came before the weights begin."),
        ("us-mfn/2018-01-01/us-mfn-2018", "Came before the weights begin."),
    }


def test_in_every_view_and_on_every_day_the_table_gives_what_the_lines_give(
    trade: Trade, seen: list[Seen], rows: list[Row]
) -> None:
    weights = replace(unweighed(trade), rows=weighed(rows))
    assert len(seen) > 10
    assert require_same(trade, seen, weights, trade.record) < 1e-5


def test_a_table_that_gives_something_else_is_refused_with_the_day_and_both_numbers(
    trade: Trade, seen: list[Seen], rows: list[Row]
) -> None:
    moved = [row._replace(percent=13.4) if row.since == STEEL and row.duties == "s301-list-3" else row for row in rows]
    with pytest.raises(RecordError, match=r"s301-list-3: 2025-03-12 in View\(.*: 3.35\d*, by lines 3.333333"):
        require_same(trade, seen, replace(unweighed(trade), rows=weighed(moved)), trade.record)


def test_the_order_in_which_rows_stand_changes_nothing(trade: Trade, seen: list[Seen], rows: list[Row]) -> None:
    assert require_same(trade, seen, replace(unweighed(trade), rows=weighed(rows[::-1])), trade.record) < 1e-5


def test_two_runs_write_the_same(trade: Trade, rows: list[Row]) -> None:
    again = Trade(trade.store, trade.record)
    assert written(table_of(again, [again.seen(view) for view in again.views()])) == written(rows)


def test_no_row_names_a_line(rows: list[Row], store: Store) -> None:
    text = written(rows).decode()
    assert not [code for code in store.rows if code in text or code.replace(".", "") in text]


def test_the_origin_says_whose_trade_it_is_and_from_when_to_when(trade: Trade) -> None:
    reader = Reader("origin.yaml")
    document = parse(origin_of(trade), reader)
    assert isinstance(document, Mapping)
    (weights,) = read_origin(document, reader, "us-imports-2024")
    assert reader.problems == []
    assert (weights.direction.name, weights.kind) == (NAME, "computed")
    assert (weights.first_day.isoformat(), weights.last_day.isoformat()) == ("2025-01-01", "2026-10-09")
    assert Basis(weights, trade.duties, trade.record.events).duties == trade.duties
    for words in ("US Census Bureau, public domain", "not known", "exclusions", "by industry", "10 ten-digit lines"):
        assert words in weights.derived
