"""The share of trade in each band of duties, over time: four goods whose duties are summed by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tariffs.errors import CoverageError, UsageError
from tariffs.products import distribution, distributions
from tests.products.fourgoods import four_goods

STORE = four_goods()
# By hand. Goods on no list 40, on List 3 (25%) 30, freed of the reciprocal duty 20, of unknown steel content 10.
# 4 Feb and 4 Mar 2025: EO 14195 and 14228, 10 and 20. 5 Apr: EO 14257, 10 more on 80. 9 and 10 Apr: EO 14259 and 14266, 84 and
# 125; the second moves no good into another band. 14 May: EO 14298, 10. 23 June: the washers' steel bears Section 232. 10 Nov:
# EO 14357, 10 less. 24 Feb 2026: 10 under Section 122 alone. 6 Apr: the derivatives' duty ends. 24 July: 12.5 in its place.
BANDS = {
    "2025-01-01": {"0": 70, "above 10 to 25": 30},
    "2025-02-04": {"above 0 to 10": 70, "above 25 to 50": 30},
    "2025-03-04": {"above 10 to 25": 70, "above 25 to 50": 30},
    "2025-04-05": {"above 10 to 25": 20, "above 25 to 50": 50, "above 50 to 100": 30},
    "2025-04-09": {"above 10 to 25": 20, "above 100": 80},
    "2025-05-14": {"above 10 to 25": 20, "above 25 to 50": 50, "above 50 to 100": 30},
    "2025-06-23": {"above 10 to 25": 20, "above 25 to 50": 40, "above 50 to 100": 30, "unknown": 10},
    "2025-11-10": {"above 0 to 10": 20, "above 10 to 25": 40, "above 25 to 50": 30, "unknown": 10},
    "2026-02-24": {"above 0 to 10": 60, "above 25 to 50": 30, "unknown": 10},
    "2026-04-06": {"above 0 to 10": 70, "above 25 to 50": 30},
    "2026-07-24": {"above 10 to 25": 70, "above 25 to 50": 30},
}


def test_shares_of_bands_are_those_summed_by_hand_on_every_day_on_which_one_moves() -> None:
    frame = distributions("CN", store=STORE)
    found = {
        str(date)[:10]: dict(zip(of["band"], of["share"].round(9), strict=True)) for date, of in frame.groupby("date", sort=False)
    }
    assert {day: {band: share for band, share in of.items() if share} for day, of in found.items()} == BANDS
    assert all(round(sum(of.values()), 9) == 100 for of in found.values())


def test_a_band_has_its_upper_end_in_it_and_not_its_lower_one() -> None:
    frame = distributions("CN", store=STORE, bounds=[10, 20], end="2025-03-31")
    assert list(frame["band"].cat.categories) == ["up to 10", "above 10 to 20", "above 20", "unknown"]
    # 70 goods go from 0 to 10 on 4 February and to 20 on 4 March: the first is within the lowest band.
    assert [str(day)[:10] for day in frame["date"].unique()] == ["2025-01-01", "2025-03-04"]
    first = frame[frame["date"] == "2025-03-04"]
    assert first["share"].tolist() == [0, 70, 30, 0]
    assert first["above"].fillna(-1).tolist() == [-1, 10, 20, -1]
    assert first["up_to"].fillna(-1).tolist() == [10, 20, -1, -1]


def test_the_general_duty_is_counted_in_where_that_is_asked() -> None:
    frame = distributions("CN", store=STORE, bounds=[25], mfn=True, end="2025-01-31")
    assert frame["share"].tolist() == [70, 30, 0]  # 25 and 5 on List 3
    assert frame.attrs["mfn"] == "included"


def test_it_says_on_each_day_what_the_distribution_of_the_day_says() -> None:
    frame = distributions("CN", store=STORE)
    for day in BANDS:
        one = distribution("CN", on=day, store=STORE, width=0.5)
        of = frame[frame["date"] == day].set_index("band")["share"]
        assert one.loc[one["at_least"] >= 100.5, "share"].sum() == pytest.approx(of["above 100"])
        assert one.loc[one["at_least"].isna(), "share"].sum() == pytest.approx(of["unknown"])


def test_goods_without_trade_have_no_shares() -> None:
    assert np.isnan(distributions("HK", store=STORE)["share"]).all()


def test_attributes_say_whose_trade_it_is() -> None:
    attrs = distributions("CN", store=STORE).attrs
    assert (attrs["measure"], attrs["origin"], attrs["weights"]) == ("distribution", "CN", "us-imports-2024")


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"bounds": []}, UsageError, "expected ascending percentages from 0"),
    ({"bounds": [10, 10]}, UsageError, "expected ascending"),
    ({"bounds": [-1, 10]}, UsageError, "expected ascending"),
    ({"bounds": [0, float("inf")]}, UsageError, "expected ascending"),
    ({"bounds": "0,10"}, UsageError, "expected ascending"),
    ({"basis": "refundable"}, UsageError, "expected charged or lawful"),
    ({"start": "2024-12-31"}, CoverageError, "before 2025-01-01"),
    ({"start": "2025-03-01", "end": "2025-02-01"}, UsageError, "is after end"),
]


@pytest.mark.parametrize(("asked", "error", "said"), REFUSED)
def test_what_cannot_be_answered_is_refused(asked: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        distributions("CN", store=STORE, **asked)
