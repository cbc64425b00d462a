"""SAR: probabilities shifted towards what matters, the relevant tokens and the answers that others support.

Source: Duan et al., "Shifting Attention to Relevance: Towards the Predictive Uncertainty Quantification of
Free-Form Large Language Models", ACL 2024.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth.uncertainty.answers import Answers
from synth.uncertainty.relevance import surprises

Floats = NDArray[np.float64]

TEMPERATURE: Final = 1e-3
"""t of the paper: what others say counts 1/t times as much."""


def token_sar(answers: Answers) -> pl.DataFrame:
    """For each answer its tokens' surprise, weighed by their relevance (`synth.uncertainty.relevance`)."""
    return surprises(answers).with_columns(n=pl.lit(1))


def sentence_sar(answers: Answers) -> pl.DataFrame:
    """The mean over a question's samples i of −log(p_i + Σ_{j≠i} s_ij p_j / t), p_i being its probability."""
    told = answers.frame.drop_nulls("logprob_sum")
    return _supported(answers, told.select("question_id", "text", logprob="logprob_sum"))


def sar(answers: Answers) -> pl.DataFrame:
    """As `sentence_sar`, with exp(−tokenSAR) for the probability of a sample."""
    named = ["question_id", "key", "index"]
    told = surprises(answers).join(answers.frame, on=named, maintain_order="left")
    return _supported(answers, told.select("question_id", "text", logprob=-pl.col("value")))


def _supported(answers: Answers, told: pl.DataFrame) -> pl.DataFrame:
    """One row a question with two samples or more: `question_id, value, n`."""
    questions = told.group_by("question_id", maintain_order=True).agg("text", "logprob")
    several = questions.filter(pl.col("text").list.len() > 1)
    alike = _similarities(answers, several["text"].to_list())
    values = [
        shifted(np.asarray(logprobs), similarity)
        for logprobs, similarity in zip(several["logprob"].to_list(), alike, strict=True)
    ]
    number = pl.Series(values, dtype=pl.Float64())
    return several.select("question_id", value=number, n=pl.col("text").list.len())


def shifted(logprobs: Floats, similarity: Floats, temperature: float = TEMPERATURE) -> float:
    """The mean over i of −log(p_i + Σ_{j≠i} s_ij p_j / t), from logs, so that no probability vanishes.

    Args:
        logprobs: (samples,), natural logs of p.
        similarity: (samples, samples); the diagonal is not looked at.
        temperature: t.
    """
    weight = np.clip(similarity, 0, None) / temperature
    np.fill_diagonal(weight, 1.0)
    largest = logprobs.max()
    # The largest may be supported by none: its weight is 0 in the rows of others, whose sum can then vanish.
    with np.errstate(divide="ignore"):
        terms = np.log(weight) + (logprobs - largest)
    top = terms.max(1, keepdims=True)
    sums = top[:, 0] + np.log(np.exp(terms - top).sum(1))
    return float(-(sums + largest).mean())


def _similarities(answers: Answers, texts: list[list[str]]) -> Iterator[Floats]:
    """For each question the matrix of how alike its samples are; each distinct pair is compared once."""
    distinct = [sorted(set(each)) for each in texts]
    pairs = [pair for each in distinct for pair in combinations(each, 2)]
    numbers = answers.similarity(pairs)
    start = 0
    for each, own in zip(texts, distinct, strict=True):
        size = len(own)
        matrix = np.ones((size, size))
        above = np.triu_indices(size, 1)
        matrix[above] = matrix.T[above] = numbers[start : start + len(above[0])]
        start += len(above[0])
        place = {text: at for at, text in enumerate(own)}
        at = np.array([place[text] for text in each])
        yield matrix[np.ix_(at, at)]
