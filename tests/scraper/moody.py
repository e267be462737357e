"""A page reader that does what the page says; apart, so that a child process starts fast."""

from __future__ import annotations

import os
import signal
import time

from scraper.article import Article, Page, Source
from scraper.entries import Feed
from scraper.errors import NotAnArticle


def listing(page: Page, source: Source) -> Feed:
    """The same for feeds."""
    moody(page)
    return Feed((), source.name)


def moody(page: Page, **options: object) -> Article:
    """Runs in the child: does what the page says."""
    match page.body.removeprefix(b"<html>"):
        case b"hang":
            time.sleep(60)
        case b"spin":
            while True:
                sum(range(10_000))
        case b"greedy":
            bytearray(8 * 1024**3)
        case b"crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"bug":
            raise ZeroDivisionError("oops")
        case b"print":
            print("noise on stdout")
        case b"error":
            raise NotAnArticle("no text", page.url)
    return Article(page.url, "fine", str(os.getpid()), "de")
