"""Sitemaps as sources, over a real server: index files, robots (R7), what is asked again and what is not."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from scraper.article import Article, FetchState, Source, SourceKind
from scraper.asking import PARTS_AT_ONCE
from scraper.backlog import Backlog
from scraper.client import Client
from scraper.collect import Problem, collect
from scraper.entries import Entry, collected
from scraper.seen import MAX_KEPT, Memory
from tests.loopback import Site
from tests.scraper.conftest import article_html

TODAY = datetime.now(UTC)


class Reader:
    """Polls a source and keeps what comes of it."""

    def __init__(self, site: Site, client: Client, path: str = "/sitemap.xml", **about: object) -> None:
        self.site, self.client = site, client
        self.source = Source("probe", f"{site.url}{path}", "de", **about)  # type: ignore[arg-type]
        self.state = FetchState()
        self.stored: dict[str, Article] = {}
        self.problems: list[str] = []

    def poll(self) -> list[str]:
        """The paths asked for in this poll but for robots.txt."""
        asked = len(self.site.requests)
        self.problems = []
        for item in collect(self.source, self.state, self.client, known=self.stored.__contains__, now=TODAY):
            if isinstance(item, FetchState):
                self.state = item
            elif isinstance(item, Problem):
                self.problems.append(item.kind)
            else:
                self.stored[item.url] = item
        return [path for path in self.site.paths()[asked:] if path != "/robots.txt"]


@pytest.fixture
def reader(site: Site, client: Client) -> Reader:
    return Reader(site, client)


def day(ago: float) -> str:
    return (TODAY - timedelta(days=ago)).isoformat()


def publish(site: Site, path: str, *articles: str, packed: bool = False, etag: str = "") -> None:
    """A news sitemap and its articles."""
    urls = "".join(
        f"<url><loc>{site.url}{name}</loc><news:news><news:publication_date>{day(1)}</news:publication_date>"
        f"<news:title>{name}</news:title></news:news></url>"
        for name in articles
    )
    spaces = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
    body = f"<urlset {spaces}>{urls}</urlset>".encode()
    site.answer(path, body=gzip.compress(body) if packed else body, etag=etag)
    for name in articles:
        site.page(name, article_html(f"Nachricht {name}"))


def index(site: Site, *parts: tuple[str, str], etag: str = "") -> None:
    rows = "".join(
        f"<sitemap><loc>{site.url}{path}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for path, changed in parts
    )
    site.answer("/sitemap.xml", body=f"<sitemapindex>{rows}</sitemapindex>".encode(), etag=etag)


def test_a_news_sitemap_gives_articles(site: Site, reader: Reader) -> None:
    publish(site, "/sitemap.xml", "/a", "/b", etag='"1"')
    assert reader.poll() == ["/sitemap.xml", "/a", "/b"]
    article = reader.stored[f"{site.url}/a"]
    assert article.published is not None
    assert (reader.problems, reader.state.extra["kind"]) == ([], "sitemap")
    assert reader.poll() == ["/sitemap.xml"]
    assert reader.state.last_status == "not modified"


def test_a_sitemap_obeys_robots_r7(site: Site, reader: Reader) -> None:
    publish(site, "/sitemap.xml", "/a")
    site.page("/robots.txt", "User-agent: *\nDisallow: /sitemap\n", kind="text/plain")
    assert reader.poll() == []
    assert reader.problems == ["robots"]


def test_a_sitemap_by_another_name_obeys_robots_as_soon_as_it_is_known_for_one_r7(
    site: Site, client: Client
) -> None:
    reader = Reader(site, client, "/everything")
    publish(site, "/everything", "/a")
    site.page("/robots.txt", "User-agent: *\nDisallow: /everything\n", kind="text/plain")
    reader.poll()
    assert (reader.problems, reader.stored) == (["robots"], {})


def test_a_subscribed_feed_does_not_ask_robots_r7(site: Site, client: Client) -> None:
    reader = Reader(site, client, "/feed")
    site.feed("/feed")
    site.page("/robots.txt", "User-agent: *\nDisallow: /\n", kind="text/plain")
    assert (reader.poll(), reader.problems) == (["/feed"], [])


def test_an_index_and_its_parts_packed_or_not(site: Site, reader: Reader) -> None:
    publish(site, "/part-1.xml", "/a")
    publish(site, "/part-2.xml.gz", "/b", packed=True)
    index(site, ("/part-1.xml", day(1)), ("/part-2.xml.gz", day(2)), ("/old.xml", day(400)))
    assert reader.poll() == ["/sitemap.xml", "/part-1.xml", "/part-2.xml.gz", "/a", "/b"]
    assert len(reader.stored) == 2
    assert reader.poll() == ["/sitemap.xml"]


def test_only_changed_parts_are_asked_again(site: Site, reader: Reader) -> None:
    publish(site, "/part-1.xml", "/a")
    publish(site, "/part-2.xml", "/b")
    index(site, ("/part-1.xml", day(3)), ("/part-2.xml", day(2)))
    reader.poll()
    publish(site, "/part-2.xml", "/b", "/c")
    index(site, ("/part-1.xml", day(3)), ("/part-2.xml", day(0)))
    assert reader.poll() == ["/sitemap.xml", "/part-2.xml", "/c"]


def test_parts_without_a_date_are_asked_each_time_with_their_validators(site: Site, reader: Reader) -> None:
    publish(site, "/part.xml", "/a", etag='"p"')
    index(site, ("/part.xml", ""), etag='"i"')
    reader.poll()
    assert reader.poll() == ["/sitemap.xml", "/part.xml"]
    assert site.requests[-1].headers["if-none-match"] == '"p"'
    publish(site, "/part.xml", "/a", "/b", etag='"q"')
    assert reader.poll() == ["/sitemap.xml", "/part.xml", "/b"]  # though the index is not modified


def test_a_large_index_is_read_a_few_parts_at_a_time(site: Site, reader: Reader) -> None:
    count = PARTS_AT_ONCE + 2
    for number in range(count):
        publish(site, f"/part-{number}.xml", f"/a{number}")
    index(site, *((f"/part-{number}.xml", day(number)) for number in range(count)), etag='"i"')
    assert len([path for path in reader.poll() if "part" in path]) == PARTS_AT_ONCE
    assert f"{site.url}/a0" in reader.stored  # the newest first
    reader.poll()
    assert len(reader.stored) == count
    assert reader.poll() == ["/sitemap.xml"]


def test_one_bad_part_costs_itself(site: Site, reader: Reader) -> None:
    publish(site, "/good.xml", "/a")
    index(site, ("/good.xml", day(1)), ("/missing.xml", day(1)))
    reader.poll()
    assert (reader.problems, len(reader.stored), reader.state.failures) == (["http 404"], 1, 0.0)


def test_all_parts_bad_is_a_failure_of_the_source(site: Site, reader: Reader) -> None:
    index(site, ("/missing.xml", day(1)))
    reader.poll()
    assert (reader.problems, reader.state.failures) == (["http 404"], 1.0)


def test_parts_of_another_site_and_indexes_of_indexes_are_left_alone(site: Site, reader: Reader) -> None:
    publish(site, "/good.xml", "/a")
    site.answer("/nested.xml", body=b"<sitemapindex><sitemap><loc>/x</loc></sitemap></sitemapindex>")
    body = (
        "<sitemapindex><sitemap><loc>http://other.example/x.xml</loc></sitemap>"
        f"<sitemap><loc>{site.url}/nested.xml</loc></sitemap>"
        f"<sitemap><loc>{site.url}/good.xml</loc></sitemap></sitemapindex>"
    )
    site.answer("/sitemap.xml", body=body.encode())
    asked = reader.poll()
    assert sorted(asked) == ["/a", "/good.xml", "/nested.xml", "/sitemap.xml"]
    assert reader.problems == ["parse error"]


def test_a_changed_lastmod_is_a_corrected_article_r17(site: Site, reader: Reader) -> None:
    def listed(changed: str) -> None:
        row = f"<url><loc>{site.url}/a</loc><lastmod>{changed}</lastmod></url>"
        site.answer("/sitemap.xml", body=f"<urlset>{row}</urlset>".encode())

    site.page("/a", article_html("Erste Fassung"))
    listed(day(1))
    reader.poll()
    site.page("/a", article_html("Zweite Fassung"))
    listed(day(0.5))
    assert reader.poll() == ["/sitemap.xml", "/a"]
    assert reader.stored[f"{site.url}/a"].title == "Zweite Fassung"


def test_a_part_that_was_not_asked_in_between_keeps_its_memory_r17(site: Site, reader: Reader) -> None:
    """What changed is asked alone: the entries of the other parts must not look new afterwards."""

    def part(path: str, changed: str, *articles: str) -> None:
        rows = "".join(f"<url><loc>{site.url}{at}</loc><lastmod>{changed}</lastmod></url>" for at in articles)
        site.answer(path, body=f"<urlset>{rows}</urlset>".encode())

    for name in ("/a", "/b", "/landed"):
        site.page(name, article_html(f"Erste Fassung {name}"))
    site.redirect("/listed", "/landed")
    part("/one.xml", day(3), "/a", "/listed")
    part("/two.xml", day(3), "/b")
    index(site, ("/one.xml", day(3)), ("/two.xml", day(3)))
    assert len(reader.poll()) == 7
    part("/two.xml", day(2), "/b")
    index(site, ("/one.xml", day(3)), ("/two.xml", day(2)))
    assert reader.poll() == ["/sitemap.xml", "/two.xml", "/b"]
    index(site, ("/one.xml", day(2)), ("/two.xml", day(2)))
    assert reader.poll() == ["/sitemap.xml", "/one.xml"], "nothing of it has changed"
    part("/one.xml", day(1), "/a")
    site.page("/a", article_html("Zweite Fassung"))
    index(site, ("/one.xml", day(1)), ("/two.xml", day(2)))
    assert reader.poll() == ["/sitemap.xml", "/one.xml", "/a"]
    assert reader.stored[f"{site.url}/a"].title == "Zweite Fassung"


def test_the_memory_of_an_index_is_bounded() -> None:
    """R17: the entries listed last are remembered."""
    memory, backlog = Memory({}), Backlog()
    for poll in range(8):
        entries, _ = collected(Entry(f"https://probe.example/{poll}/{n}") for n in range(MAX_KEPT // 5))
        memory, _ = memory.listed(entries, TODAY, partial=True)
        backlog = backlog.listed(entries, partial=True)
    left = {seen.url.split("/")[3] for seen in memory.entries.values()}
    assert (len(memory.entries), left) == (MAX_KEPT, set("34567"))
    assert len(backlog.entries) == MAX_KEPT
    whole, _ = memory.listed(entries[:3], TODAY)
    assert len(whole.entries) == 3


def test_a_listing_page_gives_articles_and_obeys_robots_r7(site: Site, client: Client) -> None:
    reader = Reader(site, client, "/news", select="h2 a")
    site.page("/news", "<html><h2><a href='/a'>Eins</a></h2><h3><a href='/b'>Zwei</a></h3></html>")
    site.page("/a", article_html("Eins"))
    assert reader.poll() == ["/news", "/a"]
    site.page("/news", "<html><p>umgebaut</p></html>")
    reader.poll()
    assert reader.problems == ["empty"]
    closed = Reader(site, Client(client.settings), "/news", select="h2 a", kind=SourceKind.LISTING)
    site.page("/robots.txt", "User-agent: *\nDisallow: /news\n", kind="text/plain")
    assert (closed.poll(), closed.problems) == ([], ["robots"])


def test_a_state_that_cannot_be_read_asks_the_parts_again(site: Site, reader: Reader) -> None:
    publish(site, "/part.xml", "/a")
    index(site, ("/part.xml", day(1)))
    reader.poll()
    reader.state.extra["parts"] = "{broken"
    assert reader.poll() == ["/sitemap.xml", "/part.xml"]
