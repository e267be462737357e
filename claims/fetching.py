"""The scraper's client as the configuration wants it, and the process that reads what it fetched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from claims.settings import Config
from claims.terminal import say
from claims.wording import counted
from scraper.archive import Archive, ArchiveSettings
from scraper.client import Client, ClientSettings
from scraper.collect import heard
from scraper.worker import Reader


def client_for(config: Config, archive: Archive | None = None) -> Client:
    """A client with the configured manners, which hands its pages to the archive; close it after use.

    It leaves alone the hosts that asked an earlier round for silence (R2, R5).
    """
    settings = ClientSettings(**config.fetch.model_dump())
    client = Client(settings, recorder=archive.record if archive else None)
    client.hold(_silent_hosts(config))
    return client


def _silent_hosts(config: Config) -> dict[str, datetime]:
    """What the ledger remembers; nothing where there is none, or one whose faults others will tell."""
    from db.errors import LedgerError
    from db.ledger import Ledger

    if not config.ledger.exists():
        return {}
    try:
        with Ledger.open(config.ledger) as ledger:
            return heard(state for _, state in ledger.states().values())
    except LedgerError:
        return {}


@contextmanager
def archive_for(config: Config) -> Iterator[Archive | None]:
    """The configured archive, None where it is off. Says at the end what kept it from keeping pages."""
    if not config.archive.enabled:
        yield None
        return
    section = config.archive
    settings = ArchiveSettings(
        config.archive_folder,
        max_file=section.max_file_mb * 1_000_000,
        max_total=section.max_total_mb * 1_000_000,
        keep_days=section.keep_days,
        agent=ClientSettings(user_agent=config.fetch.user_agent, contact=config.fetch.contact).agent,
    )
    with Archive(settings) as archive:
        yield archive
    if archive.trouble:
        say(f"claims: {archive.trouble}")
    if archive.unkept:
        say(f"claims: {counted(len(archive.unkept), 'page')} could not be archived: {archive.unkept[0]}")


def page_reader() -> Reader:
    """Reads pages in a process that is killed where a page hangs or exhausts it; close it after use."""
    return Reader()


def utc_now() -> datetime:
    """The time, as an aware instant in UTC."""
    return datetime.now(UTC)
