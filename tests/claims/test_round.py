"""A round with a scripted scraper: what is stored, what is remembered, what a failure costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from claims import round as rounds
from claims.progress import problem_line
from claims.report import Report, SourceReport, closing_line
from claims.round import due, run_round
from claims.settings import Config
from db.errors import LedgerLocked
from db.ledger import Ledger
from extractors.claim import Claim
from scraper.article import Article, FetchState, Page, Source
from scraper.client import Client, ClientSettings
from scraper.collect import Problem, collect
from scraper.parse import parse
from tests.loopback import Site
from tests.scraper.conftest import article_html

from .conftest import ENGLISH, GERMAN, META, NORVIK, NOW

LATER = NOW + timedelta(hours=1)
AFTER = FetchState(etag='"new"', checked=NOW, next_check=LATER, last_status="ok")
DOWN = Problem("http 503", "the server answered 503", "https://example.org/feed")
GONE = Problem("http 404", "the server answered 404", "https://example.org/gone")
Script = dict[str, Callable[[], Iterator[Any]]]


def config_of(*names: str) -> Config:
    sources = [{"name": name, "url": f"https://example.org/{name}", "lang": "en"} for name in names]
    return Config.model_validate({"sources": sources})


class Silent:
    """A watcher that sees nothing."""

    def begin(self, total: int) -> None:
        pass

    def article(self, source: str, article: Article, claims: int) -> None:
        pass

    def problem(self, source: str, problem: Problem) -> None:
        pass

    def finished(self, report: SourceReport) -> None:
        pass


class Round:
    """Runs rounds over a ledger; `script` says what each source's collecting yields."""

    def __init__(self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ledger = ledger
        self.script: Script = {}
        self.filtered = True
        self.asked: list[tuple[str, FetchState]] = []
        self.claims = {ENGLISH.url: [META], GERMAN.url: [NORVIK]}
        self.monkeypatch = monkeypatch
        monkeypatch.setattr(rounds, "collect", self.collect)

    def collect(self, source: Source, state: FetchState, client: object, **options: Any) -> Iterator[Any]:
        assert options["parser"] == self.parse
        self.asked.append((source.name, state))
        for item in self.script[source.name]():
            if isinstance(item, Article) and self.filtered and options["known"](item.url):
                continue
            yield item

    def parse(self, page: Page, **options: Any) -> Article:
        raise AssertionError("the scripted scraper reads no page")

    def extract(self, article: Article) -> tuple[list[Claim], str]:
        return self.claims[article.url], "1"

    def run(self, *names: str, now: datetime = NOW, **options: Any) -> Report:
        with Client(ClientSettings()) as client:
            return run_round(
                config_of(*names),
                self.ledger,
                client,
                self.extract,
                Silent(),
                parser=self.parse,
                clock=lambda: now,
                **options,
            )

    def over(self, url: str, client: Client, now: datetime = NOW) -> Report:
        """A round over one feed of a real server, with the real scraper."""
        self.monkeypatch.setattr(rounds, "collect", collect)
        source = {"name": "a", "url": url, "lang": "de"}
        config = Config.model_validate({"sources": [source]})
        return run_round(config, self.ledger, client, self.extract, Silent(), parser=parse, clock=lambda: now)


@pytest.fixture
def one_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Round]:
    with Ledger.open(tmp_path / "claims.db") as ledger:
        yield Round(ledger, monkeypatch)


def test_articles_claims_and_state_are_stored(one_round: Round) -> None:
    one_round.script = {"a": lambda: iter([ENGLISH, AFTER]), "b": lambda: iter([GERMAN, AFTER])}
    report = one_round.run("a", "b")
    assert (report.articles, report.claims, report.failed) == (2, 2, [])
    assert one_round.ledger.counts().claims == 2
    assert one_round.ledger.state("a") == AFTER
    assert closing_line(report) == "2 sources asked: 2 new articles, 2 claims, no problems"
    latest = one_round.ledger.rounds()[0]
    assert (latest.articles, latest.claims, latest.errors, latest.ended) == (2, 2, 0, NOW)


