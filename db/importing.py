"""Records of an export → the ledger. Again, or into a ledger that has some of it: nothing stands there twice.

    line ─ incoming.py ─> what it says, checked ─> the rows that are missing

All lines go into one transaction: a line that cannot be kept, a file cut off or a killed process leave the
ledger as it was. What the ledger has already wins: a text that another extractor read here keeps that
reading, a source keeps the newer of the two memories. An empty ledger takes over the claims' numbers as well.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db import incoming, stories, writing
from db.connection import open_writing, transaction
from db.errors import ImportRefused, RecordRefused, understood
from db.incoming import InClaim, InRuling, InSource, InVersion
from db.rows import identity
from db.rulings import find_again, take_over
from db.standing import settle
from db.states import moment, version_columns
from db.stems import clean
from db.threads import Threads

# Claims that are grouped in one go.
_AT_ONCE = 1000
_ALL = -1  # no limit


@dataclass(slots=True)
class Imported:
    """How many of each were added; `kept`: texts that have another extractor's reading here, which stays."""

    sources: int = 0
    articles: int = 0
    versions: int = 0
    claims: int = 0
    rulings: int = 0
    kept: int = 0


def import_lines(path: Path, lines: Iterable[bytes], *, wait: float = 10.0) -> Imported:
    """Add what the lines of an export say and the ledger lacks; the file is made where there is none.

    Raises ImportRefused, which names the line, and LedgerError; then nothing was added.
    """
    with understood(path), closing(open_writing(path, wait=wait)) as connection, transaction(connection):
        added = _Import(connection).run(lines)
        settle(connection)
        return added


