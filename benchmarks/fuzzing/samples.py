"""Sound inputs of every kind, made here, and the words that make them unsound."""

# ruff: noqa: E501  # a table of words

from __future__ import annotations

import json

CONTENT_TYPES = (
    "text/html",
    "text/html; charset=utf-8",
    "text/html; charset=iso-8859-1",
    "text/html; charset=utf-16",
    "text/html; charset=punycode",
    'text/html; charset="',
    "application/rss+xml; charset=us-ascii",
    "application/atom+xml",
    "application/json",
    "text/plain; charset=base64",
    ";charset=;;",
    "",
)

_ITEM = (
    "<item><title>Beispielwerk baut</title><link>https://probe.example/1?utm_source=rss</link>"
    "<guid isPermaLink='false'>tag:1</guid><pubDate>Di, 17 Nov 2026 08:00:00 MEZ</pubDate>"
    "<description><![CDATA[<p>Text &amp; mehr</p>]]></description></item>"
)
_CHANNEL = f"<channel><title>Probe</title><link>/</link><ttl>60</ttl>{_ITEM}{_ITEM}</channel>"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FEEDS = tuple(
    text.encode()
    for text in (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'>{_CHANNEL}</rss>",
        f"<!DOCTYPE rss [<!ENTITY x 'y'>]><rss version='0.91'>{_CHANNEL}&x;</rss>",
        f"<rdf:RDF xmlns:rdf='{_RDF}' xmlns='http://purl.org/rss/1.0/'>{_CHANNEL}{_ITEM}</rdf:RDF>",
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/x/'><title type='html'>P &lt;b&gt;</title>"
        "<entry><id>urn:2</id><title>Zwei</title><link rel='alternate' href='../2'/><author><name>N</name>"
        "</author><updated>2026-11-17T08:00:00.5+01:00</updated><content type='xhtml'><div>Text</div>"
        "</content></entry></feed>",
        "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<channel><item><media:content url='https://probe.example/p.jpg'/><dc:date>2026-11-17</dc:date>"
        "<enclosure url='x' length='9'/><guid>https://probe.example/3</guid></item></channel></rss>",
    )
)

_ITEMS = [
    {
        "id": "3",
        "url": "https://probe.example/3",
        "title": "Drei",
        "date_published": "2026-11-17T08:00:00Z",
        "summary": None,
        "authors": [{"name": "N"}],
    },
    {"id": 4, "external_url": "/4", "title": 5, "content_text": "x"},
]
JSON_FEEDS = tuple(
    json.dumps({"version": f"https://jsonfeed.org/version/{version}", "title": "P", "items": _ITEMS}).encode()
    for version in ("1", "1.1")
)

_MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
SITEMAPS = tuple(
    text.encode()
    for text in (
        f"<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='{_MAP}' xmlns:news='{_NEWS}'><url>"
        "<loc>https://probe.example/5</loc><lastmod>2026-11-17</lastmod><news:news><news:publication>"
        "<news:name>P</news:name><news:language>de</news:language></news:publication>"
        "<news:publication_date>2026-11-17T08:00:00+01:00</news:publication_date><news:title>Fünf</news:title>"
        "</news:news></url><url><loc>/6</loc></url></urlset>",
        f"<sitemapindex xmlns='{_MAP}'><sitemap><loc>https://probe.example/news.xml.gz</loc>"
        "<lastmod>2026-11-17T08:00Z</lastmod></sitemap></sitemapindex>",
    )
)

_SENTENCE = "Das Beispielwerk will bis Ende 2027 rund 40.000 Beschleuniger in Musterstadt aufstellen. "
_LINKED = json.dumps(
    {
        "@graph": [
            {
                "@type": "NewsArticle",
                "headline": "Beispielwerk baut",
                "datePublished": "2026-11-17T08:00:00+01:00",
                "author": [{"@type": "Person", "name": "N. N."}],
                "mainEntityOfPage": {"@id": "https://probe.example/1"},
            }
        ]
    }
)
_HEAD = (
    "<meta charset='utf-8'><title>Beispielwerk baut | Probe</title><link rel='canonical' href='/1'>"
    "<meta property='og:title' content='Beispielwerk baut'><meta name='date' content='17.11.2026 08:00'>"
    f"<script type='application/ld+json'>{_LINKED}</script>"
)
_TEXT = "".join(f"<p>{_SENTENCE * 2}</p>" for _ in range(4))
PAGES = tuple(
    text.encode()
    for text in (
        f"<!doctype html><html lang='de'><head>{_HEAD}</head><body><nav><a href='/'>Start</a></nav><article>"
        f"<h1>Beispielwerk baut</h1><time datetime='2026-11-17T08:00'>heute</time>{_TEXT}<h2>Mehr</h2>"
        f"<ul><li>Eins</li><li>Zwei</li></ul>{_TEXT}</article><footer>&copy; 2026</footer></body></html>",
        f"<html><body><table><tr><td>{_TEXT}</td></tr></table><pre>code</pre><blockquote>{_SENTENCE}"
        "</blockquote><figure><img src='x'><figcaption>y</figcaption></figure></body></html>",
        f"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head>{_HEAD}</head><body>{_TEXT}"
        "<svg><g><path d='M0'/></g></svg><math><mi>x</mi></math><template><p>t</p></template></body></html>",
        f"<main><h1>Beispielwerk baut</h1><div><span>Von N. N.</span> · 17. November 2026, 8:00 Uhr</div>{_TEXT}",
    )
)

