"""How charts look, whatever the user's own settings are."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.font_manager import fontManager, get_font

from tariffs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

FONT = "DejaVu Sans"  # comes with matplotlib
# For letters that it lacks, whichever of these is installed.
FURTHER_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei", "Arial Unicode MS",
)  # fmt: skip
STYLE: Any = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.linewidth": 0.6,
    "text.hinting": "none",  # hinted glyphs are wider at some resolutions than at the one their places were measured at
    "svg.hashsalt": "tariffs",
    "pdf.fonttype": 42,
}
_ONE_AT_A_TIME = threading.RLock()  # matplotlib's settings belong to the process, not to a thread


@contextmanager
def own_style(*, yours: bool = False) -> Iterator[None]:
    """Draw or save with our settings alone, or with `yours` in the user's; the user's come back afterwards."""
    with _ONE_AT_A_TIME, mpl.rc_context():
        if yours:
            yield
            return
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE | {"font.family": list(_fonts())})
        yield


def require_letters(name: str, text: str) -> None:
    """Refuse a text of the user's with letters that no font at hand has, rather than draw boxes in their place.

    Raises
    ------
    UsageError
        Naming the letters.
    """
    missing = dict.fromkeys(
        letter for letter in text if not letter.isspace() and not any(ord(letter) in have for have in _letters())
    )
    if missing:
        raise UsageError(f"{name}: no font at hand has {''.join(missing)}; install one of {', '.join(FURTHER_FONTS)}")


@cache
def _fonts() -> tuple[str, ...]:
    installed = {entry.name for entry in fontManager.ttflist}
    return (FONT, *(name for name in FURTHER_FONTS if name in installed))


@cache
def _letters() -> tuple[frozenset[int], ...]:
    files = {entry.name: entry.fname for entry in fontManager.ttflist if entry.name in _fonts()}
    return tuple(frozenset(get_font(files[name]).get_charmap()) for name in _fonts())
