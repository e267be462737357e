"""The pipeline's spaCy components, one file each, thin: the typed functions behind them stand beside.

Importing this package registers their factories with spaCy.
"""

from extractors.components import (
    chooser,
    cues,
    dues,
    layers,
    parties,
    products,
    quantities,
    references,
    sentences,
)

__all__ = [
    "chooser",
    "cues",
    "dues",
    "layers",
    "parties",
    "products",
    "quantities",
    "references",
    "sentences",
]
