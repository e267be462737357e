"""`claims reextract`: what is read from the archive, what is shown and written, and that nothing is lost."""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.lock import round_lock
from claims.reading import extract as extract_today
from claims.rereading import Change, Rereading, Shelf, Verdict, _reread, compare, keep, rereadings
from db.ledger import Ledger
from db.search import Query, search
from extractors.claim import Claim, Due, Evidence, Kind, Place, Quantity, Status
from scraper.archive import Archive, ArchiveSettings, pages
from scraper.article import Article, Instant, Page
from scraper.parse import parse
from tests.scraper.conftest import article_html

from .conftest import ENGLISH, GERMAN, META, NORVIK, NOW, Run, evidence_of

URL = "https://example.org/plan"
HTML = {"content-type": "text/html; charset=utf-8"}
TEXT = "Norvik Data will bis Ende 2027 in Kassel 4.000 Beschleuniger vom Typ NVIDIA H100 aufstellen."
HEAD = "<meta property='article:published_time' content='2024-01-19T10:00:00+01:00'>"


def page_of(*paragraphs: str, url: str = URL, minutes: float = -1) -> Page:
    body = "".join(
        f"<p>{one}</p>" for one in (TEXT, "Dazu kommt ein neues Gebäude am Rand der Stadt.", *paragraphs)
    )
    html = article_html(head=HEAD).replace("<article>", f"<article>{body}")
    return Page(url, 200, html.encode(), NOW + timedelta(minutes=minutes), dict(HTML))


def archived(folder: Path, *many: Page) -> Shelf:
    with Archive(ArchiveSettings(folder / "archive"), now=lambda: NOW) as archive:
        for one in many:
            archive.record(one)
    return Shelf(pages(folder / "archive"))


def claim_in(article: Article, **changes: Any) -> Claim:
    sentence = Evidence(article.text.index(TEXT), article.text.index(TEXT) + len(TEXT), TEXT, Place.TEXT)
    fields: dict[str, Any] = {
        "kind": Kind.DEPLOYMENT,
        "subject": "Norvik Data",
        "object": "NVIDIA H100",
        "quantity": Quantity(4000.0, 4000.0, "units"),
        "due": Due(None, date(2027, 12, 31)),
        "status": Status.PLANNED,
        "evidence": (sentence,),
    }
    return Claim(**(fields | changes))


@dataclass
class Desk:
    """A ledger with one article, read as it was once: without its first paragraph's neighbour."""

    ledger: Ledger
    folder: Path
    old: Article

    def extract(self, article: Article) -> tuple[list[Claim], str]:
        return [claim_in(article, speaker="Jo Doe"), claim_in(article, kind=Kind.ORDER)], "2"

    def read(self, shelf: Shelf, **chosen: Any) -> list[Rereading]:
        return list(rereadings(self.ledger, shelf, parser=parse, extract=self.extract, **chosen))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    old = Article(URL, "Ein alter Titel", f"Cookies annehmen?\n\n{TEXT}", "de", None, "norvik", (), URL)
    with Ledger.open(tmp_path / "claims.db") as ledger:
        ledger.store(old, [claim_in(old), claim_in(old, kind=Kind.PRICE)], extractor="1", now=NOW)
        yield Desk(ledger, tmp_path, old)


def said(changes: tuple[Change, ...]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(str(change.verdict), str(change.claim.kind), change.fields) for change in changes]


# Comparing


def test_equal_claims_are_no_change() -> None:
    moved = replace(
        META, evidence=(Evidence(5, 5 + len(META.evidence[0].text), META.evidence[0].text, Place.TITLE),)
    )
    assert compare([META, NORVIK], [replace(NORVIK, confidence=0.1, reasons=()), moved]) == ()
    assert compare([], []) == ()


def test_what_differs_is_named() -> None:
    later = replace(META, due=Due(None, date(2025, 12, 31)), speaker=None)
    assert said(compare([META], [later])) == [("changed", "deployment", ("due", "speaker"))]
    more = replace(META, quantity=Quantity(600_000, 600_000, "units", approx=True))
    assert said(compare([META], [more])) == [("changed", "deployment", ("quantity",))]
    assert said(compare([META], [])) == [("gone", "deployment", ())]
    assert said(compare([], [META])) == [("added", "deployment", ())]
    assert said(compare([META], [NORVIK])) == [("gone", "deployment", ()), ("added", "investment", ())]


