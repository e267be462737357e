"""Whether two statements are about the same party: canonical names, a site or product and its operator.

ChatGPT and OpenAI, Colossus and xAI, AWS and Amazon can be one party; Instagram and WhatsApp, which Meta owns
both, never are. What a subsidiary earns is not what its parent earns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from extractors.catalogue.names import catalogue, fold
from extractors.catalogue.places import place, place_of_adjective, place_of_inhabitants
from extractors.catalogue.records import Product
from extractors.claim import Kind
from extractors.document import Word
from extractors.languages.lexicon import available, lexicon
from extractors.relating.fit import SAME, Fit, Match, other
from extractors.relating.included import included
from extractors.relating.sites import told_as_system
from extractors.relating.statement import Statement
from extractors.relating.wording import words_of

# A subsidiary's figure of these kinds is never its parent's.
_OWN_BOOKS = frozenset({Kind.REVENUE, Kind.JOBS})
# Of these a site or system can be the subject.
_SYSTEM_KINDS = frozenset({Kind.DEPLOYMENT, Kind.POWER, Kind.PERFORMANCE, Kind.LAUNCH})
_SHORTEST = 3
_HOME_REACH = 7  # words between "Zürcher" and the name; a compound with hyphens is several


@lru_cache(maxsize=50_000)
def product_of(name: str) -> Product | None:
    """The listed product of a name, or the member of a known line; remembered, as the lines are many."""
    return catalogue().product(name)


@lru_cache(maxsize=50_000)
def identity(name: str) -> str:
    """The name under which all spellings of a party meet: canonical if the catalogue knows it, no "Group"."""
    known = catalogue()
    company = known.company(name) or known.described(name)
    if company is not None:
        return _without_group(fold(company.name))
    product = product_of(name)
    if product is not None:
        return fold(product.name)
    state = place(name)
    if state is not None:
        return fold(state.name)
    return _body(name) or _without_group(known.without_legal_form(fold(name)))


def _without_group(folded: str) -> str:
    """ "Schwarz" of "Schwarz-Gruppe" and "Schwarz Group"; "SK Group" stays."""
    rest, _, last = folded.rpartition(" ")
    return rest if last in _group_words() and len(rest) > _SHORTEST else folded


@cache
def _group_words() -> frozenset[str]:
    return frozenset(fold(word) for lang in available() for word in lexicon(lang).words("relating.groups"))


def _body(name: str) -> str:
    """What a university, a city or the like is called in every language; empty for any other name."""
    words = name.split()
    for size in range(len(words) - 1, 0, -1):
        body = included().bodies.get(fold(" ".join(words[:size])))
        if body is not None:
            rest = " ".join(words[size:])
            where = place(rest)
            if body or where is not None:  # "Land Rover" is no state
                return f"{body} {fold(where.name if where is not None else rest)}".strip()
    return ""


@lru_cache(maxsize=50_000)
def owners(name: str) -> tuple[str, ...]:
    """Who operates, makes or owns it, the nearest first; nothing for a party of its own."""
    known = catalogue()
    found: list[str] = []
    company, product = known.company(name), product_of(name)
    if company is None and product is not None:
        found.append(_without_group(fold(product.maker)))
        company = known.company(product.maker)
    while company is not None and company.owner is not None:
        owner = _without_group(fold(company.owner))
        if owner in found:
            break
        found.append(owner)
        company = known.company(company.owner)
    return tuple(found)


def identities(names: Iterable[str]) -> frozenset[str]:
    """The identities of several names of one party."""
    return frozenset(identity(name) for name in names if name.strip())


@lru_cache(maxsize=50_000)
def mentioned(name: str, text: str) -> bool:
    """Whether a text names it, as whole words, in any spelling that folds alike."""
    key = fold(name)
    if len(key) < _SHORTEST:
        return False
    return re.search(rf"(?<!\w){re.escape(key)}(?:s|er)?(?!\w)", fold(text)) is not None


def same_party(a: Statement, b: Statement) -> Match:
    """SAME, UNSURE where only the names' relation speaks for it, or OTHER."""
    if identity(a.subject) == identity(b.subject):
        apart = [_countries_of(one.subject, one.text, one.lang) for one in (a, b)]
        namesakes = all(apart) and apart[0].isdisjoint(apart[1])
        return other(f"two that are called {a.subject}") if namesakes else SAME
    ours, theirs = identities(a.names), identities(b.names)
    strangers = other(f"different parties, {a.subject} and {b.subject}")
    if a.kind in _OWN_BOOKS or (a.kind is Kind.USERS and _owns_firm(a, b)):
        return strangers if not ours & theirs or _owns_any(a, b) else SAME
    if _owns(a, theirs) or _owns(b, ours):
        return Match(Fit.SAME, f"{a.subject} and {b.subject} are operator and operated")
    return SAME if ours & theirs else _joined(a, b) or strangers


