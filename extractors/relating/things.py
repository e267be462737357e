"""Whether two statements are about the same product, site, purpose or figure."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise

from extractors.catalogue.names import catalogue, fold
from extractors.catalogue.places import PlaceKind
from extractors.catalogue.records import Product
from extractors.claim import Kind
from extractors.document import read_words
from extractors.languages.lexicon import available, lexicon
from extractors.phrases import PhraseMatcher
from extractors.relating import markets, sites
from extractors.relating.fit import SAME, Fit, Match, other
from extractors.relating.included import included
from extractors.relating.parties import identity, mentioned, owners, product_of
from extractors.relating.statement import Statement
from extractors.relating.wording import languages, lower_words, says, text_values, values, words_of
from extractors.vocabulary import is_everyday_compound, is_everyday_word

_NODE = re.compile(r"(\d{1,2}(?:[.,]\d)?) ?(?:nm|nano\w*)")
_PLAIN = re.compile(r"[^\W\d_A-Z]+(?:[ -][^\W\d_A-Z]+)*")
_SERVICES = frozenset({"service", "robotaxi", "subscription"})
_COUNTED = frozenset({Kind.DEPLOYMENT, Kind.ORDER, Kind.SHIPMENT, Kind.PRICE, Kind.LAUNCH})


def same_thing(a: Statement, b: Statement) -> Match:
    """The fit of b's object to a's, by what the kind of claim counts."""
    if a.kind in _COUNTED or b.kind in _COUNTED:
        found = _same_product(a, b)
        return found if found.other else _elsewhere(a, b, found)
    if a.kind in (Kind.POWER, Kind.PERFORMANCE):
        return _same_system(a, b)
    if a.kind in (Kind.USERS, Kind.JOBS):
        return _same_place_of_work(a, b)
    return _same_purpose(a, b)


def _elsewhere(a: Statement, b: Statement, found: Match) -> Match:
    """The same chips in another hall are others."""
    partners_told = a.kind is Kind.ORDER or (a.counterparty and b.counterparty)
    if partners_told and (partner := _same_partner(a, b)).other:
        return partner
    if a.kind in (Kind.DEPLOYMENT, Kind.ORDER):
        for check in (sites.same_place, sites.another_town):
            if (place := check(a, b)).other:
                return place
    if a.kind is Kind.SHIPMENT and (market := markets.same_market(a, b)).other:
        return market
    if a.kind in (Kind.LAUNCH, Kind.PRICE) and (market := markets.same_country(a, b)).other:
        return market
    # A sentence on a product names the show, too; a service starts where it says.
    starts = a.kind is Kind.LAUNCH and _starts_in_places(a.object)
    if starts and (place := sites.same_listed_place(a, b)).other:
        return place
    return found


def _starts_in_places(name: str) -> bool:
    """A service starts in one city after the other."""
    product = product_of(name)
    return bool(class_of(name)) or (product is not None and product.product_class in _SERVICES)


# Products and classes


@cache
def _classes(lang: str) -> PhraseMatcher[str]:
    words = lexicon(lang)
    table, endings = words.table("classes"), words.words("names.inflections")
    return PhraseMatcher(((noun, name) for name, nouns in table.items() for noun in nouns), endings)


@lru_cache(maxsize=20_000)
def class_of(name: str) -> str | None:
    """The class that a plain noun of any language stands for; None for a name."""
    found = _noun(name)
    # "Robotaxi service" has no capital and no digit, as names have.
    return found or (name if _PLAIN.fullmatch(name) else None)


@lru_cache(maxsize=20_000)
def _noun(name: str) -> str | None:
    """The class of a noun that a language or the catalogue has."""
    for lang in available():
        words = read_words(name[:200], lang)
        for first, last, found in _classes(lang).find(words, 0, len(words)):
            if first == 0 and last == len(words):
                return found
    wider = included().wider
    return name if name in wider or any(name in row for row in wider.values()) else None


def classes_fit(one: str, two: str) -> bool:
    """Whether one class may be a vaguer word for the other."""
    wider = included().wider
    if one == two or two in wider.get(one, ()) or one in wider.get(two, ()):
        return True
    return fold(one) in fold(two).split() or fold(two) in fold(one).split()


def _same_product(a: Statement, b: Statement) -> Match:
    if fold(a.object) == fold(b.object):
        return SAME
    if not a.object or not b.object:
        return Match(Fit.UNSURE, "one side names no product")
    one, two = product_of(a.object), product_of(b.object)
    if one is not None and two is not None:
        return _listed(one.name, two.name)
    ours, theirs = class_of(a.object), class_of(b.object)
    if not ours and not theirs:
        ours, theirs = _class_made(a), _class_made(b)
        if not (ours and (theirs or two)) and not (theirs and one):
            ours = theirs = None  # beside a name that no list has it may be anything
    if ours or theirs:
        return _by_class(a, b, ours, theirs)
    both_sites = sites.is_site(a.object) and sites.is_site(b.object)
    return sites.same_site(a, b) if both_sites else _by_name(a, b)


def _class_made(statement: Statement) -> str | None:
    """The class that an object names behind its maker's name: "Apple car"."""
    if product_of(statement.object) is not None:
        return None
    words, maker = fold(statement.object).split(), identity(statement.subject).split()
    made = words[: len(maker)] == maker and len(words) > len(maker)
    return _noun(" ".join(words[len(maker) :])) if made else None


