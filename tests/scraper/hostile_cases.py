"""What hosts do to scrapers: one case a line, with the word that it must end in (R9).

A case answers for its feed, its article, or its robots.txt; what it does not answer for is as it should be.
An answer is a list of pieces to send, made when it is asked for: bytes, a pause in seconds, or None, which
breaks the connection. "ok" is the word where the article must come all the same.
"""

# ruff: noqa: E501, PLW0108  # one case a line reads better; the lambdas make large answers when asked for

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat

Pieces = Iterable[bytes | float | None]
MEGABYTE = 1024 * 1024
SENTENCE = (
    "Das Beispielwerk will bis Ende 2027 rund {}.000 Beschleuniger in seinem neuen Rechenzentrum bei "
    "Musterstadt aufstellen, wie die Leitung des Unternehmens am Dienstag mitteilte."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked for what: "case.hostile.example:8000" and a path."""

    host: str
    path: str

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"


Answer = Callable[[Asked], Pieces]


@dataclass(frozen=True, slots=True)
class Case:
    """`port` is the one of hostile_host that the feed is asked at; `paths` are answers to other paths."""

    name: str
    word: str
    feed: Answer | None = None
    article: Answer | None = None
    robots: Answer | None = None
    port: str = "plain"
    paths: dict[str, Answer] | None = None


# --- ways to answer


def raw(*pieces: bytes | float | None) -> Answer:
    return lambda asked: pieces


def head(status: str = "200 OK", **fields: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1")


def whole(body: bytes | Callable[[], bytes], status: str = "200 OK", **fields: str) -> Answer:
    def answer(asked: Asked) -> Pieces:
        data = body if isinstance(body, bytes) else body()
        return [head(status, Content_Length=str(len(data)), **fields), data]

    return answer


def html(body: str | bytes | Callable[[], bytes], kind: str = "text/html; charset=utf-8") -> Answer:
    return whole(body.encode() if isinstance(body, str) else body, Content_Type=kind)


def status(line: str, **fields: str) -> Answer:
    return whole(b"no", status=line, **fields)


def to(target: str, line: str = "302 Found") -> Answer:
    return lambda asked: [head(line, Location=target.format(host=asked.host), Content_Length="0")]


def without_end(start: bytes, piece: bytes, pause: float = 0.0) -> Answer:
    pieces = [piece, pause] if pause else [piece]
    return lambda asked: chain([start], chain.from_iterable(repeat(pieces, 1_000_000)))


def packed(body: Callable[[], bytes], *encodings: str) -> Answer:
    def answer(asked: Asked) -> Pieces:
        data = body()
        lines = "".join(f"Content-Encoding: {one}\r\n" for one in encodings)
        return [f"HTTP/1.1 200 OK\r\n{lines}Content-Length: {len(data)}\r\n\r\n".encode(), data]

    return answer


def rss(items: str, prolog: str = "<?xml version='1.0'?>", title: str = "Feed") -> str:
    return f"{prolog}<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def listing(extra: str = "", prolog: str = "<?xml version='1.0'?>", title: str = "Feed") -> Answer:
    """A feed that names the case's article, and whatever else."""

    def answer(asked: Asked) -> Pieces:
        items = f"{extra}<item><title>Eins</title><link>{asked.url('/article')}</link></item>"
        return whole(rss(items, prolog, title).encode(), Content_Type="application/rss+xml")(asked)

    return answer


def linking(target: str) -> Answer:
    """A feed with one link, as it is given."""
    return lambda asked: whole(rss(f"<item><link>{target.format(host=asked.host)}</link></item>").encode())(
        asked
    )


def news(inside: str = "", head: str = "", title: str = "Beispielwerk plant") -> bytes:
    text = "".join(f"<p>{SENTENCE.format(number + 3)}</p>" for number in range(5))
    page = f"<!doctype html><html lang='de'><head><title>{title}</title>{head}</head>"
    return f"{page}<body><article><h1>{title}</h1>{text}{inside}</article></body></html>".encode()


@cache
def gzip_bomb() -> bytes:
    return gzip.compress(bytes(200 * MEGABYTE), 9)


@cache
def deflate_bomb() -> bytes:
    return zlib.compress(bytes(200 * MEGABYTE), 9)


def prepare() -> None:
    """What takes long to make; a host that thinks for seconds would be another case."""
    gzip_bomb()
    deflate_bomb()


def sitemap_of(asked: Asked, extra: str = "", prolog: str = "") -> bytes:
    return f"{prolog}<urlset>{extra}<url><loc>{asked.url('/article')}</loc></url></urlset>".encode()


def sitemap(extra: str = "", prolog: str = "") -> Answer:
    return lambda asked: whole(sitemap_of(asked, extra, prolog), Content_Type="application/xml")(asked)


def index_of(*parts: str) -> bytes:
    inside = "".join(f"<sitemap><loc>{part}</loc></sitemap>" for part in parts)
    return f"<sitemapindex>{inside}</sitemapindex>".encode()


def billion_laughs(root: str = "rss") -> str:
    lines = ["<!ENTITY a0 'ha'>"]
    lines += [f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)]
    return f"<?xml version='1.0'?><!DOCTYPE {root} [{''.join(lines)}]>"


