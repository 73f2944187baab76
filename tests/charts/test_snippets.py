from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pypandoc
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

from tariffs.charts import save, snippet
from tariffs.charts.page import Chart
from tariffs.charts.snippets import label
from tariffs.errors import TariffsError, UsageError
from tariffs.vocabulary import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

# What is markup to one of the targets, to a template, or to a shell.
TRICKY = '</script><img onerror=x> & $34_5^6$ 100% {0} %s [a](b) *c* `d` ~e~ @f #g h \\textbf{i} {{j}} "k"'
SHORTCODE = "{{< video j >}} <!-- k --> :smile: |1| \\(l\\)"
ENDINGS = {"latex": ".pdf", "typst": ".svg", "quarto": ".svg", "markdown": ".png"}


def drawn(path: Path, title: str = "Tariffs", alt: str = "Step chart: Tariffs.") -> Path:
    chart = Chart(figsize=(1, 1))
    FigureCanvasAgg(chart)
    chart.title, chart.source, chart.alt = title, "tariffs, data version 2026.10.09", alt
    return save(chart, path)


class Page(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def plain(inlines: Any) -> str:
    """The text of pandoc's inlines, which must hold nothing but text."""
    assert {part["t"] for part in inlines} <= {"Str", "Space", "SoftBreak"}
    return "".join(part["c"] if part["t"] == "Str" else " " for part in inlines)


def figure_of(text: str, kind: str) -> tuple[str, str, Any]:
    """The label and the caption of the only figure that pandoc reads, and its picture."""
    (block,) = json.loads(pypandoc.convert_text(text, "json", format=kind))["blocks"]
    assert block["t"] == "Figure"
    (name, _, _), (_, (caption,)), ((inner),) = block["c"]
    (picture,) = inner["c"]
    return name, plain(caption["c"]), picture["c"]


def test_latex_has_a_float_with_alt_text_caption_source_and_label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    drawn(tmp_path / "us-china.pdf", "US & China", "50% more.")
    assert snippet("us-china.pdf", "latex").splitlines() == [
        r"\begin{figure}",
        r"  \centering",
        r"  \includegraphics[width=\linewidth, alt={50\% more.}]{us-china.pdf}",
        r"  \caption[{US \& China}]{US \& China. Source: tariffs, data version 2026.10.09.}",
        r"  \label{fig:us-china}",
        r"\end{figure}",
    ]


def test_typst_has_a_figure_whose_texts_are_strings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    drawn(tmp_path / "us-china.svg", '"US" \\ China')
    assert snippet("us-china.svg", "typst").splitlines() == [
        "#figure(",
        '  image("us-china.svg", alt: "Step chart: Tariffs."),',
        '  caption: "\\"US\\" \\\\ China. Source: tariffs, data version 2026.10.09.",',
        ") <fig-us-china>",
    ]


def test_quarto_and_markdown_differ_in_the_name_of_the_alt_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    drawn(tmp_path / "a.png", "Tariffs [net]")
    caption = r"![Tariffs \[net\]. Source: tariffs, data version 2026.10.09.](a.png)"
    assert snippet("a.png", "quarto") == f'{caption}{{#fig-a fig-alt="Step chart: Tariffs."}}'
    assert snippet("a.png", "markdown") == f'{caption}{{#fig-a alt="Step chart: Tariffs."}}'


@pytest.mark.parametrize("name", ["us-china", "us china, 84 mm", "a.b", "été"])
def test_pandoc_reads_latex_as_one_figure_with_picture_caption_and_label(tmp_path: Path, name: str) -> None:
    text = f"{TRICKY} {{{{< video j >}}}}"
    path = drawn(tmp_path / f"{name}.pdf", text)
    found, caption, ((_, _, how), alt, (file, _)) = figure_of(snippet(path, "latex"), "latex-smart")
    assert found == f"fig:{label(path)}"
    assert caption == f"{text}. Source: tariffs, data version 2026.10.09."
    assert (how, plain(alt), file) == ([["width", r"\linewidth"]], "Step chart: Tariffs.", str(path))


@pytest.mark.parametrize("kind", ["markdown", "quarto"])
@pytest.mark.parametrize("name", ["us-china", "us (china) <84> [mm] 100%", "été"])
def test_pandoc_reads_markdown_as_one_figure_whose_texts_are_only_text(tmp_path: Path, kind: Any, name: str) -> None:
    text = TRICKY + SHORTCODE
    path = drawn(tmp_path / f"{name}.png", text, text)
    found, caption, ((_, _, how), alt, _) = figure_of(snippet(path, kind), "markdown-smart")
    assert found == f"fig-{label(path)}"
    assert caption == f"{text}. Source: tariffs, data version 2026.10.09."
    assert (dict(how)["fig-alt"] if kind == "quarto" else plain(alt)) == text
    page = pypandoc.convert_text(snippet(path, kind), "html", format="markdown", extra_args=["--embed-resources"])
    (shown,) = [attributes for tag, attributes in Page(page).tags if tag == "img"]
    assert str(shown["src"]).startswith("data:image/png;base64,")
    assert "onerror" not in shown


@pytest.mark.parametrize("name", ["us-china", 'us "china" 100% #1'])
def test_typst_sets_the_texts_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    path = drawn(tmp_path / f"{name}.svg", TRICKY, TRICKY).relative_to(tmp_path)
    (tmp_path / "a.typ").write_text(snippet(path, "typst"), encoding="utf-8")
    (found,) = json.loads(typst.query("a.typ", f"<fig-{label(path)}>"))
    assert found["body"]["alt"] == TRICKY
    assert found["caption"]["body"]["text"] == f"{TRICKY}. Source: tariffs, data version 2026.10.09."


@pytest.mark.parametrize("target", TARGETS)
def test_a_sentence_that_is_a_title_keeps_its_end(tmp_path: Path, target: Any) -> None:
    path = drawn(tmp_path / f"a{ENDINGS[target]}", "What did Geneva change?")
    assert "change? Source: tariffs, data version 2026.10.09." in snippet(path, target)


@pytest.mark.parametrize(
    ("name", "target", "said"),
    [
        ("a.svg", "latex", "a.svg: LaTeX takes no SVG; save the chart as .pdf too, and name that file"),
        ("A.SVG", "latex", "LaTeX takes no SVG"),
        ("a.pdf", "typst", "typst takes no PDF into a document of the PDF/UA standard; save the chart as .svg too"),
        ("100%.pdf", "latex", "LaTeX does not take '%' in a file's name; give it another"),
        ("a~b.pdf", "latex", "does not take '~'"),
        ("a  b.pdf", "latex", "does not take '  '"),
        ("a{b.png", "latex", "does not take '{'"),
        ("a.png", "latx", "unknown target 'latx'; did you mean 'latex'?"),
        ("a.jpg", "markdown", "unknown ending '.jpg'"),
    ],
)
def test_what_a_target_does_not_take_is_refused_with_the_way_out(tmp_path: Path, name: str, target: Any, said: str) -> None:
    path = tmp_path / name
    if path.suffix.lower() in ENDINGS.values():
        drawn(path)
    with pytest.raises(UsageError, match=re.escape(said)):
        snippet(path, target)


@pytest.mark.parametrize("target", TARGETS)
def test_a_file_without_words_is_refused_by_every_target(tmp_path: Path, target: Any) -> None:
    path = tmp_path / f"a{ENDINGS[target]}"
    path.write_bytes(b"")
    with pytest.raises(TariffsError, match="does not say what it shows"):
        snippet(path, target)


def test_a_label_is_the_stem_where_it_may_be() -> None:
    assert label("out/us-china-84.pdf") == "us-china-84"
    assert label("US_China.pdf") == "us-china-4972"
    assert re.fullmatch("[0-9a-f]{4}", label("关税.pdf"))


@settings(derandomize=True)  # four letters differ but for chance
@given(st.lists(st.text(st.sampled_from("aA_- .é"), min_size=1), unique=True, min_size=2, max_size=2))
def test_labels_are_legal_and_differ_as_stems_do(stems: list[str]) -> None:
    labels = [label(f"{stem}x.pdf") for stem in stems]
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", one) for one in labels)
    assert labels[0] != labels[1]
