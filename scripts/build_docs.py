"""Write again what is generated from the record: pictures, the account of the facts, the output of the notebooks."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

import tariffs as tf
from scripts import build_coverage
from tariffs.charts import save

ROOT = Path(__file__).parents[1]
PICTURES = {"us-china-174.png": 174, "us-china-84.png": 84}


def main() -> None:
    """Write every generated file and name it."""
    for name, width in PICTURES.items():
        print(save(tf.plot(width=width), ROOT / "docs" / "images" / name, dpi=200).relative_to(ROOT))
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
