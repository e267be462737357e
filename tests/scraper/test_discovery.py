"""A site's address → its feeds: what the page names, the usual addresses, the sitemaps of robots.txt."""

from __future__ import annotations

import pytest

from scraper.article import SourceKind
from scraper.client import Client
from scraper.discovery import MAX_TRIES, discover, site_name
from scraper.errors import BadStatus, NotAFeed, RobotsDenied
from tests.loopback import Site
from tests.scraper.conftest import article_html


def found(site: Site, client: Client, path: str = "/", **options: str) -> list[tuple[str, str]]:
    result = discover(f"{site.url}{path}", client, **options)  # type: ignore[arg-type]
    return [(one.url.removeprefix(site.url), str(one.kind)) for one in result.found]


def home(site: Site, *links: str) -> None:
    head = "".join(f"<link rel='alternate' {link}>" for link in links)
    site.page("/", f"<!doctype html><html lang='de-AT'><head>{head}</head><body>Start</body></html>")


def test_a_feeds_own_address(site: Site, client: Client) -> None:
    site.feed("/feed", f"{site.url}/a")
    site.page("/a", article_html(lang="de"))
    (one,) = discover(f"{site.url}/feed", client).found
    assert (one.kind, one.title, one.lang, len(one.entries)) == (SourceKind.FEED, "Feed", "de", 1)
    assert site.paths() == ["/feed", "/robots.txt", "/a"]


def test_what_the_page_names_comments_last(site: Site, client: Client) -> None:
    home(
        site,
        "type='application/rss+xml' href='/comments' title='Kommentare'",
        "type='application/rss+xml' href='/feed'",
        "type='application/feed+json; charset=utf-8' href='/feed.json'",
        "type='text/html' href='/mobile'",
        "type='application/rss+xml' href='javascript:x'",
    )
    site.feed("/feed", f"{site.url}/a")
    site.feed("/comments", f"{site.url}/a#c1")
    site.answer("/feed.json", body=b'{"version": "https://jsonfeed.org/version/1", "items": []}')
    assert found(site, client) == [("/feed", "feed"), ("/feed.json", "feed"), ("/comments", "feed")]


def test_the_pages_language_where_the_feed_names_none(site: Site, client: Client) -> None:
    home(site, "type='application/atom+xml' href='feed'")
    site.answer("/feed", body=b"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title></feed>")
    assert discover(site.url, client).found[0].lang == "de"


def test_the_usual_addresses_where_the_page_names_nothing(site: Site, client: Client) -> None:
    home(site)
    site.feed("/rss.xml")
    assert found(site, client) == [("/rss.xml", "feed")]


def test_a_named_feed_that_is_dead_leads_to_the_usual_ones(site: Site, client: Client) -> None:
    home(site, "type='application/rss+xml' href='/dead'")
    site.feed("/feed")
    result = discover(site.url, client)
    assert [one.url for one in result.found] == [f"{site.url}/feed"]
    assert next((error.url, error.kind) for error in result.failed) == (f"{site.url}/dead", "http 404")


def test_the_sitemaps_of_robots_news_first(site: Site, client: Client) -> None:
    home(site)
    site.page(
        "/robots.txt",
        f"Sitemap: {site.url}/all.xml\nSitemap: {site.url}/news.xml\nUser-agent: *\nDisallow: /private\n",
        kind="text/plain",
    )
    for path in ("/all.xml", "/news.xml"):
        site.answer(path, body=f"<urlset><url><loc>{site.url}/a</loc></url></urlset>".encode())
    assert found(site, client) == [("/news.xml", "sitemap"), ("/all.xml", "sitemap")]


def test_guesses_obey_robots_r7(site: Site, client: Client) -> None:
    home(site)
    site.page("/robots.txt", "User-agent: *\nDisallow: /feed\nDisallow: /sitemap\n", kind="text/plain")
    site.feed("/feed")
    assert found(site, client) == []
    assert "/feed" not in site.paths()


def test_a_site_that_forbids_its_page_is_left_alone_r7(site: Site, client: Client) -> None:
    home(site, "type='application/rss+xml' href='/feed'")
    site.page("/robots.txt", "User-agent: *\nDisallow: /\n", kind="text/plain")
    with pytest.raises(RobotsDenied):
        discover(site.url, client)


def test_a_search_in_vain_is_bounded_and_told(site: Site, client: Client) -> None:
    home(site, *(f"type='application/rss+xml' href='/dead{number}'" for number in range(50)))
    result = discover(site.url, client)
    assert result.found == ()
    assert len(site.requests) <= 2 + 3 * MAX_TRIES + 2
    assert {error.kind for error in result.failed} == {"http 404"}


def test_a_selector_makes_the_page_itself_the_listing(site: Site, client: Client) -> None:
    site.page("/news", "<html lang='de'><h2><a href='/a'>Eins</a></h2></html>")
    assert found(site, client, "/news", select="h2 a") == [("/news", "listing")]
    with pytest.raises(NotAFeed, match="nothing on the page matches"):
        found(site, client, "/news", select="h5 a")


def test_a_feed_that_moved_for_good_is_found_at_its_new_address(site: Site, client: Client) -> None:
    site.feed("/new")
    site.redirect("/old", "/new", status=301)
    site.redirect("/away", "/new", status=302)
    assert found(site, client, "/old") == [("/new", "feed")]
    assert found(site, client, "/away") == [("/away", "feed")]


def test_an_address_that_does_not_answer(site: Site, client: Client) -> None:
    with pytest.raises(BadStatus):
        discover(f"{site.url}/nothing", client)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.heise.de/rss/news.xml", "heise"),
        ("https://rss.golem.de/rss.php", "golem"),
        ("https://www.theregister.co.uk/feed", "theregister"),
        ("https://blog.example.org/", "example-blog"),
        ("https://t3n.de/", "t3n"),
        ("http://127.0.0.1:8000/feed", "127.0.0.1"),
        ("http://intranet/feed", "intranet"),
    ],
)
def test_a_name_from_the_address(url: str, name: str) -> None:
    assert site_name(url) == name