LISTINGS = (
    b"<html lang='de'><head><base href='/x/'><title>P</title><link rel='alternate' type='application/rss+xml' "
    b"href='feed' title='Alles'><link rel='alternate' type='application/atom+xml' href='//x/kommentare'></head>"
    b"<body><ul><li><a href='1'>Eins</a> <time datetime='2026-11-17'>heute</time></li><li><a href='2'>Zwei</a>"
    b"</li></ul><article><h2><a href='/3'>Drei</a></h2></article></body></html>",
)
OUTLINES = (
    b"<?xml version='1.0'?><opml version='2.0'><head><title>P</title></head><body><outline text='Technik'>"
    b"<outline type='rss' text='Probe' xmlUrl='https://probe.example/feed' htmlUrl='https://probe.example/'/>"
    b"<outline text='b' xmlUrl='feed:https://probe.example/b' category='/A/B'/></outline></body></opml>",
)

ROBOTS = (
    b"User-agent: *\nDisallow: /closed\nAllow: /closed/open$\nCrawl-delay: 0.5\n\n"
    b"User-agent: claims-monitor\nUser-agent: other\nDisallow: /*.pdf$\nRequest-rate: 1/10s 0600-1200\n"
    b"Sitemap: https://probe.example/sitemap.xml\n",
    b"\xef\xbb\xbfuser agent : claims\r\ndisalow /a # b\r\nVisit-time: 0600-0845\r\nHost: x\r\n",
)

URLS = (
    b"https://probe.example:443/a/../b?utm_source=x&id=%C3%BC#f",
    b"//probe.example/\xc3\xbc?q=1&q=2",
    b"http://[2606:4700::1111]:80/%zz",
    b"http://user:word@127.0.0.1\\@x/",
    b"javascript:alert(1)",
    b"http://xn--bcher-kva.example/ ",
)

HEADERS = (
    b'Retry-After: 120\nDate: Sun, 22 Nov 2026 12:00:00 GMT\nContent-Type: text/html; charset="utf-8"',
    b'Retry-After: Sun, 22 Nov 2026 12:05:00 GMT\nCache-Control: public, max-age=300, no-cache="x"',
    b'Expires: Sun, 22 Nov 2026 13:00:00 +0100\nCache-Control: max-age = "60"\nDate: 0',
)

ANSWERS = (
    b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\nETag: "a"\r\n\r\nhello',
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-A: b\r\n\r\n",
    b"HTTP/1.0 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Wait\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n"
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcbH\xcd\xc9\xc9\x07\x00\x86\xa6\x106\x05\x00\x00\x00",
)

WORDS = (
    b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE x [", b"]>", b"<?", b"?>",
    b"<!ENTITY a '&a;&a;'>", b"&a;", b"&#0;", b"&#x1b;", b"&#xd800;", b"&#x110000;", b"&#99999999999;", b"&",
    b"<p>", b"<div>", b"</div>", b"<script>", b"<style>", b"<title>", b"<base href='//x/'>", b"<a href='x'>",
    b"<svg>", b"<math>", b"<plaintext>", b"<frameset>", b"<table>", b"<item>", b"</item>", b"<entry>", b"<url>",
    b" a='b'", b" xmlns:x='y'", b" x:a='b'", b" xml:base='http://['", b" encoding='punycode'", b"'", b'"', b"=",
    b"\0", b"\x1b[31m", b"\x7f", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xc2\x85",
    b"\xf0\x9f\x98\x80", b"\xff", b"\r", b"\n", b"\r\n\r\n", b"\t", b"\x0b", b"\xe2\x80\xa8", b"\xe2\x80\x8b",
    b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"\"\\ud800\"", b"\\u0000",
    b"9" * 30, b"-1", b"0x7f", b"%00", b"%", b"%zz", b"http://[", b"http://[::1%25lo]/", b"javascript:", b"//", b"@",
    b"\\", b"..", b"?", b"#", b";", b"*", b"$", b"User-agent: *\n", b"Disallow: /\n", b"Crawl-delay: nan\n",
    b"9999-12-31T23:59:59Z", b"0000-00-00", b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00",
    b"31.02.2026 25:61", b"2026-W53-7", b"Mon, 99 Foo 20266", b"1700000000000000", b"24:00", b"+99:99",
    b"Content-Length: 9\r\n", b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n",
    b"Location: http://[\r\n", b"HTTP/1.1 ", b"304", b"ffffffffffffffff\r\n", b"charset=", b"max-age=", b"utf-16",
)  # fmt: skip
