"""A threshold whose answers are wrong at most so often, except with a small probability.

With probability 1 − δ over the questions that it is fitted on: of the answers at or above the threshold, at
most the share `risk` is wrong. That holds for questions drawn as those were, and for any confidence.

Each threshold λ is a hypothesis: "of the answers at or above λ, more than `risk` are wrong". Thresholds are
tested from strict to lax until one is not rejected. Such a sequence may begin in several places, each with
its part of δ, so that a strict threshold with few answers does not end it before it began.

Source: Angelopoulos et al., "Learn then Test: Calibrating Predictive Algorithms to Achieve Risk Control",
Annals of Applied Statistics 19(2), 2025, algorithm 1 (fixed sequence testing).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synth.calibrating.threshold import GRID, Threshold
from synth.errors import UsageError

Floats = NDArray[np.float64]
PValue = Literal["binomial", "hoeffding-bentkus"]

STARTS: Final = (1.0, 0.9, 0.8, 0.7, 0.5)
"""Where a sequence of tests begins."""
_ROUNDING: Final = 1e-12


def learn_then_test(
    confidence: ArrayLike,
    correct: ArrayLike,
    risk: float,
    delta: float,
    question: ArrayLike | None = None,
    p_value: PValue = "binomial",
    thresholds: Sequence[float] = GRID,
    starts: Sequence[float] = STARTS,
) -> Threshold:
    """The laxest threshold that the tests let pass.

    Args:
        confidence: (answers,), higher is surer.
        correct: (answers,), whether each is right.
        risk: the share of wrong ones among the answers given that is allowed.
        delta: how often a threshold may be passed wrongly.
        question: (answers,), whose answer each is; each one's own where left out.
        p_value: "binomial" is exact and takes one answer a question (it is the test of Clopper and Pearson's
            interval); "hoeffding-bentkus" takes several, and is weaker where few answers are above λ.
        thresholds: to test, fixed beforehand.
        starts: where sequences begin; each takes the nearest threshold at or below it.

    Raises:
        UsageError: risk or delta is not between 0 and 1, a question has two answers for a binomial test, or
            there are too few questions for any threshold to pass.
    """
    sure, wrong = np.asarray(confidence, np.float64), 1 - np.asarray(correct, np.float64)
    own = np.arange(sure.size) if question is None else np.unique(question, return_inverse=True)[1]
    questions = int(own.max(initial=-1)) + 1
    check_levels(risk, delta)
    grid = np.sort(np.asarray(thresholds, np.float64))[::-1]
    begins = np.unique(np.minimum(np.searchsorted(-grid, -np.asarray(starts, np.float64)), grid.size - 1))
    _check_enough(questions, risk, delta, len(begins))
    if p_value == "binomial":
        if questions < sure.size:
            raise UsageError(
                f"{sure.size} answers to {questions} questions: a binomial test takes one answer a question; "
                "choose one of each, or take the p-value 'hoeffding-bentkus'"
            )
        p = _binomial(sure, wrong, grid, risk)
    else:
        p = _hoeffding_bentkus(sure, wrong, grid, risk, own)
    passed = p <= delta / len(begins)
    laxest = [place for begin in begins if (place := _last(passed, begin)) is not None]
    return Threshold(float(grid[max(laxest)]) if laxest else None, risk, questions, delta)


def least_questions(risk: float, delta: float, starts: int = len(STARTS)) -> int:
    """Questions below which no threshold can pass: all right, they would still not be enough."""
    return int(np.ceil(np.log(delta / starts) / np.log1p(-risk) - _ROUNDING))


def check_levels(risk: float, delta: float) -> None:
    """Refuse a risk or a delta that is not between 0 and 1.

    Raises:
        UsageError: one is not.
    """
    for name, value in (("risk", risk), ("delta", delta)):
        if not 0 < value < 1:
            raise UsageError(f"{name} {value:g} is not between 0 and 1")


def _check_enough(questions: int, risk: float, delta: float, starts: int) -> None:
    least = least_questions(risk, delta, starts)
    if questions < least:
        raise UsageError(
            f"{questions} questions to find a threshold on: a risk of {risk:g} at delta {delta:g} takes at "
            f"least {least}; bring more, or allow more"
        )


def _binomial(sure: Floats, wrong: Floats, grid: Floats, risk: float) -> Floats:
    """P(so few wrong or fewer), were as many wrong as the risk allows; given how many answers there are."""
    from scipy.stats import binom

    above = sure >= grid[:, None]
    answered, failed = above.sum(1), (above * wrong).sum(1)
    return np.asarray(binom.cdf(np.round(failed), answered, risk))


def _hoeffding_bentkus(
    sure: Floats, wrong: Floats, grid: Floats, risk: float, question: NDArray[np.int64]
) -> Floats:
    """Of the mean over questions of risk + the mean of wrong − risk over answers, 0 where not given.

    It is in [0, 1], and above the risk where more of the answers given are wrong than that.

    Source: Bates et al., "Distribution-Free, Risk-Controlling Prediction Sets", JACM 68(6), 2021,
    section 3.1.
    """
    from scipy.special import rel_entr
    from scipy.stats import binom

    given = (sure >= grid[:, None]) * (wrong - risk)
    answers = np.bincount(question)
    n = answers.size
    loss = risk + (given / answers[question]).sum(1) / n
    below = np.minimum(loss, risk)
    divergence = rel_entr(below, risk) + rel_entr(1 - below, 1 - risk)
    hoeffding = np.exp(-n * divergence)
    bentkus = np.e * binom.cdf(np.ceil(n * loss - _ROUNDING), n, risk)
    return np.asarray(np.minimum(1, np.minimum(hoeffding, bentkus)))


def _last(passed: NDArray[np.bool_], begin: int) -> int | None:
    """The last of the thresholds in a row that pass, from one on; None where that one does not."""
    failed = np.flatnonzero(~passed[begin:])
    end = begin + (int(failed[0]) if failed.size else passed.size - begin)
    return end - 1 if end > begin else None
