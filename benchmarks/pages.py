"""How well pages are read: title, date and body of recorded pages, ours beside plain trafilatura.

    python benchmarks/pages.py [FOLDER …]     default: ../shared/pages/{de,at,ch}

Prints one table. `--each` adds a line a page. The recorded pages are third parties' text and not part of
the project; without them there is nothing to measure.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trafilatura import bare_extraction

from scraper.article import Article, Page
from scraper.datewords import zone_of
from scraper.errors import ScraperError
from scraper.parse import parse

ROOT = Path(__file__).resolve().parents[1].parent / "shared" / "pages"
ZONE = "Europe/Berlin"
HOSTS = {  # the pages name no address; these outlets have rules of their own
    "BusinessInsiderDE": "businessinsider.de",
    "Gamestar": "gamestar.de",
    "Golem": "golem.de",
    "Heise": "heise.de",
    "WinFuture": "winfuture.de",
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A page and what a person says is in it."""

    name: str
    page: Page
    title: str
    published: datetime | None
    body: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader made of a page."""

    title: str
    published: datetime | None
    body: str


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of pages, and the mean F1 of the body's words."""

    pages: int
    exact: float
    contained: float
    day: float
    minute: float
    body: float

    def row(self, name: str) -> str:
        shares = (self.exact, self.contained, self.day, self.minute)
        return f"| {name} | " + " | ".join(f"{100 * s:.1f}" for s in shares) + f" | {self.body:.3f} |"


def recorded(folder: Path) -> Iterator[Recorded]:
    """Every page that has its expectation beside it. The JSON's versions go with the pages by date."""
    for expectation in sorted(folder.glob("*.json")):
        versions = json.loads(expectation.read_text(encoding="utf-8"))
        outlet = expectation.stem
        files = sorted(folder.glob(f"{outlet}_[0-9]*.html.gz"))
        pairs = _paired(files, versions)
        for file, told in pairs:
            yield _recorded(file, told)


def _paired(files: list[Path], versions: dict[str, Any]) -> list[tuple[Path, dict[str, Any]]]:
    """Each page with the version whose title its markup holds."""
    pairs = []
    for file in files:
        text = _letters(gzip.decompress(file.read_bytes()).decode("utf-8", "replace"))
        for told in versions.values():
            if told.get("title") and _letters(told["title"]) in text:
                pairs.append((file, told))
                break
    return pairs


def _recorded(file: Path, told: dict[str, Any]) -> Recorded:
    body = told.get("body") or {}
    parts = [*body.get("summary", [])]
    for section in body.get("sections", []):
        parts += [*section.get("headline", []), *section.get("paragraphs", [])]
    written = told.get("publishing_date")
    at = datetime.fromisoformat(written) if written else None
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=zone_of(ZONE))
    outlet = file.stem.split("_")[0]
    page = Page(
        url=f"https://www.{HOSTS.get(outlet, outlet.lower() + '.example')}/{file.stem}",
        status=200,
        body=gzip.decompress(file.read_bytes()),
        fetched=datetime(2026, 11, 22, tzinfo=UTC),
        headers={"content-type": "text/html; charset=utf-8"},
    )
    return Recorded(file.name, page, told.get("title") or "", at, "\n".join(parts))


def ours(page: Page) -> Read:
    article: Article = parse(page, zone=ZONE)
    return Read(article.title, article.published.at if article.published else None, article.text)


def plain(page: Page) -> Read:
    """trafilatura alone, as its documentation shows it."""
    found = bare_extraction(page.body, favor_precision=True, include_comments=False, with_metadata=True)
    at = datetime.fromisoformat(found.date).replace(tzinfo=zone_of(ZONE)) if found and found.date else None
    return Read((found.title or "") if found else "", at, (found.text or "") if found else "")


def score(pages: list[Recorded], reader: Callable[[Page], Read], each: bool = False) -> Score:
    """Reads every page; one that cannot be read counts as empty."""
    rows = []
    for one in pages:
        try:
            got = reader(one.page)
        except ScraperError:
            got = Read("", None, "")
        rows.append(_compare(one, got))
        if each:
            values = " ".join(f"{value:.2f}" for value in rows[-1])
            print(f"{one.name:45} {values}  {got.title[:70]!r} / {one.title[:70]!r}")
    mean = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    return Score(len(rows), *mean)


def _compare(told: Recorded, got: Read) -> tuple[float, float, float, float, float]:
    want, have = _letters(told.title), _letters(got.title)
    contained = bool(have) and (want in have or have in want)
    day = minute = told.published is None and got.published is None
    if told.published is not None and got.published is not None:
        zone = zone_of(ZONE)
        day = told.published.astimezone(zone).date() == got.published.astimezone(zone).date()
        minute = abs((told.published - got.published).total_seconds()) < 60
    return float(want == have), float(contained), float(day), float(minute), f1(told.body, got.body)


def f1(want: str, have: str) -> float:
    """Of the words as a bag, letters and digits only."""
    a, b = (Counter(re.findall(r"\w+", text.replace("\u00ad", "").casefold())) for text in (want, have))
    shared = (a & b).total()
    return 2 * shared / (a.total() + b.total()) if shared else 0.0


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.replace("\u00ad", "")).casefold()


def main() -> int:
    arguments = [a for a in sys.argv[1:] if a != "--each"]
    folders = [Path(a) for a in arguments] or [ROOT / name for name in ("de", "at", "ch")]
    print("| reader | title exact % | contained % | day % | minute % | body F1 |\n|---|---|---|---|---|---|")
    for folder in folders:
        pages = list(recorded(folder))
        if not pages:
            print(f"no recorded pages in {folder}", file=sys.stderr)
            return 1
        each = "--each" in sys.argv
        print(score(pages, ours, each).row(f"ours, {len(pages)} pages of {folder.name}"))
        print(score(pages, plain).row(f"trafilatura, {folder.name}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
