"""Where text goes: labels that meet nothing, leave nothing out and stay on the page; the same input gives the same places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, product
from math import dist
from typing import TYPE_CHECKING, Any

from tariffs.charts.page import Box, Hair, Page, crossing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.text import Text

GAP = 0.4
FLAG_GAP = 0.8
FAR = 2.5  # a label further than this from what it names [mm] has a hair leading to it
LONGEST = 9  # a hair this long [mm] is worse than one that crosses another
BEFORE = 2  # a label before what it names is so much further away than one after it [mm]
CLEAR = 0.3  # between a hair and a text [mm]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place for a text: a point [mm] and how the text sits on it."""

    x: float
    y: float
    ha: str = "left"
    va: str = "center"


class Places:
    """What is taken inside one area of a page.

    Parameters
    ----------
    page : Page
    area : Box
    longest : float
        A hair longer than this is not worth avoiding that it crosses a text [mm].
    """

    def __init__(self, page: Page, area: Box, longest: float = LONGEST) -> None:
        self.page, self.area, self.longest = page, area, longest
        self.taken: list[Box] = []
        self.texts: list[Box] = []
        self.hairs: list[Hair] = []

    def take(self, boxes: Iterable[Box]) -> None:
        """Keep text away from these boxes."""
        self.taken += boxes

    def free(self, box: Box, *, over_hairs: bool = False) -> bool:
        """Whether a box lies inside the area and meets nothing, or nothing but hairs."""
        clear = box.within(self.area) and not any(box.meets(other, GAP) for other in self.taken)
        return clear and (over_hairs or not any(box.struck(*hair, GAP) for hair in self.hairs))

    def find(self, width: float, height: float, anchors: Iterable[Anchor], target: Box | None = None) -> tuple[Anchor, Box]:
        """Return the first anchor where something of this size [mm] meets nothing, and the box it fills there.

        When no anchor is free the area is searched around the first one, or around the target, nearest place first, so that a
        label may move but is never dropped; as a last resort it stands where it meets the least. Places from which a hair to
        the target would cross a text or another hair come after all others.
        """
        wanted, crossed = list(anchors), None
        further = _around(wanted[0], self.area) if target is None else _towards(target, self.area, width, height)
        for anchor in chain(wanted, further):
            box = _box(anchor, width, height)
            if self.free(box):
                if target is None or self.reaches(box, target):
                    return anchor, box
                crossed = crossed or (anchor, box)
                if dist(*box.way_to(target)) > self.longest:
                    break
        if crossed:
            return crossed
        for anchor in _around(wanted[0], self.area) if self.hairs else ():
            if self.free(box := _box(anchor, width, height), over_hairs=True):
                return anchor, box
        least = min(_around(wanted[0], self.area), key=lambda anchor: self._conflict(_box(anchor, width, height)))
        return least, _box(least, width, height)

    def put(self, text: str, anchors: Iterable[Anchor], **style: Any) -> tuple[Text, Anchor]:
        """Write a text at the place that `find` gives it."""
        anchor, _ = self.find(*self.page.measure(text, **style), anchors)
        artist = self.page.write(anchor.x, anchor.y, text, ha=anchor.ha, va=anchor.va, **style)
        box = self.page.box(artist)
        self.take([box])
        self.texts.append(box)
        return artist, anchor

    def label(self, text: str, anchors: Iterable[Anchor], target: Box, **style: Any) -> Text:
        """Write a text at its place, with a hair to what it names where that is far away.

        Parameters
        ----------
        text : str
        anchors : iterable of Anchor
        target : Box
            What it names: a point, or a stretch of line.
        style
            Of the text; the hair has its colour.
        """
        anchor, _ = self.find(*self.page.measure(text, **style), anchors, target)
        artist = self.page.write(anchor.x, anchor.y, text, ha=anchor.ha, va=anchor.va, **style)
        box = self.page.box(artist)
        self.take([box])
        self.texts.append(box)
        self.lead(box, target, style["color"])
        return artist

    def lead(self, box: Box, target: Box, color: str) -> None:
        """Draw a hair from a text to what it names, where that is far away."""
        (x, y), end = hair = box.way_to(target)
        if dist(*hair) > FAR:
            self.page.rule(x, y, *end, color=color, linewidth=0.4, zorder=2, gid="leader")
            self.hairs.append(hair)

    def reaches(self, box: Box, target: Box) -> bool:
        """Whether a hair from a box to a target is none, or crosses no text and no other hair."""
        hair = box.way_to(target)
        if dist(*hair) <= FAR:
            return True
        return not any(text.struck(*hair, CLEAR) for text in self.texts) and not any(
            crossing(hair, other) for other in self.hairs
        )

    def _conflict(self, box: Box) -> tuple[bool, int, int]:
        """Return whether a box leaves the area, and how many texts and how much else it meets."""
        return (
            not box.within(self.area),
            sum(box.meets(text, GAP) for text in self.texts),
            sum(box.meets(other) for other in self.taken),
        )


