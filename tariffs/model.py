"""What the record is made of, in memory: frozen values with no behaviour beyond their own dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from tariffs.naming import Naming
    from tariffs.vocabulary import Basis, Direction, Freq, Known, Measure


class Undated(StrEnum):
    """What stands where no day can be given."""

    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a reader can look an event up."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class InTransit:
    """What goods pay that were under way when an event took effect."""

    loaded_before: date
    entered_before: date | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What enters or leaves a duty while its level stays."""

    entering: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One dated change of one duty: a new level, or a change of what it covers.

    Attributes
    ----------
    effective : date or Undated
        First day in force, calendar day of the importing territory.
    stated, enacted : date or Undated or None
        First official public statement; date of the legal instrument (None for threats and agreements).
    rate : Decimal or None
        Level of the duty after the event [percent of customs value]; None for a level that no source gives and for
        a change of coverage.
    including_mfn : bool
        Whether the level is a floor that counts MFN in: the duty is what is missing to it.
    withdrawn : date or None
        Day on which it became law, or without an instrument known, that the event would not take effect as written.
    """

    id: str
    duty: str
    effective: date | Undated
    stated: date | Undated
    grade: str
    sources: tuple[Source, ...]
    enacted: date | Undated | None = None
    status: str = "law"
    rate: Decimal | None = None
    coverage: Coverage | None = None
    summary: str = ""
    act: str = ""
    provision: str = ""
    withdrawn: date | None = None
    withdrawn_by: str = ""
    retroactive: bool = False
    time: str = ""
    stated_at: datetime | None = None
    in_transit: InTransit | None = None
    base: str = "value"
    including_mfn: bool = False
    note: str = ""
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def is_level(self) -> bool:
        """Whether the event sets a level, known or unknown, rather than changing what the duty covers."""
        return self.coverage is None

    @property
    def kind(self) -> str:
        """A level, or a change of coverage."""
        return "level" if self.is_level else "coverage"

    @property
    def never_known(self) -> bool:
        """Whether it was withdrawn by the first day on which anything of it was known, as what a scenario takes back is."""
        return self.withdrawn is not None and self.withdrawn <= self.first_known

    @property
    def first_known(self) -> date:
        """The first day on which anything of it was known: stated or enacted, or with neither in force."""
        days = [day for day in (self.stated, self.enacted) if not isinstance(day, Undated) and day is not None]
        effective = [] if isinstance(self.effective, Undated) else [self.effective]
        return min(days or effective, default=date.min)

    def known_from(self, known: Known) -> date | None:
        """Return the day from which the event counts, or None where it never does.

        By law an event counts from `enacted`, an agreement from `stated`, a threat never. Where the day of the instrument is
        unknown, the law was known at the latest on its first day in force. By statement everything counts from `stated`.
        """
        if known == "stated" and not isinstance(self.stated, Undated):
            return self.stated
        if self.status == "threat":
            return None
        best = self.stated if self.status == "agreed" else self.enacted
        if best is None or isinstance(best, Undated):
            best = self.effective
        return None if isinstance(best, Undated) else best


@dataclass(frozen=True, slots=True)
class Void:
    """A ruling that a duty was never authorised."""

    on: date
    by: str
    reach: str = "inception"


@dataclass(frozen=True, slots=True)
class Duty:
    """One legal layer over time, one rate at a time."""

    id: str
    title: str
    importer: str
    origins: tuple[str, ...]
    authority: str
    family: str
    scope: str
    covers: str
    events: tuple[Event, ...]
    excepted: tuple[str, ...] = ()
    void: Void | None = None
    namings: tuple[Naming, ...] = ()
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    def bites(self, direction: Direction) -> bool:
        """Whether the duty is levied on goods of this direction."""
        reaches = direction.origin in self.origins or ("ALL" in self.origins and direction.origin not in self.excepted)
        return self.importer == direction.importer and reaches


@dataclass(frozen=True, slots=True)
class ContextEvent:
    """Something dated that changed no rate: talks, a ruling, an export control."""

    id: str
    day: date | Undated
    kind: str
    title: str
    summary: str
    grade: str
    sources: tuple[Source, ...]
    until: date | None = None
    note: str = ""
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Family:
    """Duties that belong together, for stacking and for charts."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class WeightRow:
    """One number of a table of weights.

    Attributes
    ----------
    kind : {"mfn", "share", "points", "covered", "level", "left_out"}
        MFN average; share of trade that a duty covers; points that duties booked together contribute; share of trade under any
        additional duty; whole average as published; what the basis leaves out.
    duties : tuple of str
    since : date or tuple of str
        The day, or the events from the latest of which the number holds; empty from the first day. Slugs or events of what is
        left out.
    percent : Decimal or None
        [percent of trade for a share, of customs value for all others]
    day : date or None
        Beside events, the day from which the number holds where all of them count.
    """

    kind: str
    duties: tuple[str, ...]
    since: date | tuple[str, ...]
    percent: Decimal | None
    note: str = ""
    line: int = field(default=0, compare=False)
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one direction on one basis, and where they come from.

    Attributes
    ----------
    kind : {"computed", "calibrated"}
        From trade and tariff lines, or so that a publication's steps come out.
    first_day, last_day : date
        The first and the last day the basis can speak of; without a first one it reaches back as far as the record.
    caution : str
        What a reader of any number over these weights must know, in a sentence.
    """

    basis: str
    direction: Direction
    title: str
    label: str
    kind: str
    producer: str
    source: str
    edition: str
    accessed: date
    derived: str
    last_day: date
    rows: tuple[WeightRow, ...]
    url: str = ""
    caution: str = ""
    first_day: date = date.min
    file: str = field(default="", compare=False)

    def of(self, kind: str) -> tuple[WeightRow, ...]:
        """Return the rows of one kind."""
        return tuple(row for row in self.rows if row.kind == kind)


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a kind of good stands to one duty: borne or not at first, and the changes of coverage that take it in and out.

    Attributes
    ----------
    shares : tuple of (str, Decimal)
        The share of the good's value that the duty is charged on, where its event says metal content, from the change of coverage
        that is named, or with an empty name from the first day [percent]; empty where the good has one share for every metal.
    """

    duty: str
    at_first: bool
    entering: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    shares: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Good:
    """A named kind of good: the duties it bears beside the across-the-board ones, and its MFN rate where it has one.

    Attributes
    ----------
    mfn : tuple of (date or str, Decimal)
        The MFN rate [percent] from a day, or from an event of the record.
    bears : tuple of Bearing
    """

    id: str
    title: str
    about: str
    directions: tuple[Direction, ...]
    lines: str
    mfn: tuple[tuple[date | str, Decimal], ...]
    bears: tuple[Bearing, ...]
    grade: str
    sources: tuple[Source, ...]
    note: str = ""
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Which number is asked for.

    Attributes
    ----------
    weights : str
        Whose trade an average or a share of trade is over.
    good : str
        Whose duties a stack adds up.
    mfn : bool
        Whether a stack has the MFN rate in it; an average always has.
    metal_share : Decimal or None
        Share of the good's value that is metal [percent], for duties charged on the metal content.
    since : date or None
        Points since that day instead of the level.
    """

    measure: Measure = "all_goods"
    weights: str = ""
    good: str = ""
    mfn: bool = False
    metal_share: Decimal | None = None
    since: date | None = None

    def column(self, direction: Direction, basis: Basis = "charged") -> str:
        """Return the name of a series of this quantity, fit to be a variable's name; one not as charged says so."""
        words = [direction.name]
        if self.measure != "all_goods":
            words += [self.measure, self.weights or self.good]
        words += ["mfn"] if self.mfn else []
        words += [f"metal{self.metal_share:g}"] if self.metal_share is not None else []
        words += [basis] if basis != "charged" else []
        words += [f"since_{self.since:%Y%m%d}"] if self.since else []
        return "_".join(words).replace("-", "_").replace(".", "p")


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a user's file laid over the record supposes.

    Attributes
    ----------
    name : str
        As attributes and names of files have it.
    title : str
        As charts have it, in a few words.
    about : str
        What is supposed, and what is not, in sentences.
    file : str
    named : bool
        Whether the file calls itself a scenario.
    """

    name: str
    title: str
    about: str
    file: str
    named: bool = True

    @property
    def label(self) -> str:
        """The scenario as a source line has it."""
        return f"scenario {self.name}" if self.named else f"with {self.file}"

    @property
    def sentence(self) -> str:
        """The scenario as a warning has it."""
        return f"Scenario {self.name}: {self.title}; not the record." if self.named else f"{self.file} lies over the record."


@dataclass(frozen=True, slots=True)
class Sampling:
    """On which dates a path has rows, and what they carry.

    Attributes
    ----------
    freq : str or None
        One of the frequencies; None is a row per change.
    agg : str
        What a week, month, quarter or year carries: a word, or ``days_at:`` with a level.
    unit : str
        What the numbers are in.
    """

    freq: Freq | None = None
    agg: str = "avg"
    unit: str = "percent"


@dataclass(frozen=True, slots=True)
class Release:
    """Which edition of the record this is, and which days and directions it answers for.

    Attributes
    ----------
    origins : tuple of str
        Of whose goods the record holds every US duty, with the tariff lines that it is on.
    lines_from : date or None
        The first day for which it says so.
    """

    version: str
    covers_from: date
    known_through: date
    directions: tuple[Direction, ...]
    origins: tuple[str, ...] = ()
    lines_from: date | None = None


@dataclass(frozen=True, slots=True)
class View:
    """How the record is looked at: what was known on a day, by law or by statement; charged, lawful or refundable.

    Attributes
    ----------
    as_of : date or None
        Only what was known at the end of this day counts; None counts everything in the record.
    known : {"law", "stated"}
        Whether an event counts from its legal instrument or, threats included, from its first official statement.
    basis : {"charged", "lawful", "refundable"}
        Whether a duty that a court held void counts as collected, or not at all, or alone.
    """

    as_of: date | None = None
    known: Known = "law"
    basis: Basis = "charged"

    def counts(self, event: Event) -> bool:
        """Whether the event was known and not yet withdrawn."""
        since = event.known_from(self.known)
        if since is None:
            return False
        if self.as_of is None:
            return event.withdrawn is None
        return since <= self.as_of and (event.withdrawn is None or self.as_of < event.withdrawn)

    def void_of(self, duty: Duty) -> Void | None:
        """Return the ruling that voids a duty, where it was known."""
        void = duty.void
        return void if void and (self.as_of is None or void.on <= self.as_of) else None

    def counts_duty(self, duty: Duty) -> bool:
        """Whether the duty counts on the chosen basis."""
        return self.basis == "charged" or (self.void_of(duty) is None) == (self.basis == "lawful")

    def horizon(self, known_through: date) -> date:
        """Return the last day that this view can vouch for: what follows was expected, not seen."""
        return min(known_through, self.as_of or known_through)
