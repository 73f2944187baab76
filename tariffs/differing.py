"""What changed between two versions of the record: duty by duty, event by event, and value by value."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from tariffs.asking import packaged
from tariffs.catalog import Catalog
from tariffs.errors import UsageError
from tariffs.loading import load
from tariffs.model import Duty, Event, Source, View
from tariffs.schemas import DIFFS, hold
from tariffs.stacking import across_the_board, path
from tariffs.steps import add, value_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tariffs.steps import Steps, Value

COLUMNS = ("what", "id", "change", "field", "before", "after")
LATEST = date(2100, 1, 1)  # after every day of a record
PLACES = {"file", "line", "events", "id"}  # where something stands is not what it says


def diff(old: Catalog | str | Path, new: Catalog | str | Path | None = None) -> pd.DataFrame:
    """Return what changed from one version of the record to another.

    Parameters
    ----------
    old, new : Catalog or path
        Records, or folders of records such as ``data/``; the packaged record for a `new` that is not given.

    Returns
    -------
    pandas.DataFrame
        One row per change: ``what`` is ``duty``, ``event`` or ``value``; ``id`` a duty, an event or a series; ``change`` is
        ``added``, ``removed`` or ``changed``; ``field`` what of it, of a value its days; ``before`` and ``after``, as texts.
        Values are the levels of duties and the across-the-board rates, by law and as charged [percent].

    Raises
    ------
    RecordError, UsageError

    Examples
    --------
    >>> import tariffs as tf
    >>> len(tf.diff(tf.load()))
    0
    """
    before, after = (_record(one) for one in (old, new))
    rows = [*_things("duty", before.duties, after.duties), *_things("event", before.events, after.events)]
    rows += _values(_paths(before), _paths(after))
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)
    frame.attrs.update({"before": before.source_line, "source": after.source_line})
    return hold(DIFFS, frame)


def _record(given: Catalog | str | Path | None) -> Catalog:
    if given is None:
        return packaged()
    if isinstance(given, Catalog):
        return given
    if not Path(given).is_dir():
        raise UsageError(f"{given}: expected the folder of a record")
    return load(Path(given))


def _things(what: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield what came, what went, and which fields of the rest differ."""
    for name in sorted({*before, *after}):
        if name not in after:
            yield what, name, "removed", "", _said(before[name]), ""
        elif name not in before:
            yield what, name, "added", "", "", _said(after[name])
        else:
            for field in (one.name for one in fields(before[name]) if one.name not in PLACES):
                one, other = getattr(before[name], field), getattr(after[name], field)
                if one != other:
                    yield what, name, "changed", field, _text(one), _text(other)


def _paths(record: Catalog) -> dict[str, Steps]:
    """Return the level of each duty and the across-the-board rate of each direction."""
    view = View()
    found = {name: path(duty, view) for name, duty in record.duties.items() if duty.scope != "schedule"}
    for direction in record.directions:
        found[direction.name] = add(path(duty, view) for duty in across_the_board(record.bearing(direction)))
    return found


def _values(before: dict[str, Steps], after: dict[str, Steps]) -> Iterator[tuple[str, ...]]:
    """Yield the days on which values differ, with both."""
    for name in sorted({*before, *after}):
        one, other = before.get(name, ()), after.get(name, ())
        days = sorted({day for steps in (one, other) for day, _ in steps})
        spans: list[tuple[date, date, Value, Value]] = []
        for day, following in pairwise([*days, LATEST]):
            was, now = value_on(one, day), value_on(other, day)
            if spans and spans[-1][1] == day and spans[-1][2:] == (was, now):
                spans[-1] = (spans[-1][0], following, was, now)
            else:
                spans.append((day, following, was, now))
        for begin, following, was, now in spans:
            if was != now:
                until = "on" if following == LATEST else f"to {following - timedelta(days=1)}"
                yield "value", name, "changed", f"{begin} {until}", _text(was, "unknown"), _text(now, "unknown")


def _said(thing: Duty | Event) -> str:
    return thing.title if isinstance(thing, Duty) else thing.act or thing.summary


def _text(value: Any, nothing: str = "") -> str:
    """Return a field as a text: what sources say, separated by " | "."""
    if value is None:
        return nothing
    if isinstance(value, Decimal):
        return f"{float(value):g}"
    if isinstance(value, tuple):
        return " | ".join(f"{one.title} {one.url}".strip() if isinstance(one, Source) else _text(one) for one in value)
    if is_dataclass(value):
        parts = ((one.name, getattr(value, one.name)) for one in fields(value))
        return ", ".join(f"{name} {_text(part)}" for name, part in parts if part not in (None, ()))
    return str(value)
