"""What the files of a folder should be: their SHA-256, in a file that ``sha256sum --check`` reads."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from tariffs.errors import Problem, RecordError
from tariffs.export.files import write_whole
from tariffs.reading.scalars import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CHECKSUMS = "checksums.txt"
LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes.

    Examples
    --------
    >>> sha256(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def read_checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that a folder's ``checksums.txt`` names; nothing where there is none.

    Raises
    ------
    RecordError
        Where it cannot be read, a line is none of ``sha256sum``, or a file stands twice.
    """
    path = folder / CHECKSUMS
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError([Problem(CHECKSUMS, 0, "", f"cannot be read: {error}")]) from error
    found: dict[str, str] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = LINE.fullmatch(line)
        if parts is None:
            problems.append(Problem(CHECKSUMS, number, "", f"found {shown(line)}, expected a SHA-256, two blanks and a file"))
        elif parts[2] in found:
            problems.append(Problem(CHECKSUMS, number, "", f"{parts[2]} stands twice"))
        else:
            found[parts[2]] = parts[1]
    if problems:
        raise RecordError(problems)
    return found


def write_checksums(folder: Path, sums: Mapping[str, str]) -> None:
    """Write the ``checksums.txt`` of a folder, in the order of the files' names.

    Raises
    ------
    OutputError
        Where it cannot be written; the old one is then as it was.
    """
    write_whole(folder / CHECKSUMS, "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode())
