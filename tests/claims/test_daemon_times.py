"""The daemon's times: half a year with both changes of the clocks, restarts, and a machine that slept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from claims import chores
from claims.daemon import Daemon, wall_clock
from claims.errors import ConfigError, RoundLocked
from claims.logs import Logs
from claims.progress import Level
from claims.report import Report
from claims.settings import Config, load
from db.errors import LedgerLocked
from db.ledger import Ledger
from scraper.article import FetchState

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=BERLIN)  # type: ignore[misc,arg-type]


def fires(expression: str, start: datetime, count: int, zone: str = "Europe/Berlin") -> list[datetime]:
    trigger, found, now = wall_clock(expression, zone), [], start
    previous: datetime | None = None
    for _ in range(count):
        previous = trigger.get_next_fire_time(previous, now)
        assert previous is not None
        found.append(previous)
        now = previous
    return found


def shown(moments: list[datetime]) -> list[str]:
    return [f"{moment.astimezone(BERLIN):%m-%d %H:%M %Z}" for moment in moments]


def test_a_time_that_the_clocks_skip_comes_later_that_day() -> None:
    assert shown(fires("30 2 * * *", local(2026, 3, 28), 3)) == [
        "03-28 02:30 CET",
        "03-29 03:30 CEST",
        "03-30 02:30 CEST",
    ]


def test_who_asks_in_the_hour_after_the_skipped_one_still_gets_what_it_lacks() -> None:
    assert shown(fires("30 2 * * *", local(2026, 3, 29, 3, 10), 2)) == [
        "03-29 03:30 CEST",
        "03-30 02:30 CEST",
    ]


def test_times_within_the_hour_come_once_each_and_in_order() -> None:
    found = [moment.split()[1] for moment in shown(fires("*/30 * * * *", local(2026, 3, 29, 1), 6))]
    assert found == ["01:00", "01:30", "03:00", "03:30", "04:00", "04:30"]


def test_a_time_that_the_clocks_show_twice_comes_once() -> None:
    assert shown(fires("30 2 * * *", local(2026, 10, 24), 3)) == [
        "10-24 02:30 CEST",
        "10-25 02:30 CEST",
        "10-26 02:30 CET",
    ]


def test_who_asks_in_the_second_of_two_equal_hours_waits_for_the_next_day() -> None:
    within = local(2026, 10, 25, 2, 10).replace(fold=1)
    assert shown(fires("30 2 * * *", within, 1)) == ["10-26 02:30 CET"]


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("0 7 * * 1", "Mon Mon"),
        ("0 7 * * mon", "Mon Mon"),
        ("0 7 * * 0", "Sun Sun"),
        ("0 7 * * 7", "Sun Sun"),
        ("0 7 * * 1-5/2", "Mon Wed"),
        ("0 7 * * fri-mon", "Mon Fri"),
        ("0 7 13 * 5", "Fri Fri"),  # the 13th, or a Friday
        ("0 7 1 * *", "Wed Fri"),
    ],
)
def test_days_of_the_week_as_in_crontabs(expression: str, days: str) -> None:
    assert " ".join(f"{at:%a}" for at in fires(expression, local(2026, 3, 30, 0, 0), 2)) == days


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("0 7 * *", "it has 4 fields"),
        ("61 7 * * *", "higher than the maximum"),
        ("0 7 * * 8", "no day of the week"),
        ("0 7 * * noday", "no day of the week"),
        ("often", "it has 1 fields"),
        ("0 0 31 2 *", "never comes"),
    ],
)
def test_what_is_no_schedule(expression: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        wall_clock(expression, "Europe/Berlin")


# A simulated half-year


@dataclass
class World:
    """A daemon whose time we turn; what it did stands here as it would in the ledger."""

    config: Config
    traveller: time_machine.Coordinates
    digests: list[tuple[datetime, datetime]] = field(default_factory=list)  # window
    houses: list[datetime] = field(default_factory=list)
    rounds: list[datetime] = field(default_factory=list)
    due: datetime | None = None
    failures: int = 0

    def send_due(self, config: Config, now: datetime) -> None:
        """As the ledger remembers: the window begins where the last one ended, none is sent twice."""
        if self.failures:
            self.failures -= 1
            raise LedgerLocked("the ledger is in use", config.ledger)
        expression, zone = schedule_of(config)
        start = self.digests[-1][1] if self.digests else None
        ends = wall_clock(expression, zone)
        following = start or now - timedelta(days=400)
        end: datetime | None = None
        while (at := ends.get_next_fire_time(following, now)) is not None and at <= now:
            following = end = at
        if end is not None and end != start:
            self.digests.append((start or end - timedelta(days=1), end))

    def start(self) -> Daemon:
        daemon = Daemon(self.config, lambda config: Logs(Level.ERROR, as_json=False))
        daemon._scheduler.start()
        daemon._scheduler.plan(daemon._jobs, daemon._do)
        return daemon

    def live(self, daemon: Daemon, until: datetime) -> None:
        """The main loop without waiting: time jumps to where the loop would wake up."""
        while True:
            wait = daemon._turn()
            if datetime.now(UTC) + timedelta(seconds=wait) >= until:
                break
            self.traveller.shift(timedelta(seconds=max(wait, 0.001)))
        self.traveller.move_to(until)

    def end(self, daemon: Daemon) -> None:
        daemon._scheduler.shutdown()


def schedule_of(config: Config) -> tuple[str, str]:
    return SCHEDULE[0], "Europe/Berlin"


SCHEDULE = ["30 2 * * *"]


@pytest.fixture
def world(config: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    config.write_text(config.read_text() + '\n[daemon]\nzone = "Europe/Berlin"\nhousekeeping = "02:30"\n')
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False) as traveller:
        made = World(load(config), traveller)
        monkeypatch.setattr(chores, "digest_schedule", schedule_of)
        monkeypatch.setattr(chores, "send_digest", made.send_due)
        monkeypatch.setattr(chores, "keep_house", lambda config, now: made.houses.append(now))
        monkeypatch.setattr(chores, "deliver", lambda config, now: None)
        monkeypatch.setattr(chores, "next_round", lambda config, now: made.due)
        monkeypatch.setattr(chores, "ask_sources", lambda config, log, now, brake: made.rounds.append(now))
        monkeypatch.setattr(Daemon, "_save", lambda self: None)
        monkeypatch.setattr("claims.daemon._LOOK", timedelta(hours=6))
        monkeypatch.setattr("claims.daemon._OUTBOX", timedelta(hours=6))
        yield made


def days_of(windows: list[tuple[datetime, datetime]]) -> list[date]:
    return [end.astimezone(BERLIN).date() for _, end in windows]


def in_a_row(first: date, count: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(count)]


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_half_a_year_without_a_missed_or_doubled_digest(
    world: World, monkeypatch: pytest.MonkeyPatch, change: date
) -> None:
    """At 02:30 each day, which one night lacks and another has twice; restarted in the middle."""
    first = change - timedelta(days=91)
    begin = datetime(first.year, first.month, first.day, 12, tzinfo=BERLIN)
    sent: list[datetime] = []

    def send(config: Config, now: datetime) -> None:
        sent.append(now)
        world.send_due(config, now)

    monkeypatch.setattr(chores, "send_digest", send)
    world.traveller.move_to(begin)
    daemon = world.start()
    world.live(daemon, begin + timedelta(days=91, hours=-10))  # 02:00 in the night of the change
    world.end(daemon)
    daemon = world.start()
    world.live(daemon, begin + timedelta(days=182))
    world.end(daemon)
    assert days_of(world.digests) == in_a_row(first, 183)
    assert all(start == before[1] for before, (start, _) in pairwise(world.digests))
    # One at each time and one at each start: nothing relies on the ledger's refusing a second one.
    assert len(sent) == 182 + 2
    assert [at.astimezone(BERLIN).date() for at in world.houses] == in_a_row(first + timedelta(days=1), 182)


def test_a_machine_that_slept_for_three_weeks_sends_one_digest_of_all_of_it(world: World) -> None:
    world.traveller.move_to(local(2026, 3, 1, 12))
    daemon = world.start()
    world.live(daemon, local(2026, 3, 10, 12))
    before, kept = len(world.digests), len(world.houses)
    world.rounds.clear()
    world.traveller.move_to(local(2026, 4, 1, 12))  # asleep, over the change of the clocks
    world.live(daemon, local(2026, 4, 1, 13))
    world.end(daemon)
    assert world.digests[before:] == [(local(2026, 3, 10, 2, 30), local(2026, 4, 1, 2, 30))]
    assert len(world.houses) == kept + 1
    assert len(world.rounds) == 1


def test_a_digest_that_was_missed_while_no_daemon_ran_is_sent_at_the_next_start(world: World) -> None:
    world.traveller.move_to(local(2026, 6, 1, 12))
    daemon = world.start()
    world.live(daemon, local(2026, 6, 2, 12))
    world.end(daemon)
    world.traveller.move_to(local(2026, 6, 20, 12))
    daemon = world.start()
    world.live(daemon, local(2026, 6, 20, 12, 1))
    world.end(daemon)
    assert world.digests[-1] == (local(2026, 6, 2, 2, 30), local(2026, 6, 20, 2, 30))


def test_a_digest_that_fails_is_tried_again_before_the_next_one(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.traveller.move_to(local(2026, 6, 1, 12))
    daemon = world.start()
    world.live(daemon, local(2026, 6, 2, 1))
    world.failures = 2
    world.live(daemon, local(2026, 6, 2, 3))
    world.end(daemon)
    assert days_of(world.digests)[-1] == date(2026, 6, 2)
    told = [line for line in capsys.readouterr().err.splitlines() if "job=digest" in line]
    assert len(told) == 2
    assert all('event="job failed"' in line and "the ledger is in use" in line for line in told)


def test_a_digest_whose_lock_somebody_holds_comes_when_it_is_free(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = []

    def send(config: Config, now: datetime) -> None:
        if not free:
            raise RoundLocked("another process is sending")
        world.send_due(config, now)

    monkeypatch.setattr(chores, "send_digest", send)
    world.traveller.move_to(local(2026, 6, 2, 1))
    daemon = world.start()
    world.live(daemon, local(2026, 6, 2, 2, 32))
    free.append(True)
    world.live(daemon, local(2026, 6, 2, 2, 40))
    world.end(daemon)
    assert days_of(world.digests) == [date(2026, 6, 2)]
    assert daemon.journal.errors == []


def test_alerts_that_fail_are_no_failure_of_the_round(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(config: Config, now: datetime) -> None:
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr(chores, "ask_sources", lambda *about: Report())
    monkeypatch.setattr(chores, "tell_alerts", broken)
    world.traveller.move_to(local(2026, 6, 1, 12))
    daemon = world.start()
    world.live(daemon, local(2026, 6, 1, 12, 1))
    world.end(daemon)
    assert daemon.journal.jobs["round"].failures == 0
    assert daemon.journal.jobs["alerts"].failures == 1


# Rounds


def test_a_round_comes_when_a_source_is_due_and_not_before_the_pause(world: World) -> None:
    world.traveller.move_to(local(2026, 6, 1, 12))
    world.due = local(2026, 6, 1, 14, 7)
    daemon = world.start()
    world.live(daemon, local(2026, 6, 1, 14, 6))
    assert world.rounds == [local(2026, 6, 1, 12)]
    world.live(daemon, local(2026, 6, 1, 14, 8))
    world.end(daemon)
    assert len(world.rounds) == 2
    assert world.rounds[1] == local(2026, 6, 1, 14, 7)


def test_rounds_that_cannot_be_done_are_tried_ever_more_rarely(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def fail(*about: object) -> None:
        tried.append(datetime.now(UTC))
        raise LedgerLocked("the ledger is in use", world.config.ledger)

    monkeypatch.setattr(chores, "ask_sources", fail)
    world.due = local(2026, 6, 1)
    world.traveller.move_to(local(2026, 6, 1, 12))
    daemon = world.start()
    world.live(daemon, local(2026, 6, 2, 12))
    world.end(daemon)
    waits = [later - sooner for sooner, later in pairwise(tried)]
    assert waits[:3] == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert waits[-1] == timedelta(hours=1)


def test_a_job_that_breaks_ends_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(config: Config, now: datetime) -> None:
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr(chores, "keep_house", broken)
    world.traveller.move_to(local(2026, 6, 1, 12))
    daemon = world.start()
    world.live(daemon, local(2026, 6, 4, 12))
    world.end(daemon)
    assert len(world.digests) == 4
    assert daemon.journal.jobs["housekeeping"].failing > 3
    assert daemon.journal.errors[-1][1:] == ("housekeeping", "ZeroDivisionError: by hand")


def test_when_the_first_source_is_due(config: Path) -> None:
    settings = load(config)
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert chores.next_round(settings, now) == now  # no ledger yet
    source = settings.sources[0].source()
    with Ledger.open(settings.ledger) as ledger:
        ledger.save_state(source, FetchState(checked=now, next_check=now + timedelta(hours=3)))
        assert chores.next_round(settings, now) == now + timedelta(hours=3)
        ledger.save_state(source, FetchState(checked=now, next_check=now, extra={"muted": "by hand"}))
    assert chores.next_round(settings, now) is None
