"""What the model says of itself: a confidence in words, or a probability that its answer is true."""

from __future__ import annotations

import polars as pl

from synth.uncertainty.answers import Answers


def verbal_confidence(answers: Answers) -> pl.DataFrame:
    """What each answer states after its last "Confidence:", 0 to 1 (`synth.scales.Scale.parse`).

    What is not on the scale has no value.
    """
    stated = pl.col("text").map_elements(answers.scale.parse, return_dtype=pl.Float64)
    said = answers.frame.select("question_id", "key", "index", value=stated, n=pl.lit(1))
    return said.drop_nulls("value")


def p_true(answers: Answers) -> pl.DataFrame:
    """The probability of "True" where the model is asked whether its answer is true; given from outside."""
    if answers.p_true is None:
        return pl.DataFrame(schema={"question_id": pl.String(), "value": pl.Float64(), "n": pl.Int32()})
    named = [name for name in ("question_id", "key", "index") if name in answers.p_true.columns]
    asked = answers.p_true.join(answers.frame.select(named).unique(), on=named, how="semi")
    return asked.select(*named, value=pl.col("p_true").cast(pl.Float64()), n=pl.lit(1)).drop_nulls("value")
