"""When a source's articles appeared: what its usual gap is reckoned from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.ledger import Ledger
from scraper.article import Article, Instant, Origin, Precision

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_published_else_first_seen_newest_first(tmp_path: Path) -> None:
    published = Instant(NOW - timedelta(days=3), "x", Precision.MINUTE, Origin.FEED)
    article = Article("https://example.org/1", "t", "text", "de", published, "probe")
    with Ledger.open(tmp_path / "claims.db") as ledger:
        ledger.store(article, [], extractor="1", now=NOW)
        # A corrected text is no new article.
        ledger.store(replace(article, text="better"), [], extractor="1", now=NOW)
        undated = replace(article, url="https://example.org/2", published=None)
        ledger.store(undated, [], extractor="1", now=NOW)
        other = replace(article, url="https://example.org/3", source="another")
        ledger.store(other, [], extractor="1", now=NOW)
        assert ledger.article_times("probe") == [NOW, NOW - timedelta(days=3)]
        assert ledger.article_times("nobody") == []
