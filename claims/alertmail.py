"""An alert as a mail: plain text that stands on its own, made of the same body that a webhook gets."""

from __future__ import annotations

import json
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Any

from claims.terminal import clean, folded, one_line
from db.outbox import enqueue

if TYPE_CHECKING:
    from claims.settings import Config
    from db.ledger import Ledger

_COLUMNS = 76


def queue_mail(body: str, key: str, recipient: str, ledger: Ledger, config: Config, now: datetime) -> str:
    """Hands the mail to the outbox, which sends it and tries again; says what is missing, or nothing."""
    sender = sender_of(config)
    if not sender:
        return "no mail can be sent: [mail] in the configuration names no server or no sender"
    message = composed(json.loads(body), sender, recipient)
    enqueue(
        ledger,
        key=key,
        recipient=recipient,
        message=message.as_bytes(policy=SMTP),
        message_id=str(message["Message-ID"]),
        now=now,
    )
    return ""


def sender_of(config: Config) -> str:
    """Whom the mail comes from; empty where no mail can be sent."""
    return config.mail.sender if config.mail.host else ""


def composed(body: dict[str, Any], sender: str, recipient: str) -> EmailMessage:
    """The mail; the same body always makes the same one."""
    data = body["data"]
    message = EmailMessage(policy=SMTP)
    title = f"[{data['alert']}] {one_line(data['sentence'])}"
    message["Subject"] = f"{'Test: ' if data['test'] else ''}{title}"[:300]
    message["From"], message["To"] = sender, recipient
    message["Date"] = datetime.fromisoformat(body["timestamp"])
    message["Message-ID"] = f"<{data['id']}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(_lines(data)) + "\n", cte="quoted-printable")
    return message


def _domain(sender: str) -> str:
    """Of the sender's address, which may stand behind a name."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    addresses: tuple[Address, ...] = message["From"].addresses
    domain = addresses[0].domain if addresses else ""
    return domain if domain.isascii() and domain else "localhost"


def _lines(data: dict[str, Any]) -> list[str]:
    claim = data["claim"]
    lines = folded(one_line(data["sentence"]), _COLUMNS)
    for sentence in claim["evidence"]:
        lines += ["", *folded(f'"{one_line(sentence)}"', _COLUMNS, "  ", "  ")]
    where = ", ".join(part for part in (claim["source"], claim["published"]) if part)
    lines += ["", *folded(one_line(claim["title"]), _COLUMNS), clean(claim["article"]), where, ""]
    if data["more"]:
        lines += [*folded(f"And {data['more']:,} more: {data['find']}", _COLUMNS), ""]
    lines += [*folded(f"Alert {data['alert']}: {one_line(data['search'])}", _COLUMNS)]
    return [*lines, f"In full: claims show {claim['id']}"]
