"""What the daemon does, each as a plain function of a configuration: it only decides when.

    round          the due sources                                      commands/run.py
    alerts         after each round                                     alerts.py
    digest         the digest whose period is complete                  digest/sending.py
    outbox         mail that could not be sent before                   sending.py
    housekeeping   upkeep, backup, old pages, old texts                 db, scraper/archive.py

Each does nothing where there is nothing to do, and is safe to be done again: what was done stands in the
ledger, not in the daemon's memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from claims.errors import UserError
from claims.settings import Config
from claims.sidebyside import Brake
from claims.wording import counted

if TYPE_CHECKING:
    from claims.report import Report, Watcher
    from claims.sending import Delivered


def ask_sources(config: Config, watcher: Watcher, now: datetime, brake: Brake) -> Report | None:
    """A round, where a source is due; None where none is. Raises UserError and LedgerError."""
    from claims.commands.run import perform

    due = next_round(config, now)
    if due is None or due > now:
        return None
    return perform(config, watcher, only=frozenset(), force=False, brake=brake)


def next_round(config: Config, now: datetime) -> datetime | None:
    """When the next source is due; None where none ever is. Raises LedgerError."""
    from claims.round import next_due
    from db.errors import LedgerMissing, LedgerTooOld
    from db.upkeep import overview

    try:
        states = overview(config.ledger).states
    except (LedgerMissing, LedgerTooOld):  # a round makes it, or brings it up to date
        states = {}
    return next_due([entry.source() for entry in config.sources], states, now)


def digest_schedule(config: Config) -> tuple[str, str] | None:
    """When digests are sent, as a cron expression and its zone; None where they are sent by hand."""
    schedule = config.digest.schedule.strip()
    return (schedule, config.digest.zone) if schedule else None


@dataclass(frozen=True, slots=True)
class News:
    """What the log should have of a job. `waits`: what did not work and is tried again."""

    said: str = ""
    waits: tuple[str, ...] = ()


def send_digest(config: Config, now: datetime) -> News:
    """Send the digest whose period is complete, unless it was sent. Raises Undelivered."""
    from claims.digest.sending import send_due

    outcome = send_due(config, now)
    return _told(outcome.delivered) if outcome else News()


def deliver(config: Config, now: datetime) -> News:
    """Send what waits in the outbox and is due. Raises Undelivered."""
    from claims.sending import deliver
    from db.ledger import Ledger

    if not config.ledger.exists():
        return News()
    with Ledger.open(config.ledger) as ledger:
        return _told(deliver(ledger, config, now))


def _told(delivered: Delivered) -> News:
    """Raises Undelivered for what no later turn will send."""
    from claims.sending import ended, lines, waiting
    from db.outbox import State

    if failed := [*lines(ended(delivered))]:
        raise Undelivered("; ".join((*failed, *lines(waiting(delivered)))))
    sent = len(delivered.of(State.SENT))
    return News(f"{counted(sent, 'mail')} sent" if sent else "", tuple(lines(waiting(delivered))))


def tell_alerts(config: Config, now: datetime) -> News:
    """Tell what alerts wait for, once a round is stored. Raises Undelivered."""
    from claims.alerts import run_alerts
    from db.ledger import Ledger

    with Ledger.open(config.ledger) as ledger:
        told = run_alerts(ledger, config, now)
    if told.trouble:
        raise Undelivered("; ".join((*told.trouble, *told.later)))
    return News(told.line(), tuple(told.later))


def alerts_wait(config: Config, now: datetime) -> bool:
    """Whether a receiver that failed should be tried again, though no source is due. Raises LedgerError."""
    from db.alerts import standings
    from db.errors import LedgerTooOld

    if not (config.alerts and config.ledger.exists()):
        return False
    try:
        found = standings(config.ledger)
    except LedgerTooOld:  # a round brings it up to date
        return False
    return any(one.waiting and (one.next_try is None or one.next_try <= now) for one in found)


class Undelivered(UserError):
    """Mails or alerts that nobody will get any more; the rest has been sent. Each is said once."""


class HousekeepingFailed(UserError):
    """Some of the daily work could not be done; the message says which and why."""


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    do: Callable[[Config, datetime], None]


def keep_house(config: Config, now: datetime) -> None:
    """The daily work. One part that fails keeps none of the others from being done.

    Raises HousekeepingFailed, naming all parts that failed.
    """
    failed = []
    for task in (_UPKEEP if config.ledger.exists() else ()) + _AROUND:
        try:
            task.do(config, now)
        except Exception as error:  # the others shall be done all the same
            failed.append(f"{task.name}: {error}")
    if failed:
        raise HousekeepingFailed("; ".join(failed))


def _tend(config: Config, now: datetime) -> None:
    from db.upkeep import tend

    tend(config.ledger)


def _copy(config: Config, now: datetime) -> None:
    """Today's copy, then without those beyond the number to keep: never fewer than before a failure."""
    from db.backup import backup

    if not config.daemon.backups:
        return
    folder = config.backup_folder
    folder.mkdir(parents=True, exist_ok=True)
    day = now.astimezone(ZoneInfo(config.daemon.zone)).date()
    backup(config.ledger, folder / f"{_stem(config)}{day}{config.ledger.suffix}", force=True)
    for old in backups(config)[: -config.daemon.backups]:
        old.unlink(missing_ok=True)


def backups(config: Config) -> list[Path]:
    """The daily copies that there are, oldest first; others in their folder are not ours."""
    day = "[0-9]" * 4 + "-" + "[0-9]" * 2 + "-" + "[0-9]" * 2
    return sorted(config.backup_folder.glob(f"{_stem(config)}{day}{config.ledger.suffix}"))


def _stem(config: Config) -> str:
    return f"{config.ledger.stem}-daily-"


def _drop_texts(config: Config, now: datetime) -> None:
    from claims.commands.prune import drop_old

    if config.store.keep_text_days is not None:
        drop_old(config, config.store.keep_text_days, now)


def _prune_archive(config: Config, now: datetime) -> None:
    """A round does so when it keeps its first page; where nothing comes in, old pages must go too."""
    from claims.fetching import archive_for

    with archive_for(config) as archive:
        if archive is not None:
            archive.prune()


# The copy comes first: what goes afterwards is in it once more.
_UPKEEP = (_Task("backup", _copy), _Task("old texts", _drop_texts), _Task("upkeep", _tend))
_AROUND = (_Task("archive", _prune_archive),)
