"""What is remembered of recurring blocks: per outlet, bounded, the newest."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from ledger_making import NOW, article, claim

from db.errors import RecordRefused
from db.ledger import Ledger
from db.segments import Blocks


def remember(
    ledger: Ledger, outlet: str, held: dict[str, tuple[str, ...]], *, now: datetime = NOW, limit: int = 9
) -> None:
    """With an article that is there already, so that nothing else is written."""
    ledger.store(article(1), [], extractor="1", now=now, blocks=Blocks(outlet, held, limit))


def test_marks_come_back_for_their_outlet_only(ledger: Ledger) -> None:
    remember(ledger, "a.example", {"m1": ("x", "y"), "m2": ("x",)})
    assert ledger.segments("a.example", ["m1", "m2", "m3"]) == {"m1": ("x", "y"), "m2": ("x",)}
    assert ledger.segments("b.example", ["m1"]) == {}


def test_what_is_told_again_replaces_what_was(ledger: Ledger) -> None:
    remember(ledger, "a.example", {"m1": ("x",)})
    remember(ledger, "a.example", {"m1": ("x", "y")})
    assert ledger.segments("a.example", ["m1"]) == {"m1": ("x", "y")}


def test_an_outlet_keeps_its_newest_blocks(ledger: Ledger) -> None:
    remember(ledger, "b.example", {"old": ("x",)}, limit=3)
    for number in range(6):
        at = NOW + timedelta(minutes=number)
        remember(ledger, "a.example", {f"m{number}": ("x",)}, now=at, limit=3)
    kept = ledger.segments("a.example", [f"m{number}" for number in range(6)])
    assert sorted(kept) == ["m3", "m4", "m5"]
    assert ledger.segments("b.example", ["old"])


def test_a_block_seen_again_stays_though_nothing_about_it_changes(ledger: Ledger) -> None:
    for number in range(9):
        at = NOW + timedelta(minutes=number)
        remember(ledger, "a.example", {"box": ("x", "y", "z"), f"m{number}": ("x",)}, now=at, limit=3)
    assert ledger.segments("a.example", ["box", "m0", "m8"]) == {"box": ("x", "y", "z"), "m8": ("x",)}


def test_blocks_are_remembered_with_their_article_or_not_at_all(ledger: Ledger) -> None:
    """One transaction: what a killed or refused one leaves behind is neither."""
    one, other = article(70), article(71)
    blocks = Blocks("a.example", {"m1": ("x",)}, 9)
    with pytest.raises(RecordRefused):
        ledger.store(one, [claim(other)], extractor="1", now=NOW, blocks=blocks)
    assert ledger.segments("a.example", ["m1"]) == {}
    ledger.store(one, [claim(one)], extractor="1", now=NOW, blocks=blocks)
    assert ledger.segments("a.example", ["m1"]) == {"m1": ("x",)}
