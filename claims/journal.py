"""What the daemon's jobs did and when they come next, in a small file beside the ledger.

Beside it and not in it, so that `claims status` can tell of a daemon whose ledger is full, locked or gone.
The file is written anew each time and put into its place at once: no reader ever sees half of it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

_ERRORS = 10  # the latest are kept
_LONGEST = 500  # characters of a message


@dataclass(slots=True)
class JobNote:
    """One job. `failing` counts the failures since it last went well; `message` is the last one's."""

    last: datetime | None = None
    well: datetime | None = None
    next: datetime | None = None
    seconds: float = 0.0
    runs: int = 0
    failures: int = 0
    failing: int = 0
    message: str = ""


@dataclass(slots=True)
class Journal:
    """A daemon's life so far. `errors` are moment, job and message, oldest first."""

    process: int = 0
    started: datetime | None = None
    jobs: dict[str, JobNote] = field(default_factory=dict)
    errors: list[tuple[datetime, str, str]] = field(default_factory=list)

    def done(self, job: str, at: datetime, seconds: float) -> None:
        """A job went well."""
        note = self.jobs.setdefault(job, JobNote())
        note.last = note.well = at
        note.seconds, note.message, note.failing = seconds, "", 0
        note.runs += 1

    def failed(self, job: str, at: datetime, seconds: float, message: str) -> None:
        """A job did not."""
        note = self.jobs.setdefault(job, JobNote())
        note.last, note.seconds, note.message = at, seconds, message[:_LONGEST]
        note.runs += 1
        note.failures += 1
        note.failing += 1
        self.errors = [*self.errors, (at, job, message[:_LONGEST])][-_ERRORS:]

    def coming(self, times: dict[str, datetime | None]) -> None:
        """When each job comes next; those not named are no longer planned."""
        for name in self.jobs.keys() - times.keys():
            self.jobs[name].next = None
        for name, at in times.items():
            self.jobs.setdefault(name, JobNote()).next = at

    def save(self, path: Path) -> None:
        """Put it into its file. Raises OSError."""
        part = path.with_name(f"{path.name}.part")
        part.write_text(json.dumps(asdict(self), default=_moment, indent=1) + "\n", encoding="utf-8")
        part.replace(path)


def journal_of(store: Path) -> Path:
    """The file's name."""
    return store.with_name(store.name + ".daemon.json")


def read_journal(path: Path) -> Journal | None:
    """What the last daemon noted; None where none ever ran, or the file is none of ours."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        jobs = {name: JobNote(**_times(note, "last", "well", "next")) for name, note in data["jobs"].items()}
        errors = [(datetime.fromisoformat(at), str(job), str(text)) for at, job, text in data["errors"]]
        return Journal(int(data["process"]), _moment_of(data["started"]), jobs, errors)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _times(note: dict[str, Any], *names: str) -> dict[str, Any]:
    return note | {name: _moment_of(note.get(name)) for name in names}


def _moment_of(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} is no moment")
