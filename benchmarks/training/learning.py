"""Teaches the context encoder from annotated articles.

Deterministic on one machine: a fixed seed, the articles shuffled by it, two threads whatever there is.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Sequence

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from benchmarks.training.base_model import BaseModel
from benchmarks.training.network import LAYERS, Judge, Lesson

EPOCHS = 6  # each article three times as written, and once in each world of `benchmarks.train_network`
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


def train(
    base: BaseModel, kept: Sequence[int], lessons: Sequence[tuple[Lesson, ...]], epochs: int = EPOCHS
) -> Judge:
    """A trained judge, the running mean of the weights; prints the loss of each epoch to standard error.

    `lessons` are the forms of each article: as written, and with invented names in several worlds.
    """
    torch.manual_seed(0)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # nothing here reads what it did not write
    torch.set_flush_denormal(True)
    judge, order = Judge(base, kept, LAYERS), list(range(len(lessons)))
    shuffle = random.Random(0)  # noqa: S311  the order of lessons is no secret
    body = [*judge.body.parameters(), judge.positions]
    known = {id(p) for p in body}
    heads = [p for p in judge.parameters() if id(p) not in known]
    groups = [{"params": body, "lr": BODY_RATE}, {"params": heads, "lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * math.ceil(len(order) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / (WARM_UP * steps)) * max(0.02, 1 - step / steps)
    )
    mean = AveragedModel(judge, multi_avg_fn=get_ema_multi_avg_fn(KEPT))  # type: ignore[no-untyped-call]
    judge.train()
    began = time.monotonic()
    for epoch in range(epochs):
        shuffle.shuffle(order)
        total = 0.0
        chosen = [_form(lessons[n], n + epoch) for n in order]
        for batch in _batches(chosen, shuffle):
            loss = judge.loss(batch)
            optimizer.zero_grad()
            (loss / 10).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            mean.update_parameters(judge)
            total += float(loss.detach())
        passed = time.monotonic() - began
        print(f"epoch {epoch + 1} of {epochs}: loss {total:.0f}, {passed:.0f} s", file=sys.stderr, flush=True)
    trained: Judge = mean.module.eval()
    return trained
