"""How trade is spread over bands of duties, over time: stepped bands that fill the plot, with a key in their order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.dates import date2num

from tariffs.charts import words
from tariffs.charts.alt import Told, alt_text
from tariffs.charts.page import Box
from tariffs.charts.panel import INK, Panel
from tariffs.charts.sheet import LEAST_PLOT, Sheet, require_size
from tariffs.charts.story import STORY, annotations_of, doubt_of
from tariffs.charts.style import own_style
from tariffs.errors import UsageError
from tariffs.products.asking import Asked, ask
from tariffs.products.said import of_goods, seen, weighed
from tariffs.products.spread import BOUNDS, NOT_KNOWN, distributions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes

    from tariffs.asking import DayLike
    from tariffs.catalog import Catalog
    from tariffs.products.store import Store
    from tariffs.vocabulary import Basis, Known

# From nothing to the highest duties: lighter is lower, in grey too, and for readers who do not see red.
RAMP = ("#FFF9EA", "#FBDFA6", "#F3B562", "#DD7A2E", "#A8400F", "#571405")
UNKNOWN_FACE, UNKNOWN_HATCH = "#D9D9D9", "//////"
OUTLINE, OUTLINE_WIDTH, HATCH_WIDTH = "#3C3C3C", 0.3, 0.35
MAST: dict[str, Any] = {"color": INK, "linewidth": 0.5, "linestyle": (0, (1, 2)), "zorder": 5}
PATCH, PATCH_GAP, KEY_ROW = 4.0, 1.2, 0.62  # of the key: width [mm], to its text [mm], height of a row [mm per point of type]
ASIDE = 3.0  # between the plot and the key [mm]
PAD = 0.7  # around a share in its band [mm]
SAME = 3.5  # of trade: as long as a share moves by no more it is written once [percentage points]
LIGHT = 0.18  # a luminance below which white is read better than ink


@dataclass(frozen=True, slots=True)
class Band:
    """One band of duties over stretches of days: its name, its edges [percent of trade], its look."""

    name: str
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    face: str
    hatch: str

    @property
    def shares(self) -> list[float]:
        """Its share of trade over each stretch [percent]."""
        return [upper - lower for lower, upper in zip(self.lower, self.upper, strict=True)]

    @property
    def ink(self) -> str:
        """The colour in which text is read on it."""
        return INK if _light(self.face) > LIGHT else "white"


def plot_distribution(
    origin: str = "CN",
    *,
    bounds: Sequence[float] = BOUNDS,
    weights: str = "us-imports-2024",
    mfn: bool = False,
    start: DayLike | None = None,
    end: DayLike | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    style: str = "paper",
    width: float | None = None,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
) -> Axes:
    """Draw what share of an origin's trade bore which duties: stepped bands, the lowest duties at the bottom.

    Parameters
    ----------
    origin, bounds, weights, mfn, as_of, known, basis, store, catalog
        As in `distributions`.
    start, end : date-like, optional
        First and last day shown. Bands end with the last day that the record was checked for.
    style : str
        As in `tariffs.plot`.
    width, height : float
        Of the figure [mm], 80 to 600: 174 is a page, 84 a column; those of the style by default.
    title, subtitle, note : str, optional
        In place of the generated ones; an empty text leaves them out.

    Returns
    -------
    matplotlib.axes.Axes
        Of a figure of its own, made without pyplot; `tariffs.charts.save` writes it. Each band is a patch with its name as gid.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError
    """
    require_size(width, height)
    asked = ask(origin, store, catalog, as_of=as_of, known=known, basis=basis)
    first, last, final = _window(asked, start, end)
    frame = distributions(
        origin, bounds=bounds, weights=weights, mfn=mfn, start=first, end=last, as_of=as_of, known=known, basis=basis,
        store=asked.store, catalog=catalog,
    )  # fmt: skip
    days, found = _bands(frame, last)
    heading = words.supposed(asked.record, f"{of_goods(asked)}: share of trade by rate of duty")
    with own_style(style):
        sheet = Sheet(width, height)
        panel = sheet.panel(first, final + timedelta(days=1))
        if last < final:
            panel.add_ground("not-verified", last + timedelta(days=1), panel.final, _doubt(asked, last))
        texts = (
            heading if title is None else title,
            _subtitle(asked, frame.attrs, mfn=mfn) if subtitle is None else subtitle,
            _note(asked, frame.attrs, found, (first, last), mfn=mfn) if note is None else note,
        )
        _Page(sheet, panel, found, days).draw(texts, _told_events(asked, first, last))
    told = [
        Told(f"Duty {band.name}", shares[0], tuple(zip(days[1:-1], shares[1:], strict=True)), {}, _percent)
        for band in found
        if any(shares := [round(share, 6) for share in band.shares])
    ]
    alt = alt_text("Stacked bands", texts[0] or heading, "Percent of trade", (first, last), [_moving(one) for one in told])
    sheet.paper.tell(texts[0] or heading, asked.record.source_line, alt, style)
    return panel.ax


def _window(asked: Asked, start: DayLike | None, end: DayLike | None) -> tuple[date, date, date]:
    """Return the first day, the last day of the bands, and the last day shown."""
    horizon = asked.view.horizon(asked.record.release.known_through)
    first = asked.first if start is None else asked.day(start, "start")
    final = horizon if end is None else asked.day(end, "end")
    if first >= min(final, horizon):
        raise UsageError(f"found start {first}, expected a day before {min(final, horizon)}, the last one that is drawn")
    return first, min(final, horizon), final


def _bands(frame: pd.DataFrame, last: date) -> tuple[list[date], list[Band]]:
    """Return the first day of each stretch and the day after the last, and the bands from the bottom up."""
    table = frame.pivot_table(index="date", columns="band", values="share", observed=False)
    names = [str(name) for name in table.columns]
    edges = np.cumsum(np.column_stack([np.zeros(len(table)), table.to_numpy()]), axis=1).T.tolist()
    looks = [*((face, "") for face in _ramp(len(names) - 1)), (UNKNOWN_FACE, UNKNOWN_HATCH)]
    found = [
        Band(name, tuple(lower), tuple(upper), *look)
        for name, (lower, upper), look in zip(names, pairwise(edges), looks, strict=True)
    ]
    return [*(stamp.date() for stamp in table.index), last + timedelta(days=1)], found


def _ramp(count: int) -> list[str]:
    """Return so many colours from light to dark."""
    if count == len(RAMP):
        return list(RAMP)
    colors = mpl.colors.LinearSegmentedColormap.from_list("bands", RAMP)
    return [mpl.colors.to_hex(colors(place / max(count - 1, 1))) for place in range(count)]


def _light(color: Any) -> float:
    """Return a colour's relative luminance."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def _percent(share: float) -> str:
    return f"{share:.1f}%" if 0 < share < 10 else f"{share:.0f}%"


