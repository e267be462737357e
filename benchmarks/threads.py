"""How well claims are put together, on the pairs of tests/gold/relations/*.jsonl.

    python -m benchmarks.threads [FILE …] [--errors]

All claims of a file are taken as one set, in which each pair finds its place among all others. Of the
judged pairs: merge precision and recall (in one statement, against "same" and "refinement"), and of the
pairs that share a thread how many are related, and of the related how many share one. Pairs of adverse are
shown, without a limit. Returns 1 where merge precision is below the limit.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.relations import ADVERSE, GOLD, HALVES, MERGE_PRECISION
from extractors.relate import Relates, read_statement
from extractors.threads import SAYS_THE_SAME, group, told

RELATIONS = GOLD / "relations"
FILES = (*HALVES, *ADVERSE)


@dataclass(frozen=True)
class Placed:
    """A judged pair and where its two claims came to stand."""

    row: dict[str, Any]
    one_statement: bool
    one_thread: bool

    @property
    def same(self) -> bool:
        return self.row["relation"] in SAYS_THE_SAME

    @property
    def related(self) -> bool:
        return bool(self.row["relation"] != Relates.UNRELATED)


def place(rows: Sequence[dict[str, Any]]) -> list[Placed]:
    """Every pair with the places of its claims in the grouping of all; a claim told in two pairs is one."""
    numbers: dict[str, int] = {}
    claims = []
    for row in rows:
        for side in ("a", "b"):
            key = json.dumps(row[side], sort_keys=True)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                claims.append(told(numbers[key], f"{row['id']}-{side}", read_statement(row[side])))
    grouped = group(claims)
    placed = []
    for row in rows:
        a, b = (numbers[json.dumps(row[side], sort_keys=True)] for side in ("a", "b"))
        one_statement = grouped.statement[a] == grouped.statement[b]
        placed.append(Placed(row, one_statement, grouped.thread[a] == grouped.thread[b]))
    return placed


def share(hits: int, of: int) -> float:
    return hits / of if of else 1.0


def merging(placed: Sequence[Placed]) -> tuple[float, float]:
    """Precision and recall of one statement."""
    hits = sum(one.one_statement and one.same for one in placed)
    found = sum(one.one_statement for one in placed)
    return share(hits, found), share(hits, sum(one.same for one in placed))


def threading(placed: Sequence[Placed]) -> tuple[float, float]:
    """Precision and recall of one thread."""
    hits = sum(one.one_thread and one.related for one in placed)
    found = sum(one.one_thread for one in placed)
    return share(hits, found), share(hits, sum(one.related for one in placed))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--errors", action="store_true", help="show what is wrong on the dev half")
    options = parser.parse_args(arguments)
    every: list[Placed] = []
    for file in options.files or [RELATIONS / f"{name}.jsonl" for name in FILES]:
        placed = place([json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()])
        print(told_of(file.stem, placed))
        every += placed if file.stem not in ADVERSE else []
        if options.errors and (options.files or file.stem == "dev"):
            print("\n".join(errors(placed)))
    print(told_of("all but the adverse ones", every))
    return int(merging(every)[0] < MERGE_PRECISION)


def told_of(name: str, placed: Sequence[Placed]) -> str:
    merged, threaded = merging(placed), threading(placed)
    wrong = sum(one.one_statement and not one.same for one in placed)
    return (
        f"{name}: {len(placed)} pairs, merge precision {merged[0]:.3f} ({wrong} wrong; asked"
        f" {MERGE_PRECISION}), recall {merged[1]:.3f}; thread precision {threaded[0]:.3f},"
        f" recall {threaded[1]:.3f}"
    )


def errors(placed: Sequence[Placed]) -> list[str]:
    """The pairs that are wrongly put together or kept apart."""
    lines = []
    for one in placed:
        if one.one_statement == one.same and one.one_thread == one.related:
            continue
        where = "one statement" if one.one_statement else "one thread" if one.one_thread else "apart"
        lines.append(f"  {one.row['id']}: {one.row['relation']}, found {where}")
        lines += [f"    {side} {one.row[side]['sentence']}" for side in ("a", "b")]
    return lines


if __name__ == "__main__":
    sys.exit(main())
