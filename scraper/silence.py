"""The silence that hosts asked for, kept from one round to the next (R2, R5).

The client holds a host while it lives. For the next one each source's state names the hosts that its polls
met: the feed's own, those of its articles, and wherever redirects led.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scraper.article import FetchState

MAX_HOSTS = 50  # of one state, those that are silent the longest
_KEY = "silence"
_ROUNDING = timedelta(seconds=1)  # the ends are told by a clock and by what is left: never the same twice


def kept(
    state: FetchState, host: str, before: Mapping[str, datetime], held: Mapping[str, datetime]
) -> FetchState:
    """The state after a poll of a source at `host`, with the silence that is wanted now.

    `before` and `held` are what the client held when the poll began and ended: what has joined was met in
    it. Silence that the state names already stays until it is over.
    """
    extra = {name: value for name, value in state.extra.items() if name != _KEY}
    mine = {host, *_read(state)}
    met = {
        name: until
        for name, until in held.items()
        if name in mine or name not in before or until > before[name] + _ROUNDING
    }
    longest = sorted(met, key=lambda name: met[name], reverse=True)[:MAX_HOSTS]
    if longest:
        extra[_KEY] = json.dumps({name: met[name].astimezone(UTC).isoformat() for name in longest})
    return replace(state, extra=extra)


def heard(states: Iterable[FetchState]) -> dict[str, datetime]:
    """What `Client.hold` takes: the hosts that asked for silence, each with the latest end that is known."""
    found: dict[str, datetime] = {}
    for state in states:
        for host, until in _read(state).items():
            found[host] = max(until, found.get(host, until))
    return found


def _read(state: FetchState) -> dict[str, datetime]:
    """What a state names; nothing where it cannot be read: the hosts will say so again."""
    if _KEY not in state.extra:
        return {}
    try:
        rows = json.loads(state.extra[_KEY])
        named = {str(host): datetime.fromisoformat(until) for host, until in rows.items()}
    except (ValueError, TypeError, AttributeError):
        return {}
    return {host: until for host, until in named.items() if host and until.tzinfo is not None}
