"""What a question's samples say without a gold answer: which answers there are, how they share, how sure.

Answers are equal when their normal forms are; every answer that was judged correct counts as one.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from synth.text import normal_form


def cluster(samples: pl.LazyFrame) -> pl.LazyFrame:
    """The samples with `cluster`: a text that all equal answers of a question share, null for no answer.

    Args:
        samples: used samples with `question_id, text, answer, outcome`.
    """
    outcome = pl.col("outcome").cast(pl.String())
    form = normal_form(pl.coalesce("answer", "text"))
    return samples.with_columns(
        cluster=pl.when(outcome == "correct")
        .then(pl.lit("correct:"))
        .when(outcome.is_in(["wrong", "undecided"]))
        .then(pl.lit("answer:") + form)
    )


def shares(samples: pl.LazyFrame) -> pl.LazyFrame:
    """How the samples of each question share among its answers, most frequent first.

    Returns:
        `question_id, cluster, answer` (its most frequent wording)`, count, share` (of all that answered).
    """
    wordings = cluster(samples).filter(pl.col("cluster").is_not_null())
    said = pl.coalesce("answer", "text")
    per = ["question_id", "cluster"]
    counted = wordings.group_by(per, maintain_order=True).agg(
        count=pl.len(), answer=said.sort().mode(maintain_order=True).first()
    )
    return counted.with_columns(share=pl.col("count") / pl.col("count").sum().over("question_id")).sort(
        "question_id", "count", "cluster", descending=[False, True, False]
    )


def entropy(samples: pl.LazyFrame, of: Literal["text", "cluster"]) -> pl.LazyFrame:
    """Entropy in nats of each question's answers: `question_id, entropy`.

    Args:
        samples: used samples with `question_id, text, answer, outcome`.
        of: "text" compares whole texts to the letter (R-Tuning-U's own rule), "cluster" equal answers.
    """
    frame = samples if of == "text" else cluster(samples)
    counts = (
        frame.filter(pl.col(of).is_not_null()).group_by("question_id", of, maintain_order=True).agg(pl.len())
    )
    share = pl.col("len") / pl.col("len").sum()
    return (
        counts.sort("question_id", "len")
        .group_by("question_id", maintain_order=True)
        .agg(entropy=-(share * share.log()).sum())
    )
