"""How well copies are found, and what it costs at 10,000 articles.

    python -m benchmarks.duplicates            precision and recall on made pairs, then the cost
    python -m benchmarks.duplicates --quick    the same with 1,000 articles

True pairs: an article of tests/gold and an edited copy of it (see EDITS). False pairs: an article and the one
of the same language that shares most of its words. Ours stands beside MinHash with LSH (datasketch), Simhash
and plain Jaccard, all over the same shingles, in the same run.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from datasketch import MinHash, MinHashLSH

from db import stories, writing
from db.connection import open_writing, transaction
from db.states import moment, version_columns
from scraper.article import Article, Instant, Origin, Precision
from scraper.duplicates import are_copies, jaccard, may_be_copies, sample, shingles

GOLD = Path(__file__).parents[1] / "tests" / "gold"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SHORTEST = 80  # words: of shorter items next to nothing is left to edit
PERMUTATIONS = 128


@dataclass(frozen=True, slots=True)
class Text:
    lang: str
    text: str


def gold() -> list[Text]:
    found = []
    for file in sorted(GOLD.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            record = json.loads(line)
            found.append(Text(record["lang"], record["text"]))
    return [one for one in found if len(one.text.split()) >= SHORTEST]


# Made pairs


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text)


def cut_tail(text: str, luck: random.Random) -> str:
    whole = sentences(text)
    return " ".join(whole[: max(2, len(whole) // 2)])


def agency(text: str, luck: random.Random) -> str:
    return f"BERLIN (dpa) - {text}\n\nQuelle: dpa"


def reworded(text: str, luck: random.Random) -> str:
    """Every third sentence loses a third of its words and the order of the rest."""
    made = []
    for number, sentence in enumerate(sentences(text)):
        words = sentence.split()
        if number % 3 == 1:
            words = luck.sample(words, max(1, 2 * len(words) // 3))
        made.append(" ".join(words))
    return " ".join(made)


def lightly(text: str, luck: random.Random) -> str:
    """One word in 25 is another one: names spelled in another way, figures in another unit."""
    return " ".join(
        luck.choice(("etwa", "about", "rund")) if luck.random() < 0.04 else word for word in text.split()
    )


def embedded(text: str, luck: random.Random) -> str:
    return f"{luck.choice(POOL)}\n\n{text}\n\n{luck.choice(POOL)}"


def all_at_once(text: str, luck: random.Random) -> str:
    return agency(lightly(cut_tail(text, luck), luck), luck)


POOL: list[str] = []
EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "cut tail": cut_tail,
    "agency prefix and credit": agency,
    "every third sentence reworded": reworded,
    "one word in 25 exchanged": lightly,
    "within a longer article": embedded,
    "cut, agency and exchanged": all_at_once,
}


def nearest(texts: list[Text]) -> list[tuple[str, str]]:
    """Each article with the other one that shares most of its words: the same topic, told anew."""
    words = [frozenset(re.findall(r"\w+", one.text.casefold())) for one in texts]
    pairs = []
    for i, one in enumerate(texts):
        best = max(
            (j for j, other in enumerate(texts) if j != i and other.lang == one.lang),
            key=lambda j: len(words[i] & words[j]) / len(words[i] | words[j]),
        )
        pairs.append((one.text, texts[best].text))
    return pairs


# Ways to tell


def ours(one: str, other: str) -> bool:
    a, b = shingles(one), shingles(other)
    shared = len(sample(a) & sample(b))
    return may_be_copies(shared, len(sample(a)), len(sample(b))) and are_copies(a, b)


def plain_jaccard(one: str, other: str) -> bool:
    return jaccard(shingles(one), shingles(other)) >= 0.5


def minhash_of(text: str) -> MinHash:
    made = MinHash(num_perm=PERMUTATIONS)
    made.update_batch([number.to_bytes(8, "big") for number in shingles(text)])
    return made


def minhash_lsh(one: str, other: str) -> bool:
    index = MinHashLSH(threshold=0.5, num_perm=PERMUTATIONS)
    index.insert("one", minhash_of(one))
    return bool(index.query(minhash_of(other)))


def simhash_of(text: str) -> int:
    counts = [0] * 62
    for number in shingles(text):
        for bit in range(62):
            counts[bit] += 1 if number >> bit & 1 else -1
    return sum(1 << bit for bit, count in enumerate(counts) if count > 0)


def simhash(one: str, other: str) -> bool:
    return (simhash_of(one) ^ simhash_of(other)).bit_count() <= 12


WAYS: dict[str, Callable[[str, str], bool]] = {
    "ours: sample, containment": ours,
    "MinHash LSH (datasketch), .5": minhash_lsh,
    "Simhash, 12 of 62 bits": simhash,
    "plain Jaccard, .5": plain_jaccard,
}


def quality(texts: list[Text]) -> None:
    luck = random.Random(7)  # noqa: S311
    POOL.extend(one.text for one in texts)
    chosen = luck.sample(texts, min(200, len(texts)))
    made = {name: [(one.text, edit(one.text, luck)) for one in chosen] for name, edit in EDITS.items()}
    false = nearest(chosen)
    print(f"{len(chosen)} articles, {len(chosen) * len(EDITS)} true pairs, {len(false)} false ones\n")
    print(f"{'':<34}" + "".join(f"{name.split(':')[0].split(',')[0]:>30}" for name in WAYS))
    found: dict[str, int] = dict.fromkeys(WAYS, 0)
    for name, pairs in made.items():
        hits = {way: sum(tell(*pair) for pair in pairs) for way, tell in WAYS.items()}
        print(f"{'recall, ' + name:<34.34}" + "".join(f"{hits[way] / len(pairs):>30.3f}" for way in WAYS))
        for way in WAYS:
            found[way] += hits[way]
    wrong = {way: sum(tell(*pair) for pair in false) for way, tell in WAYS.items()}
    total = len(chosen) * len(EDITS)
    print(f"{'recall, all':<34}" + "".join(f"{found[way] / total:>30.3f}" for way in WAYS))
    precisions = (found[way] / max(1, found[way] + wrong[way]) for way in WAYS)
    print(f"{'precision':<34}" + "".join(f"{value:>30.3f}" for value in precisions))


# Cost


def mixed(texts: list[Text], number: int) -> Iterator[Article]:
    """Articles of twelve sentences drawn from all: they share phrases and whole sentences, as news do."""
    luck = random.Random(11)  # noqa: S311
    pools = {
        lang: [s for one in texts if one.lang == lang for s in sentences(one.text)] for lang in ("de", "en")
    }
    for count in range(number):
        lang = luck.choice(("de", "en"))
        at = NOW + timedelta(minutes=count % 5000)
        published = Instant(at, "", Precision.MINUTE, Origin.FEED)
        url = f"https://example.org/{count}"
        yield Article(url, "t", " ".join(luck.sample(pools[lang], 12)), lang, published, f"s{count % 40}")


def placing(articles: list[Article]) -> list[float]:
    """Milliseconds for each article's place in the ledger, all of it: shingles, index, comparison, rows."""
    times = []
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_writing(Path(folder) / "x.db", wait=1)) as ledger,
    ):
        ledger.execute("PRAGMA synchronous = OFF")  # CPU is measured: nobody has to wait for the disk
        for article in articles:
            with transaction(ledger):
                article_id, _ = writing.article_row(ledger, article, moment(NOW))
                columns = version_columns(article) | {
                    "fetched": moment(NOW + timedelta(days=9)),
                    "extractor": "1",
                }
                _, version_id = writing.add_version(ledger, article_id, columns)
                began = time.process_time()
                stories.place(ledger, version_id)
                times.append(1000 * (time.process_time() - began))
        size = ledger.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'shingles'").fetchone()[0]
        grouped = ledger.execute("SELECT count(*) FROM stories").fetchone()[0]
    print(f"index {size / len(articles):,.0f} bytes an article, {grouped} articles joined")
    return times


