from __future__ import annotations

from datetime import date

from tariffs.products.concordance import Concordance, Step
from tariffs.products.history import History, Row, join
from tariffs.products.standing import Span, Standing

FIRST, SECOND, THIRD = date(2025, 1, 1), date(2025, 7, 1), date(2026, 2, 1)
DATES = {"2025_basic": FIRST, "2025_rev_16": SECOND, "2026_rev_2": THIRD}
COILS, COPPER, OTHERS, REST = "8415.90.80.25", "8415.90.80.10", "8415.90.80.20", "8415.90.80.85"


def line(code: str, general: str = "1.4%", *cites: str) -> Row:
    return Row(code, f"What {code} is", general, "Free (KR)", cites)


def history(basic: list[Row], middle: list[Row], last: list[Row]) -> History:
    return join([("2025_basic", basic), ("2025_rev_16", middle), ("2026_rev_2", last)], DATES)


def standing(basic: list[Row], middle: list[Row], last: list[Row], *steps: Step) -> Standing:
    return Standing(history(basic, middle, last), Concordance(steps))


# Coils became coils of copper and others.
SPLIT = Step("2026_rev_2", {COILS: (COPPER, OTHERS)}, {COPPER: (COILS,), OTHERS: (COILS,)}, frozenset({COILS}), frozenset())


def names(found: Standing, codes: list[str], named: dict[str, tuple[int, ...]]) -> dict[str, tuple[list[int], list[int]]]:
    return {code: (sorted(sure), sorted(maybe)) for code, (sure, maybe) in found.names(codes, named).items()}


def days(spans: list[Span]) -> list[tuple[date, date | None, str]]:
    return [(span.start, span.end, span.general) for span in spans]


def test_a_duty_that_changes_begins_a_span() -> None:
    found = standing([line("a" * 4)], [line("a" * 4)], [line("a" * 4, "1%")]).spans("aaaa")
    assert days(found) == [(FIRST, THIRD, "1.4%"), (THIRD, None, "1%")]
    assert [span.revision for span in found] == ["2025_basic", "2026_rev_2"]


def test_other_lines_that_come_and_go_do_not_cut_a_span() -> None:
    found = standing([line("aaaa")], [line("aaaa"), line("bbbb")], [line("aaaa")])
    assert days(found.spans("aaaa")) == [(FIRST, None, "1.4%")]
    assert days(found.spans("bbbb")) == [(SECOND, THIRD, "1.4%")]


def test_a_line_that_is_gone_for_a_time_has_a_gap() -> None:
    code = "2933.11.00.00"
    found = standing([line(code)], [line(REST)], [line(code)])
    assert days(found.spans(code)) == [(FIRST, SECOND, "1.4%"), (THIRD, None, "1.4%")]


def test_a_renumbered_code_stands_for_what_it_became() -> None:
    found = standing([line(COILS), line(REST)], [line(COILS), line(REST)], [line(COPPER), line(OTHERS), line(REST)], SPLIT)
    last = found.spans(COILS)[-1]
    assert (last.start, last.general, last.known, last.how != "itself") == (THIRD, "1.4%", True, True)
    assert [span.how == "itself" for span in found.spans(COPPER)] == [False, True]


def test_where_the_lines_have_several_duties_the_duty_is_unknown_and_tells_them() -> None:
    found = standing([line(COILS)], [line(COILS)], [line(COPPER, "1.4%"), line(OTHERS, "Free")], SPLIT).spans(COILS)[-1]
    assert (found.general, found.known) == ("1.4%; Free", False)


def test_duties_that_differ_in_print_alone_are_one() -> None:
    found = standing([line(COILS)], [line(COILS)], [line(COPPER, "40¢/kg + 10.4%"), line(OTHERS, "40¢/kg +10.4%")], SPLIT)
    last = found.spans(COILS)[-1]
    assert (last.general, last.known) == ("40¢/kg + 10.4%", True)


def test_a_code_that_was_never_there_has_no_span() -> None:
    assert standing([line(COILS)], [line(COILS)], [line(COILS)]).spans("9999.95.00.00") == []


def test_a_quota_is_told_from_the_safeguards_that_are_cited() -> None:
    found = standing([line("aaaa", "1%", "9904.04.50"), line("bbbb", "1%", "9903.88.03")], [line("bbbb")], [line("bbbb")])
    assert found.spans("aaaa")[0].quota
    assert not found.spans("bbbb")[0].quota


def test_a_code_is_named_by_what_names_all_that_it_stands_for_and_may_be_by_what_names_some() -> None:
    found = standing([line(COILS)], [line(COILS)], [line(COPPER), line(OTHERS)], SPLIT)
    told = names(found, [COILS, COPPER, OTHERS], {COILS: (), COPPER: (1, 2), OTHERS: (1,)})
    # Before they were told apart copper and others were coils, which nothing names.
    assert told == {COILS: ([1], [2]), COPPER: ([1, 2], []), OTHERS: ([1], [])}


def test_what_names_the_old_code_names_the_new_ones() -> None:
    found = standing([line(COILS)], [line(COILS)], [line(COPPER), line(OTHERS)], SPLIT)
    assert names(found, [COILS, COPPER], {COILS: (7,), COPPER: (), OTHERS: ()}) == {COILS: ([7], []), COPPER: ([7], [])}


def test_a_code_of_no_line_is_named_by_nothing() -> None:
    found = standing([line(COILS)], [line(COILS)], [line(COILS)])
    assert names(found, ["9999.95.00.00"], {COILS: (1,)}) == {"9999.95.00.00": ([], [])}