def _box(anchor: Anchor, width: float, height: float) -> Box:
    left = anchor.x - {"left": 0.0, "center": width / 2, "right": width}[anchor.ha]
    bottom = anchor.y - {"bottom": 0.0, "center": height / 2, "top": height}[anchor.va]
    return Box(left, bottom, left + width, bottom + height)


def _around(start: Anchor, area: Box) -> Iterator[Anchor]:
    columns = range(int(area.left - start.x), int(area.right - start.x) + 1)
    rows = range(int(area.bottom - start.y), int(area.top - start.y) + 1)
    offsets = sorted(((dx, dy) for dx in columns for dy in rows), key=lambda offset: (offset[0] ** 2 + offset[1] ** 2, offset))
    for dx, dy in offsets:
        yield Anchor(start.x + dx, start.y + dy, "left", "center")


def _towards(target: Box, area: Box, width: float, height: float) -> Iterator[Anchor]:
    """Yield the places for something of a size, those nearest to a target first; before it is as if further away."""
    found = []
    for column in range(int(area.right - area.left - width) + 1):
        left = area.left + column
        before, after = max(0.0, target.left - left - width), max(0.0, left - target.right)
        aside = after or (before and before + BEFORE)
        for row in range(int(area.top - area.bottom - height) + 1):
            bottom = area.bottom + row
            upright = max(0.0, target.bottom - bottom - height, bottom - target.top)
            found.append((aside * aside + upright * upright, left, bottom))
    for _, left, bottom in sorted(found):
        yield Anchor(left, bottom + height / 2)


@dataclass(frozen=True, slots=True)
class Flag:
    """A text that hangs on a mast at a day, in a row of a lane."""

    x: float
    text: str
    left: float
    right: float
    row: int


def fly(masts: list[tuple[float, str, float]], left_edge: float, right_edge: float) -> list[Flag]:
    """Give each flag a side of its mast and the lowest row in which its text meets no other text and no mast.

    A flag whose text passes over another's mast must fly higher than that one. Flags hang to the right where they can; sides are
    tried in order of how many hang to the left, so the same input gives the same lane.

    Parameters
    ----------
    masts : list of (x, text, width)
        In order of x [mm].
    left_edge, right_edge : float
        No text crosses them [mm].
    """
    for sides in sorted(product((False, True), repeat=len(masts)), key=lambda sides: (sum(sides), sides)):
        hung = [_hang(mast, left=left) for mast, left in zip(masts, sides, strict=True)]
        if all(left_edge <= flag.left and flag.right <= right_edge for flag in hung):
            rows = _rows(hung)
            if rows is not None:
                return [replace(flag, row=row) for flag, row in zip(hung, rows, strict=True)]
    return [replace(_hang(mast, left=False), row=row) for row, mast in enumerate(reversed(masts))][::-1]


def _hang(mast: tuple[float, str, float], *, left: bool) -> Flag:
    x, text, width = mast
    begin = x - FLAG_GAP - width if left else x + FLAG_GAP
    return Flag(x, text, begin, begin + width, 0)


def _rows(flags: list[Flag]) -> list[int] | None:
    """Return a row for each flag, or None where two would each have to fly above the other."""
    below = {
        one: [
            other for other, flag in enumerate(flags) if other != one and flags[one].left - GAP < flag.x < flags[one].right + GAP
        ]
        for one in range(len(flags))
    }
    rows: dict[int, int] = {}
    while len(rows) < len(flags):
        ready = [one for one in range(len(flags)) if one not in rows and all(other in rows for other in below[one])]
        if not ready:
            return None
        one = ready[-1]
        row = max((rows[other] + 1 for other in below[one]), default=0)
        while any(rows[other] == row and _beside(flags[one], flags[other]) for other in rows):
            row += 1
        rows[one] = row
    return [rows[one] for one in range(len(flags))]


def _beside(flag: Flag, other: Flag) -> bool:
    return flag.left < other.right + FLAG_GAP and other.left < flag.right + FLAG_GAP
