"""init, config show, completion, and the doctor's advice: what a new user meets first."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from claims import cli, surroundings
from claims.config import example
from claims.findings import Verdict
from claims.origins import dotted, lines_of
from claims.settings import Config, load
from claims.starting import set_value
from tests.claims.conftest import Answer, Run

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


# init


def test_init_takes_what_is_given_by_language_and_topic(home: Path, run: Run) -> None:
    answer = run("init", "--language", "de", "--topic", "chips", "--contact", "me@example.org")
    assert answer.code == 0, answer.err
    config = load(home / "config.toml")
    every = load(Path(__file__).parents[2] / "config.toml").sources
    assert config.sources == tuple(one for one in every if (one.lang, one.folder) == ("de", "chips"))
    assert config.fetch.contact == "me@example.org"
    text = (home / "config.toml").read_text(encoding="utf-8")
    assert "# Sites see" in text
    assert "# chips, graphics cards, launch dates and prices" in text
    assert "── English" not in text
    assert "claims doctor" in answer.err


def test_init_without_options_takes_everything(home: Path, run: Run) -> None:
    assert run("init").code == 0
    given = load(Path(__file__).parents[2] / "config.toml")
    assert load(home / "config.toml").sources == given.sources
    assert load(home / "config.toml").fetch.contact == ""


def test_init_overwrites_nothing_untold(home: Path, run: Run) -> None:
    (home / "config.toml").write_text("# mine\n")
    answer = run("init", "--language", "en")
    assert (answer.code, (home / "config.toml").read_text()) == (2, "# mine\n")
    assert "is there already: name another file, or say --force" in answer.err
    assert run("init", "--language", "en", "--force").code == 0
    assert {one.lang for one in load(None).sources} == {"en"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--language", "fr"], "there is no language 'fr' among the given feeds; there are: de, en"),
        (["--topic", "cars"], "there is no topic 'cars'"),
        (["--language", "de", "--topic", "energy"], "no feed in de is about energy; there are: "),
        (["--contact", "a\nb"], "fetch.contact"),
        (["nowhere/config.toml"], "make it first"),
        (["."], "is a folder"),
    ],
)
def test_init_says_what_cannot_be(options: list[str], said: str, home: Path, run: Run) -> None:
    answer = run("init", *options)
    assert answer.code == 2
    assert said in answer.err
    assert not (home / "config.toml").exists()


def test_init_with_an_address_is_ready_to_send(home: Path, run: Run) -> None:
    answer = run("init", "--language", "de", "--mail", "ann@example.org", "--smtp", "smtp.example.org")
    assert "give mail.user and mail.password_file" in answer.err
    config = load(None)
    assert (config.mail.host, config.mail.sender) == ("smtp.example.org", "ann@example.org")
    assert [one.address for one in config.digest.recipients] == ["ann@example.org"]
    assert config.digest.schedule == "0 7 * * mon"
    # The other keys of these tables stay where they hold: each can be put in force by taking its # away.
    file = home / "config.toml"
    text = file.read_text("utf-8")
    for line in ('unsubscribe = "digest-off@example.org"', 'security = "starttls"', "port = 587"):
        assert text.count(f"# {line}") == 1
        text = text.replace(f"# {line}", line)
    file.write_text(text, "utf-8")
    assert load(None).digest.unsubscribe == "digest-off@example.org"
    assert load(None).mail.port_used == 587
    assert run("init", "--force", "--mail", "ann@example.org", "--smtp", "localhost").code == 0
    assert load(None).mail.security == "none", "a server on this machine"


@pytest.fixture
def typed(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command on a terminal at which somebody types."""

    def call(*arguments: str, lines: str = "") -> Answer:
        monkeypatch.setattr("claims.commands.init.is_tty", lambda stream: True)
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        code = cli.run(list(arguments))
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


def test_init_asks_on_a_terminal(home: Path, typed: Run) -> None:
    answer = typed("init", lines="english\nen\nchips, ai\nme@example.org\n\n")
    assert answer.code == 0, answer.err
    assert answer.out == ""
    assert "write some of: de, en" in answer.err, "asked again after a word it does not know"
    assert {(one.lang, one.folder) for one in load(None).sources} == {("en", "chips"), ("en", "ai")}
    assert load(None).fetch.contact == "me@example.org"


def test_init_has_answers_to_begin_with(home: Path, typed: Run) -> None:
    assert typed("init", lines="\n\n\n\n").code == 0
    assert len(load(None).sources) == 40


def test_a_value_is_set_where_it_stands_or_added() -> None:
    text = '# a\n[one]\n# of b\nb = "x"   # why\n\n[two]\nb = "y"\n'
    assert set_value(text, "one", "b", 'q"#') == text.replace('"x"   #', '"q\\"#"   #')
    assert set_value(text, "two", "c", "z") == text.replace("[two]\n", '[two]\nc = "z"\n')
    assert set_value(text, "three", "c", "z").endswith('\n\n[three]\nc = "z"\n')


def test_every_given_feed_has_a_topic() -> None:
    every = load(Path(__file__).parents[2] / "config.toml").sources
    assert [one.name for one in every if not one.folder] == [], "claims init --topic would never choose it"


# config show


def test_show_tells_where_each_value_comes_from(config: Path, run: Run) -> None:
    text = (
        config.read_text()
        + 'select = """\nli\na"""\n\n[[sources]]\nname = "b"\nurl = "http://b/"\nlang = "de"\n'
    )
    config.write_text(text)
    found = {row["key"]: row for row in json.loads(run("config", "show", "--json").out)}
    assert found["store.path"] == {
        "key": "store.path",
        "value": "claims.db",
        "origin": "config.toml:2",
        "line": 2,
    }
    assert found["fetch.deadline"]["origin"] == "default"
    assert found["sources[1].name"]["line"] == text.splitlines().index('name = "b"') + 1
    assert {"round.parallel", "archive.path", "sources[0].interval"} <= set(found)
    changed = [
        json.loads(line)["key"] for line in run("config", "show", "fetch", "--changed").out.splitlines()
    ]
    assert changed == ["fetch.allow_hosts"]
    assert "there is no section 'fetsch'" in run("config", "show", "fetsch").err


