"""A web site that costs next to nothing, for load tests: many feeds on many loopback addresses.

    python -m benchmarks.load_site PORT HOSTS     says "ready", then serves until standard input closes

GET /feed/N.xml     an RSS feed of 10 entries; 304 to those who bring its ETag, except where 20 divides N
GET /feed/N-M.xml   an RSS feed of M entries, each with a page
GET /page/N/M.html  an article of some 3,000 characters
"""

from __future__ import annotations

import asyncio
import re
import sys
from typing import cast

EVERY = 20  # one source in so many has changed: 50 of 1,000
ENTRIES = 10
_PATH = re.compile(rb"GET /(?:feed/(\d+)(?:-(\d+))?\.xml|page/(\d+)/(\d+)\.html) HTTP")
_SENTENCE = "Das Rechenzentrum in der Nähe bekommt im nächsten Jahr neue Rechner und mehr Strom"


class Server(asyncio.Protocol):
    """One request a connection, or several; answers as soon as the headers are there."""

    def __init__(self, port: int) -> None:
        self.port, self.buffer = port, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.host = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head, self.buffer = self.buffer[:end], self.buffer[end + 4 :]
            self.transport.write(self.answer(head))
            if b"onnection: close" in head:
                self.transport.close()

    def answer(self, head: bytes) -> bytes:
        found = _PATH.match(head)
        if found is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        if found[3]:
            return ok(page(int(found[3]), int(found[4])), "text/html; charset=utf-8")
        number = int(found[1])
        same = f'if-none-match: "{number}"'.encode() in head.lower()
        if same and number % EVERY:
            return f'HTTP/1.1 304 Not Modified\r\nETag: "{number}"\r\n\r\n'.encode()
        body = feed(f"http://{self.host}:{self.port}", number, int(found[2] or ENTRIES))
        return ok(body, "application/rss+xml", f'ETag: "{number}"\r\n')


def ok(body: bytes, kind: str, more: str = "") -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode()
        + body
    )


def feed(site: str, number: int, entries: int) -> bytes:
    items = "".join(
        f"<item><title>Story {entry} of {number}</title><link>{page_url(site, number, entry)}</link>"
        f"<guid>{number}-{entry}</guid><pubDate>Tue, 17 Nov 2026 08:{entry % 60:02}:00 GMT</pubDate>"
        f"<description>What the story is about, in a sentence or two.</description></item>"
        for entry in range(entries)
    )
    channel = f"<channel><title>{number}</title>{items}</channel>"
    return f"<?xml version='1.0'?><rss version='2.0'>{channel}</rss>".encode()


def page_url(site: str, number: int, entry: int) -> str:
    return f"{site}/page/{number}/{entry}.html"


def page(number: int, entry: int) -> bytes:
    """Each its own text, so that no two are the same article."""
    paragraphs = "".join(f"<p>{_SENTENCE}, sagt Nummer {number}-{entry}-{n}.</p>" for n in range(30))
    title = f"Bericht {entry} von {number}"
    head = f'<html lang="de"><head><title>{title}</title><meta property="article:published_time" '
    head += 'content="2026-11-17T08:00:00+01:00"></head>'
    return f"{head}<body><article><h1>{title}</h1>{paragraphs}</article></body></html>".encode()


def addresses(hosts: int) -> list[str]:
    """Loopback addresses of their own, since a host gets one request at a time."""
    return [f"127.0.{number // 250}.{number % 250 + 1}" for number in range(hosts)]


async def serve(port: int, hosts: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: Server(port), addresses(hosts), port, backlog=200)
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
