"""The scraper's records: what a source is, what a page was, what an article says.

Standard library only, so that every other package may use them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class SourceKind(StrEnum):
    """How a source lists its articles; "auto" is told from what it answers."""

    AUTO = "auto"
    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"


class Precision(StrEnum):
    """How exactly an instant is known."""

    DAY = "day"
    MINUTE = "minute"


class Origin(StrEnum):
    """Where an instant was read, best first."""

    JSON_LD = "json-ld"
    META = "meta"
    TIME_TAG = "time"
    FEED = "feed"
    HEURISTIC = "heuristic"
    GIVEN = "given"
    FIRST_SEEN = "first-seen"


@dataclass(frozen=True, slots=True)
class Source:
    """One place that lists articles. `interval` is the wish in minutes between two polls.

    `select` is the CSS selector of the links on a plain page; empty for every other kind.
    """

    name: str
    url: str
    lang: str
    zone: str = "UTC"
    interval: int = 60
    kind: SourceKind = SourceKind.AUTO
    enabled: bool = True
    select: str = ""


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment in UTC, with what was read, how exact it is, and the zone in which its day is counted."""

    at: datetime
    original: str
    precision: Precision
    origin: Origin
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {self.at!r}")

    @property
    def day(self) -> date:
        """The calendar day at the place of publication: what "this year" or "tomorrow" is counted from."""
        return self.at.astimezone(ZoneInfo(self.zone)).date()

    @classmethod
    def of_day(cls, day: date, origin: Origin = Origin.GIVEN) -> Instant:
        """A whole day, as given by a person or a gold file."""
        at = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return cls(at, day.isoformat(), Precision.DAY, origin)


@dataclass(frozen=True, slots=True)
class Page:
    """What the web answered. `url` is where the redirects ended; header names are lower-case.

    `status` is 200 to 299, or 304 with an empty body. `hops` are the redirects followed: status and URL left.
    """

    url: str
    status: int
    body: bytes
    fetched: datetime
    headers: dict[str, str] = field(default_factory=dict)
    hops: tuple[tuple[int, str], ...] = ()

    @property
    def not_modified(self) -> bool:
        """The server says that nothing changed since the validators we sent."""
        return self.status == 304

    @property
    def content_type(self) -> str:
        """The media type, lower-case, without parameters; empty where the server named none."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The encoding that the server named, if any."""
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.partition("=")
            if name.strip().lower() == "charset":
                return value.strip(" \"'") or None
        return None


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says: plain text, paragraphs separated by a blank line; the title stands apart.

    `url` identifies the article (canonical where the page names one); a file's is its `file:` URL.
    `lang` is an ISO 639-1 code. `paywalled`: the page shows only the beginning, as far as it says so.
    """

    url: str
    title: str
    text: str
    lang: str
    published: Instant | None = None
    source: str = ""
    authors: tuple[str, ...] = ()
    fetched_url: str = ""
    paywalled: bool = False

    @property
    def digest(self) -> str:
        """Changes when title or text change: a changed article is a new version, not a new article."""
        return hashlib.sha256(f"{self.title}\0{self.text}".encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class FetchState:
    """What the scraper must remember of a source between two polls; handed in and handed back.

    `failures` is a weight, not a count: 1 for a permanent failure, 0.5 soft, 0.25 temporary.
    """

    etag: str | None = None
    last_modified: str | None = None
    checked: datetime | None = None
    next_check: datetime | None = None
    failures: float = 0.0
    last_status: str = ""
    last_message: str = ""
    last_success: datetime | None = None
    body_digest: str | None = None
    extra: dict[str, str] = field(default_factory=dict)
