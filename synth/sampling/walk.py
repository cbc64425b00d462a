"""Rules that stop by the counts (k, w) of correct and wrong answers alone, seen as walks on a lattice.

Each judged draw is a step, to k + 1 or to w + 1; the walk ends on the boundary, or where the draws run
out. An unjudged draw is no step, so its place among the others changes nothing and one table over
(k, w), kept by diagonals m = k + w, describes a rule for every n and every number of unjudged draws. The
table holds, for each point, the logarithm of the number of walks that reach it without having ended, and
of those whose first step is to k + 1. All walks to a point are equally likely, whatever the share p, so
their number times p^k (1 − p)^w is the probability of coming there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtrc, xlog1py, xlogy

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
Reals = NDArray[np.float64]


class Boundary(Protocol):
    """Where walks end."""

    def stops(self, k: Counts, w: Counts) -> Flags:
        """Whether a walk that reaches (k, w) ends there."""
        ...


class Diagonal(NamedTuple):
    """The points k + w = m that walks reach: k goes up from `first`.

    Attributes:
        first: the least k.
        log_walks: of the walks to each point, −inf where there are none.
        log_begun: of those whose first step is to k + 1.
        stops: whether they end there.
    """

    first: int
    log_walks: Reals
    log_begun: Reals
    stops: Flags

    @property
    def k(self) -> Counts:
        """The number of correct answers at each point."""
        return np.arange(self.first, self.first + len(self.log_walks), dtype=np.int64)


class Endings(NamedTuple):
    """Where a rule can end: one element a state.

    Attributes:
        used: draws made.
        k: correct ones.
        w: wrong ones.
        log_orders: logarithm of the number of orders of draws that end there.
        estimate: the unbiased share there.
    """

    used: Counts
    k: Counts
    w: Counts
    log_orders: Reals
    estimate: Reals

    def probability(self, p: ArrayLike) -> Reals:
        """Of ending in each state, shape (shares, states), if every draw is judged.

        Args:
            p: shares of correct answers, shape (shares,).
        """
        judged = self.used == self.k + self.w
        log_orders = np.where(judged, self.log_orders, -np.inf)
        p = np.asarray(p, np.float64)[:, None]
        probability: Reals = np.exp(log_orders + xlogy(self.k, p) + xlog1py(self.w, -p))
        return probability


@dataclass
class Walk:
    """The walks of a boundary; diagonals are counted when first asked for.

    Attributes:
        boundary: where they end.
    """

    boundary: Boundary
    _diagonals: list[Diagonal] = field(default_factory=list, repr=False)

    def diagonal(self, m: int) -> Diagonal | None:
        """The points that m steps lead to; None where every walk has ended before."""
        if not self._diagonals:
            nothing = np.array([-np.inf])
            self._diagonals.append(Diagonal(0, np.zeros(1), nothing, np.zeros(1, bool)))
        while len(self._diagonals) <= m:
            last = self._diagonals[-1]
            alive = np.flatnonzero(~last.stops & (last.log_walks > -np.inf))
            if not alive.size:
                return None
            self._diagonals.append(self._next(last, alive[0], alive[-1] + 1, len(self._diagonals)))
        return self._diagonals[m]

    def fewest(self, k: int, w: int, most: int) -> int:
        """The fewest steps from (k, w) that could end a walk; `most` where the boundary is further."""
        if self.boundary.stops(np.array(k), np.array(w)):
            return 0
        for steps in range(1, most):
            diagonal = self.diagonal(k + w + steps)
            if diagonal is None:
                break
            low = max(k - diagonal.first, 0)
            if diagonal.stops[low : k + steps + 1 - diagonal.first].any():
                return steps
        return most

    def estimate(self, k: int, w: int) -> float | None:
        """The unbiased share where a walk ends in (k, w); None where no walk comes, or at the start.

        The share of walks whose first step is to k + 1: its mean is p under every rule (Girshick, Mosteller
        & Savage, "Unbiased Estimates for Certain Binomial Sampling Problems", 1946, theorem 2).
        """
        diagonal = self.diagonal(k + w)
        if diagonal is None or k + w == 0 or not 0 <= k - diagonal.first < len(diagonal.log_walks):
            return None
        log_walks = diagonal.log_walks[k - diagonal.first]
        if log_walks == -np.inf:
            return None
        return float(np.exp(diagonal.log_begun[k - diagonal.first] - log_walks))

    def endings(self, n: int) -> Endings:
        """Where walks of n steps at most end."""
        parts = []
        for m in range(1, n + 1):
            if (diagonal := self.diagonal(m)) is None:
                break
            ends = (diagonal.stops | (m == n)) & (diagonal.log_walks > -np.inf)
            k, log_walks = diagonal.k[ends], diagonal.log_walks[ends]
            estimate = np.exp(diagonal.log_begun[ends] - log_walks)
            parts.append((np.full_like(k, m), k, m - k, log_walks, estimate))
        return Endings(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def expected_draws(self, n: int, p: Reals, unjudged: float) -> Reals:
        """Mean number of draws, n at most, for each share p of the judged draws; shape (shares,).

        Given that the walk ends after m steps, the draws are T, the waiting time for the m-th judged one, and
        E min(T, n) is the sum of P(at least j of n are judged) over j = 1 … m, divided by P(judged).
        """
        if unjudged >= 1:
            return np.full(len(p), float(n))
        endings = self.endings(n)
        ends = self.boundary.stops(endings.k, endings.w)
        steps = np.arange(1, n + 1)
        waits = np.r_[0.0, bdtrc(steps - 1, n, 1 - unjudged).cumsum() / (1 - unjudged)]
        saved = np.where(ends, n - waits[endings.used], 0.0)
        return np.asarray(n - in_parts(lambda part: endings.probability(part) @ saved, p, len(saved)))

    def _next(self, last: Diagonal, low: int, high: int, m: int) -> Diagonal:
        here = slice(low, high)
        going = np.where(last.stops[here], -np.inf, last.log_walks[here])
        begun = np.where(last.stops[here], -np.inf, last.log_begun[here])
        log_walks, log_begun = _step(going), _step(begun)
        if m == 1:
            log_begun = np.array([-np.inf, 0.0])
        first = last.first + int(low)
        k = np.arange(first, first + len(log_walks), dtype=np.int64)
        return Diagonal(first, log_walks, log_begun, self.boundary.stops(k, m - k))


def in_parts(of: Callable[[Reals], Reals], p: Reals, states: int) -> Reals:
    """A function of shares, for as many shares at once as make tables of a moderate size.

    Args:
        of: gives a value for each share.
        p: the shares.
        states: columns of its table, one row a share.
    """
    at_once = max(4_000_000 // max(states, 1), 1)
    parts = [of(p[start : start + at_once]) for start in range(0, len(p), at_once)]
    return np.concatenate(parts) if parts else np.zeros(0)


def _step(log_counts: Reals) -> Reals:
    """One more step: each point is reached from the two before it."""
    nowhere = np.array([-np.inf])
    after: Reals = np.logaddexp(np.r_[log_counts, nowhere], np.r_[nowhere, log_counts])
    return after
