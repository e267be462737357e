"""Teaches the context encoder from annotated articles.

Deterministic on one machine: a fixed seed, the articles shuffled by it, two threads whatever there is.

What is learned by heart towards the end differs from training to training; what holds everywhere does not. So
the second half is gone through by several branches, each in another order, and the mean of their weights is
what ships (Wortsman et al. 2022, "Model soups"; branches of one beginning are near enough to be averaged:
Frankle et al. 2020, "Linear mode connectivity and the lottery ticket hypothesis").
"""

from __future__ import annotations

import copy
import math
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from benchmarks.training.base_model import BaseModel
from benchmarks.training.network import LAYERS, Judge, Lesson

EPOCHS = 6  # each article three times as written, and once in each world of `benchmarks.train_network`
BRANCHES = 2  # of the second half of the epochs
BATCH = 6  # articles
POOL = 16 * BATCH  # articles sorted by length together
BODY_RATE, HEAD_RATE, WARM_UP = 1e-4, 1e-3, 0.1
KEPT = 0.998  # how much of the running mean of the weights stays at each step; the mean is what ships
THREADS = 2  # their number decides in which order sums are taken


def _batches(lessons: Sequence[Lesson], shuffle: random.Random) -> list[list[Lesson]]:
    """Lessons of like length together, as short ones are filled up to the longest of their batch."""
    batches = []
    for start in range(0, len(lessons), POOL):
        pool = sorted(lessons[start : start + POOL], key=lambda lesson: len(lesson.ids))
        batches += [pool[first : first + BATCH] for first in range(0, len(pool), BATCH)]
    shuffle.shuffle(batches)
    return batches


def _form(forms: Sequence[Lesson], turn: int) -> Lesson:
    """As written and with invented names by turns, each time with others."""
    worlds = len(forms) - 1
    return forms[0] if turn % 2 == 0 or not worlds else forms[1 + turn // 2 % worlds]


@dataclass(slots=True)
class _Course:
    """A training under way: what is copied where branches part."""

    judge: Judge
    optimizer: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LambdaLR
    mean: AveragedModel

    def pass_over(self, lessons: Sequence[Lesson], shuffle: random.Random) -> float:
        """Learn every lesson once; the summed loss."""
        total = 0.0
        for batch in _batches(lessons, shuffle):
            loss = self.judge.loss(batch)
            self.optimizer.zero_grad()
            (loss / 10).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.judge.parameters(), 1.0)
            self.optimizer.step()
            self.schedule.step()
            self.mean.update_parameters(self.judge)
            total += float(loss.detach())
        return total

    def _parts(self) -> tuple[Any, ...]:
        return self.judge, self.optimizer, self.schedule, self.mean

    def state(self) -> list[dict[str, Any]]:
        """All that `resume` needs to go on from here."""
        return [copy.deepcopy(part.state_dict()) for part in self._parts()]

    def resume(self, state: Sequence[dict[str, Any]]) -> None:
        """Go on from where `state` was taken."""
        for part, held in zip(self._parts(), state, strict=True):
            part.load_state_dict(copy.deepcopy(held))


def _begin(base: BaseModel, kept: Sequence[int], steps: int) -> _Course:
    judge = Judge(base, kept, LAYERS).train()
    body = [*judge.body.parameters(), judge.positions]
    known = {id(p) for p in body}
    heads = [p for p in judge.parameters() if id(p) not in known]
    groups = [{"params": body, "lr": BODY_RATE}, {"params": heads, "lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / (WARM_UP * steps)) * max(0.02, 1 - step / steps)
    )
    mean = AveragedModel(judge, multi_avg_fn=get_ema_multi_avg_fn(KEPT))  # type: ignore[no-untyped-call]
    return _Course(judge, optimizer, schedule, mean)


def average(judges: Sequence[Judge]) -> Judge:
    """A judge whose weights are the mean of theirs."""
    states = [judge.state_dict() for judge in judges]
    mean = copy.deepcopy(judges[0])
    mean.load_state_dict({name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]})
    return mean.eval()


def train(
    base: BaseModel, kept: Sequence[int], lessons: Sequence[tuple[Lesson, ...]], epochs: int = EPOCHS
) -> Judge:
    """A trained judge; prints the loss of each epoch to standard error.

    `lessons` are the forms of each article: as written, and with invented names in several worlds.
    """
    torch.manual_seed(0)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # nothing here reads what it did not write
    torch.set_flush_denormal(True)
    course = _begin(base, kept, epochs * math.ceil(len(lessons) / BATCH))
    began = time.monotonic()

    def go_through(branch: int, turns: range) -> None:
        torch.manual_seed(branch)
        shuffle = random.Random(branch)  # noqa: S311  the order of lessons is no secret
        order = list(range(len(lessons)))
        for turn in turns:
            shuffle.shuffle(order)
            loss = course.pass_over([_form(lessons[n], n + turn + branch) for n in order], shuffle)
            print(
                f"branch {branch}, epoch {turn + 1} of {epochs}: loss {loss:.0f}, "
                f"{time.monotonic() - began:.0f} s",
                file=sys.stderr,
                flush=True,
            )

    common = epochs // 2
    go_through(0, range(common))
    parting, judges = course.state(), []
    for branch in range(1, BRANCHES + 1):
        course.resume(parting)
        go_through(branch, range(common, epochs))
        trained: Judge = copy.deepcopy(course.mean.module)
        judges.append(trained)
    return average(judges)
