"""`claims sources` and its commands, over a site on loopback and a configuration with comments."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from claims.lock import round_lock
from claims.settings import load
from db.ledger import Ledger
from scraper.article import Article, FetchState, Instant, Origin, Precision, Source
from scraper.worker import Reader, WorkerLimits
from tests.loopback import Site
from tests.scraper.conftest import article_html

from .conftest import Run

COMMENTED = """# My own notes stay.
[store]
path = "claims.db"    # beside this file

[fetch]
min_gap = 0.0
allow_hosts = ["127.0.0.1"]

[[sources]]
name = "old"          # the first one
url = "http://127.0.0.1:9/feed"
lang = "de"
"""


@pytest.fixture
def file(home: Path) -> Path:
    path = home / "config.toml"
    path.write_text(COMMENTED, encoding="utf-8")
    return path


@pytest.fixture
def blog(site: Site) -> Site:
    """A site whose page names its feed, with one article."""
    site.page(
        "/", "<html lang='de'><head><link rel='alternate' type='application/rss+xml' href='/feed'></head>"
    )
    site.page("/article", article_html("Beispielwerk plant Rechenzentrum"))
    site.feed("/feed", f"{site.url}/article")
    return site


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not fail these tests: what hangs a reader is tested elsewhere."""
    monkeypatch.setattr("claims.fetching.page_reader", lambda: Reader(WorkerLimits(wall=300.0)))


