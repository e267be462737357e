"""`claims feed`: well-formed whatever an article holds, and the same entries each time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from db.ledger import Ledger
from extractors.claim import Kind

from .conftest import ENGLISH, META, NOW, Run, evidence_of
from .digest_making import Told, a_week, says

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(run: Run, *arguments: str) -> list[ET.Element]:
    answer = run("feed", *arguments)
    assert answer.code == 0, answer.err
    feed = ET.fromstring(answer.out)  # noqa: S314  our own
    assert feed.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated", "author"):
        assert feed.find(ATOM + needed) is not None
    return feed.findall(f"{ATOM}entry")


def text(entry: ET.Element, name: str) -> str:
    return entry.findtext(ATOM + name) or ""


@pytest.mark.usefixtures("ledger")
def test_an_entry(run: Run) -> None:
    (entry,) = entries(run, "--company", "facebook")
    assert text(entry, "title").startswith("Meta: ~350,000 NVIDIA H100 by 2024-12-31")
    assert text(entry, "updated") == "2024-01-20T12:00:00Z"
    assert text(entry, "published") == "2024-01-18T00:00:00Z"
    link = entry.find(f"{ATOM}link")
    assert link is not None and link.get("href", "").startswith(
        "https://example.org/meta#:~:text=Meta%20will"
    )
    quote = entry.find(".//{http://www.w3.org/1999/xhtml}blockquote")
    assert quote is not None and "".join(quote.itertext()).strip() == META.evidence[0].text
    assert quote.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


@pytest.mark.usefixtures("ledger")
def test_a_reader_understands_it(run: Run) -> None:
    found = feedparser.parse(run("feed").out)
    assert not found.bozo
    assert {entry.id for entry in found.entries} == {text(entry, "id") for entry in entries(run)}
    assert all(entry.id.startswith("urn:uuid:") for entry in found.entries)


@pytest.mark.usefixtures("ledger")
def test_it_is_called_by_what_was_asked_for(run: Run) -> None:
    titles = [
        ET.fromstring(run("feed", *asked).out).findtext(f"{ATOM}title")  # noqa: S314  our own
        for asked in ((), ("H100", "--company", "meta"))
    ]
    assert titles == ["Claims", "Claims: H100 company:meta"]


@pytest.mark.usefixtures("ledger")
def test_any_field_and_a_limit(run: Run) -> None:
    assert len(entries(run)) == 2
    assert len(entries(run, "--limit", "1")) == 1
    assert [text(entry, "title")[:6] for entry in entries(run, "kind:investment -company:meta")] == ["Norvik"]
    assert run("feed", "due:<20x5").code == 2


def test_an_edited_article_keeps_its_entry(ledger: Path, run: Run) -> None:
    (before,) = entries(run, "--company", "meta")
    edited = replace(ENGLISH, text=f"New first words. {ENGLISH.text}")
    claim = replace(META, evidence=(evidence_of(edited, META.evidence[0].text),))
    with Ledger.open(ledger) as opened:
        opened.store(edited, [claim], extractor="1", now=NOW + timedelta(days=3))
    (after,) = entries(run, "--company", "meta")
    for name in ("id", "updated", "title"):
        assert text(after, name) == text(before, name)


@pytest.mark.usefixtures("ledger")
def test_nothing_found_is_an_empty_feed(run: Run) -> None:
    answer = run("feed", "--company", "nobody")
    assert answer.code == 1
    assert ET.fromstring(answer.out).find(f"{ATOM}entry") is None  # noqa: S314
    assert "no company 'nobody'" in answer.err


def test_hostile_text_stays_well_formed(config: Path, run: Run) -> None:
    nasty = "]]> <script>x</script> & \x00\x01\x1b[31m \ufffe\uffff \u202e\ud800 <![CDATA[ <?php \u0085"
    hostile = Told(
        *("h", "wirewatch", "en", nasty),
        f"{nasty} orders 7 boards",
        says(Kind.ORDER, f"Acme {nasty}", 7, object=nasty),
        url="https://wirewatch.example/a?b=<c>&d=\"e\"'f'",
    )
    a_week(config.parent / "claims.db", (hostile,))
    every = entries(run, "--limit", "100")
    (entry,) = [entry for entry in every if "Acme" in text(entry, "title")]
    assert "<script>x</script>" in text(entry, "title")
    assert len(every) == 24


def test_ids_are_not_the_ledgers(tmp_path: Path, config: Path, run: Run) -> None:
    """Another ledger of the same articles, filled in another order, gives the same entries."""
    a_week(config.parent / "claims.db")
    one = {text(entry, "id") for entry in entries(run, "--limit", "100")}
    (config.parent / "claims.db").unlink()
    first = Told("first", "gridpost", "en", "f", "First of all.", says(Kind.JOBS, "First", 7, "jobs"))
    a_week(config.parent / "claims.db", (replace(first, seen=NOW),))
    other = {text(entry, "id") for entry in entries(run, "--limit", "100")}
    assert one < other and len(other) == len(one) + 1
