"""What the commands share: option types, options, and help pages that end in examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from claims.present import Format

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
