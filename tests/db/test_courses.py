"""What became of plans, by hand-written threads in both languages: dues, histories, records."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from db.changes import Change, outcome_of
from db.connection import reading
from db.courses import course, events, fate
from db.dues import DueState, Expected, dues
from db.promises import Kept, like, record
from db.search import Query
from extractors.claim import Claim, Due, Kind, Quantity, Status
from tests.told import Story, tell

YEAR = Due(None, date(2024, 12, 31))
SUMMER = Due(None, date(2025, 6, 30))
TODAY = date(2025, 9, 1)
FACT = {"status": Status.ACTUAL}
DENIED = {"status": Status.DENIED}


def plan(key: str = "plan", **changes: object) -> Story:
    fields: dict[str, object] = {"day": date(2024, 1, 18), "text": "Acme will 1.000 H100 bis Jahresende."}
    return Story(key, **(fields | {"due": YEAR} | changes))  # type: ignore[arg-type]


def later(relation: str, key: str = "later", **changes: object) -> Story:
    fields: dict[str, object] = {
        "day": date(2025, 1, 20), "text": "Acme now runs 1,000 H100.", "lang": "en", "source": "the-verge",
        "to": "plan", "relation": relation, "reason": "because",
    }  # fmt: skip
    return Story(key, **(fields | changes))  # type: ignore[arg-type]


# How a plan for 1,000 by the end of 2024 ended: the second story, the state, the end.
ENDS: dict[str, tuple[Story, str, str]] = {
    "met": (later("outcome", claim=FACT), "met", "met"),
    "met early": (later("outcome", day=date(2024, 6, 1), claim=FACT), "met", "met"),
    "more than planned": (later("outcome", amount=1200.0, claim=FACT), "met", "beaten"),
    "less than planned": (later("outcome", amount=600.0, claim=FACT), "missed", "missed"),
    "rounded": (later("outcome", amount=980.0, claim=FACT), "met", "met"),
    "late": (later("outcome", due=Due(date(2025, 3, 1), date(2025, 3, 31)), claim=FACT), "met", "late"),
    "an amount in another unit": (
        later("outcome", claim=FACT | {"quantity": Quantity(5e6, 5e6, "W")}),
        "met",
        "met",
    ),
    "abgesagt nach dem Termin": (
        later("outcome", text="Acme hat die H100 nie bestellt.", lang="de", claim=DENIED),
        "missed",
        "missed",
    ),
    "denied before it was due": (later("denial", day=date(2024, 5, 1), claim=DENIED), "missed", "denied"),
    "widersprochen": (later("contradiction", day=date(2024, 1, 19), amount=500.0), "overdue", ""),
    "told beside": (later("beside", day=date(2024, 1, 18), amount=3000.0), "overdue", ""),
}


@pytest.mark.parametrize(("second", "state", "end"), ENDS.values(), ids=ENDS)
def test_how_a_plan_ended(path: Path, second: Story, state: str, end: str) -> None:
    ids = tell(path, [plan(), second])
    found = {one.hit.id: one for one in dues(path, Query(), today=TODAY, states=set(DueState))}
    one = found[ids["plan"]]
    assert (one.state.value, one.fate.end or "") == (state, end)
    if end:
        assert one.fate.hit is not None
        assert (one.fate.hit.id, one.fate.reason) == (ids["later"], "because")


def states(path: Path, *asked: DueState, **how: object) -> list[Expected]:
    return dues(path, Query(), today=TODAY, states=set(asked) or set(DueState), **how)  # type: ignore[arg-type]


def test_each_state_finds_its_own(path: Path) -> None:
    stories = []
    for number, (second, _, _) in enumerate(ENDS.values()):
        about = {"subject": f"Firm {number}"}
        stories.append(plan(f"plan {number}", source=f"s{number}", claim=about))
        claim = second.claim | about
        stories.append(
            later(
                second.relation, f"later {number}", day=second.day, text=second.text, amount=second.amount,
                due=second.due, claim=claim, to=f"plan {number}",
            )
        )  # fmt: skip
    tell(path, stories)
    for state in ("met", "missed", "overdue"):
        wanted = {f"Firm {n}" for n, (_, ends, _) in enumerate(ENDS.values()) if ends == state}
        found = states(path, DueState(state))
        assert {one.hit.claim.subject for one in found} >= wanted
        assert {one.state for one in found} == {DueState(state)}
    assert len(states(path, DueState.MET, DueState.MISSED)) == 9


DELAY = later("revision", "delay", day=date(2024, 9, 2), text="Acme verschiebt auf Mitte 2025.", due=SUMMER)


def test_a_delayed_plan_gives_way_to_the_newer_one(path: Path) -> None:
    """A paper that repeats the old date afterwards brings it not back."""
    echo = plan("echo", day=date(2024, 10, 1), source="t3n", same="plan")
    ids = tell(path, [plan(), DELAY, echo])
    [one] = states(path)
    assert (one.hit.id, one.state) == (ids["delay"], DueState.OVERDUE)
    assert one.fate.before is not None
    assert (one.fate.moved, one.fate.before.claim.due, one.fate.since) == (
        Change.DELAYED,
        YEAR,
        date(2024, 1, 18),
    )
    assert one.fate.replaced_by is None


@pytest.mark.parametrize("to", ["plan", "delay"])
def test_what_came_true_counts_for_the_delayed_plan_wherever_it_is_linked(path: Path, to: str) -> None:
    fact = later("outcome", "fact", day=date(2025, 7, 1), due=Due(None, date(2025, 6, 1)), claim=FACT, to=to)
    tell(path, [plan(), DELAY, fact])
    [one] = states(path)
    assert (one.state, one.fate.end, one.fate.moved) == (DueState.MET, Change.MET, Change.DELAYED)


def test_a_plan_renewed_after_its_denial_is_open_again(path: Path) -> None:
    denial = later("denial", "denial", day=date(2024, 3, 1), claim=DENIED)
    renewed = later("revision", "renewed", day=date(2025, 8, 1), due=Due(None, date(2025, 12, 31)))
    ids = tell(path, [plan(), denial, renewed])
    [one] = states(path)
    assert (one.hit.id, one.state) == (ids["renewed"], DueState.OPEN)


def test_a_corrected_fact_counts_as_corrected(path: Path) -> None:
    fact = later("outcome", "fact", claim=FACT)
    corrected = later("revision", "corrected", day=date(2025, 2, 1), amount=400.0, claim=FACT, to="fact")
    tell(path, [plan(), fact, corrected])
    [one] = states(path)
    assert (one.state, one.fate.end) == (DueState.MISSED, Change.MISSED)


def test_a_statement_with_two_dues_counts_by_its_newest(path: Path) -> None:
    vague = plan("vague", due=Due(date(2025, 1, 1), date(2025, 12, 31)))
    exact = plan("exact", day=date(2024, 2, 1), source="t3n", due=Due(None, date(2025, 10, 1)), same="vague")
    ids = tell(path, [vague, exact])
    [one] = states(path, DueState.OPEN, DueState.SOON)
    assert (one.hit.id, one.state) == (ids["exact"], DueState.SOON)


@pytest.mark.parametrize(
    ("kind", "planned", "reached", "end"),
    [
        (Kind.PRICE, 999.0, 1299.0, Change.MISSED),
        (Kind.PRICE, 999.0, 799.0, Change.BEATEN),
        (Kind.POWER, 5e8, 5.1e8, Change.MET),
    ],
)
def test_amounts_against_the_plan(kind: Kind, planned: float, reached: float, end: Change) -> None:
    plan, fact = (
        Claim(kind, "Acme", None, Quantity(n, n, "EUR"), YEAR, Status.PLANNED, ()) for n in (planned, reached)
    )
    assert outcome_of(plan, fact, date(2025, 1, 20)) is end


@pytest.mark.parametrize(("day", "end"), [(date(2024, 12, 1), Change.MET), (date(2025, 2, 1), Change.LATE)])
def test_a_launch_happened_on_the_day_it_was_told(day: date, end: Change) -> None:
    plan, fact = (
        Claim(Kind.LAUNCH, "Acme", "Thing", None, due, status, ())
        for due, status in ((YEAR, Status.PLANNED), (None, Status.ACTUAL))
    )
    assert outcome_of(plan, fact, day) is end


# The history


def test_the_history_of_a_thread(path: Path) -> None:
    cut = later("revision", "cut", day=date(2024, 3, 1), amount=800.0, due=YEAR, to="plan")
    delay = later("revision", "delay", day=date(2024, 9, 2), amount=800.0, due=SUMMER, to="cut")
    sooner = later("revision", "sooner", day=date(2024, 10, 2), amount=800.0, due=YEAR, to="delay")
    more = later("revision", "more", day=date(2024, 11, 2), amount=900.0, due=YEAR, to="sooner")
    rival = later("contradiction", "rival", day=date(2024, 11, 3), amount=100.0, to="more")
    fact = later("outcome", "fact", amount=900.0, claim=FACT, to="more")
    echo = plan("echo", day=date(2024, 1, 19), source="t3n", same="plan")
    ids = tell(path, [plan(), echo, cut, delay, sooner, more, rival, fact])
    with reading(path, wait=1.0) as connection:
        thread = course(connection, ids["cut"])
    told = [(event.hit.id, event.change, event.to) for event in events(thread)]
    assert told == [
        (ids["plan"], None, None),
        (ids["cut"], "cut", ids["plan"]),
        (ids["delay"], "delayed", ids["cut"]),
        (ids["sooner"], "moved up", ids["delay"]),
        (ids["more"], "raised", ids["sooner"]),
        (ids["rival"], "contradicted", ids["more"]),
        (ids["fact"], "met", ids["more"]),
    ]
    assert events(thread)[0].hit.sources == 2
    assert events(thread)[1].reason == "because"
    assert [hit.id for hit in thread.statements[ids["plan"]]] == [ids["plan"], ids["echo"]]
    replaced = fate(thread, ids["plan"]).replaced_by
    assert replaced is not None
    assert replaced.id == ids["more"]


def test_what_stands_beside_it_is_told_of_the_second(path: Path) -> None:
    """Also where the link was made the other way round: of one day nobody knows what came first."""
    second = later("beside", day=date(2024, 1, 18), amount=3000.0)
    ids = tell(path, [plan(), second])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE links SET earlier = later, later = earlier")
    with reading(path, wait=1.0) as opened:
        told = [(event.hit.id, event.change, event.to) for event in events(course(opened, 1))]
    assert told == [(ids["plan"], None, None), (ids["later"], "beside", ids["plan"])]


def test_a_claim_in_no_thread_has_itself_alone(path: Path) -> None:
    tell(path, [plan()])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM members")
    with reading(path, wait=1.0) as opened:
        assert [(event.hit.id, event.change) for event in events(course(opened, 1))] == [(1, None)]


# The record


def said(key: str, subject: str, **changes: object) -> Story:
    claim = {"subject": subject, **changes.pop("claim", {})}  # type: ignore[dict-item]
    return plan(key, source=key, claim=claim, **changes)


@pytest.fixture
def ledger(path: Path) -> dict[str, int]:
    about = {"subject": "Meta"}
    return tell(
        path,
        [
            said("met", "Meta", claim={"speaker": "Mark Zuckerberg"}),
            later("outcome", "fact", claim=FACT | about, to="met"),
            said("moved", "Meta", amount=7.0, claim={"object": "NVIDIA B200"}),
            later(
                "revision", "to", day=date(2024, 9, 2), amount=7.0, due=Due(None, date(2026, 1, 1)),
                claim=about | {"object": "NVIDIA B200"}, to="moved",
            ),
            said("over", "Meta", amount=50.0, claim={"object": "AMD MI300X"}),
            said("someday", "Meta", amount=60.0, due=None, claim={"object": "AMD MI300X"}),
            said("analyst", "Meta", amount=70.0, claim={"status": Status.EXPECTED, "speaker": "Ana Lyst"}),
            said("other", "OpenAI"),
        ],
    )  # fmt: skip


def kept(path: Path, name: str) -> dict[int, Kept]:
    return {one.hit.id: one.kept for one in record(path, name, today=TODAY).promises}


def test_a_company_by_any_of_its_names(path: Path, ledger: dict[str, int]) -> None:
    """What analysts expect of it is no promise of its own."""
    expected = {"met": Kept.MET, "to": Kept.OPEN, "over": Kept.OVERDUE, "someday": Kept.OPEN}
    assert kept(path, "facebook") == {ledger[key]: ends for key, ends in expected.items()}
    found = record(path, "Meta", today=TODAY)
    assert (found.names, found.delayed) == (("Meta",), 1)
    assert found.counts == {**dict.fromkeys(Kept, 0), Kept.MET: 1, Kept.OVERDUE: 1, Kept.OPEN: 2}
    assert found.promises[0].hit.id == ledger["to"]


def test_a_person(path: Path, ledger: dict[str, int]) -> None:
    assert kept(path, "zuckerberg") == {ledger["met"]: Kept.MET}
    assert kept(path, "Ana Lyst") == {ledger["analyst"]: Kept.OVERDUE}


def test_nobody(path: Path, ledger: dict[str, int]) -> None:
    assert kept(path, "Norvik") == {}
    assert like(path, "Zuckerburg") == ["Mark Zuckerberg"]