def _by_class(a: Statement, b: Statement, ours: str | None, theirs: str | None) -> Match:
    """A plain class on one side or on both."""
    if ours and theirs:
        fits = classes_fit(ours, theirs)
        return SAME if fits else other(f"other goods, {b.object} and not {a.object}")
    if theirs:
        return _against_class(a, product_of(a.object), theirs, Fit.WIDER)
    return _against_class(b, product_of(b.object), ours or "", Fit.NARROWER)


def _against_class(named: Statement, product: Product | None, told: str, fit: Fit) -> Match:
    """A product on one side, a plain class on the other."""
    if product is not None and not classes_fit(product.product_class, told):
        return other(f"{named.object} is no {told}")
    if product is None and _is_plain_noun(named):
        return Match(Fit.UNSURE, f"{named.object} may be the plain {told}")
    return Match(fit, f"{named.object} beside the plain {told}")


def _is_plain_noun(statement: Statement) -> bool:
    """An everyday noun in a language that gives nouns capitals: "Zelle", "Sortierroboter"."""
    name, lang = statement.object, statement.lang
    if " " in name or not lexicon(lang if lang in available() else "en").value("dues.noun_capitals"):
        return False
    return is_everyday_word(name, lang) or is_everyday_compound(name, lang)


def _listed(one: str, two: str) -> Match:
    """Two listed products: one, a line and its member, or two."""
    if one == two:
        return SAME
    lines = included().lines
    if two in lines.get(one, ()) or _generic(one, two):
        return Match(Fit.NARROWER, f"{two} for {one}")
    if one in lines.get(two, ()) or _generic(two, one):
        return Match(Fit.WIDER, f"{two} for {one}")
    return other(f"another product, {two} and not {one}")


def _generic(line: str, member: str) -> bool:
    """ "AMD Instinct" names the line of "AMD Instinct MI300X"; "iPhone 17" is none of "iPhone 17 Pro"."""
    head, rest = fold(line).split(), fold(member).split()
    if len(head) >= len(rest) or rest[: len(head)] != head:
        return False
    return not any(letter.isdigit() for letter in "".join(head)) and rest[len(head)] not in product_endings()


@cache
def product_endings() -> frozenset[str]:
    """Folded words that make a product's name that of another one: "Pro", "Ultra", "mini"."""
    lists = (lexicon(lang).words("names.product_endings") for lang in available())
    return frozenset(fold(word) for words in lists for word in words)


def _by_name(a: Statement, b: Statement) -> Match:
    """Names of which at least one is not listed."""
    ours, theirs = {_bare(name, a) for name in a.things}, {_bare(name, b) for name in b.things}
    if ours & theirs - {""} or _nodes(a) & _nodes(b):
        return SAME
    one, two = _bare(a.object, a), _bare(b.object, b)
    if _generic(one, two):
        return Match(Fit.NARROWER, f"{b.object} for {a.object}")
    if _generic(two, one):
        return Match(Fit.WIDER, f"{b.object} for {a.object}")
    return other(f"another product, {b.object} and not {a.object}")


def _nodes(statement: Statement) -> frozenset[str]:
    """The processes of chip making that are all an object names: "2nm chips", "Rapidus 2 nm"."""
    found = (_NODE.fullmatch(_bare(name, statement)) for name in statement.things)
    return frozenset(node.group(1) for node in found if node)


def _bare(name: str, statement: Statement) -> str:
    """A name without its maker and without the noun that says what it is: "Canoo Pickup", "H100-GPU"."""
    words = fold(name).split()
    maker = identity(statement.subject).split()
    if words[: len(maker)] == maker and len(words) > len(maker):
        words = words[len(maker) :]
    while len(words) > 1 and _noun(words[-1]) is not None:
        words.pop()
    return " ".join(words)


