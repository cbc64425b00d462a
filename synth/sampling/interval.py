"""The interval of a share: how sure k correct and w wrong answers make us, whatever ended the drawing."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL: Final = 0.9
"""Of every interval that is reported."""


def interval(
    k: ArrayLike, w: ArrayLike, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper end for each (k, w); arrays broadcast. (0, 1) where nothing was judged.

    Jeffreys' interval: equal tails of Beta(k + ½, w + ½). A posterior does not depend on what ended the
    drawing, so one interval serves every stop rule. Its coverage does dip where one success lifts the
    lower end above a small p (n 16, p 0.01: 85 % at level 90 %). So it is closed at 0 where k = 0, and for
    k = 1 starts no higher than Clopper and Pearson's; likewise at 1. What is left are the dips of any
    interval that is not conservative: for one p at some n ≥ 2/p, k = 0 excludes it too early (81 %).

    Args:
        k: correct answers.
        w: wrong answers.
        level: of the interval.

    Source: Brown, Cai & DasGupta, "Interval Estimation for a Binomial Proportion", Statistical Science
    16(2), 2001, sections 3.1.2 and 4.1.2; they put the lower end at 0 for k = 1, which says less.
    """
    from scipy.special import betaincinv

    k, w = np.broadcast_arrays(np.asarray(k, np.float64), np.asarray(w, np.float64))
    tail = (1 - level) / 2

    def lower(k: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
        end = betaincinv(k + 0.5, w + 0.5, tail)
        clopper_pearson = 1 - (1 - tail) ** (1 / (w + 1))
        end = np.where(k == 1, np.minimum(end, clopper_pearson), end)
        return np.where(k == 0, 0.0, end)

    return lower(k, w), 1 - lower(w, k)
