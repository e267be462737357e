"""What a feed listed and we have not read yet, so that a limit, a timeout or a 304 loses nothing.

A feed that answers "not modified" lists nothing, yet articles of its last answer may still be open. They
travel in `FetchState.extra` as JSON. Each entry carries the weight of its failures: at 1 it is given up and
stays, silent, while the feed still lists it. Entries that were read under another address are "done". An
entry that is "due" was read before and has changed since: it waits here for its time, see seen.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scraper.article import Instant, Origin, Precision
from scraper.entries import Entry
from scraper.seen import MAX_KEPT, Change

MAX_OPEN = 1000
GIVEN_UP = 1.0
_KEY = "backlog"


@dataclass(frozen=True, slots=True)
class Open:
    """An entry with the weight of its failures so far; `done` once it was read under another address.

    `due` is when an entry that has changed is to be read again; None for one that was never read. `article`
    is the address that its article is kept under, where its link is another now.
    """

    entry: Entry
    weight: float = 0.0
    done: bool = False
    due: datetime | None = None
    article: str = ""

    @property
    def wanted(self) -> bool:
        """Whether it is still worth asking for."""
        return not self.done and self.weight < GIVEN_UP


@dataclass(frozen=True, slots=True)
class Backlog:
    """The open entries, oldest listing first. Changing it gives a new one."""

    entries: tuple[Open, ...] = ()

    @classmethod
    def load(cls, extra: dict[str, str]) -> Backlog:
        """From a state; what cannot be read is dropped, since the feed will list it again."""
        if _KEY not in extra:
            return cls()
        try:
            rows = json.loads(extra[_KEY])
            return cls(tuple(_open(row) for row in rows))
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def save(self, extra: dict[str, str]) -> dict[str, str]:
        """The extra of a state with this backlog in it."""
        rest = {name: value for name, value in extra.items() if name != _KEY}
        if not self.entries:
            return rest
        rows = json.dumps([_row(one) for one in self.entries], ensure_ascii=False)
        return {**rest, _KEY: rows}

    def listed(
        self, entries: Iterable[Entry], changes: Iterable[Change] = (), *, partial: bool = False
    ) -> Backlog:
        """After a new listing: new entries join; those no longer listed stay only while they are wanted.

        After a `partial` one, which does not say what is no longer listed, the others stay as well, at first.
        Entries that have changed are to be read again; one that was never read just gets its new link.
        """
        known = {one.entry.url: one for one in self.entries}
        now = {entry.url: replace(known.get(entry.url) or Open(entry), entry=entry) for entry in entries}
        for change in changes:
            before = known.pop(change.before, None)
            if before is not None and before.wanted and before.due is None:
                now[change.entry.url] = replace(before, entry=change.entry)
            else:
                never = change.due is None
                now[change.entry.url] = Open(change.entry, 0.0, never, change.due, change.article)
        others = [one for url, one in known.items() if url not in now]
        settled = [one for one in others if partial and not one.wanted]
        older = [one for one in others if one.wanted]
        most = MAX_KEPT if partial else MAX_OPEN
        return Backlog((*settled, *older, *now.values())[-most:])

    def waiting(self) -> frozenset[str]:
        """The links that are to be read again."""
        return frozenset(one.entry.url for one in self.entries if one.due is not None and one.wanted)

    def again(self) -> Backlog:
        """Every entry as if it had never been tried."""
        return Backlog(tuple(Open(one.entry) for one in self.entries))

    def wanted(self, now: datetime) -> tuple[Open, ...]:
        """What is still to be read, and whose time has come."""
        return tuple(one for one in self.entries if one.wanted and (one.due is None or one.due <= now))

    def without(self, *urls: str) -> Backlog:
        """The entries are stored under their own addresses, or were known: nothing to remember."""
        gone = frozenset(urls)
        return Backlog(tuple(one for one in self.entries if one.entry.url not in gone))

    def done(self, url: str) -> Backlog:
        """The entry was read, but its article goes by another address."""
        return self._with(url, lambda one: replace(one, done=True, due=None, article=""))

    def failed(self, url: str, weight: float) -> Backlog:
        """One more failure of an entry."""
        return self._with(url, lambda one: replace(one, weight=one.weight + weight))

    def _with(self, url: str, change: Callable[[Open], Open]) -> Backlog:
        return Backlog(tuple(change(one) if one.entry.url == url else one for one in self.entries))


def _row(one: Open) -> list[object]:
    at = one.entry.published
    date = [at.at.isoformat(), at.original, str(at.precision), at.zone] if at else None
    row: list[object] = [one.entry.url, one.entry.title, date, one.weight, int(one.done)]
    return row if one.due is None else [*row, one.due.isoformat(), one.article]


def _open(row: list[object]) -> Open:
    url, title, date, weight, done, *again = row
    at = None
    if isinstance(date, list):
        at = Instant(datetime.fromisoformat(date[0]), date[1], Precision(date[2]), Origin.FEED, date[3])
    entry = Entry(str(url), str(title), at, str(url))
    due = datetime.fromisoformat(str(again[0])).astimezone(UTC) if again else None
    return Open(entry, float(str(weight)), bool(done), due, str(again[1]) if again else "")
