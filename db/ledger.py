"""START HERE: the store of articles and their claims.

article ─ store() ─> article, its addresses ─> version (each text it ever had) ─> claims ─> evidence, words

One transaction an article: it is there with all its claims, or not at all. Doing the same again adds nothing.
Nothing is deleted: a changed text is a new version, and the claims of the older one stay, no longer current.
A text that changes at every fetch stops making versions after MAX_VERSIONS.
Searching is search.py's work, which loads nothing heavy. One ledger object serves one thread (but
see `asked_by_threads`); processes share the file, readers beside one writer at a time.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from db import quarantine, readings, segments, standing, stories, writing
from db.check import problems
from db.connection import connect, open_writing, pragma, synced_as, transaction
from db.errors import LedgerCorrupt, LedgerMissing, RecordRefused, rows_understood, understood
from db.history import Counts, RoundRow, SourceRow, article_times
from db.recount import Recount
from db.rows import day_of
from db.states import moment, moment_of, state_columns, state_of, version_columns
from db.stems import clean
from db.threads import Threads
from extractors.claim import Claim
from scraper.article import Article, FetchState, Source

__all__ = ["Counts", "Ledger", "RoundRow", "SourceRow", "Stored"]


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


class Ledger:
    """An open ledger. Every method raises LedgerError, and a method that raised has changed nothing."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._file = _file_identity(path)
        self._threads = Threads(connection)
        self._recount = Recount(connection)

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
    def _writing(self, *, synced: bool = True) -> Iterator[sqlite3.Connection]:
        self._check_file()
        with understood(self._path), synced_as(self._connection, synced):
            try:
                with transaction(self._connection):
                    yield self._connection
                    self._recount.settle()
            except BaseException:
                self._threads.forget()
                self._recount.forget()
                raise

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

    def states(self) -> dict[str, tuple[str, FetchState]]:
        """By a source's name: its address and what was kept of it. Unlike `sources` it counts nothing."""
        with self._reading() as connection:
            rows = connection.execute("SELECT * FROM sources")
            return {row["name"]: (row["url"] or "", state_of(row)) for row in rows}

    def save_state(self, source: Source, state: FetchState) -> None:
        """Keep what the scraper handed back for a source; see `save_states`."""
        self.save_states([(source, state)])

    def save_states(self, states: Sequence[tuple[Source, FetchState]]) -> None:
        """Keep what the scraper handed back for sources, all or none.

        It outlives this process at once, but a power cut only after the next article: a round saves a
        thousand states, each sync takes 10 ms and more, and one that is lost costs one more poll.
        """
        rows = [_source_columns(source) | state_columns(state) for source, state in states]
        if not rows:
            return
        updates = ", ".join(f"{name} = excluded.{name}" for name in rows[0])
        query = f"{writing.insert('sources', rows[0])} ON CONFLICT (name) DO UPDATE SET {updates}"
        with self._writing(synced=False) as connection:
            connection.executemany(query, rows)

    def known(self, url: str) -> bool:
        """Whether an article was kept under this address, its own or the one it was fetched from."""
        with self._reading() as connection:
            return writing.is_known(connection, url)

    @contextmanager
    def asked_by_threads(self) -> Iterator[Callable[[str], bool]]:
        """A `known` for any thread, over a connection of its own: it sees what is committed, at once."""
        self.known("")  # a ledger that is closed or damaged says so here, not in some thread
        guard = threading.Lock()
        with understood(self._path):
            connection = connect(self._path, mode="ro", wait=10.0, shared=True)

        def known(url: str) -> bool:
            self._check_file()
            with guard, understood(self._path):
                return writing.is_known(connection, url)

        try:
            yield known
        finally:
            with guard:
                connection.close()

    def lacks(self, article: Article) -> bool:
        """Whether `store` would add a version: the text is new, and there are not too many already."""
        with self._reading() as connection:
            return writing.lacks(connection, article)

    # Articles and claims

    def store(
        self,
        article: Article,
        claims: Sequence[Claim],
        *,
        extractor: str,
        now: datetime,
        blocks: segments.Blocks | None = None,
    ) -> Stored:
        """Keep an article with its claims and what is to be remembered of its blocks, at once or not at all.

        The same text again adds nothing; another text at the same address becomes the current version, until
        there are MAX_VERSIONS: then nothing is added either, so that a page which changes at every fetch
        cannot fill the disk. Raises RecordRefused where a claim's evidence does not stand in the article.
        """
        writing.check_evidence(article, claims)
        version = version_columns(article) | {"fetched": moment(now), "extractor": clean(extractor)}
        with self._writing() as connection:
            article_id, new = writing.article_row(connection, article, moment(now))
            quarantine.release_article(connection, article_id)
            if blocks:
                segments.remember(connection, blocks, now)
            query = "SELECT number FROM versions WHERE article_id = ? AND digest = ?"
            known = connection.execute(query, [article_id, article.digest]).fetchone()
            if known:
                writing.make_current(connection, article_id, known["number"])
                self._threads.update(article_id, moment(now))
                return Stored(article_id, known["number"], new_article=False, new_version=False, claims=0)
            last = writing.last_number(connection, article_id)
            if last >= writing.MAX_VERSIONS:
                return Stored(article_id, last, new_article=False, new_version=False, claims=0)
            number, version_id = writing.add_version(connection, article_id, version)
            writing.add_claims(connection, version_id, article, claims, clean(extractor))
            stories.place(connection, version_id)
            self._threads.update(article_id, moment(now))
        return Stored(article_id, number, new_article=new, new_version=True, claims=len(claims))

    def replace_claims(
        self, version_id: int, claims: Sequence[Claim], extractor: str, *, now: datetime | None = None
    ) -> None:
        """Put newly extracted claims in the place of a version's old ones; equal claims keep their numbers.

        Raises RecordRefused for a version that is not there, or evidence that does not stand in its text.
        """
        with self._writing() as connection:
            article = writing.article_in(connection, version_id)
            writing.check_evidence(article, claims)
            at = moment(now or datetime.now(UTC))
            self._threads.take_out(version_id, at)
            numbers = writing.remove_claims(connection, version_id)
            connection.execute(
                "UPDATE versions SET extractor = ? WHERE id = ?", [clean(extractor), version_id]
            )
            writing.add_claims(connection, version_id, article, claims, clean(extractor), numbers=numbers)
            self._threads.update(writing.article_of_version(connection, version_id), at)

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

    # Reading again what is kept

    def versions(
        self, *, since: date | None = None, source: str | None = None, after: int = 0, limit: int = 100
    ) -> list[readings.Version]:
        """Stored texts with their claims, in order of their numbers, from above `after` on."""
        with self._reading() as connection:
            return readings.versions(connection, since, source, after, limit)

    def count_versions(self, *, since: date | None = None, source: str | None = None) -> int:
        """How many stored texts there are, of a source, since then."""
        with self._reading() as connection:
            return readings.count(connection, since, source)

    def reread(
        self, version_id: int, article: Article, claims: Sequence[Claim], *, extractor: str, now: datetime
    ) -> None:
        """Put a new reading in the place of a version's old one, which is kept aside.

        Raises RecordRefused where the version is not there, another one has this text, or evidence is not
        in it.
        """
        with self._writing() as connection:
            self._threads.take_out(version_id, moment(now))
            readings.reread(connection, version_id, article, claims, extractor, now)
            self._threads.update(writing.article_of_version(connection, version_id), moment(now))

    # The same story twice

    def group_stories(self) -> int:
        """Compare the texts that an earlier program stored without doing so; returns how many there were.

        The claims of earlier programs also learn here whom they come from.
        """
        self._catch_up(standing.unsourced, _note)
        return self._catch_up(stories.unplaced, stories.place)

    def _catch_up(
        self,
        waiting_in: Callable[[sqlite3.Connection, int], list[int]],
        work: Callable[[sqlite3.Connection, int], None],
    ) -> int:
        """Do the work for all versions that wait for it, some at a time; returns how many there were."""
        done = 0
        with self._reading() as connection:
            waiting = waiting_in(connection, 1)
        while waiting:
            with self._writing() as connection:
                waiting = waiting_in(connection, _AT_ONCE)
                for version_id in waiting:
                    work(connection, version_id)
            done += len(waiting)
        return done

    # One claim over many articles

    def group_threads(self, *, now: datetime) -> int:
        """Group the claims that an earlier program stored without doing so; returns how many there were."""
        done = 0
        with self._reading():
            waiting = bool(self._threads.waiting(1))
        while waiting:
            with self._writing():
                number = self._threads.catch_up(_AT_ONCE, moment(now))
            waiting, done = number > 0, done + number
        return done

    # Pages that do harm

    def shut_away(self, url: str, reason: str, message: str, *, now: datetime, landed: str = "") -> None:
        """Shut away a page that hung or killed its reader: for a day, then for longer each time.

        `url` is what would be asked for again, `landed` where it led.
        """
        with self._writing() as connection:
            quarantine.put(connection, url, landed, reason, message, now)

    def quarantined(self, url: str, *, now: datetime) -> bool:
        """Whether the page must not be asked for now."""
        with self._reading() as connection:
            return quarantine.holds(connection, url, now)

    def release(self, url: str | None = None) -> int:
        """Let a page out of quarantine, or all; returns how many there were."""
        with self._writing() as connection:
            return quarantine.release(connection, url)

    def in_quarantine(self) -> list[quarantine.Quarantined]:
        """The pages in quarantine, the latest first, also those whose time is over."""
        with self._reading() as connection:
            return quarantine.rows(connection)

    # Blocks that come back

    def segments(self, outlet: str, marks: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Which articles of an outlet held the blocks with these marks; unknown marks are left out."""
        with self._reading() as connection:
            return segments.holders(connection, outlet, marks)

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

    def article_times(self, source_name: str) -> list[datetime]:
        """When the source's latest articles appeared, newest first: published, else first seen."""
        return self.times_of([source_name])[source_name]

    def times_of(self, source_names: Iterable[str]) -> dict[str, list[datetime]]:
        """`article_times` of each source."""
        with self._reading() as connection:
            return {name: article_times(connection, clean(name)) for name in source_names}

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


# Texts compared in one transaction: a few tenths of a second, so that no other writer waits for long.
_AT_ONCE = 100
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


def _source_columns(source: Source) -> dict[str, object]:
    return {
        "name": clean(source.name),
        "url": clean(source.url),
        "lang": source.lang,
        "zone": source.zone,
    }


def _note(connection: sqlite3.Connection, version_id: int) -> None:
    standing.note(connection, version_id, writing.article_in(connection, version_id, even_dropped=True))


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
