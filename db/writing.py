"""The single steps of keeping an article; ledger.py runs them inside its transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from db import names
from db.errors import RecordRefused
from db.rows import claim_columns, identity, index_columns
from db.standing import origins_of
from db.states import article_of
from db.stems import clean
from extractors.claim import Claim, Evidence
from scraper.article import Article

# A page that shows a clock changes at every fetch; a story is rarely corrected more often than this.
MAX_VERSIONS = 24


def insert(table: str, columns: Iterable[str]) -> str:
    """The statement for a row given as a dictionary. Names of tables and columns are ours alone."""
    return _insert(table, tuple(columns))


@lru_cache(maxsize=100)
def _insert(table: str, names: tuple[str, ...]) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({quoted}) VALUES ({', '.join(f':{name}' for name in names)})"  # noqa: S608


def check_evidence(article: Article, claims: Sequence[Claim]) -> None:
    """A claim whose sentence does not stand in the article letter for letter was read from something else."""
    for claim in claims:
        if not claim.evidence:
            raise RecordRefused(f"a claim about {claim.subject!r} has no evidence: the extraction is wrong")
        for evidence in claim.evidence:
            check_span(article, evidence)


def check_span(article: Article, evidence: Evidence) -> None:
    """Raises RecordRefused where the sentence does not stand at its place."""
    whole = str(getattr(article, evidence.place))
    if not 0 <= evidence.start < evidence.end or whole[evidence.start : evidence.end] != evidence.text:
        raise RecordRefused(
            f"{evidence.text[:60]!r} does not stand at {evidence.start} to {evidence.end}"
            f" in the {evidence.place} of {article.url}: the extraction is wrong"
        )


def article_row(connection: sqlite3.Connection, article: Article, seen: str) -> tuple[int, bool]:
    """The article's number and whether it is new; both of its addresses are known from now on."""
    url = clean(article.url)
    found = connection.execute("SELECT id FROM articles WHERE url = ?", [url]).fetchone()
    article_id = int(found["id"]) if found else _add_article(connection, article, seen)
    for address in {url, clean(article.fetched_url)} - {""}:
        connection.execute("INSERT OR IGNORE INTO addresses VALUES (?, ?)", [address, article_id])
    return article_id, found is None


def _add_article(connection: sqlite3.Connection, article: Article, seen: str) -> int:
    source_id = None
    if name := clean(article.source):
        connection.execute("INSERT OR IGNORE INTO sources (name) VALUES (?)", [name])
        source_id = connection.execute("SELECT id FROM sources WHERE name = ?", [name]).fetchone()["id"]
    columns = {
        "url": clean(article.url),
        "source_id": source_id,
        "lang": clean(article.lang),
        "first_seen": seen,
    }
    return _add(connection, "articles", columns)


def make_current(connection: sqlite3.Connection, article_id: int, number: int) -> None:
    """An article may return to an earlier text: then that version is the current one again."""
    others = "UPDATE versions SET current = 0 WHERE article_id = ? AND number <> ? AND current"
    connection.execute(others, [article_id, number])
    this = "UPDATE versions SET current = 1 WHERE article_id = ? AND number = ? AND NOT current"
    connection.execute(this, [article_id, number])


def last_number(connection: sqlite3.Connection, article_id: int) -> int:
    """The number of an article's newest version; 0 where there is none."""
    query = "SELECT coalesce(max(number), 0) FROM versions WHERE article_id = ?"
    return int(connection.execute(query, [article_id]).fetchone()[0])


def is_known(connection: sqlite3.Connection, url: str) -> bool:
    """Whether an article was kept under this address, its own or the one it was fetched from."""
    query = "SELECT 1 FROM addresses WHERE url = ?"
    return connection.execute(query, [clean(url)]).fetchone() is not None


def lacks(connection: sqlite3.Connection, article: Article) -> bool:
    """Whether this text would be a new version of its article."""
    row = connection.execute(
        """SELECT count(*) AS versions, coalesce(max(digest = ?), 0) AS here
           FROM versions JOIN articles ON articles.id = versions.article_id WHERE articles.url = ?""",
        [article.digest, clean(article.url)],
    ).fetchone()
    return not row["here"] and row["versions"] < MAX_VERSIONS


