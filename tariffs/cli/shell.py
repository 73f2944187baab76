"""What all commands share: options, errors as one line and an exit code, nearest spellings."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tariffs.errors import RecordError, TariffsError, UsageError, did_you_mean
from tariffs.vocabulary import AGGS, BASES, DAYS_AT, FREQS, KNOWN, MEASURES, SVG_TEXTS, SvgText

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")


class Refusal(click.ClickException):
    """An error of the library as the command line says it."""

    def __init__(self, error: TariffsError) -> None:
        super().__init__(str(error))
        self.problems = error.problems if isinstance(error, RecordError) else ()

    def show(self, file: Any = None) -> None:
        """Print one line per problem."""
        for problem in self.problems:
            click.echo(f"Error: {problem}", err=True, file=file)
        if not self.problems:
            super().show(file)


class UsageRefusal(Refusal):
    """What was asked for does not fit."""

    exit_code = UsageError.exit_code


class Fault(click.ClickException):
    """An error that the library did not foresee."""

    exit_code = 70


class Once(click.Command):
    """A command that refuses an option given twice, where only the last would count."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        for option in order:
            if isinstance(option, click.Option) and not option.multiple and not option.is_flag and order.count(option) > 1:
                raise click.UsageError(f"{option.opts[0]} is given twice; it takes one value", ctx)
        return super().parse_args(ctx, args)


class Shell(click.Group):
    """A group that turns the library's errors into one line, and names the nearest command."""

    command_class = Once

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _say
                return super().invoke(ctx)
        except TariffsError as error:
            raise (UsageRefusal if isinstance(error, UsageError) else Refusal)(error) from error
        except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError, KeyboardInterrupt):
            raise
        except OSError as error:
            raise click.ClickException(f"cannot write the answer: {error.strerror or error}") from error
        except Exception as error:
            if os.environ.get("TARIFFS_DEBUG"):
                raise
            message = f"a fault in tariffs itself ({type(error).__name__}: {error}); TARIFFS_DEBUG=1 shows where, for a report"
            raise Fault(message) from error

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Return the command that a word names."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(f"no command {args[0]!r}{did_you_mean(args[0], self.list_commands(ctx))}", ctx) from error


def _say(message: Warning | str, *_: Any, **__: Any) -> None:
    click.echo(f"Warning: {message}", err=True)


def talk(text: str) -> None:
    """Say something that is not data."""
    click.echo(text, err=True)


