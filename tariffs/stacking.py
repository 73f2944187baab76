"""Which duties bite, at which level, how they add, and which displaces which.

Duties add; they do not compound. Where the law has one give way to another, the rule is a line of `DISPLACEMENTS`. A day carries
the level in force at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tariffs.model import Undated
from tariffs.steps import Steps, compress
from tariffs.vocabulary import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tariffs.model import Duty, Event, View

WHOLE = Decimal(100)
BEGINNING = date(1900, 1, 1)  # before any record
METALS = "s232-metals"
# Families, and one duty of a family whose others do not displace: polysilicon adds, drones are not decided.
S232 = (METALS, "s232-vehicles", "s232-wood", "s232-semiconductors")


@dataclass(frozen=True, slots=True)
class Displacement:
    """A rule of law by which a good that bears some duties does not bear another.

    Attributes
    ----------
    winners : tuple of str
        Families or single duties that displace while they are in force.
    loser : str
        The family, or the single duty, that gives way.
    since, until : date
        First day of the rule, and the first day on which it no longer holds.
    whole : bool
        Whether a winner charged on the metal content displaces on the whole article; elsewhere it does on that content alone.
    law : str
        The instrument that says so.
    """

    winners: tuple[str, ...]
    loser: str
    since: date
    law: str
    until: date = date.max
    whole: bool = False

    def names(self, duty: Duty) -> bool:
        """Whether the duty is one that displaces."""
        return duty.family in self.winners or duty.id in self.winners

    def beats(self, duty: Duty) -> bool:
        """Whether the duty is one that gives way."""
        return self.loser in (duty.family, duty.id)


DISPLACEMENTS = (
    Displacement(
        S232,
        "ieepa-reciprocal",
        date(2025, 4, 5),
        "EO 14257, section 3(b); customs freed the entire article under heading 9903.01.33",
        until=date(2025, 6, 4),
        whole=True,
    ),
    Displacement(S232, "ieepa-reciprocal", date(2025, 6, 4), "Proclamation 10947: the content that is not metal bears the duty"),
    Displacement(S232, "s122", date(2026, 2, 24), "Proclamation 11012, clause 4; heading 9903.03.06"),
    Displacement(
        (*S232, "s232-pharma"), "s301-forced-labour", date(2026, 7, 24), "91 FR 47318; U.S. note 52(f), heading 9903.05.90"
    ),
    Displacement(("s301-review",), "s301-lists", date(2024, 9, 27), "89 FR 76581: a heading of 9903.91 in place of 9903.88"),
    Displacement(("s232-vehicles",), METALS, date(2025, 3, 4), "EO 14289, section 3(a)(i), 90 FR 18907"),
    Displacement(("s232-vehicles",), "s232-wood", date(2025, 10, 14), "Proclamation 10976, clause 6; U.S. note 33(f)(4)"),
    Displacement(("s232-semiconductors",), "s232-vehicles", date(2026, 1, 15), "Proclamation 11002; U.S. note 39(a)"),
    Displacement(("s232-semiconductors",), METALS, date(2026, 1, 15), "Proclamation 11002; U.S. note 39(a)"),
    Displacement(("s232-semiconductors",), "ieepa-fentanyl", date(2026, 1, 15), "Proclamation 11002; U.S. note 39(a)(8)"),
    Displacement(
        ("s232-truck-parts",),
        "s232-auto-parts",
        date(2025, 11, 1),
        "headings 9903.74.08, 9903.94.05: a part is of one or the other; no note says which duty comes first",
    ),
    Displacement(("s232-drones-large",), "s232-drones-small", date(2026, 9, 3), "Proclamation 11055; U.S. note 43(a)"),
    Displacement(
        ("s201-quartz-over-quota",),
        "s201-quartz-in-quota",
        date(2026, 8, 15),
        "Proclamation 11051; U.S. note 41(e): in or beyond",
    ),
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one duty, or several booked together, adds to a number.

    Attributes
    ----------
    duties : tuple of Duty
        Empty where a whole was published undivided.
    points : Steps
        What is added [percent of customs value]: level times share, where both are known.
    level, share : Steps or None
        The duty's level [percent of customs value], and the share of trade or of a good's value that bears it [percent].
    levels : tuple of (date, Event)
        The events that set the level.
    moves : tuple of (date, tuple of Event)
        The events that set the share, or the points where there is no level.
    notes : tuple of (date, str)
        What the weights say of their numbers, by day.
    """

    duties: tuple[Duty, ...]
    points: Steps
    level: Steps | None = None
    share: Steps | None = None
    levels: tuple[tuple[date, Event], ...] = ()
    moves: tuple[tuple[date, tuple[Event, ...]], ...] = ()
    notes: tuple[tuple[date, str], ...] = ()

    def label(self, by: str) -> str:
        """Return the part's name: its duty, or the family or authority that all of its duties are of."""
        return " + ".join(duty.id for duty in self.duties) if by == "duty" else str(getattr(self.duties[0], by))


def deciding(duty: Duty, view: View) -> tuple[tuple[date, Event], ...]:
    """Return the events that set the duty's level with their effective days, oldest first, one per day.

    Where two known events take effect on one day, the one that became known later decides: on 7 April 2025 both 34% and 84%
    were announced for the 9th. Of two that became known together, law decides before agreement and agreement before threat, and
    one that stood before one that was withdrawn.
    """
    if not view.counts_duty(duty):
        return ()
    by_day: dict[date, tuple[tuple[date, int, bool, str], Event]] = {}
    for event in duty.events:
        day, since = event.effective, event.known_from(view.known)
        if not (event.is_level and isinstance(day, date) and since is not None and view.counts(event)):
            continue
        weight = since, -STATUSES.index(event.status), event.withdrawn is None, event.id
        if day not in by_day or by_day[day][0] < weight:
            by_day[day] = weight, event
    return tuple((day, event) for day, (_, event) in sorted(by_day.items(), key=lambda item: item[0]))


def path(duty: Duty, view: View) -> Steps:
    """Return the duty's level over time [percent]."""
    return compress((day, event.rate) for day, event in deciding(duty, view))


def announced(duties: Iterable[Duty], view: View, day: date) -> tuple[Event, ...]:
    """Return the changes that were announced by a day with no day of their own; they stand on no path."""
    return tuple(
        event
        for duty in duties
        if view.counts_duty(duty)
        for event in duty.events
        if event.effective is Undated.OPEN and view.counts(event) and (event.known_from(view.known) or day) <= day
    )


def across_the_board(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """Return the duties that a good on no product list and under no exemption bears."""
    return tuple(duty for duty in duties if duty.scope == "all_goods")


def whole_parts(duties: Iterable[Duty], view: View) -> tuple[Part, ...]:
    """Return the parts of the across-the-board duty: each borne in full."""
    always: Steps = ((BEGINNING, WHOLE),)
    return tuple(
        Part((duty,), (level := path(duty, view)), level=level, share=always, levels=deciding(duty, view))
        for duty in across_the_board(duties)
    )
