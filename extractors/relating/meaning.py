"""What only the sentence tells: created or cut, daily or monthly, one more, which product of a party."""

from __future__ import annotations

from functools import cache, lru_cache

from extractors.catalogue.names import catalogue, fold
from extractors.claim import Kind
from extractors.document import Word
from extractors.languages.lexicon import lexicon
from extractors.phrases import PhraseMatcher
from extractors.relating.amounts import same_amount
from extractors.relating.fit import SAME, Fit, Match, other
from extractors.relating.parties import identity, owners, product_of
from extractors.relating.statement import Statement
from extractors.relating.variants import other_variant
from extractors.relating.wording import (
    LONGEST,
    all_values,
    languages,
    mentions,
    one_more,
    reading,
    values,
    values_beside,
    words_of,
)

_RATES = frozenset({"hour", "day", "week", "month", "year"})
_BUYERS = frozenset({"businesses", "private", "students"})
_EXTENTS = frozenset({"yearly", "whole"})
# Kind of claim -> groups of meanings that tell two of its claims apart, with the values that count.
_GROUPS: dict[Kind, dict[str, frozenset[str] | None]] = {
    Kind.DEPLOYMENT: {"use": None, "tenure": None, "cooling": None},
    Kind.ORDER: {"use": None, "tenure": None, "rhythm": _RATES, "cooling": None},
    Kind.SHIPMENT: {
        "use": None,
        "rhythm": _RATES,
        "process": None,
        "platform": None,
        "generation": None,
        "making": None,
        "brand": None,
    },
    Kind.INVESTMENT: {"use": None, "flow": None, "extent": _EXTENTS, "means": None, "round": None},
    Kind.POWER: {"use": None, "supply": None, "load": None},
    Kind.PERFORMANCE: {"use": None, "precision": None, "number_format": None, "partition": None},
    Kind.PRICE: {
        "adverts": None,
        "shop": None,
        "rhythm": _RATES | {"once"},
        "package": None,
        "direction": None,
        "audience": _BUYERS,
        "tenure": None,
        "generation": None,
        "platform": None,
    },
    Kind.USERS: {
        "rhythm": frozenset({"day", "week", "month"}),
        "audience": None,
        "network": None,
        "contract": None,
        "adverts": None,
        "change": None,
        "channel": None,
        "platform": None,
    },
    Kind.JOBS: {"work": None, "duration": None},
    Kind.REVENUE: {"brand": None},
    Kind.LAUNCH: {
        "sale": None,
        "line": None,
        "version": None,
        "generation": None,
        "platform": None,
        "channel": None,
    },
}
# What makes another thing of an amount even where the other side is silent about it.
_APART: dict[Kind, frozenset[str]] = {
    Kind.DEPLOYMENT: frozenset({"stored"}),
    Kind.JOBS: frozenset({"trainees", "voluntary"}),
    Kind.POWER: frozenset({"backup", "battery", "generation"}),  # what a site makes or keeps it does not draw
    Kind.PRICE: frozenset({"bundle", "deposit", "used"}),
}
# These are the reason for another amount; one amount told with two of them is one all the same.
_REASONS = frozenset({"making", "brand", "shop"})
_CLOSE = 18  # characters from "added" to what was added
# Told by one side only, these are the likely reason for another amount.
_TELLING = frozenset({"rhythm", "audience", "precision", "supply"})
_SYSTEMS = frozenset({"supercomputer", "data center", "AI system", "cluster"})
_IN_SYSTEMS = frozenset({Kind.DEPLOYMENT, Kind.ORDER, Kind.POWER, Kind.PERFORMANCE})
_ADDING = frozenset({Kind.SHIPMENT, Kind.REVENUE, Kind.INVESTMENT})
_LONGEST_NAME = 3


