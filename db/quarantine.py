"""Pages that hung or killed their reader: left alone for a time that doubles with each relapse."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.states import moment
from db.stems import clean

# A page is mended by its outlet within a day or never; every try costs a worker and its whole time limit.
_FIRST = timedelta(days=1)
_LONGEST = timedelta(days=64)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A page not asked for until `until`. `reason` is a word of the scraper's; `times` it did harm."""

    url: str
    reason: str
    message: str
    times: int
    first: datetime
    last: datetime
    until: datetime


def put(
    connection: sqlite3.Connection, url: str, landed: str, reason: str, message: str, now: datetime
) -> None:
    """Shut a page away, longer than the last time. `landed`: where its redirects ended."""
    row = connection.execute("SELECT times, first FROM quarantine WHERE url = ?", [clean(url)]).fetchone()
    times = row["times"] + 1 if row else 1
    until = now + min(_FIRST * 2 ** min(times - 1, 10), _LONGEST)
    connection.execute(
        "INSERT OR REPLACE INTO quarantine (url, landed, reason, message, times, first, last, until)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            clean(url),
            clean(landed),
            clean(reason),
            clean(message),
            times,
            row["first"] if row else moment(now),
            moment(now),
            moment(until),
        ],
    )


def holds(connection: sqlite3.Connection, url: str, now: datetime) -> bool:
    """Whether the page must not be asked for at this time."""
    query = "SELECT 1 FROM quarantine WHERE url = ? AND until > ?"
    return connection.execute(query, [clean(url), moment(now)]).fetchone() is not None


def release(connection: sqlite3.Connection, url: str | None) -> int:
    """Forget a page, or all of them; returns how many there were."""
    query = "DELETE FROM quarantine WHERE url = ? OR ? IS NULL"
    address = None if url is None else clean(url)
    return connection.execute(query, [address, address]).rowcount


def release_article(connection: sqlite3.Connection, article_id: int) -> None:
    """An article that could be read has mended itself, under whichever of its addresses."""
    addresses = "SELECT url FROM addresses WHERE article_id = :id"
    query = f"DELETE FROM quarantine WHERE url IN ({addresses}) OR landed IN ({addresses})"  # noqa: S608
    connection.execute(query, {"id": article_id})


def rows(connection: sqlite3.Connection) -> list[Quarantined]:
    """Every page that ever did harm and was not released, the latest first."""
    found = connection.execute("SELECT * FROM quarantine ORDER BY last DESC, url")
    return [
        Quarantined(
            row["url"],
            row["reason"],
            row["message"],
            row["times"],
            *(datetime.fromisoformat(row[name]) for name in ("first", "last", "until")),
        )
        for row in found
    ]
