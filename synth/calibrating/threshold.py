"""A threshold: the model answers where it is at least so sure, and abstains elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

GRID: Final = tuple(place / 100 for place in range(100, -1, -1))
"""Thresholds to try, strictest first. They are fixed before any answer is seen: the guarantees need that."""


@dataclass(frozen=True)
class Threshold:
    """Where to abstain.

    Attributes:
        value: the least confidence of an answer; None where none keeps the risk: abstain on everything.
        risk: what is promised.
        n: questions that it rests on.
        delta: how often the promise may be broken; None where it holds on average.
    """

    value: float | None
    risk: float
    n: int
    delta: float | None = None

    def answers(self, confidence: ArrayLike) -> NDArray[np.bool_]:
        """Which of some answers are given."""
        sure = np.asarray(confidence, np.float64)
        return np.zeros(sure.shape, bool) if self.value is None else sure >= self.value
