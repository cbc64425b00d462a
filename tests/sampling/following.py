"""Drawing as a stop rule asks."""

from __future__ import annotations

from synth.sampling.stopping import StopRule


def follow(stop: StopRule, draws: tuple[int, ...]) -> tuple[int, int, int]:
    """Draw as the rule asks: (used, correct, wrong); a draw is 0 correct, 1 wrong, 2 not judged."""
    used = k = w = 0
    while more := stop.more(used, k, w):
        taken = draws[used : used + more]
        assert len(taken) == more
        used, k, w = used + more, k + taken.count(0), w + taken.count(1)
    return used, k, w