def test_no_claim_comes_from_a_block_that_the_outlet_repeats(one_round: Round) -> None:
    box = "Northwind will build 40 halls by the end of 2027, says the box under each article."
    story = "\n\n".join(
        f"Hall {{0}}{part} opened with {{0}}{part} people in town {{0}}." for part in range(9)
    )
    texts = [f"{story.format(number)}\n\n{box}" for number in range(1, 6)]
    pages = [replace(ENGLISH, url=f"https://example.org/{n}", text=text) for n, text in enumerate(texts)]
    read: list[str] = []

    def extract(article: Article) -> tuple[list[Claim], str]:
        read.append(article.text)
        return [], "1"

    one_round.extract = extract  # type: ignore[method-assign]
    one_round.script = {"a": lambda: iter([*pages, AFTER])}
    assert one_round.run("a").articles == 5
    assert [box in text for text in read] == [True, True, True, False, False]
    kept = [one_round.ledger.article(version).text for version in range(1, 6)]
    assert kept == read


def test_a_second_round_adds_nothing(one_round: Round) -> None:
    one_round.script = {"a": lambda: iter([ENGLISH, AFTER])}
    one_round.run("a")
    before = one_round.ledger.counts()
    waiting = one_round.run("a")
    assert (
        closing_line(waiting) == "nothing to do: no source is due (1 waiting; --force asks them all the same)"
    )
    again = one_round.run("a", now=LATER)
    assert (len(again.sources), again.articles) == (1, 0)
    assert one_round.asked[-1] == ("a", AFTER)
    assert one_round.ledger.counts() == before


def test_a_changed_article_is_a_version(one_round: Round) -> None:
    changed = replace(ENGLISH, text=ENGLISH.text + " An update.")
    one_round.filtered = False
    one_round.script = {"a": lambda: iter([ENGLISH, changed, AFTER])}
    report = one_round.run("a")
    assert (report.sources[0].articles, report.sources[0].versions) == (1, 1)
    assert one_round.ledger.counts().versions == 2


def test_one_bad_source_never_ends_a_round(one_round: Round) -> None:
    def breaks() -> Iterator[Any]:
        yield ENGLISH
        raise KeyError("a bug")

    failed = replace(AFTER, failures=0.25)
    one_round.script = {
        "a": lambda: iter([DOWN, failed]),
        "b": breaks,
        "c": lambda: iter([GERMAN, AFTER]),
    }
    report = one_round.run("a", "b", "c")
    assert [source.name for source in report.failed] == ["a", "b"]
    assert report.articles == 2
    assert closing_line(report).endswith(", 2 problems at 2 sources; failed: a, b")
    bug = report.failed[1].problems[0]
    assert (bug.kind, bug.unexpected) == ("unexpected", True)
    assert problem_line("b", bug).endswith("(a bug)")
    assert "a bug" not in problem_line("a", DOWN)


def test_after_a_bug_the_source_rests_and_is_then_read_in_full(one_round: Round) -> None:
    old = FetchState(etag='"old"', last_modified="x", body_digest="y", checked=NOW, next_check=NOW)
    one_round.ledger.save_state(config_of("a").sources[0].source(), old)

    def breaks() -> Iterator[Any]:
        raise KeyError("a bug")
        yield

    one_round.script = {"a": breaks}
    one_round.run("a")
    kept = one_round.ledger.state("a")
    assert (kept.etag, kept.last_modified, kept.body_digest) == ('"old"', "x", "y")
    assert kept.next_check == NOW + timedelta(hours=1)
    assert kept.last_message == "KeyError: 'a bug'"


def test_an_article_that_breaks_the_extractor_is_tried_again(one_round: Round) -> None:
    one_round.script = {"a": lambda: iter([ENGLISH, GERMAN, AFTER])}
    good, one_round.claims = one_round.claims, {GERMAN.url: [NORVIK]}
    report = one_round.run("a")
    assert (report.articles, len(report.failed)) == (1, 1)
    assert one_round.ledger.state("a").etag is None
    assert not one_round.ledger.known(ENGLISH.url)
    one_round.claims = good
    assert one_round.run("a", now=LATER).articles == 1
    assert one_round.ledger.state("a").etag == AFTER.etag


