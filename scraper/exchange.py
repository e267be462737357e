"""One request and its answer over an open connection: h11 knows the protocol, httpcore's stream carries it.

httpcore's own connection does the same for many requests, tracers and pools. Of a "not modified" that would
be most of the cost, and a fetch has one connection for one request. h11 is what httpcore itself speaks with,
so what counts as HTTP is the same: it decides on framing, names and values of headers, and limits their size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

import h11
import httpcore

Headers = list[tuple[bytes, bytes]]

MAX_HEAD = 100 * 1024  # bytes of headers, and of the line before a piece of the body
_PIECE = 64 * 1024
_SWITCHING = 101


class Exchange:
    """Use it once. `timeout` holds the seconds for a "read" and a "write".

    What goes wrong is raised as h11's and httpcore's errors.
    """

    def __init__(self, stream: httpcore.NetworkStream, timeout: Mapping[str, float]) -> None:
        self._stream = stream
        self._timeout = timeout
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)

    def ask(self, method: str, target: bytes, headers: Headers, body: bytes) -> tuple[int, Headers]:
        """The answer's status and headers, its body unread."""
        request = h11.Request(method=method, target=target, headers=headers)
        sent = [self._protocol.send(request)]
        sent += [self._protocol.send(h11.Data(data=body))] if body else []
        sent += [self._protocol.send(h11.EndOfMessage())]
        with suppress(httpcore.WriteError):  # a server may answer, and close, before it has heard us out
            self._stream.write(b"".join(part for part in sent if part), self._timeout["write"])
        while True:
            event = self._next()
            if isinstance(event, h11.Response) or (
                isinstance(event, h11.InformationalResponse) and event.status_code == _SWITCHING
            ):
                return event.status_code, list(event.headers)

    def body(self) -> Iterator[bytes]:
        """The raw body as it comes in."""
        while isinstance(event := self._next(), h11.Data):
            yield bytes(event.data)

    def _next(self) -> object:
        """One of h11's events, or its mark that nothing more can come."""
        while True:
            event = self._protocol.next_event()
            if event is not h11.NEED_DATA:
                return event
            data = self._stream.read(_PIECE, self._timeout["read"])
            if not data and self._protocol.their_state is h11.SEND_RESPONSE:
                raise h11.RemoteProtocolError("the server closed it without an answer")
            self._protocol.receive_data(data)
