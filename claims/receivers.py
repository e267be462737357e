"""Where alerts go: a mail, a webhook, a command. Each takes a message's body and says what came of it.

Nothing here raises: what a receiver does wrong is an outcome, to be tried again or not.

Webhooks are sent as the Standard Webhooks specification says, so that receivers find libraries that check
them: `webhook-id`, `webhook-timestamp` and `webhook-signature: v1,BASE64`, which is the HMAC-SHA256 of
"ID.TIMESTAMP.BODY" under a secret that both sides know.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import selectors
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from claims.alertmail import queue_mail
from claims.errors import ConfigError
from claims.terminal import one_line
from db.alerts import State

if TYPE_CHECKING:
    from claims.alertsettings import AlertSection
    from claims.settings import Config
    from db.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try. `pause`: the seconds that the receiver wants to be left alone."""

    state: State
    said: str = ""
    pause: float | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way: its body, an id that is the same at each try, and the outbox's key."""

    id: str
    key: str
    body: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """One place that an alert goes to. `name` tells it from others in the ledger, and shows no secret."""

    kind: str
    target: tuple[str, ...]
    alert: AlertSection

    @property
    def name(self) -> str:
        """ "mail me@example.org", "webhook example.org 1a2b3c4d", "command notify-send 1a2b3c4d"."""
        if self.kind == "mail":
            return f"mail {self.target[0]}"
        digest = hashlib.sha256("\0".join(self.target).encode("utf-8", "surrogateescape")).hexdigest()[:8]
        first = self.target[0]
        shown = urlsplit(first).hostname if self.kind == "webhook" else Path(first).name
        return f"{self.kind} {shown} {digest}"

    def deliver(self, parcel: Parcel, ledger: Ledger, config: Config, now: datetime) -> Outcome:
        """Hands the message over, once. Raises LedgerError only."""
        if self.kind == "mail":
            said = queue_mail(parcel.body, parcel.key, self.target[0], ledger, config, now)
            return Outcome(State.WAITING, said) if said else Outcome(State.DONE)
        if self.kind == "webhook":
            return _post(self, parcel, config, now)
        return _run(self, parcel, config)


def receivers(alert: AlertSection) -> list[Receiver]:
    """All places that an alert goes to."""
    found = [Receiver("mail", (address,), alert) for address in alert.mail]
    found += [Receiver("webhook", (alert.webhook,), alert)] if alert.webhook else []
    return found + ([Receiver("command", alert.command, alert)] if alert.command else [])


# Webhooks


def secret_of(alert: AlertSection, config: Config) -> bytes:
    """What the webhook's messages are signed with. Raises ConfigError, which never shows it."""
    if alert.secret_file is not None:
        from claims.config import beside

        path = beside(config.file, alert.secret_file)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
            raise ConfigError(f"the secret of alert {alert.name!r} cannot be read: {path}: {why}") from None
    else:
        text = os.environ.get(alert.secret_env, "")
        if not text:
            raise ConfigError(
                f"the secret of alert {alert.name!r} is not there: set the variable {alert.secret_env}"
            )
    return _key(text.strip(), alert)


def _key(text: str, alert: AlertSection) -> bytes:
    """A secret is any text, or `whsec_` and bytes in Base64."""
    key = text.encode("utf-8")
    if text.startswith("whsec_"):
        try:
            key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            raise ConfigError(
                f"the secret of alert {alert.name!r} begins with whsec_, but no Base64 follows"
            ) from None
    if len(key) < _SHORTEST:
        raise ConfigError(f"the secret of alert {alert.name!r} is shorter than {_SHORTEST} bytes")
    return key


_SHORTEST = 16  # bytes; the specification advises 24 and more


def signature(secret: bytes, identity: str, at: int, body: bytes) -> str:
    """The value of `webhook-signature`."""
    signed = b".".join((identity.encode("ascii"), str(at).encode("ascii"), body))
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode("ascii")


