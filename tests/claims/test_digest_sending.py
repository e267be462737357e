"""Digests against a real server: a chain of periods without gap or overlap, each told once to each reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from claims.digest.period import name_of, next_window
from claims.digest.sending import Wish, rehearse, send, send_due
from claims.digest.window import Window, week_named
from claims.errors import ConfigError, InputError
from claims.lock import sending_lock
from claims.settings import Config
from db import digest_runs
from db.digest_runs import Run
from db.ledger import Ledger
from db.outbox import State
from tests.mail_server import DROP, Server, serve

from .conftest import Run as Command
from .mail_making import NEXT, NOW, READERS, configured, fill

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serve(tmp_path) as running:
        yield running


@pytest.fixture
def config(tmp_path: Path, server: Server) -> Config:
    made = configured(tmp_path, server.port)
    fill(made.ledger)
    return made


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.fetching.utc_now", lambda: NOW)


def runs(config: Config) -> list[Run]:
    with Ledger.open(config.ledger) as ledger:
        return digest_runs.runs(ledger)


def got(server: Server) -> list[str]:
    return sorted(mail.recipients[0] for mail in server.taken)


# Periods


def test_the_first_period_is_the_week_that_is_over() -> None:
    found = next_window(None, NOW, BERLIN)
    assert found == week_named("2026-W46", BERLIN)
    assert found is not None
    assert found.start == datetime(2026, 11, 8, 23, tzinfo=UTC)
    assert found.end == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert name_of(found, BERLIN) == "2026-W46"


def test_the_next_period_begins_where_the_last_one_ended() -> None:
    end = week_named("2026-W44", BERLIN).end
    found = next_window(end, NOW, BERLIN)
    assert found == Window(end, week_named("2026-W46", BERLIN).end)
    assert found is not None
    assert name_of(found, BERLIN) == "2026-11-02 to 2026-11-15"
    assert next_window(found.end, NOW, BERLIN) is None


@pytest.mark.parametrize(("change", "hours"), [("2026-W43", 169), ("2026-W13", 167), ("2026-W46", 168)])
def test_weeks_in_which_the_clocks_change(change: str, hours: int) -> None:
    found = week_named(change, BERLIN)
    assert found.end.astimezone(UTC) - found.start.astimezone(UTC) == timedelta(hours=hours)
    assert name_of(found, BERLIN) == change


def test_half_a_year_of_weeks_has_neither_gap_nor_overlap() -> None:
    """Asked four times a day over both changes of the clocks."""
    now, end, found = datetime(2026, 8, 1, tzinfo=UTC), None, []
    while now < datetime(2027, 5, 1, tzinfo=UTC):
        if period := next_window(end, now, BERLIN):
            found.append(period)
            end = period.end
        now += timedelta(hours=6)
    assert all(before.end == after.start for before, after in pairwise(found))
    assert [name_of(one, BERLIN) for one in found][:2] == ["2026-W30", "2026-W31"]
    assert all(re.fullmatch(r"\d{4}-W\d\d", name_of(one, BERLIN)) for one in found)
    assert len(found) == 40


def test_a_year_of_53_weeks() -> None:
    assert name_of(week_named("2026-w53", BERLIN), BERLIN) == "2026-W53"


# Sending


def test_each_reader_gets_it_once_however_often_it_is_asked_for(config: Config, server: Server) -> None:
    outcome = send_due(config, NOW)
    assert outcome is not None
    assert got(server) == list(READERS)
    for mail in server.taken:
        read = message_from_bytes(mail.content, policy=default)
        assert (read["To"],) == mail.recipients
        assert read["List-Unsubscribe"] == "<mailto:claims@example.org?subject=unsubscribe>"
        for kind in ("plain", "html"):
            body = read.get_body((kind,))
            assert body is not None
            assert "Acme" in body.get_content()
    for later in (NOW, NOW + timedelta(hours=1), NOW + timedelta(days=4)):
        again = send_due(config, later)
        assert again is not None
        assert again.run is None
    assert len(server.taken) == 2
    assert send_due(config, NEXT) is not None
    assert len(server.taken) == 4
    assert len(set(server.ids())) == 4
    newer, older = runs(config)
    assert newer.start == older.end
    assert newer.mails == older.mails == {State.SENT: 2}


def test_message_ids_follow_from_period_and_reader(tmp_path: Path, server: Server) -> None:
    """Two ledgers that know nothing of each other make the same."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        config = configured(tmp_path / name, server.port)
        fill(config.ledger)
        send(config, NOW)
    ids = server.ids()
    assert len(set(ids)) == 2
    assert ids[0] == ids[1]
    assert re.fullmatch(r"<digest\.[0-9a-f]{32}@example\.org>", ids[0])


