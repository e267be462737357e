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
from db.outbox import State, in_trouble

# Where the error itself does not say what to do.
_MEND = "look at host, port and security under [mail]; docs/mail.md says what the errors mean"
_SAID = {
    State.RENDERED: ("waits", "nothing, it is tried again; at once by: claims digest send --force"),
    State.FAILED: ("failed for good", "mend what it names, then: claims digest send --force"),
    State.UNKNOWN: ("may have arrived", "if it did not: claims digest send --force"),
}


def mail(config: Config) -> Iterator[Finding]:
    """The mail server is asked to let us in, where one is configured; then the outbox is looked at."""
    if not config.mail.host:
        needed = bool(config.digest.recipients)
        if needed:
            text, advice = (
                "digest.recipients are named, but no mail server",
                "set host and sender under [mail]",
            )
            yield Finding(Verdict.FAILED, "mail", text, advice=advice)
        else:
            yield Finding(Verdict.OK, "mail", "off: no mail server is configured, see docs/mail.md")
        return
    if warning := readable_by_others(config):
        sentence, _, advice = warning.partition(": ")
        yield Finding(Verdict.WARNING, "mail", sentence, advice=advice)
    if config.mail.security == "none" and not config.mail.local:
        text = "mail.security is 'none': everybody on the way can read the mail"
        yield Finding(Verdict.WARNING, "mail", text, advice="use starttls or tls")
    try:
        yield Finding(Verdict.OK, "mail", check(account_of(config)))
    except UserError as error:
        sentence, _, advice = str(error).partition("; ")
        yield Finding(Verdict.FAILED, "mail", sentence, advice=advice or _MEND)
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
        said, advice = _SAID[one.state]
        if not one.run:  # an alert's
            advice = "nothing, it is tried again"
            if one.state is not State.RENDERED:
                advice = "mend what it names; what the alert told of is in the ledger: claims search"
        text = f"{one.key} to {one.recipient} {said}: {one.last_error}"
        yield Finding(Verdict.WARNING, "outbox", text, advice=advice)
