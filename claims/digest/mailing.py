"""From a window and a recipient to the bytes of a mail, as it is kept and sent."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from claims.addresses import address_of
from claims.digest.window import Window
from claims.mailsettings import RecipientSection
from claims.settings import Config


def message_id(window: Window, recipient: str, sender: str) -> str:
    """Follows from window and recipient, so that a digest that is sent again is recognised as the same."""
    start, end = (at.astimezone(UTC).isoformat() for at in (window.start, window.end))
    digest = hashlib.sha256(f"{start}/{end}/{recipient}".encode()).hexdigest()[:32]
    return f"<digest.{digest}@{address_of(sender).partition('@')[2]}>"


def mail_for(
    config: Config,
    window: Window,
    address: str,
    recipient: RecipientSection | None,
    identity: str,
    now: datetime,
) -> bytes | None:
    """The whole mail, to the recipient's taste; None where there is nothing to say."""
    from claims.digest.compose import compose
    from claims.digest.message import message

    section = config.digest
    composed = compose(
        config.ledger,
        window,
        recipient.recipient() if recipient else None,
        language=section.language,
        zone=section.zone_info,
        now=now,
        most=section.max_items,
    )
    if composed is None:
        return None
    mail = message(
        composed,
        sender=config.mail.sender,
        recipient=address,
        message_id=identity,
        date=now,
        unsubscribe=section.unsubscribe,
        boundary=identity,
    )
    return mail.as_bytes()
