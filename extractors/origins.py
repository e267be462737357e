"""Where a telling comes from: its outlet, and the outlets, agencies and press releases that it retells.

    article ─ own_outlet ─> the outlet, by its address, else by its source
    article ─ article_origins ─> whose text or news it says it is: dateline, title, opening, credit line
    claim ─ claim_origins ─> the same, and who its speaker and its sentence name

An outlet is named as a source where a word of reporting stands beside it. Names stand in
catalogue/outlets.toml, words in languages/*.toml under [origins]; the marks of agencies are
scraper/duplicates.py's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from extractors.catalogue.read import read_toml
from extractors.catalogue.records import CatalogueError
from extractors.claim import Claim
from extractors.languages.lexicon import available, lexicon
from scraper.article import Article
from scraper.duplicates import RELEASE, agencies

# The opening, in which an article says where its news is from, and the last line: characters.
_OPENING = 600
_CREDIT = 120
# How many words before and behind an outlet's name a word of reporting may stand.
_BEFORE, _BEHIND = 5, 4
_WORD = re.compile(r"[^\W_]+(?:[.'’&-][^\W_]+)*")
_END = re.compile(r"[.!?][\"”“»«]?\s+(?=[\"„“»«]?[A-ZÄÖÜ])|\n+")
_FILE = "outlets.toml"


def own_outlet(article: Article) -> str:
    """Who publishes the article: a known outlet by its address, else its source, else its host."""
    host = (urlsplit(article.url).hostname or "").removeprefix("www.")
    known = _outlets().hosts
    parts = host.split(".")
    for first in range(len(parts) - 1):
        if name := known.get(".".join(parts[first:])):
            return name
    return " ".join(article.source.split()) or host or article.url


def article_origins(article: Article) -> frozenset[str]:
    """Whom the article as a whole names as its source, its own outlet left out."""
    last = article.text.rstrip().rpartition("\n")[2]
    named = set(agencies(article.text, article.authors))
    for part in (article.title, article.text[:_OPENING], last if len(last) <= _CREDIT else ""):
        named |= _named(part, article.lang)
    return frozenset(named - {own_outlet(article)})


def claim_origins(article: Article, claim: Claim, whole: frozenset[str]) -> tuple[str, ...]:
    """Whom a claim comes from, in order of the names. `whole`: what `article_origins` gives."""
    named = set(whole)
    if claim.speaker and (outlet := _outlets().names.get(claim.speaker)):
        named.add(outlet)
    for evidence in claim.evidence:
        named |= _named(evidence.text, article.lang)
    return tuple(sorted(named - {own_outlet(article)}))


def _named(text: str, lang: str) -> set[str]:
    """The outlets that a text names as its source; RELEASE where it names an announcement."""
    if lang not in available():
        return set()
    words = _words(lang)
    found: set[str] = set()
    if words.release.search(text):
        found.add(RELEASE)
    outlets = _outlets()
    for name in outlets.pattern.finditer(text):
        if _reported(text, name.start(), name.end(), words.attribution):
            found.add(outlets.names[name[0]])
    return found


def _reported(text: str, start: int, end: int, attribution: re.Pattern[str]) -> bool:
    """Whether a word of reporting stands beside the name, in the same sentence."""
    before = _END.split(text[max(0, start - 100) : start])[-1]
    behind = _END.split(text[end : end + 100])[0]
    near = [*_WORD.findall(before)[-_BEFORE:], *_WORD.findall(behind)[:_BEHIND]]
    # "Bloomberg-Bericht": the name may be the first half of the word.
    glued = re.match(r"-([^\W_]+)", text[end:])
    return any(attribution.fullmatch(word) for word in [*near, *(glued.groups() if glued else ())])


@dataclass(frozen=True, slots=True)
class _Words:
    attribution: re.Pattern[str]
    release: re.Pattern[str]


@cache
def _words(lang: str) -> _Words:
    words = lexicon(lang)
    return _Words(*(_any_of(words.words(f"origins.{key}")) for key in ("attribution", "release")))


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    parts = (re.escape(phrase).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for phrase in phrases)
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Outlets:
    """Spelling → name, host → name, and what finds any spelling or host in a text."""

    names: dict[str, str]
    hosts: dict[str, str]
    pattern: re.Pattern[str]


@cache
def _outlets() -> _Outlets:
    names: dict[str, str] = {}
    hosts: dict[str, str] = {}
    for entry in read_toml(resources.files("extractors.catalogue"), _FILE).get("outlets", []):
        name, aliases, addresses = _checked(entry)
        for spelled in (name, *aliases, *addresses):
            if names.setdefault(spelled, name) != name:
                raise CatalogueError(f"{_FILE}: {spelled!r} stands for {names[spelled]} and for {name}")
        hosts |= dict.fromkeys(addresses, name)
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, longest))})(?!\w)")
    return _Outlets(names, hosts, pattern)


def _checked(entry: dict[str, Any]) -> tuple[str, list[str], list[str]]:
    name, aliases, hosts = entry.get("name"), entry.get("aliases", []), entry.get("hosts", [])
    texts = [*aliases, *hosts] if isinstance(aliases, list) and isinstance(hosts, list) else [None]
    if not isinstance(name, str) or not name.strip() or not all(isinstance(text, str) for text in texts):
        raise CatalogueError(f"{_FILE}: {name!r} needs a name, and lists of texts as aliases and hosts")
    if unknown := set(entry) - {"name", "aliases", "hosts"}:
        raise CatalogueError(f"{_FILE}: {name}: unknown {', '.join(sorted(unknown))}")
    return name, aliases, hosts
