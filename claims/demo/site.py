"""The bundled site: articles/*.txt → pages and feeds, served on loopback by a thread.

    articles/de/*.txt → page.de.html → /de/NAME.html, feed.rss.xml  → /de/feed.xml
    articles/en/*.txt → page.en.html → /en/NAME.html, feed.atom.xml → /en/feed.xml

An article file has headers like a mail (Title, Published, Author), a blank line, and paragraphs.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from string import Template

LANGUAGES = ("de", "en")
_FEEDS = {"de": "feed.rss.xml", "en": "feed.atom.xml"}


@dataclass(frozen=True, slots=True)
class Story:
    """One article of the site."""

    name: str
    lang: str
    title: str
    author: str
    published: datetime
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where the site serves it."""
        return f"/{self.lang}/{self.name}.html"


def stories(lang: str) -> list[Story]:
    """A magazine's articles, the newest first."""
    folder = resources.files(__package__) / "articles" / lang
    found = [_story(file.name, lang, file.read_text(encoding="utf-8")) for file in folder.iterdir()]
    return sorted(found, key=lambda story: story.published, reverse=True)


def _story(file: str, lang: str, text: str) -> Story:
    head, _, body = text.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Story(
        name=file.removesuffix(".txt"),
        lang=lang,
        title=fields["Title"],
        author=fields["Author"],
        published=datetime.fromisoformat(fields["Published"]),
        paragraphs=tuple(part.strip() for part in body.split("\n\n") if part.strip()),
    )


def pages(base: str) -> dict[str, tuple[str, bytes]]:
    """Every path of the site with its content type and body; `base` is the site's address."""
    served: dict[str, tuple[str, bytes]] = {"/robots.txt": ("text/plain", b"User-agent: *\nAllow: /\n")}
    for lang in LANGUAGES:
        shelf = stories(lang)
        served[f"/{lang}/feed.xml"] = ("application/xml", _feed(lang, shelf, base).encode())
        for story in shelf:
            served[story.path] = ("text/html; charset=utf-8", _page(story, shelf, base).encode())
    return served


def _template(name: str) -> Template:
    return Template((resources.files(__package__) / name).read_text(encoding="utf-8"))


def _page(story: Story, shelf: list[Story], base: str) -> str:
    others = [other for other in shelf if other.name != story.name][:4]
    related = "".join(f'<li><a href="{other.path}">{escape(other.title)}</a></li>' for other in others)
    return _template(f"page.{story.lang}.html").substitute(
        title=escape(story.title),
        author=escape(story.author),
        url=base + story.path,
        published=story.published.isoformat(),
        day=f"{story.published:%Y-%m-%d}",
        data=_linked_data(story, base),
        paragraphs="\n".join(f"<p>{escape(part, quote=False)}</p>" for part in story.paragraphs),
        related=related,
    )


def _linked_data(story: Story, base: str) -> str:
    """JSON-LD as the two kinds of sites write it: alone, or in a graph."""
    article = {
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "author": {"@type": "Person", "name": story.author},
        "mainEntityOfPage": base + story.path,
    }
    if story.lang == "de":
        return json.dumps({"@context": "https://schema.org", **article}, ensure_ascii=False)
    site = {"@type": "WebSite", "name": "The Cold Aisle", "url": base + "/en/"}
    return json.dumps({"@context": "https://schema.org", "@graph": [site, article]})


def _feed(lang: str, shelf: list[Story], base: str) -> str:
    entry = _rss_item if lang == "de" else _atom_entry
    return _template(_FEEDS[lang]).substitute(
        home=f"{base}/{lang}/",
        updated=shelf[0].published.isoformat(),
        entries="\n".join(entry(story, base + story.path) for story in shelf),
    )


def _rss_item(story: Story, url: str) -> str:
    title, date = escape(story.title), format_datetime(story.published)
    guid = f'<guid isPermaLink="true">{url}</guid>'
    return f"<item><title>{title}</title><link>{url}</link>{guid}<pubDate>{date}</pubDate></item>"


def _atom_entry(story: Story, url: str) -> str:
    title, date = escape(story.title), story.published.isoformat()
    author = f"<author><name>{escape(story.author)}</name></author>"
    link = f'<link rel="alternate" href="{url}"/>'
    return f"<entry><id>{url}</id><title>{title}</title>{link}<updated>{date}</updated>{author}</entry>"


class _Handler(BaseHTTPRequestHandler):
    """Serves the pages, with an ETag so that a second round can ask whether anything changed."""

    def __init__(self, served: dict[str, tuple[str, bytes]], *args: object) -> None:
        self.served = served
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        found = self.served.get(self.path)
        if found is None:
            self.send_error(404)
            return
        kind, body = found
        tag = f'"{len(body)}"'
        unchanged = self.headers.get("If-None-Match") == tag
        self.send_response(304 if unchanged else 200)
        self.send_header("ETag", tag)
        if not unchanged:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not unchanged:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the demonstration's output is the claims."""


@contextmanager
def serving() -> Iterator[str]:
    """The site on a free port of the loopback interface; yields its address."""
    served: dict[str, tuple[str, bytes]] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, served))
    base = f"http://127.0.0.1:{server.server_port}"
    served.update(pages(base))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield base
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
