"""A budget of samples or tokens, spent where a label is closest to turning.

What counts against it are the samples that the labels rest on, drawn now or stored before. So the rounds
come out alike however much is in the store, and a second run with the same budget draws nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from synth.sampling.stopping import StopRules
from synth.sampling.walk import Counts, Reals

AT_A_TIME: Final = 2
"""Draws for a question in one round, at most: its label may settle, and others be closer to turning."""
ROUND: Final = 8
"""A round spends this fraction, 1/8, of what is left: all at once would be `fixed` over again."""
SMALLEST_ROUND: Final = 64
"""Draws in a round at least, to keep an engine busy."""


def samples_within(tokens: int, bound: int) -> int:
    """Samples that so many tokens are certain to pay for.

    Args:
        tokens: left of the budget.
        bound: tokens that a sample may cost, at most.
    """
    return max(tokens, 0) // bound


def allot(
    rules: StopRules, n: Counts, used: Counts, k: Counts, w: Counts, left: int, quota: Counts | None = None
) -> Counts:
    """How many further draws each question may make in this round; all 0: the rules are done, or the budget.

    First every question is opened: with the pilot where the rule has one, else with the fewest draws that
    could settle a label, or half of an even share of the budget where that is less. Then each round goes to
    the questions whose labels are likeliest to be wrong. Where the budget can no longer bind, every
    question may draw all it has left and its rule alone decides.

    The caller draws, and calls again with the new states; after a pilot it lets the rules learn in between.
    The sum never exceeds `left`. The result depends on the arguments alone; among equals the first come
    first. All arrays have the shape (questions,).

    Args:
        rules: the stop rule for each n.
        n: draws a question may make at most.
        used: draws that count so far.
        k: correct ones.
        w: wrong ones.
        left: samples left of the budget.
        quota: the correct answers that each question waits for; None for those of the settings.
    """
    quota = np.full_like(n, rules.settings.quota) if quota is None else quota
    more, doubt = _states(rules, n, quota, used, k, w)
    rest = np.where(more > 0, n - used, 0)
    if left <= 0 or not rest.any():
        return np.zeros_like(rest)
    if not rules.pilot and rest.sum() <= left:
        return rest
    opening = np.clip(_opening(rules, n, quota, left + int(used.sum())) - used, 0, more)
    if opening.any():
        return _first(opening, left)
    order = np.argsort(-doubt, kind="stable")
    given = np.zeros_like(rest)
    given[order] = _first(np.minimum(more, AT_A_TIME)[order], min(left, max(left // ROUND, SMALLEST_ROUND)))
    return given


def _opening(rules: StopRules, n: Counts, quota: Counts, budget: int) -> Counts:
    """Draws that open each question."""
    sizes, which = np.unique(np.stack([n, quota], 1), axis=0, return_inverse=True)
    fewest = [rules.wanting(*size).more(0, 0, 0) for size in sizes.tolist()]
    wanted = np.array(fewest, np.int64)[which.ravel()]
    if rules.pilot:
        return wanted
    return np.minimum(wanted, max(budget // (2 * len(n)), 1))


def _first(wanted: Counts, left: int) -> Counts:
    """What is wanted, from the top, as far as it goes."""
    before = wanted.cumsum() - wanted
    return np.clip(left - before, 0, wanted)


def _states(
    rules: StopRules, n: Counts, quota: Counts, used: Counts, k: Counts, w: Counts
) -> tuple[Counts, Reals]:
    """What `more` and `doubt` say of each question; questions in the same state are looked at once."""
    size = int(n.max(initial=0)) + 1
    _, kinds, kind = np.unique(np.stack([n, quota], 1), axis=0, return_index=True, return_inverse=True)
    codes = ((kind.ravel().astype(np.int64) * size + used) * size + k) * size + w
    _, at, which = np.unique(codes, return_index=True, return_inverse=True)
    more, doubt = np.zeros(len(at), np.int64), np.zeros(len(at))
    for number, first in enumerate(kinds):
        here = np.flatnonzero(kind.ravel()[at] == number)
        rule = rules.wanting(int(n[first]), int(quota[first]))
        states = used[at[here]], k[at[here]], w[at[here]]
        more[here] = [rule.more(*state) for state in zip(*(s.tolist() for s in states), strict=True)]
        doubt[here] = rule.doubt(*states)
    return more[which], doubt[which]
