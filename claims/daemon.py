"""The daemon: does each job when its time has come, one after the other. The only module that schedules.

    main thread   wait for the next job, at most a minute → the job → the journal → wait …
    signals       SIGTERM, SIGINT: finish the running article, end.   Twice: end at once.
                  SIGHUP: read the configuration again, between two jobs.
    own thread    /healthz and /metrics, if configured (listening.py)

APScheduler keeps the times; the jobs run in the main thread, where they cannot overlap and a signal can reach
them. What was done stands in the ledger. So a daemon that was killed, or a machine that slept for weeks, does
once what it missed: no job is dropped for being late, and several missed times are one.
"""

from __future__ import annotations

import os
import select
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from claims import chores, notify
from claims.crontimes import alternatives
from claims.errors import ConfigError, Exit, RoundLocked, UserError
from claims.journal import Journal, journal_of, read_journal
from claims.logs import Logs, stamp
from claims.memory import give_back
from claims.progress import Level
from claims.settings import Config, load
from claims.sidebyside import Brake

# A sleeping machine stops the clock that we wait by, and somebody may set the other one.
_LONGEST_WAIT = 60.0  # seconds
_RINGS = 4096  # bytes, one for each signal
# A source may be added or unmuted meanwhile: the ledger is asked this often, at no cost to anyone else.
_LOOK = timedelta(minutes=10)
_OUTBOX = timedelta(minutes=5)
_FIRST_TRY, _LAST_TRY = timedelta(minutes=5), timedelta(hours=6)  # after a job that failed
_LONGEST_PAUSE = timedelta(hours=1)  # between two tries of a round that cannot be done at all


_TICK, _NONE = timedelta(microseconds=1), timedelta(0)
_CHANGED = timedelta(hours=3)  # no clock is put forward by more


