from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from PIL import Image

import tariffs as tf
from tariffs.charts import alt_text, save
from tariffs.errors import OutputError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_same_chart_gives_the_same_bytes(tmp_path: Path, ending: str) -> None:
    for name in ("a", "b"):
        save(tf.plot(), tmp_path / f"{name}{ending}")
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


def test_png_has_the_pixels_of_its_millimetres(tmp_path: Path) -> None:
    content = save(tf.plot(width=84), tmp_path / "a.png", dpi=300).read_bytes()
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (int(84 / 25.4 * 300), int(118 / 25.4 * 300))


def test_svg_names_no_date_and_no_path(tmp_path: Path) -> None:
    text = save(tf.plot(), tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "<dc:date>" not in text
    assert str(tmp_path) not in text


def test_unknown_ending_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"one of: \.html, \.pdf, \.png, \.svg"):
        save(tf.plot(), tmp_path / "a.bmp")
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        save(tf.plot(), tmp_path / "nowhere" / "a.png")


TRICKY = 'A & B <script>alert("x")</script> $5_000 100% \\1 é Ω'


def test_an_svg_is_one_picture_with_a_name_and_a_description(tmp_path: Path) -> None:
    ax = tf.plot()
    root = ElementTree.fromstring(save(ax, tmp_path / "a.svg").read_text(encoding="utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    named = {name: root.find(f"{space}{name}") for name in ("title", "desc")}
    assert {name: found is not None and found.get("id") for name, found in named.items()} == {
        "title": root.get("aria-labelledby"),
        "desc": root.get("aria-describedby"),
    }
    assert named["title"] is not None
    assert named["desc"] is not None
    assert named["title"].text == "US and Chinese across-the-board tariffs on each other's goods"
    assert named["desc"].text == alt_text(ax)
    assert next(iter(root)) is named["title"]


def test_text_of_one_s_own_is_never_markup(tmp_path: Path) -> None:
    content = save(tf.plot(title=TRICKY, note=TRICKY), tmp_path / "a.svg", svg_text="text").read_text(encoding="utf-8")
    root = ElementTree.fromstring(content)
    assert "<script" not in content
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == TRICKY


@pytest.mark.parametrize(("kept", "searched"), [("text", True), ("path", False)])
def test_letters_of_an_svg_are_text_or_shapes_as_asked(tmp_path: Path, kept: Any, searched: bool) -> None:
    content = save(tf.plot(), tmp_path / "a.svg", svg_text=kept).read_text(encoding="utf-8")
    assert (">Fentanyl duty</text>" in content) is searched


def test_an_unknown_way_of_text_names_the_ways_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown svg_text 'paths'; did you mean 'path'"):
        save(tf.plot(), tmp_path / "a.svg", svg_text="paths")  # type: ignore[arg-type]  # what a tired person types
    assert list(tmp_path.iterdir()) == []


def test_a_png_says_title_source_and_what_it_shows(tmp_path: Path) -> None:
    ax = tf.plot(width=84)
    with Image.open(save(ax, tmp_path / "a.png", dpi=72)) as picture:
        said = picture.info
    assert said["Title"] == "US and Chinese across-the-board tariffs on each other's goods"
    assert said["Author"].startswith("tariffs, data version ")
    assert said["Description"] == alt_text(ax)


def test_a_pdf_says_the_same_and_holds_its_fonts(tmp_path: Path) -> None:
    content = save(tf.plot(width=84), tmp_path / "a.pdf").read_bytes()
    assert b"/Title (US and Chinese across-the-board tariffs" in content
    assert b"/Subject (Step chart: " in content
    assert b"/FontFile2" in content  # embedded TrueType
    assert b"/Type3" not in content


def test_a_figure_of_one_s_own_is_saved_without_words_of_ours(tmp_path: Path) -> None:
    content = save(Figure().add_subplot(), tmp_path / "a.svg").read_text(encoding="utf-8")
    assert 'role="img"' not in content


def test_letters_that_no_font_has_are_refused_rather_than_drawn_as_boxes() -> None:
    with pytest.raises(UsageError, match="no font at hand has \ue123 of 'Tariffs"):
        tf.plot(title="Tariffs \ue123\ue123")
