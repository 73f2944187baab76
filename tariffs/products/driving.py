"""What drove each step of an average over trade: which duties moved it, by how much, and by which events of the record."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tariffs.naming import METALS
from tariffs.products.asking import ask
from tariffs.products.averaging import Averaging
from tariffs.products.overtrade import Traded
from tariffs.products.spread import require_whole
from tariffs.schemas import DAY
from tariffs.steps import ZERO
from tariffs.vocabulary import PARTS, choose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from tariffs.asking import DayLike
    from tariffs.catalog import Catalog
    from tariffs.model import Duty, Event
    from tariffs.products.store import Store
    from tariffs.stacking import Part as Share
    from tariffs.vocabulary import Basis, Known, Part

    Causes = dict[tuple[date, str], tuple[Event, ...]]

STILL = 1e-9  # what moves by less did not move [percentage points]


def steps(
    origin: str,
    *,
    by: Part = "family",
    weights: str = "us-imports-2024",
    start: DayLike | None = None,
    end: DayLike | None = None,
    as_of: DayLike | None = None,
    known: Known = "law",
    basis: Basis = "charged",
    store: str | Path | Store | None = None,
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return what each step of the average duty on an origin's goods is made of; the rows of a day add up to its step.

    Parameters
    ----------
    origin, weights, start, end, as_of, known, basis, store, catalog
        As in `average`; `basis` is charged or lawful. Steps on the first day of the window are not among them.
    by : {"family", "authority", "duty"}
        What a step is taken apart into.

    Returns
    -------
    pandas.DataFrame
        One row per date and part that moved: ``date``, the column that `by` names, ``points``, the change of what the part adds,
        ``before`` and ``after``, what it added [percentage points]; ``events``, those of that day that moved the part, the one
        that moved most first, and ``acts``, both separated by " | ". An event of a duty that displaces another is among those
        of the other too. Rows without any are moved by revisions of the schedule, or by trade whose duty came to be known or
        unknown, for an average is over the trade whose duty is known.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError
    """
    require_whole(basis)
    choose("part", by, PARTS)
    traded = Traded(ask(origin, store, catalog, as_of=as_of, known=known, basis=basis), weights)
    first, final = traded.window(start, end)

    def label(duty: Duty) -> str:
        return duty.id if by == "duty" else str(getattr(duty, by))

    over = Averaging(traded.grid, traded.value, first, final)
    causes = _causes(traded, label, first, final)
    rows = [
        _row(day, by, name, (float(before), float(after)), causes.get((day, name), ()))
        for name, adds in over.by(label).items()
        for day, (before, after) in zip(over.days[1:], pairwise(adds.tolist()), strict=True)
        if not abs(after - before) < STILL
    ]
    rows.sort(key=lambda row: (row["date"], -abs(row["points"]), row[by]))
    texts = (by, "events", "acts")
    found = pd.DataFrame(rows, columns=["date", by, "points", "before", "after", "events", "acts"])
    found = found.astype({name: str if name in texts else float for name in found.columns if name != "date"})
    found["date"] = pd.to_datetime(found["date"]).astype(DAY)
    found.attrs |= traded.attrs("average")
    return found


def _row(day: date, by: str, name: str, levels: tuple[float, float], causes: tuple[Event, ...]) -> dict[str, Any]:
    before, after = levels
    return {
        "date": day,
        by: name,
        "points": after - before,
        "before": before,
        "after": after,
        "events": " | ".join(event.id for event in causes),
        "acts": " | ".join(dict.fromkeys(event.act for event in causes)),
    }


def _causes(traded: Traded, label: Callable[[Duty], str], first: date, final: date) -> Causes:
    """Return the events that moved each part on each day, the one that moved the most first."""
    weighed: dict[tuple[date, str], dict[Event, float]] = {}
    for part, held in _parts(traded):
        name, before = label(part.duties[0]), ZERO
        for day, points in part.points:
            if first < day <= final:
                moved = held * float(abs((points or ZERO) - before))
                entry = weighed.setdefault((day, name), {})
                for event in _events(part, day):
                    entry[event] = entry.get(event, 0.0) + moved
            before = points or ZERO
    return {key: tuple(sorted(events, key=lambda event: (-round(events[event], 6), event.id))) for key, events in weighed.items()}


def _parts(traded: Traded) -> Iterator[tuple[Share, float]]:
    """Yield the parts of every fate with the trade that bears them: of goods of no metal, and of each metal."""
    grid = traded.grid
    shares = np.nan_to_num(grid.shares)
    worth = {metal: traded.value * shares[:, place] for place, metal in enumerate(METALS)}
    worth[""] = traded.value * (1 - shares.sum(axis=1))
    held = {name: np.bincount(grid.fate_of, some, minlength=len(grid.fates)) for name, some in worth.items()}
    for place, fate in enumerate(grid.fates):
        for metal, corner in zip(("", *fate.metals), fate.parts, strict=True):
            if held[metal][place] > 0:
                for part in corner:
                    yield part, float(held[metal][place])


def _events(part: Share, day: date) -> list[Event]:
    """Return the events of a day that set what a part adds: its level, its share of the good's value, or the whole of it."""
    moves = [event for since, events in part.moves if since == day for event in events]
    return list(dict.fromkeys([*(event for since, event in part.levels if since == day), *moves]))
