"""A site's URL → the feeds it has: what its page names, else the usual addresses, else its sitemaps.

    URL → a feed itself? → <link rel=alternate> of the page → usual addresses → Sitemap lines of robots.txt
        → each one fetched and read → Found, best first

The first step that finds something that can be read ends the search, so that a well-made site is asked twice.
The page, the guesses and the sitemaps obey robots.txt; a feed that the page names is there to be fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from scraper.article import FetchState, Page, Source, SourceKind
from scraper.asking import Lister, ask
from scraper.client import Client
from scraper.entries import Entry, Feed
from scraper.errors import FetchError, NotAFeed, ScraperError, Word
from scraper.language import UNKNOWN, identify
from scraper.links import read_listing
from scraper.lockedxml import looks_like_html
from scraper.markup import tree_of
from scraper.moves import PERMANENT
from scraper.robots import sitemaps_in
from scraper.urls import check, clean, is_web, join

MAX_TRIES = 6  # addresses asked in one step
_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
}
_USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
_SITEMAPS = ("/news-sitemap.xml", "/sitemap_news.xml", "/sitemap.xml")
_ASIDE = ("comment", "kommentar")  # feeds of readers' comments stand beside those of articles


@dataclass(frozen=True, slots=True)
class Found:
    """A listing that was fetched and read. `lang` is an ISO 639-1 code, empty where nothing tells it."""

    url: str
    kind: SourceKind
    title: str = ""
    lang: str = ""
    home: str = ""
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, best first, and what was tried in vain, with the reason."""

    found: tuple[Found, ...] = ()
    failed: tuple[ScraperError, ...] = ()


@dataclass(frozen=True, slots=True)
class Clues:
    """What a web page tells of its site: the feeds its head names, and its language or nothing."""

    feeds: tuple[str, ...] = ()
    lang: str = ""


def clues(page: Page) -> Clues:
    """What the page tells. Raises NotAnArticle for one that is built to hang its reader."""
    return Clues(tuple(named(page)), _lang(page))


Detective = Callable[[Page], Clues]


def discover(
    url: str,
    client: Client,
    *,
    select: str = "",
    lister: Lister = read_listing,
    detective: Detective = clues,
) -> Discovery:
    """The listings of a site, or the one at a listing's own URL; with `select`, the page itself is one.

    `lister` reads feeds and `detective` pages: those of a `worker.Reader` survive what hangs them.
    Raises ScraperError where the URL itself cannot be fetched.
    """
    url = check(url.strip())
    pages: list[Page] = []

    def noted(page: Page, source: Source) -> Feed:
        pages.append(page)
        return lister(page, source)

    try:
        found = examine(Source("", url, "", select=select), client, noted)
        return Discovery((_with_language(found, client, detective),))
    except NotAFeed as error:
        if error.word is not Word.HTML or not pages:
            raise
    client.permit(pages[-1].url)
    return _Search(client, lister, detective).run(pages[-1])


def examine(source: Source, client: Client, lister: Lister = read_listing) -> Found:
    """One address, fetched and read. Raises ScraperError."""
    answer = ask(source, FetchState(), client, lister)
    feed = answer.feed
    if feed is None:
        raise NotAFeed("not modified, though nothing was known of it", source.url)
    titles = " ".join(entry.title for entry in feed.entries)
    lang = (feed.lang or identify(titles))[:3].lower().rstrip("-_")
    moved = {status for status, _ in answer.page.hops}
    url = answer.page.url if moved and moved <= PERMANENT else source.url
    return Found(url, feed.kind, feed.title, "" if lang == UNKNOWN else lang[:2], feed.home, feed.entries)


def _with_language(found: Found, client: Client, detective: Detective) -> Found:
    """Where neither the feed nor its titles tell the language, its first article's page does."""
    if found.lang or not found.entries:
        return found
    try:
        return replace(found, lang=detective(client.article(found.entries[0].url)).lang)
    except ScraperError:
        return found  # whoever asked can tell the language, too


