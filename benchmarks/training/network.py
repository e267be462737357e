"""The context encoder as it is trained: all choices of an article are asked at once and give one loss.

The body starts from the base model; its word vectors stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.training.base_model import BaseModel
from benchmarks.training.labels import Labelled
from extractors.candidates import KINDS_BY_MEASURE
from extractors.encoder.layout import MOST_PIECES, TAGS, Layout, Span
from extractors.encoder.lines import LINES, STEPS
from extractors.encoder.network import FAR, KINDS, RANKED, SPAN_PIECES, STATUSES, Stands
from extractors.encoder.opinions import FORMS, Standing
from extractors.encoder.pieces import Pieces
from extractors.reading import Reading

LAYERS = 12
HEADS = 12
DEPTH = 128  # width of the hidden layer of the ranking heads
KIND_WIDTH = 16
GAPS = 20
STANDS = {"form": len(FORMS), "gap": GAPS, "line": LINES, "step": STEPS}
DROP = 0.1


@dataclass(slots=True)
class Pair:
    """All mentions of all candidates for one field of one claim, as flat lists."""

    amount: Span
    kind: int
    mentions: list[Span]
    stands: Stands
    owners: list[int]
    empty: list[int]
    right: list[bool]


@dataclass(slots=True)
class Lesson:
    """One article for the encoder: its first window and what is asked about it."""

    ids: list[int]
    tags: list[tuple[int, int, int]]
    kinds: list[tuple[Span, list[int], int]]
    statuses: list[tuple[Span, int, int]]
    pairs: dict[str, list[Pair]]


def lesson(reading: Reading, labelled: Labelled, vocabulary: Pieces) -> Lesson:
    """The questions of one article whose answers lie in the first window."""
    layout = Layout(reading, vocabulary)
    end = layout.windows[0].end if layout.windows else 0

    def inside(start: int, stop: int) -> Span | None:
        span = layout.span(start, stop)
        if span is None or span[0] >= end:
            return None
        return span[0] + 1, min(span[1], end, span[0] + SPAN_PIECES) + 1

    def spans(anchors: Iterable[Any]) -> Iterable[tuple[Any, Span]]:
        for item in anchors:
            span = inside(item.anchor.start, item.anchor.end)
            if span is not None:
                yield item, span

    kinds = [
        (span, [KINDS.index(k) for k in KINDS_BY_MEASURE[c.anchor.measure]], KINDS.index(c.kind))
        for c, span in spans(labelled.kinds)
    ]
    statuses = [(span, KINDS.index(c.kind), STATUSES.index(c.status)) for c, span in spans(labelled.statuses)]
    pairs: dict[str, list[Pair]] = {}
    for task in RANKED:
        for choice, own in spans(labelled.rankings.get(task, [])):
            stands = Standing(reading, choice.anchor, choice.fillers)
            pair = Pair(own, KINDS.index(choice.kind), [], stands.classes, [], [], [])
            for owner, filler in enumerate(choice.fillers):
                pair.right.append(owner in choice.right)
                if filler is None:
                    pair.empty.append(owner)
                for start, stop, form in filler or ():
                    span = inside(start, stop)
                    if span is not None:
                        pair.mentions.append(span)
                        stands.add(start, form, span, own)
                        pair.owners.append(owner)
            pairs.setdefault(task, []).append(pair)
    tags = [(tag, first + 1, min(last, end) + 1) for tag, first, last in layout.tags if first < end]
    return Lesson([0, *layout.ids[:end], 2], tags, kinds, statuses, pairs)


class Layer(nn.Module):
    """One transformer layer, normalised after each part as in BERT."""

    def __init__(self, base: BaseModel, number: int) -> None:
        super().__init__()
        width, tensors = base.width, base.tensors

        def linear(rows: int, columns: int, *names: str) -> nn.Linear:
            made = nn.Linear(columns, rows)
            weight = np.concatenate([tensors[f"l{number}.{n}.w"].reshape(-1, columns) for n in names])
            made.weight.data = torch.from_numpy(weight)
            made.bias.data = torch.from_numpy(np.concatenate([tensors[f"l{number}.{n}.b"] for n in names]))
            return made

        self.width = width
        self.asked = linear(3 * width, width, "q", "k", "v")
        self.mixed = linear(width, width, "ao")
        self.first_norm = _norm(tensors, f"l{number}.aln", width)
        self.wide = linear(4 * width, width, "fi")
        self.narrow = linear(width, 4 * width, "fo")
        self.second_norm = _norm(tensors, f"l{number}.oln", width)

    def forward(self, rows: Tensor, mask: Tensor | None) -> Tensor:
        count, length, width = rows.shape
        parts = self.asked(rows).view(count, length, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        # By hand: torch's own attention takes twice as long with bfloat16 on a CPU.
        scores = parts[0] * (HEADS / width) ** 0.5 @ parts[1].transpose(-1, -2)
        seen = _shares(scores if mask is None else scores + mask.to(scores.dtype)) @ parts[2]
        seen = seen.transpose(1, 2).reshape(count, length, width)
        rows = self.first_norm(rows + functional.dropout(self.mixed(seen), DROP, self.training))
        deep = self.narrow(functional.gelu(self.wide(rows)))
        result: Tensor = self.second_norm(rows + functional.dropout(deep, DROP, self.training))
        return result


def _shares(scores: Tensor) -> Tensor:
    with torch.autocast("cpu", enabled=False):  # in bfloat16 as well: autocast would widen it
        return torch.softmax(scores, -1)


def _norm(tensors: dict[str, Any], name: str, width: int) -> nn.LayerNorm:
    norm = nn.LayerNorm(width, eps=1e-12)
    norm.weight.data = torch.from_numpy(tensors[f"{name}.w"])
    norm.bias.data = torch.from_numpy(tensors[f"{name}.b"])
    return norm


class Body(nn.Module):
    """Layers over vectors that already hold piece, place and tags."""

    def __init__(self, base: BaseModel, layers: int) -> None:
        super().__init__()
        self.norm = _norm(base.tensors, "emb.ln", base.width)
        self.layers = nn.ModuleList(Layer(base, number) for number in range(layers))

    def forward(self, vectors: Tensor, mask: Tensor | None = None) -> Tensor:
        rows: Tensor = self.norm(vectors)
        for layer in self.layers:
            rows = layer(rows, mask)
        return rows


class Ranker(nn.Module):
    """Scores a mention as the filler of a field for an amount."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.amount = nn.Linear(width, DEPTH)
        self.mention = nn.Linear(width, DEPTH, bias=False)
        self.kind = nn.Embedding(len(KINDS), DEPTH)
        self.stands = nn.ModuleDict({name: nn.Embedding(size, DEPTH) for name, size in STANDS.items()})
        for classes in self.stands.values():  # a class that is hardly ever seen shall say nothing
            nn.init.zeros_(classes.weight)
        self.deep = nn.Linear(DEPTH, DEPTH)
        self.out = nn.Linear(DEPTH, 1)
        self.none = nn.Linear(DEPTH, 1)
        self.close = nn.Linear(width, width, bias=False)
        nn.init.zeros_(self.close.weight)


