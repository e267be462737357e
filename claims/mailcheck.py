"""Whether mail can be sent, found out without sending any, and whether some is stuck: for `claims doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from claims.account import account_of, readable_by_others
from claims.errors import UserError
from claims.findings import Finding, Verdict
from claims.mail import check
from claims.settings import Config
from db.errors import LedgerError
from db.ledger import Ledger
from db.outbox import Mail, State, in_trouble


def mail(config: Config) -> Iterator[Finding]:
    """The mail server is asked to let us in, where one is configured; then the outbox is looked at."""
    if not config.mail.host:
        needed = bool(config.digest.recipients)
        text = "digest.recipients are named, but no mail server: set host and sender under [mail]"
        off = "off: no mail server is configured, see docs/mail.md"
        yield Finding(Verdict.FAILED if needed else Verdict.OK, "mail", text if needed else off)
        return
    if warning := readable_by_others(config):
        yield Finding(Verdict.WARNING, "mail", warning)
    if config.mail.security == "none" and not config.mail.local:
        text = "mail.security is 'none': everybody on the way can read the mail; use starttls or tls"
        yield Finding(Verdict.WARNING, "mail", text)
    try:
        yield Finding(Verdict.OK, "mail", check(account_of(config)))
    except UserError as error:
        yield Finding(Verdict.FAILED, "mail", str(error))
    yield from _outbox(config)


def _outbox(config: Config) -> Iterator[Finding]:
    """Mail that did not go out, and what to do about it."""
    if not config.ledger.exists():
        return
    try:
        with Ledger.open(config.ledger) as opened:
            stuck = in_trouble(opened)
    except LedgerError:
        return  # told of by the ledger's own check
    for one in stuck:
        text = f"{one.key} to {one.recipient} {_said(one)}: {one.last_error}"
        yield Finding(Verdict.WARNING, "outbox", text)


def _said(one: Mail) -> str:
    if one.state is State.RENDERED:
        return "waits and is tried again"
    said = (
        "failed for good" if one.state is State.FAILED else "may have arrived, and is not sent again unasked"
    )
    return f"{said} (`claims digest send --force` does so)" if one.run else said
