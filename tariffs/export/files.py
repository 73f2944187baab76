"""Files are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tariffs.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write a file beside its place and move it there; an interrupted write leaves the old file as it was.

    Raises
    ------
    OutputError
        Where the folder does not exist, cannot be written, or the disk is full.
    """
    target = require_place(path)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
    except OSError as error:
        _remove(temporary)
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    except BaseException:
        _remove(temporary)
        raise
    return Path(path)


def replace_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder beside its place and move it there; what stood there goes only when the new one is whole.

    Raises
    ------
    OSError
        Where it cannot be written; what stood there is then as it was.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as beside:
        whole, old = Path(beside) / "new", Path(beside) / "old"
        whole.mkdir()
        for name, content in files.items():
            (whole / name).write_bytes(content)
        if target.exists():
            target.rename(old)
        try:
            whole.rename(target)
        except BaseException:
            if old.exists():
                old.rename(target)
            raise


def require_place(path: str | Path) -> Path:
    """Return the file that a path leads to, links followed, or refuse a place where none can be.

    Raises
    ------
    OutputError
        For a folder, or a folder that does not exist.
    """
    if not str(path):
        raise OutputError("the file's name is empty")
    target = Path(path).resolve()
    if target.is_dir():
        raise OutputError(f"{path}: is a folder, expected a file's name")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: the folder {Path(path).parent} does not exist")
    return target


def require_folder(path: str | Path) -> Path:
    """Return the folder that a path leads to, or refuse a place where none can be.

    Raises
    ------
    OutputError
        For a file, or a folder in a folder that does not exist.
    """
    if not str(path):
        raise OutputError("the folder's name is empty")
    target = Path(path).resolve()
    if target.exists() and not target.is_dir():
        raise OutputError(f"{path}: is a file, expected a folder")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: the folder {Path(path).parent} does not exist")
    return target


def require_ending(path: str | Path, known: Iterable[str]) -> str:
    """Return a file's ending in small letters, or refuse it.

    Raises
    ------
    UsageError
        Naming the endings that are known.
    """
    ending = Path(path).suffix.lower()
    if ending not in known:
        raise UsageError(f"{path}: unknown ending {ending!r}; one of: {', '.join(sorted(known))}")
    return ending


def _mode(target: Path) -> int:
    """Return the permissions that a file written in the ordinary way would have."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _remove(temporary: str) -> None:
    if temporary:
        with suppress(OSError):
            Path(temporary).unlink()
