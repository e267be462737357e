"""Alerts: what is told, once, to whom; nothing lost by a crash; the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from claims.alertmail import composed
from claims.alerts import Told, begin_alerts, body_of, run_alerts
from claims.demo.site import serving
from claims.errors import ConfigError
from claims.receivers import receivers
from db.connection import connect
from db.ledger import Ledger
from db.search import Query, search
from extractors.claim import Claim, Status
from scraper.article import Article
from tests.claims.alerts.conftest import (
    NOW,
    Hook,
    Make,
    after,
    answer,
    command,
    states,
    store,
    told,
)
from tests.claims.conftest import SOURCE, Answer, Run

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
    root = Path(__file__).parents[3]
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
