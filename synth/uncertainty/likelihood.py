"""Entropy from the probabilities that the model itself gave its answers."""

from __future__ import annotations

import polars as pl

from synth.uncertainty.answers import Answers

LOGPROB = pl.col("logprob_sum")
PER_TOKEN = LOGPROB / pl.when(pl.col("n_tokens") > 0).then("n_tokens")
"""The mean log-probability of an answer's tokens."""


def predictive_entropy(answers: Answers) -> pl.DataFrame:
    """−(1/n) Σ log p(y_i) over a question's samples, in nats.

    An estimate of the entropy of what the model says where the samples were drawn at temperature 1 without
    top-p and top-k. The probabilities are always those at temperature 1.
    """
    return _mean(answers, -LOGPROB)


def length_normalised_entropy(answers: Answers) -> pl.DataFrame:
    """−(1/n) Σ log p(y_i) / |y_i|, with |y_i| tokens in sample i; in nats a token."""
    return _mean(answers, -PER_TOKEN)


def sequence_probability(answers: Answers) -> pl.DataFrame:
    """The geometric mean of the probabilities of an answer's tokens, of each answer by itself."""
    found = answers.frame.select("question_id", "key", "index", value=PER_TOKEN.exp(), n=pl.lit(1))
    return found.drop_nulls("value")


def _mean(answers: Answers, number: pl.Expr) -> pl.DataFrame:
    found = answers.frame.group_by("question_id", maintain_order=True).agg(
        value=number.mean(), n=number.count()
    )
    return found.drop_nulls("value")
