"""Pilot and top-up: learn from all questions how shares are spread, then draw on while a decision is open.

The spread is the nonparametric maximum-likelihood prior of the pilot counts, with a few imagined questions
of Jeffreys' prior: these decide while there are few real ones, and drown in many.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc, xlog1py, xlogy

from synth.sampling.families import Labels
from synth.sampling.rule import KNOWN, UNDECIDED, UNKNOWN, LabelRule
from synth.sampling.settings import StopSettings
from synth.sampling.walk import Counts, Flags, Reals

POINTS: Final = 256
"""Shares that carry a prior: sin² of evenly spaced angles, on which Jeffreys' prior is uniform."""
IMAGINED: Final = 8.0
"""Questions' worth of Jeffreys' prior among those that a prior is learned from."""
STEPS: Final = 400
"""Steps of expectation-maximisation; a fixed number, so that the same counts give the same prior."""

SHARES: Final[Reals] = np.sin(np.pi * (2 * np.arange(POINTS) + 1) / (4 * POINTS)) ** 2
JEFFREYS: Final[Reals] = np.full(POINTS, 1 / POINTS)


def learn_prior(k: NDArray[np.int64], w: NDArray[np.int64]) -> Reals:
    """The weights of `SHARES` learned from every question's pilot counts; the order of questions is nothing.

    Args:
        k: correct pilot answers, shape (questions,).
        w: wrong ones, same shape.

    Source: Laird, "Nonparametric Maximum Likelihood Estimation of a Mixing Distribution", JASA 73, 1978.
    """
    states, counts = np.unique(np.stack([k, w], 1), axis=0, return_counts=True)
    log_likelihood = _log_likelihood(states[:, 0], states[:, 1])
    likelihood = np.exp(log_likelihood - log_likelihood.max(1, keepdims=True))
    weights = JEFFREYS
    for _ in range(STEPS):
        joint = likelihood * weights
        responsibility = counts @ (joint / joint.sum(1, keepdims=True)) + IMAGINED * JEFFREYS
        weights = responsibility / responsibility.sum()
    return weights


@dataclass(frozen=True)
class Posterior:
    """Ends once a decision is wrong with probability at most `max_doubt`, given the prior.

    "label": on which side of the band p is; inside it either will do. Known and unknown are what is sure
    enough; both at once (p is in the band) and neither are undecided.
    "bin": between which edges of a scale p is.
    "quota": that n draws will not give the wanted correct answers; ends also when they have.

    Nothing ends before `pilot_draws` judged draws.

    Attributes:
        n: draws at most.
        rule: gives the labels where a bin or a quota is decided.
        settings: band, edges, quota, max_doubt, pilot_draws.
        weights: of the prior on `SHARES`.
    """

    n: int
    rule: LabelRule
    settings: StopSettings
    weights: Reals

    def stops(self, k: Counts, w: Counts) -> Flags:
        """Where the decision is sure enough."""
        met = (self.settings.decide == "quota") & (k >= self.settings.quota)
        piloted = k + w >= min(self.settings.pilot_draws, self.n)
        sure = (self.doubt(k, w) <= self.settings.max_doubt) & piloted
        return np.asarray(sure | met)

    def label(self, used: Counts, k: Counts, w: Counts) -> Labels:
        """Known or unknown where that is sure enough; the label rule's where something else is decided."""
        if self.settings.decide != "label":
            return self.rule.label(k, w, used)
        low, high = self._beyond(k, w)
        known, unknown = low <= self.settings.max_doubt, high <= self.settings.max_doubt
        undecided = (known == unknown) | (2 * (k + w) < used)
        return np.where(undecided, UNDECIDED, np.where(known, KNOWN, UNKNOWN)).astype(np.uint8)

    def doubt(self, k: Counts, w: Counts) -> Reals:
        """Posterior probability that to decide now is wrong: for the other side or bin, or to give up."""
        if self.settings.decide == "label":
            return np.asarray(np.minimum(*self._beyond(k, w)))
        if self.settings.decide == "bin":
            bins = np.searchsorted(self.settings.edges, SHARES, side="right")
            return np.asarray(1 - self._mass(k, w, np.eye(len(self.settings.edges) + 1)[bins]).max(-1))
        missing, left = self.settings.quota - k, np.maximum(self.n - k - w, 0)
        open_ = (missing > 0) & (missing <= left)
        met = bdtrc(np.where(open_, missing - 1, 0)[..., None], np.where(open_, left, 1)[..., None], SHARES)
        return np.where(open_, (self._weights(k, w) * met).sum(-1), 0.0)

    @cached_property
    def _sides(self) -> Reals:
        (low, high), shares = self.settings.band, SHARES
        return np.stack([shares <= low, shares >= high], 1).astype(np.float64)

    def _beyond(self, k: Counts, w: Counts) -> tuple[Reals, Reals]:
        """Posterior of p at or below the band, and at or above it."""
        sides = self._mass(k, w, self._sides)
        return sides[..., 0], sides[..., 1]

    def _mass(self, k: Counts, w: Counts, groups: Reals) -> Reals:
        """Posterior of each group of shares; `groups` has a row a share and a column a group."""
        return np.asarray(self._weights(k, w) @ groups)

    def _weights(self, k: Counts, w: Counts) -> Reals:
        """The posterior on `SHARES`, shape (…, POINTS)."""
        log_likelihood = _log_likelihood(k, w)
        joint = self.weights * np.exp(log_likelihood - log_likelihood.max(-1, keepdims=True))
        return np.asarray(joint / joint.sum(-1, keepdims=True))


def _log_likelihood(k: Counts, w: Counts) -> Reals:
    """Of each share given the counts, shape (…, POINTS)."""
    k, w = np.broadcast_arrays(np.asarray(k), np.asarray(w))
    return np.asarray(xlogy(k[..., None], SHARES) + xlog1py(w[..., None], -SHARES))
