"""The query language: what is typed, what it finds, and where an error points."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_making import NOW, article, claim

from db.errors import BadQuery
from db.ledger import Ledger
from db.query import All, Any, Field, Node, Not, Words, parse
from db.search import Query, meant, search
from extractors.claim import Due, Evidence, Kind, Quantity, Status
from scraper.article import Instant

# What the tests name, and what the claim of that number is like.
SHELF: dict[int, dict[str, object]] = {
    1: {"subject": "Meta", "object": "NVIDIA H100", "kind": Kind.DEPLOYMENT, "speaker": "Mark Zuckerberg",
        "quantity": Quantity(350000, 350000, "units"), "due": Due(None, date(2024, 12, 31)),
        "counterparty": None},
    2: {"subject": "Microsoft", "object": "AMD Instinct MI300X", "kind": Kind.ORDER, "counterparty": "AMD",
        "quantity": Quantity(100000, None, "units"), "due": Due(date(2026, 1, 1), None),
        "status": Status.EXPECTED},
    3: {"subject": "Deutsche Telekom", "object": None, "kind": Kind.INVESTMENT, "counterparty": None,
        "quantity": Quantity(1e9, 2e9, "EUR"), "due": Due(date(2025, 7, 1), date(2025, 9, 30))},
    4: {"subject": "AMD", "object": "AMD Instinct MI300A", "kind": Kind.PRICE, "counterparty": None,
        "quantity": Quantity(None, 15000, "USD"), "due": None, "status": Status.ACTUAL, "speaker": None},
}  # fmt: skip
ABOUT = {
    1: ("Meta will buy chips for its new data centers.", "en", date(2024, 1, 18), "the-register"),
    2: ("Microsoft orders accelerators, chips from AMD.", "en", date(2024, 6, 30), "the-register"),
    3: ("Die Telekom baut Rechenzentren in München aus.", "de", date(2025, 1, 1), "heise"),
    4: ("Die Karten kosten so viel wie Kleinwagen.", "de", None, "heise"),
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("query") / "ledger.db"
    with Ledger.open(path) as ledger:
        for number, (text, lang, day, source) in ABOUT.items():
            published = Instant.of_day(day) if day else None
            one = article(number, text, title="", lang=lang, source=source, published=published)
            evidence = (Evidence(0, len(text), text),)
            fields = {"evidence": evidence, "speaker": None} | SHELF[number]
            ledger.store(one, [claim(one, **fields)], extractor="1", now=NOW)
    return path


def found(path: Path, words: str = "", **options: object) -> str:
    hits = search(path, Query(words, **options))  # type: ignore[arg-type]
    return " ".join(sorted(str(hit.article_id) for hit in hits))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("company:meta", "1"), ("company:facebook", "1"), ("company:META", "1"), ("company:met", ""),
        ('company:"Meta Platforms"', "1"), ("company:telekom", "3"), ('company:"Deutsche Telekom"', "3"),
        ("company:amd", "2 4"), ('company:"Advanced Micro Devices"', "2 4"),
        ("product:h100", "1"), ("product:h10", ""), ("product:h1", ""), ("product:mi300", "2 4"),
        ('product:"mi300"', ""), ("product:mi300x", "2"), ("product:MI30", ""),
        ('product:"Instinct MI300X"', "2"),
        ("speaker:zuckerberg", "1"), ("speaker:nobody", ""),
        ("kind:price", "4"), ("kind:Price", "4"), ("status:expected", "2"), ("lang:de", "3 4"),
        ("source:heise", "3 4"), ("source:HEISE", "3 4"), ("source:her", ""), ("unit:usd", "4"),
        ("COMPANY:meta", "1"), ("company:(meta OR amd)", "1 2 4"), ("company:(meta amd)", ""),
        ("-company:amd", "1 3"), ("NOT company:amd", "1 3"), ("NOT NOT company:amd", "2 4"),
        ("-speaker:zuckerberg", "2 3 4"), ("-due:2024", "2 3 4"), ("-(company:amd OR lang:de)", "1"),
        ("chips", "1 2"), ("chip", "1 2"), ("chip -microsoft", "1"), ("chip NOT microsoft", "1"),
        ("-chips", "3 4"), ("chip OR rechenzentrum OR karte", "1 2 4"), ("chip OR karte meta", "1 2"),
        ("(chip OR karte) meta", "1"), ("chip (meta OR microsoft)", "1 2"), ("chip AND meta", "1"),
        ("chip and meta", ""), ("rechenz*", "3"), ('"new data"', "1"), ('"data new"', ""),
        ('-"new data" chips', "2"), ("muenchen", "3"), ("MÜNCHEN", "3"), ("munchen", "3"),
        ("text:kosten", "4"), ("text:meta", "1"), ("title:meta", ""), ("text:rech*", "3"),
        ('text:"new data centers"', "1"),
        ("chip company:meta", "1"), ("chip -company:meta", "2"), ("chip OR kind:price", "1 2 4"),
        ("company:meta OR kind:price", "1 4"), ("(chip kind:order) OR kind:price", "2 4"),
        ("-chips -kind:price", "3"), ("chips OR -lang:en", "1 2 3 4"),
        ("due:<2025", "1"), ("due:<=2024", "1"), ("due:<2024-12-31", ""), ("due:<=2024-12-31", "1"),
        ("due:2024", "1"), ("due:2024-12", "1"), ("due:2024-11", ""), ("due:2025-Q3", "3"),
        ("due:q2-2025", ""), ("due:2025-08", "3"), ("due:2025..2026", "2 3"), ("due:2026", "2"),
        ("due:2025..", "2 3"), ("due:..2025", "1 3"), ("due:>2024", "2 3"), ("due:>=2024", "1 2 3"),
        ("due:>2025", "2"), ("due:31.12.2024", "1"), ("due:=2024", "1"),
        ("amount:>100000", "1 3"), ("amount:>=100k", "1 2 3"), ("amount:<100k", "4"),
        ("amount:<=100k", "2 4"), ("amount:350000", "1"), ("amount:350k", "1"), ("amount:1.5bn", "3"),
        ('amount:"1,5 Mrd"', "3"), ('amount:>"1,9 Milliarden"', "3"), ("amount:>2bn", ""),
        ("amount:1bn..5bn", "3"), ("amount:..15k", "4"), ("amount:5k..20k", "4"), ("amount:>=2e9", "3"),
        ("published:2024", "1 2"), ("published:>2024-01", "2 3"), ("published:>=2024-01", "1 2 3"),
        ("published:<2024-06-30", "1"), ("published:<=2024-06", "1 2"), ("published:2024-02..2025", "2 3"),
        ("company:amd due:2026 amount:>=100k chips -lang:de", "2"),
        ("  chip \t\n company:meta ", "1"), ("chip, company:meta; !", "1"), ("chip - meta", "1"),
    ],
)  # fmt: skip
def test_what_is_found(shelf: Path, typed: str, expected: str) -> None:
    assert found(shelf, typed) == expected


ROUTES = {
    "one after the other": {"FEW": -1, "_FEW_TO_ASK": -1, "CANDIDATES": 2000},
    "by the rarest field": {"FEW": 10**6, "_FEW_TO_ASK": 10**6, "CANDIDATES": 0},
    "the newest of many": {"FEW": 0, "_FEW_TO_ASK": -1, "CANDIDATES": 0},
}


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("chips company:facebook", "1"), ("chips -company:meta", "2"), ("chips due:<2025", "1"),
        ("chips -meta amount:>=100k", "2"), ("company:amd due:2026", "2"), ("amount:>=100k", "1 2 3"),
        ("published:2024 company:amd", "2"), ("-chips published:2025", "3"), ("kind:price", "4"),
    ],
)  # fmt: skip
def test_every_way_to_ask_finds_the_same(
    shelf: Path, typed: str, expected: str, route: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in route.items():
        monkeypatch.setattr(f"db.plan.{name}", value)
    assert found(shelf, typed) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"company": "facebook"}, "1"), ({"product": "MI300"}, "2 4"), ({"speaker": "Zuckerberg"}, "1"),
        ({"due": "<2025"}, "1"), ({"amount": ">1bn"}, "3"), ({"published": ">2025"}, ""),
        ({"product": '"MI300"'}, ""), ({"company": "(meta OR amd)"}, "1 2 4"),
        ({"company": '"Deutsche Telekom"'}, "3"), ({"company": "Deutsche Telekom"}, "3"),
        ({"due": "(2024 OR 2026)"}, "1 2"),
        ({"published": "2025"}, "3"), ({"words": "chips", "due": "2024"}, "1"),
    ],
    ids=str,
)  # fmt: skip
def test_options_have_the_same_syntax(shelf: Path, options: dict[str, str], expected: str) -> None:
    assert found(shelf, **options) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "says", "under"),
    [
        ("chips due:<20x5", "'20x5' is no date", "<"),
        ("amount:>many h100", "'many' is no amount", ">"),
        ("amount:1.500", "may be 1.5 or 1,500", "1"),
        ("kind:deploy", "did you mean 'deployment'", "d"),
        ("due:2026..2025", "2026 is after 2025", "2"),
        ("amount:2bn..1bn", "2bn is more than 1bn", "2"),
        ("due:<2024..2025", "without a sign", "<"),
        ("due:2024-13", "there is no date", "2"),
        ("a (b OR c", "not closed", "("),
        ("a) b", "closes nothing", ")"),
        ("a ()", "nothing in this bracket", "("),
        ("a OR", "OR needs something after it", ""),
        ("a OR OR b", "OR needs something after it", "O"),
        ("a AND ) b", "AND needs something after it", ")"),
        ("AND a", "something is missing", "A"),
        ("titel:x", "did you mean 'title'", "t"),
        ("foo:bar", "the fields are company", "f"),
        ("company: meta", "needs a value", " "),
        ("amount:> 5", "needs a value", ">"),
    ],
)
def test_an_error_points_at_the_place(shelf: Path, typed: str, says: str, under: str) -> None:
    with pytest.raises(BadQuery) as error:
        found(shelf, typed)
    message, line, mark = str(error.value).split("\n")
    assert says in message
    place = len(mark) - 1
    assert mark.strip() == "^"
    assert line[place : place + 1] == under


@pytest.mark.parametrize(
    ("options", "says"),
    [({"due": "<20x5"}, "due: '20x5' is no date"), ({"company": "(a OR (b"}, "not closed"),
     ({"words": "chips", "due": "(2024 OR 20x5)"}, "due: '20x5' is no date")],
    ids=str,
)  # fmt: skip
def test_an_error_in_an_option_shows_no_other_place(shelf: Path, options: dict[str, str], says: str) -> None:
    with pytest.raises(BadQuery, match=says) as error:
        found(shelf, **options)  # type: ignore[arg-type]
    assert "chips" not in str(error.value)


def test_a_long_query_is_shown_where_it_is_wrong(shelf: Path) -> None:
    with pytest.raises(BadQuery) as error:
        found(shelf, f"{'a ' * 40}kind:x {'b ' * 10}")
    _, line, mark = str(error.value).split("\n")
    assert len(line) < 110
    assert line[len(mark) - 1] == "x"


@pytest.mark.parametrize("typed", ["(" * 40 + "a" + ")" * 40, "NOT " * 300 + "a", "a " * 65])
def test_too_much_is_refused(shelf: Path, typed: str) -> None:
    with pytest.raises(BadQuery, match="more than"):
        found(shelf, typed)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"company": "Metta"}, "no company 'Metta' in the ledger; did you mean Meta?"),
        ({"company": "Telecom"}, "no company 'Telecom' in the ledger; did you mean Deutsche Telekom?"),
        ({"words": "company:facebok"}, "no company 'facebok' in the ledger; did you mean Meta?"),
        ({"product": "H1000"}, "no product 'H1000' in the ledger; did you mean NVIDIA H100?"),
        ({"speaker": "Zuckerburg"}, "no speaker 'Zuckerburg' in the ledger; did you mean Mark Zuckerberg?"),
        ({"company": "Xyzzy"}, "no company 'Xyzzy' in the ledger"),
    ],
    ids=str,
)
def test_an_unknown_name_is_told(shelf: Path, options: dict[str, str], says: str) -> None:
    assert found(shelf, **options) == ""  # type: ignore[arg-type]
    assert meant(shelf, Query(**options)) == [says]  # type: ignore[arg-type]


def test_a_known_name_is_no_riddle(shelf: Path) -> None:
    assert meant(shelf, Query("company:meta -company:xyzzy", product="h100")) == []


def _spelled(node: Node) -> str:
    """The node typed out again, in brackets throughout."""
    match node:
        case Words(term, column):
            text = f'"{" ".join(term.words)}"' if term.literal else "".join(term.words)
            return f"{column}:{text}" if column else text + ("*" if term.prefix else "")
        case Field(name, value, quoted):
            return f'{name}:"{value}"' if quoted else f"{name}:{value}"
        case Not(inner):
            return f"-({_spelled(inner)})"
        case All(parts):
            return f"({' '.join(map(_spelled, parts))})"
        case Any(parts):
            return f"({' OR '.join(map(_spelled, parts))})"


LEAVES = st.sampled_from(
    ["chip", "meta", '"new data"', "rech*", "company:meta", 'company:"amd"', "kind:price", "lang:de"]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda one: f"-({one})"),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: f"({' '.join(some)})"),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: f"({' OR '.join(some)})"),
    ),
    max_leaves=8,
)


@given(TREES, TREES)
def test_logic_holds(shelf: Path, one: str, other: str) -> None:
    """Whatever way a question is asked of the ledger, AND, OR and NOT mean what they say."""

    def ids(typed: str) -> set[str]:
        return set(found(shelf, typed).split())

    every = {"1", "2", "3", "4"}
    assert ids(f"({one}) ({other})") == ids(one) & ids(other)
    assert ids(f"({one}) OR ({other})") == ids(one) | ids(other)
    assert ids(f"-({one})") == every - ids(one)
    assert ids(_spelled(parse(one))) == ids(one)
