"""R20, the quarantine row: a page that did harm is left alone, longer each time, until it mends."""

from __future__ import annotations

from datetime import timedelta

from ledger_making import NOW, article

from db.ledger import Ledger

BAD = "https://www.example.org/bad"
DAY = timedelta(days=1)


def test_a_page_is_shut_away_for_a_day_then_for_longer(ledger: Ledger) -> None:
    assert not ledger.quarantined(BAD, now=NOW)
    ledger.shut_away(BAD, "too large", "the page took more than 20 s", now=NOW)
    assert ledger.quarantined(BAD, now=NOW + DAY - timedelta(seconds=1))
    assert not ledger.quarantined(BAD, now=NOW + DAY)
    ledger.shut_away(BAD, "too large", "the page ended its reader", now=NOW + DAY)
    assert ledger.quarantined(BAD, now=NOW + 2.9 * DAY)
    [row] = ledger.in_quarantine()
    assert (row.url, row.reason, row.message, row.times) == (BAD, "too large", "the page ended its reader", 2)
    assert (row.first, row.last, row.until) == (NOW, NOW + DAY, NOW + 3 * DAY)


def test_the_time_has_an_end(ledger: Ledger) -> None:
    for times in range(40):
        ledger.shut_away(BAD, "too large", "", now=NOW + times * DAY)
    assert ledger.in_quarantine()[0].until - ledger.in_quarantine()[0].last == 64 * DAY


def test_one_page_or_all_are_let_out(ledger: Ledger) -> None:
    for number in range(3):
        ledger.shut_away(f"{BAD}/{number}", "too large", "", now=NOW)
    assert ledger.release(f"{BAD}/1") == 1
    assert [row.url for row in ledger.in_quarantine()] == [f"{BAD}/0", f"{BAD}/2"]
    assert ledger.release() == 2
    assert ledger.in_quarantine() == []


def test_a_page_that_can_be_read_is_out(ledger: Ledger) -> None:
    ledger.shut_away(BAD, "too large", "", now=NOW)
    ledger.shut_away(f"{BAD}/2", "too large", "", now=NOW)
    ledger.store(article(1, fetched_url=BAD), [], extractor="1", now=NOW)
    assert [row.url for row in ledger.in_quarantine()] == [f"{BAD}/2"]
