from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from claims.errors import InputError, RoundLocked
from claims.lock import _held_by, daemon_lock, holder, round_lock, round_lock_of, span

HOLD = """
import sys, time
from pathlib import Path
from claims.lock import round_lock
with round_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_round_is_told_who_is_at_work(tmp_path: Path) -> None:
    store = tmp_path / "claims.db"
    told = pytest.raises(RoundLocked, match=rf"process {os.getpid()}\).* for \d+ s")
    with round_lock(store), told, round_lock(store):
        pytest.fail("two rounds at once")


def test_the_lock_is_free_afterwards_also_after_an_error(tmp_path: Path) -> None:
    store = tmp_path / "deep" / "claims.db"
    with pytest.raises(ZeroDivisionError), round_lock(store):
        raise ZeroDivisionError
    with round_lock(store):
        assert store.with_name("claims.db.lock").read_text().startswith(f"{os.getpid()} 20")


def test_a_killed_round_leaves_no_lock(tmp_path: Path) -> None:
    store = tmp_path / "claims.db"
    root = Path(__file__).parents[2]
    arguments = [sys.executable, "-c", HOLD, str(store)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, env=environment) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(RoundLocked, match=str(other.pid)), round_lock(store):
            pytest.fail("two rounds at once")
        other.send_signal(signal.SIGKILL)
        other.wait()
    with round_lock(store):
        assert store.with_name("claims.db.lock").exists()


def test_a_place_where_no_lock_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot lock"), round_lock(tmp_path / "file" / "claims.db"):
        pytest.fail("locked inside a file")


@pytest.mark.parametrize("note", ["", "12", "12 yesterday", "\x00\x00", "12 2024-01-01T00:00:00"])
def test_an_unreadable_note(note: str) -> None:
    assert _held_by(note) == "another round is running; this one did nothing"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7260, "2 h 1 min"), (273_600, "3 d 4 h"), (-5, "0 s")],
)
def test_spans(seconds: int, said: str) -> None:
    assert span(timedelta(seconds=seconds)) == said


def test_who_holds_a_lock_can_be_asked_without_taking_it(tmp_path: Path) -> None:
    store = tmp_path / "claims.db"
    assert holder(round_lock_of(store)) is None
    with round_lock(store):
        held = holder(round_lock_of(store))
        assert held is not None
        assert held.process == os.getpid()
        assert held.since is not None
    assert holder(round_lock_of(store)) is None


def test_a_daemon_and_a_round_do_not_shut_each_other_out(tmp_path: Path) -> None:
    store = tmp_path / "claims.db"
    told = pytest.raises(RoundLocked, match=rf"a daemon \(process {os.getpid()}\) has been running .* \d+ s")
    with daemon_lock(store), round_lock(store), told, daemon_lock(store):
        pytest.fail("two daemons at once")
