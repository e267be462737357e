"""The page docs/how-it-decides.md: one sentence in each language, shown as every layer leaves it.

What stands in the page's code blocks is what the extractors' own records hold, written by running them.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from unittest.mock import patch

from extractors import decision
from extractors.candidates import (
    due_candidates,
    product_candidates,
    speaker_candidates,
    subject_candidates,
)
from extractors.chooser import joined, model
from extractors.claim import Claim
from extractors.document import read_document
from extractors.encoder.opinions import opinions_on
from extractors.features import anchor_features
from extractors.reading import Anchor, Context, Reading, read

WIDTH = 100
EXAMPLES = {
    "de": (
        "Tannwald Systems baut bei Gera",
        "Das Rechenzentrum gehört dem Cloud-Anbieter Tannwald Systems. Bis Ende 2027 will das Unternehmen "
        "dort rund 12.000 Nvidia H200 in Betrieb nehmen, sagte Tannwald-Chefin Ulrike Sommerlath.",
    ),
    "en": (
        "Halvard Hosting builds near Cork",
        "The data centre belongs to the cloud provider Halvard Hosting. By the end of 2027, the company "
        "will install about 12,000 Nvidia H200 GPUs there, Halvard chief executive Oona Quarrel said.",
    ),
}
PUBLISHED = date(2026, 3, 2)
LOUDEST = 8
QUESTIONS = ("kind", "object", "subject", "due", "speaker", "status")
"""In the order in which the assembling asks them; the other side and equivalents have no encoder."""


class OutOfStepError(Exception):
    """The walk does not fit what the extractors do any more."""


@dataclass(frozen=True, slots=True)
class Belief:
    """One choice: each answer with what the features, the encoder and both together give it."""

    features: Mapping[Hashable, float]
    encoder: Mapping[Hashable, float] | None
    weight: float
    joined: Mapping[Hashable, float]


@dataclass(slots=True)
class Walk:
    """A sentence read by all layers, and the decisions on its amount."""

    reading: Reading
    context: Context
    anchor: Anchor
    claim: Claim
    beliefs: dict[str, Belief] = field(default_factory=dict)


def walk(lang: str) -> Walk:
    """The example of a language; raises OutOfStepError where it gives no claim any more."""
    title, text = EXAMPLES[lang]
    reading = read(read_document(title, text, lang, PUBLISHED))
    context = reading.contexts[-1]
    anchor = next(anchor for anchor in context.anchors if anchor.quantity is not None)
    asked: list[Belief] = []

    def noting(
        shares: Mapping[Hashable, float], view: Mapping[Hashable, float] | None, weight: float
    ) -> dict[Hashable, float]:
        result = joined(shares, view, weight)
        asked.append(Belief(dict(shares), view, weight, dict(result)))
        return result

    with patch.object(decision, "joined", noting):
        deciding = decision.Decision(reading, model(), opinions_on(reading), context, anchor)
        deciding.weigh()
        found = deciding.decide()
    if isinstance(found, decision.Rejected) or len(asked) != len(QUESTIONS):
        raise OutOfStepError(f"the example in {lang!r} is decided otherwise: change EXAMPLES or this page")
    return Walk(reading, context, anchor, found[0], dict(zip(QUESTIONS, asked, strict=True)))


# What each layer leaves


def _sentences(w: Walk) -> Iterator[str]:
    for sentence in w.reading.document.sentences:
        text = w.reading.document.text[sentence.start : sentence.end]
        yield f"{sentence.index}  {'title' if sentence.title else 'text ':5}  {text}"


def _words(w: Walk) -> Iterator[str]:
    words = (word for word in w.context.words if word.text.isalnum())
    yield " ".join(f"{word.text}/{word.stem}" for word in words)


def _cues(w: Walk) -> Iterator[str]:
    for cue in w.context.cues:
        yield f"{cue.name:18} {_between(w, cue.first, cue.last)}"


def _quantities(w: Walk) -> Iterator[str]:
    for anchor in w.context.anchors:
        q = anchor.quantity
        if q is not None:
            yield f"“{q.text}”: {q.low:g} to {q.high:g}, {q.dimension}, rounded by a word: {q.approx}"


def _dues(w: Walk) -> Iterator[str]:
    for due in w.context.dues:
        yield f"“{due.text}”: {due.form}, read as {due.rule}: {_days(due.due)}"


def _products(w: Walk) -> Iterator[str]:
    for p in w.context.products:
        told = [p.grade]
        told += [f"class {p.product_class}"] * bool(p.product_class) + [f"made by {p.maker}"] * bool(p.maker)
        yield f"“{_between(w, p.first, p.last)}”: {p.name} ({', '.join(told)})"


def _parties(w: Walk) -> Iterator[str]:
    entities = w.reading.parties.entities
    for entity in entities:
        told = [str(entity.type), "listed" if entity.known else "not listed", *entity.roles]
        told += [f"sign: {hint}" for hint in sorted(entity.hints)]
        if entity.employer is not None:
            told.append(f"speaks for {entities[entity.employer].name}")
        yield f"{entity.name}: {', '.join(told)}"


def _references(w: Walk) -> Iterator[str]:
    entities = w.reading.parties.entities
    for r in w.context.references:
        stands = "nobody" if r.entity is None else entities[r.entity].name
        yield f"“{_between(w, r.first, r.last)}” → {stands}"


def _anchors(w: Walk) -> Iterator[str]:
    for anchor in w.context.anchors:
        yield f"“{w.reading.document.text[anchor.start : anchor.end]}” ({anchor.measure})"


def _features(w: Walk) -> Iterator[str]:
    features = anchor_features(w.reading, w.context, w.anchor)
    chooser = model().classifiers[f"kind of {w.anchor.measure}"]
    yield f"{len(features)} features of the amount; the loudest for “{w.claim.kind}”:"
    for name, weight in chooser.why(features, w.claim.kind, LOUDEST):
        yield f"  {weight:+.1f}  {name}"


def _beliefs(w: Walk) -> Iterator[str]:
    yield f"{'question and answers':48} {'features':>8} {'encoder':>8} {'joined':>8}"
    for question, belief in w.beliefs.items():
        yield f"{question} (the encoder counts {belief.weight:.2f})"
        for key, name in zip(belief.features, _answers(w, question, grades=True), strict=True):
            seen = "       –" if belief.encoder is None else f"{belief.encoder[key]:8.3f}"
            yield f"  {name[:46]:46} {belief.features[key]:8.3f} {seen} {belief.joined[key]:8.3f}"


def _answers(w: Walk, question: str, *, grades: bool = False) -> list[str]:
    """The names of a question's answers, in the order of its beliefs; of products also their grades."""
    reading, context, kind = w.reading, w.context, w.claim.kind
    products = product_candidates(reading, context, kind)
    if question == "object":
        return [f"{p.name} ({p.grade})" if grades else p.name for p in products]
    if question == "subject":
        chosen = next((p for p in products if p.name == w.claim.object), None)
        return [entity.name for entity in subject_candidates(reading, context, kind, chosen)]
    if question == "due":
        return ["none", *(reading.dues[i].text for i in due_candidates(reading, context))]
    if question == "speaker":
        return ["nobody", *(entity.name for entity in speaker_candidates(reading, context))]
    return [str(name) for name in w.beliefs[question].features]