def json_feed(*items: object) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()


def agents_times_rules() -> bytes:
    agents = "".join(f"user-agent:a{number}\n" for number in range(17_000))
    return (agents + "allow:/\n" * 30_000).encode()


def an_entry_of_megabytes(asked: Asked) -> Pieces:
    words, letters, digits = "x " * MEGABYTE, "y" * MEGABYTE, "1" * MEGABYTE
    item = f"<title>{words}</title><guid>{letters}</guid><pubDate>{digits}</pubDate>"
    return whole(rss(f"<item>{item}<link>{asked.url('/article')}</link></item>").encode())(asked)


# --- the cases

_XML = "<?xml version='1.0'?><rss version='2.0'><channel>"

# fmt: off
CONNECTIONS = [
    Case("silent", "read timeout", raw(30.0)),
    Case("mute", "read timeout", port="mute"),
    Case("slow-body", "deadline", without_end(head(), b"x", 0.05)),
    Case("slow-headers", "deadline", without_end(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.05)),
    Case("slow-chunks", "deadline", without_end(head(Transfer_Encoding="chunked"), b"1\r\nx\r\n", 0.05)),
    Case("half-a-body", "read timeout", raw(head(Content_Length="1000"), b"half", 30.0)),
    Case("slow-hops", "deadline", lambda asked: chain([0.7], to("/feed")(asked))),
    Case("closed-port", "connect error", port="closed"),
    Case("reset-at-once", "connect error", port="reset"),
    Case("reset-after-the-request", "connect error", raw(None)),
    Case("reset-in-the-headers", "connect error", raw(b"HTTP/1.1 200 OK\r\nX-A", 0.1, None)),
    Case("reset-in-the-body", "connect error", raw(head(Content_Length="1000"), b"half", 0.1, None)),
    Case("no-answer", "connect error", raw()),
    Case("cut-headers", "connect error", raw(b"HTTP/1.1 200 OK\r\nContent-Type: te")),
    Case("cut-body", "connect error", raw(head(Content_Length="1000"), b"half")),
    Case("cut-chunks", "connect error", raw(head(Transfer_Encoding="chunked"), b"ff\r\nhalf")),
    Case("unknown-name", "dns", port="plain"),
    Case("unsigned-certificate", "tls", port="secure"),
    Case("no-tls-where-it-should-be", "tls", port="talk-as-secure"),
    Case("tls-that-never-answers", "connect timeout", port="mute-as-secure"),
    Case("reset-in-the-handshake", "connect error", port="reset-as-secure"),
]

