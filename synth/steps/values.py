"""Values of beginnings: of all samples that begin alike, how many came right (OVM)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from synth.steps.solutions import Solution


class Value(NamedTuple):
    """Of a beginning: the solutions that share it, and how many of them are right."""

    right: int
    n: int


def shared(solutions: Sequence[Solution]) -> list[list[Value]]:
    """For each solution of one question the value after each of its steps."""
    n: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for solution in solutions:
        for beginning in _beginnings(solution.steps):
            n[beginning] += solution.copies
            right[beginning] += solution.copies * solution.right
    return [[Value(right[each], n[each]) for each in _beginnings(one.steps)] for one in solutions]


def _beginnings(steps: Sequence[str]) -> list[str]:
    """What stands after each step, whatever its white space."""
    found, text = [], ""
    for step in steps:
        text = " ".join(f"{text} {step}".split())
        found.append(text)
    return found
