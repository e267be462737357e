"""Blocks that an outlet repeats, over many articles and through every way in: they go, and they stay gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from claims.recurring import keep, own_text
from db.ledger import Ledger, Stored
from extractors.claim import Claim
from scraper import segments
from scraper.article import Article
from tests.loopback import Site, serve
from tests.scraper.conftest import SENTENCE

from .conftest import NOW, Run

BOX = "Dieser Text gehört zu einer Reihe, die das Probeblatt jede Woche herausgibt."
MINUTES = count()


def clock() -> datetime:
    return NOW + timedelta(minutes=next(MINUTES))


def nothing(article: Article) -> tuple[list[Claim], str]:
    return [], "1"


def written(number: int, box: str = BOX) -> Article:
    """Ten blocks of its own and the box."""
    own = [f"Im Werk {number} entstehen in Halle {n} neue Plätze für {n}00 Leute." for n in range(10)]
    text = "\n\n".join([*own, box] if box else own)
    return Article(f"https://www.probe.example/{number}", f"Bericht {number}", text, "de")


def put(ledger: Ledger, article: Article) -> Stored:
    return keep(article, ledger, nothing, clock)[1]


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "claims.db") as ledger:
        yield ledger


def test_a_recognised_block_is_recognised_for_good(books: Ledger) -> None:
    """Over more blocks than are remembered; and reading the early articles again makes no new version."""
    many = 500
    assert many * 10 > 2 * segments.MAX_REMEMBERED
    boxed = [number for number in range(many) if BOX in keep(written(number), books, nothing, clock)[0].text]
    assert boxed == list(range(segments.ARTICLES))
    for number in (*range(9), many - 1):
        assert not put(books, written(number)).new_version, number
    assert books.counts().versions == many


def test_what_is_learnt_later_makes_no_new_version(books: Ledger) -> None:
    """An article that was stored with the box, by nobody who counted, stays as it is; a new text does not."""
    books.store(written(50), [], extractor="1", now=NOW)
    for number in range(segments.ARTICLES):
        put(books, written(number))
    assert BOX not in own_text(written(50), books).text
    assert put(books, written(50)) == Stored(1, 1, new_article=False, new_version=False, claims=0)
    assert BOX in books.article(1).text
    changed = Article(written(50).url, "x", written(51).text, "de")
    kept, stored = keep(changed, books, nothing, clock)
    assert stored.version == 2
    assert BOX not in kept.text


def test_the_text_without_the_block_is_preferred_where_both_are_kept(books: Ledger) -> None:
    for one in (written(50), written(50, box="")):
        books.store(one, [], extractor="1", now=NOW)
    for number in range(segments.ARTICLES):
        put(books, written(number))
    assert put(books, written(50)).version == 2


def test_a_file_has_no_outlet(books: Ledger) -> None:
    for number in range(segments.ARTICLES + 2):
        one = Article(f"file:///tmp/{number}.html", "x", written(number).text, "de")
        assert BOX in keep(one, books, nothing, clock)[0].text


# Through the commands


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as found:
        found.answer("/robots.txt", body=b"User-agent: *\nAllow: /\n")
        for number in range(segments.ARTICLES + 2):
            own = [f"{SENTENCE.format(number)} {SENTENCE.format(number + 100)} Dazu {n}." for n in range(4)]
            body = "".join(f"<p>{one}</p>" for one in [*own, BOX])
            title = f"<title>Bericht {number}</title>"
            found.page(
                f"/{number}", f"<html><head>{title}</head><body><article>{body}</article></body></html>"
            )
        yield found


def test_add_and_a_round_store_the_same_text(home: Path, run: Run, site: Site) -> None:
    """What a round stored without the box, `claims add` finds unchanged; what it adds itself has none."""
    *fed, alone = [f"{site.url}/{number}" for number in range(segments.ARTICLES + 2)]
    site.feed("/feed", *fed)
    source = f'[[sources]]\nname = "probe"\nurl = "{site.url}/feed"\nlang = "de"\n'
    host = site.url.removeprefix("http://")
    (home / "config.toml").write_text(f'[fetch]\nmin_gap = 0\nallow_hosts = ["{host}"]\n{source}')
    assert run("run", "--quiet").code == 0
    for url in fed:
        assert "already there, unchanged" in run("add", url, "--lang", "de").err
    assert "added with" in run("add", alone, "--lang", "de").err
    with Ledger.open(home / "claims.db") as ledger:
        texts = [version.article.text for version in ledger.versions()]
    assert len(texts) == segments.ARTICLES + 2
    assert sum(BOX in text for text in texts) == segments.ARTICLES