def _threshold(w: Walk) -> Iterator[str]:
    shares = [_chosen_share(w, question) for question in ("kind", "object", "subject")]
    belief = shares[0] * shares[1] * shares[2]
    yield f"{' × '.join(f'{share:.3f}' for share in shares)} = {belief:.3f}"
    least = model().threshold
    yield f"threshold {least:.3f}: {'told' if belief >= least else 'not told'}"
    yield f"confidence {w.claim.confidence:.3f}"


def _chosen_share(w: Walk, question: str) -> float:
    belief = w.beliefs[question].joined
    chosen = {"kind": w.claim.kind, "object": w.claim.object, "subject": w.claim.subject}[question]
    return sum(
        share for name, share in zip(_answers(w, question), belief.values(), strict=True) if name == chosen
    )


def _claim(w: Walk) -> Iterator[str]:
    for name, value in w.claim.record().items():
        yield f"{name}: {json.dumps(value, ensure_ascii=False)}"


def _between(w: Walk, first: int, last: int) -> str:
    words = w.reading.document.words
    return w.reading.document.text[words[first].start : words[last - 1].end]


def _days(due: object) -> str:
    start, end = getattr(due, "start", None), getattr(due, "end", None)
    return f"from {start or 'any day'} to {end or 'any day'}" if due else "no days"


