"""Reading again what was read before: stored version → archived page → today's article → today's claims.

    ledger.versions ─┬─ page in the archive ─> parser ──────────┬─> extract ─> compare ─> Rereading
                     └─ none, or unreadable now: the stored text ┘

Reading writes nothing: a Rereading says what would change, and `keep` writes it when somebody wants it. The
page of a version is the last one fetched from its address before it was stored.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.recurring import own_text
from claims.wording import counted
from db.errors import RecordRefused
from extractors.claim import Claim
from scraper.archive import Entry, page, pages
from scraper.article import Article, Origin
from scraper.errors import ScraperError

if TYPE_CHECKING:
    from claims.round import Extract
    from db.ledger import Ledger
    from db.readings import Version
    from scraper.collect import Parser

_AT_ONCE = 50  # versions asked of the ledger: their texts and claims are held in memory


class Verdict(StrEnum):
    """What became of a claim."""

    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One claim that differs. `before` is None where it was added, `after` where it is gone."""

    verdict: Verdict
    before: Claim | None
    after: Claim | None
    fields: tuple[str, ...] = ()

    @property
    def claim(self) -> Claim:
        """The claim as it is now; as it was, where it is gone."""
        claim = self.after or self.before
        assert claim is not None  # noqa: S101  one of the two is always there
        return claim


@dataclass(frozen=True, slots=True)
class Rereading:
    """One version read again. `problem` says why its archived page could not be, where it has one."""

    version: Version
    article: Article
    claims: list[Claim]
    extractor: str
    changes: tuple[Change, ...]
    archived: bool
    problem: str = ""

    @property
    def text_differs(self) -> bool:
        """Whether title or text are read otherwise than before."""
        return self.article.digest != self.version.article.digest

    @property
    def differs(self) -> bool:
        """Whether writing it would change anything, be it only by which extractor the claims were found."""
        moved = self.text_differs or self.article != self.version.article
        return bool(self.changes) or moved or self.extractor != self.version.extractor


# Comparing


def compare(before: Sequence[Claim], after: Sequence[Claim]) -> tuple[Change, ...]:
    """What became of the claims, in the order in which they stand: gone and changed ones, then added ones.

    A claim found at another place of the text, or with another confidence, is the same. Of the others two
    belong together where they say the same amount or rest on the same sentence; most alike first.
    """
    old, new = [_said(claim) for claim in before], [_said(claim) for claim in after]
    scores = [(-_agreeing(one, other), i, j) for i, one in enumerate(old) for j, other in enumerate(new)]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for score, i, j in sorted(scores):
        if score < 0 and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    changes = []
    for i, claim in enumerate(before):
        if i not in pairs:
            changes.append(Change(Verdict.GONE, claim, None))
        elif fields := tuple(name for name in old[i] if old[i][name] != new[pairs[i]][name]):
            changes.append(Change(Verdict.CHANGED, claim, after[pairs[i]], fields))
    added = (Change(Verdict.ADDED, None, claim) for j, claim in enumerate(after) if j not in taken)
    return (*changes, *added)


_COMPARED = (
    *("kind", "subject", "object", "equivalent", "quantity", "approx", "unit", "due", "status"),
    *("speaker", "counterparty", "evidence"),
)
_LEAST = 4  # fields: any two claims agree in some, such as that nobody speaks and nothing is equivalent


def _said(claim: Claim) -> dict[str, Any]:
    record = claim.record()
    return {name: record[name] for name in _COMPARED}


def _agreeing(one: dict[str, Any], other: dict[str, Any]) -> int:
    """How many fields agree; 0 where the two cannot mean the same statement."""
    amount = one["quantity"] is not None and all(one[name] == other[name] for name in ("quantity", "unit"))
    if not amount and not set(one["evidence"]) & set(other["evidence"]):
        return 0
    agreeing = sum(one[name] == other[name] for name in _COMPARED)
    return agreeing if agreeing >= _LEAST else 0


# Reading


