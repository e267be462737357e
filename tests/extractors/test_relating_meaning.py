"""What only the sentence tells: two claims of equal fields that are two, and retellings that are one."""

from __future__ import annotations

from typing import Any

import pytest

from extractors.relate import relate_records

FIELDS: dict[str, dict[str, Any]] = {
    "price": {"object": "Xorvel Kite", "quantity": [899, 899], "unit": "EUR"},
    "users": {"object": None, "quantity": [200000, 200000], "unit": "users"},
    "jobs": {"object": None, "quantity": [1000, 1000], "unit": "jobs"},
    "investment": {"object": None, "quantity": [750000000, 750000000], "unit": "USD"},
    "revenue": {
        "object": None,
        "quantity": [2600000000, 2600000000],
        "unit": "EUR",
        "due": ["2025-07-01", "2025-09-30"],
    },
    "power": {"object": "data center in Hamburg", "quantity": [60000000, 60000000], "unit": "W"},
    "shipment": {"object": "wafer", "quantity": [30000, 30000], "unit": "units"},
    "deployment": {"object": "server", "quantity": [30000, 30000], "unit": "units"},
    "launch": {
        "object": "Xorvel Sheets",
        "quantity": None,
        "unit": None,
        "due": ["2026-04-01", "2026-06-30"],
    },
    "performance": {"object": "Tavastia", "quantity": [4e16, 4e16], "unit": "FLOPS"},
}


def told(kind: str, sentence: str, lang: str, published: str, subject: str) -> dict[str, Any]:
    own = {"due": None, "status": "actual", "speaker": None, "counterparty": None, **FIELDS[kind]}
    return {
        **own,
        "kind": kind,
        "subject": subject,
        "lang": lang,
        "published": published,
        "sentence": sentence,
    }


