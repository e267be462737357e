"""httpcore with our own sockets: every connection goes through the address guard.

One connection a fetch: the deadline belongs to the fetch, and an address is checked anew each time. Keeping
connections would save a handshake a second at best, since requests to a host are a second apart anyway. Of
httpx only what reads URLs and the trusted roots is used: of a "not modified" its requests, responses and
pools would be half the cost.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from types import TracebackType

import httpcore
import httpx

from scraper.address import GuardedBackend
from scraper.deadline import Deadline
from scraper.errors import FetchError, RefusedAddress, TooLarge, TooSlow, Unreachable, Word


class _ClosedSocket(ssl.SSLSocket):
    """Closes itself when the handshake leaves nobody who could: a reset before it begins does that.

    `SSLContext.wrap_socket` raises then without closing what it took over (seen in CPython 3.11).
    """

    def __del__(self) -> None:
        self.close()


def tls_context() -> ssl.SSLContext:
    """How servers are trusted: certifi's roots, nothing from the environment, no socket left open."""
    context = httpx.create_ssl_context(trust_env=False)
    context.sslsocket_class = _ClosedSocket
    return context


Headers = list[tuple[bytes, bytes]]


class Answer:
    """The head of an answer, its body unread."""

    def __init__(
        self, answer: httpcore.Response, translated: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self.status: int = answer.status
        self.headers: Headers = answer.headers
        self._answer = answer
        self._translated = translated

    def body(self) -> Iterator[bytes]:
        """The raw body as it comes in; raises FetchErrors only."""
        with self._translated():
            yield from self._answer.iter_stream()


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
        self._connection: httpcore.HTTPConnection | None = None

    def __enter__(self) -> GuardedConnection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()

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
        target = httpcore.URL(scheme=site.raw_scheme, host=site.raw_host, port=site.port, target=path)
        sent = [(b"Host", site.netloc), *headers]
        request = httpcore.Request(
            method, target, headers=sent, content=body, extensions={"timeout": timeout}
        )
        self._connection = httpcore.HTTPConnection(
            target.origin, ssl_context=self._context, network_backend=self._backend
        )
        with self._translated(url):
            answer = self._connection.handle_request(request)
        return Answer(answer, lambda: self._translated(url))

    @contextmanager
    def _translated(self, url: str) -> Iterator[None]:
        """httpcore's errors as ours, with the URL that was asked for."""
        try:
            yield
        except FetchError as error:
            error.url = url
            raise
        except httpcore.TimeoutException as error:
            raise _slow(error, url, self._deadline) from error
        except httpcore.ConnectError as error:
            raise _unreachable(error, url) from error
        except httpcore.RemoteProtocolError as error:
            raise _no_answer(error, url, cut=self._backend.ended) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise Unreachable(f"the connection broke: {error}", url) from error
        except httpcore.UnsupportedProtocol as error:
            raise RefusedAddress(str(error), url) from error


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


def _no_answer(error: Exception, url: str, *, cut: bool) -> FetchError:
    """What was sent is no HTTP: it ended too early, its headers never did, or it is something else."""
    if cut:
        return Unreachable(f"the connection broke: {error}", url)
    if getattr(error.__context__, "error_status_hint", 0) == 431:
        return TooLarge("the headers have no end", url)
    return FetchError(f"the answer is no HTTP: {error}", url, Word.PARSE)