Layer = Callable[[Walk], Iterable[str]]
LAYERS: tuple[tuple[str, str, Layer], ...] = (
    (
        "Sentences",
        "Title and text become one document; it is cut into sentences, which stop neither at "
        "“Mio.” nor at “Inc.” (`extractors/sentences.py`). The last sentence is the one that we "
        "follow.",
        _sentences,
    ),
    (
        "Words",
        "Each word gets its stem, so that forms of one word count as one (`extractors/document.py`).",
        _words,
    ),
    (
        "Cues",
        "Lists of words in `extractors/languages/de.toml` and `extractors/languages/en.toml` name "
        "what hints at a kind, a plan, a rumour, somebody speaking. A word may stand in several "
        "lists; nothing is decided yet.",
        _cues,
    ),
    (
        "Quantities",
        "Numbers with their scales, bounds and units, in base units (`extractors/quantities.py`).",
        _quantities,
    ),
    ("Times", "A grammar reads time phrases into days, from the day of publication on.", _dues),
    (
        "Products",
        "Names of the catalogue, members of known lines, makers with a number behind them, plain classes.",
        _products,
    ),
    (
        "Parties",
        "Companies, people and places of the catalogue, and names that it lacks, found by what "
        "stands around them: an introducing noun, a title, a legal form, repetition "
        "(`extractors/parties.py`).",
        _parties,
    ),
    ("References", "Descriptions and pronouns are traced back to who is meant.", _references),
    (
        "Anchors",
        "What a claim may hang on: each amount and, for launches, each time. From here on each "
        "anchor is asked for itself; we follow the amount.",
        _anchors,
    ),
    (
        "Features",
        "Everything seen so far becomes named features; trained weights add up to a score for "
        "each kind (`extractors/chooser.py`). The weights can be read: a positive one speaks for "
        "the kind.",
        _features,
    ),
    (
        "Features, encoder, and both together",
        "A small neural network reads the same text as a whole and has an opinion on each answer "
        "of its own (`extractors/encoder/opinions.py`). Both beliefs are joined by a weighed "
        "geometric mean: who is nearly sure that an answer is wrong can veto it. The weights were "
        "measured on articles that neither had seen. Questions are asked in this order, and later "
        "ones know the earlier answers.",
        _beliefs,
    ),
    (
        "Threshold and confidence",
        "The belief in kind, product and subject together decides whether the claim is told. What "
        "is stated as confidence is the share of claims of such a belief that were right on held-back "
        "articles; how well that holds is in [limits.md](limits.md).",
        _threshold,
    ),
    (
        "The claim",
        "Rules have the last word in settled cases (a verb of denial, a party's own guidance); "
        "then statements that say the same are joined into one row (`extractors/merge.py`). How claims of "
        "different articles relate stands in [relations.md](relations.md).",
        _claim,
    ),
)

HEAD = """# How it decides

One German and one English sentence, both invented, walked through every layer. Written by `make docs`,
which runs the extractors; a test keeps it true. The figures change whenever the models are trained anew.

`claims explain FILE` tells the same of any article in plain words, with `--verbose` also the features' names.
"""
LANGUAGES = {"de": "German", "en": "English"}


def page() -> str:
    """The whole page."""
    walks = {lang: walk(lang) for lang in LANGUAGES}
    parts = [HEAD]
    for number, (title, told, layer) in enumerate(LAYERS, 1):
        parts.append(f"## {number}. {title}\n\n{textwrap.fill(told, 105)}\n")
        parts += [f"{LANGUAGES[lang]}:\n\n```\n{_block(layer(w))}\n```\n" for lang, w in walks.items()]
    return "\n".join(parts)


def _block(lines: Iterable[str]) -> str:
    """The layer's lines, long ones folded; nothing found is said."""
    folded = (
        textwrap.wrap(line, WIDTH, subsequent_indent="    ") if len(line) > WIDTH else [line]
        for line in lines
    )
    return "\n".join(line.rstrip() for group in folded for line in group) or "(nothing)"
