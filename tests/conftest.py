from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tariffs.loading import load
from tariffs.products.building import build
from tariffs.products.store import MANIFEST, open_store
from tests.products.world import write_world

if TYPE_CHECKING:
    from tariffs.catalog import Catalog
    from tariffs.products import Store

SHARED = Path(__file__).parents[2] / "shared" / "data"
FOLDERS = ("hts_archives", "lists", "tariff_lists", "us_imports_2024")
LONGEST = 300  # that a process waits for another to build the store [s]


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


@pytest.fixture(scope="session")
def real_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of all that lies beside the project, built by the first process that asks for it."""
    for name in FOLDERS:
        if not (SHARED / name).is_dir():
            pytest.skip(f"no store to build: {name} is looked for beside the project")
    base = tmp_path_factory.getbasetemp()
    together = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, claim = together / "real-store", together / "real-store.claim"
    try:
        claim.mkdir()
    except FileExistsError:
        _wait_for(folder / MANIFEST)
        return open_store(folder)
    return build(SHARED, folder)


def _wait_for(path: Path) -> None:
    for _ in range(LONGEST):
        if path.exists():
            return
        time.sleep(1)
    pytest.fail(f"the store was not built within {LONGEST} s by the process that began it")