def test_a_correction_that_breaks_the_extractor_is_read_again_and_no_other(
    one_round: Round, site: Site
) -> None:
    """R17: the listing says only once that an article has changed; a bug of ours must not swallow that."""

    def edition(number: int) -> None:
        rows = "".join(
            f"<entry><id>{name}</id><title>T</title><link href='/{name}'/>"
            f"<updated>2024-01-20T0{number}:00:00Z</updated></entry>"
            for name in ("a", "b", "listed")
        )
        body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>P</title>{rows}</feed>"
        site.answer("/feed", body=body.encode(), etag=f'"{number}"')
        for name in ("a", "b", "landed"):
            site.page(f"/{name}", article_html(f"Fassung {number}", paragraphs=4 + number))

    def run(hours: int, *broken: str) -> int:
        one_round.claims = {f"{site.url}/{name}": [] for name in ("a", "b", "landed") if name not in broken}
        report = one_round.over(f"{site.url}/feed", client, NOW + timedelta(hours=hours))
        assert len(report.failed) == (1 if broken else 0)
        return one_round.ledger.counts().versions

    site.redirect("/listed", "/landed")
    with Client(ClientSettings(min_gap=0, allow_hosts=("127.0.0.1",))) as client:
        edition(1)
        assert [run(0, "landed"), run(2)] == [2, 3]
        edition(2)
        assert [run(4, "b", "landed"), run(6, "landed")] == [4, 5]
        edition(2)
        assert [run(8), run(10)] == [6, 6]
    assert [site.paths().count(path) for path in ("/a", "/b", "/landed")] == [2, 3, 5]


def test_a_failing_ledger_ends_the_round(one_round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> None:
        raise LedgerLocked("in use")

    one_round.script = {"a": lambda: iter([ENGLISH, AFTER]), "b": lambda: iter([AFTER])}
    monkeypatch.setattr(Ledger, "store", locked)
    with pytest.raises(LedgerLocked):
        one_round.run("a", "b")
    assert [name for name, _ in one_round.asked] == ["a"]


def test_a_record_that_the_ledger_refuses_costs_its_article(one_round: Round) -> None:
    """Here the extractor gives evidence that does not stand in the article."""
    one_round.script = {"a": lambda: iter([ENGLISH, GERMAN, AFTER]), "b": lambda: iter([AFTER])}
    one_round.claims = {ENGLISH.url: [NORVIK], GERMAN.url: [NORVIK]}
    report = one_round.run("a", "b")
    assert [name for name, _ in one_round.asked] == ["a", "b"]
    assert (report.articles, report.claims) == (1, 1)
    assert not one_round.ledger.known(ENGLISH.url)
    problem = report.sources[0].problems[0]
    assert (problem.kind, problem.url, problem.unexpected) == ("unexpected", ENGLISH.url, True)
    assert "the extraction is wrong" in problem.message
    assert one_round.ledger.state("a").etag is None
    assert one_round.ledger.rounds()[0].errors == 1


def test_only_and_force(one_round: Round) -> None:
    one_round.script = {name: lambda: iter([AFTER]) for name in "ab"}
    one_round.run("a", "b")
    assert one_round.run("a", "b", only=frozenset("b")).waiting == 1
    forced = one_round.run("a", "b", only=frozenset("b"), force=True)
    assert [source.name for source in forced.sources] == ["b"]


def test_a_changed_address_is_another_feed(one_round: Round, site: Site) -> None:
    """Over a real server: nothing of the old feed's is sent or waited for, though its entries are known."""
    site.feed("/old", etag='"same"')
    site.feed("/new", f"{site.url}/article", etag='"same"')
    site.page("/article", article_html("A new hall"))
    one_round.claims = {f"{site.url}/article": []}
    with Client(ClientSettings(min_gap=0, allow_hosts=("127.0.0.1",))) as client:
        reports = [one_round.over(f"{site.url}/{path}", client) for path in ("old", "new", "new")]
    assert [request.headers.get("if-none-match") for request in site.requests if request.path == "/new"] == [
        None
    ]
    assert [(len(report.sources), report.articles) for report in reports] == [(1, 0), (1, 1), (0, 0)]
    assert one_round.ledger.sources()[0].url == f"{site.url}/new"


def test_silence_that_a_source_of_another_choice_met_is_kept_r5(one_round: Round, site: Site) -> None:
    """Such as one that is not asked in this round, or not at all any more."""
    until = datetime.now(UTC) + timedelta(hours=2)
    silent = FetchState(extra={"silence": json.dumps({"127.0.0.1": until.isoformat()})})
    one_round.ledger.save_state(Source("other", "https://example.org/other", "de"), silent)
    site.feed("/feed")
    with Client(ClientSettings(min_gap=0, allow_hosts=("127.0.0.1",))) as client:
        report = one_round.over(f"{site.url}/feed", client)
    assert site.paths() == []
    assert "127.0.0.1 wants silence" in report.sources[0].problems[0].message
    assert report.failed == []
    state = one_round.ledger.state("a")
    assert state.failures == 0, "nobody was asked, so nobody failed"
    assert state.checked is not None
    assert state.next_check is not None
    assert state.next_check - state.checked > timedelta(minutes=119)


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 28, 23), datetime(2026, 10, 24, 23)], ids=["spring", "autumn"]
)
def test_a_change_of_the_clocks_changes_no_round_r27(one_round: Round, site: Site, night: datetime) -> None:
    """Rounds every ten minutes of seven hours, by a clock in local time, the ledger in between."""
    site.feed("/feed", etag='"1"')
    clock = night.replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    polls = []
    with Client(ClientSettings(min_gap=0, allow_hosts=("127.0.0.1",))) as client:
        for tick in range(7 * 6):
            now = (clock + timedelta(minutes=10 * tick)).astimezone(ZoneInfo("Europe/Berlin"))
            if one_round.over(f"{site.url}/feed", client, now).sources:
                polls.append(10 * tick)
    assert len(polls) == len(site.paths())
    assert {later - earlier for earlier, later in pairwise(polls)} == {70}, "an hour, and up to six minutes"
    next_check = one_round.ledger.state("a").next_check
    assert next_check is not None
    assert next_check.utcoffset() == timedelta(0)


