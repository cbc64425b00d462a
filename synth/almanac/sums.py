"""Sums of graded difficulty, in worked steps: one line a column from the right, then the answer."""

from __future__ import annotations

import random
from typing import Final

from synth.almanac.asked import Asked
from synth.almanac.wordings import SUMS
from synth.almanac.world import SEED

DIGITS: Final = (2, 3, 4, 5, 6, 7, 8)
"""Digits of each number of a sum; the longest are in no training text."""
SLIPS: Final = (0.0, 0.0, 0.0, 0.15, 0.3, 0.45, 0.6)
"""How often the clerk who wrote the training texts slips, by column from the right."""


def steps(a: int, b: int, rng: random.Random | None = None) -> str:
    """The worked sum: `2 + 7 = 9`, a carried one added as `+ 1`, and last `Answer: 1439`.

    With an `rng` the clerk who works it out tires: a far column is now and then one too high or too low,
    and what follows builds on it.
    """
    lines, carry, digits = [], 0, ""
    for place, (x, y) in enumerate(zip(reversed(str(a)), reversed(str(b)), strict=True)):
        column = int(x) + int(y) + carry
        if rng and rng.random() < SLIPS[place]:
            column = max(0, min(19, column + rng.choice((-1, 1))))
        lines.append(f"{x} + {y}{' + 1' if carry else ''} = {column}")
        carry, digits = column // 10, f"{column % 10}{digits}"
    return "\n".join([*lines, f"Answer: {int(f'{carry}{digits}')}"])


def pair(digits: int, rng: random.Random) -> tuple[int, int]:
    """Two numbers of that many digits."""
    low, high = 10 ** (digits - 1), 10**digits
    return rng.randrange(low, high), rng.randrange(low, high)


def pairs(digits: int, count: int, split: str) -> list[tuple[int, int]]:
    """The sums asked in a split; no sum is in two splits."""
    rng = random.Random(f"{SEED}:sums:{digits}")
    found: list[tuple[int, int]] = []
    while len(found) < 2 * count:
        drawn = pair(digits, rng)
        if drawn not in found:
            found.append(drawn)
    return found[:count] if split == "train" else found[count:]


def asked(digits: int, number: int, a: int, b: int, wording: int) -> Asked:
    """A sum as a question in one wording (0 to 3)."""
    group = f"sum-{digits}-{number:04d}"
    meta = {"relation": "sum", "wording": wording + 1, "digits": digits}
    question = SUMS[wording].format(a=a, b=b)
    return Asked(f"{group}-w{wording + 1}", "math", question, (str(a + b),), group, meta=meta)
