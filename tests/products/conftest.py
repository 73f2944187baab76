from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tariffs.products.building import build
from tests.products.serving import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tariffs.products import Store


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.over.set()
        running.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def real_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of all that lies beside the project."""
    source = Path(__file__).parents[3] / "shared" / "data"
    for name in ("hts_archives", "lists", "tariff_lists", "us_imports_2024"):
        if not (source / name).is_dir():
            pytest.skip(f"no store to build: {name} is looked for beside the project")
    return build(source, tmp_path_factory.mktemp("store") / "real")
