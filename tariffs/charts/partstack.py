"""What the areas of a chart of parts are: their levels, their order, their looks and their titles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, cycle, pairwise, takewhile
from typing import TYPE_CHECKING

from tariffs.charts.lines import MINUS
from tariffs.charts.page import Box
from tariffs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from tariffs.catalog import Catalog
    from tariffs.charts.panel import Panel
    from tariffs.measures import Measured
    from tariffs.vocabulary import Part

Face = tuple[str, str]
SLIGHT = 0.005  # of the highest total: a part that is never more than this is too thin to be told from its outline
SMALLER = "Smaller parts"
LEAST_WRITTEN = 0.005  # what two digits can say [percent]
LEAST_AREA = 1e-9  # less is what rounding leaves of 0 [percent]
# Light, middling and white by turns, each with a pattern of its own: neighbours differ in grey too, and ink is read on all of
# them. A family looks the same in every chart, and what answers it on the other side looks like it.
MFN_FACE = ("#E0E0E0", "")
METALS_FACE, LISTS_FACE = ("#EFE3C8", "xxxx"), ("#E08F52", "")
FENTANYL_FACE, RECIPROCAL_FACE = ("#DCE9F5", "////"), ("#6FA0CF", "||")
FAMILY_FACES = {
    "s232-metals": METALS_FACE,
    "cn-answer-s232": METALS_FACE,
    "s301-lists": LISTS_FACE,
    "cn-answer-s301": LISTS_FACE,
    "s301-review": ("#FFFFFF", "...."),
    "ieepa-fentanyl": FENTANYL_FACE,
    "cn-answer-fentanyl": FENTANYL_FACE,
    "s232-vehicles": ("#FFFFFF", "||||"),
    "ieepa-reciprocal": RECIPROCAL_FACE,
    "cn-answer-reciprocal": RECIPROCAL_FACE,
    "s122": ("#E3F0D8", "\\\\\\\\"),
    "s301-forced-labour": ("#B993C6", "...."),
}
FURTHER_FACES = (("#6BAF8E", ""), ("#F2E6F4", "++++"), ("#A8A8A8", "////"), ("#FFF6CF", "||||"), ("#C9B45A", "xxxx"))
FACES = (
    ("#6FA0CF", ""),
    ("#FBE6D0", "////"),
    ("#6BAF8E", "...."),
    ("#F2E6F4", "\\\\\\\\"),
    ("#E08F52", ""),
    ("#DCE9F5", "xxxx"),
    ("#B993C6", "////"),
    ("#E3F0D8", "...."),
    ("#A8A8A8", "\\\\\\\\"),
    ("#FFF6CF", "||||"),
)
AUTHORITIES = {"RETALIATION": "Retaliation", "ADCVD": "Anti-dumping and countervailing duties"}


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One part of a stack.

    Attributes
    ----------
    name, title : str
        What `parts` calls it, and what is written at it.
    lower, upper : tuple of float
        Its edges over each stretch of days [percent].
    face, hatch : str
    """

    name: str
    title: str
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    face: str
    hatch: str

    @property
    def levels(self) -> list[float]:
        """What it adds over each stretch [percent]."""
        return [upper - lower for lower, upper in zip(self.lower, self.upper, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Layers over stretches of days.

    Attributes
    ----------
    days : tuple of date
        The first day of each stretch, and the day after the last one.
    layers : tuple of Layer
        From the bottom up.
    remarks : tuple of str
        What the note must say of parts that are not drawn as they are.
    """

    days: tuple[date, ...]
    layers: tuple[Layer, ...]
    remarks: tuple[str, ...]

    def is_seen(self, layer: Layer) -> bool:
        """Whether a part has a name on the plot; smaller parts that together are thin too are in the note alone."""
        return layer.name != SMALLER or max(layer.levels) >= SLIGHT * max(self.layers[-1].upper)

    def boxes(self, panel: Panel) -> list[Box]:
        """Return what the stack covers [mm], stretch by stretch."""
        tops = self.layers[-1].upper
        xs = [panel.x(day) for day in self.days]
        return [Box(x, panel.plot.bottom, end, panel.y(top)) for (x, end), top in zip(pairwise(xs), tops, strict=True)]


@dataclass(frozen=True, slots=True)
class Window:
    """The days of one chart.

    Attributes
    ----------
    first, edge : date
        At the left and at the right edge of the plot.
    known : date
        The last day that a number is asked for.
    shown : date
        The last day of the areas.
    ahead : dict of date to str
        On what condition each later step of the total comes.
    weighted : bool
        Whether it is the weights that end there.
    """

    first: date
    edge: date
    known: date
    shown: date
    ahead: dict[date, str]
    weighted: bool


def stack_of(record: Catalog, one: Measured, by: Part, table: pd.DataFrame, window: Window, most: int) -> Stack:
    """Return the parts of a rate on top of each other."""
    days = [stamp.date() for stamp in table.index if stamp.date() <= window.shown]
    raw = {name: table[name].tolist()[: len(days)] for name in _order(one, by) if any(table[name].tolist()[: len(days)])}
    if not raw:
        raise UsageError(f"{one.column}: found 0 on every day from {window.first} to {window.shown}, expected a part to draw")
    titles = {name: _title(record, one, by, name) for name in raw}
    families = {part.label(by): part.duties[0].family for part in one.parts if part.duties}
    levels = _above_zero(raw, families)
    below = [f"{titles[name]}, down to {_points(min(values))}" for name, values in raw.items() if min(values) < 0]
    kept, gathered = _sifted(levels, most)
    if gathered:
        kept[SMALLER] = [sum(values) for values in zip(*gathered.values(), strict=True)]
    small = [f"{titles[name]}, at most {_points(max(values))}" for name, values in gathered.items() if max(values) > 0]
    remarks = (
        [f"Smaller parts: {'; '.join(small)}."] if small else [],
        [f"Below 0, so taken off other parts: {'; '.join(below)}."] if below else [],
    )
    layers = _layers(kept, titles | {SMALLER: SMALLER}, _faces(one, by, kept))
    return Stack((*days, window.shown + timedelta(days=1)), layers, tuple(remark for group in remarks for remark in group))


def _order(one: Measured, by: Part) -> list[str]:
    """Return the parts from the bottom up: MFN, then by the day on which each first appeared, whatever the window."""
    begun: dict[str, tuple[bool, date, str]] = {}
    for part in one.parts:
        name = part.label(by)
        above = all(duty.scope != "schedule" for duty in part.duties)
        day = min((day for day, points in part.points if points), default=date.max)
        begun[name] = min(begun.get(name, (above, day, name)), (above, day, name))
    return sorted(begun, key=lambda name: begun[name])


def _above_zero(levels: dict[str, list[float]], families: dict[str, str]) -> dict[str, list[float]]:
    """Return levels of which none is below 0 while the sum is not: others give what it lacks, those of its family first."""
    found = {name: list(values) for name, values in levels.items()}
    for number in range(len(next(iter(levels.values())))):
        for name in [name for name in levels if levels[name][number] < 0]:
            lacking, found[name][number] = -levels[name][number], 0.0
            for other in sorted(found, key=lambda other: (families[other] != families[name], -levels[other][number])):
                given = min(lacking, max(found[other][number], 0.0))
                found[other][number] -= given
                lacking -= given
            found[name][number] -= lacking
    return found


def _sifted(levels: dict[str, list[float]], most: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return the parts that are drawn on their own, and those too thin or too many for that."""
    highest = max(sum(values) for values in zip(*levels.values(), strict=True))
    tall = sorted(levels, key=lambda name: -max(levels[name]))
    kept = {name for name in tall[:most] if max(levels[name]) >= SLIGHT * highest}
    gathered = {name: values for name, values in levels.items() if name not in kept}
    return {name: values for name, values in levels.items() if name in kept}, gathered


def _layers(levels: dict[str, list[float]], titles: dict[str, str], faces: dict[str, Face]) -> tuple[Layer, ...]:
    edges = list(accumulate(levels.values(), lambda lower, values: [a + b for a, b in zip(lower, values, strict=True)]))
    floors = [[0.0] * len(edges[0]), *edges]
    return tuple(
        Layer(name, titles[name], tuple(lower), tuple(upper), *faces[name])
        for name, (lower, upper) in zip(levels, pairwise(floors), strict=True)
    )


def _faces(one: Measured, by: Part, names: Iterable[str]) -> dict[str, Face]:
    """Return what parts look like: MFN and the families each in their own way, others in turn."""
    schedule = {part.label(by) for part in one.parts if any(duty.scope == "schedule" for duty in part.duties)}
    own = dict.fromkeys(schedule, MFN_FACE) | (FAMILY_FACES if by == "family" else {})
    free = cycle(FURTHER_FACES if by == "family" else FACES)
    return {name: own[name] if name in own else next(free) for name in names}


def _title(record: Catalog, one: Measured, by: Part, name: str) -> str:
    """Return what is written at a part."""
    if by == "family":
        return record.families[name].title
    if by == "authority":
        return AUTHORITIES.get(name, f"Section {name[1:]}" if name[1:].isdigit() else name)
    duties = next(part.duties for part in one.parts if part.label(by) == name)
    names = [duty.title for duty in duties]
    if len(names) == 1:
        return names[0]
    shared = _shared(names)
    if len(names) > 3 or not shared:
        return f"{record.families[duties[0].family].title} ({len(names)} duties together)"
    *some, last = (name.removeprefix(f"{shared} ") for name in names)
    return f"{shared} {', '.join(some)} and {last}"


def _shared(names: list[str]) -> str:
    """Return the words that names begin with."""
    words_of = [name.split() for name in names]
    same = takewhile(lambda column: len(set(column)) == 1, zip(*words_of, strict=False))
    return " ".join(column[0] for column in same)


def called(by: Part) -> str:
    """Return what a kind of part is called."""
    return {"family": "family of duties", "duty": "duty", "authority": "authority"}[by]


def _points(value: float) -> str:
    return (f"{value:.2f}" if abs(value) >= LEAST_WRITTEN else f"{value:.1g}").replace("-", MINUS)


def stretches(layer: Layer, days: Sequence[date]) -> Iterator[tuple[date, date, float, float]]:
    """Yield the rectangles that lie in a layer: first day, day after the last, lower and upper edge [percent]."""
    for begin in range(len(layer.lower)):
        low, high = layer.lower[begin], layer.upper[begin]
        for end in range(begin, len(layer.lower)):
            low, high = max(low, layer.lower[end]), min(high, layer.upper[end])
            if high - low < LEAST_AREA:
                break
            yield days[begin], days[end + 1], low, high
