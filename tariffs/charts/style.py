"""How charts look, whatever the user's own settings are."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

if TYPE_CHECKING:
    from collections.abc import Iterator

STYLE: Any = {
    "font.family": ["DejaVu Sans"],
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
def own_style() -> Iterator[None]:
    """Draw or save with our settings alone; the user's come back afterwards."""
    with _ONE_AT_A_TIME, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield
