"""R20 in a round: a page that hangs its reader is left alone, told in the doctor, and let out by --force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from claims.doctor import ledger as ledger_findings
from claims.report import Report
from claims.round import run_round
from claims.settings import Config
from db.ledger import Ledger
from scraper.article import Article, Page
from scraper.client import Client, ClientSettings
from scraper.errors import NotAnArticle, Word
from scraper.parse import parse
from tests.loopback import Site
from tests.scraper.conftest import article_html

from .conftest import NOW
from .test_round import Silent


@dataclass
class Rounds:
    """Rounds over one feed with a good and a bad page; `heal` makes the bad one readable."""

    ledger: Ledger
    config: Config
    healed: bool = False

    def parse(self, page: Page, **options: Any) -> Article:
        if page.url.endswith("/bad") and not self.healed:
            raise NotAnArticle("the page took more than 20 s", page.url, Word.TOO_LARGE)
        return parse(page, **options)

    def run(self, now: datetime, **options: Any) -> Report:
        with Client(ClientSettings(min_gap=0.0, allow_hosts=("127.0.0.1",))) as client:
            return run_round(
                self.config,
                self.ledger,
                client,
                lambda article: ([], "1"),
                Silent(),
                parser=self.parse,
                clock=lambda: now,
                **options,
            )


@pytest.fixture
def rounds(site: Site, tmp_path: Path) -> Iterator[Rounds]:
    site.feed("/feed", f"{site.url}/listed", f"{site.url}/good")
    site.redirect("/listed", "/bad")
    site.page("/bad", article_html(title="Schlecht"))
    site.page("/good", article_html(title="Gut"))
    source = {"name": "a", "url": f"{site.url}/feed", "lang": "de"}
    with Ledger.open(tmp_path / "claims.db") as ledger:
        yield Rounds(ledger, Config.model_validate({"sources": [source]}))


def test_a_page_that_hangs_its_reader_is_left_alone(rounds: Rounds, site: Site) -> None:
    report = rounds.run(NOW)
    assert [problem.kind for problem in report.sources[0].problems] == ["too large"]
    assert rounds.ledger.counts().articles == 1
    [row] = rounds.ledger.in_quarantine()
    assert (row.url, row.reason, row.times) == (f"{site.url}/listed", "too large", 1)
    later = rounds.run(NOW + timedelta(hours=30), only=frozenset({"a"}))
    assert site.paths().count("/bad") == 2, "the day is over"
    assert rounds.ledger.in_quarantine()[0].times == 2
    assert len(later.sources[0].problems) == 1
    rounds.run(NOW + timedelta(hours=70))
    assert site.paths().count("/bad") == 2, "the second time it is two days"


def test_force_asks_all_the_same_and_a_mended_page_is_out(rounds: Rounds, site: Site) -> None:
    rounds.run(NOW)
    rounds.run(NOW + timedelta(hours=1), force=True)
    assert rounds.ledger.in_quarantine()[0].times == 2
    rounds.healed = True
    rounds.run(NOW + timedelta(hours=2), force=True)
    assert rounds.ledger.in_quarantine() == []
    assert rounds.ledger.counts().articles == 2


def test_another_source_does_not_try_it_either(rounds: Rounds, site: Site) -> None:
    rounds.run(NOW)
    other = {"name": "b", "url": f"{site.url}/feed?b", "lang": "de"}
    site.routes["/feed?b"] = site.routes["/feed"]
    rounds.config = Config.model_validate({"sources": [other]})
    rounds.run(NOW + timedelta(hours=1))
    assert site.paths().count("/bad") == 1


def test_two_sources_that_list_it_try_it_once(rounds: Rounds, site: Site) -> None:
    site.routes["/feed?b"] = site.routes["/feed"]
    sources = [
        {"name": name, "url": f"{site.url}/feed{end}", "lang": "de"} for name, end in (("a", ""), ("b", "?b"))
    ]
    rounds.config = Config.model_validate({"sources": sources})
    rounds.run(NOW)
    assert site.paths().count("/bad") == 1
    assert rounds.ledger.in_quarantine()[0].times == 1


def test_a_corrected_page_that_hangs_is_left_alone_and_then_read(rounds: Rounds, site: Site) -> None:
    """R17, R20: whatever its listing says; when its time is over the correction is read after all."""

    def list_with(updated: str) -> None:
        entry = f"<entry><id>1</id><title>T</title><link href='/bad'/><updated>{updated}</updated></entry>"
        body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>P</title>{entry}</feed>"
        site.answer("/feed", body=body.encode(), etag=f'"{updated}"')

    rounds.healed = True
    list_with("2024-01-20T06:00:00Z")
    rounds.run(NOW)
    rounds.healed = False
    site.page("/bad", article_html(title="Berichtigt"))
    for hour in (7, 8, 9, 10):
        list_with(f"2024-01-20T{hour:02}:00:00Z")
        rounds.run(NOW + timedelta(hours=2 * hour - 12), force=False)
    assert site.paths().count("/bad") == 2, "once when it was good, once when it hung"
    rounds.healed = True
    rounds.run(NOW + timedelta(hours=40))
    assert rounds.ledger.counts().versions == 2


def test_the_doctor_shows_it(rounds: Rounds, tmp_path: Path, make_config: Callable[[Path], Config]) -> None:
    rounds.run(NOW)
    said = [
        finding for finding in ledger_findings(make_config(tmp_path), NOW) if finding.about == "quarantine"
    ]
    assert len(said) == 1
    assert "/listed: too large once" in said[0].text
    assert "not asked for until 2024-01-21 12:00" in said[0].text
    assert "--force" in said[0].advice


@pytest.fixture
def make_config() -> Callable[[Path], Config]:
    def make(folder: Path) -> Config:
        config = Config.model_validate({})
        config._file = folder / "config.toml"
        return config

    return make
