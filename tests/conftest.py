"""What every test lives under: nothing leaves this machine."""

from __future__ import annotations

import ipaddress
import signal
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.loopback import Site, serve

# The same examples each time and no clock: a busy machine must not fail a test, nor luck decide.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

# A shell that starts the tests in the background makes them, and the commands that they start, deaf to
# Ctrl-C: a test of it would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.split("%", maxsplit=1)[0]).is_loopback
    except ValueError:
        return host in {"localhost", ""}


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that connects beyond loopback, also when the code under test swallows the refusal.

    Names other than localhost do not resolve, so that no test asks a name server either.
    """
    reached: list[str] = []
    real = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex")}
    resolve = socket.getaddrinfo

    def checked(name: str) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_loopback(str(address[0])):
                reached.append(f"{address[0]}:{address[1]}")
                raise ConnectionRefusedError(f"a test may not connect to {address[0]}")
            return real[name](self, address)

        return connect

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        if not _is_loopback(name) and not _is_address(name):
            raise socket.gaierror(socket.EAI_NONAME, f"a test may not resolve {name}")
        return resolve(host, *arguments, **options)

    for name in real:
        monkeypatch.setattr(socket.socket, name, checked(name))
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield
    assert not reached, f"the test connected beyond loopback: {', '.join(reached)}"


def _is_address(name: str) -> bool:
    """Numbers in any spelling that the system's resolver takes, such as 2130706433: no server is asked."""
    try:
        ipaddress.ip_address(name.split("%", maxsplit=1)[0])
    except ValueError:
        try:
            socket.inet_aton(name)
        except OSError:
            return False
    return True


@pytest.fixture
def site() -> Iterator[Site]:
    """A server on a free port of this machine, empty until the test gives it routes."""
    with serve() as running:
        yield running