def _moving(one: Told) -> Told:
    """Return a band as the alt text tells it: without days on which its share stayed."""
    levels = [one.start, *(level for _, level in one.steps)]
    steps = tuple(step for step, before in zip(one.steps, levels, strict=False) if step[1] != before)
    return Told(one.name, one.start, steps, {}, one.written)


def _told_events(asked: Asked, first: date, last: date) -> list[tuple[str, date]]:
    story = not STORY.isdisjoint(duty.id for duty in asked.duties)
    return annotations_of(asked.record, first, last, whole=True) if story else []


def _doubt(asked: Asked, last: date) -> str:
    return f"{doubt_of(asked.view, weighted=False)} after {words.short_day(last)}"


def _subtitle(asked: Asked, said: dict[Any, Any], *, mfn: bool) -> str:
    what = "Duties, MFN included" if mfn else "Additional duties, on top of MFN"
    return f"{what}, percent of customs value, by legal effective date{seen(asked.view)}; {weighed(asked, said)}"


def _note(asked: Asked, said: dict[Any, Any], found: list[Band], window: tuple[date, date], *, mfn: bool) -> str:
    unknown = max(found[-1].shares)
    sentences = [
        f"A share is written as it stood longest, once as long as it stays within {SAME:g} points.",
        "Not included: anti-dumping and countervailing duties"
        + ("" if mfn else ", ordinary (MFN) duties")
        + ", exclusions and uses that no tariff line shows.",
        *(
            [f"Not known: at most {unknown:.2g}% of trade, in chapters 98 and 99 and where duties hang on metal content."]
            if unknown
            else []
        ),
        *words.voids(list(asked.duties), asked.view, window),
        f"Weights, the same on every day: {said['weights_note']}. Source: {said['source']}.",
    ]
    return " ".join(sentences)


