"""A ledger with a week worth telling: invented companies, two languages, every part of the digest.

The week is 2026-W47 in Berlin. Threads are written by hand here: what is tested is how they are told.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from claims.digest.window import Window, week_of
from db.ledger import Ledger
from extractors.claim import Claim, Due, Evidence, Kind, Quantity, Status
from scraper.article import Article, FetchState, Instant, Source

ZONE = ZoneInfo("Europe/Berlin")
WEEK: Window = week_of(2026, 47, ZONE)
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
IN_WEEK = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
BEFORE = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """An article with one claim. `statement` and `thread` name the tellings that come first in them."""

    name: str
    source: str
    lang: str
    title: str
    sentence: str
    claim: Claim
    seen: datetime = IN_WEEK
    statement: str = ""
    thread: str = ""
    url: str = ""

    @property
    def article(self) -> Article:
        first = "Ein Absatz zuvor." if self.lang == "de" else "A paragraph before."
        url = self.url or f"https://{self.source}.example/{self.seen:%Y/%m/%d}/{self.name}.html"
        day = Instant.of_day(self.seen.date())
        return Article(url, self.title, f"{first}\n\n{self.sentence}", self.lang, day, self.source)


def says(kind: Kind, subject: str, amount: float | None, unit: str = "units", **more: object) -> Claim:
    """A claim without evidence; `due` is the last day as a text, or a pair of days."""
    due = more.pop("due", None)
    if isinstance(due, str):
        due = Due(None, date.fromisoformat(due))
    elif isinstance(due, tuple):
        due = Due(*(date.fromisoformat(day) if day else None for day in due))
    quantity = None if amount is None else Quantity(amount, amount, unit, bool(more.pop("approx", False)))
    fields: dict[str, object] = {"status": Status.PLANNED, "object": None} | more
    return Claim(kind, subject, quantity=quantity, due=due, evidence=(), **fields)  # type: ignore[arg-type]


TOLD = (
    # The leading thread: a plan, told three times in two languages, and raised since.
    Told(
        *("halvard-plan", "cold-aisle", "en", "Halvard AI counts its accelerators"),
        "Halvard AI plans to run about 120,000 Corvus C9 accelerators by the end of 2027, "
        "chief executive Mara Lindqvist said.",
        says(Kind.DEPLOYMENT, "Halvard AI", 120_000, object="Corvus C9", due="2027-12-31", approx=True),
        seen=BEFORE,
    ),
    Told(
        *("halvard-erhoeht", "serverhalle", "de", "Halvard AI legt nach"),
        "Statt 120.000 will Halvard AI bis Ende 2027 nun 200.000 Beschleuniger vom Typ Corvus C9 betreiben, "
        "sagte Mara Lindqvist am Dienstag in Malmö.",
        says(
            *(Kind.DEPLOYMENT, "Halvard AI", 200_000),
            object="Corvus C9",
            due="2027-12-31",
            speaker="Mara Lindqvist",
        ),
        thread="halvard-plan",
    ),
    Told(
        *("halvard-raised", "cold-aisle", "en", "Halvard AI raises its target"),
        "Halvard AI now expects to have 200,000 Corvus C9 accelerators in operation by the end of 2027.",
        says(Kind.DEPLOYMENT, "Halvard AI", 200_000, object="Corvus C9", due="2027-12-31"),
        statement="halvard-erhoeht",
        thread="halvard-plan",
    ),
    Told(
        *("norvik-invest", "serverhalle", "de", "Norvik Data baut in Niedersachsen"),
        "Norvik Data investiert 3,4 Milliarden Euro in einen Standort bei Stade, der 2028 ans Netz soll.",
        says(Kind.INVESTMENT, "Norvik Data", 3.4e9, "EUR", due=("2028-01-01", "2028-12-31")),
    ),
    Told(
        *("norvik-invest-en", "gridpost", "en", "Norvik to spend €3.4bn near Stade"),
        "Norvik Data will spend 3.4 billion euros on a site near Stade that is to come online in 2028.",
        says(Kind.INVESTMENT, "Norvik Data", 3.4e9, "EUR", due=("2028-01-01", "2028-12-31")),
        statement="norvik-invest",
    ),
    Told(
        *("norvik-invest-wire", "wirewatch", "en", "Data centres: Norvik picks Stade"),
        "The company puts the cost of the site near Stade at 3.4 billion euros.",
        says(Kind.INVESTMENT, "Norvik Data", 3.4e9, "EUR", due=("2028-01-01", "2028-12-31")),
        statement="norvik-invest",
    ),
    Told(
        *("talvik-power", "gridpost", "en", "Talvik Cloud signs for power"),
        "Talvik Cloud has reserved 450 megawatts at the Hjelm substation from 2027.",
        says(Kind.POWER, "Talvik Cloud", 450e6, "W", due=("2027-01-01", None), status=Status.ACTUAL),
    ),
    Told(
        *("orrin-order", "wirewatch", "en", "Orrin Systems orders racks"),
        "Orrin Systems is said to have ordered 18,000 Basalt B3 boards from Basalt Micro for delivery in the "
        "third quarter of 2027.",
        says(
            *(Kind.ORDER, "Orrin Systems", 18_000),
            object="Basalt B3",
            counterparty="Basalt Micro",
            due=("2027-07-01", "2027-09-30"),
            status=Status.EXPECTED,
        ),
    ),
    Told(
        *("lumen-jobs", "serverhalle", "de", "Lumen Werke stellt ein"),
        "Bis März 2027 sollen in Görlitz rund 650 Stellen entstehen, teilte Lumen Werke mit.",
        says(Kind.JOBS, "Lumen Werke", 650, "jobs", due=("2027-03-01", "2027-03-31"), approx=True),
    ),
    Told(
        *("pell-users", "cold-aisle", "en", "Pell counts its users"),
        "Pell says that 41 million people used its assistant in October.",
        says(*(Kind.USERS, "Pell", 41e6, "users"), due=("2026-10-01", "2026-10-31"), status=Status.ACTUAL),
    ),
    Told(
        *("aster-delay", "serverhalle", "de", "Aster verschiebt den Start"),
        "Der Aster Q2 kommt nicht im Januar, sondern erst im Mai 2027 auf den Markt.",
        says(Kind.LAUNCH, "Aster", None, object="Aster Q2", due=("2027-05-01", "2027-05-31")),
        thread="aster-plan",
    ),
    Told(
        *("aster-plan", "gridpost", "en", "Aster sets a date"),
        "Aster will launch the Q2 in January 2027.",
        says(Kind.LAUNCH, "Aster", None, object="Aster Q2", due=("2027-01-01", "2027-01-31")),
        seen=BEFORE,
    ),
    Told(
        *("brenn-denied", "wirewatch", "en", "Brenn Energy: no campus in Aalen"),
        "Brenn Energy denied that it would build a 300 megawatt campus in Aalen.",
        says(Kind.POWER, "Brenn Energy", 300e6, "W", status=Status.DENIED, speaker="Brenn Energy"),
        thread="brenn-rumour",
    ),
    Told(
        *("brenn-rumour", "serverhalle", "de", "Brenn plant offenbar Campus"),
        "In Aalen soll Brenn Energy einen Campus mit 300 Megawatt planen.",
        says(Kind.POWER, "Brenn Energy", 300e6, "W", status=Status.EXPECTED),
        seen=BEFORE,
    ),
    Told(
        *("kestrel-analyst", "cold-aisle", "en", "Analysts doubt Kestrel's figure"),
        "Analysts at Fenmark put Kestrel's shipments at 9,000 Kestrel V boards in the third quarter, not "
        "14,000.",
        says(
            *(Kind.SHIPMENT, "Kestrel", 9_000),
            object="Kestrel V",
            due=("2026-07-01", "2026-09-30"),
            status=Status.ACTUAL,
            speaker="Fenmark",
        ),
        thread="kestrel-says",
    ),
    Told(
        *("kestrel-says", "gridpost", "en", "Kestrel ships 14,000 boards"),
        "Kestrel shipped 14,000 Kestrel V boards in the third quarter.",
        says(
            *(Kind.SHIPMENT, "Kestrel", 14_000),
            object="Kestrel V",
            due=("2026-07-01", "2026-09-30"),
            status=Status.ACTUAL,
        ),
        seen=BEFORE,
    ),
    Told(
        *("solbakk-due", "serverhalle", "de", "Solbakk eröffnet im Dezember"),
        "Bis Mitte Dezember will Solbakk 5.000 Beschleuniger vom Typ Corvus C9 in Betrieb nehmen.",
        says(Kind.DEPLOYMENT, "Solbakk", 5_000, object="Corvus C9", due="2026-12-15"),
        seen=BEFORE,
    ),
    Told(
        *("mirador-due", "gridpost", "en", "Mirador's year-end"),
        "Mirador expects revenue of at least $2.1 billion this year.",
        says(
            *(Kind.REVENUE, "Mirador", 2.1e9, "USD"),
            due=("2026-01-01", "2026-12-20"),
            status=Status.EXPECTED,
        ),
        seen=BEFORE,
    ),
    Told(
        *("veld-overdue", "wirewatch", "en", "Veld promises boards by mid-November"),
        "Veld promised to deliver 2,500 boards by 18 November.",
        says(Kind.SHIPMENT, "Veld", 2_500, due="2026-11-18"),
        seen=BEFORE,
    ),
    Told(
        *("tarn-plan", "gridpost", "en", "Tarn wants 80 MW this autumn"),
        "Tarn Compute plans to energise 80 megawatts in Kiruna by October.",
        says(Kind.POWER, "Tarn Compute", 80e6, "W", due="2026-10-31"),
        seen=BEFORE,
    ),
    Told(
        *("tarn-done", "serverhalle", "de", "Tarn ist am Netz"),
        "Tarn Compute hat in Kiruna 82 Megawatt ans Netz gebracht.",
        says(Kind.POWER, "Tarn Compute", 82e6, "W", status=Status.ACTUAL),
        thread="tarn-plan",
    ),
    Told(
        *("ibex-plan", "cold-aisle", "en", "Ibex aims for 10,000"),
        "Ibex wants to ship 10,000 Ibex One boards by September.",
        says(Kind.SHIPMENT, "Ibex", 10_000, object="Ibex One", due="2026-09-30"),
        seen=BEFORE,
    ),
    Told(
        *("ibex-short", "wirewatch", "en", "Ibex falls short"),
        "Ibex shipped only 6,200 Ibex One boards by the end of September.",
        says(*(Kind.SHIPMENT, "Ibex", 6_200), object="Ibex One", due="2026-09-30", status=Status.ACTUAL),
        thread="ibex-plan",
    ),
)
# earlier, later, relation
LINKS = (
    ("halvard-plan", "halvard-erhoeht", "revision"),
    ("halvard-erhoeht", "halvard-raised", "same"),
    ("norvik-invest", "norvik-invest-en", "same"),
    ("norvik-invest", "norvik-invest-wire", "same"),
    ("aster-plan", "aster-delay", "revision"),
    ("brenn-rumour", "brenn-denied", "denial"),
    ("kestrel-says", "kestrel-analyst", "contradiction"),
    ("tarn-plan", "tarn-done", "outcome"),
    ("ibex-plan", "ibex-short", "outcome"),
)
SOURCES = {
    "serverhalle": FetchState(checked=NOW, next_check=NOW, last_status="ok", last_success=NOW),
    "cold-aisle": FetchState(checked=NOW, next_check=NOW, last_status="ok", last_success=NOW),
    "gridpost": FetchState(
        checked=NOW,
        next_check=NOW,
        failures=3,
        last_status="http-error",
        last_message="503 Service Unavailable",
        last_success=datetime(2026, 11, 19, 8, 0, tzinfo=UTC),
    ),
    "wirewatch": FetchState(
        checked=NOW, next_check=NOW, last_status="ok", last_success=NOW, extra={"degraded": "an open tag"}
    ),
}


def a_week(
    path: Path,
    more: tuple[Told, ...] = (),
    *,
    only: bool = False,
    links: tuple[tuple[str, str, str], ...] = (),
) -> dict[str, int]:
    """Fills a new ledger with the week, some `more` told and linked in it, or these `only`.

    Gives the claims' numbers by the names of their tellings.
    """
    told = more if only else (*TOLD, *more)
    with Ledger.open(path) as ledger:
        for name, state in SOURCES.items():
            ledger.save_state(Source(name, f"https://{name}.example/feed.xml", "en"), state)
        for one in sorted(told, key=lambda one: one.seen):
            article = one.article
            ledger.store(article, [_resting(one, article)], extractor="1", now=one.seen)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        numbers = dict(_numbers(connection, told))
        thread_by_hand(connection, told, numbers, links if only else (*LINKS, *links))
    return numbers


def _resting(one: Told, article: Article) -> Claim:
    start = article.text.index(one.sentence)
    return replace(one.claim, evidence=(Evidence(start, start + len(one.sentence), one.sentence),))


def _numbers(connection: sqlite3.Connection, told: tuple[Told, ...]) -> Iterator[tuple[str, int]]:
    query = """SELECT claims.id FROM claims JOIN versions ON versions.id = version_id
               JOIN articles ON articles.id = article_id WHERE url = ?"""
    for one in told:
        yield one.name, connection.execute(query, [one.article.url]).fetchone()[0]


def thread_by_hand(
    connection: sqlite3.Connection,
    told: tuple[Told, ...],
    numbers: dict[str, int],
    links: tuple[tuple[str, str, str], ...],
) -> None:
    """Members and links as the tellings name them."""
    connection.execute("DELETE FROM links")
    connection.execute("DELETE FROM members")
    for one in told:
        statement = numbers[one.statement or one.name]
        thread = numbers[one.thread or one.statement or one.name]
        connection.execute(
            "INSERT INTO members (claim_id, thread, statement) VALUES (?, ?, ?)",
            [numbers[one.name], thread, statement],
        )
    noticed = (IN_WEEK + timedelta(minutes=1)).isoformat(timespec="microseconds")
    for earlier, later, relation in links:
        connection.execute(
            "INSERT INTO links (earlier, later, relation, reason, noticed) VALUES (?, ?, ?, ?, ?)",
            [numbers[earlier], numbers[later], relation, "by hand", noticed],
        )
