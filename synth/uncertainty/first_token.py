"""How far the likeliest first token is ahead of the next."""

from __future__ import annotations

import polars as pl

from synth.uncertainty.answers import Answers

_ROUNDED = 1e-3
"""Log-probabilities of one token differ by less from batch to batch."""


def first_token_margin(answers: Answers) -> pl.DataFrame:
    """p₁ − p₂, the two largest probabilities of a first token among those that the samples begin with.

    Engines report the probability of the token they chose and of no other. So a second token that no sample
    begins with counts as 0; with n samples it is hardly likelier than 1/n. Two samples begin with one token
    if their texts begin with one character and their first log-probabilities are equal.
    """
    text = pl.coalesce("reasoning", "text")
    first = answers.frame.select(
        "question_id",
        "key",
        logprob=pl.col("token_logprobs").list.first().cast(pl.Float64()),
        begins=text.str.strip_chars_start().str.head(1),
    ).drop_nulls("logprob")
    per = ["question_id", "key", "begins"]
    ordered = first.sort(*per, "logprob")
    new = (pl.col("logprob").diff() > _ROUNDED).fill_null(True).over(per)
    tokens = (
        ordered.with_columns(token=new.cum_sum().over(per))
        .group_by(*per, "token", maintain_order=True)
        .agg(p=pl.col("logprob").mean().exp(), samples=pl.len())
    )
    largest = pl.col("p").sort(descending=True)
    found = tokens.group_by("question_id", maintain_order=True).agg(
        value=largest.get(0) - largest.get(1, null_on_oob=True).fill_null(0.0), n=pl.col("samples").sum()
    )
    return found.filter(pl.col("n") > 1)
