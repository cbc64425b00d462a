"""EigenScore: how far the samples lie apart inside the model."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth.uncertainty.answers import Answers

ALPHA: Final = 1e-3
"""What is added to the diagonal, so that equal answers have a logarithm too."""


def eigen_score(answers: Answers) -> pl.DataFrame:
    """(1/n) log det(Σ + αI), with Σ the covariance of the states of a question's n samples.

    A state is that of the last token in the middle layer (`TransformersEngine.states`).

    Source: Chen et al., "INSIDE: LLMs' Internal States Retain the Power of Hallucination Detection",
    ICLR 2024.
    """
    schema = {"question_id": pl.String(), "value": pl.Float64(), "n": pl.Int32()}
    if answers.states is None:
        return pl.DataFrame(schema=schema)
    told = answers.frame.select("question_id", "key", "index").join(
        answers.states.drop_nulls("state"), on=["key", "index"], maintain_order="left"
    )
    questions = told.group_by("question_id", maintain_order=True).agg("state")
    several = questions.filter(pl.col("state").list.len() > 1)
    found = [
        (name, log_det(np.array(states, np.float64)), len(states)) for name, states in several.iter_rows()
    ]
    return pl.DataFrame(found, schema=schema, orient="row")


def log_det(states: NDArray[np.float64], alpha: float = ALPHA) -> float:
    """(1/n) log det(Z J Zᵀ + αI), with J the centring of each state about its own mean.

    Args:
        states: (samples, dimensions).
        alpha: above 0.
    """
    centred = states - states.mean(1, keepdims=True)
    covariance = centred @ centred.T + alpha * np.eye(len(states))
    return float(np.linalg.slogdet(covariance)[1] / len(states))
