"""START HERE: an article → its claims.

    article | document | sentences | cues, dues, products, parties, quantities | references | claims
              (layout)               (layers of mentions, one step each: reading.STEPS)      (assemble)

`extract` is all that most callers need; `explain` also tells what was turned down and why. `build` gives the
same steps as a spaCy pipeline (each a component, each layer a doc.spans group, the result in doc._.claims),
to be looked at with displaCy or put behind a user's own components. The steps read the text themselves and
ask nothing of spaCy, so `extract` does without it: loading it takes a third of the time until we can read.

Everything here only reads: no network, no files written, no clock, no randomness.
Does not decide: what an article is (scraper), whether two claims are one (relate), what is kept (ledger).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from extractors.assemble import Extraction, assemble
from extractors.chooser import model
from extractors.claim import Claim
from extractors.document import read_document
from extractors.encoder.opinions import opinions_on
from extractors.languages.lexicon import available
from extractors.reading import read
from scraper.article import Article

if TYPE_CHECKING:
    from spacy.language import Language

VERSION = "10"
"""Goes up when the same article may give other claims; stored beside the claims."""

MOST_CHARACTERS = 200_000
"""Longer texts are cut at this length: no news article is longer, and time must stay bounded."""

MOST_TITLE_CHARACTERS = 1_000
"""Longer titles are cut at this length."""

__all__ = ["VERSION", "Extraction", "build", "explain", "extract", "extract_many"]


@cache
def build(lang: str) -> Language:
    """The spaCy pipeline of a language; raises LexiconError where the language has no file."""
    import spacy  # noqa: PLC0415  takes a second, see above

    from extractors.components import layers  # noqa: PLC0415  the same

    nlp = spacy.blank(lang)
    nlp.max_length = MOST_CHARACTERS + 10_000
    for name in layers.ORDER:
        nlp.add_pipe(name)
    return nlp


def explain(article: Article) -> Extraction:
    """The claims of an article and the amounts turned down; empty for a language that has no file."""
    if article.lang not in available():
        return Extraction((), ())
    day = article.published.day if article.published is not None else None
    title, text = article.title[:MOST_TITLE_CHARACTERS], article.text[:MOST_CHARACTERS]
    reading = read(read_document(title, text, article.lang, day))
    return assemble(reading, model(), opinions_on(reading))


def extract(article: Article) -> list[Claim]:
    """The claims of an article, in order of the text; [] for a language that has no file."""
    return list(explain(article).claims)


def extract_many(articles: Iterable[Article]) -> Iterator[list[Claim]]:
    """The claims of each article, in order, one list an article."""
    for article in articles:
        yield extract(article)
