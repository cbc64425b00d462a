"""Draws in rounds, for what has to look at all prompts in between: a prior to learn, a budget to deal out.

Without either, one round does: each prompt's own stop rule says when it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from synth.sampling.budget import allot, samples_within
from synth.sampling.draw import STATES, Drawn
from synth.sampling.stopping import StopRules
from synth.store import Store

_UNBOUNDED: Final = 1 << 62
_PAID: Final = pl.Schema({"key": pl.String(), "paid": pl.Int64()})

Draw = Callable[[Iterable[pl.DataFrame]], Drawn]


@dataclass
class Budget:
    """What a run's labels may rest on; stored samples count like new ones.

    Attributes:
        samples: samples at most; None for any number.
        tokens: generated tokens at most; None for any number.
        used_samples: by requests that are done.
        used_tokens: by requests that are done.
        paid: `key, paid`: the first samples of each prompt, as many as these have paid for. A request that
            asks the prompt again has them for nothing.
    """

    samples: int | None = None
    tokens: int | None = None
    used_samples: int = 0
    used_tokens: int = 0
    paid: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_PAID))

    @property
    def binds(self) -> bool:
        """Whether there is a limit."""
        return self.samples is not None or self.tokens is not None

    def left(self, samples: int, tokens: int, bound: int) -> int:
        """Samples that may still be drawn.

        Args:
            samples: that the request at hand has to pay for.
            tokens: of these.
            bound: tokens that a sample may cost, at most.
        """
        limits = [_UNBOUNDED]
        if self.samples is not None:
            limits.append(self.samples - self.used_samples - samples)
        if self.tokens is not None:
            limits.append(samples_within(self.tokens - self.used_tokens - tokens, bound))
        return max(0, min(limits))

    def spend(self, states: pl.DataFrame, samples: int, tokens: int) -> None:
        """Charge what a request used.

        Args:
            states: `key, used` of its prompts.
            samples: that it has to pay for.
            tokens: of these.
        """
        self.used_samples += samples
        self.used_tokens += tokens
        used = states.select("key", paid=pl.col("used").cast(pl.Int64()))
        both = pl.concat([self.paid, used])
        self.paid = both.group_by("key", maintain_order=True).agg(pl.col("paid").max())


def draw_in_rounds(
    draw: Draw, prompts: pl.DataFrame, rules: StopRules, budget: Budget, store: Store, bound: int
) -> tuple[Drawn, pl.DataFrame]:
    """Draw until the rules are satisfied or the budget is spent.

    Args:
        draw: asks prompts until each has its `until` samples or its rule is satisfied.
        prompts: `synth.asking.ASKED`, `prompt` and what graders look at.
        rules: the stop rule for each n.
        budget: the run's; what is used here is added to it.
        store: holds what was drawn.
        bound: tokens that a sample may cost, at most.

    Returns:
        What was drawn, and the prompts with `until` set to the samples that count.
    """
    drawn = Drawn()
    states = prompts.select("key", *(pl.lit(0, dtype).alias(name) for name, dtype in STATES.items()))
    n = prompts["n"].to_numpy()
    known = prompts.select("key").join(budget.paid, on="key", how="left", maintain_order="left")
    paid = known["paid"].fill_null(0).to_numpy()
    quota = prompts["quota"].fill_null(rules.settings.quota).to_numpy()
    given = np.minimum(n, paid)  # first what costs nothing
    spent = 0
    while True:
        used, k, w = (states[name].to_numpy().astype(np.int64) for name in STATES)
        due = int(np.maximum(used - paid, 0).sum())
        if not given.any():
            given = allot(rules, n, used, k, w, budget.left(due, spent, bound), quota)
        if given.any():
            asked = prompts.with_columns(until=pl.Series(used + given)).filter(pl.Series(given > 0))
            step = draw([asked])
            drawn = drawn + step
            states = states.update(step.states, on="key")
            reached = states["used"].to_numpy()
            stuck = (given > 0) & (reached == used)  # nothing is drawn, and nothing more is stored
            n = np.where(stuck, reached, n)
            spent = _tokens(store, states, known, bound) if budget.tokens is not None else 0
            given = np.zeros_like(given)
        elif rules.pilot:
            rules.learn(k, w)
        else:
            break
    budget.spend(states, due, spent)
    return drawn, prompts.with_columns(until=states["used"].cast(pl.Int64()))


def _tokens(store: Store, states: pl.DataFrame, paid: pl.DataFrame, bound: int) -> int:
    """Tokens of the samples that have to be paid for; one of unknown length may have cost the most."""
    due = states.select("key", "used").join(paid, on="key")
    counted = (
        store.samples(states["key"])
        .select("key", "index", "n_tokens")
        .join(due.lazy(), on="key")
        .filter(pl.col("index") < pl.col("used"), pl.col("index") >= pl.col("paid").fill_null(0))
    )
    total = counted.select(pl.col("n_tokens").fill_null(bound).cast(pl.Int64()).sum()).collect().item()
    return int(total)
