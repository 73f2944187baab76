"""JSON as public offices publish it: plain or gzipped, whole or refused."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

from tariffs.errors import Problem, RecordError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 200_000_000  # a revision of the schedule has 13 million


def read_bytes(path: Path) -> bytes:
    """Return what a file holds, unpacked where its name ends in ``.gz``.

    Raises
    ------
    RecordError
        Where it cannot be read, is too large, or its compressed data end early.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (EOFError, zlib.error) as error:
        message = "is truncated or damaged: the compressed data end early; download it again"
        raise RecordError([Problem(path.name, 0, "", message)]) from error
    except OSError as error:
        raise RecordError([Problem(path.name, 0, "", f"cannot be read: {error.strerror or error}")]) from error
    if len(raw) > MAX_BYTES:
        raise RecordError([Problem(path.name, 0, "", f"larger than {MAX_BYTES:,} bytes; expected one file as published")])
    return raw


def parse_json(raw: bytes, file: str) -> Any:
    """Return what a text in JSON says; `file` is the name that a refusal gives it.

    Raises
    ------
    RecordError
        Where it is not JSON in UTF-8, ends early, or is nested beyond what any table is.

    Examples
    --------
    >>> parse_json(b'[["CTY_CODE"], ["5700"]]', "imports.json")
    [['CTY_CODE'], ['5700']]
    """

    def refusal(message: str, line: int = 0) -> RecordError:
        return RecordError([Problem(file, line, "", message)])

    try:
        return json.loads(raw)
    except json.JSONDecodeError as error:
        ended = (
            " (the end: is the file truncated?)" if error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg else ""
        )
        raise refusal(f"not JSON: {error.msg.removesuffix(' at')} at column {error.colno}{ended}", error.lineno) from error
    except UnicodeDecodeError as error:
        raise refusal(f"byte 0x{raw[error.start]:02x} is not UTF-8; expected the export as published") from error
    except ValueError as error:
        raise refusal(f"not JSON as it is published: {error}") from error
    except RecursionError:
        raise refusal("nested too deep; expected a list of rows") from None
