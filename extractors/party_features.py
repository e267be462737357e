"""What the choosers see of a party: as the subject of a claim, its speaker, or the other side."""

from __future__ import annotations

from bisect import bisect_left

from extractors.features import bucket
from extractors.interviews import is_answer
from extractors.mentions import Entity, EntityType, Form, Mention, ProductMention
from extractors.reading import Anchor, Context, Reading
from extractors.sentence_rules import opens_clause


def subject_features(
    reading: Reading,
    context: Context,
    anchor: Anchor,
    kind: str,
    entity: Entity,
    product: ProductMention | None,
) -> list[str]:
    """How an entity stands to an anchor of a kind; kept, as subject and other side are chosen by the same."""
    key = (id(anchor), id(product), kind, entity.index, entity.name)
    found = reading.subjects.get(key)
    if found is None:
        found = (anchor, product, _read_subject(reading, context, anchor, kind, entity, product))
        reading.subjects[key] = found
    return found[2]


def _read_subject(
    reading: Reading,
    context: Context,
    anchor: Anchor,
    kind: str,
    entity: Entity,
    product: ProductMention | None,
) -> list[str]:
    features = [f"type={entity.type}", f"known={entity.known}"]
    features += _standing(reading, entity)
    features += _in_sentence(reading, context, anchor, entity)
    features += _in_article(reading, context, entity)
    features += [f"role={role}" for role in entity.roles]
    if product is not None and product.maker:
        features.append(f"maker={product.maker == entity.name}")
        features.append(f"makes {product.maker == entity.name}+type={entity.type}")
    if product is not None and entity.name in product.name and not product.maker:
        features.append("is the product")
    features += [f"hint={hint}" for hint in sorted(entity.hints)]
    features += ["introduced by a noun"] * bool(entity.nouns)
    if not entity.known:
        features.append(f"unlisted article={'article' in entity.hints}+introduced={bool(entity.nouns)}")
    return features + [f"{kind}|{name}" for name in features]


def _standing(reading: Reading, entity: Entity) -> list[str]:
    """What the whole article says of a name: does it act, speak and employ like a company?"""
    key = (entity.index, entity.name)
    if key not in reading.standings:
        reading.standings[key] = _read_standing(reading, entity)
    return reading.standings[key]


def _read_standing(reading: Reading, entity: Entity) -> list[str]:
    entities = reading.parties.entities
    features = []
    employs = any(e.employer == entity.index for e in entities)
    features.append(f"employs={employs}+known={entity.known}")
    leads = 0
    for mention in entity.mentions:
        home = reading.contexts[reading.document.sentence_at(mention.start).index]
        parties = reading.acting(home)
        leads += bool(parties) and parties[0].entity == entity.index and mention.form is Form.NAME
    share = leads / len(entity.mentions) if entity.mentions else 0.0
    features.append(f"leads share={int(share * 4)}+known={entity.known}")
    numbered = any(
        p.grade in ("built", "listed", "family") and p.name.endswith(entity.name) for p in reading.products
    )
    features.append(f"product like={numbered}+known={entity.known}")
    total = sum(len(e.mentions) for e in entities if e.type in (EntityType.COMPANY, EntityType.UNKNOWN))
    features.append(f"share of names={int(8 * len(entity.mentions) / total) if total else 0}")
    features.append(f"words={min(len(entity.name.split()), 3)}+known={entity.known}")
    return features


