"""Articles, instants and fetch states ⇄ rows."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime

from db.errors import RecordRefused
from db.rows import clean_or_none
from db.stems import clean
from scraper.article import Article, FetchState, Instant, Origin, Precision

PUBLISHED = ("at", "original", "precision", "origin", "zone", "day")


def moment(at: datetime) -> str:
    """An instant column: ISO 8601 in UTC, so that text order is time order. Needs a zone."""
    if at.tzinfo is None:
        raise RecordRefused(f"{at!r} has no zone: hand in an aware instant")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def moment_of(text: str | None) -> datetime | None:
    """An instant column that may be empty."""
    return datetime.fromisoformat(text) if text else None


def version_columns(article: Article) -> dict[str, object]:
    """The columns of `versions` that come from the article itself."""
    published = _published_columns(article.published)
    return {
        "digest": article.digest,
        "title": clean(article.title),
        "text": clean(article.text),
        "authors": json.dumps(list(article.authors)),
        "fetched_url": clean(article.fetched_url),
        "paywalled": int(article.paywalled),
        **{f"published_{name}": value for name, value in zip(PUBLISHED, published, strict=True)},
    }


def _published_columns(published: Instant | None) -> tuple[str | None, ...]:
    if published is None:
        return (None,) * len(PUBLISHED)
    return (
        moment(published.at),
        clean(published.original),
        str(published.precision),
        str(published.origin),
        published.zone,
        published.day.isoformat(),
    )


def article_of(row: sqlite3.Row) -> Article:
    """The article in a row of `versions`, joined with `url`, `lang` and the name of its `source`."""
    at = moment_of(row["published_at"])
    published = (
        None
        if at is None
        else Instant(
            at,
            row["published_original"],
            Precision(row["published_precision"]),
            Origin(row["published_origin"]),
            row["published_zone"],
        )
    )
    return Article(
        url=row["url"],
        title=row["title"],
        text=row["text"],
        lang=row["lang"],
        published=published,
        source=row["source"] or "",
        authors=tuple(json.loads(row["authors"])),
        fetched_url=row["fetched_url"],
        paywalled=bool(row["paywalled"]),
    )


def state_columns(state: FetchState) -> dict[str, object]:
    """The columns of `sources` that hold the fetch state."""
    return {
        "etag": clean_or_none(state.etag),
        "last_modified": clean_or_none(state.last_modified),
        "checked": state.checked and moment(state.checked),
        "next_check": state.next_check and moment(state.next_check),
        "failures": float(state.failures),
        "last_status": clean(state.last_status),
        "last_message": clean(state.last_message),
        "last_success": state.last_success and moment(state.last_success),
        "body_digest": clean_or_none(state.body_digest),
        "extra": json.dumps(state.extra),
    }


def state_of(row: sqlite3.Row) -> FetchState:
    """The fetch state in a row of `sources`."""
    return FetchState(
        etag=row["etag"],
        last_modified=row["last_modified"],
        checked=moment_of(row["checked"]),
        next_check=moment_of(row["next_check"]),
        failures=row["failures"],
        last_status=row["last_status"],
        last_message=row["last_message"],
        last_success=moment_of(row["last_success"]),
        body_digest=row["body_digest"],
        extra={} if row["extra"] == "{}" else json.loads(row["extra"]),
    )
