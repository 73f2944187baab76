"""What lines bear, read from the law by hand: the cases of `cases/*.yaml`, asked of a store of the real schedules.

One process runs all of this file, and builds the store once.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml

from tariffs.asking import packaged
from tariffs.products.answers import rate
from tariffs.products.overtrade import average, distribution, frame

if TYPE_CHECKING:
    from tariffs.products.store import Store

FIELDS = {"line", "origin", "day", "additional", "low", "high", "parts", "possible", "law"}
CASES = [
    pytest.param(case, id=f"{path.stem}-{case['line']}-{case['origin']}-{case['day']}")
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_whole_and_adds_up(case: dict[str, Any]) -> None:
    record = packaged()
    assert set(case) <= FIELDS
    assert isinstance(case["line"], str)
    assert isinstance(case["day"], date)
    assert record.release.lines_from is not None
    assert record.release.lines_from <= case["day"] <= record.release.known_through
    assert case["origin"] in record.release.origins
    assert isinstance(case.get("possible", False), bool)
    assert len(case["law"]) > 20
    if "additional" in case:
        assert not {"low", "high"} & set(case)
        assert sum(map(Decimal, case["parts"].values())) == Decimal(case["additional"])
        assert set(case["parts"]) <= set(record.duties)
    else:
        assert Decimal(case["low"]) <= Decimal(case["high"])


@pytest.mark.parametrize("case", CASES)
def test_a_line_bears_what_the_law_says(real_store: Store, case: dict[str, Any]) -> None:
    asked: dict[str, Any] = {"origin": case["origin"], "on": case["day"], "store": real_store}
    answer = rate(case["line"], **asked)
    if "additional" in case:
        assert answer.parts == {duty: Decimal(points) for duty, points in case["parts"].items()}
        assert answer.additional == Decimal(case["additional"])
    else:
        shares = [{metal: share} for metal in answer.metals for share in (0, 100)]
        ends = [rate(case["line"], metal_share=share, **asked).additional for share in shares]
        assert {case["low"], case["high"]} <= {str(end) for end in ends}
        low, high = Decimal(case["low"]), Decimal(case["high"])
        assert all(end is not None and low <= end <= high for end in ends)
    if "possible" in case:
        assert bool(answer.possible) == case["possible"], [one.only_if for one in answer.possible]


@pytest.mark.parametrize("origin", ["CN", "HK"])
def test_parts_of_real_averages_add_up(real_store: Store, origin: str) -> None:
    whole = average(origin, store=real_store)
    for by in ("family", "authority", "duty", "chapter"):
        summed = average(origin, by=by, store=real_store).groupby("date", observed=True)["rate"].sum()
        np.testing.assert_allclose(summed.to_numpy(), whole["rate"].to_numpy(), atol=1e-9)
    assert whole["covered"].between(0, 100).all()
    assert whole["unknown"].between(0, 100).all()


@pytest.mark.parametrize("origin", ["CN", "HK"])
def test_real_trade_is_spread_over_all_its_duties(real_store: Store, origin: str) -> None:
    for day in ("2025-01-01", "2025-04-15", "2026-10-09"):
        assert distribution(origin, on=day, store=real_store)["share"].sum() == pytest.approx(100, abs=1e-9)


def test_on_the_first_day_hong_kong_bears_what_is_on_all_origins_alone(real_store: Store) -> None:
    # No IEEPA duty stood on 1 January 2025, and Section 301 is on China: solar cells and metals are left.
    found = average("HK", by="authority", start="2025-01-01", end="2025-01-01", store=real_store)
    borne = set(found.loc[found["rate"] > 0, "authority"])
    assert "us-mfn" in borne
    assert borne <= {"us-mfn", "S201", "S232"}


def test_every_real_line_has_a_row_and_low_is_no_more_than_high(real_store: Store) -> None:
    found = frame("CN", on="2025-07-01", store=real_store)
    # The export of revision 16 has some 19,000 lines under which goods are entered.
    assert 18_000 < len(found) < 20_000
    known = found.dropna(subset=["low"])
    assert (known["low"] <= known["high"]).all()
    settled = found.dropna(subset=["additional"])
    assert ((settled["low"] - 1e-9 <= settled["additional"]) & (settled["additional"] <= settled["high"] + 1e-9)).all()