def _in_sentence(reading: Reading, context: Context, anchor: Anchor, entity: Entity) -> list[str]:
    mentions = [m for m in context.mentions if m.entity == entity.index]
    references = [r for r in context.references if r.entity == entity.index]
    features: list[str] = []
    parties = reading.acting(context)
    if not mentions:
        features += ["not in sentence", f"not in sentence, which is about {_lead(reading, context, anchor)}"]
    if mentions:
        nearest = min(mentions, key=lambda m: _gap(m, anchor))
        features += _position(reading, context, anchor, nearest, parties)
        strong = [m for m in mentions if m.form is Form.NAME]
        features.append("named" if strong else "only in a compound")
        if strong and parties and parties[0].entity == entity.index:
            features.append("first party")
            if opens_clause(reading, context, anchor, parties[0]):
                features += ["acts", f"acts with {_verb(reading, context, parties[0])}"]
        if len({m.entity for m in parties}) == 1:
            features.append("only party")
    if references:
        nearest_reference = min(references, key=lambda r: abs(r.first - anchor.first))
        same = context.clause(nearest_reference.first) == context.clause(anchor.first)
        features += ["described", f"described+named={bool(mentions)}", f"described same clause={same}"]
    elif context.references:
        features.append("another is described")
    if not parties:
        features.append("no party in sentence")
    employed = _person_here(reading, context, entity)
    if employed is not None:
        situation = (
            "party before"
            if any(m.first < anchor.first for m in parties)
            else "party"
            if parties
            else "no party"
        )
        features.append(f"person here is its own={employed}+{situation}")
    features += _pronoun(reading, context, anchor, entity, parties)
    if any(cue.name == "we" for cue in context.cues):
        features.append(
            "we: " + ("employs speaker" if _employs_speaker(reading, context, entity) else "does not")
        )
    interview = reading.interview
    if interview is not None and is_answer(reading, context):
        features.append(f"answers for it={interview.party == entity.index}+party={bool(parties)}")
    return features


def _lead(reading: Reading, context: Context, anchor: Anchor) -> str:
    """Whom the sentence brings up before an amount: somebody new, somebody named before, or nobody."""
    parties = [m for m in reading.acting(context) if m.first < anchor.first]
    if not parties:
        return "nobody"
    first = reading.parties.entities[parties[-1].entity].mentions[0]
    acts = " that acts" if opens_clause(reading, context, anchor, parties[0]) else ""
    return f"{'a new' if first.start >= context.sentence.start else 'an old'} party{acts}"


def _verb(reading: Reading, context: Context, mention: Mention) -> str:
    """What the word behind a name is a cue of."""
    names = sorted({cue.name for cue in context.cues if cue.first <= mention.last < cue.last})
    return "+".join(names) or "any word"


def _person_here(reading: Reading, context: Context, entity: Entity) -> bool | None:
    """Whether the first person in the sentence works for the entity; None where nobody's party is known."""
    for mention in context.mentions:
        person = reading.parties.entities[mention.entity]
        if person.type is EntityType.PERSON and person.employer is not None:
            return person.employer == entity.index
    return None


def _pronoun(
    reading: Reading, context: Context, anchor: Anchor, entity: Entity, parties: list[Mention]
) -> list[str]:
    """A pronoun at the head of the clause stands for whom the sentence before was about."""
    clause = context.clause(anchor.first)
    heads = [c for c in context.cues if c.name == "pronoun" and c.first < anchor.first]
    if not heads or any(m.first < anchor.first and context.clause(m.first) == clause for m in parties):
        return []
    word = reading.document.words[heads[0].first].lower
    previous = reading.context(context.sentence.index - 1)
    before = reading.acting(previous) if previous is not None else []
    leads = bool(before) and before[0].entity == entity.index
    inside = any(m.entity == entity.index and m.first < anchor.first for m in parties)
    employer = _employs_speaker(reading, context, entity)
    return [
        f"pronoun {word}+leads={leads}+inside={inside}",
        f"pronoun+leads={leads}",
        f"pronoun {word}+employer={employer}",
    ]


def _gap(mention: Mention, anchor: Anchor) -> int:
    return mention.first - anchor.last if mention.first >= anchor.last else anchor.first - mention.last


