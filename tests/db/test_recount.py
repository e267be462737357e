"""What an open ledger remembers of a statement gives the count that reading all its tellings gives."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import recount
from db.connection import connect, open_writing
from db.ledger import Ledger
from db.rulings import decide, undo
from db.standing import settle
from extractors.threads import Verb
from scraper.article import Article, Instant
from tests.told import NOW, Story, claim_of

DAY = date(2025, 1, 1)
PLAN = "Acme will 1.000 H100 einsetzen."
# An agency's text, of which each outlet prints some beginning: copies of each other.
WIRE = " ".join(f"wort{n}" for n in range(60))


def article(number: int, day: int, outlet: str, *, named: str = "", wire: bool = False) -> Article:
    rest = WIRE if wire else " ".join(f"anders{number}x{n}" for n in range(40))
    says = f" Das berichtet {named}." if named else ""
    when = Instant.of_day(DAY + timedelta(days=day))
    return Article(f"https://{outlet}.de/{number}", f"Bericht {number}", f"{PLAN}{says} {rest}", "de", when)


TELLINGS = st.builds(
    article,
    st.integers(1, 30),
    st.integers(0, 6),
    st.sampled_from(["heise", "golem", "t3n", "mdr"]),
    named=st.sampled_from(["", "", "Golem", "The Verge", "dpa"]),
    wire=st.booleans(),
)


def keep(ledger: Ledger, told: Article, times: int = 1) -> None:
    """The plan, as one claim or as several that say the same."""
    one = Story("", None, PLAN)
    ledger.store(told, [claim_of(one)] * times, extractor="1", now=NOW)


def kept(path: Path) -> list[tuple[object, ...]]:
    with closing(connect(path, mode="ro", wait=1)) as connection:
        return [tuple(row) for row in connection.execute("SELECT * FROM standings ORDER BY statement")]


def counted_from_all(path: Path) -> list[tuple[object, ...]]:
    """The same of a copy in which all are counted anew: the ledger itself must not see another writer."""
    copy = path.with_name("copy.db")
    with closing(connect(path, mode="ro", wait=1)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    with closing(open_writing(copy, wait=1)) as connection:
        connection.execute("UPDATE standings SET sources = NULL")
        settle(connection)
    return kept(copy)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(TELLINGS, st.integers(1, 2)), min_size=3, max_size=14), st.data())
def test_what_is_remembered_counts_as_all_do(
    tmp_path_factory: pytest.TempPathFactory, tellings: list[tuple[Article, int]], data: st.DataObject
) -> None:
    """Tellings of outlets, copies, texts that change, new readings, and what a person puts apart."""
    path = tmp_path_factory.mktemp("recount") / "ledger.db"
    with Ledger.open(path) as ledger:
        for told, times in tellings:
            keep(ledger, told, times)
            deed = data.draw(st.sampled_from(["", "", "", "reread", "fewer", "split", "undo"]))
            change(ledger, path, deed)
            assert kept(path) == counted_from_all(path)


def change(ledger: Ledger, path: Path, deed: str) -> None:
    """Something else befalls the claim that was stored last."""
    version = ledger.versions()[-1]
    if deed == "reread":
        ledger.reread(version.id, version.article, version.claims, extractor="2", now=NOW)
    elif deed == "fewer":
        ledger.replace_claims(version.id, version.claims[1:], "2", now=NOW)
    elif deed == "undo":
        undo(path, now=NOW)
    elif deed == "split":
        with closing(connect(path, mode="ro", wait=1)) as connection:
            query = "SELECT max(claim_id) FROM members GROUP BY thread HAVING count(*) > 1"
            found = [row[0] for row in connection.execute(query)]
        if found:
            decide(path, Verb.SPLIT, found[:1], now=NOW)


def steps(ledger: Ledger, tellings: Iterable[Article]) -> int:
    """How much SQLite does, in hundreds of its instructions, to store these."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    ledger._connection.set_progress_handler(count, 100)
    for told in tellings:
        keep(ledger, told)
    ledger._connection.set_progress_handler(None, 0)
    return counted


@pytest.mark.parametrize("order", ["in order", "mixed"])
def test_one_telling_more_of_many_costs_no_reading_of_all(path: Path, order: str) -> None:
    """Twenty behind a hundred and forty cost hardly more than twenty behind sixty."""
    outlets = ("heise", "golem", "t3n", "mdr")
    every = [article(n, n // 4, outlets[n % 4]) for n in range(160)]
    if order == "mixed":
        # Its first telling is known: an earlier one would have all others choose again.
        every[1:] = random.Random(4).sample(every[1:], len(every) - 1)  # noqa: S311
    with Ledger.open(path) as ledger:
        keep(ledger, every[0])
        steps(ledger, every[1:60])
        few, _, many = steps(ledger, every[60:80]), steps(ledger, every[80:140]), steps(ledger, every[140:])
    assert kept(path)[0][1:3] == (4, 160)
    assert many < 1.3 * few


def test_what_another_process_counts_is_not_remembered(path: Path) -> None:
    with Ledger.open(path) as ledger:
        for n in range(3):
            keep(ledger, article(n, n, "heise"))
        with Ledger.open(path) as other:
            keep(other, article(3, 3, "golem"))
        keep(ledger, article(4, 4, "t3n"))
    assert kept(path)[0][1:3] == (3, 5)


def test_a_transaction_that_failed_is_not_remembered(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(path) as ledger:
        for n in range(3):
            keep(ledger, article(n, n, "heise"))

        def fails(*_: object) -> None:
            raise OSError("no room")

        with monkeypatch.context() as patched:
            patched.setattr(recount, "counted_anew", fails)
            with pytest.raises(OSError, match="no room"):
                keep(ledger, article(3, 3, "golem"))
        keep(ledger, article(4, 4, "t3n"))
    assert kept(path)[0][1:3] == (2, 4)
