"""START HERE: the store of articles and their claims.

article ─ store() ─> article, its addresses ─> version (each text it ever had) ─> claims ─> evidence, words

One transaction an article: it is there with all its claims, or not at all. Doing the same again adds nothing.
Nothing is deleted: a changed text is a new version, and the claims of the older one stay, no longer current.
Searching is search.py's work, which loads nothing heavy. One ledger object serves one thread; processes share
the file, readers beside one writer at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from db import writing
from db.check import problems
from db.connection import open_writing, pragma, transaction
from db.errors import LedgerCorrupt, LedgerMissing, RecordRefused, rows_understood, understood
from db.rows import day_of
from db.states import moment, moment_of, state_columns, state_of, version_columns
from db.stems import clean
from extractors.claim import Claim
from scraper.article import Article, FetchState, Source


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of an article. `version` counts its texts from 1; `claims` is how many were added.

    A new article has a new version too; a changed one is `new_version and not new_article`.
    """

    article_id: int
    version: int
    new_article: bool
    new_version: bool
    claims: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as the ledger knows it. `claims`: those of current texts; `newest`: the last day published."""

    name: str
    url: str
    lang: str
    state: FetchState
    articles: int
    claims: int
    newest: date | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are; versions and claims include those no longer current."""

    articles: int
    versions: int
    claims: int
    evidence: int
    sources: int


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round. `ended` is None while it runs, and for good where it was cut off."""

    id: int
    started: datetime
    ended: datetime | None
    articles: int
    claims: int
    errors: int


class Ledger:
    """An open ledger. Every method raises LedgerError, and a method that raised has changed nothing."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._file = _file_identity(path)

    @classmethod
    def open(cls, path: Path, *, wait: float = 10.0) -> Self:
        """Open for writing, made and brought up to date as needed. `wait`: seconds, for other writers."""
        with understood(path):
            return cls(open_writing(path, wait=wait), path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; may be called twice."""
        with understood(self._path):
            self._connection.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        self._check_file()
        with understood(self._path), rows_understood(self._path):
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._check_file()
        with understood(self._path), transaction(self._connection):
            yield self._connection

    def _check_file(self) -> None:
        """A file that was deleted or replaced under us would take our rows to the grave without a word."""
        if _file_identity(self._path) != self._file:
            raise LedgerMissing(f"{self._path} was removed or replaced meanwhile: start again", self._path)

    # What the scraper must remember

    def state(self, source_name: str) -> FetchState:
        """What was kept of a source; a fresh state for one never seen."""
        with self._reading() as connection:
            query = "SELECT * FROM sources WHERE name = ?"
            row = connection.execute(query, [clean(source_name)]).fetchone()
            return state_of(row) if row else FetchState()

    def save_state(self, source: Source, state: FetchState) -> None:
        """Keep what the scraper handed back for a source."""
        about = {
            "name": clean(source.name),
            "url": clean(source.url),
            "lang": source.lang,
            "zone": source.zone,
        }
        columns = about | state_columns(state)
        updates = ", ".join(f"{name} = excluded.{name}" for name in columns)
        with self._writing() as connection:
            connection.execute(
                f"{writing.insert('sources', columns)} ON CONFLICT (name) DO UPDATE SET {updates}", columns
            )

    def known(self, url: str) -> bool:
        """Whether an article was kept under this address, its own or the one it was fetched from."""
        with self._reading() as connection:
            query = "SELECT 1 FROM addresses WHERE url = ?"
            return connection.execute(query, [clean(url)]).fetchone() is not None

    # Articles and claims

    def store(self, article: Article, claims: Sequence[Claim], *, extractor: str, now: datetime) -> Stored:
        """Keep an article with its claims, at once or not at all.

        The same text again adds nothing; another text at the same address becomes the current version.
        Raises RecordRefused where a claim's evidence does not stand in the article.
        """
        writing.check_evidence(article, claims)
        version = version_columns(article) | {"fetched": moment(now), "extractor": clean(extractor)}
        with self._writing() as connection:
            article_id, new = writing.article_row(connection, article, moment(now))
            query = "SELECT number FROM versions WHERE article_id = ? AND digest = ?"
            known = connection.execute(query, [article_id, article.digest]).fetchone()
            if known:
                writing.make_current(connection, article_id, known["number"])
                return Stored(article_id, known["number"], new_article=False, new_version=False, claims=0)
            number, version_id = writing.add_version(connection, article_id, version)
            writing.add_claims(connection, version_id, article, claims, clean(extractor))
        return Stored(article_id, number, new_article=new, new_version=True, claims=len(claims))

    def replace_claims(self, version_id: int, claims: Sequence[Claim], extractor: str) -> None:
        """Put newly extracted claims in the place of a version's old ones; equal claims keep their numbers.

        Raises RecordRefused for a version that is not there, or evidence that does not stand in its text.
        """
        with self._writing() as connection:
            article = writing.article_in(connection, version_id)
            writing.check_evidence(article, claims)
            numbers = writing.remove_claims(connection, version_id)
            connection.execute(
                "UPDATE versions SET extractor = ? WHERE id = ?", [clean(extractor), version_id]
            )
            writing.add_claims(connection, version_id, article, claims, clean(extractor), numbers=numbers)

    def outdated(self, extractor: str) -> list[int]:
        """The versions read by another extractor than this one, newest first: see replace_claims.

        Those whose text was dropped are left out: they cannot be read again.
        """
        with self._reading() as connection:
            query = "SELECT id FROM versions WHERE extractor <> ? AND text_dropped IS NULL ORDER BY id DESC"
            return [row["id"] for row in connection.execute(query, [clean(extractor)])]

    def article(self, version_id: int) -> Article:
        """The article as it stood in a version. Raises RecordRefused where it is gone, or its text."""
        with self._reading() as connection:
            return writing.article_in(connection, version_id)

    # Rounds

    def start_round(self, now: datetime) -> int:
        """Note that a round begins; returns its number."""
        with self._writing() as connection:
            cursor = connection.execute("INSERT INTO rounds (started) VALUES (?)", [moment(now)])
            return int(cursor.lastrowid or 0)

    def finish_round(self, round_id: int, *, now: datetime, articles: int, claims: int, errors: int) -> None:
        """Note how a round ended. Raises RecordRefused for a round that never began."""
        with self._writing() as connection:
            cursor = connection.execute(
                "UPDATE rounds SET ended = ?, articles = ?, claims = ?, errors = ? WHERE id = ?",
                [moment(now), articles, claims, errors, round_id],
            )
            if not cursor.rowcount:
                raise RecordRefused(f"there is no round {round_id} to finish", self._path)

    def rounds(self, limit: int = 10) -> list[RoundRow]:
        """The latest rounds, newest first."""
        with self._reading() as connection:
            rows = connection.execute("SELECT * FROM rounds ORDER BY id DESC LIMIT ?", [limit]).fetchall()
            return [_round_of(row) for row in rows]

    # What there is

    def sources(self) -> list[SourceRow]:
        """Every source that was ever polled or gave an article, by name."""
        with self._reading() as connection:
            return [_source_row(row) for row in connection.execute(_SOURCES)]

    def counts(self) -> Counts:
        """How many rows there are of each sort."""
        with self._reading() as connection:
            return Counts(*connection.execute(_COUNTS).fetchone())

    def schema_version(self) -> int:
        """How many migrations the file has seen."""
        with self._reading() as connection:
            return pragma(connection, "user_version")

    def integrity(self) -> list[str]:
        """What is wrong with the file, one sentence each; empty where all is well."""
        try:
            with self._writing() as connection:
                return problems(connection)
        except LedgerCorrupt as error:
            return [str(error)]


_COUNTS = """
    SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM versions), (SELECT count(*) FROM claims),
           (SELECT count(*) FROM evidence), (SELECT count(*) FROM sources)
"""
_SOURCES = """
    SELECT sources.*, count(DISTINCT articles.id) AS articles, count(claims.id) AS claims,
           max(versions.published_day) AS newest
    FROM sources
    LEFT JOIN articles ON articles.source_id = sources.id
    LEFT JOIN versions ON versions.article_id = articles.id AND versions.current
    LEFT JOIN claims ON claims.version_id = versions.id
    GROUP BY sources.id ORDER BY sources.name
"""


def _source_row(row: sqlite3.Row) -> SourceRow:
    name, url, lang = row["name"], row["url"] or "", row["lang"] or ""
    return SourceRow(name, url, lang, state_of(row), row["articles"], row["claims"], day_of(row["newest"]))


def _round_of(row: sqlite3.Row) -> RoundRow:
    started = datetime.fromisoformat(row["started"])
    return RoundRow(
        row["id"], started, moment_of(row["ended"]), row["articles"], row["claims"], row["errors"]
    )


def _file_identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
