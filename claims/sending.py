"""START HERE for mail on its way: sends what is due of the outbox, digests and alerts alike.

    outbox, due ─ connect ─ offered ─ begin_sending ─ last dot ─┬─ mark_sent
                     │         │                                ├─ mark_failed     refused for good
                     └─────────┴── put_off, with a longer wait  └─ mark_unknown    nobody can tell

Every step stands in the ledger before the next is taken, and one process at a time does this, so that one
killed anywhere loses nothing and sends nothing twice: see db/outbox.py. Each mail goes to one recipient, so
that one who is refused costs no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from claims.account import account_of
from claims.errors import ConfigError, RoundLocked
from claims.lock import sending_lock
from claims.mail import Account, Deferred, InDoubt, NoService, Refused, Session, connect
from claims.settings import Config
from db import outbox
from db.ledger import Ledger
from db.outbox import Mail, State

# A server that broke off this often is left alone until the next time.
_BREAKS = 3


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mail: sent, failed, unknown, or rendered where it waits. `error` says why not sent."""

    mail: Mail
    state: State
    error: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of everything that was due, and of what a crash had left in doubt."""

    results: tuple[Result, ...] = ()

    def of(self, state: State) -> list[Result]:
        """Those that ended so."""
        return [result for result in self.results if result.state is state]

    @property
    def well(self) -> bool:
        """Whether all of it was sent."""
        return all(result.state is State.SENT for result in self.results)


def deliver(ledger: Ledger, config: Config, now: datetime) -> Delivered:
    """Sends what is due. Raises RoundLocked; ConfigError where mail is due and has no account."""
    with sending_lock(config.ledger):
        return deliver_held(ledger, config, now)


def deliver_held(ledger: Ledger, config: Config, now: datetime) -> Delivered:
    """The same for who holds the lock already."""
    left = [Result(mail, State.UNKNOWN, mail.last_error) for mail in outbox.recover(ledger)]
    due = outbox.due(ledger, now)
    if not due:
        return Delivered(tuple(left))
    with _postman(account_of(config), ledger, now) as postman:
        postman.take_all(due)
    return Delivered((*left, *postman.results))


@contextmanager
def _postman(account: Account, ledger: Ledger, now: datetime) -> Iterator[_Postman]:
    postman = _Postman(account, ledger, now)
    try:
        yield postman
    finally:
        postman.leave()


@dataclass(slots=True)
class _Postman:
    """One connection as long as it lasts, then another."""

    account: Account
    ledger: Ledger
    now: datetime
    results: list[Result] = field(default_factory=list)
    session: Session | None = None
    breaks: int = 0

    def take_all(self, mails: Sequence[Mail]) -> None:
        """One after the other; a server that is not there is asked for none of the rest."""
        for place, mail in enumerate(mails):
            try:
                self.session = self.session or connect(self.account)
            except NoService as error:
                for waiting in mails[place:]:
                    self._put_off(waiting, str(error))
                return
            self._take(self.session, mail)
            if self.breaks >= _BREAKS:
                return

    def _take(self, session: Session, mail: Mail) -> None:
        """One mail, its row in the ledger always a step ahead of the server."""
        try:
            session.send(mail.recipient, mail.message or b"", lambda: self._begin(mail))
        except InDoubt as error:
            outbox.mark_unknown(self.ledger, mail.id, str(error))
            self._broken(Result(mail, State.UNKNOWN, str(error)))
        except NoService as error:
            self._put_off(mail, str(error))
            self._broken()
        except Deferred as error:
            self._put_off(mail, str(error))
            self._go_on(session)
        except Refused as error:
            outbox.mark_failed(self.ledger, mail.id, str(error))
            self.results.append(Result(mail, State.FAILED, str(error)))
            self._go_on(session)
        else:
            outbox.mark_sent(self.ledger, mail.id, self.now)
            self.results.append(Result(mail, State.SENT))

    def _begin(self, mail: Mail) -> None:
        outbox.begin_sending(self.ledger, mail.id)

    def _put_off(self, mail: Mail, error: str) -> None:
        again = outbox.put_off(self.ledger, mail.id, error, self.now)
        self.results.append(Result(mail, State.RENDERED if again else State.FAILED, error))

    def _broken(self, *results: Result) -> None:
        self.results += results
        self.breaks += 1
        if self.session:
            self.session.close()
        self.session = None

    def _go_on(self, session: Session) -> None:
        """After a mail that was not taken; a connection that does not bear it is given up."""
        if not session.reset():
            session.close()
            self.session = None

    def leave(self) -> None:
        """Takes leave of the server."""
        if self.session:
            self.session.quit()


def send_waiting(ledger: Ledger, config: Config, now: datetime) -> tuple[list[str], list[str]]:
    """After a round: sends what is due, digests and alerts, unless somebody else is at it.

    Returns what waits for another try, and what somebody must see to. Raises LedgerError.
    """
    try:
        done = deliver(ledger, config, now)
    except RoundLocked:
        return [], []
    except ConfigError as error:
        return [], [str(error)]
    return list(lines(waiting(done))), list(lines(ended(done)))


def ended(delivered: Delivered) -> Delivered:
    """Of these what no later turn will send."""
    return _only(delivered, State.FAILED, State.UNKNOWN)


def waiting(delivered: Delivered) -> Delivered:
    """Of these what a later turn tries again."""
    return _only(delivered, State.RENDERED)


def _only(delivered: Delivered, *states: State) -> Delivered:
    return Delivered(tuple(result for result in delivered.results if result.state in states))


def lines(delivered: Delivered) -> Iterator[str]:
    """What a person should hear of it: nothing of what was sent."""
    for result in delivered.results:
        to = result.mail.recipient
        if result.state is State.RENDERED:
            yield f"{to}: waits in the outbox and is tried again: {result.error}"
        elif result.state is State.FAILED:
            yield f"{to}: failed for good: {result.error}"
        elif result.state is State.UNKNOWN:
            yield f"{to}: may have got its mail, which is not sent again unasked: {result.error}"
