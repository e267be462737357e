"""Claims ⇄ rows. Standard library only, for the read side."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain

from db.errors import RecordRefused
from db.stems import STEMMED, clean, folded, stemmed, words
from extractors.claim import Claim, Due, Evidence, Kind, Place, Quantity, Reason, Status


def claim_columns(claim: Claim) -> dict[str, object]:
    """The columns of `claims` that say what the claim says. Raises RecordRefused on unfit numbers."""
    quantity, due = claim.quantity, claim.due
    return {
        "kind": str(claim.kind),
        "subject": clean(claim.subject),
        "object": clean_or_none(claim.object),
        "equivalent": int(claim.equivalent),
        "low": _number(quantity.low) if quantity else None,
        "high": _number(quantity.high) if quantity else None,
        "unit": clean(quantity.unit) if quantity else None,
        "approx": int(bool(quantity and quantity.approx)),
        "due_start": _iso(due.start) if due else None,
        "due_end": _iso(due.end) if due else None,
        "status": str(claim.status),
        "speaker": clean_or_none(claim.speaker),
        "counterparty": clean_or_none(claim.counterparty),
        "confidence": _number(claim.confidence),
        "reasons": _reasons_json(claim.reasons),
    }


# What makes two claims of one text the same, and so lets a claim keep its id when it is extracted anew.
IDENTITY = (
    "kind",
    "subject",
    "object",
    "equivalent",
    "low",
    "high",
    "unit",
    "due_start",
    "due_end",
    "status",
)


# What makes claims of different texts the same, where nobody has grouped them into a statement.
SAME = ("subject", "low", "kind", "object", "high", "unit", "equivalent", "due_start", "due_end")


def identity(columns: sqlite3.Row | dict[str, object]) -> tuple[object, ...]:
    """The columns by which claims of one text are told apart."""
    return tuple(columns[name] for name in IDENTITY)


def index_columns(claim: Claim, title: str, lang: str) -> dict[str, str]:
    """The columns of `claims_fts` for a claim of an article with this title and language."""
    sentences = " ".join(e.text for e in claim.evidence if e.place is Place.TEXT)
    parts = {
        "subject": claim.subject,
        "object": claim.object or "",
        "counterparty": claim.counterparty or "",
        "evidence": sentences,
        "title": title,
    }
    said = {name: _words(text) for name, text in parts.items()}
    every = [*chain.from_iterable(said.values())]
    stems = {code: stemmed(every, code) if lang in readers else "" for code, readers in STEMMED.items()}
    return {name: folded(own) for name, own in said.items()} | stems


# The claims of an article share a title, and often names.
_words = lru_cache(maxsize=1000)(words)


def claim_of(row: sqlite3.Row, evidence: Iterable[sqlite3.Row]) -> Claim:
    """The claim in a row of `claims` with its rows of `evidence`. Raises ValueError on a damaged row."""
    return Claim(
        kind=Kind(row["kind"]),
        subject=row["subject"],
        object=row["object"],
        quantity=_quantity_of(row),
        due=_due_of(row),
        status=Status(row["status"]),
        evidence=tuple(Evidence(e["start"], e["end"], e["text"], Place(e["place"])) for e in evidence),
        equivalent=bool(row["equivalent"]),
        speaker=row["speaker"],
        counterparty=row["counterparty"],
        confidence=row["confidence"],
        reasons=tuple(Reason(*entry) for entry in json.loads(row["reasons"])),
    )


def _quantity_of(row: sqlite3.Row) -> Quantity | None:
    if row["unit"] is None:
        return None
    return Quantity(row["low"], row["high"], row["unit"], bool(row["approx"]))


def _due_of(row: sqlite3.Row) -> Due | None:
    start, end = day_of(row["due_start"]), day_of(row["due_end"])
    return Due(start, end) if start or end else None


def day_of(text: str | None) -> date | None:
    """A day column."""
    return date.fromisoformat(text) if text else None


def clean_or_none(text: str | None) -> str | None:
    """A text column that may be empty."""
    return None if text is None else clean(text)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _number(value: float | None) -> float | None:
    """SQLite would keep "not a number" as NULL, silently another claim."""
    if value is None:
        return None
    try:
        plain = float(value)
    except OverflowError as error:
        raise RecordRefused(f"the number {value} is too large to keep") from error
    if not math.isfinite(plain):
        raise RecordRefused(f"{value} is no number to keep: the extraction is wrong")
    return plain


def _reasons_json(reasons: Sequence[Reason]) -> str:
    entries = [[r.field, r.rule, r.detail, r.score] for r in reasons]
    return json.dumps(entries)  # ASCII, so that even lone surrogates survive
