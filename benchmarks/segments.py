"""What the filter of recurring blocks does to the recorded pages of outlets that have several.

    python -m benchmarks.segments [FOLDER …]     default: ../shared/pages/{de,at,ch}

Each page is filtered with what the outlet's other pages hold. The recordings have few pages an outlet, so
besides the rule as it is (three other articles) two laxer ones are shown: they say how much there is to
gain, and whether a paragraph that a person counted as text would have gone.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean

from benchmarks.pages import ROOT, ZONE, Recorded, f1, recorded
from scraper import segments
from scraper.article import Article
from scraper.parse import parse

Pair = tuple[Recorded, Article]


def main(arguments: list[str]) -> int:
    folders = [Path(a) for a in arguments] or [ROOT / name for name in ("de", "at", "ch")]
    outlets: dict[str, list[Pair]] = defaultdict(list)
    for folder in folders:
        for one in recorded(folder) if folder.is_dir() else ():
            article = parse(one.page, zone=ZONE)
            outlets[segments.outlet_key(article)].append((one, article))
    several = {name: pairs for name, pairs in outlets.items() if len({a.url for _, a in pairs}) > 1}
    if not several:
        print("no outlet with two recorded pages", file=sys.stderr)
        return 1
    print(f"{len(several)} outlets, {sum(map(len, several.values()))} pages\n")
    print("| other articles | pages | body F1 before | after | blocks gone | of them text |")
    print("|---|---|---|---|---|---|")
    for needed in (3, 2, 1):
        print(_row(needed, [pairs for pairs in several.values() if len(pairs) > needed]))
    return 0


def _row(needed: int, outlets: list[list[Pair]]) -> str:
    before, after, gone, real = [], [], 0, 0
    for pairs in outlets:
        for one, article in pairs:
            memory = _memory([other for _, other in pairs if other.url != article.url], needed)
            kept = segments.without_recurring(article, memory)
            lost = set(article.text.split("\n\n")) - set(kept.text.split("\n\n"))
            before.append(f1(one.body, article.text))
            after.append(f1(one.body, kept.text))
            gone += len(lost)
            real += sum(block in one.body for block in lost)
    cells = f"{mean(before):.4f} | {mean(after):.4f}" if before else "– | –"
    return f"| {needed} | {len(before)} | {cells} | {gone} | {real} |"


def _memory(others: list[Article], needed: int) -> dict[str, tuple[str, ...]]:
    """What the others hold, as if `needed` of them were as many as the rule asks for."""
    held: dict[str, set[str]] = defaultdict(set)
    for other in others:
        for mark in segments.fingerprints(other):
            held[mark].add(other.url)
    full = tuple(f"article {number}" for number in range(segments.ARTICLES))
    return {mark: full for mark, urls in held.items() if len(urls) >= needed}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
