"""What the configuration may hold, and every mistake in it named at once, by its path in the file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from claims.config import DEFAULT_STORE, beside, find, read
from claims.errors import ConfigError, InputError
from scraper.article import Source, SourceKind


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoreSection(_Section):
    """Where the ledger is, and for how many days it keeps full texts; not said, for good."""

    path: Path = Path(DEFAULT_STORE)
    # Copies of an article are recognised by its text for some days, so that a week is the least.
    keep_text_days: int | None = Field(default=None, ge=7, le=36_500)


class FetchSection(_Section):
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


class RoundSection(_Section):
    """How a round goes. `source_time`: the most seconds that reading one source may take of it."""

    parallel: int = Field(default=8, ge=1, le=64)
    source_time: float = Field(default=900.0, ge=1, le=86_400)
    log_json: bool = False


class ArchiveSection(_Section):
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


class SourceSection(_Section):
    """One `[[sources]]` entry. `interval` in minutes: the wish between two polls."""

    name: str = Field(min_length=1, max_length=60, pattern=r"^[\w.-]+$")
    url: str
    lang: str
    zone: str = "UTC"
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

    @field_validator("lang")
    @classmethod
    def _has_words(cls, lang: str) -> str:
        from extractors.languages.lexicon import available

        if lang not in available():
            raise ValueError(f"there are no words for {lang!r}; known languages: {', '.join(available())}")
        return lang

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{zone!r} is no time zone such as Europe/Berlin") from None
        return zone

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


def section_of(values: dict[str, Any]) -> SourceSection:
    """One entry from values that a person gave; raises InputError with all mistakes."""
    try:
        return SourceSection.model_validate(values)
    except ValidationError as error:
        mistakes = [_mistake(detail, values) for detail in error.errors()]
        raise InputError("; ".join(mistake.removeprefix(": ") for mistake in mistakes)) from None


class Config(_Section):
    """The whole file; `file` is where it was read."""

    store: StoreSection = StoreSection()
    fetch: FetchSection = FetchSection()
    round: RoundSection = RoundSection()
    archive: ArchiveSection = ArchiveSection()
    sources: tuple[SourceSection, ...] = ()
    _file: Path = Path()

    @property
    def file(self) -> Path:
        """Where the configuration was read."""
        return self._file

    @property
    def ledger(self) -> Path:
        """The ledger's path, made absolute."""
        return beside(self._file, self.store.path)

    @property
    def archive_folder(self) -> Path:
        """The archive's folder, made absolute."""
        return beside(self._file, self.archive.path)


def load(flag: Path | None = None) -> Config:
    """The checked configuration; raises ConfigError with all mistakes, one a line."""
    path = find(flag).absolute()
    return checked(read(path), path)


def checked(data: dict[str, Any], path: Path) -> Config:
    """The same of a file's tables that are at hand already."""
    mistakes = _repeated(data)
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        mistakes = [_mistake(detail, data) for detail in error.errors()] + mistakes
    if mistakes:
        raise ConfigError(
            "\n".join([f"{path}: {_count(len(mistakes))}", *(f"  {line}" for line in mistakes)])
        )
    config._file = path
    return config


def _count(number: int) -> str:
    return "1 mistake" if number == 1 else f"{number} mistakes"


def _repeated(data: dict[str, Any]) -> list[str]:
    """Names and addresses that stand twice: a second one would overwrite the first one's fetch state."""
    entries = data.get("sources")
    rows = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    found = []
    for key in ("name", "url"):
        counts = Counter(row[key] for row in rows if isinstance(row.get(key), str))
        found += [f"sources: {key} {value!r} stands {n} times" for value, n in counts.items() if n > 1]
    return found


def _mistake(detail: ErrorDetails, data: dict[str, Any]) -> str:
    """`sources[3].interval (heise): input should be …, not 1`"""
    where, entry = _where(detail["loc"], data)
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        return f"{where}: unknown key{_meant(key, detail['loc'])}"
    if detail["type"] == "missing":
        return f"{where}{entry}: is missing"
    if detail["type"] == "value_error":
        return f"{where}{entry}: {detail['msg'].removeprefix('Value error, ')}"
    text = detail["msg"].removeprefix("Input ").replace("valid tuple", "list")
    return f"{where}{entry}: {text[:1].lower()}{text[1:]}, not {_shown(detail['input'])}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _where(loc: tuple[int | str, ...], data: dict[str, Any]) -> tuple[str, str]:
    """The dotted path, and the entry's own name where it stands in a list of named entries."""
    path, entry, node = "", "", data
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
        node = _child(node, part)
        if isinstance(part, int) and isinstance(node, dict) and isinstance(node.get("name"), str):
            entry = f" ({node['name']})"
    return path, entry


def _child(node: Any, part: int | str) -> Any:
    try:
        return node[part]
    except (KeyError, IndexError, TypeError):
        return None


def _meant(key: str, loc: tuple[int | str, ...]) -> str:
    """A hint at the nearest known key of the same section."""
    from difflib import get_close_matches

    sections: dict[str, type[BaseModel]] = {
        "store": StoreSection,
        "fetch": FetchSection,
        "round": RoundSection,
        "archive": ArchiveSection,
        "sources": SourceSection,
    }
    section = sections.get(str(loc[0]), Config) if len(loc) > 1 else Config
    known = list(section.model_fields)
    near = get_close_matches(key, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(known)}"
