"""Tells at once what an alert waits for: after a round, new claims that meet its search go to its receivers.

    run_alerts ─ begin: new alerts start here ─ look: what is new → messages ─ deliver: each receiver's turn

State is the ledger's (db/alerts.py): whatever ends this early is taken up by the next run.
"""

from __future__ import annotations

import fcntl
import json
import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.listings import hit_record
from claims.receivers import Outcome, Receiver, parcel_of, receivers
from claims.wording import counted, sentence
from db.alerts import Message, State, Watch, begin, look, next_message, settle
from db.search import Hit

if TYPE_CHECKING:
    from claims.alertsettings import AlertSection
    from claims.settings import Config
    from db.ledger import Ledger

# A receiver gets no more in one run; a backlog goes out over several.
_MOST_AT_ONCE = 50


@dataclass(slots=True)
class Told:
    """What a run did. `new`: statements that met a search; `trouble`: what somebody should look at."""

    new: int = 0
    sent: int = 0
    later: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def line(self) -> str:
        """One sentence for a log; empty where nothing happened."""
        if not (self.new or self.sent or self.later or self.trouble):
            return ""
        parts = [f"{counted(self.sent, 'message')} delivered"]
        parts += [f"{len(self.later)} to be tried again"] if self.later else []
        parts += [f"{len(self.trouble)} failed"] if self.trouble else []
        return f"alerts: {counted(self.new, 'new statement')}, {', '.join(parts)}"


def begin_alerts(ledger: Ledger, config: Config, now: datetime) -> None:
    """Before a round: what it finds is news to an alert that was added since the last one.

    Not where the ledger is empty: a first round brings what the feeds have kept for weeks.
    """
    if config.alerts and ledger.counts().articles:
        begin(ledger, _watches(config), now)


def run_alerts(
    ledger: Ledger, config: Config, now: datetime, *, clock: Callable[[], datetime] | None = None
) -> Told:
    """Finds what is new to each alert and delivers what waits. Call it once a round is stored.

    Two at once do no harm: one delivers. `clock`: the time between two messages; `now` where not given.
    Raises LedgerError.
    """
    told, clock = Told(), clock or (lambda: now)
    watches = _watches(config)
    begin(ledger, watches, now)
    for alert, watch in zip(_enabled(config), watches, strict=True):
        told.new += look(ledger, watch, _writer(alert, now), now)
    with _alone(config.ledger) as mine:
        if mine:
            for alert in _enabled(config):
                for receiver in receivers(alert):
                    _serve(ledger, config, receiver, clock, told)
    return told


def _enabled(config: Config) -> list[AlertSection]:
    return [alert for alert in config.alerts if alert.enabled]


def _watches(config: Config) -> list[Watch]:
    return [
        Watch(alert.name, alert.search, tuple(each.name for each in receivers(alert)), alert.most)
        for alert in _enabled(config)
    ]


def _writer(alert: AlertSection, now: datetime) -> Callable[[Hit, int], str]:
    return lambda hit, more: body_of(alert, hit, more, now)


def body_of(alert: AlertSection, hit: Hit, more: int, now: datetime, *, test: bool = False) -> str:
    """The message as JSON: what webhooks and commands get, and what mails are made of."""
    at = now.astimezone(UTC)
    identity = f"{'test' if test else 'alert'}-{alert.name}-{hit.id}-{int(at.timestamp())}"
    data: dict[str, Any] = {
        "id": identity,
        "alert": alert.name,
        "search": alert.search,
        "test": test,
        "sentence": sentence(hit.claim),
        "claim": hit_record(hit),
        "more": more,
        "find": f"claims search {shlex.quote(alert.search)}",
    }
    body = {"type": "claim.new", "timestamp": at.isoformat(timespec="seconds"), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _serve(
    ledger: Ledger, config: Config, receiver: Receiver, clock: Callable[[], datetime], told: Told
) -> None:
    """All that waits for a receiver, until it has had enough or one fails."""
    about = f"alert {receiver.alert.name}, {receiver.name}"
    for _ in range(_MOST_AT_ONCE):
        message = next_message(ledger, receiver.alert.name, receiver.name, clock())
        if message is None:
            return
        outcome = receiver.deliver(parcel_of(message.body, message.key), ledger, config, clock())
        state, said = settled(ledger, message, outcome, clock())
        if state is State.DONE:
            told.sent += 1
        elif state is State.WAITING:
            told.later.append(f"{about}: {said}")
            return
        else:
            told.trouble.append(f"{about}: {said}")


def settled(ledger: Ledger, message: Message, outcome: Outcome, now: datetime) -> tuple[State, str]:
    """Notes what came of a message: its state, and what is to be said of it."""
    return settle(ledger, message, outcome.state, outcome.said, now, pause=outcome.pause)


@contextmanager
def _alone(store: Path) -> Iterator[bool]:
    """Whether nobody else delivers now: a lock beside the ledger that dies with its process."""
    handle = os.open(
        store.with_name(store.name + ".alerts.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644
    )
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(handle)
