"""What was composed as a mail: plain text and HTML, the picture inside. The same input, the same bytes."""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from typing import Any

from claims.digest.compose import Composed
from claims.terminal import one_line


def message(
    composed: Composed,
    *,
    sender: str,
    recipient: str,
    message_id: str = "",
    date: datetime | None = None,
    unsubscribe: str = "",
    boundary: str = "",
) -> EmailMessage:
    """The mail from `sender` to `recipient`, both with or without a name.

    `message_id` in angle brackets, `date` with a zone: both left out where not given. `unsubscribe` is an
    address or an https address that leads off the list; the sender's own where there is none. `boundary` is
    what the marks between the parts are made of; the content itself where not given.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, recipient
    mail["Subject"] = one_line(composed.subject)
    if date is not None:
        mail["Date"] = format_datetime(date)
    if message_id:
        mail["Message-ID"] = message_id
    _add_list_headers(mail, sender, unsubscribe)
    _add_parts(mail, composed)
    # Not before the content, which clears the headers that begin so.
    mail["Content-Language"] = composed.language
    _mark_parts(mail, boundary or composed.text + composed.html)
    return mail


def _add_list_headers(mail: EmailMessage, sender: str, unsubscribe: str) -> None:
    """What tells a reader's program that this is a list's mail and no person's, and how to leave the list."""
    address = parseaddr(sender)[1]
    way = unsubscribe or address
    if not way.startswith(("https://", "mailto:")):
        way = f"mailto:{way}?subject=unsubscribe"
    mail["List-Id"] = f"claims digest <digest.claims.{address.rpartition('@')[2] or 'invalid'}>"
    mail["List-Unsubscribe"] = f"<{way}>"
    mail["Auto-Submitted"] = "auto-generated"
    # Programs that answer for people who are away leave mail alone that says so.
    mail["X-Auto-Response-Suppress"] = "All"


def _add_parts(mail: EmailMessage, composed: Composed) -> None:
    mail.set_content(composed.text, cte="quoted-printable")
    mail.add_alternative(composed.html, subtype="html", cte="quoted-printable")
    page: Any = list(mail.iter_parts())[-1]
    for image in composed.images:
        page.add_related(
            image.png,
            "image",
            "png",
            cid=f"<{image.cid}>",
            disposition="inline",
            filename=f"{re.sub('[^0-9A-Za-z-]', '-', image.cid.partition('@')[0])}.png",
        )


def _mark_parts(mail: EmailMessage, seed: str) -> None:
    """Marks between the parts that do not change from one run to the next."""
    mark = sha256(seed.encode("utf-8", "replace")).hexdigest()[:32]
    several = [part for part in mail.walk() if part.is_multipart()]
    for number, part in enumerate(several):
        part.set_boundary(f"=_{mark}-{number}")
