"""Sends something to an address instead of reading it: one POST, nothing followed, little of the answer read.

The same guard as for reading: names are resolved here and only addresses of the public internet are connected
to, but for hosts that are opened by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit

from scraper import transport
from scraper.address import opened
from scraper.deadline import Deadline
from scraper.errors import FetchError
from scraper.httpdates import retry_after
from scraper.transport import GuardedConnection, tls_context
from scraper.urls import check

# Loading the roots of trust takes longer than a POST.
_context = cache(tls_context)
# Of an answer no more is read than says what is wrong.
_ENOUGH = 2_000  # bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said. `wish`: the seconds to stay away, where it named them; `text`: its beginning."""

    status: int
    text: str
    wish: float | None = None


def check_address(url: str) -> str:
    """The URL itself; raises RefusedAddress where nothing may be sent to such a one."""
    return check(url)


def place_of(url: str) -> str:
    """ "host:port" as `allowed` names it."""
    parts = urlsplit(check(url))
    return f"{parts.hostname}:{parts.port or {'http': 80}.get(parts.scheme, 443)}"


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, timeout: float, allowed: Iterable[str] = ()
) -> Answer:
    """The answer to one POST, redirects included. `timeout`: seconds for all of it. Raises FetchError."""
    deadline = Deadline(timeout)
    wait = dict.fromkeys(("connect", "read", "write"), timeout)
    sent = [
        (name.encode(), text.encode("latin-1", "replace"))
        for name, text in {**headers, "Connection": "close"}.items()
    ]
    with GuardedConnection(_context(), deadline, opened(allowed)) as connection:
        answer = connection.post(check(url), sent, wait, body)
        named = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in answer.headers}
        return Answer(answer.status, _beginning(answer), retry_after(named, datetime.now(UTC)))


def _beginning(answer: transport.Answer) -> str:
    """The first bytes of the answer as text. The status has been given: what breaks now changes nothing."""
    found = b""
    try:
        for piece in answer.body():
            found += piece
            if len(found) >= _ENOUGH:
                break
    except FetchError:
        return ""
    return found[:_ENOUGH].decode("utf-8", "replace")
