"""Numbers in both languages: marked-up examples, round trips, properties, completeness of the tables."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.languages.lexicon import lexicon
from extractors.numbers import Bound, NumberMention, find_numbers
from extractors.numerals import find_numerals, words_of

# text with the whole number in brackets | value, or low..high with an open end left out | "~" for about
DE = """
[350.000] H100                                  | 350000
[3,5] Prozent                                   | 3.5
kostet [1.169,-] Euro                           | 1169
aus der Schweiz: [350'000] Stück                | 350000
mit Apostroph: [1’024] Karten                   | 1024
mit Leerzeichen: [350 000] Stück                | 350000
für [12 500] EUR                                | 12500
[1 414 021 100] Menschen                        | 1414021100
[2.000,352] Liter                               | 2000.352
[4.5 Milliarden] Franken                        | 4.5e9
[640 Mio.] Euro                                 | 640e6
[2,3 Mrd.] Dollar                               | 2.3e9
[5 Tsd.] Stück                                  | 5000
[1,2 Bio.] Dollar                               | 1.2e12
[eine Billion] Dollar                           | 1e12
ein [500-Millionen]-Euro-Paket                  | 500e6
das [640-Mio]-Paket                             | 640e6
[350k] Karten                                   | 350000
[zweieinhalb] Jahre                             | 2.5
[zweieinhalb Milliarden] Euro                   | 2.5e9
[anderthalb Millionen] Kunden                   | 1.5e6
[eineinhalb Millionen] Kunden                   | 1.5e6
[dreihundertfünfzigtausend] Stück               | 350000
[Zwölftausend] Exemplare                        | 12000
[zweieinhalbtausend] Leute                      | 2500
[einhunderteinunddreißig] Leute                 | 131
[fünfzehntausend] Leute                         | 15000
[zwei Millionen eintausendeinhundertfünfzig]    | 2001150
[eine halbe Million] Kunden                     | 500000
[eine Viertelmillion] Kunden                    | 250000
[eine knappe Milliarde] Euro                    | 1e9 ~
[eine gute halbe Million] Kunden                | 500000 ~
[ein Dutzend] Server                            | 12
[ein halbes Dutzend] Server                     | 6
[hundert Millionen] Euro                        | 100e6
[1 ½] Jahre                                     | 1.5
[gut 20] Leute                                  | 20 ~
[knapp 900] Leute                               | 900 ~
[fast 900] Leute                                | 900 ~
[rund 900] Leute                                | 900 ~
[etwa 900] Leute                                | 900 ~
[circa 900] Leute                               | 900 ~
[ca. 900] Leute                                 | 900 ~
[ungefähr 900] Leute                            | 900 ~
[um die 900] Leute                              | 900 ~
[an die 900] Leute                              | 900 ~
[mehr als 900] Leute                            | 900..
[über 900] Leute                                | 900..
[mindestens 900] Leute                          | 900..
[nicht weniger als 900] Leute                   | 900..
[900 oder mehr]                                 | 900..
[100.000+] Karten                               | 100000..
[bis zu 900] Leute                              | ..900
[höchstens 900] Leute                           | ..900
[unter 900] Leute                               | ..900
[weniger als 900] Leute                         | ..900
[maximal 900] Leute                             | ..900
[nicht einmal 6.000] Stück                      | ..6000
[bis zu rund 65] Stück                          | ..65 ~
ein Auftrag über [5.000] Karten                 | 5000
ein Vorhaben über [5.000] Karten                | 5000
wir reden über [55] Stellen                     | 55
sie spricht von „[über einer Million]“          | 1e6..
hat die Marke von [20 Millionen] Nutzern geknackt   | 20e6..
wird die Marke von [20 Millionen] überschreiten | 20e6..
hat die Marke von [20 Millionen] verfehlt       | 20e6
ein Auftrag von Nvidia über [5.000] Karten      | 5000
um [12] Uhr                                     | 12
[35 bis 40]                                     | 35..40
[35 bis 40 Mrd.] Euro                           | 35e9..40e9
[30-40 Mio.] Euro                               | 30e6..40e6
[sechs bis sieben Milliarden]                   | 6e9..7e9
[zwischen 30.000 und 40.000] Dollar             | 30000..40000
[zwischen fünf und sechs Millionen]             | 5e6..6e6
[400, eher 450] Leute                           | 400..450
[zwei Komma fünf Milliarden] Euro               | 2.5e9
[null Komma null drei]                          | 0.03
[drei Komma einundzwanzig]                      | 3.21
[fünf und drei Viertel Milliarden]              | 5.75e9
[1,234.50] Dollar                               | 1234.5
[10^25] Rechenschritte                          | 1e25
[3 Millionen 200 Tausend] Leute                 | 3200000
im [Viertel] der Stadt                          | none
Die Zahl der [Millionäre]                       | none
[Millionen] Menschen                            | none
der [hunderte] Male                             | none
[achtsame] Leute                                | none
"""
EN = """
[350k] H100s                                    | 350000
[350K] H100s                                    | 350000
[350,000] H100s                                 | 350000
[2.3B] dollars                                  | 2.3e9
[2.3bn] dollars                                 | 2.3e9
[1.2 million] users                             | 1.2e6
[16.5 mln] units                                | 16.5e6
[3 trillion] dollars                            | 3e12
[half a million] users                          | 500000
[a quarter of a million] users                  | 250000
[three quarters of a million] users             | 750000
[a half-million] users                          | 500000
[a dozen] racks                                 | 12
[hundred] racks                                 | 100
[twenty-four] racks                             | 24
[one and a half billion] dollars                | 1.5e9
[two and a half million] users                  | 2.5e6
[a million and a half] users                    | 1.5e6
[a billion] dollars                             | 1e9
[two million three hundred and five]            | 2000305
[one hundred and sixty-one]                     | 161
[10 1/2] miles                                  | 10.5
[1,50,000 crore] rupees                         | 1.5e12
[2 lakh crore] rupees                           | 2e12
[12 lakh] phones                                | 1.2e6
[a good million] users                          | 1e6 ~
[some 640] people                               | 640 ~
[nearly 640] people                             | 640 ~
[almost 640] people                             | 640 ~
[about 640] people                              | 640 ~
[roughly 640] people                            | 640 ~
[around 640] people                             | 640 ~
[approximately 640] people                      | 640 ~
[~640] people                                   | 640 ~
[640 or so] people                              | 640 ~
[640-odd] people                                | 640 ~
[more than 640] people                          | 640..
[over 640] people                               | 640..
[at least 640] people                           | 640..
[upwards of 640] people                         | 640..
[north of 640] people                           | 640..
[in excess of 640] people                       | 640..
[no fewer than 3,000] chips                     | 3000..
[100,000+] chips                                | 100000..
[640 or more] people                            | 640..
[up to 640] people                              | ..640
[less than 640] people                          | ..640
[fewer than 640] people                         | ..640
[under 640] people                              | ..640
[no more than 640] people                       | ..640
[as many as 640] people                         | ..640
talks [over as much as 640] dollars             | ..640
[.25] litres                                    | 0.25
[1.3e6] tokens                                  | 1.3e6
[6.23x10^-4] metres                             | 0.000623
[10^25] operations                              | 1e25
[5,99] euros                                    | 5.99
[1.111,11] euros                                | 1111.11
[2.33 k] users                                  | 2330
[10 M] users                                    | 10e6
saw [10] M&A deals                              | 10
[two point three billion] dollars               | 2.3e9
[zero point zero eight]                         | 0.08
[two hundred point seventy-one]                 | 200.71
[nought]                                        | 0
[3 million and a half] people                   | 3.5e6
[3 million and a quarter]                       | 3.25e6
[five billion and three quarters]               | 5.75e9
[one billion and a half million]                | 1000500000
[two million and one half]                      | 2.5e6
[3 hundred and 21] yuan                         | 321
[4 thousand 3 hundred and 21]                   | 4321
[two thousand and two hundred]                  | 2200
[6 crore and two hundred]                       | 60000200
[2 million] and 300 people                      | 2e6
[3 hundred] and 2 hundred                       | 300
spent $[2 million] and two hundred jobs         | 2e6
sold [5 million] and a quarter of the shop      | 5e6
the mark of [20 million] users was passed       | 20e6..
the mark of [20 million] users is far           | 20e6
[35 to 40] chips                                | 35..40
[35-40 billion]                                 | 35e9..40e9
[between 1 and 1.4 million] chips               | 1e6..1.4e6
[between one hundred and two hundred]           | 100..200
[thousands] of chips                            | none
[an] engineer                                   | none
the [tenfold] increase                          | none
"""


def _rows(lang: str, table: str) -> list[tuple[str, str, str]]:
    rows = [line.rpartition("|")[::2] for line in table.strip().splitlines()]
    return [(lang, marked.strip(), value.strip()) for marked, value in rows]


def _ends(value: str) -> tuple[float | None, float | None]:
    low, dots, high = value.partition("..")
    ends = (float(low) if low else None, float(high) if high else None)
    return ends if dots else (ends[0], ends[0])


def _overlapping(found: list[NumberMention], start: int, end: int) -> list[NumberMention]:
    return [mention for mention in found if mention.start < end and start < mention.end and not mention.weak]


@pytest.mark.parametrize(("lang", "marked", "value"), _rows("de", DE) + _rows("en", EN))
def test_marked(lang: str, marked: str, value: str) -> None:
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    found = _overlapping(find_numbers(text, lang), start, end)
    if value == "none":
        assert not found
        return
    assert [(mention.start, mention.end) for mention in found] == [(start, end)], found
    assert (found[0].low, found[0].high) == _ends(value.removesuffix(" ~").strip())
    assert found[0].approx == value.endswith("~")


def test_from_one_level_to_another_is_no_range() -> None:
    text = "lifted its forecast from 33 to at least 36 billion"
    first, second = find_numbers(text, "en")
    assert (first.low, first.high) == (33, 33)
    assert (second.low, second.high, second.bound) == (36e9, None, Bound.AT_LEAST)
    assert len(find_numbers("up from 33 to 36 billion", "en")) == 2
    assert len(find_numbers("von 33 auf 36 Milliarden", "de")) == 2


def test_a_paragraph_break_ends_a_number() -> None:
    assert [mention.low for mention in find_numbers("We have 35\n\nMillion dollar babies", "en")] == [35]


def test_unknown_language_is_a_clear_error() -> None:
    with pytest.raises(Exception, match="no language 'xx'"):
        find_numbers("3", "xx")


@pytest.mark.parametrize("lang", ["de", "en"])
def test_tables_are_complete(lang: str) -> None:
    """Every number below 100, and each power of a thousand, has a word of its own or is built from words."""
    words = lexicon(lang)
    small = set(words.table("numbers.small").values())
    assert set(range(20)) <= small
    assert set(words.table("numbers.tens").values()) == set(range(20, 100, 10))
    assert {1e3, 1e6, 1e9, 1e12, 1e15, 1e18, 12} <= set(words.table("numbers.scales").values())
    assert set(words.table("numbers.before")) == {"about", "at_least", "at_most", "price_floor"}
    assert set(words.table("numbers.after")) == {"about", "at_least", "at_most"}


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_bound_word_works(lang: str) -> None:
    words = lexicon(lang)
    for effect, phrases in words.table("numbers.before").items():
        for phrase in phrases if effect != "price_floor" else ():
            (found,) = (mention for mention in find_numbers(f"X {phrase} 640", lang) if not mention.weak)
            seen = "at_least" if found.high is None else "at_most" if found.low is None else "about"
            assert seen == effect and found.text == f"{phrase} 640", phrase


def _below_thousand_de(number: int) -> str:
    small = {v: w for w, v in reversed(lexicon("de").table("numbers.small").items())}
    tens = {v: w for w, v in reversed(lexicon("de").table("numbers.tens").items())}
    hundreds, rest = divmod(number, 100)
    spelled = (("ein" if hundreds == 1 else small[hundreds]) + "hundert") if hundreds else ""
    if rest in small:
        return spelled + (small[rest] if rest or not spelled else "")
    unit = rest % 10
    return spelled + ("" if not unit else ("ein" if unit == 1 else small[unit]) + "und") + tens[rest - unit]


def spell_de(number: int) -> str:
    parts = []
    for scale, one, many in (
        (10**12, "Billion", "Billionen"),
        (10**9, "Milliarde", "Milliarden"),
        (10**6, "Million", "Millionen"),
    ):
        count, number = divmod(number, scale)
        if count:
            parts.append(f"eine {one}" if count == 1 else f"{_below_thousand_de(count)} {many}")
    thousands, rest = divmod(number, 1000)
    word = ""
    if thousands:
        word = (
            "ein"
            if thousands == 1
            else _below_thousand_de(thousands).removesuffix("s" if thousands % 100 == 1 else "")
        ) + "tausend"
    if rest or not (parts or word):
        word += _below_thousand_de(rest)
    return " ".join(parts + ([word] if word else []))


def _below_thousand_en(number: int) -> str:
    small = {v: w for w, v in reversed(lexicon("en").table("numbers.small").items())}
    tens = {v: w for w, v in reversed(lexicon("en").table("numbers.tens").items())}
    hundreds, rest = divmod(number, 100)
    parts = [f"{small[hundreds]} hundred"] if hundreds else []
    if rest in small and (rest or not hundreds):
        parts.append(small[rest])
    elif rest:
        parts.append(tens[rest - rest % 10] + (f"-{small[rest % 10]}" if rest % 10 else ""))
    return " and ".join(parts)


def spell_en(number: int) -> str:
    parts = []
    for scale, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        count, number = divmod(number, scale)
        if count:
            parts.append(f"{_below_thousand_en(count)} {word}")
    if number or not parts:
        parts.append(_below_thousand_en(number))
    return " ".join(parts)


@pytest.mark.parametrize(("lang", "spell"), [("de", spell_de), ("en", spell_en)])
@settings(max_examples=400, deadline=None)
@given(number=st.one_of(st.integers(0, 10**12), st.integers(0, 10**6), st.integers(0, 2000)))
def test_spelled_numbers_round_trip(lang: str, spell, number: int) -> None:  # type: ignore[no-untyped-def]
    spelled = spell(number)
    found = (
        find_numerals(f"Es sind {spelled} Stück", lang)
        if lang == "de"
        else find_numerals(f"It has {spelled} units", lang)
    )
    assert [numeral.value for numeral in found] == [number], spelled


PIECES = (
    *"0123456789.,-–%$€ \n\u00a0'’+~/:xkMmBn",
    *(
        "Mrd.",
        " million ",
        "eine ",
        "half ",
        "a ",
        "and ",
        "bis ",
        "hundred",
        "tausend",
        "zwischen ",
        "İ",
        " to ",
    ),
)


@settings(max_examples=200, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=30).map("".join), lang=st.sampled_from(["de", "en"]))
def test_never_raises_and_is_deterministic(text: str, lang: str) -> None:
    found = find_numbers(text, lang)
    assert found == find_numbers(text, lang)
    for mention in found:
        assert mention.text == text[mention.start : mention.end]
        assert mention.start <= mention.number_start < mention.number_end <= mention.end
        assert mention.low is None or mention.high is None or mention.low <= mention.high
    assert all(a.end <= b.number_start for a, b in pairwise(found))


def test_words_are_read_from_the_language_files() -> None:
    assert words_of("de").pieces["dutzend"].value == words_of("en").pieces["dozen"].value == 12
