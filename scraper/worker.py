"""Reading in a process that can be killed: a page or feed that hangs its reader costs itself, not the round.

    parent: Reader.parse(page, …)      ┐ call and body → pipe → child: the function, with limits of its own
            Reader.listing(page, …)    ┘ ← answer or error, as records of this folder

The child is started on first use, kept for many pages, and replaced after a kill. It limits its own memory,
ends by itself where a killed parent leaves it alone with a page that hangs, opens no network (nothing in
`parse` and `links` does), and answers only with records of this folder. Limits are checked in front of it
too (`markup`, `links`): the child is for what those do not foresee.

A call costs 0.3 ms beside the reading itself, which takes 10 ms and more. So nothing is read in the parent,
however well it behaves: that a page is harmless is only known when it has been read.
"""

from __future__ import annotations

import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from scraper.article import Article, Page, Source
from scraper.errors import NotAFeed, NotAnArticle, ReadError, ScraperError, Word
from scraper.urls import host

if TYPE_CHECKING:
    from scraper.discovery import Clues
    from scraper.links import Feed

_LENGTH = struct.Struct(">Q")
_START = 60.0  # seconds
_MAX_ANSWER = 64 * 1024 * 1024
_SPENT = getattr(signal, "SIGPROF", -1)  # what ends a child that has used up its processor time


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """`cpu` seconds of processor time and `wall` by the clock for a page or feed, whichever ends first.

    The clock alone would blame good pages for a busy machine. `memory` is bytes of address space, `pages` how
    many are read before a fresh process.
    """

    wall: float = 90.0
    memory: int = 2 * 1024**3
    pages: int = 500
    cpu: float = 20.0


class Reader:
    """A stand-in for `parse.parse` and `links.read_listing` that survives any page and any feed.

    Safe between threads: one page at a time. A host whose page took too long gets half the time for its next
    one, down to a sixteenth, so that a thousand such pages do not fill a day.
    `pages`, `feeds` and `sites` name what the child calls, as "module:name"; tests put slow and greedy
    ones there.
    """

    def __init__(
        self,
        limits: WorkerLimits | None = None,
        pages: str = "scraper.parse:parse",
        feeds: str = "scraper.links:read_listing",
        sites: str = "scraper.discovery:clues",
    ) -> None:
        self._limits = limits or WorkerLimits()
        self._pages = pages
        self._feeds = feeds
        self._sites = sites
        self._child: subprocess.Popen[bytes] | None = None
        self._loaded: set[str] = set()
        self._served = 0
        self._patience: dict[str, float] = {}
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if one runs, for good: also in the middle of a page, whose thread gets an error."""
        self._closed = True
        if (child := self._child) is not None:
            child.kill()  # before the lock: its holder waits for this child, up to the whole of a page's time
        with self._lock:
            self._kill()

    def parse(self, page: Page, **options: Any) -> Article:
        """As `parse.parse`. A page beyond the limits is a NotAnArticle of kind "too large"."""
        article: Article = self._call(self._pages, page, options, NotAnArticle)
        return article

    def listing(self, page: Page, source: Source) -> Feed:
        """As `links.read_listing`. A feed beyond the limits is a NotAFeed of kind "too large"."""
        feed: Feed = self._call(self._feeds, page, {"source": source}, NotAFeed)
        return feed

    def clues(self, page: Page) -> Clues:
        """As `discovery.clues`. A page beyond the limits is a NotAnArticle of kind "too large"."""
        found: Clues = self._call(self._sites, page, {}, NotAnArticle)
        return found

    def _call(self, function: str, page: Page, options: dict[str, Any], beyond: type[ReadError]) -> Any:
        with self._lock:
            self._check_open(page.url)
            child = self._ready(function, page.url)
            share = self._patience.get(host(page.url), 1.0)
            wall, cpu = self._limits.wall * share, self._limits.cpu * share
            call = (function, cpu, wall, replace(page, body=b""), options)
            answer, expired = _within(wall, child, call, page.body)
            if answer is None:
                spent = _ended_by(child) == _SPENT
                self._kill()
                self._check_open(page.url)  # a reader that we ended says nothing of the page
                if expired or spent:
                    self._patience[host(page.url)] = max(share / 2, 1 / 16)
                took = f"{cpu:g} s of processor time" if spent else f"{wall:g} s"
                why = f"took more than {took}" if expired or spent else "ended its reader"
                raise beyond(f"the page {why}", page.url, Word.TOO_LARGE)
        return _result(answer, page, beyond)

    def _ready(self, function: str, url: str) -> subprocess.Popen[bytes]:
        """A running child that has the function, fresh after so many pages: leaks do not add up."""
        if self._child is not None and (self._child.poll() is not None or self._served >= self._limits.pages):
            self._kill()
        if self._child is None:
            # The child gets our search path and nothing from the page: arguments are ours alone.
            call = [sys.executable, "-c", _MAIN, str(self._limits.memory), *sys.path]
            self._child = subprocess.Popen(  # noqa: S603
                call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )  # a session of its own: Ctrl-C is for the parent, which then closes the pipe
            self._check_open(url)  # closing ends only the child that it sees
        if function not in self._loaded:
            # Starting and importing take a second or more on a busy machine; that is not the page's fault.
            if _within(_START, self._child, (function, _START, _START, None, {}))[0] != "ready":
                self._kill()
                self._check_open(url)
                raise ScraperError("the reading process does not start", url, Word.UNEXPECTED)
            self._loaded.add(function)
        self._served += 1
        return self._child

    def _check_open(self, url: str) -> None:
        if self._closed:
            raise ScraperError("the reader is closed", url, Word.UNEXPECTED)

    def _kill(self) -> None:
        child, self._child = self._child, None
        self._loaded, self._served = set(), 0
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            _close(stream)


_MAIN = "import sys; sys.path[:] = sys.argv[2:]; from scraper.worker import serve; serve(sys.argv[1])"


def serve(memory: str) -> None:
    """The child's loop: a call in, an answer out, until the pipe closes."""
    _limit_memory(int(memory))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a library that prints must not break the pipe
    loaded: dict[str, Callable[..., Any]] = {}
    while True:
        try:
            (name, cpu, wall, page, options), body = _read(source), _frame(source)
        except EOFError:
            return
        _limit_time(cpu, wall)
        if page is None:
            module, _, function = name.partition(":")
            loaded[name] = getattr(__import__(module, fromlist=[function]), function)
            answer: Any = "ready"
        else:
            answer = _answer(loaded[name], replace(page, body=body), options)
        _limit_time(0, 0)
        _write(sink, answer)


