"""How good the labels of a set are: the numbers that its card states."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Final

import polars as pl

from synth.schema import OUTCOMES

LEVEL: Final = 0.9
"""Confidence of the intervals on the card."""


@dataclass(frozen=True)
class Share:
    """A part of a whole with its Wilson interval.

    Attributes:
        count: how many.
        total: of how many.
        low: lower end, 0 to 1.
        high: upper end, 0 to 1.
    """

    count: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself, 0 to 1."""
        return self.count / self.total


@dataclass(frozen=True)
class Quality:
    """What the samples and labels of a set say about it.

    Attributes:
        samples: how many samples the labels rest on.
        outcomes: outcome → samples, in the schema's order; only those that occur.
        known: known among the decided questions; none where nothing was decided.
        undecided: undecided among all questions.
        agreement: samples whose verdict equals the recorded one, among those that both sides decided.
        recorded: how many samples came with a recorded verdict.
        per_question: fewest, mean and most samples of a question.
    """

    samples: int
    outcomes: dict[str, int]
    known: Share | None
    undecided: Share | None
    agreement: Share | None
    recorded: int
    per_question: tuple[int, float, int]


def measure(questions: pl.DataFrame, samples: pl.LazyFrame) -> Quality:
    """Count what the card states; goes through the samples once, without holding them."""
    known = questions["known"]
    drawn = questions["n"].drop_nulls().to_list()
    outcome = pl.col("outcome").cast(pl.String)
    recorded = pl.col("meta").str.json_path_match("$.correct")
    both = recorded.is_in(["true", "false"]) & outcome.is_in(["correct", "wrong"])
    same = (recorded == "true") == (outcome == "correct")
    row = (
        samples.select(
            pl.len().alias("samples"),
            *((outcome == name).sum().alias(name) for name in OUTCOMES),
            recorded.is_in(["true", "false"]).sum().alias("recorded"),
            both.sum().alias("both"),
            (both & same).sum().alias("same"),
        )
        .collect(engine="streaming")
        .row(0, named=True)
    )
    return Quality(
        samples=row["samples"],
        outcomes={name: row[name] for name in OUTCOMES if row[name]},
        known=share(int(known.sum()), known.count()),
        undecided=share(known.null_count(), known.len()),
        agreement=share(row["same"], row["both"]),
        recorded=row["recorded"],
        per_question=(
            min(drawn, default=0),
            statistics.fmean(drawn) if drawn else 0.0,
            max(drawn, default=0),
        ),
    )


def share(count: int, total: int) -> Share | None:
    """The share with its interval; none where there is no whole."""
    if not total:
        return None
    from scipy.stats import binomtest

    interval = binomtest(count, total).proportion_ci(LEVEL, method="wilson")
    return Share(count, total, float(interval.low), float(interval.high))
