"""What a digest costs of a week that brought ten thousand claims, and how large its mail is.

    python -m benchmarks.digest [CLAIMS]

Seconds by the wall and of the processor, from the ledger to the finished mail. The texts are those of
`benchmarks.ledger`; a third of the statements revise an earlier one, and a share falls due.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path

from benchmarks.ledger import CLAIMS_EACH, NOW, corpus
from claims.digest.compose import LARGEST, Composed, compose
from claims.digest.message import message
from claims.digest.window import Recipient, Window
from db.ledger import Ledger

# Seconds that it may take, as the issue says.
LIMIT = 3.0


def main(claims: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "ledger.db"
        with Ledger.open(path) as ledger:
            for one, found in corpus(claims // CLAIMS_EACH + 1):
                ledger.store(one, found, extractor="1", now=NOW)
        thread(path)
        print(f"{claims:,} claims in the window; at most {LIMIT:g} s and {LARGEST:,} bytes")
        measure("everybody's", path, None)
        measure("one company's", path, Recipient("reader@example.org", companies=("Firma 7",)))


def thread(path: Path) -> None:
    """Every claim a statement of its own, each third one a revision of the one before."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute("INSERT OR IGNORE INTO members SELECT id, id, id FROM claims")
        connection.execute("DELETE FROM links")
        connection.execute(
            "INSERT INTO links SELECT id - 1, id, 'revision', 'made up', ? FROM claims WHERE id % 3 = 0",
            [NOW.isoformat(timespec="microseconds")],
        )
        connection.execute("UPDATE claims SET due_end = '2025-01-20' WHERE id % 7 = 0")
        connection.execute("COMMIT")


def measure(whose: str, path: Path, recipient: Recipient | None) -> None:
    window = Window(NOW - timedelta(days=1), NOW + timedelta(days=6))
    began, worked = time.perf_counter(), time.process_time()
    composed = compose(path, window, recipient, language="de", zone=UTC, now=window.end)
    took, worked = time.perf_counter() - began, time.process_time() - worked
    if composed is None:
        raise RuntimeError("nothing to tell")
    html = len(composed.html.encode())
    print(f"{whose:<14} {took:5.2f} s ({worked:.2f} s) {size(composed):9,} bytes, HTML {html:,}")


def size(composed: Composed) -> int:
    return len(message(composed, sender="claims@example.org", recipient="reader@example.org").as_bytes())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
