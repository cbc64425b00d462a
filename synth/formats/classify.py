"""Texts with how likely they are right. Taken by no trainer as they are: for a classifier of your own.

Read the prompt with a model and train a head on its last token, or the probabilities of `replies` as the next
text; the loss is cross-entropy with `target`, times `weight`.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from synth.formats.messages import MESSAGES, complete

SCHEMA: Final = pl.Schema(
    {
        "task": pl.String(),  # what is asked; train on one kind, or on several on purpose
        "prompt": MESSAGES,  # what the classifier reads
        "replies": pl.List(pl.String()),  # what it may say, worth 0 to 1 in even steps
        "target": pl.Float64(),  # 0 to 1, what it should hold for likely, or the mark it should give
        "weight": pl.Float64(),  # how many answers of the model the row stands for
    }
)


def classify(task: str, prompt: pl.Expr, replies: pl.Expr, target: pl.Expr, weight: pl.Expr) -> pl.Expr:
    """A text to be judged; null where one of its parts is null."""
    row = complete(
        task=pl.lit(task),
        prompt=prompt,
        replies=replies,
        target=target.cast(pl.Float64()),
        weight=weight.cast(pl.Float64()),
    )
    return row.alias("classify")
