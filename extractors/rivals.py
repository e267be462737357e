"""Times or prices of one sentence that are seldom told of the same thing: "A comes in spring, B in the fall".

Each asks by itself of which product it is told. Here their beliefs are joined: that two of them mean the same
one is less likely than each alone would have it, and whoever is less sure looks for another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from heapq import nlargest
from itertools import combinations, product

from extractors.claim import Kind
from extractors.reading import Anchor

SAME_THING: Mapping[str, float] = {Kind.LAUNCH: 0.2, Kind.PRICE: 0.3}
"""How likely two rivals are told of the same thing, beside what they believe of it singly.

Sought between 1 and .03 on the articles held back from training: .001 of core F1, and broad maxima.
"""
_MOST_RIVALS, _MOST_NAMES = 4, 4  # joined exactly; what is beyond keeps its belief

Shares = Mapping[str, float]


def are_rivals(one: Anchor, other: Anchor) -> bool:
    """Two times that differ, or two amounts of one unit; not two readings of one number."""
    if one.start == other.start:
        return False
    if one.quantity is None or other.quantity is None:
        return one.due is not None and other.due is not None and one.due.due != other.due.due
    first, second = one.quantity, other.quantity
    return first.unit == second.unit and (first.low, first.high) != (second.low, second.high)


def apart(beliefs: Sequence[Shares], rivals: Callable[[int, int], bool], odds: float) -> list[Shares]:
    """The beliefs in names once all are heard; `rivals` tells of two positions whether they are."""
    heard = [
        nlargest(_MOST_NAMES, names.items(), key=lambda item: item[1]) for names in beliefs[:_MOST_RIVALS]
    ]
    pairs = [pair for pair in combinations(range(len(heard)), 2) if rivals(*pair)]
    if not pairs:
        return list(beliefs)
    totals: list[dict[str, float]] = [{} for _ in heard]
    for chosen in product(*heard):
        alike = sum(chosen[one][0] == chosen[other][0] for one, other in pairs)
        weight = math.prod(share for _, share in chosen) * odds**alike
        for total, (name, _) in zip(totals, chosen, strict=True):
            total[name] = total.get(name, 0.0) + weight
    joined = [_scaled(before, total) for before, total in zip(beliefs, totals, strict=False)]
    return [*joined, *beliefs[_MOST_RIVALS:]]


def _scaled(before: Shares, total: Mapping[str, float]) -> Shares:
    """The new shares of the names that were heard; together they have what they had, the others theirs."""
    had, whole = sum(before[name] for name in total), sum(total.values())
    if not whole:
        return before
    return {name: total[name] * had / whole if name in total else share for name, share in before.items()}