class Judge(nn.Module):
    """Body and heads together."""

    def __init__(self, base: BaseModel, kept: Sequence[int], layers: int) -> None:
        super().__init__()
        width = base.width
        words = base.tensors["emb.word"].reshape(-1, width)[list(kept)]
        self.scales = np.abs(words).max(1) / 127
        self.packed = np.round(words / self.scales[:, None]).astype(np.int8)
        self.words = torch.from_numpy(self.packed.astype(np.float32) * self.scales[:, None])
        kind_of_text = base.tensors["emb.type"].reshape(-1, width)[0]
        self.positions = nn.Parameter(
            torch.from_numpy(base.tensors["emb.pos"].reshape(-1, width)[: MOST_PIECES + 2] + kind_of_text)
        )
        self.tags = nn.Parameter(torch.zeros(len(TAGS), width))
        self.body = Body(base, layers)
        self.kind = nn.Sequential(
            nn.Linear(width, width), nn.ReLU(), nn.Dropout(DROP), nn.Linear(width, len(KINDS))
        )
        self.status = nn.Sequential(
            nn.Linear(width + KIND_WIDTH, width), nn.ReLU(), nn.Dropout(DROP), nn.Linear(width, len(STATUSES))
        )
        self.kinds = nn.Embedding(len(KINDS), KIND_WIDTH)
        self.rankers = nn.ModuleDict({task: Ranker(width) for task in RANKED})

    def loss(self, lessons: Sequence[Lesson]) -> Tensor:
        """Negative log-likelihood of all right answers."""
        numbers = max(len(one.ids) for one in lessons)
        ids = torch.ones(len(lessons), numbers, dtype=torch.long)
        marks = torch.zeros(len(lessons), numbers, len(TAGS))
        mask = torch.full((len(lessons), 1, 1, numbers), -1e4)
        for row, one in enumerate(lessons):
            ids[row, : len(one.ids)] = torch.tensor(one.ids)
            mask[row, ..., : len(one.ids)] = 0.0
            for tag, first, last in one.tags:
                marks[row, first:last, tag] = 1.0
        vectors = self.words[ids] + self.positions[:numbers] + marks @ self.tags
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.body(vectors, mask)
        return self._asked(lessons, numbers, hidden.float().reshape(-1, hidden.shape[-1]))

    def _asked(self, lessons: Sequence[Lesson], numbers: int, hidden: Tensor) -> Tensor:
        """The loss of all questions of a batch, whose articles lie end to end, `numbers` pieces each."""
        spans = _Spans()
        rows = [(row * numbers, one) for row, one in enumerate(lessons)]
        kinds = [(spans.add(at, span), *rest) for at, one in rows for span, *rest in one.kinds]
        statuses = [(spans.add(at, span), *rest) for at, one in rows for span, *rest in one.statuses]
        flat = {task: _Flat() for task in RANKED}
        for at, one in rows:
            for task, pairs in one.pairs.items():
                for pair in pairs:
                    flat[task].add(pair, at, spans)
        found = spans.vectors(hidden)
        total = found.sum() * 0.0
        if kinds:
            total = total + self._kind_loss(found, kinds)
        if statuses:
            total = total + self._status_loss(found, statuses)
        for task, asked in flat.items():
            if asked.amounts:
                total = total + self._pair_loss(self.rankers[task], asked, found)
        return total

    def _kind_loss(self, found: Tensor, asked: Sequence[tuple[Any, ...]]) -> Tensor:
        barred = torch.full((len(asked), len(KINDS)), -1e9)
        for row, (_, allowed, _) in enumerate(asked):
            barred[row, allowed] = 0.0
        scores = self.kind(found[[at for at, _, _ in asked]])
        return functional.cross_entropy(
            scores + barred, torch.tensor([kind for _, _, kind in asked]), reduction="sum"
        )

    def _status_loss(self, found: Tensor, asked: Sequence[tuple[Any, ...]]) -> Tensor:
        kinds = self.kinds(torch.tensor([kind for _, kind, _ in asked]))
        scores = self.status(torch.cat([found[[at for at, _, _ in asked]], kinds], 1))
        return functional.cross_entropy(scores, torch.tensor([s for _, _, s in asked]), reduction="sum")

    def _pair_loss(self, ranker: Ranker, asked: _Flat, found: Tensor) -> Tensor:
        amounts = found[asked.amounts]
        base = ranker.amount(amounts) + ranker.kind.weight[asked.kinds]
        of_pair = torch.tensor(asked.pair_of_mention)
        mentions = found[asked.mentions]
        rows = ranker.mention(mentions)
        for name, classes in asked.stands.items():
            rows = rows + ranker.stands[name].weight[classes]
        hidden = functional.relu(ranker.deep(functional.relu(rows + base[of_pair])))
        each = ranker.out(hidden)[:, 0] + (mentions * ranker.close(amounts)[of_pair]).sum(1)
        scores = _pooled(each, torch.tensor(asked.filler_of_mention), len(asked.pair_of_filler))
        none = ranker.none(functional.relu(base))[:, 0]
        pair_of_filler = torch.tensor(asked.pair_of_filler)
        scores = torch.where(torch.tensor(asked.empty), none[pair_of_filler], scores)
        right = torch.tensor(asked.right)
        total = _pooled(scores, pair_of_filler, len(asked.amounts))
        return (total - _pooled(scores[right], pair_of_filler[right], len(asked.amounts))).sum()

    def arrays(self) -> dict[str, Any]:
        """All that numpy needs beside the body, by the names that `extractors.encoder.network` reads."""
        half = np.float16
        heads: dict[str, Tensor] = {"kinds": self.kinds.weight}
        for name, head in (("kind", self.kind), ("status", self.status)):
            heads |= {f"{name}.in": head[0].weight.T, f"{name}.in.bias": head[0].bias}
            heads |= {f"{name}.out": head[3].weight.T, f"{name}.out.bias": head[3].bias}
        for task, ranker in self.rankers.items():
            heads |= {
                f"{task}.amount": ranker.amount.weight.T,
                f"{task}.bias": ranker.amount.bias,
                f"{task}.mention": ranker.mention.weight.T,
                f"{task}.kind": ranker.kind.weight,
                **{f"{task}.{name}": classes.weight for name, classes in ranker.stands.items()},
                f"{task}.deep": ranker.deep.weight.T,
                f"{task}.deep.bias": ranker.deep.bias,
                f"{task}.out": ranker.out.weight[0],
                f"{task}.out.bias": ranker.out.bias,
                f"{task}.none": ranker.none.weight[0],
                f"{task}.none.bias": ranker.none.bias,
                f"{task}.close": ranker.close.weight,
            }
        stored = {f"head.{name}": tensor.detach().numpy().astype(half) for name, tensor in heads.items()}
        return {
            "pieces": self.packed,
            "scales": self.scales.astype(np.float32),
            "positions": self.positions.detach().numpy().astype(half),
            "tags": self.tags.detach().numpy().astype(half),
            **stored,
        }