class Shelf:
    """Where each archived page stands, by address and time."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for entry in entries:
            self._entries.setdefault(entry.address, []).append(entry)
        for found in self._entries.values():
            found.sort(key=_fetched)

    @classmethod
    def of(cls, folder: Path, since: date | None = None) -> Shelf:
        """Over an archive; from the day before `since` on, since a page is stored after it is fetched."""
        return cls(pages(folder, since=since - timedelta(days=1) if since else None))

    def entry(self, version: Version) -> Entry | None:
        """The page that a version was read from; None where the archive does not have it."""
        found = self._entries.get(version.article.fetched_url, [])
        number = bisect_right(found, version.fetched, key=_fetched)
        return found[number - 1] if number else None


def _fetched(entry: Entry) -> datetime:
    return entry.fetched


def rereadings(
    ledger: Ledger,
    shelf: Shelf,
    *,
    parser: Parser,
    extract: Extract,
    since: date | None = None,
    source: str | None = None,
    limit: int | None = None,
    only: Collection[int] | None = None,
) -> Iterator[Rereading]:
    """The stored versions read again, one by one, also those that did not change. Raises LedgerError.

    `only`: the numbers of the versions to read. Held in memory are the versions of one batch; what is handed
    out may be written at once.
    """
    done, after = 0, 0
    while batch := ledger.versions(since=since, source=source, after=after, limit=_AT_ONCE):
        for version in batch:
            if limit is not None and done >= limit:
                return
            if only is not None and version.id not in only:
                continue
            yield _reread(ledger, version, shelf, parser, extract)
            done += 1
        after = batch[-1].id


def _reread(ledger: Ledger, version: Version, shelf: Shelf, parser: Parser, extract: Extract) -> Rereading:
    entry = shelf.entry(version)
    article, archived, problem = version.article, False, ""
    if entry is not None:
        try:
            article, archived = own_text(_parsed(version, entry, parser), ledger), True
        except ScraperError as error:
            problem = f"{version.article.url}: {error}; its stored text is used"
    claims, extractor = extract(article)
    changes = compare(version.claims, claims)
    return Rereading(version, article, claims, extractor, changes, archived, problem)


def _parsed(version: Version, entry: Entry, parser: Parser) -> Article:
    """Today's article on the archived page. Where it was found, and what a person said of it, stays."""
    old = version.article
    at = old.published
    read = parser(
        page(entry),
        source=old.source,
        lang=old.lang,
        title=old.title,
        zone=version.zone,
        feed_date=at if at and at.origin is Origin.FEED else None,
    )
    stays = at is not None and (at.origin is Origin.GIVEN or read.published is None)
    return replace(
        read,
        url=old.url,
        fetched_url=old.fetched_url,
        source=old.source,
        published=at if stays else read.published,
    )


# Writing


def keep(ledger: Ledger, one: Rereading, now: Callable[[], datetime]) -> str:
    """Writes a reading that differs, at once or not at all; a sentence where it was refused, else nothing."""
    try:
        ledger.reread(one.version.id, one.article, one.claims, extractor=one.extractor, now=now())
    except RecordRefused as error:
        return str(error)
    return ""


@dataclass(slots=True)
class Tally:
    """What was read and what came of it."""

    read: int = 0
    archived: int = 0
    texts: int = 0
    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))

    def add(self, one: Rereading) -> None:
        """Count a reading."""
        self.read += 1
        self.archived += one.archived
        self.texts += one.text_differs
        for change in one.changes:
            self.verdicts[change.verdict] += 1

    def sentence(self) -> str:
        """One line for people."""
        claims = ", ".join(f"{count} {verdict}" for verdict, count in self.verdicts.items())
        read = f"{counted(self.read, 'text')} read again, {self.archived:,} from the archive"
        return f"{read}; {self.texts:,} read otherwise; claims: {claims}"


def record(one: Rereading, change: Change) -> dict[str, Any]:
    """The stable machine form of a change: the claim as it is now, and what differed before."""
    before = change.before.record() if change.before else {}
    was = {name: before[name] for name in change.fields}
    return {
        "change": str(change.verdict),
        "fields": list(change.fields),
        **change.claim.record(),
        "was": was,
        "article": one.version.article.url,
        "source": one.version.article.source,
        "version_id": one.version.id,
        "read_from": "archive" if one.archived else "ledger",
    }
