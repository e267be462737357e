"""What was claimed for when: statements, each once, and the steps between them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from ledger_making import NOW, article, claim

from db.charted import course, thread
from db.ledger import Ledger
from db.search import Query
from extractors.claim import Due, Quantity, Status
from scraper.article import Instant


def told(ledger: Ledger, number: int, day: date, **changes: object) -> None:
    one = replace(article(number), published=Instant.of_day(day), source=f"outlet {number}")
    ledger.store(one, [replace(claim(one), **changes)], extractor="1", now=NOW)  # type: ignore[arg-type]


def linked(path: Path, members: dict[int, tuple[int, int]], links: list[tuple[int, int, str]]) -> None:
    """These threads and no others, whatever storing made of the claims."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript("DELETE FROM members; DELETE FROM links;")
        rows = [(claim_id, *place) for claim_id, place in members.items()]
        connection.executemany("INSERT OR REPLACE INTO members VALUES (?, ?, ?)", rows)
        rows = [(*link, "why", NOW.isoformat()) for link in links]
        connection.executemany("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?, ?)", rows)


PLAN = {"due": Due(None, date(2025, 12, 31)), "status": Status.PLANNED}


def filled(path: Path) -> None:
    """A plan told three times, the last time least exactly; its revision; a stranger."""
    with Ledger.open(path) as ledger:
        told(ledger, 1, date(2024, 3, 2), quantity=Quantity(100, 100, "units", approx=True), **PLAN)
        told(ledger, 2, date(2024, 3, 4), quantity=Quantity(101, 101, "units"), **PLAN)
        told(ledger, 3, date(2024, 3, 1), quantity=Quantity(90, None, "units"), **PLAN)
        told(ledger, 4, date(2024, 6, 1), quantity=Quantity(200, 200, "units"), **PLAN)
        told(ledger, 5, date(2024, 7, 1), quantity=Quantity(5, 5, "units"), subject="Nobody", **PLAN)
    linked(path, {1: (1, 1), 2: (1, 1), 3: (1, 1), 4: (1, 4)}, [(2, 4, "revision"), (1, 2, "same")])


def test_a_statement_stands_once_by_its_most_exact_claim(path: Path) -> None:
    filled(path)
    first, revised, alone = course(path, Query()).statements
    assert (first.number, first.thread, first.hit.id, first.first.id) == (1, 1, 2, 3)
    assert (first.tellings, first.outlets) == (3, ("outlet 3", "outlet 1", "outlet 2"))
    assert (revised.number, revised.thread) == (4, 1)
    assert (alone.tellings, alone.sources) == (1, 1)


def test_steps_lead_from_statement_to_statement(path: Path) -> None:
    filled(path)
    [step] = course(path, Query()).steps
    assert (step.earlier, step.later, step.relation, step.reason) == (1, 4, "revision", "why")


def test_a_step_to_what_was_not_asked_for_is_left_out(path: Path) -> None:
    filled(path)
    found = course(path, Query("amount:<150"))
    assert {one.number for one in found.statements} >= {1}
    assert found.steps == ()


def test_a_claim_that_is_no_member_stands_for_itself(path: Path) -> None:
    filled(path)
    [alone] = course(path, Query(company="Nobody")).statements
    assert (alone.number, alone.thread) == (5, 5)


def test_a_thread_is_all_that_it_says_and_no_more(path: Path) -> None:
    filled(path)
    assert [one.number for one in thread(path, 1).statements] == [1, 4]
    assert thread(path, 99).statements == ()
