"""Where a page says when it was published (R25), and our own reading where it only shows it (R26)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.article import Instant, Origin, Page, Precision
from scraper.parse import parse
from tests.scraper.conftest import article_html

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def published(html: str, feed: Instant | None = None) -> Instant | None:
    page = Page("https://probe.example/a", 200, html.encode(), NOW)
    return parse(page, zone="Europe/Berlin", feed_date=feed).published


def below(line: str) -> str:
    return article_html().replace("</h1>", f"</h1>{line}", 1)


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("<div>Do 19.11.26 | 14:07 Uhr | Von Erika Muster</div>", "2026-11-19T13:07"),
        ("<span>Stand: 19.11.2026, 06:00 Uhr</span>", "2026-11-19T05:00"),
        ("<p>Veröffentlicht am 19. November 2026 um 8:15 Uhr</p>", "2026-11-19T07:15"),
        ("<p>19. Jänner 2026, 9.30 Uhr</p>", "2026-01-19T08:30"),
        ("<p>Published November 19, 2026, 3:05 pm</p>", "2026-11-19T14:05"),
        ("<div>19.07.2026 - 08:00</div>", "2026-07-19T06:00"),
    ],
)
def test_r26_a_date_line_gives_the_minute(line: str, at: str) -> None:
    found = published(below(line))
    assert found is not None
    assert (found.at.isoformat()[:16], found.precision) == (at, Precision.MINUTE)
    assert (found.origin, found.zone) == (Origin.HEURISTIC, "Europe/Berlin")


def test_r26_a_date_line_may_hold_a_day_only() -> None:
    found = published(below("<p>Datum 19.11.2026</p>"))
    assert found is not None
    assert (found.day.isoformat(), found.precision) == ("2026-11-19", Precision.DAY)


@pytest.mark.parametrize(
    "line",
    [
        "<p>Am 3. Mai 2019 begann das Werk mit dem Bau seiner ersten beiden Hallen am Fluss.</p>",
        "<p>Stand: 19.11.2099, 06:00 Uhr</p>",
        "<p>Version 4.17.47</p>",
    ],
)
def test_r26_dates_in_sentences_and_in_the_future_are_none(line: str) -> None:
    assert published(below(line)) is None


def test_a_date_above_the_headline_is_todays() -> None:
    html = article_html().replace("<nav>", "<div>Sonntag, 22.11.2026</div><nav>", 1)
    assert published(html) is None
    assert published(html.replace("</h1>", "</h1><div>19.11.2026, 08:00 Uhr</div>")) is not None


@pytest.mark.parametrize(
    "name", ["article:published_time", "article:published:time", "Article.Published-Time"]
)
def test_spellings_of_a_meta_name(name: str) -> None:
    found = published(article_html(head=f"<meta name='{name}' content='2026-11-19T08:00:00+01:00'>"))
    assert found is not None
    assert found.at.isoformat()[:16] == "2026-11-19T07:00"


def data(*objects: str) -> str:
    return "".join(f'<script type="application/ld+json">{one}</script>' for one in objects)


ARTICLE = '{"@type": "NewsArticle", "datePublished": "2026-11-19"}'
FILM = '{"@type": "VideoObject", "uploadDate": "2026-11-19T13:15:00+01:00"}'
OTHER = '{"@type": "VideoObject", "datePublished": "2023-10-12"}'


def test_films_on_the_page_date_no_article() -> None:
    found = published(article_html(head=data(OTHER, ARTICLE, FILM)))
    assert found is not None
    assert (found.day.isoformat(), found.precision) == ("2026-11-19", Precision.DAY)
    alone = published(article_html(head=data(FILM)))
    assert alone is not None
    assert alone.day.isoformat() == "2026-11-19"


def test_a_day_gives_way_to_the_minute_of_the_same_day_only() -> None:
    meta = "<meta name='date' content='2026-11-{}T06:00:00'>"
    found = published(article_html(head=data(ARTICLE) + meta.format(19)))
    assert found is not None
    assert (found.at.isoformat()[:16], found.origin) == ("2026-11-19T05:00", Origin.META)
    other = published(article_html(head=data(ARTICLE) + meta.format(20)))
    assert other is not None
    assert (other.day.isoformat(), other.precision) == ("2026-11-19", Precision.DAY)


def test_r25_a_date_more_than_a_day_ahead_is_the_time_of_first_sight_and_marked() -> None:
    found = published(article_html(head="<meta name='date' content='2026-11-24T08:00:00'>"))
    assert found is not None
    assert (found.at, found.origin, found.original) == (NOW, Origin.FIRST_SEEN, "2026-11-24T08:00:00")
    tomorrow = published(article_html(head="<meta name='date' content='2026-11-23T08:00:00'>"))
    assert tomorrow is not None
    assert tomorrow.origin is Origin.META


def test_r25_the_feed_counts_before_a_heuristic() -> None:
    feed = Instant(datetime(2026, 11, 18, 7, tzinfo=UTC), "x", Precision.MINUTE, Origin.FEED)
    assert published(below("<div>19.11.2026, 08:00 Uhr</div>"), feed) == feed
