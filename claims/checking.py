"""Asks sources now, side by side, and stores nothing: what they answer, and how the ledger sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from claims import fetching
from claims.present import Column, Listing
from claims.sourcelines import SourceLine, source_lines
from scraper.discovery import examine
from scraper.errors import ScraperError, Word
from scraper.health import Health

if TYPE_CHECKING:
    from claims.sections import SourceSection
    from claims.settings import Config
    from scraper.client import Client
    from scraper.collect import Lister

_AT_ONCE = 8  # hosts side by side; the client asks one host for one thing at a time


@dataclass(frozen=True, slots=True)
class Checked:
    """What a source answered: a word of the scraper's vocabulary, and a sentence where something is amiss."""

    name: str
    url: str
    word: str
    message: str = ""
    kind: str = ""
    entries: int = 0
    newest: datetime | None = None
    health: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing that a person should look at."""
        return not self.message


def checked(config: Config, sections: Sequence[SourceSection]) -> Iterator[Checked]:
    """Each source in turn, as soon as it and those before it have answered."""
    known = {line.section.name: line for line in source_lines(config)}
    # The reader ends before the pool waits for its threads: Ctrl-C does not sit out a feed that hangs.
    with (
        fetching.client_for(config) as client,
        ThreadPoolExecutor(_AT_ONCE) as pool,
        fetching.page_reader() as reader,
    ):
        yield from pool.map(lambda one: _checked(one, known[one.name], client, reader.listing), sections)


def _checked(section: SourceSection, line: SourceLine, client: Client, lister: Lister) -> Checked:
    health = str(line.condition.health)
    try:
        found = examine(section.source(), client, lister)
    except ScraperError as error:
        return Checked(section.name, section.url, error.kind, str(error), health=health)
    except Exception as error:  # a bug must not hide what the other sources say
        text = f"{type(error).__name__}: {error} (a bug)"
        return Checked(section.name, section.url, str(Word.UNEXPECTED), text, health=health)
    dates = [entry.published.at for entry in found.entries if entry.published]
    amiss = line.condition.health in {Health.MUTED, Health.SILENT}
    message = f"{health}: {line.condition.why}" if amiss else ""
    if found.url != section.url and not message:
        message = f"has moved for good to {found.url}"
    newest = max(dates, default=None)
    return Checked(
        section.name, section.url, str(Word.OK), message, str(found.kind), len(found.entries), newest, health
    )


def _record(line: Checked) -> dict[str, Any]:
    return {
        "name": line.name,
        "url": line.url,
        "status": line.word,
        "message": line.message,
        "kind": line.kind,
        "entries": line.entries,
        "newest": line.newest.isoformat() if line.newest else None,
        "health": line.health,
    }


LISTING: Listing[Checked] = Listing(
    columns=(
        Column("Name", lambda line: line.name, keep=True),
        Column("Answer", lambda line: line.word, keep=True),
        Column("Kind", lambda line: line.kind, keep=True),
        Column("Entries", lambda line: str(line.entries or ""), right=True, keep=True),
        Column("Newest (UTC)", lambda line: f"{line.newest:%Y-%m-%d %H:%M}" if line.newest else ""),
        Column("Note", lambda line: line.message),
    ),
    record=_record,
    sentence=lambda line: f"{line.name}: {line.word}" + (f": {line.message}" if line.message else ""),
)
