"""Extraction in a process that can be killed: a page that hangs its reader costs one page, not the round.

    parent: Reader.parse(page, …) → pickled call → pipe → child: parse → pickled Article or error → parent

The child is started on first use, kept for many pages, and replaced after a kill. It limits its own memory,
ends by itself where a killed parent leaves it alone with a page that hangs, opens no network (nothing in
`parse` does), and answers only with records of this folder. Limits are checked in front of it too
(`markup`): the child is for what those do not foresee.
"""

from __future__ import annotations

import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO

from scraper.article import Article, Page
from scraper.errors import NotAnArticle, ReadError, ScraperError, Word

_LENGTH = struct.Struct(">Q")
_START = 60.0  # seconds
_MAX_ANSWER = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """`wall` seconds for one page, `memory` bytes of address space, `pages` before a fresh process."""

    wall: float = 20.0
    memory: int = 2 * 1024**3
    pages: int = 500


class Reader:
    """A stand-in for `parse.parse` that survives any page. Safe between threads: one page at a time.

    `function` names what the child calls, as "module:name"; tests put slow and greedy ones there.
    """

    def __init__(self, limits: WorkerLimits | None = None, function: str = "scraper.parse:parse") -> None:
        self._limits = limits or WorkerLimits()
        self._function = function
        self._child: subprocess.Popen[bytes] | None = None
        self._served = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if one runs."""
        with self._lock:
            self._kill()

    def parse(self, page: Page, **options: Any) -> Article:
        """As `parse.parse`. A page beyond the limits is a NotAnArticle of kind "too large"."""
        with self._lock:
            child = self._ready(page.url)
            answer, expired = _within(self._limits.wall, child, (page, options))
            if answer is None:
                self._kill()
                why = f"took more than {self._limits.wall:g} s" if expired else "ended its reader"
                raise NotAnArticle(f"the page {why}", page.url, Word.TOO_LARGE)
        return _article(answer, page)

    def _ready(self, url: str) -> subprocess.Popen[bytes]:
        """A running child, fresh after so many pages: leaks of the libraries do not add up."""
        if self._child is not None and (self._child.poll() is not None or self._served >= self._limits.pages):
            self._kill()
        if self._child is None:
            # The child gets our search path and nothing from the page: arguments are ours alone.
            limits = (str(self._limits.wall), str(self._limits.memory))
            call = [sys.executable, "-c", _MAIN, self._function, *limits, *sys.path]
            self._child = subprocess.Popen(  # noqa: S603
                call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )  # a session of its own: Ctrl-C is for the parent, which then closes the pipe
            self._served = 0
            # Starting takes a second or more on a busy machine; that is not the page's fault.
            if _within(_START, self._child, None)[0] != "ready":
                self._kill()
                raise ScraperError("the reading process does not start", url, Word.UNEXPECTED)
        self._served += 1
        return self._child

    def _kill(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            _close(stream)


_MAIN = "import sys; sys.path[:] = sys.argv[4:]; from scraper.worker import serve; serve(*sys.argv[1:4])"


def serve(function: str, wall: str, memory: str) -> None:
    """The child's loop: a call in, an answer out, until the pipe closes."""
    _limit_memory(int(memory))
    module, _, name = function.partition(":")
    call: Callable[..., Article] = getattr(__import__(module, fromlist=[name]), name)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a library that prints must not break the pipe
    _write(sink, "ready")
    while True:
        try:
            page, options = _read(source)
        except EOFError:
            return
        # The parent kills after `wall`; where it was killed itself, nobody else would.
        _alarm(2 * float(wall))
        answer = _answer(call, page, options)
        _alarm(0)
        _write(sink, answer)


def _answer(call: Callable[..., Article], page: Page, options: dict[str, Any]) -> tuple[str, Any]:
    """Errors travel as words: an exception of a library may not survive being pickled."""
    try:
        return "article", call(page, **options)
    except ScraperError as error:
        return "error", (str(error), str(error.word))
    except (MemoryError, RecursionError) as error:
        return "error", (
            f"the page is built to exhaust its reader ({type(error).__name__})",
            str(Word.TOO_LARGE),
        )
    except Exception as error:
        return "bug", f"{type(error).__name__}: {error}"


def _article(answer: tuple[str, Any], page: Page) -> Article:
    kind, value = answer
    if kind == "article":
        article: Article = value
        return article
    if kind == "error":
        message, word = value
        raise ReadError(message, page.url, Word(word))
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


def _alarm(seconds: float) -> None:
    """Ends this process after so many seconds, also in the middle of a library's C code; 0 calls it off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _within(wall: float, child: subprocess.Popen[bytes], call: object) -> tuple[Any, bool]:
    """The child's answer to a call; or None, and whether it was killed after `wall` seconds."""
    expired = threading.Event()
    timer = threading.Timer(wall, _expire, (child, expired))
    timer.daemon = True
    timer.start()
    try:
        if call is not None:
            _write(child.stdin, call)
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


def _write(stream: BinaryIO | Any, value: object) -> None:
    data = pickle.dumps(value)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _read(stream: BinaryIO | Any) -> Any:
    """One value; EOFError where the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length) if length <= _MAX_ANSWER else b""
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)  # noqa: S301  # written by our own process, from our own records
