"""Several sources read at once, and what they give handled in one thread, in the order of arrival.

    lane of one host ── reader thread ──┐
    lane of one host ── reader thread ──┼── inbox ──▶ for arrival in SideBySide(…): the ledger's thread
    lane of one host ── reader thread ──┘

A lane is worked off by one reader, one job after the other, so a host never has two of our requests open, and
readers do not queue up in front of one slow host. A reader hands over one item and waits until it was dealt
with. So no more items are open than there are readers, a slow consumer stops the fetching by itself, and an
article is stored before its source's next one is fetched. Only the end of a job is not waited for, until the
next one's: two threads that take turns for each of a thousand sources would do little else.

What this does not decide: what a job is, what an item means, when it is enough.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Generic, TypeVar

Job = TypeVar("Job")
Item = TypeVar("Item")

# When all ends early, readers get this long to hand over what is at hand; those in a fetch are left behind.
_PATIENCE = 1.0  # seconds


class _Note(Enum):
    """What stands in the inbox beside arrivals."""

    READER_LEFT = "a reader found no lane any more"
    WAKE_UP = "stop was called"


@dataclass(frozen=True, slots=True)
class Arrival(Generic[Job, Item]):
    """One item of a job; or, with `item` None, the job's end and the error that ended it, if one did."""

    job: Job
    item: Item | None
    error: Exception | None = None
    dealt_with: threading.Event = field(default_factory=threading.Event)


class SideBySide(Generic[Job, Item]):
    """Iterate over it once, in the thread that may write. `read` runs in the readers' threads.

    An exception in the loop's body, or leaving it, ends the reading; `stop` ends it from anywhere.
    """

    def __init__(
        self, lanes: Iterable[Sequence[Job]], read: Callable[[Job], Iterator[Item]], parallel: int
    ) -> None:
        self._lanes = deque(lanes)
        self._read = read
        self._parallel = max(1, min(parallel, len(self._lanes)))
        self._inbox: SimpleQueue[Arrival[Job, Item] | _Note] = SimpleQueue()  # a signal handler may fill it
        self._open: set[threading.Event] = set()
        self._door = threading.Lock()
        self._closed = False
        self._ahead: Arrival[Job, Item] | _Note | None = None  # taken out of the inbox by `quiet`
        self._at_hand: Arrival[Job, Item] | None = None
        self.stopping = False

    def stop(self) -> None:
        """Read nothing more; what is at hand still arrives. Safe in a signal handler."""
        self.stopping = True
        self._inbox.put(_Note.WAKE_UP)

    def quiet(self, seconds: float) -> bool:
        """Whether nothing arrives for so long; the reader of what arrived last goes on meanwhile.

        For the loop's body, once it has dealt with its arrival.
        """
        if self._at_hand is not None:
            self._at_hand.dealt_with.set()
        try:
            self._ahead = self._ahead or self._inbox.get(timeout=seconds)
        except Empty:
            return True
        return False

    def __iter__(self) -> Iterator[Arrival[Job, Item]]:
        readers = [
            threading.Thread(target=self._work, daemon=True, name=f"reader {number}")
            for number in range(self._parallel)
        ]
        for reader in readers:
            reader.start()
        try:
            yield from self._arrivals(len(readers))
        finally:
            self._close()
            until = time.monotonic() + _PATIENCE
            for reader in readers:
                reader.join(max(0.0, until - time.monotonic()))

    def _arrivals(self, working: int) -> Iterator[Arrival[Job, Item]]:
        until: float | None = None
        while working:
            if self.stopping:
                until = until or time.monotonic() + _PATIENCE
            try:
                arrival = self._ahead or self._inbox.get(timeout=until and max(0.0, until - time.monotonic()))
            except Empty:
                return
            self._ahead = None
            if isinstance(arrival, Arrival):
                self._at_hand = arrival
                yield arrival
                arrival.dealt_with.set()
            else:
                working -= arrival is _Note.READER_LEFT

    def _close(self) -> None:
        """Nothing is handed over from now on, and nobody waits any more."""
        with self._door:
            self.stopping = self._closed = True
            for event in self._open:
                event.set()

    def _work(self) -> None:
        """A reader's life: one lane after the other."""
        ended: Arrival[Job, Item] | None = None
        while lane := self._next_lane():
            for job in lane:
                ended = self._work_off(job, ended)
                if ended is None:
                    break
            else:
                continue
            break
        self._inbox.put(_Note.READER_LEFT)

    def _next_lane(self) -> Sequence[Job]:
        with self._door:
            return self._lanes.popleft() if self._lanes and not self.stopping else ()

    def _work_off(self, job: Job, before: Arrival[Job, Item] | None) -> Arrival[Job, Item] | None:
        """Hand over everything that a job gives, and its end, which is given back; None: nobody wants more.

        `before` is the end of the job before, which must have been dealt with when this one's is handed over.
        """
        error: Exception | None = None
        try:
            for item in self._read(job):
                if not self._hand_over(Arrival(job, item)):
                    return None
        except Exception as failure:  # whoever loops decides what it means
            error = failure
        if before is not None:
            self._await(before)
        end: Arrival[Job, Item] = Arrival(job, None, error)
        return end if self._put(end) and not self.stopping else None

    def _hand_over(self, arrival: Arrival[Job, Item]) -> bool:
        return self._put(arrival) and self._await(arrival)

    def _put(self, arrival: Arrival[Job, Item]) -> bool:
        with self._door:
            if self._closed:
                return False
            self._open.add(arrival.dealt_with)
            self._inbox.put(arrival)
            return True

    def _await(self, arrival: Arrival[Job, Item]) -> bool:
        arrival.dealt_with.wait()
        with self._door:
            self._open.discard(arrival.dealt_with)
            return not self._closed


class Brake:
    """Ends rounds from outside of them: what is at hand is finished, nothing more is read.

    Whoever pulls it may be a signal handler: it does nothing that could wait.
    """

    def __init__(self) -> None:
        self.pulled = False
        self._stop: Callable[[], None] | None = None

    def pull(self) -> None:
        """From now on; a round that begins later ends at once."""
        self.pulled = True
        stop = self._stop
        if stop is not None:
            stop()

    @contextmanager
    def on(self, work: SideBySide[Job, Item]) -> Iterator[None]:
        """Pulling it ends this work."""
        self._stop = work.stop
        if self.pulled:  # before or while the line above ran
            work.stop()
        try:
            yield
        finally:
            self._stop = None


@contextmanager
def ctrl_c_stops(work: SideBySide[Job, Item]) -> Iterator[None]:
    """The first Ctrl-C ends the reading after what is at hand, and the block with KeyboardInterrupt.

    A second one interrupts at once. Elsewhere than in the main thread Ctrl-C is not ours to catch.
    """
    usual = signal.getsignal(signal.SIGINT)
    ours = threading.current_thread() is threading.main_thread() and usual is signal.default_int_handler
    if not ours:
        yield
        return
    pressed = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, usual)
        work.stop()

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if pressed:
        raise KeyboardInterrupt
