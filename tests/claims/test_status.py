"""What `claims status`, /healthz and /metrics tell; and the daily housekeeping."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from claims import listening
from claims.chores import HousekeepingFailed, backups, keep_house
from claims.errors import ConfigError
from claims.journal import Journal, journal_of, read_journal
from claims.lock import daemon_lock, round_lock
from claims.settings import Config, load
from claims.status import Status, gather, metrics
from db.ledger import Ledger
from scraper.article import FetchState
from tests.claims.conftest import SOURCE, Run

NOW = datetime.now(UTC).replace(microsecond=0)


def lived(ledger: Path, **changes: object) -> None:
    """A round ended a minute ago, and the source was asked in it."""
    usual = {"checked": NOW, "next_check": NOW + timedelta(hours=1), "last_status": "ok"}
    with Ledger.open(ledger) as opened:
        number = opened.start_round(NOW - timedelta(minutes=1))
        opened.finish_round(number, now=NOW, articles=2, claims=2, errors=0)
        opened.save_state(SOURCE, FetchState(**(usual | changes)))  # type: ignore[arg-type]


def test_all_is_well(ledger: Path, run: Run) -> None:
    lived(ledger)
    answer = run("status")
    assert answer.code == 0
    assert answer.out.splitlines()[-1] == "all is well"
    told = {name: text.strip() for name, _, text in (row.partition("  ") for row in answer.out.splitlines())}
    assert (told["daemon"], told["sources"]) == ("does not run", "1 ok")
    assert told["ledger"].startswith("2 articles, 2 claims")
    record = json.loads(run("status", "--json").out)
    assert (record["healthy"], record["wrong"], record["daemon"]) == (True, [], None)
    assert record["last_round"]["articles"] == 2


def wrong(config: Path) -> list[str]:
    return gather(load(config), NOW + timedelta(minutes=1)).wrong


def test_no_ledger_yet(config: Path, run: Run) -> None:
    answer = run("status")
    assert answer.code == 3
    assert "wrong: there is no ledger at" in answer.out
    assert not (config.parent / "claims.db").exists()


def test_a_ledger_that_is_none(config: Path) -> None:
    (config.parent / "claims.db").write_bytes(b"something else" * 500)
    assert "is not a database" in wrong(config)[0] or "damaged" in wrong(config)[0]


def test_sources_that_fail(config: Path, ledger: Path) -> None:
    lived(ledger, failures=2.0, last_status="http 503")
    assert wrong(config) == ["1 of 1 sources fail: `claims sources` tells why"]
    text = config.read_text()
    more = "".join(f'[[sources]]\nname = "s{n}"\nurl = "http://127.0.0.{n}/f"\nlang = "en"\n' for n in "234")
    config.write_text(text + more)
    assert wrong(config) == []  # one of four is an everyday matter


def test_nobody_asks_the_sources(config: Path, ledger: Path) -> None:
    lived(ledger, next_check=NOW - timedelta(days=1))
    assert wrong(config) == []
    late = gather(load(config), NOW + timedelta(hours=5)).wrong
    assert "sources are due, but the last round was 5 h 1 min ago" in late[0]
    with round_lock(ledger):
        assert gather(load(config), NOW + timedelta(hours=5)).wrong == []
        assert (
            "has been running for 13 h"
            in gather(load(config), datetime.now(UTC) + timedelta(hours=13, minutes=1)).wrong[0]
        )


def test_a_job_that_fails_counts_only_while_a_daemon_runs(config: Path, ledger: Path, run: Run) -> None:
    lived(ledger)
    journal = Journal(1, NOW)
    journal.failed("digest", NOW, 0.5, "the server says no")
    journal.save(journal_of(ledger))
    assert wrong(config) == []
    with daemon_lock(ledger):
        assert wrong(config) == ["the job 'digest' fails: the server says no"]
        assert "digest: the server says no" in run("status").out
    journal.done("digest", NOW, 0.5)
    journal.save(journal_of(ledger))
    with daemon_lock(ledger):
        assert wrong(config) == []


def test_mail_that_was_refused(config: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(ledger)
    from claims import status  # noqa: PLC0415  the module that is patched

    seen = replace(status.overview(ledger), outbox={"sent": 4, "failed": 1, "unknown": 2})
    monkeypatch.setattr(status, "overview", lambda path: seen)
    assert [line.partition(":")[0] for line in wrong(config)] == [
        "1 mails in the outbox are failed",
        "2 mails in the outbox are unknown",
    ]


def test_a_journal_that_is_none_of_ours(tmp_path: Path) -> None:
    for text in ("", "[]", '{"jobs": 3}', '{"process": 1, "started": "x", "jobs": {}, "errors": []}'):
        (tmp_path / "journal").write_text(text)
        assert read_journal(tmp_path / "journal") is None


def test_a_journal_comes_back_as_it_was(tmp_path: Path) -> None:
    journal = Journal(7, NOW)
    journal.done("round", NOW, 1.5)
    for number in range(12):
        journal.failed("digest", NOW, 0.1, f"failure {number}")
    journal.coming({"round": NOW, "digest": None})
    journal.save(tmp_path / "journal")
    assert read_journal(tmp_path / "journal") == journal
    assert next(text for _, _, text in journal.errors) == "failure 2"


# Over the network


@pytest.fixture
def status(config: Path, ledger: Path) -> Status:
    lived(ledger)
    return gather(load(config), NOW)


@pytest.fixture
def port(status: Status) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = int(probe.getsockname()[1])
    with listening.serve(f"127.0.0.1:{free}", lambda: status):
        yield free


def asked(port: int, request: str) -> str:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request.encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def test_healthz(port: int, status: Status) -> None:
    answer = asked(port, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith("HTTP/1.1 200 OK\r\n")
    assert answer.endswith("\r\n\r\nok\n")
    status.wrong.append("a sentence that nobody outside shall read")
    answer = asked(port, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith("HTTP/1.1 503 ")
    assert answer.endswith("\r\n\r\nwrong 1\n")


def test_metrics_are_numbers_in_the_format_of_prometheus(port: int, status: Status) -> None:
    head, _, body = asked(port, "GET /metrics?x=1 HTTP/1.1\r\nHost: x\r\n\r\n").partition("\r\n\r\n")
    assert "Content-Type: text/plain; version=0.0.4" in head
    assert body == metrics(status)
    line = re.compile(r"# (HELP|TYPE) claims_\w+ [\w ,']+|claims_\w+(\{\w+=\"[\w -]+\"\})? [0-9.e+-]+")
    assert [each for each in body.splitlines() if not line.fullmatch(each)] == []
    assert 'claims_sources{state="ok"} 1' in body
    assert "claims_articles 2" in body
    assert SOURCE.name not in body


@pytest.mark.parametrize(
    ("request_text", "answer"),
    [
        ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found"),
        ("GET /../etc/passwd HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found"),
        ("POST /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed"),
        ("HEAD /healthz HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK"),
        ("nonsense\r\n\r\n", ""),
    ],
)
def test_other_requests(port: int, request_text: str, answer: str) -> None:
    assert asked(port, request_text).partition("\r\n")[0] == answer


def test_who_talks_without_end_or_says_nothing_holds_up_nobody(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_PATIENCE", 0.2)
    with ExitStack() as held:
        for _ in range(3):
            held.enter_context(socket.create_connection(("127.0.0.1", port)))
        talker = held.enter_context(socket.create_connection(("127.0.0.1", port)))
        talker.sendall(b"GET /" + b"a" * 20_000)
        assert "200 OK" in asked(port, "GET /healthz HTTP/1.1\r\n\r\n")


@pytest.mark.parametrize(
    ("listen", "said"),
    [("0.0.0.0:9464", "other machines"), ("9464", "an address and a port"), ("127.evil.example:1", "other")],
)
def test_where_it_must_not_listen(config: Path, listen: str, said: str) -> None:
    config.write_text(f'{config.read_text()}\n[daemon]\nlisten = "{listen}"\n')
    with pytest.raises(ConfigError, match=said):
        load(config)


def test_where_it_may_listen(config: Path) -> None:
    text = config.read_text()
    for listen in ('"[::1]:9464"', '"localhost:1"', '"0.0.0.0:1"\nlisten_beyond_loopback = true'):
        config.write_text(f"{text}\n[daemon]\nlisten = {listen}\n")
        load(config)


# Housekeeping


@pytest.fixture
def settings(config: Path, ledger: Path) -> Config:
    more = '[daemon]\nbackups = 3\nzone = "Asia/Kolkata"\n[archive]\nkeep_days = 2\n'
    config.write_text(config.read_text() + more)
    return load(config)


def test_daily_copies_are_kept_up_to_their_number(settings: Config) -> None:
    other = settings.backup_folder / "claims-by-hand.db"
    other.parent.mkdir()
    other.write_text("")
    evening = datetime(2026, 3, 1, 20, tzinfo=UTC)  # in India the next day has begun
    for day in range(5):
        keep_house(settings, evening + timedelta(days=day))
        keep_house(settings, evening + timedelta(days=day))
    names = [f"claims-daily-{date(2026, 3, day)}.db" for day in (4, 5, 6)]
    assert [path.name for path in backups(settings)] == names
    assert other.exists()
    with Ledger.open(backups(settings)[-1]) as copy:
        assert copy.counts().articles == 2


def test_old_pages_go_although_nothing_new_comes(settings: Config) -> None:
    folder = settings.archive_folder
    folder.mkdir()
    today = datetime.now(UTC).date()
    for days in (9, 1):
        (folder / f"claims-{today - timedelta(days=days):%Y%m%d}-00001.warc.gz").write_bytes(b"x")
    keep_house(settings, datetime.now(UTC))
    assert len(list(folder.iterdir())) == 1


def test_one_part_that_fails_keeps_none_of_the_others(settings: Config, run: Run) -> None:
    settings.backup_folder.write_text("a file where the folder should be")
    folder = settings.archive_folder
    folder.mkdir()
    (folder / "claims-20200101-00001.warc.gz").write_bytes(b"x")
    with pytest.raises(HousekeepingFailed, match=r"^backup: "):
        keep_house(settings, datetime.now(UTC))
    assert list(folder.iterdir()) == []
    answer = run("housekeeping")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("claims: backup: ")


def test_housekeeping_says_nothing_when_all_is_well(settings: Config, run: Run) -> None:
    answer = run("housekeeping")
    assert (answer.code, answer.out, answer.err) == (0, "", "")


def test_housekeeping_before_the_first_round(config: Path, run: Run) -> None:
    answer = run("housekeeping")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert not (config.parent / "claims.db").exists()
