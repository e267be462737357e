"""The tables of threads as the grouping's books: members, links, places and keys (extractors/threads.py).

What was read once is remembered, up to a limit, while nobody else writes to the file. The writer tells when a
transaction was rolled back; other connections' writing shows in SQLite's data_version.
"""

from __future__ import annotations

import json
import re
import sqlite3
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from db.connection import pragma
from db.errors import LedgerCorrupt
from db.rows import day_of
from db.windows import Windows
from extractors.claim import Kind, Status
from extractors.threads import FIRST, RECIPE, WINDOW, Days, Link, Statement, Told, out_of_reach, told

# Claims that are remembered, some 2 KB each.
_REMEMBERED = 20_000
_CLAIMS = """
    SELECT claims.id, kind, subject, object, equivalent, low, high, unit, approx, due_start, due_end, status,
           speaker, counterparty, claims.day, articles.lang, versions.title, articles.url,
           CASE published_precision WHEN 'minute' THEN published_at END AS minute,
           (SELECT group_concat(text, ' ') FROM
               (SELECT text FROM evidence WHERE claim_id = claims.id ORDER BY ordinal)) AS sentence
    FROM claims JOIN versions ON versions.id = version_id JOIN articles ON articles.id = article_id
"""
_NOTHING: Mapping[int, tuple[int, tuple[int, ...]]] = {}
_THESE = "IN (SELECT value FROM json_each(?))"


