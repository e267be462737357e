"""The outbox and the runs of the digest by themselves: what they refuse, what must change nothing."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from ledger_making import NOW

from db import digest_runs, outbox
from db.errors import RecordRefused
from db.ledger import Ledger
from db.outbox import Mail, State

WEEK = timedelta(days=7)
ANNA = ("anna@example.org", "<1@x>")


def put(ledger: Ledger, name: str = "a") -> Mail:
    known = {"key": "k", "recipient": f"{name}@example.org", "message_id": f"<{name}@x>"}
    outbox.enqueue(ledger, message=b"hello", now=NOW, **known)
    return next(mail for mail in outbox.due(ledger, NOW) if mail.recipient.startswith(name))


def begin(ledger: Ledger, *, regular: bool = True, weeks: int = 0) -> digest_runs.Run:
    start = NOW + weeks * WEEK
    return digest_runs.begin(ledger, start, start + WEEK, [ANNA], regular=regular, now=NOW)


def state(ledger: Ledger) -> State:
    (found,) = outbox.tally(ledger)
    return found


@pytest.mark.parametrize("lacking", ["key", "recipient", "message", "message_id"])
def test_a_mail_that_lacks_something_is_refused(ledger: Ledger, lacking: str) -> None:
    known = {"key": "k", "recipient": "a@example.org", "message": b"hello", "message_id": "<1@x>"}
    known[lacking] = type(known[lacking])()
    with pytest.raises(RecordRefused, match="needs key, recipient, content and Message-ID"):
        outbox.enqueue(ledger, now=NOW, **known)  # type: ignore[arg-type]
    assert outbox.tally(ledger) == {}


def test_what_is_not_waiting_is_not_begun(ledger: Ledger) -> None:
    mail = put(ledger)
    outbox.begin_sending(ledger, mail.id)
    for _ in range(2):
        with pytest.raises(RecordRefused, match="not waiting to be sent"):
            outbox.begin_sending(ledger, mail.id)
        outbox.mark_sent(ledger, mail.id, NOW)


def test_what_was_sent_stays_sent(ledger: Ledger) -> None:
    mail = put(ledger)
    outbox.mark_sent(ledger, mail.id, NOW)
    assert state(ledger) is State.RENDERED, "it was never begun"
    outbox.begin_sending(ledger, mail.id)
    outbox.mark_sent(ledger, mail.id, NOW)
    outbox.mark_failed(ledger, mail.id, "no")
    outbox.mark_unknown(ledger, mail.id, "no")
    outbox.put_off(ledger, mail.id, "no", NOW)
    outbox.render(ledger, mail.id, b"another", NOW)
    assert outbox.recover(ledger) == []
    assert state(ledger) is State.SENT


def test_what_is_being_sent_is_not_due_again(ledger: Ledger) -> None:
    mail = put(ledger)
    outbox.begin_sending(ledger, mail.id)
    outbox.again(ledger, [mail.id], NOW)
    assert outbox.due(ledger, NOW + WEEK) == []
    assert [each.id for each in outbox.recover(ledger)] == [mail.id]
    assert state(ledger) is State.UNKNOWN


def test_a_run_is_complete_when_all_is_written(ledger: Ledger) -> None:
    run = begin(ledger)
    assert digest_runs.last_end(ledger) is None
    with pytest.raises(RecordRefused, match="not written yet"):
        digest_runs.complete(ledger, run.id, NOW)
    assert [one.id for one in digest_runs.unfinished(ledger)] == [run.id]
    (mail,) = digest_runs.mails(ledger, run.id)
    outbox.render(ledger, mail.id, None, NOW)
    digest_runs.complete(ledger, run.id, NOW)
    assert digest_runs.unfinished(ledger) == []
    assert digest_runs.last_end(ledger) == run.end
    assert outbox.due(ledger, NOW + WEEK) == [], "nothing to say is no mail"


def test_the_chain_knows_regular_runs_only(ledger: Ledger) -> None:
    for weeks, regular in ((0, True), (5, False)):
        run = begin(ledger, weeks=weeks, regular=regular)
        outbox.render(ledger, digest_runs.mails(ledger, run.id)[0].id, b"x", NOW)
        digest_runs.complete(ledger, run.id, NOW)
    assert digest_runs.last_end(ledger) == NOW + WEEK
    assert begin(ledger, weeks=5).regular
    assert digest_runs.last_end(ledger) == NOW + 6 * WEEK


def test_a_period_begins_before_it_ends(ledger: Ledger) -> None:
    with pytest.raises(RecordRefused, match="must begin before it ends"):
        digest_runs.begin(ledger, NOW, NOW, [ANNA], regular=True, now=NOW)


def test_only_known_states_are_kept(ledger: Ledger) -> None:
    put(ledger)
    with ledger._writing() as connection, pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        connection.execute("UPDATE outbox SET state = 'lost'")
