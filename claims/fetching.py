"""The scraper's client as the configuration wants it, and the process that reads what it fetched."""

from __future__ import annotations

from datetime import UTC, datetime

from claims.settings import Config
from scraper.client import Client, ClientSettings
from scraper.worker import Reader


def client_for(config: Config) -> Client:
    """A client with the configured manners; close it after use."""
    return Client(ClientSettings(**config.fetch.model_dump()))


def page_reader() -> Reader:
    """Reads pages in a process that is killed where a page hangs or exhausts it; close it after use."""
    return Reader()


def utc_now() -> datetime:
    """The time, as an aware instant in UTC."""
    return datetime.now(UTC)
