"""A chart becomes a file, the same bytes every time, that says in itself what it shows."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import matplotlib as mpl

from tariffs.charts.page import Chart
from tariffs.charts.style import own_style
from tariffs.charts.webpage import page_of
from tariffs.errors import UsageError
from tariffs.export.files import require_ending, write_whole
from tariffs.vocabulary import SVG_TEXTS, SvgText, choose

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STABLE: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}
PAGE = ".html"
ENDINGS = (*STABLE, PAGE)
# Where a file says what a chart of ours does; an SVG has elements of its own for title and alt text.
PLACES = {
    ".png": {"title": "Title", "source": "Author", "alt": "Description"},
    ".svg": {"source": "Source"},
    ".pdf": {"title": "Title", "source": "Author", "alt": "Subject"},
}


def save(chart: Axes | Figure, path: str | Path, *, dpi: int = 300, svg_text: SvgText = "path") -> Path:
    """Write the figure of an Axes as PNG, SVG or PDF, or a chart of rates as a web page, by the file's ending.

    A chart of ours carries its title, its source and what it shows in words: in the metadata of a PNG or PDF; in an SVG title
    and words as the title and description that a screen reader says. A web page is one file that needs no network: levels to
    hover over, the acts behind them, the numbers as a table and as CSV; without scripts the picture and the table. It needs
    ``pip install 'tariffs[html]'``.

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
    return write_whole(path, rendered(chart, path, dpi=dpi, svg_text=svg_text))


def rendered(chart: Axes | Figure, path: str | Path, *, dpi: int = 300, svg_text: SvgText = "path") -> bytes:
    """Return what `save` writes."""
    ending = require_ending(path, ENDINGS)
    kept = choose("svg_text", svg_text, SVG_TEXTS)
    figure = chart.get_figure(root=True)
    assert figure is not None, "an Axes that was drawn has a figure"
    if ending == PAGE:
        return _page(figure, Path(path).name)
    content = _drawn(figure, ending, dpi, "none" if kept == "text" else "path")
    return _spoken(content.decode(), figure).encode() if ending == ".svg" and isinstance(figure, Chart) else content


def _drawn(figure: Any, ending: str, dpi: int, letters: str) -> bytes:
    buffer = io.BytesIO()
    style = figure.style if isinstance(figure, Chart) else "paper"
    with own_style(style), mpl.rc_context({"svg.fonttype": letters}):
        figure.savefig(buffer, format=ending[1:], dpi=dpi, metadata=STABLE[ending] | _said(figure, ending))
    return buffer.getvalue()


def _page(figure: Any, name: str) -> bytes:
    if not isinstance(figure, Chart):
        raise UsageError(f"{name}: a web page is made of charts of ours; write this figure as .svg")
    picture = _drawn(figure, ".svg", 100, "none")  # letters as shapes would be a fifth of the page
    return page_of(figure, picture, name)


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