class _Import:
    """One import, inside its transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._added = Imported()
        empty = connection.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'claims' AND seq > 0")
        # A number that was ever given here must not come to mean another claim.
        self._keeps_numbers = empty.fetchone() is None
        self._ruled: list[int] = []  # rulings that came in

    def run(self, lines: Iterable[bytes]) -> Imported:
        number, counted, ended = 0, Counter[str](), False
        for number, line in enumerate(lines, 1):
            try:
                if ended:
                    raise ValueError("the export has ended before; is this two files in one?")
                ended = self._take(number, line, counted)
            except (ValueError, TypeError, RecordRefused) as error:
                raise ImportRefused(f"line {number}: {error}; nothing was imported") from error
        if not ended:
            raise ImportRefused(
                f"the export is cut off after line {number}: export again; nothing was imported"
            )
        for version_id in stories.unplaced(self._connection, _ALL):
            stories.place(self._connection, version_id)
        self._group()
        return self._added

    def _group(self) -> None:
        """What came in finds its threads, in the same transaction, and obeys what was decided by hand."""
        threads, now = Threads(self._connection), moment(datetime.now(UTC))
        find_again(self._connection)
        while threads.catch_up(_AT_ONCE, now):
            pass
        if self._ruled:
            query = """SELECT DISTINCT claim_id FROM ruled WHERE claim_id IS NOT NULL
                       AND ruling IN (SELECT value FROM json_each(?))"""
            threads.decided(
                (row[0] for row in self._connection.execute(query, [json.dumps(self._ruled)])), now
            )

    def _take(self, number: int, line: bytes, counted: Counter[str]) -> bool:
        """Takes one line in; whether it was the last."""
        record = incoming.read_line(line)
        kind = record.get("type")
        if (number == 1) != (kind == "ledger"):
            raise ValueError("this is no export of claims: it does not begin with its head")
        if kind == "ledger":
            incoming.check_head(record)
        elif kind == "source":
            self._source(incoming.source(record))
            counted["sources"] += 1
        elif kind == "article":
            self._article(record, counted)
        elif kind == "ruling":
            self._ruling(incoming.ruling(record))
            counted["rulings"] += 1
        elif kind == "end":
            incoming.check_end(record, counted)
        else:
            raise ValueError(f"there are no records of type {kind!r}: a later program may have written it")
        return bool(kind == "end")

    def _ruling(self, ruling: InRuling) -> None:
        number = take_over(self._connection, ruling.verb, ruling.made, ruling.claims)
        if number is not None:
            self._ruled.append(number)
            self._added.rulings += 1

    # Sources

    def _source(self, source: InSource) -> None:
        query = "SELECT id, checked FROM sources WHERE name = ?"
        row = self._connection.execute(query, [source.about["name"]]).fetchone()
        if row is None:
            columns = source.about | source.state
            self._connection.execute(writing.insert("sources", columns), columns)
            self._added.sources += 1
            return
        newer = source.state.get("checked") and str(source.state["checked"]) > (row["checked"] or "")
        columns = (source.about | source.state) if newer else source.about
        # What is known of a source stays, unless the other ledger asked it later.
        value = ":{0}" if newer else "coalesce({0}, :{0})"
        updates = ", ".join(f"{name} = {value.format(name)}" for name in columns)
        self._connection.execute(f"UPDATE sources SET {updates} WHERE id = :id", {**columns, "id": row["id"]})  # noqa: S608

    # Articles

    def _article(self, record: dict[str, Any], counted: Counter[str]) -> None:
        article = incoming.article(record)
        counted["articles"] += 1
        counted["versions"] += len(article.versions)
        counted["claims"] += sum(len(version.claims) for version in article.versions)
        first = article.versions[0].article
        article_id, new = writing.article_row(self._connection, first, article.first_seen)
        self._added.articles += new
        self._seen(article_id, article)
        before = self._current(article_id)
        numbers = [self._version(article_id, version) for version in article.versions]
        theirs = next(
            (number, version.columns["fetched"])
            for number, version in zip(numbers, article.versions, strict=True)
            if version.current
        )
        # Where the two ledgers disagree the text fetched later is the current one.
        current = theirs if before is None or str(theirs[1]) > before[1] else before
        writing.make_current(self._connection, article_id, current[0])

    def _seen(self, article_id: int, article: incoming.InArticle) -> None:
        earlier = "UPDATE articles SET first_seen = :at WHERE id = :id AND first_seen > :at"
        self._connection.execute(earlier, {"at": article.first_seen, "id": article_id})
        self._connection.executemany(
            "INSERT OR IGNORE INTO addresses VALUES (?, ?)",
            [(clean(address), article_id) for address in article.addresses],
        )

    def _current(self, article_id: int) -> tuple[int, str] | None:
        query = "SELECT number, fetched FROM versions WHERE article_id = ? AND current"
        row = self._connection.execute(query, [article_id]).fetchone()
        return (row["number"], row["fetched"]) if row else None

    def _version(self, article_id: int, version: InVersion) -> int:
        """Adds the text, or what is missing of its claims; its number in the article."""
        query = "SELECT id, number, extractor FROM versions WHERE article_id = ? AND digest = ?"
        row = self._connection.execute(query, [article_id, version.columns["digest"]]).fetchone()
        if row is None:
            columns = version_columns(version.article) | version.columns
            number, version_id = writing.add_version(self._connection, article_id, columns)
            self._added.versions += 1
            self._claims(version_id, version, version.claims, 0)
            return number
        if row["extractor"] == version.columns["extractor"]:
            query = "SELECT * FROM claims WHERE version_id = ? ORDER BY ordinal"
            present = self._connection.execute(query, [row["id"]]).fetchall()
            missing = _missing(version.claims, Counter(map(identity, present)))
            last = present[-1]["ordinal"] + 1 if present else 0
            self._claims(row["id"], version, missing, last)
        else:
            self._added.kept += 1
        return int(row["number"])

    def _claims(self, version_id: int, version: InVersion, claims: Iterable[InClaim], first: int) -> None:
        for ordinal, one in enumerate(claims, first):
            writing.add_claims(
                self._connection,
                version_id,
                version.article,
                [one.claim],
                one.extractor,
                numbers=self._numbers(one),
                first=ordinal,
            )
            self._added.claims += 1

    def _numbers(self, one: InClaim) -> dict[tuple[object, ...], int]:
        taken = "SELECT 1 FROM claims WHERE id = ?"
        if not self._keeps_numbers or one.id is None or self._connection.execute(taken, [one.id]).fetchone():
            return {}
        return {one.key: one.id}


def _missing(claims: Iterable[InClaim], present: Counter[tuple[object, ...]]) -> list[InClaim]:
    """The claims that are not there yet, each as often as it is missing."""
    missing = []
    for one in claims:
        if present[one.key]:
            present[one.key] -= 1
        else:
            missing.append(one)
    return missing
