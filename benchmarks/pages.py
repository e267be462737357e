"""How well pages are read: title, date, language and body of recorded pages, ours beside four libraries.

    python -m benchmarks.pages [--each] [FOLDER …]     default: ../shared/pages/{de,at,ch}

Prints one table a folder and one for all. `--each` adds a line a page, the worst body first. `--plain` adds a
row for our reader without the rules of single outlets, which tells how much they carry. Libraries of the
`bench` extra may be absent: their rows say so. The recorded pages are third parties' text and not part of
the project; without them there is nothing to measure.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.parse import urlsplit

from benchmarks.readers import PEERS, Read, ours
from scraper.article import Page
from scraper.datewords import zone_of
from scraper.errors import ScraperError

ROOT = Path(__file__).resolve().parents[1].parent / "shared" / "pages"
ZONE = "Europe/Berlin"
LANGUAGE = "de"  # of every recorded page
FETCHED = datetime(2026, 11, 22, tzinfo=UTC)
WANTED = "| wanted, at least | 85.0 | 98.0 | 98.0 | 96.0 | 0.970 | 0.800 | 100.0 | |"
HEAD = (
    "| reader | title exact % | contained % | day % | minute % | body F1 | lowest | language % | pages/s |\n"
    "|---|---|---|---|---|---|---|---|---|"
)
_OWN_ADDRESS = re.compile(rb"<(?:link|meta)[^>]*?(?:canonical|og:url)[^>]*>", re.IGNORECASE)
_ADDRESS = re.compile(rb"(?:href|content)\s*=\s*[\"']?(https?://[^\"'\s>]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A page and what a person says is in it."""

    name: str
    page: Page
    title: str
    published: datetime | None
    body: str

    @property
    def outlet(self) -> str:
        return self.name.split("_")[0]


@dataclass(frozen=True, slots=True)
class Row:
    """One page's marks; `None` where a reader has no such answer at all."""

    name: str
    exact: float
    contained: float
    day: float
    minute: float
    body: float
    language: float | None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of pages, the mean F1 of the body's words, and the lowest of a page."""

    pages: int
    exact: float
    contained: float
    day: float
    minute: float
    body: float
    lowest: float
    language: float | None
    speed: float = 0.0

    def row(self, name: str) -> str:
        shares = (self.exact, self.contained, self.day, self.minute)
        told = "–" if self.language is None else f"{100 * self.language:.1f}"
        speed = f"{self.speed:.0f}" if self.speed else "–"
        cells = " | ".join(f"{100 * s:.1f}" for s in shares)
        return f"| {name} | {cells} | {self.body:.3f} | {self.lowest:.3f} | {told} | {speed} |"


def recorded(folder: Path) -> Iterator[Recorded]:
    """Every page that has its expectation beside it: an outlet's pages by date, its expectations in order."""
    for expectation in sorted(folder.glob("*.json")):
        versions = json.loads(expectation.read_text(encoding="utf-8"))
        files = sorted(folder.glob(f"{expectation.stem}_[0-9]*.html.gz"))
        if len(files) != len(versions):
            raise ValueError(f"{expectation}: {len(versions)} expectations for {len(files)} pages")
        for file, told in zip(files, versions.values(), strict=True):
            yield _recorded(file, told)


def _recorded(file: Path, told: dict[str, Any]) -> Recorded:
    body = told.get("body") or {}
    parts = [*body.get("summary", [])]
    for section in body.get("sections", []):
        parts += [*section.get("headline", []), *section.get("paragraphs", [])]
    written = told.get("publishing_date")
    at = datetime.fromisoformat(written) if written else None
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=zone_of(ZONE))
    html = gzip.decompress(file.read_bytes())
    headers = {"content-type": "text/html; charset=utf-8"}
    page = Page(url=address(file.stem, html), status=200, body=html, fetched=FETCHED, headers=headers)
    return Recorded(file.name, page, told.get("title") or "", at, "\n".join(parts))


def address(name: str, html: bytes) -> str:
    """Where the page was fetched: the recordings do not say, so the address that the page gives itself."""
    for tag in _OWN_ADDRESS.findall(html):
        found = _ADDRESS.search(tag)
        if found and urlsplit(url := found[1].decode("utf-8", "replace")).path.strip("/"):
            return url
    return f"https://www.{name.partition('_')[0].lower()}.example/{name}"


