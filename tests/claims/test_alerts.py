"""Alerts: what is told, once, to whom; what a receiver's answer means; nothing lost by a crash."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import os
import signal
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from claims.alertmail import composed
from claims.alerts import Told, begin_alerts, body_of, run_alerts
from claims.demo.site import serving
from claims.errors import ConfigError
from claims.receivers import receivers, secret_of, signature
from claims.settings import Config, load
from db.alerts import standings
from db.connection import connect
from db.ledger import Ledger
from db.search import Query, search
from extractors.claim import Claim, Evidence, Place, Status
from scraper.article import Article, Instant
from tests.claims.conftest import META, SOURCE, Answer, Run
from tests.loopback import send

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  the specification's example
Reply = Callable[[http.server.BaseHTTPRequestHandler], None]


def told(number: int, amount: float = 350_000, status: Status = Status.PLANNED) -> tuple[Article, Claim]:
    """An article of its own that tells a claim."""
    text = f"Article {number}: Meta will have {amount:.0f} H100."
    article = Article(
        url=f"https://example.org/{number}",
        title=f"Title {number}",
        text=text,
        lang="en",
        published=Instant.of_day(date(2026, 11, 19)),
        source="cold-aisle",
    )
    assert META.quantity is not None
    return article, replace(
        META,
        quantity=replace(META.quantity, low=amount, high=amount),
        status=status,
        evidence=(Evidence(0, len(text), text, Place.TEXT),),
    )


def store(ledger: Ledger, *told_claims: tuple[Article, Claim]) -> None:
    for article, claim in told_claims:
        ledger.store(article, [claim], extractor="1", now=NOW)


@dataclass
class Hook:
    """A webhook on loopback: what came in, and what it answers, one reply after the other."""

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        return [json.loads(body)["data"]["sentence"] for _, body in self.got]


def answer(status: int, body: bytes = b"", **headers: str) -> Reply:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return lambda handler: send(handler, status, named, body)


@pytest.fixture
def hook() -> Iterator[Hook]:
    found = Hook()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): text for name, text in self.headers.items()}, body))
            (found.replies.pop(0) if found.replies else answer(204))(self)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Quiet."""

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up early is wanted."""

    with Server(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/in"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join(5)


Make = Callable[..., Config]


@pytest.fixture
def make(config: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A configuration with one alert about Meta's H100; its keys are TOML values."""
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    plain = config.read_text("utf-8")

    def made(**keys: object) -> Config:
        values = {"name": "chips", "search": "company:meta product:h100", **keys}
        if "webhook" in values:
            values = {"secret_env": "HOOK_SECRET", "private": True, **values}
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())
        config.write_text(f"{plain}\n[[alerts]]\n{lines}", encoding="utf-8")
        return load(config)

    return made


@pytest.fixture
def opened(config: Path) -> Iterator[Ledger]:
    with Ledger.open(config.parent / "claims.db") as ledger:
        yield ledger


def states(config: Config) -> dict[str, int]:
    found = standings(config.ledger)
    names = ("waiting", "done", "failed", "gone")
    return {name: n for name in names if (n := sum(getattr(each, name) for each in found))}


# What is told


def test_a_statement_is_told_once_however_often_it_is_repeated(
    make: Make, opened: Ledger, hook: Hook
) -> None:
    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    store(opened, told(1), told(2), told(3, 600_000))
    assert run_alerts(opened, config, NOW) == Told(new=2, sent=2)
    store(opened, told(4), told(5, 350_000, Status.DENIED))
    assert run_alerts(opened, config, NOW) == Told(new=1, sent=1)
    assert run_alerts(opened, config, NOW) == Told()
    assert [said[: said.index(" NVIDIA")] for said in hook.said] == [
        "Meta: ~350,000",
        "Meta: ~600,000",
        "Meta: ~350,000",
    ]
    assert "denied" in hook.said[2]


def test_retellings_in_other_words_are_known_by_their_statement(
    make: Make, opened: Ledger, hook: Hook
) -> None:
    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    run_alerts(opened, config, NOW)
    store(opened, told(2, 350_500))
    with closing(connect(config.ledger, mode="rw", wait=5)) as connection:
        connection.execute("DELETE FROM members")
        connection.execute("INSERT INTO members SELECT id, 1, 1 FROM claims")
    assert run_alerts(opened, config, NOW).new == 0


def test_the_first_telling_may_change_and_its_retellings_are_still_known(
    make: Make, opened: Ledger, hook: Hook
) -> None:
    """A touched-up article's claim is another row, and the statement bears another number then."""
    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    article, claim = told(1)
    store(opened, (article, claim), told(2))
    run_alerts(opened, config, NOW)
    store(opened, (replace(article, text=article.text + " More."), claim), told(3))
    assert run_alerts(opened, config, NOW).new == 0
    assert len(hook.got) == 1


