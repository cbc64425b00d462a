"""Predictions of a model's own samples: each answer with its verdict, and how sure the model was of it."""

from __future__ import annotations

from typing import Final, Literal, get_args

import polars as pl

from synth.evidence import agreement, blind, cluster
from synth.scales import Scale

ConfidenceFrom = Literal["agreement", "verbal"]
SOURCES: Final[tuple[str, ...]] = get_args(ConfidenceFrom)

_OUTCOME: Final = pl.col("outcome").cast(pl.String())


def predictions_of(
    samples: pl.LazyFrame, questions: pl.LazyFrame, source: ConfidenceFrom, scale: Scale
) -> pl.DataFrame:
    """The predictions (`synth.metrics.panel.PREDICTIONS`), one a sample; failed calls are none.

    Args:
        samples: `question_id, key, index, text, answer, outcome` of used samples.
        questions: `question_id, kind, question, choices, answerable`.
        source: "agreement", the share of the question's other samples that give the same answer; or "verbal",
            what the sample itself says after "Confidence:".
        scale: of what it says.
    """
    answered = samples.filter(_OUTCOME != "failed")
    if source == "agreement":
        compared = cluster(blind(answered), questions)
        answered = compared.with_columns(confidence=agreement(), outcome="verdict")
    else:
        stated = pl.col("text").map_elements(scale.parse, return_dtype=pl.Float64)
        answered = answered.with_columns(confidence=stated)
    refused = _OUTCOME == "refused"
    judged = pl.when(_OUTCOME.is_in(["correct", "wrong"])).then(_OUTCOME == "correct")
    frame = answered.join(questions.select("question_id", "answerable"), on="question_id").select(
        question="question_id",
        correct=judged,
        confidence=pl.when(~refused).then("confidence"),
        refused=refused,
        answerable="answerable",
    )
    found = frame.collect()
    # Where every question has an answer, that says nothing of which refusals are due.
    return found.drop("answerable") if found["answerable"].all() else found