class WallClock(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """A cron expression as a clock on the wall shows it: each time that stands there comes once.

    A time that the change of the clocks skips comes as much later as they were put forward; of one that they
    show twice the first is meant. The library's own trigger fires twice there. Days of the week count as in
    crontabs, 0 and 7 being Sunday; a day of the month and one of the week mean either.
    """

    def __init__(self, expression: str, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        # On a dial without changes, for which UTC stands.
        self._dials = [CronTrigger.from_crontab(each, timezone=UTC) for each in alternatives(expression)]

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """The first time after the previous one, or from now on."""
        after = previous.astimezone(UTC) if previous else now.astimezone(UTC) - _TICK
        here = (after + _TICK).astimezone(self._zone)
        dial = here.replace(tzinfo=UTC, fold=0)
        # Behind a change forwards there are times still to come that the dial has passed already.
        earlier = (after - _CHANGED).astimezone(self._zone)
        skipped = (here.utcoffset() or _NONE) - (earlier.utcoffset() or _NONE)
        starts = [dial, dial - skipped] if skipped > _NONE else [dial]
        return min((at for start in starts if (at := self._first(start, after))), default=None)

    def _first(self, dial: datetime, after: datetime) -> datetime | None:
        while True:
            times = [at for each in self._dials if (at := each.get_next_fire_time(None, dial))]
            if not times:
                return None
            dial = min(times)
            moment: datetime = dial.replace(tzinfo=self._zone).astimezone(UTC)
            if moment > after:
                return moment
            dial += _TICK


def wall_clock(expression: str, zone: str) -> WallClock:
    """The trigger of a cron expression. Raises ConfigError where it is none, or never comes."""
    try:
        trigger = WallClock(expression, zone)
    except (ValueError, KeyError, OSError) as error:
        raise ConfigError(
            f"{expression!r} is no schedule such as '0 7 * * mon' (minute, hour, day, month, day of the "
            f"week): {error}"
        ) from None
    if trigger.get_next_fire_time(None, datetime(2026, 1, 1, tzinfo=UTC)) is None:
        raise ConfigError(f"{expression!r} never comes: there is no such day")
    return trigger


class WhenDue(BaseTrigger):  # type: ignore[misc]
    """The time that somebody knows; at once for the first time."""

    def __init__(self, ask: Callable[[], datetime]) -> None:
        self._ask = ask

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """What is answered now."""
        return self._ask() if previous else now


class Retried(BaseTrigger):  # type: ignore[misc]
    """Another trigger, and where the job fails a try before its time: soon at first, then more rarely."""

    def __init__(
        self, trigger: BaseTrigger, failing: Callable[[], int], clock: Callable[[], datetime]
    ) -> None:
        self._trigger, self._failing, self._clock = trigger, failing, clock

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """The other trigger's time, or an earlier one for another try."""
        planned: datetime | None = self._trigger.get_next_fire_time(previous, now)
        failing = self._failing()
        if not failing or previous is None:
            return planned
        wait: timedelta = min(_FIRST_TRY * 2 ** min(failing - 1, 10), _LAST_TRY)
        again = self._clock() + wait
        return again if planned is None else min(planned, again)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do, by a name that people read. `first`: when, where not by the trigger alone."""

    name: str
    do: Callable[[], object]
    trigger: BaseTrigger
    first: datetime | None = None


class _Scheduler(BaseScheduler):  # type: ignore[misc]
    """The library's scheduler without a thread or loop of its own."""

    def __init__(self) -> None:
        super().__init__(timezone=UTC)
        self.add_executor(DebugExecutor())  # runs a job where it is called, and returns when it is done

    def wakeup(self) -> None:
        """Whoever adds jobs calls `turn` next."""

    def shutdown(self, wait: bool = True) -> None:
        super().shutdown(wait)

    def plan(self, jobs: list[Job], run: Callable[[Job], None]) -> None:
        """These jobs and no others. Late ones are done all the same, several missed times at once."""
        self.remove_all_jobs()
        for job in jobs:
            first = {} if job.first is None else {"next_run_time": job.first}
            self.add_job(
                run,
                job.trigger,
                [job],
                id=job.name,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
                **first,
            )

    def turn(self) -> float:
        """Do what is due; returns the seconds until something is again."""
        wait: float | None = self._process_jobs()
        return _LONGEST_WAIT if wait is None else wait

    def times(self) -> dict[str, datetime | None]:
        """When each job comes next."""
        return {job.id: job.next_run_time for job in self.get_jobs()}


class Daemon:
    """One daemon for one ledger, whose lock its caller holds. `make_log` makes the log of a configuration."""

    def __init__(
        self,
        config: Config,
        make_log: Callable[[Config], Logs],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        listen: Callable[[Config], ExitStack] | None = None,
    ) -> None:
        self.config = config
        self._make_log, self._clock, self._open_door = make_log, clock, listen
        self._log = make_log(config)
        self._brake = Brake()
        self._bell: socket.socket | None = None  # while it runs, what a signal writes to
        self._reload = False
        self._unwritten = ""
        self._waiting: set[str] = set()  # jobs whose lock somebody else held
        self._scheduler = _Scheduler()
        self._before = read_journal(journal_of(config.ledger)) or Journal()
        self.journal = Journal(os.getpid(), clock(), self._before.jobs, self._before.errors)
        self._jobs = self.jobs(config)

    def jobs(self, config: Config) -> list[Job]:
        """What there is to do by a configuration. Raises ConfigError."""
        now, zone = self._clock(), config.daemon.zone
        hour, minute = config.daemon.housekeeping.split(":")
        daily = wall_clock(f"{int(minute)} {int(hour)} * * *", zone)
        often = IntervalTrigger(seconds=int(_OUTBOX.total_seconds()), timezone=UTC)
        found = [
            Job("round", self._round, WhenDue(self._next_round)),
            Job("outbox", self._now(chores.deliver), often),
            self._job("housekeeping", chores.keep_house, daily, self._missed(now)),
        ]
        if schedule := chores.digest_schedule(config):
            # At the start too, behind the round: what was missed is sent now, what was sent not again.
            first = now + timedelta(seconds=1)
            found.append(self._job("digest", chores.send_digest, wall_clock(*schedule), first))
        return found

    def _job(
        self,
        name: str,
        do: Callable[[Config, datetime], object],
        trigger: BaseTrigger,
        first: datetime | None,
    ) -> Job:
        def failing() -> int:
            note = self.journal.jobs.get(name)
            return (note.failing if note else 0) or name in self._waiting

        return Job(name, self._now(do), Retried(trigger, failing, self._clock), first)

    def _now(self, do: Callable[[Config, datetime], object]) -> Callable[[], object]:
        return lambda: do(self.config, self._clock())

    def _missed(self, now: datetime) -> datetime | None:
        """Housekeeping comes soon where the last one is more than a day ago."""
        note = self.journal.jobs.get("housekeeping")
        late = note is not None and note.well is not None and now - note.well > timedelta(days=1)
        return now + timedelta(seconds=2) if late else None

    def run(self) -> None:
        """Until somebody wants it to end."""
        with self._signals(), ExitStack() as door:
            self._scheduler.start()
            door.callback(self._scheduler.shutdown)
            self._scheduler.plan(self._jobs, self._do)
            self._opened = door.enter_context(ExitStack())
            self._open(self.config)
            notify.notify("READY=1")
            self._log.say(Level.INFO, "daemon started", process=os.getpid(), ledger=str(self.config.ledger))
            while not self._brake.pulled:
                self._wait(self._turn())
            notify.notify("STOPPING=1")
        self._log.say(Level.INFO, "daemon ended")

    def _turn(self) -> float:
        if self._reload:
            self._reload = False
            self._read_again()
        wait = self._scheduler.turn()
        times = self._scheduler.times()
        self.journal.coming(times)
        self._save()
        if at := times.get("round"):
            notify.notify(f"STATUS=next round {stamp(at.astimezone(ZoneInfo(self.config.daemon.zone)))}")
        return wait

    def _wait(self, seconds: float) -> None:
        if self._brake.pulled or self._reload:
            return
        bells = [] if self._bell is None else [self._bell]
        rung, _, _ = select.select(bells, [], [], max(0.0, min(seconds, _LONGEST_WAIT)))
        for bell in rung:
            bell.recv(_RINGS)

    def _do(self, job: Job) -> None:
        """A job, whatever comes of it: no job may end the others."""
        if self._brake.pulled:
            return
        began = monotonic()
        try:
            news = job.do()
        except RoundLocked as error:  # by hand or by cron: theirs is as good as ours
            self._log.say(Level.INFO, "job waits", job=job.name, why=str(error))
            self._waiting.add(job.name)
            return
        except Exception as error:  # is told, and the job comes again
            told = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
            self._log.say(Level.ERROR, "job failed", job=job.name, message=told)
            self._waiting.discard(job.name)
            self.journal.failed(job.name, self._clock(), monotonic() - began, told)
        else:
            self._waiting.discard(job.name)
            self.journal.done(job.name, self._clock(), monotonic() - began)
            self._tell(job.name, news)
        self._save()

    def _tell(self, job: str, news: object) -> None:
        """What a job has to say: that something waits is for who reads only warnings, too."""
        if not isinstance(news, chores.News):
            return
        if news.said:
            self._log.say(Level.INFO, news.said, job=job)
        for each in news.waits:
            self._log.say(Level.WARNING, "to be tried again", job=job, message=each)

    def _save(self) -> None:
        """The journal is for people: that it cannot be written is said once and ends nothing."""
        try:
            self.journal.save(journal_of(self.config.ledger))
            self._unwritten = ""
        except OSError as error:
            if self._unwritten != str(error):
                self._log.say(Level.ERROR, "journal not written", message=str(error))
            self._unwritten = str(error)

    def _round(self) -> None:
        report = chores.ask_sources(self.config, self._log, self._clock(), self._brake)
        if report is not None:
            self._log.done(report)
        if report is not None or chores.alerts_wait(self.config, self._clock()):
            alerts = self._now(chores.tell_alerts)
            self._do(Job("alerts", alerts, WhenDue(self._next_round)))
        if report is not None:
            give_back()

    def _next_round(self) -> datetime:
        """When a source is due, but not before a pause, which grows as long as no round can be done."""
        now = self._clock()
        note = self.journal.jobs.get("round")
        least = timedelta(seconds=self.config.daemon.pause)
        grown: timedelta = least * 2 ** min(note.failing if note else 0, 10)
        earliest = now + min(grown, max(_LONGEST_PAUSE, least))
        try:
            due = chores.next_round(self.config, now)
        except Exception:  # the round itself will meet it, and tell
            due = None
        return max(earliest, min(due or now + _LOOK, now + _LOOK))

    def _read_again(self) -> None:
        """Take over the configuration as it is now; one with a mistake changes nothing."""
        notify.reloading()
        try:
            fresh = load(self.config.file)
            if fresh.ledger != self.config.ledger:
                raise ConfigError("store.path names another ledger: that takes a restart")
            jobs = self.jobs(fresh)
        except UserError as error:
            self._log.say(Level.ERROR, "configuration not read again, the former stays", message=str(error))
        else:
            self.config, self._log = fresh, self._make_log(fresh)
            self._scheduler.plan(jobs, self._do)
            self._open(fresh)
            self._log.say(Level.INFO, "configuration read again", sources=len(fresh.sources))
        notify.notify("READY=1")

    def _open(self, config: Config) -> None:
        """Answer /healthz and /metrics where the configuration says; an address in use is told."""
        self._opened.close()
        if self._open_door is None or not config.daemon.listen:
            return
        try:
            self._opened.push(self._open_door(config))
        except OSError as error:
            self._log.say(
                Level.ERROR,
                "cannot listen",
                address=config.daemon.listen,
                message=error.strerror or str(error),
            )

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Our way with signals, and at the end the former one."""

        def end(number: int, frame: FrameType | None) -> None:
            if self._brake.pulled:
                os._exit(Exit.INTERRUPTED)  # asked twice: whatever it is that takes so long
            self._brake.pull()

        def reload(number: int, frame: FrameType | None) -> None:
            self._reload = True

        wanted = {signal.SIGTERM: end, signal.SIGINT: end, signal.SIGHUP: reload}
        # The system writes to the rope itself: a signal between a look at the flags and the wait is heard.
        self._bell, rope = socket.socketpair()
        rope.setblocking(False)
        former_rope = signal.set_wakeup_fd(rope.fileno(), warn_on_full_buffer=False)
        former = {number: signal.signal(number, handler) for number, handler in wanted.items()}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(former_rope)
            self._bell.close()
            rope.close()
            self._bell = None
