"""Maps from a confidence to the probability of being right, fitted on answers that were judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synth.errors import UsageError, quoted

Floats = NDArray[np.float64]
Map = Callable[[ArrayLike], Floats]

EDGE: Final = 1e-3
"""How near to 0 and 1 a confidence is taken to be at most, where its logit is wanted."""
_LARGEST: Final = 100.0
"""Temperature; its reciprocal is the smallest."""


def isotonic(score: Floats, correct: Floats) -> Map:
    """The rising steps that fit best; of any score. Needs some hundred answers, and has ties.

    Source: Zadrozny & Elkan, KDD 2002. `sklearn.isotonic.IsotonicRegression`, flat beyond its ends.
    """
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(score, correct)
    return lambda other: np.asarray(fitted.predict(np.asarray(other, np.float64)), np.float64)


def platt(score: Floats, correct: Floats) -> Map:
    """σ(a·score + b); of any score.

    Targets are (k + 1)/(k + 2) and 1/(w + 2) for k right and w wrong answers, so that parted ones fit too.
    Where surer answers are wrong more often, a is 0, the best that turns nothing round: a constant.

    Source: Platt, "Probabilistic Outputs for Support Vector Machines", 1999. `LogisticRegression`.
    """
    from sklearn.linear_model import LogisticRegression

    right = correct.sum()
    target = np.where(correct > 0, (right + 1) / (right + 2), 1 / (len(correct) - right + 2))
    column = score[:, None]
    model = LogisticRegression(C=np.inf).fit(
        np.concatenate([column, column]),
        np.repeat([1, 0], len(score)),
        sample_weight=np.concatenate([target, 1 - target]),
    )
    if model.coef_.item() < 0:
        return lambda other: np.full(np.shape(other), target.mean())
    return lambda other: np.asarray(model.predict_proba(np.asarray(other, np.float64)[:, None])[:, 1])


def temperature(score: Floats, correct: Floats) -> Map:
    """σ(logit(c)/T), with the T of the least log loss; of a probability c. It keeps c = ½ where it is.

    Source: Guo et al., ICML 2017, section 4.2.

    Raises:
        UsageError: a score is not between 0 and 1.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import expit, log_expit, logit

    if score.size and not (score.min() >= 0 and score.max() <= 1):
        raise UsageError("temperature scaling takes probabilities: a score is not between 0 and 1")

    def odds(confidence: ArrayLike) -> Floats:
        return np.asarray(logit(np.clip(np.asarray(confidence, np.float64), EDGE, 1 - EDGE)))

    own, sign = odds(score), np.where(correct > 0, 1.0, -1.0)
    width = np.log(_LARGEST)
    found = minimize_scalar(
        lambda log_t: -log_expit(sign * own / np.exp(log_t)).mean(), bounds=(-width, width), method="bounded"
    )
    best = float(np.exp(found.x))
    return lambda other: np.asarray(expit(odds(other) / best))


MAPS: Final[dict[str, Callable[[Floats, Floats], Map]]] = {
    "isotonic": isotonic,
    "platt": platt,
    "temperature": temperature,
}


def fit_map(name: str, score: ArrayLike, correct: ArrayLike) -> Map:
    """A map from scores to probabilities, 0 to 1, that never turns two scores round.

    Args:
        name: of `MAPS`.
        score: (answers,), higher is surer.
        correct: (answers,), whether each is right.

    Raises:
        UsageError: there is no such map, a score is not a number, or the answers are all right or all wrong.
    """
    if name not in MAPS:
        raise UsageError(f"no map is called '{name}'; there are {quoted([*MAPS])}")
    scores, right = np.asarray(score, np.float64), np.asarray(correct, np.float64)
    if not np.isfinite(scores).all():
        raise UsageError("a score to fit a map on is not a number")
    if not 0 < right.sum() < right.size:
        which = "right" if right.size and right.all() else "wrong"
        raise UsageError(
            f"{right.size} answers to fit a map on, and all are {which}: it takes right and wrong ones"
            if right.size
            else "no answers to fit a map on"
        )
    return MAPS[name](scores, right)
