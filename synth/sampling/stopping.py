"""When a question needs no more samples, and what its share of correct answers is then.

`fixed` draws n. `curtail` stops as soon as the remaining draws cannot change the label. `sprt` tests which
side of a band the share is on. `width` stops at a narrow interval, `quota` at so many correct answers.
`posterior` learns from a pilot how shares are spread and draws on while a decision is open.
Their guarantees and numbers: docs/stopping.md.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from synth.sampling.curtailment import LARGEST_TABLE, Curtailment
from synth.sampling.families import Family, Fixed, Quota, Width
from synth.sampling.interval import interval
from synth.sampling.posterior import JEFFREYS, Posterior, learn_prior
from synth.sampling.rule import LabelRule
from synth.sampling.settings import StopName, StopSettings
from synth.sampling.sprt import Sprt
from synth.sampling.walk import Counts, Endings, Reals, Walk

__all__ = ["LARGEST_TABLE", "StopName", "StopRule", "StopRules", "StopSettings"]


class StopRule:
    """A stop rule for n draws.

    A state is (used, k, w): draws made, correct and wrong ones. What could not be judged is in neither.

    Attributes:
        name: of the rule.
        n: draws at most.
        rule: the label rule.
        settings: the rule's numbers.
        weights: the prior of `posterior`; None until it is learned, and for the other rules.
    """

    def __init__(self, name: StopName, n: int, rule: LabelRule, settings: StopSettings | None = None) -> None:
        self.name: StopName = name
        self.n = n
        self.rule = rule
        self.settings = settings or StopSettings()
        self.weights: Reals | None = None
        self._fewest: dict[tuple[int, int], int] = {}

    @property
    def adaptive(self) -> bool:
        """Whether verdicts can end a question before n draws."""
        return self.name != "fixed" and not (self.name == "curtail" and self.n > LARGEST_TABLE)

    def more(self, used: int, k: int, w: int) -> int:
        """How many draws to make next: 0 when done, and never one that could turn out needless.

        No question can be done in fewer draws than this, so none of them is wasted. Where a prior has yet to
        be learned, what is missing of the pilot.
        """
        if used >= self.n or not self.adaptive:
            return max(self.n - used, 0)
        if self.name == "quota":
            return min(max(self.settings.quota - k, 0), self.n - used)
        if self.name == "posterior" and self.weights is None:
            return max(min(self.settings.pilot_draws, self.n) - used, 0)
        if self._curtailment:
            return self._curtailment.fewest(used, k, w)
        if (k, w) not in self._fewest:
            self._fewest[k, w] = self._walk.fewest(k, w, self.n - k - w)
        return min(self._fewest[k, w], self.n - used)

    def settled_label(self, used: int, k: int, w: int) -> int:
        """The label at a stopping point; short of one (samples are missing), the rule on what is there."""
        if self._curtailment and used <= self.n and self._curtailment.fewest(used, k, w) == 0:
            return self._curtailment.label(k, w)
        return int(self._family.label(np.array(used), np.array(k), np.array(w)))

    def estimate(self, used: int, k: int, w: int) -> float | None:
        """The unbiased share of correct answers at a stopping point; None where nothing was judged.

        All orders of draws that lead to one stopping point are equally likely, so the share of those
        whose first judged draw is correct has the true share as its mean (Girshick, Mosteller & Savage,
        1946). For `fixed` this is k/(k+w); for a plain threshold it is (k−1)/(n−1) or k/(n−1).
        """
        if k + w == 0:
            return None
        share = None
        if self.name == "quota":
            met = k >= self.settings.quota and k + w > 1
            share = (k - 1) / (k + w - 1) if met else None
        elif self._curtailment:
            share = self._curtailment.estimate(used, k, w)
        elif self.adaptive:
            share = self._walk.estimate(k, w)
        return k / (k + w) if share is None else share

    def interval(self, used: int, k: int, w: int) -> tuple[float, float]:
        """The interval of the share at level `synth.sampling.interval.LEVEL`."""
        low, high = interval(k, w)
        return float(low), float(high)

    def doubt(self, used: ArrayLike, k: ArrayLike, w: ArrayLike) -> Reals:
        """How close a label is to turning: the posterior probability that it is wrong; 0 where done.

        `quota` and `width` wait for no label; theirs is that of the label rule. Arrays broadcast.
        """
        used, k, w = np.broadcast_arrays(*(np.asarray(count, np.int64) for count in (used, k, w)))
        states = zip(used.ravel().tolist(), k.ravel().tolist(), w.ravel().tolist(), strict=True)
        open_ = np.array([self.more(*state) > 0 for state in states], bool).reshape(used.shape)
        return np.where(open_, self._family.doubt(k, w), 0.0)

    def expected_draws(self, p: ArrayLike, unjudged: float = 0.0) -> Reals:
        """Mean number of draws of a question, exactly; for a plan.

        Args:
            p: shares of correct answers among the judged, any shape.
            unjudged: share of draws that cannot be judged, 0 to 1.
        """
        shares = np.atleast_1d(np.asarray(p, np.float64))
        flat = shares.ravel()
        if not self.adaptive:
            draws = np.full(flat.shape, float(self.n))
        elif self._curtailment:
            draws = self._curtailment.expected_draws(flat, unjudged)
        else:
            draws = self._walk.expected_draws(self.n, flat, unjudged)
        return np.asarray(draws.reshape(np.shape(p)))

    def endings(self) -> Endings:
        """Every state where drawing can end if every draw is judged."""
        if not self._curtailment:
            return self._walk.endings(self.n)
        ends = self._curtailment.endings
        judged = ends.used == ends.k + ends.w
        return Endings(*(column[judged] for column in ends))

    def learn(self, weights: Reals) -> None:
        """Take a prior on `synth.sampling.posterior.SHARES`; only `posterior` has a use for it."""
        self.weights = weights
        self._fewest.clear()
        self.__dict__.pop("_family", None)
        self.__dict__.pop("_walk", None)

    @cached_property
    def _family(self) -> Family:
        settings = self.settings
        if self.name == "sprt":
            return Sprt(*settings.band, settings.alpha, settings.beta)
        if self.name == "width":
            return Width(self.rule, settings.width)
        if self.name == "quota":
            return Quota(self.rule, settings.quota)
        if self.name == "posterior":
            weights = JEFFREYS if self.weights is None else self.weights
            return Posterior(self.n, self.rule, settings, weights)
        return Fixed(self.rule)

    @cached_property
    def _walk(self) -> Walk:
        return Walk(self._family)

    @cached_property
    def _curtailment(self) -> Curtailment | None:
        return Curtailment(self.n, self.rule) if self.name == "curtail" and self.adaptive else None


class StopRules(dict[int, StopRule]):
    """One stop rule for each n, made when first asked for; n differs where a recorded pool is short.

    Prompts with a quota of their own have rules of their own: `wanting`.

    Args:
        name: of the rule.
        rule: the label rule.
        settings: the rule's numbers.
    """

    def __init__(self, name: StopName, rule: LabelRule, settings: StopSettings | None = None) -> None:
        super().__init__()
        self.name: StopName = name
        self.rule = rule
        self.settings = settings or StopSettings()
        self.weights: Reals | None = None
        self._of_quota: dict[int, StopRules] = {}

    def wanting(self, n: int, quota: int | None) -> StopRule:
        """The rule of a prompt.

        Args:
            n: its draws at most.
            quota: the correct answers it waits for; None for those of the settings.
        """
        if quota is None or quota == self.settings.quota:
            return self[n]
        if quota not in self._of_quota:
            own = replace(self.settings, quota=quota)
            self._of_quota[quota] = StopRules(self.name, self.rule, own)
            self._of_quota[quota].weights = self.weights
        return self._of_quota[quota][n]

    @property
    def pilot(self) -> int:
        """Draws a question, at most, before the rule wants to learn from all of them; 0: nothing to learn."""
        return self.settings.pilot_draws if self.name == "posterior" and self.weights is None else 0

    def learn(self, k: Counts, w: Counts) -> None:
        """Learn a prior from every question's counts after its pilot, that is its first `pilot_draws` draws.

        The rules handed out already know it too. The same counts give the same prior, in any order.

        Args:
            k: correct answers, shape (questions,).
            w: wrong answers, same shape.
        """
        self.weights = learn_prior(np.asarray(k, np.int64), np.asarray(w, np.int64))
        for rules in (self, *self._of_quota.values()):
            rules.weights = self.weights
            for stop in rules.values():
                stop.learn(self.weights)

    def __missing__(self, n: int) -> StopRule:
        self[n] = StopRule(self.name, n, self.rule, self.settings)
        if self.weights is not None:
            self[n].learn(self.weights)
        return self[n]