class Tables:
    """Books over the ledger's tables, inside the writer's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._told: OrderedDict[int, Told] = OrderedDict()
        self._statement: dict[int, int | None] = {}
        self._first: dict[int, list[int]] = {}
        self._links: dict[int, tuple[Link, ...]] = {}
        self._windows = Windows()
        self._behind: dict[int, dict[tuple[int, int], list[int]]] = {}  # by key; of this transaction
        self._data_version = -1
        self.now = ""
        """When what is written now is noticed."""
        self.unlinked: dict[tuple[int, int, str], str] = {}
        """Links that were taken away since `begin`, and when they had been noticed."""
        self.cut: set[int] = set()
        """Claims that lost a link or their statement, or stand behind one that did."""
        self.bound: set[int] = set()
        """Claims that were put into a statement of others, or linked to others."""
        self.marks: set[int] = set()
        """Marks of statements that may not be their smallest member."""

    def begin(self, now: str) -> bool:
        """Whether what is remembered still holds; called in each transaction."""
        version = pragma(self._connection, "data_version")
        kept = version == self._data_version
        if not kept:
            self.forget()
        self._data_version, self.now = version, now
        return kept

    def forget(self) -> None:
        """Remember nothing: a transaction failed, or somebody else wrote."""
        self._told.clear()
        self._statement.clear()
        self._first.clear()
        self._links.clear()
        self._windows.forget()
        self.clear()

    def clear(self) -> None:
        """All that was noted of this transaction was seen to."""
        self.unlinked, self.cut, self.bound, self.marks = {}, set(), set(), set()
        self._behind.clear()
        while len(self._first) > _REMEMBERED:
            self._first.popitem()
        if len(self._links) > _REMEMBERED:
            self._links.clear()

    # Reading

    def read(
        self, claims: Iterable[int], kept: Mapping[int, tuple[int, tuple[int, ...]]] = _NOTHING
    ) -> list[Told]:
        """Claims by number, members or not, without those that are gone. `kept`: place and keys of some."""
        rows = self._connection.execute(f"{_CLAIMS} WHERE claims.id {_THESE}", [json.dumps(sorted(claims))])
        return [
            told(row["id"], row["url"], _statement(row), at=_moment(row["minute"]), kept=kept.get(row["id"]))
            for row in rows
        ]

    def told(self, claim: int) -> Told:
        """A member, with the place and the keys under which it is kept."""
        known = self._told.get(claim)
        if known is not None:
            return known
        self.gather([claim])
        if claim not in self._told:
            raise LedgerCorrupt(f"a thread names claim {claim}, which is not there: claims verify --regroup")
        return self._told[claim]

    def gather(self, claims: Iterable[int]) -> None:
        """Read those that are not remembered, at once."""
        missing = [claim for claim in claims if claim not in self._told]
        if not missing:
            return
        listed = [json.dumps(missing)]
        query = f"SELECT claim_id, place, keys FROM placed WHERE claim_id {_THESE}"  # noqa: S608
        # What was placed by an earlier program stays found where it was put.
        kept = {
            row["claim_id"]: (row["place"], _unpacked(row["keys"]))
            for row in self._connection.execute(query, listed)
        }
        for one in self.read(kept, kept):
            self._remember(one)
        query = f"SELECT claim_id, statement FROM members WHERE claim_id {_THESE}"  # noqa: S608
        self._statement |= dict.fromkeys(missing)
        self._statement.update(
            (row["claim_id"], row["statement"]) for row in self._connection.execute(query, listed)
        )

    def within_reach(self, claim: Told, others: Iterable[int]) -> list[Told]:
        """Those whose amount and due allow it, by these columns: most of a party are of another size."""
        found = list(others)
        missing = [other for other in found if other not in self._told]
        query = f"""SELECT id, low, unit, coalesce(due_end, due_start) FROM claims
                    WHERE id {_THESE} AND low = high"""  # noqa: S608
        rows = self._connection.execute(query, [json.dumps(missing)]) if missing else ()
        far = {row[0] for row in rows if out_of_reach(claim, row[1], row[2], day_of(row[3]))}
        self.gather(other for other in missing if other not in far)
        return [self.told(other) for other in found if other not in far]

    def _remember(self, claim: Told) -> None:
        self._told[claim.id] = claim
        while len(self._told) > _REMEMBERED:
            self._statement.pop(self._told.popitem(last=False)[0], None)

    def before(self, key: int, place: Told) -> Sequence[int]:
        """The nearest before."""
        known = self._windows.known(key, place.order)
        if known is not None:
            return known
        query = """SELECT place, claim_id FROM blocks WHERE "key" = ? AND (place, claim_id) < (?, ?)
                   ORDER BY place DESC, claim_id DESC LIMIT ?"""
        rows = self._connection.execute(query, [key, *place.order, WINDOW]).fetchall()
        return self._windows.remember(key, place.order, [(row[0], row[1]) for row in reversed(rows)])

    def after(self, key: int, place: Told) -> list[int]:
        """The nearest behind. A claim that comes asks twice: when it comes, and when it has chosen."""
        known = self._behind.setdefault(key, {})
        if place.order not in known:
            query = """SELECT claim_id FROM blocks WHERE "key" = ? AND (place, claim_id) > (?, ?)
                       ORDER BY place, claim_id LIMIT ?"""
            rows = self._connection.execute(query, [key, *place.order, WINDOW])
            known[place.order] = [row[0] for row in rows]
        return known[place.order]

    def statement(self, claim: int) -> int | None:
        """The statement's mark; None for a claim that is no member."""
        if claim not in self._statement:
            query = "SELECT statement FROM members WHERE claim_id = ?"
            row = self._connection.execute(query, [claim]).fetchone()
            self._statement[claim] = row["statement"] if row else None
        return self._statement[claim]

    def members(self, statement: int) -> list[int]:
        """The first ones. Remembered, since to seek them among a thousand takes a while."""
        if statement not in self._first:
            query = """SELECT claim_id FROM members JOIN placed USING (claim_id) WHERE statement = ?
                       ORDER BY place, claim_id LIMIT ?"""
            rows = self._connection.execute(query, [statement, FIRST])
            self._first[statement] = [row[0] for row in rows]
        return self._first[statement]

    def all_members(self, statement: int) -> list[int]:
        """All."""
        query = "SELECT claim_id FROM members WHERE statement = ?"
        return [row[0] for row in self._connection.execute(query, [statement])]

    def links(self, later: int) -> tuple[Link, ...]:
        """The links of a claim to earlier ones."""
        if later not in self._links:
            query = "SELECT earlier, relation, reason FROM links WHERE later = ? ORDER BY earlier"
            rows = self._connection.execute(query, [later])
            self._links[later] = tuple(Link(row[0], later, row[1], row[2]) for row in rows)
        return self._links[later]

    def followers(self, earlier: int) -> list[int]:
        """The claims that have a link to this one."""
        query = "SELECT later FROM links WHERE earlier = ? ORDER BY later"
        return [row[0] for row in self._connection.execute(query, [earlier])]

    def free_mark(self, claim: int) -> int:
        """Its own number, unless others still bear it."""
        for mark in (claim, -claim):
            query = "SELECT 1 FROM members WHERE statement = ? LIMIT 1"
            if self._connection.execute(query, [mark]).fetchone() is None:
                return mark
        return int(self._connection.execute("SELECT min(statement) FROM members").fetchone()[0]) - 1

    # Writing

    def enter(self, claim: Told) -> None:
        """Add a claim."""
        self._connection.execute(
            "INSERT INTO placed VALUES (?, ?, ?, ?)", [claim.id, RECIPE, claim.place, _packed(claim.keys)]
        )
        self._connection.executemany(
            "INSERT INTO blocks VALUES (?, ?, ?)", [(key, claim.place, claim.id) for key in claim.keys]
        )
        for key in claim.keys:
            self._windows.enter(key, claim.order)
            self._behind.pop(key, None)
        self._statement[claim.id] = None
        self._remember(claim)

    def leave(self, claim: Told) -> None:
        """Take a claim out, with all its links."""
        self._unlink("later", claim.id)
        self._unlink("earlier", claim.id)
        statement = self.statement(claim.id)
        if statement is not None:
            self._left(claim, statement)
        self._connection.execute("DELETE FROM members WHERE claim_id = ?", [claim.id])
        self._connection.execute("DELETE FROM placed WHERE claim_id = ?", [claim.id])
        self._connection.executemany(
            'DELETE FROM blocks WHERE "key" = ? AND place = ? AND claim_id = ?',
            [(key, claim.place, claim.id) for key in claim.keys],
        )
        for key in claim.keys:
            self._windows.leave(key)
            self._behind.pop(key, None)
        self._told.pop(claim.id, None)
        self._statement.pop(claim.id, None)
        self.cut.discard(claim.id)
        self.bound.discard(claim.id)

    def assign(self, claim: int, statement: int) -> None:
        """Put a claim into a statement; `threads.py` sees to its thread."""
        before = self.statement(claim)
        if before is not None:
            self._left(self.told(claim), before)
            self.cut.add(claim)
            query = "UPDATE members SET statement = ? WHERE claim_id = ?"
            self._connection.execute(query, [statement, claim])
        else:
            self._connection.execute("INSERT INTO members VALUES (?, ?, ?)", [claim, claim, statement])
        self._statement[claim] = statement
        self._came_first(self.told(claim), statement)
        if statement != claim:
            self.bound.add(claim)
        if statement < 0 or claim < statement:
            self.marks.add(statement)

    def _came_first(self, claim: Told, statement: int) -> None:
        """Put a claim among the first of its statement, if it is one of them and they are remembered."""
        first = self._first.get(statement)
        if first is None or (len(first) == FIRST and self.told(first[-1]).order < claim.order):
            return
        place = bisect_left(first, claim.order, key=lambda number: self.told(number).order)
        self._first[statement] = [*first[:place], claim.id, *first[place:]][:FIRST]

    def _left(self, claim: Told, statement: int) -> None:
        """A claim leaves its statement: the others of that and of its thread may fall apart."""
        first = self._first.get(statement, [])
        if claim.id in first:
            # Of many the next one is to be sought.
            if len(first) == FIRST:
                del self._first[statement]
            else:
                self._first[statement] = [number for number in first if number != claim.id]
        self.marks.add(statement)
        query = """SELECT claim_id FROM members WHERE claim_id <> ?
                   AND thread = (SELECT thread FROM members WHERE claim_id = ?) LIMIT 1"""
        self.cut.update(row[0] for row in self._connection.execute(query, [claim.id, claim.id]))

    def link(self, later: int, links: Sequence[Link]) -> None:
        """The links of a claim; one that was there before keeps the moment when it was noticed."""
        self._unlink("later", later)
        if links:
            self.bound.add(later)
        for link in links:
            noticed = self.unlinked.pop((link.earlier, later, link.relation), self.now)
            self._connection.execute(
                "INSERT INTO links VALUES (?, ?, ?, ?, ?)",
                [link.earlier, later, link.relation, link.reason, noticed],
            )
        self._links[later] = tuple(links)

    def _unlink(self, end: str, claim: int) -> None:
        rows = self._connection.execute(f"SELECT * FROM links WHERE {end} = ?", [claim]).fetchall()  # noqa: S608
        for row in rows:
            self.unlinked[row["earlier"], row["later"], row["relation"]] = row["noticed"]
            self.cut |= {row["earlier"], row["later"]}
            self._links.pop(row["later"], None)
        if rows:
            self._connection.execute(f"DELETE FROM links WHERE {end} = ?", [claim])  # noqa: S608

    def renamed(self, marks: Mapping[int, int]) -> None:
        """Statements were named anew, each by its old mark here: what is remembered is so, too."""
        first = {number: self._first.pop(mark, None) for mark, number in marks.items()}
        self._first.update((number, members) for number, members in first.items() if members is not None)
        query = f"SELECT claim_id, statement FROM members WHERE statement {_THESE}"  # noqa: S608
        for claim, statement in self._connection.execute(query, [json.dumps(list(marks.values()))]):
            if claim in self._statement:
                self._statement[claim] = statement


def _packed(keys: Iterable[int]) -> bytes:
    return array("q", keys).tobytes()


def _unpacked(data: bytes) -> tuple[int, ...]:
    return tuple(array("q", data))


def _moment(minute: str | None) -> datetime | None:
    return datetime.fromisoformat(minute) if minute else None


def _statement(row: sqlite3.Row) -> Statement:
    # Unpacked: looking each column up by its name would take a quarter of the time of reading a claim.
    (_, kind, subject, thing, equivalent, low, high, unit, approx, due_start, due_end, status, speaker,
     counterparty, day, lang, title, _, _, sentence) = row  # fmt: skip
    start, end = day_of(due_start), day_of(due_end)
    return Statement(
        kind=Kind(kind),
        subject=subject,
        status=Status(status),
        object=thing or "",
        equivalent=bool(equivalent),
        low=low,
        high=high,
        approx=bool(approx),
        unit=unit or None,
        due=Days(start, end) if start or end else None,
        speaker=speaker or "",
        counterparty=counterparty or "",
        lang=_language(lang),
        published=day_of(day),
        sentence=sentence or "",
        title=title,
    )


@lru_cache(maxsize=1000)
def _language(lang: str) -> str:
    return re.split("[-_]", lang.strip().lower())[0]
