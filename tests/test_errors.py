from __future__ import annotations

import inspect
import pickle
import pkgutil
from importlib import import_module

import pytest

import tariffs
from tariffs.errors import (
    CoverageError,
    OutputError,
    Problem,
    RecordError,
    TariffsError,
    UnknownNameError,
    UnknownRateError,
    UsageError,
    did_you_mean,
)


def package_errors() -> list[type[BaseException]]:
    # The command line speaks click's own exceptions; nothing of it reaches a caller of the library.
    modules = [module.name for module in pkgutil.walk_packages(tariffs.__path__, "tariffs.")]
    names = [name for name in modules if name.split(".")[1] not in ("cli", "__main__")]
    found = [
        value
        for name in names
        for _, value in inspect.getmembers(import_module(name), inspect.isclass)
        if issubclass(value, BaseException) and value.__module__ == name
    ]
    return sorted(found, key=lambda error: error.__qualname__)


def test_one_except_clause_catches_whatever_the_package_defines() -> None:
    found = package_errors()
    assert {RecordError, UsageError} <= set(found)
    assert [error for error in found if not issubclass(error, TariffsError)] == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TariffsError("x"), 1),
        (RecordError([]), 1),
        (UnknownRateError("x"), 1),
        (OutputError("x"), 1),
        (UsageError("x"), 2),
        (CoverageError("x"), 2),
        (UnknownNameError("duty", "x", []), 2),
    ],
)
def test_misuse_exits_2_and_bad_data_exits_1(error: TariffsError, code: int) -> None:
    assert error.exit_code == code
    assert isinstance(error, ValueError) is (code == 2)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("duties/a.yaml", 7, "rate", "found '34'"), "duties/a.yaml:7: rate: found '34'"),
        (Problem("duties/a.yaml", 7, "", "not YAML"), "duties/a.yaml:7: not YAML"),
        (Problem("duties/a.yaml", 0, "", "is empty"), "duties/a.yaml: is empty"),
    ],
)
def test_a_problem_reads_as_a_compiler_prints_it(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_record_error_lists_everything_by_file_and_line() -> None:
    problems = [Problem("b.yaml", 2, "", "two"), Problem("a.yaml", 10, "", "ten"), Problem("a.yaml", 9, "", "nine")]
    error = RecordError(problems)
    assert str(error) == "a.yaml:9: nine\na.yaml:10: ten\nb.yaml:2: two"
    assert error.problems == (problems[2], problems[1], problems[0])


@pytest.mark.parametrize(
    ("found", "known", "ending"),
    [
        ("us_on_ch", ["us_on_cn", "cn_on_us"], "; did you mean 'us_on_cn'?"),
        ("s301-list3", ["s301-list-3", "s301-list-4a"], "; did you mean 's301-list-3'?"),
        ("ieepa", ["IEEPA", "MFN"], "; did you mean 'IEEPA'?"),
        ("weekly", ["D", "MS"], "; one of: D, MS"),
        ("anything", [], ""),
        ("qqqq", [f"name-{number:02}" for number in range(40)], ""),
        ("qqqq", ["b", "a", "b"], "; one of: a, b"),
    ],
)
def test_an_unknown_name_is_told_the_nearest_or_the_choices(found: str, known: list[str], ending: str) -> None:
    assert did_you_mean(found, known) == ending
    assert str(UnknownNameError("name", found, known)) == f"unknown name {found!r}{ending}"


def test_an_unknown_name_carries_what_was_asked_and_what_there_is() -> None:
    error = UnknownNameError("duty", "s301", iter(["s301-list-1", "s122-surcharge"]))
    assert (error.kind, error.found, error.known) == ("duty", "s301", ("s301-list-1", "s122-surcharge"))


@pytest.mark.parametrize(
    "error",
    [
        UsageError("start 2025-05-01 is after end 2025-04-01"),
        UnknownNameError("direction", "us_on_ch", ["us_on_cn"]),
        RecordError([Problem("a.yaml", 9, "rate", "is missing")]),
    ],
)
def test_an_error_survives_the_way_back_from_a_worker_process(error: TariffsError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
