"""A trained network → the files that the extractor loads: int8 ONNX for the body, one npz for the rest."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from benchmarks.training.network import HEADS, Body, Judge, Layer

_OPSET = 17


class _PlainLayer(nn.Module):
    """A layer written with plain operations, which ONNX runtimes fuse best."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, rows: Tensor) -> Tensor:
        layer, width = self.layer, self.layer.width
        each = width // HEADS
        asked = layer.asked(rows)
        query, key, value = (
            asked[..., part * width : (part + 1) * width].view(1, -1, HEADS, each).transpose(1, 2)
            for part in range(3)
        )
        seen = torch.softmax(query @ key.transpose(2, 3) * each**-0.5, -1) @ value
        rows = layer.first_norm(rows + layer.mixed(seen.transpose(1, 2).reshape(1, -1, width)))
        result: Tensor = layer.second_norm(rows + layer.narrow(nn.functional.gelu(layer.wide(rows))))
        return result


class _PlainBody(nn.Module):
    def __init__(self, body: Body) -> None:
        super().__init__()
        self.norm = body.norm
        self.layers = nn.ModuleList(_PlainLayer(layer) for layer in body.layers)  # type: ignore[arg-type]

    def forward(self, vectors: Tensor) -> Tensor:
        rows: Tensor = self.norm(vectors)
        for layer in self.layers:
            rows = layer(rows)
        return rows


def export(judge: Judge, packed_pieces: bytes, folder: Path) -> None:
    """Write encoder.onnx, network.npz and pieces.tsv.gz into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pieces.tsv.gz").write_bytes(packed_pieces)
    np.savez(folder / "network.npz", **judge.arrays())
    sample = torch.zeros(1, 16, judge.positions.shape[1])
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            _PlainBody(judge.body).eval(),
            (sample,),
            str(plain),
            input_names=["vectors"],
            output_names=["hidden"],
            dynamic_axes={"vectors": {1: "pieces"}, "hidden": {1: "pieces"}},
            opset_version=_OPSET,
            dynamo=False,
        )
        quantize_dynamic(plain, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True)
