"""`claims search`: stored claims by words and fields. Loads nothing heavy: it must answer at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from claims.config import ledger_path
from claims.errors import Exit
from claims.listings import HITS
from claims.options import AmountType, Command, DayType, config_option, format_option
from claims.present import Format, write
from claims.terminal import say
from claims.wording import counted
from extractors.claim import Kind, Status


@click.command(
    "search",
    cls=Command,
    examples=(
        "claims search H100 --company Meta --min 100k",
        "claims search --kind investment --due-before 2027 --min '1,5 Mrd' --format csv",
    ),
)
@click.argument("words", nargs=-1)
@click.option("--company", metavar="NAME", help="Subject or counterparty.")
@click.option("--product", metavar="NAME", help="What the amount is of.")
@click.option("--kind", type=click.Choice([str(kind) for kind in Kind]), help="The kind of claim.")
@click.option("--status", type=click.Choice([str(status) for status in Status]), help="How sure it is.")
@click.option("--lang", metavar="CODE", help="The article's language, such as de or en.")
@click.option("--since", type=DayType(), help="Published on that day or later.")
@click.option("--until", type=DayType(last=True), help="Published on that day or earlier.")
@click.option("--due-before", type=DayType(), help="To come true before that day, month or year.")
@click.option("--min", "minimum", type=AmountType(), help="At least this amount: 350000, 100k, '1,5 Mrd'.")
@click.option("--max", "maximum", type=AmountType(), help="At most this amount.")
@click.option("--unit", metavar="UNIT", help="units, W, FLOPS, users, jobs or a currency such as EUR.")
@click.option("--source", metavar="NAME", help="The source's name in the configuration.")
@click.option("--all-versions", "every_version", is_flag=True, help="Also claims of texts changed since.")
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="The most rows."
)
@format_option
@config_option
def command(
    words: tuple[str, ...], style: Format | None, config: Path | None, limit: int, **fields: Any
) -> Exit:
    """Find stored claims.

    WORDS must all occur in the claim or its evidence, in any inflection; "in quotes" as written, and beginn*
    for beginnings. Everything given must hold. The best match comes first, without words the newest article.
    """
    from db.search import Query, search
    from db.stories import independent_sources

    _check_days(fields["since"], fields["until"])
    path = ledger_path(config)
    hits = search(path, Query(words=" ".join(words), limit=limit, **fields))
    if not hits:
        say("nothing found")
        return Exit.NOTHING
    write(hits, HITS, style)
    sources = len({hit.source or hit.url for hit in hits})
    independent = independent_sources(path, (hit.article_id for hit in hits))
    if independent < sources:
        say(f"{counted(sources, 'source')}, {independent} independent: the others carry the same text")
    if len(hits) == limit:
        say(f"the first {'one is' if limit == 1 else f'{limit} are'} shown; --limit shows more")
    return Exit.OK


def _check_days(since: date | None, until: date | None) -> None:
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is after --until {until}")
