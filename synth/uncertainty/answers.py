"""The answers that estimators measure: a question's samples, compared once, and what is known beside them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import polars as pl

from synth.evidence import blind, cluster
from synth.scales import Scale, scale_of
from synth.uncertainty.similarity import Similarity, load

Spans = Callable[[str], "list[tuple[int, int]] | None"]
"""From a text to where each of its tokens begins and ends; None where that cannot be said."""

REFUSED: Final = "refused:"
"""The cluster of all refusals; an answer's name begins otherwise."""

_OUTCOME: Final = pl.col("outcome").cast(pl.String())
_LOGPROBS: Final = {
    "logprob_sum": pl.Float64(),
    "n_tokens": pl.Int32(),
    "token_logprobs": pl.List(pl.Float32()),
    "finish": pl.String(),
    "reasoning": pl.String(),
}


class Answers:
    """The samples of some questions of one model.

    Args:
        samples: `question_id, key, index, text, answer, outcome`; where they are known also `logprob_sum,
            n_tokens, token_logprobs, finish, reasoning` (`synth.schema.SAMPLES`). Failed calls are left out.
        questions: `question_id, kind, question, choices`.
        scale: of a stated confidence.
        similarity: how alike two texts are; the built-in n-grams where left out.
        spans: where the tokens of a text are, as the model that wrote it has them.
        p_true: `question_id, p_true`, or `question_id, key, index, p_true`.
        states: `key, index, state`, a vector for each answer.

    Attributes:
        frame: the samples, sorted by question, key and index.
    """

    def __init__(
        self,
        samples: pl.LazyFrame | pl.DataFrame,
        questions: pl.LazyFrame | pl.DataFrame,
        scale: Scale | None = None,
        similarity: Similarity | None = None,
        spans: Spans | None = None,
        p_true: pl.DataFrame | None = None,
        states: pl.DataFrame | None = None,
    ) -> None:
        answered = samples.lazy().filter(_OUTCOME != "failed")
        there = answered.collect_schema().names()
        missing = [pl.lit(None, kind).alias(name) for name, kind in _LOGPROBS.items() if name not in there]
        ordered = answered.with_columns(missing).sort("question_id", "key", "index")
        self.frame = ordered.collect()
        self.questions = questions.lazy().select("question_id", "kind", "question", "choices").collect()
        self.scale = scale or scale_of("0-1")
        self.similarity = similarity or load()
        self.spans = spans
        self.p_true = p_true
        self.states = states

    @cached_property
    def clustered(self) -> pl.DataFrame:
        """`frame` with `cluster`: the same for answers that say the same, null for a sample without one.

        No verdict has a say in it. All refusals of a question say the same.
        """
        found = cluster(blind(self.frame.lazy()), self.questions.lazy())
        refused = pl.when(pl.col("outcome") == "refused").then(pl.lit(REFUSED)).otherwise("cluster")
        return found.with_columns(cluster=refused, outcome="verdict").drop("verdict").collect()

    @cached_property
    def texts(self) -> pl.DataFrame:
        """The distinct texts of each question, `question_id, text, count`, in the order of the alphabet."""
        return self.frame.group_by("question_id", "text").agg(count=pl.len()).sort("question_id", "text")
