"""The tables, as ordered named steps. A step that was ever released is never edited: add another one.

sources ── articles ── versions ── claims ── evidence
              └─ addresses           └─ claims_fts
articles ── stories              versions ── fingerprints, shingles, readings
members and links: claims ── claims, with placed and blocks kept by threads.py
rulings ── ruled: what a person decided about them
alerts, alert_claims, alert_messages: kept by alerts.py
digest_runs ── outbox: mail_tables.py
rounds, segments and quarantine stand alone. names ── spellings: what the claims name, kept by triggers and
by names.py. For people: the views all_claims, current_claims, current_articles, source_activity.

Instants are ISO 8601 in UTC, days are ISO dates, lists are JSON.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from db import alert_tables, lean_schema, mail_tables, thread_tables
from db.connection import APPLICATION, VERSION
from db.standings_schema import add_standings

migrations = Migrations("ledger")


@migrations()
def sources(db: Database) -> None:
    """What the scraper must remember of each source. A source is known by name before its address is."""
    db.execute("""
        CREATE TABLE sources (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            url TEXT, lang TEXT, zone TEXT,
            etag TEXT, last_modified TEXT, checked TEXT, next_check TEXT,
            failures REAL NOT NULL DEFAULT 0,
            last_status TEXT NOT NULL DEFAULT '', last_message TEXT NOT NULL DEFAULT '',
            last_success TEXT, body_digest TEXT,
            extra TEXT NOT NULL DEFAULT '{}'
        ) STRICT
    """)


@migrations()
def articles(db: Database) -> None:
    """An article is an address; each text it ever had is a version, the one seen last is the current one."""
    db.execute("""
        CREATE TABLE articles (
            id INTEGER PRIMARY KEY,
            url TEXT NOT NULL UNIQUE,
            source_id INTEGER REFERENCES sources (id),
            lang TEXT NOT NULL,
            first_seen TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX articles_source ON articles (source_id)")
    # A feed's link may lead to a page that names another address as its own: both count as seen.
    db.execute("""
        CREATE TABLE addresses (
            url TEXT PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX addresses_article ON addresses (article_id)")
    db.execute("""
        CREATE TABLE versions (
            id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            current INTEGER NOT NULL CHECK (current IN (0, 1)),
            digest TEXT NOT NULL,
            title TEXT NOT NULL, text TEXT NOT NULL,
            authors TEXT NOT NULL DEFAULT '[]', fetched_url TEXT NOT NULL DEFAULT '',
            published_at TEXT, published_original TEXT, published_precision TEXT,
            published_origin TEXT, published_zone TEXT, published_day TEXT,
            fetched TEXT NOT NULL,
            extractor TEXT NOT NULL,
            UNIQUE (article_id, digest),
            UNIQUE (article_id, number)
        ) STRICT
    """)
    db.execute("CREATE UNIQUE INDEX versions_current ON versions (article_id) WHERE current")
    db.execute("CREATE INDEX versions_day ON versions (published_day)")
    db.execute("CREATE INDEX versions_fetched ON versions (fetched)")
    db.execute("CREATE INDEX versions_extractor ON versions (extractor)")


@migrations()
def claims(db: Database) -> None:
    """A claim belongs to the text it was read in. No list of kinds here: a new kind needs no new schema."""
    db.execute("""
        CREATE TABLE claims (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            kind TEXT NOT NULL, subject TEXT NOT NULL, object TEXT,
            equivalent INTEGER NOT NULL CHECK (equivalent IN (0, 1)),
            low REAL, high REAL, unit TEXT,
            approx INTEGER NOT NULL CHECK (approx IN (0, 1)),
            due_start TEXT, due_end TEXT,
            status TEXT NOT NULL, speaker TEXT, counterparty TEXT,
            confidence REAL NOT NULL,
            reasons TEXT NOT NULL DEFAULT '[]',
            extractor TEXT NOT NULL,
            UNIQUE (version_id, ordinal),
            CHECK ((unit IS NULL) = (low IS NULL AND high IS NULL)),
            CHECK (low IS NULL OR high IS NULL OR low <= high),
            CHECK (due_start IS NULL OR due_end IS NULL OR due_start <= due_end)
        ) STRICT
    """)
    db.execute("CREATE INDEX claims_due ON claims (due_end)")
    db.execute("""
        CREATE TABLE evidence (
            claim_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            place TEXT NOT NULL CHECK (place IN ('title', 'text')),
            "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (claim_id, ordinal)
        ) STRICT, WITHOUT ROWID
    """)


@migrations()
def full_text(db: Database) -> None:
    """Words as they stand in five columns, word stems in one column a language; stems.py prepares both."""
    db.execute("""
        CREATE VIRTUAL TABLE claims_fts USING fts5 (
            subject, object, counterparty, evidence, title, de, en,
            tokenize = 'unicode61 remove_diacritics 2'
        )
    """)


@migrations()
def rounds(db: Database) -> None:
    """A row for each round; one that never ended was cut off."""
    db.execute("""
        CREATE TABLE rounds (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            started TEXT NOT NULL, ended TEXT,
            articles INTEGER NOT NULL DEFAULT 0,
            claims INTEGER NOT NULL DEFAULT 0,
            errors INTEGER NOT NULL DEFAULT 0
        ) STRICT
    """)


@migrations()
def stories(db: Database) -> None:
    """Copies of one text; an article that is nobody's copy has no row. Compared by sampled shingles."""
    db.execute("""
        CREATE TABLE stories (
            article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            lead_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE
        ) STRICT
    """)
    db.execute("CREATE INDEX stories_lead ON stories (lead_id)")
    db.execute("""
        CREATE TABLE fingerprints (
            version_id INTEGER PRIMARY KEY REFERENCES versions (id) ON DELETE CASCADE,
            recipe INTEGER NOT NULL, sampled INTEGER NOT NULL,
            at TEXT NOT NULL
        ) STRICT
    """)
    # The index itself: no more than a number and whose it is, since there are a hundred an article.
    db.execute("""
        CREATE TABLE shingles (
            hash INTEGER NOT NULL, version_id INTEGER NOT NULL,
            PRIMARY KEY (hash, version_id)
        ) STRICT, WITHOUT ROWID
    """)


@migrations()
def readings(db: Database) -> None:
    """How a version was read before: the old claims as JSON, the old text where it differs."""
    db.execute("""
        CREATE TABLE readings (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
            replaced TEXT NOT NULL,
            title TEXT, text TEXT,
            claims TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX readings_version ON readings (version_id)")


@migrations()
def quarantine(db: Database) -> None:
    """Pages that hung or killed their reader, by listed address and where that led; left alone until then."""
    db.execute("""
        CREATE TABLE quarantine (
            url TEXT PRIMARY KEY, landed TEXT NOT NULL,
            reason TEXT NOT NULL, message TEXT NOT NULL,
            times INTEGER NOT NULL,
            first TEXT NOT NULL, last TEXT NOT NULL, until TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
    """)


@migrations()
def paywalls(db: Database) -> None:
    """Whether a text is only the beginning of its article, as the page said it."""
    db.execute(
        "ALTER TABLE versions ADD COLUMN paywalled INTEGER NOT NULL DEFAULT 0 CHECK (paywalled IN (0, 1))"
    )


@migrations()
def segments(db: Database) -> None:
    """Short blocks of an outlet's articles, as marks, and which articles held them: see db/segments.py."""
    db.execute("""
        CREATE TABLE segments (
            outlet TEXT NOT NULL, mark TEXT NOT NULL,
            articles TEXT NOT NULL,
            seen TEXT NOT NULL,
            PRIMARY KEY (outlet, mark)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX segments_seen ON segments (outlet, seen)")


@migrations()
def findings(db: Database) -> None:
    """What a million claims are found by without reading their articles: day, currency, names, figures.

    Triggers keep it, so that whatever writes claims or versions need not know of it.
    """
    db.execute("ALTER TABLE claims ADD COLUMN day TEXT")
    db.execute("ALTER TABLE claims ADD COLUMN current INTEGER NOT NULL DEFAULT 1")
    db.execute(f"UPDATE claims SET (day, current) = ({_SEEN_IN} WHERE id = claims.version_id)")  # noqa: S608
    db.execute("""
        CREATE TABLE names (
            id INTEGER PRIMARY KEY,
            role TEXT NOT NULL, name TEXT NOT NULL,
            spelled INTEGER NOT NULL DEFAULT 0,
            UNIQUE (role, name)
        ) STRICT
    """)
    # Names whose spellings are still to be looked up: none, but inside a transaction.
    db.execute("CREATE INDEX names_unspelled ON names (id) WHERE NOT spelled")
    db.execute("""
        CREATE VIRTUAL TABLE spellings USING fts5 (
            words, name_id UNINDEXED, tokenize = 'unicode61 remove_diacritics 2'
        )
    """)
    db.execute("CREATE TABLE catalogue (fingerprint TEXT NOT NULL) STRICT")
    for column, role in _NAMING.items():
        db.execute(f"INSERT OR IGNORE INTO names (role, name) {_names_of(column, role)}")
    db.execute(f"""
        CREATE TRIGGER claims_seen AFTER INSERT ON claims BEGIN
            UPDATE claims SET (day, current) = ({_SEEN_IN} WHERE id = NEW.version_id) WHERE id = NEW.id;
            {" ".join(map(_note_name, _NAMING.items()))}
        END
    """)  # noqa: S608
    db.execute(f"""
        CREATE TRIGGER versions_seen AFTER UPDATE OF current, published_day, fetched ON versions BEGIN
            UPDATE claims SET (day, current) = ({_SEEN_IN} WHERE id = NEW.id) WHERE version_id = NEW.id;
        END
    """)  # noqa: S608
    # The order of a list without words: newest first. With a name in front, the list of that name.
    for name in ("day", *_NAMING):
        columns = "" if name == "day" else f"{name}, "
        where = "" if name in {"day", "subject"} else f" WHERE {name} IS NOT NULL"
        db.execute(
            f"CREATE INDEX claims_{name} ON claims ({columns}day DESC, version_id DESC, ordinal){where}"
        )
    db.execute("CREATE INDEX claims_amount ON claims (coalesce(high, low)) WHERE unit IS NOT NULL")
    db.execute(
        "CREATE INDEX claims_begin ON claims (due_start) WHERE due_end IS NULL AND due_start IS NOT NULL"
    )
    db.execute("CREATE INDEX claims_said ON claims (subject, low, kind, object)")


# The day a claim counts from is the day it was published, else the day it was fetched.
_SEEN_IN = "SELECT coalesce(published_day, substr(fetched, 1, 10)), current FROM versions"
_NAMING = {"subject": "company", "counterparty": "company", "object": "product", "speaker": "speaker"}


def _names_of(column: str, role: str) -> str:
    return f"SELECT DISTINCT '{role}', {column} FROM claims WHERE {column} IS NOT NULL"  # noqa: S608


def _note_name(naming: tuple[str, str]) -> str:
    column, role = naming
    known = f"SELECT 1 FROM names WHERE role = '{role}' AND name = NEW.{column}"  # noqa: S608
    return f"""
        INSERT INTO names (role, name) SELECT '{role}', NEW.{column}
        WHERE NEW.{column} IS NOT NULL AND NOT EXISTS ({known});"""


@migrations()
def kept_text(db: Database) -> None:
    """A version's text may be dropped when it is old (retention.py); its claims and their sentences stay."""
    db.execute("ALTER TABLE versions ADD COLUMN text_dropped TEXT")
    # Whoever puts a text back, such as a new reading of an archived page, need not know of this column.
    db.execute("""
        CREATE TRIGGER versions_text_back AFTER UPDATE OF text ON versions
        WHEN new.text <> '' AND new.text_dropped IS NOT NULL
        BEGIN UPDATE versions SET text_dropped = NULL WHERE id = new.id; END
    """)


@migrations()
def views(db: Database) -> None:
    """What a person wants to see in Datasette or the sqlite3 shell, without joining by hand."""
    db.execute("""
        CREATE VIEW all_claims AS
        SELECT claims.id, claims.kind, claims.status, claims.subject, claims.object, claims.equivalent,
               claims.low, claims.high, claims.unit, claims.approx, claims.due_start, claims.due_end,
               claims.speaker, claims.counterparty, claims.confidence,
               (SELECT text FROM evidence WHERE claim_id = claims.id ORDER BY ordinal LIMIT 1) AS evidence,
               versions.published_day AS published, sources.name AS source, articles.lang,
               versions.title, articles.url, articles.id AS article_id, versions.number AS version,
               versions.current, claims.extractor
        FROM claims
        JOIN versions ON versions.id = claims.version_id
        JOIN articles ON articles.id = versions.article_id
        LEFT JOIN sources ON sources.id = articles.source_id
    """)
    db.execute("CREATE VIEW current_claims AS SELECT * FROM all_claims WHERE current")
    db.execute("""
        CREATE VIEW current_articles AS
        SELECT articles.id, articles.url, versions.title, versions.published_day AS published,
               sources.name AS source, articles.lang, articles.first_seen, versions.number AS versions,
               versions.text_dropped, (SELECT count(*) FROM claims WHERE version_id = versions.id) AS claims
        FROM articles
        JOIN versions ON versions.article_id = articles.id AND versions.current
        LEFT JOIN sources ON sources.id = articles.source_id
    """)
    db.execute("""
        CREATE VIEW source_activity AS
        SELECT sources.id, sources.name, sources.url, sources.lang, sources.checked, sources.last_status,
               count(DISTINCT articles.id) AS articles, count(claims.id) AS claims,
               max(versions.published_day) AS newest
        FROM sources
        LEFT JOIN articles ON articles.source_id = sources.id
        LEFT JOIN versions ON versions.article_id = articles.id AND versions.current
        LEFT JOIN claims ON claims.version_id = versions.id
        GROUP BY sources.id
    """)


@migrations()
def threads(db: Database) -> None:
    """Which claims say the same, and which belong to one thread: see threads.py.

    A thread and a statement bear the number of their first claim. Only claims of current texts are members.
    """
    for statement in thread_tables.TABLES:
        db.execute(statement)


@migrations()
def shingle_days(db: Database) -> None:
    """Shingles by day: copies appear within days, and so the index is read for those alone."""
    db.execute("""
        CREATE TABLE dated (
            hash INTEGER NOT NULL, day INTEGER NOT NULL, version_id INTEGER NOT NULL,
            PRIMARY KEY (hash, day, version_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        INSERT INTO dated
        SELECT hash, unixepoch(at) / 86400, shingles.version_id
        FROM shingles JOIN fingerprints ON fingerprints.version_id = shingles.version_id
    """)
    db.execute("DROP TABLE shingles")
    db.execute("ALTER TABLE dated RENAME TO shingles")


@migrations()
def digest_runs(db: Database) -> None:
    """Which periods a digest told of: see digest_runs.py."""
    for statement in mail_tables.DIGEST_RUNS:
        db.execute(statement)


@migrations()
def outbox(db: Database) -> None:
    """Mail on its way, one row a recipient: see outbox.py."""
    for statement in mail_tables.OUTBOX:
        db.execute(statement)


@migrations()
def alerts(db: Database) -> None:
    """What alerts have seen and told: see alert_tables.py."""
    for statement in alert_tables.TABLES:
        db.execute(statement)


@migrations()
def standings(db: Database) -> None:
    """Who each claim came from, and how many independent sources a statement has: see standing.py.

    A statement of one claim has no row; one whose members changed has no number until it is counted anew.
    """
    add_standings(db)


@migrations()
def lean_writing(db: Database) -> None:
    """Storing an article writes its rows once, and into few pages: see lean_schema.py."""
    lean_schema.write_once(db)
    lean_schema.shingles_side_by_side(db)
    lean_schema.fewer_indexes(db)


@migrations()
def whose_claim_was_ruled(db: Database) -> None:
    """A ruling's claim is known again by its party and thing as well: see rulings.py."""
    for statement in thread_tables.WHOSE:
        db.execute(statement)


def migrate(connection: sqlite3.Connection, *, stop_before: str | None = None) -> None:
    """Bring the schema up to date, inside the caller's transaction. `stop_before`: for tests."""
    factory, connection.row_factory = connection.row_factory, None
    try:
        db = Database(connection, recursive_triggers=False, execute_plugins=False)
        migrations.apply(db, stop_before=stop_before)
        done = len(migrations.applied(db))
    finally:
        connection.row_factory = factory
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION if stop_before is None else done}")
