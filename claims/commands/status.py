"""`claims status`: how it is doing, and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from claims.errors import Exit
from claims.options import Command, config_option
from claims.terminal import clean, escape_unsafe

if TYPE_CHECKING:
    from claims.lock import Holder
    from claims.status import Status


@click.command("status", cls=Command, examples=("claims status", "claims status --json | jq .wrong"))
@click.option("--json", "as_json", is_flag=True, help="One JSON object, instants in UTC.")
@config_option
def command(as_json: bool, config: Path | None) -> Exit:
    """Tell how it is doing, by daemon or by cron.

    Whether a daemon runs, the last and the next round and digest, how the sources do, what waits in the
    outbox, how large the ledger is and how much room is left, and the last errors. Changes nothing.

    Exit code 0: nothing is wrong. 3: something is, and is named: the ledger cannot be read, a job of the
    daemon fails, at least half of the sources fail, none was asked for hours although they are due, a round
    runs for half a day, mail was refused for good, the disk is full.
    """
    from claims.fetching import utc_now
    from claims.settings import load
    from claims.status import gather, record

    settings = load(config)
    status = gather(settings, utc_now())
    if as_json:
        click.echo(escape_unsafe(json.dumps(record(status), ensure_ascii=False, indent=2)))
    else:
        for line in _lines(status, ZoneInfo(settings.daemon.zone)):
            click.echo(clean(line))
    return Exit.SOURCES if status.wrong else Exit.OK


def _lines(status: Status, zone: ZoneInfo) -> Iterator[str]:
    yield from (f"{name:<18}{text}" for name, text in _rows(status, zone) if text)
    if status.errors:
        yield "last errors"
        for at, job, text in status.errors[-5:]:
            yield f"  {_time(at, zone)}  {job}: {text}"
    yield from (
        ("", *(f"wrong: {sentence}" for sentence in status.wrong)) if status.wrong else ("", "all is well")
    )


def _rows(status: Status, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    from claims.wording import counted

    yield "daemon", _held(status.daemon, status.now, zone) or "does not run"
    yield "round at work", _held(status.at_work, status.now, zone)
    if last := status.last_round:
        found = f"{counted(last.articles, 'article')}, {counted(last.claims, 'claim')}"
        failed = f", {counted(last.errors, 'source')} failed" if last.errors else ""
        yield (
            "last round",
            f"{_time(last.started, zone)}, {found}{failed}"
            if last.ended
            else (f"{_time(last.started, zone)}, not ended"),
        )
    yield "next source", _time(status.next_round, zone)
    yield "last digest", _time(status.last_digest, zone)
    yield "next digest", _time(status.next_digest, zone)
    named = ", ".join(status.failing[:5]) + (" …" if len(status.failing) > 5 else "")
    yield (
        "sources",
        ", ".join(f"{n} {state}" for state, n in sorted(status.sources.items()))
        + (f" ({named})" if named else ""),
    )
    yield "outbox", ", ".join(f"{n} {state}" for state, n in sorted(status.outbox.items()))
    held = f"{counted(status.articles, 'article')}, {counted(status.claims, 'claim')}"
    yield "ledger", f"{held}, {status.ledger_bytes / 1e6:,.1f} MB; {status.free_bytes / 1e9:,.1f} GB free"
    for name, note in status.jobs.items():
        if name != "digest" and note.next:
            state = (
                f"fails ({note.failing} times)"
                if note.failing
                else f"last {_time(note.last, zone) or 'never'}"
            )
            yield f"job {name}", f"{state}, next {_time(note.next, zone)}"


def _held(lock: Holder | None, now: datetime, zone: ZoneInfo) -> str:
    from claims.lock import span

    if lock is None:
        return ""
    if lock.since is None:
        return "by a process that is not known"
    return f"process {lock.process} since {_time(lock.since, zone)} ({span(now - lock.since)})"


def _time(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}" if moment else ""