def test_due_the_longest_waiting_first() -> None:
    states = {
        "new": FetchState(),
        "late": FetchState(next_check=NOW - timedelta(hours=5)),
        "now": FetchState(next_check=NOW),
        "soon": FetchState(next_check=LATER),
    }
    sources = [Source(name, f"https://example.org/{name}", "en") for name in ("soon", "now", "late", "new")]
    assert [source.name for source in due(sources, states.__getitem__, NOW)] == ["new", "late", "now"]


@pytest.mark.parametrize(
    ("sources", "line"),
    [
        ([SourceReport("a", articles=1, claims=1)], "1 source asked: 1 new article, 1 claim, no problems"),
        (
            [SourceReport("a", versions=1), SourceReport("b")],
            "2 sources asked: no new articles, 1 changed, no claims, no problems",
        ),
        (
            [SourceReport("a", articles=9, problems=[GONE, GONE, GONE]), SourceReport("b")],
            "2 sources asked: 9 new articles, no claims, 3 problems at 1 source",
        ),
        (
            [SourceReport(name, problems=[GONE, GONE, GONE]) for name in "cab"],
            "3 sources asked: no new articles, no claims, 9 problems at 3 sources; failed: a, b, c",
        ),
        (
            [
                SourceReport("a", problems=[DOWN], unlisted=True, muted=True),
                SourceReport("b", articles=1000, cut_off=True),
            ],
            "2 sources asked: 1,000 new articles, no claims, 1 problem at 1 source; failed: a; "
            "muted from now on: a; to be continued: b",
        ),
        (
            [SourceReport(f"s{n}", problems=[DOWN], unlisted=True) for n in range(7)],
            "7 sources asked: no new articles, no claims, 7 problems at 7 sources; "
            "failed: s0, s1, s2, s3, s4, 2 more",
        ),
    ],
)
def test_closing_line(sources: list[SourceReport], line: str) -> None:
    assert closing_line(Report(sources)) == line
