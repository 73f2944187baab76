from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tariffs.schemas import EVENTS, LEVELS, PARTED, SERIES, WIDE, ShapeError, hold
from tariffs.tables import events

if TYPE_CHECKING:
    from collections.abc import Callable

DAYS = ["2025-04-09", "2025-04-10", "2025-05-14"]


def dates(*days: str, unit: str = "us") -> pd.DatetimeIndex:
    return pd.DatetimeIndex(pd.to_datetime(list(days)).astype(f"datetime64[{unit}]"), name="date")


def wide(**changes: Any) -> pd.DataFrame:
    columns = {"us_on_cn": [104.0, 145.0, 30.0], "cn_on_us": [0.0, 84.0, 10.0]} | changes
    return pd.DataFrame(columns, index=dates(*DAYS))


def parted(**changes: Any) -> pd.DataFrame:
    columns = {
        "date": dates(*DAYS),
        "direction": pd.Categorical(["us_on_cn"] * 3),
        "family": pd.Categorical(["ieepa-reciprocal"] * 3),
        "rate": [84.0, 125.0, 10.0],
    }
    return pd.DataFrame(columns | changes)


def leveled(**changes: Any) -> pd.DataFrame:
    names = {"direction": "us_on_cn", "duty": "d", "family": "f", "authority": "IEEPA", "scope": "all_goods"}
    columns = {"date": dates(*DAYS), **{name: pd.Categorical([word] * 3) for name, word in names.items()}}
    return pd.DataFrame(columns | {"rate": [84.0, 125.0, 10.0]} | changes)


def refusal(schema: Any, frame: Any) -> str:
    with pytest.raises(ShapeError) as caught:
        hold(schema, frame)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    return message


def test_a_frame_of_the_right_shape_comes_back_as_it_is() -> None:
    for schema, frame in [(WIDE, wide()), (PARTED["family"], parted()), (LEVELS, leveled())]:
        assert hold(schema, frame) is frame
    column = wide()["us_on_cn"]
    assert hold(SERIES, column) is column


def test_a_rate_may_be_unknown() -> None:
    hold(WIDE, wide(us_on_cn=[float("nan"), 145.0, 30.0]))
    hold(LEVELS, leveled(rate=[float("nan"), 125.0, 10.0]))


# The next two show a bug: pandera takes every naive datetime64 for datetime64[ns] and compares no units, so that
# `pa.Column("datetime64[us]")` and `pa.Index("datetime64[us]")` let dates of any unit through.
@pytest.mark.parametrize("unit", ["ns", "ms", "s"])
@pytest.mark.parametrize(
    ("schema", "make"),
    [
        (WIDE, lambda days: wide().set_axis(days)),
        (SERIES, lambda days: wide().set_axis(days)["us_on_cn"]),
        (PARTED["family"], lambda days: parted(date=days)),
        (LEVELS, lambda days: leveled(date=days)),
    ],
    ids=["wide", "series", "parted", "levels"],
)
def test_dates_of_another_unit_are_refused(schema: Any, make: Callable[[pd.DatetimeIndex], Any], unit: str) -> None:
    assert refusal(schema, make(dates(*DAYS, unit=unit))).startswith("date: ")


def test_events_with_dates_of_another_unit_are_refused() -> None:
    frame = events("us_on_cn")
    assert refusal(EVENTS, frame.assign(effective=frame["effective"].astype("datetime64[ns]"))).startswith("effective: ")


def test_dates_as_text_are_refused() -> None:
    for schema, frame in [
        (PARTED["family"], parted(date=DAYS)),
        (LEVELS, leveled(date=DAYS)),
        (WIDE, wide().set_axis(pd.Index(DAYS, name="date"))),
    ]:
        message = refusal(schema, frame)
        assert message.startswith("date: ")
        assert "found str" in message


def test_dates_with_a_time_zone_are_refused() -> None:
    days = dates(*DAYS).tz_localize("UTC")
    assert "UTC" in refusal(WIDE, wide().set_axis(days))
    assert "UTC" in refusal(PARTED["family"], parted(date=days))


def test_a_date_that_stands_twice_is_refused() -> None:
    days = dates("2025-04-09", "2025-04-10", "2025-04-10")
    assert "2025-04-10" in refusal(WIDE, wide().set_axis(days))
    assert "2025-04-10" in refusal(SERIES, wide()["us_on_cn"].set_axis(days))
    refusal(PARTED["family"], parted(date=days))
    refusal(LEVELS, leveled(date=days))


def test_dates_that_decrease_are_refused() -> None:
    assert "increas" in refusal(WIDE, wide()[::-1])
    assert "increas" in refusal(SERIES, wide()["us_on_cn"][::-1])


def test_a_missing_date_is_refused() -> None:
    refusal(WIDE, wide().set_axis(dates("2025-04-09", "2025-04-10", "NaT")))


def test_an_index_without_its_name_is_refused() -> None:
    refusal(WIDE, wide().rename_axis(None))


def test_a_negative_rate_is_refused_by_column_and_value() -> None:
    message = refusal(WIDE, wide(cn_on_us=[0.0, -84.0, 10.0]))
    assert "cn_on_us" in message
    assert "-84.0" in message
    assert "-84.0" in refusal(SERIES, wide()["us_on_cn"] * 0 - 84.0)
    assert refusal(PARTED["family"], parted(rate=[84.0, -125.0, 10.0])).startswith("rate: ")
    assert refusal(LEVELS, leveled(rate=[84.0, -125.0, 10.0])).startswith("rate: ")


def test_a_rate_that_is_no_float_is_refused_not_coerced() -> None:
    for rate in ([84, 125, 10], ["84", "125", "10"]):
        assert "us_on_cn" in refusal(WIDE, wide(us_on_cn=rate))
        assert refusal(PARTED["family"], parted(rate=rate)).startswith("rate: ")


def test_a_column_too_many_is_refused_by_its_name() -> None:
    assert "total" in refusal(WIDE, wide(total=[1.0, 2.0, 3.0]))
    assert "total" in refusal(PARTED["family"], parted(total=[1.0, 2.0, 3.0]))
    assert "total" in refusal(LEVELS, leveled(total=[1.0, 2.0, 3.0]))


def test_a_column_too_few_is_refused_by_its_name() -> None:
    assert "rate" in refusal(PARTED["family"], parted().drop(columns="rate"))
    assert "scope" in refusal(LEVELS, leveled().drop(columns="scope"))


def test_parts_by_another_word_are_refused() -> None:
    refusal(PARTED["duty"], parted())


def test_columns_in_another_order_are_refused() -> None:
    refusal(LEVELS, leveled()[leveled().columns[::-1]])


def test_the_table_of_events_takes_only_its_own_words() -> None:
    frame = events("us_on_cn")
    assert hold(EVENTS, frame) is frame
    assert refusal(EVENTS, frame.assign(timing="soon")).startswith("timing: ")
    assert refusal(EVENTS, frame.assign(grade="D")).startswith("grade: ")
    assert refusal(EVENTS, frame.assign(rate=-1.0)).startswith("rate: ")
    assert refusal(EVENTS, pd.concat([frame, frame])).startswith("id: ")
