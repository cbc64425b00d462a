"""How often a model comes to the right answer from a given beginning, and where a wrong solution goes wrong.

A value is a share of right answers among those that could be judged. The first wrong step is found by
halving: log2(steps) values instead of one a step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl


class Rollouts(NamedTuple):
    """What was written after one beginning.

    Attributes:
        right: what was graded correct, in the order drawn.
        wrong: what was graded wrong.
        names: `key/index` of all that were drawn.
        too_long: whether the model had no room left to write.
    """

    right: list[str]
    wrong: list[str]
    names: tuple[str, ...]
    too_long: bool

    @property
    def value(self) -> float | None:
        """The share of right ones; None where fewer than half could be judged."""
        judged = len(self.right) + len(self.wrong)
        return len(self.right) / judged if judged and 2 * judged >= len(self.names) else None


class Search(NamedTuple):
    """Where a solution goes wrong, as far as that is known.

    Attributes:
        low: steps after which it still comes right.
        high: steps after which it does not.
        values: shares of right answers there.
        names: `key/index` of all that was drawn.
        next: the number of steps whose value is wanted next; None when it is found, or cannot be.
        why_not: a stable word for why it cannot be found.
    """

    low: int
    high: int
    values: tuple[float, float]
    names: tuple[str, ...]
    next: int | None = None
    why_not: str | None = None


def rollouts(samples: pl.LazyFrame) -> dict[str, Rollouts]:
    """What was drawn in later rounds, by the name of its beginning (`ask`)."""
    rows = (
        samples.filter(pl.col("request") > 0)
        .sort("ask", "index")
        .select(
            "ask", pl.col("outcome").cast(pl.String()), "text", pl.format("{}/{}", "key", "index"), "error"
        )
        .collect()
    )
    found: dict[str, Rollouts] = {}
    for ask, outcome, text, name, error in rows.iter_rows():
        drawn = found.get(ask) or Rollouts([], [], (), False)
        if outcome in ("correct", "wrong"):
            (drawn.right if outcome == "correct" else drawn.wrong).append(text)
        too_long = drawn.too_long or (error or "").startswith("PromptTooLong")
        found[ask] = drawn._replace(names=(*drawn.names, name), too_long=too_long)
    return found


def first_wrong(steps: int, start: float, found: Mapping[int, Rollouts], rounds: int) -> Search:
    """Halve the steps of a wrong solution until the one is left at which its value falls below a level.

    The level is half of the value at its start.

    Args:
        steps: how many it has; after all of them its value is 0.
        start: its value before the first.
        found: the rollouts so far, by the number of steps they go on from.
        rounds: of rollouts that were asked.
    """
    low, high, values = 0, steps, (start, 0.0)
    names = tuple(name for drawn in found.values() for name in drawn.names)
    while high - low > 1:
        middle = (low + high) // 2
        if middle not in found:
            came = len(found) == rounds
            return Search(
                low, high, values, names, *((middle, None) if came else (None, "rollouts_not_judged"))
            )
        value = found[middle].value
        if value is None:
            why_not = "prefix_too_long" if found[middle].too_long else "rollouts_not_judged"
            return Search(low, high, values, names, why_not=why_not)
        if value >= start / 2:
            low, values = middle, (value, values[1])
        else:
            high, values = middle, (values[0], value)
    return Search(low, high, values, names)
