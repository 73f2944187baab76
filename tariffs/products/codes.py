"""The codes of tariff lines: text in the schedule's own form, with its dots and its leading zeros."""

from __future__ import annotations

import re

from tariffs.reading.scalars import shown

FORM = re.compile(r"[0-9]{4}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2})?)?)?")
LOST_ZERO = re.compile(r"[1-9][0-9]{2}(?:\.[0-9]{2}){0,3}")
EIGHT = len("0101.21.00")
TEN = len("0101.21.00.10")


def parse_code(text: object) -> str:
    """Read a code of four, six, eight or ten digits as the schedule prints it.

    Examples
    --------
    >>> parse_code("0101.21.00.10")
    '0101.21.00.10'
    """
    if not isinstance(text, str):
        raise ValueError(f"found {text!r}, expected a code in quotes, with its leading zero, such as '0101.21.00'")
    if FORM.fullmatch(text) is None:
        hint = f"; has it lost its leading zero? did you mean '0{text}'?" if LOST_ZERO.fullmatch(text) else ""
        raise ValueError(f"found {shown(text)}, expected a code such as 0101, 0101.21, 0101.21.00 or 0101.21.00.10{hint}")
    return text


def dotted(digits: str) -> str:
    """Return a code of eight or ten digits in the schedule's form; one that has its dots stays as it is.

    Examples
    --------
    >>> dotted("0101210010"), dotted("01012100")
    ('0101.21.00.10', '0101.21.00')
    """
    if re.fullmatch(r"[0-9]{8}(?:[0-9]{2})?", digits) is None:
        return parse_code(digits)
    return ".".join((digits[:4], *(digits[at : at + 2] for at in range(4, len(digits), 2))))