PROTOCOL = [
    Case("http-zero-nine", "connect error", raw(b"<rss></rss>")),
    Case("another-protocol", "connect error", raw(b"SSH-2.0-OpenSSH_9.6\r\n")),
    Case("http-2", "parse error", raw(b"HTTP/2 200 OK\r\n\r\n", 0.2)),
    Case("bad-status-line", "parse error", raw(b"HTTP/1.1 2OO OK\r\n\r\n", 0.2)),
    Case("nul-in-a-header", "parse error", raw(b"HTTP/1.1 200 OK\r\nX-A: b\0c\r\n\r\n", 0.2)),
    Case("space-in-a-name", "parse error", raw(b"HTTP/1.1 200 OK\r\nX A: b\r\n\r\n", 0.2)),
    Case("return-in-a-header", "parse error", raw(b"HTTP/1.1 200 OK\r\nETag: a\rX-B: c\r\n\r\n", 0.2)),
    Case(
        "two-lengths",
        "parse error",
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 0.2),
    ),
    Case("negative-length", "parse error", raw(head(Content_Length="-1"), 0.2)),
    Case("length-too-small", "parse error", raw(head(Content_Length="40"), rss("").encode())),
    Case("a-terabyte-announced", "too large", raw(head(Content_Length=str(10**12)), b"x", 30.0)),
    Case("headers-without-end", "too large", without_end(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 1000)),
    Case("one-endless-header", "too large", without_end(b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 65536)),
    Case("continue-without-end", "deadline", without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0.01)),
    Case("body-without-end", "too large", without_end(head(), b"x" * 65536)),
    Case(
        "huge-chunk",
        "too large",
        without_end(head(Transfer_Encoding="chunked") + b"f" * 15 + b"\r\n", b"x" * 65536),
    ),
    Case("bad-chunk", "parse error", raw(head(Transfer_Encoding="chunked"), b"zz\r\n", 0.2)),
    Case(
        "endless-chunk-extension",
        "too large",
        without_end(head(Transfer_Encoding="chunked") + b"1;", b"x" * 65536),
    ),
    Case(
        "endless-trailer",
        "too large",
        without_end(head(Transfer_Encoding="chunked") + b"0\r\n", b"X-A: b\r\n" * 1000),
    ),
    Case("packed-transfer", "parse error", raw(head(Transfer_Encoding="gzip, chunked"), 0.2)),
]

PACKED = [
    Case("gzip-bomb", "too large", packed(gzip_bomb, "gzip")),
    Case("deflate-bomb", "too large", packed(deflate_bomb, "deflate")),
    Case("bomb-in-a-bomb", "parse error", packed(lambda: gzip.compress(gzip_bomb()), "gzip, gzip")),
    Case("two-encoding-headers", "parse error", packed(lambda: gzip.compress(gzip_bomb()), "gzip", "gzip")),
    Case("brotli-never-asked-for", "parse error", packed(lambda: b"\x8b\x01\x80x\x03", "br")),
    Case("gzip-only-by-name", "parse error", packed(lambda: rss("").encode(), "gzip")),
    Case("cut-gzip", "connect error", packed(lambda: gzip.compress(rss("").encode())[:-9], "gzip")),
    Case("a-hundred-thousand-gzips", "too large", packed(lambda: gzip.compress(b"") * 100_000, "gzip")),
    Case("bomb-of-an-article", "too large", article=packed(gzip_bomb, "gzip")),
]

STATUSES = [
    Case("challenge", "bot challenge", status("403 Forbidden", cf_mitigated="challenge")),
    Case("challenge-of-an-article", "bot challenge", article=status("503 Wait", cf_mitigated="challenge")),
    Case("forbidden", "http 403", status("403 Forbidden")),
    Case("gone", "http 410", status("410 Gone")),
    Case("broken", "http 500", status("500 Oops")),
    Case("beyond-all-numbers", "http 999", status("999 Request denied")),
    Case("not-modified-unasked", "http 304", raw(head("304 Not Modified"))),
    Case("wait-a-year", "http 429", status("429 Wait", Retry_After=str(365 * 86400))),
    Case("wait-forever", "http 429", status("429 Wait", Retry_After="9" * 400)),
    Case("wait-less-than-nothing", "http 429", status("429 Wait", Retry_After="-5")),
    Case("wait-until-yesterday", "http 503", status("503 Wait", Retry_After="Sun, 01 Nov 2020 00:00:00 GMT")),
    Case("wait-until-soon", "http 503", status("503 Wait", Retry_After="soon, \xfc")),
    Case("cookies", "ok", listing(), article=lambda asked: [head(Set_Cookie="a=b"), news()]),
]

