"""Damages what the scraper reads until something escapes that is none of its own errors.

    python -m benchmarks.fuzz [--minutes 30] [--what feed,robots,…] [--seed 1] [--case N]

Each target takes turns: one of its samples, made in code, is cut, doubled, swapped, filled with odd bytes and
words, and read. An escape is any exception but a ScraperError, an answer that cannot be stored, or five
seconds of processor time. The first one ends the run with exit code 1, made as small as it gets, with the
call that repeats it: the same seed and case give the same input. What it found stands as a test in
`tests/scraper/test_fuzz.py`.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import gzip
import random
import signal
import socket
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from types import FrameType

from benchmarks.fuzzing import samples
from scraper.article import Page, Source, SourceKind
from scraper.client import Client, ClientSettings
from scraper.decoding import read_bounded
from scraper.discovery import named
from scraper.errors import ScraperError
from scraper.httpdates import freshness, retry_after
from scraper.links import read_listing
from scraper.opml import read_opml, write_opml
from scraper.parse import parse
from scraper.robots import read_rules
from scraper.transport import host_of
from scraper.urls import canonical, check, clean, is_web, join

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://probe.example/a/b"
HOPELESS = 300.0  # seconds after which a case is taken to hang for good
LIMIT = 5.0  # seconds of processor time for one case; the slowest honest page takes 0.3
LARGEST = 200_000  # bytes; larger cases find nothing new and cost the time of many small ones


class Escape(Exception):
    """What must not happen."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads: its samples, and the call that may raise nothing but ScraperError."""

    samples: tuple[bytes, ...]
    read: Callable[[bytes, random.Random], None]


# --- what is read


def _page(body: bytes, rng: random.Random) -> Page:
    return Page(URL, 200, body, NOW, {"content-type": rng.choice(samples.CONTENT_TYPES)})


def _feed(body: bytes, rng: random.Random) -> None:
    feed = read_listing(_page(body, rng), Source("probe", URL, "de", "Europe/Berlin"))
    for entry in feed.entries:
        _storable(entry.title, entry.url, entry.identity, entry.summary)
        if not is_web(entry.url):
            raise Escape(f"a link that is never opened: {entry.url!r}")


def _article(body: bytes, rng: random.Random) -> None:
    article = parse(_page(body, rng), lang="de", title="Probe", zone="Europe/Berlin")
    _storable(article.title, article.text, article.url, *article.authors)


def _robots(body: bytes, rng: random.Random) -> None:
    rules = read_rules(body, "claims-monitor")
    delay = rules.crawl_delay
    if delay is not None and not 0 <= delay < float("inf"):
        raise Escape(f"a delay of {delay}")
    rules.check(rng.choice((URL, "http://probe.example/", "http://probe.example/*$?a=%2e")))


def _outlines(body: bytes, rng: random.Random) -> None:
    outlines = read_opml(body, "probe.opml")
    for one in (*outlines.subscriptions, *outlines.unusable):
        _storable(one.title, one.folder, one.lang)
    written = write_opml(outlines.subscriptions, "Probe")
    if len(read_opml(written, "again").subscriptions) != len(outlines.subscriptions):
        raise Escape("what was written is not what was read")


def _site(body: bytes, rng: random.Random) -> None:
    _storable(*named(_page(body, rng)))


def _listed(body: bytes, rng: random.Random) -> None:
    source = Source("probe", URL, "de", kind=SourceKind.LISTING, select="li a, article h2")
    for entry in read_listing(_page(body, rng), source).entries:
        _storable(entry.title, entry.url, entry.identity)


def _url(body: bytes, rng: random.Random) -> None:
    text = body.decode("utf-8", rng.choice(("replace", "surrogateescape")))
    target = join(URL, text)
    _storable(clean(check(target)), canonical(URL, text), host_of(target))


def _headers(body: bytes, rng: random.Random) -> None:
    # What HTTP itself lets through: neither NUL nor line ends.
    lines = (line.partition(":") for line in body.decode("latin-1").replace("\0", "").split("\n"))
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    for seconds in (retry_after(headers, NOW), freshness(headers, NOW)):
        if seconds is not None and not seconds >= 0:
            raise Escape(f"{seconds} seconds")
    page = Page(URL, 200, b"", NOW, headers)
    _storable(page.content_type, page.charset or "")


