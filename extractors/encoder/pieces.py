"""Words → pieces of a fixed vocabulary, by the most probable split of a unigram model.

The pieces and their log-probabilities are those of XLM-RoBERTa's vocabulary as far as German and English
need them; the search is the usual dynamic programme over all splits (Kudo 2018, "Subword regularization").
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from functools import lru_cache
from importlib import resources

MARK = "▁"  # stands for the space before a word
UNKNOWN = "<unk>"
_CHUNK = re.compile(r"\S+")
_LONGEST_CHUNK = 80  # characters; longer runs without a space are no words
_PENALTY = 10.0  # what a character outside the vocabulary costs beyond the rarest piece

Split = tuple[tuple[int, int, int], ...]  # (piece, start, end) with offsets into the chunk


class Pieces:
    """A vocabulary of pieces that splits text, always the same way."""

    def __init__(self, scores: list[tuple[str, float]]) -> None:
        self.ids = {piece: number for number, (piece, _) in enumerate(scores)}
        self.scores = [score for _, score in scores]
        self.unknown = self.ids[UNKNOWN]
        self.longest = max(len(piece) for piece in self.ids)
        self._unknown_score = min(self.scores) - _PENALTY
        self.split_chunk = lru_cache(maxsize=50_000)(self._split_chunk)

    def split(self, text: str) -> list[tuple[int, int, int]]:
        """The pieces of a text in order, each with its [start, end) in the text."""
        found = []
        for match in _CHUNK.finditer(text):
            shift = match.start()
            found += [(piece, shift + a, shift + b) for piece, a, b in self.split_chunk(match.group())]
        return found

    def _split_chunk(self, chunk: str) -> Split:
        if len(chunk) > _LONGEST_CHUNK:
            return ((self.unknown, 0, len(chunk)),)
        text = MARK + "".join(map(_plain, chunk))
        best = [0.0] + [float("-inf")] * len(text)
        back: list[tuple[int, int]] = [(0, 0)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self.longest, len(text)) + 1):
                piece = self.ids.get(text[start:end])
                if piece is None:
                    if end > start + 1:
                        continue
                    piece, score = self.unknown, self._unknown_score
                else:
                    score = self.scores[piece]
                if best[start] + score > best[end]:
                    best[end], back[end] = best[start] + score, (start, piece)
        return _trace(back, len(text))


def _trace(back: list[tuple[int, int]], end: int) -> Split:
    found = []
    while end > 0:
        start, piece = back[end]
        found.append((piece, max(start - 1, 0), end - 1))
        end = start
    return tuple(reversed(found))


def _plain(character: str) -> str:
    """The compatibility form of a character where that is one character too."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def read_pieces(data: bytes) -> Pieces:
    """From the gzipped table that training writes: one piece and its log-probability a line."""
    lines = gzip.decompress(data).decode("utf-8").split("\n")
    pairs = (line.split("\t") for line in lines if line)
    return Pieces([(piece, float(score)) for piece, score in pairs])


@lru_cache(maxsize=1)
def pieces() -> Pieces:
    """The project's vocabulary, loaded once."""
    return read_pieces((resources.files("extractors") / "model" / "pieces.tsv.gz").read_bytes())
