from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from ledger_making import NOW, SOURCE, STATE, article, claim, contents, fill

from db import writing
from db.connection import pragma
from db.errors import LedgerError, RecordRefused
from db.ledger import Counts, Ledger, RoundRow, Stored
from db.search import Query, search, show
from extractors.claim import Due, Evidence, Kind, Place, Quantity, Status
from scraper.article import Article, FetchState, Source


def test_a_new_article_is_kept_whole(ledger: Ledger, path: Path) -> None:
    one = article()
    stored = ledger.store(one, [claim(one), claim(one, kind=Kind.DEPLOYMENT)], extractor="1", now=NOW)
    assert stored == Stored(1, 1, new_article=True, new_version=True, claims=2)
    assert ledger.article(1) == one
    assert ledger.counts() == Counts(articles=1, versions=1, claims=2, evidence=2, sources=1)
    assert [hit.claim for hit in search(path, Query())] == [claim(one), claim(one, kind=Kind.DEPLOYMENT)]


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": None, "due": None, "object": None, "speaker": None, "counterparty": None, "reasons": ()},
        {"quantity": Quantity(None, 5e18, "FLOPS"), "due": Due(date(1999, 1, 1), None), "equivalent": True},
        {"quantity": Quantity(0.125, None, "EUR"), "due": Due(date(2026, 1, 1), date(2026, 1, 1))},
        {"subject": 'O\'Reilly "& Söhne" 東京', "status": Status.DENIED, "confidence": 0.1 + 0.2},
        {"evidence": (Evidence(0, 7, "Bericht", Place.TITLE), Evidence(0, 4, "Acme"))},
    ],
    ids=",".join,
)
def test_a_claim_comes_back_as_it_was(ledger: Ledger, path: Path, changes: dict[str, object]) -> None:
    one = article()
    kept = claim(one, **changes)
    ledger.store(one, [kept], extractor="1", now=NOW)
    shown = show(path, 1)
    assert shown is not None
    assert shown.hit.claim == kept
    assert shown.reasons == kept.reasons
    assert (shown.article_text, shown.article_title, shown.extractor) == (one.text, one.title, "1")


@pytest.mark.parametrize("published", [None, "kept"])
def test_an_article_without_a_day_or_source_comes_back(ledger: Ledger, published: str | None) -> None:
    bare = article(source="", authors=(), fetched_url="")
    if published is None:
        bare = article(source="", authors=(), fetched_url="", published=None)
    ledger.store(bare, [], extractor="1", now=NOW)
    assert ledger.article(1) == bare


def test_the_same_round_twice_adds_nothing(path: Path) -> None:
    fill(path)
    before = contents(path)
    with Ledger.open(path) as ledger:
        for number in (1, 2, 3):
            one = article(number)
            again = ledger.store(one, [claim(one)], extractor="1", now=NOW + timedelta(days=1))
            assert again == Stored(number, 1, new_article=False, new_version=False, claims=0)
        ledger.save_state(SOURCE, STATE)
    assert contents(path) == before


def test_a_changed_text_is_a_new_version_and_old_claims_stay(ledger: Ledger, path: Path) -> None:
    old, new = article(), article(text="Acme kauft nun doch 2.000 Rechner.")
    ledger.store(old, [claim(old)], extractor="1", now=NOW)
    stored = ledger.store(new, [claim(new)], extractor="1", now=NOW)
    assert stored == Stored(1, 2, new_article=False, new_version=True, claims=1)
    assert [(hit.id, hit.version, hit.current) for hit in search(path, Query())] == [(2, 2, True)]
    every = search(path, Query(every_version=True))
    assert [(hit.id, hit.version, hit.current) for hit in every] == [(2, 2, True), (1, 1, False)]
    shown = show(path, 1)
    assert shown is not None
    assert shown.article_text == old.text
    assert not shown.hit.current


def test_an_article_that_returns_to_its_first_text_adds_nothing(ledger: Ledger, path: Path) -> None:
    old, new = article(), article(text="Acme kauft nun doch 2.000 Rechner.")
    for one in (old, new):
        ledger.store(one, [claim(one)], extractor="1", now=NOW)
    assert ledger.store(old, [claim(old)], extractor="1", now=NOW) == Stored(1, 1, False, False, 0)
    assert [(hit.version, hit.current) for hit in search(path, Query())] == [(1, True)]
    assert ledger.integrity() == []


