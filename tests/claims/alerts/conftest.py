"""Alerts in tests: articles that tell a claim, a webhook on loopback, a configuration with one alert."""

from __future__ import annotations

import http.server
import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from claims.settings import Config, load
from db.alerts import standings
from db.ledger import Ledger
from extractors.claim import Claim, Evidence, Place, Status
from scraper.article import Article, Instant
from tests.claims.conftest import META
from tests.loopback import send

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  the specification's example
Reply = Callable[[http.server.BaseHTTPRequestHandler], None]


def told(number: int, amount: float = 350_000, status: Status = Status.PLANNED) -> tuple[Article, Claim]:
    """An article of its own that tells a claim."""
    text = f"Article {number}: Meta will have {amount:.0f} H100."
    article = Article(
        url=f"https://example.org/{number}",
        title=f"Title {number}",
        text=text,
        lang="en",
        published=Instant.of_day(date(2026, 11, 19)),
        source="cold-aisle",
    )
    assert META.quantity is not None
    return article, replace(
        META,
        quantity=replace(META.quantity, low=amount, high=amount),
        status=status,
        evidence=(Evidence(0, len(text), text, Place.TEXT),),
    )


def store(ledger: Ledger, *told_claims: tuple[Article, Claim]) -> None:
    for article, claim in told_claims:
        ledger.store(article, [claim], extractor="1", now=NOW)


@dataclass
class Hook:
    """A webhook on loopback: what came in, and what it answers, one reply after the other."""

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        return [json.loads(body)["data"]["sentence"] for _, body in self.got]


def answer(status: int, body: bytes = b"", **headers: str) -> Reply:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return lambda handler: send(handler, status, named, body)


@pytest.fixture
def hook() -> Iterator[Hook]:
    found = Hook()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): text for name, text in self.headers.items()}, body))
            (found.replies.pop(0) if found.replies else answer(204))(self)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Quiet."""

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up early is wanted."""

    with Server(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/in"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join(5)


Make = Callable[..., Config]


@pytest.fixture
def make(config: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A configuration with one alert about Meta's H100; its keys are TOML values."""
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    plain = config.read_text("utf-8")

    def made(**keys: object) -> Config:
        values = {"name": "chips", "search": "company:meta product:h100", **keys}
        if "webhook" in values:
            values = {"secret_env": "HOOK_SECRET", "private": True, **values}
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())
        config.write_text(f"{plain}\n[[alerts]]\n{lines}", encoding="utf-8")
        return load(config)

    return made


@pytest.fixture
def opened(config: Path) -> Iterator[Ledger]:
    with Ledger.open(config.parent / "claims.db") as ledger:
        yield ledger


def states(config: Config) -> dict[str, int]:
    found = standings(config.ledger)
    names = ("waiting", "done", "failed", "gone")
    return {name: n for name in names if (n := sum(getattr(each, name) for each in found))}


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def command(code: str) -> list[str]:
    return [sys.executable, "-c", code]
