"""Semantic entropy: the entropy of what is said, whatever the wording.

Answers that say the same are one cluster C. The clusters are those of `Answers.clustered`: the graders of the
question's kind compare the answers, where the papers ask a model of entailment. Refusals are a cluster too.
"""

from __future__ import annotations

import polars as pl

from synth.uncertainty.answers import Answers
from synth.uncertainty.likelihood import LOGPROB, PER_TOKEN

_PER_CLUSTER = ("question_id", "cluster")


def discrete_semantic_entropy(answers: Answers) -> pl.DataFrame:
    """−Σ_C p(C) log p(C), with p(C) the share of samples in C; in nats."""
    return _entropy(answers, pl.lit(0.0))


def semantic_entropy(answers: Answers) -> pl.DataFrame:
    """−Σ_C p(C) log p(C), with p(C) the sum of the probabilities of its samples, normalised; in nats.

    Of long answers, the most probable sample has nearly all of the sum.
    """
    return _entropy(answers, LOGPROB)


def length_normalised_semantic_entropy(answers: Answers) -> pl.DataFrame:
    """The same with the geometric mean of the tokens' probabilities for that of a sample."""
    return _entropy(answers, PER_TOKEN)


def _entropy(answers: Answers, logprob: pl.Expr) -> pl.DataFrame:
    """The entropy of clusters weighed by exp(logprob); null where fewer than two samples have both."""
    told = answers.clustered.with_columns(logprob=logprob).drop_nulls(["cluster", "logprob"])
    # Only the ratios matter: the largest is 1, so that none of a question's vanish together.
    largest = pl.col("logprob").max().over("question_id")
    clusters = (
        told.with_columns(weight=(pl.col("logprob") - largest).exp())
        .group_by(_PER_CLUSTER, maintain_order=True)
        .agg(weight=pl.col("weight").sum(), samples=pl.len())
    )
    share = pl.col("weight") / pl.col("weight").sum()
    surprise = pl.when(share > 0).then(share * share.log()).otherwise(0.0)
    found = clusters.group_by("question_id", maintain_order=True).agg(
        value=-surprise.sum() + 0.0, n=pl.col("samples").sum()
    )
    return found.filter(pl.col("n") > 1)
