"""The sections of the configuration that say what is read, how, and where it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from claims.config import DEFAULT_STORE
from claims.section import Language, Section, Zone
from scraper.article import Source, SourceKind


class StoreSection(Section):
    """Where the ledger is, and for how many days it keeps full texts; not said, for good."""

    path: Path = Path(DEFAULT_STORE)
    # Copies of an article are recognised by its text for some days, so that a week is the least.
    keep_text_days: int | None = Field(default=None, ge=7, le=36_500)


class FetchSection(Section):
    """How the scraper behaves towards the sites. Times in seconds, sizes in bytes."""

    user_agent: str = Field(default="claims-monitor/0.1", min_length=1, pattern=r"^[ -~]+$")
    contact: str = Field(default="", pattern=r"^[ -~]*$")
    min_gap: float = Field(default=1.0, ge=0, le=3600)
    connect_timeout: float = Field(default=10.0, gt=0, le=300)
    read_timeout: float = Field(default=15.0, gt=0, le=300)
    deadline: float = Field(default=30.0, gt=0, le=600)
    max_body: int = Field(default=8_000_000, ge=1_000, le=100_000_000)
    max_feed: int = Field(default=8_000_000, ge=1_000, le=100_000_000)
    allow_hosts: tuple[str, ...] = ()
    shared_hosts: tuple[str, ...] = ()


class RoundSection(Section):
    """How a round goes. `source_time`: the most seconds that reading one source may take of it."""

    parallel: int = Field(default=8, ge=1, le=64)
    source_time: float = Field(default=900.0, ge=1, le=86_400)
    log_json: bool = False


class ArchiveSection(Section):
    """What is kept of the pages as they came. Sizes in megabytes on disk; a day is counted from the fetch."""

    enabled: bool = True
    path: Path = Path("archive")
    max_file_mb: int = Field(default=50, ge=1, le=10_000)
    max_total_mb: int = Field(default=5_000, ge=1, le=10_000_000)
    keep_days: int = Field(default=90, ge=1, le=36_500)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.max_file_mb > self.max_total_mb:
            raise ValueError("max_file_mb is more than max_total_mb: not one file would fit")
        return self


class SourceSection(Section):
    """One `[[sources]]` entry. `interval` in minutes: the wish between two polls."""

    name: str = Field(min_length=1, max_length=60, pattern=r"^[\w.-]+$")
    url: str
    lang: Language
    zone: Zone = "UTC"
    interval: int = Field(default=60, ge=5, le=10_080)
    enabled: bool = True
    kind: SourceKind = SourceKind.AUTO
    select: str = ""
    title: str = ""
    folder: str = ""
    home: str = ""

    @field_validator("url")
    @classmethod
    def _is_web(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"must be an http or https address, not {url!r}")
        if parts.username or parts.password:
            raise ValueError("must not hold a user name or password")
        return url

    @field_validator("select")
    @classmethod
    def _is_selector(cls, select: str) -> str:
        if select:
            from scraper.listings import check_selector

            try:
                check_selector(select)
            except ValueError as error:
                raise ValueError(f"{select!r} is no CSS selector: {error}") from None
        return select

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.kind is SourceKind.LISTING and not self.select:
            raise ValueError("kind 'listing' needs select, the CSS selector of the links")
        if self.select and self.kind not in {SourceKind.LISTING, SourceKind.AUTO}:
            raise ValueError(f"select is for web pages, not for kind {str(self.kind)!r}")
        return self

    def source(self) -> Source:
        """The same as the scraper's record, without what only people want to know."""
        return Source(**self.model_dump(exclude={"title", "folder", "home"}))
