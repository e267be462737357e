"""How two claims relate: same, refinement, revision, contradiction, outcome, denial, or strangers.

START HERE: `relate(a, b)` takes two statements, `a` published on the day of `b` or before. It never raises.

    party → thing → meaning of the sentence → amount → time → status
    the first three say whether it is one thing at all (extractors/relating/pair.py),
    the last three which of the seven relations it is (extractors/relating/decisions.py)

Decided by structure: names meet in the catalogue, amounts and times are compared as intervals, words of an
update, of one more or of another meaning come from languages/*.toml. How alike two sentences are counts for
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extractors.claim import Kind
from extractors.relating.amounts import same_amount
from extractors.relating.decisions import decide
from extractors.relating.fit import Fit
from extractors.relating.pair import compare
from extractors.relating.parties import identity, owners, parties_of_deal, same_party
from extractors.relating.relations import Relates, Relation, unrelated
from extractors.relating.statement import RecordError, Statement, of_claim, read_statement
from extractors.relating.things import same_thing
from extractors.relating.times import Time, time_fit

__all__ = [
    "RecordError",
    "Relates",
    "Relation",
    "Statement",
    "of_claim",
    "read_statement",
    "relate",
    "relate_records",
]

# The two sides of a deal: who takes, who gives.
_SIDES = {Kind.ORDER: Kind.SHIPMENT, Kind.INVESTMENT: Kind.REVENUE}


def relate(a: Statement, b: Statement) -> Relation:
    """The relation of b to a, with the reason in plain words."""
    if a == b:
        return Relation(Relates.SAME, "word for word the same")
    if a.kind is not b.kind:
        return _other_kind(a, b)
    pair = compare(a, b)
    return unrelated(pair) if isinstance(pair, str) else decide(pair)


def relate_records(a: Mapping[str, Any], b: Mapping[str, Any]) -> Relation:
    """The same for two records in the fields of the guidelines; raises RecordError."""
    return relate(read_statement(a), read_statement(b))


def _other_kind(a: Statement, b: Statement) -> Relation:
    """Two sides of one deal, or what was bought and then installed; else strangers."""
    if _SIDES.get(a.kind) is b.kind:
        return _two_sides(a, b, taker=a, giver=b)
    if _SIDES.get(b.kind) is a.kind:
        return _two_sides(a, b, taker=b, giver=a)
    if {a.kind, b.kind} == {Kind.ORDER, Kind.DEPLOYMENT} and _bought_and_installed(a, b):
        return Relation(Relates.SAME, "the same units, bought by the one account and had by the other")
    return unrelated(f"another kind of claim, {b.kind} and not {a.kind}")


def _two_sides(a: Statement, b: Statement, taker: Statement, giver: Statement) -> Relation:
    if _one_house(taker.subject, giver.subject):
        return unrelated(f"{b.kind} and {a.kind} of one party: nobody deals with itself")
    if not parties_of_deal(taker, giver):
        return unrelated(f"{b.kind} and {a.kind} of parties that do not name each other")
    amount, time = same_amount(a, b), time_fit(a, b)
    if amount.other:
        return unrelated(f"{b.kind} and {a.kind} of another size, {amount.why}")
    if not time.agrees:
        return unrelated(f"{b.kind} and {a.kind} at another time")
    if taker.kind is Kind.ORDER and same_thing(a, b).other:
        return unrelated(f"{b.kind} and {a.kind} of other goods")
    return Relation(Relates.SAME, "the two sides of one deal")


def _one_house(one: str, two: str) -> bool:
    return identity(one) == identity(two) or identity(one) in owners(two) or identity(two) in owners(one)


def _bought_and_installed(a: Statement, b: Statement) -> bool:
    """The same party, goods and amount for the same stated time."""
    if a.due is None or b.due is None or time_fit(a, b) is not Time.SAME:
        return False
    alike = same_party(a, b).fit is same_thing(a, b).fit is same_amount(a, b).fit is Fit.SAME
    return alike and a.promise and b.promise
