"""The digest on its way: which period, who gets it, each mail into the outbox, then off.

    period ─ run with a planned mail for each recipient ─ each composed ─ run completed ─ deliver

All of it stands in the ledger step by step: killed anywhere and called again, it goes on where it was. A run
is completed when all its mails are in the outbox; where it ended the next period begins. Whether the mails
then arrive at once, later or never is the outbox's matter and moves no period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims.account import account_of
from claims.addresses import checked_address
from claims.digest.mailing import mail_for, message_id
from claims.digest.period import name_of, next_window
from claims.digest.window import Window, week_named
from claims.errors import InputError
from claims.lock import sending_lock
from claims.sending import Delivered, deliver_held
from claims.settings import Config
from db import digest_runs, outbox
from db.digest_runs import Run
from db.ledger import Ledger
from db.outbox import Mail, State

_ALL = 1_000_000
_AGAIN = frozenset({State.FAILED, State.UNKNOWN, State.RENDERED})


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: a week, or the next period; these recipients, or all; also what had its turn."""

    week: str = ""
    to: tuple[str, ...] = ()
    force: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The run that this was about, None where none is due; the last run's mails; what became of all due."""

    run: Run | None
    mails: tuple[Mail, ...]
    delivered: Delivered


def send_due(config: Config, now: datetime) -> Outcome | None:
    """Sends the digest whose period is complete, once, and what else is due; None without recipients.

    Raises UserError and LedgerError.
    """
    return send(config, now) if config.digest.recipients else None


def send(config: Config, now: datetime, wish: Wish | None = None) -> Outcome:
    """The same as wished. Raises InputError where nobody is to get it, RoundLocked, ConfigError."""
    wish = wish or Wish()
    wanted = _wanted(config, wish, now)
    account_of(config)  # without an account nothing is begun
    with sending_lock(config.ledger), Ledger.open(config.ledger) as ledger:
        for left in digest_runs.unfinished(ledger):
            _compose(ledger, config, left, now)
        before = next(iter(digest_runs.runs(ledger, 1)), None)
        window, regular = _window(ledger, config, wish, before, now)
        run = _begun(ledger, config, window, wanted, regular, now) if window else None
        if wish.force:
            run = run or before
            narrow = wish.to or wish.week
            _again(ledger, config, [run] if narrow else digest_runs.runs(ledger, _ALL), wish, now)
        delivered = deliver_held(ledger, config, now)
        outbox.forget_contents(ledger, now)
        last = run or before
        mails = tuple(digest_runs.mails(ledger, last.id)) if last else ()
        return Outcome(run, mails, delivered)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would become of a recipient's digest. `message`: None where there is nothing to say or do."""

    recipient: str
    window: Window
    message: bytes | None
    state: State | None


def rehearse(config: Config, now: datetime, wish: Wish) -> list[Rehearsed]:
    """Composes everything and sends nothing, keeps nothing; empty where no digest is due."""
    wanted = _wanted(config, wish, now)
    with Ledger.open(config.ledger) as ledger:
        before = next(iter(digest_runs.runs(ledger, 1)), None)
        window, _ = _window(ledger, config, wish, before, now)
        if window is None:
            return []
        run = digest_runs.run_of(ledger, window.start, window.end)
        mails = digest_runs.mails(ledger, run.id) if run else []
        there = {mail.recipient: mail.state for mail in mails}
    found = []
    for address in wanted:
        state = there.get(address)
        message = None if state else _message(config, window, address, now)
        found.append(Rehearsed(address, window, message, state))
    return found


def _wanted(config: Config, wish: Wish, now: datetime) -> list[str]:
    """Who is to get it, each once."""
    try:
        addresses = [checked_address(each.strip()) for each in wish.to]
        if wish.week and week_named(wish.week, config.digest.zone_info).end > now:
            raise ValueError(f"{wish.week} is not over yet; `claims digest preview` shows what it has so far")
    except ValueError as error:
        raise InputError(str(error)) from None
    addresses = addresses or [one.address for one in config.digest.recipients]
    if not addresses:
        raise InputError(f"nobody is to get it: add [[digest.recipients]] to {config.file}, or say --to")
    return list(dict.fromkeys(addresses))


def _window(
    ledger: Ledger, config: Config, wish: Wish, before: Run | None, now: datetime
) -> tuple[Window | None, bool]:
    """What to tell of, and whether the next period begins where this one ends."""
    if wish.week:
        return week_named(wish.week, config.digest.zone_info), False
    last = digest_runs.last_end(ledger)
    window = next_window(last, now, config.digest.zone_info, config.digest.schedule)
    if window is None and wish.to and before:
        window = Window(before.start, before.end)
    # A digest to single recipients does not make the others miss theirs.
    return window, not wish.to


def _begun(
    ledger: Ledger, config: Config, window: Window, wanted: Sequence[str], regular: bool, now: datetime
) -> Run:
    recipients = [(address, message_id(window, address, config.mail.sender)) for address in wanted]
    run = digest_runs.begin(ledger, window.start, window.end, recipients, regular=regular, now=now)
    _compose(ledger, config, run, now)
    return run


def _compose(ledger: Ledger, config: Config, run: Run, now: datetime) -> None:
    """Every mail of the run that is still to be written, then the run is complete."""
    window = Window(run.start, run.end)
    for mail in digest_runs.mails(ledger, run.id):
        if mail.state is State.PLANNED:
            message = _message(config, window, mail.recipient, now, mail.message_id)
            outbox.render(ledger, mail.id, message, now)
    digest_runs.complete(ledger, run.id, now)


def _message(config: Config, window: Window, address: str, now: datetime, identity: str = "") -> bytes | None:
    recipient = next((one for one in config.digest.recipients if one.address == address), None)
    identity = identity or message_id(window, address, config.mail.sender)
    return mail_for(config, window, address, recipient, identity, now)


def _again(ledger: Ledger, config: Config, runs: Sequence[Run | None], wish: Wish, now: datetime) -> None:
    """What waits, failed or is in doubt; what arrived only for those named: no other gets it twice."""
    outbox.recover(ledger)
    for run in filter(None, runs):
        mails = digest_runs.mails(ledger, run.id)
        chosen = [one for one in mails if (one.recipient in wish.to if wish.to else one.state in _AGAIN)]
        outbox.again(ledger, [one.id for one in chosen], now)
        _compose(ledger, config, run, now)


def told(config: Config, run: Run) -> str:
    """The run's period in words."""
    return name_of(Window(run.start, run.end), config.digest.zone_info)
