"""Runs rounds in children that kill themselves at a named point; a process of its own, forked for each round.

    python -m tests.claims.crashing        one order a line in: CONFIG POINT NTH; how the child ended out

The points are the seams of a round: before and after each thing that a round does. A child is forked from a
process with a single thread, so that nothing is held by a thread that is not there.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import db.schema  # noqa: F401  imported once, not by every child that makes a ledger
from claims.logs import Logs
from claims.progress import Level
from claims.round import run_round
from claims.settings import load
from db.ledger import Ledger
from extractors.claim import Claim, Due, Evidence, Kind, Quantity, Status
from scraper.article import Article, Page
from scraper.client import Client, ClientSettings

# What a round does, in its order.
SEAMS = (
    *("start_round", "feed", "article", "parse", "segments", "extract", "store", "save_states"),
    "finish_round",
)
CLIENT = Client(ClientSettings(min_gap=0, allow_hosts=("127.0.0.1", "127.0.0.2")))
POINTS = tuple(f"{when} {seam}" for seam in SEAMS for when in ("before", "after"))


class Trap:
    """Kills this process when the point is reached for the nth time."""

    def __init__(self, point: str, nth: int) -> None:
        self.point, self.left, self.guard = point, nth, threading.Lock()

    def reached(self, point: str) -> None:
        if point == self.point:
            with self.guard:
                self.left -= 1
                if self.left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

    def around(self, seam: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def trapped(*arguments: Any, **options: Any) -> Any:
            self.reached(f"before {seam}")
            result = work(*arguments, **options)
            self.reached(f"after {seam}")
            return result

        return trapped


def parse(page: Page, **options: Any) -> Article:
    """The page as it is."""
    return Article(page.url, "Title", page.body.decode(), "en", source=str(options["source"]))


def extract(article: Article) -> tuple[list[Claim], str]:
    """Two claims about every article, each resting on the whole of it."""
    claim = Claim(
        kind=Kind.ORDER,
        subject="Acme",
        object=None,
        quantity=Quantity(1000.0, 1000.0, "units"),
        due=Due(None, None) if not article.text else None,
        status=Status.PLANNED,
        evidence=(Evidence(0, len(article.text), article.text),),
    )
    return [claim, claim], "1"


def one_round(config: Path, trap: Trap) -> None:
    settings = load(config)
    for owner, seams in (
        (Ledger, ("start_round", "segments", "store", "save_states", "finish_round")),
        (Client, SEAMS[1:3]),
    ):
        for seam in seams:
            setattr(owner, seam, trap.around(seam, getattr(owner, seam)))
    with Ledger.open(settings.ledger) as ledger:
        run_round(
            settings,
            ledger,
            CLIENT,
            trap.around("extract", extract),
            Logs(Level.WARNING, as_json=False),
            parser=trap.around("parse", parse),
            clock=lambda: datetime.now(UTC),
        )


def ended(config: Path, trap: Trap) -> int:
    """The round in a child: 0, or the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            one_round(config, trap)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def main() -> None:
    for line in sys.stdin:
        config, point, nth = line.rstrip("\n").split("\t")
        print(ended(Path(config), Trap(point, int(nth))), flush=True)


if __name__ == "__main__":
    main()
