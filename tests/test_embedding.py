"""The documents of docs/embedding.md are built as they stand there, and keep the alt text."""

from __future__ import annotations

import re
import shlex
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pypandoc
import pytest
from click.testing import CliRunner
from nbclient import NotebookClient
from nbconvert import HTMLExporter

import tariffs as tf
from scripts.build_docs import embedded
from tariffs.charts import alt_text
from tariffs.cli import main

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
CAPTION = f"Across-the-board tariffs: China on US. Source: {tf.load().source_line}."
WORD = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


SECTIONS = dict(part.split("\n", 1) for part in re.split("^## ", TEXT, flags=re.MULTILINE))


def block(title: str, language: str = "") -> str:
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", SECTIONS[title], flags=re.DOTALL | re.MULTILINE)
    (found,) = [text for name, text in blocks if name == language]
    return str(found)


def run_pandoc(command: str) -> None:
    program, *arguments = shlex.split(command)
    assert program == "pandoc"
    subprocess.run([pypandoc.get_pandoc_path(), *arguments], check=True, capture_output=True)


class Page(HTMLParser):
    """What a page shows, and what it asks others for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pictures: list[dict[str, str | None]] = []
        self.asked: list[str] = []
        self.caption = ""
        self.within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within = tag
        if tag == "img":
            self.pictures.append(dict(attrs))
        if tag != "a":
            self.asked += [
                value or "" for name, value in attrs if name in {"src", "href", "srcset", "data", "poster", "xlink:href"}
            ]

    def handle_data(self, data: str) -> None:
        if self.within in {"style", "script"}:
            self.asked += re.findall(r"(?:url\(|@import|import|from|fetch\()\s*[\"']?((?:\w+:|//)[^\"')\s]*)", data)
        if self.within == "figcaption":
            self.caption += data

    @property
    def needs(self) -> list[str]:
        return [place for place in self.asked if not place.startswith("data:")]


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("charts")
    (command,) = re.findall(r"^```\ntariffs (plot .*)\n```", TEXT, flags=re.MULTILINE)
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        assert CliRunner().invoke(main, shlex.split(command)).exit_code == 0
    return folder


@pytest.fixture
def alt(charts: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(charts)
    return alt_text(tf.plot("cn_on_us"))


def test_the_page_has_the_snippets_as_they_are_now() -> None:
    assert embedded(TEXT) == TEXT


@pytest.mark.parametrize("command", re.findall(r"`tariffs snippet ([a-z]+ \S+)`", TEXT))
@pytest.mark.usefixtures("alt")
def test_each_snippet_of_the_page_is_what_its_command_prints(command: str) -> None:
    target, file = command.split()
    assert f"\n{CliRunner().invoke(main, ['snippet', target, file]).stdout}" in TEXT


def test_latex_is_legal_to_pandoc_s_reader(alt: str) -> None:
    paper = block("LaTeX", "latex").replace("cn-on-us.pdf", "cn-on-us.png")  # a web page shows no PDF
    page = Page(pypandoc.convert_text(paper, "html", format="latex"))
    assert [(picture["src"], picture["alt"]) for picture in page.pictures] == [("cn-on-us.png", alt)]
    assert " ".join(page.caption.split()) == CAPTION


def test_typst_builds_a_tagged_pdf_with_the_alt_text_in_it(alt: str) -> None:
    Path("paper.typ").write_text(block("typst", "typst"), encoding="utf-8")
    exec(block("typst", "python"), {})
    content = Path("paper.pdf").read_bytes()
    assert b"/StructTreeRoot" in content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert re.findall(rb"/S/Figure.*?/Alt\((.*?)\)", content) == [alt.encode()]


def test_word_shows_the_alt_text_and_the_caption(alt: str) -> None:
    Path("memo.md").write_text(block("Word", "markdown"), encoding="utf-8")
    run_pandoc(block("Word"))
    with zipfile.ZipFile("memo.docx") as parts:
        document = ElementTree.fromstring(parts.read("word/document.xml"))
        assert [name for name in parts.namelist() if name.startswith("word/media/")] != []
        assert b'TargetMode="External"' not in parts.read("word/_rels/document.xml.rels")
    assert [shown.get("descr") for shown in document.iter(f"{WORD}docPr")] == [alt]
    assert "".join(document.itertext()).rstrip().endswith(CAPTION)


def test_a_page_of_quarto_s_markdown_has_alt_text_and_caption_and_needs_no_network(alt: str) -> None:
    Path("page.qmd").write_text(block("Quarto and web pages", "markdown"), encoding="utf-8")
    Path("fig-alt.lua").write_text(block("Quarto and web pages", "lua"), encoding="utf-8")
    run_pandoc(block("Quarto and web pages"))
    page = Page(Path("page.html").read_text(encoding="utf-8"))
    assert [picture["alt"] for picture in page.pictures] == [alt]
    assert " ".join(page.caption.split()) == CAPTION
    assert page.needs == []


@pytest.mark.filterwarnings("default")  # the notebook client's own loop handling warns; the notebook runs in another process
def test_a_notebook_s_page_has_the_alt_text_and_needs_no_network(alt: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(block("Notebooks", "python"))])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT)}}).execute()
    nbformat.write(notebook, "paper.ipynb")
    run_pandoc(block("Notebooks"))
    page = Page(Path("paper.html").read_text(encoding="utf-8"))
    assert [picture["alt"] for picture in page.pictures] == [alt]
    assert page.needs == []
    (template,) = re.findall("--template ([a-z]+)", SECTIONS["Notebooks"])
    exported, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
    assert [picture["alt"] for picture in Page(exported).pictures] == [alt]


def test_a_picture_that_is_not_embedded_would_be_found() -> None:
    assert Page(pypandoc.convert_text("![a](https://example.org/a.png)", "html", format="markdown")).needs != []
    assert Page("<style>@import url(https://example.org/a.css);</style>").needs == ["https://example.org/a.css"]
    assert Page("<script type=module>import a from '//example.org/a.js'</script>").needs == ["//example.org/a.js"]
