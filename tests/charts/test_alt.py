from __future__ import annotations

from datetime import date

import pytest
from matplotlib.figure import Figure

import tariffs as tf
from tariffs.charts import alt_text
from tariffs.charts.alt import MOST_TURNS, Told
from tariffs.charts.alt import alt_text as tell
from tariffs.vocabulary import long_day

WINDOW = date(2025, 1, 1), date(2025, 12, 31)


def told(start: float, *steps: tuple[date, float], ahead: dict[date, str] | None = None) -> str:
    line = Told("US on China", start, steps, ahead or {}, lambda level: f"{level:g}")
    return tell("Step chart", "Tariffs", "Percent", WINDOW, [line]).split("US on China: ")[1]


def test_the_alt_text_says_kind_title_unit_and_span() -> None:
    text = alt_text(tf.plot(end="2026-10-09"))
    opening = "Step chart: US and Chinese across-the-board tariffs on each other's goods. Percent of customs value."
    assert text.startswith(f"{opening} 1 January 2025 to 9 October 2026. ")


def test_levels_turning_points_and_what_is_expected_are_in_words() -> None:
    text = alt_text(tf.plot("cn_on_us"))
    # Announcements No. 5 and 6 of 2025, the Geneva statement, and the end of the truce as both governments stated it.
    assert "China on US: 0 at first; 84 from 10 April 2025; 125 from 12 April 2025; 10 from 14 May 2025." in text
    assert text.endswith("Expected: 34 from 10 January 2027, unless extended again.")


def test_a_line_that_never_moves_is_told_in_a_word() -> None:
    assert told(10) == "10 throughout."


def test_a_line_of_small_steps_is_not_said_never_to_move() -> None:
    small = Told("Cars", 0, ((date(2025, 4, 3), 1.5), (date(2025, 11, 1), 1.2)), {}, lambda level: f"{level:g}")
    large = Told("total", 0, ((date(2025, 4, 10), 145.0),), {}, lambda level: f"{level:g}")
    said = tell("Stacked areas", "Tariffs", "Percent", WINDOW, [large, small]).split("Cars: ")[1]
    assert said == "0 at first; 1.2 at the end; 2 steps in all; highest 1.5, from 3 April 2025."


def test_many_small_steps_are_told_by_how_far_they_went() -> None:
    rises = tuple((date(2025, month, 1), float(month)) for month in range(1, 13))
    text = told(0.0, *rises, (date(2025, 12, 24), 100.0))
    parts = ["0 at first", "4 from 1 April 2025", "8 from 1 August 2025", "12 from 1 December 2025", "100 from 24 December 2025"]
    assert text == f"{'; '.join(parts)}; 13 steps in all."


def test_of_very_many_turns_only_the_large_ones_are_told() -> None:
    saw = tuple((date(2025, 1, day), 50.0 + (day if day % 2 else -day)) for day in range(1, 29))
    text = told(50.0, *saw)
    assert text.count(" from ") <= MOST_TURNS + 1
    assert "28 steps in all" in text


def test_a_peak_between_two_turns_is_told_with_its_day() -> None:
    text = told(0.0, (date(2025, 4, 10), 124.8), (date(2025, 5, 3), 127.2), (date(2025, 5, 14), 51.8))
    assert "highest 127.2, from 3 May 2025" in text


def test_the_level_at_the_end_is_told_where_no_turn_tells_it() -> None:
    assert "12.5 at the end" in told(145.0, (date(2025, 5, 14), 10.0), (date(2025, 7, 24), 12.5))


@pytest.mark.parametrize(("day", "said"), [(date(2025, 5, 1), "1 May 2025"), (date(2026, 12, 31), "31 December 2026")])
def test_days_are_said_in_full(day: date, said: str) -> None:
    assert long_day(day) == said


def test_a_title_of_one_s_own_is_the_one_that_is_told() -> None:
    assert alt_text(tf.plot(title="Who pays?")).startswith("Step chart: Who pays? Percent of customs value.")


def test_a_chart_without_a_title_is_still_told_with_one() -> None:
    assert "US and Chinese across-the-board tariffs" in alt_text(tf.plot(title=""))


def test_another_figure_has_no_words_of_ours() -> None:
    assert alt_text(Figure().add_subplot()) == ""
