"""What the choosers see of a product: how it is named, where it stands, what the article does with it."""

from __future__ import annotations

from bisect import bisect_left

from extractors.features import GROUPS, bucket
from extractors.mentions import NAMELESS, ProductMention
from extractors.reading import Anchor, Context, Reading

_OUT_OF_STEP = 2  # farther is told as that


def product_features(
    reading: Reading, context: Context, anchor: Anchor, kind: str, product: ProductMention
) -> list[str]:
    """How a product stands to an anchor."""
    home = reading.document.sentence_at(product.start)
    back = reading.steps_back(context.sentence.index, home.index)
    features = [f"grade={product.grade}", f"back={max(-1, min(back, 4))}"]
    if back == 0:
        after = product.first >= anchor.last
        gap = product.first - anchor.last if after else anchor.first - product.last
        side = ">" if after else "<"
        features += [f"gap{side}{bucket(gap)}", f"grade={product.grade}{side}{bucket(gap)}"]
        if context.clause(product.first) == context.clause(anchor.first):
            features.append("same clause")
        between = context.anchors and sum(
            1
            for a in context.anchors
            if a.quantity is not None
            and min(product.last, anchor.last) <= a.first < max(product.first, anchor.first)
        )
        features.append(f"amounts between={min(between or 0, 2)}")
        others = [p for p in context.products if p is not product and anchor.last <= p.first < product.first]
        features.append(f"products between={min(len(others), 2)}")
        features += _in_line(context, anchor, product)
        opens = product.first == context.sentence.first
        features.append(f"after:{'^' if opens else reading.document.words[product.first - 1].stem}")
    else:
        rows = bisect_left(reading.products, anchor.first, key=lambda p: p.first)
        last = rows and reading.products[rows - 1] is product
        features.append("last product before" if last else "earlier product")
        features.append(f"back={min(back, 4)}+{product.grade}")
        if not any(p.grade != "site" for p in context.products):
            features.append(f"none in sentence+{product.grade}")
    features += _made_of(reading, product)
    features += _standing(reading, context, anchor, product, back)
    features.append(f"named={min(reading.product_counts[product.name], 4)}")
    if home.title:
        features.append("in title")
    if product.maker:
        features.append("has maker")
    features.append(
        f"class={product.product_class}" if product.grade == "class" else f"of class={product.product_class}"
    )
    return features + [f"{kind}|{name}" for name in features]


def _standing(
    reading: Reading, context: Context, anchor: Anchor, product: ProductMention, back: int
) -> list[str]:
    """What else stands at a product's words, what cue is near, and whether the article is about it."""
    group = GROUPS.get(product.grade, product.grade)
    features = [f"group={group}", f"group={group}+back={min(back, 2)}"]
    home = reading.contexts[reading.document.sentence_at(product.start).index]
    others = [p for p in home.products if p is not product]
    covered = any(p.first <= product.first and product.last <= p.last for p in others)
    features.append(f"covered={covered}")
    beside = [p for p in others if p.last == product.first or p.first == product.last]
    features += sorted({f"{group} beside {GROUPS.get(p.grade, p.grade)}" for p in beside})
    better = {GROUPS.get(p.grade, p.grade) for p in context.products if p is not product}
    features += sorted(f"{group}+has {other}" for other in better)
    leaders = (reading.leading_product, reading.leading_name)
    features += [f"leads {i}" for i, p in enumerate(leaders) if p is not None and p.name == product.name]
    if product.grade in ("noun", "plain"):
        features.append(f"{product.grade}={product.name.lower()}")
    own = [n for n in reading.nouns[context.sentence.index] if 0 <= n.first - anchor.last <= 3]
    features += sorted({f"{group}+counted={noun.name.lower()}" for noun in own if noun is not product})
    direct = [p for p in context.products if 0 <= p.first - anchor.last <= 1]
    features += sorted({f"{group}+direct={GROUPS.get(p.grade, p.grade)}" for p in direct if p is not product})
    features += sorted(
        {f"{group}+direct={p.name}" for p in direct if p.grade == "class" and p is not product}
    )
    features.append(f"{group}+own={bool(own)}")
    if back == 0:
        near = [
            c for c in context.cues if -3 <= c.first - product.last <= 3 or 0 <= product.first - c.last <= 3
        ]
        features += sorted({f"{group} near {c.name}" for c in near})
        rank = sum(anchor.last <= p.first < product.first for p in others)
        features.append(f"{group}+rank={min(rank, 2)}" if product.first >= anchor.last else f"{group}+before")
    else:
        between = {
            p.name
            for c in reading.contexts[home.sentence.index : context.sentence.index]
            for p in c.products
            if p.first > product.first and GROUPS.get(p.grade, p.grade) == group
        }
        features.append(f"{group}+newer={min(len(between - {product.name}), 3)}")
    owned = {reading.parties.entities[m.entity].name for m in context.mentions}
    if product.maker:
        features.append(f"maker here={product.maker in owned}")
    return features


def _in_line(context: Context, anchor: Anchor, product: ProductMention) -> list[str]:
    """Its place among the things and the times or amounts of a sentence: "A comes in May and B in June"."""
    group = GROUPS.get(product.grade, product.grade)
    low, high = min(product.last, anchor.last), max(product.first, anchor.first)
    like = list(dict.fromkeys(a.first for a in context.anchors if a.measure == anchor.measure))
    things = [p for p in context.products if p.grade not in NAMELESS]
    nearer = {p.name for p in things if low <= p.first < high} - {product.name}
    side = ">" if product.first >= anchor.last else "<"
    features = [
        f"like between={min(sum(low <= first < high for first in like), 2)}{side}",
        f"{group}+nearer={min(len(nearer), 2)}{side}",
    ]
    names = list(dict.fromkeys(p.name for p in things))
    if len(like) > 1 and product.name in names:
        step = names.index(product.name) - like.index(anchor.first)
        step = max(-_OUT_OF_STEP, min(step, _OUT_OF_STEP))
        features.append(f"step={step}+as many={len(names) == len(like)}")
    return features


def _made_of(reading: Reading, product: ProductMention) -> list[str]:
    """Whether the name behind an unlisted product acts like a company or is treated like a thing."""
    if product.entity is None:
        return []
    entity = reading.parties.entities[product.entity]
    told = sorted(hint for hint in entity.hints if not hint.startswith("called "))
    employs = any(other.employer == entity.index for other in reading.parties.entities)
    features = [f"name {hint}" for hint in told]
    return [*features, f"name employs={employs}", f"name introduced={bool(entity.nouns)}"]