def found(kind: str, first: str, second: str, subject: str = "Xorvel") -> str:
    """The relation of an English sentence and one of the next day, German where it begins with "de:"."""
    lang, second = ("de", second[3:]) if second.startswith("de:") else ("en", second)
    a = told(kind, first, "en", "2025-10-20", subject)
    return str(relate_records(a, told(kind, second, lang, "2025-10-21", subject)).relation)


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("price", "The Kite with 256 GB costs 899 euros.", "de:Mit 512 Gigabyte kostet das Kite 899 Euro."),
        ("price", "The 13-inch Kite is 899 euros.", "de:Das Kite mit 15 Zoll kostet 899 Euro."),
        ("price", "The Kite costs 899 euros.", "de:Das Kite Pro kostet 899 Euro."),
        ("price", "It is 899 euros a month.", "de:Einmalig 899 Euro kostet die Einrichtung."),
        ("price", "A million input tokens are 899 euros.", "A million output tokens are 899 euros."),
        ("users", "It lost 200,000 broadband customers.", "It gained 200,000 broadband customers."),
        ("users", "It added 200,000 broadband customers.", "It added 200,000 mobile customers."),
        ("users", "200,000 people now pay for Xorvel.", "de:200.000 nutzen Xorvel kostenlos."),
        ("users", "Four developers of 200,000 use it.", "It has 200,000 visitors a day."),
        ("jobs", "It keeps 1,000 construction workers busy.", "de:Es schafft 1.000 Dauerarbeitsplätze."),
        (
            "investment",
            "Xorvel has taken out loans of $750 million.",
            "Xorvel has sold new shares for $750m.",
        ),
        ("investment", "It raised $750 million in a Series B.", "de:750 Millionen Dollar in der Series C."),
        ("investment", "It spends $750 million a year.", "de:Insgesamt sind es 750 Millionen Dollar."),
        ("investment", "It puts $750 million into wind farms.", "de:750 Mio. Dollar für Stromnetze."),
        ("investment", "It puts $750 million into its grid.", "de:750 Mio. Dollar für Batteriespeicher."),
        ("deployment", "It runs 30,000 in Hollow Creek, Indianapolis.", "In Fort Wayne, it runs 30,000."),
        (
            "revenue",
            "Operating profit was 2.6 billion euros.",
            "de:Der Auftragsbestand: 2,6 Milliarden Euro.",
        ),
        (
            "revenue",
            "Sales in Germany were 2.6 billion euros.",
            "de:Mit der Cloud setzte Xorvel 2,6 Milliarden Euro um.",
        ),
        ("revenue", "Gross profit was 2.6 billion euros.", "de:Der Nettogewinn betrug 2,6 Milliarden Euro."),
        ("power", "The campus draws 60 megawatts.", "de:Notstromaggregate leisten dort 60 Megawatt."),
        ("shipment", "Xorvel makes 30,000 200 mm wafers.", "Xorvel makes 30,000 300 mm wafers."),
        ("shipment", "It sold 30,000 wafers worldwide.", "de:In Japan verkaufte es 30.000 Wafer."),
        (
            "deployment",
            "Its halls in Paris hold 30,000 servers.",
            "Its halls in Roubaix hold 30,000 servers.",
        ),
        ("launch", "The public beta of Sheets comes then.", "The finished version of Sheets comes then."),
        ("launch", "In the United States, Sheets comes then.", "de:In Japan kommt Sheets dann."),
        ("launch", "Orders for the Sheets open then.", "de:Dann liefert Xorvel Sheets aus."),
        ("performance", "The CPU partition has 40 petaflops.", "de:Die GPU-Partition leistet 40 Petaflops."),
        ("performance", "Tavastia has 40 petaflops for training.", "de:40 Petaflops bei der Inferenz."),
        ("performance", "Tavastia has 40 petaflops at FP8.", "de:40 Petaflops bei FP4 leistet Tavastia."),
        ("price", "Xorvel sells the Kite for 899 euros.", "de:Für 899 Euro vermietet Xorvel das Kite."),
        ("price", "The Kite costs 899 euros.", "de:Gebrauchte Kite kosten 899 Euro."),
        ("price", "The Kite costs 899 euros.", "The Kite with three games in a bundle costs 899 euros."),
        ("price", "Reserving the Kite takes a deposit of 899 euros.", "de:Das Kite kostet 899 Euro."),
        ("price", "The third generation of the Kite is 899 euros.", "The second generation is 899 euros."),
        ("users", "In Brazil it has 200,000 users.", "Across Latin America it has 200,000 users."),
        ("users", "The app has 200,000 users.", "de:Die Website nutzen 200.000 Menschen."),
        ("jobs", "It hires 1,000 engineers.", "de:Es stellt 1.000 Lehrlinge ein."),
        ("jobs", "It has laid off 1,000 people.", "Some 1,000 people have left of their own accord."),
        ("power", "On average the campus draws 60 megawatts.", "de:In der Spitze zieht er 60 Megawatt."),
        ("power", "Its halls take 60 megawatts.", "de:Der Batteriespeicher leistet 60 Megawatt."),
        ("power", "Hall 7 takes 60 megawatts.", "de:Halle 8 nimmt 60 Megawatt auf."),
        ("deployment", "30,000 air-cooled servers run there.", "It runs 30,000 liquid-cooled servers."),
        ("deployment", "30,000 servers are in operation.", "de:30.000 Server liegen auf Lager."),
        ("investment", "The first tranche of $750 million came.", "de:Die zweite Rate: 750 Mio. Dollar."),
        ("revenue", "Sales were 2.6 billion euros.", "de:Der Auftragseingang betrug 2,6 Mrd. Euro."),
        ("launch", "The PC version of Sheets comes then.", "de:Sheets für die PS5 kommt dann."),
        ("shipment", "It makes 30,000 wafers a year.", "Since it opened, it has made 30,000 wafers."),
    ],
)
def test_what_the_sentence_tells_apart_is_two(kind: str, first: str, second: str) -> None:
    assert found(kind, first, second) == "unrelated"


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("price", "The Kite with 256 GB costs 899 euros.", "de:899 Euro kostet das Kite mit 256 Gigabyte."),
        ("price", "The Kite costs 899 euros.", "de:Das Kite mit 256 Gigabyte kostet 899 Euro."),
        ("shipment", "Xorvel sold 30,000 with 1,000 mm.", "de:30.000 mit 1000 mm verkaufte Xorvel."),
        ("price", "The 13-inch Kite is 899 euros.", "de:Das Kite mit 13,0 Zoll kostet 899 Euro."),
        ("price", "The Kite is 899 euros, the Kite Pro 1,099.", "de:Das Kite kostet 899 Euro."),
        ("users", "It lost 200,000 customers.", "de:200.000 Kunden hat Xorvel verloren."),
        ("jobs", "It creates 1,000 permanent jobs.", "de:Es schafft 1.000 Arbeitsplätze."),
        ("investment", "It raised $750 million in a Series B.", "de:750 Millionen Dollar sammelt es ein."),
        ("shipment", "Xorvel makes 30,000 300 mm wafers.", "de:30.000 Wafer fertigt Xorvel."),
        ("shipment", "It sold 30,000 wafers worldwide.", "de:Xorvel verkaufte 30.000 Wafer."),
        ("launch", "Sheets comes in the spring.", "de:Die fertige Version von Sheets kommt dann."),
        ("launch", "The switch to Sheets comes then.", "de:Sheets für die PS5 kommt dann."),
        ("launch", "Sheets comes as an app.", "de:Sheets kommt dann."),
        ("price", "The Kite costs 899 euros; a bundle comes later.", "de:Das Kite kostet 899 Euro."),
        ("jobs", "It hires 1,000 people, some of them apprentices.", "de:Es stellt 1.000 Leute ein."),
        ("power", "The campus takes 60 megawatts, a battery store aside.", "de:Er nimmt 60 Megawatt auf."),
        ("power", "The campus draws 60 megawatts; a wind farm is near.", "de:Er nimmt 60 Megawatt auf."),
        ("power", "Xorvel is building 60 megawatts.", "de:Xorvel baut 60 Megawatt."),
        ("deployment", "It unpacked 30,000 servers and runs them.", "de:Dort laufen 30.000 Server."),
        ("deployment", "30,000 air-cooled servers run there.", "de:Dort laufen 30.000 Server."),
    ],
)
def test_what_one_side_alone_tells_splits_nothing(kind: str, first: str, second: str) -> None:
    assert found(kind, first, second) == "same"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Memory maker Xorvel expects revenue of 2.6 billion euros.", "Xorvel erwartet 2,9 Mrd. Euro."),
        ("The cloud provider Xorvel expects 2.6 billion euros.", "Xorvel erwartet 2,9 Mrd. Euro."),
        ("Xorvel expects sales of 2.6 billion euros.", "Speicherhersteller Xorvel erwartet 2,9 Mrd. Euro."),
        ("Xorvel expects sales of 2.6 billion euros.", "Der Cloud-Anbieter Xorvel erwartet 2,9 Mrd. Euro."),
    ],
)
def test_what_a_party_is_tells_no_business_of_it(first: str, second: str) -> None:
    a = told("revenue", first, "en", "2025-10-20", "Xorvel")
    raised = {**told("revenue", second, "de", "2025-11-20", "Xorvel"), "quantity": [2.9e9, 2.9e9]}
    planned = [{**one, "status": "planned"} for one in (a, raised)]
    assert str(relate_records(*planned).relation) == "revision"


