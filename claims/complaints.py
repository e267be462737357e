"""What is wrong with the lines of a file: said one by one, since a bad line spoils no other."""

from __future__ import annotations

from dataclasses import dataclass

from claims.terminal import say


@dataclass(slots=True)
class Complaints:
    """Says each problem, with the file's name; `any` remembers that there was one."""

    file: str
    any: bool = False

    def __call__(self, problem: str) -> None:
        """One line's problem."""
        self.any = True
        say(f"claims: {self.file}: {problem}")
