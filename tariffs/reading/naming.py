"""The `products` block of a duty's file becomes its namings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tariffs.naming import METALS, Listed, Naming
from tariffs.reading.scalars import parse_slug, shown
from tariffs.reading.tree import Mapping, Sequence, Text

if TYPE_CHECKING:
    from tariffs.reading.fields import Fields

NAMING_FIELDS = (
    "cites", "list", "column", "where", "lines", "unseen", "but_not", "change", "only_if", "metal", "full_value", "by", "against",
)  # fmt: skip
LIST_FIELDS = ("list", "column", "where")
WAYS = ("cites", "list", "lines", "unseen")
HEADING = re.compile(r"99[0-9]{2}\.[0-9]{2}\.[0-9]{2}")
CODE = re.compile(r"[0-9]{2}(?:[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2})?)?)?)?")


def read_namings(fields: Fields) -> tuple[Naming, ...]:
    """Read the block of one duty; what is wrong with it is noted with its line."""
    if not fields.has("products"):
        return ()
    return tuple(_naming(entry) for entry in fields.mappings("products", NAMING_FIELDS))


def _naming(fields: Fields) -> Naming:
    ways = [name for name in WAYS if fields.has(name)]
    if len(ways) != 1:
        found = " and ".join(ways) or "none"
        fields.refuse(ways[0] if ways else "products", f"found {found}, expected one of {', '.join(WAYS)}")
    if fields.has("unseen"):
        for name in ("but_not", "only_if", "metal", "full_value", "against"):
            if fields.has(name):
                fields.refuse(name, "says nothing of lines that no schedule shows")
    if fields.has("full_value") and fields.has("metal"):
        fields.refuse("full_value", "goes without metal: the duty is charged on the full value or on the content")
    return Naming(
        by=fields.text("by", required=True),
        cites=fields.texts("cites", _heading),
        listed=_listed(fields) if fields.has("list") else None,
        codes=fields.texts("lines", parse_stem),
        unseen=fields.text("unseen", required=fields.has("unseen")),
        but_not=fields.texts("but_not", parse_stem),
        changes=fields.texts("change", parse_slug),
        only_if=fields.text("only_if", required=fields.has("only_if")),
        metal=fields.choice("metal", METALS) if fields.has("metal") else "",
        full_value=fields.flag("full_value"),
        against=tuple(_listed(entry) for entry in fields.mappings("against", LIST_FIELDS)) if fields.has("against") else (),
        file=fields.reader.file,
        line=fields.line,
    )


def _listed(fields: Fields) -> Listed:
    file = fields.parsed("list", _below, required=True) or ""
    return Listed(file, fields.text("column"), _where(fields))


def _where(fields: Fields) -> tuple[tuple[str, tuple[str, ...]], ...]:
    node = fields.mapping.items.get("where")
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        fields.refuse("where", "expected columns with the texts that each may hold")
        return ()
    found = []
    for column, value in node.items.items():
        entries = value.items if isinstance(value, Sequence) else (value,)
        texts = tuple(entry.value.strip() for entry in entries if isinstance(entry, Text))
        if len(texts) < len(entries):
            fields.reader.refuse(value.line, f"where.{column}", "expected a text or a list of texts")
        found.append((column, texts))
    return tuple(found)


def parse_stem(text: str) -> str:
    """Read a chapter, or a code of four to ten digits in the schedule's form.

    Examples
    --------
    >>> parse_stem("7606.11")
    '7606.11'
    """
    if CODE.fullmatch(text) is None:
        raise ValueError(f"found {shown(text)}, expected a chapter or a code such as 72, 7606, 7606.11 or 7606.11.30.30, quoted")
    return text


def _heading(text: str) -> str:
    if HEADING.fullmatch(text) is None:
        raise ValueError(f"found {shown(text)}, expected a heading of chapter 99 such as 9903.88.03")
    return text


def _below(text: str) -> str:
    if text.startswith("/") or ".." in text.split("/") or "\\" in text or ":" in text:
        raise ValueError(f"found {shown(text)}, expected a path below the folder of lists, such as lists/annex.csv")
    return text
