"""A round that writes and all else at the same time, in processes of their own: nobody waits in vain."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from keeping import LATER, lines_to_import
from ledger_making import NOW, article, claim

from db.backup import backup
from db.export import records, rows
from db.importing import import_lines
from db.ledger import Ledger
from db.retention import drop_texts
from db.search import Query, search, show
from db.verify import verify

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
SECONDS = 4.0


def writing(path: Path, first: int) -> None:
    """A round: one transaction an article, without a pause."""
    with Ledger.open(path) as ledger:
        number = first
        while True:
            one = article(number)
            ledger.store(one, [claim(one), claim(one, subject="Bcme")], extractor="1", now=NOW)
            number += 1


def searching(path: Path) -> None:
    while True:
        assert search(path, Query("rechner"))
        assert search(path, Query(company="acme", minimum=5))
        assert show(path, 1)


def child(work: Callable[[], None]) -> int:
    """A process that does its work until it is stopped; exit code 1 where it failed by itself."""
    process = os.fork()
    if process == 0:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        try:
            work()
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)
    return process


def stopped(process: int) -> int:
    os.kill(process, signal.SIGTERM)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def test_a_round_searches_and_keeping_at_the_same_time(filled: Path, tmp_path: Path) -> None:
    lines = lines_to_import(tmp_path)
    target, counted = tmp_path / "copy.db", 0
    children = [
        child(lambda: writing(filled, 1000)),
        child(lambda: writing(filled, 100_000)),
        child(lambda: searching(filled)),
    ]
    end = time.monotonic() + SECONDS
    try:
        while time.monotonic() < end or not counted:
            for record in records(filled):
                json.dumps(record)
            assert list(rows(filled, Query("rechner", company="acme")))
            backup(filled, target, force=True)
            import_lines(filled, lines)
            drop_texts(filled, LATER, now=NOW)
            counted += 1
    finally:
        codes = [stopped(process) for process in children]
    assert codes == [0, 0, 0], "a child failed; see its last words"
    assert verify(filled) == []
    assert verify(target) == []
