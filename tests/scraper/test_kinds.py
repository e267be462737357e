"""Each kind of listing, from its bytes: the old formats, sitemaps, pages, and how the kind is told."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scraper.article import Page, Source, SourceKind
from scraper.entries import MAX_TITLE, Entry, collected, identity
from scraper.errors import NotAFeed
from scraper.links import read_listing
from scraper.listings import MAX_CARD, read_page_listing
from scraper.sitemaps import MAX_UNPACKED
from tests.loopback import gzip_bomb

BASE = "https://probe.example/feed"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOURCE = Source("probe", BASE, "de", "Europe/Berlin")


def page(body: str | bytes, kind: str = "application/xml") -> Page:
    return Page(BASE, 200, body.encode() if isinstance(body, str) else body, NOW, {"content-type": kind})


RSS_090 = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>Probe</title><link>https://probe.example/</link></channel>
<item><title>Eins</title><link>https://probe.example/1</link></item></rdf:RDF>"""
RSS_091 = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">
<rss version="0.91"><channel><title>Probe</title><language>de</language>
<item><title>Eins</title><link>https://probe.example/1</link></item></channel></rss>"""
RSS_092 = """<rss version="0.92"><channel><title>Probe</title>
<item><title>Eins</title><link>https://probe.example/1</link><category>x</category></item></channel></rss>"""
RSS_10 = """<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="https://probe.example/"><title>Probe</title><link>https://probe.example/</link>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
<items><rdf:Seq><rdf:li rdf:resource="https://probe.example/1"/></rdf:Seq></items></channel>
<item rdf:about="https://probe.example/1"><title>Eins</title><link>https://probe.example/1</link>
<dc:date>2026-11-17T08:00:00+01:00</dc:date></item></rdf:RDF>"""
RSS_20 = """<rss version="2.0"><channel><title>Probe</title>
<item><title>Eins</title><link>https://probe.example/1</link></item></channel></rss>"""
ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Probe</title>
<entry><title>Eins</title><link rel="alternate" type="text/html" href="https://probe.example/1"/>
<modified>2026-11-17T08:00:00Z</modified></entry></feed>"""


@pytest.mark.parametrize(
    "body",
    [RSS_090, RSS_091, RSS_092, RSS_10, RSS_20, ATOM_03],
    ids=["0.90", "0.91", "0.92", "1.0", "2.0", "Atom 0.3"],
)
def test_every_version_is_read(body: str) -> None:
    feed = read_listing(page(body), SOURCE)
    assert [(entry.url, entry.title) for entry in feed.entries] == [("https://probe.example/1", "Eins")]
    assert (feed.title, feed.kind, feed.degraded) == ("Probe", SourceKind.FEED, "")


def test_rss_1_names_its_date_and_its_pace() -> None:
    feed = read_listing(page(RSS_10), SOURCE)
    assert feed.ttl == 720
    assert feed.entries[0].published is not None
    assert feed.entries[0].published.at == datetime(2026, 11, 17, 7, tzinfo=UTC)


# Sitemaps


def news(number: int, published: str, lastmod: str = "") -> str:
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"""<url><loc>https://probe.example/{number}</loc>{changed}<image:image>
      <image:loc>https://probe.example/{number}.jpg</image:loc><image:title>Bild</image:title></image:image>
      <news:news><news:publication><news:name>Probe</news:name><news:language>de</news:language>
      </news:publication><news:publication_date>{published}</news:publication_date>
      <news:title>Nummer {number}</news:title></news:news></url>"""


def sitemap(*urls: str) -> str:
    spaces = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {spaces}>{"".join(urls)}</urlset>'


def plain(number: int, lastmod: str = "") -> str:
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>https://probe.example/{number}</loc>{changed}</url>"


NEWS = sitemap(
    news(1, "2026-11-20T08:00:00+01:00"),
    news(2, "2026-11-21T08:00:00+01:00", "2026-11-22T09:00:00Z"),
    news(3, "2026-08-01"),
)


def test_a_news_sitemap_newest_first() -> None:
    feed = read_listing(page(NEWS), SOURCE)
    assert (feed.kind, feed.title, feed.lang) == (SourceKind.SITEMAP, "Probe", "de")
    assert [entry.title for entry in feed.entries] == ["Nummer 2", "Nummer 1", "Nummer 3"]
    first = feed.entries[0]
    assert (first.url, first.updated) == ("https://probe.example/2", "2026-11-22T09:00:00Z")
    assert first.published is not None
    assert first.published.at == datetime(2026, 11, 21, 7, tzinfo=UTC)


def test_a_plain_sitemap_lists_what_is_recent_then_what_has_no_date() -> None:
    urls = (plain(1), plain(2, "2019-01-01"), plain(3, "2026-11-20"), plain(4, "2026-11-21T10:00:00Z"))
    feed = read_listing(page(sitemap(*urls)), SOURCE)
    assert [entry.url[-1] for entry in feed.entries] == ["4", "3", "1"]
    assert all(entry.published is None for entry in feed.entries)  # a change is no publication


def test_a_packed_sitemap() -> None:
    assert len(read_listing(page(gzip.compress(NEWS.encode()), "application/x-gzip"), SOURCE).entries) == 3


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (gzip_bomb(MAX_UNPACKED // 2**20 + 1), "too large"),  # R18
        (gzip.compress(NEWS.encode())[:100], "connect error"),
        (b"\x1f\x8bnonsense", "parse error"),
        (gzip.compress(gzip.compress(NEWS.encode())), "parse error"),
        (sitemap("<url><loc>javascript:alert(1)</loc></url>").encode(), "empty"),
        (b"<urlset><url><loc>cut", "parse error"),
        (b"<urlset>" + b"<url>" * 1000 + b"</urlset>", "parse error"),
    ],
    ids=["bomb", "cut", "broken", "twice", "no web links", "open", "deep"],
)
def test_hostile_sitemaps(body: bytes, kind: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        read_listing(page(body), replace(SOURCE, kind=SourceKind.SITEMAP))
    assert caught.value.kind == kind


def test_a_sitemap_cut_in_the_middle_is_mended_and_marked() -> None:
    """R14 for sitemaps as for feeds."""
    feed = read_listing(page(NEWS[: NEWS.index("Nummer 3")]), SOURCE)
    assert {entry.title for entry in feed.entries} >= {"Nummer 1", "Nummer 2"}
    assert feed.degraded


def test_xml_is_locked_down_r22() -> None:
    """An entity of a local file stays what it is: nothing."""
    attack = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    body = NEWS.replace("?>", f"?>{attack}", 1).replace("Nummer 1", "&e;Nummer 1")
    titles = [entry.title for entry in read_listing(page(body), SOURCE).entries]
    assert "Nummer 2" in titles
    assert all(title in {"Nummer 1", "Nummer 2", "Nummer 3", ""} for title in titles)


def test_an_index_names_its_parts() -> None:
    body = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <sitemap><loc>/a.xml.gz</loc><lastmod>2026-11-22</lastmod></sitemap>
      <sitemap><loc>https://probe.example/b.xml</loc></sitemap><sitemap><loc>ftp://x/</loc></sitemap>
      </sitemapindex>"""
    feed = read_listing(page(body), SOURCE)
    assert feed.parts == (
        ("https://probe.example/a.xml.gz", "2026-11-22"),
        ("https://probe.example/b.xml", ""),
    )
    assert feed.entries == ()