def minhashing(articles: list[Article]) -> list[float]:
    times, index = [], MinHashLSH(threshold=0.5, num_perm=PERMUTATIONS)
    for article in articles:
        began = time.process_time()
        made = minhash_of(article.text)
        index.query(made)
        index.insert(article.url, made)
        times.append(1000 * (time.process_time() - began))
    return times


def simhashing(articles: list[Article]) -> list[float]:
    times: list[float] = []
    seen: list[int] = []
    for article in articles:
        began = time.process_time()
        made = simhash_of(article.text)
        any((made ^ other).bit_count() <= 12 for other in seen)
        seen.append(made)
        times.append(1000 * (time.process_time() - began))
    return times


def cost(texts: list[Text], number: int) -> None:
    articles = list(mixed(texts, number))
    words = median(len(one.text.split()) for one in articles)
    print(f"\n{number:,} articles of {words:.0f} words; CPU milliseconds an article, the last tenth of them:")
    for name, run in (
        ("ours, kept in the ledger", placing),
        ("MinHash LSH, in memory only", minhashing),
        ("Simhash, all compared, in memory", simhashing),
    ):
        last = run(articles)[-number // 10 :]
        print(f"{name:<34} median {median(last):6.2f}   slowest {max(last):7.2f}")


def main() -> None:
    texts = gold()
    quality(texts)
    cost(texts, 1_000 if "--quick" in sys.argv[1:] else 10_000)


if __name__ == "__main__":
    main()
