"""The guard itself: a test that leaves this machine fails, also when the code under test hides it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
REACHING = """
import socket
from tests.conftest import only_loopback

def test_reaching():
    try:
        socket.create_connection(({address!r}, 80), timeout=0.2)
    except OSError:
        pass
"""


@pytest.mark.parametrize(
    ("address", "reached"), [("192.0.2.1", True), ("2001:db8::1", True), ("127.0.0.1", False)]
)
def test_the_guard_sees_hidden_connections(tmp_path: Path, address: str, reached: bool) -> None:
    (tmp_path / "test_reaching.py").write_text(REACHING.format(address=address))
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode != 0) is reached, run.stdout
    assert ("beyond loopback" in run.stdout) is reached
