"""Feeds: the formats, the odd entries, the hostile ones."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from scraper.article import Page
from scraper.errors import NotAFeed
from scraper.links import MAX_ENTRIES, read_feed

BASE = "https://probe.example/feed"
ITEM = (
    "<item><title>Eins</title><link>https://probe.example/1</link>"
    "<pubDate>Di, 17 Nov 2026 08:00 MEZ</pubDate></item>"
)


def page(body: str | bytes, kind: str = "application/rss+xml") -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(BASE, 200, raw, datetime(2026, 11, 22, tzinfo=UTC), {"content-type": kind})


def rss(items: str, channel: str = "") -> Page:
    inner = f"<channel><title>Probe</title>{channel}{items}</channel>"
    return page(f"<?xml version='1.0'?><rss version='2.0'>{inner}</rss>")


def links(feed_page: Page) -> list[str]:
    return [entry.url for entry in read_feed(feed_page).entries]


def test_rss() -> None:
    feed = read_feed(rss(ITEM, "<ttl>90</ttl>"), "Europe/Berlin")
    (entry,) = feed.entries
    assert (feed.title, feed.ttl, feed.bad, feed.degraded) == ("Probe", 90, 0, "")
    assert (entry.url, entry.title) == ("https://probe.example/1", "Eins")
    assert entry.published is not None
    assert entry.published.at == datetime(2026, 11, 17, 7, tzinfo=UTC)


def test_atom() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Probe</title>
      <entry><title>Zwei &amp; drei</title><id>tag:probe.example,2026:2</id>
      <link rel="alternate" href="/2"/><updated>2026-11-17T08:00:00Z</updated>
      <summary>Kurz</summary></entry></feed>"""
    (entry,) = read_feed(page(body, "application/atom+xml")).entries
    assert (entry.url, entry.identity) == ("https://probe.example/2", "tag:probe.example,2026:2")
    assert (entry.title, entry.summary) == ("Zwei & drei", "Kurz")
    assert entry.published is not None


def test_json_feed() -> None:
    items = [
        {
            "id": "3",
            "url": "https://probe.example/3",
            "title": "Drei",
            "date_published": "2026-11-17T08:00:00Z",
        }
    ]
    items += [{"id": 4}, {"id": "https://probe.example/5"}]
    feed = read_feed(
        page(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [*items, "odd", None]}))
    )
    assert [entry.url for entry in feed.entries] == ["https://probe.example/3", "https://probe.example/5"]
    assert feed.bad == 3


def test_one_bad_entry_never_kills_a_feed() -> None:
    bad = "<item><title>ohne Link</title></item><item><link>javascript:alert(1)</link></item>"
    feed = read_feed(rss(bad + ITEM))
    assert ([entry.title for entry in feed.entries], feed.bad) == (["Eins"], 2)


def test_all_bad_is_an_error() -> None:
    with pytest.raises(NotAFeed, match="none of 2"):
        read_feed(rss("<item><title>a</title></item><item><link>file:///etc/passwd</link></item>"))


def test_an_empty_channel_is_a_feed() -> None:
    assert read_feed(rss("")).entries == ()


@pytest.mark.parametrize(
    "scheme", ["javascript:x", "data:text/html,x", "file:///x", "ftp://x/y", "mailto:a@b"]
)
def test_only_web_links_pass(scheme: str) -> None:
    assert links(rss(f"<item><link>{scheme}</link></item>{ITEM}")) == ["https://probe.example/1"]


def test_tracking_goes_and_each_page_comes_once() -> None:
    spellings = [
        "https://probe.example/1?utm_source=feed&amp;utm_medium=rss",
        "https://probe.example/1?wt_mc=rss.red.ho.beitrag.atom",
        "HTTPS://Probe.example:443/1#comments",
        "https://probe.example/1",
        "https://probe.example/1?id=7&amp;fbclid=abc",
    ]
    found = links(rss("".join(f"<item><link>{link}</link></item>" for link in spellings)))
    assert found == ["https://probe.example/1", "https://probe.example/1?id=7"]


def test_a_guid_that_is_an_address_stands_in_for_a_link() -> None:
    assert links(rss("<item><guid>https://probe.example/9</guid></item>")) == ["https://probe.example/9"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("<!DOCTYPE html><html><body>Login</body></html>", "html instead of feed"),
        ("<html><head></head></html>", "html instead of feed"),
        ("just words", "parse error"),
        ("{broken", "parse error"),
        ('{"not": "a feed"}', "parse error"),
        ("[]", "parse error"),
        ("<note><to>x</to></note>", "parse error"),
        ("[" * 200_000, "parse error"),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_not_a_feed(body: str, kind: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        read_feed(page(body))
    assert (caught.value.kind, caught.value.url) == (kind, BASE)


def test_broken_markup_after_good_entries_is_survived_and_marked() -> None:
    feed = read_feed(
        page(f"<?xml version='1.0'?><rss version='2.0'><channel>{ITEM}<item><title>cut &nonsense")
    )
    assert feed.entries[0].title == "Eins"
    assert feed.degraded


def test_a_wrong_charset_is_survived() -> None:
    body = rss(ITEM.replace("Eins", "Größe")).body.decode().replace("'1.0'", "'1.0' encoding='utf-8'")
    feed = read_feed(page(body.encode(), "application/rss+xml; charset=us-ascii"))
    assert feed.entries


@pytest.mark.parametrize(
    "body",
    [
        "<rss><channel>" + "<a>" * 100_000,
        "<rss><channel>" + "<a/>" * 300_000,
        "<rss><channel>" + "<![CDATA[" * 50_000,
        "<rss><channel>" + "<a" * 500_000,
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><rss><channel>&b;',
    ],
    ids=["nested", "many", "cdata", "unclosed", "entities"],
)
def test_feeds_built_to_hang_are_over_quickly(body: str) -> None:
    began = time.process_time()
    with pytest.raises(NotAFeed):
        read_feed(page(body))
    assert time.process_time() - began < 4


def test_entries_are_capped() -> None:
    many = "".join(f"<item><link>https://probe.example/{n}</link></item>" for n in range(MAX_ENTRIES + 50))
    assert len(read_feed(rss(many)).entries) == MAX_ENTRIES
