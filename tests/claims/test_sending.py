"""The outbox against real servers: each mail once, to each reader alone, whatever a server does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from claims import mail
from claims.errors import ConfigError, RoundLocked
from claims.lock import sending_lock
from claims.sending import Delivered, deliver, lines
from claims.settings import Config
from db import outbox
from db.ledger import Ledger
from db.outbox import Mail, State
from tests.mail_server import DROP, SILENCE, Server, rude, serve

from .mail_making import NOW, configured

MESSAGE = b"Message-ID: <1@example.org>\r\n\r\nHello\r\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serve(tmp_path) as running:
        yield running


@pytest.fixture
def config(tmp_path: Path, server: Server) -> Config:
    return configured(tmp_path, server.port)


@pytest.fixture
def ledger(config: Config) -> Iterator[Ledger]:
    with Ledger.open(config.ledger) as opened:
        yield opened


def put(ledger: Ledger, *names: str, now: datetime = NOW) -> None:
    for name in names:
        known = {"key": f"alert:{name}", "recipient": f"{name}@example.org", "message_id": f"<{name}@x>"}
        message = f"Message-ID: <{name}@x>\r\n\r\nHello {name}\r\n".encode()
        assert outbox.enqueue(ledger, message=message, now=now, **known)


def row(ledger: Ledger, name: str) -> Mail:
    with ledger._reading() as connection:
        found = connection.execute("SELECT * FROM outbox WHERE key = ?", [f"alert:{name}"]).fetchone()
        return outbox.mail_of(found)


def states(delivered: Delivered) -> dict[str, str]:
    return {result.mail.recipient.partition("@")[0]: str(result.state) for result in delivered.results}


def test_what_is_due_is_sent_once_each_alone(ledger: Ledger, config: Config, server: Server) -> None:
    put(ledger, "anna", "ben", "carl")
    assert states(deliver(ledger, config, NOW)) == {"anna": "sent", "ben": "sent", "carl": "sent"}
    assert [mail.recipients for mail in server.taken] == [
        ("anna@example.org",),
        ("ben@example.org",),
        ("carl@example.org",),
    ]
    assert server.sessions == 1
    assert deliver(ledger, config, NOW + timedelta(days=9)) == Delivered()
    assert len(server.taken) == 3
    sent = row(ledger, "anna")
    assert (sent.state, sent.sent, sent.attempts) == (State.SENT, NOW, 1)


def test_the_same_mail_is_put_in_once(ledger: Ledger) -> None:
    known = {"key": "k", "recipient": "a@example.org", "message_id": "<1@x>", "now": NOW}
    assert outbox.enqueue(ledger, message=MESSAGE, **known)
    assert not outbox.enqueue(ledger, message=b"another", **known)
    with ledger._writing() as connection:
        assert not outbox.enqueue(connection, message=b"another", **known)
        assert outbox.enqueue(connection, message=MESSAGE, **(known | {"recipient": "b@example.org"}))
    assert [mail.message for mail in outbox.due(ledger, NOW)] == [MESSAGE, MESSAGE]


def test_not_now_waits_longer_each_time_and_then_arrives(
    ledger: Ledger, config: Config, server: Server
) -> None:
    put(ledger, "anna")
    server.on["DATA"] = ["451 later"] * 3
    now, waits = NOW, []
    for _ in range(3):
        delivered = deliver(ledger, config, now)
        assert states(delivered) == {"anna": "rendered"}
        assert "tried again: mail server 127.0.0.1: " in next(lines(delivered))
        waiting = row(ledger, "anna")
        assert waiting.next_attempt is not None
        assert "451 later" in waiting.last_error
        waits.append(waiting.next_attempt - now)
        assert deliver(ledger, config, waiting.next_attempt - timedelta(seconds=1)) == Delivered()
        now = waiting.next_attempt
    assert waits == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]
    assert states(deliver(ledger, config, now)) == {"anna": "sent"}
    assert row(ledger, "anna").attempts == 4
    assert server.ids() == ["<anna@x>"]


def test_after_days_of_not_now_it_has_failed(ledger: Ledger, config: Config, server: Server) -> None:
    put(ledger, "anna")
    server.on["RCPT"] = "450 later"
    now, tries = NOW, 0
    while (waiting := row(ledger, "anna")).state is State.RENDERED:
        assert waiting.next_attempt is not None
        now, tries = waiting.next_attempt, tries + 1
        deliver(ledger, config, now)
    assert waiting.state is State.FAILED
    assert "450 later" in waiting.last_error
    assert timedelta(days=4) < now - NOW < timedelta(days=5)
    assert 20 < tries < 60


def test_who_is_refused_costs_no_other(ledger: Ledger, config: Config, server: Server) -> None:
    put(ledger, "anna", "ben", "carl", "dora")
    answers = {"anna@example.org": "450 full", "ben@example.org": "550 no such reader"}
    server.on["RCPT"] = lambda address: answers.get(address, "")
    delivered = deliver(ledger, config, NOW)
    assert states(delivered) == {"anna": "rendered", "ben": "failed", "carl": "sent", "dora": "sent"}
    assert server.ids() == ["<carl@x>", "<dora@x>"]
    assert server.sessions == 1
    assert not delivered.well
    said = list(lines(delivered))
    assert len(said) == 2
    assert said[0].startswith("anna@example.org: waits in the outbox")
    assert said[1].startswith("ben@example.org: failed for good: ")


@pytest.mark.parametrize("end", [DROP, SILENCE])
def test_what_may_have_arrived_is_not_sent_again(
    ledger: Ledger, config: Config, server: Server, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_PATIENCE", 0.02)
    put(ledger, "anna", "ben")
    server.on["DATA"] = [end]
    delivered = deliver(ledger, config, NOW)
    assert states(delivered) == {"anna": "unknown", "ben": "sent"}
    assert "not sent again unasked" in next(lines(delivered))
    assert deliver(ledger, config, NOW + timedelta(days=1)) == Delivered()
    assert server.ids() == ["<anna@x>", "<ben@x>"]
    outbox.again(ledger, [row(ledger, "anna").id], NOW)
    assert states(deliver(ledger, config, NOW)) == {"anna": "sent"}
    assert server.ids() == ["<anna@x>", "<anna@x>", "<ben@x>"]


def test_a_server_that_keeps_breaking_off_is_left_alone(
    ledger: Ledger, config: Config, server: Server
) -> None:
    put(ledger, *"abcdef")
    server.on["DATA"] = DROP
    assert len(deliver(ledger, config, NOW).results) == 3
    server.on.clear()
    assert states(deliver(ledger, config, NOW)) == dict.fromkeys("def", "sent")


def test_a_server_that_is_not_there_puts_all_off(tmp_path: Path, ledger: Ledger) -> None:
    put(ledger, "anna", "ben")
    with serve(tmp_path) as gone:
        config = configured(tmp_path, gone.port)
    assert states(deliver(ledger, config, NOW)) == {"anna": "rendered", "ben": "rendered"}
    assert outbox.due(ledger, NOW) == []
    assert len(outbox.due(ledger, NOW + timedelta(minutes=5))) == 2
    assert [mail.recipient for mail in outbox.in_trouble(ledger)] == ["ben@example.org", "anna@example.org"]


def test_a_server_that_talks_nonsense_loses_nothing(tmp_path: Path, ledger: Ledger) -> None:
    put(ledger, "anna")
    with rude(b"SSH-2.0-OpenSSH\r\n") as port:
        assert states(deliver(ledger, configured(tmp_path, port), NOW)) == {"anna": "rendered"}


def test_one_bad_mail_does_not_hold_up_the_others(ledger: Ledger, config: Config, server: Server) -> None:
    """One that makes the server hang up comes last from then on."""
    put(ledger, "anna", "ben")
    server.on["RCPT"] = lambda address: "421 enough" if address.startswith("anna") else ""
    assert states(deliver(ledger, config, NOW)) == {"anna": "rendered", "ben": "sent"}


def test_a_crash_at_the_last_dot_leaves_doubt(ledger: Ledger, config: Config, server: Server) -> None:
    put(ledger, "anna")
    outbox.begin_sending(ledger, row(ledger, "anna").id)
    delivered = deliver(ledger, config, NOW)
    assert states(delivered) == {"anna": "unknown"}
    assert server.taken == []


def test_two_senders_never_overlap(ledger: Ledger, config: Config, server: Server) -> None:
    put(ledger, "anna")
    with sending_lock(config.ledger), pytest.raises(RoundLocked, match=r"another sender of mail \(process"):
        deliver(ledger, config, NOW)
    assert server.taken == []
    assert states(deliver(ledger, config, NOW)) == {"anna": "sent"}


def test_without_an_account_due_mail_waits(tmp_path: Path, ledger: Ledger) -> None:
    config = configured(tmp_path, 9)
    put(ledger, "anna")
    without = config.model_copy(update={"mail": config.mail.model_copy(update={"host": ""})})
    without._file = config.file
    with pytest.raises(ConfigError, match="no mail server is configured"):
        deliver(ledger, without, NOW)
    assert row(ledger, "anna").state is State.RENDERED


def test_what_was_sent_long_ago_is_forgotten_but_not_that_it_was(
    ledger: Ledger, config: Config, server: Server
) -> None:
    put(ledger, "anna")
    deliver(ledger, config, NOW)
    assert outbox.forget_contents(ledger, NOW + timedelta(days=89)) == 0
    assert outbox.forget_contents(ledger, NOW + timedelta(days=91)) == 1
    kept = row(ledger, "anna")
    assert (kept.state, kept.message, kept.sent) == (State.SENT, None, NOW)
    assert outbox.tally(ledger) == {State.SENT: 1}