def test_the_most_alike_belong_together() -> None:
    two = replace(META, status=Status.EXPECTED, speaker=None)
    changes = compare([META, two], [replace(two, counterparty="NVIDIA"), META])
    assert said(changes) == [("changed", "deployment", ("counterparty",))]
    assert changes[0].before == two


CLAIMS = [
    META,
    NORVIK,
    replace(META, status=Status.DENIED),
    replace(META, quantity=Quantity(1, 1, "units")),
    claim_in(replace(GERMAN, text=TEXT)),
]


@given(st.lists(st.sampled_from(CLAIMS), max_size=6), st.lists(st.sampled_from(CLAIMS), max_size=6))
def test_every_claim_is_accounted_for(before: list[Claim], after: list[Claim]) -> None:
    changes = compare(before, after)
    same = len(before) - sum(change.before is not None for change in changes)
    assert same == len(after) - sum(change.after is not None for change in changes)
    assert compare(before, before) == ()
    back = compare(after, before)
    count = [sum(c.verdict is v for c in changes) for v in (Verdict.ADDED, Verdict.GONE)]
    assert [sum(c.verdict is v for c in back) for v in (Verdict.GONE, Verdict.ADDED)] == count


# Reading


def test_the_archived_page_is_read_with_todays_parser(desk: Desk) -> None:
    [one] = desk.read(archived(desk.folder, page_of()))
    assert one.archived
    assert one.text_differs
    assert "Cookies" not in one.article.text
    assert TEXT in one.article.text
    assert one.article.published is not None
    assert (one.article.url, one.article.source) == (URL, "norvik")
    assert said(one.changes) == [
        ("changed", "deployment", ("speaker",)),
        ("changed", "order", ("kind",)),
    ]
    assert search(desk.ledger._path, Query())[0].title == "Ein alter Titel", "nothing is written"


def test_without_an_archived_page_the_stored_text_is_read(desk: Desk) -> None:
    for shelf in (archived(desk.folder), archived(desk.folder, page_of(url="https://example.org/other"))):
        [one] = desk.read(shelf)
        assert not one.archived
        assert one.article == desk.old
        assert len(one.changes) == 2


def test_a_page_of_a_later_day_is_another_version(desk: Desk) -> None:
    first, second, later = page_of("Eins."), page_of("Zwei.", minutes=-0.5), page_of("Drei.", minutes=1)
    shelf = archived(desk.folder, later, second, first)
    [one] = desk.read(shelf)
    assert "Zwei." in one.article.text
    assert not desk.read(archived(desk.folder / "x", later))[0].archived


def test_a_page_that_cannot_be_read_today_costs_nothing(desk: Desk) -> None:
    shelf = archived(desk.folder, Page(URL, 200, b"<p>.</p>", NOW, dict(HTML)))
    [one] = desk.read(shelf)
    assert not one.archived
    assert one.article == desk.old
    assert "its stored text is used" in one.problem


def test_a_day_that_a_person_gave_stays(desk: Desk) -> None:
    given_day = Instant.of_day(date(2023, 5, 6))
    other = replace(desk.old, url=f"{URL}/2", fetched_url=f"{URL}/2", published=given_day)
    desk.ledger.store(other, [], extractor="1", now=NOW)
    [one] = desk.read(archived(desk.folder, page_of(url=f"{URL}/2")))[1:]
    assert one.archived
    assert one.article.published == given_day


def test_only_what_is_asked_for(desk: Desk) -> None:
    for number in range(120):
        more = replace(desk.old, url=f"{URL}/{number}", source="more")
        desk.ledger.store(more, [], extractor="1", now=NOW + timedelta(days=number))
    shelf = archived(desk.folder)
    assert len(desk.read(shelf)) == 121 == desk.ledger.count_versions()
    assert len(desk.read(shelf, limit=60)) == 60
    assert len(desk.read(shelf, source="norvik")) == 1
    since = (NOW + timedelta(days=100)).date()
    assert len(desk.read(shelf, since=since)) == 20 == desk.ledger.count_versions(since=since)


