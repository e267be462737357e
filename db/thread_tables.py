"""The tables of threads, and of what a person decided about them. See threads.py; made by schema.py."""

TABLES = (
    """
    CREATE TABLE members (
        claim_id INTEGER PRIMARY KEY REFERENCES claims (id) ON DELETE CASCADE,
        thread INTEGER NOT NULL,
        statement INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX members_thread ON members (thread, statement)",
    "CREATE INDEX members_statement ON members (statement)",
    # How a member came in: its relation to an earlier one. No more of them than hold the thread together.
    """
    CREATE TABLE links (
        earlier INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
        later INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
        relation TEXT NOT NULL,
        reason TEXT NOT NULL,
        noticed TEXT NOT NULL,
        PRIMARY KEY (earlier, later)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX links_later ON links (later)",
    "CREATE INDEX links_noticed ON links (noticed)",
    # A member's place in the order of telling, and the keys by which others find it: eight bytes each.
    """
    CREATE TABLE placed (
        claim_id INTEGER PRIMARY KEY REFERENCES claims (id) ON DELETE CASCADE,
        recipe INTEGER NOT NULL,
        place INTEGER NOT NULL,
        keys BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE blocks (
        "key" INTEGER NOT NULL, place INTEGER NOT NULL, claim_id INTEGER NOT NULL,
        PRIMARY KEY ("key", place, claim_id)
    ) STRICT, WITHOUT ROWID
    """,
    # What a person decided: split, join or same. A claim is named by what it rests on, since a new reading
    # gives it another number; claim_id is the claim that it is now.
    """
    CREATE TABLE rulings (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        verb TEXT NOT NULL,
        made TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE ruled (
        ruling INTEGER NOT NULL REFERENCES rulings (id) ON DELETE CASCADE,
        side INTEGER NOT NULL CHECK (side IN (0, 1)),
        url TEXT NOT NULL, sentence TEXT NOT NULL, kind TEXT NOT NULL,
        low REAL, high REAL,
        claim_id INTEGER REFERENCES claims (id) ON DELETE SET NULL
    ) STRICT
    """,
    "CREATE INDEX ruled_ruling ON ruled (ruling, side)",
    "CREATE INDEX ruled_url ON ruled (url)",
    "CREATE INDEX ruled_claim ON ruled (claim_id)",
)
# One sentence may give two parties one amount. NULL: the ruling was made before this was noted.
WHOSE = ("ALTER TABLE ruled ADD COLUMN subject TEXT", "ALTER TABLE ruled ADD COLUMN object TEXT")
