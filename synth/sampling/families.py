"""The families of stop rules that need no test: `fixed`, `width` and `quota`.

A family says where drawing ends, which label a state has, and how close that label is to turning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from synth.sampling.interval import interval
from synth.sampling.rule import KNOWN, UNDECIDED, LabelRule
from synth.sampling.walk import Boundary, Counts, Flags, Reals

Labels = NDArray[np.uint8]


class Family(Boundary, Protocol):
    """What a stop rule is made of; all arguments are arrays that broadcast."""

    def label(self, used: Counts, k: Counts, w: Counts) -> Labels:
        """The label of a state, if drawing ends there."""
        ...

    def doubt(self, k: Counts, w: Counts) -> Reals:
        """Posterior probability, 0 to 1, that p is on another side than the label says."""
        ...


@dataclass(frozen=True)
class Fixed:
    """Never ends early. Labels are those of the label rule.

    Attributes:
        rule: the label rule.
    """

    rule: LabelRule

    def stops(self, k: Counts, w: Counts) -> Flags:
        """Nowhere."""
        return np.zeros(np.broadcast(k, w).shape, bool)

    def label(self, used: Counts, k: Counts, w: Counts) -> Labels:
        """What the label rule says of the counts."""
        return self.rule.label(k, w, used)

    def doubt(self, k: Counts, w: Counts) -> Reals:
        """The posterior outside the label's shares, from Jeffreys' prior."""
        low, high = self.rule.grey or (self.rule.threshold, self.rule.threshold)
        known_from, unknown_to = max(self.rule.threshold, high), min(self.rule.threshold, low)

        def below(share: float) -> Reals:
            return np.asarray(betainc(k + 0.5, w + 0.5, share))

        labels = self.rule.label(k, w, k + w)
        decided = np.where(labels == KNOWN, below(known_from), 1 - below(unknown_to))
        return np.where(labels == UNDECIDED, below(low) + 1 - below(high), decided)


@dataclass(frozen=True)
class Width(Fixed):
    """Ends once the interval of the share is no wider than asked.

    Attributes:
        width: the widest interval to end at.
    """

    width: float

    def stops(self, k: Counts, w: Counts) -> Flags:
        """Where the interval is narrow enough."""
        low, high = interval(k, w)
        return np.asarray(high - low <= self.width)


@dataclass(frozen=True)
class Quota(Fixed):
    """Ends with so many correct answers (inverse sampling; Haldane, 1945).

    Attributes:
        quota: correct answers wanted.
    """

    quota: int

    def stops(self, k: Counts, w: Counts) -> Flags:
        """Where the quota is met."""
        return np.asarray(np.broadcast_to(k >= self.quota, np.broadcast(k, w).shape))
