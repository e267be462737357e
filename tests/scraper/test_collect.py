"""One source from feed to articles, over a real server: what comes, what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scraper.article import Article, FetchState, Origin, Source
from scraper.client import Client
from scraper.collect import Problem, collect, is_due, read_url
from scraper.errors import BadStatus, NotAnArticle, ReadError, RefusedAddress
from scraper.parse import parse
from tests.loopback import Site
from tests.scraper.conftest import article_html

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Reader:
    """A caller as `claims` is one: stores articles, hands the state back the next time."""

    def __init__(self, site: Site, client: Client) -> None:
        self.source = Source("probe", f"{site.url}/feed", "de", "Europe/Berlin")
        self.client = client
        self.state = FetchState()
        self.stored: dict[str, Article] = {}

    def round(self, **options: object) -> tuple[list[Article], list[Problem]]:
        items = list(
            collect(
                self.source,
                self.state,
                self.client,
                known=self.stored.__contains__,
                now=NOW,
                **options,  # type: ignore[arg-type]
            )
        )
        *found, state = items
        assert isinstance(state, FetchState)
        assert not any(isinstance(item, FetchState) for item in found)
        self.state = state
        articles = [item for item in found if isinstance(item, Article)]
        self.stored |= {article.url: article for article in articles}
        return articles, [item for item in found if isinstance(item, Problem)]


@pytest.fixture
def reader(site: Site, client: Client) -> Reader:
    return Reader(site, client)


def fill(site: Site, count: int = 3, etag: str = "") -> list[str]:
    urls = [f"{site.url}/a{number}" for number in range(count)]
    for number in range(count):
        site.page(f"/a{number}", article_html(f"Nachricht Nummer {number}"))
    site.feed("/feed", *urls, etag=etag)
    return urls


def test_articles_come_with_everything(site: Site, reader: Reader) -> None:
    head = "<meta property='article:published_time' content='2026-11-20T08:00:00'>"
    site.page("/a0", article_html("Beispielwerk baut", head))
    site.feed("/feed", f"{site.url}/a0?utm_source=rss")
    (article,), problems = reader.round()
    assert problems == []
    assert (article.url, article.source, article.lang) == (f"{site.url}/a0", "probe", "de")
    assert article.title == "Beispielwerk baut"
    assert article.text.count("\n\n") == 4
    assert article.published is not None
    assert (article.published.at.hour, article.published.origin) == (7, Origin.META)
    assert reader.state.last_status == "ok"


def test_known_articles_are_not_fetched_again(site: Site, reader: Reader) -> None:
    fill(site)
    assert len(reader.round()[0]) == 3
    asked = len(site.requests)
    assert reader.round() == ([], [])
    assert site.paths()[asked:] == ["/feed"]
    assert reader.state.last_status == "same content"


def test_validators_come_back_and_nothing_is_read(site: Site, reader: Reader) -> None:
    fill(site, etag='"one"')
    reader.round()
    assert reader.state.etag == '"one"'
    reader.round()
    assert site.requests[-1].headers["if-none-match"] == '"one"'
    assert (reader.state.last_status, reader.state.etag) == ("not modified", '"one"')


def test_both_validators_are_replaced_after_every_answer(site: Site, reader: Reader) -> None:
    reader.state = FetchState(etag='"old"', last_modified="Sat, 21 Nov 2026 01:00:00 GMT")
    site.answer("/feed", status=304, headers={"ETag": '"new"'})
    reader.round()
    assert (reader.state.etag, reader.state.last_modified) == ('"new"', "Sat, 21 Nov 2026 01:00:00 GMT")
    fill(site)  # a 200 without validators: the old ones would be lies
    reader.round()
    assert (reader.state.etag, reader.state.last_modified) == (None, None)


def test_full_asks_without_validators(site: Site, reader: Reader) -> None:
    fill(site, etag='"one"')
    reader.round()
    reader.round(full=True)
    assert "if-none-match" not in site.requests[-1].headers
    assert reader.state.last_status == "ok"


def test_a_limit_leaves_the_rest_for_next_time(site: Site, reader: Reader) -> None:
    urls = fill(site, 5, etag='"one"')
    assert [a.url for a in reader.round(limit=2)[0]] == urls[:2]
    assert [a.url for a in reader.round(limit=2)[0]] == urls[2:4]  # though the feed says "not modified"
    assert [a.url for a in reader.round()[0]] == urls[4:]
    assert reader.round() == ([], [])


def test_one_bad_article_ends_nothing_and_is_tried_again(site: Site, reader: Reader) -> None:
    fill(site, 3, etag='"one"')
    site.answer("/a1", status=503)
    articles, (problem,) = reader.round()
    assert len(articles) == 2
    assert (problem.kind, problem.url, problem.unexpected) == ("http 503", f"{site.url}/a1", False)
    site.page("/a1", article_html("Doch noch da"))
    articles, problems = reader.round()
    assert ([a.title for a in articles], problems) == (["Doch noch da"], [])


def test_a_dead_article_is_given_up_after_one_report(site: Site, reader: Reader) -> None:
    fill(site, 2)
    site.answer("/a1", status=404)
    assert [p.kind for p in reader.round()[1]] == ["http 404"]
    asked = site.paths().count("/a1")
    assert reader.round() == ([], [])
    assert site.paths().count("/a1") == asked
    site.page("/a1", article_html("Wieder da"))
    assert [a.title for a in reader.round(full=True)[0]] == ["Wieder da"]


def test_a_failing_article_is_given_up_in_the_end(site: Site, reader: Reader) -> None:
    fill(site, 1, etag='"one"')
    site.answer("/a0", status=500)
    reports = [len(reader.round()[1]) for _ in range(6)]
    assert reports == [1, 1, 1, 1, 0, 0]


def test_a_host_that_wants_silence_loses_nothing(site: Site, reader: Reader) -> None:
    urls = fill(site, 4)
    site.answer("/a1", status=429, headers={"Retry-After": "1"})
    articles, problems = reader.round()
    assert ([a.url for a in articles], [p.kind for p in problems]) == (urls[:1], ["http 429"])
    site.page("/a1", article_html("Wieder da"))
    reader.client = Client(reader.client.settings)  # another round: the hold was the old client's
    assert [a.url for a in reader.round()[0]] == urls[1:]


def test_a_canonical_address_counts_once(site: Site, reader: Reader) -> None:
    head = "<link rel='canonical' href='/the-one'>"
    for path in ("/a0", "/a1"):
        site.page(path, article_html("Beispielwerk baut", head))
    site.feed("/feed", f"{site.url}/a0", f"{site.url}/a1")
    articles, _ = reader.round()
    # Both are read, the second is recognised as known only by a caller that stores as it goes.
    assert {article.url for article in articles} == {f"{site.url}/the-one"}
    asked = len(site.requests)
    assert reader.round() == ([], [])
    assert site.paths()[asked:] == ["/feed"]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, b"", "http 404"),
        (410, b"", "http 410"),
        (500, b"", "http 500"),
        (200, b"", "empty"),
        (200, b"<html><body>Anmelden</body></html>", "html instead of feed"),
        (200, b"nonsense", "parse error"),
    ],
)
def test_a_bad_feed_is_a_problem_and_a_state(
    site: Site, reader: Reader, status: int, body: bytes, kind: str
) -> None:
    site.answer("/feed", status=status, body=body)
    articles, (problem,) = reader.round()
    assert articles == []
    assert (problem.kind, problem.url, problem.unexpected) == (kind, f"{site.url}/feed", False)
    assert (reader.state.last_status, reader.state.failures > 0) == (kind, True)
    assert reader.state.next_check is not None
    assert reader.state.next_check >= NOW + timedelta(hours=1)
    assert is_due(reader.source, reader.state, NOW + timedelta(days=8)) is (status != 410)


def test_a_failure_keeps_validators_and_open_entries(site: Site, reader: Reader) -> None:
    urls = fill(site, 2, etag='"one"')
    reader.round(limit=1)
    site.answer("/feed", status=500)
    reader.round()
    assert reader.state.etag == '"one"'
    fill(site, 2, etag='"one"')
    assert [a.url for a in reader.round()[0]] == urls[1:]


def test_a_broken_feed_does_not_keep_its_validators(site: Site, reader: Reader) -> None:
    """Or the next answer is "not modified", and the source counts as healthy for ever."""
    site.answer("/feed", body=b"nonsense", etag='"bad"')
    reader.round()
    assert reader.state.etag is None


def test_a_bug_of_ours_is_marked_and_ends_nothing(site: Site, reader: Reader) -> None:
    fill(site, 2)

    def broken(page: object, **options: object) -> Article:
        if str(getattr(page, "url", "")).endswith("/a0"):
            raise ZeroDivisionError("oops")
        return parse(page, **options)  # type: ignore[arg-type]

    articles, (problem,) = reader.round(parser=broken)
    assert len(articles) == 1
    assert (problem.kind, problem.unexpected) == ("unexpected", True)
    assert "ZeroDivisionError: oops" in problem.message


def test_robots_are_a_problem_of_the_article(site: Site, reader: Reader) -> None:
    fill(site, 2)
    site.page("/robots.txt", "User-agent: *\nDisallow: /a0\n", kind="text/plain")
    articles, (problem,) = reader.round()
    assert (len(articles), problem.kind) == (1, "robots")


def test_the_feeds_date_serves_where_the_page_has_none(site: Site, reader: Reader) -> None:
    site.page("/a0", article_html())
    item = (
        f"<item><title>x</title><link>{site.url}/a0</link><pubDate>Fr, 20 Nov 2026 08:00 MEZ</pubDate></item>"
    )
    site.feed("/feed", extra=item)
    (article,), _ = reader.round()
    assert article.published is not None
    assert (article.published.at.isoformat(), article.published.origin) == (
        "2026-11-20T07:00:00+00:00",
        Origin.FEED,
    )


def test_a_date_in_the_future_becomes_first_seen(site: Site, reader: Reader) -> None:
    head = "<meta property='article:published_time' content='2099-01-01T08:00:00Z'>"
    site.page("/a0", article_html(head=head))
    site.feed("/feed", f"{site.url}/a0")
    (article,), _ = reader.round()
    assert article.published is not None
    assert (article.published.origin, article.published.original) == (
        Origin.FIRST_SEEN,
        "2099-01-01T08:00:00Z",
    )
    assert article.published.at < datetime(2099, 1, 1, tzinfo=UTC)


def test_ttl_moves_the_next_check(site: Site, reader: Reader) -> None:
    site.feed("/feed", etag='"one"', extra="<ttl>300</ttl>")
    reader.round()
    assert reader.state.next_check is not None
    assert reader.state.next_check - NOW >= timedelta(minutes=300)


def test_a_state_that_cannot_be_read_is_no_harm(site: Site, reader: Reader) -> None:
    fill(site, 1)
    reader.state = replace(reader.state, extra={"backlog": "{broken", "other": "kept"})
    assert len(reader.round()[0]) == 1
    assert reader.state.extra["other"] == "kept"
    assert "backlog" not in reader.state.extra


# --- a single page


def test_read_url(site: Site, client: Client) -> None:
    site.page("/a", article_html("Ein Titel"))
    article = read_url(f" {site.url}/a?utm_source=x ", client)
    assert (article.url, article.title, article.lang) == (f"{site.url}/a", "Ein Titel", "de")


def test_read_url_takes_the_language_given(site: Site, client: Client) -> None:
    site.page("/a", article_html())
    assert read_url(f"{site.url}/a", client, lang="en").lang == "en"


def test_read_url_fails_clearly(site: Site, client: Client, client_for: Callable[..., Client]) -> None:
    site.answer("/film", body=b"\0\1\2", headers={"Content-Type": "video/mp4"})
    site.page("/blank", "<html><body></body></html>")
    site.answer("/nothing", body=b"")
    with pytest.raises(ReadError, match="video/mp4"):
        read_url(f"{site.url}/film", client)
    for path in ("/blank", "/nothing"):
        with pytest.raises(NotAnArticle):
            read_url(f"{site.url}{path}", client)
    with pytest.raises(BadStatus):
        read_url(f"{site.url}/missing", client)
    with pytest.raises(RefusedAddress):
        read_url("not a url", client)
