"""The readers that `pages.py` compares, each behind one signature: a page in, what was read out.

The libraries are loaded on first use: all but trafilatura belong to the `bench` extra.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from scraper.article import Article, Page
from scraper.datewords import zone_of
from scraper.parse import parse

ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader made of a page. `language` is None where the reader never tells one."""

    title: str
    published: datetime | None
    body: str
    language: str | None = None


Reader = Callable[[Page], Read]


def ours(page: Page) -> Read:
    article: Article = parse(page, zone=ZONE)
    return Read(
        article.title, article.published.at if article.published else None, article.text, article.lang
    )


def trafilatura() -> Reader:
    """As its documentation shows it, with the setting that serves news best."""
    from trafilatura import bare_extraction

    def read(page: Page) -> Read:
        found = bare_extraction(page.body, favor_precision=True, include_comments=False, with_metadata=True)
        if not found:
            return Read("", None, "")
        return Read(found.title or "", _local(found.date), found.text or "", found.language)

    return read


def newspaper() -> Reader:
    """Version 4, told the pages' language."""
    import newspaper as library
    from tldextract import tldextract as suffixes

    suffixes.TLD_EXTRACTOR = suffixes.TLDExtract(suffix_list_urls=())  # it would ask the network for a list

    def read(page: Page) -> Read:
        article = library.Article(page.url, language="de", fetch_images=False)
        article.download(input_html=_text(page))
        article.parse()
        at = article.publish_date
        written = at.isoformat() if isinstance(at, datetime) else None
        return Read(article.title or "", _local(written), article.text or "", article.meta_lang or None)

    return read


def readability() -> Reader:
    """It tells no date and no language."""
    from lxml.html import fromstring
    from readability import Document

    def read(page: Page) -> Read:
        document = Document(_text(page))
        return Read(document.short_title(), None, fromstring(document.summary()).text_content())

    return read


def resiliparse() -> Reader:
    """It tells no date; the language is that of its own detector over the text."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree
    from resiliparse.parse.lang import detect_fast

    def read(page: Page) -> Read:
        tree = HTMLTree.parse(_text(page))
        body = extract_plain_text(tree, main_content=True, alt_texts=False, links=False, form_fields=False)
        return Read(tree.title or "", None, body, detect_fast(body)[0])

    return read


PEERS: dict[str, Callable[[], Reader]] = {
    "trafilatura, precise": trafilatura,
    "newspaper4k": newspaper,
    "readability-lxml": readability,
    "resiliparse": resiliparse,
}


def _text(page: Page) -> str:
    return page.body.decode("utf-8", "replace")


def _local(written: str | None) -> datetime | None:
    if not written:
        return None
    at = datetime.fromisoformat(written)
    return at if at.tzinfo else at.replace(tzinfo=zone_of(ZONE))
