from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import tariffs as tf
from tariffs.charts import alt_text, save
from tariffs.charts.page import Chart
from tariffs.charts.said import Said, said
from tariffs.errors import TariffsError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = (".png", ".svg", ".pdf")


def saying(title: str, source: str = "s", alt: str = "a") -> Chart:
    chart = Chart(figsize=(1, 1))
    FigureCanvasAgg(chart)
    chart.title, chart.source, chart.alt = title, source, alt
    return chart


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_says_what_the_chart_said(tmp_path: Path, ending: str) -> None:
    ax = tf.plot("cn_on_us")
    path = save(ax, tmp_path / f"a{ending}")
    assert said(path) == Said("Across-the-board tariffs: China on US", tf.load().source_line, alt_text(ax))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_scenario_stands_in_the_source(tmp_path: Path, ending: str) -> None:
    path = save(tf.plot("cn_on_us", catalog=tf.load("no-geneva", on_top=True)), tmp_path / f"a{ending}")
    assert "no-geneva" in said(path).source


@pytest.mark.parametrize("ending", ENDINGS)
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_any_text_comes_back_letter_for_letter(tmp_path: Path, ending: str, text: str) -> None:
    assert said(save(saying(text, text, text), tmp_path / f"a{ending}")) == Said(text, text, text)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("text", [r"\(a) \) (b", r"</title> 1 0 R endobj >> /Title (c)", "é (Ω) \\", "one \\nline"])
def test_what_looks_like_the_file_s_own_language_comes_back_too(tmp_path: Path, ending: str, text: str) -> None:
    assert said(save(saying(text, alt=text), tmp_path / f"a{ending}")) == Said(text, "s", text)


@pytest.mark.parametrize("ending", ENDINGS)
def test_lines_become_one(tmp_path: Path, ending: str) -> None:
    assert said(save(saying("one\n\ntwo\t three "), tmp_path / f"a{ending}")).title == "one two three"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_picture_of_others_is_refused_with_the_way_out(tmp_path: Path, ending: str) -> None:
    path = save(Figure().add_subplot(), tmp_path / f"a{ending}")
    with pytest.raises(TariffsError, match=r"does not say what it shows.*draw it again with `tariffs plot -o`"):
        said(path)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", b"<svg>", b"%PDF-1.4\ntrailer\n<< /Info 9 0 R >>"]
)
def test_what_is_no_picture_is_refused_alike(tmp_path: Path, ending: str, content: bytes) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(content)
    with pytest.raises(TariffsError, match="does not say what it shows"):
        said(path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_cut_short_is_refused_rather_than_half_read(tmp_path: Path, ending: str) -> None:
    path = save(saying("t"), tmp_path / f"a{ending}")
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(TariffsError, match=r"does not say what it shows|cannot be read"):
        said(path)


def test_a_file_that_is_not_there_and_an_unknown_ending_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TariffsError, match="cannot be read: No such file"):
        said(tmp_path / "a.png")
    with pytest.raises(UsageError, match=r"unknown ending '.jpg'; one of: \.pdf, \.png, \.svg"):
        said(tmp_path / "a.jpg")