# Writing


def write_all(desk: Desk, found: list[Rereading]) -> list[str]:
    """What was refused."""
    return [said for one in found if (said := keep(desk.ledger, one, lambda: NOW))]


def claims_of(ledger: Ledger) -> dict[int, tuple[str, str | None]]:
    return {
        hit.id: (str(hit.claim.kind), hit.claim.speaker)
        for hit in search(ledger._path, Query(every_version=True))
    }


def aside(ledger: Ledger) -> list[tuple[str | None, list[Any]]]:
    with closing(sqlite3.connect(ledger._path)) as connection:
        rows = connection.execute("SELECT title, claims FROM readings ORDER BY id").fetchall()
    return [(title, json.loads(claims)) for title, claims in rows]


def test_a_better_reading_takes_the_place_of_the_old_one(desk: Desk) -> None:
    """In the same version, with offsets that fit the new text; the old reading is kept aside, whole."""
    assert claims_of(desk.ledger) == {1: ("deployment", None), 2: ("price", None)}
    found = desk.read(archived(desk.folder, page_of()))
    assert write_all(desk, found) == []
    assert desk.ledger.integrity() == []
    assert claims_of(desk.ledger) == {1: ("deployment", "Jo Doe"), 3: ("order", None)}
    assert desk.ledger.counts().versions == 1
    stored = desk.ledger.article(1)
    assert replace(found[0].article, authors=stored.authors) == stored
    [(title, old)] = aside(desk.ledger)
    assert title == "Ein alter Titel"
    assert [(claim["id"], claim["kind"], claim["evidence"][0]["text"]) for claim in old] == [
        (1, "deployment", TEXT),
        (2, "price", TEXT),
    ]
    assert len(search(desk.ledger._path, Query("beschleuniger"))) == 2
    assert search(desk.ledger._path, Query("cookies")) == []


def test_writing_twice_writes_nothing_twice(desk: Desk) -> None:
    shelf = archived(desk.folder, page_of())
    write_all(desk, desk.read(shelf))
    [again] = desk.read(shelf)
    assert not again.differs
    assert again.changes == ()
    assert len(aside(desk.ledger)) == 1
    assert desk.ledger.outdated("2") == []


def test_two_versions_that_read_alike_today_stay_two(desk: Desk) -> None:
    """What differed was only what the parser leaves out today; no text stands twice, no claim is lost."""
    changed = replace(desk.old, text=f"Newsletter abonnieren!\n\n{TEXT}")
    desk.ledger.store(changed, [claim_in(changed)], extractor="1", now=NOW + timedelta(minutes=5))
    shelf = archived(desk.folder, page_of(), page_of(minutes=4))
    refused = write_all(desk, desk.read(shelf))
    assert len(refused) == 1
    assert "same text" in refused[0]
    assert desk.ledger.counts().versions == 2
    assert desk.ledger.integrity() == []
    assert len(claims_of(desk.ledger)) == 3


# The command


@pytest.fixture
def outdated(ledger: Path) -> Path:
    """The two articles of the ledger with claims that today's extractor does not find like that."""
    with Ledger.open(ledger) as opened:
        wrong = replace(
            META, quantity=Quantity(7, 7, "units"), evidence=(evidence_of(ENGLISH, "Nothing here yet."),)
        )
        opened.replace_claims(1, [wrong], "0")
        opened.replace_claims(2, extract_today(GERMAN)[0], "0")
    return ledger