REDIRECTS = [
    Case("loop", "too many redirects", to("/feed")),
    Case(
        "many-hops",
        "too many redirects",
        lambda asked: to(f"{asked.path}x")(asked),
        paths={"*": lambda asked: to(f"{asked.path}x")(asked)},
    ),
    Case("hop-without-target", "too many redirects", raw(head("302 Found", Content_Length="0"))),
    Case("hop-to-loopback", "refused address", to("http://127.0.0.1:8000/")),
    Case("hop-to-loopback-by-number", "refused address", to("http://2130706433:8000/")),
    Case("hop-to-loopback-by-six", "refused address", to("http://[::ffff:127.0.0.1]:8000/")),
    Case("hop-to-metadata", "refused address", to("http://169.254.169.254/latest/meta-data/", "301 Moved")),
    Case("hop-to-a-file", "refused address", to("file:///etc/passwd")),
    Case("hop-to-a-script", "refused address", to("javascript:alert(1)")),
    Case("hop-to-data", "refused address", to("data:text/xml,<rss/>")),
    Case("hop-with-a-user", "refused address", to("http://user:word@{host}/feed2")),
    Case("hop-with-a-backslash", "refused address", to("http://{host}\\@evil.example/")),
    Case("hop-with-a-space", "refused address", to("http://{host}/a b")),
    Case("hop-too-long", "refused address", to("http://{host}/" + "x" * 10_000)),
    Case("hop-with-half-a-bracket", "refused address", to("http://[::1/")),
    Case("hop-to-no-port", "refused address", to("http://{host}9999999/")),
    Case("hop-to-a-percent-host", "refused address", to("http://127.0.0%2e1/")),
    Case("hop-to-bytes", "http 404", to("/\xff\xfe", "308 Moved")),
    Case("article-hop-to-loopback", "refused address", article=to("http://localhost:8000/")),
    Case("article-hop-with-half-a-bracket", "refused address", article=to("http://[::1/")),
    Case("link-to-loopback", "refused address", linking("http://127.0.0.1:8000/")),
    Case("link-with-a-user", "parse error", linking("http://user:word@{host}/article")),
]

FEEDS = [
    Case("nothing", "empty", whole(b"")),
    Case("blanks", "empty", whole(b" \r\n\t" * 1000)),
    Case("a-page-for-a-feed", "html instead of feed", html(news())),
    Case("a-page-named-a-feed", "html instead of feed", html(news(), "application/rss+xml")),
    Case("words", "parse error", whole(b"Wartungsarbeiten")),
    Case("a-picture", "parse error", whole(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100)),
    Case("nuls", "parse error", whole(bytes(100_000))),
    Case("laughs", "ok", listing("<item><title>&a9;</title></item>", prolog=billion_laughs())),
    Case("a-file-as-entity", "ok", listing("<item><title>&x;</title></item>", "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>")),
    Case("a-url-as-dtd", "ok", listing("", "<!DOCTYPE rss SYSTEM 'http://169.254.169.254/dtd'>")),
    Case("a-parameter-entity", "ok", listing("", "<!DOCTYPE rss [<!ENTITY % x SYSTEM 'http://169.254.169.254/'> %x;]>")),
    Case("nested-tags", "too large", whole(lambda: (_XML + "<a>" * 100_000).encode())),
    Case("a-million-entries", "too large", whole(lambda: rss("<item/>" * 1_000_000).encode())),
    Case("loose-brackets", "too large", whole(lambda: (_XML + "<" * 450_000).encode())),
    Case("open-cdata", "too large", whole(lambda: (_XML + "<![CDATA[" * 10_000).encode())),
    Case("attributes", "too large", listing("<x " + " ".join(f"a{n}='b'" for n in range(100_000)) + "/>")),
    Case("one-attribute-again", "ok", listing("<x " + "a='b' " * 100_000 + "/>")),
    Case("namespaces", "ok", listing("<x " + " ".join(f"xmlns:n{n}='urn:{n}'" for n in range(20_000)) + "/>")),
    Case("a-title-of-megabytes", "ok", listing(title="x" * 5 * MEGABYTE)),
    Case("an-entry-of-megabytes", "ok", an_entry_of_megabytes),
    Case("only-scripts", "parse error", whole(rss("<item><link>javascript:alert(1)</link></item>").encode())),
    Case("bad-charset", "ok", listing(prolog="<?xml version='1.0' encoding='x-klingon'?>")),
    Case("slow-charset", "parse error", listing(prolog="<?xml version='1.0' encoding='punycode'?>")),
    Case("wrong-charset", "ok", listing(prolog="<?xml version='1.0' encoding='utf-16'?>")),
    Case("nuls-in-a-feed", "ok", listing("<item><title>a\0b</title></item>")),
    Case("json-nested", "parse error", whole(b'{"items":' + b"[" * 500_000)),
    Case("json-of-nothing", "parse error", whole(lambda: b'{"items":[' + b"{}," * 1_000_000 + b"{}]}")),
    Case("json-number", "parse error", whole(b'{"items":' + b"9" * 100_000 + b"}")),
    Case("json-surrogates", "ok", lambda asked: whole(json_feed({"url": asked.url("/article"), "title": "\ud800", "id": "\udfff"}))(asked)),
    Case("json-odd-types", "parse error", whole(json_feed(None, 1, [], {"url": {}}, {"id": True}))),
]

