"""What then happened, and what was expected on chosen days: one path of steps as now known, and a broken one per day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tariffs.asking import DayLike, as_record
from tariffs.charts import words
from tariffs.charts.alt import alt_text
from tariffs.charts.fanlines import Fan
from tariffs.charts.fanpaths import Path, Question, as_days, merged, window_of
from tariffs.charts.lines import NBSP, Line
from tariffs.charts.sheet import Sheet, require_size
from tariffs.charts.story import LEAST_TOP, STORY, annotations_of
from tariffs.charts.style import own_style
from tariffs.vocabulary import long_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from tariffs.catalog import Catalog
    from tariffs.measures import Measured
    from tariffs.vocabulary import Known, Measure

TOLD = ("Reciprocal tariffs announced", "Geneva", "Busan", "Supreme Court")  # why paths were left


def expected(
    direction: str,
    days: Sequence[DayLike],
    *,
    start: DayLike | None = None,
    end: DayLike | None = None,
    measure: Measure = "all_goods",
    weights: str | None = None,
    good: str | None = None,
    mfn: bool = False,
    known: Known = "law",
    threats: bool = True,
    style: str = "paper",
    ax: Axes | None = None,
    width: float | None = None,
    height: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    catalog: Catalog | None = None,
) -> Axes:
    """Draw what was expected on chosen days beside what then happened.

    The path as now known is a solid line with its levels. From each day given, a broken line starts at a hollow marker on the
    level then in force and takes the steps that were set by then; where it runs with what happened the solid line covers it. A
    path that equals what happened has words in place of a line, and days from which the same was expected share one line.

    Parameters
    ----------
    direction : str
        Such as ``us_on_cn``.
    days : sequence of date-like
        At the end of which the paths were known; one to six.
    start, end : date-like, optional
        First and last day shown; by default from shortly before the first day to shortly after the last expected step.
    measure, weights, good, mfn
        As in `series`.
    known : {"law", "stated"}
        Whether the paths count what acts and agreements had set, or all that had been stated, threats included.
    threats : bool
        Whether steps that had been stated and were not law are drawn as well: dotted, with open triangles.
    style : str
        As in `plot`.
    ax : matplotlib.axes.Axes, optional
        Axes of your own to draw into, without title and note and with your settings; `width` and `height` play no part then.
    width, height : float
        Of the figure [mm], 80 to 600: 174 is a page, 84 a column; those of the style by default.
    title, subtitle, note : str, optional
        In place of the generated ones; an empty text leaves them out.
    catalog : Catalog, optional
        The packaged record by default.

    Returns
    -------
    matplotlib.axes.Axes
        Of a figure of its own, made without pyplot; `save` writes it.

    Raises
    ------
    UnknownNameError, CoverageError, UsageError, UnknownRateError

    Examples
    --------
    >>> from tariffs.charts.fan import expected
    >>> ax = expected("us_on_cn", ["2025-05-20"], width=84)
    >>> [line.get_ydata().tolist() for line in ax.lines if line.get_gid() == "expected-2025-05-20"]
    [[30.0, 54.0, 54.0]]
    """
    record = as_record(catalog)
    require_size(width, height)
    asked: dict[str, Any] = {"measure": measure, "weights": weights, "good": good, "mfn": mfn}
    question = Question(record, direction, asked, known)
    measured, when = (question.actual,), as_days(days, question.last_seen)
    first, final = window_of(question, when, start, end)
    shown = min(final, question.last_seen)
    with own_style(style, yours=ax is not None):
        line, said = question.happened(first, final)
        paths = merged((question.by_law(day, final) for day in when), line)
        if threats and known == "law":
            paths += merged((question.stated(day, final) for day in when), line)
        heading = f"{words.title(record, measured)}, expected and in force"
        texts = (
            heading if title is None else title,
            _subtitle(measured, known) if subtitle is None else subtitle,
            _note(words.note(record, measured, (first, shown), said), paths, known) if note is None else note,
        )
        page = Sheet(width, height, ax)
        panel = page.panel(first, final)
        doubt = "not verified" if question.dotted else "no weights"
        panel.add_ground("not-verified", shown + timedelta(days=1), final, f"{doubt} after {words.short_day(shown)}")
        page.compose(panel, texts, _told_events(question, first, shown))
        levels = [level for path in paths for _, level in path.drawn]
        most = 100 if measure == "covered" else None
        panel.scale(min([line.trough, 0, *levels]), max([line.peak, LEAST_TOP, *levels]), words.axis(measured), most=most)
        panel.finish()
        Fan(panel, line, shown, paths, dotted=question.dotted).draw()
    told = replace(line.told, name=f"{question.actual.direction.title}, in force")
    alt = alt_text("Step chart", texts[0] or heading, words.axis(measured), (first, shown), [told])
    spoken = " ".join([alt, *(_spoken(path, line) for path in paths)])
    page.paper.tell(texts[0] or heading, record.source_line, spoken, style)
    return panel.ax


def _told_events(question: Question, first: date, last: date) -> list[tuple[str, date]]:
    if STORY.isdisjoint(duty.id for duty in question.actual.moving):
        return []
    return [entry for entry in annotations_of(question.record, first, last, whole=True) if entry[0] in TOLD]


def _subtitle(measured: tuple[Measured, ...], known: Known) -> str:
    how = "law" if known == "law" else "statement"
    return f"{words.subtitle(measured)}; broken lines as known by {how} on the days named"


def _note(note: str, paths: list[Path], known: Known) -> str:
    """Return the generated note with what the broken and dotted lines are."""
    setters = (
        "acts and agreements had set" if known == "law" else "acts, agreements and statements had announced, threats included,"
    )
    own = f"Broken lines: what {setters} by the end of the days named, under the solid line where both agree."
    stated = [path for path in paths if path.events]
    if stated:
        own += " Dotted, with triangles: further steps that had been stated and were not law."
    events = {event.id: event for path in stated for event in path.events}
    ends = {
        f" The threat stated on {words.short_day(event.stated)} was withdrawn on {words.short_day(event.withdrawn)}.": None
        for event in events.values()
        if event.status == "threat" and event.withdrawn and isinstance(event.stated, date)
    }
    return f"{own}{''.join(ends)} {note}"


def _spoken(path: Path, line: Line) -> str:
    """Return a path as the alt text tells it."""
    name, moves = (text.replace(NBSP, " ") for text in (path.name(long_day), path.moves(line, long_day)))
    begin = line.written(path.points[0][1])
    then = "" if path.events or moves.startswith(f"{begin}, ") else f"{begin} then; "
    return f"{name[0].upper()}{name[1:]}: {then}{moves}."
