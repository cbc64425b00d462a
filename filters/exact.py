"""Drops rows that show and teach what an earlier row does, letter for letter after folding."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from synth.filtering import Filtered
from synth.text import normal_form


@dataclass(frozen=True)
class Exact:
    """Keep the first of all rows with one content, whatever its case, white space and punctuation."""

    def apply(self, examples: pl.DataFrame) -> Filtered:
        """Drop every later row whose normalised content has been seen."""
        first = pl.col("id").first().over(normal_form(pl.col("content")))
        drops = examples.select(
            "id",
            reason=pl.lit("exact_duplicate"),
            twin=pl.when(pl.col("content").is_not_null()).then(first),
            score=pl.lit(1.0),
        ).filter(pl.col("id") != pl.col("twin"))
        return Filtered.by(examples, drops)