def _stack(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def _word(name: str, words: tuple[str, ...], default: str | None, text: str) -> Callable[[Function], Function]:
    """Return an option that takes one of some words; the library checks it, and names the nearest one."""
    return click.option(name, metavar=f"[{'|'.join(words)}]", default=default, show_default=default is not None, help=text)


BASIS = _word("--basis", BASES, "charged", "As charged, without void duties, or these alone.")
KNOWN_BASIS: Callable[[Any], Any] = _stack(
    click.option(
        "--known",
        type=click.Choice(KNOWN),
        default="law",
        show_default=True,
        help="By law; or by statement, with threats.",
    ),
    BASIS,
)
AS_OF = click.option("--as-of", metavar="DATE", help="Only what was known at the end of that day.")
VIEW: Callable[[Any], Any] = _stack(AS_OF, KNOWN_BASIS)


def _what(*, many: bool) -> Callable[[Any], Any]:
    """Return the options that say which number is asked for."""
    repeated = " Repeatable." if many else ""
    return _stack(
        _word("--measure", MEASURES, "all_goods", "Which number."),
        click.option("--weights", metavar="BASIS", multiple=many, help=f"Whose trade an average is over.{repeated}"),
        click.option("--good", metavar="GOOD", multiple=many, help=f"Whose duties a stack adds up.{repeated}"),
        click.option("--mfn", is_flag=True, help="A stack with the MFN rate in it."),
        click.option("--metal-share", type=float, metavar="PERCENT", help="Of the good's value, for duties on metal content."),
    )


WHAT, WHATS = _what(many=False), _what(many=True)
SINCE = click.option("--since", metavar="DATE", help="Points since that day.")
WINDOW: Callable[[Any], Any] = _stack(
    click.option("--start", metavar="DATE", help="First day, as YYYY-MM-DD."),
    click.option("--end", metavar="DATE", help="Last day; a later one than the record's shows what is scheduled."),
)
FREQUENCY: Callable[[Any], Any] = _stack(
    _word(
        "--freq",
        FREQS,
        None,
        "Every day or weekday, week, month, quarter or year, at its start or end.",
    ),
    _word("--agg", (*AGGS, f"{DAYS_AT}:LEVEL"), "avg", "What a period carries; days_at:145 counts the days at 145."),
)


def _laid(_: click.Context, __: click.Parameter, name: str | None) -> Any:
    """Return the record with a file laid over it, having said so; None where none is named."""
    if name is None:
        return None
    from tariffs.loading import load

    record = load(name, on_top=True)
    talk(record.supposing)
    return record


def _known(_: click.Context, __: click.Parameter, file: str | None) -> str | None:
    """Return a file's name whose ending is that of a format."""
    if file is not None:
        from tariffs.export.writing import require_format

        require_format(file)
    return file


OUTPUT = click.option(
    "-o",
    "--output",
    metavar="FILE",
    callback=_known,
    help="Write FILE instead, with all columns: CSV, JSON, Stata, Parquet or Excel by its ending.",
)
WITH = click.option(
    "--with",
    "catalog",
    metavar="FILE",
    callback=_laid,
    help="Lay a scenario over the record: a file, or no-geneva.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, for machines.")


CHART: Callable[[Any], Any] = _stack(
    click.option(
        "--style", default="paper", show_default=True, help="paper, slides or web; an mplstyle file; one of matplotlib's."
    ),
    click.option("--width", type=float, help="Millimetres, 80 to 600: 174 is a page, 84 a column; by default the style's."),
    click.option("--height", type=float, help="Millimetres, 80 to 600; by default the style's."),
    click.option("--title", help="In place of the generated title; '' leaves it out."),
    click.option("--subtitle", help="In place of the generated subtitle."),
    click.option("--note", help="In place of the generated note."),
)
DPI = click.option("--dpi", type=click.IntRange(50, 1200), default=300, show_default=True, help="Of a PNG.")
LETTERS: Callable[[Any], Any] = _stack(
    click.option("--svg-text", type=click.Choice(SVG_TEXTS), default="path", show_default=True, help="Letters of an SVG."),
    click.option("--alt-file", metavar="FILE", help="Write what the chart shows, in words, to FILE."),
)


def require_chart_files(files: tuple[str, ...], alt_file: str | None) -> None:
    """Refuse files that no chart becomes, or that have no place, before anything is drawn."""
    from tariffs.charts.saving import ENDINGS
    from tariffs.export.files import require_ending, require_place

    for file in files:
        require_ending(file, ENDINGS)
        require_place(file)
    if alt_file is not None:
        require_place(alt_file)


def save_chart(chart: Any, files: tuple[str, ...], *, dpi: int, svg_text: SvgText, alt_file: str | None) -> None:
    """Write a chart to files and what it shows to another, and name them."""
    from tariffs.charts import alt_text, save
    from tariffs.export.files import write_whole

    for file in files:
        click.echo(save(chart, file, dpi=dpi, svg_text=svg_text))
    if alt_file is not None:
        click.echo(write_whole(alt_file, f"{alt_text(chart)}\n".encode()))


def named(asked: dict[str, Any]) -> dict[str, Any]:
    """Return which number is asked for; an option that was not given is None."""
    what = {name: asked[name] for name in ("measure", "weights", "good", "mfn", "metal_share")}
    return what | {name: list(what[name]) or None for name in ("weights", "good")}


def single(what: dict[str, Any]) -> dict[str, Any]:
    """Return the same with one name in place of a list of one."""
    return what | {name: what[name][0] if what[name] and len(what[name]) == 1 else what[name] for name in ("weights", "good")}


def deliver(frame: Any, output: str | None, *, as_json: bool, **how: Any) -> None:
    """Write a table to a file, or print it as CSV or JSON."""
    from tariffs.export.text import to_csv, to_json
    from tariffs.export.writing import write

    if output is not None:
        click.echo(write(frame, output, **how))
    else:
        click.echo(to_json(frame) if as_json else to_csv(frame, header=False), nl=False)
