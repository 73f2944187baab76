"""One YAML file of a folder becomes what its reader makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tariffs.errors import RecordError
from tariffs.reading.tree import Mapping, Reader, parse, read_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tariffs.errors import Problem

Value = TypeVar("Value")


def read_document(root: Path, name: str, problems: list[Problem], read: Callable[[Mapping, Reader], Value]) -> Value | None:
    """Read one YAML file of a folder; what is wrong with it is added to `problems`."""
    reader = Reader(name)
    try:
        document = parse(read_text(root / name, name), reader)
    except RecordError as error:
        problems += error.problems
        return None
    value = read(document, reader) if document is not None else None
    problems += reader.problems
    return None if reader.problems else value
