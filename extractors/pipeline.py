"""START HERE: an article → its claims, through a spaCy pipeline.

    article | document | sentences | quantities, dues, products, parties | references | claims
              (layout)   (spans)     (mention layers, each a doc.spans group)           (doc._.claims)

`extract` is all that most callers need; `build` gives the spaCy pipeline itself, to be looked at with
displaCy or to be put behind a user's own components; `explain` also tells what was turned down and why.

Everything here only reads: no network, no files written, no clock, no randomness.
Does not decide: what an article is (scraper), whether two claims are one (relate), what is kept (ledger).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from extractors.assemble import Extraction
from extractors.claim import Claim
from extractors.components import (  # noqa: F401  importing a component registers its factory
    chooser,
    cues,
    dues,
    layers,
    parties,
    products,
    quantities,
    references,
    sentences,
)
from extractors.document import read_document
from extractors.languages.lexicon import available
from scraper.article import Article

VERSION = "2"
"""Goes up when the same article may give other claims; stored beside the claims."""

MOST_CHARACTERS = 200_000
"""Longer texts are cut at this length: no news article is longer, and time must stay bounded."""

MOST_TITLE_CHARACTERS = 1_000
"""Longer titles are cut at this length."""

# What spaCy's tokenizer cannot take: half a character, as broken JSON may hold (an error), and runs without a
# space (quadratic time). Blanked for the tokenizer alone, one for one, so that all offsets stay as they are.
_UNTOKENIZABLE = re.compile("[\ud800-\udfff]|\\S{1000,}")

__all__ = ["VERSION", "Extraction", "build", "explain", "extract", "extract_many"]


@cache
def build(lang: str) -> Language:
    """The spaCy pipeline of a language; raises LexiconError where the language has no file."""
    nlp = spacy.blank(lang)
    nlp.max_length = MOST_CHARACTERS + 10_000
    for name in layers.ORDER:
        nlp.add_pipe(name)
    return nlp


def explain(article: Article) -> Extraction:
    """The claims of an article and the amounts turned down; empty for a language that has no file."""
    if article.lang not in available():
        return Extraction((), ())
    return _extraction(build(article.lang)(_doc(article)))


def extract(article: Article) -> list[Claim]:
    """The claims of an article, in order of the text; [] for a language that has no file."""
    return list(explain(article).claims)


def extract_many(articles: Iterable[Article]) -> Iterator[list[Claim]]:
    """The claims of each article, in order, one list an article."""
    for article in articles:
        yield extract(article)


def _doc(article: Article) -> Doc:
    """A spaCy Doc over title and text that carries the article's layout."""
    day = article.published.day if article.published is not None else None
    text = article.text[:MOST_CHARACTERS]
    document = read_document(article.title[:MOST_TITLE_CHARACTERS], text, article.lang, day)
    doc = build(article.lang).make_doc(
        _UNTOKENIZABLE.sub(lambda match: "x" * len(match.group()), document.text)
    )
    doc.user_data[layers.DOCUMENT] = document
    return doc


def _extraction(doc: Doc) -> Extraction:
    return cast(Extraction, doc.user_data[layers.EXTRACTION])