def nowhere(one: Recorded) -> Recorded:
    """The page as if it came from an outlet that nobody knows; it still names itself in its head."""
    html = _OWN_ADDRESS.sub(b"", one.page.body)
    return replace(one, page=replace(one.page, url="https://unknown.example/" + one.name, body=html))


def rows(pages: list[Recorded], reader: Callable[[Page], Read]) -> list[Row]:
    """Reads every page; one that cannot be read counts as empty."""
    return [_compare(one, _tried(one, reader)) for one in pages]


def _tried(one: Recorded, reader: Callable[[Page], Read]) -> Read:
    try:
        return reader(one.page)
    except ScraperError:
        return Read("", None, "")


def summed(found: list[Row], seconds: float = 0.0) -> Score:
    columns = [(r.exact, r.contained, r.day, r.minute, r.body) for r in found]
    means = [mean(column) for column in zip(*columns, strict=True)]
    told = [row.language for row in found if row.language is not None]
    language = mean(told) if told else None
    speed = len(found) / seconds if seconds else 0.0
    return Score(len(found), *means, min(r.body for r in found), language, speed)


def score(pages: list[Recorded], reader: Callable[[Page], Read]) -> Score:
    began = time.process_time()
    found = rows(pages, reader)
    return summed(found, time.process_time() - began)


def _compare(told: Recorded, got: Read) -> Row:
    want, have = _letters(told.title), _letters(got.title)
    contained = bool(have) and (want in have or have in want)
    day = minute = told.published is None and got.published is None
    if told.published is not None and got.published is not None:
        zone = zone_of(ZONE)
        day = told.published.astimezone(zone).date() == got.published.astimezone(zone).date()
        minute = abs((told.published - got.published).total_seconds()) < 60
    language = None if got.language is None else float(got.language[:2] == LANGUAGE)
    marks = (float(want == have), float(contained), float(day), float(minute), f1(told.body, got.body))
    return Row(told.name, *marks, language, got.title)


def f1(want: str, have: str) -> float:
    """Of the words as a bag, letters and digits only."""
    a, b = (Counter(re.findall(r"\w+", text.replace("\u00ad", "").casefold())) for text in (want, have))
    shared = (a & b).total()
    return 2 * shared / (a.total() + b.total()) if shared else 0.0


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.replace("\u00ad", "")).casefold()


def _print_each(pages: list[Recorded]) -> None:
    told = {one.name: one.title for one in pages}
    for row in sorted(rows(pages, ours), key=lambda row: row.body):
        marks = " ".join(f"{m:.0f}" for m in (row.exact, row.contained, row.day, row.minute))
        missed = "" if row.exact else f"  {row.title[:60]!r} / {told[row.name][:60]!r}"
        print(f"{row.name:45} {marks} {row.body:.3f}{missed}")


def _print_table(name: str, pages: list[Recorded], arguments: list[str]) -> None:
    print(f"\n{name}: {len(pages)} pages\n\n{HEAD}\n{WANTED}")
    print(score(pages, ours).row("**ours**"))
    if "--plain" in arguments:
        print(score([nowhere(one) for one in pages], ours).row("ours, outlets unknown"))
    for peer, load in PEERS.items():
        try:
            reader = load()
        except ImportError as absent:
            print(f"| {peer} | not installed: {absent.name} | | | | | | | |")
            continue
        print(score(pages, partial(_guarded, reader)).row(peer))


def _guarded(reader: Callable[[Page], Read], page: Page) -> Read:
    """A library that raises has read nothing."""
    try:
        return reader(page)
    except Exception as error:
        print(f"{page.url}: {type(error).__name__}", file=sys.stderr)
        return Read("", None, "")


def main(arguments: list[str]) -> int:
    folders = [Path(a) for a in arguments if not a.startswith("--")] or [ROOT / n for n in ("de", "at", "ch")]
    every: list[Recorded] = []
    for folder in folders:
        pages = list(recorded(folder)) if folder.is_dir() else []
        if not pages:
            print(f"no recorded pages in {folder}", file=sys.stderr)
            return 1
        if "--each" in arguments:
            _print_each(pages)
        _print_table(folder.name, pages, arguments)
        every += pages
    if len(folders) > 1:
        _print_table("all", every, arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
