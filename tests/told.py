"""Articles told by hand, with their threads: what standing, dues, records and histories are tested on.

A `Story` is one claim in one article; `tell` stores them and files them into threads and statements by hand,
so that these tests do not depend on how claims are related.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from db.connection import open_writing, transaction
from db.ledger import Ledger
from db.standing import settle
from extractors.claim import Claim, Due, Evidence, Kind, Quantity, Status
from scraper.article import Article, Instant

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Story:
    """`key` names it for links; `same` is the key of an earlier story that it says the same as.

    `relation`, `to`, `reason`: the link to an earlier story, whose thread it joins.
    """

    key: str
    day: date | None
    text: str
    source: str = "heise"
    lang: str = "de"
    title: str = ""
    url: str = ""
    same: str = ""
    relation: str = ""
    to: str = ""
    reason: str = ""
    amount: float | None = 1000.0
    due: Due | None = None
    claim: dict[str, Any] = field(default_factory=dict)


def article_of(story: Story) -> Article:
    """The article of a story; its one claim rests on the whole text."""
    published = Instant.of_day(story.day) if story.day else None
    url = story.url or f"https://{story.source}.example/{story.key}"
    return Article(url, story.title, story.text, story.lang, published, story.source)


def claim_of(story: Story) -> Claim:
    """The claim of a story: 1,000 H100 for Acme, planned, unless it says otherwise."""
    fields: dict[str, Any] = {
        "kind": Kind.DEPLOYMENT,
        "subject": "Acme",
        "object": "NVIDIA H100",
        "quantity": Quantity(story.amount, story.amount, "units") if story.amount is not None else None,
        "due": story.due,
        "status": Status.PLANNED,
        "evidence": (Evidence(0, len(story.text), story.text),),
    }
    return Claim(**(fields | story.claim))


def tell(path: Path, stories: Iterable[Story]) -> dict[str, int]:
    """Store the stories; returns the number of each one's claim."""
    told = list(stories)
    with Ledger.open(path) as ledger:
        for one in told:
            now = datetime.combine(one.day, time(12), UTC) if one.day else NOW
            ledger.store(article_of(one), [claim_of(one)], extractor="1", now=now)
    with closing(open_writing(path, wait=1.0)) as connection, transaction(connection):
        ids = {one.key: _claim_id(connection, one) for one in told}
        connection.execute("DELETE FROM links")
        connection.execute("DELETE FROM members")
        _file(connection, told, ids)
        settle(connection)
    return ids


def _claim_id(connection: sqlite3.Connection, story: Story) -> int:
    query = """SELECT claims.id FROM claims JOIN versions ON versions.id = version_id
               JOIN articles ON articles.id = article_id WHERE url = ?"""
    return int(connection.execute(query, [article_of(story).url]).fetchone()[0])


def _file(connection: sqlite3.Connection, told: list[Story], ids: dict[str, int]) -> None:
    statement = {one.key: one.key for one in told}
    thread = {one.key: one.key for one in told}
    for one in told:
        if one.same:
            statement[one.key], thread[one.key] = statement[one.same], thread[one.same]
        elif one.to:
            thread[one.key] = thread[one.to]
    for one in told:
        numbers = [
            min(ids[key] for key, of in where.items() if of == where[one.key])
            for where in (thread, statement)
        ]
        connection.execute("INSERT INTO members VALUES (?, ?, ?)", [ids[one.key], *numbers])
        earlier = one.to or one.same
        if earlier:
            link = [ids[earlier], ids[one.key], one.relation or "same", one.reason, NOW.isoformat()]
            connection.execute("INSERT INTO links VALUES (?, ?, ?, ?, ?)", link)


def file_alike(path: Path) -> None:
    """File all claims whose fields are equal as one statement, as the threads do."""
    alike = ", ".join(("kind", "subject", "object", "low", "high", "unit", "due_start", "due_end"))
    with closing(open_writing(path, wait=1.0)) as connection, transaction(connection):
        connection.execute("DELETE FROM members")
        connection.execute(
            f"""INSERT INTO members SELECT id, first, first FROM (
                SELECT id, min(id) OVER (PARTITION BY {alike}) AS first FROM claims WHERE current)"""  # noqa: S608
        )
        settle(connection)
