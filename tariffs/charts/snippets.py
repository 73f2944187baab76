"""The lines by which a document takes in a chart's file: picture, caption, source, alt text and label."""

from __future__ import annotations

import hashlib
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tariffs.charts.alt import ended
from tariffs.charts.said import Said, said
from tariffs.citing import SPECIAL
from tariffs.errors import UsageError
from tariffs.vocabulary import TARGETS, Target, choose

if TYPE_CHECKING:
    from collections.abc import Callable

# What a target does not take, and which other file of the chart serves.
REFUSED = {
    ("latex", ".svg"): ("LaTeX takes no SVG", ".pdf"),
    ("typst", ".pdf"): ("typst takes no PDF into a document of the PDF/UA standard", ".svg"),
}
NOT_IN_LATEX = r"[^\w ./:,;+=@()!'-]| {2}"  # of a file's name: what TeX would read as a command, or not keep
# In the oldest of TeX's fonts, still the default of pdfLaTeX, the last three stand in other letters' places.
IN_LATEX = str.maketrans(SPECIAL | {"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}"})
# LaTeX makes plain text of an alt text: commands that print a letter are lost on the way, and these stand for it.
IN_LATEX_ALT = str.maketrans(
    SPECIAL | {"&": r"\string&", "~": r"\string~", "^": r"\string^", "\\": r"{\csname @backslashchar\endcsname}"}
)
IN_TYPST = str.maketrans({"\\": r"\\", '"': r"\""})
IN_MARKDOWN = str.maketrans({letter: f"\\{letter}" for letter in '\\`*_{}[]<>#|~^$@&"'})


def snippet(path: str | Path, target: Target) -> str:
    r"""Return the lines that take a chart's file into a document, as a float with caption, source, alt text and label.

    Texts come from the file itself, where `save` put them, and are escaped for the target.

    Parameters
    ----------
    path : path
        A PNG, SVG or PDF of a chart of ours, as seen from the document.
    target : {"latex", "typst", "quarto", "markdown"}
        ``markdown`` is pandoc's.

    Raises
    ------
    UsageError
        For an ending, or a name, that the target does not take.
    TariffsError
        For a file that cannot be read, or does not say what it shows.

    Examples
    --------
    >>> import tempfile
    >>> import tariffs as tf
    >>> from tariffs.charts import save, snippet
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(snippet(save(tf.plot("cn_on_us"), f"{folder}/cn-on-us.pdf"), "latex").splitlines()[-2])
      \label{fig:cn-on-us}
    """
    write: dict[Target, Callable[[Path, Said], str]] = {
        "latex": _latex,
        "typst": _typst,
        "quarto": partial(_markdown, alt="fig-alt"),
        "markdown": partial(_markdown, alt="alt"),
    }
    chosen, file = choose("target", target, TARGETS), Path(path)
    ending = file.suffix.lower()
    if (chosen, ending) in REFUSED:
        reason, instead = REFUSED[chosen, ending]
        raise UsageError(f"{path}: {reason}; save the chart as {instead} too, and name that file")
    return write[chosen](file, said(path))


def label(path: str | Path) -> str:
    """Return the label of a chart's file: small letters, digits and hyphens.

    A stem that is made of other letters too is given four letters of its own, by which stems that differ in them differ too.

    Examples
    --------
    >>> label("out/us-china.pdf"), label("out/us_china.pdf")
    ('us-china', 'us-china-3a12')
    """
    stem = Path(path).stem
    plain = re.sub("[^a-z0-9]+", "-", stem.lower()).strip("-")
    return plain if plain == stem else "-".join(filter(None, [plain, hashlib.sha256(stem.encode()).hexdigest()[:4]]))


def _latex(file: Path, chart: Said) -> str:
    found = re.search(NOT_IN_LATEX, file.as_posix())
    if found:
        raise UsageError(f"{file}: LaTeX does not take {found[0]!r} in a file's name; give it another")
    alt, title, caption = chart.alt.translate(IN_LATEX_ALT), chart.title.translate(IN_LATEX), _caption(chart).translate(IN_LATEX)
    return "\n".join(
        [
            r"\begin{figure}",
            r"  \centering",
            rf"  \includegraphics[width=\linewidth, alt={{{alt}}}]{{{file.as_posix()}}}",
            rf"  \caption[{{{title}}}]{{{caption}}}",
            rf"  \label{{fig:{label(file)}}}",
            r"\end{figure}",
        ]
    )


def _typst(file: Path, chart: Said) -> str:
    picture, alt, caption = (text.translate(IN_TYPST) for text in (file.as_posix(), chart.alt, _caption(chart)))
    return f'#figure(\n  image("{picture}", alt: "{alt}"),\n  caption: "{caption}",\n) <fig-{label(file)}>'


def _markdown(file: Path, chart: Said, alt: str) -> str:
    caption, words = (text.translate(IN_MARKDOWN) for text in (_caption(chart), chart.alt))
    return f'![{caption}]({quote(file.as_posix())}){{#fig-{label(file)} {alt}="{words}"}}'


def _caption(chart: Said) -> str:
    return f"{ended(chart.title)} Source: {ended(chart.source)}"