# Systems and sites


def _same_system(a: Statement, b: Statement) -> Match:
    """Whose watts or flops: systems and sites by name or place."""
    if a.counterparty and b.counterparty and (partner := _same_partner(a, b)).other:
        return partner
    if a.object and b.object and fold(a.object) != fold(b.object):
        one, two = product_of(a.object), product_of(b.object)
        if one is not None and two is not None:
            return _listed(one.name, two.name)
        if not _plain(a.object) and not _plain(b.object) and not _names_subject(a, b):
            found = sites.same_site(a, b)
            if found.other:
                return found
    town = sites.another_town(a, b) if a.kind is Kind.POWER else SAME
    return town if town.other else sites.same_place(a, b)


def _plain(name: str) -> bool:
    """Only a noun: "supercomputer", "data center"."""
    site = sites.read_site(name)
    return not site.rest and not site.places


def _names_subject(a: Statement, b: Statement) -> bool:
    """One side's object is the other's subject: the system Jupiter and its operator's Jupiter."""
    return identity(a.subject) == identity(b.object) or identity(b.subject) == identity(a.object)


def one_sided_place(a: Statement, b: Statement) -> str:
    """Why two counts may be of different reach: only one side tells a place."""
    ours, theirs = sites.site_places(a), sites.site_places(b)
    if bool(ours) == bool(theirs):
        return ""
    return f"only one side tells the place, {' or '.join(sorted({place.name for place in ours | theirs}))}"


def _same_place_of_work(a: Statement, b: Statement) -> Match:
    if a.object and b.object and fold(a.object) != fold(b.object):
        return Match(Fit.UNSURE, f"{b.object} and {a.object}")
    if a.kind is Kind.USERS:
        return markets.same_reach(a, b)
    for one, two in ((a, b), (b, a)):
        if says(one, "everywhere") and sites.site_places(two) and not says(two, "everywhere"):
            return other("all sites and one of them")
    return sites.same_place(a, b)


# Purposes of money


def _same_purpose(a: Statement, b: Statement) -> Match:
    if Kind.REVENUE in (a.kind, b.kind):
        return _same_figure(a, b)
    for check in (sites.same_place, _same_partner, _same_form):
        if (found := check(a, b)).other:
            return found
    ours, theirs = _told(a, "aim"), _told(b, "aim")
    if ours and theirs and not ours & theirs:
        return other(f"another purpose, {'/'.join(sorted(theirs))} and not {'/'.join(sorted(ours))}")
    if a.object and b.object and sites.is_site(a.object) and sites.is_site(b.object):
        return sites.same_site(a, b)
    return SAME if ours & theirs or _forms(a) & _forms(b) else _same_words(a, b)


def _same_words(a: Statement, b: Statement) -> Match:
    """Two purposes that no list knows, and that share no word: only the same money makes them one."""
    ours, theirs = ({word[:6] for name in s.things for word in fold(name).split()} for s in (a, b))
    if not ours or not theirs or ours & theirs:
        return SAME
    return Match(Fit.UNSURE, f"{b.object} and {a.object}")


def _same_form(a: Statement, b: Statement) -> Match:
    """A subsidy is not one's own money, a year's budget no single plant, a stake no building."""
    bought, theirs_bought = _bought(a), _bought(b)
    if bought and theirs_bought and not bought & theirs_bought:
        return other(f"{b.object} is not {a.object}")
    ours, theirs = _forms(a), _forms(b)
    for one, two, statement in ((ours, theirs, b), (theirs, ours, a)):
        if one & two:
            continue
        if "subsidy" in one and not two and _one_giver(a, b):
            continue
        # A year's budget goes into infrastructure of any sort, but is no plant.
        aimed = one != {"yearly"} and text_values(statement.object, statement.lang, "aim")
        if "subsidy" in one or (one and (aimed or sites.is_site(statement.object))):
            return other(
                f"{'/'.join(sorted(one))} and {'/'.join(sorted(two)) or statement.object or 'spending'}"
            )
    return SAME


def _one_giver(a: Statement, b: Statement) -> bool:
    """Whether both name the same other side: then it is one grant, whatever it is called."""
    return bool(a.counterparty) and identity(a.counterparty) == identity(b.counterparty)


def _bought(statement: Statement) -> frozenset[str]:
    """The names in an object that tells of a takeover, but for the buyer's: "acquisition of Loopfield"."""
    if "stake" not in text_values(statement.object, statement.lang, "form"):
        return frozenset()
    lang = statement.lang if statement.lang in available() else "en"
    buyer = set(identity(statement.subject).split())
    named = {word.text for word in words_of(statement.object, lang) if word.capital and len(word.text) > 3}
    return frozenset(fold(name) for name in named if not is_everyday_word(name, lang)) - buyer