def _position(
    reading: Reading, context: Context, anchor: Anchor, mention: Mention, parties: list[Mention]
) -> list[str]:
    words = reading.document.words
    side = ">" if mention.first >= anchor.last else "<"
    same = context.clause(mention.first) == context.clause(anchor.first)
    before = words[mention.first - 1].lower if mention.first > context.sentence.first else "^"
    after = words[mention.last].lower if mention.last < context.sentence.last else "$"
    features = [
        f"gap{side}{bucket(_gap(mention, anchor))}",
        f"form={mention.form}",
        f"form={mention.form}{side}",
        f"clause {'same' if same else 'other'}{side}",
        f"prev={before}",
        f"next={after}",
        f"prev={before}{side}",
    ]
    between = [
        m
        for m in parties
        if m.entity != mention.entity
        and min(mention.last, anchor.last) <= m.first < max(mention.first, anchor.first)
    ]
    features.append(f"parties between={min(len(between), 2)}{side}")
    low, high = min(mention.last, anchor.last), max(mention.first, anchor.first)
    amounts = sum(
        1 for a in context.anchors if a.quantity is not None and a is not anchor and low <= a.first < high
    )
    features.append(f"amounts between={min(amounts, 2)}{side}")
    features.append(f"amounts {min(amounts, 1)} parties {min(len(between), 1)} between{side}")
    rank = sum(1 for m in parties if m.first < mention.first and m.entity != mention.entity)
    features.append(f"order={min(rank, 3)}")
    if side == "<":
        cut = [i for i in range(mention.last, anchor.first) if words[i].text in ",;:–—"]
        features.append(f"marks between={min(len(cut), 3)}")
    cues = {cue.name for cue in context.cues if 0 <= cue.first - mention.last <= 1}
    features += [f"followed by {name}" for name in sorted(cues)]
    cues = {cue.name for cue in context.cues if 0 <= mention.first - cue.last <= 0}
    features += [f"preceded by {name}" for name in sorted(cues)]
    return features


def _in_article(reading: Reading, context: Context, entity: Entity) -> list[str]:
    index = context.sentence.index
    homes = reading.homes(entity)
    before = bisect_left(homes, index)
    features = []
    here = before < len(homes) and homes[before] == index
    if before:
        back = index - homes[before - 1]
        features.append(f"last seen={min(back, 4)}+here={here}")
        last = reading.contexts[index - back]
        first_there = reading.acting(last)
        if first_there and first_there[0].entity == entity.index:
            features.append(f"led sentence {min(back, 4)} back+here={here}")
        if last.sentence.paragraph == context.sentence.paragraph:
            features.append(f"same paragraph+here={here}")
    else:
        features.append("new here" if here else "only later")
    if homes and reading.contexts[homes[0]].sentence.title:
        features.append("in title")
    counts = reading.frequencies
    if entity.type is not EntityType.PERSON and counts:
        own = len(entity.mentions)
        features.append(f"frequency rank={min(counts.index(own), 4) if own in counts else 5}")
    if homes and homes[0] <= 1:
        features.append("named at once")
    if not any(m.form is Form.NAME for m in entity.mentions):
        features.append("never named alone")
    return features


def _employs_speaker(reading: Reading, context: Context, entity: Entity) -> bool:
    """Does somebody who speaks in this sentence or beside it, or who answers here, work for the entity?"""
    interview = reading.interview
    if interview is not None and is_answer(reading, context) and interview.party is not None:
        return interview.party == entity.index
    for offset in (0, 1, -1, -2):
        neighbour = reading.context(context.sentence.index + offset)
        for mention in neighbour.mentions if neighbour is not None else ():
            person = reading.parties.entities[mention.entity]
            if person.type is EntityType.PERSON and person.employer is not None:
                return person.employer == entity.index
    return False


