"""The tables of outgoing mail, as the steps of schema.py make them. Released statements are never edited."""

from __future__ import annotations

# A digest's period, and when every recipient's part of it stood in the outbox: the next one begins where
# the last such one ended. `regular`: one of that chain, not one that was asked for beside it.
DIGEST_RUNS = (
    """
    CREATE TABLE digest_runs (
        id INTEGER PRIMARY KEY,
        start TEXT NOT NULL,
        "end" TEXT NOT NULL,
        regular INTEGER NOT NULL,
        created TEXT NOT NULL,
        completed TEXT,
        UNIQUE (start, "end")
    ) STRICT
    """,
)
# One row a mail and recipient. `message` is what goes over the wire; it is missing while it is still to be
# written (planned), where there is nothing to say (empty), and when it was sent long ago.
OUTBOX = (
    """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        recipient TEXT NOT NULL,
        run_id INTEGER REFERENCES digest_runs (id),
        message_id TEXT NOT NULL,
        message BLOB,
        state TEXT NOT NULL CHECK (
            state IN ('planned', 'rendered', 'empty', 'sending', 'sent', 'failed', 'unknown')),
        attempts INTEGER NOT NULL DEFAULT 0,
        next_attempt TEXT,
        last_error TEXT NOT NULL DEFAULT '',
        created TEXT NOT NULL,
        sent TEXT,
        UNIQUE (key, recipient)
    ) STRICT
    """,
    "CREATE INDEX outbox_state ON outbox (state, next_attempt)",
    "CREATE INDEX outbox_run ON outbox (run_id)",
)