def same_meaning(a: Statement, b: Statement) -> Match:
    """OTHER where the sentences tell two things apart that have equal fields."""
    if one_more(a) != one_more(b):
        return other("one of the two amounts comes on top of another")
    begun = ["first" in all_values(statement, "stage") for statement in (a, b)]
    unsure = "one side tells a first stage" if begun[0] != begun[1] else ""
    first, second = _stages(a), _stages(b)
    if first != second:
        return other("they are different stages of one project")
    told = reading(a).meanings.keys() | reading(b).meanings.keys()
    for group, wanted in _GROUPS[a.kind].items():
        if group not in told:
            continue
        ours, theirs = _values(a, group, wanted), _values(b, group, wanted)
        if ours and theirs and not ours & theirs and not (group in _REASONS and _same_figures(a, b)):
            return other(f"{'/'.join(sorted(theirs))} is not {'/'.join(sorted(ours))}")
        if bool(ours) != bool(theirs) and group in _TELLING:
            unsure = f"only one side tells: {'/'.join(sorted(ours | theirs))}"
    if apart := other_variant(a, b) or _since_ever(a, b) or _set_apart(a, b) or _change(a, b):
        return other(apart)
    meant = _same_product_meant(a, b)
    return Match(Fit.UNSURE, unsure) if unsure and meant.fit is Fit.SAME else meant


def _same_figures(a: Statement, b: Statement) -> bool:
    return a.measured and b.measured and same_amount(a, b).fit is Fit.SAME


def _change(a: Statement, b: Statement) -> str:
    """Why one count of users is of those who came or went, the other of all."""
    if a.kind is not Kind.USERS:
        return ""
    silent = ("change" not in reading(one).meanings for one in (b, a))
    if any(_added(one) and quiet for one, quiet in zip((a, b), silent, strict=True)):
        return "one side tells a change, the other how many there are"
    return ""


def _added(statement: Statement) -> bool:
    """Whether the amount stands close behind "added" or "lost"."""
    places = [place for place, _ in reading(statement).meanings.get("change", ())]
    near = (m.number_start - place for m in mentions(statement) for place in places)
    return any(0 < gap <= _CLOSE for gap in near)


def _since_ever(a: Statement, b: Statement) -> str:
    """Why a count "since it was founded" is not that of a stated time."""
    ever = ["ever" in all_values(statement, "extent") for statement in (a, b)]
    timed = [one.due is not None or "year" in all_values(one, "rhythm") for one in (b, a)]
    told = a.kind in _ADDING and any(one and due for one, due in zip(ever, timed, strict=True))
    return "one count is of all time, the other of its own" if told and ever[0] != ever[1] else ""


def _set_apart(a: Statement, b: Statement) -> str:
    """Why one of two amounts is of something of its own: used cards, a bundle, a wind farm's watts."""
    if a.counterparty and identity(a.counterparty) == identity(b.counterparty):
        return ""  # one deal, whatever is said of it
    ours, theirs = (values_beside(one, "apart") & _APART.get(one.kind, frozenset()) for one in (a, b))
    return f"only one side tells: {'/'.join(sorted(ours ^ theirs))}" if ours != theirs else ""


def _values(statement: Statement, group: str, wanted: frozenset[str] | None) -> frozenset[str]:
    found = values(statement, group, wanted)
    if "final" in found:
        found -= {"beta"}  # "follows the beta"
    if "mass" in found:
        found -= {"pilot"}
    if len(found) > 1:
        found -= {"employed"}  # "cuts its workforce by 500" tells what is done, not how many there are
    if "employed" in found and statement.promise:
        found |= {"created"}  # "will employ 2,000 in its new plant"
    return found


def _stages(statement: Statement) -> frozenset[str]:
    """The later stages that the sentence tells; the first is what a statement without stages means, too."""
    return all_values(statement, "stage") - {"first"}


# Which product or system of the party


def _same_product_meant(a: Statement, b: Statement) -> Match:
    if a.kind is Kind.USERS:
        ours, theirs = _services(a), _services(b)
        if ours and theirs:
            same = any(_one(x, y) for x in ours for y in theirs)
            return SAME if same else other(f"{_list(theirs)} is not {_list(ours)}")
        return Match(Fit.UNSURE, "one side names the product") if ours or theirs else SAME
    if a.kind in _IN_SYSTEMS:
        ours, theirs = _systems(a), _systems(b)
        if ours and theirs and not ours & theirs:
            return other(f"another system, {_list(theirs)} and not {_list(ours)}")
    return SAME


def _list(names: frozenset[str]) -> str:
    return "/".join(sorted(names))