def add_version(
    connection: sqlite3.Connection, article_id: int, columns: Mapping[str, object]
) -> tuple[int, int]:
    """Add a text, which becomes the current one; returns its number in the article and its row's id."""
    number = last_number(connection, article_id) + 1
    if number > 1:
        make_current(connection, article_id, number)  # so that none is; the new one is so from its beginning
    own = {"article_id": article_id, "number": number, "current": 1}
    return number, _add(connection, "versions", own | dict(columns))


def add_claims(
    connection: sqlite3.Connection,
    version_id: int,
    article: Article,
    claims: Sequence[Claim],
    extractor: str,
    *,
    numbers: Mapping[tuple[object, ...], int] | None = None,
    first: int = 0,
) -> None:
    """Add the claims of a version, counted from `first`. `numbers`: ids to use, once, by identity."""
    free = dict(numbers or {})
    from_whom = origins_of(article, claims)
    seen = dict(connection.execute(_SEEN_IN, [version_id]).fetchone())
    for ordinal, (claim, origins) in enumerate(zip(claims, from_whom, strict=True), first):
        columns = claim_columns(claim)
        about = {
            "id": free.pop(identity(columns), None),
            "version_id": version_id,
            "ordinal": ordinal,
            "extractor": extractor,
            "origins": clean(origins),
            **seen,
        }
        claim_id = _add(connection, "claims", about | columns)
        _add_evidence(connection, claim_id, claim.evidence)
        words = index_columns(claim, article.title, article.lang)
        _add(connection, "claims_fts", {"rowid": claim_id, **words})
    names.spell(connection)


# Given at once, or a trigger would write the claim a second time.
_SEEN_IN = "SELECT coalesce(published_day, substr(fetched, 1, 10)) AS day, current FROM versions WHERE id = ?"


def remove_claims(connection: sqlite3.Connection, version_id: int) -> dict[tuple[object, ...], int]:
    """Take a version's claims away; returns their ids by identity, for those that come back."""
    rows = connection.execute("SELECT * FROM claims WHERE version_id = ? ORDER BY ordinal DESC", [version_id])
    numbers = {identity(row): int(row["id"]) for row in rows}
    of_version = "SELECT id FROM claims WHERE version_id = ?"
    connection.execute(f"DELETE FROM claims_fts WHERE rowid IN ({of_version})", [version_id])  # noqa: S608
    connection.execute("DELETE FROM claims WHERE version_id = ?", [version_id])
    return numbers


def _add_evidence(connection: sqlite3.Connection, claim_id: int, evidence: Sequence[Evidence]) -> None:
    rows = [(claim_id, n, str(e.place), e.start, e.end, clean(e.text)) for n, e in enumerate(evidence)]
    connection.executemany("INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?)", rows)


def article_in(connection: sqlite3.Connection, version_id: int, *, even_dropped: bool = False) -> Article:
    """The article as it stood in a version. Raises RecordRefused for a version that is not there.

    `even_dropped`: also one whose text was dropped for its age, as an empty text.
    """
    row = connection.execute(
        """SELECT versions.*, articles.url, articles.lang, sources.name AS source
           FROM versions JOIN articles ON articles.id = versions.article_id
           LEFT JOIN sources ON sources.id = articles.source_id WHERE versions.id = ?""",
        [version_id],
    ).fetchone()
    if row is None:
        raise RecordRefused(f"there is no version {version_id}")
    if row["text_dropped"] and not even_dropped:
        raise RecordRefused(
            f"the text of version {version_id} was dropped on {row['text_dropped'][:10]}:"
            " it cannot be read again, its claims stay as they are"
        )
    return article_of(row)


def article_of_version(connection: sqlite3.Connection, version_id: int) -> int:
    """The number of a version's article."""
    query = "SELECT article_id FROM versions WHERE id = ?"
    return int(connection.execute(query, [version_id]).fetchone()[0])


def _add(connection: sqlite3.Connection, table: str, columns: Mapping[str, object]) -> int:
    return int(connection.execute(insert(table, columns), dict(columns)).lastrowid or 0)
