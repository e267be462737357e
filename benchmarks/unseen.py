"""How the whole pipeline does on articles that were written after it, by somebody who has not seen its rules.

    python -m benchmarks.unseen

Their figures count once: at the first look, before anybody mends what they show. Nothing is trained on them.
"""

from __future__ import annotations

import json

from benchmarks.gate import GOLD, article
from benchmarks.train import report
from extractors.pipeline import extract


def main() -> None:
    """Print F1 and agreement for each file."""
    for path in sorted((GOLD / "unseen").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        found = [{"article": row["id"], **claim.record()} for row in rows for claim in extract(article(row))]
        report(path.stem, rows, found)


if __name__ == "__main__":
    main()