def _packed(body: bytes, rng: random.Random) -> None:
    encoding = rng.choice(("gzip", "deflate", "identity", "gzip, gzip", "br", ""))
    size = rng.choice((1, 7, 1000, 65536))
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    if len(read_bounded(pieces, encoding, 50_000, URL)) > 50_000:
        raise Escape("more than the limit")


def _storable(*texts: str) -> None:
    for text in texts:
        text.encode("utf-8")
        if "\0" in text:
            raise Escape(f"NUL in {text[:80]!r}")


class _Wire:
    """A server that sends what it is told, byte for byte, and a client that asks it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._answer = b""
        settings = ClientSettings(
            min_gap=0, deadline=3.0, read_timeout=1.0, max_body=100_000, allow_hosts=("127.0.0.1",)
        )
        self._settings = settings
        threading.Thread(target=self._serve, daemon=True).start()

    def read(self, body: bytes, rng: random.Random) -> None:
        """One fetch."""
        self._answer = body
        with Client(self._settings) as client:
            page = client.get(f"http://127.0.0.1:{self._listener.getsockname()[1]}/")
        _storable(*page.headers, *page.headers.values())

    def _serve(self) -> None:
        while True:
            connection = self._listener.accept()[0]
            with connection, contextlib.suppress(OSError):
                connection.recv(65536)
                connection.sendall(self._answer)
                connection.shutdown(socket.SHUT_WR)


def targets() -> dict[str, Target]:
    """Everything that reads what others wrote, by name."""
    packed = (gzip.compress(b"hello" * 900), zlib.compress(b"hello" * 900), gzip.compress(b"a") * 3)
    return {
        "feed": Target(samples.FEEDS, _feed),
        "json": Target(samples.JSON_FEEDS, _feed),
        "sitemap": Target(samples.SITEMAPS, _feed),
        "opml": Target(samples.OUTLINES, _outlines),
        "page": Target(samples.PAGES, _article),
        "listing": Target(samples.LISTINGS, _listed),
        "site": Target(samples.LISTINGS, _site),
        "robots": Target(samples.ROBOTS, _robots),
        "url": Target(samples.URLS, _url),
        "headers": Target(samples.HEADERS, _headers),
        "packed": Target(packed, _packed),
        "http": Target(samples.ANSWERS, _Wire().read),
    }


# --- damage


def mutated(sample: bytes, others: tuple[bytes, ...], rng: random.Random) -> bytes:
    """The sample after a few blows; a few more now and then."""
    body = bytearray(sample)
    for _ in range(rng.choice((0, 1, 1, 2, 3, 5, 20))):
        rng.choice(_BLOWS)(body, others, rng)
        del body[LARGEST:]
    return bytes(body)


def _span(body: bytearray, rng: random.Random) -> slice:
    start = rng.randrange(len(body) + 1)
    return slice(start, min(len(body), start + int(rng.expovariate(1 / 30))))


def _cut(body: bytearray, others: tuple[bytes, ...], rng: random.Random) -> None:
    del body[_span(body, rng)]


def _end(body: bytearray, others: tuple[bytes, ...], rng: random.Random) -> None:
    del body[rng.randrange(len(body) + 1) :]


def _double(body: bytearray, others: tuple[bytes, ...], rng: random.Random) -> None:
    span = _span(body, rng)
    body[span.stop : span.stop] = body[span] * rng.choice((1, 2, 10, 1000))


def _bytes(body: bytearray, others: tuple[bytes, ...], rng: random.Random) -> None:
    body[_span(body, rng)] = rng.randbytes(rng.choice((1, 1, 2, 8)))


def _word(body: bytearray, others: tuple[bytes, ...], rng: random.Random) -> None:
    span = _span(body, rng)
    at = rng.choice((span, slice(span.start, span.start)))
    body[at] = rng.choice(samples.WORDS) * rng.choice((1, 1, 1, 3, 200))


def _graft(body: bytearray, others: tuple[bytes, ...], rng: random.Random) -> None:
    other = bytearray(rng.choice(others))
    body[_span(body, rng)] = other[_span(other, rng)]


def _swap(body: bytearray, others: tuple[bytes, ...], rng: random.Random) -> None:
    one, other = sorted((_span(body, rng), _span(body, rng)), key=lambda span: span.start)
    if one.stop <= other.start:
        first, second = body[one], body[other]
        body[other] = first
        body[one] = second


def _recode(body: bytearray, others: tuple[bytes, ...], rng: random.Random) -> None:
    text = body.decode("utf-8", "replace")
    body[:] = text.encode(rng.choice(("utf-16", "utf-16-be", "latin-1", "utf-7", "utf-32")), "replace")


_BLOWS = (_cut, _cut, _end, _double, _bytes, _bytes, _word, _word, _word, _graft, _graft, _swap, _recode)


# --- the run


def case(name: str, target: Target, seed: int, number: int) -> tuple[bytes, random.Random]:
    """The input of a case, and the luck that its reading needs."""
    rng = random.Random(f"{seed} {name} {number}")  # noqa: S311  # to be repeated, not to be secret
    return mutated(rng.choice(target.samples), target.samples, rng), rng


def escape(target: Target, body: bytes, rng: random.Random) -> str:
    """What escaped, in one line; empty where nothing did."""
    began = time.process_time()
    try:
        with _limited():
            target.read(body, rng)
    except ScraperError:
        return ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    took = time.process_time() - began
    return f"took {took:.1f} s" if took > LIMIT else ""


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Escape(f"not finished after {LIMIT:g} s of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def smaller(target: Target, body: bytes, luck: object) -> bytes:
    """The body without what the escape does not need; gives up after a minute."""
    kind = escape(target, body, _lucky(luck)).partition(":")[0]
    until, size = time.monotonic() + 60, len(body) // 2
    while size and time.monotonic() < until:
        at = 0
        while at < len(body) and time.monotonic() < until:
            shorter = body[:at] + body[at + size :]
            if escape(target, shorter, _lucky(luck)).partition(":")[0] == kind:
                body = shorter
            else:
                at += size
        size //= 2
    return body


def _lucky(luck: object) -> random.Random:
    rng = random.Random()  # noqa: S311
    rng.setstate(luck)  # type: ignore[arg-type]
    return rng


def run(chosen: Mapping[str, Target], seed: int, minutes: float, only: int | None) -> int:
    """Rounds over all targets until the time is up, or one escape. Gives the exit code."""
    counts, began = dict.fromkeys(chosen, 0), time.monotonic()
    for number in count() if only is None else (only,):
        if only is None and time.monotonic() - began >= minutes * 60:
            break
        for name, target in chosen.items():
            body, rng = case(name, target, seed, number)
            luck = rng.getstate()
            # What hangs outside Python is out of reach of every signal: then the process ends, and this tells
            # where; the counts that were printed last tell which case it was.
            faulthandler.dump_traceback_later(HOPELESS, exit=True, file=sys.__stderr__)
            found = escape(target, body, rng)
            faulthandler.cancel_dump_traceback_later()
            counts[name] += 1
            if found:
                small = smaller(target, body, luck)
                print(f"{name}: {found}\n{len(body)} bytes, of which these are enough:\n{small[:3000]!r}")
                print(f"again: python -m benchmarks.fuzz --what {name} --seed {seed} --case {number}")
                return 1
        if number % 100 == 0:
            print(f"case {number}", file=sys.stderr, flush=True)
    spent = (time.monotonic() - began) / 60
    done = ", ".join(f"{number:,} {name}" for name, number in counts.items())
    print(
        f"nothing escaped in {spent:.1f} minutes ({time.process_time() / 60:.1f} of processor time): {done}"
    )
    return 0


def main() -> int:
    every = targets()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__.split("\n")[0])  # type: ignore[union-attr]
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--what", default=",".join(every), help=f"of {', '.join(every)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, default=None, help="only this one")
    told = parser.parse_args()
    names = told.what.split(",")
    unknown = set(names) - set(every)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(every)}")
    chosen = {name: replace(every[name]) for name in names}
    return run(chosen, told.seed, told.minutes, told.case)


if __name__ == "__main__":
    sys.exit(main())
