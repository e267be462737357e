"""Readers and the one who handles what they read: order, bounds, ends."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from claims.sidebyside import SideBySide, ctrl_c_stops

Work = SideBySide[str, int]


class Meter:
    """How many are inside at once, and how many there ever were."""

    def __init__(self) -> None:
        self.guard, self.inside, self.most, self.entered = threading.Lock(), 0, 0, 0

    def __enter__(self) -> None:
        with self.guard:
            self.inside += 1
            self.entered += 1
            self.most = max(self.most, self.inside)

    def __exit__(self, *_: object) -> None:
        with self.guard:
            self.inside -= 1


def readers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("reader ")]


@pytest.fixture(autouse=True)
def no_reader_is_left() -> Iterator[None]:
    yield
    until = time.monotonic() + 5
    while readers() and time.monotonic() < until:
        time.sleep(0.01)
    assert readers() == []


def three(job: str) -> Iterator[int]:
    yield from (1, 2, 3)


def handled(work: Work) -> list[tuple[str, int | None]]:
    return [(arrival.job, arrival.item) for arrival in work]


def test_everything_arrives_once_and_in_each_jobs_order() -> None:
    jobs = [f"{lane}{job}" for lane in "abcdefgh" for job in range(5)]
    lanes = [[name for name in jobs if name[0] == lane] for lane in "abcdefgh"]
    arrived = handled(Work(lanes, three, 3))
    assert sorted({name for name, _ in arrived}) == sorted(jobs)
    for name in jobs:
        assert [item for job, item in arrived if job == name] == [1, 2, 3, None]
    for lane in lanes:
        ends = [job for job, item in arrived if item is None and job in lane]
        assert ends == lane


def test_nothing_to_do() -> None:
    assert handled(Work([], three, 8)) == []


def test_r6_a_lane_is_read_one_job_at_a_time_and_lanes_side_by_side() -> None:
    lanes = {"a": Meter(), "b": Meter(), "c": Meter()}
    together = threading.Barrier(3, timeout=10)

    def read(job: str) -> Iterator[int]:
        with lanes[job]:
            together.wait()  # three readers at the same time, or this breaks
            yield 1

    assert len(handled(Work([[name] * 4 for name in lanes], read, 3))) == 24
    assert [meter.most for meter in lanes.values()] == [1, 1, 1]


def test_no_more_readers_than_asked_for() -> None:
    meter = Meter()

    def read(job: str) -> Iterator[int]:
        with meter:
            time.sleep(0.002)
            yield 1

    handled(Work([["a"] for _ in range(20)], read, 2))
    assert meter.most <= 2
    assert meter.entered == 20


def test_a_slow_consumer_stops_the_reading() -> None:
    """No reader is ever more than one item ahead."""
    read: list[int] = []

    def endless(job: str) -> Iterator[int]:
        for number in count():
            read.append(number)
            yield number

    for handling, _ in enumerate(work := Work([["a"], ["b"]], endless, 2)):
        time.sleep(0.005)
        assert len(read) <= handling + 2
        if handling == 20:
            work.stop()
            break


def test_an_item_is_dealt_with_before_the_next_is_read() -> None:
    dealt: list[int] = []

    def read(job: str) -> Iterator[int]:
        for number in range(50):
            assert dealt == list(range(number))
            yield number

    for arrival in Work([["a"]], read, 8):
        assert arrival.error is None
        if arrival.item is not None:
            dealt.append(arrival.item)
    assert len(dealt) == 50


def test_a_broken_job_costs_itself_alone() -> None:
    def read(job: str) -> Iterator[int]:
        yield 1
        if job == "b":
            raise KeyError("oops")

    ends = {arrival.job: arrival.error for arrival in Work([["a", "b", "c"]], read, 2) if not arrival.item}
    assert (ends["a"], ends["c"]) == (None, None)
    assert isinstance(ends["b"], KeyError)


def test_an_error_while_handling_ends_the_reading() -> None:
    asked = []

    def read(job: str) -> Iterator[int]:
        asked.append(job)
        yield 1

    with pytest.raises(ZeroDivisionError):
        for _ in Work([[name] for name in "abcdefghijklmnopq"], read, 2):
            raise ZeroDivisionError
    assert len(asked) <= 3


def test_a_reader_in_a_long_fetch_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.sidebyside._PATIENCE", 0.05)
    end = threading.Event()

    def read(job: str) -> Iterator[int]:
        if job == "slow":
            end.wait(10)
        yield 1

    began = time.monotonic()
    work = Work([["slow"], ["fast"]], read, 2)
    arrived = []
    for arrival in work:
        arrived.append(arrival.job)
        work.stop()
    assert time.monotonic() - began < 5
    assert set(arrived) == {"fast"}
    end.set()  # what it still gives is handed to nobody


def test_after_stop_what_is_at_hand_still_arrives() -> None:
    """Both readers hold an item when the first one is handled; both come, and both jobs end in order."""
    both = threading.Barrier(2, timeout=10)

    def read(job: str) -> Iterator[int]:
        both.wait()
        yield 1
        if not work.stopping:
            yield 2

    work = Work([["a", "c"], ["b", "d"]], read, 2)
    arrived = []
    for arrival in work:
        work.stop()
        arrived.append((arrival.job, arrival.item))
    assert sorted(arrived, key=str) == [("a", 1), ("a", None), ("b", 1), ("b", None)]


def interrupt_at(number: int) -> Callable[[int], None]:
    def maybe(item: int) -> None:
        if item == number:
            os.kill(os.getpid(), signal.SIGINT)

    return maybe


def until_told(work: Work) -> Iterator[int]:
    for number in count(1):
        if work.stopping:
            return
        yield number


def test_ctrl_c_ends_after_what_is_at_hand() -> None:
    handled: list[int] = []
    press = interrupt_at(3)
    work = Work([["a"]], lambda job: until_told(work), 1)
    usual = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), ctrl_c_stops(work):
        for arrival in work:
            press(arrival.item or 0)
            handled.append(arrival.item or 0)  # goes on although Ctrl-C was pressed in the middle
    assert handled == [1, 2, 3, 0]
    assert signal.getsignal(signal.SIGINT) is usual


def test_a_second_ctrl_c_interrupts_at_once() -> None:
    work = Work([["a"]], lambda job: until_told(work), 1)
    with pytest.raises(KeyboardInterrupt), ctrl_c_stops(work):
        for arrival in work:
            if arrival.item == 2:
                os.kill(os.getpid(), signal.SIGINT)
                os.kill(os.getpid(), signal.SIGINT)
                pytest.fail("went on after the second Ctrl-C")


def test_ctrl_c_is_left_alone_where_it_is_not_ours() -> None:
    """In another thread, and where somebody else has taken it, as in a process started with nohup."""
    work = Work([["a"]], three, 1)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with ctrl_c_stops(work):
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    failures: list[BaseException] = []

    def elsewhere() -> None:
        try:
            with ctrl_c_stops(work):
                assert handled(work)[-1] == ("a", None)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert failures == []


def test_seeing_whether_something_comes_holds_up_no_reader_and_loses_nothing() -> None:
    """The only reader ends its next job while the loop looks out for it: neither may wait for the other."""
    work = SideBySide([[1, 2, 3]], lambda job: iter([job * 10]), parallel=1)
    seen = []
    for arrival in work:
        seen.append((arrival.job, arrival.item))
        if len(seen) < 6:
            assert not work.quiet(20.0)
    assert seen == [(1, 10), (1, None), (2, 20), (2, None), (3, 30), (3, None)]
