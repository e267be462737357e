"""What stands where in the mail, in words: from what the ledger found to what the templates only lay out.

Nothing from the web comes past here uncleaned: control characters and marks that turn the reading direction
are gone, addresses are http or https, and nothing is so long that it fills the mail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from claims.digest.tongue import Tongue
from claims.digest.window import Window, command
from claims.fragment import link_to
from claims.terminal import clean, one_line
from db.digest import AHEAD, Brought, Change, Changes, Entry, Part
from db.sourcenews import SourceNews
from extractors.claim import Claim, Kind, Quantity
from scraper.health import Health


@dataclass(frozen=True, slots=True)
class Item:
    """One statement. `link` opens the article at the sentence, `address` is the article's alone."""

    id: int
    headline: str
    note: str
    sort: str
    sentence: str
    lang: str
    source: str
    day: str
    link: str
    address: str
    label: str = ""
    earlier: Item | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Statements under a title; `more` and `command` where there are more of them."""

    name: str
    title: str
    items: tuple[Item, ...]
    more: str = ""
    command: str = ""
    total: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """The whole mail but for its picture."""

    lang: str
    name: str
    title: str
    period: str
    days: str
    brief: str
    sections: tuple[Section, ...]
    sources_title: str
    sources: tuple[tuple[str, str], ...]
    more_sources: str
    numbers_title: str
    numbers: tuple[str, ...]
    foot: str
    filtered: str

    @property
    def lead(self) -> Item | None:
        """What the mail begins with."""
        return next((section.items[0] for section in self.sections if section.items), None)


def page(
    found: Brought, window: Window, *, tongue: Tongue, zone: tzinfo, today: date, query: str, most: int
) -> Page:
    """The page of what was found: `most` new statements, half as many in each other part.

    `query` is the reader's filter.
    """
    first, last = window.days(zone)
    week = window.week(zone)
    days = tongue.between(first, last) if first != last else tongue.day(first)
    writer = _Writer(tongue, zone, today, query, _seen(window), most)
    sections = tuple(one for one in writer.sections(found, window.lapsed(zone)) if one.items)
    shown = found.sources[:_MOST_SOURCES]
    return Page(
        lang=tongue.lang,
        name=tongue.say("mail", "name"),
        title=tongue.say("mail", "title"),
        period=tongue.say("mail", "week", year=week[0], week=week[1]) if week else days,
        days=days if week else "",
        brief=" · ".join(
            tongue.say("brief", one.name, number=tongue.number(one.total)).replace(" ", _KEPT)
            for one in sections
        ),
        sections=sections,
        sources_title=tongue.say("part", "sources"),
        sources=tuple((_short(one.name, 60), writer.source(one)) for one in shown),
        more_sources=_more_sources(tongue, len(found.sources) - len(shown)),
        numbers_title=tongue.say("part", "numbers"),
        numbers=_numbers(found, tongue),
        foot=tongue.say("mail", "foot"),
        filtered=tongue.say("mail", "filtered", filter=query) if query else "",
    )


_MOST_SOURCES = 12
# A space at which no line is broken.
_KEPT = "\N{NO-BREAK SPACE}"


def _seen(window: Window) -> str:
    """The window as a field of a search, which counts days in UTC."""
    from datetime import UTC

    first, last = window.days(UTC)
    return f"seen:{first}..{last}" if first != last else f"seen:{first}"


def _more_sources(tongue: Tongue, number: int) -> str:
    return f"{tongue.count('part', 'more_sources', number)} claims sources" if number > 0 else ""


def _numbers(found: Brought, tongue: Tongue) -> tuple[str, ...]:
    numbers = found.numbers
    line = tongue.say(
        "numbers",
        "line",
        articles=tongue.count("numbers", "articles", numbers.articles),
        sources=tongue.count("numbers", "sources", numbers.sources),
        claims=tongue.count("numbers", "claims", numbers.claims),
        statements=tongue.count("numbers", "statements", numbers.statements),
    )
    before = tongue.say(
        "numbers",
        "before",
        articles=tongue.count("numbers", "articles", numbers.articles_before),
        claims=tongue.count("numbers", "claims", numbers.claims_before),
    )
    return (line, before) if numbers.articles_before else (line,)


@dataclass(frozen=True, slots=True)
class _Writer:
    tongue: Tongue
    zone: tzinfo
    today: date
    query: str
    seen: str
    most: int

    def sections(self, found: Brought, lapsed: tuple[date, date]) -> list[Section]:
        """In the order of the mail, empty ones too."""
        on = f"--on {self.today}"
        due = f"due:{lapsed[0]}..{lapsed[1]}"
        return [
            self._part("new", found.new, _without, self._search(found.new.claims)),
            self._changes("revised", found.revised, "before", "revision"),
            self._changes("contradicted", found.contradicted, "against", "contradiction"),
            self._changes("denied", found.denied, "denies", "denial"),
            self._part("due", found.due, self._left, self._dues(found.due, f"--within {AHEAD}d {on}")),
            self._part(
                "overdue", found.overdue, self._over, self._dues(found.overdue, f"--overdue {on}", due)
            ),
            self._changes("met", found.met, "planned", "outcome"),
            self._changes("missed", found.missed, "planned", "outcome"),
        ]

    def _most(self, name: str) -> int:
        return self.most if name == "new" else (self.most + 1) // 2

    def _search(self, claims: int, relation: str = "") -> str:
        field = f"relation:{relation}" if relation else ""
        return command("search", self.seen, field, self.query, options=f"--limit {_round(claims)}")

    def _dues(self, part: Part, options: str, field: str = "") -> str:
        return command("due", field, self.query, options=f"{options} --limit {_round(part.total)}")

    def _part(self, name: str, part: Part, note: Callable[[Entry], str], line: str) -> Section:
        items = tuple(self.item(entry, note(entry)) for entry in part.entries[: self._most(name)])
        return self._section(name, items, part.total, line)

    def _changes(self, name: str, changes: Changes, label: str, relation: str) -> Section:
        items = tuple(self._changed(change, label) for change in changes.entries[: self._most(name)])
        return self._section(name, items, changes.total, self._search(changes.total, relation))

    def _section(self, name: str, items: tuple[Item, ...], total: int, line: str) -> Section:
        more = total - len(items)
        return Section(
            name=name,
            title=self.tongue.say("part", name, **({"days": AHEAD} if name == "due" else {})),
            items=items,
            more=self.tongue.count("part", "more", more) if more > 0 else "",
            command=line if more > 0 else "",
            total=total,
        )

    def _changed(self, change: Change, label: str) -> Item:
        was, now = change.earlier.hit.claim, change.later.hit.claim
        note = {"before": self._how, "planned": self._reached}.get(label, _without)(was, now)
        earlier = replace(self.item(change.earlier, ""), label=self.tongue.say("claim", label))
        return replace(self.item(change.later, note), earlier=earlier)

    def _how(self, was: Claim, now: Claim) -> str:
        """What became of a plan: raised, cut, delayed, moved up."""
        share, days = _grown(was.quantity, now.quantity), _later(was, now)
        parts = []
        if share:
            key = "raised" if share > 0 else "cut"
            parts.append(self.tongue.say("claim", key, percent=self.tongue.percent(abs(share))))
        if days:
            parts.append(self.tongue.count("claim", "delayed" if days > 0 else "sooner", abs(days)))
        return ", ".join(parts)

    def _reached(self, was: Claim, now: Claim) -> str:
        """How much of a plan came true."""
        share = 0.0 if was.kind is Kind.PRICE else _grown(was.quantity, now.quantity)
        return self.tongue.say("claim", "reached", percent=self.tongue.percent(1 + share)) if share else ""

    def _left(self, entry: Entry) -> str:
        days = (_last(entry.hit.claim, self.today) - self.today).days
        return self.tongue.count("claim", "left", days) if days else self.tongue.say("claim", "today")

    def _over(self, entry: Entry) -> str:
        days = (self.today - _last(entry.hit.claim, self.today)).days
        return self.tongue.count("claim", "over", days) if days > 0 else ""

    def item(self, entry: Entry, note: str) -> Item:
        """The statement as it stands in the mail."""
        hit = entry.hit
        sentence = hit.claim.evidence[0].text if hit.claim.evidence else hit.title
        several = self.tongue.count("claim", "sources", entry.sources) if entry.sources > 1 else ""
        url = clean(hit.url)
        link = link_to(url, sentence) if url.startswith(("https://", "http://")) else ""
        return Item(
            id=hit.id,
            headline=_short(self.tongue.headline(hit.claim), 160),
            note=note,
            sort=_short(" · ".join(part for part in (self.tongue.sort(hit.claim), several) if part), 240),
            sentence=self.tongue.say("mail", "quote", text=_short(sentence, _SENTENCE)),
            lang=hit.lang,
            source=_short(hit.source or url.partition("://")[2].partition("/")[0], 60),
            day=self.tongue.day(hit.published) if hit.published else self.tongue.say("claim", "nothing"),
            link=next((each for each in (link, url) if link and len(each) <= _ADDRESS), ""),
            address=url if link and len(url) <= _ADDRESS else "",
        )

    def source(self, one: SourceNews) -> str:
        """How a source is doing."""
        answer = _short(f"{one.status}: {one.message}".strip(": "), 160)
        health = one.condition.health
        if health is Health.MUTED:
            return self.tongue.say("source", "muted", answer=answer)
        if health is Health.DEGRADED:
            return self.tongue.say("source", "degraded")
        if health is Health.SILENT and one.condition.newest and one.condition.gap:
            gap = self._gap(one.condition.gap)
            return self.tongue.say("source", "silent", day=self._day(one.condition.newest), gap=gap)
        if one.success is None:
            return self.tongue.say("source", "failing", answer=answer)
        return self.tongue.say("source", "failing_since", day=self._day(one.success), answer=answer)

    def _day(self, at: datetime) -> str:
        return self.tongue.day(at.astimezone(self.zone).date())

    def _gap(self, gap: timedelta) -> str:
        hours = max(1, round(gap / timedelta(hours=1)))
        return self.tongue.count("source", *(("hours", hours) if hours < 48 else ("days", round(hours / 24))))


# Characters: a sentence of a claim has 150, the longest that anybody reads in a mail three times that.
_SENTENCE = 480
_ADDRESS = 2_000


def _short(text: str, most: int) -> str:
    """On one line, and cut between words where it is too long."""
    plain = one_line(text)
    if len(plain) <= most:
        return plain
    return plain[: plain.rfind(" ", most // 2, most) if " " in plain[most // 2 : most] else most - 1] + "…"


def _without(*_: object) -> str:
    """What says no more than the statement does."""
    return ""


def _round(number: int) -> int:
    """A limit that shows them all."""
    return next(each for each in (20, 100, 1_000, 10_000, 100_000) if number <= each or each == 100_000)


def _grown(was: Quantity | None, now: Quantity | None) -> float:
    """By what share an amount of one unit has grown; 0 where it has not, or cannot be told."""
    if was is None or now is None or was.unit != now.unit:
        return 0.0
    before, after = was.high or was.low, now.high or now.low
    return after / before - 1 if before and after else 0.0


def _later(was: Claim, now: Claim) -> int:
    """By how many days the due was put off."""
    ends = [claim.due.end or claim.due.start for claim in (was, now) if claim.due]
    return (ends[1] - ends[0]).days if len(ends) == 2 and ends[0] and ends[1] else 0


def _last(claim: Claim, otherwise: date) -> date:
    return (claim.due.end or claim.due.start or otherwise) if claim.due else otherwise
