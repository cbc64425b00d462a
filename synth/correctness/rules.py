"""Weak rules that say of an answer that it is right or wrong, or say nothing; none looks at the gold.

Each is a column of votes: 1 for right, 0 for wrong, null for no opinion.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from synth import evidence
from synth.correctness.answers import NAME

AGREE: Final = 0.5
"""Share of the other answers that say the same, from which an answer counts as right."""
ALONE: Final = 0.1
"""And up to which it counts as wrong."""
TAIL: Final = 0.2
"""Share of the answers that are called unlikely, and so many likely."""

_HEDGES: Final = (
    r"(?i)\b(i think|i believe|i guess|i'm guessing|probably|possibly|perhaps|maybe|might be|may be|could be|"
    r"not (?:entirely |completely |quite )?(?:sure|certain)|unsure|uncertain|it seems|as far as i know|"
    r"to (?:the best of )?my knowledge|unclear)\b"
)
_WANTS_NUMBER: Final = (
    r"(?i)\b(how (?:many|much|old|long|far|tall|high|deep|big|large|fast)|which year|"
    r"what (?:year|date|percentage|number))\b"
)
_NUMBER: Final = (
    r"(?i)\d|\b(zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen|none|no)\b|[¼-¾⅐-⅞]"
)

RULES: Final = ("agreement", "hedge", "number", "cut_off", "likelihood")
"""The rules, in the order of their columns."""


def votes(samples: pl.LazyFrame, questions: pl.LazyFrame) -> pl.LazyFrame:
    """What the rules say of each answer: `sample` and a column of votes for each of `RULES`.

    Args:
        samples: used samples that answer the questions themselves.
        questions: `question_id, kind, question, choices`.
    """
    answered = samples.filter(
        pl.col("outcome").cast(pl.String()).is_in(["correct", "wrong", "undecided"]),
        pl.col("text").str.strip_chars() != "",
    )
    # That nothing is called right hides the gold from what puts equal answers together.
    asked = questions.select("question_id", pl.col("kind").cast(pl.String()), "question", "choices")
    blind = answered.with_columns(outcome=pl.lit("undecided")).join(
        asked, on="question_id", how="left", maintain_order="left"
    )
    # Comparing expressions with each other takes minutes where results are compared in a second.
    results = pl.col("kind") == "math"
    told = pl.concat(
        [evidence.cluster(blind.filter(results)), evidence.cluster(blind.filter(~results), asked)]
    )
    return told.select(
        sample=NAME,
        agreement=_agreement(),
        hedge=_wrong_where(pl.col("text").str.contains(_HEDGES)),
        number=_wrong_where(
            pl.col("question").str.contains(_WANTS_NUMBER) & ~pl.col("text").str.contains(_NUMBER)
        ),
        cut_off=_wrong_where(pl.col("finish") == "length"),
        likelihood=_likelihood(),
    )


def _agreement() -> pl.Expr:
    """Whether most of the question's other answers say the same, or hardly any."""
    others = pl.len().over("question_id") - 1
    same = pl.when(pl.col("cluster").is_not_null()).then(pl.len().over("question_id", "cluster") - 1)
    share = pl.when(others > 0).then(same.fill_null(0) / others)
    return pl.when(share >= AGREE).then(1).when(share <= ALONE).then(0).cast(pl.Int8())


def _likelihood() -> pl.Expr:
    """Whether the tokens are among the set's likeliest, or its least likely; nothing where none is known."""
    mean = pl.col("logprob_sum") / pl.col("n_tokens")
    rank = mean.rank("average") / mean.count()
    return pl.when(rank > 1 - TAIL).then(1).when(rank <= TAIL).then(0).cast(pl.Int8())


def _wrong_where(found: pl.Expr) -> pl.Expr:
    return pl.when(found).then(0).cast(pl.Int8())
