"""How charts look: the styles of the package, one of matplotlib's, or the user's own."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.font_manager import fontManager, get_font

from tariffs.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

FONT = "DejaVu Sans"  # comes with matplotlib
# For letters that it lacks, whichever of these is installed.
FURTHER_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei", "Arial Unicode MS",
)  # fmt: skip
LONG = 40  # letters of a text that an error quotes
FOLDER = Path(__file__).parent / "styles"
STYLES = ("paper", "slides", "web")
CURRENT = "current"
# Whatever the style: the same input gives the same bytes, fonts are embedded, and text is as wide as where it was measured.
STEADY: Any = {"text.hinting": "none", "svg.hashsalt": "tariffs", "pdf.fonttype": 42}
_ONE_AT_A_TIME = threading.RLock()  # matplotlib's settings belong to the process, not to a thread


@contextmanager
def own_style(name: str = "paper", *, yours: bool = False) -> Iterator[None]:
    """Draw or save in a style; the user's settings come back afterwards.

    Parameters
    ----------
    name : str
        ``paper``, ``slides`` or ``web``; ``current`` for the user's own settings as they are; a style that matplotlib knows by
        name; or the path of an mplstyle file.
    yours : bool
        Draw into axes of the user's: nothing is set.

    Raises
    ------
    UnknownNameError
        For another name.
    UsageError
        For a file that is no style.
    """
    with _ONE_AT_A_TIME, mpl.rc_context():
        if not yours:
            settings = _settings(name)
            if name != CURRENT:
                mpl.rcdefaults()
            mpl.rcParams.update(settings | STEADY)
        yield


def _settings(name: str) -> dict[str, Any]:
    if name in STYLES:
        return dict(_from_file(FOLDER / f"{name}.mplstyle")) | {"font.family": list(_fonts())}
    if name == CURRENT:
        return {}
    if name.endswith(".mplstyle") and Path(name).is_file():
        return dict(_from_file(Path(name)))
    known: Any = import_module("matplotlib.style")  # reads every style there is, so only where one is asked for
    if name not in known.library:
        raise UnknownNameError("style", name, [*STYLES, CURRENT, *known.available])
    return dict(known.library[name])


def _from_file(path: Path) -> Any:
    try:
        return mpl.rc_params_from_file(path, use_default_template=False)
    except (UnicodeDecodeError, OSError) as error:
        raise UsageError(f"{path}: is no mplstyle file: {error}") from error


def require_letters(text: str) -> None:
    """Refuse a text with letters that no font of the style has, rather than draw boxes in their place.

    Raises
    ------
    UsageError
        Naming the letters.
    """
    have = _letters(tuple(_families()))
    missing = [letter for letter in dict.fromkeys(text) if not letter.isspace() and ord(letter) not in have]
    if missing:
        found = text if len(text) <= LONG else f"{text[:LONG]}..."
        raise UsageError(f"no font at hand has {''.join(missing)} of {found!r}; install one of {', '.join(FURTHER_FONTS)}")


def _families() -> Iterator[str]:
    """Yield the fonts of the style that is set, in the order in which letters are looked for."""
    settings: Any = mpl.rcParams
    for name in settings["font.family"]:
        yield from settings.get(f"font.{name}", [name])


@cache
def _fonts() -> tuple[str, ...]:
    installed = {entry.name for entry in fontManager.ttflist}
    return (FONT, *(name for name in FURTHER_FONTS if name in installed))


@cache
def _letters(families: tuple[str, ...]) -> frozenset[int]:
    files = {entry.name: entry.fname for entry in fontManager.ttflist}
    return frozenset().union(*(get_font(files[name]).get_charmap() for name in families if name in files))
