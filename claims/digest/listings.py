"""How runs of the digest and their mails are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from claims.digest.period import name_of
from claims.digest.window import Window
from claims.present import Column, Listing
from db.digest_runs import Run
from db.outbox import Mail


def runs_listing(zone: ZoneInfo) -> Listing[Run]:
    """Digests, their periods named by that zone's days."""
    return Listing(
        columns=(
            Column("Run", lambda run: str(run.id), right=True, keep=True),
            Column("Period", lambda run: name_of(Window(run.start, run.end), zone), keep=True),
            Column("Composed", lambda run: _at(run.completed, zone) or "not yet", keep=True),
            Column("Mails", _summary),
        ),
        record=lambda run: _run_record(run, zone),
        sentence=lambda run: f"{run.id}: {name_of(Window(run.start, run.end), zone)}: {_summary(run)}",
    )


def mails_listing(zone: ZoneInfo) -> Listing[Mail]:
    """A digest's mails."""
    return Listing(
        columns=(
            Column("Recipient", lambda mail: mail.recipient, keep=True),
            Column("State", lambda mail: str(mail.state), keep=True),
            Column("Sent", lambda mail: _at(mail.sent, zone), keep=True),
            Column("Tried", lambda mail: str(mail.attempts or ""), right=True, keep=True),
            Column("Next try", lambda mail: _at(mail.next_attempt, zone), keep=True),
            Column("Note", lambda mail: mail.last_error),
        ),
        record=_mail_record,
        sentence=lambda mail: (
            f"{mail.recipient}: {mail.state}" + (f": {mail.last_error}" if mail.last_error else "")
        ),
    )


def _summary(run: Run) -> str:
    return ", ".join(f"{number} {state}" for state, number in run.mails.items())


def _at(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _run_record(run: Run, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "run": run.id,
        "period": name_of(Window(run.start, run.end), zone),
        "start": run.start.isoformat(),
        "end": run.end.isoformat(),
        "regular": run.regular,
        "created": run.created.isoformat(),
        "completed": run.completed.isoformat() if run.completed else None,
        "mails": _summary(run),
    }


def _mail_record(mail: Mail) -> dict[str, Any]:
    return {
        "recipient": mail.recipient,
        "state": str(mail.state),
        "message_id": mail.message_id,
        "attempts": mail.attempts,
        "next_attempt": mail.next_attempt.isoformat() if mail.next_attempt else None,
        "last_error": mail.last_error,
        "created": mail.created.isoformat(),
        "sent": mail.sent.isoformat() if mail.sent else None,
        "bytes": len(mail.message) if mail.message else 0,
    }
