"""How often the quantity reader finds a gold claim's amount in one of its evidence sentences.

    python -m benchmarks.quantities_gold ../shared/gold/train.*.jsonl [--misses]

"found": same ends (0.5 %) and, for money, watts and FLOPS, the same unit. "elliptic": the same number
without its unit, which a later layer may lend. Approximation is compared where the amount was found.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors.quantities import QuantityMention, find_quantities, lend

MEASURED = {"W", "FLOPS"}


def main(arguments: list[str]) -> int:
    show = "--misses" in arguments
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    if not paths:
        print(__doc__)
        return 2
    print(
        f"{'file':<18}{'claims':>7}{'found':>7}{'elliptic':>9}{'excluded':>9}{'missed':>7}{'recall':>8}{'approx':>8}"
    )
    for path in paths:
        counts = Counter[str]()
        for article, claim in _claims(path):
            outcome, mention = _judge(article, claim)
            counts[outcome] += 1
            if mention and mention.approx == bool(claim.get("approx")):
                counts["approx"] += 1
            elif mention or outcome != "found":
                _show(show, outcome if not mention else f"{outcome}, approx", article, claim)
        _print(path.name, counts)
    for lang in ("de", "en"):
        print(f"speed on article texts, {lang}: {_speed(paths, lang):.2f} MB/s of CPU time")
    return 0


def _claims(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        yield from ((article, claim) for claim in article["claims"] if claim["quantity"])


def _judge(article: dict[str, Any], claim: dict[str, Any]) -> tuple[str, QuantityMention | None]:
    """The best outcome over all evidence sentences, and the mention behind it."""
    evidence = [claim["evidence"]] if isinstance(claim["evidence"], str) else claim["evidence"]
    mentions = [mention for sentence in evidence for mention in _within(article, sentence)]
    same = [mention for mention in mentions if _same_ends(mention, claim["quantity"])]
    best = [m for m in same if _same_unit(m, claim["unit"]) and not m.excluded]
    if best:
        best.sort(key=lambda m: m.approx != bool(claim.get("approx")))
        return "found", best[0]
    readings = [
        m for m in lend(mentions) if _same_ends(m, claim["quantity"]) and _same_unit(m, claim["unit"])
    ]
    lent = readings or [m for m in same if m.unit is None and not m.excluded]
    if lent:
        return "elliptic", lent[0]
    return ("excluded", None) if any(m.excluded for m in same) else ("missed", None)


def _within(article: dict[str, Any], sentence: str) -> list[QuantityMention]:
    """The mentions of the article inside a sentence of its text or title, read in their context."""
    for place in ("text", "title"):
        start = article[place].find(sentence)
        if start >= 0:
            found = find_quantities(article[place], article["lang"])
            return [m for m in found if start <= m.number_start < start + len(sentence)]
    return []


def _same_ends(mention: QuantityMention, quantity: list[float | None]) -> bool:
    return all(_close(a, b) for a, b in zip((mention.low, mention.high), quantity, strict=True))


def _close(found: float | None, gold: float | None) -> bool:
    if found is None or gold is None:
        return found is gold
    return abs(found - gold) <= 0.005 * max(abs(gold), 1e-9)


def _same_unit(mention: QuantityMention, unit: str) -> bool:
    wanted = unit if unit in MEASURED or unit.isupper() else None
    return mention.unit == wanted


def _show(show: bool, outcome: str, article: dict[str, Any], claim: dict[str, Any]) -> None:
    if show:
        about = "~" if claim.get("approx") else ""
        print(f"  {outcome}: {article['id']} {about}{claim['quantity']} {claim['unit']} {claim['evidence']}")


def _print(name: str, counts: Counter[str]) -> None:
    outcomes = ("found", "elliptic", "excluded", "missed")
    total = sum(counts[outcome] for outcome in outcomes)
    reached = counts["found"] + counts["elliptic"]
    cells = "".join(
        f"{counts[outcome]:>{width}}" for outcome, width in zip(outcomes, (7, 9, 9, 7), strict=True)
    )
    print(f"{name:<18}{total:>7}{cells}{reached / total:>8.3f}{counts['approx'] / max(1, reached):>8.3f}")


def _speed(paths: list[Path], lang: str) -> float:
    """Megabytes of article text a second of this process; 0 where no path is of the language."""
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [article["text"] for article in map(json.loads, lines) if article["lang"] == lang]
    started = time.process_time()
    for text in texts:
        find_quantities(text, lang)
    return sum(len(text.encode()) for text in texts) / 1e6 / max(1e-9, time.process_time() - started)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
