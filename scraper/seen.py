"""Which listed entries were seen before, and which of them have changed since: pure functions (R15 to R17).

A known entry is read again when its listing says that it changed: its date of last change or its title is
another, or the same entry (R15) of the same date now has another link. So that a page that changes at every
fetch costs little (R16), a rereading waits an hour, the next two, and so on up to a day, and after 24 the
entry is left alone. An entry whose listing says nothing of changes is not read again.

Kept in `FetchState.extra` as JSON, for the entries that are still listed; for those of a sitemap index, of
which each poll sees a few parts only, also for entries that other parts listed lately.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scraper.entries import Entry

MAX_REREADINGS = 24
MAX_KEPT = 5000  # entries of an index that are remembered
FIRST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=1)
_KEY = "seen"


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as last listed. `article` is the address its article is kept under, once it was read.

    `again` is when it was or is to be read again, `times` how often.
    """

    url: str
    stamp: str
    published: str = ""
    article: str = ""
    times: int = 0
    again: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An entry to be read again from `due` on; never where that is None, having been read too often.

    Where its link has changed, `article` is the address that its article is kept under. `before` is the link
    that it had.
    """

    entry: Entry
    due: datetime | None
    article: str
    before: str


@dataclass(frozen=True, slots=True)
class Memory:
    """The entries of the last listing by their identity. Changing it gives a new one."""

    entries: dict[str, Seen]

    @classmethod
    def load(cls, extra: dict[str, str]) -> Memory:
        """From a state; what cannot be read is dropped: then nothing counts as changed."""
        if _KEY not in extra:
            return cls({})
        try:
            rows = json.loads(extra[_KEY])
            return cls({str(key): _seen(row) for key, row in rows.items()})
        except (ValueError, TypeError, AttributeError):
            return cls({})

    def save(self, extra: dict[str, str]) -> dict[str, str]:
        """The extra of a state with this memory in it."""
        rest = {name: value for name, value in extra.items() if name != _KEY}
        rows = {key: _row(seen) for key, seen in self.entries.items()}
        return {**rest, _KEY: json.dumps(rows, ensure_ascii=False)} if rows else rest

    def listed(
        self, entries: Iterable[Entry], now: datetime, waiting: Container[str] = (), *, partial: bool = False
    ) -> tuple[Memory, tuple[Change, ...]]:
        """After a new listing: what to remember, and what has changed since the last one.

        `waiting` are the links that are to be read again already: that will do for this change, too.
        A `partial` listing says nothing of the entries that are not in it: they are remembered as before.
        """
        kept: dict[str, Seen] = {}
        changes = []
        for entry in entries:
            key = _digest(entry.identity)
            kept[key], change = _compared(self.entries.get(key), entry, now, waiting)
            changes += [change] if change is not None else []
        if partial:
            others = [(key, seen) for key, seen in self.entries.items() if key not in kept]
            room = max(0, MAX_KEPT - len(kept))
            kept = dict(others[len(others) - min(room, len(others)) :]) | kept  # the last listed stay last
        return Memory(kept), tuple(changes)

    def read(self, url: str, article: str) -> Memory:
        """The entry of this link was read, and its article goes by another address."""
        found = {
            key: replace(seen, article=article)
            for key, seen in self.entries.items()
            if seen.url == url and not seen.article
        }
        return Memory({**self.entries, **found}) if found else self


def _compared(
    old: Seen | None, entry: Entry, now: datetime, waiting: Container[str]
) -> tuple[Seen, Change | None]:
    """What to remember of one entry, and its change if there is one to act on."""
    stamp = _digest(f"{entry.updated}\0{entry.title}")
    published = entry.published.at.isoformat() if entry.published else ""
    fresh = Seen(entry.url, stamp, published)
    if old is None:
        return fresh, None
    moved = old.url != entry.url
    if moved and not (published and published == old.published):
        return fresh, None  # an id used twice: another date, another article
    if not moved and old.stamp == stamp:
        return old, None
    last = datetime.fromisoformat(old.again) if old.again else None
    article = (old.article or old.url) if moved else ""
    seen = replace(old, url=entry.url, stamp=stamp, published=published, article=old.article or article)
    if last is not None and old.url in waiting:
        return seen, Change(entry, last, article, old.url)
    if old.times >= MAX_REREADINGS:
        return seen, Change(entry, None, article, old.url)
    due = now if last is None else max(now, last + min(FIRST_WAIT * 2 ** (old.times - 1), LONGEST_WAIT))
    seen = replace(seen, times=old.times + 1, again=due.astimezone(UTC).isoformat(timespec="seconds"))
    return seen, Change(entry, due, article, old.url)


def _row(seen: Seen) -> list[object]:
    """Without the empty fields at the end: most entries are never read again."""
    row: list[object] = [seen.url, seen.stamp, seen.published, seen.article, seen.times, seen.again]
    while row and row[-1] in {"", 0}:
        row.pop()
    return row


def _seen(row: list[object]) -> Seen:
    seen = Seen(*row)  # type: ignore[arg-type]
    if not all(
        isinstance(text, str) for text in (seen.url, seen.stamp, seen.published, seen.article, seen.again)
    ):
        raise TypeError("not a row of this memory")
    if seen.again and datetime.fromisoformat(seen.again).tzinfo is None:
        raise ValueError(f"an instant without a zone: {seen.again}")
    return replace(seen, times=int(seen.times))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
