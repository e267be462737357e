"""SIGKILL before every statement of each kind of work; done again it gives the same rows as an unbroken run.

test_ledger_crash.py kills at random moments; here no moment between two statements is left out.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from killing import killed_before
from ledger_making import NOW, SOURCE, STATE, article, claim, contents

from db import digest_runs, outbox
from db.ledger import Ledger
from db.segments import Blocks
from extractors.claim import Kind
from scraper.article import Instant, Origin, Precision

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def open_new(path: Path) -> None:
    Ledger.open(path).close()


def store_new(path: Path) -> None:
    one = article(50)
    with Ledger.open(path) as ledger:
        both = [claim(one), claim(one, kind=Kind.PRICE)]
        blocks = Blocks("www.example.org", {"m1": ("x", "y"), "m2": ("x",)}, 9)
        ledger.store(one, both, extractor="1", now=NOW, blocks=blocks)


def store_changed(path: Path) -> None:
    one = article(1, "Acme kauft nun doch 2.000 Rechner.")
    with Ledger.open(path) as ledger:
        ledger.store(one, [claim(one), claim(one, kind=Kind.PRICE)], extractor="1", now=NOW)


def replace(path: Path) -> None:
    one = article(1)
    with Ledger.open(path) as ledger:
        ledger.replace_claims(1, [claim(one, speaker=None), claim(one, kind=Kind.PRICE)], "2")


def reread(path: Path) -> None:
    better = article(1, "Acme will bis Ende 2026 genau 1.000 Rechner kaufen, sagt Acme.")
    with Ledger.open(path) as ledger:
        if ledger.article(1).text != better.text:  # as the command does: what is the same is not written
            ledger.reread(1, better, [claim(better), claim(better, kind=Kind.PRICE)], extractor="2", now=NOW)


def store_copy(path: Path) -> None:
    """The same text at two other sources: a story of three, whose lead changes with the last."""
    text = " ".join(f"wort{number}" for number in range(90))
    with Ledger.open(path) as ledger:
        for number, hours in ((60, 2), (61, 1), (62, 0)):
            at = Instant(NOW - timedelta(hours=9 - hours), "", Precision.MINUTE, Origin.FEED)
            one = article(number, text, source=f"s{number}", published=at)
            ledger.store(one, [claim(one)], extractor="1", now=NOW)


def shut_away(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.release()
        ledger.shut_away("https://www.example.org/bad", "too large", "it hung", now=NOW)


def save_state(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.save_state(SOURCE, STATE)


def compose_digest(path: Path) -> None:
    """As `claims digest send` does: planned, each mail written, all complete."""
    readers = [(f"{name}@example.org", f"<{name}@x>") for name in ("anna", "ben")]
    with Ledger.open(path) as ledger:
        run = digest_runs.begin(ledger, NOW, NOW + timedelta(days=7), readers, regular=True, now=NOW)
        for number, mail in enumerate(digest_runs.mails(ledger, run.id)):
            outbox.render(ledger, mail.id, b"hello" if number else None, NOW)
        digest_runs.complete(ledger, run.id, NOW)
        alert = {"key": "alert:1", "recipient": "anna@example.org", "message_id": "<a@x>"}
        outbox.enqueue(ledger, message=b"alert", now=NOW, **alert)


def put_off_and_fail(path: Path) -> None:
    with Ledger.open(path) as ledger:
        for name in ("anna", "ben"):
            known = {"key": "alert:1", "recipient": name, "message_id": f"<{name}@x>", "message": b"alert"}
            outbox.enqueue(ledger, now=NOW, **known)  # type: ignore[arg-type]
        for mail in outbox.due(ledger, NOW):
            if mail.recipient == "anna":
                outbox.put_off(ledger, mail.id, "later", NOW)
            else:
                outbox.mark_failed(ledger, mail.id, "never")


@pytest.mark.parametrize(
    "work",
    [
        compose_digest,
        put_off_and_fail,
        store_new,
        store_changed,
        store_copy,
        replace,
        reread,
        shut_away,
        save_state,
    ],
)
def test_killed_before_every_statement(tmp_path: Path, work: Callable[[Path], None], _template: Path) -> None:
    """Opening what is up to date and the work itself."""
    kill_everywhere(tmp_path, work, _template)


@pytest.mark.slow
@pytest.mark.parametrize("work", [open_new, store_new])
def test_killed_before_every_statement_of_a_new_ledger(tmp_path: Path, work: Callable[[Path], None]) -> None:
    """Making the file, all steps of its schema, and the work itself."""
    kill_everywhere(tmp_path, work, None)


def kill_everywhere(folder: Path, work: Callable[[Path], None], template: Path | None) -> None:
    unbroken = start(folder / "unbroken.db", template)
    work(unbroken)
    expected, points = contents(unbroken), 0
    while killed_before(points + 1, work, path := start(folder / f"{points}.db", template)):
        points += 1
        with Ledger.open(path) as ledger:
            assert ledger.integrity() == []
        work(path)
        assert contents(path) == expected
    assert points >= 10
    assert contents(path) == expected


def start(path: Path, template: Path | None) -> Path:
    if template:
        shutil.copy(template, path)
    return path
