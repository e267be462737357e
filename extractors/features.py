"""What the choosers see of an anchor and its sentence, and of a product or time near it.

A feature is a short string. Features that hold words ("w:…") are stems; all others name cues, places
and distances, and are the same in every language. `party_features.py` does the same for parties.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from extractors.mentions import Form, Mention
from extractors.reading import Anchor, Context, Reading

_NEAR = 5
_THINGS = ("listed", "family", "built", "named", "site", "name", "class")
# Ways of naming a product that tell the same.
GROUPS = dict.fromkeys(("model", "quoted", "classed", "headed", "counted", "again", "explained"), "named")
GROUPS |= {"short": "listed", "town": "site", "lookalike": "name"}
_TENSE_CUES = ("plan", "modal_future", "fact", "modal", "hearsay", "forecast", "past_intention")


def bucket(distance: int) -> str:
    """A distance in words, coarser the farther."""
    for limit in (0, 1, 2, 3, 5, 8, 12, 20):
        if distance <= limit:
            return str(limit)
    return "far"


def anchor_features(reading: Reading, context: Context, anchor: Anchor) -> list[str]:
    """Everything about an amount or a time that may tell whether and of what kind a claim hangs on it."""
    features = ["bias", *_amount(anchor), *_words_around(reading, context, anchor)]
    features += _cues(context, anchor)
    features += _company_kept(reading, context, anchor)
    features += _setting(reading, context, anchor)
    if context.sentence.index in reading.announcers:
        features += _announced(reading, context.sentence.index)
    if anchor.due is not None:
        features += _launch_signs(context, anchor)
    return sorted(set(features))


def _amount(anchor: Anchor) -> list[str]:
    quantity, due = anchor.quantity, anchor.due
    if due is not None:
        return ["measure=time", f"form={due.form}", f"grain={due.grain}", f"form={due.form}+{due.grain}"]
    if quantity is None:
        return []
    value = quantity.low if quantity.low is not None else quantity.high or 0.0
    size = int(math.log10(value)) if value >= 1 else -1
    features = [
        f"measure={quantity.dimension}",
        f"unit={quantity.unit}",
        f"mg={size}",
        f"{quantity.dimension}|mg={size}",
    ]
    if quantity.low != quantity.high:
        features.append("range" if None not in (quantity.low, quantity.high) else "bound")
    if quantity.approx:
        features.append("approx")
    if quantity.lent:
        features += ["lent", f"lent {quantity.dimension}"]
    if quantity.scaled:
        features.append("scaled")
    if value != int(value):
        features.append("fraction")
    return features


def _words_around(reading: Reading, context: Context, anchor: Anchor) -> list[str]:
    words, sentence = reading.document.words, context.sentence
    after = [w.stem for w in words[anchor.last : min(anchor.last + 3, sentence.last)]]
    before = [w.stem for w in words[max(anchor.first - 3, sentence.first) : anchor.first]][::-1]
    features = [f"n{i}:{text}" for i, text in enumerate(after, 1)]
    features += [f"p{i}:{text}" for i, text in enumerate(before, 1)]
    if len(after) > 1:
        features.append(f"n12:{after[0]}_{after[1]}")
    if len(before) > 1:
        features.append(f"p12:{before[1]}_{before[0]}")
    clause = context.clause(anchor.first)
    for word, own in zip(context.words, context.clauses, strict=True):
        if word.text.isalpha() and len(word.text) > 2:
            features.append(f"w:{word.stem}")
            if own == clause:
                features.append(f"c:{word.stem}")
    return features


def _cues(context: Context, anchor: Anchor) -> list[str]:
    clause = context.clause(anchor.first)
    names = set()
    for cue in context.cues:
        names.add(f"s:{cue.name}")
        gap = cue.first - anchor.last if cue.first >= anchor.last else anchor.first - cue.last
        side = ">" if cue.first >= anchor.last else "<"
        if context.clause(cue.first) == clause:
            names.add(f"cl:{cue.name}")
        if gap <= _NEAR:
            names.add(f"ne:{cue.name}{side}")
        if 0 <= gap <= 1:
            names.add(f"k:{cue.name}{side}")
    return sorted(names)


def _company_kept(reading: Reading, context: Context, anchor: Anchor) -> list[str]:
    """Which parties, products and other amounts stand near."""
    features = []
    before = [m for m in context.mentions if m.last <= anchor.first]
    after = [m for m in context.mentions if m.first >= anchor.last]
    features.append(f"parties={min(len(before), 2)}/{min(len(after), 2)}")
    for role in _roles(reading, before[-1:] + after[:1]):
        features.append(f"role:{role}")
    products = sorted(context.products, key=lambda p: abs(p.first - anchor.last))
    for product in products[:1]:
        gap = product.first - anchor.last if product.first >= anchor.last else anchor.first - product.last
        side = ">" if product.first >= anchor.last else "<"
        features += [f"product:{product.grade}{side}{bucket(gap)}", f"k:class={product.product_class}"]
    if not products:
        features.append("no product")
    amounts = [a for a in context.anchors if a.quantity is not None]
    features.append(f"amounts={min(len(amounts), 4)}")
    features.append(f"times={min(sum(a.due is not None for a in context.anchors), 3)}")
    if amounts and anchor.quantity is not None:
        place = next((i for i, other in enumerate(amounts[:3]) if other is anchor), 3)
        features.append(f"amount no. {place}")
    return features


def _launch_signs(context: Context, anchor: Anchor) -> list[str]:
    """A time is a launch where something named starts in its clause, and no amount takes the time."""
    clause = context.clause(anchor.first)
    starts = [c for c in context.cues if c.name == "launch"]
    near = any(context.clause(c.first) == clause for c in starts)
    cue = "clause" if near else "sentence" if starts else "none"
    grades = {GROUPS.get(p.grade, p.grade) for p in context.products}
    inside = {GROUPS.get(p.grade, p.grade) for p in context.products if context.clause(p.first) == clause}
    thing = next((g for g in _THINGS if g in inside), "none")
    elsewhere = next((g for g in _THINGS if g in grades), "none")
    amounts = [a for a in context.anchors if a.quantity is not None and context.clause(a.first) == clause]
    signs = [
        f"starts={cue}+thing={thing}",
        f"starts={cue}+elsewhere={elsewhere}",
        f"starts={cue}+amounts={min(len(amounts), 2)}",
    ]
    stems = sorted({c.first for c in starts})
    gaps = [abs(first - anchor.first) for first in stems]
    signs.append(f"start gap={bucket(min(gaps))}" if gaps else "start gap=none")
    return signs


def _roles(reading: Reading, mentions: Sequence[Mention]) -> list[str]:
    roles: set[str] = set()
    for mention in mentions:
        entity = reading.parties.entities[mention.entity]
        roles.add(f"type {entity.type}")
        roles.update(entity.roles)
    return sorted(roles)


def _setting(reading: Reading, context: Context, anchor: Anchor) -> list[str]:
    """The sentence as a whole and the one before it."""
    sentence, text = context.sentence, reading.document.text
    features = []
    if sentence.title:
        features.append("title")
    if sentence.heading:
        features.append("heading")
    if context.quoted:
        features.append("quoted")
    ending = text[sentence.start : sentence.end].rstrip('"”“»« ')
    if ending.endswith("?"):
        features.append("question")
    if any(cue.name == "percent" for cue in context.cues):
        features.append("has percent")
    if not any(w.text[0].isalpha() and w.text == w.lower and len(w.text) > 2 for w in context.words[:4]):
        features.append("no verb at start")
    length = sentence.last - sentence.first
    features.append(f"length={'short' if length < 8 else 'long' if length > 30 else 'middle'}")
    previous = reading.before(sentence.index, 1)
    if previous is not None:
        features += sorted({f"before:{cue.name}" for cue in previous.cues})
    end_of_text = len(reading.contexts) - sentence.index
    if end_of_text <= 2:
        features.append(f"from end={end_of_text}")
    return features


def _announced(reading: Reading, row: int) -> list[str]:
    """What the announcing sentence of a list and the one before it say, for a row of the list."""
    above = reading.all_before(row, 2)
    names = {cue.name for context in above for cue in context.cues}
    words = {word.stem for word in (above[0].words if above else ()) if word.text.isalpha()}
    return ["row", *sorted(f"announced:{name}" for name in names), *sorted(f"list:{w}" for w in words)]


def due_features(reading: Reading, context: Context, anchor: Anchor, kind: str, index: int) -> list[str]:
    """How the time at `index` of `reading.dues` stands to an anchor."""
    due = reading.dues[index]
    document = reading.document
    home = document.sentence_at(due.start)
    back = reading.steps_back(context.sentence.index, home.index)
    features = [f"form={due.form}", f"grain={due.grain}", f"back={max(-2, min(back, 3))}"]
    first = document.word_index(due.start)
    if back == 0:
        after = due.start >= anchor.end
        gap = first - anchor.last if after else anchor.first - document.first_word_from(due.end)
        side = ">" if after else "<"
        features += [f"gap{side}{bucket(max(gap, 0))}", f"form={due.form}{side}"]
        same = context.clause(first) == context.clause(anchor.first)
        features.append("same clause" if same else "other clause")
        low, high = sorted((due.start, anchor.start))
        between = [
            a for a in context.anchors if a.quantity is not None and low < a.start < high and a is not anchor
        ]
        features.append(f"amounts between={min(len(between), 2)}{side}")
        others = [d for d in context.dues if d.due is not None]
        features.append(f"times={min(len(others), 3)}")
        nearer = [
            d for d in others if d is not due and abs(d.start - anchor.start) < abs(due.start - anchor.start)
        ]
        features.append(f"nearer times={min(len(nearer), 2)}")
    else:
        own = any(d.due is not None for d in context.dues)
        features += [f"own time={own}", f"back={max(-2, min(back, 3))}+own={own}"]
        neighbour = reading.context(home.index)
        if neighbour is not None and neighbour.sentence.paragraph == context.sentence.paragraph:
            features.append("same paragraph")
        if home.title:
            features.append("in title")
    if due.due is not None and document.published is not None:
        tense = _tense(due.due.start, due.due.end, document.published)
        features.append(tense)
        clause = context.clause(anchor.first)
        near = {cue.name for cue in context.cues if context.clause(cue.first) == clause}
        features += [f"{tense}+{name}" for name in _TENSE_CUES if name in near]
    following = document.first_word_from(due.end)
    if following < home.last:
        features.append(f"before {document.words[following].stem}")
    return features + [f"{kind}|{name}" for name in features]


def _undone(reading: Reading, context: Context) -> list[str]:
    """An intention of the past beside words of giving up, here or in a sentence beside it, is off."""
    names = {cue.name for cue in context.cues}
    intended = "past_intention" in names
    features = [f"intended before={intended}+off here={bool(names & {'cancel', 'deny'})}"]
    for offset in (-1, 1):
        neighbour = reading.context(context.sentence.index + offset)
        if neighbour is not None and neighbour.sentence.paragraph == context.sentence.paragraph:
            off = {cue.name for cue in neighbour.cues} & {"cancel", "deny"}
            features += [f"intended before={intended}+{name} at {offset}" for name in sorted(off)]
    return features


def _tense(start: date | None, end: date | None, published: date) -> str:
    if end is not None and (published - end).days > 1:
        return "time past"
    if start is not None and start > published:
        return "time future"
    return "time now"


def no_due_features(reading: Reading, context: Context, kind: str) -> list[str]:
    """The case for no time at all."""
    times = [d for d in context.dues if d.due is not None]
    previous = reading.context(context.sentence.index - 1)
    before = previous is not None and any(d.due is not None for d in previous.dues)
    features = ["none", f"none+times={min(len(times), 2)}", f"none+before={before}"]
    features += [f"none+{cue.name}" for cue in context.cues if cue.name in ("fact", "plan", "previous")][:3]
    return features + [f"{kind}|{name}" for name in features]


def status_features(
    reading: Reading, context: Context, anchor: Anchor, kind: str, due_tense: str, speaker: str
) -> list[str]:
    """What tells planned from expected, actual and denied; `speaker` is a relation of `speaker_relation`."""
    features = [
        "bias",
        f"kind={kind}",
        f"due={due_tense}",
        f"kind={kind}+due={due_tense}",
        f"speaker={speaker}",
    ]
    features += [f"speaker={speaker}+due={due_tense}", f"speaker={speaker}+kind={kind}"]
    features += _cues(context, anchor)
    clause = context.clause(anchor.first)
    for word, own in zip(context.words, context.clauses, strict=True):
        if len(word.text) > 1 and word.text[0].isalpha():
            features.append(f"c:{word.lower}" if own == clause else f"s:{word.lower}")
    features += _setting(reading, context, anchor)
    for role in _roles(reading, list(context.mentions)):
        features.append(f"role:{role}")
    if any(m.form is not Form.MODIFIER for m in context.mentions):
        features.append("has party")
    follower = reading.context(context.sentence.index + 1)
    if follower is not None:
        features += sorted({f"next:{cue.name}" for cue in follower.cues if cue.name in ("deny", "cancel")})
    features += _undone(reading, context)
    crossed = [f"{kind}|{name}" for name in features if name.startswith(("cl:", "ne:", "due="))]
    crossed += [f"{speaker}|{name}" for name in features if name.startswith(("cl:", "ne:"))]
    return (
        features
        + crossed
        + [
            f"{due_tense}|{name}"
            for name in features
            if name.startswith(("cl:", "s:", "ne:")) and name[2:].isalpha()
        ]
    )
