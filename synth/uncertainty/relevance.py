"""How much each token of an answer matters: what the answer loses of its meaning without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth.uncertainty.answers import Answers, Spans
from synth.uncertainty.similarity import Similarity

Floats = NDArray[np.float64]
Tokens = tuple[tuple[int, int], ...]

_NAMED = {"question_id": pl.String(), "key": pl.String(), "index": pl.Int32()}


def surprises(answers: Answers) -> pl.DataFrame:
    """The tokenSAR of each answer: `question_id, key, index, value`, in nats.

    Σ_t R_t · (−log p_t) / Σ_t R_t, with R_t = 1 − similarity of the answer with and without token t, both
    behind the question. The mark that ends an answer has no relevance. Where no token has any, all have the
    same. An answer whose tokens are not those that the tokenizer finds in it has no value.
    """
    if answers.spans is None:
        return pl.DataFrame(schema={**_NAMED, "value": pl.Float64()})
    told = answers.frame.drop_nulls("token_logprobs").join(
        answers.questions.select("question_id", "question"), on="question_id", maintain_order="left"
    )
    spans = _aligned(answers.spans, told)
    asked = zip(told["question"], told["text"], spans, strict=True)
    # Of samples that say the same to the letter, one is looked at.
    distinct = list(dict.fromkeys((question, text, tokens) for question, text, tokens in asked if tokens))
    relevance = dict(zip(distinct, _relevances(answers.similarity, distinct), strict=True))
    rows = zip(told["question"], told["text"], spans, told["token_logprobs"], strict=True)
    values = [
        _weighed(relevance[question, text, tokens], logprobs.to_numpy()[: len(tokens)]) if tokens else None
        for question, text, tokens, logprobs in rows
    ]
    return told.select(*_NAMED, value=pl.Series(values, dtype=pl.Float64())).drop_nulls("value")


def _aligned(spans: Spans, told: pl.DataFrame) -> list[Tokens]:
    """Where the tokens of each answer are, as many as it has log-probabilities; none where they do not match.

    An answer lost the space that it began with, and its end mark is no part of it.
    """
    found: dict[tuple[str, int, bool], Tokens] = {}
    rows = told.select("text", pl.col("token_logprobs").list.len(), pl.col("finish") == "stop").rows()
    for text, count, ended in dict.fromkeys(rows):
        bare = tuple(spans(text) or ())
        spaced = tuple((max(0, start - 1), end - 1) for start, end in spans(f" {text}") or ())
        # Not every server tells the log-probability of the end mark.
        sizes = (count - 1, count) if ended else (count,)
        fitting = (each for size in sizes for each in (bare, spaced) if each and len(each) == size)
        found[text, count, ended] = next(fitting, ())
    return [found[row] for row in rows]


def _relevances(similarity: Similarity, distinct: Sequence[tuple[str, str, Tokens]]) -> list[Floats]:
    """The relevance of each token of each answer, 0 and above."""
    if not distinct:
        return []
    pairs = [
        (f"{question} {text}", f"{question} {text[:start]}{text[end:]}")
        for question, text, tokens in distinct
        for start, end in tokens
    ]
    sizes = [len(tokens) for _, _, tokens in distinct]
    lost = np.clip(1 - similarity(pairs), 0, None)
    return np.split(lost, np.cumsum(sizes)[:-1])


def _weighed(relevance: Floats, logprobs: Floats) -> float:
    total = relevance.sum()
    weight = relevance / total if total > 0 else np.full(len(relevance), 1 / len(relevance))
    return float(-(weight * logprobs).sum())
