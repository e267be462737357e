"""A ledger with two articles, a configuration that names it, and the command line in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from claims import cli
from db.ledger import Ledger
from extractors.claim import Claim, Due, Evidence, Kind, Place, Quantity, Reason, Status
from scraper.article import Article, FetchState, Instant, Source

NOW = datetime(2024, 1, 20, 12, 0, tzinfo=UTC)
SOURCE = Source("cold-aisle", "http://127.0.0.1:9/en/feed.xml", "en")

SENTENCE = "Meta will have about 350,000 H100 chips by the end of 2024."
ENGLISH = Article(
    url="https://example.org/meta",
    title="Meta counts its chips",
    text=f"A first paragraph.\n\nNothing here yet. {SENTENCE} And more to come.\n\nThe end.",
    lang="en",
    published=Instant.of_day(date(2024, 1, 18)),
    source="cold-aisle",
)
GERMAN = Article(
    url="https://example.org/norvik",
    title="Norvik baut",
    text="Norvik Data investiert 1,4 Milliarden Euro in den Standort.",
    lang="de",
    published=Instant.of_day(date(2024, 3, 12)),
    source="serverhalle",
)


def evidence_of(article: Article, text: str) -> Evidence:
    start = article.text.index(text)
    return Evidence(start, start + len(text), text, Place.TEXT)


META = Claim(
    kind=Kind.DEPLOYMENT,
    subject="Meta",
    object="NVIDIA H100",
    quantity=Quantity(350_000, 350_000, "units", approx=True),
    due=Due(None, date(2024, 12, 31)),
    status=Status.PLANNED,
    evidence=(evidence_of(ENGLISH, SENTENCE),),
    speaker="Mark Zuckerberg",
    confidence=0.9,
    reasons=(Reason("kind", "cue", "will have", 0.8),),
)
NORVIK = Claim(
    kind=Kind.INVESTMENT,
    subject="Norvik Data",
    object=None,
    quantity=Quantity(1.4e9, 1.4e9, "EUR"),
    due=None,
    status=Status.ACTUAL,
    evidence=(evidence_of(GERMAN, GERMAN.text),),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command in this process; `stdin` is what it reads."""

    def call(*arguments: str, stdin: bytes = b"") -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = cli.run(list(arguments))
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with no configuration of the user's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLAIMS_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    return tmp_path


@pytest.fixture
def config(home: Path) -> Path:
    """A configuration of one source; the ledger is not there yet."""
    file = home / "config.toml"
    text = f'[[sources]]\nname = "{SOURCE.name}"\nurl = "{SOURCE.url}"\nlang = "en"\n'
    file.write_text(f'[store]\npath = "claims.db"\n\n[fetch]\nallow_hosts = ["127.0.0.1"]\n\n{text}')
    return file


@pytest.fixture
def ledger(config: Path) -> Path:
    """A ledger with the two articles and a claim of each: 1 is Meta's, 2 is Norvik's."""
    path = config.parent / "claims.db"
    with Ledger.open(path) as opened:
        opened.save_state(SOURCE, FetchState(checked=NOW, next_check=NOW, last_status="ok"))
        opened.store(ENGLISH, [META], extractor="1", now=NOW)
        opened.store(GERMAN, [NORVIK], extractor="1", now=NOW)
    return path
