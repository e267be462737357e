from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ledger_making import NOW, article, claim

from db.errors import BadQuery
from db.ledger import Ledger
from db.query import All, parse
from db.search import Hit, Query, meant, search
from db.stems import clean, fold, folded, stem, words

SENTENCES = {
    "de": "Die Rechenzentren in der Hauptstraße kosten 350.000 Euro, heißt es über Häuser und GPUs; "
    "Größtes Übel: neue Quellen für Prozessoren und „Müller's“ C++-Chips.",
    "en": "Data centers will cost $350,000 as orders for H100s grew; the company's naïve CPUs are running.",
    "fr": "Les centres coûteront cher.",
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "ledger.db"
    with Ledger.open(path) as ledger:
        for number, (lang, text) in enumerate(SENTENCES.items()):
            one = article(number, text, lang=lang, title="")
            kept = claim(one, subject="Acme", object=None, counterparty=None)
            ledger.store(one, [kept], extractor="1", now=NOW)
    return path


def langs(hits: list[Hit]) -> set[str]:
    return {hit.lang for hit in hits}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Rechenzentren", "de"), ("rechenzentrum", ""), ("rechenzentr*", "de"), ("RECHENZENTREN", "de"),
        ("Hauptstraße", "de"), ("hauptstrasse", "de"), ("HAUPTSTRASSE", "de"), ("HAUPTSTRAẞE", "de"),
        ("Hauptstraßen", "de"), ("hauptstr*", "de"), ("haupt", ""), ("strasse", ""), ("*straße", ""),
        ("Haus", "de"), ("Hauser", "de"), ("Haeuser", "de"), ("Häusern", "de"), ("Ha\u0308user", "de"),
        ("uebel", "de"), ("ubel", "de"), ("Übeln", "de"), ("groesste", "de"), ("größter", "de"),
        ("neuer Quelle", "de"), ("Prozessor", "de"), ("chip", "de"), ("GPU", "de"), ("gpus", "de"),
        ("müller", "de"), ("Mueller's", "de"), ("c++", "de"), ("350.000", "de en"), ("350,000", "de en"),
        ("350", "de en"), ("35*", "de en"), ("35", ""), ("$350,000", "de en"),
        ("cost", "en"), ("costs costing", "en"), ("kostet", "de"),
        ("data center", "en"), ("center data", "en"),
        ('"data centers"', "en"), ('"data center"', ""), ('"centers data"', ""), ("“data centers”", "en"),
        ('"Rechenzentren in der Hauptstrasse"', "de"), ("„über Häuser“", "de"), ('"ueber haeuser"', "de"),
        ("H100", "en"), ("h100s", "en"), ("CPU", "en"), ("run", "en"), ("naive", "en"), ("companies", "en"),
        ("data-centers", "en"), ("data -centers", ""), ("data OR euro", "de en"), ("NOT data", "de fr"),
        ("data AND centers", "en"), ("NEAR(data centers)", ""), ("title:data", ""), ("evidence : data", ""),
        ("(data)", "en"),
        ('"data cent', ""), ('"data centers', "en"), ('data"centers"', "en"),
        ("data * centers", "en"), ("^data", "en"), ("acme", "de en fr"), ("ac*", "de en fr"),
        ("cher", "fr"), ("coûteront", "fr"), ("couteront", "fr"), ("couter", ""), ("data euro", ""),
        ("data;centers", "en"), ("data\0centers", "en"), ("'; DROP TABLE claims; --", ""), ("data?", "en"),
        ("data\ud800", "en"), ("ﬁ", ""),
    ],
)  # fmt: skip
def test_words(corpus: Path, typed: str, expected: str) -> None:
    assert langs(search(corpus, Query(typed))) == set(expected.split())


