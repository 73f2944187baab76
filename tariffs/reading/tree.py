"""YAML read strictly: every scalar stays text and keeps its line, and nothing is composed before it is bounded.

Only the parser's event stream is used. Composing a document recurses, and the C composer takes the process down on deep
nesting; here depth, size and aliases are refused as the events arrive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from tariffs.errors import Problem, RecordError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_BYTES = 1_000_000
MAX_DEPTH = 8

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a document with the line it starts on."""

    line: int


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A scalar, unparsed."""

    value: str


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """A list of nodes."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping(Node):
    """Named nodes; a name stands once. `lines` says where each name stands."""

    items: dict[str, Node]
    lines: dict[str, int] = field(default_factory=dict)


class Reader:
    """Collects the problems of one file, so that all of them are reported together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def refuse(self, line: int, name: str, message: str) -> None:
        """Note a problem and go on."""
        self.problems.append(Problem(self.file, line, name, message))

    def unknown_fields(self, mapping: Mapping, known: Iterable[str]) -> None:
        """Refuse every field whose name is not known, with the nearest one that is."""
        names = tuple(known)
        for name, node in mapping.items.items():
            if name not in names:
                self.refuse(mapping.lines.get(name, node.line), name, f"unknown field{did_you_mean(name, names)}")


def read_text(path: Path, shown: str) -> str:
    """Return a file's text.

    Raises
    ------
    RecordError
        Where the file cannot be read, is empty, too large or not UTF-8.
    """

    def refusal(message: str, line: int = 0) -> RecordError:
        return RecordError([Problem(shown, line, "", message)])

    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise refusal(f"cannot be read: {error.strerror or error}") from error
    if len(raw) > MAX_BYTES:
        raise refusal(f"larger than {MAX_BYTES:,} bytes; expected one duty or one list of events")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refusal("is UTF-16; save the file as UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise refusal(f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8", line) from error
    if not text.strip():
        raise refusal("the file is empty")
    return text


def parse(text: str, reader: Reader) -> Mapping | None:
    """Return the one mapping that a document is, or None after noting why it is none."""
    try:
        return _build(yaml.parse(text, Loader=_Loader), reader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        colon = "; a text with `: ` in it needs quotes" if "mapping values" in str(error.problem) else ""
        reader.refuse(line, "", f"not YAML: {error.problem}{colon}")
    except yaml.reader.ReaderError as error:
        reader.refuse(text.count("\n", 0, error.position) + 1, "", f"not YAML: {error.reason}")
    return None


class _Open:
    """A mapping or list whose end has not come yet."""

    def __init__(self, line: int, *, mapping: bool) -> None:
        self.line, self.mapping = line, mapping
        self.nodes: list[Node] = []
        self.named: dict[str, Node] = {}
        self.lines: dict[str, int] = {}
        self.name: str | None = None

    def closed(self) -> Node:
        return Mapping(self.line, self.named, self.lines) if self.mapping else Sequence(self.line, tuple(self.nodes))


def _build(events: Iterable[Any], reader: Reader) -> Mapping | None:
    stack: list[_Open] = []
    root: Node | None = None
    for event in events:
        node: Node
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            reader.refuse(line, "", "anchors and aliases are not read; write the value out")
            return None
        if getattr(event, "tag", None):
            reader.refuse(line, "", f"the tag {event.tag} is not read; every value is plain text")
            return None
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if len(stack) == MAX_DEPTH:
                reader.refuse(line, "", f"nested more than {MAX_DEPTH} deep")
                return None
            stack.append(_Open(line, mapping=isinstance(event, yaml.MappingStartEvent)))
            continue
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            node = stack.pop().closed()
        elif isinstance(event, yaml.ScalarEvent):
            node = Text(line, event.value)
        elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
            reader.refuse(line, "", "a second document; expected one per file")
            return None
        else:
            continue
        if not stack:
            root = node
        elif not _place(node, stack[-1], reader):
            return None
    if isinstance(root, Mapping):
        return root
    reader.refuse(root.line if root else 0, "", "expected fields and values (`title: …`)")
    return None


def _place(node: Node, parent: _Open, reader: Reader) -> bool:
    if not parent.mapping:
        parent.nodes.append(node)
    elif parent.name is None:
        if not isinstance(node, Text):
            reader.refuse(node.line, "", "a field's name must be plain text")
            return False
        if node.value in parent.lines:
            reader.refuse(node.line, node.value, f"stands twice; first on line {parent.lines[node.value]}")
        parent.lines.setdefault(node.value, node.line)
        parent.name = node.value
    else:
        parent.named.setdefault(parent.name, node)
        parent.name = None
    return True