def records(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


# add


def test_from_a_sites_address_to_its_articles(blog: Site, file: Path, run: Run) -> None:
    """The whole way: add, run, list."""
    answer = run("sources", "add", blog.url, "--name", "blog", "--zone", "Europe/Berlin")
    assert answer.code == 0, answer.err
    (added,) = records(answer.out)
    assert (added["name"], added["url"], added["lang"], added["kind"]) == (
        "blog",
        f"{blog.url}/feed",
        "de",
        "feed",
    )
    assert run("run", "--source", "blog").code == 0
    line = next(line for line in records(run("sources").out) if line["name"] == "blog")
    assert (line["articles"], line["status"], line["health"]) == (1, "ok", "ok")


def test_added_sources_stand_at_the_end_and_nothing_else_changes(blog: Site, file: Path, run: Run) -> None:
    file.chmod(0o600)
    run("sources", "add", f"{blog.url}/feed", "--name", "blog", "--interval", "120")
    text = file.read_text(encoding="utf-8")
    assert text.startswith(COMMENTED)
    assert '\n\n[[sources]]\nname = "blog"\n' in text
    assert "interval = 120\n" in text
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in load(file).sources] == ["old", "blog"]
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_a_listing_page_is_added_by_its_selector(site: Site, file: Path, run: Run) -> None:
    site.page("/news", f"<html lang='de'><h2><a href='{site.url}/article'>Nachricht eins</a></h2></html>")
    site.page("/article", article_html("Nachricht eins"))
    answer = run("sources", "add", f"{site.url}/news", "--select", "h2 a", "--name", "page")
    assert answer.code == 0, answer.err
    assert run("run", "--source", "page").code == 0
    assert records(run("sources").out)[1]["articles"] == 1
    assert "/robots.txt" in site.paths()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("{site}/nothing",), 3, "404"),
        (("http://127.0.0.1:9/feed",), 2, "there already, as 'old'"),
        (("{site}/feed", "--name", "old"), 2, "name 'old' stands 2 times"),
        (("{site}/feed", "--name", "a b"), 2, "name"),
        (("{site}/feed", "--zone", "Mars/North"), 2, "no time zone"),
        (("{site}/feed", "--lang", "xx"), 2, "no words for 'xx'"),
        (("{site}/feed", "--select", "a[["), 2, "no CSS selector"),
        (("{site}/other", "--unchecked"), 2, "give --lang"),
        (("ftp://example.org/feed", "--unchecked", "--lang", "de"), 2, "http or https"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_added_changes_nothing(
    arguments: tuple[str, ...], code: int, said: str, blog: Site, file: Path, run: Run
) -> None:
    answer = run("sources", "add", *(text.replace("{site}", blog.url) for text in arguments))
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert file.read_text(encoding="utf-8") == COMMENTED


def test_a_site_without_feeds_is_told_with_what_was_tried(site: Site, file: Path, run: Run) -> None:
    site.page("/blank", "<html><body>nothing</body></html>")
    answer = run("sources", "add", f"{site.url}/blank")
    assert (answer.code, "no feed and no sitemap found" in answer.err) == (2, True)
    assert f"{site.url}/rss.xml: http 404" in answer.err
    assert file.read_text(encoding="utf-8") == COMMENTED


def test_unchecked_asks_nobody(site: Site, file: Path, run: Run) -> None:
    answer = run("sources", "add", f"{site.url}/feed", "--unchecked", "--lang", "en")
    assert answer.code == 0
    assert site.requests == []
    assert records(answer.out)[0]["kind"] == "auto"


def test_an_inline_list_cannot_be_continued(home: Path, run: Run) -> None:
    text = 'sources = [{name = "a", url = "https://example.org/a", lang = "de"}]\n'
    (home / "config.toml").write_text(text)
    answer = run("sources", "add", "https://example.org/b", "--unchecked", "--lang", "de")
    assert answer.code == 2
    assert "add them by hand" in answer.err
    assert (home / "config.toml").read_text() == text


# Muting


def test_a_muted_source_is_not_asked(blog: Site, file: Path, run: Run) -> None:
    run("sources", "add", f"{blog.url}/feed", "--name", "blog")
    asked = len(blog.requests)
    assert run("sources", "mute", "blog", "old").code == 0
    assert "nothing to do" in run("run").err
    assert "nothing to do" in run("run", "--force").err
    assert len(blog.requests) == asked
    line = records(run("sources").out)[1]
    assert (line["health"], line["why"]) == ("muted", "by hand")
    assert "muted (never asked)" in run("sources", "--format", "table").out
    run("sources", "unmute", "blog")
    assert run("run", "--source", "blog").code == 0
    assert records(run("sources").out)[1]["articles"] == 1


def test_a_source_that_is_gone_is_muted_and_reported_r12(blog: Site, file: Path, run: Run) -> None:
    run("sources", "add", f"{blog.url}/feed", "--name", "blog")
    blog.answer("/feed", status=410)
    answer = run("run", "--source", "blog", "--quiet")
    assert answer.code == 3
    assert "blog: muted after http 410" in answer.err
    assert "`claims sources unmute blog`" in answer.err
    assert records(run("sources").out)[1]["health"] == "muted"
    asked = len(blog.requests)
    assert run("run", "--source", "blog").code == 0
    assert len(blog.requests) == asked


def test_muting_by_hand_outlasts_a_success(blog: Site, file: Path, run: Run) -> None:
    run("sources", "add", f"{blog.url}/feed", "--name", "blog")
    run("sources", "mute", "blog")
    assert run("run", "--source", "blog", "--force").code == 0
    line = records(run("sources").out)[1]
    assert (line["articles"], line["health"]) == (1, "muted")


def test_muting_waits_for_no_round(file: Path, run: Run) -> None:
    """A round at work would write its own state over it: better to say so."""
    with round_lock(file.parent / "claims.db"):
        answer = run("sources", "mute", "old")
    assert answer.code == 3
    assert "another round" in answer.err


@pytest.mark.parametrize("command", ["mute", "unmute", "show", "check"])
def test_unknown_names_are_told(command: str, file: Path, run: Run) -> None:
    answer = run("sources", command, "nobody")
    assert (answer.code, "no source is named 'nobody'" in answer.err) == (2, True)


# silent, show, check


def keep_daily(file: Path, days: int, last: datetime, asked: datetime) -> None:
    """A ledger with an article a day up to `last`, whose source was asked without complaint at `asked`."""
    source = Source("old", "http://127.0.0.1:9/feed", "de")
    with Ledger.open(file.parent / "claims.db") as ledger:
        for number in range(days):
            at = Instant(last - timedelta(days=number), "x", Precision.MINUTE, Origin.FEED)
            article = Article(f"https://example.org/{number}", "t", f"Text {number}", "de", at, "old")
            ledger.store(article, [], extractor="1", now=asked)
        state = FetchState(checked=asked, next_check=asked, last_success=asked, last_status="ok")
        ledger.save_state(source, state)


def test_a_silent_source_is_reported(file: Path, run: Run) -> None:
    now = datetime.now(UTC)
    keep_daily(file, 20, now - timedelta(days=6), now)
    (line,) = records(run("sources").out)
    assert (line["health"], line["usual_gap"]) == ("silent", 24.0)
    assert line["why"] == "nothing new for 6 days; usually within 1 day"
    assert "silent (ok)" in run("sources", "list", "--format", "table").out
    assert "silent: nothing new for 6 days" in run("sources", "show", "old", "--format", "text").out


def test_a_round_says_who_has_fallen_silent(site: Site, file: Path, run: Run) -> None:
    file.write_text(COMMENTED.replace("http://127.0.0.1:9", site.url))
    site.feed("/feed")
    now = datetime.now(UTC)
    keep_daily(file, 20, now - timedelta(days=6), now)
    answer = run("run", "--force")
    assert (answer.code, "old: silent: nothing new for 6 days" in answer.err) == (0, True)
    assert run("run", "--force", "--quiet").err == ""
    checked = run("sources", "check")
    assert (checked.code, "silent: nothing new" in checked.err) == (3, True)


def test_show(blog: Site, file: Path, run: Run) -> None:
    run("sources", "add", f"{blog.url}/feed", "--name", "blog", "--folder", "Tech")
    before = run("sources", "show", "blog", "--format", "text").out
    assert "never asked" in before
    assert "folder        Tech" in before
    run("run", "--source", "blog")
    text = run("sources", "show", "blog", "--format", "text").out
    assert "articles      1" in text
    assert "last answer   ok" in text
    assert json.loads(run("sources", "show", "blog").out)["folder"] == "Tech"


def test_check_stores_nothing(blog: Site, file: Path, run: Run) -> None:
    run("sources", "add", f"{blog.url}/feed", "--name", "blog")
    answer = run("sources", "check")
    assert answer.code == 3
    old, new = records(answer.out)
    assert (old["status"], new["status"], new["entries"], new["kind"]) == ("connect error", "ok", 1, "feed")
    assert run("sources", "check", "blog").code == 0
    assert not (file.parent / "claims.db").exists()


# OPML


def test_opml_both_ways_loses_nothing(home: Path, file: Path, run: Run) -> None:
    more = """
[[sources]]
name = "page"
url = "https://example.org/news?a=1&b=<2>"
lang = "en"
zone = "America/New_York"
interval = 240
enabled = false
kind = "listing"
select = "article > h2 a"
title = "News & “more”"
folder = "Tech/Chips"
home = "https://example.org/"
"""
    file.write_text(COMMENTED + more, encoding="utf-8")
    assert run("sources", "export", "out.opml").code == 0
    (home / "other").mkdir()
    other = home / "other" / "config.toml"
    other.write_text("[store]\n")
    answer = run("sources", "import", "out.opml", "--config", str(other))
    assert answer.code == 0, answer.err
    assert load(other).sources == load(file).sources


OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Tech"><outline text="Chips"><outline type="rss" text="Eins" title="Eins – das Blatt"
  xmlUrl="https://example.org/1" htmlUrl="https://example.org/" language="de-DE"/></outline>
  <outline type="rss" text="Zwei" xmlUrl="feed://example.org/2"/></outline>
<outline text="noch einmal" xmlUrl="https://example.org/1"/>
<outline text="da" xmlUrl="http://127.0.0.1:9/feed"/>
<outline text="schlecht" xmlUrl="javascript:alert(1)"/><outline text="nur ein Name"/></body></opml>"""


def test_an_import_adds_what_is_new_and_names_the_rest(home: Path, file: Path, run: Run) -> None:
    (home / "in.opml").write_text(OPML, encoding="utf-8")
    answer = run("sources", "import", "in.opml", "--lang", "en")
    assert answer.code == 3
    one, two = load(file).sources[1:]
    assert (one.name, one.lang, one.folder, one.title) == (
        "eins-das-blatt",
        "de",
        "Tech/Chips",
        "Eins – das Blatt",
    )
    assert (two.url, two.lang, two.folder) == ("https://example.org/2", "en", "Tech")
    assert "noch einmal: already there as 'eins-das-blatt'" in answer.err
    assert "da: already there as 'old'" in answer.err
    assert "schlecht: not a web address: javascript:alert(1)" in answer.err
    assert "2 added to" in answer.err
    assert file.read_text(encoding="utf-8").startswith(COMMENTED)
    again = run("sources", "import", "in.opml", "--lang", "en")
    assert "0 added to" in again.err
    assert len(load(file).sources) == 3


def test_an_import_without_a_language_names_each_feed(home: Path, file: Path, run: Run) -> None:
    (home / "in.opml").write_text(OPML, encoding="utf-8")
    answer = run("sources", "import", "in.opml")
    assert answer.code == 3
    assert "Zwei: it does not say its language; give --lang" in answer.err
    assert [one.name for one in load(file).sources] == ["old", "eins-das-blatt"]


def test_a_dry_run_changes_nothing(home: Path, file: Path, run: Run) -> None:
    (home / "in.opml").write_text(OPML, encoding="utf-8")
    answer = run("sources", "import", "in.opml", "--lang", "en", "--dry-run")
    assert [line["name"] for line in records(answer.out)] == ["eins-das-blatt", "zwei"]
    assert file.read_text(encoding="utf-8") == COMMENTED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("<html><body>x</body></html>", "is a web page"),
        ("<rss/>", "not OPML"),
        ("no markup", "no markup"),
        (
            '<!DOCTYPE x [<!ENTITY e "x">]><opml><body><outline xmlUrl="https://x/"/></body></opml>',
            "entities",
        ),
        ("<opml><body>" + "<outline text='x'>" * 5000, "too deep"),
    ],
    ids=["empty", "page", "other", "text", "entities", "deep"],
)
def test_what_is_no_opml(text: str, said: str, home: Path, file: Path, run: Run) -> None:
    (home / "in.opml").write_text(text)
    answer = run("sources", "import", "in.opml", "--lang", "de")
    assert answer.code == 3
    assert said in answer.err
    assert file.read_text(encoding="utf-8") == COMMENTED


def test_a_missing_file_is_a_sentence(file: Path, run: Run) -> None:
    answer = run("sources", "import", "nowhere.opml")
    assert (answer.code, "nowhere.opml: No such file" in answer.err) == (2, True)


def test_list_and_options_before_the_command(file: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run("sources")
    assert run("sources", "list") == plain
    monkeypatch.chdir("/")
    assert run("sources", "--config", str(file), "list") == plain
    assert run("sources", "--config", str(file), "--format", "csv", "list").out.startswith("name,url,lang")


@pytest.mark.parametrize(
    "asking",
    [("sources", "check", "old"), ("add", "{site}/article"), ("sources", "add", "{site}/", "--lang", "de")],
    ids=["check", "add", "discover"],
)
def test_whoever_asks_keeps_the_silence_that_a_round_met_r5(
    blog: Site, file: Path, run: Run, asking: tuple[str, ...]
) -> None:
    until = datetime.now(UTC) + timedelta(hours=2)
    silent = FetchState(extra={"silence": json.dumps({"127.0.0.1": until.isoformat()})})
    with Ledger.open(file.parent / "claims.db") as ledger:
        ledger.save_state(Source("met-it", "https://example.org/other", "de"), silent)
    answer = run(*(part.format(site=blog.url) for part in asking))
    assert answer.code != 0
    assert "127.0.0.1 wants silence" in answer.out + answer.err
    assert blog.paths() == []
