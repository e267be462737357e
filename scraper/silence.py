"""The silence that a host asked for, kept from one round to the next (R2, R5).

The client holds a host while it lives. For the next one it stands in the state of each source of that host.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from scraper.article import FetchState

_KEY = "silence"


def kept(state: FetchState, host: str, held: Mapping[str, datetime]) -> FetchState:
    """The state with the silence that its source's host wants now, if it wants any."""
    extra = {name: value for name, value in state.extra.items() if name != _KEY}
    until = held.get(host)
    if until is not None:
        extra[_KEY] = f"{until.astimezone(UTC).isoformat()} {host}"
    return replace(state, extra=extra)


def heard(states: Iterable[FetchState]) -> dict[str, datetime]:
    """What `Client.hold` takes: the hosts that asked for silence, each with the latest end that is known."""
    found: dict[str, datetime] = {}
    for state in states:
        text, _, host = state.extra.get(_KEY, "").partition(" ")
        try:
            until = datetime.fromisoformat(text)
        except ValueError:
            continue  # nothing is kept, or nothing that can be read: the host will say so again
        if host and until.tzinfo is not None:
            found[host] = max(until, found.get(host, until))
    return found
