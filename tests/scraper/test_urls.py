"""Which spellings are one page, and whom a page may speak for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.urls import canonical, clean, is_web, same_site

CLEAN = {
    "https://Probe.Example": "https://probe.example/",
    "https://probe.example:443/a": "https://probe.example/a",
    "http://probe.example:8080/a": "http://probe.example:8080/a",
    "https://probe.example/a#top": "https://probe.example/a",
    "https://probe.example/a?utm_source=x&b=1&UTM_Campaign=y": "https://probe.example/a?b=1",
    "https://probe.example/a?wt_mc=rss": "https://probe.example/a",
    "https://probe.example/a?wt_mc_o=x&wt_zmc=y&id=3": "https://probe.example/a?id=3",
    "https://probe.example/a?sara_ref=re-so-tw-sh&GEPC=s9": "https://probe.example/a",
    "https://probe.example/a?mktcid=nled&mktcval=107&kid=_2026": "https://probe.example/a?kid=_2026",
    "https://probe.example/a?reduced=true&xtor=RSS-1&ns_campaign=x": "https://probe.example/a",
    "https://probe.example/a?ref=rss&source=Newsletter&via=Twitter": "https://probe.example/a",
    "https://probe.example/a?ref=main&source=42&page=2": "https://probe.example/a?ref=main&source=42&page=2",
    "https://probe.example/a?gad_source=1&srsltid=x&_gl=y": "https://probe.example/a",
    "https://probe.example/a?id=7&article=8&p=9&story=1": "https://probe.example/a?id=7&article=8&p=9&story=1",
    "https://probe.example/a?b=%20x&c": "https://probe.example/a?b=%20x&c",
    "https://probe.example/größe": "https://probe.example/gr%C3%B6%C3%9Fe",
    "https://probe.example/a%20b": "https://probe.example/a%20b",
    "http://[2001:db8::1]:80/a": "http://[2001:db8::1]/a",
}


@pytest.mark.parametrize("url", CLEAN)
def test_clean(url: str) -> None:
    assert clean(url) == CLEAN[url]


@given(st.text(max_size=80))
def test_clean_never_raises_and_settles(text: str) -> None:
    once = clean("https://probe.example/" + text)
    assert clean(once) == once


@given(st.text(max_size=80))
def test_is_web_never_raises(text: str) -> None:
    assert is_web(text) in {True, False}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("https://www.probe.example/own", "https://www.probe.example/own"),
        ("/own", "https://probe.example/own"),
        ("https://evil.example/own", "https://probe.example/a"),
        ("https://notprobe.example/own", "https://probe.example/a"),
        ("https://probe.example/", "https://probe.example/a"),
        ("javascript:alert(1)", "https://probe.example/a"),
        ("", "https://probe.example/a"),
    ],
)
def test_canonical(named: str, expected: str) -> None:
    assert canonical("https://probe.example/a?utm_source=x", named) == expected


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (("https://evil.example/own", "/share"), "https://probe.example/share"),
        (("", "https://probe.example/", "/b?wt_mc=x"), "https://probe.example/b"),
        (("/own", "/share"), "https://probe.example/own"),
        ((), "https://probe.example/a"),
    ],
)
def test_the_first_believable_name_counts(named: tuple[str, ...], expected: str) -> None:
    assert canonical("https://probe.example/a", *named) == expected


def test_same_site() -> None:
    assert same_site("https://www.probe.example/", "https://m.probe.example/")
    assert same_site("https://www.probe.example/", "https://probe.example/")
    assert same_site("https://probe.example/", "https://news.probe.example/")
    assert not same_site("https://probe.example/", "https://evilprobe.example/")
