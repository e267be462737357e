"""A choice among candidates by weighed features, with the reasons for it: the one model type used here.

A candidate is a bag of feature names. Its score is the sum of the learned weights of its features; the
probabilities of a choice are the softmax over its candidates. Small, deterministic, and each choice can be
told: the features that spoke loudest are its reasons. Weights are learned by `benchmarks/train.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from heapq import nsmallest
from importlib import resources
from itertools import pairwise, repeat
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Features = Sequence[str]
Floats = npt.NDArray[np.float64]
K = TypeVar("K")
_HEARD = 0.05  # a lighter weight is no reason worth telling
_FLOOR = 1e-6  # no belief is nought: the other side must be able to outweigh it


@dataclass(frozen=True, slots=True)
class Ranker:
    """Chooses one of several candidates; every candidate brings its own features."""

    weights: dict[str, float]

    def probabilities(self, candidates: Sequence[Features]) -> list[float]:
        """The share of belief that each candidate gets; they sum to 1."""
        get = self.weights.get
        return softmax([sum(map(get, features, repeat(0.0))) for features in candidates])

    def choose(self, candidates: Sequence[Features]) -> tuple[int, float]:
        """The position of the best candidate, the first of equals, and its share of belief."""
        return first_best(self.probabilities(candidates))

    def why(self, features: Features, most: int = 4) -> tuple[tuple[str, float], ...]:
        """The features with the greatest weights either way, loudest first."""
        get = self.weights.get
        return _loudest([(name, get(name, 0.0)) for name in features], most)


class Classifier:
    """Chooses one of a fixed set of classes for one bag of features.

    `weights` holds one weight a class for each feature. Sums run over the features in their order: the last
    digits are those that plain additions give.
    """

    def __init__(self, classes: tuple[str, ...], weights: dict[str, tuple[float, ...]]) -> None:
        self.classes = classes
        self.weights = weights
        self._numbers = {name: number for number, name in enumerate(weights)}
        # The last row is that of every unknown feature: nought.
        rows = [*weights.values(), (0.0,) * len(classes)]
        self._rows = np.array(rows, np.float64)

    @cached_property
    def _against_mean(self) -> Floats:
        """Each weight less the mean of its feature's: what it says for one class against the others."""
        total = np.zeros(len(self._rows))
        for column in self._rows.T:
            total += column
        against: Floats = self._rows - (total / len(self.classes))[:, None]
        return against

    def probabilities(self, features: Features) -> dict[str, float]:
        """The belief in each class."""
        rows = self._rows[self._found(features)]
        totals: list[float] = np.add.reduce(rows, 0).tolist()
        return dict(zip(self.classes, softmax(totals), strict=True))

    def why(self, features: Features, chosen: str, most: int = 4) -> tuple[tuple[str, float], ...]:
        """The features that spoke loudest for or against the chosen class, against the mean of the others."""
        said = self._against_mean[self._found(features), self.classes.index(chosen)]
        loud = np.abs(said)
        least = np.partition(loud, -most)[-most] if len(loud) > most else 0.0
        loudest = np.flatnonzero(loud >= max(least, _HEARD)).tolist()
        return _loudest([(features[position], float(said[position])) for position in loudest], most)

    def _found(self, features: Features) -> list[int]:
        """The rows of the features."""
        return list(map(self._numbers.get, features, repeat(-1)))


def first_best(shares: Sequence[float]) -> tuple[int, float]:
    """The position of the greatest share, the first of equals, and the share."""
    best = max(range(len(shares)), key=lambda i: (shares[i], -i))
    return best, shares[best]


def joined(shares: Mapping[K, float], view: Mapping[K, float] | None, weight: float) -> dict[K, float]:
    """Two beliefs about the same choice as one: their weighed geometric mean, as shares that sum to 1."""
    if view is None:
        return dict(shares)
    powers = {
        key: (share + _FLOOR) ** (1 - weight) * (view[key] + _FLOOR) ** weight
        for key, share in shares.items()
    }
    total = sum(powers.values())
    return {key: power / total for key, power in powers.items()}


def softmax(scores: Sequence[float]) -> list[float]:
    """Scores as shares that sum to 1; empty for no scores."""
    if not scores:
        return []
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def _loudest(pairs: Iterable[tuple[str, float]], most: int) -> tuple[tuple[str, float], ...]:
    heard = [(-abs(weight), name, weight) for name, weight in pairs if not -_HEARD <= weight <= _HEARD]
    return tuple((name, round(weight, 2)) for _, name, weight in nsmallest(most, heard))


@dataclass(frozen=True, slots=True)
class Model:
    """All trained choosers and the threshold below which a claim is not told."""

    classifiers: dict[str, Classifier]
    rankers: dict[str, Ranker]
    threshold: float
    calibration: tuple[tuple[float, float], ...]
    weights: dict[str, float] = field(default_factory=dict)

    def weight(self, choice: str) -> float:
        """How much the context encoder counts in a choice, beside the named features: 0 to 1."""
        return self.weights.get(choice, 0.5)

    def confidence(self, belief: float) -> float:
        """The share of claims of this belief that were right where it was measured, between known points."""
        for (x0, y0), (x1, y1) in pairwise(self.calibration):
            if belief <= x1:
                return y0 + (y1 - y0) * (belief - x0) / (x1 - x0) if x1 > x0 else y1
        return self.calibration[-1][1] if self.calibration else belief

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Model:
        """From the JSON form that training writes."""
        return cls(
            {
                name: Classifier(tuple(part["classes"]), {k: tuple(v) for k, v in part["weights"].items()})
                for name, part in data["classifiers"].items()
            },
            {name: Ranker(part["weights"]) for name, part in data["rankers"].items()},
            data["threshold"],
            tuple((x, y) for x, y in data["calibration"]),
            data.get("weights", {}),
        )


@cache
def model() -> Model:
    """The project's trained model, loaded once."""
    file = resources.files("extractors") / "model" / "choosers.json"
    return Model.from_data(json.loads(file.read_text(encoding="utf-8")))
