"""Exact curtailment: stop as soon as the draws that remain cannot change the label.

What remains depends on the draws used, unjudged ones too, so the states are (used, k, w). Which labels can
still come out only shrinks from draw to draw, even where k and w stay as they are; one table over (k, w) of
the number of draws at which the label is settled therefore says all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from synth.sampling.rule import LabelRule
from synth.sampling.walk import Counts, Endings, Reals, in_parts

LARGEST_TABLE: Final = 512
"""n above which nothing is curtailed: counting takes time as n³, two seconds at this size."""


@dataclass(frozen=True)
class Curtailment:
    """The label of n draws, known as early as can be.

    Attributes:
        n: draws at most, up to `LARGEST_TABLE`.
        rule: whose label.
    """

    n: int
    rule: LabelRule
    _fewest: dict[tuple[int, int, int], int] = field(default_factory=dict, repr=False, compare=False)

    def fewest(self, used: int, k: int, w: int) -> int:
        """The fewest draws after which the label could be settled; 0 where it is."""
        state = (used, k, w)
        if state not in self._fewest:
            left = self.n - used
            settled_at = self._settled_at[k : k + left + 1, w : w + left + 1]
            steps = np.add.outer(np.arange(settled_at.shape[0]), np.arange(settled_at.shape[1]))
            self._fewest[state] = int(np.maximum(steps, settled_at - used).min())
        return self._fewest[state]

    def label(self, k: int, w: int) -> int:
        """The label where it is settled: that of all n, the rest unjudged or not."""
        return int(self.rule.label(np.array(k), np.array(w), np.array(self.n)))

    def estimate(self, used: int, k: int, w: int) -> float | None:
        """The unbiased share at a state where drawing ends (`Walk.estimate`); None elsewhere."""
        codes, shares = self._estimates
        code = self._code(np.array(used), np.array(k), np.array(w))
        at = int(np.searchsorted(codes, code))
        found = at < len(codes) and codes[at] == code
        return float(shares[at]) if found and k + w else None

    def expected_draws(self, p: Reals, unjudged: float) -> Reals:
        """Mean number of draws for each share p of the judged ones; shape (shares,)."""
        ends = self.endings
        log_orders = ends.log_orders + xlogy(ends.used - ends.k - ends.w, unjudged)

        def mean(p: Reals) -> Reals:
            correct, wrong = (1 - unjudged) * p[:, None], (1 - unjudged) * (1 - p[:, None])
            log_p = xlogy(ends.k, correct) + xlogy(ends.w, wrong)
            return np.asarray(np.exp(log_orders + log_p) @ ends.used)

        return in_parts(mean, p, len(ends.used))

    @cached_property
    def endings(self) -> Endings:
        """Every state where drawing ends, unjudged draws included; the states are in order."""
        size = self.n + 1
        orders, begun = np.zeros((size, size)), np.zeros((size, size))
        orders[0, 0] = 1.0
        parts = []
        for used in range(size):
            inside = slice(0, used + 1)
            ends = np.zeros((size, size), bool)
            ends[inside, inside] = (self._settled_at[inside, inside] <= used) & (orders[inside, inside] > 0)
            k, w = np.nonzero(ends)
            if k.size:
                total = orders[k, w]
                # Counts are kept as 3^−used of themselves: they would not fit otherwise.
                log_orders = np.log(total) + used * np.log(3)
                parts.append((np.full_like(k, used), k, w, log_orders, begun[k, w] / total))
            orders[ends] = begun[ends] = 0.0
            begins = orders[0, 0] / 3
            orders, begun = _step(orders, used), _step(begun, used)
            if used < self.n:
                begun[1, 0] += begins
        return Endings(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    @cached_property
    def _estimates(self) -> tuple[Counts, Reals]:
        ends = self.endings
        codes = self._code(ends.used, ends.k, ends.w)
        order = codes.argsort()
        return codes[order], ends.estimate[order]

    def _code(self, used: Counts, k: Counts, w: Counts) -> Counts:
        """A state as one number."""
        code: Counts = (used.astype(np.int64) * (self.n + 1) + k) * (self.n + 1) + w
        return code

    @cached_property
    def _settled_at(self) -> NDArray[np.int16]:
        """For each (k, w) the fewest used draws at which only one label is left; n at most."""
        k, w = np.indices((self.n + 1, self.n + 1), np.int32)
        possible = self.rule.label(k, w, np.full_like(k, self.n))
        settled_at = np.full(possible.shape, self.n, np.int16)
        for used in range(self.n - 1, -1, -1):
            possible = possible[:-1, :-1] | possible[1:, :-1] | possible[:-1, 1:]
            settled_at[: used + 1, : used + 1][(possible & (possible - 1)) == 0] = used
        return settled_at


def _step(orders: Reals, used: int) -> Reals:
    """One more draw, of three kinds: unjudged, correct (k + 1) or wrong (w + 1)."""
    inside, above = slice(0, used + 1), slice(1, used + 2)
    after = orders / 3
    size = len(orders)
    if used + 1 < size:
        after[above, inside] += orders[inside, inside] / 3
        after[inside, above] += orders[inside, inside] / 3
    return after
