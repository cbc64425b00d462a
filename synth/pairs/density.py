"""Weights for bad replies to prompts without a good one, so that the prompt alone tells no label."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from synth import choose, embedders

FOLDS: Final = 5
BOUNDS: Final = (0.5, 10.0)
"""Where a weight is cut, as BCO's own code does."""


def ratios(rows: pl.DataFrame, embedder: str = "", seed: int = 0) -> pl.Series:
    """p(good | prompt) / p(bad | prompt) for each row, by a classifier that did not see the row's group.

    Weighing bad replies by it gives them the prompts that good ones have.

    Args:
        rows: `group, asked` (the prompt's text) and `good`, one row a reply.
        embedder: reads the prompts; a sentence-transformers model, "" for the built-in n-grams.
        seed: of the folds.

    Returns:
        One number a row within `BOUNDS`; 1 where a fold leaves nothing to learn from.

    Source: Jung et al., "Binary Classifier Optimization for Large Language Model Alignment", 2024.
    """
    from sklearn.linear_model import LogisticRegression

    asked = rows["asked"].unique().sort()
    vectors = embedders.load(embedder).encode(asked.to_list())
    x = vectors[asked.search_sorted(rows["asked"]).to_numpy()]
    y = rows["good"].to_numpy()
    fold = rows.select((choose.chance(pl.col("group"), seed, "fold") * FOLDS).floor()).to_series().to_numpy()
    found = np.ones(rows.height)
    for number in range(FOLDS):
        held, rest = fold == number, fold != number
        if held.any() and len(np.unique(y[rest])) == 2:
            model = LogisticRegression(solver="liblinear").fit(x[rest], y[rest])
            found[held] = np.exp(model.decision_function(x[held]))
    return pl.Series("weight", np.clip(found, *BOUNDS).round(6))
