from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest
from cycler import cycler
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

import tariffs as tf
from tariffs.charts import save
from tariffs.charts.style import STYLES, own_style
from tariffs.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

USERS: Any = {
    "text.usetex": True,
    "axes.grid": True,
    "axes.facecolor": "black",
    "figure.facecolor": "pink",
    "savefig.bbox": "tight",
    "font.weight": "bold",
    "lines.marker": "x",
    "path.sketch": (1, 100, 2),
}


def test_settings_of_the_user_change_nothing_and_come_back(tmp_path: Path) -> None:
    plain = save(tf.plot(), tmp_path / "plain.png").read_bytes()
    with mpl.rc_context(USERS):
        assert save(tf.plot(), tmp_path / "users.png").read_bytes() == plain
        assert {name: mpl.rcParams[name] for name in USERS} == USERS


def test_charts_drawn_at_the_same_time_leave_the_settings_alone() -> None:
    before = dict(mpl.rcParams)
    threads = [threading.Thread(target=tf.plot) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("direction", ["us_on_cn", "cn_on_us"])
def test_direction_looks_the_same_alone_and_beside_another(direction: str) -> None:
    def look(ax: Any) -> tuple[Any, ...]:
        line = next(line for line in ax.lines if line.get_gid() == direction)
        return line.get_color(), line.get_linestyle(), line.get_linewidth()

    assert look(tf.plot(direction)) == look(tf.plot())


@pytest.mark.parametrize(("style", "size"), [("paper", (174, 105)), ("slides", (254, 142.9)), ("web", (200, 120))])
def test_a_style_brings_its_size_and_its_type(style: str, size: tuple[float, float]) -> None:
    figure = tf.plot(style=style).get_figure(root=True)
    assert isinstance(figure, Figure)
    assert [round(inches * 25.4, 1) for inches in figure.get_size_inches()] == list(size)


@pytest.mark.parametrize("style", STYLES)
def test_colours_of_a_style_stand_out_from_white_and_from_each_other_in_grey(style: str) -> None:
    with own_style(style):
        colors = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    for color in colors:
        assert 1.05 / (luminance(color) + 0.05) >= 3, color
    assert len(set(colors)) == len(colors) == 4


def luminance(color: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2.1 defines it."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_the_user_s_own_settings_are_respected_where_asked_for() -> None:
    with mpl.rc_context({"axes.prop_cycle": cycler(color=["#ff0000", "#00aa00"]), "lines.linewidth": 3.4}):
        ax = tf.plot(style="current", width=174, height=120)
    drawn = {line.get_gid(): line for line in ax.lines}
    assert drawn["us_on_cn"].get_color() == "#ff0000"
    assert drawn["us_on_cn"].get_linewidth() == 3.4


def test_a_style_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.mplstyle"
    file.write_text('axes.prop_cycle: cycler("color", ["123456"])\nfont.size: 6\n', encoding="utf-8")
    ax = tf.plot(style=str(file), width=174, height=105)
    assert next(line for line in ax.lines if line.get_gid() == "us_on_cn").get_color() == "#123456"


def test_a_style_of_matplotlib_is_known_by_name(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        save(tf.plot(style="grayscale", width=174, height=120), tmp_path / name, dpi=60)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_an_unknown_style_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="unknown style 'papier'; did you mean 'paper'"):
        tf.plot(style="papier")


def test_a_file_that_is_no_style_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.mplstyle"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match=r"mine\.mplstyle: is no mplstyle file"):
        tf.plot(style=str(file))