@lru_cache(maxsize=20_000)
def _countries_of(subject: str, text: str, lang: str) -> frozenset[str]:
    """Where the sentence says that a party no list has is at home: "Das Zürcher Start-up Helix"."""
    name = fold(subject).split()
    if not name or name[0] not in fold(text) or catalogue().company(subject) is not None:
        return frozenset()
    words = words_of(text, lang)
    folded = [fold(word.text) for word in words]
    places = [at for at in range(len(words)) if folded[at : at + len(name)] == name]
    before = {text for at in places for text in _directly_before(words, at)}
    homes = (place_of_adjective(word) or place_of_inhabitants(word) for word in before)
    return frozenset(home.country for home in homes if home is not None and home.country)


def _directly_before(words: Sequence[Word], at: int) -> Iterator[str]:
    """The words before a name, back to a comma or the like."""
    for word in reversed(words[max(0, at - _HOME_REACH) : at]):
        if not (word.text[0].isalnum() or word.text in "-'’"):
            return
        yield word.text


def _joined(a: Statement, b: Statement) -> Match | None:
    """Two names that neither the catalogue nor an alias joins, but what the statements say of each other."""
    if _object_of(a, b) or _object_of(b, a):
        return Match(Fit.SAME, "the one is the system of the other")
    if _short_form(a.subject, b.subject):
        return Match(Fit.UNSURE, f"{a.subject} and {b.subject} may be one name")
    if _crossed(a, b):
        return Match(Fit.UNSURE, "the two sides of one deal")
    if _system_of(a, b) or _system_of(b, a):
        return Match(Fit.UNSURE, f"{a.subject} and {b.subject} are named together")
    return None


def _owns(statement: Statement, names: frozenset[str]) -> bool:
    """Whether one of the names is an owner or operator of the statement's subject."""
    return any(owner in names for owner in owners(statement.subject))


def _owns_any(a: Statement, b: Statement) -> bool:
    return _owns(a, identities([b.subject])) or _owns(b, identities([a.subject]))


def _owns_firm(a: Statement, b: Statement) -> bool:
    """Whether the one is a company of the other's that has customers of its own, and no service."""
    firms = [catalogue().company(statement.subject) for statement in (a, b)]
    return _owns_any(a, b) and all(f is not None and "service" not in f.roles for f in firms)


def _short_form(one: str, two: str) -> bool:
    """ "Umoja" for "Umoja Compute": the first words of a name that no list has."""
    short, long = sorted((identity(one).split(), identity(two).split()), key=len)
    listed = any(catalogue().company(name) or product_of(name) for name in (one, two))
    return not listed and len("".join(short)) > _SHORTEST and long[: len(short)] == short


def _crossed(a: Statement, b: Statement) -> bool:
    """Each names the other's subject as its other side: receiver and investor, taker and supplier."""
    if a.kind is not b.kind or not a.counterparty or not b.counterparty:
        return False
    return identity(a.subject) == identity(b.counterparty) and identity(b.subject) == identity(a.counterparty)


def _object_of(system: Statement, operator: Statement) -> bool:
    """The one's subject is what the other's claim is about: Alps, and its centre's Alps."""
    itself = identity(system.subject) in identities(system.things)  # "Aurora", which is a company's name too
    listed = catalogue().company(system.subject) is not None
    if system.kind not in _SYSTEM_KINDS or (listed and not itself):
        return False
    return identity(system.subject) in identities(operator.things)


def _system_of(system: Statement, operator: Statement) -> bool:
    """A site or system that no list has, told as one and named in the other's sentence: Steinadler."""
    if system.kind not in _SYSTEM_KINDS or catalogue().company(system.subject) is not None:
        return False  # a company named in passing is no site of the other
    if not mentioned(system.subject, operator.text):
        return False
    return any(told_as_system(system.subject, one.text, one.lang) for one in (system, operator))


def same_speaker(a: Statement, b: Statement) -> bool:
    """One voice: the same name, a surname, a person and the company that he or she speaks for."""
    if not a.speaker or not b.speaker:
        return False
    one, two = fold(a.speaker), fold(b.speaker)
    if one == two or identity(a.speaker) == identity(b.speaker):
        return True
    if one.split()[-1:] == two.split()[-1:] and 1 in (len(one.split()), len(two.split())):
        return True
    return any(party in identities([y]) for x, y in _both(a, b) for party in _employers(x))


def _both(a: Statement, b: Statement) -> Iterator[tuple[str, str]]:
    yield a.speaker, b.speaker
    yield b.speaker, a.speaker


def _employers(speaker: str) -> tuple[str, ...]:
    """Whom a person speaks for."""
    person = catalogue().person(speaker)
    return (identity(person.company),) if person else ()


def parties_of_deal(buyer: Statement, seller: Statement) -> bool:
    """Whether an order and a shipment, or an investment and a revenue, name each other; one may be silent."""
    gives = _names(buyer.counterparty, seller.subject, buyer)
    takes = _names(seller.counterparty, buyer.subject, seller)
    return gives and takes


def _names(stated: str, wanted: str, statement: Statement) -> bool:
    if stated:
        return identity(stated) == identity(wanted) or identity(wanted) in owners(stated)
    maker = product_of(statement.object) if statement.object else None
    made = statement.kind is Kind.ORDER and maker is not None and identity(maker.maker) == identity(wanted)
    return made or mentioned(wanted, statement.text)
