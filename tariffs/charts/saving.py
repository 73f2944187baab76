"""A chart becomes a file, the same bytes every time, that says in itself what it shows."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import matplotlib as mpl

from tariffs.charts.page import Chart
from tariffs.charts.style import own_style
from tariffs.export.files import require_ending, write_whole
from tariffs.vocabulary import SVG_TEXTS, SvgText, choose

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STABLE: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}
# Where a file says what a chart of ours does; an SVG has elements of its own for title and alt text.
PLACES = {
    ".png": {"title": "Title", "source": "Author", "alt": "Description"},
    ".svg": {"source": "Source"},
    ".pdf": {"title": "Title", "source": "Author", "alt": "Subject"},
}


def save(chart: Axes | Figure, path: str | Path, *, dpi: int = 300, svg_text: SvgText = "path") -> Path:
    """Write the figure of an Axes as PNG, SVG or PDF, by the file's ending.

    A chart of ours carries its title, its source and what it shows in words: in the metadata of a PNG or PDF; in an SVG title
    and words as the title and description that a screen reader says.

    Parameters
    ----------
    chart : matplotlib.axes.Axes or matplotlib.figure.Figure
    path : path
    dpi : int
        Dots per inch of a PNG.
    svg_text : {"path", "text"}
        Letters of an SVG drawn as shapes, which look the same everywhere, or kept as text, which can be searched and restyled.

    Raises
    ------
    UsageError
        For another ending.
    OutputError
        Where the file cannot be written.
    """
    ending = require_ending(path, STABLE)
    kept = choose("svg_text", svg_text, SVG_TEXTS)
    buffer = io.BytesIO()
    figure = chart.get_figure(root=True)
    assert figure is not None, "an Axes that was drawn has a figure"
    style = figure.style if isinstance(figure, Chart) else "paper"
    with own_style(style), mpl.rc_context({"svg.fonttype": "none" if kept == "text" else "path"}):
        figure.savefig(buffer, format=ending[1:], dpi=dpi, metadata=STABLE[ending] | _said(figure, ending))
    content = buffer.getvalue()
    if ending == ".svg" and isinstance(figure, Chart):
        content = _spoken(content.decode(), figure).encode()
    return write_whole(path, content)


def alt_text(chart: Axes | Figure) -> str:
    """Return what a chart of ours shows, in words; empty for another figure.

    Examples
    --------
    >>> import tariffs as tf
    >>> from tariffs.charts import alt_text
    >>> alt_text(tf.plot("us_on_cn", end="2025-03-03"))[:60]
    'Step chart: Across-the-board tariffs: US on China. Percent o'
    """
    figure = chart.get_figure(root=True)
    return figure.alt if isinstance(figure, Chart) else ""


def _said(figure: Any, ending: str) -> dict[str, str]:
    """Return the metadata of a chart of ours, in the words of its format."""
    if not isinstance(figure, Chart):
        return {}
    return {place: text for name, place in PLACES[ending].items() if (text := getattr(figure, name))}


def _spoken(svg: str, figure: Chart) -> str:
    """Return an SVG that a screen reader takes for one picture with a name and a description."""
    named = f'<title id="chart-title">{escape(figure.title)}</title>\n <desc id="chart-desc">{escape(figure.alt)}</desc>'
    opening = r"<svg ([^>]*)>"
    marked = rf'<svg role="img" aria-labelledby="chart-title" aria-describedby="chart-desc" \1>\n {_literal(named)}'
    return re.sub(opening, marked, svg, count=1)


def _literal(text: str) -> str:
    return text.replace("\\", r"\\")
