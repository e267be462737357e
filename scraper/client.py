"""The only door to the network: one URL → Page.

    check URL → robots (articles) → wait for the host's turn → connect to a checked address → headers
      → redirect? the same again, at most 10 times → body, unpacked with a bound → Page → recorder

Everything but the polite waiting happens within one deadline. What the client does not decide: when a
source is due, what a failure means for it, what a page says.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType

from scraper.address import opened
from scraper.article import Page
from scraper.deadline import Deadline
from scraper.decoding import ACCEPTED, read_bounded
from scraper.errors import BadStatus, BotChallenge, RedirectLoop, RefusedAddress, Silenced, TooLarge
from scraper.exchange import Headers
from scraper.httpdates import retry_after
from scraper.politeness import HostGate
from scraper.robots import MAX_BYTES as MAX_ROBOTS
from scraper.robots import RobotsCache
from scraper.transport import Answer, GuardedConnection, host_of, tls_context, url_parts
from scraper.urls import check, join

MAX_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_VALIDATORS = frozenset({"etag", "last-modified"})
_FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
)
_PAGE_TYPES = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.5"

_NAME = re.compile(rb"[a-z0-9._-]+|[0-9a-f:.]+", re.IGNORECASE)
_MAX_VALIDATOR = 2000  # characters; one that is longer is neither kept nor sent, since it may not be cut

Permit = Callable[[str], None]
Recorder = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a fetch is about, at every hop. With `cut` a body beyond the limit is cut, not refused."""

    headers: Mapping[str, str]
    limit: int
    permit: Permit | None = None
    cut: bool = False

    @property
    def conditional(self) -> bool:
        """Whether "not modified" can be an answer."""
        return "If-None-Match" in self.headers or "If-Modified-Since" in self.headers


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How to behave. Times are seconds, sizes bytes after unpacking.

    `contact` is a URL or mail address that a site's owner can turn to. `allow_hosts` opens named private
    hosts ("127.0.0.1:8000", "intranet"). `shared_hosts` are platforms that many sources live on, with their
    subdomains: there a "too many requests" holds only the one source, not the whole host.
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
        self._context = tls_context()
        self._opened = opened(self.settings.allow_hosts)
        self._timeout = {
            "connect": self.settings.connect_timeout,
            "read": self.settings.read_timeout,
            "write": self.settings.read_timeout,
        }
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
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers |= {name: text for name, text in validators.items() if text and _sendable(text)}
        return self.get(url, headers=headers, limit=self.settings.max_feed)

    def article(self, url: str) -> Page:
        """A page that we found ourselves, so robots.txt is obeyed, at every hop. Raises FetchError."""
        return self.get(url, headers={"Accept": _PAGE_TYPES}, permit=self.permit)

    def permit(self, url: str) -> None:
        """Raises RobotsDenied where the site does not want the URL read; notes its wish for slowness."""
        rules = self._robots.rules(url)
        if rules.crawl_delay is not None:
            self._gate.slow(host_of(url), rules.crawl_delay)
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
        page = self._followed(url, _Wish(headers or {}, limit or self.settings.max_body, permit))
        if self._recorder is not None and page.status == 200:
            self._recorder(page)
        return page

    def held_hosts(self) -> dict[str, datetime]:
        """The hosts that asked for silence, and until when: what `hold` takes after a restart."""
        return {name: self.now() + timedelta(seconds=left) for name, left in self._gate.holds().items()}

    def hold(self, hosts: Mapping[str, datetime]) -> None:
        """Ask nothing of these hosts before the instant beside them."""
        for name, until in hosts.items():
            self._gate.hold(name, (until - self.now()).total_seconds())

    def _followed(self, url: str, wish: _Wish) -> Page:
        """The page behind all redirects, within one deadline."""
        deadline = Deadline(self.settings.deadline)
        hops: list[tuple[int, str]] = []
        here = check(url)
        while len(hops) <= MAX_REDIRECTS:
            if wish.permit is not None:
                started = deadline.left
                wish.permit(here)
                deadline.extend(started - deadline.left)  # robots.txt is a fetch with its own deadline
            page = self._hop(here, wish, deadline)
            if page.status not in _REDIRECTS:
                return Page(page.url, page.status, page.body, page.fetched, page.headers, tuple(hops))
            hops.append((page.status, here))
            here = check(_target(here, page))
        raise RedirectLoop(f"more than {MAX_REDIRECTS} redirects", url)

    def _hop(self, url: str, wish: _Wish, deadline: Deadline) -> Page:
        """One request and its answer, in the host's turn."""
        if not _NAME.fullmatch(url_parts(url)[0].raw_host):
            raise RefusedAddress("the host's name is none", url)
        name = host_of(url)
        with self._gate.turn(name) as waited:
            deadline.extend(waited)
            silence = self._gate.held(name)
            if silence:
                raise Silenced(f"{name} wants silence for {silence:.0f} s more", url, 429, silence)
            with GuardedConnection(self._context, deadline, self._opened) as connection:
                answer = connection.get(url, self._sent(wish), self._timeout)
                return self._page(url, answer, wish)

    def _sent(self, wish: _Wish) -> Headers:
        """The headers beside the host, those of the wish above our own."""
        own = {"User-Agent": self.settings.agent, "Accept-Encoding": ACCEPTED, "Connection": "close"}
        every = {**own, **wish.headers}
        return [(name.encode(), text.encode("latin-1", "replace")) for name, text in every.items()]

    def _page(self, url: str, answer: Answer, wish: _Wish) -> Page:
        """Headers first: the body is read only where the status says that it is wanted."""
        names = _named(answer.headers)
        status, fetched = answer.status, self.now()
        if status in _REDIRECTS or (status == 304 and wish.conditional):
            return Page(url, status, b"", fetched, names)
        if not 200 <= status < 300:
            raise self._refusal(url, status, names, fetched)
        announced = names.get("content-length", "")
        if announced.isdecimal() and int(announced) > wish.limit and not wish.cut:
            raise TooLarge(f"announced as {announced} bytes, of which {wish.limit} are allowed", url)
        encoding = names.get("content-encoding", "")
        body = read_bounded(answer.body(), encoding, wish.limit, url, cut=wish.cut)
        return Page(url, status, body, fetched, names)

    def _refusal(self, url: str, status: int, headers: Mapping[str, str], now: datetime) -> BadStatus:
        """The error for a status, and the hold on the host where it asked for one."""
        if headers.get("cf-mitigated", "").lower() == "challenge":
            return BotChallenge("the server wants proof of being a person", url, status)
        wish = retry_after(headers, now)
        if wish and status in {429, 503} and not self._shared(host_of(url)):
            self._gate.hold(host_of(url), wish)
        return BadStatus(f"the server answered {status}", url, status, wish)

    def _shared(self, name: str) -> bool:
        """Whether a host is a platform of many sources, or lives on one."""
        return any(name == one or name.endswith(f".{one}") for one in self.settings.shared_hosts)

    def _robots_page(self, url: str) -> Page:
        return self._followed(url, _Wish({"Accept": "text/plain, */*;q=0.5"}, MAX_ROBOTS, cut=True))


def _named(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name, those that come twice joined by a comma.

    Text is UTF-8 where it reads as such. Validators are taken byte for byte, so that they go back the same.
    """
    found: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        text = value.decode("latin-1") if key in _VALIDATORS else _decoded(value)
        found[key] = f"{found[key]}, {text}" if key in found else text
    return {key: text for key, text in found.items() if key not in _VALIDATORS or _sendable(text)}


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _sendable(validator: str) -> bool:
    """Whether a validator can stand in a header again: bytes, none of them a control, and not a book."""
    return len(validator) <= _MAX_VALIDATOR and re.fullmatch("[\t -~\x80-\xff]+", validator) is not None


def _target(here: str, page: Page) -> str:
    location = page.headers.get("location", "").strip()
    if not location:
        raise RedirectLoop("a redirect that names no target", here)
    return join(here, location)
