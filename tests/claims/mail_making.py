"""A ledger with something to say, and a configuration that sends it to two readers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from claims.digest.window import Window
from claims.settings import Config, load
from db.ledger import Ledger
from extractors.claim import Claim, Evidence, Kind, Quantity, Status
from scraper.article import Article, Instant

# A Wednesday: the week that is over is 2026-W46, 9 to 15 November, the next one W47.
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
NEXT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
READERS = ("anna@example.org", "ben@example.org")


def article(number: int, day: date) -> Article:
    text = f"Acme will buy {number},000 machines."
    url = f"https://www.example.org/{number}"
    return Article(url, f"Acme {number}", text, "en", published=Instant.of_day(day), source="s")


def claim(one: Article, number: int) -> Claim:
    """Each of other goods, so that no two say the same."""
    return Claim(
        kind=Kind.ORDER,
        subject="Acme",
        object=f"Machine X{number}00",
        quantity=Quantity(number * 1000.0, number * 1000.0, "units"),
        due=None,
        status=Status.PLANNED,
        evidence=(Evidence(0, len(one.text), one.text),),
    )


def fill(path: Path, *days: date) -> None:
    """An article with a claim on each day."""
    with Ledger.open(path) as ledger:
        for number, day in enumerate(days or (date(2026, 11, 10), date(2026, 11, 19)), 1):
            one = article(number, day)
            at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            ledger.store(one, [claim(one, number)], extractor="1", now=at)


def configured(folder: Path, port: int, *readers: str, mail: str = "", digest: str = "") -> Config:
    """The configuration in that folder, its ledger claims.db beside it."""
    entries = "".join(f'[[digest.recipients]]\naddress = "{one}"\n' for one in readers or READERS)
    file = folder / "config.toml"
    server = f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "claims@example.org"\n'
    file.write_text(f'{server}{mail}\n[digest]\nzone = "Europe/Berlin"\n{digest}\n{entries}')
    return load(file)


def plain_mail(
    config: Config, period: Window, address: str, recipient: object, identity: str, now: datetime
) -> bytes:
    """A digest that takes no time to compose."""
    return f"To: {address}\r\nMessage-ID: {identity}\r\n\r\nOf {period.start} to {period.end}.\r\n".encode()
