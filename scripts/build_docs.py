"""Write again what is generated from the record: pictures, the account of the facts, the output of the notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

import tariffs as tf
from scripts import build_coverage
from tariffs.charts import save

ROOT = Path(__file__).parents[1]
FOUR_GOODS = ["list-3", "smartphone", "electric-car", "steel-mill-product"]
PICTURES: dict[str, dict[str, Any]] = {
    "us-china-174.png": {"width": 174},
    "us-china-84.png": {"width": 84},
    "averages-174.png": {"width": 174, "measure": "average", "weights": "piie-implied"},
    "averages-84.png": {"width": 84, "measure": "average", "weights": "piie-implied"},
    "stacks-174.png": {"width": 174, "measure": "stack", "good": FOUR_GOODS},
}


def main() -> None:
    """Write every generated file and name it."""
    for name, asked in PICTURES.items():
        print(save(tf.plot(**asked), ROOT / "docs" / "images" / name, dpi=200).relative_to(ROOT))
    build_coverage.main()
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
        nbformat.write(notebook, path)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