@pytest.mark.parametrize(
    "spellings",
    [
        "Straße STRASSE strasse Strasse", "Rückgang rueckgang RUCKGANG", "Größe groesse grosse",
        "Müller Mueller muller", "café cafe CAFÉ", "Ｈ１００ h100",
    ],
)  # fmt: skip
def test_all_spellings_fold_into_one(spellings: str) -> None:
    assert len({fold(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize("word", ["quelle", "queue"])
def test_u_and_e_after_q_stay(word: str) -> None:
    assert fold(word).startswith("que")


@pytest.mark.parametrize(
    ("lang", "forms"),
    [
        ("de", "Haus Hauses Häuser Häusern"), ("de", "Auftrag Aufträge Aufträgen"),
        ("de", "kleiner kleine kleinen"),
        ("en", "order orders ordered ordering"), ("en", "GPU GPUs"), ("en", "H100 H100s"),
        ("en", "delivery deliveries"),
    ],
)  # fmt: skip
def test_all_forms_have_one_stem(lang: str, forms: str) -> None:
    assert len({stem(word, lang) for word in words(forms)}) == 1


@pytest.mark.parametrize("word", ["gas", "class", "bus"])
def test_short_words_and_ss_keep_their_end(word: str) -> None:
    assert stem(word, "en") == word


@given(st.text())
def test_cleaning_keeps_every_place(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    cleaned.encode()
    assert "\0" not in cleaned


SPELLED = st.text() | st.text(alphabet="aeouqsäöüßx")


@given(SPELLED, SPELLED)
def test_a_beginning_folds_into_a_beginning(start: str, rest: str) -> None:
    """What word* rests on: folding "Mü" gives a beginning of what folding "Müller" gives."""
    whole = words(start + rest)
    if len(whole) == 1 and words(start) == [start] and whole[0].startswith(start):
        assert fold(whole[0]).startswith(fold(start))


SEARCHES = st.one_of(
    st.text(),
    st.text(alphabet='abc "*:(){}^-+,.AND OR NOT NEAR \'\\\0\n\ud800ßäЖ漢½ﬁ'),
    st.lists(st.sampled_from(["data", "center*", "title", *'"*():', "AND", "NOT", "OR"])).map(" ".join),
    st.lists(
        st.sampled_from(
            ["company:", "-", "due:", "amount:>", "..", "2025", "1,5 Mrd", "acme", '"', "(", ")", " ", " OR ",
             "NOT ", "<", "=", "published:", "kind:order", "nonsense:", "99999999999999", "½", "²", "9999-12"]
        )
    ).map("".join),
)  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SEARCHES)
@example('"')
@example('a" OR "b')
@example("½*")
@example("\U0001e947")
@example("𞤀 a")
def test_any_search_gives_hits_or_a_clear_error(corpus: Path, typed: str) -> None:
    fields = ("company", "product", "speaker", "source", "kind", "due", "amount", "published")
    for query in (Query(typed), *(Query(**{name: typed}) for name in fields)):  # type: ignore[arg-type]
        try:
            assert isinstance(search(corpus, query), list)
            assert all(isinstance(sentence, str) for sentence in meant(corpus, query))
        except BadQuery as error:
            assert str(error)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1))
def test_what_was_kept_is_found_by_its_own_words(corpus: Path, text: str) -> None:
    """The same words and folding on both sides: FTS5 takes our words for words."""
    # An article of its own each: one that changes more than 24 times is not kept any more.
    one = article(
        7, f"{text}.", lang="en", url=f"https://www.example.org/{sha256(text.encode()).hexdigest()}"
    )
    with Ledger.open(corpus) as ledger:
        ledger.store(one, [claim(one)], extractor="1", now=NOW)
        if text.isascii() and 0 < len(words(text)) <= 64:
            assert "en" in langs(search(corpus, Query(f'"{text.replace(chr(34), " ")}"')))


def test_no_folding_makes_a_quotation_mark() -> None:
    assert not [c for c in map(chr, range(sys.maxunicode + 1)) if '"' in folded(words(c))]


def test_each_part_is_asked_once() -> None:
    tree = parse("a a A Ä a* 'a' \"a\"")
    assert isinstance(tree, All)
    assert len(tree.parts) == 4


def test_folded_text_has_only_words() -> None:
    assert folded(words("„Müller's“ H100-GPUs — 350.000 €")) == "muller s h100 gpus 350 000"


LAZY = """
import sys
from hashlib import sha256
import db.search
before = set(sys.modules)
from pathlib import Path
heavy = {"sqlite_utils", "spacy", "httpx", "trafilatura", "pydantic", "Stemmer", "rich",
         "click", "numpy", "scraper.article", "db.schema", "db.ledger"}
print(sorted(heavy & before))
db.search.search(Path(sys.argv[1]), db.search.Query(company="acme"))
print(sorted(heavy & set(sys.modules)))
db.search.search(Path(sys.argv[1]), db.search.Query("acme"))
print(sorted(heavy & set(sys.modules)))
import db.ledger
db.ledger.Ledger.open(Path(sys.argv[1])).close()
print(sorted({"sqlite_utils", "spacy", "httpx", "trafilatura", "pydantic"} & set(sys.modules)))
"""


def test_searching_loads_nothing_heavy(filled: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", LAZY, filled]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.splitlines() == ["[]", "[]", "['Stemmer']", "[]"]