def _post(receiver: Receiver, parcel: Parcel, config: Config, now: datetime) -> Outcome:
    from scraper.errors import FetchError, RefusedAddress
    from scraper.posting import place_of, post

    alert, url, body = receiver.alert, receiver.target[0], parcel.body.encode("utf-8")
    try:
        secret, at = secret_of(alert, config), int(now.timestamp())
    except ConfigError as error:
        return Outcome(State.WAITING, str(error))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": config.fetch.user_agent,
        "webhook-id": parcel.id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, parcel.id, at, body),
        "Idempotency-Key": parcel.id,
    }
    allowed = [place_of(url)] if alert.private else []
    try:
        answer = post(url, body, headers, timeout=alert.timeout, allowed=allowed)
    except RefusedAddress:
        host = urlsplit(url).hostname
        text = f"{host} is not on the public internet; private = true in the alert opens it"
        return Outcome(State.FAILED, text)
    except FetchError as error:
        return Outcome(State.WAITING, f"{error.kind}: {error}")
    return _judged(answer.status, answer.text, answer.wish)


def _judged(status: int, text: str, wish: float | None) -> Outcome:
    """What a status means: taken, gone for good, try later, or never."""
    said = f"the server answered {status}"
    if line := one_line(text)[:200]:
        said += f": {line}"
    if 200 <= status < 300:
        return Outcome(State.DONE)
    if status == 410:
        return Outcome(State.GONE, f"{said} (it wants no more; `claims alerts retry` begins anew)")
    if status in _PASSING or status >= 500:
        return Outcome(State.WAITING, said, wish)
    if 300 <= status < 400:
        return Outcome(State.FAILED, f"{said}: redirects are not followed, give the address that it leads to")
    return Outcome(State.FAILED, said)


# Timeout, too early, too many.
_PASSING = frozenset({408, 425, 429})


# Commands


def _run(receiver: Receiver, parcel: Parcel, config: Config) -> Outcome:
    """The command with the body on its standard input, in the configuration's folder, without a shell."""
    alert = receiver.alert
    environment = {**os.environ, "CLAIMS_ALERT": alert.name, "CLAIMS_ALERT_ID": parcel.id}
    with tempfile.TemporaryFile() as body:
        body.write(parcel.body.encode("utf-8"))
        body.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603  the user's own command, argument by argument
                receiver.target,
                stdin=body,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=config.file.parent,
                env=environment,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            return Outcome(State.WAITING, f"{receiver.target[0]} cannot be started: {why}")
        with process:
            assert process.stdout is not None  # noqa: S101  asked for above
            ended, said = _watched(process, process.stdout, alert.timeout)
            if not ended:
                _end(process)
    if not ended:
        return Outcome(State.WAITING, f"the command did not end within {alert.timeout:g} s and was ended")
    if process.returncode == 0:
        return Outcome(State.DONE)
    line = one_line(said.decode("utf-8", "replace"))[-200:]
    return Outcome(State.WAITING, f"the command ended with {process.returncode}" + (line and f": {line}"))


def _watched(process: subprocess.Popen[bytes], output: IO[bytes], timeout: float) -> tuple[bool, bytes]:
    """Whether it ended in time, and the end of what it said; the rest is read and forgotten.

    A child of its own that lives on may hold the output open: then its end is not waited for.
    """
    end, said = time.monotonic() + timeout, b""
    os.set_blocking(output.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while (left := end - time.monotonic()) > 0:
            if selector.select(min(left, _GLANCE)):
                piece = os.read(output.fileno(), 65_536)
                if not piece:
                    break
                said = (said + piece)[-_KEPT:]
            elif process.poll() is not None:
                return True, said
    try:
        process.wait(max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False, said
    return True, said


_GLANCE = 0.1  # seconds between two looks at whether a silent command has ended
_KEPT = 2_000  # bytes


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends it with all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:  # ended just now
        return


def parcel_of(body: str, key: str) -> Parcel:
    """A stored body, ready to go."""
    return Parcel(str(json.loads(body)["data"]["id"]), key, body)
