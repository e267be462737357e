"""A signal ends the daemon's waiting whenever it comes, also where nothing interrupts the wait itself."""

from __future__ import annotations

import ctypes
import signal
import threading
from pathlib import Path

import pytest

from claims import daemon as module
from claims.daemon import Daemon
from claims.logs import Logs
from claims.progress import Level
from claims.settings import load

PATIENCE = 30.0


def idle(config: Path, monkeypatch: pytest.MonkeyPatch) -> Daemon:
    """A daemon that has nothing to do, so that it only waits, and for longer than the test does."""
    monkeypatch.setattr(module, "_LONGEST_WAIT", 2 * PATIENCE)
    made = Daemon(load(config), lambda _: Logs(Level.ERROR, as_json=False))
    made._jobs = []
    return made


def test_a_signal_between_the_look_and_the_wait_is_heard(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the signal had come just before the wait: the interpreter knows of it, no system call ends."""
    running, waited, ended = idle(config, monkeypatch), threading.Event(), threading.Event()
    late: list[bool] = []

    def come() -> None:
        waited.wait(PATIENCE)
        ctypes.pythonapi.PyErr_SetInterruptEx(signal.SIGTERM)
        if not ended.wait(PATIENCE):
            late.append(True)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)  # so that the test ends

    wait = running._wait

    def waiting(seconds: float) -> None:
        threading.Timer(0.2, waited.set).start()
        wait(seconds)

    monkeypatch.setattr(running, "_wait", waiting)
    sender = threading.Thread(target=come)
    sender.start()
    running.run()
    ended.set()
    sender.join()
    assert not late


def test_what_was_set_for_others_is_put_back(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running, before = idle(config, monkeypatch), signal.getsignal(signal.SIGTERM)
    running._brake.pull()
    running.run()
    assert signal.getsignal(signal.SIGTERM) is before
    assert signal.set_wakeup_fd(-1) == -1
