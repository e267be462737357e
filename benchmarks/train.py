"""Trains the choosers from the annotated articles in tests/gold, and says how well they do.

    python -m benchmarks.train            train on train.*.jsonl, write extractors/model/choosers.json
    python -m benchmarks.train --cv       also 5-fold cross-validation over train and dev

Deterministic: the same articles give the same file. Needs the extra "train" (scipy comes with scikit-learn).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.training.fit import fit_classifier, fit_ranker
from benchmarks.training.labels import Labelled, Record, label
from extractors.assemble import assemble
from extractors.candidates import KINDS_BY_MEASURE
from extractors.chooser import Model
from extractors.document import read_document
from extractors.reading import Reading, read
from tests.gold.score import by_article, match_claims, score

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "tests" / "gold"
MODEL = ROOT / "extractors" / "model" / "choosers.json"
RANKERS = {"object": 1.0, "subject": 3.0, "due": 2.0, "speaker": 3.0, "counterparty": 3.0}
KIND_PENALTY, STATUS_PENALTY = 1.5, 4.0
FOLDS = 5


def load(pattern: str) -> list[Record]:
    """Articles of all gold files that match, in a fixed order."""
    rows = []
    for path in sorted(GOLD.glob(pattern)):
        rows += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return rows


def reading_of(article: Record) -> Reading:
    """The article read by all layers."""
    published = date.fromisoformat(article["published"])
    return read(read_document(article["title"], article["text"], article["lang"], published))


def fit(labelled: Sequence[Labelled]) -> Model:
    """All choosers from labelled articles; threshold and calibration are set later."""
    statuses = [pair for item in labelled for pair in item.statuses]
    rankers = {
        name: fit_ranker([c for item in labelled for c in item.rankings.get(name, [])], penalty)
        for name, penalty in RANKERS.items()
    }
    classifiers = {"status": fit_classifier(statuses, STATUS_PENALTY)}
    for measure in KINDS_BY_MEASURE:
        pairs = [(row, kind) for item in labelled for m, row, kind in item.kinds if m == measure]
        classifiers[f"kind of {measure}"] = fit_classifier(pairs, KIND_PENALTY)
    return Model(classifiers, rankers, 0.0, ((0.0, 0.0), (1.0, 1.0)))


def predict(model: Model, articles: Sequence[Record], readings: dict[str, Reading]) -> list[Record]:
    """Claims in the machine form, with their article."""
    return [
        {"article": article["id"], **claim.record(), "belief": claim.confidence}
        for article in articles
        for claim in assemble(readings[article["id"]], model).claims
    ]


def folds(articles: Sequence[Record]) -> list[list[Record]]:
    """Articles dealt out in turn, so that each fold has both languages and all sources."""
    return [list(articles[i::FOLDS]) for i in range(FOLDS)]


def held_back(
    articles: Sequence[Record], labelled: dict[str, Labelled], readings: dict[str, Reading]
) -> list[Record]:
    """Predictions for every article by a model that has not seen it, nothing thresholded."""
    found: list[Record] = []
    for part in folds(articles):
        ids = {a["id"] for a in part}
        model = fit([labelled[a["id"]] for a in articles if a["id"] not in ids])
        found += predict(model, part, readings)
    return found


def calibrate(model: Model, articles: Sequence[Record], predicted: Sequence[Record]) -> Model:
    """Sets the threshold that gives the best core F1 and the map from belief to the share that is right."""
    right, gold = [], sum(len(a["claims"]) for a in articles)
    grouped = by_article(list(predicted))
    for article in articles:
        found = grouped[article["id"]]
        hits = {j for _, j in match_claims(article["claims"], found)}
        right += [(c["belief"], j in hits) for j, c in enumerate(found)]
    right.sort(key=lambda pair: -pair[0])
    best, hits = (0.0, 0.5), 0
    for count, (belief, hit) in enumerate(right, 1):
        hits += hit
        f1 = 2 * hits / (count + gold)
        best = max(best, (f1, belief))
    return Model(model.classifiers, model.rankers, round(best[1], 3), _isotonic(right[::-1]))


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
    parser.add_argument("--cv", action="store_true", help="also cross-validate over train and dev")
    parser.add_argument(
        "--predictions", type=Path, help="write the held-back predictions over train, for score.py diff"
    )
    options = parser.parse_args(arguments)
    train, dev = load("train.*.jsonl"), load("dev.*.jsonl")
    readings = {a["id"]: reading_of(a) for a in [*train, *dev]}
    labelled = {a["id"]: label(a, readings[a["id"]]) for a in [*train, *dev]}
    model = fit([labelled[a["id"]] for a in train])
    predicted = held_back(train, labelled, readings)
    model = calibrate(model, train, predicted)
    kept = [p for p in predicted if p["belief"] >= model.threshold]
    report("train, cv", train, kept)
    if options.predictions:
        lines = (json.dumps(p, ensure_ascii=False) for p in kept)
        options.predictions.write_text("\n".join(lines), encoding="utf-8")
    report("dev", dev, predict(model, dev, readings))
    if options.cv:
        both = [*train, *dev]
        predicted = held_back(both, labelled, readings)
        model_cv = calibrate(model, both, predicted)
        report("train+dev, cv", both, [p for p in predicted if p["belief"] >= model_cv.threshold])
    MODEL.parent.mkdir(exist_ok=True)
    MODEL.write_text(json.dumps(as_data(model), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    print(
        f"threshold {model.threshold}, wrote {MODEL.relative_to(ROOT)} ({MODEL.stat().st_size // 1024} KiB)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