def _one(x: str, y: str) -> bool:
    """One name, or one with a word more at its end ("Copilot" and "Copilot apps")."""
    one, two = x.split(), y.split()
    return one[: len(two)] == two or two[: len(one)] == one


def _services(statement: Statement) -> frozenset[str]:
    """The services whose users are counted: the subject itself, or what the sentence names of its own."""
    if _is_service(statement.subject):
        return frozenset({identity(statement.subject)})
    party = identity(statement.subject)
    listed = {
        name for name in _named(statement.text, statement.lang) if party in owners(name) and name != party
    }
    return frozenset(listed) or _behind_party(statement) or _at_the_head(statement)


def _is_service(name: str) -> bool:
    """A product, or a company that the catalogue calls a service of its owner."""
    company = catalogue().company(name)
    if company is None:
        return product_of(name) is not None
    return company.owner is not None and "service" in company.roles


def _systems(statement: Statement) -> frozenset[str]:
    """The listed systems that the subject, the object or the sentence names."""
    names = {identity(statement.subject), *(identity(name) for name in statement.things)}
    names |= _named(statement.text, statement.lang)
    found = set()
    for name in names:
        product = product_of(name)
        if product is not None and product.product_class in _SYSTEMS:
            found.add(fold(product.name))
    return frozenset(found)


@lru_cache(maxsize=20_000)
def _named(text: str, lang: str) -> frozenset[str]:
    """The identities of all listed companies and products that a sentence names; of names the longest."""
    words = words_of(text, lang)
    known = catalogue()
    found: set[str] = set()
    taken = -1
    for first, word in enumerate(words):
        if not word.capital or first <= taken:
            continue
        for size in range(_LONGEST_NAME, 0, -1):
            part = words[first : first + size]
            name = text[part[0].start : part[-1].end]
            forms = dict.fromkeys((name, name.removesuffix("s")))
            if hit := next((n for n in forms if known.company(n) or product_of(n)), None):
                found.add(identity(hit))
                taken = first + len(part) - 1
                break
    return frozenset(found)


@cache
def _holds(lang: str) -> PhraseMatcher[bool]:
    return PhraseMatcher((word, True) for word in lexicon(lang).words("relating.holds"))


@cache
def _never_names(lang: str) -> frozenset[str]:
    return frozenset(lexicon(lang).words("proper_names.never"))


def _at_the_head(statement: Statement) -> frozenset[str]:
    """A bare noun that opens the sentence and has the users: "Messenger has two million users".

    An aside may stand between: "Messenger, which belongs to Meta, has …".
    """
    text, lang = statement.text[:LONGEST], languages(statement.lang)[0]
    words = words_of(text, lang)
    size = next((i for i, word in enumerate(words) if not word.capital or not word.text.isalpha()), 0)
    verb = _behind_aside(words, size)
    holds = (first == verb for first, _, _ in _holds(lang).find(words, verb, len(words)))
    if not 0 < size <= _LONGEST_NAME or not any(holds):
        return frozenset()
    name = fold(text[: words[size - 1].end])
    own = {fold(one) for one in statement.names} | {fold(statement.speaker), identity(statement.subject)}
    plain = name in own or identity(name) in own or words[0].lower in _never_names(lang)
    return frozenset() if plain else frozenset({name})


def _behind_aside(words: tuple[Word, ...], at: int) -> int:
    """The word at a place, or the one behind what commas enclose there."""
    if at >= len(words) or words[at].text != ",":
        return at
    return next((i + 1 for i in range(at + 1, len(words)) if words[i].text == ","), at)


def _behind_party(statement: Statement) -> frozenset[str]:
    """The capitalised words behind the party's name: "Google Fotos", "Microsoft's Teams"."""
    words = words_of(statement.text, statement.lang)
    names = {fold(name).split()[-1] for name in statement.names if fold(name)}
    for index, word in enumerate(words):
        if fold(word.text) not in names and fold(word.text).removesuffix("s") not in names:
            continue
        rest = list(words[index + 1 :])
        if len(rest) > 1 and rest[0].text in "'’" and rest[1].lower == "s":
            rest = rest[2:]
        found = []
        for one in rest[:_LONGEST_NAME]:
            if not one.capital or not one.text.isalpha():
                break
            found.append(fold(one.text))
        if found:
            return frozenset({" ".join(found)})
    return frozenset()
