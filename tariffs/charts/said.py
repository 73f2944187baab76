"""What a chart's file says of itself, read back out of it."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from PIL.PngImagePlugin import PngImageFile

from tariffs.charts.saving import PLACES
from tariffs.errors import TariffsError
from tariffs.export.files import require_ending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Read = Callable[[Path], Mapping[str, str | None]]

SVG, DUBLIN_CORE = "{http://www.w3.org/2000/svg}", "{http://purl.org/dc/elements/1.1/}"
ENTRY = rb"/(\w+) \(((?:\\.|[^\\()])*)\)"  # as matplotlib writes a text into a PDF: every parenthesis within it escaped
LINE_ENDS = {b"n": b"\n", b"r": b"\r"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a chart of ours says of itself, each on one line.

    Attributes
    ----------
    title : str
    source : str
        Where its numbers come from.
    alt : str
        What it shows, in words.
    """

    title: str
    source: str
    alt: str


def said(path: str | Path) -> Said:
    """Read back what a chart's file says of itself.

    Parameters
    ----------
    path : path
        A PNG, SVG or PDF that `save` or ``tariffs plot`` wrote.

    Raises
    ------
    UsageError
        For another ending.
    TariffsError
        For a file that cannot be read, and for one that does not say what it shows, because it is no chart of ours, was drawn
        into axes of the user's, or lost its words on the way.
    """
    readers: dict[str, Read] = {".png": _of_png, ".svg": _of_svg, ".pdf": _of_pdf}
    read = readers[require_ending(path, readers)]
    try:
        found = read(Path(path))
    except OSError as error:
        raise TariffsError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (SyntaxError, ValueError):  # how Pillow and ElementTree say that a file is not what its ending says
        found = {}
    texts = {name: _one_line(found.get(name) or "") for name in ("title", "source", "alt")}
    if not all(texts.values()):
        raise TariffsError(f"{path}: does not say what it shows, as charts of tariffs do; draw it again with `tariffs plot -o`")
    return Said(**texts)


def _of_png(path: Path) -> dict[str, str]:
    with PngImageFile(path) as picture:
        return _named(picture.info, ".png")


def _of_svg(path: Path) -> dict[str, str | None]:
    root = ElementTree.parse(path).getroot()
    return {
        "title": root.findtext(f"{SVG}title"),
        "source": root.findtext(f".//{DUBLIN_CORE}source"),
        "alt": root.findtext(f"{SVG}desc"),
    }


def _of_pdf(path: Path) -> dict[str, str]:
    content = path.read_bytes()
    info = re.search(rb"/Info (\d+) 0 R", content[content.rfind(b"trailer") :])
    if info is None:
        return {}
    entries = re.search(rb"\n" + info[1] + rb" 0 obj\n(.*?)\nendobj", content, flags=re.DOTALL)
    texts = re.findall(ENTRY, entries[1], flags=re.DOTALL) if entries else []
    return _named({name.decode(): _of_pdf_text(text) for name, text in texts}, ".pdf")


def _of_pdf_text(text: bytes) -> str:
    plain = re.sub(rb"\\(.)", lambda escaped: LINE_ENDS.get(escaped[1], escaped[1]), text, flags=re.DOTALL)
    return plain.removeprefix(BOM_UTF16_BE).decode("utf-16-be") if plain.startswith(BOM_UTF16_BE) else plain.decode("ascii")


def _named(found: Mapping[Any, Any], ending: str) -> dict[str, str]:
    return {name: found[place] for name, place in PLACES[ending].items() if place in found}


def _one_line(text: str) -> str:
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
