"""Fits the two model types by regularised maximum likelihood; the same data always gives the same weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from benchmarks.training.labels import Choice
from extractors.chooser import Classifier, Ranker

_SMALLEST = 0.005  # weights below this change no decision that we saw and are left out of the file


def _vocabulary(rows: Sequence[Sequence[str]], at_least: int) -> dict[str, int]:
    counts = Counter(name for row in rows for name in set(row))
    return {name: i for i, name in enumerate(sorted(name for name, n in counts.items() if n >= at_least))}


def _matrix(rows: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> csr_matrix:
    indices, pointers = [], [0]
    for row in rows:
        indices += [vocabulary[name] for name in row if name in vocabulary]
        pointers.append(len(indices))
    data = np.ones(len(indices))
    return csr_matrix((data, indices, pointers), shape=(len(rows), len(vocabulary)))


def fit_ranker(choices: Sequence[Choice], penalty: float, at_least: int = 2) -> Ranker:
    """Maximises the belief in the right candidates, minus `penalty` times half the squared weights."""
    rows = [row for choice in choices for row in choice.rows]
    vocabulary = _vocabulary(rows, at_least)
    matrix = _matrix(rows, vocabulary)
    groups = np.repeat(np.arange(len(choices)), [len(choice.rows) for choice in choices])
    right = np.concatenate([np.isin(np.arange(len(c.rows)), c.right).astype(float) for c in choices])
    starts = np.concatenate([[0], np.cumsum([len(c.rows) for c in choices])[:-1]])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        scores = scores - np.maximum.reduceat(scores, starts)[groups]
        powers = np.exp(scores)
        total = np.add.reduceat(powers, starts)
        good = np.add.reduceat(powers * right, starts)
        gradient = matrix.T @ (powers / total[groups] - powers * right / good[groups])
        value = float(np.sum(np.log(total) - np.log(good)) + 0.5 * penalty * weights @ weights)
        return value, gradient + penalty * weights

    found = minimize(loss, np.zeros(len(vocabulary)), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return Ranker(
        {name: round(float(found.x[i]), 3) for name, i in vocabulary.items() if abs(found.x[i]) > _SMALLEST}
    )


def fit_classifier(pairs: Sequence[tuple[list[str], str]], penalty: float, at_least: int = 2) -> Classifier:
    """Multinomial logistic regression with an L2 penalty."""
    classes = tuple(sorted({name for _, name in pairs}))
    rows = [row for row, _ in pairs]
    vocabulary = _vocabulary(rows, at_least)
    matrix = _matrix(rows, vocabulary)
    target = np.array([classes.index(name) for _, name in pairs])
    hot = np.eye(len(classes))[target]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(len(vocabulary), len(classes))
        scores = matrix @ weights
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        value = -float((logs * hot).sum()) + 0.5 * penalty * float(flat @ flat)
        gradient = matrix.T @ (np.exp(logs) - hot)
        return value, gradient.ravel() + penalty * flat

    size = len(vocabulary) * len(classes)
    found = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    weights = found.x.reshape(len(vocabulary), len(classes))
    kept = {
        name: tuple(round(float(w), 3) for w in weights[i])
        for name, i in vocabulary.items()
        if np.abs(weights[i]).max() > _SMALLEST
    }
    return Classifier(classes, kept)
