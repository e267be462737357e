"""One stored claim by its number, for the commands that are about one claim."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from claims.errors import Exit, UserError

if TYPE_CHECKING:
    from db.search import Shown


class NoSuchClaim(UserError):
    """The ledger has no claim of that number."""

    code = Exit.NOTHING


def stored_claim(ledger: Path, claim_id: int) -> Shown:
    """The claim with its article; raises NoSuchClaim, and LedgerError where the ledger cannot be read."""
    from db.search import show

    shown = show(ledger, claim_id)
    if shown is None:
        from db.readings import superseded

        if gone := superseded(ledger, claim_id):
            raise NoSuchClaim(f"claim {claim_id} is gone: its article was read again on {gone:%Y-%m-%d}")
        raise NoSuchClaim(f"there is no claim {claim_id}; `claims search` prints the numbers")
    return shown
