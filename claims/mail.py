"""Speaks with the mail server: the only module that does. One mail to one recipient at a time.

    account ─ connect ─ STARTTLS or TLS ─ login ─┬─ MAIL, RCPT, DATA, content ─ last dot ─ answer
                                                 └─ check: nothing is sent

The server takes a mail when the last dot arrives, so what breaks off before it was not sent for certain, and
what breaks off after it may have been. The errors say which, and whose fault it is:

    MailError            nothing of the mail at hand was sent
    ├── NoService        no mail is to blame: the server cannot be reached, or refuses us or our login
    ├── Deferred         this mail not now (4xx)
    ├── Refused          this mail never (5xx)
    └── InDoubt          this mail may have been taken

What a server says is a stranger's text: made printable, cut short, and cleared of our password.
"""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import SHUT_RDWR, socket
from typing import Any

from claims.addresses import address_of, checked_address
from claims.errors import Exit, UserError
from claims.terminal import one_line
from scraper.transport import leaving_none_open

# After the last dot servers look at the mail, and a break there leaves it in doubt: so be patient.
_PATIENCE = 5
# A whole mail takes at most this many times the wait for one answer, however the answers drip in.
_WHOLE = 10
_LINES = 200  # of one answer; the longest that are known, lists of extensions, have about 20
_LONGEST = 300  # characters of a server's sentence


class MailError(UserError):
    """The mail at hand was not sent."""

    code = Exit.SOURCES


class NoService(MailError):
    """The server cannot be reached, or refuses us: whatever the mail."""


class Deferred(MailError):
    """This mail is not taken now."""


class Refused(MailError):
    """This mail will never be taken."""


class InDoubt(MailError):
    """This mail may have been taken: the connection broke after its last byte."""


