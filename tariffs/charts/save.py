"""A chart becomes a file, the same bytes every time."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from tariffs.errors import UsageError
from tariffs.export.files import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STABLE: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


def save(ax: Axes, path: str | Path, *, dpi: int = 300) -> Path:
    """Write the figure of an Axes as PNG, SVG or PDF, by the file's ending.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    path : path
    dpi : int
        Dots per inch of a PNG.

    Raises
    ------
    UsageError
        For another ending.
    OutputError
        Where the file cannot be written.
    """
    ending = require_ending(path)
    buffer = io.BytesIO()
    figure = ax.get_figure(root=True)
    assert figure is not None, "an Axes that was drawn has a figure"
    with mpl.rc_context({"svg.hashsalt": "tariffs", "pdf.fonttype": 42}):
        figure.savefig(buffer, format=ending[1:], dpi=dpi, metadata=STABLE[ending])
    return write_whole(path, buffer.getvalue())


def require_ending(path: str | Path) -> str:
    """Return a chart file's ending, or refuse it before anything is drawn."""
    ending = Path(path).suffix.lower()
    if ending not in STABLE:
        raise UsageError(f"{path}: unknown ending {ending!r}; one of: {', '.join(sorted(STABLE))}")
    return ending