class _Search:
    """One search; remembers what was asked, so that no address is asked twice."""

    def __init__(self, client: Client, lister: Lister, detective: Detective) -> None:
        self._client = client
        self._lister = lister
        self._detective = detective
        self._tried: set[str] = set()
        self._failed: list[ScraperError] = []

    def run(self, page: Page) -> Discovery:
        told = self._detective(page)
        steps: tuple[Callable[[], Iterator[str]], ...] = (
            lambda: iter(told.feeds),
            lambda: self._allowed(join(page.url, path) for path in _USUAL),
            lambda: iter(self._sitemaps(page.url)),
        )
        for step in steps:
            found = [self._examined(url) for url in self._fresh(step())]
            good = [one if one.lang else replace(one, lang=told.lang) for one in found if one is not None]
            if good:
                good[0] = _with_language(good[0], self._client, self._detective)
                return Discovery(tuple(good), tuple(self._failed))
        return Discovery((), tuple(self._failed))

    def _fresh(self, urls: Iterator[str]) -> Iterator[str]:
        new = [url for url in dict.fromkeys(urls) if url not in self._tried][:MAX_TRIES]
        self._tried.update(new)
        return iter(new)

    def _examined(self, url: str) -> Found | None:
        try:
            return examine(Source("", url, ""), self._client, self._lister)
        except ScraperError as error:
            self._failed.append(error)
            return None

    def _allowed(self, urls: Iterator[str]) -> Iterator[str]:
        """A guess is ours, not the site's offer, so that robots.txt is asked."""
        for url in urls:
            try:
                self._client.permit(url)
            except FetchError as error:
                self._failed.append(error)
            else:
                yield url

    def _sitemaps(self, url: str) -> list[str]:
        """Those that robots.txt names, news first, then the usual names."""
        robots = b""
        try:
            robots = self._client.get(join(url, "/robots.txt")).body
        except FetchError as error:
            self._failed.append(error)
        listed = [join(url, line) for line in sitemaps_in(robots)]
        listed.sort(key=lambda one: "news" not in one.lower())
        return [one for one in listed if is_web(one)] or [join(url, path) for path in _SITEMAPS]


def named(page: Page) -> Iterator[str]:
    """The feeds that a page's head names, in its order, those of comments last."""
    if not looks_like_html(page.body):
        return
    tree = tree_of(page)
    base = join(page.url, next(iter(tree.xpath("//base/@href")), page.url))
    links: list[tuple[bool, str]] = []
    for link in tree.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        target = join(base, link.get("href") or "")
        if "alternate" in rel and kind in _TYPES and link.get("href") and is_web(target):
            about = f"{link.get('title') or ''} {target}".lower()
            links.append((any(word in about for word in _ASIDE), target))
    yield from (target for _, target in sorted(links, key=lambda pair: pair[0]))


def _lang(page: Page) -> str:
    """What the page says of its language, else what its text looks like."""
    tree = tree_of(page)
    said = (tree.get("lang") or identify(tree.text_content()) or "")[:3].lower().rstrip("-_")
    return "" if said == UNKNOWN else said[:2]


def site_name(url: str) -> str:
    """A short name for a source by its address: "heise" of https://www.heise.de/rss/news.xml."""
    host = (urlsplit(clean(url)).hostname or "").removeprefix("www.")
    parts = host.split(".")
    if len(parts) < 2 or parts[-1].isdecimal():
        return host.replace(":", "-")
    # The part before the public suffix, as far as it can be told without a list: co.uk, com.au.
    suffix = 2 if len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3 else 1
    name = parts[-suffix - 1]
    return "-".join([name, *parts[: -suffix - 1]]) if parts[: -suffix - 1] and _tells(parts) else name


def _tells(parts: list[str]) -> bool:
    """Whether a subdomain says more than that feeds are served from it."""
    return parts[0] not in {"rss", "feeds", "feed", "static", "news", "m", "api", "cdn"}
