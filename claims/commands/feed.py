"""`claims feed`: a search as an Atom feed, for a feed reader to follow."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from claims.config import ledger_path
from claims.errors import Exit
from claims.options import QueryCommand, check_days, config_option, query_options
from claims.terminal import say


@click.command(
    "feed",
    cls=QueryCommand,
    examples=(
        "claims feed --company Meta > claims.xml",
        "claims feed 'kind:power amount:>500m unit:W' --limit 100 > power.xml",
    ),
)
@query_options
@config_option
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="The most entries, of the newest articles.",
)
def command(words: tuple[str, ...], config: Path | None, limit: int, **fields: Any) -> Exit:
    """Write the claims of a search as an Atom feed.

    WORDS and the fields choose as in `claims search`. An entry bears the claim, its sentence and a link that
    opens the article there; it keeps its id however often the feed is written. Where nothing is found the
    feed is empty, and the exit code is 1.
    """
    from claims.atom import atom
    from db.search import Query, meant, search
    from db.seen import first_seen

    check_days(fields["since"], fields["until"])
    query = Query(words=" ".join(words), limit=limit, **fields)
    path = ledger_path(config)
    hits = search(path, query)
    sys.stdout.buffer.write(atom(hits, first_seen(path, (hit.id for hit in hits)), _asked(query)))
    if not hits:
        say("\n".join(["nothing found", *meant(path, query)]))
        return Exit.NOTHING
    return Exit.OK


def _asked(query: Any) -> str:
    """The search in words: what the feed is called, and what makes its id its own."""
    from dataclasses import fields

    others = [each for each in fields(query) if each.name not in {"words", "limit", "every_version"}]
    given = {each.name: getattr(query, each.name) for each in others}
    asked = [f"{each.name}:{given[each.name]}" for each in others if given[each.name] != each.default]
    return " ".join([query.words, *asked]).strip()
