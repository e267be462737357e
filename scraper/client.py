"""The only door to the network: one URL → Page.

    check URL → robots (articles) → wait for the host's turn → connect to a checked address → headers
      → redirect? the same again, at most 10 times → body, unpacked with a bound → Page

Everything but the polite waiting happens within one deadline. What the client does not decide: when a
source is due, what a failure means for it, what a page says.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

import httpx

from scraper.article import Page
from scraper.deadline import Deadline
from scraper.decoding import ACCEPTED, read_bounded
from scraper.errors import BadStatus, BotChallenge, RedirectLoop, RefusedAddress
from scraper.httpdates import retry_after
from scraper.politeness import HostGate
from scraper.robots import RobotsCache
from scraper.transport import GuardedTransport
from scraper.urls import check, host, join

MAX_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
)
_PAGE_TYPES = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.5"

Permit = Callable[[str], None]
Recorder = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How to behave. Times are seconds, sizes bytes after unpacking.

    `contact` is a URL or mail address that a site's owner can turn to. `allow_hosts` opens named private
    hosts ("127.0.0.1:8000", "intranet"). `shared_hosts` are platforms that many sources live on: there a
    "too many requests" holds only the one source, not the whole host.
    """

    user_agent: str = "claims-monitor/0.1"
    contact: str = ""
    min_gap: float = 1.0
    deadline: float = 30.0
    connect_timeout: float = 10.0
    read_timeout: float = 15.0
    max_body: int = 8 * 1024 * 1024
    max_feed: int = 8 * 1024 * 1024
    allow_hosts: tuple[str, ...] = ()
    shared_hosts: tuple[str, ...] = ()

    @property
    def agent(self) -> str:
        """The User-Agent as sent: name, version and whom to ask."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent

    @property
    def token(self) -> str:
        """The name that robots.txt files know us by."""
        return self.user_agent.split("/")[0]


class Client:
    """Fetches politely and warily. Safe to share between threads; close it, or use it as a context.

    `recorder` is handed every page that came whole with status 200, robots.txt aside, on the thread that
    fetched it, once: `hops[0]` holds the URL asked for where it was redirected, `body` is unpacked.
    """

    def __init__(
        self,
        settings: ClientSettings | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        recorder: Recorder | None = None,
    ) -> None:
        self.settings = settings or ClientSettings()
        self.now = now
        self._recorder = recorder
        self._gate = HostGate(self.settings.min_gap, clock, sleep)
        self._context = httpx.create_ssl_context(trust_env=False)
        self._robots = RobotsCache(self._robots_page, self.settings.token, clock)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing stays open between fetches; kept so that callers need not know that."""

    def feed(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Page:
        """A subscribed feed, whatever robots.txt says: someone asked for it. 304 gives an empty Page.

        Raises FetchError.
        """
        headers = {"Accept": _FEED_TYPES}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        return self.get(url, headers=headers, limit=self.settings.max_feed)

    def article(self, url: str) -> Page:
        """A page that we found ourselves, so robots.txt is obeyed, at every hop. Raises FetchError."""
        return self.get(url, headers={"Accept": _PAGE_TYPES}, permit=self.permit)

    def permit(self, url: str) -> None:
        """Raises RobotsDenied where the site does not want the URL read; notes its wish for slowness."""
        rules = self._robots.rules(url)
        delay = rules.crawl_delay
        if delay is not None:
            self._gate.slow(host(url), delay)
        rules.check(url)

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        limit: int | None = None,
        permit: Permit | None = None,
    ) -> Page:
        """Any URL, redirects followed. `limit` is the most bytes, `permit` is asked before every hop.

        Raises FetchError; a status other than 2xx or 304 is a BadStatus.
        """
        page = self._followed(url, headers or {}, limit or self.settings.max_body, permit)
        if self._recorder is not None and page.status == 200:
            self._recorder(page)
        return page

    def _followed(self, url: str, headers: Mapping[str, str], limit: int, permit: Permit | None) -> Page:
        """The page behind all redirects, within one deadline."""
        deadline = Deadline(self.settings.deadline)
        hops: list[tuple[int, str]] = []
        here = url
        while len(hops) <= MAX_REDIRECTS:
            if permit is not None:
                started = deadline.left
                permit(here)
                deadline.extend(started - deadline.left)  # robots.txt is a fetch with its own deadline
            page = self._hop(check(here), headers, limit, deadline)
            if page.status not in _REDIRECTS:
                return Page(page.url, page.status, page.body, page.fetched, page.headers, tuple(hops))
            hops.append((page.status, here))
            here = _target(here, page)
        raise RedirectLoop(f"more than {MAX_REDIRECTS} redirects", url)

    def _hop(self, url: str, headers: Mapping[str, str], limit: int, deadline: Deadline) -> Page:
        """One request and its answer, in the host's turn."""
        name = host(url)
        request = self._request(url, headers)
        with self._gate.turn(name) as waited:
            deadline.extend(waited)
            silence = self._gate.held(name)
            if silence:
                raise BadStatus(f"{name} wants silence for {silence:.0f} s more", url, 429, silence)
            with GuardedTransport(self._context, deadline, self.settings.allow_hosts) as transport:
                answer = transport.handle_request(request)
                try:
                    return self._page(url, answer, limit)
                finally:
                    answer.close()

    def _request(self, url: str, headers: Mapping[str, str]) -> httpx.Request:
        own = {"User-Agent": self.settings.agent, "Accept-Encoding": ACCEPTED, "Connection": "close"}
        wait = {
            "connect": self.settings.connect_timeout,
            "read": self.settings.read_timeout,
            "write": self.settings.read_timeout,
            "pool": self.settings.connect_timeout,
        }
        try:
            return httpx.Request("GET", url, headers={**own, **headers}, extensions={"timeout": wait})
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise RefusedAddress(f"not a URL: {error}", url) from error

    def _page(self, url: str, answer: httpx.Response, limit: int) -> Page:
        """Headers first: the body is read only where the status says that it is wanted."""
        names = {name.lower(): value for name, value in answer.headers.items()}
        status, fetched = answer.status_code, self.now()
        if status in _REDIRECTS or status == 304:
            return Page(url, status, b"", fetched, names)
        if not 200 <= status < 300:
            raise self._refusal(url, status, names, fetched)
        body = read_bounded(answer.iter_raw(), names.get("content-encoding", ""), limit, url)
        return Page(url, status, body, fetched, names)

    def _refusal(self, url: str, status: int, headers: Mapping[str, str], now: datetime) -> BadStatus:
        """The error for a status, and the hold on the host where it asked for one."""
        if headers.get("cf-mitigated", "").lower() == "challenge":
            return BotChallenge("the server wants proof of being a person", url, status)
        wish = retry_after(headers, now)
        if wish and status in {429, 503} and host(url) not in self.settings.shared_hosts:
            self._gate.hold(host(url), wish)
        return BadStatus(f"the server answered {status}", url, status, wish)

    def _robots_page(self, url: str) -> Page:
        return self._followed(url, {"Accept": "text/plain, */*;q=0.5"}, self.settings.max_body, None)


def _target(here: str, page: Page) -> str:
    location = page.headers.get("location", "").strip()
    if not location:
        raise RedirectLoop("a redirect that names no target", here)
    return join(here, location)
