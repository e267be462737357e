"""What an amount is of: listed products, members of known lines, products built from a maker and a name,
plain classes ("GPU") and sites ("data center in Visp"), each with its canonical name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, partial

from extractors.catalogue.names import Product, catalogue
from extractors.document import Document, Sentence
from extractors.languages.lexicon import lexicon
from extractors.lookalikes import belongs_elsewhere
from extractors.mentions import ProductMention
from extractors.name_index import product_index
from extractors.named_variants import variant_end
from extractors.phrases import PhraseMatcher

# What is left of a name without its line: three digits or more with what follows, a series' letter.
_SHORT = re.compile(
    r" ((?:\d{3,4}[A-Z]{0,2}|\d{1,2}(?= [A-Z])|[A-Z]\d{2,3}(?= [A-Z])|Series(?= [A-Z]\b))(?: .*)?)$"
)

_SUFFIXED = re.compile(r"\d{4} [A-Z][A-Za-z]+(?: .*)?")

# Classes whose products are named without their makers.
_KNOWN_ALONE = frozenset({"GPU", "supercomputer", "process"})


def find_listed(document: Document) -> list[ProductMention]:
    """Products of the catalogue and members of its lines, in order, without overlaps."""
    found = [
        mention
        for mention in (*_from_index(document), *_from_families(document))
        if not belongs_elsewhere(document, mention, partial(_says_what, document))
    ]
    found += _short_forms(document, found)
    found.sort(key=lambda m: (m.start, -(m.end - m.start)))
    kept: list[ProductMention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _from_index(document: Document) -> Iterator[ProductMention]:
    for first, last, product in product_index().find(document):
        if product.common_word and document.words[first].text == document.words[first].lower:
            continue
        if product.common_word and last - first == 1 and not _may_stand_alone(document, product):
            continue
        yield _longest(document, product, first, last, "listed")


def _may_stand_alone(document: Document, product: Product) -> bool:
    """May an everyday word be the product: does the text name its maker, or is it known without one?

    Of some 230 such words in the annotated articles without their maker two were the product; of GPUs and
    supercomputers, which go by their own names, one in three.
    """
    if product.maker is None or product.product_class in _KNOWN_ALONE:
        return True
    company, text = catalogue().company(product.maker), document.text.casefold()
    names = (product.maker, *(company.aliases if company is not None else ()))
    return any(name.casefold() in text for name in names)


def _longest(document: Document, product: Product, first: int, last: int, grade: str) -> ProductMention:
    """The product, or the model of it that more words name."""
    longer = _with_suffix(document, product, last)
    if longer == last:
        return _mention(document, product, first, last, grade)
    rest = document.text[document.words[last].start : document.words[longer - 1].end]
    return _mention(document, catalogue().model(product, rest), first, longer, "family")


def _with_suffix(document: Document, product: Product, last: int) -> int:
    """Where the name of a model ends that has more words than the listed one: "QuietComfort Ultra"."""
    known, words, end = catalogue(), document.words, last
    if product.product_class not in known.varied:
        return last
    while (
        end < len(words) and words[end].start == words[end - 1].end + 1 and known.is_suffix(words[end].text)
    ):
        end += 1
    return end if end > last else variant_end(document, product, last)


def _from_families(document: Document) -> Iterator[ProductMention]:
    for start, end, product in catalogue().scan_families(document.text):
        first, last = document.first_word_from(start), document.first_word_from(end)
        if last > first:
            yield _longest(document, product, first, last, "family")


@cache
def _line(maker: str, product_class: str) -> tuple[re.Pattern[str], dict[str, Product]] | None:
    """What members of a maker's line are called for short, once the line is known: "3080 Ti", "Series S"."""
    short: dict[str, Product | None] = {}
    for product in catalogue().products:
        if (product.maker, product.product_class) == (maker, product_class):
            found = _SHORT.search(product.name)
            if found:
                form = found.group(1)
                short[form] = None if form in short else product
    names = {form: product for form, product in short.items() if product is not None}
    if not names:
        return None
    forms = "|".join(map(re.escape, sorted(names, key=lambda form: (-len(form), form))))
    return re.compile(rf"(?<![\w.,-])(?:{forms})(?=s?(?!\w|[.,]\d))"), names


@cache
def _tellable() -> tuple[re.Pattern[str], dict[str, Product]]:
    """Short forms that no other line shares and that are no amounts, without their line: "3070 Ti"."""
    meant: dict[str, set[Product]] = defaultdict(set)
    for maker, product_class in {(p.maker, p.product_class) for p in catalogue().products}:
        line = _line(maker, product_class) if maker and product_class else None
        for form, product in line[1].items() if line else ():
            if _SUFFIXED.fullmatch(form):
                meant[form].add(product)
    forms = {form: product for form, (product, *others) in meant.items() if not others}
    either = "|".join(map(re.escape, sorted(forms, key=lambda form: (-len(form), form))))
    return re.compile(rf"(?<![\w.,-])(?:{either or '(?!)'})(?=s?(?!\w))"), forms


def _short_forms(document: Document, found: list[ProductMention]) -> Iterator[ProductMention]:
    """Members named by what tells them apart within a line, which the article mostly names elsewhere."""
    lines = {(m.maker, m.product_class) for m in found if m.maker and m.product_class}
    taken = {index for m in found for index in range(m.first, m.last)}
    pattern, forms = _tellable()
    for match in pattern.finditer(document.text):
        first, last = document.word_index(match.start()), document.first_word_from(match.end())
        if first not in taken and last > first:
            taken.update(range(first, last))
            yield _mention(document, forms[match.group()], first, last, "short")
    for maker, product_class in sorted(lines):
        line = _line(maker, product_class)
        for match in line[0].finditer(document.text) if line else ():
            first, last = document.word_index(match.start()), document.first_word_from(match.end())
            if line and first not in taken and last > first:
                yield _mention(document, line[1][match.group()], first, last, "short")


def _mention(document: Document, product: Product, first: int, last: int, grade: str) -> ProductMention:
    """The mention of a product over some words, its maker's name before it included."""
    low = _with_maker(document, first, product.maker)
    start, end = document.words[low].start, document.words[last - 1].end
    return ProductMention(product.name, low, last, start, end, grade, product.maker, product.product_class)


def _with_maker(document: Document, first: int, maker: str) -> int:
    """The mention begins with its maker's name where that stands directly before it."""
    if first and document.words[first].start - document.words[first - 1].end <= 1:
        word = document.words[first - 1].text
        company = catalogue().company(word.removesuffix("s")) or catalogue().company(word)
        if company is not None and company.name == maker:
            return first - 1
    return first


@cache
def _classes(lang: str) -> PhraseMatcher[str]:
    table = lexicon(lang).table("classes")
    phrases = ((noun, name) for name, nouns in table.items() for noun in nouns)
    return PhraseMatcher(phrases, lexicon(lang).words("names.inflections"))


def _says_what(document: Document, index: int) -> bool:
    return any(_classes(document.lang).find(document.words, index, index + 1))


def find_classes(document: Document, sentence: Sentence) -> Iterator[ProductMention]:
    """Nouns for a plain class of product in a sentence, the longest at each place."""
    end = sentence.first
    hits = sorted(
        _classes(document.lang).find(document.words, sentence.first, sentence.last),
        key=lambda h: (h[0], -h[1]),
    )
    for first, last, name in hits:
        if first >= end:
            start, stop = document.words[first].start, document.words[last - 1].end
            yield ProductMention(name, first, last, start, stop, "class", None, name)
            end = last
