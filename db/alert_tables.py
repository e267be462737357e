"""The tables of alerts: what was seen, and what is told to whom. See alerts.py; made by schema.py.

Numbers of texts and claims in them are no references: reading a text anew takes its claims away for a moment.
"""

TABLES = (
    # Texts up to `past` were there before the alert was, those up to `seen` have been searched.
    """
    CREATE TABLE alerts (
        name TEXT PRIMARY KEY,
        search TEXT NOT NULL, since TEXT NOT NULL,
        past INTEGER NOT NULL, seen INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE alert_claims (
        alert TEXT NOT NULL, claim_id INTEGER NOT NULL,
        PRIMARY KEY (alert, claim_id)
    ) STRICT, WITHOUT ROWID
    """,
    # At most one message a claim, alert and receiver, whatever happens.
    """
    CREATE TABLE alert_messages (
        id INTEGER PRIMARY KEY,
        alert TEXT NOT NULL, claim_id INTEGER NOT NULL, receiver TEXT NOT NULL,
        body TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed', 'gone')),
        tries INTEGER NOT NULL DEFAULT 0,
        found TEXT NOT NULL, next_try TEXT NOT NULL, done TEXT,
        said TEXT NOT NULL DEFAULT '',
        UNIQUE (alert, claim_id, receiver)
    ) STRICT
    """,
    "CREATE INDEX alert_messages_state ON alert_messages (alert, receiver, state)",
)
