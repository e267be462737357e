"""Alerts on their way: what a receiver's answer means, webhooks and commands."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import os
import signal
import threading
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from claims.alerts import Told, run_alerts
from claims.receivers import secret_of, signature
from db.ledger import Ledger
from tests.claims.alerts.conftest import (
    NOW,
    SECRET,
    Hook,
    Make,
    after,
    answer,
    command,
    states,
    store,
    told,
)
from tests.claims.conftest import Run

# Webhooks


def test_a_webhook_can_check_what_it_gets(make: Make, opened: Ledger, hook: Hook) -> None:
    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    run_alerts(opened, config, NOW)
    headers, body = hook.got[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = b64decode(SECRET.removeprefix("whsec_"))
    wanted = hmac.new(key, signed, hashlib.sha256).digest()
    assert b64decode(headers["webhook-signature"].removeprefix("v1,")) == wanted
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["content-type"] == "application/json"
    assert headers["idempotency-key"] == headers["webhook-id"]
    content = json.loads(body)
    assert content["type"] == "claim.new"
    assert content["data"]["claim"]["quantity"] == [350000, 350000]
    assert content["data"]["claim"]["evidence"] == ["Article 1: Meta will have 350000 H100."]
    assert SECRET not in body.decode() and SECRET not in str(headers)


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of Standard Webhooks' own libraries."""
    made = signature(
        b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_failure_that_passes_is_tried_again_and_the_rest_waits_behind_it(
    make: Make, opened: Ledger, hook: Hook
) -> None:
    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    store(opened, told(1), told(2, 500_000))
    hook.replies = [answer(500, b"out of \x1b[31mcoffee"), answer(429, Retry_After="3600")]
    first = run_alerts(opened, config, NOW)
    assert first.sent == 0
    assert first.later[0].endswith(": the server answered 500: out of coffee")
    assert len(hook.got) == 1, "a server that fails is not asked for the next message"
    assert run_alerts(opened, config, after(0.5)) == Told(), "too early"
    assert len(run_alerts(opened, config, after(2)).later) == 1
    assert run_alerts(opened, config, after(60)) == Told(), "it wished for an hour"
    assert run_alerts(opened, config, after(63)).sent == 2
    ids = [headers["webhook-id"] for headers, _ in hook.got]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert hook.got[0][1] == hook.got[2][1], "the same body at each try"


def test_a_server_that_is_gone_gets_nothing_more(make: Make, opened: Ledger, hook: Hook, run: Run) -> None:
    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    store(opened, told(1), told(2, 500_000))
    hook.replies = [answer(410)]
    assert "wants no more" in run_alerts(opened, config, NOW).trouble[0]
    store(opened, told(3, 700_000))
    run_alerts(opened, config, after(60))
    assert len(hook.got) == 1
    assert states(config) == {"gone": 3}
    assert run("alerts", "status").code == 3
    assert run("alerts", "retry", "chips").code == 0
    assert run_alerts(opened, config, datetime.now(UTC)).sent == 3
    assert run("alerts", "status").code == 0


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_refusal_is_final_and_told(status: int, make: Make, opened: Ledger, hook: Hook) -> None:
    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    store(opened, told(1), told(2, 500_000))
    hook.replies = [answer(status)]
    done = run_alerts(opened, config, NOW)
    assert (done.sent, len(done.trouble)) == (1, 1)
    assert f"the server answered {status}" in done.trouble[0]


def test_redirects_are_not_followed(make: Make, opened: Ledger, hook: Hook) -> None:
    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    hook.replies = [answer(302, Location=hook.url.replace("127.0.0.1", "127.0.0.2"))]
    assert "redirects are not followed" in run_alerts(opened, config, NOW).trouble[0]
    assert len(hook.got) == 1


def test_an_address_of_this_machine_needs_leave(make: Make, opened: Ledger, hook: Hook) -> None:
    config = make(webhook=hook.url, private=False)
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    assert "private = true" in run_alerts(opened, config, NOW).trouble[0]
    assert hook.got == []


def test_a_slow_server_is_left_in_time(make: Make, opened: Ledger, hook: Hook) -> None:
    done = threading.Event()

    def hang(handler: http.server.BaseHTTPRequestHandler) -> None:
        done.wait(30)

    config = make(webhook=hook.url, timeout=0.3)
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    hook.replies = [hang]
    try:
        assert len(run_alerts(opened, config, NOW).later) == 1
    finally:
        done.set()
    assert states(config) == {"waiting": 1}


def test_a_huge_answer_is_not_read(make: Make, opened: Ledger, hook: Hook) -> None:
    ended = threading.Event()

    def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(bytes(1_000_000))
        except OSError:
            ended.set()

    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    hook.replies = [endless]
    assert run_alerts(opened, config, NOW).sent == 1
    assert ended.wait(30)


def test_it_is_given_up_after_days(make: Make, opened: Ledger, hook: Hook) -> None:
    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    hook.replies = [answer(503) for _ in range(99)]
    tries = 0
    for hours in range(24 * 4):
        done = run_alerts(opened, config, NOW + timedelta(hours=hours))
        tries += len(done.later)
        if done.trouble:
            break
    assert "given up after" in done.trouble[0]
    assert 10 < tries < 20
    assert hours >= 72


@pytest.mark.parametrize("content", ["too short", "", None])
def test_a_secret_that_cannot_be_used_holds_the_message(
    content: str | None, make: Make, opened: Ledger, hook: Hook, tmp_path: Path
) -> None:
    config = make(webhook=hook.url, secret_env="", secret_file="secret")  # noqa: S106  a file's name
    if content is not None:
        (tmp_path / "secret").write_text(content)
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    assert "secret of alert 'chips'" in run_alerts(opened, config, NOW).later[0]
    (tmp_path / "secret").write_text(SECRET + "\n")
    assert secret_of(config.alerts[0], config) == b64decode(SECRET.removeprefix("whsec_"))
    assert run_alerts(opened, config, after(2)).sent == 1


# Commands


def test_a_command_gets_the_message_on_its_standard_input(make: Make, opened: Ledger, tmp_path: Path) -> None:
    code = (
        "import sys, os; open('got', 'a').write(sys.stdin.read() + os.environ['CLAIMS_ALERT'] + sys.argv[1])"
    )
    config = make(command=[*command(code), "; touch pwned $(id)"])
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    assert run_alerts(opened, config, NOW).sent == 1
    got = (tmp_path / "got").read_text()
    assert got.endswith("chips; touch pwned $(id)")
    assert json.loads(got[: got.rindex("}") + 1])["data"]["alert"] == "chips"
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; sys.exit('no such \\x1b[31mhost')", "the command ended with 1: no such host"),
        ("import sys; sys.stdout.write('x' * 5_000_000); sys.exit(7)", "the command ended with 7: xxx"),
        ("import time; time.sleep(60)", "did not end within 0.5 s"),
        ("import os, time; os.fork(); time.sleep(60)", "did not end within 0.5 s"),
    ],
)
def test_a_command_that_fails_is_tried_again(code: str, said: str, make: Make, opened: Ledger) -> None:
    config = make(command=command(code), timeout=0.5 if "sleep" in code else 30)
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    assert said in run_alerts(opened, config, NOW).later[0]
    assert states(config) == {"waiting": 1}


def test_a_command_may_leave_something_running(make: Make, opened: Ledger, tmp_path: Path) -> None:
    """A child that keeps the output open is not waited for."""
    code = "import os, time; p = os.fork(); p or time.sleep(60); open('child', 'w').write(str(p))"
    config = make(command=command(code), timeout=30)
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    assert run_alerts(opened, config, NOW).sent == 1
    os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)


def test_a_command_that_is_not_there(make: Make, opened: Ledger) -> None:
    config = make(command=["./no-such-program"])
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    assert "./no-such-program cannot be started: No such file" in run_alerts(opened, config, NOW).later[0]
