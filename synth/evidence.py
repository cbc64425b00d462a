"""What a question's samples say without a gold answer: which answers there are, how they share, how sure.

Given the questions, answers are equal as `synth.graders.clusters` finds them; without, when their normal
forms are. Every answer that was judged correct counts as one.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from synth.text import normal_form

_OUTCOME = pl.col("outcome").cast(pl.String())
_ANSWERED = _OUTCOME.is_in(["correct", "wrong", "undecided"])


def cluster(samples: pl.LazyFrame, questions: pl.LazyFrame | None = None) -> pl.LazyFrame:
    """The samples with `cluster`: a text that all equal answers of a question share, null for no answer.

    Args:
        samples: used samples with `question_id, text, answer, outcome`.
        questions: `question_id, kind, question, choices`, to compare answers as their kind's grader does;
            None compares normal forms, which is quick and blind to "2/4" and "0.5".
    """
    if questions is not None:
        return _graded_clusters(samples, questions)
    form = normal_form(pl.coalesce("answer", "text"))
    return samples.with_columns(
        cluster=pl.when(_OUTCOME == "correct")
        .then(pl.lit("correct:"))
        .when(_OUTCOME.is_in(["wrong", "undecided"]))
        .then(pl.lit("answer:") + form)
    )


def blind(samples: pl.LazyFrame) -> pl.LazyFrame:
    """The samples without what graders said: right and wrong are "undecided"; `verdict` keeps the outcome.

    A confidence is made of these: one that knew which answers are right would be no confidence.
    """
    hidden = pl.when(_OUTCOME.is_in(["correct", "wrong"])).then(pl.lit("undecided")).otherwise(_OUTCOME)
    return samples.with_columns(verdict=_OUTCOME, outcome=hidden)


def agreement() -> pl.Expr:
    """Of samples with `question_id` and `cluster`: the share of the question's others in one's cluster.

    Null for the only sample of a question, and for one without a cluster.
    """
    others = pl.len().over("question_id") - 1
    alike = pl.len().over("question_id", "cluster") - 1
    return pl.when(others > 0, pl.col("cluster").is_not_null()).then(alike / others)


def leaders(samples: pl.LazyFrame, embedder: str = "", alike: float = 0.9) -> pl.LazyFrame:
    """The samples with `cluster` by greedy leaders, SaySelf's own rule: it depends on the samples' order.

    The first text left gathers all whose cosine with it is above `alike`, and so on.

    Args:
        samples: used samples with `question_id, text, outcome, key, index`.
        embedder: a sentence-transformers model; "" for the built-in n-grams.
        alike: the cosine above which a text belongs to a leader.
    """
    import numpy as np

    from synth import embedders

    model = embedders.load(embedder)
    frame = samples.sort("question_id", "key", "index").with_row_index("_row").collect()
    names = pl.Series("cluster", [None] * frame.height, dtype=pl.String())
    for part in frame.filter(_ANSWERED).partition_by("question_id", maintain_order=True):
        texts, rows = part["text"].to_list(), part["_row"].to_numpy()
        vectors = model.encode(texts)
        left = np.arange(len(texts))
        for number in range(len(texts)):
            if not len(left):
                break
            first = np.full(len(left), left[0])
            near = model.similarity(texts, vectors, first, left) > alike
            near[0] = True
            names = names.scatter(rows[left[near]], f"leader:{number}")
            left = left[~near]
    return frame.drop("_row").with_columns(names).lazy()


def shares(samples: pl.LazyFrame, questions: pl.LazyFrame | None = None) -> pl.LazyFrame:
    """How the samples of each question share among its answers, most frequent first.

    Args:
        samples: used samples with `question_id, text, answer, outcome`.
        questions: as for `cluster`.

    Returns:
        `question_id, cluster, answer` (its most frequent wording)`, count, share` (of all that answered).
    """
    wordings = cluster(samples, questions).filter(pl.col("cluster").is_not_null())
    said = pl.coalesce("answer", "text")
    per = ["question_id", "cluster"]
    counted = wordings.group_by(per, maintain_order=True).agg(
        count=pl.len(), answer=said.sort().mode(maintain_order=True).first()
    )
    return counted.with_columns(share=pl.col("count") / pl.col("count").sum().over("question_id")).sort(
        "question_id", "count", "cluster", descending=[False, True, False]
    )


def entropy(
    samples: pl.LazyFrame, of: Literal["text", "cluster"], questions: pl.LazyFrame | None = None
) -> pl.LazyFrame:
    """Entropy in nats of each question's answers: `question_id, entropy`.

    Args:
        samples: used samples with `question_id, text, answer, outcome`.
        of: "text" compares whole texts to the letter (R-Tuning-U's own rule), "cluster" equal answers.
        questions: as for `cluster`.
    """
    frame = samples if of == "text" else cluster(samples, questions)
    counts = (
        frame.filter(pl.col(of).is_not_null()).group_by("question_id", of, maintain_order=True).agg(pl.len())
    )
    share = pl.col("len") / pl.col("len").sum()
    return (
        counts.sort("question_id", "len")
        .group_by("question_id", maintain_order=True)
        .agg(entropy=-(share * share.log()).sum())
    )


def _graded_clusters(samples: pl.LazyFrame, questions: pl.LazyFrame) -> pl.LazyFrame:
    """Clusters by the questions' graders, over the distinct answers of each.

    The correct ones are one, with those that equal one of them and that nothing calls wrong.
    """
    from synth.graders.clusters import clusters

    distinct = (
        samples.filter(_ANSWERED)
        .group_by("question_id", "text")
        .agg(right=(_OUTCOME == "correct").any(), wrong=(_OUTCOME == "wrong").any())
        .sort("question_id", "text")
        .collect()
    )
    asked = questions.select("question_id", pl.col("kind").cast(pl.String()), "question", "choices").collect()
    told = (
        distinct.group_by("question_id", maintain_order=True)
        .agg("text")
        .join(asked, on="question_id", how="left", maintain_order="left")
    )
    numbers = [
        number
        for _, texts, kind, question, choices in told.iter_rows()
        for number in clusters(kind, question, texts, choices)
    ]
    per = ["question_id", "number"]
    named = distinct.with_columns(number=pl.Series(numbers, dtype=pl.Int32())).with_columns(
        cluster=pl.when("right")
        .then(pl.lit("correct:"))
        .when(pl.col("right").any().over(per) & ~pl.col("wrong") & pl.col("number").is_not_null())
        .then(pl.lit("correct:"))
        .when(pl.col("number").is_not_null())
        .then(pl.format("answer:{}", "number"))
    )
    found = named.select("question_id", "text", "cluster").lazy()
    joined = samples.join(found, on=["question_id", "text"], how="left", maintain_order="left")
    return joined.with_columns(cluster=pl.when(_ANSWERED).then("cluster"))
