"""Which tariff lines a duty names or leaves out, by reference: to the schedule's footnotes, to a list, to codes.

A naming has no date of its own. Without a change it holds from the duty's first day; with one, the events of the duty that move
that slug date it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

METALS = ("steel", "aluminium", "copper")


@dataclass(frozen=True, slots=True)
class Listed:
    """The codes of a list that lies in the user's folder.

    Attributes
    ----------
    list : str
        Path of the file below that folder.
    column : str
        The column with the codes; empty for a file of one code per line.
    where : tuple of (str, tuple of str)
        Columns, and the texts of which each has to hold one.
    """

    list: str
    column: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Naming:
    """One reference to tariff lines.

    Attributes
    ----------
    cites : tuple of str
        Headings of chapter 99: the lines whose footnotes cite one of them in any revision.
    listed : Listed or None
    codes : tuple of str
        Chapters, and codes of four to ten digits in the schedule's form.
    unseen : str
        Why no tariff line shows it; in place of the three others.
    but_not : tuple of str
        Codes that are taken out of it again.
    changes : tuple of str
        Slugs of the duty's changes of coverage that move these lines; empty for what it names, or if it is on all goods leaves
        out, from its first day.
    only_if : str
        What decides beside the line, where the line alone does not.
    metal : str
        On the content of which metal the duty is charged, where it is charged on metal content.
    full_value : bool
        Whether it is charged on the full value although its event says metal content.
    by : str
        The law that names the lines.
    against : tuple of Listed
        Lists that say the same; where they disagree, this reference decides and a build reports.
    """

    by: str
    cites: tuple[str, ...] = ()
    listed: Listed | None = None
    codes: tuple[str, ...] = ()
    unseen: str = ""
    but_not: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    only_if: str = ""
    metal: str = ""
    full_value: bool = False
    against: tuple[Listed, ...] = ()
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)
