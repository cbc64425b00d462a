"""How many right answers each question is to give, how many draws that takes, and what stopped runs say.

Difficulty is the fail rate: what it is learned from has a fixed size, so that it is no result of itself.
Tong et al., "DART-Math: Difficulty-Aware Rejection Tuning for Mathematical Problem-Solving", NeurIPS 2024,
deal a budget out by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, bdtrc, xlog1py, xlogy

from synth.sampling.posterior import SHARES, learn_prior

Reals: TypeAlias = NDArray[np.float64]

_SLACK = 1e-9  # 64 · 0.5 must not be rounded up to 33


def fail_rate(correct: pl.Expr, wrong: pl.Expr, prior: tuple[float, float]) -> pl.Expr:
    """The posterior mean of a question's share of wrong answers.

    Args:
        correct: right answers among a fixed number of draws.
        wrong: wrong ones.
        prior: a, b of the Beta prior of the share of right answers; 0, 0 for the raw share, which is 1 where
            nothing was judged.
    """
    a, b = prior
    total = correct + wrong + a + b
    return pl.when(total > 0).then((wrong + b) / total).otherwise(1.0)


def by_difficulty(difficulty: pl.Expr, k: int, power: float = 1.0) -> pl.Expr:
    """Right answers wanted of each question: max(1, ⌈k (d / max d)^power⌉).

    Power 1 is DART's Prop2Diff, power 0 its Uniform. Rounding up keeps every question.

    Args:
        difficulty: 0 to 1.
        k: what the hardest question gets.
        power: how steeply the number grows.
    """
    hardest = difficulty.max()
    relative = pl.when(hardest > 0).then(difficulty / hardest).otherwise(0.0)
    return _up(k * relative**power)


def by_histogram(difficulty: pl.Expr, k: int, shares: tuple[float, ...]) -> pl.Expr:
    """Right answers wanted of each question so that the rows spread over difficulty as told.

    Args:
        difficulty: 0 to 1.
        k: rows a question, on average over the set.
        shares: of the rows, for bands of difficulty of one width, the easiest first; they need not sum to 1.
            A band without questions gives its share to nobody.
    """
    share = by_band(difficulty, [share / sum(shares) for share in shares])
    return _up(k * pl.len() * share / pl.len().over(_band(difficulty, len(shares))))


def by_band(difficulty: pl.Expr, values: Sequence[float]) -> pl.Expr:
    """The value of the band that a difficulty is in: bands of one width from 0 to 1, the easiest first."""
    places = list(range(len(values)))
    return _band(difficulty, len(values)).replace_strict(places, list(values), return_dtype=pl.Float64())


def expected_draws(wanted: ArrayLike, p: ArrayLike, left: ArrayLike) -> Reals:
    """Mean number of draws until so many right answers, or until no draws are left; arrays broadcast.

    With N the waiting time and L the draws left, E min(N, L) = L P(N > L) + (r/p) P(r + 1 or more of L + 1
    are right).

    Args:
        wanted: right answers, r; 0 takes no draw.
        p: the chance of each draw to be right.
        left: draws at most, L.
    """
    r, p, left = np.broadcast_arrays(*(np.asarray(each, np.float64) for each in (wanted, p, left)))
    open_ = (r > 0) & (left > 0)
    r, left, p = np.where(open_, r, 1), np.where(open_, left, 1), np.asarray(p)
    short = np.where(r > left, 1.0, bdtr(np.minimum(r, left) - 1, left.astype(np.int64), p))
    fits = r + 1 <= left + 1
    met = np.where(fits, bdtrc(np.minimum(r, left), left.astype(np.int64) + 1, p), 0.0)
    waits = np.divide(r, p, out=np.zeros_like(r), where=p > 0)
    return np.where(open_, left * short + waits * met, 0.0)


def foreseen(correct: ArrayLike, drawn: ArrayLike, wanted: ArrayLike, cap: int) -> Reals:
    """Expected draws of each question in all, after its first ones, shape (questions,).

    What each question's chance of a right answer is, its own draws and those of all questions say.

    Args:
        correct: right answers among the first draws, shape (questions,).
        drawn: these draws.
        wanted: right answers it is to have.
        cap: draws it may have.
    """
    columns = [np.asarray(each, np.int64) for each in (correct, drawn, wanted)]
    weights = learn_prior(columns[0], columns[1] - columns[0])
    states, which = np.unique(np.stack(columns, 1), axis=0, return_inverse=True)
    k, n, quota = (column[:, None] for column in states.T)
    log_likelihood = xlogy(k, SHARES) + xlog1py(n - k, -SHARES)
    joint = weights * np.exp(log_likelihood - log_likelihood.max(1, keepdims=True))
    more = expected_draws(np.maximum(quota - k, 0), SHARES, np.maximum(cap - n, 0))
    mean = (joint * more).sum(1) / joint.sum(1)
    return np.asarray((states[:, 1] + mean)[which.ravel()])


def stopped_share(correct: pl.Expr, drawn: pl.Expr, met: pl.Expr) -> pl.Expr:
    """The share of right answers, from a run that stopped when it had enough of them; null without draws.

    Stopping at a right answer makes k/n too large. All orders of the draws before the last one are equally
    likely, also where only distinct answers counted, so (k − 1)/(n − 1) has the true share as its mean
    (Haldane, "On a Method of Estimating Frequencies", Biometrika 33, 1945). At the cap it is k/n.

    Args:
        correct: right answers, whether or not they counted.
        drawn: draws.
        met: whether the last draw was a right answer that ended the run: it met the quota, or was one
            repeat too many.
    """
    ended = pl.when(drawn > 1).then((correct - 1) / (drawn - 1)).otherwise(1.0)
    return pl.when(drawn > 0).then(pl.when(met).then(ended).otherwise(correct / drawn))


def _band(difficulty: pl.Expr, count: int) -> pl.Expr:
    return (difficulty * count).floor().clip(0, count - 1).cast(pl.Int64())


def _up(number: pl.Expr) -> pl.Expr:
    return (number - _SLACK).ceil().clip(1).cast(pl.Int64())
