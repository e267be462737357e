"""What a source answered → its entries, whatever kind of listing it is.

    feeds.py      RSS 0.90 to 2.0, RDF, Atom          sitemaps.py   news and plain sitemaps, index files, .gz
    jsonfeed.py   JSON Feed 1 and 1.1                 listings.py   web pages, by a CSS selector

The kind is told from the answer itself, never from its name or content type, unless the config says it.
Listings are hostile until read: size, tags, depth and the number of entries are capped, only http and https
links pass, and one bad entry costs that entry alone (R15).
"""

from __future__ import annotations

import codecs
import re

from scraper.article import Page, Source, SourceKind
from scraper.entries import MAX_ENTRIES, Entry, Feed
from scraper.errors import NotAFeed, Word
from scraper.feeds import read_xml_feed
from scraper.jsonfeed import read_json_feed
from scraper.lockedxml import looks_like_html, root_name
from scraper.sitemaps import read_sitemap, unpacked

__all__ = ["MAX_ENTRIES", "Entry", "Feed", "kind_of", "read_feed", "read_listing"]

_BLANK = b"\xef\xbb\xbf \t\r\n"


def read_listing(page: Page, source: Source) -> Feed:
    """The source's entries; dates without a zone are in the source's. Raises NotAFeed.

    For an empty body, broken markup, another kind than the one configured, or when not one entry can be used.
    """
    body = _utf8(unpacked(page.body, page.url)).lstrip(_BLANK)
    if not body:
        raise NotAFeed("the feed is empty", page.url, Word.EMPTY)
    kind = source.kind if source.kind is not SourceKind.AUTO else kind_of(body, source.select)
    if kind is SourceKind.LISTING:
        # Few sources are such pages, and what reads them takes a third of the time until feeds can be read.
        from scraper.listings import read_page_listing  # noqa: PLC0415

        return read_page_listing(page, source.select, source.zone)
    if kind is SourceKind.SITEMAP:
        try:
            return read_sitemap(page, body, source.zone)
        except UnicodeError as error:  # a recovering parser lets halves of characters in
            raise NotAFeed(f"broken markup: {error}"[:300], page.url) from error
    if body[:1] in {b"{", b"["}:
        return read_json_feed(body, page.url, source.zone)
    return read_xml_feed(page, body, source.zone)


def _utf8(body: bytes) -> bytes:
    """UTF-16 by its mark as UTF-8, without a declaration that would be wrong now; anything else as it is.

    feedparser believes a server that calls it text/html, and then reads it as another encoding.
    """
    if not body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body
    text = body.decode("utf-16", "replace").encode("utf-8", "replace")
    return re.sub(rb"^\s*<\?xml[^>]{0,200}\?>", b"", text, count=1)


def read_feed(page: Page, zone: str = "UTC") -> Feed:
    """The same of an answer that belongs to no source yet."""
    return read_listing(page, Source("", page.url, "", zone))


def kind_of(body: bytes, select: str = "") -> SourceKind:
    """What the body is. A web page counts as a listing only where a selector says which of its links."""
    if root_name(body) in {"urlset", "sitemapindex"}:
        return SourceKind.SITEMAP
    page = body[:1] not in {b"{", b"["} and looks_like_html(body)
    return SourceKind.LISTING if page and select else SourceKind.FEED