def _forms(statement: Statement) -> frozenset[str]:
    """What sort of spending it is, by the object; a round and a stake are one. By the sentence only aid."""
    told = text_values(statement.object, statement.lang, "form")
    if "subsidy" in told:
        return frozenset({"subsidy"})
    if told & {"funding", "stake"}:
        return frozenset({"funding"})
    return told or values(statement, "form") & {"subsidy"}


def _same_partner(a: Statement, b: Statement) -> Match:
    ours, theirs = _partners(a), _partners(b)
    parties = {identity(a.subject), identity(b.subject)}
    if any(mentioned(one.counterparty, two.text) for one, two in ((a, b), (b, a)) if one.counterparty):
        return SAME  # a site has a host and a supplier
    for one, two in ((a, b), (b, a)):
        if _is_company(one.object) and sites.is_site(two.object) and not two.counterparty:
            return other(f"{one.object} is no {two.object}")
    ours, theirs = ours - parties, theirs - parties
    if ours and theirs and not any(x == y or x in owners(y) or y in owners(x) for x in ours for y in theirs):
        return other(f"another partner, {b.counterparty or b.object} and not {a.counterparty or a.object}")
    return SAME


def _partners(statement: Statement) -> frozenset[str]:
    """The other side, by field or as the object ("OpenAI")."""
    found = {identity(statement.counterparty)} if statement.counterparty else set()
    if _is_company(statement.object):
        found.add(identity(statement.object))
    if not found and not statement.object:
        found |= _companies_told(statement.text, statement.lang)
    return frozenset(found)


@lru_cache(maxsize=20_000)
def _companies_told(text: str, lang: str) -> frozenset[str]:
    """The listed companies behind the prepositions of a place: "into Nokia", "bei Nokia"."""
    found = set()
    for code in languages(lang):
        before = sites.listed(code, "relating.place_prepositions")
        if before.isdisjoint(lower_words(text, code)):
            continue
        words = words_of(text, code)
        for first, second in pairwise(words):
            if first.lower in before and second.text != second.lower and _is_company(second.text):
                found.add(identity(second.text))
    return frozenset(found)


def _is_company(name: str) -> bool:
    return bool(name) and catalogue().company(name) is not None


def _same_figure(a: Statement, b: Statement) -> Match:
    """Revenue, profit or backlog; of the whole or of a business."""
    for group in ("figure", "profit", "segment"):
        ours, theirs = _told(a, group), _told(b, group)
        if ours and theirs and not ours & theirs:
            return other(f"another figure, {'/'.join(sorted(theirs))} and not {'/'.join(sorted(ours))}")
        if group == "segment" and bool(ours) != bool(theirs):
            return _one_business(a, b)
    return _same_region(a, b)


def _one_business(a: Statement, b: Statement) -> Match:
    """One side tells the business; where the other tells a region, these are two cuts of the whole."""
    regional, whole = (a, b) if not _told(a, "segment") else (b, a)
    region = _regions(regional)
    if region and not _regions(whole):
        business = whole.object or "the business"
        return other(f"a region and a business, {'/'.join(sorted(region))} and {business}")
    return Match(Fit.UNSURE, "one side tells the business")


def _same_region(a: Statement, b: Statement) -> Match:
    """OTHER where both tell a region or an owned business, and not the same."""
    ours, theirs = _regions(a), _regions(b)
    units = [_units(statement) for statement in (a, b)]
    if (ours and units[1]) or (theirs and units[0]):
        return other("a region and a business of the party")
    return markets.same_country(a, b)


def _regions(statement: Statement) -> frozenset[str]:
    """The countries and continents that its object or sentence names as where the money came from."""
    found = {place for name in statement.things for place in sites.read_site(name).places}
    found |= sites.places_told(statement.text, statement.lang)
    return frozenset(place.name for place in found if place.kind is not PlaceKind.CITY)


def _units(statement: Statement) -> frozenset[str]:
    """The companies of its subject that the sentence names: "AWS contributed to Amazon's profit"."""
    subject = identity(statement.subject)
    words = words_of(statement.text, statement.lang)
    named = {identity(word.text) for word in words if word.capital and _is_company(word.text)}
    return frozenset(name for name in named if subject in owners(name) and name != subject)


def _told(statement: Statement, group: str) -> frozenset[str]:
    named = text_values(statement.object, statement.lang, group)
    return named or values(statement, group)
