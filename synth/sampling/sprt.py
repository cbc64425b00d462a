"""Wald's sequential probability ratio test of p ≤ low against p ≥ high, cut off where the draws end.

Source: Wald, "Sequential Tests of Statistical Hypotheses", Annals of Mathematical Statistics 16(2), 1945.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.special import betainc, xlog1py, xlogy

from synth.sampling.families import Labels
from synth.sampling.rule import KNOWN, UNDECIDED, UNKNOWN
from synth.sampling.walk import Counts, Flags, Reals, Walk

_SLACK = 1e-9
"""So that a sum of steps that equals the boundary counts as having reached it."""


@dataclass(frozen=True)
class Sprt:
    """Known where the likelihood ratio of high to low reaches 1/α, unknown where it falls to β.

    With these boundaries each error alone is within its bound (Ville's inequality); Wald's (1 − β)/α and
    β/(1 − α) bound only their sum. Drawing that is cut off after m judged draws has part of α and β left:
    it is spent there: the likelier side is the label where k is large, or small, enough to keep its error
    within its bound. Else the label is undecided, as it is where fewer than half of the draws could be
    judged. The errors hold for every m, so also where draws could not be judged.

    Attributes:
        low: a share at or below it is unknown.
        high: a share at or above it is known.
        alpha: P(known) at most, for every p ≤ low.
        beta: P(unknown) at most, for every p ≥ high.
    """

    low: float
    high: float
    alpha: float
    beta: float
    _ends: list[tuple[int, int, float, float]] = field(default_factory=list, repr=False, compare=False)

    def stops(self, k: Counts, w: Counts) -> Flags:
        """Where the ratio has reached either boundary."""
        ratio = self._log_ratio(k, w)
        return np.asarray((ratio >= -np.log(self.alpha) - _SLACK) | (ratio <= np.log(self.beta) + _SLACK))

    def label(self, used: Counts, k: Counts, w: Counts) -> Labels:
        """The test's outcome, drawing being cut off here if it has not ended."""
        used, k, w = np.broadcast_arrays(used, k, w)
        judged = k + w
        ratio = self._log_ratio(k, w)
        least, greatest = self._cut_off(int(judged.max(initial=0)))
        stops = self.stops(k, w)
        known = (ratio > _SLACK) & (stops | (k >= least[judged]))
        unknown = (ratio < -_SLACK) & (stops | (k <= greatest[judged]))
        labels = np.where(known, KNOWN, np.where(unknown, UNKNOWN, UNDECIDED))
        return np.where(2 * judged < used, UNDECIDED, labels).astype(np.uint8)

    def doubt(self, k: Counts, w: Counts) -> Reals:
        """The posterior beyond the band of the likelier label, from Jeffreys' prior."""
        at_low = betainc(k + 0.5, w + 0.5, self.low)
        at_high = 1 - betainc(k + 0.5, w + 0.5, self.high)
        return np.asarray(np.minimum(at_low, at_high))

    def _log_ratio(self, k: Counts, w: Counts) -> Reals:
        return np.asarray(
            k * np.log(self.high / self.low) + w * np.log((1 - self.high) / (1 - self.low)), np.float64
        )

    @cached_property
    def _walk(self) -> Walk:
        return Walk(self)

    def _cut_off(self, most: int) -> tuple[Counts, Counts]:
        """For 0 … `most` judged draws the least k that is known and the greatest that is unknown there."""
        while len(self._ends) <= most:
            crossed_low, crossed_high = self._ends[-1][2:] if self._ends else (0.0, 0.0)
            m = len(self._ends)
            diagonal = self._walk.diagonal(m)
            if diagonal is None:
                self._ends.append((m + 1, -1, crossed_low, crossed_high))
                continue
            k = diagonal.k
            at_low, at_high = (
                np.exp(diagonal.log_walks + xlogy(k, p) + xlog1py(m - k, -p)) for p in (self.low, self.high)
            )
            up = diagonal.stops & (self._log_ratio(k, m - k) > 0)
            down = diagonal.stops & ~up
            crossed_low += float(at_low[up].sum())
            crossed_high += float(at_high[down].sum())
            tail_low = np.where(diagonal.stops, 0.0, at_low)[::-1].cumsum()[::-1]
            tail_high = np.where(diagonal.stops, 0.0, at_high).cumsum()
            known = k[crossed_low + tail_low <= self.alpha]
            unknown = k[crossed_high + tail_high <= self.beta]
            least = int(known.min()) if known.size else m + 1
            greatest = int(unknown.max()) if unknown.size else -1
            self._ends.append((least, greatest, crossed_low, crossed_high))
        least_known, greatest_unknown, _, _ = zip(*self._ends, strict=True)
        return np.array(least_known, np.int64), np.array(greatest_unknown, np.int64)
