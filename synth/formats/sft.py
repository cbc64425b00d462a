"""Supervised fine-tuning. Taken by TRL's SFTTrainer, as conversational data.

A row has a prompt and a completion, and the loss covers the completion; or it has `messages`, and the
loss covers all of them. One set keeps to one of the two: the trainer picks by the columns it finds.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from synth.formats.messages import MESSAGES, complete

SCHEMA: Final = pl.Schema(
    {
        "prompt": MESSAGES,  # what the model reads; no loss
        "completion": MESSAGES,  # what the model learns to say
        "messages": MESSAGES,  # a whole talk, all of it learned; null where prompt and completion stand
    }
)


def sft(prompt: pl.Expr, completion: pl.Expr) -> pl.Expr:
    """A row with its loss on the completion; null where either part is null."""
    return (
        complete(prompt=prompt, completion=completion)
        .struct.with_fields(messages=pl.lit(None, dtype=MESSAGES))
        .alias("sft")
    )


def sft_messages(messages: pl.Expr) -> pl.Expr:
    """A row with its loss on every message; null where there are none."""
    empty = pl.lit(None, dtype=MESSAGES)
    row = pl.struct(prompt=empty, completion=empty, messages=messages)
    return pl.when(messages.is_not_null()).then(row).alias("sft")
