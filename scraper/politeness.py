"""One request at a time a host, a gap between two, and silence where a host asked for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MAX_CRAWL_DELAY = 60.0  # a robots.txt may slow us down, not stop a round for an hour
MAX_HOLD = 24 * 3600.0


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = float("-inf")
    gap: float = 0.0


class HostGate:
    """Hands out turns. Hosts do not wait for each other; clock and sleep are given for tests, in seconds."""

    def __init__(
        self,
        gap: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = gap
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._silent: dict[str, float] = {}  # until when; few hosts ever ask, and every fetch looks
        self._guard = threading.Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[float]:
        """The host's only open request; yields the seconds that were waited for it."""
        asked = self._clock()
        entry = self._entry(host)
        with entry.lock:
            wait = entry.free_at - self._clock()
            if wait > 0:
                self._sleep(wait)
            try:
                yield max(0.0, self._clock() - asked)
            finally:
                entry.free_at = self._clock() + max(self._gap, entry.gap)

    def slow(self, host: str, gap: float) -> None:
        """A wish for a longer gap; it can only raise ours, and not beyond MAX_CRAWL_DELAY seconds.

        A host's last wish counts: sites of several schemes and ports share a host, and may change theirs.
        """
        self._entry(host).gap = min(max(gap, 0.0), MAX_CRAWL_DELAY)

    def hold(self, host: str, seconds: float) -> None:
        """Ask nothing of the host for so long; a year is cut to a day, a negative time counts as none."""
        until = self._clock() + min(max(seconds, 0.0), MAX_HOLD)
        with self._guard:
            self._silent[host] = max(self._silent.get(host, float("-inf")), until)

    def held(self, host: str) -> float:
        """Seconds for which the host still wants silence; 0 when it is free."""
        until = self._silent.get(host)
        return 0.0 if until is None else max(0.0, until - self._clock())

    def holds(self) -> dict[str, float]:
        """Every host that wants silence, with the seconds left."""
        if not self._silent:
            return {}
        with self._guard:
            names = list(self._silent)
        return {name: left for name in names if (left := self.held(name))}

    def _entry(self, host: str) -> _Host:
        if (entry := self._hosts.get(host)) is not None:
            return entry
        with self._guard:
            return self._hosts.setdefault(host, _Host())
