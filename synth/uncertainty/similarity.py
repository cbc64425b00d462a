"""How alike two texts are: by the built-in n-grams, a model of sentences, or a cross-encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from synth import embedders
from synth.errors import UsageError, first_line

Pairs: TypeAlias = Sequence[tuple[str, str]]
Similarity: TypeAlias = Callable[[Pairs], NDArray[np.float64]]
"""From pairs of texts to how alike they are: 1 for the same, 0 and below for nothing in common."""

_BATCH = 4096
"""Pairs in memory at once."""


def load(name: str = "") -> Similarity:
    """A similarity by the name of its model.

    Args:
        name: a Hub id or folder of a cross-encoder (a classifier with one label) or of a
            sentence-transformers model; empty for the built-in character n-grams, which see no meaning.

    Raises:
        UsageError: there is no such model.
    """
    if name and _is_cross_encoder(name):
        return _cross_encoder(name)
    embedder = embedders.load(name) if name else embedders.HashedNgrams()

    def of_embedder(pairs: Pairs) -> NDArray[np.float64]:
        parts = [embedders.cosines(embedder, pairs[at : at + _BATCH]) for at in range(0, len(pairs), _BATCH)]
        return np.concatenate([np.empty(0), *parts])

    return of_embedder


def _is_cross_encoder(name: str) -> bool:
    from transformers import AutoConfig

    try:
        config = AutoConfig.from_pretrained(name)
    except (OSError, ValueError):
        return False  # whether it is anything else, its loader says
    return any(kind.endswith("ForSequenceClassification") for kind in config.architectures or [])


def _cross_encoder(name: str) -> Similarity:
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(name)
    except (OSError, ValueError) as error:
        raise UsageError(f"'{name}' is no cross-encoder: {first_line(error)}") from error
    if model.config.num_labels != 1:
        raise UsageError(f"'{name}' has {model.config.num_labels} labels; a similarity is a single number")

    def of_cross_encoder(pairs: Pairs) -> NDArray[np.float64]:
        if not pairs:
            return np.empty(0)
        scores = model.predict([list(pair) for pair in pairs], show_progress_bar=False)
        return np.asarray(scores, dtype=np.float64)

    return of_cross_encoder
