"""Which answers to ask a person about: a random sample within strata, larger where errors are likelier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from synth.audits.answers import STRATUM, in_random_order
from synth.audits.words import SPEAKING

FEWEST: Final = 5
"""Answers of a stratum at least, as far as it has them."""
LIKELY: Final = (0.01, 0.3)
"""Between these the share of wrong verdicts of a stratum is expected before anyone has looked."""
UNSCORED: Final = 0.05
"""The share that is expected where the grader gives no score."""


@dataclass(frozen=True)
class Size:
    """A stratum as the allocation sees it.

    Attributes:
        verdicts: how many.
        answers: how many that nobody was asked about.
        noise: the expected share of wrong ones.
        counts: whether its verdicts say something of the answer; of others the fewest do.
    """

    verdicts: int
    answers: int
    noise: float
    counts: bool = True


def allocate(strata: Sequence[Size], rows: int) -> list[int]:
    """How many answers to ask about in each stratum: `FEWEST`, the rest by Neyman's rule.

    Neyman's rule (1934): in proportion to the size times the standard deviation, √(p (1 − p)).
    """
    capacity = np.array([stratum.answers for stratum in strata])
    given = np.minimum(capacity, min(FEWEST, max(1, rows // max(len(strata), 1))))
    wanted = np.array([s.verdicts * (s.noise * (1 - s.noise)) ** 0.5 * s.counts for s in strata])
    if given.sum() >= rows:
        biggest_first = np.argsort(-wanted, kind="stable")
        cut = np.minimum(np.cumsum(given[biggest_first]), rows)
        given[biggest_first] = np.diff(cut, prepend=0)
        return [int(count) for count in given]
    rest = rows - given.sum()
    while rest > 0 and (room := capacity > given).any():
        # Where only strata are left that say nothing, they take the rest evenly.
        shares = np.where(room, wanted, 0.0) if (room & (wanted > 0)).any() else room.astype(float)
        exact = rest * shares / shares.sum()
        more = np.minimum(np.floor(exact).astype(int), capacity - given)
        if not more.any():
            more[int(np.argmax(np.where(room, exact, -1.0)))] = 1
        given, rest = given + more, rest - more.sum()
    return [int(count) for count in given]


def draw(verdicts: pl.DataFrame, rows: int, seed: int) -> pl.DataFrame:
    """The answers to ask about next, one verdict of each, in an order of which every part is a fair sample.

    Args:
        verdicts: from `synth.audits.answers.verdicts_of`.
        rows: how many; fewer where fewer are left.
        seed: of the random order; a later draw of the same seed goes on where an earlier one ended.

    Returns:
        The columns of `verdicts`, and `copies`, the number of verdicts on the answer.
    """
    ordered = in_random_order(verdicts, seed).sort("first", "chance", "id")
    each = ordered.with_columns(copies=pl.len().over("answer").cast(pl.Int64())).unique(
        "answer", keep="first", maintain_order=True
    )
    open_ = each.filter(~pl.col("asked"))
    doubt = pl.min_horizontal("score", 1 - pl.col("score")).mean().fill_null(UNSCORED).clip(*LIKELY)
    strata = (
        open_.group_by(STRATUM, maintain_order=True)
        .agg(pl.col("copies").sum(), pl.len(), doubt=doubt)
        .sort(STRATUM)
    )
    sizes = [
        Size(copies, count, noise, outcome in SPEAKING)
        for _, outcome, copies, count, noise in strata.iter_rows()
    ]
    chosen = strata.select(STRATUM).with_columns(wanted=pl.Series(allocate(sizes, rows), dtype=pl.Int64()))
    place = pl.int_range(pl.len()).over(STRATUM)
    return (
        open_.join(chosen, on=STRATUM, how="left", maintain_order="left")
        .with_columns(place=place)
        .filter(pl.col("place") < pl.col("wanted"))
        .sort((pl.col("place") + 0.5) / pl.col("wanted"), "first", "id")
        .drop("place", "wanted", "chance", "first")
    )