def speaker_features(
    reading: Reading, context: Context, anchor: Anchor, kind: str, entity: Entity, subject: str
) -> list[str]:
    """How an entity stands to the act of saying."""
    features = [f"type={entity.type}", f"is subject={entity.name == subject}"]
    features += [
        f"role={role}"
        for role in entity.roles
        if role
        in ("media", "analyst", "ministry", "government", "investor", "bank", "research_centre", "university")
    ]
    interview = reading.interview
    if interview is not None and is_answer(reading, context):
        features.append(f"answers={interview.guest == entity.index}")
    best: list[str] | None = None
    index = context.sentence.index
    for offset in (0, 1, -1, -2, -3, 2, -4):
        neighbour = reading.before(index, -offset)
        if neighbour is None or neighbour.sentence.title != context.sentence.title:
            continue
        mentions = [m for m in neighbour.mentions if m.entity == entity.index]
        spots = [(m.first, m.last, str(m.form)) for m in mentions]
        spots += [
            (r.first, r.last, "described" if r.form is Form.DESCRIPTION else "pronoun")
            for r in (*neighbour.references, *neighbour.voices)
            if r.entity == entity.index
        ]
        if spots:
            best = _saying(reading, neighbour, spots, offset, anchor)
            same = neighbour.sentence.paragraph == context.sentence.paragraph
            best.append(f"offset={offset}+paragraph={same}+quoted={context.quoted}")
            best.append(f"offset={offset}+konjunktiv={any(c.name == 'konjunktiv' for c in context.cues)}")
            break
    if best is None:
        best = ["away"]
    if any(r.entity == entity.index for r in context.references):
        best.append("described")
    if any(c.name == "we" for c in context.cues):
        best.append(f"we+type={entity.type}")
    features += best
    features.append(f"{entity.type}+{best[0]}")
    return features + [f"subject={entity.name == subject}|{name}" for name in features]


def _saying(
    reading: Reading, context: Context, spots: list[tuple[int, int, str]], offset: int, anchor: Anchor
) -> list[str]:
    """`spots` are (first word, word after the last, form) of what stands for the entity in the sentence."""
    words = reading.document.words
    features = [f"offset={offset}"]
    names = set()
    for first, last, form in spots:
        told = f"{form} " if form in ("described", "pronoun") else ""
        for cue in context.cues:
            if cue.name not in ("say", "according", "forecast", "plan", "deny", "hearsay"):
                continue
            after, before = cue.first - last, first - cue.last
            if -1 <= after <= 3:
                names.add(f"{told}{cue.name} after {min(max(after, 0), 3)}")
            if -1 <= before <= 4:
                names.add(f"{told}{cue.name} before {min(max(before, 0), 4)}")
        previous = words[first - 1].lower if first > context.sentence.first else "^"
        following = words[last].lower if last < context.sentence.last else "$"
        names |= {f"{told}prev={previous}", f"{told}next={following}"}
        if following == ":" and previous in "^*▲•-–":
            names.add("label")  # "Wu: One more …" in an interview
        if form == Form.MODIFIER:
            names.add("modifier")
        elif told:
            names.add(form)
        if offset == 0:
            names.add("before the amount" if first < anchor.first else "after the amount")
    others = {
        m.entity for m in context.mentions if reading.parties.entities[m.entity].type is EntityType.PERSON
    }
    features += [f"people here={min(len(others), 2)}"]
    return features + sorted(names) + [f"offset={offset}+{name}" for name in sorted(names)]


def no_speaker_features(reading: Reading, context: Context) -> list[str]:
    """The case for nobody: the article says it itself."""
    features = ["none", f"none+quoted={context.quoted}"]
    if is_answer(reading, context):
        features.append("none+answer")
    features += sorted(
        {
            f"none+{cue.name}"
            for cue in context.cues
            if cue.name in ("say", "according", "hearsay", "we", "konjunktiv", "forecast", "plan", "modal")
        }
    )
    people = {
        m.entity for m in context.mentions if reading.parties.entities[m.entity].type is EntityType.PERSON
    }
    features.append(f"none+people={min(len(people), 2)}")
    features.append(f"none+title={context.sentence.title}")
    follower = reading.context(context.sentence.index + 1)
    if follower is not None and any(cue.name == "say" for cue in follower.cues):
        features.append("none+said next")
    return features


def speaker_relation(reading: Reading, speaker: Entity | None, subject: Entity) -> str:
    """Who speaks about whom: nobody, the subject itself, its people, or somebody else of some trade."""
    if speaker is None:
        return "nobody"
    if speaker.name == subject.name:
        return "itself"
    if speaker.type is EntityType.PERSON:
        if speaker.employer is None:
            return "a person"
        return "its person" if speaker.employer == subject.index else "another's person"
    for role in ("media", "analyst", "bank"):
        if role in speaker.roles:
            return role
    return "another party"
