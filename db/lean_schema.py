"""What makes storing an article cheaper: its rows are written once, and into few pages of the file."""

from __future__ import annotations

from sqlite_utils import Database

# The day a claim counts from is the day it was published, else the day it was fetched.
_SEEN_IN = "SELECT coalesce(published_day, substr(fetched, 1, 10)), current FROM versions"
_NAMING = {"subject": "company", "counterparty": "company", "object": "product", "speaker": "speaker"}


def write_once(db: Database) -> None:
    """Whoever gives a claim its day and its `current` spares five indexes a second writing."""
    db.execute("DROP TRIGGER claims_seen")
    db.execute(f"""
        CREATE TRIGGER claims_seen AFTER INSERT ON claims WHEN NEW.day IS NULL BEGIN
            UPDATE claims SET (day, current) = ({_SEEN_IN} WHERE id = NEW.version_id) WHERE id = NEW.id;
        END
    """)  # noqa: S608
    db.execute(f"""
        CREATE TRIGGER claims_named AFTER INSERT ON claims BEGIN
            {" ".join(_note_name(column, role) for column, role in _NAMING.items())}
        END
    """)


def _note_name(column: str, role: str) -> str:
    known = f"SELECT 1 FROM names WHERE role = '{role}' AND name = NEW.{column}"  # noqa: S608
    return f"""
        INSERT INTO names (role, name) SELECT '{role}', NEW.{column}
        WHERE NEW.{column} IS NOT NULL AND NOT EXISTS ({known});"""


def shingles_side_by_side(db: Database) -> None:
    """Half of the sample, by day first: what an article adds lies together, not in a page for each shingle.

    The half is the one that `sample` in scraper/duplicates.py still draws.
    """
    db.execute("""
        CREATE TABLE sampled (
            day INTEGER NOT NULL, hash INTEGER NOT NULL, version_id INTEGER NOT NULL,
            PRIMARY KEY (day, hash, version_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        INSERT INTO sampled SELECT day, hash, version_id FROM shingles WHERE NOT hash & 1
        ORDER BY day, hash, version_id
    """)
    db.execute("DROP TABLE shingles")
    db.execute("ALTER TABLE sampled RENAME TO shingles")
    db.execute("UPDATE fingerprints SET sampled = 0")
    db.execute("""
        UPDATE fingerprints SET sampled = counted.number
        FROM (SELECT version_id, count(*) AS number FROM shingles GROUP BY version_id) AS counted
        WHERE counted.version_id = fingerprints.version_id
    """)


def fewer_indexes(db: Database) -> None:
    """What nothing asks for is in none; the newest claims come last, where an index takes them best."""
    db.execute("DROP INDEX claims_said")
    # Most links say that an article tells the same again, of which no digest speaks.
    db.execute("DROP INDEX links_noticed")
    db.execute("CREATE INDEX links_noticed ON links (noticed) WHERE relation <> 'same'")
    db.execute("DROP INDEX claims_day")
    # Read from its end it is the order of a list without words: newest first.
    db.execute("CREATE INDEX claims_day ON claims (day, version_id, ordinal DESC)")