def test_whom_a_new_plant_will_employ_are_jobs_created() -> None:
    a = told("jobs", "Xorvel will employ 1,000 people at its plant.", "en", "2025-10-20", "Xorvel")
    b = told("jobs", "Xorvel will dort 1.000 Arbeitsplätze schaffen.", "de", "2025-10-21", "Xorvel")
    assert str(relate_records({**a, "status": "planned"}, {**b, "status": "planned"}).relation) == "same"
    cut = told("jobs", "Xorvel will dort 1.000 Stellen streichen.", "de", "2025-10-21", "Xorvel")
    assert str(relate_records({**a, "status": "planned"}, {**cut, "status": "planned"}).relation) != "same"
    assert str(relate_records(a, b).relation) == "unrelated"


def test_where_there_is_the_headlines_tell() -> None:
    a = told("jobs", "Xorvel cuts 1,000 jobs there.", "en", "2025-10-20", "Xorvel")
    b = told("jobs", "Xorvel streicht dort 1.000 Stellen.", "de", "2025-10-21", "Xorvel")
    titles = ("Layoffs in Hyderabad", "Xorvel schrumpft in Galway")
    apart = relate_records({**a, "title": titles[0]}, {**b, "title": titles[1]})
    assert str(apart.relation) == "unrelated"
    assert str(relate_records({**a, "title": titles[0]}, b).relation) == "same"
    plain = {**told("jobs", "Xorvel cuts 1,000 jobs.", "en", "2025-10-20", "Xorvel"), "title": titles[0]}
    assert str(relate_records(plain, {**b, "title": titles[1]}).relation) == "same"


def test_a_university_is_one_in_both_languages() -> None:
    a = told("deployment", "The University of Tromsø has 30,000.", "en", "2025-10-20", "University of Tromsø")
    b = told("deployment", "Die Universität Tromsø hat 30.000.", "de", "2025-10-21", "Universität Tromsø")
    assert str(relate_records(a, b).relation) == "same"
    other = told("deployment", "Die Universität Bergen hat 30.000.", "de", "2025-10-21", "Universität Bergen")
    assert str(relate_records(a, other).relation) == "unrelated"


def test_a_price_that_is_another_now_was_changed() -> None:
    a = told("price", "The Kite is 899 euros.", "en", "2025-06-20", "Xorvel")
    b = told("price", "The Kite now costs 799 euros.", "en", "2025-10-21", "Xorvel")
    assert str(relate_records(a, {**b, "quantity": [799, 799]}).relation) == "revision"


def test_two_parties_of_one_name_are_told_by_their_homes() -> None:
    zurich = "The Swiss start-up Helixa has raised $750 million."
    assert (
        found("investment", zurich, "de:Der kalifornische Anbieter Helixa sammelt ein.", "Helixa")
        == "unrelated"
    )
    assert found("investment", zurich, "de:Das Zürcher Start-up Helixa sammelt ein.", "Helixa") == "same"
    assert found("investment", zurich, "de:Helixa sammelt 750 Millionen Dollar ein.", "Helixa") == "same"
    assert (
        found("investment", zurich, "After its German launch, Helixa raised $750 million.", "Helixa")
        == "same"
    )
