"""How many of the gold claims' dues stand among the mentions that the reader finds.

    python -m benchmarks.dues_gold FOLDER [train|dev] [--misses]

A due counts as found in the evidence when a mention inside an evidence sentence has both its ends, as found
in the article when any mention of it does.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from extractors.dues import DueMention, find_dues


def _key(mention: DueMention) -> tuple[str | None, str | None] | None:
    if mention.due is None:
        return None
    start, end = mention.due.start, mention.due.end
    return (start.isoformat() if start else None, end.isoformat() if end else None)


def _places(text: str, evidence: list[str]) -> list[tuple[int, int]]:
    return [(at, at + len(sentence)) for sentence in evidence if (at := text.find(sentence)) >= 0]


def measure(path: Path, show: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        text = article["title"] + "\n\n" + article["text"]
        mentions = find_dues(text, article["lang"], date.fromisoformat(article["published"]))
        counts["mentions"] += len(mentions)
        for claim in article["claims"]:
            if claim["due"] is None:
                continue
            places, due = _places(text, claim["evidence"]), tuple(claim["due"])
            inside = [m for m in mentions if any(low <= m.start and m.end <= high for low, high in places)]
            counts["dues"] += 1
            hit = due in [_key(m) for m in inside]
            counts["evidence"] += hit
            counts["article"] += due in [_key(m) for m in mentions]
            if show and not hit:
                print(article["id"], article["published"], due, "|", " // ".join(claim["evidence"])[:300])
                print(
                    "    ",
                    [(m.text, m.form, _key(m)) for m in inside],
                    "+" if due in [_key(m) for m in mentions] else "-",
                )
    return counts


def main() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    folder, part = Path(words[0]), words[1] if len(words) > 1 else "train"
    paths = sorted(folder.glob(f"{part}.*.jsonl"))
    if not paths:
        sys.exit(f"no {part}.*.jsonl in {folder}")
    for path in paths:
        found = measure(path, "--misses" in sys.argv)
        print(
            f"{path.name}: {found['dues']} dues, in the evidence {found['evidence'] / found['dues']:.1%}, "
            f"in the article {found['article'] / found['dues']:.1%}, {found['mentions']} mentions"
        )


if __name__ == "__main__":
    main()
