"""The trained network: a transformer of a few layers in ONNX form, and small heads in numpy.

The encoder turns a window of pieces into one vector a piece. The heads compare the vector of an amount with
the vectors of whatever may fill a field of its claim. Trained and written by `benchmarks/train_network.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
import numpy.typing as npt

# Once imported it would keep a file about this machine in the home directory, and report to its makers.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

Floats = npt.NDArray[np.float32]
Stands = Mapping[str, Sequence[int]]
"""How each mention stands to the amount, by class: its form, gap, line and step."""

KINDS = (
    "none",
    "deployment",
    "order",
    "shipment",
    "users",
    "jobs",
    "investment",
    "price",
    "revenue",
    "power",
    "performance",
    "launch",
)
STATUSES = ("planned", "expected", "actual", "denied")
RANKED = ("object", "subject", "due", "speaker")
SPAN_PIECES = 8  # of a longer mention only the first pieces count
FAR = -30.0  # the score of a candidate that the window does not show


@dataclass(frozen=True, slots=True)
class Network:
    """Weights and session; all methods are pure."""

    session: Any
    pieces: npt.NDArray[np.int8]  # (vocabulary, width), to be multiplied with `scales`
    scales: Floats
    positions: Floats
    tags: Floats
    heads: dict[str, Floats]

    def encode(self, ids: list[int], tags: list[tuple[int, int, int]]) -> Floats:
        """One vector for each piece of a window; `tags` are (tag, first, last) over its pieces."""
        vectors = self.pieces[ids].astype(np.float32) * self.scales[ids, None] + self.positions[: len(ids)]
        marked = np.zeros((len(ids), len(self.tags)), np.float32)
        for tag, first, last in tags:
            marked[first:last, tag] = 1.0
        vectors += marked @ self.tags
        (hidden,) = self.session.run(None, {"vectors": vectors[None]})
        result: Floats = hidden[0]
        return result

    def kinds(self, amounts: Floats) -> Floats:
        """Scores (amounts, kinds)."""
        return self._deep("kind", amounts)

    def statuses(self, amounts: Floats, kinds: list[int]) -> Floats:
        """Scores (amounts, statuses) given the number of each amount's kind."""
        return self._deep("status", np.concatenate([amounts, self.heads["kinds"][kinds]], 1))

    def _deep(self, name: str, rows: Floats) -> Floats:
        heads = self.heads
        hidden = np.maximum(rows @ heads[f"{name}.in"] + heads[f"{name}.in.bias"], 0)
        result: Floats = hidden @ heads[f"{name}.out"] + heads[f"{name}.out.bias"]
        return result

    def pairs(self, task: str, amount: Floats, kind: int, mentions: Floats, stands: Stands) -> Floats:
        """Scores of mentions as fillers of a field for one amount (width,) of a kind."""
        heads = self.heads
        base = amount @ heads[f"{task}.amount"] + heads[f"{task}.kind"][kind] + heads[f"{task}.bias"]
        rows = mentions @ heads[f"{task}.mention"]
        for name, classes in stands.items():
            rows += heads[f"{task}.{name}"][classes]
        hidden = np.maximum(rows + base, 0)
        hidden = np.maximum(hidden @ heads[f"{task}.deep"] + heads[f"{task}.deep.bias"], 0)
        close = mentions @ (heads[f"{task}.close"] @ amount)
        result: Floats = hidden @ heads[f"{task}.out"] + heads[f"{task}.out.bias"] + close
        return result

    def nothing(self, task: str, amount: Floats, kind: int) -> float:
        """The score for leaving the field empty."""
        heads = self.heads
        base = amount @ heads[f"{task}.amount"] + heads[f"{task}.kind"][kind] + heads[f"{task}.bias"]
        return float(np.maximum(base, 0) @ heads[f"{task}.none"] + heads[f"{task}.none.bias"][0])


@cache
def network() -> Network:
    """The project's trained network, loaded once."""
    return load_network(resources.files("extractors") / "model")


def load_network(folder: Traversable) -> Network:
    """A trained network from its folder; runs on one core."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        (folder / "encoder.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
    )
    with (folder / "network.npz").open("rb") as file:
        stored = dict(np.load(file).items())
    heads = {
        name.removeprefix("head."): array.astype(np.float32)
        for name, array in stored.items()
        if name.startswith("head.")
    }
    return Network(
        session,
        stored["pieces"],
        stored["scales"].astype(np.float32),
        stored["positions"].astype(np.float32),
        stored["tags"].astype(np.float32),
        heads,
    )
