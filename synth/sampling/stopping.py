"""When a question needs no more samples, and what its share of correct answers is then.

`fixed` draws n. `curtail` stops as soon as no outcome of the remaining draws can change the label, so
its labels are those of `fixed` (exact curtailment). Everything about a rule is three tables over the
states (used, k, w): the labels that are still possible, the fewest draws that could leave one, and how
many orders of draws lead there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from synth.sampling.rule import LabelRule

StopName = Literal["fixed", "curtail"]

LARGEST_TABLE: Final = 512
"""n above which `curtail` draws all n: its tables would not fit in memory."""


@dataclass(frozen=True)
class StopRule:
    """A stop rule for n draws.

    Attributes:
        name: "fixed" or "curtail".
        n: draws at most.
        rule: the label rule whose outcome `curtail` waits for.
    """

    name: StopName
    n: int
    rule: LabelRule

    @property
    def adaptive(self) -> bool:
        """Whether verdicts can end a question before n draws."""
        return self.name == "curtail" and self.n <= LARGEST_TABLE

    def more(self, used: int, k: int, w: int) -> int:
        """How many draws to make next: 0 when done, and never one that could turn out needless.

        A label cannot be settled in fewer draws than this, so none of them is wasted.
        """
        if not self.adaptive:
            return self.n - used
        return int(self._fewest[used][k, w])

    def settled_label(self, used: int, k: int, w: int) -> int:
        """The label at a stopping point; short of one (samples are missing), the rule on what is there."""
        if self.adaptive and used <= self.n and self._fewest[used][k, w] == 0:
            return int(self._possible[used][k, w])
        return int(self.rule.label(np.array(k), np.array(w), np.array(used)))

    def estimate(self, used: int, k: int, w: int) -> float | None:
        """The unbiased share of correct answers at a stopping point; None where nothing was judged.

        All orders of draws that lead to one stopping point are equally likely, so the share of those
        whose first judged draw is correct has the true share as its mean (Girshick, Mosteller & Savage,
        1946). For `fixed` this is k/(k+w); for a plain threshold it is (k−1)/(n−1) or k/(n−1).
        """
        if k + w == 0:
            return None
        if not self.adaptive or used not in self._stops_at:
            return k / (k + w)
        orders, first_correct = self._orders
        total = float(orders[used][k, w])
        return k / (k + w) if total == 0 else float(first_correct[used][k, w]) / total

    @cached_property
    def _possible(self) -> list[NDArray[np.uint8]]:
        """For each number of draws a table over (k, w) of the labels that can still come out."""
        tables = [np.zeros((0, 0), np.uint8)] * (self.n + 1)
        k, w = np.indices((self.n + 1, self.n + 1))
        tables[self.n] = self.rule.label(k, w, np.full_like(k, self.n))
        for used in range(self.n - 1, -1, -1):
            after = tables[used + 1]
            tables[used] = (after[:-1, :-1] | after[1:, :-1] | after[:-1, 1:]).astype(np.uint8)
        return tables

    @cached_property
    def _fewest(self) -> list[NDArray[np.int32]]:
        """For each state the fewest draws after which its label could be settled."""
        settled = [(table & (table - 1)) == 0 for table in self._possible]
        fewest = [np.zeros(0, np.int32)] * (self.n + 1)
        fewest[self.n] = np.zeros((self.n + 1, self.n + 1), np.int32)
        for used in range(self.n - 1, -1, -1):
            after = fewest[used + 1]
            nearest = np.minimum(np.minimum(after[:-1, :-1], after[1:, :-1]), after[:-1, 1:])
            fewest[used] = np.where(settled[used], 0, nearest + 1).astype(np.int32)
        return fewest

    @cached_property
    def _stops_at(self) -> frozenset[int]:
        return frozenset(used for used in range(self.n + 1) if (self._fewest[used] == 0).any())

    @cached_property
    def _orders(self) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
        """For each state the number of orders of draws that reach it: all, and those that begin correct.

        Orders pass only through states where the rule goes on.
        """
        size = self.n + 1
        start = np.zeros((size, size))
        start[0, 0] = 1.0
        orders, begun_correct = [start], [np.zeros((size, size))]
        for used in range(self.n):
            going = np.zeros((size, size), bool)
            table = self._fewest[used]
            going[: table.shape[0], : table.shape[1]] = table > 0
            here, correct = orders[-1] * going, begun_correct[-1] * going
            unjudged = here.copy()
            orders.append(_step(here))
            begun = _step(correct)
            begun[1, 0] += unjudged[0, 0]  # the first judged draw is correct
            begun_correct.append(begun)
        return orders, begun_correct


def _step(paths: NDArray[np.float64]) -> NDArray[np.float64]:
    """One more draw: unjudged, correct (k + 1) or wrong (w + 1)."""
    after = paths.copy()
    after[1:, :] += paths[:-1, :]
    after[:, 1:] += paths[:, :-1]
    return after


class StopRules(dict[int, StopRule]):
    """One stop rule for each n, made when first asked for; n differs where a recorded pool is short.

    Args:
        name: of the rule.
        rule: the label rule.
    """

    def __init__(self, name: StopName, rule: LabelRule) -> None:
        super().__init__()
        self.name: StopName = name
        self.rule = rule

    def __missing__(self, n: int) -> StopRule:
        self[n] = StopRule(self.name, n, self.rule)
        return self[n]