class _Page:
    """The plot of bands with its key: beside it on a page, above it in a column."""

    def __init__(self, sheet: Sheet, panel: Panel, bands: list[Band], days: list[date]) -> None:
        self.sheet, self.panel, self.paper = sheet, panel, sheet.paper
        self.bands, self.days = bands, days
        self.keyed = [band for band in bands if band.name != NOT_KNOWN or any(band.shares)]
        self.row = KEY_ROW * sheet.size
        self.patch, self.gap = PATCH * sheet.scale, PATCH_GAP * sheet.scale
        self.write = partial(sheet.paper.write, fontsize=sheet.size, color=INK, va="center_baseline", gid="key")

    def draw(self, texts: tuple[str, str, str], annotations: list[tuple[str, date]]) -> None:
        """Write what surrounds the plot, then fill it."""
        sheet, panel = self.sheet, self.panel
        wide = self.patch + self.gap + max(self.measure(text) for text in (*self.names, *self.head.splitlines()))
        if not sheet.narrow:
            panel.right -= wide + ASIDE
            panel.edge = panel.right + ASIDE
        key = panel.plan(annotations)
        title, subtitle, note = texts
        room = sheet.room((title, subtitle, " ".join([note, *panel.unnamed_grounds()]) if note else ""), key)
        rows = self.in_rows(room.right - room.left) if sheet.narrow else []
        top = room.top - panel.lane - len(rows) * self.row
        box = Box(panel.left, room.bottom, panel.right, top)
        sheet.require_room(box, LEAST_PLOT)
        for number, row in enumerate(rows):
            self.write_row(row, room.top - (number + 0.5) * self.row)
        panel.open(box)
        panel.scale(0, 100, "Percent of trade", most=100, cut=True)
        self.fill()
        panel.finish()
        for line in panel.ax.lines:
            if line.get_gid() == "mast":
                line.update(MAST)
        if not sheet.narrow:
            self.write_beside(box)
        self.write_shares()

    @property
    def head(self) -> str:
        return "Duty, percent\nof value"

    @property
    def names(self) -> list[str]:
        return [band.name for band in self.keyed]

    def measure(self, text: str) -> float:
        return self.paper.measure(text, fontsize=self.sheet.size)[0]

    def fill(self) -> None:
        """Draw the bands."""
        edges = [float(date2num(day)) for day in self.days]
        with mpl.rc_context({"hatch.linewidth": HATCH_WIDTH}):
            for order, band in enumerate(self.bands):
                if any(band.shares):
                    self.panel.ax.stairs(
                        band.upper,
                        edges,
                        baseline=band.lower,
                        fill=True,
                        facecolor=band.face,
                        edgecolor=OUTLINE,
                        linewidth=OUTLINE_WIDTH,
                        hatch=band.hatch,
                        gid=band.name,
                        zorder=2 + order / 100,
                    )

    def write_beside(self, box: Box) -> None:
        """Write the key at the right of the plot, in the order of the bands."""
        left = self.panel.right + ASIDE
        style: dict[str, Any] = {"fontsize": self.sheet.size, "fontweight": "bold", "color": INK}
        head = self.paper.write(left, box.top, self.head, va="top", gid="key", **style)
        y = self.paper.box(head).bottom - 0.9 * self.row
        for band in reversed(self.keyed):
            self.sample(band, left, y)
            self.write(left + self.patch + self.gap, y, band.name)
            y -= self.row * 1.1

    def in_rows(self, width: float) -> list[list[tuple[Band, float]]]:
        """Return the key in rows: each band with the place where its patch begins [mm]."""
        rows: list[list[tuple[Band, float]]] = []
        x, left = 0.0, self.sheet.margin
        for band in self.keyed:
            wide = self.patch + self.gap + self.measure(band.name)
            if not rows or x + wide > left + width:
                x = left
                rows.append([])
            rows[-1].append((band, x))
            x += wide + 2.5
        return rows

    def write_row(self, row: list[tuple[Band, float]], y: float) -> None:
        """Write one row of the key."""
        for band, x in row:
            self.sample(band, x, y)
            self.write(x + self.patch + self.gap, y, band.name)

    def sample(self, band: Band, x: float, y: float) -> None:
        """Draw a patch of the key."""
        half = 0.36 * self.row
        look = {"facecolor": band.face, "edgecolor": OUTLINE, "linewidth": OUTLINE_WIDTH, "hatch": band.hatch, "gid": "key"}
        with mpl.rc_context({"hatch.linewidth": HATCH_WIDTH}):
            self.paper.rectangle(Box(x, y - half, x + self.patch, y + half), **look)

    def write_shares(self) -> None:
        """Write the shares of bands where there is room for them, upright if need be, and once as long as they stay."""
        style: dict[str, Any] = {"fontsize": self.panel.size, "ha": "center", "va": "center"}
        for band in self.bands:
            for begin, end, low, high, share in self.stretches(band):
                width, height = self.paper.measure(_percent(share), fontsize=self.panel.size)
                room = self.room_in(begin, end, low, high)
                across, up = room.right - room.left - 2 * PAD, room.top - room.bottom - 2 * PAD
                turned = bool(width > across)
                wide, high_up = (height, width) if turned else (width, height)
                if wide <= across and high_up <= up:
                    x, y = (room.left + room.right) / 2, (room.bottom + room.top) / 2
                    look = {"color": band.ink, "rotation": 90 if turned else 0, "gid": f"share-{band.name}"}
                    self.paper.write(x, y, _percent(share), **style, **look)

    def room_in(self, begin: date, end: date, low: float, high: float) -> Box:
        """Return the widest place between the masts of flags in a stretch of a band [mm]."""
        panel = self.panel
        left, right = panel.x(begin), panel.x(end)
        masts = sorted(flag.x for flag in panel.flags if left < flag.x < right)
        widest = max(pairwise([left, *masts, right]), key=lambda gap: round(gap[1] - gap[0], 6))
        return Box(widest[0], panel.y(low), widest[1], panel.y(high))

    def stretches(self, band: Band) -> Iterator[tuple[date, date, float, float, float]]:
        """Yield where a band holds about one share: first day, day after the last, edges within it all along, and the share."""
        shares, begin = band.shares, 0
        for end in range(1, len(shares) + 1):
            run, place = shares[begin : end + 1], min(band.upper[begin : end + 1]) - max(band.lower[begin : end + 1])
            # A band that keeps its share and moves up or down has no place in common for it.
            if end < len(shares) and max(run) - min(run) <= SAME and 2 * place >= min(run):
                continue
            lengths = [(following - day).days for day, following in pairwise(self.days[begin : end + 1])]
            longest = begin + lengths.index(max(lengths))
            yield self.days[begin], self.days[end], max(band.lower[begin:end]), min(band.upper[begin:end]), shares[longest]
            begin = end
