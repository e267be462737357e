"""What analysts expected of a party: "beating the $3.2 billion analysts had expected"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.mentions import Entity
from extractors.name_words import word_set

if TYPE_CHECKING:
    from extractors.reading import Anchor, Context, Reading

_BESIDE = 2  # words between an amount and its "analysts": "that", ", die"
_VERB = 4  # words between "analysts" and "expected": "had on average"
_REACH = 9  # words between "analysts" and an amount behind: "Analysten hatten im Mittel mit einem Umsatz von"
_ASKING = frozenset({"media", "analyst"})
_OWN_VOICES = frozenset({"itself", "its person"})
_ENDS = frozenset(",;:")


def is_estimated(reading: Reading, context: Context, anchor: Anchor) -> bool:
    """Is the amount what nobody but analysts expected, named by that word and a verb or noun of expecting?"""
    return _behind(reading, context, anchor) or _before(reading, context, anchor)


def may_be_estimated(parties: list[Entity]) -> list[Entity]:
    """Whose figure it may be: not that of who asked the analysts."""
    return [e for e in parties if _ASKING.isdisjoint(e.roles)] or parties


def is_of_the_other(reading: Reading, context: Context, anchor: Anchor, voice: str) -> bool:
    """Does this voice tell only the other figure: the party its own, a data provider the estimate?"""
    if is_estimated(reading, context, anchor):
        return voice in _OWN_VOICES
    return voice == "analyst" and any(is_estimated(reading, context, other) for other in context.anchors)


def _words(reading: Reading, first: int, last: int) -> list[str]:
    return [word.lower for word in reading.document.words[first:last]]


def _behind(reading: Reading, context: Context, anchor: Anchor) -> bool:
    """ "$3.2 billion that analysts had expected", "the $3.2 billion consensus"."""
    lang, last = reading.document.lang, context.sentence.last
    near = _words(reading, anchor.last, min(anchor.last + _BESIDE + 1, last))
    if near and near[0] in word_set(lang, "estimates.consensus"):
        return True
    at = next((i for i in range(len(near)) if _is_who(reading, anchor.last + i)), None)
    if at is None or near[:at] == [","] or not word_set(lang, "estimates.links").issuperset(near[:at]):
        return False
    verb = anchor.last + at + 1
    said = _words(reading, verb, min(verb + _VERB + 1, last))
    other = not word_set(lang, "estimates.not_it").isdisjoint(said)  # "more than that"
    return not other and _expecting(lang, said) and _free(context, anchor.last, verb)


def _before(reading: Reading, context: Context, anchor: Anchor) -> bool:
    """ "Analysts had forecast $5.1 billion", "die Erwartungen der Analysten von …", "the consensus of …"."""
    lang, sentence = reading.document.lang, context.sentence
    first = max(sentence.first, anchor.first - _REACH)
    words = _words(reading, first, anchor.first)
    consensus = word_set(lang, "estimates.consensus")
    places = [i for i in range(len(words)) if words[i] in consensus or _is_who(reading, first + i)]
    if not places or not _free(context, first + places[-1], anchor.first):
        return False
    at = places[-1]
    between = words[at + 1 :]
    if (
        words[at] not in consensus
        and not _ENDS & set(between)
        and _alone(reading, context, first + at, anchor)
    ):
        behind = _words(reading, anchor.last, min(anchor.last + _VERB, sentence.last))
        if _expecting(lang, [*between, *behind]) and not _nouns(lang) & set(between):
            return True
    return _held(lang, words, at)


def _held(lang: str, words: list[str], at: int) -> bool:
    """Does a noun of expecting that is theirs lead to the amount: "analysts' average estimate of"?"""
    owned, links = word_set(lang, "estimates.owned"), word_set(lang, "estimates.noun_links")
    named = at if words[at] in word_set(lang, "estimates.consensus") else None
    for index, word in enumerate(words):
        before = at - 2 <= index < at  # "die Erwartungen der Analysten"
        behind = index > at and owned.issuperset(words[at + 1 : index])
        if word in _nouns(lang) and (before or behind):
            named = max(index, at)
    return named is not None and links.issuperset(words[named + 1 :])


def _nouns(lang: str) -> frozenset[str]:
    return word_set(lang, "estimates.nouns")


def _is_who(reading: Reading, index: int) -> bool:
    """Analysts; a street only as "Wall Street" or "the Street"."""
    lang, words = reading.document.lang, reading.document.words
    word = words[index].lower
    if word in word_set(lang, "estimates.street"):
        return index > 0 and words[index - 1].lower in word_set(lang, "estimates.before_street")
    return word in word_set(lang, "estimates.who")


def _alone(reading: Reading, context: Context, at: int, anchor: Anchor) -> bool:
    """Does nobody else act between "analysts" and the amount, and are they told nothing?"""
    words, lang = reading.document.words, reading.document.lang
    others = word_set(lang, "names.personal_pronouns") | word_set(lang, "names.party_pronouns")
    verbs = word_set(lang, "estimates.verbs")
    named = (m.first for m in context.mentions if at < m.first < anchor.first)
    if any(words[first - 1].lower not in verbs for first in named):  # "had expected X to have"
        return False
    return others.isdisjoint(word.lower for word in words[at + 1 : anchor.first])


def _expecting(lang: str, words: list[str]) -> bool:
    """A verb of expecting; "told analysts to expect" and "gave analysts a forecast" have none of theirs."""
    verbs, told = word_set(lang, "estimates.verbs"), word_set(lang, "estimates.told")
    return any(word in verbs and not (i and words[i - 1] in told) for i, word in enumerate(words))


def _free(context: Context, first: int, last: int) -> bool:
    """No other amount stands between."""
    return not any(first <= other.first < last for other in context.anchors if other.quantity is not None)
