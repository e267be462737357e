"""httpx over httpcore with our own sockets: every connection goes through the address guard.

One pool a fetch: the deadline belongs to the fetch, and an address is checked anew each time. Keeping
connections would save a handshake a second at best, since requests to a host are a second apart anyway.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

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


class GuardedTransport(httpx.BaseTransport):
    """Sends one request, follows nothing, reads no environment, keeps no cookie."""

    def __init__(self, context: ssl.SSLContext, deadline: Deadline, allowed: Iterable[str] = ()) -> None:
        self._deadline = deadline
        self._backend = GuardedBackend(deadline, allowed)
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=self._backend, retries=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response with its body unread; raises FetchErrors only."""
        with self._translated(str(request.url)):
            answer = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.read(),
                    extensions=request.extensions,
                )
            )
        stream = _Body(answer, lambda: self._translated(str(request.url)))
        return httpx.Response(answer.status, headers=answer.headers, stream=stream, request=request)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

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


class _Body(httpx.SyncByteStream):
    """The raw body as it comes in, with failures told in our own words."""

    def __init__(self, answer: httpcore.Response, translate: Callable[[], Any]) -> None:
        self._answer = answer
        self._translate = translate

    def __iter__(self) -> Iterator[bytes]:
        with self._translate():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        """Give the connection up, however much of the body was read."""
        self._answer.close()


def host_of(url: str) -> str:
    """The host as it is connected to: one spelling, whatever the URL's. Raises RefusedAddress."""
    try:
        return httpx.URL(url).raw_host.decode("ascii").rstrip(".").lower()
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise RefusedAddress(f"not a URL: {error}", url) from error


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
    if getattr(error.__context__, "error_status_hint", 0) == 431:  # the pool hides the cause, not the context
        return TooLarge("the headers have no end", url)
    return FetchError(f"the answer is no HTTP: {error}", url, Word.PARSE)
