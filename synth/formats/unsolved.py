"""Questions that no sample answered rightly, to be read by a person. Taken by no trainer."""

from __future__ import annotations

from typing import Final

import polars as pl

SCHEMA: Final = pl.Schema(
    {
        "question": pl.String(),
        "accepted": pl.List(pl.String()),  # the answers that none of the samples gave
        "drawn": pl.Int32(),  # samples, of which none is right
        "majority": pl.String(),  # what they most often say; null where none gave an answer
        "share": pl.Float64(),  # of the samples with an answer that say so
        "second": pl.String(),  # what an unrelated model answered; null where nobody asked one
        "agrees": pl.Boolean(),  # whether that is the majority's answer; null where one is missing
        "reading": pl.String(),  # gold_doubtful, gold_unconfirmed, or refusal (`synth.solutions.unsolved`)
    }
)


def unsolved(question: pl.Expr, accepted: pl.Expr, **told: pl.Expr) -> pl.Expr:
    """A question to be read, and what is told of it (other columns of `SCHEMA`); null without a question."""
    columns = {"question": question, "accepted": accepted} | told
    fields = [columns.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in SCHEMA.items()]
    return pl.when(question.is_not_null() & accepted.is_not_null()).then(pl.struct(fields)).alias("unsolved")
