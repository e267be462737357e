"""What hangs together with a claim by statements and links, as told before some other claim.

Asked only where a person put claims apart: a link that a rule allows may join two threads by way of others.
"""

from __future__ import annotations

from collections.abc import Iterable

from extractors.grouping.books import Books
from extractors.grouping.told import Told


def together(books: Books, claims: Iterable[int], before: Told | None = None) -> set[int]:
    """These claims and all that hang together with them; `before`: by what was told before that claim."""
    found: set[int] = set()
    waiting = [number for number in claims if _is_there(books, number, before)]
    while waiting:
        number = waiting.pop()
        if number in found:
            continue
        found.add(number)
        statement = books.statement(number)
        near = [link.earlier for link in books.links(number)]
        near += books.followers(number)
        near += books.all_members(statement) if statement is not None else ()
        waiting.extend(one for one in near if one not in found and _is_there(books, one, before))
    return found


def _is_there(books: Books, claim: int, before: Told | None) -> bool:
    if books.statement(claim) is None:
        return False
    return before is None or books.told(claim).order < before.order
