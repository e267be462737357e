"""Counts statements anew after each transaction of an open ledger, so that one telling more costs little.

    rows change ─ temporary triggers ─> which claims came to a statement, whether anything else befell it
      ─ settle() ─> what is remembered of a statement and what came is its count; else all tellings are read

Of a statement few tellings decide how many sources it has: of each outlet the earliest, and the earliest of
each text that several articles carry. A later one of the same outlet with a text of its own is that outlet
again (independence.py) and changes nothing but the number of tellings and the days. What comes out is what
standing.py counts from all; a property test holds both against each other.

Whoever writes needs to know nothing of this: triggers of this connection note it. What another connection
writes shows in SQLite's data_version, and then nothing that is remembered counts.
"""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from db.connection import pragma
from db.independence import Telling, judged
from db.rows import day_of
from db.standing import OF_CLAIMS, Standing, counted_anew, rows_of, waiting, witness

# Statements that are remembered, a few KB each.
_REMEMBERED = 1_000
_NOTES = (
    "PRAGMA temp_store = MEMORY",
    "CREATE TEMP TABLE befell (statement INTEGER NOT NULL, claim_id INTEGER, came INTEGER NOT NULL)",
    """
    CREATE TEMP TRIGGER member_came AFTER INSERT ON main.members
    BEGIN INSERT INTO befell VALUES (NEW.statement, NEW.claim_id, 1); END
    """,
    """
    CREATE TEMP TRIGGER member_moved AFTER UPDATE OF statement ON main.members
    WHEN OLD.statement <> NEW.statement
    BEGIN INSERT INTO befell VALUES (OLD.statement, OLD.claim_id, -1), (NEW.statement, NEW.claim_id, 1); END
    """,
    # The rest is no telling more: all of the statement is read again.
    """
    CREATE TEMP TRIGGER member_went AFTER DELETE ON main.members
    BEGIN INSERT INTO befell VALUES (OLD.statement, NULL, 0); END
    """,
    """
    CREATE TEMP TRIGGER told_to_count AFTER UPDATE OF sources ON main.standings WHEN NEW.sources IS NULL
    BEGIN INSERT INTO befell VALUES (NEW.statement, NULL, 0); END
    """,
    *(
        f"""
        CREATE TEMP TRIGGER story_{event.lower()} AFTER {event} ON main.stories BEGIN
            INSERT INTO befell SELECT DISTINCT statement, NULL, 0 FROM versions
            JOIN claims ON claims.version_id = versions.id JOIN members ON members.claim_id = claims.id
            WHERE article_id = {row}.article_id;
        END
        """  # noqa: S608
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD"))
    ),
)


@dataclass(slots=True)
class Tellings:
    """What decides about a statement, and its count so far."""

    articles: set[int] = field(default_factory=set)
    days: tuple[str, str] | None = None
    sources: int = 0
    first_source: str = ""
    _deciding: dict[tuple[str, object], tuple[Telling, str]] = field(default_factory=dict)

    def add(self, rows: Iterable[sqlite3.Row]) -> bool:
        """Count these claims, too; False where an article tells it twice, so that all must be read."""
        of_articles: dict[int, sqlite3.Row] = {}
        for row in sorted(rows, key=lambda row: int(row["id"])):
            of_articles.setdefault(row["article_id"], row)
        if not self.articles.isdisjoint(of_articles):
            return False
        self.articles.update(of_articles)
        if sum(self._decides(row) for row in of_articles.values()):
            self._judge()
        days = [row["day"] for row in of_articles.values() if row["day"]]
        if days:
            days += self.days or ()
            self.days = min(days), max(days)
        return True

    def _decides(self, row: sqlite3.Row) -> bool:
        """Whether a telling is the first of its outlet, or of a text there that others carry, too."""
        one = witness(row)
        place = one.outlet, row["lead_id"]
        known = self._deciding.get(place)
        if known is not None and known[0].moment < one.moment:
            return False
        self._deciding[place] = one, row["source"] or one.outlet
        return True

    def _judge(self) -> None:
        verdicts = judged(telling for telling, _ in self._deciding.values())
        self.sources = sum(one.counted for one in verdicts)
        first = verdicts[0].telling
        self.first_source = next(source for telling, source in self._deciding.values() if telling is first)

    @property
    def standing(self) -> Standing:
        """How the statement stands."""
        first, last = map(day_of, self.days or (None, None))
        return Standing(self.sources, len(self.articles), first, last, self.first_source)


class Recount:
    """The statements of an open ledger that were told of late."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._remembered: OrderedDict[int, Tellings] = OrderedDict()
        self._data_version = -1
        for statement in _NOTES:
            connection.execute(statement)

    def forget(self) -> None:
        """Remember nothing: a transaction failed."""
        self._remembered.clear()

    def settle(self) -> None:
        """Count the statements anew whose members, or whose stories, changed in this transaction."""
        version = pragma(self._connection, "data_version")
        if version != self._data_version:
            self.forget()
            self._data_version = version
        came = self._befallen()
        asked = waiting(self._connection)
        for statement in came.keys() - set(asked):
            self._remembered.pop(statement, None)
        if asked:
            counted_anew(self._connection, {one: self._counted(one, came.get(one)) for one in asked})
        while len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)

    def _befallen(self) -> dict[int, set[int] | None]:
        """By statement the claims that came to it; None where anything else befell it."""
        rows = self._connection.execute("SELECT statement, claim_id, came FROM befell").fetchall()
        if not rows:
            return {}
        self._connection.execute("DELETE FROM befell")
        sums: dict[int, dict[int | None, int]] = {}
        for statement, claim, number in rows:
            moves = sums.setdefault(statement, {})
            moves[claim] = moves.get(claim, 0) + number
        return {
            statement: None
            if None in moves or min(moves.values()) < 0
            else {claim for claim, number in moves.items() if claim is not None and number > 0}
            for statement, moves in sums.items()
        }

    def _counted(self, statement: int, came: set[int] | None) -> Standing | None:
        """The count of a statement that waits for it; None where it has no member."""
        known = self._remembered.pop(statement, None)
        if known is None or came is None or not known.add(self._rows(came)):
            known = Tellings()
            known.add(rows_of(self._connection, [statement]))
        if not known.articles:
            return None
        self._remembered[statement] = known
        return known.standing

    def _rows(self, claims: set[int]) -> list[sqlite3.Row]:
        return self._connection.execute(OF_CLAIMS, [json.dumps(sorted(claims))]).fetchall()
