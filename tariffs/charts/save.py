"""A chart becomes a file, the same bytes every time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from tariffs.charts.style import own_style
from tariffs.export.files import require_ending, write_whole

if TYPE_CHECKING:
    from pathlib import Path

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
    ending = require_ending(path, STABLE)
    buffer = io.BytesIO()
    figure = ax.get_figure(root=True)
    assert figure is not None, "an Axes that was drawn has a figure"
    with own_style():
        figure.savefig(buffer, format=ending[1:], dpi=dpi, metadata=STABLE[ending])
    return write_whole(path, buffer.getvalue())
