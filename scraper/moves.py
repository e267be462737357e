"""When a feed has moved for good (R11): pure functions over what the answers said. They read no clock.

A new address is adopted after several successes over days, each through hops that were all permanent (301,
308). One hop that was not, another target, or an answer without a redirect begins the count anew; a failure
neither counts nor resets. What was adopted is asked from then on; the configured address stays its alias, and
since articles belong to the source's name, nothing of theirs changes. An adopted address that is found dead
is given up: then the configured one is asked again, and may redirect elsewhere.

Kept in `FetchState.extra`: "move" is the candidate, "moved" what was adopted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from scraper.article import FetchState, Page, Source

PERMANENT = frozenset({301, 308})
SUCCESSES = 3
SPAN = timedelta(days=3)  # between the first and the last of them: a hijacked host is mostly noticed in less
_CANDIDATE, _ADOPTED = "move", "moved"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that permanent redirects led to: since when, and how often in a row."""

    to: str
    since: str
    successes: int = 1


@dataclass(frozen=True, slots=True)
class Moved:
    """An adopted address, those it replaces (the configured one first), and when it was adopted."""

    to: str
    aliases: tuple[str, ...]
    at: str


def address(source: Source, state: FetchState) -> str:
    """Where to ask: the adopted address, as long as the configured one is among those it replaces."""
    moved = adopted(state)
    return moved.to if moved is not None and source.url in moved.aliases else source.url


def adopted(state: FetchState) -> Moved | None:
    """What was adopted, if anything."""
    row = _row(state.extra, _ADOPTED)
    to, aliases = row.get("to"), row.get("aliases")
    if not isinstance(to, str) or not isinstance(aliases, list):
        return None
    return Moved(to, tuple(map(str, aliases)), str(row.get("at", "")))


def belongs(source: Source, url: str, state: FetchState) -> bool:
    """Whether a state that was kept for `url` is this source's: the same feed, or its new or old address.

    With another feed's validators a server may answer "not modified" about a feed that we never read.
    """
    moved = adopted(state)
    return url in {"", source.url} or (moved is not None and source.url in {moved.to, *moved.aliases})


def after_success(source: Source, state: FetchState, page: Page, now: datetime) -> FetchState:
    """The state with what this answer says about the address."""
    extra = {name: value for name, value in state.extra.items() if name != _CANDIDATE}
    asked = address(source, state)
    statuses = {status for status, _ in page.hops}
    if page.url != asked and statuses and statuses <= PERMANENT:
        seen = _candidate(state)
        same = seen is not None and seen.to == page.url
        since = seen.since if seen and same else now.isoformat()
        candidate = Candidate(page.url, since, seen.successes + 1 if seen and same else 1)
        if candidate.successes >= SUCCESSES and now - datetime.fromisoformat(since) >= SPAN:
            return _adopt(source, state, extra, page.url, now)
        extra[_CANDIDATE] = json.dumps(asdict(candidate))
    return state if extra == state.extra else replace(state, extra=extra)


def _adopt(source: Source, state: FetchState, extra: dict[str, str], to: str, now: datetime) -> FetchState:
    before = adopted(state)
    older = (*before.aliases, before.to) if before else ()
    aliases = tuple(dict.fromkeys(url for url in (source.url, *older) if url != to))
    extra[_ADOPTED] = json.dumps({"to": to, "aliases": aliases, "at": now.isoformat()})
    return replace(state, extra=extra)


def after_dead_end(source: Source, state: FetchState) -> FetchState:
    """The state after an adopted address turned out to be dead: the configured one counts again."""
    if address(source, state) == source.url:
        return state
    return replace(state, extra={name: value for name, value in state.extra.items() if name != _ADOPTED})


def _candidate(state: FetchState) -> Candidate | None:
    row = _row(state.extra, _CANDIDATE)
    try:
        datetime.fromisoformat(str(row["since"])).astimezone()
        return Candidate(str(row["to"]), str(row["since"]), int(str(row["successes"])))
    except (KeyError, ValueError, TypeError):
        return None


def _row(extra: Mapping[str, str], name: str) -> dict[str, object]:
    """A kept record; an empty one where nothing is kept or it cannot be read."""
    if name not in extra:
        return {}
    try:
        row = json.loads(extra[name])
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}
