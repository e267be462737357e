"""Quantities in both languages: marked-up examples, each rule with one where it counts and one where not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.languages.lexicon import lexicon
from extractors.quantities import QuantityMention, find_quantities, lend
from extractors.units import catalogue, units_of

# text with the amount in brackets | value or low..high, "~" for about | unit, "-" for a bare count,
# or "! reason" where the number is no amount
DE = """
[350.000] H100 bis Jahresende                          | 350000 | -
[3.072] Prozessoren                                    | 3072 | -
[640] B300 gemietet                                    | 640 | -
liefert [zehn] Maschinen                               | 10 | -
[Zwölftausend] Exemplare                               | 12000 | -
[eine Million] zahlende Abonnenten                     | 1e6 | -
für [640 Millionen Euro]                               | 640e6 | EUR
für [640 Mio. Euro]                                    | 640e6 | EUR
[2 Mrd. Euro] schwer                                   | 2e9 | EUR
[eine knappe Milliarde Euro]                           | 1e9 ~ | EUR
für [399 US-Dollar]                                    | 399 | USD
für [1.169,- Euro]                                     | 1169 | EUR
[ab 1.169 Euro]                                        | 1169.. | EUR
für [5,99 Euro]                                        | 5.99 | EUR
für [94.000 $]                                         | 94000 | USD
[EUR 500m] stark                                       | 500e6 | EUR
[280 Millionen Franken]                                | 280e6 | CHF
[20 Milliarden Taiwan-Dollar]                          | 20e9 | TWD
[300 schwedische Kronen]                               | 300 | SEK
In Norwegen kostet es [300 Kronen]                     | 300 | NOK
[16,4 Millionen kanadischen Dollar]                    | 16.4e6 | CAD
[100 indische Rupien]                                  | 100 | INR
[5 Billionen Won]                                      | 5e12 | KRW
[3 Milliarden Yuan]                                    | 3e9 | CNY
[15 Dollar und 15 Cent]                                | 15.15 | USD
ein [500-Millionen-Euro]-Paket                         | 500e6 | EUR
eine Finanzierung über [58 Millionen Euro]             | 58e6 | EUR
eine Erstbestellung über [6 Millionen] Module          | 6e6 | -
[hunderttausend] GPUs                                  | 1e5 | -
[über 58 Millionen Euro]                               | 58e6.. | EUR
Series-B-Runde über [42 Millionen Euro]                | 42e6 | EUR
[35 bis 40 Mrd. Euro]                                  | 35e9..40e9 | EUR
[zwischen 30.000 und 40.000 Dollar]                    | 30000..40000 | USD
[sechs bis sieben Milliarden]                          | 6e9..7e9 | -
von 33 auf [mindestens 36 Milliarden Dollar]           | 36e9.. | USD
[20 Milliarden Dollar], plus oder minus 2 Prozent      | 20e9 ~ | USD
[640 TEUR]                                             | 640e3 | EUR
[TEUR 640]                                             | 640e3 | EUR
[54 Megawatt]                                          | 54e6 | W
ein [1,2-Gigawatt]-Campus                              | 1.2e9 | W
[1,9 MW]                                               | 1.9e6 | W
[ein Gigawatt]                                         | 1e9 | W
[ein halbes Gigawatt]                                  | 5e8 | W
[60 weitere Megawatt]                                  | 60e6 | W
[bis zu 65 Megawatt]                                   | ..65e6 | W
[zwölf Hallen mit je 20 MW]                            | 240e6 | W
[vier 500-MW]-Gebäude                                  | 2e9 | W
in vier Hallen sind es zusammen [20 MW]                | 20e6 | W
[9,2 Petaflops]                                        | 9.2e15 | FLOPS
[1 Exaflops]                                           | 1e18 | FLOPS
[9,2 PFlop/s]                                          | 9.2e15 | FLOPS
[800 TOPS]                                             | 8e14 | FLOPS
[39 Prozent]                                           | 39 | %
[24 GByte]                                             | 24e9 | B
in [4 nm]                                              | 4e-9 | m
[3 Stunden]                                            | 10800 | s
[Mehr als 100.000] Leute                               | 100000.. | -
mehr als [2000] Mitarbeiter                            | 2000.. | -
[2000] Mitarbeiter                                     | 2000 | -
im Jahr [2000]                                         | 2000 | ! year
seit [2025]                                            | 2025 | ! year
Ende [2026]                                            | 2026 | ! year
am [31]. Dezember                                      | 31 | ! date
am 5. [März]                                           | none | -
im [3]. Quartal                                        | 3 | ! ordinal
um [16] Uhr                                            | 16 | ! time
die RTX [5090]                                         | 5090 | ! model name
im [5]G-Netz                                           | 5 | ! model name
GPT-[4]                                                | 4 | ! model name
die Switch [2]                                         | 2 | ! model name
ein H100                                               | none | -
ein Rechenzentrum                                      | none | -
Seite [12]                                             | 12 | ! label
Version [3]                                            | 3 | ! label
die [31]-Jährige                                       | 31 | ! age
mit [82] von 100 Punkten                               | 82 | ! score
einige [hundert] Leute                                 | 100 | ! vague
[30]-mal schneller                                     | 30 | ! multiple
hat [38] Kommentare                                    | 38 | ! page furniture
Herr Gregor [Tausend] sagt                             | 1000 | ! name
"""
EN = """
[3,200 US-dollar] a piece                               | 3200 | USD
[3,200 us dollars] a piece                              | 3200 | USD
[350,000] H100s by year-end                            | 350000 | -
It will hand over [590 megawatts].                     | 590e6 | W
It handed over [5,000] cars.                           | 5000 | -
It sold [over 5,000] cars.                             | 5000.. | -
[Rmb380 billion]                                       | 380e9 | CNY
● [350,000] H100 GPUs                                  | 350000 | -
► [12,000] jobs                                        | 12000 | -
Xorvel™ [5,000] cards                                  | 5000 | -
👍🏻 [500]                                              | 500 | ! page furniture
❤ [21.4K] 🔁 1                                         | 21400 | ! page furniture
[350k] H100s                                           | 350000 | -
[$35bn]                                                | 35e9 | USD
[$2.3B]                                                | 2.3e9 | USD
[US$5 billion]                                         | 5e9 | USD
[C$5 billion]                                          | 5e9 | CAD
[A$5 billion]                                          | 5e9 | AUD
[NT$300 billion]                                       | 300e9 | TWD
[HK$300 billion]                                       | 300e9 | HKD
[S$549]                                                | 549 | SGD
[R$102 million]                                        | 102e6 | BRL
[£62]                                                  | 62 | GBP
[25 mln Sfr]                                           | 25e6 | CHF
its cousin peaks at [8.24].                            | 8.24 | -
[¥500 billion]                                         | 500e9 | JPY
[₩5 trillion]                                          | 5e12 | KRW
[₹9,800 crore]                                         | 98e9 | INR
[Rs 44,999]                                            | 44999 | INR
[RMB 3 billion]                                        | 3e9 | CNY
[500m euros]                                           | 500e6 | EUR
[549 Singapore dollars]                                | 549 | SGD
[5,299 Danish kroner]                                  | 5299 | DKK
In Denmark it costs [5,299 kroner]                     | 5299 | DKK
[300 Swedish crowns]                                   | 300 | SEK
[75 USD million]                                       | 75e6 | USD
[17 USD 25].                                           | 17.25 | USD
in 2025 rmb [20 usd]                                   | 20 | USD
[half million usd]                                     | 5e5 | USD
[US $150 million]                                      | 150e6 | USD
should bring us [$18 billion]                          | 18e9 | USD
[MAUD 60]                                              | 60e6 | AUD
[250 million Dutch guilders]                           | 250e6 | NLG
[100元]                                                | 100 | CNY
[one penny]                                            | 0.01 | GBP
[118 billion yen]                                      | 118e9 | JPY
[a billion dollars]                                    | 1e9 | USD
[half a million dollars]                               | 5e5 | USD
[from $999]                                            | 999.. | USD
up from [$999]                                         | 999 | USD
from [$2 billion] in 2023                              | 2e9 | USD
[$35-40 billion]                                       | 35e9..40e9 | USD
[between $35 and $40 billion]                          | 35e9..40e9 | USD
lifted from $33 to [at least $36 billion]              | 36e9.. | USD
[$300 to $400]                                         | 300..400 | USD
[20 billion dollars], plus or minus 2 percent          | 20e9 ~ | USD
[1.2 GW]                                               | 1.2e9 | W
a [500-megawatt] campus                                | 500e6 | W
[a gigawatt]                                           | 1e9 | W
[60 extra gigawatts]                                   | 60e9 | W
[four 500-MW] buildings                                | 2e9 | W
[two halls of 20 MW] each                              | 40e6 | W
[4 x 500 MW]                                           | 2e9 | W
two halls with a total of [20 MW]                      | 20e6 | W
[17 petaflops]                                         | 17e15 | FLOPS
[two exaflops]                                         | 2e18 | FLOPS
[1.5 exaFLOPS]                                         | 1.5e18 | FLOPS
[3 EFLOPS]                                             | 3e18 | FLOPS
[20 (MW)]                                              | 20e6 | W
[10kph]                                                | 2.77777777777778 | m/s
[120 μg]                                               | 1.2e-7 | kg
[40m2]                                                 | 40 | m²
[40 gb]                                                | 40e9 | B
[one mile]                                             | 1609.344 | m
[100 TWh]                                              | 100e12 | Wh
[100,000+] GPUs                                        | 100000.. | -
[as many as 7,000] chips                               | ..7000 | -
[some 640] people                                      | 640 ~ | -
its [2,300]th station                                  | 2300 | -
[416] second-hand A100s                                | 416 | -
on March [5]                                           | 5 | ! date
in [2025]                                              | 2025 | ! year
at [10] a.m.                                           | 10 | ! time
on the [20]th floor                                    | 20 | ! ordinal
the Quiver [2] server processor                        | 2 | ! model name
an iPhone [17]                                         | 17 | ! model name
Xbox Series X                                          | none | -
the [9950]X                                            | 9950 | ! model name
a Core i9-[14900K]                                     | 14.9e6 | ! model name
TPU v5p                                                | none | -
GB200 NVL72                                            | none | -
one of them                                            | none | -
several [hundred] people                               | 100 | ! vague
open [24]/7                                            | 24 | ! round the clock
a score of [92] out of 100                             | 92 | ! score
on page [12]                                           | 12 | ! label
[30] times as fast                                     | 30 | ! multiple
sold [6.1 million] times                               | 6.1e6 | -
he is [45] years old                                   | 45 | ! age
call (260) [555]-0144                                  | 555 | ! phone number
on [2025]-03-05                                        | 2025 | ! date
update [2].1.3                                         | 2.1 | ! version
"""


def _rows(lang: str, table: str) -> list[tuple[str, str, str, str]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [(lang, marked, value, unit) for marked, value, unit in rows]


def _ends(value: str) -> tuple[float | None, float | None]:
    low, dots, high = value.removesuffix("~").strip().partition("..")
    ends = (float(low) if low else None, float(high) if high else None)
    return ends if dots else (ends[0], ends[0])


def _at(found: list[QuantityMention], start: int, end: int) -> list[QuantityMention]:
    return [mention for mention in found if mention.start < end and start < mention.end]


@pytest.mark.parametrize(("lang", "marked", "value", "unit"), _rows("de", DE) + _rows("en", EN))
def test_marked(lang: str, marked: str, value: str, unit: str) -> None:
    text = marked.replace("[", "").replace("]", "")
    found = find_quantities(text, lang)
    if value == "none":
        assert not [mention for mention in found if not mention.excluded]
        return
    start, end = marked.index("["), marked.index("]") - 1
    (mention,) = _at(found, start, end)
    if mention.excluded != "age":  # in seconds, of no interest
        assert (mention.low, mention.high) == _ends(value)
    assert mention.approx == value.endswith("~")
    if unit.startswith("!"):
        assert mention.excluded == unit.removeprefix("! ")
        return
    assert (mention.start, mention.end) == (start, end) or "mehr als" in text
    assert (mention.unit or "-", mention.excluded) == (unit, None)


def test_a_product_remembers_its_factors() -> None:
    (mention,) = find_quantities("zwölf Hallen mit je 20 MW", "de")
    assert (mention.low, mention.factors) == (240e6, (12, 20e6))


def test_a_bare_amount_keeps_its_scale_so_that_a_later_layer_can_lend_the_unit() -> None:
    mentions = find_quantities("Statt 3,1 Milliarden Euro fließen nur noch 2,2 Milliarden.", "de")
    bare = mentions[1]
    assert (bare.unit, bare.scaled, bare.lent) == (None, True, False)
    (lent,) = lend(mentions)
    assert (lent.low, lent.unit, lent.lent, lent.text) == (2.2e9, "EUR", True, "2,2 Milliarden")


@pytest.mark.parametrize(
    ("text", "lang", "value", "unit"),
    [
        ("zunächst 40 Petaflops, im Endausbau sogar 75", "de", 75e15, "FLOPS"),
        ("nur noch 21 statt 25 Millionen Geräte", "de", 21e6, None),
        ("measured at 39.5 petaflops; an extension will reach 100", "en", 100e15, "FLOPS"),
    ],
)
def test_neighbours_lend_scale_and_unit(text: str, lang: str, value: float, unit: str | None) -> None:
    assert (value, unit) in [(reading.high, reading.unit) for reading in lend(find_quantities(text, lang))]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("Auslieferungen, in Millionen Stück:\n1. Ahorn: 59,8\n2. Birke: 49,3", "de", [59.8e6, 49.3e6]),
        ("Umsatz (in Mrd. Euro)\nAhorn 5,3\nBirke 4", "de", [5.3e9, 4e9]),
        ("Shipments, in millions of units:\nAlder: 12\n\nAlder has 400 shops", "en", [12e6, 400]),
        ("Sales, in billions of euros:\nAlder 1.5", "en", [1.5e9]),
        ("They count them in millions. 12\n", "en", [12]),
        ("Sales, in millions:\nin 2025\nAlder 2025: 12", "en", [12e6]),
    ],
)
def test_a_heading_lends_its_scale_to_its_list(text: str, lang: str, expected: list[float]) -> None:
    found = [mention for mention in find_quantities(text, lang) if not mention.excluded]
    assert [mention.high for mention in found] == expected
    assert {mention.unit for mention in found} == ({"EUR"} if "euro" in text.lower() else {None})


def test_nothing_is_lent_between_plain_counts() -> None:
    assert lend(find_quantities("400 GPUs and 300 servers", "en")) == []


def test_a_year_before_money_is_no_range() -> None:
    year, money = find_quantities("sales in 2024 to $71 billion", "en")
    assert (year.excluded, money.low, money.high) == ("year", 71e9, 71e9)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_currency_word_and_sign_is_read(lang: str) -> None:
    words = lexicon(lang)
    assert set(words.table("quantities.currency_words")) <= set(catalogue()["currencies"])
    for code, names in words.table("quantities.currency_words").items():
        for name in names:
            (mention,) = find_quantities(f"X 500 {name}", lang)
            assert (mention.unit, mention.dimension, mention.low) == (code, "currency", 500), name
    for code, signs in catalogue()["currencies"].items():
        for sign in signs["prefix"]:
            (mention,) = find_quantities(f"X {sign} 500", lang)
            assert (mention.unit, mention.low) == (code, 500), sign


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_measure_word_has_a_measure(lang: str) -> None:
    words, units = lexicon(lang), units_of(lang)
    for key in ("quantities.measure_words", "quantities.measure_factors"):
        assert set(words.table(key)) <= set(catalogue()["measures"]), key
    for word, unit in units.words.items():
        found = units.after(f"7 {word}", 1)
        assert found is not None and found[0].dimension == unit.dimension, word


PIECES = (
    *"0123456789.,-–%$€ \n\u00a0'’+~/:xkMmBn()",
    *(
        "Mrd.",
        " million ",
        "ein ",
        "half ",
        "zwei ",
        "bis ",
        "hundred",
        " Euro",
        "MW",
        "İ",
        " to ",
        "from ",
        "je ",
    ),
)


@settings(max_examples=300, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=30).map("".join), lang=st.sampled_from(["de", "en"]))
def test_never_raises_and_is_deterministic(text: str, lang: str) -> None:
    found = find_quantities(text, lang)
    assert found == find_quantities(text, lang)
    for mention in found + lend(found):
        assert mention.text == text[mention.start : mention.end]
        assert mention.low is not None or mention.high is not None
        assert mention.low is None or mention.high is None or mention.low <= mention.high
    assert all(a.number_end <= b.number_start for a, b in pairwise(found))


def test_an_aside_does_not_part_a_number_from_its_scale() -> None:
    text = "Erwartet werden nun 5,15 bis 5,35 (bisher: 4,9 bis 5,1) Milliarden Dollar."
    first = find_quantities(text, "de")[0]
    assert (first.low, first.high, first.unit) == (5.15e9, 5.35e9, "USD")
    (apart,) = find_quantities("Es kamen 640 (2023: rund) Gäste.", "de")[:1]
    assert (apart.low, apart.unit) == (640, None)
