"""Single replies, each marked good or bad. Taken by TRL's KTOTrainer, as conversational data."""

from __future__ import annotations

from typing import Final

import polars as pl

from synth.formats.messages import MESSAGES, complete

SCHEMA: Final = pl.Schema(
    {
        "prompt": MESSAGES,
        "completion": MESSAGES,
        "label": pl.Boolean(),  # true: say such things; false: do not
    }
)


def kto(prompt: pl.Expr, completion: pl.Expr, label: pl.Expr) -> pl.Expr:
    """A marked reply; null where one of its parts is null."""
    return complete(prompt=prompt, completion=completion, label=label).alias("kto")
