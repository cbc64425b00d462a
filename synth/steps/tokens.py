"""What differs between two texts, in numbers, words and signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[^\w\s]")
NOTE: Final = re.compile(r"<<[^<>]*>>")
"""A calculator's note, as in GSM8K: it repeats what stands beside it."""


def tokens(text: str) -> list[str]:
    """The numbers, words and signs of a text, without calculators' notes."""
    return _TOKEN.findall(NOTE.sub("", text))


def changes(before: str, after: str) -> int:
    """How many tokens have to be replaced, put in or left out at least (Levenshtein)."""
    if before == after:
        return 0
    one, other = tokens(before), tokens(after)
    start = _alike(one, other)
    one, other = one[start:], other[start:]
    end = _alike(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    costs = list(range(len(other) + 1))
    for row, token in enumerate(one, 1):
        diagonal, costs[0] = costs[0], row
        for column, twin in enumerate(other, 1):
            best = min(costs[column], costs[column - 1]) + 1
            diagonal, costs[column] = costs[column], min(best, diagonal + (token != twin))
    return costs[-1]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """With how many equal tokens two texts begin."""
    return next(
        (place for place, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )
