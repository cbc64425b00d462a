"""How good an answer is, as a number: what preferences and rejection sampling rank a question's answers by.

Each function takes the used samples as `answers` gives them, and returns them with `score`; null where an
answer has none.
"""

from __future__ import annotations

from typing import Final, Literal

import polars as pl

from synth import evidence
from synth.questions.recorded import POOL
from synth.scales import Scale

ScoreName = Literal["correctness", "correctness-agreement", "agreement", "confidence", "recorded"]
NEED_GOLD: Final = ("correctness", "correctness-agreement", "confidence")
"""Scores that speak of rightness."""

_OUTCOME = pl.col("outcome").cast(pl.String())
_ANSWERED = _OUTCOME.is_in(["correct", "wrong", "undecided"])


def answers(samples: pl.LazyFrame, questions: pl.LazyFrame) -> pl.LazyFrame:
    """The samples that say something, with `name`, `right` and `on_policy`.

    `right` is 1 or 0, null where it could not be judged. To a question without an answer the right reply is a
    refusal, and whatever else was said is wrong. `on_policy` is whether the model that the labels speak of
    gave the answer: of a pool of models nobody's answers are.

    Args:
        samples: used samples.
        questions: `question_id, answerable`.
    """
    model, own = pl.col("model"), pl.col("meta").str.json_path_match("$.model")
    right = pl.when(_OUTCOME.is_in(["correct", "wrong"])).then(_OUTCOME == "correct")
    nobody = pl.when(_OUTCOME == "refused").then(True).when(_ANSWERED).then(False)
    text = pl.col("text").str.strip_chars()
    told = samples.with_columns(text=text).filter(pl.col("text") != "")
    asked = questions.select("question_id", "answerable")
    return (
        told.join(asked, on="question_id", how="left", maintain_order="left")
        .with_columns(
            name=pl.format("{}/{}", "key", "index"),
            right=pl.when(pl.col("answerable").eq_missing(False))
            .then(nobody)
            .otherwise(right)
            .cast(pl.Float64()),
            # An identity is a name and, behind @, a hash.
            on_policy=(own.is_null() | (own == model.str.replace("@[^@]*$", "")))
            & ~model.str.starts_with(POOL),
        )
        .drop("answerable")
    )


def correctness(answers: pl.LazyFrame) -> pl.LazyFrame:
    """1 for a right answer, 0 for a wrong one."""
    return answers.with_columns(score="right")


def agreement(answers: pl.LazyFrame, questions: pl.LazyFrame | None = None) -> pl.LazyFrame:
    """The share of the question's answers that say the same.

    Args:
        answers: from `answers`.
        questions: `question_id, kind, question, choices`, to compare as their kind's grader does; None
            compares normal forms, and takes all right answers for one.
    """
    clustered = evidence.cluster(answers, questions)
    share = pl.len().over("question_id", "cluster") / pl.col("cluster").count().over("question_id")
    return clustered.with_columns(score=pl.when(pl.col("cluster").is_not_null()).then(share)).drop("cluster")


def correctness_agreement(answers: pl.LazyFrame) -> pl.LazyFrame:
    """1 for a right answer, 0 for a wrong one, and its share of the answers on top: 0 to 2.

    Every right answer is above every wrong one. The gap is smallest where the model hardly gives the right
    answer and favours the wrong one.

    Args:
        answers: from `answers`.
    """
    return agreement(answers).with_columns(score=pl.col("right") + pl.col("score").fill_null(0))


def confidence(
    answers: pl.LazyFrame, questions: pl.LazyFrame, scale: Scale, to: Literal["share", "outcome"]
) -> pl.LazyFrame:
    """−(q − p)²: how near the confidence q that a reply states is to what is true; null where none is read.

    Args:
        answers: from `answers`.
        questions: `question_id, p_hat`.
        scale: how replies state it.
        to: p is the question's share of right answers, or 1 or 0 of the answer itself.
    """
    stated = pl.col("text").map_elements(scale.parse, return_dtype=pl.Float64(), skip_nulls=True)
    share = questions.select("question_id", _p=pl.col("p_hat").clip(0, 1))
    truth = pl.when(pl.col("right").is_not_null()).then("_p") if to == "share" else pl.col("right")
    with_share = answers.join(share, on="question_id", how="left", maintain_order="left")
    return with_share.with_columns(score=(-((stated - truth) ** 2)).round(9)).drop("_p")


def recorded(answers: pl.LazyFrame, key: str) -> pl.LazyFrame:
    """A number that the recording has beside each sample.

    Args:
        answers: from `answers`.
        key: its name there.
    """
    number = pl.col("meta").str.json_path_match(f"$.{key}").cast(pl.Float64(), strict=False)
    return answers.with_columns(score=pl.when(_ANSWERED & number.is_finite()).then(number))