def test_it_shows_and_writes_only_when_told(run: Run, config: Path, outdated: Path) -> None:
    before = outdated.read_bytes()
    shown = run("reextract", "--config", str(config))
    assert shown.code == 0
    rows = [json.loads(line) for line in shown.out.splitlines()]
    assert {row["change"] for row in rows} == {"gone", "added"}
    gone = next(row for row in rows if row["change"] == "gone")
    assert (gone["quantity"], gone["article"], gone["read_from"]) == ([7, 7], ENGLISH.url, "ledger")
    assert "2 texts read again, 0 from the archive" in shown.err
    assert "nothing was written; --write does" in shown.err
    assert outdated.read_bytes() == before
    written = run("reextract", "--write", "--config", str(config))
    assert written.out == shown.out
    assert "2 texts written anew" in written.err
    again = run("reextract", "--write", "--config", str(config))
    assert (again.code, again.out) == (1, "")
    assert "written" not in again.err
    with Ledger.open(outdated) as opened:
        assert opened.integrity() == []
        assert opened.counts().versions == 2


@pytest.mark.parametrize("more", [(), ("--write",)])
def test_readings_are_not_heaped_up(
    run: Run, config: Path, outdated: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    """However many texts differ, of readings only the one at hand is held in memory."""
    with Ledger.open(outdated) as opened:
        for number in range(30):
            opened.store(replace(ENGLISH, url=f"{URL}/{number}"), [], extractor="0", now=NOW)
    alive: list[int] = []

    def reread(*arguments: Any) -> Rereading:
        alive.append(sum(type(one) is Rereading for one in gc.get_objects()))
        return _reread(*arguments)

    monkeypatch.setattr("claims.rereading._reread", reread)
    answer = run("reextract", "--config", str(config), *more)
    assert "32 texts read again" in answer.err
    assert len(alive) == 32
    assert max(alive) <= min(alive) + 2


def test_what_is_agreed_to_is_written_and_nothing_else(
    run: Run, config: Path, outdated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("claims.commands.reextract", "claims.present"):
        monkeypatch.setattr(f"{module}.is_tty", lambda stream: True)
    answer = run("reextract", "--limit", "1", "--config", str(config), stdin=b"y\n")
    assert "write 1 text anew?" in answer.err
    assert "1 text written anew" in answer.err
    with Ledger.open(outdated) as opened:
        assert [version.extractor == "0" for version in opened.versions()] == [False, True]


def test_no_round_is_at_work_while_it_writes(
    run: Run, config: Path, outdated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds the round's lock for that; reading alone needs none."""
    before = outdated.read_bytes()
    with round_lock(outdated):
        assert run("reextract", "--config", str(config)).code == 0
        for more, reply in (("--write",), b""), ((), b"y\n"):
            answer = run("reextract", *more, "--config", str(config), stdin=reply)
            assert answer.code == 3
            assert "another round" in answer.err
            for module in ("claims.commands.reextract", "claims.present"):
                monkeypatch.setattr(f"{module}.is_tty", lambda stream: True)
    assert outdated.read_bytes() == before


def test_a_claim_that_gave_way_says_so(run: Run, config: Path, outdated: Path) -> None:
    number = next(hit.id for hit in search(outdated, Query(company="Meta")))
    run("reextract", "--write", "--config", str(config))
    answer = run("show", str(number), "--config", str(config))
    assert answer.code == 1
    assert f"claim {number} is gone: its article was read again on " in answer.err
    assert "there is no claim 999" in run("show", "999", "--config", str(config)).err


@pytest.mark.parametrize(("reply", "wrote"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_at_a_terminal_it_asks(
    run: Run, config: Path, outdated: Path, monkeypatch: pytest.MonkeyPatch, reply: str, wrote: bool
) -> None:
    terminal: Callable[[object], bool] = lambda stream: True  # noqa: E731
    for module in ("claims.commands.reextract", "claims.present"):
        monkeypatch.setattr(f"{module}.is_tty", terminal)
    monkeypatch.setenv("COLUMNS", "120")
    answer = run("reextract", "--config", str(config), stdin=reply.encode())
    assert "write 2 texts anew?" in answer.err
    assert "Other than before" in answer.out
    assert ("2 texts written anew" in answer.err) == wrote
    with Ledger.open(outdated) as opened:
        assert bool(aside(opened)) == wrote


def test_there_must_be_a_ledger(run: Run, config: Path) -> None:
    answer = run("reextract", "--config", str(config))
    assert answer.code == 2
    assert "there is no ledger" in answer.err
    assert not config.with_name("claims.db").exists()
