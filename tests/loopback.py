"""A real web server on a free port of this machine, which answers as a test tells it to.

site.page("/a", "<html>…")                  200 with text
site.answer("/gone", status=410)            any status, headers, body
site.answer("/feed", etag='"1"')            304 where the request brings that validator
site.redirect("/old", "/new", status=301)
site.script("/drip", drip(b"x", 0.1))       full control over the socket
site.requests                               every request, in order, with its headers
"""

from __future__ import annotations

import gzip
import http.server
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

Script = Callable[[http.server.BaseHTTPRequestHandler], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked: path with query, headers by lower-case name, seconds since the server began."""

    path: str
    headers: dict[str, str]
    at: float


@dataclass(slots=True)
class Site:
    """The server's routes and its memory of requests."""

    url: str = ""
    port: int = 0
    routes: dict[str, Script] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    busy: int = 0
    busiest: int = 0

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [request.path for request in self.requests]

    def page(self, path: str, text: str, kind: str = "text/html; charset=utf-8") -> None:
        """A page of text."""
        self.answer(path, body=text.encode(), headers={"Content-Type": kind})

    def feed(self, path: str, *links: str, etag: str = "", extra: str = "") -> None:
        """An RSS feed of links, each with its last part as title."""
        items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in links)
        channel = f"<channel><title>Feed</title>{extra}{items}</channel>"
        body = f"<?xml version='1.0'?><rss version='2.0'>{channel}</rss>"
        self.answer(path, body=body.encode(), etag=etag, headers={"Content-Type": "application/rss+xml"})

    def answer(
        self,
        path: str,
        *,
        status: int = 200,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        etag: str = "",
        modified: str = "",
    ) -> None:
        """A fixed answer; with a validator, 304 to the requests that bring it."""
        named = {**({"ETag": etag} if etag else {}), **({"Last-Modified": modified} if modified else {})}

        def script(handler: http.server.BaseHTTPRequestHandler) -> None:
            same = (etag and handler.headers.get("If-None-Match") == etag) or (
                modified and handler.headers.get("If-Modified-Since") == modified
            )
            send(handler, 304 if same else status, {**(headers or {}), **named}, b"" if same else body)

        self.routes[path] = script

    def redirect(self, path: str, target: str, status: int = 302) -> None:
        """A redirect; the target is sent as it is written."""
        self.answer(path, status=status, headers={"Location": target})

    def script(self, path: str, script: Script) -> None:
        """An answer written by hand."""
        self.routes[path] = script


def send(
    handler: http.server.BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes
) -> None:
    """One whole answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    if status != 304:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def drip(piece: bytes, pause: float, times: int = 1000) -> Script:
    """A body that comes in small pieces, each early enough to please a read timeout."""

    def script(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _ in range(times):
            if not _written(handler.wfile, piece):
                return
            time.sleep(pause)

    return script


def drip_headers(pause: float, times: int = 1000) -> Script:
    """Headers that never end."""

    def script(handler: http.server.BaseHTTPRequestHandler) -> None:
        _written(handler.wfile, b"HTTP/1.1 200 OK\r\n")
        for number in range(times):
            if not _written(handler.wfile, f"X-{number}: 1\r\n".encode()):
                return
            time.sleep(pause)

    return script


def silent(seconds: float) -> Script:
    """A server that takes the request and says nothing."""

    def script(handler: http.server.BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)

    return script


def cut_off(announced: int, sent: bytes) -> Script:
    """A body that ends before its announced length."""

    def script(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(announced))
        handler.end_headers()
        handler.wfile.write(sent)

    return script


def endless(piece: bytes) -> Script:
    """A body without end or announced length, as fast as it is read."""
    return drip(piece, 0.0, times=1_000_000)


def gzip_bomb(megabytes: int) -> bytes:
    """Zeros, packed about a thousandfold."""
    return gzip.compress(bytes(megabytes * 1024 * 1024), 9)


def deflated(data: bytes, *, bare: bool) -> bytes:
    """Deflate with its header, or bare, as some servers send it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def _written(stream: BinaryIO | Any, piece: bytes) -> bool:
    """Whether the client still listens."""
    try:
        stream.write(piece)
        stream.flush()
    except OSError:
        return False
    return True


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 50

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what half of the tests are about."""


@contextmanager
def serve(address: str = "127.0.0.1") -> Iterator[Site]:
    """A running site, closed at the end. Another loopback address is another host."""
    site = Site()
    began = time.monotonic()
    guard = threading.Lock()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            with guard:
                site.requests.append(Request(self.path, headers, time.monotonic() - began))
                self.unanswered = True
                site.busy += 1
                site.busiest = max(site.busiest, site.busy)
            try:
                script = site.routes.get(self.path)
                script(self) if script else send(self, 404, {}, b"not here")
            finally:
                self.answered()

        def send_response(self, code: int, message: str | None = None) -> None:
            """From here on the client may have its answer and ask again, before this thread knows."""
            self.answered()
            super().send_response(code, message)

        def answered(self) -> None:
            with guard:
                site.busy -= self.unanswered
                self.unanswered = False

        def log_message(self, format: str, *arguments: Any) -> None:
            """Quiet: pytest shows what matters."""

    server = _Server((address, 0), Handler)
    site.port = server.server_port
    site.url = f"http://{address}:{site.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
