"""Typed access to the fields of one mapping; every refusal is noted with its line, and reading goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tariffs.errors import did_you_mean
from tariffs.model import Source
from tariffs.reading.scalars import parse_url
from tariffs.reading.tree import Mapping, Reader, Sequence, Text
from tariffs.vocabulary import GRADES, is_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from tariffs.reading.tree import Node

Value = TypeVar("Value")


class Fields:
    """The fields of one mapping."""

    def __init__(self, mapping: Mapping, reader: Reader, known: tuple[str, ...]) -> None:
        self.mapping, self.reader, self.line = mapping, reader, mapping.line
        reader.unknown_fields(mapping, known)

    def has(self, name: str) -> bool:
        """Whether the field stands there."""
        return name in self.mapping.items

    def line_of(self, name: str) -> int:
        """Return the field's line, or that of its mapping."""
        node = self.mapping.items.get(name)
        return self.mapping.lines.get(name, node.line) if node else self.line

    def refuse(self, name: str, message: str) -> None:
        """Note a problem of a field."""
        self.reader.refuse(self.line_of(name), name, message)

    def node(self, name: str, *, required: bool) -> Node | None:
        """Return the field's node, noting a required one that is missing."""
        node = self.mapping.items.get(name)
        if node is None and required:
            self.refuse(name, "is missing")
        return node

    def text(self, name: str, *, required: bool = False) -> str:
        """Return the field's text, folded to one line; empty where there is none."""
        node = self.node(name, required=required)
        if node is None:
            return ""
        if not isinstance(node, Text):
            self.refuse(name, "found a list or fields, expected one text")
            return ""
        if required and not node.value.strip():
            self.refuse(name, "is empty")
        return " ".join(node.value.split())

    def parsed(self, name: str, parse: Callable[[str], Value], *, required: bool = False) -> Value | None:
        """Return the field's value, or None where there is none or it is refused."""
        text = self.text(name, required=required)
        if not text:
            if self.has(name) and not required:
                self.refuse(name, "is empty")
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.refuse(name, str(error))
            return None

    def choice(self, name: str, words: tuple[str, ...], default: str = "") -> str:
        """Return one of a closed list of words, required where there is no default; an empty list could not be read itself."""
        text = self.text(name, required=not default) or default
        if text and words and text not in words:
            self.refuse(name, f"unknown {name} {text!r}{did_you_mean(text, words)}")
        return text

    def flag(self, name: str) -> bool:
        """Return whether the field says ``true``."""
        text = self.text(name)
        if self.has(name) and text not in ("true", "false"):
            self.refuse(name, f"found {text!r}, expected true or false")
        return text == "true"

    def sequence(self, name: str, *, required: bool = False) -> tuple[Node, ...]:
        """Return the nodes of a list."""
        node = self.node(name, required=required)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.refuse(name, "found one value, expected a list: one entry a line, each after `- `")
            return ()
        if not node.items:
            self.refuse(name, "is empty")
        return node.items

    def texts(self, name: str, parse: Callable[[str], str], *, required: bool = False) -> tuple[str, ...]:
        """Return one text or a list of texts."""
        node = self.node(name, required=required)
        items = node.items if isinstance(node, Sequence) else () if node is None else (node,)
        found = []
        for item in items:
            if not isinstance(item, Text):
                self.reader.refuse(item.line, name, "found a list or fields, expected a text")
                continue
            try:
                found.append(parse(item.value))
            except ValueError as error:
                self.reader.refuse(item.line, name, str(error))
        if node is not None and not items:
            self.refuse(name, "is empty")
        return tuple(found)

    def mapping_of(self, name: str, known: tuple[str, ...]) -> Fields | None:
        """Return the fields of a nested mapping."""
        node = self.node(name, required=False)
        if node is None:
            return None
        if not isinstance(node, Mapping):
            self.refuse(name, f"expected fields: {', '.join(known)}")
            return None
        return Fields(node, self.reader, known)

    def mappings(self, name: str, known: tuple[str, ...]) -> list[Fields]:
        """Return the fields of every mapping in a required list."""
        found = []
        for node in self.sequence(name, required=True):
            if isinstance(node, Mapping):
                found.append(Fields(node, self.reader, known))
            else:
                self.reader.refuse(node.line, name, f"expected fields: {', '.join(known)}")
        return found

    def sources(self) -> tuple[Source, ...]:
        """Return the sources; at least one is required."""
        entries = self.mappings("sources", ("title", "url"))
        return tuple(Source(entry.text("title", required=True), entry.parsed("url", parse_url) or "") for entry in entries)

    def grade(self) -> str:
        """Return the grade."""
        return self.choice("grade", GRADES)


def parse_country(text: str) -> str:
    """Read a country or group code."""
    if not is_country(text):
        raise ValueError(f"found {text!r}, expected a two-letter code such as CN or EU")
    return text


def parse_origin(text: str) -> str:
    """Read an origin: a country, a group, or ALL."""
    if text != "ALL" and not is_country(text):
        raise ValueError(f"found {text!r}, expected a two-letter code such as CN or EU, or ALL")
    return text