def test_nothing_to_say_is_no_mail(tmp_path: Path, server: Server) -> None:
    config = configured(tmp_path, server.port)
    fill(config.ledger, date(2026, 1, 1))
    outcome = send(config, NOW)
    assert outcome.delivered.well
    assert server.sessions == 0
    assert [run.mails for run in runs(config)] == [{State.EMPTY: 2}]
    assert send(config, NOW).run is None


def test_weeks_that_were_missed_are_told_in_one(config: Config, server: Server) -> None:
    send(config, NOW)
    send(config, NOW + timedelta(days=35))
    assert [name_of(Window(run.start, run.end), BERLIN) for run in runs(config)] == [
        "2026-11-16 to 2026-12-20",
        "2026-W46",
    ]
    assert len(server.taken) == 4


def test_a_reader_who_is_refused_costs_no_other_and_holds_up_no_period(
    config: Config, server: Server
) -> None:
    server.on["RCPT"] = lambda address: "550 no" if address == READERS[0] else ""
    outcome = send(config, NOW)
    assert [result.state for result in outcome.delivered.results] == [State.FAILED, State.SENT]
    server.on.clear()
    send(config, NEXT)
    assert got(server) == [READERS[0], READERS[1], READERS[1]]
    send(config, NEXT, Wish(force=True))
    assert got(server) == [*[READERS[0]] * 2, *[READERS[1]] * 2]


def test_a_server_that_is_down_gets_it_later(config: Config, server: Server) -> None:
    server.on["MAIL"] = "451 later"
    first = send(config, NOW)
    assert {result.state for result in first.delivered.results} == {State.RENDERED}
    server.on.clear()
    assert send(config, NOW + timedelta(minutes=1)).delivered.results == ()
    assert send(config, NOW + timedelta(minutes=5)).delivered.well
    assert got(server) == list(READERS)
    assert len(runs(config)) == 1


def test_what_may_have_arrived_is_sent_again_only_when_forced(config: Config, server: Server) -> None:
    server.on["DATA"] = [DROP]
    send(config, NOW)
    assert got(server) == list(READERS)
    send(config, NOW + timedelta(hours=1))
    assert got(server) == list(READERS)
    assert send(config, NOW, Wish(force=True)).delivered.well
    assert got(server) == [READERS[0], READERS[0], READERS[1]]
    assert len(set(server.ids())) == 2
    assert len({mail.content for mail in server.taken}) == 2, "the same content again"
    send(config, NOW, Wish(force=True))
    assert len(server.taken) == 3, "what arrived is not sent again"


def test_a_week_beside_the_chain_moves_it_not(config: Config, server: Server) -> None:
    send(config, NOW, Wish(week="2026-W46", to=("carl@example.org",)))
    assert got(server) == ["carl@example.org"]
    assert [run.regular for run in runs(config)] == [False]
    send(config, NOW)
    assert got(server) == [*READERS, "carl@example.org"]
    assert [run.regular for run in runs(config)] == [True]
    send(config, NOW, Wish(week="2026-W46"))
    assert len(server.taken) == 3
    with pytest.raises(InputError, match="is not over yet"):
        send(config, NOW, Wish(week="2026-W47"))


def test_a_digest_to_one_reader_takes_it_from_no_other(config: Config, server: Server) -> None:
    send(config, NOW, Wish(to=(READERS[0],)))
    assert got(server) == [READERS[0]]
    send(config, NOW)
    assert got(server) == list(READERS)
    send(config, NOW, Wish(to=("carl@example.org",)))
    assert got(server) == [*READERS, "carl@example.org"]
    send(config, NOW, Wish(to=("carl@example.org",), force=True))
    assert got(server) == [*READERS, *["carl@example.org"] * 2]


def test_a_reader_who_was_added_before_a_crash_gets_it(config: Config, server: Server) -> None:
    """The run was complete; a further reader was noted, and then nothing."""
    run = send(config, NOW).run
    assert run is not None
    with Ledger.open(config.ledger) as ledger:
        carl = [("carl@example.org", "<carl@x>")]
        digest_runs.begin(ledger, run.start, run.end, carl, regular=False, now=NOW)
    assert send(config, NOW).delivered.well
    assert got(server) == [*READERS, "carl@example.org"]


