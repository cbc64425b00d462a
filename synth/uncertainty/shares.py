"""Shares: how many of a question's samples are right, or say the same."""

from __future__ import annotations

import polars as pl

from synth import evidence
from synth.sampling.interval import LEVEL, interval
from synth.uncertainty.answers import REFUSED, Answers

_OUTCOME = pl.col("outcome").cast(pl.String())
_RIGHT = (_OUTCOME == "correct").cast(pl.Int32())
_JUDGED = _OUTCOME.is_in(["correct", "wrong"]).cast(pl.Int32())
_NAMED = ("question_id", "key", "index")


def p_hat(answers: Answers, level: float = LEVEL) -> pl.DataFrame:
    """The share of right answers among those judged, with its interval: `question_id, value, low, high, n`.

    For samples of a fixed number. Of a run that stopped early, the label has an unbiased one.

    Args:
        answers: with verdicts.
        level: of the interval (`synth.sampling.interval`).
    """
    counts = answers.frame.group_by("question_id", maintain_order=True).agg(k=_RIGHT.sum(), n=_JUDGED.sum())
    judged = counts.filter(pl.col("n") > 0)
    right, n = judged["k"].to_numpy(), judged["n"].to_numpy()
    low, high = interval(right, n - right, level)
    return judged.select(
        "question_id", value=pl.col("k") / pl.col("n"), low=pl.Series(low), high=pl.Series(high), n="n"
    )


def p_hat_of_others(answers: Answers) -> pl.DataFrame:
    """For each answer the share of right ones among the question's other judged answers.

    It never sees the answer's own verdict. Where all questions are equally hard it ranks a little worse than
    a coin: taking a right answer away leaves fewer right ones.
    """
    judged = _JUDGED.sum().over("question_id") - _JUDGED
    right = _RIGHT.sum().over("question_id") - _RIGHT
    return answers.frame.select(*_NAMED, value=right / judged, n=judged).filter(pl.col("n") > 0)


def agreement(answers: Answers) -> pl.DataFrame:
    """For each answer the share of the question's other samples that say the same.

    Samples without an answer and refusals count among the others.
    """
    told = answers.clustered.select(
        *_NAMED, "cluster", value=evidence.agreement(), n=pl.len().over("question_id") - 1
    )
    return told.filter(pl.col("cluster") != REFUSED).drop_nulls("value").drop("cluster")


def majority_share(answers: Answers) -> pl.DataFrame:
    """The share of the question's samples that give its most frequent answer; refusals are none."""
    own = answers.clustered.with_columns(
        alike=pl.when(pl.col("cluster") != REFUSED).then(pl.len().over("question_id", "cluster"))
    )
    counted = own.group_by("question_id", maintain_order=True).agg(
        value=pl.col("alike").max().fill_null(0) / pl.len(), n=pl.len()
    )
    return counted.filter(pl.col("n") > 1)
