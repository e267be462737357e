"""What a week brought, and how the mail tells it."""

from __future__ import annotations

import re
import shlex
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest

from claims.digest import compose as composing
from claims.digest.compose import LARGEST, Composed, compose, weight
from claims.digest.layout import Image, fold
from claims.digest.window import Recipient, Window, week_named, week_of
from claims.errors import InputError
from db.digest import Brought, brought
from db.ledger import Ledger
from db.search import Query, search
from extractors.claim import Evidence, Kind, Quantity, Status

from .conftest import Run
from .digest_making import BEFORE, IN_WEEK, NOW, TOLD, WEEK, ZONE, Told, a_week, says

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    path = tmp_path_factory.mktemp("digest") / "claims.db"
    return path, a_week(path)


def found_in(path: Path, words: str = "", window: Window = WEEK, most: int = 20) -> Brought:
    lapsed = window.lapsed(ZONE)
    query = Query(words=words)
    return brought(path, window.start, window.end, query=query, today=TODAY, lapsed=lapsed, most=most)


def names(found: Brought, numbers: dict[str, int]) -> dict[str, list[str]]:
    """The tellings of each part; of a change "earlier > later"."""
    of = {number: name for name, number in numbers.items()}
    told = {
        part: [of[entry.hit.id] for entry in getattr(found, part).entries]
        for part in ("new", "due", "overdue")
    }
    for part in ("revised", "contradicted", "denied", "met", "missed"):
        changes = getattr(found, part).entries
        told[part] = [f"{of[one.earlier.hit.id]} > {of[one.later.hit.id]}" for one in changes]
    return told


# What is found


def test_everything_stands_in_its_part_and_once(week: tuple[Path, dict[str, int]]) -> None:
    told = names(found_in(week[0]), week[1])
    assert told["new"][0] == "norvik-invest"  # three sources
    assert set(told["new"]) == {"norvik-invest", "talvik-power", "orrin-order", "lumen-jobs", "pell-users"}
    assert told["revised"] == ["halvard-plan > halvard-erhoeht", "aster-plan > aster-delay"]
    assert told["contradicted"] == ["kestrel-says > kestrel-analyst"]
    assert told["denied"] == ["brenn-rumour > brenn-denied"]
    assert told["due"] == ["solbakk-due", "mirador-due"]
    assert told["overdue"] == ["veld-overdue"]
    assert told["met"] == ["tarn-plan > tarn-done"]
    assert told["missed"] == ["ibex-plan > ibex-short"]


def test_sources_and_numbers(week: tuple[Path, dict[str, int]]) -> None:
    found = found_in(week[0])
    assert found.new.entries[0].sources == 3
    assert [(one.name, str(one.condition.health)) for one in found.sources] == [
        ("gridpost", "failing"),
        ("wirewatch", "degraded"),
    ]
    numbers = found.numbers
    assert (numbers.articles, numbers.claims, numbers.sources, numbers.statements) == (14, 14, 4, 11)


def test_the_week_after_tells_none_of_it_again(week: tuple[Path, dict[str, int]]) -> None:
    found = found_in(week[0], window=Window(WEEK.end, WEEK.end + timedelta(days=7)))
    told = names(found, week[1])
    assert {part: entries for part, entries in told.items() if entries} == {
        "due": ["solbakk-due", "mirador-due"]
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('company:("Norvik Data" OR lumen)', {"norvik-invest", "lumen-jobs"}),
        ("kind:power", {"talvik-power"}),
        ("product:b3", {"orrin-order"}),
        ("Görlitz", {"lumen-jobs"}),
    ],
)
def test_filters(week: tuple[Path, dict[str, int]], words: str, expected: set[str]) -> None:
    assert set(names(found_in(week[0], words), week[1])["new"]) == expected