def test_what_was_there_before_is_past(make: Make, opened: Ledger, hook: Hook) -> None:
    store(opened, told(1))
    config = make(webhook=hook.url)
    assert run_alerts(opened, config, NOW) == Told()
    store(opened, told(2), told(3, 500_000))
    assert run_alerts(opened, config, NOW).new == 1
    assert "500,000" in hook.said[0]


def test_an_alert_added_before_a_round_hears_of_that_round(make: Make, opened: Ledger, hook: Hook) -> None:
    config = make(webhook=hook.url)
    begin_alerts(opened, config, NOW)
    store(opened, told(1))
    assert run_alerts(opened, config, NOW).new == 0, "the first round of all is past"
    config = make(webhook=hook.url, search="company:meta amount:>1k")
    begin_alerts(opened, config, NOW)
    store(opened, told(2, 700_000))
    assert run_alerts(opened, config, NOW).new == 1, "a changed search is a new alert"


def test_an_alert_taken_away_and_put_back_begins_anew(make: Make, opened: Ledger, hook: Hook) -> None:
    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    run_alerts(opened, make(webhook=hook.url, enabled=False), NOW)
    store(opened, told(1))
    assert run_alerts(opened, config, NOW).new == 0


def test_many_become_few_and_a_number(make: Make, opened: Ledger, hook: Hook) -> None:
    config = make(webhook=hook.url, most=3)
    run_alerts(opened, config, NOW)
    store(opened, *(told(number, 1000.0 * number) for number in range(1, 9)))
    assert run_alerts(opened, config, NOW) == Told(new=8, sent=3)
    data = [json.loads(body)["data"] for _, body in hook.got]
    assert [each["more"] for each in data] == [0, 0, 5]
    assert data[2]["find"] == "claims search 'company:meta product:h100'"
    assert run_alerts(opened, config, NOW) == Told()


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


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


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
    config = make(webhook=hook.url, timeout=0.3)
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    hook.replies = [lambda handler: done.wait(30) and None]
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


def command(code: str) -> list[str]:
    return [sys.executable, "-c", code]


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


# Mail


def test_the_mail_stands_on_its_own(make: Make, opened: Ledger, run: Run) -> None:
    config = make(mail="me@example.org")
    store(opened, told(1))
    hit = search(config.ledger, Query())[0]
    body = json.loads(body_of(config.alerts[0], hit, 34, NOW))
    mail = composed(body, "Claims <claims@example.org>", "me@example.org")
    assert mail.as_bytes() == composed(body, "Claims <claims@example.org>", "me@example.org").as_bytes()
    assert mail["Subject"].startswith("[chips] Meta: ~350,000 NVIDIA H100 by 2024-12-31")
    assert mail["Message-ID"] == f"<alert-chips-1-{int(NOW.timestamp())}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert all(len(line) <= 78 for line in text.splitlines())
    for wanted in ('"Article 1: Meta will', "https://example.org/1", "And 34 more: claims search", "show 1"):
        assert wanted in text


# Crashes


CRASH = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
import claims.alerts
from claims.settings import load
from db.ledger import Ledger
from db.search import Query, search

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(claims.alerts, sys.argv[1], die)
config = load(Path("config.toml"))
with Ledger.open(config.ledger) as ledger:
    claims.alerts.run_alerts(ledger, config, datetime(2026, 11, 20, 8, tzinfo=UTC))
