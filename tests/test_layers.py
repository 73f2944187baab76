"""Data flows one way: a module imports only from modules to its left in docs/design.md."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "tariffs"
ORDER = [
    "errors", "vocabulary", "naming", "model", "reading", "steps", "stacking", "burdens", "averages", "companions", "supposing",
    "catalog", "loading", "asking",
    "measures", "answers", "explaining", "schemas", "sampling", "calendars", "frames", "tables", "vintage", "joining",
    "transit", "surprising", "windows", "splitting",
    "comparing", "citing", "differing", "claims", "checking", "export", "charts", "products", "publishing", "cli",
]  # fmt: skip
WITHIN = {
    "reading": [
        "tree",
        "scalars",
        "fields",
        "naming",
        "document",
        "duties",
        "context",
        "table",
        "claims",
        "weights",
        "goods",
        "points",
        "scenario",
        "sessions",
    ],
    "export": ["files", "meta", "text", "html", "stata", "parquet", "excel", "writing", "release"],
    "charts": [
        "style",
        "page",
        "labels",
        "words",
        "breaks",
        "panel",
        "sheet",
        "alt",
        "lines",
        "interactive",
        "webpage",
        "saving",
        "said",
        "snippets",
        "story",
        "chosen",
        "pagelevels",
        "drawing",
        "zoom",
        "stepchart",
        "theirs",
        "againstmarks",
        "differences",
        "againststeps",
        "against",
        "partstack",
        "partnames",
        "areas",
        "fanpaths",
        "fanlines",
        "fan",
        "gridlayout",
        "multiples",
        "lanes",
        "lanelayout",
        "lanechart",
        "clockrows",
        "clocktable",
        "clockchart",
        "kinds",
    ],
    "products": [
        "codes",
        "duties",
        "published",
        "schedule",
        "countries",
        "trade",
        "checksums",
        "downloading",
        "fetching",
        "concordance",
        "matching",
        "equivalents",
        "listing",
        "metals",
        "named",
        "history",
        "standing",
        "store",
        "building",
        "fates",
        "converted",
        "grid",
        "averaging",
        "asking",
        "oneline",
        "answers",
        "overtrade",
        "charging",
        "intervals",
        "spread",
        "driving",
        "said",
        "bandchart",
        "movetable",
        "movechart",
    ],
    "cli": ["shell", "app", "numbers", "drawing", "studies", "products", "record"],
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")


def imported(path: Path) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tariffs"):
            parts = tuple((node.module or "").split(".")[1:])
            found.update([parts] if parts else [(alias.name,) for alias in node.names])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_module_imports_only_from_its_left(path: Path) -> None:
    place = path.relative_to(PACKAGE).with_suffix("").parts
    for other in imported(path):
        if other[0] != place[0]:
            assert ORDER.index(other[0]) < ORDER.index(place[0]), f"{'.'.join(place)} imports {'.'.join(other)}"
        elif len(other) > 1:
            inner = WITHIN[place[0]]
            assert inner.index(other[1]) < inner.index(place[1]), f"{'.'.join(place)} imports {'.'.join(other)}"


def test_every_module_has_its_place_in_the_order_and_in_the_design() -> None:
    design = (PACKAGE.parent / "docs" / "design.md").read_text(encoding="utf-8")
    for path in MODULES:
        top = path.relative_to(PACKAGE).with_suffix("").parts[0]
        assert top in ORDER
        assert f"`{top}`" in design or f"`{top}/`" in design
