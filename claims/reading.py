"""Reading one article from a file, and the extractors as the commands use them.

Behind them stand spaCy and the models, which take a second to load: so they are imported when the first
article is there, and a round that finds nothing new never pays for them.
"""

from __future__ import annotations

import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from claims.articles import LONGEST
from claims.errors import InputError
from claims.listings import Found

if TYPE_CHECKING:
    from extractors.claim import Claim
    from extractors.pipeline import Extraction
    from scraper.article import Article


def extract(article: Article) -> tuple[list[Claim], str]:
    """The article's claims and the version of what found them."""
    from extractors import pipeline

    return pipeline.extract(article), pipeline.VERSION


def explain(article: Article) -> Extraction:
    """The article's claims with their reasons, and what was turned down and why."""
    from extractors import pipeline

    return pipeline.explain(article)


def extract_named(articles: Iterable[tuple[str, Article]]) -> Iterator[Found]:
    """The claims of many articles, each with its article and the name it was given; streams in order."""
    from extractors import pipeline

    handed: deque[tuple[str, Article]] = deque()

    def passing() -> Iterator[Article]:
        for name, article in articles:
            handed.append((name, article))
            yield article

    for claims in pipeline.extract_many(passing()):
        name, article = handed.popleft()
        for claim in claims:
            yield Found(name, article, claim)


def read_article(
    file: str,
    published: date | None,
    lang: str | None,
    title: str | None,
    parser: Callable[..., Article] | None = None,
) -> Article:
    """The article in a file, or in standard input for `-`; raises InputError.

    `parser` reads web pages; without one they are read in this process.
    """
    from scraper.collect import read_file
    from scraper.errors import ScraperError

    try:
        with _on_disk(file) as path:
            read = partial(read_file, parser=parser) if parser else read_file
            article = read(path, published=published, lang=lang, title=title)
    except ScraperError as error:
        raise InputError(str(error)) from error
    if len(article.text) > LONGEST:
        raise InputError(f"{file}: the text has {len(article.text):,} characters, more than {LONGEST:,}")
    return article


@contextmanager
def _on_disk(file: str) -> Iterator[Path]:
    """The file's path; standard input is written to a file first, as pages are read from files."""
    if file != "-":
        yield Path(file)
        return
    with tempfile.TemporaryDirectory(prefix="claims-") as folder:
        path = Path(folder) / "standard-input"
        path.write_bytes(sys.stdin.buffer.read(_MOST + 1))
        yield path


# More than any article; the reader of files refuses it with a sentence.
_MOST = 50_000_000
