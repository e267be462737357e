"""Blocks that come back on several pages of one outlet: notes, adverts and boxes that no rule knows yet.

    article ─ fingerprints ─> remembered a outlet ─> without_recurring ─> the article as it is kept

What keeps a real paragraph safe:
* a block goes only after it stood, letter for letter, in three *other* articles of the same outlet, so
  what it says was kept three times; those three keep it, and reading one of them again changes nothing;
* only blocks of 30 to 400 characters are looked at: real paragraphs are longer as a rule, and headings
  that many articles share ("Preise und Verfügbarkeit") are shorter;
* an article of which more than a third would go is kept as it is, and is not counted: it is an old one
  under a new address.

Pure functions of their arguments. What must be remembered is handed in and out: three marks of 16
characters a block, the 2,000 blocks an outlet that were seen last (`MAX_REMEMBERED`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from scraper.article import Article
from scraper.urls import host
from scraper.wording import letters

ARTICLES = 3  # that must hold a block before it counts as one of the outlet's own
MIN_BLOCK = 30
MAX_BLOCK = 400
MAX_SHARE = 1 / 3  # of an article's letters
MAX_REMEMBERED = 2000  # blocks an outlet; a page brings about ten

Memory = Mapping[str, tuple[str, ...]]  # a block's mark → the marks of the articles that held it


def outlet_key(article: Article) -> str:
    """Whose blocks are compared: the article's host; empty for files and other things without one."""
    return host(article.url).removeprefix("www.")


def mark(text: str) -> str:
    """Sixteen characters that stand for a text's letters and digits."""
    return hashlib.sha256(letters(text).encode("utf-8", "replace")).hexdigest()[:16]


def fingerprints(article: Article) -> tuple[str, ...]:
    """The marks of an article's blocks that may turn out to be the outlet's, each once, in order."""
    return tuple(dict.fromkeys(mark(block) for block in article.text.split("\n\n") if _is_candidate(block)))


def without_recurring(article: Article, memory: Memory) -> Article:
    """The article without the blocks that at least three other articles of its outlet hold."""
    own = mark(article.url)
    blocks = article.text.split("\n\n")
    gone = [block for block in blocks if _is_candidate(block) and _recurs(mark(block), own, memory)]
    if not gone or _share(gone, blocks) > MAX_SHARE:
        return article
    return replace(article, text="\n\n".join(block for block in blocks if block not in gone))


def remembered(article: Article, memory: Memory) -> dict[str, tuple[str, ...]]:
    """What to remember once the article is kept: for each of its blocks, who holds it now.

    Blocks about which nothing changes are there as well: they were seen again, and what is seen is not
    forgotten. Of an article that is not counted only those that are known. `article` is as it was read,
    before anything was taken out. Reading it again changes nothing.
    """
    own = mark(article.url)
    blocks = article.text.split("\n\n")
    shared = [block for block in blocks if _is_candidate(block) and set(memory.get(mark(block), ())) - {own}]
    if _share(shared, blocks) > MAX_SHARE:
        return {one: tuple(memory[one]) for one in fingerprints(article) if one in memory}
    return {one: _joined(memory.get(one, ()), own) for one in fingerprints(article)}


def _joined(articles: Iterable[str], own: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*articles, own)))[:ARTICLES]


def _is_candidate(block: str) -> bool:
    return MIN_BLOCK <= len(block) <= MAX_BLOCK


def _recurs(block: str, own: str, memory: Memory) -> bool:
    articles = memory.get(block, ())
    return len(articles) >= ARTICLES and own not in articles


def _share(some: Iterable[str], blocks: Iterable[str]) -> float:
    return sum(map(len, some)) / max(1, sum(map(len, blocks)))