# Pages

LISTING = """<!doctype html><html lang="de"><head><title>Meldungen</title></head><body>
<nav><a href="/start">Start</a></nav>
<article><h2><a href="/1?utm_source=x">Eins</a></h2><time datetime="2026-11-20T08:00">20.11.</time></article>
<article><a href="/2"><h2>Zwei</h2><p>mehr dazu</p></a></article>
<article><h2>ohne Link</h2></article><article><a href="javascript:x">Drei</a></article></body></html>"""


@pytest.mark.parametrize(
    ("select", "titles"),
    [
        ("article", ["Eins", "Zwei"]),
        ("article h2 a", ["Eins"]),
        ("article h2", ["Eins", "Zwei"]),
        ("nav a", ["Start"]),
    ],
)
def test_a_page_by_selector(select: str, titles: list[str]) -> None:
    feed = read_listing(page(LISTING, "text/html"), replace(SOURCE, select=select))
    assert (feed.kind, feed.lang) == (SourceKind.LISTING, "de")
    assert [entry.title for entry in feed.entries] == titles


def test_a_listed_entry_has_address_and_date() -> None:
    (entry,) = read_listing(page(LISTING), replace(SOURCE, select="article h2 a")).entries
    assert entry.url == "https://probe.example/1"
    assert entry.published is not None
    assert entry.published.at == datetime(2026, 11, 20, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (LISTING.replace("article", "section"), "empty"),
        ("<html><body>" + "<p>" * 400_000, "too large"),
        ("<html><body><article><a href='mailto:x'>x</a></article>", "empty"),
    ],
)
def test_pages_that_list_nothing(body: str, kind: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        read_listing(page(body), replace(SOURCE, select="article"))
    assert caught.value.kind == kind


# The kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (NEWS, SourceKind.SITEMAP),
        ("<!-- x --><?xml-stylesheet href='x'?>" + NEWS[NEWS.index("<urlset") :], SourceKind.SITEMAP),
        ("﻿" + RSS_20, SourceKind.FEED),
        (RSS_20.encode("utf-16"), SourceKind.FEED),
        (NEWS.replace("UTF-8", "UTF-16").encode("utf-16"), SourceKind.SITEMAP),
        (RSS_20.replace("Eins", "<![CDATA[<html>]]>"), SourceKind.FEED),
        ('{"version": "https://jsonfeed.org/version/1", "items": []}', SourceKind.FEED),
    ],
    ids=["sitemap", "prolog", "byte order mark", "utf-16", "utf-16 sitemap", "html inside", "json"],
)
def test_the_kind_is_told_from_the_answer(body: str | bytes, kind: SourceKind) -> None:
    """Whatever the server calls it."""
    assert read_listing(page(body, "text/html"), SOURCE).kind is kind


