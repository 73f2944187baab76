from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import tariffs as tf
from tariffs.charts import save
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
    with pytest.raises(UsageError, match=r"one of: \.pdf, \.png, \.svg"):
        save(tf.plot(), tmp_path / "a.bmp")
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        save(tf.plot(), tmp_path / "nowhere" / "a.png")
