"""/healthz and /metrics for whoever watches this machine: numbers and no texts, nothing can be changed.

One small request after the other, each within a few seconds and a few kilobytes: whoever holds a connection
open holds up no more than the next one who asks, and never the daemon's work.
"""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from claims.settings import Config
from claims.status import Status, gather, metrics

_PATIENCE = 3.0  # seconds for a request as a whole
_LONGEST = 8192  # bytes of a request


def answering(config: Config) -> ExitStack:
    """Answer at the configured address until the stack is closed. Raises OSError where that is taken."""
    from claims.fetching import utc_now

    return serve(config.daemon.listen, lambda: gather(config, utc_now()))


def serve(address: str, look: Callable[[], Status]) -> ExitStack:
    """Answer at `127.0.0.1:9464` or `[::1]:9464` what `look` finds. Raises OSError."""
    host, _, port = address.rpartition(":")
    server = _server(host.strip("[]"), int(port), look)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True, name="listening"
    )
    thread.start()
    stack = ExitStack()
    stack.callback(thread.join)
    stack.callback(server.server_close)
    stack.callback(server.shutdown)
    return stack


def _server(host: str, port: int, look: Callable[[], Status]) -> socketserver.TCPServer:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            _answer(self.request, look)

    class Server(socketserver.TCPServer):
        allow_reuse_address = True
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Whoever asked has left: nobody to tell."""

    return Server((host, port), Handler)


def _answer(connection: socket.socket, look: Callable[[], Status]) -> None:
    """One request in, one answer out; what is no request gets none."""
    method, path = _request(connection)
    status, kind, body = (
        _page(path, look) if method in {"GET", "HEAD"} else ("405 Method Not Allowed", "", "")
    )
    data = body.encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind or 'text/plain; charset=utf-8'}\r\n"
        f"Content-Length: {len(data)}\r\nConnection: close\r\nCache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n\r\n"
    )
    connection.settimeout(_PATIENCE)
    connection.sendall(head.encode("ascii") + (b"" if method == "HEAD" else data))


def _request(connection: socket.socket) -> tuple[str, str]:
    """Method and path. Raises OSError for what does not end in time or is too long."""
    until = time.monotonic() + _PATIENCE
    held = b""
    while b"\r\n\r\n" not in held:
        connection.settimeout(max(0.001, until - time.monotonic()))
        piece = connection.recv(_LONGEST - len(held))
        held += piece
        if not piece or len(held) >= _LONGEST:
            raise ConnectionError("no request")
    words = held.split(b"\r\n", 1)[0].decode("ascii", "replace").split(" ")
    if len(words) != 3:
        raise ConnectionError("no request")
    return words[0], words[1].partition("?")[0]


def _page(path: str, look: Callable[[], Status]) -> tuple[str, str, str]:
    """Status, kind and text of an answer."""
    if path == "/healthz":
        wrong = len(look().wrong)
        return ("503 Service Unavailable", "", f"wrong {wrong}\n") if wrong else ("200 OK", "", "ok\n")
    if path == "/metrics":
        return "200 OK", "text/plain; version=0.0.4; charset=utf-8", metrics(look())
    return "404 Not Found", "", "there are /healthz and /metrics\n"
