"""`claims extract`: what would be found in a file, or in many articles as JSON Lines. Nothing is stored."""

from __future__ import annotations

from datetime import date

import click

from claims.articles import open_input, read_jsonl
from claims.complaints import Complaints
from claims.errors import Exit
from claims.listings import FOUND, Found
from claims.options import Command, article_options, format_option
from claims.present import Format, write
from claims.terminal import say


@click.command(
    "extract",
    cls=Command,
    examples=(
        "claims extract article.html --lang de --published 2024-01-19",
        "claims extract --jsonl articles.jsonl > claims.jsonl",
    ),
)
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--jsonl", is_flag=True, help="FILE holds one article a line; prints one claim a line.")
@article_options
@format_option
def command(
    file: str, jsonl: bool, published: date | None, lang: str | None, title: str | None, style: Format | None
) -> Exit:
    """Show the claims of an article without storing them.

    FILE is HTML or plain text, `-` or nothing is standard input. With --jsonl each line of FILE is an article
    (id, text, title, published, lang, url) and each line printed is a claim; a bad line is named on standard
    error, the others go on, and the exit code is 2.
    """
    if jsonl:
        if published or lang or title:
            raise click.UsageError(
                "--published, --lang and --title do not go with --jsonl: each line has its own"
            )
        return _from_lines(file, style or Format.NDJSON)
    from claims.reading import extract, read_article

    article = read_article(file, published, lang, title)
    claims, _ = extract(article)
    if not claims:
        say("nothing found")
        return Exit.NOTHING
    write((Found(file, article, claim) for claim in claims), FOUND, style)
    return Exit.OK


def _from_lines(file: str, style: Format) -> Exit:
    from claims.reading import extract_named

    complain = Complaints(file)
    with open_input(file) as stream:
        write(extract_named(read_jsonl(stream, complain)), FOUND, style)
    return Exit.USAGE if complain.any else Exit.OK
