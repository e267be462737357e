"""Listed words inside other names: "Aurora Networks" is no computer, "Vantor Switch 8" not Nintendo's."""

from __future__ import annotations

import re
from collections.abc import Callable

from extractors.catalogue.given_names import is_given_name
from extractors.catalogue.names import catalogue
from extractors.catalogue.places import place
from extractors.document import Document, Word
from extractors.mentions import ProductMention
from extractors.name_words import name_words, word_set
from extractors.vocabulary import is_everyday_compound, is_everyday_word

_LONGEST_NAME = 4  # words
_SHORTEST_MAKER = 3  # letters


def belongs_elsewhere(document: Document, mention: ProductMention, is_class: Callable[[int], bool]) -> bool:
    """Does a listed product's spelling stand inside another name, in an article without its maker?

    `is_class`: whether the word of an index says what a product is, as "chips" does.
    """
    maker = mention.maker
    if maker is None or re.search(rf"(?<!\w){re.escape(maker)}(?!\w)", document.text):
        return False
    return _begins_organisation(document, mention, is_class) or _has_other_maker(document, mention)


def _begins_organisation(
    document: Document, mention: ProductMention, is_class: Callable[[int], bool]
) -> bool:
    """One word before others, one of them an organisation's: "Aurora Networks", "Vista Equity Partners"."""
    words, last = document.words, mention.last
    if last - mention.first > 1 or not words[mention.first].text.isalpha():
        return False
    heads = name_words(document.lang).heads - word_set(document.lang, "names.product_heads_too")
    while last < min(len(words), mention.first + _LONGEST_NAME) and words[last].capital:
        if words[last].start != words[last - 1].end + 1:
            return False
        if words[last].lower in heads and not is_class(last):
            return True
        last += 1
    return False


def _has_other_maker(document: Document, mention: ProductMention) -> bool:
    """An everyday word as a product's name, right behind a strange one that no list has: "Vantor Model 3"."""
    words, first = document.words, mention.first
    if not first or words[first].start != words[first - 1].end + 1:
        return False
    return is_everyday_word(words[first].text, "en") and _is_unlisted(words[first - 1], document.lang)


def _is_unlisted(word: Word, lang: str) -> bool:
    """A capitalised word that is neither an everyday one nor a listed name of anything."""
    text = word.text
    if not word.capital or not text.isalpha() or len(text) < _SHORTEST_MAKER:
        return False
    if is_everyday_word(text, lang) or is_everyday_word(text, "en") or is_everyday_compound(text, lang):
        return False
    known = catalogue()
    listed = known.company(text) or known.product(text) or known.surname(text.removesuffix("s"))
    return not (listed or place(text) or is_given_name(text))
