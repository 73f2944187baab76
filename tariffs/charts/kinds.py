"""Which chart is asked for by its name, and what goes with it."""

from __future__ import annotations

from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any

from tariffs.errors import UsageError
from tariffs.vocabulary import KINDS, choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HOMES = {
    "rates": ("stepchart", "plot"),
    "parts": ("areas", "parts_chart"),
    "timeline": ("lanechart", "timeline"),
    "expected": ("fan", "expected"),
    "compare": ("against", "compare_chart"),
    "panels": ("multiples", "panels"),
    "clocks": ("clockchart", "clocks"),
}
SEVERAL = ("rates", "panels")  # take several directions, weights and goods, or none of them for the usual ones
NEEDS = {"expected": "days", "compare": "theirs"}
# As users type what the charts' arguments call otherwise.
TYPED = {"days": "day", "theirs": "against"}
USUAL = {"known": "law", "basis": "charged", "style": "paper", "measure": "all_goods"}


def draw(kind: str, directions: Sequence[str], **asked: Any) -> Axes | Figure:
    """Draw a chart of a kind.

    Parameters
    ----------
    kind : {"rates", "parts", "timeline", "expected", "compare", "panels", "clocks"}
    directions : sequence of str
        One, or of `clocks` a duty; but for `rates` and `panels`, which take several, or none for their usual ones.
    asked : dict
        What goes with the chart; what was not asked for is None, empty or as usual.

    Raises
    ------
    UnknownNameError
        For another kind.
    UsageError
        For what does not go with the kind, or is missing.
    """
    home, name = HOMES[choose("kind", kind, KINDS)]
    function = getattr(import_module(f"tariffs.charts.{home}"), name)
    given = {word: value for word, value in asked.items() if not _left_out(word, value)}
    takes = signature(function).parameters
    for word in given:
        if word not in takes:
            raise UsageError(f"{_typed(word)} does not go with --kind {kind}")
    needed = NEEDS.get(kind, "")
    if needed and needed not in given:
        raise UsageError(f"--kind {kind} needs {_typed(needed)}")
    if kind in SEVERAL and "," in given.get("measure", ""):
        given["measure"] = given["measure"].split(",")
    if kind in SEVERAL:
        return function(directions or None, **given)  # type: ignore[no-any-return]  # a chart of ours
    if len(directions) != 1:
        what = "one direction or duty" if kind == "clocks" else "one direction"
        raise UsageError(f"--kind {kind} draws {what}, such as us_on_cn; found {', '.join(directions) or 'none'}")
    single = {word: value[0] if isinstance(value, list) and len(value) == 1 else value for word, value in given.items()}
    first = [single.pop("theirs")] if "theirs" in single else []
    return function(*first, directions[0], **single)  # type: ignore[no-any-return]  # a chart of ours


def _typed(word: str) -> str:
    return f"--{TYPED.get(word, word).replace('_', '-')}"


def _left_out(word: str, value: Any) -> bool:
    """Whether an option was not given, or is as usual; a width of 0 was given."""
    empty = value is None or value is False or (isinstance(value, (list, tuple)) and not value)
    return empty or (isinstance(value, str) and USUAL.get(word) == value)
