"""R18 to R24: what is read may be damaged in any way; nothing escapes but our own errors.

`python -m benchmarks.fuzz` does the same for half an hour; what it found stands here.
"""

from __future__ import annotations

import random

import pytest

from benchmarks.fuzz import Target, case, escape, mutated, run, smaller, targets
from benchmarks.fuzzing import samples
from scraper.errors import NotAnArticle

TARGETS = targets()


@pytest.mark.parametrize("name", TARGETS)
def test_a_hundred_damaged_inputs(name: str) -> None:
    """The same ones each time: a seed of its own, not the command's."""
    for number in range(100):
        body, luck = case(name, TARGETS[name], 20_261_122, number)
        assert escape(TARGETS[name], body, luck) == "", f"case {number} of {name}: {body[:2000]!r}"


# Each was an escape once; the name says which.
FOUND = {
    "sitemap: cut off before its first entry": ("sitemap", b"<??><urlset"),
    "sitemap: a prefix that nobody declared": ("sitemap", b"<?i?><urlset s=''><url><l></<:"),
    "sitemap: half a character": ("sitemap", b"<?v?><urlset s=''><url><e>&#xd800;"),
    "sitemap: half a character in a namespace": (
        "sitemap",
        b"<sitemapindex xmlns='&#xd800;'><sitemap><l",
    ),
    "opml: half a character": ("opml", b"<opml><body><outline xmlUrl='&#xd800;'><"),
    "url: a lone surrogate": ("url", b"\xf0"),
    "feed: a link that grows too long when it is written out": (
        "feed",
        b"<entry<link l=e href='" + b"</item>" * 240 + b"/2'",
    ),
}


@pytest.mark.parametrize(("name", "body"), FOUND.values(), ids=list(FOUND))
def test_what_was_found_stays_mended(name: str, body: bytes) -> None:
    for seed in range(10):
        assert escape(TARGETS[name], body, random.Random(seed)) == ""  # noqa: S311


# --- the fuzzer itself


def _fragile(body: bytes, rng: random.Random) -> None:
    if b"<!" in body:
        raise ZeroDivisionError("oops")
    if b"]]" in body:
        raise NotAnArticle("nothing to see here")


FRAGILE = Target((b"some <b>sound</b> text",), _fragile)


def test_an_escape_ends_the_run_and_can_be_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    assert run({"fragile": FRAGILE}, seed=3, minutes=1, only=None) == 1
    said = capsys.readouterr().out
    assert "fragile: ZeroDivisionError: oops" in said
    assert "b'<!'" in said
    number = int(said.split("--case ")[1])
    assert run({"fragile": FRAGILE}, seed=3, minutes=1, only=number) == 1
    assert run({"fragile": FRAGILE}, seed=3, minutes=0, only=None) == 0


def test_what_hangs_is_an_escape() -> None:
    def hang(body: bytes, rng: random.Random) -> None:
        while True:
            pass

    assert "not finished" in escape(Target((b"",), hang), b"", random.Random(1))  # noqa: S311


def test_small_is_what_is_enough() -> None:
    luck = random.Random(1).getstate()  # noqa: S311
    assert smaller(FRAGILE, b"x" * 1000 + b"<!" + b"y" * 1000, luck) == b"<!"


def test_damage_is_done_and_repeatable() -> None:
    made = [mutated(samples.PAGES[0], samples.PAGES, random.Random(n)) for n in range(100)]  # noqa: S311
    again = [mutated(samples.PAGES[0], samples.PAGES, random.Random(n)) for n in range(100)]  # noqa: S311
    assert made == again
    assert len(set(made)) > 60
    assert all(isinstance(one, bytes) and len(one) <= 200_000 for one in made)


@pytest.mark.parametrize("name", TARGETS)
def test_samples_are_sound(name: str) -> None:
    """At least one of each target's samples is read to the end: else only its refusal would be tested."""
    read = 0
    for sample in TARGETS[name].samples:
        try:
            TARGETS[name].read(sample, random.Random(4))  # noqa: S311
            read += 1
        except Exception:  # noqa: S112  # the next sample may do
            continue
    assert read
