from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest

import tariffs as tf
from tariffs.charts import save

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
