"""When a source is asked again: pure functions over what the last answer said. They read no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scraper.article import FetchState, Source
from scraper.errors import BadStatus, ScraperError, Word
from scraper.httpdates import freshness

MUTE_AT = 8.0  # the weight of failures without a success between: 8 permanent ones, 32 timeouts
_MUTED = "muted"
_BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Pace:
    """Bounds on the time between two polls of a source.

    A server that gives validators answers a poll with a few bytes; one that does not sends everything.
    """

    with_validators: timedelta = timedelta(hours=1)
    without_validators: timedelta = timedelta(days=1)
    longest: timedelta = timedelta(days=7)
    jitter: float = 0.1

    def interval(self, source: Source, *, validators: bool) -> timedelta:
        """Between two polls where the server has no wish of its own: our wish, but not below the floor."""
        floor = self.with_validators if validators else self.without_validators
        return max(timedelta(minutes=source.interval), floor)

    def next_check(
        self, source: Source, now: datetime, *, validators: bool, headers: Mapping[str, str], ttl: int | None
    ) -> datetime:
        """After a success: the longest of our interval, the server's wishes and our own floor, clamped."""
        wishes = [self.interval(source, validators=validators), timedelta(minutes=ttl or 0)]
        fresh = freshness(headers, now)
        wishes.append(timedelta(seconds=min(fresh or 0.0, self.longest.total_seconds())))
        return _later(now, self._spread(source, min(max(wishes), self.longest)))

    def after_failure(self, source: Source, now: datetime, failures: float, error: ScraperError) -> datetime:
        """Doubling with the weight of failures, from an hour at least; `Retry-After` can only add."""
        wait = max(timedelta(minutes=source.interval), self.with_validators) * 2 ** min(failures, 8.0)
        if isinstance(error, BadStatus) and error.retry_after:
            wait = max(wait, timedelta(seconds=min(error.retry_after, self.longest.total_seconds())))
        return _later(now, self._spread(source, min(wait, self.longest)))

    def _spread(self, source: Source, wait: timedelta) -> timedelta:
        """Up to a tenth later, by name: sources that began together drift apart, the same each time."""
        share = int.from_bytes(hashlib.sha256(source.name.encode()).digest()[:4], "big") / 2**32
        return wait * (1 + self.jitter * share)


def _later(now: datetime, wait: timedelta) -> datetime:
    """In UTC: local time adds by the dial, which twice a year jumps an hour (R27)."""
    return now.astimezone(UTC) + wait


def is_due(source: Source, state: FetchState, now: datetime, pace: Pace | None = None) -> bool:
    """Whether a source is to be asked now. A next check beyond all bounds comes from a wrong clock."""
    if not source.enabled or is_muted(state):
        return False
    if state.next_check is None or state.next_check <= now:
        return True
    bounds = pace or Pace()
    return state.next_check > now + bounds.longest * (1 + bounds.jitter)


def is_muted(state: FetchState) -> bool:
    """Whether the source has failed so often, or so finally, that it is left alone until someone asks."""
    return _MUTED in state.extra or state.failures >= MUTE_AT


def is_muted_by_hand(state: FetchState) -> bool:
    """Whether a person muted the source: no success changes that."""
    return state.extra.get(_MUTED) == _BY_HAND


def muted(state: FetchState) -> FetchState:
    """The state after a person muted the source."""
    return replace(state, extra={**state.extra, _MUTED: _BY_HAND})


def unmuted(state: FetchState) -> FetchState:
    """The state after a person wants the source asked again: its failures are forgotten, and it is due."""
    extra = {name: value for name, value in state.extra.items() if name != _MUTED}
    return replace(state, failures=0.0, next_check=None, extra=extra)


def succeeded(state: FetchState, word: Word, now: datetime, next_check: datetime) -> FetchState:
    """The state after an answer that could be used; success resets every failure and ends a muting by us."""
    by_hand = is_muted_by_hand(state)
    extra = {name: value for name, value in state.extra.items() if name != _MUTED or by_hand}
    return replace(
        state,
        checked=now,
        next_check=next_check,
        failures=0.0,
        last_status=str(word),
        last_message="",
        last_success=now,
        extra=extra,
    )


def failed(state: FetchState, error: ScraperError, now: datetime, next_check: datetime) -> FetchState:
    """The state after a failure. "Gone" mutes at once; a redirect or address that is refused counts fully."""
    extra = dict(state.extra)
    if isinstance(error, BadStatus) and error.status == 410:
        extra.setdefault(_MUTED, error.kind)
    return replace(
        state,
        checked=now,
        next_check=next_check,
        failures=state.failures + error.weight,
        last_status=error.kind,
        last_message=str(error),
        extra=extra,
    )
