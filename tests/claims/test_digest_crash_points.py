"""SIGKILL at every named point of sending a digest; the next call goes on where it was.

Afterwards no reader's digest is lost: each was sent, or is known to be in doubt. None was sent twice, unless
the server had taken it before the crash, and somebody forced it: then with the same Message-ID.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from claims.digest.sending import Wish, send
from claims.settings import load
from db import digest_runs
from db.ledger import Ledger
from db.outbox import Mail, State
from tests.mail_server import Server, serve

from .crashing_mail import POINTS, SEAMS
from .mail_making import NOW, configured, fill, plain_mail

ROOT = Path(__file__).parents[2]
# Two who get theirs, one who is refused for good, one who is refused for now.
READERS = ("anna@example.org", "ben@example.org", "never@example.org", "later@example.org")
ANSWERS = {"never@example.org": "550 never", "later@example.org": "451 later"}
# How often an unbroken run passes each seam; once, where it is not said.
TIMES = {
    "mail_for": 4,
    "render": 4,
    "_offer": 4,
    "begin_sending": 2,
    "_finish": 2,
    "mark_sent": 2,
    "reset": 2,
}
# Two of these end in an error, so that there is nothing after them.
ENDED = {"after _offer": 2}
# From here to there nobody can tell whether the server has the mail.
IN_DOUBT = {"after begin_sending", "before _finish", "after _finish", "before mark_sent"}

Kill = Callable[[Path, str, int], int]


@pytest.fixture(scope="module")
def kill() -> Iterator[Kill]:
    command = [sys.executable, "-m", "tests.claims.crashing_mail"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]

        def order(config: Path, point: str, nth: int) -> int:
            print(config, point, nth, sep="\t", file=process.stdin, flush=True)
            return int(process.stdout.readline())

        yield order


@pytest.fixture(autouse=True)
def composed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.digest.sending.mail_for", plain_mail)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "claims.db"
    fill(path)
    return path


def start(folder: Path, template: Path, server: Server) -> Path:
    folder.mkdir()
    shutil.copy(template, folder / "claims.db")
    server.taken.clear()
    server.on["RCPT"] = lambda address: ANSWERS.get(address, "")
    return configured(folder, server.port, *READERS).file


def mails(config: Path) -> dict[str, Mail]:
    with Ledger.open(config.with_name("claims.db")) as ledger:
        assert ledger.integrity() == []
        found = digest_runs.runs(ledger)
        assert len(found) <= 1
        return {mail.recipient: mail for run in found for mail in digest_runs.mails(ledger, run.id)}


def check_nothing_lost_and_nothing_doubled(config: Path, server: Server) -> Counter[str]:
    """Goes on after a crash as cron would, then as a person would; returns how often each reader got it."""
    had = {mail.recipients[0] for mail in server.taken}
    server.on.clear()
    settings = load(config)
    send(settings, NOW + timedelta(hours=1))
    found = mails(config)
    assert set(found) == set(READERS)
    doubtful = {name for name, mail in found.items() if mail.state is State.UNKNOWN}
    got = Counter(mail.recipients[0] for mail in server.taken)
    for name, mail in found.items():
        assert mail.state in {State.SENT, State.FAILED, State.UNKNOWN}, "nothing is left lying"
        assert got[name] == 1 if mail.state is State.SENT else got[name] == (name in had), (
            "none twice unasked"
        )
    send(settings, NOW + timedelta(hours=2), Wish(force=True))
    found = mails(config)
    assert {mail.state for mail in found.values()} == {State.SENT}
    got = Counter(mail.recipients[0] for mail in server.taken)
    assert got == {name: 1 + (name in doubtful and name in had) for name in READERS}
    assert {mail.message_id for mail in server.taken} == {mail.message_id for mail in found.values()}
    assert len(set(server.ids())) == len(READERS)
    with Ledger.open(settings.ledger) as ledger:
        (run,) = digest_runs.runs(ledger)
        assert digest_runs.last_end(ledger) == run.end
    return got


def test_every_seam_is_passed(tmp_path: Path, template: Path, server: Server, kill: Kill) -> None:
    """As often as it is said here: none of the points below is missed by being named wrongly."""
    config = start(tmp_path / "x", template, server)
    assert kill(config, "never", 1) == 0
    assert [mails(config)[name].state for name in READERS] == [
        State.SENT,
        State.SENT,
        State.FAILED,
        State.RENDERED,
    ]
    assert set(check_nothing_lost_and_nothing_doubled(config, server).values()) == {1}


@pytest.mark.parametrize("seam", SEAMS)
def test_killed_at_every_point(tmp_path: Path, template: Path, server: Server, kill: Kill, seam: str) -> None:
    for when in ("before", "after"):
        point = f"{when} {seam}"
        last = ENDED.get(point, TIMES.get(seam, 1))
        for nth in {1, last}:
            config = start(tmp_path / f"{when}{nth}", template, server)
            assert kill(config, point, nth) == signal.SIGKILL, point
            states = {mail.state for mail in mails(config).values()}
            assert (State.SENDING in states) == (point in IN_DOUBT)
            check_nothing_lost_and_nothing_doubled(config, server)
        config = start(tmp_path / f"{when} more", template, server)
        assert kill(config, point, last + 1) == 0, f"{point} comes more often"


@pytest.mark.parametrize("second", ["after recover", "after begin_sending", "after _finish", "after render"])
def test_killed_while_it_goes_on(
    tmp_path: Path, template: Path, server: Server, kill: Kill, second: str
) -> None:
    config = start(tmp_path / "x", template, server)
    for point, nth in (("after begin", 1), ("before render", 2), ("after _finish", 1), (second, 1)):
        if kill(config, point, nth) == 0:
            break
    check_nothing_lost_and_nothing_doubled(config, server)


def test_the_points_are_those_of_the_seams() -> None:
    assert set(POINTS) >= IN_DOUBT