def test_the_configured_kind_counts() -> None:
    with pytest.raises(NotAFeed):
        read_listing(page(NEWS), replace(SOURCE, kind=SourceKind.FEED))
    with pytest.raises(NotAFeed):
        read_listing(page(RSS_20), replace(SOURCE, kind=SourceKind.SITEMAP))


# Which entry is which


@pytest.mark.parametrize(
    ("entry", "shared", "wanted"),
    [
        (Entry("https://x/1", identity="7"), False, "7"),
        (Entry("https://x/1", identity="7"), True, "7 https://x/1"),
        (Entry("https://x/1"), False, "https://x/1"),
        (Entry("https://x/1"), True, "https://x/1"),
    ],
)
def test_identity_r15(entry: Entry, shared: bool, wanted: str) -> None:
    """guid, guid with link, link, digest: the first that tells entries apart."""
    assert identity(entry, shared) == wanted


def test_identity_without_id_and_link_is_a_digest_r15() -> None:
    assert identity(Entry("", "a")) != identity(Entry("", "b"))
    assert identity(Entry("", "a")) == identity(Entry("", "a"))


def test_a_shared_id_tells_nobody_apart_r15() -> None:
    entries, bad = collected([Entry("https://x/1", identity="7"), None, Entry("https://x/2", identity="7")])
    assert ([one.identity for one in entries], bad) == (["7 https://x/1", "7 https://x/2"], 1)


def item(number: int) -> str:
    return f"<item><title>N{number}</title><link>https://probe.example/{number}</link></item>"


@pytest.mark.parametrize(
    "inner",
    [
        f"{item(0)}<item><b><i></b>{item(1)}{item(2)}",
        f"{item(0)}<item><title a=>x</title>{item(1)}{item(2)}",
        f"{item(0)}<foo:bar>x</foo:bar>{item(1)}{item(2)}",
        f"{item(0)}<item><title>a < b</title></item>{item(1)}{item(2)}",
        f"{item(0)}<item><title>a & b &nbsp;</title></item>{item(1)}{item(2)}",
        f"{item(0)}{item(1)}{item(2)}</wrong>",
    ],
    ids=["nesting", "attribute", "prefix", "bracket", "ampersand", "wrong end"],
)
def test_damage_is_recovered_from_and_marked_r14(inner: str) -> None:
    feed = read_listing(page(f"<rss version='2.0'><channel>{inner}</channel></rss>"), SOURCE)
    assert {entry.title for entry in feed.entries} >= {"N0", "N1", "N2"}
    assert feed.degraded


@pytest.mark.parametrize("kind", ["text/html", "text/plain; charset=utf-8", "application/octet-stream"])
def test_a_wrong_content_type_is_no_damage_r14(kind: str) -> None:
    assert read_listing(page(RSS_20, kind), SOURCE).degraded == ""


def test_cards_that_are_never_closed_hold_no_more_than_their_share() -> None:
    """Each card then holds the rest of the page: its title and date are looked for in its beginning alone."""
    words = "<b>opens</b> " * 20
    cards = "".join(f"<li><h2><a href='/{n}'>Hall {n}</a> {words}" for n in range(80))
    entries = read_page_listing(page(f"<ul>{cards}</ul>", "text/html"), "li", "UTC").entries
    assert len(entries) == 80
    assert max(len(entry.title.split()) for entry in entries) <= MAX_CARD
    assert max(len(entry.title) for entry in entries) <= MAX_TITLE
    assert entries[0].title.startswith("Hall 0")