def changed(number: int) -> Article:
    """Text `number` of one and the same article."""
    return article(text=f"Acme kauft {number} Rechner.")


def test_r16_a_text_that_changes_at_every_fetch_makes_24_versions(ledger: Ledger, path: Path) -> None:
    for number in range(1, 25):
        one = changed(number)
        assert ledger.lacks(one)
        assert ledger.store(one, [claim(one)], extractor="1", now=NOW).new_version
    before = contents(path)
    for number in (25, 26):
        one = changed(number)
        assert not ledger.lacks(one)
        assert ledger.store(one, [claim(one)], extractor="1", now=NOW) == Stored(1, 24, False, False, 0)
    assert contents(path) == before
    assert [hit.version for hit in search(path, Query())] == [24]
    assert len(search(path, Query(every_version=True, limit=100))) == 24
    # Going back to a text that was kept is no new version.
    assert ledger.store(changed(3), [], extractor="1", now=NOW).version == 3
    assert [hit.version for hit in search(path, Query())] == [3]


def test_r17_what_is_lacking_is_a_new_text(ledger: Ledger) -> None:
    """A changed title or text is one, another time or author is none: that is what a version is."""
    assert ledger.lacks(article())
    ledger.store(article(), [], extractor="1", now=NOW)
    assert not ledger.lacks(article(authors=("Jo",), published=None))
    assert ledger.lacks(article(title="Korrektur"))
    assert ledger.lacks(changed(2))
    assert ledger.lacks(article(2))


def test_threads_may_ask_what_is_known(ledger: Ledger) -> None:
    """They see what is committed at once, and nothing of a transaction that is open."""
    url = article().url
    with ThreadPoolExecutor(4) as threads, ledger.asked_by_threads() as known:
        assert not any(threads.map(known, [url] * 50))
        with ledger._writing() as connection:
            writing.article_row(connection, article(), "2025-01-01T00:00:00+00:00")
            assert not any(threads.map(known, [url] * 50))
        assert all(threads.map(known, [url] * 50))
    with pytest.raises(LedgerError, match="closed"):
        known(url)


def test_articles_wait_for_the_disk_and_states_do_not(ledger: Ledger) -> None:
    """A power cut may cost a poll, never an article that was reported as kept."""
    levels = []
    ledger._connection.set_trace_callback(lambda sql: levels.append(sql) if "synchronous" in sql else None)
    ledger.save_state(SOURCE, STATE)
    assert levels == ["PRAGMA synchronous = NORMAL", "PRAGMA synchronous = FULL"]
    ledger.store(article(), [], extractor="1", now=NOW)
    assert pragma(ledger._connection, "synchronous") == 2
    assert len(levels) == 3  # the question itself
    with pytest.raises(RecordRefused, match="no zone"):
        ledger.save_state(SOURCE, FetchState(checked=datetime(2025, 1, 1)))
    assert pragma(ledger._connection, "synchronous") == 2


def test_states_are_kept_by_name(ledger: Ledger) -> None:
    ledger.save_state(SOURCE, STATE)
    ledger.store(article(source="other"), [], extractor="1", now=NOW)
    assert ledger.states() == {SOURCE.name: (SOURCE.url, STATE), "other": ("", FetchState())}


def test_both_addresses_of_an_article_are_known(ledger: Ledger) -> None:
    assert not ledger.known(article().url)
    ledger.store(article(), [], extractor="1", now=NOW)
    assert ledger.known("https://www.example.org/1")
    assert ledger.known("https://www.example.org/1?feed")
    assert not ledger.known("https://www.example.org/")
    assert not ledger.known("")


def test_a_fetch_state_comes_back_as_it_was(ledger: Ledger) -> None:
    assert ledger.state("heise") == FetchState()
    ledger.save_state(SOURCE, STATE)
    assert ledger.state("heise") == STATE
    ledger.save_state(SOURCE, FetchState())
    assert ledger.state("heise") == FetchState()


