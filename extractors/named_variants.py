"""Models of a listed line that bear one more name: "the ThinkPad X1 Nimbus", "das Galaxy Tab Active 4"."""

from __future__ import annotations

from extractors.catalogue.given_names import is_given_name
from extractors.catalogue.names import Product, catalogue
from extractors.catalogue.places import place
from extractors.document import Document, Word
from extractors.name_words import name_words, word_set
from extractors.vocabulary import is_everyday_compound, is_everyday_word

_SHORTEST = 3  # letters
_LONGEST_NUMBER = 2  # digits
# Lists of words that are no name behind a product's.
_OTHERS = ("quantities.months", "names.product_heads", "named_variants.never")


def variant_end(document: Document, product: Product, last: int) -> int:
    """Where the name ends that goes on behind a listed product's, which ends before word `last`."""
    if product.product_class not in catalogue().varied or not _goes_on(document, product, last):
        return last
    end = last + 1
    number = document.words[end] if _follows(document, end) else None
    short = number is not None and number.text.isdigit() and len(number.text) <= _LONGEST_NUMBER
    return end + 1 if short and not _counts(document, end) else end


def _goes_on(document: Document, product: Product, index: int) -> bool:
    """A capitalised word that is neither a name of something else nor, in German, any noun.

    In English a capital within a sentence tells enough behind a number: "iPhone 19 Nimbus".
    """
    heading = (
        document.lang == "en"
        and index < len(document.words)
        and document.words[index].end <= document.title_end
    )
    if heading or not _follows(document, index):
        return False
    word = document.words[index]
    if not word.text.istitle() or not word.text.isalpha() or len(word.text) < _SHORTEST:
        return False
    if document.text[word.end : word.end + 1] in ("-", "&") or _is_other_name(word, document.lang):
        return False
    everyday = is_everyday_word(word.text, document.lang) or is_everyday_compound(word.text, document.lang)
    numbered = document.lang == "en" and any(sign.isdigit() for sign in product.name)
    return (numbered and not _follows_capital(document, index + 1)) or not everyday


def _follows(document: Document, index: int) -> bool:
    """Is there a word, one space behind the word before?"""
    words = document.words
    if not 0 < index < len(words) or words[index].start != words[index - 1].end + 1:
        return False
    return document.text[words[index - 1].end] == " "


def _follows_capital(document: Document, index: int) -> bool:
    """Is the next word capitalised, too, so that this may be a heading, or a person's or firm's name?"""
    return _follows(document, index) and document.words[index].capital


def _counts(document: Document, index: int) -> bool:
    """May the number count what follows it: "60 Stück"?"""
    if not _follows(document, index + 1):
        return False
    after = document.words[index + 1]
    return after.capital if document.lang == "de" else after.lower.endswith("s")


def _is_other_name(word: Word, lang: str) -> bool:
    """A company's, a person's or a place's, a time's or another product's."""
    text, known = word.text, catalogue()
    bare = text.removesuffix("s")
    if any(known.company(form) or known.product(form) or known.surname(form) for form in (text, bare)):
        return True
    if place(text) or is_given_name(text) or word.lower in name_words(lang).heads | name_words(lang).openers:
        return True
    return any(word.lower in word_set(lang, table) for table in _OTHERS)
