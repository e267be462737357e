"""What Datasette should know of a ledger: titles, descriptions, facets, ready questions.

The same shape serves as `metadata.json` of Datasette 0.6x and as `datasette.json` of 1.0. Tests run every
question, so that no step of the schema leaves one behind.
"""

from __future__ import annotations

from typing import Any

QUESTIONS: dict[str, dict[str, Any]] = {
    "due_soon": {
        "title": "Due soon",
        "description": "Plans and forecasts of current texts that fall due within the next days.",
        "sql": """\
SELECT due_end, subject, kind, low, high, unit, object, status, source, url, id
FROM current_claims
WHERE status IN ('planned', 'expected')
  AND due_end BETWEEN date('now') AND date('now', '+' || coalesce(nullif(:days, ''), 90) || ' days')
ORDER BY due_end, subject""",
    },
    "overdue": {
        "title": "Past due",
        "description": "Plans and forecasts whose time is over, the latest first. Did they come true?",
        "sql": """\
SELECT due_end, subject, kind, low, high, unit, object, status, source, url, id
FROM current_claims
WHERE status IN ('planned', 'expected') AND due_end < date('now')
ORDER BY due_end DESC, subject""",
    },
    "company": {
        "title": "What is claimed of a company",
        "description": "By its name or a part of it, as subject or counterparty; the newest first.",
        "sql": """\
SELECT published, subject, kind, status, low, high, unit, object, due_end, counterparty, source, url, id
FROM current_claims
WHERE :company <> ''
  AND (subject LIKE '%' || :company || '%' OR counterparty LIKE '%' || :company || '%')
ORDER BY published DESC""",
    },
    "words": {
        "title": "Claims by words",
        "description": "Words as they stand in the claim, its evidence or its title; claims search also"
        " knows their inflections.",
        "sql": """\
SELECT current_claims.id, subject, kind, status, low, high, unit, object, due_end, evidence, source, url
FROM current_claims
WHERE id IN (
  SELECT rowid FROM claims_fts WHERE claims_fts MATCH '"' || replace(:words, '"', '') || '"'
)
ORDER BY published DESC""",
    },
    "largest": {
        "title": "Largest amounts",
        "description": "By kind and unit: the three largest figures of each.",
        "sql": """\
SELECT kind, unit, subject, low, high, object, status, due_end, source, url, id
FROM (
  SELECT *, row_number() OVER (PARTITION BY kind, unit ORDER BY coalesce(high, low) DESC, id) AS place
  FROM current_claims
  WHERE unit IS NOT NULL
)
WHERE place <= 3
ORDER BY kind, unit, place""",
    },
    "several_sources": {
        "title": "Told by several sources",
        "description": "The same party, kind, amount, unit and thing in articles of more than one source.",
        "sql": """\
SELECT subject, kind, low, high, unit, object, count(DISTINCT source) AS sources,
       min(published) AS first, max(published) AS last, group_concat(DISTINCT source) AS named
FROM current_claims
WHERE unit IS NOT NULL
GROUP BY subject, kind, low, high, unit, object
HAVING count(DISTINCT source) > 1
ORDER BY sources DESC, last DESC""",
    },
    "changed_articles": {
        "title": "Articles changed after they appeared",
        "description": "Each text that was replaced by a later one.",
        "sql": """\
SELECT articles.url, versions.number, versions.title, versions.fetched, count(claims.id) AS claims
FROM versions
JOIN articles ON articles.id = versions.article_id
LEFT JOIN claims ON claims.version_id = versions.id
WHERE NOT versions.current
GROUP BY versions.id
ORDER BY versions.fetched DESC""",
    },
    "by_month": {
        "title": "Claims by month",
        "description": "How many were published each month, by kind.",
        "sql": """\
SELECT substr(published, 1, 7) AS month, kind, count(*) AS claims
FROM current_claims
WHERE published IS NOT NULL
GROUP BY month, kind
ORDER BY month DESC, claims DESC""",
    },
}
_CLAIM_COLUMNS = {
    "low": "The figure stated, in the base unit; of a range its lower end",
    "high": "The same, or the upper end of a range; empty where that is open",
    "unit": "units, W, FLOPS, users, jobs or a currency's code",
    "approx": "1 where the source says about, around, rund",
    "due_start": "The first day on which it can come true",
    "due_end": "The last day on which it can come true",
    "equivalent": "1 where the amount is of equivalents, not of the thing itself",
    "confidence": "How sure the extractor is, from 0 to 1",
    "evidence": "The first sentence it stands in, word for word",
}
TABLES: dict[str, dict[str, Any]] = {
    "current_claims": {
        "title": "Claims",
        "description": "Every claim of the texts as they stand now, with its article and source.",
        "facets": ["kind", "status", "unit", "lang", "source", "subject"],
        "sort_desc": "published",
        "size": 50,
        "columns": _CLAIM_COLUMNS,
    },
    "all_claims": {
        "title": "Claims of every text",
        "description": "Also those of texts that were changed since (current = 0).",
        "facets": ["kind", "status", "current", "source"],
        "columns": _CLAIM_COLUMNS,
    },
    "current_articles": {
        "title": "Articles",
        "description": "Every article with the number of its texts so far and of its claims.",
        "facets": ["source", "lang"],
        "sort_desc": "published",
    },
    "source_activity": {
        "title": "Sources",
        "description": "What each source gave, and how the last visit went.",
        "facets": ["lang", "last_status"],
        "sort_desc": "articles",
    },
    "claims": {"description": "As stored: a claim of one text.", "facets": ["kind", "status", "unit"]},
    "evidence": {"description": "Where in its text each sentence of a claim stands.", "facets": ["place"]},
    "versions": {"description": "Every text that an article ever had.", "facets": ["current", "extractor"]},
    "articles": {"label_column": "url", "facets": ["lang"]},
    "sources": {"label_column": "name"},
    "rounds": {"description": "One row a round; without an end it was cut off.", "sort_desc": "id"},
    "addresses": {"hidden": True},
    "claims_fts": {"hidden": True},
    "_sqlite_migrations": {"hidden": True},
}


def metadata(database: str) -> dict[str, Any]:
    """The whole file, for a ledger that Datasette knows under this name: its file's, without the ending."""
    about = {
        "title": "Claims",
        "description": "Who claimed what in the tech press: how many, of what, by when.",
        "queries": QUESTIONS,
        "tables": TABLES,
    }
    return {"title": "Claims", "databases": {database: about}}