def test_sources_are_listed_with_what_they_gave(ledger: Ledger) -> None:
    for number in (1, 2):
        one = article(number)
        ledger.store(one, [claim(one), claim(one, kind=Kind.DEPLOYMENT)], extractor="1", now=NOW)
    changed = article(2, "Acme kauft nichts.")
    ledger.store(changed, [], extractor="1", now=NOW)
    before = ledger.sources()
    assert [(row.name, row.url, row.articles, row.claims) for row in before] == [("heise", "", 2, 2)]
    ledger.save_state(SOURCE, STATE)
    ledger.save_state(Source("another", "https://www.example.com/", "en"), FetchState())
    another, heise = ledger.sources()
    assert (heise.url, heise.lang, heise.state, heise.articles, heise.claims) == (
        SOURCE.url, "de", STATE, 2, 2,
    )  # fmt: skip
    assert heise.newest == date(2025, 3, 1)
    assert (another.articles, another.claims, another.newest) == (0, 0, None)


def test_the_day_published_is_the_one_at_its_place(ledger: Ledger, path: Path) -> None:
    late = datetime(2025, 2, 28, 23, 30, tzinfo=UTC)  # already March in Berlin
    base = article()
    assert base.published is not None
    one = article(published=type(base.published)(late, "", base.published.precision, base.published.origin,
                                                 "Europe/Berlin"))  # fmt: skip
    ledger.store(one, [claim(one)], extractor="1", now=NOW)
    assert [hit.published for hit in search(path, Query(since=date(2025, 3, 1)))] == [date(2025, 3, 1)]


def test_claims_extracted_anew_replace_the_old_and_keep_their_numbers(ledger: Ledger, path: Path) -> None:
    one = article()
    kept, gone, new = claim(one), claim(one, kind=Kind.PRICE), claim(one, kind=Kind.LAUNCH, quantity=None)
    ledger.store(one, [gone, kept], extractor="1", now=NOW)
    assert ledger.outdated("1") == []
    assert ledger.outdated("2") == [1]
    ledger.replace_claims(1, [new, claim(one, speaker=None), kept], "2")
    assert ledger.outdated("2") == []
    found = {hit.id: hit.claim for hit in search(path, Query())}
    assert found == {3: new, 2: claim(one, speaker=None), 4: kept}
    assert len(search(path, Query("rechner"))) == 3
    assert ledger.integrity() == []


def test_extracting_anew_into_nothing_is_remembered(ledger: Ledger, path: Path) -> None:
    one = article()
    ledger.store(one, [claim(one)], extractor="1", now=NOW)
    ledger.replace_claims(1, [], "2")
    assert ledger.outdated("2") == []
    assert search(path, Query()) == []
    assert ledger.counts().evidence == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"evidence": ()}, "no evidence"),
        ({"evidence": (Evidence(1, 5, "Acme"),)}, "does not stand"),
        ({"evidence": (Evidence(0, 4, "Acme", Place.TITLE),)}, "does not stand"),
        ({"evidence": (Evidence(-4, -1, "fen"),)}, "does not stand"),
        ({"evidence": (Evidence(3, 3, ""),)}, "does not stand"),
        ({"quantity": Quantity(float("nan"), None, "W")}, "no number"),
        ({"quantity": Quantity(1.0, float("inf"), "W")}, "no number"),
        ({"quantity": Quantity(10**400, None, "W")}, "too large"),
        ({"confidence": float("nan")}, "no number"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(
    ledger: Ledger, path: Path, changes: dict[str, object], says: str
) -> None:
    one = article()
    ledger.store(one, [claim(one)], extractor="1", now=NOW)
    before = contents(path)
    other = article(2)
    with pytest.raises(RecordRefused, match=says):
        ledger.store(other, [claim(other), claim(other, **changes)], extractor="1", now=NOW)
    with pytest.raises(RecordRefused, match=says):
        ledger.replace_claims(1, [claim(one), claim(one, **changes)], "2")
    assert contents(path) == before


def test_an_instant_without_a_zone_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RecordRefused, match="no zone"):
        ledger.store(article(), [], extractor="1", now=NOW.replace(tzinfo=None))
    assert ledger.counts().articles == 0


