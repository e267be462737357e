"""Trains the choosers from the annotated articles in tests/gold, and says how well they do.

    python -m benchmarks.train

Writes extractors/model/choosers.json, some minutes. Threshold, confidence and the weight of the context
encoder come from training articles that the encoder has not seen (`benchmarks.train_network`) and that
choosers fitted without them judge; the choosers that are written then learn from all.
Deterministic: the same articles give the same file. Needs the extra "train".
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.train_network import MODEL_FOLDER
from benchmarks.training.fit import fit_classifier, fit_ranker
from benchmarks.training.gold import ROOT, held_back, is_ordinary, load, reading_of
from benchmarks.training.labels import Labelled, Record, label
from extractors.assemble import assemble
from extractors.candidates import KINDS_BY_MEASURE
from extractors.chooser import Model, joined
from extractors.encoder.network import RANKED, load_network
from extractors.encoder.opinions import Opinions
from extractors.encoder.pieces import read_pieces
from extractors.reading import Reading
from tests.gold.score import by_article, match_claims, score

MODEL = MODEL_FOLDER / "choosers.json"
RANKERS = {"object": 1.0, "subject": 3.0, "due": 2.0, "speaker": 3.0, "counterparty": 3.0}
KIND_PENALTY, STATUS_PENALTY = 1.5, 4.0
GRID = tuple(step / 20 for step in range(21))
AS_GOOD = 0.001  # F1; some 3,000 claims tell no finer
STEPS = [step / 200 for step in range(20, 161)]  # thresholds that are tried
SHIFTS = tuple(step / 20 for step in range(-20, 41))

Adviser = Callable[[Reading], Opinions | None]


def adviser(folder: Path) -> Adviser:
    """Opinions of the encoder in a folder, one object a reading."""
    network = load_network(folder)
    vocabulary = read_pieces((folder / "pieces.tsv.gz").read_bytes())
    known: dict[int, Opinions] = {}

    def advise(reading: Reading) -> Opinions:
        if id(reading) not in known:
            known[id(reading)] = Opinions(reading, network, vocabulary)
        return known[id(reading)]

    return advise


def nobody(_: Reading) -> None:
    """No opinions: the named features decide alone."""


def fit(labelled: Sequence[Labelled]) -> Model:
    """All choosers from labelled articles; threshold and calibration are set later."""
    statuses = [(c.features, c.status) for item in labelled for c in item.statuses]
    rankers = {
        name: fit_ranker([c for item in labelled for c in item.rankings.get(name, [])], penalty)
        for name, penalty in RANKERS.items()
    }
    classifiers = {"status": fit_classifier(statuses, STATUS_PENALTY)}
    for measure in KINDS_BY_MEASURE:
        pairs = [(c.features, c.kind) for item in labelled for c in item.kinds if c.anchor.measure == measure]
        classifiers[f"kind of {measure}"] = fit_classifier(pairs, KIND_PENALTY)
    return Model(classifiers, rankers, 0.0, ((0.0, 0.0), (1.0, 1.0)))


def predict(
    model: Model, articles: Sequence[Record], readings: dict[str, Reading], advise: Adviser
) -> list[Record]:
    """Claims in the machine form, with their article."""
    return [
        {"article": article["id"], **claim.record(), "belief": claim.confidence}
        for article in articles
        for reading in [readings[article["id"]]]
        for claim in assemble(reading, model, advise(reading)).claims
    ]


def tuned(
    model: Model, labelled: Mapping[str, Labelled], readings: dict[str, Reading], advise: Adviser
) -> Model:
    """For each choice the weight of the encoder that makes the held-back answers most probable."""
    losses: dict[str, list[float]] = {}
    for article, item in labelled.items():
        opinions = advise(readings[article])
        for name, shares, view, right in _beliefs(model, item, opinions):
            row = losses.setdefault(name, [0.0] * len(GRID))
            for step, weight in enumerate(GRID):
                share = joined(shares, view, weight)
                row[step] -= math.log(sum(share[key] for key in right) + 1e-9)
    weights = {name: GRID[row.index(min(row))] for name, row in sorted(losses.items())}
    return Model(model.classifiers, model.rankers, model.threshold, model.calibration, weights)


def _beliefs(
    model: Model, item: Labelled, opinions: Opinions | None
) -> Iterator[tuple[str, Mapping[Any, float], Mapping[Any, float] | None, list[Any]]]:
    if opinions is None:
        return
    for kind in item.kinds:
        shares = model.classifiers[f"kind of {kind.anchor.measure}"].probabilities(kind.features)
        yield "kind", shares, opinions.kind(kind.anchor), [kind.kind]
    for status in item.statuses:
        shares = model.classifiers["status"].probabilities(status.features)
        yield "status", shares, opinions.status(status.anchor, status.kind), [status.status]
    for task in RANKED:
        for choice in item.rankings.get(task, []):
            view = opinions.rank(task, choice.anchor, choice.kind, choice.fillers)
            if view is not None:
                ranked = model.rankers[task].probabilities(choice.rows)
                yield task, dict(enumerate(ranked)), dict(enumerate(view)), choice.right


def _judged(articles: Sequence[Record], predicted: Sequence[Record]) -> list[tuple[float, bool]]:
    """The belief in each claim found, and whether it is right."""
    right = []
    grouped = by_article(list(predicted))
    for article in articles:
        found = grouped[article["id"]]
        hits = {j for _, j in match_claims(article["claims"], found)}
        right += [(c["belief"], j in hits) for j, c in enumerate(found)]
    return right


def calibrate(model: Model, articles: Sequence[Record], predicted: Sequence[Record]) -> Model:
    """Sets the threshold and the map from belief to the share that is right."""
    right = sorted(_judged(articles, predicted), key=lambda pair: -pair[0])
    threshold = _threshold(articles, predicted)
    return Model(model.classifiers, model.rankers, threshold, _isotonic(right[::-1]), model.weights)


def _threshold(articles: Sequence[Record], predicted: Sequence[Record]) -> float:
    """The highest one whose core F1 is as good as the best: the mean of ordinary and of hard articles.

    A wrong claim is worse than a missed one, and the curve is flat there. The ordinary ones alone, too few,
    once said .42 and once .51 of nearly the same claims.
    """
    manners = [[a for a in articles if is_ordinary(a) == wanted] for wanted in (True, False)]
    curves = [_curve(rows, predicted) for rows in manners if rows]
    means = [sum(values) / len(curves) for values in zip(*curves, strict=True)]
    return max(step for step, mean in zip(STEPS, means, strict=True) if mean >= max(means) - AS_GOOD)


def _curve(articles: Sequence[Record], predicted: Sequence[Record]) -> list[float]:
    """Core F1 by threshold."""
    gold, right = sum(len(a["claims"]) for a in articles), _judged(articles, predicted)
    told = ([hit for belief, hit in right if belief >= step] for step in STEPS)
    return [2 * sum(hits) / max(len(hits) + gold, 1) for hits in told]


def eased(model: Model, articles: Sequence[Record], predicted: Sequence[Record]) -> Model:
    """Moves the confidence from hard articles to ordinary ones: by the log-odds that fit these best.

    The shape of the map needs all held-back articles, most of which are harder than news is.
    """
    ordinary = [a for a in articles if is_ordinary(a)]
    right = [(model.confidence(belief), hit) for belief, hit in _judged(ordinary, predicted)]

    def likelihood(shift: float) -> float:
        shares = ((_moved(share, shift), hit) for share, hit in right)
        return sum(math.log(share if hit else 1 - share) for share, hit in shares)

    shift = max(SHIFTS, key=likelihood)
    inner = [(x, round(_moved(y, shift), 3)) for x, y in model.calibration[1:-1]]
    points = (model.calibration[0], *inner, model.calibration[-1])
    return Model(model.classifiers, model.rankers, model.threshold, points, model.weights)


def _moved(share: float, shift: float) -> float:
    odds = math.log(max(share, 0.001) / max(1 - share, 0.001))
    return 1 / (1 + math.exp(-odds - shift))


def _isotonic(pairs: Sequence[tuple[float, bool]]) -> tuple[tuple[float, float], ...]:
    """Pool adjacent violators over belief → right, as points of a rising line."""
    blocks: list[list[float]] = []
    for belief, hit in pairs:
        blocks.append([belief, float(hit), 1.0])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            total = blocks[-1][2] + last[2]
            blocks[-1] = [
                (blocks[-1][0] * blocks[-1][2] + last[0] * last[2]) / total,
                blocks[-1][1] + last[1],
                total,
            ]
    points = [(round(x, 3), round(y / n, 3)) for x, y, n in blocks if n >= 8]
    return ((0.0, 0.0), *points, (1.0, max([y for _, y in points], default=1.0)))


def as_data(model: Model) -> dict[str, Any]:
    """The JSON form that `Model.from_data` reads."""
    return {
        "threshold": model.threshold,
        "calibration": model.calibration,
        "weights": model.weights,
        "classifiers": {
            n: {"classes": c.classes, "weights": dict(sorted(c.weights.items()))}
            for n, c in model.classifiers.items()
        },
        "rankers": {n: {"weights": dict(sorted(r.weights.items()))} for n, r in model.rankers.items()},
    }


def report(title: str, articles: list[Record], predicted: list[Record]) -> None:
    """F1 by language and level, and agreement on what matched."""
    result = score(articles, predicted)
    for key in ("de", "en", "all"):
        if key in result:
            row = result[key]
            counts = f"gold {row['gold']:5} found {row['predicted']:5}"
            print(f"{title:12} {key:4} {counts}  core {row['core']}  full {row['full']}")
    print(" " * 13, result["agreement_on_matched"])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--predictions", type=Path, help="write what is told of the held-back ones")
    options = parser.parse_args(arguments)
    train, dev = load("train.*.jsonl"), load("dev.*.jsonl")
    readings = {a["id"]: reading_of(a) for a in [*train, *dev]}
    labelled = {a["id"]: label(a, readings[a["id"]]) for a in train}
    held = measured(train, labelled, readings, options.predictions)
    model = fit(list(labelled.values()))
    model = Model(model.classifiers, model.rankers, held.threshold, held.calibration, held.weights)
    report("dev", dev, predict(model, dev, readings, adviser(MODEL_FOLDER)))
    MODEL.write_text(json.dumps(as_data(model), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    told = f"threshold {model.threshold}, weights {model.weights}"
    print(f"{told}, wrote {MODEL.relative_to(ROOT)} ({MODEL.stat().st_size // 1024} KiB)")
    return 0


def measured(
    train: list[Record], labelled: dict[str, Labelled], readings: dict[str, Reading], told: Path | None
) -> Model:
    """Fit on what is not held back; weigh, calibrate and report on what nothing has seen."""
    part = held_back(train)
    ids = {a["id"] for a in part}
    model = fit([labelled[a["id"]] for a in train if a["id"] not in ids])
    alone = calibrate(model, part, predict(model, part, readings, nobody))
    report("alone, held", part, predict(_uncalibrated(alone), part, readings, nobody))
    advise = adviser(MODEL_FOLDER)
    model = tuned(model, {i: labelled[i] for i in sorted(ids)}, readings, advise)
    model = calibrate(model, part, predict(model, part, readings, advise))
    kept = predict(_uncalibrated(model), part, readings, advise)
    report("held back", part, kept)
    for manner, wanted in (("ordinary", True), ("hard", False)):
        report(manner, *_of_manner(part, kept, wanted))
    model = eased(model, part, kept)
    if told is not None:
        told.write_text("\n".join(json.dumps(p, ensure_ascii=False) for p in kept), encoding="utf-8")
    return model


def _of_manner(
    articles: Sequence[Record], predicted: Sequence[Record], ordinary: bool
) -> tuple[list[Record], list[Record]]:
    """The articles of one manner, and what is told of them."""
    rows = [a for a in articles if is_ordinary(a) == ordinary]
    ids = {a["id"] for a in rows}
    return rows, [p for p in predicted if p["article"] in ids]


def _uncalibrated(model: Model) -> Model:
    line = ((0.0, 0.0), (1.0, 1.0))
    return Model(model.classifiers, model.rankers, model.threshold, line, model.weights)


if __name__ == "__main__":
    sys.exit(main())
