"""Preference pairs with the prompt apart. Taken by TRL's DPOTrainer, as conversational data."""

from __future__ import annotations

from typing import Final

import polars as pl

from synth.formats.messages import MESSAGES, complete

SCHEMA: Final = pl.Schema(
    {
        "prompt": MESSAGES,  # what both replies answer
        "chosen": MESSAGES,  # the reply to prefer
        "rejected": MESSAGES,  # the reply to avoid
    }
)


def dpo(prompt: pl.Expr, chosen: pl.Expr, rejected: pl.Expr) -> pl.Expr:
    """A pair; null where one of its parts is null."""
    return complete(prompt=prompt, chosen=chosen, rejected=rejected).alias("dpo")
