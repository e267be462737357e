"""The mail account in the configuration: its password, what is refused, what the doctor says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from claims.account import account_of, readable_by_others
from claims.errors import ConfigError
from claims.settings import Config, load
from db import outbox
from db.ledger import Ledger
from tests.mail_server import CERTIFICATE, PASSWORD, USER, serve

from .conftest import Run
from .mail_making import NOW, READERS, configured, fill

LOGIN = f'user = "{USER}"\n'
FILE = f'{LOGIN}password_file = "secret"\n'


def refused(folder: Path, mail: str) -> str:
    with pytest.raises(ConfigError) as caught:
        configured(folder, 9, mail=mail)
    return str(caught.value)


def account_with(folder: Path, content: bytes | None) -> Callable[[], str]:
    secret = folder / "secret"
    if content is not None:
        secret.write_bytes(content)
        secret.chmod(0o600)
    return lambda: account_of(configured(folder, 9, mail=FILE)).password


def test_the_password_comes_from_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = configured(tmp_path, 9, mail=f'{LOGIN}password_env = "SECRET"\n')
    monkeypatch.setenv("SECRET", PASSWORD)
    assert account_of(config).password == PASSWORD
    assert PASSWORD not in f"{config!r} {account_of(config)!r}"
    monkeypatch.delenv("SECRET")
    with pytest.raises(ConfigError, match="the variable SECRET is not set or empty"):
        account_of(config)


def test_the_password_comes_from_a_file(tmp_path: Path) -> None:
    assert account_with(tmp_path, f"{PASSWORD}\r\n".encode())() == PASSWORD


@pytest.mark.parametrize("content", [b"", b"\n", b"a\nb\n", b"\xff\xfe", b"x" * 5000])
def test_a_file_that_holds_no_password(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ConfigError, match=r"password_file: .*secret should hold the password on one line"):
        account_with(tmp_path, content)()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"password_file: cannot read .*secret: No such file"):
        account_with(tmp_path, None)()


def test_others_shall_not_read_the_file(tmp_path: Path) -> None:
    account_with(tmp_path, PASSWORD.encode())()
    config = configured(tmp_path, 9, mail=FILE)
    assert readable_by_others(config) == ""
    (tmp_path / "secret").chmod(0o640)
    assert readable_by_others(config).endswith(f"chmod 600 {tmp_path / 'secret'}")


def test_a_password_in_the_configuration_is_refused_and_not_repeated(tmp_path: Path) -> None:
    for line in (f'password = "{PASSWORD}"', f'password_env = "{PASSWORD}"'):
        said = refused(tmp_path, f"{LOGIN}{line}\n")
        assert "mail.password" in said
        assert PASSWORD not in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (LOGIN, "user goes with one of password_env and password_file"),
        ('password_env = "A"\n', "user goes with one of"),
        (f'{LOGIN}password_env = "A"\npassword_file = "b"\n', "user goes with one of"),
        ("timeout = 0\n", "mail.timeout"),
        ('securty = "tls"\n', "unknown key; did you mean 'security'?"),
    ],
)
def test_what_does_not_fit_together(tmp_path: Path, line: str, said: str) -> None:
    assert said in refused(tmp_path, line)


def test_nothing_can_be_smuggled_in_by_the_configuration(tmp_path: Path) -> None:
    for reader in ("a@b.example\\r\\nBcc: c@d.example", "a b@c.example", "ä@b.example"):
        with pytest.raises(ConfigError, match="is no mail address such as"):
            configured(tmp_path, 9, reader)
    file = tmp_path / "config.toml"
    file.write_text('[mail]\nhost = "127.0.0.1"\nsender = "A\\r\\nBcc: b@c.example <a@b.example>"\n')
    with pytest.raises(ConfigError, match="is no sender such as"):
        load(file)
    file.write_text('[mail]\nhost = "mail.example.org"\nsecurity = "none"\nsender = "a@b.example"\n' + FILE)
    with pytest.raises(ConfigError, match="would send the password readable for all on the way"):
        load(file)
    file.write_text('[mail]\nhost = "mail.example.org"\n')
    with pytest.raises(ConfigError, match="sender is missing"):
        load(file)


# The doctor


@pytest.fixture(autouse=True)
def without_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take long to load, and mail needs none."""
    monkeypatch.setattr("claims.doctor.models", lambda: iter(()))


def findings(run: Run, config: Config) -> list[dict[str, str]]:
    answer = run("doctor", "--config", str(config.file))
    rows = [json.loads(line) for line in answer.out.splitlines()]
    assert PASSWORD not in answer.out + answer.err
    return [row for row in rows if row["about"] in {"mail", "outbox"}]


def secured(folder: Path, port: int) -> Config:
    (folder / "ca.pem").write_text(CERTIFICATE)
    config = configured(folder, port, mail=f'{FILE}ca_file = "ca.pem"\n')
    config.file.write_text(config.file.read_text().replace('security = "none"', 'security = "starttls"'))
    return config


def test_the_doctor_logs_in_and_sends_nothing(home: Path, run: Run) -> None:
    account_with(home, PASSWORD.encode())
    with serve(home, tls="starttls", login=True) as server:
        config = secured(home, server.port)
        (found,) = findings(run, config)
        assert found["verdict"] == "ok"
        assert found["text"].endswith("STARTTLS, logged in as claims; nothing was sent")
        (home / "secret").chmod(0o644)
        (home / "secret").write_text("wrong horse")
        warning, failed = findings(run, config)
        assert (server.taken, server.sessions >= 2) == ([], True)
    assert (warning["verdict"], failed["verdict"]) == ("warning", "failed")
    assert "chmod 600" in warning["advice"]
    assert failed["advice"] == "see mail.user and where the password comes from"
    assert "the login as claims was refused: 535" in failed["text"]
    assert "wrong horse" not in failed["text"]
    assert "refused" in findings(run, config)[1]["text"], "the server is gone"


def test_the_doctor_on_mail_that_is_off(home: Path, run: Run) -> None:
    config = configured(home, 9)
    text = config.file.read_text()
    config.file.write_text(text[text.index("[digest]") :])
    (failed,) = findings(run, config)
    assert (failed["verdict"], failed["advice"]) == ("failed", "set host and sender under [mail]")
    config.file.write_text("")
    (found,) = findings(run, config)
    assert (found["verdict"], found["text"][:4]) == ("ok", "off:")


def test_the_doctor_on_mail_that_is_stuck(home: Path, run: Run) -> None:
    with serve(home) as server:
        config = configured(home, server.port)
        fill(config.ledger)
        with Ledger.open(config.ledger) as ledger:
            for number, reader in enumerate(READERS):
                known = {"key": "alert:a", "recipient": reader, "message_id": f"<{number}@x>"}
                outbox.enqueue(ledger, message=b"x", now=NOW, **known)
            first, second = outbox.due(ledger, NOW)
            outbox.mark_failed(ledger, first.id, "550 never")
            outbox.mark_unknown(ledger, second.id, "broke off")
        stuck = [row for row in findings(run, config) if row["about"] == "outbox"]
    assert all(row["advice"] for row in stuck)
    assert [row["text"] for row in stuck] == [
        "alert:a to ben@example.org may have arrived: broke off",
        "alert:a to anna@example.org failed for good: 550 never",
    ]