@dataclass(frozen=True, slots=True)
class Account:
    """A mail server and who we are there. `security`: starttls, tls or none; `timeout`: seconds an answer."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0
    ca_file: Path | None = None


def _context(account: Account) -> ssl.SSLContext:
    """Certificates are always checked: against the system's roots, or the file that is named instead."""
    try:
        context = ssl.create_default_context(cafile=account.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise NoService(f"mail.ca_file: {account.ca_file} cannot be used: {_reason(error)}") from None
    return leaving_none_open(context)


class _Lines:
    """A server's answers, none endless. What is raised here smtplib takes for a broken connection."""

    def __init__(self, file: Any) -> None:
        self._file, self.left = file, _LINES

    def readline(self, size: int) -> bytes:
        """The next line of an answer."""
        self.left -= 1
        if self.left < 0:
            raise OSError("its answer does not end")
        line: bytes = self._file.readline(size)
        if line and len(line) < size and not line.endswith(b"\n"):
            raise OSError("its answer was cut off")
        return line

    def close(self) -> None:
        """Closes what is read from."""
        self._file.close()


class _Bounded(smtplib.SMTP):
    """smtplib with an end to each answer."""

    def getreply(self) -> tuple[int, bytes]:
        """The answer's code and text."""
        if self.file is None and self.sock is not None:
            self.file = _Lines(self.sock.makefile("rb"))
        if self.file is not None:
            self.file.left = _LINES
        return super().getreply()


class _BoundedTLS(smtplib.SMTP_SSL, _Bounded):
    """The same from the first byte in TLS."""


class Session:
    """A logged-in connection, for one mail after another."""

    def __init__(self, smtp: smtplib.SMTP, account: Account) -> None:
        self._smtp, self._account = smtp, account

    def send(self, recipient: str, message: bytes, last_dot: Callable[[], None]) -> None:
        """Sends a mail to one recipient. `last_dot` is called before the byte that makes the server take it.

        Raises NoService, Deferred or Refused, where it was not taken, and InDoubt. Whatever `last_dot` raises
        goes through, and the mail is not sent.
        """
        with _limited(self._smtp, self._account.timeout * _WHOLE):
            try:
                self._offer(recipient, message)
                last_dot()
            except (Deferred, Refused):
                raise
            except (OSError, smtplib.SMTPException) as error:
                self.close()
                raise NoService(f"{_at(self._account)}: {self._told(error)}") from None
            except BaseException:
                self.close()  # in the middle of the content nothing else can be said
                raise
            answer = self._finish()
        self._judge(answer, "the mail was refused")

    def _offer(self, recipient: str, message: bytes) -> None:
        """Everything up to the last line of the content; the server has taken nothing yet."""
        smtp, content = self._smtp, wire(message)
        options = [f"size={len(content)}"] if smtp.has_extn("size") else []
        if not content.isascii() and smtp.has_extn("8bitmime"):
            options.append("body=8bitmime")
        try:
            sender, to = address_of(self._account.sender), checked_address(recipient)
        except ValueError as error:  # it could smuggle something into a command
            raise Refused(str(error)) from None
        code, text = smtp.mail(sender, options)
        if code // 100 == 5 and not _too_large(code, text):
            # The same for every mail: whoever keeps the configuration has to mend it, and no mail is lost.
            told = f"it refuses the sender: {self._words(code, text)}; see mail.sender and mail.user"
            raise NoService(f"{_at(self._account)}: {told}")
        self._judge((code, text), "the mail was refused")
        self._judge(smtp.rcpt(to), "the recipient was refused")
        code, text = smtp.docmd("DATA")
        if code != 354:
            self._judge((code if code // 100 != 2 else -1, text), "the mail was refused")
        smtp.send(content)

    def _judge(self, answer: tuple[int, bytes], what: str) -> None:
        """Raises the error that an answer amounts to; 2xx is none."""
        code, text = answer
        if code // 100 == 2:
            return
        told = f"{_at(self._account)}: {what}: {self._words(code, text)}"
        if code == 421 or code // 100 not in {4, 5}:
            self.close()  # it hangs up, or talks something else than SMTP
        if code == 421:
            raise NoService(told)
        if code // 100 == 4:
            raise Deferred(told)
        if code // 100 == 5:
            raise Refused(told)
        raise NoService(told)

    def _finish(self) -> tuple[int, bytes]:
        """The last dot and what the server says to it. Raises InDoubt."""
        smtp = self._smtp
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self._account.timeout * _PATIENCE)
            smtp.send(b".\r\n")
            code, text = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self._account.timeout)
        except (OSError, smtplib.SMTPException) as error:
            raise InDoubt(f"{_at(self._account)}: {self._told(error)}, after it had the whole mail") from None
        if code // 100 not in {2, 4, 5}:
            self.close()
            told = f"it answered the mail with {self._words(code, text)}"
            raise InDoubt(f"{_at(self._account)}: {told}")
        return code, text

    def reset(self) -> bool:
        """Ready for the next mail, whatever became of the last; False where the connection is gone."""
        with suppress(OSError, smtplib.SMTPException), _limited(self._smtp, self._account.timeout):
            return bool(self._smtp.sock) and self._smtp.rset()[0] == 250
        return False

    def close(self) -> None:
        """Hangs up without a word."""
        self._smtp.close()

    def quit(self) -> None:
        """Takes leave; a server that does not answer is left all the same."""
        with suppress(OSError, smtplib.SMTPException), _limited(self._smtp, self._account.timeout):
            if self._smtp.sock:
                self._smtp.quit()
        self._smtp.close()

    def _told(self, error: Exception) -> str:
        return _scrubbed(_reason(error), self._account)

    def _words(self, code: int, text: bytes) -> str:
        return _scrubbed(_words(code, text), self._account)


# A challenge that is no base64 is a ValueError.
_BROKEN = (OSError, smtplib.SMTPException, ValueError)


@contextmanager
def session(account: Account) -> Iterator[Session]:
    """A connection ready to send. Raises NoService."""
    opened = connect(account)
    try:
        yield opened
    finally:
        opened.quit()


def connect(account: Account) -> Session:
    """Connects, makes it secure and logs in. Raises NoService; close it after use."""
    context = _context(account) if account.security != "none" else None
    try:
        smtp = _opened(account, context)
    except _BROKEN as error:
        raise NoService(f"{_at(account)}: {_scrubbed(_reason(error), account)}") from None
    try:
        with _limited(smtp, account.timeout * _WHOLE):
            _greet(smtp, account, context)
    except _BROKEN as error:
        smtp.close()
        raise NoService(f"{_at(account)}: {_scrubbed(_reason(error), account)}") from None
    except BaseException:
        smtp.close()
        raise
    return Session(smtp, account)


def _opened(account: Account, context: ssl.SSLContext | None) -> smtplib.SMTP:
    # A name of our own is said so that smtplib does not ask the name server for one, which may take long.
    where: dict[str, Any] = {"local_hostname": "localhost", "timeout": account.timeout}
    smtp: smtplib.SMTP
    if account.security == "tls":
        smtp = _BoundedTLS(account.host, account.port, context=context, **where)
    else:
        smtp = _Bounded(account.host, account.port, **where)
    if smtp.sock is not None:
        own = smtp.sock.getsockname()[0]
        smtp.local_hostname = f"[IPv6:{own}]" if ":" in own else f"[{own}]"
    return smtp


def _greet(smtp: smtplib.SMTP, account: Account, context: ssl.SSLContext | None) -> None:
    smtp.ehlo_or_helo_if_needed()
    if account.security == "starttls":
        if not smtp.has_extn("starttls"):
            advice = "nothing was sent, for it would be readable on the way; see mail.security and mail.port"
            raise NoService(f"{_at(account)}: it offers no STARTTLS; {advice}")
        smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
    if account.user:
        _log_in(smtp, account)


def _log_in(smtp: smtplib.SMTP, account: Account) -> None:
    try:
        smtp.login(account.user, account.password)
    except smtplib.SMTPAuthenticationError as error:
        said = _scrubbed(_words(error.smtp_code, _bytes(error.smtp_error)), account)
        advice = "see mail.user and where the password comes from"
        raise NoService(
            f"{_at(account)}: the login as {account.user} was refused: {said}; {advice}"
        ) from None
    except UnicodeEncodeError:
        raise NoService(f"{_at(account)}: user and password must be plain ASCII") from None
    except smtplib.SMTPNotSupportedError:
        raise NoService(f"{_at(account)}: it knows no login here; see mail.security and mail.port") from None


def check(account: Account) -> str:
    """Connects, logs in and sends nothing; returns what was found. Raises NoService."""
    with session(account):
        how = {"tls": "TLS", "starttls": "STARTTLS"}.get(account.security, "no encryption")
        who = f"logged in as {account.user}" if account.user else "no login"
        return f"{account.host} port {account.port}: {how}, {who}; nothing was sent"


_BREAK = re.compile(rb"\r\n|\r|\n")


def wire(message: bytes) -> bytes:
    """The content as it goes over the line: CRLF alone ends a line, and a line of one dot ends nothing."""
    content = _BREAK.sub(b"\r\n", message)
    content = re.sub(rb"(?m)^\.", b"..", content)
    return content if content.endswith(b"\r\n") else content + b"\r\n"


@contextmanager
def _limited(smtp: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Breaks the connection when it takes longer in all: an answer that drips keeps each single limit."""

    def stop() -> None:
        if (sock := smtp.sock) is not None:
            with suppress(OSError):
                socket.shutdown(sock, SHUT_RDWR)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _at(account: Account) -> str:
    return f"mail server {account.host}"


def _too_large(code: int, text: bytes) -> bool:
    return code == 552 or text.lstrip().startswith(b"5.3.4")


def _words(code: int, text: bytes) -> str:
    """A server's answer, as one printable line."""
    said = one_line(text.decode("utf-8", "replace"))
    number = str(code) if code > 0 else "what is no answer in SMTP"
    return f"{number} {said}".strip()


def _reason(error: BaseException) -> str:
    """What went wrong, in a few words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {one_line(error.verify_message)}; see mail.ca_file"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {one_line(error.reason or str(error))}; see mail.security and mail.port"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it said {_words(error.smtp_code, _bytes(error.smtp_error))}"
    said = one_line(getattr(error, "strerror", None) or str(error))
    if isinstance(error, TimeoutError) or "timed out" in said:
        return "it did not answer in time"
    return f"it hung up ({said})" if isinstance(error, smtplib.SMTPServerDisconnected) else said


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")


def _scrubbed(text: str, account: Account) -> str:
    """Cut short, and without the password in the forms in which a server may say it back to us."""
    if not account.password:
        return text[:_LONGEST]
    user, password = account.user.encode(), account.password.encode()
    coded = (password, b"\0" + user + b"\0" + password, user + b"\0" + user + b"\0" + password)
    for secret in (account.password, *(base64.b64encode(part).decode() for part in coded)):
        text = text.replace(secret, "(password)")
    return text[:_LONGEST]
