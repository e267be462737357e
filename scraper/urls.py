"""URLs: which ones we open at all, and which spellings mean the same page."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from scraper.errors import RefusedAddress

MAX_LENGTH = 2048

_CONTROL = re.compile(r"[\x00-\x20\x7f\\\ud800-\udfff]")


def is_web(url: str) -> bool:
    """Whether the URL is one that a scraper may open: see `check`."""
    try:
        check(url)
    except RefusedAddress:
        return False
    return True


@lru_cache(maxsize=4096)
def check(url: str) -> str:
    """The URL itself, or RefusedAddress: only http and https, a host, no user, no backslash, no control."""
    if len(url) > MAX_LENGTH:
        raise RefusedAddress(f"the URL is longer than {MAX_LENGTH} characters", url[:100])
    if _CONTROL.search(url):
        raise RefusedAddress("the URL holds a space, a backslash or a control character", ascii(url)[:200])
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise RefusedAddress(f"not a URL: {error}", url) from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise RefusedAddress(f"only http and https are opened, not {parts.scheme or 'this'!r}", url)
    if not host:
        raise RefusedAddress("the URL names no host", url)
    if "@" in parts.netloc:
        raise RefusedAddress("the URL holds a user name", url)
    return url


def join(base: str, link: str) -> str:
    """The absolute URL of a link on a page; anything odd in it is left for `check` to refuse."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link


def clean(url: str) -> str:
    """One spelling a page: host in lower case, no fragment, no default port, no tracking parameters.

    Order and values of the other parameters stay: some sites depend on them.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}.get(parts.scheme)
    netloc = host if port in {None, default} else f"{host}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return urlunsplit((parts.scheme, netloc, path, _query(parts.query), ""))


def _query(query: str) -> str:
    """The query without tracking; rewritten only where something is dropped, to keep odd spellings."""
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _is_tracking(name.lower(), value.lower())]
    return query if len(kept) == len(pairs) else urlencode(kept)


def _is_tracking(name: str, value: str) -> bool:
    table = _tracking()
    if name in table["ambiguous"]:
        return value in table["channels"]
    return name in table["names"] or name.startswith(tuple(table["prefixes"]))


@cache
def _tracking() -> dict[str, frozenset[str]]:
    text = (resources.files(__package__) / "tracking.toml").read_text(encoding="utf-8")
    return {key: frozenset(values) for key, values in tomllib.loads(text).items()}


def host(url: str) -> str:
    """The host in lower case; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def same_site(one: str, other: str) -> bool:
    """Whether two URLs belong to one site: equal hosts, or one a subdomain of the other but for "www."."""
    first, second = (host(url).removeprefix("www.") for url in (one, other))
    if not first or not second:
        return False
    return first == second or first.endswith("." + second) or second.endswith("." + first)


def canonical(page: str, *named: str) -> str:
    """The first of the URLs that a page gives as its own that can be believed, else the page's; cleaned.

    A page may speak for its own site only, and a home page named on every article is a known mistake.
    """
    for one in named:
        target = join(page, one) if one else ""
        if target and _is_believable(page, target):
            return clean(target)
    return clean(page)


def _is_believable(page: str, target: str) -> bool:
    if not is_web(target) or not same_site(page, target):
        return False
    return urlsplit(target).path not in {"", "/"} or urlsplit(page).path in {"", "/"}
