"""What is remembered of recurring blocks: per outlet, bounded, the newest."""

from __future__ import annotations

from datetime import timedelta

from ledger_making import NOW

from db.ledger import Ledger


def test_marks_come_back_for_their_outlet_only(ledger: Ledger) -> None:
    ledger.remember_segments("a.example", {"m1": ("x", "y"), "m2": ("x",)}, now=NOW, limit=9)
    assert ledger.segments("a.example", ["m1", "m2", "m3"]) == {"m1": ("x", "y"), "m2": ("x",)}
    assert ledger.segments("b.example", ["m1"]) == {}


def test_what_is_told_again_replaces_what_was(ledger: Ledger) -> None:
    ledger.remember_segments("a.example", {"m1": ("x",)}, now=NOW, limit=9)
    ledger.remember_segments("a.example", {"m1": ("x", "y")}, now=NOW, limit=9)
    assert ledger.segments("a.example", ["m1"]) == {"m1": ("x", "y")}


def test_an_outlet_keeps_its_newest_blocks(ledger: Ledger) -> None:
    ledger.remember_segments("b.example", {"old": ("x",)}, now=NOW, limit=3)
    for number in range(6):
        at = NOW + timedelta(minutes=number)
        ledger.remember_segments("a.example", {f"m{number}": ("x",)}, now=at, limit=3)
    kept = ledger.segments("a.example", [f"m{number}" for number in range(6)])
    assert sorted(kept) == ["m3", "m4", "m5"]
    assert ledger.segments("b.example", ["old"])