def test_a_rehearsal_sends_and_keeps_nothing(config: Config, server: Server) -> None:
    before = runs(config)
    found = rehearse(config, NOW, Wish())
    assert [one.recipient for one in found] == list(READERS)
    assert all(one.message and b"Acme" in one.message for one in found)
    assert (runs(config), server.sessions) == (before, 0)
    send(config, NOW)
    assert rehearse(config, NOW, Wish()) == []
    assert [one.state for one in rehearse(config, NOW, Wish(week="2026-W46"))] == [State.SENT] * 2


def test_without_readers_or_account_nothing_begins(tmp_path: Path, config: Config, server: Server) -> None:
    nobody = config.model_copy(update={"digest": config.digest.model_copy(update={"recipients": ()})})
    nobody._file = config.file
    assert send_due(nobody, NOW) is None
    with pytest.raises(InputError, match=r"nobody is to get it: add \[\[digest\.recipients\]\]"):
        send(nobody, NOW)
    nowhere = config.model_copy(update={"mail": config.mail.model_copy(update={"host": ""})})
    nowhere._file = config.file
    with pytest.raises(ConfigError, match="no mail server"):
        send(nowhere, NOW)
    assert runs(config) == []
    with pytest.raises(InputError, match="is no mail address"):
        send(config, NOW, Wish(to=("a@b.example\r\nBcc: c@d.example",)))


def test_any_schedule_makes_periods() -> None:
    """The daemon's clock says on which days: here the first of each month."""
    found = next_window(datetime(2026, 9, 30, 22, tzinfo=UTC), NOW, BERLIN, "0 7 1 * *")
    assert found is not None
    assert name_of(found, BERLIN) == "2026-10-01 to 2026-10-31"


# The commands


def test_send_list_and_show(config: Config, server: Server, run: Command) -> None:
    file = str(config.file)
    dry = run("digest", "send", "--dry-run", "--config", file)
    assert dry.code == 0
    assert runs(config) == []
    assert len(dry.out.splitlines()) == 2
    assert re.fullmatch(r"anna@example\.org: 2026-W46: .*\(\d+\.\d kB\)", dry.out.splitlines()[0])
    answer = run("digest", "send", "--config", file)
    assert answer.code == 0
    assert answer.err == "digest 1 (2026-W46): 2 mails sent; `claims digest show 1` tells more\n"
    assert got(server) == list(READERS)
    listed = json.loads(run("digest", "list", "--config", file).out)
    assert (listed["run"], listed["period"], listed["mails"]) == (1, "2026-W46", "2 sent")
    shown = [json.loads(line) for line in run("digest", "show", "1", "--config", file).out.splitlines()]
    assert [(row["recipient"], row["state"]) for row in shown] == [(one, "sent") for one in READERS]
    assert run("digest", "show", "2", "--config", file).code == 1
    once_more = run("digest", "send", "--config", file)
    assert once_more.err == "no digest is due: the last one told of all that is over; 0 mails sent\n"
    quiet = run("digest", "send", "--quiet", "--config", file)
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


def test_what_was_not_sent_is_said_even_quietly(config: Config, server: Server, run: Command) -> None:
    server.on["RCPT"] = lambda address: "550 \x1b[31mno" if address == READERS[0] else "450 later"
    answer = run("digest", "send", "-q", "--config", str(config.file))
    assert answer.code == 3
    first, second, third = answer.err.splitlines()
    assert first.startswith(
        "anna@example.org: failed for good: mail server 127.0.0.1: the recipient was refused: 550 no"
    )
    assert second.startswith("ben@example.org: waits in the outbox and is tried again: ")
    assert third == "what failed or may have arrived: `claims digest send --force` sends it again"


def test_two_commands_at_once(config: Config, server: Server, run: Command) -> None:
    with sending_lock(config.ledger):
        answer = run("digest", "send", "--config", str(config.file))
    assert answer.code == 3
    assert "another sender of mail (process" in answer.err
    assert server.taken == []


def test_before_there_is_anything(home: Path, run: Command) -> None:
    file = str(configured(home, 9).file)
    for words in (("list",), ("show", "1")):
        answer = run("digest", *words, "--config", file)
        assert answer.code in {1, 2}
        assert answer.out == ""
    assert not (home / "claims.db").exists()
    wrong = run("digest", "send", "--dry-run", "--force", "--config", file)
    assert (wrong.code, wrong.err) == (2, "claims: --dry-run and --force exclude each other\n")
