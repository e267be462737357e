"""Is a stated confidence the share of claims that is right? In ten bins, over dev or held-back predictions.

    python -m benchmarks.calibration                 over dev
    python -m benchmarks.calibration --held FILE     over `python -m benchmarks.train --predictions FILE`
    python -m benchmarks.calibration --write         also writes the table into docs/limits.md

A claim is right where it matches on core (docs/guidelines.md). Exit code 1 where a bin that holds enough
claims to be judged is off by more than the limit. The line from belief to confidence was drawn on the
held-back articles themselves: there the distances flatter; those on dev do not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.predictions import (
    Judged,
    PredictionsError,
    arguments_of,
    judged_by,
    publish,
    table,
)
from tests.gold.score import match_claims

BINS = 10
LIMIT = 0.1
"""The mean stated confidence of a bin may lie this far from the share that is right."""
FEWEST = 10
"""Bins with fewer claims are not judged: one claim would move their share by a tenth and more."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The claims whose stated confidence lies in [low, high): how many, stated in the mean, right of them."""

    low: float
    high: float
    count: int
    stated: float
    right: float

    @property
    def distance(self) -> float:
        """How far what is stated lies from what is right."""
        return abs(self.stated - self.right)

    @property
    def verdict(self) -> str:
        """ "ok", "short", or "too few" to judge."""
        if self.count < FEWEST:
            return "too few"
        return "ok" if self.distance <= LIMIT else "short"


def judge(judged: Judged) -> list[tuple[float, bool]]:
    """Stated confidence and whether it is right, for every claim found."""
    pairs = []
    for row in judged.articles:
        found = judged.found[row["id"]]
        hits = {j for _, j in match_claims(row["claims"], found)}
        pairs += [(claim["confidence"], j in hits) for j, claim in enumerate(found)]
    return pairs


def bins(pairs: Sequence[tuple[float, bool]], number: int = BINS) -> list[Bin]:
    """Equal parts of 0 to 1; a confidence of 1 counts in the last."""
    parts: list[list[tuple[float, bool]]] = [[] for _ in range(number)]
    for pair in pairs:
        parts[min(int(pair[0] * number), number - 1)].append(pair)
    return [_bin(i / number, (i + 1) / number, part) for i, part in enumerate(parts)]


def _bin(low: float, high: float, part: Sequence[tuple[float, bool]]) -> Bin:
    count = len(part)
    if not count:
        return Bin(low, high, 0, 0.0, 0.0)
    return Bin(low, high, count, sum(p for p, _ in part) / count, sum(hit for _, hit in part) / count)


def report(found: Sequence[Bin]) -> str:
    """The bins as a table, and what they come to."""
    judged = [part for part in found if part.count >= FEWEST]
    total = sum(part.count for part in found)
    mean = sum(part.count * part.distance for part in found) / total if total else 0.0
    ok = sum(part.verdict == "ok" for part in judged)
    heads = ("stated", "mean stated", "share right", "claims", "distance", "verdict")
    return (
        f"{table(heads, _rows(found))}\n\n"
        f"{ok} of {len(judged)} bins with at least {FEWEST} claims lie within {LIMIT}; "
        f"mean distance over all {total} claims {mean:.3f}."
    )


def _rows(found: Sequence[Bin]) -> Iterator[tuple[str, ...]]:
    for part in found:
        figures = (f"{part.stated:.3f}", f"{part.right:.3f}") if part.count else ("", "")
        distance = f"{part.distance:.3f}" if part.count else ""
        yield f"{part.low:.1f}–{part.high:.1f}", *figures, str(part.count), distance, part.verdict


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 where a bin is off, 2 where the predictions cannot be used."""
    options = arguments_of("calibration", __doc__, arguments)
    try:
        judged = judged_by(options)
        found = bins(judge(judged))
        print(f"{judged.title}: {len(judged.articles)} articles\n\n{report(found)}")
        if options.write:
            publish("calibration", judged, report(found))
    except PredictionsError as error:
        print(f"calibration: {error}", file=sys.stderr)
        return 2
    return 1 if any(part.verdict == "short" for part in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
