"""Marks for replies: a verdict or a rating, drawn towards the likeness of the reply to the reference."""

from __future__ import annotations

import polars as pl

from synth.embedders import HashedNgrams, cosines


def with_marks(answers: pl.LazyFrame, base: pl.Expr, weight: float) -> pl.LazyFrame:
    """The answers with `marks`, 0 to 1: null where the base is; the base alone where there is no reference.

    Source: Ye and Ng, "Self-J", 2024, whose likeness is that of sentence embeddings; here it is the cosine of
    character n-grams.

    Args:
        answers: `text, answer` (extracted)`, gold`.
        base: the verdict or the rating, 0 to 1.
        weight: of the likeness, 0 to 1.
    """
    rows = answers.with_columns(base=base).collect()
    said = pl.coalesce("answer", "text")
    has_both = pl.col("base").is_not_null() & pl.col("gold").is_not_null() & said.is_not_null()
    compared = rows.with_row_index("at").filter(has_both).select("at", "gold", said=said)
    pairs = list(compared.select("said", "gold").iter_rows())
    alike = pl.Series(cosines(HashedNgrams(), pairs) if pairs else [], dtype=pl.Float64()).clip(0, 1)
    found = compared.select("at").with_columns(alike=alike)
    joined = rows.with_row_index("at").join(found, on="at", how="left", maintain_order="left")
    mark = (1 - weight) * pl.col("base") + weight * pl.col("alike").fill_null(pl.col("base"))
    return joined.with_columns(marks=mark.round(6)).drop("at", "base", "alike").lazy()
