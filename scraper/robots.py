"""robots.txt by RFC 9309: 4xx allows everything, 5xx or silence denies everything, kept for 24 hours.

The file is hostile input like any other. Its length is cut, only the groups that speak to us are parsed
(17,000 robots with 32,000 rules each would be 500 million), and what is kept of all sites is bounded.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlsplit

from protego import Protego

from scraper.article import Page
from scraper.errors import BadStatus, FetchError, RefusedAddress, RobotsDenied, Silenced, Word
from scraper.transport import host_of

LIFETIME = 24 * 3600.0  # seconds; the RFC's most
FAILURE_LIFETIME = 600.0  # a site that is down for a minute is not closed for a day
MAX_BYTES = 512 * 1024  # the RFC wants at least 500 KiB read; what is longer is cut, not refused
MAX_KEPT = 4 * 1024 * 1024  # characters of rules of all sites; parsed ones take 30 times the memory
_OVERHEAD = 500  # characters that a site without a single rule counts as; usual sites have 1,000

# Wider than any spelling that the parser takes for one, so that no other agent's group slips through.
_AGENT = re.compile(r"\s*user[\s-]*agent[\s:]*(.*)", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:al|d[ia]+s|crawl)", re.IGNORECASE)
_SITEMAP = re.compile(r"\s*site-?maps?\s*[:\s]\s*(.*)", re.IGNORECASE)
_SITE_WIDE = re.compile(r"\s*(?:site-?maps?|host)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site allows us. `reason` says why everything is denied, where it is.

    `nowhere` is why there is no site to ask: its name leads nowhere, or where we never go. `size` is the
    length of what was parsed.
    """

    token: str
    parsed: Protego | None = None
    reason: str = ""
    nowhere: FetchError | None = None
    size: int = 0

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


@dataclass(slots=True)
class _Site:
    """A site's rules and until when they count; the lock lets one thread ask while the others wait for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Rules | None = None
    until: float = float("-inf")


class RobotsCache:
    """The rules of each site, fetched once a day at most. `fetch` gives a Page or raises FetchError."""

    def __init__(self, fetch: Callable[[str], Page], token: str, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._token = token
        self._clock = clock
        self._known: OrderedDict[str, _Site] = OrderedDict()
        self._guard = threading.Lock()

    def rules(self, url: str) -> Rules:
        """The rules for a URL's site: scheme, host and port."""
        parts = urlsplit(url)
        name = f"{parts.scheme}://{parts.netloc}".lower()
        with self._guard:
            site = self._known.setdefault(name, _Site())
            self._known.move_to_end(name)
        with site.lock:
            if site.rules is None or self._clock() >= site.until:
                site.rules = self._ask(name)
                failed = site.rules.reason or site.rules.nowhere
                site.until = self._clock() + (FAILURE_LIFETIME if failed else LIFETIME)
                self._make_room(keep=name)
            return site.rules

    def _make_room(self, keep: str) -> None:
        """Forget the sites that were asked for longest ago, while all rules together take too much."""
        with self._guard:
            kept = sum(site.rules.size for site in self._known.values() if site.rules is not None)
            for name in list(self._known):
                if kept <= MAX_KEPT:
                    return
                rules = self._known[name].rules
                if rules is not None and name != keep:
                    kept -= rules.size
                    del self._known[name]

    def _ask(self, site: str) -> Rules:
        try:
            page = self._fetch(f"{site}/robots.txt")
        except Silenced:
            raise  # nothing was asked, so that nothing is known: not even for a while
        except BadStatus as error:
            allows = 400 <= error.status < 500 and error.status != 429
            return Rules(self._token, reason="" if allows else error.kind)
        except FetchError as error:
            # Behind a redirect it is the file that cannot be had, not the site.
            if error.word in {Word.DNS, Word.REFUSED} and _same_host(error.url, site):
                return Rules(self._token, nowhere=error)
            return Rules(self._token, reason=error.kind)
        return read_rules(page.body, self._token)


def read_rules(body: bytes, token: str) -> Rules:
    """What a robots.txt wants of `token`. Never raises: what cannot be read wants nothing."""
    text = body[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    ours = "\n".join(_for_us(text.splitlines(), token))
    return Rules(token, Protego.parse(ours), size=len(ours) + _OVERHEAD)


def sitemaps_in(body: bytes) -> list[str]:
    """The sitemaps that a robots.txt names, as they stand there, a hundred at most."""
    lines = body[:MAX_BYTES].decode("utf-8", "replace").splitlines()
    named = (found[1].strip() for line in lines if (found := _SITEMAP.match(line.partition("#")[0])))
    return list(islice((name for name in named if name), 100))


def _for_us(lines: list[str], token: str) -> Iterator[str]:
    """The groups that speak to us: those of the longest of our names in the file, else those of everyone."""
    agents = {name for line in lines if (name := _agent(line)) is not None}
    ours = max((name for name in agents if name and token.lower().startswith(name)), key=len, default="*")
    naming = within = False
    for line in lines:
        name = _agent(line)
        if name is not None:
            within = name == ours or (naming and within)
            naming = True
        elif _ends_naming(line):
            if naming and within:
                yield f"User-agent: {ours}"
            naming = False
            if within and _RULE.match(line):
                yield line


def _ends_naming(line: str) -> bool:
    """Whether a line says something about the agents named above it, be it nothing that we know."""
    bare = line.partition("#")[0]
    return (":" in bare and not _SITE_WIDE.match(bare)) or _RULE.match(bare) is not None


def _agent(line: str) -> str | None:
    """Whom a group is for, in lower case, where the line says so; "*" is everyone."""
    found = _AGENT.match(line.partition("#")[0])
    if found is None:
        return None
    name = found[1].strip().lower()
    return name if name == "*" else name.replace("*", "").strip()


def _same_host(one: str, other: str) -> bool:
    """Also where one of them is no URL at all: then it is what was asked for."""
    try:
        return host_of(one) == host_of(other)
    except RefusedAddress:
        return True
