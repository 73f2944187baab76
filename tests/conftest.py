from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tariffs.loading import load
from tariffs.products.building import build
from tests.products.world import write_world

if TYPE_CHECKING:
    from pathlib import Path

    from tariffs.catalog import Catalog
    from tariffs.products import Store


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
