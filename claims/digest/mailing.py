"""From a period and a recipient to the bytes of a mail: the one place that knows who composes a digest."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from claims.addresses import address_of
from claims.digest.period import Period, name_of
from claims.settings import Config, RecipientSection


def message_id(period: Period, recipient: str, sender: str) -> str:
    """Follows from period and recipient, so that a digest that is sent again is recognised as the same."""
    about = f"{period.start.isoformat()}/{period.end.isoformat()}/{recipient}"
    return (
        f"<digest.{hashlib.sha256(about.encode()).hexdigest()[:32]}@{address_of(sender).partition('@')[2]}>"
    )


def mail_for(
    config: Config,
    period: Period,
    address: str,
    recipient: RecipientSection | None,
    identity: str,
    now: datetime,
) -> bytes | None:
    """The whole mail as it is kept and sent, to the recipient's taste; None where there is nothing to say."""
    composed = _composed(config, period)
    if composed is None:
        return None
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"], mail["To"] = config.mail.sender, address
    mail["Subject"], text = composed
    mail["Date"], mail["Message-ID"], mail["Auto-Submitted"] = now, identity, "auto-generated"
    mail.set_content(text)
    return mail.as_bytes()


def _composed(config: Config, period: Period) -> tuple[str, str] | None:
    """Subject and text of a plain digest, until the rich one is joined here."""
    from claims.wording import sentence
    from db.search import Query, search

    days = period.start.date(), period.end.date()
    hits = search(config.ledger, Query(since=days[0], until=days[1], limit=50))
    lines = [f"* {sentence(hit.claim)}\n  {hit.url}" for hit in hits]
    return (f"Claims {name_of(period, config.digest.zone)}", "\n".join(lines)) if lines else None