SITEMAPS = [
    Case("sitemap", "ok", sitemap()),
    Case("packed-sitemap", "ok", lambda asked: whole(gzip.compress(sitemap_of(asked)))(asked)),
    Case("sitemap-bomb", "too large", whole(gzip_bomb)),
    Case("sitemap-bomb-twice", "too large", packed(lambda: gzip.compress(gzip_bomb()), "gzip")),
    Case("cut-packed-sitemap", "connect error", lambda asked: whole(gzip.compress(sitemap_of(asked))[:-9])(asked)),
    Case("sitemap-of-everything", "ok", sitemap("<url><loc>/old</loc><lastmod>2001-01-01</lastmod></url>" * 10_000)),
    Case("sitemap-of-nowhere", "empty", whole(b"<urlset>" + b"<url><loc>javascript:x</loc></url>" * 1000 + b"</urlset>")),
    Case("sitemap-nested", "parse error", whole(lambda: b"<urlset>" + b"<url>" * 100_000)),
    Case("sitemap-laughs", "parse error", sitemap("<url><loc>&a9;</loc></url>", billion_laughs("urlset"))),
    Case("sitemap-with-a-file", "ok", sitemap("<url><loc>&x;</loc></url>", "<!DOCTYPE urlset [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>")),
    Case("sitemap-with-a-dtd", "ok", sitemap("", "<!DOCTYPE urlset SYSTEM 'http://169.254.169.254/dtd'>")),
    Case("index-of-itself", "parse error", lambda asked: whole(index_of(asked.url("/feed")))(asked)),
    Case("index-of-private-parts", "ok", lambda asked: whole(index_of("http://127.0.0.1:8000/a.xml", asked.url("/part")))(asked), paths={"/part": sitemap()}),
    Case("index-of-a-million", "ok", lambda asked: whole(index_of(*[asked.url("/part")] * 50_000))(asked), paths={"/part": sitemap()}),
    Case("index-of-bombs", "too large", lambda asked: whole(index_of(asked.url("/part")))(asked), paths={"/part": whole(gzip_bomb)}),
]

