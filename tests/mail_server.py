"""Real SMTP servers on free ports of this machine: one that takes mail (aiosmtpd), and rude ones.

with serve() as server: …              plain; serve(tls="tls") and serve(tls="starttls") with a certificate
server.on["RCPT"] = "550 no"           what it says to a command, once for each in a list, else as ever
server.on["DATA"] = DROP               takes the mail, then breaks the connection before it says so
server.taken                           every mail that it took, in order
with rude(b"220 hello\r\n", …) as port: …    says these lines, one for each of ours, then hangs up
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

# Made for these tests and for nothing else; it opens nothing. For 127.0.0.1 and localhost.
KEY = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbZKIcwqJDgj9TygN
DfpygPTJigk+xSSBPb6XtXqn6behRANCAAQg/RJDYvrFJEeZwWNAk4F7bSsiMSO0
4wPyiyTvoM+mJbkiRSkaNoO3QhFEJNNTDhH+wBAFFLGv7qv0tHyGSVxH
-----END PRIVATE KEY-----
"""
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBoDCCAUegAwIBAgIUeKIbCl+/p/uo5nW04knTdKWrdNEwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMbWFpbC5leGFtcGxlMCAXDTI2MTEyMjEzNTIzOFoYDzIxMjYx
MDI5MTM1MjM4WjAXMRUwEwYDVQQDDAxtYWlsLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQg/RJDYvrFJEeZwWNAk4F7bSsiMSO04wPyiyTvoM+mJbki
RSkaNoO3QhFEJNNTDhH+wBAFFLGv7qv0tHyGSVxHo28wbTAdBgNVHQ4EFgQUL/LT
sGCJxpa374JbmtiQFalFP0wwHwYDVR0jBBgwFoAUL/LTsGCJxpa374JbmtiQFalF
P0wwDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3Qw
CgYIKoZIzj0EAwIDRwAwRAIgYsB7FHtrYKr50G5EQVOoDDKjptwhlPAL29l6YLOh
kMICID6kTlTLhtiAoiiUVb0X9/MJGepy31XYJGfbKnIbQ2A7
-----END CERTIFICATE-----
"""
USER, PASSWORD = "claims", "correct horse battery staple"
DROP, SILENCE = "drop", "silence"
Answer = str | list[str] | Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail as the server has it: the envelope and the content."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    secure: bool
    user: str

    @property
    def message_id(self) -> str:
        """Of the header."""
        lines = self.content.split(b"\r\n\r\n")[0].split(b"\r\n")
        return next(line[11:].strip().decode() for line in lines if line.lower().startswith(b"message-id:"))


@dataclass(slots=True)
class Server:
    """What it took and how it answers. `sessions`: how many connections there were."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    on: dict[str, Answer] = field(default_factory=dict)
    sessions: int = 0

    def answer(self, command: str, about: str = "") -> str:
        """What it says to this command, empty for the usual."""
        said = self.on.get(command, "")
        if isinstance(said, list):
            return said.pop(0) if said else ""
        return said(about) if callable(said) else said

    def ids(self) -> list[str]:
        """The Message-IDs of what it took, sorted."""
        return sorted(mail.message_id for mail in self.taken)


class _Handler:
    def __init__(self, server: Server, login: bool) -> None:
        self.server, self.login = server, login

    async def handle_MAIL(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if said := self.server.answer("MAIL", address):
            return said
        if self.login and not session.authenticated:
            return "530 log in first"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if said := self.server.answer("RCPT", address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        said = self.server.answer("DATA", envelope.rcpt_tos[0])
        if said and said not in {DROP, SILENCE}:
            return said
        content = envelope.content
        assert isinstance(content, bytes)
        auth = session.auth_data
        user = auth.login.decode() if isinstance(auth, LoginPassword) else ""
        secure = smtp.transport.get_extra_info("sslcontext") is not None
        recipients = tuple(envelope.rcpt_tos)
        self.server.taken.append(Taken(envelope.mail_from or "", recipients, content, secure, user))
        if said == DROP:
            smtp.transport.abort()
        elif said == SILENCE:
            await asyncio.Event().wait()
        return "250 taken"


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    right = data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False, auth_data=data)


def server_context(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS with the certificate above."""
    file = folder / "both.pem"
    file.write_text(KEY + CERTIFICATE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@contextmanager
def serve(
    folder: Path, *, tls: str = "none", login: bool = False, host: str = "127.0.0.1"
) -> Iterator[Server]:
    """A server in a thread of its own. `tls`: none, starttls or tls; `login`: nobody else is let in."""
    server, loop = Server(), asyncio.new_event_loop()
    context = server_context(folder) if tls != "none" else None

    def protocol() -> SMTP:
        server.sessions += 1
        return SMTP(
            _Handler(server, login),
            hostname="mail.example",
            ident="a server",
            loop=loop,
            tls_context=context if tls == "starttls" else None,
            authenticator=_authenticate if login else None,
            auth_require_tls=tls == "starttls",
        )

    secure = context if tls == "tls" else None
    running = loop.run_until_complete(loop.create_server(protocol, host, 0, ssl=secure))
    server.port = running.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_end(running), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(running: asyncio.Server) -> None:
    """No task and no transport outlives the server, whatever its clients do."""
    running.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)


@contextmanager
def rude(*answers: bytes, last: Callable[[socket.socket], None] | None = None) -> Iterator[int]:
    """A server for one connection that says these lines whatever it hears, then does the last thing."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as lines:
                for place, answer in enumerate(answers):
                    if place:
                        lines.readline()
                    connection.sendall(answer)
                if last:
                    last(connection)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