"""


@pytest.mark.parametrize(
    ("point", "before"), [("look", 0), ("next_message", 0), ("parcel_of", 0), ("settled", 1)]
)
def test_a_kill_loses_nothing_and_doubles_only_what_was_taken(
    point: str, before: int, make: Make, opened: Ledger, hook: Hook, tmp_path: Path
) -> None:
    config = make(webhook=hook.url)
    run_alerts(opened, config, NOW)
    store(opened, told(1), told(2, 500_000))
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", CRASH, point],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL
    assert len(hook.got) == before
    assert run_alerts(opened, config, after(1)).sent == 2
    ids = [headers["webhook-id"] for headers, _ in hook.got]
    assert len(ids) == 2 + before
    assert len(set(ids)) == 2, "what came twice bears the same id"
    assert states(config) == {"done": 2}


# The command line and the configuration


def rows(answer: Answer) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.out.splitlines()]


def test_list_and_status(make: Make, opened: Ledger, hook: Hook, run: Run) -> None:
    assert run("alerts").code == 1
    config = make(webhook=hook.url, mail=["a@example.org", "b@example.org"])
    assert [row["state"] for row in rows(run("alerts", "list"))] == ["new"] * 3
    run_alerts(opened, config, NOW)
    store(opened, told(1))
    hook.replies = [answer(500)]
    run_alerts(opened, config, NOW)
    found = json.loads(run("alerts", "status", "--json").out)
    assert {row["state"] for row in found} == {"waiting"}
    assert found[2]["said"] == "the server answered 500"
    assert found[2]["receiver"].startswith("webhook 127.0.0.1 ")
    assert "/in" not in run("alerts").out, "an address may hold a secret"


def test_test_shows_and_sends(make: Make, opened: Ledger, hook: Hook, run: Run) -> None:
    config = make(webhook=hook.url)
    assert run("alerts", "test", "chips").code == 1
    now = datetime.now(UTC)
    opened.store(*_one(told(4, 900_000)), extractor="1", now=now - timedelta(days=20))
    for article, claim in (told(1), told(2), told(3, 500_000)):
        opened.store(article, [claim], extractor="1", now=now)
    shown = run("alerts", "test", "chips", "--days", "7d")
    assert [row["quantity"][0] for row in rows(shown)] == [500_000, 350_000]
    sent = run("alerts", "test", "chips", "--send")
    assert (sent.code, len(hook.got)) == (0, 1)
    assert json.loads(hook.got[0][1])["data"]["test"] is True
    assert states(config) == {}
    hook.replies = [answer(500)]
    assert run("alerts", "test", "chips", "--send").code == 3
    assert "no alert is named 'x'; there are: chips" in run("alerts", "test", "x").err


def test_a_round_tells_what_it_found(make: Make, opened: Ledger, run: Run, tmp_path: Path) -> None:
    store(opened, told(1, 999))
    opened.close()
    code = "import sys; open('got', 'a').write(sys.stdin.read() + chr(10))"
    config = make(search="company:norvik", command=command(code))
    with serving() as base:
        text = config.file.read_text("utf-8")
        config.file.write_text(
            text.replace(SOURCE.url, f"{base}/de/feed.xml").replace('lang = "en"', 'lang = "de"')
        )
        first = run("run", "--force")
        got = (tmp_path / "got").read_text().splitlines()
        again = run("run", "--force", "--quiet")
    assert first.code == again.code == 0, first.err
    assert f"alerts: {len(got)} new statements, {len(got)} messages delivered" in first.err
    assert all(json.loads(line)["data"]["claim"]["subject"] == "Norvik Data" for line in got)
    assert (again.out, again.err) == ("", "")
    assert (tmp_path / "got").read_text().splitlines() == got, "told once"


def _one(told_claim: tuple[Article, Claim]) -> tuple[Article, list[Claim]]:
    return told_claim[0], [told_claim[1]]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"search": "kind:powr"}, "there is no kind 'powr'; did you mean 'power'?"),
        ({"search": "amount:>lots"}, "is no amount"),
        ({"search": "(meta"}, "this bracket is not closed"),
        ({"search": "!!"}, "nothing to search for"),
        ({"name": "two words"}, "should match pattern"),
        ({"command": []}, "goes nowhere"),
        ({"mail": "no address"}, "'no address' is no mail address"),
        ({"mail": "a@b\nBcc: c@d"}, "is no mail address"),
        ({"command": [], "webhook": "ftp://x/", "secret_env": "S"}, "only http and https"),
        (
            {"command": [], "webhook": "https://x/", "secret_env": "", "private": False},
            "secret_env or secret",
        ),
        ({"webhok": "https://x/"}, "did you mean 'webhook'?"),
    ],
)
def test_mistakes_are_named_at_load(keys: dict[str, Any], said: str, make: Make, run: Run) -> None:
    with pytest.raises(ConfigError):
        make(**{"command": ["true"], **keys})
    answered = run("alerts")
    assert answered.code == 2
    assert said in answered.err
    assert "alerts[0]" in answered.err


def test_names_stand_once(make: Make, config: Path, run: Run) -> None:
    make(command=["true"])
    again = '\n[[alerts]]\nname = "chips"\nsearch = "x"\ncommand = ["true"]\n'
    config.write_text(config.read_text("utf-8") + again, encoding="utf-8")
    assert "alerts: name 'chips' stands 2 times" in run("alerts").err


def test_receivers_show_no_secret(make: Make) -> None:
    config = make(webhook="https://hooks.example.org/T0/SECRETPART", command=["/usr/bin/notify", "token=1"])
    names = [each.name for each in receivers(config.alerts[0])]
    assert names[0].startswith("webhook hooks.example.org ")
    assert names[1].startswith("command notify ")
    assert "SECRETPART" not in str(names) and "token" not in str(names)
