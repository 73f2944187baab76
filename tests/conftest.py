from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

from tariffs.loading import load
from tariffs.products.building import build
from tests.products.world import write_world

if TYPE_CHECKING:
    from pathlib import Path

    from tariffs.catalog import Catalog
    from tariffs.products import Store


# Files whose tests run in one process, because what they share takes long to make.
TOGETHER = ("tests/products/test_truths.py",)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # it brings no annotations
    """Hands tests to processes one by one, and those of some files to one process."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in TOGETHER else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    return Scheduling(config, log)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world's folder; what changes it takes a copy."""
    return write_world(tmp_path_factory.mktemp("small") / "world")


@pytest.fixture(scope="session")
def record(world: Path) -> Catalog:
    """The small world's record."""
    return load(world / "record")


@pytest.fixture(scope="session")
def store(world: Path, record: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The small world's store."""
    return build(world, tmp_path_factory.mktemp("store") / "small", catalog=record)
