"""The scraper's client as the configuration wants it."""

from __future__ import annotations

from datetime import UTC, datetime

from claims.settings import Config
from scraper.client import Client, ClientSettings


def client_for(config: Config) -> Client:
    """A client with the configured manners; close it after use."""
    return Client(ClientSettings(**config.fetch.model_dump()))


def utc_now() -> datetime:
    """The time, as an aware instant in UTC."""
    return datetime.now(UTC)
