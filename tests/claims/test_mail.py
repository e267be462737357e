"""Speaking with real mail servers: what is sent, what is refused, what is never said."""

from __future__ import annotations

import base64
import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from claims import mail
from claims.addresses import checked_address, checked_mailbox
from claims.mail import Account, Deferred, InDoubt, MailError, NoService, Refused, check, session, wire
from tests.mail_server import CERTIFICATE, DROP, PASSWORD, SILENCE, USER, Server, rude, serve

MESSAGE = b"Message-ID: <1@example.org>\r\nSubject: A\r\n\r\nHello\r\n.\r\n..two\r\n"
TO = "reader@example.org"
# How a server speaks up to the content.
OFFERED = (b"220 hi\r\n", b"250 x\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")


@pytest.fixture(params=["none", "starttls", "tls"])
def security(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serve(tmp_path) as running:
        yield running


def account(port: int, security: str = "none", **settings: object) -> Account:
    one = Account("127.0.0.1", port, security, "Claims <claims@example.org>", timeout=5)
    return replace(one, **settings)  # type: ignore[arg-type]


def certificate(folder: Path) -> Path:
    file = folder / "ca.pem"
    file.write_text(CERTIFICATE)
    return file


def send(to: Account, recipient: str = TO, message: bytes = MESSAGE) -> list[str]:
    """Sends one mail; returns how often the last dot was announced."""
    announced: list[str] = []
    with session(to) as opened:
        opened.send(recipient, message, lambda: announced.append("dot"))
    return announced


def test_a_mail_arrives_as_it_was(tmp_path: Path, security: str) -> None:
    with serve(tmp_path, tls=security, login=security != "none") as server:
        login = {"user": USER, "password": PASSWORD} if security != "none" else {}
        to = account(server.port, security, ca_file=certificate(tmp_path), **login)
        assert send(to) == ["dot"]
        (taken,) = server.taken
        assert taken.content == MESSAGE
        assert (taken.sender, taken.recipients) == ("claims@example.org", (TO,))
        assert (taken.secure, taken.user) == (security != "none", login.get("user", ""))
        assert "nothing was sent" in check(to)
        assert len(server.taken) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    for security in ("starttls", "tls"):
        with serve(tmp_path, tls=security) as server:
            with pytest.raises(NoService, match=r"certificate is not trusted: .*; see mail\.ca_file"):
                send(account(server.port, security))
            assert server.taken == []


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    for security in ("starttls", "tls"):
        with serve(tmp_path, tls=security, host="127.0.0.2") as server:
            to = account(server.port, security, host="127.0.0.2", ca_file=certificate(tmp_path))
            with pytest.raises(NoService, match="certificate is not trusted"):
                send(to)
            assert server.taken == []


def test_without_starttls_nothing_is_sent_in_the_clear(server: Server) -> None:
    with pytest.raises(NoService, match="offers no STARTTLS"):
        send(account(server.port, "starttls", user=USER, password=PASSWORD))
    assert server.taken == []


def test_tls_where_none_is_spoken(server: Server) -> None:
    with pytest.raises(NoService, match=r"see mail\.security and mail\.port"):
        send(account(server.port, "tls"))


@pytest.mark.parametrize("which", [check, send])
def test_a_wrong_password_is_told_but_not_said(
    tmp_path: Path, which: Callable[[Account], object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "not the horse"
    with serve(tmp_path, tls="starttls", login=True) as server:
        to = account(server.port, "starttls", ca_file=certificate(tmp_path), user=USER, password=wrong)
        with pytest.raises(NoService, match="login as claims was refused: 535") as caught:
            which(to)
    own = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.log")]
    for said in (str(caught.value), repr(to), *own):
        assert wrong not in said
        assert base64.b64encode(f"\0{USER}\0{wrong}".encode()).decode() not in said


def test_a_server_that_says_the_password_back_is_not_repeated() -> None:
    secret = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode())
    answers = [b"220 hi\r\n", b"250-x\r\n250 AUTH PLAIN\r\n"]
    said = b"535 " + b"x" * 180 + b" you said " + PASSWORD.encode() + b" or " + secret + b"\r\n"
    with rude(*answers, said) as port, pytest.raises(NoService) as caught:
        check(account(port, user=USER, password=PASSWORD))
    assert "(password) or (password)" in str(caught.value)
    for part in (PASSWORD, PASSWORD[:12], secret.decode(), secret.decode()[:20]):
        assert part not in str(caught.value)


def test_the_sentences_of_a_server_are_made_harmless() -> None:
    said = "550 \x1b[31mgo\x07 away\u202e\0 \x9b1m" + "long " * 90
    answers = (*OFFERED[:3], said.encode() + b"\xff\r\n", b"250 ok\r\n")
    with rude(*answers) as port, pytest.raises(Refused) as caught:
        send(account(port))
    assert "550 go away long" in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_not_now_and_never_are_told_apart(server: Server, command: str) -> None:
    server.on[command] = "451 later"
    with pytest.raises(Deferred, match="451 later"):
        send(account(server.port))
    server.on[command] = "552 too large" if command == "MAIL" else "550 never"
    with pytest.raises(Refused, match=r"too large|never"):
        send(account(server.port))
    assert server.taken == []


def test_a_sender_that_is_refused_is_no_fault_of_the_mail(server: Server) -> None:
    server.on["MAIL"] = "550 not you"
    with pytest.raises(NoService, match=r"refuses the sender: 550 not you; see mail\.sender"):
        send(account(server.port))


def test_after_a_refusal_the_same_connection_takes_the_next(server: Server) -> None:
    server.on["RCPT"] = ["550 no such reader"]
    with session(account(server.port)) as opened:
        with pytest.raises(Refused):
            opened.send(TO, MESSAGE, lambda: None)
        assert opened.reset()
        opened.send(TO, MESSAGE, lambda: None)
    assert (len(server.taken), server.sessions) == (1, 1)


def test_a_break_after_the_last_dot_leaves_doubt(server: Server) -> None:
    server.on["DATA"] = DROP
    with pytest.raises(InDoubt, match="after it had the whole mail"):
        send(account(server.port))
    assert len(server.taken) == 1


def test_silence_after_the_last_dot_leaves_doubt(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_PATIENCE", 0.05)
    server.on["DATA"] = SILENCE
    with pytest.raises(InDoubt, match="did not answer in time"):
        send(account(server.port))
    assert len(server.taken) == 1


def test_a_break_before_the_last_dot_leaves_none() -> None:
    """Whoever stops before the last dot has sent nothing for certain: here our own side does."""

    class Stop(Exception):
        pass

    heard = []

    def listen(connection: socket.socket) -> None:
        connection.settimeout(10)
        while piece := connection.recv(4096):
            heard.append(piece)

    def stop() -> None:
        raise Stop

    with rude(*OFFERED, last=listen) as port, session(account(port)) as opened:
        with pytest.raises(Stop):
            opened.send(TO, MESSAGE, stop)
        assert not opened.reset()
    assert b"Hello" in b"".join(heard)
    assert not b"".join(heard).endswith(b"\r\n.\r\n")


@pytest.mark.parametrize(
    "said", [b"what?\r\n", b"\x00\xff\xfe\r\n", b"150 hm\r\n", b"999 hm\r\n", b"25", b"250 taken"]
)
def test_garbage_after_the_last_dot_leaves_doubt(said: bytes) -> None:
    def answer(connection: socket.socket) -> None:
        connection.settimeout(10)
        heard = b""
        while not heard.endswith(b"\r\n.\r\n"):
            heard += connection.recv(4096)
        connection.sendall(said)

    with rude(*OFFERED, last=answer) as port, pytest.raises(InDoubt):
        send(account(port))


def endless(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"250-and more\r\n" * 100)


@pytest.mark.parametrize(
    ("answers", "last"),
    [
        ([], None),
        ([b"hello there\r\n"], None),
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], None),
        ([b"\xff\x00" * 5000], None),
        ([b"554 go away\r\n"], None),
        ([b"220 hi\r\n", b"x" * 20_000], None),
        ([b"220 hi\r\n", b"250 x\r\n", b"no number\r\n"], None),
        ([b"220 hi\r\n", b"250 x\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 no, go on\r\n"], None),
        ([b"220 hi\r\n", b"250 x\r\n", b"421 closing\r\n"], None),
        ([b"220 hi\r\n", b"250-x\r\n"], endless),
        ([b"220 hi\r\n", b"250 AUTH PLAIN\r\n", b"334 not base64!\r\n"], None),
    ],
)
def test_what_is_no_mail_server_gets_nothing(
    answers: list[bytes], last: Callable[[socket.socket], None] | None
) -> None:
    with rude(*answers, last=last) as port, pytest.raises(NoService) as caught:
        send(account(port))
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith("mail server 127.0.0.1: ")


def test_nobody_there(tmp_path: Path) -> None:
    with serve(tmp_path) as server:
        port = server.port
    with pytest.raises(NoService, match="refused"):
        check(account(port))


def test_a_server_that_says_nothing() -> None:
    def wait(connection: socket.socket) -> None:
        connection.recv(1)

    with rude(b"", last=wait) as port, pytest.raises(NoService, match="did not answer in time"):
        check(account(port, timeout=0.1))


def test_a_server_that_drips_is_left_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes within the limit of an answer, the answer never."""
    monkeypatch.setattr(mail, "_WHOLE", 0.05)

    def drip(connection: socket.socket) -> None:
        connection.settimeout(0.02)
        while True:
            connection.sendall(b"2")
            try:
                if connection.recv(1) == b"":
                    return
            except TimeoutError:
                continue

    with rude(b"220 hi\r\n", b"", last=drip) as port, pytest.raises(NoService, match="cut off"):
        check(account(port))


@pytest.mark.parametrize(
    "address",
    ["a@b.example\r\nRCPT TO:<c@d.example>", "a@b.example>", "a b@c.example", "a@b\nc", "a", "@b", "a@-b.c",
     "a@" + "b" * 64 + ".example", "ä@b.example", "a@b..c", '"a b"@c.example', "a@b.example\0"],
)  # fmt: skip
def test_addresses_that_could_smuggle_are_refused(server: Server, address: str) -> None:
    for checked in (checked_address, checked_mailbox):
        with pytest.raises(ValueError, match="is no"):
            checked(address)
    with pytest.raises(Refused, match="is no mail address"):
        send(account(server.port), address)
    assert server.taken == []


@pytest.mark.parametrize(
    "sender", ["A\r\nBcc: <a@b.c>", 'A"B <a@b.c>', "A <B <a@b.c>", "A <a@b.c", "\u202eA <a@b.c>"]
)
def test_senders_that_could_smuggle_are_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        checked_mailbox(sender)


def test_senders_as_people_write_them() -> None:
    assert checked_mailbox("claims@example.org") == "claims@example.org"
    assert checked_mailbox("Claims der Woche <claims@example.org>") == "Claims der Woche <claims@example.org>"


def test_a_line_ends_in_one_way_only() -> None:
    """Servers that take a bare newline for a line's end would read a second mail out of the first."""
    assert wire(b"a\n.\nMAIL FROM:<x@y>\r.\r\nb") == b"a\r\n..\r\nMAIL FROM:<x@y>\r\n..\r\nb\r\n"
    assert wire(b".") == b"..\r\n"


def test_every_error_says_with_which_code_the_command_ends() -> None:
    for kind in (NoService, Deferred, Refused, InDoubt):
        assert issubclass(kind, MailError)
        assert kind.code == 3


def test_a_missing_certificate_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoService, match=r"mail\.ca_file: .*none\.pem cannot be used"):
        mail.connect(account(9, "tls", ca_file=tmp_path / "none.pem"))
