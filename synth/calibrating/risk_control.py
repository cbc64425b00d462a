"""A threshold under which wrong answers are rare among all questions, on average.

The expected share of questions that are answered and wrong is at most `risk`. It falls as the threshold
rises, which the method needs. The share of wrong ones among the answers *given* need not fall; for that one,
see `synth.calibrating.learn_then_test`.

Source: Angelopoulos et al., "Conformal Risk Control", ICLR 2024, theorem 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from synth.calibrating.threshold import GRID, Threshold
from synth.errors import UsageError


def conformal_risk_control(
    confidence: ArrayLike,
    correct: ArrayLike,
    risk: float,
    question: ArrayLike | None = None,
    thresholds: Sequence[float] = GRID,
) -> Threshold:
    """The laxest threshold λ with (n·R(λ) + 1)/(n + 1) ≤ risk, R the share answered and wrong of n questions.

    Args:
        confidence: (answers,), higher is surer.
        correct: (answers,), whether each is right.
        risk: the share of questions that may be answered wrongly.
        question: (answers,), whose answer each is; each one's own where left out. A question with several
            counts with their mean.
        thresholds: to choose from.

    Raises:
        UsageError: the risk is not between 0 and 1, or there are no questions.
    """
    if not 0 < risk < 1:
        raise UsageError(f"risk {risk:g} is not between 0 and 1")
    sure, wrong = np.asarray(confidence, np.float64), 1 - np.asarray(correct, np.float64)
    own = np.arange(sure.size) if question is None else np.unique(question, return_inverse=True)[1]
    answers = np.bincount(own)
    if not answers.size:
        raise UsageError("no questions to find a threshold on")
    grid = np.sort(np.asarray(thresholds, np.float64))[::-1]
    loss = ((sure >= grid[:, None]) * wrong / answers[own]).sum(1)
    kept = np.flatnonzero((loss + 1) / (answers.size + 1) <= risk)
    return Threshold(float(grid[kept[-1]]) if kept.size else None, risk, answers.size)
