"""Seeded choices as polars expressions: the same inputs and seed choose the same, on any machine.

A choice depends on the row's own key and the seed alone, never on its neighbours or on their order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import accumulate

import polars as pl


def roll(key: str, seed: int, what: str) -> float:
    """`chance` of one key, for choices at the edges."""
    digest = hashlib.blake2b(f"{seed}/{what}/{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2.0**64


def chance(key: pl.Expr, seed: int, what: str) -> pl.Expr:
    """A number in [0, 1) for each key, uniform and independent for another seed or another `what`.

    Args:
        key: a string expression.
        seed: the run's seed.
        what: names the choice, so that two choices of one row are independent.
    """

    def draw(keys: pl.Series) -> pl.Series:
        return pl.Series([None if k is None else roll(k, seed, what) for k in keys], dtype=pl.Float64())

    return key.map_batches(draw, return_dtype=pl.Float64(), is_elementwise=True)


def among(options: Sequence[str], by: str | pl.Expr, seed: int, weights: Sequence[float] = ()) -> pl.Expr:
    """One of the options for each row, evenly or by weights.

    Args:
        options: what to choose among; at least one.
        by: the column (or expression) whose value decides, e.g. "question_id".
        seed: the run's seed.
        weights: one for each option, or none for an even choice.
    """
    shares = list(weights) or [1.0] * len(options)
    total = sum(shares)
    roll = chance(pl.col(by) if isinstance(by, str) else by, seed, "\n".join(options))
    bounds = [reached / total for reached in accumulate(shares)]
    chosen = pl.lit(options[-1])
    for option, bound in zip(reversed(options[:-1]), reversed(bounds[:-1]), strict=True):
        chosen = pl.when(roll < bound).then(pl.lit(option)).otherwise(chosen)
    return chosen


def first_of(frame: pl.LazyFrame, per: str, key: pl.Expr, seed: int, count: int = 1) -> pl.LazyFrame:
    """At most `count` rows for each value of `per`, chosen evenly.

    Args:
        frame: the rows to choose from.
        per: the column to choose for, e.g. "question_id".
        key: a string expression that names a row.
        seed: the run's seed.
        count: rows for each value.
    """
    order = chance(key, seed, f"one of each {per}")
    return (
        frame.with_columns(_order=order)
        .sort(per, "_order", maintain_order=True)
        .filter(pl.col("_order").cum_count().over(per) <= count)
        .drop("_order")
    )
