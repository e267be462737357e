"""Rounds, alerts, digests and the outbox together, as cron and the daemon run them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from claims import chores
from claims.daemon import Daemon, Job, WhenDue
from claims.digest.sending import send
from claims.logs import Logs
from claims.progress import Level
from claims.settings import Config, load
from claims.status import gather
from db import outbox
from db.ledger import Ledger
from db.outbox import State
from tests.mail_server import Server, serve

from .conftest import Run
from .mail_making import NOW, READERS, article, claim, configured, fill

ALERT = '[[alerts]]\nname = "acme"\nsearch = "company:acme"\n'
SOURCE = '[[sources]]\nname = "s"\nurl = "http://127.0.0.1:9/f"\nlang = "en"\nenabled = false\n'


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    with serve(home) as running:
        yield running


@pytest.fixture
def config(home: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Config:
    made = configured(home, server.port)
    made.file.write_text(f"{made.file.read_text()}\n{SOURCE}")
    fill(made.ledger)
    monkeypatch.setattr("claims.fetching.utc_now", lambda: NOW + timedelta(minutes=20))
    return load(made.file)


def with_alert(config: Config, to: str = 'mail = "me@example.org"') -> Config:
    """An alert that has seen what is there, and has one thing to tell since."""
    config.file.write_text(f"{config.file.read_text()}\n{ALERT}{to}\n")
    config = load(config.file)
    chores.tell_alerts(config, NOW)
    one = article(7, NOW.date())
    with Ledger.open(config.ledger) as ledger:
        ledger.store(one, [claim(one, 7)], extractor="1", now=NOW)
    return config


def states(config: Config) -> dict[State, int]:
    with Ledger.open(config.ledger) as ledger:
        return outbox.tally(ledger)


def test_a_round_sends_the_digest_that_the_server_did_not_want_before(
    config: Config, server: Server, run: Run
) -> None:
    server.on["RCPT"] = ["450 later"] * len(READERS)
    send(config, NOW)
    assert server.taken == []
    answer = run("run", "--quiet")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert sorted(mail.recipients[0] for mail in server.taken) == sorted(READERS)


def test_a_round_says_what_will_never_arrive_even_quietly(config: Config, server: Server, run: Run) -> None:
    with_alert(config)
    server.on["RCPT"] = "550 no such user"
    answer = run("run", "--quiet")
    assert answer.code == 3
    assert "me@example.org: failed for good: " in answer.err
    assert "550 no such user" in answer.err


def test_a_round_ends_where_the_password_is_gone(config: Config, run: Run) -> None:
    send(config, NOW)
    with_alert(config)
    text = config.file.read_text().replace("[mail]\n", '[mail]\nuser = "u"\npassword_file = "gone"\n')
    config.file.write_text(text)
    answer = run("run", "--quiet")
    assert (answer.code, "password_file: cannot read" in answer.err) == (3, True)


def test_who_asks_is_told_what_waits_and_sends_it_at_once(config: Config, server: Server, run: Run) -> None:
    server.on["RCPT"] = ["450 later"] * len(READERS)
    send(config, NOW + timedelta(minutes=20))
    first = run("digest", "send")
    assert "anna@example.org: waits in the outbox: " in first.err
    assert (first.code, server.taken) == (0, [])
    assert run("digest", "send", "--force").code == 0
    assert len(server.taken) == len(READERS)


def test_the_daemons_jobs_tell_what_they_did(
    config: Config, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    config = with_alert(config)
    server.on["RCPT"] = ["450 later"]
    clock = [NOW]
    daemon = Daemon(config, lambda _: Logs(Level.INFO, as_json=False), clock=lambda: clock[0])

    def do(name: str, chore: object) -> str:
        daemon._do(Job(name, lambda: chore(config, clock[0]), WhenDue(lambda: NOW)))  # type: ignore[operator]
        return capsys.readouterr().err

    assert 'level=info event="alerts: 1 new statement, 1 message delivered" job=alerts' in do(
        "alerts", chores.tell_alerts
    )
    said = do("digest", chores.send_digest)
    assert 'level=warning event="to be tried again" job=digest' in said
    assert "450 later" in said
    assert 'level=info event="2 mails sent" job=digest' in said
    clock[0] += timedelta(minutes=1)
    assert do("outbox", chores.deliver) == "", "it is not time"
    assert gather(config, clock[0]).outbox == {"rendered": 1, "sent": 2}
    clock[0] += timedelta(minutes=20)
    assert 'level=info event="1 mail sent" job=outbox' in do("outbox", chores.deliver)
    assert states(config) == {State.SENT: 3}
    assert daemon.journal.errors == []


def test_a_receiver_that_failed_is_tried_again_though_no_source_is_due(config: Config) -> None:
    config = with_alert(config, 'command = ["sh", "-c", "cat > missing/got"]')
    clock = [NOW]
    daemon = Daemon(config, lambda _: Logs(Level.ERROR, as_json=False), clock=lambda: clock[0])
    assert chores.tell_alerts(daemon.config, NOW).waits
    (config.file.parent / "missing").mkdir()
    daemon._round()
    assert list((config.file.parent / "missing").iterdir()) == [], "it is not time"
    clock[0] += timedelta(minutes=2)
    daemon._round()
    assert (config.file.parent / "missing" / "got").exists()


def test_mail_that_waits_for_long_is_wrong(config: Config, server: Server) -> None:
    server.on["MAIL"] = "450 later"
    send(config, NOW)
    about = [[one for one in gather(config, NOW + timedelta(hours=h)).wrong if "mail" in one] for h in (1, 7)]
    assert about == [[], ["mail has been waiting for 7 h 0 min: `claims doctor` tells why"]]