def _answer(call: Callable[..., Any], page: Page, options: dict[str, Any]) -> tuple[str, Any]:
    """Errors travel as words: an exception of a library may not survive being pickled."""
    try:
        return "result", call(page, **options)
    except ScraperError as error:
        return "error", (str(error), str(error.word))
    except (MemoryError, RecursionError) as error:
        return "error", (
            f"the page is built to exhaust its reader ({type(error).__name__})",
            str(Word.TOO_LARGE),
        )
    except Exception as error:
        return "bug", f"{type(error).__name__}: {error}"


def _result(answer: tuple[str, Any], page: Page, error: type[ReadError]) -> Any:
    kind, value = answer
    if kind == "result":
        return value
    if kind == "error":
        message, word = value
        raise error(message, page.url, Word(word))
    raise ScraperError(str(value), page.url, Word.UNEXPECTED)


def _limit_memory(limit: int) -> None:
    """Address space, where the system knows such a limit; elsewhere the wall limit alone must do."""
    try:
        import resource  # noqa: PLC0415  # absent on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _limit_time(cpu: float, wall: float) -> None:
    """Ends this process after so much time, also in the middle of a library's C code; 0 calls it off.

    By the clock the parent kills after `wall`; where it was killed itself, nobody else would.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, cpu)
        signal.setitimer(signal.ITIMER_REAL, 2 * wall)


def _ended_by(child: subprocess.Popen[bytes]) -> int:
    """The signal that ended a child whose pipe is closed; 0 for none, and where it is still about to end."""
    try:
        return max(0, -child.wait(timeout=1.0))
    except subprocess.TimeoutExpired:
        return 0


def _within(wall: float, child: subprocess.Popen[bytes], call: object, body: bytes = b"") -> tuple[Any, bool]:
    """The child's answer to a call; or None, and whether it was killed after `wall` seconds."""
    expired = threading.Event()
    timer = threading.Timer(wall, _expire, (child, expired))
    timer.daemon = True
    timer.start()
    try:
        _write(child.stdin, call, body)
        return _read(child.stdout), False
    except (OSError, EOFError, pickle.UnpicklingError):
        return None, expired.is_set()
    finally:
        timer.cancel()


def _expire(child: subprocess.Popen[bytes], expired: threading.Event) -> None:
    expired.set()
    child.kill()


def _close(stream: BinaryIO | Any) -> None:
    """Closing flushes, and there is nobody left to read: that is no failure."""
    try:
        stream.close()
    except OSError:
        return


def _write(stream: BinaryIO | Any, value: object, body: bytes | None = None) -> None:
    """A value, and behind a call the page's body: apart, since pickling it would copy it."""
    for data in (pickle.dumps(value), *([] if body is None else [body])):
        stream.write(_LENGTH.pack(len(data)))
        stream.write(data)
    stream.flush()


def _read(stream: BinaryIO | Any) -> Any:
    """One value; EOFError where the other side is gone."""
    return pickle.loads(_frame(stream))  # noqa: S301  # written by our own process, from our own records


def _frame(stream: BinaryIO | Any) -> bytes:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data: bytes = stream.read(length) if length <= _MAX_ANSWER else b""
    if len(data) < length:
        raise EOFError
    return data
