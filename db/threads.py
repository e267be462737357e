"""START HERE for threads: keeps `members` and `links` right, inside the ledger's transactions.

    article stored, changed or read anew ─ update() ─> claims that are no longer current leave, new ones come
      ─ Grouping (extractors/threads.py) over placing.py ─> statements and links ─> their numbers

Only the claims that this concerns choose anew; what comes out is what grouping all current claims from
nothing would give. `noticed` of a link is when this ledger first saw it, also where a new reading takes it
away and puts it back. What a person decided is in rulings.py.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from db.placing import Tables
from db.rulings import find_again, rulings_of
from extractors.threads import RECIPE, Grouping, Link, Told, connected

# Below all marks that a statement bears while claims choose.
_ASIDE = -(1 << 40)


class Threads:
    """The threads of an open ledger; remembers from one transaction to the next."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.books = Tables(connection)
        self._grouping = Grouping(self.books)

    def forget(self) -> None:
        """A transaction was rolled back."""
        self.books.forget()
        self._grouping = Grouping(self.books)

    def take_out(self, version_id: int, now: str) -> None:
        """Before a version's claims are replaced: they leave. `update` must follow in the transaction."""
        self._begin(now)
        query = "SELECT id FROM claims JOIN placed ON claim_id = claims.id WHERE version_id = ?"
        leaving = [row[0] for row in self._connection.execute(query, [version_id])]
        self._remove(leaving)

    def update(self, article_id: int, now: str) -> None:
        """After an article was stored: claims of its other versions leave, those of the current one come."""
        find_again(self._connection, article_id)
        self._begin(now)
        query = """SELECT claims.id, claims.current, placed.claim_id IS NOT NULL AS placed
                   FROM versions JOIN claims ON version_id = versions.id
                   LEFT JOIN placed ON claim_id = claims.id
                   WHERE article_id = ?"""
        rows = self._connection.execute(query, [article_id]).fetchall()
        self._remove(row["id"] for row in rows if row["placed"] and not row["current"])
        self._add(row["id"] for row in rows if row["current"] and not row["placed"])
        self._settle()

    def catch_up(self, limit: int, now: str) -> int:
        """Group up to so many claims that another program stored, or an earlier one; how many there were."""
        waiting = self.waiting(limit)
        if not waiting:
            return 0
        find_again(self._connection)
        self._begin(now)
        listed = [json.dumps(waiting)]
        placed = "SELECT claim_id FROM placed WHERE claim_id IN (SELECT value FROM json_each(?))"
        self._remove(row[0] for row in self._connection.execute(placed, listed).fetchall())
        current = "SELECT id FROM claims WHERE current AND id IN (SELECT value FROM json_each(?))"
        self._add(row[0] for row in self._connection.execute(current, listed).fetchall())
        self._settle()
        return len(waiting)

    def waiting(self, limit: int) -> list[int]:
        """Current claims that were not placed by this recipe, the earliest first; and others that were."""
        query = f"""SELECT id FROM claims LEFT JOIN placed ON claim_id = id
                    WHERE current AND recipe IS NOT {RECIPE} ORDER BY day, id LIMIT ?"""  # noqa: S608
        found = [row[0] for row in self._connection.execute(query, [limit])]
        if not found:
            query = "SELECT claim_id FROM placed JOIN claims ON id = claim_id WHERE NOT current LIMIT ?"
            found = [row[0] for row in self._connection.execute(query, [limit])]
        return found

    def decided(self, claims: Iterable[int], now: str) -> None:
        """After a ruling was made or taken back: the claims it is about, and their threads, choose anew."""
        self._begin(now)
        listed = [json.dumps(sorted(claims))]
        query = """SELECT claim_id FROM members WHERE thread IN (SELECT thread FROM members
                   WHERE claim_id IN (SELECT value FROM json_each(?)))"""
        members = [row[0] for row in self._connection.execute(query, listed).fetchall()]
        self._grouping.again(members)
        self._settle()

    # Steps

    def _begin(self, now: str) -> None:
        if not self.books.begin(now):
            self._grouping = Grouping(self.books)
        self._grouping.rulings = rulings_of(self._connection)

    def _remove(self, claims: Iterable[int]) -> None:
        leaving = list(claims)
        if leaving:
            self.books.gather(leaving)
            self._grouping.remove([self.books.told(claim) for claim in leaving])
            # Its number may come back with other words.
            self._grouping.forget()

    def _add(self, claims: Iterable[int]) -> None:
        coming = list(claims)
        if coming:
            self._grouping.add(self.books.read(coming))

    def _settle(self) -> None:
        self._grouping.settle()
        self._name_statements()
        self._join(self.books.bound | self.books.cut)
        self.books.clear()

    def _name_statements(self) -> None:
        """A statement bears the number of its first claim."""
        least = {}
        for mark in self.books.marks:
            query = "SELECT min(claim_id) FROM members WHERE statement = ?"
            least[mark] = self._connection.execute(query, [mark]).fetchone()[0]
        changed = {mark: number for mark, number in least.items() if number is not None and number != mark}
        # By way of numbers that nobody bears: one statement may give up the number that another takes.
        for mark, number in changed.items():
            self._rename(mark, _ASIDE - number)
        for number in changed.values():
            self._rename(_ASIDE - number, number)
        if changed:
            self.books.renamed(changed)

    def _rename(self, mark: int, number: int) -> None:
        if mark != number:
            query = "UPDATE members SET statement = ? WHERE statement = ?"
            self._connection.execute(query, [number, mark])

    # Threads

    def _join(self, concerned: set[int]) -> None:
        """Give these and the rest of their threads a thread; a claim that came alone has its own already."""
        if not concerned or (not self.books.cut and all(map(self._joined_one, concerned))):
            return
        members = self._threads_of(concerned)
        statement = {row["claim_id"]: row["statement"] for row in members}
        thread = connected(statement, self._links_of(statement))
        self._connection.executemany(
            "UPDATE members SET thread = ? WHERE claim_id = ?",
            [
                (thread[row["claim_id"]], row["claim_id"])
                for row in members
                if thread[row["claim_id"]] != row["thread"]
            ],
        )

    def _joined_one(self, claim: int) -> bool:
        """Whether a claim belongs to one thread that is there already, and now has its number.

        So a telling more of a long thread does not cost reading all of it.
        """
        own, *others = self._connection.execute(_THREADS_AROUND, {"claim": claim}).fetchall()
        threads = {row["thread"] for row in others} - {own["thread"]}
        if not threads:
            return True
        if own["thread"] != claim or len(threads) > 1 or min(threads) > claim:
            return False
        alone = "SELECT 1 FROM members WHERE thread = ? AND claim_id <> ? LIMIT 1"
        if self._connection.execute(alone, [claim, claim]).fetchone():
            return False
        self._connection.execute("UPDATE members SET thread = ? WHERE claim_id = ?", [*threads, claim])
        return True

    def _threads_of(self, claims: set[int]) -> list[sqlite3.Row]:
        """All members of the threads of these claims, of what they are linked to and say alike."""
        query = """
            WITH these AS (SELECT value AS id FROM json_each(?)),
            beside AS (
                SELECT id FROM these
                UNION SELECT earlier FROM links JOIN these ON later = id
                UNION SELECT later FROM links JOIN these ON earlier = id
                UNION SELECT claim_id FROM members WHERE statement IN
                    (SELECT statement FROM members JOIN these ON claim_id = id)
            )
            SELECT claim_id, statement, thread FROM members
            WHERE thread IN (SELECT thread FROM members JOIN beside ON claim_id = id)
        """
        return self._connection.execute(query, [json.dumps(sorted(claims))]).fetchall()

    def _links_of(self, claims: Iterable[int]) -> list[Link]:
        query = """SELECT earlier, later, relation, reason FROM links
                   WHERE later IN (SELECT value FROM json_each(?))"""
        rows = self._connection.execute(query, [json.dumps(sorted(claims))])
        return [Link(*row) for row in rows]


# A claim's own row, those that it is linked to, and one of those that say the same.
_THREADS_AROUND = """
    SELECT thread FROM members WHERE claim_id = :claim
    UNION ALL SELECT thread FROM links JOIN members ON claim_id = earlier WHERE later = :claim
    UNION ALL SELECT thread FROM links JOIN members ON claim_id = later WHERE earlier = :claim
    UNION ALL SELECT thread FROM (
        SELECT thread FROM members WHERE claim_id <> :claim
        AND statement = (SELECT statement FROM members WHERE claim_id = :claim) LIMIT 1)
"""


def regrouped(connection: sqlite3.Connection, claims: Iterable[int]) -> list[Told]:
    """The claims among these that would choose otherwise now, by the tables as they are. Writes nothing."""
    books = Tables(connection)
    books.begin("")
    grouping = Grouping(books, rulings_of(connection))
    looked_at = list(claims)
    books.gather(looked_at)
    return [one for one in map(books.told, looked_at) if not grouping.settled(one)]
