"""One request over a connection of its own: every connection goes through the address guard.

One connection a fetch: the deadline belongs to the fetch, and an address is checked anew each time. Keeping
connections would save a handshake a second at best, since requests to a host are a second apart anyway. Of
httpx only what reads URLs and the trusted roots is used, of httpcore the sockets: of a "not modified" their
requests, responses and pools would be most of the cost. What is said over the socket: exchange.py.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import TracebackType

import h11
import httpcore
import httpx

from scraper.address import GuardedBackend
from scraper.deadline import Deadline
from scraper.errors import FetchError, RefusedAddress, TooLarge, TooSlow, Unreachable, Word
from scraper.exchange import Exchange, Headers


class _ClosedSocket(ssl.SSLSocket):
    """Closes itself when the handshake leaves nobody who could: a reset before it begins does that.

    `SSLContext.wrap_socket` raises then without closing what it took over (seen in CPython 3.11).
    """

    def __del__(self) -> None:
        self.close()


def leaving_none_open(context: ssl.SSLContext) -> ssl.SSLContext:
    """The same context, whose sockets close themselves when a handshake breaks before it begins."""
    context.sslsocket_class = _ClosedSocket
    return context


def tls_context() -> ssl.SSLContext:
    """How servers are trusted: certifi's roots, nothing from the environment, no socket left open."""
    context = leaving_none_open(httpx.create_ssl_context(trust_env=False))
    context.set_alpn_protocols(["http/1.1"])
    return context


_PORTS = {b"http": 80, b"https": 443}
_FAILURES = (httpcore.TimeoutException, httpcore.NetworkError, h11.ProtocolError)


class Answer:
    """The head of an answer, its body unread."""

    def __init__(self, status: int, headers: Headers, body: Iterator[bytes]) -> None:
        self.status = status
        self.headers = headers
        self._body = body

    def body(self) -> Iterator[bytes]:
        """The raw body as it comes in; raises FetchErrors only."""
        return self._body


class GuardedConnection:
    """Sends one request, follows nothing, reads no environment, keeps no cookie. A context: it closes itself.

    `allowed` as `address.opened` gives it.
    """

    def __init__(
        self, context: ssl.SSLContext, deadline: Deadline, allowed: frozenset[str] = frozenset()
    ) -> None:
        self._context = context
        self._deadline = deadline
        self._backend = GuardedBackend(deadline, allowed)
        self._stream: httpcore.NetworkStream | None = None

    def __enter__(self) -> GuardedConnection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    def get(self, url: str, headers: Headers, timeout: Mapping[str, float]) -> Answer:
        """The answer with its body unread; raises FetchErrors only.

        `timeout` holds the seconds to "connect", "read" and "write".
        """
        return self._asked("GET", url, headers, timeout, b"")

    def post(self, url: str, headers: Headers, timeout: Mapping[str, float], body: bytes) -> Answer:
        """The same for something that is sent."""
        length = (b"Content-Length", str(len(body)).encode())
        return self._asked("POST", url, [*headers, length], timeout, body)

    def _asked(
        self, method: str, url: str, headers: Headers, timeout: Mapping[str, float], body: bytes
    ) -> Answer:
        site, path = url_parts(url)
        try:
            exchange = Exchange(self._connected(site, timeout["connect"]), timeout)
            status, answered = exchange.ask(method, path, [(b"Host", site.netloc), *headers], body)
        except FetchError as error:
            error.url = url
            raise
        except _FAILURES as error:
            raise self._translated(error, url) from error
        return Answer(status, answered, self._body(exchange, url))

    def _connected(self, site: httpx.URL, timeout: float) -> httpcore.NetworkStream:
        """A stream to a checked address, with TLS where the URL says so. It is ours to close from then on."""
        host = site.raw_host.decode("ascii")
        self._stream = self._backend.connect_tcp(host, site.port or _PORTS[site.raw_scheme], timeout)
        if site.raw_scheme == b"https":
            self._stream = self._stream.start_tls(self._context, host, timeout)
        return self._stream

    def _body(self, exchange: Exchange, url: str) -> Iterator[bytes]:
        try:
            yield from exchange.body()
        except FetchError as error:
            error.url = url
            raise
        except _FAILURES as error:
            raise self._translated(error, url) from error

    def _translated(self, error: Exception, url: str) -> FetchError:
        """h11's and httpcore's errors as ours, with the URL that was asked for."""
        if isinstance(error, httpcore.TimeoutException):
            return _slow(error, url, self._deadline)
        if isinstance(error, httpcore.ConnectError):
            return _unreachable(error, url)
        if isinstance(error, h11.RemoteProtocolError):
            return _no_answer(error, url, cut=self._backend.ended)
        return Unreachable(f"the connection broke: {error}", url)


# Nothing in it has to be written otherwise to be asked for: no escapes, no segment that begins with a point.
_PLAIN = re.compile(
    r"(https?://[^/?#]+)((?:/(?!\.)[\w~$&+,;=:@!*'().-]*)+(?:\?[\w~$&+,;=:@!*'()./?-]*)?)", re.ASCII
)


@lru_cache(maxsize=4096)
def url_parts(url: str) -> tuple[httpx.URL, bytes]:
    """The site of a URL and what is asked of it, as they are sent. Raises RefusedAddress.

    Kept, since a fetch asks for them several times; a site is read once, whatever is asked of it.
    """
    if plain := _PLAIN.fullmatch(url):
        return _read(plain[1]), plain[2].encode()
    whole = _read(url)
    return whole, whole.raw_path


@lru_cache(maxsize=4096)
def _read(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise RefusedAddress(f"not a URL: {error}", url) from error


def host_of(url: str) -> str:
    """The host as it is connected to: one spelling, whatever the URL's. Raises RefusedAddress."""
    return url_parts(url)[0].raw_host.decode("ascii").rstrip(".").lower()


def _slow(error: Exception, url: str, deadline: Deadline) -> TooSlow:
    if deadline.left <= 0.01:
        return TooSlow(f"not finished within {deadline.seconds:g} s", url, Word.DEADLINE)
    connecting = isinstance(error, (httpcore.ConnectTimeout, httpcore.PoolTimeout))
    word = Word.CONNECT_TIMEOUT if connecting else Word.READ_TIMEOUT
    return TooSlow("no connection in time" if connecting else "the server stopped answering", url, word)


def _unreachable(error: Exception, url: str) -> Unreachable:
    """httpcore hands TLS failures on as ConnectError; the cause tells which it was."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Unreachable(f"no secure connection: {cause.reason or cause}", url, Word.TLS)
        cause = cause.__cause__ or cause.__context__
    return Unreachable(f"no connection: {error}", url)


def _no_answer(error: h11.RemoteProtocolError, url: str, *, cut: bool) -> FetchError:
    """What was sent is no HTTP: it ended too early, its headers never did, or it is something else."""
    if cut:
        return Unreachable(f"the connection broke: {error}", url)
    if error.error_status_hint == 431:
        return TooLarge("the headers have no end", url)
    return FetchError(f"the answer is no HTTP: {error}", url, Word.PARSE)
