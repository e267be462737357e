"""`claims chart`: what was claimed for when and by whom, as a picture, as lines of text, or as data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims.config import ledger_path
from claims.errors import Exit, InputError
from claims.options import QueryCommand, check_days, config_option, format_option, more, query_options
from claims.output import written
from claims.present import Format, write
from claims.terminal import is_tty, say, text_width, wants_colour
from claims.wording import counted

if TYPE_CHECKING:
    from claims.charting.panels import Plot
    from claims.charting.words import Words
    from db.charted import Course

_ENDINGS = (".svg", ".png")
# More statements than these lie on each other, in a picture as on a terminal.
_MOST = 60
MOST_PANELS = 4


@click.command(
    "chart",
    cls=QueryCommand,
    examples=(
        "claims chart --company Meta --product H100",
        "claims chart --company Meta --product H100 --language de --out meta.svg",
        "claims chart company:microsoft kind:investment due:2024..2027 --out microsoft.png --force",
        "claims chart product:b200 --format csv > b200.csv",
    ),
)
@query_options
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Draw a picture there: FILE.svg or FILE.png.",
)
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@click.option(
    "--language",
    type=click.Choice(["de", "en"]),
    default="en",
    show_default=True,
    help="Of words, numbers and days in the picture.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 5000),
    default=1000,
    show_default=True,
    help="The most claims to look at.",
)
@format_option
@config_option
def command(
    words: tuple[str, ...],
    out: Path | None,
    force: bool,
    language: str,
    limit: int,
    style: Format | None,
    config: Path | None,
    **fields: Any,
) -> Exit:
    """Draw what was claimed for when: plan against fact.

    Each statement stands there once, however many articles tell it: at the day it is due, with its amount and
    who said it first. A revised plan is a step from the old one to the new one, and what came of it stands in
    the same picture. Each kind of claim and unit has a field of its own. WORDS and the fields choose as in
    `claims search`.

    Without --out: bars on a terminal (or with --format text), and the statements as data in a pipe.
    """
    from claims.charting.listing import STATEMENTS, rows
    from db.charted import course
    from db.search import Query, meant

    check_days(fields["since"], fields["until"])
    _check(out, style)
    ledger = ledger_path(config)
    query = Query(words=" ".join(words), limit=limit, **fields)
    found = course(ledger, query)
    if not found.statements:
        say("\n".join(["nothing found", *meant(ledger, query)]))
        return Exit.NOTHING
    if sum(one.tellings for one in found.statements) == limit:
        say(more(limit))
    if out is None and style is not Format.TEXT and (style is not None or not is_tty(sys.stdout)):
        write(rows(found), STATEMENTS, style)
        return Exit.OK
    return _drawn(found, language, out, ledger, force)


def _check(out: Path | None, style: Format | None) -> None:
    if out is None:
        return
    if out.suffix.lower() not in _ENDINGS:
        raise InputError(f"{out}: a picture's name ends in {' or '.join(_ENDINGS)}")
    if style is not None:
        raise InputError("--out draws a picture, --format writes data: give one of them")


def _drawn(found: Course, language: str, out: Path | None, ledger: Path, force: bool) -> Exit:
    from claims.charting.panels import plot
    from claims.charting.words import Words

    drawn = plot(found)
    if not drawn.panels:
        say(f"nothing to draw: none of {counted(drawn.left_out, 'statement')} has an amount and a day")
        return Exit.NOTHING
    _check_room(drawn)
    if out is None:
        _show(drawn, Words(language))
    else:
        _draw(drawn, Words(language), out, ledger, force)
    return Exit.OK


def _check_room(drawn: Plot) -> None:
    """Raises InputError, which says what to narrow, where a picture would show nothing but a crowd."""
    fields = [f"kind:{panel.kind} unit:{panel.unit}" for panel in drawn.panels]
    if len(fields) > MOST_PANELS:
        shown = "; ".join(fields)
        raise InputError(
            f"{len(fields)} kinds of amounts do not fit into a picture of {MOST_PANELS}: add one of {shown}"
        )
    for panel, name in zip(drawn.panels, fields, strict=True):
        if len(panel.points) > _MOST:
            parties = len({point.claim.subject for point in panel.points})
            raise InputError(
                f"{len(panel.points)} statements ({name}, {counted(parties, 'subject')}) do not fit into a"
                f" picture of {_MOST}: narrow it by --company, --product, --kind, --due or --since"
            )


def _show(drawn: Plot, words: Words) -> None:
    from claims.charting.lines import lines

    stream = sys.stdout
    encoding = getattr(stream, "encoding", None) or "ascii"
    page = lines(drawn, words, text_width(stream), colour=wants_colour(stream), encoding=encoding)
    click.echo("\n".join(page), color=True)


def _draw(drawn: Plot, words: Words, out: Path, ledger: Path, force: bool) -> None:
    with written(out, ledger, force=force) as file:
        from claims.charting.picture import png, svg  # after the file is open: it takes half a second

        draw = svg if out.suffix.lower() == ".svg" else png
        file.write(draw(drawn, words))
    say(f"drawn: {out}")
