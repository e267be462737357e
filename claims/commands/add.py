"""`claims add`: fetch or read single articles now and store them with their claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from claims.errors import Exit, UserError
from claims.options import Command, article_options, config_option
from claims.terminal import one_line, say
from claims.wording import counted

if TYPE_CHECKING:
    from claims.settings import Config
    from db.ledger import Ledger
    from scraper.article import Article
    from scraper.client import Client
    from scraper.collect import Parser


@click.command(
    "add",
    cls=Command,
    examples=(
        "claims add https://example.org/2024/01/chips.html",
        "claims add saved-page.html notes.txt --published 2024-01-19",
    ),
)
@click.argument("places", metavar="URL|FILE...", nargs=-1, required=True)
@article_options
@config_option
def command(
    places: tuple[str, ...], published: date | None, lang: str | None, title: str | None, config: Path | None
) -> Exit:
    """Fetch or read articles now and store them with their claims.

    Each URL or FILE (HTML or plain text) is one article. One that cannot be read is named on standard error,
    the others go on: exit code 2 for a file, 3 for an address.
    """
    from claims.fetching import archive_for, client_for, page_reader
    from claims.settings import load
    from db.ledger import Ledger
    from scraper.errors import ScraperError

    settings = load(config)
    worst = Exit.OK
    with (
        Ledger.open(settings.ledger) as ledger,
        archive_for(settings) as archive,
        client_for(settings, archive) as client,
        page_reader() as reader,
    ):
        for place in places:
            try:
                article = _read(place, settings, client, reader.parse, published, lang, title)
            except (ScraperError, UserError) as error:
                said = str(error)
                say(f"claims: {said if said.startswith(place) else f'{place}: {said}'}")
                worst = max(worst, Exit.SOURCES if _is_address(place) else Exit.USAGE)
                continue
            _store(article, ledger)
    return worst


def _is_address(place: str) -> bool:
    return "://" in place


def _read(
    place: str,
    settings: Config,
    client: Client,
    parser: Parser,
    published: date | None,
    lang: str | None,
    title: str | None,
) -> Article:
    if not _is_address(place):
        from claims.reading import read_article

        return read_article(place, published, lang, title, parser)
    from scraper.article import Instant
    from scraper.collect import read_url

    article = read_url(place, client, zone=_zone(place, settings), lang=lang, parser=parser)
    day = Instant.of_day(published) if published else article.published
    return replace(article, published=day, title=title or article.title)


def _zone(url: str, settings: Config) -> str:
    """The zone of the configured source on the same host: a page often gives its time without one."""
    host = urlsplit(url).hostname
    zones = (source.zone for source in settings.sources if urlsplit(source.url).hostname == host)
    return next(zones, "UTC")


def _store(article: Article, ledger: Ledger) -> None:
    from claims.fetching import utc_now
    from claims.reading import extract
    from claims.recurring import keep

    article, stored = keep(article, ledger, extract, utc_now)
    if stored.new_article:
        what = f"added with {counted(stored.claims, 'claim')}"
        if article.published is None:
            what += "; --published would tell what 'this year' is"
    elif stored.new_version:
        what = f"changed since; version {stored.version} added with {counted(stored.claims, 'claim')}"
    else:
        what = "already there, unchanged"
    say(one_line(f"{article.title or article.url}: {what}"))
