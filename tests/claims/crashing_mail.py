"""Sends digests in children that kill themselves at a named point; a process of its own, forked for each.

    python -m tests.claims.crashing_mail        one order a line in: CONFIG POINT NTH; how the child ended out

The points are the seams of sending, before and after: what stands in the ledger, what the server knows.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import db.schema  # noqa: F401  imported once, not by every child that makes a ledger
from claims import mail, sending
from claims.digest import sending as digests
from claims.settings import load
from db import digest_runs, outbox

from .crashing import Trap
from .mail_making import NOW, plain_mail

# What sending does, in its order, and where each thing is found.
SEAMS = {
    "begin": digest_runs,  # the period and its readers are noted
    "mail_for": digests,  # a mail is composed
    "render": outbox,  # and noted
    "complete": digest_runs,  # all of them are
    "recover": outbox,  # what an earlier crash left
    "connect": sending,  # to the server, with login
    "_offer": mail.Session,  # sender, reader, all of the content
    "begin_sending": outbox,  # the last dot is announced in the ledger
    "_finish": mail.Session,  # the last dot is sent, and the server answers
    "mark_sent": outbox,
    "mark_failed": outbox,
    "put_off": outbox,
    "reset": mail.Session,  # the connection is made ready for the next mail
    "quit": mail.Session,
    "forget_contents": outbox,
}
POINTS = tuple(f"{when} {seam}" for seam in SEAMS for when in ("before", "after"))


def ended(config: Path, trap: Trap) -> int:
    """Sending in a child: 0, or the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            digests.mail_for = plain_mail
            for seam, owner in SEAMS.items():
                setattr(owner, seam, trap.around(seam, getattr(owner, seam)))
            digests.send(load(config), NOW)
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
