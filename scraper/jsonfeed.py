"""JSON Feed 1 and 1.1 → entries."""

from __future__ import annotations

import json
from typing import Any

from scraper.entries import MAX_ENTRIES, Entry, Feed, collected, entry, text
from scraper.errors import NotAFeed


def read_json_feed(body: bytes, url: str, zone: str) -> Feed:
    """The entries in the feed's order. Raises NotAFeed where it is none, or not one entry can be used."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"broken JSON: {error}", url) from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise NotAFeed("JSON, but not a JSON Feed", url)
    entries, bad = collected(_entry(item, url, zone) for item in items[:MAX_ENTRIES])
    if bad and not entries:
        raise NotAFeed(f"none of {bad} entries has a usable link", url)
    home, lang = text(data.get("home_page_url")), text(data.get("language"))
    return Feed(entries, text(data.get("title")), bad=bad, lang=lang, home=home)


def _entry(item: Any, base: str, zone: str) -> Entry | None:
    if not isinstance(item, dict):
        return None
    guid = text(item.get("id"))
    link = text(item.get("url")) or text(item.get("external_url"))
    return entry(
        base,
        link or (guid if guid.startswith(("http://", "https://")) else ""),
        title=text(item.get("title")),
        written=text(item.get("date_published")) or text(item.get("date_modified")),
        guid=guid,
        summary=text(item.get("summary")),
        updated=text(item.get("date_modified")),
        zone=zone,
    )
