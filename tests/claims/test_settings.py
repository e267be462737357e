from __future__ import annotations

from pathlib import Path

import pytest

from claims.config import find, ledger_path
from claims.errors import ConfigError
from claims.settings import load

from .conftest import Run

ROOT = Path(__file__).parents[2]
GOOD = '[[sources]]\nname = "a"\nurl = "https://example.org/feed"\nlang = "de"\n'
READER = '[[digest.recipients]]\naddress = "ann@example.org"\n'


def write(folder: Path, text: str) -> Path:
    file = folder / "given.toml"
    file.write_text(text, encoding="utf-8")
    return file


MISTAKES = [
    ('[store]\npth = "x"', "store.pth: unknown key; did you mean 'path'?"),
    ("[fetsch]", "fetsch: unknown key; did you mean 'fetch'?"),
    ("colour = 1", "colour: unknown key; known keys: store, fetch, round, archive, mail, digest"),
    ("[digest]\nlangage = 1", "digest.langage: unknown key; did you mean 'language'?"),
    ('[digest]\nlanguage = "fr"', "digest.language: should be 'de' or 'en', not 'fr'"),
    ('[digest]\nzone = "Mars/North"', "digest.zone: 'Mars/North' is no time zone such as"),
    ('[digest]\nschedule = "mondays"', "digest.schedule: string should match"),
    ('[digest]\nunsubscribe = "http://a"', "digest.unsubscribe: string should match"),
    (READER + 'company = "x"', "digest.recipients[0].company: unknown key; did you mean 'companies'?"),
    (READER + 'companies = ["a\\"b"]', "digest.recipients[0].companies[0]: string should match"),
    (READER + 'kinds = ["powr"]', "digest.recipients[0].kinds[0]: should be 'deployment'"),
    (READER + 'lang = ["fr"]', "digest.recipients[0].lang[0]: there are no words for 'fr'"),
    (READER.replace("@", " at "), "digest.recipients[0].address: 'ann at example.org' is no mail address"),
    ("store = 1", "store: should be"),
    ("[fetch]\nmin_gap = -1", "fetch.min_gap: should be greater than or equal to 0, not -1"),
    ('[fetch]\nuser_agent = "a\\nb"', "fetch.user_agent: string should match"),
    ("[fetch]\nallow_hosts = [1]", "fetch.allow_hosts[0]: should be a valid string, not 1"),
    (GOOD + "interval = 1", "sources[0].interval (a): should be greater than or equal to 5, not 1"),
    (GOOD + 'intervall = "x"', "sources[0].intervall: unknown key; did you mean 'interval'?"),
    (GOOD + 'zone = "Mars/North"', "sources[0].zone (a): 'Mars/North' is no time zone such as"),
    (GOOD + 'zone = "../etc"', "sources[0].zone (a): '../etc' is no time zone"),
    (GOOD.replace("de", "xx"), "sources[0].lang (a): there are no words for 'xx'; known languages:"),
    (GOOD.replace("https", "gopher"), "sources[0].url (a): must be an http or https address"),
    (GOOD.replace("://", "://user:pw@"), "sources[0].url (a): must not hold a user name"),
    (GOOD.replace('name = "a"', ""), "sources[0].name: is missing"),
    (GOOD.replace('"a"', '"a b"'), "sources[0].name (a b): string should match"),
    (
        GOOD + 'kind = "rss"',
        "sources[0].kind (a): should be 'auto', 'feed', 'sitemap' or 'listing', not 'rss'",
    ),
    (GOOD + 'kind = "listing"', "sources[0] (a): kind 'listing' needs select"),
    (GOOD + 'kind = "feed"\nselect = "a"', "sources[0] (a): select is for web pages, not for kind 'feed'"),
    (GOOD + 'select = "a[["', "sources[0].select (a): 'a[[' is no CSS selector:"),
    (GOOD + GOOD, "sources: name 'a' stands 2 times"),
    ('sources = "x"', "sources: should be a list, not 'x'"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[message for _, message in MISTAKES])
def test_a_mistake_is_named_by_its_place(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text))
    assert f"\n  {message}" in str(caught.value)


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    file = write(tmp_path, "[store]\npth = 1\n[fetch]\ndeadline = 0\n" + GOOD + "interval = 1\n")
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert str(caught.value).startswith(f"{file}: 3 mistakes\n")


def test_defaults_and_the_ledger_beside_the_file(tmp_path: Path) -> None:
    config = load(write(tmp_path, GOOD))
    assert config.ledger == tmp_path / "claims.db"
    source = config.sources[0].source()
    assert (source.name, source.lang, source.zone, source.interval) == ("a", "de", "UTC", 60)


def test_the_ledger_path_alone(tmp_path: Path) -> None:
    assert ledger_path(write(tmp_path, '[store]\npath = "deep/x.db"')) == tmp_path / "deep" / "x.db"
    assert ledger_path(write(tmp_path, "")) == load(write(tmp_path, "")).ledger
    assert ledger_path(write(tmp_path, '[store]\npath = "~/x.db"')) == Path.home() / "x.db"


@pytest.mark.parametrize("text", ['store = "x"', "[store]\npath = 1", '[store]\npath = ""'])
def test_a_ledger_path_that_is_none(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"store\.path: should be the path of a file"):
        ledger_path(write(tmp_path, text))


def test_the_order_of_places(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user = home / "xdg" / "claims" / "config.toml"
    user.parent.mkdir(parents=True)
    user.write_text("")
    assert find(None) == user
    (home / "config.toml").write_text("")
    assert find(None) == Path("config.toml")
    monkeypatch.setenv("CLAIMS_CONFIG", str(home / "named.toml"))
    assert find(None) == home / "named.toml"
    assert find(home / "flag.toml") == home / "flag.toml"


def test_the_example_is_printed_and_works(home: Path, run: Run) -> None:
    answer = run("sources", "--example")
    assert (answer.code, answer.err) == (0, "")
    (home / "config.toml").write_text(answer.out, encoding="utf-8")
    assert load(None).sources == load(ROOT / "config.toml").sources
    assert answer.out == (ROOT / "config.toml").read_text(encoding="utf-8")


def test_nowhere(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"`claims init` writes one"):
        ledger_path(None)
    with pytest.raises(ConfigError, match=r"no configuration found \(looked at config.toml, .*xdg"):
        load(None)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"a = ", "is not valid TOML"),
        (b"#" * 1_000_001, "is larger than 1,000,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_read(raw: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(raw)
    with pytest.raises(ConfigError, match=message):
        load(file)


def test_the_shipped_configuration() -> None:
    config = load(ROOT / "config.toml")
    assert len(config.sources) >= 30
    languages = [source.lang for source in config.sources]
    assert min(languages.count("de"), languages.count("en")) >= 12
    assert all(source.url.startswith("https://") for source in config.sources)
    assert config.fetch.allow_hosts == ()
