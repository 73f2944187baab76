from __future__ import annotations

import subprocess
import sys

import pytest

from tariffs import products


@pytest.mark.parametrize("name", products.__all__)
def test_every_public_name_is_there_with_its_description(name: str) -> None:
    assert getattr(products, name).__doc__


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match=r"module 'tariffs\.products' has no attribute 'rates'"):
        products.rates  # noqa: B018


def test_neither_the_package_nor_a_schedule_loads_a_heavy_library() -> None:
    program = (
        "import sys; from tariffs import products; products.read_schedule; products.parse_duty; "
        "print(*[name for name in ('pandas', 'pyarrow', 'pandera', 'matplotlib') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split() == []
