from __future__ import annotations

import doctest
import inspect
import pkgutil
from importlib import import_module

import pytest

import tariffs

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
MODULES = ["tariffs", *(module.name for module in pkgutil.walk_packages(tariffs.__path__, "tariffs."))]
RUNNABLE = [name for name in MODULES if not name.endswith("__main__")]


def examples(name: str) -> int:
    return sum(len(test.examples) for test in doctest.DocTestFinder(exclude_empty=True).find(import_module(name)))


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_examples_of_a_module_give_what_they_show(name: str) -> None:
    found = doctest.testmod(import_module(name), optionflags=FLAGS)
    assert found.failed == 0
    assert found.attempted == examples(name)


def test_the_search_for_examples_finds_them() -> None:
    assert {"tariffs.steps", "tariffs.frames"} <= set(RUNNABLE)
    assert examples("tariffs.steps") > 0
    assert examples("tariffs") > 0


@pytest.mark.parametrize("name", tariffs.__all__)
def test_every_public_function_shows_an_example(name: str) -> None:
    value = getattr(tariffs, name)
    assert inspect.getdoc(value)
    if inspect.isfunction(value):
        assert ">>> " in (inspect.getdoc(value) or "")
