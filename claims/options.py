"""What the commands share: option types, options, and help pages that end in examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from claims.present import Format
from extractors.claim import Kind, Status

Function = TypeVar("Function", bound=Callable[..., Any])


class Command(click.Command):
    """A command whose help page ends in examples."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the examples, one a line, unwrapped so that they can be copied."""
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


class Group(click.Group):
    """A command of commands, listed in the order they are written; its help page ends in examples."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.examples = tuple(examples)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use."""
        return list(self.commands)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the examples, one a line, unwrapped so that they can be copied."""
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


class DayType(click.ParamType[date]):
    """A date; a month or year stands for its first or last day."""

    name = "date"

    def __init__(self, last: bool = False) -> None:
        self.last = last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day meant; a usage error where it is none."""
        from db.values import period

        if isinstance(value, date):
            return value
        try:
            days = period(value, datetime.now(UTC).date())
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return days.last if self.last else days.first


class AmountType(click.ParamType[float]):
    """A number as people write it: 350000, 100k, '1,5 Mrd', '2 million'."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number in full; a usage error where it is none or may be two."""
        from db.values import amount

        if isinstance(value, float | int):
            return float(value)
        try:
            return amount(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class WithinType(click.ParamType[int]):
    """A number of days: 30d, 6w, 3m, 1y, or plainly 30."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The days meant; a usage error where it is none."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"(\d{1,4})\s?([dwmy]?)", value.strip().lower(), re.ASCII)
        if not found:
            self.fail(f"{value!r} is no number of days; write 30d, 6w, 3m or 1y", param, ctx)
        return int(found[1]) * {"": 1, "d": 1, "w": 7, "m": 31, "y": 366}[found[2]]


class FieldsType(click.ParamType[tuple[str, ...]]):
    """Names of a listing's fields, separated by commas."""

    name = "fields"

    def __init__(self, known: Callable[[], Sequence[str]]) -> None:
        self._known = known

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The names, each once; a usage error that lists them where one is unknown."""
        if isinstance(value, tuple):
            return value
        names = tuple(dict.fromkeys(name.strip().lower() for name in value.split(",") if name.strip()))
        known = self._known()
        unknown = [name for name in names if name not in known]
        if unknown or not names:
            what = f"there is no field {unknown[0]!r}" if unknown else "no field is named"
            self.fail(f"{what}; the fields are {', '.join(known)}", param, ctx)
        return names


class QueryCommand(Command):
    """A command whose arguments are a query: `-field:value` is no option but a field that must not hold."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Writes such arguments as NOT, which click leaves alone."""
        return super().parse_args(ctx, [_NEGATED.sub(r"NOT \1", each) for each in args])


_NEGATED = re.compile(r"-([a-z]{2,20}:.*)", re.DOTALL)


def query_options(function: Function) -> Function:
    """The words, and an option for each field of the query language, whose value is written as there."""
    for option in reversed(_QUERY_OPTIONS):
        function = option(function)
    return function


_QUERY_OPTIONS: tuple[Callable[[Function], Function], ...] = (
    click.argument("words", nargs=-1),
    click.option("--company", metavar="NAME", help="Subject or counterparty, by any of its names."),
    click.option("--product", metavar="NAME", help="What the amount is of; MI300 finds the MI300X as well."),
    click.option("--speaker", metavar="NAME", help="Who says it."),
    click.option("--kind", type=click.Choice([str(kind) for kind in Kind]), help="The kind of claim."),
    click.option("--status", type=click.Choice([str(each) for each in Status]), help="How sure it is."),
    click.option("--amount", metavar="RANGE", help="'>100k', '<=1,5 Mrd', 1k..2k."),
    click.option("--min", "minimum", type=AmountType(), help="At least: 350000, 100k, '1,5 Mrd'."),
    click.option("--max", "maximum", type=AmountType(), help="At most this amount."),
    click.option("--unit", metavar="UNIT", help="units, W, FLOPS, users, jobs or a currency such as EUR."),
    click.option("--due", metavar="RANGE", help="'<2025', 2025..2026, 2025-Q3."),
    click.option("--due-before", type=DayType(), help="To come true before that day, month or year."),
    click.option("--published", metavar="RANGE", help="'>=2025-01', 2024."),
    click.option("--since", type=DayType(), help="Published on that day or later."),
    click.option("--until", type=DayType(last=True), help="Published on that day or earlier."),
    click.option("--seen", metavar="RANGE", help="First fetched then, '>=2025-01-06', in UTC."),
    click.option("--relation", metavar="WORD", help="To an earlier claim: revision, denial, outcome …"),
    click.option("--lang", metavar="CODE", help="The article's language, such as de or en."),
    click.option("--source", metavar="NAME", help="The source's name in the configuration."),
    click.option("--sources", metavar="RANGE", help="Independent sources: '>2', 3, 2..5."),
)


def check_days(since: date | None, until: date | None) -> None:
    """A usage error where no day can be meant."""
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is after --until {until}")


def rows_options(fields: FieldsType) -> Callable[[Function], Function]:
    """`--limit` and `--fields` of commands that list rows, and how these are written."""

    def decorated(function: Function) -> Function:
        for option in (
            config_option,
            format_option,
            click.option(
                "--fields", "chosen", type=fields, metavar="A,B,C", help="Only these fields, in this order."
            ),
            click.option(
                "--limit",
                type=click.IntRange(1, 100_000),
                default=20,
                show_default=True,
                help="The most rows.",
            ),
        ):
            function = option(function)
        return function

    return decorated


def more(limit: int) -> str:
    """What is said where the limit may have cut the list."""
    return f"the first {'one is' if limit == 1 else f'{limit} are'} shown; --limit shows more"


def config_option(function: Function) -> Function:
    """`--config`: the file to use instead of the one found."""
    return click.option(
        "--config",
        "-c",
        "config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Configuration to use.",
    )(function)


def format_option(function: Function) -> Function:
    """`--format` of rows: a table on a terminal and NDJSON in a pipe unless told otherwise."""
    return _format_option(tuple(Format), "a table")(function)


def page_format_option(function: Function) -> Function:
    """`--format` of one thing shown in full, which is no row: text on a terminal, NDJSON in a pipe."""
    return _format_option((Format.TEXT, Format.JSON, Format.NDJSON), "text")(function)


def _format_option(styles: tuple[Format, ...], usual: str) -> Callable[[Function], Function]:
    return click.option(
        "--format",
        "-f",
        "style",
        type=click.Choice([str(style) for style in styles]),
        callback=lambda ctx, param, value: Format(value) if value else None,
        help=f"How to write: {usual} on a terminal, NDJSON in a pipe unless given.",
    )


def article_options(function: Function) -> Function:
    """`--published`, `--lang`, `--title`: what a file does not say of itself."""
    from extractors.languages.lexicon import available

    for option in (
        click.option("--title", help="The article's title."),
        click.option("--lang", type=click.Choice(available()), help="Its language; recognised if not given."),
        click.option(
            "--published", type=DayType(), help="The day it was published: what 'this year' counts from."
        ),
    ):
        function = option(function)
    return function
