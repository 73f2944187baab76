"""A table of steps with bars: a row per day, what each part moved the average by, and by which act."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from tariffs.charts.lines import MINUS, NBSP
from tariffs.charts.page import Box
from tariffs.charts.panel import FAINT, INK, SOFT, TICK_STEPS
from tariffs.charts.partstack import FACES, FAMILY_FACES, FURTHER_FACES, MFN_FACE
from tariffs.charts.sheet import LARGEST, SMALLEST, Sheet
from tariffs.errors import UsageError
from tariffs.products.averaging import MFN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from tariffs.charts.partstack import Face

HEADS = ("Day, new level", "Change of the average, points", "By what, and which act")
OUTLINE, OUTLINE_WIDTH, HATCH_WIDTH = "#3C3C3C", 0.3, 0.35
LINE, ROW_GAP, HEAD_GAP = 0.47, 1.8, 1.2  # height of a line [mm per point of type], between rows and under the heads [mm]
BAR, PATCH, PATCH_GAP = 3.2, 3.2, 1.1  # height of a bar, width of a sample, and from it to its text [mm]
BESIDE = 1.3  # between a day and its level in a column, and a name and its acts [widths of an n]
GAP = 2.6  # between columns [mm]
SHARE = 0.52  # of what is beside the days, the bars' on a page
BELOW = 4.6  # the rows stand so far above the note: ticks are written between [mm]
NUMBER_GAP = 0.9  # from a bar to the number at its end [mm]
APART = 1.7  # between the middles of two ticks [widths of the widest]
DIAMOND = 2.7  # [points]
SAMPLE_HIGH = 0.36  # of a sample: half its height [lines]


@dataclass(frozen=True, slots=True)
class Move:
    """What one part moved the average by: its name and title, points, and the acts."""

    part: str
    title: str
    points: float
    acts: str


@dataclass(frozen=True, slots=True)
class Row:
    """One day, or the days that are not shown one by one.

    Attributes
    ----------
    name, head, under : str
        What it is called in the file; what stands at its left, and beneath that.
    moves : tuple of Move
        The one that moved most first.
    told : tuple of Move
        Those that are named; the others are drawn alone.
    """

    name: str
    head: str
    under: str
    moves: tuple[Move, ...]
    told: tuple[Move, ...]

    @property
    def net(self) -> float:
        """The change of the average [percentage points]."""
        return sum(move.points for move in self.moves)

    @property
    def ends(self) -> tuple[float, float]:
        """How far its bars reach below and above 0 [percentage points]."""
        return sum(min(move.points, 0) for move in self.moves), sum(max(move.points, 0) for move in self.moves)

    @property
    def is_mixed(self) -> bool:
        """Whether named parts go both ways."""
        return len({move.points > 0 for move in self.told}) > 1


def signed(points: float) -> str:
    """Return a change as it is written.

    Examples
    --------
    >>> signed(9.96), signed(0.004)
    ('+10.0', '0.0')
    """
    text = f"{points:+.1f}"
    return text[1:] if float(text) == 0 else text.replace("-", MINUS)


def faces(rows: Sequence[Row], by: str) -> dict[str, Face]:
    """Return what parts look like: MFN and families as in other charts, others in turn, those first that are named."""
    told = [move.part for row in rows for move in row.told]
    own = {MFN: MFN_FACE} | (FAMILY_FACES if by == "family" else {})
    free = cycle(FURTHER_FACES if by == "family" else (*FACES, *(face for face in FURTHER_FACES if face not in FACES)))
    every = dict.fromkeys([*told, *(move.part for row in rows for move in row.moves)])
    return {name: own[name] if name in own else next(free) for name in every}


def fitted(width: float | None, height: float | None, texts: tuple[str, str, str], rows: Sequence[Row]) -> Table:
    """Return the table on its page; without a height, the one that its rows need."""
    draft = Table(Sheet(width, height or LARGEST), texts, rows)
    if draft.needed > draft.sheet.paper.height + 0.01:
        hint = f"expected {draft.needed:.0f} mm or more" if draft.needed <= LARGEST else "show fewer days, or name a larger least"
        raise UsageError(f"height: {len(rows)} rows have no room on {draft.sheet.paper.height:.0f} mm; {hint}")
    return draft if height is not None else Table(Sheet(width, max(draft.needed, SMALLEST)), texts, rows)


class Table:
    """Days at the left, bars beside them, and names with acts at the right; in a column these stand beneath."""

    ax: Axes

    def __init__(self, sheet: Sheet, texts: tuple[str, str, str], rows: Sequence[Row]) -> None:
        self.sheet, self.paper, self.rows, self.size = sheet, sheet.paper, rows, sheet.size
        self.line, self.beside = LINE * self.size, BESIDE * self.wide("n")
        room = sheet.room(texts, [])
        self.area = Box(room.left, room.bottom + (BELOW - 6.5) * sheet.scale, room.right, room.top)
        gap = GAP * sheet.scale
        days = max(self.wide(row.head, fontweight="bold") for row in rows)
        self.levels = self.area.left + (days + self.beside if sheet.narrow else 0)
        under = max(self.wide(row.under) for row in rows)
        left = max(self.levels + under, self.area.left + max(days, self.wide(HEADS[0], fontweight="bold"))) + gap
        middle = left + (1 if sheet.narrow else SHARE) * (self.area.right - left)
        self.bars = left, middle - (0 if sheet.narrow else gap)
        self.words = (self.area.left if sheet.narrow else middle), self.area.right
        self.patch = PATCH * sheet.scale
        self.texts = [self.lines(row) for row in rows]
        self.heights = [(1 + len(lines) if sheet.narrow else max(2, len(lines))) * self.line for lines in self.texts]

    def wide(self, text: str, **style: Any) -> float:
        """Return how wide a text is [mm]."""
        return self.paper.measure(text, fontsize=self.size, **style)[0]

    def lines(self, row: Row) -> list[tuple[str, str, str]]:
        """Return the lines of a row: the part that is sampled in it, what is named, and what is cited behind or beneath."""
        found: list[tuple[str, str, str]] = []
        by_acts: dict[str, list[Move]] = {}
        for move in row.told:
            by_acts.setdefault(move.acts, []).append(move)
        for acts, moves in by_acts.items():
            for move in moves:
                found += self.broken(move, acts if move is moves[-1] else "")
        return found

    def broken(self, move: Move, acts: str) -> list[tuple[str, str, str]]:
        """Return a part with its points, and acts behind or beneath it, line by line."""
        width = self.words[1] - self.words[0] - self.patch - PATCH_GAP
        names = self.paper.wrap(f"{move.title}{NBSP}{signed(move.points)}", width, fontsize=self.size).splitlines()
        found = [(move.part if number == 0 else "", name, "") for number, name in enumerate(names)]
        if acts and self.wide(names[-1]) + self.beside + self.wide(acts) <= width:
            return [*found[:-1], (found[-1][0], names[-1], acts)]
        return [*found, *(("", "", act) for act in self.paper.wrap(acts, width, fontsize=self.size).splitlines() if act)]

    @property
    def around(self) -> float:
        """The height of the heads and of the gaps between rows [mm]."""
        return self.line + HEAD_GAP + ROW_GAP * len(self.rows)

    @property
    def needed(self) -> float:
        """The height of a page that the table needs [mm]."""
        return self.paper.height - (self.area.top - self.area.bottom) + self.around + sum(self.heights)

    def draw(self, looks: dict[str, Face]) -> None:
        """Write the rows and draw their bars."""
        spare = max(self.area.top - self.area.bottom - self.around - sum(self.heights), 0) / len(self.rows)
        top = self.write_heads()
        self.open(Box(self.bars[0], self.area.bottom, self.bars[1], top))
        y = top
        with mpl.rc_context({"hatch.linewidth": HATCH_WIDTH}):
            for row, lines, height in zip(self.rows, self.texts, self.heights, strict=True):
                full = height + ROW_GAP + spare
                self.draw_row(row, lines, y - full / 2, looks)
                y -= full
                if row is not self.rows[-1]:
                    self.paper.rule(self.area.left, y, self.area.right, y, color=FAINT, linewidth=0.5, zorder=0)

    def write_heads(self) -> float:
        """Write what the columns hold, and return where the rows begin [mm]."""
        y = self.area.top - self.line
        places = (self.area.left, self.bars[0], *([] if self.sheet.narrow else [self.words[0]]))
        for x, text in zip(places, HEADS, strict=False):
            self.paper.write(x, y, text, fontsize=self.size, fontweight="bold", color=SOFT, va="bottom")
        y -= HEAD_GAP
        self.paper.rule(self.area.left, y, self.area.right, y, color=SOFT, linewidth=0.5)
        return y

    def open(self, box: Box) -> None:
        """Make the axes of the bars: across percentage points, upwards millimetres."""
        page = self.paper
        size = (box.right - box.left) / page.width, (box.top - box.bottom) / page.height
        self.ax = ax = page.figure.add_axes((box.left / page.width, box.bottom / page.height, *size))
        self.bottom = box.bottom
        low, high = self.limits(box.right - box.left)
        ax.set_xlim(low, high)
        ax.set_ylim(0, box.top - box.bottom)
        ax.set_yticks([])
        ax.spines["bottom"].set_visible(False)
        ax.patch.set_visible(False)  # the rules between rows go through
        ax.set_axisbelow(True)
        ax.grid(axis="x", color=FAINT, linewidth=0.5)
        ends = [end for row in self.rows for end in row.ends]
        room = APART * max(self.wide(f"{end:+.0f}") for end in ends) * (high - low) / (box.right - box.left)
        step = next(size for size in TICK_STEPS if size >= room or size == TICK_STEPS[-1])
        ticks = (place * step for place in range(int(min(ends) // step), int(max(ends) // step) + 2))
        ax.set_xticks([tick for tick in ticks if min(ends) - step / 2 < tick < max(ends) + step / 2])
        ax.xaxis.set_major_formatter(lambda tick, _: f"{tick:+g}".replace("-", MINUS) if tick else "0")
        ax.tick_params(axis="x", length=0, labelsize=self.size, labelcolor=SOFT, pad=2)
        ax.axvline(0, color=INK, linewidth=0.7, zorder=4, gid="zero")

    def limits(self, width: float) -> tuple[float, float]:
        """Return the points at the edges, so that the number at the end of every bar has room."""
        low, high = min(row.ends[0] for row in self.rows), max(row.ends[1] for row in self.rows)
        for _ in range(20):  # room in points depends on the scale, and that on the room
            scale = (high - low) / width
            lows, highs = [0.0], [0.0]
            for row in self.rows:
                room = (self.wide(signed(row.net), fontweight="bold") + 2 * NUMBER_GAP) * scale
                left, right = row.ends
                lows.append(left - (room if row.net < 0 else 0))
                highs.append(right + (room if row.net >= 0 else 0))
            low, high = min(lows), max(highs)
        return low, high

    def draw_row(self, row: Row, lines: list[tuple[str, str, str]], y: float, looks: dict[str, Face]) -> None:
        """Draw one row around its middle."""
        at = y + len(lines) * self.line / 2
        head, under, bar = y + self.line / 2, y - self.line / 2, y
        if self.sheet.narrow:
            head = under = bar = at
            at -= self.line / 2
        self.write(self.area.left, head, row.head, fontweight="bold", gid=f"day-{row.name}")
        self.write(self.levels, under, row.under, color=SOFT, gid=f"level-{row.name}")
        self.draw_bars(row, bar, looks)
        x = self.words[0] + self.patch + PATCH_GAP
        for part, name, act in lines:
            at -= self.line
            right = x
            if part:
                self.sample(looks[part], at + self.line / 2)
            if name:
                written = self.write(x, at + self.line / 2, name, gid=f"move-{row.name}-{part}")
                right = self.paper.box(written).right + self.beside
            if act:
                self.write(right, at + self.line / 2, act, color=SOFT, gid=f"act-{row.name}")

    def draw_bars(self, row: Row, y: float, looks: dict[str, Face]) -> None:
        """Draw what went up to the right of 0 and what went down to its left, with the sum at the end."""
        ends = {True: 0.0, False: 0.0}
        height, middle = (self.line if self.sheet.narrow else BAR * self.sheet.scale), y - self.bottom
        for move in row.moves:
            face, hatch = looks[move.part]
            up = move.points > 0
            self.ax.barh(
                middle, move.points, height, left=ends[up], facecolor=face, hatch=hatch, edgecolor=OUTLINE,
                linewidth=OUTLINE_WIDTH, gid=f"{row.name}-{move.part}", zorder=3,
            )  # fmt: skip
            ends[up] += move.points
        if row.is_mixed:
            diamond: dict[str, Any] = {"marker": "D", "markersize": DIAMOND * self.sheet.scale, "color": INK}
            self.ax.plot(
                [row.net], [middle], gid=f"sum-{row.name}", zorder=6, markeredgewidth=0.5, markeredgecolor="white", **diamond
            )
        low, high = self.ax.get_xlim()
        per_point = (self.bars[1] - self.bars[0]) / (high - low)
        end = ends[row.net >= 0]
        x = self.bars[0] + (end - low) * per_point + (NUMBER_GAP if row.net >= 0 else -NUMBER_GAP)
        look = {"ha": "left" if row.net >= 0 else "right", "fontweight": "bold"}
        self.write(x, y, signed(row.net), gid=f"net-{row.name}", **look)

    def sample(self, face: Face, y: float) -> None:
        """Draw a part's look beside its name."""
        half = SAMPLE_HIGH * self.line
        look = {"facecolor": face[0], "hatch": face[1], "edgecolor": OUTLINE, "linewidth": OUTLINE_WIDTH, "gid": "key"}
        self.paper.rectangle(Box(self.words[0], y - half, self.words[0] + self.patch, y + half), **look)

    def write(self, x: float, y: float, text: str, **style: Any) -> Text:
        """Write a text of the table, on a ground that keeps lines away from it."""
        ground = {"facecolor": self.paper.figure.get_facecolor(), "edgecolor": "none", "pad": 0.4}
        return self.paper.write(
            x, y, text, **{"va": "center_baseline", "fontsize": self.size, "color": INK, "bbox": ground} | style
        )
