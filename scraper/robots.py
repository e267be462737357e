"""robots.txt by RFC 9309: 4xx allows everything, 5xx or silence denies everything, kept for 24 hours."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from scraper.article import Page
from scraper.errors import BadStatus, FetchError, RobotsDenied, Word

LIFETIME = 24 * 3600.0  # seconds; the RFC's most
FAILURE_LIFETIME = 600.0  # a site that is down for a minute is not closed for a day
MAX_BYTES = 512 * 1024  # the RFC wants at least 500 KiB read; what is longer is cut, not refused


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site allows us. `reason` says why everything is denied, where it is.

    `nowhere` is why there is no site to ask: its name leads nowhere, or where we never go.
    """

    token: str
    parsed: Protego | None = None
    reason: str = ""
    nowhere: FetchError | None = None

    @property
    def crawl_delay(self) -> float | None:
        """The wish for seconds between two requests, if there is one."""
        delay = self.parsed.crawl_delay(self.token) if self.parsed is not None else None
        return float(delay) if delay is not None else None

    def check(self, url: str) -> None:
        """Raises RobotsDenied where the URL must not be read, another FetchError where there is no site."""
        if self.nowhere is not None:
            raise type(self.nowhere)(str(self.nowhere), url, self.nowhere.word)
        if self.reason:
            raise RobotsDenied(
                f"robots.txt cannot be read ({self.reason}), so nothing may be", url, passing=True
            )
        if self.parsed is not None and not self.parsed.can_fetch(url, self.token):
            raise RobotsDenied("robots.txt does not want this page read", url)


class RobotsCache:
    """The rules of each site, fetched once a day at most. `fetch` gives a Page or raises FetchError."""

    def __init__(self, fetch: Callable[[str], Page], token: str, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._token = token
        self._clock = clock
        self._known: dict[str, tuple[float, Rules]] = {}
        self._guard = threading.Lock()

    def rules(self, url: str) -> Rules:
        """The rules for a URL's site: scheme, host and port."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}".lower()
        with self._guard:
            found = self._known.get(site)
        if found is not None and self._clock() < found[0]:
            return found[1]
        rules = self._ask(site)
        failed = rules.reason or rules.nowhere
        until = self._clock() + (FAILURE_LIFETIME if failed else LIFETIME)
        with self._guard:
            self._known[site] = (until, rules)
        return rules

    def _ask(self, site: str) -> Rules:
        try:
            page = self._fetch(f"{site}/robots.txt")
        except BadStatus as error:
            allows = 400 <= error.status < 500 and error.status != 429
            return Rules(self._token, reason="" if allows else error.kind)
        except FetchError as error:
            if error.word in {Word.DNS, Word.REFUSED}:
                return Rules(self._token, nowhere=error)
            return Rules(self._token, reason=error.kind)
        text = page.body[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
        return Rules(self._token, Protego.parse(text))
