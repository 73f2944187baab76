"""The share of a line's value that is steel, aluminium or copper: by its chapter, or as a list that the user points at has it."""

from __future__ import annotations

import csv
import io
from math import inf
from typing import TYPE_CHECKING, Any

from tariffs.errors import Problem, RecordError
from tariffs.naming import METALS
from tariffs.products.listing import parse_digits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SHARES = "metal_content_shares_bea_hs10.csv"
COLUMNS = ("hs10", "steel_share", "aluminum_share", "copper_share")
SLACK = 1e-9
WHOLLY = {"73": (1.0, 0.0, 0.0), "74": (0.0, 0.0, 1.0), "76": (0.0, 1.0, 0.0)}


def read_shares(lists: Path) -> dict[str, tuple[float, ...] | None]:
    """Return the shares of steel, aluminium and copper by line [fractions of its value], by ten digits; empty without the list.

    An estimate that makes metal worth more than the good, as those by industry do for some raw metals, is no share: None.

    Raises
    ------
    RecordError
        Where a share is no number of 0 or more, or a line stands twice.
    """
    path = lists / SHARES
    if not path.exists():
        return {}
    try:
        rows = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True)
        header = next(rows, [])
        if missing := [name for name in COLUMNS if name not in header]:
            raise RecordError([Problem(SHARES, 1, name, "is missing from the header") for name in missing])
        places = [header.index(name) for name in COLUMNS]
        return _shares(rows, places)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordError([Problem(SHARES, 0, "", f"cannot be read: {error}")]) from error


def _shares(rows: Any, places: list[int]) -> dict[str, tuple[float, ...] | None]:
    found: dict[str, tuple[float, ...] | None] = {}
    problems = []
    for cells in rows:
        try:
            code, *texts = (cells[place] for place in places)
            digits, shares = parse_digits(code), tuple(float(text) for text in texts)
            if not all(0 <= share < inf for share in shares):
                raise ValueError(f"found {', '.join(texts)}, expected shares of {', '.join(METALS)}, of 0 or more")
            if digits in found:
                raise ValueError(f"{code} stands twice")
            found[digits] = shares if sum(shares) <= 1 + SLACK else None
        except (ValueError, IndexError) as error:
            problems.append(Problem(SHARES, rows.line_num, "", str(error)))
    if problems:
        raise RecordError(problems[:50])
    return found


def share_of(code: str, shares: Mapping[str, tuple[float, ...] | None]) -> tuple[float, ...] | None:
    """Return the shares of a line in the schedule's form, None where neither its chapter nor the list tells them.

    Chapters 73, 74 and 76 hold articles of iron or steel, of copper and of aluminium: a line there counts as wholly of its metal,
    whatever the list makes of the industry that produces it.
    """
    if code[:2] in WHOLLY:
        return WHOLLY[code[:2]]
    return shares.get(code.replace(".", "").ljust(10, "0"))