@pytest.mark.parametrize("number", [0, 2, -1, 2**63, 2**80])
def test_numbers_of_nothing_are_refused(ledger: Ledger, path: Path, number: int) -> None:
    ledger.store(article(), [], extractor="1", now=NOW)
    with pytest.raises(RecordRefused):
        ledger.article(number)
    with pytest.raises(RecordRefused):
        ledger.replace_claims(number, [], "2")
    with pytest.raises(RecordRefused):
        ledger.finish_round(number, now=NOW, articles=0, claims=0, errors=0)
    assert show(path, number) is None


@pytest.mark.parametrize("odd", ["\ud800", "\0", "a\0b", "\udfff end", "𝔘𝔫𝔦", "e\u0301", "\u202e", "\ufdfd"])
def test_odd_characters_hold_their_places(ledger: Ledger, path: Path, odd: str) -> None:
    text = f"Zuerst {odd} und dann: Acme kauft {odd} Rechner."
    one = article(1, text, title=f"Titel {odd}", url=f"https://www.example.org/{odd}", source=f"s{odd}")
    start = text.index("Acme")
    sentence = Evidence(start, len(text), text[start:])
    kept = claim(one, evidence=(sentence,), subject=f"Acme {odd}", speaker=odd)
    assert ledger.store(one, [kept], extractor=odd, now=NOW).claims == 1
    assert ledger.store(one, [kept], extractor=odd, now=NOW).new_version is False
    assert ledger.known(one.url)
    ledger.save_state(Source(f"s{odd}", odd, "de"), FetchState(etag=odd, last_message=odd, extra={odd: odd}))
    assert ledger.integrity() == []
    back = ledger.article(1)
    assert len(back.text) == len(text)
    [hit] = search(path, Query("rechner", company=f"acme {odd}"))
    [evidence] = hit.claim.evidence
    assert back.text[evidence.start : evidence.end] == evidence.text


def test_rounds_are_kept_and_one_cut_off_shows(ledger: Ledger) -> None:
    first, second = ledger.start_round(NOW), ledger.start_round(NOW)
    ledger.finish_round(first, now=NOW + timedelta(minutes=1), articles=3, claims=5, errors=1)
    assert ledger.rounds() == [
        RoundRow(second, NOW, None, 0, 0, 0),
        RoundRow(first, NOW, NOW + timedelta(minutes=1), 3, 5, 1),
    ]
    assert [row.id for row in ledger.rounds(1)] == [second]


def test_integrity_names_what_is_wrong(ledger: Ledger) -> None:
    one = article()
    ledger.store(one, [claim(one)], extractor="1", now=NOW)
    assert ledger.integrity() == []
    connection = ledger._connection
    connection.execute("UPDATE versions SET current = 0")
    assert ledger.integrity() == [
        "1 articles have no current text",
        "1 claims of texts that are no longer current are still in a thread",
    ]
    connection.execute("UPDATE versions SET current = 1, text = 'x' || text")
    assert ledger.integrity() == ["1 evidence sentences do not stand in their article"]
    connection.execute("DELETE FROM evidence")
    assert ledger.integrity() == ["1 claims have no evidence"]
    connection.execute("DELETE FROM claims_fts")
    assert "1 claims cannot be found by their words" in ledger.integrity()
    connection.execute("DELETE FROM claims")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("UPDATE versions SET article_id = 7")
    problems = ledger.integrity()
    assert any("points to a row of articles" in problem for problem in problems)


def test_a_damaged_word_index_shows(ledger: Ledger) -> None:
    one = article()
    ledger.store(one, [claim(one)], extractor="1", now=NOW)
    ledger._connection.execute("DELETE FROM claims_fts_idx")
    ledger._connection.execute("UPDATE claims_fts_content SET c0 = 'something else'")
    assert any("word index" in problem for problem in ledger.integrity())


def test_closing_twice_is_fine(path: Path) -> None:
    ledger = Ledger.open(path)
    ledger.close()
    ledger.close()
    assert not path.with_name(path.name + "-wal").exists()
