"""Write again what is generated: pictures and their gallery, snippets, the account of the facts, the output of notebooks.

Charts of tariff lines, and the notebook about them, need a store of them; without one those that are committed stay.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import nbformat
import pandas as pd
from nbclient import NotebookClient

from scripts import build_coverage
from tariffs.charts import alt_text, plot, save, snippet
from tariffs.charts.kinds import draw
from tariffs.charts.said import said
from tariffs.errors import TariffsError
from tariffs.loading import load
from tariffs.products import open_store, plot_distribution, plot_steps

if TYPE_CHECKING:
    from tariffs.vocabulary import Target

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
FOUR_GOODS = ["list-3", "smartphone", "electric-car", "steel-mill-product"]
SIX_GOODS = ["list-1", "list-3", "list-4a", "smartphone", "electric-car", "steel-mill-product"]
AVERAGES: dict[str, Any] = {"measure": "average", "weights": ["piie-implied"]}
# Peterson Institute (Bown), "US-China Trade War Tariffs: An Up-to-Date Chart", edition of 14 November 2025.
PUBLISHED = pd.Series(
    {"2018-07-06": 6.7463, "2018-09-24": 12.0592, "2019-05-20": 12.0461, "2019-06-01": 17.5269}
    | {"2019-09-01": 21.0438, "2020-02-14": 19.2930, "2025-03-12": 42.6579}
)
PUBLISHED.index = pd.to_datetime(PUBLISHED.index)
DAYS = ["2025-04-07", "2025-05-20", "2025-08-15", "2025-10-12"]
# Of each picture: kind, directions, and what else is asked for.
PICTURES: dict[str, tuple[str, list[str], dict[str, Any]]] = {
    "us-china-174.png": ("rates", [], {"width": 174}),
    "us-china-84.png": ("rates", [], {"width": 84}),
    "averages-174.png": ("rates", [], AVERAGES | {"width": 174}),
    "averages-84.png": ("rates", [], AVERAGES | {"zoom": "auto", "width": 84}),
    "broken-84.png": ("rates", ["us_on_cn"], {"measure": "stack", "good": ["list-4a"], "broken": "auto", "width": 84}),
    "stacks-174.png": ("rates", [], {"measure": "stack", "good": FOUR_GOODS, "width": 174}),
    "timeline-174.png": ("timeline", ["us_on_cn"], {"width": 174}),
    "timeline-84.png": ("timeline", ["cn_on_us"], {"width": 84}),
    "parts-174.png": ("parts", ["us_on_cn"], AVERAGES | {"width": 174}),
    "parts-84.png": ("parts", ["us_on_cn"], {"start": "2025-01-01", "width": 84}),
    "clocks-174.png": ("clocks", ["us_on_cn"], {"width": 174}),
    "clocks-84.png": ("clocks", ["s301-list-3"], {"end": "2020-12-31", "width": 84}),
    "panels-174.png": ("panels", ["us_on_cn"], {"measure": "stack", "good": SIX_GOODS, "width": 174}),
    "panels-84.png": ("panels", [], AVERAGES | {"width": 84}),
    "expected-174.png": ("expected", ["us_on_cn"], {"days": DAYS, "start": "2025-01-01", "width": 174}),
    "scenario-174.png": ("rates", [], {"catalog": load("no-geneva", on_top=True), "width": 174}),
    "compare-174.png": ("compare", ["us_on_cn"], AVERAGES | {"theirs": PUBLISHED, "name": "Peterson Institute", "width": 174}),
}
# Of each picture of tariff lines: which, and how wide.
OF_LINES: dict[str, tuple[str, int]] = {
    f"{kind}-{width}.png": (kind, width) for kind in ("distribution", "steps") for width in (174, 84)
}
NOTEBOOK_OF_LINES = "products.ipynb"
# Of each target on the page about documents: the chart's file, and what its lines look like there.
EMBEDDED: dict[Target, tuple[str, str]] = {
    "latex": ("cn-on-us.pdf", r"\\begin\{figure\}.*?\\end\{figure\}"),
    "typst": ("cn-on-us.svg", r"#figure\(.*?\) <fig-cn-on-us>"),
    "markdown": ("cn-on-us.png", r"!\[[^\n]*\{[^\n]* alt=[^\n]*"),
    "quarto": ("cn-on-us.svg", r"!\[[^\n]*\{[^\n]* fig-alt=[^\n]*"),
}


def embedded(page: str) -> str:
    """Return the page about documents with the lines of each target as they are now."""
    chart = plot("cn_on_us")
    with TemporaryDirectory() as folder:
        for target, (name, pattern) in EMBEDDED.items():
            lines = snippet(save(chart, Path(folder, name)), target).replace(f"{folder}/", "")
            (written,) = re.findall(pattern, page, flags=re.DOTALL)
            page = page.replace(written, lines)
    return page


def missing_store() -> str:
    """Return why there is no store of tariff lines to draw from; nothing where there is one."""
    try:
        open_store().namings(load())
    except TariffsError as error:
        return str(error)
    return ""


def drawn() -> list[str]:
    """Draw the pictures from the record, and return their sections of the gallery."""
    sections = []
    for name, (kind, directions, asked) in PICTURES.items():
        chart = draw(kind, directions, **asked)
        print(save(chart, IMAGES / name, dpi=200).relative_to(ROOT))
        supposed = f" --with {asked['catalog'].scenario}" if "catalog" in asked else ""
        sections.append(section(name, alt_text(chart), asked["width"], f"--kind {kind}{supposed}"))
    return sections


def drawn_of_lines(lacking: str) -> list[str]:
    """Draw the pictures of tariff lines, or leave those that are there, and return their sections as the files have them."""
    sections = []
    for name, (kind, width) in OF_LINES.items():
        if lacking:
            print(f"{(IMAGES / name).relative_to(ROOT)}: left as it is: {lacking}")
        else:
            chart = plot_distribution("CN", width=width) if kind == "distribution" else plot_steps("CN", width=width)
            print(save(chart, IMAGES / name, dpi=200).relative_to(ROOT))
        sections.append(section(name, said(IMAGES / name).alt, width, f"tariffs products plot {kind}"))
    return sections


def section(name: str, shown: str, width: float, command: str) -> str:
    """Return a picture's section of the gallery."""
    title = shown.split(": ", 1)[1].split(". ", 1)[0]
    return f"## {title}, {width:g} mm\n\n`{command}`\n\n![{shown}](images/{name})\n\n{shown}\n"


def main() -> None:
    """Write every generated file and name it."""
    lacking = missing_store()
    head = "# Charts\n\nDrawn by `python -m scripts.build_docs` from the record; under each, its alt text.\n"
    sections = [head, *drawn(), *drawn_of_lines(lacking)]
    (ROOT / "docs" / "gallery.md").write_text("\n".join(sections), encoding="utf-8", newline="\n")
    build_coverage.main()
    page = ROOT / "docs" / "embedding.md"
    page.write_text(embedded(page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if path.name == NOTEBOOK_OF_LINES and lacking:
            print(f"{path.relative_to(ROOT)}: left as it is: {lacking}")
            continue
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
        nbformat.write(notebook, path)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