ARTICLES = [
    Case("open-paragraphs", "too large", article=html(lambda: b"<html><body>" + b"<p>x" * 400_000)),
    Case("attributes-of-one-tag", "too large", article=html(lambda: b"<html><body><p " + b" ".join(b"a%d=b" % n for n in range(200_000)) + b">x")),
    Case("nested-boxes", "too large", article=html(lambda: b"<html><body>" + b"<div>" * 50_000)),
    Case("one-huge-paragraph", "ok", article=html(lambda: news(f"<p>{'Ein Satz. ' * 40_000}</p>"))),
    Case("one-huge-word", "ok", article=html(lambda: news(f"<p>{'x' * MEGABYTE}</p>"))),
    Case("nothing-for-an-article", "empty", article=html("")),
    Case("an-empty-page", "empty", article=html("<html><body></body></html>")),
    Case("a-film", "parse error", article=html(b"\0\1", "video/mp4")),
    Case("a-pdf", "parse error", article=html(b"%PDF-1.7", "application/pdf")),
    Case("nul-and-surrogates", "ok", article=html(news("<p>a\0b \x1b[31m &#xD800; &#0; \u202e</p>"))),
    Case("bad-charset-of-an-article", "ok", article=html(news(), "text/html; charset=x-klingon")),
    Case("slow-charset-of-an-article", "ok", article=html(lambda: news(f"<p>{'ä' * 200_000}</p>").decode().encode("latin-1"), "text/html; charset=punycode")),
    Case("deep-linked-data", "ok", article=html(news(head=f"<script type='application/ld+json'>{'[' * 100_000}</script>"))),
    Case("endless-date", "ok", article=html(news(head=f"<meta property='article:published_time' content='{'2026-11-' * 100_000}'>"))),
    Case("endless-digits", "ok", article=html(news(f"<time datetime='{'1' * MEGABYTE}'>x</time>"))),
    Case("endless-title", "ok", article=html(lambda: news(title="Wort " * 40_000))),
    Case("script-as-canonical", "ok", article=html(news(head="<link rel='canonical' href='javascript:alert(1)'>"))),
    Case("another-site-as-canonical", "ok", article=html(news(head="<link rel='canonical' href='https://bank.example/'>"))),
    Case("entities-in-a-page", "ok", article=html(b"<?xml version='1.0'?><!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + news("<p>&x;</p>"), "application/xhtml+xml")),
]

ROBOTS = [
    Case("robots-broken", "robots", robots=status("500 Oops")),
    Case("robots-too-many", "robots", robots=status("429 Wait")),
    Case("robots-slow", "robots", robots=without_end(head(), b"x", 0.05)),
    Case("robots-silent", "robots", robots=raw(30.0)),
    Case("robots-cut", "robots", robots=raw(head(Content_Length="1000"), b"User-agent: *")),
    Case("robots-loop", "robots", robots=to("/robots.txt")),
    Case("robots-to-loopback", "robots", robots=to("http://127.0.0.1:8000/robots.txt")),
    Case("robots-no", "robots", robots=whole(b"User-agent: *\nDisallow: /article\n")),
    Case("robots-behind-a-hop", "robots", article=to("/closed"), robots=whole(b"User-agent: *\nDisallow: /closed\n")),
    Case("robots-huge", "ok", robots=without_end(head(), b"# nothing\n" * 6000)),
    Case("robots-announced-huge", "ok", robots=lambda asked: chain([head(Content_Length=str(10**9))], repeat(b"# nothing\n" * 6000, 1000))),
    Case("robots-bomb", "ok", robots=packed(gzip_bomb, "gzip")),
    Case("robots-for-everyone", "ok", robots=whole(agents_times_rules)),
    Case("robots-of-stars", "ok", robots=whole(lambda: b"User-agent: *\nDisallow: /" + b"*a" * 200_000 + b"$\n")),
    Case("robots-slower-than-life", "ok", robots=whole(b"User-agent: *\nCrawl-delay: 1e300\n")),
    Case("robots-a-page", "ok", robots=html(news())),
    Case("robots-bytes", "ok", robots=whole(bytes(range(256)) * 1000)),
]

# fmt: on
CASES = [*CONNECTIONS, *PROTOCOL, *PACKED, *STATUSES, *REDIRECTS, *FEEDS, *SITEMAPS, *ARTICLES, *ROBOTS]
GOOD = Case("good", "ok")

_BY_NAME = {case.name: case for case in CASES}


def answer_to(host: str, path: str) -> Pieces:
    """What the host says; a path that nobody answers for is missing."""
    case = _BY_NAME.get(host.partition(".")[0], GOOD)
    asked = Asked(host, path)
    paths = {
        "/feed": case.feed or listing(),
        "/article": case.article or html(news()),
        "/robots.txt": case.robots or status("404 Missing"),
        **(case.paths or {}),
    }
    return (paths.get(path) or paths.get("*") or status("404 Missing"))(asked)
