"""Sets of answers that hold the right one so often: split conformal prediction.

Source: Sadinle, Lei & Wasserman, "Least Ambiguous Set-Valued Classifiers with Bounded Error Levels", JASA
114(525), 2019 (LAC).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synth.errors import UsageError


@dataclass(frozen=True)
class ConformalSets:
    """The rule that makes the sets.

    Attributes:
        quantile: an answer is in the set if 1 − p is at most this; infinite where all are.
        alpha: how often the right one may be missing, on average.
        n: questions that it rests on.
    """

    quantile: float
    alpha: float
    n: int

    def sets(self, probability: ArrayLike) -> NDArray[np.bool_]:
        """Which answers are in the set.

        Args:
            probability: (..., answers), of each answer to a question.
        """
        return 1 - np.asarray(probability, np.float64) <= self.quantile

    def decided(self, probability: ArrayLike) -> NDArray[np.bool_]:
        """(...,): whether the set is a single answer. Where it is not, abstain."""
        return np.asarray(self.sets(probability).sum(-1) == 1)


def conformal_sets(right: ArrayLike, alpha: float) -> ConformalSets:
    """Sets that hold the right answer of a new question with probability 1 − alpha or more.

    Args:
        right: (questions,), the probability that each question's right answer had, e.g. its share of the
            samples; 0 where it was never given.
        alpha: between 0 and 1.

    Raises:
        UsageError: alpha or a probability is not between 0 and 1, or there are no questions.
    """
    if not 0 < alpha < 1:
        raise UsageError(f"alpha {alpha:g} is not between 0 and 1")
    score = np.sort(1 - np.asarray(right, np.float64))
    if not score.size:
        raise UsageError("no questions to calibrate sets on")
    if not (score[0] >= 0 and score[-1] <= 1):
        raise UsageError("conformal sets take probabilities: one is not between 0 and 1")
    rank = int(np.ceil((score.size + 1) * (1 - alpha) - 1e-9))
    return ConformalSets(float(score[rank - 1]) if rank <= score.size else np.inf, alpha, score.size)