def test_an_edited_article_is_not_news(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    old = next(one for one in TOLD if one.name == "solbakk-due")
    a_week(path)
    with Ledger.open(path) as ledger:
        edited = replace(old.article, text=f"{old.article.text} Und ein Nachtrag.")
        start = edited.text.index(old.sentence)
        evidence = replace(_evidence(path, edited.url), start=start, end=start + len(old.sentence))
        ledger.store(edited, [replace(old.claim, evidence=(evidence,))], extractor="1", now=IN_WEEK)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        newest = connection.execute("SELECT max(id) FROM claims").fetchone()[0]
        connection.execute("INSERT OR REPLACE INTO members VALUES (?, ?, ?)", [newest, newest, newest])
    assert newest not in {entry.hit.id for entry in found_in(path).new.entries}


def _evidence(path: Path, url: str) -> Evidence:
    return next(hit for hit in search(path, Query(limit=100)) if hit.url == url).claim.evidence[0]


def test_links_made_anew_are_not_told_again(tmp_path: Path) -> None:
    """Threads are made anew after an update of the program: every link is noticed, and none is news."""
    path = tmp_path / "claims.db"
    a_week(path)
    later = Window(WEEK.end, WEEK.end + timedelta(days=7))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE links SET noticed = '2026-11-25T00:00:00.000000+00:00'")
    assert found_in(path, window=later).revised.total == 0
    assert found_in(path, window=Window(WEEK.start, later.end)).revised.total == 2


def test_what_is_settled_is_not_due(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    numbers = a_week(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for relation in ("revision", "denial", "outcome"):
            connection.execute("DELETE FROM links")
            link = [numbers["solbakk-due"], numbers["pell-users"], relation]
            connection.execute("INSERT INTO links VALUES (?, ?, ?, '', '')", link)
            assert names(found_in(path), numbers)["due"] == ["mirador-due"]


Ends = tuple[float | None, float | None]
OUTCOMES: list[tuple[Ends, Ends, dict[str, Any], bool]] = [
    ((100, 100), (90, 90), {}, True),
    ((100, 100), (97, 97), {}, False),
    ((100, 100), (92, 92), {"approx": True}, False),
    ((100, 200), (120, 120), {}, False),
    ((None, 200), (120, 120), {}, False),
    ((100, 100), (80, None), {}, True),
    ((100, 100), (50, 50), {"unit": "EUR"}, False),
    ((100, 100), (50, 50), {"kind": Kind.PRICE}, False),
    ((100, 100), (150, 150), {"kind": Kind.PRICE}, True),
    ((100, 100), (100, 100), {"status": Status.DENIED}, True),
]


def test_met_or_missed(tmp_path: Path) -> None:
    told = tuple(one for number, case in enumerate(OUTCOMES) for one in _plan_and_fact(number, case))
    links = tuple((f"plan {n}", f"fact {n}", "outcome") for n in range(len(OUTCOMES)))
    numbers = a_week(tmp_path / "claims.db", told, only=True, links=links)
    found = names(found_in(tmp_path / "claims.db", most=50), numbers)
    for part, missed in (("met", False), ("missed", True)):
        wanted = {f"plan {n} > fact {n}" for n, case in enumerate(OUTCOMES) if case[3] is missed}
        assert set(found[part]) == wanted


def _plan_and_fact(number: int, case: tuple[Ends, Ends, dict[str, Any], bool]) -> tuple[Told, Told]:
    planned, reached, how, _ = case
    plan = says(how.get("kind", Kind.SHIPMENT), f"Acme {number}", 1)
    fact = replace(
        plan,
        quantity=Quantity(*reached, how.get("unit", "units"), how.get("approx", False)),
        status=how.get("status", Status.ACTUAL),
    )
    plan = replace(plan, quantity=Quantity(*planned, "units"))
    names = (f"plan {number}", f"fact {number}")
    return (
        Told(names[0], "gridpost", "en", "p", "A plan.", plan, BEFORE, url=f"https://a.example/p{number}"),
        Told(
            names[1],
            "gridpost",
            "en",
            "f",
            "A fact.",
            fact,
            thread=names[0],
            url=f"https://a.example/f{number}",
        ),
    )


def test_large_for_its_kind_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    usual = tuple(
        Told(f"order-{n}", "gridpost", "en", "o", f"Order {n}.", says(Kind.ORDER, f"Firm {n}", 100.0 + n))
        for n in range(12)
    )
    large = Told("large", "gridpost", "en", "l", "A large one.", says(Kind.ORDER, "Zett", 1e6))
    old = replace(large, name="old", sentence="An old one.", claim=says(Kind.ORDER, "Alt", 2e6), seen=BEFORE)
    numbers = a_week(path, (*usual, large, old))
    told = names(found_in(path, "kind:order"), numbers)["new"]
    assert told[0] == "large"
    assert "old" not in told


# How it is told


def mail(path: Path, recipient: Recipient | None = None, *, language: str = "de", most: int = 10) -> Composed:
    composed = compose(path, WEEK, recipient, language=language, zone=ZONE, now=NOW, most=most)
    assert composed is not None
    return composed


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_plain_text_is_narrow_and_complete(week: tuple[Path, dict[str, int]], language: str) -> None:
    text = mail(week[0], language=language).text
    assert max(map(len, text.splitlines())) <= 78
    flowing = re.sub(r"\s+", " ", text)
    alone = {"halvard-raised", "norvik-invest-en", "norvik-invest-wire"}  # further tellings
    for one in TOLD:
        if one.name not in alone:
            assert one.sentence in flowing
            assert f"claims show {week[1][one.name]}" in flowing
            assert f"<{one.article.url}>" in flowing
    assert "gridpost" in flowing and "503 Service Unavailable" in flowing


def test_the_order_of_the_parts(week: tuple[Path, dict[str, int]]) -> None:
    text = mail(week[0]).text
    titles = [
        *("NEU BEHAUPTET", "GEÄNDERT", "WIDERSPROCHEN", "DEMENTIERT", "FÄLLIG IN DEN NÄCHSTEN 30 TAGEN"),
        *("NUN ÜBERFÄLLIG", "EINGETROFFEN", "VERFEHLT", "DIE QUELLEN", "DIE ZAHLEN"),
    ]
    places = [text.index(f"\n{title}\n") for title in titles]
    assert places == sorted(places)
    assert "um 67 % erhöht" in text and "um 120 Tage verschoben" in text
    assert "200.000 Corvus C9 bis 31. Dezember 2027" in text


def test_links_open_the_article_at_the_sentence(week: tuple[Path, dict[str, int]]) -> None:
    html = mail(week[0]).html
    assert 'href="https://gridpost.example/2026/11/18/talvik-power.html#:~:text=Talvik%20Cloud' in html


def test_in_english(week: tuple[Path, dict[str, int]]) -> None:
    composed = mail(week[0], language="en")
    assert composed.subject == "Claims, Week 47 of 2026: Norvik Data: 3.4 bn EUR in 2028"
    assert "200,000 Corvus C9 by 31 December 2027" in composed.text
    assert "raised by 67%" in composed.text
    assert "„" not in composed.html and "Mrd" not in re.sub(r"<blockquote.*?</blockquote>", "", composed.html)


def test_a_recipient_gets_what_was_asked_for(week: tuple[Path, dict[str, int]]) -> None:
    recipient = Recipient("ann@example.org", companies=("Norvik Data", "Halvard AI"), language="en")
    composed = mail(week[0], recipient)
    assert composed.language == "en"
    assert "Norvik Data" in composed.text and "Halvard AI" in composed.text
    assert "Talvik" not in composed.text and "Solbakk" not in composed.text


def test_nothing_to_say(week: tuple[Path, dict[str, int]]) -> None:
    nobody = Recipient("ann@example.org", companies=("Nobody",))
    assert compose(week[0], WEEK, nobody, zone=ZONE, now=NOW) is None
    # Before the first article there is nothing, but sources that cannot be read are worth a mail alone.
    before = week_of(2026, 30, ZONE)
    assert compose(week[0], before, nobody, zone=ZONE, now=NOW) is None
    lost = compose(week[0], before, zone=ZONE, now=NOW)
    assert lost is not None and "gridpost" in lost.text


def test_the_commands_show_the_rest(week: tuple[Path, dict[str, int]], run: Run, home: Path) -> None:
    """Each "and 4 more: claims …" runs, and finds what the mail left out."""
    (home / "config.toml").write_text(f'[store]\npath = "{week[0]}"\n')
    text = mail(week[0], most=1).text
    lines = re.findall(r"und (\d+) weitere:\n((?:  .*\n)+)", text)
    commands = [" ".join(line.split()) for _, line in lines]
    assert [command.split()[1] for command in commands] == ["search", "search", "due"]
    for (number, _), command in zip(lines, commands, strict=True):
        answer = run(*shlex.split(command)[1:], "--format", "ndjson")
        assert answer.code == 0, command
        assert len(answer.out.splitlines()) > int(number)
    left_out = run(*shlex.split(commands[0])[1:], "--format", "ndjson").out
    for name in ("talvik-power", "orrin-order", "lumen-jobs", "pell-users"):
        assert f'"id": {week[1][name]},' in left_out


def test_a_mail_is_never_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "Ein langer Satz mit vielen „Anführungszeichen“ und Umlauten: äöüß. " * 8
    many = tuple(
        Told(f"more-{n}", "gridpost", "de", "o", f"{n}. {long}", says(Kind.ORDER, f"Firma {n}", 1000.0 + n))
        for n in range(80)
    )
    path = tmp_path / "claims.db"
    a_week(path, many)
    drawn = (Image("thread-1@claims", bytes(25_000), "Ein Bild"),)
    monkeypatch.setattr(composing, "chart", lambda *_: drawn)
    composed = mail(path, most=100)
    assert weight(composed) <= LARGEST
    assert composed.images == drawn
    assert re.search(r"und \d+ weitere:\n", composed.text)


def test_long_words_and_wide_letters_are_folded() -> None:
    assert fold("a" * 100, "  ").splitlines() == ["  " + "a" * 76, "  " + "a" * 24]
    assert fold("漢" * 60).splitlines() == ["漢" * 39, "漢" * 21]
    assert fold("ein\u00a0Wort " + "x" * 73).splitlines() == ["ein\u00a0Wort", "x" * 73]


# Windows


def test_a_week_is_midnight_to_midnight_there() -> None:
    week = week_named("2026-W44", ZONE)  # the clocks go back on its Sunday before
    assert week.start.isoformat() == "2026-10-26T00:00:00+01:00"
    assert week_named("2026-w43", ZONE).end == week.start
    hours = week_named("2026-W43", ZONE)
    assert (hours.end.astimezone(UTC) - hours.start.astimezone(UTC)) == timedelta(days=7, hours=1)
    assert week.week(ZONE) == (2026, 44)
    assert week.week(ZoneInfo("America/New_York")) is None
    assert Window(week.start, week.end + timedelta(hours=1)).week(ZONE) is None


@pytest.mark.parametrize("text", ["2026-W54", "2025-W53", "2026-47", "now", "", "9999-W53", "0000-W01"])
def test_no_such_week(text: str) -> None:
    with pytest.raises(InputError, match="week"):
        week_named(text, ZONE)


def test_every_day_lapses_in_one_window() -> None:
    """Whenever one window ends and the next begins: no due is told twice, none is left out."""
    ends = [datetime(2026, 3, 23, 7, tzinfo=ZONE) + timedelta(days=7 * n, minutes=517 * n) for n in range(8)]
    ends.append(datetime(2026, 6, 1, tzinfo=ZONE))
    days: list[date] = []
    for start, end in pairwise(ends):
        first, last = Window(start, end).lapsed(ZONE)
        days += [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert days[-1] == date(2026, 5, 30)  # its midnight is the end itself, which belongs to the next window


def test_a_filter_in_the_query_language() -> None:
    recipient = Recipient("a@b", ("Meta", "Deutsche Telekom", "OR"), ("H100",), ("power",), ("de", "en"))
    assert recipient.query == (
        'company:(Meta OR "Deutsche Telekom" OR "OR") product:H100 kind:power lang:(de OR en)'
    )
    assert Recipient("a@b").query == ""


# The command


@pytest.fixture
def config(week: tuple[Path, dict[str, int]], home: Path) -> Path:
    recipients = (
        '[[digest.recipients]]\naddress = "Ann@example.org"\ncompanies = ["lumen"]\nlanguage = "en"\n'
    )
    file = home / "config.toml"
    store = f'[store]\npath = "{week[0]}"\n'
    file.write_text(f'{store}[digest]\nlanguage = "de"\nzone = "Europe/Berlin"\n{recipients}')
    return file


def test_preview_as_text_and_html(config: Path, week: tuple[Path, dict[str, int]], run: Run) -> None:
    asked = ("digest", "preview", "--week", "2026-W47")
    assert run(*asked).out.startswith("Claims · Woche 47/2026\n")
    assert run(*asked, "--text").out == run(*asked).out
    page = run(*asked, "--html").out
    assert page.startswith("<!DOCTYPE html>") and "cid:" not in page


def test_preview_as_a_recipient_gets_it(config: Path, run: Run) -> None:
    asked = ("digest", "preview", "--week", "2026-W47", "--to")
    text = run(*asked, "ann@EXAMPLE.org").out
    assert text.startswith("Claims · Week 47 of 2026\n")
    assert "Lumen Werke" in text and "Norvik" not in text
    mail = message_from_bytes(run(*asked, "ann@example.org", "--eml").out.encode(), policy=default)
    assert mail["To"] == "Ann@example.org"
    nobody = run(*asked, "bob@example.org")
    assert nobody.code == 2
    assert "it has Ann@example.org" in nobody.err


def test_preview_in_the_browser(config: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: not opened.append(url))
    monkeypatch.setenv("TMPDIR", str(config.parent))
    monkeypatch.setattr("tempfile.tempdir", str(config.parent))
    assert run("digest", "preview", "--week", "2026-W47", "--open").code == 0
    page = Path(unquote(urlsplit(opened[0]).path))
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert page.stat().st_mode & 0o077 == 0
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    none = run("digest", "preview", "--week", "2026-W47", "--open")
    assert none.code == 2 and "the page is in" in none.err


def test_preview_of_nothing_and_of_no_week(config: Path, run: Run) -> None:
    nothing = run("digest", "preview", "--week", "2026-W20", "--to", "ann@example.org")
    assert (nothing.code, nothing.out) == (1, "")
    assert "nothing to tell" in nothing.err
    assert run("digest", "preview", "--week", "2026-W60").code == 2
