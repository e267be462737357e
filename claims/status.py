"""How it is doing: the daemon, rounds, digests, sources, outgoing mail, disk; and what is wrong, if anything.

What is wrong is what a person must see to. A feed that fails for a day is none of it, half of them are.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from claims.journal import JobNote, Journal, journal_of, read_journal
from claims.lock import Holder, daemon_lock_of, holder, round_lock_of, span
from claims.round import next_due
from claims.settings import Config
from db.errors import LedgerError, LedgerMissing
from db.upkeep import LastRound, Overview, overview
from scraper.health import Health, condition

_LEAST_ROOM = 200_000_000  # bytes
# A source that is due this long without having been asked: neither cron nor a daemon runs.
_LATE = timedelta(hours=3)
_LONG_ROUND = timedelta(hours=12)
# A server that wants to see a stranger's mail twice lets it in within an hour or so.
_LONG_WAIT = timedelta(hours=6)
_TROUBLE = (Health.FAILING, Health.MUTED)


@dataclass(frozen=True, slots=True)
class Status:
    """All of it at one moment. Bytes; instants are aware. `wrong`: sentences, empty where all is well."""

    now: datetime
    daemon: Holder | None
    at_work: Holder | None
    last_round: LastRound | None
    next_round: datetime | None
    last_digest: datetime | None
    next_digest: datetime | None
    sources: dict[str, int]
    failing: tuple[str, ...]
    outbox: dict[str, int]
    articles: int
    claims: int
    ledger_bytes: int
    free_bytes: int
    jobs: dict[str, JobNote]
    errors: tuple[tuple[datetime, str, str], ...]
    wrong: list[str] = field(default_factory=list)


def gather(config: Config, now: datetime) -> Status:
    """Look at everything; changes nothing and raises nothing for what is broken: that is in `wrong`."""
    seen, trouble = _seen(config.ledger)
    journal = read_journal(journal_of(config.ledger)) or Journal()
    daemon = holder(daemon_lock_of(config.ledger))
    digest = journal.jobs.get("digest")
    enabled = [entry.source() for entry in config.sources if entry.enabled]
    health = {source.name: _health(seen, source.name) for source in enabled}
    status = Status(
        now=now,
        daemon=daemon,
        at_work=holder(round_lock_of(config.ledger)),
        last_round=seen.last,
        next_round=next_due(enabled, seen.states, now),
        last_digest=seen.last_digest,
        next_digest=digest.next if digest and daemon else None,
        sources=dict(Counter(str(each) for each in health.values())),
        failing=tuple(sorted(name for name, each in health.items() if each in _TROUBLE)),
        outbox=seen.outbox,
        articles=seen.articles,
        claims=seen.claims,
        ledger_bytes=_size(config.ledger),
        free_bytes=_free(config.ledger),
        jobs=journal.jobs if daemon else {},
        errors=tuple(journal.errors),
    )
    status.wrong.extend([*trouble, *_wrong(status, len(enabled)), *_put_off(seen.waiting, now)])
    return status


def _seen(path: Path) -> tuple[Overview, list[str]]:
    nothing = Overview(0, 0, None, {}, {}, None)
    try:
        return overview(path), []
    except LedgerMissing:
        return nothing, [f"there is no ledger at {path} yet: run a round"]
    except LedgerError as error:
        return nothing, [str(error)]


def _health(seen: Overview, name: str) -> Health:
    _, state = seen.states.get(name, ("", None))
    return condition(state).health if state else Health.NEW


def _wrong(status: Status, sources: int) -> list[str]:
    """What somebody must see to, the gravest first."""
    found = [f"the job {name!r} fails: {note.message}" for name, note in status.jobs.items() if note.failing]
    if sources and len(status.failing) * 2 >= sources:
        found.append(f"{len(status.failing)} of {sources} sources fail: `claims sources` tells why")
    last = status.last_round.started if status.last_round else None
    late = status.next_round is not None and status.next_round <= status.now and not status.at_work
    if late and (last is None or status.now - last > _LATE):
        ago = f"the last round was {span(status.now - last)} ago" if last else "there was no round yet"
        found.append(
            f"sources are due, but {ago}: `claims run` asks them, docs/running.md says how it goes by itself"
        )
    if status.at_work and status.at_work.since and status.now - status.at_work.since > _LONG_ROUND:
        age = span(status.now - status.at_work.since)
        found.append(f"the round of process {status.at_work.process} has been running for {age}")
    for state in ("failed", "unknown"):
        if number := status.outbox.get(state):
            found.append(f"{number} mails in the outbox are {state}: `claims digest list` tells more")
    if status.free_bytes < _LEAST_ROOM:
        found.append(f"only {status.free_bytes / 1e6:,.0f} MB are free on the disk")
    return found


def _put_off(since: datetime | None, now: datetime) -> list[str]:
    """Mail that is put off again and again, before it has failed for good."""
    if since is None or now - since < _LONG_WAIT:
        return []
    return [f"mail has been waiting for {span(now - since)}: `claims doctor` tells why"]


def _size(path: Path) -> int:
    """The ledger's file with its log."""
    files = (path, path.with_name(path.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def _free(path: Path) -> int:
    folder = next(parent for parent in path.parents if parent.exists())
    return shutil.disk_usage(folder).free


def record(status: Status) -> dict[str, Any]:
    """The stable machine form, instants in UTC."""
    last = status.last_round
    return {
        "healthy": not status.wrong,
        "wrong": status.wrong,
        "daemon": _held(status.daemon),
        "round_at_work": _held(status.at_work),
        "last_round": None
        if last is None
        else {
            "started": _utc(last.started),
            "ended": _utc(last.ended),
            "articles": last.articles,
            "claims": last.claims,
            "failed_sources": last.errors,
        },
        "next_round": _utc(status.next_round),
        "last_digest": _utc(status.last_digest),
        "next_digest": _utc(status.next_digest),
        "sources": status.sources,
        "failing": list(status.failing),
        "outbox": status.outbox,
        "ledger": {"articles": status.articles, "claims": status.claims, "bytes": status.ledger_bytes},
        "disk_free_bytes": status.free_bytes,
        "jobs": {name: _job(note) for name, note in status.jobs.items()},
        "errors": [{"at": _utc(at), "job": job, "message": text} for at, job, text in status.errors],
    }


def _job(note: JobNote) -> dict[str, Any]:
    times = {"last": _utc(note.last), "next": _utc(note.next), "seconds": round(note.seconds, 3)}
    return times | {"runs": note.runs, "failures": note.failures, "message": note.message}


def _held(lock: Holder | None) -> dict[str, Any] | None:
    return None if lock is None else {"process": lock.process, "since": _utc(lock.since)}


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def metrics(status: Status) -> str:
    """The same as numbers in the text format of Prometheus; no name of a source, no word of a page."""
    last = status.last_round
    lines = [
        *_gauge("claims_healthy", "1 where nothing is wrong", not status.wrong),
        *_gauge("claims_daemon_running", "1 where a daemon runs", status.daemon is not None),
        *_gauge(
            "claims_daemon_start_time_seconds",
            "When it began",
            _seconds(status.daemon.since if status.daemon else None),
        ),
        *_gauge("claims_round_running", "1 where a round is at work", status.at_work is not None),
        *_gauge(
            "claims_last_round_time_seconds",
            "When the last round began",
            _seconds(last.started if last else None),
        ),
        *_gauge("claims_last_round_articles", "Articles that it stored", last.articles if last else None),
        *_gauge(
            "claims_last_round_failed_sources", "Sources that failed in it", last.errors if last else None
        ),
        *_gauge("claims_next_round_time_seconds", "When the next source is due", _seconds(status.next_round)),
        *_gauge(
            "claims_last_digest_time_seconds", "When the last digest was sent", _seconds(status.last_digest)
        ),
        *_gauge("claims_next_digest_time_seconds", "When the next one comes", _seconds(status.next_digest)),
        *_gauge("claims_articles", "Articles in the ledger", status.articles),
        *_gauge("claims_claims", "Claims in the ledger", status.claims),
        *_gauge("claims_ledger_bytes", "The ledger's size on the disk", status.ledger_bytes),
        *_gauge("claims_disk_free_bytes", "Free where the ledger is", status.free_bytes),
        *_family("claims_sources", "gauge", "Sources by how they do", "state", status.sources),
        *_family("claims_outbox", "gauge", "Mails by their state", "state", status.outbox),
    ]
    jobs = status.jobs
    runs = {name: note.runs for name, note in jobs.items()}
    failures = {name: note.failures for name, note in jobs.items()}
    lines += _family("claims_job_runs_total", "counter", "Times that a job was done", "job", runs)
    lines += _family("claims_job_failures_total", "counter", "Times that it failed", "job", failures)
    return "\n".join(lines) + "\n"


def _gauge(name: str, told: str, value: float | None) -> list[str]:
    """A number; nothing where there is none."""
    if value is None:
        return []
    return [f"# HELP {name} {told}", f"# TYPE {name} gauge", f"{name} {float(value):.15g}"]


def _family(name: str, kind: str, told: str, label: str, values: dict[str, int]) -> list[str]:
    """A number for each word; the words are ours and need no escaping."""
    head = [f"# HELP {name} {told}", f"# TYPE {name} {kind}"]
    return [*head, *(f'{name}{{{label}="{word}"}} {number}' for word, number in sorted(values.items()))]


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None
