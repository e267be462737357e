"""The tables behind standing.py, and the triggers that notice when a statement must be counted anew."""

from __future__ import annotations

from sqlite_utils import Database


def add_standings(db: Database) -> None:
    """A step of schema.py."""
    # The outlet itself and behind it whom it names as its source, a line each; NULL: not looked for yet.
    db.execute("ALTER TABLE claims ADD COLUMN origins TEXT")
    db.execute("CREATE INDEX claims_unsourced ON claims (id) WHERE origins IS NULL")
    db.execute("""
        CREATE TABLE standings (
            statement INTEGER PRIMARY KEY,
            sources INTEGER, tellings INTEGER,
            first_day TEXT, last_day TEXT,
            first_source TEXT
        ) STRICT
    """)
    db.execute("CREATE INDEX standings_sources ON standings (sources)")
    for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        db.execute(f"""
            CREATE TRIGGER members_{event.lower()}ed AFTER {event} ON members
            WHEN EXISTS (SELECT 1 FROM members
                         WHERE statement = {row}.statement AND claim_id <> {row}.claim_id)
            BEGIN INSERT OR REPLACE INTO standings (statement) VALUES ({row}.statement); END
        """)  # noqa: S608
    db.execute("""
        CREATE TRIGGER members_last_deleted AFTER DELETE ON members
        WHEN NOT EXISTS (SELECT 1 FROM members WHERE statement = OLD.statement)
        BEGIN DELETE FROM standings WHERE statement = OLD.statement; END
    """)
    db.execute("""
        CREATE TRIGGER members_moved AFTER UPDATE OF statement ON members
        WHEN OLD.statement <> NEW.statement
        BEGIN INSERT OR REPLACE INTO standings (statement) VALUES (OLD.statement), (NEW.statement); END
    """)
    for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        db.execute(f"""
            CREATE TRIGGER stories_{event.lower()}ed AFTER {event} ON stories BEGIN
                INSERT OR REPLACE INTO standings (statement)
                SELECT DISTINCT statement FROM versions
                JOIN claims ON claims.version_id = versions.id JOIN members ON claim_id = claims.id
                WHERE article_id = {row}.article_id AND versions.current;
            END
        """)  # noqa: S608
