"""What the scraper's tests share: a client that may talk to the loopback site, and a page to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from scraper.client import Client, ClientSettings

SENTENCE = (
    "Das Beispielwerk will bis Ende 2027 rund {0}.000 Beschleuniger in seinem neuen Rechenzentrum bei "
    "Musterstadt aufstellen, wie die Leitung des Unternehmens am Dienstag mitteilte."
)


@pytest.fixture
def client_for() -> Iterator[Callable[..., Client]]:
    """Makes clients that open 127.0.0.1 and do not wait between requests, unless told otherwise."""

    def make(**changes: object) -> Client:
        settings = {"min_gap": 0.0, "deadline": 5.0, "allow_hosts": ("127.0.0.1",), **changes}
        return Client(ClientSettings(**settings))  # type: ignore[arg-type]

    yield make


@pytest.fixture
def client(client_for: Callable[..., Client]) -> Client:
    return client_for()


def article_html(
    title: str = "Beispielwerk plant Rechenzentrum", head: str = "", paragraphs: int = 5, lang: str = "de"
) -> str:
    """A news page of our own making."""
    text = "".join(f"<p>{SENTENCE.format(number + 3)}</p>" for number in range(paragraphs))
    return (
        f"<!doctype html><html lang='{lang}'><head><title>{title} | Probeblatt</title>{head}</head>"
        f"<body><nav><a href='/'>Start</a></nav><article><h1>{title}</h1>{text}</article></body></html>"
    )