def test_it_says_by_which_way_the_file_was_found(
    config: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "(found in the usual places)" in run("config", "show").err
    monkeypatch.setenv("CLAIMS_CONFIG", str(config))
    assert "(found by CLAIMS_CONFIG)" in run("config", "show").err
    assert "(found by --config)" in run("config", "show", "-c", str(config)).err


def test_lines_are_found_in_any_toml() -> None:
    text = """\
top = 1 # [not] = a heading
"quo.ted" = '[x]'
[a]
list = [
  "]", # ]
  'b = 1',
]
long = \"\"\"
[no]
c = 1
\"\"\"
inline = { x = 1 }
d.e = 2
[[many]]
n = 1
[many.inner]
m = 1
[[many]]
n = 2
[[many.deep]]
k = 1
"""
    found = {dotted(key): line for key, line in lines_of(text).items()}
    assert found == {
        "top": 1, "quo.ted": 2, "a": 3, "a.list": 4, "a.long": 8, "a.inline": 12, "a.d.e": 13, "many[0]": 14,
        "many[0].n": 15, "many[0].inner": 16, "many[0].inner.m": 17, "many[1]": 18, "many[1].n": 19,
        "many[1].deep[0]": 20, "many[1].deep[0].k": 21,
    }  # fmt: skip


def test_the_lines_of_the_example_are_right() -> None:
    lines = example().splitlines()
    for key, line in lines_of(example()).items():
        last = key[-1]
        assert lines[line - 1].startswith(("[", f"{last} =", f"{last}  ")), (key, line)


# completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, run: Run) -> None:
    answer = run("completion", shell)
    assert answer.code == 0
    assert "_CLAIMS_COMPLETE" in answer.out
    if program := shutil.which(shell):
        assert subprocess.run([program, "-n"], input=answer.out.encode(), check=False).returncode == 0


def test_the_tab_key() -> None:
    environment = {**os.environ, "_CLAIMS_COMPLETE": "bash_complete", "COMP_CWORD": "2"}
    environment |= {"COMP_WORDS": "claims alerts st", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-m", "claims"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, ["plain,status"])


# The doctor


def findings(answer: Answer) -> dict[str, dict[str, str]]:
    return {row["about"]: row for row in map(json.loads, answer.out.splitlines())}


def test_whatever_is_not_well_comes_with_advice(config: Path, run: Run) -> None:
    alert = '\n[[alerts]]\nname = "a"\nsearch = "company:nobody"\ncommand = ["./none"]\n'
    config.write_text(config.read_text() + alert)
    config.with_name("claims.db").write_bytes(b"no ledger")
    answer = run("doctor")
    bad = [row for row in map(json.loads, answer.out.splitlines()) if row["verdict"] != "ok"]
    assert {row["about"] for row in bad} == {"configuration", "ledger", "alert a"}
    assert all(row["advice"] for row in bad), bad


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('command = ["no-such-program"]', "there is no program 'no-such-program'"),
        ('webhook = "https://example.org/"\nsecret_env = "NOT_THERE"', "set the variable NOT_THERE"),
        ('mail = "me@example.org"', "no mail can be sent without a server and a sender"),
    ],
)
def test_the_doctor_looks_at_receivers(keys: str, said: str, config: Path, run: Run) -> None:
    config.write_text(f'{config.read_text()}\n[[alerts]]\nname = "a"\nsearch = "x"\n{keys}\n')
    answer = run("doctor")
    assert said in findings(answer)["alert a"]["text"]
    assert answer.code == 2


def test_the_doctor_wonders_at_names(ledger: Path, config: Path, run: Run) -> None:
    alert = '\n[[alerts]]\nname = "a"\nsearch = "company:metta"\ncommand = ["true"]\n'
    config.write_text(config.read_text() + alert)
    found = [
        row["text"] for row in map(json.loads, run("doctor").out.splitlines()) if row["about"] == "alert a"
    ]
    assert found[0] == "no company 'metta' in the ledger; did you mean Meta?"


@pytest.mark.parametrize(
    ("minutes", "verdict", "said"),
    [
        ([0, 0.1, 600], Verdict.OK, "agrees with 3 servers"),
        ([7, 7.5, 8], Verdict.FAILED, "7 minutes ahead of the clocks of 3 servers"),
        ([-180], Verdict.FAILED, "3 hours behind the clocks of 1 server"),
        ([], Verdict.OK, "no server told its time"),
    ],
)
def test_clocks_are_compared(minutes: list[float], verdict: Verdict, said: str) -> None:
    dates = [(NOW + timedelta(minutes=each), f"{NOW:%a, %d %b %Y %H:%M:%S} GMT") for each in minutes]
    (found,) = surroundings.skew([*dates, (NOW, "not a date")])
    assert (found.verdict, found.text) == (verdict, said)
    assert bool(found.advice) == (verdict is not Verdict.OK)


def test_a_full_disk_is_told(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings.shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000_000))
    settings: Config = load(config)
    (found,) = surroundings.disks(settings)
    assert found.verdict is Verdict.WARNING
    assert "0.0 GB free for ledger, archive, backups at" in found.text


def test_zones_are_there() -> None:
    (found,) = surroundings.zones()
    assert found.verdict is Verdict.OK