class _Spans:
    """Collects spans over a batch laid end to end; gives the mean vector of each."""

    def __init__(self) -> None:
        self.pieces: list[int] = []
        self.owners: list[int] = []
        self.numbers: dict[Span, int] = {}

    def add(self, shift: int, span: Span) -> int:
        key = (span[0] + shift, span[1] + shift)
        if key not in self.numbers:
            number = self.numbers[key] = len(self.numbers)
            self.pieces += range(*key)
            self.owners += [number] * (key[1] - key[0])
        return self.numbers[key]

    def vectors(self, hidden: Tensor) -> Tensor:
        owners = torch.tensor(self.owners)
        total = torch.zeros(len(self.numbers), hidden.shape[-1])
        total = total.index_add(0, owners, hidden[torch.tensor(self.pieces)])
        counts = torch.bincount(owners, minlength=len(self.numbers))
        return total / counts[:, None]


class _Flat:
    """All pairs of a batch for one field, as flat lists: what belongs to what is told by numbers."""

    def __init__(self) -> None:
        self.amounts: list[int] = []
        self.kinds: list[int] = []
        self.mentions: list[int] = []
        self.stands: dict[str, list[int]] = {name: [] for name in STANDS}
        self.pair_of_mention: list[int] = []
        self.filler_of_mention: list[int] = []
        self.pair_of_filler: list[int] = []
        self.empty: list[bool] = []
        self.right: list[bool] = []

    def add(self, pair: Pair, shift: int, spans: _Spans) -> None:
        """Add a pair, unless it has nothing to choose from or no right answer."""
        if not pair.mentions or not any(pair.right):
            return
        number, first = len(self.amounts), len(self.pair_of_filler)
        self.amounts.append(spans.add(shift, pair.amount))
        self.kinds.append(pair.kind)
        self.mentions += [spans.add(shift, span) for span in pair.mentions]
        for name, classes in pair.stands.items():
            self.stands[name] += classes
        self.pair_of_mention += [number] * len(pair.mentions)
        self.filler_of_mention += [first + owner for owner in pair.owners]
        self.pair_of_filler += [number] * len(pair.right)
        self.empty += [owner in pair.empty for owner in range(len(pair.right))]
        self.right += pair.right


def _pooled(scores: Tensor, owners: Tensor, count: int) -> Tensor:
    """The logarithm of the summed exponentials of each owner's scores; FAR for one without any."""
    most = torch.full((count,), FAR).scatter_reduce(0, owners, scores.detach(), "amax")
    total = torch.zeros(count).index_add(0, owners, torch.exp(scores - most[owners]))
    return torch.where(total > 0, torch.log(total.clamp_min(1e-30)) + most, torch.full((count,), FAR))
