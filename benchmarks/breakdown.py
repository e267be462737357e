"""Where the extractor is right and where it errs: figures by kind, field and language, and what is spurious.

    python -m benchmarks.breakdown                 over dev
    python -m benchmarks.breakdown --held FILE     over `python -m benchmarks.train --predictions FILE`
    python -m benchmarks.breakdown --write         also writes the tables into docs/limits.md

Core, full and agreement are those of docs/guidelines.md. Precision of a kind counts the claims found as that
kind, recall those annotated as it. Exit code 1 where more is found in empty articles than the limit.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.gate import LANGUAGES
from benchmarks.predictions import (
    Judged,
    PredictionsError,
    Record,
    arguments_of,
    judged_by,
    publish,
    table,
)
from tests.gold.score import (
    KINDS,
    due_agrees,
    evidence_agrees,
    full_agrees,
    match_claims,
    names_agree,
    quantity_agrees,
)

SPURIOUS_LIMIT = 1.0
"""Claims found in ten articles that hold none, at most."""
TARGETS = {"core": 0.85, "full": 0.75}
"""The F1 asked for on articles that nobody here has seen."""
GROUPS = ("all", *LANGUAGES)


def _said(gold: Record, name: str) -> list[str]:
    return [gold.get(name) or "", *gold.get(f"{name}_aliases", [])]


FIELDS: dict[str, Callable[[Record, Record], bool]] = {
    "kind": lambda g, p: g["kind"] == p["kind"],
    "due": lambda g, p: due_agrees(g.get("due"), p.get("due")),
    "status": lambda g, p: g["status"] == p["status"],
    "speaker": lambda g, p: names_agree(_said(g, "speaker"), p.get("speaker")),
    "counterparty": lambda g, p: names_agree(_said(g, "counterparty"), p.get("counterparty")),
    "approx": lambda g, p: bool(g.get("approx")) == bool(p.get("approx")),
    "equivalent": lambda g, p: bool(g.get("equivalent")) == bool(p.get("equivalent")),
    "evidence": lambda g, p: evidence_agrees(g["evidence"], p.get("evidence")),
}
"""Whether a field of a matched pair agrees; subject, amount and unit always do, or it were no match."""


@dataclass(slots=True)
class Counts:
    """What was counted, by (language or "all", kind or "all")."""

    gold: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    hits: dict[str, Counter[tuple[str, str, str]]] = field(
        default_factory=lambda: {"core": Counter(), "full": Counter()}
    )  # by language, kind, and whose kind it is: that annotated or that found
    agreeing: Counter[tuple[str, str]] = field(default_factory=Counter)  # by language and field
    matched: Counter[str] = field(default_factory=Counter)  # by language
    empty: Counter[str] = field(default_factory=Counter)  # articles, by language
    spurious: Counter[str] = field(default_factory=Counter)  # claims in them, by language
    errors: Counter[tuple[str, str]] = field(default_factory=Counter)  # by language and class


def count(judged: Judged) -> Counts:
    """All counts of one set of articles."""
    counts = Counts()
    for row in judged.articles:
        found = judged.found[row["id"]]
        for lang in ("all", row["lang"]):
            _count_article(counts, lang, row["claims"], found)
    return counts


def _count_article(counts: Counts, lang: str, gold: list[Record], found: list[Record]) -> None:
    for claims, counter in ((gold, counts.gold), (found, counts.found)):
        for claim in claims:
            counter.update([(lang, "all"), (lang, claim["kind"])])
    matched = match_claims(gold, found)
    for i, j in matched:
        _count_match(counts, lang, gold[i], found[j])
    hits, used = {i for i, _ in matched}, {j for _, j in matched}
    missed = [claim for i, claim in enumerate(gold) if i not in hits]
    wrong = [claim for j, claim in enumerate(found) if j not in used]
    counts.errors.update((lang, name) for name in _classes(missed, wrong))
    if not gold:
        counts.empty[lang] += 1
        counts.spurious[lang] += len(found)


def _count_match(counts: Counts, lang: str, gold: Record, found: Record) -> None:
    counts.matched[lang] += 1
    for name, agrees in FIELDS.items():
        counts.agreeing[lang, name] += agrees(gold, found)
    levels = ["core", "full"] if full_agrees(gold, found) else ["core"]
    for level in levels:
        for side, claim in (("gold", gold), ("found", found)):
            counts.hits[level].update([(lang, "all", side), (lang, claim["kind"], side)])


def _classes(missed: Sequence[Record], wrong: Sequence[Record]) -> Iterator[str]:
    """What went wrong with each missed claim, and with what was found beyond them."""
    left = list(wrong)
    for gold in missed:
        near = next((claim for claim in left if _same_amount(gold, claim)), None)
        if near is None:
            yield "not found at all"
            continue
        left.remove(near)
        party = names_agree(_said(gold, "subject"), near["subject"])
        yield (
            "found for the right party, with another product or kind" if party else "found for another party"
        )
    yield from ("found where nothing is annotated" for _ in left)


def _same_amount(gold: Record, found: Record) -> bool:
    """The same amount, or for launches the same time or product."""
    if not quantity_agrees(gold.get("quantity"), found.get("quantity")):
        return False
    if gold.get("quantity"):
        return bool(gold.get("unit") == found.get("unit"))
    return due_agrees(gold.get("due"), found.get("due")) or names_agree(
        _said(gold, "object"), found["object"]
    )


def by_kind(counts: Counts, lang: str, level: str) -> dict[str, dict[str, Any]]:
    """Precision, recall and F1 of each kind that occurs, and of all together."""
    figures = {}
    for kind in ("all", *KINDS):
        gold, found = counts.gold[lang, kind], counts.found[lang, kind]
        if gold or found:
            hits = counts.hits[level]
            precision = hits[lang, kind, "found"] / found if found else 0.0
            recall = hits[lang, kind, "gold"] / gold if gold else 0.0
            f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
            figures[kind] = {"gold": gold, "found": found, "p": precision, "r": recall, "f1": f1}
    return figures


def kinds_table(counts: Counts, lang: str) -> str:
    """The kinds of one language, or of both."""
    core, full = (by_kind(counts, lang, level) for level in ("core", "full"))
    heads = ("kind", "annotated", "found", *(f"{level} {f}" for level in TARGETS for f in ("P", "R", "F1")))
    rows = (
        (kind, str(row["gold"]), str(row["found"]), *_three(row), *_three(full[kind]))
        for kind, row in core.items()
    )
    return table(heads, rows)


def _three(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(_share(row[name]) for name in ("p", "r", "f1"))


def _share(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if value < 1 else "1.000"


def totals_table(counts: Counts) -> str:
    """F1 by language against what the issue asks for."""
    rows = [
        (
            level,
            *(_share(by_kind(counts, g, level).get("all", {"f1": 0.0})["f1"]) for g in GROUPS),
            _share(goal),
        )
        for level, goal in TARGETS.items()
    ]
    return table(("F1", "both", *LANGUAGES, "asked for"), rows)


def _f1(counts: Counts, lang: str, level: str) -> float:
    row = by_kind(counts, lang, level).get("all")
    return row["f1"] if row else 0.0


def fields_table(counts: Counts) -> str:
    """The share of matched claims in which each field agrees."""
    rows = (
        (name, *(_share(counts.agreeing[g, name] / max(counts.matched[g], 1)) for g in GROUPS))
        for name in FIELDS
    )
    return table(
        ("field", "both", *LANGUAGES), [*rows, ("matched", *(str(counts.matched[g]) for g in GROUPS))]
    )


CLASSES = (
    "not found at all",
    "found for another party",
    "found for the right party, with another product or kind",
    "found where nothing is annotated",
)


def errors_table(counts: Counts) -> str:
    """What went wrong, by class and language."""
    rows = ((name, *(str(counts.errors[lang, name]) for lang in GROUPS)) for name in CLASSES)
    annotated = ("annotated claims", *(str(counts.gold[lang, "all"]) for lang in GROUPS))
    return table(("error", "both", *LANGUAGES), [*rows, annotated])


def rate(counts: Counts, lang: str) -> float:
    """Claims found in ten empty articles."""
    return 10 * counts.spurious[lang] / counts.empty[lang] if counts.empty[lang] else 0.0


def spurious_table(counts: Counts) -> str:
    """What is found where there is nothing to find."""
    return table(("empty articles", "articles", "claims", "in 10", "limit", "verdict"), _spurious(counts))


def _spurious(counts: Counts) -> Iterator[tuple[str, ...]]:
    for lang in GROUPS:
        verdict = "ok" if rate(counts, lang) <= SPURIOUS_LIMIT else "too many"
        figures = (str(counts.empty[lang]), str(counts.spurious[lang]), f"{rate(counts, lang):.2f}")
        yield "both" if lang == "all" else lang, *figures, f"{SPURIOUS_LIMIT:.0f}", verdict


def report(counts: Counts) -> str:
    """All tables, as Markdown."""
    names = {"de": "German", "en": "English"}
    parts = [totals_table(counts), "By kind, both languages:", kinds_table(counts, "all")]
    for lang in LANGUAGES:
        parts += [f"By kind, {names[lang]}:", kinds_table(counts, lang)]
    parts += ["Agreement of what matched, by field:", fields_table(counts)]
    parts += ["What goes wrong with the rest:", errors_table(counts)]
    return "\n\n".join([*parts, "Claims found in articles that hold none:", spurious_table(counts)])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 where too much is found in empty articles, 2 where the predictions cannot be used."""
    options = arguments_of("breakdown", __doc__, arguments)
    try:
        judged = judged_by(options)
        counts = count(judged)
        print(f"{judged.title}: {len(judged.articles)} articles\n\n{report(counts)}")
        if options.write:
            publish("breakdown", judged, report(counts))
    except PredictionsError as error:
        print(f"breakdown: {error}", file=sys.stderr)
        return 2
    return 1 if any(rate(counts, lang) > SPURIOUS_LIMIT for lang in GROUPS) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
